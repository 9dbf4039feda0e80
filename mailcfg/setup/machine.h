/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * machine.h - what machine.c knows, for the files of setup alone
 */
#ifndef MAILCFG_SETUP_MACHINE_H
#define MAILCFG_SETUP_MACHINE_H

#include "setup.h"

/* "name = value" lines, in order of names. */
struct settings {
	struct setting {
		char *name, *value;
		bool changed; /* not written yet */
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
	struct settings main, defaults, expanded, fields, service_options;
	char *doubled; /* parameters that main.cf names twice, one a line */
	struct dovecot_line *lines;
	size_t nlines;
	unsigned blocks;
};

int settings_parse(struct settings *settings, const char *text);
const char *settings_get(const struct settings *settings, const char *name);
/* Sets a value in memory, and marks it as changed. */
int settings_set(struct settings *settings, const char *name,
    const char *value);
void settings_free(struct settings *settings);

int dovecot_parse(struct machine *machine, const char *text);

/* What a word between two @ stands for; see word.c. */
int machine_word(struct machine *machine, FILE *to, const char *word);

#endif
