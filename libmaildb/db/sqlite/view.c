/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * view.c - SQLite files of other programs, to be read only
 *
 * Nothing is written to the file or beside it.  A file in WAL mode makes even
 * readers create -wal and -shm: without a log it is opened as one that nobody
 * changes, with one only if its -shm is there.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "db/sqlite/sqlite.h"

struct maildb__view {
	struct maildb *db;
	char *path; /* as it was given */
	char *real; /* where -wal and -shm are beside it */
	sqlite3 *sqlite;
	sqlite3_stmt *stmt;
};

/* Keeps what SQLite says as the handle's fault. */
static int
fail(struct maildb__view *view, int vendor)
{
	const char *hint;
	int code = maildb__sqlite_meaning(vendor, &hint);

	return maildb__fail(view->db, code, "database %s: %s", view->path,
	    view->sqlite != NULL ? sqlite3_errmsg(view->sqlite) :
	    sqlite3_errstr(vendor));
}

static void
view_close(struct maildb__view *view)
{
	if (view == NULL)
		return;
	sqlite3_finalize(view->stmt);
	sqlite3_close(view->sqlite);
	free(view->path);
	free(view->real);
	free(view);
}

/* Opens the file under a URI, for parameters need one. */
static int
open_uri(struct maildb__view *view, const char *parameters)
{
	static const char plain[] = "abcdefghijklmnopqrstuvwxyz"
	    "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-";
	struct maildb__buf uri = { 0 };
	const char *at;
	int rc;

	maildb__buf_add(&uri, "file:");
	for (at = view->path; *at != '\0'; at++)
		/* Two slashes at the start would begin a host's name. */
		if (strchr(plain, *at) != NULL ||
		    (*at == '/' && at[1] != '/'))
			maildb__buf_addn(&uri, at, 1);
		else
			maildb__buf_printf(&uri, "%%%02x",
			    (unsigned char)*at);
	maildb__buf_add(&uri, parameters);
	if (uri.failed) {
		maildb__buf_free(&uri);
		return maildb__nomem(view->db);
	}
	sqlite3_close(view->sqlite);
	view->sqlite = NULL;
	rc = sqlite3_open_v2(uri.text, &view->sqlite, SQLITE_OPEN_READONLY |
	    SQLITE_OPEN_URI | SQLITE_OPEN_NOMUTEX, NULL);
	maildb__buf_free(&uri);
	return rc == SQLITE_OK ? 0 : fail(view, rc);
}

/* Whether the file's header says WAL; read through SQLite, as closing another
 * descriptor of the file would drop locks of this process. */
static bool
is_wal(struct maildb__view *view)
{
	unsigned char version[2] = { 0 };
	sqlite3_file *file = NULL;

	return sqlite3_file_control(view->sqlite, "main",
	    SQLITE_FCNTL_FILE_POINTER, &file) == SQLITE_OK &&
	    file != NULL && file->pMethods != NULL &&
	    file->pMethods->xRead(file, version, 2, 18) == SQLITE_OK &&
	    version[1] == 2;
}

/* The size of the file whose name is the database's with an end; or -1. */
static int
size_beside(struct maildb__view *view, const char *end, off_t *size)
{
	struct stat st;
	char *path;

	*size = -1;
	if (asprintf(&path, "%s%s", view->real, end) < 0)
		return maildb__nomem(view->db);
	if (stat(path, &st) == 0)
		*size = st.st_size;
	free(path);
	return 0;
}

/* Opens the file in the way that leaves no trace. */
static int
open_file(struct maildb__view *view)
{
	off_t wal, shm;
	int rc;

	if ((rc = open_uri(view, "?mode=ro&readonly_shm=1")) < 0 ||
	    !is_wal(view))
		return rc;
	if ((rc = size_beside(view, "-wal", &wal)) < 0 ||
	    (rc = size_beside(view, "-shm", &shm)) < 0)
		return rc;
	if (wal <= 0)
		return open_uri(view, "?immutable=1");
	if (shm >= 0)
		return 0;
	maildb__fail(view->db, MAILDB_EDENIED, "database %s has a log, %s-wal, "
	    "that was not written back", view->path, view->path);
	return maildb__hint(view->db, "write it back with: sqlite3 %s "
	    "'PRAGMA wal_checkpoint(TRUNCATE)'", view->path);
}

