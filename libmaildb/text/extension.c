/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * extension.c - where an address extension begins
 *
 * The rules of Postfix, split_addr(3) in its sources, and those of Dovecot's
 * LMTP, which differ: Dovecot cuts at the first delimiter whatever the name.
 * Everything that splits a local part asks here.
 */
#include <string.h>
#include <strings.h>

#include "text/text.h"

/* Local parts that Postfix never splits.  The last is the default of its
 * parameter double_bounce_sender. */
static const char *const whole[] = {
	"postmaster", "mailer-daemon", "double-bounce",
};

/* Whether Postfix leaves a local part alone, whatever it holds. */
static bool
is_whole(const char *local, const char *delimiters)
{
	size_t len = strlen(local), i;

	for (i = 0; i < ARRAY_LEN(whole); i++)
		if (strcasecmp(local, whole[i]) == 0)
			return true;
	/* owner_request_special = yes, the default. */
	return strchr(delimiters, '-') != NULL &&
	    (strncasecmp(local, "owner-", 6) == 0 ||
	    (len > 8 && strcasecmp(local + len - 8, "-request") == 0));
}

size_t
maildb__extension(const char *local, const char *delimiters)
{
	size_t at = strcspn(local, delimiters);

	return local[at] == '\0' || is_whole(local, delimiters) ? 0 : at;
}

size_t
maildb__lmtp_user(const char *local, const char *delimiters)
{
	return strcspn(local, delimiters);
}
