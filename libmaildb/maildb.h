/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * maildb.h - the accounts of a mail server in one SQL database
 *
 * A handle holds one connection.  Functions answer 0 (nothing changed) or 1
 * (something changed) on success and a negative enum maildb_error on failure;
 * what went wrong in detail is then kept on the handle, see maildb_fault().
 * Text goes in and comes out as NUL-terminated UTF-8.  Out pointers belong to
 * the caller, who frees them with the matching function; what a getter returns
 * lives as long as the object it was asked of, or until its next change.
 *
 * A handle must not be used by two threads at once; two handles may.
 * The library never prints, exits, reads the environment or installs a signal
 * handler, and it upgrades a schema only when maildb_upgrade() is called.
 */
#ifndef MAILDB_H
#define MAILDB_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

struct maildb;
struct maildb_cursor;

/* ---- errors ---------------------------------------------------------- */

/*
 * X(symbol, number, name, meaning): the only list of errors.  The name is the
 * stable code in JSON and in the manual; numbers are never given again.
 */
#define MAILDB_ERRORS(X) \
	X(ENOMEM,      -1, "out_of_memory",   "memory is exhausted") \
	X(EMISUSE,     -2, "misuse",          "the library was called in a way it forbids") \
	X(EADDRESS,    -3, "bad_address",     "not an address, or not of the class needed") \
	X(EVALUE,      -4, "bad_value",       "a field's value cannot be read or is out of range") \
	X(EHASH,       -5, "bad_hash",        "a password hash is malformed, weak or too costly") \
	X(EPASSWORD,   -6, "bad_password",    "a password is empty, too long or too weak") \
	X(EURL,        -7, "bad_url",         "a database URL cannot be understood") \
	X(EFIELD,      -8, "no_such_field",   "no field or setting of that name") \
	X(EDOMAIN,     -9, "no_such_domain",  "the domain does not exist") \
	X(EUSER,      -10, "no_such_user",    "the user does not exist") \
	X(EALIAS,     -11, "no_such_alias",   "the alias does not exist") \
	X(EMAP,       -12, "no_such_map",     "no map of that name") \
	X(EEXISTS,    -13, "exists",          "another object has that name") \
	X(EINUSE,     -14, "in_use",          "others depend on the object") \
	X(ELOOP,      -15, "loop",            "mail would go round in a circle") \
	X(EDEADEND,   -16, "dead_end",        "a target leads nowhere") \
	X(EEXPANSION, -17, "too_many_targets", "an alias expands beyond what Postfix follows") \
	X(ELIMIT,     -18, "limit",           "a limit of the domain would be exceeded") \
	X(EPROTECTED, -19, "protected",       "RFC 5321 wants this address to exist") \
	X(EREFUSED,   -20, "refused",         "a rule of the database refuses it") \
	X(EMISMATCH,  -21, "wrong_password",  "the password does not match") \
	X(EMISSING,   -22, "db_missing",      "the database does not exist") \
	X(EDENIED,    -23, "db_denied",       "no permission for the database") \
	X(ELOCKED,    -24, "db_locked",       "another writer holds the database") \
	X(EFULL,      -25, "db_full",         "no space is left for the database") \
	X(ESCHEMA,    -26, "db_schema",       "the schema is older or newer than this program") \
	X(EFORMAT,    -27, "db_format",       "the file is no mail database, or damaged") \
	X(ELOST,      -28, "db_lost",         "the connection was lost; nothing was committed") \
	X(EDB,        -29, "db_error",        "the database answered with an error") \
	X(EUNKNOWN,   -30, "outcome_unknown", "COMMIT failed, and whether the change was made is unknown") \
	X(EINTR,      -31, "interrupted",     "interrupted; nothing was committed") \
	X(EIO,        -32, "io_error",        "a file cannot be read or written")

enum maildb_error {
	MAILDB_OK = 0,
#define MAILDB_ERROR_ENUM(symbol, number, name, meaning) \
	MAILDB_##symbol = number,
	MAILDB_ERRORS(MAILDB_ERROR_ENUM)
#undef MAILDB_ERROR_ENUM
};

/* The stable name of a code ("no_such_domain"); "ok" for codes >= 0. */
const char *maildb_error_name(int code);

/* One sentence on what the code means in general. */
const char *maildb_error_meaning(int code);

/*
 * What went wrong last on this handle.  message is one line that names the
 * thing; field and value say which input it was about; hint is a way out.
 * All but message may be NULL.  Values are never secrets.
 */
struct maildb_fault {
	int code;
	const char *message;
	const char *field;
	const char *value;
	const char *hint;
};

const struct maildb_fault *maildb_fault(const struct maildb *db);

/* ---- handle ---------------------------------------------------------- */

/* A handle that is not open yet, or NULL without memory. */
struct maildb *maildb_new(void);

/* Closes, rolling back what is not committed; a cursor that is still open goes
 * with it.  NULL is allowed. */
void maildb_free(struct maildb *db);

/*
 * Who is written into the journal: who is a person's or a program's name, via
 * how they came ("sudo on pts/3", "ansible").  Copied; via may be NULL.
 */
int maildb_set_actor(struct maildb *db, const char *who, const char *via);

