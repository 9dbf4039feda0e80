/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * user.c - users: addresses with a mailbox
 *
 * A user is two rows, address and mailbox.  The address's switches decide
 * about everything; the mailbox carries what only a user has.
 */
#include <stdlib.h>
#include <string.h>

#include "rules/rules.h"

int
maildb__user_unknown(struct maildb *db, const char *address)
{
	char *near = NULL;

	maildb_suggest(db, address, &near);
	maildb__fail(db, MAILDB_EUSER, "user %s does not exist", address);
	maildb__fault_input(db, "address", address);
	if (near != NULL)
		maildb__hint(db, "did you mean %s?", near);
	free(near);
	return MAILDB_EUSER;
}

/* Parses an address and reads its user, if any: 1 or 0.  The domain becomes
 * the one that is stored, whatever its spelling. */
static int
find(struct maildb *db, const char *text, struct maildb_address *address,
    struct maildb__row *row)
{
	int rc = maildb__address(db, "address", text, 0, MAILDB_MAILBOX,
	    address);

	return rc < 0 ? rc : maildb__fetch(db, row, STMT_USER_GET,
	    V_TEXT(address->domain), V_TEXT(address->local));
}

int
maildb__user_check(struct maildb *db, const struct maildb__row *row)
{
	const char *home = maildb__row_text(row, "home"), *at;
	int rc;

	if ((rc = maildb__window_check(db, row)) < 0)
		return rc;
	for (at = home; *at >= ' ' && *at <= '~'; at++)
		;
	if (*at == '\0' && strstr(home, "..") == NULL && *home != '~')
		return 0;
	maildb__fail(db, MAILDB_EVALUE,
	    "home \"%s\": it must be ASCII, without .. and a leading ~", home);
	return maildb__fault_input(db, "home", home);
}

/* Puts attributes into a user's row and writes what changed: 1 or 0. */
static int
update(struct maildb *db, struct maildb__row *row,
    const struct maildb_attr *attrs, size_t nattrs)
{
	const struct maildb_field *field;
	struct maildb__value value;
	bool address = false, mailbox = false;
	size_t i;
	int rc = 0;

	for (i = 0; i < nattrs; i++) {
		rc = maildb__apply(db, MAILDB_KIND_USER, row, &attrs[i], 1,
		    false);
		if (rc < 0)
			return rc;
		if (rc == 0)
			continue;
		maildb__field_value(db, MAILDB_KIND_USER, attrs[i].name,
		    attrs[i].value, &field, &value);
		if (maildb__on_address(field->name))
			address = true;
		else
			mailbox = true;
	}
	if ((!address && !mailbox) ||
	    (rc = maildb__user_check(db, row)) < 0)
		return rc < 0 ? rc : 0;
	if (address &&
	    (rc = maildb__exec_row(db, STMT_ADDRESS_UPDATE, row)) < 0)
		return rc;
	if (mailbox && (rc = maildb__exec_row(db, STMT_USER_UPDATE, row)) < 0)
		return rc;
	if (mailbox && (rc = maildb__domain_quota(db,
	    maildb__row_text(row, "domain"))) < 0)
		return rc;
	if (address && (rc = maildb__graph_warn_dead(db,
	    maildb__row_int(row, "id"))) < 0)
		return rc;
	return 1;
}

int
maildb__user_hash(struct maildb *db, const char *hash, char **out)
{
	const char *why;
	int rc;

	*out = NULL;
	if (hash == NULL)
		return 0;
	rc = maildb_hash_parse(hash, MAILDB_HASH_WEAK | MAILDB_HASH_ANY, out,
	    &why);
	if (rc == MAILDB_ENOMEM)
		return maildb__nomem(db);
	if (rc < 0) {
		maildb__fail(db, MAILDB_EHASH, "the password hash: %s", why);
		return maildb__fault_input(db, "hash", NULL);
	}
	return 0;
}

