/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * database.c - the database as a whole, its settings, and the program
 */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cmd/commands.h"
#include "line/memory.h"

int
cmd_help(struct call *call)
{
	struct memory memory;
	FILE *to = memory_open(&memory);
	char *text;

	if (to == NULL)
		return MAILDB_ENOMEM;
	if (call->arg[0] != NULL)
		help_command(to, command_find(call->arg[0]));
	else
		help_commands(to);
	if ((text = memory_close(&memory)) == NULL)
		return MAILDB_ENOMEM;
	out_text(call, "help", text);
	free(text);
	return 0;
}

int
cmd_version(struct call *call)
{
	char line[64];

	snprintf(line, sizeof(line), PROGRAM " %s", maildb_version());
	out_fact(call, "version", line);
	return 0;
}

/* Makes the roles of PostgreSQL; without them the database works as well, for
 * the role that owns it. */
static int
make_roles(struct call *call)
{
	int rc = maildb_roles(call->cli->db);
	const struct maildb_fault *fault = maildb_fault(call->cli->db);

	if (rc != MAILDB_EDENIED)
		return rc;
	call_warn(call, "no_roles", fault->message, fault->hint);
	return 0;
}

/* Makes the database; one that exists is left as it is. */
int
cmd_init(struct call *call)
{
	const char *admin = call_option(call, "admin");
	int made, roles, set = 0;

	if (call_option(call, "print") != NULL) {
		out_text(call, "sql", maildb_roles_sql("pgsql"));
		return 0;
	}
	if ((made = cli_create(call)) < 0)
		return made;
	if ((roles = make_roles(call)) < 0)
		return roles;
	if (admin != NULL)
		set = maildb_setting_set(call->cli->db, "admin", admin);
	if (set < 0)
		return set;
	if (made)
		return call_changed(call, 1, "made database %s",
		    maildb_url(call->cli->db));
	if (roles)
		return call_changed(call, 1, "made the roles of %s",
		    maildb_url(call->cli->db));
	return call_changed(call, set, "set admin to %s", admin);
}

/* A file of the first mailcfg becomes one of ours, its old content saved. */
static int
upgrade_perl(struct call *call)
{
	const char *backup = call_option(call, "backup");
	char *beside = NULL;
	int rc = cli_introduce(call);

	if (rc < 0)
		return rc;
	if (backup == NULL && call_option(call, "no-backup") == NULL) {
		if (asprintf(&beside, "%s.before-upgrade", call->arg[0]) < 0)
			return MAILDB_ENOMEM;
		backup = beside;
	}
	rc = maildb_upgrade_perl(call->cli->db, call->arg[0], backup);
	rc = call_changed(call, rc, backup != NULL ?
	    "upgraded %s, old content in %s" : "upgraded %s", call->arg[0],
	    backup);
	free(beside);
	return rc;
}

int
cmd_upgrade(struct call *call)
{
	int rc, roles;

	if (call->arg[0] != NULL)
		return upgrade_perl(call);
	if ((rc = cli_open(call)) < 0)
		return rc;
	rc = maildb_upgrade(call->cli->db);
	/* What is new needs its owner and grants. */
	if (rc > 0 && (roles = make_roles(call)) < 0)
		return roles;
	return call_changed(call, rc, "upgraded %s to schema %d",
	    maildb_url(call->cli->db), maildb_schema_wanted());
}

int
cmd_backup(struct call *call)
{
	int rc = maildb_backup(call->db, call->arg[0]);

	if (rc < 0)
		return rc;
	rc = call_changed(call, 1, "saved %s to %s", maildb_url(call->db),
	    call->arg[0]);
	if (rc < 0)
		(void)unlink(call->arg[0]);
	return rc;
}

/* ---- settings ------------------------------------------------------- */

/* A setting of the shell's session alone, named as the option it is. */
static int
set_session(struct call *call, const struct option *option)
{
	struct config *config = &call->cli->config;

	if (strcmp(call->arg[1], "default") == 0) {
		config_reset(config, option);
		return 0;
	}
	return config_apply(config, option, call->arg[1], &call->fault);
}

int
cmd_set(struct call *call)
{
	const struct option *option = call->cli->shell != NULL ?
	    config_session(call->arg[0]) : NULL;
	const struct maildb_field *fields;
	const char *names[64];
	char hint[80];
	size_t count, i;
	int rc;

	if (option != NULL)
		return set_session(call, option);
	rc = maildb_setting_set(call->db, call->arg[0], call->arg[1]);
	if (rc != MAILDB_EFIELD)
		return call_changed(call, rc, "set %s to %s", call->arg[0],
		    call->arg[1]);
	fields = maildb_fields(MAILDB_KIND_SETTING, &count);
	for (i = 0; i < count && i < COUNT(names); i++)
		names[i] = fields[i].name;
	if ((rc = suggest(call->arg[0], names, i)) >= 0)
		snprintf(hint, sizeof(hint), "did you mean %s?", names[rc]);
	return call_fail(call, MAILDB_EFIELD, "setting", call->arg[0],
	    rc >= 0 ? hint : PROGRAM " lssettings",
	    "there is no setting \"%s\"", call->arg[0]);
}

int
cmd_lssettings(struct call *call)
{
	static const struct listing listing = { .name = "settings" };
	struct maildb_cursor *cursor;

	return list_found(call, maildb_setting_list(call->db, &cursor),
	    &listing, &cursor);
}
