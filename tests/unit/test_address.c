/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * test_address.c - addresses and domains: addresses.txt, every reason, every
 * limit, and what must hold for any octets at all
 */
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "maildb.h"
#include "unit.h"

#define TABLE "tests/unit/addresses.txt"
#define TABLE_ROWS 88
#define ANY_FLAGS \
	(MAILDB_PARSE_WILDCARD | MAILDB_PARSE_CATCHALL | MAILDB_PARSE_UTF8)

/* One row for each reason. */
enum {
#define COUNT_REASON(symbol, name, sentence) COUNTED_##symbol,
	MAILDB_REASONS(COUNT_REASON)
#undef COUNT_REASON
	NREASONS
};

static const char *const classes[] = {
	[MAILDB_MAILBOX] = "mailbox",
	[MAILDB_ALIAS] = "alias",
	[MAILDB_DEST] = "dest",
	[MAILDB_CATCHALL] = "catchall",
};

/* Parses a copy that ends where memory does, so that a sanitizer sees every
 * octet read beyond it. */
static enum maildb_reason
parse(const char *text, size_t len, unsigned flags, struct maildb_address *out)
{
	char *copy = malloc(len > 0 ? len : 1);
	enum maildb_reason reason;

	CU_ASSERT_PTR_NOT_NULL_FATAL(copy);
	memcpy(copy, text, len);
	memset(out, 0x55, sizeof(*out));
	reason = maildb_address_parse(copy, len, flags, out);
	free(copy);
	return reason;
}

/* The same for a domain; both forms have the size that is documented. */
static enum maildb_reason
parse_domain(const char *text, size_t len, char *name, char *uname)
{
	char *copy = malloc(len > 0 ? len : 1);
	char *name_out = malloc(MAILDB_DOMAIN_MAX + 1);
	char *uname_out = malloc(MAILDB_ULABEL_MAX + 1);
	enum maildb_reason reason;

	CU_ASSERT_FATAL(copy != NULL && name_out != NULL && uname_out != NULL);
	memcpy(copy, text, len);
	reason = maildb_domain_parse(copy, len, name_out, uname_out);
	strcpy(name, name_out);
	strcpy(uname, uname_out);
	free(copy);
	free(name_out);
	free(uname_out);
	return reason;
}

static enum maildb_reason
reason_of(const char *text, unsigned flags)
{
	struct maildb_address address;

	return parse(text, strlen(text), flags, &address);
}

/* "it worked": all that the header promises of a parsed address. */
static bool
is_sound(const struct maildb_address *address, unsigned flags)
{
	char joined[MAILDB_LOCAL_MAX + 1 + MAILDB_DOMAIN_MAX + 1];
	struct maildb_address again;

	snprintf(joined, sizeof(joined), "%s@%s", address->local,
	    address->domain);
	if (strcmp(joined, address->text) != 0 ||
	    strlen(address->text) > MAILDB_ADDRESS_MAX ||
	    (*address->local == '\0') != (address->klass == MAILDB_CATCHALL))
		return false;
	if (strcmp(address->domain, "*") != 0 &&
	    (strspn(address->domain, "abcdefghijklmnopqrstuvwxyz0123456789.-") !=
	    strlen(address->domain) || strchr(address->domain, '.') == NULL))
		return false;
	return parse(address->text, strlen(address->text), flags, &again) ==
	    MAILDB_REASON_NONE && memcmp(&again, address, sizeof(again)) == 0;
}

static bool
is_cleared(const struct maildb_address *address)
{
	static const struct maildb_address none;

	return memcmp(address, &none, sizeof(none)) == 0;
}

/* Undoes the escapes of the table in place: \xHH, \n and a{64}. */
static size_t
unescape(const char *text, char *out, size_t size)
{
	size_t len = 0;

	while (*text != '\0') {
		unsigned octet, count = 1;
		int used = 1;

		octet = (unsigned char)*text;
		if (sscanf(text, "\\x%2x%n", &octet, &used) == 1) {
			;
		} else if (*text == '\\') {
			static const char from[] = "nrt\\", to[] = "\n\r\t\\";

			CU_ASSERT_PTR_NOT_NULL_FATAL(strchr(from, text[1]));
			octet = (unsigned char)to[strchr(from, text[1]) - from];
			used = 2;
		}
		text += used;
		if (sscanf(text, "{%u}%n", &count, &used) == 1)
			text += used;
		for (; count > 0; count--) {
			CU_ASSERT_FATAL(len < size - 1);
			out[len++] = (char)octet;
		}
	}
	out[len] = '\0';
	return len;
}

