/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * sql.c - words of SQL as pg_dump, mysqldump and sqlite3 write it
 *
 * Comments are passed over, but tell who wrote the dump: in MySQL's strings a
 * backslash escapes, in the others' it is itself.
 */
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "import/sql.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

/* ---- text ----------------------------------------------------------- */

void
sql_put(struct sql *sql, char c)
{
	struct sql_text *kept = &sql->kept;
	size_t size;
	char *grown;

	if (kept->len + 1 >= kept->size) {
		size = kept->size != 0 ? kept->size * 2 : 1024;
		kept->over = kept->over || size > 2 * SQL_MOST;
		if (kept->over || (grown = malloc(size)) == NULL) {
			kept->failed = kept->failed || !kept->over;
			return;
		}
		/* Hashes are among it: realloc() would leave them behind. */
		if (kept->text != NULL) {
			memcpy(grown, kept->text, kept->len);
			explicit_bzero(kept->text, kept->size);
		}
		free(kept->text);
		kept->text = grown;
		kept->size = size;
	}
	if (kept->len >= SQL_MOST)
		kept->over = true;
	else
		kept->text[kept->len++] = c;
	kept->text[kept->len] = '\0';
}

void
sql_clear(struct sql *sql)
{
	sql->kept.len = 0;
	sql->kept.over = false;
	if (sql->kept.text != NULL)
		*sql->kept.text = '\0';
}

void
sql_free(struct sql *sql)
{
	if (sql->kept.text != NULL)
		explicit_bzero(sql->kept.text, sql->kept.size);
	free(sql->kept.text);
	sql->kept = (struct sql_text){ 0 };
}

const char *
sql_text(const struct sql *sql)
{
	return sql->kept.text != NULL ? sql->kept.text + sql->start : "";
}

bool
sql_is(const struct sql *sql, const char *word)
{
	return sql->type == SQL_WORD && strcasecmp(sql_text(sql), word) == 0;
}

bool
sql_is_mark(const struct sql *sql, char mark)
{
	return sql->type == SQL_MARK && sql->mark == mark;
}

int
sql_octet(struct sql *sql)
{
	int c = getc(sql->file);

	sql->line += c == '\n';
	return c;
}

/* Gives an octet back. */
static void
unread(struct sql *sql, int c)
{
	if (c == EOF)
		return;
	ungetc(c, sql->file);
	sql->line -= c == '\n';
}

/* The octet that comes next. */
static int
peek(struct sql *sql)
{
	int c = getc(sql->file);

	if (c != EOF)
		ungetc(c, sql->file);
	return c;
}

void
sql_skip_line(struct sql *sql)
{
	int c;

	while ((c = sql_octet(sql)) != EOF && c != '\n')
		;
}

/* ---- comments ------------------------------------------------------- */

/* What a comment at the head or the end of a dump says. */
static void
learn(struct sql *sql, const char *words)
{
	static const struct {
		const char *words;
		enum sql_backslash backslash;
		bool mysql, headed, complete;
	} signs[] = {
		{ "PostgreSQL database dump complete", BACKSLASH_UNKNOWN,
		    false, true, true },
		{ "PostgreSQL database dump", BACKSLASH_UNKNOWN, false, true,
		    false },
		{ "MySQL dump", BACKSLASH_ESCAPES, true, true, false },
		{ "MariaDB dump", BACKSLASH_ESCAPES, true, true, false },
		{ "Dump completed", BACKSLASH_UNKNOWN, false, true, true },
		{ "phpMyAdmin", BACKSLASH_ESCAPES, true, false, false },
	};
	size_t i;

	for (i = 0; i < COUNT(signs); i++) {
		if (strncmp(words, signs[i].words,
		    strlen(signs[i].words)) != 0)
			continue;
		if (signs[i].backslash != BACKSLASH_UNKNOWN)
			sql->backslash = signs[i].backslash;
		sql->mysql = sql->mysql || signs[i].mysql;
		sql->headed = sql->headed || signs[i].headed;
		sql->complete = signs[i].complete;
		return;
	}
}

/* A comment to the end of its line. */
static void
line_comment(struct sql *sql)
{
	char words[64] = "";
	size_t len = 0;
	int c;

	while ((c = sql_octet(sql)) != EOF && c != '\n')
		if (len + 1 < sizeof(words) && (len > 0 || c != ' '))
			words[len++] = (char)c;
	words[len] = '\0';
	learn(sql, words);
}

/* A comment in its brackets.  MySQL runs what stands behind an exclamation
 * mark: no rows, but how the text is encoded. */
static void
block_comment(struct sql *sql)
{
	char words[64] = "", *names;
	size_t len = 0;
	int c, last = 0;

	while ((c = sql_octet(sql)) != EOF && (last != '*' || c != '/')) {
		if (len + 1 < sizeof(words))
			words[len++] = (char)c;
		last = c;
	}
	words[len] = '\0';
	if (*words != '!' && strncmp(words, "M!", 2) != 0)
		return;
	sql->mysql = true;
	sql->backslash = BACKSLASH_ESCAPES;
	if ((names = strstr(words, "SET NAMES ")) != NULL) {
		names += strlen("SET NAMES ");
		names[strcspn(names, " */;")] = '\0';
		sql_set_encoding(sql, names);
	}
}

