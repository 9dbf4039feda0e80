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
#define DUMP_TABLES  16

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

/* Reads a file, of which only the tables in a list ended by NULL matter; both
 * must outlive it.  NULL without memory. */
struct dump *dump_new(FILE *file, const char *const *tables);
/* 1 with the next row, 0 at the end, -1 without memory. */
int dump_next(struct dump *dump, struct row *row);
/* Whether a wanted table was there, be it empty. */
bool dump_has_table(const struct dump *dump);
void dump_free(struct dump *dump);

#endif