static void
test_table(void)
{
	const char *top = getenv("top_srcdir");
	char path[4096], line[1024];
	FILE *file;
	int rows = 0;

	snprintf(path, sizeof(path), "%s/" TABLE, top != NULL ? top : ".");
	file = fopen(path, "r");
	CU_ASSERT_PTR_NOT_NULL_FATAL(file);
	while (fgets(line, sizeof(line), file) != NULL) {
		char input[1024], want[1024];
		struct maildb_address address;
		char *verdict, *result;
		enum maildb_reason reason;
		unsigned flags;
		size_t len;

		if (*line == '#')
			continue;
		line[strcspn(line, "\n")] = '\0';
		rows++;
		verdict = strchr(line, '\t');
		CU_ASSERT_PTR_NOT_NULL_FATAL(verdict);
		*verdict++ = '\0';
		result = strchr(verdict, '\t');
		CU_ASSERT_PTR_NOT_NULL_FATAL(result);
		*result++ = '\0';

		len = unescape(line, input, sizeof(input));
		unescape(result, want, sizeof(want));
		flags = strcmp(verdict, "catchall") == 0 ?
		    MAILDB_PARSE_CATCHALL : 0;
		reason = parse(input, len, flags, &address);
		if (strcmp(verdict, "bad") == 0) {
			UNIT_ASSERT_ROW(line, strcmp(want,
			    maildb_reason_name(reason)) == 0);
			UNIT_ASSERT_ROW(line, is_cleared(&address));
			continue;
		}
		UNIT_ASSERT_ROW(line, reason == MAILDB_REASON_NONE);
		UNIT_ASSERT_ROW(line, strcmp(verdict, classes[address.klass]) == 0);
		UNIT_ASSERT_ROW(line, strcmp(want, address.text) == 0);
		UNIT_ASSERT_ROW(line, is_sound(&address, flags));
	}
	fclose(file);
	CU_ASSERT_EQUAL(rows, TABLE_ROWS);
}

