/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * csv.c - tables with a header (RFC 4180), of users or of aliases
 */
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "import/import.h"
#include "line/lines.h"

#define COLUMNS 16
#define ROW_MOST 65536

enum column { EMAIL, PASSWORD, HASH, QUOTA, NAME, ACTIVE, ALIASES, SOURCE,
	DESTINATION, KNOWN };

static const char *const names[KNOWN] = {
	"email", "password", "hash", "quota", "name", "active", "aliases",
	"source", "destination",
};

struct csv {
	struct import *import;
	FILE *file;
	char separator;
	uint32_t next;  /* line */
	char buf[ROW_MOST + 1];
	size_t len;
	char *cell[COLUMNS];
	size_t ncells, ncolumns;
	enum column column[COLUMNS];
	const char *wrong; /* with this row */
};

/* Puts an octet into the row. */
static void
put(struct csv *csv, char c)
{
	if (csv->len < ROW_MOST)
		csv->buf[csv->len++] = c;
	else
		csv->wrong = "the row is too long";
}

/* Ends a cell. */
static void
end_cell(struct csv *csv, size_t start, bool quoted)
{
	if (!quoted && csv->len > start && csv->buf[csv->len - 1] == '\r')
		csv->len--;
	if (import_text(csv->buf + start, csv->len - start) <
	    csv->len - start)
		csv->wrong = "it holds an octet that is not UTF-8, or NUL; "
		    "convert the file with iconv(1)";
	put(csv, '\0');
	if (csv->ncells < COLUMNS)
		csv->cell[csv->ncells] = csv->buf + start;
	csv->ncells++;
}

/* Reads a row, which may be many lines: false at the end of the file. */
static bool
next_row(struct csv *csv)
{
	bool inside = false, quoted = false;
	size_t start = 0;
	int c;

	csv->len = csv->ncells = 0;
	csv->wrong = NULL;
	csv->import->line = csv->next;
	if ((c = getc(csv->file)) == EOF)
		return false;
	for (;; c = getc(csv->file)) {
		csv->next += c == '\n';
		if (c == EOF && inside)
			csv->wrong = "a quote is never closed";
		if (c == EOF && ferror(csv->file))
			return false; /* half a row is none */
		if (c == EOF || (c == '\n' && !inside))
			break;
		if (c == '"' && inside) {
			if ((c = getc(csv->file)) == '"') {
				put(csv, '"');
				continue;
			}
			inside = false;
			ungetc(c, csv->file);
		} else if (c == '"' && csv->len == start && !quoted) {
			inside = quoted = true;
		} else if (c == csv->separator && !inside) {
			end_cell(csv, start, quoted);
			start = csv->len;
			quoted = false;
		} else if (quoted && !inside) {
			if (c != '\r')
				csv->wrong = "something stands behind a quote";
		} else {
			put(csv, (char)c);
		}
	}
	end_cell(csv, start, quoted);
	return true;
}

/* What parts the cells of a file, by its name or else by its header. */
static int
find_separator(struct csv *csv, const char *path)
{
	const char *given = call_option(csv->import->call, "separator");
	size_t len = strlen(path);
	char head[512];
	long at = ftell(csv->file);

	if (given != NULL && (strcmp(given, "tab") == 0 ||
	    strcmp(given, "\\t") == 0))
		given = "\t";
	if (given != NULL && (strlen(given) != 1 ||
	    strchr(",;|:\t", *given) == NULL))
		return call_fail(csv->import->call, CLI_EUSAGE, "separator",
		    given, "one of , ; | : or tab",
		    "\"%s\" cannot part cells", given);
	csv->separator = given != NULL ? *given : ',';
	if (given != NULL)
		return 0;
	if (len > 4 && strcmp(path + len - 4, ".tsv") == 0)
		csv->separator = '\t';
	else if (at >= 0 && fgets(head, sizeof(head), csv->file) != NULL) {
		if (strchr(head, ',') == NULL)
			csv->separator = strchr(head, ';') != NULL ? ';' :
			    strchr(head, '\t') != NULL ? '\t' : ',';
		if (fseek(csv->file, at, SEEK_SET) < 0)
			return call_fail(csv->import->call, MAILDB_EIO, NULL,
			    path, "give --separator", "%s: cannot be read "
			    "twice", csv->import->file);
	}
	return 0;
}

/* Reads the header. */
static int
take_header(struct csv *csv)
{
	struct call *call = csv->import->call;
	const char *file = csv->import->file;
	bool has[KNOWN] = { false };
	size_t i, n;

	if (!next_row(csv) && lines_end(csv->file) < 0)
		return 0; /* take_file() says why */
	if (csv->ncells == 0 || csv->wrong != NULL)
		return call_fail(call, MAILDB_EVALUE, NULL, NULL, NULL,
		    "%s:1: the header: %s", file, csv->wrong != NULL ?
		    csv->wrong : "there is none");
	for (i = 0; i < csv->ncells; i++) {
		for (n = 0; i < COLUMNS && n < KNOWN; n++)
			if (strcasecmp(csv->cell[i], names[n]) == 0)
				break;
		if (i >= COLUMNS || n == KNOWN || has[n])
			return call_fail(call, MAILDB_EFIELD, NULL, NULL,
			    "email,password,hash,quota,name,active,aliases or "
			    "source,destination",
			    "%s:1: column %zu of the header, \"%s\", is not "
			    "known or there twice", file, i + 1,
			    i < COLUMNS ? csv->cell[i] : "");
		csv->column[i] = (enum column)n;
		has[n] = true;
	}
	csv->ncolumns = csv->ncells;
	if (has[EMAIL] ? has[SOURCE] || has[DESTINATION] :
	    !has[SOURCE] || !has[DESTINATION] || csv->ncells > 2)
		return call_fail(call, MAILDB_EFIELD, NULL, NULL, NULL,
		    "%s:1: the header has either email, or source and "
		    "destination", file);
	return 0;
}

