/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * alias.c - aliases, forwards, wildcard addresses and catch-alls
 */
#include <stdlib.h>
#include <string.h>

#include "cmd/commands.h"
#include "line/memory.h"

/* "ID<TAB>SOURCE<TAB>DESTINATION", as the first mailcfg printed aliases. */
static void
plain_alias(FILE *to, const struct column *columns, const struct value *row,
    size_t count)
{
	char scratch[40];

	fprintf(to, "%s\t", cell(columns, row, count, "id", scratch));
	text_escape(to, cell(columns, row, count, "source", scratch));
	fputc('\t', to);
	text_escape(to, cell(columns, row, count, "destination", scratch));
	fputc('\n', to);
}

const struct listing list_aliases = {
	.name = "aliases",
	.brief = "source destination enabled id note",
	.plain = plain_alias,
};

static const struct listing list_catchalls = {
	.name = "catchalls",
	.brief = "source destination enabled id note",
	.plain = plain_alias,
};

int
say_added(struct call *call, const char *noun, const char *between,
    const bool *added)
{
	struct memory memory;
	FILE *to = memory_open(&memory);
	size_t i, count = 0;
	char *line;
	int rc;

	if (to == NULL)
		return MAILDB_ENOMEM;
	for (i = 0; i < call->nrest; i++)
		if (added[i])
			fprintf(to, "%s%s", count++ > 0 ? ", " : "",
			    call->rest[i]);
	if ((line = memory_close(&memory)) == NULL)
		return MAILDB_ENOMEM;
	rc = call_changed(call, count > 0, "added %s %s %s %s", noun,
	    call->arg[0], between, line);
	free(line);
	return rc;
}

/* Whether the address of a call is a user's whose mail does not go on yet, and
 * no target of the call is the address itself: 1, 0 or an error. */
static int
takes_mail_away(struct call *call)
{
	struct maildb_cursor *cursor;
	size_t i;
	int rc;

	for (i = 0; i < call->nrest; i++)
		if (strcmp(call->rest[i], call->arg[0]) == 0)
			return 0;
	if (strchr("@*", *call->arg[0]) != NULL ||
	    (rc = maildb_user_exists(call->db, call->arg[0])) == MAILDB_EADDRESS)
		return 0;
	if (rc <= 0)
		return rc;
	rc = maildb_alias_get(call->db, call->arg[0], &cursor);
	if (rc >= 0)
		maildb_cursor_free(cursor);
	return rc == MAILDB_EALIAS ? 1 : rc < 0 ? rc : 0;
}

/* Adds the targets of a call to its address, then sets its fields. */
static int
add(struct call *call, const char *noun)
{
	const char *may_send = call_option(call, "may-send");
	int grant = may_send == NULL ? -1 : strcmp(may_send, "yes") == 0;
	bool *added = calloc(call->nrest, sizeof(*added));
	size_t i;
	int rc = takes_mail_away(call), changed = 0, away = rc > 0;

	if (added == NULL)
		return MAILDB_ENOMEM;
	for (i = 0; rc >= 0 && i < call->nrest; i++) {
		/* First as it is by default: 1 then means that it is new. */
		rc = maildb_alias_add(call->db, call->arg[0], call->rest[i],
		    -1, call->flags);
		added[i] = rc == 1;
		if (rc >= 0 && grant >= 0)
			rc = maildb_alias_add(call->db, call->arg[0],
			    call->rest[i], grant, call->flags);
		changed |= rc == 1;
	}
	if (rc >= 0 && call->nattrs > 0)
		rc = maildb_alias_set(call->db, call->arg[0], call->attrs,
		    call->nattrs);
	changed |= rc == 1;
	if (rc >= 0 && away)
		call_warn(call, "user_forwards",
		    "its mailbox gets nothing any more, as its mail goes on",
		    "to keep a copy, add the address as a target as well");
	if (rc >= 0)
		rc = say_added(call, noun, "->", added);
	free(added);
	return rc != 0 ? rc : call_changed(call, changed, "changed %s %s",
	    noun, call->arg[0]);
}

int
cmd_addalias(struct call *call)
{
	return add(call, "alias");
}

int
cmd_addcatchall(struct call *call)
{
	return add(call, "catch-all");
}

int
cmd_setalias(struct call *call)
{
	return call_changed(call, maildb_alias_set(call->db, call->arg[0],
	    call->attrs, call->nattrs), "changed alias %s", call->arg[0]);
}

int
cmd_rmalias(struct call *call)
{
	const char *id = call_option(call, "id");

	if (id != NULL && call->arg[0] != NULL)
		return call_fail(call, CLI_EUSAGE, NULL, NULL, NULL,
		    "-id goes without an address");
	if (id != NULL)
		return call_changed(call, maildb_alias_remove_id(call->db,
		    strtoll(id, NULL, 10), call->flags),
		    "deleted alias with id %s", id);
	return call_changed(call, maildb_alias_remove(call->db, call->arg[0],
	    call->arg[1], call->flags), call->arg[1] != NULL ?
	    "deleted alias %s -> %s" : "deleted alias %s", call->arg[0],
	    call->arg[1]);
}

int
cmd_rmcatchall(struct call *call)
{
	return call_changed(call, maildb_alias_remove(call->db, call->arg[0],
	    call->arg[1], call->flags), call->arg[1] != NULL ?
	    "deleted catch-all %s -> %s" : "deleted catch-all %s",
	    call->arg[0], call->arg[1]);
}

int
cmd_lsalias(struct call *call)
{
	struct maildb_cursor *cursor;

	return list_found(call, maildb_alias_list(call->db, call->arg[0],
	    &cursor), &list_aliases, &cursor);
}

static bool
is_catchall(void *arg, const struct maildb_cursor *cursor)
{
	const char *source = maildb_cursor_text(cursor, *(size_t *)arg);

	return source != NULL && source[0] == '@';
}

int
cmd_lscatchall(struct call *call)
{
	struct maildb_cursor *cursor;
	size_t source;
	int rc;

	rc = maildb_alias_list(call->db, call->arg[0], &cursor);
	if (rc < 0)
		return rc;
	source = (size_t)maildb_cursor_find(cursor, "source");
	return out_cursor(call, &list_catchalls, cursor, is_catchall, &source);
}
