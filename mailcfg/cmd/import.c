/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * import.c - import: users and aliases out of others' files
 *
 * What the readers find is staged row by row, as apply does with its records,
 * before anything is locked; the library then says what becomes of each row:
 * added, there already or refused.  Formats whose rows build on each other are
 * carried out row by row instead (import_by_row.c).
 */
#include <ctype.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "cmd/commands.h"
#include "import/import.h"

static const struct foreign {
	const char *name;
	int (*read)(struct import *import);
	const char *options; /* those that it takes besides the common ones */
	bool by_row;         /* carried out by import_by_row() */
} formats[] = {
	{ "dovecot-passwd", import_dovecot_passwd, "", false },
	{ "postfix-texthash", import_postfix_texthash,
	    "accounts|aliases|transport", false },
	{ "csv", import_csv, "separator", false },
	{ "docker-mailserver", import_docker_mailserver, "", false },
	{ "system", import_system, "passwd|shadow|aliases|min-uid", false },
	{ "mailu", import_mailu, "", true },
	{ "flyingcircus", import_flyingcircus, "", true },
	{ "mailhost", import_mailhost, "", true },
	{ "perl-mailcfg", import_perl_mailcfg, "", true },
	{ "postfixadmin", import_postfixadmin, "", true },
	{ "vmm", import_vmm, "", true },
	{ "ispmail", import_ispmail, "", true },
};

/* ---- what readers call ---------------------------------------------- */

static int
no_memory(struct import *import)
{
	return call_fail(import->call, MAILDB_ENOMEM, NULL, NULL, NULL, "%s",
	    maildb_error_meaning(MAILDB_ENOMEM));
}

/* Warns about a row. */
void
import_tell_at(struct import *import, const char *code, const char *file, uint32_t line,
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
	import_tell_at(import, code, import->file, import->line, words, NULL);
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
	out_progress(import->call->cli, "rows read");
	import_tell_at(import, "refused", import->file, import->line, words, NULL);
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
	size_t i, digits = strspn(value, "0123456789");
	bool bytes = strstr(name, "quota") != NULL && digits > 0 &&
	    value[digits] == '\0' && *value != '0';

	for (i = 0; i < item->nattrs; i++)
		if (strcmp(item->attrs[i].name, name) == 0)
			return import_refuse(import, "%s is given twice", name);
	/* Programs mean bytes; a person might not. */
	if (asprintf(&item->texts[i], "%s%s", value, bytes ? "B" : "") < 0) {
		item->texts[i] = NULL;
		return no_memory(import);
	}
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

/* Stages the targets of an alias. */
static int
stage_alias(struct import *import, const struct item *item)
{
	struct maildb_target *targets = calloc(item->nlist, sizeof(*targets));
	const struct maildb_record record = {
		.kind = MAILDB_KIND_ALIAS, .key = item->key,
		.targets = targets, .ntargets = item->nlist,
		.flags = MAILDB_RECORD_ROW | MAILDB_RECORD_ADD,
		.file = item->file, .line = item->line,
	};
	size_t i;
	int rc;

	if (targets == NULL)
		return no_memory(import);
	for (i = 0; i < item->nlist; i++)
		targets[i] = (struct maildb_target){ item->list[i], -1, false };
	rc = maildb_stage(import->call->db, &record);
	free(targets);
	return rc;
}

/* Stages an item: a row with all that belongs to it. */
static int
stage(struct import *import, const struct item *item)
{
	static const struct {
		enum maildb_kind kind;
		unsigned flags;
	} kinds[ITEMS] = {
		[ITEM_USER] = { MAILDB_KIND_USER, MAILDB_RECORD_ROW },
		[ITEM_QUOTA] = { MAILDB_KIND_USER,
		    MAILDB_RECORD_ROW | MAILDB_RECORD_FILL },
		[ITEM_DOMAIN] = { MAILDB_KIND_DOMAIN, MAILDB_RECORD_ROW },
	};
	const struct maildb_target self = { item->key, -1, false };
	const struct maildb_record record = {
		.kind = kinds[item->kind].kind, .key = item->key,
		.attrs = item->attrs, .nattrs = item->nattrs,
		.password = item->password, .hash = item->hash,
		.flags = kinds[item->kind].flags,
		.file = item->file, .line = item->line,
	};
	struct maildb_record more = {
		.kind = MAILDB_KIND_ALIAS, .targets = &self, .ntargets = 1,
		.flags = MAILDB_RECORD_MORE | MAILDB_RECORD_ADD,
		.file = item->file, .line = item->line,
	};
	size_t i;
	int rc;

	if (item->kind == ITEM_ALIAS)
		return stage_alias(import, item);
	rc = maildb_stage(import->call->db, &record);
	for (i = 0; rc >= 0 && i < item->nlist; i++) {
		more.key = item->list[i];
		rc = maildb_stage(import->call->db, &more);
	}
	return rc;
}

int
item_put(struct import *import, struct item *item)
{
	int rc = 0;

	import->read++;
	out_progress(import->call->cli, "rows read");
	if (item->kind == ITEM_DOMAIN || import->holds || import->by_row) {
		*import->last[item->kind] = item;
		import->last[item->kind] = &item->next;
		return 0;
	}
	if (cli_interrupted())
		rc = call_fail(import->call, MAILDB_EINTR, NULL, NULL, NULL,
		    "interrupted; nothing was committed");
	else
		rc = stage(import, item);
	item_free(item);
	return rc;
}

int
item_end(struct import *import, struct item *item, int rc)
{
	if (rc == 0)
		return item_put(import, item);
	item_free(item);
	return rc;
}

/* Stages what readers wanted to look at again. */
static int
stage_held(struct import *import)
{
	const struct item *item;
	size_t kind;
	int rc = 0;

	for (kind = 0; kind < ITEMS; kind++)
		for (item = import->items[kind]; rc >= 0 && item != NULL;
		    item = item->next)
			rc = stage(import, item);
	return rc;
}

/* Tells why the library refuses a row. */
static void
refused(void *arg, const char *file, uint32_t line, const char *message,
    const char *hint)
{
	import_tell_at(arg, "refused", file, line, message, hint);
}

/* Adds all that was staged. */
static int
carry_out(struct import *import)
{
	struct call *call = import->call;
	struct maildb_outcome outcome;
	int rc;

	out_progress_stage(call->cli, ", being added");
	if ((rc = maildb_stage_end(call->db)) < 0)
		return rc;
	rc = maildb_stage_import(call->db, call->flags, refused, import,
	    &outcome);
	import->added = (unsigned long)outcome.added;
	import->same = (unsigned long)outcome.same;
	import->refused += (unsigned long)outcome.refused;
	return rc;
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
		import_tell_at(import, "not_kept", dropped->file, dropped->line, words,
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

/* Reads all, then carries it out row by row. */
static int
by_row(struct import *import, const struct foreign *format)
{
	int rc = format->read(import);

	return rc < 0 ? rc : import_by_row(import);
}

/* Stages what is read, and has the library carry it out. */
static int
by_set(struct import *import, const struct foreign *format)
{
	int rc;

	if ((rc = maildb_stage_begin(import->call->db)) < 0 ||
	    (rc = format->read(import)) < 0 ||
	    (rc = stage_held(import)) < 0)
		return rc;
	return carry_out(import);
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
	/* Transports make domains. */
	import.by_row = format->by_row ||
	    call_option(call, "transport") != NULL;
	if ((rc = check_options(&import, format)) == 0)
		rc = import.by_row ? by_row(&import, format) :
		    by_set(&import, format);
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
