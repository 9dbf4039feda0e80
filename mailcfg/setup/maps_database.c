/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * database.c - how the files of a daemon name the database
 *
 * A daemon has to come to the database by the way that mailcfg came, with the
 * same TLS, whatever mailcfg's URL, services and environment left out: the
 * library tells the whole way.  What differs is the role, and that a daemon
 * waits for no server for long, because there may be another one.
 *
 * No password is ever among the words: Postfix logs the URI of a server that
 * fails.
 */
#include <stdlib.h>
#include <string.h>

#include "setup/maps_database.h"

#define POSTFIX_ROLE "maildb_postfix"
#define DOVECOT_ROLE "maildb_dovecot"

/* The way to the database, as libpq's words or SQLite's path. */
struct way {
	struct call *call;
	const struct maps_reader *reader;
	bool postfix, dovecot24;
	bool local;                 /* all servers by their sockets */
	char *path;                 /* of SQLite */
	char *host, *hostaddr, *port, *dbname;
	struct word { char *name, *value; } word[48];
	size_t nwords;
};

/* A server that is gone without a word is given up in so many seconds. */
static const struct {
	const char *name, *value;
} limits[] = {
	{ "connect_timeout", "3" },
	{ "tcp_user_timeout", "5000" },
	{ "keepalives_idle", "10" },
	{ "keepalives_interval", "3" },
	{ "keepalives_count", "2" },
};

/* ---- reading the way -------------------------------------------------- */

/* Whether a word is about mailcfg itself, or has ours in its place. */
static bool
is_skipped(const char *name)
{
	static const char *const skipped[] = { "user", "password", "passfile",
		"service", "servicefile", "application_name",
		"fallback_application_name", "client_encoding",
		"target_session_attrs", "keepalives" };
	size_t i;

	for (i = 0; i < COUNT(skipped); i++)
		if (strcmp(skipped[i], name) == 0)
			return true;
	for (i = 0; i < COUNT(limits); i++)
		if (strcmp(limits[i].name, name) == 0)
			return true;
	return false;
}

/* A copy of a value; the name of a file becomes absolute, as a daemon is in
 * another directory. */
static char *
copy_value(const char *name, const char *value)
{
	static const char *const files[] = { "sslrootcert", "sslcert",
		"sslkey", "sslcrl", "sslcrldir" };
	char *real = NULL;
	size_t i;

	for (i = 0; i < COUNT(files); i++)
		if (strcmp(files[i], name) == 0)
			real = realpath(value, NULL);
	return real != NULL ? real : strdup(value);
}

/* Keeps a word that the library tells. */
static int
keep(void *arg, const char *name, const char *value)
{
	struct way *way = arg;
	const struct {
		const char *name;
		char **place;
	} known[] = { { "path", &way->path }, { "host", &way->host },
		{ "hostaddr", &way->hostaddr }, { "port", &way->port },
		{ "dbname", &way->dbname } };
	struct word *word = &way->word[way->nwords];
	size_t i;

	if (is_skipped(name))
		return 0;
	if (value == NULL)
		return call_fail(way->call, MAILDB_EURL, name, NULL, NULL,
		    "the daemons' files cannot hold the secret %s", name);
	for (i = 0; i < COUNT(known); i++)
		if (strcmp(known[i].name, name) == 0) {
			*known[i].place = strdup(value);
			return *known[i].place != NULL ? 0 : MAILDB_ENOMEM;
		}
	if (way->nwords == COUNT(way->word))
		return call_fail(way->call, MAILDB_EURL, name, NULL, NULL,
		    "the database URL has too many words");
	*word = (struct word){ strdup(name), copy_value(name, value) };
	way->nwords++;
	return word->name != NULL && word->value != NULL ? 0 : MAILDB_ENOMEM;
}

/* Whether all servers of a list are reached by their sockets. */
static bool
by_sockets(const char *host)
{
	for (; host != NULL; host = strchr(host, ','), host += host != NULL)
		if (*host != '/' && *host != '@')
			return false;
	return true;
}

static const char *
find(const struct way *way, const char *name)
{
	size_t i;

	for (i = 0; i < way->nwords; i++)
		if (strcmp(way->word[i].name, name) == 0)
			return way->word[i].value;
	return NULL;
}

