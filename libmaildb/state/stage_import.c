/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * stage_import.c - adding what the staged rows say, each with its outcome
 *
 * Statements over sets find the rows that might be refused, or whose turn
 * matters, and put them aside: the late rows.  The others cannot fail, and go
 * the way of a desired state.  Late rows are then carried out one by one, each
 * within a savepoint, by the functions that make single changes: so there is
 * one copy of every rule, and a refusal has that rule's own words.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "state/state.h"

#define ATTRS_MOST 24

/* Their turns: what stage.c calls the rank of a row. */
enum { TURN_USER = 1, TURN_FIELDS, TURN_DOMAIN, TURN_ALIAS };

struct import {
	struct maildb *db;
	unsigned flags;
	maildb_refused_fn *refused;
	void *arg;
	struct maildb_outcome *outcome;
};

/* A staged row of fields as attributes again. */
struct attrs {
	struct maildb_attr attr[ATTRS_MOST];
	char text[ATTRS_MOST][32];
	size_t n;
};

bool
maildb__refusable(int code)
{
	return code <= MAILDB_EADDRESS && code >= MAILDB_EREFUSED;
}

/* ---- putting aside -------------------------------------------------- */

/* Runs statements that take the input "create" or none: how many rows they
 * changed, up to a limit. */
static int
run(struct import *import, const enum maildb__stmt_id *stmts, size_t count)
{
	const struct maildb__value create =
	    V_INT((import->flags & MAILDB_CREATE_DOMAIN) != 0);
	size_t i;
	int rc = 0, sum = 0;

	for (i = 0; i < count; i++) {
		rc = maildb__exec_values(import->db, stmts[i],
		    maildb__stmts[stmts[i]].nin > 0 ? &create : NULL);
		if (rc < 0)
			return rc;
		sum |= rc > 0;
	}
	return sum;
}
#define RUN(import, list) run((import), (list), ARRAY_LEN(list))

/* Moves rows that need a look of their own out of the way. */
static int
put_aside(struct import *import)
{
	static const enum maildb__stmt_id users[] = {
		STMT_LATE_ZONES, STMT_LATE_USERS, STMT_LATE_USERS_AGAIN,
		STMT_LATE_LISTS, STMT_LATE_LISTED,
	}, aliases[] = {
		STMT_LATE_ALIASES_AGAIN, STMT_LATE_ALIASES_MANY,
		STMT_LATE_ALIASES, STMT_LATE_DOMAINS,
	}, move_users[] = {
		STMT_LATE_MOVE_USERS, STMT_LATE_MOVED_USERS,
	}, move[] = {
		STMT_LATE_MOVE_DOMAINS, STMT_LATE_MOVED_DOMAINS,
		STMT_LATE_MOVE_TARGETS, STMT_LATE_MOVED_TARGETS,
	};
	int rc;

	/* Aliases are judged by the users that are left. */
	if ((rc = RUN(import, users)) < 0 ||
	    (rc = RUN(import, move_users)) < 0 ||
	    (rc = RUN(import, aliases)) < 0)
		return rc;
	return RUN(import, move);
}

/* The number that a statement answers. */
static int
ask(struct maildb *db, enum maildb__stmt_id stmt, int64_t *n)
{
	struct maildb__row row = { 0 };
	int rc = maildb__fetch_values(db, &row, stmt, NULL);

	*n = maildb__row_int(&row, "n");
	maildb__row_clear(&row);
	return rc < 0 ? rc : 0;
}

/* Carries out by set what is not put aside. */
static int
carry_out_most(struct import *import)
{
	struct maildb_counts counts = { { 0 }, { 0 }, { 0 } };
	int64_t late, added;
	int rc;

	if ((rc = maildb__exec_values(import->db, STMT_STAGE_FOLD,
	    NULL)) < 0 ||
	    (rc = put_aside(import)) < 0 ||
	    (rc = ask(import->db, STMT_LATE_COUNT, &late)) < 0 ||
	    (rc = maildb__stage_apply(import->db, import->flags, NULL, 0,
	    &counts)) < 0 ||
	    (rc = ask(import->db, STMT_LATE_ADDED, &added)) < 0)
		return rc;
	import->outcome->added = added;
	import->outcome->same = maildb__stage_rows(import->db) - late - added;
	return 0;
}

/* ---- one by one ----------------------------------------------------- */

