/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * txn.c - transactions and the savepoints inside them
 *
 * The database's lock is taken by the first change, not by begin: a program
 * may begin, then hash passwords or read files, without keeping others out.
 * The session row (who is writing) is filled just before the first statement
 * that writes, so a transaction that changes nothing writes nothing.
 */
#include <assert.h>
#include <stdlib.h>

#include "core/core.h"

/* Back to how it is without a transaction. */
static void
forget(struct maildb *db)
{
	db->depth = 0;
	db->locked = false;
	db->marked = 0;
	db->defer = false;
	db->before_commit = NULL;
	free(db->deferred.start);
	db->deferred = (struct maildb__starts){ 0 };
}

int
maildb_depth(const struct maildb *db)
{
	return db->depth;
}

/* What only a handle at rest can do: no rows are being read. */
static int
check_rest(struct maildb *db)
{
	if (db->cursor == NULL)
		return 0;
	return maildb__fail(db, MAILDB_EMISUSE,
	    "a cursor is open: free it first");
}

int
maildb_begin(struct maildb *db)
{
	int rc;

	if (db->conn == NULL)
		return maildb__fail(db, MAILDB_EMISUSE, "no database is open");
	if ((rc = check_rest(db)) < 0)
		return rc;
	if (db->locked &&
	    (rc = db->driver->script(db->conn, "SAVEPOINT s")) < 0)
		return rc;
	db->depth++;
	return 0;
}

/* Begins the database's own transaction, with the savepoints due so far. */
static int
lock(struct maildb *db)
{
	int i, rc;

	if (db->locked)
		return 0;
	if (db->flags & MAILDB_READONLY)
		return maildb__fail(db, MAILDB_EDENIED,
		    "database %s is open for reading only", db->url);
	rc = db->driver->begin(db->conn);
	for (i = 1; rc == 0 && i < db->depth; i++)
		if ((rc = db->driver->script(db->conn, "SAVEPOINT s")) < 0)
			db->driver->rollback(db->conn);
	db->locked = rc == 0;
	return rc;
}

/* Undoes the innermost level and closes it, whatever the driver says.  Keeps
 * the fault: what failed before is what matters. */
static int
undo(struct maildb *db)
{
	int rc = 0;

	if (db->depth > 1) {
		if (db->locked)
			rc = db->driver->undo(db->conn);
		db->depth--;
		if (db->marked > db->depth)
			db->marked = 0;
		return rc;
	}
	if (db->locked)
		rc = db->driver->rollback(db->conn);
	forget(db);
	return rc;
}

int
maildb_rollback(struct maildb *db)
{
	int rc;

	if (db->depth == 0)
		return maildb__fail(db, MAILDB_EMISUSE, "no transaction is open");
	return (rc = check_rest(db)) < 0 ? rc : undo(db);
}

/* Makes an inner level a part of the one around it. */
static int
release(struct maildb *db)
{
	int rc;

	if (db->locked && (rc = db->driver->script(db->conn,
	    "RELEASE SAVEPOINT s")) < 0) {
		undo(db);
		return rc;
	}
	db->depth--;
	if (db->marked > db->depth)
		db->marked = db->depth;
	return 0;
}

int
maildb_commit(struct maildb *db)
{
	int rc;

	if (db->depth == 0)
		return maildb__fail(db, MAILDB_EMISUSE, "no transaction is open");
	if ((rc = check_rest(db)) < 0)
		return rc;
	if (db->depth > 1)
		return release(db);
	if (!db->locked) {
		forget(db);
		return 0;
	}
	rc = db->before_commit != NULL ? db->before_commit(db) : 0;
	if (rc >= 0 && db->marked)
		rc = maildb__exec_values(db, STMT_SESSION_CLEAR, NULL);
	if (rc >= 0)
		rc = db->driver->commit(db->conn);
	if (rc < 0)
		undo(db);
	else
		forget(db);
	return rc;
}

int
maildb_defer(struct maildb *db)
{
	if (db->depth == 0)
		return maildb__fail(db, MAILDB_EMISUSE, "no transaction is open");
	db->defer = true;
	return 0;
}

int
maildb__enter(struct maildb *db)
{
	int rc;

	if (db->staging)
		return maildb__fail(db, MAILDB_EMISUSE,
		    "records are being staged: end that first");
	if ((rc = maildb_begin(db)) < 0)
		return rc;
	if ((rc = lock(db)) < 0)
		undo(db);
	return rc;
}

int
maildb__leave(struct maildb *db, int rc)
{
	int committed;

	assert(db->depth > 0);
	if (rc < 0) {
		undo(db);
		return rc;
	}
	committed = maildb_commit(db);
	return committed < 0 ? committed : rc;
}
