/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * shim.c - makes one call of the system fail, for tests/fault/run
 *
 * Preloaded into mailcfg.  FAULT_PLAN names a file of one struct plan, shared
 * with the test: which call fails, and what came of it.  A call is ours when it
 * returns into the program itself, and a library's otherwise.  Blocks of memory
 * that the program itself allocated and never freed are counted at exit.
 *
 * The program is loaded and linked once, and stops before main().  Each octet
 * read from the first descriptor of FAULT_SERVER starts a run in a child; its
 * process id and then its status are written to the second.
 */
#include <sys/mman.h>
#include <sys/wait.h>
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <link.h>
#include <pthread.h>
#include <pwd.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum kind { MEMORY, WRITE, SYNC, TRUNCATE, OPEN, READ, KINDS };

/* As tests/fault/run packs it. */
struct plan {
	int32_t kind;   /* that fails, or -1 */
	int32_t ours;   /* in the program itself, or in a library */
	int32_t at;     /* the number of the first one that fails */
	int32_t sticky; /* so do all after it */
	int32_t error;  /* errno then */
	int32_t hits;   /* calls that failed */
	int32_t leaks;  /* blocks that were not freed */
	int32_t ended;  /* the end of the program was seen */
	int32_t calls[KINDS][2];
};

static struct plan *plan;
static uintptr_t text_start, text_end; /* of the program */
static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
/* glibc 2.36 dies in the lookup of a user or group when memory is out. */
static int looking_up;

/* ---- blocks of the program ------------------------------------------ */

#define BLOCKS 65536 /* a power of two */
static void *blocks[BLOCKS];
#define GONE ((void *)1)

static void
note(void *block)
{
	size_t i = ((uintptr_t)block >> 4) % BLOCKS, n;

	for (n = 0; n < BLOCKS; n++, i = (i + 1) % BLOCKS)
		if (blocks[i] == NULL || blocks[i] == GONE) {
			blocks[i] = block;
			return;
		}
}

static int
forget(void *block)
{
	size_t i = ((uintptr_t)block >> 4) % BLOCKS, n;

	for (n = 0; n < BLOCKS && blocks[i] != NULL;
	    n++, i = (i + 1) % BLOCKS)
		if (blocks[i] == block) {
			blocks[i] = GONE;
			return 1;
		}
	return 0;
}

/* ---- the plan ------------------------------------------------------- */

static int
is_ours(const void *caller)
{
	return (uintptr_t)caller >= text_start && (uintptr_t)caller < text_end;
}

/* Counts a call: whether it fails, errno being set. */
static int
fails(enum kind kind, const void *caller)
{
	int ours = is_ours(caller), n, hit;

	if (plan == NULL || looking_up)
		return 0;
	n = __atomic_add_fetch(&plan->calls[kind][ours], 1, __ATOMIC_SEQ_CST);
	hit = plan->kind == (int)kind && plan->ours == ours &&
	    (n == plan->at || (plan->sticky && n > plan->at));
	if (!hit)
		return 0;
	__atomic_add_fetch(&plan->hits, 1, __ATOMIC_SEQ_CST);
	errno = plan->error;
	return 1;
}

/* The first object is the program. */
static int
find_text(struct dl_phdr_info *info, size_t size, void *arg)
{
	int i;

	(void)size;
	(void)arg;
	for (i = 0; i < info->dlpi_phnum; i++)
		if (info->dlpi_phdr[i].p_type == PT_LOAD &&
		    info->dlpi_phdr[i].p_flags & PF_X) {
			text_start = info->dlpi_addr +
			    info->dlpi_phdr[i].p_vaddr;
			text_end = text_start + info->dlpi_phdr[i].p_memsz;
		}
	return 1;
}

/* Returns in a child for each octet that is read; ends the server at the end
 * of the file. */
static void
serve(int requests, int answers)
{
	char octet;
	int32_t pid, status;

	while (read(requests, &octet, 1) == 1) {
		if ((pid = fork()) == 0) {
			close(requests);
			close(answers);
			return;
		}
		if (write(answers, &pid, sizeof(pid)) < 0 || pid < 0 ||
		    waitpid(pid, &status, 0) < 0 ||
		    write(answers, &status, sizeof(status)) < 0)
			break;
	}
	_exit(0);
}