/* Milliseconds to wait for another writer's lock; 10000 at first. */
void maildb_set_timeout(struct maildb *db, int milliseconds);

/*
 * Things worth saying that are no failure (an alias that became dead, a rule
 * skipped).  code is stable, message and hint are one line each; hint may be
 * NULL.  Called during the call that causes it.
 */
typedef void maildb_notice_fn(void *arg, const char *code, const char *message,
    const char *hint);
void maildb_on_notice(struct maildb *db, maildb_notice_fn *fn, void *arg);

#define MAILDB_READONLY 0x01u /* refuse every change */
#define MAILDB_CREATE   0x02u /* make the database and its schema if missing */
#define MAILDB_ANYSCHEMA 0x04u /* accept any schema: for upgrade and check */

/*
 * Opens a database: a path, "sqlite:PATH", "postgresql://...",
 * "postgres://...", "pgsql://...", "service=NAME" or libpq keywords.  A handle
 * whose open failed may try again, or be asked for its fault.
 */
int maildb_open(struct maildb *db, const char *url, unsigned flags);

/*
 * Reads a database URL as maildb_open() does, and opens nothing: 0, or
 * MAILDB_EURL with backend NULL for a scheme that is not known.  All pointers
 * lead into the URL.
 */
struct maildb_url_parts {
	const char *backend; /* "sqlite" or "pgsql" */
	const char *target;  /* SQLite's path, or what libpq is given */
	bool spelled;        /* it cannot be taken for the path of a file */
	const char *name;    /* what tells it from others, for a prompt */
	size_t name_len;
};
int maildb_url_read(const char *url, struct maildb_url_parts *out);
/* The URL as it may be shown, "***" where a password is, or may be; NULL
 * without memory, else the caller's to free. */
char *maildb_url_shown(const char *url);

/*
 * How the open database was reached, for files by which others reach it: calls
 * fn for each word until it answers below 0, and answers the last.  SQLite has
 * the word "path".  PostgreSQL has libpq's keywords, completed from services
 * and the environment: host (the directory of a local socket included), port,
 * dbname and user, then those that are not libpq's default.  host, hostaddr and
 * port are lists; one port is that of all hosts.  A secret's value is NULL.
 */
typedef int maildb_word_fn(void *arg, const char *word, const char *value);
int maildb_connection(struct maildb *db, maildb_word_fn *fn, void *arg);

/* "sqlite" or "pgsql"; NULL before maildb_open(). */
const char *maildb_backend(const struct maildb *db);
/* The URL without secrets, for messages; "" before maildb_open(). */
const char *maildb_url(const struct maildb *db);

/* The database's schema version, and the one this library wants. */
int maildb_schema_version(const struct maildb *db);
int maildb_schema_wanted(void);
/* Brings an older schema up to date in one transaction: 1 if it did. */
int maildb_upgrade(struct maildb *db);

/*
 * Converts an SQLite file of the first mailcfg (tables domains, users and
 * aliases) in place and in one transaction, ids kept.  backup names a file to
 * copy the old content to, which must not exist; NULL for none.  Answers 1, or
 * 0 for a file converted before; MAILDB_EREFUSED after notices that name every
 * row in the way, the file as it was.  The handle is not open before or after.
 */
int maildb_upgrade_perl(struct maildb *db, const char *path, const char *backup);

/*
 * Hands out the rows of such a file as they are, domains first, then users and
 * aliases, and changes nothing.  table is "domains", "users" or "aliases"; more
 * is a user's hash or an alias's destinations.  What fn answers below 0 ends
 * it.  The handle is not open before or after.
 */
struct maildb_perl_row {
	const char *table;
	int64_t id;
	const char *name, *more; /* either may be NULL */
	bool enabled;
};
typedef int maildb_perl_fn(void *arg, const struct maildb_perl_row *row);
int maildb_perl_read(struct maildb *db, const char *path, maildb_perl_fn *fn,
    void *arg);

/* Copies the whole database to a new file (SQLite only), consistent while
 * others write. */
int maildb_backup(struct maildb *db, const char *path);

/*
 * Copies everything from one open database into another, empty one, of any
 * back end: ids, hashes and journal stay the same, in one transaction of the
 * target; the source is locked against changes meanwhile.  On PostgreSQL the
 * target's role must own the schema.  Faults are the target's.
 */
int maildb_copy(struct maildb *from, struct maildb *to);

/*
 * Hands out the same rows, table by table and in the order in which they can
 * be inserted, to somebody who writes them down.  The columns are those of the
 * table; the table "last" has the last id that each table ever gave, and comes
 * again at the end.  What fn answers below 0 ends it.  The database is locked
 * against changes meanwhile.
 */
typedef int maildb_dump_fn(void *arg, const char *table,
    struct maildb_cursor *rows);
int maildb_dump(struct maildb *db, maildb_dump_fn *fn, void *arg);

/* Asks a running statement to stop; safe in a signal handler. */
void maildb_interrupt(struct maildb *db);

/* ---- transactions ---------------------------------------------------- */

/*
 * begin counts: inner levels are savepoints.  Every function that changes
 * something is a transaction of its own when none is open, and a savepoint
 * inside one.  The lock is taken by the first change, not by the outermost
 * begin.  A failed commit closes its level like a rollback: nothing of it is
 * in the database, except for MAILDB_EUNKNOWN.  All three need the cursor
 * freed first.
 */
