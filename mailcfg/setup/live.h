/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * live.h - what the files of "check --live" share
 */
#ifndef MAILCFG_SETUP_LIVE_H
#define MAILCFG_SETUP_LIVE_H

#include <sys/types.h>

#include "machine.h"
#include "wire.h"

#define PROBE_SECONDS 30 /* for one conversation, or one program */
#define SAMPLE 8         /* addresses and domains of a kind, at most */

/* A user as the kernel sees it. */
struct identity {
	uid_t uid;
	gid_t groups[64]; /* the first is its own */
	size_t ngroups;
};

/* Addresses of the database that daemons are asked about. */
struct sample {
	char *user;      /* who receives mail and logs in; NULL: nobody does */
	char *limited;   /* the same, with a quota of limit bytes */
	int64_t limit;
	char *disabled;  /* a user who may not log in */
	char *unknown;   /* in a mailbox domain, and nobody's; or anywhere */
	char *keys[8 * SAMPLE]; /* all of them, aliases and catch-alls */
	size_t nkeys;
};

/* Something that is not as required, or (SEVERITY_UNASKED) was not checked. */
#define SEVERITY_UNASKED (-1)
struct finding {
	int severity;
	const char *code;
	enum daemon daemon;
	char *object, *message, *seen, *wanted, *hint;
	const char *required;
	bool known; /* the last run had it, or it is to be dropped */
};

struct live {
	struct machine *machine;
	struct sample sample;
	struct finding *findings;
	size_t nfindings;
	unsigned needed[DAEMONS], held[DAEMONS]; /* requirements */
	bool *open;            /* by row: whether it is not known to hold */
	bool broken[DAEMONS];  /* its configuration is of no use */
	char *delivered;       /* --send: what was read back, and where */
};

/* ---- live.c: findings ------------------------------------------------ */

/* Answers of a probe: 0 and -1, with a sentence that begins in lower case. */
int answer_no(struct answer *answer, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
int answer_unasked(struct answer *answer, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
/* What the finding is about, and what mends it, instead of the row's. */
void answer_about(struct answer *answer, const char *object);
void answer_hint(struct answer *answer, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
/* "could not be asked", for a program or conversation that failed. */
int answer_failed(struct answer *answer, const char *what, int error);

/* Whether a code has a finding already. */
bool live_found(const struct live *live, const char *code);
/* Whether there is an error. */
bool live_failed(const struct live *live);
struct finding *live_find(struct live *live, int severity, const char *code,
    enum daemon daemon, const char *required);

/* ---- live_report.c ---------------------------------------------------- */

/* Shows all findings, or (changed) those that are not known: 0, CLI_EFOUND or
 * CLI_EUNASKED for what they are, or an error. */
int live_report(struct live *live, bool changed);
/* --changed: marks what the last run found, and keeps what this one did. */
int live_remember(struct live *live);

/* ---- live_sample.c ---------------------------------------------------- */

int sample_take(struct live *live);
void sample_free(struct sample *sample);
/* Rows of a map for a key joined by ",", as postmap prints them: 1 with *out
 * for the caller to free, 0 when there are none, or an error. */
int sample_lookup(struct machine *machine, const char *map, const char *key,
    char **out);

/* ---- live_system.c ---------------------------------------------------- */

/* A user and its groups, as /etc/group has them: 0, or -1. */
int identity_find(const char *user, struct identity *identity);
/* Becomes that user for file access and sockets, and root again.  Nothing but
 * what is to be tried may happen in between. */
int identity_enter(const struct identity *identity);
void identity_leave(void);

/* The process in a pid file when a program of that name runs; 0: none does;
 * -1: the file may not be read. */
pid_t process_of(const char *path, const char *name);
/* Calls found for each child of a process with that name, until it returns
 * other than 0, and returns that. */
int process_children(pid_t parent, const char *name,
    int (*found)(void *arg, pid_t pid), void *arg);
/* The real group numbers and user of a process: 0, or -1. */
int process_identity(pid_t pid, struct identity *identity);
bool identity_has(const struct identity *identity, gid_t group);

/* ---- live_postfix.c, live_dovecot.c ----------------------------------- */

/* The path of one of Postfix's sockets. */
void postfix_path(const struct machine *machine, char path[512],
    const char *name);
pid_t postfix_master(const struct machine *machine);
pid_t dovecot_master(const struct machine *machine);
/* Connects to a socket as Postfix does. */
int postfix_socket(struct machine *machine, struct wire *wire,
    const char *name);

/* ---- live_send.c ------------------------------------------------------ */

/* Delivers one message to an address (NULL: the setting admin), reads it back
 * and removes it: 1, 0 with a finding, or an error. */
int live_send(struct live *live, const char *address);

#endif
