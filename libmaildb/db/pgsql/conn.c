/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * conn.c - the PostgreSQL driver's connection
 *
 * Owns connecting, reconnecting, and what the vendor's errors mean to us.
 * Where to connect, TLS and secrets are libpq's business: URLs, services,
 * passfiles and its environment work as everywhere else.  What runs over the
 * connection is in driver.c.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "db/pgsql/pgsql.h"

#define LOST    "try again: the connection is made anew"
#define IDLE_MS (10 * 60 * 1000)

/* What SQLSTATEs mean, or their first letters; the first match counts. */
static const struct {
	const char *state;
	int code;
	const char *hint;
} codes[] = {
	{ "08", MAILDB_ELOST, LOST },
	{ "22", MAILDB_EVALUE, NULL },
	{ "23505", MAILDB_EEXISTS, NULL },
	{ "23", MAILDB_EREFUSED, NULL },
	{ "25006", MAILDB_EDENIED,
	    "this server or role only reads: name the primary server" },
	{ "25P03", MAILDB_ELOST, "the transaction was idle for too long" },
	{ "28", MAILDB_EDENIED, NULL },
	{ "3D000", MAILDB_EMISSING, "make it with: createdb" },
	{ "40", MAILDB_ELOCKED, "try again" },
	{ "42501", MAILDB_EDENIED, "connect as a role that may" },
	{ "53100", MAILDB_EFULL, "free some space and try again" },
	{ "53200", MAILDB_ENOMEM, NULL },
	{ "55P03", MAILDB_ELOCKED, "try again, or raise --timeout" },
	{ "57014", MAILDB_EINTR, NULL },
	{ "57P", MAILDB_ELOST, LOST },
	{ "58", MAILDB_EIO, NULL },
	{ "P0001", MAILDB_EREFUSED, NULL },
	{ "XX001", MAILDB_EFORMAT, "restore a backup" },
	{ "XX002", MAILDB_EFORMAT, "see PostgreSQL's REINDEX" },
};

/* Keeps a fault for a SQLSTATE, or otherwise when that says nothing. */
static int
fail_state(struct maildb__conn *conn, const char *state, int otherwise,
    const char *words)
{
	const char *hint = NULL;
	int code = otherwise;
	struct maildb__buf text = { 0 };
	size_t i, len;

	for (i = 0; i < ARRAY_LEN(codes); i++)
		if (strncmp(state, codes[i].state,
		    strlen(codes[i].state)) == 0) {
			code = codes[i].code;
			hint = codes[i].hint;
			break;
		}
	if (code == MAILDB_ELOST)
		conn->lost = true;
	/* One line of several. */
	for (; *words != '\0'; words += len + strspn(words + len, "\n\t")) {
		len = strcspn(words, "\n");
		if (len > 0 && text.len > 0)
			maildb__buf_add(&text, "; ");
		maildb__buf_addn(&text, words, len);
	}
	maildb__fail(conn->db, code, "database %s: %s", conn->db->url,
	    text.text != NULL ? text.text : maildb_error_meaning(code));
	if (hint != NULL)
		maildb__hint(conn->db, "%s", hint);
	maildb__buf_free(&text);
	return code;
}

int
maildb__pgsql_fail(struct maildb__conn *conn, const PGresult *result)
{
	const char *state = PQresultErrorField(result, PG_DIAG_SQLSTATE);
	/* Of the server only this text: details hold the rows in question. */
	const char *words = PQresultErrorField(result,
	    PG_DIAG_MESSAGE_PRIMARY);

	return fail_state(conn, state != NULL ? state : "",
	    PQstatus(conn->pq) == CONNECTION_BAD ? MAILDB_ELOST : MAILDB_EDB,
	    words != NULL ? words : PQerrorMessage(conn->pq));
}

