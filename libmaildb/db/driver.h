/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * driver.h - what a database driver provides
 *
 * A driver is one const struct.  It knows how to run the named statements of
 * stmt.h and scripts, nothing about mail.  Every function answers 0 (or 1 for
 * a row) or a negative enum maildb_error, and has then called maildb__fail()
 * with the vendor's words at the place where the error happened.
 */
#ifndef MAILDB_BACKEND_H
#define MAILDB_BACKEND_H

#include "maildb.h"
#include "db/stmt.h"

struct maildb__value {
	enum maildb__valtype { MAILDB__NULL, MAILDB__INT, MAILDB__TEXT } type;
	int64_t number;
	const char *text;
};

#define V_NULL     ((struct maildb__value){ .type = MAILDB__NULL })
#define V_INT(n)   ((struct maildb__value){ .type = MAILDB__INT, .number = (n) })
#define V_TEXT(s)  maildb__text(s)

static inline struct maildb__value
maildb__text(const char *s)
{
	return (struct maildb__value){
		.type = s != NULL ? MAILDB__TEXT : MAILDB__NULL, .text = s
	};
}

/* Whether a driver had no memory for a value's text. */
static inline bool
maildb__value_lost(const struct maildb__value *value)
{
	return value->type == MAILDB__TEXT && value->text == NULL;
}

/* Takes a finding, as maildb_check() lists it; answers 0 or an error. */
typedef int maildb__report_fn(void *arg, const char *severity,
    const char *code, const char *object, const char *message,
    const char *hint);

struct maildb__conn; /* the driver's own */
struct maildb__rows; /* a running statement, the driver's own */

/*
 * How a driver reads a database that is not ours.  table answers 1, or 0 when
 * there is none of that name; then width and column tell its columns, next
 * answers 1, 0 or an error, value lends text until the next row, and done ends
 * it.  One table is read at a time, all as they were at open.
 */
struct maildb__view; /* the driver's own */

struct maildb__viewer {
	int (*open)(struct maildb *db, const char *target,
	    struct maildb__view **view);
	void (*close)(struct maildb__view *view);
	int (*table)(struct maildb__view *view, const char *name,
	    const char *sql);
	unsigned (*width)(struct maildb__view *view);
	const char *(*column)(struct maildb__view *view, unsigned col);
	int (*next)(struct maildb__view *view);
	/* NULL, or len octets and a NUL; *lost when there is no memory. */
	const char *(*value)(struct maildb__view *view, unsigned col,
	    size_t *len, bool *lost);
	void (*done)(struct maildb__view *view);
};

struct maildb__driver {
	const char *name; /* as maildb_backend() answers */
	enum maildb__backend backend;
	const char *build; /* of a module: MAILDB__BUILD, as it was then */

	/* Connects; target is the URL, for SQLite without "sqlite:". */
	int (*open)(struct maildb *db, const char *target, unsigned flags,
	    struct maildb__conn **conn);
	void (*close)(struct maildb__conn *conn);

	/*
	 * Tells how the database was reached, as maildb_connection() says;
	 * NULL: by the path in the URL.
	 */
	int (*words)(struct maildb__conn *conn, maildb_word_fn *fn, void *arg);

	/* 0: no schema of ours; n: version n; MAILDB_EFORMAT: not ours. */
	int (*version)(struct maildb__conn *conn, int *version);

	/*
	 * begin takes the lock that makes this the only writer.  undo goes
	 * back to the innermost savepoint, which is named s, and releases it.
	 * rollback and undo leave the fault alone: they follow a failure that
	 * matters more.  Once a transaction is lost (a full disk, a cut
	 * connection), everything up to rollback fails.
	 */
	int (*begin)(struct maildb__conn *conn);
	int (*commit)(struct maildb__conn *conn);
	int (*undo)(struct maildb__conn *conn);
	int (*rollback)(struct maildb__conn *conn);

	/* Runs statements without results. */
	int (*script)(struct maildb__conn *conn, const char *sql);
	/* A script with one %d that stores the schema's version. */
	const char *set_version;

	/*
	 * Starts a named statement.  in holds its inputs in order; their text
	 * need not outlive the call.  Only one statement runs at a time, as
	 * the core sees to.  next answers 1, 0 or an error; value lends text
	 * until the next row, or text that is NULL without memory; done ends
	 * it and answers the rows it changed.
	 */
	int (*start)(struct maildb__conn *conn, enum maildb__stmt_id id,
	    const struct maildb__value *in, struct maildb__rows **rows);
	int (*next)(struct maildb__rows *rows);
	void (*value)(struct maildb__rows *rows, unsigned col,
	    struct maildb__value *out);
	int64_t (*done)(struct maildb__rows *rows);
	/*
	 * Statements with a text to copy may be held back, so that many are
	 * sent at once.  flush runs those, or with drop forgets them; optional.
	 */
	int (*flush)(struct maildb__conn *conn, bool drop);

	/* Signal-safe; NULL for a driver that looks at the handle's stop. */
	void (*interrupt)(struct maildb__conn *conn);
	int (*backup)(struct maildb__conn *conn, const char *path); /* optional */
	/* Reports what is doubtful about the database as a whole; optional. */
	int (*check)(struct maildb__conn *conn, maildb__report_fn *report,
	    void *arg);

	const struct maildb__viewer *viewer;
};

extern const struct maildb__driver maildb__sqlite;

/* The symbol that the PostgreSQL module exports. */
#define MAILDB__PGSQL_SYMBOL "maildb__pgsql"

#endif
