/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * graph_check.c - targets checked when they are written, and all of them
 *
 * A loop in the making always passes through the row that changed, or through
 * one that answers in place of a row that went; with extensions, which may
 * differ from one round to the next, also through what leads there.  Looking
 * from all of those finds it.  Postfix's limits are counted from everything
 * that leads to that row as well.  Only what is new is blamed for leading
 * nowhere, not what was let pass before.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "rules/graph.h"

void
maildb__list_free(struct maildb__list *list)
{
	while (list->n > 0)
		free(list->text[--list->n]);
	free(list->text);
}

int
maildb__list_push(struct maildb *db, struct maildb__list *list,
    const char *text)
{
	size_t wanted = list->size != 0 ? list->size * 2 : 8;
	char **grown;

	if (list->n == list->size) {
		grown = reallocarray(list->text, wanted, sizeof(*grown));
		if (grown == NULL)
			return maildb__nomem(db);
		list->text = grown;
		list->size = wanted;
	}
	if ((list->text[list->n] = strdup(text)) == NULL)
		return maildb__nomem(db);
	list->n++;
	return 0;
}

/* Appends a place to begin. */
static int
starts_add(struct maildb *db, struct maildb__starts *starts,
    struct maildb__start start)
{
	size_t size = starts->size != 0 ? starts->size * 2 : 16;
	struct maildb__start *grown;

	if (starts->n == starts->size) {
		grown = reallocarray(starts->start, size, sizeof(*grown));
		if (grown == NULL)
			return maildb__nomem(db);
		starts->start = grown;
		starts->size = size;
	}
	starts->start[starts->n++] = start;
	return 0;
}

/* Appends what a statement answers: an address, and its target if there is a
 * second column. */
static int
starts_load(struct maildb *db, struct maildb__starts *starts,
    enum maildb__stmt_id stmt, const struct maildb__value *in, bool lenient)
{
	struct maildb__start start = { .lenient = lenient };
	struct maildb_cursor *cursor;
	int rc;

	if ((rc = maildb__list_values(db, &cursor, stmt, in)) < 0)
		return rc;
	while ((rc = maildb_cursor_next(cursor)) > 0) {
		start.address = maildb_cursor_int(cursor, 0);
		if (maildb_cursor_width(cursor) > 1)
			start.target = maildb_cursor_int(cursor, 1);
		if ((rc = starts_add(db, starts, start)) < 0)
			break;
	}
	maildb_cursor_free(cursor);
	return rc;
}

/* Appends what leads to addresses that share a domain and, up to the next
 * character, a name. */
static int
load_akin(struct maildb *db, struct maildb__starts *starts, const char *domain,
    const char *name, char next)
{
	char low[MAILDB_LOCAL_MAX + 2], high[MAILDB_LOCAL_MAX + 2];

	snprintf(low, sizeof(low), "%s%c", name, next);
	snprintf(high, sizeof(high), "%s%c", name, next + 1);
	return starts_load(db, starts, STMT_TARGET_AKIN,
	    (const struct maildb__value[]){ V_TEXT(domain), V_TEXT(low),
	    V_TEXT(high) }, false);
}

/*
 * Appends what leads to an address: as it is written, by way of an alias
 * domain or a wildcard, and with any extension, or none when it has one.
 */
static int
load_sources(const struct maildb__graph *graph, struct maildb__starts *starts,
    int64_t id)
{
	struct maildb *db = graph->db;
	struct maildb__row row = { 0 };
	char name[MAILDB_LOCAL_MAX + 1] = "";
	const char *local, *next;
	size_t ext;
	int rc;

	rc = maildb__fetch(db, &row, STMT_ADDRESS_TEXT, V_INT(id));
	local = maildb__row_text(&row, "localpart");
	if (rc <= 0 || *local == '\0') {
		maildb__row_clear(&row);
		return rc < 0 ? rc : starts_load(db, starts,
		    STMT_TARGET_SOURCES,
		    (const struct maildb__value[]){ V_INT(id) }, false);
	}
	ext = maildb__extension(local, graph->delimiters);
	strncat(name, local, ext > 0 ? ext : sizeof(name) - 1);
	rc = load_akin(db, starts, maildb__row_text(&row, "domain"), name,
	    '@');
	for (next = graph->delimiters; rc == 0 && *next != '\0'; next++)
		rc = load_akin(db, starts, maildb__row_text(&row, "domain"),
		    name, *next);
	maildb__row_clear(&row);
	return rc;
}

