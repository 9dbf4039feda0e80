/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * test_user.c - users, their passwords, homes and quotas; listed recipients
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "state/state.h"
#include "steps.h"

/* crypt(3) of "secret" and of "other". */
#define SECRET "{SHA512-CRYPT}$6$saltsalt$" \
	"TVLlQcbpFVof5W3Yz4DTP6gRstiNuHwwTt6GLc1E5n0" \
	"U0aDehy0S5knV8wiOQSpT0Y77vwPZN.Pq.H91p5hVO1"
#define OTHER "{SHA256-CRYPT}$5$saltsalt$" \
	"kmJUCIm73946uXVnGZjCdBUolDZJ3cOBx5hc3E.xjEC"

#define FAMILY "\xf0\x9f\x91\xa9\xe2\x80\x8d\xf0\x9f\x91\xa6" /* joined */
#define PERSIAN "\xd9\x85\xdb\x8c\xe2\x80\x8c\xd8\xae\xd9\x88\xd8\xa7\xd9\x87\xd9\x85"

static void
test_add(void)
{
	static const struct lib_step steps[] = {
		{ "user b@a.test",
		    "no_such_domain domain=a.test: domain a.test does not "
		    "exist | *" },
		{ "user b@a.test +create", "1" },
		{ "domains", "a.test" },
		{ "journal?", "add user b@a.test, add address b@a.test, "
		    "add domain a.test" },
		{ "user B@A.Test quota=1G", "0" },
		{ "user? b@a.test quota", "-" },
		{ "user b@a.test quota=1G +update", "1" },
		{ "user b@a.test quota=1G +update", "0" },
		{ "journal?", "set user b@a.test" },
		{ "user b@a.test enabled=no +update", "1" },
		{ "journal?", "set address b@a.test" },
		{ "user b@a.test enabled=yes quota=default +update", "1" },
		{ "journal?", "set user b@a.test, set address b@a.test" },

		{ "user c@a.test receive=no send=no imap=no pop3=no sieve=no "
		    "internal=yes quota=unlimited messages=5 spam_days=7 "
		    "must_change=yes name=Carol note=x home=c", "1" },
		{ "user? c@a.test receive", "0" },
		{ "user? c@a.test sieve", "0" },
		{ "user? c@a.test internal", "1" },
		{ "user? c@a.test quota", "0" },
		{ "user? c@a.test messages", "5" },
		{ "user? c@a.test must_change", "1" },
		{ "user? c@a.test home", "c" },

		{ "user b+x@a.test",
		    "bad_address address=b+x@a.test: \"b+x@a.test\" cannot be "
		    "a mailbox: its local part has characters beyond letters, "
		    "digits and ._-" },
		{ "user @a.test", "bad_address address=@a.test: *" },
		{ "user b@*", "bad_address *: *" },
		{ "user -b@a.test", "bad_address *: *" },
		{ "user d@a.test colour=red", "no_such_field colour: *" },
		{ "user d@a.test quota=0", "bad_value quota=0: *" },
		{ "user d@a.test hash=nonsense", "bad_hash hash: *" },
		{ "user d@a.test hash={CRYPT}$y$short", "bad_hash hash: *" },
		{ "users", "b@a.test c@a.test" },

		/* Only mailbox domains have users. */
		{ "domain x.test class=alias target=a.test", "1" },
		{ "domain r.test class=relay", "1" },
		{ "user d@x.test",
		    "refused: domain x.test is of class alias: it has no users "
		    "| add the user to a.test, which it stands for" },
		{ "user d@r.test",
		    "refused: domain r.test is of class relay: *" },

		/* What was an alias forwards. */
		{ "alias i@a.test b@a.test", "1" },
		{ "setalias i@a.test note=kept", "1" },
		{ "user i@a.test note=new", "1\nuser_forwards: i@a.test is an "
		    "alias already: its mail goes on to the targets" },
		{ "user? i@a.test note", "new" },
		{ "aliases", "i@a.test>b@a.test" },
		{ "rmuser i@a.test", "1" },
		{ "aliases", "" },

		{ "users none.test", "no_such_domain domain=none.test: *" },
		{ "users bad", "bad_address domain=bad: *" },
		{ "user? none@a.test name", "no_such_user address=none@a.test: "
		    "user none@a.test does not exist" },
		{ "user? d@a.test name", "no_such_user *" },
	};

	LIB_STEPS(steps);
}

