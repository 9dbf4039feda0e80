/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * list.c - Postfix's lists: divided, compared and joined
 */
#include <stdlib.h>
#include <string.h>

#include "list.h"

static const char blank[] = " \t\r\n,";

/* ---- phrases ---------------------------------------------------------- */

/* The end of the word at text: braces keep what is in them together. */
static const char *
word_end(const char *text)
{
	int depth = 0;

	for (; *text != '\0' && (depth > 0 || strchr(blank, *text) == NULL);
	    text++)
		if (*text == '{')
			depth++;
		else if (*text == '}' && depth > 0)
			depth--;
	return text;
}

static bool
begins(const char *text, const char *with)
{
	return strncmp(text, with, strlen(with)) == 0;
}

/* Whether the word before an argument takes one. */
static bool
takes_argument(const char *word, size_t len)
{
	static const char *const prefixes[] = { "check_", "reject_rbl_client",
		"reject_rhsbl_", "permit_dnswl_client", "permit_rhswl_client",
		"warn_if_reject", "sleep" };
	size_t i;

	/* These end a table of words that begin alike. */
	for (i = 0; i < COUNT(prefixes); i++)
		if (len >= strlen(prefixes[i]) && begins(word, prefixes[i]))
			return memchr(word, ':', len) == NULL;
	return false;
}

/* The end of the phrase at text. */
static const char *
phrase_end(const char *text)
{
	const char *end = word_end(text), *next;

	while (takes_argument(text, (size_t)(end - text))) {
		next = end + strspn(end, blank);
		if (*next == '\0')
			break;
		text = next;
		end = word_end(next);
	}
	return end;
}

/* Copies a phrase with one blank between its words. */
static char *
phrase_copy(const char *at, const char *end)
{
	char *copy = malloc((size_t)(end - at) + 1), *to = copy;
	const char *stop;

	if (copy == NULL)
		return NULL;
	for (; at < end; at = stop + strspn(stop, blank)) {
		stop = word_end(at);
		if (to > copy)
			*to++ = ' ';
		to = mempcpy(to, at, (size_t)(stop - at));
	}
	*to = '\0';
	return copy;
}

/* Puts a phrase at a place, taking the string over. */
static int
insert(struct list *list, size_t at, char *phrase)
{
	char **more = realloc(list->phrase, (list->count + 1) * sizeof(*more));

	if (more != NULL)
		list->phrase = more;
	if (more == NULL || phrase == NULL) {
		free(phrase);
		return MAILDB_ENOMEM;
	}
	memmove(more + at + 1, more + at, (list->count - at) * sizeof(*more));
	more[at] = phrase;
	list->count++;
	return 0;
}

int
list_add(struct list *list, size_t at, const char *phrase)
{
	return insert(list, at, strdup(phrase));
}

void
list_remove(struct list *list, size_t at)
{
	free(list->phrase[at]);
	list->count--;
	memmove(list->phrase + at, list->phrase + at + 1,
	    (list->count - at) * sizeof(*list->phrase));
}

int
list_parse(struct list *list, const char *text)
{
	const char *end;
	int rc = 0;

	*list = (struct list){ NULL, 0 };
	for (text += strspn(text, blank); rc == 0 && *text != '\0';
	    text = end + strspn(end, blank)) {
		end = phrase_end(text);
		rc = insert(list, list->count, phrase_copy(text, end));
	}
	return rc;
}

void
list_free(struct list *list)
{
	while (list->count > 0)
		free(list->phrase[--list->count]);
	free(list->phrase);
	list->phrase = NULL;
}

/* Writes a phrase; with a separator without blanks, so do its words. */
static void
put_phrase(FILE *to, const char *phrase, const char *separator)
{
	const char *end;

	for (; *phrase != '\0'; phrase = end + (*end == ' ')) {
		end = word_end(phrase);
		fwrite(phrase, 1, (size_t)(end - phrase), to);
		if (*end == ' ')
			fputs(strchr(separator, ' ') != NULL ? " " :
			    separator, to);
	}
}

