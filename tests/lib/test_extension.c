/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * test_extension.c - address extensions: where they begin, loops that exist
 * only with one, and names that hold a delimiter
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "state/state.h"
#include "steps.h"

/* The rules of Postfix, and what Dovecot's LMTP makes of the same name. */
static void
test_split(void)
{
	static const struct {
		const char *local, *delimiters, *bare, *lmtp;
	} rows[] = {
		{ "bob", "+", "bob", "bob" },
		{ "bob+x", "+", "bob", "bob" },
		{ "bob+x-y", "-+", "bob", "bob" },
		{ "bob-x+y", "+", "bob-x", "bob-x" },
		{ "bob-x+y", "+-", "bob", "bob" },
		{ "bob+", "+", "bob", "bob" },
		{ "+bob", "+", "+bob", "" },
		{ "bob.x", "._=", "bob", "bob" },
		{ "bob+x", "", "bob+x", "bob+x" },
		{ "postmaster+x", "+", "postmaster", "postmaster" },
		{ "postmaster", "o", "postmaster", "p" },
		{ "mailer-daemon", "-", "mailer-daemon", "mailer" },
		{ "MAILER-daemon", "-", "MAILER-daemon", "MAILER" },
		{ "double-bounce", "-+", "double-bounce", "double" },
		{ "double-bounce-x", "-", "double", "double" },
		{ "owner-list", "-", "owner-list", "owner" },
		{ "Owner-list", "-", "Owner-list", "Owner" },
		{ "owner-list+x", "+", "owner-list", "owner-list" },
		{ "owner-list+x", "+-", "owner-list+x", "owner" },
		{ "list-request", "-", "list-request", "list" },
		{ "list-request", "=", "list-request", "list-request" },
		{ "-request", "-", "-request", "" },
		{ "a=list-request", "=-", "a=list-request", "a" },
		{ "list-requests", "-", "list", "list" },
		{ "owner", "-", "owner", "owner" },
	};
	char bare[80];
	size_t i, at;

	for (i = 0; i < ARRAY_LEN(rows); i++) {
		at = maildb__extension(rows[i].local, rows[i].delimiters);
		snprintf(bare, sizeof(bare), "%.*s", at > 0 ? (int)at : 79,
		    rows[i].local);
		LIB_ASSERT_TEXT(rows[i].local, bare, rows[i].bare);
		at = maildb__lmtp_user(rows[i].local, rows[i].delimiters);
		snprintf(bare, sizeof(bare), "%.*s", (int)at, rows[i].local);
		LIB_ASSERT_TEXT(rows[i].local, bare, rows[i].lmtp);
	}
}

static void
test_loops(void)
{
	static const struct lib_step steps[] = {
		{ "domain a.test", "1" },
		{ "domain x.test class=alias target=a.test", "1" },
		{ "user u@a.test", "1" },

		/* It grows with every round. */
		{ "alias sales@a.test sales+team@a.test",
		    "loop: mail would go round in a circle: sales@a.test -> "
		    "sales+team@a.test -> ..." },
		{ "alias p@a.test u@a.test", "1" },
		{ "alias q@a.test p+x@a.test", "1" },
		{ "alias p@a.test q@a.test", "loop: *p@a.test -> q@a.test -> "
		    "p+x@a.test -> ..." },
		{ "alias p@a.test q+y@x.test", "loop: *" },
		/* A name of that length ends it. */
		{ "alias p+x+x@a.test u@a.test", "1" },
		{ "alias q+x@a.test u@a.test", "1" },
		{ "alias p@a.test q@a.test",
		    "loop: * p+\\*@a.test -> q+\\*@a.test -> p+\\*@a.test | "
		    "+\\* stands for an extension that a sender may add" },
		{ "rmalias p+x+x@a.test", "1" },
		{ "rmalias q+x@a.test", "1" },

		/* Only a sender's extension leads into it. */
		{ "alias b+y@a.test o@far.test", "1" },
		{ "alias r@a.test b@a.test +dead", "1*" },
		{ "user b@a.test", "1" },
		{ "alias b+y@a.test r+y@a.test",
		    "loop: *b+y@a.test -> r+y@a.test -> b+y@a.test" },
		{ "alias s@a.test r+y@a.test", "1" },
		{ "alias b+y@a.test s@a.test", "loop: *" },
		{ "alias b+z@a.test s@a.test", "1" },
		{ "alias b+y@a.test b+z@a.test", "loop: *" },

		/* What answers in place of an address that goes. */
		{ "new", "" },
		{ "domain a.test", "1" },
		{ "user u@a.test", "1" },
		{ "alias t@a.test q@a.test +dead", "1*" },
		{ "alias t+x@a.test u@a.test", "1" },
		{ "alias q@a.test t+x@a.test",
		    "loop: * q+\\*@a.test -> t+\\*@a.test -> q+\\*@a.test *" },
		/* A catch-all takes the extension off. */
		{ "alias q@a.test u@a.test", "1" },
		{ "alias @a.test q@a.test", "1" },
		{ "alias q@a.test none+x@a.test", "loop: *" },
		{ "alias @a.test v+x@a.test", "loop: *" },

		/* Postfix's own exceptions. */
		{ "new", "" },
		{ "domain a.test", "1" },
		{ "user u@a.test", "1" },
		{ "setting recipient_delimiter -", "1" },
		{ "alias owner@a.test u@a.test", "1" },
		{ "alias owner@a.test owner-list@a.test",
		    "dead_end: * owner@a.test -> owner-list@a.test *" },
		/* Not with an extension behind them, as list-request-x has. */
		{ "alias list@a.test list-request@a.test", "loop: * list-\\*@*" },
		{ "alias mailer@a.test mailer-daemon@a.test", "loop: *" },
		{ "alias list@a.test owner-list@a.test", "dead_end: *" },
		{ "alias list@a.test list-requests@a.test", "loop: *" },
		{ "setting recipient_delimiter =-", "1" },
		{ "alias list@a.test list-request@a.test +dead",
		    "loop: * list=\\*@a.test -> list-\\*@a.test *" },
		{ "setting recipient_delimiter -", "1" },
		{ "alias list@a.test list+x@a.test", "dead_end: *" },
	};

	LIB_STEPS(steps);
}

