/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * test_password.c - passwords, and the policy on their hashes
 *
 * hashes.txt has the cases of maildb_hash_parse().  That Dovecot accepts what
 * is made here is not asked here but where there is a Dovecot.
 */
#include <crypt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "text/common_passwords.h"
#include "maildb.h"
#include "unit.h"

#define NITEMS(a) (sizeof(a) / sizeof((a)[0]))

/* ---- hashes.txt ------------------------------------------------------------- */

enum { INPUT, VERDICT, STORED, DESCRIPTION, PASSWORD, COLUMNS };
#define REASON STORED

struct row {
	char *column[COLUMNS]; /* "" where there is none */
	char line[2048];
	unsigned number;
};

/* Resolves \xHH and a{64} in place; there is room for what comes of it. */
static void
unescape(char *text, size_t size)
{
	char out[1024] = "";
	size_t n = 0;
	unsigned u;
	int used;

	for (const char *p = text; *p != '\0';) {
		used = 0;
		if (sscanf(p, "\\x%2x%n", &u, &used) == 1 && used == 4) {
			out[n++] = (char)u;
			p += used;
			continue;
		}
		out[n++] = *p++;
		if (sscanf(p, "{%3u}%n", &u, &used) == 1 && used > 0) {
			memset(out + n, out[n - 1], u - 1);
			n += u - 1;
			p += used;
		}
	}
	CU_ASSERT_FATAL(n < size);
	memcpy(text, out, n);
	text[n] = '\0';
}

/* Reads the next case: false at the end. */
static bool
next_row(FILE *file, struct row *row)
{
	static char nothing[] = "";
	char *rest, *column;

	do {
		if (fgets(row->line, sizeof(row->line), file) == NULL)
			return false;
		row->number++;
		rest = strchr(row->line, '\n');
		CU_ASSERT_PTR_NOT_NULL_FATAL(rest);
		*rest = '\0';
	} while (row->line[0] == '\0' || row->line[0] == '#');
	rest = row->line;
	for (int i = 0; i < COLUMNS; i++) {
		column = strsep(&rest, "\t");
		row->column[i] = column != NULL ? column : nothing;
	}
	return true;
}

/* Runs a function on every case, and sees that there are enough of them. */
static void
each_row(void (*check)(const struct row *row, const char *input))
{
	const char *top = getenv("top_srcdir");
	struct row row = { .number = 0 };
	unsigned before, cases = 0;
	char path[4096], input[1024];
	FILE *file;

	snprintf(path, sizeof(path), "%s/tests/unit/hashes.txt",
	    top != NULL ? top : ".");
	file = fopen(path, "r");
	CU_ASSERT_PTR_NOT_NULL_FATAL(file);
	while (next_row(file, &row)) {
		before = CU_get_number_of_failure_records();
		snprintf(input, sizeof(input), "%s", row.column[INPUT]);
		unescape(input, sizeof(input));
		check(&row, input);
		if (CU_get_number_of_failure_records() != before)
			fprintf(stderr, "hashes.txt:%u\n", row.number);
		cases++;
	}
	fclose(file);
	CU_ASSERT(cases >= 250);
}

/* What a verdict lets through; ~0u is "bad". */
static unsigned
verdict_flags(const char *verdict)
{
	static const struct {
		const char *verdict;
		unsigned flags;
	} verdicts[] = {
		{ "ok", 0 },
		{ "weak", MAILDB_HASH_WEAK },
		{ "any", MAILDB_HASH_ANY },
		{ "bad", ~0u },
	};

	for (size_t i = 0; i < NITEMS(verdicts); i++) {
		if (strcmp(verdicts[i].verdict, verdict) == 0)
			return verdicts[i].flags;
	}
	CU_FAIL_FATAL("unknown verdict");
	return ~0u;
}

/* Whether a hash is refused, with a reason and nothing handed out. */
static bool
refused(const char *hash, unsigned flags)
{
	char unset[] = "", *out = unset;
	const char *why = NULL;

	if (maildb_hash_parse(hash, flags, &out, &why) == MAILDB_EHASH)
		return out == NULL && why != NULL;
	maildb_secret_free(out);
	return false;
}

