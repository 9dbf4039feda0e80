/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * commands.h - what cmd_table.c takes from the handlers' files
 */
#ifndef MAILCFG_COMMANDS_H
#define MAILCFG_COMMANDS_H

#include "show/out.h"

/* X(handler) for every command's run(). */
#define HANDLERS(X) \
	X(addalias) X(addcatchall) X(adddom) X(adddomalias) X(addrecipient) \
	X(addsender) X(adduser) X(apply) X(backup) X(begin) X(check) \
	X(chpasswd) X(commit) X(complete) X(copydb) X(diff) X(disable) \
	X(enable) X(export) X(hash) X(help) X(history) X(import) X(init) \
	X(log) X(lookup) X(lsalias) X(lscatchall) X(lsdom) X(lsdomalias) \
	X(lsquota) X(lsrecipient) X(lssender) X(lssettings) X(lsuser) \
	X(maps) X(passwd) X(plan) X(poppassd) X(quit) X(rendom) X(renuser) \
	X(rmalias) X(rmcatchall) X(rmdom) X(rmdomalias) X(rmrecipient) \
	X(rmsender) X(rmuser) X(rollback) X(set) X(setalias) X(setdom) \
	X(setquota) X(setrecipient) X(setup) X(setuser) X(shell) X(show) \
	X(source) X(trace) X(upgrade) X(use) X(verify) X(version)

#define DECLARE(name) int cmd_##name(struct call *call);
HANDLERS(DECLARE)
#undef DECLARE

/* What export writes as SQL, for a back end. */
int write_sql(struct call *call, const char *backend);

int prepare_adduser(struct call *call);
int prepare_apply(struct call *call);
int prepare_plan(struct call *call);
int prepare_passwd(struct call *call);
void after_login(struct call *call);
void after_logout(struct call *call);

/* How each kind of object is listed. */
extern const struct listing list_domains, list_users, list_aliases,
    list_recipients, list_senders, list_others;

/* Says "added NOUN ARGUMENT BETWEEN VALUE, VALUE" of those values of the
 * repeated argument that were new; 0 when none was. */
int say_added(struct call *call, const char *noun, const char *between,
    const bool *added);

/* Lists who may send as an address, or as any of "@domain". */
int list_logins(struct call *call, const char *address);

/* Whether a domain exists: 1, 0 with the library's fault set, or an error. */
int domain_exists(struct call *call, const char *name);

/* The column of that name in a row, as text for machines. */
const char *cell(const struct column *columns, const struct value *row,
    size_t count, const char *name, char scratch[40]);

/* Lists what a library function put into *cursor; rc is what it answered. */
int list_found(struct call *call, int rc, const struct listing *listing,
    struct maildb_cursor **cursor);

#endif
