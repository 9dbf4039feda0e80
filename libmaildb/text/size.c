/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * size.c - sizes in bytes, as text and back
 *
 * Pure.  Owns the grammar and the units; leaves to others what a size of 0
 * means.
 */
#include <inttypes.h>
#include <stdio.h>

#include "maildb.h"

/* One letter for each power of 1024; bytes themselves have none. */
static const char units[] = "\0KMGT";
#define LARGEST 4

/* An ASCII small letter made a capital, any other octet as it is.  The C
 * library's functions would ask the locale: in Turkish, i is not a small I. */
static char
capital(char c)
{
	return c >= 'a' && c <= 'z' ? (char)(c - ('a' - 'A')) : c;
}

/* Reads a size; answers 0, or MAILDB_EVALUE and leaves *bytes alone. */
int
maildb_size_parse(const char *text, int64_t *bytes)
{
	int64_t size = 0;
	int unit = LARGEST;

	if (*text < '0' || *text > '9' ||
	    (text[0] == '0' && text[1] >= '0' && text[1] <= '9'))
		return MAILDB_EVALUE;
	for (; *text >= '0' && *text <= '9'; text++) {
		int digit = *text - '0';

		if (size > (INT64_MAX - digit) / 10)
			return MAILDB_EVALUE;
		size = size * 10 + digit;
	}
	while (unit > 0 && capital(*text) != units[unit])
		unit--;
	if (unit > 0)
		text++;
	if (capital(text[0]) == 'I' && capital(text[1]) == 'B')
		text++;
	if (capital(text[0]) == 'B')
		text++;
	if (*text != '\0')
		return MAILDB_EVALUE;
	if (size > INT64_MAX >> 10 * unit)
		return MAILDB_EVALUE;
	*bytes = size << 10 * unit;
	return 0;
}

/* Writes a size in the largest unit that divides it. */
void
maildb_size_format(int64_t bytes, char out[24])
{
	int unit = 0;

	while (unit < LARGEST && bytes != 0 && bytes % 1024 == 0) {
		bytes /= 1024;
		unit++;
	}
	snprintf(out, 24, "%" PRId64 "%.1s", bytes, &units[unit]);
}

/* Writes a size rounded: below 1024 of the smallest unit that allows it, with
 * one decimal below 10 of it. */
void
maildb_size_human(int64_t bytes, char out[24])
{
	const char *sign = bytes < 0 ? "-" : "";
	uint64_t size = bytes < 0 ? -(uint64_t)bytes : (uint64_t)bytes;
	uint64_t one = 1, rounded = size, tenths;
	int unit = 0;

	while (rounded >= 1024 && unit < LARGEST) {
		one <<= 10;
		rounded = (size + one / 2) / one;
		unit++;
	}
	tenths = size / one * 10 + (size % one * 10 + one / 2) / one;
	if (unit > 0 && tenths < 100)
		snprintf(out, 24, "%s%" PRIu64 ".%" PRIu64 "%c", sign,
		    tenths / 10, tenths % 10, units[unit]);
	else
		snprintf(out, 24, "%s%" PRIu64 "%.1s", sign, rounded,
		    &units[unit]);
}
