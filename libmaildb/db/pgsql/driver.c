/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * driver.c - the driver for PostgreSQL, a module that is loaded on use
 *
 * Owns statements and transactions; connecting and the meaning of errors are
 * in conn.c.
 *
 * All writers take one advisory lock at BEGIN and keep it to the end, so they
 * go one after another as in SQLite: what a transaction checks (loops, limits)
 * stays true until it has committed.  Triggers of the schema take the same
 * lock for SQL that people write by hand.
 */
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "db/pgsql/pgsql.h"
#include "build.h"

enum { OID_INT8 = 20, OID_TEXT = 25 };

#define POLL_MS 50 /* between two looks at an outcome */

/* Whether a column's values are text; all others are numbers. */
static bool
is_text(const struct maildb__column *column)
{
	return column->type == MAILDB_TEXT || column->type == MAILDB_JSON;
}

/* Whether to try once more what has failed: a server that was restarted between
 * two commands is no failure of either. */
static bool
try_again(const struct maildb__conn *conn, int rc, int *tries)
{
	return rc == MAILDB_ELOST && conn->lost && !conn->in_txn &&
	    (*tries)++ == 0;
}

/* ---- transactions ------------------------------------------------------- */

static int
pgsql_script(struct maildb__conn *conn, const char *sql)
{
	int rc = maildb__pgsql_ready(conn);

	return rc < 0 ? rc : maildb__pgsql_exec(conn, sql, NULL);
}

/* Undoes something, whatever signal asked for that.  What failed before is what
 * matters, so its fault is kept. */
static bool
undo_by(struct maildb__conn *conn, const char *sql)
{
	struct maildb *db = conn->db;
	const struct maildb_fault fault = db->fault;
	char *text[ARRAY_LEN(db->fault_text)];
	size_t i;
	int rc;

	memcpy(text, db->fault_text, sizeof(text));
	memset(db->fault_text, 0, sizeof(text));
	db->stop = 0;
	rc = maildb__pgsql_exec(conn, sql, NULL);
	for (i = 0; i < ARRAY_LEN(text); i++)
		free(db->fault_text[i]);
	memcpy(db->fault_text, text, sizeof(text));
	db->fault = fault;
	return rc == 0;
}

static int
pgsql_rollback(struct maildb__conn *conn)
{
	if (!conn->in_txn)
		return 0;
	conn->in_txn = false;
	if (conn->lost)
		return 0; /* the server does it by itself */
	if (!undo_by(conn, "ROLLBACK") ||
	    PQtransactionStatus(conn->pq) != PQTRANS_IDLE)
		conn->lost = true;
	return conn->lost ? MAILDB_EDB : 0;
}

static int
pgsql_undo(struct maildb__conn *conn)
{
	if (conn->lost)
		return MAILDB_ELOST;
	return undo_by(conn, "ROLLBACK TO SAVEPOINT s; RELEASE SAVEPOINT s") ?
	    0 : MAILDB_EDB;
}

static int
pgsql_begin(struct maildb__conn *conn)
{
	int rc, tries = 0;

	do {
		if ((rc = maildb__pgsql_ready(conn)) < 0)
			return rc;
		rc = maildb__pgsql_set_timeout(conn);
		if (rc == 0)
			/* With READ COMMITTED each statement after the lock
			 * sees what the writers before us did. */
			rc = maildb__pgsql_exec(conn,
			    "BEGIN ISOLATION LEVEL READ COMMITTED; "
			    "SELECT pg_advisory_xact_lock(1835100524)", NULL);
	} while (try_again(conn, rc, &tries));
	conn->in_txn = true;
	if (rc < 0)
		pgsql_rollback(conn);
	return rc;
}

/*
 * Asks what became of a transaction whose COMMIT got no answer: 1 committed,
 * 0 not, MAILDB_EUNKNOWN, or MAILDB_ELOCKED while the server is still at it.
 * Another run of the server, or another server, may have given the same number
 * to somebody else's transaction: there, only "aborted" is true of ours.
 */
static int
outcome(struct maildb__conn *conn, const char *xid, const char *run)
{
	const char *in[] = { xid, run };
	const char *state;
	PGresult *result;
	int rc;

	rc = maildb__pgsql_ask(conn, "SELECT pg_xact_status($1::xid8), "
	    "pg_postmaster_start_time()::text = $2", 2, in, &result);
	if (rc == MAILDB_EVALUE)
		return 0; /* a number in the future: it was forgotten */
	if (rc < 0)
		return rc;
	state = PQgetvalue(result, 0, 0);
	rc = MAILDB_EUNKNOWN;
	if (strcmp(state, "aborted") == 0)
		rc = 0;
	else if (PQgetvalue(result, 0, 1)[0] == 't' &&
	    strcmp(state, "committed") == 0)
		rc = 1;
	else if (PQgetvalue(result, 0, 1)[0] == 't' &&
	    strcmp(state, "in progress") == 0)
		rc = MAILDB_ELOCKED;
	PQclear(result);
	return rc;
}

