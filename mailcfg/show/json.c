/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * json.c - JSON, written as it comes
 *
 * A small emitter instead of a library's tree, so that a list of any length
 * takes no memory.  What is in the database is valid UTF-8; what is not comes
 * out as U+FFFD.
 */
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>

#include "line/lines.h"
#include "show/out.h"

/* Writes what stands between the quotes of a JSON string. */
static void
emit_inside(FILE *to, const char *text)
{
	static const char plain[] = "\"\\\b\f\n\r\t", named[] = "\"\\bfnrt";
	uint32_t code;
	size_t len;
	int i;

	for (; *text != '\0'; text += len) {
		if ((len = text_plain(text)) > 0) {
			fwrite(text, 1, len, to);
			continue;
		}
		if ((len = utf8_decode(text, &code)) == 0) {
			fputs("\xef\xbf\xbd", to);
			len = 1;
			continue;
		}
		for (i = 0; plain[i] != '\0'; i++)
			if (code == (unsigned char)plain[i])
				break;
		if (plain[i] != '\0')
			fprintf(to, "\\%c", named[i]);
		else if (utf8_is_control(code))
			fprintf(to, "\\u%04x", code);
		else
			fwrite(text, 1, len, to);
	}
}

/* Writes a JSON string. */
void
emit_escape(FILE *to, const char *text)
{
	fputc('"', to);
	emit_inside(to, text);
	fputc('"', to);
}

/* The comma before a member, and its key. */
void
emit_key(struct out *out, const char *key)
{
	if (out->member[out->depth])
		fputc(',', out->to);
	out->member[out->depth] = true;
	if (key != NULL) {
		emit_escape(out->to, key);
		fputc(':', out->to);
	}
}

/* Opens an object or an array. */
void
emit_open(struct out *out, const char *key, char bracket)
{
	emit_key(out, key);
	fputc(bracket, out->to);
	out->member[++out->depth] = false;
}

/* Closes it. */
void
emit_close(struct out *out, char bracket)
{
	fputc(bracket, out->to);
	out->depth--;
}

void
emit_text(struct out *out, const char *key, const char *text)
{
	emit_key(out, key);
	emit_escape(out->to, text);
}

void
emit_bool(struct out *out, const char *key, bool value)
{
	emit_key(out, key);
	fputs(value ? "true" : "false", out->to);
}

void
emit_int(struct out *out, const char *key, int64_t value)
{
	emit_key(out, key);
	fprintf(out->to, "%" PRId64, value);
}

/* A string member that holds a whole file, read from its start. */
void
emit_copy(struct out *out, const char *key, FILE *from)
{
	char *line = NULL;
	size_t size = 0;
	int rc = 0;

	emit_key(out, key);
	fputc('"', out->to);
	if (out_rewind(out, from))
		while ((rc = lines_read(from, &line, &size, NULL)) > 0)
			emit_inside(out->to, line);
	fputc('"', out->to);
	if (rc < 0)
		out_lost(out, errno);
	lines_free(line, size);
}

/* The member "error". */
void
emit_fault(struct out *out, const struct cli *cli, const struct fault *fault)
{
	emit_open(out, "error", '{');
	emit_text(out, "code", error_name(fault->code));
	emit_text(out, "message", fault->message != NULL ? fault->message :
	    maildb_error_meaning(fault->code));
	if (fault->field != NULL)
		emit_text(out, "field", fault->field);
	if (fault->value != NULL)
		emit_text(out, "value", fault->value);
	if (fault->hint != NULL)
		emit_text(out, "hint", fault->hint);
	if (cli->file != NULL && cli->line > 0) {
		emit_text(out, "file", cli->file);
		emit_int(out, "line", (int64_t)cli->line);
	}
	emit_close(out, '}');
}

/* One value with its type: numbers stay numbers, but "unlimited" is a word,
 * since its number means something else to whoever adds them up. */
static void
emit_value(struct out *out, const struct column *column,
    const struct value *value)
{
	char scratch[40];

	if (value->null) {
		emit_key(out, column->name);
		fputs("null", out->to);
		return;
	}
	switch (column->type) {
	case MAILDB_BOOL:
		emit_bool(out, column->name, value->number != 0);
		break;
	case MAILDB_JSON:
		emit_key(out, column->name);
		fputs(value->text, out->to);
		break;
	case MAILDB_SIZE:
	case MAILDB_COUNT:
		if (value->number == 0) {
			emit_text(out, column->name, "unlimited");
			break;
		}
		/* fall through */
	case MAILDB_INT:
		emit_int(out, column->name, value->number);
		break;
	default:
		emit_text(out, column->name,
		    value_text(column, value, FOR_PROGRAMS, scratch));
	}
}

static void
emit_row(struct out *out, const struct value *row)
{
	size_t i;

	emit_open(out, NULL, '{');
	for (i = 0; i < out->count; i++)
		emit_value(out, &out->columns[i], &row[i]);
	emit_close(out, '}');
}

static int
json_begin(struct out *out)
{
	emit_open(out, out->listing->name, '[');
	return 0;
}

static int
json_row(struct out *out, const struct value *row)
{
	emit_row(out, row);
	return 0;
}

static void
json_end(struct out *out)
{
	emit_close(out, ']');
}

static int
jsonl_row(struct out *out, const struct value *row)
{
	emit_row(out, row);
	fputc('\n', out->to);
	out->member[0] = false;
	return 0;
}

const struct writer writer_json = { json_begin, json_row, json_end };
const struct writer writer_jsonl = { NULL, jsonl_row, NULL };
