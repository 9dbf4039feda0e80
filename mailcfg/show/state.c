/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * state.c - the whole database as a document of our own format
 *
 * Written as it is read, a record a line, so that two exports can be compared
 * by diff and the size costs no memory.
 */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "show/out.h"
#include "read/record.h"

/* The kinds in the order in which they are written. */
static const struct kind {
	enum maildb_kind kind;
	const char *section, *line;
	bool rare; /* its section is left out when it is empty */
} kinds[] = {
	{ MAILDB_KIND_SETTING, "settings", "setting", false },
	{ MAILDB_KIND_DOMAIN, "domains", "domain", false },
	{ MAILDB_KIND_USER, "users", "user", false },
	{ MAILDB_KIND_ALIAS, "aliases", "alias", false },
	{ MAILDB_KIND_RECIPIENT, "recipients", "recipient", false },
	{ MAILDB_KIND_SENDER, "senders", "sender", true },
};

struct export {
	struct call *call;
	FILE *to;
	unsigned flags;
	const char *domain;
	bool member; /* of the open record */
	char *last;  /* name of the open record, or NULL */
	bool targets; /* its list is open */
	const struct kind *kind;
};

/* ---- values --------------------------------------------------------- */

/* Whether a field has what a new object would have. */
static bool
is_default(const struct maildb_field *field, const struct maildb_cursor *cursor,
    size_t at)
{
	const char *why, *text = maildb_cursor_text(cursor, at);
	bool null;
	int64_t number;

	if (field->initial == NULL || maildb_cursor_null(cursor, at))
		return field->initial == NULL &&
		    maildb_cursor_null(cursor, at);
	if (field->type == MAILDB_TEXT)
		return text != NULL && strcmp(text, field->initial) == 0;
	return maildb_field_parse(field, field->initial, &null, &number,
	    &why) == 0 && number == maildb_cursor_int(cursor, at);
}

/* A value that apply reads back as the same. */
static void
put_value(FILE *to, const struct maildb_field *field,
    const struct maildb_cursor *cursor, size_t at)
{
	int64_t number = maildb_cursor_int(cursor, at);
	char text[40];

	if (maildb_cursor_null(cursor, at)) {
		fputs("null", to);
	} else if (field->type == MAILDB_TEXT) {
		emit_escape(to, maildb_cursor_text(cursor, at));
	} else if (field->type == MAILDB_BOOL) {
		fputs(number != 0 ? "true" : "false", to);
	} else if (field->flags & MAILDB_FIELD_UNLIMITED && number == 0) {
		fputs("\"unlimited\"", to);
	} else if (field->type == MAILDB_SIZE) {
		maildb_size_format(number, text);
		emit_escape(to, text);
	} else if (field->type == MAILDB_TIME) {
		maildb_time_format(number, text);
		emit_escape(to, text);
	} else {
		fprintf(to, "%" PRId64, number);
	}
}

/* ---- records -------------------------------------------------------- */

static void
put_key(struct export *export, const char *key)
{
	fputs(export->member ? "," : "", export->to);
	export->member = true;
	emit_escape(export->to, key);
	fputc(':', export->to);
}

/* Begins a record, after the end of the one before. */
static void
open_record(struct export *export, const struct kind *kind, const char *name)
{
	if (export->flags & STATE_LINES) {
		fputc('{', export->to);
		export->member = false;
		put_key(export, kind->line);
		emit_escape(export->to, name);
		return;
	}
	fputs(export->last != NULL ? ",\n" : "\n", export->to);
	emit_escape(export->to, name);
	fputs(":{", export->to);
	export->member = false;
}

static void
close_record(struct export *export)
{
	if (export->last == NULL)
		return;
	if (!export->targets && export->flags & STATE_FULL &&
	    export->kind->kind == MAILDB_KIND_USER) {
		put_key(export, "targets");
		fputc('[', export->to);
		export->targets = true;
	}
	fputs(export->targets ? "]}" : "}", export->to);
	export->targets = false;
	if (export->flags & STATE_LINES)
		fputc('\n', export->to);
}

static void
put_fields(struct export *export, enum maildb_kind kind,
    const struct maildb_cursor *cursor)
{
	const struct maildb_field *fields;
	size_t count, i;
	int at;

	fields = maildb_fields(kind, &count);
	for (i = 0; i < count; i++) {
		at = maildb_cursor_find(cursor, fields[i].name);
		if (at < 0 || (!(export->flags & STATE_FULL) &&
		    is_default(&fields[i], cursor, (size_t)at)))
			continue;
		put_key(export, fields[i].name);
		put_value(export->to, &fields[i], cursor, (size_t)at);
	}
	at = maildb_cursor_find(cursor, "password");
	if (at >= 0 && export->flags & STATE_SECRETS &&
	    !maildb_cursor_null(cursor, (size_t)at)) {
		put_key(export, "hash");
		emit_escape(export->to, maildb_cursor_text(cursor,
		    (size_t)at));
	}
}

/* Opens the list of the present record, or goes on to its next element. */
static void
put_element(struct export *export, const char *key)
{
	if (!export->targets)
		put_key(export, key);
	fputs(export->targets ? "," : "[", export->to);
	export->targets = true;
}

/* The target of the present row: its address alone where the rest is usual. */
static void
put_target(struct export *export, const struct maildb_cursor *cursor)
{
	size_t at = (size_t)maildb_cursor_find(cursor, "dest");
	bool may_send = maildb_cursor_int(cursor, at + 1) != 0;

	if (maildb_cursor_null(cursor, at))
		return;
	put_element(export, "targets");
	if (!(export->flags & STATE_FULL) &&
	    may_send == (export->last[0] != '@')) {
		emit_escape(export->to, maildb_cursor_text(cursor, at));
		return;
	}
	fputs("{\"to\":", export->to);
	emit_escape(export->to, maildb_cursor_text(cursor, at));
	fputs(may_send ? ",\"may_send\":true}" : ",\"may_send\":false}",
	    export->to);
}

