/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * machine.h - what machine.c knows, for the files of setup alone
 */
#ifndef MAILCFG_SETUP_MACHINE_H
#define MAILCFG_SETUP_MACHINE_H

#include "maps/database.h"
#include "setup.h"

/* "name = value" lines, in order of names. */
struct settings {
	struct setting {
		char *name, *value;
		char *original; /* before settings_set(); NULL: unchanged */
		bool added;     /* by settings_set() */
	} *list;
	size_t count;
};

/* Dovecot's, in order: the same block may be there more than once. */
struct dovecot_line {
	char *block;       /* "service lmtp|unix_listener PATH", "" at the top */
	unsigned instance; /* of the block */
	char *name, *value;
};

struct machine {
	struct call *call;
	struct setup_options options;
	unsigned facts;
	int postfix, dovecot; /* releases */
	char *postfix_maps, *dovecot_maps; /* directories */
	struct maps_reader reader[DAEMONS];
	struct settings main, defaults, expanded, fields, service_options;
	struct settings doubled; /* parameters that main.cf names twice */
	char *hba_file, *ident_file, *database; /* of PostgreSQL; or NULL */
	struct dovecot_line *lines;
	size_t nlines;
	unsigned blocks;
	struct live *live; /* while "check --live" runs */
};

int machine_look_at_daemons(struct machine *machine);

int settings_parse(struct settings *settings, const char *text);
const char *settings_get(const struct settings *settings, const char *name);
/* Sets a value in memory, and keeps the one that was there ("" for none). */
int settings_set(struct settings *settings, const char *name,
    const char *value);
void settings_remove(struct settings *settings, const char *name);
void settings_free(struct settings *settings);

int dovecot_parse(struct machine *machine, const char *text);

/* What main.cf has for a list, or a default that stands for something. */
const char *machine_list(const struct machine *machine, const char *name);
/* Whether a URL is one of PostgreSQL. */
bool machine_is_pgsql(const char *url);
/* Whether a PostgreSQL URL leads to a socket of this machine. */
bool machine_is_local(const char *url);
/* Whether a domain is one of the database's: 1, 0 or an error. */
int machine_hosts(const struct machine *machine, const char *domain);

#endif
