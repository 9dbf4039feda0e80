/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * passwd.c - Dovecot's passwd-file, and docker-mailserver's files
 *
 * Both know of extra fields (userdb_quota_rule=...).
 */
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

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

/* The fields after the seventh colon: 1 when the row is refused. */
static int
take_extra(struct import *import, struct item *item, char *text)
{
	static const char rule[] = "userdb_quota_rule=";
	static const char size[] = "userdb_quota_storage_size=";
	char *word, *rest;
	int rc = 0;

	for (word = strtok_r(text, " \t", &rest); rc == 0 && word != NULL;
	    word = strtok_r(NULL, " \t", &rest)) {
		if (strncmp(word, rule, sizeof(rule) - 1) == 0) {
			rc = take_rule(import, item, word + sizeof(rule) - 1);
		} else if (strncmp(word, size, sizeof(size) - 1) == 0) {
			rc = item_quota(import, item, word + sizeof(size) - 1,
			    1);
		} else if (strncmp(word, "nopassword", 10) == 0) {
			/* Any password would do: not here. */
			maildb_secret_free(item->hash);
			item->hash = NULL;
			import_tell(import, "no_password", "%s has "
			    "nopassword: it cannot log in", item->key);
		} else {
			word[strcspn(word, "=")] = '\0';
			import_drop(import, word);
		}
	}
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
		rc = take_extra(import, item, field[EXTRA]);
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

/* ---- docker-mailserver ---------------------------------------------- */

/* user|hash, and perhaps |extra fields. */
static int
take_account(struct import *import, char *line)
{
	char *hash = strchr(line, '|'), *extra;
	struct item *item;
	int rc;

	if (hash == NULL)
		return import_refuse(import, "this is no user|password");
	*hash++ = '\0';
	if ((extra = strchr(hash, '|')) != NULL)
		*extra++ = '\0';
	if ((item = item_new(import, ITEM_USER, line)) == NULL)
		return MAILDB_ENOMEM;
	rc = item_hash(import, item, hash);
	if (rc == 0 && extra != NULL)
		rc = take_extra(import, item, extra);
	return item_end(import, item, rc);
}

/* alias target,target */
static int
take_virtual(struct import *import, char *line)
{
	static const char parts[] = ", \t";
	char *word, *rest;
	struct item *item;
	int rc = 0;

	if ((word = strtok_r(line, parts, &rest)) == NULL)
		return import_refuse(import, "there is no alias");
	if ((item = item_new(import, ITEM_ALIAS, word)) == NULL)
		return MAILDB_ENOMEM;
	while (rc == 0 && (word = strtok_r(NULL, parts, &rest)) != NULL)
		rc = item_list(import, item, word);
	if (rc == 0 && item->nlist == 0)
		rc = import_refuse(import, "%s has no target", item->key);
	return item_end(import, item, rc);
}

/* user:50M */
static int
take_quota(struct import *import, char *line)
{
	char *size = strchr(line, ':');
	struct item *item;

	if (size == NULL)
		return import_refuse(import, "this is no user:quota");
	*size++ = '\0';
	if ((item = item_new(import, ITEM_QUOTA, line)) == NULL)
		return MAILDB_ENOMEM;
	return item_end(import, item, item_quota(import, item, size, 1));
}

static int
take_regexp(struct import *import, char *line)
{
	(void)line;
	return import_refuse(import, "aliases by pattern have no counterpart");
}

static const struct file {
	const char *name;
	import_line *take;
} files[] = {
	{ "postfix-accounts.cf", take_account },
	{ "postfix-virtual.cf", take_virtual },
	{ "dovecot-quotas.cf", take_quota },
	{ "postfix-regexp.cf", take_regexp },
};

/* Reads the files that a folder has. */
static int
take_folder(struct import *import, const char *path)
{
	char *name;
	size_t i, found = 0;
	int rc = 0;

	for (i = 0; rc == 0 && i < COUNT(files); i++) {
		if ((name = import_path(import, path, files[i].name)) == NULL)
			return MAILDB_ENOMEM;
		if (access(name, F_OK) != 0)
			continue;
		found++;
		rc = import_lines(import, name, false, files[i].take);
	}
	return rc < 0 || found > 0 ? rc : call_fail(import->call, MAILDB_EIO,
	    NULL, path, NULL, "%s: there is no %s", path, files[0].name);
}

int
import_docker_mailserver(struct import *import)
{
	const char *path, *slash;
	struct stat about;
	size_t i, f;
	int rc = 0;

	for (i = 0; rc == 0 && i < import->call->nrest; i++) {
		path = import->call->rest[i];
		if (stat(path, &about) == 0 && S_ISDIR(about.st_mode)) {
			rc = take_folder(import, path);
			continue;
		}
		slash = strrchr(path, '/');
		for (f = 0; f < COUNT(files); f++)
			if (strcmp(slash != NULL ? slash + 1 : path,
			    files[f].name) == 0)
				break;
		rc = f < COUNT(files) ?
		    import_lines(import, path, false, files[f].take) :
		    call_fail(import->call, CLI_EUSAGE, NULL, path,
		    "postfix-accounts.cf, postfix-virtual.cf, "
		    "dovecot-quotas.cf, postfix-regexp.cf",
		    "%s: docker-mailserver has no file of that name", path);
	}
	return rc;
}
