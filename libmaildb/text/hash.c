/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * hash.c - which password hashes may be stored, and in what form
 *
 * Owns the table of schemes: the exact grammar of each, its limits of cost,
 * and whether it is safe enough.  crypt_checksalt(3) takes almost any text for
 * a hash, and a hash out of reach of Dovecot's memory limit fails at login
 * with nothing but "Password mismatch", so both are settled here, when a hash
 * comes in.  Making and checking hashes is password.c's.
 */
#include <crypt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "text/hash.h"
#include "maildb.h"

#define BARE  MAILDB__HASH_BARE
#define CRYPT (MAILDB__HASH_BARE | MAILDB__HASH_CRYPT)
#define WEAK  MAILDB__HASH_WEAK
#define NEVER MAILDB__HASH_NEVER

#define DIGITS "0123456789"
#define UPPER  "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
#define LOWER  "abcdefghijklmnopqrstuvwxyz"
#define ITOA64 "./" DIGITS UPPER LOWER
#define BASE64 UPPER LOWER DIGITS "+/"
#define HEX    DIGITS "ABCDEFabcdef"
#define PRINT  DIGITS UPPER LOWER "!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~"

static const char empty[] = "it is empty";
static const char too_long[] = "it is longer than 300 octets";
static const char bad_octet[] =
    "it holds a blank, a control character or something that is not ASCII";
static const char bad_label[] = "its {SCHEME} is malformed";
static const char unknown[] = "its {SCHEME} is not known";
static const char malformed[] = "it is not a complete hash of a known scheme";
static const char mismatch[] = "it is not of the kind its {SCHEME} says";
static const char weak[] = "its scheme is too weak";
static const char cheap[] = "its cost is so low that it is weak";
static const char costly[] =
    "its cost is so high that logins would be slow or fail";
static const char unsupported[] = "crypt(3) does not support it here";

static const char locked[] =
    "it is the mark of a locked account; give no hash instead";
static const char clear[] =
    "it is a password in clear text; give it as a password to be hashed";

/* The parameters that crypt_gensalt(3) writes for yescrypt's costs 1 to 11. */
static const char *const yescrypt_costs[] = {
	"75", "85", "7T", "8T", "9T", "AT", "BT", "CT", "DT", "ET", "FT", NULL
};

/*
 * The grammar of a text stands for itself, except that
 *
 *	[abc]	is one of these characters;
 *	%i8-16	8 to 16 of crypt(3)'s 64 characters;
 *	%e43	43 of them that encode whole octets, so no bit is left over;
 *	%b	the same in base64 without, %p with its padding (not counted);
 *	%x	hexadecimal digits; %a printable ones;
 *	%n	a number; %c one of two digits; %r "rounds=N$", or nothing for
 *		5000; %y yescrypt's parameters; %l a number as one of crypt(3)'s
 *		characters.  These answer to the row's limits, in order.
 *
 * The first row whose label and prefix fit is the one; DES, which has no
 * prefix, comes last.  {CRYPT} is the label where Dovecot has one of its own
 * that newer versions take for weak and refuse.
 */
