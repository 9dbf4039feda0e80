/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * state.c - desired state: apply, plan, export
 *
 * Documents are read and staged before the transaction, so the database is
 * locked only while they are compared and what differs is written.
 */
#include <stdlib.h>
#include <string.h>

#include "cmd/commands.h"
#include "read/record.h"

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
