/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * out.c - results and messages, whatever the format
 *
 * Chooses the writer, frames each call and each batch, and says on stderr what
 * went wrong.  Standard output is empty exactly when nothing changed and
 * nothing was asked.
 */
#include <errno.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "show/out.h"

/* Whether results are one JSON object, or lines of them. */
static bool
is_json(const struct out *out)
{
	return out->format == FORMAT_JSON || out->format == FORMAT_JSONL;
}

/* The output of one run; NULL without memory. */
struct out *
out_new(void)
{
	struct out *out = calloc(1, sizeof(*out));

	if (out != NULL) {
		out->to = stdout;
		out->terminal = isatty(STDOUT_FILENO);
	}
	return out;
}

static void
drop(FILE **file)
{
	if (*file != NULL)
		fclose(*file);
	*file = NULL;
}

/* Frees it; NULL is allowed. */
void
out_free(struct out *out)
{
	if (out == NULL)
		return;
	drop(&out->before);
	drop(&out->after);
	drop(&out->warnings);
	free(out);
}

/* Notes a failed write, so that a list stops and the end can tell. */
static int
broken(struct out *out)
{
	if (!ferror(out->to))
		return 0;
	if (!out->paged)
		out_lost(out, errno);
	return MAILDB_EIO;
}

/* 0, or MAILDB_EIO and an errno when something did not reach stdout. */
int
out_flush(struct out *out, int *error)
{
	errno = 0;
	if (fflush(out->to) != 0)
		out_lost(out, errno);
	broken(out);
	*error = out->error;
	return out->error != 0 ? MAILDB_EIO : 0;
}

/* Notes that some of the output is lost, for a reason that is an errno. */
void
out_lost(struct out *out, int error)
{
	if (out->error == 0)
		out->error = error != 0 ? error : EIO;
}

/* Goes to the start of what was held back, unless some of it is lost. */
bool
out_rewind(struct out *out, FILE *from)
{
	errno = 0;
	if (fflush(from) != 0 || ferror(from) ||
	    fseek(from, 0, SEEK_SET) != 0) {
		out_lost(out, errno);
		return false;
	}
	return true;
}

/* Copies what was held back. */
static void
pour(struct out *out, FILE *to, FILE *from)
{
	char block[4096];
	size_t got;

	if (!out_rewind(out, from))
		return;
	while ((got = fread(block, 1, sizeof(block), from)) > 0)
		fwrite(block, 1, got, to);
	if (ferror(from))
		out_lost(out, errno);
}

/* ---- messages ------------------------------------------------------- */

/* "mailcfg: FILE:LINE: COMMAND: message" and at most one hint. */
void
out_complain(const struct cli *cli, const struct fault *fault)
{
	if (fault->code == CLI_EFOUND || fault->code == CLI_EUNASKED)
		return; /* the answer says it all */
	out_progress_clear();
	fputs(PROGRAM ": ", stderr);
	if (cli->file != NULL) {
		text_escape(stderr, strcmp(cli->file, "-") == 0 ?
		    "standard input" : cli->file);
		if (cli->line > 0)
			fprintf(stderr, ":%lu", cli->line);
		fputs(": ", stderr);
	}
	if (fault->command != NULL)
		fprintf(stderr, "%s: ", fault->command);
	text_escape(stderr, fault->message != NULL ? fault->message :
	    maildb_error_meaning(fault->code));
	fputc('\n', stderr);
	if (fault->hint == NULL || cli->config.quiet)
		return;
	fputs("hint: ", stderr);
	text_escape(stderr, fault->hint);
	fputc('\n', stderr);
}