/* Refuses what a daemon could not do as mailcfg does. */
static int
check_way(const struct way *way)
{
	const char *mode = find(way, "sslmode");

	if (!way->local && mode != NULL && strncmp(mode, "verify-", 7) == 0 &&
	    find(way, "sslrootcert") == NULL)
		return call_fail(way->call, MAILDB_EURL, "sslrootcert", NULL,
		    "sslrootcert=FILE in the database URL",
		    "a daemon cannot verify the server's certificate by "
		    "~/.postgresql/root.crt");
	return 0;
}

/* Reads the way to the open database. */
static int
read_way(struct way *way)
{
	int rc = maildb_connection(way->call->cli->db, keep, way);

	if (rc < 0 || way->path != NULL)
		return rc < 0 ? rc : 0;
	way->local = way->hostaddr == NULL && by_sockets(way->host);
	return check_way(way);
}

static void
free_way(struct way *way)
{
	size_t i;

	for (i = 0; i < way->nwords; i++) {
		free(way->word[i].name);
		free(way->word[i].value);
	}
	free(way->path);
	free(way->host);
	free(way->hostaddr);
	free(way->port);
	free(way->dbname);
}

int
maps_database_local(struct call *call)
{
	struct way way = { .call = call };
	int rc = maildb_connection(call->cli->db, keep, &way);

	if (rc >= 0)
		rc = way.path != NULL ||
		    (way.hostaddr == NULL && by_sockets(way.host));
	free_way(&way);
	return rc;
}

/* ---- words of a connection -------------------------------------------- */

/* Calls fn for each word that follows host, port, user and database. */
static int
each_word(const struct way *way, FILE *to,
    int (*fn)(const struct way *, FILE *, const char *, const char *))
{
	char *passfile;
	size_t i;
	int rc = 0;

	for (i = 0; rc == 0 && i < way->nwords; i++)
		/* libpq has no TLS over sockets. */
		if (!way->local || (strncmp(way->word[i].name, "ssl", 3) != 0 &&
		    strcmp(way->word[i].name, "gssencmode") != 0))
			rc = fn(way, to, way->word[i].name, way->word[i].value);
	for (i = 0; rc == 0 && !way->local && i < COUNT(limits); i++)
		rc = fn(way, to, limits[i].name, limits[i].value);
	if (rc != 0 || (way->local && !way->reader->passfile))
		return rc;
	if (asprintf(&passfile, "%s/" MAPS_PASSFILE, way->reader->place) < 0)
		return MAILDB_ENOMEM;
	rc = fn(way, to, "passfile", passfile);
	free(passfile);
	return rc;
}

/* Ends at the first word: there is one. */
static int
any_word(const struct way *way, FILE *to, const char *name, const char *value)
{
	(void)way;
	(void)to;
	(void)name;
	(void)value;
	return 1;
}

/* Says how a password is given to a daemon. */
static void
put_passfile_help(FILE *to, const struct way *way, const char *daemon,
    const char *role)
{
	if (way->local && !way->reader->passfile)
		return;
	fprintf(to, "# The role's password, if any: *:*:*:%s:PASSWORD, in\n"
	    "# install -m 0600 -o %s /dev/null %s/" MAPS_PASSFILE "\n",
	    role, daemon, way->reader->place);
}

/* ---- Postfix ------------------------------------------------------------ */

