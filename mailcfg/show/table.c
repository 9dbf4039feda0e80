/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * table.c - tables for people, by libsmartcols
 *
 * The library holds all rows until it prints, so that a long list is printed
 * in chunks; a chunk's columns may be wider than those of the one before.
 * Only widths depend on the locale, so it is set here and by the editor: most
 * commands need none, and reading one takes longer than many of them.
 *
 * In a locale that is not UTF-8 the library never returns from printing what
 * is not ASCII, so such text is escaped there.
 */
#include <sys/ioctl.h>
#include <langinfo.h>
#include <locale.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <wchar.h>

#include "late/late_table.h"
#include "show/out.h"

#define CHUNK 1000 /* rows */

#define ALWAYS 2   /* so many columns are shown however narrow it is */
#define CUT 12     /* the least of a text that is worth showing */

static const struct late_table *lib; /* libsmartcols */

/* The table that is being made. */
static struct {
	bool utf8;                     /* the locale can show any text */
	size_t widths[OUT_COLUMNS];    /* of the columns that are shown */
	bool hidden[OUT_COLUMNS];      /* of these, what did not fit, */
	bool cut[OUT_COLUMNS];         /* or only a part of it */
	bool begun;                    /* a chunk was printed */
} table;

/* The place of a column in a listing's brief list, which begins with what
 * matters most; -1 if it is not there. */
static int
rank(const struct out *out, size_t i)
{
	const char *at = out->listing->brief, *name = out->columns[i].name;
	size_t len = strlen(name), most;
	int place;

	for (place = 0; at != NULL && *at != '\0'; place++) {
		most = strcspn(at, " ");
		if (most == len && strncmp(at, name, len) == 0)
			return place;
		at += most + strspn(at + most, " ");
	}
	return -1;
}

/* Whether a table shows a column. */
static bool
shown(const struct out *out, size_t i)
{
	return out->listing->brief == NULL || out->full || rank(out, i) >= 0;
}

