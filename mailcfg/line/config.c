/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * config.c - what a run was asked for
 *
 * Owns the global options and the configuration files, which are one table:
 * a file may say "format = json" where the command line says --format json.
 * An option beats the environment, which beats the user's file, which beats
 * the machine's.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "line/command.h"
#include "line/lines.h"
#include "line/secret.h"

#define FORMATS "table|tsv|csv|json|jsonl"

enum key {
	KEY_DB,
	KEY_FILE,
	KEY_KEEP_GOING,
	KEY_JSON,
	KEY_FORMAT,
	KEY_CHECK,
	KEY_DRY_RUN,
	KEY_DIFF,
	KEY_EXIT_CODE,
	KEY_STRICT,
	KEY_YES,
	KEY_QUIET,
	KEY_VERBOSE,
	KEY_COLOR,
	KEY_UTC,
	KEY_PAGER,
	KEY_TIMEOUT,
	KEY_HELP,
	KEY_VERSION,
	KEY_ARGV_PASSWORD,
	KEYS,
};

static const struct option options[KEYS + 1] = {
	[KEY_DB] = { .name = "db", .letter = 'd', .bits = OPT_FILE,
		.arg = "URL", .type = TYPE_FILE, .help = "the database: a path, "
		"sqlite:PATH, postgresql://..., service=NAME" },
	[KEY_FILE] = { .name = "file", .letter = 'f', .arg = "FILE",
		.type = TYPE_FILE, .help = "carry out the commands of FILE (- is "
		"standard input) in one transaction" },
	[KEY_KEEP_GOING] = { .name = "keep-going",
		.help = "with -f or shell: go on after lines that fail" },
	[KEY_JSON] = { .name = "json", .letter = 'j', .bits = OPT_LATE,
		.choices = FORMATS,
		.help = "the same as --format json" },
	[KEY_FORMAT] = { .name = "format",
		.bits = OPT_LATE | OPT_FILE | OPT_SHELL, .arg = "FORMAT",
		.choices = FORMATS,
		.help = "how results are written" },
	[KEY_CHECK] = { .name = "check", .letter = 'n', .bits = OPT_LATE,
		.help = "show what would change, and change nothing" },
	[KEY_DRY_RUN] = { .name = "dry-run", .bits = OPT_LATE,
		.help = "the same as --check" },
	[KEY_DIFF] = { .name = "diff", .bits = OPT_LATE,
		.help = "show each changed row before and after" },
	[KEY_EXIT_CODE] = { .name = "exit-code", .bits = OPT_LATE,
		.help = "exit with 5 when something changed, or would" },
	[KEY_STRICT] = { .name = "strict", .bits = OPT_LATE,
		.help = "refuse what there is a warning about" },
	[KEY_YES] = { .name = "yes", .letter = 'y', .bits = OPT_LATE,
		.help = "answer every question with yes" },
	[KEY_QUIET] = { .name = "quiet", .letter = 'q', .bits = OPT_LATE,
		.help = "no warnings and no hints" },
	[KEY_VERBOSE] = { .name = "verbose", .letter = 'v', .bits = OPT_LATE,
		.help = "say also when nothing changed" },
	[KEY_COLOR] = { .name = "color",
		.bits = OPT_LATE | OPT_FILE | OPT_SHELL, .arg = "WHEN",
		.choices = "auto|always|never", .help = "colours in tables" },
	[KEY_UTC] = { .name = "utc", .bits = OPT_LATE | OPT_FILE | OPT_SHELL,
		.help = "times in UTC also for people" },
	[KEY_PAGER] = { .name = "pager",
		.bits = OPT_FILE | OPT_SHELL | OPT_NOARGV, .arg = "WHEN",
		.choices = "auto|never", .help = "long results page by page" },
	[KEY_TIMEOUT] = { .name = "timeout", .bits = OPT_FILE,
		.arg = "SECONDS", .type = TYPE_NUMBER,
		.help = "how long to wait for another writer" },
	[KEY_HELP] = { .name = "help", .letter = 'h', .bits = OPT_LATE,
		.help = "help, also on a command" },
	[KEY_VERSION] = { .name = "version", .letter = 'V',
		.help = "the version of this program" },
	[KEY_ARGV_PASSWORD] = { .name = "allow_argv_password",
		.bits = OPT_FILE | OPT_NOARGV, .arg = "yes|no",
		.choices = "no|yes", .help = "passwords as arguments" },
};

/* Where an option goes: a switch is set, a choice becomes its place in the
 * list of choices after "first". */
