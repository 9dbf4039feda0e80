/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * alias.c - Postfix tables, and a system's passwd, shadow and aliases
 */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "import/import.h"
#include "read/text_lines.h"

/* ---- targets -------------------------------------------------------- */

/* Whether a word of a list is a command, a file or another list. */
static bool
is_delivery(const char *word)
{
	word += *word == '"';
	return strchr("|/:", *word) != NULL;
}

/* Adds targets: 1 when one of them, and with it the row, is refused. */
static int
take_targets(struct import *import, struct item *item, char *text)
{
	char *word, *address;
	int rc = 0;

	while (rc == 0 && (word = text_word(&text)) != NULL) {
		/* aliases(5) has this for "no further aliases". */
		word += *word == '\\';
		if (is_delivery(word))
			return import_refuse(import, "%s leads to %s: only "
			    "addresses can be targets", item->key, word);
		if ((address = import_address(import, word, &rc)) == NULL)
			return rc;
		rc = item_list(import, item, address);
		free(address);
	}
	return rc == 0 && item->nlist == 0 ?
	    import_refuse(import, "%s has no target", item->key) : rc;
}

/* An alias from its name to its targets, in a table whose first row of a key
 * counts. */
static int
take_alias(struct import *import, char *name, char *targets)
{
	struct item *item;
	char *address;
	int rc;

	if ((address = import_address(import, name, &rc)) == NULL)
		return rc;
	item = item_new(import, ITEM_ALIAS, address);
	free(address);
	if (item == NULL)
		return MAILDB_ENOMEM;
	item->once = true;
	rc = take_targets(import, item, targets);
	return item_end(import, item, rc);
}

/* ---- Postfix tables ------------------------------------------------- */

/* A key of virtual_mailbox_maps is a user; what stands behind is the path of
 * the virtual(8) delivery agent, or nothing that matters. */
static int
take_mailbox(struct import *import, char *key, char *value)
{
	struct item *item;
	char *address;
	int rc;

	(void)value;
	if ((address = import_address(import, key, &rc)) == NULL)
		return rc;
	import_drop(import, "the value of a mailbox map");
	item = item_new(import, ITEM_USER, address);
	free(address);
	return item != NULL ? item_put(import, item) : MAILDB_ENOMEM;
}

/* Makes an item one of a domain that stands for another. */
static int
set_target(struct import *import, struct item *item, const char *target)
{
	int rc = item_attr(import, item, "class", "alias");

	return rc != 0 ? rc : item_attr(import, item, "target", target);
}

/* A domain, that stands for target or, when that is NULL, has aliases.  Postfix
 * wants both of the former kind, "domain anything" and "@domain @target". */
static int
take_domain(struct import *import, const char *name, const char *target)
{
	struct item *item, *other = import->items[ITEM_DOMAIN];
	int rc = 0;

	while (other != NULL && strcasecmp(other->key, name) != 0)
		other = other->next;
	if ((item = item_new(import, ITEM_DOMAIN, name)) == NULL)
		return MAILDB_ENOMEM;
	if (target == NULL && other != NULL && other->nattrs > 0)
		target = other->attrs[1].value;
	if (target != NULL)
		rc = set_target(import, item, target);
	if (rc == 0 && target != NULL && other != NULL && other->nattrs == 0)
		rc = set_target(import, other, target);
	return item_end(import, item, rc);
}

/* A line without a domain in its key.  It waits for the others: Postfix asks for
 * an address before it asks for its bare name, and only another line can tell
 * that such a name is a domain's. */
struct bare {
	char *key, *value;
	uint32_t line;
	struct bare *next;
};

struct bares {
	struct bare *first, **last;
};

static void
bare_free(struct bare *bare)
{
	if (bare == NULL)
		return;
	free(bare->key);
	free(bare->value);
	free(bare);
}

/* Keeps such a line until the table is read. */
static int
keep_bare(struct import *import, const char *key, const char *value)
{
	struct bares *bares = import->arg;
	struct bare *bare = calloc(1, sizeof(*bare));

	if (bare == NULL || (bare->key = strdup(key)) == NULL ||
	    (bare->value = strdup(value)) == NULL) {
		bare_free(bare);
		return import_no_memory(import);
	}
	bare->line = import->line;
	*bares->last = bare;
	bares->last = &bare->next;
	return 0;
}

