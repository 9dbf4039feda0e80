/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * lines.c - files of lines: what is a line, and what is no text
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "import/import.h"
#include "line/lines.h"
#include "show/out.h"

#define LINE_MOST 65536 /* octets; no table of a mail server has longer ones */

FILE *
import_open(struct import *import, const char *path)
{
	FILE *file = strcmp(path, "-") == 0 ? stdin : fopen(path, "re");

	import->file = strcmp(path, "-") == 0 ? "standard input" : path;
	import->line = 0;
	if (file == NULL)
		call_fail(import->call, MAILDB_EIO, NULL, path, NULL,
		    "%s: %s", path, strerror(errno));
	else
		out_progress_from(fileno(file));
	return file;
}

/* The octets that a character of UTF-8 should have after its first, and
 * whether the second is in the range that RFC 3629 allows. */
static int
more_octets(unsigned char first, unsigned char second)
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
import_text(const char *text, size_t len)
{
	const unsigned char *at = (const unsigned char *)text;
	size_t i = 0;
	int more, n;

	while (i < len && at[i] != '\0') {
		if (at[i] < 0x80) {
			i++;
			continue;
		}
		more = i + 1 < len ? more_octets(at[i], at[i + 1]) : -1;
		if (more < 0 || i + (size_t)more >= len)
			break;
		for (n = 2; n <= more; n++)
			if ((at[i + (size_t)n] & 0xc0) != 0x80)
				return i;
		i += (size_t)more + 1;
	}
	return i;
}

/* Reads a line behind len octets of the buffer, without its end: its last
 * octet there is, '\n' or EOF.  What does not fit is passed over. */
static int
read_line(FILE *file, char *buf, size_t *len, bool *over)
{
	int c;

	while ((c = getc(file)) != EOF && c != '\n')
		if (*len < LINE_MOST)
			buf[(*len)++] = (char)c;
		else
			*over = true;
	if (*len > 0 && buf[*len - 1] == '\r')
		(*len)--;
	buf[*len] = '\0';
	return c;
}

/* Hands a line over, if it is one. */
static int
take_line(struct import *import, char *line, size_t len, bool over,
    import_line *take)
{
	size_t good = import_text(line, len), blank;

	blank = strspn(line, " \t");
	if (!over && good == len && (line[blank] == '\0' || *line == '#'))
		return 0;
	if (over)
		return import_refuse(import, "the line is longer than %d "
		    "octets", LINE_MOST);
	if (good < len)
		return import_refuse(import, "octet %zu is %s", good + 1,
		    line[good] == '\0' ? "NUL" :
		    "not UTF-8; convert the file with iconv(1)");
	return take(import, line);
}

int
import_lines(struct import *import, const char *path, bool joined,
    import_line *take)
{
	FILE *file = import_open(import, path);
	char *buf = malloc(LINE_MOST + 1);
	uint32_t number = 0;
	size_t len, from;
	bool over;
	int rc = 0, end = 0, c;

	if (file == NULL || buf == NULL) {
		rc = file == NULL ? MAILDB_EIO : call_fail(import->call,
		    MAILDB_ENOMEM, NULL, NULL, NULL, "%s",
		    maildb_error_meaning(MAILDB_ENOMEM));
		goto out;
	}
	while (rc >= 0 && end != EOF) {
		len = 0;
		over = false;
		import->line = ++number;
		end = read_line(file, buf, &len, &over);
		if (number == 1 && strncmp(buf, "\xef\xbb\xbf", 3) == 0)
			memmove(buf, buf + 3, (len -= 3) + 1);
		if (end == EOF && len == 0)
			break;
		if (end == EOF)
			import_tell(import, "no_newline", "the last line has "
			    "no end: the file may have been cut off");
		/* A comment does not go on. */
		while (joined && *buf != '#' && end != EOF) {
			if ((c = getc(file)) != EOF)
				ungetc(c, file);
			if (c != ' ' && c != '\t')
				break;
			from = len;
			number++;
			end = read_line(file, buf, &len, &over);
			if (buf[from + strspn(buf + from, " \t")] == '#')
				buf[len = from] = '\0';
		}
		rc = take_line(import, buf, len, over, take);
	}
	if (rc >= 0 && (rc = lines_end(file)) < 0)
		lines_fail(&import->call->fault, rc, path);
out:
	if (buf != NULL)
		explicit_bzero(buf, LINE_MOST + 1);
	free(buf);
	if (file != NULL && file != stdin)
		fclose(file);
	return rc < 0 ? rc : 0;
}