/* Stores a hash that differs from the present one: 1 or 0. */
static int
store_hash(struct maildb *db, const struct maildb_address *address,
    const char *hash)
{
	struct maildb__row row = { 0 };
	const struct maildb__value *has;
	int rc;

	rc = maildb__fetch(db, &row, STMT_USER_PASSWORD,
	    V_TEXT(address->domain), V_TEXT(address->local));
	if (rc > 0) {
		has = maildb__row_value(&row, "password");
		if (hash == NULL ? has->type == MAILDB__NULL :
		    has->type == MAILDB__TEXT && strcmp(has->text, hash) == 0)
			rc = 0;
		else
			rc = maildb__exec(db, STMT_USER_SET_PASSWORD,
			    V_INT(maildb__row_int(&row, "id")), V_TEXT(hash));
	} else if (rc == 0) {
		rc = maildb__user_unknown(db, address->text);
	}
	maildb__row_clear(&row);
	return rc;
}

int
maildb__user_name(struct maildb *db, const char *local, const char *domain)
{
	char *delimiters;
	size_t len;
	int rc;

	if ((rc = maildb_setting_get(db, "recipient_delimiter",
	    &delimiters)) < 0)
		return rc;
	len = maildb__lmtp_user(local, delimiters);
	free(delimiters);
	if (local[len] == '\0')
		return 0;
	maildb__fail(db, MAILDB_EREFUSED, "user %s@%s: its name holds \"%c\", "
	    "a recipient_delimiter: Dovecot would deliver its mail to \"%.*s\"",
	    local, domain, local[len], (int)len, local);
	maildb__fault_input(db, "address", local);
	return maildb__hint(db, "choose another name, or use an alias");
}

/* The mailbox domain for a new user: 1, or why there can be none. */
static int
user_domain(struct maildb *db, const struct maildb_address *address,
    unsigned flags, struct maildb__row *domain)
{
	const char *class;
	int rc;

	rc = maildb__domain(db, address->domain,
	    (flags & MAILDB_CREATE_DOMAIN) != 0, domain);
	if (rc == 0 && (flags & MAILDB_CREATE_DOMAIN)) {
		rc = maildb_domain_add(db, address->domain, NULL, 0, 0);
		if (rc >= 0)
			rc = maildb__domain(db, address->domain, false, domain);
	}
	if (rc < 0)
		return rc;
	class = maildb__row_text(domain, "class");
	if (strcmp(class, "mailbox") == 0)
		return maildb__domain_room(db, domain, true, 1);
	maildb__fail(db, MAILDB_EREFUSED, "domain %s is of class %s: "
	    "it has no users", address->domain, class);
	if (strcmp(class, "alias") == 0)
		maildb__hint(db, "add the user to %s, which it stands for",
		    maildb__row_text(domain, "target"));
	else
		maildb__hint(db, "list a recipient with: "
		    "mailcfg addrecipient %s", address->text);
	return MAILDB_EREFUSED;
}

/* The address row of a new user: made, or that of an alias taken over. */
static int
take_address(struct maildb *db, const struct maildb_address *address,
    struct maildb__row *row, const struct maildb_attr *attrs, size_t nattrs)
{
	struct maildb__row targets = { 0 };
	int rc, found;

	found = maildb__fetch(db, row, STMT_ADDRESS_FIND,
	    V_TEXT(address->domain), V_TEXT(address->local));
	if (found < 0 || (rc = maildb__sender_end(db, 0, address->domain,
	    address->local)) < 0)
		return found < 0 ? found : rc;
	rc = maildb__apply(db, MAILDB_KIND_USER, row, attrs, nattrs, true);
	if (rc < 0 || (rc = maildb__user_check(db, row)) < 0)
		return rc;
	if (found == 0)
		return maildb__fetch(db, row, STMT_ADDRESS_ADD,
		    V_TEXT(address->domain), V_TEXT(address->local),
		    *maildb__row_value(row, "enabled"),
		    *maildb__row_value(row, "receive"),
		    *maildb__row_value(row, "internal"),
		    *maildb__row_value(row, "valid_from"),
		    *maildb__row_value(row, "valid_until"),
		    *maildb__row_value(row, "note"));
	rc = maildb__exec_row(db, STMT_ADDRESS_UPDATE, row);
	if (rc >= 0)
		rc = maildb__fetch(db, &targets, STMT_TARGET_COUNT,
		    V_INT(maildb__row_int(row, "id")));
	if (rc > 0 && maildb__row_int(&targets, "n") > 0)
		maildb__notice(db, "user_forwards",
		    "to keep a copy, add the address as its own target",
		    "%s is an alias already: its mail goes on to the targets",
		    address->text);
	maildb__row_clear(&targets);
	return rc;
}

