/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * domain.c - a new domain, and Postfix's own
 *
 * Postfix accepts mail for a domain in mydestination and then bounces it, as
 * no system user has the address.  Setup takes such domains out, but most
 * domains are added later.
 */
#include <stdlib.h>
#include <strings.h>
#include <unistd.h>

#include "list.h"
#include "record.h"

/* Whether a word of mydestination names the domain, or a file that does. */
static bool
names(const char *word, const char *domain)
{
	char line[256];
	bool found = false;
	FILE *file;

	if (*word != '/')
		return strcasecmp(word, domain) == 0;
	if ((file = fopen(word, "re")) == NULL)
		return false;
	while (!found && fscanf(file, "%255s", line) == 1)
		found = strcasecmp(line, domain) == 0;
	fclose(file);
	return found;
}

void
setup_warn_domain(struct call *call, const char *domain)
{
	struct list list = { NULL, 0 };
	struct output output;
	char *message;
	bool found = false;
	size_t i;

	if (geteuid() != 0 || !record_exists() || !process_exists("postconf") ||
	    process_words(&output, "postconf", "-hx", "mydestination",
	    (char *)NULL) < 0)
		return;
	if (output.status == 0 && list_parse(&list, output.out) == 0)
		for (i = 0; i < list.count && !found; i++)
			found = names(list.phrase[i], domain);
	if (found && asprintf(&message, "%s is in mydestination: Postfix "
	    "accepts its mail and bounces it", domain) >= 0) {
		call_warn(call, "mydestination", message,
		    PROGRAM " setup postfix");
		free(message);
	}
	list_free(&list);
	output_free(&output);
}
