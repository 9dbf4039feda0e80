/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * main.c - mailcfg: from argv to an exit status
 *
 * Owns the process: its descriptors and its umask.  What the words mean is
 * line/dispatch.c's business.
 */
#include <sys/stat.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "show/out.h"
#include "cmd/commands.h"
#include "shell/shell.h"

/* Occupies descriptors 0 to 2, so that no database is opened as one of them;
 * a closed one stays unusable. */
static void
fill_descriptors(void)
{
	int fd;

	for (fd = STDIN_FILENO; fd <= STDERR_FILENO; fd++)
		if (fcntl(fd, F_GETFD) < 0 && open("/dev/null",
		    fd == STDIN_FILENO ? O_WRONLY : O_RDONLY) != fd)
			_exit(1);
}

/* Wipes the words of argv that hold a database's password. */
static void
wipe_urls(struct config *config, char **words, size_t nwords)
{
	size_t i;

	for (i = 0; i < nwords; i++)
		if (strstr(words[i], config->db) != NULL) {
			secret_wipe(words[i]);
			config->db_secret = true;
		}
}

/* Does what the options before the command ask for without one, or reads the
 * rest; the outcome was shown. */
static int
run(struct cli *cli, struct call *call, char **words, size_t nwords)
{
	const char *what = call->config.help ? "help" : call->config.version ?
	    "version" : NULL;
	char word[8];
	char *alone[] = { word };

	if (what != NULL) {
		snprintf(word, sizeof(word), "%s", what);
		cli->config.help = false;
		return dispatch(cli, alone, 1);
	}
	if (cli->config.file == NULL && (nwords == 0 ? shell_wanted() :
	    nwords == 1 && strcmp(words[0], "shell") == 0))
		return shell_run(cli);
	if (cli->config.file == NULL && nwords > 0)
		return dispatch(cli, words, nwords);
	if (cli->config.file != NULL && nwords == 0)
		return batch_run(cli, cli->config.file);
	out_call_begin(cli->out, call);
	if (nwords > 0)
		call_fail(call, CLI_EUSAGE, NULL, words[0], NULL,
		    "with --file the commands come from there, not \"%s\"",
		    words[0]);
	else
		call_fail(call, CLI_EUSAGE, NULL, NULL, PROGRAM " help",
		    "a command is missing");
	out_call_end(cli->out, call, CLI_EUSAGE);
	return CLI_EUSAGE;
}

/* Reads the options before the command; *at is left on the first word. */
static int
read_options(struct call *call, char **words, size_t nwords, size_t *at)
{
	int rc;

	for (; *at < nwords && words[*at][0] == '-' && words[*at][1] != '\0';
	    ++*at) {
		if (strcmp(words[*at], "--") == 0) {
			++*at;
			break;
		}
		if ((rc = take_option(call, words, nwords, at, false)) < 0)
			return rc;
	}
	return config_load(&call->config, &call->fault);
}

/* Says that results did not reach their reader, which undoes nothing. */
static void
complain_output(const struct cli *cli, int error)
{
	struct fault fault = { 0 };

	fault_set(&fault, MAILDB_EIO, NULL, NULL, cli->committed ?
	    "the change itself was made" : NULL,
	    "standard output: %s", strerror(error));
	out_complain(cli, &fault);
	fault_clear(&fault);
}

/* Says without memory that there is none. */
static int
no_memory(void)
{
	fprintf(stderr, PROGRAM ": %s\n", maildb_error_meaning(MAILDB_ENOMEM));
	return error_status(MAILDB_ENOMEM);
}

/* Frees what the run has; answers status. */
static int
end(struct cli *cli, struct call *call, int status)
{
	signals_attend(NULL);
	cli_discard(cli, 0);
	maildb_free(cli->db);
	fault_clear(&call->fault);
	config_free(&cli->config);
	free(cli->domain);
	out_free(cli->out);
	return status;
}

int
main(int argc, char **argv)
{
	struct command self = { .options = { config_options() } };
	struct cli cli = { .commands = &all_commands,
		.config = { .timeout = -1, .argv_password = 1 } };
	struct call call = { .cli = &cli, .command = &self };
	size_t nwords = argc > 0 ? (size_t)argc : 0, at = 1;
	int rc, status, error, holds = 0;
	bool gone = false; /* who reads the output has seen enough */

	fill_descriptors();
	umask(027);
	signals_catch();
	cli.out = out_new();
	cli.db = maildb_new();
	if (cli.out == NULL || cli.db == NULL)
		return end(&cli, &call, no_memory());
	signals_attend(cli.db);
	call.config = cli.config;
	rc = read_options(&call, argv, nwords, &at);
	cli.config = call.config;
	if (cli.config.db != NULL && (holds = secret_in_url(cli.config.db)) != 0)
		wipe_urls(&cli.config, argv + 1, at - 1);
	if (holds < 0 && rc >= 0)
		rc = call_fail(&call, holds, NULL, NULL, NULL, "%s",
		    maildb_error_meaning(holds));
	if (rc < 0) {
		out_call_begin(cli.out, &call);
		out_call_end(cli.out, &call, rc);
	} else {
		rc = run(&cli, &call, argv + at, nwords - at);
	}
	signals_attend(NULL);
	cli_discard(&cli, rc);
	status = rc >= 0 && cli.different ? EXIT_DIFFERENT : error_status(rc);
	cli.file = NULL;
	if (out_flush(cli.out, &error) < 0) {
		gone = error == EPIPE && !cli.committed;
		if (!gone)
			complain_output(&cli, error);
		if (status == 0)
			status = 1;
	}
	status = end(&cli, &call, status);
	if (gone)
		signals_die(SIGPIPE);
	return status;
}
