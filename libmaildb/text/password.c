/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * password.c - making, checking and judging passwords
 *
 * Owns every call of crypt(3) and the wiping of what it leaves in memory.
 * Which hashes may be stored is settled in hash.c; asking a person for a
 * password, and keeping it out of core files, is the program's part.
 */
#include <sys/random.h>

#include <crypt.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "text/common_passwords.h"
#include "text/hash.h"
#include "maildb.h"

/* How new hashes are made.  The names are those of the schemes in hash.c. */
static const struct maker {
	const char *name;
	const char *prefix; /* for crypt_gensalt(3) */
	unsigned long cost; /* when none is asked for */
	struct maildb__range costs;
	size_t longest; /* octets that count; bcrypt ignores what follows */
} makers[] = {
	{ "yescrypt", "$y$", 5, { 5, 8 }, MAILDB_PASSWORD_MAX },
	{ "bcrypt", "$2b$", 12, { 10, 14 }, 72 },
	{ "sha512", "$6$", 500000, { 100000, 1000000 }, MAILDB_PASSWORD_MAX },
	{ .name = NULL },
};

/* What is checked when there is nothing to check against, so that the time
 * taken does not tell who exists.  Its password is not known to anybody. */
static const char dummy[] =
    "$y$j9T$wkx0MlTiPSRgd.T8bMVXT0"
    "$ZF5BkvP/G4f7g/jW2baqB7KVdOaBan9CNFsmBmdesED";

/* Finds the maker of that name, the first one for NULL. */
static const struct maker *
find_maker(const char *name)
{
	const struct maker *maker = makers;

	if (name == NULL)
		return maker;
	while (maker->name != NULL && strcmp(maker->name, name) != 0)
		maker++;
	return maker->name != NULL ? maker : NULL;
}

/* Whether two texts are the same, in a time that depends on their lengths
 * only. */
static bool
same_secret(const char *a, const char *b)
{
	size_t len = strlen(a);
	unsigned char differ = 0;

	if (len != strlen(b))
		return false;
	for (size_t i = 0; i < len; i++)
		differ |= (unsigned char)(a[i] ^ b[i]);
	return differ == 0;
}

/* Hashes a password as setting says.  The caller wipes out. */
static int
run_crypt(const char *password, const char *setting,
    char out[CRYPT_OUTPUT_SIZE])
{
	void *data = NULL;
	const char *made;
	int size = 0;
	int rc = 0;

	errno = 0;
	made = crypt_ra(password, setting, &data, &size);
	if (made == NULL || made[0] == '*')
		rc = errno == ENOMEM ? MAILDB_ENOMEM : MAILDB_EHASH;
	else
		memcpy(out, made, strlen(made) + 1);
	if (data != NULL)
		explicit_bzero(data, (size_t)size);
	free(data);
	return rc;
}

bool
maildb__password_cost(const char *scheme, unsigned long cost,
    struct maildb__range *range)
{
	const struct maker *maker = find_maker(scheme);

	if (maker == NULL)
		return false;
	*range = maker->costs;
	return cost >= range->least && cost <= range->most;
}

const char *
maildb_password_fault(const char *password)
{
	const unsigned char *p = (const unsigned char *)password;

	if (*p == '\0')
		return "it is empty";
	while (*p >= ' ' && *p != 0x7f)
		p++;
	return *p == '\0' ? NULL :
	    "it holds a control character, such as a tab, with which Dovecot "
	    "lets nobody log in";
}

int
maildb_password_hash(const char *scheme, unsigned long cost,
    const char *password, char **out)
{
	char made[CRYPT_OUTPUT_SIZE] = "", again[CRYPT_OUTPUT_SIZE] = "";
	const struct maker *maker = find_maker(scheme);
	size_t len = strlen(password);
	char *setting;
	int rc;

	*out = NULL;
	if (maker == NULL)
		return MAILDB_EVALUE;
	if (cost == 0)
		cost = maker->cost;
	if (cost < maker->costs.least || cost > maker->costs.most)
		return MAILDB_EVALUE;
	if (maildb_password_fault(password) != NULL || len > maker->longest)
		return MAILDB_EPASSWORD;

	errno = 0;
	setting = crypt_gensalt_ra(maker->prefix, cost, NULL, 0);
	if (setting == NULL)
		return errno == ENOMEM ? MAILDB_ENOMEM : MAILDB_EHASH;
	rc = run_crypt(password, setting, made);
	if (rc != 0)
		goto out;
	/* A hash that memory or hardware spoilt would lock its owner out. */
	rc = run_crypt(password, made, again);
	if (rc != 0)
		goto out;
	if (same_secret(made, again))
		rc = maildb_hash_parse(made, 0, out, NULL);
	else
		rc = MAILDB_EHASH;
out:
	explicit_bzero(again, sizeof(again));
	explicit_bzero(made, sizeof(made));
	maildb_secret_free(setting);
	return rc;
}