int
maildb__pgsql_collect(struct maildb__conn *conn, PGresult **out)
{
	PGresult *last = NULL, *result;
	int rc, failed = 0;

	while ((rc = maildb__pgsql_take(conn, &result)) == 0 &&
	    result != NULL) {
		switch (PQresultStatus(result)) {
		case PGRES_COMMAND_OK:
		case PGRES_TUPLES_OK:
		case PGRES_EMPTY_QUERY:
			break;
		default:
			if (failed == 0)
				failed = maildb__pgsql_fail(conn, result);
		}
		PQclear(last);
		last = result;
	}
	if (rc == 0)
		rc = failed;
	if (out != NULL)
		*out = rc == 0 ? last : NULL;
	if (out == NULL || rc < 0)
		PQclear(last);
	return rc;
}

int
maildb__pgsql_exec(struct maildb__conn *conn, const char *sql, PGresult **out)
{
	if (out != NULL)
		*out = NULL;
	maildb__pgsql_drain(conn);
	if (!PQsendQuery(conn->pq, sql))
		return maildb__pgsql_fail(conn, NULL);
	return maildb__pgsql_collect(conn, out);
}

int
maildb__pgsql_ask(struct maildb__conn *conn, const char *sql, int nin,
    const char *const *in, PGresult **out)
{
	if (out != NULL)
		*out = NULL;
	maildb__pgsql_drain(conn);
	if (!PQsendQueryParams(conn->pq, sql, nin, NULL, in, NULL, NULL, 0))
		return maildb__pgsql_fail(conn, NULL);
	return maildb__pgsql_collect(conn, out);
}

/* ---- connecting --------------------------------------------------------- */

/* What nobody wants to see on standard error. */
static void
ignore(void *arg, const PGresult *result)
{
	(void)arg;
	(void)result;
}

/* A connection being made, on a thread. */
struct dial {
	struct maildb__task task;
	char *url;
	unsigned flags;
	int patience;  /* milliseconds */
	PGconn *pq;    /* what became of it */
	char state[6]; /* the SQLSTATE of a server that would not have us */
	char *words;   /* what libpq said then */
};

static void
drop_dial(struct maildb__task *task)
{
	struct dial *dial = (struct dial *)task;

	PQfinish(dial->pq);
	if (dial->url != NULL)
		explicit_bzero(dial->url, strlen(dial->url));
	free(dial->url);
	free(dial->words);
	free(dial);
}

/* Keeps why no server would have us.  libpq has the SQLSTATE only in a verbose
 * message, so it is asked a second time unless that may take long. */
static void
find_state(struct dial *dial, bool quick)
{
	const char *p;

	dial->words = strdup(PQerrorMessage(dial->pq));
	if (dial->words == NULL || !quick)
		return;
	PQsetErrorVerbosity(dial->pq, PQERRORS_VERBOSE);
	PQreset(dial->pq);
	/* "FATAL:  28P01: password ..." */
	p = strstr(PQerrorMessage(dial->pq), ":  ");
	if (p != NULL &&
	    strspn(p + 3, "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ") == 5)
		memcpy(dial->state, p + 3, 5);
	PQsetErrorVerbosity(dial->pq, PQERRORS_DEFAULT);
}

/* Seconds as libpq takes them: a share of the patience within bounds. */
static void
format_share(char out[16], int patience, int share, int most)
{
	int seconds = patience / 1000 / share;

	snprintf(out, 16, "%d", seconds < 1 ? 1 : seconds > most ? most :
	    seconds);
}

/* Connects.  A server that is not there any more is noticed by the kernel
 * within our patience, whether or not we have something to say to it. */
static void
run_dial(struct maildb__task *task)
{
	struct dial *dial = (struct dial *)task;
	char seconds[16], silence[16], idle[16], interval[16];
	/* What stands after dbname overrides what the URL says. */
	const char *const keywords[] = { "connect_timeout",
		"fallback_application_name", "target_session_attrs",
		"tcp_user_timeout", "keepalives_idle", "keepalives_interval",
		"keepalives_count", "dbname", "client_encoding", NULL };
	const char *const values[] = { seconds, "mailcfg",
		dial->flags & MAILDB_READONLY ? "any" : "read-write",
		silence, idle, interval, "3", dial->url, "UTF8", NULL };
	int64_t since = maildb__pgsql_clock();

	snprintf(seconds, sizeof(seconds), "%d", dial->patience / 1000);
	snprintf(silence, sizeof(silence), "%d", dial->patience);
	format_share(idle, dial->patience, 2, 30);
	format_share(interval, dial->patience, 6, 10);
	dial->pq = PQconnectdbParams(keywords, values, 1);
	if (dial->pq != NULL && PQstatus(dial->pq) != CONNECTION_OK)
		find_state(dial, maildb__pgsql_clock() - since < 1000);
}

