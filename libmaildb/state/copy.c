/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * copy.c - a whole database into another one, whatever the back ends, or row
 * by row to somebody who writes it down
 *
 * The history goes first, under its own ids; what the copy itself adds is
 * journalled after it like every change, for the journal cannot be switched
 * off.  Constraints and triggers of the target check every row.
 */
#include "state/state.h"

struct table {
	const char *name;
	enum maildb__stmt_id read, write;
};

/* In an order in which every row finds what it refers to. */
static const struct table tables[] = {
	{ "journal", STMT_COPY_READ_JOURNAL,
	    STMT_COPY_WRITE_JOURNAL },
#define IMAGES(name, NAME) { "journal_" #name, \
	    STMT_COPY_READ_JOURNAL_##NAME, STMT_COPY_WRITE_JOURNAL_##NAME },
	MAILDB__JOURNALLED(IMAGES)
#undef IMAGES
	{ "last", STMT_COPY_READ_LAST, STMT_COPY_WRITE_LAST },
	{ "setting", STMT_COPY_READ_SETTING,
	    STMT_COPY_WRITE_SETTING },
	{ "domain", STMT_COPY_READ_DOMAIN,
	    STMT_COPY_WRITE_DOMAIN },
	{ "address", STMT_COPY_READ_ADDRESS,
	    STMT_COPY_WRITE_ADDRESS },
	{ "mailbox", STMT_COPY_READ_MAILBOX,
	    STMT_COPY_WRITE_MAILBOX },
	{ "target", STMT_COPY_READ_TARGET,
	    STMT_COPY_WRITE_TARGET },
	{ "sender", STMT_COPY_READ_SENDER,
	    STMT_COPY_WRITE_SENDER },
	{ "last", STMT_COPY_READ_LAST, STMT_COPY_WRITE_LAST },
};

/* Passes the source's fault on, as the target's. */
static int
fail_from(struct maildb *to, const struct maildb *from, int rc)
{
	const struct maildb_fault *fault = maildb_fault(from);

	maildb__fail(to, rc, "%s", fault->message);
	if (fault->hint != NULL)
		maildb__hint(to, "%s", fault->hint);
	return rc;
}

/* Copies one table's rows, one at a time. */
static int
copy_table(struct maildb *from, struct maildb *to, const struct table *table)
{
	const struct maildb__stmt *read = &maildb__stmts[table->read];
	struct maildb__value values[MAILDB__ROW_MAX];
	struct maildb_cursor *cursor;
	unsigned i;
	int rc;

	rc = maildb__list_values(from, &cursor, table->read, NULL);
	if (rc < 0)
		return fail_from(to, from, rc);
	while ((rc = maildb_cursor_next(cursor)) > 0) {
		for (i = 0; i < read->nout; i++)
			values[i] = maildb_cursor_null(cursor, i) ? V_NULL :
			    read->out[i].type == MAILDB_TEXT ?
			    V_TEXT(maildb_cursor_text(cursor, i)) :
			    V_INT(maildb_cursor_int(cursor, i));
		rc = maildb__exec_values(to, table->write, values);
		if (rc < 0) {
			maildb_cursor_free(cursor);
			return rc;
		}
	}
	maildb_cursor_free(cursor);
	return rc < 0 ? fail_from(to, from, rc) : 0;
}

static int
copy(struct maildb *from, struct maildb *to)
{
	struct maildb__row row = { 0 };
	size_t i;
	int rc;

	rc = maildb__fetch_values(to, &row, STMT_COPY_IS_EMPTY, NULL);
	if (rc > 0 && maildb__row_int(&row, "n") == 0) {
		rc = maildb__fail(to, MAILDB_EINUSE,
		    "database %s is not empty", to->url);
		maildb__hint(to, "copy into a new one, made by mailcfg init");
	}
	maildb__row_clear(&row);
	for (i = 0; rc >= 0 && i < ARRAY_LEN(tables); i++) {
		rc = copy_table(from, to, &tables[i]);
		if (rc == 0 && tables[i].read == STMT_COPY_READ_JOURNAL)
			rc = maildb__exec_values(to, STMT_COPY_TXN, NULL);
	}
	return rc < 0 ? rc : 1;
}

int
maildb_copy(struct maildb *from, struct maildb *to)
{
	int rc;

	/* The source's lock keeps its tables from moving apart meanwhile. */
	if ((rc = maildb__enter(from)) < 0)
		return fail_from(to, from, rc);
	if ((rc = maildb__enter(to)) >= 0)
		rc = maildb__leave(to, copy(from, to));
	maildb_rollback(from);
	return rc;
}

int
maildb_dump(struct maildb *db, maildb_dump_fn *fn, void *arg)
{
	struct maildb_cursor *cursor;
	size_t i;
	int rc;

	if ((rc = maildb__enter(db)) < 0)
		return rc;
	for (i = 0; rc >= 0 && i < ARRAY_LEN(tables); i++) {
		rc = maildb__list_values(db, &cursor, tables[i].read, NULL);
		if (rc < 0)
			break;
		rc = fn(arg, tables[i].name, cursor);
		maildb_cursor_free(cursor);
	}
	maildb_rollback(db);
	return rc < 0 ? rc : 0;
}