static void
check_policy(const struct row *row, const char *input)
{
	unsigned flags = verdict_flags(row->column[VERDICT]);
	const char *mark, *why = "unset";
	char expected[1024], is[64];
	char *out = NULL, *again = NULL;

	if (flags == ~0u) {
		CU_ASSERT(refused(input, 0));
		CU_ASSERT(refused(input, MAILDB_HASH_WEAK | MAILDB_HASH_ANY) ||
		    (strcmp(row->column[REASON], "not known") == 0 &&
		    refused(input, MAILDB_HASH_WEAK)));
		CU_ASSERT_EQUAL(maildb_hash_parse(input, MAILDB_HASH_WEAK |
		    MAILDB_HASH_ANY, &out, &why), MAILDB_EHASH);
		CU_ASSERT(why != NULL &&
		    strstr(why, row->column[REASON]) != NULL);
		CU_ASSERT_EQUAL(maildb_hash_parse(input, 0, &out, NULL),
		    MAILDB_EHASH);
		return;
	}

	mark = strchr(row->column[STORED], '&');
	if (mark != NULL)
		snprintf(expected, sizeof(expected), "%.*s%s",
		    (int)(mark - row->column[STORED]), row->column[STORED],
		    input);
	else
		snprintf(expected, sizeof(expected), "%s",
		    row->column[STORED]);

	if (flags != 0) {
		CU_ASSERT(refused(input, 0));
		CU_ASSERT(refused(input,
		    flags ^ (MAILDB_HASH_WEAK | MAILDB_HASH_ANY)));
	}
	CU_ASSERT_EQUAL(maildb_hash_parse(input, flags, &out, &why), 0);
	CU_ASSERT_PTR_NOT_NULL_FATAL(out);
	CU_ASSERT_PTR_NULL(why);
	CU_ASSERT_STRING_EQUAL(out, expected);

	/* What is stored is kept as it is from then on. */
	CU_ASSERT_EQUAL(maildb_hash_parse(out, flags, &again, NULL), 0);
	CU_ASSERT(again != NULL && strcmp(again, out) == 0);

	maildb_hash_describe(out, is);
	CU_ASSERT_STRING_EQUAL(is, row->column[DESCRIPTION]);
	maildb_secret_free(again);
	maildb_secret_free(out);
}

static void
test_policy(void)
{
	each_row(check_policy);
}

/* Cut off, run on, or with one octet spoilt, a hash is none. */
static void
check_spoilt(const struct row *row, const char *input)
{
	static const char spoilers[] = { '*', ':', ' ', '\n', 0x7f, (char)0xc3 };
	unsigned flags = verdict_flags(row->column[VERDICT]);
	char spoilt[1024];
	size_t len = strlen(input);

	if ((flags & MAILDB_HASH_ANY) != 0 ||
	    strstr(row->column[DESCRIPTION], "clear text") != NULL)
		return;
	snprintf(spoilt, sizeof(spoilt), "%s", input);
	spoilt[len - 1] = '\0';
	CU_ASSERT(refused(spoilt, flags));
	snprintf(spoilt, sizeof(spoilt), "%sA", input);
	CU_ASSERT(refused(spoilt, flags));
	CU_ASSERT(refused(input + 1, flags));
	for (size_t i = 0; i < len; i++) {
		snprintf(spoilt, sizeof(spoilt), "%s", input);
		spoilt[i] = spoilers[i % sizeof(spoilers)];
		CU_ASSERT(refused(spoilt, flags));
		spoilt[i] = '*';
		CU_ASSERT(refused(spoilt, flags));
	}
}

static void
test_spoilt(void)
{
	each_row(check_spoilt);
}

static void
check_verify(const struct row *row, const char *input)
{
	unsigned flags = verdict_flags(row->column[VERDICT]);
	char *out;

	if (flags == ~0u) {
		CU_ASSERT_EQUAL(maildb_password_verify(input, "x"),
		    MAILDB_EHASH);
		return;
	}
	if (row->column[PASSWORD][0] == '\0')
		return;
	CU_ASSERT_EQUAL_FATAL(maildb_hash_parse(input, flags, &out, NULL), 0);
	if (strcmp(row->column[PASSWORD], "-") == 0) {
		CU_ASSERT_EQUAL(maildb_password_verify(out, "x"), MAILDB_EHASH);
	} else {
		CU_ASSERT_EQUAL(maildb_password_verify(out,
		    row->column[PASSWORD]), 1);
		CU_ASSERT_EQUAL(maildb_password_verify(out, "y"), 0);
	}
	maildb_secret_free(out);
}

