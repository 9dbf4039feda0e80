/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * lookup.c - the queries of Postfix and Dovecot: as text, and asked one by one
 *
 * sql/maps.sql has the queries; which keys a daemon tries, in what order, is
 * trace.c's matter.
 */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "rules/rules.h"

/* X(statement STMT_MAP_..., name, daemon, keys, help) */
#define MAPS(X) \
	X(VIRTUAL_MAILBOX_DOMAINS, "virtual_mailbox_domains", "postfix", \
	    "domain", "domains with mailboxes here, and their alias domains") \
	X(VIRTUAL_MAILBOX_MAPS, "virtual_mailbox_maps", "postfix", \
	    "address", "mailboxes that may receive") \
	X(VIRTUAL_ALIAS_MAPS, "virtual_alias_maps", "postfix", \
	    "address", "targets of an address, or a mailbox itself") \
	X(VIRTUAL_ALIAS_FAR, "virtual_alias_far", "postfix", \
	    "address", "the same by way of alias domains and wildcards") \
	X(VIRTUAL_ALIAS_CATCHALL, "virtual_alias_catchall", "postfix", \
	    "catchall", "targets for what has no address of its own") \
	X(RELAY_DOMAINS, "relay_domains", "postfix", \
	    "domain", "domains whose mail is passed on") \
	X(RELAY_RECIPIENT_MAPS, "relay_recipient_maps", "postfix", \
	    "address", "known recipients in relay domains") \
	X(RELAY_RECIPIENT_ANY, "relay_recipient_any", "postfix", \
	    "catchall", "relay domains that take every recipient") \
	X(RECIPIENT_ACCESS, "recipient_access", "postfix", \
	    "address", "addresses that are off or for local users only") \
	X(SENDER_ACCESS, "sender_access", "postfix", \
	    "address", "domains that only users who logged in send from") \
	X(SMTPD_SENDER_LOGIN_MAPS, "smtpd_sender_login_maps", "postfix", \
	    "address", "logins that may send as an address") \
	X(SENDER_LOGIN_ANY, "sender_login_any", "postfix", \
	    "catchall", "logins that may send as any address of a domain") \
	X(PASSDB, "passdb", "dovecot", \
	    "login", "password and mail directory of a login") \
	X(USERDB, "userdb", "dovecot", \
	    "login", "mail directory and quota of a user") \
	X(ITERATE, "iterate", "dovecot", \
	    "none", "all users") \
	X(PASSDB24, "passdb24", "dovecot", \
	    "login", "passdb for Dovecot 2.4") \
	X(USERDB24, "userdb24", "dovecot", \
	    "login", "userdb for Dovecot 2.4") \
	X(ITERATE, "iterate24", "dovecot", \
	    "none", "iterate for Dovecot 2.4")

static const struct maildb_map maps[] = {
#define MAP(stmt, name, daemon, keys, help) { name, daemon, keys, help },
	MAPS(MAP)
#undef MAP
};

static const enum maildb__stmt_id stmts[] = {
#define MAP(stmt, name, daemon, keys, help) STMT_MAP_##stmt,
	MAPS(MAP)
#undef MAP
};

/* How each dialect writes an input, in quotes: its daemon escapes what it puts
 * between them. */
static const struct {
	const char *dialect, *input, *text;
} placeholders[] = {
	{ "postfix", "u", "'%u'" },
	{ "postfix", "d", "'%d'" },
	{ "postfix", "s", "'%s'" },
	{ "dovecot-2.3", "n", "'%n'" },
	{ "dovecot-2.3", "d", "'%d'" },
	{ "dovecot-2.3", "service", "'%s'" },
	{ "dovecot-2.4", "n", "'%{user | username}'" },
	{ "dovecot-2.4", "d", "'%{user | domain}'" },
	{ "dovecot-2.4", "service", "'%{protocol}'" },
};

static const char *const backends[MAILDB__BACKENDS] = {
	[MAILDB__SQLITE] = "sqlite",
	[MAILDB__PGSQL] = "pgsql",
};

const struct maildb_map *
maildb_maps(size_t *count)
{
	*count = ARRAY_LEN(maps);
	return maps;
}

/* The map of that name, or NULL. */
static const struct maildb_map *
find(const char *name)
{
	size_t i;

	for (i = 0; i < ARRAY_LEN(maps); i++)
		if (strcmp(maps[i].name, name) == 0)
			return &maps[i];
	return NULL;
}

/* What a dialect writes for an input, or NULL. */
static const char *
placeholder(const char *dialect, const char *input)
{
	size_t i;

	for (i = 0; i < ARRAY_LEN(placeholders); i++)
		if (strcmp(placeholders[i].dialect, dialect) == 0 &&
		    strcmp(placeholders[i].input, input) == 0)
			return placeholders[i].text;
	return NULL;
}

