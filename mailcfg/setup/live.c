/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * live.c - asks a running machine whether it meets the requirements
 *
 * First all rows are compared with the configuration; then probes are asked,
 * those first on which others depend.  A probe is not asked where a finding
 * explains what it would say: a cause is reported, not what follows from it.
 */
#include <errno.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "live.h"

/* ---- what depends on what --------------------------------------------- */

#define POSTFIX_UP "postfix_configuration postfix_setup postfix_running "
#define DOVECOT_UP "dovecot_configuration dovecot_setup dovecot_running "
#define DATABASE "system_setup readers_group database_modes database_peer " \
	"database_passfiles map_files "
#define POSTFIX_READS POSTFIX_UP DATABASE "postfix_in_readers "
/* Without these smtpd ends before it greets: an empty class, and a table that
 * proxymap does not serve. */
#define SMTPD_STARTS POSTFIX_READS "restriction_class proxy_read_maps " \
	"recipient_restrictions "
#define DOVECOT_READS DOVECOT_UP DATABASE "database passdb userdb " \
	"system_logins auth_worker_group auth_worker_user login_format "
#define MAILBOXES DOVECOT_READS "mail_owner mail_root mail_owner_uid " \
	"mail_location "
#define DELIVERS MAILBOXES "lmtp_socket delivery_user quota sieve "

#define ROOT 0x01u /* only root can ask */

/* The probes in the order in which they are asked, and the codes of findings
 * that explain what one would say. */
static const struct question {
	probe_fn *probe;
	unsigned bits;
	const char *causes;
} questions[] = {
	{ probe_main_once, 0, POSTFIX_UP },
	{ probe_postfix_running, 0, POSTFIX_UP },
	{ probe_dovecot_running, 0, DOVECOT_UP },
	{ probe_local_overrides, 0, DOVECOT_UP },
	{ probe_host_name, 0, POSTFIX_UP },
	{ probe_aliases, 0, POSTFIX_UP },
	{ probe_admin_role, ROOT, "database_peer " },
	{ probe_passfiles, ROOT, "" },
	{ probe_peer, ROOT, "database_passfiles system_setup " },
	{ probe_connections, 0, "" },
	{ probe_after_database, 0, "" },
	{ probe_database_open, ROOT, "system_setup readers_group "
	    "database_modes postfix_in_readers " },
	{ probe_maps_current, 0, POSTFIX_UP DOVECOT_UP },
	{ probe_proxymap_groups, ROOT, POSTFIX_READS },
	{ probe_worker_groups, ROOT, DOVECOT_READS },
	{ probe_mail_root, ROOT, "system_setup mail_owner mail_root " },
	{ probe_map_lookup, ROOT, POSTFIX_READS "virtual_mailbox_domains "
	    "proxy_read_maps chroot " },
	{ probe_authentication, ROOT, DOVECOT_READS },
	{ probe_user_list, ROOT, DOVECOT_READS },
	{ probe_sample, ROOT, POSTFIX_READS DOVECOT_READS
	    "virtual_mailbox_domains virtual_mailbox_maps "
	    "virtual_alias_maps relay_domains relay_recipient_maps "
	    "recipient_restrictions sender_login sender_restrictions "
	    "proxy_read_maps chroot " },
	{ probe_inbox, ROOT, MAILBOXES "same_answers " },
	{ probe_quota, ROOT, MAILBOXES "quota same_answers " },
	{ probe_lmtp, ROOT, DELIVERS "recipient_delimiter same_answers "
	    "virtual_transport " },
	{ probe_smtputf8, ROOT, SMTPD_STARTS DELIVERS },
	{ probe_sasl, ROOT, DOVECOT_READS "sasl_socket login_mechanisms " },
	{ probe_policy, ROOT, MAILBOXES "quota_socket quota same_answers " },
	{ probe_submission, 0, SMTPD_STARTS DOVECOT_UP "sasl sasl_socket "
	    "login_mechanisms submission " },
	{ probe_tls, ROOT, SMTPD_STARTS "submission " },
	{ probe_forged_sender, 0, SMTPD_STARTS "sender_restrictions "
	    "same_answers " },
};

