/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * lib.h - what the suites of the library share
 *
 * Each test_NAME.c defines one table of tests, ended by CU_TEST_INFO_NULL;
 * lib.c lists and runs them.  The same suites run on every back end.
 */
#ifndef LIB_H
#define LIB_H

#include <CUnit/CUnit.h>
#include <stdbool.h>

#include "maildb.h"

extern CU_TestInfo lib_alias[];
extern CU_TestInfo lib_change[];
extern CU_TestInfo lib_check[];
extern CU_TestInfo lib_constraint[];
extern CU_TestInfo lib_cursor[];
extern CU_TestInfo lib_domain[];
extern CU_TestInfo lib_driver[];
extern CU_TestInfo lib_extension[];
extern CU_TestInfo lib_foreign[];
extern CU_TestInfo lib_journal[];
extern CU_TestInfo lib_lookup[];
extern CU_TestInfo lib_opening[];
extern CU_TestInfo lib_perl[];
extern CU_TestInfo lib_plans[];
extern CU_TestInfo lib_sender[];
extern CU_TestInfo lib_setting[];
extern CU_TestInfo lib_stage[];
extern CU_TestInfo lib_suggest[];
extern CU_TestInfo lib_complete[];
extern CU_TestInfo lib_trace[];
extern CU_TestInfo lib_txn[];
extern CU_TestInfo lib_user[];

/* A handle on an empty database: a file of its own, or TEST_DB_URL emptied. */
struct maildb *lib_open(void);
/* Ends it; the file goes. */
void lib_close(struct maildb *db);
/* The URL of what lib_open() has opened. */
const char *lib_url(void);
/* Whether the back end is SQLite. */
bool lib_is_sqlite(void);

/* Runs statements as a person would by hand. */
void lib_sql(struct maildb *db, const char *sql);

/*
 * Makes objects through the library, one a line: domain, user, recipient or
 * setting NAME, or alias SOURCE DESTINATION; for domains and users fields
 * follow as name=value, where hash=... is a user's password.
 */
void lib_world(struct maildb *db, const char *lines);

/*
 * All rows of a cursor as text, "a|b|c\n" each, NULL as nothing; "ERROR code"
 * when rc or reading says so.  Frees the cursor, and the caller the text:
 *	rows = lib_rows(maildb_user_list(db, NULL, &cursor), &cursor);
 */
char *lib_rows(int rc, struct maildb_cursor **cursor);

/* Asserts that what is named by row got what it should, and shows both. */
void lib_assert_text(const char *file, unsigned line, const char *row,
    const char *got, const char *wanted);
#define LIB_ASSERT_TEXT(row, got, wanted) \
	lib_assert_text(__FILE__, __LINE__, (row), (got), (wanted))

/* Asserts inside a table of cases: a failure is named by its row. */
#define LIB_ASSERT_ROW(row, condition) \
	lib_assert_row(__FILE__, __LINE__, (row), #condition, (condition))
void lib_assert_row(const char *file, unsigned line, const char *row,
    const char *text, bool holds);

#endif