static void
test_verify(void)
{
	each_row(check_verify);
}

/* Dovecot logs nobody in with these, so none is stored, and verify says no. */
static void
test_controls(void)
{
	char text[] = "two words?and more", *hash, *made = NULL;
	int c;

	CU_ASSERT_STRING_EQUAL(maildb_password_fault(""), "it is empty");
	for (c = 1; c < 256; c++) {
		text[9] = (char)c;
		if (c >= ' ' && c != 0x7f) {
			CU_ASSERT_PTR_NULL(maildb_password_fault(text));
			continue;
		}
		CU_ASSERT_PTR_NOT_NULL(maildb_password_fault(text));
		CU_ASSERT_EQUAL(maildb_password_hash("sha512", 100000, text,
		    &hash), MAILDB_EPASSWORD);
		CU_ASSERT_PTR_NULL(hash);
	}
	/* crypt(3) itself takes them. */
	text[9] = '\t';
	made = strdup(crypt(text, "$6$saltsalt$"));
	CU_ASSERT_PTR_NOT_NULL_FATAL(made);
	CU_ASSERT_EQUAL(maildb_password_verify(made, text), 0);
	text[9] = ' ';
	CU_ASSERT_EQUAL(maildb_password_verify(made, text), 0);
	free(made);
	made = strdup(crypt(text, "$6$saltsalt$"));
	CU_ASSERT_PTR_NOT_NULL_FATAL(made);
	CU_ASSERT_EQUAL(maildb_password_verify(made, text), 1);
	free(made);
}

/* ---- making ----------------------------------------------------------------- */

/* Hashes a password of len octets, and checks what came of it. */
static void
check_made(const char *scheme, unsigned long cost, const char *prefix,
    size_t len)
{
	char password[MAILDB_PASSWORD_MAX + 2], is[64];
	char *hash = NULL, *parsed = NULL;

	/* Any but control characters. */
	for (size_t i = 0; i < len; i++)
		do
			password[i] = (char)(' ' + unit_random(256 - ' '));
		while (password[i] == 0x7f);
	password[len] = '\0';
	CU_ASSERT_EQUAL(maildb_password_hash(scheme, cost, password, &hash), 0);
	CU_ASSERT_PTR_NOT_NULL_FATAL(hash);
	CU_ASSERT_EQUAL(strncmp(hash, prefix, strlen(prefix)), 0);
	CU_ASSERT(strlen(hash) <= MAILDB_HASH_MAX);
	CU_ASSERT_EQUAL(maildb_hash_parse(hash, 0, &parsed, NULL), 0);
	CU_ASSERT(parsed != NULL && strcmp(parsed, hash) == 0);
	maildb_hash_describe(hash, is);
	CU_ASSERT(strstr(is, scheme != NULL ? scheme : "yescrypt") != NULL);

	CU_ASSERT_EQUAL(maildb_password_verify(hash, password), 1);
	password[len - 1] ^= 0x40;
	if (password[len - 1] == '\0')
		password[len - 1] = 1;
	CU_ASSERT_EQUAL(maildb_password_verify(hash, password), 0);
	CU_ASSERT_EQUAL(maildb_password_verify(hash, ""), 0);
	maildb_secret_free(parsed);
	maildb_secret_free(hash);
}

static void
test_made(void)
{
	static const struct {
		const char *scheme;
		unsigned long cost;
		const char *prefix;
		size_t len;
	} cases[] = {
		{ NULL, 0, "{CRYPT}$y$j9T$", 12 },
		{ NULL, 6, "{CRYPT}$y$jAT$", 12 },
		{ "yescrypt", 0, "{CRYPT}$y$j9T$", 1 },
		{ "yescrypt", 5, "{CRYPT}$y$j9T$", 73 },
		{ "yescrypt", 5, "{CRYPT}$y$j9T$", 511 },
		{ "bcrypt", 10, "{BLF-CRYPT}$2b$10$", 1 },
		{ "bcrypt", 10, "{BLF-CRYPT}$2b$10$", 72 },
		{ "sha512", 100000, "{SHA512-CRYPT}$6$rounds=100000$", 1 },
		{ "sha512", 100000, "{SHA512-CRYPT}$6$rounds=100000$", 73 },
	};

	for (size_t i = 0; i < NITEMS(cases); i++)
		check_made(cases[i].scheme, cases[i].cost, cases[i].prefix,
		    cases[i].len);
}

