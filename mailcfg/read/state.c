/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * state.c - documents of tokens become records
 *
 * Our own format, in one object or in lines; users.json, config.json and
 * local_valiases.json of Flying Circus; the variables of the mailhost role.
 * Mailu's documents are mailu.c's.
 * They share most words, so the tables below tell them apart by the names of
 * their members, and a file of one kind may hold parts of another.
 */
#include <stdlib.h>
#include <string.h>

#include "show/out.h"
#include "read/state.h"

/* ---- members of a record -------------------------------------------- */

static int
take_alias(struct state *state)
{
	int rc = state_text(state);

	return rc < 0 ? rc : record_source(&state->source, &state->record,
	    state->token.text);
}

/* The domain of a catch-all. */
static int
take_catchall(struct state *state)
{
	char text[MAILDB_ULABEL_MAX + 2];
	int rc = state_text(state);

	if (rc < 0)
		return rc;
	snprintf(text, sizeof(text), "@%s", state->token.text +
	    (state->token.text[0] == '@'));
	return record_source(&state->source, &state->record, text);
}

/* {"to":ADDRESS,"may_send":BOOL,"grant":BOOL} */
static int
take_target_object(struct state *state)
{
	char to[1200] = "", name[16];
	bool grant = false, on;
	int may_send = -1, rc;

	while ((rc = state_next(state)) == 0 &&
	    state->token.type != TOKEN_OBJECT_END) {
		snprintf(name, sizeof(name), "%s", state->token.text);
		if ((rc = state_next(state)) < 0)
			return rc;
		on = strcmp(state->token.text, "true") == 0 ||
		    strcmp(state->token.text, "yes") == 0;
		if (strcmp(name, "to") == 0) {
			if ((rc = state_text(state)) < 0)
				return rc;
			snprintf(to, sizeof(to), "%s", state->token.text);
		} else if (state->token.type == TOKEN_NULL &&
		    (strcmp(name, "may_send") == 0 ||
		    strcmp(name, "grant") == 0)) {
			continue; /* as if it were not there */
		} else if (!state_scalar(state) || (!on &&
		    strcmp(state->token.text, "false") != 0 &&
		    strcmp(state->token.text, "no") != 0)) {
			return state_fail(state, "%s: true or false is wanted here",
			    name);
		} else if (strcmp(name, "may_send") == 0) {
			may_send = on;
		} else if (strcmp(name, "grant") == 0) {
			grant = on;
		} else {
			return state_fail(state, "a target has \"to\", \"may_send\" "
			    "and \"grant\", not \"%s\"", name);
		}
	}
	if (rc < 0)
		return rc;
	if (*to == '\0')
		return state_fail(state, "a target lacks its \"to\"");
	return record_target(&state->source, &state->record, to, may_send,
	    grant);
}

static int
take_target(struct state *state)
{
	int rc;

	if (state->token.type == TOKEN_OBJECT)
		return take_target_object(state);
	rc = state_text(state);
	return rc < 0 ? rc : record_target(&state->source, &state->record,
	    state->token.text, -1, false);
}

/* null is the default: no forwards, no grants.  An alias has no default, and
 * keeps the targets it has. */
static int
take_targets(struct state *state)
{
	int rc;

	if (state->token.type == TOKEN_NULL &&
	    state->record.kind == MAILDB_KIND_ALIAS)
		return 0;
	rc = record_target(&state->source, &state->record, NULL, -1, false);
	return rc < 0 ? rc : state_elements(state, take_target);
}

static int
take_aliases(struct state *state)
{
	return state_elements(state, take_alias);
}

static int
take_catchalls(struct state *state)
{
	return state_elements(state, take_catchall);
}

/* An empty hash is none: the user gets one elsewhere. */
static int
take_hash(struct state *state)
{
	if (state->token.type == TOKEN_NULL || *state->token.text == '\0')
		return state_scalar(state) || state->token.type == TOKEN_NULL ?
		    0 : state_fail(state, "a hash is wanted here");
	return state_text(state) < 0 ? MAILDB_EVALUE :
	    record_hash(&state->source, &state->record, state->token.text);
}

static int
take_password(struct state *state)
{
	if (state->token.type == TOKEN_NULL)
		return 0;
	return state_text(state) < 0 ? MAILDB_EVALUE :
	    record_password(&state->source, &state->record,
	    state->token.text);
}

