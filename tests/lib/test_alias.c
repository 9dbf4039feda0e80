/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * test_alias.c - aliases, catch-alls, wildcards and forwards, and where they
 * must not lead
 */
#include <stdio.h>
#include <stdlib.h>

#include "state/state.h"
#include "steps.h"

static void
test_add(void)
{
	static const struct lib_step steps[] = {
		{ "domain a.test", "1" },
		{ "user u@a.test", "1" },
		{ "alias Info@A.test U@a.test", "1" },
		{ "journal?", "add target info@a.test, add address info@a.test" },
		{ "alias info@a.test u@a.test", "0" },
		{ "alias? info@a.test source destination",
		    "info@a.test>u@a.test" },
		{ "alias? info@a.test may_send enabled", "1>1" },
		{ "alias info@a.test o@far.test may_send=0", "1" },
		{ "alias info@a.test o@far.test", "0" },
		{ "alias info@a.test o@far.test may_send=0", "0" },
		{ "alias info@a.test o@far.test may_send=1", "1" },
		{ "journal?", "set target info@a.test" },
		{ "alias? info@a.test destination may_send",
		    "o@far.test>1 u@a.test>1" },

		/* What can be a source, what a destination. */
		{ "alias o'brien+x@a.test u@a.test", "1" },
		{ "alias a/b@a.test u@a.test",
		    "bad_address source=a/b@a.test: \"a/b@a.test\" cannot be "
		    "an alias: its local part has characters beyond letters, "
		    "digits and ._-&'+=~" },
		{ "alias x@a.test a/b@a.test",
		    "bad_address destination=a/b@a.test: *" },
		{ "alias x@a.test A/b@Far.test", "1" },
		{ "alias? x@a.test destination", "A/b@far.test" },
		{ "alias x@a.test *@far.test", "1" },
		{ "alias x@a.test u@*", "bad_address destination=u@\\*: *" },
		{ "alias x@a.test @far.test", "bad_address *: *" },
		{ "alias x@a.test |cmd@far.test", "bad_address *: *" },
		{ "alias x@a.test u@a.test,v@a.test", "bad_address *: *" },
		{ "alias x@none.test u@a.test",
		    "no_such_domain domain=none.test: *" },
		{ "alias x@a.test u@none.test", "1" },
		{ "alias x@new.test u@a.test +create", "1" },
		{ "domains", "a.test new.test" },

		/* Catch-alls: no sending, nothing to the outside. */
		{ "alias @a.test u@a.test", "1" },
		{ "alias? @a.test destination may_send", "u@a.test>0" },
		{ "alias @a.test o@far.test",
		    "refused: a catch-all to o@far.test would pass all spam for "
		    "a.test on | --force does it all the same" },
		{ "alias @a.test o@far.test +force", "1" },
		{ "aliases a.test", "@a.test>o@far.test @a.test>u@a.test "
		    "info@a.test>o@far.test info@a.test>u@a.test "
		    "o'brien+x@a.test>u@a.test x@a.test>\\*@far.test "
		    "x@a.test>A/b@far.test x@a.test>u@none.test" },

		/* Wildcards. */
		{ "alias root@* u@a.test", "1" },
		{ "aliases *", "root@\\*>u@a.test" },
		{ "alias @* u@a.test", "bad_address *: *" },
		{ "alias? root@* source destination", "root@\\*>u@a.test" },

		/* Forwards, with and without a copy. */
		{ "alias u@a.test o@far.test", "1" },
		{ "alias u@a.test u@a.test", "1" },
		{ "alias y@a.test y@a.test",
		    "loop: mail would go round in a circle: y@a.test -> "
		    "y@a.test | only a user may be an own target, to keep a "
		    "copy; y@a.test is no user" },

		{ "alias? y@a.test source",
		    "no_such_alias source=y@a.test: alias y@a.test does not "
		    "exist*" },
		{ "alias? inof@a.test source",
		    "no_such_alias *: * | did you mean info@a.test?" },
		{ "aliases none.test", "no_such_domain domain=none.test: *" },
	};

	LIB_STEPS(steps);
}

