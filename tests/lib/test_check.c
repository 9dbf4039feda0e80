/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * test_check.c - each finding is provoked, and nothing else is found
 */
#include <fcntl.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "state/state.h"
#include "lib.h"

/* A database that leaves nothing to be desired.  The hash is any good one. */
static const char sound[] =
    "INSERT INTO domain (name) VALUES ('example.org');"
    "INSERT INTO setting (name, value) VALUES ('admin', 'ann@example.org');"
    "INSERT INTO address (domain, localpart) VALUES ('*', 'postmaster'), "
    "('*', 'abuse'), ('example.org', 'ann'), ('example.org', 'bob'), "
    "('example.org', 'team');"
    "INSERT INTO mailbox (address_id, password, quota) SELECT id, "
    "'{SHA512-CRYPT}$6$saltsalt$hRM5XZ86KXEw9UOmjigeVqFgULtFB2sgpC9lXQDfMib3"
    "Zgw7mEiUvBJI2EplzfAqxL5Vvwp2scFtv/uamSo5z0', 1048576 FROM address "
    "WHERE domain = 'example.org' AND localpart IN ('ann', 'bob');"
    "INSERT INTO target (address_id, dest) SELECT id, 'ann@example.org' "
    "FROM address WHERE localpart IN ('postmaster', 'abuse', 'team');";

/* SQL that gives an address of example.org, new or not, a target. */
#define ADDRESS(local) \
	"INSERT INTO address (domain, localpart) VALUES ('example.org', '" \
	local "');"
#define TARGET(local, dest) \
	"INSERT INTO target (address_id, dest) SELECT id, '" dest "' " \
	"FROM address WHERE domain = 'example.org' AND localpart = '" local "';"

