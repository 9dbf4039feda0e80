/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * fault.c - what went wrong, and the exit status that says so
 *
 * The only table from error codes to exit statuses, the manual's included.
 */
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "base/call.h"

/* Exit statuses: 1 refused or failed, 2 usage, 3 the database cannot be used,
 * 4 the named object does not exist, 6 part of a batch, 7 outcome unknown,
 * 8 could not be checked. */
static const struct {
	int code, status;
	const char *name; /* of the codes that the library does not know */
} statuses[] = {
	{ MAILDB_ENOMEM, 3, NULL },
	{ MAILDB_EADDRESS, 2, NULL },
	{ MAILDB_EVALUE, 2, NULL },
	{ MAILDB_EHASH, 2, NULL },
	{ MAILDB_EPASSWORD, 2, NULL },
	{ MAILDB_EURL, 2, NULL },
	{ MAILDB_EFIELD, 2, NULL },
	{ MAILDB_EMAP, 2, NULL },
	{ MAILDB_EDOMAIN, 4, NULL },
	{ MAILDB_EUSER, 4, NULL },
	{ MAILDB_EALIAS, 4, NULL },
	{ MAILDB_EMISSING, 3, NULL },
	{ MAILDB_EDENIED, 3, NULL },
	{ MAILDB_ELOCKED, 3, NULL },
	{ MAILDB_EFULL, 3, NULL },
	{ MAILDB_ESCHEMA, 3, NULL },
	{ MAILDB_EFORMAT, 3, NULL },
	{ MAILDB_ELOST, 3, NULL },
	{ MAILDB_EDB, 3, NULL },
	{ MAILDB_EUNKNOWN, 7, NULL },
	{ MAILDB_EINTR, 130, NULL },
	{ CLI_EUSAGE, 2, "usage" },
	{ CLI_ESTRICT, 1, "warnings" },
	{ CLI_EBATCH, 6, "lines_failed" },
	{ CLI_EFOUND, 1, "no" },
	{ CLI_EUNASKED, 8, "unchecked" },
};

/* The stable name of any error code. */
const char *
error_name(int code)
{
	size_t i;

	for (i = 0; i < COUNT(statuses); i++)
		if (statuses[i].code == code && statuses[i].name != NULL)
			return statuses[i].name;
	return maildb_error_name(code);
}

/* The exit status for what a command answered. */
int
error_status(int code)
{
	size_t i;

	if (code >= 0)
		return 0;
	for (i = 0; i < COUNT(statuses); i++)
		if (statuses[i].code == code)
			return statuses[i].status;
	return 1;
}

/* Empties a fault. */
void
fault_clear(struct fault *fault)
{
	free(fault->message);
	free(fault->field);
	free(fault->value);
	free(fault->hint);
	memset(fault, 0, sizeof(*fault));
}

static char *
copy(const char *text)
{
	return text != NULL ? strdup(text) : NULL;
}

#define WORD_MOST 400  /* bytes of a word in a message */
#define TEXT_MOST 2000 /* and of all of it */

/* Takes out the middle of what has len bytes, if that is more than most; what
 * is left begins and ends with a whole character.  Returns what is left. */
static size_t
shorten(char *text, size_t len, size_t most)
{
	size_t head = most / 3 * 2, tail = len - most / 4;

	if (len <= most)
		return len;
	while ((text[head] & 0xc0) == 0x80)
		head--;
	while ((text[tail] & 0xc0) == 0x80)
		tail++;
	memcpy(text + head, "...", 3);
	memmove(text + head + 3, text + tail, strlen(text + tail) + 1);
	return head + 3 + len - tail;
}

/* See call.h. */
void
text_shorten(char *text)
{
	size_t from = 0;

	if (text == NULL || strlen(text) <= WORD_MOST)
		return;
	while (text[from] != '\0') {
		from += strspn(text + from, " ");
		from += shorten(text + from, strcspn(text + from, " "),
		    WORD_MOST);
	}
	shorten(text, strlen(text), TEXT_MOST);
}

/* Fills a fault and answers its code.  The hint of a file that cannot be read
 * or written names the part of its path that is in the way. */
int
fault_set(struct fault *fault, int code, const char *field, const char *value,
    const char *hint, const char *format, ...)
{
	struct fault made = { .code = code, .field = copy(field),
		.value = copy(value), .hint = copy(hint) };
	va_list ap;

	/* The value is the file, then. */
	if (code == MAILDB_EIO && value != NULL && hint == NULL)
		made.hint = denied_hint(value, false, false);
	va_start(ap, format);
	if (vasprintf(&made.message, format, ap) < 0)
		made.message = NULL;
	va_end(ap);
	text_shorten(made.message);
	text_shorten(made.value);
	text_shorten(made.hint);
	fault_clear(fault);
	*fault = made;
	return code;
}

/* Fills a fault from the library's, unless the caller knew better. */
void
fault_from(struct fault *fault, int code, const struct maildb *db)
{
	const struct maildb_fault *from = db != NULL ? maildb_fault(db) : NULL;

	if (fault->code != 0)
		return;
	if (code != MAILDB_EINTR && from != NULL && from->code == code &&
	    from->message != NULL)
		fault_set(fault, code, from->field, from->value, from->hint,
		    "%s", from->message);
	else
		fault_set(fault, code, NULL, NULL, NULL, "%s",
		    maildb_error_meaning(code));
}
