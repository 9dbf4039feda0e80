/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * text.h - what is pure: text and numbers, with no database
 */
#ifndef MAILDB_TEXT_H
#define MAILDB_TEXT_H

#include "maildb.h"

#define ARRAY_LEN(a) (sizeof(a) / sizeof((a)[0]))

/* ---- buf.c: text that grows; a failed allocation is remembered ---------- */

struct maildb__buf {
	char *text; /* NUL-terminated once something was added */
	size_t len, size;
	bool failed;
};

void maildb__buf_add(struct maildb__buf *buf, const char *text);
void maildb__buf_addn(struct maildb__buf *buf, const char *text, size_t len);
void maildb__buf_printf(struct maildb__buf *buf, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
/* The text, now the caller's; NULL without memory. */
char *maildb__buf_take(struct maildb__buf *buf);
void maildb__buf_free(struct maildb__buf *buf);

/* ---- casefold.c: keys of look-ups --------------------------------------- */

/* The text as Postfix folds it, freed by free(); NULL without memory.  What is
 * not UTF-8 stays as it is. */
char *maildb__fold(const char *text);

/* ---- extension.c: address extensions ------------------------------------ */

/* Where the extension begins, at its delimiter, for Postfix; 0 without one. */
size_t maildb__extension(const char *local, const char *delimiters);
/* How many octets Dovecot's LMTP takes for the user. */
size_t maildb__lmtp_user(const char *local, const char *delimiters);

/* ---- address.c ---------------------------------------------------------- */

/* Strict UTF-8 without control or invisible characters, joiners excepted. */
bool maildb__text_shows(const char *text, size_t len);
/* Strict UTF-8, of whatever characters. */
bool maildb__text_utf8(const char *text, size_t len);

#endif
