/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * maps.h - the files by which daemons read the database
 *
 * A dialect is "postfix", "dovecot-2.3" or "dovecot-2.4".
 */
#ifndef MAILCFG_MAPS_H
#define MAILCFG_MAPS_H

#include "maps/database.h"
#include "setup/setup.h"

/* Writes a map's query. */
int maps_query(struct call *call, const char *dialect, const char *map,
    FILE *to);

/* Makes one file of a daemon: text is NULL-terminated and the callee's for
 * the call. */
typedef int maps_file(void *arg, const char *name, const char *text);
/* Calls file for each map file of a daemon, in a fixed order: the answers
 * combined, 1 when one was 1, or the first error. */
int maps_make(struct machine *machine, enum daemon daemon, maps_file *file,
    void *arg);

#endif
