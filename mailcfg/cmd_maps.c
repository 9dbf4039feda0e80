/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * cmd_maps.c - the files by which Postfix and Dovecot read the database
 *
 * The queries are the library's, the excerpts those of maps_text.c; here is
 * how a daemon is told where the database is, and who may read the files.
 */
#include <sys/stat.h>
#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "commands.h"
#include "maps_text.h"
#include "memory.h"

/* One making of all files for a daemon. */
struct maps {
	struct call *call;
	const char *daemon; /* "postfix" or "dovecot" */
	bool new_dovecot;   /* 2.4 */
	bool pgsql;
	char *place;        /* the directory's absolute path */
	bool write;         /* otherwise show the files */
	int directory;      /* -1: not there yet, and --check */
	mode_t mode;
	gid_t group;
};

/* ---- where the database is ------------------------------------------ */

static const char *
sqlite_path(const struct maps *maps)
{
	const char *url = maildb_url(maps->call->db);

	return strncmp(url, "sqlite:", 7) == 0 ? url + 7 : url;
}

/* The path of the database: as it is for Dovecot 2.4, which can open a file
 * for reading only, else as a URI that never makes or changes the file. */
static void
put_sqlite_path(FILE *to, const char *path, bool plain)
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

/* The servers of a PostgreSQL URL, as libpq's lists; one without a host is on
 * a local socket, whose directory stands for it. */
struct server {
	char host[512], port[64], database[64];
};

#define SOCKET_DIRECTORY "/var/run/postgresql"

/* Copies text from at to end, with its %XX decoded. */
static void
copy_part(char *out, size_t size, const char *at, const char *end)
{
	unsigned code;
	size_t len = 0;

	for (; at < end && len + 1 < size; at++) {
		if (*at == '%' && sscanf(at + 1, "%2x", &code) == 1) {
			out[len++] = (char)code;
			at += 2;
		} else {
			out[len++] = *at;
		}
	}
	out[len] = '\0';
}

/* Adds a part to a list. */
static void
add_part(char *list, size_t size, const char *at, const char *end)
{
	size_t len = strlen(list);

	copy_part(list + len, size - len, at, end);
}

/* Reads "HOST:PORT,HOST:PORT"; a host or port may be missing. */
static void
parse_hosts(const char *at, const char *end, struct server *server)
{
	const char *colon, *comma, *next;

	for (*server->host = '\0'; at < end; at = next) {
		comma = memchr(at, ',', (size_t)(end - at));
		next = comma != NULL ? comma + 1 : end;
		comma = comma != NULL ? comma : end;
		colon = memrchr(at, ':', (size_t)(comma - at));
		add_part(server->host, sizeof(server->host), at,
		    colon != NULL ? colon : comma);
		if (colon != NULL)
			add_part(server->port, sizeof(server->port), colon + 1,
			    comma);
		add_part(server->host, sizeof(server->host), comma, next);
		add_part(server->port, sizeof(server->port), comma, next);
	}
	if (*server->host == '\0')
		strcpy(server->host, SOCKET_DIRECTORY);
	if (server->port[strspn(server->port, ",")] == '\0')
		*server->port = '\0';
}

static void
parse_server(const char *url, struct server *server)
{
	const char *at = strstr(url, "://"), *end, *p;

	*server = (struct server){ .host = "" };
	at = at != NULL ? at + 3 : url + strlen(url);
	end = at + strcspn(at, "/?");
	if ((p = memrchr(at, '@', (size_t)(end - at))) != NULL)
		at = p + 1;
	parse_hosts(at, end, server);
	at = end + strcspn(end, "?");
	if (*end == '/')
		copy_part(server->database, sizeof(server->database), end + 1,
		    at);
	while (*at != '\0') {
		end = at + 1 + strcspn(at + 1, "&");
		if (strncmp(at + 1, "host=", 5) == 0)
			copy_part(server->host, sizeof(server->host), at + 6,
			    end);
		else if (strncmp(at + 1, "port=", 5) == 0)
			copy_part(server->port, sizeof(server->port), at + 6,
			    end);
		at = end;
	}
}

