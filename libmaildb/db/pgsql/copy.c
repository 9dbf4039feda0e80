/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * copy.c - many rows for one table, by COPY
 *
 * A statement of its own for each row would cost a round trip each.  Rows are
 * written down as COPY wants them and sent when there are enough.  Hashes are
 * among them, so what was written down is wiped.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "db/pgsql/pgsql.h"

#define ENOUGH 65536 /* octets */

/* Makes room for so many more octets; the old ones are wiped. */
static int
reserve(struct maildb__conn *conn, struct maildb__held *held, size_t more)
{
	size_t size = held->size != 0 ? held->size : ENOUGH + 4096;
	char *text;

	while (size - held->len < more)
		size *= 2;
	if (size == held->size)
		return 0;
	if ((text = malloc(size)) == NULL)
		return maildb__nomem(conn->db);
	if (held->text != NULL) {
		memcpy(text, held->text, held->len);
		explicit_bzero(held->text, held->size);
		free(held->text);
	}
	held->text = text;
	held->size = size;
	return 0;
}

/* Writes down a text; what COPY takes for something else is escaped. */
static int
put_text(struct maildb__conn *conn, struct maildb__held *held,
    const char *text)
{
	static const char special[] = "\b\f\n\r\t\v\\", letters[] = "bfnrtv\\";
	const char *found;
	int rc = reserve(conn, held, strlen(text) * 2);

	if (rc < 0)
		return rc;
	for (; *text != '\0'; text++) {
		found = strchr(special, *text);
		if (found != NULL)
			held->text[held->len++] = '\\';
		held->text[held->len++] = found != NULL ?
		    letters[found - special] : *text;
	}
	return 0;
}

/* Writes down a value and what follows it. */
static int
put_value(struct maildb__conn *conn, struct maildb__held *held,
    const struct maildb__value *value, char end)
{
	int rc;

	if (value->type == MAILDB__TEXT &&
	    (rc = put_text(conn, held, value->text)) < 0)
		return rc;
	if ((rc = reserve(conn, held, 32)) < 0)
		return rc;
	if (value->type != MAILDB__TEXT)
		held->len += (size_t)snprintf(held->text + held->len, 31,
		    value->type == MAILDB__INT ? "%lld" : "\\N",
		    (long long)value->number);
	held->text[held->len++] = end;
	return 0;
}

/* Copies so many octets, once the server waits for them. */
static int
copy(struct maildb__conn *conn, const struct maildb__held *held)
{
	int sent = PQputCopyData(conn->pq, held->text, (int)held->len), rc = 0;

	/* libpq answers 0 when it has no memory to keep them in. */
	if (sent <= 0)
		rc = sent == 0 ? maildb__nomem(conn->db) :
		    maildb__pgsql_fail(conn, NULL);
	/* Ended in any case: the server takes nothing else before. */
	if (PQputCopyEnd(conn->pq, rc < 0 ? "given up" : NULL) != 1) {
		conn->lost = true;
		return rc < 0 ? rc : maildb__pgsql_fail(conn, NULL);
	}
	if (rc == 0)
		return maildb__pgsql_collect(conn, NULL);
	maildb__pgsql_drain(conn);
	return rc;
}

/* Sends what is held back of a statement. */
static int
send(struct maildb__conn *conn, enum maildb__stmt_id id)
{
	struct maildb__held *held = &conn->held[id];
	PGresult *result;
	int rc;

	if ((rc = maildb__pgsql_ready(conn)) < 0)
		return rc;
	if (!PQsendQuery(conn->pq, maildb__stmts[id].copy))
		return maildb__pgsql_fail(conn, NULL);
	if ((rc = maildb__pgsql_take(conn, &result)) < 0)
		return rc;
	if (PQresultStatus(result) != PGRES_COPY_IN) {
		rc = maildb__pgsql_fail(conn, result);
		maildb__pgsql_drain(conn);
	}
	PQclear(result);
	if (rc == 0)
		rc = copy(conn, held);
	explicit_bzero(held->text, held->len);
	held->len = 0;
	return rc;
}

int
maildb__pgsql_hold(struct maildb__conn *conn, enum maildb__stmt_id id,
    const struct maildb__value *in)
{
	const struct maildb__stmt *stmt = &maildb__stmts[id];
	struct maildb__held *held = &conn->held[id];
	unsigned i;
	int rc = 0;

	for (i = 0; rc == 0 && i < stmt->nin; i++)
		rc = put_value(conn, held, &in[i],
		    i + 1 < stmt->nin ? '\t' : '\n');
	return rc < 0 || held->len < ENOUGH ? rc : send(conn, id);
}

int
maildb__pgsql_flush(struct maildb__conn *conn, bool drop)
{
	struct maildb__held *held;
	size_t id;
	int rc = 0;

	for (id = 0; id < MAILDB__STMTS; id++) {
		held = &conn->held[id];
		if (held->text == NULL)
			continue;
		if (rc == 0 && !drop && held->len > 0)
			rc = send(conn, (enum maildb__stmt_id)id);
		explicit_bzero(held->text, held->size);
		free(held->text);
		*held = (struct maildb__held){ NULL, 0, 0 };
	}
	return rc;
}
