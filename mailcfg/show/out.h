/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * out.h - results: what handlers say, apart from how it is written
 *
 * A handler names typed columns and pushes rows, or one line of text; which
 * format they take is the writer's business.  Only this room writes to stdout.
 */
#ifndef MAILCFG_OUT_H
#define MAILCFG_OUT_H

#include <stdint.h>
#include <stdio.h>

#include "line/command.h"

struct out;

struct column {
	const char *name;
	enum maildb_type type;
};

struct value {
	bool null;
	int64_t number;
	const char *text; /* NULL for what is no text */
};

/* How rows of one kind are shown. */
struct listing {
	const char *name; /* the plural: key of the JSON array */
	const char *brief; /* columns that a table shows without --long */
	/* A row where scripts of the first mailcfg read it; NULL: TSV. */
	void (*plain)(FILE *to, const struct column *columns,
	    const struct value *row, size_t count);
	bool record; /* without --format: lines of "name: value" */
	bool drawn; /* plain is for people, too */
};

struct out *out_new(void);
void out_free(struct out *out);

/* Around each call: the writer's frame, the outcome and its messages. */
void out_call_begin(struct out *out, struct call *call);
void out_call_end(struct out *out, struct call *call, int rc);
/* Around a batch; its results are held back until it is committed. */
int out_batch_begin(struct out *out, const struct config *config);
void out_batch_end(struct out *out, const struct cli *cli, bool changed,
    int rc);
void out_complain(const struct cli *cli, const struct fault *fault);

/* 0, or MAILDB_EIO when something did not reach stdout. */
int out_flush(struct out *out, int *error);
/* Notes that some of the output is lost; goes to the start of what was held
 * back, which is false when some of that is. */
void out_lost(struct out *out, int error);
bool out_rewind(struct out *out, FILE *from);

/* Rows. */
int out_list_begin(struct call *call, const struct listing *listing,
    const struct column *columns, size_t count);
int out_row(struct call *call, const struct value *row);
void out_list_end(struct call *call);
/* All rows of a cursor, which is freed.  seen, if not NULL, looks at each and
 * may leave it out by answering false. */
int out_cursor(struct call *call, const struct listing *listing,
    struct maildb_cursor *cursor,
    bool (*seen)(void *arg, const struct maildb_cursor *cursor), void *arg);
/* One named fact: a line of text, or a member of the object. */
void out_fact(struct call *call, const char *name, const char *text);
/* Text as it is, for people and files; a string member in JSON. */
void out_text(struct call *call, const char *name, const char *text);
/* A file's content, below its name; likewise. */
void out_file(struct call *call, const char *name, const char *text);
/* A line of a conversation, sent at once.  A call that has one has no other
 * results, whatever the format. */
int out_reply(struct call *call, const char *text);

/* On a terminal, shows what follows page by page, until the call's end. */
void out_page(struct out *out);
void out_unpage(struct out *out);
/* Whether who reads the pages has seen enough. */
bool out_closed(const struct out *out);

/* Counts one more; on a terminal, tells how many once that takes a second. */
void out_progress(const struct cli *cli, const char *noun);
void out_progress_row(const struct call *call);
/* What is counted is read from this file: tells which part of it, too. */
void out_progress_from(int fd);
/* Tells what is now done with all of them. */
void out_progress_stage(const struct cli *cli, const char *stage);
/* Takes the line away for a message, or for good. */
void out_progress_clear(void);
void out_progress_end(void);

/* What a transaction is about to do, before its commit. */
int out_diff(struct out *out, struct maildb *db);
/* The same as lines of "+ ~ -", at once. */
int out_plan(struct call *call);

/* ---- for the writers ------------------------------------------------ */

enum audience { FOR_PROGRAMS, FOR_PEOPLE, FOR_PEOPLE_UTC };

struct writer {
	int (*begin)(struct out *out);
	int (*row)(struct out *out, const struct value *row);
	void (*end)(struct out *out);
};

#define OUT_COLUMNS 64

struct out {
	FILE *to;      /* stdout, a pager, or what a batch holds back */
	bool terminal;
	bool paged;    /* to is a pager */
	enum audience audience; /* of text that is for people */
	enum format format;
	const struct writer *writer;
	struct call *call;
	const struct listing *listing;
	struct column columns[OUT_COLUMNS];
	size_t count;
	bool full;     /* --long */
	bool color;
	bool batch;
	bool listed;   /* the call has shown rows */
	unsigned long rows;
	int error;     /* errno of the first failed write */
	/* JSON: whether the open object or array has a member. */
	bool member[8];
	unsigned depth;
	struct libscols_table *table;
	FILE *before, *after, *difference;
	FILE *warnings; /* JSON, held back until the object's end */
};

extern const struct writer writer_plain, writer_table, writer_tsv, writer_csv,
    writer_record, writer_json, writer_jsonl;

/* A value as text: for people, or exact.  scratch is used when the value
 * itself is no text. */
const char *value_text(const struct column *column, const struct value *value,
    enum audience audience, char scratch[40]);

/* Writes text with what could drive a terminal as \xHH. */
void text_escape(FILE *to, const char *text);
char *text_escaped(const char *text);
/* The same, for what shows ASCII only; NULL without memory. */
char *text_ascii(const char *text);
/* The same as text_escaped(), and domains as people write them. */
char *text_ulabels(const char *text);
/* How many cells of a terminal a text takes. */
size_t text_width(const char *text);
/* How much of the text is ASCII that no format has to look at. */
size_t text_plain(const char *text);
/* One character of UTF-8; 0 octets when there is none. */
size_t utf8_decode(const char *text, uint32_t *code);
/* Whether it could drive a terminal, or change how text reads. */
bool utf8_is_control(uint32_t code);

void emit_open(struct out *out, const char *key, char bracket);
void emit_close(struct out *out, char bracket);
void emit_key(struct out *out, const char *key);
void emit_text(struct out *out, const char *key, const char *text);
void emit_bool(struct out *out, const char *key, bool value);
void emit_int(struct out *out, const char *key, int64_t value);
void emit_escape(FILE *to, const char *text);
void emit_fault(struct out *out, const struct cli *cli,
    const struct fault *fault);
void emit_copy(struct out *out, const char *key, FILE *from);

#endif
