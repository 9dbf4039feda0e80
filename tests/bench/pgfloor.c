/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * pgfloor.c - the smallest program that asks PostgreSQL something
 *
 *	pgfloor URL QUERY [N [RANGE]]   connects, asks N times or once, exits
 *
 * %d in the query stands for a number below RANGE (1000).  Each query is text of its own, as
 * Postfix sends them.
 */
#include <libpq-fe.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>

int
main(int argc, char **argv)
{
	int i, n = argc > 3 ? atoi(argv[3]) : 1;
	int range = argc > 4 ? atoi(argv[4]) : 1000;
	char text[4096];
	PGresult *result;
	PGconn *conn;
	bool good = true;

	if (argc < 3)
		return 2;
	conn = PQconnectdb(argv[1]);
	good = PQstatus(conn) == CONNECTION_OK;
	for (i = 0; good && i < n; i++) {
		/* The format is this benchmark's own. */
		snprintf(text, sizeof(text), argv[2], (int)(i * 7919LL % range));
		result = PQexec(conn, text);
		good = PQresultStatus(result) == PGRES_TUPLES_OK;
		PQclear(result);
	}
	if (!good)
		fprintf(stderr, "pgfloor: %s", PQerrorMessage(conn));
	PQfinish(conn);
	return !good;
}
