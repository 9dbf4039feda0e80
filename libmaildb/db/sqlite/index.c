/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * index.c - keeps the index of SQLite's log fit for readers
 *
 * Postfix and Dovecot may not write, so they can only use what they find in
 * -shm: one of four marks, each of which says where a reader may begin.  Two
 * things there go wrong for them alone, both when they are slow:
 *
 * A reader who has read how long the log is, and finds all marks beyond that
 * because others wrote meanwhile, sets one itself; without permission it gets
 * SQLITE_READONLY_CANTINIT, which kills a Postfix process.  So the last two
 * marks always are 0, where everybody may begin, and nobody may move them.  A
 * checkpoint must; it gets them back at once, one after the other, so that one
 * is there at every moment.  A mark that is too low never harms: it only
 * delays the next checkpoint while a reader is there.
 *
 * A reader who begins when nobody has the database open cannot trust -shm.  It
 * makes an index of its own, and others do not know which part of the log it
 * reads.  By itself SQLite may begin the log anew under it, and it reads
 * garbage.  So that happens only within a checkpoint that has found no reader
 * of any kind, which then also cuts the log: what such a reader has to go
 * through stays short.
 *
 * Both are done where SQLite asks its operating system layer for the locks of
 * the index: the file's xShmLock is replaced.  The format of the index is
 * documented at https://www.sqlite.org/walformat.html.
 */
#include <stdlib.h>

#include "db/sqlite/sqlite.h"

/* The locks of the index, and where its first page has the marks. */
enum {
	WRITE_LOCK = 0,
	READ_LOCK_0 = 3,
	READ_LOCK_1 = 4,
	MARKS = 5,
	KEPT_MARK = 3, /* the first of those that stay 0 */
	MARKS_AT = 100,
	INDEX_VERSION = 3007000,
	INDEX_PAGE = 32768,
};

struct maildb__index {
	sqlite3_io_methods methods; /* first: SQLite has a pointer to it */
	const sqlite3_io_methods *real;
	bool used; /* the database has a log */
	bool writing_back;
	struct maildb__tail tail;
	const char *path;   /* of the database */
};

static struct maildb__index *
index_of(sqlite3_file *file)
{
	return (struct maildb__index *)file->pMethods;
}

/* The first page of an index that can be written; or NULL. */
static uint32_t volatile *
first_page(sqlite3_file *file)
{
	void volatile *page = NULL;
	uint32_t volatile *words;

	if (index_of(file)->real->xShmMap(file, 0, INDEX_PAGE, 0, &page) !=
	    SQLITE_OK)
		return NULL;
	words = page;
	return words != NULL && *words == INDEX_VERSION ? words : NULL;
}

/* Sets the kept marks to 0. */
static void
keep_marks(sqlite3_file *file)
{
	uint32_t volatile *words = first_page(file);
	int i;

	for (i = KEPT_MARK; words != NULL && i < MARKS; i++)
		__atomic_store_n(&words[MARKS_AT / sizeof(*words) + i], 0,
		    __ATOMIC_SEQ_CST);
}

/* The lock of the one who writes: after a commit, readers come first. */
static int
lock_write(sqlite3_file *file, int flags)
{
	struct maildb__index *index = index_of(file);
	char *shm_path;
	struct stat shm;
	int rc;

	if (flags & SQLITE_SHM_LOCK) {
		rc = index->real->xShmLock(file, WRITE_LOCK, 1, flags);
		if (rc == SQLITE_OK)
			maildb__tail_begin(&index->tail, first_page(file));
		return rc;
	}
	maildb__tail_end(&index->tail, first_page(file));
	if (index->tail.outcome == MAILDB__TAIL_COMMITTED &&
	    (shm_path = sqlite3_mprintf("%s-shm", index->path)) != NULL) {
		if (stat(shm_path, &shm) == 0)
			maildb__readers_wait(&shm);
		sqlite3_free(shm_path);
	}
	return index->real->xShmLock(file, WRITE_LOCK, 1, flags);
}

