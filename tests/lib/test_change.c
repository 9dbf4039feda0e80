/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * test_change.c - users change their own password
 */
#include <crypt.h>
#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "state/state.h"
#include "steps.h"

/* crypt(3) of "secret". */
#define SECRET "{SHA512-CRYPT}$6$saltsalt$" \
	"TVLlQcbpFVof5W3Yz4DTP6gRstiNuHwwTt6GLc1E5n0" \
	"U0aDehy0S5knV8wiOQSpT0Y77vwPZN.Pq.H91p5hVO1"

#define WRONG "wrong_password: the user name or the old password is wrong"
#define ALICE \
	{ "domain a.test", "1" }, \
	{ "user alice@a.test hash=" SECRET, "1" }

static void
test_happy(void)
{
	static const struct lib_step steps[] = {
		ALICE,
		{ "setuser alice@a.test must_change=yes", "1" },
		{ "change alice@a.test secret new:words:1", "1" },
		{ "verify alice@a.test new:words:1", "1" },
		{ "verify alice@a.test secret", "0" },
		{ "user? alice@a.test scheme", "yescrypt" },
		{ "user? alice@a.test must_change", "0" },
		{ "journal?", "set user alice@a.test" },
		{ "change ALICE@A.Test new:words:1 newer:words:2", "1" },
		{ "verify alice@a.test newer:words:2", "1" },
	};

	LIB_STEPS(steps);
}

static void
test_same(void)
{
	static const struct lib_step steps[] = {
		ALICE,
		{ "change alice@a.test secret secret", "0" },
		{ "password? alice@a.test", SECRET },
	};

	LIB_STEPS(steps);
}

/* Every row is told alike. */
static void
test_mismatch(void)
{
	static const struct lib_step steps[] = {
		ALICE,
		{ "user none@a.test", "1" },
		{ "user other@a.test hash={OTHER}text", "1" },
		{ "change alice@a.test wrong new:words:1", WRONG },
		{ "change alice@a.test wrong short", WRONG },
		{ "change alice@a.test  new:words:1", WRONG },
		{ "change bob@a.test secret new:words:1", WRONG },
		{ "change none@a.test secret new:words:1", WRONG },
		{ "change other@a.test text new:words:1", WRONG },
		{ "change nonsense secret new:words:1", WRONG },
		{ "change @a.test secret new:words:1", WRONG },
		{ "disable alice@a.test", "1" },
		{ "change alice@a.test secret new:words:1", WRONG },
		{ "change alice@a.test secret secret", WRONG },
		{ "enable alice@a.test", "1" },
		{ "setuser alice@a.test valid_until=@100", "1" },
		{ "change alice@a.test secret new:words:1", WRONG },
		{ "setuser alice@a.test valid_until=default", "1" },
		{ "setdomain a.test enabled=no", "1" },
		{ "change alice@a.test secret new:words:1", WRONG },
		{ "password? alice@a.test", SECRET },
	};

	LIB_STEPS(steps);
}

static void
test_weak(void)
{
	static const struct lib_step steps[] = {
		ALICE,
		{ "change alice@a.test secret short",
		    "bad_password password: the new password cannot be used: "
		    "it is too short, 8 characters will do" },
		{ "change alice@a.test secret ",
		    "bad_password password: *: it is empty*" },
		{ "change alice@a.test secret Alice@A.TEST",
		    "bad_password password: the new password cannot be used: "
		    "it is the address" },
		{ "change alice@a.test secret password1",
		    "bad_password password: *: it is one of the most common "
		    "passwords" },
		{ "set password_min 12", "1" },
		{ "change alice@a.test secret new:words:1",
		    "bad_password password: *: it is too short, "
		    "12 characters will do" },
		{ "password? alice@a.test", SECRET },
	};

	LIB_STEPS(steps);
}

/* Answers what is said about a new password of n octets. */
static char *
say_of_length(struct maildb *db, size_t n)
{
	static const char start[] = "change alice@a.test secret ";
	char *line = malloc(sizeof(start) + n), *said;

	CU_ASSERT_FATAL(line != NULL);
	memset(stpcpy(line, start), 'x', n);
	line[sizeof(start) - 1 + n] = '\0';
	said = lib_step(db, line);
	free(line);
	return said;
}

