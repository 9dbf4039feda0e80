/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * perl.c - converts the database of the first mailcfg, a Perl script
 *
 * Three steps: every row is read and judged by the rules of today; the file is
 * copied and put into WAL mode; one transaction replaces the tables.  Rows
 * that cannot be converted are all named, and then nothing has been touched:
 * there is no way to skip them but to repair or delete them, which each notice
 * shows.  What the script let pass without harm is converted with a notice:
 * empty rows, rows twice, weak hashes, targets that lead nowhere.
 */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "core/migrate.h"
#include "rules/rules.h"

enum table { DOMAINS, USERS, ALIASES, TABLES };

static const struct {
	const char *old, *now, *drop;
} names[TABLES] = {
	[DOMAINS] = { "domains", "domain", "DELETE FROM domains" },
	[USERS] = { "users", "address", "DELETE FROM users" },
	[ALIASES] = { "aliases", "target", "DELETE FROM aliases" },
};

static const char no_password[] = "UPDATE users SET password = ''";

/* A row, converted. */
struct entry {
	int64_t id;
	char *name; /* domain, user, or source of an alias */
	char *more; /* U-label, hash or NULL, or destination */
	bool enabled;
};

struct list {
	struct entry *entry;
	size_t n, size;
	int64_t last; /* the greatest id ever given */
};

struct convert {
	struct maildb *db;
	const char *path;
	struct list lists[TABLES];
	bool counted; /* sqlite_sequence knows the last ids */
	bool reading; /* for others, who convert nothing */
	bool rolled_back; /* out of WAL mode, after a failure */
	int problems;
};

/* ---- lists -------------------------------------------------------------- */

/* Appends copies; more may be NULL. */
static int
list_add(struct convert *convert, enum table table, int64_t id,
    const char *name, const char *more, bool enabled)
{
	struct list *list = &convert->lists[table];
	size_t size = list->size != 0 ? list->size * 2 : 64;
	struct entry entry = { .id = id, .enabled = enabled }, *grown;

	if (list->n == list->size) {
		grown = reallocarray(list->entry, size, sizeof(*grown));
		if (grown == NULL)
			return maildb__nomem(convert->db);
		list->entry = grown;
		list->size = size;
	}
	entry.name = strdup(name);
	if (entry.name == NULL ||
	    (more != NULL && (entry.more = strdup(more)) == NULL)) {
		free(entry.name);
		return maildb__nomem(convert->db);
	}
	list->entry[list->n++] = entry;
	if (id > list->last)
		list->last = id;
	return 0;
}

static void
list_free(struct list *list)
{
	while (list->n > 0) {
		free(list->entry[--list->n].name);
		maildb_secret_free(list->entry[list->n].more);
	}
	free(list->entry);
	*list = (struct list){ 0 };
}

static void
forget_all(struct convert *convert)
{
	int i;

	for (i = 0; i < TABLES; i++)
		list_free(&convert->lists[i]);
}

/* By name, then by id. */
static int
compare(const void *one, const void *other)
{
	const struct entry *a = one, *b = other;
	int order = strcmp(a->name, b->name);

	return order != 0 ? order : (a->id > b->id) - (a->id < b->id);
}

/* Whether a domain is in the list, which is sorted by then. */
static bool
is_ours(const struct list *domains, const char *name)
{
	size_t low = 0, high = domains->n, at;
	int order;

	while (low < high) {
		at = low + (high - low) / 2;
		order = strcmp(name, domains->entry[at].name);
		if (order == 0)
			return true;
		if (order < 0)
			high = at;
		else
			low = at + 1;
	}
	return false;
}

/* ---- reading ------------------------------------------------------------ */

/* Tells of a row that cannot be converted, and the SQL that would help. */
static void
problem(struct convert *convert, enum table table, int64_t id,
    const char *remedy, const char *format, ...)
    __attribute__((format(printf, 5, 6)));

static void
problem(struct convert *convert, enum table table, int64_t id,
    const char *remedy, const char *format, ...)
{
	struct maildb__buf hint = { 0 };
	char *message = NULL;
	va_list ap;

	convert->problems++;
	va_start(ap, format);
	if (vasprintf(&message, format, ap) < 0)
		message = NULL;
	va_end(ap);
	maildb__buf_printf(&hint,
	    "correct it, or: sqlite3 %s \"%s WHERE id = %lld\"",
	    convert->path, remedy, (long long)id);
	maildb__notice(convert->db, "not_converted", hint.text,
	    "%s, id %lld: %s", names[table].old, (long long)id,
	    message != NULL ? message : "");
	maildb__buf_free(&hint);
	free(message);
}

