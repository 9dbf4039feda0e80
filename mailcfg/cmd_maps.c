/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * cmd_maps.c - the files by which Postfix and Dovecot read the database
 *
 * The queries are the library's, the snippets those of the table of
 * requirements; here is how a daemon is told where the database is, and who
 * may read the files.
 */
#include <sys/stat.h>
#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "commands.h"
#include "maps.h"
#include "setup/setup.h"

/* One making of all files for a daemon. */
struct maps {
	struct call *call;
	const char *daemon; /* "postfix" or "dovecot" */
	struct machine *machine;
	bool pgsql;
	char *place;        /* the directory's absolute path */
	bool write;         /* otherwise show the files */
	int directory;      /* -1: not there yet, and --check */
	mode_t mode;
	gid_t group;
};

/* ---- where the database is ------------------------------------------ */

static const char *
sqlite_path(const struct call *call)
{
	const char *url = maildb_url(call->cli->db);

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

/* Writes the lines that name the database, as each program spells them. */
int
maps_database(struct call *call, const char *dialect, FILE *to)
{
	bool postfix = strcmp(dialect, "postfix") == 0;
	bool new_dovecot = strcmp(dialect, "dovecot-2.4") == 0;
	struct server server;

	if (strcmp(maildb_backend(call->cli->db), "pgsql") != 0) {
		fputs(postfix ? "dbpath = " : new_dovecot ?
		    "sql_driver = sqlite\nsqlite_path = " :
		    "driver = sqlite\nconnect = ", to);
		put_sqlite_path(to, sqlite_path(call), new_dovecot);
		fputs(new_dovecot ? "\nsqlite_readonly = yes\n" : "\n", to);
		return 0;
	}
	parse_server(call->cli->config.db, &server);
	if (postfix) {
		put_postfix_hosts(to, &server);
		fprintf(to, "user = " POSTFIX_ROLE "\ndbname = %s\n",
		    server.database);
	} else if (new_dovecot) {
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
	return 0;
}

/* ---- the files of a daemon ------------------------------------------ */

int
maps_query(struct call *call, const char *dialect, const char *map, FILE *to)
{
	char *query;
	int rc = maildb_map_query(map, maildb_backend(call->cli->db), dialect,
	    &query);

	if (rc < 0)
		return call_fail(call, rc, "map", map, NULL,
		    "no query for %s", map);
	fputs(query, to);
	free(query);
	return 0;
}

/* Writes the file of one of Postfix's maps. */
static int
put_map(struct call *call, const struct maildb_map *map, FILE *to)
{
	int rc;

	fprintf(to, "# %s: %s\n", map->name, map->help);
	if ((rc = maps_database(call, "postfix", to)) < 0)
		return rc;
	fputs("query = ", to);
	rc = maps_query(call, "postfix", map->name, to);
	fputc('\n', to);
	return rc;
}

/* Hands a finished text to whoever wants the file. */
static int
hand_over(FILE *to, char **text, const char *name, int rc, maps_file *file,
    void *arg)
{
	if (fclose(to) != 0 && rc >= 0)
		rc = MAILDB_ENOMEM;
	if (rc >= 0)
		rc = file(arg, name, *text);
	free(*text);
	return rc;
}

static int
make_postfix(struct machine *machine, maps_file *file, void *arg)
{
	struct call *call = machine_call(machine);
	const struct maildb_map *map;
	char name[64], *text;
	size_t count, size;
	int rc, changed = 0;
	FILE *to;

	for (map = maildb_maps(&count); count > 0; map++, count--) {
		if (strcmp(map->daemon, "postfix") != 0)
			continue;
		if ((to = open_memstream(&text, &size)) == NULL)
			return MAILDB_ENOMEM;
		snprintf(name, sizeof(name), "%s.cf", map->name);
		rc = hand_over(to, &text, name, put_map(call, map, to), file,
		    arg);
		if (rc < 0)
			return rc;
		changed |= rc;
	}
	return changed;
}

/* The file that passdb and userdb of Dovecot 2.3 name. */
static int
make_dovecot(struct machine *machine, maps_file *file, void *arg)
{
	static const char template[] =
	    "# Named by passdb and userdb in dovecot.conf.\n"
	    "@DB@default_pass_scheme = CRYPT\npassword_query = @P@\n"
	    "user_query = @U@\niterate_query = @I@\n";
	char *text;
	int rc = machine_fill(machine, template, &text);

	if (rc == 0)
		rc = file(arg, "dovecot-sql.conf.ext", text);
	free(text);
	return rc;
}

int
maps_make(struct machine *machine, const char *dialect, maps_file *file,
    void *arg)
{
	return strcmp(dialect, "postfix") == 0 ?
	    make_postfix(machine, file, arg) :
	    strcmp(dialect, "dovecot-2.3") == 0 ?
	    make_dovecot(machine, file, arg) : 0;
}

/* ---- shown, or written ---------------------------------------------- */

/* Shows one file, or writes it and says so: 1 when it changed. */
static int
put_file(void *arg, const char *name, const char *text)
{
	const struct maps *maps = arg;
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

/* A configuration snippet, made from the table of requirements. */
static int
put_snippet(struct maps *maps, const char *name, snippet_fn *snippet)
{
	char *text;
	size_t size;
	FILE *to = open_memstream(&text, &size);

	if (to == NULL)
		return MAILDB_ENOMEM;
	return hand_over(to, &text, name, snippet(maps->machine, to),
	    put_file, maps);
}

static int
make_files(struct maps *maps)
{
	bool postfix = strcmp(maps->daemon, "postfix") == 0;
	int rc, changed;

	changed = maps_make(maps->machine, postfix ? "postfix" :
	    machine_facts(maps->machine) & ON_DOVECOT_24 ? "dovecot-2.4" :
	    "dovecot-2.3", put_file, maps);
	if (changed < 0)
		return changed;
	rc = postfix ? put_snippet(maps, "main.cf", snippet_main) :
	    put_snippet(maps, "dovecot.conf", snippet_dovecot);
	if (rc < 0 || !postfix)
		return rc < 0 ? rc : changed | rc;
	changed |= rc;
	rc = put_snippet(maps, "master.cf", snippet_master);
	return rc < 0 ? rc : changed | rc;
}

/* Makes a directory with those above it; a failure shows when it is opened. */
static void
make_directories(const char *path)
{
	char *copy = strdup(path), *at;

	for (at = copy; copy != NULL && at != NULL && *at != '\0';) {
		if ((at = strchr(at + 1, '/')) != NULL)
			*at = '\0';
		if (mkdir(copy, 0755) == 0)
			(void)chmod(copy, 0755); /* whatever the umask */
		if (at != NULL)
			*at = '/';
	}
	free(copy);
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
	if (!maps->call->config.check)
		make_directories(path);
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

/* The machine that the files are for: this one's releases, and nothing of how
 * it is configured now. */
static int
describe_machine(struct maps *maps)
{
	const char *version = call_option(maps->call, "dovecot-version");
	bool postfix = strcmp(maps->daemon, "postfix") == 0;
	const struct setup_options options = { .blank = true,
		.direct = call_option(maps->call, "direct") != NULL,
		.dovecot = version == NULL ? 0 : strcmp(version, "2.4") == 0 ?
		    204 : 203,
		.postfix_maps = postfix ? maps->place : NULL,
		.dovecot_maps = postfix ? NULL : maps->place };

	maps->machine = machine_new(maps->call, &options);
	return maps->machine == NULL ? MAILDB_ENOMEM :
	    machine_look(maps->machine);
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
	const char *path = call_option(call, "write");
	struct maps maps = { .call = call, .daemon = call->arg[0],
		.write = path != NULL, .directory = -1,
		.pgsql = strcmp(maildb_backend(call->db), "pgsql") == 0 };
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
	if (rc == 0)
		rc = describe_machine(&maps);
	if (rc == 0 && maps.write)
		rc = out_list_begin(call, &listing, columns, COUNT(columns));
	if (rc == 0) {
		rc = make_files(&maps);
		if (maps.write)
			out_list_end(call);
	}
	if (maps.directory >= 0)
		close(maps.directory);
	machine_free(maps.machine);
	free(maps.place);
	return rc;
}
