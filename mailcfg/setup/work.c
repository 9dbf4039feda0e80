/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * work.c - rows brought about: users and files, Postfix, Dovecot
 *
 * Every change is recorded, made and shown; with --check only shown.
 */
#include <sys/stat.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "maps/maps.h"
#include "list.h"
#include "owner.h"
#include "work.h"

#define POSTFIX_MAIN   "/etc/postfix/main.cf"
#define POSTFIX_MASTER "/etc/postfix/master.cf"
#define DOVECOT_OURS   "/etc/dovecot/conf.d/99-maildb.conf"

static const char *const daemon_names[DAEMONS] = {
	[DAEMON_SYSTEM] = "system", [DAEMON_POSTFIX] = "postfix",
	[DAEMON_DOVECOT] = "dovecot",
};

int
work_show(struct work *work, enum daemon daemon, const char *object,
    const char *from, const char *to)
{
	const struct value row[] = { { .text = daemon_names[daemon] },
		{ .text = object }, { .null = from == NULL, .text = from },
		{ .text = to } };

	work->changed = true;
	work->restart[daemon] = true;
	return out_row(work->call, row) < 0 ? MAILDB_EIO : 0;
}

int
work_run(struct work *work, const char *const *argv)
{
	const struct process process = { .argv = argv };
	struct output output;
	int rc;

	if (work->check)
		return 0;
	if ((rc = process_run(&process, &output)) < 0)
		return rc;
	if (output.status != 0)
		rc = call_fail(work->call, MAILDB_EIO, NULL, NULL, NULL,
		    "%s: %.*s", argv[0], (int)strcspn(output.err, "\n"),
		    *output.err != '\0' ? output.err : "failed");
	output_free(&output);
	return rc;
}

/* Says what stays as an administrator has it, and how to change it. */
static void
say_left(struct work *work, const struct difference *difference)
{
	bool postfix = difference->row->daemon == DAEMON_POSTFIX;
	char *message = NULL, *hint = NULL;

	if (asprintf(&message, "%s stays \"%s\": %s", difference->object,
	    difference->actual != NULL ? difference->actual : "",
	    difference->row->why) < 0)
		message = NULL;
	if (asprintf(&hint, postfix ? "postconf -e '%s = %s', or --force" :
	    "%s = %s, or --force", difference->object,
	    difference->wanted) < 0)
		hint = NULL;
	if (message != NULL)
		call_warn(work->call, difference->row->code, message, hint);
	free(message);
	free(hint);
}

/* ---- the system -------------------------------------------------------- */

static int
make_group(struct work *work, const struct difference *difference)
{
	const char *name = difference->object, *number = difference->wanted;
	const char *argv[] = { "groupadd", "--system", name, NULL, NULL,
		NULL };
	int rc = 0;

	if (*number != '\0') {
		argv[2] = "--gid";
		argv[3] = number;
		argv[4] = name;
	}
	if (!work->check)
		rc = changes_add(work->call, CHANGE_GROUP, name, NULL, NULL);
	if (rc == 0)
		rc = work_run(work, argv);
	return rc < 0 ? rc : work_show(work, DAEMON_SYSTEM, name, NULL,
	    "group created");
}

static int
make_user(struct work *work, const struct difference *difference)
{
	char uid[32], gid[32], home[512];
	const char *const argv[] = { "useradd", "--system", "--uid", uid,
		"--gid", gid, "--home-dir", home, "--no-create-home",
		"--shell", "/usr/sbin/nologin", difference->object, NULL };
	int rc = 0;

	if (sscanf(difference->wanted, "%31[^:]:%31[^:]:%511s", uid, gid,
	    home) != 3)
		return MAILDB_EVALUE;
	if (!work->check)
		rc = changes_add(work->call, CHANGE_USER, difference->object,
		    NULL, NULL);
	if (rc == 0)
		rc = work_run(work, argv);
	return rc < 0 ? rc : work_show(work, DAEMON_SYSTEM,
	    difference->object, NULL, "user created");
}

