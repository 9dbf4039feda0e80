/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * mailu.c - what config-export of Mailu writes becomes records
 *
 * Lists of domains, users, aliases and relays, in YAML or JSON.  What is as
 * Mailu has it by default is left out there, so an absent member has Mailu's
 * default and not ours.  Members may come in any order: a record is complete
 * at its end.  Only for a source that has a sink.
 */
#include <stdlib.h>
#include <string.h>

#include "read/state.h"

#define QUOTA "1000000000" /* of a user for whom none is written */

/* What is known of a record only in parts until its end. */
struct scratch {
	char *local, *domain;
	char *password, *hash, *scheme; /* secrets, but for the scheme */
	bool clear;    /* the password is no hash */
	bool quota;    /* there was one */
	bool forward;
	bool discard;  /* no copy of what is forwarded */
	bool wildcard;
};

/* ---- values --------------------------------------------------------- */

static int
no_memory(struct state *state)
{
	return source_fail(&state->source, NULL, NULL, state->token.line,
	    state->token.column, MAILDB_ENOMEM, NULL, "%s",
	    maildb_error_meaning(MAILDB_ENOMEM));
}

/* Keeps the present text; null is none. */
static int
keep(struct state *state, char **out)
{
	if (state->token.type == TOKEN_NULL)
		return 0;
	if (!state_scalar(state))
		return state_fail(state, "one value is wanted here, no list "
		    "and no object");
	maildb_secret_free(*out);
	*out = strdup(state->token.text);
	return *out != NULL ? 0 : no_memory(state);
}

/* Whether the present value is true. */
static int
truth(struct state *state, bool *out)
{
	const char *text = state->token.text;

	*out = state_scalar(state) && (strcmp(text, "true") == 0 ||
	    strcmp(text, "yes") == 0);
	return *out || (state_scalar(state) && (strcmp(text, "false") == 0 ||
	    strcmp(text, "no") == 0)) ? 0 :
	    state_fail(state, "true or false is wanted here");
}

static int
put_field(struct state *state, const char *name, const char *value)
{
	return record_field(&state->source, &state->record, name, value,
	    state->token.line, state->token.column);
}

static int
put_text(struct state *state, const char *name)
{
	if (state->token.type == TOKEN_NULL || *state->token.text == '\0')
		return state_skip(state);
	return state_scalar(state) ?
	    put_field(state, name, state->token.text) :
	    state_fail(state, "a text is wanted here");
}

static int
put_switch(struct state *state, const char *name)
{
	bool on;
	int rc = truth(state, &on);

	return rc < 0 ? rc : put_field(state, name, on ? "yes" : "no");
}

/* A greatest number, of which -1 is none. */
static int
put_limit(struct state *state, const char *name)
{
	if (!state_scalar(state))
		return state_fail(state, "a number is wanted here");
	if (strcmp(state->token.text, "0") == 0) {
		state->source.sink->drop(&state->source, "a limit of 0",
		    state->token.line);
		return 0;
	}
	return *state->token.text == '-' ? 0 :
	    put_field(state, name, state->token.text);
}

static int
put_quota(struct state *state, const char *name)
{
	struct scratch *scratch = state->scratch;

	if (!state_scalar(state))
		return state_fail(state, "a number is wanted here");
	scratch->quota = true;
	return put_field(state, name, strcmp(state->token.text, "0") == 0 ?
	    "unlimited" : state->token.text);
}

/* Addresses, parted by commas where they are one text. */
static int
take_destination(struct state *state)
{
	char *copy = NULL, *word, *rest;
	int rc = keep(state, &copy);

	if (rc < 0 || copy == NULL)
		return rc;
	for (word = strtok_r(copy, ", ", &rest); rc == 0 && word != NULL;
	    word = strtok_r(NULL, ", ", &rest))
		rc = record_target(&state->source, &state->record, word, -1,
		    false);
	free(copy);
	return rc;
}

static int
put_targets(struct state *state, const char *name)
{
	(void)name;
	return state_elements(state, take_destination);
}

static int
take_alternative(struct state *state)
{
	int rc = state_text(state);

	return rc < 0 ? rc : record_source(&state->source, &state->record,
	    state->token.text);
}

static int
put_alternatives(struct state *state, const char *name)
{
	(void)name;
	return state_elements(state, take_alternative);
}

/* ---- members -------------------------------------------------------- */

#define IN_SCRATCH(member) offsetof(struct scratch, member)
#define DOMAIN 1u
#define USER 2u
#define ALIAS 4u
#define RELAY 8u