int maildb_begin(struct maildb *db);
int maildb_commit(struct maildb *db);
int maildb_rollback(struct maildb *db);
int maildb_depth(const struct maildb *db);

/*
 * Within the outermost transaction, checks of what targets lead to (loops,
 * dead ends, limits) wait for its commit, so that the order of changes does
 * not matter.  Switched off again by commit and rollback.
 */
int maildb_defer(struct maildb *db);

/* ---- cursors --------------------------------------------------------- */

enum maildb_type {
	MAILDB_TEXT,  /* UTF-8 */
	MAILDB_INT,
	MAILDB_BOOL,  /* 0 or 1 */
	MAILDB_SIZE,  /* bytes; 0 is unlimited where a field says so */
	MAILDB_COUNT, /* a number of things; 0 is unlimited likewise */
	MAILDB_TIME,  /* seconds since 1970, UTC */
	MAILDB_MSEC,  /* milliseconds since 1970, UTC */
	MAILDB_JSON,  /* text that is a JSON value */
};

/*
 * Rows, one at a time.  next answers 1 with a row, 0 at the end, or an error.
 * On a handle only one cursor may be open at a time, and a change or another
 * list needs it freed first (MAILDB_EMISUSE).
 */
int maildb_cursor_next(struct maildb_cursor *cursor);
void maildb_cursor_free(struct maildb_cursor *cursor);

size_t maildb_cursor_width(const struct maildb_cursor *cursor);
const char *maildb_cursor_name(const struct maildb_cursor *cursor, size_t col);
enum maildb_type maildb_cursor_type(const struct maildb_cursor *cursor,
    size_t col);

/* Values of the present row; text lives until the next row.  A value that is
 * no text is NULL as text, one that is NULL is 0 as a number. */
bool maildb_cursor_null(const struct maildb_cursor *cursor, size_t col);
int64_t maildb_cursor_int(const struct maildb_cursor *cursor, size_t col);
const char *maildb_cursor_text(const struct maildb_cursor *cursor, size_t col);

/* The column of that name, or -1. */
int maildb_cursor_find(const struct maildb_cursor *cursor, const char *name);

/* ---- addresses (pure: no handle, no database) ------------------------- */

#define MAILDB_DOMAIN_MAX   253 /* octets of an A-label domain, RFC 1035 */
#define MAILDB_LOCAL_MAX    64  /* RFC 5321 4.5.3.1.1 */
#define MAILDB_ADDRESS_MAX  254 /* RFC 5321 path of 256 less the brackets */
#define MAILDB_ULABEL_MAX   1023 /* octets of the same domain as U-labels */

/* What an address may be used for, narrowest first: each class includes the
 * ones before it, but a catch-all is one of its own. */
enum maildb_address_class {
	MAILDB_MAILBOX,  /* may have a mailbox here */
	MAILDB_ALIAS,    /* may be an alias here */
	MAILDB_DEST,     /* only a destination in somebody else's domain */
	MAILDB_CATCHALL, /* "@domain" */
};

/* X(symbol, name, sentence): why a text is no address, in order of check. */
#define MAILDB_REASONS(X) \
	X(EMPTY,           "empty",            "it is empty") \
	X(ADDR_TOO_LONG,   "addr-too-long",    "it is longer than 254 octets") \
	X(CONTROL,         "control",          "it holds a control or invisible character") \
	X(BAD_UTF8,        "bad-utf8",         "it is not valid UTF-8") \
	X(SPACE,           "space",            "it holds a space") \
	X(QUOTED,          "quoted",           "quoted local parts are not supported") \
	X(NO_AT,           "no-at",            "it has no @") \
	X(MULTIPLE_AT,     "multiple-at",      "it has more than one @") \
	X(EMPTY_LOCAL,     "empty-local",      "nothing stands before the @") \
	X(EMPTY_DOMAIN,    "empty-domain",     "nothing stands after the @") \
	X(BAD_CHAR,        "bad-char",         "the local part holds a character that mail systems treat specially") \
	X(NON_ASCII_LOCAL, "non-ascii-local",  "the local part is not ASCII") \
	X(LOCAL_TOO_LONG,  "local-too-long",   "the local part is longer than 64 octets") \
	X(NOT_NFC,         "not-nfc",          "the local part is not in Unicode normalization form C") \
	X(DOT,             "dot",              "the local part begins or ends with a dot, or has two in a row") \
	X(LEADING_DASH,    "leading-dash",     "it begins with -") \
	X(ROUTING,         "routing",          "! and % are routing characters") \
	X(LITERAL,         "literal",          "address literals are not supported") \
	X(TRAILING_DOT,    "trailing-dot",     "the domain ends with a dot") \
	X(EMPTY_LABEL,     "empty-label",      "the domain has an empty label") \
	X(BAD_DOMAIN_CHAR, "bad-domain-char",  "the domain holds something else than letters, digits and hyphens") \
	X(LABEL_HYPHEN,    "label-hyphen",     "a label of the domain begins or ends with a hyphen") \
	X(LABEL_TOO_LONG,  "label-too-long",   "a label of the domain is longer than 63 octets") \
	X(IDNA,            "idna",             "a label of the domain is not valid in IDNA2008 (capitals beyond ASCII never are)") \
	X(DOMAIN_TOO_LONG, "domain-too-long",  "the domain is longer than 253 octets") \
	X(SINGLE_LABEL,    "single-label",     "the domain has only one label") \
	X(NUMERIC_TLD,     "numeric-tld",      "the last label of the domain is a number")

