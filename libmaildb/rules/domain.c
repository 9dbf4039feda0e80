/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * domain.c - domains: what is ours, what stands for it, what is passed on
 */
#include <stdlib.h>
#include <string.h>

#include "rules/rules.h"

/* Fails for a domain that is not hosted, with the nearest one that is. */
static int
fail_unknown(struct maildb *db, const char *name)
{
	char *near = NULL;

	maildb_suggest(db, name, &near);
	maildb__fail(db, MAILDB_EDOMAIN, "domain %s does not exist", name);
	maildb__fault_input(db, "domain", name);
	if (near != NULL)
		maildb__hint(db, "did you mean %s?", near);
	else
		maildb__hint(db, "add it with: mailcfg adddom %s", name);
	free(near);
	return MAILDB_EDOMAIN;
}

int
maildb__domain(struct maildb *db, const char *name, bool optional,
    struct maildb__row *row)
{
	int rc = maildb__fetch(db, row, STMT_DOMAIN_FIND, V_TEXT(name));

	return rc != 0 || optional ? rc : fail_unknown(db, name);
}

/* Reads a name from a caller and finds its domain, never the wildcard. */
static int
find(struct maildb *db, const char *text, bool optional,
    struct maildb__row *row)
{
	char name[MAILDB_DOMAIN_MAX + 1], uname[MAILDB_ULABEL_MAX + 1];
	int rc = maildb__domain_name(db, "domain", text, name, uname);

	return rc < 0 ? rc : maildb__domain(db, name, optional, row);
}

/* The number that a counting statement answers. */
static int
count(struct maildb *db, const char *name, bool final, int64_t *n)
{
	struct maildb__row row = { 0 };
	int rc = maildb__fetch(db, &row, STMT_DOMAIN_COUNT, V_TEXT(name),
	    V_INT(final));

	*n = maildb__row_int(&row, "n");
	maildb__row_clear(&row);
	return rc < 0 ? rc : 0;
}

int
maildb__domain_room(struct maildb *db, const struct maildb__row *domain,
    bool user, int64_t more)
{
	const char *name = maildb__row_text(domain, "name");
	int64_t most = maildb__row_int(domain,
	    user ? "max_users" : "max_aliases");
	int64_t n;
	int rc;

	if (most == 0)
		return 0;
	if ((rc = count(db, name, user, &n)) < 0 || n + more <= most)
		return rc;
	maildb__fail(db, MAILDB_ELIMIT, more > 0 ?
	    "domain %s has %lld %s, its limit" :
	    "domain %s would have %lld %s, more than its limit",
	    name, (long long)n, user ? "users" : "aliases");
	return maildb__hint(db, "raise it with: mailcfg setdom %s --max-%s N",
	    name, user ? "users" : "aliases");
}

int
maildb__domain_quota(struct maildb *db, const char *name)
{
	struct maildb__row domain = { 0 }, sum = { 0 };
	int64_t most;
	char total[24], limit[24];
	int rc;

	rc = maildb__domain(db, name, false, &domain);
	most = maildb__row_int(&domain, "max_quota");
	maildb__row_clear(&domain);
	if (rc < 0 || most == 0)
		return rc < 0 ? rc : 0;
	rc = maildb__fetch(db, &sum, STMT_DOMAIN_QUOTA_SUM, V_TEXT(name));
	if (rc > 0 && (maildb__row_int(&sum, "unlimited") > 0 ||
	    maildb__row_int(&sum, "total") > most)) {
		maildb_size_human(maildb__row_int(&sum, "total"), total);
		maildb_size_human(most, limit);
		rc = maildb__fail(db, MAILDB_ELIMIT,
		    "the quotas of domain %s would add up to %s, "
		    "more than its limit of %s", name,
		    maildb__row_int(&sum, "unlimited") > 0 ? "no end" : total,
		    limit);
		maildb__hint(db,
		    "give a smaller quota, or raise the limit with: "
		    "mailcfg setdom %s --max-quota SIZE", name);
	}
	maildb__row_clear(&sum);
	return rc < 0 ? rc : 0;
}

int
maildb__domain_limits(struct maildb *db, const char *name)
{
	struct maildb__row row = { 0 };
	int rc = maildb__domain(db, name, false, &row);

	if (rc > 0 && (rc = maildb__domain_room(db, &row, true, 0)) == 0 &&
	    (rc = maildb__domain_room(db, &row, false, 0)) == 0)
		rc = maildb__domain_quota(db, name);
	maildb__row_clear(&row);
	return rc;
}

