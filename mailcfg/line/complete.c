/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * complete.c - what the Tab key offers, in the shell and in bash, zsh and fish
 *
 * Reads an unfinished command line by the same rows as dispatch.c, and leaves
 * to the type of an argument what it can be.  The database is asked for some
 * names only, and a failure is an answer without any.
 */
#include <stdlib.h>
#include <string.h>

#include "show/out.h"
#include "line/command.h"
#include "line/complete.h"

/* ---- candidates --------------------------------------------------------- */

static void
add(struct completion *c, const char *word, const char *help)
{
	struct candidate *more;
	char *made = NULL;

	if (c->count == c->room) {
		more = reallocarray(c->found, 2 * c->room + 16,
		    sizeof(*more));
		if (more == NULL)
			return;
		c->found = more;
		c->room = 2 * c->room + 16;
	}
	if (asprintf(&made, "%s%s", c->before != NULL ? c->before : "",
	    word) < 0)
		return;
	c->found[c->count++] = (struct candidate){ made,
		help != NULL ? strdup(help) : NULL };
}

/* Adds a candidate if it begins with the word. */
void
complete_add(struct completion *c, const char *word, const char *help)
{
	if (strncmp(word, c->word, strlen(c->word)) == 0)
		add(c, word, help);
}

/* Adds what can be typed as it stands of "one|two|SIZE". */
void
complete_choices(struct completion *c, const char *choices)
{
	char word[64];
	size_t len;

	for (; *choices != '\0'; choices += len + (choices[len] == '|')) {
		len = strcspn(choices, "|");
		if (len >= sizeof(word))
			continue;
		memcpy(word, choices, len);
		word[len] = '\0';
		if (word[strcspn(word, "ABCDEFGHIJKLMNOPQRSTUVWXYZ")] != '\0')
			continue;
		complete_add(c, word, NULL);
	}
}

/* Opens the database, if it is there and not open yet. */
static bool
open_quietly(struct cli *cli)
{
	static const struct command asking = { .flags = CMD_DB };
	struct call call = { .cli = cli, .config = cli->config,
		.command = &asking };
	int rc;

	call.config.quiet = true;
	rc = cli_open(&call);
	fault_clear(&call.fault);
	return rc >= 0;
}

/* Adds names of the database: those of one domain if it is not NULL, each
 * between two texts. */
static void
ask(struct completion *c, enum maildb_names what, const char *begin,
    const char *domain, const char *before, const char *after)
{
	struct maildb_cursor *cursor;
	struct cli *cli = c->cli;
	int count = 0;
	char *name;

	/* PostgreSQL forgives no error in a transaction: have one to undo. */
	if (!open_quietly(cli) || maildb_begin(cli->db) < 0)
		return;
	if (maildb_complete(cli->db, what, begin, domain, COMPLETE_MOST + 1,
	    &cursor) == 0) {
		while (maildb_cursor_next(cursor) > 0) {
			if (++count > COMPLETE_MOST)
				break;
			if (asprintf(&name, "%s%s%s", before,
			    maildb_cursor_text(cursor, 0), after) < 0)
				break;
			add(c, name, maildb_cursor_width(cursor) > 1 ?
			    maildb_cursor_text(cursor, 1) : NULL);
			free(name);
		}
		maildb_cursor_free(cursor);
	}
	maildb_rollback(cli->db);
	c->more |= count > COMPLETE_MOST;
}

/* Whether a text can be sent to a database. */
static bool
is_utf8(const char *text)
{
	uint32_t code;
	size_t len;

	for (; *text != '\0'; text += len)
		if ((len = utf8_decode(text, &code)) == 0)
			return false;
	return true;
}

/* Adds names that begin with the word; of addresses without @, those of the
 * domain in use. */
void
complete_names(struct completion *c, enum maildb_names what)
{
	const char *domain = what == MAILDB_NAMES_DOMAIN ||
	    what == MAILDB_NAMES_ID || strchr(c->word, '@') != NULL ?
	    NULL : c->cli->domain;

	if (!is_utf8(c->word))
		return;
	if (what == MAILDB_NAMES_DOMAIN && *c->word == '@')
		ask(c, what, c->word + 1, NULL, "@", "");
	else
		ask(c, what, c->word, domain, "", "");
}

