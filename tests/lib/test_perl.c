/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * test_perl.c - databases of the first mailcfg, converted in place
 *
 * They are made from tests/perl/script.sql, and looked at beside the library
 * by connections such as Postfix and Dovecot have.
 */
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "state/state.h"
#include "lib.h"

static char dir[] = "/tmp/maildb-perl.XXXXXX";
static char path[64], backup[64];
static struct maildb__buf notices;

/* ---- the old file ----------------------------------------------------------- */

static sqlite3 *
old_open(const char *file, int how)
{
	sqlite3 *db = NULL;

	if (sqlite3_open_v2(file, &db, how, NULL) != SQLITE_OK) {
		fprintf(stderr, "%s: %s\n", file, sqlite3_errmsg(db));
		exit(EXIT_FAILURE);
	}
	return db;
}

static void
old_run(sqlite3 *db, const char *sql)
{
	char *message = NULL;

	if (sqlite3_exec(db, sql, NULL, NULL, &message) != SQLITE_OK) {
		fprintf(stderr, "%s: %s\n", sql, message);
		exit(EXIT_FAILURE);
	}
}

/* Runs SQL on the file as the script would. */
static void
edit(const char *sql)
{
	sqlite3 *db = old_open(path, SQLITE_OPEN_READWRITE |
	    SQLITE_OPEN_CREATE);

	old_run(db, sql);
	sqlite3_close(db);
}

static char *
read_file(const char *name, size_t *len)
{
	FILE *file = fopen(name, "r");
	char *text = NULL;

	if (file == NULL || fseek(file, 0, SEEK_END) != 0)
		return NULL;
	*len = (size_t)ftell(file);
	rewind(file);
	text = calloc(1, *len + 1);
	if (text != NULL && fread(text, 1, *len, file) != *len)
		*len = 0;
	fclose(file);
	return text;
}

/* Removes a database and what stands beside it. */
static void
remove_file(const char *file)
{
	static const char *const ends[] = { "", "-wal", "-shm", "-journal",
	    "-boot" };
	char name[100];

	for (size_t i = 0; i < ARRAY_LEN(ends); i++) {
		snprintf(name, sizeof(name), "%s%s", file, ends[i]);
		unlink(name);
	}
}

/* Makes the file anew, with changes to it. */
static void
make(const char *changes)
{
	const char *top = getenv("top_srcdir");
	char name[1024], *sql;
	size_t len;

	if (path[0] == '\0' && mkdtemp(dir) == NULL)
		exit(EXIT_FAILURE);
	snprintf(path, sizeof(path), "%s/mail.db", dir);
	snprintf(backup, sizeof(backup), "%s/mail.db.perl", dir);
	remove_file(path);
	remove_file(backup);
	snprintf(name, sizeof(name), "%s/tests/perl/script.sql",
	    top != NULL ? top : ".");
	if ((sql = read_file(name, &len)) == NULL) {
		fprintf(stderr, "%s cannot be read\n", name);
		exit(EXIT_FAILURE);
	}
	edit(sql);
	free(sql);
	edit(changes);
}

static void
clean(void)
{
	remove_file(path);
	remove_file(backup);
	CU_ASSERT_EQUAL(rmdir(dir), 0);
	path[0] = '\0';
	strcpy(strrchr(dir, '.'), ".XXXXXX");
}

/* The first column of a query on the file, a line each. */
static char *
ask(sqlite3 *db, const char *sql)
{
	struct maildb__buf buf = { 0 };
	sqlite3_stmt *stmt;
	int rc;

	if (sqlite3_prepare_v2(db, sql, -1, &stmt, NULL) != SQLITE_OK)
		return strdup(sqlite3_errmsg(db));
	while ((rc = sqlite3_step(stmt)) == SQLITE_ROW)
		maildb__buf_printf(&buf, "%s\n",
		    (const char *)sqlite3_column_text(stmt, 0));
	if (rc != SQLITE_DONE)
		maildb__buf_add(&buf, sqlite3_errmsg(db));
	sqlite3_finalize(stmt);
	return maildb__buf_take(&buf);
}

