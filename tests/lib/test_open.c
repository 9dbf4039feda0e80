/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * test_open.c - opening a database, and what a handle answers without one
 */
#include <fcntl.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "state/state.h"
#include "steps.h"

/* ---- a handle without a database ----------------------------------------- */

static const char *const questions[] = {
	"domain a.test", "setdomain a.test note=x", "rmdomain a.test",
	"rendomain a.test b.test", "user u@a.test", "setuser u@a.test name=x",
	"rmuser u@a.test", "renuser u@a.test v@a.test", "passwd u@a.test",
	"verify u@a.test x", "enable u@a.test", "disable u@a.test",
	"alias i@a.test u@a.test", "setalias i@a.test note=x",
	"rmalias i@a.test", "rmid 1", "recipient u@a.test",
	"rmrecipient u@a.test", "setting quota 1G", "begin", "domains",
	"users", "quotas", "aliases", "recipients", "domain? a.test name",
	"user? u@a.test name", "alias? i@a.test source", "password? u@a.test",
	"setting? quota", "journal?",
};

static void
assert_unusable(struct maildb *db)
{
	struct maildb_cursor *cursor;
	char *text = (char *)"left";

	for (size_t i = 0; i < ARRAY_LEN(questions); i++)
		LIB_STEP(db, questions[i], "misuse: no database is open");
	LIB_STEP(db, "commit", "misuse: no transaction is open");
	LIB_STEP(db, "rollback", "misuse: no transaction is open");
	LIB_STEP(db, "defer", "misuse: no transaction is open");
	CU_ASSERT_EQUAL(maildb_setting_list(db, &cursor), MAILDB_EMISUSE);
	CU_ASSERT_PTR_NULL(cursor);
	CU_ASSERT_EQUAL(maildb_check(db, &cursor), MAILDB_EMISUSE);
	CU_ASSERT_EQUAL(maildb_trace(db, "u@a.test", 0, &cursor),
	    MAILDB_EMISUSE);
	CU_ASSERT_EQUAL(maildb_lookup(db, "virtual_alias_maps", "u@a.test",
	    &cursor), MAILDB_EMISUSE);
	CU_ASSERT_EQUAL(maildb_pending(db, &cursor), MAILDB_EMISUSE);
	CU_ASSERT_EQUAL(maildb_suggest(db, "a.test", &text), MAILDB_EMISUSE);
	CU_ASSERT_PTR_NULL(text);
	CU_ASSERT_EQUAL(maildb_upgrade(db), MAILDB_EMISUSE);
	CU_ASSERT_EQUAL(maildb_backup(db, "/nonexistent/x"), MAILDB_EMISUSE);
	CU_ASSERT_EQUAL(maildb_roles(db), MAILDB_EMISUSE);
	CU_ASSERT_EQUAL(maildb_user_exists(db, "u@a.test"), MAILDB_EMISUSE);
	CU_ASSERT_PTR_NULL(maildb_backend(db));
	CU_ASSERT_EQUAL(maildb_depth(db), 0);
	maildb_interrupt(db);
}

static void
test_new(void)
{
	struct maildb *db = maildb_new();

	CU_ASSERT_EQUAL(maildb_fault(db)->code, 0);
	CU_ASSERT_PTR_NOT_NULL(maildb_fault(db)->message);
	CU_ASSERT_STRING_EQUAL(maildb_url(db), "");
	assert_unusable(db);
	CU_ASSERT_EQUAL(maildb_set_actor(db, "ann", NULL), 0);
	CU_ASSERT_EQUAL(maildb_set_actor(db, "ann", "tests"), 0);
	maildb_free(db);
	maildb_free(NULL);
	maildb_secret_free(NULL);
}

/* ---- URLs ---------------------------------------------------------------- */