/* As Ansible's modules have it. */
static int
take_update(struct state *state)
{
	if (state->token.type == TOKEN_NULL)
		return 0;
	if (state_scalar(state) && strcmp(state->token.text, "always") == 0)
		state->record.flags |= MAILDB_RECORD_REPLACE;
	else if (!state_scalar(state) ||
	    strcmp(state->token.text, "on_create") != 0)
		return state_fail(state, "update_password: always or on_create");
	return 0;
}

static int
pass_over(struct state *state)
{
	if (state->token.type != TOKEN_NULL && state->source.sink != NULL)
		state->source.sink->drop(&state->source, "a Sieve script",
		    state->token.line);
	else if (state->token.type != TOKEN_NULL)
		call_warn(state->source.call, "not_kept",
		    "Sieve scripts are not kept in the database", NULL);
	return state_skip(state);
}

#define IS(kind) (1u << MAILDB_KIND_##kind)
/* What a record has besides its fields. */
static const struct member {
	const char *name;
	unsigned kinds;
	int (*take)(struct state *state);
} members[] = {
	{ "targets", IS(USER) | IS(ALIAS) | IS(RECIPIENT), take_targets },
	{ "logins", IS(SENDER), take_targets },
	{ "aliases", IS(USER), take_aliases },
	{ "catchalls", IS(USER), take_catchalls },
	{ "password", IS(USER), take_password },
	{ "hash", IS(USER), take_hash },
	{ "update_password", IS(USER), take_update },
	/* users.json */
	{ "hashedPassword", IS(USER), take_hash },
	{ "catchAll", IS(USER), take_catchalls },
	{ "sieveScript", IS(USER), pass_over },
	/* mail_users */
	{ "pw", IS(USER), take_password },
};

/* A field's value: a text field takes no number of JSON. */
static int
take_field(struct state *state, const char *name, uint32_t line,
    uint32_t column)
{
	const struct maildb_field *fields;
	const char *value = state->token.text;
	size_t count, i;

	if (state->token.type == TOKEN_NULL)
		value = NULL;
	else if (!state_scalar(state))
		return source_fail(&state->source, &state->record, name,
		    state->token.line, state->token.column, MAILDB_EVALUE,
		    NULL, "one value is wanted here, no list and no object");
	fields = maildb_fields(state->record.kind, &count);
	for (i = 0; i < count; i++)
		if (state->token.type == TOKEN_BARE &&
		    fields[i].type == MAILDB_TEXT &&
		    strcmp(fields[i].name, name) == 0)
			return source_fail(&state->source, &state->record,
			    name, state->token.line, state->token.column,
			    MAILDB_EVALUE, NULL, "a text is wanted here");
	return record_field(&state->source, &state->record, name, value, line,
	    column);
}

static int
take_member(struct state *state, const char *name, uint32_t line,
    uint32_t column)
{
	size_t i;

	for (i = 0; i < COUNT(members); i++)
		if (strcmp(members[i].name, name) == 0 &&
		    members[i].kinds & 1u << state->record.kind)
			return members[i].take(state);
	/* config.json */
	if (state->record.kind == MAILDB_KIND_DOMAIN &&
	    state->dialect != OWN && strcmp(name, "enable") == 0)
		name = "enabled";
	return take_field(state, name, line, column);
}

/* ---- sections ------------------------------------------------------- */

/* Begins a record, reads its members, stages it.  Targets may stand for an
 * alias's whole record. */
static int
take_record(struct state *state, enum maildb_kind kind, const char *key,
    uint32_t line, uint32_t column)
{
	int rc;

	rc = record_begin(&state->source, &state->record, kind, key, line,
	    column);
	if (rc < 0)
		return rc;
	if ((kind == MAILDB_KIND_ALIAS || kind == MAILDB_KIND_SENDER) &&
	    state->token.type != TOKEN_OBJECT)
		rc = take_targets(state);
	else if (kind == MAILDB_KIND_SETTING)
		rc = take_field(state, "value", line, column);
	else
		rc = state_members(state, take_member);
	return rc < 0 ? rc : record_put(&state->source, &state->record);
}

