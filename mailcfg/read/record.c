/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * record.c - one record of a document on its way to the library
 */
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "show/out.h"
#include "read/record.h"

/* Fails with the place, and the path to what is wrong, before the words. */
int
source_fail(struct source *source, const struct record *record,
    const char *field, uint32_t line, uint32_t column, int code,
    const char *hint, const char *format, ...)
{
	const char *parts[3] = { source->section,
		record != NULL ? record->key : NULL, field };
	char *words = NULL, path[600] = "";
	size_t len = 0, i;
	va_list ap;

	va_start(ap, format);
	if (vasprintf(&words, format, ap) < 0)
		words = NULL;
	va_end(ap);
	for (i = 0; i < COUNT(parts) && len < sizeof(path); i++)
		if (parts[i] != NULL && *parts[i] != '\0')
			len += (size_t)snprintf(path + len,
			    sizeof(path) - len, "%s%s", len > 0 ? "." : "",
			    parts[i]);
	call_fail(source->call, code, len > 0 ? path : NULL, NULL, hint,
	    "%s:%u:%u: %s%s%s", source->file, line, column, path,
	    len > 0 ? ": " : "", words != NULL ? words : "");
	free(words);
	return code;
}

static int
no_memory(struct source *source)
{
	return call_fail(source->call, MAILDB_ENOMEM, NULL, NULL, NULL, "%s",
	    maildb_error_meaning(MAILDB_ENOMEM));
}

/* Keeps a copy. */
static int
keep(struct source *source, char **out, const char *text)
{
	*out = strdup(text);
	return *out != NULL ? 0 : no_memory(source);
}

void
record_clear(struct record *record)
{
	size_t i;

	free(record->key);
	for (i = 0; i < record->nattrs; i++)
		free(record->texts[i]);
	for (i = 0; i < record->ntargets; i++)
		free((char *)record->targets[i].dest);
	for (i = 0; i < record->nsources; i++)
		free(record->sources[i]);
	maildb_secret_free(record->password);
	maildb_secret_free(record->hash);
	free(record->targets);
	free(record->sources);
	memset(record, 0, sizeof(*record));
}

int
record_begin(struct source *source, struct record *record,
    enum maildb_kind kind, const char *key, uint32_t line, uint32_t column)
{
	record_clear(record);
	record->kind = kind;
	record->line = line;
	record->column = column;
	record->flags = source->flags;
	return keep(source, &record->key, key);
}

/* The field's own name, so that the record need not keep one. */
static const char *
field_name(enum maildb_kind kind, const char *name)
{
	const struct maildb_field *fields;
	size_t count, i;

	fields = maildb_fields(kind, &count);
	for (i = 0; i < count; i++)
		if (strcmp(fields[i].name, name) == 0)
			return fields[i].name;
	return NULL;
}

int
record_field(struct source *source, struct record *record,
    const char *name, const char *value, uint32_t line, uint32_t column)
{
	size_t at = record->nattrs;
	const char *known;

	known = record->kind == MAILDB_KIND_SETTING ? "value" :
	    field_name(record->kind, name);
	if (known == NULL)
		return source_fail(source, record, name, line, column,
		    MAILDB_EFIELD, NULL, "there is no such field");
	if (at == RECORD_FIELDS)
		return source_fail(source, record, name, line, column,
		    MAILDB_EFIELD, NULL, "there are too many fields");
	record->texts[at] = NULL;
	if (value != NULL && keep(source, &record->texts[at], value) < 0)
		return MAILDB_ENOMEM;
	record->attrs[at] = (struct maildb_attr){ known, record->texts[at] };
	record->lines[at] = line;
	record->columns[at] = column;
	record->nattrs++;
	return 0;
}

int
record_target(struct source *source, struct record *record,
    const char *dest, int may_send, bool grant)
{
	size_t size = record->targets_size != 0 ? record->targets_size * 2 : 4;
	struct maildb_target *grown;
	char *copy;

	record->has_targets = true;
	if (dest == NULL)
		return 0;
	if (record->ntargets == record->targets_size) {
		grown = realloc(record->targets, size * sizeof(*grown));
		if (grown == NULL)
			return no_memory(source);
		record->targets = grown;
		record->targets_size = size;
	}
	if (keep(source, &copy, dest) < 0)
		return MAILDB_ENOMEM;
	record->targets[record->ntargets++] = (struct maildb_target){ copy,
		may_send, grant };
	return 0;
}

int
record_source(struct source *source, struct record *record,
    const char *alias)
{
	size_t size = record->sources_size != 0 ? record->sources_size * 2 : 4;
	char **grown;

	if (record->nsources == record->sources_size) {
		grown = realloc(record->sources, size * sizeof(*grown));
		if (grown == NULL)
			return no_memory(source);
		record->sources = grown;
		record->sources_size = size;
	}
	if (keep(source, &record->sources[record->nsources], alias) < 0)
		return MAILDB_ENOMEM;
	record->nsources++;
	return 0;
}

int
record_password(struct source *source, struct record *record,
    const char *password)
{
	maildb_secret_free(record->password);
	return keep(source, &record->password, password);
}

int
record_hash(struct source *source, struct record *record, const char *hash)
{
	maildb_secret_free(record->hash);
	return keep(source, &record->hash, hash);
}

/* Passes a fault of the library on, with the place of the field it means. */
static int
refuse(struct source *source, const struct record *record, int rc)
{
	const struct maildb_fault *fault = maildb_fault(source->call->db);
	const char *field = NULL;
	uint32_t line = record->line, column = record->column;
	size_t i;

	for (i = 0; fault->field != NULL && i < record->nattrs; i++)
		if (strcmp(record->attrs[i].name, fault->field) == 0) {
			field = record->attrs[i].name;
			line = record->lines[i];
			column = record->columns[i];
		}
	return source_fail(source, record, field, line, column, rc,
	    fault->hint, "%s", fault->message);
}

static int
stage(struct source *source, const struct record *record,
    const struct maildb_record *staged)
{
	int rc = maildb_stage(source->call->db, staged);

	return rc < 0 ? refuse(source, record, rc) : 0;
}

int
record_put(struct source *source, struct record *record)
{
	static const struct maildb_target none[1];
	const struct maildb_target self = { record->key, -1, false };
	struct maildb_record staged = {
		.kind = record->kind, .key = record->key,
		.attrs = record->attrs, .nattrs = record->nattrs,
		.targets = !record->has_targets ? NULL :
		    record->targets != NULL ? record->targets : none,
		.ntargets = record->ntargets,
		.password = record->password, .hash = record->hash,
		.flags = record->flags, .file = source->file,
		.line = record->line, .column = record->column,
	}, also = {
		.kind = MAILDB_KIND_ALIAS, .targets = &self, .ntargets = 1,
		.flags = MAILDB_RECORD_ADD, .file = source->file,
		.line = record->line, .column = record->column,
	};
	size_t i;
	int rc;

	if (source->sink != NULL) {
		rc = source->sink->put(source, record);
		record_clear(record);
		return rc;
	}
	out_progress(source->call->cli, "records read");
	rc = stage(source, record, &staged);

	for (i = 0; rc == 0 && i < record->nsources; i++) {
		also.key = record->sources[i];
		rc = stage(source, record, &also);
	}
	record_clear(record);
	return rc;
}
