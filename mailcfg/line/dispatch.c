/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * dispatch.c - carries out one command line
 *
 * The one place where words become a call, whoever typed them: it finds the
 * row, reads options and arguments as the row says, opens, begins, runs,
 * commits and shows the outcome.
 */
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "line/memory.h"
#include "show/out.h"

/* ---- options -------------------------------------------------------- */

/* The option of that name or letter in a list, with at least those bits. */
static const struct option *
find_in(const struct option *list, const char *name, size_t len, char letter,
    unsigned bits)
{
	for (; list != NULL && list->name != NULL; list++)
		if ((list->bits & bits) == bits &&
		    !(list->bits & OPT_NOARGV) && (name != NULL ?
		    strncmp(list->name, name, len) == 0 &&
		    list->name[len] == '\0' : list->letter == letter))
			return list;
	return NULL;
}

static char none[] = ""; /* the value of a switch */

/* An option that may follow this command: its own, or a global one. */
const struct option *
command_option(const struct command *command, const char *name, size_t len,
    char letter, unsigned bits)
{
	const struct option *found = NULL;
	size_t i;

	for (i = 0; i < COMMAND_OPTIONS && found == NULL; i++)
		found = find_in(command->options[i], name, len, letter, bits);
	return found != NULL ? found :
	    find_in(config_options(), name, len, letter, bits | OPT_LATE);
}

/* The next field from *at on that is an option of a command, or NULL. */
const struct maildb_field *
command_field(const struct command *command, size_t *at)
{
	const struct maildb_field *fields;
	size_t count;

	if (!(command->flags & CMD_FIELDS))
		return NULL;
	fields = maildb_fields(command->kind, &count);
	for (; *at < count; ++*at)
		if (!(fields[*at].flags & MAILDB_FIELD_SECRET) &&
		    (command->flags & CMD_NEW ||
		    !(fields[*at].flags & MAILDB_FIELD_CREATE)))
			return &fields[(*at)++];
	return NULL;
}

/* Writes a field's name as an option: valid_from is --valid-from. */
void
field_option(const struct maildb_field *field, char out[32])
{
	size_t i;

	for (i = 0; i < 31 && field->name[i] != '\0'; i++)
		out[i] = field->name[i] == '_' ? '-' : field->name[i];
	out[i] = '\0';
}

/* The field that an option names. */
const struct maildb_field *
command_field_option(const struct command *command, const char *name,
    size_t len)
{
	const struct maildb_field *field;
	char option[32];
	size_t at = 0;

	while ((field = command_field(command, &at)) != NULL) {
		field_option(field, option);
		if (strlen(option) == len && strncmp(option, name, len) == 0)
			return field;
	}
	return NULL;
}

/* Whether an option is a field that is yes or no: without that value, a name
 * that is like it could mean the contrary, as --disabled for --enabled. */
static bool
is_switch(const struct command *command, const char *name)
{
	const struct maildb_field *field = command_field_option(command, name,
	    strlen(name));

	return field != NULL && field->type == MAILDB_BOOL;
}

/* Writes what was meant by a word that is no option of the command: true when
 * that is known, false when it only says where to look. */
static bool
suggest_option(const struct call *call, const char *name, char hint[80])
{
	const struct command *command = call->command;
	const char *names[2 * CALL_GIVEN];
	char dashed[CALL_GIVEN][32];
	const struct option *list;
	const struct maildb_field *field;
	size_t count = 0, at = 0, i, made = 0;
	int found;

	for (i = 0; i < COMMAND_OPTIONS; i++)
		for (list = command->options[i]; list != NULL &&
		    list->name != NULL; list++)
			names[count++] = list->name;
	for (list = config_options(); list->name != NULL; list++)
		if (list->bits & OPT_LATE)
			names[count++] = list->name;
	while ((field = command_field(command, &at)) != NULL &&
	    made < CALL_GIVEN && count < COUNT(names)) {
		field_option(field, dashed[made]);
		names[count++] = dashed[made++];
	}
	if (find_in(config_options(), name, strlen(name), 0, 0) != NULL)
		snprintf(hint, 80, "--%.40s stands before the command", name);
	else if ((found = suggest(name, names, count)) >= 0)
		snprintf(hint, 80, "did you mean --%s%s?", names[found],
		    is_switch(command, names[found]) ? " yes|no" : "");
	else if (command->name == NULL)
		snprintf(hint, 80, "options of a command stand behind it");
	else {
		snprintf(hint, 80, PROGRAM " help %s", command->name);
		return false;
	}
	return true;
}