static const struct target {
	enum { TO_SWITCH, TO_TEXT, TO_CHOICE, TO_SECONDS } kind;
	size_t offset;
	int first;
	const char *fixed; /* the value of a switch that is short for another */
} targets[KEYS] = {
	[KEY_DB] = { TO_TEXT, offsetof(struct config, db), 0, NULL },
	[KEY_FILE] = { TO_TEXT, offsetof(struct config, file), 0, NULL },
	[KEY_KEEP_GOING] = { TO_SWITCH, offsetof(struct config, keep_going),
		0, NULL },
	[KEY_JSON] = { TO_CHOICE, offsetof(struct config, format),
		FORMAT_TABLE, "json" },
	[KEY_FORMAT] = { TO_CHOICE, offsetof(struct config, format),
		FORMAT_TABLE, NULL },
	[KEY_CHECK] = { TO_SWITCH, offsetof(struct config, check), 0, NULL },
	[KEY_DRY_RUN] = { TO_SWITCH, offsetof(struct config, check), 0, NULL },
	[KEY_DIFF] = { TO_SWITCH, offsetof(struct config, diff), 0, NULL },
	[KEY_EXIT_CODE] = { TO_SWITCH, offsetof(struct config, exit_code),
		0, NULL },
	[KEY_STRICT] = { TO_SWITCH, offsetof(struct config, strict), 0, NULL },
	[KEY_YES] = { TO_SWITCH, offsetof(struct config, yes), 0, NULL },
	[KEY_QUIET] = { TO_SWITCH, offsetof(struct config, quiet), 0, NULL },
	[KEY_VERBOSE] = { TO_SWITCH, offsetof(struct config, verbose),
		0, NULL },
	[KEY_COLOR] = { TO_CHOICE, offsetof(struct config, color),
		COLOR_AUTO, NULL },
	[KEY_UTC] = { TO_SWITCH, offsetof(struct config, utc), 0, NULL },
	[KEY_PAGER] = { TO_CHOICE, offsetof(struct config, pager),
		PAGER_AUTO, NULL },
	[KEY_TIMEOUT] = { TO_SECONDS, offsetof(struct config, timeout),
		0, NULL },
	[KEY_HELP] = { TO_SWITCH, offsetof(struct config, help), 0, NULL },
	[KEY_VERSION] = { TO_SWITCH, offsetof(struct config, version),
		0, NULL },
	[KEY_ARGV_PASSWORD] = { TO_CHOICE,
		offsetof(struct config, argv_password), 0, NULL },
};

/* The global options, ended by one without a name. */
const struct option *
config_options(void)
{
	return options;
}

/* The one that "set" changes in the shell, or NULL. */
const struct option *
config_session(const char *name)
{
	int i;

	for (i = 0; i < KEYS; i++)
		if (options[i].bits & OPT_SHELL &&
		    strcmp(options[i].name, name) == 0)
			return &options[i];
	return NULL;
}

/* Whether an option is a global one. */
bool
config_owns(const struct option *option)
{
	return option >= options && option < options + KEYS;
}

/* Puts one option's value into its place; 0, or an error with fault set. */
int
config_apply(struct config *config, const struct option *option,
    const char *value, struct fault *fault)
{
	const struct target *target = &targets[option - options];
	void *place = (char *)config + target->offset;
	char hint[CHOICE_HINT], *copy;
	long number;
	int found;

	switch (target->kind) {
	case TO_SWITCH:
		/* The command line says only "", a file or the shell more. */
		found = *value == '\0' ? 1 : choice_find("no|yes", value, hint);
		if (found < 0)
			return fault_set(fault, CLI_EUSAGE, option->name,
			    value, hint, "%s cannot be \"%s\"", option->name,
			    value);
		*(bool *)place = found == 1;
		break;
	case TO_TEXT:
		if ((copy = strdup(value)) == NULL)
			return fault_set(fault, MAILDB_ENOMEM, NULL, NULL,
			    NULL, "memory is exhausted");
		free(*(char **)place);
		*(char **)place = copy;
		break;
	case TO_CHOICE:
		found = choice_find(option->choices,
		    target->fixed != NULL ? target->fixed : value, hint);
		if (found < 0)
			return fault_set(fault, CLI_EUSAGE, option->name,
			    value, hint, "%s cannot be \"%s\"", option->name,
			    value);
		*(int *)place = target->first + found;
		break;
	case TO_SECONDS:
		errno = 0;
		number = strtol(value, &copy, 10);
		if (errno != 0 || copy == value || *copy != '\0' ||
		    number < 0 || number > 86400)
			return fault_set(fault, CLI_EUSAGE, option->name,
			    value, "a whole number of seconds, at most 86400",
			    "%s cannot be \"%s\"", option->name, value);
		*(int *)place = (int)number * 1000;
		break;
	}
	return 0;
}

/* Puts a switch or a choice back to what it is when nobody says anything. */
void
config_reset(struct config *config, const struct option *option)
{
	const struct target *target = &targets[option - options];
	void *place = (char *)config + target->offset;

	if (target->kind == TO_SWITCH)
		*(bool *)place = false;
	else
		*(int *)place = 0;
}

