/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * field.c - the fields of each kind of object, and reading their values
 *
 * The tables of fields are made from schema/entities; options of commands,
 * documents and listings are made from them.  Names are those of the columns
 * that the statements in sql/ take and give.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "model/model.h"
#include "model/field_list.h"

const struct maildb_field *
maildb_fields(enum maildb_kind kind, size_t *count)
{
	*count = kinds[kind].count;
	return kinds[kind].fields;
}

bool
maildb__on_address(const char *field)
{
	size_t i;

	for (i = 0; i < ARRAY_LEN(alias_fields); i++)
		if (strcmp(alias_fields[i].name, field) == 0)
			return true;
	return strcmp(field, "receive") == 0;
}

/* Whether word is one of "a|b|c". */
static bool
among(const char *choices, const char *word)
{
	size_t len = strlen(word);
	const char *at;

	if (strchr(word, '|') != NULL)
		return false;
	for (at = choices; at != NULL; at = strchr(at, '|')) {
		at += *at == '|';
		if (strncmp(at, word, len) == 0 &&
		    (at[len] == '|' || at[len] == '\0'))
			return len > 0;
	}
	return false;
}

/* yes and no in their usual spellings: -1 for anything else. */
static int
truth(const char *text)
{
	if (among("yes|on|true|1", text))
		return 1;
	return among("no|off|false|0", text) ? 0 : -1;
}

/* Digits only: false for anything else or too much. */
static bool
whole_number(const char *text, int64_t *number)
{
	char *end;

	if (*text < '0' || *text > '9')
		return false;
	errno = 0;
	*number = strtoll(text, &end, 10);
	return errno == 0 && *end == '\0';
}

/* Text that a terminal, a log line and a map can show. */
static const char *
text_fault(const struct maildb_field *field, const char *text)
{
	if (*text == '\0')
		return "it is empty";
	if (strlen(text) > 1000)
		return "it is longer than 1000 octets";
	if (!maildb__text_shows(text, strlen(text)))
		return "it holds a control character or is not valid UTF-8";
	if (field->choices != NULL && !among(field->choices, text))
		return "it is none of the words that are possible";
	return NULL;
}

/* Reads a number of the field's type; answers what is wrong or NULL. */
static const char *
number_fault(const struct maildb_field *field, const char *text,
    int64_t *number)
{
	switch (field->type) {
	case MAILDB_BOOL:
		*number = truth(text);
		return *number < 0 ? "say yes or no" : NULL;
	case MAILDB_SIZE:
		return maildb_size_parse(text, number) < 0 ?
		    "say a size such as 512M or 4G" : NULL;
	case MAILDB_TIME:
		return maildb_time_parse(text, time(NULL),
		    (field->flags & MAILDB_FIELD_UNTIL) != 0, number) < 0 ?
		    "say a date such as 2030-12-31, or +30d" : NULL;
	default:
		return whole_number(text, number) ? NULL :
		    "say a whole number";
	}
}

/* Whether a value is left to the field's default. */
static bool
is_default(const char *text)
{
	return text == NULL || strcmp(text, "default") == 0;
}

int
maildb_field_parse(const struct maildb_field *field, const char *text,
    bool *isnull, int64_t *number, const char **why)
{
	bool unlimited = (field->flags & MAILDB_FIELD_UNLIMITED) != 0;

	*number = 0;
	*why = NULL;
	*isnull = is_default(text) &&
	    (field->flags & MAILDB_FIELD_NULLABLE) != 0;
	if (*isnull)
		return 0;
	if (is_default(text))
		text = field->initial;
	if (field->type == MAILDB_TEXT)
		*why = text_fault(field, text);
	else if (unlimited && strcmp(text, "unlimited") == 0)
		return 0;
	else
		*why = number_fault(field, text, number);
	if (*why == NULL && unlimited && *number == 0)
		*why = (field->flags & MAILDB_FIELD_NULLABLE) ?
		    "0 is ambiguous: say unlimited or default" :
		    "0 is ambiguous: say unlimited";
	if (*why == NULL && field->most != 0 && *number > field->most)
		*why = "it is too great";
	return *why != NULL ? MAILDB_EVALUE : 0;
}

