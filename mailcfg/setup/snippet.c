/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * snippet.c - rows as configuration: main.cf, master.cf, Dovecot
 *
 * What "maps" prints for people who set up by hand, and what "setup" writes
 * for Dovecot.  The sentence of a requirement is the comment above its rows.
 */
#include <stdlib.h>
#include <string.h>

#include "list.h"
#include "machine.h"

#define COLUMNS 79

/* Writes a sentence as comment lines. */
static void
put_comment(FILE *to, const char *text)
{
	size_t column = 1, len;

	fputc('#', to);
	for (; *text != '\0'; text += len + (text[len] == ' ')) {
		len = strcspn(text, " ");
		if (column + 1 + len > COLUMNS) {
			fputs("\n#", to);
			column = 1;
		}
		fprintf(to, " %.*s", (int)len, text);
		column += 1 + len;
	}
	fputc('\n', to);
}

/* The comment of a row, unless the row before has it; behind one that has
 * been written out there is an empty line. */
static void
put_why(FILE *to, const struct requirement *row, const char **last, bool done)
{
	if (*last != NULL && strcmp(*last, row->why) == 0)
		return;
	if (*last != NULL && done)
		fputc('\n', to);
	put_comment(to, row->why);
	*last = row->why;
}

/* ---- main.cf ---------------------------------------------------------- */

/* Writes a value; a long list has a line for each phrase. */
static int
put_value(FILE *to, const char *name, const char *value)
{
	struct list list;
	size_t i;
	int rc = list_parse(&list, value);
	bool fold = strlen(name) + 3 + strlen(value) > COLUMNS;

	if (rc == 0 && fold && list.count > 1) {
		fprintf(to, "%s = %s", name, list.phrase[0]);
		for (i = 1; i < list.count; i++)
			fprintf(to, ",\n    %s", list.phrase[i]);
		fputc('\n', to);
	} else {
		fprintf(to, "%s =%s%s\n", name, *value != '\0' ? " " : "",
		    value);
	}
	list_free(&list);
	return rc;
}

/* What a parameter is where there was nothing before these rows. */
static int
join_blank(struct machine *machine, const struct requirement *row)
{
	const char *before = machine_main(machine, row->name);
	char *wanted, *joined;
	int rc = machine_fill(machine, row->wanted, &wanted);

	if (rc < 0)
		return rc;
	if (before == NULL)
		before = row->join == JOIN_WITHOUT && row->basis != NULL ?
		    row->basis : "";
	if (row->join >= JOIN_FIRST && row->join <= JOIN_WITHOUT) {
		rc = list_join(row->join, before, wanted, &joined);
		free(wanted);
		wanted = joined;
	}
	/* An empty value that is no default has to be written. */
	if (rc == 0 && (*wanted != '\0' || row->basis != NULL))
		rc = settings_set(&machine->main, row->name, wanted);
	free(wanted);
	return rc;
}

/* Whether a row of main.cf has a place in the snippet. */
static bool
is_main(const struct machine *machine, const struct requirement *row)
{
	return row->place == PLACE_MAIN && machine_needs(machine, row);
}

/* Whether a later row has the same parameter: it is written there. */
static bool
goes_on(const struct machine *machine, const struct requirement *row)
{
	const struct requirement *next;

	for (next = row + 1; next < requirements + nrequirements; next++)
		if (is_main(machine, next) && strcmp(next->name,
		    row->name) == 0)
			return true;
	return false;
}

int
snippet_main(struct machine *machine, FILE *to)
{
	const struct requirement *row, *end = requirements + nrequirements;
	const char *last = NULL, *value;
	bool done = true;
	int rc = 0;

	fputs("# For main.cf: who has mail here, as the database says at "
	    "each mail.\n# Changes to the database need no reload.  "
	    "\"mailcfg setup\" writes all this.\n\n", to);
	for (row = requirements; rc == 0 && row < end; row++) {
		if (!is_main(machine, row) ||
		    (rc = join_blank(machine, row)) < 0)
			continue;
		value = machine_main(machine, row->name);
		if (value == NULL)
			continue;
		put_why(to, row, &last, done);
		if ((done = !goes_on(machine, row)))
			rc = put_value(to, row->name, value);
	}
	return rc;
}

/* ---- master.cf -------------------------------------------------------- */

