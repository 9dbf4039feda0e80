/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * text_lines.c - lines of tables as text, as Postfix and Dovecot read them
 *
 * The one reader of such files, for apply and for import.  postmap(1),
 * postalias(1) and postconf(5) describe the syntax.  tests/import/postfix
 * compares this reader with the programs themselves.
 */
#include <stdlib.h>
#include <string.h>

#include "base/call.h"
#include "base/lines.h"
#include "read/text_lines.h"

/* isspace(3) in the C locale: what Postfix takes for a blank. */
static const char blanks[] = " \t\n\v\f\r";

static bool
is_blank(int c)
{
	return c != '\0' && strchr(blanks, c) != NULL;
}

/* ---- UTF-8 ---------------------------------------------------------- */

/* The number of bytes that follow the first one of a character of UTF-8; -1 if
 * the second is outside the range that RFC 3629 allows. */
static int
more_bytes(unsigned char first, unsigned char second)
{
	static const struct {
		unsigned char least, most, from, to;
		int more;
	} forms[] = {
		{ 0xc2, 0xdf, 0x80, 0xbf, 1 }, { 0xe0, 0xe0, 0xa0, 0xbf, 2 },
		{ 0xe1, 0xec, 0x80, 0xbf, 2 }, { 0xed, 0xed, 0x80, 0x9f, 2 },
		{ 0xee, 0xef, 0x80, 0xbf, 2 }, { 0xf0, 0xf0, 0x90, 0xbf, 3 },
		{ 0xf1, 0xf3, 0x80, 0xbf, 3 }, { 0xf4, 0xf4, 0x80, 0x8f, 3 },
	};
	size_t i;

	for (i = 0; i < COUNT(forms); i++)
		if (first >= forms[i].least && first <= forms[i].most)
			return second >= forms[i].from &&
			    second <= forms[i].to ? forms[i].more : -1;
	return -1;
}

size_t
text_valid(const char *text, size_t len)
{
	const unsigned char *at = (const unsigned char *)text;
	size_t i = 0;
	int more, n;

	while (i < len && at[i] != '\0') {
		if (at[i] < 0x80) {
			i++;
			continue;
		}
		more = i + 1 < len ? more_bytes(at[i], at[i + 1]) : -1;
		if (more < 0 || i + (size_t)more >= len)
			break;
		for (n = 2; n <= more; n++)
			if ((at[i + (size_t)n] & 0xc0) != 0x80)
				return i;
		i += (size_t)more + 1;
	}
	return i;
}

/* ---- lines ---------------------------------------------------------- */

int
text_begin(struct text_lines *lines, FILE *file, bool joined)
{
	*lines = (struct text_lines){ .file = file, .joined = joined,
		.text = malloc(TEXT_LINE_MOST + 1) };
	return lines->text != NULL ? 0 : MAILDB_ENOMEM;
}

void
text_end(struct text_lines *lines)
{
	if (lines->text != NULL)
		explicit_bzero(lines->text, TEXT_LINE_MOST + 1);
	free(lines->text);
	lines->text = NULL;
}

/* Cuts the present line to a length. */
static void
cut(struct text_lines *lines, size_t len)
{
	lines->len = len;
	lines->text[len] = '\0';
}

/* Reads a physical line behind what there is: its end, '\n' or EOF. */
static int
read_line(struct text_lines *lines)
{
	size_t start = lines->len;
	int c;

	while ((c = getc(lines->file)) != EOF && c != '\n')
		if (lines->len < TEXT_LINE_MOST)
			lines->text[lines->len++] = (char)c;
		else
			lines->over = true;
	lines->unended = c == EOF && lines->len > start;
	lines->number += c == '\n' || lines->len > start;
	if (!lines->joined && lines->len > start &&
	    lines->text[lines->len - 1] == '\r')
		lines->len--;
	cut(lines, lines->len);
	if (lines->number == 1 && strncmp(lines->text, "\xef\xbb\xbf", 3) == 0) {
		memmove(lines->text, lines->text + 3, lines->len - 2);
		lines->len -= 3;
	}
	return c;
}

/* Whether nothing but blanks or a comment stands from start. */
static bool
is_empty(const struct text_lines *lines, size_t start)
{
	size_t at = start;

	while (at < lines->len && is_blank(lines->text[at]))
		at++;
	return at == lines->len || (lines->text[at] == '#' &&
	    (lines->joined || at == start));
}

