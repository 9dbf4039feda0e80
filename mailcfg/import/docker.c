/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * docker.c - the configuration files of docker-mailserver
 *
 * postfix-accounts.cf goes first, as others restrict its users.
 */
#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>
#include <unistd.h>

#include "import/import.h"

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
		rc = import_extra(import, item, extra);
	return item_end(import, item, rc);
}

static int
read_accounts(struct import *import, const char *path)
{
	return import_lines(import, path, false, take_account);
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
	if ((item = item_new(import, ITEM_FIELDS, line)) == NULL)
		return MAILDB_ENOMEM;
	return item_end(import, item, item_quota(import, item, size, 1));
}

static int
read_quotas(struct import *import, const char *path)
{
	return import_lines(import, path, false, take_quota);
}

/* "user REJECT": a ban on what a field of the user allows. */
static int
take_ban(struct import *import, const char *user, const char *action,
    const char *field)
{
	struct item *item;

	if (strchr(user, '@') == NULL || *user == '@' ||
	    strncasecmp(action, "REJECT", 6) != 0)
		return import_refuse(import, "only REJECT for the address of a "
		    "user has a counterpart, %s", field);
	if ((item = item_new(import, ITEM_FIELDS, user)) == NULL)
		return MAILDB_ENOMEM;
	return item_end(import, item, item_attr(import, item, field, "no"));
}

static int
take_send(struct import *import, char *key, char *value)
{
	return take_ban(import, key, value, "send");
}

static int
read_send(struct import *import, const char *path)
{
	return import_entries(import, path, take_send);
}

static int
take_receive(struct import *import, char *key, char *value)
{
	return take_ban(import, key, value, "receive");
}

static int
read_receive(struct import *import, const char *path)
{
	return import_entries(import, path, take_receive);
}

static int
take_regexp(struct import *import, char *line)
{
	(void)line;
	return import_refuse(import, "aliases by pattern have no counterpart");
}

static int
read_regexp(struct import *import, const char *path)
{
	return import_lines(import, path, false, take_regexp);
}

static int
take_master(struct import *import, char *line)
{
	line[strcspn(line, "|")] = '\0';
	return import_refuse(import, "%s is a master user, which has no "
	    "counterpart", line);
}

static int
read_masters(struct import *import, const char *path)
{
	return import_lines(import, path, false, take_master);
}

/* In the order in which they are read. */
static const struct file {
	const char *name;
	int (*read)(struct import *import, const char *path);
} files[] = {
	{ "postfix-accounts.cf", read_accounts },
	{ "postfix-virtual.cf", import_virtual },
	{ "postfix-aliases.cf", import_aliases },
	{ "dovecot-quotas.cf", read_quotas },
	{ "postfix-send-access.cf", read_send },
	{ "postfix-receive-access.cf", read_receive },
	{ "postfix-regexp.cf", read_regexp },
	{ "dovecot-masters.cf", read_masters },
};

static const struct file *
find_file(const char *path)
{
	const char *slash = strrchr(path, '/');
	const char *name = slash != NULL ? slash + 1 : path;
	size_t i;

	for (i = 0; i < COUNT(files); i++)
		if (strcmp(name, files[i].name) == 0)
			return &files[i];
	return NULL;
}

/* Names what a folder has besides; its other files configure programs. */
static int
tell_others(struct import *import, const char *path)
{
	struct dirent *entry;
	DIR *folder = opendir(path);

	if (folder == NULL)
		return call_fail(import->call, MAILDB_EIO, NULL, path, NULL,
		    "%s: %s", path, strerror(errno));
	while ((entry = readdir(folder)) != NULL)
		if (*entry->d_name != '.' && find_file(entry->d_name) == NULL)
			import_tell_at(import, "not_read", path, 0,
			    entry->d_name, "only users, aliases, quotas and "
			    "bans are imported");
	closedir(folder);
	return 0;
}

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
		rc = files[i].read(import, name);
	}
	if (rc < 0)
		return rc;
	return found > 0 ? tell_others(import, path) :
	    call_fail(import->call, MAILDB_EIO, NULL, path, NULL,
	    "%s: there is no %s", path, files[0].name);
}

int
import_docker_mailserver(struct import *import)
{
	const struct file *file;
	const char *path;
	struct stat about;
	size_t i;
	int rc = 0;

	for (i = 0; rc == 0 && i < import->call->nrest; i++) {
		path = import->call->rest[i];
		if (stat(path, &about) == 0 && S_ISDIR(about.st_mode))
			rc = take_folder(import, path);
		else if ((file = find_file(path)) != NULL)
			rc = file->read(import, path);
		else
			rc = call_fail(import->call, CLI_EUSAGE, NULL, path,
			    "postfix-accounts.cf, postfix-virtual.cf, "
			    "postfix-aliases.cf, dovecot-quotas.cf, "
			    "postfix-send-access.cf, "
			    "postfix-receive-access.cf", "%s: "
			    "docker-mailserver has no file of that name", path);
	}
	return rc;
}
