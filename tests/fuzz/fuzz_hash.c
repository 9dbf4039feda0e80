/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * fuzz_hash.c - any octets as a password hash
 *
 * Whatever comes in, the answer keeps the promises of maildb.h; a weaker
 * policy takes all that a stricter one takes, and stores it the same.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "maildb.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Stops the fuzzer, whose report then has the input. */
static void
require(bool condition)
{
	if (!condition)
		abort();
}

/* What is handed out may be stored: it has a label and a body, it is short and
 * printable, and it is taken again as it is. */
static void
check_stored(const char *stored, unsigned flags)
{
	const char *body = strchr(stored, '}');
	char *again;

	require(stored[0] == '{' && body != NULL && body[1] != '\0');
	require(strlen(stored) <= MAILDB_HASH_MAX);
	for (const char *p = stored; *p != '\0'; p++)
		require(*p > ' ' && *p < 0x7f);
	require(maildb_hash_parse(stored, flags, &again, NULL) == 0);
	require(strcmp(again, stored) == 0);
	maildb_secret_free(again);
}

/* Parses with these flags: the stored form, or NULL. */
static char *
parse(const char *text, unsigned flags)
{
	char unset[] = "", *out = unset;
	const char *why = "unset";

	if (maildb_hash_parse(text, flags, &out, &why) != 0) {
		require(out == NULL && why != NULL && *why != '\0');
		return NULL;
	}
	require(out != NULL && why == NULL);
	check_stored(out, flags);
	return out;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *text = malloc(size + 1), *strict, *loose;
	char is[64];

	if (text == NULL)
		return 0;
	memcpy(text, data, size);
	text[size] = '\0';

	strict = parse(text, 0);
	for (unsigned flags = 1; flags < 4; flags++) {
		loose = parse(text, flags);
		require(strict == NULL ||
		    (loose != NULL && strcmp(loose, strict) == 0));
		maildb_secret_free(loose);
	}
	memset(is, 'x', sizeof(is));
	maildb_hash_describe(text, is);
	require(memchr(is, '\0', sizeof(is)) != NULL);
	(void)maildb_hash_is_stale(text, "bcrypt", 0);
	maildb_secret_free(strict);
	free(text);
	return 0;
}