/* Whether there is nothing in a row that matters; tells so. */
static bool
is_empty(struct convert *convert, enum table table, int64_t id,
    const char *text)
{
	if (text != NULL && *text != '\0')
		return false;
	maildb__notice(convert->db, "empty_row", NULL,
	    "%s, id %lld: the row is empty and left out", names[table].old,
	    (long long)id);
	return true;
}

/* Reads a row of domains. */
static int
read_domain(struct convert *convert, const struct maildb_cursor *row)
{
	char name[MAILDB_DOMAIN_MAX + 1], uname[MAILDB_ULABEL_MAX + 1];
	int64_t id = maildb_cursor_int(row, 0);
	const char *text = maildb_cursor_text(row, 1);
	enum maildb_reason reason;

	if (is_empty(convert, DOMAINS, id, text))
		return 0;
	reason = maildb_domain_parse(text, strlen(text), name, uname);
	if (reason == MAILDB_REASON_NONE)
		return list_add(convert, DOMAINS, id, name, uname, true);
	problem(convert, DOMAINS, id, names[DOMAINS].drop,
	    "\"%s\" is no domain: %s", text, maildb_reason_sentence(reason));
	return 0;
}

/* Reads an address of ours, or tells what is wrong with it. */
static bool
read_address(struct convert *convert, enum table table, int64_t id,
    const char *text, struct maildb_address *address)
{
	enum maildb_reason reason = maildb_address_parse(text, strlen(text),
	    table == ALIASES ? MAILDB_PARSE_CATCHALL : 0, address);

	if (reason != MAILDB_REASON_NONE)
		problem(convert, table, id, names[table].drop,
		    "\"%s\" is no address: %s", text,
		    maildb_reason_sentence(reason));
	else if (address->klass != MAILDB_CATCHALL &&
	    address->klass > (table == USERS ? MAILDB_MAILBOX : MAILDB_ALIAS))
		problem(convert, table, id, names[table].drop,
		    "\"%s\" has characters that %s cannot have", text,
		    table == USERS ? "a user" : "an alias");
	else if (!is_ours(&convert->lists[DOMAINS], address->domain))
		problem(convert, table, id, names[table].drop,
		    "the domain of \"%s\" is not in the table domains", text);
	else
		return true;
	return false;
}

/* Reads the password of a user into *hash, NULL for none: 0, 1 when the row
 * cannot be converted, or an error. */
static int
read_password(struct convert *convert, int64_t id, const char *user,
    const char *password, char **hash)
{
	char *strong = NULL, name[64];
	const char *why;
	int rc;

	if (password == NULL || *password == '\0')
		return 0;
	if (*password == '!' || *password == '*') {
		maildb__notice(convert->db, "no_password", NULL,
		    "user %s has a locked password: it cannot log in", user);
		return 0;
	}
	rc = maildb_hash_parse(password, MAILDB_HASH_WEAK, hash, &why);
	if (rc == MAILDB_EHASH) {
		problem(convert, USERS, id, no_password,
		    "the password hash of %s cannot be used: %s", user, why);
		return 1;
	}
	if (rc == 0)
		rc = maildb_hash_parse(password, 0, &strong, NULL);
	if (rc == MAILDB_EHASH) {
		maildb_hash_describe(*hash, name);
		maildb__notice(convert->db, "weak_hash",
		    "give the user a new password",
		    "user %s keeps a weak password hash, %s", user, name);
		rc = 0;
	}
	maildb_secret_free(strong);
	return rc < 0 ? maildb__nomem(convert->db) : 0;
}

/* Reads a row of users. */
static int
read_user(struct convert *convert, const struct maildb_cursor *row)
{
	int64_t id = maildb_cursor_int(row, 0);
	const char *text = maildb_cursor_text(row, 1);
	struct maildb_address address;
	char *hash = NULL;
	int rc;

	if (is_empty(convert, USERS, id, text) ||
	    !read_address(convert, USERS, id, text, &address))
		return 0;
	rc = read_password(convert, id, address.text,
	    maildb_cursor_text(row, 2), &hash);
	if (rc == 0)
		rc = list_add(convert, USERS, id, address.text, hash,
		    maildb_cursor_int(row, 3) != 0);
	maildb_secret_free(hash);
	return rc < 0 ? rc : 0;
}

