/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * driver.c - the driver for SQLite
 *
 * The file is shared with Postfix and Dovecot, which open it for reading
 * under users of their own and treat every SQL error as fatal.  Hence WAL, and
 * hence SQLITE_FCNTL_PERSIST_WAL on each connection: -wal and -shm must exist
 * for readers who may not create them.
 */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "db/sqlite/sqlite.h"

#define CHECKPOINT_PAGES 1000
#define PAGE_SIZE      4096
#define CHECKPOINT_WAIT  50 /* ms, for readers and other writers */
#define MAX_INPUTS     MAILDB__ROW_MAX

/* A prepared statement and where its inputs are: SQLite numbers $2, $1 in
 * order of appearance. */
struct maildb__rows {
	struct maildb__conn *conn;
	sqlite3_stmt *stmt;
	int at[MAX_INPUTS];
};

struct maildb__conn {
	struct maildb *db;
	sqlite3 *sqlite;
	char *path; /* as it was given, for messages */
	char *real; /* where -wal and -shm are beside it: no symlink */
	bool in_txn;
	struct timespec waiting_since;
	volatile sig_atomic_t interrupted; /* while it waits for a lock */
	struct maildb__hold *hold;
	struct maildb__index *index;
	int log_pages;
	bool writing_back;
	struct maildb__rows *prepared[MAILDB__STMTS];
};

static const struct {
	int vendor, code;
	const char *hint;
} codes[] = {
	{ SQLITE_CONSTRAINT_UNIQUE, MAILDB_EEXISTS, NULL },
	{ SQLITE_CONSTRAINT_PRIMARYKEY, MAILDB_EEXISTS, NULL },
	{ SQLITE_CONSTRAINT, MAILDB_EREFUSED, NULL },
	{ SQLITE_BUSY, MAILDB_ELOCKED, "try again, or raise --timeout" },
	{ SQLITE_LOCKED, MAILDB_ELOCKED, "try again, or raise --timeout" },
	{ SQLITE_READONLY, MAILDB_EDENIED,
	    "the file and its directory must be writable for this user" },
	{ SQLITE_PERM, MAILDB_EDENIED, NULL },
	{ SQLITE_AUTH, MAILDB_EDENIED, NULL },
	{ SQLITE_CANTOPEN, MAILDB_EDENIED,
	    "the file and its directory must be accessible for this user" },
	{ SQLITE_FULL, MAILDB_EFULL, "free some space and try again" },
	{ SQLITE_CORRUPT, MAILDB_EFORMAT,
	    "restore a backup, or see sqlite3's .recover" },
	{ SQLITE_NOTADB, MAILDB_EFORMAT, NULL },
	{ SQLITE_INTERRUPT, MAILDB_EINTR, NULL },
	{ SQLITE_NOMEM, MAILDB_ENOMEM, NULL },
	{ SQLITE_IOERR, MAILDB_EIO, NULL },
};

int
maildb__sqlite_meaning(int vendor, const char **hint)
{
	size_t i;

	for (i = 0; i < ARRAY_LEN(codes); i++)
		if (vendor == codes[i].vendor ||
		    (vendor & 0xff) == codes[i].vendor) {
			*hint = codes[i].hint;
			return codes[i].code;
		}
	*hint = NULL;
	return MAILDB_EDB;
}

/* Keeps what SQLite says of its last error as the handle's fault. */
static int
fail(struct maildb__conn *conn, int vendor)
{
	bool stopped = (vendor & 0xff) == SQLITE_BUSY && conn->interrupted;
	const char *hint;
	int code;

	if (stopped)
		vendor = SQLITE_INTERRUPT;
	code = maildb__sqlite_meaning(vendor, &hint);
	if (code == MAILDB_EIO && (errno == ENOSPC || errno == EDQUOT))
		code = MAILDB_EFULL;
	maildb__fail(conn->db, code, "database %s: %s", conn->path,
	    conn->sqlite != NULL && !stopped ? sqlite3_errmsg(conn->sqlite) :
	    sqlite3_errstr(vendor));
	if (hint != NULL)
		maildb__hint(conn->db, "%s", hint);
	return code;
}

/* Some errors roll the whole transaction back by themselves; what follows
 * must not be taken for a part of it. */
