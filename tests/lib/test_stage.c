/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * test_stage.c - the desired state as the library takes it
 *
 * Documents are tests/cli/cases/state.txt's business, random ones that of
 * tests/state/run; here is what only a caller of the library can do.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "state/state.h"
#include "steps.h"

static const struct maildb_record domain = {
	.kind = MAILDB_KIND_DOMAIN, .key = "example.org",
};
static const struct maildb_record user = {
	.kind = MAILDB_KIND_USER, .key = "anna@example.org",
};

/* Stages records and applies them. */
static int
apply(struct maildb *db, const struct maildb_record *records, size_t count,
    unsigned flags, struct maildb_counts *counts)
{
	size_t i;
	int rc = maildb_stage_begin(db);

	for (i = 0; rc == 0 && i < count; i++)
		rc = maildb_stage(db, &records[i]);
	if (rc == 0)
		rc = maildb_stage_end(db);
	return rc < 0 ? rc :
	    maildb_stage_apply(db, flags, NULL, 0, counts);
}

static void
test_order(void)
{
	static const struct maildb_target target = { "anna@example.org", -1,
		false };
	const struct maildb_record records[] = {
		{ .kind = MAILDB_KIND_ALIAS, .key = "info@example.org",
		    .targets = &target, .ntargets = 1 },
		user, domain,
	};
	struct maildb *db = lib_open();
	struct maildb_counts counts;

	CU_ASSERT(apply(db, records, 3, 0, &counts) == 1);
	CU_ASSERT(counts.added[MAILDB_KIND_ALIAS] == 1);
	CU_ASSERT(counts.added[MAILDB_KIND_USER] == 1);
	CU_ASSERT(counts.added[MAILDB_KIND_DOMAIN] == 1);
	CU_ASSERT(apply(db, records, 3, 0, &counts) == 0);
	CU_ASSERT(counts.added[MAILDB_KIND_USER] == 0);
	lib_close(db);
}

static void
test_misuse(void)
{
	struct maildb *db = lib_open();
	struct maildb_counts counts;

	CU_ASSERT(maildb_stage(db, &domain) == MAILDB_EMISUSE);
	CU_ASSERT(maildb_stage_end(db) == MAILDB_EMISUSE);
	CU_ASSERT(maildb_stage_apply(db, 0, NULL, 0, &counts) ==
	    MAILDB_EMISUSE);
	CU_ASSERT(maildb_stage_begin(db) == 0);
	CU_ASSERT(maildb_stage_apply(db, 0, NULL, 0, &counts) ==
	    MAILDB_EMISUSE);
	/* A second begin forgets the first. */
	CU_ASSERT(maildb_stage(db, &domain) == 0);
	CU_ASSERT(maildb_stage_begin(db) == 0);
	CU_ASSERT(maildb_stage_end(db) == 0);
	CU_ASSERT(maildb_stage(db, &domain) == MAILDB_EMISUSE);
	CU_ASSERT(maildb_stage_apply(db, 0, NULL, 0, &counts) == 0);
	lib_close(db);
}

/* No change comes between begin and end, on either back end. */
static void
test_change_while_staging(void)
{
	struct maildb *db = lib_open();
	struct maildb_cursor *cursor;
	struct maildb_counts counts;
	char *rows;
	int inside;

	for (inside = 0; inside < 2; inside++) {
		if (inside) /* the lock is held */
			CU_ASSERT(maildb_begin(db) == 0 && maildb_setting_set(
			    db, "mail_host", "mail.example") == 1);
		CU_ASSERT(maildb_stage_begin(db) == 0);
		CU_ASSERT(maildb_domain_add(db, "example.net", NULL, 0, 0) ==
		    MAILDB_EMISUSE);
		CU_ASSERT(maildb_stage(db, &domain) == 0);
		CU_ASSERT(maildb_user_remove(db, "x@example.net", 0) ==
		    MAILDB_EMISUSE);
		CU_ASSERT(maildb_stage_end(db) == 0);
		CU_ASSERT(maildb_stage_apply(db, 0, NULL, 0, &counts) ==
		    !inside);
		CU_ASSERT(!inside || maildb_commit(db) == 0);
	}
	rows = lib_rows(maildb_domain_list(db, NULL, &cursor), &cursor);
	CU_ASSERT(strstr(rows, "example.net") == NULL);
	free(rows);
	lib_close(db);
}

