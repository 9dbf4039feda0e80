/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * live_sample.c - a sample of the database, and whether daemons agree
 *
 * A few addresses of each kind are asked of every map: of Postfix and Dovecot,
 * and of the library.  What differs is asked again, as the database may have
 * changed between the two.
 */
#include <stdlib.h>
#include <string.h>

#include "live.h"

#define LOOKED_AT 500 /* rows of a list, to find one of each kind */

/* ---- the sample ------------------------------------------------------- */

int
sample_lookup(struct machine *machine, const char *map, const char *key,
    char **out)
{
	struct maildb_cursor *cursor;
	size_t size;
	FILE *to;
	int rc = maildb_lookup(machine_call(machine)->db, map, key, &cursor);
	int rows = 0;

	*out = NULL;
	if (rc < 0) /* a key that no map takes has no rows */
		return rc == MAILDB_EVALUE || rc == MAILDB_EADDRESS ? 0 : rc;
	if ((to = open_memstream(out, &size)) == NULL) {
		maildb_cursor_free(cursor);
		return MAILDB_ENOMEM;
	}
	while ((rc = maildb_cursor_next(cursor)) == 1)
		fprintf(to, "%s%s", rows++ > 0 ? "," : "",
		    maildb_cursor_text(cursor, 0));
	maildb_cursor_free(cursor);
	if (fclose(to) != 0 && rc == 0)
		rc = MAILDB_ENOMEM;
	return rc < 0 ? rc : rows > 0;
}

/* Whether a map has rows for a key. */
static int
has(struct machine *machine, const char *map, const char *key)
{
	char *rows;
	int rc = sample_lookup(machine, map, key, &rows);

	free(rows);
	return rc;
}

static int
add_key(struct sample *sample, const char *key)
{
	size_t i;

	for (i = 0; i < sample->nkeys; i++)
		if (strcmp(sample->keys[i], key) == 0)
			return 0;
	if (sample->nkeys == COUNT(sample->keys))
		return 0;
	if ((sample->keys[sample->nkeys] = strdup(key)) == NULL)
		return MAILDB_ENOMEM;
	sample->nkeys++;
	return 0;
}

static int
keep(char **to, const char *text)
{
	return *to != NULL || (*to = strdup(text)) != NULL ? 0 : MAILDB_ENOMEM;
}

/* A name of a list, read before others are looked up: a handle has one cursor
 * at a time. */
struct name {
	char *text;
	int64_t quota;
};

/* A user: what kinds of user is it? */
static int
take_user(struct live *live, const struct name *name)
{
	struct sample *sample = &live->sample;
	int login = has(live->machine, "passdb", name->text);
	int mailbox = has(live->machine, "virtual_mailbox_maps", name->text);
	int rc = 0;

	if (login < 0 || mailbox < 0)
		return login < 0 ? login : mailbox;
	if (!login)
		rc = keep(&sample->disabled, name->text);
	if (login && mailbox && (rc = keep(&sample->user, name->text)) == 0 &&
	    sample->limited == NULL && name->quota > 0) {
		sample->limit = name->quota;
		rc = keep(&sample->limited, name->text);
	}
	return rc == 0 ? add_key(sample, name->text) : rc;
}

static int
take_domain(struct live *live, const struct name *name)
{
	char key[512];
	int rc = add_key(&live->sample, name->text);

	snprintf(key, sizeof(key), "@%.500s", name->text);
	if (rc == 0)
		rc = add_key(&live->sample, key);
	snprintf(key, sizeof(key), "postmaster@%.500s", name->text);
	return rc == 0 ? add_key(&live->sample, key) : rc;
}

static int
take_alias(struct live *live, const struct name *name)
{
	return add_key(&live->sample, name->text);
}

/* Reads the first names of a list, and frees its cursor: how many, or an
 * error. */
static int
read_names(struct maildb_cursor *cursor, const char *column,
    struct name names[LOOKED_AT])
{
	int at = maildb_cursor_find(cursor, column);
	int quota = maildb_cursor_find(cursor, "quota"), count = 0, rc = 0;

	while (count < LOOKED_AT && at >= 0 &&
	    (rc = maildb_cursor_next(cursor)) == 1) {
		names[count].quota = quota < 0 ? 0 :
		    maildb_cursor_int(cursor, (size_t)quota);
		names[count].text = strdup(maildb_cursor_text(cursor,
		    (size_t)at));
		if (names[count++].text == NULL) {
			rc = MAILDB_ENOMEM;
			break;
		}
	}
	maildb_cursor_free(cursor);
	return rc < 0 ? rc : count;
}

