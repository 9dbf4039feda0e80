/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * test_journal.c - what was changed is found again: by object, by who, by time
 */
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "state/state.h"
#include "lib.h"

static const char hash[] = "{SHA512-CRYPT}$6$saltsalt$hRM5XZ86KXEw9UOmjigeVqFg"
    "ULtFB2sgpC9lXQDfMib3Zgw7mEiUvBJI2EplzfAqxL5Vvwp2scFtv/uamSo5z0";

/* "who op object key\n" of each entry; who is one word, behind which
 * PostgreSQL says what role that was. */
static char *
entries(int rc, struct maildb_cursor *cursor)
{
	struct maildb__buf buf = { 0 };
	const char *who;

	while (rc >= 0 && (rc = maildb_cursor_next(cursor)) > 0) {
		who = maildb_cursor_text(cursor, 3);
		maildb__buf_printf(&buf, "%.*s %s %s %s\n",
		    (int)strcspn(who, " "), who, maildb_cursor_text(cursor, 7),
		    maildb_cursor_text(cursor, 5),
		    maildb_cursor_text(cursor, 6));
	}
	if (rc < 0)
		maildb__buf_add(&buf, maildb_error_name(rc));
	maildb_cursor_free(cursor);
	return maildb__buf_take(&buf);
}

static void
assert_journal(struct maildb *db, const char *row,
    const struct maildb_journal_filter *filter, const char *wanted)
{
	struct maildb_cursor *cursor = NULL;
	int rc = maildb_journal_list(db, filter, &cursor);
	char *got = entries(rc, cursor);

	LIB_ASSERT_TEXT(row, got, wanted);
	free(got);
}

static void
assert_pending(struct maildb *db, const char *row, const char *wanted)
{
	struct maildb_cursor *cursor = NULL;
	int rc = maildb_pending(db, &cursor);
	char *got = entries(rc, cursor);

	LIB_ASSERT_TEXT(row, got, wanted);
	free(got);
}

/* A small history, the last of it by hand. */
static struct maildb *
history(void)
{
	struct maildb *db = lib_open();

	maildb_set_actor(db, "ann", "tests");
	maildb_domain_add(db, "example.org", NULL, 0, 0);
	maildb_domain_add(db, "sub.example.org", NULL, 0, 0);
	maildb_domain_add(db, "ample.org", NULL, 0, 0);
	maildb_user_add(db, "bob@example.org", hash, NULL, 0, 0);
	maildb_set_actor(db, "joe", NULL);
	maildb_user_add(db, "bob@sub.example.org", NULL, NULL, 0, 0);
	maildb_alias_add(db, "@example.org", "bob@example.org", -1, 0);
	maildb_user_enable(db, "bob@example.org", false);
	maildb_setting_set(db, "mail_root", "/srv/mail");
	lib_sql(db, "UPDATE domain SET note = 'x' WHERE name = 'ample.org'");
	return db;
}

static void
test_filter(void)
{
	static const struct {
		const char *name;
		struct maildb_journal_filter filter;
		const char *wanted;
	} rows[] = {
		{ "an address", { .object = "Bob@Example.org" },
		    "joe set address bob@example.org\n"
		    "ann add user bob@example.org\n"
		    "ann add address bob@example.org\n" },
		{ "a catch-all", { .object = "@example.org" },
		    "joe add target @example.org\n"
		    "joe add address @example.org\n" },
		{ "a domain brings its addresses, not its subdomains",
		    { .object = "EXAMPLE.org" },
		    "joe set address bob@example.org\n"
		    "joe add target @example.org\n"
		    "joe add address @example.org\n"
		    "ann add user bob@example.org\n"
		    "ann add address bob@example.org\n"
		    "ann add domain example.org\n" },
		{ "a domain that ends like another",
		    { .object = "ample.org" },
		    "sql set domain ample.org\n"
		    "ann add domain ample.org\n" },
		{ "a setting", { .object = "mail_root", .most = 1 },
		    "joe set setting mail_root\n" },
		{ "nothing of the name", { .object = "nobody@example.org" },
		    "" },
		{ "who", { .who = "ann", .object = "example.org" },
		    "ann add user bob@example.org\n"
		    "ann add address bob@example.org\n"
		    "ann add domain example.org\n" },
		{ "who has a longer name", { .who = "an" }, "" },
		{ "the newest", { .most = 2 },
		    "sql set domain ample.org\n"
		    "joe set setting mail_root\n" },
		{ "before all", { .until = 1 }, "" },
		{ "after all", { .since = INT64_MAX }, "" },
		{ "an injection", { .object = "x' OR '1'='1" }, "" },
	};
	struct maildb *db = history();
	size_t i;

	for (i = 0; i < ARRAY_LEN(rows); i++)
		assert_journal(db, rows[i].name, &rows[i].filter,
		    rows[i].wanted);
	lib_close(db);
}