/* What fails, how (0: in libpq), and how the URL is shown. */
static const struct {
	const char *url;
	int code;
	const char *shown;
} urls[] = {
	{ "", MAILDB_EURL, "" },
	{ "sqlite:", MAILDB_EURL, "sqlite:" },
	{ "sqlite://", MAILDB_EURL, "sqlite://" },
	{ "mysql://localhost/mail", MAILDB_EURL, "mysql://localhost/mail" },
	{ "mysql://u:secret@localhost/mail", MAILDB_EURL,
	    "mysql://u:***@localhost/mail" },
	{ "/nonexistent/x.db", MAILDB_EMISSING, "/nonexistent/x.db" },
	{ "sqlite:/nonexistent/x.db", MAILDB_EMISSING,
	    "sqlite:/nonexistent/x.db" },
	{ "sqlite:///nonexistent/x.db", MAILDB_EMISSING,
	    "sqlite:///nonexistent/x.db" },
	{ "/nonexistent/a=b", MAILDB_EMISSING, "/nonexistent/a=b" },
	{ "/", MAILDB_EFORMAT, "/" },

	/* All that could be a secret is hidden, even where libpq would not
	 * take it for one. */
	{ "postgresql://u:secret@127.0.0.1:1/db", 0,
	    "postgresql://u:***@127.0.0.1:1/db" },
	{ "postgres://u:sec@ret@127.0.0.1:1/db", 0,
	    "postgres://u:***@127.0.0.1:1/db" },
	{ "pgsql://u:sec/ret@127.0.0.1:1/db", 0,
	    "pgsql://u:***@127.0.0.1:1/db" },
	{ "pgsql://u:sec?ret@127.0.0.1:1/db", 0, NULL },
	{ "postgresql://u@127.0.0.1:1/db", 0, "postgresql://u@127.0.0.1:1/db" },
	{ "postgresql://127.0.0.1:1/db?user=u&password=secret&x=y", 0,
	    "postgresql://127.0.0.1:1/db?user=u&password=***&x=y" },
	{ "postgresql://u:secret@127.0.0.1:1/db?sslpassword=secret", 0,
	    "postgresql://u:***@127.0.0.1:1/db?sslpassword=***" },
	{ "host=127.0.0.1 port=1 password=secret", 0,
	    "host=127.0.0.1 port=1 password=***" },
	{ "host=127.0.0.1 password=sec&ret port=1", 0,
	    "host=127.0.0.1 password=*** port=1" },
	{ "password = secret host=127.0.0.1 port=1", 0,
	    "password = *** host=127.0.0.1 port=1" },
	{ "password='sec ret' host=127.0.0.1 port=1", 0,
	    "password=*** host=127.0.0.1 port=1" },
	{ "password='sec\\' ret' host=127.0.0.1 port=1", 0,
	    "password=*** host=127.0.0.1 port=1" },
	{ "password=sec\\ ret host=127.0.0.1 port=1", 0,
	    "password=*** host=127.0.0.1 port=1" },
	{ "password='secret host=127.0.0.1 port=1", 0, "password=***" },
	{ "connect_timeout=5 host=127.0.0.1 port=1 password=secret", 0,
	    "connect_timeout=5 host=127.0.0.1 port=1 password=***" },
};

static void
test_urls(void)
{
	const struct maildb_fault *fault;
	struct maildb *db;
	int rc;

	for (size_t i = 0; i < ARRAY_LEN(urls); i++) {
		db = maildb_new();
		rc = maildb_open(db, urls[i].url, 0);
		fault = maildb_fault(db);
		LIB_ASSERT_ROW(urls[i].url, urls[i].code != 0 ?
		    rc == urls[i].code : rc < 0 && rc != MAILDB_EMISSING &&
		    rc != MAILDB_EFORMAT);
		LIB_ASSERT_ROW(urls[i].url, fault->code == rc);
		if (urls[i].shown != NULL)
			LIB_ASSERT_TEXT(urls[i].url, maildb_url(db),
			    urls[i].shown);
		LIB_ASSERT_ROW(urls[i].url,
		    strstr(maildb_url(db), "sec") == NULL);
		LIB_ASSERT_ROW(urls[i].url,
		    strstr(fault->message, "sec") == NULL);
		LIB_ASSERT_ROW(urls[i].url, fault->hint == NULL ||
		    strstr(fault->hint, "sec") == NULL);
		maildb_free(db);
	}
}

/* ---- opening ------------------------------------------------------------- */

static void
test_open(void)
{
	struct maildb *db = lib_open();
	int wanted = maildb_schema_wanted();

	CU_ASSERT(wanted >= 1);
	CU_ASSERT_EQUAL(maildb_schema_version(db), wanted);
	CU_ASSERT_STRING_EQUAL(maildb_url(db), lib_url());
	CU_ASSERT_STRING_EQUAL(maildb_backend(db),
	    lib_is_sqlite() ? "sqlite" : "pgsql");
	CU_ASSERT_EQUAL(maildb_open(db, lib_url(), 0), MAILDB_EMISUSE);
	CU_ASSERT_STRING_EQUAL(maildb_url(db), lib_url());
	CU_ASSERT_EQUAL(maildb_upgrade(db), 0);
	LIB_STEP(db, "domain a.test", "1");
	LIB_STEP(db, "begin", "0");
	CU_ASSERT_EQUAL(maildb_upgrade(db), MAILDB_EMISUSE);
	LIB_STEP(db, "rollback", "0");
	maildb_interrupt(db);
	LIB_STEP(db, "domains", "a.test");
	maildb_free(db);

	/* Making what is there changes nothing. */
	db = maildb_new();
	CU_ASSERT_EQUAL(maildb_open(db, lib_url(), MAILDB_CREATE), 0);
	LIB_STEP(db, "domains", "a.test");
	lib_close(db);
}