/* Ways that lead back, each refused when it would close. */
static void
test_loops(void)
{
	static const struct lib_step steps[] = {
		{ "domain a.test", "1" },
		{ "domain x.test class=alias target=a.test", "1" },
		{ "user u@a.test", "1" },

		/* Direct, and over several steps. */
		{ "alias b@a.test u@a.test", "1" },
		{ "alias c@a.test b@a.test", "1" },
		{ "alias d@a.test c@a.test", "1" },
		{ "alias b@a.test c@a.test",
		    "loop: mail would go round in a circle: b@a.test -> "
		    "c@a.test -> b@a.test" },
		{ "alias b@a.test d@a.test",
		    "loop: * b@a.test -> d@a.test -> c@a.test -> b@a.test" },
		{ "alias? b@a.test destination", "u@a.test" },
		/* Two ways to one address are none. */
		{ "alias d@a.test b@a.test", "1" },

		/* Through an alias domain, with an extension, or both. */
		{ "alias b@a.test d@x.test",
		    "loop: * b@a.test -> d@a.test -> *b@a.test" },
		{ "alias b@a.test d+e@a.test", "loop: *" },
		{ "alias b@a.test d+e@x.test", "loop: *" },
		{ "alias own@x.test d@a.test", "1" },
		{ "alias b@a.test own@x.test", "loop: *" },
		{ "alias b@a.test b+e@a.test",
		    "loop: * b@a.test -> b+e@a.test -> ..." },

		/* Through a user who forwards. */
		{ "alias u@a.test d@a.test",
		    "loop: * u@a.test -> d@a.test -> *" },
		{ "alias u@a.test u@x.test", "loop: *" },
		{ "alias u@a.test u+e@a.test", "loop: *" },

		/* Through a wildcard. */
		{ "alias root@* u@a.test", "1" },
		{ "alias u@a.test root@a.test",
		    "loop: * u@a.test -> root@\\* -> u@a.test" },
		{ "alias u@a.test root@x.test", "loop: *" },
		{ "alias root@* root@a.test", "loop: *" },
		{ "alias hub@* hub@far.test", "1" },

		/* Through a catch-all, the own one or the target's. */
		{ "alias @a.test u@a.test", "1" },
		{ "alias u@a.test nobody@a.test",
		    "loop: * u@a.test -> @a.test -> u@a.test" },
		{ "alias u@a.test nobody@x.test", "loop: *" },
		{ "alias @a.test nobody@a.test",
		    "loop: * @a.test -> @a.test*" },
		{ "alias @x.test nobody@x.test", "loop: *" },
		{ "alias @x.test nobody@a.test", "1" },
	};

	LIB_STEPS(steps);
}

/* What goes may uncover a way that leads back. */
static void
test_uncovered_loops(void)
{
	static const struct lib_step steps[] = {
		{ "domain a.test", "1" },
		{ "domain x.test class=alias target=a.test", "1" },
		{ "user u@a.test", "1" },
		{ "user v@a.test", "1" },

		{ "alias b@a.test u@a.test", "1" },
		{ "alias @a.test b@a.test", "1" },
		{ "rmuser u@a.test +keep", "loop: *" },
		{ "rmuser u@a.test", "1\nalias_removed: alias b@a.test *\n"
		    "alias_removed: alias @a.test *" },

		{ "user u@a.test", "1" },
		{ "alias b@a.test u+e@a.test", "1" },
		{ "alias @a.test b@a.test", "1" },
		{ "rmuser u@a.test",
		    "loop: mail would go round in a circle: @a.test -> "
		    "b@a.test -> @a.test" },
		{ "renuser u@a.test w@a.test", "loop: *" },
		{ "renuser v@a.test w@a.test", "1" },
		{ "rmalias @a.test", "1" },
		{ "rmalias b@a.test", "1" },

		{ "alias c@a.test v@far.test", "1" },
		{ "alias b@a.test c@x.test", "1" },
		{ "alias c@* b@a.test", "1" },
		{ "rmalias c@a.test", "loop: *" },
		{ "rmalias b@a.test", "1\nalias_removed: alias c@\\* *" },
		{ "rmalias c@a.test", "1" },

		/* A wildcard address stood between a catch-all and itself. */
		{ "alias n@* v@far.test", "1" },
		{ "alias @x.test n@x.test", "1" },
		{ "rmalias n@*", "loop: *" },
		{ "rmalias @x.test", "1" },
		{ "alias @a.test n+e@a.test", "1" },
		{ "rmalias n@*", "loop: *" },
		{ "alias n@a.test v@far.test", "1" },
		{ "rmalias n@*", "1" },
	};

	LIB_STEPS(steps);
}