/* Adds a user, or does what flags say to one who is there: 1 or 0. */
static int
add(struct maildb *db, const char *text, const char *hash,
    const struct maildb_attr *attrs, size_t nattrs, unsigned flags)
{
	struct maildb__row row = { 0 }, domain = { 0 };
	struct maildb_address address;
	char *stored = NULL;
	int rc, changed;

	if ((rc = maildb__user_hash(db, hash, &stored)) < 0 ||
	    (rc = find(db, text, &address, &row)) < 0)
		goto out;
	if (rc > 0) {
		rc = 0;
		if (flags & MAILDB_UPDATE) {
			rc = update(db, &row, attrs, nattrs);
			changed = rc;
			if (rc >= 0 && hash != NULL)
				rc = store_hash(db, &address, stored);
			if (rc >= 0)
				rc = rc > 0 || changed > 0;
		}
		goto out;
	}
	if ((rc = user_domain(db, &address, flags, &domain)) < 0 ||
	    (rc = maildb__user_name(db, address.local, address.domain)) < 0 ||
	    (rc = maildb__initial(db, MAILDB_KIND_USER, &row)) < 0 ||
	    (rc = take_address(db, &address, &row, attrs, nattrs)) < 0 ||
	    (rc = maildb__row_set(db, &row, "password", V_TEXT(stored))) < 0 ||
	    (rc = maildb__exec_row(db, STMT_USER_ADD, &row)) < 0 ||
	    (rc = maildb__domain_quota(db, address.domain)) < 0)
		goto out;
	rc = 1;
out:
	maildb__row_clear(&row);
	maildb__row_clear(&domain);
	maildb_secret_free(stored);
	return rc;
}

int
maildb_user_add(struct maildb *db, const char *address, const char *hash,
    const struct maildb_attr *attrs, size_t nattrs, unsigned flags)
{
	int rc = maildb__enter(db);

	return rc < 0 ? rc : maildb__leave(db,
	    add(db, address, hash, attrs, nattrs, flags));
}

/* Changes fields of a user: 1, or 0 when they were so. */
static int
set(struct maildb *db, const char *text, const struct maildb_attr *attrs,
    size_t nattrs)
{
	struct maildb__row row = { 0 };
	struct maildb_address address;
	int rc;

	if ((rc = find(db, text, &address, &row)) > 0)
		rc = update(db, &row, attrs, nattrs);
	else if (rc == 0)
		rc = maildb__user_unknown(db, address.text);
	maildb__row_clear(&row);
	return rc;
}

int
maildb_user_set(struct maildb *db, const char *address,
    const struct maildb_attr *attrs, size_t nattrs)
{
	int rc = maildb__enter(db);

	return rc < 0 ? rc : maildb__leave(db, set(db, address, attrs, nattrs));
}

int
maildb_user_enable(struct maildb *db, const char *address, bool on)
{
	const struct maildb_attr attr = { "enabled", on ? "yes" : "no" };

	return maildb_user_set(db, address, &attr, 1);
}

/* Removes a user: 1, or 0 when there is none. */
static int
remove_user(struct maildb *db, const char *text, unsigned flags)
{
	struct maildb__row row = { 0 };
	struct maildb_address address;
	int rc;

	if ((rc = find(db, text, &address, &row)) > 0)
		rc = maildb__address_remove(db, maildb__row_int(&row, "id"),
		    flags);
	maildb__row_clear(&row);
	return rc;
}

int
maildb_user_remove(struct maildb *db, const char *address, unsigned flags)
{
	int rc = maildb__enter(db);

	return rc < 0 ? rc : maildb__leave(db, remove_user(db, address, flags));
}

