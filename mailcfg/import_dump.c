/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * import_dump.c - rows of COPY blocks and INSERT statements
 *
 * Whatever is wrong with a row is said with its line, and the next row is
 * looked for: a line further in COPY, else behind the parenthesis that closes
 * the row, or the statement.
 */
#include <ctype.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "import.h"
#include "import_dump.h"
#include "import_sql.h"

#define NAME_MOST 64 /* octets of a name, its NUL included */

/* What CREATE TABLE, or the statement itself, says of a table. */
struct shape {
	char columns[DUMP_COLUMNS][NAME_MOST];
	size_t n;
	bool over; /* there are more */
};

struct dump {
	struct sql sql;
	const char *const *tables;
	struct shape shapes[DUMP_TABLES]; /* of the tables, by their index */
	struct shape given;   /* by the statement being read */
	enum { BEGINNING, BETWEEN, IN_COPY, IN_VALUES, BEHIND_VALUES,
		ENDED } state;
	int table;            /* of the statement; -1: not wanted */
	bool has_table;
	size_t n;             /* values of the row, or more than fit */
	bool null[DUMP_COLUMNS];
	size_t at[DUMP_COLUMNS], end[DUMP_COLUMNS];
	const char *names[DUMP_COLUMNS], *values[DUMP_COLUMNS];
	char wrong[200];
};

/* Keeps the first thing that is wrong with a row. */
static void __attribute__((format(printf, 2, 3)))
wrong(struct dump *dump, const char *format, ...)
{
	va_list ap;

	if (*dump->wrong != '\0')
		return;
	va_start(ap, format);
	vsnprintf(dump->wrong, sizeof(dump->wrong), format, ap);
	va_end(ap);
}

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

/* ---- rows ----------------------------------------------------------- */

static void
begin_row(struct dump *dump)
{
	dump->n = 0;
	*dump->wrong = '\0';
	sql_clear(&dump->sql);
	dump->sql.keep = true;
	dump->sql.unclear = false;
}

/* Adds a value whose text was kept from start to end. */
static void
add_value(struct dump *dump, size_t start, size_t end, bool null)
{
	if (dump->n < DUMP_COLUMNS) {
		dump->at[dump->n] = start;
		dump->end[dump->n] = end;
		dump->null[dump->n] = null;
	}
	dump->n++;
}

/* The columns of the row: those that the statement names, or all. */
static const struct shape *
shape(const struct dump *dump)
{
	return dump->given.n > 0 ? &dump->given : &dump->shapes[dump->table];
}

static bool
is_ascii(const char *text, size_t len)
{
	while (len > 0 && (unsigned char)*text < 0x80)
		text++, len--;
	return len == 0;
}

/* Judges a row as a whole, and each of its values as text. */
static void
judge(struct dump *dump)
{
	const struct shape *columns = shape(dump);
	const char *table = dump->tables[dump->table], *text;
	size_t i, len, good;

	if (dump->sql.kept.over)
		wrong(dump, "the row is longer than %d octets", SQL_MOST);
	else if (dump->sql.unclear)
		wrong(dump, "it has a backslash, and the dump does not say "
		    "what that means");
	else if (columns->over)
		wrong(dump, "%s has more than %d columns", table, DUMP_COLUMNS);
	else if (columns->n == 0)
		wrong(dump, "the dump does not name the columns of %s", table);
	else if (columns->n != dump->n)
		wrong(dump, "the row has %zu values, %s %zu columns", dump->n,
		    table, columns->n);
	for (i = 0; *dump->wrong == '\0' && i < dump->n; i++) {
		if (dump->null[i])
			continue;
		text = dump->sql.kept.text + dump->at[i];
		len = dump->end[i] - dump->at[i];
		good = import_text(text, len);
		if (*dump->sql.encoding != '\0' && !is_ascii(text, good))
			wrong(dump, "%s is not ASCII, and the dump is in %s; "
			    "dump in UTF-8", columns->columns[i],
			    dump->sql.encoding);
		if (good < len)
			wrong(dump, "%s: octet %zu is %s", columns->columns[i],
			    good + 1, text[good] == '\0' ? "NUL" :
			    "not UTF-8; convert the dump with iconv(1)");
	}
}