/* Parses a target; the local part of a foreign one keeps its case. */
static enum maildb_reason
parse_target(const struct convert *convert, const char *text, size_t len,
    struct maildb_address *target)
{
	enum maildb_reason reason = maildb_address_parse(text, len,
	    MAILDB_PARSE_UTF8 | MAILDB_PARSE_CASE, target);

	return reason == MAILDB_REASON_NONE &&
	    is_ours(&convert->lists[DOMAINS], target->domain) ?
	    maildb_address_parse(text, len, MAILDB_PARSE_UTF8, target) : reason;
}

/* Reads a row of aliases.  Postfix took a list for dst: its first entry keeps
 * the id, the others get new ones. */
static int
read_alias(struct convert *convert, const struct maildb_cursor *row)
{
	int64_t id = maildb_cursor_int(row, 0), keep = id;
	const char *text = maildb_cursor_text(row, 1);
	const char *dest = maildb_cursor_text(row, 2);
	struct maildb_address source, target;
	enum maildb_reason reason;
	size_t len;
	int rc;

	if (is_empty(convert, ALIASES, id, text) ||
	    is_empty(convert, ALIASES, id, dest) ||
	    !read_address(convert, ALIASES, id, text, &source))
		return 0;
	for (; *dest != '\0'; dest += len) {
		if ((len = strspn(dest, ", \t")) > 0)
			continue;
		len = strcspn(dest, ", \t");
		reason = parse_target(convert, dest, len, &target);
		if (reason != MAILDB_REASON_NONE) {
			problem(convert, ALIASES, id, names[ALIASES].drop,
			    "\"%.*s\", a target of %s, is no address: %s",
			    (int)len, dest, source.text,
			    maildb_reason_sentence(reason));
			continue;
		}
		rc = list_add(convert, ALIASES, keep, source.text, target.text,
		    true);
		if (rc < 0)
			return rc;
		keep = 0;
	}
	return 0;
}

/* Reads one of the tables. */
static int
read_table(struct convert *convert, enum maildb__stmt_id id,
    int (*read_row)(struct convert *, const struct maildb_cursor *))
{
	struct maildb_cursor *cursor;
	int rc;

	if ((rc = maildb__list_values(convert->db, &cursor, id, NULL)) < 0)
		return rc;
	while ((rc = maildb_cursor_next(cursor)) > 0)
		if ((rc = read_row(convert, cursor)) < 0)
			break;
	maildb_cursor_free(cursor);
	return rc;
}

/* Sorts a list, and finds what is in it twice now that case is folded. */
static void
find_twins(struct convert *convert, enum table table)
{
	struct list *list = &convert->lists[table];
	struct entry *entry = list->entry;
	size_t i;

	if (list->n == 0)
		return;
	qsort(entry, list->n, sizeof(*entry), compare);
	for (i = 1; i < list->n; i++)
		if (strcmp(entry[i].name, entry[i - 1].name) == 0)
			problem(convert, table, entry[i].id, names[table].drop,
			    "%s is there already, with id %lld", entry[i].name,
			    (long long)entry[i - 1].id);
}

/* Reads everything; fails when a row cannot be converted. */
static int
read_all(struct convert *convert)
{
	int rc;

	if ((rc = read_table(convert, STMT_PERL_DOMAINS, read_domain)) < 0)
		return rc;
	find_twins(convert, DOMAINS);
	if ((rc = read_table(convert, STMT_PERL_USERS, read_user)) < 0)
		return rc;
	find_twins(convert, USERS);
	if ((rc = read_table(convert, STMT_PERL_ALIASES, read_alias)) < 0)
		return rc;
	if (convert->problems == 0)
		return 0;
	maildb__fail(convert->db, MAILDB_EREFUSED,
	    "database %s: %d row%s cannot be converted, so nothing was",
	    convert->path, convert->problems, convert->problems > 1 ? "s" : "");
	return maildb__hint(convert->db,
	    "correct or delete them with sqlite3, then try again");
}

/* The same in the transaction, lest a change meanwhile be lost; what there was
 * to say has been said. */
