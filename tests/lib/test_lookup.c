/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * test_lookup.c - what the daemons ask: the queries as text, and their answers
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "state/state.h"
#include "lib.h"

#define HASH "{PLAIN}secret"

static const char world[] =
    "domain example.org quota=1M\n"
    "domain alias.test class=alias target=example.org\n"
    "domain xn--bcher-kva.test\n"
    "domain relay.test class=relay\n"
    "domain any.test class=relay any_recipient=yes\n"
    "domain open.test outside_senders=yes\n"
    "domain off.test\n"
    "user bob@example.org hash=" HASH " messages=50\n"
    "user carol@example.org hash=" HASH " send=no imap=no sieve=no quota=unlimited\n"
    "user sender@example.org hash=" HASH " receive=no pop3=no\n"
    "user gone@example.org hash=" HASH " enabled=no\n"
    "user nobody@example.org\n"
    "user b@xn--bcher-kva.test hash=" HASH " home=books\n"
    "user c@off.test hash=" HASH "\n"
    "alias info@example.org bob@example.org\n"
    "alias info@example.org far@remote.test\n"
    "alias dead@example.org gone@example.org\n"
    "alias postmaster@* carol@example.org\n"
    "alias @example.org bob@example.org\n"
    "recipient r@relay.test\n";

static struct maildb *
open_world(void)
{
	struct maildb *db = lib_open();

	lib_world(db, world);
	lib_sql(db, "UPDATE domain SET enabled = 0 WHERE name = 'off.test';"
	    "UPDATE address SET internal = 1 WHERE localpart = 'carol'");
	return db;
}

#define OFF "550 5.2.1 Mailbox disabled\n"
#define LOGIN "550 5.7.1 Log in to send from this domain\n"

static const struct {
	const char *map, *key, *answer;
} answers[] = {
	{ "virtual_mailbox_domains", "example.org", "example.org\n" },
	{ "virtual_mailbox_domains", "EXAMPLE.org", "example.org\n" },
	{ "virtual_mailbox_domains", "alias.test", "alias.test\n" },
	{ "virtual_mailbox_domains", "off.test", "off.test\n" },
	{ "virtual_mailbox_domains", "xn--bcher-kva.test",
	    "xn--bcher-kva.test\n" },
	{ "virtual_mailbox_domains", "b\xc3\xbc" "cher.test",
	    "b\xc3\xbc" "cher.test\n" },
	{ "virtual_mailbox_domains", "sub.example.org", "" },
	{ "virtual_mailbox_domains", "relay.test", "" },
	{ "virtual_mailbox_domains", "*", "" },
	{ "virtual_mailbox_domains", "' OR '1'='1", "" },

	{ "virtual_mailbox_maps", "bob@example.org", "bob@example.org\n" },
	{ "virtual_mailbox_maps", "Bob@Example.ORG", "bob@example.org\n" },
	{ "virtual_mailbox_maps", "b@b\xc3\xbc" "cher.test",
	    "b@xn--bcher-kva.test\n" },
	{ "virtual_mailbox_maps", "bob+x@example.org", "" },
	{ "virtual_mailbox_maps", "info@example.org", "" },
	{ "virtual_mailbox_maps", "sender@example.org", "" },
	{ "virtual_mailbox_maps", "gone@example.org", "" },
	{ "virtual_mailbox_maps", "c@off.test", "" },
	{ "virtual_mailbox_maps", "@example.org", "" },
	{ "virtual_mailbox_maps", "bob", "" },

	{ "virtual_alias_maps", "bob@example.org", "bob@example.org\n" },
	{ "virtual_alias_maps", "info@example.org",
	    "bob@example.org\nfar@remote.test\n" },
	{ "virtual_alias_maps", "gone@example.org",
	    "gone=example.org@off.invalid\n" },
	{ "virtual_alias_maps", "dead@example.org",
	    "dead=example.org@off.invalid\n" },
	{ "virtual_alias_maps", "sender@example.org",
	    "sender=example.org@off.invalid\n" },
	{ "virtual_alias_maps", "bob@alias.test", "" },
	{ "virtual_alias_maps", "@example.org", "" },

	{ "virtual_alias_far", "bob@alias.test", "bob@example.org\n" },
	{ "virtual_alias_far", "gone@alias.test",
	    "gone=alias.test@off.invalid\n" },
	{ "virtual_alias_far", "postmaster@alias.test", "carol@example.org\n" },
	{ "virtual_alias_far", "postmaster@example.org",
	    "carol@example.org\n" },
	{ "virtual_alias_far", "postmaster@relay.test", "" },
	{ "virtual_alias_far", "bob@example.org", "" },

	{ "virtual_alias_catchall", "@example.org", "bob@example.org\n" },
	{ "virtual_alias_catchall", "@alias.test", "bob@example.org\n" },
	{ "virtual_alias_catchall", "@off.test", "" },
	{ "virtual_alias_catchall", "x@example.org", "" },
	{ "virtual_alias_catchall", "xexample.org", "" },
	{ "virtual_alias_catchall", "example.org", "" },

	{ "relay_domains", "relay.test", "relay.test\n" },
	{ "relay_domains", "example.org", "" },
	{ "relay_recipient_maps", "r@relay.test", "r@relay.test\n" },
	{ "relay_recipient_maps", "s@relay.test", "" },
	{ "relay_recipient_maps", "bob@example.org", "" },
	{ "relay_recipient_any", "@any.test", "any.test\n" },
	{ "relay_recipient_any", "@relay.test", "" },
	{ "relay_recipient_any", "any.test", "" },

	{ "recipient_access", "bob@example.org", "DUNNO\n" },
	{ "recipient_access", "bob@alias.test", "DUNNO\n" },
	{ "recipient_access", "carol@example.org", "maildb_internal\n" },
	{ "recipient_access", "gone@example.org", OFF },
	{ "recipient_access", "gone@alias.test", OFF },
	{ "recipient_access", "dead@example.org", OFF },
	{ "recipient_access", "c@off.test", OFF },
	{ "recipient_access", "nothing@example.org", "" },
	{ "recipient_access", "example.org", "" },
	{ "recipient_access", "bob@", "" },
	{ "recipient_access", "@", "" },
	{ "recipient_access", "", "" },

	{ "sender_access", "anyone@example.org", LOGIN },
	{ "sender_access", "anyone@alias.test", LOGIN },
	{ "sender_access", "anyone@open.test", "" },
	{ "sender_access", "anyone@relay.test", "" },
	{ "sender_access", "anyone@sub.example.org", "" },
	{ "sender_access", "example.org", "" },

	{ "smtpd_sender_login_maps", "bob@example.org", "bob@example.org\n" },
	{ "smtpd_sender_login_maps", "bob@alias.test", "bob@example.org\n" },
	{ "smtpd_sender_login_maps", "info@example.org", "bob@example.org\n" },
	{ "smtpd_sender_login_maps", "carol@example.org", "-\n" },
	{ "smtpd_sender_login_maps", "gone@example.org", "-\n" },
	{ "smtpd_sender_login_maps", "nothing@example.org", "" },
	{ "sender_login_any", "@example.org", "" },
};