/* Looks at the first names of a list, and takes some of them as keys. */
static int
take(struct live *live, int rc, struct maildb_cursor *cursor,
    const char *column,
    int (*row)(struct live *live, const struct name *name))
{
	struct sample *sample = &live->sample;
	size_t most = sample->nkeys + 2 * SAMPLE, keys;
	struct name *names = calloc(LOOKED_AT, sizeof(*names));
	int i, count;

	if (rc < 0 || names == NULL) {
		free(names);
		return rc < 0 ? rc : MAILDB_ENOMEM;
	}
	rc = count = read_names(cursor, column, names);
	for (i = 0; rc >= 0 && i < count; i++) {
		keys = sample->nkeys;
		rc = row(live, &names[i]);
		/* Enough keys; other kinds of user are still looked for. */
		while (sample->nkeys > most && sample->nkeys > keys)
			free(sample->keys[--sample->nkeys]);
	}
	for (i = 0; i < LOOKED_AT; i++)
		free(names[i].text);
	free(names);
	return rc < 0 ? rc : 0;
}

/* An address that nobody has, where the catch-all of its domain allows. */
static int
take_unknown(struct live *live)
{
	struct sample *sample = &live->sample;
	const char *at = sample->user != NULL ? strchr(sample->user, '@') :
	    "@no-such-domain.invalid";

	if (asprintf(&sample->unknown, "no-such-user-0f5e8b%s", at) < 0)
		return MAILDB_ENOMEM;
	return add_key(sample, sample->unknown);
}

int
sample_take(struct live *live)
{
	struct maildb *db = machine_call(live->machine)->db;
	struct maildb_cursor *cursor = NULL;
	int rc = maildb_domain_list(db, NULL, &cursor);

	if ((rc = take(live, rc, cursor, "name", take_domain)) < 0)
		return rc;
	rc = maildb_user_list(db, NULL, &cursor);
	if ((rc = take(live, rc, cursor, "address", take_user)) < 0)
		return rc;
	rc = maildb_alias_list(db, NULL, &cursor);
	if ((rc = take(live, rc, cursor, "source", take_alias)) < 0)
		return rc;
	return take_unknown(live);
}

void
sample_free(struct sample *sample)
{
	while (sample->nkeys > 0)
		free(sample->keys[--sample->nkeys]);
	free(sample->user);
	free(sample->limited);
	free(sample->disabled);
	free(sample->unknown);
}

/* ---- Postfix's answers ------------------------------------------------ */

/* Whether a map takes a key of that form. */
static bool
takes(const struct maildb_map *map, const char *key)
{
	const char *at = strchr(key, '@');

	if (strcmp(map->keys, "domain") == 0)
		return at == NULL;
	if (strcmp(map->keys, "catchall") == 0)
		return at == key;
	return at != NULL && at != key && strchr(at, '*') == NULL;
}

/* The value that "postmap -q -" printed for a key; NULL: none. */
static const char *
printed(const char *lines, const char *key, size_t *len)
{
	size_t size = strlen(key);

	for (; *lines != '\0'; lines += strcspn(lines, "\n"),
	    lines += *lines == '\n')
		if (strncmp(lines, key, size) == 0 && lines[size] == '\t') {
			lines += size + 1;
			*len = strcspn(lines, "\n");
			return lines;
		}
	return NULL;
}

/* Compares one key: 1 when both answers are the same, or 0. */
static int
same_answer(struct machine *machine, struct answer *answer,
    const struct maildb_map *map, const char *key, const char *lines)
{
	size_t len = 0;
	const char *theirs = printed(lines, key, &len);
	char *ours;
	int rc = sample_lookup(machine, map->name, key, &ours);
	bool same = rc >= 0 && (rc == 0 ? theirs == NULL : theirs != NULL &&
	    strlen(ours) == len && strncmp(ours, theirs, len) == 0);

	if (rc >= 0 && !same) {
		answer_about(answer, map->name);
		answer_hint(answer, "postmap -q %s %s", key, map->name);
		answer_no(answer, "for %s Postfix finds %.*s, the database "
		    "has %s", key, theirs != NULL ? (int)len : 7, theirs !=
		    NULL ? theirs : "nothing", rc == 1 ? ours : "nothing");
	}
	free(ours);
	return rc < 0 ? rc : same;
}

/* The keys that a map takes, one a line. */
static char *
keys_of(const struct sample *sample, const struct maildb_map *map)
{
	char *text = NULL;
	size_t size, i;
	FILE *to = open_memstream(&text, &size);

	if (to == NULL)
		return NULL;
	for (i = 0; i < sample->nkeys; i++)
		if (takes(map, sample->keys[i]))
			fprintf(to, "%s\n", sample->keys[i]);
	return fclose(to) == 0 ? text : NULL;
}

