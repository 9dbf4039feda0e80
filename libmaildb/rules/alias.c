/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * alias.c - targets: of aliases, of catch-alls, and of users (forwards)
 *
 * One row a destination.  An address without a mailbox lives as long as it
 * has a target.
 */
#include <stdlib.h>
#include <string.h>

#include "rules/rules.h"

int
maildb__source_address(struct maildb *db, const char *text,
    struct maildb_address *address)
{
	return maildb__address(db, "source", text,
	    MAILDB_PARSE_CATCHALL | MAILDB_PARSE_WILDCARD, MAILDB_ALIAS,
	    address);
}

/* Fails for an alias that does not exist, with the nearest one. */
static int
fail_unknown(struct maildb *db, const char *source)
{
	char *near = NULL;

	maildb_suggest(db, source, &near);
	maildb__fail(db, MAILDB_EALIAS, "alias %s does not exist", source);
	maildb__fault_input(db, "source", source);
	if (near != NULL)
		maildb__hint(db, "did you mean %s?", near);
	free(near);
	return MAILDB_EALIAS;
}

/* Whether an address still has a target or can be delivered to. */
static int
is_alive(struct maildb *db, int64_t id)
{
	struct maildb__row row = { 0 };
	int rc = maildb__fetch(db, &row, STMT_ADDRESS_ALIVE, V_INT(id));

	maildb__row_clear(&row);
	return rc;
}

/* Removes an address row, unless it is protected, and what hangs on it; what
 * named it stays, and is followed anew. */
static int
delete_address(struct maildb *db, int64_t id, unsigned flags)
{
	static const enum maildb__stmt_id steps[] = {
		STMT_TARGET_DELETE_ALL, STMT_USER_DELETE, STMT_ADDRESS_DELETE,
	};
	struct maildb__row row = { 0 };
	size_t i;
	int rc;

	rc = maildb__fetch(db, &row, STMT_ADDRESS_TEXT, V_INT(id));
	if (rc > 0 && (rc = maildb__protect(db,
	    maildb__row_text(&row, "domain"),
	    maildb__row_text(&row, "localpart"), flags)) == 0)
		rc = maildb__sender_end(db, id,
		    maildb__row_text(&row, "domain"),
		    maildb__row_text(&row, "localpart"));
	for (i = 0; rc >= 0 && i < ARRAY_LEN(steps); i++)
		rc = maildb__exec(db, steps[i], V_INT(id));
	if (rc >= 0)
		rc = maildb__graph_check_found(db, MAILDB_ALLOW_DEAD,
		    STMT_TARGET_DANGLING,
		    V_TEXT(maildb__row_text(&row, "address")));
	if (rc >= 0)
		rc = maildb__graph_check_gone(db,
		    maildb__row_text(&row, "domain"),
		    maildb__row_text(&row, "localpart"));
	maildb__row_clear(&row);
	return rc < 0 ? rc : 1;
}

/* Removes an alias that led only to what is going, and tells so. */
static int
drop_alias(struct maildb *db, const struct maildb__row *target, unsigned flags)
{
	int64_t id = maildb__row_int(target, "address_id");
	int rc;

	maildb__notice(db, "alias_removed", NULL,
	    "alias %s is removed as well: it led only to %s",
	    maildb__row_text(target, "source"),
	    maildb__row_text(target, "dest"));
	rc = maildb__drop_dependents(db, id, flags);
	return rc < 0 ? rc : delete_address(db, id, flags);
}

int
maildb__drop_dependents(struct maildb *db, int64_t address_id, unsigned flags)
{
	struct maildb__row row = { 0 };
	int rc;

	while ((rc = maildb__fetch(db, &row, STMT_TARGET_TO,
	    V_INT(address_id))) > 0) {
		rc = maildb__exec(db, STMT_TARGET_DELETE,
		    V_INT(maildb__row_int(&row, "id")));
		if (rc >= 0)
			rc = is_alive(db, maildb__row_int(&row, "address_id"));
		if (rc == 0) {
			rc = drop_alias(db, &row, flags);
		} else if (rc > 0) {
			maildb__notice(db, "target_removed", NULL,
			    "%s no longer leads to %s",
			    maildb__row_text(&row, "source"),
			    maildb__row_text(&row, "dest"));
		}
		maildb__row_clear(&row);
		if (rc < 0)
			return rc;
	}
	return rc;
}

