/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * secret.c - passwords on their way from a person to the library
 *
 * Owns every way in (argument, prompt, file, descriptor, environment), the
 * terminal while its echo is off, and the process's promise to leave neither
 * core file nor tracer access while a password is held.  A password's octets
 * are taken as they are; only one line end goes.
 */
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <termios.h>
#include <time.h>
#include <unistd.h>

#include "line/command.h"

#define READ_MOST 1024 /* octets; the library's own limit is lower */
#define SKIP_MOST 65536 /* octets of a line that is too long */

const struct option secret_input[] = {
	{ .name = "password-file", .arg = "FILE", .type = TYPE_FILE,
		.help = "take the password from the first line of FILE "
		"(- is standard input)" },
	{ .name = "password-fd", .arg = "N", .type = TYPE_NUMBER,
		.help = "take the password from the open descriptor N" },
	{ .name = "password-env", .arg = "NAME", .type = TYPE_WORD,
		.help = "take the password from the environment" },
	{ .name = NULL },
};

const struct option secret_stored[] = {
	{ .name = "hash", .arg = "HASH", .bits = OPT_SECRET, .type = TYPE_WORD,
		.help = "store this hash: {SCHEME}... or a crypt(3) string" },
	{ .name = "hash-file", .arg = "FILE", .type = TYPE_FILE,
		.help = "store the hash in the first line of FILE" },
	{ .name = "allow-weak-hash", .help = "also MD5 and DES hashes" },
	{ .name = "allow-unknown-hash",
		.help = "also hashes of schemes not known here" },
	{ .name = "generate", .help = "make a password and show it once" },
	{ .name = "no-password", .help = "no password: no login" },
	{ .name = NULL },
};

/* ---- holding -------------------------------------------------------- */

static unsigned held;
static struct rlimit core_before;

/* Before the first secret is held and after the last is gone. */
static void
guard(bool on)
{
	const struct rlimit none = { 0, core_before.rlim_max };

	prctl(PR_SET_DUMPABLE, on ? 0 : 1);
	setrlimit(RLIMIT_CORE, on ? &none : &core_before);
}

/* Begins or ends a time in which secrets are held; these nest. */
void
secret_guard(bool on)
{
	if (on && held++ == 0) {
		getrlimit(RLIMIT_CORE, &core_before);
		guard(true);
	} else if (!on && --held == 0) {
		guard(false);
	}
}

/* Makes a text a secret; the text belongs to it from now on. */
static int
hold(struct secret *secret, char *text)
{
	if (text == NULL)
		return MAILDB_ENOMEM;
	secret_guard(true);
	(void)mlock(text, strlen(text) + 1); /* not everyone may */
	secret->text = text;
	return 0;
}

/* Wipes a word where it stands, as in argv. */
void
secret_wipe(char *word)
{
	explicit_bzero(word, strlen(word));
}

bool
secret_in_url(const char *word)
{
	char *shown = maildb_url_shown(word);
	bool holds = shown == NULL || strcmp(shown, word) != 0;

	free(shown);
	return holds;
}

/* Moves a word into a secret and wipes it where it was. */
int
secret_take(struct secret *secret, char *word)
{
	int rc = hold(secret, strdup(word));

	secret_wipe(word);
	return rc;
}

/* Wipes and frees a secret; an empty one is left alone. */
void
secret_drop(struct secret *secret)
{
	if (secret->text == NULL)
		return;
	(void)munlock(secret->text, strlen(secret->text) + 1);
	maildb_secret_free(secret->text);
	secret->text = NULL;
	secret_guard(false);
}

/* ---- lines ---------------------------------------------------------- */

/* What is left until a time, or NULL without one. */
static const struct timespec *
time_left(const struct timespec *end, struct timespec *left)
{
	if (end == NULL)
		return NULL;
	clock_gettime(CLOCK_MONOTONIC, left);
	left->tv_sec = end->tv_sec - left->tv_sec;
	left->tv_nsec = end->tv_nsec - left->tv_nsec;
	if (left->tv_nsec < 0) {
		left->tv_sec--;
		left->tv_nsec += 1000000000;
	}
	if (left->tv_sec < 0)
		*left = (struct timespec){ 0 };
	return left;
}

/*
 * Reads one octet as read(2) does, until a time.  Signals that stop the
 * program are let in while it waits and at no other time, or one that comes
 * just before the wait would not end it.
 */
static ssize_t
read_octet(int fd, char *octet, const sigset_t *waiting,
    const struct timespec *end)
{
	struct pollfd ready = { .fd = fd, .events = POLLIN };
	struct timespec left;
	int rc;

	while (!cli_interrupted()) {
		rc = ppoll(&ready, 1, time_left(end, &left), waiting);
		if (rc > 0)
			return read(fd, octet, 1);
		if (rc == 0)
			errno = ETIMEDOUT;
		if (rc == 0 || errno != EINTR)
			return -1;
	}
	errno = EINTR;
	return -1;
}