static const struct {
	enum maildb_reason reason;
	unsigned flags;
	const char *text;
} refused[] = {
	{ MAILDB_REASON_EMPTY, 0, "" },
	{ MAILDB_REASON_CONTROL, 0, "us\ner@example.org" },
	{ MAILDB_REASON_CONTROL, 0, "user@exam\x7fple.org" },
	/* control goes before UTF-8, that before space, wherever they are */
	{ MAILDB_REASON_CONTROL, 0, "\xff @\t" },
	{ MAILDB_REASON_CONTROL, 0, " \xc2\xa0\xe2\x80\x8b@" },
	{ MAILDB_REASON_CONTROL, 0, " \xe2\x80\x8b\xc2\xa0@" },
	{ MAILDB_REASON_BAD_UTF8, 0, " \xe2\x80\x8b\xff@" },
	{ MAILDB_REASON_SPACE, 0, "\"a b\"@example.org" },
	{ MAILDB_REASON_SPACE, 0, " " },
	{ MAILDB_REASON_SPACE, 0, "us\xc2\xa0" "er@example.org" },
	{ MAILDB_REASON_SPACE, 0, "user@example.org\xe3\x80\x80" },
	{ MAILDB_REASON_QUOTED, 0, "\"user@example.org" },
	{ MAILDB_REASON_QUOTED, 0, "\"a@b\"@example.org" },
	{ MAILDB_REASON_NO_AT, 0, "user.example.org" },
	{ MAILDB_REASON_MULTIPLE_AT, 0, "@@" },
	{ MAILDB_REASON_EMPTY_LOCAL, 0, "@example.org" },
	{ MAILDB_REASON_EMPTY_DOMAIN, MAILDB_PARSE_CATCHALL, "@" },
	{ MAILDB_REASON_BAD_CHAR, 0, "us\"er@example.org" },
	{ MAILDB_REASON_BAD_CHAR, 0, "us[er@example.org" },
	{ MAILDB_REASON_BAD_CHAR, 0, "us]er@example.org" },
	{ MAILDB_REASON_BAD_CHAR, 0, "us>er@example.org" },
	{ MAILDB_REASON_BAD_CHAR, 0, "us)er@example.org" },
	{ MAILDB_REASON_BAD_CHAR, 0, "|user@example.org" },
	{ MAILDB_REASON_NON_ASCII_LOCAL, 0, "\xc3\xbcser@example.org" },
	{ MAILDB_REASON_NOT_NFC, MAILDB_PARSE_UTF8, "u\xcc\x88ser@example.org" },
	{ MAILDB_REASON_DOT, 0, ".@example.org" },
	{ MAILDB_REASON_DOT, 0, "a...b@example.org" },
	{ MAILDB_REASON_DOT, 0, "A..b/@example.org" },
	{ MAILDB_REASON_LEADING_DASH, 0, "-@example.org" },
	{ MAILDB_REASON_ROUTING, 0, "!@example.org" },
	{ MAILDB_REASON_LITERAL, 0, "user@[" },
	{ MAILDB_REASON_TRAILING_DOT, 0, "user@." },
	{ MAILDB_REASON_TRAILING_DOT, 0, "user@example.." },
	{ MAILDB_REASON_EMPTY_LABEL, 0, "user@..example" },
	{ MAILDB_REASON_BAD_DOMAIN_CHAR, 0, "user@example.org/" },
	{ MAILDB_REASON_BAD_DOMAIN_CHAR, 0, "user@*.example.org" },
	{ MAILDB_REASON_BAD_DOMAIN_CHAR, 0, "user@*" },
	/* libidn2 would drop the underscore, and accept the hyphens */
	{ MAILDB_REASON_BAD_DOMAIN_CHAR, 0, "user@m\xc3\xbc_nchen.example" },
	{ MAILDB_REASON_LABEL_HYPHEN, 0, "user@-m\xc3\xbcnchen.example" },
	{ MAILDB_REASON_LABEL_HYPHEN, 0, "user@m\xc3\xbcnchen-.example" },
	{ MAILDB_REASON_LABEL_HYPHEN, 0, "user@-.example" },
	{ MAILDB_REASON_SINGLE_LABEL, 0, "user@123" },
	{ MAILDB_REASON_SINGLE_LABEL, 0, "user@xn--mnchen-3ya" },
	{ MAILDB_REASON_NUMERIC_TLD, 0, "user@example.0" },
	{ MAILDB_REASON_LABEL_HYPHEN, 0, "user@xn--.example" },
	{ MAILDB_REASON_IDNA, 0, "user@xn--abc-x.example" },
	/* these decode, to what is not NFC, not allowed, or edged by a hyphen */
	{ MAILDB_REASON_IDNA, 0, "user@xn--u-ccb.example" },
	{ MAILDB_REASON_IDNA, 0, "user@xn--n3h.example" },
	{ MAILDB_REASON_IDNA, 0, "user@xn--mnchen-psa.example" },
	{ MAILDB_REASON_IDNA, 0, "user@xn---k-lkb.example" },
	{ MAILDB_REASON_IDNA, 0, "user@xn--99999999.example" },
	{ MAILDB_REASON_IDNA, 0, "user@xn--m\xc3\xbcnchen.example" },
	{ MAILDB_REASON_IDNA, 0, "user@ab--m\xc3\xbcnchen.example" },
	/* NFC makes a K of the Kelvin sign, an ASCII ; of the Greek one */
	{ MAILDB_REASON_IDNA, 0, "user@\xe2\x84\xaa.example" },
	{ MAILDB_REASON_IDNA, 0, "user@\xcd\xbe.example" },
	/* what the flags do not let in */
	{ MAILDB_REASON_BAD_CHAR, MAILDB_PARSE_WILDCARD, "a#b@*" },
	{ MAILDB_REASON_BAD_CHAR, MAILDB_PARSE_WILDCARD, "*@*" },
	{ MAILDB_REASON_BAD_CHAR, ANY_FLAGS, "\xc3\xbc@*" },
	{ MAILDB_REASON_BAD_DOMAIN_CHAR, MAILDB_PARSE_WILDCARD, "a@**" },
	{ MAILDB_REASON_BAD_DOMAIN_CHAR, MAILDB_PARSE_WILDCARD, "a@*.org" },
	{ MAILDB_REASON_EMPTY_LOCAL, MAILDB_PARSE_WILDCARD, "@*" },
	{ MAILDB_REASON_BAD_DOMAIN_CHAR, MAILDB_PARSE_CATCHALL, "@*" },
	{ MAILDB_REASON_SINGLE_LABEL, ANY_FLAGS, "@*" },
	{ MAILDB_REASON_NOT_NFC, MAILDB_PARSE_UTF8, "_.u\xcc\x88@example.org" },
	{ MAILDB_REASON_NOT_NFC, MAILDB_PARSE_UTF8, "\xc3\x9c.u\xcc\x88@a.org" },
	{ MAILDB_REASON_NOT_NFC, MAILDB_PARSE_UTF8, "a\xcc\x88_.b@example.org" },
	{ MAILDB_REASON_NOT_NFC, MAILDB_PARSE_UTF8, "\xe2\x84\xaa@example.org" },
	{ MAILDB_REASON_DOT, MAILDB_PARSE_UTF8, "\xc3\xbc..b@example.org" },
	/* other full stops part no labels */
	{ MAILDB_REASON_IDNA, 0, "user@example\xe3\x80\x82org.example" },
};

