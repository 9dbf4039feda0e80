/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * open.c - the database of a run: finding, opening and making it
 *
 * Owns who is written into the journal, where the library's notices go, and
 * the modes of a new SQLite database: readers are members of group maildb and
 * may write nothing.
 */
#include <sys/stat.h>
#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <limits.h>
#include <pwd.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "show/out.h"
#include "line/command.h"

#define READERS "maildb" /* group of those who may read */

/* Writes who runs this: the login name, and whom sudo let in. */
static void
actor(char *who, size_t size)
{
	const struct passwd *pw = getpwuid(getuid());
	const char *sudo = getenv("SUDO_USER");

	if (pw == NULL)
		snprintf(who, size, "uid %lu", (unsigned long)getuid());
	else if (getuid() == 0 && sudo != NULL && *sudo != '\0')
		snprintf(who, size, "%s (sudo %s)", pw->pw_name, sudo);
	else
		snprintf(who, size, "%s", pw->pw_name);
}

/* How they came: what MAILCFG_VIA says ("ansible"), a batch, a terminal. */
static const char *
way(const struct cli *cli)
{
	const char *via = getenv("MAILCFG_VIA"), *tty = NULL;
	int fd;

	if (via != NULL && *via != '\0')
		return via;
	if (cli->batch)
		return "batch";
	for (fd = STDIN_FILENO; fd <= STDERR_FILENO && tty == NULL; fd++)
		tty = ttyname(fd);
	return tty != NULL && strncmp(tty, "/dev/", 5) == 0 ? tty + 5 : tty;
}

/* What the library has to say goes where the present call's warnings go. */
static void
notice(void *arg, const char *code, const char *message, const char *hint)
{
	struct cli *cli = arg;

	if (cli->call != NULL)
		call_warn(cli->call, code, message, hint);
}

/* The path of an SQLite database, or NULL when the URL names another. */
static const char *
sqlite_path(const char *url)
{
	struct maildb_url_parts parts;

	return maildb_url_read(url, &parts) == 0 &&
	    strcmp(parts.backend, "sqlite") == 0 ? parts.target : NULL;
}

/* Says which part of the path is in the way when a database cannot be opened;
 * returns rc. */
static int
explain(struct call *call, int rc)
{
	const char *path = sqlite_path(call->cli->config.db);
	const struct maildb_fault *fault = maildb_fault(call->cli->db);
	char *hint;

	if ((rc != MAILDB_EDENIED && rc != MAILDB_EMISSING) || path == NULL ||
	    fault->message == NULL)
		return rc;
	hint = denied_hint(path, call->command->flags & CMD_WRITE, true);
	if (hint != NULL)
		call_fail(call, rc, fault->field, fault->value, hint, "%s",
		    fault->message);
	free(hint);
	return rc;
}

/* Makes the directory of a file, for the group of readers. */
static void
make_directory(const char *path, gid_t readers)
{
	const char *slash = strrchr(path, '/');
	char *directory;

	if (slash == NULL || slash == path ||
	    (directory = strndup(path, (size_t)(slash - path))) == NULL)
		return;
	/* A failure shows when the database is opened. */
	if (mkdir(directory, 0750) == 0 && readers != (gid_t)-1 &&
	    chown(directory, (uid_t)-1, readers) == 0)
		(void)chmod(directory, 02750);
	free(directory);
}

/* Does something with each file of a database, the database itself last. */
static void
each_file(const char *path, void (*fn)(const char *file, gid_t readers),
    gid_t readers)
{
	static const char *const tails[] = { "-boot", "-shm", "-wal",
		"-journal", "" };
	char file[PATH_MAX];
	size_t i;

	for (i = 0; i < COUNT(tails); i++)
		if (snprintf(file, sizeof(file), "%s%s", path, tails[i]) <
		    (int)sizeof(file))
			fn(file, readers);
}

/* Hands a file of a new database to the group of readers. */
static void
hand_over(const char *file, gid_t readers)
{
	if (readers != (gid_t)-1 && lchown(file, (uid_t)-1, readers) == 0)
		(void)chmod(file, 0640);
}

static void
remove_file(const char *file, gid_t readers)
{
	(void)readers;
	(void)unlink(file);
}

/* Where the file of a path is, or will be: behind its symlinks, beside the files
 * that SQLite makes.  False when they have no end. */
static bool
resolve(const char *path, char real[PATH_MAX])
{
	char link[PATH_MAX], *slash;
	size_t kept;
	ssize_t len;
	int hops;

	if (snprintf(real, PATH_MAX, "%s", path) >= PATH_MAX)
		return false;
	for (hops = 0; hops < 40; hops++) {
		if ((len = readlink(real, link, sizeof(link))) < 0)
			return true;
		slash = link[0] != '/' ? strrchr(real, '/') : NULL;
		kept = slash != NULL ? (size_t)(slash + 1 - real) : 0;
		if (kept + (size_t)len >= PATH_MAX)
			return false;
		memcpy(real + kept, link, (size_t)len);
		real[kept + (size_t)len] = '\0';
	}
	return false;
}

/* Makes an empty file where there is none, so that it is known whose it is: 0,
 * or MAILDB_ENOMEM. */
