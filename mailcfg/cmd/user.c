/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * user.c - users, their passwords and quotas
 *
 * A password is read and hashed before the transaction: both take long.
 */
#include <sys/wait.h>
#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cmd/commands.h"

/* "ADDRESS", and " (DISABLED)", as the first mailcfg printed users. */
static void
plain_user(FILE *to, const struct column *columns, const struct value *row,
    size_t count)
{
	char scratch[40];

	text_escape(to, cell(columns, row, count, "address", scratch));
	fputs(strcmp(cell(columns, row, count, "active", scratch), "no") == 0 ?
	    " (DISABLED)\n" : "\n", to);
}

const struct listing list_users = {
	.name = "users",
	.brief = "address active quota name scheme note",
	.plain = plain_user,
};

/* Whether a user exists, and the hash that is stored. */
static int
find_user(struct call *call, char **old)
{
	int rc = maildb_user_exists(call->db, call->arg[0]);

	if (rc <= 0)
		return rc;
	rc = maildb_user_password(call->db, call->arg[0], old);
	return rc == MAILDB_EUSER ? 0 : rc < 0 ? rc : 1;
}

/* An existing user's password is left alone, unless --update asks for one. */
int
prepare_adduser(struct call *call)
{
	static const char *const ways[] = { "password-file", "password-fd",
		"password-env", "hash", "hash-file", "generate",
		"no-password" };
	bool given = call->password.text != NULL;
	char *old = NULL;
	size_t i;
	int rc, domain = 1;

	if ((rc = find_user(call, &old)) < 0)
		return rc;
	/* Before anybody is asked for a password in vain. */
	if (rc == 0 && !(call->flags & MAILDB_CREATE_DOMAIN))
		domain = domain_exists(call, strchr(call->arg[0], '@') + 1);
	if (domain <= 0)
		return domain < 0 ? domain : MAILDB_EDOMAIN;
	for (i = 0; i < COUNT(ways); i++)
		given = given || call_option(call, ways[i]) != NULL;
	if (rc == 1 && (!(call->flags & MAILDB_UPDATE) || !given))
		call->keep = true;
	else
		rc = secret_hash(call, call->arg[0], old);
	maildb_secret_free(old);
	return rc < 0 ? rc : 0;
}

int
cmd_adduser(struct call *call)
{
	char *old = NULL;
	int found = 0, rc;

	if (call->flags & MAILDB_UPDATE &&
	    (found = find_user(call, &old)) < 0)
		return found;
	maildb_secret_free(old);
	rc = maildb_user_add(call->db, call->arg[0], call->hash, call->attrs,
	    call->nattrs, call->flags);
	return call_changed(call, rc, found ? "changed user %s" :
	    "added user %s", call->arg[0]);
}

int
cmd_setuser(struct call *call)
{
	return call_changed(call, maildb_user_set(call->db, call->arg[0],
	    call->attrs, call->nattrs), "changed user %s", call->arg[0]);
}

int
cmd_rmuser(struct call *call)
{
	return call_changed(call, maildb_user_remove(call->db, call->arg[0],
	    call->flags), "deleted user %s", call->arg[0]);
}

int
cmd_renuser(struct call *call)
{
	return call_changed(call, maildb_user_rename(call->db, call->arg[0],
	    call->arg[1], call->flags), "renamed user %s to %s", call->arg[0],
	    call->arg[1]);
}

int
cmd_lsuser(struct call *call)
{
	struct maildb_cursor *cursor;

	return list_found(call, maildb_user_list(call->db, call->arg[0],
	    &cursor), &list_users, &cursor);
}

/* ---- passwords ------------------------------------------------------ */

int
prepare_passwd(struct call *call)
{
	char *old = NULL;
	int rc = maildb_user_password(call->db, call->arg[0], &old);

	if (rc >= 0)
		rc = secret_hash(call, call->arg[0], old);
	maildb_secret_free(old);
	return rc < 0 ? rc : 0;
}

int
cmd_passwd(struct call *call)
{
	if (call->keep)
		return 0;
	return call_changed(call, maildb_user_set_password(call->db,
	    call->arg[0], call->hash), "password updated %s", call->arg[0]);
}

/* Whether the password that is typed, or comes from a file, fits. */
int
cmd_verify(struct call *call)
{
	struct secret secret = { NULL };
	int rc;

	if ((rc = secret_read(call, false, &secret)) < 0)
		return rc;
	rc = maildb_user_verify(call->db, call->arg[0], secret.text);
	secret_drop(&secret);
	return rc > 0 ? 0 : rc < 0 ? rc : call_fail(call, MAILDB_EMISMATCH,
	    NULL, NULL, NULL, "%s cannot log in with this password",
	    call->arg[0]);
}

/* Hashes a password without any database. */
int
cmd_hash(struct call *call)
{
	const char *cost = call_option(call, "cost");
	struct secret secret = { NULL };
	const char *why;
	int rc;

	if ((rc = secret_read(call, true, &secret)) < 0)
		return rc;
	why = maildb_password_fault(secret.text);
	rc = maildb_password_hash(call_option(call, "scheme"),
	    cost != NULL ? strtoul(cost, NULL, 10) : 0, secret.text,
	    &call->hash);
	secret_drop(&secret);
	if (rc == MAILDB_EVALUE)
		return call_fail(call, rc, "cost", cost, "yescrypt 5 to 8, "
		    "bcrypt 10 to 14, sha512 100000 to 1000000",
		    "no hash can have this cost");
	if (rc < 0)
		return call_fail(call, rc, "password", NULL, NULL,
		    "the password: %s", why != NULL ? why : "it is too long");
	out_fact(call, "hash", call->hash);
	return 0;
}

