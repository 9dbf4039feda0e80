/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * graph.c - where targets lead, followed as Postfix does
 *
 * Addresses are followed as if everything were enabled: what is disabled today
 * may be enabled tomorrow.  A node is an address row together with the
 * extension that was not part of its name: Postfix appends that to each
 * target, and asks for the longer address first.  Extensions can grow on a
 * loop without end, so one that no row can have in its name is written as
 * the FRESH one: nodes are finite, and a row met again with a fresh extension
 * is a loop.
 */
#include <stdlib.h>
#include <string.h>

#include "rules/graph.h"

#define DEEPEST 2000 /* steps, whatever Postfix is told: each is a recursion */
#define FRESH   '*'  /* in an extension, and in the name of no address row */

/* A loop was reported: rows that were reached with an extension lead on no
 * more, as there is no end to what they could be reached with. */
enum { STOP = 1 };

struct maildb__node {
	int64_t id;  /* 0: an empty place */
	char *ext;   /* with the delimiter; NULL without one */
	enum { ON_PATH, DONE } state;
	bool up;     /* what leads to it is looked at as well */
	bool loops;  /* what follows was given up because of a loop */
	struct maildb__reach reach; /* when done */
};

static int visit(struct maildb__graph *graph, int64_t id, const char *ext,
    struct maildb__reach *reach);

/* ---- nodes ---------------------------------------------------------- */

/* Whether two extensions are the same; NULL is none. */
static bool
same_ext(const char *a, const char *b)
{
	return strcmp(a != NULL ? a : "", b != NULL ? b : "") == 0;
}

/* Whether no row can have the extension in its name. */
static bool
is_frozen(const char *ext)
{
	return ext != NULL && strchr(ext, FRESH) != NULL;
}

/* The place of a node in the table: its own, or an empty one. */
static struct maildb__node *
place(struct maildb__node *nodes, size_t size, int64_t id, const char *ext)
{
	uint64_t hash = (uint64_t)id;
	size_t at;

	for (const char *p = ext; p != NULL && *p != '\0'; p++)
		hash = hash * 31 + (unsigned char)*p;
	at = (hash * 0x9e3779b97f4a7c15u >> 20) & (size - 1);
	while (nodes[at].id != 0 &&
	    (nodes[at].id != id || !same_ext(nodes[at].ext, ext)))
		at = (at + 1) & (size - 1);
	return &nodes[at];
}

/* Makes room for one more node. */
static int
reserve(struct maildb__graph *graph)
{
	size_t size = graph->size != 0 ? graph->size * 2 : 64, i;
	struct maildb__node *nodes, *node;

	if (graph->nnodes * 2 < graph->size)
		return 0;
	nodes = calloc(size, sizeof(*nodes));
	if (nodes == NULL)
		return maildb__nomem(graph->db);
	for (i = 0; i < graph->size; i++) {
		node = &graph->nodes[i];
		if (node->id != 0)
			*place(nodes, size, node->id, node->ext) = *node;
	}
	free(graph->nodes);
	graph->nodes = nodes;
	graph->size = size;
	return 0;
}

/* Puts a new node on the path. */
static int
add_node(struct maildb__graph *graph, struct maildb__node *node, int64_t id,
    const char *ext)
{
	if (ext != NULL && (node->ext = strdup(ext)) == NULL)
		return maildb__nomem(graph->db);
	node->id = id;
	node->state = ON_PATH;
	graph->nnodes++;
	return 0;
}

/* ---- the path and what is wrong with it ----------------------------- */

/* Appends a step; id 0 is for show. */
static int
step(struct maildb__graph *graph, const char *address, int64_t id, bool frozen)
{
	size_t wanted = graph->path_size != 0 ? graph->path_size * 2 : 16;
	struct maildb__step *grown;
	char *copy;

	if (graph->depth == graph->path_size) {
		grown = reallocarray(graph->path, wanted, sizeof(*grown));
		if (grown == NULL)
			return maildb__nomem(graph->db);
		graph->path = grown;
		graph->path_size = wanted;
	}
	if ((copy = strdup(address)) == NULL)
		return maildb__nomem(graph->db);
	graph->path[graph->depth++] =
	    (struct maildb__step){ copy, id, frozen };
	return 0;
}

/* The address at the end of the path. */
static const char *
here(const struct maildb__graph *graph)
{
	return graph->path[graph->depth - 1].address;
}

/* Takes the last address off the path. */
static void
leave(struct maildb__graph *graph)
{
	free(graph->path[--graph->depth].address);
}

/* Hands the fault just kept to whoever collects faults of an address, or
 * answers it. */
