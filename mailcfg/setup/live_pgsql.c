/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * live_pgsql.c - probes of PostgreSQL: roles, password files, connections
 *
 * Connections that are open already hide what pg_hba.conf says now, so each
 * probe makes a new one, as the system user whose daemon would.
 */
#include <sys/stat.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "setup/maps.h"
#include "live.h"
#include "owner.h"

/* ---- connections ------------------------------------------------------- */

/* The daemons and their roles. */
static const struct login {
	const char *user, *role;
} logins[] = {
	{ "postfix", "maildb_postfix" }, { "dovecot", "maildb_dovecot" },
};

/* The database's URL with another role and, unless it is NULL, its passfile;
 * for the caller to free. */
static char *
url_as(const struct call *call, const char *role, const char *passfile)
{
	const char *url = call->config.db != NULL ? call->config.db : "";
	bool uri = strstr(url, "://") != NULL;
	const char *mark = uri ? "&" : " ";
	char *made = NULL;

	if (asprintf(&made, "%s%suser=%s%s%s%s", url, uri && strchr(url,
	    '?') == NULL ? "?" : mark, role, passfile != NULL ? mark : "",
	    passfile != NULL ? "passfile=" : "", passfile != NULL ? passfile :
	    "") < 0)
		return NULL;
	return made;
}

/* Connects as a daemon: 1, or 0 with an answer. */
static int
connect_as(struct machine *machine, struct answer *answer,
    const struct login *login, const char *passfile)
{
	struct maildb *db = maildb_new();
	char *url = url_as(machine_call(machine), login->role, passfile);
	struct identity identity;
	int rc = MAILDB_ENOMEM;

	if (db != NULL && url != NULL &&
	    identity_find(login->user, &identity) == 0 &&
	    identity_enter(&identity) == 0) {
		rc = maildb_open(db, url, MAILDB_READONLY | MAILDB_ANYSCHEMA);
		identity_leave();
	}
	if (rc < 0) {
		answer_about(answer, login->role);
		answer_no(answer, "user %s cannot connect: %s", login->user,
		    db != NULL && maildb_fault(db)->message != NULL ?
		    maildb_fault(db)->message : maildb_error_meaning(rc));
	}
	maildb_free(db);
	free(url);
	return rc >= 0;
}

int
probe_peer(struct machine *machine, const struct requirement *row,
    struct answer *answer)
{
	size_t i;
	int rc = 1;

	(void)row;
	for (i = 0; rc == 1 && i < COUNT(logins); i++)
		rc = connect_as(machine, answer, &logins[i], NULL);
	return rc;
}

/* Whether root can change the database; the change is taken back. */
int
probe_admin_role(struct machine *machine, const struct requirement *row,
    struct answer *answer)
{
	struct maildb *db = maildb_new();
	int rc;

	(void)row;
	if (db == NULL)
		return MAILDB_ENOMEM;
	if ((rc = maildb_open(db, machine_call(machine)->config.db, 0)) >= 0 &&
	    (rc = maildb_begin(db)) >= 0) {
		rc = maildb_domain_add(db, "mailcfg-check.invalid", NULL, 0,
		    0);
		maildb_rollback(db);
	}
	if (rc < 0) {
		answer_about(answer, "root");
		answer_no(answer, "%s", maildb_fault(db)->message != NULL ?
		    maildb_fault(db)->message : maildb_error_meaning(rc));
	}
	maildb_free(db);
	return rc == MAILDB_ELOCKED ? -1 : rc >= 0;
}

/* ---- password files ------------------------------------------------------ */

/* Whether libpq takes a passfile: its owner's alone, whatever the group. */
static int
check_passfile(struct answer *answer, const char *path,
    const struct login *login)
{
	char wanted[128], modes[64];
	int rc;

	snprintf(wanted, sizeof(wanted), "0600 %s:%s", login->user,
	    login->user);
	rc = owner_modes(path, wanted, modes);
	if (rc != 2 || strncmp(modes, wanted, strcspn(wanted, ":") + 1) == 0)
		return 1;
	answer_about(answer, path);
	answer_hint(answer, "chown %s %s; chmod 0600 %s", login->user, path,
	    path);
	return answer_no(answer, "\"%s\", must be \"%s\"", modes, wanted);
}

