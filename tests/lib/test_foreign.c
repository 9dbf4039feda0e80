/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * test_foreign.c - databases of other programs: read by name, left untouched
 *
 * These are SQLite files whatever back end the other suites run on; servers
 * are tests/pgsql/test_import.py.
 */
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "state/state.h"
#include "lib.h"

static char dir[] = "/tmp/maildb-foreign.XXXXXX";
static char path[80];

/* A connection of the other program, to a new file. */
static sqlite3 *
make_file(const char *name, const char *sql)
{
	sqlite3 *db = NULL;

	snprintf(path, sizeof(path), "%s/%s", dir, name);
	CU_ASSERT_FATAL(sqlite3_open(path, &db) == SQLITE_OK);
	CU_ASSERT_FATAL(sqlite3_exec(db, sql, NULL, NULL, NULL) == SQLITE_OK);
	return db;
}

/* A handle on a new file that its program has closed. */
static struct maildb *
open_made(const char *sql)
{
	struct maildb *db = maildb_new();

	CU_ASSERT_FATAL(mkdtemp(strcpy(dir,
	    "/tmp/maildb-foreign.XXXXXX")) != NULL);
	sqlite3_close(make_file("a ?#%.db", sql));
	CU_ASSERT_EQUAL_FATAL(maildb_foreign_open(db, path), 0);
	return db;
}

/* How many files there are beside the database, itself included. */
static int
files_there(void)
{
	static const char *const ends[] = { "", "-wal", "-shm", "-journal" };
	char name[100];
	size_t i;
	int n = 0;

	for (i = 0; i < ARRAY_LEN(ends); i++) {
		snprintf(name, sizeof(name), "%s%s", path, ends[i]);
		n += access(name, F_OK) == 0;
	}
	return n;
}

static void
end(struct maildb *db)
{
	static const char *const ends[] = { "", "-wal", "-shm", "-journal" };
	char name[100];
	size_t i;

	maildb_free(db);
	for (i = 0; i < ARRAY_LEN(ends); i++) {
		snprintf(name, sizeof(name), "%s%s", path, ends[i]);
		unlink(name);
	}
	CU_ASSERT_EQUAL(rmdir(dir), 0);
}

/* The rows of a table, or what came instead. */
static char *
rows(struct maildb *db, const char *table)
{
	struct maildb_cursor *cursor;
	int rc = maildb_foreign_table(db, table, &cursor);

	if (rc == 0)
		return strdup("none");
	return lib_rows(rc, &cursor);
}

#define ROWS(db, table, wanted) do { \
	char *got = rows((db), (table)); \
	LIB_ASSERT_TEXT((table), got, (wanted)); \
	free(got); \
} while (0)

static void
test_rows_as_text(void)
{
	struct maildb *db = open_made("CREATE TABLE Mailbox (username, n INT, "
	    "r, empty); INSERT INTO Mailbox VALUES ('b', 5, 1.5, NULL), "
	    "('a', -1, x'6162', '')");

	ROWS(db, "mailbox", "a|-1|ab|\nb|5|1.5|\n");
	ROWS(db, "mailbox", "a|-1|ab|\nb|5|1.5|\n");
	end(db);
}

static void
test_columns_by_name(void)
{
	struct maildb *db = open_made("CREATE TABLE users (uid, passwd)");
	struct maildb_cursor *cursor;

	CU_ASSERT_EQUAL(maildb_foreign_table(db, "users", &cursor), 1);
	CU_ASSERT_EQUAL(maildb_cursor_find(cursor, "passwd"), 1);
	CU_ASSERT_EQUAL(maildb_cursor_find(cursor, "quota"), -1);
	CU_ASSERT_EQUAL(maildb_cursor_next(cursor), 0);
	maildb_cursor_free(cursor);
	end(db);
}

static void
test_no_table(void)
{
	struct maildb *db = open_made("CREATE TABLE other (a); "
	    "CREATE VIEW alias AS SELECT 1 AS a");

	ROWS(db, "mailbox", "none");
	ROWS(db, "alias", "none"); /* a view may be anything */
	end(db);
}

