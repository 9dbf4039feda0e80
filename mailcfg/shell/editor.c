/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * editor.c - the lines of a terminal: editing, history, the Tab key
 *
 * Owns libedit and the history file.  A line that held a password is never
 * remembered, and one that was no call is not kept for later sessions, since
 * any of its words may have been meant as one.
 */
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <locale.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "line/complete.h"
#include "late/late_edit.h"
#include "base/lines.h"
#include "shell/shell.h"

#define REMEMBERED 1000 /* lines */
#define SHOWN 100       /* candidates */

static const struct late_edit *edit; /* libedit */

struct editor {
	struct cli *cli;
	EditLine *el;
	History *history;
	FILE *file; /* new lines are added to it; or NULL */
	const char *prompt;
};

static char *
show_prompt(EditLine *el)
{
	struct editor *editor;

	edit->el_get(el, EL_CLIENTDATA, &editor);
	return (char *)editor->prompt;
}

/* ---- history ------------------------------------------------------------ */

/* The history file's name, its directories made; NULL if there is none. */
static char *
history_path(void)
{
	const char *state = getenv("XDG_STATE_HOME"), *below = "";
	char *path, *slash;

	if (state == NULL || *state != '/') {
		state = getenv("HOME");
		below = "/.local/state";
	}
	if (state == NULL || *state != '/' || asprintf(&path,
	    "%s%s/" PROGRAM "/history", state, below) < 0)
		return NULL;
	for (slash = strchr(path + 1, '/'); slash != NULL;
	    slash = strchr(slash + 1, '/')) {
		*slash = '\0';
		(void)mkdir(path, 0700); /* a failure shows at open */
		*slash = '/';
	}
	return path;
}

/* Opens the history file, readable by its owner only. */
static FILE *
open_history(const char *path)
{
	int fd = open(path, O_RDWR | O_APPEND | O_CREAT | O_CLOEXEC |
	    O_NOFOLLOW, 0600);
	FILE *file = NULL;

	if (fd >= 0 && (fchmod(fd, 0600) < 0 ||
	    (file = fdopen(fd, "a+")) == NULL))
		close(fd);
	return file;
}

/* Adds a line to those that can be called back: 1 unless it is the last one
 * again. */
static int
enter(struct editor *editor, const char *line)
{
	HistEvent event;

	return edit->history(editor->history, &event, H_ENTER, line);
}

/* Reads the lines of earlier sessions: whether these are all. */
static bool
read_history(struct editor *editor)
{
	char *line = NULL;
	size_t size = 0, len;
	int rc;

	rewind(editor->file);
	while ((rc = lines_read(editor->file, &line, &size, &len)) > 0) {
		if (line[len - 1] == '\n')
			line[--len] = '\0';
		if (len > 0)
			enter(editor, line);
	}
	lines_free(line, size);
	return rc == 0;
}

/* Writes what is still remembered in place of all there was. */
static void
trim_history(struct editor *editor, const char *path)
{
	HistEvent event;
	char *fresh;
	FILE *file;
	int rc;

	if (asprintf(&fresh, "%s.%ld", path, (long)getpid()) < 0)
		return;
	if ((file = open_history(fresh)) != NULL) {
		for (rc = edit->history(editor->history, &event, H_LAST); rc >= 0;
		    rc = edit->history(editor->history, &event, H_PREV))
			fprintf(file, "%s\n", event.str);
		if (fflush(file) == 0 && rename(fresh, path) == 0) {
			fclose(editor->file);
			editor->file = file;
		} else {
			fclose(file);
			unlink(fresh);
		}
	}
	free(fresh);
}

static void
start_history(struct editor *editor)
{
	char *path = history_path();
	HistEvent event;
	struct stat st;

	edit->history(editor->history, &event, H_SETSIZE, REMEMBERED);
	edit->history(editor->history, &event, H_SETUNIQUE, 1);
	if (path != NULL && (editor->file = open_history(path)) != NULL) {
		if (read_history(editor) &&
		    fstat(fileno(editor->file), &st) == 0 &&
		    st.st_size > REMEMBERED * 200)
			trim_history(editor, path);
	}
	free(path);
}

/* Remembers a line, also for later sessions if "keep". */
void
editor_remember(struct editor *editor, const char *line, bool keep)
{
	if (enter(editor, line) <= 0 || !keep || editor->file == NULL)
		return;
	fprintf(editor->file, "%s\n", line);
	fflush(editor->file);
}

/* The next newer line than *place, which is 0 at first; NULL at the end. */
const char *
editor_recall(struct editor *editor, int *place)
{
	HistEvent event;

	if (edit->history(editor->history, &event,
	    *place == 0 ? H_LAST : H_PREV) < 0)
		return NULL;
	++*place;
	return event.str;
}

