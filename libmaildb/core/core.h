/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * core.h - a handle, its transaction, its rows and its faults; no mail
 */
#ifndef MAILDB_CORE_H
#define MAILDB_CORE_H

#include <signal.h>

#include "db/driver.h"
#include "text/text.h"

/* ---- handle ------------------------------------------------------------- */

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
	bool defer;      /* checks wait for the commit */
	int (*before_commit)(struct maildb *db); /* runs them; or NULL */
	struct maildb__starts {
		struct maildb__start *start; /* of rules/graph.c */
		size_t n, size;
	} deferred;      /* what to check at commit */
	struct maildb_cursor *cursor; /* the open one */
	struct maildb__stage *stage;  /* of state/stage.c, or NULL */
	void (*stage_free)(struct maildb *db);
	bool staging;    /* records come in: nothing else may change */

	struct maildb_fault fault;
	char *fault_text[4]; /* what the fault points to */
};

/* ---- error.c ------------------------------------------------------------ */

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

/* ---- txn.c -------------------------------------------------------------- */

/*
 * Around the body of a public function that changes something:
 *	rc = maildb__enter(db);  ... body ...;  return maildb__leave(db, rc);
 * leave commits when rc >= 0 and answers rc or the commit's error.
 */
int maildb__enter(struct maildb *db);
int maildb__leave(struct maildb *db, int rc);

/* ---- row.c: one row of named values, and running statements by name ----- */

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

/* ---- cursor.c ----------------------------------------------------------- */

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

#endif
