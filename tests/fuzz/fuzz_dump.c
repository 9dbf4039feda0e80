/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * fuzz_dump.c - any octets as an SQL dump, for libFuzzer
 *
 * Rows are those of the tables asked for, their values are text, lines never
 * go back, and what is wrong is said in words that can be shown.
 */
#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "../../mailcfg/import/import.h"
#include "../../mailcfg/import/dump.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const char *const tables[] = { "alias", "domain", NULL };

static void
check_row(const struct row *row)
{
	size_t i;

	assert(row->line > 0);
	if (row->wrong != NULL) {
		assert(*row->wrong != '\0');
		return;
	}
	assert(row->table == tables[0] || row->table == tables[1]);
	assert(row->n > 0 && row->n <= DUMP_COLUMNS);
	for (i = 0; i < row->n; i++) {
		assert(row->names[i] != NULL);
		if (row->values[i] != NULL)
			assert(import_text(row->values[i],
			    strlen(row->values[i])) == strlen(row->values[i]));
	}
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	FILE *file = size > 0 ? fmemopen((void *)data, size, "r") : NULL;
	struct dump *dump;
	struct row row;
	uint32_t line = 0;
	size_t rows = 0;
	int rc;

	if (file == NULL)
		return 0;
	dump = dump_new(file, tables);
	assert(dump != NULL);
	while ((rc = dump_next(dump, &row)) > 0) {
		check_row(&row);
		assert(row.line >= line);
		line = row.line;
		assert(++rows <= size + 1); /* each takes an octet at least */
	}
	assert(rc == 0);
	assert(dump_next(dump, &row) == 0); /* the end is final */
	dump_free(dump);
	fclose(file);
	return 0;
}
