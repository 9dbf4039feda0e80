/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * json.c - JSON (RFC 8259), token by token
 *
 * Strict: valid UTF-8, no NUL, numbers as they are written.  A file may hold
 * several values one after another, as JSON lines do.  Members that are named
 * twice are the consumer's business.
 */
#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "line/command.h"
#include "read/read.h"

#define BLOCK 65536

enum want {
	WANT_VALUE,
	WANT_FIRST_VALUE, /* or the end of the array */
	WANT_KEY,
	WANT_FIRST_KEY,   /* or the end of the object */
	WANT_MORE,        /* a comma or the end; between values nothing */
};

struct json {
	struct reader reader;
	int fd;
	char *block;
	size_t at, len;
	uint64_t passed;     /* octets before the block */
	uint64_t line_start; /* offset of the present line */
	uint32_t line;
	enum want want;
	unsigned depth;
	char open[READ_DEPTH];
	char *text;          /* of the present token */
	size_t text_len, text_size;
	const char *wrong;   /* an error is final */
};

/* The next octet without taking it, or -1 at the end. */
static int
peek(struct json *json)
{
	ssize_t got;

	if (json->at < json->len)
		return (unsigned char)json->block[json->at];
	if (json->fd < 0)
		return -1;
	do
		got = read(json->fd, json->block, BLOCK);
	while (got < 0 && errno == EINTR && !cli_interrupted());
	if (got <= 0) {
		if (got < 0)
			json->wrong = strerror(errno);
		json->fd = -1;
		return -1;
	}
	json->passed += json->len;
	json->len = (size_t)got;
	json->at = 0;
	return (unsigned char)json->block[0];
}

/* Notes what is wrong; the first reason counts. */
static bool
wrong(struct json *json, const char *why)
{
	if (json->wrong == NULL)
		json->wrong = why;
	return false;
}

static bool
add(struct json *json, const char *text, size_t len)
{
	size_t size = json->text_size;
	char *grown;

	if (json->text_len + len + 1 > size) {
		while (json->text_len + len + 1 > size)
			size *= 2;
		/* Not realloc: what is left behind may be a password. */
		if ((grown = malloc(size)) == NULL)
			return wrong(json, "memory is exhausted");
		memcpy(grown, json->text, json->text_len);
		explicit_bzero(json->text, json->text_size);
		free(json->text);
		json->text = grown;
		json->text_size = size;
	}
	memcpy(json->text + json->text_len, text, len);
	json->text_len += len;
	json->text[json->text_len] = '\0';
	return true;
}

static void
skip_blanks(struct json *json)
{
	int c;

	while ((c = peek(json)) == ' ' || c == '\t' || c == '\n' || c == '\r') {
		json->at++;
		if (c == '\n') {
			json->line++;
			json->line_start = json->passed + json->at;
		}
	}
}

/* ---- strings -------------------------------------------------------- */

/* Copies one character of more than one octet, if it is valid (RFC 3629). */
static bool
take_utf8(struct json *json)
{
	char octets[4];
	int c = peek(json), low = 0x80, high = 0xbf;
	size_t len, i;

	len = c < 0xc2 ? 0 : c < 0xe0 ? 2 : c < 0xf0 ? 3 : c < 0xf5 ? 4 : 0;
	if (len == 0)
		return wrong(json, "this is not valid UTF-8");
	if (c == 0xe0)
		low = 0xa0; /* else it would fit into fewer octets */
	else if (c == 0xed)
		high = 0x9f; /* surrogates are no characters */
	else if (c == 0xf0)
		low = 0x90;
	else if (c == 0xf4)
		high = 0x8f; /* beyond U+10FFFF */
	octets[0] = (char)c;
	json->at++;
	for (i = 1; i < len; i++, low = 0x80, high = 0xbf) {
		c = peek(json);
		if (c < low || c > high)
			return wrong(json, "this is not valid UTF-8");
		octets[i] = (char)c;
		json->at++;
	}
	return add(json, octets, len);
}

/* Four hexadecimal digits, or -1. */
static long
take_hex(struct json *json)
{
	static const char digits[] = "0123456789abcdef";
	const char *digit;
	long code = 0;
	int i, c;

	for (i = 0; i < 4; i++) {
		c = peek(json);
		if (c <= 0 || (digit = strchr(digits,
		    c >= 'A' && c <= 'F' ? c + 32 : c)) == NULL)
			return -1;
		code = code * 16 + (digit - digits);
		json->at++;
	}
	return code;
}

