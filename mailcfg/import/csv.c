/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * csv.c - tables with a header (RFC 4180), of users or of aliases
 */
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "import/import.h"
#include "base/lines.h"
#include "read/text_lines.h"

#define COLUMNS 64
#define ROW_MOST 65536

enum column { EMAIL, PASSWORD, HASH, QUOTA, NAME, FIRST, LAST, ACTIVE, BLOCKED,
	ALIASES, SOURCE, DESTINATION, KNOWN, FIELD = KNOWN, OTHER };

/* The headers: ours first, then those of Google Workspace, Microsoft 365 and
 * Exchange, cPanel and Plesk.  Any other header is that of a field of ours or,
 * next to one of another program, of something that has no counterpart. */
static const struct header {
	const char *name;
	enum column column;
	bool foreign;
} headers[] = {
	{ "email", EMAIL, false }, { "password", PASSWORD, false },
	{ "hash", HASH, false }, { "quota", QUOTA, false },
	{ "name", NAME, false }, { "active", ACTIVE, false },
	{ "aliases", ALIASES, false }, { "source", SOURCE, false },
	{ "destination", DESTINATION, false },
	{ "Email Address [Required]", EMAIL, true },
	{ "First Name [Required]", FIRST, true },
	{ "Last Name [Required]", LAST, true },
	{ "Password [Required]", PASSWORD, true },
	{ "Status [READ ONLY]", ACTIVE, true },
	{ "User principal name", EMAIL, true },
	{ "UserPrincipalName", EMAIL, true },
	{ "PrimarySmtpAddress", EMAIL, true },
	{ "Display name", NAME, true }, { "DisplayName", NAME, true },
	{ "Proxy addresses", ALIASES, true },
	{ "EmailAddresses", ALIASES, true },
	{ "Block credential", BLOCKED, true },
	{ "Mailbox", EMAIL, true }, { "Email Account", EMAIL, true },
	{ "Mail account", EMAIL, true }, { "E-mail", EMAIL, true },
};

struct csv {
	struct import *import;
	FILE *file;
	char separator;
	uint32_t next;  /* line */
	char buf[ROW_MOST + 1];
	size_t len;
	char *cell[COLUMNS];
	size_t ncells, ncolumns;
	enum column column[COLUMNS];
	const char *field[COLUMNS]; /* of FIELD; of OTHER, its header */
	char *names[COLUMNS];       /* of OTHER */
	bool enabled;               /* a column has this field itself */
	const char *wrong; /* with this row */
};

/* Puts an octet into the row. */
static void
put(struct csv *csv, char c)
{
	if (csv->len < ROW_MOST)
		csv->buf[csv->len++] = c;
	else
		csv->wrong = "the row is too long";
}

/* Ends a cell. */
static void
end_cell(struct csv *csv, size_t start, bool quoted)
{
	if (!quoted && csv->len > start && csv->buf[csv->len - 1] == '\r')
		csv->len--;
	if (text_valid(csv->buf + start, csv->len - start) <
	    csv->len - start)
		csv->wrong = "it holds an octet that is not UTF-8, or NUL; "
		    "convert the file with iconv(1)";
	put(csv, '\0');
	if (csv->ncells < COLUMNS)
		csv->cell[csv->ncells] = csv->buf + start;
	csv->ncells++;
}

/* Reads a row, which may be many lines: false at the end of the file. */
static bool
next_row(struct csv *csv)
{
	bool inside = false, quoted = false;
	size_t start = 0;
	int c;

	csv->len = csv->ncells = 0;
	csv->wrong = NULL;
	csv->import->line = csv->next;
	if ((c = getc(csv->file)) == EOF)
		return false;
	for (;; c = getc(csv->file)) {
		csv->next += c == '\n';
		if (c == EOF && inside)
			csv->wrong = "a quote is never closed";
		if (c == EOF && ferror(csv->file))
			return false; /* half a row is none */
		if (c == EOF || (c == '\n' && !inside))
			break;
		if (c == '"' && inside) {
			if ((c = getc(csv->file)) == '"') {
				put(csv, '"');
				continue;
			}
			inside = false;
			ungetc(c, csv->file);
		} else if (c == '"' && csv->len == start && !quoted) {
			inside = quoted = true;
		} else if (c == csv->separator && !inside) {
			end_cell(csv, start, quoted);
			start = csv->len;
			quoted = false;
		} else if (quoted && !inside) {
			if (c != '\r')
				csv->wrong = "something stands behind a quote";
		} else {
			put(csv, (char)c);
		}
	}
	end_cell(csv, start, quoted);
	return true;
}