static int
read_again(struct convert *convert)
{
	maildb_notice_fn *notice = convert->db->notice;
	int rc;

	forget_all(convert);
	convert->db->notice = NULL;
	rc = read_all(convert);
	convert->db->notice = notice;
	return rc;
}

/* ---- writing ------------------------------------------------------------ */

/* Keeps the ids of rows long deleted from being given again. */
static int
keep_ids(struct convert *convert)
{
	struct maildb *db = convert->db;
	int rc = maildb__exec_values(db, STMT_PERL_FORGET_IDS, NULL);
	int i;

	for (i = 0; rc >= 0 && i < TABLES; i++)
		rc = maildb__exec(db, STMT_PERL_KEEP_ID, V_TEXT(names[i].now),
		    V_INT(convert->lists[i].last));
	return rc;
}

/* Reads the last ids that were given, also to rows that are gone. */
static int
read_last_ids(struct convert *convert)
{
	struct maildb__row row = { 0 };
	struct list *list;
	int i, rc = 0;

	for (i = 0; rc >= 0 && i < TABLES && convert->counted; i++) {
		list = &convert->lists[i];
		rc = maildb__fetch(convert->db, &row, STMT_PERL_LAST_ID,
		    V_TEXT(names[i].old));
		if (rc > 0 && maildb__row_int(&row, "id") > list->last)
			list->last = maildb__row_int(&row, "id");
	}
	maildb__row_clear(&row);
	return rc;
}

/* Adds an address row; id 0 takes a new one.  *out is its id. */
static int
add_address(struct maildb *db, int64_t id, const char *text, bool enabled,
    int64_t *out)
{
	const char *at = strchr(text, '@');
	char local[MAILDB_LOCAL_MAX + 1];
	struct maildb__row row = { 0 };
	int rc;

	snprintf(local, sizeof(local), "%.*s", (int)(at - text), text);
	rc = maildb__fetch(db, &row, STMT_PERL_ADD_ADDRESS,
	    id != 0 ? V_INT(id) : V_NULL, V_TEXT(at + 1), V_TEXT(local),
	    V_INT(enabled));
	*out = maildb__row_int(&row, "id");
	maildb__row_clear(&row);
	return rc;
}

/* Adds a user.  Its mail is where the script's Dovecot had it. */
static int
add_user(struct maildb *db, const struct entry *user)
{
	const char *at = strchr(user->name, '@');
	char home[MAILDB_ADDRESS_MAX + 1];
	int64_t id;
	int rc;

	rc = add_address(db, user->id, user->name, user->enabled, &id);
	if (rc < 0)
		return rc;
	snprintf(home, sizeof(home), "%s/%.*s", at + 1,
	    (int)(at - user->name), user->name);
	return maildb__exec(db, STMT_PERL_ADD_MAILBOX, V_INT(id),
	    V_TEXT(user->more), V_TEXT(home));
}

/* Adds a target to a user, or to an alias that is made when it is the first. */
static int
add_target(struct maildb *db, const struct entry *target)
{
	const char *at = strchr(target->name, '@');
	char local[MAILDB_LOCAL_MAX + 1];
	struct maildb__row row = { 0 };
	int64_t id;
	int rc;

	snprintf(local, sizeof(local), "%.*s", (int)(at - target->name),
	    target->name);
	rc = maildb__fetch(db, &row, STMT_ADDRESS_FIND, V_TEXT(at + 1),
	    V_TEXT(local));
	id = maildb__row_int(&row, "id");
	if (rc > 0 && !maildb__row_int(&row, "enabled"))
		maildb__notice(db, "forward_off", NULL,
		    "user %s is disabled, and now that stops forwarding to %s",
		    target->name, target->more);
	maildb__row_clear(&row);
	if (rc == 0)
		rc = add_address(db, 0, target->name, true, &id);
	if (rc < 0)
		return rc;
	rc = maildb__exec(db, STMT_PERL_ADD_TARGET,
	    target->id != 0 ? V_INT(target->id) : V_NULL, V_INT(id),
	    V_TEXT(target->more), V_INT(*local != '\0'));
	if (rc == 0)
		maildb__notice(db, "twice", NULL,
		    "aliases, id %lld: %s leads to %s already; left out",
		    (long long)target->id, target->name, target->more);
	return rc;
}