#define ASK(row, db, sql, wanted) do { \
	char *got = ask((db), (sql)); \
	LIB_ASSERT_TEXT((row), got, (wanted)); \
	free(got); \
} while (0)

/* ---- converting --------------------------------------------------------------- */

static void
keep_notice(void *arg, const char *code, const char *message, const char *hint)
{
	(void)arg;
	maildb__buf_printf(&notices, "%s|%s|%s\n", code, message,
	    hint != NULL ? hint : "");
}

static struct maildb *
converter(void)
{
	struct maildb *db = maildb_new();

	maildb__buf_free(&notices);
	maildb__buf_add(&notices, "");
	maildb_set_actor(db, "pat", "tests");
	maildb_on_notice(db, keep_notice, NULL);
	return db;
}

/* Opens what was converted. */
static struct maildb *
converted(void)
{
	struct maildb *db = maildb_new();

	CU_ASSERT_EQUAL_FATAL(maildb_open(db, path, 0), 0);
	return db;
}

static void
test_rows(void)
{
	struct maildb *db;
	sqlite3 *old;

	make("");
	db = converter();
	CU_ASSERT_EQUAL(maildb_upgrade_perl(db, path, backup), 1);
	CU_ASSERT_PTR_NULL(maildb_backend(db));
	maildb_free(db);

	old = old_open(path, SQLITE_OPEN_READONLY);
	ASK("domains", old, "SELECT id || ' ' || name || ' ' || class "
	    "FROM domain ORDER BY id",
	    "0 * wildcard\n1 example.org mailbox\n3 second.example mailbox\n");
	ASK("users", old, "SELECT a.id || ' ' || a.localpart || '@' || a.domain "
	    "|| ' ' || a.enabled || ' ' || m.home || ' ' || "
	    "coalesce(substr(m.password, 1, instr(m.password, '}') + 3), '-') "
	    "FROM address a JOIN mailbox m ON m.address_id = a.id ORDER BY a.id",
	    "1 alice@example.org 1 example.org/alice {SHA512-CRYPT}$6$\n"
	    "2 bob@example.org 1 example.org/bob {SHA512-CRYPT}$6$\n"
	    "5 relay@example.org 1 example.org/relay {SHA512-CRYPT}$6$\n"
	    "6 carol@second.example 1 second.example/carol -\n"
	    "7 dave@second.example 0 second.example/dave {CRYPT}$1$\n");
	ASK("aliases", old, "SELECT t.id || ' ' || a.localpart || '@' || "
	    "a.domain || ' ' || t.dest || ' ' || t.may_send "
	    "FROM target t JOIN address a ON a.id = t.address_id ORDER BY t.id",
	    "1 postmaster@example.org alice@example.org 1\n"
	    "2 info@example.org bob@example.org 1\n"
	    "4 info@example.org Sales/EU@partner.example 1\n"
	    "5 gone@example.org nobody@example.org 1\n"
	    "6 @example.org alice@example.org 0\n"
	    "7 dave@second.example dave@elsewhere.example 1\n"
	    "8 team@second.example carol@second.example 1\n"
	    "9 carol@second.example carol@second.example 1\n"
	    "10 carol@second.example carol@phone.example 1\n"
	    "11 round@second.example about@second.example 1\n"
	    "12 about@second.example round@second.example 1\n"
	    "14 old@second.example left@second.example 1\n"
	    "15 team@second.example bob@example.org 1\n");
	ASK("new ids are above all that were ever given", old,
	    "SELECT min(id) > 12 FROM address WHERE final = 0", "1\n");
	ASK("links", old, "SELECT count(*) FROM target t JOIN address a "
	    "ON a.id = t.dest_id WHERE a.localpart || '@' || a.domain = t.dest",
	    "8\n");
	ASK("journal", old, "SELECT DISTINCT who || ' ' || via || ' ' || op "
	    "FROM journal WHERE object IN ('user', 'target')",
	    "pat tests add\n");
	ASK("integrity", old, "PRAGMA integrity_check", "ok\n");
	ASK("WAL", old, "PRAGMA journal_mode", "wal\n");
	sqlite3_close(old);

	db = converted();
	CU_ASSERT_EQUAL(maildb_user_verify(db, "alice@example.org",
	    "correct horse"), 1);
	CU_ASSERT_EQUAL(maildb_user_verify(db, "bob@example.org",
	    "battery staple"), 1);
	CU_ASSERT_EQUAL(maildb_user_verify(db, "carol@second.example", ""), 0);
	maildb_free(db);
	clean();
}