/* Guards against hostile files, and fixes the moment that is read. */
static int
begin(struct maildb__view *view)
{
	static const struct {
		int option, value;
	} options[] = {
		{ SQLITE_DBCONFIG_DEFENSIVE, 1 },
		{ SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0 },
		{ SQLITE_DBCONFIG_ENABLE_TRIGGER, 0 },
	};
	size_t i;
	int rc;

	sqlite3_extended_result_codes(view->sqlite, 1);
	sqlite3_busy_timeout(view->sqlite, view->db->timeout);
	for (i = 0; i < ARRAY_LEN(options); i++)
		sqlite3_db_config(view->sqlite, options[i].option,
		    options[i].value, NULL);
	rc = sqlite3_exec(view->sqlite, "PRAGMA cell_size_check = ON; "
	    "PRAGMA query_only = ON; BEGIN; "
	    "SELECT count(*) FROM sqlite_schema", NULL, NULL, NULL);
	return rc == SQLITE_OK ? 0 : fail(view, rc);
}

/* Refuses a database of ours: its tables have some of the same names. */
static int
check_foreign(struct maildb__view *view)
{
	sqlite3_stmt *stmt;
	int64_t id = 0;

	if (sqlite3_prepare_v2(view->sqlite, "PRAGMA application_id", -1,
	    &stmt, NULL) == SQLITE_OK && sqlite3_step(stmt) == SQLITE_ROW)
		id = sqlite3_column_int64(stmt, 0);
	sqlite3_finalize(stmt);
	return id != MAILDB__APPLICATION_ID ? 0 : maildb__fail(view->db,
	    MAILDB_EFORMAT, "database %s is one of mailcfg itself",
	    view->path);
}

static int
view_open(struct maildb *db, const char *target, struct maildb__view **out)
{
	struct maildb__view *view = calloc(1, sizeof(*view));
	struct stat st;
	int rc;

	*out = NULL;
	if (view == NULL || (view->path = strdup(target)) == NULL ||
	    ((view->real = realpath(target, NULL)) == NULL &&
	    errno == ENOMEM)) {
		view_close(view);
		return maildb__nomem(db);
	}
	view->db = db;
	if (stat(target, &st) != 0)
		rc = maildb__fail(db, MAILDB_EMISSING,
		    "database %s does not exist", target);
	else if (!S_ISREG(st.st_mode))
		rc = maildb__fail(db, MAILDB_EFORMAT,
		    "database %s is no regular file", target);
	else if ((rc = open_file(view)) == 0 && (rc = begin(view)) == 0)
		rc = check_foreign(view);
	if (rc < 0) {
		view_close(view);
		return rc;
	}
	*out = view;
	return 0;
}

/* Whether there is such a table: 1 or 0. */
static int
has_table(struct maildb__view *view, const char *name)
{
	sqlite3_stmt *stmt;
	int rc;

	rc = sqlite3_prepare_v2(view->sqlite, "SELECT 1 FROM sqlite_schema "
	    "WHERE type = 'table' AND lower(name) = ?1", -1, &stmt, NULL);
	if (rc == SQLITE_OK)
		rc = sqlite3_bind_text(stmt, 1, name, -1, SQLITE_STATIC);
	if (rc == SQLITE_OK)
		rc = sqlite3_step(stmt);
	if (rc != SQLITE_ROW && rc != SQLITE_DONE)
		fail(view, rc);
	sqlite3_finalize(stmt);
	return rc == SQLITE_ROW ? 1 : rc == SQLITE_DONE ? 0 :
	    view->db->fault.code;
}

static int
view_table(struct maildb__view *view, const char *name, const char *sql)
{
	int rc = has_table(view, name);

	if (rc <= 0)
		return rc;
	rc = sqlite3_prepare_v2(view->sqlite, sql, -1, &view->stmt, NULL);
	return rc == SQLITE_OK ? 1 : fail(view, rc);
}

static unsigned
view_width(struct maildb__view *view)
{
	return (unsigned)sqlite3_column_count(view->stmt);
}

static const char *
view_column(struct maildb__view *view, unsigned col)
{
	return sqlite3_column_name(view->stmt, (int)col);
}

static int
view_next(struct maildb__view *view)
{
	int rc = sqlite3_step(view->stmt);

	return rc == SQLITE_ROW ? 1 : rc == SQLITE_DONE ? 0 : fail(view, rc);
}

static const char *
view_value(struct maildb__view *view, unsigned col, size_t *len, bool *lost)
{
	const unsigned char *text;

	if (sqlite3_column_type(view->stmt, (int)col) == SQLITE_NULL)
		return NULL;
	text = sqlite3_column_text(view->stmt, (int)col);
	*len = (size_t)sqlite3_column_bytes(view->stmt, (int)col);
	*lost = text == NULL;
	return (const char *)text;
}

static void
view_done(struct maildb__view *view)
{
	sqlite3_finalize(view->stmt);
	view->stmt = NULL;
}

const struct maildb__viewer maildb__sqlite_viewer = {
	.open = view_open,
	.close = view_close,
	.table = view_table,
	.width = view_width,
	.column = view_column,
	.next = view_next,
	.value = view_value,
	.done = view_done,
};
