/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * check.c - everything that is doubtful in a database, as a list of findings
 *
 * Most rules are a statement of sql/check.sql that finds objects, and a row of
 * the table here that says what is wrong with them.  Chains of targets are
 * graph.c's to judge, files the driver's.  Nothing is repaired.
 */
#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "rules/rules.h"

#define MOST   1000 /* findings of one code that are listed */
#define DETAIL (MAILDB_ULABEL_MAX + 1)

static const char error[] = "error", warning[] = "warning", note[] = "note";

enum { SEVERITY, CODE, OBJECT, MESSAGE, HINT, COLUMNS };

static const struct maildb__column columns[COLUMNS] = {
	[SEVERITY] = { "severity", MAILDB_TEXT },
	[CODE] = { "code", MAILDB_TEXT },
	[OBJECT] = { "object", MAILDB_TEXT },
	[MESSAGE] = { "message", MAILDB_TEXT },
	[HINT] = { "hint", MAILDB_TEXT },
};

struct tally {
	const char *severity, *code;
	int64_t found;
};

struct check {
	struct maildb *db;
	struct maildb_cursor *findings;
	struct tally tallies[40]; /* one of each code */
	unsigned ntallies;
};

/*
 * What is wrong with the objects of a statement; in message and hint, %o
 * stands for the object, which a message need not repeat, and %d for the
 * detail.  judge, if any, has the last
 * word on a row and may rewrite its detail.
 */
struct rule {
	const char *severity, *code;
	enum maildb__stmt_id stmt;
	bool (*judge)(const char *object, char detail[DETAIL]);
	const char *message, *hint;
};

/* ---- judges ------------------------------------------------------------- */

/* Whether a hash is one that would be refused today; the detail says why. */
static bool
is_unfit_hash(const char *object, char detail[DETAIL])
{
	char *stored = NULL, name[64];
	const char *why;

	(void)object;
	if (maildb_hash_parse(detail, MAILDB_HASH_ANY, &stored, &why) !=
	    MAILDB_EHASH) {
		maildb_secret_free(stored);
		return false;
	}
	maildb_hash_describe(detail, name);
	snprintf(detail, DETAIL, "%s: %s", name, why);
	return true;
}

/* Whether a domain is written in another way than the library writes it. */
static bool
is_odd_domain(const char *object, char detail[DETAIL])
{
	char name[MAILDB_DOMAIN_MAX + 1], uname[MAILDB_ULABEL_MAX + 1];
	enum maildb_reason reason;

	reason = maildb_domain_parse(object, strlen(object), name, uname);
	if (reason == MAILDB_REASON_NONE && strcmp(name, object) == 0 &&
	    strcmp(uname, detail) == 0)
		return false;
	snprintf(detail, DETAIL, "%s", reason == MAILDB_REASON_NONE ?
	    "it is not in its canonical form" :
	    maildb_reason_sentence(reason));
	return true;
}

/* The same for a destination. */
static bool
is_odd_dest(const char *object, char detail[DETAIL])
{
	struct maildb_address address;
	enum maildb_reason reason;

	(void)object;
	reason = maildb_address_parse(detail, strlen(detail),
	    MAILDB_PARSE_UTF8 | MAILDB_PARSE_CASE, &address);
	return reason != MAILDB_REASON_NONE ||
	    strcmp(address.text, detail) != 0;
}

/* The scripts that are easily mistaken for one another. */
enum script { LATIN = 1, GREEK = 2, CYRILLIC = 4 };

static const struct {
	uint32_t first, last;
	enum script script;
} scripts[] = {
	{ 'a', 'z', LATIN },
	{ 0x00df, 0x024f, LATIN },
	{ 0x0370, 0x03ff, GREEK },
	{ 0x0400, 0x052f, CYRILLIC },
	{ 0x1c80, 0x1c8f, CYRILLIC },
	{ 0x1e00, 0x1eff, LATIN },
	{ 0x1f00, 0x1fff, GREEK },
	{ 0x2de0, 0x2dff, CYRILLIC },
	{ 0xa640, 0xa69f, CYRILLIC },
};

/* Whether a label of a U-label domain mixes scripts. */
static bool
is_mixed(const char *object, char detail[DETAIL])
{
	const unsigned char *at = (const unsigned char *)detail;
	unsigned seen = 0;
	uint32_t point;
	size_t i;

	(void)object;
	while (*at != '\0') {
		point = *at++;
		if (point == '.')
			seen = 0;
		if (point >= 0xc0) /* the length bits fall off below */
			point &= point >= 0xe0 ? 0x0f : 0x1f;
		while ((*at & 0xc0) == 0x80)
			point = point << 6 | (*at++ & 0x3f);
		for (i = 0; i < ARRAY_LEN(scripts); i++)
			if (point >= scripts[i].first &&
			    point <= scripts[i].last)
				seen |= scripts[i].script;
		if ((seen & (seen - 1)) != 0)
			return true;
	}
	return false;
}