/* Limits count what an extension multiplies. */
static void
test_limits(void)
{
	static const struct lib_step steps[] = {
		{ "domain a.test", "1" },
		{ "user u@a.test", "1" },
		{ "setting expansion_limit 8", "1" },
		{ "alias a3@a.test o@far.test", "1" },
		{ "alias a3@a.test u@a.test", "1" },
		{ "alias a2@a.test a3+x@a.test", "1" },
		{ "alias a2@a.test a3+y@a.test", "1" },
		{ "alias a1@a.test a2+x@a.test", "1" },
		{ "alias a1@a.test a2+y@a.test", "1" },
		{ "alias a0@a.test a1@a.test", "1" },
		{ "alias a0@a.test more@far.test",
		    "too_many_targets: a0@a.test would expand to more *" },
		{ "alias a3@a.test third@far.test",
		    "too_many_targets: a1* would expand to more *" },
		{ "setting expansion_limit 1000", "1" },
		{ "setting recursion_limit 5", "1" },
		{ "alias a@a.test a0+z@a.test",
		    "too_many_targets: Postfix does not follow so many steps: "
		    "a@a.test -> a0+z@a.test -> a1+z@a.test -> *" },
	};

	LIB_STEPS(steps);
}

/* Other delimiters make loops of what is there. */
static void
test_new_delimiter(void)
{
	static const struct lib_step steps[] = {
		{ "domain a.test", "1" },
		{ "user u@a.test", "1" },
		{ "alias p=x@a.test u@a.test", "1" },
		{ "alias p@a.test p=x@a.test", "1" },
		{ "setting recipient_delimiter =", "loop: *" },
		{ "setting recipient_delimiter .", "1" },
		{ "setting recipient_delimiter +-.=#_~", "loop: *" },
		{ "setting recipient_delimiter default", "1" },
	};

	LIB_STEPS(steps);
}

/* A user whose name Dovecot would cut is refused, whichever comes first. */
static void
test_names(void)
{
	static const struct lib_step steps[] = {
		{ "domain a.test", "1" },
		{ "user a@a.test", "1" },
		{ "user a-b@a.test", "1" },
		{ "user first.last@a.test", "1" },
		{ "setting recipient_delimiter -",
		    "refused recipient_delimiter=-: recipient_delimiter \"-\": "
		    "Dovecot would deliver mail for user a-b@a.test to \"a\" | "
		    "first: mailcfg renuser a-b@a.test NEW" },
		{ "setting recipient_delimiter +.",
		    "refused recipient_delimiter=.: *first.last@a.test*" },
		{ "setting recipient_delimiter _=", "1" },
		{ "user a_b@a.test", "refused address=a_b: user a_b@a.test: "
		    "its name holds \"_\", a recipient_delimiter: Dovecot "
		    "would deliver its mail to \"a\" | *" },
		{ "renuser a@a.test b_@a.test", "refused *" },
		{ "renuser a@a.test b@a.test", "1" },
		/* An alias may have it in its name. */
		{ "alias a_b@a.test b@a.test", "1" },
		{ "setting recipient_delimiter +", "1" },
		{ "user a_b@a.test", "1\nuser_forwards: *" },
	};

	LIB_STEPS(steps);
}

CU_TestInfo lib_extension[] = {
	{ "split", test_split },
	{ "loops", test_loops },
	{ "limits", test_limits },
	{ "new delimiter", test_new_delimiter },
	{ "names", test_names },
	CU_TEST_INFO_NULL,
};
