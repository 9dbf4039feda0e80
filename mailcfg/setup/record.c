/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * record.c - what setup changed, so that it can be undone
 *
 * Copies are complete and on disk before the change that they are for: they
 * are written beside their place, synchronized, and renamed.
 */
#include <sys/sendfile.h>
#include <sys/stat.h>
#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <libgen.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "record.h"

#define LOG RECORD "/log"

static const char *const kinds[CHANGES] = {
	[CHANGE_FILE] = "file", [CHANGE_NEW] = "new",
	[CHANGE_EDITED] = "edited", [CHANGE_MAIN] = "main",
	[CHANGE_OPTION] = "option", [CHANGE_FIELD] = "field",
	[CHANGE_SERVICE] = "service", [CHANGE_LINE] = "line",
	[CHANGE_GROUP] = "group", [CHANGE_USER] = "user",
	[CHANGE_MEMBER] = "member", [CHANGE_DIRECTORY] = "directory",
	[CHANGE_MODES] = "modes",
};

static int
fail(struct call *call, const char *path)
{
	return call_fail(call, MAILDB_EIO, NULL, path, NULL, "%s: %s", path,
	    strerror(errno));
}

/* ---- copies ----------------------------------------------------------- */

/* Makes the directories above a path. */
static void
make_parents(const char *path)
{
	char copy[1024], *at;

	snprintf(copy, sizeof(copy), "%s", path);
	for (at = strchr(copy + 1, '/'); at != NULL; at = strchr(at + 1, '/')) {
		*at = '\0';
		mkdir(copy, 0700); /* a failure shows at the file */
		*at = '/';
	}
}

/* Synchronizes the directory that a path is in. */
static void
sync_parent(const char *path)
{
	char copy[1024];
	int fd;

	snprintf(copy, sizeof(copy), "%s", path);
	fd = open(dirname(copy), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd >= 0) {
		fsync(fd);
		close(fd);
	}
}

/* Gives a copy the owner, mode and time of what it is a copy of. */
static bool
copy_meta(int fd, const struct stat *st)
{
	const struct timespec times[] = { st->st_atim, st->st_mtim };

	return fchown(fd, st->st_uid, st->st_gid) == 0 &&
	    fchmod(fd, st->st_mode & 07777) == 0 && futimens(fd, times) == 0 &&
	    fsync(fd) == 0;
}

/* Copies bytes, owner, mode and time: 0, or -1 with errno. */
static int
copy_file(const char *from, const char *to)
{
	char fresh[1088];
	struct stat st;
	off_t left;
	ssize_t put = 0;
	int in = open(from, O_RDONLY | O_CLOEXEC), out = -1, rc = -1;

	if (in < 0)
		return -1;
	snprintf(fresh, sizeof(fresh), "%s.new", to);
	if (fstat(in, &st) == 0)
		out = open(fresh, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC |
		    O_NOFOLLOW, 0600);
	if (out >= 0) {
		for (left = st.st_size; left > 0 && put >= 0; left -= put)
			if ((put = sendfile(out, in, NULL, (size_t)left)) == 0)
				break;
		if (put >= 0 && copy_meta(out, &st) && rename(fresh, to) == 0)
			rc = 0;
		close(out);
	}
	close(in);
	if (rc == 0)
		sync_parent(to);
	return rc;
}

/* Whether two files have the same bytes; a missing one equals none. */
static bool
same_bytes(const char *a, const char *b)
{
	char block_a[4096], block_b[4096];
	FILE *left = fopen(a, "re"), *right = fopen(b, "re");
	size_t got = 1;
	bool same = left != NULL && right != NULL;

	while (same && got > 0) {
		got = fread(block_a, 1, sizeof(block_a), left);
		same = fread(block_b, 1, sizeof(block_b), right) == got &&
		    memcmp(block_a, block_b, got) == 0;
	}
	if (left != NULL)
		fclose(left);
	if (right != NULL)
		fclose(right);
	return same;
}

/* ---- the log ----------------------------------------------------------- */

/* Writes a field of a line: "=TEXT", or nothing for NULL. */
static void
put_field(FILE *to, const char *text)
{
	fputc('\t', to);
	if (text == NULL)
		return;
	fputc('=', to);
	for (; *text != '\0'; text++)
		if (*text == '\t' || *text == '\n' || *text == '\\')
			fprintf(to, "\\%c", *text == '\t' ? 't' :
			    *text == '\n' ? 'n' : '\\');
		else
			fputc(*text, to);
}

/* Reads the next field, up to a tab or the end; *at moves behind it. */
static char *
take_field(char **at)
{
	char *from = *at, *to, *start;

	*at = from + strcspn(from, "\t\n");
	if (**at != '\0')
		*(*at)++ = '\0';
	if (*from != '=')
		return NULL;
	for (start = to = ++from; *from != '\0'; from++, to++)
		if (*from == '\\' && from[1] != '\0') {
			from++;
			*to = *from == 't' ? '\t' : *from == 'n' ? '\n' : *from;
		} else {
			*to = *from;
		}
	*to = '\0';
	return strdup(start);
}

