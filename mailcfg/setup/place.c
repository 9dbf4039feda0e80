/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * place.c - a row compared with the machine
 *
 * What is wanted is joined with what is there; a row holds when that changes
 * nothing.  So "setup" and "check" cannot disagree.
 */
#include <stdlib.h>
#include <string.h>

#include "list.h"
#include "machine.h"
#include "owner.h"
#include "changes.h"

/* A comparison: the row with its words filled in, and who is told. */
struct compare {
	struct machine *machine;
	const struct requirement *row;
	char *name, *wanted;
	difference_fn *found;
	void *arg;
};

static int
differs(const struct compare *compare, const char *object, const char *actual,
    const char *wanted, bool left)
{
	const struct difference difference = { .row = compare->row,
		.object = object, .actual = actual, .wanted = wanted,
		.left = left };

	return compare->found(compare->arg, &difference);
}

/* ---- joins ------------------------------------------------------------ */

/* Whether a value is one that nobody chose, or names our tables. */
static bool
is_basis(const struct compare *compare, const char *value)
{
	const char *basis = compare->row->basis;

	return value == NULL || *value == '\0' ||
	    (basis != NULL && strcmp(value, basis) == 0) ||
	    strstr(value, compare->machine->postfix_maps) != NULL;
}

/* Joins one value that is no list; *left when it has to stay. */
static const char *
join_value(const struct compare *compare, const char *actual, bool *left)
{
	const struct requirement *row = compare->row;
	const char *wanted = compare->wanted;

	*left = row->join == JOIN_DEFAULT && !compare->machine->options.force &&
	    !is_basis(compare, actual) && !list_equal(actual, wanted);
	if (row->join == JOIN_MISSING && actual != NULL)
		return actual;
	if (row->join == JOIN_LIMIT && actual != NULL &&
	    strtol(actual, NULL, 10) <= strtol(wanted, NULL, 10))
		return actual;
	return wanted;
}

/* Joins any value with what is there, and tells when that changes it. */
static int
compare_value(const struct compare *compare, const char *object,
    const char *actual, bool same)
{
	enum join join = compare->row->join;
	bool left = false, list = join >= JOIN_FIRST && join <= JOIN_WITHOUT;
	char *joined = NULL;
	const char *becomes;
	int rc = 0;

	if (list && (rc = list_join(join, actual != NULL ? actual : "",
	    compare->wanted, &joined)) < 0)
		return rc;
	becomes = list ? joined : join_value(compare, actual, &left);
	if (same ? actual == NULL || !list_equal(actual, becomes) :
	    strcmp(actual != NULL ? actual : "", becomes) != 0)
		rc = differs(compare, object, actual, becomes, left);
	free(joined);
	return rc;
}

/* ---- users, groups and modes ------------------------------------------ */

static int
compare_group(const struct compare *compare)
{
	if (*compare->wanted != '\0' ? owner_group(compare->wanted) >= 0 :
	    owner_group(compare->name) >= 0)
		return 0;
	return differs(compare, compare->name, NULL, compare->wanted,
	    owner_group(compare->name) >= 0);
}

/* The user of that number, whatever the name. */
static int
compare_user(const struct compare *compare)
{
	char number[32];

	snprintf(number, sizeof(number), "%.*s",
	    (int)strcspn(compare->wanted, ":"), compare->wanted);
	if (owner_user(number) >= 0)
		return 0;
	return differs(compare, compare->name, NULL, compare->wanted,
	    owner_user(compare->name) >= 0);
}

static int
compare_member(const struct compare *compare)
{
	return owner_member(compare->name, compare->wanted) ? 0 :
	    differs(compare, compare->name, NULL, compare->wanted, false);
}

/* Mode and owner of what is there; a missing directory is a difference.  One
 * that is only to be there keeps others that do for its owner. */
static int
compare_modes(const struct compare *compare)
{
	char modes[64];
	int rc = owner_modes(compare->name, compare->wanted, modes);

	if (rc == 0 && compare->row->place == PLACE_DIRECTORY)
		return differs(compare, compare->name, NULL, compare->wanted,
		    false);
	if (rc != 2 || (compare->row->join == JOIN_MISSING &&
	    owner_writes(compare->name, compare->wanted)))
		return rc < 0 ? rc : 0;
	return differs(compare, compare->name, modes, compare->wanted, false);
}

/* ---- Postfix ---------------------------------------------------------- */

static int
compare_main(const struct compare *compare)
{
	enum join join = compare->row->join;
	const struct machine *machine = compare->machine;
	/* Words are taken out of a default as it is written. */
	const char *actual = join >= JOIN_FIRST && join < JOIN_WITHOUT ?
	    machine_list(machine, compare->name) :
	    machine_main(machine, compare->name);

	/* Tables that Postfix uses by default are nobody's choice. */
	if (join == JOIN_FIRST && machine_main(machine, compare->name) == NULL)
		actual = "";
	if (actual == NULL)
		actual = machine_main_default(machine, compare->name);
	if (machine->options.blank && compare->row->basis != NULL &&
	    join == JOIN_WITHOUT)
		actual = compare->row->basis;
	return compare_value(compare, compare->name, actual, false);
}

