/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * passwd.c - passwd-files of Dovecot, and their extra fields
 */
#include <stdlib.h>
#include <string.h>

#include "import/import.h"

/* ---- extra fields --------------------------------------------------- */

/* "*:storage=4G:messages=100": a limit of Dovecot 2.3 for all mailboxes.  A
 * bare storage is in KiB. */
static int
take_rule(struct import *import, struct item *item, char *rule)
{
	char *part, *rest;
	int rc = 0;

	part = strtok_r(rule, ":", &rest);
	if (part == NULL || strcmp(part, "*") != 0) {
		import_drop(import, "a quota of a single mailbox");
		return 0;
	}
	while (rc == 0 && (part = strtok_r(NULL, ":", &rest)) != NULL)
		if (strncmp(part, "storage=", 8) == 0)
			rc = item_quota(import, item, part + 8, 1024);
		else if (strncmp(part, "bytes=", 6) == 0)
			rc = item_quota(import, item, part + 6, 1);
		else if (strncmp(part, "messages=", 9) == 0)
			rc = item_attr(import, item, "messages",
			    strcmp(part + 9, "0") == 0 ? "unlimited" :
			    part + 9);
		else
			rc = import_refuse(import, "\"%s\" is no quota", part);
	return rc;
}

static int
take_size(struct import *import, struct item *item, char *size)
{
	return item_quota(import, item, size, 1);
}

/* Any password would do: not here. */
static int
take_nopassword(struct import *import, struct item *item, char *value)
{
	(void)value;
	maildb_secret_free(item->hash);
	item->hash = NULL;
	import_tell(import, "no_password", "%s has nopassword: it cannot log "
	    "in", item->key);
	return 0;
}

/* No service is left to log in to. */
static int
take_nologin(struct import *import, struct item *item, char *value)
{
	static const char *const services[] = { "imap", "pop3", "sieve" };
	size_t i;
	int rc = 0;

	(void)value;
	for (i = 0; rc == 0 && i < COUNT(services); i++)
		rc = item_attr(import, item, services[i], "no");
	return rc;
}

/* Has the last word over the field of the home. */
static int
take_home(struct import *import, struct item *item, char *value)
{
	size_t i;

	for (i = 0; i < item->nattrs; i++)
		if (strcmp(item->attrs[i].name, "home") == 0) {
			free((char *)item->attrs[i].value);
			item->attrs[i] = item->attrs[--item->nattrs];
			break;
		}
	return item_attr(import, item, "home", value);
}

/* Extra fields; those without a function restrict logins in a way that has no
 * counterpart, and are told for each user. */
static const struct extra {
	const char *name;
	int (*take)(struct import *import, struct item *item, char *value);
} extras[] = {
	{ "userdb_quota_rule", take_rule },
	{ "userdb_quota_storage_size", take_size },
	{ "userdb_home", take_home },
	{ "nopassword", take_nopassword },
	{ "nologin", take_nologin },
	{ "allow_nets", NULL },
	{ "allow_real_nets", NULL },
	{ "proxy", NULL },
	{ "proxy_maybe", NULL },
	{ "user", NULL },
	{ "login_user", NULL },
};

/* An extra field, from its name to its value. */
static int
take_field(struct import *import, struct item *item, char *field)
{
	char *value = strchr(field, '='), none[1] = "";
	size_t i;

	if (value != NULL)
		*value++ = '\0';
	for (i = 0; i < COUNT(extras); i++)
		if (strcmp(field, extras[i].name) == 0)
			break;
	if (i == COUNT(extras))
		import_drop(import, field);
	else if (extras[i].take != NULL)
		return extras[i].take(import, item, value != NULL ? value : none);
	else
		import_tell(import, "restriction", "%s has %s, a restriction "
		    "that is not kept", item->key, field);
	return 0;
}

int
import_extra(struct import *import, struct item *item, char *text)
{
	char *word, *rest;
	int rc = 0;

	for (word = strtok_r(text, " \t", &rest); rc == 0 && word != NULL;
	    word = strtok_r(NULL, " \t", &rest))
		rc = take_field(import, item, word);
	return rc;
}

/* ---- passwd-file ---------------------------------------------------- */

enum { NAME, HASH, UID, GID, GECOS, HOME, SHELL, EXTRA, FIELDS };

/* user:password:uid:gid:gecos:home:shell:extra, of which two are enough. */
static int
take_passwd(struct import *import, char *line)
{
	static const char *const unkept[FIELDS] = { [UID] = "uid",
		[GID] = "gid", [SHELL] = "shell" };
	char *field[FIELDS] = { NULL }, *address;
	struct item *item;
	size_t i, n = 0;
	int rc;

	while (n < FIELDS) {
		field[n++] = line;
		/* What is last may hold colons. */
		if (n == FIELDS || (line = strchr(line, ':')) == NULL)
			break;
		*line++ = '\0';
	}
	if (n < 2)
		return import_refuse(import, "this is no user:password");
	if ((address = import_address(import, field[NAME], &rc)) == NULL)
		return rc;
	item = item_new(import, ITEM_USER, address);
	free(address);
	if (item == NULL)
		return MAILDB_ENOMEM;
	if (n == FIELDS && strncmp(field[EXTRA], "nopassword", 10) == 0 &&
	    *field[HASH] == '\0')
		rc = 0; /* said once is enough */
	else
		rc = item_hash(import, item, field[HASH]);
	if (rc == 0 && n > GECOS) {
		field[GECOS][strcspn(field[GECOS], ",")] = '\0';
		if (*field[GECOS] != '\0')
			rc = item_attr(import, item, "name", field[GECOS]);
	}
	if (rc == 0 && n > HOME && *field[HOME] != '\0')
		rc = item_attr(import, item, "home", field[HOME]);
	if (rc == 0 && n == FIELDS)
		rc = import_extra(import, item, field[EXTRA]);
	for (i = 0; rc == 0 && i < n; i++)
		if (unkept[i] != NULL && *field[i] != '\0')
			import_drop(import, unkept[i]);
	return item_end(import, item, rc);
}

int
import_dovecot_passwd(struct import *import)
{
	size_t i;
	int rc = 0;

	for (i = 0; rc == 0 && i < import->call->nrest; i++)
		rc = import_lines(import, import->call->rest[i], false,
		    take_passwd);
	return rc;
}