char *
list_text(const struct list *list, const char *separator)
{
	char *text = NULL;
	size_t size, i;
	FILE *to = open_memstream(&text, &size);

	if (to == NULL)
		return NULL;
	for (i = 0; i < list->count; i++) {
		if (i > 0)
			fputs(separator, to);
		put_phrase(to, list->phrase[i], separator);
	}
	if (fclose(to) != 0) {
		free(text);
		return NULL;
	}
	return text;
}

/* ---- the same thing --------------------------------------------------- */

/* Moves over what makes no other table of a table. */
static const char *
skip_type(const char *word)
{
	static const char *const types[] = { "proxy:", "sqlite:", "pgsql:" };
	size_t i;

	for (i = 0; i < COUNT(types); i++)
		if (begins(word, types[i]))
			word += strlen(types[i]);
	return word;
}

/* The first word in braces, which options follow, or the word itself. */
static size_t
bare_word(const char **word, size_t len)
{
	if (len > 0 && **word == '{') {
		++*word;
		*word += strspn(*word, blank);
		return strcspn(*word, " \t\r\n,}");
	}
	return len - (size_t)(skip_type(*word) - *word);
}

bool
phrase_same(const char *a, const char *b)
{
	const char *end_a, *end_b, *word_a, *word_b;
	size_t len;

	for (; *a != '\0' && *b != '\0'; a = end_a + (*end_a == ' '),
	    b = end_b + (*end_b == ' ')) {
		end_a = word_end(a);
		end_b = word_end(b);
		word_a = a;
		word_b = b;
		len = bare_word(&word_a, (size_t)(end_a - a));
		if (bare_word(&word_b, (size_t)(end_b - b)) != len ||
		    strncmp(skip_type(word_a), skip_type(word_b), len) != 0)
			return false;
	}
	return *a == *b;
}

int
list_find(const struct list *list, const char *phrase)
{
	size_t i;

	for (i = 0; i < list->count; i++)
		if (phrase_same(list->phrase[i], phrase))
			return (int)i;
	return -1;
}

void
list_without(struct list *list, const struct list *words)
{
	size_t i;

	for (i = list->count; i-- > 0;)
		if (list_find(words, list->phrase[i]) >= 0)
			list_remove(list, i);
}

/* Whether all phrases are equal, or the same thing with other options. */
static bool
all_equal(const struct list *a, const struct list *b)
{
	size_t i;

	if (a->count != b->count)
		return false;
	for (i = 0; i < a->count; i++)
		if (strcmp(a->phrase[i], b->phrase[i]) != 0)
			return false;
	return true;
}

bool
list_equal(const char *a, const char *b)
{
	struct list left, right = { NULL, 0 };
	bool equal;

	equal = list_parse(&left, a) == 0 && list_parse(&right, b) == 0 &&
	    all_equal(&left, &right);
	list_free(&left);
	list_free(&right);
	return equal;
}

/* ---- joining ---------------------------------------------------------- */

/* Where the first restriction stands that accepts mail. */
static size_t
first_permit(const struct list *list)
{
	size_t i;

	for (i = 0; i < list->count; i++)
		if (begins(list->phrase[i], "permit"))
			break;
	return i;
}

/* Whether nothing behind this restriction is asked. */
static bool
is_final(const char *phrase)
{
	return strcmp(phrase, "permit") == 0 || strcmp(phrase, "reject") == 0 ||
	    strcmp(phrase, "defer") == 0;
}

/* Writes ours as wanted where they stand already. */
static int
refresh(struct list *list, const struct list *ours)
{
	size_t i;
	int at;
	char *copy;

	for (i = 0; i < ours->count; i++) {
		if ((at = list_find(list, ours->phrase[i])) < 0)
			continue;
		if ((copy = strdup(ours->phrase[i])) == NULL)
			return MAILDB_ENOMEM;
		free(list->phrase[at]);
		list->phrase[at] = copy;
	}
	return 0;
}

/* Puts ours before all others, in their order. */
static int
join_first(struct list *list, const struct list *ours)
{
	size_t i;
	int rc = 0;

	list_without(list, ours);
	for (i = 0; rc == 0 && i < ours->count; i++)
		rc = list_add(list, i, ours->phrase[i]);
	return rc;
}

/* Puts ours, up to their own first permit, before the list's; an empty list
 * takes them all. */
