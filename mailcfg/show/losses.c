/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * losses.c - what an export for another program leaves out
 *
 * Invariants:
 *  - a user whom we would not let in, or to whom we would not deliver, is not
 *    written to a format that cannot say so;
 *  - whatever is left out is counted, by kind, and told once.
 */
#include <stdlib.h>
#include <string.h>

#include "show/foreign.h"

void
loss_add(struct losses *losses, const char *what, const char *object)
{
	struct loss *loss = losses->loss;
	size_t i;

	for (i = 0; i < losses->n; i++)
		if (strncmp(loss[i].what, what, sizeof(loss[i].what) - 1) == 0)
			break;
	if (i == LOSSES)
		return; /* there are fewer kinds */
	if (i == losses->n) {
		losses->n++;
		snprintf(loss[i].what, sizeof(loss[i].what), "%s", what);
		snprintf(loss[i].first, sizeof(loss[i].first), "%s", object);
	}
	loss[i].count++;
}

void
loss_fields(const struct row *row, unsigned carries)
{
	static const struct {
		const char *field;
		unsigned bit;
		const char *what;
		bool is_switch; /* its default is 0, not NULL */
	} fields[] = {
		{ "name", HAS_NAME, "names of users", false },
		{ "quota", HAS_QUOTA, "quotas", false },
		{ "messages", HAS_MESSAGES, "limits on messages", false },
		{ "home", HAS_HOME, "homes", false },
		{ "note", HAS_NOTE, "notes", false },
		{ "valid_until", HAS_END, "ends of validity", false },
		{ "internal", HAS_INTERNAL, "bans on mail from outside", true },
		{ "must_change", HAS_CHANGE, "duties to change a password",
		    true },
		{ "spam_days", HAS_SPAM, "days that spam is kept", false },
		{ "dest", HAS_TARGETS, "forwards of users", false },
	};
	size_t i;

	for (i = 0; i < COUNT(fields); i++)
		if (!(carries & fields[i].bit) && (fields[i].is_switch ?
		    row_number(row, fields[i].field) != 0 :
		    !row_is_null(row, fields[i].field)))
			loss_add(row->losses, fields[i].what, row->address);
}

bool
loss_user(const struct row *row, unsigned needs)
{
	static const struct {
		const char *field;
		unsigned needs;
		const char *what;
	} switches[] = {
		{ "receive", NEEDS_MAIL, "users who may not receive mail" },
		{ "send", NEEDS_LOGIN, "users who may not send mail" },
		{ "imap", NEEDS_LOGIN, "users barred from IMAP" },
		{ "pop3", NEEDS_LOGIN, "users barred from POP3" },
		{ "sieve", NEEDS_LOGIN, "users barred from ManageSieve" },
	};
	size_t i;

	if (!row->live) {
		loss_add(row->losses, "inactive users", row->address);
		return false;
	}
	for (i = 0; i < COUNT(switches); i++)
		if (needs & switches[i].needs &&
		    row_number(row, switches[i].field) == 0) {
			loss_add(row->losses, switches[i].what, row->address);
			return false;
		}
	return true;
}

int
loss_tell(struct call *call, const char *format, const struct losses *losses)
{
	const struct loss *loss = losses->loss;
	char words[sizeof(loss->what) + sizeof(loss->first) + 128];
	unsigned long sum = 0;
	size_t i;

	for (i = 0; i < losses->n; i++) {
		snprintf(words, sizeof(words), "not written: %.48s (%lu, first "
		    "%.320s)", loss[i].what, loss[i].count, loss[i].first);
		call_warn(call, "not_written", words, NULL);
		sum += loss[i].count;
	}
	return sum == 0 || !call->config.strict ? 0 :
	    call_fail(call, MAILDB_EREFUSED, NULL, NULL,
	    "the formats json and jsonl hold everything",
	    "%s cannot hold %lu thing%s that the database has", format, sum,
	    sum == 1 ? "" : "s");
}
