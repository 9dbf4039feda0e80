/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * graph.c - where targets lead, checked when they are written
 *
 * Addresses are followed as Postfix would if everything were switched on:
 * what is off today may be on tomorrow.  Nodes are address rows, whatever
 * spelling or extension reached them.  A circle in the making always passes
 * through the row that changed, so looking from there finds it; Postfix's
 * limits are counted from everything that leads to that row as well.
 */
#include <stdlib.h>
#include <string.h>

#include "internal.h"

#define DEEPEST 2000 /* steps, whatever Postfix is told: each is a recursion */

struct node {
	int64_t id;        /* 0: an empty place */
	enum { ON_PATH, DONE } state;
	int leaves, height; /* when done */
};

struct graph {
	struct maildb *db;
	struct node *nodes;  /* open addressing, a power of two */
	size_t nnodes, size;
	char **path;         /* addresses from the start to here */
	size_t depth, path_size;
	char delimiters[16];
	int64_t max_leaves, max_height;
	bool allow_dead;
	maildb__report_fn *report; /* takes what would fail, if not NULL */
	void *report_arg;
};

struct list {
	char **text;
	size_t n, size;
};

/* What following one destination came to. */
struct reach {
	int leaves, height;
};

static int visit(struct graph *graph, int64_t id, struct reach *reach);

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
 * The row that a destination leads to, or id 0 when the way ends there.  Not
 * inlined, like enter(): what recursion stacks up must be small.
 */
static __attribute__((noinline)) int
find_next(struct graph *graph, const char *dest, int64_t *id)
{
	char local[MAILDB_ADDRESS_MAX + 1];
	const char *at = strrchr(dest, '@');
	struct maildb__row domain = { 0 };
	int rc;

	*id = 0;
	if (at == NULL || (size_t)(at - dest) >= sizeof(local))
		return 0;
	memcpy(local, dest, (size_t)(at - dest));
	local[at - dest] = '\0';
	rc = maildb__domain(graph->db, at + 1, true, &domain);
	if (rc > 0 && (rc = resolve(graph, &domain, local, id)) == 0 &&
	    *id == 0 && !maildb__row_int(&domain, "any_recipient")) {
		if (graph->allow_dead)
			maildb__notice(graph->db, "dead_end", NULL,
			    "%s does not exist", dest);
		else
			rc = fail_path(graph, MAILDB_EDEADEND,
			    "a target leads nowhere", dest);
	}
	maildb__row_clear(&domain);
	return rc < 0 ? rc : 0;
}

/* Follows one destination of the row at the end of the path. */
static int
follow(struct graph *graph, const char *dest, struct reach *reach)
{
	int64_t id;
	int rc = find_next(graph, dest, &id);

	*reach = (struct reach){ .leaves = 1 };
	return rc < 0 || id == 0 ? rc : visit(graph, id, reach);
}

/* The destinations of a row, as text. */
static int
load(struct graph *graph, int64_t id, struct list *list)
{
	struct maildb_cursor *cursor;
	int rc;

	rc = maildb__list(graph->db, &cursor, STMT_TARGET_LIST, V_INT(id));
	if (rc < 0)
		return rc;
	while ((rc = maildb_cursor_next(cursor)) > 0)
		if ((rc = push(graph->db, &list->text, &list->n, &list->size,
		    maildb_cursor_text(cursor, 1))) < 0)
			break;
	maildb_cursor_free(cursor);
	return rc;
}

