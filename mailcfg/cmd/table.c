/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * table.c - THE table of commands
 *
 * Parsing, help and every other reader of command lines work from these rows.
 */
#include "cmd/commands.h"

#define END { .name = NULL }
#define FORCE { .name = "force", .flag = MAILDB_FORCE, \
	.help = "also what RFC 5321 wants to exist" }
#define LONG { .name = "long", .letter = 'l', \
	.help = "all columns in a table" }
#define ALLOW_DEAD { .name = "allow-dead", .flag = MAILDB_ALLOW_DEAD, \
	.help = "also a target that leads nowhere yet" }
#define CREATE_DOMAIN { .name = "create-domain", \
	.flag = MAILDB_CREATE_DOMAIN, \
	.help = "make the domain when it is missing" }
#define FLUSH { .name = "flush", \
	.help = "make Dovecot forget cached logins, by doveadm" }

/* Which command does the same to another kind of object. */
static const char *const instead_of_set[MAILDB_KINDS] = {
	[MAILDB_KIND_DOMAIN] = "setdom %s",
	[MAILDB_KIND_USER] = "setuser %s",
	[MAILDB_KIND_ALIAS] = "setalias %s",
	[MAILDB_KIND_RECIPIENT] = "setrecipient %s",
	[MAILDB_KIND_SENDER] = "lssender %s",
};
static const char *const instead_of_rm[MAILDB_KINDS] = {
	[MAILDB_KIND_DOMAIN] = "rmdom %s",
	[MAILDB_KIND_USER] = "rmuser %s",
	[MAILDB_KIND_ALIAS] = "rmalias %s",
	[MAILDB_KIND_RECIPIENT] = "rmrecipient %s",
	[MAILDB_KIND_SENDER] = "rmsender %s",
};
static const char *const instead_of_enable[MAILDB_KINDS] = {
	[MAILDB_KIND_DOMAIN] = "setdom %s --enabled yes",
	[MAILDB_KIND_ALIAS] = "setalias %s --enabled yes",
};
static const char *const instead_of_disable[MAILDB_KINDS] = {
	[MAILDB_KIND_DOMAIN] = "setdom %s --enabled no",
	[MAILDB_KIND_ALIAS] = "setalias %s --enabled no",
};
static const char *const instead_of_renuser[MAILDB_KINDS] = {
	[MAILDB_KIND_DOMAIN] = "rendom %s NEW",
};
static const char *const instead_of_passwd[MAILDB_KINDS] = {
	[MAILDB_KIND_ALIAS] = "show %s",
	[MAILDB_KIND_RECIPIENT] = "show %s",
};

static const struct option long_only[] = { LONG, END };
static const struct option force_only[] = { FORCE, END };
static const struct option flush_only[] = { FLUSH, END };

