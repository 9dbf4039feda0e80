/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * reader.c - looks addresses up as Postfix does, until told to stop
 *
 *	reader DATABASE QUERY...
 *
 * Runs as a user who may not write.  Each look-up opens the file anew with
 * mode=ro and no busy timeout, and prepares the query's text: what a fresh
 * smtpd does.  Every eighth look-up keeps the connection of the one before
 * instead, as a busy smtpd does.  A short rest after each leaves the writers a
 * share of the processors.  At SIGTERM prints how many look-ups were made and
 * how many failed, with the first few failures on stderr.
 */
#include <signal.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

static volatile sig_atomic_t stop;

static void
on_term(int number)
{
	(void)number;
	stop = 1;
}

/* One look-up on an open connection: whether it went through. */
static int
look_up(sqlite3 *sqlite, const char *query)
{
	sqlite3_stmt *stmt;
	int rc = sqlite3_prepare_v2(sqlite, query, -1, &stmt, NULL);

	if (rc != SQLITE_OK)
		return 0;
	while ((rc = sqlite3_step(stmt)) == SQLITE_ROW)
		;
	return sqlite3_finalize(stmt) == SQLITE_OK && rc == SQLITE_DONE;
}

int
main(int argc, char **argv)
{
	const struct timespec rest = { .tv_nsec = 4000000 };
	struct sigaction action = { .sa_handler = on_term };
	unsigned long done = 0, failed = 0;
	sqlite3 *sqlite = NULL;
	char *uri;
	int i = 2;

	if (argc < 3)
		return 2;
	sigaction(SIGTERM, &action, NULL);
	uri = sqlite3_mprintf("file:%s?mode=ro", argv[1]);
	while (uri != NULL && !stop) {
		if (done % 8 != 7) {
			sqlite3_close(sqlite);
			sqlite3_open_v2(uri, &sqlite, SQLITE_OPEN_READWRITE |
			    SQLITE_OPEN_URI, NULL);
		}
		if (!look_up(sqlite, argv[i]) && failed++ < 5)
			fprintf(stderr, "%s: %s (%d)\n", argv[i],
			    sqlite3_errmsg(sqlite),
			    sqlite3_extended_errcode(sqlite));
		done++;
		if (++i == argc)
			i = 2;
		nanosleep(&rest, NULL);
	}
	sqlite3_close(sqlite);
	sqlite3_free(uri);
	printf("%lu %lu\n", done, failed);
	return 0;
}
