/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * roles.c - database roles with as few rights as their work needs
 *
 * What each may do is said in schema/pgsql/roles.sql.  SQLite has no roles:
 * there the file's modes decide.
 */
#include <string.h>

#include "rules/rules.h"

const char *
maildb_roles_sql(const char *backend)
{
	return strcmp(backend, "pgsql") == 0 ? maildb__pgsql_roles : NULL;
}

/* Runs the script within a transaction: 1 when that changed anything. */
static int
grant(struct maildb *db)
{
	struct maildb__row before = { 0 }, after = { 0 };
	int rc;

	if ((rc = maildb__fetch_values(db, &before, STMT_ROLES_STATE,
	    NULL)) >= 0 &&
	    (rc = db->driver->script(db->conn, maildb__pgsql_roles)) >= 0 &&
	    (rc = maildb__fetch_values(db, &after, STMT_ROLES_STATE,
	    NULL)) >= 0)
		rc = strcmp(maildb__row_text(&before, "state"),
		    maildb__row_text(&after, "state")) != 0;
	maildb__row_clear(&before);
	maildb__row_clear(&after);
	return rc;
}

/* Whether all roles have what the script gives them; a role that may not run
 * it has nothing to do then. */
static bool
is_complete(struct maildb *db)
{
	struct maildb__row row = { 0 };
	int rc = maildb__fetch_values(db, &row, STMT_ROLES_MISSING, NULL);

	maildb__row_clear(&row);
	return rc == 0;
}

int
maildb_roles(struct maildb *db)
{
	int committed, rc;

	if (db->conn == NULL || db->depth > 0 || db->cursor != NULL)
		return maildb__fail(db, MAILDB_EMISUSE,
		    "making roles needs an open database at rest");
	if (db->driver->backend != MAILDB__PGSQL)
		return 0;
	if ((rc = db->driver->begin(db->conn)) < 0)
		return rc;
	if ((rc = grant(db)) > 0) {
		committed = db->driver->commit(db->conn);
		if (committed < 0)
			rc = committed;
	}
	if (rc <= 0)
		db->driver->rollback(db->conn);
	if (rc == MAILDB_EDENIED && is_complete(db))
		return 0;
	if (rc == MAILDB_EDENIED)
		maildb__hint(db, "let a superuser run what is printed by: "
		    "mailcfg init --print | psql -1 DATABASE");
	return rc;
}
