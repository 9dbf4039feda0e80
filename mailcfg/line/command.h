/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * command.h - reading command lines and carrying them out
 */
#ifndef MAILCFG_COMMAND_H
#define MAILCFG_COMMAND_H

#include "line/config.h"
#include "line/secret.h"

/* ---- argtype.c ------------------------------------------------------ */

/*
 * One kind of argument.  parse writes the canonical text to *out (the caller
 * frees it) or answers an error with the call's fault set.
 */
struct argtype {
	const char *noun; /* "a domain": what messages call it */
	int (*parse)(struct call *call, const char *name, const char *text,
	    char **out);
	/* Adds the words that the beginning of one may become; or NULL. */
	void (*complete)(struct completion *completion);
};

const struct argtype *argtype(enum type_id id);

/* The place of a word in "one|two|three", or -1 with a hint written. */
#define CHOICE_HINT 240
int choice_find(const char *choices, const char *word,
    char hint[CHOICE_HINT]);

/* ---- secret.c ------------------------------------------------------- */

/* Where a command finds the password to check or to hash. */
extern const struct option secret_input[];
/* Further ways to come to a stored one: hashes, a generated one, none. */
extern const struct option secret_stored[];

/* ---- open.c --------------------------------------------------------- */

/* Tells the library who this is, and where its notices go. */
int cli_introduce(struct call *call);
/* Writes changes down as somebody else's, or with NULL as one's own again. */
int cli_act_as(struct cli *cli, const char *who, const char *via);
/* Opens the database once, the default one also when it does not exist. */
int cli_open(struct call *call);
/* Makes the directory, the database and its modes: 1 if it is new. */
int cli_create(struct call *call);
/* Removes the database that a run made and then failed to fill; answers rc, the
 * run's outcome. */
int cli_discard(struct cli *cli, int rc);
/* Closes the database, which the next command opens again. */
int cli_close(struct cli *cli);

/* ---- dispatch.c, batch.c -------------------------------------------- */

/* Carries out one command line; words may be wiped.  Answers as run does, the
 * outcome shown already. */
int dispatch(struct cli *cli, char **words, size_t nwords);
/* Reads the option at words[*at] of a call; see dispatch.c. */
int take_option(struct call *call, char **words, size_t nwords, size_t *at,
    bool maybe);
int batch_run(struct cli *cli, const char *path);
/* The fields that a command takes as options, one after the other: the next
 * from *at on, or NULL.  A field valid_from is the option --valid-from. */
const struct maildb_field *command_field(const struct command *command,
    size_t *at);
/* The field that an option of that name is. */
const struct maildb_field *command_field_option(const struct command *command,
    const char *name, size_t len);
/* An option that may follow a command, by its name (of len octets) or by its
 * letter, that has these bits; or NULL. */
const struct option *command_option(const struct command *command,
    const char *name, size_t len, char letter, unsigned bits);
/* Writes a field's name as the option that it is: valid-from. */
void field_option(const struct maildb_field *field, char out[32]);

/* ---- kind.c --------------------------------------------------------- */

/* Passes rc on; when the name given is of a kind that the command is not about,
 * says so, and which command is meant. */
int explain_kind(struct call *call, int rc);
/* Writes the command to use for a name of a kind; "" when there is none. */
void kind_hint(const struct call *call, enum maildb_kind kind,
    const char *name, char *hint, size_t size);

/* ---- help.c --------------------------------------------------------- */

/* The command of that name or alias, or NULL. */
const struct command *command_find(const struct commands *commands,
    const char *name);
/* Writes "did you mean ...?" for a mistyped command: 1, or 0 for nothing. */
int command_suggest(const struct commands *commands, const char *name,
    char hint[80]);

void help_commands(FILE *to, const struct commands *commands);
void help_command(FILE *to, const struct command *command);
void help_usage(FILE *to, const struct command *command);
const char *help_field_value(const struct maildb_field *field);

#endif
