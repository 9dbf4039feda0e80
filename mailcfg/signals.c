/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * signals.c - what a signal stops
 *
 * A signal that asks to stop undoes what is not committed.  Ctrl-C ends a
 * command; in the shell the next one can be typed then.
 */
#include <signal.h>

#include "command.h"

static volatile sig_atomic_t interrupted; /* by Ctrl-C */
static volatile sig_atomic_t ended;       /* by another one */
static struct maildb *volatile attended;

static void
on_stop(int sig)
{
	struct maildb *db = attended;

	if (sig == SIGINT)
		interrupted = 1;
	else
		ended = 1;
	if (db != NULL)
		maildb_interrupt(db);
}

/* Lets signals undo what is not committed; a closed pipe and a file that grows
 * beyond its limit are write errors. */
void
signals_catch(void)
{
	static const int stops[] = { SIGINT, SIGTERM, SIGHUP };
	struct sigaction action = { .sa_handler = on_stop };
	size_t i;

	sigemptyset(&action.sa_mask);
	for (i = 0; i < COUNT(stops); i++)
		sigaction(stops[i], &action, NULL);
	action.sa_handler = SIG_IGN;
	sigaction(SIGPIPE, &action, NULL);
	sigaction(SIGXFSZ, &action, NULL);
}

/* The database whose statements a signal stops; NULL for none. */
void
signals_attend(struct maildb *db)
{
	attended = db;
}

/* Whether a signal asked to stop. */
bool
cli_interrupted(void)
{
	return interrupted || ended;
}

/* Forgets a Ctrl-C; false when the whole program was asked to end. */
bool
signals_resume(void)
{
	interrupted = 0;
	return !ended;
}