/* The login of the present row of a sender grant. */
static void
put_login(struct export *export, const struct maildb_cursor *cursor)
{
	put_element(export, "logins");
	emit_escape(export->to, maildb_cursor_text(cursor,
	    (size_t)maildb_cursor_find(cursor, "login")));
}

/* The name of the present row's record, in scratch where it is put together. */
static const char *
name_of(const struct kind *kind, const struct maildb_cursor *cursor,
    char scratch[MAILDB_ADDRESS_MAX + 2])
{
	if (kind->kind == MAILDB_KIND_SETTING ||
	    kind->kind == MAILDB_KIND_DOMAIN)
		return maildb_cursor_text(cursor, (size_t)
		    maildb_cursor_find(cursor, "name"));
	snprintf(scratch, MAILDB_ADDRESS_MAX + 2, "%s@%s",
	    maildb_cursor_text(cursor, 1), maildb_cursor_text(cursor, 0));
	return scratch;
}

/* A setting's value; sizes are kept as numbers of octets. */
static void
put_setting(struct export *export, const struct maildb_cursor *cursor)
{
	const char *text = maildb_cursor_text(cursor, 1);
	const struct maildb_field *fields;
	char size[24];
	size_t count, i;
	int64_t octets;

	if (export->flags & STATE_LINES)
		put_key(export, "value");
	if (text == NULL) {
		fputs("null", export->to);
		return;
	}
	fields = maildb_fields(MAILDB_KIND_SETTING, &count);
	for (i = 0; i < count; i++)
		if (fields[i].type == MAILDB_SIZE && strcmp(fields[i].name,
		    maildb_cursor_text(cursor, 0)) == 0 &&
		    maildb_size_parse(text, &octets) == 0) {
			maildb_size_format(octets, size);
			text = size;
		}
	emit_escape(export->to, text);
}

/* One row: a record, or one more target of the one that is open. */
static int
put_row(struct export *export, const struct kind *kind,
    const struct maildb_cursor *cursor)
{
	char scratch[MAILDB_ADDRESS_MAX + 2];
	const char *name = name_of(kind, cursor, scratch);

	if (export->last == NULL || strcmp(export->last, name) != 0) {
		close_record(export);
		open_record(export, kind, name);
		free(export->last);
		if ((export->last = strdup(name)) == NULL)
			return MAILDB_ENOMEM;
		put_fields(export, kind->kind, cursor);
	}
	if (maildb_cursor_find(cursor, "dest") >= 0)
		put_target(export, cursor);
	else if (kind->kind == MAILDB_KIND_SENDER)
		put_login(export, cursor);
	return ferror(export->to) ? MAILDB_EIO : 0;
}

/* Settings are values, not objects. */
static int
put_settings(struct export *export, struct maildb_cursor *cursor)
{
	bool lines = export->flags & STATE_LINES;
	bool any = false;
	int rc;

	while ((rc = maildb_cursor_next(cursor)) == 1) {
		if (maildb_cursor_int(cursor, 2) != 0 &&
		    !(export->flags & STATE_FULL))
			continue;
		if (lines) {
			export->member = false;
			fputc('{', export->to);
			put_key(export, "setting");
			emit_escape(export->to, maildb_cursor_text(cursor, 0));
		} else {
			fputs(any ? ",\n" : "\n", export->to);
			emit_escape(export->to, maildb_cursor_text(cursor, 0));
			fputc(':', export->to);
		}
		put_setting(export, cursor);
		fputs(lines ? "}\n" : "", export->to);
		any = true;
	}
	return rc;
}

/* All records of a kind. */
static int
put_kind(struct export *export, const struct kind *kind)
{
	struct maildb_cursor *cursor;
	bool section;
	int rc;

	export->kind = kind;
	rc = maildb_export(export->call->db, kind->kind, export->domain,
	    &cursor);
	if (rc < 0)
		return rc;
	section = !(export->flags & STATE_LINES);
	if (section && !kind->rare)
		fprintf(export->to, ",\n\"%s\":{", kind->section);
	if (kind->kind == MAILDB_KIND_SETTING)
		rc = put_settings(export, cursor);
	else
		while ((rc = maildb_cursor_next(cursor)) == 1) {
			if (section && kind->rare && export->last == NULL)
				fprintf(export->to, ",\n\"%s\":{",
				    kind->section);
			if ((rc = put_row(export, kind, cursor)) < 0)
				break;
			out_progress_row(export->call);
		}
	close_record(export);
	if (section && (!kind->rare || export->last != NULL))
		fputc('}', export->to);
	free(export->last);
	export->last = NULL;
	if (rc < 0)
		fault_from(&export->call->fault, rc, export->call->db);
	maildb_cursor_free(cursor);
	return rc;
}

int
write_state(struct call *call, const char *domain, unsigned flags)
{
	struct out *out = call->cli->out;
	struct export export = { .call = call, .to = out->to, .flags = flags,
		.domain = domain };
	size_t i;
	int rc = 0;

	out->format = FORMAT_DEFAULT; /* the document is all there is */
	out->listed = true;
	fputs(flags & STATE_LINES ? "{\"format\":1}\n" : "{\"format\":1",
	    out->to);
	for (i = 0; rc == 0 && i < COUNT(kinds); i++)
		if (domain == NULL || kinds[i].kind != MAILDB_KIND_SETTING)
			rc = put_kind(&export, &kinds[i]);
	if (rc == 0 && !(flags & STATE_LINES))
		fputs("}\n", out->to);
	return rc;
}