/* Hands the row over that has been read. */
static int
give_row(struct dump *dump, struct row *row, uint32_t line)
{
	const struct shape *columns;
	size_t i;

	if (dump->sql.kept.failed)
		return -1;
	*row = (struct row){ .line = line };
	if (dump->table >= 0) {
		judge(dump);
		row->table = dump->tables[dump->table];
	}
	if (*dump->wrong != '\0') {
		row->wrong = dump->wrong;
		return 1;
	}
	columns = shape(dump);
	for (i = 0; i < dump->n; i++) {
		dump->names[i] = columns->columns[i];
		dump->values[i] = dump->null[i] ? NULL :
		    dump->sql.kept.text + dump->at[i];
	}
	row->n = dump->n;
	row->names = dump->names;
	row->values = dump->values;
	return 1;
}

/* Says what is wrong with the file as a whole, and ends it. */
static int
give_end(struct dump *dump, struct row *row, const char *words)
{
	dump->state = ENDED;
	dump->table = -1;
	*dump->wrong = '\0';
	wrong(dump, "%s", words);
	return give_row(dump, row, dump->sql.line);
}

static const char cut_off[] = "the file ends within a statement: it was cut "
    "off";

/* ---- COPY ----------------------------------------------------------- */

/* The octet that a backslash and what follows it stand for in COPY. */
static int
copy_escape(struct dump *dump, int c)
{
	static const char from[] = "bfnrtv", to[] = "\b\f\n\r\t\v";
	const char *at;
	char digits[4] = "";
	int next, len = 0, base = c == 'x' ? 16 : 8;

	if ((at = strchr(from, c)) != NULL && c != '\0')
		return to[at - from];
	if (c == 'x' ? false : c < '0' || c > '7')
		return c;
	if (c != 'x')
		digits[len++] = (char)c;
	while (len < (base == 16 ? 2 : 3)) {
		next = getc(dump->sql.file);
		if (base == 16 ? !isxdigit(next) : next < '0' || next > '7') {
			if (next != EOF)
				ungetc(next, dump->sql.file);
			break;
		}
		digits[len++] = (char)next;
	}
	return len == 0 ? c : (int)(strtoul(digits, NULL, base) & 0xff);
}

/* Ends a value of COPY, which is NULL when it was \N alone. */
static void
copy_value(struct dump *dump, size_t start, bool null)
{
	add_value(dump, start, dump->sql.kept.len, null &&
	    dump->sql.kept.len == start);
	sql_put(&dump->sql, '\0');
}

/*
 * Reads a line of COPY: 1 when it is a row, 0 at the end of them, -1 at that
 * of the file.
 */
static int
copy_line(struct dump *dump)
{
	struct sql *sql = &dump->sql;
	size_t start = 0;
	bool null = false, cr = false;
	int c;

	begin_row(dump);
	while ((c = sql_octet(sql)) != EOF && c != '\n') {
		cr = c == '\r';
		if (c == '\t') {
			copy_value(dump, start, null);
			start = sql->kept.len;
			null = false;
		} else if (c != '\\') {
			sql_put(sql, (char)c);
		} else if ((c = sql_octet(sql)) == '.' &&
		    dump->n == 0 && sql->kept.len == 0) {
			sql_skip_line(sql);
			return 0;
		} else if (c == 'N' && sql->kept.len == start) {
			null = true;
		} else if (c == EOF) {
			break;
		} else {
			sql_put(sql, (char)copy_escape(dump, c));
		}
	}
	/* A return before the end of a line is that of a foreign editor: real
	 * ones are escaped. */
	if (cr && sql->kept.len > start && !sql->kept.over)
		sql->kept.len--;
	copy_value(dump, start, null);
	return c == EOF ? -1 : 1;
}

static int
next_copy(struct dump *dump, struct row *row)
{
	uint32_t line = dump->sql.line;
	int rc = copy_line(dump);

	if (rc < 0)
		return give_end(dump, row, "the file ends within the rows of "
		    "a table: it was cut off");
	if (rc == 0)
		dump->state = BETWEEN;
	return rc == 0 || dump->table < 0 ? 0 : give_row(dump, row, line);
}

/* ---- VALUES --------------------------------------------------------- */

/* Decodes hexadecimal digits in place of the present word's text. */
static bool
decode_hex(struct sql *sql, const char *digits)
{
	size_t len = strlen(digits), i, from = sql->start;
	char pair[3] = "";

	if (sql->kept.failed || len % 2 != 0 || strspn(digits, "0123456789abcdefABCDEF") != len)
		return false;
	for (i = 0; i < len; i += 2) {
		memcpy(pair, digits + i, 2);
		sql->kept.text[from++] = (char)strtoul(pair, NULL, 16);
	}
	sql->kept.text[from] = '\0';
	sql->end = from;
	return true;
}