static int
put_master_row(struct machine *machine, const struct requirement *row,
    FILE *to)
{
	const char *slash = strchr(row->name, '/');
	char *wanted;
	int rc = machine_fill(machine, row->wanted, &wanted);

	if (rc < 0)
		return rc;
	if (row->place == PLACE_SERVICE)
		fprintf(to, "%.*s %s\n", (int)(slash - row->name), row->name,
		    wanted);
	else if (row->place == PLACE_OPTION)
		fprintf(to, "  -o %s=%s\n", strrchr(row->name, '/') + 1,
		    wanted);
	else
		fprintf(to, "# %s = %s\n", row->name, wanted);
	free(wanted);
	return 0;
}

int
snippet_master(struct machine *machine, FILE *to)
{
	const struct requirement *row, *end = requirements + nrequirements;
	const char *last = NULL;
	int rc = 0;

	fputs("# For master.cf: mail from our users.\n", to);
	for (row = requirements; rc == 0 && row < end; row++) {
		if (row->place != PLACE_SERVICE && row->place != PLACE_OPTION &&
		    row->place != PLACE_FIELD)
			continue;
		if (!machine_needs(machine, row))
			continue;
		/* One comment for a service and its options. */
		if (row->place != PLACE_OPTION)
			put_why(to, row, &last, true);
		rc = put_master_row(machine, row, to);
	}
	return rc;
}

/* ---- Dovecot ---------------------------------------------------------- */

/* Writes lines with an indent. */
static void
put_lines(FILE *to, const char *text, unsigned depth)
{
	const char *end;

	for (; *text != '\0'; text = end + (*end == '\n')) {
		end = text + strcspn(text, "\n");
		fprintf(to, "%*s%.*s\n", 2 * (int)depth, "",
		    (int)(end - text), text);
	}
}

/* Writes a block in its blocks. */
static void
put_block(FILE *to, const char *name, const char *text)
{
	unsigned depth = 0;
	const char *end;

	for (; *name != '\0'; name = end + (*end == '|'), depth++) {
		end = name + strcspn(name, "|");
		fprintf(to, "%*s%.*s {\n", 2 * (int)depth, "",
		    (int)(end - name), name);
	}
	put_lines(to, text, depth);
	while (depth-- > 0)
		fprintf(to, "%*s}\n", 2 * (int)depth, "");
}

static void
put_setting(FILE *to, const struct machine *machine,
    const struct requirement *row, const char *wanted)
{
	const char *actual = machine_setting(machine, row->name);

	if (row->join == JOIN_ADD)
		fprintf(to, "%s = $%s %s\n", row->name, row->name, wanted);
	else if (row->join == JOIN_LIMIT && actual != NULL &&
	    strtol(actual, NULL, 10) < strtol(wanted, NULL, 10))
		fprintf(to, "%s = %s\n", row->name, actual);
	else
		fprintf(to, "%s =%s%s\n", row->name, *wanted != '\0' ? " " :
		    "", wanted);
}

static int
note_left(void *arg, const struct difference *difference)
{
	*(bool *)arg = difference->left;
	return 0;
}

static int
put_dovecot_row(struct machine *machine, const struct requirement *row,
    FILE *to)
{
	char *name, *wanted = NULL;
	int rc = machine_fill(machine, row->name, &name);

	if (rc == 0)
		rc = machine_fill(machine, row->wanted, &wanted);
	if (rc == 0 && row->place == PLACE_SETTING)
		put_setting(to, machine, row, wanted);
	else if (rc == 0)
		put_block(to, name, wanted);
	free(name);
	free(wanted);
	return rc;
}

int
snippet_dovecot(struct machine *machine, FILE *to)
{
	const struct requirement *row, *end = requirements + nrequirements;
	const char *last = NULL;
	bool left;
	int rc = 0;

	fprintf(to, "# For Dovecot %s, read after its other files.  Other "
	    "passdbs and userdbs\n# must be commented out.  \"mailcfg setup\" "
	    "writes all this.\n\n",
	    machine_facts(machine) & ON_DOVECOT_24 ? "2.4" : "2.3");
	for (row = requirements; rc == 0 && row < end; row++) {
		if ((row->place != PLACE_SETTING &&
		    row->place != PLACE_BLOCK) || !machine_needs(machine, row))
			continue;
		left = false;
		if ((rc = requirement_compare(machine, row, note_left,
		    &left)) < 0 || left)
			continue;
		put_why(to, row, &last, true);
		rc = put_dovecot_row(machine, row, to);
	}
	return rc;
}
