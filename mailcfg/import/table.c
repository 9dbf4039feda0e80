/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * table.c - tables of others, out of dumps or out of live databases
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>

#include "import/table.h"
#include "base/lines.h"

/* ---- columns -------------------------------------------------------- */

const char *
row_value(const struct row *row, const char *column)
{
	size_t i;

	for (i = 0; i < row->n; i++)
		if (strcasecmp(row->names[i], column) == 0)
			return row->values[i];
	return NULL;
}

const char *
row_text(const struct row *row, const char *column)
{
	const char *value = row_value(row, column);

	return value != NULL ? value : "";
}

const char *
row_need(struct import *import, const struct row *row, const char *column,
    int *rc)
{
	const char *value = row_value(row, column);

	*rc = 0;
	if (value != NULL && *value != '\0')
		return value;
	*rc = import_refuse(import, "%s has no %s", row->table, column);
	return NULL;
}

int
row_truth(const char *word)
{
	static const char *const words[] = { "0", "1", "f", "t", "false",
		"true", "n", "y", "no", "yes" };
	size_t i;

	for (i = 0; i < COUNT(words); i++)
		if (strcasecmp(word, words[i]) == 0)
			return i % 2 == 1;
	return -1;
}

int
row_bool(struct import *import, const struct row *row, const char *column,
    bool otherwise, bool *out)
{
	const char *value = row_value(row, column);
	int truth = value != NULL ? row_truth(value) : otherwise;

	*out = truth > 0;
	return truth >= 0 ? 0 : import_refuse(import, "%s: \"%s\" is neither "
	    "true nor false", column, value);
}

void
row_drop(struct import *import, const struct row *row,
    const char *const *columns, size_t n)
{
	size_t i;

	for (i = 0; i < n; i++)
		if (*row_text(row, columns[i]) != '\0')
			import_drop(import, columns[i]);
}

/* Whether a list of words, parted by blanks, has a word. */
static bool
has_word(const char *list, const char *word)
{
	size_t len = strlen(word), part;

	for (; *list != '\0'; list += part + (list[part] == ' ')) {
		part = strcspn(list, " ");
		if (part == len && strncasecmp(list, word, len) == 0)
			return true;
	}
	return false;
}

bool
row_says(const char *value)
{
	static const char *const nothing[] = { "", "0", "f", "false", "-1",
		"{}", "[]" };
	size_t i;

	for (i = 0; value != NULL && i < COUNT(nothing); i++)
		if (strcmp(value, nothing[i]) == 0)
			return false;
	return value != NULL;
}

/* Takes a row, and tells of columns that hold something unknown. */
static int
take_known(struct import *import, const struct table *table, void *site,
    const struct row *row)
{
	char what[48];
	size_t i;

	if (table->take == NULL)
		return 0;
	for (i = 0; table->columns != NULL && i < row->n; i++)
		if (row_says(row->values[i]) &&
		    !has_word(table->columns, row->names[i])) {
			snprintf(what, sizeof(what), "column %.20s of %.16s",
			    row->names[i], row->table);
			import_drop(import, what);
		}
	return table->take(import, site, row);
}

int
import_drop_row(struct import *import, void *site, const struct row *row)
{
	char what[48];

	(void)site;
	snprintf(what, sizeof(what), "table %s", row->table);
	import_drop(import, what);
	return 0;
}

/* ---- items ---------------------------------------------------------- */

int
item_column(struct import *import, struct item *item, const char *attr,
    const struct row *row, const char *column)
{
	const char *text = row_text(row, column);

	return *text == '\0' ? 0 : item_attr(import, item, attr, text);
}

int
item_switch(struct import *import, struct item *item, const char *attr,
    const struct row *row, const char *column)
{
	bool on;
	int rc = row_bool(import, row, column, true, &on);

	return rc != 0 || on ? rc : item_attr(import, item, attr, "no");
}