/* Cuts blanks off both ends, in place. */
static char *
trim(char *text)
{
	size_t len;

	text += strspn(text, " \t");
	len = strlen(text);
	while (len > 0 && strchr(" \t\r\n", text[len - 1]) != NULL)
		text[--len] = '\0';
	return text;
}

/* Reads one line "key = value" into config unless a better place said so. */
static int
read_line(struct config *config, bool given[KEYS], char *line,
    const char *path, unsigned long number, struct fault *fault)
{
	const char *names[KEYS];
	char hint[80] = "", *key, *value;
	size_t count = 0;
	int i;

	if (number == 1 && strncmp(line, "\xef\xbb\xbf", 3) == 0)
		line += 3; /* a byte order mark, from an editor */
	key = trim(line);
	if (*key == '\0' || *key == '#')
		return 0;
	if ((value = strchr(key, '=')) == NULL)
		return fault_set(fault, CLI_EUSAGE, NULL, NULL, NULL,
		    "%s:%lu: no = in this line", path, number);
	*value++ = '\0';
	key = trim(key);
	value = trim(value);
	for (i = 0; i < KEYS; i++)
		if (options[i].bits & OPT_FILE) {
			if (strcmp(options[i].name, key) == 0)
				break;
			names[count++] = options[i].name;
		}
	if (i == KEYS) {
		if ((i = suggest(key, names, count)) >= 0)
			snprintf(hint, sizeof(hint), "did you mean %s?",
			    names[i]);
		return fault_set(fault, CLI_EUSAGE, key, NULL,
		    *hint ? hint : NULL, "%s:%lu: no setting \"%s\"", path,
		    number, key);
	}
	if (given[i])
		return 0;
	given[i] = true;
	return config_apply(config, &options[i], value, fault);
}

/* Reads a file, if it is there; one that may not be opened is only noted, as
 * an option can make it unnecessary. */
static int
read_file(struct config *config, bool given[KEYS], const char *path,
    struct fault *fault)
{
	unsigned long number = 0;
	char *line = NULL;
	size_t size = 0;
	FILE *file;
	int rc = 0;

	if ((file = fopen(path, "re")) == NULL) {
		if (errno == ENOENT || errno == ENOTDIR ||
		    config->unreadable != NULL)
			return 0;
		if (errno != ENOMEM)
			config->unreadable = strdup(path);
		return config->unreadable != NULL ? 0 :
		    lines_fail(fault, MAILDB_ENOMEM, path);
	}
	while (rc == 0 && (rc = lines_read(file, &line, &size, NULL)) > 0)
		rc = read_line(config, given, line, path, ++number, fault);
	if (rc < 0 && fault->code == 0)
		lines_fail(fault, rc, path);
	lines_free(line, size);
	fclose(file);
	return rc;
}

/* Fills what no option has said; 0, or an error with fault set. */
int
config_load(struct config *config, struct fault *fault)
{
	bool given[KEYS] = {
		[KEY_DB] = config->db != NULL,
		[KEY_FORMAT] = config->format != FORMAT_DEFAULT,
		[KEY_COLOR] = config->color != COLOR_AUTO,
		[KEY_UTC] = config->utc,
		[KEY_TIMEOUT] = config->timeout >= 0,
	};
	const char *home, *below = "";
	char *path, *url;
	int rc;

	config->db_named = config->db != NULL;
	url = getenv("MAILCFG_DB");
	if (config->db == NULL && url != NULL && *url != '\0') {
		if ((config->db = strdup(url)) == NULL)
			goto nomem;
		config->db_named = given[KEY_DB] = true;
	}
	/* It may hold a password, which /proc/PID/environ would show. */
	if (url != NULL)
		secret_wipe(url);
	(void)unsetenv("MAILCFG_DB");
	home = getenv("XDG_CONFIG_HOME");
	if (home == NULL || *home != '/') {
		home = getenv("HOME");
		below = "/.config";
	}
	if (home != NULL && *home == '/') {
		if (asprintf(&path, "%s%s/mailcfg/config", home, below) < 0)
			goto nomem;
		rc = read_file(config, given, path, fault);
		free(path);
		if (rc < 0)
			return rc;
	}
	/* What cannot be read may name another database than the next file. */
	if (config->unreadable != NULL)
		given[KEY_DB] = true;
	rc = read_file(config, given, "/etc/mailcfg.conf", fault);
	if (rc < 0)
		return rc;
	if (config->db == NULL && config->unreadable == NULL &&
	    (config->db = strdup(DEFAULT_DB)) == NULL)
		goto nomem;
	return 0;

nomem:
	return fault_set(fault, MAILDB_ENOMEM, NULL, NULL, NULL,
	    "memory is exhausted");
}

/* Frees what the options and files left. */
void
config_free(struct config *config)
{
	if (config->db != NULL)
		explicit_bzero(config->db, strlen(config->db));
	free(config->db);
	free(config->file);
	free(config->unreadable);
}