static void
test_refused(void)
{
	for (size_t i = 0; i < sizeof(refused) / sizeof(*refused); i++) {
		struct maildb_address address;

		UNIT_ASSERT_ROW(refused[i].text, parse(refused[i].text,
		    strlen(refused[i].text), refused[i].flags, &address) ==
		    refused[i].reason);
		UNIT_ASSERT_ROW(refused[i].text, is_cleared(&address));
	}
}

/* Every limit, from both sides. */
static void
test_limits(void)
{
	static const struct {
		const char *text;
		enum maildb_reason reason;
	} rows[] = {
		{ "a{64}@example.org", MAILDB_REASON_NONE },
		{ "a{65}@example.org", MAILDB_REASON_LOCAL_TOO_LONG },
		{ "a{64}/@example.org", MAILDB_REASON_LOCAL_TOO_LONG },
		{ "user@d{63}.example", MAILDB_REASON_NONE },
		{ "user@d{64}.example", MAILDB_REASON_LABEL_TOO_LONG },
		{ "user@example.d{63}", MAILDB_REASON_NONE },
		{ "user@example.d{64}", MAILDB_REASON_LABEL_TOO_LONG },
		/* xn--, the letters, a hyphen and three digits: 63 and 64 */
		{ "user@a{55}\\xc3\\xbc.example", MAILDB_REASON_NONE },
		{ "user@a{56}\\xc3\\xbc.example", MAILDB_REASON_LABEL_TOO_LONG },
		{ "user@\\xc3\\xbc{1}a{500}.example",
		    MAILDB_REASON_LABEL_TOO_LONG },
		/* 253 and 254 octets of domain */
		{ "@a{63}.b{63}.c{63}.d{61}", MAILDB_REASON_NONE },
		{ "@a{63}.b{63}.c{63}.d{62}", MAILDB_REASON_DOMAIN_TOO_LONG },
		{ "@a{63}.b{63}.c{63}.d{63}", MAILDB_REASON_DOMAIN_TOO_LONG },
		{ "@a{63}.b{63}.c{63}.d{61}.e", MAILDB_REASON_DOMAIN_TOO_LONG },
		{ "@a{63}.b{63}.c{63}.d{59}.e", MAILDB_REASON_NONE },
		{ "@a{63}.b{63}.c{63}.d{60}.e", MAILDB_REASON_DOMAIN_TOO_LONG },
		/* 254 and 255 octets of address */
		{ "l{64}@a{63}.b{63}.c{61}", MAILDB_REASON_NONE },
		{ "l{64}@a{63}.b{63}.c{62}", MAILDB_REASON_ADDR_TOO_LONG },
		{ "l{1}@a{63}.b{63}.c{63}.d{60}", MAILDB_REASON_NONE },
		{ "l{1}@a{63}.b{63}.c{63}.d{61}", MAILDB_REASON_ADDR_TOO_LONG },
		/* 1000 and 1001 octets of input */
		{ "l{1000}", MAILDB_REASON_NO_AT },
		{ "l{1001}", MAILDB_REASON_ADDR_TOO_LONG },
		{ "\\x00{1001}", MAILDB_REASON_ADDR_TOO_LONG },
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		char input[1100];
		struct maildb_address address;
		size_t len = unescape(rows[i].text, input, sizeof(input));

		UNIT_ASSERT_ROW(rows[i].text, parse(input, len,
		    MAILDB_PARSE_CATCHALL, &address) == rows[i].reason);
	}
}

/* Every reason is one that some row of this file gives. */
static void
test_reasons(void)
{
	unsigned long long seen = 1ull << MAILDB_REASON_ADDR_TOO_LONG |
	    1ull << MAILDB_REASON_LOCAL_TOO_LONG |
	    1ull << MAILDB_REASON_LABEL_TOO_LONG |
	    1ull << MAILDB_REASON_DOMAIN_TOO_LONG; /* test_limits() */

	for (size_t i = 0; i < sizeof(refused) / sizeof(*refused); i++)
		seen |= 1ull << reason_of(refused[i].text, refused[i].flags);
	for (int r = 1; r <= NREASONS; r++) {
		const char *name = maildb_reason_name((enum maildb_reason)r);

		UNIT_ASSERT_ROW(name, seen >> r & 1);
		UNIT_ASSERT_ROW(name, strspn(name,
		    "abcdefghijklmnopqrstuvwxyz0123456789-") == strlen(name));
		UNIT_ASSERT_ROW(name,
		    *maildb_reason_sentence((enum maildb_reason)r) != '\0');
		for (int other = 0; other < r; other++)
			UNIT_ASSERT_ROW(name, strcmp(name,
			    maildb_reason_name((enum maildb_reason)other)) != 0);
	}
	CU_ASSERT_STRING_EQUAL(maildb_reason_name(MAILDB_REASON_NONE), "ok");
}

