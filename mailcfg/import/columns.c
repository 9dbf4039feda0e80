/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * columns.c - items out of rows, by what each column means
 */
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "import/columns.h"

static const struct rows *
find_rows(const struct source *source, const char *table)
{
	size_t i;

	for (i = 0; i < source->n; i++)
		if (strcasecmp(source->rows[i].table, table) == 0)
			return &source->rows[i];
	return NULL;
}

static const struct column *
find_column(const struct rows *rows, const char *name)
{
	const struct column *at = rows->columns;

	for (; at < rows->columns + COUNT(rows->columns) && at->name != NULL;
	    at++)
		if (strcasecmp(at->name, name) == 0)
			return at;
	return NULL;
}

/* Whether an item has an attribute already: then the first counts, as of
 * several switches for one service one that is off is enough. */
static bool
has_attr(const struct item *item, const char *name)
{
	size_t i;

	for (i = 0; i < item->nattrs; i++)
		if (strcmp(item->attrs[i].name, name) == 0)
			return true;
	return false;
}

static int
set_switch(struct import *import, struct item *item,
    const struct column *column, const struct row *row)
{
	return has_attr(item, column->field) ? 0 :
	    item_switch(import, item, column->field, row, column->name);
}

static int
set_relay(struct import *import, struct item *item,
    const struct column *column, const struct row *row)
{
	bool relay;
	int rc = row_bool(import, row, column->name, false, &relay);

	if (rc != 0 || !relay)
		return rc;
	rc = item_attr(import, item, "class", "relay");
	return rc != 0 ? rc : item_attr(import, item, "any_recipient", "yes");
}

static int
set_alias(struct import *import, struct item *item, const char *target)
{
	int rc = item_attr(import, item, "class", "alias");

	return rc != 0 ? rc : item_attr(import, item, "target", target);
}

/* "2030-12-31 00:00:00", of which the date is kept. */
static int
set_end(struct import *import, struct item *item, const char *time)
{
	char date[11];

	if (strncmp(time, "9999", 4) == 0 || strncmp(time, "0000", 4) == 0)
		return 0;
	snprintf(date, sizeof(date), "%s", time);
	return item_attr(import, item, "valid_until", date);
}

/* Gives an item what a column says, which is not empty. */
static int
take_value(struct import *import, struct item *item,
    const struct column *column, const struct row *row, const char *value)
{
	switch (column->means) {
	case MEANS_HASH:
		return item_stored(import, item, value);
	case MEANS_TEXT:
		return item_attr(import, item, column->field, value);
	case MEANS_SWITCH:
		return set_switch(import, item, column, row);
	case MEANS_RELAY:
		return set_relay(import, item, column, row);
	case MEANS_ALIAS:
		return set_alias(import, item, value);
	case MEANS_SIZE:
		return item_quota(import, item, value, column->unit);
	case MEANS_LIMIT:
		return row_says(value) ?
		    item_attr(import, item, column->field, value) : 0;
	case MEANS_END:
		return set_end(import, item, value);
	case MEANS_TARGETS:
		return item_targets(import, item, value, NULL);
	case MEANS_LOST:
		if (row_says(value))
			import_drop(import, column->name);
		return 0;
	case MEANS_BARRED:
		if (row_says(value))
			import_tell(import, "restriction", "%s has %s, a "
			    "restriction that is not kept", item->key,
			    column->name);
		return 0;
	default:
		return 0;
	}
}

/* Gives an item all that its row says; tells of columns not known. */
static int
take_columns(struct import *import, const struct rows *rows,
    struct item *item, const struct row *row)
{
	const struct column *column;
	char what[48];
	size_t i;
	int rc = 0;

	for (i = 0; rc == 0 && i < row->n; i++) {
		if (row->values[i] == NULL || *row->values[i] == '\0' ||
		    (rows->key != NULL &&
		    strcasecmp(rows->key, row->names[i]) == 0))
			continue;
		column = find_column(rows, row->names[i]);
		if (column != NULL) {
			rc = take_value(import, item, column, row,
			    row->values[i]);
		} else if (row_says(row->values[i])) {
			snprintf(what, sizeof(what), "column %.20s of %.16s",
			    row->names[i], rows->table);
			import_drop(import, what);
		}
	}
	return rc;
}

/* The key of a row, freed by free(). */
static char *
key_of(struct import *import, struct source *source, const struct rows *rows,
    const struct row *row, int *rc)
{
	const char *text;

	if (rows->make_key != NULL)
		return rows->make_key(import, source, row, rc);
	if ((text = row_need(import, row, rows->key, rc)) == NULL)
		return NULL;
	return rows->kind == ITEM_SITE || rows->kind == ITEM_DOMAIN ?
	    strdup(text) : import_address(import, text, rc);
}

int
import_columns(struct import *import, void *site, const struct row *row)
{
	struct source *source = site;
	const struct rows *rows = find_rows(source, row->table);
	struct item *item;
	char *key;
	int rc = 0;

	if ((key = key_of(import, source, rows, row, &rc)) == NULL)
		return rc;
	item = item_new(import, rows->kind, key);
	free(key);
	if (item == NULL)
		return MAILDB_ENOMEM;
	rc = take_columns(import, rows, item, row);
	if (rc == 0 && rows->finish != NULL)
		rc = rows->finish(import, source, item, row);
	return item_end(import, item, rc);
}
