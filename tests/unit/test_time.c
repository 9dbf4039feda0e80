/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * test_time.c - points in time, as text and back
 */
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "maildb.h"
#include "unit.h"

#define NOW  INT64_C(1800000000) /* 2027-01-15T08:00:00Z */
#define DAY  86400
#define LAST INT64_C(253402300799)

static void
test_read(void)
{
	static const struct {
		const char *text;
		int64_t seconds;
	} rows[] = {
		{ "1970-01-01", 0 },
		{ "1970-01-01T00:00:01Z", 1 },
		{ "2027-01-15T08:00:00Z", NOW },
		{ "2027-01-15t08:00:00z", NOW },
		{ "2027-01-15 08:00:00", NOW },
		{ "2027-01-15 08:00", NOW },
		{ "2027-01-15T08:00Z", NOW },
		{ "2027-01-15T08:00:59", NOW + 59 },
		{ "2027-01-15T10:00:00+02:00", NOW },
		{ "2027-01-15 03:30-04:30", NOW },
		{ "2027-01-15T08:00:00-00:00", NOW },
		{ "2027-01-16T07:59:00+23:59", NOW },
		{ "1970-01-01T02:00:00+02:00", 0 },
		{ "2000-02-29", 951782400 },
		{ "2024-02-29", 1709164800 },
		{ "2024-03-01", 1709164800 + DAY },
		{ "2100-02-28", 4107456000 },
		{ "2100-03-01", 4107456000 + DAY },
		{ "2038-01-19T03:14:08Z", INT64_C(1) << 31 },
		{ "9999-12-31T23:59:59Z", LAST },
		{ "@0", 0 },
		{ "@1800000000", NOW },
		{ "@01800000000", NOW },
		{ "@253402300799", LAST },
		{ "now", NOW },
		{ "+0s", NOW },
		{ "+90s", NOW + 90 },
		{ "+5min", NOW + 300 },
		{ "+12h", NOW + 43200 },
		{ "+30d", NOW + 30 * DAY },
		{ "+2w", NOW + 14 * DAY },
		{ "-30d", NOW - 30 * DAY },
		{ "-1800000000s", 0 },
		{ "+251602300799s", LAST },
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		int64_t seconds = -1;

		UNIT_ASSERT_ROW(rows[i].text, maildb_time_parse(rows[i].text,
		    NOW, false, &seconds) == 0);
		UNIT_ASSERT_ROW(rows[i].text, seconds == rows[i].seconds);
	}
}

static void
test_refused(void)
{
	static const char *const rows[] = {
		"", " ", "Now", "now ", " now", "nowt", "tomorrow", "2027",
		"2027-01", "2027-1-31", "27-01-31", "02027-01-31",
		"2027-01-31 ", "2027-01-31Z", "2027-01-31+02:00",
		"2027/01/31", "20270131", "31.01.2027",
		"2027-00-01", "2027-13-01", "2027-01-00", "2027-01-32",
		"2027-04-31", "2027-06-31", "2027-09-31", "2027-11-31",
		"2027-02-29", "2100-02-29", "2024-02-30", "0000-01-01",
		"1969-12-31", "1970-01-01T00:00:00+00:01",
		"9999-12-31T23:59:59-00:01",
		"2027-01-31T", "2027-01-31T18", "2027-01-31T18:",
		"2027-01-31T18:0", "2027-01-31T1800", "2027-01-31T18:00:",
		"2027-01-31T18:00:0", "2027-01-31T24:00:00Z",
		"2027-01-31T18:60:00Z", "2027-01-31T18:00:60Z",
		"2027-01-31T18:00:00.5Z", "2027-01-31  18:00",
		"2027-01-31_18:00", "2027-01-31T18:00:00ZZ",
		"2027-01-31T18:00:00 Z", "2027-01-31T18:00:00+",
		"2027-01-31T18:00:00+2", "2027-01-31T18:00:00+02",
		"2027-01-31T18:00:00+0200", "2027-01-31T18:00:00+24:00",
		"2027-01-31T18:00:00+02:60", "2027-01-31T18:00:00+02:00Z",
		"2027-01-31T18:00:00 UTC", "2027-01-31T18:00:00\n",
		"+027-01-31", "2027-01--1", "2027- 1-31",
		"@", "@-1", "@+1", "@ 1", "@1.5", "@1 ", "@0x10",
		"@253402300800", "@9223372036854775808",
		"@99999999999999999999999999",
		"+", "-", "+d", "+30", "+30m", "+30M", "+30D", "+30y", "+ 30d",
		"+30 d", "+-30d", "+30dd", "+1d12h", "30d", "+1.5d",
		"-1800000001s", "+251602300800s", "+2912064w",
		"+253402300799w", "+9223372036854775807w",
		"+99999999999999999999s",
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		int64_t seconds = -1;

		UNIT_ASSERT_ROW(rows[i], maildb_time_parse(rows[i], NOW, false,
		    &seconds) == MAILDB_EVALUE);
		UNIT_ASSERT_ROW(rows[i], maildb_time_parse(rows[i], NOW, true,
		    &seconds) == MAILDB_EVALUE);
		UNIT_ASSERT_ROW(rows[i], seconds == -1);
	}
}

