/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * test_constraint.c - the database refuses what the library refuses
 *
 * Every ASCII octet, and those beyond that Latin-1 has, at each place of an
 * address: the parser and the CHECKs must agree, so that nothing that was
 * parsed fails in SQL and nothing by hand is there that nobody finds.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "state/state.h"
#include "steps.h"

/* Runs SQL: whether the database took it. */
static bool
takes(struct maildb *db, const char *sql)
{
	bool taken = db->driver->script(db->conn, "BEGIN") == 0 &&
	    db->driver->script(db->conn, sql) == 0;

	db->driver->script(db->conn, "ROLLBACK");
	return taken;
}

/* Writes text as an SQL literal. */
static void
literal(struct maildb__buf *buf, const char *text)
{
	maildb__buf_add(buf, "'");
	for (; *text != '\0'; text++)
		maildb__buf_addn(buf, *text == '\'' ? "''" : text,
		    *text == '\'' ? 2 : 1);
	maildb__buf_add(buf, "'");
}

/* Whether the database takes an address as a target, or (source) as what has
 * targets. */
static bool
stored(struct maildb *db, const char *address, bool source)
{
	struct maildb__buf sql = { 0 };
	const char *at = strrchr(address, '@');
	char local[300];
	bool taken;

	snprintf(local, sizeof(local), "%.*s", (int)(at - address), address);
	if (source) {
		maildb__buf_add(&sql, "INSERT INTO address (domain, "
		    "localpart) VALUES ('a.test', ");
		literal(&sql, local);
		maildb__buf_add(&sql, ")");
	} else {
		maildb__buf_add(&sql, "INSERT INTO target (address_id, dest) "
		    "SELECT id, ");
		literal(&sql, address);
		maildb__buf_add(&sql, " FROM address WHERE localpart = 'x'");
	}
	CU_ASSERT_FATAL(!sql.failed);
	taken = takes(db, sql.text);
	maildb__buf_free(&sql);
	return taken;
}

/* Whether the parser takes an address and leaves it as it is. */
static bool
parsed(const char *address, bool source)
{
	struct maildb_address read;

	return maildb_address_parse(address, strlen(address), source ? 0 :
	    MAILDB_PARSE_UTF8 | MAILDB_PARSE_CASE, &read) ==
	    MAILDB_REASON_NONE && strcmp(read.text, address) == 0 &&
	    (!source || read.klass <= MAILDB_ALIAS);
}

static void
test_octets(void)
{
	static const struct {
		const char *before, *after;
		bool source;
	} places[] = {
		{ "", "b@far.test", false }, { "a", "b@far.test", false },
		{ "a", "@far.test", false }, { "a.", "@far.test", false },
		{ "a@", "far.test", false }, { "a@f", "r.test", false },
		{ "a@far", ".test", false }, { "a@far.", "test", false },
		{ "a@far.te", "", false },
		{ "", "b@a.test", true }, { "a", "b@a.test", true },
		{ "a", "@a.test", true },
	};
	struct maildb *db = lib_open();
	char octet[3], address[80];
	size_t i;
	int c;

	LIB_STEP(db, "domain a.test", "1");
	LIB_STEP(db, "alias x@a.test o@far.test", "1");
	for (i = 0; i < ARRAY_LEN(places); i++)
		for (c = 1; c < 0x100; c++) {
			/* In a domain only A-labels are stored. */
			if (c >= 0x80 && strchr(places[i].before, '@') != NULL)
				continue;
			octet[0] = c < 0x80 ? (char)c : (char)(0xc0 | c >> 6);
			octet[1] = c < 0x80 ? '\0' : (char)(0x80 | (c & 0x3f));
			octet[2] = '\0';
			snprintf(address, sizeof(address), "%s%s%s",
			    places[i].before, octet, places[i].after);
			if (strrchr(address, '@') == NULL)
				continue;
			lib_assert_row(__FILE__, __LINE__, address,
			    "parser and CHECK agree",
			    parsed(address, places[i].source) ==
			    stored(db, address, places[i].source));
		}
	lib_close(db);
}

