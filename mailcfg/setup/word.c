/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * word.c - what the @words@ of a template stand for
 *
 * Words in capitals and in words[] are ours; every other word is a setting of
 * the database.  Words about an administrator's lists begin with "his".
 */
#include <stdlib.h>
#include <string.h>

#include "maps/maps.h"
#include "list.h"
#include "machine.h"

/* What main.cf has for a list, or a default that stands for something. */
const char *
machine_list(const struct machine *machine, const char *name)
{
	const char *value = machine_main(machine, name), *expanded;

	if (value != NULL)
		return value;
	value = machine_main_default(machine, name);
	expanded = machine_main_expanded(machine, name);
	return value == NULL || (expanded != NULL && *expanded == '\0') ? "" :
	    value;
}

/* ---- maps ------------------------------------------------------------- */

static int
put_type(struct machine *machine, FILE *to)
{
	fprintf(to, "%s%s:%s", machine->facts & ON_PROXY ? "proxy:" : "",
	    machine->facts & ON_PGSQL ? "pgsql" : "sqlite",
	    machine->postfix_maps);
	return 0;
}

static int
put_postfix_maps(struct machine *machine, FILE *to)
{
	fputs(machine->postfix_maps, to);
	return 0;
}

static int
put_dovecot_maps(struct machine *machine, FILE *to)
{
	fputs(machine->dovecot_maps, to);
	return 0;
}

static int
put_query(struct machine *machine, FILE *to, const char *map, const char *map24)
{
	bool new = machine->facts & ON_DOVECOT_24;

	return maps_query(machine->call, new ? "dovecot-2.4" : "dovecot-2.3",
	    new ? map24 : map, to);
}

static int
put_passdb(struct machine *machine, FILE *to)
{
	return put_query(machine, to, "passdb", "passdb24");
}

static int
put_userdb(struct machine *machine, FILE *to)
{
	return put_query(machine, to, "userdb", "userdb24");
}

static int
put_iterate(struct machine *machine, FILE *to)
{
	return put_query(machine, to, "iterate", "iterate24");
}

static int
put_database(struct machine *machine, FILE *to)
{
	return maps_database(machine->call, machine_reader(machine,
	    DAEMON_DOVECOT), to);
}

/* ---- the database file ------------------------------------------------ */

static const char *
database_path(const struct machine *machine)
{
	/* As it will be: with --check there may be none yet. */
	const char *url = machine->call->config.db;

	return strncmp(url, "sqlite:", 7) == 0 ? url + 7 : url;
}

static int
put_path(struct machine *machine, FILE *to)
{
	fputs(database_path(machine), to);
	return 0;
}

static int
put_directory(struct machine *machine, FILE *to)
{
	const char *path = database_path(machine), *slash = strrchr(path, '/');

	if (slash == NULL)
		fputc('.', to);
	else
		fwrite(path, 1, slash == path ? 1 : (size_t)(slash - path), to);
	return 0;
}

/* ---- PostgreSQL -------------------------------------------------------- */

static int
put_known(FILE *to, const char *text)
{
	fputs(text != NULL ? text : "", to);
	return 0;
}

static int
put_hba(struct machine *machine, FILE *to)
{
	return put_known(to, machine->hba_file);
}

static int
put_ident(struct machine *machine, FILE *to)
{
	return put_known(to, machine->ident_file);
}

static int
put_database_name(struct machine *machine, FILE *to)
{
	return put_known(to, machine->database);
}

static int
put_url(struct machine *machine, FILE *to)
{
	return put_known(to, machine->call->config.db);
}

/* ---- Postfix ---------------------------------------------------------- */

/* The queue directory, below which Dovecot's sockets are. */
static int
put_queue(struct machine *machine, FILE *to)
{
	const char *known = machine_main_expanded(machine, "queue_directory");
	struct output output = { .out = NULL };

	if (known == NULL && process_exists("postconf") &&
	    process_words(&output, "postconf", "-h", "queue_directory",
	    (char *)NULL) == 0 && output.status == 0)
		output.out[strcspn(output.out, "\n")] = '\0';
	fputs(known != NULL ? known : output.out != NULL &&
	    *output.out == '/' ? output.out : "/var/spool/postfix", to);
	output_free(&output);
	return 0;
}