int
maildb__address_remove(struct maildb *db, int64_t id, unsigned flags)
{
	int rc = 0;

	if (!(flags & MAILDB_KEEP_TARGETS))
		rc = maildb__drop_dependents(db, id, flags);
	return rc < 0 ? rc : delete_address(db, id, flags);
}

int
maildb__protect(struct maildb *db, const char *domain, const char *local,
    unsigned flags)
{
	if ((flags & MAILDB_FORCE) || (strcmp(local, "postmaster") != 0 &&
	    strcmp(local, "abuse") != 0))
		return 0;
	maildb__fail(db, MAILDB_EPROTECTED,
	    "this would remove %s@%s, which RFC 5321 and RFC 2142 ask for",
	    local, domain);
	return maildb__hint(db, "give it another destination first, "
	    "or use --force");
}

/* Canonicalises a destination; local says whether its domain is ours.  Of
 * others we do not know whether capitals matter. */
static int
dest_address(struct maildb *db, const char *text, bool *local,
    struct maildb_address *address)
{
	struct maildb__row domain = { 0 };
	unsigned flags = MAILDB_PARSE_CASE;
	int64_t utf8;
	int rc;

	if ((rc = maildb__setting_int(db, "smtputf8", &utf8)) < 0 ||
	    (rc = maildb__address(db, "destination", text,
	    flags | (utf8 ? MAILDB_PARSE_UTF8 : 0), MAILDB_DEST,
	    address)) < 0)
		return rc;
	rc = maildb__domain(db, address->domain, true, &domain);
	maildb__row_clear(&domain);
	*local = rc > 0;
	if (rc > 0)
		rc = maildb__address(db, "destination", text, 0, MAILDB_ALIAS,
		    address);
	return rc < 0 ? rc : 0;
}

/* The domain that a source needs: 1, or why not. */
static int
source_domain(struct maildb *db, const struct maildb_address *source,
    unsigned flags, struct maildb__row *domain)
{
	int rc;

	rc = maildb__domain(db, source->domain,
	    (flags & MAILDB_CREATE_DOMAIN) != 0, domain);
	if (rc == 0 && (flags & MAILDB_CREATE_DOMAIN)) {
		rc = maildb_domain_add(db, source->domain, NULL, 0, 0);
		if (rc >= 0)
			rc = maildb__domain(db, source->domain, false, domain);
	}
	return rc;
}

/* The address row of a source, made when missing. */
static int
source_row(struct maildb *db, const struct maildb_address *source,
    unsigned flags, struct maildb__row *row)
{
	struct maildb__row domain = { 0 };
	int rc;

	if ((rc = source_domain(db, source, flags, &domain)) < 0)
		goto out;
	rc = maildb__fetch(db, row, STMT_ADDRESS_FIND, V_TEXT(source->domain),
	    V_TEXT(source->local));
	if (rc == 0 && (rc = maildb__domain_room(db, &domain, false, 1)) == 0)
		rc = maildb__fetch(db, row, STMT_ADDRESS_ADD,
		    V_TEXT(source->domain), V_TEXT(source->local), V_INT(1),
		    V_INT(1), V_INT(0), V_NULL, V_NULL, V_NULL);
out:
	maildb__row_clear(&domain);
	return rc;
}

/* Refuses a catch-all that would pass everything on to somebody else. */
static int
check_catchall(struct maildb *db, const struct maildb_address *source,
    const struct maildb_address *dest, bool local, unsigned flags)
{
	if (source->klass != MAILDB_CATCHALL || local ||
	    (flags & MAILDB_FORCE))
		return 0;
	maildb__fail(db, MAILDB_EREFUSED,
	    "a catch-all to %s would pass all spam for %s on", dest->text,
	    source->domain);
	return maildb__hint(db, "--force does it all the same");
}

/* Writes a target, or what differs of one that is there: 1 or 0. */
static int
put_target(struct maildb *db, int64_t address_id, const char *dest,
    int may_send, bool may_send_first, int64_t *id)
{
	struct maildb__row row = { 0 };
	int rc;

	rc = maildb__fetch(db, &row, STMT_TARGET_FIND_DEST, V_INT(address_id),
	    V_TEXT(dest));
	if (rc == 0) {
		rc = maildb__fetch(db, &row, STMT_TARGET_ADD,
		    V_INT(address_id), V_TEXT(dest),
		    V_INT(may_send >= 0 ? may_send : may_send_first));
	} else if (rc > 0) {
		if (may_send < 0)
			may_send = (int)maildb__row_int(&row, "may_send");
		rc = may_send == maildb__row_int(&row, "may_send") ? 0 :
		    maildb__exec(db, STMT_TARGET_SET,
		    V_INT(maildb__row_int(&row, "id")), V_INT(may_send));
	}
	*id = maildb__row_int(&row, "id");
	maildb__row_clear(&row);
	return rc;
}