/* Whether the views cannot work with a setting; the detail says why. */
static bool
is_bad_setting(const char *object, char detail[DETAIL])
{
	char *value = *detail != '\0' ? strndup(detail, DETAIL) : NULL;
	const char *why = NULL;

	if (value != NULL)
		why = maildb__setting_fault(object, value);
	else if (strcmp(object, "recipient_delimiter") != 0)
		why = "it has no value";
	if (why != NULL)
		snprintf(detail, DETAIL, "its value \"%.100s\" is wrong: %s",
		    value != NULL ? value : "", why);
	free(value);
	return why != NULL;
}

/* Whether Dovecot's LMTP cuts a user's name at a delimiter; the detail becomes
 * what it takes for the user. */
static bool
is_split(const char *object, char detail[DETAIL])
{
	char local[MAILDB_ADDRESS_MAX + 1];
	size_t len = strcspn(object, "@"), cut;

	snprintf(local, sizeof(local), "%.*s", (int)len, object);
	cut = maildb__lmtp_user(local, detail);
	if (local[cut] == '\0')
		return false;
	snprintf(detail, DETAIL, "%.*s%s", (int)cut, local, object + len);
	return true;
}

/* Whether Postfix never asks for a domain as it is spelt in U-labels, but for
 * what the detail becomes. */
static bool
is_unfolded(const char *object, char detail[DETAIL])
{
	char *folded = maildb__fold(detail);
	bool differs = folded != NULL && strcmp(folded, detail) != 0;

	(void)object;
	if (differs)
		snprintf(detail, DETAIL, "%s", folded);
	free(folded);
	return differs;
}

/* Makes a number of KiB readable; every row is a finding. */
static bool
is_over_quota(const char *object, char detail[DETAIL])
{
	long long kib = atoll(detail);

	(void)object;
	if (kib > 0)
		maildb_size_human(kib > INT64_MAX / 1024 ? INT64_MAX :
		    kib * 1024, detail);
	return true;
}

/* ---- rules -------------------------------------------------------------- */

/* A damaged file makes everything else unreliable, so it stands alone. */
static const struct rule damaged = {
	error, "damaged", STMT_CHECK_PAGES, NULL,
	"the file is damaged: %d",
	"restore a backup, or see sqlite3's .recover",
};

static const char by_hand[] =
    "it was written with triggers switched off: remove it and add it again";

