/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * buf.c - text that grows
 *
 * A failed allocation is remembered and shows at maildb__buf_take(), so that
 * callers check once, at the end.
 */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "text/text.h"

/* Makes room for len more octets and a NUL: false without memory. */
static bool
reserve(struct maildb__buf *buf, size_t len)
{
	size_t size = buf->size != 0 ? buf->size : 64;
	char *text;

	if (buf->failed)
		return false;
	while (size - buf->len <= len)
		size *= 2;
	if (size == buf->size)
		return true;
	text = realloc(buf->text, size);
	if (text == NULL) {
		buf->failed = true;
		return false;
	}
	buf->text = text;
	buf->size = size;
	return true;
}

/* Appends len octets. */
void
maildb__buf_addn(struct maildb__buf *buf, const char *text, size_t len)
{
	if (!reserve(buf, len))
		return;
	memcpy(buf->text + buf->len, text, len);
	buf->len += len;
	buf->text[buf->len] = '\0';
}

/* Appends a string. */
void
maildb__buf_add(struct maildb__buf *buf, const char *text)
{
	maildb__buf_addn(buf, text, strlen(text));
}

/* Appends what printf would write. */
void
maildb__buf_printf(struct maildb__buf *buf, const char *format, ...)
{
	va_list ap;
	int len;

	va_start(ap, format);
	len = vsnprintf(NULL, 0, format, ap);
	va_end(ap);
	if (len < 0 || !reserve(buf, (size_t)len)) {
		buf->failed = true;
		return;
	}
	va_start(ap, format);
	vsnprintf(buf->text + buf->len, (size_t)len + 1, format, ap);
	va_end(ap);
	buf->len += (size_t)len;
}

/* Gives the text away: NULL when memory ran out on the way. */
char *
maildb__buf_take(struct maildb__buf *buf)
{
	char *text;

	maildb__buf_addn(buf, "", 0);
	text = buf->failed ? NULL : buf->text;
	if (buf->failed)
		free(buf->text);
	*buf = (struct maildb__buf){ 0 };
	return text;
}

/* Frees what was not taken. */
void
maildb__buf_free(struct maildb__buf *buf)
{
	free(buf->text);
	*buf = (struct maildb__buf){ 0 };
}