static void
test_set(void)
{
	static const struct lib_step steps[] = {
		{ "domain a.test", "1" },
		{ "user b@a.test", "1" },
		{ "setuser none@a.test name=x", "no_such_user address=*" },
		{ "user carol@a.test", "1" },
		{ "setuser carl@a.test name=x",
		    "no_such_user *: * | did you mean carol@a.test?" },
		{ "setuser b@a.test", "0" },
		{ "setuser b@a.test name=Bob", "1" },
		{ "setuser b@a.test name=Bob", "0" },
		{ "setuser b@a.test name", "1" },
		{ "user? b@a.test name", "-" },
		{ "setuser b@a.test name=" FAMILY, "1" },
		{ "setuser b@a.test name=" PERSIAN, "1" },
		{ "user? b@a.test name", PERSIAN },
		{ "setuser b@a.test name=\xe2\x80\x8d" "a", "bad_value *" },
		{ "setuser b@a.test name=a\xe2\x80\x8d\xe2\x80\x8d" "b",
		    "bad_value *" },
		{ "setuser b@a.test name=a\xe2\x80", "bad_value *" },
		{ "setuser b@a.test name=a\x1b[2J", "bad_value name=*: *" },
		{ "setuser b@a.test name=a\xe2\x80\xae" "b", "bad_value *" },
		{ "setuser b@a.test name=a\xe2\x80\x8b" "b", "bad_value *" },
		{ "setuser b@a.test name=\xff", "bad_value *" },
		{ "setuser b@a.test quota=1G messages=unlimited", "1" },
		{ "setuser b@a.test messages=0",
		    "bad_value messages=0: messages \"0\": 0 is ambiguous: "
		    "say unlimited or default" },
		{ "setuser b@a.test messages=many", "bad_value messages=*" },
		{ "setuser b@a.test messages=9223372036854775808",
		    "bad_value *" },
		{ "setuser b@a.test quota=8388608T", "bad_value *" },
		{ "setuser b@a.test spam_days=36501",
		    "bad_value spam_days=36501: *" },
		{ "setuser b@a.test home=/srv/x", "1" },
		{ "setuser b@a.test home=../x",
		    "bad_value home=../x: *" },
		{ "setuser b@a.test home=~x", "bad_value home=~x: *" },
		{ "setuser b@a.test home=a\xc3\xa4", "bad_value home=*: *" },
		{ "user? b@a.test home", "/srv/x" },

		/* Windows: both ends count, the end of a day at its end. */
		{ "setuser b@a.test valid_from=2030-01-01 "
		    "valid_until=2029-12-31",
		    "bad_value valid_until: valid_until lies before "
		    "valid_from" },
		{ "setuser b@a.test valid_until=@100 valid_from=@100", "1" },
		{ "user? b@a.test active", "0" },
		{ "setuser b@a.test valid_from=@101", "bad_value *" },
		{ "setuser b@a.test valid_until=+1d", "1" },
		{ "user? b@a.test active", "1" },
		{ "setuser b@a.test valid_from=+1h", "1" },
		{ "user? b@a.test active", "0" },
		{ "setuser b@a.test valid_from valid_until", "1" },
		{ "user? b@a.test valid_until", "-" },
		{ "user? b@a.test active", "1" },

		/* Off, and what leads there is told. */
		{ "alias i@a.test b@a.test", "1" },
		{ "alias j@a.test i@a.test", "1" },
		{ "disable b@a.test", "1\nalias_dead: alias i@a.test has no "
		    "live target now: its mail is refused" },
		{ "disable b@a.test", "0" },
		{ "user? b@a.test enabled", "0" },
		{ "user? b@a.test active", "0" },
		{ "enable B@a.test", "1" },
		{ "enable b@a.test", "0" },
		{ "enable none@a.test", "no_such_user *" },
		{ "disable nonsense", "bad_address address=nonsense: *" },
		{ "setuser b@a.test receive=no", "1\nalias_dead: *" },
		{ "user? b@a.test active", "1" },
		{ "setdomain a.test enabled=no", "1" },
		{ "user? b@a.test active", "0" },
	};

	LIB_STEPS(steps);
}

