/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * stmt.h - every SQL statement, named, as generated from sql/ and schema/
 */
#ifndef MAILDB_STMT_H
#define MAILDB_STMT_H

#include "maildb.h"
#include "db/stmt_list.h"

enum maildb__backend {
	MAILDB__SQLITE,
	MAILDB__PGSQL,
	MAILDB__BACKENDS,
};

struct maildb__column {
	const char *name;
	enum maildb_type type;
};

struct maildb__stmt {
	const char *name;
	const char *text[MAILDB__BACKENDS];
	const struct maildb__column *in, *out;
	unsigned nin, nout;
	bool writes; /* what others see */
	bool temp;   /* writes to TEMP tables only: no lock, no journal */
	bool scans; /* may read a whole table; the plan test knows why */
	const char *copy; /* PostgreSQL's text for many rows at once, or NULL */
};

extern const struct maildb__stmt maildb__stmts[MAILDB__STMTS];

/* Steps of each back end in order, ended by NULL; step i leads to version
 * i + 1. */
#define MAILDB__SCHEMA_MAX 32
extern const char *const
    maildb__schema[MAILDB__BACKENDS][MAILDB__SCHEMA_MAX];

/* schema/pgsql/roles.sql */
extern const char maildb__pgsql_roles[];

#endif
