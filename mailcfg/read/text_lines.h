/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * text_lines.h - lines of tables as text, as Postfix and Dovecot read them
 */
#ifndef MAILCFG_TEXT_LINES_H
#define MAILCFG_TEXT_LINES_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#define TEXT_LINE_MOST 65536 /* bytes; no table of a mail server has longer */

/* A file that is read line by line. */
struct text_lines {
	FILE *file;
	bool joined;     /* lines that begin with a blank continue others */
	char *text;      /* the present line, without its end */
	uint32_t line;   /* its number; of joined lines that of the first */
	const char *wrong; /* why it cannot be used, or NULL */
	bool unended;    /* the file ends within it */

	size_t len;
	bool over;
	uint32_t number; /* of lines read */
	char words[80];  /* what wrong may point to */
};

/* Begins to read; returns 0 or MAILDB_ENOMEM.  text_end() wipes and frees. */
int text_begin(struct text_lines *lines, FILE *file, bool joined);
void text_end(struct text_lines *lines);

/*
 * Reads the next line that is neither blank nor a comment.  Returns 1, 0 at the
 * end of the file, or what lines_end() returns.  Joined lines follow postmap(1):
 * blank lines and comments, indented or not, do not end a line, and a line that
 * begins with a blank and continues none has a reason in wrong.
 */
int text_next(struct text_lines *lines);

/* Where text stops being UTF-8 without NUL; len if it does not. */
size_t text_valid(const char *text, size_t len);

/*
 * Parts a line of a table at the first blank outside quotes, as postmap(1).
 * Returns NULL, or why postmap ignores the line.
 */
const char *text_entry(char *line, char **key, char **value);

/* Parts a line of aliases(5) at its colon, as postalias(1); the key loses its
 * quotes.  Returns NULL, or why postalias ignores the line. */
const char *text_alias(char *line, char **key, char **value);

/* Cuts the next word off a list whose words are parted by commas and blanks,
 * outside quotes and comments; NULL at the end. */
char *text_word(char **list);

#endif
