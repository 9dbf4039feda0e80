/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * lib.c - runs the suites of the library on a real database
 *
 * Arguments name the suites to run; without any, all run.  The database is a
 * SQLite file in a scratch directory, or what TEST_DB_URL names, which is
 * emptied for each test.
 */
#include <CUnit/Basic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "state/state.h"
#include "lib.h"

static CU_SuiteInfo suites[] = {
	{ .pName = "domain", .pTests = lib_domain },
	{ .pName = "user", .pTests = lib_user },
	{ .pName = "change", .pTests = lib_change },
	{ .pName = "alias", .pTests = lib_alias },
	{ .pName = "sender", .pTests = lib_sender },
	{ .pName = "setting", .pTests = lib_setting },
	{ .pName = "open", .pTests = lib_opening },
	{ .pName = "constraint", .pTests = lib_constraint },
	{ .pName = "cursor", .pTests = lib_cursor },
	{ .pName = "txn", .pTests = lib_txn },
	{ .pName = "driver", .pTests = lib_driver },
	{ .pName = "lookup", .pTests = lib_lookup },
	{ .pName = "trace", .pTests = lib_trace },
	{ .pName = "journal", .pTests = lib_journal },
	{ .pName = "stage", .pTests = lib_stage },
	{ .pName = "suggest", .pTests = lib_suggest },
	{ .pName = "complete", .pTests = lib_complete },
	{ .pName = "check", .pTests = lib_check },
	{ .pName = "perl", .pTests = lib_perl },
	{ .pName = "extension", .pTests = lib_extension },
	{ .pName = "foreign", .pTests = lib_foreign },
	{ .pName = "plans", .pTests = lib_plans },
	CU_SUITE_INFO_NULL,
};

static char scratch[] = "/tmp/maildb-lib.XXXXXX";
static char url[256];

/* Ends the run when the tests themselves cannot work. */
static void
need(bool holds, const char *what)
{
	if (holds)
		return;
	fprintf(stderr, "lib: %s\n", what);
	exit(EXIT_FAILURE);
}

static void
remove_file(void)
{
	static const char *const ends[] = { "", "-wal", "-shm", "-boot" };
	char path[300];

	for (size_t i = 0; i < ARRAY_LEN(ends); i++) {
		snprintf(path, sizeof(path), "%s/test.db%s", scratch, ends[i]);
		unlink(path);
	}
}

static void
remove_scratch(void)
{
	remove_file();
	rmdir(scratch);
}

/* Chooses the database of this run. */
static void
choose_url(void)
{
	const char *given = getenv("TEST_DB_URL");

	need(mkdtemp(scratch) != NULL, "no scratch directory");
	atexit(remove_scratch);
	if (given != NULL && *given != '\0')
		snprintf(url, sizeof(url), "%s", given);
	else
		snprintf(url, sizeof(url), "sqlite:%s/test.db", scratch);
}

static struct maildb *
open_url(unsigned flags)
{
	struct maildb *db = maildb_new();
	int rc;

	need(db != NULL, "no memory");
	rc = maildb_open(db, url, flags);
	need(rc == 0, maildb_fault(db)->message);
	return db;
}

bool
lib_is_sqlite(void)
{
	return strncmp(url, "sqlite:", 7) == 0;
}

const char *
lib_url(void)
{
	return url;
}

struct maildb *
lib_open(void)
{
	struct maildb *db;

	if (lib_is_sqlite()) {
		remove_file();
	} else {
		db = open_url(MAILDB_ANYSCHEMA);
		lib_sql(db, "DROP SCHEMA IF EXISTS maildb CASCADE");
		maildb_free(db);
	}
	return open_url(MAILDB_CREATE);
}

void
lib_close(struct maildb *db)
{
	maildb_free(db);
}

void
lib_sql(struct maildb *db, const char *sql)
{
	int rc = db->driver->script(db->conn, sql);

	need(rc == 0, maildb_fault(db)->message);
}