static int
fail(struct maildb__graph *graph, const char *object)
{
	const struct maildb_fault *fault = &graph->db->fault;

	if (graph->report == NULL)
		return fault->code;
	return graph->report(graph->report_arg, "error",
	    maildb_error_name(fault->code), object, fault->message,
	    fault->hint);
}

/* Keeps a fault with the first n addresses of the path, and what comes after
 * them. */
static int
keep_path(struct maildb__graph *graph, int code, const char *what, size_t n,
    const char *last)
{
	struct maildb__buf buf = { 0 };
	size_t i, skip = n > 12 ? n - 10 : 0;

	for (i = 0; i < n; i++) {
		if (i > 1 && i < skip)
			continue;
		maildb__buf_printf(&buf, "%s%s", i > 0 ? " -> " : "",
		    i == 1 && skip > 0 ? "..." : graph->path[i].address);
	}
	if (last != NULL)
		maildb__buf_printf(&buf, " -> %s", last);
	if (buf.failed) {
		maildb__buf_free(&buf);
		return maildb__nomem(graph->db);
	}
	maildb__fail(graph->db, code, "%s: %s", what, buf.text);
	maildb__buf_free(&buf);
	return code;
}

/* Fails with the path, and what comes after it. */
static int
fail_path(struct maildb__graph *graph, int code, const char *what,
    const char *last)
{
	int rc = keep_path(graph, code, what, graph->depth, last);

	return rc == MAILDB_ENOMEM ? rc : fail(graph, here(graph));
}

/* The next place of the row of a step on the path, or its depth. */
static size_t
next_place(const struct maildb__graph *graph, size_t i)
{
	size_t n = i + 1;

	while (n < graph->depth && graph->path[n].id != graph->path[i].id)
		n++;
	return n;
}

/* Fails for the first row that is twice on the path.  Between the two the
 * extension may have grown, and grows on. */
static int
fail_loop(struct maildb__graph *graph)
{
	const struct maildb__step *path = graph->path;
	size_t i = 0, n;
	int rc;

	while ((n = next_place(graph, i)) == graph->depth)
		i++;
	rc = keep_path(graph, MAILDB_ELOOP, "mail would go round in a circle",
	    n + 1, strcmp(path[i].address, path[n].address) == 0 ? NULL :
	    "...");
	if (rc == MAILDB_ENOMEM)
		return rc;
	if (path[i].frozen)
		maildb__hint(graph->db, "%c%c stands for an extension that "
		    "a sender may add", graph->delimiters[0], FRESH);
	rc = fail(graph, path[i].address);
	return rc < 0 ? rc : STOP;
}

/* Whether the row that ends the path was met before with an extension that,
 * like its own now, no row can have in its name: all is as it was then. */
static bool
comes_again(const struct maildb__graph *graph)
{
	const struct maildb__step *last = &graph->path[graph->depth - 1];
	size_t i;

	for (i = 0; last->frozen && i < graph->depth - 1; i++)
		if (graph->path[i].id == last->id && graph->path[i].frozen)
			return true;
	return false;
}

/* ---- one step ------------------------------------------------------- */