static int
check_txn(struct maildb__conn *conn)
{
	if (!conn->in_txn || !sqlite3_get_autocommit(conn->sqlite))
		return 0;
	return maildb__fail(conn->db, MAILDB_ELOST,
	    "database %s: the transaction was rolled back by an earlier error",
	    conn->path);
}

/* Waits 0.2 to 1 ms for another writer, within the timeout: short random
 * sleeps let sixteen writers through sooner than SQLite's growing ones. */
static int
busy(void *arg, int tries)
{
	struct maildb__conn *conn = arg;
	struct timespec now, pause = { 0 };
	unsigned char dice = 0;
	int64_t waited;

	clock_gettime(CLOCK_MONOTONIC, &now);
	if (tries == 0) {
		conn->waiting_since = now;
		conn->interrupted = 0;
	}
	waited = (int64_t)(now.tv_sec - conn->waiting_since.tv_sec) * 1000 +
	    (now.tv_nsec - conn->waiting_since.tv_nsec) / 1000000;
	if (waited >= (conn->writing_back ? CHECKPOINT_WAIT :
	    conn->db->timeout) || conn->interrupted)
		return 0;
	if (getrandom(&dice, 1, GRND_NONBLOCK) != 1)
		dice = (unsigned char)(now.tv_nsec >> 10);
	pause.tv_nsec = 200000 + dice * 3137;
	nanosleep(&pause, NULL);
	return 1;
}

/* Runs statements without results. */
static int
sqlite_script(struct maildb__conn *conn, const char *sql)
{
	int rc;

	if ((rc = check_txn(conn)) < 0)
		return rc;
	rc = sqlite3_exec(conn->sqlite, sql, NULL, NULL, NULL);
	return rc == SQLITE_OK ? 0 : fail(conn, rc);
}

/* Answers one number. */
static int
pragma_int(struct maildb__conn *conn, const char *sql, int64_t *number)
{
	sqlite3_stmt *stmt;
	int rc;

	*number = 0;
	rc = sqlite3_prepare_v2(conn->sqlite, sql, -1, &stmt, NULL);
	if (rc == SQLITE_OK) {
		rc = sqlite3_step(stmt);
		if (rc == SQLITE_ROW)
			*number = sqlite3_column_int64(stmt, 0);
		sqlite3_finalize(stmt);
	}
	return rc == SQLITE_ROW || rc == SQLITE_DONE ? 0 : fail(conn, rc);
}

static void
sqlite_close(struct maildb__conn *conn)
{
	size_t i;

	if (conn == NULL)
		return;
	for (i = 0; i < MAILDB__STMTS; i++)
		if (conn->prepared[i] != NULL) {
			sqlite3_finalize(conn->prepared[i]->stmt);
			free(conn->prepared[i]);
		}
	sqlite3_close(conn->sqlite);
	free(conn->index);
	maildb__hold_release(conn->hold);
	free(conn->path);
	free(conn->real);
	free(conn);
}

/* Says which file or directory cannot be used, and why. */
static int
fail_open(struct maildb__conn *conn, int error)
{
	if (error == ENOENT) {
		maildb__fail(conn->db, MAILDB_EMISSING,
		    "database %s does not exist", conn->path);
		return maildb__hint(conn->db, "make it with: mailcfg init");
	}
	return maildb__fail(conn->db, MAILDB_EDENIED, "database %s: %s",
	    conn->path, strerror(error));
}

/* Keeps how long the log is after a commit. */
static int
on_commit(void *arg, sqlite3 *sqlite, const char *name, int pages)
{
	struct maildb__conn *conn = arg;

	(void)sqlite;
	(void)name;
	conn->log_pages = pages;
	return SQLITE_OK;
}

/* Whether the log is long, in use or as a killed command left it. */
static bool
is_long(const struct maildb__conn *conn)
{
	const struct maildb__tail *tail = maildb__index_tail(conn->index);

	return conn->log_pages >= CHECKPOINT_PAGES || (tail != NULL &&
	    tail->size > (sqlite3_int64)2 * CHECKPOINT_PAGES * PAGE_SIZE);
}

/* Writes a long log back into the database, or leaves that to the next. */
static void
checkpoint(struct maildb__conn *conn)
{
	if (!is_long(conn))
		return;
	conn->writing_back = true;
	maildb__index_write_back(conn->index, conn->sqlite);
	conn->writing_back = false;
}

