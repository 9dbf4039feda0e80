/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * memory.h - a stream that writes into memory and tells when that is out
 */
#ifndef MAILCFG_MEMORY_H
#define MAILCFG_MEMORY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

struct memory {
	FILE *to;
	char *text;
	size_t len, size;
	bool lost;
};

/* Opens the stream, which memory_close() ends; NULL without memory. */
FILE *memory_open(struct memory *memory);

/* Ends the stream: all that was written, which the caller frees; NULL when some
 * of it is lost. */
char *memory_close(struct memory *memory);

#endif
