/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * backend_pgsql_conn.c - the PostgreSQL driver's connection
 *
 * Owns connecting, reconnecting, and what the vendor's errors mean to us.
 * Where to connect, TLS and secrets are libpq's business: URLs, services,
 * passfiles and its environment work as everywhere else.  What runs over the
 * connection is in backend_pgsql.c.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "backend_pgsql.h"

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

/* Takes a result that may have failed. */
static int
finish(struct maildb__conn *conn, PGresult *result, PGresult **out)
{
	ExecStatusType status = PQresultStatus(result);
	int rc = 0;

	if (status != PGRES_COMMAND_OK && status != PGRES_TUPLES_OK &&
	    status != PGRES_EMPTY_QUERY)
		rc = maildb__pgsql_fail(conn, result);
	if (out != NULL)
		*out = NULL;
	if (rc == 0 && out != NULL)
		*out = result;
	else
		PQclear(result);
	return rc;
}

int
maildb__pgsql_exec(struct maildb__conn *conn, const char *sql, PGresult **out)
{
	return finish(conn, PQexec(conn->pq, sql), out);
}

int
maildb__pgsql_ask(struct maildb__conn *conn, const char *sql, int nin,
    const char *const *in, PGresult **out)
{
	return finish(conn, PQexecParams(conn->pq, sql, nin, NULL, in, NULL,
	    NULL, 0), out);
}

/* ---- connecting ------------------------------------------------------------ */

/* Shows no password: where the URL holds one that maildb.c did not mask, it
 * is put together anew without. */
static int
hide_secrets(struct maildb *db, const PQconninfoOption *options)
{
	struct maildb__buf buf = { 0 };
	const PQconninfoOption *o;
	bool shows = false;
	char *url;

	for (o = options; o->keyword != NULL; o++)
		if (o->dispchar[0] == '*' && o->val != NULL &&
		    *o->val != '\0' && strstr(db->url, o->val) != NULL)
			shows = true;
	if (!shows)
		return 0;
	for (o = options; o->keyword != NULL; o++)
		if (o->dispchar[0] != '*' && o->val != NULL)
			maildb__buf_printf(&buf, "%s%s=%s",
			    buf.len > 0 ? " " : "", o->keyword, o->val);
	maildb__buf_add(&buf, "");
	if ((url = maildb__buf_take(&buf)) == NULL)
		return maildb__nomem(db);
	free(db->url);
	db->url = url;
	return 0;
}

/* Whether the port is one.  Of a password with a slash in it the first half
 * would be taken for it, and quoted. */
static bool
port_is_number(const PQconninfoOption *options)
{
	const PQconninfoOption *o;

	for (o = options; o->keyword != NULL; o++)
		if (strcmp(o->keyword, "port") == 0 && o->val != NULL)
			return o->val[strspn(o->val, "0123456789,")] == '\0';
	return true;
}

/* Looks at the URL before it is used.  Of one that cannot be read, libpq may
 * quote any part: its words are told only when there is no secret in it. */
static int
check_url(struct maildb *db, const char *url)
{
	PQconninfoOption *options;
	char *words = NULL;
	bool secret = strstr(url, "password") != NULL || strchr(url, '@');
	int rc;

	options = PQconninfoParse(url, &words);
	if (options != NULL && port_is_number(options)) {
		rc = hide_secrets(db, options);
		PQconninfoFree(options);
		return rc;
	}
	PQconninfoFree(options);
	if (words != NULL)
		words[strcspn(words, "\n")] = '\0';
	maildb__fail(db, MAILDB_EURL, "the database URL cannot be read%s%s",
	    words != NULL && !secret ? ": " : "",
	    words != NULL && !secret ? words : "");
	PQfreemem(words);
	return maildb__hint(db,
	    "use postgresql://USER@HOST/DATABASE or service=NAME");
}

/* What nobody wants to see on standard error. */
static void
ignore(void *arg, const PGresult *result)
{
	(void)arg;
	(void)result;
}

/*
 * Says why no server would have us.  libpq has the SQLSTATE only in a verbose
 * message, so it is asked a second time unless that may take long.
 */
