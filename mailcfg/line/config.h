/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * config.h - what a run was asked for: global options, environment, files
 */
#ifndef MAILCFG_CONFIG_H
#define MAILCFG_CONFIG_H

#include <stdbool.h>
#include <stddef.h>

#define DEFAULT_DB "sqlite:/var/lib/maildb/maildb.sqlite3"

enum format {
	FORMAT_DEFAULT, /* table on a terminal, else plain lines */
	FORMAT_TABLE,
	FORMAT_TSV,
	FORMAT_CSV,
	FORMAT_JSON,
	FORMAT_JSONL,
};

enum color { COLOR_AUTO, COLOR_ALWAYS, COLOR_NEVER };
enum pager { PAGER_AUTO, PAGER_NEVER };

struct option;
struct fault;

struct config {
	char *db;
	bool db_named; /* by an option or the environment, not by a file */
	bool db_secret; /* it came with a password on the command line */
	char *unreadable; /* a file that may say where the database is */
	int format, color, pager;
	int timeout; /* milliseconds; -1: the library's */
	int argv_password; /* enum: no, yes */
	char *file; /* batch */
	bool check, diff, yes, quiet, verbose, strict, exit_code, keep_going;
	bool utc, help, version;
};

/* The global options, as a list that ends with one without a name. */
const struct option *config_options(void);
/* The one of that name that the shell's "set" changes, or NULL. */
const struct option *config_session(const char *name);
/* Whether an option is one of them. */
bool config_owns(const struct option *option);
/* Applies one of them; value is "" for a switch. */
int config_apply(struct config *config, const struct option *option,
    const char *value, struct fault *fault);
/* Puts one back to what it is when nobody says anything. */
void config_reset(struct config *config, const struct option *option);
/* Fills what no option said from the environment and the files. */
int config_load(struct config *config, struct fault *fault);
void config_free(struct config *config);

#endif