static const struct option adduser_options[] = {
	{ .name = "update", .flag = MAILDB_UPDATE,
		.help = "change a user who exists, also the password" },
	CREATE_DOMAIN, END
};
static const struct option rmuser_options[] = {
	FORCE,
	{ .name = "keep-targets", .flag = MAILDB_KEEP_TARGETS,
		.help = "leave it as a target of aliases" },
	END
};
static const struct option chpasswd_options[] = {
	{ .name = "verify-old",
		.help = "change one, with the lines ADDRESS, OLD and NEW" },
	{ .name = "encrypted", .letter = 'e',
		.help = "the lines have hashes in the passwords' place" },
	{ .name = "allow-weak-hash", .help = "also MD5 and DES hashes" },
	{ .name = "allow-unknown-hash",
		.help = "also hashes of schemes not known here" },
	END
};
static const struct option poppassd_options[] = {
	{ .name = "idle", .arg = "SECONDS", .type = TYPE_NUMBER,
		.help = "in which a line has to come; 60 unless said, 0: any" },
	{ .name = "delay", .arg = "SECONDS", .type = TYPE_NUMBER,
		.help = "before a wrong password is refused; 2 unless said" },
	{ .name = "tries", .arg = "N", .type = TYPE_NUMBER,
		.help = "refusals that end the conversation; 3 unless said" },
	END
};
static const struct option setquota_options[] = {
	{ .name = "messages", .arg = "NUMBER", .type = TYPE_WORD,
		.help = "limit of messages, unlimited or default" },
	END
};
static const struct option hash_options[] = {
	{ .name = "scheme", .arg = "SCHEME",
		.choices = "yescrypt|bcrypt|sha512",
		.help = "yescrypt unless said" },
	{ .name = "cost", .arg = "N", .type = TYPE_NUMBER,
		.help = "in the scheme's own measure" },
	END
};
static const struct option adddom_options[] = {
	{ .name = "update", .flag = MAILDB_UPDATE,
		.help = "change a domain that exists" },
	END
};
static const struct option rmdom_options[] = {
	{ .name = "recursive", .letter = 'r', .flag = MAILDB_RECURSIVE,
		.help = "with all users and aliases in it" },
	FORCE, END
};
static const struct option lsdom_options[] = {
	{ .name = "class", .arg = "CLASS", .choices = "mailbox|alias|relay",
		.help = "only these" },
	LONG, END
};
static const struct option addalias_options[] = {
	{ .name = "may-send", .arg = "WHETHER", .choices = "yes|no",
		.help = "a local target may send as this address" },
	CREATE_DOMAIN, ALLOW_DEAD,
	{ .name = "force", .flag = MAILDB_FORCE,
		.help = "also a catch-all that leads elsewhere" },
	END
};
static const struct option rmalias_options[] = {
	{ .name = "id", .bits = OPT_ONEDASH, .arg = "NUMBER",
		.type = TYPE_ID, .help = "the one that lsalias shows so" },
	FORCE, END
};
static const struct option trace_options[] = {
	{ .name = "inside", .flag = MAILDB_TRACE_INSIDE,
		.help = "as a client who has logged in" },
	LONG, END
};
static const struct option log_options[] = {
	{ .name = "who", .arg = "NAME", .type = TYPE_WORD,
		.help = "changes by this person" },
	{ .name = "since", .arg = "TIME", .type = TYPE_TIME,
		.help = "not before: 2027-01-31, -7d" },
	{ .name = "until", .arg = "TIME", .type = TYPE_TIME,
		.help = "not after" },
	{ .name = "txn", .arg = "NUMBER", .type = TYPE_NUMBER,
		.help = "of this transaction" },
	{ .name = "last", .arg = "N", .type = TYPE_NUMBER,
		.help = "the newest N" },
	LONG, END
};
static const struct option apply_options[] = {
	{ .name = "prune", .bits = OPT_BARE, .arg = "KINDS", .type = TYPE_TEXT,
		.help = "remove what no file names: aliases,users,domains,"
		"senders (default: all but domains)" },
	{ .name = "domain", .bits = OPT_MANY, .arg = "DOMAIN",
		.type = TYPE_DOMAIN,
		.help = "prune this one, not all that the files name; "
		"repeatable" },
	{ .name = "update-passwords",
		.help = "set passwords of users who exist, too" },
	{ .name = "from", .arg = "FORMAT",
		.choices = "state|flyingcircus|mailhost|texthash",
		.help = "what the files are, instead of a guess" },
	CREATE_DOMAIN, ALLOW_DEAD, END
};
static const struct option export_options[] = {
	{ .name = "domain", .arg = "DOMAIN", .type = TYPE_DOMAIN,
		.help = "only this one, and nothing of the server" },
	{ .name = "secrets", .help = "with the hashes of passwords" },
	{ .name = "full", .help = "also fields that have their default" },
	{ .name = "for", .arg = "BACKEND", .choices = "sqlite|pgsql",
		.help = "of which kind the database is that takes the SQL" },
	END
};
static const struct option import_options[] = {
	{ .name = "domain", .arg = "DOMAIN", .type = TYPE_DOMAIN,
		.help = "of names that have none" },
	{ .name = "accounts", .arg = "FILE", .type = TYPE_FILE,
		.help = "a table of mailboxes (postfix-texthash)" },
	{ .name = "aliases", .arg = "FILE", .type = TYPE_FILE,
		.help = "a table of aliases (postfix-texthash, system)" },
	{ .name = "transport", .arg = "FILE", .type = TYPE_FILE,
		.help = "a table of transports (postfix-texthash)" },
	{ .name = "passwd", .arg = "FILE", .type = TYPE_FILE,
		.help = "a passwd(5) file (system)" },
	{ .name = "shadow", .arg = "FILE", .type = TYPE_FILE,
		.help = "a shadow(5) file (system)" },
	{ .name = "min-uid", .arg = "N", .type = TYPE_NUMBER,
		.help = "leave out accounts with a lesser uid; 1000 unless "
		"said" },
	{ .name = "separator", .arg = "CHAR", .type = TYPE_WORD,
		.help = "what parts the cells: , ; | : or tab (csv)" },
	{ .name = "table-prefix", .arg = "PREFIX", .type = TYPE_WORD,
		.help = "read tables of a dump whose names begin so" },
	{ .name = "home", .arg = "TEMPLATE", .type = TYPE_WORD,
		.help = "set homes: %d is the domain, %n the local part" },
	{ .name = "default-scheme", .arg = "SCHEME", .type = TYPE_WORD,
		.help = "of hashes that do not say theirs" },
	{ .name = "allow-weak-hash", .help = "also MD5 and DES hashes" },
	{ .name = "allow-unknown-hash",
		.help = "also hashes of schemes not known here" },
	{ .name = "skip-bad",
		.help = "import the rest when lines are refused" },
	{ .name = "force", .flag = MAILDB_FORCE,
		.help = "also catch-alls that lead to another server" },
	CREATE_DOMAIN, ALLOW_DEAD, END
};
static const struct option init_options[] = {
	{ .name = "admin", .arg = "ADDRESS", .type = TYPE_ADDRESS,
		.help = "who gets the mail for postmaster and the like" },
	{ .name = "print", .help = "show the SQL of the PostgreSQL roles, for a "
		"superuser to run" },
	END
};
static const struct option check_options[] = {
	{ .name = "live",
		.help = "ask the running Postfix and Dovecot, not the database" },
	{ .name = "changed",
		.help = "with --live: show only what the last run did not find" },
	{ .name = "send", .bits = OPT_BARE, .arg = "ADDRESS",
		.type = TYPE_TEXT,
		.help = "with --live: deliver a message, to the admin by default" },
	END
};

