/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * test_suggest.c - what a mistyped name was meant to be
 */
#include <stdlib.h>

#include "state/state.h"
#include "lib.h"

static const struct {
	const char *name, *wanted; /* "" for nothing */
} rows[] = {
	/* domains */
	{ "exmaple.org", "example.org" },
	{ "examples.org", "example.org" },
	{ "EXAMPEL.ORG", "example.org" },
	{ "xample.org", "example.org" },
	{ "example.com", "example.net" },
	{ "example.rg", "example.org" },
	{ "münchn.example", "münchen.example" },
	{ "xn--mnchen-3yb.example", "xn--mnchen-3ya.example" },
	{ "other.test", "" },
	{ "b.de", "a.de" },
	{ "a.bc", "" },
	{ "example.org", "" },
	{ "", "" },
	{ "*", "" },
	/* addresses */
	{ "bbo@example.org", "bob@example.org" },
	{ "Bobb@example.org", "bob@example.org" },
	{ "postmster@example.org", "postmaster@example.org" },
	{ "bob@exmaple.org", "bob@example.org" },
	{ "bbo@exmaple.org", "bob@example.org" },
	{ "bob@other.test", "" },
	{ "xyz@example.org", "" },
	{ "bob@example.org", "" },
	{ "@example.org", "" },
	{ "usr@munchen.example", "usr@xn--mnchen-3ya.example" },
	{ "user@münchn.example", "usr@xn--mnchen-3ya.example" },
	{ "usr@xn--mnchen-3ya.exampl", "usr@xn--mnchen-3ya.example" },
	{ "a' OR 'b@example.org", "" },
};

static void
test_names(void)
{
	struct maildb *db = lib_open();
	char *got, longest[2000];
	size_t i;
	int rc;

	lib_sql(db, "INSERT INTO domain (name, uname) VALUES "
	    "('example.org', NULL), ('example.net', NULL), ('a.de', NULL), "
	    "('xn--mnchen-3ya.example', 'm\xc3\xbcnchen.example')");
	lib_sql(db, "INSERT INTO address (domain, localpart) VALUES "
	    "('example.org', 'bob'), ('example.org', 'postmaster'), "
	    "('example.org', ''), ('xn--mnchen-3ya.example', 'usr'), "
	    "('example.net', 'carol')");
	for (i = 0; i < ARRAY_LEN(rows); i++) {
		rc = maildb_suggest(db, rows[i].name, &got);
		LIB_ASSERT_ROW(rows[i].name, rc == (got != NULL));
		LIB_ASSERT_TEXT(rows[i].name, got != NULL ? got : "",
		    rows[i].wanted);
		free(got);
	}
	for (i = 0; i < sizeof(longest) - 1; i++)
		longest[i] = 'a';
	longest[i] = '\0';
	CU_ASSERT_EQUAL(maildb_suggest(db, longest, &got), 0);
	longest[1000] = '\0';
	CU_ASSERT_EQUAL(maildb_suggest(db, longest, &got), 0);
	CU_ASSERT_PTR_NULL(got);
	lib_close(db);
}

/* Neighbours are found among more names than are looked at. */
static void
test_many(void)
{
	struct maildb *db = lib_open();
	char *got;

	lib_sql(db, "INSERT INTO domain (name) WITH RECURSIVE n(i) AS "
	    "(SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 6000) "
	    "SELECT 'd' || i || '.example' FROM n");
	lib_sql(db, "INSERT INTO domain (name) VALUES ('dxyzzy.example')");
	CU_ASSERT_EQUAL(maildb_suggest(db, "dxyzy.example", &got), 1);
	LIB_ASSERT_TEXT("among many", got, "dxyzzy.example");
	free(got);
	lib_close(db);
}

static void
test_misuse(void)
{
	struct maildb *db = maildb_new();
	char *got;

	CU_ASSERT_EQUAL(maildb_suggest(db, "example.org", &got), MAILDB_EMISUSE);
	CU_ASSERT_PTR_NULL(got);
	maildb_free(db);
}

CU_TestInfo lib_suggest[] = {
	{ "names", test_names },
	{ "many names", test_many },
	{ "misuse", test_misuse },
	CU_TEST_INFO_NULL,
};
