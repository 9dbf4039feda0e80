/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * maildb.c - the handle: opening, closing, what it is told once
 */
#include <stdlib.h>
#include <string.h>

#include "internal.h"
#include "migrate.h"

#define DEFAULT_TIMEOUT 10000 /* milliseconds */

struct maildb *
maildb_new(void)
{
	struct maildb *db = calloc(1, sizeof(*db));

	if (db != NULL) {
		db->timeout = DEFAULT_TIMEOUT;
		db->fault.message = maildb_error_meaning(0);
	}
	return db;
}

/* Ends the connection; the handle can be opened again. */
static void
disconnect(struct maildb *db)
{
	maildb_cursor_free(db->cursor);
	maildb__stage_free(db);
	while (db->depth > 0)
		maildb_rollback(db);
	if (db->conn != NULL)
		db->driver->close(db->conn);
	if (db->view != NULL)
		db->driver->viewer->close(db->view);
	db->conn = NULL;
	db->view = NULL;
	free(db->url);
	db->url = NULL;
}

void
maildb_free(struct maildb *db)
{
	size_t i;

	if (db == NULL)
		return;
	disconnect(db);
	for (i = 0; i < ARRAY_LEN(db->fault_text); i++)
		free(db->fault_text[i]);
	free(db->who);
	free(db->via);
	free(db);
}

int
maildb_set_actor(struct maildb *db, const char *who, const char *via)
{
	char *new_who = strdup(who), *new_via = NULL;

	if (new_who == NULL ||
	    (via != NULL && (new_via = strdup(via)) == NULL)) {
		free(new_who);
		return maildb__nomem(db);
	}
	free(db->who);
	free(db->via);
	db->who = new_who;
	db->via = new_via;
	return 0;
}

void
maildb_set_timeout(struct maildb *db, int milliseconds)
{
	db->timeout = milliseconds;
}

void
maildb_on_notice(struct maildb *db, maildb_notice_fn *fn, void *arg)
{
	db->notice = fn;
	db->notice_arg = arg;
}

/* Whether a URL is for the PostgreSQL driver: a scheme, or keywords of libpq,
 * whose first is a word before an equals sign. */
static bool
is_pgsql(const char *url)
{
	static const char *const schemes[] = {
		"postgresql://", "postgres://", "pgsql://",
	};
	size_t i, word;

	for (i = 0; i < ARRAY_LEN(schemes); i++)
		if (strncmp(url, schemes[i], strlen(schemes[i])) == 0)
			return true;
	word = strspn(url, "abcdefghijklmnopqrstuvwxyz_");
	return word > 0 && url[word + strspn(url + word, " ")] == '=';
}

/* The end of a keyword's value, quoted or not. */
static const char *
value_end(const char *at)
{
	bool quoted = *at == '\'';

	for (at += quoted; *at != '\0' && *at != (quoted ? '\'' : ' '); at++)
		if (*at == '\\' && at[1] != '\0')
			at++;
	return quoted && *at != '\0' ? at + 1 : at;
}

/* The URL as it may be shown: what stands for a password, or might, becomes
 * "***". */
static char *
mask(const char *url)
{
	const char *authority = strstr(url, "://"), *at, *colon, *key, *end;
	struct maildb__buf buf = { 0 };

	/* scheme://user:password@host; the password may hold anything. */
	if (authority != NULL &&
	    (colon = strchr(authority + 3, ':')) != NULL &&
	    (at = strrchr(colon, '@')) != NULL) {
		maildb__buf_addn(&buf, url, (size_t)(colon + 1 - url));
		maildb__buf_add(&buf, "***");
		url = at;
	}
	/* password=... among keywords or parameters */
	while ((key = strstr(url, "password")) != NULL) {
		key += strlen("password");
		key += strspn(key, " ");
		end = key;
		if (*key == '=') {
			key += 1 + strspn(key + 1, " ");
			end = authority != NULL ? key + strcspn(key, "&") :
			    value_end(key);
		}
		maildb__buf_addn(&buf, url, (size_t)(key - url));
		if (end > key)
			maildb__buf_add(&buf, "***");
		url = end;
	}
	maildb__buf_add(&buf, url);
	return maildb__buf_take(&buf);
}

int
maildb__choose(struct maildb *db, const char *url, const char **target)
{
	const char *colon;

	free(db->url);
	if ((db->url = mask(url)) == NULL)
		return maildb__nomem(db);
	*target = url;
	if (is_pgsql(url))
		return maildb__load_driver(db, &db->driver);
	db->driver = &maildb__sqlite;
	if (strncmp(url, "sqlite:", 7) == 0) {
		*target = url + 7;
		if (strncmp(*target, "//", 2) == 0)
			*target += 2; /* sqlite:///path */
	} else if ((colon = strstr(url, "://")) != NULL) {
		maildb__fail(db, MAILDB_EURL, "no back end for %.*s://",
		    (int)(colon - url), url);
		return maildb__hint(db,
		    "use sqlite:PATH or postgresql://HOST/DATABASE");
	}
	if (**target == '\0') {
		maildb__fail(db, MAILDB_EURL, "the database URL names no file");
		return maildb__hint(db, "use sqlite:PATH");
	}
	return 0;
}

int
maildb_open(struct maildb *db, const char *url, unsigned flags)
{
	const char *target;
	int rc;

	if (db->conn != NULL || db->view != NULL)
		return maildb__fail(db, MAILDB_EMISUSE,
		    "the handle has a database open already");
	db->flags = flags;
	if ((rc = maildb__choose(db, url, &target)) < 0 ||
	    (rc = db->driver->open(db, target, flags, &db->conn)) < 0 ||
	    (rc = maildb__check_schema(db)) < 0) {
		if (db->conn != NULL)
			db->driver->close(db->conn);
		db->conn = NULL;
	}
	return rc;
}

const char *
maildb_backend(const struct maildb *db)
{
	return db->conn != NULL ? db->driver->name : NULL;
}

const char *
maildb_url(const struct maildb *db)
{
	return db->url != NULL ? db->url : "";
}

int
maildb_backup(struct maildb *db, const char *path)
{
	if (db->conn == NULL || db->cursor != NULL || db->depth > 0)
		return maildb__fail(db, MAILDB_EMISUSE,
		    "a backup needs an open database at rest");
	if (db->driver->backup == NULL) {
		maildb__fail(db, MAILDB_EREFUSED,
		    "a %s database is not backed up this way",
		    db->driver->name);
		return maildb__hint(db, "use pg_dump -Fc");
	}
	return db->driver->backup(db->conn, path);
}

void
maildb_interrupt(struct maildb *db)
{
	if (db->conn != NULL && db->driver->interrupt != NULL)
		db->driver->interrupt(db->conn);
}

const char *
maildb_version(void)
{
	return PACKAGE_VERSION;
}