static void
test_answers(void)
{
	struct maildb *db = open_world();
	struct maildb_cursor *cursor;
	char *rows, name[200];

	for (size_t i = 0; i < ARRAY_LEN(answers); i++) {
		rows = lib_rows(maildb_lookup(db, answers[i].map,
		    answers[i].key, &cursor), &cursor);
		snprintf(name, sizeof(name), "%s %s", answers[i].map,
		    answers[i].key);
		LIB_ASSERT_TEXT(name, rows, answers[i].answer);
		free(rows);
	}
	lib_close(db);
}

/* Grants on a whole domain, on all, and one that hangs on an alias. */
static void
test_grants(void)
{
	static const struct {
		const char *map, *key, *answer;
	} rows[] = {
		{ "sender_login_any", "@example.org", "bob@example.org\n" },
		{ "sender_login_any", "@alias.test", "bob@example.org\n" },
		{ "sender_login_any", "@off.test", "" },
		{ "sender_login_any", "example.org", "" },
		{ "smtpd_sender_login_maps", "nobody@example.org",
		    "nobody@example.org\nbob@example.org\n" },
	};
	struct maildb *db = open_world();
	struct maildb_cursor *cursor;
	char *got;

	lib_sql(db, "UPDATE target SET may_send = 1 WHERE address_id = "
	    "(SELECT id FROM address WHERE localpart = '')");
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		got = lib_rows(maildb_lookup(db, rows[i].map, rows[i].key,
		    &cursor), &cursor);
		if (strcmp(rows[i].key, "nobody@example.org") == 0)
			LIB_ASSERT_ROW(rows[i].key,
			    strstr(got, "bob@example.org\n") != NULL &&
			    strstr(got, "nobody@example.org\n") != NULL);
		else
			LIB_ASSERT_TEXT(rows[i].key, got, rows[i].answer);
		free(got);
	}
	lib_close(db);
}

