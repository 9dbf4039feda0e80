/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * text.c - Postfix tables as text (postmap(1)): key, blanks, value
 *
 * A value with an @ leads on: the key is an alias, a catch-all or, where both
 * are "@domain", an alias domain.  Any other value says only that the key is
 * there: it is a user, without a password as yet.
 */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "line/lines.h"
#include "read/record.h"

static const char blanks[] = " \t\r\n";

/* Whether a value names targets. */
static bool
leads_on(const char *value)
{
	return strchr(value, '@') != NULL;
}

/* Reads the targets of an alias, which commas and blanks part. */
static int
take_targets(struct source *source, struct record *record, char *value)
{
	char *word, *rest;
	int rc = 0;

	for (word = strtok_r(value, ", \t\r\n", &rest); rc == 0 &&
	    word != NULL; word = strtok_r(NULL, ", \t\r\n", &rest))
		rc = record_target(source, record, word, -1, false);
	return rc;
}

/* One logical line. */
static int
take_entry(struct source *source, struct record *record, char *text,
    uint32_t line)
{
	char *key = text, *value;
	enum maildb_kind kind;
	size_t len = strcspn(text, blanks);
	int rc;

	value = key + len + strspn(key + len, blanks);
	key[len] = '\0';
	for (len = strlen(value); len > 0 &&
	    strchr(blanks, value[len - 1]) != NULL; )
		value[--len] = '\0';
	if (strchr(key, '@') == NULL)
		return source_fail(source, NULL, NULL, line, 1,
		    MAILDB_EADDRESS, NULL, "\"%s\" is no address", key);
	if (*key == '@' && *value == '@') {
		rc = record_begin(source, record, MAILDB_KIND_DOMAIN, key + 1,
		    line, 1);
		if (rc == 0)
			rc = record_field(source, record, "target", value + 1,
			    line, (uint32_t)(value - text + 1));
	} else {
		kind = leads_on(value) ? MAILDB_KIND_ALIAS : MAILDB_KIND_USER;
		rc = record_begin(source, record, kind, key, line, 1);
		if (rc == 0 && kind == MAILDB_KIND_ALIAS)
			rc = take_targets(source, record, value);
	}
	return rc < 0 ? rc : record_put(source, record);
}

/* Puts a line that begins with a blank behind the one it goes on with. */
static int
join(char **entry, size_t *size, const char *line)
{
	size_t len = strlen(*entry), more = strlen(line);
	char *grown;

	if (len + more + 1 > *size) {
		*size = (len + more + 1) * 2;
		if ((grown = realloc(*entry, *size)) == NULL)
			return MAILDB_ENOMEM;
		*entry = grown;
	}
	memcpy(*entry + len, line, more + 1);
	return 0;
}

int
read_texthash(struct source *source, FILE *file)
{
	struct record record = { 0 };
	char *line = NULL, *entry = calloc(1, 1);
	size_t size = 0, entry_size = 1, len;
	uint32_t number = 0, first = 0;
	int rc = entry != NULL ? 0 : MAILDB_ENOMEM;

	while (rc == 0 && (rc = lines_read(file, &line, &size, &len)) > 0) {
		rc = 0;
		number++;
		if (strlen(line) != len) {
			rc = source_fail(source, NULL, NULL, number, 1,
			    MAILDB_EVALUE, NULL, "the line holds a NUL");
			break;
		}
		if (line[0] == '#' || line[strspn(line, blanks)] == '\0')
			continue;
		if (!isspace((unsigned char)line[0])) {
			if (*entry != '\0')
				rc = take_entry(source, &record, entry, first);
			*entry = '\0';
			first = number;
		}
		if (rc == 0)
			rc = join(&entry, &entry_size, line);
	}
	if (rc == 0 && *entry != '\0')
		rc = take_entry(source, &record, entry, first);
	if (rc < 0 && source->call->fault.code == 0)
		lines_fail(&source->call->fault, rc, source->file);
	record_clear(&record);
	free(entry);
	lines_free(line, size);
	return rc;
}
