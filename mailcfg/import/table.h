/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * table.h - what formats made of tables share: dumps and databases
 *
 * A format is a list of tables, each with what takes its rows.  Where the rows
 * come from is the same to it.
 */
#ifndef MAILCFG_IMPORT_TABLE_H
#define MAILCFG_IMPORT_TABLE_H

#include "import/import.h"
#include "import/dump.h"

/* Rows of a small table that other rows name, found by their key. */
#define MEMO_CELLS 6

struct memo {
	char *(*rows)[MEMO_CELLS]; /* the first cell is the key */
	size_t n, size;
	bool sorted;
};

/*
 * A table.  All tables of the first pass are read before any of the second;
 * take answers like the functions of import.h.
 */
struct table {
	const char *name;
	const char *key[2]; /* columns that tell rows apart, for messages */
	unsigned pass;      /* 1 or 2 */
	int (*take)(struct import *import, void *site, const struct row *row);
	bool again;         /* the other pass refuses what is no row */
};

/* Reads the tables from all that the call names. */
int import_tables(struct import *import, const struct table *tables,
    size_t ntables, void *site);
/* A table whose rows have no counterpart; they are counted. */
int import_drop_row(struct import *import, void *site, const struct row *row);

/* The value of a column; NULL when it is NULL or not there. */
const char *row_value(const struct row *row, const char *column);
/* The same, but "" in place of NULL. */
const char *row_text(const struct row *row, const char *column);
/* A column that must have a value: NULL when the row is refused, *rc set. */
const char *row_need(struct import *import, const struct row *row,
    const char *column, int *rc);
/* A truth in the spelling of any database: 1, 0, or -1 for another word. */
int row_truth(const char *word);
/* The same of a column; otherwise when it is not said. */
int row_bool(struct import *import, const struct row *row, const char *column,
    bool otherwise, bool *out);
/* Names columns that are not kept, where they have a value. */
void row_drop(struct import *import, const struct row *row,
    const char *const *columns, size_t n);

/* Attributes of an item from a column: text that is not empty; "no" for a
 * switch that is off. */
int item_column(struct import *import, struct item *item, const char *attr,
    const struct row *row, const char *column);
int item_switch(struct import *import, struct item *item, const char *attr,
    const struct row *row, const char *column);
/* A hash; one of 32 hexadecimal digits can only be MD5. */
int item_stored(struct import *import, struct item *item, const char *hash);
/* Adds the targets that commas or blanks part; at least one must be left when
 * drop, unless it is NULL, has named those that are not kept. */
int item_targets(struct import *import, struct item *item, const char *list,
    const char *(*drop)(const char *target, const char *address));

/* Remembers a row: the columns' values, NULL as "". */
int memo_add(struct import *import, struct memo *memo, const struct row *row,
    const char *const *columns, size_t n);
/* The row with that key, of several the first; or NULL. */
char **memo_find(struct memo *memo, const char *key);
void memo_free(struct memo *memo);

#endif
