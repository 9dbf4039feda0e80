/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * journal.c - what was changed, by whom and when
 *
 * Triggers write the journal; here it is only read.  old and new are whole
 * rows as JSON, made by the statements: what differs between them is for the
 * caller to show.
 */
#include <string.h>

#include "rules/rules.h"

/*
 * Chooses the statement that finds the entries of an object, and the object's
 * name as the journal has it: an address, a domain (which brings the addresses
 * in it), or else what was given, such as a setting.
 */
static enum maildb__stmt_id
choose(const char *object, struct maildb_address *address,
    char domain[MAILDB_DOMAIN_MAX + 1], const char **key)
{
	char uname[MAILDB_ULABEL_MAX + 1];

	*key = object;
	if (object == NULL)
		return STMT_JOURNAL_LIST;
	if (maildb_address_parse(object, strlen(object),
	    MAILDB_PARSE_CATCHALL | MAILDB_PARSE_WILDCARD, address) ==
	    MAILDB_REASON_NONE) {
		*key = address->text;
		return STMT_JOURNAL_LIST_KEY;
	}
	if (maildb_domain_parse(object, strlen(object), domain, uname) ==
	    MAILDB_REASON_NONE) {
		*key = domain;
		return STMT_JOURNAL_LIST_DOMAIN;
	}
	return STMT_JOURNAL_LIST_KEY;
}

/* The milliseconds of a second's end, or of all time for 0. */
static int64_t
end_of(int64_t second)
{
	if (second <= 0 || second >= INT64_MAX / 1000)
		return INT64_MAX;
	return second * 1000 + 999;
}

int
maildb_journal_list(struct maildb *db,
    const struct maildb_journal_filter *filter, struct maildb_cursor **out)
{
	static const struct maildb_journal_filter everything;
	struct maildb_address address;
	char domain[MAILDB_DOMAIN_MAX + 1];
	enum maildb__stmt_id id;
	const char *key;

	if (filter == NULL)
		filter = &everything;
	id = choose(filter->object, &address, domain, &key);
	return maildb__list(db, out, id, V_TEXT(filter->who),
	    V_INT(filter->since < INT64_MAX / 1000 ? filter->since * 1000 :
	    INT64_MAX), V_INT(end_of(filter->until)), V_INT(filter->txn),
	    V_INT(filter->most > 0 ? filter->most : INT64_MAX), V_TEXT(key));
}

int
maildb_pending(struct maildb *db, struct maildb_cursor **out)
{
	return maildb__list_values(db, out, STMT_JOURNAL_PENDING, NULL);
}
