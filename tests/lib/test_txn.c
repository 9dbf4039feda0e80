/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * test_txn.c - transactions, the journal that they write, and what the
 * database itself refuses from people's own SQL
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "state/state.h"
#include "steps.h"

static void
test_levels(void)
{
	static const struct lib_step steps[] = {
		{ "commit", "misuse: no transaction is open" },
		{ "rollback", "misuse: no transaction is open" },
		{ "begin", "0" },
		{ "commit", "0" },
		{ "begin", "0" },
		{ "rollback", "0" },
		{ "domain a.test", "1" },

		{ "begin", "0" },
		{ "user a@a.test", "1" },
		{ "begin", "0" },
		{ "user b@a.test", "1" },
		{ "rollback", "0" },
		{ "user c@a.test", "1" },
		{ "begin", "0" },
		{ "user d@a.test", "1" },
		{ "commit", "0" },
		{ "commit", "0" },
		{ "users", "a@a.test c@a.test d@a.test" },

		/* What an inner level kept goes with the outer one. */
		{ "begin", "0" },
		{ "begin", "0" },
		{ "user e@a.test", "1" },
		{ "commit", "0" },
		{ "users", "a@a.test c@a.test d@a.test e@a.test" },
		{ "rollback", "0" },
		{ "users", "a@a.test c@a.test d@a.test" },

		/* The first change comes at the third level. */
		{ "begin", "0" },
		{ "begin", "0" },
		{ "begin", "0" },
		{ "user e@a.test", "1" },
		{ "rollback", "0" },
		{ "user f@a.test", "1" },
		{ "commit", "0" },
		{ "rmuser a@a.test", "1" },
		{ "commit", "0" },
		{ "users", "c@a.test d@a.test f@a.test" },

		/* What fails takes back its own part alone. */
		{ "begin", "0" },
		{ "user g@a.test", "1" },
		{ "alias h@none.test g@a.test +create", "1" },
		{ "alias new@other.test none@a.test +create", "dead_end: *" },
		{ "user i@a.test quota=0", "bad_value *" },
		{ "commit", "0" },
		{ "domains", "a.test none.test" },
		{ "users a.test", "c@a.test d@a.test f@a.test g@a.test" },
	};

	LIB_STEPS(steps);
}

static void
test_depth(void)
{
	struct maildb *db = lib_open(), *other = maildb_new();

	CU_ASSERT_EQUAL_FATAL(maildb_open(other, lib_url(), 0), 0);
	LIB_STEP(db, "domain a.test", "1");
	CU_ASSERT_EQUAL(maildb_depth(db), 0);
	LIB_STEP(db, "begin", "0");
	LIB_STEP(db, "begin", "0");
	CU_ASSERT_EQUAL(maildb_depth(db), 2);
	/* Nothing is locked before the first change. */
	maildb_set_timeout(other, 0);
	LIB_STEP(other, "user x@a.test", "1");
	LIB_STEP(db, "user none@none.test", "no_such_domain *");
	CU_ASSERT_EQUAL(maildb_depth(db), 2);
	LIB_STEP(db, "user y@a.test", "1");
	LIB_STEP(other, "user z@a.test", "db_locked: *");
	CU_ASSERT_EQUAL(maildb_depth(other), 0);
	LIB_STEP(db, "rollback", "0");
	LIB_STEP(db, "rollback", "0");
	CU_ASSERT_EQUAL(maildb_depth(db), 0);
	LIB_STEP(other, "user z@a.test", "1");
	/* Closing rolls back. */
	LIB_STEP(other, "begin", "0");
	LIB_STEP(other, "begin", "0");
	LIB_STEP(other, "rmuser z@a.test", "1");
	maildb_free(other);
	LIB_STEP(db, "users", "x@a.test z@a.test");
	lib_close(db);
}

/* ---- the journal ---------------------------------------------------------- */