/* Something worth knowing: a line on stderr, or kept for the object's end. */
void
call_warn(struct call *call, const char *code, const char *message,
    const char *hint)
{
	struct out *out = call->cli->out;

	call->warnings++;
	if (is_json(out) && out->warnings == NULL)
		out->warnings = tmpfile();
	if (is_json(out) && out->warnings != NULL) {
		const char *comma = ftell(out->warnings) > 0 ? "," : "";

		fprintf(out->warnings, "%s{\"code\":\"%s\",\"message\":",
		    comma, code);
		emit_escape(out->warnings, message);
		if (hint != NULL) {
			fputs(",\"hint\":", out->warnings);
			emit_escape(out->warnings, hint);
		}
		fputc('}', out->warnings);
		return;
	}
	if (call->config.quiet)
		return;
	out_progress_clear();
	fputs(PROGRAM ": warning: ", stderr);
	text_escape(stderr, message);
	fputc('\n', stderr);
	if (hint != NULL) {
		fputs("hint: ", stderr);
		text_escape(stderr, hint);
		fputc('\n', stderr);
	}
}

/* Asks on the terminal; without one the answer is what -y says. */
bool
call_confirm(struct call *call, const char *format, ...)
{
	char answer[16] = "";
	va_list ap;

	if (call->config.yes || call->config.check || call->cli->batch ||
	    !isatty(STDIN_FILENO) || !isatty(STDERR_FILENO))
		return true;
	out_progress_clear();
	va_start(ap, format);
	vfprintf(stderr, format, ap);
	va_end(ap);
	fputs(" [y/N] ", stderr);
	if (fgets(answer, sizeof(answer), stdin) == NULL) {
		fputc('\n', stderr);
		clearerr(stdin); /* the next question can be answered */
		return false;
	}
	return answer[0] == 'y' || answer[0] == 'Y';
}

/* ---- calls ---------------------------------------------------------- */

/* Opens the object of a call, if the format has one and it is not open. */
static void
frame(struct out *out)
{
	if (!is_json(out) || out->depth > (out->batch ? 2 : 0))
		return;
	emit_open(out, NULL, '{');
	if (!out->batch)
		emit_int(out, "format", 1);
	if (out->call->command != NULL && out->call->command->name != NULL)
		emit_text(out, "command", out->call->command->name);
	if (out->batch)
		emit_int(out, "line", (int64_t)out->call->cli->line);
}

/* Begins to show a call; its words have been read. */
void
out_call_begin(struct out *out, struct call *call)
{
	const struct config *config = &call->config;

	out->call = call;
	out->listed = false;
	if (!out->batch) {
		out->format = (enum format)config->format;
		out->member[0] = false;
	}
	out->audience = config->utc ? FOR_PEOPLE_UTC : FOR_PEOPLE;
	out->color = config->color == COLOR_ALWAYS ||
	    (config->color == COLOR_AUTO && out->terminal &&
	    getenv("NO_COLOR") == NULL);
}

/* The member "diff", as Ansible reads it. */
static void
end_diff(struct out *out)
{
	if (out->before == NULL || out->after == NULL)
		return;
	emit_open(out, "diff", '{');
	emit_copy(out, "before", out->before);
	emit_copy(out, "after", out->after);
	emit_close(out, '}');
}

/* The members that tell the outcome, and the end of the object. */
static void
end_object(struct out *out, struct call *call, int rc)
{
	if (out->format == FORMAT_JSONL && out->listed && rc >= 0 &&
	    out->warnings == NULL)
		return;
	frame(out);
	emit_bool(out, "changed", rc == 1);
	if (call->config.check)
		emit_bool(out, "check", true);
	if (rc >= 0 && call->message != NULL)
		emit_text(out, "message", call->message);
	if (rc >= 0 && call->generated != NULL)
		emit_text(out, "password", call->generated);
	if (rc >= 0)
		end_diff(out);
	if (rc < 0 && rc != CLI_EFOUND && rc != CLI_EUNASKED)
		emit_fault(out, call->cli, &call->fault);
	emit_open(out, "warnings", '[');
	if (out->warnings != NULL)
		pour(out, out->to, out->warnings);
	emit_close(out, ']');
	emit_close(out, '}');
	if (out->depth == 0)
		fputc('\n', out->to);
}

