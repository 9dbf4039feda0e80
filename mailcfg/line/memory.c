/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * memory.c - a stream that writes into memory and tells when that is out
 *
 * open_memstream(3) of glibc drops what it has no memory for without an error
 * on the stream: fclose(3) succeeds, and the text is cut short or NULL.
 */
#include <stdlib.h>
#include <string.h>

#include "line/memory.h"

/* Appends a block, as write(2) does. */
static ssize_t
append(void *cookie, const char *block, size_t len)
{
	struct memory *memory = cookie;
	size_t size = memory->size != 0 ? memory->size : 256;
	char *grown;

	while (size - memory->len <= len)
		size *= 2;
	if (size != memory->size) {
		if ((grown = realloc(memory->text, size)) == NULL) {
			memory->lost = true;
			return -1;
		}
		memory->text = grown;
		memory->size = size;
	}
	memcpy(memory->text + memory->len, block, len);
	memory->len += len;
	memory->text[memory->len] = '\0';
	return (ssize_t)len;
}

FILE *
memory_open(struct memory *memory)
{
	static const cookie_io_functions_t functions = { .write = append };

	*memory = (struct memory){ .text = calloc(1, 256), .size = 256 };
	if (memory->text != NULL)
		memory->to = fopencookie(memory, "w", functions);
	if (memory->to == NULL)
		free(memory->text);
	return memory->to;
}

char *
memory_close(struct memory *memory)
{
	if (fclose(memory->to) == 0 && !memory->lost)
		return memory->text;
	free(memory->text);
	return NULL;
}
