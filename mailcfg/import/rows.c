/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * rows.c - the rows of a dump: lines of COPY, and VALUES of INSERT
 *
 * Whatever is wrong with a row is said with its line, and the next row is
 * looked for: a line further in COPY, else behind the parenthesis that closes
 * the row, or the statement.
 */
#include <ctype.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "import/import.h"
#include "import/rows.h"

/* ---- rows ----------------------------------------------------------- */

void
rows_wrong(struct dump *dump, const char *format, ...)
{
	va_list ap;

	if (*dump->wrong != '\0')
		return;
	va_start(ap, format);
	vsnprintf(dump->wrong, sizeof(dump->wrong), format, ap);
	va_end(ap);
}

void
rows_begin(struct dump *dump)
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
		rows_wrong(dump, "the row is longer than %d octets", SQL_MOST);
	else if (dump->sql.unclear)
		rows_wrong(dump, "it has a backslash, and the dump does not say "
		    "what that means");
	else if (columns->over)
		rows_wrong(dump, "%s has more than %d columns", table, DUMP_COLUMNS);
	else if (columns->n == 0)
		rows_wrong(dump, "the dump does not name the columns of %s", table);
	else if (columns->n != dump->n)
		rows_wrong(dump, "the row has %zu values, %s %zu columns", dump->n,
		    table, columns->n);
	for (i = 0; *dump->wrong == '\0' && i < dump->n; i++) {
		if (dump->null[i])
			continue;
		text = dump->sql.kept.text + dump->at[i];
		len = dump->end[i] - dump->at[i];
		good = import_text(text, len);
		if (*dump->sql.encoding != '\0' && !is_ascii(text, good))
			rows_wrong(dump, "%s is not ASCII, and the dump is in %s; "
			    "dump in UTF-8", columns->columns[i],
			    dump->sql.encoding);
		if (good < len)
			rows_wrong(dump, "%s: octet %zu is %s", columns->columns[i],
			    good + 1, text[good] == '\0' ? "NUL" :
			    "not UTF-8; convert the dump with iconv(1)");
	}
}

int
rows_give(struct dump *dump, struct row *row, uint32_t line)
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

int
rows_end(struct dump *dump, struct row *row, const char *words)
{
	dump->state = ENDED;
	dump->table = -1;
	*dump->wrong = '\0';
	rows_wrong(dump, "%s", words);
	return rows_give(dump, row, dump->sql.line);
}

const char rows_cut_off[] = "the file ends within a statement: it was cut off";

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

	rows_begin(dump);
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

int
rows_copy(struct dump *dump, struct row *row)
{
	uint32_t line = dump->sql.line;
	int rc = copy_line(dump);

	if (rc < 0)
		return rows_end(dump, row, "the file ends within the rows of "
		    "a table: it was cut off");
	if (rc == 0)
		dump->state = BETWEEN;
	return rc == 0 || dump->table < 0 ? 0 : rows_give(dump, row, line);
}

/* ---- VALUES --------------------------------------------------------- */

/* Decodes hexadecimal digits in place of the present word's text. */
static bool
decode_hex(struct sql *sql, const char *digits)
{
	size_t len = strlen(digits), i, from = sql->start;
	char pair[3] = "";

	if (sql->kept.failed || len % 2 != 0 ||
	    strspn(digits, "0123456789abcdefABCDEF") != len)
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

	rows_wrong(dump, "value %zu is no constant", dump->n + 1);
	while (sql->type != SQL_END && (depth > 0 ||
	    (!sql_is_mark(sql, ',') && !sql_is_mark(sql, ')')))) {
		depth += sql_is_mark(sql, '(') - sql_is_mark(sql, ')');
		sql_next(sql);
	}
}

void
rows_skip(struct dump *dump)
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

int
rows_values(struct dump *dump, struct row *row)
{
	struct sql *sql = &dump->sql;
	uint32_t line = sql->at;

	rows_begin(dump);
	if (!sql_is_mark(sql, '(')) {
		rows_wrong(dump, "a row should begin here with a parenthesis");
		rows_skip(dump);
		return rows_give(dump, row, line);
	}
	return read_values(dump) ? rows_give(dump, row, line) :
	    rows_end(dump, row, rows_cut_off);
}
