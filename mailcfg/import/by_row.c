/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * by_row.c - carrying out what was read, row by row
 *
 * For the formats whose rows make domains that others stand in, or aliases
 * with fields of their own: all is kept until the last row is read, and then
 * done kind by kind, each row within a savepoint, so that it has an outcome of
 * its own.  The other formats are staged (stage.c), which is faster and
 * costs no memory.
 */
#include <search.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "import/import.h"
#include "show/out.h"

/* Adds a user, unless there is one, and what leads to it. */
static int
add_user(struct import *import, struct item *item)
{
	struct maildb *db = import->call->db;
	unsigned flags = import->call->flags;
	struct maildb_cursor *cursor;
	char *scheme = NULL, *cost = NULL;
	size_t i;
	int rc, some;

	if (item->password != NULL) {
		/* One who exists needs no hash. */
		if (maildb_user_get(db, item->key, &cursor) == 0)
			maildb_cursor_free(cursor);
		else if ((rc = maildb_setting_get(db, "password_scheme",
		    &scheme)) < 0 || (rc = maildb_setting_get(db,
		    "password_cost", &cost)) < 0 ||
		    (rc = maildb_password_hash(*scheme != '\0' ? scheme : NULL,
		    strtoul(cost, NULL, 10), item->password, &item->hash)) < 0)
			goto out;
	}
	rc = maildb_user_add(db, item->key, item->hash, item->attrs,
	    item->nattrs, flags);
	for (i = 0; rc >= 0 && i < item->nlist; i++) {
		some = maildb_alias_add(db, item->list[i], item->key, -1,
		    flags);
		rc = some < 0 ? some : rc | some;
	}
out:
	free(scheme);
	free(cost);
	return rc;
}

/* Whether an alias that is off stands beside a user of its address, whose mail
 * then just stays; switching off the address would switch off the user. */
static bool
is_moot(struct import *import, const struct item *item, bool is_user)
{
	size_t i;

	for (i = 0; is_user && i < item->nattrs; i++)
		if (strcmp(item->attrs[i].name, "enabled") == 0) {
			import->file = item->file;
			import->line = item->line;
			import_drop(import, "a forward that is off");
			return true;
		}
	return false;
}

/* Adds an alias's targets and, when it is new and no user's, its fields. */
static int
add_alias(struct import *import, struct item *item)
{
	struct maildb *db = import->call->db;
	struct maildb_cursor *cursor;
	bool is_user = false, is_new = false;
	size_t i;
	int rc = 0, some;

	if (item->nattrs > 0) {
		is_user = maildb_user_get(db, item->key, &cursor) == 0;
		maildb_cursor_free(cursor);
		is_new = maildb_alias_get(db, item->key, &cursor) < 0;
		maildb_cursor_free(cursor);
		is_new = is_new && !is_user;
	}
	if (is_moot(import, item, is_user))
		return 0;
	for (i = 0; rc >= 0 && i < item->nlist; i++) {
		some = maildb_alias_add(db, item->key, item->list[i], -1,
		    import->call->flags);
		rc = some < 0 ? some : rc | some;
	}
	some = rc > 0 && is_new ? maildb_alias_set(db, item->key, item->attrs,
	    item->nattrs) : 0;
	return some < 0 ? some : rc;
}

/* Gives a user a quota who has none of its own. */
static int
add_quota(struct import *import, struct item *item)
{
	struct maildb *db = import->call->db;
	struct maildb_cursor *cursor;
	bool has;
	int rc, col;

	if ((rc = maildb_user_get(db, item->key, &cursor)) < 0)
		return rc;
	rc = maildb_cursor_next(cursor);
	col = maildb_cursor_find(cursor, "quota");
	has = rc > 0 && col >= 0 && !maildb_cursor_null(cursor, (size_t)col);
	maildb_cursor_free(cursor);
	return rc < 0 || has ? rc < 0 ? rc : 0 :
	    maildb_user_set(db, item->key, item->attrs, item->nattrs);
}

/* Carries out what one row asks for. */
static int
carry_out(struct import *import, struct item *item)
{
	switch (item->kind) {
	case ITEM_SITE:
	case ITEM_DOMAIN:
		return maildb_domain_add(import->call->db, item->key,
		    item->attrs, item->nattrs, 0);
	case ITEM_USER:
		return add_user(import, item);
	case ITEM_FIELDS:
		return add_quota(import, item);
	default:
		return add_alias(import, item);
	}
}

/* Counts a row that is done with; rc below 0 refuses it. */
static void
count(struct import *import, struct item *item, int rc)
{
	const struct maildb_fault *fault = maildb_fault(import->call->db);

	if (rc < 0)
		import_tell_at(import, "refused", item->file, item->line,
		    fault->message != NULL ? fault->message :
		    maildb_error_meaning(rc), fault->hint);
	import->refused += rc < 0;
	import->same += rc == 0;
	import->added += rc > 0;
	item->fresh = rc > 0;
}

/* ---- rows that speak of the same object ----------------------------- */

static int
compare_items(const void *one, const void *other)
{
	const struct item *a = one, *b = other;

	return a->kind != b->kind ? (a->kind > b->kind) - (a->kind < b->kind) :
	    strcasecmp(a->key, b->key);
}

/* The value of an attribute, or NULL. */
static const char *
attr_of(const struct item *item, const char *name)
{
	size_t i;

	for (i = 0; i < item->nattrs; i++)
		if (strcmp(item->attrs[i].name, name) == 0)
			return item->attrs[i].value;
	return NULL;
}

