/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * hash.h - a stored password hash, taken apart
 *
 * Inside the library only: what hash.c reads out of "{SCHEME}hash" for those
 * who check passwords.
 */
#ifndef MAILDB_HASH_H
#define MAILDB_HASH_H

#include <stdbool.h>
#include <stddef.h>

#include "maildb.h"

#define MAILDB__HASH_BARE  0x01u /* its text tells the scheme, so {CRYPT} or
                                    nothing at all may stand before it */
#define MAILDB__HASH_CRYPT 0x02u /* crypt(3) checks passwords against it */
#define MAILDB__HASH_WEAK  0x04u /* only with MAILDB_HASH_WEAK */
#define MAILDB__HASH_NEVER 0x08u /* known, and refused always */

struct maildb__range {
	unsigned long least, most;
};

/* One row of the table of schemes. */
struct maildb__scheme {
	const char *name;   /* as people call it: "yescrypt" */
	const char *label;  /* as Dovecot calls it: "CRYPT" */
	char prefix[16];    /* what its text begins with */
	const char *rest;   /* the grammar of what follows, see hash.c, or NULL: */
	struct maildb__range octets;  /* it is so many octets in hex or base64 */
	struct maildb__range cost[3]; /* limits of the grammar's numbers */
	unsigned flags;
	const char *why; /* why it is refused */
};

struct maildb__hash {
	const struct maildb__scheme *scheme; /* NULL: unknown, kept as it is */
	const char *label;  /* for {SCHEME}; NULL with an unknown scheme */
	bool relabel;       /* must be stored as {label}text, not as given */
	unsigned long cost; /* its first number */
	char text[MAILDB_HASH_MAX + 1]; /* without {SCHEME}, out of .HEX or .B64 */
};

/*
 * Takes a hash apart: 0, or MAILDB_EHASH with a sentence in *why.  The caller
 * wipes *hash, which may hold a password in clear text.
 */
int maildb__hash_read(const char *text, unsigned flags,
    struct maildb__hash *hash, const char **why);

/* Whether two hashes are of one scheme and cost, so that checking them is the
 * same work. */
bool maildb__hash_alike(const char *a, const char *b);

/* An octet in lower case, whatever the locale. */
static inline int
maildb__lower(char c)
{
	return (c >= 'A' && c <= 'Z') ? c - 'A' + 'a' : (unsigned char)c;
}

/* Whether a scheme's new hashes can have that cost; *range is what they can
 * have (password.c). */
bool maildb__password_cost(const char *scheme, unsigned long cost,
    struct maildb__range *range);

#endif
