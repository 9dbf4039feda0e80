/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * live_system.c - running processes, and what they may open
 *
 * What /etc/group says counts for processes that start later; a running one
 * has the groups that /proc tells.
 */
#include <sys/stat.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "live.h"
#include "owner.h"

/* ---- identities ------------------------------------------------------- */

int
identity_find(const char *user, struct identity *identity)
{
	long uid = owner_user(user);
	struct output output;
	char *at, *end;

	identity->ngroups = 0;
	if (uid < 0 || process_words(&output, "id", "-G", user,
	    (char *)NULL) < 0)
		return -1;
	identity->uid = (uid_t)uid;
	for (at = output.out; output.status == 0 &&
	    identity->ngroups < COUNT(identity->groups); at = end) {
		gid_t group = (gid_t)strtoul(at, &end, 10);

		if (end == at)
			break;
		identity->groups[identity->ngroups++] = group;
	}
	output_free(&output);
	return identity->ngroups > 0 ? 0 : -1;
}

int
identity_enter(const struct identity *identity)
{
	if (geteuid() != 0)
		return -EPERM;
	if (setgroups(identity->ngroups, identity->groups) < 0 ||
	    setegid(identity->groups[0]) < 0 || seteuid(identity->uid) < 0) {
		int error = errno;

		identity_leave();
		return -error;
	}
	return 0;
}

void
identity_leave(void)
{
	/* What is root's again afterwards must not run as another user. */
	if (seteuid(0) < 0 || setegid(0) < 0 || setgroups(0, NULL) < 0)
		abort();
}

bool
identity_has(const struct identity *identity, gid_t group)
{
	size_t i;

	for (i = 0; i < identity->ngroups; i++)
		if (identity->groups[i] == group)
			return true;
	return false;
}

/* ---- processes -------------------------------------------------------- */

/* The first line of a file of /proc, without its end; false: none. */
static bool
proc_line(pid_t pid, const char *name, char line[256])
{
	char path[64];
	FILE *file;
	bool got;

	snprintf(path, sizeof(path), "/proc/%ld/%s", (long)pid, name);
	if ((file = fopen(path, "re")) == NULL)
		return false;
	got = fgets(line, 256, file) != NULL;
	fclose(file);
	if (got)
		line[strcspn(line, "\n")] = '\0';
	return got;
}

static bool
is_named(pid_t pid, const char *name)
{
	char line[256];

	return proc_line(pid, "comm", line) && strcmp(line, name) == 0;
}

pid_t
process_of(const char *path, const char *name)
{
	FILE *file = fopen(path, "re");
	long pid = 0;
	int got;

	if (file == NULL)
		return errno == EACCES ? -1 : 0;
	got = fscanf(file, "%ld", &pid);
	fclose(file);
	return got == 1 && pid > 0 && is_named((pid_t)pid, name) ?
	    (pid_t)pid : 0;
}

/* The number behind a name in /proc/PID/status, and what follows it. */
static bool
status_field(pid_t pid, const char *name, char value[1024])
{
	char path[64], line[1024];
	size_t len = strlen(name);
	bool found = false;
	FILE *file;

	snprintf(path, sizeof(path), "/proc/%ld/status", (long)pid);
	if ((file = fopen(path, "re")) == NULL)
		return false;
	while (!found && fgets(line, sizeof(line), file) != NULL)
		if (strncmp(line, name, len) == 0 && line[len] == ':') {
			snprintf(value, 1024, "%s", line + len + 1);
			found = true;
		}
	fclose(file);
	return found;
}

static bool
is_child(pid_t pid, pid_t parent)
{
	char value[1024];

	return status_field(pid, "PPid", value) &&
	    strtol(value, NULL, 10) == (long)parent;
}

int
process_children(pid_t parent, const char *name,
    int (*found)(void *arg, pid_t pid), void *arg)
{
	DIR *proc = opendir("/proc");
	struct dirent *entry;
	int rc = 0;

	if (proc == NULL)
		return 0;
	while (rc == 0 && (entry = readdir(proc)) != NULL) {
		pid_t pid = (pid_t)strtol(entry->d_name, NULL, 10);

		if (pid > 0 && is_named(pid, name) && is_child(pid, parent))
			rc = found(arg, pid);
	}
	closedir(proc);
	return rc;
}

int
process_identity(pid_t pid, struct identity *identity)
{
	char value[1024], *at = value, *end;

	if (!status_field(pid, "Uid", value))
		return -1;
	strtoul(value, &end, 10);
	identity->uid = (uid_t)strtoul(end, NULL, 10); /* the effective one */
	if (!status_field(pid, "Gid", value))
		return -1;
	identity->groups[0] = (gid_t)strtoul(value, NULL, 10);
	identity->ngroups = 1;
	if (!status_field(pid, "Groups", value))
		return -1;
	while (identity->ngroups < COUNT(identity->groups)) {
		gid_t group = (gid_t)strtoul(at, &end, 10);

		if (end == at)
			break;
		identity->groups[identity->ngroups++] = group;
		at = end;
	}
	return 0;
}

/* ---- what Postfix may open -------------------------------------------- */

/* Opens a file for reading as that user: 0 or a negative errno. */
static int
open_as(const struct identity *identity, const char *path)
{
	int rc = identity_enter(identity), fd;

	if (rc < 0)
		return rc;
	fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
	rc = fd < 0 ? -errno : 0;
	identity_leave();
	if (fd >= 0)
		close(fd);
	return rc;
}

