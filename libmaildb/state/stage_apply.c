/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * stage_apply.c - making the database as the staged records say
 *
 * What there is to do is found by comparing sets, and done by statements over
 * sets; only domains, settings and what is removed go one by one, through the
 * rules of their own modules.  All checks of what was staged come before the
 * first change, and a comparison that finds nothing writes nothing.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "state/state.h"

/* Removing so few of a kind is never too much at once. */
enum { PRUNE_FEW = 10, PRUNE_SHARE = 5 };

/* Why a grant in todo_sender goes. */
enum { GONE_LISTED = 1, GONE_PRUNED = 2 };

/* Statements that answer the first record that cannot be, as domain, localpart
 * and detail.  %1$s is the record, %2$s the detail. */
struct judgement {
	enum maildb__stmt_id stmt;
	int code;
	const char *message, *hint;
};

static const struct judgement before[] = {
	{ STMT_STAGE_BAD_PRIMARY, MAILDB_EVALUE,
	    "only one domain can be the primary one: not both %2$s and %1$s",
	    NULL },
	{ STMT_STAGE_BAD_CLASS, MAILDB_EEXISTS,
	    "domain %1$s exists with class %2$s, which is fixed",
	    "remove it first" },
	{ STMT_STAGE_BAD_DOMAIN, MAILDB_EDOMAIN,
	    "%1$s: domain %2$s does not exist",
	    "name it among the domains, or use --create-domain" },
	{ STMT_STAGE_BAD_USER, MAILDB_EREFUSED,
	    "%1$s: the domain is of class %2$s: it has no users", NULL },
	{ STMT_STAGE_BAD_RECIPIENT, MAILDB_EREFUSED,
	    "%1$s: the domain is of class %2$s: only relay domains list "
	    "recipients", NULL },
	{ STMT_STAGE_BAD_FIELDS, MAILDB_EVALUE,
	    "%1$s is a user: its fields stand with the user, not with the "
	    "alias", NULL },
	{ STMT_STAGE_BAD_LOGIN, MAILDB_EUSER,
	    "%1$s: user %2$s does not exist, and only users send", NULL },
	{ STMT_STAGE_NO_TARGET, MAILDB_EDEADEND, "alias %1$s has no target",
	    NULL },
	{ STMT_STAGE_TO_ITSELF, MAILDB_ELOOP, "%1$s would lead to itself",
	    "a user may be an own target, to keep a copy" },
	{ STMT_STAGE_BAD_DEST, MAILDB_EADDRESS,
	    "%1$s leads to %2$s, which no address of ours can be", NULL },
}, utf8[] = {
	{ STMT_STAGE_UTF8_DEST, MAILDB_EADDRESS,
	    "%1$s leads to %2$s, which is not ASCII",
	    "the setting smtputf8 allows that" },
}, compared[] = {
	{ STMT_TODO_BAD_WINDOW, MAILDB_EVALUE,
	    "%1$s: valid_until lies before valid_from", NULL },
	{ STMT_TODO_UNHASHED, MAILDB_ELOCKED,
	    "user %1$s was removed meanwhile, and has no password now",
	    "try again" },
}, pruned[] = {
	{ STMT_TODO_STILL_WANTED, MAILDB_EDEADEND,
	    "%1$s leads to %2$s, which nothing names and --prune removes",
	    NULL },
	{ STMT_TODO_LOGIN_GONE, MAILDB_EUSER,
	    "%1$s: user %2$s may send so, whom nothing names and --prune "
	    "removes", NULL },
};

/* "local@domain", or a domain. */
static void
name_record(const struct maildb__row *row, char name[MAILDB_ADDRESS_MAX + 2])
{
	const struct maildb__value *local = maildb__row_value(row, "localpart");

	snprintf(name, MAILDB_ADDRESS_MAX + 2, "%s%s%s",
	    local->text != NULL ? local->text : "",
	    local->text != NULL ? "@" : "", maildb__row_text(row, "domain"));
}

/* Fails as the first judgement that finds something. */
static int
judge(struct maildb *db, const struct judgement *judgements, size_t count)
{
	char name[MAILDB_ADDRESS_MAX + 2];
	struct maildb__row row = { 0 };
	size_t i;
	int rc = 0;

	for (i = 0; rc == 0 && i < count; i++) {
		rc = maildb__fetch_values(db, &row, judgements[i].stmt, NULL);
		if (rc <= 0)
			continue;
		name_record(&row, name);
		maildb__fail(db, judgements[i].code, judgements[i].message,
		    name, maildb__row_text(&row, "detail"));
		maildb__fault_input(db, NULL, name);
		if (judgements[i].hint != NULL)
			maildb__hint(db, "%s", judgements[i].hint);
		rc = maildb__stage_locate(db, maildb__row_text(&row, "domain"),
		    maildb__row_value(&row, "localpart")->text);
	}
	maildb__row_clear(&row);
	return rc;
}
#define JUDGE(db, list) judge((db), (list), ARRAY_LEN(list))

