/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * late.c - modules are found, loaded once, and told of when they are not there
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../../mailcfg/late/late.h"

static int passed, failed;

static void
check(int good, const char *what)
{
	if (good) {
		passed++;
	} else {
		printf("not ok - %s\n", what);
		failed++;
	}
}

int
main(void)
{
	const void *const *edit, *again;
	char *why;

	edit = late("edit", &why);
	check(edit != NULL && why == NULL, "the editor's module is found");
	check(edit != NULL && *edit != NULL, "it holds functions");
	again = late("edit", &why);
	check(again == edit, "a second call gets the same one");
	check(late("nothing", &why) == NULL, "there is none of another name");
	check(why != NULL && strstr(why, "/late_nothing.so") != NULL,
	    "the message names the file that is missing");
	free(why);
	printf("%d passed, %d failed\n", passed, failed);
	return failed != 0;
}