/* The field of that name; hyphens are as good as underscores. */
static const struct maildb_field *
find_field(enum maildb_kind kind, const char *name)
{
	const struct maildb_field *fields = kinds[kind].fields;
	const char *a, *b;
	size_t i;

	for (i = 0; i < kinds[kind].count; i++) {
		for (a = fields[i].name, b = name;
		    *a != '\0' && (*a == *b || (*a == '_' && *b == '-')); )
			a++, b++;
		if (*a == '\0' && *b == '\0')
			return &fields[i];
	}
	return NULL;
}

/* Fails for a name that no field has, and lists those there are. */
static int
fail_unknown(struct maildb *db, enum maildb_kind kind, const char *name)
{
	struct maildb__buf buf = { 0 };
	size_t i;

	for (i = 0; i < kinds[kind].count; i++)
		maildb__buf_printf(&buf, "%s%s", i > 0 ? ", " : "",
		    kinds[kind].fields[i].name);
	maildb__fail(db, MAILDB_EFIELD, "there is no %s \"%s\"",
	    kind == MAILDB_KIND_SETTING ? "setting" : "field", name);
	maildb__fault_input(db, name, NULL);
	if (!buf.failed)
		maildb__hint(db, "there are: %s", buf.text);
	maildb__buf_free(&buf);
	return MAILDB_EFIELD;
}

int
maildb__field_value(struct maildb *db, enum maildb_kind kind, const char *name,
    const char *text, const struct maildb_field **field,
    struct maildb__value *value)
{
	const char *why;
	int64_t number;
	bool isnull;

	*field = find_field(kind, name);
	if (*field == NULL)
		return fail_unknown(db, kind, name);
	if (maildb_field_parse(*field, text, &isnull, &number, &why) < 0) {
		maildb__fail(db, MAILDB_EVALUE, "%s \"%s\": %s", (*field)->name,
		    text != NULL ? text : "", why);
		if ((*field)->choices != NULL)
			maildb__hint(db, "possible are: %s",
			    (*field)->choices);
		return maildb__fault_input(db, (*field)->name, text);
	}
	if (isnull)
		*value = V_NULL;
	else if ((*field)->type == MAILDB_TEXT)
		*value = V_TEXT(is_default(text) ? (*field)->initial : text);
	else
		*value = V_INT(number);
	return 0;
}

/* Whether two values are the same. */
static bool
same(const struct maildb__value *a, const struct maildb__value *b)
{
	if (a == NULL || a->type != b->type)
		return false;
	if (a->type == MAILDB__TEXT)
		return strcmp(a->text, b->text) == 0;
	return a->type == MAILDB__NULL || a->number == b->number;
}

void
maildb__size_notice(struct maildb *db, const struct maildb_field *field,
    const struct maildb__value *value, const char *text)
{
	if (field->type == MAILDB_SIZE && value->type == MAILDB__INT &&
	    value->number > 0 && value->number < 1 << 20 &&
	    text[strspn(text, "0123456789")] == '\0')
		maildb__notice(db, "tiny_size", "add a unit: 500M, 2G",
		    "%s %s is a number of bytes", field->name, text);
}

int
maildb__apply(struct maildb *db, enum maildb_kind kind,
    struct maildb__row *row, const struct maildb_attr *attrs, size_t nattrs,
    bool creating)
{
	const struct maildb_field *field;
	struct maildb__value value;
	int changed = 0, rc;
	size_t i;

	for (i = 0; i < nattrs; i++) {
		rc = maildb__field_value(db, kind, attrs[i].name,
		    attrs[i].value, &field, &value);
		if (rc < 0)
			return rc;
		if (same(maildb__row_value(row, field->name), &value))
			continue;
		if (!creating && (field->flags & MAILDB_FIELD_CREATE)) {
			maildb__fail(db, MAILDB_EVALUE,
			    "%s is fixed when the object is added",
			    field->name);
			return maildb__fault_input(db, field->name,
			    attrs[i].value);
		}
		if ((rc = maildb__row_set(db, row, field->name, value)) < 0)
			return rc;
		maildb__size_notice(db, field, &value, attrs[i].value);
		changed++;
	}
	return changed;
}

int
maildb__initial(struct maildb *db, enum maildb_kind kind,
    struct maildb__row *row)
{
	const struct maildb_field *field;
	struct maildb__value value;
	size_t i;
	int rc;

	for (i = 0; i < kinds[kind].count; i++) {
		rc = maildb__field_value(db, kind, kinds[kind].fields[i].name,
		    kinds[kind].fields[i].initial, &field, &value);
		if (rc == 0)
			rc = maildb__row_set(db, row, field->name, value);
		if (rc < 0)
			return rc;
	}
	return 0;
}