static const struct option upgrade_options[] = {
	{ .name = "backup", .arg = "FILE", .type = TYPE_FILE,
		.help = "where the old content of FILE is saved" },
	{ .name = "no-backup", .help = "do not save it" },
	END
};
static const struct option setup_options[] = {
	{ .name = "direct",
		.help = "let each Postfix process open the database" },
	{ .name = "force",
		.help = "replace settings that an administrator changed" },
	{ .name = "no-restart", .help = "leave the daemons running as before" },
	{ .name = "root", .arg = "DIR", .type = TYPE_FILE,
		.help = "set up the system below DIR, and restart nothing" },
	{ .name = "undo", .help = "restore what setup changed" },
	END
};
static const struct option maps_options[] = {
	{ .name = "write", .arg = "DIR", .type = TYPE_FILE,
		.help = "write the files there, instead of showing them" },
	{ .name = "direct",
		.help = "let each Postfix process open the database" },
	{ .name = "dovecot-version", .arg = "VERSION", .choices = "2.3|2.4",
		.help = "write for this release (default: the installed one)" },
	{ .name = "postfix-version", .arg = "VERSION",
		.help = "write for this release (default: the installed one)" },
	END
};

#define ADDRESS { .name = "ADDRESS", .type = TYPE_ADDRESS }
#define NEW_ADDRESS(as) { .name = as, .type = TYPE_ADDRESS, .bits = ARG_NEW }
#define SOURCE { .name = "ADDRESS", .type = TYPE_SOURCE }
#define DOMAIN { .name = "DOMAIN", .type = TYPE_DOMAIN }
#define NEW_DOMAIN(as) { .name = as, .type = TYPE_DOMAIN, .bits = ARG_NEW }
#define ANY_DOMAIN { .name = "DOMAIN", .type = TYPE_DOMAIN, \
	.bits = ARG_OPTIONAL }
#define TARGETS { .name = "TARGET", .type = TYPE_TARGET, \
	.bits = ARG_REPEAT | ARG_NEW }
#define ANY_TARGET { .name = "TARGET", .type = TYPE_TARGET, \
	.bits = ARG_OPTIONAL }
#define LOGINS { .name = "LOGIN", .type = TYPE_ADDRESS, .bits = ARG_REPEAT }
#define ANY_LOGINS { .name = "LOGIN", .type = TYPE_ADDRESS, \
	.bits = ARG_REPEAT | ARG_OPTIONAL }
#define PASSWORD { .name = "PASSWORD", .type = TYPE_SECRET, \
	.bits = ARG_OPTIONAL | ARG_SECRET }

