/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * test_driver.c - what the library makes of a database that fails
 *
 * A driver is put around the real one that counts its calls and fails at one
 * of them, as if the disk were full, the lock taken, the server gone.  Whatever
 * the call: the fault is the one that was played, nothing is half done, and the
 * handle goes on.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "state/state.h"
#include "steps.h"

enum call { BEGIN, COMMIT, SCRIPT, START, NEXT, ANY };

/* What is played: the failure of the call of that number, from 1. */
static struct play {
	enum call call;
	int at, code;
	bool gone;      /* all that follows fails too, up to rollback */
	bool undo_too;  /* rollback and undo fail as well, silently */
	bool after;     /* the real call is made, and its answer lost */
	int calls;      /* how many there were */
	bool failed;
	struct maildb *db;
	const struct maildb__driver *real;
} play;

/* Whether a call is to fail: the code, with its fault, or 0. */
static int
fails(enum call call)
{
	if (play.failed && play.gone)
		return maildb__fail(play.db, MAILDB_ELOST,
		    "played: nothing answers any more");
	if (play.at == 0 || (play.call != ANY && play.call != call) ||
	    ++play.calls != play.at)
		return 0;
	play.failed = true;
	return maildb__fail(play.db, play.code, "played: failure %d",
	    play.code);
}

static int
fake_begin(struct maildb__conn *conn)
{
	int rc = fails(BEGIN);

	return rc < 0 ? rc : play.real->begin(conn);
}

static int
fake_commit(struct maildb__conn *conn)
{
	int rc = fails(COMMIT);

	if (rc < 0 && play.after)
		play.real->commit(conn);
	return rc < 0 ? rc : play.real->commit(conn);
}

static int
fake_undo(struct maildb__conn *conn)
{
	int rc = play.real->undo(conn);

	return play.failed && (play.undo_too || play.gone) ? MAILDB_EDB : rc;
}

static int
fake_rollback(struct maildb__conn *conn)
{
	int rc = play.real->rollback(conn);

	rc = play.failed && play.undo_too ? MAILDB_EDB : rc;
	play.gone = false;
	return rc;
}

static int
fake_script(struct maildb__conn *conn, const char *sql)
{
	int rc = fails(SCRIPT);

	return rc < 0 ? rc : play.real->script(conn, sql);
}

static int
fake_start(struct maildb__conn *conn, enum maildb__stmt_id id,
    const struct maildb__value *in, struct maildb__rows **rows)
{
	int rc = fails(START);

	return rc < 0 ? rc : play.real->start(conn, id, in, rows);
}

static int
fake_next(struct maildb__rows *rows)
{
	int rc = fails(NEXT);

	return rc < 0 ? rc : play.real->next(rows);
}

/* Puts the player around a handle's driver. */
static void
set_up(struct maildb *db, struct play wanted)
{
	static struct maildb__driver fake;

	play = wanted;
	play.db = db;
	play.real = db->driver;
	fake = *db->driver;
	fake.begin = fake_begin;
	fake.commit = fake_commit;
	fake.undo = fake_undo;
	fake.rollback = fake_rollback;
	fake.script = fake_script;
	fake.start = fake_start;
	fake.next = fake_next;
	db->driver = &fake;
}

/* Takes it off again. */
static void
take_off(struct maildb *db)
{
	db->driver = play.real;
}

/* ---- failures at every place ---------------------------------------------- */

static const char world[] =
    "domain a.test\nuser u@a.test\nuser v@a.test\nalias i@a.test u@a.test\n"
    "alias i@a.test v@a.test\nalias j@a.test i@a.test\n";

/* Work of some length: single calls, and a transaction with levels. */
static const char *const works[][12] = {
	{ "user w@b.test +create" },
	{ "rmuser u@a.test" },
	{ "renuser u@a.test w@a.test" },
	{ "alias k@a.test j@a.test" },
	{ "rmdomain a.test +recursive" },
	{ "rendomain a.test b.test" },
	{ "setuser u@a.test name=U enabled=no" },
	{ "setting admin v@a.test" },
	{ "begin", "defer", "alias k@a.test l@a.test", "begin",
	    "rmuser v@a.test", "rollback", "begin", "user l@a.test", "commit",
	    "rmalias i@a.test v@a.test", "commit" },
};

/* All that can be seen of the database. */
static char *
state(struct maildb *db)
{
	static const char *const lists[] = {
		"domains", "users", "aliases", "aliases *", "setting? admin",
		"user? v@a.test enabled",
	};
	struct maildb__buf buf = { 0 };
	char *text;

	for (size_t i = 0; i < ARRAY_LEN(lists); i++) {
		text = lib_step(db, lists[i]);
		maildb__buf_printf(&buf, "%s: %s\n", lists[i], text);
		free(text);
	}
	return maildb__buf_take(&buf);
}

