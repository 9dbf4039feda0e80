/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * cursor.h - the inside of cursors, for cursor.c and row.c
 */
#ifndef MAILDB_CURSOR_H
#define MAILDB_CURSOR_H

#include "core/core.h"

/* Starts a statement after the checks that all of them need. */
int maildb__start(struct maildb *db, enum maildb__stmt_id id,
    const struct maildb__value *in, struct maildb__rows **rows);

#endif