/* How many cells of a terminal a text takes. */
size_t
text_width(const char *text)
{
	wchar_t wide[512];
	size_t n = mbstowcs(wide, text, COUNT(wide));
	int width = n == (size_t)-1 ? -1 : wcswidth(wide, n);

	return width < 0 ? strlen(text) : (size_t)width;
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

/* A column's name as a heading. */
static void
heading(const struct column *column, char head[64])
{
	size_t i;

	for (i = 0; column->name[i] != '\0' && i < 63; i++)
		head[i] = column->name[i] == '_' ? ' ' : column->name[i] -
		    ('a' - 'A') * (column->name[i] >= 'a' &&
		    column->name[i] <= 'z');
	head[i] = '\0';
}

/* Adds a column to the table. */
static int
add_column(struct out *out, const struct column *from)
{
	bool number = from->type == MAILDB_INT || from->type == MAILDB_SIZE ||
	    from->type == MAILDB_COUNT;
	struct libscols_column *column;
	char head[64];

	heading(from, head);
	column = lib->scols_table_new_column(out->table, head, 0,
	    number ? SCOLS_FL_RIGHT : 0);
	if (column == NULL)
		return MAILDB_ENOMEM;
	if (out->color)
		lib->scols_cell_set_color(
		    lib->scols_column_get_header(column), "bold");
	table.widths[from - out->columns] = strlen(head);
	return 0;
}

static int
table_begin(struct out *out)
{
	size_t i;
	int rc;

	if ((rc = load(out->call)) < 0)
		return rc;
	memset(&table, 0, sizeof(table));
	setlocale(LC_CTYPE, "");
	table.utf8 = strcmp(nl_langinfo(CODESET), "UTF-8") == 0;
	if ((out->table = lib->scols_new_table()) == NULL)
		return MAILDB_ENOMEM;
	/* Text is escaped here, which the library would escape again. */
	lib->scols_table_enable_noencoding(out->table, 1);
	lib->scols_table_set_stream(out->table, out->to);
	if (!out->terminal)
		lib->scols_table_set_termforce(out->table,
		    SCOLS_TERMFORCE_NEVER);
	lib->scols_table_enable_colors(out->table, out->color);
	for (i = 0; i < out->count && rc >= 0; i++)
		if (shown(out, i))
			rc = add_column(out, &out->columns[i]);
	return rc;
}

/* The columns of the terminal; 0 for any number. */
static size_t
terminal_width(const struct out *out)
{
	struct winsize size;

	return out->terminal && ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 ?
	    size.ws_col : 0;
}

/* How wide the table is. */
static size_t
table_width(const struct out *out)
{
	size_t i, width = 0;

	for (i = 0; i < out->count; i++)
		if (shown(out, i) && !table.hidden[i])
			width += table.widths[i] + (width > 0);
	return width;
}

/* Hides a column, or cuts its texts if enough of them fits. */
static void
narrow(struct out *out, size_t i, size_t most)
{
	size_t cell, before, rest;

	for (cell = before = 0; before < i; before++)
		cell += shown(out, before);
	table.hidden[i] = true;
	rest = table_width(out) + 1;
	if (out->columns[i].type == MAILDB_TEXT && rest + CUT <= most) {
		table.hidden[i] = false;
		table.cut[i] = true;
		table.widths[i] = most - rest;
	}
	lib->scols_column_set_flags(lib->scols_table_get_column(out->table,
	    cell), table.cut[i] ? SCOLS_FL_TRUNC : SCOLS_FL_HIDDEN);
}

/* Takes away the columns that matter least until the others fit on the
 * terminal.  Whoever asks for all of them gets all. */
static void
fit(struct out *out)
{
	size_t i, most = terminal_width(out);
	int place;

	if (most == 0 || out->full || out->listing->brief == NULL)
		return;
	for (place = OUT_COLUMNS; place >= ALWAYS && table_width(out) > most;
	    place--)
		for (i = 0; i < out->count; i++)
			if (rank(out, i) == place)
				narrow(out, i, most);
}

/* Names what did not fit. */
static void
name_missing(struct out *out)
{
	char head[64];
	size_t i, count = 0;

	for (i = 0; i < out->count; i++)
		if (table.hidden[i] || table.cut[i]) {
			heading(&out->columns[i], head);
			fprintf(out->to, "%s%s%s", count++ == 0 ?
			    "(too narrow for " : ", ", head,
			    table.cut[i] ? " in full" : "");
		}
	if (count > 0)
		fputs(")\n", out->to);
}

/* Prints what is held, without the heading after the first time. */
static int
print(struct out *out)
{
	if (lib->scols_table_is_empty(out->table))
		return 0;
	if (!table.begun)
		fit(out);
	table.begun = true;
	if (lib->scols_print_table(out->table) != 0)
		return MAILDB_EIO;
	lib->scols_table_remove_lines(out->table);
	lib->scols_table_enable_noheadings(out->table, 1);
	return 0;
}

/* A value as the text of a cell, to be freed; NULL without memory. */
static char *
cell_text(const struct out *out, size_t i, const struct value *value)
{
	char scratch[40];
	const char *text = value_text(&out->columns[i], value, out->audience,
	    scratch);

	if (!table.utf8)
		return text_ascii(text);
	if (!out->terminal || out->full || strstr(text, "xn--") == NULL)
		return text_escaped(text);
	return text_ulabels(text);
}

static int
table_row(struct out *out, const struct value *row)
{
	struct libscols_line *line = lib->scols_table_new_line(out->table,
	    NULL);
	size_t i, width, cell = 0;
	char *text;

	if (line == NULL)
		return MAILDB_ENOMEM;
	for (i = 0; i < out->count; i++) {
		if (!shown(out, i))
			continue;
		if ((text = cell_text(out, i, &row[i])) == NULL)
			return MAILDB_ENOMEM;
		if ((width = text_width(text)) > table.widths[i])
			table.widths[i] = width;
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
	name_missing(out);
	lib->scols_unref_table(out->table);
	out->table = NULL;
}

const struct writer writer_table = { table_begin, table_row, table_end };
