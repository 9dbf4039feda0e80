/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * cmd_import.c - import: users and aliases out of others' files
 *
 * What the readers found is carried out in one transaction, each row within a
 * savepoint, so that every row has an outcome of its own: added, there already
 * or refused.  Unlike apply, it changes nothing that exists.
 */
#include <ctype.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "commands.h"
#include "import.h"

static const struct foreign {
	const char *name;
	int (*read)(struct import *import);
	const char *options; /* those that it takes besides the common ones */
} formats[] = {
	{ "dovecot-passwd", import_dovecot_passwd, "" },
	{ "postfix-texthash", import_postfix_texthash, "accounts|aliases|transport" },
	{ "csv", import_csv, "separator" },
	{ "docker-mailserver", import_docker_mailserver, "" },
	{ "system", import_system, "passwd|shadow|aliases|min-uid" },
	{ "mailu", import_mailu, "" },
	{ "flyingcircus", import_flyingcircus, "" },
	{ "mailhost", import_mailhost, "" },
	{ "perl-mailcfg", import_perl_mailcfg, "" },
	{ "postfixadmin", import_postfixadmin, "" },
	{ "vmm", import_vmm, "" },
	{ "ispmail", import_ispmail, "" },
};

/* ---- what readers call ---------------------------------------------- */

static int
no_memory(struct import *import)
{
	return call_fail(import->call, MAILDB_ENOMEM, NULL, NULL, NULL, "%s",
	    maildb_error_meaning(MAILDB_ENOMEM));
}

/* Warns about a row. */
static void
tell(struct import *import, const char *code, const char *file, uint32_t line,
    const char *words, const char *hint)
{
	char number[16] = "", *message;

	if (line > 0)
		snprintf(number, sizeof(number), ":%u", line);
	if (asprintf(&message, "%s%s: %s", file, number, words) < 0)
		return;
	call_warn(import->call, code, message, hint);
	free(message);
}

void
import_tell(struct import *import, const char *code, const char *format, ...)
{
	char words[600];
	va_list ap;

	va_start(ap, format);
	vsnprintf(words, sizeof(words), format, ap);
	va_end(ap);
	tell(import, code, import->file, import->line, words, NULL);
}

int
import_refuse(struct import *import, const char *format, ...)
{
	char words[600];
	va_list ap;

	va_start(ap, format);
	vsnprintf(words, sizeof(words), format, ap);
	va_end(ap);
	import->read++;
	import->refused++;
	tell(import, "refused", import->file, import->line, words, NULL);
	return 1;
}

void
import_drop(struct import *import, const char *what)
{
	struct dropped *dropped = import->dropped;
	size_t i;

	for (i = 0; i < import->ndropped; i++)
		if (strncmp(dropped[i].what, what,
		    sizeof(dropped[i].what) - 1) == 0)
			break;
	if (i == COUNT(import->dropped)) {
		import_tell(import, "not_kept", "%s is not kept", what);
		return;
	}
	if (i == import->ndropped) {
		snprintf(dropped[i].what, sizeof(dropped[i].what), "%s", what);
		dropped[i].file = import->file;
		dropped[i].line = import->line;
		import->ndropped++;
	}
	dropped[i].count++;
}

char *
import_address(struct import *import, const char *name, int *rc)
{
	char *text;

	*rc = 0;
	if (strchr(name, '@') != NULL)
		text = strdup(name);
	else if (import->domain == NULL) {
		*rc = import_refuse(import, "\"%s\" has no domain, which "
		    "--domain can give", name);
		return NULL;
	} else if (asprintf(&text, "%s@%s", name, import->domain) < 0)
		text = NULL;
	if (text == NULL)
		*rc = no_memory(import);
	return text;
}

char *
import_path(struct import *import, const char *folder, const char *name)
{
	char *path;

	if (import->npaths == COUNT(import->paths) ||
	    asprintf(&path, "%s/%s", folder, name) < 0) {
		no_memory(import);
		return NULL;
	}
	return import->paths[import->npaths++] = path;
}

void
item_free(struct item *item)
{
	size_t i;

	if (item == NULL)
		return;
	free(item->key);
	maildb_secret_free(item->hash);
	maildb_secret_free(item->password);
	for (i = 0; i < item->nattrs; i++)
		free(item->texts[i]);
	for (i = 0; i < item->nlist; i++)
		free(item->list[i]);
	free(item->list);
	free(item);
}

