/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * table.c - whether the rows of mailcfg's table of commands make sense
 *
 * Names whatever is missing or contradictory: everything else is built on
 * these rows.  The same checks have to find fault with rows that are wrong.
 */
#include <stdio.h>
#include <string.h>

#include "../../mailcfg/line/command.h"

static size_t faults;
static bool quiet;

/* Notes what is wrong with a command. */
static void
blame(const struct command *command, const char *what, const char *why)
{
	faults++;
	if (!quiet)
		printf("not ok - %s: %s: %s\n", command->name, what, why);
}

/* ---- arguments ---------------------------------------------------------- */

static void
check_arguments(const struct command *command)
{
	const struct arg *arg, *before = NULL;
	bool ended = false;
	size_t i;

	for (i = 0; i < COMMAND_ARGS; i++, before = arg) {
		arg = &command->args[i];
		if (arg->name == NULL) {
			ended = true;
			continue;
		}
		if (ended)
			blame(command, arg->name, "behind a gap");
		if (before != NULL && before->bits & ARG_REPEAT)
			blame(command, arg->name, "behind one that repeats");
		if (before != NULL && before->bits & ARG_OPTIONAL &&
		    !(arg->bits & ARG_OPTIONAL))
			blame(command, arg->name, "demanded behind an "
			    "optional one");
		if (arg->type >= TYPES || argtype(arg->type)->parse == NULL ||
		    argtype(arg->type)->noun == NULL)
			blame(command, arg->name, "its type cannot be read");
		else if (!(arg->bits & ARG_SECRET) != (arg->type !=
		    TYPE_SECRET))
			blame(command, arg->name, "a password that is not "
			    "wiped, or the reverse");
	}
}

/* ---- options ------------------------------------------------------------- */

/* How many options of a command, global ones included, have this name or
 * letter. */
static size_t
count_options(const struct command *command, const char *name, char letter)
{
	const struct maildb_field *field;
	const struct option *option;
	size_t count = 0, at = 0, i;
	char dashed[32];

	for (i = 0; i <= COMMAND_OPTIONS; i++)
		for (option = i < COMMAND_OPTIONS ? command->options[i] :
		    config_options(); option != NULL && option->name != NULL;
		    option++)
			count += (letter != '\0' && option->letter == letter) ||
			    (name != NULL && strcmp(option->name, name) == 0);
	while (name != NULL && (field = command_field(command, &at)) != NULL) {
		field_option(field, dashed);
		count += strcmp(dashed, name) == 0;
	}
	return count;
}

static void
check_option(const struct command *command, const struct option *option)
{
	if (count_options(command, option->name, '\0') != 1)
		blame(command, option->name, "an option's name that is used "
		    "twice, or is a global one's");
	if (option->letter != '\0' &&
	    count_options(command, NULL, option->letter) != 1)
		blame(command, option->name, "its letter is used twice");
	if (option->help == NULL || *option->help == '\0')
		blame(command, option->name, "an option without help");
	if (option->arg == NULL && (option->choices != NULL ||
	    option->bits & OPT_BARE))
		blame(command, option->name, "a switch with values");
	if (option->arg != NULL && option->flag != 0)
		blame(command, option->name, "a value, and a flag of a switch");
	if (option->type >= TYPES || argtype(option->type)->parse == NULL)
		blame(command, option->name, "its type cannot be read");
	if (option->bits & (OPT_LATE | OPT_FILE | OPT_NOARGV | OPT_SHELL))
		blame(command, option->name, "what only global options have");
}

static void
check_options(const struct command *command)
{
	const struct maildb_field *field;
	const struct option *option;
	bool ended = false;
	size_t at = 0, i;
	char name[32];

	for (i = 0; i < COMMAND_OPTIONS; i++) {
		option = command->options[i];
		if (option != NULL && ended)
			blame(command, option->name, "a list behind a gap");
		ended |= option == NULL;
		for (; option != NULL && option->name != NULL; option++)
			check_option(command, option);
	}
	while ((field = command_field(command, &at)) != NULL) {
		field_option(field, name);
		if (count_options(command, name, '\0') != 1)
			blame(command, name, "a field and an option");
		if (field->help == NULL)
			blame(command, name, "a field without help");
	}
}

/* ---- commands -------------------------------------------------------------- */

/* How many names and other names of a table are this one. */
static size_t
count_names(const struct command *table, size_t n, const char *name)
{
	size_t count = 0, i, j;

	for (i = 0; i < n; i++) {
		count += strcmp(table[i].name, name) == 0;
		for (j = 0; j < COUNT(table[i].aliases); j++)
			count += table[i].aliases[j] != NULL &&
			    strcmp(table[i].aliases[j], name) == 0;
	}
	return count;
}

