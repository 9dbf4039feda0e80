/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * url.c - what libpq makes of a database URL
 *
 * Services, the environment and libpq's defaults complete a URL, so nobody but
 * libpq is asked where it leads.
 */
#include <stdlib.h>
#include <string.h>

#include "db/pgsql/pgsql.h"

#define SOCKETS "/var/run/postgresql" /* unless libpq names another place */

/* ---- before it is used -------------------------------------------------- */

/* Shows no password: where the URL holds one that maildb.c did not mask, it
 * is put together anew without. */
static int
hide_secrets(struct maildb *db, const PQconninfoOption *options)
{
	struct maildb__buf buf = { 0 };
	const PQconninfoOption *o;
	bool shows = false;
	char *url;

	for (o = options; o->keyword != NULL; o++)
		if (o->dispchar[0] == '*' && o->val != NULL &&
		    *o->val != '\0' && strstr(db->url, o->val) != NULL)
			shows = true;
	if (!shows)
		return 0;
	for (o = options; o->keyword != NULL; o++)
		if (o->dispchar[0] != '*' && o->val != NULL)
			maildb__buf_printf(&buf, "%s%s=%s",
			    buf.len > 0 ? " " : "", o->keyword, o->val);
	maildb__buf_add(&buf, "");
	if ((url = maildb__buf_take(&buf)) == NULL)
		return maildb__nomem(db);
	free(db->url);
	db->url = url;
	return 0;
}

/* Whether the port is one.  Of a password with a slash in it the first half
 * would be taken for it, and quoted. */
static bool
port_is_number(const PQconninfoOption *options)
{
	const PQconninfoOption *o;

	for (o = options; o->keyword != NULL; o++)
		if (strcmp(o->keyword, "port") == 0 && o->val != NULL)
			return o->val[strspn(o->val, "0123456789,")] == '\0';
	return true;
}

/* Of a URL that cannot be read, libpq may quote any part: its words are told
 * only when there is no secret in it. */
int
maildb__pgsql_check_url(struct maildb *db, const char *url)
{
	PQconninfoOption *options;
	char *words = NULL;
	bool secret = strstr(url, "password") != NULL || strchr(url, '@');
	int rc;

	options = PQconninfoParse(url, &words);
	if (options != NULL && port_is_number(options)) {
		rc = hide_secrets(db, options);
		PQconninfoFree(options);
		return rc;
	}
	PQconninfoFree(options);
	if (words != NULL)
		words[strcspn(words, "\n")] = '\0';
	maildb__fail(db, MAILDB_EURL, "the database URL cannot be read%s%s",
	    words != NULL && !secret ? ": " : "",
	    words != NULL && !secret ? words : "");
	PQfreemem(words);
	return maildb__hint(db,
	    "use postgresql://USER@HOST/DATABASE or service=NAME");
}

/* ---- where it leads ----------------------------------------------------- */

/* Adds a list of hosts, with the directory of the local socket in place of
 * those that have no name. */
static void
add_hosts(struct maildb__buf *buf, const char *list, const char *sockets)
{
	size_t len;

	for (;; list += len + 1) {
		len = strcspn(list, ",");
		if (len > 0)
			maildb__buf_addn(buf, list, len);
		else
			maildb__buf_add(buf, sockets);
		if (list[len] == '\0')
			return;
		maildb__buf_add(buf, ",");
	}
}

/* Tells the hosts, unless only addresses are given. */
static int
tell_hosts(struct maildb__conn *conn, const char *list, bool addresses,
    maildb_word_fn *fn, void *arg)
{
	const char *now = PQhost(conn->pq);
	struct maildb__buf buf = { 0 };
	char *hosts;
	int rc;

	if (list == NULL)
		list = "";
	if (addresses)
		return *list == '\0' ? 0 : fn(arg, "host", list);
	add_hosts(&buf, list, now != NULL && *now == '/' ? now : SOCKETS);
	if ((hosts = maildb__buf_take(&buf)) == NULL)
		return maildb__nomem(conn->db);
	rc = fn(arg, "host", hosts);
	free(hosts);
	return rc;
}

/* Whether a word says what libpq does anyway.  sslmode is told in any case,
 * for others may have another default in their environment. */
static bool
is_default(const PQconninfoOption *o)
{
	if (o->val == NULL || *o->val == '\0')
		return true;
	return strcmp(o->keyword, "sslmode") != 0 && o->compiled != NULL &&
	    strcmp(o->val, o->compiled) == 0;
}

/* The value of a word. */
static const char *
value(const PQconninfoOption *options, const char *keyword)
{
	for (; options->keyword != NULL; options++)
		if (strcmp(options->keyword, keyword) == 0)
			return options->val;
	return NULL;
}

/* Tells every word but those that are told apart. */
static int
tell_others(const PQconninfoOption *o, maildb_word_fn *fn, void *arg)
{
	static const char apart[] = "host port dbname user ";
	const char *found;
	size_t len;
	int rc = 0;

	for (; rc >= 0 && o->keyword != NULL; o++) {
		len = strlen(o->keyword);
		found = strstr(apart, o->keyword);
		if (is_default(o) || (found != NULL && found[len] == ' ' &&
		    (found == apart || found[-1] == ' ')))
			continue;
		rc = fn(arg, o->keyword, o->dispchar[0] == '*' ? NULL :
		    o->val);
	}
	return rc;
}

int
maildb__pgsql_words(struct maildb__conn *conn, maildb_word_fn *fn, void *arg)
{
	PQconninfoOption *options = PQconninfo(conn->pq);
	const char *addresses, *port;
	int rc;

	if (options == NULL)
		return maildb__nomem(conn->db);
	addresses = value(options, "hostaddr");
	rc = tell_hosts(conn, value(options, "host"),
	    addresses != NULL && *addresses != '\0', fn, arg);
	port = value(options, "port");
	if (rc >= 0)
		rc = fn(arg, "port", port != NULL && *port != '\0' ? port :
		    PQport(conn->pq));
	if (rc >= 0)
		rc = fn(arg, "dbname", PQdb(conn->pq));
	if (rc >= 0)
		rc = fn(arg, "user", PQuser(conn->pq));
	if (rc >= 0)
		rc = tell_others(options, fn, arg);
	PQconninfoFree(options);
	return rc;
}
