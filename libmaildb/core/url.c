/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * url.c - database URLs: which back end, what for it, and where a secret is
 *
 * The only reader of their text.  What libpq makes of one, with services and
 * its environment, is told by maildb_connection().
 */
#include <stdlib.h>
#include <string.h>

#include "core/core.h"

#define LETTERS "abcdefghijklmnopqrstuvwxyz_"

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
	word = strspn(url, LETTERS);
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

char *
maildb_url_shown(const char *url)
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

/* Finds the part of a PostgreSQL URL that tells it from others. */
static void
name_pgsql(const char *url, struct maildb_url_parts *out)
{
	static const char *const keys[] = { "dbname=", "service=" };
	const char *at = strstr(url, "://"), *key;
	size_t i;

	if (at != NULL) {
		at += 3;
		at += strcspn(at, "/?"); /* a password is before it */
		at += *at == '/';
		out->name = at;
		out->name_len = strcspn(at, "?");
	}
	for (i = 0; i < ARRAY_LEN(keys) && out->name_len == 0; i++)
		if ((key = strstr(url, keys[i])) != NULL) {
			out->name = key + strlen(keys[i]);
			out->name_len = strcspn(out->name, " &");
		}
}

int
maildb_url_read(const char *url, struct maildb_url_parts *out)
{
	const char *slash;

	*out = (struct maildb_url_parts){ .backend = "sqlite", .target = url,
		.name = url };
	if (is_pgsql(url)) {
		out->backend = "pgsql";
		out->spelled = true;
		name_pgsql(url, out);
		return 0;
	}
	if (strncmp(url, "sqlite:", 7) == 0) {
		out->spelled = true;
		out->target = url + 7;
		if (strncmp(out->target, "//", 2) == 0)
			out->target += 2; /* sqlite:///path */
	} else if (strstr(url, "://") != NULL) {
		out->backend = NULL;
		out->spelled = true;
		return MAILDB_EURL;
	}
	slash = strrchr(out->target, '/');
	out->name = slash != NULL ? slash + 1 : out->target;
	out->name_len = strcspn(out->name, ".");
	return *out->target == '\0' ? MAILDB_EURL : 0;
}
