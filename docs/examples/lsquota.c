/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * lsquota.c - an example of libmaildb: users and their quota
 *
 *	cc -o lsquota lsquota.c $(pkg-config --cflags --libs libmaildb)
 *	./lsquota sqlite:/var/lib/maildb/maildb.sqlite3 [DOMAIN]
 */
#include <maildb.h>
#include <stdio.h>

/* Says what went wrong, and the way out if there is one. */
static int
complain(const struct maildb *db)
{
	const struct maildb_fault *fault = maildb_fault(db);

	fprintf(stderr, "lsquota: %s\n", fault->message);
	if (fault->hint != NULL)
		fprintf(stderr, "hint: %s\n", fault->hint);
	return 1;
}

/* Prints a line for each user: the address and the quota in force. */
static int
list(struct maildb *db, const char *domain)
{
	struct maildb_cursor *cursor;
	int address, quota, rc;
	char size[24];

	if (maildb_quota_list(db, domain, &cursor) < 0)
		return complain(db);
	address = maildb_cursor_find(cursor, "address");
	quota = maildb_cursor_find(cursor, "quota");
	while ((rc = maildb_cursor_next(cursor)) == 1) {
		maildb_size_human(maildb_cursor_int(cursor, (size_t)quota),
		    size);
		printf("%s\t%s\n",
		    maildb_cursor_text(cursor, (size_t)address),
		    maildb_cursor_int(cursor, (size_t)quota) == 0 ?
		    "unlimited" : size);
	}
	maildb_cursor_free(cursor);
	return rc < 0 ? complain(db) : 0;
}

int
main(int argc, char **argv)
{
	struct maildb *db;
	int status;

	if (argc < 2 || argc > 3) {
		fputs("usage: lsquota DATABASE [DOMAIN]\n", stderr);
		return 2;
	}
	if ((db = maildb_new()) == NULL)
		return 1;
	status = maildb_open(db, argv[1], MAILDB_READONLY) < 0 ? complain(db) :
	    list(db, argc == 3 ? argv[2] : NULL);
	maildb_free(db);
	return status;
}
