/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * out_table.c - tables for people, by libsmartcols
 *
 * The library holds all rows until it prints, so that a long list is printed
 * in chunks; a chunk's columns may be wider than those of the one before.
 * Only widths depend on the locale, so it is set here and by the editor: most
 * commands need none, and reading one takes longer than many of them.
 */
#include <locale.h>
#include <stdlib.h>
#include <string.h>

#include "late_table.h"
#include "out.h"

#define CHUNK 1000 /* rows */

static const struct late_table *lib; /* libsmartcols */

/* Whether a table shows a column. */
static bool
shown(const struct out *out, size_t i)
{
	const char *brief = out->listing->brief, *name = out->columns[i].name;
	const char *at;
	size_t len = strlen(name);

	if (brief == NULL || out->full)
		return true;
	for (at = brief; (at = strstr(at, name)) != NULL; at += len)
		if ((at == brief || at[-1] == ' ') &&
		    (at[len] == ' ' || at[len] == '\0'))
			return true;
	return false;
}

/* Loads the library. */
static int
load(struct call *call)
{
	char *why = NULL;
	int rc = 0;

	if (lib == NULL && (lib = late("table", &why)) == NULL)
		rc = why == NULL ? MAILDB_ENOMEM : call_fail(call, MAILDB_EIO,
		    NULL, NULL, "install " PROGRAM " again, or use --format tsv",
		    "%s", why);
	free(why);
	return rc;
}

static int
table_begin(struct out *out)
{
	struct libscols_column *column;
	char head[64];
	size_t i, j;
	int flags, rc;

	if ((rc = load(out->call)) < 0)
		return rc;
	setlocale(LC_CTYPE, "");
	if ((out->table = lib->scols_new_table()) == NULL)
		return MAILDB_ENOMEM;
	/* Text is escaped here, which the library would escape again. */
	lib->scols_table_enable_noencoding(out->table, 1);
	lib->scols_table_set_stream(out->table, out->to);
	if (!out->terminal)
		lib->scols_table_set_termforce(out->table,
		    SCOLS_TERMFORCE_NEVER);
	lib->scols_table_enable_colors(out->table, out->color);
	for (i = 0; i < out->count; i++) {
		if (!shown(out, i))
			continue;
		for (j = 0; out->columns[i].name[j] != '\0' &&
		    j < sizeof(head) - 1; j++)
			head[j] = out->columns[i].name[j] == '_' ? ' ' :
			    out->columns[i].name[j] - ('a' - 'A') *
			    (out->columns[i].name[j] >= 'a' &&
			    out->columns[i].name[j] <= 'z');
		head[j] = '\0';
		flags = out->columns[i].type == MAILDB_INT ||
		    out->columns[i].type == MAILDB_SIZE ||
		    out->columns[i].type == MAILDB_COUNT ?
		    SCOLS_FL_RIGHT : 0;
		column = lib->scols_table_new_column(out->table, head, 0,
		    flags);
		if (column == NULL)
			return MAILDB_ENOMEM;
		if (out->color)
			lib->scols_cell_set_color(
			    lib->scols_column_get_header(column), "bold");
	}
	return 0;
}

/* Prints what is held, without the heading after the first time. */
static int
print(struct out *out)
{
	if (lib->scols_table_is_empty(out->table))
		return 0;
	if (lib->scols_print_table(out->table) != 0)
		return MAILDB_EIO;
	lib->scols_table_remove_lines(out->table);
	lib->scols_table_enable_noheadings(out->table, 1);
	return 0;
}

static int
table_row(struct out *out, const struct value *row)
{
	struct libscols_line *line = lib->scols_table_new_line(out->table,
	    NULL);
	char scratch[40], *text;
	size_t i, cell = 0;

	if (line == NULL)
		return MAILDB_ENOMEM;
	for (i = 0; i < out->count; i++) {
		if (!shown(out, i))
			continue;
		text = text_escaped(value_text(&out->columns[i], &row[i],
		    out->audience, scratch));
		if (text == NULL)
			return MAILDB_ENOMEM;
		if (lib->scols_line_refer_data(line, cell++, text) != 0) {
			free(text);
			return MAILDB_ENOMEM;
		}
	}
	return (out->rows + 1) % CHUNK == 0 ? print(out) : 0;
}

static void
table_end(struct out *out)
{
	if (out->table == NULL)
		return;
	print(out);
	lib->scols_unref_table(out->table);
	out->table = NULL;
}

const struct writer writer_table = { table_begin, table_row, table_end };