/* The newest entries as "who via key\n", and the transaction of the last. */
static char *
newest(struct maildb *db, int64_t most, int64_t *txn)
{
	struct maildb_journal_filter filter = { .most = most };
	struct maildb__buf buf = { 0 };
	struct maildb_cursor *cursor;
	const char *who, *via;

	*txn = -1;
	CU_ASSERT_EQUAL_FATAL(maildb_journal_list(db, &filter, &cursor), 0);
	while (maildb_cursor_next(cursor) > 0) {
		via = maildb_cursor_text(cursor,
		    (size_t)maildb_cursor_find(cursor, "via"));
		if (*txn < 0)
			*txn = maildb_cursor_int(cursor,
			    (size_t)maildb_cursor_find(cursor, "txn"));
		who = maildb_cursor_text(cursor,
		    (size_t)maildb_cursor_find(cursor, "who"));
		/* PostgreSQL adds the role in parentheses. */
		maildb__buf_printf(&buf, "%.*s %s %s\n",
		    (int)strcspn(who, " "), who,
		    via != NULL ? via : "-", maildb_cursor_text(cursor,
		    (size_t)maildb_cursor_find(cursor, "key")));
	}
	maildb_cursor_free(cursor);
	return maildb__buf_take(&buf);
}

static void
assert_newest(struct maildb *db, const char *name, int64_t most, int64_t *txn,
    const char *wanted)
{
	char *got = newest(db, most, txn);

	LIB_ASSERT_TEXT(name, got, wanted);
	free(got);
}

/* Who, how they came, and what belongs together. */
static void
test_actor(void)
{
	struct maildb *db = lib_open();
	int64_t one, two, three;

	LIB_STEP(db, "domain a.test", "1");
	assert_newest(db, "nobody said", 1, &one, "unknown - a.test\n");
	maildb_set_actor(db, "ann", "sudo on pts/3");
	LIB_STEP(db, "domain b.test", "1");
	assert_newest(db, "said", 1, &two, "ann sudo on pts/3 b.test\n");
	CU_ASSERT(two != one);
	maildb_set_actor(db, "joe", NULL);
	LIB_STEP(db, "begin", "0");
	LIB_STEP(db, "domain c.test", "1");
	LIB_STEP(db, "begin", "0");
	LIB_STEP(db, "domain d.test", "1");
	LIB_STEP(db, "commit", "0");
	LIB_STEP(db, "commit", "0");
	assert_newest(db, "one transaction", 2, &three,
	    "joe - d.test\njoe - c.test\n");
	CU_ASSERT(three != two);
	LIB_STEP(db, "journal?", "add domain d.test, add domain c.test");

	/* What is taken back takes the actor's mark along. */
	LIB_STEP(db, "begin", "0");
	LIB_STEP(db, "begin", "0");
	LIB_STEP(db, "domain e.test", "1");
	LIB_STEP(db, "rollback", "0");
	LIB_STEP(db, "domain f.test", "1");
	LIB_STEP(db, "begin", "0");
	LIB_STEP(db, "domain g.test", "1");
	LIB_STEP(db, "rollback", "0");
	LIB_STEP(db, "domain h.test", "1");
	LIB_STEP(db, "commit", "0");
	assert_newest(db, "after a rollback", 3, &one,
	    "joe - h.test\njoe - f.test\njoe - d.test\n");

	/* By hand, right after and beside an open handle. */
	lib_sql(db, "UPDATE domain SET note = 'x' WHERE name = 'a.test'");
	assert_newest(db, "by hand", 1, &two, "sql - a.test\n");
	lib_close(db);
}

