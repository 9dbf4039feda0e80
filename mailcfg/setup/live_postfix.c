/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * live_postfix.c - probes of Postfix: its files, its processes, its ports
 *
 * Conversations end before DATA, with RSET: nothing is sent to anybody.
 */
#include <sys/stat.h>
#include <errno.h>
#include <ifaddrs.h>
#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

#include "maps/maps.h"
#include "live.h"
#include "list.h"
#include "owner.h"

/* ---- processes and files ---------------------------------------------- */

void
postfix_path(const struct machine *machine, char path[512], const char *name)
{
	const char *queue = machine_main_expanded(machine, "queue_directory");

	snprintf(path, 512, "%.400s/%.100s", queue != NULL ? queue :
	    "/var/spool/postfix", name);
}

pid_t
postfix_master(const struct machine *machine)
{
	char path[512];

	postfix_path(machine, path, "pid/master.pid");
	return process_of(path, "master");
}

int
postfix_socket(struct machine *machine, struct wire *wire, const char *name)
{
	struct identity identity;
	char path[512];
	int rc;

	postfix_path(machine, path, name);
	if (identity_find("postfix", &identity) < 0)
		return -ESRCH;
	if ((rc = identity_enter(&identity)) < 0)
		return rc;
	rc = wire_unix(wire, path, PROBE_SECONDS);
	identity_leave();
	return rc;
}

int
probe_postfix_readable(struct machine *machine, const struct requirement *row,
    struct answer *answer)
{
	(void)row;
	if (machine_postfix(machine) != 0)
		return 1;
	answer_hint(answer, "apt install postfix postfix-sqlite");
	return answer_no(answer, "Postfix is not installed");
}

int
probe_main_once(struct machine *machine, const struct requirement *row,
    struct answer *answer)
{
	(void)row;
	if (machine->doubled.count == 0)
		return 1;
	answer_about(answer, machine->doubled.list[0].name);
	return answer_no(answer, "main.cf sets it more than once");
}

int
probe_postfix_running(struct machine *machine, const struct requirement *row,
    struct answer *answer)
{
	pid_t pid = postfix_master(machine);

	(void)row;
	if (pid > 0)
		return 1;
	answer_about(answer, "Postfix");
	return pid < 0 ? answer_unasked(answer, "only root can ask") :
	    answer_no(answer, "not running");
}

/* ---- names ------------------------------------------------------------ */

int
probe_host_name(struct machine *machine, const struct requirement *row,
    struct answer *answer)
{
	const char *host = machine_main_expanded(machine, "myhostname");
	int rc;

	(void)row;
	if (host == NULL || (rc = machine_hosts(machine, host)) == 0)
		return 1;
	if (rc < 0)
		return rc;
	answer_about(answer, "myhostname");
	return answer_no(answer, "%s is a domain of the database", host);
}

/* A table of alias_maps that is older than its text, or not made at all. */
static int
stale_alias_map(const char *table, struct answer *answer)
{
	const char *path = strchr(table, ':');
	struct stat text, made;
	char file[512];

	if (path == NULL || (strncmp(table, "hash:", 5) != 0 &&
	    strncmp(table, "lmdb:", 5) != 0) || stat(path + 1, &text) < 0)
		return 1;
	snprintf(file, sizeof(file), "%.480s.%s", path + 1,
	    *table == 'h' ? "db" : "lmdb");
	if (stat(file, &made) == 0 && made.st_mtime >= text.st_mtime)
		return 1;
	answer_about(answer, path + 1);
	return answer_no(answer, "%s is older than its text, or missing",
	    file);
}

/* Whether root's mail has somewhere to go, where it gets a hosted domain. */
static int
root_is_known(struct machine *machine, struct answer *answer)
{
	const char *origin = machine_main_expanded(machine, "myorigin");
	static const char *const maps[] = { "virtual_mailbox_maps",
		"virtual_alias_maps", "virtual_alias_far",
		"virtual_alias_catchall" };
	char key[512], *rows;
	size_t i;
	int rc;

	if (origin == NULL || *origin == '/' ||
	    (rc = machine_hosts(machine, origin)) == 0)
		return 1;
	for (i = 0; rc >= 0 && i < COUNT(maps); i++) {
		snprintf(key, sizeof(key), "%s@%.500s", i < 3 ? "root" : "",
		    origin);
		rc = sample_lookup(machine, maps[i], key, &rows);
		free(rows);
		if (rc == 1)
			return 1;
	}
	if (rc < 0)
		return rc;
	answer_about(answer, "root");
	answer_hint(answer, "mailcfg set admin ADDRESS");
	return answer_no(answer, "mail for root goes to root@%s, who is "
	    "unknown", origin);
}

