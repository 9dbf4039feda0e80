/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * machine.c - what is installed on a machine, and how it is configured
 *
 * Everything is asked of the daemons' own programs, each once: postconf and
 * doveconf know their syntax and their defaults, and we need not.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "machine.h"

/* ---- releases -------------------------------------------------------- */

/* "3.7.11" is 307; 0 for what is no release. */
static int
release(const char *text)
{
	int major, minor;

	return sscanf(text, "%d.%d", &major, &minor) == 2 ?
	    100 * major + minor : 0;
}

/* What a program says its release is; 0 when it is not installed. */
static int
ask_release(const char *program, const char *option, const char *name)
{
	struct output output;
	int found;

	if (!process_exists(program) ||
	    process_words(&output, program, option, name, (char *)NULL) < 0)
		return 0;
	found = output.status == 0 ? release(output.out) : 0;
	output_free(&output);
	return found;
}

/* ---- configurations -------------------------------------------------- */

/* Notes the parameters that postconf warns of as named twice. */
static int
note_doubled(struct machine *machine, const char *warnings)
{
	static const char words[] = "overriding earlier entry: ";
	const char *at;
	char name[128];
	int rc = 0;

	for (at = strstr(warnings, words); rc == 0 && at != NULL;
	    at = strstr(at, words)) {
		at += strlen(words);
		snprintf(name, sizeof(name), "%.*s", (int)strcspn(at, "=\n "),
		    at);
		rc = settings_set(&machine->doubled, name, "");
	}
	return rc;
}

/* Runs postconf and reads what it prints. */
static int
ask_postconf(struct machine *machine, struct settings *settings,
    const char *option)
{
	struct output output;
	int rc = process_words(&output, "postconf", option, (char *)NULL);

	if (rc < 0)
		return rc;
	if (output.status != 0)
		rc = call_fail(machine->call, MAILDB_EIO, NULL, NULL,
		    "postfix check", "postconf %s: %.*s", option,
		    (int)strcspn(output.err, "\n"), output.err);
	else
		rc = settings_parse(settings, output.out);
	if (rc == 0 && settings == &machine->main)
		rc = note_doubled(machine, output.err);
	output_free(&output);
	return rc;
}

static int
look_at_postfix(struct machine *machine)
{
	const struct {
		const char *option;
		struct settings *settings;
	} runs[] = {
		{ "-n", &machine->main }, { "-d", &machine->defaults },
		{ "-x", &machine->expanded }, { "-F", &machine->fields },
		{ "-P", &machine->service_options },
	};
	size_t i;
	int rc = 0;

	if (machine->postfix == 0)
		return 0;
	for (i = 0; rc == 0 && i < COUNT(runs); i++)
		rc = ask_postconf(machine, runs[i].settings, runs[i].option);
	if (machine->postfix >= 309)
		machine->facts |= ON_POSTFIX_39;
	return rc;
}

/* Whether a plugin of Dovecot is installed. */
static bool
has_plugin(const struct machine *machine, const char *file)
{
	const char *directory = machine_setting(machine, "mail_plugin_dir");
	char path[512];

	snprintf(path, sizeof(path), "%.400s/%s", directory != NULL ?
	    directory : "/usr/lib/dovecot/modules", file);
	return access(path, F_OK) == 0;
}

static int
look_at_dovecot(struct machine *machine)
{
	struct output output;
	int rc;

	if (machine->dovecot == 0)
		return 0;
	if ((rc = process_words(&output, "doveconf", "-a",
	    (char *)NULL)) < 0)
		return rc;
	/* One that cannot be read has no settings; "setup" may mend it. */
	if (output.status == 0)
		rc = dovecot_parse(machine, output.out);
	output_free(&output);
	if (has_plugin(machine, "lib90_sieve_plugin.so"))
		machine->facts |= ON_SIEVE;
	if (has_plugin(machine, "lib10_quota_plugin.so"))
		machine->facts |= ON_QUOTA;
	return rc;
}

/* ---- facts ------------------------------------------------------------ */

bool
machine_is_pgsql(const char *url)
{
	static const char *const begins[] = { "postgres:", "postgresql:",
		"pgsql:", "service=", "host=", "dbname=" };
	size_t i;

	for (i = 0; url != NULL && i < COUNT(begins); i++)
		if (strncmp(url, begins[i], strlen(begins[i])) == 0)
			return true;
	return false;
}

/* Whether the servers of a PostgreSQL URL are reached by a socket. */
bool
machine_is_local(const char *url)
{
	const char *at = strstr(url, "://"), *host = strstr(url, "host=");

	if (host != NULL)
		return host[5] == '/' || strncmp(host + 5, "%2", 2) == 0;
	if (at == NULL)
		return true;
	at += 3;
	if (at[strcspn(at, "@/?")] == '@')
		at += strcspn(at, "@") + 1;
	return strchr("/?", *at) != NULL; /* no host, or the end */
}

static unsigned
database_facts(const struct machine *machine)
{
	const char *url = machine->call->config.db;

	/* Not the open database: with --check there may be none yet. */
	if (!machine_is_pgsql(url))
		return ON_SQLITE;
	return ON_PGSQL | (machine_is_local(url) ? ON_LOCAL : ON_REMOTE);
}

/* Whether main.cf has our tables already, without proxymap. */
static bool
is_direct(const struct machine *machine)
{
	const char *value = machine_main(machine, "virtual_mailbox_domains");
	char *table = NULL;
	bool found;

	if (value == NULL || asprintf(&table, "%s/virtual_mailbox_domains.cf",
	    machine->postfix_maps) < 0)
		return false;
	found = strstr(value, table) != NULL && strstr(value, "proxy:") == NULL;
	free(table);
	return found;
}

