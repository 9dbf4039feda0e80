/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * trace.c - where mail for an address goes
 *
 * Follows the daemons step by step: smtpd's verdict at RCPT, cleanup's alias
 * expansion with its own rules about repetition and limits, then what becomes
 * of each final address.  Every answer comes from the views that the daemons
 * read; the order of keys and tables is that of the main.cf of this project.
 */
#include <search.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "rules/rules.h"

#define LENGTH_LIMIT 1000 /* Postfix's virtual_alias_address_length_limit */
/* Its limits on addresses and on steps allow a million nodes together; nobody
 * needs more than so many for each address. */
#define STEPS 10

#define NO_NODE     ((size_t)-1)
#define ALIAS_ERROR "451 4.6.0 Alias expansion error"

/* An address of the tree.  What it leads to lies side by side. */
struct node {
	char *address;
	size_t parent, first, nchildren;
	int64_t id; /* of the target that led here, or 0 */
	bool kept;  /* it leads to itself, too */
	const char *rule, *result, *reply;
	char *mailbox;
};

struct trace {
	struct maildb *db;
	char *delimiters; /* of extensions */
	char *action;     /* of the access map */
	int64_t most, deepest; /* Postfix's limits on addresses and steps */
	bool limit;       /* one of them was passed */
	struct node *nodes;
	size_t nnodes, size;
	void *kept;       /* tree of addresses that led to themselves: they are
	                     final wherever they are met again */
};

/* An address as the keys of look-ups, in lower case. */
struct key {
	char text[LENGTH_LIMIT + 1];
	char local[LENGTH_LIMIT + 1];
	char bare[LENGTH_LIMIT + 1]; /* local without its extension */
	const char *extension; /* with the delimiter; NULL when there is none */
	const char *at;        /* "@domain" */
	const char *domain;
};

/* The tables of a parameter of Postfix: those asked for user@domain, in
 * order, and perhaps one for @domain. */
struct tables {
	unsigned nexact, nany;
	enum maildb__stmt_id exact[2], any;
};

static const struct tables virtual_alias_maps = {
	2, 1, { STMT_TRACE_ALIAS, STMT_TRACE_ALIAS_FAR }, STMT_TRACE_CATCHALL
};

/* The classes of domains that are ours, in the order that Postfix asks. */
static const struct class {
	enum maildb__stmt_id domains;
	struct tables recipients;
	const char *unlisted;
} classes[] = {
	{
		STMT_MAP_VIRTUAL_MAILBOX_DOMAINS,
		{ .nexact = 1, .exact = { STMT_MAP_VIRTUAL_MAILBOX_MAPS } },
		"550 5.1.1 User unknown in virtual mailbox table",
	}, {
		STMT_MAP_RELAY_DOMAINS,
		{ 1, 1, { STMT_MAP_RELAY_RECIPIENT_MAPS },
		    STMT_MAP_RELAY_RECIPIENT_ANY },
		"550 5.1.1 User unknown in relay recipient table",
	},
};

static const struct maildb__column columns[] = {
	{ "depth", MAILDB_INT }, { "address", MAILDB_TEXT },
	{ "rule", MAILDB_TEXT }, { "id", MAILDB_INT },
	{ "result", MAILDB_TEXT }, { "reply", MAILDB_TEXT },
	{ "mailbox", MAILDB_TEXT },
};

/* Splits an address of at most LENGTH_LIMIT octets as Postfix does. */
static void
make_key(const struct trace *t, const char *address, struct key *key)
{
	size_t at, len;
	char *p;

	strcpy(key->text, address);
	for (p = key->text; *p != '\0'; p++)
		if (*p >= 'A' && *p <= 'Z')
			*p += 'a' - 'A';
	key->at = strrchr(key->text, '@');
	key->domain = key->at + 1;
	len = (size_t)(key->at - key->text);
	snprintf(key->local, sizeof(key->local), "%.*s", (int)len, key->text);
	strcpy(key->bare, key->local);
	key->extension = NULL;
	at = maildb__extension(key->local, t->delimiters);
	if (at == 0)
		return;
	key->extension = key->local + at;
	key->bare[at] = '\0';
}

/*
 * Adds what a node leads to: an address, with an extension unless that is
 * NULL.  1, or 0 when a limit forbids it.
 */