static const struct maildb__scheme schemes[] = {
	/* What crypt(3) makes and checks.  yescrypt and scrypt of more than
	 * 128 MiB do not fit into Dovecot's auth process. */
	{ .name = "yescrypt", .label = "CRYPT", .prefix = "$y$",
	  .rest = "j%y$%e8-86$%e43", .cost = {{ 1, 8 }}, .flags = CRYPT },
	{ .name = "gost-yescrypt", .label = "CRYPT", .prefix = "$gy$",
	  .rest = "j%y$%e8-86$%e43", .cost = {{ 1, 8 }}, .flags = CRYPT },
	{ .name = "scrypt", .label = "CRYPT", .prefix = "$7$",
	  .rest = "%lU..../....%i8-86$%e43", .cost = {{ 13, 15 }},
	  .flags = CRYPT },
	{ .name = "faulty bcrypt", .label = "BLF-CRYPT",
	  .prefix = "$2x$", .flags = BARE | NEVER,
	  .why = "it comes from a faulty bcrypt and is weak" },
	{ .name = "bcrypt", .label = "BLF-CRYPT", .prefix = "$2",
	  .rest = "[aby]$%c$%i21[.Oeu]%i30[.CGKOSWaeimquy26]",
	  .cost = {{ 4, 14 }}, .flags = CRYPT },
	{ .name = "sha512", .label = "SHA512-CRYPT", .prefix = "$6$",
	  .rest = "%r%i8-16$%e86", .cost = {{ 5000, 1000000 }},
	  .flags = CRYPT },
	{ .name = "sha256", .label = "SHA256-CRYPT", .prefix = "$5$",
	  .rest = "%r%i8-16$%e43", .cost = {{ 5000, 1000000 }},
	  .flags = CRYPT },
	{ .name = "MD5", .label = "CRYPT", .prefix = "$1$",
	  .rest = "%i8$%e22", .flags = CRYPT | WEAK },
	{ .name = "MD5", .label = "MD5-CRYPT", .prefix = "$1$",
	  .rest = "%i8$%e22", .flags = MAILDB__HASH_CRYPT | WEAK },
	{ .name = "MD5", .label = "MD5", .prefix = "$1$",
	  .rest = "%i8$%e22", .flags = MAILDB__HASH_CRYPT | WEAK },

	/* What Dovecot checks itself; argon2 never as {CRYPT}. */
	{ .name = "argon2id", .label = "ARGON2ID", .prefix = "$argon2id$",
	  .rest = "v=19$m=%n,t=%n,p=%n$%b11-64$%b43",
	  .cost = {{ 1024, 131072 }, { 1, 10 }, { 1, 4 }}, .flags = BARE },
	{ .name = "argon2i", .label = "ARGON2I", .prefix = "$argon2i$",
	  .rest = "v=19$m=%n,t=%n,p=%n$%b11-64$%b43",
	  .cost = {{ 1024, 131072 }, { 1, 10 }, { 1, 4 }}, .flags = BARE },
	{ .name = "PBKDF2", .label = "PBKDF2", .prefix = "$1$",
	  .rest = "%i8-64$%n$%x40", .cost = {{ 5000, 1000000 }} },
	{ .name = "SCRAM", .label = "SCRAM-SHA-1",
	  .rest = "%n,%p11-64,%p27,%p27", .cost = {{ 4096, 1000000 }} },
	{ .name = "SCRAM", .label = "SCRAM-SHA-256",
	  .rest = "%n,%p11-64,%p43,%p43", .cost = {{ 4096, 1000000 }} },
	{ .name = "salted SHA-1", .label = "SSHA",
	  .octets = { 20 + 4, 20 + 64 } },
	{ .name = "salted SHA-256", .label = "SSHA256",
	  .octets = { 32 + 4, 32 + 64 } },
	{ .name = "salted SHA-512", .label = "SSHA512",
	  .octets = { 64 + 4, 64 + 64 } },

	/* No salt, or MD5 and older. */
	{ .name = "SHA-1", .label = "SHA",
	  .octets = { 20, 20 }, .flags = WEAK },
	{ .name = "SHA-1", .label = "SHA1",
	  .octets = { 20, 20 }, .flags = WEAK },
	{ .name = "SHA-256", .label = "SHA256",
	  .octets = { 32, 32 }, .flags = WEAK },
	{ .name = "SHA-512", .label = "SHA512",
	  .octets = { 64, 64 }, .flags = WEAK },
	{ .name = "salted MD5", .label = "SMD5",
	  .octets = { 16 + 4, 16 + 64 }, .flags = WEAK },
	{ .name = "unsalted MD5", .label = "MD5",
	  .octets = { 16, 16 }, .flags = WEAK },
	{ .name = "unsalted MD5", .label = "PLAIN-MD5",
	  .octets = { 16, 16 }, .flags = WEAK },
	{ .name = "unsalted MD5", .label = "LDAP-MD5",
	  .octets = { 16, 16 }, .flags = WEAK },
	{ .name = "unsalted MD4", .label = "PLAIN-MD4",
	  .octets = { 16, 16 }, .flags = WEAK },
	{ .name = "DIGEST-MD5", .label = "DIGEST-MD5",
	  .octets = { 16, 16 }, .flags = WEAK },
	{ .name = "CRAM-MD5", .label = "CRAM-MD5",
	  .octets = { 32, 32 }, .flags = WEAK },
	{ .name = "CRAM-MD5", .label = "HMAC-MD5",
	  .octets = { 32, 32 }, .flags = WEAK },
	{ .name = "clear text", .label = "PLAIN",
	  .rest = "%a1-300", .flags = WEAK, .why = clear },
	{ .name = "clear text", .label = "CLEARTEXT",
	  .rest = "%a1-300", .flags = WEAK, .why = clear },
	{ .name = "clear text", .label = "CLEAR",
	  .rest = "%a1-300", .flags = WEAK, .why = clear },

	/* Never. */
	{ .name = "cut-off clear text", .label = "PLAIN-TRUNC",
	  .flags = NEVER, .why = "{PLAIN-TRUNC} accepts wrong passwords" },
	{ .name = "bcrypt-sha256", .label = "BLF-CRYPT",
	  .prefix = "$bcrypt-sha256$", .flags = BARE | NEVER,
	  .why = "Dovecot cannot check bcrypt_sha256; "
	         "its owner needs a new password" },
	{ .name = "PBKDF2 of passlib", .label = "CRYPT", .prefix = "$pbkdf2",
	  .flags = BARE | NEVER, .why = "Dovecot cannot check PBKDF2 in "
	         "this form; its owner needs a new password" },
	{ .name = "apr1", .label = "CRYPT", .prefix = "$apr1$",
	  .flags = BARE | NEVER,
	  .why = "Dovecot cannot check Apache's variant of MD5" },
	{ .name = "NT", .label = "CRYPT", .prefix = "$3$",
	  .flags = BARE | NEVER, .why = weak },
	{ .name = "Solaris MD5", .label = "CRYPT", .prefix = "$md5",
	  .flags = BARE | NEVER, .why = weak },
	{ .name = "NetBSD SHA-1", .label = "CRYPT", .prefix = "$sha1$",
	  .flags = BARE | NEVER, .why = weak },
	{ .name = "BSDi DES", .label = "CRYPT", .prefix = "_",
	  .flags = BARE | NEVER, .why = weak },
	{ .name = "locked", .label = "CRYPT", .prefix = "!",
	  .flags = BARE | NEVER, .why = locked },
	{ .name = "locked", .label = "CRYPT", .prefix = "*",
	  .flags = BARE | NEVER, .why = locked },

	{ .name = "DES", .label = "DES-CRYPT",
	  .rest = "%i12[.26AEIMQUYcgkosw]", .flags = MAILDB__HASH_CRYPT | WEAK },
	{ .name = "DES", .label = "CRYPT",
	  .rest = "%i12[.26AEIMQUYcgkosw]", .flags = CRYPT | WEAK },
	{ .name = NULL },
};

