/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * migrate.c - the schema and its versions
 *
 * Version n is what the first n steps of schema/BACKEND/ make.  All missing
 * steps and the new number are one transaction: readers see the old schema or
 * the new one.
 */
#include <stdio.h>

#include "core/migrate.h"

int
maildb_schema_wanted(void)
{
	int n = 0;

	while (maildb__schema[MAILDB__SQLITE][n] != NULL)
		n++;
	return n;
}

int
maildb_schema_version(const struct maildb *db)
{
	return db->version;
}

int
maildb__migrate(struct maildb *db)
{
	const char *const *steps = maildb__schema[db->driver->backend];
	int wanted = maildb_schema_wanted(), rc, version;
	char sql[80];

	for (version = db->version; version < wanted; version++)
		if ((rc = db->driver->script(db->conn, steps[version])) < 0)
			return rc;
	snprintf(sql, sizeof(sql), db->driver->set_version, wanted);
	if ((rc = db->driver->script(db->conn, sql)) < 0)
		return rc;
	db->version = wanted;
	return 1;
}

/* Migrates in a transaction of its own: 1, or 0 if another was faster. */
static int
upgrade(struct maildb *db)
{
	int before = db->version, rc;

	if ((rc = db->driver->begin(db->conn)) < 0)
		return rc;
	rc = db->driver->version(db->conn, &db->version);
	if (rc == 0 && db->version < maildb_schema_wanted())
		rc = maildb__migrate(db);
	if (rc >= 0) {
		int committed = db->driver->commit(db->conn);

		if (committed < 0)
			rc = committed;
	}
	if (rc < 0) {
		db->driver->rollback(db->conn);
		db->version = before;
	}
	return rc;
}

int
maildb_upgrade(struct maildb *db)
{
	if (db->conn == NULL || db->depth > 0 || db->cursor != NULL)
		return maildb__fail(db, MAILDB_EMISUSE,
		    "an upgrade needs an open database at rest");
	if (db->version > maildb_schema_wanted())
		return maildb__fail(db, MAILDB_ESCHEMA,
		    "database %s has schema %d, newer than %d", db->url,
		    db->version, maildb_schema_wanted());
	return db->version == maildb_schema_wanted() ? 0 : upgrade(db);
}

int
maildb__check_schema(struct maildb *db)
{
	int rc, wanted = maildb_schema_wanted();

	if ((rc = db->driver->version(db->conn, &db->version)) < 0)
		return rc;
	if (db->version == 0 && (db->flags & MAILDB_CREATE) &&
	    (rc = upgrade(db)) < 0)
		return rc;
	if (db->version == wanted || (db->flags & MAILDB_ANYSCHEMA))
		return 0;
	if (db->version == 0) {
		maildb__fail(db, MAILDB_EMISSING,
		    "database %s is empty", db->url);
		return maildb__hint(db, "make its schema with: mailcfg init");
	}
	maildb__fail(db, MAILDB_ESCHEMA,
	    "database %s has schema %d, but this program needs %d", db->url,
	    db->version, wanted);
	return maildb__hint(db, db->version < wanted ?
	    "run: mailcfg upgrade" : "use a newer mailcfg");
}