int
maildb__domains_limits(struct maildb *db, enum maildb__stmt_id id)
{
	struct maildb_cursor *cursor;
	struct maildb__buf names = { 0 };
	const char *name;
	int rc;

	if ((rc = maildb__list_values(db, &cursor, id, NULL)) < 0)
		return rc;
	while ((rc = maildb_cursor_next(cursor)) > 0) {
		name = maildb_cursor_text(cursor, 0);
		maildb__buf_addn(&names, name, strlen(name) + 1);
	}
	maildb_cursor_free(cursor);
	if (rc == 0 && names.failed)
		rc = maildb__nomem(db);
	for (name = names.text; rc >= 0 && name != NULL &&
	    name < names.text + names.len; name += strlen(name) + 1)
		rc = maildb__domain_limits(db, name);
	maildb__buf_free(&names);
	return rc < 0 ? rc : 0;
}

/* Reads a field; the name of a target becomes the one that is stored, in
 * name, which value may point to. */
static int
read_field(struct maildb *db, const struct maildb_attr *attr,
    const struct maildb_field **field, struct maildb__value *value,
    char name[MAILDB_DOMAIN_MAX + 1])
{
	char uname[MAILDB_ULABEL_MAX + 1];
	int rc;

	rc = maildb__field_value(db, MAILDB_KIND_DOMAIN, attr->name,
	    attr->value, field, value);
	if (rc < 0 || strcmp((*field)->name, "target") != 0 ||
	    value->type == MAILDB__NULL)
		return rc;
	rc = maildb__domain_name(db, "target", value->text, name, uname);
	value->text = name;
	return rc;
}

/* Puts attributes into a domain's row: how many differed. */
static int
apply(struct maildb *db, struct maildb__row *row,
    const struct maildb_attr *attrs, size_t nattrs, bool creating)
{
	const struct maildb_field *field;
	struct maildb__value value;
	char name[MAILDB_DOMAIN_MAX + 1];
	int changed = 0, rc;
	size_t i;

	for (i = 0; i < nattrs; i++) {
		rc = read_field(db, &attrs[i], &field, &value, name);
		if (rc >= 0)
			rc = maildb__apply(db, MAILDB_KIND_DOMAIN, row,
			    &(struct maildb_attr){ field->name,
			    value.type == MAILDB__TEXT ? value.text :
			    attrs[i].value }, 1, creating);
		if (rc < 0)
			return rc;
		changed += rc;
	}
	return changed;
}

/* What must fit together before a domain row is written. */
static int
check(struct maildb *db, const struct maildb__row *row)
{
	const char *class = maildb__row_text(row, "class");
	const char *text = maildb__row_text(row, "target");
	bool is_alias = strcmp(class, "alias") == 0;
	struct maildb__row target = { 0 };
	int rc = 0;

	if (is_alias != (*text != '\0')) {
		maildb__fail(db, MAILDB_EVALUE, is_alias ?
		    "an alias domain needs the domain it stands for" :
		    "only an alias domain stands for another");
		return maildb__fault_input(db, "target", NULL);
	}
	if (maildb__row_int(row, "primary") &&
	    strcmp(class, "mailbox") != 0) {
		maildb__fail(db, MAILDB_EVALUE,
		    "only a mailbox domain can be the primary one");
		return maildb__fault_input(db, "primary", NULL);
	}
	if (maildb__row_int(row, "primary") &&
	    !maildb__row_int(row, "enabled")) {
		maildb__fail(db, MAILDB_EVALUE,
		    "a disabled domain cannot be the primary one");
		return maildb__fault_input(db, "primary", NULL);
	}
	if (maildb__row_int(row, "any_recipient") &&
	    strcmp(class, "relay") != 0) {
		maildb__fail(db, MAILDB_EVALUE,
		    "only a relay domain can accept any recipient");
		return maildb__fault_input(db, "any_recipient", NULL);
	}
	if (is_alias && (rc = find(db, text, false, &target)) > 0) {
		rc = 0;
		if (strcmp(maildb__row_text(&target, "class"), "mailbox") != 0)
			rc = maildb__fail(db, MAILDB_EVALUE,
			    "%s is no mailbox domain, which is all that an "
			    "alias domain can stand for", text);
		if (rc < 0)
			maildb__fault_input(db, "target", text);
	}
	maildb__row_clear(&target);
	return rc;
}

