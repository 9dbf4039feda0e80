/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * setup.c - the table of requirements, and how Postfix's lists are joined
 *
 * Every row has to make sense by itself; joins are tables of cases.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../../mailcfg/setup/list.h"

static size_t passed, failed;

/* Notes one result. */
static void
result(bool good, const char *what, const char *detail)
{
	if (good)
		passed++;
	else
		failed++;
	if (!good)
		printf("not ok - %s: %s\n", what, detail);
}

/* ---- rows ----------------------------------------------------------------- */

/* Whether each word of a template has its second @. */
static bool
has_pairs(const char *template)
{
	size_t count = 0;

	for (; *template != '\0'; template++)
		count += *template == '@';
	return count % 2 == 0;
}

static void
check_row(const struct requirement *row)
{
	const char *id = row->code != NULL ? row->code : "row";
	size_t len = row->why != NULL ? strlen(row->why) : 0;

	result(row->code != NULL && strspn(row->code,
	    "abcdefghijklmnopqrstuvwxyz0123456789_") == strlen(row->code), id,
	    "its code is a word");
	result(len > 0 && row->why[len - 1] == '.', id,
	    "its reason is a sentence");
	result(row->probe == NULL || live_asks(row->probe), id,
	    "\"check --live\" asks its probe");
	if (row->place == PLACE_RUNNING) {
		result(row->probe != NULL, id, "a probe asks");
		result(row->hint != NULL, id, "there is a way out");
		return;
	}
	result(row->name != NULL && row->wanted != NULL, id,
	    "it names a place and what is wanted there");
	if (row->name != NULL && row->wanted != NULL)
		result(has_pairs(row->name) && has_pairs(row->wanted), id,
		    "its words end");
}

/* Two rows that both hold must not differ about one place. */
static void
check_pair(const struct requirement *a, const struct requirement *b)
{
	bool same = a->place == b->place && a->name != NULL &&
	    b->name != NULL && strcmp(a->name, b->name) == 0;

	if (same && a->join == JOIN_SET && b->join == JOIN_SET &&
	    a->when == b->when && a->place != PLACE_BLOCK)
		result(false, a->code, "another row has its place");
	if (a->code != NULL && b->code != NULL && a->place == b->place &&
	    strcmp(a->code, b->code) == 0)
		result(a->severity == b->severity, a->code,
		    "rows of one code are equally severe");
}

static void
check_rows(void)
{
	size_t i, j;

	for (i = 0; i < nrequirements; i++) {
		check_row(&requirements[i]);
		for (j = 0; j < i; j++)
			check_pair(&requirements[j], &requirements[i]);
	}
	result(nrequirements > 60, "table", "has the rows");
}

/* ---- joins ---------------------------------------------------------------- */

#define OURS "check_recipient_access proxy:sqlite:/m/a.cf, reject_unlisted"
#define POLICY "check_policy_service { unix:private/q, default_action=DUNNO }"
#define LAST "permit_mynetworks, check_sender_access proxy:sqlite:/m/s.cf"

