/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * sites.c - iRedMail, mailcow, Modoboa and Mail-in-a-Box
 *
 * Each is a table of its columns' meanings (columns.h).  Common to them
 * is that a user's address may be an alias of itself, which keeps a copy next
 * to other targets and means nothing when it is alone.
 */
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "import/columns.h"

#define MIB (1024 * 1024)

static char *
joined(const char *format, const char *one, const char *other)
{
	char *text;

	return asprintf(&text, format, one, other) < 0 ? NULL : text;
}

/* ---- aliases of oneself ----------------------------------------------- */

/* Leaves only the existence of the user of an alias to itself alone. */
static int
skip_self(struct item *item, bool has_others)
{
	size_t i;

	if (has_others)
		return 0;
	for (i = 0; i < item->nlist; i++)
		if (strcasecmp(item->list[i], item->key) != 0)
			return 0;
	item->kind = ITEM_FIELDS;
	for (i = 0; i < item->nattrs; i++)
		free((char *)item->attrs[i].value);
	item->nattrs = 0;
	return 0;
}

/* A home from a directory, a domain and a local part. */
static int
set_home(struct import *import, struct item *item, const char *root)
{
	const char *at = strrchr(item->key, '@');
	size_t len = strlen(root);
	char *home;
	int rc;

	while (len > 1 && root[len - 1] == '/')
		len--;
	if (at == NULL || *root != '/')
		return 0;
	if (asprintf(&home, "%.*s/%s/%.*s", (int)len, root, at + 1,
	    (int)(at - item->key), item->key) < 0)
		return MAILDB_ENOMEM;
	rc = item_attr(import, item, "home", home);
	free(home);
	return rc;
}

/* Reads all tables of a format, and frees what was remembered. */
static int
read_all(struct import *import, const struct table *tables, size_t ntables,
    const struct rows *rows, size_t nrows)
{
	struct source source = { .rows = rows, .n = nrows };
	int rc = import_tables(import, tables, ntables, &source);
	size_t i;

	for (i = 0; i < COUNT(source.memos); i++)
		memo_free(&source.memos[i]);
	return rc;
}
#define READ_ALL(import, tables, rows) \
	read_all((import), (tables), COUNT(tables), (rows), COUNT(rows))

/* ---- iRedMail ----------------------------------------------------------- */

/* Remembers addresses that are forwarded to others. */
static int
note_forward(struct import *import, void *site, const struct row *row)
{
	static const char *const columns[] = { "address", "forwarding" };
	struct source *source = site;

	return strcasecmp(row_text(row, columns[0]),
	    row_text(row, columns[1])) == 0 ||
	    row_truth(row_text(row, "active")) == 0 ? 0 :
	    memo_add(import, &source->memos[0], row, columns, COUNT(columns));
}

/* A catch-all there has the domain alone for its address. */
static char *
iredmail_source(struct import *import, struct source *source,
    const struct row *row, int *rc)
{
	const char *text = row_need(import, row, "address", rc);

	(void)source;
	return text == NULL ? NULL : strchr(text, '@') != NULL ?
	    strdup(text) : joined("%s%s", "@", text);
}

static int
iredmail_forward(struct import *import, struct source *source,
    struct item *item, const struct row *row)
{
	(void)import;
	(void)row;
	return skip_self(item, memo_find(&source->memos[0],
	    item->key) != NULL);
}

/* The home is in three parts. */
static int
iredmail_home(struct import *import, struct source *source,
    struct item *item, const struct row *row)
{
	char *home;
	int rc;

	(void)source;
	if (*row_text(row, "storagebasedirectory") != '/')
		return 0;
	if (asprintf(&home, "%s/%s/%s", row_text(row, "storagebasedirectory"),
	    row_text(row, "storagenode"), row_text(row, "maildir")) < 0)
		return MAILDB_ENOMEM;
	rc = item_attr(import, item, "home", home);
	free(home);
	return rc;
}

