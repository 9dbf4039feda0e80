/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * vmm.c - vmm, the Virtual Mail Manager, 0.6 and 0.7
 *
 * A domain there is a number, the gid, with one primary name and any others
 * that stand for it.  Limits and switches are rows of their own tables, which
 * domains and users name; those rows complete others and do not count.
 */
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "import/table.h"
#include "line/memory.h"

struct site {
	struct memo names;    /* gid, domainname: the primary ones */
	struct memo others;   /* gid, domainname: those that stand for one */
	struct memo domains;  /* gid, qid, ssid, note */
	struct memo limits;   /* qid, bytes, messages */
	struct memo services; /* ssid, smtp, pop3, imap, sieve */
};

/* ---- what others name ----------------------------------------------- */

static int
note_name(struct import *import, void *arg, const struct row *row)
{
	static const char *const columns[] = { "gid", "domainname" };
	struct site *site = arg;
	int primary = row_truth(row_text(row, "is_primary"));

	return primary < 0 ? 0 : memo_add(import, primary ? &site->names :
	    &site->others, row, columns, COUNT(columns));
}

static int
note_domain(struct import *import, void *arg, const struct row *row)
{
	static const char *const columns[] = { "gid", "qid", "ssid", "note" };
	static const char *const unkept[] = { "domaindir" };
	struct site *site = arg;

	row_drop(import, row, unkept, COUNT(unkept));
	return memo_add(import, &site->domains, row, columns, COUNT(columns));
}

static int
note_limit(struct import *import, void *arg, const struct row *row)
{
	static const char *const columns[] = { "qid", "bytes", "messages" };
	struct site *site = arg;

	return memo_add(import, &site->limits, row, columns, COUNT(columns));
}

static int
note_services(struct import *import, void *arg, const struct row *row)
{
	static const char *const columns[] = { "ssid", "smtp", "pop3", "imap",
		"sieve" };
	struct site *site = arg;

	return memo_add(import, &site->services, row, columns, COUNT(columns));
}

/* A row by a number that another one names; NULL with *rc when the row is
 * refused, as that is not there. */
static char **
find(struct import *import, struct memo *memo, const char *what,
    const char *key, int *rc)
{
	char **found = memo_find(memo, key);

	*rc = found != NULL ? 0 : import_refuse(import,
	    "there is no %s %s", what, key);
	return found;
}

/* ---- limits and switches -------------------------------------------- */

/* The limits that a qid stands for; "" for those of somebody else. */
static int
set_limits(struct import *import, struct site *site, struct item *item,
    const char *qid)
{
	char **limit;
	int rc;

	if (*qid == '\0')
		return 0;
	if ((limit = find(import, &site->limits, "quotalimit", qid,
	    &rc)) == NULL || (*limit[1] != '\0' &&
	    (rc = item_quota(import, item, limit[1], 1)) != 0))
		return rc;
	return *limit[2] == '\0' ? 0 : item_attr(import, item, "messages",
	    strcmp(limit[2], "0") == 0 ? "unlimited" : limit[2]);
}

/* The switches that an ssid stands for.  Somebody without any service is what
 * vmm calls disabled. */
static int
set_services(struct import *import, struct site *site, struct item *item,
    const char *ssid)
{
	static const char *const switches[] = { NULL, "send", "pop3", "imap",
		"sieve" };
	int on[COUNT(switches)], rc;
	size_t i, off = 0;
	char **set;

	if (*ssid == '\0')
		return 0;
	if ((set = find(import, &site->services, "service_set", ssid,
	    &rc)) == NULL)
		return rc;
	for (i = 1; i < COUNT(switches); i++) {
		if ((on[i] = row_truth(set[i])) < 0)
			return import_refuse(import, "service_set %s: \"%s\" "
			    "is neither true nor false", ssid, set[i]);
		off += on[i] == 0;
	}
	if (off == COUNT(switches) - 1) {
		import_tell(import, "disabled", "%s has no service at all: "
		    "it is switched off, and gets no mail", item->key);
		return item_attr(import, item, "enabled", "no");
	}
	for (i = 1; rc == 0 && i < COUNT(switches); i++)
		if (!on[i])
			rc = item_attr(import, item, switches[i], "no");
	return rc;
}

