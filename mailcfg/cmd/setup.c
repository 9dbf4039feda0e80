/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * setup.c - brings a stock mail server to read the database
 *
 * The order of work: what must be installed, the database, users and groups,
 * Postfix, Dovecot, validation, restart, live check.  A failure before the
 * restart takes all changes of this run back.
 */
#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "cmd/commands.h"
#include "setup/work.h"

/* "postfix: smtputf8_enable: yes -> no" */
static void
plain_change(FILE *to, const struct column *columns, const struct value *row,
    size_t count)
{
	(void)columns;
	(void)count;
	text_escape(to, row[0].text);
	fputs(": ", to);
	text_escape(to, row[1].text);
	fputs(": ", to);
	if (!row[2].null) {
		text_escape(to, *row[2].text != '\0' ? row[2].text : "\"\"");
		fputs(" -> ", to);
	}
	text_escape(to, *row[3].text != '\0' ? row[3].text : "\"\"");
	fputc('\n', to);
}

/* Makes a directory the root of this process: all paths are its own. */
static int
change_root(struct call *call, const char *root)
{
	if (chroot(root) < 0 || chdir("/") < 0)
		return call_fail(call, MAILDB_EIO, "root", root, NULL,
		    "%s cannot be the root: %s", root, strerror(errno));
	return 0;
}

/* Which daemons the words name: all without one. */
static void
choose(struct work *work)
{
	const struct call *call = work->call;
	size_t i;

	work->wanted[DAEMON_SYSTEM] = true;
	work->wanted[DAEMON_POSTFIX] = work->wanted[DAEMON_DOVECOT] =
	    call->nrest == 0;
	for (i = 0; i < call->nrest; i++)
		work->wanted[strcmp(call->rest[i], "postfix") == 0 ?
		    DAEMON_POSTFIX : DAEMON_DOVECOT] = true;
}

/* Refuses where nothing can be set up. */
static int
check_place(struct call *call)
{
	const char *url = call->config.db;

	if (call->cli->shell != NULL)
		return call_fail(call, CLI_EUSAGE, NULL, NULL, PROGRAM " setup",
		    "setup does not work in the shell");
	if (geteuid() != 0)
		return call_fail(call, MAILDB_EDENIED, NULL, NULL,
		    "sudo " PROGRAM " setup", "only root can set up daemons");
	if (url != NULL && (strncmp(url, "/tmp/", 5) == 0 ||
	    strncmp(url, "sqlite:/tmp/", 12) == 0))
		return call_fail(call, MAILDB_EURL, "db", url,
		    "move it to " DEFAULT_DB, "the daemons do not see a "
		    "database below /tmp: systemd gives each a /tmp of its "
		    "own");
	return 0;
}

/* Whether the database is in a PostgreSQL server of this machine. */
static bool
is_cluster(const struct call *call)
{
	const char *url = call->config.db;

	return machine_is_pgsql(url) && machine_is_local(url);
}

/* Opens the database, or makes it; with --check a missing one is empty. */
static int
open_database(struct work *work)
{
	struct call *call = work->call;
	int rc = 0;

	/* Its superuser makes what root cannot. */
	if (is_cluster(call))
		rc = work_cluster(work);
	if (rc < 0)
		return rc;
	if (!work->check) {
		if ((rc = cli_create(call)) < 0)
			return rc;
		call->db = call->cli->db;
		return rc == 0 ? 0 : work_show(work, DAEMON_SYSTEM,
		    maildb_url(call->cli->db), NULL, "database created");
	}
	if ((rc = cli_introduce(call)) < 0)
		return rc;
	rc = maildb_open(call->cli->db, call->config.db, MAILDB_READONLY);
	if (rc == MAILDB_EMISSING || rc == MAILDB_EDENIED)
		rc = maildb_open(call->cli->db, "sqlite::memory:",
		    MAILDB_CREATE);
	call->cli->opened = rc >= 0;
	return rc;
}

/* All rows, in the order in which they depend on each other. */
static int
make_changes(struct work *work)
{
	int rc = work_system(work);

	if (rc == 0 && work->wanted[DAEMON_POSTFIX])
		rc = work_postfix(work);
	if (rc == 0 && work->wanted[DAEMON_DOVECOT])
		rc = work_dovecot(work);
	return rc;
}

static int
set_up(struct work *work)
{
	int rc = work->check ? 0 : changes_begin(work->call);

	if (rc == 0)
		rc = open_database(work);
	if (rc == 0)
		rc = machine_look(work->machine);
	if (rc < 0)
		return rc;
	if ((rc = make_changes(work)) == 0 && !work->check && work->changed)
		rc = work_validate(work);
	if (rc < 0) {
		if (!work->check)
			(void)changes_rollback(work->call);
		return rc;
	}
	return 0;
}

static int
take_back(struct work *work)
{
	int rc;

	if (!changes_exist())
		return 0;
	/* Edited files are read by postconf; the database is not needed. */
	rc = machine_look_at_daemons(work->machine);
	return rc < 0 ? rc : work_undo(work);
}

/* Asks the running daemons, by a fresh look at what is configured now. */
static int
check_live(const struct work *work, const struct setup_options *options)
{
	struct machine *machine = machine_new(work->call, options);
	int rc = machine == NULL ? MAILDB_ENOMEM : machine_look(machine);

	if (rc == 0)
		rc = live_check(machine, NULL);
	machine_free(machine);
	return rc;
}

/* Whether the daemons run with what was set up just now. */
static bool
wants_live_check(const struct work *work)
{
	return work->changed && !work->check &&
	    call_option(work->call, "undo") == NULL &&
	    call_option(work->call, "root") == NULL &&
	    call_option(work->call, "no-restart") == NULL;
}

int
cmd_setup(struct call *call)
{
	static const struct listing listing = {
		.name = "changes", .plain = plain_change, .drawn = true,
	};
	static const struct column columns[] = {
		{ "daemon", MAILDB_TEXT }, { "object", MAILDB_TEXT },
		{ "from", MAILDB_TEXT }, { "to", MAILDB_TEXT },
	};
	const struct setup_options options = {
		.direct = call_option(call, "direct") != NULL,
		.force = call_option(call, "force") != NULL,
	};
	const char *root = call_option(call, "root");
	bool undo = call_option(call, "undo") != NULL;
	struct work work = { .call = call, .check = call->config.check };
	int rc = check_place(call);

	choose(&work);
	if (rc == 0 && root != NULL)
		rc = change_root(call, root);
	if (rc == 0 && !undo)
		rc = work_packages(&work);
	if (rc == 0 && (work.machine = machine_new(call, &options)) == NULL)
		rc = MAILDB_ENOMEM;
	if (rc == 0)
		rc = work_copies(&work);
	if (rc == 0)
		rc = out_list_begin(call, &listing, columns, COUNT(columns));
	if (rc == 0) {
		rc = undo ? take_back(&work) : set_up(&work);
		out_list_end(call);
	}
	if (rc == 0)
		rc = work_diff(&work);
	work_remove_copies(&work);
	if (rc == 0 && work.changed && !work.check && !undo)
		rc = changes_complete(call);
	if (rc == 0 && work.changed)
		rc = work_restart(&work);
	if (rc == 0 && wants_live_check(&work))
		rc = check_live(&work, &options);
	machine_free(work.machine);
	settings_free(&work.services);
	return rc < 0 ? rc : work.changed;
}