/* After a failed open the handle answers, and can be used for another. */
static void
test_open_again(void)
{
	struct maildb *db = lib_open();

	LIB_STEP(db, "domain a.test", "1");
	maildb_free(db);
	db = maildb_new();
	CU_ASSERT_EQUAL(maildb_open(db, "/nonexistent/x.db", 0),
	    MAILDB_EMISSING);
	CU_ASSERT_STRING_EQUAL(maildb_fault(db)->message,
	    "database /nonexistent/x.db does not exist");
	CU_ASSERT_STRING_EQUAL(maildb_fault(db)->hint,
	    "make it with: mailcfg init");
	assert_unusable(db);
	CU_ASSERT_EQUAL(maildb_open(db, lib_url(), 0), 0);
	LIB_STEP(db, "domains", "a.test");
	lib_close(db);
}

static void
test_readonly(void)
{
	struct maildb *db = lib_open(), *reader = maildb_new();

	LIB_STEP(db, "domain a.test", "1");
	LIB_STEP(db, "user u@a.test", "1");
	CU_ASSERT_EQUAL_FATAL(maildb_open(reader, lib_url(), MAILDB_READONLY),
	    0);
	LIB_STEP(reader, "users", "u@a.test");
	LIB_STEP(reader, "domain b.test",
	    "db_denied: database * is open for reading only");
	LIB_STEP(reader, "rmuser none@a.test", "db_denied: *");
	LIB_STEP(reader, "begin", "0");
	LIB_STEP(reader, "setting quota 1G", "db_denied: *");
	LIB_STEP(reader, "users", "u@a.test");
	LIB_STEP(reader, "commit", "0");
	/* Neither does it stand in a writer's way, nor the writer in its. */
	LIB_STEP(db, "begin", "0");
	LIB_STEP(db, "user v@a.test", "1");
	LIB_STEP(reader, "users", "u@a.test");
	LIB_STEP(db, "commit", "0");
	LIB_STEP(reader, "users", "u@a.test v@a.test");
	CU_ASSERT(reader->driver->script(reader->conn,
	    "DELETE FROM setting") < 0);
	maildb_free(reader);
	lib_close(db);
}

static void
test_schema(void)
{
	struct maildb *db = lib_open();
	char sql[80];

	snprintf(sql, sizeof(sql), db->driver->set_version, 99);
	lib_sql(db, sql);
	maildb_free(db);
	db = maildb_new();
	CU_ASSERT_EQUAL(maildb_open(db, lib_url(), 0), MAILDB_ESCHEMA);
	CU_ASSERT_PTR_NOT_NULL(strstr(maildb_fault(db)->message,
	    "has schema 99, but this program needs "));
	CU_ASSERT_STRING_EQUAL(maildb_fault(db)->hint, "use a newer mailcfg");
	CU_ASSERT_EQUAL(maildb_open(db, lib_url(), MAILDB_CREATE),
	    MAILDB_ESCHEMA);
	CU_ASSERT_EQUAL(maildb_open(db, lib_url(), MAILDB_ANYSCHEMA), 0);
	CU_ASSERT_EQUAL(maildb_schema_version(db), 99);
	CU_ASSERT_EQUAL(maildb_upgrade(db), MAILDB_ESCHEMA);
	lib_close(db);
}

/* ---- files --------------------------------------------------------------- */

/* The path of what lib_url() names, for suites of SQLite alone. */
static const char *
path(void)
{
	return lib_url() + strlen("sqlite:");
}

/* Removes a database. */
static void
remove_database(const char *file)
{
	static const char *const ends[] = { "", "-wal", "-shm" };
	char name[300];

	for (size_t i = 0; i < ARRAY_LEN(ends); i++) {
		snprintf(name, sizeof(name), "%s%s", file, ends[i]);
		unlink(name);
	}
}

/* Makes the file anew with some content. */
static void
make_file(const char *content)
{
	FILE *file;

	remove_database(path());
	file = fopen(path(), "w");
	CU_ASSERT_FATAL(file != NULL);
	fputs(content, file);
	fclose(file);
}