static void
test_length(void)
{
	static const struct {
		size_t octets;
		const char *scheme, *said;
	} rows[] = {
		{ MAILDB_PASSWORD_MAX + 1, "yescrypt", "bad_password password: "
		    "the new password cannot be used: it is too long" },
		{ 10000, "yescrypt", "bad_password password: "
		    "the new password cannot be used: it is too long" },
		{ 73, "bcrypt", "bad_password password: "
		    "the new password cannot be used: it is too long" },
		{ MAILDB_PASSWORD_MAX, "yescrypt", "1" },
	};
	struct maildb *db;
	char *said;

	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		db = lib_open();
		free(lib_step(db, "domain a.test"));
		free(lib_step(db, "user alice@a.test hash=" SECRET));
		maildb_setting_set(db, "password_scheme", rows[i].scheme);
		said = say_of_length(db, rows[i].octets);
		LIB_ASSERT_TEXT(rows[i].scheme, said, rows[i].said);
		free(said);
		lib_close(db);
	}
}

/* What came in between has the last word: nothing is stored then. */
static void
test_meanwhile(void)
{
	struct maildb__row row = { 0 };
	struct maildb *db = lib_open();
	int64_t id;

	free(lib_step(db, "domain a.test"));
	free(lib_step(db, "user alice@a.test hash=" SECRET));
	CU_ASSERT_EQUAL_FATAL(maildb__fetch(db, &row, STMT_USER_PASSWORD,
	    V_TEXT("a.test"), V_TEXT("alice")), 1);
	id = maildb__row_int(&row, "id");
	CU_ASSERT_EQUAL(maildb__enter(db), 0);
	CU_ASSERT_EQUAL(maildb__exec(db, STMT_USER_CHANGE_PASSWORD, V_INT(id),
	    V_TEXT("{OTHER}x"), V_TEXT("{OTHER}another")), 0);
	free(lib_step(db, "disable alice@a.test"));
	CU_ASSERT_EQUAL(maildb__exec(db, STMT_USER_CHANGE_PASSWORD, V_INT(id),
	    V_TEXT("{OTHER}x"), V_TEXT(SECRET)), 0);
	free(lib_step(db, "enable alice@a.test"));
	CU_ASSERT_EQUAL(maildb__exec(db, STMT_USER_CHANGE_PASSWORD, V_INT(id),
	    V_TEXT("{OTHER}x"), V_TEXT(SECRET)), 1);
	CU_ASSERT_EQUAL(maildb__leave(db, 1), 1);
	maildb__row_clear(&row);
	lib_close(db);
}

/* ---- the work of a check ------------------------------------------------- */

static char worked[1024]; /* the kind of each hash, sorted, a word each */