/* Fails for two records of one thing, and names the places of both. */
static int
judge_twice(struct maildb *db, enum maildb__stmt_id stmt, const char *what)
{
	char name[MAILDB_ADDRESS_MAX + 2];
	struct maildb__row row = { 0 };
	struct maildb__buf other = { 0 };
	int rc = maildb__fetch_values(db, &row, stmt, NULL);

	if (rc > 0) {
		name_record(&row, name);
		maildb__stage_place(db, &row, &other);
		maildb__fail(db, MAILDB_EEXISTS, "%s %s is given twice%s%s",
		    what, name, other.len > 0 ? ", also in " : "",
		    other.len > 0 ? other.text : "");
		maildb__fault_input(db, NULL, name);
		rc = maildb__stage_locate(db, maildb__row_text(&row, "domain"),
		    maildb__row_value(&row, "localpart")->text);
	}
	maildb__buf_free(&other);
	maildb__row_clear(&row);
	return rc;
}

/* All that can be judged before anything is changed. */
static int
check_staged(struct maildb *db)
{
	bool on;
	int rc;

	if ((rc = judge_twice(db, STMT_STAGE_TWICE_DOMAIN, "domain")) < 0 ||
	    (rc = judge_twice(db, STMT_STAGE_TWICE_USER, "user")) < 0 ||
	    (rc = judge_twice(db, STMT_STAGE_TWICE_ALIAS, "address")) < 0 ||
	    (rc = judge_twice(db, STMT_STAGE_TWICE_SENDER, "sender")) < 0 ||
	    (rc = maildb__exec_values(db, STMT_STAGE_USED, NULL)) < 0 ||
	    (rc = maildb__exec_values(db, STMT_STAGE_FOLD, NULL)) < 0 ||
	    (rc = JUDGE(db, before)) < 0 ||
	    (rc = maildb__stage_smtputf8(db, &on)) < 0)
		return rc;
	return on ? 0 : JUDGE(db, utf8);
}

/* ---- domains and settings ------------------------------------------- */

/* The row that one of todo_domain is to become: what is not said of a new one
 * is as in any new one. */
static int
domain_row(struct maildb *db, int64_t n, struct maildb__row *row)
{
	struct maildb__row todo = { 0 };
	unsigned i;
	int rc;

	rc = maildb__fetch(db, &todo, STMT_TODO_DOMAIN_GET, V_INT(n));
	if (rc > 0 && maildb__row_int(&todo, "id") == 0)
		rc = maildb__initial(db, MAILDB_KIND_DOMAIN, row);
	for (i = 0; rc >= 0 && i < todo.n; i++)
		if (maildb__row_value(row, todo.name[i]) == NULL ||
		    todo.value[i].type != MAILDB__NULL)
			rc = maildb__row_set(db, row, todo.name[i],
			    todo.value[i]);
	maildb__row_clear(&todo);
	return rc;
}

static int
put_domains(struct maildb *db, struct maildb_counts *counts)
{
	char name[MAILDB_DOMAIN_MAX + 1], uname[MAILDB_ULABEL_MAX + 1];
	struct maildb__row row = { 0 };
	int rc, count, n;

	if ((rc = maildb__exec_values(db, STMT_TODO_DOMAINS, NULL)) < 0)
		return rc;
	for (count = rc, n = 1; rc >= 0 && n <= count; n++) {
		if ((rc = domain_row(db, n, &row)) < 0)
			break;
		rc = maildb__domain_name(db, "domain",
		    maildb__row_text(&row, "name"), name, uname);
		if (rc == 0)
			rc = maildb__row_set(db, &row, "uname", V_TEXT(uname));
		if (maildb__row_int(&row, "id") == 0)
			counts->added[MAILDB_KIND_DOMAIN]++;
		else
			counts->changed[MAILDB_KIND_DOMAIN]++;
		if (rc == 0 && (rc = maildb__domain_put(db, &row)) < 0)
			rc = maildb__stage_locate(db, name, NULL);
		maildb__row_clear(&row);
	}
	maildb__row_clear(&row);
	return rc < 0 ? rc : 0;
}

