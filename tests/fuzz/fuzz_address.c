/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * fuzz_address.c - any octets as an address and as a domain, for libFuzzer
 *
 * The first octet is the flags.  What is accepted must be its own canonical
 * form; what is refused must leave nothing behind.
 *
 *	clang -D_GNU_SOURCE -g -fsanitize=fuzzer,address,undefined \
 *	    -Ilibmaildb -IBUILD/libmaildb tests/fuzz/fuzz_address.c \
 *	    libmaildb/text/address.c -lidn2
 */
#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "maildb.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
try_address(const char *text, size_t len, unsigned flags)
{
	static const struct maildb_address none;
	struct maildb_address address, again;

	if (maildb_address_parse(text, len, flags, &address) !=
	    MAILDB_REASON_NONE) {
		assert(memcmp(&address, &none, sizeof(none)) == 0);
		return;
	}
	assert(strlen(address.text) ==
	    strlen(address.local) + 1 + strlen(address.domain));
	assert(maildb_address_parse(address.text, strlen(address.text), flags,
	    &again) == MAILDB_REASON_NONE);
	assert(memcmp(&address, &again, sizeof(again)) == 0);
}

static void
try_domain(const char *text, size_t len)
{
	char name[MAILDB_DOMAIN_MAX + 1], again[MAILDB_DOMAIN_MAX + 1];
	char uname[MAILDB_ULABEL_MAX + 1], uagain[MAILDB_ULABEL_MAX + 1];
	enum maildb_reason reason;

	if (maildb_domain_parse(text, len, name, uname) != MAILDB_REASON_NONE) {
		assert(*name == '\0' && *uname == '\0');
		return;
	}
	assert(maildb_domain_parse(name, strlen(name), again, uagain) ==
	    MAILDB_REASON_NONE);
	assert(strcmp(name, again) == 0 && strcmp(uname, uagain) == 0);

	/* A-labels may have zero-width joiners, which are not typed. */
	reason = maildb_domain_parse(uname, strlen(uname), again, uagain);
	if (strstr(uname, "\xe2\x80\x8c") != NULL ||
	    strstr(uname, "\xe2\x80\x8d") != NULL) {
		assert(reason == MAILDB_REASON_CONTROL);
		return;
	}
	assert(reason == MAILDB_REASON_NONE);
	assert(strcmp(name, again) == 0 && strcmp(uname, uagain) == 0);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	if (size == 0)
		return 0;
	try_address((const char *)data + 1, size - 1, data[0]);
	try_domain((const char *)data + 1, size - 1);
	return 0;
}
