/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * terminal.c - what only a person at a terminal sees: pages and progress
 */
#include <sys/stat.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "show/out.h"

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
	signals_yield(true);
	pclose(out->to);
	signals_yield(false);
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

static struct {
	const char *noun;   /* what is counted; NULL before the first */
	unsigned long done;
	time_t next;        /* when to tell, in seconds of CLOCK_MONOTONIC */
	bool told;
	struct timespec begun;
	int from;           /* the file that is read, if there is one */
	off_t size;         /* its size; 0 if that is not known */
} progress;

#define MANY 10000 /* whatever is done with so many takes a second */

/* How many there were in a second. */
static unsigned long
rate(void)
{
	struct timespec now;
	double seconds;

	if (clock_gettime(CLOCK_MONOTONIC, &now) < 0)
		return 0;
	seconds = (double)(now.tv_sec - progress.begun.tv_sec) +
	    (double)(now.tv_nsec - progress.begun.tv_nsec) / 1e9;
	return seconds > 0 ? (unsigned long)((double)progress.done / seconds) :
	    0;
}

/* Writes the line; it stands until something else is written. */
static void
tell(const char *more)
{
	off_t at = progress.size > 0 ? lseek(progress.from, 0, SEEK_CUR) : 0;

	fprintf(stderr, "\r" PROGRAM ": %lu %s%s", progress.done,
	    progress.noun, more);
	if (*more == '\0')
		fprintf(stderr, ", %lu a second", rate());
	if (*more == '\0' && at > 0)
		fprintf(stderr, ", %d %%", (int)(at >= progress.size ? 100 :
		    at / (progress.size / 100 + 1)));
	fputs("\033[K", stderr);
	fflush(stderr);
	progress.told = true;
}

/* What is counted comes from this file: how much of it is read can be told. */
void
out_progress_from(int fd)
{
	struct stat st;

	progress.from = fd;
	progress.size = fstat(fd, &st) == 0 && S_ISREG(st.st_mode) ?
	    st.st_size : 0;
}

/* Counts one more of what a noun names.  On a terminal, tells how far a long
 * run is once it has taken a second; then again after every further one. */
void
out_progress(const struct cli *cli, const char *noun)
{
	struct timespec now;

	if (cli->config.quiet || clock_gettime(CLOCK_MONOTONIC, &now) < 0)
		return;
	if (progress.noun == NULL)
		progress.next = now.tv_sec + 2; /* more than one in any case */
	else if (strcmp(noun, progress.noun) != 0)
		progress.size = 0; /* the file is read */
	if (progress.noun == NULL || strcmp(noun, progress.noun) != 0) {
		progress.begun = now;
		progress.done = 0;
	}
	progress.noun = noun;
	progress.done++;
	if (now.tv_sec < progress.next || !isatty(STDERR_FILENO))
		return;
	progress.next = now.tv_sec + 1;
	tell("");
}

/* Tells what is now done with all that was counted, which may take a while
 * without a word. */
void
out_progress_stage(const struct cli *cli, const char *stage)
{
	if (!cli->config.quiet && isatty(STDERR_FILENO) &&
	    (progress.told || progress.done >= MANY))
		tell(stage);
}

/* Takes the line away, for something else to be written. */
void
out_progress_clear(void)
{
	if (progress.told)
		fputs("\r\033[K", stderr);
	progress.told = false;
}

/* The same, and begins anew. */
void
out_progress_end(void)
{
	out_progress_clear();
	progress.noun = NULL;
	progress.done = 0;
	progress.size = 0;
}