/* Refuses an option that the command does not have.  Where a password may
 * stand, a word that is like no option is taken for one, and not shown. */
static int
no_option(struct call *call, char *word, bool secret)
{
	char hint[80], *name = strndup(word, strcspn(word, "="));

	if (name == NULL)
		return MAILDB_ENOMEM;
	if (suggest_option(call, name + strspn(name, "-"), hint) || !secret) {
		call_fail(call, CLI_EUSAGE, name, NULL, hint,
		    "there is no option %s", name);
	} else {
		call->cli->secret = true;
		secret_wipe(word);
		call_fail(call, CLI_EUSAGE, "password", NULL,
		    "-- PASSWORD, if it is one", "a word that begins with "
		    "\"--\" is an option, and there is none of that name");
	}
	maildb_secret_free(name);
	return CLI_EUSAGE;
}

/* Keeps an option that was given, and its value. */
static int
give(struct call *call, const struct option *option, char *value)
{
	struct given *given = &call->given[call->ngiven];
	char hint[CHOICE_HINT];
	int rc;

	if (option->choices != NULL && option->arg != NULL &&
	    choice_find(option->choices, value, hint) < 0)
		return call_fail(call, CLI_EUSAGE, option->name, value, hint,
		    "--%s cannot be \"%s\"", option->name, value);
	if (config_owns(option)) {
		if (call->cli->batch && strcmp(option->name, "help") != 0)
			return call_fail(call, CLI_EUSAGE, option->name, NULL,
			    NULL, "--%s holds for a whole batch and stands "
			    "on the command line", option->name);
		return config_apply(&call->config, option, value,
		    &call->fault);
	}
	if (!(option->bits & OPT_MANY) &&
	    call_option(call, option->name) != NULL)
		return call_fail(call, CLI_EUSAGE, option->name, NULL, NULL,
		    "--%s is given twice", option->name);
	if (call->ngiven == CALL_GIVEN)
		return call_fail(call, CLI_EUSAGE, NULL, NULL, NULL,
		    "there are too many options");
	rc = option->arg == NULL ? 0 : argtype(option->type)->parse(call,
	    option->name, value, &given->value);
	if (option->bits & OPT_SECRET) {
		call->cli->secret = true;
		secret_wipe(value);
	}
	if (rc < 0)
		return rc;
	given->option = option;
	call->flags |= option->flag;
	call->ngiven++;
	return 0;
}

/* Keeps a field's value. */
static int
give_field(struct call *call, const struct maildb_field *field,
    const char *name, int len, const char *value)
{
	size_t i;

	for (i = 0; i < call->nattrs; i++)
		if (call->attrs[i].name == field->name)
			return call_fail(call, CLI_EUSAGE, field->name, NULL,
			    NULL, "--%.*s is given twice", len, name);
	if (call->nattrs == CALL_GIVEN)
		return call_fail(call, CLI_EUSAGE, NULL, NULL, NULL,
		    "there are too many options");
	call->attrs[call->nattrs++] = (struct maildb_attr){ field->name,
		value };
	return 0;
}

/* Takes the word behind an option as its value.  One that begins with "--" is
 * an option whose predecessor lacks a value. */
