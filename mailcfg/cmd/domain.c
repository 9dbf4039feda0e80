/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * domain.c - domains, alias domains, recipients of relay domains
 */
#include <string.h>

#include "cmd/commands.h"
#include "setup/setup.h"

/* "NAME (id N)", as the first mailcfg printed domains. */
static void
plain_domain(FILE *to, const struct column *columns, const struct value *row,
    size_t count)
{
	char scratch[40];

	text_escape(to, cell(columns, row, count, "name", scratch));
	fprintf(to, " (id %s)\n", cell(columns, row, count, "id", scratch));
}

const struct listing list_domains = {
	.name = "domains",
	.brief = "name enabled class target quota max_users note",
	.plain = plain_domain,
};

/* "NAME<TAB>TARGET" */
static void
plain_alias_domain(FILE *to, const struct column *columns,
    const struct value *row, size_t count)
{
	char scratch[40];

	text_escape(to, cell(columns, row, count, "name", scratch));
	fputc('\t', to);
	text_escape(to, cell(columns, row, count, "target", scratch));
	fputc('\n', to);
}

static const struct listing list_alias_domains = {
	.name = "domains",
	.brief = "name target enabled note",
	.plain = plain_alias_domain,
};

static void
plain_recipient(FILE *to, const struct column *columns,
    const struct value *row, size_t count)
{
	char scratch[40];

	text_escape(to, cell(columns, row, count, "address", scratch));
	fputc('\n', to);
}

const struct listing list_recipients = {
	.name = "recipients",
	.brief = "address enabled note",
	.plain = plain_recipient,
};

/* Whether a domain exists: 1, 0 or an error. */
int
domain_exists(struct call *call, const char *name)
{
	struct maildb_cursor *cursor;
	int rc = maildb_domain_get(call->db, name, &cursor);

	if (rc >= 0)
		maildb_cursor_free(cursor);
	return rc == MAILDB_EDOMAIN ? 0 : rc < 0 ? rc : 1;
}

int
cmd_adddom(struct call *call)
{
	int old = call->flags & MAILDB_UPDATE ?
	    domain_exists(call, call->arg[0]) : 0;

	if (old < 0)
		return old;
	setup_warn_domain(call, call->arg[0]);
	return call_changed(call, maildb_domain_add(call->db, call->arg[0],
	    call->attrs, call->nattrs, call->flags),
	    old ? "changed domain %s" : "added domain %s", call->arg[0]);
}

int
cmd_setdom(struct call *call)
{
	return call_changed(call, maildb_domain_set(call->db, call->arg[0],
	    call->attrs, call->nattrs), "changed domain %s", call->arg[0]);
}

/* Counts the rows of a cursor that differ from the one before in a column, and
 * frees it: 0, or an error, rc included. */
static int
count_rows(int rc, struct maildb_cursor *cursor, const char *column,
    unsigned long *count)
{
	char last[MAILDB_ADDRESS_MAX + 1] = "";
	int at;

	*count = 0;
	if (rc < 0)
		return rc;
	at = maildb_cursor_find(cursor, column);
	while ((rc = maildb_cursor_next(cursor)) == 1) {
		*count += strcmp(maildb_cursor_text(cursor, (size_t)at), last)
		    != 0;
		snprintf(last, sizeof(last), "%s",
		    maildb_cursor_text(cursor, (size_t)at));
	}
	maildb_cursor_free(cursor);
	return rc;
}

/* Asks before a domain goes with all that is in it: 1 to go on, 0, or an
 * error. */
static int
confirm_removal(struct call *call)
{
	unsigned long users, aliases;
	struct maildb_cursor *cursor;
	int rc;

	rc = maildb_user_list(call->db, call->arg[0], &cursor);
	if ((rc = count_rows(rc, cursor, "address", &users)) >= 0) {
		rc = maildb_alias_list(call->db, call->arg[0], &cursor);
		rc = count_rows(rc, cursor, "source", &aliases);
	}
	if (rc < 0)
		return rc == MAILDB_EDOMAIN ? 1 : rc; /* nothing to remove */
	return call_confirm(call, "Remove domain %s with its %lu %s and %lu "
	    "%s?", call->arg[0], users, users == 1 ? "user" : "users",
	    aliases, aliases == 1 ? "alias" : "aliases");
}

