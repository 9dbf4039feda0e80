/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * lines.h - the one reader of lines: tells the end of a file from an error
 */
#ifndef MAILCFG_LINES_H
#define MAILCFG_LINES_H

#include <stddef.h>
#include <stdio.h>

struct fault;

/*
 * Reads a line with its end into *line, which has room for *size bytes and
 * grows as in getline(3); *len, unless NULL, is its length.  Returns 1, 0 at
 * the end of the file, or what lines_end() returns; *line is wiped and freed
 * by lines_free() in every case.
 */
int lines_read(FILE *file, char **line, size_t *size, size_t *len);

/* Wipes and frees a line. */
void lines_free(char *line, size_t size);

/*
 * Why a reader stopped: 0 at the end of the file, MAILDB_EINTR after a signal
 * that stops the program, MAILDB_ENOMEM, or MAILDB_EIO with errno set.  Whoever
 * reads with getc(3) or fread(3) asks this after EOF.
 */
int lines_end(FILE *file);

/* Fills a fault for what lines_read() or lines_end() returned about the file of
 * that name; NULL when the caller names it.  Returns rc. */
int lines_fail(struct fault *fault, int rc, const char *name);

#endif