/* What is done to it, and what is found: "severity code object\n" each. */
static const struct {
	const char *name, *sql, *wanted;
	bool only_sqlite;
} rows[] = {
	{ "nothing", "SELECT 1", "", false },
	{ "a loop", ADDRESS("x") ADDRESS("y") TARGET("x", "y@example.org")
	    TARGET("y", "x@example.org"),
	    "error loop x@example.org\n", false },
	{ "a dead end", TARGET("team", "nobody@example.org"),
	    "error dead_end team@example.org\n", false },
	{ "two dead ends of one, and what leads there",
	    TARGET("team", "nobody@example.org")
	    TARGET("team", "noone@example.org") ADDRESS("x")
	    TARGET("x", "team@example.org"),
	    "error dead_end team@example.org\n"
	    "error dead_end team@example.org\n", false },
	{ "too many targets",
	    "INSERT INTO setting (name, value) VALUES ('expansion_limit', '2');"
	    TARGET("team", "a@other.example") TARGET("team", "b@other.example"),
	    "error too_many_targets team@example.org\n", false },
	{ "too long a chain",
	    "INSERT INTO setting (name, value) VALUES ('recursion_limit', '3');"
	    ADDRESS("x") TARGET("x", "team@example.org"),
	    "error too_many_targets x@example.org\n", false },
	{ "a target that is off", TARGET("team", "bob@example.org")
	    "UPDATE address SET enabled = 0 WHERE localpart = 'bob'",
	    "note target_off team@example.org\n", false },
	{ "all targets off", ADDRESS("x") TARGET("x", "bob@example.org")
	    "UPDATE address SET receive = 0 WHERE localpart = 'bob'",
	    "warning dead_alias x@example.org\n"
	    "note target_off x@example.org\n", false },
	{ "an alias that is off itself", ADDRESS("x")
	    "UPDATE address SET enabled = 0 WHERE localpart = 'x'", "", false },
	{ "an alias without targets", ADDRESS("x"),
	    "warning dead_alias x@example.org\n", false },
	{ "an alias that has expired", ADDRESS("x")
	    "UPDATE address SET valid_until = 1 WHERE localpart = 'x'", "",
	    false },
	{ "a catch-all to the outside", ADDRESS("")
	    TARGET("", "me@other.example"),
	    "warning catchall_outside @example.org\n", false },
	{ "a catch-all to a domain of ours", ADDRESS("")
	    TARGET("", "team+x@example.org"), "", false },
	{ "no postmaster",
	    "DELETE FROM address WHERE localpart = 'postmaster'",
	    "warning missing_role postmaster@example.org\n", false },
	{ "no abuse, but an own one",
	    "DELETE FROM address WHERE localpart = 'abuse';" ADDRESS("abuse")
	    TARGET("abuse", "ann@example.org"), "", false },
	{ "no admin", "DELETE FROM setting WHERE name = 'admin'",
	    "note no_admin admin\n", false },
	{ "a weak hash", "UPDATE mailbox SET password = "
	    "'{MD5-CRYPT}$1$saltsalt$vgH4geits1dO97n9gC6X10' WHERE address_id "
	    "= (SELECT id FROM address WHERE localpart = 'bob')",
	    "warning bad_hash bob@example.org\n", false },
	{ "a cut-off hash", "UPDATE mailbox SET password = "
	    "substr(password, 1, 90) WHERE address_id "
	    "= (SELECT id FROM address WHERE localpart = 'bob')",
	    "warning bad_hash bob@example.org\n", false },
	{ "a scheme of somebody else", "UPDATE mailbox SET password = "
	    "'{OTHER}x' WHERE address_id "
	    "= (SELECT id FROM address WHERE localpart = 'bob')", "", false },
	{ "no password", "UPDATE mailbox SET password = NULL WHERE address_id "
	    "= (SELECT id FROM address WHERE localpart = 'bob')",
	    "note no_password bob@example.org\n", false },
	{ "Latin and Cyrillic", "INSERT INTO domain (name, uname) VALUES "
	    "('xn--pypal-4ve.example', 'p\xd0\xb0ypal.example')",
	    "warning mixed_script xn--pypal-4ve.example\n", false },
	{ "Cyrillic, and Latin in another label",
	    "INSERT INTO domain (name, uname) VALUES ('xn--e1afmkfd.example', "
	    "'\xd0\xbf\xd1\x80\xd0\xb8\xd0\xbc\xd0\xb5\xd1\x80.example')", "",
	    false },
	{ "Latin beyond ASCII", "INSERT INTO domain (name, uname) VALUES "
	    "('xn--mnchen-3ya.example', 'm\xc3\xbcnchen.example')", "", false },
	{ "quotas above the limit", "UPDATE domain SET max_quota = 2097151 "
	    "WHERE name = 'example.org'",
	    "warning over_limit example.org\n", false },
	{ "quotas at the limit", "UPDATE domain SET max_quota = 2097152 "
	    "WHERE name = 'example.org'", "", false },
	{ "no quota below a limit", "UPDATE domain SET max_quota = 1099511627776 "
	    "WHERE name = 'example.org'; UPDATE mailbox SET quota = NULL",
	    "warning over_limit example.org\n", false },
	{ "quotas without end", "UPDATE domain SET max_quota = 1 "
	    "WHERE name = 'example.org';"
	    "UPDATE mailbox SET quota = 9223372036854775807",
	    "warning over_limit example.org\n", false },
	{ "too many users", "UPDATE domain SET max_users = 1 "
	    "WHERE name = 'example.org'",
	    "warning over_limit example.org\n", false },
	{ "users and aliases at the limit", "UPDATE domain SET max_users = 2, "
	    "max_aliases = 1 WHERE name = 'example.org'", "", false },
	{ "too many aliases", ADDRESS("x") TARGET("x", "bob@example.org")
	    "UPDATE domain SET max_aliases = 1 WHERE name = 'example.org'",
	    "warning over_limit example.org\n", false },
	{ "one home for two", "UPDATE mailbox SET home = 'shared'",
	    "error shared_home ann@example.org and bob@example.org\n", false },
	{ "a home that is another's id", "UPDATE mailbox SET home = (SELECT "
	    "CAST(id AS TEXT) FROM address WHERE localpart = 'ann') WHERE "
	    "address_id = (SELECT id FROM address WHERE localpart = 'bob')",
	    "error shared_home ann@example.org and bob@example.org\n", false },
	{ "a mailbox not marked", "UPDATE address SET final = 0 "
	    "WHERE localpart = 'bob'",
	    "error inconsistent bob@example.org\n"
	    "warning dead_alias bob@example.org\n", false },
	{ "no mailbox, but marked", "UPDATE address SET final = 1 "
	    "WHERE localpart = 'team'",
	    "error inconsistent team@example.org\n", false },
	{ "a recipient of a relay domain", "INSERT INTO domain (name, class) "
	    "VALUES ('relay.example', 'relay'); INSERT INTO address "
	    "(domain, localpart, final) VALUES ('relay.example', 'x', 1)", "",
	    false },
	{ "a link that is missing", "UPDATE target SET dest_id = NULL "
	    "WHERE address_id IN (SELECT id FROM address "
	    "WHERE localpart = 'team')",
	    "error inconsistent team@example.org\n", false },
	{ "a link to another", "UPDATE target SET dest_id = (SELECT id "
	    "FROM address WHERE localpart = 'bob') WHERE address_id IN "
	    "(SELECT id FROM address WHERE localpart = 'team')",
	    "error inconsistent team@example.org\n", false },
	{ "a spelling that is missing", "DELETE FROM domain_name "
	    "WHERE name = 'example.org'",
	    "error inconsistent example.org\n", false },
	{ "a spelling too many", "INSERT INTO domain_name (name, domain) "
	    "VALUES ('stray.example', 'example.org')",
	    "error inconsistent example.org\n", false },
	{ "a domain that is none", "INSERT INTO domain (name) "
	    "VALUES ('a.example.1')",
	    "error bad_address a.example.1\n", false },
	{ "an A-label without its U-label", "INSERT INTO domain (name) "
	    "VALUES ('xn--mnchen-3ya.example')",
	    "error bad_address xn--mnchen-3ya.example\n", false },
	{ "a target that is no address", TARGET("team", "a@other.1"),
	    "error bad_address team@example.org\n", false },
	{ "a target elsewhere in capitals", TARGET("team", "A@other.example"),
	    "", false },
	{ "a target in capitals", TARGET("team", "Bob@example.org"),
	    "error bad_address team@example.org\n", false },
	{ "a reference to nothing", "PRAGMA foreign_keys = OFF;"
	    "DELETE FROM address WHERE localpart = 'bob';"
	    "PRAGMA foreign_keys = ON",
	    "error inconsistent mailbox 4\n", true },
	{ "a loop that grows", ADDRESS("x") TARGET("x", "x+y@example.org"),
	    "error loop x@example.org\n", false },
	{ "a loop of many ways", ADDRESS("x") ADDRESS("y")
	    TARGET("x", "y+a@example.org") TARGET("x", "y+b@example.org")
	    TARGET("y", "x+c@example.org") TARGET("y", "x+d@example.org"),
	    "error loop x@example.org\n", false },
	{ "a loop of senders' extensions", ADDRESS("x") ADDRESS("x+y")
	    TARGET("x", "x+y@example.org") TARGET("x+y", "ann@example.org"),
	    "error loop x+*@example.org\n", false },
	{ "a spelling that Postfix folds", "INSERT INTO domain (name, uname) "
	    "VALUES ('xn--strae-oqa.example', 'straße.example')",
	    "warning spelling_not_found xn--strae-oqa.example\n", false },
	{ "settings past the CHECKs", "PRAGMA ignore_check_constraints = 1;"
	    "UPDATE setting SET value = 'abc' WHERE name = 'quota';"
	    "UPDATE setting SET value = 'x' WHERE name = 'mail_uid';"
	    "UPDATE setting SET value = '0' WHERE name = 'mail_gid';"
	    "DROP TRIGGER setting_stay;"
	    "DELETE FROM setting WHERE name = 'mail_root'",
	    "error bad_setting mail_gid\nerror bad_setting mail_uid\n"
	    "error bad_setting quota\nerror bad_setting mail_root\n", true },
	{ "a delimiter in a user's name",
	    ADDRESS("x.y") "INSERT INTO mailbox (address_id) SELECT id FROM "
	    "address WHERE localpart = 'x.y';"
	    "INSERT INTO setting (name, value) VALUES ('recipient_delimiter', "
	    "'=.');", "error delimiter_in_name x.y@example.org\n"
	    "note no_password x.y@example.org\n", false },
	{ "a trigger of somebody else", "CREATE TRIGGER divert AFTER INSERT ON "
	    "target BEGIN UPDATE target SET dest = 'eve@other.example' "
	    "WHERE id = NEW.id; END", "warning foreign_schema trigger divert\n",
	    true },
	{ "a view that was changed", "DROP VIEW postfix_sender_access; "
	    "CREATE VIEW postfix_sender_access AS SELECT 1 AS x",
	    "warning foreign_schema view postfix_sender_access\n", true },
	{ "a view of somebody else", "CREATE VIEW mine AS SELECT 1", "",
	    true },
};

