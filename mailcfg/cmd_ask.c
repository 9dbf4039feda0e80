/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * cmd_ask.c - questions: what something is, where mail goes, what happened
 */
#include <stdlib.h>
#include <string.h>

#include "commands.h"
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

static int
show_address(struct call *call)
{
	struct maildb_cursor *cursor;
	bool user = false;
	int rc;

	rc = maildb_user_get(call->db, call->arg[0], &cursor);
	if (rc >= 0) {
		user = true;
		rc = show_record(call, &list_users, cursor);
	}
	if (rc < 0 && rc != MAILDB_EUSER && rc != MAILDB_EADDRESS)
		return rc;
	rc = maildb_alias_get(call->db, call->arg[0], &cursor);
	if (rc == MAILDB_EALIAS && user)
		return 0;
	if (rc == MAILDB_EALIAS)
		return call_fail(call, rc, "address", call->arg[0],
		    maildb_fault(call->db)->hint,
		    "%s is no user, alias or catch-all", call->arg[0]);
	return list_found(call, rc, &list_aliases, &cursor);
}

int
cmd_show(struct call *call)
{
	struct maildb_cursor *cursor;
	int rc;

	if (strchr(call->arg[0], '@') != NULL)
		return show_address(call);
	rc = maildb_domain_get(call->db, call->arg[0], &cursor);
	return rc < 0 ? rc : show_record(call, &list_domains, cursor);
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
	} parts[] = {
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
	for (i = 0; i < COUNT(parts); i++) {
		text = cell(columns, row, count, parts[i].name, scratch);
		if (*text == '\0' || strcmp(text, before) == 0)
			continue;
		if (strcmp(parts[i].name, "id") != 0)
			snprintf(before, sizeof(before), "%s", text);
		fputs(parts[i].before, to);
		text_escape(to, text);
		fputs(parts[i].after, to);
	}
	fputc('\n', to);
}

int
cmd_trace(struct call *call)
{
	static const struct listing listing = {
		.name = "steps", .plain = draw_step, .drawn = true,
	};
	struct maildb_cursor *cursor;

	return list_found(call, maildb_trace(call->db, call->arg[0],
	    call->flags, &cursor), &listing, &cursor);
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
		.name = "entries", .brief = "at who via object key op txn",
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
