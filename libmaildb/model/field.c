/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * field.c - the fields of each kind of object, and reading their values
 *
 * The tables here are the only list of fields: options of commands, documents
 * and listings are made from them.  Names are those of the columns that the
 * statements in sql/ take and give.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "model/model.h"

#define NUL MAILDB_FIELD_NULLABLE
#define UNL MAILDB_FIELD_UNLIMITED

#define ENABLED    { "enabled", MAILDB_BOOL, 0, NULL, \
	"whether it works at all", "yes", 0 }
#define INTERNAL   { "internal", MAILDB_BOOL, 0, NULL, \
	"mail only from clients that logged in", "no", 0 }
#define VALID_FROM { "valid_from", MAILDB_TIME, NUL, NULL, \
	"first moment at which it works", NULL, 0 }
#define VALID_UNTIL { "valid_until", MAILDB_TIME, NUL | MAILDB_FIELD_UNTIL, \
	NULL, "last moment at which it works", NULL, 0 }
#define NOTE       { "note", MAILDB_TEXT, NUL, NULL, "a remark", NULL, 0 }

static const struct maildb_field domain_fields[] = {
	{ "class", MAILDB_TEXT, MAILDB_FIELD_CREATE, "mailbox|alias|relay",
	    "what the domain is", "mailbox", 0 },
	{ "target", MAILDB_TEXT, NUL | MAILDB_FIELD_CREATE, NULL,
	    "the domain that an alias domain stands for", NULL, 0 },
	ENABLED,
	{ "primary", MAILDB_BOOL, 0, NULL,
	    "the server's own domain; nothing reads it yet", "no", 0 },
	{ "quota", MAILDB_SIZE, NUL | UNL, NULL,
	    "storage of users without a quota of their own", NULL, 0 },
	{ "messages", MAILDB_COUNT, NUL | UNL, NULL,
	    "message limit of users without one of their own", NULL, 0 },
	{ "max_users", MAILDB_COUNT, NUL | UNL, NULL,
	    "greatest number of users", NULL, 0 },
	{ "max_aliases", MAILDB_COUNT, NUL | UNL, NULL,
	    "greatest number of aliases", NULL, 0 },
	{ "max_quota", MAILDB_SIZE, NUL | UNL, NULL,
	    "greatest sum of the users' quotas", NULL, 0 },
	{ "outside_senders", MAILDB_BOOL, 0, NULL,
	    "others may send from this domain without a login", "no", 0 },
	{ "any_recipient", MAILDB_BOOL, 0, NULL,
	    "a relay domain accepts every recipient", "no", 0 },
	{ "autoconfig", MAILDB_BOOL, 0, NULL,
	    "automatic client setup; nothing reads it yet", "yes", 0 },
	{ "dkim", MAILDB_BOOL, 0, NULL, "sign outgoing mail; nothing reads it yet", "yes", 0 },
	NOTE,
};

static const struct maildb_field user_fields[] = {
	{ "name", MAILDB_TEXT, NUL, NULL, "the person's name", NULL, 0 },
	ENABLED,
	{ "receive", MAILDB_BOOL, 0, NULL, "accept mail, forwards included",
	    "yes", 0 },
	{ "send", MAILDB_BOOL, 0, NULL, "may log in to send", "yes", 0 },
	{ "imap", MAILDB_BOOL, 0, NULL, "may log in by IMAP", "yes", 0 },
	{ "pop3", MAILDB_BOOL, 0, NULL, "may log in by POP3", "yes", 0 },
	{ "sieve", MAILDB_BOOL, 0, NULL, "may log in by ManageSieve", "yes",
	    0 },
	INTERNAL,
	{ "quota", MAILDB_SIZE, NUL | UNL, NULL, "storage limit", NULL, 0 },
	{ "messages", MAILDB_COUNT, NUL | UNL, NULL, "message limit", NULL,
	    0 },
	VALID_FROM,
	VALID_UNTIL,
	{ "must_change", MAILDB_BOOL, 0, NULL,
	    "a new password is due; nothing reads it yet", "no", 0 },
	{ "spam_days", MAILDB_COUNT, NUL | UNL, NULL,
	    "days to keep spam; nothing reads it yet", NULL, 36500 },
	{ "home", MAILDB_TEXT, NUL, NULL,
	    "mail directory, absolute or below mail_root", NULL, 0 },
	NOTE,
};

static const struct maildb_field alias_fields[] = {
	ENABLED,
	INTERNAL,
	VALID_FROM,
	VALID_UNTIL,
	NOTE,
};

/* What the views read (mail_root to messages) has a row from the first. */
static const struct maildb_field setting_fields[] = {
	{ "admin", MAILDB_TEXT, NUL, NULL,
	    "who gets the mail for postmaster, abuse and the like", NULL, 0 },
	{ "mail_host", MAILDB_TEXT, NUL, NULL,
	    "the server's name for others; nothing reads it yet", NULL, 0 },
	{ "mail_root", MAILDB_TEXT, 0, NULL,
	    "directory of the mailboxes' homes", "/var/vmail", 0 },
	{ "mail_uid", MAILDB_INT, 0, NULL,
	    "user id that owns the mail", "5000", INT32_MAX },
	{ "mail_gid", MAILDB_INT, 0, NULL,
	    "group id that owns the mail", "5000", INT32_MAX },
	{ "quota", MAILDB_SIZE, UNL, NULL,
	    "storage of users when neither they nor their domain say",
	    "unlimited", 0 },
	{ "messages", MAILDB_COUNT, UNL, NULL,
	    "message limit likewise", "unlimited", 0 },
	{ "password_scheme", MAILDB_TEXT, 0, "yescrypt|bcrypt|sha512",
	    "how new passwords are hashed", "yescrypt", 0 },
	{ "password_cost", MAILDB_INT, NUL, NULL,
	    "cost of that hash, in the scheme's own measure", NULL, 1000000 },
	{ "password_min", MAILDB_INT, 0, NULL,
	    "least octets of a password that a person chooses", "8", 72 },
	{ "recipient_delimiter", MAILDB_TEXT, 0, NULL,
	    "what begins an address extension, as in Postfix", "+", 0 },
	{ "expansion_limit", MAILDB_INT, 0, NULL,
	    "virtual_alias_expansion_limit of Postfix", "1000", 100000 },
	{ "recursion_limit", MAILDB_INT, 0, NULL,
	    "virtual_alias_recursion_limit of Postfix", "1000", 100000 },
	{ "smtputf8", MAILDB_BOOL, 0, NULL,
	    "destinations elsewhere may have UTF-8 local parts", "no", 0 },
};

static const struct {
	const struct maildb_field *fields;
	size_t count;
} kinds[MAILDB_KINDS] = {
#define KIND(table) { table, ARRAY_LEN(table) }
	[MAILDB_KIND_DOMAIN] = KIND(domain_fields),
	[MAILDB_KIND_USER] = KIND(user_fields),
	[MAILDB_KIND_ALIAS] = KIND(alias_fields),
	[MAILDB_KIND_SETTING] = KIND(setting_fields),
	[MAILDB_KIND_RECIPIENT] = KIND(alias_fields),
	[MAILDB_KIND_SENDER] = { alias_fields, 0 },
#undef KIND
};

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