/* What parts the cells of a file, by its name or else by its header. */
static int
find_separator(struct csv *csv, const char *path)
{
	const char *given = call_option(csv->import->call, "separator");
	size_t len = strlen(path);
	char head[512];
	long at = ftell(csv->file);

	if (given != NULL && (strcmp(given, "tab") == 0 ||
	    strcmp(given, "\\t") == 0))
		given = "\t";
	if (given != NULL && (strlen(given) != 1 ||
	    strchr(",;|:\t", *given) == NULL))
		return call_fail(csv->import->call, CLI_EUSAGE, "separator",
		    given, "one of , ; | : or tab",
		    "\"%s\" cannot part cells", given);
	csv->separator = given != NULL ? *given : ',';
	if (given != NULL)
		return 0;
	if (len > 4 && strcmp(path + len - 4, ".tsv") == 0)
		csv->separator = '\t';
	else if (at >= 0 && fgets(head, sizeof(head), csv->file) != NULL) {
		if (strchr(head, ',') == NULL)
			csv->separator = strchr(head, ';') != NULL ? ';' :
			    strchr(head, '\t') != NULL ? '\t' : ',';
		if (fseek(csv->file, at, SEEK_SET) < 0)
			return call_fail(csv->import->call, MAILDB_EIO, NULL,
			    path, "give --separator", "%s: cannot be read "
			    "twice", csv->import->file);
	}
	return 0;
}

/* The field of a user with a name, or NULL. */
static const char *
find_field(const char *name)
{
	const struct maildb_field *fields;
	size_t count, i;

	fields = maildb_fields(MAILDB_KIND_USER, &count);
	for (i = 0; i < count; i++)
		if (strcasecmp(fields[i].name, name) == 0)
			return fields[i].name;
	return NULL;
}

/* Finds out what a column of the header is; true if it is one that only
 * another program has. */
static bool
know_column(struct csv *csv, size_t at)
{
	const char *name = csv->cell[at];
	size_t i;

	for (i = 0; i < COUNT(headers); i++)
		if (strcasecmp(name, headers[i].name) == 0) {
			csv->column[at] = headers[i].column;
			return headers[i].foreign;
		}
	csv->field[at] = find_field(name);
	csv->column[at] = csv->field[at] != NULL ? FIELD : OTHER;
	csv->enabled = csv->enabled || strcasecmp(name, "enabled") == 0;
	return false;
}

/* Refuses a column that is unknown, in a file of ours, or there twice. */
static int
check_column(struct csv *csv, size_t at, bool foreign)
{
	size_t i;

	for (i = 0; i < at; i++)
		if (csv->column[i] < KNOWN && csv->column[i] == csv->column[at])
			break;
	if (i == at && (foreign || csv->column[at] != OTHER))
		return 0;
	return call_fail(csv->import->call, MAILDB_EFIELD, NULL, NULL,
	    "email,password,hash,quota,name,active,aliases or "
	    "source,destination", "%s:1: column %zu of the header, \"%s\", is "
	    "not known or there twice", csv->import->file, at + 1,
	    csv->cell[at]);
}

static bool
has_column(const struct csv *csv, enum column column)
{
	size_t i;

	for (i = 0; i < csv->ncolumns; i++)
		if (csv->column[i] == column)
			return true;
	return false;
}

