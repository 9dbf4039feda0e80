/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * change.c - users change their own password
 *
 * The old password is the only proof, so a guess must show nothing: an unknown
 * user, one who is disabled, a wrong password and a hash that only Dovecot can
 * check get the same answer after the same work.
 *
 * The work is one hash of each kind (scheme and cost) in the database: the
 * user's own hash for its kind, and any hash for the others.  What remains: a
 * kind beyond the eight most common ones, and hashes that are not written as
 * "$...", cost their owners' checks a little more.
 */
#include <stdlib.h>
#include <string.h>

#include "text/hash.h"
#include "rules/rules.h"

#define KINDS 8 /* as in user_kinds */

/* What is said, whatever of it is true. */
static int
fail_mismatch(struct maildb *db)
{
	return maildb__fail(db, MAILDB_EMISMATCH,
	    "the user name or the old password is wrong");
}

/* The stored hash of a user who may log in now, else NULL. */
static const char *
usable(const struct maildb__row *row)
{
	const char *hash = maildb__row_text(row, "password");

	return maildb__row_int(row, "active") && *hash != '\0' ? hash : NULL;
}

/* Copies a hash of each kind: how many, or an error. */
static int
find_kinds(struct maildb *db, char *kinds[KINDS])
{
	struct maildb_cursor *cursor;
	int n = 0, rc;

	rc = maildb__list_values(db, &cursor, STMT_USER_KINDS, NULL);
	if (rc < 0)
		return rc;
	while (n < KINDS && (rc = maildb_cursor_next(cursor)) > 0) {
		kinds[n] = strdup(maildb_cursor_text(cursor, 0));
		if (kinds[n] == NULL) {
			rc = maildb__nomem(db);
			break;
		}
		n++;
	}
	maildb_cursor_free(cursor);
	return rc < 0 ? rc : n;
}

/* Whether one of the first n hashes is of that kind. */
static bool
is_known(char *const kinds[], int n, const char *hash)
{
	int i;

	for (i = 0; i < n; i++)
		if (maildb__hash_alike(kinds[i], hash))
			return true;
	return false;
}

int
maildb__verify(struct maildb *db, const char *hash, const char *password)
{
	char *kinds[KINDS] = { NULL };
	bool dummy = true;
	int i, n = find_kinds(db, kinds), rc = n < 0 ? n : 0, found = 0;

	for (i = 0; rc >= 0 && i < n; i++) {
		if (is_known(kinds, i, kinds[i]) ||
		    (hash != NULL && maildb__hash_alike(kinds[i], hash)))
			continue;
		rc = maildb_password_verify(kinds[i], password);
		dummy = dummy && rc == MAILDB_EHASH;
		if (rc == MAILDB_EHASH)
			rc = 0; /* only Dovecot can check it */
	}
	if (rc >= 0 && (hash != NULL || dummy))
		found = maildb_password_verify(hash, password);
	/* With a hash that only Dovecot can check nothing was done yet. */
	if (rc >= 0 && found == MAILDB_EHASH && dummy)
		(void)maildb_password_verify(NULL, password);
	for (i = 0; i < KINDS; i++)
		maildb_secret_free(kinds[i]);
	return rc < 0 ? rc : found;
}

/* Reads the user's row and checks the old password: 1, or what failed. */
static int
check_old(struct maildb *db, const char *text, const char *old,
    struct maildb_address *address, struct maildb__row *row)
{
	int rc = 0;

	if (maildb_address_parse(text, strlen(text), 0, address) ==
	    MAILDB_REASON_NONE)
		rc = maildb__fetch(db, row, STMT_USER_PASSWORD,
		    V_TEXT(address->domain), V_TEXT(address->local));
	if (rc < 0)
		return rc;
	rc = maildb__verify(db, usable(row), old);
	if (rc == MAILDB_EHASH)
		rc = 0;
	if (rc < 0)
		return maildb__fail(db, rc, "the password cannot be checked: "
		    "%s", maildb_error_meaning(rc));
	return rc > 0 ? 1 : fail_mismatch(db);
}

/* Refuses a weak new password, with the reason. */
static int
check_fresh(struct maildb *db, const char *address, const char *fresh)
{
	int64_t least;
	const char *why;
	int rc;

	if ((rc = maildb__setting_int(db, "password_min", &least)) < 0)
		return rc;
	why = maildb_password_weakness(fresh, address, (size_t)least);
	if (why == NULL)
		return 0;
	if (strlen(fresh) < (size_t)least)
		maildb__fail(db, MAILDB_EPASSWORD, "the new password cannot "
		    "be used: %s, %lld characters will do", why,
		    (long long)least);
	else
		maildb__fail(db, MAILDB_EPASSWORD,
		    "the new password cannot be used: %s", why);
	return maildb__fault_input(db, "password", NULL);
}

/* Hashes as the settings say. */
static int
hash_fresh(struct maildb *db, const char *fresh, char **out)
{
	char *scheme = NULL, *cost = NULL;
	const char *why;
	int rc;

	if ((rc = maildb_setting_get(db, "password_scheme", &scheme)) == 0 &&
	    (rc = maildb_setting_get(db, "password_cost", &cost)) == 0 &&
	    (rc = maildb_password_hash(scheme, strtoul(cost, NULL, 10), fresh,
	    out)) < 0) {
		why = maildb_password_fault(fresh);
		maildb__fail(db, rc, "the new password cannot be used: %s",
		    rc != MAILDB_EPASSWORD ? maildb_error_meaning(rc) :
		    why != NULL ? why : "it is too long");
		maildb__fault_input(db, "password", NULL);
	}
	free(scheme);
	free(cost);
	return rc;
}

/* Stores the new hash, unless the user was changed or switched off since the
 * old one was checked. */
static int
store(struct maildb *db, const struct maildb__row *row, const char *hash)
{
	int rc = maildb__enter(db);

	if (rc < 0)
		return rc;
	rc = maildb__exec(db, STMT_USER_CHANGE_PASSWORD,
	    V_INT(maildb__row_int(row, "id")), V_TEXT(hash),
	    V_TEXT(maildb__row_text(row, "password")));
	return maildb__leave(db, rc == 0 ? fail_mismatch(db) : rc);
}

int
maildb_user_change_password(struct maildb *db, const char *text,
    const char *old, const char *fresh)
{
	struct maildb__row row = { 0 };
	struct maildb_address address;
	char *hash = NULL;
	int rc;

	rc = check_old(db, text, old, &address, &row);
	if (rc > 0 && strcmp(old, fresh) == 0)
		rc = 0;
	else if (rc > 0 &&
	    (rc = check_fresh(db, address.text, fresh)) == 0 &&
	    (rc = hash_fresh(db, fresh, &hash)) == 0)
		rc = store(db, &row, hash);
	maildb_secret_free(hash);
	maildb__row_clear(&row);
	return rc;
}