/* Adds a destination: 1, or 0 when it was there. */
static int
add(struct maildb *db, const char *source_text, const char *dest_text,
    int may_send, unsigned flags)
{
	struct maildb_address source, dest;
	struct maildb__row row = { 0 };
	int64_t target;
	bool local;
	int rc;

	if ((rc = maildb__source_address(db, source_text, &source)) < 0 ||
	    (rc = dest_address(db, dest_text, &local, &dest)) < 0 ||
	    (rc = source_row(db, &source, flags, &row)) < 0 ||
	    (rc = check_catchall(db, &source, &dest, local, flags)) < 0 ||
	    (rc = put_target(db, maildb__row_int(&row, "id"), dest.text,
	    may_send, source.klass != MAILDB_CATCHALL, &target)) <= 0)
		goto out;
	rc = maildb__graph_check(db, maildb__row_int(&row, "id"), target,
	    flags);
	if (rc == MAILDB_EDEADEND)
		maildb__hint(db, "add %s first, or use --allow-dead",
		    dest.text);
	if (rc == MAILDB_ELOOP && strcmp(source.text, dest.text) == 0)
		maildb__hint(db, "only a user may be an own target, to keep a "
		    "copy; %s is no user", source.text);
	if (rc == 0)
		rc = 1;
out:
	maildb__row_clear(&row);
	return rc;
}

int
maildb_alias_add(struct maildb *db, const char *source, const char *dest,
    int may_send, unsigned flags)
{
	int rc = maildb__enter(db);

	return rc < 0 ? rc :
	    maildb__leave(db, add(db, source, dest, may_send, flags));
}

/* Removes an address that nothing keeps alive any more: 1. */
static int
sweep(struct maildb *db, int64_t id, unsigned flags)
{
	int rc = is_alive(db, id);

	return rc < 0 ? rc : rc > 0 ? 1 :
	    maildb__address_remove(db, id, flags);
}

/* Removes destinations of a source: 1, or 0 when there was none. */
static int
remove_alias(struct maildb *db, const char *source_text, const char *dest_text,
    unsigned flags)
{
	struct maildb__row row = { 0 }, target = { 0 };
	struct maildb_address source, dest;
	int64_t id;
	int rc;

	if ((rc = maildb__source_address(db, source_text, &source)) < 0)
		return rc;
	if (dest_text != NULL && (rc = maildb__address(db, "destination",
	    dest_text, MAILDB_PARSE_UTF8, MAILDB_DEST, &dest)) < 0)
		return rc;
	rc = maildb__fetch(db, &row, STMT_ADDRESS_FIND, V_TEXT(source.domain),
	    V_TEXT(source.local));
	if (rc <= 0)
		goto out;
	id = maildb__row_int(&row, "id");
	if (dest_text == NULL)
		rc = maildb__exec(db, STMT_TARGET_DELETE_ALL, V_INT(id));
	else if ((rc = maildb__fetch(db, &target, STMT_TARGET_FIND_DEST,
	    V_INT(id), V_TEXT(dest.text))) > 0)
		rc = maildb__exec(db, STMT_TARGET_DELETE,
		    V_INT(maildb__row_int(&target, "id")));
	if (rc > 0)
		rc = sweep(db, id, flags);
out:
	maildb__row_clear(&row);
	maildb__row_clear(&target);
	return rc;
}

int
maildb_alias_remove(struct maildb *db, const char *source, const char *dest,
    unsigned flags)
{
	int rc = maildb__enter(db);

	return rc < 0 ? rc :
	    maildb__leave(db, remove_alias(db, source, dest, flags));
}

/* Removes the target of an id: 1, or 0 when there is none. */
static int
remove_id(struct maildb *db, int64_t id, unsigned flags)
{
	struct maildb__row row = { 0 };
	int rc;

	rc = maildb__fetch(db, &row, STMT_TARGET_FIND, V_INT(id));
	if (rc > 0 &&
	    (rc = maildb__exec(db, STMT_TARGET_DELETE, V_INT(id))) > 0)
		rc = sweep(db, maildb__row_int(&row, "address_id"), flags);
	maildb__row_clear(&row);
	return rc;
}

