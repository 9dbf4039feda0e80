/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * test_size.c - sizes in bytes, as text and back
 */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "maildb.h"
#include "unit.h"

#define KIB INT64_C(1024)
#define TIB (KIB * KIB * KIB * KIB)

static void
test_read(void)
{
	static const struct {
		const char *text;
		int64_t bytes;
	} rows[] = {
		{ "0", 0 },
		{ "1", 1 },
		{ "1048576", KIB * KIB },
		{ "4G", 4294967296 },
		{ "512M", 512 * KIB * KIB },
		{ "10KiB", 10 * KIB },
		{ "10kib", 10 * KIB },
		{ "10KIB", 10 * KIB },
		{ "10kB", 10 * KIB },
		{ "10Kb", 10 * KIB },
		{ "7b", 7 },
		{ "7iB", 7 },
		{ "0T", 0 },
		{ "3t", 3 * TIB },
		{ "8388607T", 8388607 * TIB },
		{ "8589934591G", INT64_MAX - (KIB * KIB * KIB - 1) },
		{ "9007199254740991K", INT64_MAX - 1023 },
		{ "9223372036854775807", INT64_MAX },
		{ "9223372036854775807B", INT64_MAX },
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		int64_t bytes = -1;

		UNIT_ASSERT_ROW(rows[i].text,
		    maildb_size_parse(rows[i].text, &bytes) == 0);
		UNIT_ASSERT_ROW(rows[i].text, bytes == rows[i].bytes);
	}
}

static void
test_refused(void)
{
	static const char *const rows[] = {
		"", " ", "G", "B", "iB", "KB", "-1", "+1", " 1", "1 ", "1 G",
		"1\n", "00", "01", "0x10", "1.5G", "1,5G", "1e3", "1_000", "1i",
		"1Ki", "1KiBB", "1BB", "1iBB", "1BiB", "1P", "1E", "1KK", "1GM",
		"1BK", "unlimited", "\xd9\xa1", "1\xe2\x84\xaa",
		"8388608T", "8589934592G", "9007199254740992K",
		"8796093022208M", "9223372036854775808",
		"9223372036854775810", "18446744073709551616",
		"99999999999999999999999999999999",
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		int64_t bytes = -1;

		UNIT_ASSERT_ROW(rows[i], maildb_size_parse(rows[i], &bytes) ==
		    MAILDB_EVALUE);
		UNIT_ASSERT_ROW(rows[i], bytes == -1);
	}
}

static void
test_written(void)
{
	static const struct {
		int64_t bytes;
		const char *exact, *human;
	} rows[] = {
		{ 0, "0", "0" },
		{ 1, "1", "1" },
		{ 1023, "1023", "1023" },
		{ 1024, "1K", "1.0K" },
		{ 1025, "1025", "1.0K" },
		{ 1536, "1536", "1.5K" },
		{ 10188, "10188", "9.9K" },
		{ 10189, "10189", "10K" }, /* 9.9502 */
		{ 10 * KIB, "10K", "10K" },
		{ 1023 * KIB + 511, "1048063", "1023K" },
		{ 1023 * KIB + 512, "1048064", "1.0M" },
		{ KIB * KIB, "1M", "1.0M" },
		{ 15 * KIB * KIB * KIB, "15G", "15G" },
		{ 4294967296, "4G", "4.0G" },
		{ 4294967297, "4294967297", "4.0G" },
		{ 1024 * TIB, "1024T", "1024T" },
		{ INT64_MAX, "9223372036854775807", "8388608T" },
		{ -1024, "-1K", "-1.0K" },
		{ INT64_MIN, "-8388608T", "-8388608T" },
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		char out[24];

		maildb_size_format(rows[i].bytes, out);
		UNIT_ASSERT_ROW(rows[i].exact, strcmp(out, rows[i].exact) == 0);
		maildb_size_human(rows[i].bytes, out);
		UNIT_ASSERT_ROW(rows[i].human, strcmp(out, rows[i].human) == 0);
	}
}

/* What is written exactly reads back, in no other unit shorter. */
static void
test_round_trip(void)
{
	for (int i = 0; i < 100000; i++) {
		int64_t bytes, again = -1;
		char text[24];

		bytes = ((int64_t)unit_random(UINT32_C(1) << 31) << 32 |
		    unit_random(UINT32_C(1) << 31)) >> unit_random(63);
		bytes = bytes >> 10 * (i % 5) << 10 * (i % 5);
		maildb_size_format(bytes, text);
		UNIT_ASSERT_ROW(text, maildb_size_parse(text, &again) == 0);
		UNIT_ASSERT_ROW(text, again == bytes);
		UNIT_ASSERT_ROW(text, bytes == 0 || bytes % 1024 != 0 ||
		    strpbrk(text, "KMGT") != NULL);
	}
}

CU_TestInfo unit_size[] = {
	{ "read", test_read },
	{ "refused", test_refused },
	{ "written exactly and for people", test_written },
	{ "round trip", test_round_trip },
	CU_TEST_INFO_NULL,
};
