/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * casefold.c - the keys of look-ups in the letter case that Postfix gives them
 *
 * Postfix folds a key before it asks any table, all of Unicode with
 * smtputf8_enable: capitals become small, and sharp s becomes ss.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "text/casefold.h"
#include "text/text.h"

/* The character at *text, which is moved past it; the text is valid UTF-8. */
static int32_t
take_point(const unsigned char **text)
{
	int32_t point = *(*text)++;

	if (point >= 0xc0)
		point &= point >= 0xf0 ? 0x07 : point >= 0xe0 ? 0x0f : 0x1f;
	while ((**text & 0xc0) == 0x80)
		point = point << 6 | (*(*text)++ & 0x3f);
	return point;
}

/* Appends a character as UTF-8. */
static void
put_point(struct maildb__buf *buf, int32_t point)
{
	int more = point < 0x80 ? 0 : point < 0x800 ? 1 :
	    point < 0x10000 ? 2 : 3;
	char text[4];
	int i;

	for (i = more; i > 0; i--, point >>= 6)
		text[i] = (char)(0x80 | (point & 0x3f));
	text[0] = (char)(more == 0 ? point :
	    ((0xf0 << (3 - more)) & 0xff) | point);
	maildb__buf_addn(buf, text, (size_t)more + 1);
}

/* Appends what a character is folded to. */
static void
fold_point(struct maildb__buf *buf, int32_t point)
{
	size_t i;

	if (point < 0x80) {
		put_point(buf, point >= 'A' && point <= 'Z' ?
		    point + ('a' - 'A') : point);
		return;
	}
	for (i = 0; i < ARRAY_LEN(full_folds); i++)
		if (full_folds[i].point == point) {
			maildb__buf_add(buf, full_folds[i].text);
			return;
		}
	for (i = 0; i < ARRAY_LEN(simple_folds); i++)
		if (point >= simple_folds[i].first &&
		    point <= simple_folds[i].last &&
		    (point - simple_folds[i].first) % simple_folds[i].step == 0)
			break;
	put_point(buf, i < ARRAY_LEN(simple_folds) ?
	    point + simple_folds[i].delta : point);
}

char *
maildb__fold(const char *text)
{
	const unsigned char *at = (const unsigned char *)text;
	bool utf8 = maildb__text_utf8(text, strlen(text));
	struct maildb__buf buf = { 0 };

	maildb__buf_add(&buf, "");
	while (*at != '\0')
		if (utf8)
			fold_point(&buf, take_point(&at));
		else
			maildb__buf_addn(&buf, (const char *)at++, 1);
	return maildb__buf_take(&buf);
}
