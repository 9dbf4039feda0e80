/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * tail.c - removes what a failed transaction left in the WAL
 *
 * COMMIT appends frames to -wal, waits for the disk and then moves the end of
 * the WAL in its index (-shm).  When the disk fails in between, SQLite rolls
 * back, but the frames stay in -wal, complete and with good checksums: whoever
 * makes an index of its own later, such as a daemon that opens the database
 * when nobody else has it open, finds the change that was reported as failed.
 * A large transaction that is rolled back leaves the frames that it wrote
 * ahead of its end, and -wal as large as it was.
 *
 * So whoever lets go of the writer's lock without a commit removes what lies
 * behind the end of the WAL, while nobody else can write:
 *
 * - -wal becomes as short as it was when the lock was taken, never shorter.  A
 *   reader with an index of its own takes the size of -wal when it begins, and
 *   it began before this connection had the database open; so it never finds
 *   the file shorter than it expects.
 * - What lies behind the end and was there before may have been written over.
 *   The header of the first frame there becomes 0, which ends the WAL for
 *   everybody who reads it.
 *
 * The format is documented at https://www.sqlite.org/walformat.html.
 */
#include <string.h>

#include "db/sqlite/sqlite.h"

/* Words of the index, and sizes in -wal. */
enum {
	CHANGES = 2,        /* a counter of commits */
	PAGE_SIZE = 3,      /* its upper half, 1 for 65536 */
	FRAMES = 4,         /* up to the end of the WAL */
	WAL_HEADER = 32,
	FRAME_HEADER = 24,
};

/* The file -wal as SQLite has it open, or NULL. */
static sqlite3_file *
log_file(sqlite3 *sqlite)
{
	sqlite3_file *file = NULL;

	if (sqlite3_file_control(sqlite, "main", SQLITE_FCNTL_JOURNAL_POINTER,
	    &file) != SQLITE_OK || file == NULL || file->pMethods == NULL)
		return NULL;
	return file;
}

/* Where the WAL ends. */
static sqlite3_int64
end_of_log(uint32_t const volatile *words)
{
	uint16_t half;

	memcpy(&half, (const char *)(uintptr_t)(words + PAGE_SIZE) + 2,
	    sizeof(half));
	return WAL_HEADER + (sqlite3_int64)words[FRAMES] *
	    (FRAME_HEADER + (half == 1 ? 65536 : half));
}

/* Makes the frame at the end of the WAL one that nobody takes for valid. */
static int
spoil(sqlite3_file *file, sqlite3_int64 end, bool *took)
{
	static const char none[FRAME_HEADER];
	char head[FRAME_HEADER];
	int rc;

	rc = file->pMethods->xRead(file, head, sizeof(head), end);
	if (rc != SQLITE_OK || memcmp(head, none, sizeof(head)) == 0)
		return rc;
	*took = true;
	return file->pMethods->xWrite(file, none, sizeof(none), end);
}

void
maildb__tail_begin(struct maildb__tail *tail, uint32_t const volatile *words)
{
	sqlite3_file *file = log_file(tail->sqlite);

	tail->changes = words != NULL ? words[CHANGES] : 0;
	tail->outcome = MAILDB__TAIL_KEPT;
	tail->size = 0;
	tail->known = file != NULL && file->pMethods->xFileSize(file,
	    &tail->size) == SQLITE_OK;
}

/* Removes what there is to remove; SQLite's code. */
static int
take_back(struct maildb__tail *tail, sqlite3_file *file,
    uint32_t const volatile *words, bool *took)
{
	sqlite3_int64 end = end_of_log(words), size, cut;
	int rc = file->pMethods->xFileSize(file, &size);

	if (rc != SQLITE_OK)
		return rc;
	cut = tail->size > end || words[FRAMES] == 0 ? tail->size : end;
	if (size > cut) {
		*took = true;
		rc = file->pMethods->xTruncate(file, cut);
		if (rc == SQLITE_OK)
			size = cut;
	}
	/* Also when the file could not be cut. */
	return size >= end + FRAME_HEADER ? spoil(file, end, took) : rc;
}

void
maildb__tail_end(struct maildb__tail *tail, uint32_t const volatile *words)
{
	sqlite3_file *file = log_file(tail->sqlite);
	bool took = false;

	if (words != NULL && words[CHANGES] != tail->changes)
		tail->outcome = MAILDB__TAIL_COMMITTED;
	else if (words == NULL || file == NULL || !tail->known ||
	    take_back(tail, file, words, &took) != SQLITE_OK)
		tail->outcome = MAILDB__TAIL_UNKNOWN;
	else
		tail->outcome = took ? MAILDB__TAIL_TAKEN : MAILDB__TAIL_KEPT;
}

enum maildb__tail_outcome
maildb__tail_outcome(struct maildb__tail *tail)
{
	sqlite3_file *file = log_file(tail->sqlite);

	/* After a power cut the frames could be there again otherwise. */
	if (tail->outcome == MAILDB__TAIL_TAKEN && (file == NULL ||
	    file->pMethods->xSync(file, SQLITE_SYNC_NORMAL) != SQLITE_OK))
		tail->outcome = MAILDB__TAIL_UNKNOWN;
	return tail->outcome;
}