/* Writes text as a part of a URI (RFC 3986). */
static void
put_uri_part(FILE *to, const char *text, size_t len)
{
	static const char plain[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
	    "abcdefghijklmnopqrstuvwxyz0123456789-._~/";

	for (; len > 0; text++, len--)
		if (memchr(plain, *text, sizeof(plain) - 1) != NULL)
			fputc(*text, to);
		else
			fprintf(to, "%%%02X", (unsigned char)*text);
}

static int
put_uri_word(const struct way *way, FILE *to, const char *name,
    const char *value)
{
	(void)way;
	fprintf(to, "&%s=", name);
	put_uri_part(to, value, strlen(value));
	return 0;
}

/* One entry of each list; len is that of the host. */
struct server {
	const char *host, *hostaddr, *port;
	size_t host_len, hostaddr_len, port_len;
};

/* Writes a server as libpq's URI; one with a name or address in its place. */
static int
put_uri(FILE *to, const struct way *way, const struct server *server)
{
	bool named = server->host_len > 0 && *server->host != '/' &&
	    *server->host != '@';
	bool ipv6 = named && memchr(server->host, ':', server->host_len);

	fputs("postgresql://" POSTFIX_ROLE "@", to);
	if (named) {
		fputs(ipv6 ? "[" : "", to);
		if (ipv6)
			fprintf(to, "%.*s", (int)server->host_len,
			    server->host);
		else
			put_uri_part(to, server->host, server->host_len);
		fputs(ipv6 ? "]" : "", to);
		fprintf(to, ":%.*s", (int)server->port_len, server->port);
	}
	fputc('/', to);
	put_uri_part(to, way->dbname, strlen(way->dbname));
	fputs("?application_name=postfix", to);
	if (!named && server->host_len > 0) {
		fputs("&host=", to);
		put_uri_part(to, server->host, server->host_len);
	}
	if (!named)
		fprintf(to, "&port=%.*s", (int)server->port_len, server->port);
	if (server->hostaddr_len > 0) {
		fputs("&hostaddr=", to);
		put_uri_part(to, server->hostaddr, server->hostaddr_len);
	}
	return each_word(way, to, put_uri_word);
}

/* Takes the next entry of a list; the last one stays. */
static void
next_entry(const char **list, size_t *len)
{
	if ((*list)[*len] == ',') {
		*list += *len + 1;
		*len = strcspn(*list, ",");
	}
}

/* The first entry of each list. */
static struct server
first_server(const struct way *way)
{
	struct server first = {
		.host = way->host != NULL ? way->host : "",
		.hostaddr = way->hostaddr != NULL ? way->hostaddr : "",
		.port = way->port };

	first.host_len = strcspn(first.host, ",");
	first.hostaddr_len = strcspn(first.hostaddr, ",");
	first.port_len = strcspn(first.port, ",");
	return first;
}

/* Whether more is needed than Postfix's parameters can say: "unix:" takes no
 * port and no words, and a database's name may be taken for a URI. */
static bool
needs_uri(const struct way *way)
{
	return !way->local || each_word(way, NULL, any_word) != 0 ||
	    strcmp(way->port, "5432") != 0 || strchr(way->host, '@') != NULL ||
	    strpbrk(way->dbname, "=:/") != NULL;
}

/*
 * Writes the servers.  A single one stands twice: before 3.10, Postfix avoids
 * a server for a minute after one failure, but asks the other, so that a
 * restart of the server passes unnoticed.
 */
static int
put_hosts(FILE *to, const struct way *way)
{
	const char *list = way->host != NULL ? way->host : way->hostaddr;
	int times = strchr(list, ',') != NULL ? 1 : 2, rc = 0;
	bool uri = needs_uri(way);
	struct server server;
	const char *at;

	fputs("hosts =", to);
	while (rc == 0 && times-- > 0) {
		server = first_server(way);
		for (at = list; rc == 0 && at != NULL; at = strchr(at, ','),
		    at += at != NULL) {
			fputs(uri ? "\n    " : " ", to);
			if (uri)
				rc = put_uri(to, way, &server);
			else
				fprintf(to, "unix:%.*s", (int)server.host_len,
				    server.host);
			next_entry(&server.host, &server.host_len);
			next_entry(&server.hostaddr, &server.hostaddr_len);
			next_entry(&server.port, &server.port_len);
		}
	}
	fputc('\n', to);
	return rc;
}

/* Refuses a value that a file could not carry. */
static int
check_value(const struct way *way, const char *name, const char *value,
    const char *refused)
{
	const char *p;

	for (p = value; *p != '\0'; p++)
		if ((unsigned char)*p < ' ' || *p == 0x7f ||
		    strchr(refused, *p) != NULL)
			return call_fail(way->call, MAILDB_EURL, name, value,
			    NULL, "the files of %s cannot carry %s=%s",
			    way->reader->dialect, name, value);
	return 0;
}

static int
put_postfix(FILE *to, const struct way *way)
{
	int rc;

	if ((rc = check_value(way, "dbname", way->dbname, "")) < 0)
		return rc;
	put_passfile_help(to, way, "postfix", POSTFIX_ROLE);
	if ((rc = put_hosts(to, way)) < 0)
		return rc;
	fprintf(to, "user = " POSTFIX_ROLE "\ndbname = %s\n", way->dbname);
	/* Failed servers are avoided for so long: a minute by default. */
	if (way->reader->postfix >= 309)
		fputs("retry_interval = 1\n", to);
	return 0;
}

/* ---- Dovecot ------------------------------------------------------------- */

/* A word of "connect", which Dovecot splits at blanks before libpq sees it. */
static int
put_connect_word(const struct way *way, FILE *to, const char *name,
    const char *value)
{
	int rc = check_value(way, name, value, " \"#");

	if (rc < 0)
		return rc;
	fprintf(to, " %s=", name);
	for (; *value != '\0'; value++) {
		if (*value == '\'' || *value == '\\')
			fputc('\\', to);
		fputc(*value, to);
	}
	return 0;
}

/* A line of the block "parameters". */
static int
put_parameter(const struct way *way, FILE *to, const char *name,
    const char *value)
{
	static const char plain[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
	    "abcdefghijklmnopqrstuvwxyz0123456789-._/:,";
	bool quoted = value[strspn(value, plain)] != '\0';
	int rc = check_value(way, name, value, "%");

	if (rc < 0)
		return rc;
	fprintf(to, "    %s = %s", name, quoted ? "\"" : "");
	for (; *value != '\0'; value++) {
		if (*value == '"' || *value == '\\')
			fputc('\\', to);
		fputc(*value, to);
	}
	fputs(quoted ? "\"\n" : "\n", to);
	return 0;
}

/* Writes the words of a connection in Dovecot's order. */
static int
put_words(FILE *to, const struct way *way,
    int (*put)(const struct way *, FILE *, const char *, const char *))
{
	int rc = 0;

	if (way->hostaddr != NULL)
		rc = put(way, to, "hostaddr", way->hostaddr);
	if (rc == 0 && strcmp(way->port, "5432") != 0)
		rc = put(way, to, "port", way->port);
	if (rc == 0)
		rc = put(way, to, "user", DOVECOT_ROLE);
	if (rc == 0)
		rc = put(way, to, "dbname", way->dbname);
	return rc < 0 ? rc : each_word(way, to, put);
}

static int
put_dovecot(FILE *to, const struct way *way)
{
	const char *host = way->host != NULL ? way->host : way->hostaddr;
	int rc;

	put_passfile_help(to, way, "dovecot", DOVECOT_ROLE);
	if ((rc = check_value(way, "host", host, " \"#{}%")) < 0)
		return rc;
	if (!way->dovecot24) {
		fprintf(to, "driver = pgsql\nconnect = host=%s", host);
		rc = put_words(to, way, put_connect_word);
		fputc('\n', to);
		return rc;
	}
	fprintf(to, "sql_driver = pgsql\npgsql %s {\n  parameters {\n", host);
	rc = put_words(to, way, put_parameter);
	fputs("  }\n}\n", to);
	return rc;
}

/* ---- SQLite ------------------------------------------------------------- */

/* Writes the path of the file: as it is for Dovecot 2.4, which can open a file
 * for reading only, else as a URI that never makes or changes the file. */
static void
put_path(FILE *to, const char *path, bool plain)
{
	char *real = realpath(path, NULL);
	const char *at;

	if (!plain)
		fputs("file:", to);
	for (at = real != NULL ? real : path; *at != '\0'; at++)
		if (!plain && strchr(" %?#", *at) != NULL)
			fprintf(to, "%%%02X", (unsigned char)*at);
		else
			fputc(*at, to);
	if (!plain)
		fputs("?mode=ro", to);
	free(real);
}

static int
put_sqlite(FILE *to, const struct way *way)
{
	fputs(way->postfix ? "dbpath = " : way->dovecot24 ?
	    "sql_driver = sqlite\nsqlite_path = " :
	    "driver = sqlite\nconnect = ", to);
	put_path(to, way->path, way->dovecot24);
	fputs(way->dovecot24 ? "\nsqlite_readonly = yes\n" : "\n", to);
	return 0;
}

int
maps_database(struct call *call, const struct maps_reader *reader, FILE *to)
{
	struct way way = { .call = call, .reader = reader,
		.postfix = strcmp(reader->dialect, "postfix") == 0,
		.dovecot24 = strcmp(reader->dialect, "dovecot-2.4") == 0 };
	int rc = read_way(&way);

	if (rc == 0)
		rc = way.path != NULL ? put_sqlite(to, &way) : way.postfix ?
		    put_postfix(to, &way) : put_dovecot(to, &way);
	free_way(&way);
	return rc;
}
