/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * module.c - loads the driver of PostgreSQL when it is asked for
 *
 * libpq brings more than twenty libraries along, which programs on SQLite
 * need not start with.
 */
#include <dlfcn.h>
#include <string.h>
#include <unistd.h>

#include "build.h"
#include "internal.h"

#define MODULE MAILDB_MODULE_DIR "/backend_pgsql.so"

int
maildb__load_driver(struct maildb *db, const struct maildb__driver **out)
{
	const struct maildb__driver *driver;
	void *module;

	if (access(MODULE, F_OK) != 0) {
		maildb__fail(db, MAILDB_EDB,
		    "the PostgreSQL module is not installed");
		return maildb__hint(db, "install the package mailcfg-pgsql, "
		    "or build without --without-pgsql");
	}
	/* Never closed: what libpq brings along does not survive that. */
	module = dlopen(MODULE, RTLD_NOW | RTLD_LOCAL | RTLD_NODELETE);
	driver = module != NULL ? dlsym(module, MAILDB__PGSQL_SYMBOL) : NULL;
	if (driver == NULL)
		return maildb__fail(db, MAILDB_EDB,
		    "the PostgreSQL module cannot be loaded: %s", dlerror());
	/* Statements are known by number, and structures are shared. */
	if (strcmp(driver->build, MAILDB__BUILD) != 0) {
		maildb__fail(db, MAILDB_EDB, "%s is of build %s, but this "
		    "program is of build %s", MODULE, driver->build,
		    MAILDB__BUILD);
		return maildb__hint(db,
		    "install mailcfg and its PostgreSQL module together");
	}
	*out = driver;
	return 0;
}