/* ---- completion --------------------------------------------------------- */

/* Adds the names of files that begin with the word. */
static void
add_files(struct completion *c)
{
	const char *slash = strrchr(c->word, '/'), *base;
	char *directory, *name;
	struct dirent **entries;
	struct stat st;
	int count, i;

	base = slash != NULL ? slash + 1 : c->word;
	if ((directory = strndup(c->word, (size_t)(base - c->word))) == NULL)
		return;
	count = scandir(*directory != '\0' ? directory : ".", &entries, NULL,
	    alphasort);
	for (i = 0; i < count; i++) {
		const char *entry = entries[i]->d_name;

		if (strncmp(entry, base, strlen(base)) == 0 &&
		    (*entry != '.' || *base == '.') &&
		    asprintf(&name, "%s%s", directory, entry) >= 0) {
			if (stat(name, &st) == 0 && S_ISDIR(st.st_mode)) {
				free(name);
				if (asprintf(&name, "%s%s/", directory,
				    entry) < 0)
					name = NULL;
			}
			if (name != NULL)
				complete_add(c, name, NULL);
			free(name);
		}
		free(entries[i]);
	}
	if (count >= 0)
		free(entries);
	free(directory);
}

/* Splits an unfinished line; *last is the word at its end, maybe empty, and
 * *quote what quotes it.  NULL when nothing can be completed there. */
static char **
split_head(const char *head, size_t *count, char **last, const char **quote)
{
	static const char *const quotes[] = { "", "'", "\"" };
	char **words, *line, *mark;
	size_t i;

	/* A mark tells the word at the end from a comment or a blank. */
	for (i = 0; i < COUNT(quotes); i++) {
		*quote = quotes[i];
		if (asprintf(&line, "%s\001%s", head, quotes[i]) < 0)
			return NULL;
		if (words_split(line, &words, count) < 0) {
			free(line);
			continue;
		}
		mark = *count > 0 ? strchr(words[*count - 1], '\001') : NULL;
		if (mark == NULL) {
			free(words);
			free(line);
			return NULL;
		}
		*mark = '\0';
		*last = words[--*count];
		words[*count] = line; /* what the caller frees */
		return words;
	}
	return NULL;
}

/* How many octets the candidates have in common, whole characters only. */
static size_t
common(const struct completion *c)
{
	size_t len = strlen(c->found[0].word), i, same;

	for (i = 1; i < c->count; i++) {
		for (same = 0; same < len && c->found[i].word[same] ==
		    c->found[0].word[same]; same++)
			;
		len = same;
	}
	while (len > 0 && (c->found[0].word[len] & 0xc0) == 0x80)
		len--;
	return len;
}

static size_t
characters(const char *text)
{
	size_t n = mbstowcs(NULL, text, 0);

	return n == (size_t)-1 ? strlen(text) : n;
}

/* Puts the start of a candidate in place of the word before the cursor; what
 * is special to words_split() gets a backslash.  False if nothing is new. */
static bool
insert(EditLine *el, const char *head, const char *last, const char *quote,
    const char *word, size_t len, bool done)
{
	size_t nhead = strlen(head), nlast = strlen(last), i, n = 0;
	char *text = malloc(2 * len + 3);
	bool changed;

	if (text == NULL)
		return false;
	for (i = 0; i < len; i++) {
		if (*quote == '\0' && (strchr(" \t'\"\\", word[i]) != NULL ||
		    (i == 0 && word[i] == '#')))
			text[n++] = '\\';
		text[n++] = word[i];
	}
	if (done && (n == 0 || strchr("/=", text[n - 1]) == NULL)) {
		if (*quote != '\0')
			text[n++] = *quote;
		text[n++] = ' ';
	}
	text[n] = '\0';
	changed = strcmp(text, last) != 0;
	if (nlast > nhead || strcmp(head + nhead - nlast, last) != 0) {
		free(text); /* quoted: leave it to the user */
		return false;
	}
	if (changed) {
		edit->el_deletestr(el, (int)characters(last));
		edit->el_insertstr(el, text);
	}
	free(text);
	return changed;
}