/* The end of the day is asked for by a bare date alone. */
static void
test_end_of_day(void)
{
	static const struct {
		const char *text;
		int64_t seconds;
	} rows[] = {
		{ "1970-01-01", DAY - 1 },
		{ "2024-02-29", 1709164800 + DAY - 1 },
		{ "9999-12-31", LAST },
		{ "2027-01-15 08:00", NOW },
		{ "2027-01-15T00:00:00Z", NOW - 8 * 3600 },
		{ "now", NOW },
		{ "+1d", NOW + DAY },
		{ "@5", 5 },
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		int64_t seconds = -1;

		UNIT_ASSERT_ROW(rows[i].text, maildb_time_parse(rows[i].text,
		    NOW, true, &seconds) == 0);
		UNIT_ASSERT_ROW(rows[i].text, seconds == rows[i].seconds);
	}
}

/* A clock that is out of its mind is refused, not added to. */
static void
test_clock(void)
{
	static const int64_t clocks[] = { INT64_MIN, -1, LAST + 1, INT64_MAX };
	static const char *const texts[] = { "now", "+1d", "-1d" };

	for (size_t i = 0; i < sizeof(clocks) / sizeof(*clocks); i++)
		for (size_t j = 0; j < sizeof(texts) / sizeof(*texts); j++) {
			int64_t seconds = -1;

			UNIT_ASSERT_ROW(texts[j], maildb_time_parse(texts[j],
			    clocks[i], false, &seconds) == MAILDB_EVALUE);
			UNIT_ASSERT_ROW(texts[j], seconds == -1);
		}
}

static void
test_written(void)
{
	static const struct {
		int64_t seconds;
		const char *text;
	} rows[] = {
		{ 0, "1970-01-01T00:00:00Z" },
		{ DAY - 1, "1970-01-01T23:59:59Z" },
		{ NOW, "2027-01-15T08:00:00Z" },
		{ 951782400, "2000-02-29T00:00:00Z" },
		{ 1735689599, "2024-12-31T23:59:59Z" },
		{ LAST, "9999-12-31T23:59:59Z" },
		{ LAST + 1, "@253402300800" },
		{ -1, "@-1" },
		{ INT64_MAX, "@9223372036854775807" },
		{ INT64_MIN, "@-9223372036854775808" },
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		char out[32];

		maildb_time_format(rows[i].seconds, out);
		UNIT_ASSERT_ROW(rows[i].text, strcmp(out, rows[i].text) == 0);
	}
}

/* Every day of 400 years, then every 97th, against the C library's calendar;
 * and read again. */
static void
test_calendar(void)
{
	const int64_t cycle = 146097;

	setenv("TZ", "UTC0", 1);
	tzset();
	for (int64_t day = 0; day <= LAST / DAY;
	    day += day < cycle ? 1 : 97) {
		int64_t seconds = day * DAY + unit_random(DAY), again = -1;
		time_t clock = (time_t)seconds;
		char text[32], want[32];
		struct tm tm;

		maildb_time_format(seconds, text);
		CU_ASSERT_PTR_NOT_NULL_FATAL(gmtime_r(&clock, &tm));
		strftime(want, sizeof(want), "%Y-%m-%dT%H:%M:%SZ", &tm);
		UNIT_ASSERT_ROW(want, strcmp(text, want) == 0);
		UNIT_ASSERT_ROW(want,
		    maildb_time_parse(text, NOW, false, &again) == 0);
		UNIT_ASSERT_ROW(want, again == seconds);
	}
	unsetenv("TZ");
	tzset();
}

/* Neither way looks at TZ: not a far zone, not one that counts leap seconds. */
static void
test_zones(void)
{
	static const char *const zones[] = {
		"UTC0", "XYZ-14", "XYZ12", "CET-1CEST,M3.5.0,M10.5.0/3",
		"right/Europe/Berlin", "nonsense",
	};

	for (size_t i = 0; i < sizeof(zones) / sizeof(*zones); i++) {
		int64_t seconds = -1;
		char out[32];

		setenv("TZ", zones[i], 1);
		tzset();
		UNIT_ASSERT_ROW(zones[i], maildb_time_parse("2027-07-01 12:00",
		    NOW, false, &seconds) == 0);
		UNIT_ASSERT_ROW(zones[i], seconds == 1814443200);
		maildb_time_format(seconds, out);
		UNIT_ASSERT_ROW(zones[i],
		    strcmp(out, "2027-07-01T12:00:00Z") == 0);
	}
	unsetenv("TZ");
	tzset();
}

CU_TestInfo unit_time[] = {
	{ "read", test_read },
	{ "refused", test_refused },
	{ "end of day", test_end_of_day },
	{ "a wild clock", test_clock },
	{ "written", test_written },
	{ "the calendar", test_calendar },
	{ "time zones", test_zones },
	CU_TEST_INFO_NULL,
};
