/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * shell.h - commands one by one: the session, and the editor of its lines
 */
#ifndef MAILCFG_SHELL_H
#define MAILCFG_SHELL_H

#include "show/out.h"

#define SHELL_FILES 8 /* that "source" reads one inside the other */

struct editor;

struct shell {
	struct editor *editor; /* NULL when nobody types: lines are read */
	struct {
		FILE *file;
		char *name;
		unsigned long line;
	} files[SHELL_FILES];
	size_t nfiles;
	bool quit;
};

/* Whether a person is there to type commands. */
bool shell_wanted(void);
/* Carries out commands until their end; answers the code of the first that
 * failed when nobody types them. */
int shell_run(struct cli *cli);

/* The lines of a terminal; NULL if there can be none, and *why is a sentence
 * to be freed, or NULL without memory. */
struct editor *editor_new(struct cli *cli, char **why);
void editor_free(struct editor *editor);
/* Reads a line, which lives until the next: 1, 0 at the end, or
 * MAILDB_EINTR. */
int editor_read(struct editor *editor, const char *prompt, const char **line);
/* Remembers a line, also for later sessions if "keep". */
void editor_remember(struct editor *editor, const char *line, bool keep);
/* The next older line than *place, which is 0 at first; NULL at the end. */
const char *editor_recall(struct editor *editor, int *place);

#endif