/* What changes nothing leaves no trace. */
static void
test_no_change(void)
{
	static const char *const lines[] = {
		"domain a.test", "setdomain a.test note=x enabled=yes",
		"domain a.test note=x +update", "user u@a.test",
		"user u@a.test name=U +update", "setuser u@a.test name=U",
		"enable u@a.test", "passwd u@a.test", "rmuser v@a.test",
		"renuser u@a.test u@a.test", "rendomain a.test a.test",
		"alias i@a.test u@a.test", "alias i@a.test u@a.test may_send=1",
		"setalias i@a.test enabled=yes", "rmalias j@a.test",
		"rmalias i@a.test v@a.test", "rmid 0", "recipient p@r.test",
		"rmrecipient q@r.test", "setting quota unlimited",
		"setting admin default", "rmdomain none.test",
	};
	struct maildb *db = lib_open();
	char *before, *after;
	int64_t txn, later;

	lib_world(db, "domain a.test note=x\nuser u@a.test name=U\n"
	    "alias i@a.test u@a.test\ndomain r.test class=relay\n"
	    "recipient p@r.test\n");
	before = newest(db, 0, &txn);
	for (size_t i = 0; i < ARRAY_LEN(lines); i++) {
		LIB_STEP(db, lines[i], "0");
		after = newest(db, 0, &later);
		LIB_ASSERT_TEXT(lines[i], after, before);
		free(after);
	}
	free(before);
	/* Not even a number is used up. */
	LIB_STEP(db, "rmrecipient p@r.test", "1");
	free(newest(db, 1, &later));
	if (lib_is_sqlite())
		CU_ASSERT_EQUAL(later, txn + 1);
	lib_close(db);
}

/* ---- people's own SQL ------------------------------------------------------ */

#define ADDRESS(local) \
	"INSERT INTO address (domain, localpart) VALUES ('a.test', '" local "')"
#define TARGET(dest) "INSERT INTO target (address_id, dest) " \
	"SELECT id, '" dest "' FROM address WHERE localpart = 'u'"
#define DOMAIN(columns, values) \
	"INSERT INTO domain (" columns ") VALUES (" values ")"

/* Whatever is not canonical, does not fit together or would tamper. */
static const char *const refused[] = {
	DOMAIN("name", "'UPPER.test'"), DOMAIN("name", "'one'"),
	DOMAIN("name", "''"), DOMAIN("name", "'a b.test'"),
	DOMAIN("name", "'a..test'"), DOMAIN("name", "'b\xc3\xbc.test'"),
	DOMAIN("name", "'a.test'"), DOMAIN("name", "'x@y.test'"),
	DOMAIN("name", "'.b.test'"), DOMAIN("name", "'b.test.'"),
	DOMAIN("name", "'-b.test'"), DOMAIN("name", "'b-.test'"),
	DOMAIN("name", "'b.-test'"), DOMAIN("name", "'b.test-'"),
	DOMAIN("name, class", "'b.test', 'other'"),
	DOMAIN("name, class", "'b.test', 'alias'"),
	DOMAIN("name, class", "'b.test', 'wildcard'"),
	DOMAIN("name, target", "'b.test', 'a.test'"),
	DOMAIN("name, class, target", "'b.test', 'alias', 'none.test'"),
	DOMAIN("name, class, target", "'b.test', 'alias', 'b.test'"),
	DOMAIN("name, class, is_primary", "'b.test', 'relay', 1"),
	DOMAIN("name, any_recipient", "'b.test', 1"),
	DOMAIN("name, enabled", "'b.test', 2"),
	DOMAIN("name, quota", "'b.test', -1"),
	"UPDATE domain SET class = 'relay' WHERE name = 'a.test'",
	"DELETE FROM domain WHERE name = '*'",
	"UPDATE domain SET name = 'b.test' WHERE name = '*'",

	ADDRESS("Upper"), ADDRESS("a b"), ADDRESS("a@b"), ADDRESS("-a"),
	ADDRESS(".a"), ADDRESS("a."), ADDRESS("a..b"), ADDRESS("a/b"),
	ADDRESS("a,b"), ADDRESS("\xc3\xa9"), ADDRESS("u"), ADDRESS("a\nb"),
	ADDRESS("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
	    "aaaa"),
	"INSERT INTO address (domain, localpart) VALUES ('none.test', 'x')",
	"INSERT INTO address (domain, localpart, final) VALUES ('*', 'x', 1)",
	"INSERT INTO address (domain, localpart, internal) "
	    "VALUES ('a.test', '', 1)",
	"UPDATE address SET valid_from = 2, valid_until = 1",
	"UPDATE address SET localpart = 'Upper' WHERE localpart = 'u'",

	TARGET("x"), TARGET("@far.test"), TARGET("x@"), TARGET("a@b@far.test"),
	TARGET("|cmd@far.test"), TARGET("/file@far.test"),
	TARGET(":include:x@far.test"), TARGET("-x@far.test"),
	TARGET("a,b@far.test"), TARGET("a b@far.test"),
	TARGET("a@far.test\nb"), TARGET("\"a\"@far.test"),
	TARGET("a%b@far.test"), TARGET("a!b@far.test"),
	TARGET("u@A.test"), TARGET("u@b\xc3\xbc.test"), TARGET("u@b_c.test"),
	TARGET("a@far.test,b"), TARGET("o@far.test"), TARGET("(x)a@far.test"),

	"UPDATE mailbox SET password = 'secret'",
	"UPDATE mailbox SET password = ''",
	"UPDATE mailbox SET password = '{}x'",
	"UPDATE mailbox SET password = '{CRYPT}with space'",
	"UPDATE mailbox SET home = '../x'",
	"UPDATE mailbox SET home = ''",
	"UPDATE mailbox SET quota = -1",
	"UPDATE mailbox SET imap = 2",
	"INSERT INTO mailbox (address_id) SELECT id FROM address "
	    "WHERE localpart = 'p+q'",
	"INSERT INTO mailbox (address_id) SELECT id FROM address "
	    "WHERE domain = 'r.test'",
	"INSERT INTO setting (name, value) VALUES ('No', 'x')",

	"UPDATE journal SET who = 'x'",
	"DELETE FROM journal",
	"UPDATE journal_domain SET name = 'x'",
	"DELETE FROM journal_address",
	"UPDATE journal_mailbox SET password = 'x'",
};