/* Reads the header. */
static int
take_header(struct csv *csv)
{
	struct call *call = csv->import->call;
	const char *file = csv->import->file;
	bool foreign = false;
	size_t i;
	int rc = 0;

	if (!next_row(csv) && lines_end(csv->file) < 0)
		return 0; /* take_file() says why */
	if (csv->ncells > COLUMNS)
		csv->wrong = "it has too many columns";
	if (csv->ncells == 0 || csv->wrong != NULL)
		return call_fail(call, MAILDB_EVALUE, NULL, NULL, NULL,
		    "%s:1: the header: %s", file, csv->wrong != NULL ?
		    csv->wrong : "there is none");
	csv->enabled = false;
	for (i = 0; i < csv->ncells; i++)
		foreign = know_column(csv, i) || foreign;
	for (i = 0; rc == 0 && i < csv->ncells; i++)
		rc = check_column(csv, i, foreign);
	csv->ncolumns = csv->ncells;
	for (i = 0; rc == 0 && i < csv->ncells; i++) {
		free(csv->names[i]);
		if ((csv->names[i] = strdup(csv->cell[i])) == NULL)
			rc = MAILDB_ENOMEM;
	}
	if (rc != 0)
		return rc;
	if (has_column(csv, EMAIL) ? has_column(csv, SOURCE) ||
	    has_column(csv, DESTINATION) : !has_column(csv, SOURCE) ||
	    !has_column(csv, DESTINATION) || csv->ncells > 2)
		return call_fail(call, MAILDB_EFIELD, NULL, NULL, NULL,
		    "%s:1: the header has either email, or source and "
		    "destination", file);
	return 0;
}

/* Adds addresses, which commas, semicolons or blanks part. */
static int
take_list(struct csv *csv, struct item *item, char *text)
{
	/* Microsoft joins "smtp:ADDRESS" by a plus sign. */
	const char *parts = strcasestr(text, "smtp:") != NULL ?
	    ",;+ \t\r\n" : ",; \t\r\n";
	char *word, *rest;
	int rc = 0;

	for (word = strtok_r(text, parts, &rest); rc == 0 && word != NULL;
	    word = strtok_r(NULL, parts, &rest)) {
		/* Exchange writes the address itself among the aliases, and
		 * names of other protocols as well. */
		if (strncasecmp(word, "smtp:", 5) == 0)
			word += 5;
		else if (strchr(word, ':') != NULL)
			import_drop(csv->import, "an address of another "
			    "protocol");
		if (strchr(word, ':') == NULL && (item->kind != ITEM_USER ||
		    strcasecmp(word, item->key) != 0))
			rc = item_list(csv->import, item, word);
	}
	return rc;
}

/* Reads a truth value. */
static int
take_active(struct csv *csv, struct item *item, const char *text)
{
	static const char *const words[] = { "no", "false", "f", "0", "n",
		"suspended", "yes", "true", "t", "1", "y", "active" };
	size_t i;

	if (csv->enabled)
		return 0; /* that says it better */

	for (i = 0; i < COUNT(words); i++)
		if (strcasecmp(text, words[i]) == 0)
			return item_attr(csv->import, item, "enabled",
			    i < COUNT(words) / 2 ? "no" : "yes");
	return import_refuse(csv->import, "active: \"%s\" is neither yes nor "
	    "no", text);
}

/* Reads a size; other programs count in units that they do not write. */
static int
take_size(struct csv *csv, struct item *item, const char *text)
{
	int64_t bytes;

	if (strcasecmp(text, "unlimited") == 0)
		return item_attr(csv->import, item, "quota", "unlimited");
	if (text[strspn(text, "0123456789")] == '\0' &&
	    maildb_size_parse(text, &bytes) == 0 && bytes > 0 &&
	    bytes < 1024 * 1024)
		import_tell(csv->import, "small_quota", "the quota of %s is "
		    "%s bytes, less than one message: write %sM if it counts "
		    "megabytes", item->key, text, text);
	return item_quota(csv->import, item, text, 1);
}

/* Puts first and last name together, in the order of their columns. */
static int
take_name(struct csv *csv, struct item *item, const char *text)
{
	char *whole;
	size_t i;

	for (i = 0; i < item->nattrs; i++)
		if (strcmp(item->attrs[i].name, "name") == 0)
			break;
	if (i == item->nattrs)
		return item_attr(csv->import, item, "name", text);
	if (asprintf(&whole, "%s %s", item->attrs[i].value, text) < 0)
		return MAILDB_ENOMEM;
	free((char *)item->attrs[i].value);
	item->attrs[i].value = whole;
	return 0;
}

/* A field under its own name. */
static int
take_field(struct csv *csv, struct item *item, const char *name,
    const char *text)
{
	const struct maildb_field *field;
	const char *why;
	size_t count;
	int64_t number;
	bool isnull;
	int rc;

	field = maildb_fields(MAILDB_KIND_USER, &count);
	while (strcmp(field->name, name) != 0)
		field++;
	if ((rc = item_attr(csv->import, item, name, text)) != 0)
		return rc;
	text = item->attrs[item->nattrs - 1].value;
	return maildb_field_parse(field, text, &isnull, &number, &why) == 0 ?
	    0 : import_refuse(csv->import, "%s of %s, \"%s\": %s", name,
	    item->key, text, why);
}

