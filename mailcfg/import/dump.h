/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * dump.h - SQL dumps as rows, whoever wrote them
 *
 * A dump is read once from front to back.  What is held is one row, and the
 * columns of the tables that are wanted.
 */
#ifndef MAILCFG_IMPORT_DUMP_H
#define MAILCFG_IMPORT_DUMP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#define DUMP_COLUMNS 64
#define DUMP_TABLES  48

struct row {
	const char *table;  /* without its schema; NULL: wrong is about the
	                       whole file */
	uint32_t line;
	const char *wrong;  /* why it cannot be read, or NULL */
	size_t n;
	const char *const *names;
	const char *const *values; /* NULL is NULL; else UTF-8 */
};

struct dump;

/* Reads a file, of which only the tables in a list ended by NULL matter; their
 * names have a prefix in it, or NULL.  All must outlive it.  NULL without
 * memory. */
struct dump *dump_new(FILE *file, const char *const *tables,
    const char *prefix);
/* 1 with the next row, 0 at the end, -1 without memory. */
int dump_next(struct dump *dump, struct row *row);
/* Whether a table was there, be it empty; and, unless NULL, has a column. */
bool dump_has(const struct dump *dump, const char *table, const char *column);
/* The names of other tables that have rows, one by one; NULL at the end. */
const char *dump_other(const struct dump *dump, size_t i);
void dump_free(struct dump *dump);

#endif