/* ---- switches ------------------------------------------------------- */

static int
enable(struct call *call, bool on)
{
	const struct maildb_attr attr = { "enabled", on ? "yes" : "no" };
	unsigned kinds;
	int rc;

	if ((rc = maildb_kinds(call->db, call->arg[0], &kinds)) < 0)
		return rc;
	if (kinds & 1u << MAILDB_KIND_RECIPIENT) {
		call->keep = true; /* nobody logs in with it */
		return call_changed(call, maildb_recipient_set(call->db,
		    call->arg[0], &attr, 1), on ? "enabled recipient %s" :
		    "disabled recipient %s", call->arg[0]);
	}
	return call_changed(call, maildb_user_enable(call->db, call->arg[0],
	    on), on ? "enabled user %s" : "disabled user %s", call->arg[0]);
}

int
cmd_enable(struct call *call)
{
	return enable(call, true);
}

int
cmd_disable(struct call *call)
{
	return enable(call, false);
}

/* Puts the addresses of a call behind the words of a command, for doveadm: the
 * logins it is about, or none for all. */
static void
add_logins(const struct call *call, const char **words, size_t n)
{
	size_t i;

	for (i = 0; i < COUNT(call->command->args); i++)
		if (call->command->args[i].type == TYPE_ADDRESS &&
		    call->arg[i] != NULL)
			words[n++] = call->arg[i];
	words[n] = NULL;
}

/* Runs doveadm to make Dovecot forget logins. */
static int
flush(const char **words)
{
	int status;
	pid_t pid = fork();

	if (pid == 0) {
		signal(SIGPIPE, SIG_DFL);
		if (dup2(STDERR_FILENO, STDOUT_FILENO) >= 0)
			execvp(words[0], (char *const *)words);
		_exit(127);
	}
	while (pid > 0 && waitpid(pid, &status, 0) < 0) {
		if (errno != EINTR)
			return -1;
		if (cli_interrupted())
			kill(pid, SIGTERM);
	}
	return pid > 0 && status == 0 ? 0 : -1;
}

/* Whether a change may leave a login open that is closed now: of fields, only
 * some do. */
static bool
may_close(const struct call *call)
{
	static const char *const fields[] = { "enabled", "send", "imap",
		"pop3", "sieve", "valid_from", "valid_until" };
	size_t i, j;

	if (!(call->command->flags & CMD_FIELDS))
		return true;
	for (i = 0; i < call->nattrs; i++)
		for (j = 0; j < COUNT(fields); j++)
			if (strcmp(call->attrs[i].name, fields[j]) == 0)
				return true;
	return false;
}

/* Flushes what Dovecot remembers when --flush asks for it: true if it did. */
static bool
flushed(struct call *call, const char **words)
{
	if (call_option(call, "flush") == NULL)
		return false;
	if (flush(words) < 0)
		call_warn(call, "not_flushed",
		    "doveadm could not flush Dovecot's cache of logins", NULL);
	return true;
}

#define FLUSH_WORDS { "doveadm", "auth", "cache", "flush" }
enum { NFLUSH_WORDS = 4 };

/* After a change that makes or mends a login. */
void
after_login(struct call *call)
{
	const char *words[NFLUSH_WORDS + COMMAND_ARGS + 1] = FLUSH_WORDS;

	add_logins(call, words, NFLUSH_WORDS);
	if (!call->keep)
		flushed(call, words);
}

/* After a change that may end a login, or its password: Dovecot may remember
 * it, so --flush or a hint says how to end that. */
void
after_logout(struct call *call)
{
	const char *words[NFLUSH_WORDS + COMMAND_ARGS + 1] = FLUSH_WORDS;
	size_t i;

	add_logins(call, words, NFLUSH_WORDS);
	if (call->keep || flushed(call, words) || call->config.quiet ||
	    call->config.format >= FORMAT_JSON || !may_close(call))
		return;
	fputs("hint: if Dovecot caches logins:", stderr);
	for (i = 0; words[i] != NULL; i++)
		fprintf(stderr, " %s", words[i]);
	fputc('\n', stderr);
}

/* ---- quotas --------------------------------------------------------- */

/* Sets the quota of a user, or what a domain's users have without their own. */
int
cmd_setquota(struct call *call)
{
	const char *messages = call_option(call, "messages");
	const struct maildb_attr attrs[] = {
		{ "quota", call->arg[1] }, { "messages", messages },
	};
	size_t count = messages != NULL ? 2 : 1;
	int rc = strchr(call->arg[0], '@') != NULL ?
	    maildb_user_set(call->db, call->arg[0], attrs, count) :
	    maildb_domain_set(call->db, call->arg[0], attrs, count);

	return call_changed(call, rc, "changed quota of %s to %s",
	    call->arg[0], call->arg[1]);
}

int
cmd_lsquota(struct call *call)
{
	static const struct listing listing = { .name = "quotas" };
	struct maildb_cursor *cursor;

	return list_found(call, maildb_quota_list(call->db, call->arg[0],
	    &cursor), &listing, &cursor);
}
