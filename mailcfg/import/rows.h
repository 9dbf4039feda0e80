/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * rows.h - a dump while it is read, for dump.c and rows.c
 */
#ifndef MAILCFG_IMPORT_ROWS_H
#define MAILCFG_IMPORT_ROWS_H

#include "import/dump.h"
#include "import/sql.h"

#define NAME_MOST 64 /* octets of a name, its NUL included */

/* What CREATE TABLE, or the statement itself, says of a table. */
struct shape {
	char columns[DUMP_COLUMNS][NAME_MOST];
	size_t n;
	bool over; /* there are more */
};

#define DUMP_OTHERS 64

struct dump {
	struct sql sql;
	const char *const *tables;
	const char *prefix; /* of their names, or "" */
	char name[NAME_MOST]; /* of the table named last */
	char used[NAME_MOST]; /* the database that USE names */
	char from[NAME_MOST]; /* the one that the tables are from */
	bool two;             /* a second database has some as well */
	char others[DUMP_OTHERS][NAME_MOST]; /* tables that are not wanted */
	size_t nothers;
	struct shape shapes[DUMP_TABLES]; /* of the tables, by their index */
	struct shape given;   /* by the statement being read */
	enum { BEGINNING, BETWEEN, IN_COPY, IN_VALUES, BEHIND_VALUES,
		ENDED } state;
	int table;            /* of the statement; -1: not wanted */
	bool seen[DUMP_TABLES];
	size_t n;             /* values of the row, or more than fit */
	bool null[DUMP_COLUMNS];
	size_t at[DUMP_COLUMNS], end[DUMP_COLUMNS];
	const char *names[DUMP_COLUMNS], *values[DUMP_COLUMNS];
	char wrong[200];
};

/* What is wrong with a file that ends too early. */
extern const char rows_cut_off[];

/* Begins a row, of which nothing is known yet. */
void rows_begin(struct dump *dump);
/* Keeps the first thing that is wrong with a row. */
void rows_wrong(struct dump *dump, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
/* Hands the row over that has been read: as dump_next() answers. */
int rows_give(struct dump *dump, struct row *row, uint32_t line);
/* Says what is wrong with the file as a whole, and ends it; likewise. */
int rows_end(struct dump *dump, struct row *row, const char *words);

/* Reads a line of COPY, or a row of VALUES: 0 when there is nothing to hand
 * over, else as dump_next(). */
int rows_copy(struct dump *dump, struct row *row);
int rows_values(struct dump *dump, struct row *row);
/* Remembers that the table named last, which is not wanted, has rows. */
void rows_other(struct dump *dump);
/* Passes over the rest of a statement. */
void rows_skip(struct dump *dump);

#endif
