/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * document.c - documents of Flying Circus, of mailhost and of Mailu
 *
 * They are read as apply reads them; here the records become items.  A record
 * that is refused does not stop the others, but behind an error of syntax
 * there is nothing to go on with.
 */
#include <search.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>
#include <unistd.h>

#include "import/import.h"
#include "read/record.h"

/* A line of the passwd-file in which users of Flying Circus may have their
 * hashes. */
struct login {
	char *address, *hash;
	const char *file;
	uint32_t line;
	bool used;
};

struct document {
	struct import *import;
	void *logins; /* a tree of struct login */
};

/* ---- records -------------------------------------------------------- */

static int
compare(const void *one, const void *other)
{
	const struct login *a = one, *b = other;

	return strcasecmp(a->address, b->address);
}

/* What a user has to log in with: in the record, or in the passwd-file. */
static int
take_secret(struct document *document, struct item *item,
    struct record *record)
{
	struct import *import = document->import;
	struct login key = { .address = item->key }, **found;
	uint32_t line = import->line;
	const char *file = import->file;
	int rc;

	found = tfind(&key, &document->logins, compare);
	if (record->password != NULL) {
		item->password = record->password;
		record->password = NULL;
		return 0;
	}
	if (record->hash != NULL || found == NULL)
		return item_hash(import, item, record->hash != NULL ?
		    record->hash : "");
	(*found)->used = true;
	import->file = (*found)->file;
	import->line = (*found)->line;
	rc = item_hash(import, item, (*found)->hash);
	import->file = file;
	import->line = line;
	return rc;
}

/* Refuses a record for a value that its field cannot have. */
static int
check_field(struct import *import, const struct record *record, size_t at)
{
	const struct maildb_attr *attr = &record->attrs[at];
	const struct maildb_field *field;
	const char *why;
	size_t count;
	int64_t number;
	bool isnull;

	field = maildb_fields(record->kind, &count);
	while (strcmp(field->name, attr->name) != 0)
		field++;
	if (maildb_field_parse(field, attr->value, &isnull, &number,
	    &why) == 0)
		return 0;
	import->line = record->lines[at];
	return import_refuse(import, "%s of %s, \"%s\": %s", attr->name,
	    record->key, attr->value, why);
}

/* Takes over fields; one that is null is as in any new object. */
static int
take_fields(struct import *import, struct item *item,
    const struct record *record)
{
	const struct maildb_attr *attr;
	size_t i;
	int rc = 0;

	for (i = 0; rc == 0 && i < record->nattrs; i++) {
		attr = &record->attrs[i];
		if (attr->value == NULL)
			continue;
		if (item->nattrs == ITEM_ATTRS)
			return import_refuse(import, "%s has more than %d "
			    "fields", item->key, ITEM_ATTRS);
		rc = check_field(import, record, i);
		if (rc == 0)
			rc = item_attr(import, item, attr->name, attr->value);
	}
	return rc;
}

/* Puts the targets of a record as an item of their own. */
static int
put_targets(struct import *import, const struct record *record)
{
	struct item *item = item_new(import, ITEM_ALIAS, record->key);
	size_t i;
	int rc = 0;

	if (item == NULL)
		return MAILDB_ENOMEM;
	if (record->kind == MAILDB_KIND_ALIAS && record->nattrs > 0)
		import_drop(import, "what an alias has besides targets");
	if (rc == 0 && record->ntargets == 0)
		rc = import_refuse(import, "%s has no target", item->key);
	for (i = 0; rc == 0 && i < record->ntargets; i++)
		if (record->targets[i].grant)
			import_drop(import, "a sender grant");
		else
			rc = item_list(import, item, record->targets[i].dest);
	return item_end(import, item, rc);
}

static int
put_user(struct document *document, struct record *record)
{
	struct import *import = document->import;
	struct item *item = item_new(import, ITEM_USER, record->key);
	size_t i;
	int rc;

	if (item == NULL)
		return MAILDB_ENOMEM;
	rc = take_secret(document, item, record);
	if (rc == 0)
		rc = take_fields(import, item, record);
	for (i = 0; rc == 0 && i < record->nsources; i++)
		rc = item_list(import, item, record->sources[i]);
	if ((rc = item_end(import, item, rc)) != 0)
		return rc;
	return record->has_targets ? put_targets(import, record) : 0;
}

static int
put_domain(struct import *import, const struct record *record)
{
	enum item_kind kind = ITEM_SITE;
	struct item *item;
	size_t i;

	for (i = 0; i < record->nattrs; i++)
		if (strcmp(record->attrs[i].name, "target") == 0)
			kind = ITEM_DOMAIN;
	if ((item = item_new(import, kind, record->key)) == NULL)
		return MAILDB_ENOMEM;
	return item_end(import, item, take_fields(import, item, record));
}

