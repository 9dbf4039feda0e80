/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * graph.c - where targets lead, checked when they are written
 *
 * Addresses are followed as Postfix would if everything were switched on:
 * what is off today may be on tomorrow.  Nodes are address rows, whatever
 * spelling or extension reached them.  A circle in the making always passes
 * through the row that changed, or through one that answers in place of a row
 * that went: looking from there finds it.  Postfix's limits are counted from
 * everything that names that row as a target as well.  Only what is new is
 * blamed for leading nowhere, not what was let pass before.
 */
#include <stdlib.h>
#include <string.h>

#include "internal.h"

#define DEEPEST 2000 /* steps, whatever Postfix is told: each is a recursion */
#define WIDEST  1000000 /* destinations; more are not told apart */

struct node {
	int64_t id;        /* 0: an empty place */
	enum { ON_PATH, DONE } state;
	bool up;           /* what leads to it is looked at as well */
	struct reach {
		int leaves, height;
		char *dead; /* if no way ends well: where the first ends */
	} reach;           /* when done */
};

struct graph {
	struct maildb *db;
	struct node *nodes;  /* open addressing, a power of two */
	size_t nnodes, size;
	char **path;         /* addresses from the start to here */
	size_t depth, path_size;
	char delimiters[16];
	int64_t max_leaves, max_height;
	maildb__report_fn *report; /* takes what would fail, if not NULL */
	void *report_arg;
};

struct list {
	char **text;
	size_t n, size;
};

/* Where to begin: an address, and which of its targets must not be dead: the
 * one of that id, any (0) or none (-1). */
struct maildb__start {
	int64_t address, target;
	bool lenient;            /* a notice will do */
};

static int visit(struct graph *graph, int64_t id, struct reach *reach);

/* Frees the texts of a list. */
static void
list_free(struct list *list)
{
	while (list->n > 0)
		free(list->text[--list->n]);
	free(list->text);
}

/* Appends a copy. */
static int
push(struct maildb *db, char ***texts, size_t *n, size_t *size,
    const char *text)
{
	size_t wanted = *size != 0 ? *size * 2 : 8;
	char **grown;

	if (*n == *size) {
		grown = reallocarray(*texts, wanted, sizeof(*grown));
		if (grown == NULL)
			return maildb__nomem(db);
		*texts = grown;
		*size = wanted;
	}
	if (((*texts)[*n] = strdup(text)) == NULL)
		return maildb__nomem(db);
	++*n;
	return 0;
}

/* The place of an id in the table: its own, or an empty one. */
static struct node *
place(struct node *nodes, size_t size, int64_t id)
{
	size_t at = ((uint64_t)id * 0x9e3779b97f4a7c15u >> 20) & (size - 1);

	while (nodes[at].id != 0 && nodes[at].id != id)
		at = (at + 1) & (size - 1);
	return &nodes[at];
}

/* Makes room for one more node. */
static int
reserve(struct graph *graph)
{
	size_t size = graph->size != 0 ? graph->size * 2 : 64, i;
	struct node *nodes;

	if (graph->nnodes * 2 < graph->size)
		return 0;
	nodes = calloc(size, sizeof(*nodes));
	if (nodes == NULL)
		return maildb__nomem(graph->db);
	for (i = 0; i < graph->size; i++)
		if (graph->nodes[i].id != 0)
			*place(nodes, size, graph->nodes[i].id) =
			    graph->nodes[i];
	free(graph->nodes);
	graph->nodes = nodes;
	graph->size = size;
	return 0;
}

/* Hands the fault just kept to whoever collects faults, or answers it. */
static int
fail(struct graph *graph)
{
	const struct maildb_fault *fault = &graph->db->fault;

	if (graph->report == NULL)
		return fault->code;
	return graph->report(graph->report_arg, "error",
	    maildb_error_name(fault->code), graph->path[graph->depth - 1],
	    fault->message, fault->hint);
}

