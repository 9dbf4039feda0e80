/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * fuzz_json.c - any octets as JSON, for libFuzzer
 *
 * What our reader takes, jansson must take as well, and the tokens must nest.
 */
#include <assert.h>
#include <jansson.h>
#include <stdbool.h>
#include <string.h>

#include "../../mailcfg/read/read.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Reads all tokens; answers whether they were one value without an error. */
static bool
read_all(const char *text, size_t size, bool *no_number)
{
	struct reader *reader = reader_json(-1, text, size);
	struct token token, again;
	int depth = 0, values = 0;

	assert(reader != NULL);
	do {
		reader->next(reader, &token);
		assert(token.line > 0 && token.column > 0);
		switch (token.type) {
		case TOKEN_OBJECT:
		case TOKEN_ARRAY:
			values += depth == 0;
			assert(++depth <= READ_DEPTH);
			break;
		case TOKEN_OBJECT_END:
		case TOKEN_ARRAY_END:
			assert(--depth >= 0);
			break;
		case TOKEN_ERROR:
			assert(token.text != NULL && *token.text != '\0');
			break;
		case TOKEN_END:
			assert(depth == 0);
			break;
		case TOKEN_BARE:
			*no_number = *no_number && (*token.text == 't' ||
			    *token.text == 'f');
			values += depth == 0;
			break;
		case TOKEN_NULL:
		case TOKEN_TEXT:
			values += depth == 0;
			/* fall through */
		case TOKEN_KEY:
			assert(strlen(token.text) <= size);
			break;
		}
	} while (token.type != TOKEN_ERROR && token.type != TOKEN_END);
	reader->next(reader, &again);
	assert(again.type == token.type); /* both are final */
	reader->free(reader);
	return token.type == TOKEN_END && values == 1;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const char *text = (const char *)data;
	bool no_number = true, good = read_all(text, size, &no_number);
	json_t *json;

	/* jansson converts numbers, which may be too great for it; a mark of
	 * byte order is our kindness. */
	if (!good || !no_number ||
	    (size >= 3 && memcmp(text, "\xef\xbb\xbf", 3) == 0))
		return 0;
	json = json_loadb(text, size, JSON_DECODE_ANY, NULL);
	assert(json != NULL);
	json_decref(json);
	return 0;
}
