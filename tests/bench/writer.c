/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * writer.c - programs that add users at the same time
 *
 *	writer DATABASE WRITERS COUNT TAG
 *
 * Each of the WRITERS is a process with a connection of its own, and adds
 * COUNT users, one a transaction.  Prints how many were added and refused,
 * the seconds that all took, and the longest that one of them waited.
 */
#include <sys/mman.h>
#include <sys/wait.h>
#include <maildb.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#define HASH "{CRYPT}$6$saltsaltsaltsalt$"

struct tally {
	long added, refused;
	double longest;
};

static double
now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static void
write_users(const char *url, int number, long count, const char *tag,
    struct tally *tally)
{
	struct maildb *db = maildb_new();
	char address[128], hash[200];
	double before, took;
	long i;

	/* As long as one of SHA-512. */
	snprintf(hash, sizeof(hash), "%s%086d", HASH, 0);
	if (db == NULL || maildb_open(db, url, 0) < 0) {
		tally->refused = count;
		fprintf(stderr, "writer: %s\n", db != NULL ?
		    maildb_fault(db)->message : "no memory");
		return;
	}
	for (i = 0; i < count; i++) {
		snprintf(address, sizeof(address), "%s%dx%ld@bench.example",
		    tag, number, i);
		before = now();
		if (maildb_user_add(db, address, hash, NULL, 0, 0) == 1)
			tally->added++;
		else
			tally->refused++;
		took = now() - before;
		if (took > tally->longest)
			tally->longest = took;
	}
	maildb_free(db);
}

int
main(int argc, char **argv)
{
	int writers = argc > 2 ? atoi(argv[2]) : 0, i;
	struct tally *tallies, sum = { 0 };
	double start;

	if (argc != 5 || writers < 1)
		return 2;
	tallies = mmap(NULL, (size_t)writers * sizeof(*tallies),
	    PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (tallies == MAP_FAILED)
		return 1;
	start = now();
	for (i = 0; i < writers; i++)
		if (fork() == 0) {
			write_users(argv[1], i, atol(argv[3]), argv[4],
			    &tallies[i]);
			_exit(0);
		}
	while (wait(NULL) > 0)
		;
	for (i = 0; i < writers; i++) {
		sum.added += tallies[i].added;
		sum.refused += tallies[i].refused;
		if (tallies[i].longest > sum.longest)
			sum.longest = tallies[i].longest;
	}
	printf("%ld %ld %.6f %.6f\n", sum.added, sum.refused, now() - start,
	    sum.longest);
	return 0;
}