#define DOMAIN_LIMITS \
	{ "aliases", MEANS_LIMIT, "max_aliases", 0 }, \
	{ "mailboxes", MEANS_LIMIT, "max_users", 0 }, \
	{ "maxquota", MEANS_LOST, NULL, 0 }
#define TIMES \
	{ "created", MEANS_NOTHING, NULL, 0 }, \
	{ "modified", MEANS_NOTHING, NULL, 0 }
#define ENABLED(column) { column, MEANS_SWITCH, "enabled", 0 }
#define ALIAS_DOMAINS { .table = "alias_domain", .kind = ITEM_DOMAIN, \
	.key = "alias_domain", .columns = { \
	{ "target_domain", MEANS_ALIAS, NULL, 0 }, ENABLED("active"), TIMES } }

static const struct rows iredmail_rows[] = {
	ALIAS_DOMAINS,
	{ .table = "domain", .kind = ITEM_SITE, .key = "domain", .columns = {
	{ "description", MEANS_TEXT, "note", 0 }, DOMAIN_LIMITS,
	{ "backupmx", MEANS_RELAY, NULL, 0 },
	{ "transport", MEANS_NOTHING, NULL, 0 },
	{ "disclaimer", MEANS_LOST, NULL, 0 },
	{ "settings", MEANS_LOST, NULL, 0 }, ENABLED("active"), TIMES,
	{ "expired", MEANS_NOTHING, NULL, 0 } } },
	{ .table = "mailbox", .kind = ITEM_USER, .key = "username",
	.finish = iredmail_home, .columns = {
	{ "password", MEANS_HASH, NULL, 0 }, { "name", MEANS_TEXT, "name", 0 },
	{ "quota", MEANS_SIZE, NULL, MIB },
	{ "enablesmtp", MEANS_SWITCH, "send", 0 },
	{ "enablesmtpsecured", MEANS_SWITCH, "send", 0 },
	{ "enableimap", MEANS_SWITCH, "imap", 0 },
	{ "enableimapsecured", MEANS_SWITCH, "imap", 0 },
	{ "enablepop3", MEANS_SWITCH, "pop3", 0 },
	{ "enablepop3secured", MEANS_SWITCH, "pop3", 0 },
	{ "enablemanagesieve", MEANS_SWITCH, "sieve", 0 },
	{ "enablemanagesievesecured", MEANS_SWITCH, "sieve", 0 },
	{ "enabledeliver", MEANS_SWITCH, "receive", 0 },
	{ "allow_nets", MEANS_BARRED, NULL, 0 },
	{ "expired", MEANS_END, NULL, 0 }, ENABLED("active"), TIMES,
	{ "storagebasedirectory", MEANS_NOTHING, NULL, 0 },
	{ "storagenode", MEANS_NOTHING, NULL, 0 },
	{ "maildir", MEANS_NOTHING, NULL, 0 },
	{ "domain", MEANS_NOTHING, NULL, 0 },
	{ "language", MEANS_NOTHING, NULL, 0 },
	{ "passwordlastchange", MEANS_NOTHING, NULL, 0 } } },
	{ .table = "forwardings", .kind = ITEM_ALIAS,
	.make_key = iredmail_source, .finish = iredmail_forward, .columns = {
	{ "address", MEANS_NOTHING, NULL, 0 },
	{ "forwarding", MEANS_TARGETS, NULL, 0 }, ENABLED("active"),
	{ "id", MEANS_NOTHING, NULL, 0 }, { "domain", MEANS_NOTHING, NULL, 0 },
	{ "dest_domain", MEANS_NOTHING, NULL, 0 },
	{ "is_list", MEANS_NOTHING, NULL, 0 },
	{ "is_maillist", MEANS_NOTHING, NULL, 0 },
	{ "is_forwarding", MEANS_NOTHING, NULL, 0 },
	{ "is_alias", MEANS_NOTHING, NULL, 0 } } },
};

/* The list itself, whose members are forwardings: told if not everybody may
 * write to it. */