/* Connects: 0, and the dial is the caller's whatever came of it. */
static int
dial(struct maildb__conn *conn, struct dial **out)
{
	struct dial *dial = calloc(1, sizeof(*dial));
	int rc;

	*out = NULL;
	if (dial == NULL || (dial->url = strdup(conn->target)) == NULL) {
		free(dial);
		return maildb__nomem(conn->db);
	}
	dial->task.run = run_dial;
	dial->task.drop = drop_dial;
	dial->flags = conn->flags;
	dial->patience = maildb__pgsql_patience(conn->db);
	if ((rc = maildb__pgsql_apart(conn->db, &dial->task, true)) < 0)
		return rc;
	*out = dial;
	return 0;
}

int
maildb__pgsql_dial(struct maildb__conn *conn, PGconn **out)
{
	struct dial *made;
	int rc = dial(conn, &made);

	*out = NULL;
	if (rc < 0)
		return rc;
	*out = made->pq;
	made->pq = NULL;
	drop_dial(&made->task);
	return 0;
}

/* The timeout for the server: its 0 would mean for ever. */
static void
format_timeout(char out[16], int64_t milliseconds)
{
	if (milliseconds < 1)
		milliseconds = 1;
	if (milliseconds > INT32_MAX)
		milliseconds = INT32_MAX;
	snprintf(out, 16, "%d", (int)milliseconds);
}

/*
 * Makes a session that depends on no role's or server's defaults.  A client
 * that died without a word must not keep others out for ever, but a person may
 * think for a while within a transaction.  Answers 1, or 0 when it did nothing
 * because the session is that of another process than expected.
 */
static int
set_session(struct maildb__conn *conn, int process)
{
	char lock[16], idle[16], expected[16];
	const char *in[] = { lock, idle,
		conn->flags & MAILDB_READONLY ? "on" : "off",
		conn->foreign ? "on" : "off", process != 0 ? expected : NULL };
	PGresult *result;
	int rc;

	snprintf(expected, sizeof(expected), "%d", process);
	format_timeout(lock, conn->db->timeout);
	format_timeout(idle, IDLE_MS);
	rc = maildb__pgsql_ask(conn, "SELECT "
	    "set_config('search_path', CASE $4 "
	    "WHEN 'on' THEN current_setting('search_path') ELSE "
	    "'maildb, pg_temp' END, false), "
	    "set_config('standard_conforming_strings', 'on', false), "
	    "set_config('lock_timeout', $1, false), "
	    "set_config('idle_in_transaction_session_timeout', $2, false), "
	    "set_config('default_transaction_read_only', CASE $3 "
	    "WHEN 'on' THEN 'on' ELSE "
	    "current_setting('default_transaction_read_only') END, false) "
	    "WHERE coalesce(pg_backend_pid() = $5::integer, true)",
	    5, in, &result);
	if (rc < 0)
		return rc;
	rc = PQntuples(result) == 1;
	PQclear(result);
	if (rc == 1)
		memcpy(conn->lock_timeout, lock, sizeof(lock));
	return rc;
}

int
maildb__pgsql_set_timeout(struct maildb__conn *conn)
{
	char lock[16];
	const char *in[] = { lock };
	int rc;

	format_timeout(lock, conn->db->timeout);
	if (strcmp(lock, conn->lock_timeout) == 0)
		return 0;
	rc = maildb__pgsql_ask(conn,
	    "SELECT set_config('lock_timeout', $1, false)", 1, in, NULL);
	if (rc == 0)
		memcpy(conn->lock_timeout, lock, sizeof(lock));
	return rc;
}