void
sql_set_encoding(struct sql *sql, const char *name)
{
	/* SQL_ASCII is whatever was put in, which is looked at anyway. */
	static const char *const fine[] = { "UTF8", "UTF-8", "UNICODE",
	    "SQL_ASCII", "utf8mb4", "utf8mb3", "binary" };
	size_t i;

	for (i = 0; i < COUNT(fine); i++)
		if (strcasecmp(fine[i], name) == 0)
			return;
	snprintf(sql->encoding, sizeof(sql->encoding), "%s", name);
}

/* ---- words ---------------------------------------------------------- */

static bool
is_word(int c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
	    (c >= '0' && c <= '9') || c == '_' || c == '$' || c >= 0x80;
}

/* What a letter behind a backslash stands for. */
static int
escaped(struct sql *sql, int c)
{
	static const char from[] = "0bnrtZ", to[] = "\0\b\n\r\t\x1a";
	const char *at;

	/* PostgreSQL has other ones, which its dumps do not use. */
	if (!sql->mysql && (c == 'x' || c == 'u' || c == 'U' ||
	    (c >= '0' && c <= '7')))
		sql->unclear = true;
	at = c != '\0' && c != EOF ? strchr(from, c) : NULL;
	return at != NULL ? to[at - from] : c;
}

/* Takes an octet of a word, of one that need not be kept as many as the
 * longest name may have. */
static void
take(struct sql *sql, int c)
{
	if (sql->keep || sql->kept.len < 64)
		sql_put(sql, (char)c);
}

/* The rest of a string or a name behind its first quote. */
static void
quoted(struct sql *sql, int quote, bool escapes)
{
	int c;

	for (;;) {
		if ((c = sql_octet(sql)) == EOF) {
			sql->type = SQL_END;
			return;
		}
		if (c == '\\' && quote == '\'') {
			sql->unclear = sql->unclear || (!escapes &&
			    sql->backslash == BACKSLASH_UNKNOWN);
			if (escapes || sql->backslash == BACKSLASH_ESCAPES) {
				if ((c = sql_octet(sql)) == EOF)
					continue; /* to the end */
				take(sql, escaped(sql, c));
				continue;
			}
		} else if (c == quote) {
			if (peek(sql) != quote)
				return;
			sql_octet(sql);
		}
		take(sql, c);
	}
}

/* Text between $tag$ and $tag$, as functions of PostgreSQL are written: false
 * when it is none. */
static bool
dollar_quoted(struct sql *sql)
{
	char tag[66] = "$";
	size_t len = 1, same = 0;
	int c;

	while (is_word(c = sql_octet(sql)) && c != '$' &&
	    len + 2 < sizeof(tag))
		tag[len++] = (char)c;
	if (c != '$') {
		unread(sql, c);
		return false;
	}
	tag[len++] = '$';
	sql->type = SQL_STRING;
	while (same < len) {
		if ((c = sql_octet(sql)) == EOF) {
			sql->type = SQL_END;
			return true;
		}
		same = c == tag[same] ? same + 1 : c == '$';
	}
	return true;
}

/* A word that begins with c; strings may have a letter before them. */
static void
word(struct sql *sql, int c)
{
	bool escapes;

	sql->type = SQL_WORD;
	for (; is_word(c); c = sql_octet(sql))
		take(sql, c);
	unread(sql, c);
	escapes = sql_is(sql, "E");
	if (c != '\'' || (!escapes && !sql_is(sql, "N")))
		return;
	sql_octet(sql);
	sql->kept.len = sql->start;
	sql->type = SQL_STRING;
	quoted(sql, '\'', escapes);
}

/* Passes over blanks and comments: the octet behind them. */
static int
first_octet(struct sql *sql)
{
	int c;

	for (;;) {
		c = sql_octet(sql);
		if (c == ' ' || (c >= '\t' && c <= '\r'))
			continue;
		if ((c == '-' && peek(sql) == '-') ||
		    (c == '#' && sql->mysql)) {
			if (c == '-')
				sql_octet(sql);
			line_comment(sql);
		} else if (c == '/' && peek(sql) == '*') {
			sql_octet(sql);
			block_comment(sql);
		} else {
			return c;
		}
	}
}

void
sql_next(struct sql *sql)
{
	int c = first_octet(sql);

	if (!sql->keep)
		sql_clear(sql);
	sql->start = sql->kept.len;
	sql->at = sql->line;
	if (c == EOF) {
		sql->type = SQL_END;
	} else if (c == '\'') {
		sql->type = SQL_STRING;
		quoted(sql, c, false);
	} else if (c == '"' || c == '`') {
		if (c == '`') {
			sql->mysql = true;
			sql->backslash = BACKSLASH_ESCAPES;
		}
		sql->type = SQL_NAME;
		quoted(sql, c, false);
	} else if ((c >= '0' && c <= '9') || ((c == '-' || c == '+') &&
	    peek(sql) >= '0' && peek(sql) <= '9')) {
		sql->type = SQL_NUMBER;
		do {
			take(sql, c);
			c = sql_octet(sql);
		} while (is_word(c) || c == '.');
		unread(sql, c);
	} else if (c == '$' && !sql->mysql && dollar_quoted(sql)) {
		/* it is a string, which is not kept */
	} else if (is_word(c)) {
		word(sql, c);
	} else {
		sql->type = SQL_MARK;
		sql->mark = (char)c;
	}
	sql->end = sql->kept.len;
	sql_put(sql, '\0');
}
