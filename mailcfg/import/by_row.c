/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * by_row.c - carrying out what was read, row by row
 *
 * For the formats whose rows make domains that others stand in, or aliases
 * with fields of their own: all is kept until the last row is read, and then
 * done kind by kind, each row within a savepoint, so that it has an outcome of
 * its own.  The other formats are staged (cmd_import.c), which is faster and
 * costs no memory.
 */
#include <stdlib.h>
#include <string.h>

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
	case ITEM_QUOTA:
		return add_quota(import, item);
	default:
		return add_alias(import, item);
	}
}

/* Counts a row that is done with; rc below 0 refuses it. */
static void
count(struct import *import, const struct item *item, int rc)
{
	const struct maildb_fault *fault = maildb_fault(import->call->db);

	if (rc < 0)
		import_tell_at(import, "refused", item->file, item->line,
		    fault->message != NULL ? fault->message :
		    maildb_error_meaning(rc), fault->hint);
	import->refused += rc < 0;
	import->same += rc == 0;
	import->added += rc > 0;
}

/* Carries out a row, or nothing of it: 1 when it is done with; 0 when it leads
 * nowhere yet and later is true; or what is wrong with the database. */
static int
carry_out_row(struct import *import, struct item *item, bool later)
{
	struct maildb *db = import->call->db;
	int rc, ended;

	if (cli_interrupted())
		return MAILDB_EINTR;
	if ((rc = maildb_begin(db)) < 0)
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
			item_free(item);
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
	return rc;
}
