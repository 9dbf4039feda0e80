/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * copy.c - a whole database elsewhere: copydb, and export sql
 */
#include <stdlib.h>
#include <string.h>

#include "cmd/commands.h"

/* Opens a second database, beside the one of the run. */
static struct maildb *
open_other(struct call *call, const char *url, int *rc)
{
	struct maildb *db = maildb_new();

	if (db == NULL) {
		*rc = MAILDB_ENOMEM;
		return NULL;
	}
	if ((*rc = maildb_open(db, url, 0)) >= 0)
		return db;
	fault_from(&call->fault, *rc, db);
	maildb_free(db);
	return NULL;
}

/* Copies one database into a new one. */
int
cmd_copydb(struct call *call)
{
	char *target = strdup(call->arg[1]);
	struct maildb *from;
	int rc;

	if (target == NULL)
		return MAILDB_ENOMEM;
	if ((from = open_other(call, call->arg[0], &rc)) == NULL) {
		free(target);
		return rc;
	}
	free(call->cli->config.db);
	call->cli->config.db = target;
	if ((rc = cli_create(call)) >= 0)
		rc = maildb_copy(from, call->cli->db);
	rc = call_changed(call, rc, "copied %s to %s", maildb_url(from),
	    maildb_url(call->cli->db));
	maildb_free(from);
	return rc;
}

/* ---- export sql ---------------------------------------------------------- */

struct dump {
	FILE *to;
	bool pgsql;
};

/* An SQL literal. */
static void
literal(FILE *to, const struct maildb_cursor *rows, size_t col)
{
	const char *text = maildb_cursor_text(rows, col);

	if (maildb_cursor_null(rows, col)) {
		fputs("NULL", to);
	} else if (text == NULL) {
		fprintf(to, "%lld", (long long)maildb_cursor_int(rows, col));
	} else {
		putc('\'', to);
		for (; *text != '\0'; text++)
			fputs(*text == '\'' ? "''" :
			    (const char[]){ *text, '\0' }, to);
		putc('\'', to);
	}
}

/* What keeps ids that were given once from being given again. */
static void
put_last(const struct dump *dump, const struct maildb_cursor *rows)
{
	const char *table = maildb_cursor_text(rows, 0);
	long long last = maildb_cursor_int(rows, 1);

	if (last > 0)
		fprintf(dump->to, dump->pgsql ?
		    "SELECT setval(id::regclass, greatest(%2$lld, "
		    "coalesce(pg_sequence_last_value(id::regclass), 1))) FROM "
		    "pg_get_serial_sequence('maildb.%1$s', 'id') AS id;\n" :
		    "UPDATE sqlite_sequence SET seq = max(seq, %2$lld)"
		    " WHERE name = '%1$s';\n", table, last);
}

/* One row as a statement. */
static void
put_row(const struct dump *dump, const char *table,
    const struct maildb_cursor *rows)
{
	size_t i, width = maildb_cursor_width(rows);

	fprintf(dump->to, "INSERT INTO %s (", table);
	for (i = 0; i < width; i++)
		fprintf(dump->to, "%s%s", i > 0 ? ", " : "",
		    maildb_cursor_name(rows, i));
	fprintf(dump->to, ")%s VALUES (", dump->pgsql &&
	    strcmp(table, "journal") == 0 ? " OVERRIDING SYSTEM VALUE" : "");
	for (i = 0; i < width; i++) {
		fputs(i > 0 ? ", " : "", dump->to);
		literal(dump->to, rows, i);
	}
	fputs(strcmp(table, "setting") == 0 ? ") ON CONFLICT (name) "
	    "DO UPDATE SET value = excluded.value "
	    "WHERE setting.value <> excluded.value;\n" : ");\n", dump->to);
}

static int
put_table(void *arg, const char *table, struct maildb_cursor *rows)
{
	const struct dump *dump = arg;
	int rc;

	while ((rc = maildb_cursor_next(rows)) > 0) {
		if (strcmp(table, "last") == 0)
			put_last(dump, rows);
		else
			put_row(dump, table, rows);
		if (ferror(dump->to))
			return MAILDB_EIO;
	}
	/* New transactions are counted on from the old ones. */
	if (rc == 0 && !dump->pgsql && strcmp(table, "journal") == 0)
		fputs("UPDATE session SET txn = "
		    "coalesce((SELECT max(txn) FROM journal), 0);\n", dump->to);
	return rc;
}

/* Writes the whole database as SQL that a new one of the other back end, or of
 * the same, takes in one transaction. */
int
write_sql(struct call *call, const char *backend)
{
	struct dump dump = { .to = call->cli->out->to };
	struct maildb *db;
	int rc;

	if (backend == NULL)
		return call_fail(call, CLI_EUSAGE, "for", NULL,
		    "--for sqlite or --for pgsql",
		    "export sql has to know for which database");
	if (call_option(call, "secrets") == NULL)
		return call_fail(call, CLI_EUSAGE, "secrets", NULL, "--secrets",
		    "export sql moves a server, hashes of passwords included");
	dump.pgsql = strcmp(backend, "pgsql") == 0;
	/* The one of the run is open for reading only; this takes the lock. */
	if ((db = open_other(call, call->config.db, &rc)) == NULL)
		return rc;
	call->cli->out->format = FORMAT_DEFAULT;
	call->cli->out->listed = true;
	fputs(dump.pgsql ? "-- For a database made by mailcfg init: "
	    "psql -v ON_ERROR_STOP=1 -f THIS\n"
	    "SET search_path = maildb, pg_temp;\n"
	    "SET standard_conforming_strings = on;\n"
	    "SET client_encoding = 'UTF8';\nBEGIN;\n" :
	    "-- For a database made by mailcfg init: sqlite3 -bail "
	    "-cmd '.filectrl persist_wal 1' FILE <THIS\n"
	    "PRAGMA foreign_keys = ON;\nBEGIN IMMEDIATE;\n", dump.to);
	rc = maildb_dump(db, put_table, &dump);
	if (rc < 0)
		fault_from(&call->fault, rc, db);
	else
		fputs("COMMIT;\n", dump.to);
	maildb_free(db);
	return rc;
}
