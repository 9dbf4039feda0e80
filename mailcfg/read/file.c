/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * file.c - a document in a file: what it is written in, and who reads that
 */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "read/record.h"
#include "show/out.h"

#define HEAD 4096 /* what is looked at to tell the format */

/* What a file is written in, as --from names it. */
static const char *
guess(const char *path, const char *head, size_t len)
{
	const char *dot = strrchr(path, '.'), *at = head, *end;
	size_t word;

	if (dot != NULL && (strcmp(dot, ".yml") == 0 ||
	    strcmp(dot, ".yaml") == 0))
		return "yaml";
	if (len >= 3 && memcmp(at, "\xef\xbb\xbf", 3) == 0)
		at += 3;
	/* The first line that says something. */
	for (; at < head + len; at = end + 1) {
		end = memchr(at, '\n', (size_t)(head + len - at));
		if (end == NULL)
			end = head + len;
		while (at < end && strchr(" \t\r", *at) != NULL)
			at++;
		if (at < end && *at != '#')
			break;
	}
	if (at >= head + len || *at == '{' || *at == '[')
		return "json";
	for (word = 0; at + word < end &&
	    strchr(" \t\r\n", at[word]) == NULL; word++)
		;
	return strncmp(at, "---", 3) == 0 || strncmp(at, "- ", 2) == 0 ||
	    (word > 0 && at[word - 1] == ':') ? "yaml" : "texthash";
}

/* Reads the first octets of a file. */
static ssize_t
read_head(int fd, char head[HEAD])
{
	size_t len = 0;
	ssize_t got = 1;

	while (got > 0 && len < HEAD) {
		got = read(fd, head + len, HEAD - len);
		if (got < 0 && errno == EINTR && !cli_interrupted())
			got = 1;
		else if (got > 0)
			len += (size_t)got;
	}
	return got < 0 ? -1 : (ssize_t)len;
}

static int
unreadable(struct source *source)
{
	return call_fail(source->call, MAILDB_EIO, NULL, source->file, NULL,
	    "%s: %s", source->file, strerror(errno));
}

/* Stages a table of Postfix from its beginning. */
static int
take_texthash(struct source *source, int fd, const char *head, size_t len)
{
	FILE *file;
	int rc, pipes[2];

	/* A pipe cannot go back: what was read is read from memory. */
	if (lseek(fd, 0, SEEK_SET) == 0) {
		file = fdopen(dup(fd), "r");
	} else {
		if (len == HEAD || pipe(pipes) < 0 ||
		    write(pipes[1], head, len) != (ssize_t)len)
			return call_fail(source->call, MAILDB_EIO, NULL, NULL,
			    "give the file by its name", "%s: a table this "
			    "long is not read from a pipe", source->file);
		close(pipes[1]);
		file = fdopen(pipes[0], "r");
	}
	if (file == NULL)
		return unreadable(source);
	rc = read_texthash(source, file);
	fclose(file);
	return rc;
}

int
read_file(struct source *source, const char *path, const char *from)
{
	char head[HEAD];
	struct reader *reader;
	const char *form;
	ssize_t len;
	int fd, rc;

	source->file = strcmp(path, "-") == 0 ? "standard input" : path;
	fd = strcmp(path, "-") == 0 ? STDIN_FILENO :
	    open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
	if (fd < 0)
		return unreadable(source);
	out_progress_from(fd);
	if ((len = read_head(fd, head)) < 0) {
		rc = unreadable(source);
		goto out;
	}
	form = from != NULL && strcmp(from, "texthash") == 0 ? from :
	    guess(path, head, (size_t)len);
	if (strcmp(form, "texthash") == 0 && from != NULL &&
	    strcmp(from, form) != 0)
		form = "yaml";
	if (strcmp(form, "texthash") == 0) {
		rc = take_texthash(source, fd, head, (size_t)len);
		goto out;
	}
	reader = (strcmp(form, "yaml") == 0 ? reader_yaml : reader_json)(fd,
	    head, (size_t)len);
	rc = MAILDB_ENOMEM;
	if (reader != NULL) {
		rc = read_state(source, reader, from);
		reader->free(reader);
	}
out:
	explicit_bzero(head, sizeof(head));
	if (fd != STDIN_FILENO)
		close(fd);
	return rc;
}
