/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * ispmail.c - the tables of the ISPmail guides, all editions
 *
 * Old ones kept local parts and the id of a domain, newer ones whole
 * addresses beside it, which then are what counts.
 */
#include <stdlib.h>
#include <string.h>

#include "import/table.h"

struct site {
	struct memo domains; /* id, name */
};

/* A domain, as something that others name by its id, and to be added. */
static int
take_domain(struct import *import, void *arg, const struct row *row)
{
	static const char *const columns[] = { "id", "name" };
	struct site *site = arg;
	struct item *item;
	const char *name;
	int rc;

	if ((name = row_need(import, row, "name", &rc)) == NULL)
		return rc;
	if ((rc = memo_add(import, &site->domains, row, columns,
	    COUNT(columns))) < 0)
		return rc;
	item = item_new(import, ITEM_SITE, name);
	return item != NULL ? item_put(import, item) : MAILDB_ENOMEM;
}

/* The address that a column holds, its domain perhaps by its id: NULL with
 * *rc when the row is refused. */
static char *
whole_address(struct import *import, struct site *site, const struct row *row,
    const char *text, int *rc)
{
	const char *id = row_text(row, "domain_id");
	char **domain, *address = NULL;

	*rc = 0;
	if (strchr(text, '@') != NULL)
		return import_address(import, text, rc);
	if ((domain = memo_find(&site->domains, id)) == NULL)
		*rc = import_refuse(import, "\"%s\" has no domain: there is "
		    "none with the id %s", text, id);
	else if (asprintf(&address, "%s@%s", text, domain[1]) < 0) {
		address = NULL;
		*rc = MAILDB_ENOMEM;
	}
	return address;
}

static int
take_user(struct import *import, void *arg, const struct row *row)
{
	const char *email = row_text(row, "email");
	const char *quota = row_text(row, "quota");
	struct item *item;
	char *address;
	int rc;

	if (*email == '\0')
		email = row_text(row, "user");
	if (*email == '\0')
		return import_refuse(import, "%s has no email", row->table);
	address = whole_address(import, arg, row, email, &rc);
	if (address == NULL)
		return rc;
	item = item_new(import, ITEM_USER, address);
	free(address);
	if (item == NULL)
		return MAILDB_ENOMEM;
	rc = item_stored(import, item, row_text(row, "password"));
	if (rc == 0 && *quota != '\0')
		rc = item_quota(import, item, quota, 1);
	return item_end(import, item, rc);
}

static int
take_alias(struct import *import, void *arg, const struct row *row)
{
	struct item *item;
	const char *source;
	char *address;
	int rc;

	if ((source = row_need(import, row, "source", &rc)) == NULL)
		return rc;
	address = whole_address(import, arg, row, source, &rc);
	if (address == NULL)
		return rc;
	item = item_new(import, ITEM_ALIAS, address);
	free(address);
	if (item == NULL)
		return MAILDB_ENOMEM;
	rc = item_targets(import, item, row_text(row, "destination"), NULL);
	return item_end(import, item, rc);
}

static const struct table tables[] = {
	{ "virtual_domains", { "id" }, 1, take_domain, false },
	{ "virtual_users", { "id" }, 2, take_user, false },
	{ "virtual_aliases", { "id" }, 2, take_alias, false },
};

int
import_ispmail(struct import *import)
{
	struct site site = { 0 };
	int rc = import_tables(import, tables, COUNT(tables), &site);

	memo_free(&site.domains);
	return rc;
}
