/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * text.c - results as text: the first mailcfg's lines, TSV, CSV, records
 *
 * Owns what values look like as text and the escaping that keeps stored text
 * from driving a terminal.  CSV is exact (RFC 4180): it goes to programs.
 */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "line/memory.h"
#include "show/out.h"

/* One character of UTF-8 (RFC 3629); 0 octets when there is none. */
size_t
utf8_decode(const char *text, uint32_t *code)
{
	static const uint32_t least[] = { 0, 0, 0x80, 0x800, 0x10000 };
	const unsigned char *s = (const unsigned char *)text;
	size_t len = s[0] < 0x80 ? 1 : s[0] < 0xc2 ? 0 : s[0] < 0xe0 ? 2 :
	    s[0] < 0xf0 ? 3 : s[0] < 0xf5 ? 4 : 0;
	size_t i;

	if (len <= 1) {
		*code = s[0];
		return len;
	}
	*code = s[0] & (0xffu >> (len + 1));
	for (i = 1; i < len; i++) {
		if ((s[i] & 0xc0) != 0x80)
			return 0;
		*code = *code << 6 | (s[i] & 0x3f);
	}
	if (*code < least[len] || *code > 0x10ffff ||
	    (*code >= 0xd800 && *code < 0xe000))
		return 0;
	return len;
}

/* Whether a character could drive a terminal, or change how text reads. */
bool
utf8_is_control(uint32_t code)
{
	return code < 0x20 || (code >= 0x7f && code < 0xa0) || code == 0xad ||
	    (code >= 0x200b && code <= 0x200f) ||
	    (code >= 0x2028 && code <= 0x202e) ||
	    (code >= 0x2060 && code <= 0x206f) || code == 0xfeff ||
	    (code >= 0xfff9 && code <= 0xfffb);
}

/* How much of the text is ASCII that no format has to look at: mostly all. */
size_t
text_plain(const char *text)
{
	size_t len = 0;

	while (text[len] >= ' ' && text[len] < 0x7f && text[len] != '"' &&
	    text[len] != '\\')
		len++;
	return len;
}

/* Writes text with what could drive a terminal as \xHH, and with ascii what is
 * none as well. */
static void
escape(FILE *to, const char *text, bool ascii)
{
	uint32_t code;
	size_t len, i;

	for (; *text != '\0'; text += len) {
		if ((len = text_plain(text)) > 0) {
			fwrite(text, 1, len, to);
			continue;
		}
		len = utf8_decode(text, &code);
		if (len > 0 && !utf8_is_control(code) &&
		    !(ascii && code >= 0x80)) {
			fwrite(text, 1, len, to);
			continue;
		}
		if (len == 0)
			len = 1;
		for (i = 0; i < len; i++)
			fprintf(to, "\\x%02x", (unsigned char)text[i]);
	}
}

/* Writes text with what could drive a terminal as \xHH. */
void
text_escape(FILE *to, const char *text)
{
	escape(to, text, false);
}

/* The same into memory; NULL without. */
static char *
escaped(const char *text, bool ascii)
{
	struct memory memory;
	FILE *to = memory_open(&memory);

	if (to == NULL)
		return NULL;
	escape(to, text, ascii);
	return memory_close(&memory);
}

/* See out.h. */
char *
text_escaped(const char *text)
{
	return escaped(text, false);
}

/* See out.h. */
char *
text_ascii(const char *text)
{
	return escaped(text, true);
}

/* Copies a domain of len bytes as people write it, if whoever types that means
 * the same domain; else as it is. */
static void
put_ulabels(FILE *to, const char *domain, size_t len)
{
	char name[MAILDB_DOMAIN_MAX + 1], again[MAILDB_DOMAIN_MAX + 1];
	char uname[MAILDB_ULABEL_MAX + 1], other[MAILDB_ULABEL_MAX + 1];

	if (maildb_domain_parse(domain, len, name, uname) ==
	    MAILDB_REASON_NONE && maildb_domain_parse(uname, strlen(uname),
	    again, other) == MAILDB_REASON_NONE && strcmp(name, again) == 0)
		fputs(uname, to);
	else
		fwrite(domain, 1, len, to);
}

/* See out.h. */
char *
text_ulabels(const char *text)
{
	static const char letters[] = "abcdefghijklmnopqrstuvwxyz"
	    "0123456789-.";
	char *made = NULL, *shown;
	size_t size, len;
	FILE *to = open_memstream(&made, &size);

	if (to == NULL)
		return NULL;
	for (; *text != '\0'; text += len) {
		if ((len = strspn(text, letters)) > 0)
			put_ulabels(to, text, len);
		else
			fputc(text[len++], to);
	}
	shown = fclose(to) == 0 ? text_escaped(made) : NULL;
	free(made);
	return shown;
}

/* A time in the zone of whoever looks, or in UTC for programs and those who
 * want it so. */