static void
test_dead_ends(void)
{
	static const struct lib_step steps[] = {
		{ "domain a.test", "1" },
		{ "domain x.test class=alias target=a.test", "1" },
		{ "domain r.test class=relay", "1" },
		{ "domain any.test class=relay any_recipient=yes", "1" },
		{ "user u@a.test", "1" },

		{ "alias b@a.test none@a.test",
		    "dead_end: a target leads nowhere: b@a.test -> "
		    "none@a.test | add none@a.test first, or use "
		    "--allow-dead" },
		{ "alias b@a.test none@x.test", "dead_end: *" },
		{ "alias b@a.test none@r.test", "dead_end: *" },
		{ "alias b@a.test none@any.test", "1" },
		{ "recipient some@r.test", "1" },
		{ "alias b@a.test some@r.test", "1" },
		{ "alias b@a.test u+any@x.test", "1" },

		/* Let pass once, it is not held against what comes later. */
		{ "alias c@a.test none@a.test +dead",
		    "1\ndead_end: none@a.test does not exist" },
		{ "alias c@a.test none@a.test +dead", "0" },
		{ "alias d@a.test c@a.test",
		    "dead_end: a target leads nowhere: d@a.test -> c@a.test "
		    "-> none@a.test | add c@a.test first, or use "
		    "--allow-dead" },
		{ "alias c@a.test u@a.test", "1" },
		{ "alias d@a.test c@a.test", "1" },
		{ "alias c@a.test o@far.test", "1" },
		{ "alias u@a.test o@far.test", "1" },
		{ "renuser u@a.test w@a.test", "1" },
		{ "alias e@a.test f@a.test +dead", "1\ndead_end: f@a.test *" },
		{ "alias g@a.test e@a.test +dead", "1\ndead_end: f@a.test *" },
		{ "alias h@a.test g@a.test",
		    "dead_end: a target leads nowhere: h@a.test -> g@a.test "
		    "-> ... -> f@a.test | *" },
		/* What was missing comes. */
		{ "user f@a.test", "1" },
		{ "alias h@a.test g@a.test", "1" },
		/* A catch-all leads everything somewhere. */
		{ "alias @a.test w@a.test", "1" },
		{ "alias i@a.test any@x.test", "1" },
		/* Off today may be on tomorrow. */
		{ "disable f@a.test", "1\nalias_dead: alias e@a.test has no "
		    "live target now: its mail is refused" },
		{ "alias j@a.test f@a.test", "1" },
	};

	LIB_STEPS(steps);
}

/* Postfix follows 1000 destinations, counted over all that lead on. */
static void
test_expansion(void)
{
	struct maildb *db = lib_open();
	char line[100];

	LIB_STEP(db, "domain a.test", "1");
	LIB_STEP(db, "begin", "0");
	LIB_STEP(db, "defer", "0");
	for (int i = 1; i <= 999; i++) {
		snprintf(line, sizeof(line), "alias big@a.test n%d@far.test",
		    i);
		LIB_STEP(db, line, "1");
	}
	LIB_STEP(db, "commit", "0");
	LIB_STEP(db, "alias all@a.test big@a.test", "1");
	LIB_STEP(db, "alias all@a.test more@far.test", "1");
	LIB_STEP(db, "alias all@a.test again@far.test",
	    "too_many_targets: all@a.test would expand to more than 1000 "
	    "destinations, the limit of Postfix | use a mailing list instead");
	/* What leads to the row that changes counts as well. */
	LIB_STEP(db, "alias big@a.test n1000@far.test",
	    "too_many_targets: all@a.test would expand to more *");
	LIB_STEP(db, "rmalias all@a.test more@far.test", "1");
	LIB_STEP(db, "alias big@a.test n1000@far.test", "1");
	LIB_STEP(db, "alias big@a.test n1001@far.test",
	    "too_many_targets: big@a.test would expand to more *");
	LIB_STEP(db, "setting expansion_limit 1001", "1");
	LIB_STEP(db, "alias big@a.test n1001@far.test", "1");
	lib_close(db);
}