struct item *
item_new(struct import *import, enum item_kind kind, const char *key)
{
	struct item *item = calloc(1, sizeof(*item));

	if (item != NULL && (item->key = strdup(key)) != NULL) {
		item->kind = kind;
		item->file = import->file;
		item->line = import->line;
		return item;
	}
	free(item);
	no_memory(import);
	return NULL;
}

int
item_attr(struct import *import, struct item *item, const char *name,
    const char *value)
{
	size_t i;

	for (i = 0; i < item->nattrs; i++)
		if (strcmp(item->attrs[i].name, name) == 0)
			return import_refuse(import, "%s is given twice", name);
	if ((item->texts[i] = strdup(value)) == NULL)
		return no_memory(import);
	item->attrs[i] = (struct maildb_attr){ name, item->texts[i] };
	item->nattrs++;
	return 0;
}

int
item_quota(struct import *import, struct item *item, const char *text,
    int64_t unit)
{
	char size[24];
	int64_t bytes;

	if (maildb_size_parse(text, &bytes) < 0 ||
	    (text[strspn(text, "0123456789")] == '\0' &&
	    __builtin_mul_overflow(bytes, unit, &bytes)))
		return import_refuse(import, "\"%s\" is no size", text);
	maildb_size_format(bytes, size);
	return item_attr(import, item, "quota",
	    bytes == 0 ? "unlimited" : size);
}

int
item_list(struct import *import, struct item *item, const char *text)
{
	char **grown = realloc(item->list,
	    (item->nlist + 1) * sizeof(*grown));

	if (grown == NULL)
		return no_memory(import);
	item->list = grown;
	if ((grown[item->nlist] = strdup(text)) == NULL)
		return no_memory(import);
	item->nlist++;
	return 0;
}

/* Takes a hash that Dovecot may not know: 0 when it can be kept.  "$name$..."
 * without a {SCHEME} gets one of that name. */
static int
unknown_hash(struct item *item, const char *text, unsigned flags)
{
	size_t len = *text != '$' || !islower((unsigned char)text[1]) ? 0 :
	    strspn(text + 1, "abcdefghijklmnopqrstuvwxyz0123456789-"), i;
	char *whole;
	int rc = maildb_hash_parse(text, flags | MAILDB_HASH_ANY, &item->hash,
	    NULL);

	if (rc != MAILDB_EHASH || len < 3 || text[len + 1] != '$')
		return rc;
	if (asprintf(&whole, "{%.*s}%s", (int)len, text + 1, text) < 0)
		return MAILDB_ENOMEM;
	for (i = 1; i <= len; i++)
		whole[i] = (char)toupper((unsigned char)whole[i]);
	rc = maildb_hash_parse(whole, flags | MAILDB_HASH_ANY, &item->hash,
	    NULL);
	maildb_secret_free(whole);
	return rc;
}

int
item_hash(struct import *import, struct item *item, const char *text)
{
	unsigned flags = 0;
	const char *why;
	char *whole = NULL;
	int rc;

	if (*text == '\0' || strcspn(text, "!*") == 0) {
		import_tell(import, "no_password", "%s has %s: it "
		    "cannot log in", item->key, *text == '\0' ?
		    "no password" : "a locked password");
		return 0;
	}
	if (*text != '{' && *text != '$' && import->scheme != NULL) {
		if (asprintf(&whole, "{%s}%s", import->scheme, text) < 0)
			return no_memory(import);
		text = whole;
	}
	if (call_option(import->call, "allow-weak-hash") != NULL)
		flags |= MAILDB_HASH_WEAK;
	rc = maildb_hash_parse(text, flags, &item->hash, &why);
	if (rc == MAILDB_EHASH &&
	    call_option(import->call, "allow-unknown-hash") != NULL &&
	    unknown_hash(item, text, flags) == 0) {
		import_tell(import, "unknown_hash", "the hash of %s is kept, "
		    "but Dovecot may not know it", item->key);
		rc = 0;
	}
	maildb_secret_free(whole);
	return rc == MAILDB_EHASH ?
	    import_refuse(import, "the hash of %s: %s", item->key, why) :
	    rc < 0 ? no_memory(import) : 0;
}

int
item_put(struct import *import, struct item *item)
{
	import->read++;
	*import->last[item->kind] = item;
	import->last[item->kind] = &item->next;
	return 0;
}

/* ---- carrying out --------------------------------------------------- */

