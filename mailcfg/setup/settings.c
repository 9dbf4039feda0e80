/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * settings.c - what postconf and doveconf print, as tables
 */
#include <stdlib.h>
#include <string.h>

#include "machine.h"

static int
by_name(const void *a, const void *b)
{
	return strcmp(((const struct setting *)a)->name,
	    ((const struct setting *)b)->name);
}

/* Adds one at the end; both strings are taken over, also on failure. */
static int
add(struct settings *settings, char *name, char *value)
{
	struct setting *more = realloc(settings->list,
	    (settings->count + 1) * sizeof(*more));

	if (more != NULL)
		settings->list = more;
	if (more == NULL || name == NULL || value == NULL) {
		free(name);
		free(value);
		return MAILDB_ENOMEM;
	}
	more[settings->count++] = (struct setting){ .name = name,
	    .value = value };
	return 0;
}

/* Reads lines of "name = value" as postconf prints them. */
int
settings_parse(struct settings *settings, const char *text)
{
	const char *end, *equals, *value;
	int rc = 0;

	for (; rc == 0 && *text != '\0'; text = end + (*end == '\n')) {
		end = text + strcspn(text, "\n");
		equals = memmem(text, (size_t)(end - text), " =", 2);
		if (equals == NULL)
			continue;
		value = equals + 2;
		value += value < end && *value == ' ';
		rc = add(settings, strndup(text, (size_t)(equals - text)),
		    strndup(value, (size_t)(end - value)));
	}
	if (settings->count > 0)
		qsort(settings->list, settings->count,
		    sizeof(*settings->list), by_name);
	return rc;
}

static struct setting *
find(const struct settings *settings, const char *name)
{
	struct setting key = { .name = (char *)name };

	return settings->count == 0 ? NULL : bsearch(&key, settings->list,
	    settings->count, sizeof(key), by_name);
}

/* The value of that name, or NULL. */
const char *
settings_get(const struct settings *settings, const char *name)
{
	const struct setting *found = find(settings, name);

	return found != NULL ? found->value : NULL;
}

/* Sets a value in memory, and keeps the one that was there. */
int
settings_set(struct settings *settings, const char *name, const char *value)
{
	struct setting *found = find(settings, name);
	char *copy;

	if (found == NULL) {
		if (add(settings, strdup(name), strdup("")) < 0)
			return MAILDB_ENOMEM;
		qsort(settings->list, settings->count,
		    sizeof(*settings->list), by_name);
		found = find(settings, name);
		found->added = true;
	}
	if ((copy = strdup(value)) == NULL)
		return MAILDB_ENOMEM;
	if (found->original == NULL)
		found->original = found->value;
	else
		free(found->value);
	found->value = copy;
	return 0;
}

/* Forgets a value. */
void
settings_remove(struct settings *settings, const char *name)
{
	struct setting *found = find(settings, name);

	if (found == NULL)
		return;
	free(found->name);
	free(found->value);
	free(found->original);
	settings->count--;
	memmove(found, found + 1, (size_t)(settings->list + settings->count -
	    found) * sizeof(*found));
}

void
settings_free(struct settings *settings)
{
	while (settings->count > 0) {
		settings->count--;
		free(settings->list[settings->count].name);
		free(settings->list[settings->count].value);
		free(settings->list[settings->count].original);
	}
	free(settings->list);
	settings->list = NULL;
}

/* ---- Dovecot ---------------------------------------------------------- */

/* Where the parser is: the blocks around a line. */
struct inside {
	char block[8][256];
	unsigned instance[8];
	unsigned depth;
};

/* Takes the quotes off a value: doveconf writes them around blanks. */
static void
unquote(char *value)
{
	size_t len = strlen(value);
	char *to = value, *at;

	if (len < 2 || *value != '"' || value[len - 1] != '"')
		return;
	value[len - 1] = '\0';
	for (at = value + 1; *at != '\0'; at++) {
		if (*at == '\\' && at[1] != '\0')
			at++;
		*to++ = *at;
	}
	*to = '\0';
}

/* Keeps a line; name "" stands for the block itself. */
static int
keep(struct machine *machine, const struct inside *inside, const char *name,
    size_t len, const char *value, size_t value_len)
{
	struct dovecot_line *more = realloc(machine->lines,
	    (machine->nlines + 1) * sizeof(*more));
	struct dovecot_line *line;

	if (more == NULL)
		return MAILDB_ENOMEM;
	machine->lines = more;
	line = &more[machine->nlines++];
	line->block = strdup(inside->block[inside->depth]);
	line->instance = inside->instance[inside->depth];
	line->name = strndup(name, len);
	line->value = strndup(value, value_len);
	if (line->block == NULL || line->name == NULL || line->value == NULL)
		return MAILDB_ENOMEM;
	unquote(line->value);
	return 0;
}

static int
enter(struct machine *machine, struct inside *inside, const char *name,
    size_t len)
{
	char outer[101];

	if (inside->depth == 7)
		return 0;
	snprintf(outer, sizeof(outer), "%s", inside->block[inside->depth]);
	inside->depth++;
	snprintf(inside->block[inside->depth], sizeof(inside->block[0]),
	    "%s%s%.*s", outer, *outer != '\0' ? "|" : "",
	    (int)(len < 150 ? len : 150), name);
	inside->instance[inside->depth] = ++machine->blocks;
	return keep(machine, inside, "", 0, "", 0);
}

/* One line without the blanks around it. */
static int
parse_line(struct machine *machine, struct inside *inside, const char *at,
    size_t len)
{
	const char *equals, *value;
	size_t name_len;

	if (len == 0 || *at == '#')
		return 0;
	if (len == 1 && *at == '}') {
		inside->depth -= inside->depth > 0;
		return 0;
	}
	if (len > 1 && at[len - 1] == '{') {
		for (len--; len > 0 && at[len - 1] == ' '; len--)
			;
		return enter(machine, inside, at, len);
	}
	if ((equals = memchr(at, '=', len)) == NULL)
		return 0;
	for (name_len = (size_t)(equals - at); name_len > 0 &&
	    at[name_len - 1] == ' '; name_len--)
		;
	value = equals + 1;
	value += strspn(value, " \t");
	return keep(machine, inside, at, name_len, value, value < at + len ?
	    (size_t)(at + len - value) : 0);
}

/* Reads what doveconf prints: settings, and blocks in blocks. */
int
dovecot_parse(struct machine *machine, const char *text)
{
	struct inside inside = { .depth = 0 };
	const char *end, *last;
	int rc = 0;

	for (; rc == 0 && *text != '\0'; text = end + (*end == '\n')) {
		end = text + strcspn(text, "\n");
		text += strspn(text, " \t");
		for (last = end; last > text && (last[-1] == ' ' ||
		    last[-1] == '\t'); last--)
			;
		if (text < end)
			rc = parse_line(machine, &inside, text,
			    (size_t)(last - text));
	}
	return rc;
}
