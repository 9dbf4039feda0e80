/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * live_send.c - delivers one message, reads it back, and removes it
 *
 * The envelope's sender is empty, so that nothing answers it and nothing comes
 * back.  An address that leads out of this server is refused.
 */
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "live.h"

#define SEND_SECONDS 30

struct letter {
	struct live *live;
	char *to, *mailbox; /* the address, and the user who gets it */
	char id[64];        /* the word by which it is found */
};

/* ---- whom it reaches --------------------------------------------------- */

/* Finds the one mailbox that an address leads to; others are refused. */
static int
find_mailbox(struct letter *letter)
{
	struct call *call = machine_call(letter->live->machine);
	struct maildb_cursor *cursor;
	const char *result, *mailbox;
	int rc = maildb_trace(call->db, letter->to, 0, &cursor);

	if (rc < 0)
		return rc;
	while ((rc = maildb_cursor_next(cursor)) == 1) {
		result = maildb_cursor_text(cursor, (size_t)
		    maildb_cursor_find(cursor, "result"));
		mailbox = maildb_cursor_text(cursor, (size_t)
		    maildb_cursor_find(cursor, "mailbox"));
		if (result == NULL || *result == '\0')
			continue;
		if (strcmp(result, "mailbox") != 0 || letter->mailbox != NULL) {
			maildb_cursor_free(cursor);
			return call_fail(call, MAILDB_EVALUE, "send",
			    letter->to, "mailcfg trace ADDRESS",
			    "%s does not lead to one mailbox", letter->to);
		}
		letter->mailbox = strdup(mailbox);
	}
	maildb_cursor_free(cursor);
	return rc < 0 ? rc : letter->mailbox != NULL ? 0 :
	    call_fail(call, MAILDB_EUSER, "send", letter->to, NULL,
	    "%s leads to no mailbox", letter->to);
}

static int
address_letter(struct letter *letter, const char *address)
{
	struct call *call = machine_call(letter->live->machine);
	int rc = 0;

	if (address != NULL)
		letter->to = strdup(address);
	else
		rc = maildb_setting_get(call->db, "admin", &letter->to);
	if (rc < 0)
		return rc;
	if (letter->to == NULL || *letter->to == '\0')
		return call_fail(call, CLI_EUSAGE, "send", NULL,
		    "mailcfg check --live --send=ADDRESS",
		    "the setting admin names nobody to send a message to");
	return find_mailbox(letter);
}

/* ---- there and back ----------------------------------------------------- */

static int
hand_in(const struct letter *letter)
{
	const char *argv[] = { "sendmail", "-i", "-f", "<>", "--", letter->to,
		NULL };
	struct process process = { .argv = argv, .seconds = PROBE_SECONDS };
	struct output output;
	char *text;
	int rc;

	if (asprintf(&text, "From: mailcfg <%s>\nTo: %s\n"
	    "Subject: mailcfg check --live --send\n"
	    "Message-ID: <%s@mailcfg-check.invalid>\n"
	    "Auto-Submitted: auto-generated\n\n"
	    "Sent by \"mailcfg check --live --send\", which reads and removes "
	    "it.\n", letter->to, letter->to, letter->id) < 0)
		return MAILDB_ENOMEM;
	process.input = text;
	rc = process_run(&process, &output);
	free(text);
	if (rc < 0)
		return rc;
	rc = output.status == 0;
	output_free(&output);
	return rc;
}

/* Runs doveadm on the message wherever a Sieve rule filed it. */
static int
run_on_message(const struct letter *letter, const char *command,
    const char *fields, struct output *output)
{
	const char *argv[16] = { "doveadm", command, "-u", letter->mailbox };
	const struct process process = { .argv = argv,
		.seconds = PROBE_SECONDS };
	size_t count = 4;

	if (fields != NULL)
		argv[count++] = fields;
	argv[count++] = "mailbox";
	argv[count++] = "*";
	argv[count++] = "header";
	argv[count++] = "Message-ID";
	argv[count++] = letter->id;
	return process_run(&process, output);
}

/* Reads it back: 1 with the mailbox's name in where, 0 not there, or an
 * error. */
