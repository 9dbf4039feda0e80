/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * view.c - PostgreSQL databases of other programs, to be read
 *
 * All is read in one transaction that cannot write, of one moment.  Tables are
 * found by the search_path that the role has there, as its own program does.
 */
#include <stdlib.h>
#include <string.h>

#include "db/pgsql/pgsql.h"

struct maildb__view {
	struct maildb__conn *conn;
	PGresult *result; /* of the present row, or the last word */
	bool fresh;       /* table() has it, next() has not answered it yet */
};

static void
view_close(struct maildb__view *view)
{
	if (view == NULL)
		return;
	PQclear(view->result);
	maildb__pgsql_close(view->conn);
	free(view);
}

/* Lets a database without an encoding give what it has: asked for UTF-8, it
 * would give nothing of a table in which one value is none. */
static int
set_encoding(struct maildb__conn *conn)
{
	const char *theirs = PQparameterStatus(conn->pq, "server_encoding");

	if (theirs == NULL || strcmp(theirs, "SQL_ASCII") != 0)
		return 0;
	return PQsetClientEncoding(conn->pq, theirs) == 0 ? 0 :
	    maildb__pgsql_fail(conn, NULL);
}

static int
view_open(struct maildb *db, const char *target, struct maildb__view **out)
{
	struct maildb__view *view = calloc(1, sizeof(*view));
	int rc;

	*out = NULL;
	if (view == NULL)
		return maildb__nomem(db);
	rc = maildb__pgsql_connect(db, target, MAILDB_READONLY, true,
	    &view->conn);
	if (rc == 0)
		rc = set_encoding(view->conn);
	if (rc == 0)
		rc = maildb__pgsql_exec(view->conn, "BEGIN ISOLATION LEVEL "
		    "REPEATABLE READ, READ ONLY", NULL);
	if (rc < 0) {
		view_close(view);
		return rc;
	}
	view->conn->in_txn = true; /* no other connection would do */
	*out = view;
	return 0;
}

/* Takes the next result: 1 is a row, 0 the end. */
static int
fetch(struct maildb__view *view)
{
	int rc;

	PQclear(view->result);
	if ((rc = maildb__pgsql_take(view->conn, &view->result)) < 0)
		return rc;
	if (view->result == NULL)
		return maildb__pgsql_fail(view->conn, NULL);
	switch (PQresultStatus(view->result)) {
	case PGRES_SINGLE_TUPLE:
		return 1;
	case PGRES_TUPLES_OK:
		return 0;
	default:
		return maildb__pgsql_fail(view->conn, view->result);
	}
}

/* Reads what is left of an answer. */
static void
view_done(struct maildb__view *view)
{
	maildb__pgsql_drain(view->conn);
	PQclear(view->result);
	view->result = NULL;
}

/* Whether there is such a table in the search_path: 1 or 0. */
static int
has_table(struct maildb__view *view, const char *name)
{
	const char *in[] = { name };
	PGresult *result;
	int rc;

	rc = maildb__pgsql_ask(view->conn,
	    "SELECT to_regclass($1) IS NOT NULL", 1, in, &result);
	if (rc == 0) {
		rc = *PQgetvalue(result, 0, 0) == 't';
		PQclear(result);
	}
	return rc;
}

static int
view_table(struct maildb__view *view, const char *name, const char *sql)
{
	int rc;

	if ((rc = maildb__pgsql_ready(view->conn)) < 0 ||
	    (rc = has_table(view, name)) <= 0)
		return rc;
	if (!PQsendQueryParams(view->conn->pq, sql, 0, NULL, NULL, NULL, NULL,
	    0))
		return maildb__pgsql_fail(view->conn, NULL);
	PQsetSingleRowMode(view->conn->pq);
	if ((rc = fetch(view)) < 0) {
		view_done(view);
		return rc;
	}
	view->fresh = true;
	return 1;
}

static unsigned
view_width(struct maildb__view *view)
{
	return (unsigned)PQnfields(view->result);
}

static const char *
view_column(struct maildb__view *view, unsigned col)
{
	return PQfname(view->result, (int)col);
}

static int
view_next(struct maildb__view *view)
{
	if (!view->fresh)
		return fetch(view);
	view->fresh = false;
	return PQresultStatus(view->result) == PGRES_SINGLE_TUPLE;
}

static const char *
view_value(struct maildb__view *view, unsigned col, size_t *len, bool *lost)
{
	(void)lost; /* libpq has them in memory already */
	if (PQgetisnull(view->result, 0, (int)col))
		return NULL;
	*len = (size_t)PQgetlength(view->result, 0, (int)col);
	return PQgetvalue(view->result, 0, (int)col);
}

const struct maildb__viewer maildb__pgsql_viewer = {
	.open = view_open,
	.close = view_close,
	.table = view_table,
	.width = view_width,
	.column = view_column,
	.next = view_next,
	.value = view_value,
	.done = view_done,
};