/* Gives a user another address, and what leads there with it: 1 or 0. */
static int
rename_user(struct maildb *db, const char *old, const char *new_name,
    unsigned flags)
{
	struct maildb__row row = { 0 }, other = { 0 }, domain = { 0 };
	struct maildb_address from, to;
	int rc;

	if ((rc = find(db, old, &from, &row)) < 0)
		goto out;
	if (rc == 0) {
		rc = maildb__user_unknown(db, from.text);
		goto out;
	}
	rc = maildb__address(db, "new", new_name, 0, MAILDB_MAILBOX, &to);
	if (rc < 0)
		goto out;
	if (strcmp(from.text, to.text) == 0) {
		rc = 0;
		goto out;
	}
	if ((rc = maildb__protect(db, from.domain, from.local, flags)) < 0)
		goto out;
	rc = maildb__fetch(db, &other, STMT_ADDRESS_FIND, V_TEXT(to.domain),
	    V_TEXT(to.local));
	if (rc > 0) {
		maildb__fail(db, MAILDB_EEXISTS, "%s exists already", to.text);
		rc = maildb__fault_input(db, "new", new_name);
	}
	if (rc < 0)
		goto out;
	if ((strcmp(from.domain, to.domain) != 0 &&
	    (rc = user_domain(db, &to, 0, &domain)) < 0) ||
	    (rc = maildb__user_name(db, to.local, to.domain)) < 0)
		goto out;
	rc = maildb__sender_end(db, 0, to.domain, to.local);
	if (rc >= 0)
		rc = maildb__exec(db, STMT_ADDRESS_RENAME_MERGE,
		    V_INT(maildb__row_int(&row, "id")), V_TEXT(to.text));
	if (rc >= 0)
		rc = maildb__exec(db, STMT_ADDRESS_RENAME,
		    V_INT(maildb__row_int(&row, "id")), V_TEXT(to.domain),
		    V_TEXT(to.local));
	if (rc >= 0)
		rc = maildb__graph_check(db, maildb__row_int(&row, "id"), -1,
		    0);
	if (rc >= 0)
		rc = maildb__graph_check_gone(db, from.domain, from.local);
	if (rc >= 0)
		rc = maildb__domain_quota(db, to.domain);
	if (rc >= 0)
		rc = 1;
out:
	maildb__row_clear(&row);
	maildb__row_clear(&other);
	maildb__row_clear(&domain);
	return rc;
}

int
maildb_user_rename(struct maildb *db, const char *old, const char *new_name,
    unsigned flags)
{
	int rc = maildb__enter(db);

	return rc < 0 ? rc :
	    maildb__leave(db, rename_user(db, old, new_name, flags));
}

/* Stores a hash, or takes the password away: 1, or 0 when it was so. */
static int
set_password(struct maildb *db, const char *text, const char *hash)
{
	struct maildb_address address;
	char *stored;
	int rc;

	rc = maildb__address(db, "address", text, 0, MAILDB_MAILBOX, &address);
	if (rc < 0 || (rc = maildb__user_hash(db, hash, &stored)) < 0)
		return rc;
	rc = store_hash(db, &address, stored);
	maildb_secret_free(stored);
	return rc;
}

int
maildb_user_set_password(struct maildb *db, const char *address,
    const char *hash)
{
	int rc = maildb__enter(db);

	return rc < 0 ? rc :
	    maildb__leave(db, set_password(db, address, hash));
}

int
maildb_user_exists(struct maildb *db, const char *text)
{
	struct maildb__row row = { 0 };
	struct maildb_address address;
	int rc;

	rc = maildb__address(db, "address", text, 0, MAILDB_MAILBOX, &address);
	if (rc == 0)
		rc = maildb__fetch(db, &row, STMT_USER_PASSWORD,
		    V_TEXT(address.domain), V_TEXT(address.local));
	maildb__row_clear(&row);
	return rc;
}

int
maildb_user_password(struct maildb *db, const char *text, char **out)
{
	struct maildb__row row = { 0 };
	struct maildb_address address;
	const struct maildb__value *value;
	int rc;

	*out = NULL;
	rc = maildb__address(db, "address", text, 0, MAILDB_MAILBOX, &address);
	if (rc < 0)
		return rc;
	rc = maildb__fetch(db, &row, STMT_USER_PASSWORD,
	    V_TEXT(address.domain), V_TEXT(address.local));
	if (rc > 0) {
		value = maildb__row_value(&row, "password");
		rc = 0;
		if (value->type == MAILDB__TEXT &&
		    (*out = strdup(value->text)) == NULL)
			rc = maildb__nomem(db);
	} else if (rc == 0) {
		rc = maildb__user_unknown(db, address.text);
	}
	maildb__row_clear(&row);
	return rc;
}

