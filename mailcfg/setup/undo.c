/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * undo.c - a setup taken back
 *
 * A file that nobody edited since gets its bytes, owner, mode and time back.
 * In one that somebody edited, each of our changes is taken back by itself
 * where it still stands; what cannot be is named and left.  Neither the
 * database nor mail is ever removed.
 */
#include <sys/stat.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "list.h"
#include "owner.h"
#include "work.h"

struct undo {
	struct work *work;
	struct change *changes;
	size_t count;
	bool main_edited, master_edited;
};

/* Which daemon a file belongs to. */
static enum daemon
daemon_of(const char *path)
{
	return strncmp(path, "/etc/postfix/", 13) == 0 ? DAEMON_POSTFIX :
	    strncmp(path, "/etc/dovecot/", 13) == 0 ? DAEMON_DOVECOT :
	    DAEMON_SYSTEM;
}

/* Says what stays, because somebody changed it since. */
static int
leave(struct undo *undo, const struct change *change, const char *hint)
{
	char *message;

	if (asprintf(&message, "%s was changed since and stays",
	    change->object) < 0)
		return MAILDB_ENOMEM;
	call_warn(undo->work->call, "left", message, hint);
	free(message);
	return 0;
}

/* ---- settings of an edited file ----------------------------------------- */

/* Keeps what a value is now, for earlier changes of the same. */
static int
remember(struct undo *undo, const struct change *change, const char *to)
{
	struct machine *machine = undo->work->machine;
	struct settings *settings = change->kind == CHANGE_MAIN ?
	    &machine->main : change->kind == CHANGE_OPTION ?
	    &machine->service_options : &machine->fields;

	if (to != NULL)
		return settings_set(settings, change->object, to);
	settings_remove(settings, change->object);
	return 0;
}

/* Sets one value by postconf, or removes it. */
static int
postconf(struct undo *undo, const char *set, const char *remove,
    const struct change *change, const char *to)
{
	const char *argv[] = { "postconf", to != NULL ? set : remove, NULL,
		NULL };
	char *text = NULL;
	int rc;

	if (to != NULL && asprintf(&text, "%s=%s", change->object, to) < 0)
		return MAILDB_ENOMEM;
	argv[2] = text != NULL ? text : change->object;
	rc = work_run(undo->work, argv);
	free(text);
	if (rc == 0)
		rc = remember(undo, change, to);
	return rc < 0 ? rc : work_show(undo->work, DAEMON_POSTFIX,
	    change->object, change->new, to != NULL ? to :
	    change->kind == CHANGE_MAIN ? "default" : "removed");
}

/* Whether rows join a parameter as a list. */
static bool
is_list(const char *name)
{
	const struct requirement *row, *end = requirements + nrequirements;

	for (row = requirements; row < end; row++)
		if ((row->place == PLACE_MAIN || row->place == PLACE_OPTION) &&
		    strcmp(row->name, name) == 0 && row->join >= JOIN_FIRST &&
		    row->join <= JOIN_WITHOUT)
			return true;
	return false;
}

/* Takes a value back: the old one where ours still stands, our words out of a
 * list, else nothing. */
static int
revert(struct undo *undo, const struct change *change, const char *actual,
    const char *set, const char *remove)
{
	char *to = NULL;
	int rc;

	if (actual != NULL && list_equal(actual, change->new))
		return postconf(undo, set, remove, change, change->old);
	if (actual == NULL || !is_list(change->object))
		return actual == NULL ? 0 : leave(undo, change, NULL);
	rc = list_revert(actual, change->old != NULL ? change->old : "",
	    change->new, &to);
	if (rc == 0 && !list_equal(to, actual))
		rc = postconf(undo, set, remove, change, to);
	free(to);
	return rc;
}

static int
undo_main(struct undo *undo, const struct change *change)
{
	return !undo->main_edited ? 0 : revert(undo, change, machine_main(
	    undo->work->machine, change->object), "-e", "-X");
}

static int
undo_option(struct undo *undo, const struct change *change)
{
	return !undo->master_edited ? 0 : revert(undo, change, machine_option(
	    undo->work->machine, change->object), "-P", "-PX");
}

