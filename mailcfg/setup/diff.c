/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * diff.c - the files that a setup changes, before and after
 *
 * With --check, changes are made to copies below a temporary directory.
 */
#include <sys/stat.h>
#include <errno.h>
#include <ftw.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "work.h"

/* The path of the copy that stands for a file. */
static void
copy_path(const struct work *work, const char *path, char out[1024])
{
	snprintf(out, 1024, "%s%s", work->copies, path);
}

/* Makes the directories above a path. */
static void
make_parents(const char *path)
{
	char copy[1024], *at;

	snprintf(copy, sizeof(copy), "%s", path);
	for (at = strchr(copy + 1, '/'); at != NULL; at = strchr(at + 1, '/')) {
		*at = '\0';
		mkdir(copy, 0700); /* a failure shows at the file */
		*at = '/';
	}
}

int
work_copy(struct work *work, const char *path, const char *text)
{
	char copy[1024];
	bool written;
	FILE *to;

	if (*work->copies == '\0')
		return 0;
	copy_path(work, path, copy);
	make_parents(copy);
	if ((to = fopen(copy, "we")) == NULL)
		return call_fail(work->call, MAILDB_EIO, NULL, copy, NULL,
		    "%s: %s", copy, strerror(errno));
	written = fputs(text, to) >= 0;
	return fclose(to) == 0 && written ? 0 : MAILDB_EIO;
}

int
work_write(struct work *work, const char *path, const char *text, mode_t mode,
    gid_t group)
{
	char *there;
	int rc;

	if (!work->check)
		return record_write(work->call, path, text, mode, group);
	there = record_text(path);
	rc = there == NULL || strcmp(there, text) != 0;
	free(there);
	if (rc == 1 && work_copy(work, path, text) < 0)
		return MAILDB_EIO;
	return rc;
}

int
work_copies(struct work *work)
{
	if (!work->check || !work->call->config.diff)
		return 0;
	snprintf(work->copies, sizeof(work->copies), "/tmp/" PROGRAM
	    "-setup-XXXXXX");
	if (mkdtemp(work->copies) != NULL)
		return 0;
	*work->copies = '\0';
	return call_fail(work->call, MAILDB_EIO, NULL, "/tmp", NULL, "/tmp: %s",
	    strerror(errno));
}

/* Adds the difference between two files to a text. */
static int
put_difference(FILE *to, const char *name, const char *old, const char *new)
{
	struct output output;
	int rc = process_words(&output, "diff", "-uN", "--label", name,
	    "--label", name, old, new, (char *)NULL);

	if (rc == 0) {
		fputs(output.out, to);
		output_free(&output);
	}
	return rc;
}

/* nftw() has no argument for its callback. */
static const struct work *walked;
static FILE *walked_to;

static int
visit(const char *path, const struct stat *st, int type, struct FTW *ftw)
{
	const char *name = path + strlen(walked->copies);

	(void)st;
	(void)ftw;
	if (type == FTW_F && walked_to != NULL)
		return put_difference(walked_to, name, name, path);
	return walked_to == NULL ? remove(path) : 0;
}

/* Shows what --check would change. */
static int
differences_of_copies(struct work *work, FILE *to)
{
	walked = work;
	walked_to = to;
	return nftw(work->copies, visit, 8, FTW_PHYS) == 0 ? 0 : MAILDB_EIO;
}

void
work_remove_copies(struct work *work)
{
	if (*work->copies == '\0')
		return;
	walked = work;
	walked_to = NULL;
	(void)nftw(work->copies, visit, 8, FTW_DEPTH | FTW_PHYS);
	*work->copies = '\0';
}

static int
put_touched(void *arg, const char *path, const char *copy)
{
	return put_difference(arg, path, copy != NULL ? copy : "/dev/null",
	    path);
}

int
work_diff(struct work *work)
{
	char *text = NULL;
	size_t size;
	FILE *to;
	int rc;

	if (!work->call->config.diff)
		return 0;
	if ((to = open_memstream(&text, &size)) == NULL)
		return MAILDB_ENOMEM;
	rc = work->check ? differences_of_copies(work, to) :
	    record_touched(put_touched, to);
	if (fclose(to) != 0 && rc == 0)
		rc = MAILDB_ENOMEM;
	if (rc == 0 && *text != '\0')
		out_text(work->call, "diff", text);
	free(text);
	return rc;
}