static int
compare_service(const struct compare *compare)
{
	char command[256];

	snprintf(command, sizeof(command), "%s/command", compare->name);
	return machine_field(compare->machine, command) != NULL ? 0 :
	    differs(compare, compare->name, NULL, compare->wanted, false);
}

static int
compare_option(const struct compare *compare)
{
	return compare_value(compare, compare->name,
	    machine_option(compare->machine, compare->name), true);
}

/* Whether a word is in "one,two,three". */
static bool
in_words(const char *words, const char *word, size_t len)
{
	const char *at, *end;

	for (at = words; *at != '\0' && *at != '/'; at = end + (*end == ',')) {
		end = at + strcspn(at, ",/");
		if ((size_t)(end - at) == len && strncmp(at, word, len) == 0)
			return true;
	}
	return false;
}

/* A field of every service that runs one of the commands. */
static int
compare_field(const struct compare *compare)
{
	const struct settings *fields = &compare->machine->fields;
	const char *field = strrchr(compare->name, '/'), *value, *slash;
	char object[256];
	size_t i;
	int rc = 0;

	for (i = 0; rc == 0 && i < fields->count; i++) {
		slash = strrchr(fields->list[i].name, '/');
		value = fields->list[i].value;
		if (slash == NULL || strcmp(slash, "/command") != 0 ||
		    !in_words(compare->name, value, strcspn(value, " ")))
			continue;
		snprintf(object, sizeof(object), "%.*s%s",
		    (int)(slash - fields->list[i].name), fields->list[i].name,
		    field);
		rc = compare_value(compare, object,
		    machine_field(compare->machine, object), false);
	}
	return rc;
}

/* ---- Dovecot ---------------------------------------------------------- */

/* The value without quotes around it. */
static bool
same_value(const char *a, const char *b)
{
	size_t len_a = strlen(a), len_b = strlen(b);

	if (len_a > 1 && *a == '"' && a[len_a - 1] == '"') {
		a++;
		len_a -= 2;
	}
	if (len_b > 1 && *b == '"' && b[len_b - 1] == '"') {
		b++;
		len_b -= 2;
	}
	return len_a == len_b && strncmp(a, b, len_a) == 0;
}

/* Whether a setting has the words behind "$setting". */
static bool
has_words(const char *actual, const char *wanted)
{
	struct list have, want = { NULL, 0 };
	bool all = false;
	size_t i;

	if (list_parse(&have, actual) == 0 && list_parse(&want, wanted) == 0)
		for (all = true, i = 0; i < want.count; i++)
			if (*want.phrase[i] != '$' &&
			    list_find(&have, want.phrase[i]) < 0)
				all = false;
	list_free(&have);
	list_free(&want);
	return all;
}

/* The value of a setting in one block, or NULL. */
static const char *
in_block(const struct machine *machine, unsigned instance, const char *name,
    size_t len)
{
	const struct dovecot_line *line = machine->lines, *end = line +
	    machine->nlines;
	const char *value = NULL;

	for (; line < end; line++)
		if (line->instance == instance &&
		    strlen(line->name) == len &&
		    strncmp(line->name, name, len) == 0)
			value = line->value;
	return value;
}

/* Whether a block has all lines wanted; *object and *actual become what is
 * wrong with the first that it lacks. */
static bool
block_has(const struct compare *compare, unsigned instance,
    const char **object, const char **actual)
{
	const char *line = compare->wanted, *end, *equals;
	char wanted[4096];

	for (; *line != '\0'; line = end + (*end == '\n')) {
		end = line + strcspn(line, "\n");
		equals = memmem(line, (size_t)(end - line), " = ", 3);
		if (equals == NULL || *line == ' ' || end[-1] == '{')
			continue; /* a block in it */
		snprintf(wanted, sizeof(wanted), "%.*s",
		    (int)(end - equals - 3), equals + 3);
		*object = line;
		*actual = in_block(compare->machine, instance, line,
		    (size_t)(equals - line));
		if (*actual == NULL || (*wanted == '$' ?
		    !has_words(*actual, wanted) :
		    !same_value(*actual, wanted)))
			return false;
	}
	return true;
}

