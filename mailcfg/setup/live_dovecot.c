/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * live_dovecot.c - probes of Dovecot: logins, mailboxes, sockets for Postfix
 *
 * Conversations end with RSET before DATA, and a mailbox that does not exist
 * yet is not opened, as that would create it: nothing is left behind.
 */
#include <sys/stat.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "live.h"

pid_t
dovecot_master(const struct machine *machine)
{
	const char *base = machine_setting(machine, "base_dir");
	char path[512];

	snprintf(path, sizeof(path), "%.400s/master.pid", base != NULL ?
	    base : "/run/dovecot");
	return process_of(path, "dovecot");
}

/* Runs doveadm with these words, up to a NULL. */
static int
run_doveadm(struct output *output, const char *const *argv)
{
	const struct process process = { .argv = argv,
		.seconds = 2 * PROBE_SECONDS };

	return process_run(&process, output);
}
#define DOVEADM(output, ...) run_doveadm(output, \
	(const char *const []){ "doveadm", __VA_ARGS__, NULL })

/* The first line of what a program complained about. */
static const char *
first_line(char *text)
{
	text[strcspn(text, "\n")] = '\0';
	return text;
}

int
probe_dovecot_readable(struct machine *machine, const struct requirement *row,
    struct answer *answer)
{
	const char *argv[] = { "doveconf", "-n", NULL };
	const struct process process = { .argv = argv,
		.seconds = PROBE_SECONDS };
	struct output output;
	int rc = 1;

	(void)row;
	answer_about(answer, "Dovecot");
	if (machine_dovecot(machine) == 0) {
		answer_hint(answer, "apt install dovecot-imapd dovecot-lmtpd");
		return answer_no(answer, "Dovecot is not installed");
	}
	if (process_run(&process, &output) < 0)
		return -1;
	if (output.status != 0 && geteuid() != 0 &&
	    strstr(output.err, "Permission denied") != NULL)
		rc = answer_unasked(answer, "only root can ask");
	else if (output.status != 0)
		rc = answer_no(answer, "%s", first_line(output.err));
	output_free(&output);
	return rc;
}

int
probe_dovecot_running(struct machine *machine, const struct requirement *row,
    struct answer *answer)
{
	pid_t pid = dovecot_master(machine);

	(void)row;
	if (pid > 0)
		return 1;
	answer_about(answer, "Dovecot");
	return pid < 0 ? answer_unasked(answer, "only root can ask") :
	    answer_no(answer, "not running");
}

/* ---- what is read later ------------------------------------------------ */

/* Whether a line sets what a row of the table wants, and differently. */
static bool
overrides(struct machine *machine, const char *line, const char **name)
{
	size_t len = strcspn(line, " ="), i;

	for (i = 0; i < nrequirements; i++) {
		const struct requirement *row = &requirements[i];

		if (row->place == PLACE_SETTING && row->name != NULL &&
		    machine_needs(machine, row) && strlen(row->name) == len &&
		    strncmp(row->name, line, len) == 0 &&
		    live_found(machine->live, row->code)) {
			*name = row->name;
			return true;
		}
	}
	return false;
}

/* Differences that local.conf makes have been found; their way out is there,
 * and not in the files that setup writes. */
int
probe_local_overrides(struct machine *machine, const struct requirement *row,
    struct answer *answer)
{
	FILE *file = fopen("/etc/dovecot/local.conf", "re");
	struct live *live = machine->live;
	char line[1024], *at;
	const char *name;
	size_t i;

	(void)answer;
	if (file == NULL)
		return 1;
	while (fgets(line, sizeof(line), file) != NULL) {
		at = line + strspn(line, " \t");
		if (!overrides(machine, at, &name))
			continue;
		for (i = 0; i < live->nfindings; i++) {
			struct finding *finding = &live->findings[i];

			if (strcmp(finding->object, name) == 0 &&
			    finding->daemon == DAEMON_DOVECOT) {
				free(finding->hint);
				finding->hint = strdup(row->hint);
			}
		}
	}
	fclose(file);
	return 1;
}

/* ---- logins ------------------------------------------------------------ */

/* A block passdb of another driver than sql, which is asked as well. */
static const char *
other_passdb(const struct machine *machine)
{
	size_t i;

	for (i = 0; i < machine->nlines; i++) {
		const struct dovecot_line *line = &machine->lines[i];

		if (strncmp(line->block, "passdb", 6) == 0 &&
		    strchr(line->block, '|') == NULL &&
		    strcmp(line->name, machine->dovecot >= 204 ?
		    "passdb_driver" : "driver") == 0 &&
		    strcmp(line->value, "sql") != 0)
			return line->value;
		if (machine->dovecot >= 204 && *line->name == '\0' &&
		    strncmp(line->block, "passdb ", 7) == 0 &&
		    strchr(line->block, '|') == NULL &&
		    strcmp(line->block, "passdb sql") != 0)
			return line->block + 7;
	}
	return NULL;
}

