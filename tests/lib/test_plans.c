/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * test_plans.c - every statement as SQLite prepares it
 *
 * A statement that reads a whole table is slow only when there are many
 * users, where no other test would notice.
 */
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "state/state.h"
#include "lib.h"

/* Opens the test's file beside the library; NULL on another back end. */
static sqlite3 *
open_sqlite(void)
{
	sqlite3 *sqlite = NULL;

	if (lib_is_sqlite())
		CU_ASSERT_FATAL(sqlite3_open(strchr(lib_url(), ':') + 1,
		    &sqlite) == SQLITE_OK);
	return sqlite;
}

/*
 * Whether a line of a plan means work that grows with the tables.  A subquery
 * is judged by its own lines, which come before it is read; the table session
 * has one row.
 */
static bool
is_slow(const char *line, const char *before)
{
	static const char *const fine[] = {
		" VIRTUAL TABLE ", " CONSTANT ROW", " session", " sqlite_schema",
	};
	char subquery[80];

	if (strstr(line, "TEMP B-TREE") != NULL ||
	    strstr(line, "AUTOMATIC") != NULL)
		return true;
	if (strncmp(line, "SCAN ", 5) != 0)
		return false;
	for (size_t i = 0; i < ARRAY_LEN(fine); i++)
		if (strstr(line, fine[i]) != NULL)
			return false;
	snprintf(subquery, sizeof(subquery), "CO-ROUTINE %s;", line + 5);
	if (strstr(before, subquery) != NULL)
		return false;
	snprintf(subquery, sizeof(subquery), "MATERIALIZE %s;", line + 5);
	return strstr(before, subquery) == NULL;
}

/* The nodes of a plan's tree, by their ids. */
enum { NODES = 1000 };
struct node {
	bool repeated; /* what is below is done for each row of something */
	bool loops;    /* a table is read below: siblings after it are inner */
};

/*
 * Whether a line of a plan is done for each row of something else: it is of a
 * correlated subquery, or of the inner loop of a join.
 */
static bool
is_repeated(struct node nodes[NODES], sqlite3_stmt *stmt, const char *line)
{
	int id = sqlite3_column_int(stmt, 0);
	int parent = sqlite3_column_int(stmt, 1);
	bool table = strncmp(line, "SCAN ", 5) == 0 ||
	    strncmp(line, "SEARCH ", 7) == 0, repeated;

	CU_ASSERT_FATAL(id < NODES && parent < NODES);
	repeated = nodes[parent].repeated || (nodes[parent].loops &&
	    (table || strncmp(line, "CORRELATED", 10) == 0));
	if (table && strstr(line, " CONSTANT ROW") == NULL &&
	    strstr(line, " PRIMARY KEY (") == NULL)
		nodes[parent].loops = true;
	nodes[id] = (struct node){ .repeated = repeated };
	return repeated;
}

/* Counts the slow lines of a query's plan, or -1; plan receives all lines.
 * Of scans that are allowed only those that are repeated count. */
static int
count_slow(sqlite3 *sqlite, const char *text, bool allowed, char *plan,
    size_t size)
{
	struct node nodes[NODES] = { { 0 } };
	bool repeated;
	const char *line;
	sqlite3_stmt *stmt;
	char *sql = sqlite3_mprintf("EXPLAIN QUERY PLAN %s", text);
	int slow = 0;

	*plan = '\0';
	if (sqlite3_prepare_v2(sqlite, sql, -1, &stmt, NULL) != SQLITE_OK) {
		snprintf(plan, size, "%s", sqlite3_errmsg(sqlite));
		sqlite3_free(sql);
		return -1;
	}
	while (sqlite3_step(stmt) == SQLITE_ROW) {
		line = (const char *)sqlite3_column_text(stmt, 3);
		repeated = is_repeated(nodes, stmt, line);
		slow += is_slow(line, plan) && (!allowed || (repeated &&
		    strncmp(line, "SCAN ", 5) == 0));
		snprintf(plan + strlen(plan), size - strlen(plan), "%s; ",
		    line);
	}
	sqlite3_finalize(stmt);
	sqlite3_free(sql);
	return slow;
}

/* Whether a plan reads something whole or sorts at all. */
static bool
has_scan(const char *plan)
{
	return strstr(plan, "SCAN ") != NULL ||
	    strstr(plan, "TEMP B-TREE") != NULL;
}

/* Makes the TEMP table or index that later statements use. */
static void
make_temp(sqlite3 *sqlite, const struct maildb__stmt *stmt)
{
	if (strstr(stmt->name, "_make_") != NULL ||
	    strstr(stmt->name, "_index_") != NULL)
		CU_ASSERT_FATAL(sqlite3_exec(sqlite,
		    stmt->text[MAILDB__SQLITE], NULL, NULL, NULL) ==
		    SQLITE_OK);
}