static int
add_node(struct trace *t, size_t parent, const char *address, const char *ext,
    int64_t id)
{
	const char *at = strrchr(address, '@');
	struct node *nodes;
	size_t size;
	char *text;

	if (ext == NULL)
		ext = "";
	if (at == NULL || (int64_t)t->nnodes > t->most * STEPS ||
	    strlen(address) + strlen(ext) > LENGTH_LIMIT) {
		t->limit = true;
		return 0;
	}
	if (t->nnodes == t->size) {
		size = t->size != 0 ? t->size * 2 : 16;
		nodes = reallocarray(t->nodes, size, sizeof(*nodes));
		if (nodes == NULL)
			return maildb__nomem(t->db);
		t->nodes = nodes;
		t->size = size;
	}
	if (asprintf(&text, "%.*s%s%s", (int)(at - address), address, ext,
	    at) < 0)
		return maildb__nomem(t->db);
	t->nodes[t->nnodes++] = (struct node){
		.address = text, .parent = parent, .id = id
	};
	return 1;
}

/* Forgets all nodes but the first n. */
static void
cut_nodes(struct trace *t, size_t n)
{
	while (t->nnodes > n) {
		t->nnodes--;
		free(t->nodes[t->nnodes].address);
		free(t->nodes[t->nnodes].mailbox);
	}
}

static void
end_node(struct trace *t, size_t n, const char *rule, const char *result,
    const char *reply)
{
	struct node *node = &t->nodes[n];

	node->rule = rule;
	node->result = result;
	node->reply = reply;
}

static bool
same_address(const struct trace *t, size_t a, size_t b)
{
	return strcasecmp(t->nodes[a].address, t->nodes[b].address) == 0;
}

static int
compare_addresses(const void *a, const void *b)
{
	return strcasecmp(a, b);
}

static bool
is_kept(const struct trace *t, size_t n)
{
	return tfind(t->nodes[n].address, &t->kept, compare_addresses) != NULL;
}

static int
keep(struct trace *t, size_t n)
{
	t->nodes[n].kept = true;
	return tsearch(t->nodes[n].address, &t->kept, compare_addresses) !=
	    NULL ? 0 : maildb__nomem(t->db);
}

/* Addresses belong to the nodes. */
static void
free_nothing(void *address)
{
	(void)address;
}

/* Whether a node leads back to where it came from, and no address on the way
 * is final when met again. */
static bool
is_loop(const struct trace *t, size_t n)
{
	size_t i = t->nodes[n].parent;

	for (; i != NO_NODE && !t->nodes[i].kept; i = t->nodes[i].parent)
		if (same_address(t, i, n))
			return true;
	return false;
}

/* What an alias table's answer is called. */
static const char *
branch_rule(enum maildb__stmt_id id, const struct maildb_cursor *cursor)
{
	if (id == STMT_TRACE_ALIAS)
		return "alias";
	if (id == STMT_TRACE_CATCHALL)
		return "catch-all";
	return strcmp(maildb_cursor_text(cursor, 2), "*") == 0 ?
	    "wildcard" : "alias domain";
}

/*
 * Asks one table: 1 when it answers.  The rows of alias tables become what
 * parent leads to, unless that is NO_NODE.
 */
static int
ask(struct trace *t, enum maildb__stmt_id id, const struct maildb__value *in,
    const char *ext, size_t parent)
{
	struct maildb_cursor *cursor;
	int answered = 0, rc;

	if ((rc = maildb__list_values(t->db, &cursor, id, in)) < 0)
		return rc;
	while ((rc = maildb_cursor_next(cursor)) > 0) {
		answered = 1;
		if (parent == NO_NODE)
			break;
		t->nodes[parent].rule = branch_rule(id, cursor);
		rc = add_node(t, parent, maildb_cursor_text(cursor, 0), ext,
		    maildb_cursor_int(cursor, 1));
		if (rc <= 0)
			break;
	}
	maildb_cursor_free(cursor);
	return rc < 0 ? rc : answered;
}

/* Asks tables for user+extension@domain, user@domain and @domain, each key of
 * all of them before the next, until one answers: 1, or 0. */