static int
join_ahead(struct list *list, const struct list *ours)
{
	struct list head = { ours->phrase, first_permit(ours) };
	size_t limit = first_permit(list), i;
	int at;

	if (list->count == 0)
		return join_first(list, ours);
	for (i = 0; i < head.count; i++)
		if ((at = list_find(list, head.phrase[i])) < 0 ||
		    (size_t)at > limit)
			return join_first(list, &head);
	return 0;
}

/* Adds what is missing of ours behind the list, but before its end.  The last
 * of ours is what counts; permits before it may stand anywhere before. */
static int
join_last(struct list *list, const struct list *ours)
{
	size_t at = list->count, i;
	int rc = 0;

	if (ours->count == 0 ||
	    list_find(list, ours->phrase[ours->count - 1]) >= 0)
		return 0;
	if (at > 0 && is_final(list->phrase[at - 1]))
		at--;
	for (i = 0; rc == 0 && i < ours->count; i++)
		if (list_find(list, ours->phrase[i]) < 0)
			rc = list_add(list, at++, ours->phrase[i]);
	return rc;
}

static int
join_add(struct list *list, const struct list *ours)
{
	size_t i;
	int rc = 0;

	for (i = 0; rc == 0 && i < ours->count; i++)
		if (list_find(list, ours->phrase[i]) < 0)
			rc = list_add(list, list->count, ours->phrase[i]);
	return rc;
}

static int
join_without(struct list *list, const struct list *ours)
{
	list_without(list, ours);
	return 0;
}

static int (*const joins[])(struct list *list, const struct list *ours) = {
	[JOIN_FIRST] = join_first,
	[JOIN_AHEAD] = join_ahead,
	[JOIN_LAST] = join_last,
	[JOIN_ADD] = join_add,
	[JOIN_WITHOUT] = join_without,
};

int
list_join(enum join join, const char *actual, const char *wanted, char **out)
{
	struct list list, ours = { NULL, 0 }, before = { NULL, 0 };
	int rc;

	*out = NULL;
	if ((rc = list_parse(&list, actual)) < 0 ||
	    (rc = list_parse(&before, actual)) < 0 ||
	    (rc = list_parse(&ours, wanted)) < 0)
		goto out;
	if (join != JOIN_WITHOUT && (rc = refresh(&list, &ours)) < 0)
		goto out;
	if ((rc = joins[join](&list, &ours)) < 0)
		goto out;
	*out = all_equal(&list, &before) ? strdup(actual) :
	    list_text(&list, ", ");
	rc = *out != NULL ? 0 : MAILDB_ENOMEM;
out:
	list_free(&list);
	list_free(&before);
	list_free(&ours);
	return rc;
}

/* ---- taking back ------------------------------------------------------ */

/* Puts back phrases of old that new lacks: each behind the one that it stood
 * behind, or first. */
static int
restore(struct list *list, const struct list *old, const struct list *new)
{
	size_t i;
	int rc = 0;

	for (i = 0; rc == 0 && i < old->count; i++)
		if (list_find(new, old->phrase[i]) < 0 &&
		    list_find(list, old->phrase[i]) < 0)
			rc = list_add(list, i == 0 ? 0 : (size_t)(list_find(
			    list, old->phrase[i - 1]) + 1), old->phrase[i]);
	return rc;
}

int
list_revert(const char *actual, const char *old, const char *new, char **out)
{
	struct list list, before = { NULL, 0 }, after = { NULL, 0 };
	size_t i;
	int rc;

	*out = NULL;
	if ((rc = list_parse(&list, actual)) < 0 ||
	    (rc = list_parse(&before, old)) < 0 ||
	    (rc = list_parse(&after, new)) < 0)
		goto out;
	for (i = list.count; i-- > 0;)
		if (list_find(&after, list.phrase[i]) >= 0 &&
		    list_find(&before, list.phrase[i]) < 0)
			list_remove(&list, i);
	if ((rc = restore(&list, &before, &after)) < 0)
		goto out;
	*out = list_text(&list, ", ");
	rc = *out != NULL ? 0 : MAILDB_ENOMEM;
out:
	list_free(&list);
	list_free(&before);
	list_free(&after);
	return rc;
}