static int
undo_field(struct undo *undo, const struct change *change)
{
	const char *actual = machine_field(undo->work->machine,
	    change->object);

	if (!undo->master_edited || actual == NULL)
		return 0;
	if (strcmp(actual, change->new) != 0)
		return leave(undo, change, NULL);
	return postconf(undo, "-F", "-F", change, change->old);
}

/* Removes a service that setup added; its options go with it. */
static int
undo_service(struct undo *undo, const struct change *change)
{
	char command[256];

	snprintf(command, sizeof(command), "%s/command", change->object);
	if (!undo->master_edited ||
	    machine_field(undo->work->machine, command) == NULL)
		return 0;
	return postconf(undo, "-M", "-MX", change, NULL);
}

/* Takes back one line of an edited file: *text becomes the file's new text. */
static int
replace_line(const char *text, const char *ours, const char *old, char **out)
{
	const char *end;
	size_t size, len = strlen(ours);
	FILE *to = open_memstream(out, &size);
	int found = 0;

	if (to == NULL)
		return MAILDB_ENOMEM;
	for (; *text != '\0'; text = end + (*end == '\n')) {
		end = text + strcspn(text, "\n");
		if (!found && (size_t)(end - text) == len &&
		    strncmp(text, ours, len) == 0) {
			found = 1;
			if (*old != '\0')
				fprintf(to, "%s\n", old);
		} else {
			fprintf(to, "%.*s%s", (int)(end - text), text,
			    *end == '\n' ? "\n" : "");
		}
	}
	return fclose(to) == 0 ? found : MAILDB_ENOMEM;
}

/* Shows a file that was changed; PostgreSQL reads its own again. */
static int
show_file(struct undo *undo, const char *path, const char *from,
    const char *to)
{
	if (daemon_of(path) == DAEMON_SYSTEM)
		work_note_cluster(undo->work, path);
	return work_show(undo->work, daemon_of(path), path, from, to);
}

static int
undo_line(struct undo *undo, const struct change *change)
{
	char *text, *changed = NULL;
	int rc;

	if (!changes_edited(undo->changes, undo->count, change->object) ||
	    (text = file_text(change->object)) == NULL)
		return 0;
	rc = replace_line(text, change->new, change->old, &changed);
	if (rc == 1 && !undo->work->check)
		rc = changes_write(undo->work->call, change->object, changed,
		    0644, 0);
	if (rc == 1)
		rc = show_file(undo, change->object, change->new,
		    change->old);
	free(text);
	free(changed);
	return rc;
}

/* ---- files, users and groups -------------------------------------------- */

static int
undo_file(struct undo *undo, const struct change *change)
{
	const char *path = change->object;
	bool rows = strcmp(path, "/etc/postfix/main.cf") == 0 ||
	    strcmp(path, "/etc/postfix/master.cf") == 0;
	size_t i;
	int rc;

	/* An edited file is taken back by its lines, if they are logged. */
	for (i = 0; !rows && i < undo->count; i++)
		rows = undo->changes[i].kind == CHANGE_LINE &&
		    strcmp(undo->changes[i].object, path) == 0;
	if (rows && changes_edited(undo->changes, undo->count, path))
		return 0;
	rc = undo->work->check ? 1 : changes_restore(undo->work->call, path);
	return rc != 1 ? rc : show_file(undo, path, NULL,
	    change->kind == CHANGE_NEW ? "removed" : "restored");
}

/* Removes a directory that is empty; one with mail or files stays. */
static int
undo_directory(struct undo *undo, const struct change *change)
{
	if (undo->work->check || rmdir(change->object) < 0)
		return 0;
	return work_show(undo->work, daemon_of(change->object),
	    change->object, NULL, "removed");
}

static int
undo_modes(struct undo *undo, const struct change *change)
{
	char modes[64];

	if (owner_modes(change->object, change->new, modes) != 1)
		return 0;
	if (!undo->work->check && owner_set(change->object, change->old) < 0)
		return leave(undo, change, NULL);
	return work_show(undo->work, DAEMON_SYSTEM, change->object,
	    change->new, change->old);
}