static int
search(struct trace *t, const struct tables *tables, const struct key *key,
    size_t parent)
{
	const struct maildb__value full[] = {
		V_TEXT(key->local), V_TEXT(key->domain)
	}, bare[] = {
		V_TEXT(key->bare), V_TEXT(key->domain)
	}, any = V_TEXT(key->at);
	unsigned i;
	int rc = 0;

	for (i = 0; rc == 0 && i < tables->nexact; i++)
		rc = ask(t, tables->exact[i], full, NULL, parent);
	for (i = 0; rc == 0 && key->extension != NULL && i < tables->nexact; i++)
		rc = ask(t, tables->exact[i], bare, key->extension, parent);
	if (rc == 0 && tables->nany > 0)
		rc = ask(t, tables->any, &any, NULL, parent);
	return rc;
}

/* Finds the class of a domain: 1, or 0 when it is not ours. */
static int
find_class(struct trace *t, const char *domain, const struct class **class)
{
	const struct maildb__value in = V_TEXT(domain);
	size_t i;
	int rc = 0;

	for (i = 0; rc == 0 && i < ARRAY_LEN(classes); i++)
		if ((rc = ask(t, classes[i].domains, &in, NULL, NO_NODE)) > 0)
			*class = &classes[i];
	return rc;
}

/* Reads what the access map says of an address: 1, or 0 for nothing. */
static int
find_action(struct trace *t, const struct key *key)
{
	struct maildb__row row = { 0 };
	int rc;

	rc = maildb__fetch(t->db, &row, STMT_MAP_RECIPIENT_ACCESS,
	    V_TEXT(key->local), V_TEXT(key->domain));
	if (rc == 0 && key->extension != NULL)
		rc = maildb__fetch(t->db, &row, STMT_MAP_RECIPIENT_ACCESS,
		    V_TEXT(key->bare), V_TEXT(key->domain));
	if (rc > 0 && (t->action =
	    strdup(maildb__row_text(&row, "action"))) == NULL)
		rc = maildb__nomem(t->db);
	maildb__row_clear(&row);
	return rc;
}

/* smtpd at RCPT: what it refuses ends there. */
static int
check_rcpt(struct trace *t, unsigned flags)
{
	const struct class *class = NULL;
	bool inside = flags & MAILDB_TRACE_INSIDE;
	struct key key;
	int rc;

	make_key(t, t->nodes[0].address, &key);
	if ((rc = find_class(t, key.domain, &class)) < 0)
		return rc;
	if (rc == 0) {
		if (!inside)
			end_node(t, 0, "external", "refused",
			    "554 5.7.1 Relay access denied");
		return 0;
	}
	if ((rc = find_action(t, &key)) < 0)
		return rc;
	if (rc > 0 && *t->action == '5')
		end_node(t, 0, "access", "refused", t->action);
	else if (rc > 0 && strcmp(t->action, "maildb_internal") == 0 && !inside)
		end_node(t, 0, "access", "refused",
		    "550 5.7.1 For local users only");
	if (t->nodes[0].result != NULL)
		return 0;
	rc = search(t, &virtual_alias_maps, &key, NO_NODE);
	if (rc == 0)
		rc = search(t, &class->recipients, &key, NO_NODE);
	if (rc == 0)
		end_node(t, 0, "unknown", "refused", class->unlisted);
	return rc < 0 ? rc : 0;
}

/* Targets in the order in which they were added. */
static int
compare_ids(const void *a, const void *b)
{
	int64_t x = ((const struct node *)a)->id;
	int64_t y = ((const struct node *)b)->id;

	return (x > y) - (x < y);
}

/* Looks up what a node leads to; without anything it is final. */
static int
expand_node(struct trace *t, size_t n)
{
	size_t first = t->nnodes, i;
	struct key key;
	int rc;

	make_key(t, t->nodes[n].address, &key);
	if ((rc = search(t, &virtual_alias_maps, &key, n)) <= 0 || t->limit)
		return rc;
	for (i = first; i < t->nnodes; i++)
		if (same_address(t, i, n) && (rc = keep(t, n)) < 0)
			return rc;
	t->nodes[n].first = first;
	t->nodes[n].nchildren = t->nnodes - first;
	if (t->nodes[n].nchildren == 1) {
		/* The views' way to say that an address is off. */
		if (strcmp(strrchr(t->nodes[first].address, '@'),
		    "@off.invalid") == 0)
			end_node(t, n, "off", "off",
			    "5.2.1 Mailbox disabled");
		if (t->nodes[n].kept || t->nodes[n].result != NULL) {
			t->nodes[n].nchildren = 0;
			cut_nodes(t, first);
		}
	}
	qsort(t->nodes + first, t->nodes[n].nchildren, sizeof(*t->nodes),
	    compare_ids);
	return 0;
}