/* Codes of configuration that differs because of another finding. */
static const struct {
	const char *code, *causes;
} follows[] = {
	{ "database_modes", "readers_group " },
	{ "postfix_in_readers", "readers_group " },
	{ "auth_worker_group", "readers_group " },
	{ "mail_root", "mail_owner " },
	{ "proxy_read_maps", "virtual_mailbox_domains virtual_mailbox_maps "
	    "virtual_alias_maps relay_domains relay_recipient_maps "
	    "recipient_restrictions sender_login sender_restrictions " },
};

bool
live_found(const struct live *live, const char *code)
{
	size_t i;

	for (i = 0; i < live->nfindings; i++)
		if (live->findings[i].severity != SEVERITY_UNASKED &&
		    strcmp(live->findings[i].code, code) == 0)
			return true;
	return false;
}

bool
live_failed(const struct live *live)
{
	size_t i;

	for (i = 0; i < live->nfindings; i++)
		if (live->findings[i].severity == SEVERITY_ERROR)
			return true;
	return false;
}

/* Whether one of the codes, each followed by a space, has a finding. */
static bool
explained(const struct live *live, const char *causes)
{
	char code[64];
	size_t len;

	for (; *causes != '\0'; causes += len + 1) {
		len = strcspn(causes, " ");
		snprintf(code, sizeof(code), "%.*s", (int)len, causes);
		if (live_found(live, code))
			return true;
	}
	return false;
}

/* ---- answers ---------------------------------------------------------- */

static void
put_text(char **to, const char *format, va_list ap)
{
	free(*to);
	if (vasprintf(to, format, ap) < 0)
		*to = NULL;
}

int
answer_no(struct answer *answer, const char *format, ...)
{
	va_list ap;

	va_start(ap, format);
	put_text(&answer->seen, format, ap);
	va_end(ap);
	return 0;
}

int
answer_unasked(struct answer *answer, const char *format, ...)
{
	va_list ap;

	va_start(ap, format);
	put_text(&answer->seen, format, ap);
	va_end(ap);
	return -1;
}

void
answer_about(struct answer *answer, const char *object)
{
	free(answer->object);
	answer->object = strdup(object);
}

void
answer_hint(struct answer *answer, const char *format, ...)
{
	va_list ap;

	va_start(ap, format);
	put_text(&answer->hint, format, ap);
	va_end(ap);
}

int
answer_failed(struct answer *answer, const char *what, int error)
{
	return answer_unasked(answer, "%s: %s", what, error == -ECONNRESET ?
	    "the connection was closed" : strerror(-error));
}

/* ---- findings --------------------------------------------------------- */

struct finding *
live_find(struct live *live, int severity, const char *code,
    enum daemon daemon, const char *required)
{
	struct finding *grown = reallocarray(live->findings,
	    live->nfindings + 1, sizeof(*grown));

	if (grown == NULL)
		return NULL;
	live->findings = grown;
	grown += live->nfindings++;
	*grown = (struct finding){ .severity = severity, .code = code,
		.daemon = daemon, .required = required };
	return grown;
}

static void
finding_free(struct finding *finding)
{
	free(finding->object);
	free(finding->message);
	free(finding->seen);
	free(finding->wanted);
	free(finding->hint);
}

/* Takes out all findings for which drop returns true. */
static void
drop_findings(struct live *live,
    bool (*drop)(struct live *live, const struct finding *finding))
{
	size_t i, kept = 0;

	for (i = 0; i < live->nfindings; i++)
		if (drop(live, &live->findings[i]))
			live->findings[i].known = true;
	for (i = 0; i < live->nfindings; i++)
		if (live->findings[i].known)
			finding_free(&live->findings[i]);
		else
			live->findings[kept++] = live->findings[i];
	live->nfindings = kept;
}

/* ---- configuration ---------------------------------------------------- */

static const char *const daemon_words[DAEMONS] = {
	[DAEMON_SYSTEM] = "", [DAEMON_POSTFIX] = " postfix",
	[DAEMON_DOVECOT] = " dovecot",
};

