/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * word.c - what the @words@ of a template stand for
 */
#include "machine.h"

int
machine_word(struct machine *machine, FILE *to, const char *word)
{
	(void)machine;
	(void)to;
	(void)word;
	return 0;
}
