/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * kind.c - a name of the wrong kind: what it is, and which command is meant
 *
 * Rows of the table of commands say what each is about and what to use for the
 * other kinds; here is when to say so.
 */
#include <stdlib.h>
#include <string.h>

#include "show/out.h"

static const struct {
	enum maildb_kind kind;
	const char *noun;
} nouns[] = { /* of a name that is several: the first one */
	{ MAILDB_KIND_DOMAIN, "a domain" },
	{ MAILDB_KIND_USER, "a user" },
	{ MAILDB_KIND_RECIPIENT, "a relay recipient" },
	{ MAILDB_KIND_ALIAS, "an alias" },
	{ MAILDB_KIND_SENDER, "an address with sender grants only" },
};

/* What a kind is called. */
static const char *
noun_of(enum maildb_kind kind)
{
	size_t i;

	for (i = 0; i < COUNT(nouns); i++)
		if (nouns[i].kind == kind)
			return nouns[i].noun;
	return "";
}

/* Whether the outcome may come from a name of the wrong kind: it was not found,
 * or there was nothing to do. */
static bool
is_miss(int rc)
{
	return rc == MAILDB_EUSER || rc == MAILDB_EALIAS ||
	    rc == MAILDB_EREFUSED || rc == 0;
}

void
kind_hint(const struct call *call, enum maildb_kind kind, const char *name,
    char *hint, size_t size)
{
	const char *use = call->command->instead[kind];
	size_t len;

	*hint = '\0';
	if (use == NULL)
		return;
	len = strcspn(use, "%");
	snprintf(hint, size, "%s %.*s%s%s", PROGRAM, (int)len, use,
	    name, use[len] != '\0' ? use + len + 2 : "");
}

int
explain_kind(struct call *call, int rc)
{
	char hint[2 * MAILDB_ADDRESS_MAX], *message = NULL;
	unsigned kinds;
	size_t i;

	if (call->command->instead == NULL || call->arg[0] == NULL ||
	    !is_miss(rc))
		return rc;
	if (rc < 0)
		fault_from(&call->fault, rc, call->db);
	if (maildb_kinds(call->db, call->arg[0], &kinds) <= 0 ||
	    kinds & 1u << call->command->kind)
		return rc;
	for (i = 0; !(kinds & 1u << nouns[i].kind); i++)
		;
	kind_hint(call, nouns[i].kind, call->arg[0], hint, sizeof(hint));
	if (rc < 0)
		return call_fail(call, rc, "name", call->arg[0],
		    *hint != '\0' ? hint : NULL, "%s is %s, not %s",
		    call->arg[0], nouns[i].noun,
		    noun_of(call->command->kind));
	if (asprintf(&message, "%s is %s, not %s", call->arg[0],
	    nouns[i].noun, noun_of(call->command->kind)) < 0)
		return MAILDB_ENOMEM;
	call_warn(call, "other_kind", message, *hint != '\0' ? hint : NULL);
	free(message);
	return rc;
}