static int
read_back(const struct letter *letter, char where[256])
{
	struct output output;
	const char *at;
	int rc = run_on_message(letter, "fetch", "mailbox hdr.message-id",
	    &output);

	if (rc < 0)
		return rc;
	rc = output.status == 0 && strstr(output.out, letter->id) != NULL;
	at = strstr(output.out, "mailbox: ");
	snprintf(where, 256, "%.*s", at != NULL ? (int)strcspn(at + 9,
	    "\n") : 0, at != NULL ? at + 9 : "");
	output_free(&output);
	return rc;
}

/* Waits until it has arrived: likewise. */
static int
wait_for(const struct letter *letter, char where[256])
{
	struct timespec nap = { .tv_nsec = 200000000 };
	int rc, naps = 5 * SEND_SECONDS;

	while ((rc = read_back(letter, where)) == 0 && naps-- > 0)
		nanosleep(&nap, NULL);
	return rc;
}

/* ---- what became of it -------------------------------------------------- */

/* Finds it in the queue, says why it waits there, and removes it. */
static char *
queued(const struct letter *letter)
{
	struct output output, removed;
	char *line, *end, *reason = NULL, id[64] = "", quoted[512];

	if (process_words(&output, "postqueue", "-j", (char *)NULL) < 0)
		return NULL;
	snprintf(quoted, sizeof(quoted), "\"address\": \"%.450s\"",
	    letter->to);
	for (line = output.out; *line != '\0'; line = end + 1) {
		end = line + strcspn(line, "\n");
		if (*end == '\0')
			break;
		*end = '\0';
		if (strstr(line, quoted) != NULL &&
		    strstr(line, "\"sender\": \"MAILER-DAEMON\"") != NULL &&
		    strstr(line, "\"queue_id\": \"") != NULL) {
			sscanf(strstr(line, "\"queue_id\": \"") + 13,
			    "%63[0-9A-Za-z]", id);
			reason = strstr(line, "\"delay_reason\": \"");
		}
	}
	reason = strdup(reason != NULL ? reason + 17 : "");
	if (reason != NULL)
		reason[strcspn(reason, "\"")] = '\0';
	output_free(&output);
	if (*id == '\0') {
		free(reason);
		return NULL;
	}
	if (process_words(&removed, "postsuper", "-d", id, (char *)NULL) == 0)
		output_free(&removed);
	return reason;
}

static int
not_delivered(struct letter *letter, const char *what)
{
	struct finding *finding = live_find(letter->live, SEVERITY_ERROR,
	    "delivery", DAEMON_SYSTEM, "A message is delivered and can be "
	    "read.");
	char *reason = queued(letter);
	int rc = MAILDB_ENOMEM;

	if (finding != NULL && (finding->object = strdup(letter->to)) !=
	    NULL && asprintf(&finding->message, "%s%s%s", what, reason !=
	    NULL && *reason != '\0' ? ": " : "", reason != NULL ? reason :
	    "") >= 0 && asprintf(&finding->hint, "mailcfg trace %s; "
	    "journalctl -t postfix/lmtp", letter->to) >= 0)
		rc = 0;
	free(reason);
	return rc;
}

static int
deliver(struct letter *letter)
{
	struct output output;
	char where[256];
	int rc = hand_in(letter);

	if (rc == 0)
		return not_delivered(letter, "sendmail(1) refused a message");
	if (rc > 0 && (rc = wait_for(letter, where)) == 0)
		return not_delivered(letter, "a message did not arrive "
		    "within 30 seconds");
	if (rc < 0)
		return rc;
	if (asprintf(&letter->live->delivered, "A message to %s was delivered "
	    "to %s, folder %s, read back, and removed.", letter->to,
	    letter->mailbox, where) < 0)
		return MAILDB_ENOMEM;
	rc = run_on_message(letter, "expunge", NULL, &output);
	if (rc == 0)
		output_free(&output);
	return rc;
}

int
live_send(struct live *live, const char *address)
{
	struct letter letter = { .live = live };
	struct timespec now;
	int rc;

	if (live_failed(live))
		return 0; /* the errors come first */
	if ((rc = address_letter(&letter, address)) < 0)
		goto out;
	clock_gettime(CLOCK_REALTIME, &now);
	snprintf(letter.id, sizeof(letter.id), "check-%lld-%ld-%ld",
	    (long long)now.tv_sec, now.tv_nsec, (long)getpid());
	rc = deliver(&letter);
out:
	free(letter.to);
	free(letter.mailbox);
	return rc;
}
