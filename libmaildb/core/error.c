/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * error.c - codes and their names, the fault kept on a handle, notices
 */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/core.h"

enum { MESSAGE, FIELD, VALUE, HINT };

static const struct {
	int code;
	const char *name, *meaning;
} errors[] = {
#define ROW(symbol, number, name, meaning) { number, name, meaning },
	MAILDB_ERRORS(ROW)
#undef ROW
};

const char *
maildb_error_name(int code)
{
	size_t i;

	if (code >= 0)
		return "ok";
	for (i = 0; i < ARRAY_LEN(errors); i++)
		if (errors[i].code == code)
			return errors[i].name;
	return "unknown";
}

const char *
maildb_error_meaning(int code)
{
	size_t i;

	for (i = 0; i < ARRAY_LEN(errors); i++)
		if (errors[i].code == code)
			return errors[i].meaning;
	return "no error";
}

const struct maildb_fault *
maildb_fault(const struct maildb *db)
{
	return &db->fault;
}

/* printf into memory: NULL without any. */
static char *
format_text(const char *format, va_list ap)
{
	char *text = NULL;

	if (vasprintf(&text, format, ap) < 0)
		return NULL;
	return text;
}

/* Puts one of the fault's texts in place of the old one. */
static const char *
keep(struct maildb *db, int which, char *text)
{
	free(db->fault_text[which]);
	db->fault_text[which] = text;
	return text;
}

int
maildb__fail(struct maildb *db, int code, const char *format, ...)
{
	char *message;
	va_list ap;
	int i;

	/* The arguments may point into the fault that is being replaced. */
	va_start(ap, format);
	message = format_text(format, ap);
	va_end(ap);
	for (i = 0; i < (int)ARRAY_LEN(db->fault_text); i++)
		keep(db, i, NULL);
	db->fault = (struct maildb_fault){ .code = code };
	db->fault.message = keep(db, MESSAGE, message);
	if (db->fault.message == NULL)
		db->fault.message = maildb_error_meaning(code);
	return code;
}

int
maildb__fault_input(struct maildb *db, const char *field, const char *value)
{
	db->fault.field = keep(db, FIELD, field != NULL ? strdup(field) : NULL);
	db->fault.value = keep(db, VALUE, value != NULL ? strdup(value) : NULL);
	return db->fault.code;
}

int
maildb__hint(struct maildb *db, const char *format, ...)
{
	va_list ap;

	va_start(ap, format);
	db->fault.hint = keep(db, HINT, format_text(format, ap));
	va_end(ap);
	return db->fault.code;
}

int
maildb__nomem(struct maildb *db)
{
	return maildb__fail(db, MAILDB_ENOMEM, "memory is exhausted");
}

void
maildb__notice(struct maildb *db, const char *code, const char *hint,
    const char *format, ...)
{
	char *message;
	va_list ap;

	if (db->notice == NULL)
		return;
	va_start(ap, format);
	message = format_text(format, ap);
	va_end(ap);
	if (message != NULL)
		db->notice(db->notice_arg, code, message, hint);
	free(message);
}