/* Reads octets up to a line end, into the room there is, and answers as read(2)
 * did last; *len is where the line end stands, or the room when it did not
 * come. */
static ssize_t
read_octets(int fd, char *line, size_t room, size_t *len,
    const struct timespec *end)
{
	sigset_t stops, before;
	size_t skipped = 0;
	ssize_t got = 1;
	char octet = '\0';

	sigemptyset(&stops);
	sigaddset(&stops, SIGINT);
	sigaddset(&stops, SIGTERM);
	sigaddset(&stops, SIGHUP);
	sigprocmask(SIG_BLOCK, &stops, &before);
	for (*len = 0; *len < room; ++*len) {
		got = read_octet(fd, &line[*len], &before, end);
		if (got <= 0 || line[*len] == '\n')
			break;
	}
	/* The rest of what is too long is not the next line. */
	while (*len == room && octet != '\n' && skipped++ < SKIP_MOST &&
	    got > 0)
		got = read_octet(fd, &octet, &before, end);
	sigprocmask(SIG_SETMASK, &before, NULL);
	return got;
}

/* What came of the reading, when it was no line. */
static enum line_end
judge(ssize_t got, const char *line, size_t len, size_t room)
{
	if (got < 0)
		return errno == EINTR ? LINE_STOPPED :
		    errno == ETIMEDOUT ? LINE_LATE : LINE_FAILED;
	if (len == room)
		return LINE_LONG;
	if (got == 0 && len == 0)
		return LINE_END;
	if (memchr(line, '\0', len) != NULL)
		return LINE_NUL;
	return got == 0 ? LINE_LAST : LINE_READ;
}

/* See secret.h. */
enum line_end
secret_line(int fd, int seconds, struct secret *secret)
{
	char line[READ_MOST + 1];
	struct timespec end;
	enum line_end found;
	size_t len;
	ssize_t got;

	secret_guard(true);
	clock_gettime(CLOCK_MONOTONIC, &end);
	end.tv_sec += seconds;
	got = read_octets(fd, line, sizeof(line), &len,
	    seconds > 0 ? &end : NULL);
	found = judge(got, line, len, sizeof(line));
	if (found == LINE_READ || found == LINE_LAST) {
		if (len > 0 && line[len - 1] == '\r')
			len--;
		if (hold(secret, strndup(line, len)) < 0)
			found = LINE_NOMEM;
	}
	explicit_bzero(line, sizeof(line));
	secret_guard(false);
	return found;
}

/* ---- ways in -------------------------------------------------------- */

/* Refuses with the reason why a password cannot be read. */
static int
unusable(struct call *call, const char *from, const char *why)
{
	return call_fail(call, MAILDB_EPASSWORD, "password", NULL, NULL,
	    "the password from %s %s", from, why);
}

/* Says why there is no line. */
int
secret_no_line(struct call *call, enum line_end found, const char *from)
{
	switch (found) {
	case LINE_STOPPED:
		return call_fail(call, MAILDB_EINTR, NULL, NULL, NULL,
		    "interrupted");
	case LINE_LONG:
		return unusable(call, from, "is too long");
	case LINE_NUL:
		return unusable(call, from, "holds a NUL octet");
	case LINE_NOMEM:
		return call_fail(call, MAILDB_ENOMEM, NULL, NULL, NULL, "%s",
		    maildb_error_meaning(MAILDB_ENOMEM));
	case LINE_FAILED:
		return call_fail(call, MAILDB_EIO, NULL, NULL, NULL,
		    "%s cannot be read: %s", from, strerror(errno));
	default:
		return unusable(call, from, "is empty");
	}
}

/*
 * Reads one line from a descriptor octet by octet, so that the rest stays for
 * others, without its line end.
 */
static int
read_line(struct call *call, int fd, const char *from, struct secret *secret)
{
	enum line_end found = secret_line(fd, 0, secret);

	if (found != LINE_READ && found != LINE_LAST)
		return secret_no_line(call, found, from);
	if (*secret->text != '\0')
		return 0;
	secret_drop(secret);
	return secret_no_line(call, LINE_END, from);
}

/* A file's first line; says so when others may read it as well. */
static int
read_file(struct call *call, const char *path, struct secret *secret)
{
	struct stat st;
	int fd, rc;

	if (strcmp(path, "-") == 0) {
		if (call->cli->file != NULL &&
		    strcmp(call->cli->file, "-") == 0)
			return call_fail(call, CLI_EUSAGE, NULL, NULL, NULL,
			    "standard input is the batch already");
		return read_line(call, STDIN_FILENO, "standard input", secret);
	}
	if ((fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY)) < 0)
		return call_fail(call, MAILDB_EIO, NULL, path, NULL,
		    "%s cannot be opened: %s", path, strerror(errno));
	if (fstat(fd, &st) == 0 && S_ISREG(st.st_mode) && (st.st_mode & 077))
		call_warn(call, "password_file_open",
		    "others may read the file with the password",
		    "chmod 600 FILE");
	rc = read_line(call, fd, path, secret);
	close(fd);
	return rc;
}

