/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * yaml.c - YAML as the same tokens as JSON, by libyaml's events
 *
 * Scalars stay the text that was written: a password of digits is no number.
 * Only what is plain and empty, ~ or null, is null.
 */
#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "line/command.h"
#include "read/read.h"

/* A reader that only says why there is none. */
struct none {
	struct reader reader;
	char *why;
};

static void
none_next(struct reader *reader, struct token *token)
{
	*token = (struct token){ .type = TOKEN_ERROR, .line = 1, .column = 1,
		.text = ((struct none *)reader)->why };
}

static void
none_free(struct reader *reader)
{
	free(((struct none *)reader)->why);
	free(reader);
}

/* Takes the reason; NULL without memory. */
static struct reader *
no_reader(char *why)
{
	struct none *none = why != NULL ? calloc(1, sizeof(*none)) : NULL;

	if (none == NULL) {
		free(why);
		return NULL;
	}
	*none = (struct none){ { none_next, none_free }, why };
	return &none->reader;
}

#ifdef HAVE_YAML
#include "late/late_yaml.h"

static const struct late_yaml *lib; /* libyaml */

struct yaml {
	struct reader reader;
	yaml_parser_t parser;
	yaml_event_t event;
	bool has_event;
	int fd;
	const char *head; /* a copy, until it is read */
	char *copy;
	size_t head_len;
	unsigned depth;
	/* For each open bracket: whether a key comes next, or -1 in arrays. */
	int keys[READ_DEPTH + 1];
	const char *wrong;
	char words[120];  /* for it */
	size_t skipped;   /* octets that the parser did not see */
	uint32_t line, column;
};

/* Gives libyaml first the head, then the descriptor. */
static int
feed(void *arg, unsigned char *out, size_t size, size_t *got)
{
	struct yaml *yaml = arg;
	ssize_t n;

	if (yaml->head_len > 0) {
		*got = yaml->head_len < size ? yaml->head_len : size;
		memcpy(out, yaml->head, *got);
		yaml->head += *got;
		yaml->head_len -= *got;
		return 1;
	}
	*got = 0;
	if (yaml->fd < 0)
		return 1;
	do
		n = read(yaml->fd, out, size);
	while (n < 0 && errno == EINTR && !cli_interrupted());
	if (n < 0)
		return 0;
	*got = (size_t)n;
	return 1;
}

static bool
is_null(const yaml_event_t *event)
{
	static const char *const nulls[] = { "", "~", "null", "Null", "NULL" };
	size_t i;

	if (event->data.scalar.style != YAML_PLAIN_SCALAR_STYLE)
		return false;
	for (i = 0; i < sizeof(nulls) / sizeof(nulls[0]); i++)
		if (strcmp((const char *)event->data.scalar.value,
		    nulls[i]) == 0)
			return true;
	return false;
}

/* A value was begun: in an object the next is a key again. */
static void
had_value(struct yaml *yaml)
{
	if (yaml->keys[yaml->depth] == 0)
		yaml->keys[yaml->depth] = 1;
}

static bool
wrong(struct yaml *yaml, const char *why)
{
	yaml->wrong = why;
	return true;
}

/* Opens an object (keys 1) or an array (-1). */
static bool
open_bracket(struct yaml *yaml, int keys, struct token *token)
{
	if (yaml->keys[yaml->depth] == 1)
		return wrong(yaml, "a key must be a word");
	had_value(yaml);
	if (yaml->depth == READ_DEPTH)
		return wrong(yaml, "this is nested too deeply");
	yaml->keys[++yaml->depth] = keys;
	token->type = keys == 1 ? TOKEN_OBJECT : TOKEN_ARRAY;
	return true;
}

static bool
take_scalar(struct yaml *yaml, struct token *token)
{
	const yaml_event_t *event = &yaml->event;
	const char *text = (const char *)event->data.scalar.value;

	if (event->data.scalar.tag != NULL &&
	    strcmp((const char *)event->data.scalar.tag, "!vault") == 0)
		return wrong(yaml, "this is encrypted; decrypt the file by "
		    "ansible-vault view");
	if (strlen(text) != event->data.scalar.length)
		return wrong(yaml, "a text holds a NUL");
	token->text = text;
	if (yaml->keys[yaml->depth] == 1) {
		yaml->keys[yaml->depth] = 0;
		token->type = TOKEN_KEY;
		return true;
	}
	had_value(yaml);
	token->type = is_null(event) ? TOKEN_NULL : TOKEN_TEXT;
	return true;
}