/* Adds a user, unless there is one, and what leads to it. */
static int
add_user(struct import *import, struct item *item)
{
	struct maildb *db = import->call->db;
	unsigned flags = import->call->flags;
	struct maildb_cursor *cursor;
	char *scheme = NULL, *cost = NULL;
	size_t i;
	int rc, some;

	if (item->password != NULL) {
		/* One who exists needs no hash. */
		if (maildb_user_get(db, item->key, &cursor) == 0)
			maildb_cursor_free(cursor);
		else if ((rc = maildb_setting_get(db, "password_scheme",
		    &scheme)) < 0 || (rc = maildb_setting_get(db,
		    "password_cost", &cost)) < 0 ||
		    (rc = maildb_password_hash(*scheme != '\0' ? scheme : NULL,
		    strtoul(cost, NULL, 10), item->password, &item->hash)) < 0)
			goto out;
	}
	rc = maildb_user_add(db, item->key, item->hash, item->attrs,
	    item->nattrs, flags);
	for (i = 0; rc >= 0 && i < item->nlist; i++) {
		some = maildb_alias_add(db, item->list[i], item->key, -1,
		    flags);
		rc = some < 0 ? some : rc | some;
	}
out:
	free(scheme);
	free(cost);
	return rc;
}

/* Whether an alias that is off stands beside a user of its address, whose mail
 * then just stays; switching off the address would switch off the user. */
static bool
is_moot(struct import *import, const struct item *item, bool is_user)
{
	size_t i;

	for (i = 0; is_user && i < item->nattrs; i++)
		if (strcmp(item->attrs[i].name, "enabled") == 0) {
			import->file = item->file;
			import->line = item->line;
			import_drop(import, "a forward that is off");
			return true;
		}
	return false;
}

/* Adds an alias's targets and, when it is new and no user's, its fields. */
static int
add_alias(struct import *import, struct item *item)
{
	struct maildb *db = import->call->db;
	struct maildb_cursor *cursor;
	bool is_user = false, is_new = false;
	size_t i;
	int rc = 0, some;

	if (item->nattrs > 0) {
		is_user = maildb_user_get(db, item->key, &cursor) == 0;
		maildb_cursor_free(cursor);
		is_new = maildb_alias_get(db, item->key, &cursor) < 0;
		maildb_cursor_free(cursor);
		is_new = is_new && !is_user;
	}
	if (is_moot(import, item, is_user))
		return 0;
	for (i = 0; rc >= 0 && i < item->nlist; i++) {
		some = maildb_alias_add(db, item->key, item->list[i], -1,
		    import->call->flags);
		rc = some < 0 ? some : rc | some;
	}
	some = rc > 0 && is_new ? maildb_alias_set(db, item->key, item->attrs,
	    item->nattrs) : 0;
	return some < 0 ? some : rc;
}

/* Gives a user a quota who has none of its own. */
static int
add_quota(struct import *import, struct item *item)
{
	struct maildb *db = import->call->db;
	struct maildb_cursor *cursor;
	bool has;
	int rc, col;

	if ((rc = maildb_user_get(db, item->key, &cursor)) < 0)
		return rc;
	rc = maildb_cursor_next(cursor);
	col = maildb_cursor_find(cursor, "quota");
	has = rc > 0 && col >= 0 && !maildb_cursor_null(cursor, (size_t)col);
	maildb_cursor_free(cursor);
	return rc < 0 || has ? rc < 0 ? rc : 0 :
	    maildb_user_set(db, item->key, item->attrs, item->nattrs);
}

/* Carries out what one row asks for. */
static int
carry_out(struct import *import, struct item *item)
{
	switch (item->kind) {
	case ITEM_SITE:
	case ITEM_DOMAIN:
		return maildb_domain_add(import->call->db, item->key,
		    item->attrs, item->nattrs, 0);
	case ITEM_USER:
		return add_user(import, item);
	case ITEM_QUOTA:
		return add_quota(import, item);
	default:
		return add_alias(import, item);
	}
}

/* Counts a row that is done with; rc below 0 refuses it. */
static void
count(struct import *import, const struct item *item, int rc)
{
	const struct maildb_fault *fault = maildb_fault(import->call->db);

	if (rc < 0)
		tell(import, "refused", item->file, item->line,
		    fault->message != NULL ? fault->message :
		    maildb_error_meaning(rc), fault->hint);
	import->refused += rc < 0;
	import->same += rc == 0;
	import->added += rc > 0;
}

/* Carries out a row, or nothing of it: 1 when it is done with; 0 when it leads
 * nowhere yet and later is true; or what is wrong with the database. */
