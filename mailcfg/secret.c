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
#include <unistd.h>

#include "command.h"

#define READ_MOST 1024 /* octets; the library's own limit is lower */

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

/* Makes a text a secret; the text belongs to it from now on. */
static int
hold(struct secret *secret, char *text)
{
	if (text == NULL)
		return MAILDB_ENOMEM;
	if (held++ == 0) {
		getrlimit(RLIMIT_CORE, &core_before);
		guard(true);
	}
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
	if (--held == 0)
		guard(false);
}

/* ---- ways in -------------------------------------------------------- */

/* Refuses with the reason why a password cannot be read. */
static int
unusable(struct call *call, const char *from, const char *why)
{
	return call_fail(call, MAILDB_EPASSWORD, "password", NULL, NULL,
	    "the password from %s %s", from, why);
}

/*
 * Reads one octet as read(2) does.  Signals that stop the program are let in
 * while it waits and at no other time, or one that comes just before the wait
 * would not end it.
 */
static ssize_t
read_octet(int fd, char *octet, const sigset_t *waiting)
{
	struct pollfd ready = { .fd = fd, .events = POLLIN };

	while (!cli_interrupted()) {
		if (ppoll(&ready, 1, NULL, waiting) > 0)
			return read(fd, octet, 1);
		if (errno != EINTR)
			return -1;
	}
	errno = EINTR;
	return -1;
}

/*
 * Reads one line from a descriptor octet by octet, so that the rest stays for
 * others, without its line end.
 */
static int
read_line(struct call *call, int fd, const char *from, struct secret *secret)
{
	char line[READ_MOST + 2];
	sigset_t stops, before;
	size_t len = 0;
	ssize_t got = 0;
	int rc;

	sigemptyset(&stops);
	sigaddset(&stops, SIGINT);
	sigaddset(&stops, SIGTERM);
	sigaddset(&stops, SIGHUP);
	sigprocmask(SIG_BLOCK, &stops, &before);
	while (len < sizeof(line) - 1) {
		got = read_octet(fd, &line[len], &before);
		if (got <= 0 || line[len] == '\n')
			break;
		len++;
	}
	sigprocmask(SIG_SETMASK, &before, NULL);
	if (got < 0 && errno == EINTR)
		rc = call_fail(call, MAILDB_EINTR, NULL, NULL, NULL,
		    "interrupted");
	else if (got < 0)
		rc = call_fail(call, MAILDB_EIO, NULL, NULL, NULL,
		    "%s cannot be read: %s", from, strerror(errno));
	else if (got == 1 && line[len] != '\n')
		rc = unusable(call, from, "is too long");
	else {
		if (len > 0 && line[len - 1] == '\r')
			len--;
		line[len] = '\0';
		if (strlen(line) != len)
			rc = unusable(call, from, "holds a NUL octet");
		else if (len == 0)
			rc = unusable(call, from, "is empty");
		else if ((rc = hold(secret, strdup(line))) < 0)
			rc = call_fail(call, rc, NULL, NULL, NULL, "%s",
			    maildb_error_meaning(rc));
	}
	explicit_bzero(line, sizeof(line));
	return rc;
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

/* A ready hash from an option or a file. */
static int
read_hash(struct call *call, const char *hash, const char *path)
{
	struct secret secret = { NULL };
	const char *why = NULL;
	unsigned flags = 0;
	int rc;

	if (path != NULL) {
		if ((rc = read_file(call, path, &secret)) < 0)
			return rc;
		hash = secret.text;
	}
	if (call_option(call, "allow-weak-hash") != NULL)
		flags |= MAILDB_HASH_WEAK;
	if (call_option(call, "allow-unknown-hash") != NULL)
		flags |= MAILDB_HASH_ANY;
	rc = maildb_hash_parse(hash, flags, &call->hash, &why);
	if (rc < 0)
		call_fail(call, rc, "hash", NULL, NULL,
		    "the hash cannot be used: %s",
		    why != NULL ? why : maildb_error_meaning(rc));
	secret_drop(&secret);
	return rc < 0 ? rc : 0;
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
	int rc;

	rc = maildb_password_hash(scheme != NULL ? scheme : "yescrypt",
	    cost != NULL ? strtoul(cost, NULL, 10) : 0, password, &call->hash);
	if (rc < 0)
		call_fail(call, rc, "password", NULL, NULL, "%s",
		    rc == MAILDB_EPASSWORD ? "the password is empty or too long"
		    : maildb_error_meaning(rc));
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
	if (hash != NULL || path != NULL) {
		rc = read_hash(call, hash, path);
		call->keep = rc == 0 && old != NULL &&
		    strcmp(call->hash, old) == 0;
		return rc;
	}
	if (call_option(call, "generate") != NULL) {
		char *made;

		if ((rc = maildb_password_generate(&made)) < 0 ||
		    (rc = hold(&secret, made)) < 0)
			return call_fail(call, rc, NULL, NULL, NULL,
			    "no password can be made");
		if ((call->generated = strdup(secret.text)) == NULL)
			rc = MAILDB_ENOMEM;
	} else {
		rc = secret_read(call, true, &secret);
		if (rc == 0)
			warn_weak(call, secret.text, address);
	}
	/* A hash of a kind that cannot be checked here counts as another. */
	if (rc == 0 && old != NULL &&
	    maildb_password_verify(old, secret.text) == 1)
		call->keep = true;
	else if (rc == 0)
		rc = hash_password(call, secret.text);
	secret_drop(&secret);
	return rc < 0 ? rc : 0;
}