static void
check_command(const struct command *table, size_t n,
    const struct command *command)
{
	size_t len = command->summary != NULL ? strlen(command->summary) : 0, i;
	unsigned flags = command->flags;

	if (command->run == NULL)
		blame(command, "run", "it does nothing");
	if (len == 0 || command->summary[len - 1] == '.' ||
	    command->summary[0] < 'A' || command->summary[0] > 'Z')
		blame(command, "summary", "no phrase that begins with a "
		    "capital and has no full stop");
	if (len > 60)
		blame(command, "summary", "too long for a line of help");
	if (count_names(table, n, command->name) != 1)
		blame(command, command->name, "a name that is used twice");
	for (i = 0; i < COUNT(command->aliases); i++)
		if (command->aliases[i] != NULL &&
		    count_names(table, n, command->aliases[i]) != 1)
			blame(command, command->aliases[i], "used twice");
	if (command->group >= GROUPS || group_titles[command->group] == NULL)
		blame(command, "group", "there is none");
	if (flags & CMD_WRITE && !(flags & (CMD_DB | CMD_ALONE)))
		blame(command, "flags", "writes without a database");
	if (flags & CMD_NEW && !(flags & CMD_FIELDS))
		blame(command, "flags", "new fields, but no fields");
	if (flags & CMD_SHELL && flags & CMD_ALONE)
		blame(command, "flags", "alone in the shell");
	if (!(flags & CMD_SHELL) != (command->group != GROUP_SHELL) &&
	    !(flags & CMD_HIDDEN))
		blame(command, "group", "not where it works");
	if (command->after != NULL && !(flags & CMD_WRITE))
		blame(command, "after", "nothing is committed");
	check_arguments(command);
	check_options(command);
}

/* Checks a table; answers how many faults it has. */
static size_t
check_table(const struct command *table, size_t n)
{
	size_t i;

	faults = 0;
	for (i = 0; i < n; i++)
		check_command(table, n, &table[i]);
	return faults;
}

/* ---- what must be found ------------------------------------------------------- */

static int
nothing(struct call *call)
{
	(void)call;
	return 0;
}

static void
nothing_after(struct call *call)
{
	(void)call;
}

#define ROW(...) { .name = "x", .summary = "A row", .run = nothing, __VA_ARGS__ }
#define WORD(as, set) { .name = as, .type = TYPE_WORD, .bits = set }
#define OPTIONS(...) .options = { (const struct option[]){ __VA_ARGS__, \
	{ .name = NULL } } }

static const struct {
	const char *what;
	struct command row;
} wrong[] = {
	{ "no handler", { .name = "x", .summary = "A row" } },
	{ "no summary", { .name = "x", .run = nothing } },
	{ "a sentence", { .name = "x", .summary = "A row.", .run = nothing } },
	{ "its own name as another", ROW(.aliases = { "x" }) },
	{ "no group", ROW(.group = GROUPS) },
	{ "writes nowhere", ROW(.flags = CMD_WRITE) },
	{ "new without fields", ROW(.flags = CMD_NEW) },
	{ "the shell's, elsewhere", ROW(.flags = CMD_SHELL) },
	{ "after nothing", ROW(.after = nothing_after) },
	{ "demanded after optional", ROW(.args = {
	    WORD("A", ARG_OPTIONAL), WORD("B", 0) }) },
	{ "after one that repeats", ROW(.args = {
	    WORD("A", ARG_REPEAT), WORD("B", ARG_OPTIONAL) }) },
	{ "a gap", ROW(.args = { [1] = WORD("B", 0) }) },
	{ "no type", ROW(.args = { { .name = "A", .type = TYPES } }) },
	{ "a password kept", ROW(.args = {
	    { .name = "A", .type = TYPE_SECRET } }) },
	{ "a name twice", ROW(OPTIONS({ .name = "a", .help = "h" },
	    { .name = "a", .help = "h" })) },
	{ "a letter twice", ROW(OPTIONS(
	    { .name = "a", .letter = 'a', .help = "h" },
	    { .name = "b", .letter = 'a', .help = "h" })) },
	{ "a global name", ROW(OPTIONS({ .name = "json", .help = "h" })) },
	{ "a global letter", ROW(OPTIONS(
	    { .name = "a", .letter = 'j', .help = "h" })) },
	{ "a field's name", ROW(.flags = CMD_DB | CMD_FIELDS,
	    .kind = MAILDB_KIND_USER,
	    OPTIONS({ .name = "quota", .help = "h" })) },
	{ "no help", ROW(OPTIONS({ .name = "a" })) },
	{ "a switch with choices", ROW(OPTIONS(
	    { .name = "a", .choices = "b|c", .help = "h" })) },
};

int
main(void)
{
	static const struct command right = ROW(.flags = 0);
	size_t i, passed = 0, failed = 0;

	if (check_table(commands, ncommands) == 0)
		passed++;
	else
		failed += faults;
	quiet = true;
	if (check_table(&right, 1) == 0)
		passed++;
	else
		failed++;
	for (i = 0; i < COUNT(wrong); i++)
		if (check_table(&wrong[i].row, 1) > 0) {
			passed++;
		} else {
			printf("not ok - nobody minds: %s\n", wrong[i].what);
			failed++;
		}
	printf("%zu passed, %zu failed\n", passed, failed);
	return failed != 0;
}
