/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * maps.c - the files by which Postfix and Dovecot read the database
 *
 * The queries are the library's, the snippets those of the table of
 * requirements, the lines that name the database those of maps_database.c; here
 * is which files there are, and who may read them.
 */
#include <sys/stat.h>
#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cmd/commands.h"
#include "maps/maps.h"
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
put_map(struct machine *machine, const struct maildb_map *map, FILE *to)
{
	struct call *call = machine_call(machine);
	int rc;

	fprintf(to, "# %s: %s\n", map->name, map->help);
	rc = maps_database(call, machine_reader(machine, DAEMON_POSTFIX), to);
	if (rc < 0)
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
		rc = hand_over(to, &text, name, put_map(machine, map, to), file,
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
maps_make(struct machine *machine, enum daemon daemon, maps_file *file,
    void *arg)
{
	return daemon == DAEMON_POSTFIX ? make_postfix(machine, file, arg) :
	    machine_facts(machine) & ON_DOVECOT_24 ? 0 /* has none */ :
	    make_dovecot(machine, file, arg);
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

	changed = maps_make(maps->machine, postfix ? DAEMON_POSTFIX :
	    DAEMON_DOVECOT, put_file, maps);
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

/* A release in words as 100 * major + minor; 0 when none is named. */
static int
release(const char *version)
{
	unsigned major = 0, minor = 0;

	return version != NULL && sscanf(version, "%3u.%2u", &major,
	    &minor) == 2 ? (int)(100 * major + minor) : 0;
}

/* The machine that the files are for: this one's releases, and nothing of how
 * it is configured now. */
static int
describe_machine(struct maps *maps)
{
	struct call *call = maps->call;
	bool postfix = strcmp(maps->daemon, "postfix") == 0;
	const struct setup_options options = { .blank = true,
		.direct = call_option(call, "direct") != NULL,
		.postfix = release(call_option(call, "postfix-version")),
		.dovecot = release(call_option(call, "dovecot-version")),
		.postfix_maps = postfix ? maps->place : NULL,
		.dovecot_maps = postfix ? NULL : maps->place };

	int rc;

	if ((maps->machine = machine_new(call, &options)) == NULL)
		return MAILDB_ENOMEM;
	rc = machine_look(maps->machine);
	if (rc == 0 && !postfix && machine_dovecot(maps->machine) == 0)
		call_warn(call, "no_dovecot", "no Dovecot is installed: the "
		    "files are for Dovecot 2.3", "--dovecot-version 2.4");
	return rc;
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

	if (path != NULL)
		rc = open_directory(&maps, path);
	else
		rc = asprintf(&maps.place, "/etc/%s/maildb", maps.daemon) < 0 ?
		    MAILDB_ENOMEM : 0;
	if (rc == 0)
		rc = describe_machine(&maps);
	if (rc == 0 && maps.write)
		rc = maps_passfile(call, machine_reader(maps.machine,
		    strcmp(maps.daemon, "postfix") == 0 ? DAEMON_POSTFIX :
		    DAEMON_DOVECOT), maps.directory);
	if (rc >= 0 && maps.write)
		rc = out_list_begin(call, &listing, columns, COUNT(columns));
	if (rc >= 0) {
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
