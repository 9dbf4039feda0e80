/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * chpasswd.c - passwords from lines on standard input
 *
 * An administrator sets those of any users, all or none.  With --verify-old a
 * user changes one, and has to know the old one.  Every line is a secret, also
 * one that was meant to be something else: errors tell its number only.
 */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cmd/commands.h"
#include "line/memory.h"

/* What one line asks for. */
struct change {
	char *address;
	char *hash; /* NULL: it is so already */
};

struct changes {
	struct call *call;
	struct change *list;
	size_t count; /* of the lines read so far */
};

/* Puts a line's number before the reason why the call fails. */
static int
fail_line(struct call *call, size_t line, int rc)
{
	char *message, *reason;

	fault_from(&call->fault, rc, call->db);
	reason = call->fault.message;
	if (reason != NULL &&
	    asprintf(&message, "line %zu: %s", line, reason) >= 0) {
		call->fault.message = message;
		free(reason);
	}
	return rc;
}

/* Refuses a line for what it lacks. */
static int
fail_form(struct call *call, const char *why)
{
	return call_fail(call, MAILDB_EVALUE, NULL, NULL, NULL, "%s", why);
}

/* ---- lines of an administrator -------------------------------------- */

/* Adds a change with what the call found out about the password, unless an
 * earlier line was about the same user. */
static int
add(struct changes *changes, const char *address)
{
	struct call *call = changes->call;
	struct change *list;
	size_t i;

	for (i = 0; i < changes->count; i++)
		if (strcmp(changes->list[i].address, address) == 0)
			return call_fail(call, MAILDB_EVALUE, NULL, NULL, NULL,
			    "%s is in line %zu already", address, i + 1);
	list = realloc(changes->list, (i + 1) * sizeof(*list));
	if (list == NULL)
		return MAILDB_ENOMEM;
	changes->list = list;
	list[i].address = strdup(address);
	if (list[i].address == NULL)
		return MAILDB_ENOMEM;
	list[i].hash = call->keep ? NULL : call->hash;
	if (!call->keep)
		call->hash = NULL;
	maildb_secret_free(call->hash);
	call->hash = NULL;
	changes->count++;
	return 0;
}

/* Reads "ADDRESS:PASSWORD", or a hash in the password's place. */
static int
read_change(struct changes *changes, const char *line)
{
	struct call *call = changes->call;
	const char *colon = strchr(line, ':');
	struct maildb_address address;
	char *old = NULL;
	int rc;

	if (colon == NULL)
		return fail_form(call, "there is no colon");
	if (maildb_address_parse(line, (size_t)(colon - line), 0, &address) !=
	    MAILDB_REASON_NONE)
		return fail_form(call, "there is no address before the colon");
	if ((rc = maildb_user_password(call->db, address.text, &old)) < 0)
		return rc;
	rc = call_option(call, "encrypted") != NULL ?
	    secret_ready(call, colon + 1, old) :
	    secret_given(call, colon + 1, address.text, old);
	if (rc >= 0)
		rc = add(changes, address.text);
	maildb_secret_free(old);
	return rc;
}

/* Reads and hashes all lines; nothing is locked meanwhile. */
static int
read_changes(struct changes *changes)
{
	struct call *call = changes->call;
	struct secret line = { NULL };
	enum line_end found;
	int rc = 0;

	while (rc >= 0) {
		found = secret_line(STDIN_FILENO, 0, &line);
		if (found == LINE_END)
			return 0;
		rc = found == LINE_READ || found == LINE_LAST ?
		    read_change(changes, line.text) :
		    secret_no_line(call, found, "standard input");
		secret_drop(&line);
	}
	return fail_line(call, changes->count + 1, rc);
}

