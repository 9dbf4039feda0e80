/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * record.h - what setup changed, so that it can be undone
 *
 * /var/lib/maildb-setup holds
 *
 *   before/PATH  each file as it was before our first change of it
 *   after/PATH   the same file as the last setup left it
 *   log          a line for each change: KIND, object, old and new value
 *
 * A file is copied, and a change is logged, before it is made.  An interrupted
 * setup can therefore be undone, and a second one adds what it changes.
 */
#ifndef MAILCFG_SETUP_RECORD_H
#define MAILCFG_SETUP_RECORD_H

#include "setup.h"

#define RECORD "/var/lib/maildb-setup"

enum change_kind {
	CHANGE_FILE,      /* a file that is in before/ */
	CHANGE_NEW,       /* a file that was not there */
	CHANGE_EDITED,    /* a file that somebody edited between two setups */
	CHANGE_MAIN,      /* main.cf: parameter */
	CHANGE_OPTION,    /* master.cf: SERVICE/TYPE/PARAMETER */
	CHANGE_FIELD,     /* master.cf: SERVICE/TYPE/FIELD */
	CHANGE_SERVICE,   /* master.cf: SERVICE/TYPE */
	CHANGE_LINE,      /* of a file: the line before and after, "" for none */
	CHANGE_GROUP,     /* made */
	CHANGE_USER,      /* made */
	CHANGE_MEMBER,    /* made: user, group */
	CHANGE_DIRECTORY, /* made */
	CHANGE_MODES,     /* of a path */
	CHANGES,
};

struct change {
	enum change_kind kind;
	char *object;
	char *old; /* NULL: there was none */
	char *new;
};

/* Whether a setup has been made and not undone. */
bool record_exists(void);
/* Copies a file before the first change of this run: 0 or an error. */
int record_file(struct call *call, const char *path);
/* Logs a change that is about to be made. */
int record_change(struct call *call, enum change_kind kind,
    const char *object, const char *old, const char *new);
/* Keeps all files as they are now: the setup is complete. */
int record_complete(struct call *call);

/* Reads the log, in order: the caller frees it. */
int record_read(struct call *call, struct change **changes, size_t *count);
void record_free(struct change *changes, size_t count);
/* Whether somebody edited a recorded file since, or between two setups. */
bool record_edited(const struct change *changes, size_t count,
    const char *path);
/* Puts a file back, with its owner, mode and time: 1 if it differed. */
int record_restore(struct call *call, const char *path);
/* Removes the record. */
int record_forget(struct call *call);

/* Puts every file back that this run changed. */
int record_rollback(struct call *call);

/* Calls visit for every file of this run, with a copy of what it was (NULL: it
 * was not there). */
int record_touched(int (*visit)(void *arg, const char *path, const char *copy),
    void *arg);
/* A whole file as text for the caller to free; NULL: it cannot be read. */
char *record_text(const char *path);
/* Makes a file hold a text, with its old owner and mode if it was there, else
 * with mode and group: 1 when it did not before.  Recorded first. */
int record_write(struct call *call, const char *path, const char *text,
    mode_t mode, gid_t group);

#endif
