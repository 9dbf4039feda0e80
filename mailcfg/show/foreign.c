/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * foreign.c - users and aliases as other programs read them
 *
 * Each format is a pair of functions over the same rows; what it has no words
 * for is left out.
 */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "show/out.h"
#include "read/record.h"

/* The present row of a list. */
struct row {
	FILE *to;
	const struct maildb_cursor *cursor;
	unsigned flags;
	bool first;     /* of its address */
	bool first_row; /* of the list */
	char address[MAILDB_ADDRESS_MAX + 2];
};

static const char *
text(const struct row *row, const char *name)
{
	int at = maildb_cursor_find(row->cursor, name);
	const char *value = at < 0 ? NULL :
	    maildb_cursor_text(row->cursor, (size_t)at);

	return value != NULL ? value : "";
}

static int64_t
number(const struct row *row, const char *name)
{
	int at = maildb_cursor_find(row->cursor, name);

	return at < 0 ? 0 : maildb_cursor_int(row->cursor, (size_t)at);
}

static bool
is_null(const struct row *row, const char *name)
{
	int at = maildb_cursor_find(row->cursor, name);

	return at < 0 || maildb_cursor_null(row->cursor, (size_t)at);
}

static const char *
hash(const struct row *row)
{
	return row->flags & STATE_SECRETS ? text(row, "password") : "";
}