static int
make_member(struct work *work, const struct difference *difference)
{
	const char *const argv[] = { "usermod", "--append", "--groups",
		difference->wanted, difference->object, NULL };
	char to[128];
	int rc = 0;

	if (!work->check)
		rc = changes_add(work->call, CHANGE_MEMBER,
		    difference->object, NULL, difference->wanted);
	if (rc == 0)
		rc = work_run(work, argv);
	snprintf(to, sizeof(to), "member of group %s", difference->wanted);
	/* A process keeps the groups that it was started with. */
	return rc < 0 ? rc : work_show(work, DAEMON_POSTFIX,
	    difference->object, NULL, to);
}

/* Gives a path its owner and mode; a directory that is missing is made. */
static int
make_modes(struct work *work, const struct difference *difference)
{
	const char *path = difference->object;
	bool there = difference->actual != NULL;
	int rc;

	if (!work->check) {
		rc = changes_add(work->call, there ? CHANGE_MODES :
		    CHANGE_DIRECTORY, path, difference->actual,
		    difference->wanted);
		if (rc < 0)
			return rc;
		if ((!there && mkdir(path, 0700) < 0) ||
		    owner_set(path, difference->wanted) < 0)
			return call_fail(work->call, MAILDB_EIO, NULL, path,
			    NULL, "%s: %s", path, strerror(errno));
	}
	return work_show(work, DAEMON_SYSTEM, path, difference->actual,
	    difference->wanted);
}

/* A file's text with a line before the first of its kind, or at the end. */
static char *
add_line(const char *text, const char *line, bool first)
{
	size_t word = strcspn(line, " "), size;
	const char *end;
	char *out = NULL;
	bool done = false;
	FILE *to = open_memstream(&out, &size);

	if (to == NULL)
		return NULL;
	for (; *text != '\0'; text = end + (*end == '\n')) {
		end = text + strcspn(text, "\n");
		if (first && !done && strncmp(text, line, word) == 0 &&
		    strchr(" \t", text[word]) != NULL) {
			fprintf(to, "%s\n", line);
			done = true;
		}
		fprintf(to, "%.*s\n", (int)(end - text), text);
	}
	if (!done)
		fprintf(to, "%s\n", line);
	if (fclose(to) != 0) {
		free(out);
		return NULL;
	}
	return out;
}

static int
make_line(struct work *work, const struct difference *difference)
{
	const char *path = difference->object, *line = difference->wanted;
	bool first = difference->row->join == JOIN_FIRST;
	char *text = file_text(path), *changed;
	int rc = 0;

	changed = add_line(text != NULL ? text : "", line, first);
	free(text);
	if (changed == NULL)
		return MAILDB_ENOMEM;
	if (!work->check)
		rc = changes_add(work->call, CHANGE_LINE, path, "", line);
	if (rc == 0)
		rc = work_write(work, path, changed, 0644, 0);
	free(changed);
	if (rc >= 0)
		rc = work_show(work, DAEMON_SYSTEM, path, NULL, line);
	return rc < 0 || strncmp(path, "/etc/mailcfg.conf", 17) == 0 ? rc :
	    work_reload_cluster(work);
}

static int
change_system(void *arg, const struct difference *difference)
{
	static int (*const makes[PLACES])(struct work *work,
	    const struct difference *difference) = {
		[PLACE_GROUP] = make_group, [PLACE_USER] = make_user,
		[PLACE_MEMBER] = make_member,
		[PLACE_DIRECTORY] = make_modes, [PLACE_FILE] = make_modes,
		[PLACE_LINES] = make_line,
	};

	if (difference->left)
		return call_fail(((struct work *)arg)->call, MAILDB_EREFUSED,
		    NULL, difference->object, "mailcfg set mail_uid NUMBER; "
		    "mailcfg set mail_gid NUMBER", "%s exists with another "
		    "number than the settings say", difference->object);
	return makes[difference->row->place](arg, difference);
}