int
probe_aliases(struct machine *machine, const struct requirement *row,
    struct answer *answer)
{
	const char *maps = machine_main_expanded(machine, "alias_maps");
	struct list list;
	size_t i;
	int rc = 1;

	(void)row;
	if (list_parse(&list, maps != NULL ? maps : "") < 0)
		return -1;
	for (i = 0; rc == 1 && i < list.count; i++)
		rc = stale_alias_map(list.phrase[i], answer);
	list_free(&list);
	return rc == 1 ? root_is_known(machine, answer) : rc;
}

/* ---- map files -------------------------------------------------------- */

struct map_files {
	struct answer *answer;
	const char *directory, *modes;
};

/* Compares one file with what mailcfg would write: 1 when it differs. */
static int
map_file_differs(void *arg, const char *name, const char *text)
{
	const struct map_files *files = arg;
	char path[512], modes[64], *line = NULL;
	size_t size = 0;
	FILE *file;
	bool same;
	int rc;

	if (files->answer->seen != NULL)
		return 1;
	snprintf(path, sizeof(path), "%.400s/%.100s", files->directory, name);
	if ((file = fopen(path, "re")) == NULL) {
		answer_about(files->answer, path);
		if (errno == EACCES)
			return 0;
		answer_no(files->answer, "%s", strerror(errno));
		return 1;
	}
	same = getdelim(&line, &size, '\0', file) >= 0 &&
	    strcmp(line, text) == 0;
	free(line);
	fclose(file);
	rc = owner_modes(path, files->modes, modes);
	if (same && rc != 2)
		return 0;
	answer_about(files->answer, path);
	if (same)
		answer_no(files->answer, "\"%s\", must be \"%s\"", modes,
		    files->modes);
	else
		answer_no(files->answer, "not what mailcfg writes");
	return 1;
}

int
probe_maps_current(struct machine *machine, const struct requirement *row,
    struct answer *answer)
{
	struct map_files postfix = { .answer = answer,
		.directory = machine->postfix_maps,
		.modes = "0640 root:postfix" };
	struct map_files dovecot = { .answer = answer,
		.directory = machine->dovecot_maps,
		.modes = "0640 root:dovecot" };
	int rc = maps_make(machine, DAEMON_POSTFIX, map_file_differs,
	    &postfix);

	(void)row;
	if (rc == 0 && (rc = maps_make(machine, DAEMON_DOVECOT,
	    map_file_differs, &dovecot)) == 1)
		answer_hint(answer, "mailcfg setup dovecot");
	return rc < 0 ? rc : rc == 0;
}

/* ---- ports ------------------------------------------------------------ */

/* The address that Postfix listens at, as far as one is named. */
static void
listen_address(const struct machine *machine, char host[64])
{
	const char *at = machine_main_expanded(machine, "inet_interfaces");
	unsigned char binary[16];

	snprintf(host, 64, "%.*s", (int)strcspn(at != NULL ? at : "", ", "),
	    at != NULL ? at : "");
	if (inet_pton(AF_INET, host, binary) != 1 &&
	    inet_pton(AF_INET6, host, binary) != 1)
		snprintf(host, 64, "127.0.0.1");
}

static int
port_of(const char *service)
{
	static const struct {
		const char *name;
		int port;
	} ports[] = { { "smtp/", 25 }, { "submission/", 587 },
		{ "submissions/", 465 }, { "smtps/", 465 } };
	size_t i;

	for (i = 0; i < COUNT(ports); i++)
		if (strncmp(service, ports[i].name,
		    strlen(ports[i].name)) == 0)
			return ports[i].port;
	return atoi(service);
}

/* Connects to port 25 and greets: the code of the reply to EHLO, or an
 * error, after which the wire is closed. */
static int
greet(struct machine *machine, struct wire *wire, struct reply *reply,
    int port, const char *from)
{
	char host[64];
	int rc;

	listen_address(machine, host);
	if (from != NULL)
		snprintf(host, sizeof(host), "%.63s", from);
	if ((rc = wire_tcp(wire, host, port, from, PROBE_SECONDS)) < 0)
		return rc;
	rc = wire_reply(wire, reply);
	if (rc >= 0)
		rc = wire_command(wire, reply, "EHLO mailcfg-check.invalid");
	if (rc < 0)
		wire_close(wire);
	return rc;
}

static void
farewell(struct wire *wire, struct reply *reply)
{
	wire_command(wire, reply, "RSET");
	wire_command(wire, reply, "QUIT");
	wire_close(wire);
}

int
probe_smtputf8(struct machine *machine, const struct requirement *row,
    struct answer *answer)
{
	struct reply smtp, lmtp;
	struct wire wire;
	int rc;

