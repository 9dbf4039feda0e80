/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * process.c - runs a program and keeps what it wrote
 *
 * Without a shell, so that no word is interpreted; with an end, so that a
 * daemon that does not answer cannot stop us; and as another user where one
 * is named, with the groups that the system gives that user (runuser does it:
 * behind --root the C library's modules for users may not fit ours).  Output
 * goes to files without a name: however much it is, nothing waits for a reader.
 */
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "setup.h"

#define SECONDS 600 /* Postfix takes a minute to start on a busy host */
#define WORDS 160 /* of a command, at most */

static const char search_path[] = "/usr/local/sbin:/usr/local/bin:/usr/sbin:"
    "/usr/bin:/sbin:/bin";

/* The child: never returns. */
static void
child(const char *const *argv, int in, int out, int err)
{
	sigset_t none;

	setpgid(0, 0);
	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
	if (dup2(in, STDIN_FILENO) < 0 || dup2(out, STDOUT_FILENO) < 0 ||
	    dup2(err, STDERR_FILENO) < 0)
		_exit(127);
	setenv("PATH", search_path, 1);
	setenv("LC_ALL", "C.UTF-8", 1);
	umask(022);
	execvp(argv[0], (char *const *)argv);
	_exit(127);
}

static int64_t
now(void)
{
	struct timespec time;

	clock_gettime(CLOCK_MONOTONIC, &time);
	return (int64_t)time.tv_sec * 1000 + time.tv_nsec / 1000000;
}

/* Waits for the child, and kills its group when its time is over. */
static void
wait_for(pid_t pid, int seconds, struct output *output)
{
	int64_t end = now() + (seconds > 0 ? seconds : SECONDS) * 1000LL;
	struct timespec nap = { .tv_nsec = 500000 };
	int status = 0;
	pid_t got;

	while ((got = waitpid(pid, &status, WNOHANG)) == 0) {
		if (now() > end) {
			output->expired = true;
			kill(-pid, SIGKILL);
			got = waitpid(pid, &status, 0);
			break;
		}
		nanosleep(&nap, NULL);
		if (nap.tv_nsec < 20000000)
			nap.tv_nsec *= 2;
	}
	output->status = got < 0 ? -1 : WIFEXITED(status) ?
	    WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

/* All of a file as text. */
static char *
contents(int fd)
{
	struct stat st;
	char *text;
	ssize_t got;

	if (fstat(fd, &st) < 0 ||
	    (text = malloc((size_t)st.st_size + 1)) == NULL)
		return NULL;
	got = pread(fd, text, (size_t)st.st_size, 0);
	text[got > 0 ? got : 0] = '\0';
	return text;
}

/* A file without a name that holds text, or nothing. */
static int
nameless(const char *text)
{
	int fd = memfd_create(PROGRAM, MFD_CLOEXEC);
	size_t len = text != NULL ? strlen(text) : 0;

	if (fd >= 0 && len > 0 && (write(fd, text, len) != (ssize_t)len ||
	    lseek(fd, 0, SEEK_SET) < 0)) {
		close(fd);
		return -1;
	}
	return fd;
}

/* The words of a command that runs as the user it is for. */
static void
as_user(const struct process *process, const char *argv[WORDS])
{
	size_t count = 0, i;

	if (process->user != NULL) {
		argv[count++] = "runuser";
		argv[count++] = "-u";
		argv[count++] = process->user;
		argv[count++] = "--";
	}
	for (i = 0; process->argv[i] != NULL && count < WORDS - 1; i++)
		argv[count++] = process->argv[i];
	argv[count] = NULL;
}

int
process_run(const struct process *process, struct output *output)
{
	const char *argv[WORDS];
	int in = nameless(process->input), out = nameless(NULL),
	    err = nameless(NULL), rc = MAILDB_ENOMEM;
	pid_t pid;

	*output = (struct output){ .status = -1 };
	as_user(process, argv);
	if (in >= 0 && out >= 0 && err >= 0) {
		fflush(NULL);
		pid = fork();
		if (pid == 0)
			child(argv, in, out, err);
		if (pid > 0)
			wait_for(pid, process->seconds, output);
		output->out = contents(out);
		output->err = contents(err);
		if (output->out != NULL && output->err != NULL)
			rc = 0;
	}
	if (in >= 0)
		close(in);
	if (out >= 0)
		close(out);
	if (err >= 0)
		close(err);
	if (rc < 0)
		output_free(output);
	return rc;
}

int
process_words(struct output *output, const char *program, ...)
{
	const char *argv[WORDS] = { program };
	const struct process process = { .argv = argv };
	size_t count = 1;
	va_list ap;

	va_start(ap, program);
	while (count < WORDS - 1 &&
	    (argv[count] = va_arg(ap, const char *)) != NULL)
		count++;
	va_end(ap);
	argv[count] = NULL;
	return process_run(&process, output);
}

void
output_free(struct output *output)
{
	free(output->out);
	free(output->err);
	output->out = output->err = NULL;
}

int
process_start(const char *const *argv, pid_t *pid)
{
	int ends[2], null;

	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) < 0)
		return -errno;
	null = open("/dev/null", O_WRONLY | O_CLOEXEC);
	fflush(NULL);
	*pid = null < 0 ? -1 : fork();
	if (*pid == 0)
		child(argv, ends[1], ends[1], null);
	if (*pid < 0) {
		close(ends[0]);
		ends[0] = -errno;
	}
	close(ends[1]);
	if (null >= 0)
		close(null);
	return ends[0];
}

void
process_stop(pid_t pid)
{
	kill(-pid, SIGKILL); /* its group, when it has made one already */
	kill(pid, SIGKILL);
	waitpid(pid, NULL, 0);
}

bool
process_exists(const char *program)
{
	const char *at = search_path, *end;
	char path[256];

	for (; *at != '\0'; at = end + (*end == ':')) {
		end = at + strcspn(at, ":");
		snprintf(path, sizeof(path), "%.*s/%s", (int)(end - at), at,
		    program);
		if (access(path, X_OK) == 0)
			return true;
	}
	return false;
}