static int
next_value(struct call *call, char **words, size_t nwords, size_t *at,
    const char *option, char **value)
{
	char *next = *at + 1 < nwords ? words[*at + 1] : NULL, hint[80];

	snprintf(hint, sizeof(hint), "%.30s=VALUE, if the value begins with --",
	    option);
	if (next == NULL || strncmp(next, "--", 2) == 0)
		return call_fail(call, CLI_EUSAGE, NULL, NULL, next == NULL ||
		    option[1] != '-' ? NULL : hint, "%s needs a value", option);
	*value = next;
	++*at;
	return 0;
}

/* Reads "-abc": switches, the last of which may take a value. */
static int
take_letters(struct call *call, char **words, size_t nwords, size_t *at,
    bool maybe)
{
	const struct option *option;
	char *letter, *value, dashed[] = "-x";
	int rc;

	for (letter = words[*at] + 1; *letter != '\0'; letter++) {
		option = command_option(call->command, NULL, 0, *letter, 0);
		if (option == NULL)
			return no_option(call, words[*at], maybe);
		if (option->arg == NULL) {
			if ((rc = give(call, option, none)) < 0)
				return rc;
			continue;
		}
		if (letter[1] != '\0')
			return give(call, option, letter + 1);
		dashed[1] = *letter;
		rc = next_value(call, words, nwords, at, dashed, &value);
		return rc < 0 ? rc : give(call, option, value);
	}
	return 0;
}

/*
 * Reads the option at words[*at], moving *at over its value.  Answers 1 when
 * that was one; when not, it refuses the word, or with maybe answers 0: a
 * password may begin with one "-", but not with two.
 */
int
take_option(struct call *call, char **words, size_t nwords, size_t *at,
    bool maybe)
{
	char *word = words[*at], *name, *value;
	const struct option *option;
	const struct maildb_field *field = NULL;
	size_t len;
	int rc;

	if (word[1] != '-') {
		option = command_option(call->command, word + 1,
		    strlen(word + 1), 0, OPT_ONEDASH);
		if (option == NULL) {
			if (maybe && (word[2] != '\0' || command_option(
			    call->command, NULL, 0, word[1], 0) == NULL))
				return 0;
			rc = take_letters(call, words, nwords, at, maybe);
			return rc < 0 ? rc : 1;
		}
		value = NULL;
		name = word + 1;
		len = strlen(name);
	} else {
		name = word + 2;
		len = strcspn(name, "=");
		value = name[len] == '=' ? name + len + 1 : NULL;
		option = command_option(call->command, name, len, 0, 0);
		if (option == NULL)
			field = command_field_option(call->command, name, len);
	}
	if (option == NULL && field == NULL)
		return no_option(call, word, maybe);
	if (option != NULL && option->arg == NULL) {
		if (value != NULL)
			return call_fail(call, CLI_EUSAGE, option->name, NULL,
			    NULL, "--%s takes no value", option->name);
		value = none;
	} else if (value == NULL && option != NULL &&
	    option->bits & OPT_BARE) {
		value = none;
	} else if (value == NULL) {
		rc = next_value(call, words, nwords, at, word, &value);
		if (rc < 0)
			return rc;
	}
	rc = option != NULL ? give(call, option, value) :
	    give_field(call, field, name, (int)len, value);
	return rc < 0 ? rc : 1;
}

/* ---- arguments ------------------------------------------------------ */

