/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * cursor.c - rows for callers: streamed from a statement, or kept in memory
 */
#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "core/cursor.h"

struct maildb_cursor {
	struct maildb *db;
	const struct maildb__column *columns;
	unsigned width;
	struct maildb__value *value; /* the present row */

	struct maildb__rows *rows;   /* when streamed */
	bool viewed;                 /* or of a database that is not ours */
	struct maildb__column *owned; /* whose columns we learned from it */
	bool ahead;                  /* on a row that next has yet to answer */
	int last;                    /* what next answered: for good if <= 0 */

	struct maildb__value *table; /* when in memory: nrows * width */
	size_t nrows, size, at;
};

/* A cursor without rows. */
static struct maildb_cursor *
cursor_new(struct maildb *db, const struct maildb__column *columns,
    unsigned width)
{
	struct maildb_cursor *cursor = calloc(1, sizeof(*cursor));

	if (cursor == NULL)
		return NULL;
	cursor->value = calloc(width, sizeof(*cursor->value));
	if (cursor->value == NULL) {
		free(cursor);
		return NULL;
	}
	cursor->db = db;
	cursor->columns = columns;
	cursor->width = width;
	cursor->last = 1;
	return cursor;
}

int
maildb__list_values(struct maildb *db, struct maildb_cursor **out,
    enum maildb__stmt_id id, const struct maildb__value *in)
{
	const struct maildb__stmt *stmt = &maildb__stmts[id];
	struct maildb_cursor *cursor;
	int rc;

	*out = NULL;
	cursor = cursor_new(db, stmt->out, stmt->nout);
	if (cursor == NULL)
		return maildb__nomem(db);
	if ((rc = maildb__start(db, id, in, &cursor->rows)) < 0) {
		maildb_cursor_free(cursor);
		return rc;
	}
	db->cursor = cursor;
	*out = cursor;
	return 0;
}

/* Copies the columns of the table being viewed. */
static int
learn_columns(struct maildb_cursor *cursor)
{
	const struct maildb__viewer *viewer = cursor->db->driver->viewer;
	const char *name;
	unsigned i;

	cursor->owned = calloc(cursor->width, sizeof(*cursor->owned));
	for (i = 0; cursor->owned != NULL && i < cursor->width; i++) {
		name = viewer->column(cursor->db->view, i);
		if (name == NULL || (cursor->owned[i].name =
		    strdup(name)) == NULL)
			return maildb__nomem(cursor->db);
	}
	cursor->columns = cursor->owned;
	return cursor->owned != NULL ? 0 : maildb__nomem(cursor->db);
}

int
maildb__list_view(struct maildb *db, struct maildb_cursor **out)
{
	struct maildb_cursor *cursor;
	int rc;

	*out = NULL;
	cursor = cursor_new(db, NULL, db->driver->viewer->width(db->view));
	if (cursor == NULL) {
		db->driver->viewer->done(db->view);
		return maildb__nomem(db);
	}
	cursor->viewed = true;
	if ((rc = learn_columns(cursor)) < 0) {
		maildb_cursor_free(cursor);
		return rc;
	}
	db->cursor = cursor;
	*out = cursor;
	return 0;
}

/* Reads the next row of the table being viewed.  What is no text becomes a
 * number, which has none. */
static int
view_row(struct maildb_cursor *cursor)
{
	const struct maildb__viewer *viewer = cursor->db->driver->viewer;
	const char *text;
	bool lost = false;
	unsigned i;
	size_t len;
	int rc;

	if ((rc = viewer->next(cursor->db->view)) <= 0)
		return rc;
	for (i = 0; i < cursor->width; i++) {
		text = viewer->value(cursor->db->view, i, &len, &lost);
		if (lost)
			return maildb__nomem(cursor->db);
		cursor->value[i] = V_TEXT(text);
		if (text != NULL && (strlen(text) != len ||
		    !maildb__text_utf8(text, len)))
			cursor->value[i] = V_INT(0);
	}
	return 1;
}

int
maildb__list_some(struct maildb *db, struct maildb_cursor **out,
    enum maildb__stmt_id id, const struct maildb__value *in, int none)
{
	int rc = maildb__list_values(db, out, id, in);

	if (rc < 0)
		return rc;
	rc = maildb_cursor_next(*out);
	if (rc > 0) {
		(*out)->ahead = true;
		return 0;
	}
	maildb_cursor_free(*out);
	*out = NULL;
	return rc < 0 ? rc : none;
}

int
maildb__table_new(struct maildb *db, const struct maildb__column *columns,
    unsigned ncolumns, struct maildb_cursor **out)
{
	*out = cursor_new(db, columns, ncolumns);
	return *out != NULL ? 0 : maildb__nomem(db);
}

