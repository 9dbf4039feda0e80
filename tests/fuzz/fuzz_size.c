/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * fuzz_size.c - any text as a size and as a time, for libFuzzer
 *
 * What is accepted must be in range, and survive being written and read.
 *
 *	clang -D_GNU_SOURCE -g -fsanitize=fuzzer,address,undefined \
 *	    -Ilibmaildb -IBUILD/libmaildb tests/fuzz/fuzz_size.c \
 *	    libmaildb/text/size.c libmaildb/text/time.c
 */
#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "maildb.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
try_size(const char *text)
{
	int64_t bytes, again;
	char out[24];

	if (maildb_size_parse(text, &bytes) != 0)
		return;
	assert(bytes >= 0);
	maildb_size_human(bytes, out);
	maildb_size_format(bytes, out);
	assert(maildb_size_parse(out, &again) == 0);
	assert(again == bytes);
}

static void
try_time(const char *text, int64_t now, bool end_of_day)
{
	int64_t seconds, again;
	char out[32];

	maildb_time_format(now, out);
	if (maildb_time_parse(text, now, end_of_day, &seconds) != 0)
		return;
	maildb_time_format(seconds, out);
	assert(strlen(out) == strlen("1970-01-01T00:00:00Z"));
	assert(maildb_time_parse(out, now, end_of_day, &again) == 0);
	assert(again == seconds);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	int64_t now = 0;
	size_t used = size < sizeof(now) ? size : sizeof(now);
	char *text = malloc(size + 1);

	assert(text != NULL);
	memcpy(text, data, size);
	text[size] = '\0';
	try_size(text);
	try_time(text, 1800000000, size % 2 == 0);

	/* The clock from the input as well: before it, the text. */
	memcpy(&now, data + size - used, used);
	text[size - used] = '\0';
	try_time(text, now, size % 2 == 0);
	free(text);
	return 0;
}