/* Fails with the way from the start to here, and the step that is wrong. */
static int
fail_path(struct graph *graph, int code, const char *what, const char *last)
{
	struct maildb__buf buf = { 0 };
	size_t i, skip = graph->depth > 12 ? graph->depth - 10 : 0;

	for (i = 0; i < graph->depth; i++) {
		if (i > 1 && i < skip)
			continue;
		maildb__buf_printf(&buf, "%s%s", i > 0 ? " -> " : "",
		    i == 1 && skip > 0 ? "..." : graph->path[i]);
	}
	if (last != NULL)
		maildb__buf_printf(&buf, " -> %s", last);
	if (buf.failed) {
		maildb__buf_free(&buf);
		return maildb__nomem(graph->db);
	}
	maildb__fail(graph->db, code, "%s: %s", what, buf.text);
	maildb__buf_free(&buf);
	return fail(graph);
}

/* An address row by domain and local part: its id, or 0. */
static int
find_row(struct graph *graph, const char *domain, const char *local,
    int64_t *id)
{
	struct maildb__row row = { 0 };
	int rc;

	*id = 0;
	if (*domain == '\0')
		return 0;
	rc = maildb__fetch(graph->db, &row, STMT_ADDRESS_FIND, V_TEXT(domain),
	    V_TEXT(local));
	if (rc > 0)
		*id = maildb__row_int(&row, "id");
	maildb__row_clear(&row);
	return rc < 0 ? rc : 0;
}

/* Whether an address row has anything mail could follow. */
static int
has_targets(struct graph *graph, int64_t id)
{
	struct maildb__row row = { 0 };
	int rc = maildb__fetch(graph->db, &row, STMT_TARGET_COUNT, V_INT(id));

	if (rc > 0)
		rc = maildb__row_int(&row, "n") > 0;
	maildb__row_clear(&row);
	return rc;
}

/*
 * The row that decides about an address of a hosted domain: its own, that of
 * the domain it stands for, a wildcard, all with the extension and then
 * without; then a catch-all that has targets.
 */
static int
resolve(struct graph *graph, const struct maildb__row *domain,
    const char *local, int64_t *id)
{
	const char *domains[] = { maildb__row_text(domain, "name"),
	    maildb__row_text(domain, "target"), "*" };
	size_t ndomains = 3, i, ext = strcspn(local, graph->delimiters);
	char plain[MAILDB_ADDRESS_MAX + 1];
	int rc;

	if (strcmp(maildb__row_text(domain, "class"), "relay") == 0)
		ndomains = 1;
	for (i = 0; i < ndomains; i++)
		if ((rc = find_row(graph, domains[i], local, id)) < 0 ||
		    *id != 0)
			return rc;
	if (ext > 0 && local[ext] != '\0') {
		memcpy(plain, local, ext);
		plain[ext] = '\0';
		for (i = 0; i < ndomains; i++)
			if ((rc = find_row(graph, domains[i], plain, id)) < 0 ||
			    *id != 0)
				return rc;
	}
	for (i = 0; i < 2; i++) {
		if ((rc = find_row(graph, domains[i], "", id)) < 0)
			return rc;
		if (*id != 0 && (rc = has_targets(graph, *id)) != 0)
			return rc < 0 ? rc : 0;
	}
	*id = 0;
	return 0;
}

/*
 * The row that a destination leads to: its id, or 0 when the way ends there,
 * well or dead.  Not inlined, like enter(): what recursion stacks up must be
 * small.
 */