static bool
texts_equal(const char *a, const char *b)
{
	return a == NULL || b == NULL ? a == b : strcmp(a, b) == 0;
}

/* What a row says otherwise than an earlier one of its object, or NULL; *more
 * is what it says in addition. */
static const char *
says_else(const struct item *item, const struct item *first,
    const struct maildb_attr **more)
{
	const struct maildb_attr *attr;
	size_t i;

	*more = NULL;
	for (i = 0; i < item->nattrs; i++) {
		attr = &item->attrs[i];
		if (attr_of(first, attr->name) == NULL)
			*more = attr;
		else if (!texts_equal(attr->value, attr_of(first, attr->name)))
			return attr->name;
	}
	if (item->hash != NULL && !texts_equal(item->hash, first->hash))
		return "password";
	return item->password != NULL && !texts_equal(item->password,
	    first->password) ? "password" : NULL;
}

/* Adds to a domain that this import has made what another row of it says: 1 if
 * there was anything. */
static int
complete_domain(struct import *import, const struct item *item,
    const struct item *first)
{
	size_t i;
	int rc = 0, some = 0;

	for (i = 0; rc >= 0 && i < item->nattrs; i++)
		if (first->fresh && attr_of(first, item->attrs[i].name) == NULL)
			some |= (rc = maildb_domain_set(import->call->db,
			    item->key, &item->attrs[i], 1)) > 0;
	return rc < 0 ? rc : some;
}

/* Refuses a row for what an earlier one says. */
static void
refuse_again(struct import *import, const struct item *item,
    const struct item *first, const char *otherwise)
{
	char words[600], line[16] = "";

	if (first->line > 0)
		snprintf(line, sizeof(line), ":%u", first->line);
	snprintf(words, sizeof(words), "%s is in %s%s already, with another "
	    "%s", item->key, first->file, line, otherwise);
	import_tell_at(import, "refused", item->file, item->line, words,
	    "delete one of the two rows");
	import->refused++;
}

/* Whether an earlier row has the object already: then 1, and this row has
 * completed it, or is counted as same or refused. */
static int
is_again(struct import *import, struct item *item)
{
	const struct maildb_attr *more;
	const char *otherwise;
	struct item **first;
	int rc = 0;

	if (item->kind == ITEM_FIELDS || item->kind == ITEM_ALIAS)
		return 0;
	first = tsearch(item, &import->done, compare_items);
	if (first == NULL || *first == item)
		return first == NULL ? MAILDB_ENOMEM : 0;
	otherwise = says_else(item, *first, &more);
	if (otherwise == NULL && more != NULL && item->kind == ITEM_USER)
		otherwise = more->name;
	if (otherwise != NULL) {
		refuse_again(import, item, *first, otherwise);
		return 1;
	}
	if (more != NULL &&
	    (rc = complete_domain(import, item, *first)) < 0)
		return rc;
	import->added += rc > 0;
	import->same += rc == 0;
	return 1;
}

/* ---- rows, one by one ----------------------------------------------- */

/* Carries out a row, or nothing of it: 1 when it is done with; 0 when it leads
 * nowhere yet and later is true; or what is wrong with the database. */
static int
carry_out_row(struct import *import, struct item *item, bool later)
{
	struct maildb *db = import->call->db;
	int rc, ended;

	if (cli_interrupted())
		return MAILDB_EINTR;
	if ((rc = is_again(import, item)) != 0 ||
	    (rc = maildb_begin(db)) < 0)
		return rc;
	rc = carry_out(import, item);
	if (rc < 0 && (rc > MAILDB_EADDRESS || rc < MAILDB_EREFUSED)) {
		maildb_rollback(db);
		return rc;
	}
	later = later && (rc == MAILDB_EDEADEND || rc == MAILDB_EDOMAIN);
	if (!later)
		count(import, item, rc);
	ended = rc < 0 ? maildb_rollback(db) : maildb_commit(db);
	return ended < 0 ? ended : !later;
}

/* Keeps a row for those that speak of the same object, or frees it. */
static void
item_done(struct import *import, struct item *item)
{
	struct item **first = tfind(item, &import->done, compare_items);

	item->done = first != NULL && *first == item;
	if (!item->done)
		item_free(item);
}

/* Items that are not done are still in the list of their kind. */
static void
free_done(void *arg)
{
	struct item *item = arg;

	if (item->done)
		item_free(item);
}

/* Carries out the rows of a kind.  Aliases and alias domains may lead to others
 * further down: those that lead nowhere are tried again as long as any could
 * be made. */
static int
carry_out_all(struct import *import, enum item_kind kind)
{
	struct item **at, *item;
	bool later = true, any;
	int rc;

	while (import->items[kind] != NULL) {
		any = false;
		for (at = &import->items[kind]; (item = *at) != NULL; ) {
			rc = carry_out_row(import, item, later);
			if (rc < 0)
				return rc;
			if (rc == 0) {
				at = &item->next;
				continue;
			}
			any = true;
			out_progress(import->call->cli, "rows added");
			*at = item->next;
			item_done(import, item);
		}
		later = any;
	}
	return 0;
}

int
import_by_row(struct import *import)
{
	size_t kind;
	int rc = 0;

	for (kind = 0; rc >= 0 && kind < ITEMS; kind++)
		rc = carry_out_all(import, kind);
	tdestroy(import->done, free_done);
	import->done = NULL;
	return rc;
}