int
maildb_alias_remove_id(struct maildb *db, int64_t id, unsigned flags)
{
	int rc = maildb__enter(db);

	return rc < 0 ? rc : maildb__leave(db, remove_id(db, id, flags));
}

int
maildb__window_check(struct maildb *db, const struct maildb__row *row)
{
	const struct maildb__value *until =
	    maildb__row_value(row, "valid_until");

	if (until == NULL || until->type != MAILDB__INT ||
	    until->number >= maildb__row_int(row, "valid_from"))
		return 0;
	maildb__fail(db, MAILDB_EVALUE, "valid_until lies before valid_from");
	return maildb__fault_input(db, "valid_until", NULL);
}

int
maildb__alias_check(struct maildb *db, const struct maildb_address *source,
    const struct maildb__row *row)
{
	int rc;

	if ((rc = maildb__window_check(db, row)) < 0)
		return rc;
	if (source->klass != MAILDB_CATCHALL ||
	    !maildb__row_int(row, "internal"))
		return 0;
	maildb__fail(db, MAILDB_EVALUE, "a catch-all cannot be internal");
	return maildb__fault_input(db, "internal", NULL);
}

/* Changes fields of an alias's address: 1, or 0 when they were so. */
static int
set(struct maildb *db, const char *text, const struct maildb_attr *attrs,
    size_t nattrs)
{
	struct maildb__row row = { 0 }, targets = { 0 };
	struct maildb_address source;
	int rc;

	if ((rc = maildb__source_address(db, text, &source)) < 0)
		return rc;
	rc = maildb__fetch(db, &row, STMT_ADDRESS_FIND, V_TEXT(source.domain),
	    V_TEXT(source.local));
	/* A user who does not forward is no alias. */
	if (rc > 0)
		rc = maildb__fetch(db, &targets, STMT_TARGET_COUNT,
		    V_INT(maildb__row_int(&row, "id")));
	if (rc >= 0 && maildb__row_int(&targets, "n") == 0)
		rc = fail_unknown(db, source.text);
	if (rc < 0)
		goto out;
	rc = maildb__apply(db, MAILDB_KIND_ALIAS, &row, attrs, nattrs, false);
	if (rc <= 0)
		goto out;
	if ((rc = maildb__alias_check(db, &source, &row)) < 0)
		goto out;
	rc = maildb__exec_row(db, STMT_ADDRESS_UPDATE, &row);
	if (rc > 0)
		rc = maildb__graph_warn_dead(db, maildb__row_int(&row, "id"));
	if (rc >= 0)
		rc = 1;
out:
	maildb__row_clear(&row);
	maildb__row_clear(&targets);
	return rc;
}

int
maildb_alias_set(struct maildb *db, const char *source,
    const struct maildb_attr *attrs, size_t nattrs)
{
	int rc = maildb__enter(db);

	return rc < 0 ? rc : maildb__leave(db, set(db, source, attrs, nattrs));
}

int
maildb_alias_list(struct maildb *db, const char *text,
    struct maildb_cursor **out)
{
	char name[MAILDB_DOMAIN_MAX + 1] = "*", uname[MAILDB_ULABEL_MAX + 1];
	struct maildb__row domain = { 0 };
	int rc;

	*out = NULL;
	if (text == NULL)
		return maildb__list_values(db, out, STMT_ALIAS_LIST, NULL);
	if (strcmp(text, "*") != 0 &&
	    (rc = maildb__domain_name(db, "domain", text, name, uname)) < 0)
		return rc;
	if ((rc = maildb__domain(db, name, false, &domain)) > 0)
		rc = maildb__list(db, out, STMT_ALIAS_LIST_DOMAIN,
		    V_TEXT(name));
	maildb__row_clear(&domain);
	return rc;
}

int
maildb_alias_get(struct maildb *db, const char *text, struct maildb_cursor **out)
{
	struct maildb_address source;
	int rc;

	*out = NULL;
	if ((rc = maildb__source_address(db, text, &source)) < 0)
		return rc;
	rc = maildb__list_some(db, out, STMT_ALIAS_GET,
	    (const struct maildb__value[]){ V_TEXT(source.domain),
	    V_TEXT(source.local) }, MAILDB_EALIAS);
	return rc == MAILDB_EALIAS ? fail_unknown(db, source.text) : rc;
}
