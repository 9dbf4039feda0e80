/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * list.h - Postfix's lists: of tables, words, and restrictions
 *
 * A list is divided into phrases: a word, or a restriction that takes an
 * argument with its argument ("check_sender_access hash:/etc/postfix/a").
 * Braces keep blanks and commas together, as in postconf(5).
 */
#ifndef MAILCFG_SETUP_LIST_H
#define MAILCFG_SETUP_LIST_H

#include <stdbool.h>
#include <stddef.h>

#include "setup.h"

struct list {
	char **phrase;
	size_t count;
};

/* Divides text: 0, or MAILDB_ENOMEM; free the list in both cases. */
int list_parse(struct list *list, const char *text);
void list_free(struct list *list);
/* The phrases with a separator between words, for the caller to free. */
char *list_text(const struct list *list, const char *separator);

/* Whether two phrases name the same thing: through proxymap or not, in
 * whichever database, with whichever options. */
bool phrase_same(const char *a, const char *b);
/* The place of the same phrase, or -1. */
int list_find(const struct list *list, const char *phrase);
int list_add(struct list *list, size_t at, const char *phrase);
void list_remove(struct list *list, size_t at);
/* Takes all phrases of words out of a list. */
void list_without(struct list *list, const struct list *words);

/* What actual becomes: 0 and *out for the caller to free.  A list that has
 * all that is wanted is returned as it is. */
int list_join(enum join join, const char *actual, const char *wanted,
    char **out);
/* Whether two texts are the same list. */
bool list_equal(const char *a, const char *b);

/* What a list becomes when the change from old to new is taken back. */
int list_revert(const char *actual, const char *old, const char *new,
    char **out);

#endif