int
record_change(struct call *call, enum change_kind kind, const char *object,
    const char *old, const char *new)
{
	FILE *log;
	bool written;

	mkdir(RECORD, 0700);
	if ((log = fopen(LOG, "ae")) == NULL)
		return fail(call, LOG);
	fputs(kinds[kind], log);
	put_field(log, object);
	put_field(log, old);
	put_field(log, new);
	fputc('\n', log);
	written = fflush(log) == 0 && fsync(fileno(log)) == 0;
	written = fclose(log) == 0 && written;
	sync_parent(LOG);
	return written ? 0 : fail(call, LOG);
}

static bool
take_line(char *line, struct change *change)
{
	size_t len = strcspn(line, "\t");
	char *at = line + len;
	int kind;

	if (*at != '\t' || line[strlen(line) - 1] != '\n')
		return false; /* its write was interrupted, so its change */
	*at++ = '\0';
	for (kind = 0; kind < CHANGES && strcmp(kinds[kind], line) != 0; kind++)
		;
	*change = (struct change){ .kind = (enum change_kind)kind };
	change->object = take_field(&at);
	change->old = take_field(&at);
	change->new = take_field(&at);
	return kind < CHANGES && change->object != NULL;
}

int
record_read(struct call *call, struct change **changes, size_t *count)
{
	FILE *log = fopen(LOG, "re");
	struct change change, *more;
	char *line = NULL;
	size_t size = 0;
	int rc = 0;

	*changes = NULL;
	*count = 0;
	if (log == NULL)
		return errno == ENOENT ? 0 : fail(call, LOG);
	while (rc == 0 && getline(&line, &size, log) >= 0) {
		if (!take_line(line, &change))
			continue;
		more = realloc(*changes, (*count + 1) * sizeof(*more));
		if (more == NULL) {
			rc = MAILDB_ENOMEM;
		} else {
			*changes = more;
			more[(*count)++] = change;
		}
	}
	free(line);
	fclose(log);
	return rc;
}

void
record_free(struct change *changes, size_t count)
{
	while (count > 0) {
		count--;
		free(changes[count].object);
		free(changes[count].old);
		free(changes[count].new);
	}
	free(changes);
}

bool
record_exists(void)
{
	return access(LOG, F_OK) == 0;
}

/* ---- files ------------------------------------------------------------- */

/* The files of this run, with their bytes before it; a run is one process. */
static struct touched {
	char *path;
	char *copy; /* NULL: it was not there */
	struct touched *next;
} *touched;

static void
kept_path(char out[1024], const char *when, const char *path)
{
	snprintf(out, 1024, RECORD "/%s%s", when, path);
}

/* Keeps the file as it is before this run, for a rollback. */
static int
touch(struct call *call, const char *path)
{
	struct touched *new;
	char copy[1024];

	for (new = touched; new != NULL; new = new->next)
		if (strcmp(new->path, path) == 0)
			return 0;
	kept_path(copy, "run", path);
	make_parents(copy);
	if ((new = calloc(1, sizeof(*new))) == NULL ||
	    (new->path = strdup(path)) == NULL) {
		free(new);
		return MAILDB_ENOMEM;
	}
	new->next = touched;
	touched = new;
	if (access(path, F_OK) < 0)
		return 0;
	if (copy_file(path, copy) < 0)
		return fail(call, path);
	new->copy = strdup(copy);
	return new->copy != NULL ? 0 : MAILDB_ENOMEM;
}

/* Whether the log has the file already; *edited when it differs from what the
 * last complete setup left. */
static int
find_file(struct call *call, const char *path, bool *known, bool *edited)
{
	struct change *changes;
	char after[1024];
	size_t count, i;
	int rc = record_read(call, &changes, &count);

	*known = *edited = false;
	for (i = 0; i < count; i++)
		if ((changes[i].kind == CHANGE_FILE ||
		    changes[i].kind == CHANGE_NEW) &&
		    strcmp(changes[i].object, path) == 0)
			*known = true;
	record_free(changes, count);
	kept_path(after, "after", path);
	*edited = *known && access(after, F_OK) == 0 &&
	    !same_bytes(after, path);
	return rc;
}

int
record_file(struct call *call, const char *path)
{
	char before[1024];
	bool known, edited, there = access(path, F_OK) == 0;
	int rc;

	mkdir(RECORD, 0700);
	if ((rc = touch(call, path)) < 0 ||
	    (rc = find_file(call, path, &known, &edited)) < 0)
		return rc;
	if (known)
		return edited ? record_change(call, CHANGE_EDITED, path, NULL,
		    NULL) : 0;
	kept_path(before, "before", path);
	make_parents(before);
	if (there && copy_file(path, before) < 0)
		return fail(call, path);
	return record_change(call, there ? CHANGE_FILE : CHANGE_NEW, path,
	    NULL, NULL);
}