/* Makes items of a record, which is then empty. */
static int
put_record(struct source *source, struct record *record)
{
	struct document *document = source->arg;
	struct import *import = document->import;
	int rc = 0;

	import->file = source->file;
	import->line = record->line;
	switch (record->kind) {
	case MAILDB_KIND_DOMAIN:
		rc = put_domain(import, record);
		break;
	case MAILDB_KIND_USER:
		rc = put_user(document, record);
		break;
	case MAILDB_KIND_ALIAS:
		rc = put_targets(import, record);
		break;
	default:
		import_drop(import, record->kind == MAILDB_KIND_SETTING ?
		    "a setting of the server" : record->key);
	}
	return rc < 0 ? rc : 0;
}

/* Counts a record that its reader refused; its place is in the message. */
static void
refuse(struct source *source)
{
	struct document *document = source->arg;
	struct fault *fault = &source->call->fault;

	document->import->read++;
	document->import->refused++;
	call_warn(source->call, "refused", fault->message, fault->hint);
	fault_clear(fault);
}

static void
drop(struct source *source, const char *what, uint32_t line)
{
	struct document *document = source->arg;

	document->import->file = source->file;
	document->import->line = line;
	import_drop(document->import, what);
}

static const struct sink items = { put_record, refuse, drop };

/* ---- the formats ---------------------------------------------------- */

/* Reads a document. */
static int
take_document(struct document *document, const char *path, const char *from)
{
	struct source source = { .call = document->import->call,
		.sink = &items, .arg = document };

	return read_file(&source, path, from);
}

/* Reads all the files of a call as documents. */
static int
take_documents(struct import *import, const char *from)
{
	struct document document = { .import = import };
	size_t i;
	int rc = 0;

	for (i = 0; rc == 0 && i < import->call->nrest; i++)
		rc = take_document(&document, import->call->rest[i], from);
	return rc;
}

int
import_mailhost(struct import *import)
{
	return take_documents(import, "mailhost");
}

int
import_mailu(struct import *import)
{
	return take_documents(import, "mailu");
}

/* ---- Flying Circus -------------------------------------------------- */

static void
login_free(void *arg)
{
	struct login *login = arg;

	free(login->address);
	maildb_secret_free(login->hash);
	free(login);
}

/* Keeps a line of the passwd-file, address:hash, until the users come. */
static int
take_login(struct import *import, char *line)
{
	struct document *document = import->arg;
	char *hash = strchr(line, ':');
	struct login *login, **found;

	if (hash == NULL)
		return import_refuse(import, "this is no address:hash");
	*hash++ = '\0';
	hash[strcspn(hash, ":")] = '\0';
	if ((login = calloc(1, sizeof(*login))) == NULL)
		return MAILDB_ENOMEM;
	*login = (struct login){ strdup(line), strdup(hash), import->file,
		import->line, false };
	found = login->address == NULL || login->hash == NULL ? NULL :
	    tsearch(login, &document->logins, compare);
	if (found != NULL && *found == login)
		return 0;
	login_free(login);
	return found == NULL ? MAILDB_ENOMEM :
	    import_refuse(import, "%s is there already, in line %u", line,
	    (*found)->line);
}

/* Tells of the lines that no user needed. */
static void
tell_login(const void *node, VISIT which, void *arg)
{
	const struct login *login = *(struct login *const *)node;
	struct import *import = arg;

	if ((which != postorder && which != leaf) || login->used)
		return;
	import->file = login->file;
	import->line = login->line;
	import_drop(import, "a line of passwd that no user needs");
}

static const char *const circus_files[] = { "passwd", "config.json",
	"users.json", "local_valiases.json" };

/* Whether a path is that of the passwd-file. */
static bool
is_passwd(const char *path)
{
	const char *slash = strrchr(path, '/');

	return strcmp(slash != NULL ? slash + 1 : path, "passwd") == 0;
}

/* Reads the passwd-files, or all others, of a path. */
static int
take_path(struct document *document, const char *path, bool passwd)
{
	struct import *import = document->import;
	size_t i, found = 0;
	struct stat about;
	char *name;
	int rc = 0;

	if (stat(path, &about) < 0 || !S_ISDIR(about.st_mode))
		return is_passwd(path) != passwd ? 0 : passwd ?
		    import_lines(import, path, false, take_login) :
		    take_document(document, path, "flyingcircus");
	for (i = 0; rc == 0 && i < COUNT(circus_files); i++) {
		name = import_path(import, path, circus_files[i]);
		if (name == NULL)
			return MAILDB_ENOMEM;
		if (access(name, F_OK) != 0)
			continue;
		found++;
		rc = take_path(document, name, passwd);
	}
	return rc < 0 || found > 0 ? rc : call_fail(import->call, MAILDB_EIO,
	    NULL, path, NULL, "%s: there is no users.json", path);
}

int
import_flyingcircus(struct import *import)
{
	struct document document = { .import = import };
	struct call *call = import->call;
	size_t i;
	int rc = 0;

	import->arg = &document;
	/* Hashes first: whoever has none in users.json has it there. */
	for (i = 0; rc == 0 && i < call->nrest; i++)
		rc = take_path(&document, call->rest[i], true);
	for (i = 0; rc == 0 && i < call->nrest; i++)
		rc = take_path(&document, call->rest[i], false);
	if (rc == 0)
		twalk_r(document.logins, tell_login, import);
	tdestroy(document.logins, login_free);
	return rc;
}