/* Refuses a command line that lacks an argument, or has one too many. */
static int
wrong_count(struct call *call, const char *missing, const char *extra)
{
	const struct arg *args = call->command->args;
	struct memory memory;
	FILE *to = memory_open(&memory);
	bool secret = false;
	char *usage;
	size_t i;

	if (to == NULL)
		return MAILDB_ENOMEM;
	for (i = 0; i < COMMAND_ARGS && args[i].name != NULL; i++)
		if (args[i].bits & ARG_SECRET)
			secret = true;
	help_usage(to, call->command);
	if ((usage = memory_close(&memory)) == NULL)
		return MAILDB_ENOMEM;
	if (missing != NULL)
		call_fail(call, CLI_EUSAGE, missing, NULL, usage,
		    "%s is missing", missing);
	else if (secret) /* it may be a part of one, not quoted */
		call_fail(call, CLI_EUSAGE, NULL, NULL, usage,
		    "there is one argument too many");
	else
		call_fail(call, CLI_EUSAGE, NULL, extra, usage,
		    "\"%s\" is one argument too many", extra);
	free(usage);
	return CLI_EUSAGE;
}

/* Wipes a database URL where it came from, if it holds a password. */
static void
wipe_url(struct call *call, char *word)
{
	if (!secret_in_url(word))
		return;
	secret_wipe(word);
	call->cli->secret = true;
	if (!call->cli->batch && call->cli->shell == NULL)
		call->exposed_url = true;
}

/* Takes one word as the next argument of the row. */
static int
take_argument(struct call *call, const struct arg *arg, size_t at, char *word)
{
	char hint[CHOICE_HINT], *value, **more;
	int rc;

	if (arg->bits & ARG_SECRET) {
		call->cli->secret = true;
		call->exposed = !call->cli->batch && call->cli->shell == NULL;
		rc = secret_take(&call->password, word);
		return rc == 0 ? 0 : call_fail(call, rc, NULL, NULL, NULL,
		    "%s", maildb_error_meaning(rc));
	}
	if (arg->choices != NULL && choice_find(arg->choices, word, hint) < 0)
		return call_fail(call, CLI_EUSAGE, arg->name, word, hint,
		    "%s cannot be \"%s\"", arg->name, word);
	rc = argtype(arg->type)->parse(call, arg->name, word, &value);
	if (rc < 0)
		return rc;
	if (arg->bits & ARG_WIPE)
		secret_wipe(word);
	if (arg->bits & ARG_URL)
		wipe_url(call, word);
	if (!(arg->bits & ARG_REPEAT)) {
		call->arg[at] = value;
		return 0;
	}
	more = realloc(call->rest, (call->nrest + 1) * sizeof(*more));
	if (more == NULL) {
		free(value);
		return MAILDB_ENOMEM;
	}
	call->rest = more;
	call->rest[call->nrest++] = value;
	call->arg[at] = call->rest[0];
	return 0;
}

/* Whether all that a row demands was given; -id stands for an argument. */
static int
check_complete(struct call *call, size_t at)
{
	const struct arg *arg = &call->command->args[at];
	size_t i;

	if (at == COMMAND_ARGS || arg->name == NULL ||
	    arg->bits & ARG_OPTIONAL)
		return 0;
	if (arg->bits & ARG_REPEAT && call->nrest > 0)
		return 0;
	for (i = 0; i < call->ngiven; i++)
		if (call->given[i].option->bits & OPT_ONEDASH)
			return 0;
	return wrong_count(call, arg->name, NULL);
}

/* Whether a word is an option, or may be one. */
static bool
is_option(const char *word)
{
	return word[0] == '-' && word[1] != '\0';
}

/* Takes a word as the argument at *at, and moves on; refused is what the words
 * before it have come to.  A password is taken, and wiped, in any case. */
static int
take_word(struct call *call, size_t *at, int refused, char *word)
{
	const struct arg *arg = &call->command->args[*at];
	bool beyond = *at == COMMAND_ARGS || arg->name == NULL;
	int rc;

	if (refused < 0 && (beyond || !(arg->bits & ARG_SECRET)))
		rc = refused;
	else if (beyond)
		rc = wrong_count(call, NULL, word);
	else
		rc = take_argument(call, arg, *at, word);
	if (!beyond && !(arg->bits & ARG_REPEAT))
		++*at;
	return refused < 0 ? refused : rc;
}