/* "severity code object\n" of all findings. */
static char *
findings(struct maildb *db)
{
	struct maildb__buf buf = { 0 };
	struct maildb_cursor *cursor = NULL;
	const char *object;
	int rc = maildb_check(db, &cursor);

	while (rc >= 0 && (rc = maildb_cursor_next(cursor)) > 0) {
		object = maildb_cursor_text(cursor, 2);
		maildb__buf_printf(&buf, "%s %s %s\n",
		    maildb_cursor_text(cursor, 0),
		    maildb_cursor_text(cursor, 1), object != NULL ? object :
		    maildb_cursor_text(cursor, 3));
	}
	if (rc < 0)
		maildb__buf_add(&buf, maildb_fault(db)->message);
	maildb_cursor_free(cursor);
	return maildb__buf_take(&buf);
}

static void
assert_findings(struct maildb *db, const char *row, const char *wanted)
{
	char *got = findings(db);

	LIB_ASSERT_TEXT(row, got, wanted);
	free(got);
}

/* A sound database, in files as they should be. */
static struct maildb *
sound_one(void)
{
	mode_t old = umask(027);
	struct maildb *db = lib_open();

	umask(old);
	lib_sql(db, sound);
	return db;
}

static void
test_findings(void)
{
	struct maildb *db;
	size_t i;

	for (i = 0; i < ARRAY_LEN(rows); i++) {
		if (rows[i].only_sqlite && !lib_is_sqlite())
			continue;
		db = sound_one();
		lib_sql(db, rows[i].sql);
		assert_findings(db, rows[i].name, rows[i].wanted);
		lib_close(db);
	}
}

