/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * steps.h - tests as transcripts: a call of the library on a line, its outcome
 *
 * A line is words: what to do, names, then flags (+force) and fields (a=b, or
 * a alone for NULL).  The table in steps.c lists what there is.
 *
 * An outcome is "1" or "0" with a line for each notice ("\ncode: message"), or
 * "code field=value: message | hint" of the fault, where what is NULL is left
 * out.  Listings are words in their order.
 */
#ifndef LIB_STEPS_H
#define LIB_STEPS_H

#include "lib.h"

struct lib_step {
	const char *line;    /* "new" begins on an empty database */
	const char *outcome; /* a pattern as of fnmatch(3) */
};

/* Takes the steps on a database of their own, and asserts each outcome. */
#define LIB_STEPS(steps) \
	lib_steps(__FILE__, (steps), sizeof(steps) / sizeof((steps)[0]))
void lib_steps(const char *file, const struct lib_step *steps, size_t n);

/* Takes one step on a handle; the caller frees the outcome. */
char *lib_step(struct maildb *db, const char *line);

/* The same, and asserts the outcome. */
#define LIB_STEP(db, line, outcome) \
	lib_assert_step(__FILE__, __LINE__, (db), (line), (outcome))
void lib_assert_step(const char *file, unsigned at, struct maildb *db,
    const char *line, const char *outcome);

#endif
