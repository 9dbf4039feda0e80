/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * wait.c - every wait for a PostgreSQL server
 *
 * A network may swallow packets, and a server may be there and never answer.
 * So nothing here blocks without an end:
 *   - what libpq can only do by blocking (connecting, cancelling) runs on a
 *     thread that is left behind when the program has to go on;
 *   - a result is waited for with poll(2), and a server that is silent for
 *     longer than the timeout is asked, on another connection, whether it is
 *     there at all.  A long statement of a living server is not ended;
 *   - maildb_interrupt() only sets a flag, which each wait looks at.
 */
#include <errno.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "db/pgsql/pgsql.h"

#define TICK_MS  100  /* between two looks at an interruption */
#define GRACE_MS 2000 /* for a server to end what it was asked to */

int64_t
maildb__pgsql_clock(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

int
maildb__pgsql_patience(const struct maildb *db)
{
	return db->timeout > INT32_MAX - 2000 ? INT32_MAX : db->timeout < 0 ?
	    2000 : db->timeout + 2000;
}

/* ---- threads that may be left behind ------------------------------------ */

/* Says that a task is done; one that was left behind is freed here. */
static void *
work(void *arg)
{
	struct maildb__task *task = arg;
	bool left;

	task->run(task);
	pthread_mutex_lock(&task->lock);
	task->done = true;
	left = task->left;
	pthread_cond_signal(&task->finished);
	pthread_mutex_unlock(&task->lock);
	if (left)
		task->drop(task);
	return NULL;
}

/* Starts a thread that takes no signals; false when there is none to have. */
static bool
start(struct maildb__task *task)
{
	sigset_t all, before;
	pthread_t thread;
	int error;

	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &before);
	error = pthread_create(&thread, NULL, work, task);
	pthread_sigmask(SIG_SETMASK, &before, NULL);
	if (error == 0)
		pthread_detach(thread);
	return error == 0;
}

/* Waits for a moment; the lock is held. */
static void
wait_moment(struct maildb__task *task)
{
	struct timespec end;

	clock_gettime(CLOCK_REALTIME, &end);
	end.tv_nsec += TICK_MS * 1000000L;
	end.tv_sec += end.tv_nsec / 1000000000L;
	end.tv_nsec %= 1000000000L;
	pthread_cond_timedwait(&task->finished, &task->lock, &end);
}

int
maildb__pgsql_apart(struct maildb *db, struct maildb__task *task, bool wait)
{
	bool done;

	pthread_mutex_init(&task->lock, NULL);
	pthread_cond_init(&task->finished, NULL);
	task->left = !wait;
	if (!start(task)) {
		task->run(task); /* blocking, then */
		if (!wait)
			task->drop(task);
		return 0;
	}
	if (!wait)
		return 0;
	pthread_mutex_lock(&task->lock);
	while (!task->done && !db->stop)
		wait_moment(task);
	done = task->done;
	task->left = !done;
	pthread_mutex_unlock(&task->lock);
	return done ? 0 : maildb__fail(db, MAILDB_EINTR,
	    "database %s: interrupted", db->url);
}

/* ---- asking a server to stop, and whether it is there ------------------- */

struct cancel {
	struct maildb__task task;
	PGcancel *cancel;
};

static void
run_cancel(struct maildb__task *task)
{
	struct cancel *cancel = (struct cancel *)task;
	char words[256];

	PQcancel(cancel->cancel, words, sizeof(words));
}

static void
drop_cancel(struct maildb__task *task)
{
	PQfreeCancel(((struct cancel *)task)->cancel);
	free(task);
}

/* Asks the server to end the running statement, and waits for nothing. */
static void
cancel_statement(struct maildb__conn *conn)
{
	struct cancel *cancel = calloc(1, sizeof(*cancel));

	if (cancel == NULL)
		return; /* the connection will be given up instead */
	cancel->task.run = run_cancel;
	cancel->task.drop = drop_cancel;
	cancel->cancel = PQgetCancel(conn->pq);
	(void)maildb__pgsql_apart(conn->db, &cancel->task, false);
}

enum { PING_WORDS = 7 };

struct ping {
	struct maildb__task task;
	char *value[PING_WORDS + 1];
	PGPing answer;
};

static const char *const ping_words[PING_WORDS + 1] = { "host", "hostaddr",
	"port", "dbname", "user", "sslmode", "connect_timeout", NULL };

static void
run_ping(struct maildb__task *task)
{
	struct ping *ping = (struct ping *)task;

	ping->answer = PQpingParams(ping_words,
	    (const char *const *)ping->value, 0);
}