int
maildb_user_verify(struct maildb *db, const char *text, const char *password)
{
	struct maildb__row row = { 0 };
	struct maildb_address address;
	const char *hash = NULL;
	int rc;

	/* Whatever is wrong, the same work is done and the same said. */
	if (maildb_address_parse(text, strlen(text), 0, &address) ==
	    MAILDB_REASON_NONE) {
		rc = maildb__fetch(db, &row, STMT_USER_PASSWORD,
		    V_TEXT(address.domain), V_TEXT(address.local));
		if (rc < 0)
			goto out;
		if (rc > 0 && maildb__row_int(&row, "active") &&
		    *maildb__row_text(&row, "password") != '\0')
			hash = maildb__row_text(&row, "password");
	}
	rc = maildb__verify(db, hash, password);
	if (rc == MAILDB_EHASH) {
		maildb__fail(db, MAILDB_EHASH,
		    "the hash of %s is of a scheme that only Dovecot checks",
		    address.text);
		maildb__hint(db, "use: doveadm auth test %s", address.text);
	} else if (rc < 0) {
		maildb__fail(db, rc, "the password cannot be checked: %s",
		    maildb_error_meaning(rc));
	}
out:
	maildb__row_clear(&row);
	return rc;
}

/* A listing, of a domain when one is named. */
static int
list(struct maildb *db, const char *text, enum maildb__stmt_id all,
    enum maildb__stmt_id one, struct maildb_cursor **out)
{
	char name[MAILDB_DOMAIN_MAX + 1], uname[MAILDB_ULABEL_MAX + 1];
	struct maildb__row domain = { 0 };
	int rc;

	*out = NULL;
	if (text == NULL)
		return maildb__list_values(db, out, all, NULL);
	rc = maildb__domain_name(db, "domain", text, name, uname);
	if (rc < 0)
		return rc;
	if ((rc = maildb__domain(db, name, false, &domain)) > 0)
		rc = maildb__list(db, out, one, V_TEXT(name));
	maildb__row_clear(&domain);
	return rc;
}

int
maildb_user_list(struct maildb *db, const char *domain,
    struct maildb_cursor **out)
{
	return list(db, domain, STMT_USER_LIST, STMT_USER_LIST_DOMAIN, out);
}

int
maildb_quota_list(struct maildb *db, const char *domain,
    struct maildb_cursor **out)
{
	return list(db, domain, STMT_QUOTA_LIST, STMT_QUOTA_LIST_DOMAIN, out);
}

int
maildb_user_get(struct maildb *db, const char *text, struct maildb_cursor **out)
{
	struct maildb_address address;
	int rc;

	*out = NULL;
	rc = maildb__address(db, "address", text, 0, MAILDB_MAILBOX, &address);
	if (rc < 0)
		return rc;
	rc = maildb__list_some(db, out, STMT_USER_GET,
	    (const struct maildb__value[]){ V_TEXT(address.domain),
	    V_TEXT(address.local) }, MAILDB_EUSER);
	return rc == MAILDB_EUSER ? maildb__user_unknown(db, address.text) : rc;
}

/* ---- listed recipients of relay domains ---------------------------------- */

/* Parses an address and finds its row, if any; its domain must be a relay
 * domain or, with optional, may be none of ours: 1 or 0.  more recipients
 * must have room in it. */
static int
find_recipient(struct maildb *db, const char *text, bool optional,
    int64_t more, struct maildb_address *address, struct maildb__row *row)
{
	struct maildb__row domain = { 0 };
	int rc;

	rc = maildb__address(db, "address", text, 0, MAILDB_ALIAS, address);
	if (rc < 0)
		return rc;
	rc = maildb__domain(db, address->domain, optional, &domain);
	if (rc > 0 && strcmp(maildb__row_text(&domain, "class"), "relay") != 0)
		rc = maildb__fail(db, MAILDB_EREFUSED,
		    "domain %s is not a relay domain", address->domain);
	if (rc > 0)
		rc = maildb__fetch(db, row, STMT_ADDRESS_FIND,
		    V_TEXT(address->domain), V_TEXT(address->local));
	if (rc == 0 && more > 0 && domain.n > 0)
		rc = maildb__domain_room(db, &domain, true, more);
	maildb__row_clear(&domain);
	return rc;
}