/* Finds the file that a path leads to, as SQLite does: before it opens, and
 * once more for a file that it has made. */
static int
resolve(struct maildb__conn *conn)
{
	const char *name = NULL;

	if (conn->real != NULL && conn->sqlite == NULL)
		return 0;
	if (conn->sqlite != NULL)
		name = sqlite3_db_filename(conn->sqlite, "main");
	free(conn->real);
	conn->real = name != NULL && *name != '\0' ? strdup(name) :
	    realpath(conn->path, NULL);
	if (conn->real == NULL && errno != ENOMEM)
		conn->real = strdup(conn->path);
	return conn->real != NULL ? 0 : maildb__nomem(conn->db);
}

/* Opens the file, for writing where that is allowed. */
static int
open_file(struct maildb__conn *conn, unsigned flags)
{
	int how = SQLITE_OPEN_READWRITE, one = 1, rc;
	struct stat st;

	if (stat(conn->path, &st) != 0) {
		if (errno != ENOENT || !(flags & MAILDB_CREATE))
			return fail_open(conn, errno);
		how |= SQLITE_OPEN_CREATE;
	} else if (!S_ISREG(st.st_mode)) {
		return maildb__fail(conn->db, MAILDB_EFORMAT,
		    "database %s is no regular file", conn->path);
	} else if (eaccess(conn->path, R_OK | W_OK) != 0) {
		/* Asked, not tried: closing a descriptor of the file would
		 * drop the locks of this process's other connections. */
		if (!(flags & MAILDB_READONLY) ||
		    eaccess(conn->path, R_OK) != 0)
			return fail_open(conn, errno);
		how = SQLITE_OPEN_READONLY;
	}
	if ((rc = resolve(conn)) < 0)
		return rc;
	conn->hold = maildb__hold_take(conn->real);
	rc = sqlite3_open_v2(conn->path, &conn->sqlite,
	    how | SQLITE_OPEN_NOMUTEX, NULL);
	if (rc != SQLITE_OK)
		return fail(conn, rc);
	if ((rc = resolve(conn)) < 0)
		return rc;
	sqlite3_extended_result_codes(conn->sqlite, 1);
	sqlite3_busy_handler(conn->sqlite, busy, conn);
	/* In place of automatic checkpoints. */
	sqlite3_wal_hook(conn->sqlite, on_commit, conn);
	sqlite3_file_control(conn->sqlite, "main", SQLITE_FCNTL_PERSIST_WAL,
	    &one);
	rc = maildb__index_watch(conn->sqlite, conn->real, &conn->index);
	return rc == SQLITE_OK ? 0 : fail(conn, rc);
}

/* Sets what guards against hostile files and against our own mistakes. */
static int
configure(struct maildb__conn *conn, unsigned flags)
{
	static const struct {
		int option, value;
	} options[] = {
		{ SQLITE_DBCONFIG_DEFENSIVE, 1 },
		{ SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0 },
		{ SQLITE_DBCONFIG_ENABLE_FKEY, 1 },
		{ SQLITE_DBCONFIG_DQS_DML, 0 },
		{ SQLITE_DBCONFIG_DQS_DDL, 0 },
		/* The last one to close would checkpoint: five syncs for one
		 * row.  checkpoint() bounds the log instead. */
		{ SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1 },
	};
	size_t i;
	int rc;

	for (i = 0; i < ARRAY_LEN(options); i++)
		sqlite3_db_config(conn->sqlite, options[i].option,
		    options[i].value, NULL);
	if ((rc = maildb__sqlite_json(conn->sqlite)) != SQLITE_OK)
		return fail(conn, rc);
	if ((rc = sqlite_script(conn, "PRAGMA cell_size_check = ON; "
	    "PRAGMA synchronous = FULL")) < 0)
		return rc;
	if (flags & MAILDB_READONLY)
		return sqlite_script(conn, "PRAGMA query_only = ON");
	return 0;
}

static int
sqlite_open(struct maildb *db, const char *target, unsigned flags,
    struct maildb__conn **out)
{
	struct maildb__conn *conn = calloc(1, sizeof(*conn));
	int64_t pages;
	int rc;