/* Takes a line that was kept.  "domain anything" declares a domain of aliases
 * (virtual(5)). */
static int
take_bare(struct import *import, const struct bare *bare)
{
	bool domain = strchr(bare->key, '.') != NULL &&
	    strchr(bare->value, '@') == NULL;

	import->line = bare->line;
	if (domain && import_has_domain(import, bare->key))
		return take_domain(import, bare->key, NULL);
	return !domain || import->domain != NULL ?
	    take_alias(import, bare->key, bare->value) :
	    import_refuse(import, "\"%s\" is neither an address nor a domain "
	    "that another line has; --domain makes it an address", bare->key);
}

/* A line of virtual_alias_maps. */
static int
take_virtual(struct import *import, char *key, char *value)
{
	if (strchr(key, '@') == NULL)
		return keep_bare(import, key, value);
	if (*key == '@' && *value == '@' &&
	    value[strcspn(value, ", \t")] == '\0')
		return take_domain(import, key + 1, value + 1);
	return take_alias(import, key, value);
}

int
import_virtual(struct import *import, const char *path)
{
	struct bares bares = { NULL, &bares.first };
	struct bare *bare;
	int rc;

	import->arg = &bares;
	rc = import_entries(import, path, take_virtual);
	while ((bare = bares.first) != NULL) {
		if (rc >= 0)
			rc = take_bare(import, bare);
		bares.first = bare->next;
		bare_free(bare);
	}
	return rc < 0 ? rc : 0;
}

/* What transport(5) says in place of a domain, and why it is not kept. */
static const char *
wrong_key(const char *key)
{
	return strchr(key, '@') != NULL ? "a single address" :
	    *key == '.' ? "all subdomains" :
	    strcmp(key, "*") == 0 ? "all other domains" : NULL;
}

/* Whether a transport hands mail over to another server: its name is empty, or
 * one of those that master.cf has for it. */
static bool
is_relay(const char *value)
{
	size_t len = strcspn(value, ":");

	return (len == 0 && value[0] == ':' && value[1] != '\0') ||
	    (len == 4 && strncmp(value, "smtp", len) == 0) ||
	    (len == 5 && strncmp(value, "relay", len) == 0);
}

/* "domain transport:nexthop": a domain whose mail goes on to another server. */
static int
take_transport(struct import *import, char *key, char *value)
{
	const char *why = wrong_key(key);
	struct item *item;
	int rc;

	if (why != NULL)
		return import_refuse(import, "\"%s\": a transport for %s has "
		    "no counterpart", key, why);
	if (!is_relay(value))
		return import_refuse(import, "%s goes to \"%.*s\": only what "
		    "goes on by smtp or relay is a relay domain", key,
		    (int)strcspn(value, " \t"), value);
	import_drop(import, "the next hop of a transport");
	if ((item = item_new(import, ITEM_SITE, key)) == NULL)
		return MAILDB_ENOMEM;
	/* Who is known there, no transport says. */
	if ((rc = item_attr(import, item, "class", "relay")) == 0)
		rc = item_attr(import, item, "any_recipient", "yes");
	return item_end(import, item, rc);
}

static int
read_transport(struct import *import, const char *path)
{
	return import_entries(import, path, take_transport);
}

static int
read_mailboxes(struct import *import, const char *path)
{
	return import_entries(import, path, take_mailbox);
}

/* Files that the call names by options. */
struct named {
	const char *option;
	int (*read)(struct import *import, const char *path);
};

static int
read_named(struct import *import, const struct named *files, size_t count,
    const char *options, const char *why)
{
	const char *path;
	size_t i, any = 0;
	int rc = 0;

	for (i = 0; rc == 0 && i < count; i++)
		if ((path = call_option(import->call,
		    files[i].option)) != NULL) {
			any++;
			rc = files[i].read(import, path);
		}
	return rc < 0 || (any > 0 && import->call->nrest == 0) ? rc :
	    call_fail(import->call, CLI_EUSAGE, NULL, NULL, options, "%s", why);
}