static void
test_passwords(void)
{
	static const struct lib_step steps[] = {
		{ "domain a.test", "1" },
		{ "user b@a.test hash=" SECRET, "1" },
		{ "password? b@a.test", SECRET },
		{ "user? b@a.test scheme", "sha512" },
		{ "verify b@a.test secret", "1" },
		{ "verify B@A.test secret", "1" },
		{ "verify b@a.test Secret", "0" },
		{ "verify none@a.test secret", "0" },
		{ "verify nonsense secret", "0" },
		{ "user b@a.test hash=" OTHER, "0" },
		{ "password? b@a.test", SECRET },
		{ "user b@a.test hash=" SECRET " +update", "0" },
		{ "user b@a.test +update", "0" },
		{ "user b@a.test hash=" OTHER " +update", "1" },
		{ "verify b@a.test other", "1" },
		{ "passwd b@a.test " OTHER, "0" },
		{ "setuser b@a.test must_change=yes", "1" },
		{ "passwd b@a.test " SECRET, "1" },
		{ "user? b@a.test must_change", "0" },
		{ "journal?", "set user b@a.test" },
		{ "passwd b@a.test nonsense", "bad_hash hash: *" },
		{ "passwd none@a.test " SECRET, "no_such_user *" },
		{ "passwd nonsense " SECRET, "bad_address *" },
		{ "password? none@a.test", "no_such_user *" },

		/* Right, but may not log in now. */
		{ "disable b@a.test", "1" },
		{ "verify b@a.test secret", "0" },
		{ "enable b@a.test", "1" },
		{ "setuser b@a.test valid_until=@100", "1" },
		{ "verify b@a.test secret", "0" },
		{ "setuser b@a.test valid_until=default", "1" },
		{ "setdomain a.test enabled=no", "1" },
		{ "verify b@a.test secret", "0" },
		{ "setdomain a.test enabled=yes", "1" },
		{ "verify b@a.test secret", "1" },

		/* None at all; of a scheme that others check. */
		{ "passwd b@a.test", "1" },
		{ "passwd b@a.test", "0" },
		{ "password? b@a.test", "-" },
		{ "user? b@a.test scheme", "-" },
		{ "verify b@a.test secret", "0" },
		{ "passwd b@a.test {OTHER}text", "1" },
		{ "verify b@a.test secret",
		    "bad_hash: the hash of b@a.test is of a scheme that only "
		    "Dovecot checks | use: doveadm auth test b@a.test" },
		{ "disable b@a.test", "1" },
		{ "verify b@a.test secret", "0" },
	};

	LIB_STEPS(steps);
}

/* No octet of a hash beyond its scheme gets into the journal. */
static void
test_journal_has_no_hash(void)
{
	struct maildb *db = lib_open();
	struct maildb_cursor *cursor;
	const char *text;
	int rows = 0;

	LIB_STEP(db, "domain a.test", "1");
	LIB_STEP(db, "user b@a.test hash=" SECRET, "1");
	LIB_STEP(db, "passwd b@a.test " OTHER, "1");
	LIB_STEP(db, "passwd b@a.test", "1");
	LIB_STEP(db, "passwd b@a.test " SECRET, "1");
	LIB_STEP(db, "setuser b@a.test name=B", "1");
	LIB_STEP(db, "renuser b@a.test c@a.test", "1");
	LIB_STEP(db, "rmuser c@a.test", "1");
	CU_ASSERT_EQUAL_FATAL(maildb_journal_list(db, NULL, &cursor), 0);
	for (; maildb_cursor_next(cursor) > 0; rows++)
		for (size_t i = 0; i < maildb_cursor_width(cursor); i++) {
			text = maildb_cursor_text(cursor, i);
			CU_ASSERT(text == NULL || strchr(text, '$') == NULL);
		}
	maildb_cursor_free(cursor);
	CU_ASSERT(rows >= 10);
	lib_close(db);
}

static void
test_exists(void)
{
	struct maildb *db = lib_open();

	LIB_STEP(db, "domain a.test", "1");
	LIB_STEP(db, "user u@a.test", "1");
	LIB_STEP(db, "alias i@a.test u@a.test", "1");
	CU_ASSERT_EQUAL(maildb_user_exists(db, "U@A.test"), 1);
	CU_ASSERT_EQUAL(maildb_user_exists(db, "i@a.test"), 0);
	CU_ASSERT_EQUAL(maildb_user_exists(db, "u@b.test"), 0);
	CU_ASSERT_EQUAL(maildb_user_exists(db, "u"), MAILDB_EADDRESS);
	lib_close(db);
}