/* Makes a new connection ours.  A pooler names another process than the one
 * that answers; what would be set in its session stays there for others,
 * unless it is lent to us alone. */
static int
greet(struct maildb__conn *conn)
{
	int rc;

	conn->lost = false;
	PQsetNoticeReceiver(conn->pq, ignore, NULL);
	if (PQsetnonblocking(conn->pq, 1) != 0)
		return maildb__pgsql_fail(conn, NULL);
	rc = set_session(conn, PQbackendPID(conn->pq));
	conn->pooled = rc == 0;
	if (rc == 0 && (rc = maildb__pgsql_check_pool(conn)) == 0)
		rc = set_session(conn, 0);
	return rc < 0 ? rc : 0;
}

int
maildb__pgsql_reopen(struct maildb__conn *conn)
{
	struct dial *made;
	int rc;

	conn->in_txn = false;
	memset(conn->used, 0, sizeof(conn->used));
	memset(conn->prepared, 0, sizeof(conn->prepared));
	PQclear(conn->rows.result);
	conn->rows.result = NULL;
	PQfinish(conn->pq);
	conn->pq = NULL;
	if ((rc = dial(conn, &made)) < 0)
		return rc;
	conn->pq = made->pq;
	made->pq = NULL;
	if (conn->pq == NULL || (PQstatus(conn->pq) != CONNECTION_OK &&
	    made->words == NULL))
		rc = maildb__nomem(conn->db);
	else if (PQstatus(conn->pq) != CONNECTION_OK)
		rc = fail_state(conn, made->state, MAILDB_ELOST, made->words);
	drop_dial(&made->task);
	return rc < 0 ? rc : greet(conn);
}

int
maildb__pgsql_connect(struct maildb *db, const char *target, unsigned flags,
    bool foreign, struct maildb__conn **out)
{
	bool pgsql = strncmp(target, "pgsql://", 8) == 0;
	struct maildb__conn *conn;
	int rc;

	*out = NULL;
	if ((conn = calloc(1, sizeof(*conn))) == NULL ||
	    asprintf(&conn->target, "%s%s", pgsql ? "postgresql" : "",
	    pgsql ? target + strlen("pgsql") : target) < 0) {
		free(conn);
		return maildb__nomem(db);
	}
	conn->db = db;
	conn->flags = flags;
	conn->foreign = foreign;
	conn->rows.conn = conn;
	db->stop = 0;
	if ((rc = maildb__pgsql_check_url(db, conn->target)) < 0 ||
	    (rc = maildb__pgsql_reopen(conn)) < 0) {
		maildb__pgsql_close(conn);
		return rc;
	}
	*out = conn;
	return 0;
}

int
maildb__pgsql_open(struct maildb *db, const char *target, unsigned flags,
    struct maildb__conn **out)
{
	return maildb__pgsql_connect(db, target, flags, false, out);
}

void
maildb__pgsql_close(struct maildb__conn *conn)
{
	if (conn == NULL)
		return;
	maildb__pgsql_flush(conn, true);
	PQclear(conn->rows.result);
	/* What was set must not outlive us in a session that others get. */
	if (conn->pooled && !conn->lost &&
	    PQtransactionStatus(conn->pq) == PQTRANS_IDLE)
		(void)maildb__pgsql_exec(conn, "DISCARD ALL", NULL);
	PQfinish(conn->pq);
	explicit_bzero(conn->target, strlen(conn->target));
	free(conn->target);
	free(conn);
}

int
maildb__pgsql_ready(struct maildb__conn *conn)
{
	conn->db->stop = 0; /* what was asked of another statement */
	if (!conn->lost && PQstatus(conn->pq) == CONNECTION_OK)
		return 0;
	if (conn->in_txn)
		return maildb__fail(conn->db, MAILDB_ELOST,
		    "database %s: the transaction was lost with its connection",
		    conn->db->url);
	return maildb__pgsql_reopen(conn);
}