/* A sentence about a difference. */
static char *
describe(const struct difference *difference)
{
	const char *actual = difference->actual, *wanted = difference->wanted;
	char *text = NULL;
	int rc;

	switch (difference->row->place) {
	case PLACE_GROUP:
	case PLACE_USER:
		rc = asprintf(&text, "does not exist");
		break;
	case PLACE_MEMBER:
		rc = asprintf(&text, "not a member of group %s", wanted);
		break;
	case PLACE_SERVICE:
		rc = asprintf(&text, "not a service in master.cf");
		break;
	case PLACE_COMMENTED:
		rc = asprintf(&text, "the line \"%s\" takes effect", actual);
		break;
	case PLACE_BLOCK:
		rc = actual == NULL ? asprintf(&text, "not set") :
		    asprintf(&text, "the value is \"%s\"", actual);
		break;
	default:
		rc = actual == NULL ? asprintf(&text, "missing, must be \"%s\"",
		    wanted) : asprintf(&text, "\"%s\", must be \"%s\"",
		    actual, wanted);
	}
	return rc < 0 ? NULL : text;
}

/* What mends a difference. */
static char *
way_out(const struct difference *difference)
{
	const struct requirement *row = difference->row;
	char *text = NULL;

	if (row->probe != NULL || row->hint == NULL)
		return asprintf(&text, "mailcfg setup%s",
		    daemon_words[row->daemon]) < 0 ? NULL : text;
	return strdup(row->hint);
}

static int
add_difference(void *arg, const struct difference *difference)
{
	const struct requirement *row = difference->row;
	struct live *live = arg;
	struct finding *finding;

	/* An administrator's own choice: the probe tells whether it works. */
	if (difference->left)
		return 0;
	finding = live_find(live, row->severity, row->code, row->daemon,
	    row->why);
	if (finding == NULL)
		return MAILDB_ENOMEM;
	finding->object = strdup(difference->object);
	finding->message = describe(difference);
	finding->hint = way_out(difference);
	if (difference->actual != NULL)
		finding->seen = strdup(difference->actual);
	finding->wanted = strdup(difference->wanted);
	return finding->object == NULL || finding->message == NULL ||
	    finding->hint == NULL || finding->wanted == NULL ?
	    MAILDB_ENOMEM : 0;
}

/* Compares all rows of a daemon with its configuration: how many differ. */
static int
compare_rows(struct live *live, enum daemon daemon, unsigned *rows)
{
	size_t i, before;
	int rc = 0, failed = 0;

	for (*rows = 0, i = 0; rc == 0 && i < nrequirements; i++) {
		const struct requirement *row = &requirements[i];

		if (row->daemon != daemon || row->place == PLACE_RUNNING ||
		    !machine_needs(live->machine, row))
			continue;
		before = live->nfindings;
		rc = requirement_compare(live->machine, row, add_difference,
		    live);
		live->open[i] = live->nfindings > before;
		failed += live->open[i];
		++*rows;
	}
	return rc < 0 ? rc : failed;
}

static bool
is_consequence(struct live *live, const struct finding *finding)
{
	const char *slash;
	size_t i;

	for (i = 0; i < COUNT(follows); i++)
		if (strcmp(follows[i].code, finding->code) == 0 &&
		    explained(live, follows[i].causes))
			return true;
	/* Options of a service that is missing. */
	slash = finding->object != NULL ? strrchr(finding->object, '/') : NULL;
	for (i = 0; slash != NULL && i < live->nfindings; i++) {
		const struct finding *other = &live->findings[i];

		if (other != finding && strcmp(other->code, finding->code) ==
		    0 && strlen(other->object) == (size_t)(slash -
		    finding->object) && strncmp(other->object,
		    finding->object, strlen(other->object)) == 0)
			return true;
	}
	return false;
}

/* Whether an earlier finding says the same. */
static bool
is_repeated(struct live *live, const struct finding *finding)
{
	const struct finding *other;

	for (other = live->findings; other < finding; other++)
		if (strcmp(other->code, finding->code) == 0 &&
		    strcmp(other->object, finding->object) == 0)
			return true;
	return false;
}

static bool
is_of_broken(struct live *live, const struct finding *finding)
{
	return live->broken[finding->daemon];
}

