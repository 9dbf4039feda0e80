/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * tokens.c - walking through a document of tokens
 */
#include <string.h>

#include "read/state.h"

int
state_next(struct state *state)
{
	state->reader->next(state->reader, &state->token);
	switch (state->token.type) {
	case TOKEN_ERROR:
		return state_fail(state, "%s", state->token.text);
	case TOKEN_OBJECT:
	case TOKEN_ARRAY:
		state->depth++;
		return 0;
	case TOKEN_OBJECT_END:
	case TOKEN_ARRAY_END:
		state->depth--;
		return 0;
	default:
		return 0;
	}
}

/* Goes on until only so many brackets are open. */
static int
leave(struct state *state, unsigned depth)
{
	int rc = 0;

	while (rc == 0 && state->depth > depth)
		rc = state_next(state);
	return rc;
}

int
state_skip(struct state *state)
{
	return state->token.type == TOKEN_OBJECT ||
	    state->token.type == TOKEN_ARRAY ?
	    leave(state, state->depth - 1) : 0;
}

bool
state_scalar(const struct state *state)
{
	return state->token.type == TOKEN_TEXT ||
	    state->token.type == TOKEN_BARE;
}

int
state_text(struct state *state)
{
	return state->token.type == TOKEN_TEXT ? 0 :
	    state_fail(state, "a text is wanted here");
}

int
state_refused(struct state *state, unsigned depth, int rc)
{
	const struct sink *sink = state->source.sink;

	/* Behind what is no document nothing can be read. */
	if (rc >= 0 || sink == NULL || state->token.type == TOKEN_ERROR ||
	    rc > MAILDB_EADDRESS || rc < MAILDB_EREFUSED)
		return rc;
	sink->refuse(&state->source);
	record_clear(&state->record);
	return leave(state, depth);
}

int
state_members(struct state *state, state_member *take)
{
	/* Within a record, an error is the whole record's. */
	bool records = state->record.key == NULL;
	unsigned depth = state->depth;
	char name[512];
	uint32_t line, column;
	int rc;

	if (state->token.type == TOKEN_NULL)
		return 0;
	if (state->token.type != TOKEN_OBJECT)
		return state_fail(state, "an object { } is wanted here");
	while ((rc = state_next(state)) == 0 &&
	    state->token.type != TOKEN_OBJECT_END) {
		if (strlen(state->token.text) >= sizeof(name))
			return state_fail(state, "this name is too long");
		strcpy(name, state->token.text);
		line = state->token.line;
		column = state->token.column;
		if ((rc = state_next(state)) < 0)
			return rc;
		rc = take(state, name, line, column);
		if (rc < 0 && (!records ||
		    (rc = state_refused(state, depth, rc)) < 0))
			return rc;
	}
	return rc;
}

int
state_elements(struct state *state, state_take *take)
{
	bool records = state->record.key == NULL;
	unsigned depth = state->depth;
	int rc;

	if (state->token.type == TOKEN_NULL)
		return 0;
	if (state->token.type != TOKEN_ARRAY)
		return take(state);
	while ((rc = state_next(state)) == 0 &&
	    state->token.type != TOKEN_ARRAY_END) {
		rc = take(state);
		if (rc < 0 && (!records ||
		    (rc = state_refused(state, depth, rc)) < 0))
			return rc;
	}
	return rc;
}