/* Refuses, and hands nothing out. */
static void
check_unmade(const char *scheme, unsigned long cost, const char *password,
    int error)
{
	char unset[] = "", *hash = unset;

	CU_ASSERT_EQUAL(maildb_password_hash(scheme, cost, password, &hash),
	    error);
	CU_ASSERT_PTR_NULL(hash);
}

static void
test_unmade(void)
{
	static const struct {
		const char *scheme;
		unsigned long cost;
	} costs[] = {
		{ "yescrypt", 4 }, { "yescrypt", 9 }, { "yescrypt", 11 },
		{ NULL, 4 }, { NULL, 9 },
		{ "bcrypt", 4 }, { "bcrypt", 9 }, { "bcrypt", 15 },
		{ "bcrypt", 31 },
		{ "sha512", 1 }, { "sha512", 5000 }, { "sha512", 99999 },
		{ "sha512", 1000001 }, { "sha512", (unsigned long)-1 },
		{ "", 0 }, { "sha256", 0 }, { "argon2id", 0 }, { "MD5", 0 },
		{ "$y$", 0 }, { "YESCRYPT", 0 }, { "yescrypt ", 0 },
	};
	char password[1024];

	for (size_t i = 0; i < NITEMS(costs); i++)
		check_unmade(costs[i].scheme, costs[i].cost, "a password",
		    MAILDB_EVALUE);

	memset(password, 'a', sizeof(password));
	password[512] = '\0';
	check_unmade(NULL, 0, password, MAILDB_EPASSWORD);
	check_unmade("sha512", 0, password, MAILDB_EPASSWORD);
	password[73] = '\0';
	check_unmade("bcrypt", 10, password, MAILDB_EPASSWORD);
	check_unmade(NULL, 0, "", MAILDB_EPASSWORD);
	check_unmade("bcrypt", 0, "", MAILDB_EPASSWORD);
	check_unmade("sha512", 0, "", MAILDB_EPASSWORD);
}

/* Hashes of one password all have salts of their own.  A thousand of them
 * would take a minute, so a few are made and the rest are settings alone. */
static void
test_salts(void)
{
	enum { HASHES = 5, SETTINGS = 200 };
	char *text[HASHES + SETTINGS];

	for (int i = 0; i < HASHES; i++)
		CU_ASSERT_EQUAL_FATAL(maildb_password_hash(NULL, 0, "x",
		    &text[i]), 0);
	for (int i = HASHES; i < HASHES + SETTINGS; i++) {
		text[i] = crypt_gensalt_ra("$y$", 5, NULL, 0);
		CU_ASSERT_PTR_NOT_NULL_FATAL(text[i]);
	}
	for (int i = 0; i < HASHES + SETTINGS; i++) {
		for (int k = 0; k < i; k++) {
			/* behind the prefix, 22 octets of salt */
			CU_ASSERT_NOT_EQUAL(strncmp(strchr(text[i], '$') + 7,
			    strchr(text[k], '$') + 7, 22), 0);
		}
	}
	for (int i = 0; i < HASHES + SETTINGS; i++)
		maildb_secret_free(text[i]);
}

/* ---- checking --------------------------------------------------------------- */

static void
test_nobody(void)
{
	char password[1024];

	CU_ASSERT_EQUAL(maildb_password_verify(NULL, "x"), 0);
	CU_ASSERT_EQUAL(maildb_password_verify(NULL, ""), 0);
	memset(password, 'a', sizeof(password));
	password[512] = '\0';
	CU_ASSERT_EQUAL(maildb_password_verify(NULL, password), 0);
	password[511] = '\0';
	CU_ASSERT_EQUAL(maildb_password_verify(NULL, password), 0);
	maildb_hash_describe(NULL, password);
	CU_ASSERT_STRING_EQUAL(password, "none");
}

