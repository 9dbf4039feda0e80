/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * cmd_maps.c - the files by which Postfix and Dovecot read the database
 *
 * The queries are the library's, the excerpts those of maps_text.c, the lines
 * that name the database those of maps_database.c; here is which files there
 * are, and who may read them.
 */
#include <sys/stat.h>
#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "commands.h"
#include "maps_database.h"
#include "maps_text.h"

/* One making of all files for a daemon. */
struct maps {
	struct call *call;
	const char *daemon; /* "postfix" or "dovecot" */
	struct maps_reader reader;
	bool new_dovecot;   /* 2.4 */
	bool pgsql;
	bool direct;        /* Postfix asks without proxymap */
	char *place;        /* the directory's absolute path */
	bool write;         /* otherwise show the files */
	int directory;      /* -1: not there yet, and --check */
	mode_t mode;
	gid_t group;
};

/* ---- releases --------------------------------------------------------- */

/* A release as 100 * major + minor: of a version in words, or of the installed
 * program that the command asks; 0 when there is none. */
static int
release_read(const char *version, const char *command)
{
	unsigned major = 0, minor = 0;
	char line[64] = "";
	FILE *answer;

	if (version == NULL && (answer = popen(command, "re")) != NULL) {
		if (fgets(line, sizeof(line), answer) == NULL)
			*line = '\0';
		pclose(answer);
	}
	if (sscanf(version != NULL ? version : line, "%3u.%2u", &major,
	    &minor) != 2)
		return 0;
	return (int)(100 * major + minor);
}

/* ---- filling in texts ----------------------------------------------- */

/* Writes a map's query. */
static int
put_query(FILE *to, const struct maps *maps, const char *map)
{
	char *query;
	int rc = maildb_map_query(map, maildb_backend(maps->call->db),
	    maps->reader.dialect, &query);

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
		fprintf(to, "%s%s:%s", maps->direct ? "" : "proxy:",
		    maildb_backend(maps->call->db), maps->place);
	else if (strcmp(word, "D") == 0)
		fputs(maps->place, to);
	else if (strcmp(word, "DB") == 0)
		return maps_database(maps->call, &maps->reader, to);
	else if (strcmp(word, "G") == 0)
		fputs(maps->pgsql ? "" : text_dovecot_group, to);
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
	char *made = NULL;
	size_t size;
	FILE *to = open_memstream(&made, &size);
	int rc;

	if (to == NULL)
		return MAILDB_ENOMEM;
	if (text != NULL)
		rc = fill(to, maps, text);
	else {
		fprintf(to, "# %s: %s\n", map->name, map->help);
		rc = maps_database(maps->call, &maps->reader, to);
		fputs("query = ", to);
		if (rc == 0)
			rc = put_query(to, maps, map->name);
		fputc('\n', to);
	}
	if (fclose(to) != 0 && rc == 0)
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

/* Makes a directory with its parents; a failure shows when it is opened. */
static void
make_directory(const char *path)
{
	char *part = strdup(path), *slash = part;

	while (slash != NULL) {
		slash = strchr(slash + (*slash == '/'), '/');
		if (slash != NULL)
			*slash = '\0';
		if (mkdir(part, 0755) == 0)
			(void)chmod(part, 0755);
		if (slash != NULL)
			*slash = '/';
	}
	free(part);
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
		make_directory(path);
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

/* Who reads the files: the release that was named, or is installed here. */
static void
find_reader(struct maps *maps)
{
	struct call *call = maps->call;
	const char *dovecot = call_option(call, "dovecot-version");
	const char *postfix = call_option(call, "postfix-version");
	bool for_postfix = strcmp(maps->daemon, "postfix") == 0;
	int release = for_postfix ?
	    release_read(postfix, "postconf -dh mail_version 2>/dev/null") :
	    release_read(dovecot, "dovecot --version 2>/dev/null");

	if (!for_postfix && release == 0)
		call_warn(call, "no_dovecot", "no Dovecot is installed here: "
		    "the files are for Dovecot 2.3", "--dovecot-version 2.4");
	maps->new_dovecot = !for_postfix && release >= 204;
	maps->reader = (struct maps_reader){ .place = maps->place,
		.dialect = for_postfix ? "postfix" : maps->new_dovecot ?
		    "dovecot-2.4" : "dovecot-2.3",
		.postfix = for_postfix ? release : 0 };
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
		.direct = call_option(call, "direct") != NULL,
		.pgsql = strcmp(maildb_backend(call->db), "pgsql") == 0 };
	bool postfix = strcmp(maps.daemon, "postfix") == 0;
	int rc;

	if (path != NULL)
		rc = open_directory(&maps, path);
	else
		rc = asprintf(&maps.place, "/etc/%s/maildb", maps.daemon) < 0 ?
		    MAILDB_ENOMEM : 0;
	if (rc == 0)
		find_reader(&maps);
	if (rc == 0 && maps.write)
		rc = maps_passfile(call, &maps.reader, maps.directory);
	if (rc >= 0 && maps.write)
		rc = out_list_begin(call, &listing, columns, COUNT(columns));
	if (rc >= 0) {
		rc = postfix ? make_postfix(&maps) : make_dovecot(&maps);
		if (maps.write)
			out_list_end(call);
	}
	if (maps.directory >= 0)
		close(maps.directory);
	free(maps.place);
	return rc;
}
