/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * test_setting.c - settings, the system aliases that follow one of them, and
 * the fields that all objects are made of
 */
#include <stdlib.h>
#include <string.h>

#include "state/state.h"
#include "steps.h"

static void
test_values(void)
{
	static const struct lib_step steps[] = {
		{ "setting? mail_root", "/var/vmail" },
		{ "setting? mail-uid", "5000" },
		{ "setting? quota", "unlimited" },
		{ "setting? admin", "" },
		{ "setting? smtputf8", "no" },
		{ "setting? colour", "no_such_field colour: there is no "
		    "setting \"colour\" | there are: admin, *" },
		{ "setting colour red", "no_such_field colour: *" },

		{ "setting quota 4G", "1" },
		{ "journal?", "set setting quota" },
		{ "setting quota 4096M", "0" },
		{ "setting? quota", "4294967296" },
		{ "setting quota unlimited", "1" },
		{ "setting? quota", "unlimited" },
		{ "setting quota unlimited", "0" },
		{ "setting quota 0",
		    "bad_value quota=0: quota \"0\": 0 is ambiguous: say "
		    "unlimited" },
		{ "setting quota 1M", "1" },
		{ "setting quota default", "1" },
		{ "setting quota", "0" },
		{ "setting? quota", "unlimited" },
		{ "setting messages 10", "1" },
		{ "setting? messages", "10" },

		{ "setting smtputf8 yes", "1" },
		{ "setting smtputf8 on", "0" },
		{ "setting? smtputf8", "yes" },
		{ "setting smtputf8 default", "1" },
		{ "setting smtputf8 maybe", "bad_value smtputf8=maybe: *" },
		{ "setting password_scheme bcrypt", "1" },
		{ "setting password_scheme md5", "bad_value *: * | possible "
		    "are: yescrypt|bcrypt|sha512" },
		{ "setting password_cost 12", "1" },
		{ "setting password_cost default", "1" },
		{ "journal?", "rm setting password_cost" },
		{ "setting password_cost default", "0" },
		{ "setting? password_cost", "" },
		{ "setting password_min 73", "bad_value *: it is too great" },
		{ "setting password_min -1", "bad_value *" },
		{ "setting mail_uid 2147483648", "bad_value *" },

		{ "setting mail_root vmail", "bad_value mail_root=vmail: *" },
		{ "setting mail_root /a/../b", "bad_value *" },
		{ "setting mail_root /srv/mail", "1" },
		{ "setting mail_host Mail.Example.ORG", "1" },
		{ "setting? mail_host", "mail.example.org" },
		{ "setting mail_host mail.example.org", "0" },
		{ "setting mail_host no_host",
		    "bad_address mail_host=no_host: *" },
		{ "setting recipient_delimiter +-", "1" },
		{ "setting recipient_delimiter ,", "bad_value *" },
		{ "setting recipient_delimiter +-=#_~+-=",
		    "bad_value recipient_delimiter=*" },
	};

	LIB_STEPS(steps);
}

#define SYSTEM(admin) \
	"abuse@\\*>" admin " hostmaster@\\*>" admin " mailer-daemon@\\*>" \
	admin " noc@\\*>" admin " postmaster@\\*>" admin " root@\\*>" admin \
	" security@\\*>" admin " webmaster@\\*>" admin

static void
test_admin(void)
{
	static const struct lib_step steps[] = {
		{ "setting admin nonsense", "bad_address admin=nonsense: *" },
		{ "setting admin Admin@far.test", "1" },
		{ "setting? admin", "admin@far.test" },
		{ "setting admin ADMIN@far.test", "0" },
		{ "aliases", SYSTEM("admin@far.test") },
		{ "alias? root@* may_send", "0" },

		/* Others beside it stay, and one of its aliases may go. */
		{ "domain a.test", "1" },
		{ "user ann@a.test", "1" },
		{ "alias noc@* ann@a.test", "1" },
		{ "rmalias security@*", "1" },
		{ "setting admin ann@a.test", "1" },
		{ "aliases", SYSTEM("ann@a.test") },
		{ "rmuser ann@a.test", "protected: *" },
		{ "setting admin root@a.test", "bad_value admin=root@a.test: *" },
		{ "setting? admin", "ann@a.test" },
		{ "setting admin new@a.test", "1\ndead_end: *" },
		{ "setting admin default", "1" },
		{ "aliases", "" },
		{ "setting? admin", "" },
		{ "setting admin default", "0" },
	};

	LIB_STEPS(steps);
}

