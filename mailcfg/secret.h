/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * secret.h - passwords on their way from a person to the library
 */
#ifndef MAILCFG_SECRET_H
#define MAILCFG_SECRET_H

#include <stdbool.h>

struct call;

/* A text that is wiped when it is dropped.  While any exists the process
 * leaves no core and cannot be traced by others of its user. */
struct secret {
	char *text;
};

/* Moves a word into a secret and wipes it where it was. */
int secret_take(struct secret *secret, char *word);
void secret_drop(struct secret *secret);
void secret_wipe(char *word);

/* The password of a call, from its argument, an option or the terminal;
 * twice there when it is a new one. */
int secret_read(struct call *call, bool new_one, struct secret *secret);

/*
 * What shall be stored, into call->hash (NULL: no password).  old is the hash
 * stored now, or NULL; when the password fits it, call->keep is set and
 * nothing is hashed.
 */
int secret_hash(struct call *call, const char *address, const char *old);

#endif