int
item_stored(struct import *import, struct item *item, const char *hash)
{
	char md5[sizeof("{PLAIN-MD5}") + 32];
	int rc;

	if (strlen(hash) != 32 || import->scheme != NULL ||
	    hash[strspn(hash, "0123456789abcdefABCDEF")] != '\0')
		return item_hash(import, item, hash);
	snprintf(md5, sizeof(md5), "{PLAIN-MD5}%s", hash);
	rc = item_hash(import, item, md5);
	explicit_bzero(md5, sizeof(md5));
	return rc;
}

int
item_targets(struct import *import, struct item *item, const char *list,
    const char *(*drop)(const char *target, const char *address))
{
	static const char parts[] = ", \t\r\n";
	char *copy = strdup(list), *word, *rest, *target;
	const char *what;
	int rc = 0;

	if (copy == NULL)
		return import_no_memory(import);
	for (word = strtok_r(copy, parts, &rest); rc == 0 && word != NULL;
	    word = strtok_r(NULL, parts, &rest)) {
		if (drop != NULL && (what = drop(word, item->key)) != NULL) {
			import_drop(import, what);
			continue;
		}
		if ((target = import_address(import, word, &rc)) == NULL)
			break;
		rc = item_list(import, item, target);
		free(target);
	}
	free(copy);
	return rc == 0 && item->nlist == 0 ? import_refuse(import,
	    "%s has no target that is kept", item->key) : rc;
}

/* ---- small tables in memory ----------------------------------------- */

int
memo_add(struct import *import, struct memo *memo, const struct row *row,
    const char *const *columns, size_t n)
{
	size_t size = memo->size != 0 ? memo->size * 2 : 64, i;
	char *(*grown)[MEMO_CELLS];

	if (memo->n == memo->size) {
		grown = reallocarray(memo->rows, size, sizeof(*grown));
		if (grown == NULL)
			return import_no_memory(import);
		memo->rows = grown;
		memo->size = size;
	}
	memset(memo->rows[memo->n], 0, sizeof(*memo->rows));
	memo->n++;
	memo->sorted = false;
	for (i = 0; i < n; i++)
		if ((memo->rows[memo->n - 1][i] =
		    strdup(row_text(row, columns[i]))) == NULL)
			return import_no_memory(import);
	return 0;
}

static int
compare(const void *a, const void *b)
{
	char *const *one = a, *const *other = b;

	return strcasecmp(one[0], other[0]);
}

char **
memo_find(struct memo *memo, const char *key)
{
	char *wanted[MEMO_CELLS] = { (char *)key };

	if (memo->n == 0)
		return NULL;
	if (!memo->sorted)
		qsort(memo->rows, memo->n, sizeof(*memo->rows), compare);
	memo->sorted = true;
	return bsearch(wanted, memo->rows, memo->n, sizeof(*memo->rows),
	    compare);
}

size_t
memo_count(struct memo *memo, const char *key)
{
	char **found = memo_find(memo, key);
	size_t first, last;

	if (found == NULL)
		return 0;
	first = last = (size_t)((char *(*)[MEMO_CELLS])found - memo->rows);
	while (first > 0 && strcasecmp(memo->rows[first - 1][0], key) == 0)
		first--;
	while (last < memo->n && strcasecmp(memo->rows[last][0], key) == 0)
		last++;
	return last - first;
}

void
memo_free(struct memo *memo)
{
	size_t i;

	while (memo->n > 0) {
		memo->n--;
		for (i = 0; i < MEMO_CELLS; i++)
			free(memo->rows[memo->n][i]);
	}
	free(memo->rows);
	*memo = (struct memo){ 0 };
}

/* ---- what a source is ------------------------------------------------ */

/* Tables and columns that only one format has. */
static const struct sign {
	const char *format, *table, *column; /* NULL: the table is enough */
} signs[] = {
	{ "iredmail", "forwardings", NULL },
	{ "iredmail", "mailbox", "storagebasedirectory" },
	{ "mailcow", "sender_acl", NULL },
	{ "mailcow", "mailbox", "attributes" },
	{ "mailcow", "domain", "defquota" },
	{ "modoboa", "admin_mailbox", NULL },
	{ "mailinabox", "users", "privileges" },
	{ "vmm", "domain_data", NULL },
	{ "ispmail", "virtual_users", NULL },
};