/* A new service is in a chroot where smtp is. */
static int
put_chroot(struct machine *machine, FILE *to)
{
	const char *smtp = machine_field(machine, "smtp/inet/chroot");

	fputs(machine->facts & ON_DIRECT || smtp == NULL ? "n" : smtp, to);
	return 0;
}

/* The phrases of a parameter that are not our tables. */
static int
his_list(const struct machine *machine, const char *name, struct list *list)
{
	size_t i;
	int rc = list_parse(list, machine_list(machine, name));

	for (i = list->count; rc == 0 && i-- > 0;)
		if (strstr(list->phrase[i], machine->postfix_maps) != NULL)
			list_remove(list, i);
	return rc;
}

/* His tables of aliases: alias domains may be in them. */
static int
put_his_alias_maps(struct machine *machine, FILE *to)
{
	struct list list;
	int rc = his_list(machine, "virtual_alias_maps", &list);
	char *text = rc == 0 ? list_text(&list, ", ") : NULL;

	if (text != NULL)
		fputs(text, to);
	free(text);
	list_free(&list);
	return rc;
}

/* Relay domains that he lists without a table of their recipients: all
 * recipients stay valid. */
static int
put_his_relay_domains(struct machine *machine, FILE *to)
{
	struct list domains, recipients = { NULL, 0 };
	size_t i;
	int rc = his_list(machine, "relay_domains", &domains);

	if (rc == 0)
		rc = his_list(machine, "relay_recipient_maps", &recipients);
	for (i = domains.count; i-- > 0;)
		if (strpbrk(domains.phrase[i], ":/$!") != NULL)
			list_remove(&domains, i);
	if (rc == 0 && recipients.count == 0 && domains.count > 0) {
		fputs(", inline:{", to);
		for (i = 0; i < domains.count; i++)
			fprintf(to, "%s{@%s=x}", i > 0 ? ", " : "",
			    domains.phrase[i]);
		fputc('}', to);
	}
	list_free(&domains);
	list_free(&recipients);
	return rc;
}

/* Whether a domain is one of the database's: 1, 0 or an error. */
int
machine_hosts(const struct machine *machine, const char *domain)
{
	static const char *const maps[] = { "virtual_mailbox_domains",
		"relay_domains" };
	struct maildb_cursor *cursor;
	int rc = 0;
	size_t i;

	for (i = 0; rc == 0 && i < COUNT(maps); i++) {
		rc = maildb_lookup(machine->call->cli->db, maps[i], domain,
		    &cursor);
		if (rc < 0)
			return rc == MAILDB_EVALUE ? 0 : rc;
		rc = maildb_cursor_next(cursor);
		maildb_cursor_free(cursor);
	}
	return rc;
}

/* Whether a file that a list names has a hosted domain. */
static int
file_hosts(const struct machine *machine, const char *path)
{
	FILE *file = fopen(path, "re");
	char word[256];
	int rc = 0;

	if (file == NULL)
		return 0;
	while (rc == 0 && fscanf(file, "%255s", word) == 1)
		rc = machine_hosts(machine, word);
	fclose(file);
	return rc;
}

/* The words of mydestination that name hosted domains, but the host itself:
 * without its own name, mail for root would have no place. */
static int
put_hosted(struct machine *machine, FILE *to)
{
	const char *expanded = machine_main_expanded(machine, "mydestination");
	const char *host = machine_main_expanded(machine, "myhostname");
	struct list words, names = { NULL, 0 };
	size_t i;
	int rc = list_parse(&words, machine_list(machine, "mydestination"));

	if (rc == 0)
		rc = list_parse(&names, expanded != NULL ? expanded : "");
	for (i = 0; rc >= 0 && i < words.count; i++) {
		const char *name = names.count == words.count ?
		    names.phrase[i] : words.phrase[i];

		if (host != NULL && strcasecmp(name, host) == 0)
			continue;
		rc = *name == '/' ? file_hosts(machine, name) :
		    machine_hosts(machine, name);
		if (rc == 1)
			fprintf(to, "%s ", words.phrase[i]);
	}
	list_free(&words);
	list_free(&names);
	return rc < 0 ? rc : 0;
}

