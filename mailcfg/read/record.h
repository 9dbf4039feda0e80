/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * record.h - documents of the desired state: from files to staged records
 *
 * A reader of another format fills a struct record, one at a time, and hands
 * each to record_put(); see text.c for the smallest one.
 */
#ifndef MAILCFG_STATE_H
#define MAILCFG_STATE_H

#include "base/call.h"
#include "read/read.h"

#define RECORD_FIELDS 32

struct source;
struct record;

/* One who wants the records for something else than to stage them. */
struct sink {
	/* Takes a record: 0, or an error that ends it all. */
	int (*put)(struct source *source, struct record *record);
	/* Takes the call's fault, which is that of one record. */
	void (*refuse)(struct source *source);
	/* Hears of something that is not kept. */
	void (*drop)(struct source *source, const char *what, uint32_t line);
};

/* What is being read, for messages: FILE:LINE:COLUMN: PATH. */
struct source {
	struct call *call;
	const char *file;
	const char *section; /* first part of the path: "users" */
	unsigned flags;      /* MAILDB_RECORD_* for all records */
	const struct sink *sink; /* NULL stages */
	void *arg;               /* the sink's */
};

/* A record while it is read, with the place of each field. */
struct record {
	enum maildb_kind kind;
	char *key;
	uint32_t line, column;
	struct maildb_attr attrs[RECORD_FIELDS];
	char *texts[RECORD_FIELDS]; /* what the attributes point to */
	uint32_t lines[RECORD_FIELDS], columns[RECORD_FIELDS];
	size_t nattrs;
	struct maildb_target *targets;
	size_t ntargets, targets_size;
	bool has_targets;
	char **sources; /* aliases that lead to this user */
	size_t nsources, sources_size;
	char *password, *hash;
	unsigned flags;
};

/* Each answers 0 or an error with the call's fault set. */
int record_begin(struct source *source, struct record *record,
    enum maildb_kind kind, const char *key, uint32_t line, uint32_t column);
int record_field(struct source *source, struct record *record,
    const char *name, const char *value, uint32_t line, uint32_t column);
int record_target(struct source *source, struct record *record,
    const char *dest, int may_send, bool grant);
/* An alias that is to lead to this user; "@domain" is a catch-all. */
int record_source(struct source *source, struct record *record,
    const char *alias);
int record_password(struct source *source, struct record *record,
    const char *password);
int record_hash(struct source *source, struct record *record,
    const char *hash);
/* Stages the record and all that came with it, then empties it. */
int record_put(struct source *source, struct record *record);
void record_clear(struct record *record);

/* Fails with FILE:LINE:COLUMN: PATH: before the words; record may be NULL. */
int source_fail(struct source *source, const struct record *record,
    const char *field, uint32_t line, uint32_t column, int code,
    const char *hint, const char *format, ...)
    __attribute__((format(printf, 8, 9)));

/* Reads a file, or standard input for "-", in whatever it is written. */
int read_file(struct source *source, const char *path, const char *from);
/* Documents of tokens: our own, those of Flying Circus, of mailhost and of
 * Mailu.  from is "state", "flyingcircus", "mailhost", "mailu", or NULL to find
 * out. */
int read_state(struct source *source, struct reader *reader, const char *from);
/* Postfix tables; read from a stream. */
int read_texthash(struct source *source, FILE *file);

#endif
