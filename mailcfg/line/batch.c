/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * batch.c - a file of commands as one transaction
 *
 * A line that fails undoes all, or with --keep-going only itself.  What the
 * lines have to show is held back until the commit.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "line/lines.h"
#include "show/out.h"

/* What opens the database for a batch. */
static const struct command opener = { .flags = CMD_DB | CMD_WRITE };

/* Carries out one line, which an empty one does by doing nothing. */
static int
run_line(struct cli *cli, char *line)
{
	size_t count;
	char **words;
	int rc = words_split(line, &words, &count);

	if (rc < 0)
		return fault_set(&cli->fault, rc, NULL, NULL, NULL, "%s",
		    words_wrong(rc));
	if (count > 0)
		rc = dispatch(cli, words, count);
	free(words);
	return rc;
}

/* After these nothing more can be done. */
static bool
is_final(int rc)
{
	return rc == MAILDB_EINTR || rc == MAILDB_ELOST ||
	    rc == MAILDB_EUNKNOWN || rc == MAILDB_ENOMEM;
}

/* Carries out all lines: how many failed, or the error that ended it. */
static int
run_lines(struct cli *cli, FILE *file, bool *changed)
{
	char *line = NULL;
	size_t size = 0;
	int rc = 0, failed = 0;

	while ((rc = lines_read(file, &line, &size, NULL)) > 0) {
		cli->line++;
		out_progress(cli, "lines");
		rc = run_line(cli, line);
		explicit_bzero(line, size);
		if (rc == 1)
			*changed = true;
		if (rc >= 0)
			continue;
		if (!cli->config.keep_going || is_final(rc))
			break;
		failed++;
		out_complain(cli, &cli->fault);
		fault_clear(&cli->fault);
	}
	if (rc < 0 && cli->fault.code == 0)
		lines_fail(&cli->fault, rc, NULL);
	lines_free(line, size);
	out_progress_end();
	if (rc < 0)
		return rc;
	cli->line = 0;
	return failed;
}

/* Ends the transaction as --check and the outcome want it. */
static int
finish(struct cli *cli, bool changed, int rc)
{
	int ended;

	if (rc >= 0 && cli_interrupted())
		rc = fault_set(&cli->fault, MAILDB_EINTR, NULL, NULL, NULL,
		    "interrupted; nothing was committed");
	if (rc >= 0 && changed && cli->config.diff &&
	    (ended = out_diff(cli->out, cli->db)) < 0)
		rc = ended;
	if (rc < 0)
		fault_from(&cli->fault, rc, cli->db);
	ended = rc < 0 || cli->config.check ? maildb_rollback(cli->db) :
	    maildb_commit(cli->db);
	if (rc >= 0 && ended < 0) {
		fault_from(&cli->fault, ended, cli->db);
		return ended;
	}
	return rc;
}

/* Opens file and database, and carries out what is in the one on the other. */
static int
run_file(struct cli *cli, const char *path, bool *changed)
{
	struct call call = { .cli = cli, .config = cli->config,
		.command = &opener };
	FILE *file;
	int rc;

	if ((rc = cli_open(&call)) < 0 || (rc = maildb_begin(cli->db)) < 0) {
		fault_from(&call.fault, rc, cli->db);
		cli->fault = call.fault;
		return rc;
	}
	file = strcmp(path, "-") == 0 ? stdin : fopen(path, "re");
	if (file == NULL)
		rc = fault_set(&cli->fault, MAILDB_EIO, NULL, path, NULL,
		    "it cannot be read: %s", strerror(errno));
	else {
		out_progress_from(fileno(file));
		rc = run_lines(cli, file, changed);
	}
	if (file != NULL && file != stdin)
		fclose(file);
	return finish(cli, *changed, rc);
}

/* Runs the commands of a file; answers the code that tells the outcome. */
int
batch_run(struct cli *cli, const char *path)
{
	bool changed = false;
	int rc;

	cli->file = path;
	cli->batch = true;
	if ((rc = out_batch_begin(cli->out, &cli->config)) < 0)
		fault_set(&cli->fault, rc, NULL, NULL, NULL,
		    "no temporary file can be made: %s", strerror(errno));
	else
		rc = run_file(cli, path, &changed);
	if (rc > 0)
		rc = fault_set(&cli->fault, CLI_EBATCH, NULL, NULL, NULL,
		    "%d %s failed", rc, rc == 1 ? "line" : "lines");
	changed = changed && (rc == 0 || rc == CLI_EBATCH);
	out_batch_end(cli->out, cli, changed, rc);
	cli->different = changed && cli->config.exit_code;
	cli->committed = changed && !cli->config.check;
	cli->batch = false;
	fault_clear(&cli->fault);
	return rc;
}
