/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * owner.h - users, groups, owners and modes, as getent knows them
 *
 * The C library would load modules for users that may not fit ours behind
 * --root; getent is the machine's own.
 */
#ifndef MAILCFG_SETUP_OWNER_H
#define MAILCFG_SETUP_OWNER_H

#include <stdbool.h>
#include <sys/types.h>

/* The number of a user or group, by name or number; -1: there is none. */
long owner_user(const char *name);
long owner_group(const char *name);
/* A user's home for the caller to free, or NULL. */
char *owner_home(const char *name);
/* Whether a user is in a group. */
bool owner_member(const char *user, const char *group);

/* Compares a path with "MODE OWNER:GROUP": 0 when there is nothing, 1 when it
 * is so, 2 when it is not, with what is there in modes. */
int owner_modes(const char *path, const char *wanted, char modes[64]);
/* Whether the owner in "MODE OWNER:GROUP" may create files in a directory, or
 * somebody else than root has it. */
bool owner_writes(const char *path, const char *wanted);
/* Makes it so: 0, or -1 with errno. */
int owner_set(const char *path, const char *wanted);

#endif