/* Fails if a source has the sign of another format. */
static int
judge_sign(struct import *import, const char *source, const struct sign *sign)
{
	const char *format = import->call->arg[0];
	char hint[200];

	if (strcmp(sign->format, format) == 0)
		return 0;
	snprintf(hint, sizeof(hint), "mailcfg import %s %.150s", sign->format,
	    source);
	return call_fail(import->call, MAILDB_EFORMAT, NULL, NULL, hint,
	    "%s is of %s, not of %s: it has the table %s%s%s", source,
	    sign->format, format, sign->table, sign->column != NULL ?
	    " with the column " : "", sign->column != NULL ? sign->column : "");
}

/* ---- dumps ---------------------------------------------------------- */

/* What a source is read with, dump or database. */
struct reading {
	struct import *import;
	const struct table *tables;
	size_t ntables;
	void *site;
	unsigned pass;
};

/* The table of this pass with that name, or NULL. */
static const struct table *
find_table(const struct reading *reading, const char *name)
{
	size_t i;

	for (i = 0; i < reading->ntables; i++)
		if (reading->tables[i].pass == reading->pass &&
		    strcmp(reading->tables[i].name, name) == 0)
			return &reading->tables[i];
	return NULL;
}

/* Takes a row of a dump, or refuses it. */
static int
take_row(const struct reading *reading, const struct row *row)
{
	struct import *import = reading->import;
	const struct table *table;

	if (cli_interrupted())
		return call_fail(import->call, MAILDB_EINTR, NULL, NULL, NULL,
		    "%s", maildb_error_meaning(MAILDB_EINTR));
	import->line = row->line;
	/* What is wrong with the file is said once. */
	if (row->table == NULL)
		return reading->pass == 2 ?
		    import_refuse(import, "%s", row->wrong) : 0;
	if ((table = find_table(reading, row->table)) == NULL ||
	    table->take == NULL)
		return 0;
	if (row->wrong == NULL)
		return take_known(import, table, reading->site, row);
	return table->again ? 0 : import_refuse(import, "%s", row->wrong);
}

/* Names the tables that matter: those of the format, and signs of others. */
static void
name_tables(const struct reading *reading, const char **names)
{
	size_t n = 0, i, k;

	for (i = 0; i < reading->ntables && n < DUMP_TABLES; i++)
		names[n++] = reading->tables[i].name;
	for (i = 0; i < COUNT(signs) && n < DUMP_TABLES; i++) {
		for (k = 0; k < n && strcmp(names[k], signs[i].table) != 0; )
			k++;
		if (k == n)
			names[n++] = signs[i].table;
	}
}

/* After the first pass, looks for signs of another format; after the second,
 * tells of tables that were not read. */
static int
end_pass(const struct reading *reading, const struct dump *dump)
{
	struct import *import = reading->import;
	const char *name;
	char what[48];
	size_t i;
	int rc = 0;

	for (i = 0; rc == 0 && reading->pass == 1 && i < COUNT(signs); i++)
		if (dump_has(dump, signs[i].table, signs[i].column))
			rc = judge_sign(import, import->file, &signs[i]);
	import->line = 0;
	for (i = 0; reading->pass == 2 &&
	    (name = dump_other(dump, i)) != NULL; i++) {
		snprintf(what, sizeof(what), "table %.40s", name);
		import_drop(import, what);
	}
	return rc;
}

/* Reads a dump once. */
static int
read_dump(const struct reading *reading, FILE *file, bool *found)
{
	const char *names[DUMP_TABLES + 1] = { NULL };
	struct dump *dump;
	struct row row;
	size_t i;
	int rc = 0, more = 1;

	name_tables(reading, names);
	rewind(file);
	if ((dump = dump_new(file, names, call_option(reading->import->call,
	    "table-prefix"))) == NULL)
		return import_no_memory(reading->import);
	while (rc >= 0 && (more = dump_next(dump, &row)) > 0)
		rc = take_row(reading, &row);
	if (more < 0)
		rc = import_no_memory(reading->import);
	for (i = 0; i < reading->ntables; i++)
		*found = *found || dump_has(dump, names[i], NULL);
	if (rc >= 0)
		rc = end_pass(reading, dump);
	dump_free(dump);
	return rc < 0 ? rc : 0;
}

