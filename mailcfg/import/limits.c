/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * limits.c - limits of domains that the same import breaks
 *
 * PostfixAdmin makes domains with a limit on quota and mailboxes without any
 * quota, and other programs do not enforce limits either.  Such a limit is left
 * out with a warning: to refuse the users would lose them.
 */
#include <search.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "import/import.h"

/* What an import has in a domain. */
struct usage {
	char *name;
	int64_t users, aliases, quota;
	bool unlimited; /* a user has no quota */
};

static int
compare(const void *one, const void *other)
{
	const struct usage *a = one, *b = other;

	return strcasecmp(a->name, b->name);
}

static void
usage_free(void *arg)
{
	struct usage *usage = arg;

	free(usage->name);
	free(usage);
}

/* The usage of an address's domain, made if there is none; NULL without
 * memory. */
static struct usage *
usage_of(void **tree, const char *address)
{
	const char *at = strrchr(address, '@');
	struct usage key = { .name = (char *)(at != NULL ? at + 1 : "") };
	struct usage **found = tfind(&key, tree, compare), *new;

	if (found != NULL)
		return *found;
	new = calloc(1, sizeof(*new));
	if (new != NULL && (new->name = strdup(key.name)) != NULL &&
	    tsearch(new, tree, compare) != NULL)
		return new;
	if (new != NULL)
		usage_free(new);
	return NULL;
}

/* The attribute of an item, or NULL. */
static struct maildb_attr *
find_attr(const struct item *item, const char *name)
{
	size_t i;

	for (i = 0; i < item->nattrs; i++)
		if (strcmp(item->attrs[i].name, name) == 0)
			return &item->attrs[i];
	return NULL;
}

static int
count_user(void **tree, const struct item *item)
{
	const struct maildb_attr *quota = find_attr(item, "quota");
	struct usage *usage = usage_of(tree, item->key);
	int64_t bytes = 0;

	if (usage == NULL)
		return -1;
	usage->users++;
	if (quota == NULL || maildb_size_parse(quota->value, &bytes) < 0 ||
	    bytes == 0 ||
	    __builtin_add_overflow(usage->quota, bytes, &usage->quota))
		usage->unlimited = true;
	return 0;
}

static int
count_alias(void **tree, const struct item *item)
{
	struct usage *usage = usage_of(tree, item->key);

	if (usage != NULL)
		usage->aliases++;
	return usage != NULL ? 0 : -1;
}

/* Takes a limit away if it is below what there is. */
static void
check_limit(struct import *import, struct item *item, const char *name,
    int64_t used, bool unlimited)
{
	struct maildb_attr *attr = find_attr(item, name);
	int64_t limit;
	char words[400];

	if (attr == NULL || maildb_size_parse(attr->value, &limit) < 0 ||
	    limit == 0 || (!unlimited && used <= limit))
		return;
	snprintf(words, sizeof(words), "%.250s: %s %.30s is not kept, as what "
	    "is imported breaks it", item->key, name, attr->value);
	import_tell_at(import, "limit", item->file, item->line, words, NULL);
	free((char *)attr->value);
	*attr = item->attrs[--item->nattrs];
}

int
import_limits(struct import *import)
{
	void *tree = NULL;
	struct usage *usage, key, **found;
	struct item *item;
	int rc = 0;

	for (item = import->items[ITEM_USER]; rc == 0 && item != NULL;
	    item = item->next)
		rc = count_user(&tree, item);
	for (item = import->items[ITEM_ALIAS]; rc == 0 && item != NULL;
	    item = item->next)
		rc = count_alias(&tree, item);
	for (item = import->items[ITEM_SITE]; rc == 0 && item != NULL;
	    item = item->next) {
		key.name = item->key;
		if ((found = tfind(&key, &tree, compare)) == NULL)
			continue;
		usage = *found;
		check_limit(import, item, "max_users", usage->users, false);
		check_limit(import, item, "max_aliases", usage->aliases,
		    false);
		check_limit(import, item, "max_quota", usage->quota,
		    usage->unlimited);
	}
	tdestroy(tree, usage_free);
	return rc == 0 ? 0 : import_no_memory(import);
}