/* A refused record ends the staging, and the handle works on. */
static void
test_refused(void)
{
	const struct maildb_attr attr = { "quota", "0" };
	struct maildb_record bad = user;
	struct maildb *db = lib_open();
	struct maildb_counts counts;

	bad.attrs = &attr;
	bad.nattrs = 1;
	CU_ASSERT(apply(db, &bad, 1, 0, &counts) == MAILDB_EVALUE);
	LIB_ASSERT_TEXT("field", maildb_fault(db)->field, "quota");
	CU_ASSERT(maildb_stage_end(db) == MAILDB_EMISUSE);
	CU_ASSERT(maildb_domain_add(db, "example.net", NULL, 0, 0) == 1);
	CU_ASSERT(apply(db, &domain, 1, 0, &counts) == 1);
	lib_close(db);
}

static void
test_place(void)
{
	struct maildb_record twice = user;
	struct maildb_record records[3] = { domain, user };
	struct maildb *db = lib_open();
	struct maildb_counts counts;

	records[1].file = "one.json";
	records[1].line = 7;
	records[1].column = 3;
	twice.file = "two.json";
	twice.line = 9;
	records[2] = twice;
	CU_ASSERT(apply(db, records, 3, 0, &counts) == MAILDB_EEXISTS);
	CU_ASSERT(strstr(maildb_fault(db)->message, "one.json:7:3: ") != NULL);
	CU_ASSERT(strstr(maildb_fault(db)->message, "two.json:9") != NULL);
	CU_ASSERT(apply(db, records, 2, 0, &counts) == 1);
	lib_close(db);
}

/* Inside a transaction of the caller's it is a part of that. */
static void
test_nested(void)
{
	struct maildb_counts counts;
	struct maildb_cursor *cursor;
	struct maildb *db = lib_open();
	char *rows;

	CU_ASSERT(maildb_begin(db) == 0);
	CU_ASSERT(maildb_domain_add(db, "example.org", NULL, 0, 0) == 1);
	CU_ASSERT(apply(db, &user, 1, 0, &counts) == 1);
	CU_ASSERT(maildb_rollback(db) == 0);
	CU_ASSERT(apply(db, &user, 1, 0, &counts) == MAILDB_EDOMAIN);
	CU_ASSERT(apply(db, &user, 1, MAILDB_CREATE_DOMAIN, &counts) == 1);
	rows = lib_rows(maildb_export(db, MAILDB_KIND_DOMAIN, "example.org",
	    &cursor), &cursor);
	CU_ASSERT(strstr(rows, "example.org") != NULL);
	free(rows);
	lib_close(db);
}

/* What users have for themselves is hashed; mostly more than threads. */
static void
test_passwords(void)
{
	struct maildb_record records[9] = { domain };
	char keys[8][32], passwords[8][16];
	struct maildb_counts counts;
	struct maildb *db = lib_open();
	size_t i;

	for (i = 0; i < 8; i++) {
		snprintf(keys[i], sizeof(keys[i]), "u%zu@example.org", i);
		snprintf(passwords[i], sizeof(passwords[i]), "sesame-%zu", i);
		records[1 + i] = (struct maildb_record){
			.kind = MAILDB_KIND_USER, .key = keys[i],
			.password = passwords[i] };
	}
	CU_ASSERT(apply(db, records, 9, 0, &counts) == 1);
	for (i = 0; i < 8; i++)
		CU_ASSERT(maildb_user_verify(db, keys[i], passwords[i]) == 1);
	CU_ASSERT(maildb_user_verify(db, keys[0], passwords[1]) == 0);
	CU_ASSERT(apply(db, records, 9, 0, &counts) == 0);
	records[1].password = passwords[1];
	CU_ASSERT(apply(db, records, 9, 0, &counts) == 0);
	records[1].flags = MAILDB_RECORD_REPLACE;
	CU_ASSERT(apply(db, records, 9, 0, &counts) == 1);
	CU_ASSERT(maildb_user_verify(db, keys[0], passwords[1]) == 1);
	lib_close(db);
}