/* Lists the candidates in columns below the line. */
static void
list(EditLine *el, const struct completion *c)
{
	size_t count = c->count < SHOWN ? c->count : SHOWN, rows, row, i;
	size_t widest = 0, width, columns;
	struct winsize size;
	FILE *to;

	if (edit->el_get(el, EL_GETFP, 1, &to) != 0)
		return;
	for (i = 0; i < count; i++)
		if ((width = text_width(c->found[i].word)) > widest)
			widest = width;
	if (ioctl(fileno(to), TIOCGWINSZ, &size) < 0 || size.ws_col == 0)
		size.ws_col = 80;
	columns = size.ws_col / (widest + 2);
	if (columns < 1)
		columns = 1;
	rows = (count + columns - 1) / columns;
	fputc('\n', to);
	for (row = 0; row < rows; row++) {
		for (i = row; i < count; i += rows) {
			text_escape(to, c->found[i].word);
			if (i + rows < count)
				fprintf(to, "%*s", (int)(widest + 2 -
				    text_width(c->found[i].word)), "");
		}
		fputc('\n', to);
	}
	if (c->more || c->count > count)
		fputs("...\n", to);
	fflush(to);
}

/* The Tab key: goes on as far as there is one way, then shows the ways. */
static unsigned char
complete_key(EditLine *el, int key)
{
	const LineInfo *line = edit->el_line(el);
	unsigned char answer = CC_ERROR;
	struct completion c = { 0 };
	char *head, *last, **words;
	struct editor *editor;
	const char *quote;
	size_t count;

	(void)key;
	edit->el_get(el, EL_CLIENTDATA, &editor);
	head = strndup(line->buffer, (size_t)(line->cursor - line->buffer));
	if (head == NULL ||
	    (words = split_head(head, &count, &last, &quote)) == NULL) {
		free(head);
		return CC_ERROR;
	}
	signals_attend(editor->cli->db);
	complete(&c, editor->cli, words, count, last);
	if (c.files)
		add_files(&c);
	signals_attend(NULL);
	signals_resume(); /* a Ctrl-C was about this */
	if (c.count > 0 && insert(el, head, last, quote, c.found[0].word,
	    common(&c), c.count == 1 && !c.more))
		answer = CC_REFRESH;
	else if (c.count > 1) {
		list(el, &c);
		answer = CC_REDISPLAY;
	}
	complete_free(&c);
	maildb_secret_free(words[count]);
	free(words);
	maildb_secret_free(head);
	return answer;
}

/* ---- lines -------------------------------------------------------------- */

/* Frees it; NULL is allowed. */
void
editor_free(struct editor *editor)
{
	if (editor == NULL)
		return;
	if (editor->el != NULL)
		edit->el_end(editor->el);
	if (editor->history != NULL)
		edit->history_end(editor->history);
	if (editor->file != NULL)
		fclose(editor->file);
	free(editor);
}

/* See shell.h. */
struct editor *
editor_new(struct cli *cli, char **why)
{
	struct editor *editor;

	if ((edit = late("edit", why)) == NULL ||
	    (editor = calloc(1, sizeof(*editor))) == NULL)
		return NULL;
	editor->cli = cli;
	setlocale(LC_CTYPE, ""); /* libedit and widths need it */
	editor->el = edit->el_init(PROGRAM, stdin, stdout, stderr);
	editor->history = edit->history_init();
	if (editor->el == NULL || editor->history == NULL) {
		editor_free(editor);
		return NULL;
	}
	start_history(editor);
	edit->el_set(editor->el, EL_CLIENTDATA, editor);
	edit->el_set(editor->el, EL_PROMPT, show_prompt);
	edit->el_set(editor->el, EL_EDITOR, "emacs");
	edit->el_set(editor->el, EL_SIGNAL, 1);
	edit->el_set(editor->el, EL_HIST, edit->history, editor->history);
	edit->el_set(editor->el, EL_ADDFN, "mailcfg-complete", "complete a word",
	    complete_key);
	edit->el_set(editor->el, EL_BIND, "^I", "mailcfg-complete", NULL);
	edit->el_set(editor->el, EL_BIND, "^R", "em-inc-search-prev", NULL);
	edit->el_source(editor->el, NULL); /* the user's editrc has the last word */
	return editor;
}

/* Reads a line, without its end: 1, 0 at the end, or MAILDB_EINTR. */
int
editor_read(struct editor *editor, const char *prompt, const char **line)
{
	int count = 0;
	char *end;

	editor->prompt = prompt;
	signals_attend(NULL); /* nothing runs that could be stopped */
	signals_terminal(STDIN_FILENO);
	errno = 0;
	*line = edit->el_gets(editor->el, &count);
	signals_terminal(-1);
	signals_attend(editor->cli->db);
	if (*line == NULL || count <= 0) {
		fputc('\n', stdout);
		fflush(stdout);
		if (!cli_interrupted())
			return 0;
		edit->el_reset(editor->el);
		return MAILDB_EINTR;
	}
	if ((end = strchr(*line, '\n')) != NULL)
		*end = '\0'; /* el_gets() lends a buffer of its own */
	return 1;
}
