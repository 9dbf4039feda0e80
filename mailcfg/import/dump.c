/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * dump.c - statements of a dump: those that rows follow, those that
 * tell how rows are to be read, and the others, which are passed over
 */
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "import/import.h"
#include "import/rows.h"

struct dump *
dump_new(FILE *file, const char *const *tables)
{
	struct dump *dump = calloc(1, sizeof(*dump));

	if (dump != NULL) {
		dump->sql.file = file;
		dump->sql.line = 1;
		dump->tables = tables;
	}
	return dump;
}

void
dump_free(struct dump *dump)
{
	if (dump != NULL)
		sql_free(&dump->sql);
	free(dump);
}

bool
dump_has_table(const struct dump *dump)
{
	return dump->has_table;
}

/* ---- statements ----------------------------------------------------- */

/* Reads a table's name, of which the last part counts: its index, or -1. */
static int
read_table(struct dump *dump)
{
	struct sql *sql = &dump->sql;
	int i, found = -1;

	while (sql->type == SQL_WORD || sql->type == SQL_NAME) {
		found = -1;
		for (i = 0; i < DUMP_TABLES && dump->tables[i] != NULL; i++)
			if (strcasecmp(dump->tables[i], sql_text(sql)) == 0)
				found = i;
		sql_next(sql);
		if (!sql_is_mark(sql, '.'))
			break;
		sql_next(sql);
	}
	dump->has_table = dump->has_table || found >= 0;
	return found;
}

/* Adds the present word to the columns. */
static void
add_column(struct shape *shape, const struct sql *sql)
{
	shape->over = shape->over || shape->n == DUMP_COLUMNS;
	if (!shape->over)
		snprintf(shape->columns[shape->n++], NAME_MOST, "%s",
		    sql_text(sql));
}

/* Reads "(a, b)", if that comes next. */
static void
read_columns(struct dump *dump)
{
	struct sql *sql = &dump->sql;

	dump->given.n = 0;
	dump->given.over = false;
	if (!sql_is_mark(sql, '('))
		return;
	while (sql->type != SQL_END && !sql_is_mark(sql, ')')) {
		if (sql->type == SQL_WORD || sql->type == SQL_NAME)
			add_column(&dump->given, sql);
		sql_next(sql);
	}
	sql_next(sql);
}

/* COPY t (a, b) FROM stdin; */
static int
read_copy(struct dump *dump, struct row *row)
{
	struct sql *sql = &dump->sql;
	bool here = false;

	(void)row;
	sql_next(sql);
	dump->table = read_table(dump);
	read_columns(dump);
	while (sql->type != SQL_END && !sql_is_mark(sql, ';')) {
		here = here || sql_is(sql, "stdin");
		sql_next(sql);
	}
	if (here && sql->type != SQL_END) {
		sql_skip_line(sql);
		dump->state = IN_COPY;
	}
	return 0;
}

/* INSERT INTO t (a, b) VALUES (1, 2), (3, 4); also REPLACE. */
static int
read_insert(struct dump *dump, struct row *row)
{
	static const char *const before[] = { "INTO", "IGNORE", "OR",
		"REPLACE", "DELAYED", "LOW_PRIORITY" };
	struct sql *sql = &dump->sql;
	uint32_t line = sql->at;
	size_t i;

	do {
		sql_next(sql);
		for (i = 0; i < COUNT(before) && !sql_is(sql, before[i]); )
			i++;
	} while (i < COUNT(before));
	dump->table = read_table(dump);
	if (dump->table < 0) {
		rows_skip(dump);
		return 0;
	}
	read_columns(dump);
	/* OVERRIDING SYSTEM VALUE */
	while (sql->type == SQL_WORD && !sql_is(sql, "VALUES") &&
	    !sql_is(sql, "SELECT"))
		sql_next(sql);
	if (sql_is(sql, "VALUES")) {
		sql_next(sql);
		dump->state = IN_VALUES;
		return 0;
	}
	rows_begin(dump);
	rows_wrong(dump, "this INSERT has no VALUES");
	rows_skip(dump);
	return rows_give(dump, row, line);
}

