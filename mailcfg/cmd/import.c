/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * import.c - import: users and aliases out of others' files
 *
 * What the readers find is staged row by row, as apply does with its records,
 * before anything is locked; the library then says what becomes of each row:
 * added, there already or refused.  Formats whose rows build on each other are
 * carried out row by row instead (import_by_row.c).
 */
#include <stdlib.h>
#include <string.h>

#include "cmd/commands.h"
#include "import/import.h"

static const struct foreign {
	const char *name;
	int (*read)(struct import *import);
	const char *options; /* those that it takes besides the common ones */
	bool by_row;         /* carried out by import_by_row() */
	bool merges;         /* rows of a user complete each other */
	const char *home;    /* where that system keeps a user's mail */
	bool fixed;          /* always: then it is the user's home here */
} formats[] = {
	{ "dovecot-passwd", import_dovecot_passwd, "", false, true, NULL,
	    false },
	{ "postfix-texthash", import_postfix_texthash,
	    "accounts|aliases|transport", false, false,
	    "virtual_mailbox_base/VALUE", false },
	{ "csv", import_csv, "separator", false, false, NULL, false },
	{ "docker-mailserver", import_docker_mailserver, "", false, false,
	    "/var/mail/%d/%n", false },
	{ "system", import_system, "passwd|shadow|aliases|min-uid", false,
	    false, NULL, false },
	{ "mailu", import_mailu, "", true, false, "/mail/%n@%d", false },
	{ "flyingcircus", import_flyingcircus, "", true, false, NULL, false },
	{ "mailhost", import_mailhost, "", true, false, NULL, false },
	{ "perl-mailcfg", import_perl_mailcfg, "", true, false, NULL, false },
	{ "postfixadmin", import_postfixadmin, "table-prefix", true, false,
	    "virtual_mailbox_base/MAILDIR", false },
	{ "vmm", import_vmm, "table-prefix", true, false, NULL, false },
	{ "ispmail", import_ispmail, "table-prefix", true, false,
	    "/var/vmail/%d/%n", true },
	{ "iredmail", import_iredmail, "table-prefix", true, false, NULL,
	    false },
	{ "mailcow", import_mailcow, "table-prefix", true, false, NULL,
	    false },
	{ "modoboa", import_modoboa, "table-prefix", true, false,
	    "/srv/vmail/%d/%n", true },
	{ "mailinabox", import_mailinabox, "", true, false, NULL, false },
};

/* ---- carrying out ---------------------------------------------------- */

/* Stages what readers wanted to look at again. */
static int
stage_held(struct import *import)
{
	const struct item *item;
	size_t kind;
	int rc = 0;

	for (kind = 0; kind < ITEMS; kind++)
		for (item = import->items[kind]; rc >= 0 && item != NULL;
		    item = item->next)
			rc = item_stage(import, item);
	return rc;
}

/* Tells why the library refuses a row. */
static void
refused(void *arg, const char *file, uint32_t line, const char *message,
    const char *hint)
{
	import_tell_at(arg, "refused", file, line, message, hint);
}

/* Adds all that was staged. */
static int
carry_out(struct import *import)
{
	struct call *call = import->call;
	struct maildb_outcome outcome;
	int rc;

	out_progress_stage(call->cli, ", being added");
	if ((rc = maildb_stage_end(call->db)) < 0)
		return rc;
	rc = maildb_stage_import(call->db, call->flags |
	    (import->merges ? MAILDB_MERGE : 0), refused, import, &outcome);
	import->added = (unsigned long)outcome.added;
	import->same = (unsigned long)outcome.same;
	import->refused += (unsigned long)outcome.refused;
	if (rc >= 0)
		import_tell_lacking(import);
	return rc;
}

/* ---- the command ---------------------------------------------------- */

