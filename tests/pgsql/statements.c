/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * statements.c - every statement as PostgreSQL prepares and plans it
 *
 *	statements URL
 *
 * The database should hold many rows.  Each statement must prepare with the
 * types that are declared for it, answer the columns that are declared, and
 * unless it says that it scans, find its rows by indexes.  Of a map, whose
 * text calls a function, the view behind it is planned.
 */
#include <libpq-fe.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "state/state.h"

enum { OID_NAME = 19, OID_INT8 = 20, OID_TEXT = 25 };

#define SCAN "Seq Scan on "

static int passed, failed;

static void
result(bool good, const char *name, const char *what, const char *detail)
{
	if (good) {
		passed++;
		return;
	}
	failed++;
	printf("not ok - %s: %s\n# %s\n", name, what, detail);
}

static bool
is_text(const struct maildb__column *column)
{
	return column->type == MAILDB_TEXT || column->type == MAILDB_JSON;
}

/* Prepares a text under a name: whether that works. */
static bool
prepare(PGconn *pq, const struct maildb__stmt *stmt, const char *name,
    const char *text)
{
	Oid types[MAILDB__ROW_MAX];
	PGresult *r;
	unsigned i;
	bool good;

	for (i = 0; i < stmt->nin; i++)
		types[i] = is_text(&stmt->in[i]) ? OID_TEXT : OID_INT8;
	r = PQprepare(pq, name, text, (int)stmt->nin, types);
	good = PQresultStatus(r) == PGRES_COMMAND_OK;
	result(good, stmt->name, "prepares", PQresultErrorMessage(r));
	PQclear(r);
	return good;
}

/* Compares inputs and columns with those that are declared. */
static void
check_columns(PGconn *pq, const struct maildb__stmt *stmt)
{
	PGresult *r = PQdescribePrepared(pq, stmt->name);
	int width = PQnfields(r), i;
	bool text;

	result(PQnparams(r) == (int)stmt->nin, stmt->name, "inputs", "");
	/* What a function answers that is called for its effect is nobody's. */
	if (stmt->nout > 0)
		result(width == (int)stmt->nout, stmt->name, "columns", "");
	for (i = 0; i < width && i < (int)stmt->nout; i++) {
		text = PQftype(r, i) == OID_TEXT || PQftype(r, i) == OID_NAME;
		result(text == is_text(&stmt->out[i]), stmt->name,
		    "type of column", stmt->out[i].name);
	}
	PQclear(r);
}

/* Plans a prepared statement and looks for tables that are read whole, other
 * than those of a few rows or of the session. */
static void
check_plan(PGconn *pq, const struct maildb__stmt *stmt, const char *name)
{
	static const char *const small[] = { "setting", "stage_", "todo_",
		"late_" };
	struct maildb__buf sql = { 0 }, plan = { 0 };
	const char *line;
	PGresult *r;
	size_t k;
	unsigned i;
	int row, bad = 0;

	maildb__buf_printf(&sql, "EXPLAIN (COSTS OFF) EXECUTE %s", name);
	for (i = 0; i < stmt->nin; i++)
		maildb__buf_printf(&sql, "%s%s", i == 0 ? "(" : ", ",
		    is_text(&stmt->in[i]) ? "'x'" : "1");
	maildb__buf_add(&sql, stmt->nin > 0 ? ")" : "");
	r = PQexec(pq, sql.text);
	for (row = 0; row < PQntuples(r); row++) {
		line = PQgetvalue(r, row, 0);
		maildb__buf_printf(&plan, "\n# %s", line);
		if ((line = strstr(line, SCAN)) == NULL)
			continue;
		bad++;
		for (k = 0; k < ARRAY_LEN(small); k++)
			bad -= strncmp(line + strlen(SCAN), small[k],
			    strlen(small[k])) == 0;
	}
	result(PQresultStatus(r) == PGRES_TUPLES_OK && bad == 0, stmt->name,
	    "plan", plan.text != NULL ? plan.text : PQresultErrorMessage(r));
	PQclear(r);
	maildb__buf_free(&sql);
	maildb__buf_free(&plan);
}

/* Makes the TEMP tables that other statements work on. */
static void
make_temp(PGconn *pq)
{
	const char *text;
	size_t i;

	for (i = 0; i < MAILDB__STMTS; i++) {
		text = maildb__stmts[i].text[MAILDB__PGSQL];
		if (text != NULL && strncmp(text, "CREATE TEMP ", 12) == 0)
			PQclear(PQexec(pq, text));
	}
}

int
main(int argc, char **argv)
{
	const struct maildb__stmt *stmt;
	const char *name, *text;
	PGconn *pq = PQconnectdb(argc == 2 ? argv[1] : "");
	size_t i;

	if (PQstatus(pq) != CONNECTION_OK) {
		fputs(PQerrorMessage(pq), stderr);
		return EXIT_FAILURE;
	}
	PQclear(PQexec(pq, "SET search_path = maildb, pg_temp; "
	    "SET plan_cache_mode = force_generic_plan"));
	make_temp(pq);
	for (i = 0; i < MAILDB__STMTS; i++) {
		stmt = &maildb__stmts[i];
		text = stmt->text[MAILDB__PGSQL];
		if (text == NULL ||
		    !prepare(pq, stmt, stmt->name, text))
			continue;
		check_columns(pq, stmt);
		name = stmt->name;
		if (strncmp(name, "map_", 4) == 0) {
			name = "view";
			PQclear(PQexec(pq, "DEALLOCATE view"));
			if (!prepare(pq, stmt, name,
			    stmt->text[MAILDB__SQLITE]))
				continue;
		}
		if (!stmt->scans && !stmt->temp)
			check_plan(pq, stmt, name);
	}
	PQfinish(pq);
	printf("%d passed, %d failed\n", passed, failed);
	return failed > 0 || passed == 0;
}
