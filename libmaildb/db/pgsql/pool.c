/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * pool.c - connections that a pooler lends
 *
 * mailcfg sets search_path and time limits for its session and prepares
 * statements in it.  A pooler that lends a session for one transaction only
 * would run them in sessions of others, and leave them to others.  It does not
 * tell which kind it is, but shows it: as soon as we are idle, somebody else
 * is given our session.
 */
#include <poll.h>
#include <stdlib.h>

#include "db/pgsql/pgsql.h"

#define ROUNDS  4    /* a busy pooler may give the session to a third */
#define WAIT_MS 1000 /* for one that has no session left */

#define WHO "SELECT pg_backend_pid()"

/* The process that answers the other connection, or 0 when none does soon. */
static int
other_process(PGconn *other)
{
	int64_t end = maildb__pgsql_clock() + WAIT_MS;
	PGresult *result;
	struct pollfd fd = { .fd = PQsocket(other), .events = POLLIN };
	int process = 0;

	if (PQstatus(other) != CONNECTION_OK || !PQsendQuery(other, WHO))
		return 0;
	while (PQisBusy(other)) {
		if (maildb__pgsql_clock() >= end)
			return 0;
		if (poll(&fd, 1, WAIT_MS / 10) > 0 && !PQconsumeInput(other))
			return 0;
	}
	while ((result = PQgetResult(other)) != NULL) {
		if (PQresultStatus(result) == PGRES_TUPLES_OK)
			process = atoi(PQgetvalue(result, 0, 0));
		PQclear(result);
	}
	return process;
}

/* The process that answers this one: 0, or an error. */
static int
own_process(struct maildb__conn *conn, int *process)
{
	PGresult *result;
	int rc = maildb__pgsql_exec(conn, WHO, &result);

	if (rc == 0)
		*process = atoi(PQgetvalue(result, 0, 0));
	PQclear(result);
	return rc;
}

/* Whether the session goes from hand to hand: 1, 0, or an error. */
static int
is_shared(struct maildb__conn *conn, PGconn *other)
{
	int first = 0, own = 0, theirs, i, rc;

	for (i = 0; i < ROUNDS; i++) {
		if ((rc = own_process(conn, &own)) < 0)
			return rc;
		if (first == 0)
			first = own;
		theirs = other_process(other);
		if (own != first || own == theirs)
			return 1;
		if (theirs == 0)
			break; /* ours is idle, and yet was not given away */
	}
	return 0;
}

int
maildb__pgsql_check_pool(struct maildb__conn *conn)
{
	PGconn *other;
	int rc;

	if ((rc = maildb__pgsql_dial(conn, &other)) < 0)
		return rc;
	rc = is_shared(conn, other);
	PQfinish(other);
	if (rc <= 0)
		return rc;
	maildb__fail(conn->db, MAILDB_EDB, "database %s: the pooler lends a "
	    "session for one transaction only", conn->db->url);
	return maildb__hint(conn->db, "set pool_mode = session for this "
	    "database in pgbouncer.ini, or name the server itself");
}