static void
drop_ping(struct maildb__task *task)
{
	struct ping *ping = (struct ping *)task;
	size_t i;

	for (i = 0; i < PING_WORDS; i++)
		free(ping->value[i]);
	free(ping);
}

/* Keeps what a new connection to the same server needs. */
static bool
address(struct ping *ping, struct maildb__conn *conn)
{
	char seconds[16];
	const char *words[PING_WORDS] = { PQhost(conn->pq),
		PQhostaddr(conn->pq), PQport(conn->pq), PQdb(conn->pq),
		PQuser(conn->pq), PQsslInUse(conn->pq) ? "require" : "disable",
		seconds };
	size_t i;

	snprintf(seconds, sizeof(seconds), "%d",
	    maildb__pgsql_patience(conn->db) / 1000);
	for (i = 0; i < PING_WORDS; i++)
		if ((ping->value[i] = strdup(words[i] != NULL ? words[i] :
		    "")) == NULL)
			return false;
	return true;
}

/* Whether the server of a connection still takes others: 1, 0, or an error. */
static int
is_there(struct maildb__conn *conn)
{
	struct ping *ping = calloc(1, sizeof(*ping));
	int rc;

	if (ping == NULL)
		return maildb__nomem(conn->db);
	ping->task.run = run_ping;
	ping->task.drop = drop_ping;
	if (!address(ping, conn)) {
		drop_ping(&ping->task);
		return maildb__nomem(conn->db);
	}
	if ((rc = maildb__pgsql_apart(conn->db, &ping->task, true)) < 0)
		return rc;
	rc = ping->answer == PQPING_OK || ping->answer == PQPING_REJECT;
	drop_ping(&ping->task);
	return rc;
}

/* ---- results ------------------------------------------------------------ */

/* Gives a connection up on which nothing comes any more. */
static int
give_up(struct maildb__conn *conn, int code, const char *why)
{
	conn->lost = true;
	return maildb__fail(conn->db, code, "database %s: %s", conn->db->url,
	    why);
}

/* Looks, between two waits, whether there is a reason not to wait longer.
 * *seen is when the server was last known to be there, *stopped when it was
 * asked to end the statement, or 0. */
static int
look(struct maildb__conn *conn, int64_t *seen, int64_t *stopped)
{
	int64_t now = maildb__pgsql_clock();
	int rc;

	if (conn->db->stop && *stopped == 0) {
		cancel_statement(conn);
		*stopped = now;
	}
	if (*stopped != 0 && now - *stopped >= GRACE_MS)
		return give_up(conn, MAILDB_EINTR,
		    "interrupted, and the server does not answer");
	if (*stopped != 0 || now - *seen < maildb__pgsql_patience(conn->db))
		return 0;
	if ((rc = is_there(conn)) == 0)
		return give_up(conn, MAILDB_ELOST, "the server does not answer");
	*seen = maildb__pgsql_clock();
	/* If interrupted meanwhile, the statement has to be cancelled first. */
	return rc > 0 || rc == MAILDB_EINTR ? 0 : rc;
}

int
maildb__pgsql_await(struct maildb__conn *conn)
{
	int64_t seen = maildb__pgsql_clock(), stopped = 0;
	struct pollfd fd;
	int unsent, rc;

	while ((unsent = PQflush(conn->pq)) > 0 || PQisBusy(conn->pq)) {
		if ((rc = look(conn, &seen, &stopped)) < 0)
			return rc;
		fd = (struct pollfd){ .fd = PQsocket(conn->pq),
			.events = unsent > 0 ? POLLIN | POLLOUT : POLLIN };
		if (poll(&fd, 1, TICK_MS) > 0 && !PQconsumeInput(conn->pq))
			break; /* the result tells why */
	}
	return 0;
}

int
maildb__pgsql_take(struct maildb__conn *conn, PGresult **out)
{
	int rc;

	*out = NULL;
	if (conn->lost)
		return maildb__fail(conn->db, MAILDB_ELOST,
		    "database %s: the connection was lost", conn->db->url);
	if ((rc = maildb__pgsql_await(conn)) < 0)
		return rc;
	*out = PQgetResult(conn->pq);
	return 0;
}

void
maildb__pgsql_drain(struct maildb__conn *conn)
{
	PGresult *result;

	if (PQtransactionStatus(conn->pq) != PQTRANS_ACTIVE)
		return;
	while (!conn->lost && maildb__pgsql_take(conn, &result) == 0 &&
	    result != NULL) {
		/* In the midst of a COPY there would be no end of them. */
		if (PQresultStatus(result) == PGRES_COPY_IN &&
		    PQputCopyEnd(conn->pq, "given up") != 1)
			conn->lost = true;
		PQclear(result);
	}
}