/* ---- grammar ------------------------------------------------------------ */

/* Whether a run of len characters of 6 bits ends with its last octet: no
 * character too many, and no bit set that belongs to none. */
static bool
ends_with_octet(const char *run, size_t len, char kind)
{
	unsigned long last;

	if (len % 4 == 0)
		return true;
	if (len % 4 == 1)
		return false;
	if (kind == 'e') { /* lowest bits first */
		last = (unsigned long)(strchr(ITOA64, run[len - 1]) - ITOA64);
		return last < (len % 4 == 2 ? 4 : 16);
	}
	last = (unsigned long)(strchr(BASE64, run[len - 1]) - BASE64);
	return last % (len % 4 == 2 ? 16 : 4) == 0;
}

/* The characters of each kind of run. */
static const char *const alphabets[] = {
	['a'] = PRINT,
	['b'] = BASE64,
	['e'] = ITOA64,
	['i'] = ITOA64,
	['p'] = BASE64,
	['x'] = HEX,
};

/* Reads a run of one kind: a pointer behind it, or NULL. */
static const char *
read_run(const char *text, char kind, size_t least, size_t most)
{
	size_t len = strspn(text, alphabets[(unsigned char)kind]);

	if (len > most)
		len = most;
	if (len < least)
		return NULL;
	if (strchr("bep", kind) != NULL && !ends_with_octet(text, len, kind))
		return NULL;
	text += len;
	for (; kind == 'p' && len % 4 != 0; len++) {
		if (*text++ != '=')
			return NULL;
	}
	return text;
}