static void
test_refused(void)
{
	struct maildb *db = lib_open();
	char *before, *after;
	int64_t txn;
	int rc;

	lib_world(db, "domain a.test\nuser u@a.test\nalias u@a.test o@far.test\n"
	    "alias p+q@a.test u@a.test\ndomain r.test class=relay\n"
	    "recipient p@r.test\n");
	before = newest(db, 0, &txn);
	for (size_t i = 0; i < ARRAY_LEN(refused); i++) {
		rc = db->driver->script(db->conn, refused[i]);
		LIB_ASSERT_ROW(refused[i],
		    rc == MAILDB_EREFUSED || rc == MAILDB_EEXISTS);
	}
	after = newest(db, 0, &txn);
	LIB_ASSERT_TEXT("nothing was done", after, before);
	free(before);
	free(after);
	lib_close(db);
}

/* Triggers keep what belongs together, whoever writes. */
static void
test_by_hand(void)
{
	struct maildb *db = lib_open();

	lib_sql(db, "INSERT INTO domain (name, uname) "
	    "VALUES ('xn--bcher-kva.test', 'b\xc3\xbc" "cher.test');"
	    "INSERT INTO address (domain, localpart) VALUES "
	    "('xn--bcher-kva.test', 'i'), ('xn--bcher-kva.test', 'u');"
	    "INSERT INTO mailbox (address_id) SELECT id FROM address "
	    "WHERE localpart = 'u';"
	    "INSERT INTO target (address_id, dest) SELECT id, "
	    "'u@xn--bcher-kva.test' FROM address WHERE localpart = 'i'");
	LIB_STEP(db, "users b\xc3\xbc" "cher.test", "u@xn--bcher-kva.test");
	lib_sql(db, "UPDATE address SET localpart = 'v' WHERE localpart = 'u'");
	LIB_STEP(db, "aliases", "i@xn--bcher-kva.test>v@xn--bcher-kva.test");
	lib_sql(db, "UPDATE domain SET name = 'b.test', uname = NULL "
	    "WHERE name = 'xn--bcher-kva.test'");
	LIB_STEP(db, "aliases", "i@b.test>v@b.test");
	LIB_STEP(db, "domain? xn--bcher-kva.test name", "no_such_domain *");
	LIB_STEP(db, "rmuser v@b.test", "1\nalias_removed: *");
	lib_close(db);
}

CU_TestInfo lib_txn[] = {
	{ "levels", test_levels },
	{ "depth and lock", test_depth },
	{ "who and how", test_actor },
	{ "no change, no entry", test_no_change },
	{ "what SQL by hand cannot do", test_refused },
	{ "what SQL by hand brings along", test_by_hand },
	CU_TEST_INFO_NULL,
};