/* A foreign local part keeps its capitals, and is compared without. */
static void
test_case(void)
{
	static const struct lib_step steps[] = {
		{ "domain a.test", "1" },
		{ "user bob@a.test", "1" },
		{ "alias x@a.test Bob@Far.test", "1" },
		{ "alias x@a.test BOB@far.test", "0" },
		{ "alias x@a.test Bob@A.test", "1" },
		{ "alias x@a.test a|b@far.test", "1" },
		{ "aliases a.test", "x@a.test>a|b@far.test "
		    "x@a.test>bob@a.test x@a.test>Bob@far.test" },
		/* Ours now: it may go on. */
		{ "domain far.test", "1\ndead_end: a|b@far.test *" },
		{ "alias? x@a.test destination",
		    "a|b@far.test bob@a.test bob@far.test" },
		{ "user bob@far.test", "1" },
		{ "alias bob@far.test x@a.test", "loop: *" },
		{ "rmalias x@a.test BOB@FAR.test", "1" },
	};

	LIB_STEPS(steps);
}

static void
test_settings(void)
{
	static const struct {
		const char *name, *value;
		bool good;
	} rows[] = {
		{ "mail_uid", "5000", true }, { "mail_uid", "1", true },
		{ "mail_uid", "2147483647", true },
		{ "mail_uid", "2147483648", false }, { "mail_uid", "0", false },
		{ "mail_uid", "x", false }, { "mail_uid", "", false },
		{ "mail_uid", "-1", false }, { "mail_uid", "5000 ", false },
		{ "mail_uid", "05", false }, { "mail_uid", "1.5", false },
		{ "mail_gid", "0", false }, { "mail_gid", "8", true },
		{ "quota", "0", true }, { "quota", "abc", false },
		{ "quota", "9223372036854775807", true },
		{ "quota", "9223372036854775808", false },
		{ "quota", "10000000000000000000", false },
		{ "quota", "1G", false }, { "quota", "", false },
		{ "messages", "7", true }, { "messages", "x7", false },
		{ "mail_root", "/srv/mail", true }, { "mail_root", "", false },
		{ "mail_root", "srv", false }, { "mail_root", "/a/../b", false },
		{ "password_scheme", "bcrypt", true },
		{ "password_scheme", "md5", false },
		{ "password_cost", "12", true },
		{ "password_cost", "1000001", false },
		{ "password_min", "72", true }, { "password_min", "73", false },
		{ "expansion_limit", "100000", true },
		{ "expansion_limit", "100001", false },
		{ "recursion_limit", "5", true },
		{ "recursion_limit", "many", false },
		{ "smtputf8", "1", true }, { "smtputf8", "0", true },
		{ "smtputf8", "2", false }, { "smtputf8", "yes", false },
		{ "recipient_delimiter", "+-", true },
		{ "recipient_delimiter", "", true },
		{ "recipient_delimiter", "a", false },
		{ "recipient_delimiter", "+++++++++", false },
		{ "admin", "a@b.test", true }, { "admin", "nobody", false },
	};
	struct maildb *db = lib_open();
	char sql[300];
	size_t i;

	for (i = 0; i < ARRAY_LEN(rows); i++) {
		snprintf(sql, sizeof(sql), "INSERT INTO setting (name, value) "
		    "VALUES ('%s', '%s') ON CONFLICT (name) DO UPDATE "
		    "SET value = excluded.value", rows[i].name, rows[i].value);
		lib_assert_row(__FILE__, __LINE__, sql, "as it should",
		    takes(db, sql) == rows[i].good);
	}
	/* The views read these. */
	CU_ASSERT(!takes(db, "DELETE FROM setting WHERE name = 'mail_root'"));
	CU_ASSERT(!takes(db, "DELETE FROM setting"));
	CU_ASSERT(!takes(db, "UPDATE setting SET name = 'x' "
	    "WHERE name = 'mail_uid'"));
	LIB_STEP(db, "setting mail_uid 0", "bad_value mail_uid=0: *");
	LIB_STEP(db, "setting smtputf8 yes", "1");
	LIB_STEP(db, "setting smtputf8 default", "1");
	lib_close(db);
}

/* Keys in the letter case of Postfix. */
static void
test_fold(void)
{
	static const struct {
		const char *text, *folded;
	} rows[] = {
		{ "Abc@X", "abc@x" }, { "ÄÖÜ@MÜNCHEN", "äöü@münchen" },
		{ "straße", "strasse" }, { "ΣΊΣΥΦΟΣ", "σίσυφοσ" },
		{ "ς", "σ" }, { "ЯЩИК", "ящик" }, { "Ÿ", "ÿ" },
		{ "İ", "i̇" }, { "ẞ", "ss" }, { "𐐀", "𐐨" }, { "ﬁ", "fi" },
		{ "Đ", "đ" }, { "日本", "日本" }, { "A\xff", "A\xff" },
		{ "", "" },
	};
	size_t i;
	char *got;

	for (i = 0; i < ARRAY_LEN(rows); i++) {
		got = maildb__fold(rows[i].text);
		LIB_ASSERT_TEXT(rows[i].text, got, rows[i].folded);
		free(got);
	}
}

