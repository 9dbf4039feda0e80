/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * state.h - states as a whole: staged, applied, copied
 */
#ifndef MAILDB_STATE_H
#define MAILDB_STATE_H

#include "rules/rules.h"

/* ---- stage.c ------------------------------------------------------------ */

void maildb__stage_free(struct maildb *db);
bool maildb__stage_complete(const struct maildb *db);
/* Puts the place of what was staged before the message of the fault kept last;
 * answers its code.  A NULL localpart is a domain's. */
int maildb__stage_locate(struct maildb *db, const char *domain,
    const char *localpart);
/* Writes "FILE:LINE:COLUMN" of a row with file, line and col, if known. */
void maildb__stage_place(struct maildb *db, const struct maildb__row *row,
    struct maildb__buf *buf);
/* Whether destinations may have UTF-8 local parts once all is applied. */
int maildb__stage_smtputf8(struct maildb *db, bool *on);

/* The rows of an import staged so far, and the name of a file by its number. */
int64_t maildb__stage_rows(const struct maildb *db);
const char *maildb__stage_file(const struct maildb *db, int64_t number);
/* Whether an error is about what was asked for, not about the database. */
bool maildb__refusable(int code);

/* ---- stage_apply.c ------------------------------------------------------ */

/* Carries out what is staged, inside a transaction: 1 or 0. */
int maildb__stage_apply(struct maildb *db, unsigned flags,
    const char *const *domains, size_t ndomains, struct maildb_counts *counts);

/* ---- stage_hash.c: passwords, hashed by threads ------------------------- */

struct maildb__hasher;

struct maildb__hashing {
	char *domain, *localpart;
	char *password; /* clear text */
	char *old;      /* the hash stored now, or NULL */
	char *hash;     /* the result; NULL when the password fits old */
	int code;       /* of what failed */
	int64_t n, rank, file, line; /* of the record */
	struct maildb__hashing *next;
};

/* NULL without memory. */
struct maildb__hasher *maildb__hasher_new(const char *scheme,
    unsigned long cost);
/* Takes a job over. */
void maildb__hasher_put(struct maildb__hasher *hasher,
    struct maildb__hashing *job);
/* A job that is done, the caller's now; NULL when none is left.  Waits for one
 * when most are under way, or all if wait. */
struct maildb__hashing *maildb__hasher_get(struct maildb__hasher *hasher,
    bool wait);
void maildb__hashing_free(struct maildb__hashing *job);
/* Ends the threads and forgets what was not taken. */
void maildb__hasher_free(struct maildb__hasher *hasher);

#endif