/* Reads all words after the command's name.  What is wrong with an argument is
 * said only when there is nothing wrong with the options. */
static int
parse(struct call *call, char **words, size_t nwords)
{
	const struct arg *args = call->command->args;
	bool options = true;
	size_t i, at = 0;
	int rc, refused = 0;

	for (i = 1; i < nwords; i++) {
		if (options && strcmp(words[i], "--") == 0) {
			options = false;
			continue;
		}
		if (options && is_option(words[i])) {
			rc = take_option(call, words, nwords, &i,
			    at < COMMAND_ARGS && args[at].bits & ARG_SECRET);
			if (rc < 0)
				return rc;
			if (rc > 0)
				continue;
		}
		refused = take_word(call, &at, refused, words[i]);
	}
	if (call->config.help)
		return 0;
	return refused < 0 ? refused : check_complete(call, at);
}

/* ---- calls ---------------------------------------------------------- */

/* An option's value ("" for a switch), or NULL when it was not given. */
const char *
call_option(const struct call *call, const char *name)
{
	size_t i;

	for (i = 0; i < call->ngiven; i++)
		if (strcmp(call->given[i].option->name, name) == 0)
			return call->given[i].value != NULL ?
			    call->given[i].value : "";
	return NULL;
}

/* Passes rc on; when it is 1, keeps the line that says what changed. */
int
call_changed(struct call *call, int rc, const char *format, ...)
{
	va_list ap;

	if (rc != 1)
		return rc;
	free(call->message);
	va_start(ap, format);
	if (vasprintf(&call->message, format, ap) < 0)
		call->message = NULL;
	va_end(ap);
	return call->message != NULL ? 1 : MAILDB_ENOMEM;
}

static void
call_free(struct call *call)
{
	size_t i;

	for (i = 0; i < call->ngiven; i++)
		maildb_secret_free(call->given[i].value);
	for (i = 0; i < COMMAND_ARGS; i++)
		if (call->nrest == 0 || call->arg[i] != call->rest[0])
			free(call->arg[i]);
	for (i = 0; i < call->nrest; i++)
		free(call->rest[i]);
	free(call->rest);
	secret_drop(&call->password);
	maildb_secret_free(call->hash);
	maildb_secret_free(call->generated);
	free(call->message);
	fault_clear(&call->fault);
}

/* Ends the call's own transaction as its outcome and --check want it. */
static int
finish(struct call *call, int rc)
{
	int ended;

	if (rc >= 0 && cli_interrupted())
		rc = call_fail(call, MAILDB_EINTR, NULL, NULL, NULL,
		    "interrupted; nothing was committed");
	if (rc < 0) {
		fault_from(&call->fault, rc, call->db);
		maildb_rollback(call->db);
		return rc;
	}
	ended = call->config.check && !call->cli->batch ?
	    maildb_rollback(call->db) : maildb_commit(call->db);
	return ended < 0 ? ended : rc;
}

/* Runs a command that writes, in a transaction of its own or in a batch's. */
static int
transact(struct call *call)
{
	bool own = !call->cli->batch || call->config.keep_going;
	int rc, shown;

	if (own && (rc = maildb_begin(call->db)) < 0)
		return rc;
	rc = explain_kind(call, call->command->run(call));
	if (rc >= 0 && call->warnings > 0 && call->config.strict)
		rc = call_fail(call, CLI_ESTRICT, NULL, NULL, NULL,
		    "refused because of %s", call->warnings == 1 ?
		    "the warning" : "the warnings");
	if (rc == 1 && call->config.diff && !call->cli->batch &&
	    (shown = out_diff(call->cli->out, call->db)) < 0)
		rc = shown;
	return own ? finish(call, rc) : rc;
}

