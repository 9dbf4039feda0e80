/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * ask.c - questions: what something is, where mail goes, what happened
 */
#include <stdlib.h>
#include <string.h>

#include "cmd/commands.h"
#include "setup/setup.h"

/* The column of that name in a row, as text for machines; "" without one. */
const char *
cell(const struct column *columns, const struct value *row, size_t count,
    const char *name, char scratch[40])
{
	size_t i;

	for (i = 0; i < count; i++)
		if (strcmp(columns[i].name, name) == 0)
			return value_text(&columns[i], &row[i],
			    FOR_PROGRAMS, scratch);
	return "";
}

/* Lists what a library function put into *cursor, unless it answered an
 * error; by its place, as the function may be called in the same breath. */
int
list_found(struct call *call, int rc, const struct listing *listing,
    struct maildb_cursor **cursor)
{
	return rc < 0 ? rc : out_cursor(call, listing, *cursor, NULL, NULL);
}

/* ---- show ----------------------------------------------------------- */

/* The same listing as lines of "name: value". */
static int
show_record(struct call *call, const struct listing *listing,
    struct maildb_cursor *cursor)
{
	struct listing record = *listing;

	record.record = true;
	return out_cursor(call, &record, cursor, NULL, NULL);
}

/* What there may be of an address, and how it is shown. */
static const struct {
	enum maildb_kind kind;
	int (*get)(struct maildb *db, const char *address,
	    struct maildb_cursor **out);
	const struct listing *listing;
	bool record;
} facets[] = {
	{ MAILDB_KIND_USER, maildb_user_get, &list_users, true },
	{ MAILDB_KIND_RECIPIENT, maildb_recipient_get, &list_recipients,
		true },
	{ MAILDB_KIND_ALIAS, maildb_alias_get, &list_aliases, false },
	{ MAILDB_KIND_SENDER, maildb_sender_list, &list_senders, false },
};

static int
show_address(struct call *call)
{
	struct maildb_cursor *cursor;
	unsigned kinds;
	size_t i;
	int rc;

	if ((rc = maildb_kinds(call->db, call->arg[0], &kinds)) < 0)
		return rc;
	if (kinds == 0) {
		maildb_alias_get(call->db, call->arg[0], &cursor);
		return call_fail(call, MAILDB_EALIAS, "address", call->arg[0],
		    maildb_fault(call->db)->hint,
		    "%s is not a user, alias, catch-all or relay recipient",
		    call->arg[0]);
	}
	for (i = 0; rc >= 0 && i < COUNT(facets); i++) {
		if (!(kinds & 1u << facets[i].kind))
			continue;
		rc = facets[i].get(call->db, call->arg[0], &cursor);
		if (rc >= 0)
			rc = facets[i].record ?
			    show_record(call, facets[i].listing, cursor) :
			    out_cursor(call, facets[i].listing, cursor, NULL,
			    NULL);
	}
	return rc < 0 || strchr(call->arg[0], '*') != NULL ? rc :
	    list_logins(call, call->arg[0]);
}

/* A domain, and the grants on all of its addresses. */
static int
show_domain(struct call *call)
{
	struct maildb_cursor *cursor;
	char *any;
	int rc = maildb_domain_get(call->db, call->arg[0], &cursor);

	if (rc < 0 || (rc = show_record(call, &list_domains, cursor)) < 0)
		return rc;
	if (asprintf(&any, "@%s", call->arg[0]) < 0)
		return MAILDB_ENOMEM;
	rc = list_found(call, maildb_sender_list(call->db, any, &cursor),
	    &list_senders, &cursor);
	if (rc >= 0)
		rc = list_logins(call, any);
	free(any);
	return rc;
}

int
cmd_show(struct call *call)
{
	return strchr(call->arg[0], '@') != NULL ? show_address(call) :
	    show_domain(call);
}

/* ---- trace ---------------------------------------------------------- */

/* One step as a line of a tree, deeper steps further to the right:
 * "ADDRESS (id N): RULE -> RESULT MAILBOX, REPLY", each said once. */
