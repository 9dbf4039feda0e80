/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * complete.h - the words that the beginning of one may become
 */
#ifndef MAILCFG_COMPLETE_H
#define MAILCFG_COMPLETE_H

#include "line/command.h"

#define COMPLETE_MOST 200 /* names asked of the database at once */

struct candidate {
	char *word, *help; /* help: what it is, or NULL */
};

struct completion {
	struct cli *cli;
	const char *word;   /* what there is of it, "--option=" left out */
	char *before;       /* that, or NULL: stands before each candidate */
	bool may_be_new;    /* of an object: it need not exist yet */
	struct candidate *found; /* in order, each once */
	size_t count, room;
	bool files;         /* names of files would do */
	bool more;          /* there are more than were asked for */
};

/*
 * Finds what "word" may become after these words of a command line, the
 * program's name left out.  Says nothing and changes nothing, whatever is
 * wrong.  Free it in any case.
 */
void complete(struct completion *completion, struct cli *cli,
    char *const *words, size_t nwords, const char *word);
void complete_free(struct completion *completion);

/* For the types: adds a candidate that begins with the word, */
void complete_add(struct completion *completion, const char *word,
    const char *help);
/* the literal ones of "one|two|SIZE", */
void complete_choices(struct completion *completion, const char *choices);
/* names of the database that begin with it. */
void complete_names(struct completion *completion, enum maildb_names what);
/* NAME@DOMAIN for what has its @ already, with each domain. */
void complete_at_domains(struct completion *completion);

#endif
