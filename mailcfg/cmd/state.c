/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * state.c - desired state: apply, plan, export
 *
 * Documents are read and staged before the transaction, so the database is
 * locked only while they are compared and what differs is written.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cmd/commands.h"
#include "read/record.h"

#define HEAD 4096 /* what is looked at to tell the format */

/* What a file is written in, as --from names it. */
static const char *
guess(const char *path, const char *head, size_t len)
{
	const char *dot = strrchr(path, '.'), *at = head, *end;
	size_t word;

	if (dot != NULL && (strcmp(dot, ".yml") == 0 ||
	    strcmp(dot, ".yaml") == 0))
		return "yaml";
	if (len >= 3 && memcmp(at, "\xef\xbb\xbf", 3) == 0)
		at += 3;
	/* The first line that says something. */
	for (; at < head + len; at = end + 1) {
		end = memchr(at, '\n', (size_t)(head + len - at));
		if (end == NULL)
			end = head + len;
		while (at < end && strchr(" \t\r", *at) != NULL)
			at++;
		if (at < end && *at != '#')
			break;
	}
	if (at >= head + len || *at == '{' || *at == '[')
		return "json";
	for (word = 0; at + word < end &&
	    strchr(" \t\r\n", at[word]) == NULL; word++)
		;
	return strncmp(at, "---", 3) == 0 || strncmp(at, "- ", 2) == 0 ||
	    (word > 0 && at[word - 1] == ':') ? "yaml" : "texthash";
}

/* Reads the first octets of a file. */
static ssize_t
read_head(int fd, char head[HEAD])
{
	size_t len = 0;
	ssize_t got = 1;

	while (got > 0 && len < HEAD) {
		got = read(fd, head + len, HEAD - len);
		if (got < 0 && errno == EINTR && !cli_interrupted())
			got = 1;
		else if (got > 0)
			len += (size_t)got;
	}
	return got < 0 ? -1 : (ssize_t)len;
}

static int
unreadable(struct source *source)
{
	return call_fail(source->call, MAILDB_EIO, NULL, source->file, NULL,
	    "%s: %s", source->file, strerror(errno));
}

/* Stages a table of Postfix from its beginning. */
static int
take_texthash(struct source *source, int fd, const char *head, size_t len)
{
	FILE *file;
	int rc, pipes[2];

	/* A pipe cannot go back: what was read is read from memory. */
	if (lseek(fd, 0, SEEK_SET) == 0) {
		file = fdopen(dup(fd), "r");
	} else {
		if (len == HEAD || pipe(pipes) < 0 ||
		    write(pipes[1], head, len) != (ssize_t)len)
			return call_fail(source->call, MAILDB_EIO, NULL, NULL,
			    "give the file by its name", "%s: a table this "
			    "long is not read from a pipe", source->file);
		close(pipes[1]);
		file = fdopen(pipes[0], "r");
	}
	if (file == NULL)
		return unreadable(source);
	rc = read_texthash(source, file);
	fclose(file);
	return rc;
}

int
read_file(struct source *source, const char *path, const char *from)
{
	char head[HEAD];
	struct reader *reader;
	const char *form;
	ssize_t len;
	int fd, rc;

	source->file = strcmp(path, "-") == 0 ? "standard input" : path;
	fd = strcmp(path, "-") == 0 ? STDIN_FILENO :
	    open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
	if (fd < 0)
		return unreadable(source);
	out_progress_from(fd);
	if ((len = read_head(fd, head)) < 0) {
		rc = unreadable(source);
		goto out;
	}
	form = from != NULL && strcmp(from, "texthash") == 0 ? from :
	    guess(path, head, (size_t)len);
	if (strcmp(form, "texthash") == 0 && from != NULL &&
	    strcmp(from, form) != 0)
		form = "yaml";
	if (strcmp(form, "texthash") == 0) {
		rc = take_texthash(source, fd, head, (size_t)len);
		goto out;
	}
	reader = (strcmp(form, "yaml") == 0 ? reader_yaml : reader_json)(fd,
	    head, (size_t)len);
	rc = MAILDB_ENOMEM;
	if (reader != NULL) {
		rc = read_state(source, reader, from);
		reader->free(reader);
	}
out:
	explicit_bzero(head, sizeof(head));
	if (fd != STDIN_FILENO)
		close(fd);
	return rc;
}

/* Reads all files; the fault of one is the call's. */
int
prepare_apply(struct call *call)
{
	const char *from = call_option(call, "from");
	struct source source = { .call = call };
	size_t i;
	int rc;

	if (call_option(call, "update-passwords") != NULL)
		source.flags |= MAILDB_RECORD_REPLACE;
	if ((rc = maildb_stage_begin(call->db)) < 0)
		return rc;
	for (i = 0; i < call->nrest; i++)
		if ((rc = read_file(&source, call->rest[i], from)) < 0)
			return rc;
	return maildb_stage_end(call->db);
}