/* Asks passdb about a login: 1 known, 0 unknown, -1 with an answer. */
static int
lookup_login(struct answer *answer, const char *address)
{
	struct output output;
	int rc;

	if (DOVEADM(&output, "auth", "lookup", address) < 0)
		return -1;
	rc = output.expired || output.status == 75 ? -1 : output.status == 0;
	if (rc < 0) {
		answer_about(answer, address);
		answer_hint(answer, "doveadm auth lookup %s", address);
		answer_no(answer, "Dovecot cannot look up logins: %s",
		    output.expired ? "no answer" : first_line(output.err));
	}
	output_free(&output);
	return rc;
}

/* Compares one login with the database's answer: 1 when both are the same. */
static int
compare_login(struct machine *machine, struct answer *answer,
    const char *address)
{
	int theirs = lookup_login(answer, address), ours;
	char *rows;

	if (theirs < 0)
		return 0;
	ours = sample_lookup(machine, machine_facts(machine) & ON_DOVECOT_24 ?
	    "passdb24" : "passdb", address, &rows);
	free(rows);
	if (ours < 0 || theirs == ours)
		return ours < 0 ? ours : 1;
	answer_about(answer, address);
	answer_hint(answer, "doveadm auth cache flush");
	return answer_no(answer, theirs ? "Dovecot lets the user log in, and "
	    "the database does not" : "Dovecot does not know the login, and "
	    "the database does");
}

int
probe_authentication(struct machine *machine, const struct requirement *row,
    struct answer *answer)
{
	const struct sample *sample = &machine->live->sample;
	const char *const addresses[] = { sample->user, sample->disabled,
		sample->unknown }, *other = other_passdb(machine);
	size_t i;
	int rc = 1;

	(void)row;
	if (other != NULL) {
		answer_hint(answer, "doveconf -n passdb");
		return answer_no(answer, "logins are asked of \"%s\" too",
		    other);
	}
	for (i = 0; rc == 1 && i < COUNT(addresses); i++)
		if (addresses[i] != NULL && (rc = compare_login(machine,
		    answer, addresses[i])) == 0)
			rc = compare_login(machine, answer, addresses[i]);
	return rc;
}

/* How many users the database lists; negative on error. */
static int64_t
count_users(struct machine *machine)
{
	struct maildb_cursor *cursor;
	int64_t count = 0;
	int rc = maildb_lookup(machine_call(machine)->db,
	    machine_facts(machine) & ON_DOVECOT_24 ? "iterate24" : "iterate",
	    "", &cursor);

	if (rc < 0)
		return rc;
	while ((rc = maildb_cursor_next(cursor)) == 1)
		count++;
	maildb_cursor_free(cursor);
	return rc < 0 ? rc : count;
}

static int
compare_list(struct machine *machine, struct answer *answer)
{
	struct output output;
	int64_t ours = count_users(machine), theirs = 0;
	const char *at;
	int rc = 1;

	if (ours < 0)
		return (int)ours;
	if (DOVEADM(&output, "user", "*") < 0)
		return -1;
	for (at = output.out; (at = strchr(at, '\n')) != NULL; at++)
		theirs++;
	answer_about(answer, "userdb");
	answer_hint(answer, "doveadm user '*'");
	if (output.expired || strstr(output.err, "Error:") != NULL ||
	    strstr(output.err, "failure") != NULL)
		rc = answer_no(answer, "Dovecot cannot list users: %s",
		    output.expired ? "no answer" : first_line(output.err));
	else if (theirs != ours)
		rc = answer_no(answer, "Dovecot lists %lld users, the "
		    "database has %lld", (long long)theirs, (long long)ours);
	output_free(&output);
	return rc;
}

int
probe_user_list(struct machine *machine, const struct requirement *row,
    struct answer *answer)
{
	int rc = compare_list(machine, answer);

	(void)row;
	return rc == 0 ? compare_list(machine, answer) : rc;
}

/* ---- mailboxes --------------------------------------------------------- */

/* A field of a user as Dovecot has it, for the caller to free; or NULL. */
static char *
user_field(const char *address, const char *field)
{
	struct output output;
	char *value = NULL;

	if (DOVEADM(&output, "user", "-f", field, address) < 0)
		return NULL;
	if (output.status == 0)
		value = strdup(first_line(output.out));
	output_free(&output);
	return value;
}