/* Follows all destinations of a row whose address ends the path. */
static int
follow_all(struct graph *graph, int64_t id, struct reach *reach)
{
	const char *self = graph->path[graph->depth - 1];
	struct list list = { 0 };
	struct reach part;
	size_t i;
	int rc;

	rc = load(graph, id, &list);
	for (i = 0; rc == 0 && i < list.n; i++) {
		/* A user who is a target of the own address: keeps a copy. */
		if (strcmp(list.text[i], self) == 0) {
			reach->leaves++;
			continue;
		}
		if ((rc = follow(graph, list.text[i], &part)) < 0)
			break;
		reach->leaves += part.leaves;
		if (part.height + 1 > reach->height)
			reach->height = part.height + 1;
	}
	if (rc == 0 && list.n == 0)
		reach->leaves = 1;
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
enter(struct graph *graph, int64_t id)
{
	struct maildb__row row = { 0 };
	int rc = maildb__fetch(graph->db, &row, STMT_ADDRESS_TEXT, V_INT(id));

	if (rc > 0 && (rc = push(graph->db, &graph->path, &graph->depth,
	    &graph->path_size, maildb__row_text(&row, "address"))) == 0)
		rc = 1;
	maildb__row_clear(&row);
	return rc;
}

/* Follows a row, once. */
static int
visit(struct graph *graph, int64_t id, struct reach *reach)
{
	struct node *node;
	int rc;

	*reach = (struct reach){ 0 };
	if ((rc = reserve(graph)) < 0 || (rc = enter(graph, id)) <= 0)
		return rc;
	node = place(graph->nodes, graph->size, id);
	if (node->id == id) {
		reach->leaves = node->leaves;
		reach->height = node->height;
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
	else if ((rc = follow_all(graph, id, reach)) == 0)
		rc = check_limits(graph, reach);
	/* The table may have grown meanwhile. */
	node = place(graph->nodes, graph->size, id);
	node->state = DONE;
	node->leaves = reach->leaves;
	node->height = reach->height;
out:
	free(graph->path[--graph->depth]);
	return rc;
}

static int
graph_init(struct graph *graph, struct maildb *db, unsigned flags)
{
	char *text;
	int rc;

	*graph = (struct graph){ .db = db,
	    .allow_dead = (flags & MAILDB_ALLOW_DEAD) != 0 };
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

static void
graph_free(struct graph *graph)
{
	while (graph->depth > 0)
		free(graph->path[--graph->depth]);
	free(graph->path);
	free(graph->nodes);
}

struct ids {
	int64_t *id;
	size_t n, size;
};

static int
ids_add(struct maildb *db, struct ids *ids, int64_t id)
{
	size_t size = ids->size != 0 ? ids->size * 2 : 16;
	int64_t *grown;

	if (ids->n == ids->size) {
		grown = reallocarray(ids->id, size, sizeof(*grown));
		if (grown == NULL)
			return maildb__nomem(db);
		ids->id = grown;
		ids->size = size;
	}
	ids->id[ids->n++] = id;
	return 0;
}

/* Adds the ids that a statement answers in its first column. */
static int
ids_load(struct maildb *db, struct ids *ids, enum maildb__stmt_id stmt,
    struct maildb__value in)
{
	struct maildb_cursor *cursor;
	int rc;

	if ((rc = maildb__list(db, &cursor, stmt, in)) < 0)
		return rc;
	while ((rc = maildb_cursor_next(cursor)) > 0)
		if ((rc = ids_add(db, ids, maildb_cursor_int(cursor, 0))) < 0)
			break;
	maildb_cursor_free(cursor);
	return rc;
}

/* Follows the rows given and all that lead to them. */
static int
check_all(struct maildb *db, struct ids *ids, unsigned flags)
{
	struct graph graph;
	struct reach reach;
	struct node *node;
	size_t i, n;
	int rc;

	if ((rc = graph_init(&graph, db, flags)) < 0)
		return rc;
	for (i = 0; rc == 0 && i < ids->n; i++)
		rc = visit(&graph, ids->id[i], &reach);
	for (i = 0; rc == 0 && i < ids->n; i++) {
		n = ids->n;
		rc = ids_load(db, ids, STMT_TARGET_SOURCES,
		    V_INT(ids->id[i]));
		/* Drop those that were followed before, visit the others. */
		for (size_t k = n; rc == 0 && k < ids->n; k++) {
			node = graph.size > 0 ? place(graph.nodes, graph.size,
			    ids->id[k]) : NULL;
			if (node != NULL && node->id == ids->id[k])
				continue;
			ids->id[n++] = ids->id[k];
			rc = visit(&graph, ids->id[k], &reach);
		}
		ids->n = n;
	}
	graph_free(&graph);
	return rc;
}

int
maildb__graph_check(struct maildb *db, int64_t address_id, unsigned flags)
{
	struct ids ids = { 0 };
	int rc;

	if (db->defer && !(flags & MAILDB_ALLOW_DEAD)) {
		ids = (struct ids){ db->deferred, db->ndeferred,
		    db->deferred_size };
		rc = ids_add(db, &ids, address_id);
		db->deferred = ids.id;
		db->ndeferred = ids.n;
		db->deferred_size = ids.size;
		return rc;
	}
	rc = ids_add(db, &ids, address_id);
	if (rc == 0)
		rc = check_all(db, &ids, flags);
	free(ids.id);
	return rc;
}

int
maildb__graph_deferred(struct maildb *db)
{
	struct ids ids = { db->deferred, db->ndeferred, db->deferred_size };
	int rc;

	db->deferred = NULL;
	db->ndeferred = db->deferred_size = 0;
	rc = check_all(db, &ids, 0);
	free(ids.id);
	return rc;
}

/* Follows what a statement answers for one input. */
static int
check_found(struct maildb *db, enum maildb__stmt_id stmt,
    struct maildb__value in, unsigned flags)
{
	struct ids ids = { 0 };
	int rc;

	rc = ids_load(db, &ids, stmt, in);
	if (rc == 0 && ids.n > 0)
		rc = check_all(db, &ids, flags);
	free(ids.id);
	return rc;
}

int
maildb__graph_check_domain(struct maildb *db, const char *domain)
{
	return check_found(db, STMT_DOMAIN_SOURCES, V_TEXT(domain),
	    MAILDB_ALLOW_DEAD);
}

int
maildb__graph_check_all(struct maildb *db, enum maildb__stmt_id stmt,
    unsigned flags)
{
	return check_found(db, stmt, V_NULL, flags);
}

int
maildb__graph_report(struct maildb *db, maildb__report_fn *report, void *arg)
{
	struct ids ids = { 0 };
	struct graph graph;
	struct reach reach;
	size_t i;
	int rc;

	if ((rc = graph_init(&graph, db, 0)) < 0)
		return rc;
	graph.report = report;
	graph.report_arg = arg;
	rc = ids_load(db, &ids, STMT_TARGET_ALL_SOURCES, V_NULL);
	for (i = 0; rc == 0 && i < ids.n; i++)
		rc = visit(&graph, ids.id[i], &reach);
	free(ids.id);
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