	(void)row;
	if (machine_field(machine, "smtp/inet/command") == NULL)
		return 1;
	if ((rc = postfix_socket(machine, &wire, "private/dovecot-lmtp")) < 0)
		return 1; /* an administrator's own transport */
	if ((rc = wire_reply(&wire, &lmtp)) >= 0)
		rc = wire_command(&wire, &lmtp, "LHLO mailcfg-check.invalid");
	farewell(&wire, &smtp);
	if (rc < 0)
		return answer_failed(answer, "LMTP", rc);
	answer_about(answer, "port 25");
	if ((rc = greet(machine, &wire, &smtp, 25, NULL)) < 0) {
		answer_hint(answer, "postfix reload");
		return answer_no(answer, "no answer on port 25: %s",
		    strerror(-rc));
	}
	rc = reply_offers(&smtp, "SMTPUTF8") &&
	    !reply_offers(&lmtp, "SMTPUTF8");
	farewell(&wire, &smtp);
	answer_hint(answer, "postfix reload");
	return rc ? answer_no(answer, "Postfix offers SMTPUTF8, and Dovecot "
	    "does not") : 1;
}

/* ---- forged senders --------------------------------------------------- */

/* Asks from one address: 1 when a stranger may not send as our user, 0 when
 * one may, -1 when this address is no stranger's. */
static int
forge_from(struct machine *machine, const char *from)
{
	const char *user = machine->live->sample.user;
	struct reply reply;
	struct wire wire;
	int rc;

	if (greet(machine, &wire, &reply, 25, from) < 0)
		return -1;
	/* A stranger may not relay. */
	rc = wire_command(&wire, &reply, "MAIL FROM:<>");
	if (rc / 100 == 2)
		rc = wire_command(&wire, &reply,
		    "RCPT TO:<nobody@mailcfg-check.invalid>");
	if (rc / 100 == 5 && wire_command(&wire, &reply, "RSET") / 100 == 2) {
		rc = wire_command(&wire, &reply, "MAIL FROM:<%s>", user);
		if (rc / 100 == 2)
			rc = wire_command(&wire, &reply, "RCPT TO:<%s>", user);
		rc = rc < 0 ? -1 : rc / 100 != 2;
	} else {
		rc = -1;
	}
	farewell(&wire, &reply);
	return rc;
}

/* The text of an interface's address; false when it is no host's. */
static bool
interface_address(const struct ifaddrs *at, char text[64])
{
	const struct sockaddr *address = at->ifa_addr;

	if (address == NULL || address->sa_family != AF_INET)
		return false;
	return inet_ntop(AF_INET, &((const struct sockaddr_in *)address)->
	    sin_addr, text, 64) != NULL && strncmp(text, "127.", 4) != 0;
}

/* Only an address outside mynetworks shows what a stranger may do; where this
 * host has none, the configuration has been compared. */
int
probe_forged_sender(struct machine *machine, const struct requirement *row,
    struct answer *answer)
{
	struct ifaddrs *list, *at;
	char from[64];
	int rc = -1;

	(void)row;
	if (machine->live->sample.user == NULL || getifaddrs(&list) < 0)
		return 1;
	for (at = list; rc < 0 && at != NULL; at = at->ifa_next)
		if (interface_address(at, from))
			rc = forge_from(machine, from);
	freeifaddrs(list);
	answer_about(answer, "port 25");
	answer_hint(answer, "postconf smtpd_sender_restrictions");
	return rc != 0 ? 1 : answer_no(answer, "a client at %s may send as "
	    "%s without login", from, machine->live->sample.user);
}

/* ---- submission ------------------------------------------------------- */

/* The words that let openssl's client connect to a port. */
static void
openssl_words(struct machine *machine, int port, const char *argv[8],
    char at[80])
{
	char host[64];
	size_t count = 0;

	listen_address(machine, host);
	snprintf(at, 80, strchr(host, ':') != NULL ? "[%s]:%d" : "%s:%d",
	    host, port);
	argv[count++] = "openssl";
	argv[count++] = "s_client";
	argv[count++] = "-connect";
	argv[count++] = at;
	if (port != 465) {
		argv[count++] = "-starttls";
		argv[count++] = "smtp";
	}
	argv[count] = NULL;
}

/* Greets after TLS: what is offered then, or an error. */
static int
greet_tls(struct machine *machine, int port, struct reply *reply)
{
	const char *argv[9];
	char at[80];
	struct wire wire;
	size_t count;
	pid_t pid;
	int rc;

	openssl_words(machine, port, argv, at);
	for (count = 0; argv[count] != NULL; count++)
		;
	argv[count++] = "-quiet";
	argv[count] = NULL;
	if ((rc = process_start(argv, &pid)) < 0)
		return rc;
	wire_attach(&wire, rc, PROBE_SECONDS);
	rc = port == 465 ? wire_reply(&wire, reply) : 0;
	if (rc >= 0)
		rc = wire_command(&wire, reply, "EHLO mailcfg-check.invalid");
	if (rc >= 0)
		wire_send(&wire, "QUIT\r\n");
	wire_close(&wire);
	process_stop(pid);
	return rc;
}