static int
remove_one(const char *path, const struct stat *st, int type, struct FTW *ftw)
{
	(void)st;
	(void)type;
	(void)ftw;
	return remove(path);
}

/* Removes what only a rollback needs. */
static void
end_run(void)
{
	struct touched *next;

	for (; touched != NULL; touched = next) {
		next = touched->next;
		free(touched->path);
		free(touched->copy);
		free(touched);
	}
	nftw(RECORD "/run", remove_one, 8, FTW_DEPTH | FTW_PHYS);
}

int
record_complete(struct call *call)
{
	struct change *changes;
	char after[1024];
	size_t count, i;
	int rc = record_read(call, &changes, &count);

	for (i = 0; rc == 0 && i < count; i++) {
		if (changes[i].kind != CHANGE_FILE &&
		    changes[i].kind != CHANGE_NEW)
			continue;
		kept_path(after, "after", changes[i].object);
		make_parents(after);
		if (copy_file(changes[i].object, after) < 0 && errno != ENOENT)
			rc = fail(call, changes[i].object);
	}
	record_free(changes, count);
	end_run();
	return rc;
}

bool
record_edited(const struct change *changes, size_t count, const char *path)
{
	char after[1024];
	size_t i;

	for (i = 0; i < count; i++)
		if (changes[i].kind == CHANGE_EDITED &&
		    strcmp(changes[i].object, path) == 0)
			return true;
	kept_path(after, "after", path);
	return access(after, F_OK) == 0 && !same_bytes(after, path);
}

/* Puts a copy in a file's place, or nothing where there was none. */
static int
put_back(struct call *call, const char *path, const char *copy)
{
	bool differed = copy == NULL ? access(path, F_OK) == 0 :
	    !same_bytes(path, copy);

	if (copy == NULL ? unlink(path) < 0 && errno != ENOENT :
	    copy_file(copy, path) < 0)
		return fail(call, path);
	return differed;
}

int
record_restore(struct call *call, const char *path)
{
	char before[1024];

	kept_path(before, "before", path);
	return put_back(call, path, access(before, F_OK) == 0 ? before : NULL);
}

int
record_rollback(struct call *call)
{
	const struct touched *file;
	int rc = 0, put;

	for (file = touched; file != NULL; file = file->next)
		if ((put = put_back(call, file->path, file->copy)) < 0)
			rc = put;
	end_run();
	return rc;
}

int
record_forget(struct call *call)
{
	return nftw(RECORD, remove_one, 8, FTW_DEPTH | FTW_PHYS) == 0 ||
	    errno == ENOENT ? 0 : fail(call, RECORD);
}

int
record_touched(int (*visit)(void *arg, const char *path, const char *copy),
    void *arg)
{
	const struct touched *file;
	int rc = 0;

	for (file = touched; rc == 0 && file != NULL; file = file->next)
		rc = visit(arg, file->path, file->copy);
	return rc;
}

char *
record_text(const char *path)
{
	FILE *file = fopen(path, "re");
	char *text = NULL;
	size_t size = 0;

	if (file == NULL)
		return NULL;
	if (getdelim(&text, &size, '\0', file) < 0) {
		free(text);
		text = ferror(file) ? NULL : strdup("");
	}
	fclose(file);
	return text;
}

/* Whether a file holds exactly this text. */
static bool
holds(const char *path, const char *text)
{
	char *there = record_text(path);
	bool same = there != NULL && strcmp(there, text) == 0;

	free(there);
	return same;
}

int
record_write(struct call *call, const char *path, const char *text,
    mode_t mode, gid_t group)
{
	char fresh[1088];
	struct stat st;
	bool there = stat(path, &st) == 0, written;
	int rc;
	FILE *to;

	if (holds(path, text))
		return 0;
	if ((rc = record_file(call, path)) < 0)
		return rc;
	snprintf(fresh, sizeof(fresh), "%s.%ld", path, (long)getpid());
	if ((to = fopen(fresh, "wex")) == NULL)
		return fail(call, path);
	fputs(text, to);
	written = fflush(to) == 0 &&
	    fchown(fileno(to), there ? st.st_uid : 0,
	    there ? st.st_gid : group) == 0 &&
	    fchmod(fileno(to), there ? st.st_mode & 07777 : mode) == 0 &&
	    fsync(fileno(to)) == 0;
	written = fclose(to) == 0 && written && rename(fresh, path) == 0;
	if (!written) {
		rc = fail(call, path);
		unlink(fresh);
		return rc;
	}
	sync_parent(path);
	return 1;
}