/* Does a work; true when every step of it succeeded.  What fails ends it. */
static bool
carry_out(struct maildb *db, const char *const *work, size_t n, char **fault)
{
	char *got = NULL;
	bool good = true;

	for (size_t i = 0; good && i < n && work[i] != NULL; i++) {
		free(got);
		got = lib_step(db, work[i]);
		good = *got == '0' || *got == '1';
	}
	*fault = got;
	return good;
}

/* Plays one failure into a work: whether there was so late a call. */
static bool
play_once(struct maildb *db, const char *const *work, struct play wanted,
    const char *before, const char *after)
{
	char *fault, *then, name[200], says[100];
	bool good;

	snprintf(name, sizeof(name), "%s: call %d, code %d", work[0],
	    wanted.at, wanted.code);
	set_up(db, wanted);
	good = carry_out(db, work, ARRAY_LEN(works[0]), &fault);
	if (!good) {
		snprintf(says, sizeof(says), "%s: played: failure %d",
		    maildb_error_name(wanted.code), wanted.code);
		LIB_ASSERT_ROW(name,
		    strncmp(fault, says, strlen(says)) == 0);
	}
	LIB_ASSERT_ROW(name, good == !play.failed);
	while (maildb_depth(db) > 0)
		maildb_rollback(db);
	take_off(db);
	then = state(db);
	LIB_ASSERT_TEXT(name, then, good ? after : before);
	free(then);
	free(fault);
	return play.failed;
}

/* Each call of each work fails once, in each way. */
static void
test_everywhere(void)
{
	static const struct play ways[] = {
		{ .call = ANY, .code = MAILDB_EDB },
		{ .call = ANY, .code = MAILDB_EFULL, .gone = true },
		{ .call = ANY, .code = MAILDB_ELOST, .gone = true,
		    .undo_too = true },
	};
	struct maildb *db;
	char *before, *after, *fault;
	struct play one;

	for (size_t w = 0; w < ARRAY_LEN(works); w++) {
		db = lib_open();
		lib_world(db, world);
		before = state(db);
		CU_ASSERT_FATAL(carry_out(db, works[w], ARRAY_LEN(works[w]),
		    &fault));
		after = state(db);
		lib_close(db);
		free(fault);
		for (size_t i = 0; i < ARRAY_LEN(ways); i++) {
			db = lib_open();
			lib_world(db, world);
			one = ways[i];
			one.at = 1;
			while (play_once(db, works[w], one, before, after))
				one.at++;
			LIB_ASSERT_ROW(works[w][0], one.at > 10);
			lib_close(db);
		}
		free(before);
		free(after);
	}
}

/* ---- single failures -------------------------------------------------------- */

static void
test_busy(void)
{
	struct maildb *db = lib_open();

	lib_world(db, world);
	set_up(db, (struct play){ .call = BEGIN, .at = 1,
	    .code = MAILDB_ELOCKED });
	LIB_STEP(db, "user w@a.test", "db_locked: played: *");
	CU_ASSERT_EQUAL(maildb_depth(db), 0);
	LIB_STEP(db, "user w@a.test", "1");
	take_off(db);

	/* Inside a transaction it stays open, and the next try may do. */
	LIB_STEP(db, "begin", "0");
	set_up(db, (struct play){ .call = BEGIN, .at = 1,
	    .code = MAILDB_ELOCKED });
	LIB_STEP(db, "user x@a.test", "db_locked: *");
	CU_ASSERT_EQUAL(maildb_depth(db), 1);
	LIB_STEP(db, "user x@a.test", "1");
	LIB_STEP(db, "commit", "0");
	take_off(db);
	LIB_STEP(db, "users", "u@a.test v@a.test w@a.test x@a.test");
	lib_close(db);
}

/* The savepoints that are due at the first change cannot all be made. */
static void
test_savepoints(void)
{
	struct maildb *db = lib_open();

	lib_world(db, world);
	for (int at = 1; at <= 3; at++) {
		LIB_STEP(db, "begin", "0");
		LIB_STEP(db, "begin", "0");
		LIB_STEP(db, "begin", "0");
		set_up(db, (struct play){ .call = SCRIPT, .at = at,
		    .code = MAILDB_EDB });
		LIB_STEP(db, "user w@a.test", "db_error: played: *");
		CU_ASSERT_EQUAL(maildb_depth(db), 3);
		take_off(db);
		LIB_STEP(db, "user x@a.test", "1");
		LIB_STEP(db, "rollback", "0");
		LIB_STEP(db, "user y@a.test", "1");
		LIB_STEP(db, "rollback", "0");
		LIB_STEP(db, "user z@a.test", "1");
		LIB_STEP(db, "commit", "0");
		LIB_STEP(db, "users", "u@a.test v@a.test z@a.test");
		LIB_STEP(db, "rmuser z@a.test", "1");
	}
	lib_close(db);
}

