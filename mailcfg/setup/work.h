/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * work.h - one run of setup: what it changes, and how it says so
 */
#ifndef MAILCFG_SETUP_WORK_H
#define MAILCFG_SETUP_WORK_H

#include "machine.h"
#include "changes.h"

struct work {
	struct call *call;
	struct machine *machine;
	bool check;            /* change nothing */
	bool wanted[DAEMONS];  /* which rows */
	bool restart[DAEMONS];
	bool changed;
	bool cluster;          /* files of PostgreSQL were changed */
	struct settings services; /* of master.cf, to be added */
	char postfix_directory[128]; /* where postconf changes files */
	char copies[64]; /* --check --diff: files below it are changed */
};

/* Shows one change; from is NULL where nothing was. */
int work_show(struct work *work, enum daemon daemon, const char *object,
    const char *from, const char *to);
/* Runs a program whose failure ends the setup; words up to a NULL. */
int work_run(struct work *work, const char *const *argv);

/* Each brings its rows about: 0 or an error. */
int work_system(struct work *work);
int work_postfix(struct work *work);
int work_dovecot(struct work *work);
/* A PostgreSQL server on this machine: database, roles, and its files. */
int work_cluster(struct work *work);
/* Notes that a file was changed which the running server may have read. */
void work_note_cluster(struct work *work, const char *path);
/* Lets the server read its files again, if some were changed. */
int work_reload_cluster(struct work *work);

/* diff.c: files, or with --check their copies. */
int work_copies(struct work *work);
void work_remove_copies(struct work *work);
/* Makes a file hold a text: 1 when it did not. */
int work_write(struct work *work, const char *path, const char *text,
    mode_t mode, gid_t group);
/* Puts a text into a file's copy, where there are copies. */
int work_copy(struct work *work, const char *path, const char *text);
/* With --diff, shows what changed in files. */
int work_diff(struct work *work);

/* Refuses when a daemon or a driver is not installed. */
int work_packages(struct work *work);
/* Validates both configurations: 0, or an error that names the line. */
int work_validate(struct work *work);
/* Restarts what changed and runs, or says what to restart. */
int work_restart(struct work *work);
/* Takes all changes back that the record holds. */
int work_undo(struct work *work);

#endif
