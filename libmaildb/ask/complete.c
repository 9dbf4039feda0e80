/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * complete.c - the names that begin with what somebody has typed so far
 *
 * Every statement here is a search with a limit: a press of the Tab key costs
 * the same in a database of any size.
 */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "rules/rules.h"

/* Sorts after every text that continues a prefix: U+10FFFF, no character. */
#define LAST "\xf4\x8f\xbf\xbf"

static const struct {
	enum maildb__stmt_id anywhere, local;
} statements[] = {
	[MAILDB_NAMES_DOMAIN] = { STMT_COMPLETE_DOMAIN, STMT_COMPLETE_DOMAIN },
	[MAILDB_NAMES_ADDRESS] = { STMT_COMPLETE_ADDRESS,
		STMT_COMPLETE_LOCAL_ADDRESS },
	[MAILDB_NAMES_USER] = { STMT_COMPLETE_USER, STMT_COMPLETE_LOCAL_USER },
	[MAILDB_NAMES_ALIAS] = { STMT_COMPLETE_ALIAS,
		STMT_COMPLETE_LOCAL_ALIAS },
	[MAILDB_NAMES_SENDER] = { STMT_COMPLETE_SENDER,
		STMT_COMPLETE_LOCAL_SENDER },
};

/* Adds the ids of one range to a cursor; answers how many, or an error. */
static int
add_ids(struct maildb *db, int64_t first, int64_t last, int most,
    struct maildb_cursor *to)
{
	struct maildb_cursor *from;
	int rc, count = 0;

	rc = maildb__list(db, &from, STMT_COMPLETE_ID, V_INT(first),
	    V_INT(last), V_INT(most));
	if (rc < 0)
		return rc;
	while ((rc = maildb_cursor_next(from)) > 0) {
		rc = maildb__table_add(to, (const struct maildb__value[]){
		    V_TEXT(maildb_cursor_text(from, 0)),
		    V_TEXT(maildb_cursor_text(from, 1)) });
		if (rc < 0)
			break;
		count++;
	}
	maildb_cursor_free(from);
	return rc < 0 ? rc : count;
}

/* Numbers that begin with "12" are 12, 120 to 129, 1200 to 1299... */
static int
complete_id(struct maildb *db, const char *prefix, int most,
    struct maildb_cursor **out)
{
	const struct maildb__stmt *stmt = &maildb__stmts[STMT_COMPLETE_ID];
	int64_t first, last;
	int rc;

	if ((rc = maildb__table_new(db, stmt->out, stmt->nout, out)) < 0)
		return rc;
	if (*prefix == '\0') {
		rc = add_ids(db, 1, INT64_MAX, most, *out);
	} else if (*prefix >= '1' && *prefix <= '9' && strlen(prefix) < 18 &&
	    strspn(prefix, "0123456789") == strlen(prefix)) {
		first = last = strtoll(prefix, NULL, 10);
		while (most > 0 && last < INT64_MAX / 10 - 1) {
			rc = add_ids(db, first, last, most, *out);
			if (rc < 0)
				break;
			most -= rc;
			first *= 10;
			last = last * 10 + 9;
		}
	}
	if (rc >= 0)
		return 0;
	maildb_cursor_free(*out);
	*out = NULL;
	return rc;
}

int
maildb_complete(struct maildb *db, enum maildb_names what, const char *prefix,
    const char *domain, int most, struct maildb_cursor **out)
{
	char first[MAILDB_ULABEL_MAX + 1], past[sizeof(first) + sizeof(LAST)];
	size_t len = strlen(prefix), i;

	*out = NULL;
	if (what == MAILDB_NAMES_ID)
		return complete_id(db, prefix, most, out);
	if (len >= sizeof(first))
		len = sizeof(first) - 1;
	for (i = 0; i < len; i++)
		first[i] = prefix[i] >= 'A' && prefix[i] <= 'Z' ?
		    (char)(prefix[i] + ('a' - 'A')) : prefix[i];
	first[len] = '\0';
	memcpy(past, first, len);
	memcpy(past + len, LAST, sizeof(LAST));
	return maildb__list(db, out, domain != NULL ?
	    statements[what].local : statements[what].anywhere, V_TEXT(first),
	    V_TEXT(past), V_INT(most), V_TEXT(domain));
}
