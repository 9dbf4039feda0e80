/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * shell.c - the interactive shell: commands one by one on one connection
 *
 * Owns where lines come from, what survives from one to the next, and the end.
 * What a line means is line/dispatch.c's business, as everywhere.  A transaction
 * that "begin" opened is the user's: each command is a savepoint in it, so one
 * that fails or is interrupted takes nothing else away.
 *
 * Lines that nobody types end where one fails, or a "begin" that failed would
 * let those after it commit one by one; --keep-going goes on.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "line/command.h"
#include "show/out.h"
#include "base/lines.h"
#include "shell/shell.h"

/* Whether a person is there to type commands. */
bool
shell_wanted(void)
{
	return isatty(STDIN_FILENO) && isatty(STDOUT_FILENO);
}

/* ---- prompt ------------------------------------------------------------- */

/* Makes "mailcfg DATABASE:DOMAIN*> ": the domain in use, and * while a
 * transaction is open. */
static char *
make_prompt(const struct cli *cli)
{
	struct maildb_url_parts url = { .name = "" };
	char *raw = NULL, *prompt;

	if (cli->config.db != NULL)
		(void)maildb_url_read(cli->config.db, &url);
	if (asprintf(&raw, PROGRAM " %.*s%s%s%s> ", (int)url.name_len, url.name,
	    cli->domain != NULL ? ":" : "",
	    cli->domain != NULL ? cli->domain : "",
	    maildb_depth(cli->db) > 0 ? "*" : "") < 0)
		return NULL;
	prompt = text_escaped(raw);
	free(raw);
	return prompt;
}

/* ---- lines -------------------------------------------------------------- */

/* Says what no call of a command has said. */
static int
complain(struct cli *cli, int code, const char *hint, const char *message)
{
	struct fault fault = { 0 };

	fault_set(&fault, code, NULL, NULL, hint, "%s", message);
	out_complain(cli, &fault);
	fault_clear(&fault);
	return code;
}

/* Leaves the innermost file. */
static void
close_file(struct shell *shell)
{
	shell->nfiles--;
	if (shell->files[shell->nfiles].file != stdin)
		fclose(shell->files[shell->nfiles].file);
	free(shell->files[shell->nfiles].name);
}

/* Reads the next line, wherever from: 1, 0 at the end, or MAILDB_EINTR. */
static int
next_line(struct cli *cli, char **line, size_t *size)
{
	struct shell *shell = cli->shell;
	const char *typed;
	char *prompt;
	int rc;

	while (shell->nfiles > 0) {
		cli->file = shell->files[shell->nfiles - 1].name;
		rc = lines_read(shell->files[shell->nfiles - 1].file, line,
		    size, NULL);
		if (rc > 0) {
			cli->line = ++shell->files[shell->nfiles - 1].line;
			return 1;
		}
		if (rc < 0 && rc != MAILDB_EINTR)
			complain(cli, rc, NULL, rc == MAILDB_EIO ?
			    strerror(errno) : maildb_error_meaning(rc));
		if (rc == MAILDB_EINTR)
			return rc;
		close_file(shell);
		if (rc < 0)
			return rc;
	}
	cli->file = NULL;
	cli->line = 0;
	if (shell->editor == NULL)
		return 0;
	if ((prompt = make_prompt(cli)) == NULL)
		return MAILDB_ENOMEM;
	rc = editor_read(shell->editor, prompt, &typed);
	free(prompt);
	if (rc <= 0)
		return rc;
	free(*line);
	*size = strlen(typed) + 1;
	return (*line = strdup(typed)) != NULL ? 1 : MAILDB_ENOMEM;
}

/* Closes a database that cannot serve the next command: it was lost, or
 * opened in a way that only the last command asked for. */
static int
settle(struct cli *cli, int rc, bool in_transaction)
{
	bool lost = rc == MAILDB_ELOST || rc == MAILDB_EUNKNOWN;

	if (lost && in_transaction)
		complain(cli, rc, "begin again",
		    "the transaction is gone with the connection");
	if (lost || (maildb_backend(cli->db) != NULL && (!cli->opened ||
	    maildb_schema_version(cli->db) != maildb_schema_wanted())))
		return cli_close(cli);
	return 0;
}

/* Tells when results did not get out, once: the error is forgotten. */
static int
check_output(struct cli *cli)
{
	int error, rc = out_flush(cli->out, &error);

	if (rc == 0 || (error == EPIPE && cli->shell->editor == NULL))
		return rc; /* who reads has seen enough */
	complain(cli, rc, NULL, strerror(error));
	clearerr(stdout);
	cli->out->error = 0;
	return rc;
}