/* Stores what was read; the call's message names whose changed. */
static int
store_changes(struct changes *changes)
{
	struct call *call = changes->call;
	const char *between = "password updated ";
	struct memory memory;
	FILE *to = memory_open(&memory);
	char *names = NULL;
	size_t i;
	int rc = to != NULL ? 0 : MAILDB_ENOMEM;

	for (i = 0; rc >= 0 && i < changes->count; i++) {
		if (changes->list[i].hash == NULL)
			continue;
		rc = maildb_user_set_password(call->db,
		    changes->list[i].address, changes->list[i].hash);
		if (rc <= 0)
			continue;
		fprintf(to, "%s%s", between, changes->list[i].address);
		between = ", ";
	}
	if (to != NULL && (names = memory_close(&memory)) == NULL && rc >= 0)
		rc = MAILDB_ENOMEM;
	if (rc >= 0)
		rc = call_changed(call, names != NULL && *names != '\0', "%s",
		    names);
	free(names);
	return rc;
}

/* Carries out the lines of somebody who may do that. */
static int
change_all(struct call *call)
{
	struct changes changes = { .call = call };
	int rc = read_changes(&changes);

	if (rc >= 0)
		rc = store_changes(&changes);
	while (changes.count > 0) {
		changes.count--;
		free(changes.list[changes.count].address);
		maildb_secret_free(changes.list[changes.count].hash);
	}
	free(changes.list);
	return rc;
}

/* ---- the lines of a user -------------------------------------------- */

enum { NAME, OLD, FRESH, LINES };

/* Reads the three lines that there have to be, and no more. */
static int
read_own(struct call *call, struct secret lines[LINES])
{
	static const char *const missing[LINES] = {
		"the address is missing", "the old password is missing",
		"the new password is missing",
	};
	struct secret more = { NULL };
	enum line_end found;
	size_t i;

	for (i = 0; i < LINES; i++) {
		found = secret_line(STDIN_FILENO, 0, &lines[i]);
		if (found == LINE_END)
			return fail_line(call, i + 1, fail_form(call,
			    missing[i]));
		if (found != LINE_READ && found != LINE_LAST)
			return fail_line(call, i + 1, secret_no_line(call,
			    found, "standard input"));
	}
	found = secret_line(STDIN_FILENO, 0, &more);
	secret_drop(&more);
	return found == LINE_END ? 0 : fail_line(call, LINES + 1,
	    fail_form(call, "there is more than one user's three lines"));
}

/* Changes a password in the name of its owner, where the transaction holds
 * nothing but that. */
static int
change_as(struct call *call, const char *owner, const char *old,
    const char *fresh)
{
	bool alone = !call->cli->batch && maildb_depth(call->db) == 1;
	char who[sizeof("chpasswd:") + MAILDB_ADDRESS_MAX];
	int rc = 0;

	snprintf(who, sizeof(who), "chpasswd:%s", owner);
	if (alone && (rc = cli_act_as(call->cli, who, NULL)) < 0)
		return rc;
	rc = maildb_user_change_password(call->db, owner, old, fresh);
	if (rc < 0)
		fault_from(&call->fault, rc, call->db);
	if (alone)
		cli_act_as(call->cli, NULL, NULL);
	return call_changed(call, rc, "password updated %s", owner);
}

/* Changes the password of whoever knows the old one. */
static int
change_own(struct call *call)
{
	struct secret lines[LINES] = { { NULL } };
	struct maildb_address address = { 0 };
	size_t i;
	int rc;

	if (call_option(call, "encrypted") != NULL)
		return call_fail(call, CLI_EUSAGE, "encrypted", NULL, NULL,
		    "--encrypted does not go with --verify-old");
	if ((rc = read_own(call, lines)) >= 0) {
		/* What is no address is no user either, and told so. */
		(void)maildb_address_parse(lines[NAME].text,
		    strlen(lines[NAME].text), 0, &address);
		rc = change_as(call, address.text, lines[OLD].text,
		    lines[FRESH].text);
	}
	for (i = 0; i < LINES; i++)
		secret_drop(&lines[i]);
	return rc;
}

int
cmd_chpasswd(struct call *call)
{
	if (call->cli->file != NULL && strcmp(call->cli->file, "-") == 0)
		return call_fail(call, CLI_EUSAGE, NULL, NULL, NULL,
		    "standard input is the batch already");
	return call_option(call, "verify-old") != NULL ? change_own(call) :
	    change_all(call);
}