enum maildb_reason {
	MAILDB_REASON_NONE = 0,
#define MAILDB_REASON_ENUM(symbol, name, sentence) MAILDB_REASON_##symbol,
	MAILDB_REASONS(MAILDB_REASON_ENUM)
#undef MAILDB_REASON_ENUM
};

const char *maildb_reason_name(enum maildb_reason reason);
const char *maildb_reason_sentence(enum maildb_reason reason);

struct maildb_address {
	enum maildb_address_class klass;
	char text[MAILDB_ADDRESS_MAX + 1];  /* canonical local@domain */
	char local[MAILDB_LOCAL_MAX + 1];   /* "" for a catch-all */
	char domain[MAILDB_DOMAIN_MAX + 1]; /* A-labels, lower case */
};

#define MAILDB_PARSE_WILDCARD 0x01u /* "*" may stand for every domain */
#define MAILDB_PARSE_CATCHALL 0x02u /* "@domain" is welcome */
#define MAILDB_PARSE_UTF8     0x04u /* a destination's local part may be
                                       NFC UTF-8 (SMTPUTF8, RFC 6531) */
#define MAILDB_PARSE_CASE     0x08u /* the local part keeps its case */

/*
 * Reads len octets as an address.  On success fills *out and answers
 * MAILDB_REASON_NONE; otherwise the first thing that is wrong, *out cleared.
 * Nothing is trimmed.  The local part of a class MAILDB_DEST address keeps its
 * case (RFC 5321 2.4), all else is folded unless flags say otherwise.
 */
enum maildb_reason maildb_address_parse(const char *text, size_t len,
    unsigned flags, struct maildb_address *out);

/*
 * Reads len octets as a domain name, likewise.  name receives the A-label form
 * and uname the U-label form (the same text when there is no such label); both
 * are "" on failure.
 */
enum maildb_reason maildb_domain_parse(const char *text, size_t len,
    char name[MAILDB_DOMAIN_MAX + 1], char uname[MAILDB_ULABEL_MAX + 1]);

/* ---- sizes and times (pure) ------------------------------------------- */

/*
 * Reads "4G", "512M", "10KiB", "1048576": digits without a leading zero and
 * one optional K, M, G or T (powers of 1024) with an optional B or iB, in any
 * case.  Answers 0 or MAILDB_EVALUE; *bytes is 0 to 2^63-1.
 */
int maildb_size_parse(const char *text, int64_t *bytes);

/* The shortest exact text for that size ("4G"), for machines and round trips;
 * and a rounded one for people ("4.0G", "15G"). */
void maildb_size_format(int64_t bytes, char out[24]);
void maildb_size_human(int64_t bytes, char out[24]);

/*
 * Reads "2027-01-31", "2027-01-31 18:00", "2027-01-31T18:00:00Z",
 * "2027-01-31T18:00:00+02:00", "@1800000000", "now", "+30d" or "-12h" (s, min,
 * h, d, w; relative to now).  Without an offset the time is UTC.  A bare date
 * is its first second, or with end_of_day its last.  Answers 0 or
 * MAILDB_EVALUE; *seconds is in the years 1970 to 9999.
 */
int maildb_time_parse(const char *text, int64_t now, bool end_of_day,
    int64_t *seconds);

/* RFC 3339 in UTC: "2027-01-31T18:00:00Z"; "@seconds" outside those years. */
void maildb_time_format(int64_t seconds, char out[32]);

/* ---- passwords (pure) --------------------------------------------------- */

#define MAILDB_PASSWORD_MAX 511 /* octets; libxcrypt refuses more */
#define MAILDB_HASH_MAX     300 /* octets of "{SCHEME}hash" */

#define MAILDB_HASH_WEAK 0x01u /* accept $1$, DES, MD5, unsalted SHA and clear
                                  text as well */
#define MAILDB_HASH_ANY  0x02u /* accept a {SCHEME} that this library does not
                                  know; but for capitals in {SCHEME} all
                                  is kept byte for byte */

/* Why nobody could log in with a password, as a clause after "the password: ",
 * or NULL: it is empty or holds a control character, which Dovecot refuses. */
const char *maildb_password_fault(const char *password);

/*
 * Hashes a password with "yescrypt" (cost 5..8), "bcrypt" (10..14) or "sha512"
 * (rounds, 100000..1000000).  A NULL scheme is yescrypt, cost 0 the scheme's
 * default.  *out is "{SCHEME}hash" for Dovecot, freed with
 * maildb_secret_free().  MAILDB_EVALUE for another scheme or cost,
 * MAILDB_EPASSWORD for one that has a fault, or is longer than the scheme takes
 * (72 octets for bcrypt).
 */
int maildb_password_hash(const char *scheme, unsigned long cost,
    const char *password, char **out);