static const struct member {
	const char *name;
	unsigned kinds;
	/* Either a field of ours, or a place to keep the value. */
	int (*put)(struct state *state, const char *field);
	const char *field;
	size_t text, flag; /* in the scratch */
} members[] = {
	{ "name", DOMAIN | RELAY, .text = IN_SCRATCH(domain) },
	{ "localpart", USER | ALIAS, .text = IN_SCRATCH(local) },
	{ "domain", USER | ALIAS, .text = IN_SCRATCH(domain) },
	{ "password", USER, .text = IN_SCRATCH(password) },
	{ "password_hash", USER, .text = IN_SCRATCH(hash) },
	{ "hash_scheme", USER, .text = IN_SCRATCH(scheme) },
	{ "hash_password", USER, .flag = IN_SCRATCH(clear) },
	{ "forward_enabled", USER, .flag = IN_SCRATCH(forward) },
	{ "wildcard", ALIAS, .flag = IN_SCRATCH(wildcard) },
	{ "comment", DOMAIN | USER | ALIAS | RELAY, .put = put_text,
		.field = "note" },
	{ "displayed_name", USER, .put = put_text,
		.field = "name" },
	{ "enabled", USER, .put = put_switch,
		.field = "enabled" },
	{ "enable_imap", USER, .put = put_switch,
		.field = "imap" },
	{ "enable_pop", USER, .put = put_switch,
		.field = "pop3" },
	{ "quota_bytes", USER, .put = put_quota,
		.field = "quota" },
	{ "max_users", DOMAIN, .put = put_limit,
		.field = "max_users" },
	{ "max_aliases", DOMAIN, .put = put_limit,
		.field = "max_aliases" },
	{ "alternatives", DOMAIN, .put = put_alternatives },
	{ "forward_destination", USER, .put = put_targets },
	{ "destination", ALIAS, .put = put_targets },
};

/* Parts an address in two. */
static int
take_email(struct state *state)
{
	struct scratch *scratch = state->scratch;
	char *at;
	int rc = keep(state, &scratch->local);

	if (rc < 0 || scratch->local == NULL)
		return rc;
	if ((at = strrchr(scratch->local, '@')) == NULL)
		return state_fail(state, "\"%s\" is no address",
		    scratch->local);
	free(scratch->domain);
	scratch->domain = strdup(at + 1);
	*at = '\0';
	return scratch->domain != NULL ? 0 : no_memory(state);
}

int
mailu_drop(struct state *state, const char *name)
{
	static const char *const none[] = { "", "0", "false", "no", "-1" };
	uint32_t line = state->token.line;
	bool says = state->token.type != TOKEN_NULL;
	char what[48];
	size_t i;
	int rc;

	for (i = 0; state_scalar(state) && i < COUNT(none); i++)
		says = says && strcmp(state->token.text, none[i]) != 0;
	if (state->token.type == TOKEN_ARRAY) {
		if ((rc = state_next(state)) < 0)
			return rc;
		if (state->token.type == TOKEN_ARRAY_END)
			return 0;
		while (state->token.type != TOKEN_ARRAY_END)
			if ((rc = state_skip(state)) < 0 ||
			    (rc = state_next(state)) < 0)
				return rc;
	} else if ((rc = state_skip(state)) < 0) {
		return rc;
	}
	snprintf(what, sizeof(what), "%s", name);
	if (says)
		state->source.sink->drop(&state->source, what, line);
	return 0;
}

static int
take_member(struct state *state, const char *name, uint32_t line,
    uint32_t column, unsigned kind)
{
	char *scratch = state->scratch;
	const struct member *at;
	bool on;
	int rc;

	(void)line;
	(void)column;
	if (kind & (USER | ALIAS) && strcmp(name, "email") == 0)
		return take_email(state);
	if (kind & USER && strcmp(name, "forward_keep") == 0) {
		rc = truth(state, &on);
		((struct scratch *)state->scratch)->discard = !on;
		return rc;
	}
	for (at = members; at < members + COUNT(members); at++) {
		if (!(at->kinds & kind) || strcmp(at->name, name) != 0)
			continue;
		if (at->put != NULL)
			return at->put(state, at->field);
		return at->flag != 0 ?
		    truth(state, (bool *)(scratch + at->flag)) :
		    keep(state, (char **)(scratch + at->text));
	}
	return mailu_drop(state, name);
}

/* ---- records -------------------------------------------------------- */

/* Gives the record its name, now that it is known. */
static int
set_key(struct state *state, const char *format, const char *local,
    const char *domain)
{
	free(state->record.key);
	if (asprintf(&state->record.key, format, local, domain) < 0) {
		state->record.key = NULL;
		return no_memory(state);
	}
	return 0;
}

static int
end_domain(struct state *state, struct scratch *scratch)
{
	struct record *record = &state->record;
	uint32_t line = record->line, column = record->column;
	char **names = record->sources;
	size_t n = record->nsources, i;
	int rc = set_key(state, "%s%s", "", scratch->domain);

	record->sources = NULL;
	record->nsources = record->sources_size = 0;
	if (rc == 0)
		rc = record_put(&state->source, record);
	for (i = 0; i < n; i++) {
		if (rc == 0)
			rc = record_begin(&state->source, record,
			    MAILDB_KIND_DOMAIN, names[i], line, column);
		if (rc == 0)
			rc = put_field(state, "class", "alias");
		if (rc == 0)
			rc = put_field(state, "target", scratch->domain);
		if (rc == 0)
			rc = record_put(&state->source, record);
		free(names[i]);
	}
	free(names);
	return rc;
}