/* Adds NAME@DOMAIN for each domain. */
void
complete_at_domains(struct completion *c)
{
	const char *at = strchr(c->word, '@');
	char *name;

	if (at == NULL || !is_utf8(c->word) ||
	    (name = strndup(c->word, (size_t)(at + 1 - c->word))) == NULL)
		return;
	ask(c, MAILDB_NAMES_DOMAIN, at + 1, NULL, name, "");
	free(name);
}

static int
compare(const void *a, const void *b)
{
	return strcmp(((const struct candidate *)a)->word,
	    ((const struct candidate *)b)->word);
}

/* Puts the candidates in order, each once. */
static void
sort(struct completion *c)
{
	size_t i, kept = 0;

	if (c->count > 0)
		qsort(c->found, c->count, sizeof(*c->found), compare);
	for (i = 0; i < c->count; i++) {
		if (kept > 0 &&
		    strcmp(c->found[kept - 1].word, c->found[i].word) == 0) {
			free(c->found[i].word);
			free(c->found[i].help);
			continue;
		}
		c->found[kept++] = c->found[i];
	}
	c->count = kept;
}

/* Frees what was found. */
void
complete_free(struct completion *c)
{
	size_t i;

	for (i = 0; i < c->count; i++) {
		free(c->found[i].word);
		free(c->found[i].help);
	}
	free(c->found);
	free(c->before);
}

/* ---- command lines ------------------------------------------------------ */

/* An unfinished line, as far as it is understood. */
struct line {
	const struct command *command; /* or what has the global options */
	char *const *words;
	size_t nwords;
	size_t at;     /* the next argument */
	bool options;  /* one may come: no -- was seen */
	bool unclear;  /* what follows cannot be known */
	/* The last word was one of these, and its value comes. */
	const struct option *option;
	const struct maildb_field *field;
};

/* Reads the option at words[*i], and its value unless that comes next. */
static void
read_option(struct completion *c, struct line *line, size_t *i)
{
	const char *word = line->words[*i], *name = word + 2, *value = NULL;
	const struct option *option = NULL;
	const struct maildb_field *field = NULL;
	struct fault fault = { 0 };
	size_t len;

	if (word[1] == '-') {
		len = strcspn(name, "=");
		value = name[len] == '=' ? name + len + 1 : NULL;
		option = command_option(line->command, name, len, 0, 0);
		if (option == NULL)
			field = command_field_option(line->command, name, len);
	} else {
		option = command_option(line->command, word + 1,
		    strlen(word + 1), 0, OPT_ONEDASH);
		if (option == NULL) /* letters, of which the last may take one */
			option = command_option(line->command, NULL, 0,
			    word[strlen(word) - 1], 0);
	}
	if (field == NULL && (option == NULL || option->arg == NULL ||
	    option->bits & OPT_BARE))
		return;
	if (value == NULL && *i + 1 < line->nwords)
		value = line->words[++*i];
	if (value == NULL) {
		line->option = option;
		line->field = field;
	} else if (option != NULL && config_owns(option) &&
	    strcmp(option->name, "db") == 0 && !c->cli->opened) {
		config_apply(&c->cli->config, option, value, &fault);
		fault_clear(&fault);
	}
}

/* Reads the words before the one that is completed. */
static void
read_words(struct completion *c, struct line *line)
{
	const struct command *command = line->command;
	const struct arg *arg;
	size_t i;

	for (i = 0; i < line->nwords && !line->unclear; i++) {
		const char *word = line->words[i];

		if (line->options && strcmp(word, "--") == 0) {
			line->options = false;
		} else if (line->options && word[0] == '-' &&
		    word[1] != '\0') {
			read_option(c, line, &i);
		} else if (line->command == command) {
			line->command = command_find(c->cli->commands, word);
			line->unclear = line->command == NULL;
			line->options = true;
			if (line->unclear)
				line->command = command;
		} else {
			arg = &line->command->args[line->at];
			line->unclear = line->at == COMMAND_ARGS ||
			    arg->name == NULL;
			if (!line->unclear && !(arg->bits & ARG_REPEAT))
				line->at++;
		}
	}
}

/* Whether an option is on the line already. */
static bool
is_given(const struct line *line, const char *option)
{
	size_t i, len = strlen(option);

	for (i = 0; i < line->nwords; i++)
		if (strncmp(line->words[i], option, len) == 0 &&
		    (line->words[i][len] == '\0' || line->words[i][len] == '='))
			return true;
	return false;
}

