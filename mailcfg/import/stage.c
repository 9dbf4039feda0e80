/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * stage.c - items on their way to the library: completed, held or staged
 */
#include <stdlib.h>
#include <string.h>

#include "import/import.h"
#include "show/out.h"

/* Stages the targets of an alias. */
static int
stage_alias(struct import *import, const struct item *item)
{
	struct maildb_target *targets = calloc(item->nlist, sizeof(*targets));
	const struct maildb_record record = {
		.kind = MAILDB_KIND_ALIAS, .key = item->key,
		.targets = targets, .ntargets = item->nlist,
		.flags = MAILDB_RECORD_ROW | MAILDB_RECORD_ADD |
		    (item->once ? MAILDB_RECORD_ONCE : 0),
		.file = item->file, .line = item->line,
	};
	size_t i;
	int rc;

	if (targets == NULL)
		return import_no_memory(import);
	for (i = 0; i < item->nlist; i++)
		targets[i] = (struct maildb_target){ item->list[i], -1, false };
	rc = maildb_stage(import->call->db, &record);
	free(targets);
	return rc;
}

/* Stages an item: a row with all that belongs to it. */
int
item_stage(struct import *import, const struct item *item)
{
	static const struct {
		enum maildb_kind kind;
		unsigned flags;
	} kinds[ITEMS] = {
		[ITEM_USER] = { MAILDB_KIND_USER, MAILDB_RECORD_ROW },
		[ITEM_FIELDS] = { MAILDB_KIND_USER,
		    MAILDB_RECORD_ROW | MAILDB_RECORD_FILL },
		[ITEM_DOMAIN] = { MAILDB_KIND_DOMAIN, MAILDB_RECORD_ROW },
	};
	const struct maildb_target self = { item->key, -1, false };
	const struct maildb_record record = {
		.kind = kinds[item->kind].kind, .key = item->key,
		.attrs = item->attrs, .nattrs = item->nattrs,
		.password = item->password, .hash = item->hash,
		.flags = kinds[item->kind].flags,
		.file = item->file, .line = item->line,
	};
	struct maildb_record more = {
		.kind = MAILDB_KIND_ALIAS, .targets = &self, .ntargets = 1,
		.flags = MAILDB_RECORD_MORE | MAILDB_RECORD_ADD,
		.file = item->file, .line = item->line,
	};
	size_t i;
	int rc;

	if (item->kind == ITEM_ALIAS)
		return stage_alias(import, item);
	rc = maildb_stage(import->call->db, &record);
	for (i = 0; rc >= 0 && i < item->nlist; i++) {
		more.key = item->list[i];
		rc = maildb_stage(import->call->db, &more);
	}
	return rc;
}

/* The home that a template means for an address: %d and %n stand for domain
 * and local part.  Freed by free(). */
static char *
expand_home(const char *template, const char *address)
{
	const char *at = strrchr(address, '@');
	size_t len = 0;
	char *home;
	FILE *to = open_memstream(&home, &len);

	if (to == NULL)
		return NULL;
	for (; *template != '\0'; template++) {
		if (template[0] == '%' && (template[1] == 'd' ||
		    template[1] == 'n')) {
			template++;
			fprintf(to, "%.*s", (int)(*template == 'd' ?
			    strlen(at + 1) : (size_t)(at - address)),
			    *template == 'd' ? at + 1 : address);
		} else
			fputc(*template, to);
	}
	if (fclose(to) == 0)
		return home;
	free(home);
	return NULL;
}

/* Gives a user the home of the template, unless it has one. */
static int
complete_home(struct import *import, struct item *item)
{
	char *home;
	size_t i;
	int rc;

	for (i = 0; i < item->nattrs; i++)
		if (strcmp(item->attrs[i].name, "home") == 0)
			return 0;
	if (import->home == NULL || strrchr(item->key, '@') == NULL) {
		import->homeless++;
		return 0;
	}
	if ((home = expand_home(import->home, item->key)) == NULL)
		return import_no_memory(import);
	rc = item_attr(import, item, "home", home);
	free(home);
	return rc;
}

int
item_put(struct import *import, struct item *item)
{
	int rc = 0;

	if (item->kind == ITEM_USER && !import->merges &&
	    (rc = complete_home(import, item)) != 0) {
		item_free(item);
		return rc;
	}
	import->read++;
	out_progress(import->call->cli, "rows read");
	if (item->kind == ITEM_DOMAIN || import->holds || import->by_row) {
		*import->last[item->kind] = item;
		import->last[item->kind] = &item->next;
		return 0;
	}
	if (cli_interrupted())
		rc = call_fail(import->call, MAILDB_EINTR, NULL, NULL, NULL,
		    "interrupted; nothing was committed");
	else
		rc = item_stage(import, item);
	item_free(item);
	return rc;
}

int
item_end(struct import *import, struct item *item, int rc)
{
	if (rc == 0)
		return item_put(import, item);
	item_free(item);
	return rc;
}
