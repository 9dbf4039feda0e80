/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * test_sender.c - sender grants: whom they let send, and when they end
 */
#include <stdlib.h>
#include <string.h>

#include "lib.h"
#include "steps.h"

#define WORLD \
	{ "domain a.test", "1" }, \
	{ "domain b.test", "1" }, \
	{ "domain t.test class=alias target=a.test", "1" }, \
	{ "domain r.test class=relay", "1" }, \
	{ "user anna@a.test", "1" }, \
	{ "user bob@a.test", "1" }, \
	{ "user carol@b.test", "1" }

static void
test_add(void)
{
	static const struct lib_step steps[] = {
		WORLD,
		{ "sender news@a.test bob@a.test", "1" },
		{ "journal?", "add sender news@a.test" },
		{ "sender News@A.test bob@a.test", "0" },
		{ "sender news@a.test carol@b.test", "1" },
		{ "sender @b.test anna@a.test", "1" },
		{ "sender @* bob@a.test", "1" },
		{ "sender root@* anna@a.test", "1" },
		{ "sender x@r.test anna@a.test", "1" },
		{ "grants", "@*>bob@a.test root@*>anna@a.test "
		    "news@a.test>bob@a.test news@a.test>carol@b.test "
		    "@b.test>anna@a.test x@r.test>anna@a.test" },
		{ "grants news@a.test",
		    "news@a.test>bob@a.test news@a.test>carol@b.test" },
		{ "grants bob@a.test", "@*>bob@a.test news@a.test>bob@a.test" },
		{ "sender x@c.test bob@a.test", "no_such_domain *" },
		{ "sender x@a.test nobody@a.test", "no_such_user *" },
		{ "sender x@a.test info@a.test", "no_such_user *" },
		{ "sender x@a.test @a.test", "bad_address *" },
		{ "sender a..b@a.test bob@a.test", "bad_address *" },
		{ "rmsender news@a.test carol@b.test", "1" },
		{ "journal?", "rm sender news@a.test" },
		{ "rmsender news@a.test carol@b.test", "0" },
		{ "rmsender news@a.test nobody@a.test", "0" },
		{ "rmsender @b.test", "1" },
		{ "rmsender @b.test", "0" },
		{ "grants", "@*>bob@a.test root@*>anna@a.test "
		    "news@a.test>bob@a.test x@r.test>anna@a.test" },
	};

	LIB_STEPS(steps);
}

/* Postfix asks for user+ext first, and stops at the first answer. */
static void
test_extension(void)
{
	static const struct lib_step steps[] = {
		WORLD,
		{ "sender anna+x@a.test bob@a.test", "refused: * | grant the "
		    "address without its extension: mailcfg addsender "
		    "anna@a.test LOGIN" },
		{ "senders anna+x@a.test", "anna@a.test" },
		{ "alias anna+x@a.test bob@a.test may_send=0", "1" },
		{ "sender anna+x@a.test carol@b.test", "1" },
		{ "senders anna+x@a.test", "carol@b.test" },
		{ "sender anna@a.test bob@a.test", "1" },
		{ "senders anna+y@a.test", "anna@a.test bob@a.test" },
	};

	LIB_STEPS(steps);
}

/* Who may send, by every level of names. */
static void
test_senders(void)
{
	static const struct lib_step steps[] = {
		WORLD,
		{ "senders news@a.test", "" },
		{ "sender news@a.test bob@a.test", "1" },
		{ "senders news@a.test", "bob@a.test" },
		/* an alias domain: its own names and those of its domain */
		{ "senders news@t.test", "bob@a.test" },
		{ "sender news@t.test carol@b.test", "1" },
		{ "senders news@t.test", "bob@a.test carol@b.test" },
		{ "senders news@a.test", "bob@a.test" },
		{ "sender anna@t.test carol@b.test", "1" },
		{ "senders anna@t.test", "anna@a.test carol@b.test" },
		{ "senders anna@a.test", "anna@a.test" },
		/* wildcards, and a row that stands before them */
		{ "sender root@* carol@b.test", "1" },
		{ "senders root@b.test", "carol@b.test" },
		{ "senders root@t.test", "carol@b.test" },
		{ "senders root@r.test", "" },
		{ "alias root@a.test anna@a.test", "1" },
		{ "senders root@a.test", "anna@a.test" },
		{ "alias root@* bob@a.test", "1" },
		{ "senders root@b.test", "bob@a.test carol@b.test" },
		{ "rmsender news@t.test", "1" },
		/* a whole domain, and all */
		{ "sender @a.test carol@b.test", "1" },
		{ "senders whoever@a.test", "carol@b.test" },
		{ "senders news@a.test", "bob@a.test carol@b.test" },
		{ "senders anna@t.test", "anna@a.test carol@b.test" },
		{ "senders @t.test", "carol@b.test" },
		{ "senders whoever@b.test", "" },
		{ "sender @* anna@a.test", "1" },
		{ "senders whoever@b.test", "anna@a.test" },
		{ "senders whoever@r.test", "" },
		{ "sender @r.test bob@a.test", "1" },
		{ "senders whoever@r.test", "bob@a.test" },
		{ "sender @b.test anna@a.test", "1" },
		{ "senders whoever@b.test", "anna@a.test" },
		/* what is off */
		{ "setuser bob@a.test send=no", "1" },
		{ "senders news@a.test", "anna@a.test carol@b.test" },
		{ "disable anna@a.test", "1\nalias_dead: *" },
		{ "senders whoever@b.test", "" },
		{ "setdomain a.test enabled=no", "1" },
		{ "senders news@a.test", "" },
		{ "senders news@t.test", "" },
	};

	LIB_STEPS(steps);
}