static void
test_time(void)
{
	struct maildb_journal_filter filter = { .who = "ann", .most = 1 };
	struct maildb *db = lib_open();
	struct maildb_cursor *cursor;
	int64_t before = time(NULL), at;

	maildb_set_actor(db, "ann", NULL);
	maildb_domain_add(db, "example.org", NULL, 0, 0);
	CU_ASSERT_EQUAL(maildb_journal_list(db, &filter, &cursor), 0);
	CU_ASSERT_EQUAL_FATAL(maildb_cursor_next(cursor), 1);
	CU_ASSERT_EQUAL(maildb_cursor_type(cursor, 2), MAILDB_MSEC);
	at = maildb_cursor_int(cursor, 2) / 1000;
	CU_ASSERT(at >= before && at <= time(NULL));
	maildb_cursor_free(cursor);
	/* Both ends are meant. */
	filter.since = filter.until = at;
	assert_journal(db, "that second", &filter, "ann add domain example.org\n");
	filter.since = filter.until = at - 1;
	assert_journal(db, "the one before", &filter, "");
	filter.since = filter.until = at + 1;
	assert_journal(db, "the one after", &filter, "");
	lib_close(db);
}

static void
test_transaction(void)
{
	struct maildb_journal_filter filter = { 0 };
	struct maildb *db = lib_open();
	struct maildb_cursor *cursor;

	maildb_set_actor(db, "ann", NULL);
	maildb_domain_add(db, "example.org", NULL, 0, 0);
	maildb_user_add(db, "bob@example.org", hash, NULL, 0, 0);
	maildb_domain_add(db, "third.example", NULL, 0, 0);
	filter.object = "bob@example.org";
	CU_ASSERT_EQUAL(maildb_journal_list(db, &filter, &cursor), 0);
	CU_ASSERT_EQUAL_FATAL(maildb_cursor_next(cursor), 1);
	filter.txn = maildb_cursor_int(cursor, 1);
	maildb_cursor_free(cursor);
	CU_ASSERT(filter.txn > 0);
	filter.object = NULL;
	assert_journal(db, "one transaction", &filter,
	    "ann add user bob@example.org\nann add address bob@example.org\n");
	lib_close(db);
}

static void
test_secrets(void)
{
	struct maildb *db = history();
	struct maildb_cursor *cursor = NULL;
	char *text;
	int rc;

	maildb_user_set_password(db, "bob@sub.example.org", hash);
	rc = maildb_journal_list(db, NULL, &cursor);
	text = lib_rows(rc, &cursor);
	CU_ASSERT_PTR_NULL(strstr(text, "$6$"));
	CU_ASSERT_PTR_NOT_NULL(strstr(text, "{SHA512-CRYPT}"));
	CU_ASSERT_PTR_NOT_NULL(strstr(text, "changed"));
	free(text);
	lib_close(db);
}

static void
test_pending(void)
{
	struct maildb *db = history();

	assert_pending(db, "no transaction", "");
	CU_ASSERT_EQUAL(maildb_begin(db), 0);
	assert_pending(db, "nothing written", "");
	maildb_domain_add(db, "new.example", NULL, 0, 0);
	maildb_domain_remove(db, "ample.org", 0);
	assert_pending(db, "in order",
	    "joe add domain new.example\njoe rm domain ample.org\n");
	CU_ASSERT_EQUAL(maildb_begin(db), 0);
	maildb_domain_add(db, "inner.example", NULL, 0, 0);
	CU_ASSERT_EQUAL(maildb_rollback(db), 0);
	assert_pending(db, "without what was rolled back",
	    "joe add domain new.example\njoe rm domain ample.org\n");
	CU_ASSERT_EQUAL(maildb_commit(db), 0);
	assert_pending(db, "committed", "");
	CU_ASSERT_EQUAL(maildb_begin(db), 0);
	maildb_domain_add(db, "next.example", NULL, 0, 0);
	assert_pending(db, "the next one", "joe add domain next.example\n");
	CU_ASSERT_EQUAL(maildb_rollback(db), 0);
	assert_pending(db, "rolled back", "");
	lib_close(db);
}

static void
test_misuse(void)
{
	struct maildb_cursor *cursor, *other;
	struct maildb *db = maildb_new();

	CU_ASSERT_EQUAL(maildb_journal_list(db, NULL, &cursor), MAILDB_EMISUSE);
	CU_ASSERT_EQUAL(maildb_pending(db, &cursor), MAILDB_EMISUSE);
	CU_ASSERT_PTR_NULL(cursor);
	maildb_free(db);
	db = lib_open();
	CU_ASSERT_EQUAL(maildb_journal_list(db, NULL, &cursor), 0);
	CU_ASSERT_EQUAL(maildb_pending(db, &other), MAILDB_EMISUSE);
	maildb_cursor_free(cursor);
	lib_close(db);
}

CU_TestInfo lib_journal[] = {
	{ "filters", test_filter },
	{ "time", test_time },
	{ "one transaction", test_transaction },
	{ "no secrets", test_secrets },
	{ "what is pending", test_pending },
	{ "misuse", test_misuse },
	CU_TEST_INFO_NULL,
};