/* The columns, and one row whole. */
static void
test_columns(void)
{
	struct maildb_cursor *cursor = NULL;
	struct maildb *db = sound_one();
	char *got;
	int rc;

	lib_sql(db, rows[2].sql);
	rc = maildb_check(db, &cursor);
	CU_ASSERT_EQUAL(maildb_cursor_width(cursor), 5);
	CU_ASSERT_EQUAL(maildb_cursor_find(cursor, "severity"), 0);
	CU_ASSERT_EQUAL(maildb_cursor_find(cursor, "code"), 1);
	CU_ASSERT_EQUAL(maildb_cursor_find(cursor, "object"), 2);
	CU_ASSERT_EQUAL(maildb_cursor_find(cursor, "message"), 3);
	CU_ASSERT_EQUAL(maildb_cursor_find(cursor, "hint"), 4);
	got = lib_rows(rc, &cursor);
	LIB_ASSERT_TEXT("dead end", got, "error|dead_end|team@example.org|"
	    "a target leads nowhere: team@example.org -> nobody@example.org|\n");
	free(got);
	lib_sql(db, "DELETE FROM target WHERE dest LIKE 'nobody%';"
	    "UPDATE domain SET max_quota = 1536 WHERE name = 'example.org'");
	rc = maildb_check(db, &cursor);
	got = lib_rows(rc, &cursor);
	LIB_ASSERT_TEXT("quota", got, "warning|over_limit|example.org|the "
	    "users' quotas add up to 2.0M, more than its limit|"
	    "see: mailcfg lsquota example.org\n");
	free(got);
	lib_close(db);
}

