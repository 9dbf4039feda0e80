/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * steps.c - takes the steps of steps.h
 */
#include <fnmatch.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "state/state.h"
#include "steps.h"

#define MOST_WORDS 20

/* How a verb is read. */
#define FIELDS 1u /* what follows the first name are fields */
#define LISTS  2u /* the outcome is what it writes */

/* A line, taken apart. */
struct call {
	struct maildb *db;
	const char *arg[MOST_WORDS]; /* NULL after the last */
	struct maildb_attr attr[MOST_WORDS];
	size_t nargs, nattrs;
	unsigned flags;
	const char *hash; /* of the field of that name */
	int may_send;     /* likewise; -1 without it */
	struct maildb__buf *out;
};

static const struct {
	const char *word;
	unsigned flag;
} flag_words[] = {
	{ "+update", MAILDB_UPDATE },
	{ "+create", MAILDB_CREATE_DOMAIN },
	{ "+recursive", MAILDB_RECURSIVE },
	{ "+force", MAILDB_FORCE },
	{ "+keep", MAILDB_KEEP_TARGETS },
	{ "+dead", MAILDB_ALLOW_DEAD },
};

static void
on_notice(void *arg, const char *code, const char *message, const char *hint)
{
	(void)hint;
	maildb__buf_printf(arg, "\n%s: %s", code, message);
}

/* Appends the named columns of all rows, and frees the cursor. */
static int
put_rows(struct call *call, int rc, struct maildb_cursor *cursor,
    const char *first, const char *second)
{
	const char *names[] = { first, second };
	const char *between = "";

	while (rc >= 0 && (rc = maildb_cursor_next(cursor)) > 0)
		for (size_t i = 0; i < ARRAY_LEN(names); i++) {
			int col = names[i] == NULL ? -1 :
			    maildb_cursor_find(cursor, names[i]);

			if (names[i] == NULL)
				continue;
			CU_ASSERT_FATAL(col >= 0);
			maildb__buf_add(call->out, i > 0 ? ">" : between);
			between = " ";
			if (maildb_cursor_null(cursor, (size_t)col))
				maildb__buf_add(call->out, "-");
			else if (maildb_cursor_text(cursor, (size_t)col))
				maildb__buf_add(call->out,
				    maildb_cursor_text(cursor, (size_t)col));
			else
				maildb__buf_printf(call->out, "%lld",
				    (long long)maildb_cursor_int(cursor,
				    (size_t)col));
		}
	maildb_cursor_free(cursor);
	return rc;
}

static int
do_domain(struct call *call)
{
	return maildb_domain_add(call->db, call->arg[0], call->attr,
	    call->nattrs, call->flags);
}

static int
do_setdomain(struct call *call)
{
	return maildb_domain_set(call->db, call->arg[0], call->attr,
	    call->nattrs);
}

static int
do_rmdomain(struct call *call)
{
	return maildb_domain_remove(call->db, call->arg[0], call->flags);
}

static int
do_rendomain(struct call *call)
{
	return maildb_domain_rename(call->db, call->arg[0], call->arg[1]);
}

static int
do_user(struct call *call)
{
	return maildb_user_add(call->db, call->arg[0], call->hash, call->attr,
	    call->nattrs, call->flags);
}

static int
do_setuser(struct call *call)
{
	return maildb_user_set(call->db, call->arg[0], call->attr,
	    call->nattrs);
}

static int
do_rmuser(struct call *call)
{
	return maildb_user_remove(call->db, call->arg[0], call->flags);
}

static int
do_renuser(struct call *call)
{
	return maildb_user_rename(call->db, call->arg[0], call->arg[1],
	    call->flags);
}

static int
do_passwd(struct call *call)
{
	return maildb_user_set_password(call->db, call->arg[0], call->arg[1]);
}

static int
do_verify(struct call *call)
{
	return maildb_user_verify(call->db, call->arg[0], call->arg[1]);
}

static int
do_change(struct call *call)
{
	return maildb_user_change_password(call->db, call->arg[0],
	    call->arg[1], call->arg[2]);
}