static __attribute__((noinline)) int
find_next(struct graph *graph, const char *dest, int64_t *id, bool *dead)
{
	char local[MAILDB_ADDRESS_MAX + 1];
	const char *at = strrchr(dest, '@');
	struct maildb__row domain = { 0 };
	int rc;

	*id = 0;
	*dead = false;
	if (at == NULL || (size_t)(at - dest) >= sizeof(local))
		return 0;
	memcpy(local, dest, (size_t)(at - dest));
	local[at - dest] = '\0';
	rc = maildb__domain(graph->db, at + 1, true, &domain);
	if (rc > 0 && (rc = resolve(graph, &domain, local, id)) == 0)
		*dead = *id == 0 && !maildb__row_int(&domain, "any_recipient");
	maildb__row_clear(&domain);
	return rc;
}

/* Follows one destination of the row at the end of the path.  reach->dead is
 * lent by dest or by a node. */
static int
follow(struct graph *graph, char *dest, struct reach *reach)
{
	int64_t id;
	bool dead;
	int rc;

	*reach = (struct reach){ .leaves = 1 };
	if ((rc = find_next(graph, dest, &id, &dead)) < 0 || id != 0)
		return rc < 0 ? rc : visit(graph, id, reach);
	if (!dead)
		return 0;
	reach->dead = dest;
	return graph->report == NULL ? 0 : fail_path(graph, MAILDB_EDEADEND,
	    "a target leads nowhere", dest);
}

/* The destinations of a row, as text: all, or (not 0) only that of an id. */
static int
load(struct graph *graph, int64_t id, int64_t only, struct list *list)
{
	struct maildb_cursor *cursor;
	int rc;

	rc = maildb__list(graph->db, &cursor, STMT_TARGET_LIST, V_INT(id));
	if (rc < 0)
		return rc;
	while ((rc = maildb_cursor_next(cursor)) > 0)
		if ((only == 0 || maildb_cursor_int(cursor, 0) == only) &&
		    (rc = push(graph->db, &list->text, &list->n, &list->size,
		    maildb_cursor_text(cursor, 1))) < 0)
			break;
	maildb_cursor_free(cursor);
	return rc;
}

/* Follows all destinations of a row whose address ends the path. */
static int
follow_all(struct graph *graph, int64_t id, bool final, struct reach *reach)
{
	const char *self = graph->path[graph->depth - 1];
	struct list list = { 0 };
	struct reach part;
	const char *dead = NULL;
	bool live = false;
	size_t i;
	int rc;

	rc = load(graph, id, 0, &list);
	for (i = 0; rc == 0 && i < list.n; i++) {
		/* A user who is a target of the own address: keeps a copy. */
		if (final && strcmp(list.text[i], self) == 0)
			part = (struct reach){ .leaves = 1, .height = -1 };
		else if ((rc = follow(graph, list.text[i], &part)) < 0)
			break;
		reach->leaves += part.leaves;
		if (reach->leaves > WIDEST)
			reach->leaves = WIDEST;
		if (part.height + 1 > reach->height)
			reach->height = part.height + 1;
		live = live || part.dead == NULL;
		dead = dead == NULL ? part.dead : dead;
	}
	if (rc == 0 && list.n == 0) {
		reach->leaves = 1;
		live = final;
		dead = self;
	}
	if (rc == 0 && !live && (reach->dead = strdup(dead)) == NULL)
		rc = maildb__nomem(graph->db);
	list_free(&list);
	return rc;
}

/* Fails when Postfix would give up on the row that ends the path. */
static int
check_limits(struct graph *graph, const struct reach *reach)
{
	if (reach->leaves > graph->max_leaves) {
		maildb__fail(graph->db, MAILDB_EEXPANSION,
		    "%s would expand to %d destinations; Postfix follows %lld",
		    graph->path[graph->depth - 1], reach->leaves,
		    (long long)graph->max_leaves);
		maildb__hint(graph->db, "use a mailing list instead");
		return fail(graph);
	}
	/* Postfix counts the last address's own look-up as a step, too. */
	if (reach->height + 2 > graph->max_height) {
		maildb__fail(graph->db, MAILDB_EEXPANSION,
		    "%s would lead on %d times; Postfix follows %lld",
		    graph->path[graph->depth - 1], reach->height,
		    (long long)graph->max_height);
		return fail(graph);
	}
	return 0;
}

