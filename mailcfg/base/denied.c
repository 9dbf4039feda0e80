/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * denied.c - why a user cannot use a file: which directory is missing, or
 * which permission on which part of the path
 *
 * Looks again after a call has failed, so what it finds may be nothing.
 */
#include <sys/stat.h>
#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <pwd.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/call.h"

/* The name of a user, or the number; likewise of a group. */
static void
user_name(uid_t uid, char out[64])
{
	const struct passwd *pw = getpwuid(uid);

	if (pw != NULL)
		snprintf(out, 64, "%s", pw->pw_name);
	else
		snprintf(out, 64, "%lu", (unsigned long)uid);
}

static void
group_name(gid_t gid, char out[64])
{
	const struct group *gr = getgrgid(gid);

	if (gr != NULL)
		snprintf(out, 64, "%s", gr->gr_name);
	else
		snprintf(out, 64, "%lu", (unsigned long)gid);
}

/* Says what is wrong with one part of a path: NULL for nothing, or a text to
 * be freed. */
static char *
judge(const char *path, int wanted, const char *verb)
{
	char who[64], owner[64], group[64], *text;
	struct stat st;
	int need, made;
	bool join;

	if (faccessat(AT_FDCWD, path, wanted, AT_EACCESS) == 0)
		return NULL;
	if (stat(path, &st) < 0) {
		made = errno != ENOENT || wanted != X_OK ? -1 :
		    asprintf(&text, "directory %s does not exist", path);
		return made < 0 ? NULL : text;
	}
	if (wanted == X_OK && !S_ISDIR(st.st_mode))
		return NULL; /* which the error says */
	need = (wanted & R_OK ? 040 : 0) | (wanted & W_OK ? 020 : 0) |
	    (wanted & X_OK ? 010 : 0);
	user_name(geteuid(), who);
	user_name(st.st_uid, owner);
	group_name(st.st_gid, group);
	join = ((int)st.st_mode & need) == need && st.st_gid != 0;
	made = asprintf(&text, "user %s may not %s %s (owner %s, group %s, mode "
	    "%04o)%s%s", who, verb, path, owner, group,
	    (unsigned)(st.st_mode & 07777),
	    join ? "; members of this group may: " : "", join ? group : "");
	return made < 0 ? NULL : text;
}

/* Says who may not make a file in its directory, or that one where it is
 * missing as well. */
static char *
judge_directory(char *path)
{
	char *slash = strrchr(path, '/');

	if (slash != NULL)
		*slash = '\0';
	if (slash != NULL && access(path, F_OK) < 0 && errno == ENOENT) {
		slash = strrchr(path, '/');
		if (slash != NULL)
			*slash = '\0';
	}
	return judge(slash == NULL ? "." : *path == '\0' ? "/" : path,
	    W_OK | X_OK, "write in");
}

/* See call.h. */
char *
denied_hint(const char *path, bool writes, bool makes)
{
	char *copy = strdup(path), *slash, *next, *text = NULL;

	if (copy == NULL)
		return NULL;
	slash = strchr(copy + (*copy == '/'), '/');
	for (; slash != NULL && text == NULL; slash = next) {
		next = strchr(slash + 1, '/');
		*slash = '\0';
		if (next != NULL || !makes || access(copy, F_OK) == 0)
			text = judge(copy, X_OK, "enter");
		*slash = '/';
	}
	if (text == NULL && access(copy, F_OK) == 0)
		text = judge(copy, writes ? R_OK | W_OK : R_OK,
		    writes ? "write" : "read");
	if (text == NULL && writes)
		text = judge_directory(copy);
	free(copy);
	return text;
}