/* Takes a constant; false when the present word is none. */
static bool
take_constant(struct dump *dump)
{
	struct sql *sql = &dump->sql;
	bool hex = false;

	if (sql_is(sql, "NULL")) {
		add_value(dump, sql->start, sql->start, true);
		sql_next(sql);
		return true;
	}
	/* _binary 'x', _utf8mb4 'x', X'78' */
	if (sql->type == SQL_WORD && (*sql_text(sql) == '_' ||
	    (hex = sql_is(sql, "X")))) {
		sql_next(sql);
		if (sql->type != SQL_STRING)
			return false;
	} else if (sql->type == SQL_NUMBER) {
		hex = strncmp(sql_text(sql), "0x", 2) == 0;
	} else if (sql->type != SQL_STRING && !sql_is(sql, "true") &&
	    !sql_is(sql, "false")) {
		return false;
	}
	if (hex && !sql->kept.over && !decode_hex(sql, sql_text(sql) +
	    (sql->type == SQL_NUMBER ? 2 : 0)))
		return false;
	add_value(dump, sql->start, sql->end, false);
	sql_next(sql);
	return sql_is_mark(sql, ',') || sql_is_mark(sql, ')');
}

/* Passes over a value that is no constant, to the comma or the parenthesis
 * behind it. */
static void
skip_value(struct dump *dump)
{
	struct sql *sql = &dump->sql;
	int depth = 0;

	wrong(dump, "value %zu is no constant", dump->n + 1);
	while (sql->type != SQL_END && (depth > 0 ||
	    (!sql_is_mark(sql, ',') && !sql_is_mark(sql, ')')))) {
		depth += sql_is_mark(sql, '(') - sql_is_mark(sql, ')');
		sql_next(sql);
	}
}

/* Passes over the rest of a statement. */
static void
skip_statement(struct dump *dump)
{
	struct sql *sql = &dump->sql;

	sql->keep = false;
	dump->state = BETWEEN;
	while (sql->type != SQL_END && !sql_is_mark(sql, ';'))
		sql_next(sql);
}

/* Reads a row from its parenthesis, which is the present word, to where the
 * next one begins or the rest of the statement: whether it was all there. */
static bool
read_values(struct dump *dump)
{
	struct sql *sql = &dump->sql;

	do {
		sql_next(sql);
		if (!take_constant(dump))
			skip_value(dump);
	} while (sql_is_mark(sql, ','));
	dump->state = BEHIND_VALUES;
	if (sql->type == SQL_END)
		return false;
	sql_next(sql);
	if (sql_is_mark(sql, ',')) {
		sql_next(sql);
		dump->state = IN_VALUES;
	}
	return true;
}

static int
next_values(struct dump *dump, struct row *row)
{
	struct sql *sql = &dump->sql;
	uint32_t line = sql->at;

	begin_row(dump);
	if (!sql_is_mark(sql, '(')) {
		wrong(dump, "a row should begin here with a parenthesis");
		skip_statement(dump);
		return give_row(dump, row, line);
	}
	return read_values(dump) ? give_row(dump, row, line) :
	    give_end(dump, row, cut_off);
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
		skip_statement(dump);
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
	begin_row(dump);
	wrong(dump, "this INSERT has no VALUES");
	skip_statement(dump);
	return give_row(dump, row, line);
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
	skip_statement(dump);
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
	skip_statement(dump);
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
	skip_statement(dump);
	return 0;
}

static int
read_commit(struct dump *dump, struct row *row)
{
	(void)row;
	dump->sql.complete = true;
	skip_statement(dump);
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
		skip_statement(dump);
	if (sql->type == SQL_END && dump->state != BEGINNING)
		return give_end(dump, row, cut_off);
	dump->state = BETWEEN;
	dump->table = -1;
	sql->keep = false;
	sql_next(sql);
	if (sql->type == SQL_END) {
		dump->state = ENDED;
		return !sql->headed || sql->complete ? 0 :
		    give_end(dump, row, "the dump lacks its last line: it "
		    "was cut off");
	}
	if (sql_is_mark(sql, '\\')) {
		sql_skip_line(sql); /* a command of psql */
		return 0;
	}
	for (i = 0; i < COUNT(statements); i++)
		if (sql_is(sql, statements[i].word))
			return statements[i].read(dump, row);
	skip_statement(dump);
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
		return give_end(dump, row, words);
	while (rc == 0 && dump->state != ENDED)
		switch (dump->state) {
		case IN_COPY:
			rc = next_copy(dump, row);
			break;
		case IN_VALUES:
			rc = next_values(dump, row);
			break;
		default:
			rc = next_statement(dump, row);
			break;
		}
	return rc;
}