/* Shows how a call ended. */
void
out_call_end(struct out *out, struct call *call, int rc)
{
	if (!out->batch)
		out_progress_end();
	if (is_json(out))
		end_object(out, call, rc);
	else if (rc >= 0 && (call->message != NULL ||
	    out->difference != NULL)) {
		if (call->message != NULL)
			text_escape(out->to, call->message);
		if (call->generated != NULL)
			fprintf(out->to, ", password %s", call->generated);
		if (call->message != NULL)
			fputc('\n', out->to);
		if (out->difference != NULL)
			pour(out, out->to, out->difference);
	} else if (rc == 0 && call->config.verbose && !out->listed &&
	    call->command->flags & CMD_WRITE)
		fprintf(stderr, PROGRAM ": %s: nothing to change\n",
		    call->command->name);
	out_unpage(out);
	if (rc < 0 && !out->batch)
		out_complain(call->cli, &call->fault);
	drop(&out->before);
	drop(&out->after);
	drop(&out->difference);
	drop(&out->warnings);
	broken(out);
}

/* ---- batches -------------------------------------------------------- */

static void
batch_open(struct out *out)
{
	out->depth = 0;
	out->member[0] = false;
	emit_open(out, NULL, '{');
	emit_int(out, "format", 1);
	emit_text(out, "command", "batch");
}

/* Begins a batch: what its lines show waits until it is committed. */
int
out_batch_begin(struct out *out, const struct config *config)
{
	/* Lines of a batch are members of one array. */
	out->format = config->format == FORMAT_JSONL ? FORMAT_JSON :
	    (enum format)config->format;
	if ((out->to = tmpfile()) == NULL) {
		out->to = stdout;
		return MAILDB_EIO;
	}
	out->batch = true;
	if (is_json(out)) {
		batch_open(out);
		emit_open(out, "results", '[');
	}
	return 0;
}

/* The end of a batch's object; one that failed has no results. */
static void
batch_close(struct out *out, const struct cli *cli, bool changed, int rc)
{
	if (rc >= 0 || rc == CLI_EBATCH)
		emit_close(out, ']');
	else
		batch_open(out);
	emit_bool(out, "changed", changed);
	if (cli->config.check)
		emit_bool(out, "check", true);
	end_diff(out);
	if (rc < 0)
		emit_fault(out, cli, &cli->fault);
	emit_close(out, '}');
	fputc('\n', out->to);
}

/* Shows a batch that was committed, or why it was not. */
void
out_batch_end(struct out *out, const struct cli *cli, bool changed, int rc)
{
	bool held = rc >= 0 || rc == CLI_EBATCH || is_json(out);

	if (rc < 0 && rc != CLI_EBATCH && out->to != stdout) {
		fclose(out->to); /* what was undone is not shown */
		out->to = stdout;
	}
	if (is_json(out))
		batch_close(out, cli, changed, rc);
	if (held && out->to != stdout) {
		pour(out, stdout, out->to);
		fclose(out->to);
		out->to = stdout;
	}
	if (held && out->difference != NULL && !is_json(out))
		pour(out, stdout, out->difference);
	out->batch = false;
	if (rc < 0)
		out_complain(cli, &cli->fault);
	drop(&out->before);
	drop(&out->after);
	drop(&out->difference);
	broken(out);
}

/* ---- rows ----------------------------------------------------------- */

/* The writer of a list in the format asked for. */
static const struct writer *
choose(const struct out *out, const struct listing *listing)
{
	static const struct writer *const writers[] = {
		[FORMAT_TABLE] = &writer_table,
		[FORMAT_TSV] = &writer_tsv,
		[FORMAT_CSV] = &writer_csv,
		[FORMAT_JSON] = &writer_json,
		[FORMAT_JSONL] = &writer_jsonl,
	};

	if (out->format != FORMAT_DEFAULT)
		return writers[out->format];
	if (listing->record)
		return &writer_record;
	return out->terminal && !out->batch && !listing->drawn ?
	    &writer_table : &writer_plain;
}

