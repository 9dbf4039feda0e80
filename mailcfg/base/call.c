/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * call.c - what handlers ask of a call, and tell it
 */
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "base/call.h"

const char *
call_option(const struct call *call, const char *name)
{
	size_t i;

	for (i = 0; i < call->ngiven; i++)
		if (strcmp(call->given[i].option->name, name) == 0)
			return call->given[i].value != NULL ?
			    call->given[i].value : "";
	return NULL;
}

int
call_changed(struct call *call, int rc, const char *format, ...)
{
	va_list ap;

	if (rc != 1)
		return rc;
	free(call->message);
	va_start(ap, format);
	if (vasprintf(&call->message, format, ap) < 0)
		call->message = NULL;
	va_end(ap);
	return call->message != NULL ? 1 : MAILDB_ENOMEM;
}
