/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * setting.c - settings, and the system aliases that go to the one called admin
 */
#include <stdlib.h>
#include <string.h>

#include "text/hash.h"
#include "rules/rules.h"

/* Who must be reachable in every domain: RFC 2142, and custom. */
static const char *const system_names[] = {
	"abuse", "hostmaster", "mailer-daemon", "noc", "postmaster", "root",
	"security", "webmaster",
};

/* The value in force, as a person would set it, of the text that is stored, if
 * any; NULL when there is none. */
static const char *
in_force(const struct maildb_field *field, const char *stored)
{
	if (stored == NULL)
		return field->initial;
	if (field->type == MAILDB_BOOL)
		return strcmp(stored, "0") == 0 ? "no" : "yes";
	if ((field->flags & MAILDB_FIELD_UNLIMITED) &&
	    strcmp(stored, "0") == 0)
		return "unlimited";
	return stored;
}

/* What is wrong with a value that its type allows, or NULL.  The CHECKs of the
 * table say the same. */
static const char *
value_fault(const struct maildb_field *field, const struct maildb__value *value)
{
	if (strcmp(field->name, "mail_uid") == 0 ||
	    strcmp(field->name, "mail_gid") == 0)
		return value->number > 0 ? NULL : "mail must not belong to root";
	if (strcmp(field->name, "mail_root") == 0)
		return value->text[0] == '/' &&
		    strstr(value->text, "..") == NULL ? NULL :
		    "it must be an absolute path without ..";
	if (strcmp(field->name, "recipient_delimiter") == 0)
		return value->text[strspn(value->text, "+-.=#_~")] == '\0' &&
		    strlen(value->text) <= 8 ? NULL :
		    "it can hold only + - . = # _ ~, at most 8 of them";
	return NULL;
}

const char *
maildb__setting_fault(const char *name, const char *stored)
{
	const struct maildb_field *field;
	const char *why, *text;
	struct maildb__value value;
	int64_t number;
	size_t count;
	bool null;

	for (field = maildb_fields(MAILDB_KIND_SETTING, &count);
	    count > 0 && strcmp(field->name, name) != 0; field++)
		count--;
	if (count == 0)
		return NULL;
	text = in_force(field, stored);
	if (maildb_field_parse(field, text, &null, &number, &why) < 0)
		return why;
	value = field->type == MAILDB_TEXT ? V_TEXT(text) : V_INT(number);
	return value_fault(field, &value);
}

int
maildb_setting_get(struct maildb *db, const char *name, char **out)
{
	const struct maildb_field *field;
	struct maildb__row row = { 0 };
	struct maildb__value value;
	const char *text;
	int rc;

	*out = NULL;
	rc = maildb__field_value(db, MAILDB_KIND_SETTING, name, NULL, &field,
	    &value);
	if (rc < 0)
		return rc;
	rc = maildb__fetch(db, &row, STMT_SETTING_GET, V_TEXT(field->name));
	if (rc >= 0) {
		text = in_force(field, rc > 0 ?
		    maildb__row_text(&row, "value") : NULL);
		*out = strdup(text != NULL ? text : "");
		rc = *out != NULL ? 0 : maildb__nomem(db);
	}
	maildb__row_clear(&row);
	return rc;
}