/* Makes a notice of what is wrong with a target. */
static int
notice_target(void *arg, const char *severity, const char *code,
    const char *object, const char *message, const char *hint)
{
	(void)severity;
	(void)object;
	maildb__notice(arg, code, hint, "%s", message);
	return 0;
}

/* Replaces the tables, in the transaction that is open. */
static int
replace(struct convert *convert)
{
	const struct list *domains = &convert->lists[DOMAINS];
	const struct list *users = &convert->lists[USERS];
	const struct list *targets = &convert->lists[ALIASES];
	struct maildb *db = convert->db;
	size_t i;
	int rc;

	if ((rc = read_again(convert)) < 0 ||
	    (rc = read_last_ids(convert)) < 0 ||
	    (rc = db->driver->script(db->conn, "DROP TABLE aliases; "
	    "DROP TABLE users; DROP TABLE domains")) < 0)
		return rc;
	db->version = 0;
	if ((rc = maildb__migrate(db)) < 0 || (rc = keep_ids(convert)) < 0)
		return rc;
	for (i = 0; rc >= 0 && i < domains->n; i++)
		rc = maildb__exec(db, STMT_PERL_ADD_DOMAIN,
		    V_INT(domains->entry[i].id), V_TEXT(domains->entry[i].name),
		    V_TEXT(domains->entry[i].more));
	for (i = 0; rc >= 0 && i < users->n; i++)
		rc = add_user(db, &users->entry[i]);
	for (i = 0; rc >= 0 && i < targets->n; i++)
		rc = add_target(db, &targets->entry[i]);
	if (rc >= 0)
		rc = maildb__graph_report(db, notice_target, db);
	return rc < 0 ? rc : 1;
}

/* Whether the file is in WAL mode: 1 or 0. */
static int
is_wal(struct maildb *db)
{
	struct maildb__row row = { 0 };
	int rc = maildb__fetch_values(db, &row, STMT_CHECK_WAL, NULL);

	maildb__row_clear(&row);
	return rc < 0 ? rc : rc == 0;
}

/* Readers must not be locked out meanwhile, nor ever after. */
static int
use_wal(struct convert *convert)
{
	struct maildb *db = convert->db;
	int rc = db->driver->script(db->conn, "PRAGMA journal_mode = WAL");

	if (rc < 0 || (rc = is_wal(db)) != 0)
		return rc < 0 ? rc : 0;
	return maildb__fail(db, MAILDB_EREFUSED,
	    "database %s: SQLite cannot use WAL there", convert->path);
}

/* Leaves the file as it was before a conversion that failed: the programs that
 * read it cannot make the files of WAL mode. */
static void
take_back(struct convert *convert, bool was_wal, const char *backup)
{
	struct maildb *db = convert->db;

	if (!was_wal && db->driver->script(db->conn,
	    "PRAGMA journal_mode = DELETE") == 0)
		convert->rolled_back = is_wal(db) == 0;
	if (backup != NULL)
		(void)unlink(backup);
}

/* Removes the files of WAL mode, which outlive a connection on purpose. */
static void
remove_wal(const char *path)
{
	static const char *const ends[] = { "-wal", "-shm" };
	struct maildb__buf name = { 0 };
	size_t i;

	for (i = 0; i < ARRAY_LEN(ends); i++) {
		maildb__buf_printf(&name, "%s%s", path, ends[i]);
		if (name.text != NULL)
			(void)unlink(name.text);
		maildb__buf_free(&name);
	}
}

/* Whether there is something to convert: 1, or 0 when it is done already. */
static int
recognise(struct convert *convert)
{
	struct maildb *db = convert->db;
	struct maildb__row row = { 0 };
	int rc = maildb__fetch_values(db, &row, STMT_PERL_FILE, NULL);

	if (rc < 0)
		goto out;
	convert->counted = maildb__row_int(&row, "counted") != 0;
	if (maildb__row_int(&row, "application") != 0) {
		rc = db->driver->version(db->conn, &db->version);
	} else if (!maildb__row_int(&row, "known")) {
		rc = maildb__fail(db, MAILDB_EFORMAT,
		    "%s is no database of the first mailcfg", convert->path);
		maildb__hint(db,
		    "it would have the tables domains, users and aliases");
	} else if (!convert->reading &&
	    *maildb__row_text(&row, "other") != '\0') {
		rc = maildb__fail(db, MAILDB_EREFUSED,
		    "database %s has the %s, which would not survive",
		    convert->path, maildb__row_text(&row, "other"));
		maildb__hint(db, "drop it with sqlite3, then try again");
	}
out:
	maildb__row_clear(&row);
	return rc;
}