/* A NUL is an octet like any other: the length counts. */
static void
test_length(void)
{
	static const char text[] = "user@example.org\0hidden";
	struct maildb_address address;
	char name[MAILDB_DOMAIN_MAX + 1], uname[MAILDB_ULABEL_MAX + 1];

	for (size_t len = 17; len < sizeof(text); len++) {
		CU_ASSERT_EQUAL(parse(text, len, 0, &address),
		    MAILDB_REASON_CONTROL);
		CU_ASSERT_EQUAL(parse_domain(text + 5, len - 5, name, uname),
		    MAILDB_REASON_CONTROL);
	}
	CU_ASSERT_EQUAL(parse("\0", 1, 0, &address), MAILDB_REASON_CONTROL);
	CU_ASSERT_EQUAL(parse(text, 15, 0, &address), MAILDB_REASON_NONE);
	CU_ASSERT_STRING_EQUAL(address.text, "user@example.or");
	CU_ASSERT_EQUAL(maildb_address_parse(NULL, 0, 0, &address),
	    MAILDB_REASON_EMPTY);
}

/* Every octet alone in a local part: its class, or why not. */
static void
test_octets(void)
{
	static const char mailbox[] = "abcdefghijklmnopqrstuvwxyz0123456789_-.";
	static const char alias[] = "&'+=~";
	static const char dest[] = "#$*/?^`{|}";

	for (int octet = 0; octet < 256; octet++) {
		char text[] = "a?b@example.org", row[8];
		struct maildb_address address;
		enum maildb_reason reason;
		char small = (char)(octet >= 'A' && octet <= 'Z' ?
		    octet + 32 : octet);

		snprintf(row, sizeof(row), "\\x%02x", (unsigned)octet);
		text[1] = (char)octet;
		reason = parse(text, strlen("a?b@example.org"), 0, &address);
		if (octet < ' ' || octet == 0x7f)
			UNIT_ASSERT_ROW(row, reason == MAILDB_REASON_CONTROL);
		else if (octet == ' ')
			UNIT_ASSERT_ROW(row, reason == MAILDB_REASON_SPACE);
		else if (octet > 0x7f)
			UNIT_ASSERT_ROW(row, reason == MAILDB_REASON_BAD_UTF8);
		else if (octet == '@')
			UNIT_ASSERT_ROW(row,
			    reason == MAILDB_REASON_MULTIPLE_AT);
		else if (octet == '!' || octet == '%')
			UNIT_ASSERT_ROW(row, reason == MAILDB_REASON_ROUTING);
		else if (strchr(mailbox, small) != NULL)
			UNIT_ASSERT_ROW(row, reason == MAILDB_REASON_NONE &&
			    address.klass == MAILDB_MAILBOX &&
			    address.text[1] == small);
		else if (strchr(alias, octet) != NULL)
			UNIT_ASSERT_ROW(row, reason == MAILDB_REASON_NONE &&
			    address.klass == MAILDB_ALIAS);
		else if (strchr(dest, octet) != NULL)
			UNIT_ASSERT_ROW(row, reason == MAILDB_REASON_NONE &&
			    address.klass == MAILDB_DEST);
		else
			UNIT_ASSERT_ROW(row, reason == MAILDB_REASON_BAD_CHAR);
	}
}

static void
test_utf8(void)
{
	static const char *const invalid[] = {
		"\x80", "\xbf", "\xc0\x80", "\xc1\xbf", "\xc3", "\xc3\x28",
		"\xe0\x80\x80", "\xe0\x9f\xbf", "\xe2\x82", "\xe2\x28\xa1",
		"\xed\xa0\x80", "\xed\xbf\xbf", "\xf0\x80\x80\x80",
		"\xf0\x8f\xbf\xbf", "\xf0\x9f\x98", "\xf4\x90\x80\x80",
		"\xf5\x80\x80\x80", "\xf8\x88\x80\x80\x80",
		"\xfc\x84\x80\x80\x80\x80", "\xfe", "\xff",
	};

	for (size_t i = 0; i < sizeof(invalid) / sizeof(*invalid); i++) {
		char text[64];

		/* in the middle, and cut off by the end of the text */
		snprintf(text, sizeof(text), "a%sb@example.org", invalid[i]);
		UNIT_ASSERT_ROW(text,
		    reason_of(text, ANY_FLAGS) == MAILDB_REASON_BAD_UTF8);
		snprintf(text, sizeof(text), "a@example.org%s", invalid[i]);
		UNIT_ASSERT_ROW(text,
		    reason_of(text, ANY_FLAGS) == MAILDB_REASON_BAD_UTF8);
	}
}