static int
claim(struct cli *cli, const char *real)
{
	/* A failure shows when the database is opened. */
	int fd = open(real, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0640);

	if (fd < 0)
		return 0;
	close(fd);
	if ((cli->made = strdup(real)) != NULL)
		return 0;
	(void)unlink(real);
	return MAILDB_ENOMEM;
}

/* Writes changes down as this one's, who came that way; NULL is whoever runs
 * this, and the way that tells. */
int
cli_act_as(struct cli *cli, const char *who, const char *via)
{
	char login[128];

	actor(login, sizeof(login));
	return maildb_set_actor(cli->db, who != NULL ? who : login,
	    via != NULL ? via : way(cli));
}

/* Whether a command may write, or one after it on the same connection. */
static bool
may_write(const struct call *call)
{
	return call->command->flags & CMD_WRITE || call->cli->shell != NULL;
}

/* What the library has to know before it opens.  Whose change it is can take
 * a question over the network to find out; one who only reads is not asked. */
int
cli_introduce(struct call *call)
{
	struct cli *cli = call->cli;

	if (cli->config.db == NULL)
		return call_fail(call, MAILDB_EDENIED, NULL,
		    cli->config.unreadable, "--db URL, or ask its owner",
		    "%s cannot be read, which may name the database",
		    cli->config.unreadable);
	if (cli->config.db_secret)
		call_warn(call, "argv_password",
		    "a password in --db can be seen by others",
		    "service=NAME, or a password file of libpq");
	if (cli->config.timeout >= 0)
		maildb_set_timeout(cli->db, cli->config.timeout);
	maildb_on_notice(cli->db, notice, cli);
	return may_write(call) ? cli_act_as(cli, NULL, NULL) : 0;
}

/* Makes the database with its directory and modes: 1 if it is new. */
int
cli_create(struct call *call)
{
	struct cli *cli = call->cli;
	const char *path;
	char real[PATH_MAX];
	struct group *group;
	gid_t readers = (gid_t)-1;
	struct stat st;
	bool missing;
	int rc;

	if ((rc = cli_introduce(call)) < 0)
		return rc;
	path = sqlite_path(cli->config.db);
	missing = path != NULL && resolve(path, real) &&
	    (stat(real, &st) < 0 || st.st_size == 0);
	if (geteuid() == 0 && (group = getgrnam(READERS)) != NULL)
		readers = group->gr_gid;
	if (path != NULL && missing) {
		make_directory(real, readers);
		if ((rc = claim(cli, real)) < 0)
			return rc;
	}
	if ((rc = maildb_open(cli->db, cli->config.db,
	    path != NULL ? MAILDB_CREATE : MAILDB_ANYSCHEMA)) < 0)
		return explain(call, rc);
	if (path == NULL && maildb_schema_version(cli->db) == 0)
		missing = true;
	if (path == NULL && missing && (rc = maildb_upgrade(cli->db)) < 0)
		return rc;
	if (path != NULL && missing)
		each_file(real, hand_over, readers);
	cli->opened = true;
	return missing;
}

/* Opens the database once.  The default one is made by the first command that
 * writes; one that was named must exist, or it is a typing error. */
int
cli_open(struct call *call)
{
	struct cli *cli = call->cli;
	unsigned commands_flags = call->command->flags, flags = 0;
	char *message;
	int rc;

	if (cli->opened)
		return 0;
	if ((rc = cli_introduce(call)) < 0)
		return rc;
	if (!may_write(call))
		flags |= MAILDB_READONLY;
	if (commands_flags & CMD_ANY)
		flags |= MAILDB_ANYSCHEMA;
	rc = maildb_open(cli->db, cli->config.db, flags);
	if (rc == MAILDB_EDENIED && !(commands_flags & CMD_WRITE) &&
	    cli->shell != NULL)
		rc = maildb_open(cli->db, cli->config.db,
		    flags | MAILDB_READONLY);
	if (rc == MAILDB_EMISSING && commands_flags & CMD_WRITE &&
	    !cli->config.db_named && sqlite_path(cli->config.db) != NULL) {
		if (call->config.check) /* as it would be on a new one */
			return maildb_open(cli->db, "sqlite::memory:",
			    MAILDB_CREATE);
		rc = cli_create(call);
		if (rc >= 0 && asprintf(&message, "made the database %s",
		    maildb_url(cli->db)) >= 0) {
			call_warn(call, "db_created", message, NULL);
			free(message);
		}
	}
	cli->opened = rc >= 0;
	return rc < 0 ? explain(call, rc) : 0;
}

int
cli_discard(struct cli *cli, int rc)
{
	if (cli->made == NULL)
		return rc;
	/* Whoever holds its lock has found it and fills it. */
	if (rc < 0 && rc != MAILDB_ELOCKED && rc != MAILDB_EUNKNOWN &&
	    !cli->committed) {
		maildb_free(cli->db);
		cli->db = NULL;
		cli->opened = false;
		each_file(cli->made, remove_file, 0);
	}
	free(cli->made);
	cli->made = NULL;
	return rc;
}

/* Closes the database and what is not committed in it; the next command opens
 * it again. */
int
cli_close(struct cli *cli)
{
	struct maildb *fresh = maildb_new();

	if (fresh == NULL)
		return MAILDB_ENOMEM;
	signals_attend(fresh);
	maildb_free(cli->db);
	cli->db = fresh;
	cli->opened = false;
	return 0;
}
