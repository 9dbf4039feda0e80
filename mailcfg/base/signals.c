/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * signals.c - what a signal stops
 *
 * A signal that asks to stop undoes what is not committed.  Ctrl-C ends a
 * command; in the shell the next one can be typed then.
 *
 * A library may wait, or run, without ever looking whether a signal came.  So
 * a second one ends the program within a second, in which what is not committed
 * can still be undone in order: a terminal that is closed sends two.
 */
#include <signal.h>
#include <termios.h>
#include <unistd.h>

#include "base/call.h"

#define GRACE 1 /* seconds */

static const int stops[] = { SIGINT, SIGTERM, SIGHUP };

static volatile sig_atomic_t interrupted; /* by Ctrl-C */
static volatile sig_atomic_t ended;       /* by another one */
static volatile sig_atomic_t asked;       /* how often, since the last resume */
static volatile sig_atomic_t last;        /* the last of them */
static struct maildb *volatile attended;
static volatile sig_atomic_t terminal = -1; /* to be put back to "usual" */
static struct termios usual;

/* See call.h. */
void
signals_die(int sig)
{
	struct sigaction action = { .sa_handler = SIG_DFL };
	sigset_t mask;

	sigemptyset(&action.sa_mask);
	sigaction(sig, &action, NULL);
	sigemptyset(&mask);
	sigaddset(&mask, sig);
	sigprocmask(SIG_UNBLOCK, &mask, NULL);
	raise(sig);
}

/* Ends the program by the signal that asked for it, its terminal as it was. */
static void
on_alarm(int sig)
{
	struct sigaction action = { .sa_handler = SIG_IGN };

	(void)sig;
	sigemptyset(&action.sa_mask);
	sigaction(SIGTTOU, &action, NULL); /* or the next call would stop it */
	if (terminal >= 0)
		(void)tcsetattr(terminal, TCSANOW, &usual);
	signals_die(last);
}

static void
on_stop(int sig)
{
	struct maildb *db = attended;

	last = sig;
	if (sig == SIGINT)
		interrupted = 1;
	else
		ended = 1;
	if (db != NULL)
		maildb_interrupt(db);
	if (asked == 1)
		alarm(GRACE);
	if (asked < 2)
		asked++;
}

/* Sets what the signals that ask to stop do. */
static void
set_stops(void (*handler)(int))
{
	struct sigaction action = { .sa_handler = handler };
	size_t i;

	sigemptyset(&action.sa_mask);
	for (i = 0; i < COUNT(stops); i++)
		sigaction(stops[i], &action, NULL);
}

/* Lets signals undo what is not committed; a closed pipe and a file that grows
 * beyond its limit are write errors. */
void
signals_catch(void)
{
	struct sigaction action = { .sa_handler = SIG_IGN };

	set_stops(on_stop);
	sigemptyset(&action.sa_mask);
	sigaction(SIGPIPE, &action, NULL);
	sigaction(SIGXFSZ, &action, NULL);
	action.sa_handler = on_alarm;
	sigaction(SIGALRM, &action, NULL);
}

/* While another program has the terminal and there is nothing to undo, Ctrl-C
 * is meant for that one, and other signals end this one. */
void
signals_yield(bool on)
{
	struct sigaction action = { .sa_handler = SIG_IGN };

	set_stops(on ? SIG_DFL : on_stop);
	sigemptyset(&action.sa_mask);
	if (on)
		sigaction(SIGINT, &action, NULL);
	if (on)
		alarm(0);
}

/* Remembers how a terminal is before it is changed, for a signal that ends the
 * program meanwhile; -1 forgets it. */
void
signals_terminal(int fd)
{
	terminal = -1;
	if (fd >= 0 && tcgetattr(fd, &usual) == 0)
		terminal = fd;
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
	if (ended)
		return false;
	asked = 0;
	alarm(0);
	return true;
}