static void
test_notices(void)
{
	struct maildb *db;

	make("");
	db = converter();
	CU_ASSERT_EQUAL(maildb_upgrade_perl(db, path, NULL), 1);
	LIB_ASSERT_TEXT("notices", notices.text,
	    "empty_row|domains, id 4: the row is empty and left out|\n"
	    "weak_hash|user dave@second.example keeps a weak password hash, "
	    "{CRYPT} MD5|give the user a new password\n"
	    "empty_row|users, id 8: the row is empty and left out|\n"
	    "empty_row|aliases, id 13: the row is empty and left out|\n"
	    "twice|aliases, id 3: info@example.org leads to bob@example.org "
	    "already; left out|\n"
	    "forward_off|user dave@second.example is disabled, and now that "
	    "stops forwarding to dave@elsewhere.example|\n"
	    "loop|mail would go round in a circle: round@second.example -> "
	    "about@second.example -> round@second.example|\n"
	    "dead_end|a target leads nowhere: old@second.example -> "
	    "left@second.example|\n"
	    "home|5 users keep their homes, DOMAIN/NAME below mail_root; say "
	    "where that is|mailcfg set mail_root DIRECTORY\n");
	maildb_free(db);
	clean();
}

static void
test_old_queries(void)
{
	static const struct {
		const char *query, *key, *before, *after;
	} rows[] = {
		{ "SELECT name FROM domains WHERE name = ?", "example.org",
		    "example.org", "example.org" },
		{ "SELECT name FROM domains WHERE name = ?", "second.example",
		    NULL, "second.example" },
		{ "SELECT email FROM users WHERE email = ? AND active = 1",
		    "alice@example.org", "alice@example.org",
		    "alice@example.org" },
		{ "SELECT email FROM users WHERE email = ? AND active = 1",
		    "bob@example.org", NULL, "bob@example.org" },
		{ "SELECT email FROM users WHERE email = ? AND active = 1",
		    "dave@second.example", NULL, NULL },
		{ "SELECT dst FROM aliases WHERE src = ?",
		    "postmaster@example.org", "alice@example.org",
		    "alice@example.org" },
		{ "SELECT dst FROM aliases WHERE src = ?", "@example.org",
		    "alice@example.org", "alice@example.org" },
		{ "SELECT dst FROM aliases WHERE src = ?", "nobody@example.org",
		    NULL, NULL },
	};
	sqlite3_stmt *stmts[ARRAY_LEN(rows)];
	sqlite3 *reader;
	struct maildb *db;
	const char *wanted, *got;
	size_t i, round;

	make("");
	/* Open and prepared before, and kept: a daemon knows of nothing. */
	reader = old_open(path, SQLITE_OPEN_READONLY);
	for (i = 0; i < ARRAY_LEN(rows); i++) {
		CU_ASSERT_EQUAL_FATAL(sqlite3_prepare_v2(reader, rows[i].query,
		    -1, &stmts[i], NULL), SQLITE_OK);
		sqlite3_bind_text(stmts[i], 1, rows[i].key, -1, SQLITE_STATIC);
	}
	for (round = 0; round < 2; round++) {
		if (round == 1) {
			db = converter();
			CU_ASSERT_EQUAL(maildb_upgrade_perl(db, path, NULL), 1);
			maildb_free(db);
		}
		for (i = 0; i < ARRAY_LEN(rows); i++) {
			wanted = round == 0 ? rows[i].before : rows[i].after;
			LIB_ASSERT_ROW(rows[i].key, sqlite3_step(stmts[i]) ==
			    (wanted != NULL ? SQLITE_ROW : SQLITE_DONE));
			got = (const char *)sqlite3_column_text(stmts[i], 0);
			if (wanted != NULL)
				LIB_ASSERT_TEXT(rows[i].key, got, wanted);
			sqlite3_reset(stmts[i]);
		}
	}
	for (i = 0; i < ARRAY_LEN(rows); i++)
		sqlite3_finalize(stmts[i]);
	sqlite3_close(reader);
	clean();
}