static int
open_database(struct answer *answer, const struct identity *identity,
    const char *path, const char *suffix)
{
	char file[1024];
	int rc;

	snprintf(file, sizeof(file), "%.1000s%s", path, suffix);
	rc = open_as(identity, file);
	if (rc == 0)
		return 1;
	answer_about(answer, file);
	return answer_no(answer, "user postfix cannot open it: %s",
	    strerror(-rc));
}

int
probe_database_open(struct machine *machine, const struct requirement *row,
    struct answer *answer)
{
	static const char *const suffixes[] = { "", "-wal", "-shm" };
	struct identity identity;
	char *path;
	size_t i;
	int rc;

	if (identity_find("postfix", &identity) < 0)
		return answer_unasked(answer, "there is no user postfix");
	if (machine_fill(machine, row->name, &path) < 0)
		return -1;
	if (strncmp(path, "/tmp/", 5) == 0) {
		answer_about(answer, path);
		answer_hint(answer, "move it to /var/lib/maildb");
		rc = answer_no(answer, "daemons of systemd do not see /tmp");
	} else {
		for (rc = 1, i = 0; rc == 1 && i < COUNT(suffixes); i++)
			rc = open_database(answer, &identity, path,
			    suffixes[i]);
	}
	free(path);
	return rc;
}

/* ---- groups of processes ---------------------------------------------- */

struct groups {
	struct answer *answer;
	const char *name;
	gid_t group;
};

static int
lacks_group(void *arg, pid_t pid)
{
	const struct groups *groups = arg;
	struct identity identity;

	if (process_identity(pid, &identity) < 0 || identity.uid == 0 ||
	    identity_has(&identity, groups->group))
		return 0;
	answer_about(groups->answer, groups->name);
	answer_no(groups->answer, "process %ld began before user postfix was "
	    "in group maildb", (long)pid);
	return 1;
}

int
probe_proxymap_groups(struct machine *machine, const struct requirement *row,
    struct answer *answer)
{
	static const char *const readers[] = { "proxymap", "smtpd", "cleanup",
		"trivial-rewrite" };
	size_t count = machine_facts(machine) & ON_DIRECT ? COUNT(readers) : 1;
	long group = owner_group(row->wanted);
	pid_t master = postfix_master(machine);
	struct groups groups = { .answer = answer, .group = (gid_t)group };
	size_t i;

	answer_hint(answer, "postfix stop; postfix start");
	for (i = 0; master > 0 && group >= 0 && i < count; i++) {
		groups.name = readers[i];
		if (process_children(master, readers[i], lacks_group,
		    &groups))
			return 0;
	}
	return 1;
}

/* Whether a process of Dovecot's auth is a worker. */
static bool
is_worker(pid_t pid)
{
	char path[64], words[256];
	FILE *file;
	size_t got, i;

	snprintf(path, sizeof(path), "/proc/%ld/cmdline", (long)pid);
	if ((file = fopen(path, "re")) == NULL)
		return false;
	got = fread(words, 1, sizeof(words) - 1, file);
	fclose(file);
	for (i = 0; i < got; i++)
		if (words[i] == '\0')
			words[i] = ' ';
	words[got] = '\0';
	return strstr(words, "-w") != NULL || strstr(words, "worker") != NULL;
}

static int
is_wrong_worker(void *arg, pid_t pid)
{
	const struct groups *groups = arg;
	struct identity identity;

	if (!is_worker(pid) || process_identity(pid, &identity) < 0)
		return 0;
	if (identity.uid == 0)
		answer_no(groups->answer, "process %ld runs as root",
		    (long)pid);
	else if (groups->group != (gid_t)-1 &&
	    !identity_has(&identity, groups->group))
		answer_no(groups->answer, "process %ld is not in group "
		    "maildb", (long)pid);
	else
		return 0;
	answer_about(groups->answer, "auth-worker");
	return 1;
}

int
probe_worker_groups(struct machine *machine, const struct requirement *row,
    struct answer *answer)
{
	struct groups groups = { .answer = answer, .group = (gid_t)-1 };
	pid_t master = dovecot_master(machine);

	(void)row;
	if (machine_facts(machine) & ON_SQLITE)
		groups.group = (gid_t)owner_group("maildb");
	answer_hint(answer, "doveadm reload");
	return master > 0 && process_children(master, "auth",
	    is_wrong_worker, &groups) ? 0 : 1;
}

/* ---- mailboxes -------------------------------------------------------- */

/* Whether the owner of the mail may create directories in mail_root. */
int
probe_mail_root(struct machine *machine, const struct requirement *row,
    struct answer *answer)
{
	struct identity identity = { .ngroups = 1 };
	char *root, *uid = NULL, *gid = NULL;
	int rc;

	if (machine_fill(machine, row->name, &root) < 0 ||
	    machine_fill(machine, "@mail_uid@", &uid) < 0 ||
	    machine_fill(machine, "@mail_gid@", &gid) < 0) {
		free(root);
		free(uid);
		return -1;
	}
	identity.uid = (uid_t)strtoul(uid, NULL, 10);
	identity.groups[0] = (gid_t)strtoul(gid, NULL, 10);
	if ((rc = identity_enter(&identity)) == 0) {
		rc = faccessat(AT_FDCWD, root, W_OK | X_OK, AT_EACCESS) == 0 ?
		    0 : -errno;
		identity_leave();
	}
	if (rc < 0) {
		answer_hint(answer, "chown %s:%s %s", uid, gid, root);
		answer_no(answer, "user %s cannot create mailboxes in it: %s",
		    uid, strerror(-rc));
	}
	free(root);
	free(uid);
	free(gid);
	return rc == 0;
}
