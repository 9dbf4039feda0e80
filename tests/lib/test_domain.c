/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * test_domain.c - domains: their classes, limits, names, and what goes with them
 */
#include "steps.h"

#define BUECHER "b\xc3\xbc" "cher.test"
#define SIXTY_FOUR \
	"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
#define LABEL "bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb."
#define STRASSE "stra\xc3\x9f" "e.test"

static void
test_add(void)
{
	static const struct lib_step steps[] = {
		{ "domain Example.ORG note=first", "1" },
		{ "journal?", "add domain example.org" },
		{ "domain? example.org class", "mailbox" },
		{ "domain? EXAMPLE.org note", "first" },
		{ "domain? example.org enabled", "1" },
		{ "domain? example.org quota", "-" },
		{ "domain? example.org target", "-" },
		{ "domain? example.org uname", "example.org" },

		/* Again: fields wait for an update. */
		{ "domain example.org", "0" },
		{ "domain example.org class=mailbox note=second", "0" },
		{ "domain? example.org note", "first" },
		{ "domain example.org note=second +update", "1" },
		{ "domain example.org note=second +update", "0" },
		{ "domain? example.org note", "second" },
		{ "domain example.org class=relay",
		    "exists class=relay: domain example.org exists with class "
		    "\"mailbox\", not \"relay\"" },
		{ "domain example.org class=relay +update",
		    "bad_value class=relay: class is fixed when the object "
		    "is added" },

		{ "domain no_domain",
		    "bad_address domain=no_domain: \"no_domain\" is no "
		    "domain: *" },
		{ "domain *", "bad_address domain=\\*: *" },
		{ "domain a.test colour=red",
		    "no_such_field colour: there is no field \"colour\" | "
		    "there are: class, target, enabled, *" },
		{ "domain a.test class=mailbag",
		    "bad_value class=mailbag: class \"mailbag\": it is none "
		    "of the words that are possible | possible are: "
		    "mailbox|alias|relay" },
		{ "domain a.test class=wildcard", "bad_value class=*" },
		{ "domain a.test enabled=maybe", "bad_value enabled=maybe: *" },
		{ "domains", "example.org" },
	};

	LIB_STEPS(steps);
}

static void
test_classes(void)
{
	static const struct lib_step steps[] = {
		{ "domain a.test", "1" },
		{ "domain r.test class=relay", "1" },
		{ "domain x.test class=alias target=A.TEST", "1" },
		{ "domain? x.test target", "a.test" },
		{ "domain x.test class=alias target=a.test", "0" },
		{ "domain x.test class=alias target=A.test +update", "0" },
		{ "domain x.test target=r.test", "exists target=r.test: *" },
		{ "domain x.test target=none.test", "exists target=none.test: *" },

		{ "domain y.test class=alias",
		    "bad_value target: an alias domain needs the domain it "
		    "stands for" },
		{ "domain y.test target=a.test",
		    "bad_value target: only an alias domain stands for "
		    "another" },
		{ "domain y.test class=alias target=none.test",
		    "no_such_domain domain=none.test: domain none.test does "
		    "not exist | *" },
		{ "domain y.test class=alias target=none",
		    "bad_address target=none: *" },
		{ "domain y.test class=alias target=y.test",
		    "no_such_domain domain=y.test: *" },
		{ "domain y.test class=alias target=x.test",
		    "bad_value target=x.test: x.test is no mailbox domain, *" },
		{ "domain y.test class=alias target=r.test",
		    "bad_value target=r.test: *" },
		{ "domain y.test any_recipient=yes",
		    "bad_value any_recipient: *" },
		{ "setdomain a.test any_recipient=yes",
		    "bad_value any_recipient: *" },
		{ "setdomain r.test any_recipient=yes", "1" },
		{ "setdomain r.test primary=yes", "bad_value primary: *" },
		{ "setdomain x.test class=mailbox",
		    "bad_value class=mailbox: *" },
		{ "setdomain x.test target=r.test",
		    "bad_value target=r.test: *" },

		/* One primary at most. */
		{ "setdomain a.test primary=yes", "1" },
		{ "setdomain a.test primary=yes", "0" },
		{ "domain b.test primary=yes", "1" },
		{ "domain? a.test primary", "0" },
		{ "setdomain a.test primary=yes", "1" },
		{ "journal?", "set domain a.test, set domain b.test" },
		{ "domain? b.test primary", "0" },
		{ "setdomain a.test note=x", "1" },
		{ "journal?", "set domain a.test" },

		{ "domains", "a.test b.test r.test x.test" },
		{ "domains mailbox", "a.test b.test" },
		{ "domains alias", "x.test" },
		{ "domains relay", "r.test" },
		{ "domains none", "" },
	};

	LIB_STEPS(steps);
}