/* Reads a decimal number without leading zeros: a pointer behind it, or NULL. */
static const char *
read_decimal(const char *text, unsigned long *number)
{
	size_t len = strspn(text, DIGITS);

	if (len == 0 || len > 9 || (text[0] == '0' && len > 1))
		return NULL;
	*number = strtoul(text, NULL, 10);
	return text + len;
}

/* Reads a number as the grammar's %n, %c, %r, %y and %l write it: a pointer
 * behind it, or NULL. */
static const char *
read_number(const char *text, char kind, unsigned long *number)
{
	const char *at;

	switch (kind) {
	case 'n':
		return read_decimal(text, number);
	case 'c':
		if (strspn(text, DIGITS) != 2)
			return NULL;
		*number = strtoul(text, NULL, 10);
		return text + 2;
	case 'r':
		*number = 5000;
		if (strncmp(text, "rounds=", 7) != 0)
			return text;
		text = read_decimal(text + 7, number);
		return (text != NULL && *text == '$') ? text + 1 : NULL;
	case 'y':
		for (size_t i = 0; yescrypt_costs[i] != NULL; i++) {
			if (strncmp(text, yescrypt_costs[i], 2) == 0) {
				*number = i + 1;
				return text + 2;
			}
		}
		return NULL;
	case 'l':
		if (*text == '\0' || (at = strchr(ITOA64, *text)) == NULL)
			return NULL;
		*number = (unsigned long)(at - ITOA64);
		return text + 1;
	}
	return NULL;
}

/* Reads the whole text by a scheme's grammar and limits: NULL, or what is
 * wrong.  *cost is its first number. */
static const char *
read_text(const struct maildb__scheme *scheme, const char *text,
    unsigned long *cost)
{
	const struct maildb__range *limit = scheme->cost;
	unsigned long number, least, most;
	const char *g = scheme->rest;
	size_t len;
	char *end;
	char kind;

	text += strlen(scheme->prefix);
	while (*g != '\0') {
		if (*g == '[') {
			len = strcspn(++g, "]");
			if (memchr(g, *text++, len) == NULL)
				return malformed;
			g += len + 1;
			continue;
		}
		if (*g != '%') {
			if (*g++ != *text++)
				return malformed;
			continue;
		}
		kind = g[1];
		g += 2;
		if (strchr("ncryl", kind) != NULL) {
			if ((text = read_number(text, kind, &number)) == NULL)
				return malformed;
			if (number < limit->least)
				return cheap;
			if (number > limit->most)
				return costly;
			if (limit++ == scheme->cost)
				*cost = number;
			continue;
		}
		least = most = strtoul(g, &end, 10);
		if (*end == '-')
			most = strtoul(end + 1, &end, 10);
		g = end;
		if ((text = read_run(text, kind, least, most)) == NULL)
			return malformed;
	}
	return *text == '\0' ? NULL : malformed;
}

/* ---- {SCHEME.ENCODING} -------------------------------------------------- */

enum encoding {
	AS_IS,
	AS_HEX,
	AS_BASE64,
};

static const struct {
	const char *suffix;
	enum encoding encoding;
} encodings[] = {
	{ ".HEX", AS_HEX },
	{ ".B64", AS_BASE64 },
	{ ".BASE64", AS_BASE64 },
	{ NULL, AS_IS },
};

/* What stands between the braces. */
struct label {
	const char *name;
	size_t len; /* without the suffix; 0: there are no braces */
	enum encoding encoding;
};

/* Whether len octets are this word, in any letter case. */
static bool
is_word(const char *text, size_t len, const char *word)
{
	if (len != strlen(word))
		return false;
	while (len-- > 0) {
		if (maildb__lower(text[len]) != maildb__lower(word[len]))
			return false;
	}
	return true;
}

/* Reads the label before a hash, if any: a pointer to what follows, or NULL
 * when it is malformed. */