static void
test_other_names_are_misuse(void)
{
	struct maildb *db = open_made("CREATE TABLE other (a)");
	struct maildb_cursor *cursor;

	CU_ASSERT_EQUAL(maildb_foreign_table(db, "other", &cursor),
	    MAILDB_EMISUSE);
	CU_ASSERT_PTR_NULL(cursor);
	CU_ASSERT_EQUAL(maildb_foreign_table(db, "alias; DROP TABLE other",
	    &cursor), MAILDB_EMISUSE);
	end(db);
}

static void
test_what_is_no_text(void)
{
	struct maildb *db = open_made("CREATE TABLE alias (a, b, c, d); "
	    "INSERT INTO alias VALUES (CAST(x'61ff' AS TEXT), "
	    "CAST(x'610062' AS TEXT), x'eda080', NULL)");
	struct maildb_cursor *cursor;
	size_t i;

	CU_ASSERT_EQUAL(maildb_foreign_table(db, "alias", &cursor), 1);
	CU_ASSERT_EQUAL_FATAL(maildb_cursor_next(cursor), 1);
	for (i = 0; i < 4; i++)
		CU_ASSERT_PTR_NULL(maildb_cursor_text(cursor, i));
	for (i = 0; i < 3; i++)
		CU_ASSERT(!maildb_cursor_null(cursor, i));
	CU_ASSERT(maildb_cursor_null(cursor, 3));
	maildb_cursor_free(cursor);
	end(db);
}

static void
test_nothing_is_written(void)
{
	struct maildb *db = open_made("PRAGMA journal_mode = WAL; "
	    "CREATE TABLE alias (a); INSERT INTO alias VALUES ('x')");
	struct stat before, after;

	CU_ASSERT_EQUAL(files_there(), 1);
	CU_ASSERT_EQUAL(stat(path, &before), 0);
	ROWS(db, "alias", "x\n");
	CU_ASSERT_EQUAL(files_there(), 1);
	CU_ASSERT_EQUAL(stat(path, &after), 0);
	CU_ASSERT_EQUAL(before.st_mtim.tv_nsec, after.st_mtim.tv_nsec);
	end(db);
}

static void
test_beside_a_writer(void)
{
	struct maildb *db = maildb_new();
	sqlite3 *other;

	CU_ASSERT_FATAL(mkdtemp(strcpy(dir,
	    "/tmp/maildb-foreign.XXXXXX")) != NULL);
	other = make_file("busy.db", "PRAGMA journal_mode = WAL; "
	    "CREATE TABLE alias (a); INSERT INTO alias VALUES ('x')");
	CU_ASSERT_EQUAL(maildb_foreign_open(db, path), 0);
	ROWS(db, "alias", "x\n");
	CU_ASSERT_EQUAL(sqlite3_exec(other, "INSERT INTO alias VALUES ('y')",
	    NULL, NULL, NULL), SQLITE_OK);
	ROWS(db, "alias", "x\n"); /* the moment of open */
	sqlite3_close(other);
	end(db);
}

static void
test_a_log_that_was_left(void)
{
	struct maildb *db = maildb_new();
	char shm[100], wal[100], kept[100];
	sqlite3 *other;

	CU_ASSERT_FATAL(mkdtemp(strcpy(dir,
	    "/tmp/maildb-foreign.XXXXXX")) != NULL);
	other = make_file("crashed.db", "PRAGMA journal_mode = WAL; "
	    "CREATE TABLE alias (a)");
	snprintf(shm, sizeof(shm), "%s-shm", path);
	snprintf(wal, sizeof(wal), "%s-wal", path);
	snprintf(kept, sizeof(kept), "%s-kept", path);
	CU_ASSERT_EQUAL(link(wal, kept), 0);
	sqlite3_close(other);
	CU_ASSERT_EQUAL(rename(kept, wal), 0);
	if (access(wal, F_OK) == 0 && truncate(wal, 32) == 0) {
		CU_ASSERT_EQUAL(maildb_foreign_open(db, path),
		    MAILDB_EDENIED);
		CU_ASSERT(strstr(maildb_fault(db)->hint, "checkpoint") !=
		    NULL);
		CU_ASSERT_NOT_EQUAL(access(shm, F_OK), 0);
	}
	end(db);
}