static void
test_files(void)
{
	struct maildb *db = maildb_new();
	struct stat st;

	if (!lib_is_sqlite()) {
		maildb_free(db);
		CU_PASS("only SQLite has files");
		return;
	}
	make_file("");
	CU_ASSERT_EQUAL(maildb_open(db, path(), 0), MAILDB_EMISSING);
	CU_ASSERT_PTR_NOT_NULL(strstr(maildb_fault(db)->message, "is empty"));
	CU_ASSERT_EQUAL(maildb_open(db, path(), MAILDB_ANYSCHEMA), 0);
	CU_ASSERT_EQUAL(maildb_schema_version(db), 0);
	CU_ASSERT_EQUAL(maildb_upgrade(db), 1);
	CU_ASSERT_EQUAL(maildb_schema_version(db), maildb_schema_wanted());
	LIB_STEP(db, "domain a.test", "1");
	maildb_free(db);

	db = maildb_new();
	make_file("this is no database, but text of some length\n");
	CU_ASSERT_EQUAL(maildb_open(db, path(), 0), MAILDB_EFORMAT);
	CU_ASSERT_EQUAL(maildb_open(db, path(), MAILDB_CREATE),
	    MAILDB_EFORMAT);
	make_file("");
	CU_ASSERT_EQUAL(maildb_open(db, path(), MAILDB_ANYSCHEMA), 0);
	lib_sql(db, "CREATE TABLE t (x)");
	maildb_free(db);
	db = maildb_new();
	CU_ASSERT_EQUAL(maildb_open(db, path(), MAILDB_CREATE),
	    MAILDB_EFORMAT);
	CU_ASSERT_PTR_NOT_NULL(strstr(maildb_fault(db)->hint,
	    "mailcfg upgrade"));
	/* A missing file is not made by asking. */
	remove_database(path());
	CU_ASSERT_EQUAL(maildb_open(db, path(), 0), MAILDB_EMISSING);
	CU_ASSERT_EQUAL(maildb_open(db, path(), MAILDB_READONLY),
	    MAILDB_EMISSING);
	CU_ASSERT(stat(path(), &st) != 0);
	maildb_free(db);
}

static void
test_backup(void)
{
	struct maildb *db = lib_open(), *copy = maildb_new();
	char name[300];
	struct stat st;

	snprintf(name, sizeof(name), "%s.copy", lib_is_sqlite() ? path() : "x");
	LIB_STEP(db, "domain a.test", "1");
	if (!lib_is_sqlite()) {
		CU_ASSERT_EQUAL(maildb_backup(db, name), MAILDB_EREFUSED);
		maildb_free(copy);
		lib_close(db);
		return;
	}
	LIB_STEP(db, "begin", "0");
	CU_ASSERT_EQUAL(maildb_backup(db, name), MAILDB_EMISUSE);
	LIB_STEP(db, "rollback", "0");
	CU_ASSERT_EQUAL(maildb_backup(db, name), 0);
	CU_ASSERT(stat(name, &st) == 0 && (st.st_mode & 0777) == 0600);
	CU_ASSERT_EQUAL(maildb_backup(db, name), MAILDB_EIO);
	LIB_STEP(db, "domain b.test", "1");
	CU_ASSERT_EQUAL_FATAL(maildb_open(copy, name, MAILDB_READONLY), 0);
	LIB_STEP(copy, "domains", "a.test");
	maildb_free(copy);
	remove_database(name);
	CU_ASSERT_EQUAL(maildb_backup(db, "/nonexistent/x"), MAILDB_EIO);
	lib_close(db);
}

/* Somebody has removed the file, and left its log and index. */
static void
test_file_gone(void)
{
	struct maildb *db = lib_open();

	LIB_STEP(db, "domain a.test", "1");
	maildb_free(db);
	if (lib_is_sqlite())
		CU_ASSERT_EQUAL(unlink(path()), 0);
	db = maildb_new();
	CU_ASSERT_EQUAL(maildb_open(db, lib_url(), MAILDB_CREATE), 0);
	LIB_STEP(db, "domains", lib_is_sqlite() ? "" : "a.test");
	LIB_STEP(db, "domain b.test", "1");
	lib_close(db);
}

/* What guards against hostile files and misspelt SQL. */
static void
test_guards(void)
{
	static const char *const refused[] = {
		"SELECT \"no_such_column\" FROM setting",
		"PRAGMA writable_schema = ON; "
		    "DELETE FROM sqlite_schema WHERE name = 'setting'",
		"SELECT load_extension('x')",
		"INSERT INTO address (domain, localpart, enabled) "
		    "VALUES ('a.test', 'x', 'yes')",
		"INSERT INTO mailbox (address_id, quota) VALUES (1, '5M')",
		"INSERT INTO address (domain, localpart) "
		    "VALUES ('none.test', 'x')",
	};
	struct maildb *db = lib_open();

	LIB_STEP(db, "domain a.test", "1");
	for (size_t i = 0; lib_is_sqlite() && i < ARRAY_LEN(refused); i++)
		LIB_ASSERT_ROW(refused[i], db->driver->script(db->conn,
		    refused[i]) < 0);
	LIB_STEP(db, "setting? mail_uid", "5000");
	lib_close(db);
}

