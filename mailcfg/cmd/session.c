/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * session.c - the commands of the shell's session
 *
 * They change what the next line finds; the shell's loop does the rest.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "cmd/commands.h"
#include "line/complete.h"
#include "shell/shell.h"

/* Only a shell started with more than its name comes here. */
int
cmd_shell(struct call *call)
{
	return call_fail(call, CLI_EUSAGE, NULL, NULL, NULL,
	    call->cli->shell != NULL ? "this is the shell" :
	    "options of the shell stand before its name");
}

/* ---- transactions ------------------------------------------------------- */

int
cmd_begin(struct call *call)
{
	if (maildb_depth(call->db) > 0)
		return call_fail(call, CLI_EUSAGE, NULL, NULL,
		    "commit, or rollback", "a transaction is open already");
	return maildb_begin(call->db);
}

/* Refuses what only makes sense in a transaction. */
static int
check_open(struct call *call)
{
	return maildb_depth(call->db) > 0 ? 0 : call_fail(call, CLI_EUSAGE,
	    NULL, NULL, "begin", "no transaction is open");
}

int
cmd_commit(struct call *call)
{
	int rc = check_open(call), ended;

	/* Said before it is done: after that, nothing may fail. */
	if (rc == 0)
		rc = call_changed(call, 1, "committed");
	if (rc > 0 && (ended = maildb_commit(call->db)) < 0)
		rc = ended;
	return rc;
}

int
cmd_rollback(struct call *call)
{
	int rc = check_open(call);

	if (rc == 0)
		rc = maildb_rollback(call->db);
	if (rc == 0 && call_changed(call, 1, "rolled back") < 0)
		rc = MAILDB_ENOMEM;
	return rc;
}

int
cmd_diff(struct call *call)
{
	int rc = check_open(call);

	return rc < 0 ? rc : out_diff(call->cli->out, call->db);
}

/* ---- the session -------------------------------------------------------- */

/* Sets the domain of addresses that have none; without an argument, ends it. */
int
cmd_use(struct call *call)
{
	char *domain = NULL;
	int rc;

	if (call->arg[0] != NULL) {
		if ((rc = domain_exists(call, call->arg[0])) <= 0)
			return rc < 0 ? rc : MAILDB_EDOMAIN;
		if ((domain = strdup(call->arg[0])) == NULL)
			return MAILDB_ENOMEM;
	}
	free(call->cli->domain);
	call->cli->domain = domain;
	return 0;
}

/* Lets the next lines come from a file. */
int
cmd_source(struct call *call)
{
	struct shell *shell = call->cli->shell;
	FILE *file;
	char *name;

	if (shell->nfiles == SHELL_FILES)
		return call_fail(call, CLI_EUSAGE, NULL, call->arg[0], NULL,
		    "at most %d files can be read one inside the other",
		    SHELL_FILES);
	if ((file = fopen(call->arg[0], "re")) == NULL)
		return call_fail(call, MAILDB_EIO, NULL, call->arg[0], NULL,
		    "%s cannot be read: %s", call->arg[0], strerror(errno));
	if ((name = strdup(call->arg[0])) == NULL) {
		fclose(file);
		return MAILDB_ENOMEM;
	}
	shell->files[shell->nfiles].file = file;
	shell->files[shell->nfiles].name = name;
	shell->files[shell->nfiles++].line = 0;
	return 0;
}

/* The lines typed so far, oldest first. */
int
cmd_history(struct call *call)
{
	static const struct listing listing = { .name = "lines" };
	static const struct column columns[] = {
		{ "number", MAILDB_INT }, { "line", MAILDB_TEXT },
	};
	struct editor *editor = call->cli->shell->editor;
	const char *line;
	int rc, place = 0;

	rc = out_list_begin(call, &listing, columns, COUNT(columns));
	while (rc >= 0 && editor != NULL &&
	    (line = editor_recall(editor, &place)) != NULL)
		rc = out_row(call, (struct value[]){ { .number = place },
		    { .text = line } });
	out_list_end(call);
	return rc;
}

int
cmd_quit(struct call *call)
{
	if (maildb_depth(call->cli->db) > 0 && !call_confirm(call,
	    "A transaction is open. Leave, and forget what it holds?"))
		return 0;
	if (maildb_depth(call->cli->db) > 0)
		maildb_rollback(call->cli->db);
	call->cli->shell->quit = true;
	return 0;
}

/* ---- for other shells --------------------------------------------------- */

/* "__complete -- WORDS...": candidates for the last one, a line each, with
 * their help behind a tab.  A line ":files" asks for names of files. */
int
cmd_complete(struct call *call)
{
	struct out *out = call->cli->out;
	size_t last = call->nrest > 0 ? call->nrest - 1 : 0, i;
	struct completion c;

	out->format = FORMAT_DEFAULT; /* whatever a file says */
	complete(&c, call->cli, call->rest, last,
	    call->nrest > 0 ? call->rest[last] : "");
	for (i = 0; i < c.count; i++) {
		text_escape(out->to, c.found[i].word);
		fputc('\t', out->to);
		text_escape(out->to, c.found[i].help != NULL ?
		    c.found[i].help : "");
		fputc('\n', out->to);
	}
	if (c.files)
		fputs(":files\n", out->to);
	complete_free(&c);
	return 0;
}