static void
test_spellings(void)
{
	static const struct lib_step steps[] = {
		{ "domain " BUECHER, "1" },
		{ "domain XN--BCHER-KVA.test", "0" },
		{ "domain? " BUECHER " name", "xn--bcher-kva.test" },
		{ "domain? xn--bcher-kva.test uname", BUECHER },
		{ "user b@" BUECHER, "1" },
		{ "users xn--bcher-kva.test", "b@xn--bcher-kva.test" },
		{ "users " BUECHER, "b@xn--bcher-kva.test" },
		{ "alias a@" BUECHER " b@" BUECHER, "1" },
		{ "aliases " BUECHER,
		    "a@xn--bcher-kva.test>b@xn--bcher-kva.test" },
		{ "domain x.test class=alias target=" BUECHER, "1" },
		{ "domain x.test class=alias target=" BUECHER, "0" },
		{ "domain x.test class=alias target=" BUECHER " +update", "0" },
		{ "setdomain x.test target=" BUECHER, "0" },
		{ "domain? x.test target", "xn--bcher-kva.test" },
		{ "rendomain " BUECHER " XN--BCHER-KVA.TEST", "0" },
		{ "rendomain " BUECHER " " STRASSE, "1" },
		{ "domain? " STRASSE " uname", STRASSE },
		{ "domain? " BUECHER " name", "no_such_domain domain=*" },
		{ "aliases", "a@xn--strae-oqa.test>b@xn--strae-oqa.test" },
		{ "domain? x.test target", "xn--strae-oqa.test" },
		{ "rendomain " STRASSE " plain.test", "1" },
		{ "domain? plain.test uname", "plain.test" },
		{ "rmdomain " STRASSE, "0" },
	};

	LIB_STEPS(steps);
}

static void
test_set(void)
{
	static const struct lib_step steps[] = {
		{ "setdomain none.test enabled=no",
		    "no_such_domain domain=none.test: domain none.test does "
		    "not exist | add it with: mailcfg adddom none.test" },
		{ "domain example.org", "1" },
		{ "setdomain exmple.org enabled=no",
		    "no_such_domain domain=exmple.org: * | did you mean "
		    "example.org?" },
		{ "setdomain example.org", "0" },
		{ "setdomain example.org enabled=no dkim=off", "1" },
		{ "journal?", "set domain example.org" },
		{ "domain? example.org enabled", "0" },
		{ "setdomain example.org enabled=no dkim=off", "0" },
		{ "setdomain example.org enabled=default dkim", "1" },
		{ "domain? example.org dkim", "1" },
		{ "setdomain example.org quota=4G", "1" },
		{ "domain? example.org quota", "4294967296" },
		{ "setdomain example.org quota=4096M", "0" },
		{ "setdomain example.org quota=unlimited", "1" },
		{ "domain? example.org quota", "0" },
		{ "setdomain example.org quota=0",
		    "bad_value quota=0: quota \"0\": 0 is ambiguous: say "
		    "unlimited or default" },
		{ "setdomain example.org quota=lots", "bad_value quota=lots: *" },
		{ "setdomain example.org quota=default", "1" },
		{ "domain? example.org quota", "-" },
		{ "setdomain example.org max-users=-1",
		    "bad_value max_users=-1: *" },
		{ "setdomain example.org max-users=3 max_users=4", "1" },
		{ "domain? example.org max_users", "4" },
		{ "setdomain example.org note=default", "0" },
		{ "setdomain example.org note=", "bad_value note=: *" },
		/* All or nothing. */
		{ "setdomain example.org note=x quota=lots",
		    "bad_value quota=lots: *" },
		{ "domain? example.org note", "-" },
	};

	LIB_STEPS(steps);
}