static const char *const group_titles[GROUPS] = {
	[GROUP_USER] = "Users",
	[GROUP_DOMAIN] = "Domains",
	[GROUP_ALIAS] = "Aliases",
	[GROUP_ASK] = "Questions",
	[GROUP_DATABASE] = "Database and program",
	[GROUP_SHELL] = "In the shell",
};

static const struct command commands[] = {
	{ .name = "adduser", .aliases = { "addusr" }, .group = GROUP_USER,
	  .summary = "Add a user, unless there is one",
	  .flags = CMD_DB | CMD_WRITE | CMD_FIELDS | CMD_NEW,
	  .kind = MAILDB_KIND_USER,
	  .args = { NEW_ADDRESS("ADDRESS"), PASSWORD },
	  .options = { secret_input, secret_stored, adduser_options,
	    flush_only },
	  .prepare = prepare_adduser, .run = cmd_adduser, .after = after_login },
	{ .name = "rmuser", .aliases = { "rmusr" }, .group = GROUP_USER,
	  .summary = "Remove a user", .flags = CMD_DB | CMD_WRITE,
	  .kind = MAILDB_KIND_USER, .instead = instead_of_rm,
	  .args = { ADDRESS }, .options = { rmuser_options, flush_only },
	  .run = cmd_rmuser,
	  .after = after_logout },
	{ .name = "lsuser", .aliases = { "lsusr" }, .group = GROUP_USER,
	  .summary = "List users, all or those of a domain",
	  .flags = CMD_DB, .args = { ANY_DOMAIN },
	  .options = { long_only }, .run = cmd_lsuser },
	{ .name = "setuser", .group = GROUP_USER,
	  .summary = "Change what is known about a user",
	  .flags = CMD_DB | CMD_WRITE | CMD_FIELDS,
	  .kind = MAILDB_KIND_USER, .instead = instead_of_set,
	  .args = { ADDRESS }, .options = { flush_only },
	  .run = cmd_setuser,
	  .after = after_logout },
	{ .name = "renuser", .group = GROUP_USER,
	  .summary = "Give a user another address, mail and password kept",
	  .flags = CMD_DB | CMD_WRITE,
	  .kind = MAILDB_KIND_USER, .instead = instead_of_renuser,
	  .args = { ADDRESS, NEW_ADDRESS("NEW") },
	  .options = { force_only, flush_only }, .run = cmd_renuser,
	  .after = after_logout },
	{ .name = "passwd", .group = GROUP_USER,
	  .summary = "Set a user's password", .flags = CMD_DB | CMD_WRITE,
	  .kind = MAILDB_KIND_USER, .instead = instead_of_passwd,
	  .args = { ADDRESS, PASSWORD },
	  .options = { secret_input, secret_stored, flush_only },
	  .prepare = prepare_passwd, .run = cmd_passwd,
	  .after = after_logout },
	{ .name = "chpasswd", .group = GROUP_USER,
	  .summary = "Set passwords by lines ADDRESS:PASSWORD on stdin",
	  .flags = CMD_DB | CMD_WRITE, .options = { chpasswd_options, flush_only },
	  .run = cmd_chpasswd, .after = after_logout },
	{ .name = "poppassd", .group = GROUP_USER,
	  .summary = "Let users change their password: the poppassd protocol",
	  .flags = CMD_ALONE | CMD_WRITE, .options = { poppassd_options },
	  .run = cmd_poppassd },
	{ .name = "enable", .group = GROUP_USER,
	  .summary = "Enable a user or a relay recipient",
	  .flags = CMD_DB | CMD_WRITE,
	  .kind = MAILDB_KIND_USER, .instead = instead_of_enable,
	  .args = { ADDRESS }, .options = { flush_only },
	  .run = cmd_enable, .after = after_login },
	{ .name = "disable", .group = GROUP_USER,
	  .summary = "Disable a user: no login, no mail, no forwarding",
	  .flags = CMD_DB | CMD_WRITE,
	  .kind = MAILDB_KIND_USER, .instead = instead_of_disable,
	  .args = { ADDRESS },
	  .options = { flush_only }, .run = cmd_disable,
	  .after = after_logout },
	{ .name = "verify", .group = GROUP_USER,
	  .summary = "Tell whether a user can log in with a password",
	  .flags = CMD_DB, .args = { ADDRESS },
	  .options = { secret_input }, .run = cmd_verify },
	{ .name = "setquota", .group = GROUP_USER,
	  .summary = "Set a user's quota, or that of a domain's users",
	  .flags = CMD_DB | CMD_WRITE,
	  .args = { { .name = "ADDRESS|DOMAIN", .type = TYPE_OBJECT },
	    { .name = "SIZE|unlimited|default", .type = TYPE_WORD } },
	  .options = { setquota_options }, .run = cmd_setquota },
	{ .name = "lsquota", .group = GROUP_USER,
	  .summary = "List quotas and where they come from",
	  .flags = CMD_DB, .args = { ANY_DOMAIN }, .run = cmd_lsquota },

	{ .name = "adddom", .group = GROUP_DOMAIN,
	  .summary = "Add a domain, unless there is one",
	  .flags = CMD_DB | CMD_WRITE | CMD_FIELDS | CMD_NEW,
	  .kind = MAILDB_KIND_DOMAIN, .args = { NEW_DOMAIN("DOMAIN") },
	  .options = { adddom_options, flush_only }, .run = cmd_adddom, .after = after_login },
	{ .name = "rmdom", .group = GROUP_DOMAIN,
	  .summary = "Remove a domain", .flags = CMD_DB | CMD_WRITE,
	  .kind = MAILDB_KIND_DOMAIN, .instead = instead_of_rm,
	  .args = { DOMAIN }, .options = { rmdom_options, flush_only },
	  .run = cmd_rmdom,
	  .after = after_logout },
	{ .name = "lsdom", .group = GROUP_DOMAIN,
	  .summary = "List domains", .flags = CMD_DB,
	  .options = { lsdom_options }, .run = cmd_lsdom },
	{ .name = "setdom", .group = GROUP_DOMAIN,
	  .summary = "Change what is known about a domain",
	  .flags = CMD_DB | CMD_WRITE | CMD_FIELDS,
	  .kind = MAILDB_KIND_DOMAIN, .instead = instead_of_set,
	  .args = { DOMAIN }, .options = { flush_only },
	  .run = cmd_setdom,
	  .after = after_logout },
	{ .name = "rendom", .group = GROUP_DOMAIN,
	  .summary = "Give a domain another name, with all that is in it",
	  .flags = CMD_DB | CMD_WRITE,
	  .args = { DOMAIN, NEW_DOMAIN("NEW") },
	  .options = { flush_only },
	  .run = cmd_rendom, .after = after_logout },
	{ .name = "adddomalias", .group = GROUP_DOMAIN,
	  .summary = "Add a domain that stands for another",
	  .flags = CMD_DB | CMD_WRITE,
	  .args = { NEW_DOMAIN("DOMAIN"),
	    { .name = "TARGET", .type = TYPE_DOMAIN } },
	  .run = cmd_adddomalias },
	{ .name = "rmdomalias", .group = GROUP_DOMAIN,
	  .summary = "Remove a domain that stands for another",
	  .flags = CMD_DB | CMD_WRITE, .args = { DOMAIN },
	  .options = { rmdom_options }, .run = cmd_rmdomalias },
	{ .name = "lsdomalias", .group = GROUP_DOMAIN,
	  .summary = "List domains that stand for another",
	  .flags = CMD_DB, .options = { long_only }, .run = cmd_lsdomalias },
	{ .name = "addrecipient", .group = GROUP_DOMAIN,
	  .summary = "Add a known recipient in a relay domain",
	  .flags = CMD_DB | CMD_WRITE | CMD_FIELDS,
	  .kind = MAILDB_KIND_RECIPIENT, .args = { NEW_ADDRESS("ADDRESS") },
	  .run = cmd_addrecipient },
	{ .name = "setrecipient", .group = GROUP_DOMAIN,
	  .summary = "Change what is known about a relay recipient",
	  .flags = CMD_DB | CMD_WRITE | CMD_FIELDS,
	  .kind = MAILDB_KIND_RECIPIENT, .instead = instead_of_set,
	  .args = { ADDRESS }, .run = cmd_setrecipient },
	{ .name = "rmrecipient", .group = GROUP_DOMAIN,
	  .summary = "Remove a known recipient in a relay domain",
	  .flags = CMD_DB | CMD_WRITE,
	  .kind = MAILDB_KIND_RECIPIENT, .instead = instead_of_rm,
	  .args = { ADDRESS }, .options = { force_only },
	  .run = cmd_rmrecipient },
	{ .name = "lsrecipient", .group = GROUP_DOMAIN,
	  .summary = "List the known recipients in relay domains",
	  .flags = CMD_DB, .args = { ANY_DOMAIN },
	  .options = { long_only }, .run = cmd_lsrecipient },

	{ .name = "addalias", .group = GROUP_ALIAS,
	  .summary = "Add targets to an address, where they are missing",
	  .flags = CMD_DB | CMD_WRITE | CMD_FIELDS,
	  .kind = MAILDB_KIND_ALIAS,
	  .args = { { .name = "ADDRESS", .type = TYPE_SOURCE,
	    .bits = ARG_NEW }, TARGETS },
	  .options = { addalias_options }, .run = cmd_addalias },
	{ .name = "rmalias", .group = GROUP_ALIAS,
	  .summary = "Remove an alias, or one of its targets",
	  .flags = CMD_DB | CMD_WRITE,
	  .kind = MAILDB_KIND_ALIAS, .instead = instead_of_rm,
	  .args = { SOURCE, ANY_TARGET },
	  .options = { rmalias_options }, .run = cmd_rmalias },
	{ .name = "lsalias", .group = GROUP_ALIAS,
	  .summary = "List aliases, all or those of a domain",
	  .flags = CMD_DB, .args = { ANY_DOMAIN },
	  .options = { long_only }, .run = cmd_lsalias },
	{ .name = "setalias", .group = GROUP_ALIAS,
	  .summary = "Change what is known about an alias",
	  .flags = CMD_DB | CMD_WRITE | CMD_FIELDS,
	  .kind = MAILDB_KIND_ALIAS, .instead = instead_of_set,
	  .args = { SOURCE }, .run = cmd_setalias },
	{ .name = "addcatchall", .group = GROUP_ALIAS,
	  .summary = "Add targets for mail to unknown users of a domain",
	  .flags = CMD_DB | CMD_WRITE | CMD_FIELDS,
	  .kind = MAILDB_KIND_ALIAS,
	  .args = { { .name = "DOMAIN", .type = TYPE_CATCHALL }, TARGETS },
	  .options = { addalias_options }, .run = cmd_addcatchall },
	{ .name = "rmcatchall", .group = GROUP_ALIAS,
	  .summary = "Remove a catch-all, or one of its targets",
	  .flags = CMD_DB | CMD_WRITE,
	  .args = { { .name = "DOMAIN", .type = TYPE_CATCHALL },
	    ANY_TARGET },
	  .options = { force_only }, .run = cmd_rmcatchall },
	{ .name = "lscatchall", .group = GROUP_ALIAS,
	  .summary = "List catch-alls", .flags = CMD_DB,
	  .args = { ANY_DOMAIN }, .options = { long_only },
	  .run = cmd_lscatchall },

	{ .name = "addsender", .group = GROUP_ALIAS,
	  .summary = "Let users send as an address that is not theirs",
	  .flags = CMD_DB | CMD_WRITE,
	  .args = { { .name = "ADDRESS|@DOMAIN|@*", .type = TYPE_SENDER,
	    .bits = ARG_NEW }, LOGINS },
	  .run = cmd_addsender },
	{ .name = "rmsender", .group = GROUP_ALIAS,
	  .summary = "Take the right to send as an address from users",
	  .flags = CMD_DB | CMD_WRITE,
	  .args = { { .name = "ADDRESS|@DOMAIN|@*", .type = TYPE_SENDER },
	    ANY_LOGINS },
	  .run = cmd_rmsender },
	{ .name = "lssender", .group = GROUP_ALIAS,
	  .summary = "List sender grants, all or those of an address",
	  .flags = CMD_DB,
	  .args = { { .name = "LOGIN|ADDRESS", .type = TYPE_SENDER,
	    .bits = ARG_OPTIONAL } },
	  .run = cmd_lssender },

	{ .name = "show", .group = GROUP_ASK,
	  .summary = "Tell all about an address or a domain",
	  .flags = CMD_DB,
	  .args = { { .name = "ADDRESS|DOMAIN", .type = TYPE_OBJECT } },
	  .options = { long_only }, .run = cmd_show },
	{ .name = "trace", .group = GROUP_ASK,
	  .summary = "Tell where mail for an address goes, and why",
	  .flags = CMD_DB,
	  .args = { { .name = "ADDRESS", .type = TYPE_ASKED,
	    .bits = ARG_NEW } },
	  .options = { trace_options }, .run = cmd_trace },
	{ .name = "lookup", .group = GROUP_ASK,
	  .summary = "Ask what Postfix or Dovecot ask, or list the maps",
	  .flags = CMD_DB,
	  .args = { { .name = "MAP", .type = TYPE_MAP,
	    .bits = ARG_OPTIONAL },
	    { .name = "KEY", .type = TYPE_TEXT, .bits = ARG_OPTIONAL } },
	  .options = { long_only }, .run = cmd_lookup },
	{ .name = "check", .group = GROUP_ASK,
	  .summary = "Look for what is wrong with the database",
	  .flags = CMD_DB | CMD_ANY,
	  .options = { long_only, check_options }, .run = cmd_check },
	{ .name = "log", .group = GROUP_ASK,
	  .summary = "List changes: who, when and what",
	  .flags = CMD_DB,
	  .args = { { .name = "ADDRESS|DOMAIN", .type = TYPE_OBJECT,
	    .bits = ARG_OPTIONAL } },
	  .options = { log_options }, .run = cmd_log },

	{ .name = "apply", .group = GROUP_DATABASE,
	  .summary = "Make the database as files say, all or nothing",
	  .flags = CMD_DB | CMD_WRITE,
	  .args = { { .name = "FILE|-", .type = TYPE_FILE,
	    .bits = ARG_REPEAT } },
	  .options = { apply_options, flush_only }, .prepare = prepare_apply,
	  .run = cmd_apply, .after = after_login },
	{ .name = "plan", .group = GROUP_DATABASE,
	  .summary = "Show what apply would do, and change nothing",
	  .flags = CMD_DB | CMD_WRITE,
	  .args = { { .name = "FILE|-", .type = TYPE_FILE,
	    .bits = ARG_REPEAT } },
	  .options = { apply_options }, .prepare = prepare_plan,
	  .run = cmd_plan },
	{ .name = "export", .group = GROUP_DATABASE,
	  .summary = "Write all there is as a file that apply reads",
	  .flags = CMD_DB,
	  .args = { { .name = "FORMAT", .type = TYPE_WORD,
	    .bits = ARG_OPTIONAL, .choices = "json|jsonl|csv|dovecot-passwd|"
	    "postfix-texthash|docker-mailserver|users.json|sql" } },
	  .options = { export_options }, .run = cmd_export },
	{ .name = "import", .group = GROUP_DATABASE,
	  .summary = "Add users and aliases from another program's files",
	  .flags = CMD_DB | CMD_WRITE,
	  .args = { { .name = "FORMAT", .type = TYPE_WORD,
	    .choices = "dovecot-passwd|postfix-texthash|csv|"
	    "docker-mailserver|system|mailu|flyingcircus|mailhost|"
	    "perl-mailcfg|postfixadmin|vmm|ispmail|iredmail|mailcow|"
	    "modoboa|mailinabox" }, { .name = "FILE",
	    .type = TYPE_FILE,
	    .bits = ARG_REPEAT | ARG_OPTIONAL | ARG_URL } },
	  .options = { import_options, flush_only }, .run = cmd_import,
	  .after = after_login },
	{ .name = "copydb", .group = GROUP_DATABASE,
	  .summary = "Copy a whole database into a new one, of any back end",
	  .flags = CMD_ALONE | CMD_WRITE,
	  .args = { { .name = "FROM", .type = TYPE_WORD, .bits = ARG_URL },
	    { .name = "TO", .type = TYPE_WORD, .bits = ARG_URL } },
	  .run = cmd_copydb },
	{ .name = "init", .group = GROUP_DATABASE,
	  .summary = "Make the database, unless it exists",
	  .flags = CMD_ALONE | CMD_WRITE, .options = { init_options },
	  .run = cmd_init },
	{ .name = "upgrade", .group = GROUP_DATABASE,
	  .summary = "Bring an older database up to date",
	  .flags = CMD_ALONE | CMD_WRITE | CMD_ANY,
	  .args = { { .name = "FILE", .type = TYPE_FILE,
	    .bits = ARG_OPTIONAL } },
	  .options = { upgrade_options }, .run = cmd_upgrade },
	{ .name = "backup", .group = GROUP_DATABASE,
	  .summary = "Save the database to a file, while others write",
	  .flags = CMD_DB | CMD_ALONE,
	  .args = { { .name = "FILE", .type = TYPE_FILE } },
	  .run = cmd_backup },
	{ .name = "maps", .group = GROUP_DATABASE,
	  .summary = "Make the files by which a daemon reads the database",
	  .flags = CMD_DB,
	  .args = { { .name = "DAEMON", .type = TYPE_WORD,
	    .choices = "postfix|dovecot" } },
	  .options = { maps_options }, .run = cmd_maps },
	{ .name = "setup", .group = GROUP_DATABASE,
	  .summary = "Set up Postfix and Dovecot to use the database",
	  .flags = CMD_ALONE | CMD_CHECKS | CMD_WRITE,
	  .args = { { .name = "DAEMON", .type = TYPE_WORD,
	    .bits = ARG_OPTIONAL | ARG_REPEAT,
	    .choices = "postfix|dovecot" } },
	  .options = { setup_options }, .run = cmd_setup },
	{ .name = "set", .group = GROUP_DATABASE,
	  .summary = "Change a setting", .flags = CMD_DB | CMD_WRITE,
	  .args = { { .name = "NAME", .type = TYPE_SETTING },
	    { .name = "VALUE|default", .type = TYPE_TEXT } },
	  .run = cmd_set },
	{ .name = "lssettings", .group = GROUP_DATABASE,
	  .summary = "List the settings", .flags = CMD_DB,
	  .run = cmd_lssettings },
	{ .name = "hash", .group = GROUP_DATABASE,
	  .summary = "Hash a password, as adduser --hash takes it",
	  .options = { secret_input, hash_options }, .run = cmd_hash },
	{ .name = "help", .group = GROUP_DATABASE,
	  .summary = "Tell what commands there are, or all about one",
	  .args = { { .name = "COMMAND", .type = TYPE_COMMAND,
	    .bits = ARG_OPTIONAL } },
	  .run = cmd_help },
	{ .name = "version", .group = GROUP_DATABASE,
	  .summary = "Tell the version of this program",
	  .run = cmd_version },
	{ .name = "shell", .group = GROUP_DATABASE,
	  .summary = "Read commands one by one, as without one on a terminal",
	  .flags = CMD_ALONE, .run = cmd_shell },

	{ .name = "begin", .group = GROUP_SHELL,
	  .summary = "Begin a transaction: nothing is done before commit",
	  .flags = CMD_SHELL | CMD_DB, .run = cmd_begin },
	{ .name = "commit", .group = GROUP_SHELL,
	  .summary = "Do what the transaction holds",
	  .flags = CMD_SHELL, .run = cmd_commit },
	{ .name = "rollback", .group = GROUP_SHELL,
	  .summary = "Forget what the transaction holds",
	  .flags = CMD_SHELL, .run = cmd_rollback },
	{ .name = "diff", .group = GROUP_SHELL,
	  .summary = "Show what the transaction holds",
	  .flags = CMD_SHELL, .run = cmd_diff },
	{ .name = "use", .group = GROUP_SHELL,
	  .summary = "Take addresses without a domain to be in this one",
	  .flags = CMD_SHELL | CMD_DB, .args = { ANY_DOMAIN },
	  .run = cmd_use },
	{ .name = "source", .group = GROUP_SHELL,
	  .summary = "Carry out the commands of a file",
	  .flags = CMD_SHELL,
	  .args = { { .name = "FILE", .type = TYPE_FILE } },
	  .run = cmd_source },
	{ .name = "history", .group = GROUP_SHELL,
	  .summary = "List the lines typed so far", .flags = CMD_SHELL,
	  .run = cmd_history },
	{ .name = "quit", .aliases = { "exit" }, .group = GROUP_SHELL,
	  .summary = "Leave the shell", .flags = CMD_SHELL,
	  .run = cmd_quit },

	{ .name = "__complete", .group = GROUP_SHELL,
	  .summary = "List what the last word may become",
	  .flags = CMD_HIDDEN,
	  .args = { { .name = "WORD", .type = TYPE_TEXT,
	    .bits = ARG_OPTIONAL | ARG_REPEAT | ARG_WIPE } },
	  .run = cmd_complete },
};

const struct commands all_commands = {
	commands, COUNT(commands), group_titles,
};