static void
test_files_that_are_none(void)
{
	struct maildb *db = open_made("CREATE TABLE alias (a)");
	struct maildb *bad = maildb_new();
	char text[100];
	FILE *file;

	CU_ASSERT_EQUAL(maildb_foreign_open(bad, "/nonexistent/file"),
	    MAILDB_EMISSING);
	CU_ASSERT_EQUAL(maildb_foreign_open(bad, dir), MAILDB_EFORMAT);
	CU_ASSERT_EQUAL(maildb_foreign_open(bad, "mysql://x"), MAILDB_EURL);
	snprintf(text, sizeof(text), "%s/text", dir);
	file = fopen(text, "w");
	CU_ASSERT_FATAL(file != NULL);
	fputs("this is no database, but long enough to be looked at as one, "
	    "with more than the hundred octets of a header and so on\n", file);
	fclose(file);
	CU_ASSERT_EQUAL(maildb_foreign_open(bad, text), MAILDB_EFORMAT);
	unlink(text);
	maildb_free(bad);
	end(db);
}

static void
test_one_of_ours(void)
{
	struct maildb *db = open_made("CREATE TABLE alias (a)");
	struct maildb *ours = maildb_new();
	char name[100];

	snprintf(name, sizeof(name), "%s/ours", dir);
	sqlite3_close(make_file("ours", "PRAGMA application_id = 0x6d61696c; "
	    "CREATE TABLE domain (name)"));
	CU_ASSERT_EQUAL(maildb_foreign_open(ours, name), MAILDB_EFORMAT);
	maildb_free(ours);
	unlink(name);
	snprintf(path, sizeof(path), "%s/a ?#%%.db", dir);
	end(db);
}

static void
test_only_one_use(void)
{
	struct maildb *db = open_made("CREATE TABLE alias (a); "
	    "INSERT INTO alias VALUES ('x')");
	struct maildb_cursor *cursor, *second;
	struct maildb *ours = lib_open();

	CU_ASSERT_EQUAL(maildb_foreign_open(db, path), MAILDB_EMISUSE);
	CU_ASSERT_EQUAL(maildb_open(db, path, 0), MAILDB_EMISUSE);
	CU_ASSERT_EQUAL(maildb_begin(db), MAILDB_EMISUSE);
	CU_ASSERT_EQUAL(maildb_domain_add(db, "example.org", NULL, 0, 0),
	    MAILDB_EMISUSE);
	CU_ASSERT_EQUAL(maildb_user_list(db, NULL, &cursor), MAILDB_EMISUSE);
	CU_ASSERT_EQUAL(maildb_foreign_table(ours, "alias", &cursor),
	    MAILDB_EMISUSE);
	CU_ASSERT_EQUAL(maildb_foreign_open(ours, path), MAILDB_EMISUSE);
	CU_ASSERT_EQUAL(maildb_foreign_table(db, "alias", &cursor), 1);
	CU_ASSERT_EQUAL(maildb_foreign_table(db, "alias", &second),
	    MAILDB_EMISUSE);
	maildb_cursor_free(cursor);
	ROWS(db, "alias", "x\n");
	lib_close(ours);
	end(db);
}

static void
test_cursor_left_open(void)
{
	struct maildb *db = open_made("CREATE TABLE alias (a); "
	    "INSERT INTO alias VALUES ('x'), ('y')");
	struct maildb_cursor *cursor;

	CU_ASSERT_EQUAL(maildb_foreign_table(db, "alias", &cursor), 1);
	CU_ASSERT_EQUAL(maildb_cursor_next(cursor), 1);
	end(db); /* which frees it */
}

CU_TestInfo lib_foreign[] = {
	{ "rows are text", test_rows_as_text },
	{ "columns have names", test_columns_by_name },
	{ "a table that is not there", test_no_table },
	{ "other names are misuse", test_other_names_are_misuse },
	{ "what is no text", test_what_is_no_text },
	{ "nothing is written", test_nothing_is_written },
	{ "beside a writer, all of one moment", test_beside_a_writer },
	{ "a log that was left", test_a_log_that_was_left },
	{ "files that are no database", test_files_that_are_none },
	{ "one of ours", test_one_of_ours },
	{ "such a handle has no other use", test_only_one_use },
	{ "a cursor left open", test_cursor_left_open },
	CU_TEST_INFO_NULL
};