/* Runs a statement that writes a row, of the only primary domain if it is. */
static int
write_row(struct maildb *db, enum maildb__stmt_id id,
    const struct maildb__row *row)
{
	int rc = 0;

	if (maildb__row_int(row, "primary"))
		rc = maildb__exec(db, STMT_DOMAIN_UNPRIMARY,
		    V_TEXT(maildb__row_text(row, "name")));
	return rc < 0 ? rc : maildb__exec_row(db, id, row);
}

/* Makes targets in a domain that is new here what they are in one of ours, and
 * follows them. */
static int
check_sources(struct maildb *db, const char *name)
{
	int rc = maildb__exec(db, STMT_DOMAIN_FOLD, V_TEXT(name));

	return rc < 0 ? rc : maildb__graph_check_found(db, MAILDB_ALLOW_DEAD,
	    STMT_DOMAIN_SOURCES, V_TEXT(name));
}

/* Tells of a spelling that Postfix never asks for. */
static void
warn_unfolded(struct maildb *db, const char *uname)
{
	char *folded = maildb__fold(uname);

	if (folded != NULL && strcmp(folded, uname) != 0)
		maildb__notice(db, "spelling_not_found",
		    "tell people to write the domain in its xn-- form",
		    "Postfix looks up %s as %s, and does not find it", uname,
		    folded);
	free(folded);
}

int
maildb__domain_put(struct maildb *db, const struct maildb__row *row)
{
	const char *name = maildb__row_text(row, "name");
	bool is_new = maildb__row_int(row, "id") == 0;
	int rc;

	if ((rc = check(db, row)) < 0 || (rc = write_row(db, is_new ?
	    STMT_DOMAIN_ADD : STMT_DOMAIN_UPDATE, row)) < 0)
		return rc;
	if (is_new)
		warn_unfolded(db, maildb__row_text(row, "uname"));
	rc = is_new ? check_sources(db, name) : 0;
	return rc < 0 ? rc : 1;
}

/* Puts attributes into a domain's row and writes it when one differs: 1. */
static int
update(struct maildb *db, struct maildb__row *row,
    const struct maildb_attr *attrs, size_t nattrs)
{
	int rc = apply(db, row, attrs, nattrs, false);

	if (rc <= 0 || (rc = maildb__domain_put(db, row)) < 0)
		return rc;
	rc = maildb__domain_limits(db, maildb__row_text(row, "name"));
	return rc < 0 ? rc : 1;
}

/* What add does without MAILDB_UPDATE for a domain that is there: 0, or
 * MAILDB_EEXISTS when another one is meant. */
static int
compare(struct maildb *db, const struct maildb__row *row,
    const struct maildb_attr *attrs, size_t nattrs)
{
	const struct maildb_field *field;
	struct maildb__value value;
	char name[MAILDB_DOMAIN_MAX + 1];
	size_t i;
	int rc;

	for (i = 0; i < nattrs; i++) {
		rc = read_field(db, &attrs[i], &field, &value, name);
		if (rc < 0)
			return rc;
		if (!(field->flags & MAILDB_FIELD_CREATE) ||
		    value.type != MAILDB__TEXT ||
		    strcmp(maildb__row_text(row, field->name), value.text) == 0)
			continue;
		maildb__fail(db, MAILDB_EEXISTS,
		    "domain %s exists with %s \"%s\", not \"%s\"",
		    maildb__row_text(row, "name"), field->name,
		    maildb__row_text(row, field->name), value.text);
		return maildb__fault_input(db, field->name, attrs[i].value);
	}
	return 0;
}

/* Adds a domain, or does what flags say to one that is there. */
static int
add(struct maildb *db, const char *text, const struct maildb_attr *attrs,
    size_t nattrs, unsigned flags)
{
	char name[MAILDB_DOMAIN_MAX + 1], uname[MAILDB_ULABEL_MAX + 1];
	struct maildb__row row = { 0 };
	int rc;

	rc = maildb__domain_name(db, "domain", text, name, uname);
	if (rc < 0)
		return rc;
	if ((rc = maildb__domain(db, name, true, &row)) < 0)
		goto out;
	if (rc > 0) {
		rc = flags & MAILDB_UPDATE ?
		    update(db, &row, attrs, nattrs) :
		    compare(db, &row, attrs, nattrs);
		goto out;
	}
	if ((rc = maildb__initial(db, MAILDB_KIND_DOMAIN, &row)) < 0 ||
	    (rc = apply(db, &row, attrs, nattrs, true)) < 0 ||
	    (rc = maildb__row_set(db, &row, "name", V_TEXT(name))) < 0 ||
	    (rc = maildb__row_set(db, &row, "uname", V_TEXT(uname))) < 0)
		goto out;
	rc = maildb__domain_put(db, &row);
out:
	maildb__row_clear(&row);
	return rc;
}