/* ---- threads ------------------------------------------------------------- */

#define THREADS 4
#define EACH    15

/* Adds users through a handle of its own; answers how many failed. */
static void *
add_users(void *arg)
{
	struct maildb *db = maildb_new();
	char address[40];
	intptr_t failed = maildb_open(db, lib_url(), 0) != 0 ? EACH : 0;

	for (int i = 0; failed < EACH && i < EACH; i++) {
		snprintf(address, sizeof(address), "u%d.%d@a.test",
		    *(int *)arg, i);
		failed += maildb_user_add(db, address, NULL, NULL, 0, 0) != 1;
	}
	maildb_free(db);
	return (void *)failed;
}

static void
test_threads(void)
{
	struct maildb *db = lib_open();
	pthread_t thread[THREADS];
	struct maildb_cursor *cursor;
	int number[THREADS], users = 0;
	void *failed;

	LIB_STEP(db, "domain a.test", "1");
	for (int i = 0; i < THREADS; i++) {
		number[i] = i;
		CU_ASSERT_EQUAL_FATAL(pthread_create(&thread[i], NULL,
		    add_users, &number[i]), 0);
	}
	for (int i = 0; i < THREADS; i++) {
		pthread_join(thread[i], &failed);
		CU_ASSERT_PTR_NULL(failed);
	}
	CU_ASSERT_EQUAL_FATAL(maildb_user_list(db, NULL, &cursor), 0);
	while (maildb_cursor_next(cursor) > 0)
		users++;
	maildb_cursor_free(cursor);
	CU_ASSERT_EQUAL(users, THREADS * EACH);
	lib_close(db);
}

/* Whether somebody has an open file description lock on a file. */
static bool
is_held(const char *path)
{
	FILE *locks = fopen("/proc/locks", "re");
	char line[256], inode[32];
	struct stat st;
	bool held = false;

	if (locks == NULL || stat(path, &st) != 0)
		return false;
	snprintf(inode, sizeof(inode), ":%llu ", (unsigned long long)st.st_ino);
	while (!held && fgets(line, sizeof(line), locks) != NULL)
		held = strstr(line, "OFDLCK") != NULL &&
		    strstr(line, inode) != NULL;
	fclose(locks);
	return held;
}

/* Readers are protected whatever path leads to the database. */
static void
test_symlink(void)
{
	static const char *const files[] = { "db", "db-wal", "db-shm",
		"db-boot", "link" };
	char dir[] = "/tmp/maildb-link-XXXXXX", path[64], link[64], shm[64];
	struct maildb *db = maildb_new();
	size_t i;

	CU_ASSERT_PTR_NOT_NULL_FATAL(mkdtemp(dir));
	snprintf(path, sizeof(path), "%s/db", dir);
	snprintf(link, sizeof(link), "%s/link", dir);
	snprintf(shm, sizeof(shm), "%s/db-shm", dir);
	CU_ASSERT_EQUAL_FATAL(symlink(path, link), 0);
	CU_ASSERT_EQUAL(maildb_open(db, path, MAILDB_CREATE), 0);
	maildb_free(db);
	CU_ASSERT(!is_held(shm));
	db = maildb_new();
	CU_ASSERT_EQUAL(maildb_open(db, link, 0), 0);
	CU_ASSERT(is_held(shm));
	maildb_free(db);
	for (i = 0; i < ARRAY_LEN(files); i++) {
		snprintf(path, sizeof(path), "%s/%s", dir, files[i]);
		unlink(path);
	}
	CU_ASSERT_EQUAL(rmdir(dir), 0);
}

CU_TestInfo lib_opening[] = {
	{ "through a symlink", test_symlink },
	{ "without a database", test_new },
	{ "URLs", test_urls },
	{ "open", test_open },
	{ "open again", test_open_again },
	{ "for reading only", test_readonly },
	{ "schema versions", test_schema },
	{ "files", test_files },
	{ "backup", test_backup },
	{ "file gone", test_file_gone },
	{ "guards", test_guards },
	{ "threads", test_threads },
	CU_TEST_INFO_NULL,
};
