/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * database.h - how the files of a daemon name the database
 */
#ifndef MAILCFG_MAPS_DATABASE_H
#define MAILCFG_MAPS_DATABASE_H

#include "line/command.h"

/* Who reads the files. */
struct maps_reader {
	const char *dialect; /* "postfix", "dovecot-2.3" or "dovecot-2.4" */
	int postfix;         /* its release, 100 * major + minor; 0: unknown */
	const char *place;   /* the directory of the files */
	bool passfile;       /* there is one, or will be, in that directory */
};

/* Writes the lines that name the database of the call: 0, or an error with the
 * call's fault set when such a file cannot say where the database is. */
int maps_database(struct call *call, const struct maps_reader *reader,
    FILE *to);

/* Whether the database is on this machine: SQLite, or a PostgreSQL that is
 * reached by its socket.  1, 0, or an error. */
int maps_database_local(struct call *call);

/* The passfile in the directory of a daemon's files. */
#define MAPS_PASSFILE "passfile"

/*
 * Moves a password out of the daemon's files, which will be written anew, into
 * its passfile: 1 when it did, or would with --check; 0; or an error with the
 * call's fault set.  Sets reader->passfile.
 */
int maps_passfile(struct call *call, struct maps_reader *reader,
    int directory);

#endif