#define BOB  "5000|5000|/var/vmail/"
static void
test_dovecot(void)
{
	/* %s stands for the end of the row: home and limits */
	static const struct {
		const char *map, *key;
		const char *answer; /* NULL: none */
	} rows[] = {
		{ "passdb", "bob@example.org", "bob@example.org|" HASH
		    "|5000|5000|/var/vmail/#|*:bytes=1048576:messages=50\n" },
		{ "passdb", "smtp:BOB@example.org", "bob@example.org|" HASH
		    "|5000|5000|/var/vmail/#|*:bytes=1048576:messages=50\n" },
		{ "passdb24", "imap:bob@example.org", "bob@example.org|" HASH
		    "|5000|5000|/var/vmail/#|1048576B|50\n" },
		{ "passdb24", "smtp:carol@example.org", "" },
		{ "userdb", "bob@example.org",
		    "5000|5000|/var/vmail/#|*:bytes=1048576:messages=50\n" },
		{ "userdb", "carol@example.org",
		    "5000|5000|/var/vmail/#|*:bytes=0:messages=0\n" },
		{ "userdb", "b@xn--bcher-kva.test",
		    "5000|5000|/var/vmail/books|*:bytes=0:messages=0\n" },
		{ "userdb24", "lmtp:carol@example.org",
		    "5000|5000|/var/vmail/#|0B|0\n" },
		{ "passdb", "nobody@example.org", "nobody@example.org||5000|"
		    "5000|/var/vmail/#|*:bytes=1048576:messages=0\n" },
		{ "passdb", "gone@example.org", "" },
		{ "passdb", "c@off.test", "" },
		{ "passdb", "info@example.org", "" },
		{ "passdb", "bob", "" },
		{ "userdb", "bob@alias.test", "" },
		{ "userdb", "gone@example.org", "" },
	};
	struct maildb *db = open_world();
	struct maildb_cursor *cursor;
	char *got, *p;

	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		got = lib_rows(maildb_lookup(db, rows[i].map, rows[i].key,
		    &cursor), &cursor);
		/* Homes are numbers that do not matter here. */
		if ((p = strstr(got, "/var/vmail/")) != NULL &&
		    (p += strlen("/var/vmail/")) && *p >= '0' && *p <= '9') {
			*p++ = '#';
			memmove(p, p + strspn(p, "0123456789"),
			    strlen(p + strspn(p, "0123456789")) + 1);
		}
		LIB_ASSERT_TEXT(rows[i].key, got, rows[i].answer);
		free(got);
	}
	lib_close(db);
}

/* Who may log in by what, and who is delivered to. */
static void
test_services(void)
{
	static const struct {
		const char *user;
		const char *yes; /* services that find the user */
	} rows[] = {
		{ "bob@example.org", "smtp submission imap pop3 sieve doveadm "
		    "lmtp lda quota-status" },
		{ "carol@example.org", "pop3 doveadm lmtp lda quota-status" },
		{ "sender@example.org", "smtp submission imap sieve doveadm "
		    "quota-status" },
	};
	static const struct {
		const char *map, *service;
	} asks[] = {
		{ "passdb", "smtp" }, { "passdb", "submission" },
		{ "passdb", "imap" }, { "passdb", "pop3" },
		{ "passdb", "sieve" }, { "userdb", "doveadm" },
		{ "userdb", "lmtp" }, { "userdb", "lda" },
		{ "userdb", "quota-status" },
	};
	struct maildb *db = open_world();
	struct maildb_cursor *cursor;
	char key[100], found[200], map[20], *got;

	for (size_t i = 0; i < ARRAY_LEN(rows); i++)
		for (int v24 = 0; v24 < 2; v24++) {
			*found = '\0';
			for (size_t k = 0; k < ARRAY_LEN(asks); k++) {
				snprintf(key, sizeof(key), "%s:%s",
				    asks[k].service, rows[i].user);
				snprintf(map, sizeof(map), "%s%s", asks[k].map,
				    v24 ? "24" : "");
				got = lib_rows(maildb_lookup(db, map, key,
				    &cursor), &cursor);
				if (*got != '\0' && *found != '\0')
					strcat(found, " ");
				if (*got != '\0')
					strcat(found, asks[k].service);
				free(got);
			}
			LIB_ASSERT_TEXT(rows[i].user, found, rows[i].yes);
		}
	lib_close(db);
}

