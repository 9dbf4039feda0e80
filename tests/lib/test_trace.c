/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * test_trace.c - where mail goes, as the tree that maildb_trace() answers
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "state/state.h"
#include "lib.h"

static const char world[] =
    "domain example.org\n"
    "domain alias.test class=alias target=example.org\n"
    "domain other.test\n"
    "domain relay.test class=relay\n"
    "domain any.test class=relay any_recipient=yes\n"
    "domain off.test\n"
    "user bob@example.org\n"
    "user carol@example.org\n"
    "user gone@example.org\n"
    "user mute@example.org receive=no\n"
    "user keep@example.org\n"
    "user away@example.org\n"
    "user boss@example.org\n"
    "user x@off.test\n"
    "alias info@example.org bob@example.org\n"
    "alias info@example.org far@remote.test\n"
    "alias dead@example.org gone@example.org\n"
    "alias half@example.org gone@example.org\n"
    "alias half@example.org bob@example.org\n"
    "alias deep@example.org dead@example.org\n"
    "alias list@example.org info@example.org\n"
    "alias list@example.org carol@alias.test\n"
    "alias bob+tag@example.org carol@example.org\n"
    "alias keep@example.org keep@example.org\n"
    "alias keep@example.org bob@example.org\n"
    "alias away@example.org me@remote.test\n"
    "alias lost@example.org nobody@other.test\n"
    "alias out@relay.test bob@example.org\n"
    "alias postmaster@* carol@example.org\n"
    "alias @example.org bob@example.org\n"
    "recipient r@relay.test\n";

/* Answers a trace without the ids: "0 ADDRESS: RULE RESULT REPLY MAILBOX\n",
 * indented by depth. */
static char *
trace(struct maildb *db, const char *address, unsigned flags)
{
	struct maildb__buf buf = { 0 };
	struct maildb_cursor *cursor;
	const char *text;
	int rc;

	rc = maildb_trace(db, address, flags, &cursor);
	if (rc < 0)
		return lib_rows(rc, &cursor);
	while ((rc = maildb_cursor_next(cursor)) > 0) {
		maildb__buf_printf(&buf, "%*s%s: %s",
		    (int)maildb_cursor_int(cursor, 0) * 2, "",
		    maildb_cursor_text(cursor, 1),
		    maildb_cursor_text(cursor, 2));
		for (size_t i = 4; i < maildb_cursor_width(cursor); i++) {
			text = maildb_cursor_text(cursor, i);
			if (text != NULL && *text != '\0')
				maildb__buf_printf(&buf, " [%s]", text);
		}
		maildb__buf_add(&buf, "\n");
	}
	maildb_cursor_free(cursor);
	return maildb__buf_take(&buf);
}

static void
check(struct maildb *db, const char *address, unsigned flags,
    const char *wanted)
{
	char *got = trace(db, address, flags);

	LIB_ASSERT_TEXT(address, got, wanted);
	free(got);
}

#define TO(user)   " [mailbox] [" user "@example.org]\n"
#define UNKNOWN    " [refused] [550 5.1.1 User unknown in virtual mailbox table]\n"
#define OFF_RCPT   ": access [refused] [550 5.2.1 Mailbox disabled]\n"
#define OFF        ": off [off] [5.2.1 Mailbox disabled]\n"
#define LOOP       " [loop] [451 4.6.0 Alias expansion error]\n"

