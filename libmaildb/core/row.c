/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * row.c - rows of named values, and running statements with them
 *
 * Statements start here only, for cursor.c too: one runs at a time, and the
 * journal knows who writes.
 */
#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "core/cursor.h"
#include "core/core.h"

void
maildb__row_clear(struct maildb__row *row)
{
	unsigned i;

	/* Hashes are among the values; all are wiped alike. */
	for (i = 0; i < row->n; i++)
		maildb_secret_free(row->owned[i]);
	row->n = 0;
}

/* The place of a name, or -1. */
static int
find(const struct maildb__row *row, const char *name)
{
	unsigned i;

	/* Most names are one text, whoever wrote it: the linker merges them. */
	for (i = 0; i < row->n; i++)
		if (row->name[i] == name)
			return (int)i;
	for (i = 0; i < row->n; i++)
		if (*row->name[i] == *name && strcmp(row->name[i], name) == 0)
			return (int)i;
	return -1;
}

int
maildb__row_set(struct maildb *db, struct maildb__row *row, const char *name,
    struct maildb__value value)
{
	char *copy = NULL;
	int i;

	if (maildb__value_lost(&value) || (value.type == MAILDB__TEXT &&
	    (copy = strdup(value.text)) == NULL))
		return maildb__nomem(db);
	if ((i = find(row, name)) < 0) {
		assert(row->n < MAILDB__ROW_MAX);
		i = (int)row->n++;
		row->name[i] = name;
		row->owned[i] = NULL;
	}
	maildb_secret_free(row->owned[i]);
	row->owned[i] = copy;
	row->value[i] = value;
	row->value[i].text = copy;
	return 0;
}

const struct maildb__value *
maildb__row_value(const struct maildb__row *row, const char *name)
{
	int i = find(row, name);

	return i < 0 ? NULL : &row->value[i];
}

const char *
maildb__row_text(const struct maildb__row *row, const char *name)
{
	int i = find(row, name);

	return i < 0 || row->value[i].text == NULL ? "" : row->value[i].text;
}

int64_t
maildb__row_int(const struct maildb__row *row, const char *name)
{
	int i = find(row, name);

	return i < 0 ? 0 : row->value[i].number;
}

int
maildb__start(struct maildb *db, enum maildb__stmt_id id,
    const struct maildb__value *in, struct maildb__rows **rows)
{
	int rc;

	*rows = NULL;
	if (db->conn == NULL)
		return maildb__fail(db, MAILDB_EMISUSE, "no database is open");
	if (db->cursor != NULL)
		return maildb__fail(db, MAILDB_EMISUSE,
		    "another cursor is open on this handle");
	if (maildb__stmts[id].writes && db->marked == 0) {
		assert(db->locked);
		db->marked = db->depth;
		rc = maildb__exec(db, STMT_SESSION_FILL,
		    V_TEXT(db->who != NULL ? db->who : "unknown"),
		    V_TEXT(db->via));
		if (rc < 0)
			return rc;
	}
	return db->driver->start(db->conn, id, in, rows);
}

int
maildb__exec_values(struct maildb *db, enum maildb__stmt_id id,
    const struct maildb__value *in)
{
	struct maildb__rows *rows;
	int64_t changed;
	int rc;

	if ((rc = maildb__start(db, id, in, &rows)) < 0)
		return rc;
	while ((rc = db->driver->next(rows)) > 0)
		;
	changed = db->driver->done(rows);
	if (rc < 0)
		return rc;
	return changed > INT32_MAX ? INT32_MAX : (int)changed;
}

int
maildb__exec_row(struct maildb *db, enum maildb__stmt_id id,
    const struct maildb__row *row)
{
	const struct maildb__stmt *stmt = &maildb__stmts[id];
	struct maildb__value in[MAILDB__ROW_MAX];
	unsigned i;
	int at;

	for (i = 0; i < stmt->nin; i++) {
		at = find(row, stmt->in[i].name);
		assert(at >= 0);
		in[i] = row->value[at];
	}
	return maildb__exec_values(db, id, in);
}

int
maildb__fetch_values(struct maildb *db, struct maildb__row *row,
    enum maildb__stmt_id id, const struct maildb__value *in)
{
	const struct maildb__stmt *stmt = &maildb__stmts[id];
	struct maildb__value value;
	struct maildb__rows *rows;
	unsigned i;
	int rc, set = 0;

	if ((rc = maildb__start(db, id, in, &rows)) < 0)
		return rc;
	rc = db->driver->next(rows);
	for (i = 0; rc > 0 && set == 0 && i < stmt->nout; i++) {
		db->driver->value(rows, i, &value);
		set = maildb__row_set(db, row, stmt->out[i].name, value);
	}
	db->driver->done(rows);
	return set < 0 ? set : rc;
}