static int
note_list(struct import *import, void *site, const struct row *row)
{
	const char *policy = row_text(row, "accesspolicy");

	(void)site;
	if (*policy != '\0' && strcasecmp(policy, "public") != 0)
		import_tell(import, "restriction", "%s has the accesspolicy "
		    "%s, a restriction that is not kept",
		    row_text(row, "address"), policy);
	return 0;
}

static const struct table iredmail_tables[] = {
	{ "forwardings", { "id" }, 1, note_forward, true, NULL },
	{ "alias", { "address" }, 1, note_list, false, "address name domain "
	    "accesspolicy active created modified expired" },
	{ "alias_domain", { "alias_domain" }, 2, import_columns, false, NULL },
	{ "domain", { "domain" }, 2, import_columns, false, NULL },
	{ "mailbox", { "username" }, 2, import_columns, false, NULL },
	{ "forwardings", { "id" }, 2, import_columns, false, NULL },
	{ "used_quota", { NULL }, 2, NULL, false, NULL },
	{ "last_login", { NULL }, 2, NULL, false, NULL },
};

int
import_iredmail(struct import *import)
{
	return READ_ALL(import, iredmail_tables, iredmail_rows);
}

/* ---- mailcow ------------------------------------------------------------ */

/* Whether a JSON object of flat members has one that is "0". */
static bool
is_zero(const char *json, const char *name)
{
	const char *at = strstr(json, name);

	if (at == NULL)
		return false;
	at += strlen(name);
	return at[strspn(at, "\": ")] == '0';
}

/* An account that may not log in still gets mail there (2). */
static int
mailcow_user(struct import *import, struct source *source, struct item *item,
    const struct row *row)
{
	static const struct {
		const char *member, *field;
	} services[] = {
		{ "imap_access", "imap" }, { "pop3_access", "pop3" },
		{ "smtp_access", "send" }, { "sieve_access", "sieve" },
	};
	const char *active = row_text(row, "active");
	const char *json = row_text(row, "attributes");
	size_t i;
	int rc = 0;

	(void)source;
	if (*row_text(row, "kind") != '\0')
		return import_refuse(import, "%s is a %s, not a person",
		    item->key, row_text(row, "kind"));
	if (strcmp(active, "0") == 0)
		rc = item_attr(import, item, "enabled", "no");
	for (i = 0; rc == 0 && i < COUNT(services); i++)
		if (strcmp(active, "2") == 0 ||
		    is_zero(json, services[i].member))
			rc = item_attr(import, item, services[i].field, "no");
	return rc != 0 ? rc : set_home(import, item,
	    row_text(row, "mailbox_path_prefix"));
}

/* Addresses at localhost stand for what becomes of the mail. */
static int
mailcow_alias(struct import *import, struct source *source, struct item *item,
    const struct row *row)
{
	size_t i;

	(void)source;
	(void)row;
	for (i = 0; i < item->nlist; i++)
		if (strstr(item->list[i], "@localhost") != NULL)
			return import_refuse(import, "%s leads to %s, which "
			    "has no counterpart", item->key, item->list[i]);
	return skip_self(item, false);
}