/* A reader in the middle of its transaction goes on seeing the old tables. */
static void
test_busy_reader(void)
{
	struct maildb *db;
	sqlite3 *reader;

	make("PRAGMA journal_mode = WAL");
	reader = old_open(path, SQLITE_OPEN_READWRITE);
	old_run(reader, "BEGIN");
	ASK("before", reader, "SELECT count(*) FROM users", "6\n");
	db = converter();
	CU_ASSERT_EQUAL(maildb_upgrade_perl(db, path, NULL), 1);
	maildb_free(db);
	ASK("still", reader, "SELECT count(*) FROM users", "6\n");
	old_run(reader, "COMMIT");
	ASK("after", reader, "SELECT count(*) FROM users", "5\n");
	sqlite3_close(reader);
	clean();
}

static void
test_backup(void)
{
	struct maildb *db;
	struct stat st;
	sqlite3 *old;

	make("");
	db = converter();
	CU_ASSERT_EQUAL(maildb_upgrade_perl(db, path, backup), 1);
	CU_ASSERT_EQUAL(stat(backup, &st), 0);
	CU_ASSERT_EQUAL(st.st_mode & 0777, 0600);
	old = old_open(backup, SQLITE_OPEN_READONLY);
	ASK("users", old, "SELECT count(*) || ' ' || sum(id) FROM users", "6 29\n");
	ASK("tables", old, "SELECT count(*) FROM sqlite_schema "
	    "WHERE type = 'table' AND name NOT LIKE 'sqlite%'", "3\n");
	sqlite3_close(old);
	/* It is what one can begin again from. */
	CU_ASSERT_EQUAL(maildb_upgrade_perl(db, backup, NULL), 1);
	maildb_free(db);
	clean();
}

/* What stands in the way: the change that provokes it, the fault, and the
 * notice that names the row. */