/* One part of CREATE TABLE, up to the comma or the last parenthesis. */
static void
read_definition(struct dump *dump, struct shape *shape)
{
	static const char *const others[] = { "PRIMARY", "KEY", "UNIQUE",
		"CONSTRAINT", "FOREIGN", "CHECK", "INDEX", "FULLTEXT",
		"SPATIAL", "EXCLUDE", "LIKE", "PERIOD" };
	struct sql *sql = &dump->sql;
	int depth = 0;
	size_t i;

	for (i = 0; i < COUNT(others) && !sql_is(sql, others[i]); )
		i++;
	if (i == COUNT(others) &&
	    (sql->type == SQL_WORD || sql->type == SQL_NAME))
		add_column(shape, sql);
	while (sql->type != SQL_END && (depth > 0 ||
	    (!sql_is_mark(sql, ',') && !sql_is_mark(sql, ')')))) {
		depth += sql_is_mark(sql, '(') - sql_is_mark(sql, ')');
		sql_next(sql);
	}
}

/* Passes over a statement whose body may hold others: BEGIN ... END. */
static void
skip_body(struct dump *dump)
{
	struct sql *sql = &dump->sql;
	int depth = 0;

	while (sql->type != SQL_END && (depth > 0 || !sql_is_mark(sql, ';'))) {
		if (sql_is(sql, "BEGIN") || sql_is(sql, "CASE"))
			depth++;
		else if (sql_is(sql, "END") && depth > 0)
			depth--;
		sql_next(sql);
	}
}

/* CREATE TABLE t (a int, b text, PRIMARY KEY (a)); */
static int
read_create(struct dump *dump, struct row *row)
{
	static const char *const before[] = { "TEMPORARY", "TEMP", "GLOBAL",
		"LOCAL", "UNLOGGED" };
	struct sql *sql = &dump->sql;
	struct shape *shape;
	size_t i;
	int table;

	(void)row;
	do {
		sql_next(sql);
		for (i = 0; i < COUNT(before) && !sql_is(sql, before[i]); )
			i++;
	} while (i < COUNT(before));
	if (!sql_is(sql, "TABLE")) {
		skip_body(dump);
		return 0;
	}
	do
		sql_next(sql);
	while (sql_is(sql, "IF") || sql_is(sql, "NOT") ||
	    sql_is(sql, "EXISTS"));
	table = read_table(dump);
	if (table >= 0 && sql_is_mark(sql, '(')) {
		shape = &dump->shapes[table];
		shape->n = 0;
		shape->over = false;
		do {
			sql_next(sql);
			read_definition(dump, shape);
		} while (sql_is_mark(sql, ','));
	}
	rows_skip(dump);
	return 0;
}

/* SET standard_conforming_strings = on; SET client_encoding = 'UTF8';
 * SET NAMES utf8mb4; */
static int
read_set(struct dump *dump, struct row *row)
{
	struct sql *sql = &dump->sql;
	bool strings, encoding;

	(void)row;
	sql_next(sql);
	strings = sql_is(sql, "standard_conforming_strings");
	encoding = sql_is(sql, "client_encoding") || sql_is(sql, "NAMES");
	if (strings || encoding) {
		do
			sql_next(sql);
		while (sql_is_mark(sql, '=') || sql_is(sql, "TO"));
		if (strings)
			sql->backslash = sql_is(sql, "off") ?
			    BACKSLASH_ESCAPES : BACKSLASH_ITSELF;
		else if (sql->type != SQL_MARK)
			sql_set_encoding(sql, sql_text(sql));
	}
	rows_skip(dump);
	return 0;
}

/* What only sqlite3's .dump begins with, which ends with COMMIT. */
static int
read_pragma(struct dump *dump, struct row *row)
{
	(void)row;
	dump->sql.backslash = BACKSLASH_ITSELF;
	dump->sql.headed = true;
	dump->sql.complete = false;
	rows_skip(dump);
	return 0;
}

static int
read_commit(struct dump *dump, struct row *row)
{
	(void)row;
	dump->sql.complete = true;
	rows_skip(dump);
	return 0;
}