/* Whether the user's mail has been stored before: opening creates nothing. */
static bool
has_mail(const char *address)
{
	char *home = user_field(address, "home");
	char path[512];
	struct stat st;

	snprintf(path, sizeof(path), "%.480s/Maildir",
	    home != NULL ? home : "");
	free(home);
	return stat(path, &st) == 0;
}

int
probe_inbox(struct machine *machine, const struct requirement *row,
    struct answer *answer)
{
	const char *user = machine->live->sample.user;
	struct output output;
	int rc = 1;

	(void)row;
	if (user == NULL || !has_mail(user))
		return 1;
	if (DOVEADM(&output, "mailbox", "status", "-u", user, "messages",
	    "INBOX") < 0)
		return -1;
	if (output.status != 0) {
		answer_about(answer, user);
		answer_hint(answer, "doveadm mailbox status -u %s messages "
		    "INBOX", user);
		rc = answer_no(answer, "INBOX cannot be opened: %s",
		    first_line(output.err));
	}
	output_free(&output);
	return rc;
}

int
probe_quota(struct machine *machine, const struct requirement *row,
    struct answer *answer)
{
	const char *user = machine->live->sample.limited;
	struct output output;
	char limit[32];
	int rc = 1;

	(void)row;
	if (user == NULL || !has_mail(user))
		return 1;
	if (DOVEADM(&output, "quota", "get", "-u", user) < 0)
		return -1;
	snprintf(limit, sizeof(limit), "%lld",
	    (long long)machine->live->sample.limit / 1024);
	answer_about(answer, user);
	answer_hint(answer, "doveadm quota get -u %s", user);
	if (output.status != 0)
		rc = answer_no(answer, "Dovecot does not know the quota: %s",
		    first_line(output.err));
	else if (strstr(output.out, limit) == NULL)
		rc = answer_no(answer, "Dovecot has another quota than %s "
		    "KiB", limit);
	output_free(&output);
	return rc;
}

/* ---- LMTP --------------------------------------------------------------- */

/* Asks whether a recipient is taken: 1 as expected, 0, or an error. */
static int
expect(struct wire *wire, struct answer *answer, bool known,
    const char *address)
{
	struct reply reply;
	int rc = wire_command(wire, &reply, "RCPT TO:<%s>", address);

	if (rc < 0)
		return answer_failed(answer, "LMTP", rc);
	if (rc / 100 == (known ? 2 : 5))
		return 1;
	answer_about(answer, address);
	answer_hint(answer, "doveadm user %s", address);
	reply.text[strcspn(reply.text, "\n")] = '\0';
	return answer_no(answer, "Dovecot answers to RCPT: %s", reply.text);
}

/* The address with an extension, as mail to it would have. */
static void
extend(struct machine *machine, const char *address, char out[512])
{
	const char *delimiter = machine_main_expanded(machine,
	    "recipient_delimiter");
	int len = (int)strcspn(address, "@");

	snprintf(out, 512, "%.*s%.1s%s%.300s", len, address, delimiter !=
	    NULL ? delimiter : "", delimiter != NULL && *delimiter != '\0' ?
	    "mailcfg-check" : "", address + len);
}

static int
talk_lmtp(struct machine *machine, struct wire *wire, struct answer *answer)
{
	const struct sample *sample = &machine->live->sample;
	struct reply reply;
	char extended[512];
	int rc;

	if ((rc = wire_reply(wire, &reply)) < 0 || (rc = wire_command(wire,
	    &reply, "LHLO mailcfg-check.invalid")) < 0 ||
	    (rc = wire_command(wire, &reply, "MAIL FROM:<>")) < 0)
		return answer_failed(answer, "LMTP", rc);
	rc = expect(wire, answer, false, sample->unknown);
	if (rc == 1 && sample->user != NULL)
		rc = expect(wire, answer, true, sample->user);
	if (rc == 1 && sample->user != NULL) {
		extend(machine, sample->user, extended);
		rc = expect(wire, answer, true, extended);
	}
	wire_command(wire, &reply, "RSET");
	wire_command(wire, &reply, "QUIT");
	return rc;
}

/* The name of Dovecot's socket in virtual_transport; NULL for another. */
static const char *
lmtp_name(const struct machine *machine)
{
	const char *transport = machine_main_expanded(machine,
	    "virtual_transport");

	return transport != NULL && strncmp(transport, "lmtp:unix:", 10) == 0 ?
	    transport + 10 : NULL;
}

static bool
is_lmtp(const struct machine *machine)
{
	const char *transport = machine_main_expanded(machine,
	    "virtual_transport");

	return transport == NULL || strncmp(transport, "lmtp:", 5) == 0;
}

int
probe_lmtp(struct machine *machine, const struct requirement *row,
    struct answer *answer)
{
	const char *name = lmtp_name(machine);
	struct wire wire;
	int rc;

