/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * live.c - asks a running machine whether it meets the requirements
 */
#include "setup.h"

#define PROBE(name) \
	int \
	probe_##name(struct machine *machine, const struct requirement *row, \
	    char **seen) \
	{ \
		(void)machine; \
		(void)row; \
		*seen = NULL; \
		return 1; \
	}
PROBES(PROBE)

int
live_check(struct machine *machine)
{
	(void)machine;
	return 0;
}