/* Destinations in other domains may have UTF-8 names when that is set. */
static void
test_smtputf8(void)
{
	static const struct lib_step steps[] = {
		{ "domain a.test", "1" },
		{ "alias i@a.test \xc3\xa9lodie@far.test",
		    "bad_address destination=*" },
		{ "setting smtputf8 yes", "1" },
		{ "alias i@a.test \xc3\xa9lodie@far.test", "1" },
		{ "alias i@a.test \xc3\xa9lodie@a.test",
		    "bad_address destination=*" },
		/* What was let in can be let out. */
		{ "setting smtputf8 no", "1" },
		{ "rmalias i@a.test \xc3\xa9lodie@far.test", "1" },
	};

	LIB_STEPS(steps);
}

static void
test_list(void)
{
	struct maildb *db = lib_open();
	struct maildb_cursor *cursor;
	const struct maildb_field *fields;
	size_t count, i;

	fields = maildb_fields(MAILDB_KIND_SETTING, &count);
	LIB_STEP(db, "setting mail_root /srv/mail", "1");
	CU_ASSERT_EQUAL_FATAL(maildb_setting_list(db, &cursor), 0);
	for (i = 0; i < count; i++) {
		CU_ASSERT_EQUAL_FATAL(maildb_cursor_next(cursor), 1);
		CU_ASSERT_STRING_EQUAL(maildb_cursor_text(cursor, 0),
		    fields[i].name);
		if (fields[i].initial == NULL)
			CU_ASSERT_TRUE(maildb_cursor_null(cursor, 1));
		LIB_ASSERT_ROW(fields[i].name, maildb_cursor_int(cursor, 2) ==
		    (strcmp(fields[i].name, "mail_root") != 0));
		CU_ASSERT_STRING_EQUAL(maildb_cursor_text(cursor, 3),
		    fields[i].help);
	}
	CU_ASSERT_EQUAL(maildb_cursor_next(cursor), 0);
	maildb_cursor_free(cursor);
	/* Every value in force can be set again. */
	for (i = 0; i < count; i++) {
		char *value;

		CU_ASSERT_EQUAL_FATAL(maildb_setting_get(db, fields[i].name,
		    &value), 0);
		if (*value != '\0')
			LIB_ASSERT_ROW(fields[i].name, maildb_setting_set(db,
			    fields[i].name, value) >= 0);
		free(value);
	}
	lib_close(db);
}

/* ---- fields -------------------------------------------------------------- */

