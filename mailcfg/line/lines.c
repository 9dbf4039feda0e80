/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * lines.c - the one reader of lines: tells the end of a file from an error
 *
 * getline(3) returns -1 for the end of the file, for a read error, for a
 * signal and when memory is out, and in the last case glibc sets no error on
 * the stream.  A reader that takes all of these for the end commits half of a
 * batch and prunes whoever stands in the other half.  So the end is what
 * feof(3) says, and nothing else.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "line/command.h"
#include "line/lines.h"

int
lines_end(FILE *file)
{
	int error = errno;

	if (cli_interrupted())
		return MAILDB_EINTR;
	if (feof(file) && !ferror(file))
		return 0;
	if (error == ENOMEM)
		return MAILDB_ENOMEM;
	errno = error != 0 ? error : EIO;
	return MAILDB_EIO;
}

int
lines_read(FILE *file, char **line, size_t *size, size_t *len)
{
	ssize_t got;

	errno = 0;
	got = getline(line, size, file);
	if (got < 0)
		return lines_end(file);
	if (len != NULL)
		*len = (size_t)got;
	return 1;
}

void
lines_free(char *line, size_t size)
{
	if (line != NULL)
		explicit_bzero(line, size);
	free(line);
}

int
lines_fail(struct fault *fault, int rc, const char *name)
{
	int error = errno;

	if (rc == MAILDB_EINTR)
		return fault_set(fault, rc, NULL, NULL, NULL, "interrupted");
	if (rc == MAILDB_ENOMEM)
		return fault_set(fault, rc, NULL, NULL, NULL, "%s",
		    maildb_error_meaning(rc));
	return fault_set(fault, rc, NULL, name, NULL, "%s cannot be read: %s",
	    name != NULL ? name : "it", strerror(error));
}