static int
undo_member(struct undo *undo, const struct change *change)
{
	const char *const argv[] = { "gpasswd", "--delete", change->object,
		change->new, NULL };
	char from[128];
	int rc;

	if (!owner_member(change->object, change->new))
		return 0;
	if ((rc = work_run(undo->work, argv)) < 0)
		return rc;
	snprintf(from, sizeof(from), "member of group %s", change->new);
	return work_show(undo->work, DAEMON_POSTFIX, change->object, from,
	    "removed");
}

/* Says that a user stays, because mail is there. */
static int
leave_owner(struct undo *undo, const struct change *change, const char *home)
{
	char *message;

	if (asprintf(&message, "user %s stays, as the owner of %s",
	    change->object, home) < 0)
		return MAILDB_ENOMEM;
	call_warn(undo->work->call, "left", message, NULL);
	free(message);
	return 0;
}

/* Removes a user whose home is gone: nothing is left that is his. */
static int
undo_user(struct undo *undo, const struct change *change)
{
	const char *const argv[] = { "userdel", change->object, NULL };
	char *home = owner_home(change->object);
	int rc = 0;

	if (home != NULL && access(home, F_OK) < 0 &&
	    (rc = work_run(undo->work, argv)) == 0)
		rc = work_show(undo->work, DAEMON_SYSTEM, change->object,
		    NULL, "user removed");
	else if (home != NULL && rc == 0)
		rc = leave_owner(undo, change, home);
	free(home);
	return rc;
}

/* Removes a group, unless it still has what it was made for. */
static int
undo_group(struct undo *undo, const struct change *change)
{
	const char *const argv[] = { "groupdel", change->object, NULL };
	struct stat st;
	long group = owner_group(change->object);

	if (group < 0 || (stat("/var/lib/maildb", &st) == 0 &&
	    (long)st.st_gid == group) || owner_user(change->object) >= 0)
		return 0;
	return work_run(undo->work, argv) < 0 ? 0 : work_show(undo->work,
	    DAEMON_SYSTEM, change->object, NULL, "group removed");
}

/* ---- the whole ----------------------------------------------------------- */

static int (*const undoes[CHANGES])(struct undo *undo,
    const struct change *change) = {
	[CHANGE_FILE] = undo_file, [CHANGE_NEW] = undo_file,
	[CHANGE_MAIN] = undo_main, [CHANGE_OPTION] = undo_option,
	[CHANGE_FIELD] = undo_field, [CHANGE_SERVICE] = undo_service,
	[CHANGE_LINE] = undo_line, [CHANGE_GROUP] = undo_group,
	[CHANGE_USER] = undo_user, [CHANGE_MEMBER] = undo_member,
	[CHANGE_DIRECTORY] = undo_directory, [CHANGE_MODES] = undo_modes,
};

/* A PostgreSQL that does not run reads its files when it starts. */
static void
reload_cluster(struct work *work)
{
	struct fault *fault = &work->call->fault;

	if (work_reload_cluster(work) == 0)
		return;
	call_warn(work->call, "reload", fault->message, "SELECT "
	    "pg_reload_conf()");
	fault_clear(fault);
}

/* Takes the changes back in reverse order. */
int
work_undo(struct work *work)
{
	struct undo undo = { .work = work };
	size_t i;
	int rc = changes_read(work->call, &undo.changes, &undo.count);

	undo.main_edited = changes_edited(undo.changes, undo.count,
	    "/etc/postfix/main.cf");
	undo.master_edited = changes_edited(undo.changes, undo.count,
	    "/etc/postfix/master.cf");
	for (i = undo.count; rc >= 0 && i-- > 0;)
		if (undoes[undo.changes[i].kind] != NULL)
			rc = undoes[undo.changes[i].kind](&undo,
			    &undo.changes[i]);
	if (rc >= 0 && !work->check)
		rc = changes_forget(work->call);
	if (rc >= 0)
		reload_cluster(work);
	changes_free(undo.changes, undo.count);
	return rc < 0 ? rc : 0;
}