static const struct {
	const char *address, *tree;
} outside[] = {
	/* mailboxes, in any case and with extensions */
	{ "bob@example.org", "bob@example.org: mailbox" TO("bob") },
	{ "BOB@Example.ORG", "bob@example.org: mailbox" TO("bob") },
	{ "bob+x@example.org", "bob+x@example.org: mailbox" TO("bob") },
	{ "bob+x+y@example.org", "bob+x+y@example.org: mailbox" TO("bob") },
	{ "gone@example.org", "gone@example.org" OFF_RCPT },
	{ "gone+x@example.org", "gone+x@example.org" OFF_RCPT },
	{ "mute@example.org", "mute@example.org" OFF_RCPT },

	/* aliases */
	{ "info@example.org", "info@example.org: alias\n"
	    "  bob@example.org: mailbox" TO("bob")
	    "  far@remote.test: external [external]\n" },
	{ "info+x@example.org", "info+x@example.org: alias\n"
	    "  bob+x@example.org: mailbox" TO("bob")
	    "  far+x@remote.test: external [external]\n" },
	{ "bob+tag@example.org", "bob+tag@example.org: alias\n"
	    "  carol@example.org: mailbox" TO("carol") },
	{ "list@example.org", "list@example.org: alias\n"
	    "  info@example.org: alias\n"
	    "    bob@example.org: mailbox" TO("bob")
	    "    far@remote.test: external [external]\n"
	    "  carol@alias.test: alias domain\n"
	    "    carol@example.org: mailbox" TO("carol") },
	{ "dead@example.org", "dead@example.org" OFF_RCPT },
	{ "half@example.org", "half@example.org: alias\n"
	    "  bob@example.org: mailbox" TO("bob") },
	{ "deep@example.org", "deep@example.org: alias\n"
	    "  dead@example.org" OFF },
	{ "lost@example.org", "lost@example.org: alias\n"
	    "  nobody@other.test: unknown [unknown] "
	    "[550 5.1.1 User doesn't exist]\n" },

	/* forwards */
	{ "keep@example.org", "keep@example.org: alias\n"
	    "  keep@example.org: mailbox" TO("keep")
	    "  bob@example.org: mailbox" TO("bob") },
	{ "keep+x@example.org", "keep+x@example.org: alias\n"
	    "  keep+x@example.org: mailbox" TO("keep")
	    "  bob+x@example.org: mailbox" TO("bob") },
	{ "away@example.org", "away@example.org: alias\n"
	    "  me@remote.test: external [external]\n" },

	/* alias domains, wildcards, catch-alls */
	{ "bob@alias.test", "bob@alias.test: alias domain\n"
	    "  bob@example.org: mailbox" TO("bob") },
	{ "bob+x@alias.test", "bob+x@alias.test: alias domain\n"
	    "  bob+x@example.org: mailbox" TO("bob") },
	{ "info@alias.test", "info@alias.test: alias domain\n"
	    "  bob@example.org: mailbox" TO("bob")
	    "  far@remote.test: external [external]\n" },
	{ "gone@alias.test", "gone@alias.test" OFF_RCPT },
	{ "postmaster@other.test", "postmaster@other.test: wildcard\n"
	    "  carol@example.org: mailbox" TO("carol") },
	{ "postmaster@alias.test", "postmaster@alias.test: wildcard\n"
	    "  carol@example.org: mailbox" TO("carol") },
	{ "nobody@example.org", "nobody@example.org: catch-all\n"
	    "  bob@example.org: mailbox" TO("bob") },
	{ "nobody+x@example.org", "nobody+x@example.org: catch-all\n"
	    "  bob@example.org: mailbox" TO("bob") },
	{ "nobody@alias.test", "nobody@alias.test: catch-all\n"
	    "  bob@example.org: mailbox" TO("bob") },
	{ "nobody@other.test", "nobody@other.test: unknown" UNKNOWN },

	/* a domain that is off stays ours */
	{ "x@off.test", "x@off.test" OFF_RCPT },
	{ "y@off.test", "y@off.test: unknown" UNKNOWN },

	/* domains that are passed on, and those of others */
	{ "r@relay.test", "r@relay.test: relay recipient [relay]\n" },
	{ "s@relay.test", "s@relay.test: unknown [refused] "
	    "[550 5.1.1 User unknown in relay recipient table]\n" },
	{ "out@relay.test", "out@relay.test: alias\n"
	    "  bob@example.org: mailbox" TO("bob") },
	{ "postmaster@relay.test", "postmaster@relay.test: unknown [refused] "
	    "[550 5.1.1 User unknown in relay recipient table]\n" },
	{ "s@any.test", "s@any.test: relay [relay]\n" },
	{ "me@remote.test", "me@remote.test: external [refused] "
	    "[554 5.7.1 Relay access denied]\n" },
	{ "me@sub.example.org", "me@sub.example.org: external [refused] "
	    "[554 5.7.1 Relay access denied]\n" },

	/* only for users */
	{ "boss@example.org", "boss@example.org: access [refused] "
	    "[550 5.7.1 For local users only]\n" },
	{ "boss@alias.test", "boss@alias.test: access [refused] "
	    "[550 5.7.1 For local users only]\n" },
}, inside[] = {
	{ "boss@example.org", "boss@example.org: mailbox" TO("boss") },
	{ "gone@example.org", "gone@example.org" OFF_RCPT },
	{ "nobody@other.test", "nobody@other.test: unknown" UNKNOWN },
	{ "me@remote.test", "me@remote.test: external [external]\n" },
};

