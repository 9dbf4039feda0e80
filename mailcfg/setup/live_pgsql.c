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

#include "live.h"
#include "owner.h"

/* ---- connections ------------------------------------------------------- */

/* The database's URL with another role, for the caller to free. */
static char *
url_as(const struct call *call, const char *role)
{
	const char *url = call->config.db != NULL ? call->config.db : "";
	char *made = NULL;

	if (asprintf(&made, "%s%cuser=%s", url, strchr(url, '?') != NULL ?
	    '&' : '?', role) < 0)
		return NULL;
	return made;
}

/* Connects as a system user in a role: 1, 0 with an answer, or an error. */
static int
connect_as(struct machine *machine, struct answer *answer, const char *user,
    const char *role)
{
	struct maildb *db = maildb_new();
	char *url = url_as(machine_call(machine), role);
	struct identity identity;
	int rc = MAILDB_ENOMEM;

	if (db != NULL && url != NULL && identity_find(user, &identity) == 0 &&
	    identity_enter(&identity) == 0) {
		rc = maildb_open(db, url, MAILDB_READONLY | MAILDB_ANYSCHEMA);
		identity_leave();
	}
	if (rc < 0) {
		answer_about(answer, role);
		answer_no(answer, "user %s cannot connect: %s", user,
		    db != NULL && maildb_fault(db)->message != NULL ?
		    maildb_fault(db)->message : maildb_error_meaning(rc));
	}
	maildb_free(db);
	free(url);
	return rc < 0 ? 0 : 1;
}

int
probe_peer(struct machine *machine, const struct requirement *row,
    struct answer *answer)
{
	(void)row;
	return connect_as(machine, answer, "postfix", "maildb_postfix") == 0 ?
	    0 : connect_as(machine, answer, "dovecot", "maildb_dovecot");
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

/* The first path behind "passfile=" in a file, with %XX decoded. */
static bool
find_passfile(const char *path, char found[512])
{
	FILE *file = fopen(path, "re");
	char line[4096];
	const char *at = NULL;
	size_t len = 0;
	unsigned code;

	if (file == NULL)
		return false;
	while (at == NULL && fgets(line, sizeof(line), file) != NULL)
		if ((at = strstr(line, "passfile=")) == NULL)
			at = strstr(line, "passfile = ");
	fclose(file);
	if (at == NULL)
		return false;
	at += strcspn(at, "=") + 1;
	at += strspn(at, " ");
	for (; strcspn(at, "& \n\"'") > 0 && len < 511; at++)
		if (*at == '%' && sscanf(at + 1, "%2x", &code) == 1) {
			found[len++] = (char)code;
			at += 2;
		} else {
			found[len++] = *at;
		}
	found[len] = '\0';
	return len > 0;
}

static int
check_passfile(struct answer *answer, const char *config, const char *wanted)
{
	char path[512], modes[64];
	int rc;

	if (!find_passfile(config, path))
		return 1;
	if ((rc = owner_modes(path, wanted, modes)) == 1)
		return 1;
	answer_about(answer, path);
	return rc == 0 ? answer_no(answer, "does not exist") :
	    answer_no(answer, "\"%s\", must be \"%s\"", modes, wanted);
}

int
probe_passfiles(struct machine *machine, const struct requirement *row,
    struct answer *answer)
{
	char path[512];
	int rc;

	(void)row;
	snprintf(path, sizeof(path), "%.400s/virtual_mailbox_maps.cf",
	    machine->postfix_maps);
	if ((rc = check_passfile(answer, path, "0600 postfix:postfix")) != 1)
		return rc;
	snprintf(path, sizeof(path), "%.400s/%s", machine->dovecot_maps,
	    machine_dovecot(machine) >= 204 ? "dovecot.conf" :
	    "dovecot-sql.conf.ext");
	return check_passfile(answer, path, "0600 dovecot:dovecot");
}

/* ---- the server ----------------------------------------------------------- */

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