/* Every user who is on, in any order. */
static void
test_iterate(void)
{
	static const char *const users[] = {
		"bob@example.org\n", "carol@example.org\n",
		"sender@example.org\n", "nobody@example.org\n",
		"b@xn--bcher-kva.test\n",
	};
	static const char *const maps[] = { "iterate", "iterate24" };
	struct maildb *db = open_world();
	struct maildb_cursor *cursor;
	size_t i, k, len;
	char *got;

	for (k = 0; k < ARRAY_LEN(maps); k++) {
		got = lib_rows(maildb_lookup(db, maps[k], "", &cursor), &cursor);
		for (i = len = 0; i < ARRAY_LEN(users); i++) {
			len += strlen(users[i]);
			LIB_ASSERT_ROW(users[i], strstr(got, users[i]) != NULL);
		}
		CU_ASSERT(strlen(got) == len);
		free(got);
	}
	lib_close(db);
}

static char noticed[100];

static void
take_notice(void *arg, const char *code, const char *message, const char *hint)
{
	(void)arg;
	(void)message;
	(void)hint;
	snprintf(noticed, sizeof(noticed), "%s", code);
}

/* A key that the daemon would not ask for is no error, but is told. */
static void
test_not_asked(void)
{
	struct maildb *db = open_world();
	struct maildb_cursor *cursor;
	char *got;

	maildb_on_notice(db, take_notice, NULL);
	*noticed = '\0';
	got = lib_rows(maildb_lookup(db, "virtual_alias_maps", "@example.org",
	    &cursor), &cursor);
	CU_ASSERT_STRING_EQUAL(got, "");
	CU_ASSERT_STRING_EQUAL(noticed, "not_asked");
	free(got);
	*noticed = '\0';
	got = lib_rows(maildb_lookup(db, "virtual_alias_maps", "x@example.org",
	    &cursor), &cursor);
	CU_ASSERT_STRING_EQUAL(got, "");
	CU_ASSERT_STRING_EQUAL(noticed, "");
	free(got);
	lib_close(db);
}

static void
test_no_such_map(void)
{
	static const struct {
		const char *name, *hint;
	} rows[] = {
		{ "virtual_mailbox_map", "virtual_mailbox_maps" },
		{ "virtual_alias", "virtual_alias_far" },
		{ "pasdb", "passdb" },
		{ "", "virtual_mailbox_domains" },
		{ "Passdb", "passdb" },
	};
	struct maildb *db = lib_open();
	struct maildb_cursor *cursor;

	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		cursor = (struct maildb_cursor *)db;
		LIB_ASSERT_ROW(rows[i].name, maildb_lookup(db, rows[i].name,
		    "x", &cursor) == MAILDB_EMAP && cursor == NULL);
		LIB_ASSERT_ROW(rows[i].name, maildb_fault(db)->hint != NULL &&
		    strstr(maildb_fault(db)->hint, rows[i].hint) != NULL);
	}
	lib_close(db);
}

static void
test_not_open(void)
{
	struct maildb *db = maildb_new();
	struct maildb_cursor *cursor;

	CU_ASSERT(maildb_lookup(db, "passdb", "a@example.org", &cursor) ==
	    MAILDB_EMISUSE);
	CU_ASSERT_PTR_NULL(cursor);
	maildb_free(db);
}

/* What goes into the files of the daemons, word by word. */
static void
test_query_text(void)
{
	static const struct {
		const char *map, *dialect, *text;
	} rows[] = {
		{ "virtual_alias_maps", "postfix", "SELECT destination FROM "
		    "postfix_alias WHERE domain = '%d' AND localpart = '%u'" },
		{ "virtual_alias_catchall", "postfix", "SELECT destination "
		    "FROM postfix_catchall WHERE domain = substr('%s', 2) AND "
		    "substr('%s', 1, 1) = '@'" },
		{ "userdb", "dovecot-2.3", "SELECT uid, gid, home, '*:bytes=' "
		    "|| coalesce(quota, 0) || ':messages=' || "
		    "coalesce(messages, 0) AS quota_rule FROM dovecot_user "
		    "WHERE domain = '%d' AND localpart = '%n' AND ('%s' NOT IN "
		    "('lmtp', 'lda') OR receive = 1)" },
		{ "userdb24", "dovecot-2.4", "SELECT uid, gid, home, "
		    "coalesce(quota, 0) || 'B' AS quota_storage_size, "
		    "coalesce(messages, 0) AS quota_message_count FROM "
		    "dovecot_user WHERE domain = '%{user | domain}' AND "
		    "localpart = '%{user | username}' AND ('%{protocol}' NOT "
		    "IN ('lmtp', 'lda') OR receive = 1)" },
		{ "iterate", "dovecot-2.3",
		    "SELECT address AS \"user\" FROM dovecot_user WHERE "
		    "domain = substr(address, instr(address, '@') + 1)" },
	};
	char *text;

	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		LIB_ASSERT_ROW(rows[i].map, maildb_map_query(rows[i].map,
		    "sqlite", rows[i].dialect, &text) == 0);
		LIB_ASSERT_TEXT(rows[i].map, text, rows[i].text);
		free(text);
	}
}