static void
test_commit(void)
{
	struct maildb *db = lib_open();

	lib_world(db, world);
	set_up(db, (struct play){ .call = COMMIT, .at = 1,
	    .code = MAILDB_EFULL });
	LIB_STEP(db, "user w@a.test", "db_full: played: *");
	CU_ASSERT_EQUAL(maildb_depth(db), 0);
	LIB_STEP(db, "users", "u@a.test v@a.test");
	LIB_STEP(db, "user w@a.test", "1");
	take_off(db);

	/* Committed, but the answer was lost: only a look can tell. */
	set_up(db, (struct play){ .call = COMMIT, .at = 1, .after = true,
	    .code = MAILDB_EUNKNOWN });
	LIB_STEP(db, "user x@a.test", "outcome_unknown: played: *");
	CU_ASSERT_EQUAL(maildb_depth(db), 0);
	take_off(db);
	LIB_STEP(db, "user? x@a.test domain", "a.test");
	LIB_STEP(db, "rmuser x@a.test", "1");
	lib_close(db);
}

/* A listing that breaks off says so, again and again. */
static void
test_listing(void)
{
	struct maildb *db = lib_open();
	struct maildb_cursor *cursor;

	lib_world(db, world);
	set_up(db, (struct play){ .call = NEXT, .at = 2,
	    .code = MAILDB_EIO });
	CU_ASSERT_EQUAL_FATAL(maildb_user_list(db, NULL, &cursor), 0);
	CU_ASSERT_EQUAL(maildb_cursor_next(cursor), 1);
	CU_ASSERT_EQUAL(maildb_cursor_next(cursor), MAILDB_EIO);
	CU_ASSERT_EQUAL(maildb_cursor_next(cursor), MAILDB_EIO);
	CU_ASSERT_TRUE(maildb_cursor_null(cursor, 0));
	maildb_cursor_free(cursor);
	LIB_STEP(db, "users", "u@a.test v@a.test");
	take_off(db);

	set_up(db, (struct play){ .call = START, .at = 1,
	    .code = MAILDB_ELOST });
	CU_ASSERT_EQUAL(maildb_user_list(db, NULL, &cursor), MAILDB_ELOST);
	CU_ASSERT_PTR_NULL(cursor);
	LIB_STEP(db, "users", "u@a.test v@a.test");
	take_off(db);
	lib_close(db);
}

/* The disk is really full: SQLite is told that the file may not grow. */
static void
test_full(void)
{
	struct maildb *db = lib_open();
	char line[2000], *got = NULL;
	int added = 0;

	if (!lib_is_sqlite()) {
		CU_PASS("only SQLite can be told so");
		lib_close(db);
		return;
	}
	LIB_STEP(db, "domain a.test", "1");
	lib_sql(db, "PRAGMA max_page_count = 1");
	LIB_STEP(db, "begin", "0");
	LIB_STEP(db, "setdomain a.test note=x", "1");
	do {
		free(got);
		snprintf(line, sizeof(line), "user u%d@a.test note=%0900d",
		    added++, 0);
		got = lib_step(db, line);
	} while (*got == '1' && added < 1000);
	CU_ASSERT(strncmp(got, "db_full: database ", 18) == 0);
	free(got);
	snprintf(line, sizeof(line), "user? u%d@a.test name", added - 1);
	LIB_STEP(db, line, "*no_such_user*");
	LIB_STEP(db, "rollback", "0");
	LIB_STEP(db, "users", "");
	LIB_STEP(db, "domain? a.test note", "-");
	lib_sql(db, "PRAGMA max_page_count = 100000");
	LIB_STEP(db, "user u@a.test", "1");
	lib_close(db);
}

/* An error that rolls back everything at once: what follows must not pass for
 * a part of the transaction. */
static void
test_lost_transaction(void)
{
	struct maildb *db = lib_open();

	if (!lib_is_sqlite()) {
		CU_PASS("only SQLite does so");
		lib_close(db);
		return;
	}
	LIB_STEP(db, "domain a.test", "1");
	LIB_STEP(db, "begin", "0");
	LIB_STEP(db, "user u@a.test", "1");
	lib_sql(db, "ROLLBACK");
	LIB_STEP(db, "user v@a.test", "db_lost: database *: the transaction "
	    "was rolled back by an earlier error");
	LIB_STEP(db, "begin", "db_lost: *");
	LIB_STEP(db, "users", "db_lost: *");
	LIB_STEP(db, "commit", "db_lost: *");
	CU_ASSERT_EQUAL(maildb_depth(db), 0);
	LIB_STEP(db, "users", "");
	LIB_STEP(db, "user v@a.test", "1");
	lib_close(db);
}

CU_TestInfo lib_driver[] = {
	{ "a failure at every place", test_everywhere },
	{ "busy", test_busy },
	{ "savepoints that are due", test_savepoints },
	{ "commit", test_commit },
	{ "listings", test_listing },
	{ "a full disk", test_full },
	{ "a lost transaction", test_lost_transaction },
	CU_TEST_INFO_NULL,
};