/* The same for a recipient who must be listed: 1, or MAILDB_EUSER. */
static int
need_recipient(struct maildb *db, const char *text,
    struct maildb_address *address, struct maildb__row *row)
{
	int rc = find_recipient(db, text, true, 0, address, row);

	if (rc < 0 || (rc > 0 && maildb__row_int(row, "final")))
		return rc;
	maildb__fail(db, MAILDB_EUSER, "relay recipient %s does not exist",
	    address->text);
	return maildb__fault_input(db, "address", text);
}

/* Lists a recipient: 1, or 0 when it was there. */
static int
recipient_add(struct maildb *db, const char *text)
{
	struct maildb__row row = { 0 };
	struct maildb_address address;
	int rc = find_recipient(db, text, false, 1, &address, &row);

	if (rc == 0) {
		rc = maildb__exec(db, STMT_RECIPIENT_ADD,
		    V_TEXT(address.domain), V_TEXT(address.local));
	} else if (rc > 0 && maildb__row_int(&row, "final")) {
		rc = 0;
	} else if (rc > 0) {
		maildb__fail(db, MAILDB_EEXISTS, "%s is an alias already",
		    address.text);
		rc = maildb__fault_input(db, "address", text);
	}
	maildb__row_clear(&row);
	return rc;
}

int
maildb_recipient_add(struct maildb *db, const char *address)
{
	int rc = maildb__enter(db);

	return rc < 0 ? rc : maildb__leave(db, recipient_add(db, address));
}

/* Changes fields of a listed recipient: 1, or 0 when they were so. */
static int
recipient_set(struct maildb *db, const char *text,
    const struct maildb_attr *attrs, size_t nattrs)
{
	struct maildb__row row = { 0 };
	struct maildb_address address;
	int rc = need_recipient(db, text, &address, &row);

	if (rc > 0)
		rc = maildb__apply(db, MAILDB_KIND_RECIPIENT, &row, attrs,
		    nattrs, false);
	if (rc > 0 && (rc = maildb__window_check(db, &row)) == 0 &&
	    (rc = maildb__exec_row(db, STMT_ADDRESS_UPDATE, &row)) > 0) {
		rc = maildb__graph_warn_dead(db, maildb__row_int(&row, "id"));
		rc = rc < 0 ? rc : 1;
	}
	maildb__row_clear(&row);
	return rc;
}

int
maildb_recipient_set(struct maildb *db, const char *address,
    const struct maildb_attr *attrs, size_t nattrs)
{
	int rc = maildb__enter(db);

	return rc < 0 ? rc :
	    maildb__leave(db, recipient_set(db, address, attrs, nattrs));
}

int
maildb_recipient_get(struct maildb *db, const char *text,
    struct maildb_cursor **out)
{
	struct maildb__row row = { 0 };
	struct maildb_address address;
	int rc;

	*out = NULL;
	if ((rc = need_recipient(db, text, &address, &row)) > 0)
		rc = maildb__list(db, out, STMT_RECIPIENT_GET,
		    V_TEXT(address.domain), V_TEXT(address.local));
	maildb__row_clear(&row);
	return rc;
}

/* Removes a listed recipient: 1, or 0 when there was none. */
static int
recipient_remove(struct maildb *db, const char *text, unsigned flags)
{
	struct maildb__row row = { 0 };
	struct maildb_address address;
	int rc = find_recipient(db, text, true, 0, &address, &row);

	if (rc > 0)
		rc = maildb__row_int(&row, "final") == 0 ? 0 :
		    maildb__address_remove(db, maildb__row_int(&row, "id"),
		    flags);
	maildb__row_clear(&row);
	return rc;
}

int
maildb_recipient_remove(struct maildb *db, const char *address,
    unsigned flags)
{
	int rc = maildb__enter(db);

	return rc < 0 ? rc :
	    maildb__leave(db, recipient_remove(db, address, flags));
}

int
maildb_recipient_list(struct maildb *db, const char *domain,
    struct maildb_cursor **out)
{
	return list(db, domain, STMT_RECIPIENT_LIST, STMT_RECIPIENT_LIST_DOMAIN,
	    out);
}
