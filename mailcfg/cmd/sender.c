/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * sender.c - sender grants, and who may send as an address
 */
#include <stdlib.h>

#include "cmd/commands.h"

/* "ADDRESS<TAB>LOGIN" */
static void
plain_sender(FILE *to, const struct column *columns, const struct value *row,
    size_t count)
{
	char scratch[40];

	text_escape(to, cell(columns, row, count, "address", scratch));
	fputc('\t', to);
	text_escape(to, cell(columns, row, count, "login", scratch));
	fputc('\n', to);
}

const struct listing list_senders = {
	.name = "senders",
	.brief = "address login",
	.plain = plain_sender,
};

int
cmd_addsender(struct call *call)
{
	bool *added = calloc(call->nrest, sizeof(*added));
	size_t i;
	int rc = 0;

	if (added == NULL)
		return MAILDB_ENOMEM;
	for (i = 0; rc >= 0 && i < call->nrest; i++) {
		rc = maildb_sender_add(call->db, call->arg[0], call->rest[i]);
		added[i] = rc == 1;
	}
	if (rc >= 0)
		rc = say_added(call, "sender", "for", added);
	free(added);
	return rc;
}

int
cmd_rmsender(struct call *call)
{
	size_t i;
	int rc = 0, changed = 0;

	if (call->nrest == 0)
		return call_changed(call, maildb_sender_remove(call->db,
		    call->arg[0], NULL), "deleted sender %s", call->arg[0]);
	for (i = 0; rc >= 0 && i < call->nrest; i++) {
		rc = maildb_sender_remove(call->db, call->arg[0],
		    call->rest[i]);
		changed |= rc == 1;
	}
	return rc < 0 ? rc : call_changed(call, changed,
	    call->nrest == 1 ? "deleted sender %s for %s" :
	    "deleted sender %s for %s and others", call->arg[0],
	    call->rest[0]);
}

int
cmd_lssender(struct call *call)
{
	struct maildb_cursor *cursor;

	return list_found(call, maildb_sender_list(call->db, call->arg[0],
	    &cursor), &list_senders, &cursor);
}

/* "may also send: LOGIN" */
static void
plain_other(FILE *to, const struct column *columns, const struct value *row,
    size_t count)
{
	char scratch[40];

	fputs("may also send: ", to);
	text_escape(to, cell(columns, row, count, "login", scratch));
	fputc('\n', to);
}

const struct listing list_others = {
	.name = "other_senders", .plain = plain_other, .drawn = true,
};

/* "may send: LOGIN" */
static void
plain_login(FILE *to, const struct column *columns, const struct value *row,
    size_t count)
{
	char scratch[40];

	fputs("may send: ", to);
	text_escape(to, cell(columns, row, count, "login", scratch));
	fputc('\n', to);
}

int
list_logins(struct call *call, const char *address)
{
	static const struct listing listing = {
		.name = "may_send", .plain = plain_login, .drawn = true,
	};
	struct maildb_cursor *cursor;

	return list_found(call, maildb_senders(call->db, address, &cursor),
	    &listing, &cursor);
}
