/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * time.c - points in time, as text and back
 *
 * Pure.  The calendar is computed here because the C library's looks at TZ,
 * whose "right/" zones count leap seconds even in gmtime().  Times are those
 * that RFC 3339 can write and that are not before 1970.
 */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "maildb.h"

#define DAY      86400
#define TIME_MAX INT64_C(253402300799) /* 9999-12-31T23:59:59Z */

static const struct {
	const char *name;
	int64_t seconds;
} units[] = {
	{ "s", 1 },
	{ "min", 60 },
	{ "h", 3600 },
	{ "d", DAY },
	{ "w", 7 * DAY },
};

/* The days of a month, 1 to 12. */
static int
month_days(int year, int month)
{
	static const int days[] = {
		31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31
	};
	bool leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);

	return days[month - 1] + (month == 2 && leap);
}

/* The days from 1970-01-01 to the first of a year. */
static int64_t
year_start(int year)
{
	int past = year - 1;

	/* 477 leap days came before 1970. */
	return 365 * (int64_t)(year - 1970) +
	    past / 4 - past / 100 + past / 400 - 477;
}

/* Moves *text past the octet, if it is there. */
static bool
skip(const char **text, char octet)
{
	if (**text != octet)
		return false;
	(*text)++;
	return true;
}

/* Reads exactly so many digits as a number of the range. */
static bool
read_field(const char **text, int digits, int min, int max, int *out)
{
	int value = 0;

	while (digits-- > 0) {
		if (**text < '0' || **text > '9')
			return false;
		value = value * 10 + *(*text)++ - '0';
	}
	*out = value;
	return value >= min && value <= max;
}

/* Reads any digits as a number that is at most TIME_MAX. */
static bool
read_number(const char **text, int64_t *out)
{
	int64_t value = 0;

	if (**text < '0' || **text > '9')
		return false;
	while (**text >= '0' && **text <= '9' && value <= TIME_MAX)
		value = value * 10 + *(*text)++ - '0';
	*out = value;
	return value <= TIME_MAX;
}

/* Reads "30d", in seconds: perhaps too many of them, but no overflow. */
static bool
read_span(const char **text, int64_t *seconds)
{
	int64_t count;

	if (!read_number(text, &count))
		return false;
	for (size_t i = 0; i < sizeof(units) / sizeof(units[0]); i++) {
		if (strcmp(*text, units[i].name) != 0)
			continue;
		*text += strlen(*text);
		*seconds = count * units[i].seconds;
		return true;
	}
	return false;
}

/* Reads "Z", "+02:00" or nothing, in seconds. */
static bool
read_offset(const char **text, int64_t *seconds)
{
	bool west = **text == '-';
	int hours, minutes;

	*seconds = 0;
	if (**text == '\0' || skip(text, 'Z') || skip(text, 'z'))
		return true;
	if (!skip(text, west ? '-' : '+') ||
	    !read_field(text, 2, 0, 23, &hours) || !skip(text, ':') ||
	    !read_field(text, 2, 0, 59, &minutes))
		return false;
	*seconds = (hours * 60 + minutes) * (west ? -60 : 60);
	return true;
}

/* Reads a date with or without a time of day. */
static bool
read_date(const char **text, bool end_of_day, int64_t *seconds)
{
	int year, month, day, hour, minute, second = 0;
	int64_t days, offset;

	if (!read_field(text, 4, 1970, 9999, &year) || !skip(text, '-') ||
	    !read_field(text, 2, 1, 12, &month) || !skip(text, '-') ||
	    !read_field(text, 2, 1, month_days(year, month), &day))
		return false;
	days = year_start(year) + day - 1;
	while (--month > 0)
		days += month_days(year, month);
	*seconds = days * DAY;

	if (**text == '\0') {
		*seconds += end_of_day ? DAY - 1 : 0;
		return true;
	}
	if ((!skip(text, 'T') && !skip(text, 't') && !skip(text, ' ')) ||
	    !read_field(text, 2, 0, 23, &hour) || !skip(text, ':') ||
	    !read_field(text, 2, 0, 59, &minute) ||
	    (skip(text, ':') && !read_field(text, 2, 0, 59, &second)) ||
	    !read_offset(text, &offset))
		return false;
	*seconds += (hour * 60 + minute) * 60 + second - offset;
	return true;
}

/* Reads a time; answers 0, or MAILDB_EVALUE and leaves *seconds alone. */
int
maildb_time_parse(const char *text, int64_t now, bool end_of_day,
    int64_t *seconds)
{
	int64_t when = 0;
	bool ok;

	if (now < 0 || now > TIME_MAX)
		return MAILDB_EVALUE;
	if (strcmp(text, "now") == 0) {
		*seconds = now;
		return 0;
	}
	if (skip(&text, '@')) {
		ok = read_number(&text, &when);
	} else if (skip(&text, '+')) {
		ok = read_span(&text, &when);
		when = now + when;
	} else if (skip(&text, '-')) {
		ok = read_span(&text, &when);
		when = now - when;
	} else {
		ok = read_date(&text, end_of_day, &when);
	}
	if (!ok || *text != '\0' || when < 0 || when > TIME_MAX)
		return MAILDB_EVALUE;
	*seconds = when;
	return 0;
}

/* Writes a number with exactly so many digits and what ends it; answers where
 * the next one goes. */
static char *
write_field(char *out, int digits, int64_t value, char end)
{
	out[digits] = end;
	for (int i = digits; i-- > 0; value /= 10)
		out[i] = (char)('0' + value % 10);
	return out + digits + 1;
}

/* Writes a time as RFC 3339 in UTC, or as "@seconds" if that cannot be. */
void
maildb_time_format(int64_t seconds, char out[32])
{
	int64_t days = seconds / DAY, rest = seconds % DAY;
	int year, month = 1;

	if (seconds < 0 || seconds > TIME_MAX) {
		snprintf(out, 32, "@%" PRId64, seconds);
		return;
	}
	/* Never too late, and only some years too early. */
	year = 1970 + (int)(days / 366);
	while (year_start(year + 1) <= days)
		year++;
	days -= year_start(year);
	for (; days >= month_days(year, month); month++)
		days -= month_days(year, month);
	out = write_field(out, 4, year, '-');
	out = write_field(out, 2, month, '-');
	out = write_field(out, 2, days + 1, 'T');
	out = write_field(out, 2, rest / 3600, ':');
	out = write_field(out, 2, rest / 60 % 60, ':');
	out = write_field(out, 2, rest % 60, 'Z');
	*out = '\0';
}