/* Puts the place of a setting before the fault kept last. */
static int
locate_setting(struct maildb *db, const struct maildb__row *row)
{
	struct maildb__buf place = { 0 };
	int code = db->fault.code;

	maildb__stage_place(db, row, &place);
	if (place.len > 0 && !place.failed)
		maildb__fail(db, code, "%s: %s", place.text,
		    db->fault.message);
	maildb__buf_free(&place);
	return code;
}

static int
put_settings(struct maildb *db, struct maildb_counts *counts)
{
	const struct maildb_field *fields;
	struct maildb__row row = { 0 };
	size_t count, i;
	int rc = 0;

	fields = maildb_fields(MAILDB_KIND_SETTING, &count);
	for (i = 0; rc >= 0 && i < count; i++) {
		rc = maildb__fetch(db, &row, STMT_STAGE_SETTING_GET,
		    V_TEXT(fields[i].name));
		if (rc > 0) {
			rc = maildb_setting_set(db, fields[i].name,
			    maildb__row_value(&row, "value")->text);
			if (rc < 0)
				rc = locate_setting(db, &row);
			counts->changed[MAILDB_KIND_SETTING] += rc > 0;
		}
		maildb__row_clear(&row);
	}
	return rc < 0 ? rc : 0;
}

/* ---- users, aliases, targets ---------------------------------------- */

/* Runs statements one after the other. */
static int
run_all(struct maildb *db, const enum maildb__stmt_id *stmts, size_t count)
{
	size_t i;
	int rc = 0;

	for (i = 0; rc >= 0 && i < count; i++)
		rc = maildb__exec_values(db, stmts[i], NULL);
	return rc < 0 ? rc : 0;
}

/* Runs what compares, with what a new object of the kind has. */
static int
compare(struct maildb *db, enum maildb__stmt_id stmt, enum maildb_kind kind)
{
	struct maildb__row initial = { 0 };
	int rc;

	if ((rc = maildb__initial(db, kind, &initial)) >= 0)
		rc = maildb__exec_row(db, stmt, &initial);
	maildb__row_clear(&initial);
	return rc;
}

static int
put_users(struct maildb *db)
{
	static const enum maildb__stmt_id stmts[] = {
		STMT_TODO_ADD_ADDRESSES, STMT_TODO_SET_ADDRESSES,
		STMT_TODO_ADD_MAILBOXES, STMT_TODO_SET_MAILBOXES,
	};
	int rc = compare(db, STMT_TODO_USERS, MAILDB_KIND_USER);

	if (rc <= 0 || (rc = JUDGE(db, compared)) < 0)
		return rc;
	return run_all(db, stmts, ARRAY_LEN(stmts));
}

static int
put_aliases(struct maildb *db)
{
	static const enum maildb__stmt_id stmts[] = {
		STMT_TODO_ADD_SOURCES, STMT_TODO_SET_SOURCES,
	};
	int rc = compare(db, STMT_TODO_ALIASES, MAILDB_KIND_ALIAS);

	if (rc <= 0 || (rc = JUDGE(db, compared)) < 0)
		return rc;
	return run_all(db, stmts, ARRAY_LEN(stmts));
}

/* 1 when any target changed. */
static int
put_targets(struct maildb *db, unsigned flags)
{
	static const enum maildb__stmt_id stmts[] = {
		STMT_TODO_ADD_TARGETS, STMT_TODO_SET_TARGETS,
		STMT_TODO_REMOVE_TARGETS,
	};
	int rc, count;

	if ((count = maildb__exec_values(db, STMT_TODO_TARGETS, NULL)) < 0)
		return count;
	if ((rc = maildb__exec_values(db, STMT_TODO_TARGETS_GONE, NULL)) < 0)
		return rc;
	count = count > 0 || rc > 0;
	if (flags & MAILDB_PRUNE_ALIASES && (rc = maildb__exec_values(db,
	    STMT_TODO_TARGETS_PRUNED, NULL)) < 0)
		return rc;
	if (!count && rc == 0)
		return 0;
	rc = run_all(db, stmts, ARRAY_LEN(stmts));
	return rc < 0 ? rc : 1;
}

/* ---- sender grants -------------------------------------------------- */

