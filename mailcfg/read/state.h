/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * state.h - what those share who turn tokens into records
 *
 * A document is an object of sections, a section a list or an object of
 * records.  tokens.c walks through them, and knows what to do about a
 * record that is refused where the others are still wanted.
 */
#ifndef MAILCFG_READ_STATE_H
#define MAILCFG_READ_STATE_H

#include "read/record.h"

enum dialect {
	ANY,
	OWN,
	CIRCUS,
	MAILHOST, /* a file of variables: others than ours are passed over */
	MAILU,
};

/* One of mail_local_admin_aliases, and where it stands. */
struct local {
	char *name;
	uint32_t line, column;
};

struct state {
	struct source source;
	struct reader *reader;
	struct token token; /* the present one */
	unsigned depth;     /* brackets that are open */
	struct record record;
	void *scratch;      /* of a dialect, within a record */
	enum dialect dialect;
	char *admin;        /* admin_email */
	struct local *locals;
	size_t nlocals;
	/* A member that was passed over before the dialect was clear. */
	char unknown[80];
	uint32_t line, column;
};

/* What is done with a value, which is the present token. */
typedef int state_take(struct state *state);
/* And with that of a member; the place is its name's. */
typedef int state_member(struct state *state, const char *name, uint32_t line,
    uint32_t column);

struct section {
	const char *name;
	enum dialect dialect; /* what the name proves */
	/* Of the value as a whole, or of what is in its list or object. */
	state_take *take;
	state_take *element;
	state_member *member;
};

/* Fails at the present token. */
#define state_fail(state, ...) source_fail(&(state)->source, \
	(state)->record.key != NULL ? &(state)->record : NULL, NULL, \
	(state)->token.line, (state)->token.column, MAILDB_EVALUE, NULL, \
	__VA_ARGS__)

/* All that answer int: 0, or an error with the call's fault set. */
int state_next(struct state *state);
/* Passes over the value that has begun. */
int state_skip(struct state *state);
/* Whether the present token is a text, a number or a truth value. */
bool state_scalar(const struct state *state);
int state_text(struct state *state);
/* Calls take with each member's value as the present token. */
int state_members(struct state *state, state_member *take);
/* Calls take with each element as the present token; a text or an object alone
 * is a list of one, and null an empty one. */
int state_elements(struct state *state, state_take *take);
/* What becomes of an error in a record at that depth: 0 when the record was
 * refused and passed over, so that reading goes on. */
int state_refused(struct state *state, unsigned depth, int rc);

/* The sections of Mailu, up to one without a name. */
extern const struct section mailu_sections[];
/* Tells of a member that has no place here, unless it says nothing. */
int mailu_drop(struct state *state, const char *name);

#endif