/* What lets a daemon in, here and for those who manage the server. */
static void
hint_login(struct answer *answer, const char *path, const struct login *login)
{
	if (access(path, F_OK) < 0)
		answer_hint(answer, "install -m 0600 -o %s /dev/null %s; "
		    "echo '*:*:*:%s:PASSWORD' >%s", login->user, path,
		    login->role, path);
	else
		answer_hint(answer, "on the server: psql -c '\\password %s', "
		    "and in pg_hba.conf \"hostssl all maildb_postfix,"
		    "maildb_dovecot ADDRESS/32 scram-sha-256\" with this "
		    "host's address", login->role);
}

/* Connects with the passfile that a daemon's files name. */
static int
check_login(struct machine *machine, struct answer *answer,
    const struct login *login, const char *directory)
{
	char path[512];

	snprintf(path, sizeof(path), "%.400s/" MAPS_PASSFILE, directory);
	if (check_passfile(answer, path, login) == 0)
		return 0;
	if (connect_as(machine, answer, login, path) == 1)
		return 1;
	hint_login(answer, path, login);
	return 0;
}

int
probe_passfiles(struct machine *machine, const struct requirement *row,
    struct answer *answer)
{
	(void)row;
	return check_login(machine, answer, &logins[0],
	    machine->postfix_maps) == 0 ? 0 : check_login(machine, answer,
	    &logins[1], machine->dovecot_maps);
}

/* ---- the server --------------------------------------------------------- */

/* The server is asked by psql as postgres, where both are on this machine. */
int
probe_connections(struct machine *machine, const struct requirement *row,
    struct answer *answer)
{
	const char *argv[] = { "psql", "-XAtc", "SELECT count(*), "
	    "current_setting('max_connections') FROM pg_stat_activity "
	    "WHERE backend_type = 'client backend'", "postgres", NULL };
	const struct process process = { .argv = argv, .user = "postgres",
		.seconds = PROBE_SECONDS };
	struct output output;
	long used, most;
	int rc = 1;

	(void)row;
	answer_about(answer, "max_connections");
	if (machine_facts(machine) & ON_DIRECT) {
		answer_hint(answer, "mailcfg setup postfix");
		return answer_no(answer, "each Postfix process has a "
		    "connection for each table, without proxymap");
	}
	if (!(machine_facts(machine) & ON_LOCAL) || geteuid() != 0 ||
	    !process_exists("psql"))
		return 1;
	if (process_run(&process, &output) < 0)
		return -1;
	if (sscanf(output.out, "%ld|%ld", &used, &most) == 2 &&
	    used + 5 > most - 3)
		rc = answer_no(answer, "%ld of %ld connections are in use",
		    used, most);
	output_free(&output);
	return rc;
}

/* Whether a unit waits for PostgreSQL's. */
static int
starts_after(struct answer *answer, const char *unit)
{
	const char *argv[] = { "systemctl", "show", "-p", "After", unit,
		NULL };
	const struct process process = { .argv = argv,
		.seconds = PROBE_SECONDS };
	struct output output;
	int rc;

	if (process_run(&process, &output) < 0)
		return -1;
	rc = output.status != 0 || strstr(output.out, "postgresql") != NULL;
	output_free(&output);
	if (rc == 0) {
		answer_about(answer, unit);
		answer_hint(answer, "systemctl edit %s, and write: [Unit] "
		    "After=postgresql.service", unit);
		answer_no(answer, "may start before PostgreSQL");
	}
	return rc;
}

int
probe_after_database(struct machine *machine, const struct requirement *row,
    struct answer *answer)
{
	int rc;

	(void)machine;
	(void)row;
	if ((rc = starts_after(answer, "postfix.service")) != 1)
		return rc;
	return starts_after(answer, "dovecot.service");
}