/* Refuses options that another format has, and a call without a file. */
static int
check_options(struct import *import, const struct foreign *format)
{
	static const char *const special[] = { "accounts", "aliases",
		"passwd", "shadow", "min-uid", "separator", "transport",
		"table-prefix" };
	char hint[CHOICE_HINT];
	size_t i;

	for (i = 0; i < COUNT(special); i++)
		if (call_option(import->call, special[i]) != NULL &&
		    choice_find(format->options, special[i], hint) < 0)
			return call_fail(import->call, CLI_EUSAGE, special[i],
			    NULL, NULL, "%s has no --%s", format->name,
			    special[i]);
	/* Those that have no options of their own for files. */
	return import->call->nrest > 0 || strstr(format->options,
	    "aliases") != NULL ? 0 : call_fail(import->call, CLI_EUSAGE,
	    "FILE", NULL, NULL, "FILE is missing");
}

/* Says what was read but has no place in the database. */
static void
tell_dropped(struct import *import)
{
	const struct dropped *dropped;
	char words[120];
	size_t i;

	for (i = 0; i < import->ndropped; i++) {
		dropped = &import->dropped[i];
		snprintf(words, sizeof(words), "%s is not kept (%lu line%s, "
		    "this is the first)", dropped->what, dropped->count,
		    dropped->count == 1 ? "" : "s");
		import_tell_at(import, "not_kept", dropped->file, dropped->line, words,
		    NULL);
	}
}

/* Says which users get new homes, which are empty. */
static void
tell_homes(struct import *import, const struct foreign *format)
{
	char words[200], hint[120];

	if (format->home == NULL || import->homeless == 0 ||
	    import->added == 0)
		return;
	snprintf(words, sizeof(words), "users without a home in it: %lu; they "
	    "get new, empty ones when they are added; %s keeps mail in %s",
	    import->homeless, format->name, format->home);
	snprintf(hint, sizeof(hint), "--home '%s' keeps it there",
	    *format->home == '/' ? format->home : "DIRECTORY/%d/%n");
	call_warn(import->call, "new_home", words, hint);
}

/* Says how many rows came to what; the outcome of the command. */
static int
sum_up(struct import *import)
{
	struct call *call = import->call;

	if (import->refused > 0 && call_option(call, "skip-bad") == NULL)
		return call_fail(call, MAILDB_EREFUSED, NULL, NULL,
		    "--skip-bad imports the others",
		    "read %lu, refused %lu: nothing is imported",
		    import->read, import->refused);
	free(call->message);
	if (asprintf(&call->message,
	    "read %lu = added %lu + same %lu + refused %lu", import->read,
	    import->added, import->same, import->refused) < 0) {
		call->message = NULL;
		return import_no_memory(import);
	}
	return import->added > 0;
}

/* Reads all, then carries it out row by row. */
static int
by_row(struct import *import, const struct foreign *format)
{
	int rc = format->read(import);

	return rc < 0 || (rc = import_limits(import)) < 0 ? rc :
	    import_by_row(import);
}

/* Stages what is read, and has the library carry it out. */
static int
by_set(struct import *import, const struct foreign *format)
{
	int rc;

	if ((rc = maildb_stage_begin(import->call->db)) < 0 ||
	    (rc = format->read(import)) < 0 ||
	    (rc = stage_held(import)) < 0)
		return rc;
	return carry_out(import);
}

int
cmd_import(struct call *call)
{
	struct import import = { .call = call,
		.domain = call_option(call, "domain"),
		.scheme = call_option(call, "default-scheme") };
	const struct foreign *format = formats;
	struct item *item;
	size_t kind;
	int rc;

	while (strcmp(format->name, call->arg[0]) != 0)
		format++;
	for (kind = 0; kind < ITEMS; kind++)
		import.last[kind] = &import.items[kind];
	/* Transports make domains. */
	import.by_row = format->by_row ||
	    call_option(call, "transport") != NULL;
	import.merges = format->merges;
	import.home = call_option(call, "home");
	if (import.home == NULL && format->fixed)
		import.home = format->home;
	if ((rc = check_options(&import, format)) == 0)
		rc = import.by_row ? by_row(&import, format) :
		    by_set(&import, format);
	if (rc >= 0) {
		tell_dropped(&import);
		tell_homes(&import, format);
		rc = sum_up(&import);
	}
	for (kind = 0; kind < ITEMS; kind++)
		while ((item = import.items[kind]) != NULL) {
			import.items[kind] = item->next;
			item_free(item);
		}
	import_free(&import);
	return rc;
}