/* Whether a command can run here and now; refuses it otherwise. */
static int
check_place(struct call *call)
{
	const struct command *command = call->command;
	const struct cli *cli = call->cli;
	const char *where = cli->batch ? "in a batch" :
	    call->config.check && !(command->flags & CMD_CHECKS) ?
	    "with --check" :
	    maildb_depth(cli->db) > 0 ? "in a transaction" : NULL;

	if (command->flags & CMD_SHELL && cli->shell == NULL)
		return call_fail(call, CLI_EUSAGE, NULL, NULL,
		    PROGRAM " shell", "%s works in the shell only",
		    command->name);
	if (command->flags & CMD_ALONE && where != NULL)
		return call_fail(call, CLI_EUSAGE, NULL, NULL, NULL,
		    "%s does not work %s", command->name, where);
	return 0;
}

/* Opens what the command needs and runs it. */
static int
run(struct call *call)
{
	const struct command *command = call->command;
	int rc;

	if (call->config.help)
		return 0;
	if ((rc = check_place(call)) < 0)
		return rc;
	/* One that opens the database its own way finds it closed. */
	if (command->flags & CMD_ALONE && !(command->flags & CMD_DB) &&
	    call->cli->opened) {
		if ((rc = cli_close(call->cli)) < 0)
			return rc;
		call->db = call->cli->db;
	}
	if (call->exposed && !call->config.argv_password)
		return call_fail(call, CLI_EUSAGE, "password", NULL,
		    "--password-file FILE|-, --password-fd N",
		    "the configuration refuses passwords as arguments");
	if (call->exposed)
		call_warn(call, "argv_password",
		    "a password on the command line can be seen by others",
		    "use --password-file FILE|-, --password-fd N, or be asked");
	if (call->exposed_url)
		call_warn(call, "argv_password",
		    "a password in a database URL can be seen by others",
		    "service=NAME, or a password file of libpq");
	if (call->cli->batch && call_option(call, "flush") != NULL)
		return call_fail(call, CLI_EUSAGE, "flush", NULL,
		    "doveadm auth cache flush",
		    "--flush does not work in a batch");
	if (command->flags & CMD_DB && (rc = cli_open(call)) < 0)
		return rc;
	call->db = call->cli->db;
	if (command->prepare != NULL && (rc = command->prepare(call)) < 0)
		return explain_kind(call, rc);
	return command->flags & CMD_DB && command->flags & CMD_WRITE ?
	    transact(call) : command->run(call);
}

/* Carries out one command line and shows the outcome; answers the code. */
int
dispatch(struct cli *cli, char **words, size_t nwords)
{
	struct call call = { .cli = cli, .config = cli->config,
		.db = cli->db };
	char hint[80];
	int rc;

	cli->call = &call;
	cli->secret = false;
	call.command = command_find(words[0]);
	if (call.command == NULL)
		rc = call_fail(&call, CLI_EUSAGE, "command", words[0],
		    command_suggest(words[0], hint) ? hint : PROGRAM " help",
		    "there is no command \"%s\"", words[0]);
	else
		rc = parse(&call, words, nwords);
	cli->parsed = rc == 0;
	out_call_begin(cli->out, &call);
	if (rc == 0)
		rc = run(&call);
	if (rc < 0) {
		fault_from(&call.fault, rc, call.db);
		call.fault.command = call.command != NULL ?
		    call.command->name : NULL;
	}
	if (call.config.help && call.command != NULL && rc == 0)
		help_command(cli->out->to, call.command);
	else
		out_call_end(cli->out, &call, rc);
	if (rc == 1 && !call.config.check && !cli->batch &&
	    maildb_depth(cli->db) == 0 && call.command->after != NULL)
		call.command->after(&call);
	if (rc == 1 && !cli->batch) {
		cli->different = call.config.exit_code;
		cli->committed = !call.config.check;
	}
	cli->call = NULL;
	if (rc < 0 && cli->batch) {
		cli->fault = call.fault;
		memset(&call.fault, 0, sizeof(call.fault));
	}
	call_free(&call);
	return rc;
}