static const struct rows mailcow_rows[] = {
	ALIAS_DOMAINS,
	{ .table = "domain", .kind = ITEM_SITE, .key = "domain", .columns = {
	{ "description", MEANS_TEXT, "note", 0 }, DOMAIN_LIMITS,
	{ "quota", MEANS_LOST, NULL, 0 }, { "defquota", MEANS_LOST, NULL, 0 },
	{ "backupmx", MEANS_RELAY, NULL, 0 },
	{ "relay_all_recipients", MEANS_NOTHING, NULL, 0 },
	{ "gal", MEANS_NOTHING, NULL, 0 }, ENABLED("active"), TIMES } },
	{ .table = "mailbox", .kind = ITEM_USER, .key = "username",
	.finish = mailcow_user, .columns = {
	{ "password", MEANS_HASH, NULL, 0 }, { "name", MEANS_TEXT, "name", 0 },
	{ "description", MEANS_TEXT, "note", 0 },
	{ "quota", MEANS_SIZE, NULL, 1 }, TIMES,
	{ "active", MEANS_NOTHING, NULL, 0 },
	{ "attributes", MEANS_NOTHING, NULL, 0 },
	{ "kind", MEANS_NOTHING, NULL, 0 },
	{ "local_part", MEANS_NOTHING, NULL, 0 },
	{ "domain", MEANS_NOTHING, NULL, 0 },
	{ "mailbox_path_prefix", MEANS_NOTHING, NULL, 0 } } },
	{ .table = "alias", .kind = ITEM_ALIAS, .key = "address",
	.finish = mailcow_alias, .columns = {
	{ "goto", MEANS_TARGETS, NULL, 0 },
	{ "private_comment", MEANS_TEXT, "note", 0 },
	{ "public_comment", MEANS_LOST, NULL, 0 }, ENABLED("active"), TIMES,
	{ "id", MEANS_NOTHING, NULL, 0 }, { "domain", MEANS_NOTHING, NULL, 0 },
	{ "sogo_visible", MEANS_NOTHING, NULL, 0 } } },
};

static const struct table mailcow_tables[] = {
	{ "alias_domain", { "alias_domain" }, 2, import_columns, false, NULL },
	{ "domain", { "domain" }, 2, import_columns, false, NULL },
	{ "mailbox", { "username" }, 2, import_columns, false, NULL },
	{ "alias", { "id" }, 2, import_columns, false, NULL },
	{ "sender_acl", { "id" }, 2, import_drop_row, false, NULL },
	{ "quota2", { NULL }, 2, NULL, false, NULL },
};

int
import_mailcow(struct import *import)
{
	return READ_ALL(import, mailcow_tables, mailcow_rows);
}

/* ---- Modoboa ------------------------------------------------------------ */

enum { USERS, DOMAINS, ALIASES, RECIPIENTS };

static int
note_user(struct import *import, void *site, const struct row *row)
{
	static const char *const columns[] = { "id", "password", "is_active",
		"first_name", "last_name" };
	struct source *source = site;

	return memo_add(import, &source->memos[USERS], row, columns,
	    COUNT(columns));
}

static int
note_domain(struct import *import, void *site, const struct row *row)
{
	static const char *const columns[] = { "id", "name" };
	struct source *source = site;

	return memo_add(import, &source->memos[DOMAINS], row, columns,
	    COUNT(columns));
}

static int
note_alias(struct import *import, void *site, const struct row *row)
{
	static const char *const columns[] = { "id", "address", "enabled",
		"description" };
	struct source *source = site;

	return memo_add(import, &source->memos[ALIASES], row, columns,
	    COUNT(columns));
}

static int
note_recipient(struct import *import, void *site, const struct row *row)
{
	static const char *const columns[] = { "alias_id" };
	struct source *source = site;

	return memo_add(import, &source->memos[RECIPIENTS], row, columns,
	    COUNT(columns));
}

/* A remembered row by the number that a column has; NULL with *rc when there
 * is none. */
static char **
linked(struct import *import, struct memo *memo, const struct row *row,
    const char *column, int *rc)
{
	char **found = memo_find(memo, row_text(row, column));

	*rc = found != NULL ? 0 : import_refuse(import, "there is no row with "
	    "the %s %s", column, row_text(row, column));
	return found;
}

/* The address of a mailbox is its local part and a domain's number. */
static char *
modoboa_mailbox(struct import *import, struct source *source,
    const struct row *row, int *rc)
{
	char **domain = linked(import, &source->memos[DOMAINS], row,
	    "domain_id", rc);

	return domain == NULL ? NULL :
	    joined("%s@%s", row_text(row, "address"), domain[1]);
}

