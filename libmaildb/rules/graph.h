/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * graph.h - the walk of graph.c, for graph_check.c, which says where it begins
 */
#ifndef MAILDB_GRAPH_H
#define MAILDB_GRAPH_H

#include "rules/rules.h"

/* What an address leads to.  The height is in steps. */
struct maildb__reach {
	int leaves, height;
	char *dead; /* if no way ends well: where the first ends */
};

/* A step of the path: an address row as it was reached. */
struct maildb__step {
	char *address; /* with the extension */
	int64_t id;
	bool frozen;   /* the extension cannot be part of a row's name */
};

struct maildb__node;

struct maildb__graph {
	struct maildb *db;
	struct maildb__node *nodes; /* open addressing, a power of two */
	size_t nnodes, size;
	struct maildb__step *path;  /* from the start to here */
	size_t depth, path_size;
	char delimiters[16];
	bool extended;              /* a target that can have an extension was met */
	bool lenient;               /* targets that lead nowhere are no news */
	int64_t max_leaves, max_height;
	maildb__report_fn *report;  /* takes what would fail, if not NULL */
	void *report_arg;
};

/* Where to begin: an address, and which of its targets must not be dead: the
 * one of that id, any (0) or none (-1). */
struct maildb__start {
	int64_t address, target;
	bool lenient;               /* a notice will do */
};

struct maildb__list {
	char **text;
	size_t n, size;
};

/* Appends a copy. */
int maildb__list_push(struct maildb *db, struct maildb__list *list,
    const char *text);
void maildb__list_free(struct maildb__list *list);

/* A graph that has seen nothing yet, with Postfix's limits. */
int maildb__graph_init(struct maildb__graph *graph, struct maildb *db);
void maildb__graph_free(struct maildb__graph *graph);
/* Follows what an address row leads to: 0, or the fault, unless faults are
 * reported. */
int maildb__graph_walk(struct maildb__graph *graph, int64_t id);
/* The same for senders who add an extension that is part of no name.  It
 * differs only behind a target with an extension, which the walks before must
 * have met. */
int maildb__graph_walk_extended(struct maildb__graph *graph, int64_t id);
/* Both, and judges the targets that are new in a start. */
int maildb__graph_follow(struct maildb__graph *graph,
    const struct maildb__start *start);
/* Whether an address has been walked and it is time to look at what leads to
 * it: true once. */
bool maildb__graph_goes_up(struct maildb__graph *graph, int64_t id);

#endif