int
maildb__setting_int(struct maildb *db, const char *name, int64_t *number)
{
	const struct maildb_field *field;
	struct maildb__value value;
	char *text;
	int rc;

	*number = 0;
	if ((rc = maildb_setting_get(db, name, &text)) < 0)
		return rc;
	rc = maildb__field_value(db, MAILDB_KIND_SETTING, name, text, &field,
	    &value);
	if (rc == 0)
		*number = value.number;
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

/* Refuses an administrator who would get own mail as a system name: that leads
 * to itself as long as there is no such address. */
static int
check_admin(struct maildb *db, const struct maildb_address *admin)
{
	struct maildb__row row = { 0 };
	size_t i;
	int rc;

	for (i = 0; i < ARRAY_LEN(system_names); i++)
		if (strcmp(admin->local, system_names[i]) == 0)
			break;
	if (i == ARRAY_LEN(system_names))
		return 0;
	rc = maildb__fetch(db, &row, STMT_ADDRESS_FIND, V_TEXT(admin->domain),
	    V_TEXT(admin->local));
	maildb__row_clear(&row);
	if (rc != 0)
		return rc < 0 ? rc : 0;
	maildb__fail(db, MAILDB_EVALUE, "admin \"%s\": mail for %s goes to "
	    "the administrator, so it would lead to itself", admin->text,
	    admin->local);
	maildb__fault_input(db, "admin", admin->text);
	return maildb__hint(db, "name a person, or add %s as a user first",
	    admin->text);
}

/* Refuses a cost that the scheme for new passwords does not have. */
static int
check_cost(struct maildb *db, const char *scheme, int64_t cost)
{
	struct maildb__range range;

	if (cost == 0 ||
	    maildb__password_cost(scheme, (unsigned long)cost, &range))
		return 0;
	maildb__fail(db, MAILDB_EVALUE,
	    "password_cost %lld does not fit %s: %lu to %lu", (long long)cost,
	    scheme, (unsigned long)range.least, (unsigned long)range.most);
	return maildb__fault_input(db, "password_cost", NULL);
}

/* The scheme and the cost have to fit, whichever of them is set. */
static int
check_password(struct maildb *db, const struct maildb_field *field,
    const struct maildb__value *value)
{
	char *other = NULL;
	int rc;

	if (strcmp(field->name, "password_cost") == 0) {
		if ((rc = maildb_setting_get(db, "password_scheme",
		    &other)) == 0)
			rc = check_cost(db, other, value->number);
	} else if ((rc = maildb_setting_get(db, "password_cost", &other)) == 0) {
		rc = check_cost(db, value->text, strtoll(other, NULL, 10));
		if (rc < 0)
			maildb__hint(db, "first: mailcfg set password_cost "
			    "default");
	}
	free(other);
	return rc;
}

/* Refuses delimiters of which one is part of a user's name: Dovecot's LMTP
 * would deliver to another user, or to none. */
static int
check_delimiters(struct maildb *db, const char *delimiters)
{
	struct maildb__row row = { 0 };
	char one[2] = "";
	int rc = 0;

	for (; rc == 0 && *delimiters != '\0'; delimiters++) {
		one[0] = *delimiters;
		rc = maildb__fetch(db, &row, STMT_USER_WITH, V_TEXT(one));
	}
	if (rc > 0) {
		maildb__fail(db, MAILDB_EREFUSED, "recipient_delimiter \"%s\": "
		    "Dovecot would deliver mail for user %s to \"%.*s\"",
		    one, maildb__row_text(&row, "address"),
		    (int)strcspn(maildb__row_text(&row, "address"), one),
		    maildb__row_text(&row, "address"));
		maildb__fault_input(db, "recipient_delimiter", one);
		rc = maildb__hint(db, "first: mailcfg renuser %s NEW",
		    maildb__row_text(&row, "address"));
	}
	maildb__row_clear(&row);
	return rc;
}

/* What a setting needs beyond its type.  An address or a name of a host gets
 * its canonical form, in text, which value points to then. */
static int
check(struct maildb *db, const struct maildb_field *field,
    struct maildb__value *value, char text[MAILDB_ADDRESS_MAX + 1])
{
	char uname[MAILDB_ULABEL_MAX + 1];
	struct maildb_address address;
	int rc = 0;

	if (strncmp(field->name, "password_", 9) == 0 &&
	    strcmp(field->name, "password_min") != 0)
		return check_password(db, field, value);
	if (value->type != MAILDB__TEXT)
		return 0;
	if (strcmp(field->name, "admin") == 0) {
		rc = maildb__address(db, field->name, value->text, 0,
		    MAILDB_DEST, &address);
		if (rc == 0)
			rc = check_admin(db, &address);
		strcpy(text, address.text);
		value->text = text;
	} else if (strcmp(field->name, "mail_host") == 0) {
		rc = maildb__domain_name(db, field->name, value->text, text,
		    uname);
		value->text = text;
	} else if (strcmp(field->name, "recipient_delimiter") == 0) {
		rc = check_delimiters(db, value->text);
	}
	return rc;
}

/* A number as the text that is stored. */
static char *
number_text(int64_t number)
{
	struct maildb__buf buf = { 0 };

	maildb__buf_printf(&buf, "%lld", (long long)number);
	return maildb__buf_take(&buf);
}

/* Whether a value, as it is stored, is what holds without any. */
static bool
is_initial(const struct maildb_field *field, const char *text)
{
	const char *why;
	int64_t number;
	bool null;

	if (text == NULL || field->initial == NULL)
		return text == NULL;
	if (field->type == MAILDB_TEXT)
		return strcmp(text, field->initial) == 0;
	return maildb_field_parse(field, field->initial, &null, &number,
	    &why) == 0 && number == strtoll(text, NULL, 10);
}

/* Stores a setting, or forgets what was stored: 1, or 0 when it was so. */
static int
put(struct maildb *db, const char *name, const char *text)
{
	const struct maildb_field *field;
	struct maildb__value value;
	struct maildb__row row = { 0 };
	char canonical[MAILDB_ADDRESS_MAX + 1], *number = NULL, *old = NULL;
	const char *why;
	int rc;

	rc = maildb__field_value(db, MAILDB_KIND_SETTING, name, text, &field,
	    &value);
	if (rc == 0 && (why = value_fault(field, &value)) != NULL) {
		maildb__fail(db, MAILDB_EVALUE, "%s \"%s\": %s", field->name,
		    text, why);
		rc = maildb__fault_input(db, field->name, text);
	}
	if (rc < 0 || (rc = check(db, field, &value, canonical)) < 0)
		return rc;
	maildb__size_notice(db, field, &value, text);
	if (value.type == MAILDB__INT) {
		if ((number = number_text(value.number)) == NULL)
			return maildb__nomem(db);
		value = V_TEXT(number);
	}
	rc = maildb__fetch(db, &row, STMT_SETTING_GET, V_TEXT(field->name));
	if (rc < 0)
		goto out;
	if (rc == 0 ? is_initial(field, value.text) :
	    value.type != MAILDB__NULL &&
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
	if (rc >= 0 && strcmp(field->name, "quota") == 0)
		rc = maildb__domains_limits(db, STMT_DOMAIN_QUOTA_LIMITED);
	if (rc >= 0 && strcmp(field->name, "recipient_delimiter") == 0)
		rc = maildb__graph_check_values(db, 0, STMT_TARGET_ALL_AGAIN,
		    NULL);
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
	const char *value, *initial;
	size_t i, n;
	int rc;

	*out = NULL;
	rc = maildb__table_new(db, columns, ARRAY_LEN(columns), &table);
	fields = maildb_fields(MAILDB_KIND_SETTING, &n);
	for (i = 0; rc >= 0 && i < n; i++) {
		rc = maildb__fetch(db, &row, STMT_SETTING_GET,
		    V_TEXT(fields[i].name));
		value = in_force(&fields[i], rc > 0 ?
		    maildb__row_text(&row, "value") : NULL);
		initial = fields[i].initial;
		if (rc >= 0)
			rc = maildb__table_add(table,
			    (struct maildb__value[]){ V_TEXT(fields[i].name),
			    V_TEXT(value), V_INT(value == initial ||
			    (value != NULL && initial != NULL &&
			    strcmp(value, initial) == 0)),
			    V_TEXT(fields[i].help) });
		maildb__row_clear(&row);
	}
	if (rc < 0) {
		maildb_cursor_free(table);
		return rc;
	}
	*out = table;
	return 0;
}