int
prepare_plan(struct call *call)
{
	call->config.check = true;
	call->config.diff = call->config.format == FORMAT_JSON ||
	    call->config.format == FORMAT_JSONL;
	return prepare_apply(call);
}

/* What --prune asks for. */
static int
prune_flags(struct call *call, unsigned *flags)
{
	static const struct {
		const char *name;
		unsigned flag;
	} kinds[] = {
		{ "aliases", MAILDB_PRUNE_ALIASES },
		{ "users", MAILDB_PRUNE_USERS },
		{ "domains", MAILDB_PRUNE_DOMAINS },
		{ "senders", MAILDB_PRUNE_SENDERS },
	};
	const char *at = call_option(call, "prune");
	size_t i, len;

	if (at == NULL)
		return 0;
	if (*at == '\0')
		*flags |= MAILDB_PRUNE_ALIASES | MAILDB_PRUNE_USERS |
		    MAILDB_PRUNE_SENDERS;
	for (; *at != '\0'; at += len + (at[len] == ',')) {
		len = strcspn(at, ",");
		for (i = 0; i < COUNT(kinds); i++)
			if (strncmp(kinds[i].name, at, len) == 0 &&
			    kinds[i].name[len] == '\0')
				break;
		if (i == COUNT(kinds))
			return call_fail(call, CLI_EUSAGE, "prune", at,
			    "aliases, users, domains, senders",
			    "--prune cannot remove '%.*s'", (int)len, at);
		*flags |= kinds[i].flag;
	}
	return 0;
}

/* "added 3 users, changed 1 alias" */
static int
tell(struct call *call, const struct maildb_counts *counts)
{
	static const struct {
		const char *one, *many;
	} nouns[MAILDB_KINDS] = {
		[MAILDB_KIND_DOMAIN] = { "domain", "domains" },
		[MAILDB_KIND_USER] = { "user", "users" },
		[MAILDB_KIND_ALIAS] = { "alias", "aliases" },
		[MAILDB_KIND_SETTING] = { "setting", "settings" },
		[MAILDB_KIND_RECIPIENT] = { "recipient", "recipients" },
		[MAILDB_KIND_SENDER] = { "sender grant", "sender grants" },
	};
	const struct {
		const char *verb;
		const int64_t *count;
	} verbs[] = {
		{ "added", counts->added }, { "changed", counts->changed },
		{ "removed", counts->removed },
	};
	char line[400] = "", verb[16];
	size_t v, k, len = 0;

	for (v = 0; v < COUNT(verbs); v++) {
		snprintf(verb, sizeof(verb), "%s ", verbs[v].verb);
		for (k = 0; k < MAILDB_KINDS; k++) {
			if (verbs[v].count[k] == 0)
				continue;
			len += (size_t)snprintf(line + len,
			    sizeof(line) - len, "%s%s%lld %s",
			    len > 0 ? ", " : "", verb,
			    (long long)verbs[v].count[k],
			    verbs[v].count[k] == 1 ? nouns[k].one :
			    nouns[k].many);
			verb[0] = '\0';
		}
	}
	return call_changed(call, 1, "%s", line);
}

int
cmd_apply(struct call *call)
{
	const char *domains[CALL_GIVEN];
	struct maildb_counts counts;
	unsigned flags = call->flags;
	size_t count = 0, i;
	int rc;

	if ((rc = prune_flags(call, &flags)) < 0)
		return rc;
	for (i = 0; i < call->ngiven; i++)
		if (strcmp(call->given[i].option->name, "domain") == 0)
			domains[count++] = call->given[i].value;
	if (call->config.yes)
		flags |= MAILDB_FORCE;
	out_progress_stage(call->cli, ", being compared and applied");
	rc = maildb_stage_apply(call->db, flags, domains, count, &counts);
	out_progress_clear();
	if (rc != 1)
		return rc;
	if (call->command->run == cmd_plan &&
	    (rc = out_plan(call)) < 0)
		return rc;
	return tell(call, &counts);
}

int
cmd_plan(struct call *call)
{
	return cmd_apply(call);
}

/* ---- export --------------------------------------------------------- */

int
cmd_export(struct call *call)
{
	const char *format = call->arg[0] != NULL ? call->arg[0] : "json";
	unsigned flags = 0;

	if (call_option(call, "secrets") != NULL)
		flags |= STATE_SECRETS;
	if (call_option(call, "full") != NULL)
		flags |= STATE_FULL;
	if (strcmp(format, "jsonl") == 0)
		flags |= STATE_LINES;
	if (strcmp(format, "sql") == 0)
		return write_sql(call, call_option(call, "for"));
	if (strncmp(format, "json", 4) == 0)
		return write_state(call, call_option(call, "domain"), flags);
	return write_foreign(call, format, call_option(call, "domain"), flags);
}