/* Makes one object of a line's words. */
static int
make_object(struct maildb *db, char **word, size_t nwords)
{
	struct maildb_attr attrs[8];
	const char *hash = NULL;
	size_t nattrs = 0;
	char *value;

	if (strcmp(word[0], "alias") == 0)
		return maildb_alias_add(db, word[1], word[2], -1,
		    MAILDB_ALLOW_DEAD);
	if (strcmp(word[0], "recipient") == 0)
		return maildb_recipient_add(db, word[1]);
	if (strcmp(word[0], "setting") == 0)
		return maildb_setting_set(db, word[1], word[2]);
	for (size_t i = 2; i < nwords; i++) {
		value = strchr(word[i], '=');
		*value++ = '\0';
		if (strcmp(word[i], "hash") == 0)
			hash = value;
		else
			attrs[nattrs++] = (struct maildb_attr){ word[i], value };
	}
	if (strcmp(word[0], "domain") == 0)
		return maildb_domain_add(db, word[1], attrs, nattrs, 0);
	return maildb_user_add(db, word[1], hash, attrs, nattrs, 0);
}

void
lib_world(struct maildb *db, const char *lines)
{
	char *text = strdup(lines), *rest = text, *line, *word[10];
	size_t nwords;

	need(text != NULL, "no memory");
	while ((line = strsep(&rest, "\n")) != NULL) {
		if (*line == '\0')
			continue;
		for (nwords = 0; nwords < ARRAY_LEN(word); nwords++)
			if ((word[nwords] = strsep(&line, " ")) == NULL)
				break;
		if (make_object(db, word, nwords) < 1) {
			fprintf(stderr, "lib: %s %s: ", word[0], word[1]);
			need(false, maildb_fault(db)->message);
		}
	}
	free(text);
}

char *
lib_rows(int rc, struct maildb_cursor **cursor)
{
	struct maildb__buf buf = { 0 };
	const char *text;
	size_t i, width = rc < 0 ? 0 : maildb_cursor_width(*cursor);

	while (rc >= 0 && (rc = maildb_cursor_next(*cursor)) > 0) {
		for (i = 0; i < width; i++) {
			text = maildb_cursor_text(*cursor, i);
			if (text != NULL)
				maildb__buf_add(&buf, text);
			else if (!maildb_cursor_null(*cursor, i))
				maildb__buf_printf(&buf, "%lld", (long long)
				    maildb_cursor_int(*cursor, i));
			maildb__buf_add(&buf, i + 1 < width ? "|" : "\n");
		}
	}
	if (rc < 0)
		maildb__buf_printf(&buf, "ERROR %s", maildb_error_name(rc));
	maildb_cursor_free(*cursor);
	*cursor = NULL;
	need(!buf.failed, "no memory");
	return maildb__buf_take(&buf);
}

void
lib_assert_row(const char *file, unsigned line, const char *row,
    const char *text, bool holds)
{
	char name[1000];

	snprintf(name, sizeof(name), "%s: %s", row, text);
	CU_assertImplementation(holds, line, name, file, "", CU_FALSE);
}

void
lib_assert_text(const char *file, unsigned line, const char *row,
    const char *got, const char *wanted)
{
	char name[8000];

	snprintf(name, sizeof(name), "%s: got \"%.3500s\", wanted \"%.3500s\"",
	    row, got != NULL ? got : "(null)", wanted);
	CU_assertImplementation(got != NULL && strcmp(got, wanted) == 0, line,
	    name, file, "", CU_FALSE);
}

/* Runs the suite of that name; anything else than its end is a failure. */
static bool
run_suite(const char *name)
{
	CU_pSuite suite = CU_get_suite(name);

	if (suite == NULL) {
		fprintf(stderr, "lib: no suite '%s'\n", name);
		return false;
	}
	return CU_basic_run_suite(suite) == CUE_SUCCESS;
}

int
main(int argc, char **argv)
{
	bool ok;

	choose_url();
	if (CU_initialize_registry() != CUE_SUCCESS ||
	    CU_register_suites(suites) != CUE_SUCCESS) {
		fprintf(stderr, "lib: %s\n", CU_get_error_msg());
		return EXIT_FAILURE;
	}
	CU_basic_set_mode(CU_BRM_VERBOSE);
	ok = argc > 1 || CU_basic_run_tests() == CUE_SUCCESS;
	for (int i = 1; i < argc; i++)
		ok = run_suite(argv[i]) && ok;
	ok = ok && CU_get_number_of_failures() == 0;
	CU_cleanup_registry();
	return ok ? EXIT_SUCCESS : EXIT_FAILURE;
}