/* DELIMITER ;; until DELIMITER ; hold functions and triggers of MySQL. */
static int
read_delimiter(struct dump *dump, struct row *row)
{
	static const char back[] = "DELIMITER ;";
	char words[sizeof(back) + 1];
	size_t len = 0;
	int c;

	(void)row;
	do {
		if ((c = sql_octet(&dump->sql)) != '\n' && c != EOF) {
			if (c != '\r' && len + 1 < sizeof(words))
				words[len++] = (char)c;
			continue;
		}
		words[len] = '\0';
		len = 0;
	} while (c != EOF && (c != '\n' || strcasecmp(words, back) != 0));
	return 0;
}

static const struct {
	const char *word;
	int (*read)(struct dump *dump, struct row *row);
} statements[] = {
	{ "COPY", read_copy },
	{ "INSERT", read_insert },
	{ "REPLACE", read_insert },
	{ "CREATE", read_create },
	{ "SET", read_set },
	{ "PRAGMA", read_pragma },
	{ "COMMIT", read_commit },
	{ "DELIMITER", read_delimiter },
};

/* Reads a statement, or its beginning when rows follow: 1 when something is
 * wrong with it. */
static int
next_statement(struct dump *dump, struct row *row)
{
	struct sql *sql = &dump->sql;
	size_t i;

	if (dump->state == BEHIND_VALUES)
		rows_skip(dump);
	if (sql->type == SQL_END && dump->state != BEGINNING)
		return rows_end(dump, row, rows_cut_off);
	dump->state = BETWEEN;
	dump->table = -1;
	sql->keep = false;
	sql_next(sql);
	if (sql->type == SQL_END) {
		dump->state = ENDED;
		return !sql->headed || sql->complete ? 0 :
		    rows_end(dump, row, "the dump lacks its last line: it "
		    "was cut off");
	}
	if (sql_is_mark(sql, '\\')) {
		sql_skip_line(sql); /* a command of psql */
		return 0;
	}
	for (i = 0; i < COUNT(statements); i++)
		if (sql_is(sql, statements[i].word))
			return statements[i].read(dump, row);
	rows_skip(dump);
	return 0;
}

/* ---- the file ------------------------------------------------------- */

/* Files that are no text; or that begin with a mark, which is passed over. */
static const char *
begin_file(struct dump *dump)
{
	static const struct {
		const char *magic, *words;
	} others[] = {
		{ "PGDMP", "this is an archive of pg_dump: make text of it "
		    "with pg_restore -f FILE" },
		{ "\x1f\x8b", "the file is compressed" },
		{ "BZh", "the file is compressed" },
		{ "\xfd" "7zXZ", "the file is compressed" },
		{ "\x28\xb5\x2f\xfd", "the file is compressed" },
		{ "\xff\xfe", "the file is UTF-16: convert it with iconv(1)" },
		{ "\xfe\xff", "the file is UTF-16: convert it with iconv(1)" },
	};
	char head[5] = "";
	size_t i, len = 0;
	int c;

	while (len < sizeof(head) && (c = getc(dump->sql.file)) != EOF)
		head[len++] = (char)c;
	for (i = 0; i < COUNT(others); i++)
		if (len >= strlen(others[i].magic) && memcmp(head,
		    others[i].magic, strlen(others[i].magic)) == 0)
			return others[i].words;
	rewind(dump->sql.file);
	if (len >= 3 && memcmp(head, "\xef\xbb\xbf", 3) == 0)
		fseek(dump->sql.file, 3, SEEK_SET);
	return NULL;
}

int
dump_next(struct dump *dump, struct row *row)
{
	const char *words;
	int rc = 0;

	if (dump->state == BEGINNING && (words = begin_file(dump)) != NULL)
		return rows_end(dump, row, words);
	while (rc == 0 && dump->state != ENDED)
		switch (dump->state) {
		case IN_COPY:
			rc = rows_copy(dump, row);
			break;
		case IN_VALUES:
			rc = rows_values(dump, row);
			break;
		default:
			rc = next_statement(dump, row);
			break;
		}
	return rc;
}
