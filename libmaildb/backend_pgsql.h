/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * backend_pgsql.h - what the two files of the PostgreSQL driver share
 */
#ifndef MAILDB_BACKEND_PGSQL_H
#define MAILDB_BACKEND_PGSQL_H

#include <libpq-fe.h>

#include "internal.h"

struct maildb__rows {
	struct maildb__conn *conn;
	const struct maildb__stmt *stmt;
	PGresult *result; /* of the present row, or the last word */
	bool fresh;       /* start() has it, next() has not answered it yet */
	int64_t changed;
};

struct maildb__conn {
	struct maildb *db;
	PGconn *pq;
	PGcancel *volatile cancel; /* made in advance, for signal handlers */
	char lock_timeout[16];     /* as the server was told last */
	bool in_txn;
	bool foreign;              /* not our database: its own search_path */
	bool lost;                 /* found broken, whatever libpq thinks */
	bool used[MAILDB__STMTS], prepared[MAILDB__STMTS];
	struct maildb__rows rows;  /* one statement runs at a time */
	struct maildb__held {      /* rows to be copied, in COPY's text */
		char *text;
		size_t len, size;
	} held[MAILDB__STMTS];
};

/* ---- backend_pgsql_conn.c -------------------------------------------------- */

/* Connects to the first server of the URL that will do; with foreign, to a
 * database that is not ours. */
int maildb__pgsql_open(struct maildb *db, const char *target, unsigned flags,
    struct maildb__conn **out);
int maildb__pgsql_connect(struct maildb *db, const char *target,
    unsigned flags, bool foreign, struct maildb__conn **out);
void maildb__pgsql_close(struct maildb__conn *conn);

/* Connects once more, with nothing prepared and no transaction. */
int maildb__pgsql_reopen(struct maildb__conn *conn);

/* Sees to a connection that works; not one that was lost in a transaction. */
int maildb__pgsql_ready(struct maildb__conn *conn);

/* Keeps what is wrong by a result, or by the connection when it is NULL. */
int maildb__pgsql_fail(struct maildb__conn *conn, const PGresult *result);

/* Runs a script, or one statement with text inputs, to its end; *out, when not
 * NULL, gets the result of success. */
int maildb__pgsql_exec(struct maildb__conn *conn, const char *sql,
    PGresult **out);
int maildb__pgsql_ask(struct maildb__conn *conn, const char *sql, int nin,
    const char *const *in, PGresult **out);

/* Tells the server how long to wait for locks, if that has changed. */
int maildb__pgsql_set_timeout(struct maildb__conn *conn);

/* ---- backend_pgsql_view.c: databases of others -------------------------------------- */

extern const struct maildb__viewer maildb__pgsql_viewer;

/* ---- backend_pgsql_copy.c -------------------------------------------------- */

/* Holds a row of a statement that can be copied back; sends many at once. */
int maildb__pgsql_hold(struct maildb__conn *conn, enum maildb__stmt_id id,
    const struct maildb__value *in);
/* Sends all that is held back, or forgets it. */
int maildb__pgsql_flush(struct maildb__conn *conn, bool drop);

#endif
