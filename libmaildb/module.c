/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * module.c - the driver of a URL: SQLite's, or PostgreSQL's, which is loaded
 *
 * libpq brings more than twenty libraries along, which programs on SQLite
 * need not start with.
 */
#include <dlfcn.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "build.h"
#include "handle.h"

#define MODULE MAILDB_MODULE_DIR "/backend_pgsql.so"

/* Loads the driver of another back end. */
static int
load_driver(struct maildb *db, const struct maildb__driver **out)
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

int
maildb__choose(struct maildb *db, const char *url, const char **target)
{
	struct maildb_url_parts found;
	int rc = maildb_url_read(url, &found);

	free(db->url);
	if ((db->url = maildb_url_shown(url)) == NULL)
		return maildb__nomem(db);
	*target = found.target;
	if (rc < 0 && found.backend == NULL) {
		maildb__fail(db, rc, "no back end for %.*s://",
		    (int)strcspn(url, ":"), url);
		return maildb__hint(db,
		    "use sqlite:PATH or postgresql://HOST/DATABASE");
	}
	if (rc < 0) {
		maildb__fail(db, rc, "the database URL names no file");
		return maildb__hint(db, "use sqlite:PATH");
	}
	if (strcmp(found.backend, "pgsql") == 0)
		return load_driver(db, &db->driver);
	db->driver = &maildb__sqlite;
	return 0;
}
