/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * foreign.c - users and aliases as other programs read them
 *
 * A format is a row of a table: what it has a place for, what a user must be
 * able to do to be in it, and how it writes users and aliases.  What it leaves
 * out is told by losses.c.
 */
#include <inttypes.h>
#include <search.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "show/foreign.h"

const char *
row_field(const struct row *row, const char *name)
{
	int at = maildb_cursor_find(row->cursor, name);
	const char *value = at < 0 ? NULL :
	    maildb_cursor_text(row->cursor, (size_t)at);

	return value != NULL ? value : "";
}

int64_t
row_number(const struct row *row, const char *name)
{
	int at = maildb_cursor_find(row->cursor, name);

	return at < 0 ? 0 : maildb_cursor_int(row->cursor, (size_t)at);
}

bool
row_is_null(const struct row *row, const char *name)
{
	int at = maildb_cursor_find(row->cursor, name);

	return at < 0 || maildb_cursor_null(row->cursor, (size_t)at);
}

static const char *
hash(const struct row *row)
{
	return row->flags & STATE_SECRETS ? row_field(row, "password") : "";
}

/* ---- csv (RFC 4180) ------------------------------------------------- */

static void
csv_text(FILE *to, const char *value)
{
	if (value[strcspn(value, ",\"\r\n;")] == '\0') {
		fputs(value, to);
		return;
	}
	fputc('"', to);
	for (; *value != '\0'; value++) {
		if (*value == '"')
			fputc('"', to);
		fputc(*value, to);
	}
	fputc('"', to);
}

/* A size as people write it: empty for the default. */
static const char *
csv_size(const struct row *row, const char *name, char size[24])
{
	if (row_is_null(row, name))
		return "";
	if (row_number(row, name) == 0)
		return "unlimited";
	maildb_size_format(row_number(row, name), size);
	return size;
}

/* The fields that csv has behind those of before, by our own names. */
static const struct {
	const char *name;
	enum { CSV_TEXT, CSV_SWITCH, CSV_COUNT, CSV_TIME } type;
} csv_fields[] = {
	{ "enabled", CSV_SWITCH }, { "receive", CSV_SWITCH },
	{ "send", CSV_SWITCH }, { "imap", CSV_SWITCH },
	{ "pop3", CSV_SWITCH }, { "sieve", CSV_SWITCH },
	{ "internal", CSV_SWITCH }, { "messages", CSV_COUNT },
	{ "valid_from", CSV_TIME }, { "valid_until", CSV_TIME },
	{ "must_change", CSV_SWITCH }, { "spam_days", CSV_COUNT },
	{ "home", CSV_TEXT }, { "note", CSV_TEXT },
};

static void
csv_field(const struct row *row, size_t i)
{
	const char *name = csv_fields[i].name;
	int64_t number = row_number(row, name);

	fputc(',', row->to);
	if (csv_fields[i].type == CSV_SWITCH)
		fputs(number != 0 ? "yes" : "no", row->to);
	else if (row_is_null(row, name))
		return;
	else if (csv_fields[i].type == CSV_TEXT)
		csv_text(row->to, row_field(row, name));
	else if (csv_fields[i].type == CSV_TIME)
		fprintf(row->to, "@%" PRId64, number);
	else if (number == 0)
		fputs("unlimited", row->to);
	else
		fprintf(row->to, "%" PRId64, number);
}

/* Whether a user is live and may do everything. */
static bool
is_active(const struct row *row)
{
	static const char *const switches[] = { "receive", "send", "imap",
		"pop3", "sieve" };
	size_t i;

	for (i = 0; i < COUNT(switches); i++)
		if (row_number(row, switches[i]) == 0)
			return false;
	return row->live;
}

static void
csv_header(FILE *to)
{
	size_t i;

	fputs("email,hash,quota,name,active", to);
	for (i = 0; i < COUNT(csv_fields); i++)
		fprintf(to, ",%s", csv_fields[i].name);
	fputs("\r\n", to);
}