static const char *
time_text(int64_t seconds, int milliseconds, enum audience audience, char out[40])
{
	bool utc = audience == FOR_PEOPLE_UTC;
	time_t t = (time_t)seconds;
	struct tm tm;

	if (audience == FOR_PROGRAMS) {
		maildb_time_format(seconds, out);
		if (milliseconds >= 0 && strlen(out) > 0)
			sprintf(out + strlen(out) - 1, ".%03dZ", milliseconds);
	} else if ((utc ? gmtime_r : localtime_r)(&t, &tm) == NULL ||
	    strftime(out, 40, utc ? "%Y-%m-%d %H:%M:%SZ" :
	    "%Y-%m-%d %H:%M:%S", &tm) == 0)
		snprintf(out, 40, "@%" PRId64, seconds);
	return out;
}

/* A value as text: for people, or exact for machines. */
const char *
value_text(const struct column *column, const struct value *value,
    enum audience audience, char scratch[40])
{
	if (value->null)
		return audience == FOR_PROGRAMS ? "" : column->type == MAILDB_SIZE ||
		    column->type == MAILDB_COUNT ? "default" : "-";
	switch (column->type) {
	case MAILDB_BOOL:
		return value->number != 0 ? "yes" : "no";
	case MAILDB_SIZE:
		if (value->number == 0)
			return "unlimited";
		if (audience != FOR_PROGRAMS)
			maildb_size_human(value->number, scratch);
		else
			maildb_size_format(value->number, scratch);
		return scratch;
	case MAILDB_COUNT:
		if (value->number == 0)
			return "unlimited";
		/* fall through */
	case MAILDB_INT:
		snprintf(scratch, 40, "%" PRId64, value->number);
		return scratch;
	case MAILDB_TIME:
		return time_text(value->number, -1, audience, scratch);
	case MAILDB_MSEC:
		return time_text(value->number / 1000,
		    (int)(value->number % 1000), audience, scratch);
	default:
		return value->text != NULL ? value->text : "";
	}
}

/* ---- lines ---------------------------------------------------------- */

static int
tsv_row(struct out *out, const struct value *row)
{
	char scratch[40];
	size_t i;

	for (i = 0; i < out->count; i++) {
		if (i > 0)
			fputc('\t', out->to);
		text_escape(out->to, value_text(&out->columns[i], &row[i],
		    FOR_PROGRAMS, scratch));
	}
	fputc('\n', out->to);
	return 0;
}

static int
plain_row(struct out *out, const struct value *row)
{
	if (out->listing->plain == NULL)
		return tsv_row(out, row);
	out->listing->plain(out->to, out->columns, row, out->count);
	return 0;
}

static int
tsv_begin(struct out *out)
{
	size_t i;

	for (i = 0; i < out->count; i++)
		fprintf(out->to, "%s%c", out->columns[i].name,
		    i + 1 < out->count ? '\t' : '\n');
	return 0;
}

/* RFC 4180: quotes where needed, CR LF between records. */
static int
csv_row(struct out *out, const struct value *row)
{
	char scratch[40];
	const char *text;
	size_t i;

	for (i = 0; i < out->count; i++) {
		if (i > 0)
			fputc(',', out->to);
		text = value_text(&out->columns[i], &row[i], FOR_PROGRAMS,
		    scratch);
		if (strpbrk(text, ",\"\r\n") == NULL) {
			fputs(text, out->to);
			continue;
		}
		fputc('"', out->to);
		for (; *text != '\0'; text++) {
			if (*text == '"')
				fputc('"', out->to);
			fputc(*text, out->to);
		}
		fputc('"', out->to);
	}
	fputs("\r\n", out->to);
	return 0;
}

static int
csv_begin(struct out *out)
{
	size_t i;

	for (i = 0; i < out->count; i++)
		fprintf(out->to, "%s%s", out->columns[i].name,
		    i + 1 < out->count ? "," : "\r\n");
	return 0;
}

/* One row as lines of "name: value", values below each other. */
static int
record_row(struct out *out, const struct value *row)
{
	char scratch[40];
	int width = 0, len;
	size_t i;

	for (i = 0; i < out->count; i++)
		if ((len = (int)strlen(out->columns[i].name)) > width)
			width = len;
	if (out->rows > 0)
		fputc('\n', out->to);
	for (i = 0; i < out->count; i++) {
		fprintf(out->to, "%s:%*s", out->columns[i].name,
		    width + 1 - (int)strlen(out->columns[i].name), "");
		text_escape(out->to, value_text(&out->columns[i], &row[i],
		    out->audience, scratch));
		fputc('\n', out->to);
	}
	return 0;
}

const struct writer writer_plain = { NULL, plain_row, NULL };
const struct writer writer_tsv = { tsv_begin, tsv_row, NULL };
const struct writer writer_csv = { csv_begin, csv_row, NULL };
const struct writer writer_record = { NULL, record_row, NULL };
