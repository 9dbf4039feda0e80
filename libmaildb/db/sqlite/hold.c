/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * hold.c - keeps SQLite from taking readers' files away
 *
 * Whoever opens a WAL database when nobody else has it open makes the index
 * of the log (-shm) anew, under an exclusive lock.  A reader who comes at that
 * moment gets SQLITE_BUSY at once; Postfix sets no busy timeout and dies of
 * it.  Daemons that may not write cannot prevent it: they leave no trace in
 * the lock ("DMS", one byte of -shm) by which SQLite sees who is connected.
 * With a command every second, it happens every few seconds.
 *
 * So each connection puts a shared lock on that byte before SQLite looks: an
 * open file description lock, which SQLite takes for another process.  It then
 * uses the index as it is, just as if a second connection had stayed open.
 * That is right as long as the machine has not been restarted since the index
 * was made (it is never synced), the database is still the same file, and the
 * index belongs to the log beside it.  The file DATABASE-boot tells the first
 * two; else SQLite does as it always would.
 *
 * Closing any descriptor of a file drops the locks that the process has on
 * it by fcntl(2), SQLite's included.  Hence one descriptor a file for the
 * whole process, closed after the last connection: the only global state of
 * the library, for the reason that SQLite has the same.
 */
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "db/sqlite/sqlite.h"

#define DMS_BYTE 128 /* UNIX_SHM_DMS of SQLite's os_unix.c */

/* Where SQLite's wal.c keeps what is compared, in -shm and in -wal. */
enum {
	SHM_PAGE_SIZE = 14,
	SHM_FRAMES = 16,
	SHM_SALT = 32,
	SHM_HEADER = 48,
	WAL_SALT = 16,
	WAL_HEADER = 32,
	FRAME_HEADER = 24,
	SALT_SIZE = 8,
};

struct maildb__hold {
	struct maildb__hold *next;
	dev_t device;
	ino_t inode;
	int fd;
	unsigned users;
};

static struct maildb__hold *holds;
static pthread_mutex_t holds_mutex = PTHREAD_MUTEX_INITIALIZER;

/* PATH-shm and the like; false when that is too long. */
static bool
beside(char out[4096], const char *path, const char *suffix)
{
	int len = snprintf(out, 4096, "%s%s", path, suffix);

	return len > 0 && len < 4096;
}

/* Reads exactly len octets from the start of a file. */
static bool
read_start(const char *path, void *data, size_t len)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
	ssize_t got;

	if (fd < 0)
		return false;
	got = read(fd, data, len);
	close(fd);
	return got == (ssize_t)len;
}

/* "BOOT-ID DEVICE:INODE INODE" for an index and its database; false when
 * that cannot be told, or there is no database. */
static bool
boot_mark(char out[128], const char *path, const struct stat *shm)
{
	struct stat st;
	char id[36];

	if (!read_start("/proc/sys/kernel/random/boot_id", id, sizeof(id)) ||
	    stat(path, &st) != 0 || st.st_size == 0)
		return false;
	snprintf(out, 128, "%.36s %llx:%llx %llx\n", id,
	    (unsigned long long)shm->st_dev, (unsigned long long)shm->st_ino,
	    (unsigned long long)st.st_ino);
	return true;
}

/* Whether the index was made for this file since the machine started. */
static bool
made_this_boot(const char *path, const struct stat *shm)
{
	char file[4096], want[128], got[128] = "";

	return beside(file, path, "-boot") && boot_mark(want, path, shm) &&
	    read_start(file, got, strlen(want)) && strcmp(got, want) == 0;
}

/* Whether the log is the one that the index speaks of.  The index is read
 * through the hold's descriptor: no other may be closed. */