int
maildb_map_query(const char *name, const char *backend, const char *dialect,
    char **out)
{
	const struct maildb_map *map = find(name);
	const struct maildb__stmt *stmt;
	struct maildb__buf buf = { 0 };
	const char *p, *text;
	char *end;
	size_t b = 0;

	*out = NULL;
	if (map == NULL)
		return MAILDB_EMAP;
	while (b < MAILDB__BACKENDS && strcmp(backends[b], backend) != 0)
		b++;
	/* Every dialect of a daemon has "d", and begins with its name. */
	if (b == MAILDB__BACKENDS || placeholder(dialect, "d") == NULL ||
	    strncmp(dialect, map->daemon, strlen(map->daemon)) != 0)
		return MAILDB_EVALUE;
	stmt = &maildb__stmts[stmts[map - maps]];
	for (p = stmt->text[b]; *p != '\0'; ) {
		if (*p == '$') {
			text = placeholder(dialect,
			    stmt->in[strtoul(p + 1, &end, 10) - 1].name);
			maildb__buf_add(&buf, text);
			p = end;
		} else if (isspace((unsigned char)*p)) {
			maildb__buf_add(&buf, " ");
			p += strspn(p, " \t\n");
		} else {
			maildb__buf_addn(&buf, p++, 1);
		}
	}
	*out = maildb__buf_take(&buf);
	return *out != NULL ? 0 : MAILDB_ENOMEM;
}

/* Fails for a name that is no map; the hint has those that begin most alike. */
static int
no_such_map(struct maildb *db, const char *name)
{
	struct maildb__buf near = { 0 };
	size_t best = 0, i, same;
	char *list;

	for (i = 0; i < ARRAY_LEN(maps); i++) {
		for (same = 0; name[same] != '\0' &&
		    name[same] == maps[i].name[same]; same++)
			;
		if (same < best)
			continue;
		if (same > best)
			maildb__buf_free(&near);
		best = same;
		maildb__buf_printf(&near, "%s%s", near.len > 0 ? ", " : "",
		    maps[i].name);
	}
	maildb__fail(db, MAILDB_EMAP, "no map is called \"%s\"", name);
	maildb__fault_input(db, "map", name);
	list = maildb__buf_take(&near);
	if (list != NULL)
		maildb__hint(db, "maps of a similar name: %s", list);
	free(list);
	return MAILDB_EMAP;
}

/* A key in the parts that the inputs are made of. */
struct parts {
	char *service; /* for Dovecot */
	char *whole;   /* in lower case, as Postfix asks */
	char *local;   /* before the @, or all */
	const char *domain; /* after it, or "" */
};

static void
parts_free(struct parts *parts)
{
	free(parts->service);
	free(parts->whole);
	free(parts->local);
}

static int
parts_make(struct maildb *db, const struct maildb_map *map, const char *key,
    struct parts *parts)
{
	const char *colon = strcmp(map->daemon, "dovecot") == 0 ?
	    strchr(key, ':') : NULL;
	char *p;

	parts->service = strndup(key, colon != NULL ? (size_t)(colon - key) : 0);
	/* Dovecot folds ASCII only, and so do we: it finds no other login. */
	parts->whole = strcmp(map->daemon, "postfix") == 0 ?
	    maildb__fold(key) : strdup(colon != NULL ? colon + 1 : key);
	for (p = parts->whole; p != NULL && *p != '\0'; p++)
		if (*p >= 'A' && *p <= 'Z')
			*p += 'a' - 'A';
	parts->local = parts->whole != NULL ? strdup(parts->whole) : NULL;
	if (parts->service == NULL || parts->local == NULL)
		return maildb__nomem(db);
	parts->domain = "";
	if ((p = strrchr(parts->local, '@')) != NULL) {
		parts->domain = parts->whole + (p - parts->local) + 1;
		*p = '\0';
	}
	return 0;
}

/* Fills in an input by its name; false when the daemon would not ask. */
static bool
part(const struct parts *parts, const char *name, struct maildb__value *in)
{
	const char *text = strcmp(name, "service") == 0 ? parts->service :
	    strcmp(name, "d") == 0 ? parts->domain :
	    strcmp(name, "s") == 0 ? parts->whole : parts->local;

	*in = V_TEXT(text);
	return text == parts->service || *text != '\0';
}

int
maildb_lookup(struct maildb *db, const char *name, const char *key,
    struct maildb_cursor **out)
{
	const struct maildb_map *map = find(name);
	const struct maildb__stmt *stmt;
	struct maildb__value in[MAILDB__ROW_MAX];
	struct parts parts = { 0 };
	bool asked = true;
	unsigned i;
	int rc;

	*out = NULL;
	if (map == NULL)
		return no_such_map(db, name);
	stmt = &maildb__stmts[stmts[map - maps]];
	if ((rc = parts_make(db, map, key, &parts)) < 0)
		goto out;
	for (i = 0; i < stmt->nin; i++)
		asked = part(&parts, stmt->in[i].name, &in[i]) && asked;
	if (asked) {
		rc = maildb__list_values(db, out, stmts[map - maps], in);
	} else {
		maildb__notice(db, "not_asked", NULL,
		    "%s never asks %s for \"%s\"", map->daemon, name, key);
		rc = maildb__table_new(db, stmt->out, stmt->nout, out);
	}
out:
	parts_free(&parts);
	return rc;
}