/* Says what becomes of a final address. */
static int
deliver(struct trace *t, size_t n)
{
	const struct class *class = NULL;
	struct maildb__row row = { 0 };
	struct key key;
	int rc;

	make_key(t, t->nodes[n].address, &key);
	if ((rc = find_class(t, key.domain, &class)) < 0)
		return rc;
	if (rc == 0) {
		end_node(t, n, "external", "external", NULL);
		return 0;
	}
	if (class->domains == STMT_MAP_RELAY_DOMAINS) {
		end_node(t, n, is_kept(t, n) ? "relay recipient" : "relay",
		    "relay", NULL);
		return 0;
	}
	key.local[maildb__lmtp_user(key.local, t->delimiters)] = '\0';
	rc = maildb__fetch(t->db, &row, STMT_MAP_USERDB, V_TEXT(key.local),
	    V_TEXT(key.domain), V_TEXT("lmtp"));
	maildb__row_clear(&row);
	if (rc == 0)
		end_node(t, n, "unknown", "unknown",
		    "550 5.1.1 User doesn't exist");
	if (rc <= 0)
		return rc;
	end_node(t, n, "mailbox", "mailbox", NULL);
	if (asprintf(&t->nodes[n].mailbox, "%s%s", key.local, key.at) < 0) {
		t->nodes[n].mailbox = NULL;
		return maildb__nomem(t->db);
	}
	return 0;
}

/*
 * cleanup's expansion.  Postfix keeps a list: the first result takes an
 * address's place and is looked up at once, the others go to the end.
 */
static int
expand(struct trace *t)
{
	size_t *list = calloc((size_t)t->most + 1, sizeof(*list));
	int64_t count, i, nlist = 1;
	size_t k, n;
	int rc = 0;

	if (list == NULL)
		return maildb__nomem(t->db);
	for (i = 0; i < nlist; i++) {
		n = list[i];
		for (count = 0; !is_kept(t, n); count++) {
			if (is_loop(t, n)) {
				end_node(t, n, "loop", "loop", ALIAS_ERROR);
				break;
			}
			if ((rc = expand_node(t, n)) < 0)
				goto out;
			if (nlist + (int64_t)t->nodes[n].nchildren >
			    t->most + 1 || count == t->deepest)
				t->limit = true;
			if (t->limit)
				goto out;
			if (t->nodes[n].nchildren == 0)
				break;
			for (k = 1; k < t->nodes[n].nchildren; k++)
				list[nlist++] = t->nodes[n].first + k;
			n = t->nodes[n].first;
		}
		if (t->nodes[n].result == NULL && (rc = deliver(t, n)) < 0)
			goto out;
	}
out:
	free(list);
	return rc;
}

/* Puts a node and what it leads to into the table. */
static int
emit(const struct trace *t, size_t n, int depth, struct maildb_cursor *table)
{
	const struct node *node = &t->nodes[n];
	size_t i;
	int rc;

	rc = maildb__table_add(table, (const struct maildb__value[]){
		V_INT(depth), V_TEXT(node->address), V_TEXT(node->rule),
		node->id != 0 ? V_INT(node->id) : V_NULL,
		V_TEXT(node->result != NULL ? node->result : ""),
		V_TEXT(node->reply), V_TEXT(node->mailbox) });
	for (i = 0; rc == 0 && i < node->nchildren; i++)
		rc = emit(t, node->first + i, depth + 1, table);
	return rc;
}

int
maildb_trace(struct maildb *db, const char *text, unsigned flags,
    struct maildb_cursor **out)
{
	struct trace t = { .db = db };
	struct maildb_address address;
	char *folded = maildb__fold(text);
	int rc;