/* Adds what commas or blanks part. */
static int
take_list(struct csv *csv, struct item *item, char *text)
{
	static const char parts[] = ", \t\r\n";
	char *word, *rest;
	int rc = 0;

	for (word = strtok_r(text, parts, &rest); rc == 0 && word != NULL;
	    word = strtok_r(NULL, parts, &rest))
		rc = item_list(csv->import, item, word);
	return rc;
}

/* Reads a truth value. */
static int
take_active(struct csv *csv, struct item *item, const char *text)
{
	static const char *const words[] = { "no", "false", "f", "0", "n",
		"yes", "true", "t", "1", "y" };
	size_t i;

	for (i = 0; i < COUNT(words); i++)
		if (strcasecmp(text, words[i]) == 0)
			return item_attr(csv->import, item, "enabled",
			    i < COUNT(words) / 2 ? "no" : "yes");
	return import_refuse(csv->import, "active: \"%s\" is neither yes nor "
	    "no", text);
}

/* Reads a cell that is not empty. */
static int
take_cell(struct csv *csv, struct item *item, enum column column, char *text)
{
	switch (column) {
	case PASSWORD:
		if (item->hash != NULL)
			return import_refuse(csv->import, "%s has both a "
			    "password and a hash", item->key);
		item->password = strdup(text);
		return item->password != NULL ? 0 : MAILDB_ENOMEM;
	case HASH:
		if (item->password != NULL)
			return import_refuse(csv->import, "%s has both a "
			    "password and a hash", item->key);
		return item_hash(csv->import, item, text);
	case QUOTA:
		return strcasecmp(text, "unlimited") == 0 ?
		    item_attr(csv->import, item, "quota", "unlimited") :
		    item_quota(csv->import, item, text, 1);
	case NAME:
		return item_attr(csv->import, item, "name", text);
	case ACTIVE:
		return take_active(csv, item, text);
	case ALIASES:
	case DESTINATION:
		return take_list(csv, item, text);
	default:
		return 0;
	}
}

/* One row after the header. */
static int
take_row(struct csv *csv)
{
	struct item *item = NULL;
	char *address = NULL;
	bool user = true;
	size_t i;
	int rc;

	if (csv->ncells == 1 && *csv->cell[0] == '\0' && csv->wrong == NULL)
		return 0; /* an empty line */
	if (csv->wrong != NULL)
		return import_refuse(csv->import, "%s", csv->wrong);
	if (csv->ncells != csv->ncolumns)
		return import_refuse(csv->import, "the row has %zu cells, the "
		    "header %zu", csv->ncells, csv->ncolumns);
	for (i = 0; i < csv->ncells; i++)
		if (csv->column[i] == EMAIL || csv->column[i] == SOURCE)
			break;
	user = csv->column[i] == EMAIL;
	if ((address = import_address(csv->import, csv->cell[i],
	    &rc)) == NULL)
		return rc;
	item = item_new(csv->import, user ? ITEM_USER : ITEM_ALIAS, address);
	free(address);
	if (item == NULL)
		return MAILDB_ENOMEM;
	for (i = 0; rc == 0 && i < csv->ncells; i++)
		if (*csv->cell[i] != '\0')
			rc = take_cell(csv, item, csv->column[i],
			    csv->cell[i]);
	if (rc == 0 && !user && item->nlist == 0)
		rc = import_refuse(csv->import, "%s has no destination",
		    item->key);
	return item_end(csv->import, item, rc);
}

/* One file. */
static int
take_file(struct csv *csv, const char *path)
{
	int rc, c;

	if ((csv->file = import_open(csv->import, path)) == NULL)
		return MAILDB_EIO;
	csv->next = 1;
	if ((c = getc(csv->file)) == 0xef) {
		if (getc(csv->file) != 0xbb || getc(csv->file) != 0xbf)
			rewind(csv->file);
	} else
		ungetc(c, csv->file);
	if ((rc = find_separator(csv, path)) == 0)
		rc = take_header(csv);
	while (rc >= 0 && next_row(csv))
		rc = take_row(csv);
	if (rc >= 0 && (rc = lines_end(csv->file)) < 0)
		lines_fail(&csv->import->call->fault, rc, path);
	if (csv->file != stdin)
		fclose(csv->file);
	return rc < 0 ? rc : 0;
}

int
import_csv(struct import *import)
{
	struct csv *csv = calloc(1, sizeof(*csv));
	size_t i;
	int rc = csv != NULL ? 0 : MAILDB_ENOMEM;

	for (i = 0; rc == 0 && i < import->call->nrest; i++) {
		csv->import = import;
		rc = take_file(csv, import->call->rest[i]);
	}
	if (csv != NULL)
		explicit_bzero(csv, sizeof(*csv));
	free(csv);
	return rc;
}