static void
add_option(struct completion *c, const struct line *line, const char *dashes,
    const char *name, const char *help)
{
	char word[64];

	snprintf(word, sizeof(word), "%s%s", dashes, name);
	if (!is_given(line, word))
		complete_add(c, word, help);
}

/* Adds the options of a list that have some bits. */
static void
add_options(struct completion *c, const struct line *line,
    const struct option *list, unsigned bits)
{
	for (; list != NULL && list->name != NULL; list++)
		if ((list->bits & bits) == bits && !(list->bits & OPT_NOARGV))
			add_option(c, line, list->bits & OPT_ONEDASH ? "-" :
			    "--", list->name, list->help);
}

/* Adds all options that may come. */
static void
complete_option(struct completion *c, const struct line *line)
{
	const struct maildb_field *field;
	char name[32];
	size_t i, at = 0;

	for (i = 0; i < COMMAND_OPTIONS; i++)
		add_options(c, line, line->command->options[i], 0);
	while ((field = command_field(line->command, &at)) != NULL) {
		field_option(field, name);
		add_option(c, line, "--", name, field->help);
	}
	if (line->command->name != NULL)
		add_options(c, line, config_options(), OPT_LATE);
}

/* Adds what the value of an option, a field or an argument can be. */
static void
complete_value(struct completion *c, enum type_id type, const char *choices)
{
	if (choices != NULL)
		complete_choices(c, choices);
	else if (argtype(type)->complete != NULL)
		argtype(type)->complete(c);
}

static void
complete_field(struct completion *c, const struct maildb_field *field)
{
	if (field->choices != NULL)
		complete_choices(c, field->choices);
	else if (field->type == MAILDB_BOOL)
		complete_choices(c, "yes|no");
	if (field->flags & MAILDB_FIELD_UNLIMITED)
		complete_add(c, "unlimited", NULL);
	if (field->flags & MAILDB_FIELD_NULLABLE)
		complete_add(c, "default", NULL);
}

/* Adds the commands that can be given here. */
static void
complete_command(struct completion *c)
{
	const struct commands *commands = c->cli->commands;
	const struct command *command;

	for (command = commands->list;
	    command < commands->list + commands->count; command++)
		if (!(command->flags & CMD_HIDDEN) &&
		    (!(command->flags & CMD_SHELL) || c->cli->shell != NULL))
			complete_add(c, command->name, command->summary);
}

/* Completes the value in "--option=value". */
static void
complete_joined(struct completion *c, struct line *line)
{
	const char *equals = strchr(c->word, '='), *name = c->word + 2;

	if (equals == NULL || c->word[1] != '-') {
		complete_option(c, line);
		return;
	}
	line->option = command_option(line->command, name,
	    (size_t)(equals - name), 0, 0);
	line->field = command_field_option(line->command, name,
	    (size_t)(equals - name));
	if ((c->before = strndup(c->word, (size_t)(equals + 1 - c->word))) ==
	    NULL)
		return;
	c->word = equals + 1;
	if (line->option != NULL && line->option->arg != NULL)
		complete_value(c, line->option->type, line->option->choices);
	else if (line->field != NULL)
		complete_field(c, line->field);
}

/* Completes an argument. */
static void
complete_argument(struct completion *c, const struct arg *arg)
{
	c->may_be_new = arg->bits & ARG_NEW;
	complete_value(c, arg->type, arg->choices);
	if (strchr(arg->name, '|') != NULL) /* SIZE|unlimited|default */
		complete_choices(c, arg->name);
}

/* See complete.h. */
void
complete(struct completion *c, struct cli *cli, char *const *words,
    size_t nwords, const char *word)
{
	const struct command self = { .options = { config_options() } };
	struct line line = { .command = &self, .words = words,
		.nwords = nwords, .options = true };

	*c = (struct completion){ .cli = cli, .word = word };
	read_words(c, &line);
	if (line.unclear)
		return;
	if (line.option != NULL)
		complete_value(c, line.option->type, line.option->choices);
	else if (line.field != NULL)
		complete_field(c, line.field);
	else if (line.options && *word == '-')
		complete_joined(c, &line);
	else if (line.command == &self)
		complete_command(c);
	else if (line.at < COMMAND_ARGS &&
	    line.command->args[line.at].name != NULL)
		complete_argument(c, &line.command->args[line.at]);
	sort(c);
}
