/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * files.c - writing configuration files, whole or not at all
 */
#include <sys/stat.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "line/command.h"

/* Whether a file holds exactly this text. */
static bool
holds(int directory, const char *name, const char *text)
{
	size_t len = strlen(text), done = 0;
	char block[4096];
	ssize_t got = 0;
	int fd;

	fd = openat(directory, name, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
	if (fd < 0)
		return false;
	while ((got = read(fd, block, sizeof(block))) > 0) {
		if ((size_t)got > len - done ||
		    memcmp(block, text + done, (size_t)got) != 0)
			break;
		done += (size_t)got;
	}
	close(fd);
	return got == 0 && done == len;
}

static bool
write_all(int fd, const char *text)
{
	size_t left = strlen(text);
	ssize_t put;

	while (left > 0) {
		put = write(fd, text, left);
		if (put < 0 && errno == EINTR)
			continue;
		if (put < 0)
			return false;
		text += put;
		left -= (size_t)put;
	}
	return true;
}

/* Fills the new file and gives it to its readers; it is still unnamed. */
static bool
finish(int fd, const char *text, mode_t mode, gid_t group)
{
	return write_all(fd, text) &&
	    (group == (gid_t)-1 || fchown(fd, (uid_t)-1, group) == 0) &&
	    fchmod(fd, mode) == 0 && fsync(fd) == 0;
}

/*
 * Makes a file of a directory hold a text: 1 if it did not, 0, or an error
 * with the call's fault set.  Readers see the old content or the new one.
 */
int
file_write(struct call *call, int directory, const char *name,
    const char *text, mode_t mode, gid_t group)
{
	char fresh[NAME_MAX + 1];
	int fd, rc = 1;

	if (holds(directory, name, text))
		return 0;
	if (call->config.check)
		return 1;
	snprintf(fresh, sizeof(fresh), ".%.200s.%ld", name, (long)getpid());
	fd = openat(directory, fresh, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC |
	    O_NOFOLLOW, 0600);
	if (fd < 0 || !finish(fd, text, mode, group) ||
	    renameat(directory, fresh, directory, name) < 0 ||
	    fsync(directory) < 0) {
		rc = call_fail(call, MAILDB_EIO, NULL, name, NULL,
		    "%s cannot be written: %s", name, strerror(errno));
		if (fd >= 0)
			unlinkat(directory, fresh, 0);
	}
	if (fd >= 0)
		close(fd);
	return rc;
}