int
maildb__table_add(struct maildb_cursor *cursor,
    const struct maildb__value *values)
{
	struct maildb__value *row, *table;
	size_t size;
	unsigned i;

	if (cursor->nrows == cursor->size) {
		size = cursor->size != 0 ? cursor->size * 2 : 8;
		table = reallocarray(cursor->table, size * cursor->width,
		    sizeof(*table));
		if (table == NULL)
			return maildb__nomem(cursor->db);
		cursor->table = table;
		cursor->size = size;
	}
	row = cursor->table + cursor->nrows * cursor->width;
	for (i = 0; i < cursor->width; i++) {
		row[i] = values[i];
		if (row[i].type == MAILDB__TEXT &&
		    (row[i].text = strdup(row[i].text)) == NULL) {
			while (i-- > 0)
				if (row[i].type == MAILDB__TEXT)
					free((char *)row[i].text);
			return maildb__nomem(cursor->db);
		}
	}
	cursor->nrows++;
	return 0;
}

/* Reads the next row into cursor->value: 1, 0 or an error. */
static int
read_row(struct maildb_cursor *cursor)
{
	const struct maildb__driver *driver = cursor->db->driver;
	unsigned i;
	int rc;

	if (cursor->viewed)
		return view_row(cursor);
	if (cursor->rows == NULL) {
		if (cursor->at == cursor->nrows)
			return 0;
		memcpy(cursor->value,
		    cursor->table + cursor->at++ * cursor->width,
		    cursor->width * sizeof(*cursor->value));
		return 1;
	}
	if ((rc = driver->next(cursor->rows)) <= 0)
		return rc;
	for (i = 0; i < cursor->width; i++) {
		driver->value(cursor->rows, i, &cursor->value[i]);
		if (maildb__value_lost(&cursor->value[i]))
			return maildb__nomem(cursor->db);
	}
	return 1;
}

int
maildb_cursor_next(struct maildb_cursor *cursor)
{
	unsigned i;

	if (cursor->last <= 0)
		return cursor->last;
	if (cursor->ahead) {
		cursor->ahead = false;
		return 1;
	}
	cursor->last = read_row(cursor);
	/* There is no present row to lend text from. */
	for (i = 0; cursor->last <= 0 && i < cursor->width; i++)
		cursor->value[i] = V_NULL;
	return cursor->last;
}

void
maildb_cursor_free(struct maildb_cursor *cursor)
{
	size_t i;

	if (cursor == NULL)
		return;
	if (cursor->rows != NULL)
		cursor->db->driver->done(cursor->rows);
	if (cursor->viewed)
		cursor->db->driver->viewer->done(cursor->db->view);
	for (i = 0; cursor->owned != NULL && i < cursor->width; i++)
		free((char *)cursor->owned[i].name);
	free(cursor->owned);
	if (cursor->db->cursor == cursor)
		cursor->db->cursor = NULL;
	for (i = 0; i < cursor->nrows * cursor->width; i++)
		if (cursor->table[i].type == MAILDB__TEXT)
			free((char *)cursor->table[i].text);
	free(cursor->table);
	free(cursor->value);
	free(cursor);
}

size_t
maildb_cursor_width(const struct maildb_cursor *cursor)
{
	return cursor->width;
}

const char *
maildb_cursor_name(const struct maildb_cursor *cursor, size_t col)
{
	assert(col < cursor->width);
	return cursor->columns[col].name;
}

enum maildb_type
maildb_cursor_type(const struct maildb_cursor *cursor, size_t col)
{
	assert(col < cursor->width);
	return cursor->columns[col].type;
}

bool
maildb_cursor_null(const struct maildb_cursor *cursor, size_t col)
{
	assert(col < cursor->width);
	return cursor->value[col].type == MAILDB__NULL;
}

int64_t
maildb_cursor_int(const struct maildb_cursor *cursor, size_t col)
{
	assert(col < cursor->width);
	return cursor->value[col].type == MAILDB__INT ?
	    cursor->value[col].number : 0;
}

const char *
maildb_cursor_text(const struct maildb_cursor *cursor, size_t col)
{
	assert(col < cursor->width);
	return cursor->value[col].type == MAILDB__TEXT ?
	    cursor->value[col].text : NULL;
}

int
maildb_cursor_find(const struct maildb_cursor *cursor, const char *name)
{
	unsigned i;

	for (i = 0; i < cursor->width; i++)
		if (strcmp(cursor->columns[i].name, name) == 0)
			return (int)i;
	return -1;
}