int
import_postfix_texthash(struct import *import)
{
	static const struct named tables[] = {
		{ "transport", read_transport },
		{ "accounts", read_mailboxes },
		{ "aliases", import_virtual },
	};

	return read_named(import, tables, COUNT(tables),
	    "--accounts FILE, --aliases FILE, --transport FILE",
	    "what a table says depends on the map that it is");
}

/* ---- passwd, shadow, aliases ---------------------------------------- */

#define UID_NOBODY 65534

/* The item of a user with this name, or NULL. */
static struct item *
find_user(struct import *import, const char *name)
{
	size_t len = strlen(name);
	struct item *item;

	for (item = import->items[ITEM_USER]; item != NULL; item = item->next)
		if (strncmp(item->key, name, len) == 0 &&
		    item->key[len] == '@')
			return item;
	return NULL;
}

/* name:password:uid:gid:gecos:home:shell (passwd(5)) */
static int
take_passwd(struct import *import, char *line)
{
	const char *least = call_option(import->call, "min-uid");
	char *field[7], *end, *address;
	unsigned long uid;
	struct item *item;
	size_t n;
	int rc;

	for (n = 0; n < COUNT(field) && line != NULL; n++)
		field[n] = strsep(&line, ":");
	if (n < COUNT(field) || line != NULL)
		return import_refuse(import, "a line of passwd(5) has seven "
		    "fields");
	uid = strtoul(field[2], &end, 10);
	if (!isdigit((unsigned char)*field[2]) || *end != '\0')
		return import_refuse(import, "\"%s\" is no uid", field[2]);
	if (uid == UID_NOBODY ||
	    uid < (least != NULL ? strtoul(least, NULL, 10) : 1000)) {
		import_drop(import, "an account of the system itself");
		return 0;
	}
	if ((address = import_address(import, field[0], &rc)) == NULL)
		return rc;
	item = item_new(import, ITEM_USER, address);
	free(address);
	if (item == NULL)
		return MAILDB_ENOMEM;
	if (strcmp(field[1], "x") != 0)
		rc = item_hash(import, item, field[1]);
	field[4][strcspn(field[4], ",")] = '\0';
	if (rc == 0 && *field[4] != '\0')
		rc = item_attr(import, item, "name", field[4]);
	return item_end(import, item, rc);
}

/* name:password:... (shadow(5)).  It completes the row of passwd, and counts
 * as a row only when it is refused. */
static int
take_shadow(struct import *import, char *line)
{
	char *name = strsep(&line, ":"), *hash = strsep(&line, ":");
	struct item *item;
	int rc;

	if (hash == NULL || line == NULL)
		return import_refuse(import, "a line of shadow(5) has nine "
		    "fields");
	if ((item = find_user(import, name)) == NULL) {
		import_drop(import, "a shadow line without a user");
		return 0;
	}
	if (item->hash != NULL)
		return import_refuse(import, "%s has a hash already", name);
	rc = item_hash(import, item, hash);
	return rc;
}

/* name: target, target (aliases(5)) */
static int
take_system_alias(struct import *import, char *line)
{
	char *key, *value;
	const char *wrong = text_alias(line, &key, &value);

	return wrong != NULL ? import_refuse(import, "%s", wrong) :
	    take_alias(import, key, value);
}

int
import_aliases(struct import *import, const char *path)
{
	return import_lines(import, path, true, take_system_alias);
}

static int
read_passwd(struct import *import, const char *path)
{
	return import_lines(import, path, false, take_passwd);
}

static int
read_shadow(struct import *import, const char *path)
{
	return import_lines(import, path, false, take_shadow);
}

int
import_system(struct import *import)
{
	static const struct named files[] = {
		{ "passwd", read_passwd },
		{ "shadow", read_shadow },
		{ "aliases", import_aliases },
	};

	import->holds = true; /* shadow completes the users of passwd */
	return read_named(import, files, COUNT(files),
	    "--passwd FILE, --shadow FILE, --aliases FILE",
	    "which file is which has to be said");
}