	*out = NULL;
	if (folded == NULL)
		return maildb__nomem(db);
	if ((rc = maildb__address(db, "address", folded, MAILDB_PARSE_UTF8,
	    MAILDB_DEST, &address)) < 0 ||
	    (rc = maildb_setting_get(db, "recipient_delimiter",
	    &t.delimiters)) < 0 ||
	    (rc = maildb__setting_int(db, "expansion_limit", &t.most)) < 0 ||
	    (rc = maildb__setting_int(db, "recursion_limit", &t.deepest)) < 0 ||
	    (rc = add_node(&t, NO_NODE, address.text, NULL, 0)) < 0 ||
	    (rc = check_rcpt(&t, flags)) < 0)
		goto out;
	if (t.nodes[0].result == NULL && (rc = expand(&t)) < 0)
		goto out;
	if (t.limit) {
		cut_nodes(&t, 1);
		t.nodes[0].nchildren = 0;
		end_node(&t, 0, "limit", "loop", ALIAS_ERROR);
	}
	if ((rc = maildb__table_new(db, columns, ARRAY_LEN(columns),
	    out)) == 0 && (rc = emit(&t, 0, 0, *out)) < 0) {
		maildb_cursor_free(*out);
		*out = NULL;
	}
out:
	tdestroy(t.kept, free_nothing);
	cut_nodes(&t, 0);
	free(t.nodes);
	free(t.delimiters);
	free(t.action);
	free(folded);
	return rc;
}

/* Puts the logins that a map has for a key into a table: 1 when it answers,
 * also with the "-" that stands for none. */
static int
add_logins(struct maildb *db, enum maildb__stmt_id id,
    const struct maildb__value *in, struct maildb_cursor *table)
{
	struct maildb_cursor *cursor;
	int answered = 0, rc;

	if ((rc = maildb__list_values(db, &cursor, id, in)) < 0)
		return rc;
	while ((rc = maildb_cursor_next(cursor)) > 0) {
		answered = 1;
		if (strcmp(maildb_cursor_text(cursor, 0), "-") != 0 &&
		    (rc = maildb__table_add(table,
		    (const struct maildb__value[]){
		    V_TEXT(maildb_cursor_text(cursor, 0)) })) < 0)
			break;
	}
	maildb_cursor_free(cursor);
	return rc < 0 ? rc : answered;
}

/* Asks the maps of smtpd_sender_login_maps in Postfix's order. */
static int
find_logins(const struct trace *t, const char *text,
    struct maildb_cursor *table)
{
	const struct maildb__value any = V_TEXT(strchr(text, '@'));
	struct key key;
	int rc;

	if (*text == '@')
		return add_logins(t->db, STMT_MAP_SENDER_LOGIN_ANY, &any,
		    table);
	make_key(t, text, &key);
	rc = add_logins(t->db, STMT_MAP_SMTPD_SENDER_LOGIN_MAPS,
	    (const struct maildb__value[]){ V_TEXT(key.local),
	    V_TEXT(key.domain) }, table);
	if (rc == 0 && key.extension != NULL)
		rc = add_logins(t->db, STMT_MAP_SMTPD_SENDER_LOGIN_MAPS,
		    (const struct maildb__value[]){ V_TEXT(key.bare),
		    V_TEXT(key.domain) }, table);
	return rc != 0 ? rc : add_logins(t->db, STMT_MAP_SENDER_LOGIN_ANY,
	    &any, table);
}

int
maildb_senders(struct maildb *db, const char *text, struct maildb_cursor **out)
{
	static const struct maildb__column login = { "login", MAILDB_TEXT };
	struct trace t = { .db = db };
	struct maildb_address address;
	int rc;

	*out = NULL;
	if ((rc = maildb__address(db, "address", text, MAILDB_PARSE_UTF8 |
	    MAILDB_PARSE_CATCHALL, MAILDB_DEST, &address)) < 0 ||
	    (rc = maildb_setting_get(db, "recipient_delimiter",
	    &t.delimiters)) < 0)
		return rc;
	if ((rc = maildb__table_new(db, &login, 1, out)) == 0 &&
	    (rc = find_logins(&t, address.text, *out)) < 0) {
		maildb_cursor_free(*out);
		*out = NULL;
	}
	free(t.delimiters);
	return rc < 0 ? rc : 0;
}