/* 1 when the password fits the stored hash, 0 when not, MAILDB_EHASH when
 * crypt(3) cannot check it (argon2 and other foreign schemes) or it breaks the
 * rules of maildb_hash_parse().  A NULL hash costs as much as one of the
 * default scheme and cost, and answers 0. */
int maildb_password_verify(const char *hash, const char *password);

/*
 * Reads a hash from elsewhere: its exact grammar and cost limits.  *out is
 * the text to store, freed with maildb_secret_free(): the same octets, except
 * that the {SCHEME} is in upper case, a bare hash gets one, and
 * {CRYPT}$argon2id$, which Dovecot never accepts, its right one.  Otherwise MAILDB_EHASH, and *why, when why is
 * not NULL, says of "it" what is wrong.
 */
int maildb_hash_parse(const char *text, unsigned flags, char **out,
    const char **why);

/* "{CRYPT} yescrypt": what a stored hash is, without any of its octets;
 * "none" for NULL, "unknown" for what maildb_hash_parse() refuses. */
void maildb_hash_describe(const char *hash, char out[64]);

/* Whether today's settings would hash it differently (scheme or cost, NULL and
 * 0 as above).  No hash is not stale. */
bool maildb_hash_is_stale(const char *hash, const char *scheme,
    unsigned long cost);

/*
 * Why a password should not be used: too short for least octets, the same as
 * the address (which may be NULL) or a part of it, or very common, in any
 * letter case.  NULL when nothing is wrong.
 */
const char *maildb_password_weakness(const char *password, const char *address,
    size_t least);

/* A random password of at least 128 bits in letters and digits. */
int maildb_password_generate(char **out);

/* Wipes, then frees.  NULL is allowed. */
void maildb_secret_free(char *secret);

/* ---- fields ------------------------------------------------------------- */

/* Objects carry named fields.  Values go in as text, in the form a person
 * types; NULL puts a field back to its default (often: inherit). */
struct maildb_attr {
	const char *name;
	const char *value;
};

enum maildb_kind {
	MAILDB_KIND_DOMAIN,
	MAILDB_KIND_USER,
	MAILDB_KIND_ALIAS,
	MAILDB_KIND_SETTING,
	MAILDB_KIND_RECIPIENT, /* of a relay domain; has the fields of aliases */
	MAILDB_KIND_SENDER,    /* a sender grant; has no fields */
	MAILDB_KINDS,
};

#define MAILDB_FIELD_NULLABLE  0x01u /* "default" (NULL) is a value */
#define MAILDB_FIELD_UNLIMITED 0x02u /* "unlimited" is a value, stored as 0 */
#define MAILDB_FIELD_CREATE    0x04u /* given when added, never changed */
#define MAILDB_FIELD_SECRET    0x08u /* never shown */
#define MAILDB_FIELD_UNTIL     0x10u /* a bare date means its last second */

struct maildb_field {
	const char *name;
	enum maildb_type type;
	unsigned flags;
	const char *choices; /* "yes|no|..." for TEXT of a few words, or NULL */
	const char *help;    /* a phrase for option lists */
	const char *initial; /* what a new object has, as text; NULL is NULL */
	int64_t most;        /* greatest number; 0: no limit of its own */
};

/* The fields of a kind, in the order they are listed. */
const struct maildb_field *maildb_fields(enum maildb_kind kind, size_t *count);

/* Reads a value for a field: a number into *number, of text only whether it
 * may be.  *isnull tells that it is "default", and that this is NULL.
 * MAILDB_EVALUE with *why, which says of "it" what is wrong. */
int maildb_field_parse(const struct maildb_field *field, const char *text,
    bool *isnull, int64_t *number, const char **why);

/* ---- domains ------------------------------------------------------------ */

#define MAILDB_UPDATE        0x01u /* adding what exists sets its fields */
#define MAILDB_CREATE_DOMAIN 0x02u /* a missing domain is made */
#define MAILDB_RECURSIVE     0x04u /* remove what is inside as well */
#define MAILDB_FORCE         0x08u /* also what is protected */
#define MAILDB_KEEP_TARGETS  0x10u /* removing a user: aliases keep naming it */
#define MAILDB_ALLOW_DEAD    0x20u /* a target may lead nowhere, with a notice */
#define MAILDB_MERGE         0x40u /* import: rows of a user complete each other */

/*
 * Adds a domain: 1, or 0 when it exists and has the class asked for.  Fields
 * "class" (mailbox, alias, relay) and "target" say what it is.
 */
int maildb_domain_add(struct maildb *db, const char *name,
    const struct maildb_attr *attrs, size_t nattrs, unsigned flags);
int maildb_domain_set(struct maildb *db, const char *name,
    const struct maildb_attr *attrs, size_t nattrs);
int maildb_domain_remove(struct maildb *db, const char *name, unsigned flags);
int maildb_domain_rename(struct maildb *db, const char *old, const char *new_name);

/* klass: only domains of that class; NULL: all. */
int maildb_domain_list(struct maildb *db, const char *klass,
    struct maildb_cursor **out);
/* One row, or MAILDB_EDOMAIN. */
int maildb_domain_get(struct maildb *db, const char *name,
    struct maildb_cursor **out);

/* ---- users -------------------------------------------------------------- */