/* A description shows nothing of what is stored, whatever that is. */
static void
test_describe_secret(void)
{
	static const char *const secrets[] = {
		"hunter2", "{PLAIN}hunter2", "{hunter2}", "{hunter2}x",
		"$hunter2$", "hunter2hunter", "{FUTURE}hunter2", "!hunter2",
	};
	char is[64];

	for (size_t i = 0; i < NITEMS(secrets); i++) {
		memset(is, 'x', sizeof(is));
		maildb_hash_describe(secrets[i], is);
		CU_ASSERT_PTR_NOT_NULL_FATAL(memchr(is, '\0', sizeof(is)));
		CU_ASSERT_PTR_NULL(strstr(is, "unter2"));
		CU_ASSERT(strlen(is) > 0);
	}
}

static void
test_stale(void)
{
#define YESCRYPT_DIGEST "$7IBrJPzTvbTEDKzsZvI.2/$" \
	"RF2zJ5OHJ2HJ4gGXSdZ5J8GMGfRyZq1wx6dhzHZKkN2"
#define BCRYPT_DIGEST "$yVtFfZhNTUo9oZ8fSbLPqOqPKLQxJrKZVd1lTo0Jy1PYQaPBGQd.a"
	static const struct {
		const char *hash;
		const char *scheme;
		unsigned long cost;
		bool stale;
	} cases[] = {
		{ "{CRYPT}$y$j9T" YESCRYPT_DIGEST, NULL, 0, false },
		{ "{CRYPT}$y$j9T" YESCRYPT_DIGEST, "yescrypt", 5, false },
		{ "{CRYPT}$y$j9T" YESCRYPT_DIGEST, "yescrypt", 6, true },
		{ "{CRYPT}$y$jAT" YESCRYPT_DIGEST, "yescrypt", 6, false },
		{ "{CRYPT}$y$jAT" YESCRYPT_DIGEST, "yescrypt", 0, true },
		{ "{CRYPT}$y$j9T" YESCRYPT_DIGEST, "bcrypt", 0, true },
		{ "{CRYPT}$y$j9T" YESCRYPT_DIGEST, "no-such", 0, true },
		{ "{CRYPT}$gy$j9T" YESCRYPT_DIGEST, NULL, 0, true },
		{ "{CRYPT}$y$j9T$", NULL, 0, true },
		{ "{BLF-CRYPT}$2b$12" BCRYPT_DIGEST, "bcrypt", 0, false },
		{ "{CRYPT}$2y$12" BCRYPT_DIGEST, "bcrypt", 12, false },
		{ "{CRYPT}$2y$10" BCRYPT_DIGEST, "bcrypt", 12, true },
		{ "{CRYPT}$2y$12" BCRYPT_DIGEST, "yescrypt", 0, true },
		{ "{CRYPT}aaaaaaaaaaaa.", NULL, 0, true },
		{ "{PLAIN}x", NULL, 0, true },
		{ "{FUTURE}x", NULL, 0, true },
		{ "", NULL, 0, true },
		{ NULL, NULL, 0, false },
		{ NULL, "no-such", 0, false },
	};

	for (size_t i = 0; i < NITEMS(cases); i++) {
		CU_ASSERT_EQUAL(maildb_hash_is_stale(cases[i].hash,
		    cases[i].scheme, cases[i].cost), cases[i].stale);
	}
}

/* ---- choosing --------------------------------------------------------------- */