__attribute__((constructor)) static void
begin(void)
{
	const char *path = getenv("FAULT_PLAN"), *pipes = getenv("FAULT_SERVER");
	int fd = path != NULL ? open(path, O_RDWR | O_CLOEXEC) : -1;
	int requests, answers;
	void *map;

	if (fd < 0)
		return;
	dl_iterate_phdr(find_text, NULL);
	map = mmap(NULL, sizeof(*plan), PROT_READ | PROT_WRITE, MAP_SHARED,
	    fd, 0);
	close(fd);
	if (pipes != NULL && sscanf(pipes, "%d,%d", &requests, &answers) == 2)
		serve(requests, answers);
	unsetenv("LD_PRELOAD"); /* programs that it runs are not judged */
	unsetenv("FAULT_PLAN");
	unsetenv("FAULT_SERVER");
	if (map != MAP_FAILED)
		plan = map;
}

__attribute__((destructor)) static void
end(void)
{
	size_t i;

	if (plan == NULL)
		return;
	for (i = 0; i < BLOCKS; i++)
		plan->leaks += blocks[i] != NULL && blocks[i] != GONE;
	plan->ended = 1;
	plan = NULL;
}

/* ---- memory --------------------------------------------------------- */

extern void *__libc_malloc(size_t size);
extern void *__libc_calloc(size_t n, size_t size);
extern void *__libc_realloc(void *block, size_t size);
extern void __libc_free(void *block);

static void *
made(void *block, const void *caller)
{
	if (plan == NULL || block == NULL || !is_ours(caller))
		return block;
	pthread_mutex_lock(&mutex);
	note(block);
	pthread_mutex_unlock(&mutex);
	return block;
}

void *
malloc(size_t size)
{
	void *caller = __builtin_return_address(0);

	return fails(MEMORY, caller) ? NULL :
	    made(__libc_malloc(size), caller);
}

void *
calloc(size_t n, size_t size)
{
	void *caller = __builtin_return_address(0);

	return fails(MEMORY, caller) ? NULL :
	    made(__libc_calloc(n, size), caller);
}

void
free(void *block)
{
	if (block != NULL && plan != NULL) {
		pthread_mutex_lock(&mutex);
		forget(block);
		pthread_mutex_unlock(&mutex);
	}
	__libc_free(block);
}

void *
realloc(void *block, size_t size)
{
	void *caller = __builtin_return_address(0), *grown;
	int ours = 0;

	if (fails(MEMORY, caller))
		return NULL;
	if (plan == NULL)
		return __libc_realloc(block, size);
	pthread_mutex_lock(&mutex);
	if (block != NULL)
		ours = forget(block);
	grown = __libc_realloc(block, size);
	if (grown != NULL && (ours || is_ours(caller)))
		note(grown);
	else if (grown == NULL && ours)
		note(block);
	pthread_mutex_unlock(&mutex);
	return grown;
}

/* What allocates on behalf of its caller. */
char *
strndup(const char *text, size_t most)
{
	size_t len = strnlen(text, most);
	void *caller = __builtin_return_address(0);
	char *copy = fails(MEMORY, caller) ? NULL :
	    made(__libc_malloc(len + 1), caller);

	if (copy != NULL) {
		memcpy(copy, text, len);
		copy[len] = '\0';
	}
	return copy;
}

char *
strdup(const char *text)
{
	size_t size = strlen(text) + 1;
	void *caller = __builtin_return_address(0);
	char *copy = fails(MEMORY, caller) ? NULL :
	    made(__libc_malloc(size), caller);

	return copy != NULL ? memcpy(copy, text, size) : NULL;
}

static int
print(char **out, const char *format, va_list ap, const void *caller)
{
	va_list again;
	int len;

	*out = NULL;
	if (fails(MEMORY, caller))
		return -1;
	va_copy(again, ap);
	len = vsnprintf(NULL, 0, format, again);
	va_end(again);
	if (len < 0 ||
	    (*out = made(__libc_malloc((size_t)len + 1), caller)) == NULL)
		return -1;
	return vsnprintf(*out, (size_t)len + 1, format, ap);
}

int
vasprintf(char **out, const char *format, va_list ap)
{
	return print(out, format, ap, __builtin_return_address(0));
}

int
__vasprintf_chk(char **out, int flag, const char *format, va_list ap)
{
	(void)flag;
	return print(out, format, ap, __builtin_return_address(0));
}

int
asprintf(char **out, const char *format, ...)
{
	va_list ap;
	int len;

	va_start(ap, format);
	len = print(out, format, ap, __builtin_return_address(0));
	va_end(ap);
	return len;
}

int
__asprintf_chk(char **out, int flag, const char *format, ...)
{
	va_list ap;
	int len;

	(void)flag;
	va_start(ap, format);
	len = print(out, format, ap, __builtin_return_address(0));
	va_end(ap);
	return len;
}