/* Carries out one line; answers the code of what failed. */
static int
run_line(struct cli *cli, char *line)
{
	struct shell *shell = cli->shell;
	bool typed = shell->editor != NULL && shell->nfiles == 0;
	bool in_transaction = maildb_depth(cli->db) > 0;
	char *copy = typed ? strdup(line) : NULL, **words;
	size_t count;
	int rc = 0, broken;

	cli->parsed = cli->secret = false;
	if ((rc = words_split(line, &words, &count)) < 0)
		rc = complain(cli, rc, NULL, words_wrong(rc));
	else if (count > 0)
		rc = dispatch(cli, words, count);
	free(words);
	if (copy != NULL && (words == NULL || count > 0) && !cli->secret)
		editor_remember(shell->editor, copy, cli->parsed);
	maildb_secret_free(copy);
	if ((broken = check_output(cli)) < 0 && rc >= 0)
		rc = broken;
	if ((broken = settle(cli, rc, in_transaction)) < 0)
		shell->quit = true;
	return broken < 0 ? broken : rc;
}

/* ---- the session -------------------------------------------------------- */

/* Ends what a person would be asked about. */
static int
end(struct cli *cli, int rc)
{
	if (maildb_depth(cli->db) == 0 ||
	    (cli->shell->editor != NULL && !cli_interrupted()))
		return rc;
	complain(cli, MAILDB_EREFUSED, "end it with commit",
	    "the open transaction was rolled back");
	return rc < 0 ? rc : MAILDB_EREFUSED;
}

/* Reads a line and carries it out: 0 when there is none, or the code of what
 * failed.  A signal stops a file also when its line was done. */
static int
step(struct cli *cli, char **line, size_t *size)
{
	struct shell *shell = cli->shell;
	char quit[] = "quit", *leave[] = { quit };
	int rc = next_line(cli, line, size);

	if (rc > 0) {
		rc = run_line(cli, *line);
		explicit_bzero(*line, *size);
		rc = rc < 0 ? rc : 1;
	} else if (rc == 0 && shell->editor != NULL) {
		dispatch(cli, leave, 1); /* Ctrl-D: maybe not */
	}
	if (cli_interrupted() && shell->nfiles > 0)
		rc = complain(cli, MAILDB_EINTR, NULL,
		    "interrupted; the lines after this one were not run");
	return rc;
}

/* Whether lines go on after what one has come to. */
static bool
go_on(const struct cli *cli, int rc)
{
	if (rc == MAILDB_ENOMEM || (cli_interrupted() && (!signals_resume() ||
	    cli->shell->editor == NULL)))
		return false;
	return cli->shell->editor != NULL || rc > 0 ||
	    (rc < 0 && cli->config.keep_going);
}

/* Says how many lines failed. */
static int
count_failed(struct cli *cli, int failed)
{
	char message[40];

	snprintf(message, sizeof(message), "%d %s failed", failed,
	    failed == 1 ? "line" : "lines");
	cli->line = 0;
	return failed == 0 ? 0 : complain(cli, CLI_EBATCH, NULL, message);
}

/* Carries out lines until their end; a person's failures are forgotten. */
static int
run_lines(struct cli *cli)
{
	struct shell *shell = cli->shell;
	char *line = NULL;
	size_t size = 0;
	int rc, failed = 0;

	do {
		rc = step(cli, &line, &size);
		if (rc < 0)
			failed++;
		/* A file is left where it failed. */
		while (rc < 0 && shell->editor != NULL && shell->nfiles > 0)
			close_file(shell);
	} while (go_on(cli, rc) && !shell->quit);
	free(line);
	if (rc == MAILDB_ENOMEM)
		return rc;
	if (shell->editor != NULL)
		return cli_interrupted() ? MAILDB_EINTR : 0;
	if (rc == MAILDB_EINTR || (rc < 0 && !cli->config.keep_going))
		return rc;
	return count_failed(cli, failed);
}

/* Says why nobody can type lines. */
static int
no_editor(struct cli *cli, char *why)
{
	int rc = why == NULL ? complain(cli, MAILDB_ENOMEM, NULL,
	    maildb_error_meaning(MAILDB_ENOMEM)) :
	    complain(cli, MAILDB_EIO, "install " PROGRAM " again, or give it "
	    "commands as arguments", why);

	free(why);
	return rc;
}

/* See shell.h. */
int
shell_run(struct cli *cli)
{
	struct shell shell = { 0 };
	char *why;
	int rc = 0;

	if (cli->config.check)
		return complain(cli, CLI_EUSAGE, NULL,
		    "the shell does not work with --check");
	if (shell_wanted()) {
		if ((shell.editor = editor_new(cli, &why)) == NULL)
			return no_editor(cli, why);
	} else {
		shell.files[0].file = stdin;
		shell.files[0].name = strdup("-");
		shell.nfiles = 1;
	}
	cli->shell = &shell;
	rc = end(cli, run_lines(cli));
	while (shell.nfiles > 0)
		close_file(&shell);
	cli->shell = NULL;
	cli->file = NULL;
	editor_free(shell.editor);
	return rc;
}