/*
 * Adds a user: an address with a mailbox.  hash is "{SCHEME}..." or NULL for a
 * user who cannot log in yet.  An existing user is left alone (0), password
 * included, unless MAILDB_UPDATE.  An alias of that address becomes a forward.
 */
int maildb_user_add(struct maildb *db, const char *address, const char *hash,
    const struct maildb_attr *attrs, size_t nattrs, unsigned flags);
int maildb_user_set(struct maildb *db, const char *address,
    const struct maildb_attr *attrs, size_t nattrs);
int maildb_user_remove(struct maildb *db, const char *address, unsigned flags);
int maildb_user_rename(struct maildb *db, const char *old,
    const char *new_name, unsigned flags);
/* 1, or 0 without a fault. */
int maildb_user_exists(struct maildb *db, const char *address);

/* NULL takes the password away.  0 when that hash is stored already. */
int maildb_user_set_password(struct maildb *db, const char *address,
    const char *hash);
/* The stored hash, freed with maildb_secret_free(); *out NULL when none. */
int maildb_user_password(struct maildb *db, const char *address, char **out);
/* 1 when the user exists, may log in now and the password fits; else 0 after
 * the same work. */
int maildb_user_verify(struct maildb *db, const char *address,
    const char *password);
/*
 * What users do themselves: exchanges the old password for a new one.  1, or 0
 * when both are the same.  MAILDB_EMISMATCH, always after the same work, when
 * the old one does not fit, also when no such user may log in now or the hash
 * cannot be checked here; MAILDB_EPASSWORD when the new one is weak or too
 * long, and the fault's message says why.  Unlike an administrator's, a weak
 * one is refused: the setting password_min counts.
 */
int maildb_user_change_password(struct maildb *db, const char *address,
    const char *old, const char *fresh);
/* The whole address's switch: off means no login, no mail, no forwarding. */
int maildb_user_enable(struct maildb *db, const char *address, bool on);

int maildb_user_list(struct maildb *db, const char *domain,
    struct maildb_cursor **out);
int maildb_user_get(struct maildb *db, const char *address,
    struct maildb_cursor **out);
/* Address, quota in force, where it was inherited from; domain may be NULL. */
int maildb_quota_list(struct maildb *db, const char *domain,
    struct maildb_cursor **out);

/* ---- aliases, catch-alls, forwards -------------------------------------- */

/*
 * Adds one destination to an alias ("src@dom", "src@*"), a catch-all ("@dom")
 * or a user's address (a forward; to keep a copy, add the user itself).
 * may_send: whether a local destination's owner may send as the source; -1
 * takes the default (yes for aliases, no for catch-alls).
 */
int maildb_alias_add(struct maildb *db, const char *source, const char *dest,
    int may_send, unsigned flags);
/* Removes all destinations of a source, or one (dest), or by id. */
int maildb_alias_remove(struct maildb *db, const char *source, const char *dest,
    unsigned flags);
int maildb_alias_remove_id(struct maildb *db, int64_t id, unsigned flags);
/* Fields of the alias's address: enabled, internal, valid_from... */
int maildb_alias_set(struct maildb *db, const char *source,
    const struct maildb_attr *attrs, size_t nattrs);
/* id, source, destination, ...; domain may be NULL or "*". */
int maildb_alias_list(struct maildb *db, const char *domain,
    struct maildb_cursor **out);
int maildb_alias_get(struct maildb *db, const char *source,
    struct maildb_cursor **out);

/* ---- recipients of relay domains ---------------------------------------- */

int maildb_recipient_add(struct maildb *db, const char *address);
int maildb_recipient_set(struct maildb *db, const char *address,
    const struct maildb_attr *attrs, size_t nattrs);
int maildb_recipient_remove(struct maildb *db, const char *address,
    unsigned flags);
int maildb_recipient_list(struct maildb *db, const char *domain,
    struct maildb_cursor **out);
/* One row, or MAILDB_EUSER. */
int maildb_recipient_get(struct maildb *db, const char *address,
    struct maildb_cursor **out);

/* ---- sender grants ------------------------------------------------------ */

/*
 * Lets a user send as an address that is not the user's own, as any address of
 * a domain ("@domain") or as any address of all mailbox and alias domains
 * ("@*"): 1, or 0 when that was so.  The address need not exist, and gets no
 * mail by it.  A grant ends with its address, its domain and its user.
 */
int maildb_sender_add(struct maildb *db, const char *address,
    const char *login);
/* login NULL: all grants of the address.  1, or 0 when there was none. */
int maildb_sender_remove(struct maildb *db, const char *address,
    const char *login);
/* Grants, as address and login: all (NULL), or those on an address and those
 * of the user of that address. */
int maildb_sender_list(struct maildb *db, const char *address,
    struct maildb_cursor **out);
/* Logins that may send as an address now, whatever gives them the right: what
 * Postfix finds for it. */
int maildb_senders(struct maildb *db, const char *address,
    struct maildb_cursor **out);

/* What a name is, as bits 1 << MAILDB_KIND_...: 1, or 0 for nothing. */
int maildb_kinds(struct maildb *db, const char *name, unsigned *kinds);

/* ---- settings ----------------------------------------------------------- */

