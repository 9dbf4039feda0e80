/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * setup.h - what a mail server needs: one table of requirements, its readers
 *
 * A requirement is a row: where it is written, what is wanted there, how that
 * joins what an administrator has, and why.  "setup" writes the rows, "check
 * --live" compares them, and "maps" prints them.  A new requirement is a row;
 * a new kind of place is a row of places[] (place.c).
 */
#ifndef MAILCFG_SETUP_H
#define MAILCFG_SETUP_H

#include "show/out.h"

struct machine;
struct maps_reader;
struct requirement;

/* ---- the table ------------------------------------------------------ */

enum daemon { DAEMON_SYSTEM, DAEMON_POSTFIX, DAEMON_DOVECOT, DAEMONS };

enum severity { SEVERITY_NOTE, SEVERITY_WARNING, SEVERITY_ERROR };

/* Facts of a machine; a row applies where all facts of its .when hold. */
#define ON_SQLITE      0x0001u
#define ON_PGSQL       0x0002u
#define ON_PROXY       0x0004u /* Postfix asks through proxymap */
#define ON_DIRECT      0x0008u /* each Postfix process opens the database */
#define ON_DOVECOT_23  0x0010u
#define ON_DOVECOT_24  0x0020u
#define ON_POSTFIX_39  0x0040u /* 3.9 or later */
#define ON_SIEVE       0x0080u /* the plugin is installed */
#define ON_QUOTA       0x0100u /* likewise */
#define ON_LOCAL       0x0200u /* PostgreSQL by its socket */
#define ON_REMOTE      0x0400u /* PostgreSQL over the network */
#define ON_LOW_UID     0x0800u /* mail_uid is one that Dovecot refuses */
#define ON_SYSTEMD     0x1000u /* PID 1 is systemd */

/* Where a requirement is written, and what name and wanted are there. */
enum place {
	PLACE_GROUP,     /* NAME; wanted: its number, or "" for any */
	PLACE_USER,      /* NAME; wanted: UID:GID:HOME */
	PLACE_MEMBER,    /* USER; wanted: the group that it must be in */
	PLACE_DIRECTORY, /* PATH; wanted: MODE OWNER:GROUP */
	PLACE_FILE,      /* PATH of one that exists; wanted likewise */
	PLACE_MAIN,      /* main.cf PARAMETER; wanted: its value */
	PLACE_SERVICE,   /* master.cf SERVICE/TYPE; wanted: the line's rest */
	PLACE_OPTION,    /* SERVICE/TYPE/PARAMETER of an -o; its value */
	PLACE_FIELD,     /* COMMAND,.../FIELD of all such services; its value */
	PLACE_SETTING,   /* Dovecot: SETTING; wanted: its value */
	PLACE_BLOCK,     /* Dovecot: BLOCK|BLOCK; wanted: lines of it */
	PLACE_COMMENTED, /* Dovecot: FILE; wanted: a line without effect */
	PLACE_LINES,     /* FILE; wanted: lines of it */
	PLACE_RUNNING,   /* nowhere: only a probe tells */
	PLACES,
};

/* How what is wanted joins what is there.  Lists are joined by phrases: a
 * table, a word, or a restriction with its argument (list.c). */
enum join {
	JOIN_SET,     /* takes its place */
	JOIN_DEFAULT, /* takes the place of a default; else it is left */
	JOIN_MISSING, /* only where there is nothing */
	JOIN_FIRST,   /* ours stand before all others */
	JOIN_AHEAD,   /* ours stand before the first permit */
	JOIN_LAST,    /* ours stand behind, but before a final permit, reject */
	JOIN_ADD,     /* ours are among them */
	JOIN_WITHOUT, /* ours are not among them */
	JOIN_LIMIT,   /* a number that is at most ours */
};

/* What a probe says about a requirement that does not hold, or that it could
 * not ask about.  The caller frees all three; each may be NULL. */
struct answer {
	char *object; /* instead of the row's name */
	char *seen;   /* a sentence without a full stop */
	char *hint;   /* instead of the row's */
};

/*
 * Asks the running machine about a row: 1 when the requirement holds, 0 when
 * not, negative when it could not be asked.
 */
typedef int probe_fn(struct machine *machine, const struct requirement *row,
    struct answer *answer);

struct requirement {
	const char *code; /* of the finding; rows may share one */
	enum daemon daemon;
	unsigned when;
	enum severity severity;
	enum place place;
	enum join join;
	const char *name;   /* with @words@, as wanted; see word.c */
	const char *wanted;
	/* A value that nobody chose: the distribution's, or Postfix's where
	 * no Postfix can be asked. */
	const char *basis;
	const char *why;  /* a sentence: message of a finding, and comment */
	const char *hint; /* what to do when setup cannot do it; or NULL */
	probe_fn *probe;  /* or NULL: the configuration tells all */
};

extern const struct requirement requirements[];
extern const size_t nrequirements;