/* Whether the row has a target that mail goes to. */
static bool
delivers(const struct row *row)
{
	return !is_null(row, "dest");
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

static void
csv_user(const struct row *row)
{
	char size[24] = "";

	if (row->first_row)
		fputs("email,hash,quota,name,active\r\n", row->to);
	if (!row->first)
		return;
	if (!is_null(row, "quota") && number(row, "quota") == 0)
		strcpy(size, "unlimited");
	else if (!is_null(row, "quota"))
		maildb_size_format(number(row, "quota"), size);
	csv_text(row->to, row->address);
	fputc(',', row->to);
	csv_text(row->to, hash(row));
	fprintf(row->to, ",%s,", size);
	csv_text(row->to, text(row, "name"));
	fprintf(row->to, ",%s\r\n", number(row, "enabled") ? "yes" : "no");
}

/* ---- Dovecot passwd-file -------------------------------------------- */

/* user:password:uid:gid:gecos:home:shell:extra; users who are off are not in
 * it, as that is what off means to Dovecot. */
static void
passwd_user(const struct row *row)
{
	const char *home = text(row, "home");

	/* An empty password would be none: "!" fits none. */
	if (!row->first || number(row, "enabled") == 0)
		return;
	fprintf(row->to, "%s:%s:::", row->address,
	    *hash(row) != '\0' ? hash(row) : "{CRYPT}!");
	fprintf(row->to, ":%s::", *home == '/' && strchr(home, ':') == NULL ?
	    home : "");
	if (number(row, "quota") > 0)
		fprintf(row->to, "userdb_quota_rule=*:bytes=%" PRId64,
		    number(row, "quota"));
	fputc('\n', row->to);
}

/* ---- Postfix and docker-mailserver ---------------------------------- */

static void
texthash_user(const struct row *row)
{
	if (row->first_row)
		fputs("# virtual_mailbox_maps\n", row->to);
	if (row->first && number(row, "enabled") != 0)
		fprintf(row->to, "%s OK\n", row->address);
}

/* All targets of an address on one line. */
static void
texthash_alias(const struct row *row)
{
	if (!delivers(row) || number(row, "enabled") == 0)
		return;
	if (row->first)
		fprintf(row->to, "%s %s\n", row->address, text(row, "dest"));
	else /* Postfix joins a line that begins with a blank to the last */
		fprintf(row->to, "  , %s\n", text(row, "dest"));
}

static void
docker_user(const struct row *row)
{
	if (row->first_row)
		fputs("# postfix-accounts.cf\n", row->to);
	if (row->first && number(row, "enabled") != 0 && *hash(row) != '\0')
		fprintf(row->to, "%s|%s\n", row->address, hash(row));
}

static void
docker_alias(const struct row *row)
{
	if (delivers(row) && number(row, "enabled") != 0)
		fprintf(row->to, "%s %s\n", row->address, text(row, "dest"));
}

/* ---- users.json ----------------------------------------------------- */

static void
circus_user(const struct row *row)
{
	const char *at = hash(row), *close = strchr(at, '}');
	char size[24];

	if (row->first_row)
		fputs("{", row->to);
	if (!row->first)
		return;
	fputs(row->first_row ? "\n" : ",\n", row->to);
	emit_escape(row->to, row->address);
	/* The scheme is not written there: only crypt(3) is known. */
	fputs(":{\"hashedPassword\":", row->to);
	emit_escape(row->to, strncmp(at, "{CRYPT}", 7) == 0 ||
	    strncmp(at, "{SHA512-CRYPT}", 14) == 0 ||
	    strncmp(at, "{SHA256-CRYPT}", 14) == 0 ? close + 1 : "");
	if (number(row, "quota") > 0) {
		maildb_size_format(number(row, "quota"), size);
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
	void (*user)(const struct row *row);
	void (*alias)(const struct row *row);
	const char *between; /* the two lists */
	void (*end)(FILE *to, bool any);
} formats[] = {
	{ "csv", csv_user, NULL, NULL, NULL },
	{ "dovecot-passwd", passwd_user, NULL, NULL, NULL },
	{ "postfix-texthash", texthash_user, texthash_alias,
	    "# virtual_alias_maps\n", NULL },
	{ "docker-mailserver", docker_user, docker_alias,
	    "# postfix-virtual.cf\n", NULL },
	{ "users.json", circus_user, NULL, NULL, circus_end },
};

/* Calls put for each row of a kind. */
static int
each_row(struct call *call, enum maildb_kind kind, const char *domain,
    unsigned flags, void (*put)(const struct row *row), bool *any)
{
	struct row row = { .to = call->cli->out->to, .flags = flags,
		.first_row = true };
	struct maildb_cursor *cursor;
	char last[sizeof(row.address)] = "";
	int rc;

	if ((rc = maildb_export(call->db, kind, domain, &cursor)) < 0)
		return rc;
	row.cursor = cursor;
	while ((rc = maildb_cursor_next(cursor)) == 1) {
		snprintf(row.address, sizeof(row.address), "%s@%s",
		    text(&row, "localpart"), text(&row, "domain"));
		row.first = strcmp(row.address, last) != 0;
		put(&row);
		out_progress_row(call);
		row.first_row = false;
		strcpy(last, row.address);
		if (ferror(row.to)) {
			rc = MAILDB_EIO;
			break;
		}
	}
	*any = !row.first_row;
	if (rc < 0)
		fault_from(&call->fault, rc, call->db);
	maildb_cursor_free(cursor);
	return rc;
}

int
write_foreign(struct call *call, const char *format, const char *domain,
    unsigned flags)
{
	const struct foreign *foreign = formats;
	struct out *out = call->cli->out;
	bool any;
	int rc;

	while (strcmp(foreign->name, format) != 0)
		foreign++; /* the table of commands has checked it */
	out->format = FORMAT_DEFAULT;
	out->listed = true;
	rc = each_row(call, MAILDB_KIND_USER, domain, flags, foreign->user,
	    &any);
	if (rc == 0 && foreign->end != NULL)
		foreign->end(out->to, any);
	if (rc < 0 || foreign->alias == NULL)
		return rc;
	fputs(foreign->between, out->to);
	rc = each_row(call, MAILDB_KIND_USER, domain, flags, foreign->alias,
	    &any);
	return rc < 0 ? rc : each_row(call, MAILDB_KIND_ALIAS, domain, flags,
	    foreign->alias, &any);
}
