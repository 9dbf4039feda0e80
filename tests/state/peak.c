/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * peak.c - how much memory a program had at most
 *
 *	peak PROGRAM ARGUMENT...
 *
 * The last line on standard error is the number of KiB.  A small program has
 * to start it: a child begins with the peak of whoever forked.
 */
#include <stdio.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

int
main(int argc, char **argv)
{
	struct rusage usage;
	int status = 0;
	pid_t child = argc > 1 ? fork() : -1;

	if (child == 0) {
		execv(argv[1], argv + 1);
		_exit(127);
	}
	if (child < 0 || wait4(child, &status, 0, &usage) != child)
		return 126;
	fprintf(stderr, "%ld\n", usage.ru_maxrss);
	return WIFEXITED(status) ? WEXITSTATUS(status) : 125;
}