	*out = NULL;
	if (conn == NULL)
		return maildb__nomem(db);
	conn->db = db;
	/* A name that begins with "file:" would be read as a URI. */
	if (asprintf(&conn->path, "%s%s",
	    strncmp(target, "file:", 5) == 0 ? "./" : "", target) < 0) {
		free(conn);
		return maildb__nomem(db);
	}
	if ((rc = open_file(conn, flags)) < 0 ||
	    (rc = configure(conn, flags)) < 0)
		goto fail;
	if (flags & MAILDB_CREATE) {
		/* WAL cannot be chosen inside the transaction that makes the
		 * schema; on an empty file this is harmless. */
		rc = pragma_int(conn, "PRAGMA page_count", &pages);
		if (rc == 0 && pages == 0)
			rc = sqlite_script(conn, "PRAGMA journal_mode = WAL");
		if (rc < 0)
			goto fail;
	}
	*out = conn;
	return 0;
fail:
	sqlite_close(conn);
	return rc;
}

static int
sqlite_version(struct maildb__conn *conn, int *version)
{
	int64_t application, number, tables;
	int rc;

	*version = 0;
	if ((rc = pragma_int(conn, "PRAGMA application_id", &application)) < 0 ||
	    (rc = pragma_int(conn, "PRAGMA user_version", &number)) < 0)
		return rc;
	maildb__hold_made(conn->real, &conn->hold);
	maildb__index_mend(conn->index, conn->sqlite);
	if (application == MAILDB__APPLICATION_ID) {
		*version = (int)number;
		/* A backup that was put in place has no log: readers would
		 * meet locks.  Nothing happens when it is WAL already. */
		return conn->db->flags & MAILDB_READONLY ? 0 :
		    sqlite_script(conn, "PRAGMA journal_mode = WAL");
	}
	rc = pragma_int(conn, "SELECT count(*) FROM sqlite_schema", &tables);
	if (rc < 0)
		return rc;
	if (application == 0 && tables == 0)
		return 0;
	maildb__fail(conn->db, MAILDB_EFORMAT,
	    "%s is an SQLite file, but not of mailcfg", conn->path);
	return maildb__hint(conn->db,
	    "a file of the first mailcfg is converted by: mailcfg upgrade %s",
	    conn->path);
}

static int
sqlite_begin(struct maildb__conn *conn)
{
	int rc = sqlite_script(conn, "BEGIN IMMEDIATE");

	if (rc == 0)
		conn->in_txn = true;
	return rc;
}


static int
sqlite_undo(struct maildb__conn *conn)
{
	if (conn->in_txn && sqlite3_get_autocommit(conn->sqlite))
		return MAILDB_ELOST;
	return sqlite3_exec(conn->sqlite,
	    "ROLLBACK TO SAVEPOINT s; RELEASE SAVEPOINT s",
	    NULL, NULL, NULL) == SQLITE_OK ? 0 : MAILDB_EDB;
}

static int
sqlite_rollback(struct maildb__conn *conn)
{
	int rc = SQLITE_OK;

	conn->in_txn = false;
	if (!sqlite3_get_autocommit(conn->sqlite))
		rc = sqlite3_exec(conn->sqlite, "ROLLBACK", NULL, NULL, NULL);
	return rc == SQLITE_OK ? 0 : MAILDB_EDB;
}

/* What a failed COMMIT has come to, which is what the daemons see. */
static int
judge(struct maildb__conn *conn, int rc)
{
	struct maildb__tail *tail = maildb__index_tail(conn->index);

	sqlite_rollback(conn); /* if SQLite has not */
	switch (tail != NULL ? maildb__tail_outcome(tail) :
	    MAILDB__TAIL_KEPT) {
	case MAILDB__TAIL_COMMITTED:
		return 0; /* what failed came after it */
	case MAILDB__TAIL_UNKNOWN:
		maildb__fail(conn->db, MAILDB_EUNKNOWN, "database %s: writing "
		    "failed during COMMIT; whether the change was made is "
		    "unknown", conn->path);
		maildb__hint(conn->db, "look at the disk, then at the "
		    "database, before you try again");
		return MAILDB_EUNKNOWN;
	default:
		return rc;
	}
}