static const char *
read_label(const char *text, struct label *label)
{
	size_t len, suffix;

	*label = (struct label){ .name = text };
	if (*text != '{')
		return text;
	label->name = ++text;
	len = strspn(text, DIGITS UPPER LOWER ".-_");
	if (len > 32 || text[len] != '}' || strchr("}.-_", text[0]) != NULL)
		return NULL;
	label->len = len;
	for (size_t i = 0; encodings[i].suffix != NULL; i++) {
		suffix = strlen(encodings[i].suffix);
		if (len > suffix && is_word(text + len - suffix, suffix,
		    encodings[i].suffix)) {
			label->len = len - suffix;
			label->encoding = encodings[i].encoding;
		}
	}
	return text + len + 1;
}

/* Decodes hexadecimal digits: the number of octets, 0 when malformed. */
static size_t
decode_hex(const char *text, char *out)
{
	size_t len = strlen(text);
	char pair[3] = "";

	if (len % 2 != 0 || strspn(text, HEX) != len)
		return 0;
	for (size_t i = 0; i < len / 2; i++) {
		memcpy(pair, text + 2 * i, 2);
		out[i] = (char)strtoul(pair, NULL, 16);
	}
	return len / 2;
}

/* Decodes base64 with its padding: the number of octets, 0 when malformed. */
static size_t
decode_base64(const char *text, char *out)
{
	size_t len = strspn(text, BASE64), n = 0;
	const char *end = read_run(text, 'p', len, len);
	unsigned long bits = 0;

	if (end == NULL || *end != '\0')
		return 0;
	for (size_t i = 0; i < len; i++) {
		bits = bits << 6 |
		    (unsigned long)(strchr(BASE64, text[i]) - BASE64);
		if (i % 4 != 0) /* 6 bits more than an octet, then 4, then 2 */
			out[n++] = (char)(bits >> (6 - 2 * (i % 4)));
		bits &= 0xffff;
	}
	return n;
}

/* Decodes into out, which has room for the text itself: the number of octets,
 * 0 when malformed. */
static size_t
decode(const char *text, enum encoding encoding, char *out)
{
	size_t len = 0;

	switch (encoding) {
	case AS_IS:
		len = strlen(text);
		memcpy(out, text, len);
		break;
	case AS_HEX:
		len = decode_hex(text, out);
		break;
	case AS_BASE64:
		len = decode_base64(text, out);
		break;
	}
	out[len] = '\0';
	return len;
}

/* ---- policy ------------------------------------------------------------- */

/* Finds the row for a label and the text behind it, or says in *why what is
 * missing. */
static const struct maildb__scheme *
find_scheme(const struct label *label, const char *text, const char **why)
{
	const struct maildb__scheme *scheme;

	*why = unknown;
	for (scheme = schemes; scheme->name != NULL; scheme++) {
		if (!((scheme->flags & BARE) != 0 && (label->len == 0 ||
		    is_word(label->name, label->len, "CRYPT"))) &&
		    !is_word(label->name, label->len, scheme->label))
			continue;
		if (strncmp(text, scheme->prefix, strlen(scheme->prefix)) == 0)
			return scheme;
		*why = mismatch;
	}
	return NULL;
}

/* Whether the row's digest, written in hex or base64, has the right length.
 * Without a suffix Dovecot guesses by that, where it is fixed. */
static bool
is_digest(const struct maildb__scheme *scheme, const char *body,
    enum encoding encoding, char *out)
{
	size_t len = strlen(body);

	if (encoding == AS_IS)
		encoding = scheme->octets.least == scheme->octets.most &&
		    len == 2 * scheme->octets.most ? AS_HEX : AS_BASE64;
	len = decode(body, encoding, out);
	return len >= scheme->octets.least && len <= scheme->octets.most;
}