/* A scheme that the document sets counts for the users after it. */
static void
test_scheme(void)
{
	const struct maildb_attr scheme = { "value", "sha512" };
	const struct maildb_record records[] = { domain,
		{ .kind = MAILDB_KIND_SETTING, .key = "password_scheme",
		    .attrs = &scheme, .nattrs = 1 },
		{ .kind = MAILDB_KIND_USER, .key = "u@example.org",
		    .password = "sesame" } };
	struct maildb_counts counts;
	struct maildb *db = lib_open();

	CU_ASSERT(apply(db, records, ARRAY_LEN(records), 0, &counts) == 1);
	LIB_STEP(db, "password? u@example.org", "{SHA512-CRYPT}$6$*");
	lib_close(db);
}

/* ---- imports -------------------------------------------------------- */

struct reasons {
	char text[400];
};

/* Writes down where a row was refused. */
static void
note_refused(void *arg, const char *file, uint32_t line, const char *message,
    const char *hint)
{
	struct reasons *reasons = arg;
	size_t len = strlen(reasons->text);

	(void)message;
	(void)hint;
	snprintf(reasons->text + len, sizeof(reasons->text) - len, "%s:%u ",
	    file, (unsigned)line);
}

/* Stages rows, of which each has its index for a line, and imports them. */
static int
import(struct maildb *db, struct maildb_record *records, size_t count,
    unsigned flags, struct reasons *reasons, struct maildb_outcome *outcome)
{
	size_t i;
	int rc = maildb_stage_begin(db);

	memset(reasons, 0, sizeof(*reasons));
	for (i = 0; rc == 0 && i < count; i++) {
		records[i].file = "f";
		records[i].line = (uint32_t)i;
		if (!(records[i].flags & MAILDB_RECORD_MORE))
			records[i].flags |= MAILDB_RECORD_ROW;
		rc = maildb_stage(db, &records[i]);
	}
	if (rc == 0)
		rc = maildb_stage_end(db);
	return rc < 0 ? rc : maildb_stage_import(db, flags, note_refused,
	    reasons, outcome);
}

static void
check_outcome(const struct maildb_outcome *outcome, int added, int same,
    int refused)
{
	CU_ASSERT(outcome->added == added);
	CU_ASSERT(outcome->same == same);
	CU_ASSERT(outcome->refused == refused);
}

/* A record that cannot be does not end the others. */
static void
test_import_refused(void)
{
	const struct maildb_attr attr = { "quota", "0" };
	struct maildb_record records[] = {
		{ .kind = MAILDB_KIND_USER, .key = "a..b@example.org" },
		user,
		{ .kind = MAILDB_KIND_USER, .key = "bob@example.org",
		    .attrs = &attr, .nattrs = 1 },
		{ .kind = MAILDB_KIND_USER, .key = "bob@nowhere.example" },
	};
	struct maildb *db = lib_open();
	struct maildb_outcome outcome;
	struct reasons reasons;

	CU_ASSERT(maildb_domain_add(db, "example.org", NULL, 0, 0) == 1);
	CU_ASSERT(import(db, records, 4, 0, &reasons, &outcome) == 1);
	check_outcome(&outcome, 1, 0, 3);
	LIB_ASSERT_TEXT("refused", reasons.text, "f:0 f:2 f:3 ");
	CU_ASSERT(import(db, records, 4, 0, &reasons, &outcome) == 0);
	check_outcome(&outcome, 0, 1, 3);
	lib_close(db);
}

