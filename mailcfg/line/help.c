/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * help.c - what commands there are and how each is called, from their rows
 */
#include <string.h>

#include "line/command.h"

/* The command of that name or alias, or NULL. */
const struct command *
command_find(const char *name)
{
	size_t i, j;

	for (i = 0; i < ncommands; i++) {
		if (strcmp(commands[i].name, name) == 0)
			return &commands[i];
		for (j = 0; j < COUNT(commands[i].aliases); j++)
			if (commands[i].aliases[j] != NULL &&
			    strcmp(commands[i].aliases[j], name) == 0)
				return &commands[i];
	}
	return NULL;
}

/* Whether a mistyped command may have been this one.  One that removes is only
 * meant by who has begun to type it. */
static bool
may_mean(const char *name, const struct command *command)
{
	return !(command->flags & CMD_HIDDEN) &&
	    (strncmp(command->name, "rm", 2) != 0 ||
	    strncmp(name, "rm", 2) == 0);
}

/* Writes "did you mean ...?" for a mistyped command: 1, or 0 for nothing. */
int
command_suggest(const char *name, char hint[80])
{
	const char *names[256];
	size_t i, count = 0;
	int found;

	for (i = 0; i < ncommands && count < COUNT(names); i++)
		if (may_mean(name, &commands[i]))
			names[count++] = commands[i].name;
	if ((found = suggest(name, names, count)) < 0)
		return 0;
	snprintf(hint, 80, "did you mean %s?", names[found]);
	return 1;
}

/* "mailcfg adduser [OPTIONS] ADDRESS [PASSWORD]", without a line end. */
void
help_usage(FILE *to, const struct command *command)
{
	const struct arg *arg = command->args;

	fprintf(to, "usage: " PROGRAM " %s", command->name);
	if (command->options[0] != NULL || command->flags & CMD_FIELDS)
		fputs(" [OPTIONS]", to);
	for (; arg < command->args + COMMAND_ARGS && arg->name != NULL; arg++)
		fprintf(to, arg->bits & ARG_OPTIONAL ? " [%s%s]" : " %s%s",
		    arg->choices != NULL ? arg->choices : arg->name,
		    arg->bits & ARG_REPEAT ? "..." : "");
}

/* One line of a list: a term, padded, and what it means. */
static void
put_term(FILE *to, const char *term, const char *help)
{
	int len = (int)strlen(term);

	if (len > 25)
		fprintf(to, "  %s\n  %*s  %s\n", term, 25, "", help);
	else
		fprintf(to, "  %-25s  %s\n", term, help);
}

/* "-f, --file FILE" and its help. */
static void
put_options(FILE *to, const struct option *option, const char *separator)
{
	char term[160];

	for (; option != NULL && option->name != NULL; option++) {
		if (option->bits & OPT_NOARGV)
			continue;
		snprintf(term, sizeof(term), "%s%c%s%s%s%s%s%s",
		    option->letter ? "-" : "", option->letter ? option->letter
		    : ' ', option->letter ? ", " : "   ",
		    option->bits & OPT_ONEDASH ? "-" : "--", option->name,
		    option->arg != NULL ? separator : "",
		    option->arg == NULL ? "" : option->choices != NULL ?
		    option->choices : option->arg, "");
		put_term(to, term, option->help);
	}
}

/* What a field takes, for its option. */
const char *
help_field_value(const struct maildb_field *field)
{
	static const char *const values[] = {
		[MAILDB_TEXT] = "TEXT",
		[MAILDB_INT] = "NUMBER",
		[MAILDB_BOOL] = "yes|no",
		[MAILDB_SIZE] = "SIZE",
		[MAILDB_COUNT] = "NUMBER",
		[MAILDB_TIME] = "TIME",
		[MAILDB_MSEC] = "TIME",
		[MAILDB_JSON] = "JSON",
	};

	return field->choices != NULL ? field->choices : values[field->type];
}

/* The fields of a kind as options: valid_from is --valid-from. */
static void
put_fields(FILE *to, const struct command *command)
{
	const struct maildb_field *field;
	char name[32], term[160];
	size_t at = 0;

	while ((field = command_field(command, &at)) != NULL) {
		field_option(field, name);
		snprintf(term, sizeof(term), "    --%s %s%s%s", name,
		    help_field_value(field),
		    field->flags & MAILDB_FIELD_UNLIMITED ? "|unlimited" : "",
		    field->flags & MAILDB_FIELD_NULLABLE ? "|default" : "");
		put_term(to, term, field->help);
	}
}

/* All there is to say on one command. */
void
help_command(FILE *to, const struct command *command)
{
	const struct arg *arg = command->args;
	size_t i;

	help_usage(to, command);
	fprintf(to, "\n\n%s.\n", command->summary);
	for (i = 0; i < COUNT(command->aliases); i++)
		if (command->aliases[i] != NULL)
			fprintf(to, "Also known as %s.\n", command->aliases[i]);
	if (arg->name != NULL)
		fputs("\nArguments:\n", to);
	for (; arg < command->args + COMMAND_ARGS && arg->name != NULL; arg++)
		put_term(to, arg->name, arg->choices != NULL ? arg->choices :
		    argtype(arg->type)->noun);
	if (command->options[0] != NULL || command->flags & CMD_FIELDS)
		fputs("\nOptions:\n", to);
	for (i = 0; i < COMMAND_OPTIONS; i++)
		put_options(to, command->options[i], " ");
	put_fields(to, command);
}

/* All commands by group, and the global options. */
void
help_commands(FILE *to)
{
	const struct command *command;
	char term[80];
	size_t i;
	int group;

	fputs("usage: " PROGRAM " [OPTIONS] COMMAND [ARGUMENTS]\n", to);
	for (group = 0; group < GROUPS; group++) {
		fprintf(to, "\n%s:\n", group_titles[group]);
		for (command = commands; command < commands + ncommands;
		    command++) {
			if ((int)command->group != group ||
			    command->flags & CMD_HIDDEN)
				continue;
			snprintf(term, sizeof(term), "%s", command->name);
			for (i = 0; i < COMMAND_ARGS &&
			    command->args[i].name != NULL; i++)
				snprintf(term + strlen(term),
				    sizeof(term) - strlen(term),
				    command->args[i].bits & ARG_OPTIONAL ?
				    " [%s]" : " %s", command->args[i].name);
			put_term(to, term, command->summary);
		}
	}
	fputs("\nOptions:\n", to);
	put_options(to, config_options(), " ");
	fputs("\n" PROGRAM " help COMMAND tells more.\n", to);
}