int
maildb_domain_add(struct maildb *db, const char *name,
    const struct maildb_attr *attrs, size_t nattrs, unsigned flags)
{
	int rc = maildb__enter(db);

	return rc < 0 ? rc :
	    maildb__leave(db, add(db, name, attrs, nattrs, flags));
}

/* Changes fields of a domain: 1, or 0 when they were so. */
static int
set(struct maildb *db, const char *name, const struct maildb_attr *attrs,
    size_t nattrs)
{
	struct maildb__row row = { 0 };
	int rc;

	if ((rc = find(db, name, false, &row)) > 0)
		rc = update(db, &row, attrs, nattrs);
	maildb__row_clear(&row);
	return rc;
}

int
maildb_domain_set(struct maildb *db, const char *name,
    const struct maildb_attr *attrs, size_t nattrs)
{
	int rc = maildb__enter(db);

	return rc < 0 ? rc : maildb__leave(db, set(db, name, attrs, nattrs));
}

/* Refuses to remove what others depend on, unless told to take them along. */
static int
check_removal(struct maildb *db, const char *name, const char *class,
    unsigned flags)
{
	struct maildb__row row = { 0 };
	int64_t users;
	int rc;

	if (flags & MAILDB_RECURSIVE)
		return 0;
	if ((rc = count(db, name, true, &users)) < 0)
		return rc;
	if (users > 0) {
		maildb__fail(db, MAILDB_EINUSE, "domain %s has %lld %s%s", name,
		    (long long)users,
		    strcmp(class, "relay") == 0 ? "recipient" : "user",
		    users == 1 ? "" : "s");
		return maildb__hint(db, "--recursive removes them as well");
	}
	rc = maildb__fetch(db, &row, STMT_DOMAIN_ALIAS_DOMAIN, V_TEXT(name));
	if (rc > 0) {
		rc = maildb__fail(db, MAILDB_EINUSE,
		    "alias domain %s stands for domain %s",
		    maildb__row_text(&row, "name"), name);
		maildb__hint(db, "remove it first, or use --recursive");
	}
	maildb__row_clear(&row);
	return rc;
}

/* Removes a domain and all in it. */
static int
remove_all(struct maildb *db, const char *name, unsigned flags)
{
	static const enum maildb__stmt_id steps[] = {
		STMT_DOMAIN_DELETE_MAILBOXES, STMT_DOMAIN_DELETE_ADDRESSES,
		STMT_DOMAIN_DELETE,
	};
	struct maildb__row row = { 0 };
	size_t i;
	int rc;

	/* Alias domains that stand for it go with it. */
	while ((rc = maildb__fetch(db, &row, STMT_DOMAIN_ALIAS_DOMAIN,
	    V_TEXT(name))) > 0) {
		maildb__notice(db, "domain_removed", NULL,
		    "alias domain %s is removed as well",
		    maildb__row_text(&row, "name"));
		rc = remove_all(db, maildb__row_text(&row, "name"),
		    flags);
		maildb__row_clear(&row);
		if (rc < 0)
			return rc;
	}
	/* Its own aliases need no word about what they lead to. */
	if (rc == 0)
		rc = maildb__exec(db, STMT_DOMAIN_DELETE_TARGETS, V_TEXT(name));
	while (rc >= 0 && (rc = maildb__fetch(db, &row, STMT_DOMAIN_DEPENDENT,
	    V_TEXT(name))) > 0) {
		rc = maildb__drop_dependents(db, maildb__row_int(&row, "id"),
		    flags);
		maildb__row_clear(&row);
	}
	for (i = 0; rc >= 0 && i < ARRAY_LEN(steps); i++)
		rc = maildb__exec(db, steps[i], V_TEXT(name));
	return rc < 0 ? rc : 1;
}