/* ---- domains -------------------------------------------------------- */

/* A name that stands for the primary one. */
static int
take_other_name(struct import *import, struct site *site, const char *name,
    const char *gid)
{
	struct item *item;
	char **primary;
	int rc;

	if ((primary = find(import, &site->names, "primary name of domain",
	    gid, &rc)) == NULL)
		return rc;
	if ((item = item_new(import, ITEM_DOMAIN, name)) == NULL)
		return MAILDB_ENOMEM;
	if ((rc = item_attr(import, item, "class", "alias")) == 0)
		rc = item_attr(import, item, "target", primary[1]);
	return item_end(import, item, rc);
}

static int
take_name(struct import *import, void *arg, const struct row *row)
{
	const char *name, *gid;
	struct site *site = arg;
	struct item *item;
	char **domain;
	bool primary;
	int rc;

	if ((name = row_need(import, row, "domainname", &rc)) == NULL ||
	    (gid = row_need(import, row, "gid", &rc)) == NULL ||
	    (rc = row_bool(import, row, "is_primary", false, &primary)) != 0)
		return rc;
	if (!primary)
		return take_other_name(import, site, name, gid);
	if ((domain = find(import, &site->domains, "domain_data", gid,
	    &rc)) == NULL)
		return rc;
	if ((item = item_new(import, ITEM_SITE, name)) == NULL)
		return MAILDB_ENOMEM;
	rc = set_limits(import, site, item, domain[1]);
	if (rc == 0 && *domain[3] != '\0')
		rc = item_attr(import, item, "note", domain[3]);
	return item_end(import, item, rc);
}

/* The item of an address whose domain is given by the row's gid; NULL with
 * *rc when the row is refused. */
static struct item *
begin_item(struct import *import, struct site *site, enum item_kind kind,
    const char *local, const struct row *row, int *rc)
{
	struct item *item;
	const char *gid;
	char **name, *address;

	if ((gid = row_need(import, row, "gid", rc)) == NULL ||
	    (name = find(import, &site->names, "primary name of domain", gid,
	    rc)) == NULL)
		return NULL;
	*rc = MAILDB_ENOMEM;
	if (asprintf(&address, "%s@%s", local, name[1]) < 0)
		return NULL;
	item = item_new(import, kind, address);
	free(address);
	return item;
}

/* ---- users ---------------------------------------------------------- */

static int
take_user(struct import *import, void *arg, const struct row *row)
{
	static const char *const unkept[] = { "mid", "tid" };
	const char *local, *ssid = row_text(row, "ssid");
	struct site *site = arg;
	struct item *item;
	char **domain;
	int rc;

	if ((local = row_need(import, row, "local_part", &rc)) == NULL ||
	    (item = begin_item(import, site, ITEM_USER, local, row,
	    &rc)) == NULL)
		return rc;
	domain = memo_find(&site->domains, row_text(row, "gid"));
	if (*ssid == '\0' && domain != NULL)
		ssid = domain[2];
	if ((rc = item_stored(import, item, row_text(row, "passwd"))) == 0 &&
	    (rc = item_column(import, item, "name", row, "name")) == 0 &&
	    (rc = item_column(import, item, "note", row, "note")) == 0 &&
	    (rc = set_limits(import, site, item, row_text(row, "qid"))) == 0)
		rc = set_services(import, site, item, ssid);
	if (rc == 0)
		row_drop(import, row, unkept, COUNT(unkept));
	return item_end(import, item, rc);
}

/* ---- aliases -------------------------------------------------------- */

/* What a place holder stands for in the destination of an alias: the address,
 * its parts, or NULL for a letter that has no meaning. */
