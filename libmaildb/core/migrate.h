/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * migrate.h - what maildb.c and perl.c need of migrate.c
 */
#ifndef MAILDB_MIGRATE_H
#define MAILDB_MIGRATE_H

#include "core/core.h"

/* Reads the schema's version; makes the schema when there is none and
 * MAILDB_CREATE was given; fails with MAILDB_ESCHEMA on another version. */
int maildb__check_schema(struct maildb *db);

/* Runs the steps that are missing, in the transaction that is open. */
int maildb__migrate(struct maildb *db);

#endif