/* Removes a domain: 1, or 0 when there is none. */
static int
remove_domain(struct maildb *db, const char *text, unsigned flags)
{
	struct maildb__row row = { 0 };
	bool held;
	int rc;

	if ((rc = find(db, text, true, &row)) > 0) {
		rc = check_removal(db, maildb__row_text(&row, "name"),
		    maildb__row_text(&row, "class"), flags);
		if (rc == 0) {
			held = maildb__graph_hold(db);
			rc = maildb__graph_settle(db, held, remove_all(db,
			    maildb__row_text(&row, "name"), flags));
		}
	}
	maildb__row_clear(&row);
	return rc;
}

int
maildb_domain_remove(struct maildb *db, const char *name, unsigned flags)
{
	int rc = maildb__enter(db);

	return rc < 0 ? rc : maildb__leave(db, remove_domain(db, name, flags));
}

/* Fails when the addresses of a domain would be too long under a name. */
static int
check_length(struct maildb *db, const struct maildb__row *domain,
    const char *name)
{
	struct maildb__row row = { 0 };
	int rc = maildb__fetch(db, &row, STMT_DOMAIN_LONGEST,
	    V_TEXT(maildb__row_text(domain, "name")));

	if (rc > 0 && maildb__row_int(&row, "n") + 1 + (int64_t)strlen(name) >
	    MAILDB_ADDRESS_MAX) {
		maildb__fail(db, MAILDB_EADDRESS, "in domain %s an address "
		    "would be longer than %d octets", name,
		    MAILDB_ADDRESS_MAX);
		rc = maildb__fault_input(db, "new", name);
	}
	maildb__row_clear(&row);
	return rc < 0 ? rc : 0;
}

/* Gives a domain another name, and what leads there with it: 1 or 0. */
static int
rename_domain(struct maildb *db, const char *old, const char *new_name)
{
	char name[MAILDB_DOMAIN_MAX + 1], uname[MAILDB_ULABEL_MAX + 1];
	struct maildb__row row = { 0 }, other = { 0 };
	int rc;

	rc = maildb__domain_name(db, "new", new_name, name, uname);
	if (rc < 0 || (rc = find(db, old, false, &row)) < 0)
		goto out;
	if (strcmp(maildb__row_text(&row, "name"), name) == 0) {
		rc = 0;
		goto out;
	}
	if ((rc = maildb__domain(db, name, true, &other)) != 0) {
		if (rc > 0)
			rc = maildb__fail(db, MAILDB_EEXISTS,
			    "domain %s exists already", name);
		goto out;
	}
	rc = check_length(db, &row, name);
	if (rc >= 0)
		rc = maildb__exec(db, STMT_DOMAIN_RENAME_MERGE,
		    V_TEXT(maildb__row_text(&row, "name")), V_TEXT(name));
	if (rc >= 0)
		rc = maildb__exec(db, STMT_DOMAIN_RENAME,
		    V_INT(maildb__row_int(&row, "id")), V_TEXT(name),
		    V_TEXT(uname));
	if (rc >= 0)
		rc = maildb__exec(db, STMT_DOMAIN_RENAME_TARGETS,
		    V_TEXT(maildb__row_text(&row, "name")), V_TEXT(name));
	if (rc >= 0)
		rc = check_sources(db, name);
	if (rc >= 0)
		rc = 1;
out:
	maildb__row_clear(&row);
	maildb__row_clear(&other);
	return rc;
}

int
maildb_domain_rename(struct maildb *db, const char *old, const char *new_name)
{
	int rc = maildb__enter(db);

	return rc < 0 ? rc :
	    maildb__leave(db, rename_domain(db, old, new_name));
}

int
maildb_domain_list(struct maildb *db, const char *klass,
    struct maildb_cursor **out)
{
	*out = NULL;
	if (klass != NULL)
		return maildb__list(db, out, STMT_DOMAIN_LIST_CLASS,
		    V_TEXT(klass));
	return maildb__list_values(db, out, STMT_DOMAIN_LIST, NULL);
}

int
maildb_domain_get(struct maildb *db, const char *text,
    struct maildb_cursor **out)
{
	char name[MAILDB_DOMAIN_MAX + 1], uname[MAILDB_ULABEL_MAX + 1];
	int rc;

	*out = NULL;
	rc = maildb__domain_name(db, "domain", text, name, uname);
	if (rc < 0)
		return rc;
	rc = maildb__list_some(db, out, STMT_DOMAIN_FIND,
	    &(struct maildb__value){ MAILDB__TEXT, .text = name },
	    MAILDB_EDOMAIN);
	return rc == MAILDB_EDOMAIN ? fail_unknown(db, name) : rc;
}