static const char *
meaning(char letter, const char *local, const char *domain, const char *both)
{
	switch (letter) {
	case 'n':
		return local;
	case 'd':
		return domain;
	case '=':
		return both;
	default:
		return NULL;
	}
}

/* Writes a destination with %n, %d and %= replaced; NULL without memory. */
static char *
expand(const char *text, const char *address)
{
	const char *domain = strchr(address, '@') + 1, *with;
	char *local = strndup(address, (size_t)(domain - 1 - address));
	char *both = NULL, *out;
	struct memory memory;
	FILE *to;

	if (local == NULL || asprintf(&both, "%s=%s", local, domain) < 0 ||
	    (to = memory_open(&memory)) == NULL) {
		free(both);
		free(local);
		return NULL;
	}
	for (; *text != '\0'; text++) {
		with = *text == '%' ? meaning(text[1], local, domain, both) :
		    NULL;
		if (with != NULL) {
			fputs(with, to);
			text++;
		} else {
			fputc(*text, to);
		}
	}
	out = memory_close(&memory);
	free(local);
	free(both);
	return out;
}

/* Whether a destination depends on what the mail was sent to. */
static bool
depends(const char *text, const char *letters)
{
	for (; (text = strchr(text, '%')) != NULL; text++)
		if (text[1] != '\0' && strchr(letters, text[1]) != NULL)
			return true;
	return false;
}

static int
take_alias(struct import *import, void *arg, const struct row *row)
{
	const char *local, *text;
	struct site *site = arg;
	struct item *item;
	char *targets;
	int rc;

	if ((local = row_need(import, row, "address", &rc)) == NULL ||
	    (text = row_need(import, row, "destination", &rc)) == NULL ||
	    (item = begin_item(import, site, ITEM_ALIAS, local, row,
	    &rc)) == NULL)
		return rc;
	if (depends(text, "d=") &&
	    memo_find(&site->others, row_text(row, "gid")) != NULL)
		return item_end(import, item, import_refuse(import,
		    "%s leads to %s, which differs from name to name of the "
		    "domain", item->key, text));
	if ((targets = expand(text, item->key)) == NULL) {
		item_free(item);
		return MAILDB_ENOMEM;
	}
	rc = item_targets(import, item, targets, NULL);
	free(targets);
	return item_end(import, item, rc);
}

static int
take_catchall(struct import *import, void *arg, const struct row *row)
{
	struct item *item;
	const char *text;
	int rc;

	if ((text = row_need(import, row, "destination", &rc)) == NULL ||
	    (item = begin_item(import, arg, ITEM_ALIAS, "", row, &rc)) == NULL)
		return rc;
	rc = depends(text, "nd=") ? import_refuse(import, "%s leads to %s, "
	    "which differs from recipient to recipient", item->key, text) :
	    item_targets(import, item, text, NULL);
	return item_end(import, item, rc);
}

static const struct table tables[] = {
	{ "domain_name", { "domainname" }, 1, note_name, true },
	{ "domain_data", { "gid" }, 1, note_domain, false },
	{ "quotalimit", { "qid" }, 1, note_limit, false },
	{ "service_set", { "ssid" }, 1, note_services, false },
	{ "domain_name", { "domainname" }, 2, take_name, false },
	{ "users", { "uid" }, 2, take_user, false },
	{ "alias", { "gid", "address" }, 2, take_alias, false },
	{ "catchall", { "gid", "destination" }, 2, take_catchall, false },
	{ "relocated", { "gid", "address" }, 2, import_drop_row, false },
};

int
import_vmm(struct import *import)
{
	struct site site = { 0 };
	int rc = import_tables(import, tables, COUNT(tables), &site);

	memo_free(&site.names);
	memo_free(&site.others);
	memo_free(&site.domains);
	memo_free(&site.limits);
	memo_free(&site.services);
	return rc;
}
