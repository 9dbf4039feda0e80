/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * text.c - Postfix tables as text (postmap(1)): key, blanks, value
 *
 * A value with an @ leads on: the key is an alias, a catch-all or, where both
 * are "@domain", an alias domain.  Any other value says only that the key is
 * there: it is a user, without a password as yet.
 */
#include <string.h>

#include "base/lines.h"
#include "read/record.h"
#include "read/text_lines.h"

/* Reads the targets of an alias. */
static int
take_targets(struct source *source, struct record *record, char *value)
{
	char *word;
	int rc = 0;

	while (rc == 0 && (word = text_word(&value)) != NULL)
		rc = record_target(source, record, word, -1, false);
	return rc;
}

/* A key and its value. */
static int
take_entry(struct source *source, struct record *record, const char *key,
    char *value, uint32_t line, uint32_t column)
{
	enum maildb_kind kind;
	int rc;

	if (*key == '@' && *value == '@') {
		rc = record_begin(source, record, MAILDB_KIND_DOMAIN, key + 1,
		    line, 1);
		if (rc == 0)
			rc = record_field(source, record, "target", value + 1,
			    line, column);
	} else {
		kind = strchr(value, '@') != NULL ? MAILDB_KIND_ALIAS :
		    MAILDB_KIND_USER;
		rc = record_begin(source, record, kind, key, line, 1);
		if (rc == 0 && kind == MAILDB_KIND_ALIAS)
			rc = take_targets(source, record, value);
	}
	return rc < 0 ? rc : record_put(source, record);
}

/* One line, joined from those that continue it. */
static int
take_line(struct source *source, struct record *record,
    const struct text_lines *lines)
{
	const char *wrong = lines->wrong;
	char *key, *value;

	if (wrong == NULL)
		wrong = text_entry(lines->text, &key, &value);
	if (wrong != NULL)
		return source_fail(source, NULL, NULL, lines->line, 1,
		    MAILDB_EVALUE, NULL, "%s", wrong);
	if (strchr(key, '@') == NULL)
		return source_fail(source, NULL, NULL, lines->line, 1,
		    MAILDB_EADDRESS, NULL, "\"%s\" is no address", key);
	return take_entry(source, record, key, value, lines->line,
	    (uint32_t)(value - key + 1));
}

int
read_texthash(struct source *source, FILE *file)
{
	struct record record = { 0 };
	struct text_lines lines;
	int rc = text_begin(&lines, file, true);

	while (rc >= 0 && (rc = text_next(&lines)) > 0)
		rc = take_line(source, &record, &lines);
	if (rc < 0 && source->call->fault.code == 0)
		lines_fail(&source->call->fault, rc, source->file);
	record_clear(&record);
	text_end(&lines);
	return rc;
}