static bool
fits_log(const char *path, int shm_fd)
{
	unsigned char shm[SHM_HEADER], wal[WAL_HEADER];
	char file[4096];
	uint16_t page_size;
	uint32_t frames;
	struct stat st;

	if (pread(shm_fd, shm, sizeof(shm), 0) != sizeof(shm) ||
	    !beside(file, path, "-wal") || stat(file, &st) != 0)
		return false;
	memcpy(&frames, shm + SHM_FRAMES, sizeof(frames));
	memcpy(&page_size, shm + SHM_PAGE_SIZE, sizeof(page_size));
	if (frames == 0)
		return true;
	return st.st_size >= WAL_HEADER + (off_t)frames *
	    (FRAME_HEADER + (page_size == 1 ? 65536 : page_size)) &&
	    read_start(file, wal, sizeof(wal)) &&
	    memcmp(wal + WAL_SALT, shm + SHM_SALT, SALT_SIZE) == 0;
}

/* The hold that this process has on an index already. */
static struct maildb__hold *
find(const struct stat *shm)
{
	struct maildb__hold *hold;

	for (hold = holds; hold != NULL; hold = hold->next)
		if (hold->device == shm->st_dev && hold->inode == shm->st_ino)
			return hold;
	return NULL;
}

/* Locks or unlocks the byte, shared, for the open file description. */
static void
set_lock(const struct maildb__hold *hold, short type)
{
	struct flock lock = { .l_type = type, .l_whence = SEEK_SET,
	    .l_start = DMS_BYTE, .l_len = 1 };

	/* Busy means that another process is making the index right now. */
	while (fcntl(hold->fd, F_OFD_SETLKW, &lock) != 0 && errno == EINTR)
		;
}

/* Opens an index and locks the byte. */
static struct maildb__hold *
hold_new(const char *file, const struct stat *shm)
{
	struct maildb__hold *hold = calloc(1, sizeof(*hold));

	if (hold == NULL)
		return NULL;
	hold->fd = open(file, O_RDWR | O_CLOEXEC | O_NOFOLLOW);
	if (hold->fd < 0)
		hold->fd = open(file, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
	if (hold->fd < 0) {
		free(hold);
		return NULL;
	}
	set_lock(hold, F_RDLCK);
	hold->device = shm->st_dev;
	hold->inode = shm->st_ino;
	return hold;
}

/* Before SQLite opens the database: holds the index if it can be trusted.
 * NULL otherwise, or when there is none. */
struct maildb__hold *
maildb__hold_take(const char *path)
{
	struct maildb__hold *hold = NULL;
	char file[4096];
	struct stat shm;

	pthread_mutex_lock(&holds_mutex);
	if (!beside(file, path, "-shm") || stat(file, &shm) != 0)
		goto out;
	hold = find(&shm);
	if (hold == NULL) {
		hold = hold_new(file, &shm);
		if (hold == NULL)
			goto out;
		hold->next = holds;
		holds = hold;
		if (!made_this_boot(path, &shm) || !fits_log(path, hold->fd))
			set_lock(hold, F_UNLCK);
	}
	hold->users++;
out:
	pthread_mutex_unlock(&holds_mutex);
	return hold;
}

/* After SQLite has read the database, and so has a good index: notes that,
 * and counts this connection if it could not be before. */
void
maildb__hold_made(const char *path, struct maildb__hold **hold)
{
	char file[4096], mark[128];
	struct stat shm;
	int fd;

	if (*hold == NULL)
		*hold = maildb__hold_take(path);
	if (!beside(file, path, "-shm") || stat(file, &shm) != 0 ||
	    made_this_boot(path, &shm) || !boot_mark(mark, path, &shm) ||
	    !beside(file, path, "-boot"))
		return;
	/* Without permission, or a full disk: the next one tries again. */
	fd = open(file, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW,
	    0640);
	if (fd < 0)
		return;
	if (write(fd, mark, strlen(mark)) < 0)
		unlink(file);
	close(fd);
}

/* After SQLite has closed the database. */
void
maildb__hold_release(struct maildb__hold *hold)
{
	struct maildb__hold **at;

	if (hold == NULL)
		return;
	pthread_mutex_lock(&holds_mutex);
	if (--hold->users == 0) {
		for (at = &holds; *at != hold; at = &(*at)->next)
			;
		*at = hold->next;
		close(hold->fd);
		free(hold);
	}
	pthread_mutex_unlock(&holds_mutex);
}
