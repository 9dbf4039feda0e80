/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * domain.c - domains: what is ours, what stands for it, what is passed on
 */
#include <stdlib.h>
#include <string.h>

#include "internal.h"

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
    bool user)
{
	const char *name = maildb__row_text(domain, "name");
	int64_t most = maildb__row_int(domain,
	    user ? "max_users" : "max_aliases");
	int64_t n;
	int rc;

	if (most == 0)
		return 0;
	if ((rc = count(db, name, user, &n)) < 0 || n < most)
		return rc;
	maildb__fail(db, MAILDB_ELIMIT, "domain %s has %lld %s, its limit",
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

/* What must fit together before a domain row is written. */
static int
check(struct maildb *db, struct maildb__row *row)
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
	if (maildb__row_int(row, "any_recipient") &&
	    strcmp(class, "relay") != 0) {
		maildb__fail(db, MAILDB_EVALUE,
		    "only a relay domain can accept any recipient");
		return maildb__fault_input(db, "any_recipient", NULL);
	}
	if (is_alias && (rc = find(db, text, false, &target)) > 0) {
		if (strcmp(maildb__row_text(&target, "class"),
		    "mailbox") != 0) {
			rc = maildb__fail(db, MAILDB_EVALUE,
			    "%s is no mailbox domain", text);
			maildb__fault_input(db, "target", text);
			maildb__hint(db, "an alias domain stands for a "
			    "mailbox domain, not for another alias");
		} else {
			rc = maildb__row_set(db, row, "target",
			    V_TEXT(maildb__row_text(&target, "name")));
		}
	}
	maildb__row_clear(&target);
	return rc < 0 ? rc : 0;
}

/* Writes a changed row: 1. */
static int
update(struct maildb *db, struct maildb__row *row, int changed)
{
	int rc;

	if (changed <= 0)
		return changed;
	if ((rc = check(db, row)) < 0)
		return rc;
	if (maildb__row_int(row, "primary") &&
	    (rc = maildb__exec_values(db, STMT_DOMAIN_UNPRIMARY, NULL)) < 0)
		return rc;
	if ((rc = maildb__exec_row(db, STMT_DOMAIN_UPDATE, row)) < 0)
		return rc;
	rc = maildb__domain_quota(db, maildb__row_text(row, "name"));
	return rc < 0 ? rc : 1;
}

/* What add does for a domain that is there already. */
static int
add_existing(struct maildb *db, struct maildb__row *row,
    const struct maildb_attr *attrs, size_t nattrs, unsigned flags)
{
	const struct maildb__value *has;
	struct maildb__value value;
	const struct maildb_field *field;
	struct maildb__row target = { 0 };
	size_t i;
	int rc;

	if (flags & MAILDB_UPDATE)
		return update(db, row, maildb__apply(db, MAILDB_KIND_DOMAIN,
		    row, attrs, nattrs, false));
	for (i = 0; i < nattrs; i++) {
		rc = maildb__field_value(db, MAILDB_KIND_DOMAIN, attrs[i].name,
		    attrs[i].value, &field, &value);
		if (rc < 0)
			return rc;
		if (!(field->flags & MAILDB_FIELD_CREATE) ||
		    value.type != MAILDB__TEXT)
			continue;
		/* A target may be given by any of its spellings. */
		if (strcmp(field->name, "target") == 0) {
			maildb__row_clear(&target);
			if ((rc = find(db, value.text, false, &target)) < 0)
				return rc;
			value = V_TEXT(maildb__row_text(&target, "name"));
		}
		has = maildb__row_value(row, field->name);
		if (has->type == MAILDB__TEXT &&
		    strcmp(has->text, value.text) == 0)
			continue;
		maildb__fail(db, MAILDB_EEXISTS,
		    "domain %s exists with %s \"%s\", not \"%s\"",
		    maildb__row_text(row, "name"), field->name,
		    maildb__row_text(row, field->name), value.text);
		maildb__row_clear(&target);
		return maildb__fault_input(db, field->name, attrs[i].value);
	}
	maildb__row_clear(&target);
	return 0;
}

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
		rc = add_existing(db, &row, attrs, nattrs, flags);
		goto out;
	}
	if ((rc = maildb__initial(db, MAILDB_KIND_DOMAIN, &row)) < 0 ||
	    (rc = maildb__apply(db, MAILDB_KIND_DOMAIN, &row, attrs, nattrs,
	    true)) < 0 ||
	    (rc = check(db, &row)) < 0 ||
	    (rc = maildb__row_set(db, &row, "name", V_TEXT(name))) < 0 ||
	    (rc = maildb__row_set(db, &row, "uname", V_TEXT(uname))) < 0)
		goto out;
	if (maildb__row_int(&row, "primary") &&
	    (rc = maildb__exec_values(db, STMT_DOMAIN_UNPRIMARY, NULL)) < 0)
		goto out;
	if ((rc = maildb__exec_row(db, STMT_DOMAIN_ADD, &row)) < 0)
		goto out;
	rc = maildb__graph_check_domain(db, name);
	if (rc == 0)
		rc = 1;
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

static int
set(struct maildb *db, const char *name, const struct maildb_attr *attrs,
    size_t nattrs)
{
	struct maildb__row row = { 0 };
	int rc;

	if ((rc = find(db, name, false, &row)) > 0)
		rc = update(db, &row, maildb__apply(db, MAILDB_KIND_DOMAIN,
		    &row, attrs, nattrs, false));
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
		STMT_DOMAIN_DELETE_TARGETS, STMT_DOMAIN_DELETE_MAILBOXES,
		STMT_DOMAIN_DELETE_ADDRESSES, STMT_DOMAIN_DELETE,
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
	while (rc == 0 && (rc = maildb__fetch(db, &row, STMT_DOMAIN_DEPENDENT,
	    V_TEXT(name))) > 0) {
		rc = maildb__drop_dependents(db, maildb__row_int(&row, "id"),
		    flags);
		maildb__row_clear(&row);
	}
	for (i = 0; rc >= 0 && i < ARRAY_LEN(steps); i++)
		rc = maildb__exec(db, steps[i], V_TEXT(name));
	return rc < 0 ? rc : 1;
}

static int
remove_domain(struct maildb *db, const char *text, unsigned flags)
{
	struct maildb__row row = { 0 };
	int rc;

	if ((rc = find(db, text, true, &row)) > 0) {
		rc = check_removal(db, maildb__row_text(&row, "name"),
		    maildb__row_text(&row, "class"), flags);
		if (rc == 0)
			rc = remove_all(db, maildb__row_text(&row, "name"),
			    flags);
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
	rc = maildb__exec(db, STMT_DOMAIN_RENAME,
	    V_INT(maildb__row_int(&row, "id")), V_TEXT(name), V_TEXT(uname));
	if (rc >= 0)
		rc = maildb__exec(db, STMT_DOMAIN_RENAME_TARGETS,
		    V_TEXT(maildb__row_text(&row, "name")), V_TEXT(name));
	if (rc >= 0)
		rc = maildb__graph_check_domain(db, name);
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
maildb_domain_get(struct maildb *db, const char *name,
    struct maildb_cursor **out)
{
	struct maildb__row row = { 0 };
	int rc;

	*out = NULL;
	if ((rc = find(db, name, false, &row)) > 0)
		rc = maildb__list(db, out, STMT_DOMAIN_FIND,
		    V_TEXT(maildb__row_text(&row, "name")));
	maildb__row_clear(&row);
	return rc;
}
