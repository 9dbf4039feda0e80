/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * perl.c - the SQLite file of the first mailcfg, into another database
 *
 * The library reads the rows, as for upgrade, which converts such a file in
 * place; here they are added to what there is, and get new ids.  In messages
 * the table stands behind the file, and the id of the row is its line.
 */
#include <stdlib.h>
#include <string.h>

#include "import/import.h"

/* Whether a row has nothing in it, as the script made some. */
static bool
is_empty(struct import *import, const char *text)
{
	if (text != NULL && *text != '\0')
		return false;
	import_drop(import, "an empty row");
	return true;
}

static int
take_domain(struct import *import, const struct maildb_perl_row *row)
{
	struct item *item = item_new(import, ITEM_SITE, row->name);

	return item == NULL ? MAILDB_ENOMEM : item_put(import, item);
}

/* The mail of a user is where the script's Dovecot had it. */
static int
take_user(struct import *import, const struct maildb_perl_row *row)
{
	char home[MAILDB_DOMAIN_MAX + MAILDB_LOCAL_MAX + 2];
	struct maildb_address address;
	enum maildb_reason reason;
	struct item *item;
	int rc;

	reason = maildb_address_parse(row->name, strlen(row->name), 0,
	    &address);
	if (reason != MAILDB_REASON_NONE)
		return import_refuse(import, "\"%s\" is no address: %s",
		    row->name, maildb_reason_sentence(reason));
	if ((item = item_new(import, ITEM_USER, row->name)) == NULL)
		return MAILDB_ENOMEM;
	snprintf(home, sizeof(home), "%s/%s", address.domain, address.local);
	rc = item_hash(import, item, row->more != NULL ? row->more : "");
	if (rc == 0)
		rc = item_attr(import, item, "home", home);
	if (rc == 0 && !row->enabled)
		rc = item_attr(import, item, "enabled", "no");
	return item_end(import, item, rc);
}

/* Postfix took a list for the destination. */
static int
take_alias(struct import *import, const struct maildb_perl_row *row)
{
	struct item *item;
	char *copy, *word, *rest;
	int rc = 0;

	if (is_empty(import, row->more))
		return 0;
	item = item_new(import, ITEM_ALIAS, row->name);
	copy = strdup(row->more);
	if (item == NULL || copy == NULL)
		rc = MAILDB_ENOMEM;
	for (word = rc == 0 ? strtok_r(copy, ", \t", &rest) : NULL;
	    rc == 0 && word != NULL; word = strtok_r(NULL, ", \t", &rest))
		rc = item_list(import, item, word);
	free(copy);
	if (rc == 0 && item->nlist == 0)
		rc = import_refuse(import, "%s has no target", item->key);
	return item_end(import, item, rc);
}

static const struct {
	const char *name;
	int (*take)(struct import *import, const struct maildb_perl_row *row);
} tables[] = {
	{ "domains", take_domain },
	{ "users", take_user },
	{ "aliases", take_alias },
};

/* Makes an item of a row, or refuses it. */
static int
take_row(void *arg, const struct maildb_perl_row *row)
{
	struct import *import = arg;
	const char *texts[] = { row->name, row->more };
	size_t i, t = 0;
	int rc;

	while (strcmp(tables[t].name, row->table) != 0)
		t++;
	import->file = import->paths[t];
	import->line = (uint32_t)row->id;
	if (is_empty(import, row->name))
		return 0;
	for (i = 0; i < COUNT(texts); i++)
		if (texts[i] != NULL && texts[i][import_text(texts[i],
		    strlen(texts[i]))] != '\0')
			return import_refuse(import, "it holds an octet that "
			    "is not UTF-8") < 0 ? MAILDB_ENOMEM : 0;
	rc = tables[t].take(import, row);
	return rc < 0 ? rc : 0;
}

/* Reads one file, in a handle of its own. */
static int
take_file(struct import *import, const char *path)
{
	struct maildb *db = maildb_new();
	size_t t;
	int rc = db != NULL ? 0 : MAILDB_ENOMEM;

	while (import->npaths > 0)
		free(import->paths[--import->npaths]);
	for (t = 0; rc == 0 && t < COUNT(tables); t++)
		if (asprintf(&import->paths[import->npaths], "%s:%s", path,
		    tables[t].name) < 0)
			rc = MAILDB_ENOMEM;
		else
			import->npaths++;
	if (rc == 0)
		rc = maildb_perl_read(db, path, take_row, import);
	if (rc < 0)
		fault_from(&import->call->fault, rc, db);
	maildb_free(db);
	return rc;
}

int
import_perl_mailcfg(struct import *import)
{
	struct call *call = import->call;

	return call->nrest == 1 ? take_file(import, call->rest[0]) :
	    call_fail(call, CLI_EUSAGE, "FILE", NULL, NULL,
	    "perl-mailcfg takes one file at a time");
}
