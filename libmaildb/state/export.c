/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * export.c - all there is, in order and complete, for documents
 */
#include <string.h>

#include "state/state.h"

int
maildb_export(struct maildb *db, enum maildb_kind kind, const char *domain,
    struct maildb_cursor **out)
{
	static const struct {
		enum maildb__stmt_id all, of_domain;
	} stmts[MAILDB_KINDS] = {
		[MAILDB_KIND_DOMAIN] = { STMT_DOMAIN_LIST, STMT_DOMAIN_FIND },
		[MAILDB_KIND_USER] = { STMT_EXPORT_USERS,
		    STMT_EXPORT_USERS_DOMAIN },
		[MAILDB_KIND_ALIAS] = { STMT_EXPORT_ALIASES,
		    STMT_EXPORT_ALIASES_DOMAIN },
		[MAILDB_KIND_RECIPIENT] = { STMT_EXPORT_RECIPIENTS,
		    STMT_EXPORT_RECIPIENTS_DOMAIN },
		[MAILDB_KIND_SENDER] = { STMT_EXPORT_SENDERS,
		    STMT_EXPORT_SENDERS_DOMAIN },
	};
	char name[MAILDB_DOMAIN_MAX + 1] = "*", uname[MAILDB_ULABEL_MAX + 1];
	struct maildb__row row = { 0 };
	int rc;

	*out = NULL;
	if (kind == MAILDB_KIND_SETTING)
		return maildb_setting_list(db, out);
	if (domain == NULL)
		return maildb__list_values(db, out, stmts[kind].all, NULL);
	if (strcmp(domain, "*") != 0 && (rc = maildb__domain_name(db,
	    "domain", domain, name, uname)) < 0)
		return rc;
	rc = maildb__domain(db, name, false, &row);
	maildb__row_clear(&row);
	return rc < 0 ? rc : maildb__list(db, out, stmts[kind].of_domain,
	    V_TEXT(name));
}