static void
csv_user(const struct row *row)
{
	char size[24];
	size_t i;

	csv_text(row->to, row->address);
	fputc(',', row->to);
	csv_text(row->to, hash(row));
	fprintf(row->to, ",%s,", csv_size(row, "quota", size));
	csv_text(row->to, row_field(row, "name"));
	fprintf(row->to, ",%s", is_active(row) ? "yes" : "no");
	for (i = 0; i < COUNT(csv_fields); i++)
		csv_field(row, i);
	fputs("\r\n", row->to);
}

/* ---- Dovecot passwd-file -------------------------------------------- */

/* A field between colons: without what would end it. */
static void
passwd_text(FILE *to, const char *value)
{
	for (; *value != '\0'; value++)
		fputc(*value == ':' || *value == '\n' || *value == ',' ? ' ' :
		    *value, to);
}

/* user:password:uid:gid:gecos:home:shell:extra */
static void
passwd_user(const struct row *row)
{
	const char *home = row_field(row, "home");
	bool fits = *home == '/' && strpbrk(home, ":\n") == NULL;

	/* An empty password would be none: "!" fits none. */
	fprintf(row->to, "%s:%s:::", row->address,
	    *hash(row) != '\0' ? hash(row) : "{CRYPT}!");
	passwd_text(row->to, row_field(row, "name"));
	fprintf(row->to, ":%s::", fits ? home : "");
	if (*home != '\0' && !fits)
		loss_add(row->losses, "homes below mail_root", row->address);
	if (row_number(row, "quota") > 0)
		fprintf(row->to, "userdb_quota_rule=*:bytes=%" PRId64,
		    row_number(row, "quota"));
	fputc('\n', row->to);
}

/* ---- Postfix and docker-mailserver ---------------------------------- */

static void
texthash_header(FILE *to)
{
	fputs("# virtual_mailbox_maps\n", to);
}

static void
texthash_user(const struct row *row)
{
	fprintf(row->to, "%s OK\n", row->address);
}

/* All targets of a key are on one line: of two lines the first one counts. */
static void
table_alias(const struct row *row)
{
	if (row->first)
		fprintf(row->to, "%s%s %s", *row->open ? "\n" : "",
		    row->address, row_field(row, "dest"));
	else
		fprintf(row->to, ",%s", row_field(row, "dest"));
	*row->open = true;
}

static void
docker_header(FILE *to)
{
	fputs("# postfix-accounts.cf\n", to);
}

static void
docker_user(const struct row *row)
{
	if (*hash(row) != '\0')
		fprintf(row->to, "%s|%s\n", row->address, hash(row));
	else
		loss_add(row->losses, "users without a password or "
		    "--secrets", row->address);
}

/* ---- users.json ----------------------------------------------------- */

static void
circus_user(const struct row *row)
{
	const char *at = hash(row), *close = strchr(at, '}');
	bool known = strncmp(at, "{CRYPT}", 7) == 0 ||
	    strncmp(at, "{SHA512-CRYPT}", 14) == 0 ||
	    strncmp(at, "{SHA256-CRYPT}", 14) == 0;
	char size[24];

	fputs(*row->open ? ",\n" : "{\n", row->to);
	*row->open = true;
	emit_escape(row->to, row->address);
	/* The scheme is not written there: only crypt(3) is known. */
	fputs(":{\"hashedPassword\":", row->to);
	emit_escape(row->to, known ? close + 1 : "");
	if (*at != '\0' && !known)
		loss_add(row->losses, "hashes that crypt(3) does not know",
		    row->address);
	if (row_number(row, "quota") > 0) {
		maildb_size_format(row_number(row, "quota"), size);
		fprintf(row->to, ",\"quota\":\"%s\"", size);
	}
	fputc('}', row->to);
}

static void
circus_end(FILE *to, bool any)
{
	fputs(any ? "\n}\n" : "{}\n", to);
}

/* ---- formats -------------------------------------------------------- */

