/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * call.h - a command, a call of it, and the run of the program around both
 *
 * The table of commands is the only description of them: the dispatcher, the
 * help and whatever else reads command lines work from its rows.
 */
#ifndef MAILCFG_CALL_H
#define MAILCFG_CALL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <sys/types.h>

#include <maildb.h>

#define PROGRAM "mailcfg"
#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

struct call;
struct completion;
struct out;
struct shell;

/* ---- what went wrong ------------------------------------------------ */

/* Errors of the command line itself; the others are the library's. */
enum cli_error {
	CLI_EUSAGE = -100,  /* the words make no call */
	CLI_ESTRICT = -101, /* warnings, with --strict */
	CLI_EBATCH = -102,  /* some lines of a batch failed */
	CLI_EFOUND = -103,  /* a question was answered with "no" */
	CLI_EUNASKED = -104, /* some of it could not be checked */
};

#define EXIT_DIFFERENT 5 /* --exit-code: there are changes */

/* The same facts as struct maildb_fault, owned, and who met them. */
struct fault {
	int code;
	const char *command;
	char *message, *field, *value, *hint;
};

const char *error_name(int code);
int error_status(int code);
int fault_set(struct fault *fault, int code, const char *field,
    const char *value, const char *hint, const char *format, ...)
    __attribute__((format(printf, 6, 7)));
void fault_from(struct fault *fault, int code, const struct maildb *db);
void fault_clear(struct fault *fault);
/* Cuts what is too long for a line, in place. */
void text_shorten(char *text);

/* The nearest of the names to a mistyped word; an index, or -1. */
int suggest(const char *word, const char *const *names, size_t count);

/* ---- what options say, and secrets ----------------------------------- */

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

/* A text that is wiped when it is dropped.  While any exists the process
 * leaves no core and cannot be traced by others of its user. */
struct secret {
	char *text;
};

/* ---- arguments and options ------------------------------------------ */

enum type_id {
	TYPE_WORD,     /* anything but nothing */
	TYPE_TEXT,     /* anything */
	TYPE_DOMAIN,   /* a domain name */
	TYPE_ADDRESS,  /* an address that may have a mailbox */
	TYPE_SOURCE,   /* what an alias may be: also wildcard and catch-all */
	TYPE_SENDER,   /* what a sender grant may be on: a source, or @* */
	TYPE_CATCHALL, /* a domain, written with or without the @ */
	TYPE_TARGET,   /* where an alias may lead */
	TYPE_ASKED,    /* an address to ask about, whatever its form */
	TYPE_OBJECT,   /* an address or a domain */
	TYPE_ID,       /* the number of an alias */
	TYPE_NUMBER,   /* a count, at least 0 */
	TYPE_TIME,     /* a time, past ones included */
	TYPE_SECRET,   /* a password */
	TYPE_FILE,     /* a path */
	TYPE_COMMAND,  /* a command's name */
	TYPE_MAP,      /* a map's name */
	TYPE_SETTING,  /* a setting's name */
	TYPES,
};

#define ARG_OPTIONAL 0x01u
#define ARG_REPEAT   0x02u /* the last argument, one or more times */
#define ARG_SECRET   0x04u /* wiped where it came from */
#define ARG_NEW      0x08u /* names what need not exist yet */
#define ARG_WIPE     0x10u /* wiped likewise: it may be any word */
#define ARG_URL      0x20u /* wiped if it is a URL with a password */

struct arg {
	const char *name; /* "ADDRESS" */
	enum type_id type;
	unsigned bits;
	const char *choices; /* "postfix|dovecot", or NULL */
};

#define OPT_LATE    0x01u /* a global option that may follow the command */
#define OPT_ONEDASH 0x02u /* also "-id", as the first mailcfg had it */
#define OPT_SECRET  0x04u /* its value is wiped where it came from */
#define OPT_FILE    0x08u /* a global option that a file may give as well */
#define OPT_NOARGV  0x10u /* ... and nothing but a file, or the shell */
#define OPT_BARE    0x20u /* its value may be left out; else it is =VALUE */
#define OPT_MANY    0x40u /* may be given more than once */
#define OPT_SHELL   0x80u /* a global option that "set" changes in the shell */

struct option {
	const char *name; /* "force", without dashes */
	char letter;      /* or 0 */
	unsigned bits;
	const char *arg; /* what its value is called; NULL: a switch */
	enum type_id type;
	const char *choices; /* "2.3|2.4", or NULL */
	unsigned flag;       /* the library's flag that a switch stands for */
	const char *help;
};

/* ---- commands ------------------------------------------------------- */

#define CMD_DB      0x01u /* is called with an open database */
#define CMD_WRITE   0x02u /* changes it: runs in a transaction */
#define CMD_ANY     0x04u /* takes a database of any schema version */
#define CMD_ALONE   0x08u /* not in a batch, nor with --check */
#define CMD_FIELDS  0x10u /* has the fields of .kind as options */
#define CMD_NEW     0x20u /* ... also those given only when adding */
#define CMD_SHELL   0x40u /* of the shell's session, and nowhere else */
#define CMD_HIDDEN  0x80u /* for programs: in no list of commands */
#define CMD_CHECKS 0x100u /* alone, but heeds --check by itself */

