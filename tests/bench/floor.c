/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * floor.c - the smallest honest programs that do the same work
 *
 *	floor ls DATABASE            one query, printed
 *	floor add DATABASE ADDRESS   one durable user
 *	floor loop DATABASE N        N of them, each durable
 *	floor start                  nothing, linked as mailcfg is
 *	floor look TEXT DATABASE N   N queries as text, prepared each time;
 *	                             %d in the text stands for the number
 *
 * They know the schema and no rules; the same file, the same durability.
 */
#include <crypt.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define HASH "{CRYPT}$6$saltsaltsaltsalt$"

static sqlite3 *sqlite;

/* Ends with SQLite's words. */
static void
need(int good)
{
	if (good)
		return;
	fprintf(stderr, "floor: %s\n", sqlite3_errmsg(sqlite));
	exit(1);
}

static void
database(const char *path, int flags)
{
	int one = 1;

	need(sqlite3_open_v2(path, &sqlite, flags, NULL) == SQLITE_OK);
	sqlite3_file_control(sqlite, "main", SQLITE_FCNTL_PERSIST_WAL, &one);
	sqlite3_db_config(sqlite, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, NULL);
	sqlite3_busy_timeout(sqlite, 10000);
}

static sqlite3_stmt *
prepare(const char *sql)
{
	sqlite3_stmt *stmt;

	need(sqlite3_prepare_v2(sqlite, sql, -1, &stmt, NULL) == SQLITE_OK);
	return stmt;
}

static int
list(const char *path)
{
	sqlite3_stmt *stmt;

	database(path, SQLITE_OPEN_READONLY);
	stmt = prepare("SELECT id, name FROM domain WHERE id > 0 ORDER BY name");
	while (sqlite3_step(stmt) == SQLITE_ROW)
		printf("%s (id %d)\n", sqlite3_column_text(stmt, 1),
		    sqlite3_column_int(stmt, 0));
	sqlite3_finalize(stmt);
	return 0;
}

/* One user in a transaction of its own. */
static void
add(sqlite3_stmt **stmts, const char *local, const char *domain)
{
	sqlite3_int64 id;
	int i;

	for (i = 0; i < 5; i++)
		sqlite3_reset(stmts[i]);
	need(sqlite3_step(stmts[0]) == SQLITE_DONE);
	sqlite3_bind_text(stmts[1], 1, domain, -1, SQLITE_STATIC);
	need(sqlite3_step(stmts[1]) == SQLITE_ROW);
	sqlite3_reset(stmts[1]);
	sqlite3_bind_text(stmts[2], 1, domain, -1, SQLITE_STATIC);
	sqlite3_bind_text(stmts[2], 2, local, -1, SQLITE_STATIC);
	need(sqlite3_step(stmts[2]) == SQLITE_DONE);
	id = sqlite3_last_insert_rowid(sqlite);
	sqlite3_bind_int64(stmts[3], 1, id);
	sqlite3_bind_text(stmts[3], 2, HASH, -1, SQLITE_STATIC);
	need(sqlite3_step(stmts[3]) == SQLITE_DONE);
	need(sqlite3_step(stmts[4]) == SQLITE_DONE);
}

static int
add_many(const char *path, const char *address, int n)
{
	sqlite3_stmt *stmts[5];
	char local[64], *domain;
	int i;

	database(path, SQLITE_OPEN_READWRITE);
	stmts[0] = prepare("BEGIN IMMEDIATE");
	stmts[1] = prepare("SELECT id, class FROM domain WHERE name = ?1");
	stmts[2] = prepare("INSERT INTO address (domain, localpart)"
	    " VALUES (?1, ?2)");
	stmts[3] = prepare("INSERT INTO mailbox (address_id, password)"
	    " VALUES (?1, ?2)");
	stmts[4] = prepare("COMMIT");
	domain = strchr(address, '@') + 1;
	for (i = 0; i < n; i++) {
		if (n == 1)
			snprintf(local, sizeof(local), "%.*s",
			    (int)(domain - 1 - address), address);
		else
			snprintf(local, sizeof(local), "loop%d", i);
		add(stmts, local, domain);
	}
	for (i = 0; i < 5; i++)
		sqlite3_finalize(stmts[i]);
	return 0;
}

static int
look(const char *format, const char *path, int n)
{
	sqlite3_stmt *stmt;
	char text[4096];
	int i;

	database(path, SQLITE_OPEN_READONLY);
	for (i = 0; i < n; i++) {
		/* The format is this benchmark's own. */
		snprintf(text, sizeof(text), format, i % 1000);
		stmt = prepare(text);
		while (sqlite3_step(stmt) == SQLITE_ROW)
			;
		sqlite3_finalize(stmt);
	}
	return 0;
}

int
main(int argc, char **argv)
{
	const char *what = argc > 1 ? argv[1] : "";
	int rc = 2;

	if (strcmp(what, "ls") == 0 && argc == 3)
		rc = list(argv[2]);
	else if (strcmp(what, "add") == 0 && argc == 4)
		rc = add_many(argv[2], argv[3], 1);
	else if (strcmp(what, "loop") == 0 && argc == 4)
		rc = add_many(argv[2], "loop@bench.example", atoi(argv[3]));
	else if (strcmp(what, "look") == 0 && argc == 5)
		rc = look(argv[2], argv[3], atoi(argv[4]));
	else if (strcmp(what, "start") == 0)
		rc = sqlite3_libversion_number() == 0 ||
		    crypt_preferred_method() == NULL;
	sqlite3_close(sqlite);
	return rc;
}