/* Puts the UTF-8 of a code point into a text. */
static void
put_point(char *out, uint32_t point)
{
	static const unsigned char leads[] = { 0, 0xc0, 0xe0, 0xf0 };
	int more = point < 0x80 ? 0 : point < 0x800 ? 1 : point < 0x10000 ? 2 : 3;

	*out++ = (char)(leads[more] | point >> 6 * more);
	while (more-- > 0)
		*out++ = (char)(0x80 | (point >> 6 * more & 0x3f));
	*out = '\0';
}

/* Characters that nobody sees, and spaces, are refused to the last one; those
 * next to them are not. */
static void
test_invisible(void)
{
	static const struct {
		uint32_t first, last;
		enum maildb_reason reason;
	} rows[] = {
		{ 0x80, 0x9f, MAILDB_REASON_CONTROL },
		{ 0xa0, 0xa0, MAILDB_REASON_SPACE },
		{ 0xad, 0xad, MAILDB_REASON_CONTROL },
		{ 0x34f, 0x34f, MAILDB_REASON_CONTROL },
		{ 0x61c, 0x61c, MAILDB_REASON_CONTROL },
		{ 0x1680, 0x1680, MAILDB_REASON_SPACE },
		{ 0x180b, 0x180f, MAILDB_REASON_CONTROL },
		{ 0x2000, 0x200a, MAILDB_REASON_SPACE },
		{ 0x200b, 0x200f, MAILDB_REASON_CONTROL },
		{ 0x2028, 0x202e, MAILDB_REASON_CONTROL },
		{ 0x202f, 0x202f, MAILDB_REASON_SPACE },
		{ 0x205f, 0x205f, MAILDB_REASON_SPACE },
		{ 0x2060, 0x206f, MAILDB_REASON_CONTROL },
		{ 0x3000, 0x3000, MAILDB_REASON_SPACE },
		{ 0xfdd0, 0xfdef, MAILDB_REASON_CONTROL },
		{ 0xfe00, 0xfe0f, MAILDB_REASON_CONTROL },
		{ 0xfeff, 0xfeff, MAILDB_REASON_CONTROL },
		{ 0xfff0, 0xfffb, MAILDB_REASON_CONTROL },
		{ 0xfffe, 0xffff, MAILDB_REASON_CONTROL },
		{ 0x1fffe, 0x1ffff, MAILDB_REASON_CONTROL },
		{ 0xe0000, 0xe0fff, MAILDB_REASON_CONTROL },
		{ 0x10fffe, 0x10ffff, MAILDB_REASON_CONTROL },
	};
	static const uint32_t visible[] = {
		0xa1, 0xac, 0xae, 0x34e, 0x1681, 0x180a, 0x2010, 0x2027,
		0x2030, 0x2070, 0x3001, 0xfdf0, 0xfe10, 0xfffc, 0xfffd,
		0x10000, 0x1f600, 0xdfffd, 0xe1000, 0x10fffd,
	};
	char text[64], point[8];

	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++)
		for (uint32_t p = rows[i].first; p <= rows[i].last; p++) {
			put_point(point, p);
			snprintf(text, sizeof(text), "a%sb@example.org", point);
			UNIT_ASSERT_ROW(text, reason_of(text, ANY_FLAGS) ==
			    rows[i].reason);
			snprintf(text, sizeof(text), "a@%s.org", point);
			UNIT_ASSERT_ROW(text, reason_of(text, ANY_FLAGS) ==
			    rows[i].reason);
		}
	for (size_t i = 0; i < sizeof(visible) / sizeof(*visible); i++) {
		put_point(point, visible[i]);
		snprintf(text, sizeof(text), "a%sb@example.org", point);
		UNIT_ASSERT_ROW(text,
		    reason_of(text, ANY_FLAGS) == MAILDB_REASON_NONE);
	}
}

/* What each flag lets in; what it does not is among the refused. */
static void
test_flags(void)
{
	static const struct {
		const char *text;
		unsigned flags;
		const char *canonical;
		enum maildb_address_class klass;
	} rows[] = {
		{ "user@example.org", ANY_FLAGS, "user@example.org",
		    MAILDB_MAILBOX },
		{ "Postmaster@*", MAILDB_PARSE_WILDCARD, "postmaster@*",
		    MAILDB_MAILBOX },
		{ "a+b@*", MAILDB_PARSE_WILDCARD, "a+b@*", MAILDB_ALIAS },
		{ "@M\xc3\xbcnchen.Example", MAILDB_PARSE_CATCHALL,
		    "@xn--mnchen-3ya.example", MAILDB_CATCHALL },
		{ "\xc3\x9cser@Example.org", MAILDB_PARSE_UTF8,
		    "\xc3\x9cser@example.org", MAILDB_DEST },
		{ "A.\xc3\xbc.b@example.org", MAILDB_PARSE_UTF8,
		    "A.\xc3\xbc.b@example.org", MAILDB_DEST },
		{ "a.\xcc\x88@example.org", MAILDB_PARSE_UTF8,
		    "a.\xcc\x88@example.org", MAILDB_DEST },
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		const char *text = rows[i].text;
		struct maildb_address address;

		UNIT_ASSERT_ROW(text, parse(text, strlen(text), rows[i].flags,
		    &address) == MAILDB_REASON_NONE);
		UNIT_ASSERT_ROW(text, address.klass == rows[i].klass);
		UNIT_ASSERT_ROW(text,
		    strcmp(address.text, rows[i].canonical) == 0);
		UNIT_ASSERT_ROW(text, is_sound(&address, rows[i].flags));
	}
}