/* Appends a row's address to the path: 1, or 0 when there is no such row. */
static __attribute__((noinline)) int
enter(struct graph *graph, int64_t id, bool *final)
{
	struct maildb__row row = { 0 };
	int rc = maildb__fetch(graph->db, &row, STMT_ADDRESS_TEXT, V_INT(id));

	*final = maildb__row_int(&row, "final") != 0;
	if (rc > 0 && (rc = push(graph->db, &graph->path, &graph->depth,
	    &graph->path_size, maildb__row_text(&row, "address"))) == 0)
		rc = 1;
	maildb__row_clear(&row);
	return rc;
}

/* Takes the last address off the path. */
static void
leave(struct graph *graph)
{
	free(graph->path[--graph->depth]);
}

/* Follows a row, once. */
static int
visit(struct graph *graph, int64_t id, struct reach *reach)
{
	struct node *node;
	bool final;
	int rc;

	*reach = (struct reach){ 0 };
	if ((rc = reserve(graph)) < 0 || (rc = enter(graph, id, &final)) <= 0)
		return rc;
	node = place(graph->nodes, graph->size, id);
	if (node->id == id) {
		*reach = node->reach;
		rc = node->state == DONE ? 0 : fail_path(graph, MAILDB_ELOOP,
		    "mail would go round in a circle", NULL);
		goto out;
	}
	node->id = id;
	node->state = ON_PATH;
	graph->nnodes++;
	if ((int64_t)graph->depth > graph->max_height)
		rc = fail_path(graph, MAILDB_EEXPANSION,
		    "Postfix does not follow so many steps", NULL);
	else if ((rc = follow_all(graph, id, final, reach)) == 0)
		rc = check_limits(graph, reach);
	/* The table may have grown meanwhile. */
	node = place(graph->nodes, graph->size, id);
	node->state = DONE;
	node->reach = *reach;
out:
	leave(graph);
	return rc;
}

/* A graph that has seen nothing yet, with Postfix's limits. */
static int
graph_init(struct graph *graph, struct maildb *db)
{
	char *text;
	int rc;

	*graph = (struct graph){ .db = db };
	if ((rc = maildb__setting_int(db, "expansion_limit",
	    &graph->max_leaves)) < 0 ||
	    (rc = maildb__setting_int(db, "recursion_limit",
	    &graph->max_height)) < 0 ||
	    (rc = maildb_setting_get(db, "recipient_delimiter", &text)) < 0)
		return rc;
	if (graph->max_height > DEEPEST)
		graph->max_height = DEEPEST;
	strncat(graph->delimiters, text, sizeof(graph->delimiters) - 1);
	free(text);
	return 0;
}

