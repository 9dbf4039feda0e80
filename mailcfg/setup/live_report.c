/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * live_report.c - shows the findings of "check --live", or what is new of them
 *
 * /var/lib/maildb-setup/findings holds those of the last run with --changed:
 * lines of code and object.
 */
#include <sys/stat.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "live.h"
#include "changes.h"

#define FINDINGS "findings"

static const char *const titles[DAEMONS] = {
	[DAEMON_SYSTEM] = "System", [DAEMON_POSTFIX] = "Postfix",
	[DAEMON_DOVECOT] = "Dovecot",
};

static const char *const names[DAEMONS] = {
	[DAEMON_SYSTEM] = "system", [DAEMON_POSTFIX] = "postfix",
	[DAEMON_DOVECOT] = "dovecot",
};

static const char *
severity_name(int severity)
{
	static const char *const severities[] = {
		[SEVERITY_NOTE] = "note", [SEVERITY_WARNING] = "warning",
		[SEVERITY_ERROR] = "error",
	};

	return severity < 0 ? "unchecked" : severities[severity];
}

/* ---- findings ---------------------------------------------------------- */

enum { SEVERITY, CODE, DAEMON, OBJECT, MESSAGE, HINT, SEEN, WANTED, REQUIRED };

static const struct column columns[] = {
	[SEVERITY] = { "severity", MAILDB_TEXT },
	[CODE] = { "code", MAILDB_TEXT },
	[DAEMON] = { "daemon", MAILDB_TEXT },
	[OBJECT] = { "object", MAILDB_TEXT },
	[MESSAGE] = { "message", MAILDB_TEXT },
	[HINT] = { "hint", MAILDB_TEXT },
	[SEEN] = { "seen", MAILDB_TEXT },
	[WANTED] = { "wanted", MAILDB_TEXT },
	[REQUIRED] = { "required", MAILDB_TEXT },
};

static void
put_line(FILE *to, const char *label, const char *text)
{
	if (text == NULL || *text == '\0')
		return;
	fprintf(to, "    %s: ", label);
	text_escape(to, text);
	fputc('\n', to);
}

static void
plain_finding(FILE *to, const struct column *column, const struct value *row,
    size_t count)
{
	(void)column;
	(void)count;
	fprintf(to, "  %s: ", row[SEVERITY].text);
	text_escape(to, row[OBJECT].text);
	fputs(": ", to);
	text_escape(to, row[MESSAGE].text);
	fprintf(to, " [%s]\n", row[CODE].text);
	put_line(to, "required", row[REQUIRED].text);
	put_line(to, "hint", row[HINT].text);
}

static const struct listing listing = {
	.name = "findings", .plain = plain_finding, .drawn = true,
};

static struct value
text_value(const char *text)
{
	return (struct value){ .null = text == NULL, .text = text };
}

static int
put_finding(struct call *call, const struct finding *finding)
{
	const struct value row[] = {
		[SEVERITY] = text_value(severity_name(finding->severity)),
		[CODE] = text_value(finding->code),
		[DAEMON] = text_value(names[finding->daemon]),
		[OBJECT] = text_value(finding->object),
		[MESSAGE] = text_value(finding->message),
		[HINT] = text_value(finding->hint),
		[SEEN] = text_value(finding->seen),
		[WANTED] = text_value(finding->wanted),
		[REQUIRED] = text_value(finding->required),
	};

	return out_row(call, row);
}

/* The findings of a daemon, errors first. */
static int
put_findings(struct live *live, enum daemon daemon)
{
	struct call *call = machine_call(live->machine);
	int rc = 0, severity;
	size_t i;

	for (severity = SEVERITY_ERROR; severity >= SEVERITY_UNASKED;
	    severity--)
		for (i = 0; rc == 0 && i < live->nfindings; i++) {
			const struct finding *finding = &live->findings[i];

			if (finding->daemon == daemon && !finding->known &&
			    finding->severity == severity)
				rc = put_finding(call, finding);
		}
	return rc;
}

/* ---- what was looked at ------------------------------------------------ */

static void
put_release(FILE *to, int release)
{
	if (release != 0)
		fprintf(to, " %d.%d", release / 100, release % 100);
}

/* "Postfix 3.7: 41 of 42 requirements hold" */
static int
put_title(struct live *live, enum daemon daemon)
{
	struct machine *machine = live->machine;
	char *text = NULL;
	size_t size;
	FILE *to = open_memstream(&text, &size);

	if (to == NULL)
		return MAILDB_ENOMEM;
	fputs(titles[daemon], to);
	if (daemon == DAEMON_SYSTEM)
		fprintf(to, ", %s", maildb_url(machine_call(machine)->db));
	put_release(to, daemon == DAEMON_POSTFIX ? machine_postfix(machine) :
	    daemon == DAEMON_DOVECOT ? machine_dovecot(machine) : 0);
	if (live->held[daemon] == live->needed[daemon])
		fprintf(to, ": %u requirements hold\n", live->held[daemon]);
	else
		fprintf(to, ": %u of %u requirements hold\n",
		    live->held[daemon], live->needed[daemon]);
	if (fclose(to) == 0)
		out_text(machine_call(machine), "checked", text);
	free(text);
	return 0;
}

/* ---- the end ------------------------------------------------------------ */

static unsigned
count(const struct live *live, int severity)
{
	unsigned found = 0;
	size_t i;

	for (i = 0; i < live->nfindings; i++)
		found += live->findings[i].severity == severity &&
		    !live->findings[i].known;
	return found;
}

