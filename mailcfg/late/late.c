/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * late.c - loads a module of functions: see late.h
 */
#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>

#include "late/late.h"

const void *
late(const char *name, char **why)
{
	const void *found;
	void *module;
	char *path;

	*why = NULL;
	if (asprintf(&path, LATE_DIR "/late_%s.so", name) < 0)
		return NULL;
	/* Never closed: libraries leave handlers behind. */
	module = dlopen(path, RTLD_NOW | RTLD_LOCAL | RTLD_NODELETE);
	free(path);
	found = module != NULL ? dlsym(module, "late_functions") : NULL;
	if (found == NULL && asprintf(why, "the module for it cannot be "
	    "loaded: %s", dlerror()) < 0)
		*why = NULL;
	return found;
}