int maildb_setting_set(struct maildb *db, const char *name, const char *value);
/* The value in force, as text that can be set, or ""; freed by free(). */
int maildb_setting_get(struct maildb *db, const char *name, char **out);
int maildb_setting_list(struct maildb *db, struct maildb_cursor **out);

/* ---- roles -------------------------------------------------------------- */

/*
 * Makes the roles of a PostgreSQL database and grants each what it needs: 1,
 * or 0 when all was so (and for SQLite, which has none).  MAILDB_EDENIED when
 * the role that has logged in may not; a superuser can run the text of
 * maildb_roles_sql() instead, in one transaction.  Needed again after an
 * upgrade.
 */
int maildb_roles(struct maildb *db);
/* That text; NULL for a back end without roles. */
const char *maildb_roles_sql(const char *backend);

/* ---- desired state ------------------------------------------------------ */

struct maildb_target {
	const char *dest;
	int may_send; /* -1: not said, as for maildb_alias_add() */
	bool grant;   /* a sender grant for this user instead: no mail */
};

#define MAILDB_RECORD_ADD     0x01u /* its targets are added to what others
                                       say and to what is there */
#define MAILDB_RECORD_REPLACE 0x02u /* its password is meant for a user who
                                       exists as well */
#define MAILDB_RECORD_ROW     0x04u /* begins a row of an import */
#define MAILDB_RECORD_MORE    0x08u /* belongs to the row begun last */
#define MAILDB_RECORD_FILL    0x10u /* fields that a user has none of yet */
#define MAILDB_RECORD_ONCE    0x20u /* of a table whose first row of a key counts */

/*
 * One object as it should be.  Fields, targets and password that are not given
 * stay as they are, in a new object they take their default.  A NULL value is
 * the default.
 */
struct maildb_record {
	enum maildb_kind kind;
	const char *key; /* domain, address ("@dom", "name@*") or setting */
	const struct maildb_attr *attrs; /* of a setting: its value alone */
	size_t nattrs;
	const struct maildb_target *targets; /* NULL: not given; of a sender
	                                        grant: the users */
	size_t ntargets;
	const char *password; /* clear text, or NULL */
	const char *hash;     /* "{SCHEME}...", or NULL */
	unsigned flags;
	const char *file; /* where it was said, for messages; or NULL */
	uint32_t line, column;
};

/*
 * Records are staged one by one, in any order, in TEMP tables of the
 * connection; what others see is not touched and not locked meanwhile.  begin
 * forgets what was staged before.  Passwords of users who do not exist yet are
 * hashed on all processors; that is done when end returns.
 */
int maildb_stage_begin(struct maildb *db);
int maildb_stage(struct maildb *db, const struct maildb_record *record);
int maildb_stage_end(struct maildb *db);

#define MAILDB_PRUNE_ALIASES 0x1000u /* aliases, catch-alls and recipients */
#define MAILDB_PRUNE_USERS   0x2000u
#define MAILDB_PRUNE_DOMAINS 0x4000u /* and all that is in them */
#define MAILDB_PRUNE_SENDERS 0x8000u /* sender grants */

struct maildb_counts {
	int64_t added[MAILDB_KINDS], changed[MAILDB_KINDS],
	    removed[MAILDB_KINDS];
};

/*
 * Makes the database as the records say, in one transaction: 1, or 0 when it
 * was so.  All records are checked before the first change; a fault begins
 * with the place of the record, "FILE:LINE:COLUMN: ".  Of what no record names
 * MAILDB_PRUNE_* removes the kinds asked for, postmaster and abuse excepted:
 * in the domains listed, or else in those that have a record.  More than a
 * fifth of a kind goes only with MAILDB_FORCE, what goes along with something
 * else counted as well.  Other flags:
 * MAILDB_CREATE_DOMAIN, MAILDB_ALLOW_DEAD.
 */
int maildb_stage_apply(struct maildb *db, unsigned flags,
    const char *const *domains, size_t ndomains, struct maildb_counts *counts);

/*
 * Rows are only added: what is there stays as it is.  Each has an outcome of
 * its own, whatever becomes of the others, and all records of a row share it.
 * Users come first, then domains, then aliases; within a kind the earlier row
 * wins, but targets may lead to rows further down.  maildb_stage() takes rows
 * that cannot be, too; refused, which may be NULL, is called with the reason
 * for each.  1 if any row was added.  Flags: MAILDB_CREATE_DOMAIN,
 * MAILDB_ALLOW_DEAD, MAILDB_FORCE (catch-alls to another server), MAILDB_MERGE.
 *
 * A second row of a new user counts as same if it says nothing that the first
 * does not say.  It is refused if it says something else, or more; with
 * MAILDB_MERGE, what it says in addition is added to the user.
 */
struct maildb_outcome {
	int64_t added, same, refused;
};
typedef void maildb_refused_fn(void *arg, const char *file, uint32_t line,
    const char *message, const char *hint);
int maildb_stage_import(struct maildb *db, unsigned flags,
    maildb_refused_fn *refused, void *arg, struct maildb_outcome *outcome);

/*
 * All objects of a kind in order, with the fields of the kind as columns; of
 * one domain, or all (NULL).  Of an address with targets each row has one, in
 * dest and may_send, and all else again; sender grants have domain, localpart
 * and login.  password is a column of users: a secret.
 */