static int
do_set(struct call *call)
{
	return maildb_setting_set(call->db, call->arg[0], call->arg[1]);
}

static int
do_enable(struct call *call)
{
	return maildb_user_enable(call->db, call->arg[0], true);
}

static int
do_disable(struct call *call)
{
	return maildb_user_enable(call->db, call->arg[0], false);
}

static int
do_alias(struct call *call)
{
	return maildb_alias_add(call->db, call->arg[0], call->arg[1],
	    call->may_send, call->flags);
}

static int
do_setalias(struct call *call)
{
	return maildb_alias_set(call->db, call->arg[0], call->attr,
	    call->nattrs);
}

static int
do_rmalias(struct call *call)
{
	return maildb_alias_remove(call->db, call->arg[0], call->arg[1],
	    call->flags);
}

static int
do_rmid(struct call *call)
{
	return maildb_alias_remove_id(call->db, atoll(call->arg[0]),
	    call->flags);
}

static int
do_recipient(struct call *call)
{
	return maildb_recipient_add(call->db, call->arg[0]);
}

static int
do_rmrecipient(struct call *call)
{
	return maildb_recipient_remove(call->db, call->arg[0], call->flags);
}

static int
do_setrecipient(struct call *call)
{
	return maildb_recipient_set(call->db, call->arg[0], call->attr,
	    call->nattrs);
}

static int
do_sender(struct call *call)
{
	return maildb_sender_add(call->db, call->arg[0], call->arg[1]);
}

static int
do_rmsender(struct call *call)
{
	return maildb_sender_remove(call->db, call->arg[0], call->arg[1]);
}

static int
do_setting(struct call *call)
{
	return maildb_setting_set(call->db, call->arg[0], call->arg[1]);
}

static int
do_begin(struct call *call)
{
	return maildb_begin(call->db);
}

static int
do_commit(struct call *call)
{
	return maildb_commit(call->db);
}

static int
do_rollback(struct call *call)
{
	return maildb_rollback(call->db);
}

static int
do_defer(struct call *call)
{
	return maildb_defer(call->db);
}

static int
list_domains(struct call *call)
{
	struct maildb_cursor *cursor;
	int rc = maildb_domain_list(call->db, call->arg[0], &cursor);

	return put_rows(call, rc, cursor, "name", NULL);
}

static int
list_users(struct call *call)
{
	struct maildb_cursor *cursor;
	int rc = maildb_user_list(call->db, call->arg[0], &cursor);

	return put_rows(call, rc, cursor, "address", NULL);
}

static int
list_quotas(struct call *call)
{
	struct maildb_cursor *cursor;
	int rc = maildb_quota_list(call->db, call->arg[0], &cursor);

	return put_rows(call, rc, cursor, "quota", "quota_from");
}

static int
list_aliases(struct call *call)
{
	struct maildb_cursor *cursor;
	int rc = maildb_alias_list(call->db, call->arg[0], &cursor);

	return put_rows(call, rc, cursor, "source", "destination");
}

static int
list_recipients(struct call *call)
{
	struct maildb_cursor *cursor;
	int rc = maildb_recipient_list(call->db, call->arg[0], &cursor);

	return put_rows(call, rc, cursor, "address", NULL);
}

static int
list_grants(struct call *call)
{
	struct maildb_cursor *cursor;
	int rc = maildb_sender_list(call->db, call->arg[0], &cursor);

	return put_rows(call, rc, cursor, "address", "login");
}

static int
list_senders(struct call *call)
{
	struct maildb_cursor *cursor;
	int rc = maildb_senders(call->db, call->arg[0], &cursor);

	return put_rows(call, rc, cursor, "login", NULL);
}

static int
get_recipient(struct call *call)
{
	struct maildb_cursor *cursor;
	int rc = maildb_recipient_get(call->db, call->arg[0], &cursor);

	return put_rows(call, rc, cursor, call->arg[1], NULL);
}

static int
get_domain(struct call *call)
{
	struct maildb_cursor *cursor;
	int rc = maildb_domain_get(call->db, call->arg[0], &cursor);

	return put_rows(call, rc, cursor, call->arg[1], NULL);
}

