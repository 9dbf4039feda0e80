/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * internal.h - what the modules of libmaildb share
 */
#ifndef MAILDB_INTERNAL_H
#define MAILDB_INTERNAL_H

#include <signal.h>

#include "backend.h"
#include "maildb.h"

#define ARRAY_LEN(a) (sizeof(a) / sizeof((a)[0]))

/* ---- buf.c: text that grows; a failed allocation is remembered ------------ */

struct maildb__buf {
	char *text; /* NUL-terminated once something was added */
	size_t len, size;
	bool failed;
};

void maildb__buf_add(struct maildb__buf *buf, const char *text);
void maildb__buf_addn(struct maildb__buf *buf, const char *text, size_t len);
void maildb__buf_printf(struct maildb__buf *buf, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
/* The text, now the caller's; NULL without memory. */
char *maildb__buf_take(struct maildb__buf *buf);
void maildb__buf_free(struct maildb__buf *buf);

/* ---- handle ----------------------------------------------------------------- */

struct maildb {
	const struct maildb__driver *driver;
	struct maildb__conn *conn;
	struct maildb__view *view; /* in place of conn: not our database */
	char *url;       /* without secrets */
	unsigned flags;
	int version;     /* of the schema */
	int timeout;     /* milliseconds */
	volatile sig_atomic_t stop; /* maildb_interrupt() was called */

	char *who, *via;
	maildb_notice_fn *notice;
	void *notice_arg;

	int depth;       /* of maildb_begin() */
	bool locked;     /* the driver's transaction has begun */
	int marked;      /* the depth at which the session row was filled */
	bool defer;
	struct maildb__starts {
		struct maildb__start *start; /* of graph.c */
		size_t n, size;
	} deferred;      /* what to check at commit */
	struct maildb_cursor *cursor; /* the open one */
	struct maildb__stage *stage;  /* the desired state being staged */

	struct maildb_fault fault;
	char *fault_text[4]; /* what the fault points to */
};

/* ---- error.c ------------------------------------------------------------------ */

/* Keeps a fault and answers its code, so that callers can return it. */
int maildb__fail(struct maildb *db, int code, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
/* Adds to the fault kept last; each answers the fault's code. */
int maildb__fault_input(struct maildb *db, const char *field, const char *value);
int maildb__hint(struct maildb *db, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
int maildb__nomem(struct maildb *db);
void maildb__notice(struct maildb *db, const char *code, const char *hint,
    const char *format, ...) __attribute__((format(printf, 4, 5)));

/* ---- txn.c ---------------------------------------------------------------------- */

/*
 * Around the body of a public function that changes something:
 *	rc = maildb__enter(db);  ... body ...;  return maildb__leave(db, rc);
 * leave commits when rc >= 0 and answers rc or the commit's error.
 */
int maildb__enter(struct maildb *db);
int maildb__leave(struct maildb *db, int rc);

/* ---- row.c: one row of named values, and running statements by name ---------------- */

#define MAILDB__ROW_MAX 40

struct maildb__row {
	unsigned n;
	const char *name[MAILDB__ROW_MAX]; /* static text */
	struct maildb__value value[MAILDB__ROW_MAX];
	char *owned[MAILDB__ROW_MAX];      /* what value[i].text points to */
};

void maildb__row_clear(struct maildb__row *row);
int maildb__row_set(struct maildb *db, struct maildb__row *row,
    const char *name, struct maildb__value value);
const struct maildb__value *maildb__row_value(const struct maildb__row *row,
    const char *name);
/* "" and 0 for what is not there. */
const char *maildb__row_text(const struct maildb__row *row, const char *name);
int64_t maildb__row_int(const struct maildb__row *row, const char *name);

/* Runs a statement whose rows do not matter; answers the rows changed.  One
 * without inputs goes to the _values form with NULL, here and below. */
#define maildb__exec(db, id, ...) \
	maildb__exec_values((db), (id), \
	    (const struct maildb__value[]){ __VA_ARGS__, V_NULL })
int maildb__exec_values(struct maildb *db, enum maildb__stmt_id id,
    const struct maildb__value *in);
/* The same with inputs taken from the row by their names. */
int maildb__exec_row(struct maildb *db, enum maildb__stmt_id id,
    const struct maildb__row *row);

/* Copies the first row, whose columns are added to *row: 1, or 0 for none. */
#define maildb__fetch(db, row, id, ...) \
	maildb__fetch_values((db), (row), (id), \
	    (const struct maildb__value[]){ __VA_ARGS__, V_NULL })
int maildb__fetch_values(struct maildb *db, struct maildb__row *row,
    enum maildb__stmt_id id, const struct maildb__value *in);

/* ---- cursor.c ------------------------------------------------------------------------ */

/* Starts a statement as a public cursor. */
#define maildb__list(db, out, id, ...) \
	maildb__list_values((db), (out), (id), \
	    (const struct maildb__value[]){ __VA_ARGS__, V_NULL })
int maildb__list_values(struct maildb *db, struct maildb_cursor **out,
    enum maildb__stmt_id id, const struct maildb__value *in);
/* maildb__list() that answers none(db) when there is no first row. */
int maildb__list_some(struct maildb *db, struct maildb_cursor **out,
    enum maildb__stmt_id id, const struct maildb__value *in, int none);

/*
 * A cursor over rows in memory.  Make it with its columns (static text), add
 * rows of as many values (text is copied), then hand it out.
 */
int maildb__table_new(struct maildb *db, const struct maildb__column *columns,
    unsigned ncolumns, struct maildb_cursor **out);
int maildb__table_add(struct maildb_cursor *cursor,
    const struct maildb__value *values);

/* A cursor over a table of somebody else's database, which has started. */
int maildb__list_view(struct maildb *db, struct maildb_cursor **out);

/* ---- maildb.c: how handles are opened -------------------------------------------------- */

/* Keeps the URL for messages, finds the driver and what to hand it. */
int maildb__choose(struct maildb *db, const char *url, const char **target);

/* ---- field.c --------------------------------------------------------------------------- */

/*
 * Puts attributes into a row: each is found in the kind's fields, parsed and,
 * when it differs from what the row has, set.  Answers how many differed.
 */
int maildb__apply(struct maildb *db, enum maildb_kind kind,
    struct maildb__row *row, const struct maildb_attr *attrs, size_t nattrs,
    bool creating);
/* Whether a user's field is kept in the address row. */
bool maildb__on_address(const char *field);
/* Reads one value: MAILDB_EFIELD or MAILDB_EVALUE when that fails. */
int maildb__field_value(struct maildb *db, enum maildb_kind kind,
    const char *name, const char *text, const struct maildb_field **field,
    struct maildb__value *value);
/* Tells of a size below 1 MiB that was given without a unit. */
void maildb__size_notice(struct maildb *db, const struct maildb_field *field,
    const struct maildb__value *value, const char *text);
/* Fills a row with what a new object of the kind has. */
int maildb__initial(struct maildb *db, enum maildb_kind kind,
    struct maildb__row *row);

/* Strict UTF-8 without control or invisible characters, joiners excepted
 * (address.c). */
bool maildb__text_shows(const char *text, size_t len);
/* Strict UTF-8, of whatever characters. */
bool maildb__text_utf8(const char *text, size_t len);

/* ---- casefold.c: keys of look-ups ----------------------------------------------------------------------------------------- */

/* The text as Postfix folds it, freed by free(); NULL without memory.  What is
 * not UTF-8 stays as it is. */
char *maildb__fold(const char *text);

/* ---- extension.c: address extensions ------------------------------------------------------------------------------------ */

/* Where the extension begins, at its delimiter, for Postfix; 0 without one. */
size_t maildb__extension(const char *local, const char *delimiters);
/* How many octets Dovecot's LMTP takes for the user. */
size_t maildb__lmtp_user(const char *local, const char *delimiters);

/* ---- input.c: addresses as callers give them ------------------------------------------------------------------------- */

/* Parses or fails with MAILDB_EADDRESS, naming field. */
int maildb__address(struct maildb *db, const char *field, const char *text,
    unsigned flags, enum maildb_address_class most, struct maildb_address *out);
int maildb__domain_name(struct maildb *db, const char *field, const char *text,
    char name[MAILDB_DOMAIN_MAX + 1], char uname[MAILDB_ULABEL_MAX + 1]);

/* ---- domain.c, user.c, alias.c --------------------------------------------------------------- */

/* The row of a hosted domain by any spelling: 1, or MAILDB_EDOMAIN with a
 * suggestion; with optional, 0 instead. */
int maildb__domain(struct maildb *db, const char *name, bool optional,
    struct maildb__row *row);
/* Fails with MAILDB_ELIMIT when so many more users or aliases are too many. */
int maildb__domain_room(struct maildb *db, const struct maildb__row *domain,
    bool user, int64_t more);
/* Fails with MAILDB_ELIMIT when the users' quotas are too much together. */
int maildb__domain_quota(struct maildb *db, const char *name);
/* Makes a domain what its row says, or a new one when that has no id: 1. */
int maildb__domain_put(struct maildb *db, const struct maildb__row *row);
/* What must fit together in a user's row, before it is written. */
int maildb__user_check(struct maildb *db, const struct maildb__row *row);
/* Refuses a user's name that Dovecot would cut at a delimiter. */
int maildb__user_name(struct maildb *db, const char *local,
    const char *domain);
/* A hash in the form that is stored; malformed ones fail. */
int maildb__user_hash(struct maildb *db, const char *hash, char **out);
/* Parses what may have targets: an alias, a catch-all, a wildcard, a user. */
int maildb__source_address(struct maildb *db, const char *text,
    struct maildb_address *address);
/* Fails for a user who does not exist, with the nearest one. */
int maildb__user_unknown(struct maildb *db, const char *address);
/* What must fit together in the row of a source; and only its window. */
int maildb__alias_check(struct maildb *db, const struct maildb_address *source,
    const struct maildb__row *row);
int maildb__window_check(struct maildb *db, const struct maildb__row *row);
/* Removes what points at an address that is going, with a notice each, and
 * aliases that are left without a target; fails at a protected one. */
int maildb__drop_dependents(struct maildb *db, int64_t address_id,
    unsigned flags);
/* Removes an address row and all that hangs on it, its dependents too unless
 * flags has MAILDB_KEEP_TARGETS: 1. */
int maildb__address_remove(struct maildb *db, int64_t id, unsigned flags);
/* What stops the removal of postmaster and abuse: asked wherever an address
 * row goes or gets another name. */
int maildb__protect(struct maildb *db, const char *domain, const char *local,
    unsigned flags);
/* Fails when a domain has more users, aliases or quota than its limits. */
int maildb__domain_limits(struct maildb *db, const char *name);
/* The same for all domains that a statement lists. */
int maildb__domains_limits(struct maildb *db, enum maildb__stmt_id id);

/* ---- sender.c: sender grants ---------------------------------------------------------------- */

/* Parses what a grant may be on: a source, or "@*". */
int maildb__sender_address(struct maildb *db, const char *text,
    struct maildb_address *address);
/* Fails for an address that has an extension, and no row of its own. */
int maildb__sender_bare(struct maildb *db, const char *delimiters,
    const char *domain, const char *local);
/* Removes the grants on an address and those of the user with that id, with a
 * notice each. */
int maildb__sender_end(struct maildb *db, int64_t id, const char *domain,
    const char *local);

/* ---- setting.c ---------------------------------------------------------------------------------- */

/* What is wrong with the stored text of a setting, or NULL. */
const char *maildb__setting_fault(const char *name, const char *value);
/* The value of a numeric setting. */
int maildb__setting_int(struct maildb *db, const char *name, int64_t *number);

/* ---- graph.c ------------------------------------------------------------------------------------ */

/*
 * Follows an address's targets as if everything were switched on.  Fails with
 * MAILDB_ELOOP, MAILDB_EDEADEND or MAILDB_EEXPANSION and the path; waits for
 * the commit when checks are deferred.  target is the id of the one that must
 * not be dead, 0 for any of them, -1 for none; with MAILDB_ALLOW_DEAD in flags
 * a notice will do.
 */
int maildb__graph_check(struct maildb *db, int64_t address, int64_t target,
    unsigned flags);
/* The same for all that a statement answers: address, and target if it has a
 * second column. */
#define maildb__graph_check_found(db, flags, id, ...) \
	maildb__graph_check_values((db), (flags), (id), \
	    (const struct maildb__value[]){ __VA_ARGS__, V_NULL })
int maildb__graph_check_values(struct maildb *db, unsigned flags,
    enum maildb__stmt_id id, const struct maildb__value *in);
/* The same for what answers now in place of an address that has gone. */
int maildb__graph_check_gone(struct maildb *db, const char *domain,
    const char *local);
/*
 * Around a change that may go round in circles half-way: checks wait for
 * settle, which answers rc or a fault.  held is what hold answered.
 */
bool maildb__graph_hold(struct maildb *db);
int maildb__graph_settle(struct maildb *db, bool held, int rc);
/* Runs what was deferred; called by the outermost commit. */
int maildb__graph_deferred(struct maildb *db);
/* Follows everything, and reports each fault once. */
int maildb__graph_report(struct maildb *db, maildb__report_fn *report,
    void *arg);
/* Tells by notices which aliases have no live target now. */
int maildb__graph_warn_dead(struct maildb *db, int64_t address_id);

/* ---- stage.c ------------------------------------------------------------------------------------ */

void maildb__stage_free(struct maildb *db);
bool maildb__stage_complete(const struct maildb *db);
/* Puts the place of what was staged before the message of the fault kept last;
 * answers its code.  A NULL localpart is a domain's. */
int maildb__stage_locate(struct maildb *db, const char *domain,
    const char *localpart);
/* Writes "FILE:LINE:COLUMN" of a row with file, line and col, if known. */
void maildb__stage_place(struct maildb *db, const struct maildb__row *row,
    struct maildb__buf *buf);
/* Whether destinations may have UTF-8 local parts once all is applied. */
int maildb__stage_smtputf8(struct maildb *db, bool *on);

/* The rows of an import staged so far, and the name of a file by its number. */
int64_t maildb__stage_rows(const struct maildb *db);
const char *maildb__stage_file(const struct maildb *db, int64_t number);
/* Whether an error is about what was asked for, not about the database. */
bool maildb__refusable(int code);

/* ---- stage_apply.c -------------------------------------------------------------------------------- */

/* Carries out what is staged, inside a transaction: 1 or 0. */
int maildb__stage_apply(struct maildb *db, unsigned flags,
    const char *const *domains, size_t ndomains, struct maildb_counts *counts);

/* ---- stage_hash.c: passwords, hashed by threads -------------------------------------------------- */

struct maildb__hasher;

struct maildb__hashing {
	char *domain, *localpart;
	char *password; /* clear text */
	char *old;      /* the hash stored now, or NULL */
	char *hash;     /* the result; NULL when the password fits old */
	int code;       /* of what failed */
	int64_t n, rank, file, line; /* of the record */
	struct maildb__hashing *next;
};

/* NULL without memory. */
struct maildb__hasher *maildb__hasher_new(const char *scheme,
    unsigned long cost);
/* Takes a job over. */
void maildb__hasher_put(struct maildb__hasher *hasher,
    struct maildb__hashing *job);
/* A job that is done, the caller's now; NULL when none is left.  Waits for one
 * when most are under way, or all if wait. */
struct maildb__hashing *maildb__hasher_get(struct maildb__hasher *hasher,
    bool wait);
void maildb__hashing_free(struct maildb__hashing *job);
/* Ends the threads and forgets what was not taken. */
void maildb__hasher_free(struct maildb__hasher *hasher);

/* ---- module.c --------------------------------------------------------------------------------------- */

/* Loads the driver of another back end. */
int maildb__load_driver(struct maildb *db, const struct maildb__driver **out);

/* ---- change.c */

/* Checks a password against a hash, NULL for none, with the same work for every
 * user: 1, 0, MAILDB_EHASH for a hash that only Dovecot can check, or an error
 * with the fault set. */
int maildb__verify(struct maildb *db, const char *hash, const char *password);

#endif