/* Whether logins are offered after TLS. */
static int
offers_login(struct machine *machine, struct answer *answer, int port)
{
	struct reply reply;
	int rc;

	if (!process_exists("openssl"))
		return answer_unasked(answer, "TLS cannot be asked about "
		    "without openssl");
	if ((rc = greet_tls(machine, port, &reply)) < 0) {
		answer_hint(answer, "postconf smtpd_tls_cert_file "
		    "smtpd_tls_key_file");
		return answer_no(answer, "no TLS on port %d", port);
	}
	return reply_offers(&reply, "AUTH") ? 1 : answer_no(answer,
	    "no login is offered after TLS on port %d", port);
}

int
probe_submission(struct machine *machine, const struct requirement *row,
    struct answer *answer)
{
	int port = port_of(row->name), rc;
	struct reply reply;
	struct wire wire;
	char host[64];

	listen_address(machine, host);
	answer_about(answer, row->name);
	answer_hint(answer, "postfix reload");
	if (port == 465) {
		rc = wire_tcp(&wire, host, port, NULL, PROBE_SECONDS);
		if (rc >= 0)
			wire_close(&wire);
	} else if ((rc = greet(machine, &wire, &reply, port, NULL)) >= 0) {
		farewell(&wire, &(struct reply){ 0 });
	}
	if (rc < 0)
		return answer_no(answer, "no answer on port %d: %s", port,
		    strerror(-rc));
	if (port != 465 && reply_offers(&reply, "AUTH"))
		return answer_no(answer, "passwords are accepted without "
		    "TLS");
	if (port != 465 && !reply_offers(&reply, "STARTTLS")) {
		answer_hint(answer, "postconf smtpd_tls_cert_file "
		    "smtpd_tls_key_file");
		return answer_no(answer, "STARTTLS is not offered");
	}
	return offers_login(machine, answer, port);
}

/* ---- the certificate -------------------------------------------------- */

/* Whether "openssl x509" says so about a certificate; what is what it must
 * print, NULL for the exit status alone. */
static int
certificate_has(const char *certificate, const char *option,
    const char *value, const char *what)
{
	const char *argv[] = { "openssl", "x509", "-noout", option, value,
		NULL };
	const struct process process = { .argv = argv, .input = certificate,
		.seconds = PROBE_SECONDS };
	struct output output;
	int rc;

	if (process_run(&process, &output) < 0)
		return -1;
	rc = what != NULL ? strstr(output.out, what) != NULL :
	    output.status == 0;
	output_free(&output);
	return rc;
}

/* Whether issuer and subject are the same. */
static bool
is_self_signed(const char *text)
{
	const char *subject = strstr(text, "\nsubject="), *issuer =
	    strstr(text, "\nissuer=");
	size_t len;

	if (subject == NULL || issuer == NULL)
		return false;
	subject += 9;
	issuer += 8;
	len = strcspn(subject, "\n");
	return len == strcspn(issuer, "\n") &&
	    strncmp(subject, issuer, len) == 0;
}

/* A certificate that is valid now and for a week, and names this host unless
 * it is Debian's self-signed one, which names whatever the host was called. */
int
probe_tls(struct machine *machine, const struct requirement *row,
    struct answer *answer)
{
	const char *host = machine_main_expanded(machine, "myhostname");
	const char *argv[8];
	const struct process process = { .argv = argv,
		.seconds = PROBE_SECONDS };
	struct output output;
	const char *certificate;
	char at[80];
	int rc = 1;

	(void)row;
	if (!process_exists("openssl"))
		return answer_unasked(answer, "certificates cannot be read "
		    "without openssl");
	if (machine_field(machine, "submission/inet/command") == NULL)
		return 1;
	openssl_words(machine, 587, argv, at);
	if (process_run(&process, &output) < 0)
		return -1;
	certificate = strstr(output.out, "-----BEGIN CERTIFICATE");
	if (certificate == NULL) {
		output_free(&output);
		return 1; /* what submission says already */
	}
	answer_about(answer, "certificate");
	if (certificate_has(certificate, "-checkend", "0", NULL) == 0)
		rc = answer_no(answer, "expired");
	else if (certificate_has(certificate, "-checkend", "604800",
	    NULL) == 0)
		rc = answer_no(answer, "expires within a week");
	else if (host != NULL && !is_self_signed(output.out) &&
	    certificate_has(certificate, "-checkhost", host,
	    "does match") == 0)
		rc = answer_no(answer, "does not name %s", host);
	output_free(&output);
	return rc;
}