/* Turns the present event into a token; false when it is none. */
static bool
take_event(struct yaml *yaml, struct token *token)
{
	switch (yaml->event.type) {
	case YAML_STREAM_END_EVENT:
		token->type = TOKEN_END;
		return true;
	case YAML_MAPPING_START_EVENT:
		return open_bracket(yaml, 1, token);
	case YAML_SEQUENCE_START_EVENT:
		return open_bracket(yaml, -1, token);
	case YAML_MAPPING_END_EVENT:
		yaml->depth--;
		token->type = TOKEN_OBJECT_END;
		return true;
	case YAML_SEQUENCE_END_EVENT:
		yaml->depth--;
		token->type = TOKEN_ARRAY_END;
		return true;
	case YAML_SCALAR_EVENT:
		return take_scalar(yaml, token);
	case YAML_ALIAS_EVENT:
		return wrong(yaml, "references (*name) are not supported");
	default:
		return false;
	}
}

/* What the parser met.  An octet that is no character has no line as yet. */
static const char *
problem(struct yaml *yaml)
{
	const yaml_parser_t *parser = &yaml->parser;

	if (parser->problem == NULL)
		return "it cannot be read";
	if (parser->error != YAML_READER_ERROR)
		return parser->problem;
	snprintf(yaml->words, sizeof(yaml->words), "octet %zu of the file: %s",
	    parser->problem_offset + 1 + yaml->skipped, parser->problem);
	return yaml->words;
}

static void
yaml_next(struct reader *reader, struct token *token)
{
	struct yaml *yaml = (struct yaml *)reader;
	bool taken = yaml->wrong != NULL;

	while (!taken) {
		if (yaml->has_event)
			lib->yaml_event_delete(&yaml->event);
		yaml->has_event = lib->yaml_parser_parse(&yaml->parser,
		    &yaml->event) != 0;
		if (!yaml->has_event) {
			yaml->line = (uint32_t)
			    yaml->parser.problem_mark.line + 1;
			yaml->column = (uint32_t)
			    yaml->parser.problem_mark.column + 1;
			yaml->wrong = problem(yaml);
			break;
		}
		yaml->line = (uint32_t)yaml->event.start_mark.line + 1;
		yaml->column = (uint32_t)yaml->event.start_mark.column + 1;
		token->text = "";
		taken = take_event(yaml, token);
	}
	token->line = yaml->line;
	token->column = yaml->column;
	if (yaml->wrong == NULL)
		return;
	token->type = TOKEN_ERROR;
	token->text = yaml->wrong;
}

static void
yaml_free(struct reader *reader)
{
	struct yaml *yaml = (struct yaml *)reader;

	if (yaml->has_event)
		lib->yaml_event_delete(&yaml->event);
	lib->yaml_parser_delete(&yaml->parser);
	free(yaml->copy);
	free(yaml);
}

struct reader *
reader_yaml(int fd, const char *head, size_t len)
{
	struct yaml *yaml;
	char *why;

	if (lib == NULL && (lib = late("yaml", &why)) == NULL)
		return no_reader(why);
	if ((yaml = calloc(1, sizeof(*yaml))) == NULL)
		return NULL;
	yaml->copy = malloc(len + 1);
	if (yaml->copy == NULL ||
	    !lib->yaml_parser_initialize(&yaml->parser)) {
		free(yaml->copy);
		free(yaml);
		return NULL;
	}
	/* A mark that begins the file would be taken for content. */
	if (len >= 3 && memcmp(head, "\xef\xbb\xbf", 3) == 0) {
		head += 3;
		len -= 3;
		yaml->skipped = 3;
	}
	yaml->reader = (struct reader){ yaml_next, yaml_free };
	memcpy(yaml->copy, head, len);
	yaml->head = yaml->copy;
	yaml->head_len = len;
	yaml->fd = fd;
	yaml->keys[0] = -1;
	lib->yaml_parser_set_encoding(&yaml->parser, YAML_UTF8_ENCODING);
	lib->yaml_parser_set_input(&yaml->parser, feed, yaml);
	return &yaml->reader;
}

#else

struct reader *
reader_yaml(int fd, const char *head, size_t len)
{
	(void)fd;
	(void)head;
	(void)len;
	return no_reader(strdup("this program was built without YAML"));
}

#endif