/* Finds out about a COMMIT without an answer, within the timeout. */
static int
resolve(struct maildb__conn *conn, const char *xid, const char *run)
{
	int64_t end = maildb__pgsql_clock() + conn->db->timeout;
	int rc;

	while (!conn->db->stop && maildb__pgsql_clock() < end) {
		rc = maildb__pgsql_ready(conn);
		if (rc == 0)
			rc = outcome(conn, xid, run);
		if (rc == 1)
			return 0;
		if (rc == 0)
			return maildb__fail(conn->db, MAILDB_ELOST,
			    "database %s: the connection was lost during "
			    "COMMIT, and the server rolled back",
			    conn->db->url);
		if (rc == MAILDB_EUNKNOWN)
			break;
		poll(NULL, 0, POLL_MS);
	}
	maildb__fail(conn->db, MAILDB_EUNKNOWN, "database %s: the connection "
	    "was lost during COMMIT, and it cannot be told what became of it",
	    conn->db->url);
	return maildb__hint(conn->db,
	    "look whether the change is there before you repeat it");
}

static int
pgsql_commit(struct maildb__conn *conn)
{
	char xid[32] = "", run[64] = "";
	PGresult *result;
	int rc;

	/* What to ask for, should the answer to COMMIT never come. */
	if ((rc = maildb__pgsql_ready(conn)) < 0 ||
	    (rc = maildb__pgsql_exec(conn,
	    "SELECT pg_current_xact_id_if_assigned()::text, "
	    "pg_postmaster_start_time()::text", &result)) < 0)
		return rc;
	snprintf(xid, sizeof(xid), "%s", PQgetvalue(result, 0, 0));
	snprintf(run, sizeof(run), "%s", PQgetvalue(result, 0, 1));
	PQclear(result);

	rc = maildb__pgsql_exec(conn, "COMMIT", &result);
	if (rc == 0) {
		/* COMMIT of a failed transaction succeeds, as ROLLBACK. */
		if (strcmp(PQcmdStatus(result), "COMMIT") != 0)
			rc = maildb__fail(conn->db, MAILDB_EDB, "database %s: "
			    "the transaction had failed before its COMMIT",
			    conn->db->url);
		PQclear(result);
		conn->in_txn = false;
		return rc;
	}
	if (!conn->lost)
		return rc;
	conn->in_txn = false;
	/* Without a number it had changed nothing. */
	return *xid == '\0' ? rc : resolve(conn, xid, run);
}

/* ---- statements --------------------------------------------------------- */

/* What a statement's inputs are to the server. */
static void
input_types(const struct maildb__stmt *stmt, Oid types[MAILDB__ROW_MAX])
{
	unsigned i;

	for (i = 0; i < stmt->nin; i++)
		types[i] = is_text(&stmt->in[i]) ? OID_TEXT : OID_INT8;
}

/* Makes a statement known to the server by its name. */
static int
prepare(struct maildb__conn *conn, enum maildb__stmt_id id)
{
	const struct maildb__stmt *stmt = &maildb__stmts[id];
	Oid types[MAILDB__ROW_MAX];
	int rc;

	if (conn->prepared[id])
		return 0;
	input_types(stmt, types);
	if (!PQsendPrepare(conn->pq, stmt->name, stmt->text[MAILDB__PGSQL],
	    (int)stmt->nin, types))
		return maildb__pgsql_fail(conn, NULL);
	rc = maildb__pgsql_collect(conn, NULL);
	conn->prepared[id] = rc == 0;
	return rc;
}

/* Takes the next result: 1 is a row, 0 the end. */
static int
fetch(struct maildb__rows *rows)
{
	int rc;

	PQclear(rows->result);
	rc = maildb__pgsql_take(rows->conn, &rows->result);
	if (rc < 0 || rows->result == NULL)
		return rc;
	switch (PQresultStatus(rows->result)) {
	case PGRES_SINGLE_TUPLE:
		return 1;
	case PGRES_TUPLES_OK:
	case PGRES_COMMAND_OK:
		rows->changed = atoll(PQcmdTuples(rows->result));
		return 0;
	default:
		return maildb__pgsql_fail(rows->conn, rows->result);
	}
}

/* Reads what is left of an answer, so that the next command can be sent. */
static void
drain(struct maildb__rows *rows)
{
	PGresult *result;

	while (!rows->conn->lost && maildb__pgsql_take(rows->conn,
	    &result) == 0 && result != NULL) {
		if (PQresultStatus(result) == PGRES_TUPLES_OK)
			rows->changed = atoll(PQcmdTuples(result));
		PQclear(result);
	}
	PQclear(rows->result);
	rows->result = NULL;
}

/* Sends a statement's text and inputs at once the first time: most commands
 * run a statement once, which preparing it would make two round trips.  What
 * is run again is worth a name. */