static struct maildb *
open_world(void)
{
	struct maildb *db = lib_open();

	lib_world(db, world);
	lib_sql(db, "UPDATE domain SET enabled = 0 WHERE name = 'off.test';"
	    "UPDATE address SET enabled = 0 WHERE localpart = 'gone';"
	    "UPDATE address SET internal = 1 WHERE localpart = 'boss'");
	return db;
}

static void
test_trees(void)
{
	struct maildb *db = open_world();

	for (size_t i = 0; i < ARRAY_LEN(outside); i++)
		check(db, outside[i].address, 0, outside[i].tree);
	for (size_t i = 0; i < ARRAY_LEN(inside); i++)
		check(db, inside[i].address, MAILDB_TRACE_INSIDE,
		    inside[i].tree);
	lib_close(db);
}

/* The ids are those that a person removes targets by. */
static void
test_ids(void)
{
	struct maildb *db = open_world();
	struct maildb_cursor *cursor;
	int64_t id = 0;

	CU_ASSERT_FATAL(maildb_trace(db, "info@example.org", 0, &cursor) == 0);
	while (maildb_cursor_next(cursor) > 0)
		if (maildb_cursor_int(cursor, 0) > 0)
			id = maildb_cursor_int(cursor, 3);
		else
			CU_ASSERT(maildb_cursor_null(cursor, 3));
	maildb_cursor_free(cursor);
	CU_ASSERT(maildb_alias_remove_id(db, id, 0) == 1);
	check(db, "info@example.org", 0, "info@example.org: alias\n"
	    "  bob@example.org: mailbox" TO("bob"));
	lib_close(db);
}

static void
test_delimiters(void)
{
	struct maildb *db = open_world();

	lib_world(db, "setting recipient_delimiter -=\n");
	check(db, "bob-x@example.org", 0,
	    "bob-x@example.org: mailbox" TO("bob"));
	check(db, "bob=x-y@example.org", 0,
	    "bob=x-y@example.org: mailbox" TO("bob"));
	check(db, "bob+x@example.org", 0, "bob+x@example.org: catch-all\n"
	    "  bob@example.org: mailbox" TO("bob"));
	/* Postfix leaves these whole. */
	lib_world(db, "user owner@example.org\n");
	check(db, "owner-x@example.org", 0, "owner-x@example.org: catch-all\n"
	    "  bob@example.org: mailbox" TO("bob"));
	check(db, "bob-request@example.org", 0,
	    "bob-request@example.org: catch-all\n"
	    "  bob@example.org: mailbox" TO("bob"));
	lib_sql(db, "UPDATE setting SET value = '' "
	    "WHERE name = 'recipient_delimiter'");
	check(db, "bob-x@example.org", 0, "bob-x@example.org: catch-all\n"
	    "  bob@example.org: mailbox" TO("bob"));
	lib_close(db);
}

/* Adds a target by hand, which is not checked. */
static void
point(struct maildb *db, const char *source, const char *dest)
{
	struct maildb__buf sql = { 0 };
	const char *at = strchr(source, '@');
	char *text;

	maildb__buf_printf(&sql, "INSERT INTO address (domain, localpart) "
	    "SELECT '%s', '%.*s' WHERE NOT EXISTS (SELECT 1 FROM address "
	    "WHERE localpart || '@' || domain = '%s');"
	    "INSERT INTO target (address_id, dest) SELECT id, '%s' "
	    "FROM address WHERE localpart || '@' || domain = '%s'", at + 1,
	    (int)(at - source), source, source, dest, source);
	text = maildb__buf_take(&sql);
	CU_ASSERT_PTR_NOT_NULL_FATAL(text);
	lib_sql(db, text);
	free(text);
}

static void
test_loops(void)
{
	struct maildb *db = open_world();

	point(db, "a@other.test", "b@other.test");
	point(db, "b@other.test", "a@other.test");
	point(db, "b@other.test", "bob@example.org");
	check(db, "a@other.test", 0, "a@other.test: alias\n"
	    "  b@other.test: alias\n"
	    "    a@other.test: loop" LOOP
	    "    bob@example.org: mailbox" TO("bob"));

	/* Met again, c is looked up, but then d is final: no circle. */
	point(db, "c@other.test", "d@other.test");
	point(db, "d@other.test", "e@other.test");
	point(db, "d@other.test", "d@other.test");
	point(db, "e@other.test", "c@other.test");
	check(db, "c@other.test", 0, "c@other.test: alias\n"
	    "  d@other.test: alias\n"
	    "    e@other.test: alias\n"
	    "      c@other.test: alias\n"
	    "        d@other.test: unknown [unknown] "
	    "[550 5.1.1 User doesn't exist]\n"
	    "    d@other.test: unknown [unknown] "
	    "[550 5.1.1 User doesn't exist]\n");

	/* By way of an extension that grows, never equal to itself. */
	point(db, "f@other.test", "f+more@other.test");
	check(db, "f@other.test", 0, "f@other.test: limit" LOOP);
	lib_close(db);
}