static void
test_domains(void)
{
	static const struct {
		const char *text;
		const char *name, *uname;
	} rows[] = {
		{ "Example.ORG", "example.org", "example.org" },
		{ "xn--mnchen-3ya.example", "xn--mnchen-3ya.example",
		    "m\xc3\xbcnchen.example" },
		{ "XN--MNCHEN-3YA.EXAMPLE", "xn--mnchen-3ya.example",
		    "m\xc3\xbcnchen.example" },
		{ "M\xc3\xbcnchen.Example", "xn--mnchen-3ya.example",
		    "m\xc3\xbcnchen.example" },
		{ "mu\xcc\x88nchen.example", "xn--mnchen-3ya.example",
		    "m\xc3\xbcnchen.example" },
		{ "\xd0\xbf\xd1\x80\xd0\xb8\xd0\xbc\xd0\xb5\xd1\x80."
		    "\xd1\x80\xd1\x84", "xn--e1afmkfd.xn--p1ai",
		    "\xd0\xbf\xd1\x80\xd0\xb8\xd0\xbc\xd0\xb5\xd1\x80."
		    "\xd1\x80\xd1\x84" },
		{ "xn--strae-oqa.example", "xn--strae-oqa.example",
		    "stra\xc3\x9f" "e.example" },
		{ "xn--ngbc5azd.example", "xn--ngbc5azd.example",
		    "\xd8\xb4\xd8\xa8\xd9\x83\xd8\xa9.example" },
		{ "3com.example", "3com.example", "3com.example" },
	};
	static const struct {
		const char *text;
		enum maildb_reason reason;
	} bad[] = {
		{ "", MAILDB_REASON_EMPTY },
		{ "user@example.org", MAILDB_REASON_BAD_DOMAIN_CHAR },
		{ "\"x\".example", MAILDB_REASON_BAD_DOMAIN_CHAR },
		{ "*", MAILDB_REASON_BAD_DOMAIN_CHAR },
		{ "exa mple.org", MAILDB_REASON_SPACE },
		{ "example.org\n", MAILDB_REASON_CONTROL },
		{ "ex\xff.org", MAILDB_REASON_BAD_UTF8 },
		{ "[192.0.2.1]", MAILDB_REASON_LITERAL },
		{ ".", MAILDB_REASON_TRAILING_DOT },
		{ "localhost", MAILDB_REASON_SINGLE_LABEL },
		{ "127.1", MAILDB_REASON_NUMERIC_TLD },
	};
	char name[MAILDB_DOMAIN_MAX + 1], uname[MAILDB_ULABEL_MAX + 1];
	char input[1100];
	size_t len;

	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		const char *text = rows[i].text;

		UNIT_ASSERT_ROW(text, parse_domain(text, strlen(text), name,
		    uname) == MAILDB_REASON_NONE);
		UNIT_ASSERT_ROW(text, strcmp(name, rows[i].name) == 0);
		UNIT_ASSERT_ROW(text, strcmp(uname, rows[i].uname) == 0);
	}
	for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++) {
		const char *text = bad[i].text;

		UNIT_ASSERT_ROW(text, parse_domain(text, strlen(text), name,
		    uname) == bad[i].reason);
		UNIT_ASSERT_ROW(text, *name == '\0' && *uname == '\0');
	}

	len = unescape("a{1001}", input, sizeof(input));
	CU_ASSERT_EQUAL(parse_domain(input, len, name, uname),
	    MAILDB_REASON_DOMAIN_TOO_LONG);

	/* The longest U-labels: letters of four octets, one digit for each. */
	len = 0;
	for (int label = 0; label < 4; label++) {
		if (label > 0)
			input[len++] = '.';
		for (int i = 0; i < (label < 3 ? 56 : 54); i++, len += 4)
			memcpy(input + len, "\xf0\xa0\x80\x80", 4);
	}
	CU_ASSERT_EQUAL(parse_domain(input, len, name, uname),
	    MAILDB_REASON_NONE);
	CU_ASSERT_EQUAL(strlen(name), MAILDB_DOMAIN_MAX);
	CU_ASSERT_EQUAL(strlen(uname), len);
}