static const struct foreign {
	const char *name;
	unsigned carries, needs;
	void (*header)(FILE *to);
	void (*user)(const struct row *row);
	void (*alias)(const struct row *row);
	const char *between; /* the two lists */
	void (*end)(FILE *to, bool any); /* of the users */
} formats[] = {
	{ "csv", ~(unsigned)HAS_TARGETS, 0, csv_header, csv_user, NULL, NULL,
	    NULL },
	{ "dovecot-passwd", HAS_NAME | HAS_QUOTA | HAS_HOME,
	    NEEDS_MAIL | NEEDS_LOGIN, NULL, passwd_user, NULL, NULL, NULL },
	{ "postfix-texthash", HAS_TARGETS, NEEDS_MAIL, texthash_header,
	    texthash_user, table_alias, "# virtual_alias_maps\n", NULL },
	{ "docker-mailserver", HAS_TARGETS, NEEDS_MAIL | NEEDS_LOGIN,
	    docker_header, docker_user, table_alias, "# postfix-virtual.cf\n",
	    NULL },
	{ "users.json", HAS_QUOTA, NEEDS_MAIL | NEEDS_LOGIN, NULL, circus_user,
	    NULL, NULL, circus_end },
};

/* ---- domains -------------------------------------------------------- */

/* A domain, and for an alias domain its target. */
struct domain {
	char *name, *target;
	bool enabled, has_users;
};

/* A wildcard alias, valid in every domain that has no such address. */
struct wildcard {
	char *local, *targets;
	struct wildcard *next;
};

struct export {
	struct call *call;
	const struct foreign *format;
	const char *domain; /* the only one, or NULL */
	unsigned flags;
	struct losses losses;
	void *domains;      /* tree of struct domain */
	struct wildcard *wildcards;
	void *taken;        /* tree of addresses that a wildcard would have */
	FILE *to;
	bool open, any;
};

static int
compare_domains(const void *one, const void *other)
{
	const struct domain *a = one, *b = other;

	return strcmp(a->name, b->name);
}

static void
domain_free(void *arg)
{
	struct domain *domain = arg;

	free(domain->name);
	free(domain->target);
	free(domain);
}

static int
compare_texts(const void *one, const void *other)
{
	return strcmp(one, other);
}

static int
no_memory(struct export *export)
{
	return call_fail(export->call, MAILDB_ENOMEM, NULL, NULL, NULL, "%s",
	    maildb_error_meaning(MAILDB_ENOMEM));
}

/* Keeps the domains by their names. */
static int
put_domain(struct export *export, const struct row *row)
{
	struct domain *domain = calloc(1, sizeof(*domain));
	const char *class = row_field(row, "class");

	if (domain == NULL ||
	    (domain->name = strdup(row_field(row, "name"))) == NULL ||
	    (domain->target = strdup(row_field(row, "target"))) == NULL ||
	    tsearch(domain, &export->domains, compare_domains) == NULL)
		return no_memory(export);
	domain->enabled = row_number(row, "enabled") != 0;
	domain->has_users = strcmp(class, "mailbox") == 0;
	if (strcmp(class, "relay") == 0)
		loss_add(&export->losses, "relay domains", domain->name);
	return 0;
}

static const struct domain *
find_domain(const struct export *export, const char *name)
{
	struct domain key = { .name = (char *)name }, **found;

	found = tfind(&key, &export->domains, compare_domains);
	return found != NULL ? *found : NULL;
}

/* ---- rows ----------------------------------------------------------- */

/* Whether an address is enabled, valid today and in an enabled domain. */
static bool
is_live(const struct export *export, const struct row *row)
{
	const struct domain *domain = find_domain(export,
	    row_field(row, "domain"));
	int64_t now = time(NULL);

	return row_number(row, "enabled") != 0 &&
	    (domain == NULL || domain->enabled) &&
	    (row_is_null(row, "valid_from") ||
	    row_number(row, "valid_from") <= now) &&
	    (row_is_null(row, "valid_until") ||
	    row_number(row, "valid_until") >= now);
}