static const struct {
	enum join join;
	const char *actual, *wanted, *becomes;
} joins[] = {
	/* tables of ours come first, and move there */
	{ JOIN_FIRST, "", "proxy:sqlite:/m/a.cf", "proxy:sqlite:/m/a.cf" },
	{ JOIN_FIRST, "hash:/x", "sqlite:/m/a.cf", "sqlite:/m/a.cf, hash:/x" },
	{ JOIN_FIRST, "hash:/x sqlite:/m/a.cf", "sqlite:/m/a.cf",
	  "sqlite:/m/a.cf, hash:/x" },
	{ JOIN_FIRST, "sqlite:/m/a.cf hash:/x", "sqlite:/m/a.cf",
	  "sqlite:/m/a.cf hash:/x" },
	{ JOIN_FIRST, "sqlite:/m/a.cf, hash:/x", "proxy:sqlite:/m/a.cf",
	  "proxy:sqlite:/m/a.cf, hash:/x" },
	{ JOIN_FIRST, "sqlite:/m/a.cf", "proxy:pgsql:/m/a.cf",
	  "proxy:pgsql:/m/a.cf" },
	{ JOIN_FIRST, "inline:{{a b = c d}, {e=f}}", "sqlite:/m/a.cf",
	  "sqlite:/m/a.cf, inline:{{a b = c d}, {e=f}}" },

	/* restrictions stand before the first permit */
	{ JOIN_AHEAD, "", OURS, OURS },
	{ JOIN_AHEAD, "permit_mynetworks, reject", OURS,
	  OURS ", permit_mynetworks, reject" },
	{ JOIN_AHEAD, "reject_x, " OURS ", permit", OURS,
	  "reject_x, " OURS ", permit" },
	{ JOIN_AHEAD, "permit_mynetworks, " OURS, OURS,
	  OURS ", permit_mynetworks" },
	{ JOIN_AHEAD, "permit_mynetworks", "reject_a, permit, reject",
	  "reject_a, permit_mynetworks" },
	{ JOIN_AHEAD, "", "reject_a, permit, reject",
	  "reject_a, permit, reject" },
	{ JOIN_AHEAD, "check_policy_service unix:private/q, permit", POLICY,
	  POLICY ", permit" },
	{ JOIN_AHEAD, "check_policy_service inet:[::1]:10023", POLICY,
	  POLICY ", check_policy_service inet:[::1]:10023" },

	/* what comes last leaves his end and his permits where they are */
	{ JOIN_LAST, "", LAST, LAST },
	{ JOIN_LAST, "reject_x", LAST, "reject_x, " LAST },
	{ JOIN_LAST, "reject_x, reject", LAST, "reject_x, " LAST ", reject" },
	{ JOIN_LAST, "permit_mynetworks, reject_x", LAST, "permit_mynetworks, "
	  "reject_x, check_sender_access proxy:sqlite:/m/s.cf" },
	{ JOIN_LAST, LAST ", reject_x", LAST, LAST ", reject_x" },

	{ JOIN_ADD, "", "a", "a" },
	{ JOIN_ADD, "b, c", "a", "b, c, a" },
	{ JOIN_ADD, "b a c", "a", "b a c" },
	{ JOIN_ADD, "hash:/t", "inline:{{o = error:5.2.1 Mailbox disabled}}",
	  "hash:/t, inline:{{o = error:5.2.1 Mailbox disabled}}" },

	{ JOIN_WITHOUT, "a,b, c", "b", "a, c" },
	{ JOIN_WITHOUT, "a,b, c", "", "a,b, c" },
	{ JOIN_WITHOUT, "a, , b", "x", "a, , b" },
	{ JOIN_WITHOUT, "$myhostname, example.org, localhost", "example.org",
	  "$myhostname, localhost" },
};

static void
check_joins(void)
{
	char *out, *again;
	size_t i;

	for (i = 0; i < COUNT(joins); i++) {
		out = again = NULL;
		result(list_join(joins[i].join, joins[i].actual,
		    joins[i].wanted, &out) == 0 &&
		    strcmp(out, joins[i].becomes) == 0, joins[i].becomes,
		    out != NULL ? out : "no memory");
		result(out != NULL && list_join(joins[i].join, out,
		    joins[i].wanted, &again) == 0 && strcmp(again, out) == 0,
		    joins[i].becomes, "a second join changes nothing");
		free(out);
		free(again);
	}
}

/* ---- taking back ---------------------------------------------------------- */

static const struct {
	const char *actual, *old, *new, *becomes;
} reverts[] = {
	{ "o, hash:/x", "hash:/x", "o, hash:/x", "hash:/x" },
	{ "o, hash:/x, his", "hash:/x", "o, hash:/x", "hash:/x, his" },
	{ "his", "", "o", "his" },
	{ "a, his, c", "a, b, c", "a, c", "a, b, his, c" },
	{ "his, a, c", "a, b, c", "a, c", "his, a, b, c" },
	{ "a, b, c", "a, b, c", "a, c", "a, b, c" },
};

static void
check_reverts(void)
{
	char *out;
	size_t i;

	for (i = 0; i < COUNT(reverts); i++) {
		out = NULL;
		result(list_revert(reverts[i].actual, reverts[i].old,
		    reverts[i].new, &out) == 0 &&
		    strcmp(out, reverts[i].becomes) == 0, reverts[i].becomes,
		    out != NULL ? out : "no memory");
		free(out);
	}
}

int
main(void)
{
	check_rows();
	check_joins();
	check_reverts();
	printf("%zu passed, %zu failed\n", passed, failed);
	return failed > 0;
}
