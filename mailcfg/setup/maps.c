/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * maps.c - the files by which Postfix and Dovecot read the database
 *
 * The queries are the library's, the lines that name the database those of
 * maps_database.c; here is which files there are.
 */
#include <stdlib.h>
#include <string.h>

#include "setup/maps.h"
#include "show/out.h"

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

int
maps_hand_over(FILE *to, char **text, const char *name, int rc,
    maps_file *file, void *arg)
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
		rc = maps_hand_over(to, &text, name, put_map(machine, map, to),
		    file, arg);
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