static void
test_refused(void)
{
	static const struct {
		const char *change;
		int code;
		const char *notice;
	} rows[] = {
		{ "INSERT INTO users VALUES (20, 1, '', 'bob', 1)",
		    MAILDB_EREFUSED,
		    "users, id 20: \"bob\" is no address: it has no @" },
		{ "INSERT INTO users VALUES (20, 1, '', 'a+b@example.org', 1)",
		    MAILDB_EREFUSED, "users, id 20: \"a+b@example.org\" has "
		    "characters that a user cannot have" },
		{ "INSERT INTO users VALUES (20, 1, '', '@example.org', 1)",
		    MAILDB_EREFUSED, "users, id 20: \"@example.org\" is no" },
		{ "INSERT INTO users VALUES (20, 1, '', 'ALICE@example.org', 1)",
		    MAILDB_EREFUSED,
		    "users, id 20: alice@example.org is there already, with id 1" },
		{ "INSERT INTO users VALUES (20, 9, '', 'a@third.example', 1)",
		    MAILDB_EREFUSED, "users, id 20: the domain of "
		    "\"a@third.example\" is not in the table domains" },
		{ "UPDATE users SET password = 'secret' WHERE id = 2",
		    MAILDB_EREFUSED,
		    "users, id 2: the password hash of bob@example.org" },
		{ "UPDATE users SET password = '!' WHERE id = 2",
		    MAILDB_EREFUSED,
		    "\"UPDATE users SET password = NULL WHERE id = 2\"" },
		{ "INSERT INTO domains VALUES (20, 'example')",
		    MAILDB_EREFUSED,
		    "domains, id 20: \"example\" is no domain" },
		{ "INSERT INTO domains VALUES (20, 'EXAMPLE.org')",
		    MAILDB_EREFUSED,
		    "domains, id 20: example.org is there already, with id 1" },
		{ "INSERT INTO aliases VALUES (20, 1, 'x@example.org', '|cat')",
		    MAILDB_EREFUSED, "aliases, id 20: \"|cat\", a target of "
		    "x@example.org, is no address" },
		{ "INSERT INTO aliases VALUES "
		    "(20, 1, 'x/y@example.org', 'alice@example.org')",
		    MAILDB_EREFUSED,
		    "\"DELETE FROM aliases WHERE id = 20\"" },
		{ "INSERT INTO aliases VALUES "
		    "(20, 1, 'me@elsewhere.example', 'alice@example.org')",
		    MAILDB_EREFUSED, "aliases, id 20: the domain of" },
		{ "CREATE VIEW v AS SELECT 1", MAILDB_EREFUSED, NULL },
		{ "CREATE TABLE setting (x)", MAILDB_EDB, NULL },
		{ "DROP TABLE aliases", MAILDB_EFORMAT, NULL },
		{ "ALTER TABLE users RENAME COLUMN active TO state",
		    MAILDB_EFORMAT, NULL },
		{ "PRAGMA application_id = 5", MAILDB_EFORMAT, NULL },
	};
	char *before, *after;
	size_t i, nbefore, nafter;
	struct maildb *db;
	sqlite3 *old;

	for (i = 0; i < ARRAY_LEN(rows); i++) {
		make(rows[i].change);
		before = read_file(path, &nbefore);
		db = converter();
		LIB_ASSERT_ROW(rows[i].change,
		    maildb_upgrade_perl(db, path, NULL) == rows[i].code);
		LIB_ASSERT_ROW(rows[i].change,
		    maildb_fault(db)->code == rows[i].code);
		LIB_ASSERT_ROW(rows[i].change, rows[i].notice == NULL ||
		    strstr(notices.text, rows[i].notice) != NULL);
		maildb_free(db);
		after = read_file(path, &nafter);
		/* What fails in the transaction fails in WAL mode already,
		 * which is two octets of the header, and counters. */
		LIB_ASSERT_ROW(rows[i].change, nbefore == nafter &&
		    memcmp(before + 100, after + 100, nbefore - 100) == 0);
		if (rows[i].code != MAILDB_EDB)
			LIB_ASSERT_ROW(rows[i].change,
			    memcmp(before, after, 100) == 0);
		free(before);
		free(after);
		old = old_open(path, SQLITE_OPEN_READWRITE);
		ASK(rows[i].change, old, "SELECT count(*) FROM domain",
		    "no such table: domain");
		sqlite3_close(old);
	}
	clean();
}