/* Frees what a graph holds. */
static void
graph_free(struct graph *graph)
{
	size_t i;

	while (graph->depth > 0)
		leave(graph);
	for (i = 0; i < graph->size; i++)
		free(graph->nodes[i].reach.dead);
	free(graph->path);
	free(graph->nodes);
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

/* Refuses a destination of the row that ends the path, or tells about it, when
 * none of its ways ends well. */
static int
judge(struct graph *graph, char *dest, bool lenient)
{
	struct reach reach;
	int rc;

	if (strcmp(dest, graph->path[graph->depth - 1]) == 0)
		return 0; /* a copy for itself */
	if ((rc = follow(graph, dest, &reach)) < 0 || reach.dead == NULL)
		return rc;
	if (lenient) {
		maildb__notice(graph->db, "dead_end", NULL,
		    "%s does not exist", reach.dead);
		return 0;
	}
	if (strcmp(dest, reach.dead) != 0 &&
	    ((rc = push(graph->db, &graph->path, &graph->depth,
	    &graph->path_size, dest)) < 0 || (reach.height > 1 &&
	    (rc = push(graph->db, &graph->path, &graph->depth,
	    &graph->path_size, "...")) < 0)))
		return rc;
	return fail_path(graph, MAILDB_EDEADEND, "a target leads nowhere",
	    reach.dead);
}

/* Follows what is new in a start. */
static int
follow_start(struct graph *graph, const struct maildb__start *start)
{
	struct list list = { 0 };
	struct reach reach;
	bool final;
	size_t i;
	int rc;

	if ((rc = visit(graph, start->address, &reach)) < 0 ||
	    start->target < 0)
		return rc;
	if ((rc = enter(graph, start->address, &final)) <= 0)
		return rc;
	rc = load(graph, start->address, start->target, &list);
	for (i = 0; rc == 0 && i < list.n; i++)
		rc = judge(graph, list.text[i], start->lenient);
	list_free(&list);
	while (graph->depth > 0)
		leave(graph);
	return rc;
}

/* Whether it is time to look at what leads to an address: once. */
static bool
goes_up(struct graph *graph, int64_t id)
{
	struct node *node = place(graph->nodes, graph->size, id);
	bool first = node->id == id && !node->up;

	if (first)
		node->up = true;
	return first;
}

/* Follows all starts, then what leads to them; the list grows by that. */
static int
check(struct maildb *db, struct maildb__starts *starts)
{
	struct graph graph;
	size_t i, n = starts->n;
	int rc;

	if (n == 0)
		return 0;
	if ((rc = graph_init(&graph, db)) < 0)
		return rc;
	for (i = 0; rc == 0 && i < n; i++)
		rc = follow_start(&graph, &starts->start[i]);
	for (i = 0; rc == 0 && i < starts->n; i++) {
		if (i >= n)
			rc = follow_start(&graph, &starts->start[i]);
		if (rc == 0 && goes_up(&graph, starts->start[i].address))
			rc = starts_load(db, starts, STMT_TARGET_SOURCES,
			    (const struct maildb__value[]){
			    V_INT(starts->start[i].address) }, false);
	}
	graph_free(&graph);
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
	ext = strcspn(local, delimiters);
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
	checked = maildb__graph_deferred(db);
	return checked < 0 ? checked : rc;
}

int
maildb__graph_deferred(struct maildb *db)
{
	struct maildb__starts starts = db->deferred;
	int rc;

	db->deferred = (struct maildb__starts){ 0 };
	rc = check(db, &starts);
	free(starts.start);
	return rc;
}

int
maildb__graph_report(struct maildb *db, maildb__report_fn *report, void *arg)
{
	struct maildb__starts starts = { 0 };
	struct graph graph;
	struct reach reach;
	size_t i;
	int rc;

	if ((rc = graph_init(&graph, db)) < 0)
		return rc;
	graph.report = report;
	graph.report_arg = arg;
	rc = starts_load(db, &starts, STMT_TARGET_ALL_SOURCES, NULL, false);
	for (i = 0; rc == 0 && i < starts.n; i++)
		rc = visit(&graph, starts.start[i].address, &reach);
	free(starts.start);
	graph_free(&graph);
	return rc;
}

int
maildb__graph_warn_dead(struct maildb *db, int64_t address_id)
{
	struct maildb_cursor *cursor;
	struct list list = { 0 };
	size_t i;
	int rc;

	rc = maildb__list(db, &cursor, STMT_DEAD_SOURCES, V_INT(address_id));
	if (rc < 0)
		return rc;
	while ((rc = maildb_cursor_next(cursor)) > 0)
		if ((rc = push(db, &list.text, &list.n, &list.size,
		    maildb_cursor_text(cursor, 0))) < 0)
			break;
	maildb_cursor_free(cursor);
	for (i = 0; rc == 0 && i < list.n; i++)
		maildb__notice(db, "alias_dead", NULL,
		    "alias %s has no live target now: its mail is refused",
		    list.text[i]);
	list_free(&list);
	return rc;
}