/* All of it, on an open connection. */
static int
convert_file(struct convert *convert, const char *backup)
{
	struct maildb *db = convert->db;
	size_t users;
	int rc, was_wal;

	if ((rc = recognise(convert)) <= 0 || (rc = read_all(convert)) < 0 ||
	    (rc = was_wal = is_wal(db)) < 0)
		return rc;
	if (backup != NULL && (rc = db->driver->backup(db->conn, backup)) < 0)
		return rc;
	if ((rc = use_wal(convert)) == 0 && (rc = maildb__enter(db)) == 0)
		rc = maildb__leave(db, replace(convert));
	if (rc < 0)
		take_back(convert, was_wal > 0, backup);
	users = convert->lists[USERS].n;
	if (rc > 0 && users > 0)
		maildb__notice(db, "home", "mailcfg set mail_root DIRECTORY",
		    "%zu users keep their homes, DOMAIN/NAME below mail_root; "
		    "say where that is", users);
	return rc;
}

/* Opens the file, which maildb_open() would not take for a database. */
static int
open_file(struct maildb *db, const char *path, unsigned flags)
{
	if (db->conn != NULL)
		return maildb__fail(db, MAILDB_EMISUSE,
		    "the handle has a database open already");
	free(db->url);
	if ((db->url = strdup(path)) == NULL)
		return maildb__nomem(db);
	db->driver = &maildb__sqlite;
	db->flags = flags;
	return db->driver->open(db, path, flags, &db->conn);
}

static void
close_file(struct maildb *db)
{
	if (db->conn != NULL)
		db->driver->close(db->conn);
	db->conn = NULL;
}

int
maildb_upgrade_perl(struct maildb *db, const char *path, const char *backup)
{
	struct convert convert = { .db = db, .path = path };
	int rc = open_file(db, path, 0);

	if (rc == MAILDB_EMISUSE)
		return rc;
	if (rc == 0)
		rc = convert_file(&convert, backup);
	forget_all(&convert);
	close_file(db);
	if (convert.rolled_back)
		remove_wal(path);
	return rc;
}

/* ---- for others --------------------------------------------------------- */

/* Hands out the rows of one table. */
static int
hand_out(struct maildb *db, enum table table, maildb_perl_fn *fn, void *arg)
{
	static const enum maildb__stmt_id lists[TABLES] = {
		[DOMAINS] = STMT_PERL_DOMAINS, [USERS] = STMT_PERL_USERS,
		[ALIASES] = STMT_PERL_ALIASES,
	};
	struct maildb_perl_row row = { .table = names[table].old };
	struct maildb_cursor *cursor;
	int rc;

	if ((rc = maildb__list_values(db, &cursor, lists[table], NULL)) < 0)
		return rc;
	while ((rc = maildb_cursor_next(cursor)) > 0) {
		row.id = maildb_cursor_int(cursor, 0);
		row.name = maildb_cursor_text(cursor, 1);
		row.more = table == DOMAINS ? NULL :
		    maildb_cursor_text(cursor, 2);
		row.enabled = table != USERS ||
		    maildb_cursor_int(cursor, 3) != 0;
		if ((rc = fn(arg, &row)) < 0)
			break;
	}
	maildb_cursor_free(cursor);
	return rc;
}

int
maildb_perl_read(struct maildb *db, const char *path, maildb_perl_fn *fn,
    void *arg)
{
	struct convert convert = { .db = db, .path = path, .reading = true };
	int rc = open_file(db, path, MAILDB_READONLY), table;

	if (rc == MAILDB_EMISUSE)
		return rc;
	if (rc == 0 && (rc = recognise(&convert)) == 1)
		for (table = DOMAINS; rc >= 0 && table < TABLES; table++)
			rc = hand_out(db, (enum table)table, fn, arg);
	else if (rc == 0) {
		rc = maildb__fail(db, MAILDB_EFORMAT,
		    "%s is a database of this mailcfg already", path);
		maildb__hint(db, "mailcfg -d %s export", path);
	}
	close_file(db);
	return rc;
}
