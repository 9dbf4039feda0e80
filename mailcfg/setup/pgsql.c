/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * pgsql.c - a PostgreSQL server on this machine, reached by its socket
 *
 * Its superuser is the system user postgres, as whom the database, its roles
 * and the role of root are made.  Lines of pg_hba.conf and pg_ident.conf are
 * rows of the table.
 */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "work.h"

/* What a URL says of the server and the database. */
struct target {
	char host[256], port[16], name[64];
};

/* Copies the value of a parameter "NAME=", up to & or the end. */
static void
parameter(const char *url, const char *name, char *out, size_t size)
{
	const char *at = strstr(url, name);

	snprintf(out, size, "%.*s", at != NULL ?
	    (int)strcspn(at + strlen(name), "& ") : 0,
	    at != NULL ? at + strlen(name) : "");
}

static void
read_url(const char *url, struct target *target)
{
	const char *at = strstr(url, "://"), *end;

	parameter(url, "host=", target->host, sizeof(target->host));
	parameter(url, "port=", target->port, sizeof(target->port));
	parameter(url, "dbname=", target->name, sizeof(target->name));
	if (at == NULL || *target->name != '\0')
		return;
	at += 3;
	at += strcspn(at, "/?");
	end = at + strcspn(at, "?");
	if (*at == '/')
		snprintf(target->name, sizeof(target->name), "%.*s",
		    (int)(end - at - 1), at + 1);
}

/* Runs one statement as the superuser: its output, or an error. */
static int
superuser(struct call *call, const struct target *target,
    const char *database, const char *sql, struct output *output)
{
	const char *const argv[] = { "psql", "-XqAt", "-v", "ON_ERROR_STOP=1",
		"-h", *target->host != '\0' ? target->host :
		"/var/run/postgresql", "-p", *target->port != '\0' ?
		target->port : "5432", "-d", database, "-c", sql, NULL };
	const struct process process = { .argv = argv, .user = "postgres" };
	int rc = process_run(&process, output);

	if (rc < 0)
		return rc;
	if (output->status != 0) {
		rc = call_fail(call, MAILDB_EDENIED, NULL, NULL,
		    "start PostgreSQL; apt install postgresql",
		    "psql as postgres: %.*s",
		    (int)strcspn(output->err, "\n"), output->err);
		output_free(output);
	}
	return rc;
}

/* A question whose answer is one line, for the caller to free. */
static int
ask(struct call *call, const struct target *target, const char *sql,
    char **answer)
{
	struct output output;
	int rc = superuser(call, target, "postgres", sql, &output);

	*answer = NULL;
	if (rc < 0)
		return rc;
	output.out[strcspn(output.out, "\n")] = '\0';
	*answer = output.out;
	free(output.err);
	return 0;
}

/* Whether a name needs no quotes in SQL nor in pg_hba.conf. */
static bool
is_plain(const char *name)
{
	return *name != '\0' && strspn(name,
	    "abcdefghijklmnopqrstuvwxyz0123456789_") == strlen(name);
}

/* Makes something unless a question about it has an answer. */
static int
make_unless(struct work *work, const struct target *target,
    const char *question, const char *sql, const char *object,
    const char *what)
{
	struct output output;
	char *answer;
	int rc = ask(work->call, target, question, &answer);
	bool there = rc == 0 && *answer != '\0';

	free(answer);
	if (rc < 0 || there)
		return rc;
	if (!work->check) {
		rc = superuser(work->call, target, "postgres", sql, &output);
		if (rc < 0)
			return rc;
		output_free(&output);
	}
	return work_show(work, DAEMON_SYSTEM, object, NULL, what);
}

/* Runs "mailcfg init" as the superuser, who may make roles. */
static int
init(struct work *work)
{
	char self[512];
	ssize_t len = readlink("/proc/self/exe", self, sizeof(self) - 1);
	const char *const argv[] = { self, "-q", "-d", work->call->config.db,
		"init", NULL };
	const struct process process = { .argv = argv, .user = "postgres",
		.seconds = 120 };
	struct output output;
	int rc;

	if (work->check || len <= 0)
		return 0;
	self[len] = '\0';
	if ((rc = process_run(&process, &output)) < 0)
		return rc;
	if (output.status != 0)
		rc = call_fail(work->call, MAILDB_EDENIED, NULL, NULL, NULL,
		    "init as postgres: %.*s", (int)strcspn(output.err, "\n"),
		    output.err);
	else if (*output.out != '\0')
		rc = work_show(work, DAEMON_SYSTEM, work->call->config.db,
		    NULL, "database initialized");
	output_free(&output);
	return rc;
}

int
work_cluster(struct work *work)
{
	struct target target = { .host = "" };
	char question[256], create[256];
	int rc;

	read_url(work->call->config.db, &target);
	if (!is_plain(target.name))
		return call_fail(work->call, MAILDB_EURL, "db",
		    work->call->config.db, "postgresql:///maildb",
		    "setup needs a plain name of the database");
	snprintf(question, sizeof(question),
	    "SELECT 1 FROM pg_database WHERE datname = '%s'", target.name);
	snprintf(create, sizeof(create), "CREATE DATABASE %s ENCODING 'UTF8' "
	    "TEMPLATE template0", target.name);
	rc = make_unless(work, &target, question, create, target.name,
	    "database created");
	if (rc == 0)
		rc = init(work);
	if (rc == 0)
		rc = make_unless(work, &target, "SELECT 1 FROM pg_roles "
		    "WHERE rolname = 'root'",
		    "CREATE ROLE root LOGIN IN ROLE maildb_admin", "root",
		    "role in maildb_admin created");
	if (rc == 0)
		rc = make_unless(work, &target, "SELECT 1 FROM pg_roles "
		    "WHERE rolname = 'root' AND "
		    "pg_has_role(oid, 'maildb_admin', 'member')",
		    "GRANT maildb_admin TO root", "root",
		    "member of maildb_admin");
	if (rc == 0)
		rc = ask(work->call, &target, "SHOW hba_file",
		    &work->machine->hba_file);
	if (rc == 0)
		rc = ask(work->call, &target, "SHOW ident_file",
		    &work->machine->ident_file);
	if (rc == 0 && (work->machine->database = strdup(target.name)) == NULL)
		rc = MAILDB_ENOMEM;
	return rc;
}

void
work_note_cluster(struct work *work, const char *path)
{
	work->cluster = work->cluster || strcmp(path, "/etc/mailcfg.conf") != 0;
}

/* Connections stay as they are. */
int
work_reload_cluster(struct work *work)
{
	const char *url = work->call->config.db;
	struct target target = { .host = "" };
	char *answer;
	int rc;

	if (work->check || !work->cluster)
		return 0;
	if (url != NULL)
		read_url(url, &target);
	rc = ask(work->call, &target, "SELECT pg_reload_conf()", &answer);
	free(answer);
	return rc;
}
