/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * foreign.c - databases of other programs, to import from
 *
 * The tables are known by name; what columns they have differs by version, so
 * all are read and the caller picks.  Here is the only SQL that runs on a
 * database that is not ours.
 */
#include <string.h>

#include "handle.h"
#include "rules/rules.h"

static const struct {
	const char *name, *sql;
} tables[] = {
#define TABLE(name) { #name, "SELECT * FROM " #name " ORDER BY 1" }
	/* PostfixAdmin; vmm has a table alias as well. */
	TABLE(domain),
	TABLE(alias_domain),
	TABLE(mailbox),
	TABLE(alias),
	TABLE(vacation),
	TABLE(fetchmail),
	TABLE(admin),
	TABLE(domain_admins),
	TABLE(mailbox_app_password),
	/* vmm */
	TABLE(domain_data),
	TABLE(domain_name),
	TABLE(quotalimit),
	TABLE(service_set),
	TABLE(users),
	TABLE(catchall),
	TABLE(relocated),
	/* ISPmail */
	TABLE(virtual_domains),
	TABLE(virtual_users),
	TABLE(virtual_aliases),
#undef TABLE
};

int
maildb_foreign_open(struct maildb *db, const char *url)
{
	const char *target;
	int rc;

	if (db->conn != NULL || db->view != NULL)
		return maildb__fail(db, MAILDB_EMISUSE,
		    "the handle has a database open already");
	db->flags = MAILDB_READONLY;
	rc = maildb__choose(db, url, &target);
	return rc < 0 ? rc : db->driver->viewer->open(db, target, &db->view);
}

int
maildb_foreign_table(struct maildb *db, const char *table,
    struct maildb_cursor **out)
{
	size_t i;
	int rc;

	*out = NULL;
	if (db->view == NULL || db->cursor != NULL)
		return maildb__fail(db, MAILDB_EMISUSE, db->view == NULL ?
		    "no database of another program is open" :
		    "another cursor is open on this handle");
	for (i = 0; i < ARRAY_LEN(tables); i++)
		if (strcmp(tables[i].name, table) == 0)
			break;
	if (i == ARRAY_LEN(tables))
		return maildb__fail(db, MAILDB_EMISUSE,
		    "%s is no table to import", table);
	rc = db->driver->viewer->table(db->view, table, tables[i].sql);
	if (rc > 0)
		rc = maildb__list_view(db, out);
	return rc < 0 ? rc : *out != NULL;
}