/* All rows are named at once, each with what would help. */
static void
test_every_problem(void)
{
	struct maildb *db;

	make("INSERT INTO domains VALUES (20, 'a b');"
	    "INSERT INTO users VALUES (21, 1, '', 'x', 1);"
	    "INSERT INTO aliases VALUES (22, 1, 'y', 'z')");
	db = converter();
	CU_ASSERT_EQUAL(maildb_upgrade_perl(db, path, backup), MAILDB_EREFUSED);
	CU_ASSERT_PTR_NOT_NULL(strstr(notices.text, "domains, id 20: "));
	CU_ASSERT_PTR_NOT_NULL(strstr(notices.text, "users, id 21: "));
	CU_ASSERT_PTR_NOT_NULL(strstr(notices.text, "aliases, id 22: "));
	CU_ASSERT_PTR_NOT_NULL(strstr(maildb_fault(db)->message, "3 rows"));
	CU_ASSERT_NOT_EQUAL(access(backup, F_OK), 0);
	/* Deleted as the hints say, they stand in the way no longer. */
	edit("DELETE FROM domains WHERE id = 20;"
	    "DELETE FROM users WHERE id = 21; DELETE FROM aliases WHERE id = 22");
	CU_ASSERT_EQUAL(maildb_upgrade_perl(db, path, backup), 1);
	maildb_free(db);
	clean();
}

static void
test_twice(void)
{
	struct maildb *db;
	struct stat before, after;

	make("");
	db = converter();
	CU_ASSERT_EQUAL(maildb_upgrade_perl(db, path, NULL), 1);
	stat(path, &before);
	CU_ASSERT_EQUAL(maildb_upgrade_perl(db, path, backup), 0);
	stat(path, &after);
	CU_ASSERT_EQUAL(before.st_mtim.tv_nsec, after.st_mtim.tv_nsec);
	CU_ASSERT_NOT_EQUAL(access(backup, F_OK), 0);
	maildb_free(db);
	clean();
}

static void
test_misuse(void)
{
	struct maildb *db;

	make("");
	db = converter();
	CU_ASSERT_EQUAL(maildb_upgrade_perl(db, "/nowhere/at/all.db", NULL),
	    MAILDB_EMISSING);
	/* A backup that would overwrite something is not made. */
	CU_ASSERT_EQUAL(maildb_upgrade_perl(db, path, path), MAILDB_EIO);
	CU_ASSERT_EQUAL(maildb_open(db, path, 0), MAILDB_EFORMAT);
	CU_ASSERT_PTR_NOT_NULL_FATAL(maildb_fault(db)->hint);
	CU_ASSERT_PTR_NOT_NULL(strstr(maildb_fault(db)->hint, "upgrade"));
	CU_ASSERT_EQUAL(maildb_upgrade_perl(db, path, NULL), 1);
	CU_ASSERT_EQUAL(maildb_open(db, path, 0), 0);
	CU_ASSERT_EQUAL(maildb_upgrade_perl(db, path, NULL), MAILDB_EMISUSE);
	maildb_free(db);
	clean();
}

/* What was handed out, a letter a row, and the table that ends it. */
struct handed {
	char rows[64];
	const char *stop;
};

static int
take_row(void *arg, const struct maildb_perl_row *row)
{
	struct handed *handed = arg;
	size_t len = strlen(handed->rows);

	if (len + 1 < sizeof(handed->rows))
		handed->rows[len] = row->table[0];
	return handed->stop != NULL && strcmp(handed->stop, row->table) == 0 ?
	    MAILDB_EREFUSED : 0;
}