static int
find_facts(struct machine *machine)
{
	char *uid = NULL;
	int rc;

	machine->facts |= database_facts(machine);
	machine->facts |= machine->options.direct || is_direct(machine) ?
	    ON_DIRECT : ON_PROXY;
	machine->facts |= machine->dovecot >= 204 ? ON_DOVECOT_24 :
	    ON_DOVECOT_23;
	if (machine->options.blank)
		machine->facts |= ON_QUOTA | ON_SIEVE;
	if (!machine->options.blank &&
	    access("/run/systemd/system", F_OK) == 0)
		machine->facts |= ON_SYSTEMD;
	if ((rc = maildb_setting_get(machine->call->cli->db, "mail_uid",
	    &uid)) < 0)
		return rc;
	if (uid != NULL && strtol(uid, NULL, 10) < 500)
		machine->facts |= ON_LOW_UID;
	free(uid);
	return 0;
}

/* ---- the machine ------------------------------------------------------ */

struct machine *
machine_new(struct call *call, const struct setup_options *options)
{
	struct machine *machine = calloc(1, sizeof(*machine));

	if (machine == NULL)
		return NULL;
	machine->call = call;
	machine->options = *options;
	machine->postfix_maps = strdup(options->postfix_maps != NULL ?
	    options->postfix_maps : "/etc/postfix/maildb");
	machine->dovecot_maps = strdup(options->dovecot_maps != NULL ?
	    options->dovecot_maps : "/etc/dovecot/maildb");
	if (machine->postfix_maps == NULL || machine->dovecot_maps == NULL) {
		machine_free(machine);
		return NULL;
	}
	return machine;
}

/* Looks at the daemons alone. */
int
machine_look_at_daemons(struct machine *machine)
{
	int rc = 0;

	machine->dovecot = machine->options.dovecot != 0 ?
	    machine->options.dovecot :
	    ask_release("dovecot", "--version", NULL);
	machine->postfix = machine->options.postfix != 0 ?
	    machine->options.postfix :
	    ask_release("postconf", "-dh", "mail_version");
	if (!machine->options.blank) {
		if ((rc = look_at_postfix(machine)) == 0)
			rc = look_at_dovecot(machine);
	}
	return rc;
}

/* Looks at the daemons; the database is open already. */
int
machine_look(struct machine *machine)
{
	int rc = machine_look_at_daemons(machine);

	return rc < 0 ? rc : find_facts(machine);
}

void
machine_free(struct machine *machine)
{
	if (machine == NULL)
		return;
	settings_free(&machine->main);
	settings_free(&machine->defaults);
	settings_free(&machine->expanded);
	settings_free(&machine->fields);
	settings_free(&machine->service_options);
	while (machine->nlines > 0) {
		machine->nlines--;
		free(machine->lines[machine->nlines].block);
		free(machine->lines[machine->nlines].name);
		free(machine->lines[machine->nlines].value);
	}
	free(machine->lines);
	settings_free(&machine->doubled);
	free(machine->hba_file);
	free(machine->ident_file);
	free(machine->database);
	free(machine->postfix_maps);
	free(machine->dovecot_maps);
	free(machine);
}

struct call *
machine_call(const struct machine *machine)
{
	return machine->call;
}

unsigned
machine_facts(const struct machine *machine)
{
	return machine->facts;
}

int
machine_postfix(const struct machine *machine)
{
	return machine->postfix;
}

int
machine_dovecot(const struct machine *machine)
{
	return machine->dovecot;
}

struct maps_reader *
machine_reader(struct machine *machine, enum daemon daemon)
{
	struct maps_reader *reader = &machine->reader[daemon];
	bool postfix = daemon == DAEMON_POSTFIX;
	char passfile[512];

	reader->dialect = postfix ? "postfix" :
	    machine->facts & ON_DOVECOT_24 ? "dovecot-2.4" : "dovecot-2.3";
	reader->postfix = postfix ? machine->postfix : 0;
	reader->place = postfix ? machine->postfix_maps :
	    machine->dovecot_maps;
	snprintf(passfile, sizeof(passfile), "%.400s/" MAPS_PASSFILE,
	    reader->place);
	reader->passfile = reader->passfile || access(passfile, F_OK) == 0;
	return reader;
}

bool
machine_needs(const struct machine *machine, const struct requirement *row)
{
	return (row->when & ~machine->facts) == 0;
}

/* ---- what is configured ------------------------------------------------ */

const char *
machine_main(const struct machine *machine, const char *name)
{
	return settings_get(&machine->main, name);
}

const char *
machine_main_default(const struct machine *machine, const char *name)
{
	return settings_get(&machine->defaults, name);
}

const char *
machine_main_expanded(const struct machine *machine, const char *name)
{
	return settings_get(&machine->expanded, name);
}

const char *
machine_field(const struct machine *machine, const char *name)
{
	return settings_get(&machine->fields, name);
}

const char *
machine_option(const struct machine *machine, const char *name)
{
	return settings_get(&machine->service_options, name);
}

const char *
machine_setting(const struct machine *machine, const char *name)
{
	const char *bar = strrchr(name, '|'), *last;
	size_t len = bar != NULL ? (size_t)(bar - name) : 0, i;

	last = bar != NULL ? bar + 1 : name;
	for (i = 0; i < machine->nlines; i++)
		if (strcmp(machine->lines[i].name, last) == 0 &&
		    strlen(machine->lines[i].block) == len &&
		    strncmp(machine->lines[i].block, name, len) == 0)
			return machine->lines[i].value;
	return NULL;
}