/* A chain of addresses as long as Postfix follows, built from its end. */
static void
test_chain(void)
{
	struct maildb *db = lib_open();
	char line[100];

	LIB_STEP(db, "domain a.test", "1");
	LIB_STEP(db, "setting recursion_limit 200", "1");
	LIB_STEP(db, "begin", "0");
	LIB_STEP(db, "user c0@a.test", "1");
	for (int i = 1; i < 199; i++) {
		snprintf(line, sizeof(line), "alias c%d@a.test c%d@a.test", i,
		    i - 1);
		LIB_STEP(db, line, "1");
	}
	LIB_STEP(db, "alias c199@a.test c198@a.test",
	    "too_many_targets: c199@a.test would lead on 199 times; Postfix "
	    "follows 200");
	/* Longer at its end is as bad. */
	LIB_STEP(db, "alias c0@a.test o@far.test",
	    "too_many_targets: c198@a.test would lead on 199 times; *");
	/* Nor does a circle of that length go unseen. */
	LIB_STEP(db, "alias c0@a.test c198@a.test",
	    "loop: mail would go round in a circle: c0@a.test -> ... -> *"
	    " -> c1@a.test -> c0@a.test");
	LIB_STEP(db, "commit", "0");
	lib_close(db);
}

/* Each address leads on twice: 2^40 ways, which no counter must fall for. */
static void
test_doubling(void)
{
	struct maildb *db = lib_open();
	struct maildb_cursor *cursor;
	int rows = 0;

	LIB_STEP(db, "domain a.test", "1");
	LIB_STEP(db, "domain x.test class=alias target=a.test", "1");
	LIB_STEP(db, "user c0@a.test", "1");
	lib_sql(db, "INSERT INTO address (domain, localpart) WITH RECURSIVE "
	    "n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 40) "
	    "SELECT 'a.test', 'c' || i FROM n;"
	    "INSERT INTO target (address_id, dest) SELECT id, 'c' || "
	    "(CAST(substr(localpart, 2) AS INTEGER) - 1) || '@' || d "
	    "FROM address CROSS JOIN (SELECT 'a.test' AS d UNION ALL "
	    "SELECT 'x.test') x WHERE localpart <> 'c0'");
	LIB_STEP(db, "alias all@a.test c9@a.test", "1");
	LIB_STEP(db, "alias all@a.test c40@a.test",
	    "too_many_targets: c10@a.test would expand to more *");
	CU_ASSERT_EQUAL_FATAL(maildb_check(db, &cursor), 0);
	while (maildb_cursor_next(cursor) > 0)
		rows++;
	maildb_cursor_free(cursor);
	CU_ASSERT(rows > 30);
	lib_close(db);
}

static void
test_remove(void)
{
	static const struct lib_step steps[] = {
		{ "domain a.test", "1" },
		{ "user u@a.test", "1" },
		{ "user v@a.test", "1" },
		{ "alias b@a.test u@a.test", "1" },
		{ "alias b@a.test v@a.test", "1" },
		{ "alias c@a.test b@a.test", "1" },
		{ "rmalias none@a.test", "0" },
		{ "rmalias b@none.test", "0" },
		{ "rmalias b@a.test none@a.test", "0" },
		{ "rmalias u@a.test", "0" },
		{ "rmalias bad", "bad_address source=bad: *" },
		{ "rmalias b@a.test U@A.test", "1" },
		{ "journal?", "rm target b@a.test" },
		{ "rmalias b@a.test v@a.test",
		    "1\nalias_removed: alias c@a.test is removed as well: it "
		    "led only to b@a.test" },
		{ "aliases", "" },
		{ "journal?", "rm address b@a.test, rm address c@a.test, "
		    "rm target c@a.test, rm target b@a.test" },
		/* A user stays when the forwards go. */
		{ "alias u@a.test o@far.test", "1" },
		{ "alias u@a.test u@a.test", "1" },
		{ "rmalias u@a.test", "1" },
		{ "users", "u@a.test v@a.test" },
		{ "alias d@a.test u@a.test", "1" },
		{ "rmuser u@a.test +keep",
		    "1\ndead_end: u@a.test does not exist" },
		{ "aliases", "d@a.test>u@a.test" },
		{ "rmalias d@a.test", "1" },

		/* By id. */
		{ "alias e@a.test v@a.test", "1" },
		{ "alias e@a.test o@far.test", "1" },
		{ "rmid 999", "0" },
		{ "rmid 0", "0" },
		{ "rmid -5", "0" },

		/* Of postmaster and abuse one target may go, not the last. */
		{ "alias postmaster@a.test v@a.test", "1" },
		{ "alias postmaster@a.test o@far.test", "1" },
		{ "rmalias postmaster@a.test",
		    "protected: this would remove postmaster@a.test, which RFC "
		    "5321 and RFC 2142 ask for | give it another destination "
		    "first, or use --force" },
		{ "rmalias postmaster@a.test v@a.test", "1" },
		{ "rmalias postmaster@a.test o@far.test", "protected: *" },
		{ "alias? postmaster@a.test destination", "o@far.test" },
		{ "alias abuse@* v@a.test", "1" },
		{ "rmalias abuse@* v@a.test", "protected: *" },
		{ "rmuser v@a.test", "protected: *abuse@\\**" },
		{ "rmuser v@a.test +force", "1\n*" },
		{ "rmalias postmaster@a.test +force", "1" },
		{ "aliases", "e@a.test>o@far.test" },
	};

	LIB_STEPS(steps);
}

