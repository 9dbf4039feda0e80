/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * suggest.c - "did you mean": the nearest of some names to a mistyped word
 */
#include <string.h>

#include "line/command.h"

#define LONGEST 40 /* no name is longer */

static int
least(int a, int b, int c)
{
	if (b < a)
		a = b;
	return c < a ? c : a;
}

/*
 * How many octets must be added, dropped, changed or exchanged with their
 * neighbour, each touched once (optimal string alignment).
 */
static int
distance(const char *a, size_t na, const char *b, size_t nb)
{
	int row[3][LONGEST + 1];
	int *before = row[0], *last = row[1], *now = row[2], *spare;
	size_t i, j;

	for (j = 0; j <= nb; j++)
		last[j] = (int)j;
	for (i = 1; i <= na; i++) {
		now[0] = (int)i;
		for (j = 1; j <= nb; j++) {
			now[j] = least(last[j] + 1, now[j - 1] + 1,
			    last[j - 1] + (a[i - 1] != b[j - 1]));
			if (i > 1 && j > 1 && a[i - 1] == b[j - 2] &&
			    a[i - 2] == b[j - 1] && before[j - 2] + 1 < now[j])
				now[j] = before[j - 2] + 1;
		}
		spare = before;
		before = last;
		last = now;
		now = spare;
	}
	return last[nb];
}

/* The index of the nearest name that is near enough to be meant, or -1. */
int
suggest(const char *word, const char *const *names, size_t count)
{
	size_t len = strlen(word), i;
	int best = (int)(len < 3 ? 1 : len < 7 ? 2 : 3) + 1, found = -1, far;

	if (len == 0 || len > LONGEST)
		return -1;
	for (i = 0; i < count; i++) {
		if (strlen(names[i]) > LONGEST)
			continue;
		far = distance(word, len, names[i], strlen(names[i]));
		if (far < best && (size_t)far < len) {
			best = far;
			found = (int)i;
		}
	}
	return found;
}