static void
test_hash_is_no_secret_lost(void)
{
	struct maildb_cursor *cursor = NULL;
	struct maildb *db = sound_one();
	char *got;
	int rc;

	lib_sql(db, "UPDATE mailbox SET password = '{PLAIN}hunter2'");
	rc = maildb_check(db, &cursor);
	got = lib_rows(rc, &cursor);
	CU_ASSERT_PTR_NOT_NULL(strstr(got, "clear text"));
	CU_ASSERT_PTR_NULL(strstr(got, "hunter2"));
	free(got);
	lib_close(db);
}

/* Many findings of one kind are counted, not listed. */
static void
test_many(void)
{
	struct maildb *db = sound_one();
	char *got;

	lib_sql(db, "INSERT INTO address (domain, localpart) WITH RECURSIVE "
	    "n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 1003) "
	    "SELECT 'example.org', 'x' || i FROM n");
	got = findings(db);
	CU_ASSERT_PTR_NOT_NULL(strstr(got, "warning dead_alias and 3 more\n"));
	CU_ASSERT_PTR_NULL(strstr(got, "x1003@"));
	free(got);
	lib_close(db);
}

/* A chain that would go on for longer than any stack is. */
static void
test_deep(void)
{
	struct maildb *db = sound_one();
	char *got;

	lib_sql(db, "INSERT INTO address (domain, localpart) WITH RECURSIVE "
	    "n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 20000) "
	    "SELECT 'example.org', 'x' || i FROM n;"
	    "INSERT INTO target (address_id, dest) SELECT id, 'x' || "
	    "(CAST(substr(localpart, 2) AS INTEGER) + 1) || '@example.org' "
	    "FROM address WHERE localpart LIKE 'x%';"
	    "INSERT INTO setting (name, value) "
	    "VALUES ('recursion_limit', '100000')");
	got = findings(db);
	CU_ASSERT_PTR_NOT_NULL(strstr(got, "error too_many_targets x2001@"));
	CU_ASSERT_PTR_NOT_NULL(strstr(got, "error dead_end x20000@"));
	free(got);
	lib_close(db);
}

/* ---- files: SQLite only ------------------------------------------------------- */

/* The database's file, or one that begins with its name. */
static const char *
file(const char *end)
{
	static char path[300];

	snprintf(path, sizeof(path), "%s%s", lib_url() + strlen("sqlite:"),
	    end);
	return path;
}

static void
test_files(void)
{
	struct maildb *db;
	char wanted[400], dir[300];

	if (!lib_is_sqlite())
		return;
	db = sound_one();
	chmod(file(""), 0644);
	snprintf(wanted, sizeof(wanted), "warning open_file %s\n", file(""));
	assert_findings(db, "open to all", wanted);
	chmod(file(""), 0600);
	snprintf(wanted, sizeof(wanted), "warning closed_file %s\n", file(""));
	assert_findings(db, "closed to the group", wanted);
	chmod(file(""), 0640);
	chmod(file("-shm"), 0600);
	snprintf(wanted, sizeof(wanted), "warning closed_file %s\n",
	    file("-shm"));
	assert_findings(db, "-shm closed to the group", wanted);
	chmod(file("-shm"), 0640);
	snprintf(dir, sizeof(dir), "%s", file(""));
	*(strrchr(dir, '/') + 1) = '\0';
	chmod(dir, 0770);
	snprintf(wanted, sizeof(wanted), "warning open_directory %s\n", dir);
	assert_findings(db, "directory open to the group", wanted);
	chmod(dir, 0700);
	assert_findings(db, "as it should be", "");
	lib_close(db);
}