/* A daemon of which most rows differ has not been set up: one finding. */
static int
collapse(struct live *live, enum daemon daemon, unsigned failed, unsigned rows)
{
	static const struct {
		const char *code, *object;
	} names[DAEMONS] = {
		[DAEMON_SYSTEM] = { "system_setup", "the system" },
		[DAEMON_POSTFIX] = { "postfix_setup", "Postfix" },
		[DAEMON_DOVECOT] = { "dovecot_setup", "Dovecot" },
	};
	struct finding *finding;

	if (2 * failed <= rows || machine_call(live->machine)->config.verbose)
		return 0;
	live->broken[daemon] = true;
	drop_findings(live, is_of_broken);
	finding = live_find(live, SEVERITY_ERROR, names[daemon].code, daemon,
	    "The configuration is for this database.");
	if (finding == NULL || (finding->object = strdup(
	    names[daemon].object)) == NULL ||
	    asprintf(&finding->message, "not set up: %u of %u settings "
	    "differ", failed, rows) < 0 || asprintf(&finding->hint,
	    "mailcfg setup%s", daemon_words[daemon]) < 0)
		return MAILDB_ENOMEM;
	return 0;
}

/* ---- probes ----------------------------------------------------------- */

/* The name of what a row is about, filled in; its code when it has none. */
static char *
row_object(struct live *live, const struct requirement *row)
{
	char *object;

	if (row->place == PLACE_RUNNING || *row->name == '\0')
		return strdup(row->code);
	return machine_fill(live->machine, row->name, &object) == 0 ? object :
	    NULL;
}

static int
add_answer(struct live *live, const struct requirement *row, int rc,
    struct answer *answer)
{
	struct finding *finding = live_find(live, rc < 0 ? SEVERITY_UNASKED :
	    (int)row->severity, row->code, row->daemon, row->why);
	const char *hint = row->hint;

	if (finding == NULL)
		return MAILDB_ENOMEM;
	finding->object = answer->object != NULL ? answer->object :
	    row_object(live, row);
	finding->message = answer->seen != NULL ? answer->seen :
	    strdup("does not hold");
	finding->hint = answer->hint;
	if (finding->hint == NULL && rc == 0 &&
	    (hint != NULL ? (finding->hint = strdup(hint)) == NULL :
	    asprintf(&finding->hint, "mailcfg setup%s",
	    daemon_words[row->daemon]) < 0))
		return MAILDB_ENOMEM;
	if (finding->message != NULL)
		finding->seen = strdup(finding->message);
	*answer = (struct answer){ NULL };
	return finding->object == NULL || finding->message == NULL ?
	    MAILDB_ENOMEM : 0;
}

/* Asks about one row. */
static int
ask_row(struct live *live, const struct question *question,
    const struct requirement *row)
{
	struct answer answer = { NULL };
	int rc;

	live->open[row - requirements] = true;
	if (live_found(live, row->code) || explained(live, question->causes))
		return 0;
	if (question->bits & ROOT && geteuid() != 0)
		rc = answer_unasked(&answer, "only root can ask");
	else
		rc = row->probe(live->machine, row, &answer);
	live->open[row - requirements] = rc != 1;
	rc = rc == 1 ? 0 : add_answer(live, row, rc, &answer);
	free(answer.object);
	free(answer.seen);
	free(answer.hint);
	return rc;
}

/* Asks about all rows that have a probe; one that several rows of a code
 * name is asked once, unless each row is about another thing. */
static int
ask(struct live *live, const struct question *question)
{
	size_t i;
	int rc = 0;

	for (i = 0; rc == 0 && i < nrequirements; i++) {
		const struct requirement *row = &requirements[i];

		if (row->probe != question->probe ||
		    !machine_needs(live->machine, row) ||
		    live->broken[row->daemon])
			continue;
		if ((rc = ask_row(live, question, row)) < 0)
			return rc;
		if (row->place != PLACE_SERVICE)
			break;
	}
	return rc;
}

/* Before rows are compared: which daemons' configuration can be read. */
static const struct {
	enum daemon daemon;
	struct question question;
} first[] = {
	{ DAEMON_POSTFIX, { probe_postfix_readable, 0, "" } },
	{ DAEMON_DOVECOT, { probe_dovecot_readable, 0, "" } },
};