/* Runs postmap as Postfix for all keys of a map. */
static int
run_postmap(struct machine *machine, const struct maildb_map *map,
    struct output *output)
{
	char *table = NULL, *type = NULL, *keys;
	const char *argv[] = { "postmap", "-q", "-", NULL, NULL };
	const struct process process = { .argv = argv, .user = "postfix",
		.seconds = PROBE_SECONDS, .input = keys = keys_of(
		&machine->live->sample, map) };
	int rc = MAILDB_ENOMEM;

	if (keys != NULL && machine_fill(machine, "@T@", &type) == 0 &&
	    asprintf(&table, "%s/%s.cf", type, map->name) >= 0) {
		argv[3] = table;
		rc = process_run(&process, output);
	}
	free(table);
	free(type);
	free(keys);
	return rc;
}

/* The last line of what a program complained about. */
static const char *
last_line(char *text)
{
	char *at;

	while ((at = strrchr(text, '\n')) != NULL && at[1] == '\0')
		*at = '\0';
	return at != NULL ? at + 1 : text;
}

static int
compare_map(struct machine *machine, struct answer *answer,
    const struct maildb_map *map)
{
	const struct sample *sample = &machine->live->sample;
	struct output output;
	size_t i;
	int rc = run_postmap(machine, map, &output);

	if (rc < 0)
		return rc;
	rc = 1;
	if (output.expired || strstr(output.err, "fatal:") != NULL ||
	    strstr(output.err, "error:") != NULL) {
		answer_about(answer, map->name);
		rc = answer_no(answer, "Postfix cannot look up anything: %s",
		    output.expired ? "no answer" : last_line(output.err));
	}
	for (i = 0; rc == 1 && i < sample->nkeys; i++)
		if (takes(map, sample->keys[i]))
			rc = same_answer(machine, answer, map,
			    sample->keys[i], output.out);
	output_free(&output);
	return rc;
}

/* The same once more when it failed: the database may have changed. */
static int
compare_twice(struct machine *machine, struct answer *answer,
    const struct maildb_map *map)
{
	int rc = compare_map(machine, answer, map);

	return rc == 0 ? compare_map(machine, answer, map) : rc;
}

/* One map, to see whether Postfix reads any. */
int
probe_map_lookup(struct machine *machine, const struct requirement *row,
    struct answer *answer)
{
	const struct maildb_map *map;
	size_t count;

	for (map = maildb_maps(&count); count > 0; map++, count--)
		if (strcmp(map->name, row->name) == 0)
			return compare_twice(machine, answer, map);
	return 1;
}

/* ---- Dovecot's answers ------------------------------------------------ */

/* Whether Dovecot knows a user for deliveries. */
static int
dovecot_knows(const char *address)
{
	const char *argv[] = { "doveadm", "user", "-f", "home",
		address, NULL };
	const struct process process = { .argv = argv,
		.seconds = PROBE_SECONDS };
	struct output output;
	int rc;

	if (process_run(&process, &output) < 0)
		return -1;
	rc = output.expired || output.status == 75 ? -1 : output.status == 0;
	output_free(&output);
	return rc;
}

static int
compare_userdb(struct machine *machine, struct answer *answer,
    const char *address)
{
	int theirs = dovecot_knows(address);
	int ours = has(machine, machine_facts(machine) & ON_DOVECOT_24 ?
	    "userdb24" : "userdb", address);

	if (ours < 0)
		return ours;
	if (theirs == ours)
		return 1;
	answer_about(answer, "userdb");
	answer_hint(answer, "doveadm user %s", address);
	if (theirs < 0)
		return answer_no(answer, "Dovecot cannot look up %s",
		    address);
	return answer_no(answer, theirs ? "Dovecot knows %s, and the database "
	    "does not" : "Dovecot does not know %s, and the database does",
	    address);
}

static int
compare_users(struct machine *machine, struct answer *answer)
{
	const struct sample *sample = &machine->live->sample;
	const char *const addresses[] = { sample->user, sample->disabled,
		sample->unknown };
	size_t i;
	int rc = 1;

	for (i = 0; rc == 1 && i < COUNT(addresses); i++)
		if (addresses[i] != NULL && (rc = compare_userdb(machine,
		    answer, addresses[i])) == 0)
			rc = compare_userdb(machine, answer, addresses[i]);
	return rc;
}

int
probe_sample(struct machine *machine, const struct requirement *row,
    struct answer *answer)
{
	const struct maildb_map *map;
	size_t count;
	int rc = 1;

	(void)row;
	for (map = maildb_maps(&count); rc == 1 && count > 0; map++, count--)
		if (strcmp(map->daemon, "postfix") == 0)
			rc = compare_twice(machine, answer, map);
	return rc == 1 ? compare_users(machine, answer) : rc;
}