static void
test_limits(void)
{
	static const struct lib_step steps[] = {
		{ "domain a.test max_users=2 max_aliases=1", "1" },
		{ "user b@a.test", "1" },
		{ "alias i@a.test b@a.test", "1" },
		{ "alias i@a.test x@far.test", "1" },
		{ "alias j@a.test b@a.test",
		    "limit: domain a.test has 1 aliases, its limit | raise it "
		    "with: mailcfg setdom a.test --max-aliases N" },
		{ "alias @a.test b@a.test", "limit: *" },
		{ "alias b@a.test x@far.test", "1" },
		{ "user c@a.test", "1" },
		{ "user d@a.test", "limit: domain a.test has 2 users, *" },
		{ "user b@a.test", "0" },
		{ "user i@a.test", "limit: *" },
		{ "domain b.test", "1" },
		{ "user e@b.test", "1" },
		{ "renuser e@b.test e@a.test", "limit: *" },
		{ "renuser c@a.test f@a.test", "1" },
		{ "setdomain a.test max_users=unlimited", "1" },
		{ "user d@a.test", "1" },
		{ "setdomain a.test max_users=1", "limit: domain a.test would "
		    "have 3 users, more than its limit *" },
		{ "setdomain a.test max_users=3", "1" },
		{ "users a.test", "b@a.test d@a.test f@a.test" },

		/* The sum of the quotas. */
		{ "domain q.test max_quota=10M quota=4M", "1" },
		{ "user a@q.test", "1" },
		{ "user b@q.test quota=6M", "1" },
		{ "user c@q.test quota=1B",
		    "limit: the quotas of domain q.test would add up to *, "
		    "more than its limit of 10M | give a smaller quota, or "
		    "raise the limit with: mailcfg setdom q.test "
		    "--max-quota SIZE" },
		{ "user c@q.test quota=unlimited", "limit: * no end, *" },
		{ "setuser b@q.test quota=7M", "limit: *" },
		{ "user? b@q.test quota", "6291456" },
		{ "setuser b@q.test quota=default", "1" },
		{ "setdomain q.test quota=5M", "1" },
		{ "setdomain q.test quota=6M", "limit: *" },
		{ "setdomain q.test quota=default", "limit: * no end, *" },
		{ "setdomain q.test max_quota=9M", "limit: *" },
		{ "setdomain q.test max_quota=unlimited", "1" },
		{ "setdomain q.test quota=unlimited", "1" },
		{ "quotas q.test", "0>domain 0>domain" },
	};

	LIB_STEPS(steps);
}

