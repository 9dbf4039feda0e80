/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * words.c - a line of text as the words of a command
 *
 * The shell's quoting without its substitutions: 'as it is', "with \" and \\",
 * \x for one character, and # before a word for a comment.
 */
#include <stdlib.h>
#include <string.h>

#include "line/command.h"

/* Moves one word from *from to *to, unquoted: 1, or 0 on an open quote. */
static int
take_word(char **from, char **to)
{
	char quote = 0, *in = *from, *out = *to;

	for (; *in != '\0'; in++) {
		if (quote == 0 && strchr(" \t\r\n", *in) != NULL)
			break;
		if (quote == 0 && (*in == '\'' || *in == '"'))
			quote = *in;
		else if (quote != 0 && *in == quote)
			quote = 0;
		else if (*in == '\\' && quote != '\'' && in[1] != '\0' &&
		    (quote == 0 || in[1] == '"' || in[1] == '\\'))
			*out++ = *++in;
		else
			*out++ = *in;
	}
	*from = in;
	*to = out;
	return quote == 0;
}

int
words_split(char *line, char ***out_words, size_t *count)
{
	char **words = NULL, **more, *out;
	size_t room = 0;
	int rc = CLI_EUSAGE;

	*out_words = NULL;
	if (strncmp(line, "\xef\xbb\xbf", 3) == 0)
		line += 3; /* a byte order mark, from an editor */
	for (*count = 0;; ) {
		if (*count + 1 >= room) {
			room = room == 0 ? 8 : 2 * room;
			more = realloc(words, room * sizeof(*words));
			if (more == NULL) {
				rc = MAILDB_ENOMEM;
				break;
			}
			words = more;
		}
		line += strspn(line, " \t\r\n");
		if (*line == '\0' || *line == '#') {
			words[*count] = NULL;
			*out_words = words;
			return 0;
		}
		words[(*count)++] = out = line;
		if (!take_word(&line, &out))
			break;
		if (*line != '\0')
			line++;
		*out = '\0';
	}
	free(words);
	return rc;
}

/* What is wrong with a line that words_split() refused. */
const char *
words_wrong(int rc)
{
	return rc == CLI_EUSAGE ? "a quote is not closed" :
	    maildb_error_meaning(rc);
}