static int
compare_words(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

/* In place of libcrypt's: notes scheme and cost, which come before the salt. */
char *
crypt_ra(const char *password, const char *setting, void **data, int *size)
{
	static char *(*real)(const char *, const char *, void **, int *);
	const char *end = strchr(setting + 1, '$');

	if (real == NULL)
		*(void **)&real = dlsym(RTLD_NEXT, "crypt_ra");
	if (end != NULL && strchr("2yr", setting[1] == '6' ? end[1] :
	    setting[1]) != NULL && strchr(end + 1, '$') != NULL)
		end = strchr(end + 1, '$');
	/* bcrypt has two names for the same. */
	snprintf(worked + strlen(worked), sizeof(worked) - strlen(worked),
	    "%.*s ", end != NULL ? (int)(end - setting) : 3, setting);
	if (setting[1] == '2')
		*(strrchr(worked, '$') - 1) = 'b';
	return real(password, setting, data, size);
}

/* The work since the last time. */
static void
take_work(char out[1024])
{
	char *words[64], *at = worked, *word;
	size_t n = 0, i;

	while (n < ARRAY_LEN(words) && (word = strsep(&at, " ")) != NULL)
		if (*word != '\0')
			words[n++] = word;
	qsort(words, n, sizeof(*words), compare_words);
	*out = '\0';
	for (i = 0; i < n; i++)
		snprintf(out + strlen(out), 1024 - strlen(out), "%s ",
		    words[i]);
	*worked = '\0';
}

/* Users of every kind, and names that are nobody's. */
static const struct {
	const char *step, *name;
} workers[] = {
	{ "user alice@a.test hash=" SECRET, "alice@a.test" },
	{ "user bob@a.test hash={BLF-CRYPT}$2y$05$saltsaltsaltsaltsalte"
	  "uJkrTEPvd4gYfuPfAw8YoR8ppMUQJRi6", "bob@a.test" },
	{ "user bea@a.test hash={CRYPT}$2b$05$saltsaltsaltsaltsalte"
	  "uJkrTEPvd4gYfuPfAw8YoR8ppMUQJRi6", "bea@a.test" },
	{ "user carl@a.test hash={CRYPT}$6$rounds=6000$saltsalt$"
	  "TVLlQcbpFVof5W3Yz4DTP6gRstiNuHwwTt6GLc1E5n0"
	  "U0aDehy0S5knV8wiOQSpT0Y77vwPZN.Pq.H91p5hVO1", "carl@a.test" },
	{ "user dora@a.test hash={ARGON2ID}$argon2id$v=19$m=65536,t=3,p=1$"
	  "7RXoJ+hSXU6i2YIBJ/iJ5A$"
	  "SKh6bq7WUm1Y7vXMfHb4tJXVL61z34kGwmP3Z57zJyE", "dora@a.test" },
	{ "user emil@a.test hash={SSHA}not-even-one", "emil@a.test" },
	{ "user none@a.test", "none@a.test" },
	{ "user off@a.test enabled=no hash=" SECRET, "off@a.test" },
	{ NULL, "nobody@a.test" },
	{ NULL, "nobody@elsewhere.test" },
	{ NULL, "no address" },
};

/* Whoever is asked about, one hash of each kind is computed. */
static void
test_work(void)
{
	struct maildb *db = lib_open();
	char first[1024] = "", work[1024];
	size_t i;

	free(lib_step(db, "domain a.test"));
	for (i = 0; i < ARRAY_LEN(workers); i++)
		if (workers[i].step != NULL)
			free(lib_step(db, workers[i].step));
	*worked = '\0';
	for (i = 0; i < ARRAY_LEN(workers); i++) {
		(void)maildb_user_verify(db, workers[i].name, "wrong");
		take_work(work);
		if (i == 0)
			memcpy(first, work, sizeof(first));
		LIB_ASSERT_TEXT(workers[i].name, work, first);
		CU_ASSERT_EQUAL(maildb_user_change_password(db,
		    workers[i].name, "wrong", "new:words:1"),
		    MAILDB_EMISMATCH);
		take_work(work);
		LIB_ASSERT_TEXT(workers[i].name, work, first);
	}
	LIB_ASSERT_TEXT("kinds", first, "$2b$05 $6 $6$rounds=6000 ");
	CU_ASSERT_EQUAL(maildb_user_verify(db, "alice@a.test", "secret"), 1);
	lib_close(db);
}

/* In a database where nothing can be checked, a dummy is. */
static void
test_work_dummy(void)
{
	struct maildb *db = lib_open();
	char work[1024];
	size_t i;

	free(lib_step(db, "domain a.test"));
	free(lib_step(db, workers[4].step));
	free(lib_step(db, "user none@a.test"));
	*worked = '\0';
	for (i = 4; i < ARRAY_LEN(workers); i++) {
		(void)maildb_user_verify(db, workers[i].name, "wrong");
		take_work(work);
		LIB_ASSERT_TEXT(workers[i].name, work, "$y$j9T ");
	}
	lib_close(db);
}

CU_TestInfo lib_change[] = {
	{ "work", test_work },
	{ "work without kinds", test_work_dummy },
	{ "happy", test_happy },
	{ "the same password", test_same },
	{ "mismatch", test_mismatch },
	{ "weak", test_weak },
	{ "length", test_length },
	{ "meanwhile", test_meanwhile },
	CU_TEST_INFO_NULL,
};
