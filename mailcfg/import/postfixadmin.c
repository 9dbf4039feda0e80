/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * postfixadmin.c - PostfixAdmin, 2.x to 4.x
 *
 * There every mailbox has an alias row to itself, which says nothing when it
 * is the only target, and every alias domain is in the table of domains too.
 */
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "import/table.h"

#define MULTIPLIER 1024000 /* $CONF['quota_multiplier'], of domains' sizes */

struct site {
	struct memo alias_domains;
};

/* ---- domains -------------------------------------------------------- */

/* A domain that stands for another, unless that is switched off. */
static int
take_alias_domain(struct import *import, void *arg, const struct row *row)
{
	static const char *const columns[] = { "alias_domain",
		"target_domain", "active" };
	struct site *site = arg;
	const char *name, *target;
	struct item *item;
	int rc;

	if ((name = row_need(import, row, "alias_domain", &rc)) == NULL ||
	    (target = row_need(import, row, "target_domain", &rc)) == NULL)
		return rc;
	if ((rc = memo_add(import, &site->alias_domains, row, columns,
	    COUNT(columns))) < 0)
		return rc;
	if ((item = item_new(import, ITEM_DOMAIN, name)) == NULL)
		return MAILDB_ENOMEM;
	if ((rc = item_attr(import, item, "class", "alias")) == 0 &&
	    (rc = item_attr(import, item, "target", target)) == 0)
		rc = item_switch(import, item, "enabled", row, "active");
	return item_end(import, item, rc);
}

/* A limit, of a number or of a size in multiples: 0 is none, below it is
 * "nothing at all", for which we have no word. */
static int
take_limit(struct import *import, struct item *item, const char *attr,
    const struct row *row, const char *column, bool size)
{
	const char *text = row_text(row, column);
	char written[24];
	int64_t bytes;

	if (*text == '\0' || strcmp(text, "0") == 0)
		return 0;
	if (*text == '-') {
		import_drop(import, "a limit of nothing at all (-1)");
		return 0;
	}
	if (!size)
		return item_attr(import, item, attr, text);
	if (maildb_size_parse(text, &bytes) < 0 ||
	    __builtin_mul_overflow(bytes, MULTIPLIER, &bytes))
		return import_refuse(import, "%s \"%s\" is no size", column,
		    text);
	maildb_size_format(bytes, written);
	return item_attr(import, item, attr, written);
}

/* The fields of a domain that is no alias of another. */
static int
take_hosted(struct import *import, struct item *item, const struct row *row)
{
	static const char *const unkept[] = { "maxquota" };
	bool relay;
	int rc;

	if ((rc = row_bool(import, row, "backupmx", false, &relay)) != 0)
		return rc;
	if (relay) {
		import_tell(import, "relay", "%s takes mail for every "
		    "recipient, as there: list them with addrecipient",
		    item->key);
		rc = item_attr(import, item, "class", "relay");
		return rc != 0 ? rc : item_attr(import, item,
		    "any_recipient", "yes");
	}
	if ((rc = take_limit(import, item, "max_users", row, "mailboxes",
	    false)) == 0 &&
	    (rc = take_limit(import, item, "max_aliases", row, "aliases",
	    false)) == 0)
		rc = take_limit(import, item, "max_quota", row, "quota", true);
	if (strcmp(row_text(row, "maxquota"), "0") != 0)
		row_drop(import, row, unkept, COUNT(unkept));
	return rc;
}

/* Whether a domain's mail is delivered by another agent than is usual. */
static void
drop_transport(struct import *import, const struct row *row)
{
	const char *transport = row_text(row, "transport");

	if (*transport != '\0' && strncmp(transport, "virtual", 7) != 0)
		import_drop(import, "transport");
}

static int
take_domain(struct import *import, void *arg, const struct row *row)
{
	struct site *site = arg;
	struct item *item;
	const char *name;
	char **alias;
	int rc;

	if ((name = row_need(import, row, "domain", &rc)) == NULL)
		return rc;
	if (strcmp(name, "ALL") == 0) /* what superadmins look after */
		return 0;
	alias = memo_find(&site->alias_domains, name);
	item = item_new(import, alias != NULL ? ITEM_DOMAIN : ITEM_SITE, name);
	if (item == NULL)
		return MAILDB_ENOMEM;
	if (alias != NULL) {
		if ((rc = item_attr(import, item, "class", "alias")) == 0)
			rc = item_attr(import, item, "target", alias[1]);
	} else {
		drop_transport(import, row);
		rc = take_hosted(import, item, row);
	}
	if (rc == 0)
		rc = item_column(import, item, "note", row, "description");
	if (rc == 0)
		rc = item_switch(import, item, "enabled", row, "active");
	return item_end(import, item, rc);
}