/* What belongs to a row is refused with it, and the other way round. */
static void
test_import_more(void)
{
	static const struct maildb_target anna = { "anna@example.org", -1,
		false };
	struct maildb_record records[] = {
		user,
		{ .kind = MAILDB_KIND_ALIAS, .key = "a@example.org",
		    .targets = &anna, .ntargets = 1,
		    .flags = MAILDB_RECORD_ADD | MAILDB_RECORD_MORE },
		{ .kind = MAILDB_KIND_ALIAS, .key = "b@nowhere.example",
		    .targets = &anna, .ntargets = 1,
		    .flags = MAILDB_RECORD_ADD | MAILDB_RECORD_MORE },
	};
	struct maildb *db = lib_open();
	struct maildb_outcome outcome;
	struct reasons reasons;
	struct maildb_cursor *cursor;

	CU_ASSERT(maildb_domain_add(db, "example.org", NULL, 0, 0) == 1);
	CU_ASSERT(import(db, records, 3, 0, &reasons, &outcome) == 0);
	check_outcome(&outcome, 0, 0, 1);
	CU_ASSERT(maildb_user_get(db, "anna@example.org", &cursor) ==
	    MAILDB_EUSER);
	CU_ASSERT(import(db, records, 2, 0, &reasons, &outcome) == 1);
	check_outcome(&outcome, 1, 0, 0);
	lib_close(db);
}

/* Only what a user has none of its own of is filled in. */
static void
test_import_fill(void)
{
	const struct maildb_attr own = { "quota", "2G" }, more[] = {
		{ "quota", "1G" }, { "messages", "unlimited" },
	};
	struct maildb_record record = { .kind = MAILDB_KIND_USER,
		.key = "anna@example.org", .attrs = more, .nattrs = 2,
		.flags = MAILDB_RECORD_FILL };
	struct maildb *db = lib_open();
	struct maildb_outcome outcome;
	struct reasons reasons;
	struct maildb_cursor *cursor;
	char *rows;

	CU_ASSERT(maildb_domain_add(db, "example.org", NULL, 0, 0) == 1);
	CU_ASSERT(import(db, &record, 1, 0, &reasons, &outcome) == 0);
	check_outcome(&outcome, 0, 0, 1);
	CU_ASSERT(maildb_user_add(db, "anna@example.org", NULL, &own, 1, 0)
	    == 1);
	CU_ASSERT(import(db, &record, 1, 0, &reasons, &outcome) == 1);
	check_outcome(&outcome, 1, 0, 0);
	CU_ASSERT(import(db, &record, 1, 0, &reasons, &outcome) == 0);
	check_outcome(&outcome, 0, 1, 0);
	rows = lib_rows(maildb_quota_list(db, NULL, &cursor), &cursor);
	CU_ASSERT(strstr(rows, "2147483648") != NULL);
	free(rows);
	lib_close(db);
}

static void
test_import_misuse(void)
{
	struct maildb *db = lib_open();
	struct maildb_outcome outcome;

	CU_ASSERT(maildb_stage_import(db, 0, NULL, NULL, &outcome) ==
	    MAILDB_EMISUSE);
	CU_ASSERT(maildb_stage_begin(db) == 0);
	CU_ASSERT(maildb_stage_import(db, 0, NULL, NULL, &outcome) ==
	    MAILDB_EMISUSE);
	CU_ASSERT(maildb_stage_end(db) == 0);
	CU_ASSERT(maildb_stage_import(db, 0, NULL, NULL, &outcome) == 0);
	check_outcome(&outcome, 0, 0, 0);
	lib_close(db);
}

CU_TestInfo lib_stage[] = {
	{ "records come in any order", test_order },
	{ "calls out of order", test_misuse },
	{ "a change while staging", test_change_while_staging },
	{ "a refused record", test_refused },
	{ "a fault names the places", test_place },
	{ "inside a transaction", test_nested },
	{ "passwords", test_passwords },
	{ "scheme", test_scheme },
	{ "an import goes on after a refused row", test_import_refused },
	{ "records of one row share its outcome", test_import_more },
	{ "fields are filled in, never changed", test_import_fill },
	{ "imports out of order", test_import_misuse },
	CU_TEST_INFO_NULL,
};