#define TAKE(name, KIND) \
static int \
take_##name(struct state *state, const char *key, uint32_t line, \
    uint32_t column) \
{ \
	return take_record(state, MAILDB_KIND_##KIND, key, line, column); \
}
TAKE(one_setting, SETTING)
TAKE(one_domain, DOMAIN)
TAKE(one_user, USER)
TAKE(one_alias, ALIAS)
TAKE(one_recipient, RECIPIENT)
TAKE(one_sender, SENDER)
#undef TAKE

static int
take_one_catchall(struct state *state, const char *key, uint32_t line,
    uint32_t column)
{
	char text[MAILDB_ULABEL_MAX + 2];

	snprintf(text, sizeof(text), "@%s", key + (*key == '@'));
	return take_one_alias(state, text, line, column);
}

/* A record without members, named by a text. */
static int
take_named(struct state *state, enum maildb_kind kind)
{
	int rc = state_text(state);

	if (rc == 0)
		rc = record_begin(&state->source, &state->record, kind,
		    state->token.text, state->token.line, state->token.column);
	return rc < 0 ? rc : record_put(&state->source, &state->record);
}

static int
take_domain_name(struct state *state)
{
	return take_named(state, MAILDB_KIND_DOMAIN);
}

static int
take_recipient_name(struct state *state)
{
	return take_named(state, MAILDB_KIND_RECIPIENT);
}

static int
section_format(struct state *state)
{
	if (!state_scalar(state) || strcmp(state->token.text, "1") != 0)
		return state_fail(state, "this program reads format 1");
	return 0;
}

static int
section_mail_host(struct state *state)
{
	return take_one_setting(state, "mail_host", state->token.line,
	    state->token.column);
}

static int
section_admin(struct state *state)
{
	return take_one_setting(state, "admin", state->token.line,
	    state->token.column);
}

static int
section_maps(struct state *state)
{
	call_warn(state->source.call, "not_read",
	    "the files that dynamicMaps names are not read",
	    "apply them as well, or import them");
	return state_skip(state);
}

/* ---- mailhost ------------------------------------------------------- */

/* One of mail_users: email and pw. */
static int
take_mail_user(struct state *state)
{
	char name[32], email[1200] = "", password[600] = "";
	uint32_t line = state->token.line, column = state->token.column;
	char *to;
	size_t size;
	int rc = 0;

	if (state->token.type != TOKEN_OBJECT)
		return state_fail(state, "email and pw are wanted here");
	while (rc == 0 && (rc = state_next(state)) == 0 &&
	    state->token.type != TOKEN_OBJECT_END) {
		snprintf(name, sizeof(name), "%s", state->token.text);
		if ((rc = state_next(state)) < 0)
			break;
		to = strcmp(name, "email") == 0 ? email : password;
		size = to == email ? sizeof(email) : sizeof(password);
		if (to == password && strcmp(name, "pw") != 0)
			rc = state_fail(state, "a user has email and pw, not %s",
			    name);
		else if ((rc = state_text(state)) == 0 &&
		    strlen(state->token.text) >= size)
			rc = state_fail(state, "%s is too long", name);
		else if (rc == 0)
			strcpy(to, state->token.text);
	}
	if (rc == 0)
		rc = record_begin(&state->source, &state->record,
		    MAILDB_KIND_USER, email, line, column);
	if (rc == 0 && *password != '\0')
		rc = record_password(&state->source, &state->record, password);
	explicit_bzero(password, sizeof(password));
	return rc < 0 ? rc : record_put(&state->source, &state->record);
}

/* One of mail_aliases: src and dst. */
static int
take_mail_alias(struct state *state)
{
	char name[8], src[1200] = "", dst[1200] = "";
	uint32_t line = state->token.line, column = state->token.column;
	int rc;

	if (state->token.type != TOKEN_OBJECT)
		return state_fail(state, "src and dst are wanted here");
	while ((rc = state_next(state)) == 0 &&
	    state->token.type != TOKEN_OBJECT_END) {
		snprintf(name, sizeof(name), "%s", state->token.text);
		if ((rc = state_next(state)) < 0 || (rc = state_text(state)) < 0)
			return rc;
		if (strcmp(name, "src") != 0 && strcmp(name, "dst") != 0)
			return state_fail(state, "an alias has src and dst, not %s",
			    name);
		snprintf(name[0] == 's' ? src : dst, sizeof(src), "%s",
		    state->token.text);
	}
	if (rc == 0)
		rc = record_begin(&state->source, &state->record,
		    MAILDB_KIND_ALIAS, src, line, column);
	if (rc == 0)
		rc = record_target(&state->source, &state->record, dst, -1,
		    false);
	state->record.flags |= MAILDB_RECORD_ADD;
	return rc < 0 ? rc : record_put(&state->source, &state->record);
}

/* One of mail_local_admin_aliases, kept until admin_email is known. */
static int
take_local(struct state *state)
{
	struct local *grown;
	int rc = state_text(state);

	if (rc < 0)
		return rc;
	grown = realloc(state->locals, (state->nlocals + 1) * sizeof(*grown));
	if (grown == NULL)
		return MAILDB_ENOMEM;
	state->locals = grown;
	grown += state->nlocals;
	*grown = (struct local){ strdup(state->token.text),
		state->token.line, state->token.column };
	if (grown->name == NULL)
		return MAILDB_ENOMEM;
	state->nlocals++;
	return 0;
}

/* A local name leads to the administrator in every domain. */
static int
put_local(struct state *state, const struct local *local)
{
	char text[MAILDB_LOCAL_MAX * 4];
	int rc;

	/* The place is the name's, long after it was read. */
	state->token.line = local->line;
	state->token.column = local->column;
	if (state->admin == NULL)
		return state_fail(state, "mail_local_admin_aliases needs "
		    "admin_email");
	snprintf(text, sizeof(text), "%s@*", local->name);
	rc = record_begin(&state->source, &state->record, MAILDB_KIND_ALIAS,
	    text, local->line, local->column);
	if (rc == 0)
		rc = record_target(&state->source, &state->record,
		    state->admin, -1, false);
	state->record.flags |= MAILDB_RECORD_ADD;
	return rc < 0 ? rc : record_put(&state->source, &state->record);
}

static int
put_locals(struct state *state)
{
	size_t i;
	int rc = 0;

	for (i = 0; rc == 0 && i < state->nlocals; i++)
		rc = state_refused(state, 0,
		    put_local(state, &state->locals[i]));
	return rc;
}

static int
section_admin_email(struct state *state)
{
	int rc = state_text(state);

	free(state->admin);
	state->admin = rc == 0 ? strdup(state->token.text) : NULL;
	return rc == 0 && state->admin == NULL ? MAILDB_ENOMEM : rc;
}

/* ---- files ---------------------------------------------------------- */

static const struct section sections[] = {
	{ "format", OWN, section_format, NULL, NULL },
	{ "settings", OWN, NULL, NULL, take_one_setting },
	{ "domains", ANY, NULL, take_domain_name, take_one_domain },
	{ "users", OWN, NULL, NULL, take_one_user },
	{ "aliases", OWN, NULL, NULL, take_one_alias },
	{ "catchalls", OWN, NULL, NULL, take_one_catchall },
	{ "recipients", OWN, NULL, take_recipient_name, take_one_recipient },
	{ "senders", OWN, NULL, NULL, take_one_sender },
	{ "mailHost", CIRCUS, section_mail_host, NULL, NULL },
	{ "rootAlias", CIRCUS, section_admin, NULL, NULL },
	{ "dynamicMaps", CIRCUS, section_maps, NULL, NULL },
	/* For others than a mail database. */
	{ "webmailHost", CIRCUS, state_skip, NULL, NULL },
	{ "imprintUrl", CIRCUS, state_skip, NULL, NULL },
	{ "imprintText", CIRCUS, state_skip, NULL, NULL },
	{ "redisDatabase", CIRCUS, state_skip, NULL, NULL },
	{ "smtpBind4", CIRCUS, state_skip, NULL, NULL },
	{ "smtpBind6", CIRCUS, state_skip, NULL, NULL },
	{ "explicitSmtpBind", CIRCUS, state_skip, NULL, NULL },
	{ "passwdFile", CIRCUS, state_skip, NULL, NULL },
	{ "policydSPFExtraSkipAddresses", CIRCUS, state_skip, NULL, NULL },
	{ "mail_domains", MAILHOST, NULL, take_domain_name, NULL },
	{ "mail_users", MAILHOST, NULL, take_mail_user, NULL },
	{ "mail_aliases", MAILHOST, NULL, take_mail_alias, NULL },
	{ "mail_local_admin_aliases", MAILHOST, NULL, take_local, NULL },
	{ "admin_email", MAILHOST, section_admin_email, NULL, NULL },
	{ NULL, ANY, NULL, NULL, NULL },
};

/* The member by which a line names its record. */
static const struct {
	const char *name;
	int (*take)(struct state *state, const char *key, uint32_t line,
	    uint32_t column);
	enum maildb_kind kind;
} lines[] = {
	{ "setting", take_one_setting, MAILDB_KIND_SETTING },
	{ "domain", take_one_domain, MAILDB_KIND_DOMAIN },
	{ "user", take_one_user, MAILDB_KIND_USER },
	{ "alias", take_one_alias, MAILDB_KIND_ALIAS },
	{ "catchall", take_one_catchall, MAILDB_KIND_ALIAS },
	{ "recipient", take_one_recipient, MAILDB_KIND_RECIPIENT },
	{ "sender", take_one_sender, MAILDB_KIND_SENDER },
};

/* A line that is a record; the value of its first member, the key, is the
 * present token, and the rest of the object follows. */
static int
take_line(struct state *state, size_t at, uint32_t line, uint32_t column)
{
	char key[1200];
	int rc = state_text(state);

	if (rc < 0)
		return rc;
	state->source.section = lines[at].name;
	snprintf(key, sizeof(key), "%s%s",
	    lines[at].take == take_one_catchall &&
	    state->token.text[0] != '@' ? "@" : "", state->token.text);
	rc = record_begin(&state->source, &state->record, lines[at].kind, key,
	    line, column);
	state->token.type = TOKEN_OBJECT; /* which is open already */
	if (rc == 0)
		rc = state_members(state, take_member);
	return rc < 0 ? rc : record_put(&state->source, &state->record);
}

/* A member of users.json or local_valiases.json. */
static int
take_circus(struct state *state, const char *name, uint32_t line,
    uint32_t column)
{
	state->dialect = CIRCUS;
	return state->token.type == TOKEN_OBJECT ?
	    take_one_user(state, name, line, column) :
	    take_one_alias(state, name, line, column);
}

/* Notes a member that only a file of variables may have. */
static int
take_unknown(struct state *state, const char *name, uint32_t line,
    uint32_t column)
{
	if (state->unknown[0] == '\0') {
		snprintf(state->unknown, sizeof(state->unknown), "%.60s",
		    name);
		state->line = line;
		state->column = column;
	}
	return state_skip(state);
}

static int
take_section(struct state *state, const char *name, uint32_t line,
    uint32_t column)
{
	const struct section *at = state->dialect == MAILU ? mailu_sections :
	    sections;
	unsigned depth = state->depth -
	    (state->token.type == TOKEN_OBJECT ||
	    state->token.type == TOKEN_ARRAY);

	for (; at->name != NULL; at++) {
		if (strcmp(at->name, name) != 0)
			continue;
		if (at->dialect != ANY && state->dialect == ANY)
			state->dialect = at->dialect;
		state->source.section = at->name;
		if (at->take != NULL)
			return at->take(state);
		return at->element != NULL && (at->member == NULL ||
		    state->token.type == TOKEN_ARRAY) ?
		    state_elements(state, at->element) :
		    state_members(state, at->member);
	}
	state->source.section = NULL;
	if (state->dialect == MAILU)
		return mailu_drop(state, name);
	if (strchr(name, '@') != NULL && state->dialect != OWN)
		return state_refused(state, depth,
		    take_circus(state, name, line, column));
	return take_unknown(state, name, line, column);
}

/* A whole object, or a line. */
static int
take_top(struct state *state)
{
	char name[512];
	uint32_t line, column;
	size_t i;
	int rc;

	if (state->token.type != TOKEN_OBJECT)
		return state_fail(state, "an object { } is wanted here");
	while ((rc = state_next(state)) == 0 &&
	    state->token.type != TOKEN_OBJECT_END) {
		snprintf(name, sizeof(name), "%s", state->token.text);
		line = state->token.line;
		column = state->token.column;
		if ((rc = state_next(state)) < 0)
			return rc;
		for (i = 0; i < COUNT(lines); i++)
			if (strcmp(lines[i].name, name) == 0 &&
			    state->dialect != MAILHOST &&
			    state->dialect != MAILU)
				return take_line(state, i, line, column);
		if ((rc = take_section(state, name, line, column)) < 0)
			return rc;
	}
	return rc;
}

static void
state_free(struct state *state)
{
	record_clear(&state->record);
	free(state->admin);
	while (state->nlocals > 0)
		free(state->locals[--state->nlocals].name);
	free(state->locals);
}

int
read_state(struct source *source, struct reader *reader, const char *from)
{
	struct state state = { .source = *source, .reader = reader };
	int rc;

	if (from != NULL)
		state.dialect = strcmp(from, "mailhost") == 0 ? MAILHOST :
		    strcmp(from, "flyingcircus") == 0 ? CIRCUS :
		    strcmp(from, "mailu") == 0 ? MAILU : OWN;
	while ((rc = state_next(&state)) == 0 && state.token.type != TOKEN_END) {
		if ((rc = take_top(&state)) < 0)
			break;
		state.source.section = NULL;
	}
	if (rc == 0 && *state.unknown != '\0' && state.dialect != MAILHOST)
		rc = source_fail(&state.source, NULL, NULL, state.line,
		    state.column, MAILDB_EFIELD, "see mailcfg-formats(5)",
		    "\"%s\" is no part of a document", state.unknown);
	if (rc == 0)
		rc = put_locals(&state);
	state_free(&state);
	return rc;
}