static int
sqlite_commit(struct maildb__conn *conn)
{
	int rc;

	if ((rc = check_txn(conn)) < 0)
		return rc;
	rc = sqlite_script(conn, "COMMIT");
	if (rc < 0 && (rc = judge(conn, rc)) < 0)
		return rc;
	conn->in_txn = false;
	checkpoint(conn);
	return 0;
}

/* Prepares a statement once and finds its inputs. */
static int
prepare(struct maildb__conn *conn, enum maildb__stmt_id id)
{
	const struct maildb__stmt *stmt = &maildb__stmts[id];
	struct maildb__rows *rows;
	char name[16];
	unsigned i;
	int rc;

	if (conn->prepared[id] != NULL)
		return 0;
	rows = calloc(1, sizeof(*rows));
	if (rows == NULL)
		return maildb__nomem(conn->db);
	rc = sqlite3_prepare_v3(conn->sqlite, stmt->text[MAILDB__SQLITE], -1,
	    SQLITE_PREPARE_PERSISTENT, &rows->stmt, NULL);
	if (rc != SQLITE_OK) {
		free(rows);
		return fail(conn, rc);
	}
	for (i = 0; i < stmt->nin; i++) {
		snprintf(name, sizeof(name), "$%u", i + 1);
		rows->at[i] = sqlite3_bind_parameter_index(rows->stmt, name);
	}
	rows->conn = conn;
	conn->prepared[id] = rows;
	return 0;
}

static int
sqlite_start(struct maildb__conn *conn, enum maildb__stmt_id id,
    const struct maildb__value *in, struct maildb__rows **out)
{
	struct maildb__rows *rows;
	unsigned i;
	int rc;

	*out = NULL;
	if ((rc = check_txn(conn)) < 0 || (rc = prepare(conn, id)) < 0)
		return rc;
	rows = conn->prepared[id];
	for (i = 0, rc = SQLITE_OK;
	    rc == SQLITE_OK && i < maildb__stmts[id].nin; i++) {
		switch (in[i].type) {
		case MAILDB__NULL:
			rc = sqlite3_bind_null(rows->stmt, rows->at[i]);
			break;
		case MAILDB__INT:
			rc = sqlite3_bind_int64(rows->stmt, rows->at[i],
			    in[i].number);
			break;
		case MAILDB__TEXT:
			rc = sqlite3_bind_text(rows->stmt, rows->at[i],
			    in[i].text, -1, SQLITE_TRANSIENT);
			break;
		}
	}
	if (rc != SQLITE_OK)
		return fail(conn, rc);
	*out = rows;
	return 0;
}

static int
sqlite_next(struct maildb__rows *rows)
{
	int rc = sqlite3_step(rows->stmt);

	if (rc == SQLITE_ROW)
		return 1;
	return rc == SQLITE_DONE ? 0 : fail(rows->conn, rc);
}

static void
sqlite_value(struct maildb__rows *rows, unsigned col, struct maildb__value *out)
{
	switch (sqlite3_column_type(rows->stmt, (int)col)) {
	case SQLITE_NULL:
		*out = V_NULL;
		return;
	case SQLITE_INTEGER:
		*out = V_INT(sqlite3_column_int64(rows->stmt, (int)col));
		return;
	default:
		*out = (struct maildb__value){ .type = MAILDB__TEXT,
		    .text = (const char *)sqlite3_column_text(rows->stmt,
		    (int)col) };
	}
}

static int64_t
sqlite_done(struct maildb__rows *rows)
{
	bool writes = !sqlite3_stmt_readonly(rows->stmt);

	sqlite3_reset(rows->stmt);
	/* Bound values may be secrets; do not keep them. */
	sqlite3_clear_bindings(rows->stmt);
	return writes ? sqlite3_changes64(rows->conn->sqlite) : 0;
}

static void
sqlite_interrupt(struct maildb__conn *conn)
{
	conn->interrupted = 1; /* SQLite itself would go on waiting */
	sqlite3_interrupt(conn->sqlite);
}