/* Reads a cell that is not empty. */
static int
take_cell(struct csv *csv, struct item *item, size_t at, char *text)
{
	switch (csv->column[at]) {
	case PASSWORD:
		if (item->hash != NULL)
			return import_refuse(csv->import, "%s has both a "
			    "password and a hash", item->key);
		item->password = strdup(text);
		return item->password != NULL ? 0 : MAILDB_ENOMEM;
	case HASH:
		if (item->password != NULL)
			return import_refuse(csv->import, "%s has both a "
			    "password and a hash", item->key);
		return item_hash(csv->import, item, text);
	case QUOTA:
		return take_size(csv, item, text);
	case NAME:
		return item_attr(csv->import, item, "name", text);
	case FIRST:
	case LAST:
		return take_name(csv, item, text);
	case FIELD:
		return take_field(csv, item, csv->field[at], text);
	case BLOCKED:
		return strcasecmp(text, "true") == 0 ?
		    item_attr(csv->import, item, "enabled", "no") : 0;
	case OTHER:
		import_drop(csv->import, csv->names[at]);
		return 0;
	case ACTIVE:
		return take_active(csv, item, text);
	case ALIASES:
	case DESTINATION:
		return take_list(csv, item, text);
	default:
		return 0;
	}
}

/* One row after the header. */
static int
take_row(struct csv *csv)
{
	struct item *item = NULL;
	char *address = NULL;
	bool user = true;
	size_t i;
	int rc;

	if (csv->ncells == 1 && *csv->cell[0] == '\0' && csv->wrong == NULL)
		return 0; /* an empty line */
	if (csv->wrong != NULL)
		return import_refuse(csv->import, "%s", csv->wrong);
	if (csv->ncells != csv->ncolumns)
		return import_refuse(csv->import, "the row has %zu cells, the "
		    "header %zu", csv->ncells, csv->ncolumns);
	for (i = 0; i < csv->ncells; i++)
		if (csv->column[i] == EMAIL || csv->column[i] == SOURCE)
			break;
	user = csv->column[i] == EMAIL;
	if ((address = import_address(csv->import, csv->cell[i],
	    &rc)) == NULL)
		return rc;
	item = item_new(csv->import, user ? ITEM_USER : ITEM_ALIAS, address);
	free(address);
	if (item == NULL)
		return MAILDB_ENOMEM;
	for (i = 0; rc == 0 && i < csv->ncells; i++)
		if (*csv->cell[i] != '\0')
			rc = take_cell(csv, item, i, csv->cell[i]);
	if (rc == 0 && !user && item->nlist == 0)
		rc = import_refuse(csv->import, "%s has no destination",
		    item->key);
	return item_end(csv->import, item, rc);
}

/* One file. */
static int
take_file(struct csv *csv, const char *path)
{
	int rc, c;

	if ((csv->file = import_open(csv->import, path)) == NULL)
		return MAILDB_EIO;
	csv->next = 1;
	if ((c = getc(csv->file)) == 0xef) {
		if (getc(csv->file) != 0xbb || getc(csv->file) != 0xbf)
			rewind(csv->file);
	} else
		ungetc(c, csv->file);
	if ((rc = find_separator(csv, path)) == 0)
		rc = take_header(csv);
	while (rc >= 0 && next_row(csv))
		rc = take_row(csv);
	if (rc >= 0 && (rc = lines_end(csv->file)) < 0)
		lines_fail(&csv->import->call->fault, rc, path);
	if (csv->file != stdin)
		fclose(csv->file);
	return rc < 0 ? rc : 0;
}

int
import_csv(struct import *import)
{
	struct csv *csv = calloc(1, sizeof(*csv));
	size_t i;
	int rc = csv != NULL ? 0 : MAILDB_ENOMEM;

	for (i = 0; rc == 0 && i < import->call->nrest; i++) {
		csv->import = import;
		rc = take_file(csv, import->call->rest[i]);
	}
	for (i = 0; csv != NULL && i < COLUMNS; i++)
		free(csv->names[i]);
	if (csv != NULL)
		explicit_bzero(csv, sizeof(*csv));
	free(csv);
	return rc;
}