static int
get_user(struct call *call)
{
	struct maildb_cursor *cursor;
	int rc = maildb_user_get(call->db, call->arg[0], &cursor);

	return put_rows(call, rc, cursor, call->arg[1], NULL);
}

static int
get_alias(struct call *call)
{
	struct maildb_cursor *cursor;
	int rc = maildb_alias_get(call->db, call->arg[0], &cursor);

	return put_rows(call, rc, cursor, call->arg[1], call->arg[2]);
}

static int
get_password(struct call *call)
{
	char *hash;
	int rc = maildb_user_password(call->db, call->arg[0], &hash);

	if (rc == 0)
		maildb__buf_add(call->out, hash != NULL ? hash : "-");
	maildb_secret_free(hash);
	return rc;
}

static int
get_setting(struct call *call)
{
	char *value;
	int rc = maildb_setting_get(call->db, call->arg[0], &value);

	if (rc == 0)
		maildb__buf_add(call->out, value);
	free(value);
	return rc;
}

/* What the last transaction with changes wrote: object, key and verb. */
static int
get_journal(struct call *call)
{
	static const char *const columns[] = { "op", "object", "key" };
	struct maildb_journal_filter filter = { .most = 1 };
	struct maildb_cursor *cursor;
	int rc;

	if ((rc = maildb_journal_list(call->db, &filter, &cursor)) < 0)
		return rc;
	if (maildb_cursor_next(cursor) > 0)
		filter.txn = maildb_cursor_int(cursor,
		    (size_t)maildb_cursor_find(cursor, "txn"));
	maildb_cursor_free(cursor);
	filter.most = 0;
	if ((rc = maildb_journal_list(call->db, &filter, &cursor)) < 0)
		return rc;
	while ((rc = maildb_cursor_next(cursor)) > 0) {
		if (call->out->len > 0)
			maildb__buf_add(call->out, ", ");
		for (size_t i = 0; i < ARRAY_LEN(columns); i++)
			maildb__buf_printf(call->out, "%s%s", i > 0 ? " " : "",
			    maildb_cursor_text(cursor,
			    (size_t)maildb_cursor_find(cursor, columns[i])));
	}
	maildb_cursor_free(cursor);
	return rc;
}

static const struct verb {
	const char *word;
	int (*run)(struct call *call);
	unsigned how;
} verbs[] = {
	{ "domain", do_domain, FIELDS },
	{ "setdomain", do_setdomain, FIELDS },
	{ "rmdomain", do_rmdomain, 0 },
	{ "rendomain", do_rendomain, 0 },
	{ "user", do_user, FIELDS },
	{ "setuser", do_setuser, FIELDS },
	{ "rmuser", do_rmuser, 0 },
	{ "renuser", do_renuser, 0 },
	{ "passwd", do_passwd, 0 },
	{ "verify", do_verify, 0 },
	{ "change", do_change, 0 },
	{ "set", do_set, 0 },
	{ "enable", do_enable, 0 },
	{ "disable", do_disable, 0 },
	{ "alias", do_alias, 0 },
	{ "setalias", do_setalias, FIELDS },
	{ "rmalias", do_rmalias, 0 },
	{ "rmid", do_rmid, 0 },
	{ "recipient", do_recipient, 0 },
	{ "setrecipient", do_setrecipient, FIELDS },
	{ "rmrecipient", do_rmrecipient, 0 },
	{ "sender", do_sender, 0 },
	{ "rmsender", do_rmsender, 0 },
	{ "setting", do_setting, 0 },
	{ "begin", do_begin, 0 },
	{ "commit", do_commit, 0 },
	{ "rollback", do_rollback, 0 },
	{ "defer", do_defer, 0 },
	{ "domains", list_domains, LISTS },
	{ "users", list_users, LISTS },
	{ "quotas", list_quotas, LISTS },
	{ "aliases", list_aliases, LISTS },
	{ "recipients", list_recipients, LISTS },
	{ "grants", list_grants, LISTS },
	{ "senders", list_senders, LISTS },
	{ "recipient?", get_recipient, LISTS },
	{ "domain?", get_domain, LISTS },
	{ "user?", get_user, LISTS },
	{ "alias?", get_alias, LISTS },
	{ "password?", get_password, LISTS },
	{ "setting?", get_setting, LISTS },
	{ "journal?", get_journal, LISTS },
};

