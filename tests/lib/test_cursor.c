/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * test_cursor.c - rows one at a time: what they say, and what is misuse
 */
#include <stdlib.h>
#include <string.h>

#include "state/state.h"
#include "steps.h"

static struct maildb *
three_users(void)
{
	struct maildb *db = lib_open();

	lib_world(db, "domain example.org\nuser a@example.org quota=1M\n"
	    "user b@example.org\nuser c@example.org name=C\n");
	return db;
}

static struct maildb_cursor *
users(struct maildb *db)
{
	struct maildb_cursor *cursor;

	CU_ASSERT_EQUAL_FATAL(maildb_user_list(db, NULL, &cursor), 0);
	return cursor;
}

static size_t
column(const struct maildb_cursor *cursor, const char *name)
{
	int col = maildb_cursor_find(cursor, name);

	CU_ASSERT_FATAL(col >= 0);
	return (size_t)col;
}

static void
test_values(void)
{
	struct maildb *db = three_users();
	struct maildb_cursor *cursor = users(db);
	size_t address, quota, name;

	CU_ASSERT_EQUAL(maildb_cursor_find(cursor, "colour"), -1);
	address = column(cursor, "address");
	quota = column(cursor, "quota");
	name = column(cursor, "name");
	CU_ASSERT_STRING_EQUAL(maildb_cursor_name(cursor, quota), "quota");
	CU_ASSERT_EQUAL(maildb_cursor_type(cursor, quota), MAILDB_SIZE);
	CU_ASSERT_EQUAL(maildb_cursor_type(cursor, name), MAILDB_TEXT);
	CU_ASSERT(maildb_cursor_width(cursor) > name);

	CU_ASSERT_EQUAL(maildb_cursor_next(cursor), 1);
	CU_ASSERT_STRING_EQUAL(maildb_cursor_text(cursor, address),
	    "a@example.org");
	CU_ASSERT_EQUAL(maildb_cursor_int(cursor, address), 0);
	CU_ASSERT_EQUAL(maildb_cursor_int(cursor, quota), 1048576);
	CU_ASSERT_PTR_NULL(maildb_cursor_text(cursor, quota));
	CU_ASSERT_FALSE(maildb_cursor_null(cursor, quota));
	CU_ASSERT_TRUE(maildb_cursor_null(cursor, name));
	CU_ASSERT_PTR_NULL(maildb_cursor_text(cursor, name));
	CU_ASSERT_EQUAL(maildb_cursor_int(cursor, name), 0);

	CU_ASSERT_EQUAL(maildb_cursor_next(cursor), 1);
	CU_ASSERT_TRUE(maildb_cursor_null(cursor, quota));
	CU_ASSERT_EQUAL(maildb_cursor_int(cursor, quota), 0);
	CU_ASSERT_EQUAL(maildb_cursor_next(cursor), 1);
	CU_ASSERT_STRING_EQUAL(maildb_cursor_text(cursor, name), "C");
	maildb_cursor_free(cursor);
	maildb_cursor_free(NULL);
	lib_close(db);
}

/* The end stays the end, whether rows are streamed, one, or kept in memory. */
static void
test_end(void)
{
	struct maildb *db = three_users();
	struct maildb_cursor *cursor;

	cursor = users(db);
	for (int i = 0; i < 3; i++)
		CU_ASSERT_EQUAL(maildb_cursor_next(cursor), 1);
	CU_ASSERT_EQUAL(maildb_cursor_next(cursor), 0);
	CU_ASSERT_EQUAL(maildb_cursor_next(cursor), 0);
	CU_ASSERT_TRUE(maildb_cursor_null(cursor, 0));
	CU_ASSERT_PTR_NULL(maildb_cursor_text(cursor, 1));
	maildb_cursor_free(cursor);

	CU_ASSERT_EQUAL_FATAL(maildb_user_get(db, "a@example.org", &cursor),
	    0);
	CU_ASSERT_EQUAL(maildb_cursor_next(cursor), 1);
	CU_ASSERT_EQUAL(maildb_cursor_next(cursor), 0);
	CU_ASSERT_EQUAL(maildb_cursor_next(cursor), 0);
	maildb_cursor_free(cursor);

	CU_ASSERT_EQUAL_FATAL(maildb_setting_list(db, &cursor), 0);
	while (maildb_cursor_next(cursor) > 0)
		;
	CU_ASSERT_EQUAL(maildb_cursor_next(cursor), 0);
	CU_ASSERT_TRUE(maildb_cursor_null(cursor, 0));
	maildb_cursor_free(cursor);
	lib_close(db);
}

/* While a cursor is open nothing else can be asked, and all goes on after. */
static void
test_one_at_a_time(void)
{
	static const struct lib_step steps[] = {
		{ "user d@example.org", "misuse: a cursor is open: free it "
		    "first" },
		{ "rmuser a@example.org", "misuse: a cursor is open: *" },
		{ "setting quota 1G", "misuse: *" },
		{ "domains", "misuse: another cursor is open on this handle" },
		{ "user? a@example.org name", "misuse: *" },
		{ "password? a@example.org", "misuse: *" },
		{ "verify a@example.org x", "misuse: *" },
		{ "setting? quota", "misuse: *" },
		{ "journal?", "misuse: *" },
		{ "commit", "misuse: a cursor is open: *" },
		{ "rollback", "misuse: a cursor is open: *" },
	};
	struct maildb *db = three_users();
	struct maildb_cursor *cursor;

	LIB_STEP(db, "begin", "0");
	LIB_STEP(db, "user e@example.org", "1");
	cursor = users(db);
	CU_ASSERT_EQUAL(maildb_cursor_next(cursor), 1);
	for (size_t i = 0; i < ARRAY_LEN(steps); i++)
		LIB_STEP(db, steps[i].line, steps[i].outcome);
	CU_ASSERT_EQUAL(maildb_depth(db), 1);
	for (int i = 0; i < 3; i++)
		CU_ASSERT_EQUAL(maildb_cursor_next(cursor), 1);
	CU_ASSERT_EQUAL(maildb_cursor_next(cursor), 0);
	/* It is in the way until it is freed, not until its end. */
	LIB_STEP(db, "commit", "misuse: *");
	maildb_cursor_free(cursor);
	LIB_STEP(db, "commit", "0");
	LIB_STEP(db, "users", "a@example.org b@example.org c@example.org "
	    "e@example.org");
	lib_close(db);
}

/* A handle may go while a cursor is half read, inside a transaction. */
static void
test_close_while_open(void)
{
	struct maildb *db = three_users();
	struct maildb_cursor *cursor;

	LIB_STEP(db, "begin", "0");
	LIB_STEP(db, "user e@example.org", "1");
	cursor = users(db);
	CU_ASSERT_EQUAL(maildb_cursor_next(cursor), 1);
	lib_close(db);

	db = maildb_new();
	CU_ASSERT_EQUAL_FATAL(maildb_open(db, lib_url(), 0), 0);
	LIB_STEP(db, "users", "a@example.org b@example.org c@example.org");
	maildb_free(db);
}

CU_TestInfo lib_cursor[] = {
	{ "values", test_values },
	{ "the end stays", test_end },
	{ "one at a time", test_one_at_a_time },
	{ "close while open", test_close_while_open },
	CU_TEST_INFO_NULL,
};
