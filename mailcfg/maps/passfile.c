/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * passfile.c - a daemon's password for PostgreSQL, out of its files
 *
 * Whoever put a password into a map file loses nothing when the file is made
 * anew: the password goes to the passfile that all files name.
 */
#include <sys/stat.h>
#include <errno.h>
#include <fcntl.h>
#include <pwd.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "maps/database.h"

/* The value of a line "password = VALUE", or NULL. */
static char *
own_line(const char *line)
{
	line += strspn(line, " \t");
	if (strncmp(line, "password", 8) != 0)
		return NULL;
	line += 8;
	line += strspn(line, " \t");
	if (*line++ != '=')
		return NULL;
	line += strspn(line, " \t");
	return strndup(line, strcspn(line, "\r\n"));
}

/* The value of the word password= in a line "connect = WORDS", or NULL. */
static char *
connect_word(const char *line)
{
	const char *at;

	if (strncmp(line, "connect", 7) != 0 ||
	    (at = strstr(line, " password=")) == NULL)
		return NULL;
	at += strlen(" password=");
	return strndup(at, strcspn(at, " \r\n"));
}

/* Takes quotes and backslashes off a value, in place. */
static void
unquote(char *value)
{
	size_t len = strlen(value);
	char *to = value, *from = value;

	if (len >= 2 && (*value == '\'' || *value == '"') &&
	    value[len - 1] == *value) {
		value[len - 1] = '\0';
		from++;
	}
	for (; *from != '\0'; from++) {
		if (*from == '\\' && from[1] != '\0')
			from++;
		*to++ = *from;
	}
	*to = '\0';
}

/* The password in a file of a directory: 1, or 0 for none. */
static int
find_password(int directory, const char *name, bool plain, char **out)
{
	int fd = openat(directory, name, O_RDONLY | O_CLOEXEC);
	FILE *file = fd >= 0 ? fdopen(fd, "r") : NULL;
	char *line = NULL;
	size_t size = 0;

	*out = NULL;
	if (file == NULL) {
		if (fd >= 0)
			close(fd);
		return 0;
	}
	while (*out == NULL && getline(&line, &size, file) >= 0)
		if ((*out = own_line(line)) == NULL)
			*out = connect_word(line);
	if (line != NULL)
		explicit_bzero(line, size);
	free(line);
	fclose(file);
	if (*out != NULL && !plain)
		unquote(*out);
	return *out != NULL;
}

/* The first password in the files of a daemon; *name tells where. */
static int
find_in_files(int directory, bool postfix, char name[64], char **out)
{
	static const char *const dovecot[] = { "dovecot-sql.conf.ext",
		"dovecot.conf" };
	const struct maildb_map *map;
	size_t i, count;

	for (i = 0; !postfix && i < COUNT(dovecot); i++) {
		snprintf(name, 64, "%s", dovecot[i]);
		if (find_password(directory, name, false, out))
			return 1;
	}
	for (map = maildb_maps(&count); postfix && count > 0; map++, count--) {
		snprintf(name, 64, "%s.cf", map->name);
		if (find_password(directory, name, true, out))
			return 1;
	}
	return 0;
}

/* Adds a line for a role to the passfile, which is its daemon's alone. */
static int
add_line(struct call *call, int directory, const char *daemon,
    const char *password)
{
	const struct passwd *owner = geteuid() == 0 ? getpwnam(daemon) : NULL;
	int fd = openat(directory, MAPS_PASSFILE, O_WRONLY | O_APPEND |
	    O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
	FILE *file = fd >= 0 ? fdopen(fd, "a") : NULL;
	bool failed = file == NULL;

	if (!failed) {
		fprintf(file, "*:*:*:maildb_%s:", daemon);
		for (; *password != '\0'; password++)
			fprintf(file, "%s%c", *password == ':' ||
			    *password == '\\' ? "\\" : "", *password);
		fputc('\n', file);
		failed = fflush(file) != 0 || fchmod(fd, 0600) != 0 ||
		    (owner != NULL && fchown(fd, owner->pw_uid,
		    owner->pw_gid) != 0) || fsync(fd) != 0;
	}
	if (failed)
		call_fail(call, MAILDB_EIO, NULL, MAPS_PASSFILE, NULL,
		    MAPS_PASSFILE " cannot be written: %s", strerror(errno));
	if (file != NULL)
		fclose(file);
	else if (fd >= 0)
		close(fd);
	return failed ? MAILDB_EIO : 0;
}

int
maps_passfile(struct call *call, struct maps_reader *reader, int directory)
{
	bool postfix = strcmp(reader->dialect, "postfix") == 0;
	char name[64], *password = NULL, *message;
	int rc = 0;

	reader->passfile = directory >= 0 && faccessat(directory,
	    MAPS_PASSFILE, F_OK, 0) == 0;
	if (directory < 0 || strcmp(maildb_backend(call->cli->db),
	    "pgsql") != 0 || !find_in_files(directory, postfix, name,
	    &password))
		return 0;
	reader->passfile = true;
	if (!call->config.check)
		rc = add_line(call, directory, postfix ? "postfix" : "dovecot",
		    password);
	maildb_secret_free(password);
	if (rc == 0 && asprintf(&message, "the password in %s/%s is now in "
	    "%s/" MAPS_PASSFILE, reader->place, name, reader->place) >= 0) {
		call_warn(call, "password_moved", message, NULL);
		free(message);
	}
	return rc < 0 ? rc : 1;
}