/* Gives the user what it has to log in with. */
static int
set_password(struct state *state, struct scratch *scratch)
{
	const char *hash = scratch->hash != NULL ? scratch->hash :
	    scratch->password;
	char *whole = NULL;
	int rc;

	if (hash == NULL || *hash == '\0')
		return 0;
	if (hash == scratch->password && scratch->clear)
		return record_password(&state->source, &state->record, hash);
	if (scratch->scheme != NULL && *hash != '{' &&
	    asprintf(&whole, "{%s}%s", scratch->scheme, hash) < 0)
		return no_memory(state);
	rc = record_hash(&state->source, &state->record,
	    whole != NULL ? whole : hash);
	maildb_secret_free(whole);
	return rc;
}

static int
end_user(struct state *state, struct scratch *scratch)
{
	struct record *record = &state->record;
	int rc = set_key(state, "%s@%s", scratch->local, scratch->domain);

	if (rc == 0)
		rc = set_password(state, scratch);
	if (rc == 0 && !scratch->quota)
		rc = put_field(state, "quota", QUOTA);
	if (rc < 0)
		return rc;
	if (record->has_targets && !scratch->forward) {
		state->source.sink->drop(&state->source,
		    "a forward that is off", record->line);
		record->has_targets = false;
	}
	if (record->has_targets && !scratch->discard)
		rc = record_target(&state->source, record, record->key, -1,
		    false);
	return rc < 0 ? rc : record_put(&state->source, record);
}

static int
end_alias(struct state *state, struct scratch *scratch)
{
	/* A pattern of LIKE.  Of all, only one is a catch-all. */
	bool all = scratch->wildcard && strcmp(scratch->local, "%") == 0;
	int rc;

	if (scratch->wildcard && !all && strpbrk(scratch->local, "%_") != NULL)
		return state_fail(state, "\"%s@%s\" is a pattern, and only "
		    "%% alone has a counterpart, the catch-all",
		    scratch->local, scratch->domain);
	rc = set_key(state, "%s@%s", all ? "" : scratch->local,
	    scratch->domain);
	return rc < 0 ? rc : record_put(&state->source, &state->record);
}

static int
end_relay(struct state *state, struct scratch *scratch)
{
	int rc = set_key(state, "%s%s", "", scratch->domain);

	if (rc == 0)
		rc = put_field(state, "class", "relay");
	/* Mailu knows no users of such a domain. */
	if (rc == 0)
		rc = put_field(state, "any_recipient", "yes");
	return rc < 0 ? rc : record_put(&state->source, &state->record);
}

/* Reads an object of a list; end has it complete. */
static int
take_record(struct state *state, enum maildb_kind kind, state_member *take,
    int (*end)(struct state *state, struct scratch *scratch))
{
	struct scratch scratch = { 0 };
	int rc;

	rc = record_begin(&state->source, &state->record, kind, "",
	    state->token.line, state->token.column);
	state->scratch = &scratch;
	if (rc == 0)
		rc = state_members(state, take);
	if (rc == 0 && scratch.domain == NULL)
		rc = state_fail(state, "it has no name");
	if (rc == 0 && scratch.local == NULL && (end == end_user ||
	    end == end_alias))
		rc = state_fail(state, "it has no address");
	if (rc == 0)
		rc = end(state, &scratch);
	free(scratch.local);
	free(scratch.domain);
	free(scratch.scheme);
	maildb_secret_free(scratch.password);
	maildb_secret_free(scratch.hash);
	state->scratch = NULL;
	return rc;
}

#define TAKE(name, NAME, KIND) \
static int \
name##_member(struct state *state, const char *member, uint32_t line, \
    uint32_t column) \
{ \
	return take_member(state, member, line, column, NAME); \
} \
static int \
take_##name(struct state *state) \
{ \
	return take_record(state, MAILDB_KIND_##KIND, name##_member, \
	    end_##name); \
}
TAKE(domain, DOMAIN, DOMAIN)
TAKE(user, USER, USER)
TAKE(alias, ALIAS, ALIAS)
TAKE(relay, RELAY, DOMAIN)
#undef TAKE

/* The names in the plural are those of older versions. */
const struct section mailu_sections[] = {
	{ "domain", MAILU, NULL, take_domain, NULL },
	{ "domains", MAILU, NULL, take_domain, NULL },
	{ "user", MAILU, NULL, take_user, NULL },
	{ "users", MAILU, NULL, take_user, NULL },
	{ "alias", MAILU, NULL, take_alias, NULL },
	{ "aliases", MAILU, NULL, take_alias, NULL },
	{ "relay", MAILU, NULL, take_relay, NULL },
	{ "relays", MAILU, NULL, take_relay, NULL },
	{ NULL, ANY, NULL, NULL, NULL },
};
