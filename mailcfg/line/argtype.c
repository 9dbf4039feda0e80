/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * argtype.c - the kinds of arguments: how each is read and completed
 *
 * A type knows the form of a word and its canonical text; whether the thing
 * exists is the library's to say.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "line/complete.h"

static int
keep(struct call *call, const char *text, char **out)
{
	if ((*out = strdup(text)) == NULL)
		return call_fail(call, MAILDB_ENOMEM, NULL, NULL, NULL, "%s",
		    maildb_error_meaning(MAILDB_ENOMEM));
	return 0;
}

static int
parse_text(struct call *call, const char *name, const char *text, char **out)
{
	(void)name;
	return keep(call, text, out);
}

static int
parse_word(struct call *call, const char *name, const char *text, char **out)
{
	if (*text == '\0')
		return call_fail(call, CLI_EUSAGE, name, text, NULL,
		    "%s is empty", name);
	return keep(call, text, out);
}

/* Refuses a text that is no domain or address, and says why. */
static int
refuse(struct call *call, const char *name, const char *text,
    const char *noun, enum maildb_reason reason, const char *hint)
{
	return call_fail(call, MAILDB_EADDRESS, name, text, hint,
	    "\"%s\" is no %s: %s", text, noun, maildb_reason_sentence(reason));
}

static int
parse_domain(struct call *call, const char *name, const char *text, char **out)
{
	char domain[MAILDB_DOMAIN_MAX + 1], uname[MAILDB_ULABEL_MAX + 1];
	char hint[2 * MAILDB_ADDRESS_MAX] = "";
	enum maildb_reason reason;
	bool asks = call->command != NULL && call->command->group !=
	    GROUP_SHELL && !(call->command->flags & CMD_WRITE) &&
	    strcmp(name, "DOMAIN") == 0 && strchr(text, '@') != NULL;

	if (strcmp(text, "*") == 0) /* where wildcard addresses are */
		return keep(call, text, out);
	reason = maildb_domain_parse(text, strlen(text), domain, uname);
	if (asks)
		snprintf(hint, sizeof(hint), PROGRAM " show %s", text);
	else if (strchr(text, '@') != NULL && call->command->instead != NULL)
		kind_hint(call, MAILDB_KIND_USER, text, hint, sizeof(hint));
	if (reason != MAILDB_REASON_NONE)
		return refuse(call, name, text, "domain", reason,
		    *hint != '\0' ? hint : NULL);
	return keep(call, domain, out);
}

/* A word without @ is in the domain that "use" named, if it has. */
static const char *
in_domain(const struct call *call, const char *text,
    char whole[MAILDB_ADDRESS_MAX + 1])
{
	const char *domain = call->cli->domain;

	if (domain == NULL || *text == '\0' || strchr(text, '@') != NULL ||
	    strlen(text) + 1 + strlen(domain) > MAILDB_ADDRESS_MAX)
		return text;
	sprintf(whole, "%s@%s", text, domain);
	return whole;
}

/* Refuses a word without @, which may be meant for a domain. */
static int
no_at(struct call *call, const char *name, const char *text)
{
	char domain[MAILDB_DOMAIN_MAX + 1], uname[MAILDB_ULABEL_MAX + 1];
	char hint[2 * MAILDB_ADDRESS_MAX] =
	    "an address looks like anna@example.org";
	const char *const *instead = call->command->instead;

	if (instead != NULL && instead[MAILDB_KIND_DOMAIN] != NULL &&
	    maildb_domain_parse(text, strlen(text), domain, uname) ==
	    MAILDB_REASON_NONE)
		kind_hint(call, MAILDB_KIND_DOMAIN, text, hint, sizeof(hint));
	return refuse(call, name, text, "address", MAILDB_REASON_NO_AT, hint);
}

/* An address with what the flags allow besides a plain one. */
static int
parse_with(struct call *call, const char *name, const char *text,
    unsigned flags, char **out)
{
	char whole[MAILDB_ADDRESS_MAX + 1];
	struct maildb_address address;
	enum maildb_reason reason;

	text = in_domain(call, text, whole);
	reason = maildb_address_parse(text, strlen(text), flags, &address);
	if (reason == MAILDB_REASON_NO_AT)
		return no_at(call, name, text);
	if (reason != MAILDB_REASON_NONE)
		return refuse(call, name, text, "address", reason, NULL);
	return keep(call, address.text, out);
}