static bool
send(struct maildb__conn *conn, enum maildb__stmt_id id,
    const char *const *values)
{
	const struct maildb__stmt *stmt = &maildb__stmts[id];
	Oid types[MAILDB__ROW_MAX];

	if (conn->prepared[id])
		return PQsendQueryPrepared(conn->pq, stmt->name,
		    (int)stmt->nin, values, NULL, NULL, 0);
	conn->used[id] = true;
	input_types(stmt, types);
	return PQsendQueryParams(conn->pq, stmt->text[MAILDB__PGSQL],
	    (int)stmt->nin, types, values, NULL, NULL, 0);
}

/* Sends a statement with its inputs and waits for the first result. */
static int
execute(struct maildb__conn *conn, enum maildb__stmt_id id,
    const struct maildb__value *in)
{
	const struct maildb__stmt *stmt = &maildb__stmts[id];
	const char *values[MAILDB__ROW_MAX];
	char numbers[MAILDB__ROW_MAX][24];
	unsigned i;
	int rc;

	if (conn->used[id] && (rc = prepare(conn, id)) < 0)
		return rc;
	for (i = 0; i < stmt->nin; i++) {
		values[i] = in[i].type == MAILDB__TEXT ? in[i].text : NULL;
		if (in[i].type == MAILDB__INT) {
			snprintf(numbers[i], sizeof(numbers[i]), "%lld",
			    (long long)in[i].number);
			values[i] = numbers[i];
		}
	}
	conn->rows.stmt = stmt;
	conn->rows.changed = 0;
	if (!send(conn, id, values))
		return maildb__pgsql_fail(conn, NULL);
	PQsetSingleRowMode(conn->pq);
	if ((rc = fetch(&conn->rows)) < 0)
		drain(&conn->rows);
	return rc;
}

static int
pgsql_start(struct maildb__conn *conn, enum maildb__stmt_id id,
    const struct maildb__value *in, struct maildb__rows **out)
{
	int rc, tries = 0;

	*out = NULL;
	if (maildb__stmts[id].copy != NULL) {
		conn->rows.stmt = &maildb__stmts[id];
		conn->rows.changed = 1;
		*out = &conn->rows;
		return maildb__pgsql_hold(conn, id, in);
	}
	do {
		if ((rc = maildb__pgsql_ready(conn)) < 0)
			return rc;
		rc = execute(conn, id, in);
	} while (try_again(conn, rc, &tries));
	if (rc < 0)
		return rc;
	conn->rows.fresh = true;
	*out = &conn->rows;
	return 0;
}

static int
pgsql_next(struct maildb__rows *rows)
{
	if (!rows->fresh)
		return fetch(rows);
	rows->fresh = false;
	return PQresultStatus(rows->result) == PGRES_SINGLE_TUPLE;
}

static void
pgsql_value(struct maildb__rows *rows, unsigned col, struct maildb__value *out)
{
	const char *text = PQgetvalue(rows->result, 0, (int)col);

	if (PQgetisnull(rows->result, 0, (int)col))
		*out = V_NULL;
	else if (is_text(&rows->stmt->out[col]))
		*out = V_TEXT(text);
	else
		*out = V_INT(*text == 't' ? 1 : strtoll(text, NULL, 10));
}

static int64_t
pgsql_done(struct maildb__rows *rows)
{
	drain(rows);
	return rows->stmt->writes || rows->stmt->temp ? rows->changed : 0;
}

/* A whole number, or -1 when the query failed. */
static int
ask_number(struct maildb__conn *conn, const char *sql, int *number)
{
	PGresult *result;
	int rc;

	if ((rc = maildb__pgsql_ready(conn)) < 0 ||
	    (rc = maildb__pgsql_exec(conn, sql, &result)) < 0)
		return rc;
	*number = atoi(PQgetvalue(result, 0, 0));
	PQclear(result);
	return 0;
}

static int
pgsql_version(struct maildb__conn *conn, int *version)
{
	int exists, rc;

	*version = 0;
	rc = ask_number(conn, "SELECT (to_regclass('maildb.version') "
	    "IS NOT NULL)::integer", &exists);
	if (rc < 0 || !exists)
		return rc;
	return ask_number(conn, "SELECT version FROM maildb.version", version);
}

/* What the module exports. */
const struct maildb__driver maildb__pgsql = {
	.name = "pgsql",
	.backend = MAILDB__PGSQL,
	.build = MAILDB__BUILD,
	.open = maildb__pgsql_open,
	.close = maildb__pgsql_close,
	.version = pgsql_version,
	.set_version = "UPDATE maildb.version SET version = %d",
	.begin = pgsql_begin,
	.commit = pgsql_commit,
	.undo = pgsql_undo,
	.rollback = pgsql_rollback,
	.script = pgsql_script,
	.start = pgsql_start,
	.next = pgsql_next,
	.value = pgsql_value,
	.done = pgsql_done,
	.flush = maildb__pgsql_flush,
	.words = maildb__pgsql_words,
	.viewer = &maildb__pgsql_viewer,
};