/* The text of a staged value, or NULL for the default. */
static const char *
staged_text(const struct maildb_field *field,
    const struct maildb__value *value, char text[32])
{
	if (value->type == MAILDB__TEXT)
		return *value->text != '\0' ? value->text : NULL;
	if (value->number < 0)
		return NULL;
	if (field->type == MAILDB_BOOL)
		return value->number != 0 ? "yes" : "no";
	if (field->flags & MAILDB_FIELD_UNLIMITED && value->number == 0)
		return "unlimited";
	snprintf(text, 32, field->type == MAILDB_TIME ? "@%lld" : "%lld",
	    (long long)value->number);
	return text;
}

/* Fills attrs with the fields that a staged row has. */
static void
read_fields(enum maildb_kind kind, const struct maildb__row *row,
    struct attrs *attrs)
{
	const struct maildb_field *fields;
	const struct maildb__value *value;
	size_t count, i;

	fields = maildb_fields(kind, &count);
	for (i = 0, attrs->n = 0; i < count && attrs->n < ATTRS_MOST; i++) {
		value = maildb__row_value(row, fields[i].name);
		if (value == NULL || value->type == MAILDB__NULL)
			continue;
		attrs->attr[attrs->n] = (struct maildb_attr){ fields[i].name,
		    staged_text(&fields[i], value, attrs->text[attrs->n]) };
		attrs->n++;
	}
}

/* Adds the targets of a row to what is done: 1 if any was new. */
static int
add_targets(struct import *import, int64_t n)
{
	const struct maildb__value *may_send;
	struct maildb__row row = { 0 };
	int64_t seq = 0;
	int rc, some = 0;

	while ((rc = maildb__fetch(import->db, &row, STMT_LATE_TARGET_GET,
	    V_INT(n), V_INT(seq))) > 0) {
		seq = maildb__row_int(&row, "seq");
		may_send = maildb__row_value(&row, "may_send");
		rc = maildb_alias_add(import->db,
		    maildb__row_text(&row, "source"),
		    maildb__row_text(&row, "dest"),
		    may_send->type == MAILDB__NULL ? -1 :
		    (int)may_send->number, import->flags);
		maildb__row_clear(&row);
		if (rc < 0)
			return rc;
		some |= rc;
	}
	return rc < 0 ? rc : some;
}

static int
add_user(struct import *import, int64_t n, const struct maildb__row *row)
{
	struct attrs attrs;
	int rc, some;

	read_fields(MAILDB_KIND_USER, row, &attrs);
	rc = maildb_user_add(import->db, maildb__row_text(row, "address"),
	    maildb__row_value(row, "password")->text, attrs.attr, attrs.n,
	    import->flags);
	if (rc > 0 && maildb__row_int(row, "pending")) {
		maildb__fail(import->db, MAILDB_ELOCKED, "user %s was removed "
		    "meanwhile, and has no password now",
		    maildb__row_text(row, "address"));
		return maildb__hint(import->db, "try again");
	}
	if (rc < 0)
		return rc;
	some = add_targets(import, n);
	return some < 0 ? some : rc | some;
}

/* Gives a user who is there the fields that it has none of its own for. */
static int
fill_user(struct import *import, const struct maildb__row *row)
{
	struct maildb *db = import->db;
	struct maildb_cursor *cursor;
	struct attrs attrs;
	size_t i, n = 0;
	int rc, col;

	read_fields(MAILDB_KIND_USER, row, &attrs);
	rc = maildb_user_get(db, maildb__row_text(row, "address"), &cursor);
	if (rc < 0)
		return rc;
	rc = maildb_cursor_next(cursor);
	for (i = 0; rc > 0 && i < attrs.n; i++) {
		col = maildb_cursor_find(cursor, attrs.attr[i].name);
		if (col >= 0 && maildb_cursor_null(cursor, (size_t)col))
			attrs.attr[n++] = attrs.attr[i];
	}
	maildb_cursor_free(cursor);
	return rc < 0 || n == 0 ? (rc < 0 ? rc : 0) : maildb_user_set(db,
	    maildb__row_text(row, "address"), attrs.attr, n);
}

static int
add_domain(struct import *import, const struct maildb__row *row)
{
	struct attrs attrs;

	read_fields(MAILDB_KIND_DOMAIN, row, &attrs);
	return maildb_domain_add(import->db, maildb__row_text(row, "name"),
	    attrs.attr, attrs.n, 0);
}