/* Whether one of the blocks of that name has all lines wanted. */
static int
compare_block(const struct compare *compare)
{
	const struct machine *machine = compare->machine;
	const char *object = compare->wanted, *actual = NULL;
	char name[512];
	size_t i;

	if (*compare->name == '\0' && block_has(compare, 0, &object, &actual))
		return 0;
	for (i = 0; i < machine->nlines; i++)
		if (*machine->lines[i].name == '\0' &&
		    strcmp(machine->lines[i].block, compare->name) == 0 &&
		    block_has(compare, machine->lines[i].instance, &object,
		    &actual))
			return 0;
	snprintf(name, sizeof(name), "%s%s%.*s", compare->name,
	    *compare->name != '\0' && *object != '\0' ? "|" : "",
	    (int)strcspn(object, " "), object);
	return differs(compare, name, actual, compare->wanted, false);
}

static int
compare_setting(const struct compare *compare)
{
	return compare_value(compare, compare->name,
	    machine_setting(compare->machine, compare->name), true);
}

static int
compare_commented(const struct compare *compare)
{
	FILE *file = fopen(compare->name, "re");
	char *line = NULL, *at;
	size_t size = 0;
	int rc = 0;

	if (file == NULL)
		return 0;
	while (rc == 0 && getline(&line, &size, file) >= 0) {
		at = line + strspn(line, " \t");
		at[strcspn(at, "\r\n")] = '\0';
		if (strcmp(at, compare->wanted) == 0)
			rc = 1;
	}
	free(line);
	fclose(file);
	return rc == 0 ? 0 : differs(compare, compare->name, compare->wanted,
	    "", false);
}

/* ---- lines of files ---------------------------------------------------- */

/* The next word of a line, *len octets long; 0 at its end. */
static const char *
next_word(const char *at, const char *end, size_t *len)
{
	while (at < end && (*at == ' ' || *at == '\t'))
		at++;
	for (*len = 0; at + *len < end && at[*len] != ' ' &&
	    at[*len] != '\t'; ++*len)
		;
	return at;
}

/* Whether two lines have the same words. */
static bool
same_line(const char *a, const char *end_a, const char *b, const char *end_b)
{
	size_t len_a, len_b;

	do {
		a = next_word(a, end_a, &len_a);
		b = next_word(b, end_b, &len_b);
		if (len_a != len_b || strncmp(a, b, len_a) != 0)
			return false;
		a += len_a;
		b += len_b;
	} while (len_a > 0);
	return true;
}

/* Whether text has a line: before others of its first word, or any of them,
 * as the join says. */
static bool
has_line(const char *text, const char *wanted, size_t len, enum join join)
{
	size_t word = strcspn(wanted, " ");
	const char *end;

	for (; *text != '\0'; text = end + (*end == '\n')) {
		end = text + strcspn(text, "\n");
		if (same_line(text, end, wanted, wanted + len))
			return true;
		text += strspn(text, " \t");
		if (strncmp(text, wanted, word) == 0 &&
		    strchr(" \t=", text[word]) != NULL && join != JOIN_ADD)
			return join == JOIN_MISSING;
	}
	return false;
}

/* Each line that a file lacks, or has behind another of its kind. */
static int
compare_lines(const struct compare *compare)
{
	char *text = *compare->name != '\0' ? file_text(compare->name) :
	    NULL, line[512];
	const char *at, *end;
	int rc = 0;

	if (*compare->name == '\0')
		return 0; /* it is not known */
	for (at = compare->wanted; rc == 0 && *at != '\0';
	    at = end + (*end == '\n')) {
		end = at + strcspn(at, "\n");
		if (text != NULL && has_line(text, at, (size_t)(end - at),
		    compare->row->join))
			continue;
		snprintf(line, sizeof(line), "%.*s", (int)(end - at), at);
		rc = differs(compare, compare->name, NULL, line, false);
	}
	free(text);
	return rc;
}

/* ---- places ------------------------------------------------------------ */

static int (*const places[PLACES])(const struct compare *compare) = {
	[PLACE_GROUP] = compare_group,
	[PLACE_USER] = compare_user,
	[PLACE_MEMBER] = compare_member,
	[PLACE_DIRECTORY] = compare_modes,
	[PLACE_FILE] = compare_modes,
	[PLACE_MAIN] = compare_main,
	[PLACE_SERVICE] = compare_service,
	[PLACE_OPTION] = compare_option,
	[PLACE_FIELD] = compare_field,
	[PLACE_SETTING] = compare_setting,
	[PLACE_BLOCK] = compare_block,
	[PLACE_COMMENTED] = compare_commented,
	[PLACE_LINES] = compare_lines,
};

int
requirement_compare(struct machine *machine, const struct requirement *row,
    difference_fn *found, void *arg)
{
	struct compare compare = { .machine = machine, .row = row,
		.found = found, .arg = arg };
	int rc = 0;

	if (places[row->place] == NULL || !machine_needs(machine, row))
		return 0;
	if ((rc = machine_fill(machine, row->name, &compare.name)) == 0 &&
	    (rc = machine_fill(machine, row->wanted, &compare.wanted)) == 0)
		rc = places[row->place](&compare);
	free(compare.name);
	free(compare.wanted);
	return rc;
}
