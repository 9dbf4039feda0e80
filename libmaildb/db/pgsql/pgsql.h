/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * pgsql.h - what the files of the PostgreSQL driver share
 */
#ifndef MAILDB_BACKEND_PGSQL_H
#define MAILDB_BACKEND_PGSQL_H

#include <libpq-fe.h>
#include <pthread.h>

#include "core/core.h"

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
	char *target;              /* the URL with its secrets */
	unsigned flags;            /* of maildb_open() */
	char lock_timeout[16];     /* as the server was told last */
	bool in_txn;
	bool foreign;              /* not our database: its own search_path */
	bool lost;                 /* found broken, whatever libpq thinks */
	bool pooled;               /* a pooler lends us the server's session */
	bool used[MAILDB__STMTS], prepared[MAILDB__STMTS];
	struct maildb__rows rows;  /* one statement runs at a time */
	struct maildb__held {      /* rows to be copied, in COPY's text */
		char *text;
		size_t len, size;
	} held[MAILDB__STMTS];
};

/* ---- conn.c ------------------------------------------------------------- */

/* Connects to the first server of the URL that will do; with foreign, to a
 * database that is not ours. */
int maildb__pgsql_open(struct maildb *db, const char *target, unsigned flags,
    struct maildb__conn **out);
int maildb__pgsql_connect(struct maildb *db, const char *target,
    unsigned flags, bool foreign, struct maildb__conn **out);
void maildb__pgsql_close(struct maildb__conn *conn);

/* Connects another time to what a connection is to; *out is libpq's own, which
 * may have failed. */
int maildb__pgsql_dial(struct maildb__conn *conn, PGconn **out);

/* Connects once more, with nothing prepared and no transaction. */
int maildb__pgsql_reopen(struct maildb__conn *conn);

/* Sees to a connection that works; not one that was lost in a transaction. */
int maildb__pgsql_ready(struct maildb__conn *conn);

/* Keeps what is wrong by a result, or by the connection when it is NULL. */
int maildb__pgsql_fail(struct maildb__conn *conn, const PGresult *result);

/* Takes the rest of what was sent to its end; *out, when not NULL, gets the
 * last result if all went well. */
int maildb__pgsql_collect(struct maildb__conn *conn, PGresult **out);

/* Runs a script, or one statement with text inputs, to its end; *out, when not
 * NULL, gets the result of success. */
int maildb__pgsql_exec(struct maildb__conn *conn, const char *sql,
    PGresult **out);
int maildb__pgsql_ask(struct maildb__conn *conn, const char *sql, int nin,
    const char *const *in, PGresult **out);

/* Tells the server how long to wait for locks, if that has changed. */
int maildb__pgsql_set_timeout(struct maildb__conn *conn);

/* ---- url.c -------------------------------------------------------------- */

/* Looks at a URL before it is used. */
int maildb__pgsql_check_url(struct maildb *db, const char *url);
/* Tells the words that lead to the server, as struct maildb__driver says. */
int maildb__pgsql_words(struct maildb__conn *conn, maildb_word_fn *fn,
    void *arg);

/* ---- pool.c ------------------------------------------------------------- */

/* Sees whether the pooler in between leaves us one session of the server. */
int maildb__pgsql_check_pool(struct maildb__conn *conn);

/* ---- wait.c ------------------------------------------------------------- */

/* Milliseconds since some moment. */
int64_t maildb__pgsql_clock(void);
/* Milliseconds after which a silent server counts as lost. */
int maildb__pgsql_patience(const struct maildb *db);

/*
 * What may block, on a thread of its own.  With wait, apart answers 0 when run
 * is done, and the task is the caller's again; or MAILDB_EINTR, and drop frees
 * it when run ends some day.  Without wait, drop always does.  The task is the
 * first member of what it works on.
 */
struct maildb__task {
	void (*run)(struct maildb__task *task);
	void (*drop)(struct maildb__task *task);
	pthread_mutex_t lock;
	pthread_cond_t finished;
	bool done, left;
};
int maildb__pgsql_apart(struct maildb *db, struct maildb__task *task,
    bool wait);

/* Sends what libpq has to send, and waits until the next result is there. */
int maildb__pgsql_await(struct maildb__conn *conn);
/* Waits for the next result; *out is NULL after the last one. */
int maildb__pgsql_take(struct maildb__conn *conn, PGresult **out);
/* Takes what is left of an answer, so that the next command can be sent. */
void maildb__pgsql_drain(struct maildb__conn *conn);

/* ---- view.c: databases of others ---------------------------------------- */

extern const struct maildb__viewer maildb__pgsql_viewer;

/* ---- copy.c ------------------------------------------------------------- */

/* Holds a row of a statement that can be copied back; sends many at once. */
int maildb__pgsql_hold(struct maildb__conn *conn, enum maildb__stmt_id id,
    const struct maildb__value *in);
/* Sends all that is held back, or forgets it. */
int maildb__pgsql_flush(struct maildb__conn *conn, bool drop);

#endif
