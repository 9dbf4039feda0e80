/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * maildb.c - the handle: opening, closing, what it is told once
 */
#include <stdlib.h>
#include <string.h>

#include "handle.h"
#include "core/migrate.h"

#define DEFAULT_TIMEOUT 10000 /* milliseconds */

struct maildb *
maildb_new(void)
{
	struct maildb *db = calloc(1, sizeof(*db));

	if (db != NULL) {
		db->timeout = DEFAULT_TIMEOUT;
		db->fault.message = maildb_error_meaning(0);
	}
	return db;
}

/* Ends the connection; the handle can be opened again. */
static void
disconnect(struct maildb *db)
{
	maildb_cursor_free(db->cursor);
	if (db->stage != NULL)
		db->stage_free(db);
	while (db->depth > 0)
		maildb_rollback(db);
	if (db->conn != NULL)
		db->driver->close(db->conn);
	if (db->view != NULL)
		db->driver->viewer->close(db->view);
	db->conn = NULL;
	db->view = NULL;
	free(db->url);
	db->url = NULL;
}

void
maildb_free(struct maildb *db)
{
	size_t i;

	if (db == NULL)
		return;
	disconnect(db);
	for (i = 0; i < ARRAY_LEN(db->fault_text); i++)
		free(db->fault_text[i]);
	free(db->who);
	free(db->via);
	free(db);
}

int
maildb_set_actor(struct maildb *db, const char *who, const char *via)
{
	char *new_who = strdup(who), *new_via = NULL;

	if (new_who == NULL ||
	    (via != NULL && (new_via = strdup(via)) == NULL)) {
		free(new_who);
		return maildb__nomem(db);
	}
	free(db->who);
	free(db->via);
	db->who = new_who;
	db->via = new_via;
	return 0;
}

void
maildb_set_timeout(struct maildb *db, int milliseconds)
{
	db->timeout = milliseconds;
}

void
maildb_on_notice(struct maildb *db, maildb_notice_fn *fn, void *arg)
{
	db->notice = fn;
	db->notice_arg = arg;
}

int
maildb_open(struct maildb *db, const char *url, unsigned flags)
{
	const char *target;
	int rc;

	if (db->conn != NULL || db->view != NULL)
		return maildb__fail(db, MAILDB_EMISUSE,
		    "the handle has a database open already");
	db->flags = flags;
	if ((rc = maildb__choose(db, url, &target)) < 0 ||
	    (rc = db->driver->open(db, target, flags, &db->conn)) < 0 ||
	    (rc = maildb__check_schema(db)) < 0) {
		if (db->conn != NULL)
			db->driver->close(db->conn);
		db->conn = NULL;
	}
	return rc;
}

const char *
maildb_backend(const struct maildb *db)
{
	return db->conn != NULL ? db->driver->name : NULL;
}

const char *
maildb_url(const struct maildb *db)
{
	return db->url != NULL ? db->url : "";
}

int
maildb_connection(struct maildb *db, maildb_word_fn *fn, void *arg)
{
	struct maildb_url_parts url;

	if (db->conn == NULL || db->cursor != NULL)
		return maildb__fail(db, MAILDB_EMISUSE,
		    "a connection is told of an open database at rest");
	if (db->driver->words != NULL)
		return db->driver->words(db->conn, fn, arg);
	(void)maildb_url_read(db->url, &url);
	return fn(arg, "path", url.target);
}

int
maildb_backup(struct maildb *db, const char *path)
{
	if (db->conn == NULL || db->cursor != NULL || db->depth > 0)
		return maildb__fail(db, MAILDB_EMISUSE,
		    "a backup needs an open database at rest");
	if (db->driver->backup == NULL) {
		maildb__fail(db, MAILDB_EREFUSED,
		    "a %s database is not backed up this way",
		    db->driver->name);
		return maildb__hint(db, "use pg_dump -Fc");
	}
	return db->driver->backup(db->conn, path);
}

void
maildb_interrupt(struct maildb *db)
{
	db->stop = 1;
	if (db->conn != NULL && db->driver->interrupt != NULL)
		db->driver->interrupt(db->conn);
}

const char *
maildb_version(void)
{
	return PACKAGE_VERSION;
}