/* Asks on the terminal with echo off, which is on again in any case.  What
 * would end the process with it off waits until then. */
static int
ask(struct call *call, int tty, const char *prompt, struct secret *secret)
{
	struct termios before, silent;
	sigset_t block, mask;
	int rc;

	sigemptyset(&block);
	sigaddset(&block, SIGTSTP);
	sigaddset(&block, SIGQUIT);
	if (tcgetattr(tty, &before) < 0)
		return call_fail(call, MAILDB_EIO, NULL, NULL, NULL,
		    "the terminal's echo cannot be switched off");
	silent = before;
	silent.c_lflag &= ~(tcflag_t)(ECHO | ECHOE | ECHOK | ECHONL);
	sigprocmask(SIG_BLOCK, &block, &mask);
	signals_terminal(tty);
	if (tcsetattr(tty, TCSAFLUSH, &silent) < 0)
		rc = call_fail(call, MAILDB_EIO, NULL, NULL, NULL,
		    "the terminal's echo cannot be switched off");
	else {
		dprintf(tty, "%s: ", prompt);
		rc = read_line(call, tty, "the terminal", secret);
		dprintf(tty, "\n");
	}
	while (tcsetattr(tty, TCSAFLUSH, &before) < 0 && errno == EINTR)
		;
	signals_terminal(-1);
	sigprocmask(SIG_SETMASK, &mask, NULL);
	return rc;
}

/* Asks for a password, a new one twice. */
static int
prompt(struct call *call, bool new_one, struct secret *secret)
{
	struct secret again = { NULL };
	int tty = -1, rc;

	if (!call->cli->batch && isatty(STDIN_FILENO))
		tty = open("/dev/tty", O_RDWR | O_CLOEXEC | O_NOCTTY);
	if (tty < 0)
		return call_fail(call, CLI_EUSAGE, "password", NULL,
		    call->command->options[1] == secret_stored ?
		    "--password-file FILE|-, --password-fd N, --hash HASH, "
		    "--generate, --no-password" :
		    "--password-file FILE|-, --password-fd N",
		    "no password was given, and there is no terminal to ask");
	rc = ask(call, tty, new_one ? "New password" : "Password", secret);
	if (rc == 0 && new_one)
		rc = ask(call, tty, "Again", &again);
	if (rc == 0 && new_one && strcmp(secret->text, again.text) != 0)
		rc = call_fail(call, MAILDB_EPASSWORD, "password", NULL, NULL,
		    "the two passwords are not the same");
	secret_drop(&again);
	if (rc < 0)
		secret_drop(secret);
	close(tty);
	return rc;
}

/* Takes a password from the environment, where it does not stay. */
static int
read_env(struct call *call, const char *name, struct secret *secret)
{
	char *value = getenv(name);
	int rc;

	if (value == NULL || *value == '\0')
		return call_fail(call, MAILDB_EPASSWORD, "password", NULL,
		    NULL, "the environment has no password in %s", name);
	rc = secret_take(secret, value);
	unsetenv(name);
	return rc == 0 ? 0 : call_fail(call, rc, NULL, NULL, NULL, "%s",
	    maildb_error_meaning(rc));
}

/* The options that say where a password comes from: one at most is given,
 * and none beside an argument. */
static int
one_way(struct call *call)
{
	static const char *const ways[] = { "--password-file", "--password-fd",
		"--password-env", "--hash", "--hash-file", "--generate",
		"--no-password" };
	const char *first = call->password.text != NULL ?
	    "a password as argument" : NULL;
	size_t i;

	for (i = 0; i < COUNT(ways); i++) {
		if (call_option(call, ways[i] + 2) == NULL)
			continue;
		if (first != NULL)
			return call_fail(call, CLI_EUSAGE, "password", NULL,
			    NULL, "%s does not go with %s", ways[i], first);
		first = ways[i];
	}
	return 0;
}

/* The password of a call, wherever it comes from. */
int
secret_read(struct call *call, bool new_one, struct secret *secret)
{
	const char *from;
	long fd;
	int rc;

	if ((rc = one_way(call)) < 0)
		return rc;
	if (call->password.text != NULL) {
		*secret = call->password;
		call->password.text = NULL;
		return *secret->text != '\0' ? 0 :
		    unusable(call, "the command line", "is empty");
	}
	if ((from = call_option(call, "password-file")) != NULL)
		return read_file(call, from, secret);
	if ((from = call_option(call, "password-env")) != NULL)
		return read_env(call, from, secret);
	if ((from = call_option(call, "password-fd")) != NULL) {
		fd = strtol(from, NULL, 10);
		return read_line(call, fd > INT_MAX ? -1 : (int)fd,
		    "the descriptor", secret);
	}
	return prompt(call, new_one, secret);
}

