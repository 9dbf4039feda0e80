/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * sql.h - the words of an SQL dump, one after the other
 */
#ifndef MAILCFG_IMPORT_SQL_H
#define MAILCFG_IMPORT_SQL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#define SQL_MOST 1048576 /* octets of a row that are kept */

enum sql_type {
	SQL_END,    /* of the file, also within a word */
	SQL_WORD,   /* a name or key word as it stands */
	SQL_NAME,   /* a name in quotes */
	SQL_STRING,
	SQL_NUMBER,
	SQL_MARK,   /* any other character */
};

/* What a backslash in a string means. */
enum sql_backslash { BACKSLASH_UNKNOWN, BACKSLASH_ITSELF, BACKSLASH_ESCAPES };

/* Text that words are gathered in; what is beyond SQL_MOST is lost. */
struct sql_text {
	char *text;
	size_t len, size;
	bool over;   /* some was */
	bool failed; /* there was no memory */
};

struct sql {
	FILE *file;
	uint32_t line;          /* of the next character */
	enum sql_type type;     /* the present word */
	char mark;              /* what character SQL_MARK is */
	size_t start, end;      /* where its text is in kept */
	uint32_t at;            /* its line */
	bool keep;              /* text of all words, not of the last alone */
	bool unclear;           /* a backslash that might mean two things */
	struct sql_text kept;
	enum sql_backslash backslash;
	bool mysql;
	bool headed, complete;  /* whether a program's first and last words
	                           were there */
	char encoding[24];      /* "" is UTF-8, or not said */
};

void sql_put(struct sql *sql, char c);
/* The next octet, or EOF; counts lines. */
int sql_octet(struct sql *sql);
/* Goes on to the next word. */
void sql_next(struct sql *sql);
/* The present word's text, until the next one. */
const char *sql_text(const struct sql *sql);
/* Whether the present word is this one, in any letter case. */
bool sql_is(const struct sql *sql, const char *word);
bool sql_is_mark(const struct sql *sql, char mark);
/* Passes over the rest of the line. */
void sql_skip_line(struct sql *sql);
/* Remembers how text is encoded, unless that is UTF-8. */
void sql_set_encoding(struct sql *sql, const char *name);
/* Forgets the text of words. */
void sql_clear(struct sql *sql);
void sql_free(struct sql *sql);

#endif