/* An address row by domain and local part: its id, or 0. */
static int
find_row(struct maildb__graph *graph, const char *domain, const char *local,
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
has_targets(struct maildb__graph *graph, int64_t id)
{
	struct maildb__row row = { 0 };
	int rc = maildb__fetch(graph->db, &row, STMT_TARGET_COUNT, V_INT(id));

	if (rc > 0)
		rc = maildb__row_int(&row, "n") > 0;
	maildb__row_clear(&row);
	return rc;
}

/* The first row of that name in some domains: its id, or 0. */
static int
find_in(struct maildb__graph *graph, const char *const *domains,
    size_t ndomains, const char *local, int64_t *id)
{
	size_t i;
	int rc = 0;

	*id = 0;
	for (i = 0; rc == 0 && *id == 0 && i < ndomains; i++)
		rc = find_row(graph, domains[i], local, id);
	return rc;
}

/*
 * The row that decides about an address of a hosted domain: its own, that of
 * the domain it stands for, a wildcard, all with the extension and then
 * without; then a catch-all that has targets.  ext is the place of the
 * extension in local: none (0) unless it is left over.
 */
static int
resolve(struct maildb__graph *graph, const struct maildb__row *domain,
    char *local, int64_t *id, size_t *ext)
{
	const char *domains[] = { maildb__row_text(domain, "name"),
	    maildb__row_text(domain, "target"), "*" };
	bool relay = strcmp(maildb__row_text(domain, "class"), "relay") == 0;
	size_t ndomains = relay ? 1 : ARRAY_LEN(domains), i;
	char delimiter;
	int rc;

	*ext = maildb__extension(local, graph->delimiters);
	/* Also a name that is not split may be, with an extension behind it. */
	graph->extended |= local[strcspn(local, graph->delimiters)] != '\0';
	if ((rc = find_in(graph, domains, ndomains, local, id)) < 0 ||
	    *id != 0) {
		*ext = 0;
		return rc;
	}
	if (*ext > 0) {
		delimiter = local[*ext];
		local[*ext] = '\0';
		rc = find_in(graph, domains, ndomains, local, id);
		local[*ext] = delimiter;
		if (rc < 0 || *id != 0)
			return rc;
	}
	*ext = 0;
	for (i = 0; i < 2; i++) {
		if ((rc = find_row(graph, domains[i], "", id)) < 0)
			return rc;
		if (*id != 0 && (rc = has_targets(graph, *id)) != 0)
			return rc < 0 ? rc : 0;
	}
	*id = 0;
	return 0;
}

/* An extension as a node has it, in its own memory: NULL for none.  One that
 * is too long for a name, or fresh, becomes the shortest fresh one. */
static int
copy_ext(struct maildb__graph *graph, const char *ext, char **out)
{
	const char fresh[] = { *ext, FRESH, '\0' };

	*out = NULL;
	if (*ext == '\0')
		return 0;
	*out = strdup(strlen(ext) > MAILDB_LOCAL_MAX || is_frozen(ext) ?
	    fresh : ext);
	return *out != NULL ? 0 : maildb__nomem(graph->db);
}

/*
 * The row that a destination leads to: its id, or 0 when the way ends there,
 * well or dead; and the extension that goes on, to be freed.  Not inlined,
 * like enter(): what recursion stacks up must be small.
 */
static __attribute__((noinline)) int
find_next(struct maildb__graph *graph, const char *dest, int64_t *id,
    char **ext, bool *dead)
{
	char local[MAILDB_ADDRESS_MAX + MAILDB_LOCAL_MAX + 1];
	const char *at = strrchr(dest, '@');
	struct maildb__row domain = { 0 };
	size_t i, from = 0;
	int rc;

	*id = 0;
	*ext = NULL;
	*dead = false;
	if (at == NULL || (size_t)(at - dest) >= sizeof(local))
		return 0;
	for (i = 0; dest + i < at; i++)
		local[i] = dest[i] >= 'A' && dest[i] <= 'Z' ?
		    (char)(dest[i] + ('a' - 'A')) : dest[i];
	local[i] = '\0';
	rc = maildb__domain(graph->db, at + 1, true, &domain);
	if (rc > 0 && (rc = resolve(graph, &domain, local, id, &from)) == 0)
		*dead = *id == 0 && !maildb__row_int(&domain, "any_recipient");
	if (rc == 0 && from > 0)
		rc = copy_ext(graph, local + from, ext);
	maildb__row_clear(&domain);
	return rc;
}

/* Follows one destination of the row at the end of the path.  reach->dead is
 * lent by dest or by a node. */
static int
follow(struct maildb__graph *graph, char *dest, struct maildb__reach *reach)
{
	int64_t id;
	char *ext;
	bool dead;
	int rc;

	*reach = (struct maildb__reach){ .leaves = 1 };
	if ((rc = find_next(graph, dest, &id, &ext, &dead)) == 0 && id != 0)
		rc = visit(graph, id, ext, reach);
	free(ext);
	if (rc != 0 || id != 0 || !dead)
		return rc;
	reach->dead = dest;
	return graph->report == NULL || graph->lenient ? 0 :
	    fail_path(graph, MAILDB_EDEADEND, "a target leads nowhere", dest);
}

/* Writes an address with an extension (NULL: none) into the buffer. */
static void
extend(struct maildb__buf *buf, const char *address, const char *ext)
{
	const char *at = strrchr(address, '@');

	buf->len = 0;
	maildb__buf_addn(buf, address, (size_t)(at - address));
	maildb__buf_add(buf, ext != NULL ? ext : "");
	maildb__buf_add(buf, at);
}

/* The destinations of a row, as text with the extension that goes on: all, or
 * (not 0) only that of an id. */
static int
load(struct maildb__graph *graph, int64_t id, int64_t only, const char *ext,
    struct maildb__list *list)
{
	struct maildb__buf buf = { 0 };
	struct maildb_cursor *cursor;
	int rc;

	rc = maildb__list(graph->db, &cursor, STMT_TARGET_LIST, V_INT(id));
	if (rc < 0)
		return rc;
	while ((rc = maildb_cursor_next(cursor)) > 0) {
		if (only != 0 && maildb_cursor_int(cursor, 0) != only)
			continue;
		extend(&buf, maildb_cursor_text(cursor, 1), ext);
		rc = buf.failed ? maildb__nomem(graph->db) :
		    maildb__list_push(graph->db, list, buf.text);
		if (rc < 0)
			break;
	}
	maildb_cursor_free(cursor);
	maildb__buf_free(&buf);
	return rc;
}

/* ---- walking -------------------------------------------------------- */

/* Adds what one destination leads to to what its row does. */
static void
add_reach(struct maildb__reach *reach, const struct maildb__reach *part)
{
	reach->leaves += part->leaves;
	if (part->height + 1 > reach->height)
		reach->height = part->height + 1;
}

/* Follows all destinations of a row whose address ends the path, or as many as
 * it takes to be too many. */
static int
follow_all(struct maildb__graph *graph, int64_t id, const char *ext, bool final,
    struct maildb__reach *reach)
{
	const char *self = here(graph);
	struct maildb__list list = { 0 };
	struct maildb__reach part;
	const char *dead = NULL;
	bool live = false;
	size_t i;
	int rc;

	rc = load(graph, id, 0, ext, &list);
	for (i = 0; rc == 0 && i < list.n && reach->leaves <=
	    graph->max_leaves; i++) {
		/* A user who is a target of the own address: keeps a copy. */
		if (final && strcmp(list.text[i], self) == 0)
			part = (struct maildb__reach){ .leaves = 1,
			    .height = -1 };
		else if ((rc = follow(graph, list.text[i], &part)) != 0)
			break;
		add_reach(reach, &part);
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
	maildb__list_free(&list);
	return rc;
}

/* Fails when Postfix would give up on the row that ends the path. */
static int
check_limits(struct maildb__graph *graph, const struct maildb__reach *reach)
{
	if (reach->leaves > graph->max_leaves) {
		maildb__fail(graph->db, MAILDB_EEXPANSION,
		    "%s would expand to more than %lld destinations, the "
		    "limit of Postfix", here(graph),
		    (long long)graph->max_leaves);
		maildb__hint(graph->db, "use a mailing list instead");
		return fail(graph, here(graph));
	}
	/* Postfix counts the last address's own look-up as a step, too. */
	if (reach->height + 2 > graph->max_height) {
		maildb__fail(graph->db, MAILDB_EEXPANSION,
		    "%s would lead on %d times; Postfix follows %lld",
		    here(graph), reach->height,
		    (long long)graph->max_height);
		return fail(graph, here(graph));
	}
	return 0;
}

/* Appends a row's address to the path: 1, or 0 when there is no such row. */
static __attribute__((noinline)) int
enter(struct maildb__graph *graph, int64_t id, const char *ext, bool *final)
{
	struct maildb__buf buf = { 0 };
	struct maildb__row row = { 0 };
	int rc = maildb__fetch(graph->db, &row, STMT_ADDRESS_TEXT, V_INT(id));

	*final = maildb__row_int(&row, "final") != 0;
	if (rc > 0) {
		extend(&buf, maildb__row_text(&row, "address"), ext);
		rc = buf.failed ? maildb__nomem(graph->db) :
		    step(graph, buf.text, id, is_frozen(ext));
		rc = rc < 0 ? rc : 1;
	}
	maildb__buf_free(&buf);
	maildb__row_clear(&row);
	return rc;
}

/* Follows a row that is new, and keeps what it comes to. */
static int
visit_new(struct maildb__graph *graph, int64_t id, const char *ext, bool final,
    struct maildb__reach *reach)
{
	struct maildb__node *node;
	int rc;

	if ((int64_t)graph->depth > graph->max_height)
		rc = fail_path(graph, MAILDB_EEXPANSION,
		    "Postfix does not follow so many steps", NULL);
	else if ((rc = follow_all(graph, id, ext, final, reach)) == 0)
		rc = check_limits(graph, reach);
	/* The table may have grown meanwhile. */
	node = place(graph->nodes, graph->size, id, ext);
	node->state = DONE;
	node->reach = *reach;
	node->loops = rc == STOP;
	return rc;
}

/* Follows a row that was reached with an extension (NULL: none), once. */
static int
visit(struct maildb__graph *graph, int64_t id, const char *ext,
    struct maildb__reach *reach)
{
	struct maildb__node *node;
	bool final;
	int rc;

	*reach = (struct maildb__reach){ 0 };
	if ((rc = reserve(graph)) < 0 ||
	    (rc = enter(graph, id, ext, &final)) <= 0)
		return rc;
	node = place(graph->nodes, graph->size, id, ext);
	if (node->id != 0) {
		*reach = node->reach;
		rc = node->state == ON_PATH ? fail_loop(graph) :
		    node->loops ? STOP : 0;
	} else if (comes_again(graph)) {
		rc = fail_loop(graph);
	} else if ((rc = add_node(graph, node, id, ext)) == 0) {
		rc = visit_new(graph, id, ext, final, reach);
	}
	leave(graph);
	return rc == STOP && ext == NULL ? 0 : rc;
}

int
maildb__graph_init(struct maildb__graph *graph, struct maildb *db)
{
	char *text;
	int rc;

	*graph = (struct maildb__graph){ .db = db };
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

void
maildb__graph_free(struct maildb__graph *graph)
{
	size_t i;

	while (graph->depth > 0)
		leave(graph);
	for (i = 0; i < graph->size; i++) {
		free(graph->nodes[i].reach.dead);
		free(graph->nodes[i].ext);
	}
	free(graph->path);
	free(graph->nodes);
}

/* Whether Postfix splits the address that ends the path at its extension, which
 * is a fresh one. */
static bool
splits_there(const struct maildb__graph *graph)
{
	char local[MAILDB_ADDRESS_MAX + 3];
	size_t len = strcspn(here(graph), (const char[]){ FRESH, '\0' }) + 1;

	if (len >= sizeof(local))
		return false;
	memcpy(local, here(graph), len);
	local[len] = '\0';
	return maildb__extension(local, graph->delimiters) == len - 2;
}

int
maildb__graph_walk(struct maildb__graph *graph, int64_t id)
{
	struct maildb__reach reach;
	int rc = visit(graph, id, NULL, &reach);

	return rc < 0 ? rc : 0;
}

int
maildb__graph_walk_extended(struct maildb__graph *graph, int64_t id)
{
	const char ext[] = { graph->delimiters[0], FRESH, '\0' };
	struct maildb__reach reach;
	bool final, splits;
	int rc;

	if (!graph->extended || graph->delimiters[0] == '\0' ||
	    (rc = enter(graph, id, ext, &final)) == 0)
		return 0;
	if (rc < 0)
		return rc;
	splits = splits_there(graph);
	leave(graph);
	if (!splits)
		return 0;
	graph->lenient = true;
	rc = visit(graph, id, ext, &reach);
	graph->lenient = false;
	return rc < 0 ? rc : 0;
}

/* Refuses a destination of the row that ends the path, or tells about it, when
 * none of its ways ends well. */
static int
judge(struct maildb__graph *graph, char *dest, bool lenient)
{
	struct maildb__reach reach;
	int rc;

	if (strcmp(dest, here(graph)) == 0)
		return 0; /* a copy for itself */
	if ((rc = follow(graph, dest, &reach)) < 0 || reach.dead == NULL)
		return rc;
	if (lenient) {
		maildb__notice(graph->db, "dead_end", NULL,
		    "%s does not exist", reach.dead);
		return 0;
	}
	if (strcmp(dest, reach.dead) != 0 &&
	    ((rc = step(graph, dest, 0, false)) < 0 || (reach.height > 1 &&
	    (rc = step(graph, "...", 0, false)) < 0)))
		return rc;
	return fail_path(graph, MAILDB_EDEADEND, "a target leads nowhere",
	    reach.dead);
}

int
maildb__graph_follow(struct maildb__graph *graph,
    const struct maildb__start *start)
{
	struct maildb__list list = { 0 };
	bool final;
	size_t i;
	int rc;

	if ((rc = maildb__graph_walk(graph, start->address)) < 0 ||
	    (rc = maildb__graph_walk_extended(graph, start->address)) < 0 ||
	    start->target < 0)
		return rc;
	if ((rc = enter(graph, start->address, NULL, &final)) <= 0)
		return rc;
	rc = load(graph, start->address, start->target, NULL, &list);
	for (i = 0; rc == 0 && i < list.n; i++)
		rc = judge(graph, list.text[i], start->lenient);
	maildb__list_free(&list);
	while (graph->depth > 0)
		leave(graph);
	return rc;
}

bool
maildb__graph_goes_up(struct maildb__graph *graph, int64_t id)
{
	struct maildb__node *node = place(graph->nodes, graph->size, id, NULL);
	bool first = node->id == id && !node->up;

	if (first)
		node->up = true;
	return first;
}