static void
draw_step(FILE *to, const struct column *columns, const struct value *row,
    size_t count)
{
	static const struct {
		const char *name, *before, *after;
	} pieces[] = {
		{ "address", "", "" },
		{ "id", " (id ", ")" },
		{ "rule", ": ", "" },
		{ "result", " -> ", "" },
		{ "mailbox", " ", "" },
		{ "reply", ", ", "" },
	};
	char scratch[40], before[256] = "";
	const char *text;
	size_t i;

	fprintf(to, "%*s", 2 * atoi(cell(columns, row, count, "depth",
	    scratch)), "");
	for (i = 0; i < COUNT(pieces); i++) {
		text = cell(columns, row, count, pieces[i].name, scratch);
		if (*text == '\0' || strcmp(text, before) == 0)
			continue;
		if (strcmp(pieces[i].name, "id") != 0)
			snprintf(before, sizeof(before), "%s", text);
		fputs(pieces[i].before, to);
		text_escape(to, text);
		fputs(pieces[i].after, to);
	}
	fputc('\n', to);
}

/* A traced address, and the mailboxes that it reaches. */
struct reached {
	const char *address;
	char **names;
	size_t n;
	bool nomem;
};

/* Notes the mailbox of a step; the step is shown. */
static bool
note_mailbox(void *arg, const struct maildb_cursor *cursor)
{
	int at = maildb_cursor_find(cursor, "mailbox");
	const char *name = at < 0 ? NULL :
	    maildb_cursor_text(cursor, (size_t)at);
	struct reached *reached = arg;
	char **grown;

	if (name == NULL)
		return true;
	grown = realloc(reached->names, (reached->n + 1) * sizeof(*grown));
	if (grown != NULL)
		reached->names = grown;
	if (grown == NULL || (grown[reached->n] = strdup(name)) == NULL)
		reached->nomem = true;
	else
		reached->n++;
	return true;
}

/* Whether a login is another one than the address, and reads none of its
 * mail. */
static bool
is_other(void *arg, const struct maildb_cursor *cursor)
{
	const char *login = maildb_cursor_text(cursor, 0);
	const struct reached *reached = arg;
	size_t i;

	for (i = 0; i < reached->n; i++)
		if (strcmp(reached->names[i], login) == 0)
			return false;
	return strcmp(reached->address, login) != 0;
}

int
cmd_trace(struct call *call)
{
	static const struct listing listing = {
		.name = "steps", .plain = draw_step, .drawn = true,
	};
	struct reached reached = { .address = call->arg[0] };
	struct maildb_cursor *cursor;
	int rc;

	rc = maildb_trace(call->db, call->arg[0], call->flags, &cursor);
	if (rc >= 0)
		rc = out_cursor(call, &listing, cursor, note_mailbox,
		    &reached);
	if (rc >= 0 && reached.nomem)
		rc = MAILDB_ENOMEM;
	if (rc >= 0 && (rc = maildb_senders(call->db, call->arg[0],
	    &cursor)) >= 0)
		rc = out_cursor(call, &list_others, cursor, is_other,
		    &reached);
	while (reached.n > 0)
		free(reached.names[--reached.n]);
	free(reached.names);
	return rc;
}

/* ---- lookup --------------------------------------------------------- */

static bool
count_rows(void *arg, const struct maildb_cursor *cursor)
{
	(void)cursor;
	++*(size_t *)arg;
	return true;
}

/* The maps there are. */
static int
list_maps(struct call *call)
{
	static const struct listing listing = { .name = "maps" };
	static const struct column columns[] = {
		{ "name", MAILDB_TEXT }, { "daemon", MAILDB_TEXT },
		{ "keys", MAILDB_TEXT }, { "help", MAILDB_TEXT },
	};
	const struct maildb_map *map;
	size_t count;
	int rc;

	rc = out_list_begin(call, &listing, columns, COUNT(columns));
	for (map = maildb_maps(&count); rc >= 0 && count > 0; map++, count--)
		rc = out_row(call, (struct value[]){ { .text = map->name },
		    { .text = map->daemon }, { .text = map->keys },
		    { .text = map->help } });
	out_list_end(call);
	return rc;
}