static int
parse_address(struct call *call, const char *name, const char *text,
    char **out)
{
	return parse_with(call, name, text, 0, out);
}

static int
parse_source(struct call *call, const char *name, const char *text, char **out)
{
	return parse_with(call, name, text,
	    MAILDB_PARSE_WILDCARD | MAILDB_PARSE_CATCHALL, out);
}

static int
parse_sender(struct call *call, const char *name, const char *text, char **out)
{
	return strcmp(text, "@*") == 0 ? keep(call, text, out) :
	    parse_source(call, name, text, out);
}

static int
parse_target(struct call *call, const char *name, const char *text, char **out)
{
	return parse_with(call, name, text,
	    MAILDB_PARSE_UTF8 | MAILDB_PARSE_CASE, out);
}

static int
parse_asked(struct call *call, const char *name, const char *text, char **out)
{
	char whole[MAILDB_ADDRESS_MAX + 1];

	return parse_word(call, name, in_domain(call, text, whole), out);
}

static int
parse_catchall(struct call *call, const char *name, const char *text,
    char **out)
{
	char *domain;
	int rc;

	if (*text == '@')
		return parse_with(call, name, text, MAILDB_PARSE_CATCHALL, out);
	if ((rc = parse_domain(call, name, text, &domain)) < 0)
		return rc;
	if (asprintf(out, "@%s", domain) < 0)
		*out = NULL;
	free(domain);
	return *out != NULL ? 0 : call_fail(call, MAILDB_ENOMEM, NULL, NULL,
	    NULL, "%s", maildb_error_meaning(MAILDB_ENOMEM));
}

static int
parse_object(struct call *call, const char *name, const char *text, char **out)
{
	bool address = strchr(text, '@') != NULL ||
	    (call->cli->domain != NULL && strchr(text, '.') == NULL &&
	    strcmp(text, "*") != 0);

	return address ? parse_sender(call, name, text, out) :
	    parse_domain(call, name, text, out);
}

static int
parse_number(struct call *call, const char *name, const char *text, char **out)
{
	char *end;

	errno = 0;
	(void)strtoll(text, &end, 10);
	if (*text < '0' || *text > '9' || *end != '\0' || errno != 0)
		return call_fail(call, CLI_EUSAGE, name, text, NULL,
		    "%s cannot be \"%s\": a number is wanted", name, text);
	return keep(call, text, out);
}

/* A time becomes seconds since 1970.  The library knows +7d; a filter asks
 * for the past, so -7d is as far from now to the other side. */
static int
parse_time(struct call *call, const char *name, const char *text, char **out)
{
	int64_t now = time(NULL), seconds;
	char number[24], *ahead = NULL;
	int rc;

	if (*text == '-' && (ahead = strdup(text)) != NULL)
		*ahead = '+';
	rc = maildb_time_parse(ahead != NULL ? ahead : text, now, false,
	    &seconds);
	if (rc < 0)
		call_fail(call, MAILDB_EVALUE, name, text,
		    "2027-01-31, \"2027-01-31 18:00\", @SECONDS, now or -7d",
		    "%s cannot be \"%s\": no such time", name, text);
	else if (ahead != NULL)
		seconds = now - (seconds - now);
	free(ahead);
	if (rc < 0)
		return MAILDB_EVALUE;
	snprintf(number, sizeof(number), "%lld", (long long)seconds);
	return keep(call, number, out);
}

static int
parse_command(struct call *call, const char *name, const char *text,
    char **out)
{
	const struct commands *commands = call->cli->commands;
	char hint[80];

	if (command_find(commands, text) != NULL)
		return keep(call, text, out);
	return call_fail(call, CLI_EUSAGE, name, text,
	    command_suggest(commands, text, hint) ? hint : NULL,
	    "there is no command \"%s\"", text);
}

/* ---- completion --------------------------------------------------------- */

static void
complete_domain(struct completion *c)
{
	if (!c->may_be_new)
		complete_names(c, MAILDB_NAMES_DOMAIN);
}

static void
complete_address(struct completion *c)
{
	if (c->may_be_new)
		complete_at_domains(c);
	else
		complete_names(c, MAILDB_NAMES_USER);
}