static void
test_weakness(void)
{
	static const struct {
		const char *password, *address;
		size_t least;
		const char *why; /* NULL: nothing wrong */
	} cases[] = {
		{ "", NULL, 0, "empty" },
		{ "", "user@example.org", 12, "empty" },
		{ "elevenchars", NULL, 12, "short" },
		{ "twelve chars", NULL, 12, NULL },
		{ "sch\xc3\xb6ne \xc3\xb6" "de", NULL, 12, NULL }, /* octets */
		{ "s", NULL, 1, NULL },
		{ "s", NULL, 0, NULL },
		{ "firstname.last@example.org", "firstname.last@example.org",
		  12, "address" },
		{ "Firstname.Last@EXAMPLE.org", "firstname.last@example.org",
		  12, "address" },
		{ "FIRSTNAME.LAST", "firstname.last@example.org", 12,
		  "local part" },
		{ "example.org", "user@example.org", 8, "domain" },
		{ "Example.Org", "user@example.org", 8, "domain" },
		{ "EXAMPLE", "user@example.org", 4, "domain" },
		{ "examples", "user@example.org", 4, NULL },
		{ "exampl", "user@example.org", 4, NULL },
		{ "use", "user@example.org", 1, NULL },
		{ "users", "user@example.org", 1, NULL },
		{ "user@example.or", "user@example.org", 1, NULL },
		{ "user@example.orgs", "user@example.org", 1, NULL },
		{ "example.org", "@example.org", 8, "domain" },
		{ "username-only", "username-only", 8, "address" },
		{ "user", "other@example.org", 4, "common" },
		{ "password", NULL, 8, "common" },
		{ "PassWord123", NULL, 8, "common" },
		{ "passwordx", NULL, 8, NULL },
		{ "passwor", NULL, 7, NULL },
		{ "123456789012", NULL, 12, "common" },
		{ "correct horse staple", "user@example.org", 12, NULL },
	};
	const char *why;

	for (size_t i = 0; i < NITEMS(cases); i++) {
		why = maildb_password_weakness(cases[i].password,
		    cases[i].address, cases[i].least);
		if (cases[i].why == NULL)
			CU_ASSERT_PTR_NULL(why)
		else
			CU_ASSERT(why != NULL &&
			    strstr(why, cases[i].why) != NULL);
	}
}

/* Every common password is found: the list is sorted and in lower case. */
static void
test_common(void)
{
	const char *const *list = maildb__common_passwords;
	const size_t n = NITEMS(maildb__common_passwords);
	const char *why;

	CU_ASSERT(n >= 100);
	for (size_t i = 0; i < n; i++) {
		CU_ASSERT(i == 0 || strcmp(list[i - 1], list[i]) < 0);
		CU_ASSERT_EQUAL(strcspn(list[i],
		    "ABCDEFGHIJKLMNOPQRSTUVWXYZ"), strlen(list[i]));
		why = maildb_password_weakness(list[i], "someone@example.org",
		    0);
		CU_ASSERT(why != NULL && strstr(why, "common") != NULL);
	}
}

static void
test_generate(void)
{
	enum { PASSWORDS = 100, LENGTH = 26 };
	static const char alphabet[] = "abcdefghijkmnpqrstuvwxyz23456789";
	char *password[PASSWORDS];
	unsigned seen[256] = { 0 };

	for (int i = 0; i < PASSWORDS; i++) {
		CU_ASSERT_EQUAL_FATAL(maildb_password_generate(&password[i]),
		    0);
		CU_ASSERT_EQUAL(strlen(password[i]), LENGTH);
		CU_ASSERT_EQUAL(strspn(password[i], alphabet), LENGTH);
		for (const char *p = password[i]; *p != '\0'; p++)
			seen[(unsigned char)*p]++;
		for (int k = 0; k < i; k++)
			CU_ASSERT_STRING_NOT_EQUAL(password[i], password[k]);
	}
	/* 2,600 characters, 81 of each: seven deviations either way. */
	for (const char *p = alphabet; *p != '\0'; p++) {
		CU_ASSERT(seen[(unsigned char)*p] > 18);
		CU_ASSERT(seen[(unsigned char)*p] < 144);
	}
	CU_ASSERT_PTR_NULL(maildb_password_weakness(password[0],
	    "user@example.org", 12));
	for (int i = 0; i < PASSWORDS; i++)
		maildb_secret_free(password[i]);
	maildb_secret_free(NULL);
}

CU_TestInfo unit_password[] = {
	{ "which hashes are stored, and how", test_policy },
	{ "spoilt hashes", test_spoilt },
	{ "hashes made elsewhere", test_verify },
	{ "control characters", test_controls },
	{ "hashes made here", test_made },
	{ "what is not hashed", test_unmade },
	{ "salts", test_salts },
	{ "no hash", test_nobody },
	{ "descriptions keep secrets", test_describe_secret },
	{ "stale hashes", test_stale },
	{ "weak passwords", test_weakness },
	{ "common passwords", test_common },
	{ "generated passwords", test_generate },
	CU_TEST_INFO_NULL,
};