/* A grant gives no mail and stops none: each map answers as without it. */
static void
test_no_mail(void)
{
	static const char *const lookups[][2] = {
		{ "virtual_alias_maps", "news@a.test" },
		{ "virtual_alias_far", "news@a.test" },
		{ "virtual_alias_maps", "root@a.test" },
		{ "virtual_alias_far", "root@a.test" },
		{ "virtual_alias_catchall", "@a.test" },
		{ "recipient_access", "news@a.test" },
		{ "recipient_access", "root@a.test" },
		{ "recipient_access", "anna@a.test" },
		{ "virtual_mailbox_maps", "news@a.test" },
	};
	char *before[sizeof(lookups) / sizeof(lookups[0])], *now;
	struct maildb *db = lib_open();
	struct maildb_cursor *cursor;
	size_t i;
	int round;

	lib_world(db, "domain a.test\nuser anna@a.test\nuser bob@a.test\n"
	    "alias root@* anna@a.test\nalias @a.test bob@a.test\n");
	for (round = 0; round < 2; round++) {
		for (i = 0; i < sizeof(before) / sizeof(before[0]); i++) {
			now = lib_rows(maildb_lookup(db, lookups[i][0],
			    lookups[i][1], &cursor), &cursor);
			if (round == 0) {
				before[i] = now;
				continue;
			}
			LIB_ASSERT_TEXT(lookups[i][1], now, before[i]);
			free(now);
			free(before[i]);
		}
		CU_ASSERT(maildb_sender_add(db, "news@a.test",
		    "bob@a.test") == !round);
		CU_ASSERT(maildb_sender_add(db, "root@a.test",
		    "bob@a.test") == !round);
		CU_ASSERT(maildb_sender_add(db, "anna@a.test",
		    "bob@a.test") == !round);
	}
	lib_close(db);
}

/* Whatever ends an address, its user or its domain ends the grant. */
static void
test_end(void)
{
	static const struct lib_step steps[] = {
		WORLD,
		{ "alias info@a.test bob@a.test", "1" },
		{ "sender info@a.test carol@b.test", "1" },
		{ "rmalias info@a.test nobody@far.test", "0" },
		{ "alias info@a.test x@far.test", "1" },
		{ "rmalias info@a.test bob@a.test", "1" },
		{ "grants", "info@a.test>carol@b.test" },
		{ "rmalias info@a.test", "1\ngrant_removed: carol@b.test can "
		    "no longer send as info@a.test" },
		{ "grants", "" },
		/* an alias that goes with its only target */
		{ "alias info@a.test bob@a.test", "1" },
		{ "sender info@a.test carol@b.test", "1" },
		{ "sender @b.test bob@a.test", "1" },
		{ "rmuser bob@a.test", "1\nalias_removed: *\ngrant_removed: *\n"
		    "grant_removed: bob@a.test can no longer send as @b.test" },
		{ "grants", "" },
		/* a name that gets an owner */
		{ "sender news@a.test carol@b.test", "1" },
		{ "user news@a.test", "1\ngrant_removed: carol@b.test can no "
		    "longer send as news@a.test" },
		{ "senders news@a.test", "news@a.test" },
		{ "sender news@a.test carol@b.test", "1" },
		{ "sender new@a.test anna@a.test", "1" },
		{ "renuser news@a.test new@a.test", "1\ngrant_removed: *" },
		{ "grants", "new@a.test>carol@b.test" },
		{ "senders new@a.test", "carol@b.test new@a.test" },
		{ "renuser carol@b.test cat@b.test", "1" },
		{ "grants", "new@a.test>cat@b.test" },
		/* the catch-all is not the domain */
		{ "alias @a.test anna@a.test", "1" },
		{ "sender @a.test cat@b.test", "1" },
		{ "rmalias @a.test", "1" },
		{ "grants @a.test", "@a.test>cat@b.test" },
		{ "rendomain a.test c.test", "1" },
		{ "grants", "@c.test>cat@b.test new@c.test>cat@b.test" },
		{ "sender @b.test anna@c.test", "1" },
		{ "rmdomain c.test +recursive", "1\ndomain_removed: *" },
		{ "grants", "" },
	};

	LIB_STEPS(steps);
}

