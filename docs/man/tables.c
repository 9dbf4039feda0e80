/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * tables.c - what mailcfg(1) tells from the program's own tables
 *
 * Prints mdoc(7) in blocks, each begun by a line "@NAME", for assemble.awk:
 * commands, options, fields, error codes.  Runs while the manual is built and
 * is not installed.  The line "@body NAME" stands where the text of
 * docs/commands/NAME.mdoc goes.
 */
#include <ctype.h>
#include <string.h>

#include "../../mailcfg/line/command.h"

/* Text that mdoc does not take for a request or an escape. */
static void
put_text(const char *text)
{
	if (*text == '.' || *text == '\'')
		fputs("\\&", stdout);
	for (; *text != '\0'; text++)
		fputs(*text == '\\' ? "\\e" : (char[]){ *text, '\0' }, stdout);
}

/* "SIZE|unlimited" as macros: placeholders are in capitals, words are not. */
static void
put_value(const char *before, const char *value)
{
	size_t len;

	for (; *value != '\0'; value += len + (value[len] == '|')) {
		len = strcspn(value, "|");
		printf("%s%s %.*s", before, isupper((unsigned char)*value) ?
		    "Ar" : "Cm", (int)len, value);
		before = " | ";
	}
}

/* Ends the line of a list's item, and says what it means. */
static void
put_help(const char *help)
{
	putchar('\n');
	putchar(toupper((unsigned char)*help));
	put_text(help + 1);
	fputs(".\n", stdout);
}

/* The options of a list whose bits OPT_LATE and OPT_NOARGV are these. */
static void
put_options(const struct option *option, unsigned bits)
{
	for (; option != NULL && option->name != NULL; option++) {
		if ((option->bits & (OPT_LATE | OPT_NOARGV)) != bits)
			continue;
		fputs(".It", stdout);
		if (option->letter != '\0')
			printf(" Fl %c ,", option->letter);
		printf(" Fl %s%s", option->bits & OPT_ONEDASH ? "" : "-",
		    option->name);
		if (option->arg != NULL && option->bits & OPT_BARE)
			printf(" Ns Op = Ns Ar %s", option->arg);
		else if (option->arg != NULL)
			put_value(" ", option->choices != NULL ? option->choices :
			    option->arg);
		put_help(option->help);
	}
}

/* The fields of a kind as options, with the value that a new object has. */
static void
put_fields(const char *block, enum maildb_kind kind)
{
	const struct maildb_field *field;
	const char *name;
	size_t count;

	printf("@%s\n", block);
	for (field = maildb_fields(kind, &count); count > 0; field++, count--) {
		fputs(".It Fl -", stdout);
		for (name = field->name; *name != '\0'; name++)
			putchar(*name == '_' ? '-' : *name);
		put_value(" ", help_field_value(field));
		if (field->flags & MAILDB_FIELD_UNLIMITED)
			fputs(" | Cm unlimited", stdout);
		if (field->flags & MAILDB_FIELD_NULLABLE)
			fputs(" | Cm default", stdout);
		put_help(field->help);
		if (field->flags & MAILDB_FIELD_CREATE)
			puts("Given when added, never changed.");
		if (field->initial != NULL)
			printf("At first:\n.Cm %s .\n", field->initial);
	}
}

/* "mailcfg adduser [options] ADDRESS [PASSWORD]" */
static void
put_call(const struct command *command)
{
	const struct arg *arg = command->args;

	printf(".Nm\n.Cm %s\n", command->name);
	if (command->options[0] != NULL || command->flags & CMD_FIELDS)
		puts(".Op Ar options");
	for (; arg < command->args + COMMAND_ARGS && arg->name != NULL; arg++) {
		const char *name = arg->choices != NULL ? arg->choices :
		    arg->name;

		bool either = strchr(name, '|') != NULL &&
		    !(arg->bits & ARG_OPTIONAL);

		put_value(arg->bits & ARG_OPTIONAL ? ".Op " :
		    either ? ".Bro " : ".", name);
		printf("%s%s\n", either ? " Brc" : "",
		    arg->bits & ARG_REPEAT ? " ..." : "");
	}
}

static void
put_command(const struct command *command)
{
	static const char *const sections[MAILDB_KINDS] = {
		[MAILDB_KIND_DOMAIN] = "DOMAIN FIELDS",
		[MAILDB_KIND_USER] = "USER FIELDS",
		[MAILDB_KIND_ALIAS] = "ALIAS FIELDS",
		[MAILDB_KIND_RECIPIENT] = "ALIAS FIELDS",
	};
	size_t i;

	printf(".Ss %s\n", command->name);
	put_call(command);
	puts(".Pp");
	put_text(command->summary);
	puts(".");
	for (i = 0; i < COUNT(command->aliases); i++)
		if (command->aliases[i] != NULL)
			printf("Also called\n.Cm %s .\n", command->aliases[i]);
	printf("@body %s\n", command->name);
	if (command->options[0] != NULL) {
		puts(".Bl -tag -width 4n");
		for (i = 0; i < COMMAND_OPTIONS; i++)
			put_options(command->options[i], 0);
		puts(".El");
	}
	if (command->flags & CMD_FIELDS)
		printf(".Pp\nFields are options as well: see\n.Sx %s .\n",
		    sections[command->kind]);
}

/* Each group of commands as a section. */
static void
put_commands(void)
{
	const struct command *command;
	const char *title;
	int group;

	puts("@commands");
	for (group = 0; group < GROUPS; group++) {
		fputs(".Sh ", stdout);
		for (title = group_titles[group]; *title != '\0'; title++)
			putchar(toupper((unsigned char)*title));
		putchar('\n');
		for (command = commands; command < commands + ncommands;
		    command++)
			if ((int)command->group == group &&
			    !(command->flags & CMD_HIDDEN))
				put_command(command);
	}
}

/* What error codes there are, and the exit status of each. */
static void
put_errors(void)
{
	static const struct {
		int code;
		const char *meaning;
	} own[] = {
		{ CLI_EUSAGE, "the words on the command line make no call" },
		{ CLI_ESTRICT, "there were warnings, and --strict" },
		{ CLI_EBATCH, "some lines of a batch failed" },
	};
	size_t i;

	puts("@errors");
#define PUT_ERROR(symbol, number, name, meaning) \
	printf(".It %s Ta %d Ta ", name, error_status(MAILDB_##symbol)), \
	put_text(meaning), putchar('\n');
	MAILDB_ERRORS(PUT_ERROR)
	for (i = 0; i < COUNT(own); i++)
		printf(".It %s Ta %d Ta %s\n", error_name(own[i].code),
		    error_status(own[i].code), own[i].meaning);
}

int
main(void)
{
	puts("@leading-options");
	put_options(config_options(), 0);
	puts("@global-options");
	put_options(config_options(), OPT_LATE);
	put_commands();
	put_fields("user-fields", MAILDB_KIND_USER);
	put_fields("domain-fields", MAILDB_KIND_DOMAIN);
	put_fields("alias-fields", MAILDB_KIND_ALIAS);
	put_errors();
	return ferror(stdout) || fflush(stdout) != 0;
}