/* Sorts a word into the call: a flag, a field, or an argument. */
static void
take_word(struct call *call, char *word, bool fields)
{
	char *value = strchr(word, '=');
	size_t i;

	for (i = 0; i < ARRAY_LEN(flag_words); i++)
		if (strcmp(word, flag_words[i].word) == 0) {
			call->flags |= flag_words[i].flag;
			return;
		}
	if (strncmp(word, "hash=", 5) == 0)
		call->hash = word + 5;
	else if (strncmp(word, "may_send=", 9) == 0)
		call->may_send = atoi(word + 9);
	else if (!fields)
		call->arg[call->nargs++] = word;
	else {
		if (value != NULL)
			*value++ = '\0';
		call->attr[call->nattrs++] =
		    (struct maildb_attr){ word, value };
	}
}

/* Appends a fault. */
static void
put_fault(struct maildb__buf *out, const struct maildb_fault *fault)
{
	maildb__buf_add(out, maildb_error_name(fault->code));
	if (fault->field != NULL)
		maildb__buf_printf(out, " %s", fault->field);
	if (fault->value != NULL)
		maildb__buf_printf(out, "=%s", fault->value);
	maildb__buf_printf(out, ": %s", fault->message);
	if (fault->hint != NULL)
		maildb__buf_printf(out, " | %s", fault->hint);
}

char *
lib_step(struct maildb *db, const char *line)
{
	struct maildb__buf out = { 0 }, notices = { 0 };
	struct call call = { .db = db, .may_send = -1, .out = &out };
	char *copy = strdup(line), *rest = copy, *word;
	const struct verb *verb = NULL;
	size_t i;
	int rc;

	CU_ASSERT_FATAL(copy != NULL);
	word = strsep(&rest, " ");
	for (i = 0; i < ARRAY_LEN(verbs); i++)
		if (strcmp(word, verbs[i].word) == 0)
			verb = &verbs[i];
	if (verb == NULL) {
		free(copy);
		return strdup("no such step");
	}
	while ((word = strsep(&rest, " ")) != NULL) {
		CU_ASSERT_FATAL(call.nargs < MOST_WORDS - 1 &&
		    call.nattrs < MOST_WORDS);
		take_word(&call, word, call.nargs > 0 && (verb->how & FIELDS));
	}
	maildb_on_notice(db, on_notice, &notices);
	rc = verb->run(&call);
	maildb_on_notice(db, NULL, NULL);
	if (rc < 0) {
		maildb__buf_free(&out);
		put_fault(&out, maildb_fault(db));
		if (maildb_fault(db)->code != rc)
			maildb__buf_printf(&out, " (answered %d)", rc);
	} else if (!(verb->how & LISTS)) {
		maildb__buf_printf(&out, "%d", rc);
	}
	if (notices.len > 0)
		maildb__buf_add(&out, notices.text);
	maildb__buf_free(&notices);
	free(copy);
	return maildb__buf_take(&out);
}

void
lib_assert_step(const char *file, unsigned at, struct maildb *db,
    const char *line, const char *outcome)
{
	char *got = lib_step(db, line);

	CU_ASSERT_FATAL(got != NULL);
	lib_assert_text(file, at, line, got,
	    fnmatch(outcome, got, 0) == 0 ? got : outcome);
	free(got);
}

void
lib_steps(const char *file, const struct lib_step *steps, size_t n)
{
	struct maildb *db = lib_open();

	for (size_t i = 0; i < n; i++) {
		if (strcmp(steps[i].line, "new") == 0) {
			lib_close(db);
			db = lib_open();
			continue;
		}
		lib_assert_step(file, (unsigned)i, db, steps[i].line,
		    steps[i].outcome);
	}
	lib_close(db);
}