/* ---- hashes --------------------------------------------------------- */

/* Takes a ready hash into call->hash, as the call's options allow. */
int
secret_ready(struct call *call, const char *hash, const char *old)
{
	const char *why = NULL;
	unsigned flags = 0;
	int rc;

	if (call_option(call, "allow-weak-hash") != NULL)
		flags |= MAILDB_HASH_WEAK;
	if (call_option(call, "allow-unknown-hash") != NULL)
		flags |= MAILDB_HASH_ANY;
	rc = maildb_hash_parse(hash, flags, &call->hash, &why);
	if (rc < 0)
		call_fail(call, rc, "hash", NULL, NULL,
		    "the hash cannot be used: %s",
		    why != NULL ? why : maildb_error_meaning(rc));
	else
		call->keep = old != NULL && strcmp(call->hash, old) == 0;
	return rc < 0 ? rc : 0;
}

/* A ready hash from an option or a file. */
static int
read_hash(struct call *call, const char *hash, const char *path,
    const char *old)
{
	struct secret secret = { NULL };
	int rc = path != NULL ? read_file(call, path, &secret) : 0;

	if (rc == 0)
		rc = secret_ready(call, path != NULL ? secret.text : hash, old);
	secret_drop(&secret);
	return rc;
}

/* The setting's value, or NULL when there is none. */
static char *
setting(struct call *call, const char *name)
{
	char *value = NULL;

	if (maildb_setting_get(call->db, name, &value) < 0)
		return NULL;
	return value;
}

/* Hashes by the database's settings, into call->hash. */
static int
hash_password(struct call *call, const char *password)
{
	char *scheme = setting(call, "password_scheme");
	char *cost = setting(call, "password_cost");
	const char *why;
	int rc;

	rc = maildb_password_hash(scheme != NULL ? scheme : "yescrypt",
	    cost != NULL ? strtoul(cost, NULL, 10) : 0, password, &call->hash);
	if (rc < 0) {
		why = maildb_password_fault(password);
		call_fail(call, rc, "password", NULL, NULL, "the password: %s",
		    rc != MAILDB_EPASSWORD ? maildb_error_meaning(rc) :
		    why != NULL ? why : "it is too long");
	}
	free(scheme);
	free(cost);
	return rc;
}

/* Says so when a password is easily guessed. */
static void
warn_weak(struct call *call, const char *password, const char *address)
{
	char *least = setting(call, "password_min");
	const char *why = maildb_password_weakness(password, address,
	    least != NULL ? strtoul(least, NULL, 10) : 12);
	char *message;

	free(least);
	if (why != NULL && asprintf(&message, "the password is weak: %s",
	    why) >= 0) {
		call_warn(call, "weak_password", message, NULL);
		free(message);
	}
}

/* Hashes a password into call->hash, unless it fits the old hash. */
static int
settle(struct call *call, const char *password, const char *old)
{
	/* A hash of a kind that cannot be checked here counts as another. */
	call->keep = old != NULL && maildb_password_verify(old, password) == 1;
	return call->keep ? 0 : hash_password(call, password);
}

/* See secret.h. */
int
secret_given(struct call *call, const char *password, const char *address,
    const char *old)
{
	warn_weak(call, password, address);
	return settle(call, password, old);
}

/* See secret.h. */
int
secret_hash(struct call *call, const char *address, const char *old)
{
	const char *hash = call_option(call, "hash");
	const char *path = call_option(call, "hash-file");
	struct secret secret = { NULL };
	int rc;

	if ((rc = one_way(call)) < 0)
		return rc;
	if (call_option(call, "no-password") != NULL) {
		call->keep = old == NULL;
		return 0;
	}
	if (hash != NULL || path != NULL)
		return read_hash(call, hash, path, old);
	if (call_option(call, "generate") != NULL) {
		char *made;

		if ((rc = maildb_password_generate(&made)) < 0 ||
		    (rc = hold(&secret, made)) < 0)
			return call_fail(call, rc, NULL, NULL, NULL,
			    "no password can be made");
		if ((call->generated = strdup(secret.text)) == NULL)
			rc = MAILDB_ENOMEM;
		else
			rc = settle(call, secret.text, old);
	} else if ((rc = secret_read(call, true, &secret)) == 0) {
		rc = secret_given(call, secret.text, address, old);
	}
	secret_drop(&secret);
	return rc < 0 ? rc : 0;
}