/* Two ways to one mailbox are no circle. */
static void
test_diamond(void)
{
	struct maildb *db = open_world();

	lib_world(db, "alias p@other.test q@other.test\n"
	    "alias p@other.test r@other.test\n"
	    "alias q@other.test s@other.test\n"
	    "alias r@other.test s@other.test\n"
	    "alias s@other.test carol@example.org\n");
	check(db, "p@other.test", 0, "p@other.test: alias\n"
	    "  q@other.test: alias\n"
	    "    s@other.test: alias\n"
	    "      carol@example.org: mailbox" TO("carol")
	    "  r@other.test: alias\n"
	    "    s@other.test: alias\n"
	    "      carol@example.org: mailbox" TO("carol"));
	lib_close(db);
}

/* As many targets as Postfix takes, and one more. */
static void
test_limits(void)
{
	struct maildb *db = open_world();
	struct maildb_cursor *cursor;
	char dest[40];
	int rows = 0;

	lib_world(db, "setting expansion_limit 20\n"
	    "setting recursion_limit 5\n");
	for (int i = 0; i < 20; i++) {
		snprintf(dest, sizeof(dest), "u%d@remote.test", i);
		point(db, "wide@other.test", dest);
	}
	CU_ASSERT_FATAL(maildb_trace(db, "wide@other.test", 0, &cursor) == 0);
	while (maildb_cursor_next(cursor) > 0)
		rows++;
	maildb_cursor_free(cursor);
	CU_ASSERT(rows == 21);
	point(db, "wide@other.test", "u20@remote.test");
	check(db, "wide@other.test", 0, "wide@other.test: limit" LOOP);

	point(db, "s0@other.test", "s1@other.test");
	point(db, "s1@other.test", "s2@other.test");
	point(db, "s2@other.test", "s3@other.test");
	point(db, "s3@other.test", "carol@example.org");
	check(db, "s0@other.test", 0, "s0@other.test: alias\n"
	    "  s1@other.test: alias\n"
	    "    s2@other.test: alias\n"
	    "      s3@other.test: alias\n"
	    "        carol@example.org: mailbox" TO("carol"));
	point(db, "s@other.test", "s0@other.test");
	point(db, "t@other.test", "s@other.test");
	check(db, "t@other.test", 0, "t@other.test: limit" LOOP);
	lib_close(db);
}

static void
test_refused_input(void)
{
	static const char *const rows[] = {
		"", "bob", "@example.org", "postmaster@*", "a b@example.org",
		"bob@", "a@b@c.test", "bob@example.org.",
	};
	struct maildb *db = lib_open();
	struct maildb_cursor *cursor;

	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		LIB_ASSERT_ROW(rows[i], maildb_trace(db, rows[i], 0,
		    &cursor) == MAILDB_EADDRESS);
		LIB_ASSERT_ROW(rows[i], cursor == NULL);
	}
	lib_close(db);
}

static void
test_misuse(void)
{
	struct maildb *db = maildb_new();
	struct maildb_cursor *cursor, *second;

	CU_ASSERT(maildb_trace(db, "bob@example.org", 0, &cursor) ==
	    MAILDB_EMISUSE);
	maildb_free(db);

	db = open_world();
	CU_ASSERT(maildb_lookup(db, "iterate", "", &cursor) == 0);
	CU_ASSERT(maildb_trace(db, "bob@example.org", 0, &second) ==
	    MAILDB_EMISUSE);
	CU_ASSERT_PTR_NULL(second);
	maildb_cursor_free(cursor);
	lib_close(db);
}

CU_TestInfo lib_trace[] = {
	{ "trees", test_trees },
	{ "ids of targets", test_ids },
	{ "delimiters", test_delimiters },
	{ "loops, and what only looks so", test_loops },
	{ "two ways to one mailbox", test_diamond },
	{ "limits", test_limits },
	{ "what is no address", test_refused_input },
	{ "misuse", test_misuse },
	CU_TEST_INFO_NULL,
};