/* What follows \u: a character, or the two halves of one. */
static bool
take_unicode(struct json *json)
{
	char out[4];
	size_t len = 0;
	long code, half;

	code = take_hex(json);
	if (code >= 0xd800 && code < 0xdc00) {
		half = -1;
		if (peek(json) == '\\') {
			json->at++;
			if (peek(json) == 'u') {
				json->at++;
				half = take_hex(json);
			}
		}
		code = half >= 0xdc00 && half < 0xe000 ?
		    0x10000 + ((code - 0xd800) << 10) + (half - 0xdc00) : -1;
	}
	if (code <= 0 || (code >= 0xd800 && code < 0xe000))
		return wrong(json, code == 0 ? "\\u0000 is no text" :
		    "this \\u is no character");
	if (code < 0x80) {
		out[len++] = (char)code;
	} else if (code < 0x800) {
		out[len++] = (char)(0xc0 | code >> 6);
		out[len++] = (char)(0x80 | (code & 0x3f));
	} else if (code < 0x10000) {
		out[len++] = (char)(0xe0 | code >> 12);
		out[len++] = (char)(0x80 | (code >> 6 & 0x3f));
		out[len++] = (char)(0x80 | (code & 0x3f));
	} else {
		out[len++] = (char)(0xf0 | code >> 18);
		out[len++] = (char)(0x80 | (code >> 12 & 0x3f));
		out[len++] = (char)(0x80 | (code >> 6 & 0x3f));
		out[len++] = (char)(0x80 | (code & 0x3f));
	}
	return add(json, out, len);
}

static bool
take_escape(struct json *json)
{
	static const char names[] = "\"\\/bfnrt", meant[] = "\"\\/\b\f\n\r\t";
	const char *name;
	int c = peek(json);

	if (c > 0)
		json->at++;
	if (c == 'u')
		return take_unicode(json);
	if (c <= 0 || (name = strchr(names, c)) == NULL)
		return wrong(json, "a backslash is followed by none of "
		    "\"\\/bfnrtu");
	return add(json, &meant[name - names], 1);
}

/* Reads a string whose opening quote was taken. */
static bool
take_string(struct json *json)
{
	size_t from;
	int c;

	while ((c = peek(json)) != '"') {
		if (c < 0)
			return wrong(json, "a string is not closed");
		if (c < 0x20)
			return wrong(json, c == '\n' ? "a string is not closed"
			    " on its line" : "a string holds a control "
			    "character");
		if (c == '\\') {
			json->at++;
			if (!take_escape(json))
				return false;
		} else if (c >= 0x80) {
			if (!take_utf8(json))
				return false;
		} else {
			from = json->at;
			while (json->at < json->len && (c = (unsigned char)
			    json->block[json->at]) >= 0x20 && c < 0x80 &&
			    c != '"' && c != '\\')
				json->at++;
			if (!add(json, json->block + from, json->at - from))
				return false;
		}
	}
	json->at++;
	return true;
}

/* ---- numbers and words ---------------------------------------------- */

/* Takes digits: how many. */
static int
take_digits(struct json *json)
{
	int c, n = 0;
	char digit;

	while ((c = peek(json)) >= '0' && c <= '9') {
		digit = (char)c;
		json->at++;
		n++;
		if (n > 64 || !add(json, &digit, 1))
			return 0;
	}
	return n;
}

/* Takes an octet that is one of a set. */
static bool
take_one(struct json *json, const char *set)
{
	int c = peek(json);
	char octet = (char)c;

	if (c <= 0 || strchr(set, c) == NULL)
		return false;
	json->at++;
	return add(json, &octet, 1);
}

static bool
take_number(struct json *json)
{
	bool good;

	take_one(json, "-");
	good = take_one(json, "0") || take_digits(json) > 0;
	if (good && take_one(json, "."))
		good = take_digits(json) > 0;
	if (good && take_one(json, "eE")) {
		take_one(json, "+-");
		good = take_digits(json) > 0;
	}
	return good || wrong(json, "this is no number");
}

/* true, false or null. */
static bool
take_word(struct json *json, struct token *token)
{
	char letter;
	int c;

	while ((c = peek(json)) >= 'a' && c <= 'z' && json->text_len < 8) {
		letter = (char)c;
		json->at++;
		if (!add(json, &letter, 1))
			return false;
	}
	token->type = strcmp(json->text, "null") == 0 ? TOKEN_NULL : TOKEN_BARE;
	return token->type == TOKEN_NULL || strcmp(json->text, "true") == 0 ||
	    strcmp(json->text, "false") == 0 ||
	    wrong(json, "a value is wanted here");
}

/* ---- structure ------------------------------------------------------ */

/* Opens an object or an array. */
static bool
open_bracket(struct json *json, int c, struct token *token)
{
	if (json->depth == READ_DEPTH)
		return wrong(json, "brackets are nested too deeply");
	json->at++;
	json->open[json->depth++] = (char)c;
	json->want = c == '{' ? WANT_FIRST_KEY : WANT_FIRST_VALUE;
	token->type = c == '{' ? TOKEN_OBJECT : TOKEN_ARRAY;
	return true;
}