static const struct {
	enum maildb_kind kind;
	const char *field, *text;
	int rc;
	bool isnull;
	int64_t number;
} values[] = {
	{ MAILDB_KIND_USER, "quota", NULL, 0, true, 0 },
	{ MAILDB_KIND_USER, "quota", "default", 0, true, 0 },
	{ MAILDB_KIND_USER, "quota", "unlimited", 0, false, 0 },
	{ MAILDB_KIND_USER, "quota", "1K", 0, false, 1024 },
	{ MAILDB_KIND_USER, "quota", "0", MAILDB_EVALUE, false, 0 },
	{ MAILDB_KIND_USER, "quota", "", MAILDB_EVALUE, false, 0 },
	{ MAILDB_KIND_USER, "quota", "-1", MAILDB_EVALUE, false, 0 },
	{ MAILDB_KIND_USER, "messages", "12", 0, false, 12 },
	{ MAILDB_KIND_USER, "messages", "1K", MAILDB_EVALUE, false, 0 },
	{ MAILDB_KIND_USER, "messages", " 1", MAILDB_EVALUE, false, 0 },
	{ MAILDB_KIND_USER, "messages", "+1", MAILDB_EVALUE, false, 0 },
	{ MAILDB_KIND_USER, "enabled", NULL, 0, false, 1 },
	{ MAILDB_KIND_USER, "enabled", "default", 0, false, 1 },
	{ MAILDB_KIND_USER, "enabled", "no", 0, false, 0 },
	{ MAILDB_KIND_USER, "enabled", "0", 0, false, 0 },
	{ MAILDB_KIND_USER, "enabled", "true", 0, false, 1 },
	{ MAILDB_KIND_USER, "enabled", "unlimited", MAILDB_EVALUE, false, 0 },
	{ MAILDB_KIND_USER, "enabled", "y", MAILDB_EVALUE, false, 0 },
	{ MAILDB_KIND_USER, "enabled", "yes|on", MAILDB_EVALUE, false, 0 },
	{ MAILDB_KIND_USER, "valid_until", "1970-01-02", 0, false, 172799 },
	{ MAILDB_KIND_USER, "valid_from", "1970-01-02", 0, false, 86400 },
	{ MAILDB_KIND_USER, "valid_from", "soon", MAILDB_EVALUE, false, 0 },
	{ MAILDB_KIND_USER, "spam_days", "36500", 0, false, 36500 },
	{ MAILDB_KIND_USER, "spam_days", "36501", MAILDB_EVALUE, false, 0 },
	{ MAILDB_KIND_USER, "name", "x", 0, false, 0 },
	{ MAILDB_KIND_USER, "name", "", MAILDB_EVALUE, false, 0 },
	{ MAILDB_KIND_DOMAIN, "class", NULL, 0, false, 0 },
	{ MAILDB_KIND_DOMAIN, "class", "relay", 0, false, 0 },
	{ MAILDB_KIND_DOMAIN, "class", "mailbox|alias", MAILDB_EVALUE, false,
	    0 },
	{ MAILDB_KIND_SETTING, "quota", NULL, 0, false, 0 },
	{ MAILDB_KIND_SETTING, "quota", "default", 0, false, 0 },
	{ MAILDB_KIND_SETTING, "quota", "0", MAILDB_EVALUE, false, 0 },
	{ MAILDB_KIND_SETTING, "mail_uid", "default", 0, false, 5000 },
	{ MAILDB_KIND_SETTING, "admin", "default", 0, true, 0 },
};

static void
test_parse(void)
{
	const struct maildb_field *fields;
	const char *why;
	size_t count, i, k;
	int64_t number;
	bool isnull;
	int rc;

	for (i = 0; i < ARRAY_LEN(values); i++) {
		fields = maildb_fields(values[i].kind, &count);
		for (k = 0; k < count; k++)
			if (strcmp(fields[k].name, values[i].field) == 0)
				break;
		CU_ASSERT_FATAL(k < count);
		rc = maildb_field_parse(&fields[k], values[i].text, &isnull,
		    &number, &why);
		LIB_ASSERT_ROW(values[i].text, rc == values[i].rc);
		LIB_ASSERT_ROW(values[i].text, (rc == 0) == (why == NULL));
		if (rc == 0) {
			LIB_ASSERT_ROW(values[i].text,
			    isnull == values[i].isnull);
			LIB_ASSERT_ROW(values[i].text,
			    number == values[i].number);
		}
	}
}

/* What every field's own description promises. */
static void
test_tables(void)
{
	const struct maildb_field *fields;
	size_t count, i;
	int64_t number;
	const char *why;
	bool isnull;

	for (int kind = 0; kind < MAILDB_KINDS; kind++) {
		fields = maildb_fields((enum maildb_kind)kind, &count);
		CU_ASSERT((count > 0) == (kind != MAILDB_KIND_SENDER));
		for (i = 0; i < count; i++) {
			CU_ASSERT(*fields[i].help != '\0');
			LIB_ASSERT_ROW(fields[i].name,
			    fields[i].initial != NULL ||
			    (fields[i].flags & MAILDB_FIELD_NULLABLE));
			LIB_ASSERT_ROW(fields[i].name,
			    maildb_field_parse(&fields[i], fields[i].initial,
			    &isnull, &number, &why) == 0);
		}
	}
}

CU_TestInfo lib_setting[] = {
	{ "values", test_values },
	{ "admin", test_admin },
	{ "smtputf8", test_smtputf8 },
	{ "list", test_list },
	{ "reading fields", test_parse },
	{ "tables of fields", test_tables },
	CU_TEST_INFO_NULL,
};