/* Refuses a new grant on an address with an extension that has no row. */
static int
check_bare(struct maildb *db)
{
	struct maildb_cursor *cursor;
	char *delimiters = NULL, *domain, *local;
	int rc;

	if ((rc = maildb_setting_get(db, "recipient_delimiter",
	    &delimiters)) < 0 ||
	    (rc = maildb__list_values(db, &cursor, STMT_TODO_SENDER_BARE,
	    NULL)) < 0) {
		free(delimiters);
		return rc;
	}
	while ((rc = maildb_cursor_next(cursor)) > 0)
		if (maildb__sender_bare(db, delimiters,
		    maildb_cursor_text(cursor, 0),
		    maildb_cursor_text(cursor, 1)) < 0)
			break;
	domain = rc > 0 ? strdup(maildb_cursor_text(cursor, 0)) : NULL;
	local = rc > 0 ? strdup(maildb_cursor_text(cursor, 1)) : NULL;
	maildb_cursor_free(cursor);
	if (rc > 0)
		rc = domain == NULL || local == NULL ? maildb__nomem(db) :
		    maildb__stage_locate(db, domain, local);
	free(delimiters);
	free(domain);
	free(local);
	return rc;
}

/* Adds and removes grants as the records that list them say. */
static int
put_senders(struct maildb *db, struct maildb_counts *counts)
{
	int rc, added, gone;

	if ((rc = added = maildb__exec_values(db, STMT_TODO_SENDERS,
	    NULL)) < 0 ||
	    (rc = gone = maildb__exec_values(db, STMT_TODO_SENDERS_GONE,
	    NULL)) < 0)
		return rc;
	if ((added > 0 && ((rc = check_bare(db)) < 0 || (rc =
	    maildb__exec_values(db, STMT_TODO_ADD_SENDERS, NULL)) < 0)) ||
	    (gone > 0 && (rc = maildb__exec(db, STMT_TODO_REMOVE_SENDERS,
	    V_INT(GONE_LISTED))) < 0))
		return rc;
	counts->added[MAILDB_KIND_SENDER] = added;
	counts->removed[MAILDB_KIND_SENDER] = gone;
	return 0;
}

/* Refuses new users whose names Dovecot would cut at a delimiter. */
static int
check_names(struct maildb *db)
{
	struct maildb__row row = { 0 };
	char *delimiters, one[2] = "";
	size_t i;
	int rc;

	if ((rc = maildb_setting_get(db, "recipient_delimiter",
	    &delimiters)) < 0)
		return rc;
	for (i = 0; rc == 0 && delimiters[i] != '\0'; i++) {
		one[0] = delimiters[i];
		rc = maildb__fetch(db, &row, STMT_TODO_USER_WITH, V_TEXT(one));
	}
	free(delimiters);
	if (rc > 0 && (rc = maildb__user_name(db,
	    maildb__row_text(&row, "localpart"),
	    maildb__row_text(&row, "domain"))) < 0)
		rc = maildb__stage_locate(db, maildb__row_text(&row, "domain"),
		    maildb__row_text(&row, "localpart"));
	maildb__row_clear(&row);
	return rc;
}

/* ---- removal -------------------------------------------------------- */

/* The domains inside which to remove. */
static int
set_scope(struct maildb *db, const char *const *domains, size_t ndomains)
{
	char name[MAILDB_DOMAIN_MAX + 1], uname[MAILDB_ULABEL_MAX + 1];
	size_t i;
	int rc = 0;

	if (ndomains == 0)
		return maildb__exec_values(db, STMT_STAGE_SCOPE_NAMED, NULL);
	for (i = 0; rc >= 0 && i < ndomains; i++) {
		strcpy(name, "*");
		if (strcmp(domains[i], "*") != 0)
			rc = maildb__domain_name(db, "domain", domains[i],
			    name, uname);
		if (rc >= 0)
			rc = maildb__exec(db, STMT_STAGE_SCOPE, V_TEXT(name));
	}
	return rc;
}

/* The kinds that a census counts. */
static const struct {
	const char *column, *one, *many;
	enum maildb_kind kind;
} counted[] = {
	{ "domains", "domain", "domains", MAILDB_KIND_DOMAIN },
	{ "users", "user", "users", MAILDB_KIND_USER },
	{ "aliases", "alias", "aliases", MAILDB_KIND_ALIAS },
	{ "recipients", "recipient", "recipients", MAILDB_KIND_RECIPIENT },
	{ "senders", "sender grant", "sender grants", MAILDB_KIND_SENDER },
};

/* Refuses to remove too much of a kind at once; there were so many in the
 * domains. */