static int
put_user(struct export *export, const struct row *row)
{
	const struct foreign *format = export->format;

	if (!row->first)
		return 0;
	if (format->needs != 0 && !loss_user(row, format->needs))
		return 0;
	loss_fields(row, format->carries);
	format->user(row);
	export->any = true;
	return 0;
}

/* Notes that an address is taken which a wildcard would have. */
static int
take_address(struct export *export, const struct row *row)
{
	const char *local = row_field(row, "localpart");
	const struct wildcard *at = export->wildcards;
	char *copy;

	while (at != NULL && strcmp(at->local, local) != 0)
		at = at->next;
	if (at == NULL || tfind(row->address, &export->taken,
	    compare_texts) != NULL)
		return 0;
	if ((copy = strdup(row->address)) == NULL ||
	    tsearch(copy, &export->taken, compare_texts) == NULL)
		return no_memory(export);
	return 0;
}

/* A target of an alias, or of a user who forwards. */
static int
put_target(struct export *export, const struct row *row, bool of_user)
{
	if (strcmp(row_field(row, "domain"), "*") == 0)
		return 0; /* spelled out later */
	if (take_address(export, row) < 0)
		return MAILDB_ENOMEM;
	if (row_is_null(row, "dest"))
		return 0;
	if (export->format->alias == NULL || !row->live) {
		if (row->first && !of_user)
			loss_add(&export->losses, row->live ? "aliases" :
			    "inactive aliases", row->address);
		return 0;
	}
	/* Who may not receive has no mail to send on. */
	if (!of_user || row_number(row, "receive") != 0)
		export->format->alias(row);
	return 0;
}

static int
put_forward(struct export *export, const struct row *row)
{
	return put_target(export, row, true);
}

static int
put_alias(struct export *export, const struct row *row)
{
	return put_target(export, row, false);
}

static int
put_recipient(struct export *export, const struct row *row)
{
	if (row->first)
		loss_add(&export->losses, "relay recipients", row->address);
	return 0;
}

static int
put_sender(struct export *export, const struct row *row)
{
	loss_add(&export->losses, "sender grants", row->address);
	return 0;
}

/* Keeps a target of a wildcard alias. */
static int
put_wildcard(struct export *export, const struct row *row)
{
	struct wildcard *new = export->wildcards;
	char *grown;

	if (row_is_null(row, "dest") || !row->live)
		return 0;
	if (row->first) {
		if ((new = calloc(1, sizeof(*new))) == NULL)
			return no_memory(export);
		new->next = export->wildcards;
		export->wildcards = new;
		if ((new->local = strdup(row_field(row, "localpart"))) == NULL)
			return no_memory(export);
	}
	if (asprintf(&grown, "%s%s%s", row->first ? "" : new->targets,
	    row->first ? "" : ",", row_field(row, "dest")) < 0)
		return no_memory(export);
	free(new->targets);
	new->targets = grown;
	return 0;
}

/* Calls put for each row of a kind. */
static int
each_row(struct export *export, enum maildb_kind kind, const char *domain,
    int (*put)(struct export *export, const struct row *row))
{
	struct row row = { .to = export->to, .flags = export->flags,
		.losses = &export->losses, .open = &export->open,
		.first_row = true };
	struct maildb *db = export->call->db;
	struct maildb_cursor *cursor;
	char last[sizeof(row.address)] = "";
	int rc;

	if ((rc = maildb_export(db, kind, domain, &cursor)) < 0)
		return rc;
	row.cursor = cursor;
	while ((rc = maildb_cursor_next(cursor)) == 1) {
		snprintf(row.address, sizeof(row.address), "%s@%s",
		    row_field(&row, "localpart"), row_field(&row, "domain"));
		row.first = strcmp(row.address, last) != 0;
		row.live = is_live(export, &row);
		if ((rc = put(export, &row)) < 0)
			break;
		out_progress_row(export->call);
		row.first_row = false;
		strcpy(last, row.address);
		if (ferror(row.to)) {
			rc = MAILDB_EIO;
			break;
		}
	}
	if (rc < 0 && export->call->fault.code == 0)
		fault_from(&export->call->fault, rc, db);
	maildb_cursor_free(cursor);
	return rc;
}

