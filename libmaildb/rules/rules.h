/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * rules.h - the rules of mail that more than one module asks for
 */
#ifndef MAILDB_RULES_H
#define MAILDB_RULES_H

#include "model/model.h"

/* ---- domain.c, user.c, alias.c ------------------------------------------ */

/* The row of a hosted domain by any spelling: 1, or MAILDB_EDOMAIN with a
 * suggestion; with optional, 0 instead. */
int maildb__domain(struct maildb *db, const char *name, bool optional,
    struct maildb__row *row);
/* Fails with MAILDB_ELIMIT when so many more users or aliases are too many. */
int maildb__domain_room(struct maildb *db, const struct maildb__row *domain,
    bool user, int64_t more);
/* Fails with MAILDB_ELIMIT when the users' quotas are too much together. */
int maildb__domain_quota(struct maildb *db, const char *name);
/* Makes a domain what its row says, or a new one when that has no id: 1. */
int maildb__domain_put(struct maildb *db, const struct maildb__row *row);
/* What must fit together in a user's row, before it is written. */
int maildb__user_check(struct maildb *db, const struct maildb__row *row);
/* Refuses a user's name that Dovecot would cut at a delimiter. */
int maildb__user_name(struct maildb *db, const char *local,
    const char *domain);
/* A hash in the form that is stored; malformed ones fail. */
int maildb__user_hash(struct maildb *db, const char *hash, char **out);
/* Parses what may have targets: an alias, a catch-all, a wildcard, a user. */
int maildb__source_address(struct maildb *db, const char *text,
    struct maildb_address *address);
/* Fails for a user who does not exist, with the nearest one. */
int maildb__user_unknown(struct maildb *db, const char *address);
/* What must fit together in the row of a source; and only its window. */
int maildb__alias_check(struct maildb *db, const struct maildb_address *source,
    const struct maildb__row *row);
int maildb__window_check(struct maildb *db, const struct maildb__row *row);
/* Removes what points at an address that is going, with a notice each, and
 * aliases that are left without a target; fails at a protected one. */
int maildb__drop_dependents(struct maildb *db, int64_t address_id,
    unsigned flags);
/* Removes an address row and all that hangs on it, its dependents too unless
 * flags has MAILDB_KEEP_TARGETS: 1. */
int maildb__address_remove(struct maildb *db, int64_t id, unsigned flags);
/* What stops the removal of postmaster and abuse: asked wherever an address
 * row goes or gets another name. */
int maildb__protect(struct maildb *db, const char *domain, const char *local,
    unsigned flags);
/* Fails when a domain has more users, aliases or quota than its limits. */
int maildb__domain_limits(struct maildb *db, const char *name);
/* The same for all domains that a statement lists. */
int maildb__domains_limits(struct maildb *db, enum maildb__stmt_id id);

/* ---- sender.c: sender grants -------------------------------------------- */

/* Parses what a grant may be on: a source, or "@*". */
int maildb__sender_address(struct maildb *db, const char *text,
    struct maildb_address *address);
/* Fails for an address that has an extension, and no row of its own. */
int maildb__sender_bare(struct maildb *db, const char *delimiters,
    const char *domain, const char *local);
/* Removes the grants on an address and those of the user with that id, with a
 * notice each. */
int maildb__sender_end(struct maildb *db, int64_t id, const char *domain,
    const char *local);

/* ---- setting.c ---------------------------------------------------------- */

/* What is wrong with the stored text of a setting, or NULL. */
const char *maildb__setting_fault(const char *name, const char *value);
/* The value of a numeric setting. */
int maildb__setting_int(struct maildb *db, const char *name, int64_t *number);

/* ---- graph.c ------------------------------------------------------------ */

/*
 * Follows an address's targets as if everything were switched on.  Fails with
 * MAILDB_ELOOP, MAILDB_EDEADEND or MAILDB_EEXPANSION and the path; waits for
 * the commit when checks are deferred.  target is the id of the one that must
 * not be dead, 0 for any of them, -1 for none; with MAILDB_ALLOW_DEAD in flags
 * a notice will do.
 */
int maildb__graph_check(struct maildb *db, int64_t address, int64_t target,
    unsigned flags);
/* The same for all that a statement answers: address, and target if it has a
 * second column. */
#define maildb__graph_check_found(db, flags, id, ...) \
	maildb__graph_check_values((db), (flags), (id), \
	    (const struct maildb__value[]){ __VA_ARGS__, V_NULL })
int maildb__graph_check_values(struct maildb *db, unsigned flags,
    enum maildb__stmt_id id, const struct maildb__value *in);
/* The same for what answers now in place of an address that has gone. */
int maildb__graph_check_gone(struct maildb *db, const char *domain,
    const char *local);
/*
 * Around a change that may go round in circles half-way: checks wait for
 * settle, which answers rc or a fault.  held is what hold answered.
 */
bool maildb__graph_hold(struct maildb *db);
int maildb__graph_settle(struct maildb *db, bool held, int rc);
/* Follows everything, and reports each fault once. */
int maildb__graph_report(struct maildb *db, maildb__report_fn *report,
    void *arg);
/* Tells by notices which aliases have no live target now. */
int maildb__graph_warn_dead(struct maildb *db, int64_t address_id);

/* ---- change.c ----------------------------------------------------------- */

/* Checks a password against a hash, NULL for none, with the same work for every
 * user: 1, 0, MAILDB_EHASH for a hash that only Dovecot can check, or an error
 * with the fault set. */
int maildb__verify(struct maildb *db, const char *hash, const char *password);

#endif