static void
test_remove_id(void)
{
	struct maildb *db = lib_open();
	struct maildb_cursor *cursor;
	int64_t id[3];

	LIB_STEP(db, "domain a.test", "1");
	LIB_STEP(db, "alias b@a.test o@far.test", "1");
	LIB_STEP(db, "alias b@a.test p@far.test", "1");
	LIB_STEP(db, "alias abuse@a.test p@far.test", "1");
	CU_ASSERT_EQUAL_FATAL(maildb_alias_list(db, NULL, &cursor), 0);
	for (int i = 0; i < 3; i++) {
		CU_ASSERT_EQUAL_FATAL(maildb_cursor_next(cursor), 1);
		id[i] = maildb_cursor_int(cursor,
		    (size_t)maildb_cursor_find(cursor, "id"));
	}
	maildb_cursor_free(cursor);
	/* By source and destination: abuse, then b's two. */
	CU_ASSERT_EQUAL(maildb_alias_remove_id(db, id[0], 0),
	    MAILDB_EPROTECTED);
	CU_ASSERT_EQUAL(maildb_alias_remove_id(db, id[1], 0), 1);
	CU_ASSERT_EQUAL(maildb_alias_remove_id(db, id[1], 0), 0);
	LIB_STEP(db, "aliases",
	    "abuse@a.test>p@far.test b@a.test>p@far.test");
	CU_ASSERT_EQUAL(maildb_alias_remove_id(db, id[2], 0), 1);
	CU_ASSERT_EQUAL(maildb_alias_remove_id(db, id[0], MAILDB_FORCE), 1);
	LIB_STEP(db, "aliases", "");
	lib_close(db);
}

static void
test_set(void)
{
	static const struct lib_step steps[] = {
		{ "domain a.test", "1" },
		{ "user u@a.test", "1" },
		{ "setalias b@a.test enabled=no", "no_such_alias *" },
		{ "setalias u@a.test enabled=no", "no_such_alias *" },
		{ "alias b@a.test u@a.test", "1" },
		{ "alias c@a.test b@a.test", "1" },
		{ "setalias b@a.test enabled=yes", "0" },
		{ "setalias b@a.test", "0" },
		{ "setalias b@a.test enabled=no internal=yes",
		    "1\nalias_dead: alias c@a.test has no live target now: "
		    "its mail is refused" },
		{ "journal?", "set address b@a.test" },
		{ "alias? b@a.test enabled internal", "0>1" },
		{ "setalias b@a.test enabled=no internal=yes", "0" },
		{ "setalias b@a.test enabled=default internal", "1" },
		{ "setalias b@a.test valid_from=@100 valid_until=@99",
		    "bad_value valid_until: valid_until lies before "
		    "valid_from" },
		{ "setalias b@a.test valid_from=2030-01-01 "
		    "valid_until=2030-01-01", "1*" },
		{ "alias? b@a.test valid_from valid_until",
		    "1893456000>1893542399" },
		{ "setalias b@a.test valid_from=default", "1" },
		{ "alias? b@a.test valid_from", "-" },
		{ "setalias b@a.test quota=1M", "no_such_field quota: *" },
		{ "alias @a.test u@a.test", "1" },
		{ "setalias @a.test internal=yes",
		    "bad_value*: a catch-all cannot be internal" },
		{ "setalias @a.test enabled=no", "1" },
		/* A user's forward is set through either. */
		{ "alias u@a.test o@far.test", "1" },
		{ "setalias u@a.test note=away", "1" },
		{ "user? u@a.test note", "away" },
	};

	LIB_STEPS(steps);
}