/* ---- what is spelled out --------------------------------------------- */

/* Writes the wildcards of a domain, and an alias domain as "@name @target". */
static void
put_spelled(const void *node, VISIT which, void *arg)
{
	const struct domain *domain = *(struct domain *const *)node;
	struct export *export = arg;
	const struct wildcard *at;
	char address[MAILDB_ADDRESS_MAX + 2];

	if ((which != postorder && which != leaf) ||
	    (export->domain != NULL && strcmp(export->domain,
	    domain->name) != 0))
		return;
	if (!domain->enabled) {
		if (*domain->target != '\0')
			loss_add(&export->losses, "inactive alias domains",
			    domain->name);
		return;
	}
	if (*domain->target != '\0')
		fprintf(export->to, "@%s @%s\n", domain->name, domain->target);
	for (at = export->wildcards; domain->has_users && at != NULL;
	    at = at->next) {
		snprintf(address, sizeof(address), "%s@%s", at->local,
		    domain->name);
		if (tfind(address, &export->taken, compare_texts) == NULL)
			fprintf(export->to, "%s %s\n", address, at->targets);
	}
}

/* Writes the part of a format that has aliases, or counts what it lacks. */
static int
write_aliases(struct export *export)
{
	const struct foreign *format = export->format;
	int rc;

	if (format->alias != NULL)
		fputs(format->between, export->to);
	if ((rc = each_row(export, MAILDB_KIND_USER, export->domain,
	    put_forward)) < 0 ||
	    (rc = each_row(export, MAILDB_KIND_ALIAS, export->domain,
	    put_alias)) < 0)
		return rc;
	if (export->open)
		fputc('\n', export->to);
	if (format->alias != NULL)
		twalk_r(export->domains, put_spelled, export);
	return 0;
}

/* Writes everything; the domains and the wildcards are known first. */
static int
write_all(struct export *export)
{
	const struct foreign *format = export->format;
	int rc;

	if ((rc = each_row(export, MAILDB_KIND_DOMAIN, NULL, put_domain)) < 0 ||
	    (rc = each_row(export, MAILDB_KIND_ALIAS, "*", put_wildcard)) < 0)
		return rc;
	if (format->header != NULL)
		format->header(export->to);
	rc = each_row(export, MAILDB_KIND_USER, export->domain, put_user);
	if (rc >= 0 && format->end != NULL)
		format->end(export->to, export->any);
	export->open = false;
	if (rc < 0 || (rc = write_aliases(export)) < 0 ||
	    (rc = each_row(export, MAILDB_KIND_RECIPIENT, export->domain,
	    put_recipient)) < 0)
		return rc;
	return each_row(export, MAILDB_KIND_SENDER, export->domain,
	    put_sender);
}

int
write_foreign(struct call *call, const char *format, const char *domain,
    unsigned flags)
{
	struct out *out = call->cli->out;
	struct export export = { .call = call, .domain = domain,
		.format = formats, .flags = flags, .to = out->to };
	struct wildcard *wildcard;
	int rc;

	while (strcmp(export.format->name, format) != 0)
		export.format++; /* the table of commands has checked it */
	out->format = FORMAT_DEFAULT;
	out->listed = true;
	rc = write_all(&export);
	tdestroy(export.domains, domain_free);
	tdestroy(export.taken, free);
	while ((wildcard = export.wildcards) != NULL) {
		export.wildcards = wildcard->next;
		free(wildcard->local);
		free(wildcard->targets);
		free(wildcard);
	}
	return rc < 0 ? rc : loss_tell(call, format, &export.losses);
}