/* X(name) for every probe; probe_NAME is in live*.c. */
#define PROBES(X) \
	X(admin_role) X(after_database) X(aliases) X(authentication) \
	X(connections) X(database_open) X(dovecot_readable) \
	X(dovecot_running) X(forged_sender) X(host_name) X(inbox) X(lmtp) \
	X(local_overrides) X(mail_root) X(main_once) X(map_lookup) \
	X(maps_current) X(passfiles) X(peer) X(policy) \
	X(postfix_readable) X(postfix_running) X(proxymap_groups) X(quota) \
	X(sample) X(sasl) X(smtputf8) X(submission) X(tls) \
	X(user_list) X(worker_groups)
#define DECLARE_PROBE(name) probe_fn probe_##name;
PROBES(DECLARE_PROBE)
#undef DECLARE_PROBE

/* ---- process.c: programs, without a shell ---------------------------- */

struct process {
	const char *const *argv;
	const char *user;  /* to be, with that user's groups; NULL: as we are */
	const char *input; /* on stdin; NULL: nothing */
	int seconds;       /* before it is killed; 0: 60 */
};

struct output {
	int status; /* exit status; 128 + signal; -1: it could not be run */
	bool expired;
	char *out, *err; /* never NULL after process_run() */
};

/* Runs a program to its end: 0, or MAILDB_ENOMEM; free the output. */
int process_run(const struct process *process, struct output *output);
/* The same for words up to a NULL. */
int process_words(struct output *output, const char *program, ...)
    __attribute__((sentinel));
void output_free(struct output *output);
/* Starts a program to talk to: a descriptor that is its standard input and
 * output, or a negative errno; process_stop() ends it. */
int process_start(const char *const *argv, pid_t *pid);
void process_stop(pid_t pid);
/* Whether a program is in one of the usual directories. */
bool process_exists(const char *program);

/* ---- machine.c: what is there --------------------------------------- */

/* What a command line asks of a machine. */
struct setup_options {
	bool direct;
	int postfix;    /* 100 * major + minor; 0: ask Postfix */
	int dovecot;    /* likewise */
	bool blank;     /* look at nothing: for what "maps" prints */
	bool force;     /* take the place of an administrator's values */
	const char *postfix_maps; /* directories of map files; NULL: usual */
	const char *dovecot_maps;
};

struct machine *machine_new(struct call *call,
    const struct setup_options *options);
/* Looks at the daemons: 0, or an error with the call's fault set. */
int machine_look(struct machine *machine);
void machine_free(struct machine *machine);

struct call *machine_call(const struct machine *machine);
unsigned machine_facts(const struct machine *machine);
/* Releases as 100 * major + minor; 0: not installed. */
int machine_postfix(const struct machine *machine);
int machine_dovecot(const struct machine *machine);
/* Who reads the map files of Postfix or Dovecot. */
struct maps_reader *machine_reader(struct machine *machine,
    enum daemon daemon);
/* Whether a row applies here. */
bool machine_needs(const struct machine *machine,
    const struct requirement *row);
/* Fills the words between two @ of a template: 0 and *out for the caller to
 * free, or an error. */
int machine_fill(struct machine *machine, const char *template, char **out);

/* main.cf: the value as written (NULL: nowhere), by default, and expanded. */
const char *machine_main(const struct machine *machine, const char *name);
const char *machine_main_default(const struct machine *machine,
    const char *name);
const char *machine_main_expanded(const struct machine *machine,
    const char *name);
/* master.cf: SERVICE/TYPE/FIELD, or SERVICE/TYPE/PARAMETER of an -o. */
const char *machine_field(const struct machine *machine, const char *name);
const char *machine_option(const struct machine *machine, const char *name);
/* Dovecot: "SETTING" or "BLOCK|SETTING", NULL when it is not set. */
const char *machine_setting(const struct machine *machine, const char *name);

/* ---- place.c: a row compared with the machine ------------------------ */

/* One thing of a row that is not as wanted; strings live for the call. */
struct difference {
	const struct requirement *row;
	const char *object; /* "smtputf8_enable" */
	const char *actual; /* NULL: nothing is there */
	const char *wanted; /* joined with what is there */
	bool left; /* an administrator's: setup leaves it */
};

typedef int difference_fn(void *arg, const struct difference *difference);

/* Calls found for each difference: 0 when all went well, or found's error.
 * A row that holds has none. */
int requirement_compare(struct machine *machine,
    const struct requirement *row, difference_fn *found, void *arg);

/* ---- snippet.c: rows as configuration, for "maps" and for Dovecot ------ */

typedef int snippet_fn(struct machine *machine, FILE *to);
snippet_fn snippet_main, snippet_master, snippet_dovecot;

/* ---- domain.c --------------------------------------------------------- */

/* Warns when Postfix, set up by us, has a new domain in mydestination. */
void setup_warn_domain(struct call *call, const char *domain);

/* ---- live.c ---------------------------------------------------------- */

struct live_options {
	bool changed;     /* show only what the last run did not find */
	bool send;        /* deliver a message, and read it back */
	const char *to;   /* to this address; NULL: to the administrator */
};

/* Asks the running machine, as "check --live" (options may be NULL): 0, CLI_EFOUND when there is an
 * error, CLI_EUNASKED when something could not be asked, or an error. */
int live_check(struct machine *machine, const struct live_options *options);
/* Whether a probe has its place in the order of questions. */
bool live_asks(probe_fn *probe);

#endif