#define POSTFIX_ROLE "maildb_postfix"
#define DOVECOT_ROLE "maildb_dovecot"

/* Writes text as a part of a URI (RFC 3986). */
static void
put_uri_part(FILE *to, const char *text, size_t len)
{
	static const char plain[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
	    "abcdefghijklmnopqrstuvwxyz0123456789-._~";

	for (; len > 0; text++, len--)
		if (memchr(plain, *text, sizeof(plain) - 1) != NULL)
			fputc(*text, to);
		else
			fprintf(to, "%%%02X", (unsigned char)*text);
}

/* One server.  "unix:" takes no port: a socket of another than the usual one
 * is named by a URI (pgsql_table(5)). */
static void
put_postfix_host(FILE *to, const struct server *server, const char *host,
    size_t len, const char *port)
{
	size_t port_len = strcspn(port, ",");

	if (*host == '/' && port_len > 0 &&
	    (port_len != 4 || strncmp(port, "5432", 4) != 0)) {
		fputs(" postgresql://" POSTFIX_ROLE "@/", to);
		put_uri_part(to, server->database, strlen(server->database));
		fputs("?host=", to);
		put_uri_part(to, host, len);
		fprintf(to, "&port=%.*s", (int)port_len, port);
		return;
	}
	fprintf(to, " %s%.*s", *host == '/' ? "unix:" : "", (int)len, host);
	if (*host != '/' && port_len > 0)
		fprintf(to, ":%.*s", (int)port_len, port);
}

/*
 * The servers in Postfix's spelling.  One stands twice: before 3.10, Postfix
 * does without a server for a minute after one failure, but asks the other,
 * so that a restart of the server passes unnoticed.
 */
static void
put_postfix_hosts(FILE *to, const struct server *server)
{
	int times = strchr(server->host, ',') != NULL ? 1 : 2;
	const char *host, *port;
	size_t len;

	fputs("hosts =", to);
	while (times-- > 0)
		for (host = server->host, port = server->port; *host != '\0';
		    host += len + (host[len] == ',')) {
			len = strcspn(host, ",");
			put_postfix_host(to, server, host, len, port);
			/* One port is that of all servers. */
			if (strchr(port, ',') != NULL)
				port = strchr(port, ',') + 1;
		}
	fputc('\n', to);
}

/* The lines that name the database, as each program spells them. */
static void
put_database(FILE *to, const struct maps *maps)
{
	bool postfix = strcmp(maps->daemon, "postfix") == 0;
	struct server server;

	if (!maps->pgsql) {
		fputs(postfix ? "dbpath = " : maps->new_dovecot ?
		    "sql_driver = sqlite\nsqlite_path = " :
		    "driver = sqlite\nconnect = ", to);
		put_sqlite_path(to, sqlite_path(maps), maps->new_dovecot);
		fputs(maps->new_dovecot ? "\nsqlite_readonly = yes\n" : "\n",
		    to);
		return;
	}
	parse_server(maps->call->cli->config.db, &server);
	if (postfix) {
		put_postfix_hosts(to, &server);
		fprintf(to, "user = " POSTFIX_ROLE "\ndbname = %s\n",
		    server.database);
	} else if (maps->new_dovecot) {
		fprintf(to, "sql_driver = pgsql\npgsql %s {\n  parameters {\n"
		    "%s%s%s    user = " DOVECOT_ROLE "\n    dbname = %s\n"
		    "  }\n}\n", server.host,
		    *server.port != '\0' ? "    port = " : "", server.port,
		    *server.port != '\0' ? "\n" : "", server.database);
	} else {
		fprintf(to, "driver = pgsql\nconnect = host=%s%s%s "
		    "user=" DOVECOT_ROLE " dbname=%s\n", server.host,
		    *server.port != '\0' ? " port=" : "", server.port,
		    server.database);
	}
}

/* ---- filling in texts ----------------------------------------------- */

/* Writes a map's query. */
static int
put_query(FILE *to, const struct maps *maps, const char *map)
{
	const char *dialect = strcmp(maps->daemon, "postfix") == 0 ?
	    "postfix" : maps->new_dovecot ? "dovecot-2.4" : "dovecot-2.3";
	char *query;
	int rc = maildb_map_query(map, maildb_backend(maps->call->db),
	    dialect, &query);

	if (rc < 0)
		return call_fail(maps->call, rc, "map", map, NULL,
		    "no query for %s", map);
	fputs(query, to);
	free(query);
	return 0;
}

/* Writes what stands for a word between two @. */
static int
put_word(FILE *to, const struct maps *maps, const char *word)
{
	static const struct {
		const char *word, *map, *map24;
	} queries[] = {
		{ "P", "passdb", "passdb24" },
		{ "U", "userdb", "userdb24" },
		{ "I", "iterate", "iterate24" },
	};
	char *value = NULL;
	size_t i;
	int rc;

	for (i = 0; i < COUNT(queries); i++)
		if (strcmp(queries[i].word, word) == 0)
			return put_query(to, maps, maps->new_dovecot ?
			    queries[i].map24 : queries[i].map);
	if (strcmp(word, "T") == 0)
		fprintf(to, "%s:%s", maps->pgsql ? "proxy:pgsql" : "sqlite",
		    maps->place);
	else if (strcmp(word, "D") == 0)
		fputs(maps->place, to);
	else if (strcmp(word, "DB") == 0)
		put_database(to, maps);
	else if (strcmp(word, "W") == 0)
		fputs(maps->pgsql ? "" : text_dovecot_worker, to);
	else {
		rc = maildb_setting_get(maps->call->db, word, &value);
		if (rc < 0)
			return rc;
		fputs(value != NULL ? value : "", to);
		free(value);
	}
	return 0;
}

/* Writes a text with its words filled in. */
static int
fill(FILE *to, const struct maps *maps, const char *text)
{
	const char *at, *end;
	char word[32];
	int rc = 0;

	for (; rc == 0 && (at = strchr(text, '@')) != NULL; text = end + 1) {
		end = strchr(at + 1, '@');
		fprintf(to, "%.*s", (int)(at - text), text);
		snprintf(word, sizeof(word), "%.*s", (int)(end - at - 1),
		    at + 1);
		rc = put_word(to, maps, word);
	}
	fputs(text, to);
	return rc;
}

/* ---- files ---------------------------------------------------------- */

/* Shows one file, or writes it and says so: 1 when it changed. */
static int
put_file(const struct maps *maps, const char *name, const char *text)
{
	const struct value row[] = { { .text = maps->place },
		{ .text = name } };
	struct call *call = maps->call;
	int rc;

	if (!maps->write) {
		out_file(call, name, text);
		return 0;
	}
	rc = maps->directory < 0 ? 1 : file_write(call, maps->directory, name,
	    text, maps->mode, maps->group);
	if (rc == 1 && out_row(call, row) < 0)
		return MAILDB_EIO;
	return rc;
}

/* Makes one file of a text, or of a map's query when text is NULL. */
static int
make_file(const struct maps *maps, const char *name, const char *text,
    const struct maildb_map *map)
{
	struct memory memory;
	FILE *to = memory_open(&memory);
	char *made;
	int rc;

	if (to == NULL)
		return MAILDB_ENOMEM;
	if (text != NULL)
		rc = fill(to, maps, text);
	else {
		fprintf(to, "# %s: %s\n", map->name, map->help);
		put_database(to, maps);
		fputs("query = ", to);
		rc = put_query(to, maps, map->name);
		fputc('\n', to);
	}
	if ((made = memory_close(&memory)) == NULL && rc == 0)
		rc = MAILDB_ENOMEM;
	if (rc == 0)
		rc = put_file(maps, name, made);
	free(made);
	return rc;
}

static int
make_postfix(const struct maps *maps)
{
	const struct maildb_map *map;
	char name[64];
	size_t count;
	int rc, changed = 0;

	for (map = maildb_maps(&count); count > 0; map++, count--) {
		if (strcmp(map->daemon, "postfix") != 0)
			continue;
		snprintf(name, sizeof(name), "%s.cf", map->name);
		if ((rc = make_file(maps, name, NULL, map)) < 0)
			return rc;
		changed |= rc;
	}
	if ((rc = make_file(maps, "main.cf", text_main_cf, NULL)) < 0)
		return rc;
	changed |= rc;
	rc = make_file(maps, "master.cf", text_master_cf, NULL);
	return rc < 0 ? rc : changed | rc;
}

static int
make_dovecot(const struct maps *maps)
{
	int rc, changed = 0;

	if (maps->new_dovecot)
		return make_file(maps, "dovecot.conf", text_dovecot_24, NULL);
	rc = make_file(maps, "dovecot-sql.conf.ext", text_dovecot_sql_23,
	    NULL);
	if (rc < 0)
		return rc;
	changed |= rc;
	rc = make_file(maps, "dovecot.conf", text_dovecot_23, NULL);
	return rc < 0 ? rc : changed | rc;
}

/* Opens the directory to write to, made if it is missing, and finds out who
 * may read the files there: the daemon's group, where root can give it. */
static int
open_directory(struct maps *maps, const char *path)
{
	const struct group *group = geteuid() == 0 ? getgrnam(maps->daemon) :
	    NULL;

	maps->group = group != NULL ? group->gr_gid : (gid_t)-1;
	maps->mode = group != NULL ? 0640 : maps->pgsql ? 0600 : 0644;
	if (!maps->call->config.check && mkdir(path, 0755) == 0)
		(void)chmod(path, 0755);
	maps->directory = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (maps->directory >= 0)
		maps->place = realpath(path, NULL);
	else if (errno == ENOENT && maps->call->config.check)
		maps->place = strdup(path);
	if (maps->place == NULL)
		return call_fail(maps->call, MAILDB_EIO, NULL, path, NULL,
		    "%s cannot be used: %s", path, strerror(errno));
	if (strpbrk(maps->place, " \t\r\n,{}$") != NULL)
		return call_fail(maps->call, CLI_EUSAGE, "write", path, NULL,
		    "a configuration cannot name %s: its path has special "
		    "characters", maps->place);
	return 0;
}

/* "wrote DIR/NAME" for a file that changed. */
static void
plain_file(FILE *to, const struct column *columns, const struct value *row,
    size_t count)
{
	(void)columns;
	(void)count;
	fputs("wrote ", to);
	text_escape(to, row[0].text);
	fputc('/', to);
	text_escape(to, row[1].text);
	fputc('\n', to);
}

int
cmd_maps(struct call *call)
{
	static const struct listing listing = {
		.name = "files", .plain = plain_file, .drawn = true,
	};
	static const struct column columns[] = {
		{ "directory", MAILDB_TEXT }, { "file", MAILDB_TEXT },
	};
	const char *version = call_option(call, "dovecot-version");
	const char *path = call_option(call, "write");
	struct maps maps = { .call = call, .daemon = call->arg[0],
		.write = path != NULL, .directory = -1,
		.new_dovecot = version != NULL && strcmp(version, "2.4") == 0,
		.pgsql = strcmp(maildb_backend(call->db), "pgsql") == 0 };
	bool postfix = strcmp(maps.daemon, "postfix") == 0;
	int rc;

	if (maps.pgsql && strstr(call->cli->config.db, "://") == NULL)
		rc = call_fail(call, MAILDB_EURL, NULL, NULL,
		    "name the database by a postgresql:// URL",
		    "the daemons' files cannot be made for this database URL");
	else if (path != NULL)
		rc = open_directory(&maps, path);
	else
		rc = asprintf(&maps.place, "/etc/%s/maildb", maps.daemon) < 0 ?
		    MAILDB_ENOMEM : 0;
	if (rc == 0 && maps.write)
		rc = out_list_begin(call, &listing, columns, COUNT(columns));
	if (rc == 0) {
		rc = postfix ? make_postfix(&maps) : make_dovecot(&maps);
		if (maps.write)
			out_list_end(call);
	}
	if (maps.directory >= 0)
		close(maps.directory);
	free(maps.place);
	return rc;
}
