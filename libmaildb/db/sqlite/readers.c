/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * readers.c - waits for readers in the middle of a look
 *
 * The index of SQLite's log begins with two copies of a header.  A reader
 * whom the kernel puts to sleep between the two, while a command commits,
 * finds them to differ.  When the command has let the database go by then, the
 * reader takes the index for damaged: one who may write makes it anew, one who
 * may not gets SQLITE_READONLY_RECOVERY.  While the writer's lock is held it
 * looks again instead.
 *
 * So a writer keeps its lock until all readers who were awake at the commit
 * have slept, ended or gone on since.  Who has the index open is told by
 * /proc/locks, what they do by /proc/PID.  Idle daemons sleep; on a machine
 * at rest there is nobody to wait for.  Linux alone has these files; elsewhere
 * nobody is waited for.
 */
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "db/sqlite/sqlite.h"

enum {
	DMS_BYTE = 128,       /* UNIX_SHM_DMS of SQLite's os_unix.c */
	READERS = 128,        /* more are not waited for */
	WENT_ON_NS = 20000,   /* far more than the second look takes */
	STEP_NS = 100000,
	PATIENCE_MS = 1000,
};

struct reader {
	int pid;
	uint64_t ran; /* ns on a processor, when it was first seen */
};

/* Reads a small file whole. */
static bool
read_small(const char *path, char *text, size_t size)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	ssize_t len;

	if (fd < 0)
		return false;
	len = read(fd, text, size - 1);
	close(fd);
	text[len > 0 ? len : 0] = '\0';
	return len > 0;
}

/* Whether a process runs or would like to, and for how long it has. */
static bool
awake(int pid, uint64_t *ran)
{
	char path[64], text[512];
	const char *state;

	snprintf(path, sizeof(path), "/proc/%d/stat", pid);
	if (!read_small(path, text, sizeof(text)) ||
	    (state = strrchr(text, ')')) == NULL ||
	    strchr("RD", state[1] == ' ' ? state[2] : 'R') == NULL)
		return false;
	snprintf(path, sizeof(path), "/proc/%d/schedstat", pid);
	return read_small(path, text, sizeof(text)) &&
	    sscanf(text, "%" SCNu64, ran) == 1;
}

/* Whether a process can only read the index. */
static bool
reads_only(int pid, const struct stat *shm)
{
	struct stat st;
	char path[32];

	snprintf(path, sizeof(path), "/proc/%d", pid);
	return pid != getpid() && stat(path, &st) == 0 && st.st_uid != 0 &&
	    st.st_uid != shm->st_uid;
}

/* Finds the readers who are awake. */
static size_t
find_readers(const struct stat *shm, struct reader readers[READERS])
{
	FILE *locks = fopen("/proc/locks", "re");
	unsigned long inode;
	long long first, last;
	size_t count = 0;
	char line[256];
	int pid;

	if (locks == NULL)
		return 0;
	while (count < READERS && fgets(line, sizeof(line), locks) != NULL)
		if (sscanf(line, "%*d: POSIX %*s READ %d %*x:%*x:%lu %lld %lld",
		    &pid, &inode, &first, &last) == 4 &&
		    inode == shm->st_ino && first <= DMS_BYTE &&
		    DMS_BYTE <= last && reads_only(pid, shm) &&
		    awake(pid, &readers[count].ran))
			readers[count++].pid = pid;
	fclose(locks);
	return count;
}

/* After a commit, before others may write: see above. */
void
maildb__readers_wait(const struct stat *shm)
{
	const struct timespec pause = { 0, STEP_NS };
	struct reader readers[READERS];
	size_t count, i, left;
	uint64_t ran;
	int steps = PATIENCE_MS * 1000000 / STEP_NS;

	count = find_readers(shm, readers);
	while (count > 0 && steps-- > 0) {
		nanosleep(&pause, NULL);
		for (i = left = 0; i < count; i++)
			if (awake(readers[i].pid, &ran) &&
			    ran < readers[i].ran + WENT_ON_NS)
				readers[left++] = readers[i];
		count = left;
	}
}