/* A copy of what can be read only once. */
static FILE *
keep_stream(FILE *from)
{
	FILE *to = tmpfile();
	char buf[65536];
	size_t len;

	while (to != NULL && (len = fread(buf, 1, sizeof(buf), from)) > 0)
		if (fwrite(buf, 1, len, to) < len)
			break;
	explicit_bzero(buf, sizeof(buf));
	if (to != NULL && (ferror(from) || fflush(to) != 0 || ferror(to))) {
		fclose(to);
		to = NULL;
	}
	return to;
}

/* Reads a dump twice: what rows refer to may stand behind them. */
static int
take_dump(struct reading *reading, const char *path)
{
	struct import *import = reading->import;
	FILE *file = import_open(import, path), *kept = NULL;
	bool found = false;
	int rc = 0;

	if (file == NULL)
		return MAILDB_EIO;
	if (fseek(file, 0, SEEK_END) != 0 &&
	    (kept = keep_stream(file)) == NULL)
		rc = call_fail(import->call, MAILDB_EIO, NULL, path, NULL,
		    "%s: %s", path, strerror(errno));
	for (reading->pass = 1; rc == 0 && reading->pass <= 2;
	    reading->pass++) {
		rc = read_dump(reading, kept != NULL ? kept : file, &found);
		if (rc == 0 && ferror(kept != NULL ? kept : file))
			rc = lines_fail(&import->call->fault,
			    lines_end(kept != NULL ? kept : file), path);
	}
	if (kept != NULL)
		fclose(kept);
	if (file != stdin)
		fclose(file);
	return rc < 0 || found || import->refused > 0 ? rc :
	    call_fail(import->call, MAILDB_EFORMAT, NULL, path, NULL,
	    "%s: no table of %s is in it", path, import->call->arg[0]);
}

/* ---- databases ------------------------------------------------------ */

/* The place of a row for messages: TABLE:KEY. */
static int
set_place(struct import *import, const struct table *table,
    const struct row *row)
{
	struct place *place;
	char *text;

	if (asprintf(&text, "%s:%s%s%s", row->table,
	    row_text(row, table->key[0]), table->key[1] != NULL ? "," : "",
	    table->key[1] != NULL ? row_text(row, table->key[1]) : "") < 0)
		return import_no_memory(import);
	if ((place = malloc(sizeof(*place))) == NULL) {
		free(text);
		return import_no_memory(import);
	}
	*place = (struct place){ .text = text, .next = import->places };
	import->places = place;
	import->file = text;
	import->line = 0;
	return 0;
}

/* Takes the present row of a cursor. */
static int
take_cursor(const struct reading *reading, const struct table *table,
    const struct maildb_cursor *cursor)
{
	const char *names[DUMP_COLUMNS], *values[DUMP_COLUMNS];
	struct row row = { .table = table->name,
		.n = maildb_cursor_width(cursor), .names = names,
		.values = values };
	const char *bad = NULL;
	size_t i;
	int rc;

	for (i = 0; i < row.n; i++) {
		names[i] = maildb_cursor_name(cursor, i);
		values[i] = maildb_cursor_text(cursor, i);
		if (values[i] == NULL && !maildb_cursor_null(cursor, i))
			bad = names[i];
	}
	if (bad != NULL && table->again)
		return 0;
	if ((rc = set_place(reading->import, table, &row)) < 0)
		return rc;
	return bad != NULL ? import_refuse(reading->import, "%s is not UTF-8, "
	    "or holds NUL", bad) : take_known(reading->import, table,
	    reading->site, &row);
}

/* Keeps what is wrong with the database being read as the call's fault. */
static int
fail_foreign(struct import *import, const struct maildb *db, int rc)
{
	fault_from(&import->call->fault, rc, db);
	return rc;
}

