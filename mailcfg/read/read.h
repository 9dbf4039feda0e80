/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * read.h - documents as a stream of tokens, whatever they are written in
 *
 * A reader holds one token and the brackets that are open, never a document.
 */
#ifndef MAILCFG_READ_H
#define MAILCFG_READ_H

#include <stddef.h>
#include <stdint.h>

enum token_type {
	TOKEN_ERROR, /* text says what is wrong */
	TOKEN_END,   /* of the file */
	TOKEN_OBJECT, TOKEN_OBJECT_END,
	TOKEN_ARRAY, TOKEN_ARRAY_END,
	TOKEN_KEY,   /* of a member; its value follows */
	TOKEN_TEXT,
	TOKEN_BARE,  /* a number, true or false, as it is written */
	TOKEN_NULL,
};

struct token {
	enum token_type type;
	const char *text; /* until the next token */
	uint32_t line, column; /* from 1; columns are octets */
};

struct reader {
	void (*next)(struct reader *reader, struct token *token);
	void (*free)(struct reader *reader);
};

#define READ_DEPTH 32 /* brackets inside each other */

/*
 * Readers of a descriptor, before which head was read already; -1 is no more
 * than that.  NULL without memory.  Neither closes the descriptor.
 */
struct reader *reader_json(int fd, const char *head, size_t len);
struct reader *reader_yaml(int fd, const char *head, size_t len);

#endif