static void
test_remove(void)
{
	static const struct lib_step steps[] = {
		{ "domain a.test", "1" },
		{ "user b@a.test hash=" SECRET, "1" },
		{ "rmuser none@a.test", "0" },
		{ "rmuser b@none.test", "0" },
		{ "rmuser nonsense", "bad_address *" },
		{ "alias b@a.test o@far.test", "1" },
		{ "rmuser B@a.test", "1" },
		{ "journal?", "rm address b@a.test, rm user b@a.test, "
		    "rm target b@a.test" },
		{ "rmuser b@a.test", "0" },
		/* An alias is no user. */
		{ "alias i@a.test o@far.test", "1" },
		{ "rmuser i@a.test", "0" },
		{ "aliases", "i@a.test>o@far.test" },

		{ "user b@a.test", "1" },
		{ "user c@a.test", "1" },
		{ "alias one@a.test b@a.test", "1" },
		{ "alias two@a.test b@a.test", "1" },
		{ "alias two@a.test c@a.test", "1" },
		{ "alias c@a.test b@a.test", "1" },
		{ "alias three@a.test one@a.test", "1" },
		{ "alias three@a.test two@a.test", "1" },
		{ "rmuser b@a.test",
		    "1\n"
		    "alias_removed: alias one@a.test is removed as well: it "
		    "led only to b@a.test\n"
		    "target_removed: three@a.test no longer leads to "
		    "one@a.test\n"
		    "target_removed: two@a.test no longer leads to b@a.test\n"
		    "target_removed: c@a.test no longer leads to b@a.test" },
		{ "aliases", "i@a.test>o@far.test three@a.test>two@a.test "
		    "two@a.test>c@a.test" },
		{ "rmuser c@a.test +keep",
		    "1\ndead_end: c@a.test does not exist" },
		{ "aliases two@a.test", "bad_address *" },
		{ "alias? two@a.test destination", "c@a.test" },
		{ "user c@a.test", "1" },
		{ "alias? two@a.test destination", "c@a.test" },

		{ "user postmaster@a.test", "1" },
		{ "rmuser postmaster@a.test", "protected: this would remove "
		    "postmaster@a.test, which RFC 5321 and RFC 2142 ask for "
		    "| give it another destination first, or use --force" },
		{ "rmuser postmaster@a.test +force", "1" },
	};

	LIB_STEPS(steps);
}

static int64_t
id_of(struct maildb *db, const char *address)
{
	struct maildb_cursor *cursor;
	int64_t id;

	CU_ASSERT_EQUAL_FATAL(maildb_user_get(db, address, &cursor), 0);
	CU_ASSERT_EQUAL_FATAL(maildb_cursor_next(cursor), 1);
	id = maildb_cursor_int(cursor,
	    (size_t)maildb_cursor_find(cursor, "id"));
	maildb_cursor_free(cursor);
	return id;
}

/* Homes are made of ids: a new user must not find the old one's mail. */
static void
test_ids(void)
{
	struct maildb *db = lib_open();
	int64_t first, second, third;

	LIB_STEP(db, "domain a.test", "1");
	LIB_STEP(db, "user b@a.test", "1");
	first = id_of(db, "b@a.test");
	LIB_STEP(db, "rmuser b@a.test", "1");
	LIB_STEP(db, "user b@a.test", "1");
	second = id_of(db, "b@a.test");
	CU_ASSERT(second > first);
	LIB_STEP(db, "rmuser b@a.test", "1");
	maildb_free(db);

	db = maildb_new();
	CU_ASSERT_EQUAL_FATAL(maildb_open(db, lib_url(), 0), 0);
	LIB_STEP(db, "user b@a.test", "1");
	third = id_of(db, "b@a.test");
	CU_ASSERT(third > second);
	/* A rename keeps it, also to another domain. */
	LIB_STEP(db, "renuser b@a.test c@a.test", "1");
	CU_ASSERT_EQUAL(id_of(db, "c@a.test"), third);
	LIB_STEP(db, "domain b.test", "1");
	LIB_STEP(db, "renuser c@a.test c@b.test", "1");
	CU_ASSERT_EQUAL(id_of(db, "c@b.test"), third);
	LIB_STEP(db, "rendomain b.test c.test", "1");
	CU_ASSERT_EQUAL(id_of(db, "c@c.test"), third);
	/* An alias that becomes a user has one already. */
	LIB_STEP(db, "alias i@a.test o@far.test", "1");
	LIB_STEP(db, "user j@a.test", "1");
	LIB_STEP(db, "user i@a.test", "1*");
	CU_ASSERT(id_of(db, "i@a.test") < id_of(db, "j@a.test"));
	lib_close(db);
}

