/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * test_complete.c - the names that begin with what was typed
 */
#include <stdlib.h>
#include <string.h>

#include "state/state.h"
#include "lib.h"

static const struct {
	enum maildb_names what;
	const char *prefix, *domain;
	int most;
	const char *wanted;
} rows[] = {
	{ MAILDB_NAMES_DOMAIN, "", NULL, 9,
	    "example.net example.org m\xc3\xbcnchen.example "
	    "xn--mnchen-3ya.example" },
	{ MAILDB_NAMES_DOMAIN, "EXAMPLE.", NULL, 9, "example.net example.org" },
	{ MAILDB_NAMES_DOMAIN, "m\xc3\xbc", NULL, 9,
	    "m\xc3\xbcnchen.example" },
	{ MAILDB_NAMES_DOMAIN, "example.", NULL, 1, "example.net" },
	{ MAILDB_NAMES_DOMAIN, "%", NULL, 9, "" },
	{ MAILDB_NAMES_USER, "", NULL, 9,
	    "anna@example.org annette@example.org bob@example.net" },
	{ MAILDB_NAMES_USER, "ann", NULL, 9,
	    "anna@example.org annette@example.org" },
	{ MAILDB_NAMES_USER, "anna@e", NULL, 9, "anna@example.org" },
	{ MAILDB_NAMES_USER, "", "example.net", 9, "bob" },
	{ MAILDB_NAMES_USER, "ann", "example.org", 1, "anna" },
	{ MAILDB_NAMES_USER, "ann", "example.net", 9, "" },
	{ MAILDB_NAMES_ALIAS, "", NULL, 9,
	    "@example.net info@example.org postmaster@*" },
	{ MAILDB_NAMES_ALIAS, "", "example.net", 9, "" },
	{ MAILDB_NAMES_ALIAS, "i", "example.org", 9, "info" },
	{ MAILDB_NAMES_ADDRESS, "", NULL, 9,
	    "anna@example.org annette@example.org bob@example.net "
	    "info@example.org postmaster@*" },
	{ MAILDB_NAMES_ADDRESS, "", "example.org", 9, "anna annette info" },
	{ MAILDB_NAMES_ID, "", NULL, 2, "1 2" },
	{ MAILDB_NAMES_ID, "1", NULL, 9, "1 10 11 12" },
	{ MAILDB_NAMES_ID, "1", NULL, 3, "1 10 11" },
	{ MAILDB_NAMES_ID, "12", NULL, 9, "12" },
	{ MAILDB_NAMES_ID, "0", NULL, 9, "" },
	{ MAILDB_NAMES_ID, "1x", NULL, 9, "" },
	{ MAILDB_NAMES_ID, "99999999999999999999", NULL, 9, "" },
};

static void
fill(struct maildb *db)
{
	lib_sql(db, "INSERT INTO domain (name, uname) VALUES "
	    "('example.org', NULL), ('example.net', NULL), "
	    "('xn--mnchen-3ya.example', 'm\xc3\xbcnchen.example')");
	lib_sql(db, "INSERT INTO address (id, domain, localpart) VALUES "
	    "(101, 'example.org', 'anna'), (102, 'example.org', 'annette'), "
	    "(103, 'example.net', 'bob'), (104, 'example.org', 'info'), "
	    "(105, 'example.net', ''), (106, '*', 'postmaster')");
	lib_sql(db, "INSERT INTO mailbox (address_id) "
	    "VALUES (101), (102), (103)");
	lib_sql(db, "INSERT INTO target (id, address_id, dest) VALUES "
	    "(1, 104, 'anna@example.org'), (2, 105, 'bob@example.net'), "
	    "(10, 106, 'anna@example.org'), (11, 106, 'bob@example.net'), "
	    "(12, 106, 'c@elsewhere.test')");
}

static void
test_names(void)
{
	struct maildb *db = lib_open();
	struct maildb_cursor *cursor;
	char got[500];
	size_t i;
	int rc;

	fill(db);
	for (i = 0; i < ARRAY_LEN(rows); i++) {
		*got = '\0';
		rc = maildb_complete(db, rows[i].what, rows[i].prefix,
		    rows[i].domain, rows[i].most, &cursor);
		CU_ASSERT_FATAL(rc == 0);
		while ((rc = maildb_cursor_next(cursor)) > 0) {
			if (*got != '\0')
				strcat(got, " ");
			strcat(got, maildb_cursor_text(cursor, 0));
		}
		CU_ASSERT_EQUAL(rc, 0);
		maildb_cursor_free(cursor);
		LIB_ASSERT_TEXT(rows[i].prefix, got, rows[i].wanted);
	}
	lib_close(db);
}

static void
test_ids_tell(void)
{
	struct maildb *db = lib_open();
	struct maildb_cursor *cursor;

	fill(db);
	CU_ASSERT_FATAL(maildb_complete(db, MAILDB_NAMES_ID, "2", NULL, 1,
	    &cursor) == 0);
	CU_ASSERT_FATAL(maildb_cursor_next(cursor) == 1);
	LIB_ASSERT_TEXT("id 2", maildb_cursor_text(cursor, 1),
	    "@example.net -> bob@example.net");
	maildb_cursor_free(cursor);
	lib_close(db);
}

static void
test_misuse(void)
{
	struct maildb *db = maildb_new();
	struct maildb_cursor *cursor;

	CU_ASSERT_EQUAL(maildb_complete(db, MAILDB_NAMES_USER, "", NULL, 1,
	    &cursor), MAILDB_EMISUSE);
	CU_ASSERT_PTR_NULL(cursor);
	CU_ASSERT_EQUAL(maildb_complete(db, MAILDB_NAMES_ID, "1", NULL, 1,
	    &cursor), MAILDB_EMISUSE);
	CU_ASSERT_PTR_NULL(cursor);
	maildb_free(db);
}

CU_TestInfo lib_complete[] = {
	{ "names", test_names },
	{ "ids", test_ids_tell },
	{ "misuse", test_misuse },
	CU_TEST_INFO_NULL,
};