/* What a random address is put together from: first what often fits into a
 * domain, then into a local part. */
#define FIT_DOMAIN 6
#define FIT_LOCAL  12
static const char *const pieces[] = {
	"a", "b", "Z", "0", ".", "xn--mnchen-3ya", "-", "_", "+", "=", "#", "/",
	"\xc3\xbc", "xn--", "mnchen-3ya", "e1afmkfd", "XN--", "--", "'", "|",
	"!", "%", "*", "\"", "(", " ", "\t", "\x7f", "[", "\\", "@", "\xc3\x9c", "u\xcc\x88",
	"\xcc\x88", "\xd0\xbf", "\xe2\x80\x8b", "\xe2\x80\x8d",
	"\xe2\x84\xaa", "\xef\xbd\x81", "\xf0\xa0\x80\x80", "\xd8\xb4",
	"\xff", "\xc3", "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
};

#define NPIECES (sizeof(pieces) / sizeof(*pieces))

/* Adds some of the first so many pieces; answers the new length. */
static size_t
add_pieces(char *text, size_t len, size_t first)
{
	for (uint32_t count = unit_random(6); count > 0; count--) {
		const char *piece = pieces[unit_random((uint32_t)first)];

		memcpy(text + len, piece, strlen(piece));
		len += strlen(piece);
		if (unit_random(64) == 0)
			text[len++] = (char)unit_random(256);
	}
	return len;
}

/* For any octets: either a sound address, or a reason and nothing else. */
static void
test_random(void)
{
	int good = 0;

	for (int i = 0; i < 100000; i++) {
		bool fit = i % 2 == 0;
		unsigned flags = unit_random(ANY_FLAGS + 1);
		struct maildb_address address;
		char text[1100];
		size_t len = add_pieces(text, 0, fit ? FIT_LOCAL : NPIECES);

		text[len++] = '@';
		len = add_pieces(text, len, fit ? FIT_DOMAIN : NPIECES);
		len += (size_t)snprintf(text + len, sizeof(text) - len, "%s",
		    unit_random(4) > 0 ? ".Org" : "");
		text[len] = '\0';
		if (parse(text, len, flags, &address) != MAILDB_REASON_NONE) {
			UNIT_ASSERT_ROW(text, is_cleared(&address));
			continue;
		}
		good++;
		UNIT_ASSERT_ROW(text, is_sound(&address, flags));
	}
	CU_ASSERT(good > 5000);
}

/* Any A-label that is accepted has a U-label that means the same. */
static void
test_random_alabels(void)
{
	static const char digits[] = "abcdefghijklmnopqrstuvwxyz0123456789-";
	int good = 0;

	for (int i = 0; i < 20000; i++) {
		char text[64] = "xn--", name[MAILDB_DOMAIN_MAX + 1];
		char uname[MAILDB_ULABEL_MAX + 1];
		char again[MAILDB_DOMAIN_MAX + 1];
		char uagain[MAILDB_ULABEL_MAX + 1];
		size_t len = 4, count = 2 + unit_random(5);
		enum maildb_reason reason;

		while (count-- > 0)
			text[len++] = digits[unit_random(sizeof(digits) - 1)];
		strcpy(text + len, ".example");
		if (parse_domain(text, strlen(text), name, uname) !=
		    MAILDB_REASON_NONE) {
			UNIT_ASSERT_ROW(text, *name == '\0' && *uname == '\0');
			continue;
		}
		good++;
		UNIT_ASSERT_ROW(text, strcmp(name, text) == 0);
		reason = parse_domain(uname, strlen(uname), again, uagain);
		if (strstr(uname, "\xe2\x80\x8c") || strstr(uname, "\xe2\x80\x8d")) {
			/* joiners, which some scripts need, are not typed */
			UNIT_ASSERT_ROW(text, reason == MAILDB_REASON_CONTROL);
			continue;
		}
		UNIT_ASSERT_ROW(text, reason == MAILDB_REASON_NONE);
		UNIT_ASSERT_ROW(text, strcmp(name, again) == 0);
		UNIT_ASSERT_ROW(text, strcmp(uname, uagain) == 0);
	}
	CU_ASSERT(good > 2000);
}

CU_TestInfo unit_address[] = {
	{ "the table of addresses", test_table },
	{ "refused, and why", test_refused },
	{ "limits from both sides", test_limits },
	{ "every reason is reached", test_reasons },
	{ "the length counts", test_length },
	{ "every octet", test_octets },
	{ "strict UTF-8", test_utf8 },
	{ "invisible characters and spaces", test_invisible },
	{ "flags", test_flags },
	{ "domains in both forms", test_domains },
	{ "random addresses", test_random },
	{ "random A-labels", test_random_alabels },
	CU_TEST_INFO_NULL,
};
