/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * lines.c - files of lines, each handed to the reader of a format
 */
#include <errno.h>
#include <string.h>

#include "import/import.h"
#include "base/lines.h"
#include "read/text_lines.h"
#include "show/out.h"

FILE *
import_open(struct import *import, const char *path)
{
	FILE *file = strcmp(path, "-") == 0 ? stdin : fopen(path, "re");

	import->file = strcmp(path, "-") == 0 ? "standard input" : path;
	import->line = 0;
	if (file == NULL)
		call_fail(import->call, MAILDB_EIO, NULL, path, NULL,
		    "%s: %s", path, strerror(errno));
	else
		out_progress_from(fileno(file));
	return file;
}

/* What takes a line: one of the two. */
struct taker {
	import_line *line;
	import_entry *entry;
};

/* Refuses a line that cannot be used, or hands it over. */
static int
take_line(struct import *import, struct text_lines *lines,
    const struct taker *take)
{
	const char *wrong = lines->wrong;
	char *key, *value;

	import->line = lines->line;
	if (lines->unended)
		import_tell(import, "no_newline", "the last line has "
		    "no end: the file may have been cut off");
	if (wrong == NULL && take->entry != NULL)
		wrong = text_entry(lines->text, &key, &value);
	if (wrong != NULL)
		return import_refuse(import, "%s", wrong);
	return take->entry != NULL ? take->entry(import, key, value) :
	    take->line(import, lines->text);
}

/* Reads a file, each line of which is taken. */
static int
read_all(struct import *import, const char *path, bool joined,
    const struct taker *take)
{
	FILE *file = import_open(import, path);
	struct text_lines lines;
	int rc;

	if (file == NULL)
		return MAILDB_EIO;
	if ((rc = text_begin(&lines, file, joined)) < 0)
		call_fail(import->call, rc, NULL, NULL, NULL, "%s",
		    maildb_error_meaning(rc));
	while (rc >= 0 && (rc = text_next(&lines)) > 0)
		rc = take_line(import, &lines, take);
	if (rc < 0 && import->call->fault.code == 0)
		lines_fail(&import->call->fault, rc, path);
	text_end(&lines);
	if (file != stdin)
		fclose(file);
	return rc < 0 ? rc : 0;
}

int
import_lines(struct import *import, const char *path, bool joined,
    import_line *take)
{
	return read_all(import, path, joined, &(struct taker){ .line = take });
}

int
import_entries(struct import *import, const char *path, import_entry *take)
{
	return read_all(import, path, true, &(struct taker){ .entry = take });
}