/* Takes a hash apart: NULL, or what is wrong. */
static const char *
read_hash(const char *text, unsigned flags, struct maildb__hash *hash)
{
	const struct maildb__scheme *scheme;
	const char *body, *why;
	struct label label;
	bool crypt_label;
	size_t len;
	int salt;

	if (*text == '\0')
		return empty;
	if (strlen(text) > MAILDB_HASH_MAX)
		return too_long;
	if (text[strspn(text, PRINT)] != '\0')
		return bad_octet;
	if ((body = read_label(text, &label)) == NULL)
		return bad_label;
	if (*body == '\0')
		return empty;

	len = decode(body, label.encoding, hash->text);
	scheme = find_scheme(&label, hash->text, &why);
	if (scheme == NULL)
		return (why == unknown && (flags & MAILDB_HASH_ANY) != 0) ?
		    NULL : why;
	if ((scheme->flags & NEVER) != 0)
		return scheme->why;
	if (scheme->rest == NULL) {
		if (!is_digest(scheme, body, label.encoding, hash->text))
			return malformed;
	} else {
		if (len == 0 || len != strlen(hash->text))
			return malformed;
		why = read_text(scheme, hash->text, &hash->cost);
		if (why != NULL)
			return why;
	}
	if ((scheme->flags & WEAK) != 0 && (flags & MAILDB_HASH_WEAK) == 0)
		return scheme->why != NULL ? scheme->why : weak;
	if ((scheme->flags & MAILDB__HASH_CRYPT) != 0) {
		salt = crypt_checksalt(hash->text);
		if (salt != CRYPT_SALT_OK && salt != CRYPT_SALT_METHOD_LEGACY)
			return unsupported;
	}

	crypt_label = is_word(label.name, label.len, "CRYPT");
	if (crypt_label && (scheme->flags & MAILDB__HASH_CRYPT) != 0)
		hash->label = "CRYPT";
	else
		hash->label = scheme->label;
	hash->relabel = label.len == 0 ||
	    (crypt_label && (scheme->flags & MAILDB__HASH_CRYPT) == 0);
	hash->scheme = scheme;
	return NULL;
}

int
maildb__hash_read(const char *text, unsigned flags, struct maildb__hash *hash,
    const char **why)
{
	memset(hash, 0, sizeof(*hash));
	*why = read_hash(text, flags, hash);
	return *why == NULL ? 0 : MAILDB_EHASH;
}

bool
maildb__hash_alike(const char *a, const char *b)
{
	struct maildb__hash read[2];
	const char *why;
	bool alike = maildb__hash_read(a, MAILDB_HASH_WEAK, &read[0], &why) ==
	    0 && maildb__hash_read(b, MAILDB_HASH_WEAK, &read[1], &why) == 0 &&
	    read[0].scheme->prefix[0] == '$' &&
	    strcmp(read[0].scheme->name, read[1].scheme->name) == 0 &&
	    read[0].cost == read[1].cost;

	explicit_bzero(read, sizeof(read));
	return alike;
}

/* ---- public ------------------------------------------------------------- */

/* A copy of a hash with its {SCHEME} in capitals, as the schema wants it; to
 * Dovecot it is all the same. */
static char *
copy_hash(const char *text)
{
	char *copy = strdup(text), *at;

	for (at = copy; at != NULL && *copy == '{' && *at != '}'; at++)
		if (*at >= 'a' && *at <= 'z')
			*at = (char)(*at - 'a' + 'A');
	return copy;
}

int
maildb_hash_parse(const char *text, unsigned flags, char **out,
    const char **why)
{
	struct maildb__hash hash;
	const char *reason;
	char *at;
	int rc;

	*out = NULL;
	rc = maildb__hash_read(text, flags, &hash, &reason);
	if (why != NULL)
		*why = reason;
	if (rc == 0) {
		if (!hash.relabel)
			*out = copy_hash(text);
		else if (asprintf(out, "{%s}%s", hash.label, hash.text) < 0)
			*out = NULL;
		if (*out == NULL)
			rc = MAILDB_ENOMEM;
		/* To Dovecot a label's case is nothing, to the schema it is. */
		for (at = *out; at != NULL && *at != '}'; at++)
			if (*at >= 'a' && *at <= 'z')
				*at = (char)(*at - 'a' + 'A');
	}
	explicit_bzero(&hash, sizeof(hash));
	return rc;
}

void
maildb_hash_describe(const char *hash, char out[64])
{
	struct maildb__hash read;
	const char *why;

	if (hash == NULL) {
		snprintf(out, 64, "none");
		return;
	}
	(void)maildb__hash_read(hash, MAILDB_HASH_WEAK, &read, &why);
	if (read.scheme != NULL)
		snprintf(out, 64, "{%s} %s", read.label, read.scheme->name);
	else
		snprintf(out, 64, "unknown");
	explicit_bzero(&read, sizeof(read));
}