/* Reads a table of a database, if it is there. */
static int
read_table(const struct reading *reading, struct maildb *db,
    const struct table *table, bool *found)
{
	struct import *import = reading->import;
	struct maildb_cursor *cursor;
	int rc, more = 0;

	if ((rc = maildb_foreign_table(db, table->name, &cursor)) <= 0)
		return rc < 0 ? fail_foreign(import, db, rc) : 0;
	*found = true;
	if (maildb_cursor_width(cursor) > DUMP_COLUMNS)
		rc = call_fail(import->call, MAILDB_EFORMAT, NULL, NULL, NULL,
		    "%s has more than %d columns", table->name, DUMP_COLUMNS);
	while (rc >= 0 && (more = maildb_cursor_next(cursor)) > 0)
		rc = cli_interrupted() ? call_fail(import->call, MAILDB_EINTR,
		    NULL, NULL, NULL, "%s",
		    maildb_error_meaning(MAILDB_EINTR)) :
		    take_cursor(reading, table, cursor);
	if (more < 0)
		rc = fail_foreign(import, db, more);
	maildb_cursor_free(cursor);
	return rc < 0 ? rc : 0;
}

/* Fails if a database has the sign of another format. */
static int
judge_database(struct import *import, struct maildb *db)
{
	struct maildb_cursor *cursor;
	size_t i;
	int rc = 0;

	for (i = 0; rc == 0 && i < COUNT(signs); i++) {
		rc = maildb_foreign_table(db, signs[i].table, &cursor);
		if (rc < 0)
			return fail_foreign(import, db, rc);
		if (rc > 0)
			rc = signs[i].column != NULL && maildb_cursor_find(
			    cursor, signs[i].column) < 0 ? 0 :
			    judge_sign(import, maildb_url(db), &signs[i]);
		maildb_cursor_free(cursor);
	}
	return rc;
}

/* Reads a live database, or an SQLite file. */
static int
take_database(struct reading *reading, const char *url)
{
	struct import *import = reading->import;
	struct maildb *db = maildb_new();
	bool found = false;
	size_t i;
	int rc;

	if (db == NULL)
		return import_no_memory(import);
	if (import->call->config.timeout >= 0)
		maildb_set_timeout(db, import->call->config.timeout);
	if ((rc = maildb_foreign_open(db, url)) < 0)
		rc = fail_foreign(import, db, rc);
	else
		rc = judge_database(import, db);
	for (reading->pass = 1; rc == 0 && reading->pass <= 2;
	    reading->pass++)
		for (i = 0; rc == 0 && i < reading->ntables; i++)
			if (reading->tables[i].pass == reading->pass &&
			    reading->tables[i].take != NULL)
				rc = read_table(reading, db,
				    &reading->tables[i], &found);
	if (rc == 0 && !found)
		rc = call_fail(import->call, MAILDB_EFORMAT, NULL, NULL, NULL,
		    "%s: no table of %s is in it", maildb_url(db),
		    import->call->arg[0]);
	maildb_free(db);
	return rc;
}

/* Whether a source is a database: a URL or a service, unless a file has that
 * name, or a file that SQLite made. */
static bool
is_database(const char *source)
{
	static const char magic[] = "SQLite format 3";
	char head[sizeof(magic)] = "";
	struct maildb_url_parts url;
	struct stat about;
	FILE *file;

	if (strcmp(source, "-") == 0)
		return false;
	if (stat(source, &about) != 0) {
		(void)maildb_url_read(source, &url);
		return url.spelled;
	}
	/* A pipe could be read only once. */
	if (!S_ISREG(about.st_mode) || (file = fopen(source, "re")) == NULL)
		return false;
	if (fread(head, 1, sizeof(head), file) < sizeof(head))
		*head = '\0';
	fclose(file);
	return memcmp(head, magic, sizeof(magic)) == 0;
}

int
import_tables(struct import *import, const struct table *tables,
    size_t ntables, void *site)
{
	struct reading reading = { .import = import, .tables = tables,
		.ntables = ntables, .site = site };
	const char *source;
	size_t i;
	int rc = 0;

	for (i = 0; rc == 0 && i < import->call->nrest; i++) {
		source = import->call->rest[i];
		rc = is_database(source) ? take_database(&reading, source) :
		    take_dump(&reading, source);
	}
	return rc;
}
