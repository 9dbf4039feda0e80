/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * service.c - packages that have to be there, and daemons that have to restart
 */
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "work.h"

/* ---- packages ---------------------------------------------------------- */

#define MODULES "/usr/lib/dovecot/modules/"

/* What must be installed, and Debian's name for it. */
static const struct need {
	enum daemon daemon;
	const char *backend; /* NULL: any */
	const char *file;    /* one of these two */
	const char *map;     /* a type that "postconf -m" lists */
	const char *package;
} needs[] = {
	{ DAEMON_POSTFIX, NULL, "/usr/sbin/postconf", NULL, "postfix" },
	{ DAEMON_POSTFIX, "sqlite", NULL, "sqlite", "postfix-sqlite" },
	{ DAEMON_POSTFIX, "pgsql", NULL, "pgsql", "postfix-pgsql" },
	{ DAEMON_DOVECOT, NULL, "/usr/lib/dovecot/imap", NULL,
	  "dovecot-imapd" },
	{ DAEMON_DOVECOT, NULL, "/usr/lib/dovecot/lmtp", NULL,
	  "dovecot-lmtpd" },
	{ DAEMON_DOVECOT, "sqlite", MODULES "libdriver_sqlite.so", NULL,
	  "dovecot-sqlite" },
	{ DAEMON_DOVECOT, "pgsql", MODULES "libdriver_pgsql.so", NULL,
	  "dovecot-pgsql" },
};

/* Whether a word is a line of what "postconf -m" prints. */
static bool
has_map(const char *maps, const char *map)
{
	size_t len = strlen(map);

	for (; *maps != '\0'; maps += strcspn(maps, "\n"),
	    maps += *maps == '\n')
		if (strncmp(maps, map, len) == 0 && strchr("\n", maps[len]))
			return true;
	return false;
}

/* Writes the packages that are missing. */
static void
list_missing(const struct work *work, const char *maps, const char *backend,
    FILE *to)
{
	const struct need *need;

	for (need = needs; need < needs + COUNT(needs); need++) {
		if (!work->wanted[need->daemon] || (need->backend != NULL &&
		    strcmp(need->backend, backend) != 0))
			continue;
		if (need->file != NULL ? access(need->file, F_OK) < 0 :
		    !has_map(maps, need->map))
			fprintf(to, " %s", need->package);
	}
}

int
work_packages(struct work *work)
{
	const char *backend = machine_is_pgsql(work->call->config.db) ?
	    "pgsql" : "sqlite";
	struct output maps;
	char *hint = NULL;
	size_t size;
	FILE *to = open_memstream(&hint, &size);
	int rc = 0;

	if (to == NULL || process_words(&maps, "postconf", "-m",
	    (char *)NULL) < 0)
		return MAILDB_ENOMEM;
	fputs("apt install", to);
	list_missing(work, maps.out, backend, to);
	output_free(&maps);
	if (fclose(to) != 0)
		return MAILDB_ENOMEM;
	if (strcmp(hint, "apt install") != 0)
		rc = call_fail(work->call, MAILDB_EREFUSED, NULL, NULL, hint,
		    "packages are missing:%s", hint + strlen("apt install"));
	else if (work->wanted[DAEMON_POSTFIX] &&
	    access("/etc/postfix/main.cf", F_OK) < 0)
		rc = call_fail(work->call, MAILDB_EREFUSED, NULL, NULL,
		    "dpkg-reconfigure postfix",
		    "Postfix has no /etc/postfix/main.cf");
	free(hint);
	return rc;
}

/* ---- daemons ------------------------------------------------------------ */

#define STOP_SECONDS 30

static const struct service {
	enum daemon daemon;
	const char *name, *script, *pid_file;
	const char *stop[3], *start[3]; /* without a script of the system */
} services[] = {
	{ DAEMON_DOVECOT, "dovecot", "/etc/init.d/dovecot",
	  "/run/dovecot/master.pid", { "doveadm", "stop" }, { "dovecot" } },
	{ DAEMON_POSTFIX, "postfix", "/etc/init.d/postfix",
	  "/var/spool/postfix/pid/master.pid", { "postfix", "stop" },
	  { "postfix", "start" } },
};

/* Whether the process that a file names is there. */
static bool
is_running(const struct service *service)
{
	FILE *file = fopen(service->pid_file, "re");
	long pid = 0;

	if (file == NULL)
		return false;
	if (fscanf(file, "%ld", &pid) != 1)
		pid = 0;
	fclose(file);
	return pid > 1 && kill((pid_t)pid, 0) == 0;
}

/* Runs one of the ways to stop or start a service. */
static int
control(struct work *work, const struct service *service, const char *what,
    const char *const *words)
{
	const char *const unit[] = { "systemctl", what, service->name, NULL };
	const char *const script[] = { service->script, what, NULL };

	if (access("/run/systemd/system", F_OK) == 0)
		return work_run(work, unit);
	return work_run(work, access(service->script, X_OK) == 0 ? script :
	    words);
}

/* Waits for the end of a service that was told to stop: as long as its process
 * is there, none is started beside it. */
static void
wait_gone(const struct service *service)
{
	unsigned tries;

	for (tries = 0; tries < STOP_SECONDS * 10 && is_running(service);
	    tries++)
		poll(NULL, 0, 100);
}

static int
restart(struct work *work, const struct service *service)
{
	char message[128];
	int rc;

	if (!is_running(service)) {
		snprintf(message, sizeof(message), "%s is not running",
		    service->name);
		call_warn(work->call, "not_running", message,
		    service->daemon == DAEMON_POSTFIX ? "postfix start" :
		    "dovecot");
		return 0;
	}
	/* A reload is not enough: running processes keep their groups. */
	if ((rc = control(work, service, "stop", service->stop)) < 0)
		return rc;
	wait_gone(service);
	return control(work, service, "start", service->start);
}

int
work_restart(struct work *work)
{
	bool never = call_option(work->call, "no-restart") != NULL ||
	    call_option(work->call, "root") != NULL;
	char message[128];
	size_t i;
	int rc = 0;

	for (i = 0; rc == 0 && i < COUNT(services); i++) {
		if (!work->restart[services[i].daemon] || work->check)
			continue;
		if (!never) {
			rc = restart(work, &services[i]);
		} else if (call_option(work->call, "root") == NULL) {
			snprintf(message, sizeof(message),
			    "%s has to be restarted", services[i].name);
			call_warn(work->call, "restart", message,
			    services[i].daemon == DAEMON_POSTFIX ?
			    "postfix stop; postfix start" :
			    "doveadm stop; dovecot");
		}
	}
	return rc;
}
