/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * diff.c - --diff: the rows that a transaction changes, before and after
 *
 * Reads the library's journal of the open transaction, whose rows carry JSON.
 */
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "show/out.h"

/* Reads an image of a row, which may be NULL. */
static int
load(const char *text, json_t **row)
{
	*row = text != NULL ? json_loads(text, 0, NULL) : NULL;
	/* The database made the text, so only memory can be missing. */
	return text != NULL && *row == NULL ? MAILDB_ENOMEM : 0;
}

static void
put_value(FILE *to, json_t *value)
{
	if (json_is_null(value))
		fputs("default", to);
	else if (json_is_string(value))
		text_escape(to, json_string_value(value));
	else if (json_is_boolean(value))
		fputs(json_is_true(value) ? "true" : "false", to);
	else
		fprintf(to, "%" JSON_INTEGER_FORMAT,
		    json_integer_value(value));
}

/* Writes " field=value" for what differs from other. */
static void
put_fields(FILE *to, json_t *row, json_t *other)
{
	const char *name;
	json_t *value;

	json_object_foreach(row, name, value) {
		if (json_is_null(value) && other == NULL)
			continue;
		if (other != NULL &&
		    json_equal(value, json_object_get(other, name)))
			continue;
		fprintf(to, " %s=", name);
		put_value(to, value);
	}
	fputc('\n', to);
}

/* Writes "- object key field=value" to text, the same unsigned to side. */
static void
put_row(FILE *text, FILE *side, const char *sign, const char *object,
    const char *key, json_t *row, json_t *other)
{
	FILE *to[] = { text, side };
	size_t i;

	for (i = 0; i < COUNT(to); i++) {
		fprintf(to[i], "%s%s ", i == 0 ? sign : "", object);
		text_escape(to[i], key);
		put_fields(to[i], row, other);
	}
}

/* One row of the journal: 1, or MAILDB_ENOMEM. */
static int
put_change(struct out *out, const struct maildb_cursor *cursor,
    const int at[4])
{
	const char *object = maildb_cursor_text(cursor, (size_t)at[0]);
	const char *key = maildb_cursor_text(cursor, (size_t)at[1]);
	json_t *row[2] = { NULL, NULL };
	int i, rc = 1;

	for (i = 0; rc == 1 && i < 2; i++)
		if (load(maildb_cursor_text(cursor, (size_t)at[2 + i]),
		    &row[i]) < 0)
			rc = MAILDB_ENOMEM;
	if (rc == 1 && row[0] != NULL)
		put_row(out->difference, out->before, "- ", object, key,
		    row[0], row[1]);
	if (rc == 1 && row[1] != NULL)
		put_row(out->difference, out->after, "+ ", object, key,
		    row[1], row[0]);
	json_decref(row[0]);
	json_decref(row[1]);
	return rc;
}

/* Keeps what the open transaction has changed, to be shown after it. */
int
out_diff(struct out *out, struct maildb *db)
{
	static const char *const names[] = { "object", "key", "old", "new" };
	struct maildb_cursor *cursor;
	int at[4], rc, i;

	out->before = tmpfile();
	out->after = tmpfile();
	out->difference = tmpfile();
	if (out->before == NULL || out->after == NULL ||
	    out->difference == NULL)
		return MAILDB_EIO;
	if ((rc = maildb_pending(db, &cursor)) < 0)
		return rc;
	for (i = 0; i < 4; i++)
		if ((at[i] = maildb_cursor_find(cursor, names[i])) < 0)
			rc = MAILDB_EMISUSE;
	while (rc >= 0 && (rc = maildb_cursor_next(cursor)) == 1 &&
	    (rc = put_change(out, cursor, at)) == 1)
		;
	maildb_cursor_free(cursor);
	return rc;
}

/* Writes "~ object key field=old -> new" for what a row changes. */
static void
put_step(FILE *to, const char *object, const char *key, json_t *old,
    json_t *new_row)
{
	const char *name;
	json_t *value, *was;

	fprintf(to, "%c %s ", old == NULL ? '+' : new_row == NULL ? '-' : '~',
	    object);
	text_escape(to, key);
	if (old == NULL || new_row == NULL) {
		put_fields(to, old == NULL ? new_row : old, NULL);
		return;
	}
	json_object_foreach(new_row, name, value) {
		was = json_object_get(old, name);
		if (json_equal(value, was))
			continue;
		fprintf(to, " %s=", name);
		put_value(to, was);
		fputs(" -> ", to);
		put_value(to, value);
	}
	fputc('\n', to);
}

/* A column of the journal, by its name. */
static const char *
column(const struct maildb_cursor *cursor, const char *name)
{
	return maildb_cursor_text(cursor,
	    (size_t)maildb_cursor_find(cursor, name));
}

/* Shows what the open transaction has changed, a line a row. */
int
out_plan(struct call *call)
{
	struct out *out = call->cli->out;
	struct maildb_cursor *cursor;
	json_t *old, *new_row;
	int rc;

	if (out->format == FORMAT_JSON || out->format == FORMAT_JSONL)
		return 0; /* has the member "diff" */
	if ((rc = maildb_pending(call->db, &cursor)) < 0)
		return rc;
	while ((rc = maildb_cursor_next(cursor)) == 1) {
		old = new_row = NULL;
		if (load(column(cursor, "old"), &old) < 0 ||
		    load(column(cursor, "new"), &new_row) < 0)
			rc = MAILDB_ENOMEM;
		else
			put_step(out->to, column(cursor, "object"),
			    column(cursor, "key"), old, new_row);
		json_decref(old);
		json_decref(new_row);
		if (rc < 0)
			break;
	}
	maildb_cursor_free(cursor);
	return rc;
}
