/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * setting.c - settings, and the system aliases that go to the one called admin
 */
#include <stdlib.h>
#include <string.h>

#include "internal.h"

/* Who must be reachable in every domain: RFC 2142, and custom. */
static const char *const system_names[] = {
	"abuse", "hostmaster", "mailer-daemon", "noc", "postmaster", "root",
	"security", "webmaster",
};

int
maildb_setting_get(struct maildb *db, const char *name, char **out)
{
	const struct maildb_field *field;
	struct maildb__row row = { 0 };
	struct maildb__value value;
	int rc;

	*out = NULL;
	rc = maildb__field_value(db, MAILDB_KIND_SETTING, name, "default",
	    &field, &value);
	if (rc == MAILDB_EFIELD)
		return rc;
	rc = maildb__fetch(db, &row, STMT_SETTING_GET, V_TEXT(field->name));
	if (rc >= 0) {
		*out = strdup(rc > 0 ? maildb__row_text(&row, "value") :
		    field->initial != NULL ? field->initial : "");
		rc = *out != NULL ? 0 : maildb__nomem(db);
	}
	maildb__row_clear(&row);
	return rc;
}

int
maildb__setting_int(struct maildb *db, const char *name, int64_t *number)
{
	char *text;
	int rc = maildb_setting_get(db, name, &text);

	*number = rc == 0 ? strtoll(text, NULL, 10) : 0;
	free(text);
	return rc;
}

/* Points the system names in every domain at a new admin. */
static int
move_admin(struct maildb *db, const char *old, const char *new_admin)
{
	char source[64];
	size_t i;
	int rc;

	for (i = 0; i < ARRAY_LEN(system_names); i++) {
		strcpy(stpcpy(source, system_names[i]), "@*");
		if (new_admin != NULL &&
		    (rc = maildb_alias_add(db, source, new_admin, 0,
		    MAILDB_ALLOW_DEAD)) < 0)
			return rc;
		if (*old != '\0' &&
		    (rc = maildb_alias_remove(db, source, old,
		    MAILDB_FORCE)) < 0)
			return rc;
	}
	return 0;
}

/* What a setting needs beyond its type; may canonicalise *value. */
static int
check(struct maildb *db, const struct maildb_field *field,
    struct maildb__value *value, struct maildb_address *address)
{
	const char *text = value->text, *why = NULL;

	if (value->type != MAILDB__TEXT)
		return 0;
	if (strcmp(field->name, "admin") == 0) {
		if (maildb__address(db, field->name, text, 0, MAILDB_DEST,
		    address) < 0)
			return MAILDB_EADDRESS;
		value->text = address->text;
	} else if (strcmp(field->name, "mail_root") == 0) {
		if (text[0] != '/' || strstr(text, "..") != NULL)
			why = "it must be an absolute path without ..";
	} else if (strcmp(field->name, "recipient_delimiter") == 0) {
		if (strspn(text, "+-=#_~") != strlen(text) || strlen(text) > 8)
			why = "it can hold only + - = # _ ~";
	}
	if (why == NULL)
		return 0;
	maildb__fail(db, MAILDB_EVALUE, "%s \"%s\": %s", field->name, text,
	    why);
	return maildb__fault_input(db, field->name, text);
}

/* A number as the text that is stored. */
static char *
number_text(int64_t number)
{
	struct maildb__buf buf = { 0 };

	maildb__buf_printf(&buf, "%lld", (long long)number);
	return maildb__buf_take(&buf);
}

static int
put(struct maildb *db, const char *name, const char *text)
{
	const struct maildb_field *field;
	struct maildb_address address;
	struct maildb__value value;
	struct maildb__row row = { 0 };
	char *number = NULL, *old = NULL;
	int rc;

	rc = maildb__field_value(db, MAILDB_KIND_SETTING, name, text, &field,
	    &value);
	if (rc < 0 || (rc = check(db, field, &value, &address)) < 0)
		return rc;
	if (value.type == MAILDB__INT) {
		if ((number = number_text(value.number)) == NULL)
			return maildb__nomem(db);
		value = V_TEXT(number);
	}
	rc = maildb__fetch(db, &row, STMT_SETTING_GET, V_TEXT(field->name));
	if (rc < 0)
		goto out;
	if (value.type == MAILDB__NULL ? rc == 0 : rc > 0 &&
	    strcmp(maildb__row_text(&row, "value"), value.text) == 0) {
		rc = 0;
		goto out;
	}
	if ((rc = maildb_setting_get(db, field->name, &old)) < 0)
		goto out;
	rc = value.type == MAILDB__NULL ?
	    maildb__exec(db, STMT_SETTING_DELETE, V_TEXT(field->name)) :
	    maildb__exec(db, STMT_SETTING_PUT, V_TEXT(field->name), value);
	if (rc >= 0 && strcmp(field->name, "admin") == 0)
		rc = move_admin(db, old, value.text);
	if (rc >= 0)
		rc = 1;
out:
	maildb__row_clear(&row);
	free(number);
	free(old);
	return rc;
}

int
maildb_setting_set(struct maildb *db, const char *name, const char *value)
{
	int rc = maildb__enter(db);

	return rc < 0 ? rc : maildb__leave(db, put(db, name, value));
}

int
maildb_setting_list(struct maildb *db, struct maildb_cursor **out)
{
	static const struct maildb__column columns[] = {
		{ "name", MAILDB_TEXT }, { "value", MAILDB_TEXT },
		{ "is_default", MAILDB_BOOL }, { "help", MAILDB_TEXT },
	};
	const struct maildb_field *fields;
	struct maildb__row row = { 0 };
	struct maildb_cursor *table;
	size_t i, n;
	int rc;

	*out = NULL;
	rc = maildb__table_new(db, columns, ARRAY_LEN(columns), &table);
	fields = maildb_fields(MAILDB_KIND_SETTING, &n);
	for (i = 0; rc >= 0 && i < n; i++) {
		rc = maildb__fetch(db, &row, STMT_SETTING_GET,
		    V_TEXT(fields[i].name));
		if (rc >= 0) {
			const char *value = rc > 0 ?
			    maildb__row_text(&row, "value") :
			    fields[i].initial;
			bool initial = value == NULL ||
			    (fields[i].initial != NULL &&
			    strcmp(value, fields[i].initial) == 0);

			if (value != NULL && strcmp(value, "0") == 0 &&
			    (fields[i].flags & MAILDB_FIELD_UNLIMITED))
				value = "unlimited";
			rc = maildb__table_add(table,
			    (struct maildb__value[]){ V_TEXT(fields[i].name),
			    V_TEXT(value), V_INT(initial),
			    V_TEXT(fields[i].help) });
		}
		maildb__row_clear(&row);
	}
	if (rc < 0) {
		maildb_cursor_free(table);
		return rc;
	}
	*out = table;
	return 0;
}