/* Compares all rows of a daemon. */
static int
each_row(struct work *work, enum daemon daemon, difference_fn *change)
{
	const struct requirement *row, *end = requirements + nrequirements;
	int rc = 0;

	for (row = requirements; rc == 0 && row < end; row++)
		if (row->daemon == daemon)
			rc = requirement_compare(work->machine, row, change,
			    work);
	return rc;
}

int
work_system(struct work *work)
{
	return each_row(work, DAEMON_SYSTEM, change_system);
}

/* ---- map files --------------------------------------------------------- */

struct files {
	struct work *work;
	const char *directory;
	gid_t group;
	size_t written;
};

static int
write_map(void *arg, const char *name, const char *text)
{
	struct files *files = arg;
	char path[512];
	int rc;

	snprintf(path, sizeof(path), "%.200s/%.200s", files->directory, name);
	rc = work_write(files->work, path, text, 0640, files->group);
	files->written += rc == 1;
	return rc;
}

/* Moves a password that stands in map files into the daemon's passfile. */
static int
move_password(struct work *work, enum daemon daemon, const char *directory)
{
	int fd = open(directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	int rc = maps_passfile(work->call, machine_reader(work->machine,
	    daemon), fd);

	if (fd >= 0)
		close(fd);
	return rc < 0 ? rc : 0;
}

/* Makes the map files of a daemon, and their directory. */
static int
work_maps(struct work *work, enum daemon daemon, const char *directory)
{
	struct files files = { .work = work, .directory = directory };
	long group = owner_group(daemon_names[daemon]);
	char to[64];
	int rc;

	files.group = group >= 0 ? (gid_t)group : 0;
	if (daemon == DAEMON_DOVECOT &&
	    machine_facts(work->machine) & ON_DOVECOT_24)
		return 0; /* has none */
	if ((rc = move_password(work, daemon, directory)) < 0)
		return rc;
	if (!work->check && access(directory, F_OK) < 0) {
		rc = changes_add(work->call, CHANGE_DIRECTORY, directory,
		    NULL, NULL);
		if (rc < 0)
			return rc;
		if (mkdir(directory, 0755) < 0 || chmod(directory, 0755) < 0)
			return call_fail(work->call, MAILDB_EIO, NULL,
			    directory, NULL, "%s: %s", directory,
			    strerror(errno));
	}
	rc = maps_make(work->machine, daemon, write_map, &files);
	if (rc <= 0)
		return rc;
	snprintf(to, sizeof(to), "%zu file%s written", files.written,
	    files.written == 1 ? "" : "s");
	return work_show(work, daemon, directory, NULL, to);
}

/* ---- Postfix ----------------------------------------------------------- */

static int
change_postfix(void *arg, const struct difference *difference)
{
	struct work *work = arg;
	struct settings *settings[PLACES] = {
		[PLACE_MAIN] = &work->machine->main,
		[PLACE_OPTION] = &work->machine->service_options,
		[PLACE_FIELD] = &work->machine->fields,
		[PLACE_SERVICE] = &work->services,
	};

	if (difference->left) {
		say_left(work, difference);
		return 0;
	}
	return settings_set(settings[difference->row->place],
	    difference->object, difference->wanted);
}

/* A list without white space, as "postconf -P" wants it. */
static char *
compact(const char *value)
{
	struct list list;
	char *text = NULL;

	if (list_parse(&list, value) == 0)
		text = list_text(&list, ",");
	list_free(&list);
	return text;
}

/* "NAME=VALUE" for postconf; a line of master.cf begins with its service. */
static char *
assignment(const struct setting *setting, enum change_kind kind)
{
	char *value = kind == CHANGE_OPTION ? compact(setting->value) :
	    strdup(setting->value), *text = NULL;
	int service = kind == CHANGE_SERVICE ?
	    (int)strcspn(setting->name, "/") : 0;

	if (value != NULL && asprintf(&text, "%s=%.*s%s%s", setting->name,
	    service, setting->name, service > 0 ? " " : "", value) < 0)
		text = NULL;
	free(value);
	return text;
}

/* Records and shows one change. */
static int
tell_change(struct work *work, enum change_kind kind,
    const struct setting *setting)
{
	const char *before = setting->added ? NULL : setting->original,
	    *from = before;
	int rc = 0;

	if (before != NULL && strcmp(before, setting->value) == 0)
		return work_show(work, DAEMON_POSTFIX, setting->name, NULL,
		    "named once");
	if (kind == CHANGE_MAIN && before == NULL)
		from = machine_main_default(work->machine, setting->name);
	if (!work->check)
		rc = changes_add(work->call, kind, setting->name, before,
		    setting->value);
	return rc < 0 ? rc : work_show(work, DAEMON_POSTFIX, setting->name,
	    from, setting->value);
}

/* Changes Postfix's files, or their copies. */
static int
run_postconf(struct work *work, const char *const *argv)
{
	bool check = work->check;
	int rc;

	work->check = check && *work->copies == '\0';
	rc = work_run(work, argv);
	work->check = check;
	return rc;
}

/* Names the files that postconf changes, recorded or copied before. */
static int
prepare_files(struct work *work)
{
	static const char *const paths[] = { POSTFIX_MAIN, POSTFIX_MASTER };
	char *text;
	size_t i;
	int rc = 0;

	snprintf(work->postfix_directory, sizeof(work->postfix_directory),
	    "%s/etc/postfix", work->copies);
	for (i = 0; rc == 0 && i < COUNT(paths); i++) {
		if (!work->check) {
			rc = changes_file(work->call, paths[i]);
			continue;
		}
		text = file_text(paths[i]);
		rc = text != NULL ? work_copy(work, paths[i], text) : 0;
		free(text);
	}
	return rc;
}

#define EDITS 128

/* Hands all changed settings to one run of postconf. */
static int
edit(struct work *work, const struct settings *settings, const char *option,
    enum change_kind kind)
{
	const char *argv[EDITS + 5] = { "postconf", "-c",
		work->postfix_directory, option };
	const size_t words = 4;
	size_t i, count = words;
	int rc = 0;

	for (i = 0; rc == 0 && i < settings->count; i++) {
		if (settings->list[i].original == NULL || count > EDITS)
			continue;
		argv[count] = assignment(&settings->list[i], kind);
		rc = argv[count++] == NULL ? MAILDB_ENOMEM :
		    tell_change(work, kind, &settings->list[i]);
	}
	if (rc == 0 && count > words)
		rc = run_postconf(work, argv);
	while (count > words)
		free((char *)argv[--count]);
	return rc;
}

/* Leaves one line of each parameter that main.cf names twice: Postfix obeys
 * the last, and each of its processes warns. */
static int
write_once(struct work *work)
{
	const struct settings *doubled = &work->machine->doubled;
	size_t i;
	int rc = 0;

	for (i = 0; rc == 0 && i < doubled->count; i++) {
		const char *name = doubled->list[i].name;
		const char *value = machine_main(work->machine, name);
		const char *const argv[] = { "postconf", "-c",
			work->postfix_directory, "-X", name, NULL };
		char *copy = strdup(value != NULL ? value : "");

		if (copy == NULL)
			return MAILDB_ENOMEM;
		rc = run_postconf(work, argv);
		if (rc == 0)
			rc = settings_set(&work->machine->main, name, copy);
		free(copy);
	}
	return rc;
}

int
work_postfix(struct work *work)
{
	int rc = work_maps(work, DAEMON_POSTFIX,
	    work->machine->postfix_maps);

	if (rc == 0)
		rc = each_row(work, DAEMON_POSTFIX, change_postfix);
	if (rc == 0)
		rc = prepare_files(work);
	if (rc == 0)
		rc = write_once(work);
	if (rc == 0)
		rc = edit(work, &work->machine->main, "-e", CHANGE_MAIN);
	if (rc == 0)
		rc = edit(work, &work->services, "-M", CHANGE_SERVICE);
	if (rc == 0)
		rc = edit(work, &work->machine->fields, "-F", CHANGE_FIELD);
	if (rc == 0)
		rc = edit(work, &work->machine->service_options, "-P",
		    CHANGE_OPTION);
	return rc;
}

/* ---- Dovecot ----------------------------------------------------------- */

/* The file's text with one line commented out. */
static char *
comment_out(const char *text, const char *line)
{
	char *out = NULL;
	const char *end, *at;
	size_t size, len = strlen(line);
	FILE *to = open_memstream(&out, &size);

	if (to == NULL)
		return NULL;
	for (; *text != '\0'; text = end + (*end == '\n')) {
		end = text + strcspn(text, "\n");
		at = text + strspn(text, " \t");
		if (strncmp(at, line, len) == 0 &&
		    at + len + strspn(at + len, " \t\r") == end)
			fputc('#', to);
		fprintf(to, "%.*s%s", (int)(end - text), text,
		    *end == '\n' ? "\n" : "");
	}
	if (fclose(to) != 0) {
		free(out);
		return NULL;
	}
	return out;
}

static int
make_comment(struct work *work, const struct difference *difference)
{
	const char *path = difference->object, *line = difference->actual;
	char *text = file_text(path), *changed = NULL, *commented = NULL;
	int rc = MAILDB_ENOMEM;

	if (text != NULL && (changed = comment_out(text, line)) != NULL &&
	    asprintf(&commented, "#%s", line) >= 0) {
		rc = work->check ? 0 : changes_add(work->call, CHANGE_LINE,
		    path, line, commented);
		if (rc == 0)
			rc = work_write(work, path, changed, 0644, 0);
		if (rc >= 0)
			rc = work_show(work, DAEMON_DOVECOT, path, line,
			    commented);
		free(commented);
	}
	free(text);
	free(changed);
	return rc;
}

static int
change_dovecot(void *arg, const struct difference *difference)
{
	if (difference->left)
		say_left(arg, difference);
	return difference->row->place == PLACE_COMMENTED ?
	    make_comment(arg, difference) : 0;
}

/* Writes our file, which Dovecot reads after all others of conf.d. */
static int
write_ours(struct work *work)
{
	char *text = NULL, *there = file_text(DOVECOT_OURS);
	size_t size;
	FILE *to = open_memstream(&text, &size);
	bool new = there == NULL;
	int rc = to != NULL ? snippet_dovecot(work->machine, to) :
	    MAILDB_ENOMEM;

	if (to != NULL && fclose(to) != 0 && rc == 0)
		rc = MAILDB_ENOMEM;
	if (rc == 0 && (new || strcmp(there, text) != 0)) {
		rc = work_write(work, DOVECOT_OURS, text, 0644, 0);
		if (rc == 1)
			rc = work_show(work, DAEMON_DOVECOT, DOVECOT_OURS,
			    NULL, new ? "written" : "rewritten");
	}
	free(there);
	free(text);
	return rc;
}

int
work_dovecot(struct work *work)
{
	int rc = work_maps(work, DAEMON_DOVECOT, work->machine->dovecot_maps);

	if (rc == 0)
		rc = each_row(work, DAEMON_DOVECOT, change_dovecot);
	return rc < 0 ? rc : write_ours(work);
}

/* ---- validation -------------------------------------------------------- */

/* Runs a program that reads a configuration; its first line of error. */
static int
validate(struct work *work, const char *program, const char *argument)
{
	struct output output;
	int rc = process_words(&output, program, argument, (char *)NULL);

	if (rc == 0 && output.status != 0)
		rc = call_fail(work->call, MAILDB_EREFUSED, NULL, NULL,
		    "all changes were taken back", "%s %s: %.*s", program,
		    argument, (int)strcspn(output.err, "\n"), output.err);
	if (rc >= 0 || output.out != NULL)
		output_free(&output);
	return rc;
}

int
work_validate(struct work *work)
{
	int rc = 0;

	if (work->wanted[DAEMON_POSTFIX])
		rc = validate(work, "postfix", "check");
	if (rc == 0 && work->wanted[DAEMON_DOVECOT])
		rc = validate(work, "doveconf", "-n");
	return rc;
}