static bool
close_bracket(struct json *json, int c, struct token *token)
{
	if (json->depth == 0 ||
	    json->open[json->depth - 1] != (c == '}' ? '{' : '['))
		return wrong(json, "this bracket closes nothing");
	json->at++;
	json->depth--;
	json->want = WANT_MORE;
	token->type = c == '}' ? TOKEN_OBJECT_END : TOKEN_ARRAY_END;
	return true;
}

static bool
take_value(struct json *json, int c, struct token *token)
{
	if (c == '{' || c == '[')
		return open_bracket(json, c, token);
	json->want = WANT_MORE;
	if (c == '"') {
		json->at++;
		token->type = TOKEN_TEXT;
		return take_string(json);
	}
	if (c == '-' || (c >= '0' && c <= '9')) {
		token->type = TOKEN_BARE;
		return take_number(json);
	}
	return c < 0 ? wrong(json, "the file ends too early") :
	    take_word(json, token);
}

static bool
take_key(struct json *json, int c, struct token *token)
{
	if (c != '"')
		return wrong(json, c < 0 ? "the file ends too early" :
		    "a member's name in quotes is wanted here");
	json->at++;
	token->type = TOKEN_KEY;
	if (!take_string(json))
		return false;
	skip_blanks(json);
	if (peek(json) != ':')
		return wrong(json, "a colon is wanted here");
	json->at++;
	json->want = WANT_VALUE;
	return true;
}

/* Takes what stands between two values, up to the next. */
static bool
take_comma(struct json *json)
{
	if (json->depth == 0) {
		json->want = WANT_VALUE;
		return true;
	}
	if (peek(json) != ',')
		return wrong(json, peek(json) < 0 ? "the file ends too early" :
		    "a comma or a closing bracket is wanted here");
	json->at++;
	skip_blanks(json);
	json->want = json->open[json->depth - 1] == '{' ? WANT_KEY : WANT_VALUE;
	return true;
}

static bool
take_token(struct json *json, struct token *token)
{
	int c;

	skip_blanks(json);
	c = peek(json);
	if (json->want == WANT_MORE && c != '}' && c != ']') {
		if (c >= 0 || json->depth > 0)
			if (!take_comma(json))
				return false;
		c = peek(json);
	}
	token->line = json->line;
	token->column = (uint32_t)(json->passed + json->at -
	    json->line_start + 1);
	if (c < 0 && json->depth == 0) {
		token->type = TOKEN_END;
		return json->wrong == NULL;
	}
	if ((c == '}' || c == ']') &&
	    (json->want == WANT_MORE || json->want == WANT_FIRST_KEY ||
	    json->want == WANT_FIRST_VALUE))
		return close_bracket(json, c, token);
	return json->want == WANT_KEY || json->want == WANT_FIRST_KEY ?
	    take_key(json, c, token) : take_value(json, c, token);
}

static void
json_next(struct reader *reader, struct token *token)
{
	struct json *json = (struct json *)reader;

	json->text_len = 0;
	json->text[0] = '\0';
	if (json->wrong == NULL && take_token(json, token) &&
	    json->wrong == NULL) {
		token->text = json->text;
		return;
	}
	token->type = TOKEN_ERROR;
	token->text = json->wrong;
	token->line = json->line;
	token->column = (uint32_t)(json->passed + json->at -
	    json->line_start + 1);
}

static void
json_free(struct reader *reader)
{
	struct json *json = (struct json *)reader;

	if (json == NULL)
		return;
	/* Both may have held passwords. */
	if (json->text != NULL)
		explicit_bzero(json->text, json->text_size);
	if (json->block != NULL)
		explicit_bzero(json->block, BLOCK);
	free(json->text);
	free(json->block);
	free(json);
}

struct reader *
reader_json(int fd, const char *head, size_t len)
{
	static const char bom[] = "\xef\xbb\xbf";
	struct json *json = calloc(1, sizeof(*json));

	if (json == NULL)
		return NULL;
	json->reader = (struct reader){ json_next, json_free };
	json->text_size = 256;
	json->text = malloc(json->text_size);
	json->block = malloc(len > BLOCK ? len : BLOCK);
	if (json->text == NULL || json->block == NULL) {
		json_free(&json->reader);
		return NULL;
	}
	json->text[0] = '\0';
	memcpy(json->block, head, len);
	json->fd = fd;
	json->len = len;
	json->line = 1;
	if (len >= 3 && memcmp(head, bom, 3) == 0)
		json->at = 3;
	return &json->reader;
}
