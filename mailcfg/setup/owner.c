/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * owner.c - users, groups, owners and modes
 */
#include <sys/stat.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "owner.h"
#include "setup.h"

/* A field of a line of getent for the caller to free; NULL: no such line. */
static char *
ask(const char *database, const char *key, unsigned field)
{
	struct output output;
	char *at, *found = NULL;

	if (process_words(&output, "getent", database, key, (char *)NULL) < 0)
		return NULL;
	if (output.status == 0) {
		output.out[strcspn(output.out, "\n")] = '\0';
		for (at = output.out; field > 0 && at != NULL; field--)
			if ((at = strchr(at, ':')) != NULL)
				at++;
		if (at != NULL)
			found = strndup(at, strcspn(at, ":"));
	}
	output_free(&output);
	return found;
}

static long
number(const char *database, const char *name)
{
	char *text = ask(database, name, 2);
	long found = text != NULL ? strtol(text, NULL, 10) : -1;

	free(text);
	return found;
}

long
owner_user(const char *name)
{
	return number("passwd", name);
}

long
owner_group(const char *name)
{
	return number("group", name);
}

char *
owner_home(const char *name)
{
	return ask("passwd", name, 5);
}

/* Whether a word is in "one,two". */
static bool
has_word(const char *words, const char *word)
{
	size_t len = strlen(word);

	for (; *words != '\0'; words += strcspn(words, ","),
	    words += *words == ',')
		if (strncmp(words, word, len) == 0 &&
		    strchr(",", words[len]) != NULL)
			return true;
	return false;
}

bool
owner_member(const char *user, const char *group)
{
	char *members = ask("group", group, 3);
	bool found = members != NULL && has_word(members, user);

	free(members);
	return found;
}

/* Reads "MODE OWNER:GROUP"; a name that does not exist is -1. */
static void
parse(const char *wanted, mode_t *mode, long *user, long *group)
{
	char owner[64], readers[64];
	unsigned bits = 0;

	*user = *group = -1;
	if (sscanf(wanted, "%o %63[^:]:%63s", &bits, owner, readers) == 3) {
		*user = owner_user(owner);
		*group = owner_group(readers);
		/* A number needs no name. */
		if (*user < 0 && strspn(owner, "0123456789") == strlen(owner))
			*user = strtol(owner, NULL, 10);
		if (*group < 0 &&
		    strspn(readers, "0123456789") == strlen(readers))
			*group = strtol(readers, NULL, 10);
	}
	*mode = bits;
}

int
owner_modes(const char *path, const char *wanted, char modes[64])
{
	char user[16], group[16], *name, *readers;
	struct stat st;
	long uid, gid;
	mode_t mode;

	if (lstat(path, &st) < 0)
		return 0;
	parse(wanted, &mode, &uid, &gid);
	if ((st.st_mode & 07777) == mode && (long)st.st_uid == uid &&
	    (long)st.st_gid == gid)
		return 1;
	snprintf(user, sizeof(user), "%lu", (unsigned long)st.st_uid);
	snprintf(group, sizeof(group), "%lu", (unsigned long)st.st_gid);
	name = ask("passwd", user, 0);
	readers = ask("group", group, 0);
	snprintf(modes, 64, "%04o %.24s:%.24s", st.st_mode & 07777,
	    name != NULL ? name : user, readers != NULL ? readers : group);
	free(name);
	free(readers);
	return 2;
}

bool
owner_writes(const char *path, const char *wanted)
{
	struct stat st;
	long uid, gid;
	mode_t mode, needed;

	if (lstat(path, &st) < 0 || !S_ISDIR(st.st_mode))
		return true;
	parse(wanted, &mode, &uid, &gid);
	if ((long)st.st_uid != uid && st.st_uid != 0)
		return true;
	needed = (long)st.st_uid == uid ? 0300 : (long)st.st_gid == gid ?
	    0030 : 0003;
	return (st.st_mode & needed) == needed;
}

int
owner_set(const char *path, const char *wanted)
{
	long uid, gid;
	mode_t mode;

	parse(wanted, &mode, &uid, &gid);
	if (uid < 0 || gid < 0) {
		errno = ENOENT;
		return -1;
	}
	if (lchown(path, (uid_t)uid, (gid_t)gid) < 0)
		return -1;
	return chmod(path, mode);
}