/* All marks at once: SQLite wants to begin the log anew.  That takes also the
 * lock of those readers who need no mark, and of those with an own index. */
static int
lock_all(sqlite3_file *file, int first, int n, int flags)
{
	const struct maildb__index *index = index_of(file);
	int rc;

	if (flags & SQLITE_SHM_UNLOCK) {
		keep_marks(file);
		rc = index->real->xShmLock(file, first, n, flags);
		index->real->xShmLock(file, READ_LOCK_0, 1, flags);
		return rc;
	}
	rc = index->real->xShmLock(file, READ_LOCK_0, 1, flags);
	if (rc != SQLITE_OK)
		return rc;
	rc = index->real->xShmLock(file, first, n, flags);
	if (rc != SQLITE_OK)
		index->real->xShmLock(file, READ_LOCK_0, 1,
		    SQLITE_SHM_UNLOCK | SQLITE_SHM_EXCLUSIVE);
	return rc;
}

/* In place of the file's xShmLock. */
static int
index_lock(sqlite3_file *file, int first, int n, int flags)
{
	struct maildb__index *index = index_of(file);

	index->used = true;
	if (first == WRITE_LOCK && n == 1 && (flags & SQLITE_SHM_EXCLUSIVE))
		return lock_write(file, flags);
	if (!(flags & SQLITE_SHM_EXCLUSIVE) ||
	    first + n <= READ_LOCK_0 + KEPT_MARK)
		return index->real->xShmLock(file, first, n, flags);
	/* SQLite takes another mark, or goes on with the log as it is. */
	if ((flags & SQLITE_SHM_LOCK) && !index->writing_back)
		return SQLITE_BUSY;
	if (first == READ_LOCK_1 && n == MARKS - 1)
		return lock_all(file, first, n, flags);
	if (flags & SQLITE_SHM_UNLOCK)
		keep_marks(file);
	return index->real->xShmLock(file, first, n, flags);
}

static sqlite3_file *
main_file(sqlite3 *sqlite)
{
	sqlite3_file *file = NULL;

	sqlite3_file_control(sqlite, "main", SQLITE_FCNTL_FILE_POINTER, &file);
	return file;
}

/* Before the first read of a connection: SQLite's code.  *out is freed by free()
 * after the connection is closed, and path not before that; it is NULL for a
 * database without files. */
int
maildb__index_watch(sqlite3 *sqlite, const char *path,
    struct maildb__index **out)
{
	sqlite3_file *file = main_file(sqlite);
	struct maildb__index *index;

	*out = NULL;
	if (file == NULL || file->pMethods == NULL)
		return SQLITE_OK;
	index = calloc(1, sizeof(*index));
	if (index == NULL)
		return SQLITE_NOMEM;
	index->path = path;
	index->tail.sqlite = sqlite;
	index->real = file->pMethods;
	index->methods = *index->real;
	index->methods.xShmLock = index_lock;
	file->pMethods = &index->methods;
	*out = index;
	return SQLITE_OK;
}

/* How the transactions of a connection end; NULL without files. */
struct maildb__tail *
maildb__index_tail(struct maildb__index *index)
{
	return index != NULL && index->used ? &index->tail : NULL;
}

/* After the first read: mends what a killed command, or one that is not ours,
 * has left. */
void
maildb__index_mend(const struct maildb__index *index, sqlite3 *sqlite)
{
	if (index != NULL && index->used) /* or SQLite would make an index */
		keep_marks(main_file(sqlite));
}

/* Writes the log back and cuts it, as far as readers allow that now. */
void
maildb__index_write_back(struct maildb__index *index, sqlite3 *sqlite)
{
	if (index == NULL)
		return;
	index->writing_back = true;
	sqlite3_wal_checkpoint_v2(sqlite, NULL, SQLITE_CHECKPOINT_TRUNCATE,
	    NULL, NULL);
	index->writing_back = false;
}