/* Carries out what one late row asks for. */
static int
carry_out(struct import *import, int turn, int64_t n)
{
	struct maildb__row row = { 0 };
	int rc = 1;

	if (turn == TURN_ALIAS)
		return add_targets(import, n);
	rc = maildb__fetch(import->db, &row, turn == TURN_DOMAIN ?
	    STMT_LATE_DOMAIN_GET : STMT_LATE_USER_GET, V_INT(n));
	if (rc > 0)
		rc = turn == TURN_USER ? add_user(import, n, &row) :
		    turn == TURN_FIELDS ? fill_user(import, &row) :
		    add_domain(import, &row);
	maildb__row_clear(&row);
	return rc;
}

/* Counts a row as refused, with the reason. */
static void
refuse(struct import *import, const struct maildb__row *row,
    const char *message, const char *hint)
{
	import->outcome->refused++;
	if (import->refused != NULL)
		import->refused(import->arg, maildb__stage_file(import->db,
		    maildb__row_int(row, "file")),
		    (uint32_t)maildb__row_int(row, "line"), message, hint);
}

/* Carries out a late row, or nothing of it: 1 when it is done with; 0 when it
 * leads nowhere yet and later is true; or what is wrong with the database. */
static int
carry_out_row(struct import *import, int turn, const struct maildb__row *row,
    bool later)
{
	const char *refused = maildb__row_value(row, "message")->text;
	struct maildb *db = import->db;
	int rc, ended;

	if (refused != NULL) {
		refuse(import, row, refused,
		    maildb__row_value(row, "hint")->text);
		return 1;
	}
	if ((rc = maildb_begin(db)) < 0)
		return rc;
	rc = carry_out(import, turn, maildb__row_int(row, "n"));
	later = later && (rc == MAILDB_EDEADEND || rc == MAILDB_EDOMAIN);
	ended = rc < 0 ? maildb_rollback(db) : maildb_commit(db);
	if (ended < 0 || (rc < 0 && !maildb__refusable(rc)))
		return ended < 0 ? ended : rc;
	if (later)
		return 0;
	if (rc < 0)
		refuse(import, row, db->fault.message, db->fault.hint);
	import->outcome->added += rc > 0;
	import->outcome->same += rc == 0;
	return 1;
}

/* Goes once through the late rows of a turn: 1 if any was done with, 2 if any
 * is left. */
static int
pass(struct import *import, int turn, bool later)
{
	struct maildb__row row = { 0 };
	int64_t n = 0;
	int rc, result = 0;

	while ((rc = maildb__fetch(import->db, &row, STMT_LATE_NEXT,
	    V_INT(turn), V_INT(n))) > 0) {
		n = maildb__row_int(&row, "n");
		rc = carry_out_row(import, turn, &row, later);
		maildb__row_clear(&row);
		result |= rc > 0 ? 1 : 2;
		if (rc < 0 || (rc > 0 && (rc = maildb__exec(import->db,
		    STMT_LATE_DONE, V_INT(n))) < 0))
			return rc;
	}
	return rc < 0 ? rc : result;
}

/* Carries out the late rows.  Those that lead nowhere are tried again as long
 * as any could be made: what they lead to may stand further down. */
static int
carry_out_late(struct import *import)
{
	bool later;
	int rc = 0, turn;

	for (turn = TURN_USER; rc >= 0 && turn <= TURN_ALIAS; turn++) {
		later = true;
		do {
			rc = pass(import, turn, later);
			later = rc & 1;
		} while (rc >= 0 && rc & 2);
	}
	return rc;
}

int
maildb_stage_import(struct maildb *db, unsigned flags,
    maildb_refused_fn *refused, void *arg, struct maildb_outcome *outcome)
{
	struct import import = { db, flags, refused, arg, outcome };
	int rc;

	memset(outcome, 0, sizeof(*outcome));
	if (!maildb__stage_complete(db))
		return maildb__fail(db, MAILDB_EMISUSE,
		    "what was staged has not been ended");
	if ((rc = maildb__enter(db)) < 0)
		return rc;
	if ((rc = carry_out_most(&import)) >= 0 &&
	    (rc = carry_out_late(&import)) >= 0)
		rc = outcome->added > 0;
	return maildb__leave(db, rc);
}