static void
test_rename(void)
{
	static const struct lib_step steps[] = {
		{ "domain a.test", "1" },
		{ "domain b.test", "1" },
		{ "domain x.test class=alias target=a.test", "1" },
		{ "user u@a.test hash=" SECRET " home=/srv/u", "1" },
		{ "user v@a.test", "1" },
		{ "alias i@a.test u@a.test", "1" },
		{ "alias u@a.test u@a.test", "1" },
		{ "alias u@a.test o@far.test", "1" },
		{ "renuser none@a.test w@a.test", "no_such_user *" },
		{ "renuser u@a.test U@A.test", "0" },
		{ "renuser u@a.test v@a.test",
		    "exists new=v@a.test: v@a.test exists already" },
		{ "renuser u@a.test i@a.test", "exists new=i@a.test: *" },
		{ "renuser u@a.test w+x@a.test", "bad_address new=*" },
		{ "renuser u@a.test u@none.test", "no_such_domain *" },
		{ "renuser u@a.test u@x.test", "refused: *" },
		{ "renuser u@a.test w@b.test", "1" },
		{ "journal?", "*set target w@b.test, set target i@a.test*" },
		{ "aliases", "i@a.test>w@b.test w@b.test>o@far.test "
		    "w@b.test>w@b.test" },
		{ "user? w@b.test home", "/srv/u" },
		{ "password? w@b.test", SECRET },
		{ "user? u@a.test name", "no_such_user *" },

		/* A destination in both names becomes one. */
		{ "alias k@a.test v@a.test", "1" },
		{ "alias k@a.test z@a.test +dead", "1\n*" },
		{ "renuser v@a.test z@a.test", "1" },
		{ "alias? k@a.test destination", "z@a.test" },
	};

	LIB_STEPS(steps);
}

static void
test_quotas(void)
{
	static const struct lib_step steps[] = {
		{ "domain a.test", "1" },
		{ "domain b.test quota=2M", "1" },
		{ "user u@a.test", "1" },
		{ "user v@a.test quota=1M", "1" },
		{ "user u@b.test", "1" },
		{ "user v@b.test quota=unlimited", "1" },
		{ "quotas", "0>setting 1048576>user 2097152>domain 0>user" },
		{ "setting quota 3M", "1" },
		{ "quotas a.test", "3145728>setting 1048576>user" },
		{ "setdomain b.test quota=unlimited", "1" },
		{ "quotas b.test", "0>domain 0>user" },
		{ "quotas none.test", "no_such_domain *" },
	};

	LIB_STEPS(steps);
}

static void
test_recipients(void)
{
	static const struct lib_step steps[] = {
		{ "domain a.test", "1" },
		{ "domain r.test class=relay", "1" },
		{ "recipient p@none.test", "no_such_domain *" },
		{ "recipient p@a.test",
		    "refused: domain a.test is not a relay domain" },
		{ "recipient @r.test", "bad_address *" },
		{ "recipient P@R.test", "1" },
		{ "journal?", "add address p@r.test" },
		{ "recipient p@r.test", "0" },
		{ "recipient o'p+q@r.test", "1" },
		{ "recipients", "o'p+q@r.test p@r.test" },
		{ "recipients r.test", "o'p+q@r.test p@r.test" },
		{ "recipients a.test", "" },
		{ "recipients none.test", "no_such_domain *" },
		{ "rmrecipient none@r.test", "0" },
		{ "rmrecipient p@none.test", "0" },
		{ "rmrecipient p@r.test", "1" },
		{ "rmrecipient p@r.test", "0" },

		/* Neither users nor aliases are removed as recipients. */
		{ "user u@a.test", "1" },
		{ "rmrecipient u@a.test",
		    "refused: domain a.test is not a relay domain" },
		{ "alias i@r.test u@a.test", "1" },
		{ "rmrecipient i@r.test", "0" },
		{ "recipient i@r.test",
		    "exists address=i@r.test: i@r.test is an alias already" },
		{ "aliases", "i@r.test>u@a.test" },

		/* What led only there goes as well. */
		{ "alias j@a.test o'p+q@r.test", "1" },
		{ "rmrecipient o'p+q@r.test", "1\nalias_removed: *" },
		{ "recipients", "" },
	};

	LIB_STEPS(steps);
}

CU_TestInfo lib_user[] = {
	{ "add", test_add },
	{ "set", test_set },
	{ "passwords", test_passwords },
	{ "no hash in the journal", test_journal_has_no_hash },
	{ "exists", test_exists },
	{ "remove", test_remove },
	{ "ids never come back", test_ids },
	{ "rename", test_rename },
	{ "quotas", test_quotas },
	{ "recipients", test_recipients },
	CU_TEST_INFO_NULL,
};