/* Completes a mailbox by its user. */
static int
modoboa_user(struct import *import, struct source *source, struct item *item,
    const struct row *row)
{
	int rc;
	char **user = linked(import, &source->memos[USERS], row, "user_id",
	    &rc), *name;

	if (user == NULL || (rc = item_stored(import, item, user[1])) != 0)
		return rc;
	if (row_truth(user[2]) == 0 &&
	    (rc = item_attr(import, item, "enabled", "no")) != 0)
		return rc;
	if (*user[3] == '\0' && *user[4] == '\0')
		return 0;
	if ((name = joined(*user[3] != '\0' && *user[4] != '\0' ? "%s %s" :
	    "%s%s", user[3], user[4])) == NULL)
		return MAILDB_ENOMEM;
	rc = item_attr(import, item, "name", name);
	free(name);
	return rc;
}

/* An alias domain leads to a domain's number. */
static int
modoboa_target(struct import *import, struct source *source,
    struct item *item, const struct row *row)
{
	int rc;
	char **domain = linked(import, &source->memos[DOMAINS], row,
	    "target_id", &rc);

	if (domain == NULL ||
	    (rc = item_attr(import, item, "class", "alias")) != 0)
		return rc;
	return item_attr(import, item, "target", domain[1]);
}

/* Relay domains have a type of their own. */
static int
modoboa_domain(struct import *import, struct source *source,
    struct item *item, const struct row *row)
{
	int rc = 0;

	(void)source;
	if (strcmp(row_text(row, "type"), "relaydomain") == 0 &&
	    (rc = item_attr(import, item, "class", "relay")) == 0)
		rc = item_attr(import, item, "any_recipient", "yes");
	return rc;
}

static char *
modoboa_alias(struct import *import, struct source *source,
    const struct row *row, int *rc)
{
	char **alias = linked(import, &source->memos[ALIASES], row,
	    "alias_id", rc);

	return alias != NULL ? strdup(alias[1]) : NULL;
}

/* One target of an alias, of which others may be in other rows. */
static int
modoboa_recipient(struct import *import, struct source *source,
    struct item *item, const struct row *row)
{
	int rc;
	char **alias = linked(import, &source->memos[ALIASES], row,
	    "alias_id", &rc);

	if (alias != NULL && row_truth(alias[2]) == 0)
		rc = item_attr(import, item, "enabled", "no");
	return rc != 0 ? rc : skip_self(item, memo_count(
	    &source->memos[RECIPIENTS], row_text(row, "alias_id")) > 1);
}

#define NUMBER(column) { column, MEANS_NOTHING, NULL, 0 }

static const struct rows modoboa_rows[] = {
	{ .table = "admin_domain", .kind = ITEM_SITE, .key = "name",
	.finish = modoboa_domain, .columns = { NUMBER("id"),
	ENABLED("enabled"), NUMBER("type"), NUMBER("creation"),
	NUMBER("last_modification"), { "quota", MEANS_LOST, NULL, 0 },
	{ "default_mailbox_quota", MEANS_LOST, NULL, 0 },
	NUMBER("enable_dns_checks"), NUMBER("transport_id"),
	NUMBER("enable_dkim"), NUMBER("dkim_key_selector") } },
	{ .table = "admin_domainalias", .kind = ITEM_DOMAIN, .key = "name",
	.finish = modoboa_target, .columns = { NUMBER("id"),
	ENABLED("enabled"), NUMBER("target_id"), NUMBER("creation"),
	NUMBER("last_modification") } },
	{ .table = "admin_mailbox", .kind = ITEM_USER,
	.make_key = modoboa_mailbox, .finish = modoboa_user, .columns = {
	NUMBER("id"), NUMBER("address"), NUMBER("domain_id"),
	NUMBER("user_id"), { "quota", MEANS_SIZE, NULL, MIB },
	NUMBER("use_domain_quota"), NUMBER("creation"),
	NUMBER("last_modification"),
	{ "message_limit", MEANS_BARRED, NULL, 0 } } },
	{ .table = "admin_aliasrecipient", .kind = ITEM_ALIAS,
	.make_key = modoboa_alias, .finish = modoboa_recipient, .columns = {
	{ "address", MEANS_TARGETS, NULL, 0 }, NUMBER("id"),
	NUMBER("alias_id"), NUMBER("r_mailbox_id"), NUMBER("r_alias_id"),
	NUMBER("creation"), NUMBER("last_modification") } },
};