static int
fail_connect(struct maildb__conn *conn, bool quick)
{
	char state[6] = "", *words = strdup(PQerrorMessage(conn->pq));
	const char *p;
	int rc;

	if (words == NULL)
		return maildb__nomem(conn->db);
	if (quick) {
		PQsetErrorVerbosity(conn->pq, PQERRORS_VERBOSE);
		PQreset(conn->pq);
		PQsetErrorVerbosity(conn->pq, PQERRORS_DEFAULT);
		/* "FATAL:  28P01: password ..." */
		p = strstr(PQerrorMessage(conn->pq), ":  ");
		if (p != NULL &&
		    strspn(p + 3, "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ") == 5)
			memcpy(state, p + 3, 5);
	}
	rc = fail_state(conn, state, MAILDB_ELOST, words);
	free(words);
	return rc;
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
 * think for a while within a transaction.
 */
static int
set_session(struct maildb__conn *conn)
{
	char lock[16], idle[16];
	const char *in[] = { lock, idle,
		conn->db->flags & MAILDB_READONLY ? "on" : "off",
		conn->foreign ? "on" : "off" };
	int rc;

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
	    "current_setting('default_transaction_read_only') END, false)",
	    4, in, NULL);
	if (rc == 0)
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

/* What follows when libpq has connected, or has not. */
static int
greet(struct maildb__conn *conn, bool quick)
{
	PGcancel *old = conn->cancel;

	if (PQstatus(conn->pq) != CONNECTION_OK)
		return fail_connect(conn, quick);
	conn->lost = false;
	conn->cancel = PQgetCancel(conn->pq);
	PQfreeCancel(old);
	PQsetNoticeReceiver(conn->pq, ignore, NULL);
	return set_session(conn);
}

static bool
since_is_short(const struct timespec *since)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec - since->tv_sec < 1;
}

int
maildb__pgsql_connect(struct maildb *db, const char *target, unsigned flags,
    bool foreign, struct maildb__conn **out)
{
	bool pgsql = strncmp(target, "pgsql://", 8) == 0;
	char seconds[16], *url = NULL;
	struct timespec since;
	/* What stands after dbname overrides what the URL says. */
	const char *const keywords[] = { "connect_timeout",
		"fallback_application_name", "target_session_attrs",
		"keepalives_idle", "keepalives_interval", "keepalives_count",
		"dbname", "client_encoding", NULL };
	const char *values[] = { seconds, "mailcfg",
		flags & MAILDB_READONLY ? "any" : "read-write",
		"30", "10", "3", NULL, "UTF8", NULL };
	struct maildb__conn *conn;
	int rc;

	*out = NULL;
	if ((conn = calloc(1, sizeof(*conn))) == NULL ||
	    asprintf(&url, "%s%s", pgsql ? "postgresql" : "",
	    pgsql ? target + strlen("pgsql") : target) < 0) {
		free(conn);
		return maildb__nomem(db);
	}
	conn->db = db;
	conn->foreign = foreign;
	conn->rows.conn = conn;
	snprintf(seconds, sizeof(seconds), "%d", db->timeout / 1000 + 2);
	values[6] = url;
	if ((rc = check_url(db, url)) == 0) {
		clock_gettime(CLOCK_MONOTONIC, &since);
		conn->pq = PQconnectdbParams(keywords, values, 1);
		rc = conn->pq != NULL ? greet(conn, since_is_short(&since)) :
		    maildb__nomem(db);
	}
	explicit_bzero(url, strlen(url));
	free(url);
	if (rc < 0) {
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
	PQfreeCancel(conn->cancel);
	PQfinish(conn->pq);
	free(conn);
}

int
maildb__pgsql_reopen(struct maildb__conn *conn)
{
	conn->in_txn = false;
	memset(conn->used, 0, sizeof(conn->used));
	memset(conn->prepared, 0, sizeof(conn->prepared));
	PQreset(conn->pq);
	return greet(conn, false);
}

int
maildb__pgsql_ready(struct maildb__conn *conn)
{
	if (!conn->lost && PQstatus(conn->pq) == CONNECTION_OK)
		return 0;
	if (conn->in_txn)
		return maildb__fail(conn->db, MAILDB_ELOST,
		    "database %s: the transaction was lost with its connection",
		    conn->db->url);
	return maildb__pgsql_reopen(conn);
}