static const struct rule rules[] = {
	{ error, "no_wal", STMT_CHECK_WAL, NULL,
	    "its journal mode is %d: Postfix fails while it is written to",
	    "run sqlite3 on it with: PRAGMA journal_mode = WAL" },
	{ error, "inconsistent", STMT_CHECK_REFERENCES, NULL,
	    "the row refers to one of table %d that is missing", by_hand },
	{ error, "inconsistent", STMT_CHECK_FINAL, NULL,
	    "its mark as final is wrong: it has %d mailbox", by_hand },
	{ error, "inconsistent", STMT_CHECK_LINK, NULL,
	    "its target %d is linked to another address or to none", by_hand },
	{ error, "inconsistent", STMT_CHECK_SPELLING, NULL,
	    "its spelling %d is missing or stray", by_hand },
	{ error, "bad_address", STMT_CHECK_DOMAIN, is_odd_domain,
	    "the domain is never found: %d", "remove it, or rename it" },
	{ error, "bad_address", STMT_CHECK_DEST, is_odd_dest,
	    "its target %d is no address in canonical form",
	    "remove the target and add it again" },
	{ error, "bad_address", STMT_CHECK_DEST_CASE, NULL,
	    "its target %d has capitals, though its domain is ours",
	    "remove the target and add it again" },
	{ error, "bad_setting", STMT_CHECK_SETTING, is_bad_setting,
	    "%d", "give it another value: mailcfg set %o VALUE" },
	{ error, "delimiter_in_name", STMT_CHECK_SPLIT, is_split,
	    "Dovecot delivers its mail to %d: its name holds a "
	    "recipient_delimiter", "rename it with: mailcfg renuser %o NEW" },
	{ error, "shared_home", STMT_CHECK_HOME, NULL,
	    "they have one home, %d, and can read each other's mail",
	    "give one of them another home" },
	{ warning, "dead_alias", STMT_CHECK_DEAD, NULL,
	    "no target of it is live: its mail is refused",
	    "give it a target, or remove it" },
	{ note, "target_off", STMT_CHECK_OFF, NULL,
	    "its target %d is switched off and gets nothing",
	    "remove the target, or switch it on" },
	{ warning, "catchall_outside", STMT_CHECK_CATCHALL, NULL,
	    "it sends to %d: forwarded spam harms this server's reputation",
	    "deliver it to a mailbox here" },
	{ warning, "missing_role", STMT_CHECK_ROLE, NULL,
	    "it does not exist, though RFC 2142 wants it",
	    "for all domains: mailcfg addalias %d@* DESTINATION" },
	{ note, "no_admin", STMT_CHECK_ADMIN, NULL,
	    "nobody is named to get the mail for administrators",
	    "name somebody with: mailcfg set admin ADDRESS" },
	{ warning, "admin_gone", STMT_CHECK_ADMIN_GONE, NULL,
	    "%d is to get the mail for administrators, but does not exist",
	    "name somebody with: mailcfg set admin ADDRESS" },
	{ warning, "bad_hash", STMT_CHECK_HASH, is_unfit_hash,
	    "the password hash is unfit, %d",
	    "set a new password with: mailcfg passwd %o" },
	{ note, "no_password", STMT_CHECK_PASSWORD, NULL,
	    "the user has no password and cannot log in",
	    "set one with: mailcfg passwd %o" },
	{ warning, "mixed_script", STMT_CHECK_DOMAIN, is_mixed,
	    "%d mixes alphabets: it may be meant to look like another", NULL },
	{ warning, "spelling_not_found", STMT_CHECK_DOMAIN, is_unfolded,
	    "Postfix looks it up as %d, and does not find it",
	    "tell people to write the domain in its xn-- form" },
	{ warning, "over_limit", STMT_CHECK_QUOTA, is_over_quota,
	    "the users' quotas add up to %d, more than its limit",
	    "see: mailcfg lsquota %o" },
	{ warning, "over_limit", STMT_CHECK_USERS, NULL,
	    "the domain has %d", "see: mailcfg lsuser %o" },
	{ warning, "over_limit", STMT_CHECK_ALIASES, NULL,
	    "the domain has %d", "see: mailcfg lsalias %o" },
};

/* ---- findings ----------------------------------------------------------- */

/* The count of a code, which is new when this is its first finding. */
static struct tally *
tally(struct check *check, const char *severity, const char *code)
{
	struct tally *t = check->tallies;

	while (t < check->tallies + check->ntallies &&
	    strcmp(t->code, code) != 0)
		t++;
	if (t == check->tallies + check->ntallies) {
		assert(check->ntallies < ARRAY_LEN(check->tallies));
		check->ntallies++;
		*t = (struct tally){ severity, code, 0 };
	}
	return t;
}

/* Adds a row. */
static int
add(struct check *check, const char *severity, const char *code,
    const char *object, const char *message, const char *hint)
{
	const struct maildb__value row[COLUMNS] = {
		[SEVERITY] = V_TEXT(severity),
		[CODE] = V_TEXT(code),
		[OBJECT] = V_TEXT(object),
		[MESSAGE] = V_TEXT(message),
		[HINT] = V_TEXT(hint),
	};

	return maildb__table_add(check->findings, row);
}

/* Adds a finding, or only counts it when there are many of its code. */
static int
report(void *arg, const char *severity, const char *code, const char *object,
    const char *message, const char *hint)
{
	struct check *check = arg;
	struct tally *t = tally(check, severity, code);

	if (++t->found > MOST)
		return 0;
	return add(check, severity, code, object, message, hint);
}

/* Says of each code how many findings were left out. */
static int
report_rest(struct check *check)
{
	char message[40];
	unsigned i;
	int rc = 0;

	for (i = 0; rc == 0 && i < check->ntallies; i++) {
		if (check->tallies[i].found <= MOST)
			continue;
		snprintf(message, sizeof(message), "and %lld more",
		    (long long)check->tallies[i].found - MOST);
		rc = add(check, check->tallies[i].severity,
		    check->tallies[i].code, NULL, message, NULL);
	}
	return rc;
}

/* Fills %o and %d in. */
static void
fill(struct maildb__buf *buf, const char *text, const char *object,
    const char *detail)
{
	size_t len;

	while (*text != '\0') {
		len = strcspn(text, "%");
		maildb__buf_addn(buf, text, len);
		text += len;
		if (*text == '\0')
			return;
		maildb__buf_add(buf, text[1] == 'o' ? object : detail);
		text += 2;
	}
}