static const struct table modoboa_tables[] = {
	{ "core_user", { "id" }, 1, note_user, false, NULL },
	{ "admin_domain", { "id" }, 1, note_domain, true, NULL },
	{ "admin_alias", { "id" }, 1, note_alias, false, NULL },
	{ "admin_aliasrecipient", { "id" }, 1, note_recipient, true, NULL },
	{ "admin_domain", { "id" }, 2, import_columns, false, NULL },
	{ "admin_domainalias", { "id" }, 2, import_columns, false, NULL },
	{ "admin_mailbox", { "id" }, 2, import_columns, false, NULL },
	{ "admin_aliasrecipient", { "id" }, 2, import_columns, false, NULL },
};

int
import_modoboa(struct import *import)
{
	return READ_ALL(import, modoboa_tables, modoboa_rows);
}

/* ---- Mail-in-a-Box ------------------------------------------------------ */

/* It has no table of domains: each address has one. */
static int
put_domain(struct import *import, struct source *source, const char *key,
    const struct row *row)
{
	static const char *const columns[] = { "email", "source" };
	const char *column = row_value(row, "email") != NULL ? columns[0] :
	    columns[1], *at = strrchr(key, '@');
	struct item *item;
	char **last;
	int rc;

	if (at == NULL || memo_find(&source->memos[DOMAINS], at + 1) != NULL)
		return 0;
	if ((rc = memo_add(import, &source->memos[DOMAINS], row, &column,
	    1)) < 0)
		return rc;
	last = source->memos[DOMAINS].rows[source->memos[DOMAINS].n - 1];
	memmove(*last, strrchr(*last, '@') + 1,
	    strlen(strrchr(*last, '@')));
	if ((item = item_new(import, ITEM_SITE, at + 1)) == NULL)
		return MAILDB_ENOMEM;
	return item_put(import, item);
}

static int
box_user(struct import *import, struct source *source, struct item *item,
    const struct row *row)
{
	int rc = put_domain(import, source, item->key, row);

	return rc != 0 ? rc : set_home(import, item,
	    "/home/user-data/mail/mailboxes");
}

/* "@one" to "@other" is an alias domain. */
static int
box_alias(struct import *import, struct source *source, struct item *item,
    const struct row *row)
{
	const char *target = row_text(row, "destination");
	char *name;
	int rc;

	if (*item->key != '@' || *target != '@')
		return put_domain(import, source, item->key, row);
	if ((name = strdup(item->key + 1)) == NULL)
		return MAILDB_ENOMEM;
	free(item->key);
	item->key = name;
	item->kind = ITEM_DOMAIN;
	rc = item_attr(import, item, "class", "alias");
	return rc != 0 ? rc : item_attr(import, item, "target", target + 1);
}

static const struct rows box_rows[] = {
	{ .table = "users", .kind = ITEM_USER, .key = "email",
	.finish = box_user, .columns = { NUMBER("id"),
	{ "password", MEANS_HASH, NULL, 0 },
	{ "quota", MEANS_SIZE, NULL, 1 }, { "extra", MEANS_LOST, NULL, 0 },
	{ "privileges", MEANS_LOST, NULL, 0 } } },
	{ .table = "aliases", .kind = ITEM_ALIAS, .key = "source",
	.finish = box_alias, .columns = { NUMBER("id"),
	{ "destination", MEANS_TARGETS, NULL, 0 },
	{ "permitted_senders", MEANS_BARRED, NULL, 0 } } },
};

static const struct table box_tables[] = {
	{ "users", { "email" }, 2, import_columns, false, NULL },
	{ "aliases", { "source" }, 2, import_columns, false, NULL },
	/* Made by the box itself. */
	{ "auto_aliases", { NULL }, 2, NULL, false, NULL },
	{ "sqlite_sequence", { NULL }, 2, NULL, false, NULL },
};

int
import_mailinabox(struct import *import)
{
	return READ_ALL(import, box_tables, box_rows);
}
