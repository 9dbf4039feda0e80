/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * json.c - json_object() for the statements that read the log
 *
 * SQLite can be built without its own, which also writes some control
 * characters in another way than this one, PostgreSQL and earlier versions.
 */
#include "db/sqlite/sqlite.h"

/* Appends a JSON string: false when there is no memory for its text. */
static bool
add_string(sqlite3_str *out, sqlite3_value *value)
{
	const unsigned char *text = sqlite3_value_text(value);

	if (text == NULL)
		return false;
	sqlite3_str_appendchar(out, 1, '"');
	for (; *text != '\0'; text++) {
		if (*text == '"' || *text == '\\')
			sqlite3_str_appendf(out, "\\%c", *text);
		else if (*text < 0x20)
			sqlite3_str_appendf(out, "\\u%04x", *text);
		else
			sqlite3_str_appendchar(out, 1, (char)*text);
	}
	sqlite3_str_appendchar(out, 1, '"');
	return true;
}

/* json_object(name, value, ...) of integers, text and NULL. */
static void
json_object(sqlite3_context *context, int argc, sqlite3_value **argv)
{
	sqlite3_str *out = sqlite3_str_new(sqlite3_context_db_handle(context));
	bool whole = true;
	int i, len;

	sqlite3_str_appendchar(out, 1, '{');
	for (i = 0; whole && i + 1 < argc; i += 2) {
		if (i > 0)
			sqlite3_str_appendchar(out, 1, ',');
		whole = add_string(out, argv[i]);
		sqlite3_str_appendchar(out, 1, ':');
		switch (sqlite3_value_type(argv[i + 1])) {
		case SQLITE_NULL:
			sqlite3_str_appendall(out, "null");
			break;
		case SQLITE_INTEGER:
			sqlite3_str_appendf(out, "%lld",
			    sqlite3_value_int64(argv[i + 1]));
			break;
		default:
			whole = add_string(out, argv[i + 1]) && whole;
		}
	}
	sqlite3_str_appendchar(out, 1, '}');
	if (!whole || sqlite3_str_errcode(out) != SQLITE_OK) {
		sqlite3_free(sqlite3_str_finish(out));
		sqlite3_result_error_nomem(context);
		return;
	}
	len = sqlite3_str_length(out);
	sqlite3_result_text(context, sqlite3_str_finish(out), len,
	    sqlite3_free);
}

/* Makes the function known to a connection; answers SQLite's code. */
int
maildb__sqlite_json(sqlite3 *sqlite)
{
	return sqlite3_create_function(sqlite, "json_object", -1,
	    SQLITE_UTF8 | SQLITE_DETERMINISTIC, NULL,
	    json_object, NULL, NULL);
}