enum command_group {
	GROUP_USER,
	GROUP_DOMAIN,
	GROUP_ALIAS,
	GROUP_ASK,
	GROUP_DATABASE,
	GROUP_SHELL,
	GROUPS,
};

#define COMMAND_ARGS 3
#define COMMAND_OPTIONS 4

struct command {
	const char *name;
	const char *aliases[2];
	enum command_group group;
	unsigned flags;
	enum maildb_kind kind; /* what it is about; whose fields it has */
	/* For what is of another kind: the command to use, with the name in
	 * place of %s; or NULL. */
	const char *const *instead;
	const char *summary; /* a phrase without a full stop */
	struct arg args[COMMAND_ARGS];
	/* Lists of options, each ended by one without a name. */
	const struct option *options[COMMAND_OPTIONS];
	/* What takes long or asks the user, before the transaction; or NULL. */
	int (*prepare)(struct call *call);
	/* 1 changed something, 0 did not, or an error. */
	int (*run)(struct call *call);
	/* Once a change is committed; or NULL. */
	void (*after)(struct call *call);
};

/* All commands, in the order in which help lists them. */
struct commands {
	const struct command *list;
	size_t count;
	const char *const *groups; /* titles, by enum command_group */
};

/* ---- the run of the program ----------------------------------------- */

/* One run: what was asked for before any command, and the open database. */
struct cli {
	const struct commands *commands;
	struct config config;
	struct maildb *db;
	struct out *out;
	bool opened;
	bool batch; /* commands come from a file, in one transaction */
	struct shell *shell; /* they come one by one; or NULL */
	char *domain; /* that an address without one is in; or NULL */
	bool parsed, secret; /* the last command line was a call; held one */
	const char *file; /* they come from, and the line in it */
	unsigned long line;
	struct call *call; /* the one being carried out, for notices */
	struct fault fault; /* of a line or of the whole batch */
	bool different; /* --exit-code, and something changed */
	bool committed; /* a change */
	char *made; /* the path of a database that this run made; or NULL */
};

/* ---- signals.c ------------------------------------------------------ */

void signals_catch(void);
/* The database whose statements a signal stops; NULL for none. */
void signals_attend(struct maildb *db);
/* Whether a signal asked to stop. */
bool cli_interrupted(void);
/* While another program has the terminal: Ctrl-C is not for this one. */
void signals_yield(bool on);
/* A terminal that is about to be changed, to be put back by a signal that ends
 * the program; -1 for none. */
void signals_terminal(int fd);
/* Ends the program as the signal does when it is not caught. */
void signals_die(int sig);
/* Forgets a Ctrl-C; false when the whole program was asked to end. */
bool signals_resume(void);

/* ---- words.c -------------------------------------------------------- */

/* Splits a line into words in place, as a shell would: 0, CLI_EUSAGE when a
 * quote is not closed, or MAILDB_ENOMEM.  The array ends with NULL; free it,
 * not the words.  words_wrong() says what the error means. */
int words_split(char *line, char ***words, size_t *count);
const char *words_wrong(int rc);

/* ---- calls ---------------------------------------------------------- */

#define CALL_GIVEN 64

struct given {
	const struct option *option;
	char *value; /* "" for a switch */
};

/* One command line being carried out. */
struct call {
	struct cli *cli;
	struct config config; /* the run's, with what this line says */
	struct maildb *db;
	const struct command *command;
	char *arg[COMMAND_ARGS]; /* canonical; NULL when not given */
	char **rest; /* values of an argument that repeats, arg's included */
	size_t nrest;
	struct given given[CALL_GIVEN];
	size_t ngiven;
	struct maildb_attr attrs[CALL_GIVEN];
	size_t nattrs;
	unsigned flags; /* the library's, from switches */
	struct secret password; /* the password argument */
	bool exposed; /* it stood on the command line */
	bool exposed_url; /* a database's password did, in an argument */
	char *hash; /* what prepare made of a password */
	bool keep;  /* prepare found nothing to do about the password */
	unsigned warnings;
	char *message; /* the one line about what changed */
	char *generated; /* a password that the user has to be told */
	struct fault fault;
};

/* An option's value ("" for a switch), or NULL when it was not given. */
const char *call_option(const struct call *call, const char *name);
/* Sets the call's fault and answers code. */
#define call_fail(call, code, field, value, hint, ...) \
	fault_set(&(call)->fault, code, field, value, hint, __VA_ARGS__)
/* Passes rc on; when it is 1, says what changed. */
int call_changed(struct call *call, int rc, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
/* ---- files.c, denied.c ---------------------------------------------- */

/* Why this user cannot read or write a file, to be freed, or NULL: the part of
 * the path that is missing or lacks a permission.  makes: its directory need not
 * be there. */
char *denied_hint(const char *path, bool writes, bool makes);
/* Makes a file hold a text, whole or not at all: 1 if it did not before. */
int file_write(struct call *call, int directory, const char *name,
    const char *text, mode_t mode, gid_t group);

#endif