/* Follows all starts, then what leads to them; the list grows by that. */
static int
check(struct maildb *db, struct maildb__starts *starts)
{
	struct maildb__graph graph;
	size_t i, n = starts->n;
	int64_t id;
	int rc;

	if (n == 0)
		return 0;
	if ((rc = maildb__graph_init(&graph, db)) < 0)
		return rc;
	for (i = 0; rc == 0 && i < n; i++)
		rc = maildb__graph_follow(&graph, &starts->start[i]);
	for (i = 0; rc == 0 && i < starts->n; i++) {
		if (i >= n)
			rc = maildb__graph_follow(&graph, &starts->start[i]);
		id = starts->start[i].address;
		if (rc == 0 && maildb__graph_goes_up(&graph, id))
			rc = load_sources(&graph, starts, id);
	}
	maildb__graph_free(&graph);
	return rc;
}

/* Checks what was kept until now. */
static int
check_deferred(struct maildb *db)
{
	struct maildb__starts starts = db->deferred;
	int rc;

	db->deferred = (struct maildb__starts){ 0 };
	rc = check(db, &starts);
	free(starts.start);
	return rc;
}

/* Checks starts and frees them, or keeps them until commit does. */
static int
check_or_defer(struct maildb *db, struct maildb__starts *starts)
{
	size_t i;
	int rc = 0;

	if (!db->defer)
		rc = check(db, starts);
	else
		db->before_commit = check_deferred;
	for (i = 0; rc == 0 && db->defer && i < starts->n; i++)
		rc = starts_add(db, &db->deferred, starts->start[i]);
	free(starts->start);
	return rc;
}

int
maildb__graph_check(struct maildb *db, int64_t address, int64_t target,
    unsigned flags)
{
	struct maildb__starts starts = { 0 };
	int rc;

	rc = starts_add(db, &starts, (struct maildb__start){ address, target,
	    (flags & MAILDB_ALLOW_DEAD) != 0 });
	return rc < 0 ? rc : check_or_defer(db, &starts);
}

int
maildb__graph_check_values(struct maildb *db, unsigned flags,
    enum maildb__stmt_id id, const struct maildb__value *in)
{
	struct maildb__starts starts = { 0 };
	int rc = starts_load(db, &starts, id, in,
	    (flags & MAILDB_ALLOW_DEAD) != 0);

	if (rc == 0)
		return check_or_defer(db, &starts);
	free(starts.start);
	return rc;
}

int
maildb__graph_check_gone(struct maildb *db, const char *domain,
    const char *local)
{
	char plain[MAILDB_LOCAL_MAX + 1] = "", *delimiters;
	size_t ext;
	int rc;

	if ((rc = maildb_setting_get(db, "recipient_delimiter",
	    &delimiters)) < 0)
		return rc;
	ext = maildb__extension(local, delimiters);
	free(delimiters);
	if (ext <= MAILDB_LOCAL_MAX)
		memcpy(plain, local, ext);
	return maildb__graph_check_found(db, 0, STMT_ADDRESS_HEIRS,
	    V_TEXT(domain), V_TEXT(local), V_TEXT(plain));
}

bool
maildb__graph_hold(struct maildb *db)
{
	bool held = db->defer;

	db->defer = true;
	return held;
}

int
maildb__graph_settle(struct maildb *db, bool held, int rc)
{
	int checked;

	db->defer = held;
	if (held)
		return rc;
	if (rc < 0) {
		free(db->deferred.start);
		db->deferred = (struct maildb__starts){ 0 };
		return rc;
	}
	checked = check_deferred(db);
	return checked < 0 ? checked : rc;
}

int
maildb__graph_report(struct maildb *db, maildb__report_fn *report, void *arg)
{
	struct maildb__starts starts = { 0 };
	struct maildb__graph graph;
	size_t i;
	int rc;

	if ((rc = maildb__graph_init(&graph, db)) < 0)
		return rc;
	graph.report = report;
	graph.report_arg = arg;
	rc = starts_load(db, &starts, STMT_TARGET_ALL_SOURCES, NULL, false);
	for (i = 0; rc == 0 && i < starts.n; i++)
		rc = maildb__graph_walk(&graph, starts.start[i].address);
	for (i = 0; rc == 0 && i < starts.n; i++)
		rc = maildb__graph_walk_extended(&graph,
		    starts.start[i].address);
	free(starts.start);
	maildb__graph_free(&graph);
	return rc;
}

int
maildb__graph_warn_dead(struct maildb *db, int64_t address_id)
{
	struct maildb_cursor *cursor;
	struct maildb__list list = { 0 };
	size_t i;
	int rc;

	rc = maildb__list(db, &cursor, STMT_DEAD_SOURCES, V_INT(address_id));
	if (rc < 0)
		return rc;
	while ((rc = maildb_cursor_next(cursor)) > 0)
		if ((rc = maildb__list_push(db, &list,
		    maildb_cursor_text(cursor, 0))) < 0)
			break;
	maildb_cursor_free(cursor);
	for (i = 0; rc == 0 && i < list.n; i++)
		maildb__notice(db, "alias_dead", NULL,
		    "alias %s has no live target now: its mail is refused",
		    list.text[i]);
	maildb__list_free(&list);
	return rc;
}
