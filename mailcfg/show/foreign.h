/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * foreign.h - exports for other programs, and what they leave out
 */
#ifndef MAILCFG_OUT_FOREIGN_H
#define MAILCFG_OUT_FOREIGN_H

#include "show/out.h"

/* Fields of a user that a format may have no place for. */
enum carried {
	HAS_NAME = 1 << 0,
	HAS_QUOTA = 1 << 1,
	HAS_MESSAGES = 1 << 2,
	HAS_HOME = 1 << 3,
	HAS_NOTE = 1 << 4,
	HAS_END = 1 << 5, /* valid_until */
	HAS_INTERNAL = 1 << 6,
	HAS_CHANGE = 1 << 7,
	HAS_SPAM = 1 << 8,
	HAS_TARGETS = 1 << 9, /* forwards of users, aliases, alias domains */
	HAS_SWITCHES = 1 << 10, /* restricted users can be written as such */
};

/* What a user must be able to do to be written. */
enum needed {
	NEEDS_MAIL = 1 << 0,  /* to receive */
	NEEDS_LOGIN = 1 << 1, /* to send, and to log in to every service */
};

#define LOSSES 24

/* What was not written: kinds of things, how many, and the first. */
struct losses {
	struct loss {
		char what[48];
		char first[MAILDB_ADDRESS_MAX + 2];
		unsigned long count;
	} loss[LOSSES];
	size_t n;
};

/* The present row of a list. */
struct row {
	FILE *to;
	const struct maildb_cursor *cursor;
	struct losses *losses;
	unsigned flags;
	bool first;     /* of its address */
	bool first_row; /* of the list */
	bool live;      /* the domain is enabled, and the address is valid */
	bool *open;     /* a line has no end yet */
	char address[MAILDB_ADDRESS_MAX + 2];
};

const char *row_field(const struct row *row, const char *name);
int64_t row_number(const struct row *row, const char *name);
bool row_is_null(const struct row *row, const char *name);

/* Notes one thing that is not written. */
void loss_add(struct losses *losses, const char *what, const char *object);
/* Notes the fields of a user that a format does not carry. */
void loss_fields(const struct row *row, unsigned carries);
/* Whether a user can be written; notes why not. */
bool loss_user(const struct row *row, unsigned needs);
/* Warns of all that was noted; fails with --strict. */
int loss_tell(struct call *call, const char *format,
    const struct losses *losses);

#endif