/* A domain beyond ASCII by every spelling, for Postfix and for Dovecot. */
static void
test_spellings(void)
{
	static const struct {
		const char *map, *key, *wanted;
	} rows[] = {
		{ "virtual_alias_maps", "uta@MÜNCHEN.test",
		    "uta@xn--mnchen-3ya.test\n" },
		{ "virtual_mailbox_domains", "München.test", "münchen.test\n" },
		{ "passdb", "uta@münchen.test", "uta@xn--mnchen-3ya.test|"
		    "{PLAIN}secret|5000|5000|/var/vmail/1|*:bytes=0:messages=0\n" },
		{ "passdb", "uta@xn--mnchen-3ya.test",
		    "uta@xn--mnchen-3ya.test|{PLAIN}secret|5000|5000|"
		    "/var/vmail/1|*:bytes=0:messages=0\n" },
		{ "userdb", "uta@münchen.test",
		    "5000|5000|/var/vmail/1|*:bytes=0:messages=0\n" },
		{ "passdb", "uta@MÜNCHEN.test", "" },
		{ "iterate", "", "uta@xn--mnchen-3ya.test\n" },
	};
	struct maildb *db = lib_open();
	struct maildb_cursor *cursor;
	char *got;
	size_t i;

	LIB_STEP(db, "domain münchen.test", "1");
	LIB_STEP(db, "user uta@münchen.test hash={PLAIN}secret", "1");
	for (i = 0; i < ARRAY_LEN(rows); i++) {
		got = lib_rows(maildb_lookup(db, rows[i].map, rows[i].key,
		    &cursor), &cursor);
		LIB_ASSERT_TEXT(rows[i].key, got, rows[i].wanted);
		free(got);
	}
	got = lib_rows(maildb_trace(db, "uta@MÜNCHEN.test", 0, &cursor),
	    &cursor);
	LIB_ASSERT_TEXT("trace", got, "0|uta@xn--mnchen-3ya.test|mailbox||"
	    "mailbox||uta@xn--mnchen-3ya.test\n");
	free(got);
	LIB_STEP(db, "domain straße.test", "1\nspelling_not_found: Postfix "
	    "looks up straße.test as strasse.test, and does not find it");
	lib_close(db);
}

/* A relay domain that is off passes nothing on, whoever asks. */
static void
test_relay_off(void)
{
	struct maildb *db = lib_open();
	struct maildb_cursor *cursor;
	char *got;

	LIB_STEP(db, "domain any.test class=relay any_recipient=yes", "1");
	LIB_STEP(db, "domain a.test", "1");
	LIB_STEP(db, "alias x@a.test bob@any.test", "1");
	LIB_STEP(db, "recipient ann@any.test", "1");
	LIB_STEP(db, "setdomain any.test enabled=no", "1");
	got = lib_rows(maildb_trace(db, "bob@any.test", 0, &cursor), &cursor);
	LIB_ASSERT_TEXT("RCPT", got, "0|bob@any.test|access||refused|"
	    "550 5.2.1 Mailbox disabled|\n");
	free(got);
	got = lib_rows(maildb_trace(db, "x@a.test", 0, &cursor), &cursor);
	LIB_ASSERT_TEXT("a target", got, "0|x@a.test|alias||||\n"
	    "1|bob@any.test|off|1|off|5.2.1 Mailbox disabled|\n");
	free(got);
	got = lib_rows(maildb_lookup(db, "recipient_access", "ann@any.test",
	    &cursor), &cursor);
	LIB_ASSERT_TEXT("one answer", got, "550 5.2.1 Mailbox disabled\n");
	free(got);
	lib_close(db);
}

CU_TestInfo lib_constraint[] = {
	{ "letter case", test_fold },
	{ "spellings", test_spellings },
	{ "a relay domain that is off", test_relay_off },
	{ "every octet", test_octets },
	{ "capitals elsewhere", test_case },
	{ "settings", test_settings },
	CU_TEST_INFO_NULL,
};