bool
live_asks(probe_fn *probe)
{
	size_t i;

	for (i = 0; i < COUNT(first); i++)
		if (first[i].question.probe == probe)
			return true;
	for (i = 0; i < COUNT(questions); i++)
		if (questions[i].probe == probe)
			return true;
	return false;
}

static int
ask_readable(struct live *live)
{
	size_t i, before;
	int rc = 0;

	for (i = 0; rc == 0 && i < COUNT(first); i++) {
		before = live->nfindings;
		rc = ask(live, &first[i].question);
		if (live->nfindings > before)
			live->broken[first[i].daemon] = true;
	}
	return rc;
}

/* ---- all of it --------------------------------------------------------- */

/* How many rows there are, and how many of them hold. */
static void
count_rows(struct live *live)
{
	const struct requirement *row;

	for (row = requirements; row < requirements + nrequirements; row++)
		if (machine_needs(live->machine, row)) {
			live->needed[row->daemon]++;
			live->held[row->daemon] += !live->broken[row->daemon] &&
			    !live->open[row - requirements];
		}
}

static int
compare_all(struct live *live)
{
	unsigned rows;
	int rc = 0, daemon;

	for (daemon = 0; rc == 0 && daemon < DAEMONS; daemon++)
		if (!live->broken[daemon] && (rc = compare_rows(live,
		    (enum daemon)daemon, &rows)) >= 0)
			rc = collapse(live, (enum daemon)daemon,
			    (unsigned)rc, rows);
	drop_findings(live, is_consequence);
	drop_findings(live, is_repeated);
	return rc;
}

static int
ask_all(struct live *live)
{
	size_t i;
	int rc = 0;

	for (i = 0; rc == 0 && i < COUNT(questions); i++)
		rc = ask(live, &questions[i]);
	return rc;
}

/* Looks at the machine; a Postfix that cannot read its own configuration is
 * a finding, and the only one. */
static int
look(struct live *live)
{
	struct call *call = machine_call(live->machine);
	struct finding *finding;
	int rc = machine_look(live->machine);

	if (rc != MAILDB_EIO)
		return rc;
	finding = live_find(live, SEVERITY_ERROR, "postfix_configuration",
	    DAEMON_POSTFIX, "Postfix accepts its configuration.");
	if (finding == NULL || (finding->object = strdup(
	    "postfix_configuration")) == NULL || (finding->message =
	    strdup(call->fault.message)) == NULL || (finding->hint =
	    strdup("postfix check")) == NULL)
		return MAILDB_ENOMEM;
	fault_clear(&call->fault);
	live->broken[DAEMON_POSTFIX] = live->broken[DAEMON_DOVECOT] =
	    live->broken[DAEMON_SYSTEM] = true;
	return 0;
}

static int
check(struct live *live, const struct live_options *options)
{
	int rc;

	if ((rc = look(live)) < 0)
		return rc;
	if (live->nfindings == 0 && ((rc = sample_take(live)) < 0 ||
	    (rc = ask_readable(live)) < 0 || (rc = compare_all(live)) < 0 ||
	    (rc = ask_all(live)) < 0))
		return rc;
	count_rows(live);
	if (options->send && (rc = live_send(live, options->to)) < 0)
		return rc;
	if (options->changed && (rc = live_remember(live)) < 0)
		return rc;
	return live_report(live, options->changed);
}

int
live_check(struct machine *machine, const struct live_options *options)
{
	static const struct live_options none = { .changed = false };
	struct live live = { .machine = machine,
		.open = calloc(nrequirements, sizeof(bool)) };
	size_t i;
	int rc;

	if (live.open == NULL)
		return MAILDB_ENOMEM;
	machine->live = &live;
	rc = check(&live, options != NULL ? options : &none);
	machine->live = NULL;
	for (i = 0; i < live.nfindings; i++)
		finding_free(&live.findings[i]);
	free(live.findings);
	free(live.delivered);
	free(live.open);
	sample_free(&live.sample);
	return rc;
}
