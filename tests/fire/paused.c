/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * paused.c - a look-up that sleeps in the middle
 *
 *	paused DATABASE QUERY
 *
 * Looks up as reader.c does, as a user who may not write, and stops when its
 * transaction has begun: prints "here", goes on at a line on stdin, and then
 * prints what it read, or the error with its code.
 */
#include <sqlite3.h>
#include <stdio.h>
#include <unistd.h>

/* Prints what a query answers. */
static int
look_up(sqlite3 *sqlite, const char *query)
{
	sqlite3_stmt *stmt;
	int rc = sqlite3_prepare_v2(sqlite, query, -1, &stmt, NULL);

	while (rc == SQLITE_OK && sqlite3_step(stmt) == SQLITE_ROW)
		printf("%s\n", (const char *)sqlite3_column_text(stmt, 0));
	return rc == SQLITE_OK ? sqlite3_finalize(stmt) : rc;
}

int
main(int argc, char **argv)
{
	char line[8], *uri;
	sqlite3 *sqlite;
	int rc;

	if (argc != 3)
		return 2;
	alarm(120);
	uri = sqlite3_mprintf("file:%s?mode=ro", argv[1]);
	rc = sqlite3_open_v2(uri, &sqlite, SQLITE_OPEN_READWRITE |
	    SQLITE_OPEN_URI, NULL);
	if (rc == SQLITE_OK)
		rc = sqlite3_exec(sqlite, "BEGIN; SELECT 1 FROM sqlite_schema",
		    NULL, NULL, NULL);
	puts("here");
	fflush(stdout);
	if (fgets(line, sizeof(line), stdin) == NULL)
		return 2;
	if (rc == SQLITE_OK)
		rc = look_up(sqlite, argv[2]);
	if (rc != SQLITE_OK)
		printf("%s (%d)\n", sqlite3_errmsg(sqlite),
		    sqlite3_extended_errcode(sqlite));
	sqlite3_close(sqlite);
	sqlite3_free(uri);
	return rc != SQLITE_OK;
}