static void
test_query_refused(void)
{
	static const struct {
		const char *map, *backend, *dialect;
		int code;
	} rows[] = {
		{ "nonsense", "sqlite", "postfix", MAILDB_EMAP },
		{ "passdb", "sqlite", "postfix", MAILDB_EVALUE },
		{ "iterate", "sqlite", "postfix", MAILDB_EVALUE },
		{ "relay_domains", "sqlite", "dovecot-2.3", MAILDB_EVALUE },
		{ "relay_domains", "mysql", "postfix", MAILDB_EVALUE },
		{ "passdb", "sqlite", "dovecot", MAILDB_EVALUE },
		{ "passdb", "sqlite", "dovecot-2.2", MAILDB_EVALUE },
		{ "passdb", "", "", MAILDB_EVALUE },
	};
	char *text;

	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		text = (char *)rows;
		LIB_ASSERT_ROW(rows[i].map, maildb_map_query(rows[i].map,
		    rows[i].backend, rows[i].dialect, &text) == rows[i].code);
		LIB_ASSERT_ROW(rows[i].map, text == NULL);
	}
}

/* Whether a query has nothing that a daemon would misread: one line, no
 * percent sign but those of the placeholders, and these in quotes. */
static bool
is_clean(const char *text)
{
	for (const char *p = text; *p != '\0'; p++) {
		if (*p == '\n' || *p == '$' || *p == '\\' || *p == '#')
			return false;
		if (*p == '%') {
			if (p[-1] != '\'')
				return false;
			if ((p = strchr(p, '\'')) == NULL)
				return false;
		}
	}
	return true;
}

static void
test_every_query(void)
{
	static const char *const dialects[] = {
		"postfix", "dovecot-2.3", "dovecot-2.4",
	};
	static const char *const backends[] = { "sqlite", "pgsql" };
	const struct maildb_map *maps;
	size_t b, count, d, i, made = 0;
	char *text;

	maps = maildb_maps(&count);
	for (i = 0; i < count; i++)
		for (b = 0; b < ARRAY_LEN(backends); b++)
			for (d = 0; d < ARRAY_LEN(dialects); d++) {
				if (maildb_map_query(maps[i].name, backends[b],
				    dialects[d], &text) < 0)
					continue;
				LIB_ASSERT_ROW(maps[i].name, is_clean(text));
				free(text);
				made++;
			}
	/* 12 maps of Postfix, 6 of Dovecot in two dialects */
	CU_ASSERT(made == 2 * (12 + 6 * 2));
}

/* Each map has a statement and each such statement is a map; Postfix would
 * join two columns of an answer (PostgreSQL) or ignore one (SQLite). */
static void
test_table(void)
{
	const struct maildb_map *maps;
	size_t count, i, k;
	char name[80];

	maps = maildb_maps(&count);
	for (i = 0; i < MAILDB__STMTS; i++) {
		if (strncmp(maildb__stmts[i].name, "map_", 4) != 0)
			continue;
		for (k = 0; k < count; k++) {
			snprintf(name, sizeof(name), "map_%s", maps[k].name);
			if (strcmp(name, maildb__stmts[i].name) == 0)
				break;
		}
		LIB_ASSERT_ROW(maildb__stmts[i].name, k < count);
		if (k < count && strcmp(maps[k].daemon, "postfix") == 0)
			LIB_ASSERT_ROW(maps[k].name,
			    maildb__stmts[i].nout == 1);
	}
}

CU_TestInfo lib_lookup[] = {
	{ "what each map answers", test_answers },
	{ "who may send for a whole domain", test_grants },
	{ "what Dovecot is told of users", test_dovecot },
	{ "switches of services", test_services },
	{ "all users", test_iterate },
	{ "keys that are never asked", test_not_asked },
	{ "unknown maps", test_no_such_map },
	{ "a handle that is not open", test_not_open },
	{ "queries as text", test_query_text },
	{ "queries that do not exist", test_query_refused },
	{ "every query is safe in a file", test_every_query },
	{ "maps and statements belong together", test_table },
	CU_TEST_INFO_NULL,
};