/* Refuses the name of a map that there is not. */
static int
no_map(struct call *call)
{
	const struct maildb_map *maps;
	const char *names[64];
	char hint[80];
	size_t count, i;
	int found;

	maps = maildb_maps(&count);
	for (i = 0; i < count && i < COUNT(names); i++)
		names[i] = maps[i].name;
	if ((found = suggest(call->arg[0], names, i)) >= 0)
		snprintf(hint, sizeof(hint), "did you mean %s?", names[found]);
	return call_fail(call, MAILDB_EMAP, "map", call->arg[0],
	    found >= 0 ? hint : PROGRAM " lookup", "there is no map \"%s\"",
	    call->arg[0]);
}

/* As postmap -q: the values, or nothing and exit status 1. */
int
cmd_lookup(struct call *call)
{
	static const struct listing listing = { .name = "values" };
	struct maildb_cursor *cursor;
	size_t found = 0;
	int rc;

	if (call->arg[0] == NULL)
		return list_maps(call);
	rc = maildb_lookup(call->db, call->arg[0], call->arg[1] != NULL ?
	    call->arg[1] : "", &cursor);
	if (rc == MAILDB_EMAP)
		return no_map(call);
	if (rc >= 0)
		rc = out_cursor(call, &listing, cursor, count_rows, &found);
	return rc < 0 ? rc : found > 0 ? 0 : CLI_EFOUND;
}

/* ---- check ---------------------------------------------------------- */

static void
plain_finding(FILE *to, const struct column *columns, const struct value *row,
    size_t count)
{
	char scratch[40];
	const char *hint;

	fprintf(to, "%s: ", cell(columns, row, count, "severity", scratch));
	text_escape(to, cell(columns, row, count, "object", scratch));
	fputs(": ", to);
	text_escape(to, cell(columns, row, count, "message", scratch));
	fputc('\n', to);
	hint = cell(columns, row, count, "hint", scratch);
	if (*hint == '\0')
		return;
	fputs("  hint: ", to);
	text_escape(to, hint);
	fputc('\n', to);
}

static bool
note_error(void *arg, const struct maildb_cursor *cursor)
{
	int at = maildb_cursor_find(cursor, "severity");
	const char *severity = at < 0 ? NULL :
	    maildb_cursor_text(cursor, (size_t)at);

	if (severity != NULL && strcmp(severity, "error") == 0)
		*(bool *)arg = true;
	return true;
}

/* What is wrong with the running mail server. */
static int
check_live(struct call *call)
{
	const char *to = call_option(call, "send");
	const struct live_options options = {
		.changed = call_option(call, "changed") != NULL,
		.send = to != NULL, .to = to != NULL && *to != '\0' ? to : NULL,
	};
	struct machine *machine = machine_new(call,
	    &(struct setup_options){ .direct = false });
	int rc = machine == NULL ? MAILDB_ENOMEM :
	    live_check(machine, &options);

	machine_free(machine);
	return rc;
}

/* What is wrong with the database; exit status 1 when there are errors. */
int
cmd_check(struct call *call)
{
	static const struct listing listing = {
		.name = "findings", .plain = plain_finding, .drawn = true,
	};
	struct maildb_cursor *cursor;
	bool errors = false;
	int rc;

	if (call_option(call, "live") != NULL)
		return check_live(call);
	if (call_option(call, "changed") != NULL ||
	    call_option(call, "send") != NULL)
		return call_fail(call, CLI_EUSAGE, NULL, NULL,
		    "mailcfg check --live", "--changed and --send need "
		    "--live");
	if ((rc = maildb_check(call->db, &cursor)) < 0)
		return rc;
	rc = out_cursor(call, &listing, cursor, note_error, &errors);
	return rc < 0 ? rc : errors ? CLI_EFOUND : 0;
}

/* ---- log ------------------------------------------------------------ */

static int64_t
number(const struct call *call, const char *option, int64_t otherwise)
{
	const char *text = call_option(call, option);

	return text != NULL ? strtoll(text, NULL, 10) : otherwise;
}

int
cmd_log(struct call *call)
{
	static const struct listing listing = {
		.name = "entries", .brief = "at key op object who txn via",
	};
	const struct maildb_journal_filter filter = {
		.object = call->arg[0],
		.who = call_option(call, "who"),
		.since = number(call, "since", 0),
		.until = number(call, "until", 0),
		.txn = number(call, "txn", 0),
		.most = number(call, "last", 0),
	};
	struct maildb_cursor *cursor;

	return list_found(call, maildb_journal_list(call->db, &filter,
	    &cursor), &listing, &cursor);
}