int
cmd_rmdom(struct call *call)
{
	int rc = call->flags & MAILDB_RECURSIVE ? confirm_removal(call) : 1;

	if (rc <= 0)
		return rc < 0 ? rc : call_fail(call, MAILDB_EREFUSED, NULL,
		    NULL, NULL, "nothing was removed");
	return call_changed(call, maildb_domain_remove(call->db, call->arg[0],
	    call->flags), "deleted domain %s", call->arg[0]);
}

int
cmd_rendom(struct call *call)
{
	setup_warn_domain(call, call->arg[1]);
	return call_changed(call, maildb_domain_rename(call->db, call->arg[0],
	    call->arg[1]), "renamed domain %s to %s", call->arg[0],
	    call->arg[1]);
}

int
cmd_lsdom(struct call *call)
{
	struct maildb_cursor *cursor;

	return list_found(call, maildb_domain_list(call->db,
	    call_option(call, "class"), &cursor), &list_domains, &cursor);
}

int
cmd_adddomalias(struct call *call)
{
	const struct maildb_attr attrs[] = {
		{ "class", "alias" }, { "target", call->arg[1] },
	};

	setup_warn_domain(call, call->arg[0]);
	return call_changed(call, maildb_domain_add(call->db, call->arg[0],
	    attrs, COUNT(attrs), call->flags), "added domain %s for %s",
	    call->arg[0], call->arg[1]);
}

int
cmd_rmdomalias(struct call *call)
{
	struct maildb_cursor *cursor;
	char class[16] = "";
	int rc, at;

	if ((rc = maildb_domain_get(call->db, call->arg[0], &cursor)) < 0)
		return rc == MAILDB_EDOMAIN ? 0 : rc;
	if ((rc = maildb_cursor_next(cursor)) == 1 &&
	    (at = maildb_cursor_find(cursor, "class")) >= 0)
		snprintf(class, sizeof(class), "%s",
		    maildb_cursor_text(cursor, (size_t)at));
	maildb_cursor_free(cursor);
	if (rc < 0)
		return rc;
	if (strcmp(class, "alias") != 0)
		return call_fail(call, MAILDB_EREFUSED, "domain",
		    call->arg[0], "use: " PROGRAM " rmdom",
		    "domain %s is no alias domain", call->arg[0]);
	return cmd_rmdom(call);
}

int
cmd_lsdomalias(struct call *call)
{
	struct maildb_cursor *cursor;

	return list_found(call, maildb_domain_list(call->db, "alias",
	    &cursor), &list_alias_domains, &cursor);
}

int
cmd_addrecipient(struct call *call)
{
	int added = maildb_recipient_add(call->db, call->arg[0]), set = 0;

	if (added >= 0 && call->nattrs > 0)
		set = maildb_recipient_set(call->db, call->arg[0],
		    call->attrs, call->nattrs);
	return call_changed(call, added < 0 ? added : set < 0 ? set :
	    added | set, added > 0 ? "added recipient %s" :
	    "changed recipient %s", call->arg[0]);
}

int
cmd_setrecipient(struct call *call)
{
	return call_changed(call, maildb_recipient_set(call->db,
	    call->arg[0], call->attrs, call->nattrs), "changed recipient %s",
	    call->arg[0]);
}

int
cmd_rmrecipient(struct call *call)
{
	return call_changed(call, maildb_recipient_remove(call->db,
	    call->arg[0], call->flags), "deleted recipient %s", call->arg[0]);
}

int
cmd_lsrecipient(struct call *call)
{
	struct maildb_cursor *cursor;

	return list_found(call, maildb_recipient_list(call->db, call->arg[0],
	    &cursor), &list_recipients, &cursor);
}