/* Checks put off to the commit: order does not matter, the result does. */
static void
test_deferred(void)
{
	static const struct lib_step steps[] = {
		{ "defer", "misuse: no transaction is open" },
		{ "begin", "0" },
		{ "defer", "0" },
		{ "domain a.test", "1" },
		{ "alias b@a.test c@a.test", "1" },
		{ "alias u@a.test u@a.test", "1" },
		{ "alias c@a.test b@a.test", "1" },
		{ "alias c@a.test d@a.test", "1" },
		{ "rmalias c@a.test b@a.test", "1" },
		{ "user u@a.test", "1\nuser_forwards: *" },
		{ "user d@a.test", "1" },
		{ "commit", "0" },
		{ "aliases", "b@a.test>c@a.test c@a.test>d@a.test "
		    "u@a.test>u@a.test" },

		/* Off again afterwards. */
		{ "alias x@a.test none@a.test", "dead_end: *" },
		{ "begin", "0" },
		{ "alias x@a.test none@a.test", "dead_end: *" },
		{ "defer", "0" },
		{ "alias x@a.test none@a.test", "1" },
		{ "rollback", "0" },
		{ "begin", "0" },
		{ "alias x@a.test none@a.test", "dead_end: *" },
		{ "commit", "0" },

		/* What is wrong at the end takes everything with it. */
		{ "begin", "0" },
		{ "defer", "0" },
		{ "user good@a.test", "1" },
		{ "alias x@a.test none@a.test", "1" },
		{ "commit", "dead_end: *: x@a.test -> none@a.test" },
		{ "commit", "misuse: no transaction is open" },
		{ "user? good@a.test name", "no_such_user *" },
		{ "begin", "0" },
		{ "defer", "0" },
		{ "alias d@a.test b@a.test", "1" },
		{ "commit", "loop: *" },

		/* A notice will do, at the end as well. */
		{ "begin", "0" },
		{ "defer", "0" },
		{ "alias x@a.test y@a.test +dead", "1" },
		{ "alias x@a.test z@a.test +dead", "1" },
		{ "user y@a.test", "1" },
		{ "commit", "0\ndead_end: z@a.test does not exist" },
		/* But not for a circle. */
		{ "begin", "0" },
		{ "defer", "0" },
		{ "alias d@a.test b@a.test +dead", "1" },
		{ "commit", "loop: *" },

		/* What an inner level took back is not asked about. */
		{ "begin", "0" },
		{ "defer", "0" },
		{ "begin", "0" },
		{ "alias new@a.test none@a.test", "1" },
		{ "alias d@a.test b@a.test", "1" },
		{ "rollback", "0" },
		{ "alias d@a.test o@far.test", "1" },
		{ "commit", "0" },
	};

	LIB_STEPS(steps);
}

/* Each of two administrators adds half of a circle. */
static void
test_two_halves(void)
{
	struct maildb *db = lib_open(), *other = maildb_new();

	CU_ASSERT_EQUAL_FATAL(maildb_open(other, lib_url(), 0), 0);
	LIB_STEP(db, "domain a.test", "1");
	LIB_STEP(db, "user u@a.test", "1");
	LIB_STEP(db, "alias b@a.test u@a.test", "1");
	LIB_STEP(db, "alias c@a.test u@a.test", "1");
	maildb_set_timeout(other, 0);
	LIB_STEP(db, "begin", "0");
	LIB_STEP(db, "alias b@a.test c@a.test", "1");
	LIB_STEP(other, "alias c@a.test b@a.test", "db_locked: *");
	LIB_STEP(db, "commit", "0");
	LIB_STEP(other, "alias c@a.test b@a.test", "loop: *");
	maildb_free(other);
	lib_close(db);
}

CU_TestInfo lib_alias[] = {
	{ "add", test_add },
	{ "loops", test_loops },
	{ "uncovered loops", test_uncovered_loops },
	{ "dead ends", test_dead_ends },
	{ "expansion", test_expansion },
	{ "chain", test_chain },
	{ "doubling", test_doubling },
	{ "remove", test_remove },
	{ "remove by id", test_remove_id },
	{ "set", test_set },
	{ "deferred", test_deferred },
	{ "two halves", test_two_halves },
	CU_TEST_INFO_NULL,
};