/* Reports one row of a rule's statement, unless its judge says no. */
static int
apply_rule(struct check *check, const struct rule *rule, const char *object,
    const char *stored)
{
	struct maildb__buf message = { 0 }, hint = { 0 };
	char detail[DETAIL];
	int rc = 0;

	snprintf(detail, sizeof(detail), "%s", stored != NULL ? stored : "");
	if (rule->judge != NULL && !rule->judge(object, detail))
		goto out;
	fill(&message, rule->message, object, detail);
	if (rule->hint != NULL)
		fill(&hint, rule->hint, object, detail);
	if (message.failed || hint.failed)
		rc = maildb__nomem(check->db);
	else
		rc = report(check, rule->severity, rule->code, object,
		    message.text, hint.text);
out:
	maildb__buf_free(&message);
	maildb__buf_free(&hint);
	/* What a judge rewrote may have been a hash. */
	explicit_bzero(detail, sizeof(detail));
	return rc;
}

/* Runs a rule whose statement this back end has; answers how often it met. */
static int
run_rule(struct check *check, const struct rule *rule)
{
	const struct maildb__stmt *stmt = &maildb__stmts[rule->stmt];
	struct maildb_cursor *cursor;
	int met = 0, rc;

	if (stmt->text[check->db->driver->backend] == NULL)
		return 0;
	rc = maildb__list_values(check->db, &cursor, rule->stmt, NULL);
	if (rc < 0)
		return rc;
	while ((rc = maildb_cursor_next(cursor)) > 0) {
		rc = apply_rule(check, rule, maildb_cursor_text(cursor, 0),
		    maildb_cursor_text(cursor, 1));
		if (rc < 0)
			break;
		met = 1;
	}
	maildb_cursor_free(cursor);
	return rc < 0 ? rc : met;
}

/* Whether the schema has a text word for word. */
static bool
has_text(const struct maildb *db, const char *text)
{
	const char *const *step = maildb__schema[db->driver->backend];

	while (*step != NULL && strstr(*step, text) == NULL)
		step++;
	return *step != NULL;
}

/* Reports triggers and the like that the schema does not make: they can send
 * mail elsewhere, and no command shows them. */
static int
check_schema(struct check *check)
{
	struct maildb_cursor *cursor;
	const char *named;
	int rc;

	rc = maildb__list_values(check->db, &cursor, STMT_CHECK_SCHEMA, NULL);
	if (rc < 0)
		return rc;
	while ((rc = maildb_cursor_next(cursor)) > 0) {
		named = maildb_cursor_text(cursor, 2);
		if (has_text(check->db, maildb_cursor_text(cursor, 1)) ||
		    (named != NULL && !has_text(check->db, named)))
			continue;
		rc = report(check, warning, "foreign_schema",
		    maildb_cursor_text(cursor, 0), "it is not part of the "
		    "schema of mailcfg and may change where mail goes",
		    "look at it, and drop it unless you made it");
		if (rc < 0)
			break;
	}
	maildb_cursor_free(cursor);
	return rc < 0 ? rc : 0;
}

/* Goes through everything, in order of how much depends on it. */
static int
run(struct check *check)
{
	struct maildb *db = check->db;
	char message[80];
	size_t i;
	int rc;

	if (db->driver->check != NULL &&
	    (rc = db->driver->check(db->conn, report, check)) < 0)
		return rc;
	rc = run_rule(check, &damaged);
	if (rc == MAILDB_EFORMAT) /* it cannot even be read to the end */
		return report(check, error, damaged.code, "database",
		    db->fault.message, db->fault.hint);
	if (rc != 0)
		return rc;
	if (db->version != maildb_schema_wanted()) {
		snprintf(message, sizeof(message),
		    "the schema is version %d, this program's is %d",
		    db->version, maildb_schema_wanted());
		return report(check, error, "db_schema", db->url, message,
		    db->version < maildb_schema_wanted() ?
		    "run: mailcfg upgrade" : "use a newer mailcfg");
	}
	if ((rc = check_schema(check)) < 0)
		return rc;
	for (i = 0; i < ARRAY_LEN(rules); i++)
		if ((rc = run_rule(check, &rules[i])) < 0)
			return rc;
	if ((rc = maildb__graph_report(db, report, check)) < 0)
		return rc;
	return report_rest(check);
}

int
maildb_check(struct maildb *db, struct maildb_cursor **out)
{
	struct check check = { .db = db };
	int rc;

	*out = NULL;
	if (db->conn == NULL)
		return maildb__fail(db, MAILDB_EMISUSE, "no database is open");
	rc = maildb__table_new(db, columns, COLUMNS, &check.findings);
	if (rc < 0)
		return rc;
	if ((rc = run(&check)) < 0) {
		maildb_cursor_free(check.findings);
		return rc;
	}
	*out = check.findings;
	return 0;
}