/* ---- mailboxes ------------------------------------------------------ */

static int
take_mailbox(struct import *import, void *arg, const struct row *row)
{
	static const char *const unkept[] = { "maildir", "phone",
		"email_other", "totp_secret" };
	const char *key, *quota = row_text(row, "quota");
	struct item *item;
	char *address;
	int rc;

	(void)arg;
	if ((key = row_need(import, row, "username", &rc)) == NULL ||
	    (address = import_address(import, key, &rc)) == NULL)
		return rc;
	item = item_new(import, ITEM_USER, address);
	free(address);
	if (item == NULL)
		return MAILDB_ENOMEM;
	if ((rc = item_stored(import, item, row_text(row,
	    "password"))) == 0 &&
	    (rc = item_column(import, item, "name", row, "name")) == 0 &&
	    (rc = item_switch(import, item, "enabled", row, "active")) == 0)
		rc = item_switch(import, item, "send", row, "smtp_active");
	if (rc == 0 && *quota != '\0')
		rc = item_quota(import, item, quota, 1);
	if (rc == 0)
		row_drop(import, row, unkept, COUNT(unkept));
	return item_end(import, item, rc);
}

/* ---- aliases -------------------------------------------------------- */

/* Tells of a target that answers in somebody's absence: local part and domain
 * of the address, joined by "#", in a domain of its own. */
static const char *
vacation(const char *target, const char *address)
{
	const char *at = strchr(address, '@');
	size_t local = at != NULL ? (size_t)(at - address) : 0;
	size_t len = strlen(address);

	return at != NULL && strncasecmp(target, address, local) == 0 &&
	    target[local] == '#' && strncasecmp(target + local + 1, at + 1,
	    len - local - 1) == 0 && target[len] == '@' ?
	    "a vacation target" : NULL;
}

/* Whether the address itself is among the targets. */
static bool
leads_to_itself(const struct item *item)
{
	size_t i;

	for (i = 0; i < item->nlist; i++)
		if (strcasecmp(item->list[i], item->key) == 0)
			return true;
	return false;
}

static int
take_alias(struct import *import, void *arg, const struct row *row)
{
	struct item *item;
	const char *key;
	char *address;
	bool active;
	int rc;

	(void)arg;
	if ((key = row_need(import, row, "address", &rc)) == NULL ||
	    (address = import_address(import, key, &rc)) == NULL)
		return rc;
	item = item_new(import, ITEM_ALIAS, address);
	free(address);
	if (item == NULL)
		return MAILDB_ENOMEM;
	rc = item_targets(import, item, row_text(row, "goto"), vacation);
	if (rc == 0)
		rc = row_bool(import, row, "active", true, &active);
	if (rc == 0 && leads_to_itself(item) &&
	    (item->nlist == 1 || !active)) {
		/* Mail for a mailbox comes to it: this needs no target. */
		item->kind = ITEM_QUOTA;
		if (item->nlist > 1)
			import_drop(import, "a forward that is off");
		return item_end(import, item, rc);
	}
	if (rc == 0 && !active)
		rc = item_attr(import, item, "enabled", "no");
	if (rc == 0)
		rc = item_column(import, item, "note", row, "description");
	return item_end(import, item, rc);
}

static const struct table tables[] = {
	{ "alias_domain", { "alias_domain" }, 1, take_alias_domain, false },
	{ "domain", { "domain" }, 2, take_domain, false },
	{ "mailbox", { "username" }, 2, take_mailbox, false },
	{ "alias", { "address" }, 2, take_alias, false },
	{ "vacation", { "email" }, 2, import_drop_row, false },
	{ "fetchmail", { "id" }, 2, import_drop_row, false },
	{ "admin", { "username" }, 2, import_drop_row, false },
	{ "domain_admins", { "username", "domain" }, 2, import_drop_row, false },
	{ "mailbox_app_password", { "id" }, 2, import_drop_row, false },
};

int
import_postfixadmin(struct import *import)
{
	struct site site = { 0 };
	int rc = import_tables(import, tables, COUNT(tables), &site);

	memo_free(&site.alias_domains);
	return rc;
}