static void
test_journal_mode(void)
{
	struct maildb *db;
	char wanted[400];

	if (!lib_is_sqlite())
		return;
	db = sound_one();
	lib_sql(db, "PRAGMA journal_mode = DELETE");
	assert_findings(db, "not in WAL mode", "error no_wal database\n");
	lib_sql(db, "PRAGMA journal_mode = WAL");
	unlink(file("-shm"));
	snprintf(wanted, sizeof(wanted), "error missing_wal %s\n",
	    file("-shm"));
	assert_findings(db, "somebody removed -shm", wanted);
	lib_close(db);
}

/* Octets of the file that are no page of a tree any more. */
static void
test_damage(void)
{
	struct maildb *db;
	char page[4096], *got;
	sqlite3 *other;
	int fd;

	if (!lib_is_sqlite())
		return;
	db = sound_one();
	lib_sql(db, "INSERT INTO setting (name, value) WITH RECURSIVE n(i) AS "
	    "(SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 500) "
	    "SELECT 'x' || i, 'y' FROM n");
	/* By another connection: ours does so by itself and not when told. */
	CU_ASSERT_EQUAL(sqlite3_open(file(""), &other), SQLITE_OK);
	CU_ASSERT_EQUAL(sqlite3_exec(other,
	    "PRAGMA wal_checkpoint(TRUNCATE)", NULL, NULL, NULL), SQLITE_OK);
	sqlite3_close(other);
	memset(page, 0x5a, sizeof(page));
	fd = open(file(""), O_WRONLY);
	CU_ASSERT_FATAL(fd >= 0);
	CU_ASSERT_EQUAL(pwrite(fd, page, sizeof(page),
	    lseek(fd, 0, SEEK_END) - (off_t)sizeof(page)),
	    (ssize_t)sizeof(page));
	close(fd);
	maildb_free(db);
	db = maildb_new();
	CU_ASSERT_EQUAL_FATAL(maildb_open(db, lib_url(), 0), 0);
	got = findings(db);
	CU_ASSERT_PTR_EQUAL(strstr(got, "error damaged database\n"), got);
	CU_ASSERT_PTR_NULL(strstr(got, "inconsistent"));
	free(got);
	lib_close(db);
}

static void
test_schema(void)
{
	char wanted[400];
	struct maildb *db;

	if (!lib_is_sqlite())
		return;
	db = sound_one();
	lib_sql(db, "PRAGMA user_version = 99");
	maildb_free(db);
	db = maildb_new();
	CU_ASSERT_EQUAL(maildb_open(db, lib_url(), 0), MAILDB_ESCHEMA);
	CU_ASSERT_EQUAL_FATAL(maildb_open(db, lib_url(), MAILDB_ANYSCHEMA), 0);
	snprintf(wanted, sizeof(wanted), "error db_schema %s\n", lib_url());
	assert_findings(db, "another schema", wanted);
	lib_close(db);
}

static void
test_misuse(void)
{
	struct maildb_cursor *cursor, *other;
	struct maildb *db = maildb_new();

	CU_ASSERT_EQUAL(maildb_check(db, &cursor), MAILDB_EMISUSE);
	CU_ASSERT_PTR_NULL(cursor);
	maildb_free(db);
	db = sound_one();
	CU_ASSERT_EQUAL(maildb_domain_list(db, NULL, &cursor), 0);
	CU_ASSERT_EQUAL(maildb_check(db, &other), MAILDB_EMISUSE);
	maildb_cursor_free(cursor);
	/* Nor does it wait for the commit of what is open. */
	maildb_begin(db);
	maildb_defer(db);
	maildb_alias_add(db, "x@example.org", "nobody@example.org", -1, 0);
	assert_findings(db, "in a transaction",
	    "error dead_end x@example.org\n");
	maildb_rollback(db);
	assert_findings(db, "after it", "");
	lib_close(db);
}

CU_TestInfo lib_check[] = {
	{ "findings", test_findings },
	{ "columns", test_columns },
	{ "passwords are not shown", test_hash_is_no_secret_lost },
	{ "many findings", test_many },
	{ "a deep chain", test_deep },
	{ "files", test_files },
	{ "journal mode", test_journal_mode },
	{ "damage", test_damage },
	{ "schema", test_schema },
	{ "misuse", test_misuse },
	CU_TEST_INFO_NULL,
};