static int
check_share(struct maildb *db, const struct maildb__row *within,
    const struct maildb_counts *counts)
{
	int64_t gone, n;
	size_t i;

	for (i = 0; i < ARRAY_LEN(counted); i++) {
		gone = counts->removed[counted[i].kind];
		n = maildb__row_int(within, counted[i].column);
		if (n < gone)
			n = gone;
		if (n <= PRUNE_FEW || gone <= n / PRUNE_SHARE)
			continue;
		maildb__fail(db, MAILDB_EREFUSED,
		    "%lld of %lld %s would be removed", (long long)gone,
		    (long long)n, counted[i].many);
		return maildb__hint(db, "more than a fifth of a kind goes "
		    "only with --yes");
	}
	return 0;
}

/* Removes what one row of todo_removal says, unless it has gone with another:
 * 1 or 0. */
static int
remove_one(struct maildb *db, const struct maildb__row *row)
{
	char name[MAILDB_ADDRESS_MAX + 2];

	name_record(row, name);
	switch (*maildb__row_text(row, "kind")) {
	case 'u':
		return maildb_user_remove(db, name, 0);
	case 'r':
		return maildb_recipient_remove(db, name, 0);
	case 'z':
		return maildb_domain_remove(db,
		    maildb__row_text(row, "domain"), MAILDB_RECURSIVE);
	default:
		return maildb_alias_remove(db, name, NULL, 0);
	}
}

/* Removes all that is listed: aliases, recipients, users, then domains. */
static int
remove_listed(struct maildb *db, int count)
{
	struct maildb__row row = { 0 };
	int rc = 0, n;

	for (n = 1; rc >= 0 && n <= count; n++) {
		rc = maildb__fetch(db, &row, STMT_TODO_REMOVAL_GET, V_INT(n));
		if (rc > 0)
			rc = remove_one(db, &row);
		maildb__row_clear(&row);
	}
	return rc;
}

/* Lists what is to be removed: how much, or why it cannot be. */
static int
list_removals(struct maildb *db, unsigned flags)
{
	int rc, count = maildb__exec(db, STMT_TODO_REMOVALS,
	    V_INT((flags & MAILDB_PRUNE_ALIASES) != 0),
	    V_INT((flags & MAILDB_PRUNE_USERS) != 0),
	    V_INT((flags & MAILDB_PRUNE_DOMAINS) != 0));

	if (count <= 0)
		return count;
	return (rc = JUDGE(db, pruned)) < 0 ? rc : count;
}

/* Lists the grants that are to be removed: how many. */
static int
list_grants(struct maildb *db, unsigned flags)
{
	return flags & MAILDB_PRUNE_SENDERS ? maildb__exec_values(db,
	    STMT_TODO_SENDERS_PRUNED, NULL) : 0;
}

/* Removes what no record names, and counts what is less afterwards: what goes
 * along with something else counts as well. */
static int
prune(struct maildb *db, unsigned flags, struct maildb_counts *counts)
{
	struct maildb__row within = { 0 }, was = { 0 }, is = { 0 };
	struct maildb_counts gone = { 0 };
	int rc, listed, grants;
	size_t i;

	if ((rc = listed = list_removals(db, flags)) < 0 ||
	    (rc = grants = list_grants(db, flags)) < 0 ||
	    listed + grants == 0)
		return rc;
	if ((rc = maildb__fetch_values(db, &within, STMT_TODO_CENSUS_SCOPE,
	    NULL)) >= 0 && (rc = maildb__fetch_values(db, &was,
	    STMT_TODO_CENSUS, NULL)) >= 0 &&
	    (rc = maildb__exec(db, STMT_TODO_REMOVE_SENDERS,
	    V_INT(GONE_PRUNED))) >= 0 &&
	    (rc = remove_listed(db, listed)) >= 0)
		rc = maildb__fetch_values(db, &is, STMT_TODO_CENSUS, NULL);
	for (i = 0; rc >= 0 && i < ARRAY_LEN(counted); i++) {
		gone.removed[counted[i].kind] =
		    maildb__row_int(&was, counted[i].column) -
		    maildb__row_int(&is, counted[i].column);
		counts->removed[counted[i].kind] +=
		    gone.removed[counted[i].kind];
	}
	if (rc >= 0 && !(flags & MAILDB_FORCE))
		rc = check_share(db, &within, &gone);
	maildb__row_clear(&within);
	maildb__row_clear(&was);
	maildb__row_clear(&is);
	return rc;
}