/* ---- files ---------------------------------------------------------- */

/* The function of that name in the C library. */
#define REAL(name, type) \
	static __typeof__(type) *real; \
	if (real == NULL) \
		real = (__typeof__(type) *)(uintptr_t)dlsym(RTLD_NEXT, name)

#define FAIL(kind) fails(kind, __builtin_return_address(0))

#define LOOKUP(name, type, key) \
	struct type * \
	name(key arg) \
	{ \
		struct type *found; \
		REAL(#name, struct type *(key)); \
		looking_up++; \
		found = real(arg); \
		looking_up--; \
		return found; \
	}

LOOKUP(getpwuid, passwd, uid_t)
LOOKUP(getpwnam, passwd, const char *)
LOOKUP(getgrgid, group, gid_t)
LOOKUP(getgrnam, group, const char *)

typedef ssize_t write_fn(int, const void *, size_t);
typedef ssize_t pwrite_fn(int, const void *, size_t, off_t);
typedef ssize_t read_fn(int, void *, size_t);
typedef ssize_t pread_fn(int, void *, size_t, off_t);
typedef int sync_fn(int);
typedef int truncate_fn(int, off_t);
typedef int open_fn(const char *, int, ...);
typedef int openat_fn(int, const char *, int, ...);

ssize_t
write(int fd, const void *data, size_t len)
{
	REAL("write", write_fn);
	return FAIL(WRITE) ? -1 : real(fd, data, len);
}

ssize_t
pwrite64(int fd, const void *data, size_t len, off_t at)
{
	REAL("pwrite64", pwrite_fn);
	return FAIL(WRITE) ? -1 : real(fd, data, len, at);
}

ssize_t
pwrite(int fd, const void *data, size_t len, off_t at)
{
	REAL("pwrite64", pwrite_fn);
	return FAIL(WRITE) ? -1 : real(fd, data, len, at);
}

ssize_t
read(int fd, void *data, size_t len)
{
	REAL("read", read_fn);
	return FAIL(READ) ? -1 : real(fd, data, len);
}

ssize_t
pread64(int fd, void *data, size_t len, off_t at)
{
	REAL("pread64", pread_fn);
	return FAIL(READ) ? -1 : real(fd, data, len, at);
}

ssize_t
pread(int fd, void *data, size_t len, off_t at)
{
	REAL("pread64", pread_fn);
	return FAIL(READ) ? -1 : real(fd, data, len, at);
}

int
fsync(int fd)
{
	REAL("fsync", sync_fn);
	return FAIL(SYNC) ? -1 : real(fd);
}

int
fdatasync(int fd)
{
	REAL("fdatasync", sync_fn);
	return FAIL(SYNC) ? -1 : real(fd);
}

int
ftruncate64(int fd, off_t size)
{
	REAL("ftruncate64", truncate_fn);
	return FAIL(TRUNCATE) ? -1 : real(fd, size);
}

int
ftruncate(int fd, off_t size)
{
	REAL("ftruncate64", truncate_fn);
	return FAIL(TRUNCATE) ? -1 : real(fd, size);
}

/* The mode of a file that is made, which else is not there. */
static int
mode_of(int flags, va_list ap)
{
	return flags & O_CREAT || (flags & O_TMPFILE) == O_TMPFILE ?
	    va_arg(ap, int) : 0;
}

static int
open_any(const char *path, int flags, int mode, const void *caller)
{
	REAL("open64", open_fn);
	return fails(OPEN, caller) ? -1 : real(path, flags, mode);
}

int
open(const char *path, int flags, ...)
{
	va_list ap;
	int mode;

	va_start(ap, flags);
	mode = mode_of(flags, ap);
	va_end(ap);
	return open_any(path, flags, mode, __builtin_return_address(0));
}

int
open64(const char *path, int flags, ...)
{
	va_list ap;
	int mode;

	va_start(ap, flags);
	mode = mode_of(flags, ap);
	va_end(ap);
	return open_any(path, flags, mode, __builtin_return_address(0));
}

int
__open_2(const char *path, int flags)
{
	return open_any(path, flags, 0, __builtin_return_address(0));
}

int
__open64_2(const char *path, int flags)
{
	return open_any(path, flags, 0, __builtin_return_address(0));
}

int
openat(int at, const char *path, int flags, ...)
{
	va_list ap;
	int mode;
	REAL("openat64", openat_fn);

	va_start(ap, flags);
	mode = mode_of(flags, ap);
	va_end(ap);
	return FAIL(OPEN) ? -1 : real(at, path, flags, mode);
}