	(void)row;
	if (name == NULL && !is_lmtp(machine)) {
		answer_about(answer, "virtual_transport");
		answer_hint(answer, "mailcfg setup postfix --force");
		return answer_no(answer, "mail is not delivered by LMTP: %s",
		    machine_main_expanded(machine, "virtual_transport"));
	}
	if (name == NULL || *name == '/')
		return 1;
	answer_hint(answer, "doveadm reload");
	if ((rc = postfix_socket(machine, &wire, name)) < 0) {
		answer_about(answer, name);
		return answer_no(answer, "Postfix cannot connect: %s",
		    strerror(-rc));
	}
	rc = talk_lmtp(machine, &wire, answer);
	wire_close(&wire);
	return rc;
}

/* ---- logins of Postfix's users ------------------------------------------ */

int
probe_sasl(struct machine *machine, const struct requirement *row,
    struct answer *answer)
{
	const char *name = machine_main_expanded(machine, "smtpd_sasl_path");
	const char *type = machine_main_expanded(machine, "smtpd_sasl_type");
	bool plain = false, login = false;
	struct wire wire;
	char line[WIRE_LINE];
	int rc;

	(void)row;
	if (type != NULL && strcmp(type, "dovecot") != 0) {
		answer_about(answer, "smtpd_sasl_type");
		answer_hint(answer, "mailcfg setup postfix --force");
		return answer_no(answer, "logins are asked of \"%s\"", type);
	}
	if (name == NULL || *name == '/' || strncmp(name, "inet:", 5) == 0)
		return 1;
	answer_hint(answer, "doveadm reload");
	answer_about(answer, name);
	if ((rc = postfix_socket(machine, &wire, name)) < 0)
		return answer_no(answer, "Postfix cannot connect: %s",
		    strerror(-rc));
	rc = wire_send(&wire, "VERSION\t1\t1\nCPID\t1\n");
	while (rc >= 0 && (rc = wire_line(&wire, line)) >= 0 &&
	    strcmp(line, "DONE") != 0) {
		plain = plain || strncmp(line, "MECH\tPLAIN", 10) == 0;
		login = login || strncmp(line, "MECH\tLOGIN", 10) == 0;
	}
	wire_close(&wire);
	if (rc < 0)
		return answer_no(answer, "Dovecot does not offer logins: %s",
		    strerror(-rc));
	if (plain && login)
		return 1;
	return answer_no(answer, "Dovecot does not offer the mechanism %s",
	    plain ? "LOGIN" : "PLAIN");
}

/* ---- quota-status -------------------------------------------------------- */

/* Asks the policy service about one mail: 1 when it answers with what is
 * expected, "" for anything. */
static int
ask_policy(struct machine *machine, struct answer *answer, int64_t size,
    const char *user, const char *expected)
{
	struct wire wire;
	char line[WIRE_LINE] = "", request[1024];
	int rc = postfix_socket(machine, &wire, "private/quota-status");

	answer_about(answer, "private/quota-status");
	if (rc < 0)
		return answer_no(answer, "Postfix cannot connect: %s",
		    strerror(-rc));
	snprintf(request, sizeof(request),
	    "request=smtpd_access_policy\nprotocol_state=RCPT\n"
	    "protocol_name=ESMTP\nsender=\nrecipient=%.500s\nsize=%lld\n\n",
	    user, (long long)size);
	if ((rc = wire_send(&wire, request)) == 0)
		rc = wire_line(&wire, line);
	wire_close(&wire);
	if (rc < 0)
		return answer_no(answer, "no answer: %s", strerror(-rc));
	if (strncmp(line, "action=", 7) == 0 && line[7] != '\0' &&
	    strncasecmp(line + 7, expected, strlen(expected)) == 0)
		return 1;
	answer_about(answer, user);
	return answer_no(answer, "the answer for %lld bytes is \"%s\"",
	    (long long)size, line);
}

int
probe_policy(struct machine *machine, const struct requirement *row,
    struct answer *answer)
{
	const struct sample *sample = &machine->live->sample;
	int rc;

	(void)row;
	answer_hint(answer, "doveadm reload");
	rc = ask_policy(machine, answer, 0, sample->unknown, "DUNNO");
	if (rc == 1 && sample->user != NULL && has_mail(sample->user))
		rc = ask_policy(machine, answer, 0, sample->user, "");
	/* Dovecot 2.3 allows a tenth more than the quota. */
	if (rc == 1 && sample->limited != NULL && has_mail(sample->limited))
		rc = ask_policy(machine, answer, 2 * sample->limit,
		    sample->limited, "552");
	return rc;
}