/* The same when people write SQL by hand. */
static void
test_by_hand(void)
{
	static const struct {
		const char *sql, *left;
	} rows[] = {
		{ "UPDATE address SET localpart = 'press' "
		    "WHERE localpart = 'info'", "a.test|press|bob@a.test\n"
		    "a.test|press|carol@a.test\n" },
		{ "DELETE FROM mailbox WHERE address_id = (SELECT id "
		    "FROM address WHERE localpart = 'carol')",
		    "a.test|press|bob@a.test\n" },
		{ "INSERT INTO mailbox (address_id) SELECT id FROM address "
		    "WHERE localpart = 'press'", "" },
		{ "INSERT INTO sender (domain, localpart, login_id) "
		    "SELECT domain, 'press', id FROM address "
		    "WHERE localpart = 'bob'", "a.test|press|bob@a.test\n" },
		{ "UPDATE sender SET localpart = 'anna'",
		    "a.test|anna|bob@a.test\n" },
		{ "DELETE FROM address WHERE localpart = 'anna'", "" },
	};
	struct maildb *db = lib_open();
	struct maildb_cursor *cursor;
	char *got;

	lib_world(db, "domain a.test\nuser anna@a.test\nuser bob@a.test\n"
	    "user carol@a.test\nalias info@a.test anna@a.test\n");
	CU_ASSERT(maildb_sender_add(db, "info@a.test", "bob@a.test") == 1);
	CU_ASSERT(maildb_sender_add(db, "info@a.test", "carol@a.test") == 1);
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		lib_sql(db, rows[i].sql);
		got = lib_rows(maildb_export(db, MAILDB_KIND_SENDER, NULL,
		    &cursor), &cursor);
		LIB_ASSERT_TEXT(rows[i].sql, got, rows[i].left);
		free(got);
	}
	lib_close(db);
}

static void
test_kinds(void)
{
	static const struct {
		const char *name;
		unsigned kinds;
	} rows[] = {
		{ "a.test", 1u << MAILDB_KIND_DOMAIN },
		{ "c.test", 0 },
		{ "anna@a.test", 1u << MAILDB_KIND_USER },
		{ "bob@a.test", 1u << MAILDB_KIND_USER |
		    1u << MAILDB_KIND_ALIAS },
		{ "info@a.test", 1u << MAILDB_KIND_ALIAS },
		{ "@a.test", 1u << MAILDB_KIND_ALIAS },
		{ "known@r.test", 1u << MAILDB_KIND_RECIPIENT },
		{ "news@a.test", 1u << MAILDB_KIND_SENDER },
		{ "@*", 1u << MAILDB_KIND_SENDER },
		{ "nobody@a.test", 0 },
	};
	struct maildb *db = lib_open();
	unsigned kinds;
	int rc;

	lib_world(db, "domain a.test\ndomain r.test class=relay\n"
	    "user anna@a.test\nuser bob@a.test\nalias bob@a.test anna@a.test\n"
	    "alias info@a.test anna@a.test\nalias @a.test anna@a.test\n"
	    "recipient known@r.test\n");
	CU_ASSERT(maildb_sender_add(db, "news@a.test", "anna@a.test") == 1);
	CU_ASSERT(maildb_sender_add(db, "@*", "anna@a.test") == 1);
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		rc = maildb_kinds(db, rows[i].name, &kinds);
		LIB_ASSERT_ROW(rows[i].name, kinds == rows[i].kinds &&
		    rc == (kinds != 0));
	}
	CU_ASSERT(maildb_kinds(db, "a..b@a.test", &kinds) == MAILDB_EADDRESS);
	lib_close(db);
}

CU_TestInfo lib_sender[] = {
	{ "add and remove", test_add },
	{ "extensions", test_extension },
	{ "who may send", test_senders },
	{ "no mail", test_no_mail },
	{ "the end of a grant", test_end },
	{ "by hand", test_by_hand },
	{ "kinds", test_kinds },
	CU_TEST_INFO_NULL,
};