static void
test_remove(void)
{
	static const struct lib_step steps[] = {
		{ "domain a.test", "1" },
		{ "rmdomain none.test", "0" },
		{ "rmdomain A.test", "1" },
		{ "journal?", "rm domain a.test" },
		{ "rmdomain a.test", "0" },

		{ "new", NULL },
		{ "domain a.test", "1" },
		{ "domain b.test", "1" },
		{ "user u@a.test", "1" },
		{ "rmdomain a.test",
		    "in_use: domain a.test has 1 user | --recursive removes "
		    "them as well" },
		{ "user v@a.test", "1" },
		{ "rmdomain a.test", "in_use: domain a.test has 2 users | *" },
		{ "rmuser v@a.test", "1" },
		{ "domain x.test class=alias target=a.test", "1" },
		{ "rmdomain a.test", "in_use: domain a.test has 1 user | *" },
		{ "alias only@b.test u@a.test", "1" },
		{ "alias more@b.test u@a.test", "1" },
		{ "alias more@b.test x@far.test", "1" },
		{ "alias through@b.test only@b.test", "1" },
		{ "alias inside@a.test u@a.test", "1" },
		{ "alias @a.test u@a.test", "1" },
		{ "alias own@x.test u@a.test", "1" },
		{ "rmdomain a.test +recursive",
		    "1\n"
		    "domain_removed: alias domain x.test is removed as well\n"
		    "alias_removed: alias only@b.test is removed as well: it "
		    "led only to u@a.test\n"
		    "alias_removed: alias through@b.test is removed as well: "
		    "it led only to only@b.test\n"
		    "target_removed: more@b.test no longer leads to u@a.test" },
		{ "domains", "b.test" },
		{ "aliases", "more@b.test>x@far.test" },
		{ "users", "" },

		/* Without users it is enough that nothing stands for it. */
		{ "new", NULL },
		{ "domain a.test", "1" },
		{ "domain x.test class=alias target=a.test", "1" },
		{ "rmdomain a.test",
		    "in_use: alias domain x.test stands for domain a.test | "
		    "remove it first, or use --recursive" },
		{ "rmdomain x.test", "1" },
		{ "alias i@a.test o@far.test", "1" },
		{ "rmdomain a.test", "1" },

		/* The protected of the domain itself go with it ... */
		{ "new", NULL },
		{ "domain a.test", "1" },
		{ "user u@a.test", "1" },
		{ "alias postmaster@a.test u@a.test", "1" },
		{ "domain b.test", "1" },
		{ "user other@b.test", "1" },
		{ "alias i@b.test u@a.test", "1" },
		{ "alias i@b.test other@b.test", "1" },
		{ "rmdomain a.test +recursive",
		    "1\ntarget_removed: i@b.test no longer leads to u@a.test" },
		/* ... but not those elsewhere. */
		{ "domain a.test", "1" },
		{ "user u@a.test", "1" },
		{ "alias abuse@b.test u@a.test", "1" },
		{ "rmdomain a.test +recursive",
		    "protected: this would remove abuse@b.test, which RFC 5321 "
		    "and RFC 2142 ask for | *" },
		{ "users", "u@a.test other@b.test" },
		{ "rmdomain a.test +recursive +force",
		    "1\nalias_removed: alias abuse@b.test *" },

		/* A circle that is there only half-way is none. */
		{ "new", NULL },
		{ "domain a.test", "1" },
		{ "alias b@a.test a@x.test", "1" },
		{ "domain x.test class=alias target=a.test",
		    "1\ndead_end: *" },
		{ "alias a@x.test v@far.test", "1" },
		{ "alias @a.test b@x.test", "1" },
		{ "rmdomain x.test +recursive",
		    "1\nalias_removed: alias b@a.test *" },
		{ "aliases", "@a.test>b@x.test" },

		{ "new", NULL },
		{ "domain r.test class=relay", "1" },
		{ "recipient a@r.test", "1" },
		{ "rmdomain r.test",
		    "in_use: domain r.test has 1 recipient | *" },
		{ "rmdomain r.test +recursive", "1" },
		{ "recipients", "" },
	};

	LIB_STEPS(steps);
}