static int
carry_out_row(struct import *import, struct item *item, bool later)
{
	struct maildb *db = import->call->db;
	int rc, ended;

	if (cli_interrupted())
		return MAILDB_EINTR;
	if ((rc = maildb_begin(db)) < 0)
		return rc;
	rc = carry_out(import, item);
	if (rc < 0 && (rc > MAILDB_EADDRESS || rc < MAILDB_EREFUSED)) {
		maildb_rollback(db);
		return rc;
	}
	later = later && (rc == MAILDB_EDEADEND || rc == MAILDB_EDOMAIN);
	if (!later)
		count(import, item, rc);
	ended = rc < 0 ? maildb_rollback(db) : maildb_commit(db);
	return ended < 0 ? ended : !later;
}

/* Carries out the rows of a kind.  Aliases and alias domains may lead to others
 * further down: those that lead nowhere are tried again as long as any could
 * be made. */
static int
carry_out_all(struct import *import, enum item_kind kind)
{
	struct item **at, *item;
	bool later = true, any;
	int rc;

	while (import->items[kind] != NULL) {
		any = false;
		for (at = &import->items[kind]; (item = *at) != NULL; ) {
			rc = carry_out_row(import, item, later);
			if (rc < 0)
				return rc;
			if (rc == 0) {
				at = &item->next;
				continue;
			}
			any = true;
			*at = item->next;
			item_free(item);
		}
		later = any;
	}
	return 0;
}

/* ---- the command ---------------------------------------------------- */

/* Refuses options that another format has, and a call without a file. */
static int
check_options(struct import *import, const struct foreign *format)
{
	static const char *const special[] = { "accounts", "aliases",
		"passwd", "shadow", "min-uid", "separator", "transport" };
	char hint[CHOICE_HINT];
	size_t i;

	for (i = 0; i < COUNT(special); i++)
		if (call_option(import->call, special[i]) != NULL &&
		    choice_find(format->options, special[i], hint) < 0)
			return call_fail(import->call, CLI_EUSAGE, special[i],
			    NULL, NULL, "%s has no --%s", format->name,
			    special[i]);
	/* Those that have no options of their own for files. */
	return import->call->nrest > 0 || strstr(format->options,
	    "aliases") != NULL ? 0 : call_fail(import->call, CLI_EUSAGE,
	    "FILE", NULL, NULL, "FILE is missing");
}

/* Says what was read but has no place in the database. */
static void
tell_dropped(struct import *import)
{
	const struct dropped *dropped;
	char words[120];
	size_t i;

	for (i = 0; i < import->ndropped; i++) {
		dropped = &import->dropped[i];
		snprintf(words, sizeof(words), "%s is not kept (%lu line%s, "
		    "this is the first)", dropped->what, dropped->count,
		    dropped->count == 1 ? "" : "s");
		tell(import, "not_kept", dropped->file, dropped->line, words,
		    NULL);
	}
}

/* Says how many rows came to what; the outcome of the command. */
static int
sum_up(struct import *import)
{
	struct call *call = import->call;

	if (import->refused > 0 && call_option(call, "skip-bad") == NULL)
		return call_fail(call, MAILDB_EREFUSED, NULL, NULL,
		    "--skip-bad imports the others",
		    "read %lu, refused %lu: nothing is imported",
		    import->read, import->refused);
	free(call->message);
	if (asprintf(&call->message,
	    "read %lu = added %lu + same %lu + refused %lu", import->read,
	    import->added, import->same, import->refused) < 0) {
		call->message = NULL;
		return no_memory(import);
	}
	return import->added > 0;
}

int
cmd_import(struct call *call)
{
	struct import import = { .call = call,
		.domain = call_option(call, "domain"),
		.scheme = call_option(call, "default-scheme") };
	const struct foreign *format = formats;
	struct item *item;
	struct place *place;
	size_t kind;
	int rc;

	while (strcmp(format->name, call->arg[0]) != 0)
		format++;
	for (kind = 0; kind < ITEMS; kind++)
		import.last[kind] = &import.items[kind];
	if ((rc = check_options(&import, format)) == 0)
		rc = format->read(&import);
	for (kind = 0; rc >= 0 && kind < ITEMS; kind++)
		rc = carry_out_all(&import, kind);
	if (rc >= 0) {
		tell_dropped(&import);
		rc = sum_up(&import);
	}
	for (kind = 0; kind < ITEMS; kind++)
		while ((item = import.items[kind]) != NULL) {
			import.items[kind] = item->next;
			item_free(item);
		}
	while (import.npaths > 0)
		free(import.paths[--import.npaths]);
	while ((place = import.places) != NULL) {
		import.places = place->next;
		free(place->text);
		free(place);
	}
	return rc;
}
