/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * columns.h - formats whose columns mean one thing each
 *
 * Such a format is a table of tables, each a table of columns with their
 * meanings; what a format has of its own is in two functions.
 */
#ifndef MAILCFG_IMPORT_COLUMNS_H
#define MAILCFG_IMPORT_COLUMNS_H

#include "import/table.h"

enum meaning {
	MEANS_NOTHING,   /* known, and of no use to us */
	MEANS_HASH,      /* a stored password */
	MEANS_TEXT,      /* a field */
	MEANS_SWITCH,    /* a field that is "no" when this is false */
	MEANS_RELAY,     /* when true, a relay domain for any recipient */
	MEANS_ALIAS,     /* the domain that an alias domain leads to */
	MEANS_SIZE,      /* a quota in so many bytes, 0 for none */
	MEANS_LIMIT,     /* a greatest number, 0 for none */
	MEANS_END,       /* the time of expiry, year 9999 for none */
	MEANS_TARGETS,   /* where an alias leads to */
	MEANS_LOST,      /* told in sum, if it holds anything */
	MEANS_BARRED,    /* a restriction without a field, told for each */
};

struct column {
	const char *name;
	enum meaning means;
	const char *field;
	int64_t unit;
};

struct source;

/* The rows of a table. */
struct rows {
	const char *table;
	enum item_kind kind;
	const char *key;     /* column of the address or the domain's name */
	struct column columns[24];
	/* Builds the key where it is no column, or NULL: freed by free();
	 * *rc says what import_refuse() returned. */
	char *(*make_key)(struct import *import, struct source *source,
	    const struct row *row, int *rc);
	/* Completes an item; 1 refuses the row. */
	int (*finish)(struct import *import, struct source *source,
	    struct item *item, const struct row *row);
};

/* A format while it is read. */
struct source {
	const struct rows *rows;
	size_t n;
	struct memo memos[4]; /* what a format remembers of its first pass */
};

/* Makes an item of a row by its columns; the site is a struct source. */
int import_columns(struct import *import, void *site, const struct row *row);
#endif
