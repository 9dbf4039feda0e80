/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * out_terminal.c - what only a person at a terminal sees: pages and progress
 */
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "out.h"

/* A terminal without less still gets its results. */
#define DEFAULT_PAGER "if command -v less >/dev/null; then exec less; fi; exec cat"

/* On a terminal, shows what follows page by page, until the call's end. */
void
out_page(struct out *out)
{
	const char *pager = getenv("PAGER");
	FILE *to;

	if (out->paged || out->batch || !out->terminal ||
	    !isatty(STDIN_FILENO) || out->call->config.pager == PAGER_NEVER)
		return;
	if (pager == NULL || *pager == '\0')
		pager = DEFAULT_PAGER;
	fflush(stdout);
	setenv("LESS", "FRX", 0); /* less than a page is printed as ever */
	if ((to = popen(pager, "we")) == NULL)
		return;
	out->to = to;
	out->paged = true;
}

/* Waits until everything was read. */
void
out_unpage(struct out *out)
{
	if (!out->paged)
		return;
	pclose(out->to);
	out->to = stdout;
	out->paged = false;
}

/* Whether who reads the pages has seen enough. */
bool
out_closed(const struct out *out)
{
	return out->paged && ferror(out->to);
}

/* ---- progress ------------------------------------------------------------ */

static bool told;

/* On a terminal, tells how far a long run is once it has taken a second; then
 * again after every further one. */
void
out_progress(const struct cli *cli, unsigned long done, const char *noun)
{
	static time_t next;
	struct timespec now;

	if (cli->config.quiet || clock_gettime(CLOCK_MONOTONIC, &now) < 0)
		return;
	if (next == 0)
		next = now.tv_sec + 2; /* more than one second in any case */
	if (now.tv_sec < next || !isatty(STDERR_FILENO))
		return;
	next = now.tv_sec + 1;
	fprintf(stderr, "\r" PROGRAM ": %lu %s", done, noun);
	fflush(stderr);
	told = true;
}

/* Takes the line away. */
void
out_progress_end(void)
{
	if (told)
		fputs("\r\033[K", stderr);
	told = false;
}