static void
complete_source(struct completion *c)
{
	complete_names(c, MAILDB_NAMES_ALIAS);
	if (c->may_be_new)
		complete_at_domains(c);
}

static void
complete_target(struct completion *c)
{
	complete_names(c, MAILDB_NAMES_ADDRESS);
	if (c->may_be_new)
		complete_at_domains(c);
}

static void
complete_sender(struct completion *c)
{
	complete_names(c, MAILDB_NAMES_SENDER);
	if (c->may_be_new)
		complete_target(c);
}

static void
complete_object(struct completion *c)
{
	complete_names(c, MAILDB_NAMES_DOMAIN);
	complete_names(c, MAILDB_NAMES_ADDRESS);
}

static void
complete_id(struct completion *c)
{
	complete_names(c, MAILDB_NAMES_ID);
}

static void
complete_file(struct completion *c)
{
	c->files = true;
}

static void
complete_commands(struct completion *c)
{
	const struct commands *commands = c->cli->commands;
	size_t i;

	for (i = 0; i < commands->count; i++)
		if (!(commands->list[i].flags & CMD_HIDDEN))
			complete_add(c, commands->list[i].name,
			    commands->list[i].summary);
}

static void
complete_map(struct completion *c)
{
	const struct maildb_map *map;
	size_t count;

	for (map = maildb_maps(&count); count > 0; map++, count--)
		complete_add(c, map->name, map->help);
}

/* The database's settings, in the shell also those of the session. */
static void
complete_setting(struct completion *c)
{
	const struct option *option = config_options();
	const struct maildb_field *field;
	size_t count;

	for (; c->cli->shell != NULL && option->name != NULL; option++)
		if (option->bits & OPT_SHELL)
			complete_add(c, option->name, option->help);
	for (field = maildb_fields(MAILDB_KIND_SETTING, &count); count > 0;
	    field++, count--)
		complete_add(c, field->name, field->help);
}

static const struct argtype types[TYPES] = {
	[TYPE_WORD] = { "a word", parse_word, NULL },
	[TYPE_TEXT] = { "a text", parse_text, NULL },
	[TYPE_DOMAIN] = { "a domain", parse_domain, complete_domain },
	[TYPE_ADDRESS] = { "an address", parse_address, complete_address },
	[TYPE_SOURCE] = { "an address, NAME@* or @DOMAIN", parse_source,
		complete_source },
	[TYPE_SENDER] = { "an address, NAME@*, @DOMAIN or @*", parse_sender,
		complete_sender },
	[TYPE_CATCHALL] = { "a domain", parse_catchall, complete_domain },
	[TYPE_TARGET] = { "an address", parse_target, complete_target },
	[TYPE_ASKED] = { "an address", parse_asked, complete_target },
	[TYPE_OBJECT] = { "an address or a domain", parse_object,
		complete_object },
	[TYPE_ID] = { "the number that lsalias shows", parse_number,
		complete_id },
	[TYPE_NUMBER] = { "a number", parse_number, NULL },
	[TYPE_TIME] = { "a time", parse_time, NULL },
	[TYPE_SECRET] = { "a password", parse_text, NULL },
	[TYPE_FILE] = { "a file", parse_word, complete_file },
	[TYPE_COMMAND] = { "a command", parse_command, complete_commands },
	[TYPE_MAP] = { "a map", parse_word, complete_map },
	[TYPE_SETTING] = { "a setting", parse_word, complete_setting },
};

/* The row of a type. */
const struct argtype *
argtype(enum type_id id)
{
	return &types[id];
}

/* The place of a word in "one|two|three"; -1 with a hint that names them. */
int
choice_find(const char *choices, const char *word, char hint[CHOICE_HINT])
{
	size_t len = strlen(word), most;
	const char *at = choices;
	int place;

	for (place = 0; *at != '\0'; place++) {
		most = strcspn(at, "|");
		if (most == len && strncmp(at, word, len) == 0)
			return place;
		at += most + (at[most] == '|');
	}
	snprintf(hint, CHOICE_HINT, "one of: ");
	for (at = choices, most = strlen(hint); *at != '\0' &&
	    most < CHOICE_HINT - 4; at++)
		if (*at == '|') {
			hint[most++] = ',';
			hint[most++] = ' ';
		} else {
			hint[most++] = *at;
		}
	hint[most] = '\0';
	return -1;
}
