/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * input.c - addresses and domain names as callers give them
 *
 * The rules are in address.c; here they become faults that name the input.
 */
#include <string.h>

#include "model/model.h"

int
maildb__address(struct maildb *db, const char *field, const char *text,
    unsigned flags, enum maildb_address_class most, struct maildb_address *out)
{
	enum maildb_reason reason;

	reason = maildb_address_parse(text, strlen(text), flags, out);
	if (reason != MAILDB_REASON_NONE)
		maildb__fail(db, MAILDB_EADDRESS, "\"%s\" is no address: %s",
		    text, maildb_reason_sentence(reason));
	else if (out->klass != MAILDB_CATCHALL && out->klass > most)
		maildb__fail(db, MAILDB_EADDRESS,
		    "\"%s\" cannot be %s: its local part has characters "
		    "beyond letters, digits and %s", text,
		    most == MAILDB_MAILBOX ? "a mailbox" : "an alias",
		    most == MAILDB_MAILBOX ? "._-" : "._-&'+=~");
	else
		return 0;
	return maildb__fault_input(db, field, text);
}

int
maildb__domain_name(struct maildb *db, const char *field, const char *text,
    char name[MAILDB_DOMAIN_MAX + 1], char uname[MAILDB_ULABEL_MAX + 1])
{
	enum maildb_reason reason;

	reason = maildb_domain_parse(text, strlen(text), name, uname);
	if (reason == MAILDB_REASON_NONE)
		return 0;
	maildb__fail(db, MAILDB_EADDRESS, "\"%s\" is no domain: %s", text,
	    maildb_reason_sentence(reason));
	return maildb__fault_input(db, field, text);
}