/* ---- what it came to ------------------------------------------------ */

/* Tells of a catch-all that now passes mail on to elsewhere. */
static int
warn_outside(struct maildb *db)
{
	struct maildb__row row = { 0 };
	int rc = maildb__fetch_values(db, &row, STMT_TODO_OUTSIDE, NULL);

	if (rc > 0)
		maildb__notice(db, "catchall_outside", NULL,
		    "the catch-all of %s passes all spam on to %s",
		    maildb__row_text(&row, "domain"),
		    maildb__row_text(&row, "dest"));
	maildb__row_clear(&row);
	return rc;
}

/* Counts users, aliases and recipients; newest is the last address there was
 * before. */
static int
count_changes(struct maildb *db, int64_t newest, struct maildb_counts *counts)
{
	struct maildb__row users = { 0 }, aliases = { 0 };
	int rc;

	if ((rc = maildb__fetch_values(db, &users, STMT_TODO_COUNT_USERS,
	    NULL)) >= 0)
		rc = maildb__fetch(db, &aliases, STMT_TODO_COUNT_ALIASES,
		    V_INT(newest));
	counts->added[MAILDB_KIND_USER] = maildb__row_int(&users, "added");
	counts->changed[MAILDB_KIND_USER] = maildb__row_int(&users, "changed");
	counts->added[MAILDB_KIND_ALIAS] = maildb__row_int(&aliases, "added");
	counts->changed[MAILDB_KIND_ALIAS] =
	    maildb__row_int(&aliases, "changed");
	counts->added[MAILDB_KIND_RECIPIENT] =
	    maildb__row_int(&aliases, "recipients");
	maildb__row_clear(&users);
	maildb__row_clear(&aliases);
	return rc < 0 ? rc : 0;
}

/* Whether anything was changed. */
static int
any(const struct maildb_counts *counts)
{
	size_t i;

	for (i = 0; i < MAILDB_KINDS; i++)
		if (counts->added[i] + counts->changed[i] +
		    counts->removed[i] > 0)
			return 1;
	return 0;
}

int
maildb__stage_apply(struct maildb *db, unsigned flags,
    const char *const *domains, size_t ndomains, struct maildb_counts *counts)
{
	maildb_notice_fn *notice = db->notice;
	struct maildb__row row = { 0 };
	int64_t newest;
	int rc, targets;

	if ((flags & MAILDB_CREATE_DOMAIN) && (rc = maildb__exec_values(db,
	    STMT_STAGE_MISSING_DOMAINS, NULL)) < 0)
		return rc;
	if ((rc = check_staged(db)) < 0 ||
	    (rc = set_scope(db, domains, ndomains)) < 0)
		return rc;
	rc = maildb__fetch_values(db, &row, STMT_TODO_NEWEST, NULL);
	newest = maildb__row_int(&row, "id");
	maildb__row_clear(&row);
	if (rc < 0)
		return rc;
	/* What they say of targets that lead nowhere yet is judged below. */
	db->notice = NULL;
	if ((rc = put_domains(db, counts)) >= 0 &&
	    (rc = put_users(db)) >= 0)
		rc = put_settings(db, counts);
	db->notice = notice;
	if (rc < 0 || (rc = check_names(db)) < 0 ||
	    (rc = put_aliases(db)) < 0 ||
	    (targets = rc = put_targets(db, flags)) < 0 ||
	    (rc = put_senders(db, counts)) < 0 ||
	    (rc = count_changes(db, newest, counts)) < 0 ||
	    (rc = prune(db, flags, counts)) < 0)
		return rc;
	if (targets > 0 && ((rc = maildb__graph_check_values(db, flags,
	    STMT_TODO_SUSPECTS, NULL)) < 0 ||
	    (rc = warn_outside(db)) < 0))
		return rc;
	if (any(counts) &&
	    (rc = maildb__domains_limits(db, STMT_TODO_LIMITED)) < 0)
		return rc;
	return any(counts);
}

int
maildb_stage_apply(struct maildb *db, unsigned flags,
    const char *const *domains, size_t ndomains, struct maildb_counts *counts)
{
	int rc;

	memset(counts, 0, sizeof(*counts));
	if (!maildb__stage_complete(db))
		return maildb__fail(db, MAILDB_EMISUSE,
		    "what was staged has not been ended");
	if ((rc = maildb__enter(db)) < 0)
		return rc;
	return maildb__leave(db, maildb__stage_apply(db, flags, domains,
	    ndomains, counts));
}
