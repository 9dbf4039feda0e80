/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * sender.c - sender grants: who may send as an address besides its own user
 *
 * A grant is one row: an address, a whole domain ("@domain") or all of them
 * ("@*"), and the user who may send so.  The address need not exist otherwise.
 * A grant ends with the address and with the user; triggers see to that for
 * hand-written SQL, and this file tells about it.
 */
#include <stdlib.h>
#include <string.h>

#include "rules/rules.h"

int
maildb__sender_address(struct maildb *db, const char *text,
    struct maildb_address *address)
{
	if (strcmp(text, "@*") != 0)
		return maildb__source_address(db, text, address);
	*address = (struct maildb_address){
		.klass = MAILDB_CATCHALL, .text = "@*", .domain = "*"
	};
	return 0;
}

int
maildb__sender_bare(struct maildb *db, const char *delimiters,
    const char *domain, const char *local)
{
	size_t at = strcspn(local, delimiters);

	if (at == 0 || local[at] == '\0')
		return 0;
	maildb__fail(db, MAILDB_EREFUSED, "%s@%s has an address extension and "
	    "is not an alias: a grant on it would take %.*s@%s the right to "
	    "send so", local, domain, (int)at, local, domain);
	return maildb__hint(db, "grant the address without its extension: "
	    "mailcfg addsender %.*s@%s LOGIN", (int)at, local, domain);
}

/* Refuses a grant on an address with an extension that has no row: Postfix
 * would not ask for the plain address any more. */
static int
check_extension(struct maildb *db, const struct maildb_address *address)
{
	struct maildb__row row = { 0 };
	char *delimiters = NULL;
	int rc = maildb__fetch(db, &row, STMT_ADDRESS_FIND,
	    V_TEXT(address->domain), V_TEXT(address->local));

	if (rc == 0 && (rc = maildb_setting_get(db, "recipient_delimiter",
	    &delimiters)) >= 0)
		rc = maildb__sender_bare(db, delimiters, address->domain,
		    address->local);
	maildb__row_clear(&row);
	free(delimiters);
	return rc < 0 ? rc : 0;
}

/* Reads both sides of a grant and the row of its user: 1, or 0 when there is
 * no such user. */
static int
read_grant(struct maildb *db, const char *text, const char *login,
    struct maildb_address *address, struct maildb_address *user,
    struct maildb__row *row)
{
	int rc;

	if ((rc = maildb__sender_address(db, text, address)) < 0 ||
	    (rc = maildb__address(db, "login", login, 0, MAILDB_MAILBOX,
	    user)) < 0)
		return rc;
	return maildb__fetch(db, row, STMT_USER_GET, V_TEXT(user->domain),
	    V_TEXT(user->local));
}

/* Adds a grant: 1, or 0 when it was there. */
static int
add(struct maildb *db, const char *text, const char *login)
{
	struct maildb__row row = { 0 }, domain = { 0 };
	struct maildb_address address, user;
	int rc = read_grant(db, text, login, &address, &user, &row);

	if (rc == 0)
		rc = maildb__user_unknown(db, user.text);
	if (rc > 0 && (rc = maildb__domain(db, address.domain, false,
	    &domain)) > 0 && (rc = check_extension(db, &address)) == 0)
		rc = maildb__exec(db, STMT_SENDER_ADD, V_TEXT(address.domain),
		    V_TEXT(address.local),
		    V_INT(maildb__row_int(&row, "id")));
	maildb__row_clear(&row);
	maildb__row_clear(&domain);
	return rc;
}

int
maildb_sender_add(struct maildb *db, const char *address, const char *login)
{
	int rc = maildb__enter(db);

	return rc < 0 ? rc : maildb__leave(db, add(db, address, login));
}

/* Removes a grant, or without a login all of an address: 1, or 0 when there
 * was none. */
static int
remove_grant(struct maildb *db, const char *text, const char *login)
{
	struct maildb_address address, user;
	struct maildb__row row = { 0 };
	int rc;

	if (login == NULL) {
		rc = maildb__sender_address(db, text, &address);
		if (rc == 0)
			rc = maildb__exec(db, STMT_SENDER_DELETE_ALL,
			    V_TEXT(address.domain), V_TEXT(address.local));
	} else if ((rc = read_grant(db, text, login, &address, &user,
	    &row)) > 0) {
		rc = maildb__exec(db, STMT_SENDER_DELETE,
		    V_TEXT(address.domain), V_TEXT(address.local),
		    V_INT(maildb__row_int(&row, "id")));
	}
	maildb__row_clear(&row);
	return rc > 0 ? 1 : rc;
}

int
maildb_sender_remove(struct maildb *db, const char *address, const char *login)
{
	int rc = maildb__enter(db);

	return rc < 0 ? rc :
	    maildb__leave(db, remove_grant(db, address, login));
}

int
maildb_sender_list(struct maildb *db, const char *text,
    struct maildb_cursor **out)
{
	struct maildb_address address;
	int rc;

	*out = NULL;
	if (text == NULL)
		return maildb__list_values(db, out, STMT_SENDER_LIST, NULL);
	if ((rc = maildb__sender_address(db, text, &address)) < 0)
		return rc;
	return maildb__list(db, out, STMT_SENDER_LIST_ADDRESS,
	    V_TEXT(address.domain), V_TEXT(address.local));
}

int
maildb__sender_end(struct maildb *db, int64_t id, const char *domain,
    const char *local)
{
	struct maildb__row row = { 0 };
	int rc;

	while ((rc = maildb__fetch(db, &row, STMT_SENDER_ENDING, V_INT(id),
	    V_TEXT(domain), V_TEXT(local))) > 0) {
		rc = maildb__exec(db, STMT_SENDER_DELETE,
		    V_TEXT(maildb__row_text(&row, "domain")),
		    V_TEXT(maildb__row_text(&row, "localpart")),
		    V_INT(maildb__row_int(&row, "login_id")));
		if (rc >= 0)
			maildb__notice(db, "grant_removed", NULL,
			    "%s can no longer send as %s",
			    maildb__row_text(&row, "login"),
			    maildb__row_text(&row, "address"));
		maildb__row_clear(&row);
		if (rc < 0)
			return rc;
	}
	return rc;
}

int
maildb_kinds(struct maildb *db, const char *text, unsigned *kinds)
{
	static const struct {
		const char *column;
		enum maildb_kind kind;
	} columns[] = {
		{ "user", MAILDB_KIND_USER },
		{ "recipient", MAILDB_KIND_RECIPIENT },
		{ "alias", MAILDB_KIND_ALIAS },
		{ "sender", MAILDB_KIND_SENDER },
	};
	char name[MAILDB_DOMAIN_MAX + 1], uname[MAILDB_ULABEL_MAX + 1];
	struct maildb_address address;
	struct maildb__row row = { 0 };
	size_t i;
	int rc;

	*kinds = 0;
	if (strchr(text, '@') == NULL) {
		rc = maildb__domain_name(db, "name", text, name, uname);
		if (rc == 0 && (rc = maildb__domain(db, name, true, &row)) > 0)
			*kinds = 1u << MAILDB_KIND_DOMAIN;
	} else if ((rc = maildb__sender_address(db, text, &address)) == 0) {
		rc = maildb__fetch(db, &row, STMT_ADDRESS_KINDS,
		    V_TEXT(address.domain), V_TEXT(address.local));
		for (i = 0; rc >= 0 && i < ARRAY_LEN(columns); i++)
			if (maildb__row_int(&row, columns[i].column))
				*kinds |= 1u << columns[i].kind;
	}
	maildb__row_clear(&row);
	return rc < 0 ? rc : *kinds != 0;
}
