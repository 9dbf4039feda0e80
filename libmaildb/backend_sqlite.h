/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * backend_sqlite.h - what the parts of the SQLite driver share
 */
#ifndef MAILDB_BACKEND_SQLITE_H
#define MAILDB_BACKEND_SQLITE_H

#include <sqlite3.h>

#include "internal.h"

/* Makes json_object() known to a connection; answers SQLite's code. */
int maildb__sqlite_json(sqlite3 *sqlite);

#endif
