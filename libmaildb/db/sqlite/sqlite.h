/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * sqlite.h - what the parts of the SQLite driver share
 */
#ifndef MAILDB_BACKEND_SQLITE_H
#define MAILDB_BACKEND_SQLITE_H

#include <sqlite3.h>
#include <sys/stat.h>

#include "core/core.h"

#define MAILDB__APPLICATION_ID 0x6d61696c /* "mail", as schema step 1 has it */

/* How databases of others are read (view.c). */
extern const struct maildb__viewer maildb__sqlite_viewer;

/* What a code of SQLite means to us, and a way out, if there is one. */
int maildb__sqlite_meaning(int vendor, const char **hint);

/* Makes json_object() known to a connection; answers SQLite's code. */
int maildb__sqlite_json(sqlite3 *sqlite);

/* A shared lock that tells SQLite that it is not alone (see the .c file):
 * taken before it opens, noted after its first read, released after it
 * closed. */
struct maildb__hold;
struct maildb__hold *maildb__hold_take(const char *path);
void maildb__hold_made(const char *path, struct maildb__hold **hold);
void maildb__hold_release(struct maildb__hold *hold);

/* What a transaction leaves behind the end of the WAL (see the .c file):
 * between taking the writer's lock and letting it go, with the first words of
 * the index, or NULL when there are none. */
struct maildb__tail {
	sqlite3 *sqlite;
	sqlite3_int64 size; /* of -wal when the lock was taken */
	bool known;         /* whether it could be asked for */
	uint32_t changes;
	enum maildb__tail_outcome {
		MAILDB__TAIL_KEPT,      /* nothing was there to remove */
		MAILDB__TAIL_TAKEN,     /* it was removed */
		MAILDB__TAIL_COMMITTED, /* readers see the change */
		MAILDB__TAIL_UNKNOWN,   /* it could not be removed */
	} outcome;
};
void maildb__tail_begin(struct maildb__tail *tail,
    uint32_t const volatile *words);
void maildb__tail_end(struct maildb__tail *tail,
    uint32_t const volatile *words);
/* How the last transaction ended, after its COMMIT failed. */
enum maildb__tail_outcome maildb__tail_outcome(struct maildb__tail *tail);

/* What keeps the index of the log fit for readers who may not write. */
struct maildb__index;
struct maildb__tail *maildb__index_tail(struct maildb__index *index);
int maildb__index_watch(sqlite3 *sqlite, const char *path,
    struct maildb__index **out);
void maildb__index_mend(const struct maildb__index *index, sqlite3 *sqlite);
void maildb__index_write_back(struct maildb__index *index, sqlite3 *sqlite);

/* Waits for readers of an index (-shm) who may have seen half of a commit. */
void maildb__readers_wait(const struct stat *shm);

#endif