/* Begins a list of rows with these columns. */
int
out_list_begin(struct call *call, const struct listing *listing,
    const struct column *columns, size_t count)
{
	struct out *out = call->cli->out;

	if (count > OUT_COLUMNS)
		return MAILDB_EMISUSE;
	memcpy(out->columns, columns, count * sizeof(*columns));
	out->count = count;
	out->listing = listing;
	out->full = call_option(call, "long") != NULL;
	out->rows = 0;
	out->listed = true;
	out->writer = choose(out, listing);
	out_progress_clear();
	out_page(out);
	if (out->format == FORMAT_JSON)
		frame(out);
	return out->writer->begin != NULL ? out->writer->begin(out) : 0;
}

/* Counts a row that was written, unless the count would come between rows. */
void
out_progress_row(const struct call *call)
{
	const struct out *out = call->cli->out;

	if (!out->terminal && !out->batch)
		out_progress(call->cli, "rows written");
}

/* Shows one row. */
int
out_row(struct call *call, const struct value *row)
{
	struct out *out = call->cli->out;
	int rc;

	rc = out->writer->row(out, row);
	out->rows++;
	out_progress_row(call);
	if (rc >= 0 && out->rows % 64 == 0 && broken(out) != 0)
		rc = MAILDB_EIO;
	return rc;
}

/* Ends a list. */
void
out_list_end(struct call *call)
{
	struct out *out = call->cli->out;

	if (out->writer->end != NULL)
		out->writer->end(out);
}

/* Shows the rows of a cursor that "seen" lets through, and frees it. */
int
out_cursor(struct call *call, const struct listing *listing,
    struct maildb_cursor *cursor,
    bool (*seen)(void *arg, const struct maildb_cursor *cursor), void *arg)
{
	struct column columns[OUT_COLUMNS];
	struct value row[OUT_COLUMNS];
	size_t count = maildb_cursor_width(cursor), i;
	int rc, next = 0;

	if (count > OUT_COLUMNS)
		count = OUT_COLUMNS;
	for (i = 0; i < count; i++)
		columns[i] = (struct column){ maildb_cursor_name(cursor, i),
			maildb_cursor_type(cursor, i) };
	rc = out_list_begin(call, listing, columns, count);
	while (rc >= 0 && (next = maildb_cursor_next(cursor)) == 1) {
		if (seen != NULL && !seen(arg, cursor))
			continue;
		for (i = 0; i < count; i++)
			row[i] = (struct value){
				maildb_cursor_null(cursor, i),
				maildb_cursor_int(cursor, i),
				maildb_cursor_text(cursor, i) };
		rc = out_row(call, row);
	}
	if (next < 0)
		rc = next;
	if (rc == MAILDB_EIO && out_closed(call->cli->out))
		rc = 0;
	if (rc < 0) /* before the cursor goes, and maybe its words with it */
		fault_from(&call->fault, rc, call->db);
	out_list_end(call);
	maildb_cursor_free(cursor);
	return rc < 0 ? rc : 0;
}

/* One named fact. */
void
out_fact(struct call *call, const char *name, const char *text)
{
	struct out *out = call->cli->out;

	if (is_json(out)) {
		frame(out);
		emit_text(out, name, text);
		return;
	}
	text_escape(out->to, text);
	fputc('\n', out->to);
}

/* Text of several lines, as it is. */
void
out_text(struct call *call, const char *name, const char *text)
{
	struct out *out = call->cli->out;

	if (is_json(out)) {
		out_fact(call, name, text);
		return;
	}
	out_page(out);
	fputs(text, out->to);
}

/* A file's content, below its name. */
void
out_file(struct call *call, const char *name, const char *text)
{
	struct out *out = call->cli->out;

	if (is_json(out))
		out_fact(call, name, text);
	else
		fprintf(out->to, "# ---- %s\n%s\n", name, text);
}

/* A line of a conversation, sent at once; the call has no other results. */
int
out_reply(struct call *call, const char *text)
{
	struct out *out = call->cli->out;

	out->format = FORMAT_DEFAULT;
	fprintf(out->to, "%s\r\n", text);
	return fflush(out->to) == 0 && broken(out) == 0 ? 0 : MAILDB_EIO;
}
