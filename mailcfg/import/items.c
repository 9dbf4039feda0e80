/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * items.c - what the readers of formats call: items, warnings, addresses
 */
#include <ctype.h>
#include <search.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "import/import.h"
#include "show/out.h"

/* ---- messages ------------------------------------------------------- */

int
import_no_memory(struct import *import)
{
	return call_fail(import->call, MAILDB_ENOMEM, NULL, NULL, NULL, "%s",
	    maildb_error_meaning(MAILDB_ENOMEM));
}

/* Warns about a row. */
void
import_tell_at(struct import *import, const char *code, const char *file,
    uint32_t line, const char *words, const char *hint)
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
		*rc = import_no_memory(import);
	return text;
}

char *
import_path(struct import *import, const char *folder, const char *name)
{
	char *path;

	if (import->npaths == COUNT(import->paths) ||
	    asprintf(&path, "%s/%s", folder, name) < 0) {
		import_no_memory(import);
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
		free((char *)item->attrs[i].value);
	free(item->attrs);
	for (i = 0; i < item->nlist; i++)
		free(item->list[i]);
	free(item->list);
	free(item);
}

static int
compare_names(const void *one, const void *other)
{
	return strcasecmp(one, other);
}

/* Remembers a domain, or that of an address. */
static int
note_domain(struct import *import, const char *key)
{
	const char *at = strrchr(key, '@');
	char *name;

	key = at != NULL ? at + 1 : key;
	if (tfind(key, &import->domains, compare_names) != NULL)
		return 0;
	name = strdup(key);
	if (name != NULL && tsearch(name, &import->domains,
	    compare_names) != NULL)
		return 0;
	free(name);
	return -1;
}

bool
import_has_domain(struct import *import, const char *name)
{
	struct maildb_cursor *cursor;
	bool has;

	if (tfind(name, &import->domains, compare_names) != NULL)
		return true;
	has = maildb_domain_get(import->call->db, name, &cursor) == 0;
	maildb_cursor_free(cursor);
	return has;
}

struct item *
item_new(struct import *import, enum item_kind kind, const char *key)
{
	struct item *item = calloc(1, sizeof(*item));

	if (item != NULL && (item->key = strdup(key)) != NULL &&
	    note_domain(import, key) == 0) {
		item->kind = kind;
		item->file = import->file;
		item->line = import->line;
		return item;
	}
	item_free(item);
	import_no_memory(import);
	return NULL;
}

/* Makes one line of a remark that has several: it is for people, and no reason
 * to refuse whom it is about. */
static void
join_lines(struct import *import, char *text)
{
	bool joined = false;

	for (; *text != '\0'; text++)
		if (*text == '\n' || *text == '\r' || *text == '\t') {
			*text = ' ';
			joined = true;
		}
	if (joined)
		import_drop(import, "a line end in a name or note");
}

int
item_attr(struct import *import, struct item *item, const char *name,
    const char *value)
{
	size_t i, digits = strspn(value, "0123456789");
	bool bytes = strstr(name, "quota") != NULL && digits > 0 &&
	    value[digits] == '\0' && *value != '0';
	struct maildb_attr *grown;
	char *text;

	for (i = 0; i < item->nattrs; i++)
		if (strcmp(item->attrs[i].name, name) == 0)
			return import_refuse(import, "%s is given twice", name);
	grown = reallocarray(item->attrs, i + 1, sizeof(*grown));
	if (grown == NULL)
		return import_no_memory(import);
	item->attrs = grown;
	/* Programs mean bytes; a person might not. */
	if (asprintf(&text, "%s%s", value, bytes ? "B" : "") < 0)
		return import_no_memory(import);
	if (strcmp(name, "note") == 0 || strcmp(name, "name") == 0)
		join_lines(import, text);
	item->attrs[item->nattrs++] = (struct maildb_attr){ name, text };
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
		return import_no_memory(import);
	item->list = grown;
	if ((grown[item->nlist] = strdup(text)) == NULL)
		return import_no_memory(import);
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

/* A user of whom a row has no password, and the place of that row. */
struct lacking {
	char *key;
	const char *file;
	uint32_t line;
};

static int
compare_lacking(const void *one, const void *other)
{
	const struct lacking *a = one, *b = other;

	return strcasecmp(a->key, b->key);
}

static void
lacking_free(void *arg)
{
	struct lacking *lacking = arg;

	free(lacking->key);
	free(lacking);
}

/* Remembers such a user, as another row may have the password. */
static int
note_lacking(struct import *import, const struct item *item)
{
	struct lacking *lacking = malloc(sizeof(*lacking)), **found = NULL;

	if (lacking == NULL)
		return import_no_memory(import);
	*lacking = (struct lacking){ strdup(item->key), item->file,
		item->line };
	if (lacking->key != NULL)
		found = tsearch(lacking, &import->lacking, compare_lacking);
	if (found == NULL || *found != lacking)
		lacking_free(lacking);
	return found != NULL ? 0 : import_no_memory(import);
}

/* Names one of them who has got no password. */
static void
tell_lacking(const void *node, VISIT which, void *arg)
{
	const struct lacking *lacking = *(struct lacking *const *)node;
	struct import *import = arg;
	char *hash = NULL, words[600];
	int rc;

	if (which != postorder && which != leaf)
		return;
	rc = maildb_user_password(import->call->db, lacking->key, &hash);
	if (rc >= 0 && hash == NULL) {
		snprintf(words, sizeof(words), "%s has no password: it cannot "
		    "log in", lacking->key);
		import_tell_at(import, "no_password", lacking->file,
		    lacking->line, words, NULL);
	}
	maildb_secret_free(hash);
}

void
import_tell_lacking(struct import *import)
{
	twalk_r(import->lacking, tell_lacking, import);
}

void
import_free(struct import *import)
{
	struct place *place;

	tdestroy(import->domains, free);
	tdestroy(import->lacking, lacking_free);
	while (import->npaths > 0)
		free(import->paths[--import->npaths]);
	while ((place = import->places) != NULL) {
		import->places = place->next;
		free(place->text);
		free(place);
	}
}

/* Whether a stored password is the mark of a locked account. */
static bool
is_locked(const char *text)
{
	if (strncasecmp(text, "{CRYPT}", 7) == 0)
		text += 7;
	return *text == '!' || *text == '*';
}

int
item_hash(struct import *import, struct item *item, const char *text)
{
	unsigned flags = 0;
	const char *why;
	char *whole = NULL;
	int rc;

	if (*text == '\0' && import->merges && import->call->nrest > 1)
		return note_lacking(import, item);
	if (*text == '\0' || is_locked(text)) {
		import_tell(import, "no_password", "%s has %s: it "
		    "cannot log in", item->key, *text == '\0' ?
		    "no password" : "a locked password");
		return 0;
	}
	if (*text != '{' && *text != '$' && import->scheme != NULL) {
		if (asprintf(&whole, "{%s}%s", import->scheme, text) < 0)
			return import_no_memory(import);
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
	    rc < 0 ? import_no_memory(import) : 0;
}