int maildb_export(struct maildb *db, enum maildb_kind kind, const char *domain,
    struct maildb_cursor **out);

/* ---- questions ---------------------------------------------------------- */

/*
 * A map is a query that a daemon asks.  keys says for what: "address" (Postfix
 * splits user@domain; other keys do not run the query), "domain", "catchall"
 * ("@domain"), "login" (Dovecot, user@domain) or "none".
 */
struct maildb_map {
	const char *name;   /* virtual_mailbox_maps */
	const char *daemon; /* "postfix" or "dovecot" */
	const char *keys;
	const char *help;
};
const struct maildb_map *maildb_maps(size_t *count);
/*
 * The query of a map in one line, as a daemon's configuration takes it: with
 * its placeholders, in quotes.  backend is "sqlite" or "pgsql"; dialect is
 * "postfix", "dovecot-2.3" or "dovecot-2.4" (which has the maps passdb24,
 * userdb24 and iterate24).  MAILDB_EMAP, or MAILDB_EVALUE when backend or
 * dialect do not fit; *out is freed by free().
 */
int maildb_map_query(const char *name, const char *backend,
    const char *dialect, char **out);
/*
 * What a map answers for exactly one key, as postmap -q would; the daemon
 * itself may try several.  A Dovecot key may begin with the service that asks:
 * "imap:user@domain".  passdb answers the password's hash.
 */
int maildb_lookup(struct maildb *db, const char *map, const char *key,
    struct maildb_cursor **out);

#define MAILDB_TRACE_INSIDE 0x01u /* as a client who has logged in */

/*
 * Where mail for an address goes: the tree that it becomes, asked of the same
 * views in the same order as Postfix and Dovecot do.  Rows come depth first:
 *
 *	depth     0 is the address asked about
 *	address   of this branch or leaf, with the extension it inherited
 *	rule      what decided: alias, alias domain, wildcard or catch-all
 *	          (branches: the targets follow, one deeper); mailbox, relay
 *	          recipient, relay, external, off, unknown; access (at RCPT);
 *	          loop, or limit when Postfix does not follow so many targets
 *	id        of the alias's row that led here, as maildb_alias_list() has it
 *	result    "" for a branch; else mailbox, relay, external; refused (at
 *	          RCPT); off or unknown (taken, then bounced); loop (Postfix
 *	          defers the whole message)
 *	reply     the SMTP reply or status of what is not delivered
 *	mailbox   the user whose mailbox it reaches
 */
int maildb_trace(struct maildb *db, const char *address, unsigned flags,
    struct maildb_cursor **out);

/* Findings: severity (error, warning, note), code, object, message, hint. */
int maildb_check(struct maildb *db, struct maildb_cursor **out);

struct maildb_journal_filter {
	const char *object; /* address or domain the entry names, or NULL */
	const char *who;
	int64_t since, until; /* seconds; 0: open */
	int64_t txn;          /* 0: all */
	int64_t most;         /* newest so many; 0: all */
};
int maildb_journal_list(struct maildb *db,
    const struct maildb_journal_filter *filter, struct maildb_cursor **out);
/* The same rows for what the open transaction has done so far. */
int maildb_pending(struct maildb *db, struct maildb_cursor **out);

/* 1 with the name nearest to a mistyped domain or address, to be freed by
 * free(); 0 with NULL when none is near. */
int maildb_suggest(struct maildb *db, const char *name, char **out);

enum maildb_names {
	MAILDB_NAMES_DOMAIN,  /* in every spelling */
	MAILDB_NAMES_ADDRESS, /* any but catch-alls */
	MAILDB_NAMES_USER,    /* users and recipients of relay domains */
	MAILDB_NAMES_ALIAS,   /* what has targets */
	MAILDB_NAMES_ID,      /* of aliases; a second column tells which */
	MAILDB_NAMES_SENDER,  /* what has sender grants; "@domain" among them */
};
/*
 * The names that begin with prefix, in order and at most so many.  With a
 * domain, the local parts of its addresses.  Meant for each press of a key:
 * among thousands of addresses of another kind some may be missing.
 */
int maildb_complete(struct maildb *db, enum maildb_names what,
    const char *prefix, const char *domain, int most,
    struct maildb_cursor **out);

/* ---- databases of other programs ---------------------------------------- */

/*
 * Opens a database that is not ours, to read it and nothing else: an SQLite
 * file or a URL, as for maildb_open().  All is read as it was at one moment,
 * while others write.  Such a handle takes no other calls than the next one
 * and those about faults.
 */
int maildb_foreign_open(struct maildb *db, const char *url);
/*
 * All rows of a table of PostfixAdmin, vmm or ISPmail: 1, or 0 and NULL when
 * there is no such table; MAILDB_EMISUSE for another name.  The columns are
 * those that the table has, all as text.  A value that is no UTF-8, or holds
 * NUL, has no text, but is not NULL either.
 */
int maildb_foreign_table(struct maildb *db, const char *table,
    struct maildb_cursor **out);

/* "1.0.0" */
const char *maildb_version(void);

#ifdef __cplusplus
}
#endif

#endif
