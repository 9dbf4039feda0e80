/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * suggest.c - the name that a mistyped domain or address was meant to be
 *
 * Compared are only names close by in alphabetical order, so that it costs the
 * same in a database of any size.  A slip in the first letters can therefore
 * go unnoticed in a domain of thousands.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "rules/rules.h"

#define MOST 1000 /* names to look at in either direction */

struct nearest {
	char *name;
	unsigned distance; /* of name; before there is one, what is too far */
};

static unsigned
least(unsigned a, unsigned b)
{
	return a < b ? a : b;
}

/* The distance from which on two words are taken for different ones. */
static unsigned
too_far(const char *word)
{
	return least((unsigned)(strlen(word) + 1) / 3, 3) + 1;
}

/*
 * How many octets must be added, dropped, changed or exchanged with their
 * neighbour to make b of a, each touched at most once (optimal string
 * alignment).  Stops at far, which is then the answer.
 */
static unsigned
distance(const char *a, const char *b, unsigned far)
{
	size_t na = strlen(a), nb = strlen(b), i, j;
	unsigned rows[3][MAILDB_ULABEL_MAX + 1];
	unsigned *now, *last, *before, best;

	if (nb > MAILDB_ULABEL_MAX || (na > nb ? na - nb : nb - na) >= far)
		return far;
	for (j = 0; j <= nb; j++)
		rows[0][j] = (unsigned)j;
	for (i = 1; i <= na; i++) {
		now = rows[i % 3];
		last = rows[(i - 1) % 3];
		before = rows[(i + 1) % 3];
		now[0] = best = (unsigned)i;
		for (j = 1; j <= nb; j++) {
			now[j] = least(least(last[j], now[j - 1]) + 1,
			    last[j - 1] + (a[i - 1] != b[j - 1]));
			if (i > 1 && j > 1 && a[i - 1] == b[j - 2] &&
			    a[i - 2] == b[j - 1])
				now[j] = least(now[j], before[j - 2] + 1);
			best = least(best, now[j]);
		}
		if (best >= far)
			return far;
	}
	return least(rows[na % 3][nb], far);
}

/* Finds the nearest among the names of a statement: 1, or 0 for none.  A word
 * that is among them needs no suggestion, unless exact. */
static int
find(struct maildb *db, enum maildb__stmt_id id, const char *word,
    const char *domain, bool exact, char **out)
{
	struct nearest nearest = { NULL, too_far(word) };
	struct maildb_cursor *cursor;
	const char *name;
	unsigned d;
	char *copy;
	int rc;

	rc = maildb__list(db, &cursor, id, V_TEXT(word), V_INT(MOST),
	    V_TEXT(domain));
	if (rc < 0)
		return rc;
	while ((rc = maildb_cursor_next(cursor)) > 0) {
		name = maildb_cursor_text(cursor, 0);
		d = distance(word, name, nearest.distance);
		if (d >= nearest.distance)
			continue;
		if (d == 0 && !exact) {
			free(nearest.name);
			nearest.name = NULL;
			break;
		}
		if ((copy = strdup(name)) == NULL) {
			rc = maildb__nomem(db);
			break;
		}
		free(nearest.name);
		nearest = (struct nearest){ copy, d };
	}
	maildb_cursor_free(cursor);
	if (rc < 0) {
		free(nearest.name);
		return rc;
	}
	*out = nearest.name;
	return nearest.name != NULL;
}

/* Finds the nearest address in its domain, or in the one that was meant. */
static int
find_address(struct maildb *db, const char *local, const char *domain,
    char **out)
{
	struct maildb__row row = { 0 };
	char *meant = NULL, *near = NULL;
	bool hosted;
	int rc;

	if ((rc = maildb__domain(db, domain, true, &row)) < 0)
		goto out;
	hosted = rc > 0;
	if (!hosted) {
		rc = find(db, STMT_SUGGEST_DOMAIN, domain, NULL, false, &meant);
		if (rc <= 0)
			goto out;
		/* It may be a U-label; rows go by the other name. */
		rc = maildb__domain(db, meant, true, &row);
		if (rc <= 0)
			goto out;
	}
	rc = find(db, STMT_SUGGEST_ADDRESS, local,
	    maildb__row_text(&row, "name"), !hosted, &near);
	if (rc > 0 && asprintf(out, "%s@%s", near,
	    maildb__row_text(&row, "name")) < 0) {
		*out = NULL;
		rc = maildb__nomem(db);
	}
out:
	free(near);
	free(meant);
	maildb__row_clear(&row);
	return rc;
}

int
maildb_suggest(struct maildb *db, const char *name, char **out)
{
	char folded[MAILDB_LOCAL_MAX + 1 + MAILDB_ULABEL_MAX + 1];
	size_t i, len = strlen(name);
	char *at;

	*out = NULL;
	if (len >= sizeof(folded))
		return 0;
	for (i = 0; i <= len; i++)
		folded[i] = name[i] >= 'A' && name[i] <= 'Z' ?
		    (char)(name[i] + ('a' - 'A')) : name[i];
	at = strrchr(folded, '@');
	if (at == NULL)
		return find(db, STMT_SUGGEST_DOMAIN, folded, NULL, false, out);
	*at = '\0';
	return find_address(db, folded, at + 1, out);
}
