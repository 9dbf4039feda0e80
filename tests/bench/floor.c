/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * floor.c - the smallest honest programs that do the same work
 *
 *	floor ls DATABASE            one query, printed
 *	floor add DATABASE ADDRESS   one durable user
 *	floor loop DATABASE N        N of them, each durable
 *	floor bulk DATABASE N        N users and N aliases, in one transaction
 *	floor diff DATABASE          each user read with its domain, in order
 *	floor start                  nothing, linked as mailcfg is
 *	floor look TEXT DATABASE N [RANGE]
 *	                             N queries as text, prepared each time; %d
 *	                             in the text stands for a number below RANGE
 *	floor ask TEXT DATABASE N RANGE KEY
 *	                             the same prepared once: ?1 in the text is
 *	                             KEY, in which %d stands for the number
 *	floor hash N                 N passwords hashed by the default method,
 *	                             and each hash checked once
 *	floor addhash DATABASE ADDRESS
 *	                             one of these, and one durable user
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

/* Runs a statement with a text or two for its inputs. */
static sqlite3_int64
insert(sqlite3_stmt *stmt, sqlite3_int64 id, const char *first,
    const char *second)
{
	int at = 1;

	if (id != 0)
		sqlite3_bind_int64(stmt, at++, id);
	sqlite3_bind_text(stmt, at++, first, -1, SQLITE_STATIC);
	if (second != NULL)
		sqlite3_bind_text(stmt, at, second, -1, SQLITE_STATIC);
	need(sqlite3_step(stmt) == SQLITE_DONE);
	sqlite3_reset(stmt);
	return sqlite3_last_insert_rowid(sqlite);
}

/* Users, and an alias for each, in the order of their addresses. */
static int
bulk(const char *path, int n)
{
	static const char domain[] = "bench.example";
	static const char hash[] = HASH "saltsaltsaltsaltsaltsaltsaltsaltsalt"
	    "saltsaltsaltsaltsaltsaltsaltsaltsaltsaltsaltsaltsalt";
	sqlite3_stmt *stmts[3];
	char local[32], dest[64];
	int i;

	database(path, SQLITE_OPEN_READWRITE);
	need(sqlite3_exec(sqlite, "BEGIN IMMEDIATE", NULL, NULL, NULL) == 0);
	stmts[0] = prepare("INSERT INTO address (domain, localpart)"
	    " VALUES (?1, ?2)");
	stmts[1] = prepare("INSERT INTO mailbox (address_id, password)"
	    " VALUES (?1, ?2)");
	stmts[2] = prepare("INSERT INTO target (address_id, dest, may_send)"
	    " VALUES (?1, ?2, 1)");
	for (i = 0; i < n; i++) {
		snprintf(local, sizeof(local), "u%07d", i);
		insert(stmts[1], insert(stmts[0], 0, domain, local), hash,
		    NULL);
	}
	for (i = 0; i < n; i++) {
		snprintf(local, sizeof(local), "v%07d", i);
		snprintf(dest, sizeof(dest), "u%07d@%s", i, domain);
		insert(stmts[2], insert(stmts[0], 0, domain, local), dest,
		    NULL);
	}
	need(sqlite3_exec(sqlite, "COMMIT", NULL, NULL, NULL) == 0);
	for (i = 0; i < 3; i++)
		sqlite3_finalize(stmts[i]);
	return 0;
}

/* What a comparison has to read at least. */
static int
diff(const char *path)
{
	sqlite3_stmt *stmt;
	int i;

	database(path, SQLITE_OPEN_READONLY);
	stmt = prepare("SELECT a.*, m.*, d.class FROM address a"
	    " JOIN mailbox m ON m.address_id = a.id"
	    " JOIN domain d ON d.name = a.domain"
	    " ORDER BY a.domain, a.localpart");
	while (sqlite3_step(stmt) == SQLITE_ROW)
		for (i = 0; i < sqlite3_column_count(stmt); i++)
			sqlite3_column_text(stmt, i);
	sqlite3_finalize(stmt);
	return 0;
}

/* The i-th number below a range, in no order. */
static int
spread(int i, int range)
{
	return (int)(i * 7919LL % range);
}

static int
look(const char *format, const char *path, int n, int range)
{
	sqlite3_stmt *stmt;
	char text[4096];
	int i;

	database(path, SQLITE_OPEN_READONLY);
	for (i = 0; i < n; i++) {
		/* The format is this benchmark's own. */
		snprintf(text, sizeof(text), format, spread(i, range));
		stmt = prepare(text);
		while (sqlite3_step(stmt) == SQLITE_ROW)
			;
		sqlite3_finalize(stmt);
	}
	return 0;
}

static int
ask(const char *sql, const char *path, int n, int range, const char *format)
{
	sqlite3_stmt *stmt;
	char key[256];
	int i;

	database(path, SQLITE_OPEN_READONLY);
	stmt = prepare(sql);
	for (i = 0; i < n; i++) {
		snprintf(key, sizeof(key), format, spread(i, range));
		sqlite3_bind_text(stmt, 1, key, -1, SQLITE_STATIC);
		while (sqlite3_step(stmt) == SQLITE_ROW)
			;
		sqlite3_reset(stmt);
	}
	sqlite3_finalize(stmt);
	return 0;
}

static int
hash(int n)
{
	const char *password = "correct horse battery", *made;
	void *data = NULL, *again = NULL;
	int size = 0, other = 0, i;
	char *salt;

	for (i = 0; i < n; i++) {
		salt = crypt_gensalt_ra(NULL, 0, NULL, 0);
		made = salt != NULL ? crypt_ra(password, salt, &data, &size) :
		    NULL;
		free(salt);
		if (made == NULL || strcmp(made, crypt_ra(password, made,
		    &again, &other)) != 0)
			return 1;
	}
	free(data);
	free(again);
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
	else if (strcmp(what, "bulk") == 0 && argc == 4)
		rc = bulk(argv[2], atoi(argv[3]));
	else if (strcmp(what, "diff") == 0 && argc == 3)
		rc = diff(argv[2]);
	else if (strcmp(what, "look") == 0 && (argc == 5 || argc == 6))
		rc = look(argv[2], argv[3], atoi(argv[4]),
		    argc == 6 ? atoi(argv[5]) : 1000);
	else if (strcmp(what, "ask") == 0 && argc == 7)
		rc = ask(argv[2], argv[3], atoi(argv[4]), atoi(argv[5]),
		    argv[6]);
	else if (strcmp(what, "hash") == 0 && argc == 3)
		rc = hash(atoi(argv[2]));
	else if (strcmp(what, "addhash") == 0 && argc == 4)
		rc = hash(1) != 0 ? 1 : add_many(argv[2], argv[3], 1);
	else if (strcmp(what, "start") == 0)
		rc = sqlite3_libversion_number() == 0 ||
		    crypt_preferred_method() == NULL;
	sqlite3_close(sqlite);
	return rc;
}