/* Whether the next line belongs to this one. */
static bool
goes_on(const struct text_lines *lines)
{
	int c;

	if (!lines->joined)
		return false;
	if ((c = getc(lines->file)) != EOF)
		ungetc(c, lines->file);
	return c == '#' || is_blank(c);
}

/* Tells what makes the present line useless. */
static void
judge(struct text_lines *lines)
{
	size_t good = text_valid(lines->text, lines->len);

	lines->wrong = NULL;
	if (lines->over)
		snprintf(lines->words, sizeof(lines->words),
		    "the line is longer than %d bytes", TEXT_LINE_MOST);
	else if (good < lines->len)
		snprintf(lines->words, sizeof(lines->words), "byte %zu is %s",
		    good + 1, lines->text[good] == '\0' ? "NUL" :
		    "not UTF-8; convert the file with iconv(1)");
	else if (lines->joined && is_blank(*lines->text))
		snprintf(lines->words, sizeof(lines->words), "the line begins "
		    "with a blank, and there is no line that it continues");
	else
		return;
	lines->wrong = lines->words;
}

int
text_next(struct text_lines *lines)
{
	size_t start;
	int c;

	cut(lines, 0);
	lines->over = false;
	do {
		start = lines->len;
		c = read_line(lines);
		if (!lines->over && is_empty(lines, start))
			cut(lines, start);
		else if (start == 0)
			lines->line = lines->number;
	} while (c != EOF && (lines->len == 0 || goes_on(lines)));
	/* Half a line is none when it ends in an error. */
	if (c == EOF && (ferror(lines->file) || lines->len == 0))
		return lines_end(lines->file);
	judge(lines);
	return 1;
}

/* ---- entries -------------------------------------------------------- */

/* The first of some characters outside quotes and comments, or the end.  An
 * unended quote or comment sets *open. */
static char *
find(char *at, const char *any, bool comments, bool *open)
{
	bool quoted = false;
	int depth = 0;

	for (; *at != '\0'; at++) {
		if (*at == '\\' && at[1] != '\0')
			at++;
		else if (*at == '"' && depth == 0)
			quoted = !quoted;
		else if (quoted)
			continue;
		else if (comments && *at == '(')
			depth++;
		else if (depth > 0)
			depth -= *at == ')';
		else if (strchr(any, *at) != NULL)
			break;
	}
	*open = quoted || depth > 0;
	return at;
}

/* Cuts blanks off both ends. */
static char *
trim(char *text)
{
	char *end;

	text += strspn(text, blanks);
	for (end = text + strlen(text); end > text && is_blank(end[-1]); )
		*--end = '\0';
	return text;
}

const char *
text_entry(char *line, char **key, char **value)
{
	bool open;
	char *end = find(line, blanks, false, &open);

	if (open)
		return "a quote is never closed";
	*key = line;
	*value = end;
	if (*end != '\0') {
		*end = '\0';
		*value = trim(end + 1);
	}
	return **key == '\0' || **value == '\0' ?
	    "the line is not a key and a value" : NULL;
}

/* Takes quotes and backslashes away from a name.  A comment stays, as it does
 * in the tables of postalias: no address has such a key. */
static void
unquote(char *name)
{
	char *to = name;

	for (; *name != '\0'; name++) {
		if (*name == '\\' && name[1] != '\0')
			name++;
		else if (*name == '"')
			continue;
		*to++ = *name;
	}
	*to = '\0';
}

const char *
text_alias(char *line, char **key, char **value)
{
	bool open, at_sign;
	char *colon = find(line, ":", true, &open), *at;

	if (*colon == '\0')
		return "the line is not a name, a colon and a value";
	*colon = '\0';
	*key = trim(line);
	*value = trim(colon + 1);
	if (**key == '\0' || **value == '\0' ||
	    *find(*key, ",", true, &open) != '\0')
		return "the line is not a name, a colon and a value";
	at = find(*key, "@%", true, &open);
	at_sign = *at != '\0';
	unquote(*key);
	*key = trim(*key);
	return at_sign ? "the name of a local alias has no domain" : NULL;
}

char *
text_word(char **list)
{
	static const char parts[] = ", \t\n\v\f\r";
	char *word = *list + strspn(*list, parts), *end;
	bool open;

	if (*word == '\0')
		return NULL;
	end = find(word, parts, true, &open);
	*list = *end != '\0' ? end + 1 : end;
	*end = '\0';
	return word;
}