static void
test_declarations(void)
{
	struct maildb *db = lib_open();
	sqlite3 *sqlite = open_sqlite();
	const struct maildb__stmt *stmt;
	sqlite3_stmt *prepared;
	char input[16];
	unsigned k;
	size_t i;

	for (i = 0; sqlite != NULL && i < MAILDB__STMTS; i++) {
		stmt = &maildb__stmts[i];
		if (stmt->text[MAILDB__SQLITE] == NULL)
			continue; /* of the other back end alone */
		if (sqlite3_prepare_v2(sqlite, stmt->text[MAILDB__SQLITE], -1,
		    &prepared, NULL) != SQLITE_OK) {
			LIB_ASSERT_TEXT(stmt->name, sqlite3_errmsg(sqlite), "");
			continue;
		}
		LIB_ASSERT_ROW(stmt->name, stmt->nin == (unsigned)
		    sqlite3_bind_parameter_count(prepared));
		for (k = 1; k <= stmt->nin; k++) {
			snprintf(input, sizeof(input), "$%u", k);
			LIB_ASSERT_ROW(stmt->name,
			    sqlite3_bind_parameter_index(prepared, input) > 0);
		}
		LIB_ASSERT_ROW(stmt->name, stmt->nout ==
		    (unsigned)sqlite3_column_count(prepared));
		LIB_ASSERT_ROW(stmt->name, (stmt->writes || stmt->temp)
		    == !sqlite3_stmt_readonly(prepared));
		sqlite3_finalize(prepared);
		make_temp(sqlite, stmt);
	}
	sqlite3_close(sqlite);
	lib_close(db);
	CU_ASSERT(i == MAILDB__STMTS || !lib_is_sqlite());
}

static void
test_plans(void)
{
	struct maildb *db = lib_open();
	sqlite3 *sqlite = open_sqlite();
	const struct maildb__stmt *stmt;
	char plan[8000];
	size_t i;
	int slow;

	for (i = 0; sqlite != NULL && i < MAILDB__STMTS; i++) {
		stmt = &maildb__stmts[i];
		if (stmt->text[MAILDB__SQLITE] == NULL)
			continue;
		slow = count_slow(sqlite, stmt->text[MAILDB__SQLITE],
		    stmt->scans, plan, sizeof(plan));
		/* What makes a table reads nothing: WHERE 1 = 0. */
		if (strstr(stmt->name, "_make_") != NULL)
			slow = 0;
		/* A declared scan that is none any more is wrong, too. */
		if (slow != 0 || (stmt->scans && !has_scan(plan)))
			LIB_ASSERT_TEXT(stmt->name, plan, stmt->scans ?
			    "a scan, but not again and again" :
			    "searches only");
		make_temp(sqlite, stmt);
	}
	sqlite3_close(sqlite);
	lib_close(db);
	CU_ASSERT(i == MAILDB__STMTS || !lib_is_sqlite());
}

/* Writes the text that a daemon sends, with a key in each placeholder. */
static void
fill_in(const char *query, char *out, size_t size)
{
	static const struct {
		const char *placeholder, *key;
	} keys[] = {
		{ "%u", "bob" }, { "%n", "bob" }, { "%d", "example.org" },
		{ "%s", "@example.org" },
	};
	size_t i, len = 0;

	while (*query != '\0' && len + 20 < size) {
		for (i = 0; i < ARRAY_LEN(keys); i++)
			if (strncmp(query, keys[i].placeholder, 2) == 0)
				break;
		if (i < ARRAY_LEN(keys)) {
			strcpy(out + len, keys[i].key);
			len += strlen(keys[i].key);
			query += 2;
		} else {
			out[len++] = *query++;
		}
	}
	out[len] = '\0';
}

static void
test_literal_queries(void)
{
	struct maildb *db = lib_open();
	sqlite3 *sqlite = open_sqlite();
	const struct maildb_map *maps;
	char *query, text[2000], plan[8000];
	size_t count, i;
	int slow;

	maps = maildb_maps(&count);
	for (i = 0; sqlite != NULL && i < count; i++) {
		if (strcmp(maps[i].keys, "none") == 0)
			continue;
		CU_ASSERT_FATAL(maildb_map_query(maps[i].name, "sqlite",
		    strcmp(maps[i].daemon, "postfix") == 0 ? "postfix" :
		    "dovecot-2.3", &query) == 0);
		fill_in(query, text, sizeof(text));
		free(query);
		slow = count_slow(sqlite, text, false, plan, sizeof(plan));
		if (slow != 0)
			LIB_ASSERT_TEXT(maps[i].name, plan, "searches only");
	}
	sqlite3_close(sqlite);
	lib_close(db);
	CU_ASSERT(i == count || !lib_is_sqlite());
}

CU_TestInfo lib_plans[] = {
	{ "statements are as declared", test_declarations },
	{ "no statement reads a whole table", test_plans },
	{ "nor does a daemon's query", test_literal_queries },
	CU_TEST_INFO_NULL,
};
