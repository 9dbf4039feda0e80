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

/* Begins or ends a time in which the process is kept so all along. */
void secret_guard(bool on);

/* Moves a word into a secret and wipes it where it was. */
int secret_take(struct secret *secret, char *word);
void secret_drop(struct secret *secret);
void secret_wipe(char *word);
/* Whether a word is a database URL that holds a password, or may. */
bool secret_in_url(const char *word);

/* How the reading of a line ended. */
enum line_end {
	LINE_READ,    /* with a line that had its line end */
	LINE_LAST,    /* with a line that had none */
	LINE_END,     /* there was nothing left */
	LINE_LONG,    /* the line is too long, and was skipped */
	LINE_NUL,     /* it holds a NUL octet */
	LINE_LATE,    /* it did not come in time */
	LINE_STOPPED, /* a signal came */
	LINE_NOMEM,
	LINE_FAILED,  /* errno tells */
};

/* Reads a line, octet by octet so that the rest stays for others, and takes
 * the line end off.  It has to come within so many seconds, if not 0. */
enum line_end secret_line(int fd, int seconds, struct secret *secret);
/* Says why there is no line, and answers the code. */
int secret_no_line(struct call *call, enum line_end found, const char *from);

/* The password of a call, from its argument, an option or the terminal;
 * twice there when it is a new one. */
int secret_read(struct call *call, bool new_one, struct secret *secret);

/*
 * What shall be stored, into call->hash (NULL: no password).  old is the hash
 * stored now, or NULL; when the password fits it, call->keep is set and
 * nothing is hashed.
 */
int secret_hash(struct call *call, const char *address, const char *old);
/* The same of a password, or a hash, that is known already. */
int secret_given(struct call *call, const char *password, const char *address,
    const char *old);
int secret_ready(struct call *call, const char *hash, const char *old);

#endif