static void
test_read(void)
{
	struct handed all = { 0 }, some = { .stop = "users" }, none = { 0 };
	char *before, *after;
	size_t nbefore, nafter;
	struct maildb *db;

	/* A view is in the way of a conversion only. */
	make("CREATE VIEW v AS SELECT 1");
	before = read_file(path, &nbefore);
	db = converter();
	CU_ASSERT_EQUAL(maildb_perl_read(db, path, take_row, &all), 0);
	CU_ASSERT(strspn(all.rows, "d") > 0);
	CU_ASSERT_EQUAL(strspn(all.rows + strspn(all.rows, "d"), "u") +
	    strspn(all.rows, "d"), strcspn(all.rows, "a"));
	CU_ASSERT(strchr(all.rows, 'a') != NULL);
	CU_ASSERT_EQUAL(maildb_perl_read(db, path, take_row, &some),
	    MAILDB_EREFUSED);
	CU_ASSERT_EQUAL(strcspn(some.rows, "u") + 1, strlen(some.rows));
	after = read_file(path, &nafter);
	CU_ASSERT(nbefore == nafter && memcmp(before, after, nbefore) == 0);
	free(before);
	free(after);
	CU_ASSERT_EQUAL(maildb_perl_read(db, "/nowhere/at/all.db", take_row,
	    &none), MAILDB_EMISSING);
	edit("DROP VIEW v");
	CU_ASSERT_EQUAL(maildb_upgrade_perl(db, path, NULL), 1);
	CU_ASSERT_EQUAL(maildb_perl_read(db, path, take_row, &none),
	    MAILDB_EFORMAT);
	CU_ASSERT_EQUAL(maildb_open(db, path, 0), 0);
	CU_ASSERT_EQUAL(maildb_perl_read(db, path, take_row, &none),
	    MAILDB_EMISUSE);
	CU_ASSERT_STRING_EQUAL(none.rows, "");
	maildb_free(db);
	clean();
}

/* The script adds a domain while the rows are read. */
static void
meddle(void *arg, const char *code, const char *message, const char *hint)
{
	(void)arg;
	(void)message;
	(void)hint;
	if (strcmp(code, "weak_hash") == 0)
		edit("INSERT INTO domains VALUES (30, 'late.example')");
}

static void
test_changed_meanwhile(void)
{
	struct maildb *db;

	make("PRAGMA journal_mode = WAL");
	db = converter();
	maildb_on_notice(db, meddle, NULL);
	CU_ASSERT_EQUAL(maildb_upgrade_perl(db, path, NULL), 1);
	maildb_free(db);
	db = converted();
	CU_ASSERT_EQUAL(maildb_domain_remove(db, "late.example", 0), 1);
	maildb_free(db);
	clean();
}

/* A user added later never gets the id, and so the home, of one long gone. */
static void
test_new_ids(void)
{
	struct maildb *db;
	sqlite3 *old;

	make("DELETE FROM aliases; DELETE FROM users; DELETE FROM domains;"
	    "INSERT INTO domains (name) VALUES ('only.example')");
	db = converter();
	CU_ASSERT_EQUAL(maildb_upgrade_perl(db, path, NULL), 1);
	LIB_ASSERT_TEXT("notices", notices.text, "");
	maildb_free(db);
	db = converted();
	CU_ASSERT_EQUAL(maildb_user_add(db, "a@only.example", NULL, NULL, 0, 0),
	    1);
	CU_ASSERT_EQUAL(maildb_alias_add(db, "b@only.example",
	    "a@only.example", -1, 0), 1);
	maildb_free(db);
	old = old_open(path, SQLITE_OPEN_READONLY);
	ASK("domain", old, "SELECT id FROM domains", "5\n");
	ASK("user", old, "SELECT id FROM users", "13\n");
	ASK("alias", old, "SELECT id FROM aliases", "15\n");
	sqlite3_close(old);
	clean();
}

CU_TestInfo lib_perl[] = {
	{ "rows are converted, ids kept", test_rows },
	{ "what is odd is told", test_notices },
	{ "old map files' queries go on working", test_old_queries },
	{ "a reader in a transaction sees the old", test_busy_reader },
	{ "the backup is the old file", test_backup },
	{ "what cannot be converted leaves the file alone", test_refused },
	{ "every row in the way is named", test_every_problem },
	{ "a second conversion changes nothing", test_twice },
	{ "misuse", test_misuse },
	{ "rows are handed out, the file as it was", test_read },
	{ "a change meanwhile is not lost", test_changed_meanwhile },
	{ "ids of the past are not given again", test_new_ids },
	CU_TEST_INFO_NULL,
};