int
maildb_password_verify(const char *hash, const char *password)
{
	char made[CRYPT_OUTPUT_SIZE] = "";
	struct maildb__hash read;
	const char *why;
	int rc;

	/* No hash is made of these, or Dovecot refuses them whatever the hash. */
	if (password[0] == '\0' || strlen(password) > MAILDB_PASSWORD_MAX ||
	    strpbrk(password, "\001\t\r\n") != NULL)
		return 0;
	/* What got into the database past this library is read as strictly: a
	 * hash may not cost what it likes. */
	rc = maildb__hash_read(hash != NULL ? hash : dummy, MAILDB_HASH_WEAK,
	    &read, &why);
	if (rc == 0 && (read.scheme->flags & MAILDB__HASH_CRYPT) == 0)
		rc = MAILDB_EHASH;
	if (rc == 0)
		rc = run_crypt(password, read.text, made);
	if (rc == 0)
		rc = same_secret(made, read.text) && hash != NULL;
	explicit_bzero(made, sizeof(made));
	explicit_bzero(&read, sizeof(read));
	return rc;
}

bool
maildb_hash_is_stale(const char *hash, const char *scheme, unsigned long cost)
{
	const struct maker *maker = find_maker(scheme);
	struct maildb__hash read;
	const char *why;
	bool stale = true;

	if (hash == NULL)
		return false;
	if (maildb__hash_read(hash, MAILDB_HASH_WEAK, &read, &why) == 0 &&
	    maker != NULL)
		stale = strcmp(read.scheme->name, maker->name) != 0 ||
		    read.cost != (cost != 0 ? cost : maker->cost);
	explicit_bzero(&read, sizeof(read));
	return stale;
}

/* Compares a word with the first len octets of a text as strcmp() does, but in
 * any letter case. */
static int
compare_word(const char *word, const char *text, size_t len)
{
	int a, b;

	for (size_t i = 0; i < len; i++) {
		a = maildb__lower(word[i]);
		b = maildb__lower(text[i]);
		if (a != b)
			return a - b;
	}
	return word[len] != '\0';
}

static int
compare_common(const void *password, const void *common)
{
	const char *text = *(const char *const *)common;

	return compare_word(password, text, strlen(text));
}

const char *
maildb_password_weakness(const char *password, const char *address,
    size_t least)
{
	const char *domain;

	if (password[0] == '\0')
		return "it is empty";
	if (strlen(password) < least)
		return "it is too short";
	if (address != NULL) {
		if (compare_word(password, address, strlen(address)) == 0)
			return "it is the address";
		domain = address + strcspn(address, "@");
		if (compare_word(password, address,
		    (size_t)(domain - address)) == 0)
			return "it is the address's local part";
		domain += *domain == '@';
		if (compare_word(password, domain, strlen(domain)) == 0 ||
		    compare_word(password, domain, strcspn(domain, ".")) == 0)
			return "it is the address's domain";
	}
	if (bsearch(password, maildb__common_passwords,
	    sizeof(maildb__common_passwords) /
	    sizeof(maildb__common_passwords[0]),
	    sizeof(maildb__common_passwords[0]), compare_common) != NULL)
		return "it is one of the most common passwords";
	return NULL;
}

int
maildb_password_generate(char **out)
{
	/* 32 characters that are not mistaken for each other, lower case so
	 * that they can be dictated: 5 bits each, 130 in all, and a mask
	 * instead of a division leaves none of them more likely. */
	static const char alphabet[] = "abcdefghijkmnpqrstuvwxyz23456789";
	enum { LENGTH = 26 };
	ssize_t got;

	*out = calloc(1, LENGTH + 1);
	if (*out == NULL)
		return MAILDB_ENOMEM;
	do
		got = getrandom(*out, LENGTH, 0);
	while (got < 0 && errno == EINTR);
	if (got != LENGTH) {
		free(*out);
		*out = NULL;
		return MAILDB_EIO;
	}
	for (size_t i = 0; i < LENGTH; i++)
		(*out)[i] = alphabet[(*out)[i] & 31];
	return 0;
}

void
maildb_secret_free(char *secret)
{
	if (secret != NULL)
		explicit_bzero(secret, strlen(secret));
	free(secret);
}