/* Whether proxy_read_maps reaches a table, by a parameter or by name. */
static bool
is_listed(const struct machine *machine, const struct list *listed,
    const char *table)
{
	const char *word, *value;
	size_t i;

	for (i = 0; i < listed->count; i++) {
		word = listed->phrase[i];
		value = *word == '$' ? machine_main(machine, word + 1) : word;
		if (value != NULL && strstr(value, table) != NULL)
			return true;
	}
	return false;
}

/* Our tables that proxy_read_maps does not reach. */
static int
put_unlisted(struct machine *machine, FILE *to)
{
	const struct maildb_map *map;
	struct list listed;
	char table[512];
	size_t count;
	int rc = list_parse(&listed, machine_list(machine,
	    "proxy_read_maps"));

	for (map = maildb_maps(&count); rc == 0 && listed.count > 0 &&
	    count > 0; map++, count--) {
		if (strcmp(map->daemon, "postfix") != 0)
			continue;
		snprintf(table, sizeof(table), "proxy:%s:%.300s/%s.cf",
		    machine->facts & ON_PGSQL ? "pgsql" : "sqlite",
		    machine->postfix_maps, map->name);
		if (!is_listed(machine, &listed, table))
			fprintf(to, "%s ", table);
	}
	list_free(&listed);
	return rc;
}

/* ---- templates --------------------------------------------------------- */

static const struct {
	const char *word;
	int (*put)(struct machine *machine, FILE *to);
} words[] = {
	{ "DB", put_database },
	{ "I", put_iterate },
	{ "P", put_passdb },
	{ "T", put_type },
	{ "U", put_userdb },
	{ "chroot", put_chroot },
	{ "database", put_database_name },
	{ "db", put_path },
	{ "dbdir", put_directory },
	{ "dovecot", put_dovecot_maps },
	{ "hba", put_hba },
	{ "his_alias_maps", put_his_alias_maps },
	{ "his_relay_domains", put_his_relay_domains },
	{ "hosted", put_hosted },
	{ "ident", put_ident },
	{ "postfix", put_postfix_maps },
	{ "queue", put_queue },
	{ "unlisted", put_unlisted },
	{ "url", put_url },
};

static int
put_word(struct machine *machine, FILE *to, const char *word)
{
	char *value = NULL;
	size_t i;
	int rc;

	for (i = 0; i < COUNT(words); i++)
		if (strcmp(words[i].word, word) == 0)
			return words[i].put(machine, to);
	rc = maildb_setting_get(machine->call->cli->db, word, &value);
	if (rc >= 0 && value != NULL)
		fputs(value, to);
	free(value);
	return rc < 0 ? rc : 0;
}

/* Fills in a template: 0 and *out for the caller to free, or an error. */
int
machine_fill(struct machine *machine, const char *template, char **out)
{
	const char *at, *end;
	char word[32];
	size_t size;
	FILE *to;
	int rc = 0;

	*out = NULL;
	if ((to = open_memstream(out, &size)) == NULL)
		return MAILDB_ENOMEM;
	for (; rc == 0 && (at = strchr(template, '@')) != NULL;
	    template = end + 1) {
		end = strchr(at + 1, '@');
		fprintf(to, "%.*s", (int)(at - template), template);
		snprintf(word, sizeof(word), "%.*s", (int)(end - at - 1),
		    at + 1);
		rc = put_word(machine, to, word);
	}
	fputs(template, to);
	if (fclose(to) != 0 && rc == 0)
		rc = MAILDB_ENOMEM;
	if (rc < 0) {
		free(*out);
		*out = NULL;
	}
	return rc;
}