static void
test_rename(void)
{
	static const struct lib_step steps[] = {
		{ "domain old.test", "1" },
		{ "domain x.test class=alias target=old.test", "1" },
		{ "domain b.test", "1" },
		{ "user u@old.test", "1" },
		{ "alias i@old.test u@old.test", "1" },
		{ "alias j@b.test u@old.test", "1" },
		{ "alias j@b.test gone@old.test +dead",
		    "1\ndead_end: gone@old.test does not exist" },
		{ "alias j@b.test u+ext@old.test", "1" },
		{ "alias j@b.test u@cold.test", "1" },
		{ "rendomain old.test b.test",
		    "exists*: domain b.test exists already" },
		{ "rendomain none.test c.test", "no_such_domain domain=*" },
		{ "rendomain old.test new", "bad_address new=new: *" },
		{ "rendomain old.test OLD.test", "0" },
		{ "rendomain old.test new.test", "1\n"
		    "dead_end: gone@new.test does not exist" },
		{ "domains", "b.test new.test x.test" },
		{ "domain? x.test target", "new.test" },
		{ "aliases", "j@b.test>gone@new.test j@b.test>u+ext@new.test "
		    "j@b.test>u@cold.test j@b.test>u@new.test "
		    "i@new.test>u@new.test" },
		{ "domain? old.test name", "no_such_domain *" },
		{ "rendomain old.test new.test", "no_such_domain *" },

		/* Nobody must become longer than an address can be. */
		{ "user " SIXTY_FOUR "@new.test", "1" },
		{ "rendomain new.test " LABEL LABEL LABEL "longtest",
		    "bad_address new=*: in domain * an address would be longer "
		    "than 254 octets" },
		{ "rmuser " SIXTY_FOUR "@new.test", "1" },
		{ "rendomain new.test " LABEL LABEL LABEL "longtest", "1*" },

		/* The new name may have been somebody else's until now. */
		{ "new", NULL },
		{ "domain old.test", "1" },
		{ "alias a@old.test b@new.test", "1" },
		{ "alias b@old.test a@old.test", "1" },
		{ "rendomain old.test new.test",
		    "loop: mail would go round in a circle: b@new.test -> "
		    "a@new.test -> b@new.test" },
		{ "aliases",
		    "a@old.test>b@new.test b@old.test>a@old.test" },

		/* Two spellings of one destination become one. */
		{ "new", NULL },
		{ "domain old.test", "1" },
		{ "domain b.test", "1" },
		{ "user u@old.test", "1" },
		{ "alias i@b.test u@old.test", "1" },
		{ "alias i@b.test u@new.test", "1" },
		{ "alias k@b.test x@old.test +dead", "1\n*" },
		{ "alias k@b.test x@new.test", "1" },
		{ "rendomain old.test new.test", "1*" },
		{ "aliases", "i@b.test>u@new.test k@b.test>x@new.test" },
	};

	LIB_STEPS(steps);
}

/* A domain becomes ours: what led out through it leads in now. */
static void
test_becomes_ours(void)
{
	static const struct lib_step steps[] = {
		{ "domain a.test", "1" },
		{ "alias i@a.test x@b.test", "1" },
		{ "domain b.test", "1\ndead_end: x@b.test does not exist" },
		{ "alias x@b.test i@a.test",
		    "loop: mail would go round in a circle: x@b.test -> "
		    "i@a.test -> x@b.test" },
		{ "alias x@b.test o@far.test", "1" },

		/* An alias domain closes a circle all at once. */
		{ "new", NULL },
		{ "domain a.test", "1" },
		{ "alias i@a.test i@b.test", "1" },
		{ "domain b.test class=alias target=a.test",
		    "loop: mail would go round in a circle: i@a.test -> "
		    "i@a.test" },
		{ "domains", "a.test" },

		/* Wildcards reach into the new domain. */
		{ "new", NULL },
		{ "alias root@* root@b.test", "1" },
		{ "domain b.test", "loop: *" },

		/* With checks put off, what comes after may mend it. */
		{ "new", NULL },
		{ "domain a.test", "1" },
		{ "alias i@a.test i@b.test", "1" },
		{ "alias j@a.test x@c.test", "1" },
		{ "begin", "0" },
		{ "defer", "0" },
		{ "domain b.test class=alias target=a.test", "1" },
		{ "domain c.test", "1" },
		{ "rmalias i@a.test", "1" },
		{ "user i@a.test", "1" },
		{ "user x@c.test", "1" },
		{ "commit", "0" },
	};

	LIB_STEPS(steps);
}

CU_TestInfo lib_domain[] = {
	{ "add", test_add },
	{ "classes", test_classes },
	{ "spellings", test_spellings },
	{ "set", test_set },
	{ "limits", test_limits },
	{ "remove", test_remove },
	{ "rename", test_rename },
	{ "a domain becomes ours", test_becomes_ours },
	CU_TEST_INFO_NULL,
};