/* Copies through SQLite's backup API to a new file that only we can read. */
static int
sqlite_backup(struct maildb__conn *conn, const char *path)
{
	sqlite3_backup *backup = NULL;
	sqlite3 *copy = NULL;
	int fd, rc;

	fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC,
	    0600);
	if (fd < 0)
		return maildb__fail(conn->db, MAILDB_EIO, "backup %s: %s", path,
		    strerror(errno));
	rc = sqlite3_open_v2(path, &copy, SQLITE_OPEN_READWRITE, NULL);
	if (rc == SQLITE_OK &&
	    (backup = sqlite3_backup_init(copy, "main", conn->sqlite,
	    "main")) != NULL) {
		rc = sqlite3_backup_step(backup, -1);
		sqlite3_backup_finish(backup);
		/* A lone file, without -wal and -shm beside it. */
		if (rc == SQLITE_DONE)
			rc = sqlite3_exec(copy, "PRAGMA journal_mode = DELETE",
			    NULL, NULL, NULL);
	}
	if (rc != SQLITE_OK || backup == NULL) {
		maildb__fail(conn->db, MAILDB_EIO, "backup %s: %s", path,
		    copy != NULL ? sqlite3_errmsg(copy) : sqlite3_errstr(rc));
		sqlite3_close(copy);
		close(fd);
		unlink(path);
		return MAILDB_EIO;
	}
	sqlite3_close(copy);
	if (fsync(fd) != 0) {
		rc = maildb__fail(conn->db, MAILDB_EIO, "backup %s: %s", path,
		    strerror(errno));
		unlink(path);
	}
	close(fd);
	return rc;
}

/* Reports a directory in which others than its owner can put files, such as a
 * -wal that its owner cannot remove. */
static int
check_directory(struct maildb__conn *conn, const struct stat *file,
    maildb__report_fn *report, void *arg)
{
	const char *slash = strrchr(conn->real, '/');
	char *directory;
	struct stat st;
	int rc = 0;

	directory = slash == NULL ? strdup(".") :
	    strndup(conn->real, (size_t)(slash - conn->real) + 1);
	if (directory == NULL)
		return maildb__nomem(conn->db);
	/* One group that writes both is a choice. */
	if (stat(directory, &st) == 0 && (st.st_mode & S_IWOTH ||
	    ((st.st_mode & S_IWGRP) && !(file->st_mode & S_IWGRP))))
		rc = report(arg, "warning", "open_directory", directory,
		    "others than the database's owner can put files beside it",
		    "chmod 2750 it");
	free(directory);
	return rc;
}

/* Reports files that the daemons cannot read, or that everybody can. */
static int
sqlite_check(struct maildb__conn *conn, maildb__report_fn *report, void *arg)
{
	static const char *const suffixes[] = { "", "-wal", "-shm" };
	struct stat file, st;
	char *path;
	size_t i;
	int rc = 0;

	if (stat(conn->path, &file) != 0)
		return fail_open(conn, errno);
	for (i = 0; rc == 0 && i < ARRAY_LEN(suffixes); i++) {
		if (asprintf(&path, "%s%s", conn->real, suffixes[i]) < 0)
			return maildb__nomem(conn->db);
		if (stat(path, &st) != 0)
			rc = report(arg, "error", "missing_wal", path,
			    "the file is missing: Postfix fails, as it may "
			    "not make one", "change something with mailcfg");
		else if (st.st_mode & S_IRWXO)
			rc = report(arg, "warning", "open_file", path,
			    "every user of this machine can read the file",
			    "chmod 0640 it");
		else if (!(st.st_mode & S_IRGRP) || st.st_gid != file.st_gid)
			rc = report(arg, "warning", "closed_file", path,
			    "the database's group cannot read the file",
			    "give it mode 0640 and the group that postfix and "
			    "dovecot are in");
		free(path);
	}
	return rc < 0 ? rc : check_directory(conn, &file, report, arg);
}

const struct maildb__driver maildb__sqlite = {
	.name = "sqlite",
	.backend = MAILDB__SQLITE,
	.open = sqlite_open,
	.close = sqlite_close,
	.version = sqlite_version,
	.set_version = "PRAGMA user_version = %d",
	.begin = sqlite_begin,
	.commit = sqlite_commit,
	.undo = sqlite_undo,
	.rollback = sqlite_rollback,
	.script = sqlite_script,
	.start = sqlite_start,
	.next = sqlite_next,
	.value = sqlite_value,
	.done = sqlite_done,
	.interrupt = sqlite_interrupt,
	.backup = sqlite_backup,
	.check = sqlite_check,
	.viewer = &maildb__sqlite_viewer,
};