static void
put_count(FILE *to, unsigned number, const char *noun)
{
	if (number > 0)
		fprintf(to, "%s%u %s%s", ftell(to) > 0 ? ", " : "", number,
		    noun, number > 1 && strcmp(noun, "unchecked") != 0 ? "s" :
		    "");
}

static void
put_summary(const struct live *live, FILE *to)
{
	unsigned needed = 0, daemon;

	for (daemon = 0; daemon < DAEMONS; daemon++)
		needed += live->needed[daemon];
	put_count(to, count(live, SEVERITY_ERROR), "error");
	put_count(to, count(live, SEVERITY_WARNING), "warning");
	put_count(to, count(live, SEVERITY_NOTE), "note");
	put_count(to, count(live, SEVERITY_UNASKED), "unchecked");
	if (ftell(to) > 0)
		fputs(".  Follow the hints from the top, then check again.",
		    to);
	else if (live->delivered != NULL)
		fprintf(to, "All %u requirements hold.", needed);
	else
		fprintf(to, "All %u requirements hold.  To see a message "
		    "delivered: mailcfg check --live --send", needed);
}

/* A closing line, with what to do next. */
static int
put_end(struct live *live)
{
	struct call *call = machine_call(live->machine);
	char *text = NULL;
	size_t size;
	FILE *to = open_memstream(&text, &size);

	if (to == NULL)
		return MAILDB_ENOMEM;
	put_summary(live, to);
	if (fclose(to) == 0) {
		if (live->delivered != NULL)
			out_fact(call, "delivered", live->delivered);
		out_fact(call, "summary", text);
	}
	free(text);
	return 0;
}

static int
outcome(const struct live *live)
{
	return count(live, SEVERITY_ERROR) > 0 ? CLI_EFOUND :
	    count(live, SEVERITY_UNASKED) > 0 ? CLI_EUNASKED : 0;
}

static size_t
fresh(const struct live *live, enum daemon daemon)
{
	size_t i, found = 0;

	for (i = 0; i < live->nfindings; i++)
		found += live->findings[i].daemon == daemon &&
		    !live->findings[i].known;
	return found;
}

/* For people: a title for each daemon, its findings, and a closing line. */
static int
report_text(struct live *live, bool changed)
{
	struct call *call = machine_call(live->machine);
	int rc = 0, daemon;

	for (daemon = 0; rc == 0 && daemon < DAEMONS; daemon++) {
		if (changed && fresh(live, (enum daemon)daemon) == 0)
			continue;
		if ((rc = put_title(live, (enum daemon)daemon)) < 0 ||
		    (rc = out_list_begin(call, &listing, columns,
		    COUNT(columns))) < 0)
			break;
		rc = put_findings(live, (enum daemon)daemon);
		out_list_end(call);
	}
	return rc < 0 || changed ? rc : put_end(live);
}

int
live_report(struct live *live, bool changed)
{
	struct call *call = machine_call(live->machine);
	int rc, daemon;

	if (call->config.format == FORMAT_DEFAULT) {
		rc = report_text(live, changed);
		return rc < 0 ? rc : outcome(live);
	}
	if ((rc = out_list_begin(call, &listing, columns,
	    COUNT(columns))) < 0)
		return rc;
	for (daemon = 0; rc == 0 && daemon < DAEMONS; daemon++)
		rc = put_findings(live, (enum daemon)daemon);
	out_list_end(call);
	if (rc == 0 && call->config.format == FORMAT_JSON && !changed)
		rc = put_end(live);
	return rc < 0 ? rc : outcome(live);
}

/* ---- --changed ---------------------------------------------------------- */

/* Marks the findings that a line of the last run names. */
static void
mark_known(struct live *live, const char *text)
{
	size_t i, len;

	for (; *text != '\0'; text += len + (text[len] == '\n')) {
		len = strcspn(text, "\n");
		for (i = 0; i < live->nfindings; i++) {
			struct finding *finding = &live->findings[i];
			size_t code = strlen(finding->code);

			if (len == code + 1 + strlen(finding->object) &&
			    strncmp(text, finding->code, code) == 0 &&
			    text[code] == '\t' && strncmp(text + code + 1,
			    finding->object, strlen(finding->object)) == 0)
				finding->known = true;
		}
	}
}

/* All findings as lines, for the next run; free it. */
static char *
as_lines(const struct live *live)
{
	char *text = NULL;
	size_t size, i;
	FILE *to = open_memstream(&text, &size);

	if (to == NULL)
		return NULL;
	for (i = 0; i < live->nfindings; i++)
		fprintf(to, "%s\t%s\n", live->findings[i].code,
		    live->findings[i].object);
	return fclose(to) == 0 ? text : NULL;
}

int
live_remember(struct live *live)
{
	struct call *call = machine_call(live->machine);
	char *text = as_lines(live), *last = file_text(RECORD "/" FINDINGS);
	int rc = MAILDB_ENOMEM, directory;

	if (last != NULL)
		mark_known(live, last);
	mkdir(RECORD, 0700);
	directory = open(RECORD, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (directory < 0)
		rc = call_fail(call, MAILDB_EIO, NULL, RECORD,
		    "sudo " PROGRAM " check --live --changed",
		    "%s: %s", RECORD, strerror(errno));
	else if (text != NULL)
		rc = file_write(call, directory, FINDINGS, text, 0600, 0);
	if (directory >= 0)
		close(directory);
	free(text);
	free(last);
	return rc < 0 ? rc : 0;
}
