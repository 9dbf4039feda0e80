/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * stage.c - the desired state, record by record
 *
 * Records are checked one at a time by the rules of domain.c, user.c and
 * alias.c and laid down in TEMP tables, so that their number costs no memory.
 * What they mean together, and for the database, is stage_apply.c's business.
 */
#include <stdlib.h>
#include <string.h>

#include "state/state.h"

struct maildb__stage {
	char **files;   /* that records came from; a row has the number */
	int64_t nfiles;
	bool own_txn;   /* the filling is a transaction of its own */
	bool hashed;    /* stage_hash has rows */
	int64_t n;      /* records so far, those of a row counted once */
	int64_t nrows;  /* of an import */
	int64_t rank;   /* of the row being staged; 0: it is a record */
	int64_t seq;    /* its targets so far */
	bool refused;   /* the row cannot be */
	struct maildb__hasher *hasher;
};

void
maildb__stage_free(struct maildb *db)
{
	struct maildb__stage *stage = db->stage;

	if (stage == NULL)
		return;
	maildb__hasher_free(stage->hasher);
	if (db->staging && db->driver->flush != NULL)
		db->driver->flush(db->conn, true);
	if (stage->own_txn)
		db->driver->script(db->conn, "ROLLBACK");
	while (stage->nfiles > 0)
		free(stage->files[--stage->nfiles]);
	free(stage->files);
	free(stage);
	db->stage = NULL;
	db->staging = false;
}

bool
maildb__stage_complete(const struct maildb *db)
{
	return db->stage != NULL && !db->staging;
}

int64_t
maildb__stage_rows(const struct maildb *db)
{
	return db->stage->nrows;
}

const char *
maildb__stage_file(const struct maildb *db, int64_t number)
{
	return number > 0 && number <= db->stage->nfiles ?
	    db->stage->files[number - 1] : NULL;
}

/* ---- places --------------------------------------------------------- */

/* The number of a file; 0 is none. */
static int
file_number(struct maildb *db, const char *file, int64_t *number)
{
	struct maildb__stage *stage = db->stage;
	char **grown;

	*number = 0;
	if (file == NULL)
		return 0;
	/* Mostly it is the one that was read last. */
	for (*number = stage->nfiles; *number > 0; --*number)
		if (strcmp(stage->files[*number - 1], file) == 0)
			return 0;
	grown = reallocarray(stage->files, (size_t)stage->nfiles + 1,
	    sizeof(*grown));
	if (grown == NULL)
		return maildb__nomem(db);
	stage->files = grown;
	if ((grown[stage->nfiles] = strdup(file)) == NULL)
		return maildb__nomem(db);
	*number = ++stage->nfiles;
	return 0;
}

void
maildb__stage_place(struct maildb *db, const struct maildb__row *row,
    struct maildb__buf *buf)
{
	int64_t file = maildb__row_int(row, "file");

	if (file <= 0 || db->stage == NULL || file > db->stage->nfiles)
		return;
	maildb__buf_printf(buf, "%s:%lld", db->stage->files[file - 1],
	    (long long)maildb__row_int(row, "line"));
	if (maildb__row_int(row, "col") > 0)
		maildb__buf_printf(buf, ":%lld",
		    (long long)maildb__row_int(row, "col"));
}

int
maildb__stage_locate(struct maildb *db, const char *domain,
    const char *localpart)
{
	struct maildb_fault fault = db->fault;
	char *old[ARRAY_LEN(db->fault_text)];
	struct maildb__buf text = { 0 };
	struct maildb__row row = { 0 };
	size_t i;

	/* The look-up may fail as well, and must not replace what matters. */
	memcpy(old, db->fault_text, sizeof(old));
	memset(db->fault_text, 0, sizeof(db->fault_text));
	if ((localpart != NULL ?
	    maildb__fetch(db, &row, STMT_STAGE_FIND_ADDRESS, V_TEXT(domain),
	    V_TEXT(localpart)) :
	    maildb__fetch(db, &row, STMT_STAGE_FIND_DOMAIN,
	    V_TEXT(domain))) > 0)
		maildb__stage_place(db, &row, &text);
	maildb__buf_printf(&text, "%s%s", text.len > 0 ? ": " : "",
	    fault.message);
	maildb__fail(db, fault.code, "%s", text.failed ? fault.message :
	    text.text);
	maildb__fault_input(db, fault.field, fault.value);
	if (fault.hint != NULL)
		maildb__hint(db, "%s", fault.hint);
	for (i = 0; i < ARRAY_LEN(old); i++)
		free(old[i]);
	maildb__row_clear(&row);
	maildb__buf_free(&text);
	return fault.code;
}

/* ---- rows ----------------------------------------------------------- */

/* What a field's default is while staged. */
static struct maildb__value
staged_default(const struct maildb_field *field)
{
	return field->type == MAILDB_TEXT ? V_TEXT("") : V_INT(-1);
}

/* Reads the attributes of a record: the row has what is given, and NULL for
 * the default. */
static int
read_attrs(struct maildb *db, const struct maildb_record *record,
    struct maildb__row *row)
{
	const struct maildb_field *field;
	struct maildb__value value;
	size_t i;
	int rc;

	for (i = 0; i < record->nattrs; i++) {
		rc = maildb__field_value(db, record->kind,
		    record->attrs[i].name, record->attrs[i].value, &field,
		    &value);
		if (rc < 0)
			return rc;
		if (maildb__row_value(row, field->name) != NULL) {
			maildb__fail(db, MAILDB_EVALUE, "%s is given twice",
			    field->name);
			return maildb__fault_input(db, field->name, NULL);
		}
		if ((rc = maildb__row_set(db, row, field->name, value)) < 0)
			return rc;
	}
	return 0;
}

/* Makes a row of attributes what a staging table wants, its place included. */
static int
complete(struct maildb *db, const struct maildb_record *record,
    struct maildb__row *row)
{
	const struct maildb_field *fields;
	const struct maildb__value *value;
	int64_t file;
	size_t count, i;
	int rc;

	fields = maildb_fields(record->kind, &count);
	for (i = 0; i < count; i++) {
		value = maildb__row_value(row, fields[i].name);
		rc = 0;
		if (value == NULL)
			rc = maildb__row_set(db, row, fields[i].name, V_NULL);
		else if (value->type == MAILDB__NULL)
			rc = maildb__row_set(db, row, fields[i].name,
			    staged_default(&fields[i]));
		if (rc < 0)
			return rc;
	}
	if ((rc = file_number(db, record->file, &file)) < 0 ||
	    (rc = maildb__row_set(db, row, "file", V_INT(file))) < 0 ||
	    (rc = maildb__row_set(db, row, "line", V_INT(record->line))) < 0 ||
	    (rc = maildb__row_set(db, row, "n", V_INT(db->stage->n))) < 0 ||
	    (rc = maildb__row_set(db, row, "rank", V_INT(db->stage->rank))) < 0)
		return rc;
	return maildb__row_set(db, row, "col", V_INT(record->column));
}

/* Puts an address into a row. */
static int
set_address(struct maildb *db, struct maildb__row *row,
    const struct maildb_address *address)
{
	int rc = maildb__row_set(db, row, "domain", V_TEXT(address->domain));

	return rc < 0 ? rc : maildb__row_set(db, row, "localpart",
	    V_TEXT(address->local));
}

/* ---- settings and domains ------------------------------------------- */

static int
stage_setting(struct maildb *db, const struct maildb_record *record)
{
	const char *text = record->nattrs > 0 ? record->attrs[0].value : NULL;
	const struct maildb_field *field;
	struct maildb__row old = { 0 };
	struct maildb__value value;
	int64_t file;
	int rc;

	if ((rc = maildb__field_value(db, record->kind, record->key, text,
	    &field, &value)) < 0 ||
	    (rc = file_number(db, record->file, &file)) < 0)
		return rc;
	rc = maildb__fetch(db, &old, STMT_STAGE_SETTING_GET,
	    V_TEXT(field->name));
	if (rc > 0)
		rc = maildb__fail(db, MAILDB_EEXISTS,
		    "setting %s is given twice", field->name);
	else if (rc == 0)
		rc = maildb__exec(db, STMT_STAGE_SETTING, V_TEXT(field->name),
		    V_TEXT(text), V_INT(file), V_INT(record->line),
		    V_INT(record->column));
	maildb__row_clear(&old);
	return rc;
}

static int
stage_domain(struct maildb *db, const struct maildb_record *record,
    struct maildb__row *row)
{
	char name[MAILDB_DOMAIN_MAX + 1], uname[MAILDB_ULABEL_MAX + 1];
	char target[MAILDB_DOMAIN_MAX + 1];
	int rc;

	if ((rc = maildb__domain_name(db, "domain", record->key, name,
	    uname)) < 0 || (rc = read_attrs(db, record, row)) < 0)
		return rc;
	if (*maildb__row_text(row, "target") != '\0') {
		rc = maildb__domain_name(db, "target",
		    maildb__row_text(row, "target"), target, uname);
		if (rc == 0)
			rc = maildb__row_set(db, row, "target",
			    V_TEXT(target));
		/* Only an alias domain has one. */
		if (rc == 0 && maildb__row_value(row, "class") == NULL)
			rc = maildb__row_set(db, row, "class",
			    V_TEXT("alias"));
		if (rc < 0)
			return rc;
	}
	if ((rc = maildb__row_set(db, row, "name", V_TEXT(name))) < 0 ||
	    (rc = complete(db, record, row)) < 0)
		return rc;
	return maildb__exec_row(db, STMT_STAGE_DOMAIN, row);
}

/* ---- sender grants -------------------------------------------------- */

/* Lays down one grant, or with a NULL login the record that lists them; row
 * has the address and the place. */
static int
stage_grant(struct maildb *db, const char *login, struct maildb__row *row)
{
	struct maildb_address user;
	int rc = 0;

	if (login != NULL)
		rc = maildb__address(db, "login", login, 0, MAILDB_MAILBOX,
		    &user);
	if (rc == 0)
		rc = maildb__row_set(db, row, "login",
		    login != NULL ? V_TEXT(user.text) : V_NULL);
	return rc < 0 ? rc : maildb__exec_row(db, STMT_STAGE_SENDER, row);
}

static int
stage_sender(struct maildb *db, const struct maildb_record *record,
    struct maildb__row *row)
{
	struct maildb_address address;
	size_t i;
	int rc;

	rc = maildb__sender_address(db, record->key, &address);
	if (rc < 0 || (rc = read_attrs(db, record, row)) < 0 ||
	    (rc = set_address(db, row, &address)) < 0 ||
	    (rc = complete(db, record, row)) < 0)
		return rc;
	rc = stage_grant(db, NULL, row);
	for (i = 0; rc >= 0 && i < record->ntargets; i++)
		rc = stage_grant(db, record->targets[i].dest, row);
	return rc;
}

/* ---- targets -------------------------------------------------------- */

/* Lays down one target; row has the source and the place. */
static int
stage_target(struct maildb *db, const struct maildb_target *target,
    struct maildb__row *row)
{
	struct maildb_address dest;
	const char *at;
	int rc, wide;

	if (target->grant)
		return stage_grant(db, target->dest, row);
	rc = maildb__address(db, "destination", target->dest,
	    MAILDB_PARSE_UTF8 | MAILDB_PARSE_CASE, MAILDB_DEST, &dest);
	if (rc < 0)
		return rc;
	wide = dest.klass == MAILDB_DEST;
	for (at = dest.local; *at != '\0'; at++)
		if ((unsigned char)*at >= 0x80)
			wide = 2;
	if ((rc = maildb__row_set(db, row, "dest", V_TEXT(dest.text))) < 0 ||
	    (rc = maildb__row_set(db, row, "may_send",
	    target->may_send < 0 ? V_NULL :
	    V_INT(target->may_send != 0))) < 0 ||
	    (rc = maildb__row_set(db, row, "seq",
	    V_INT(++db->stage->seq))) < 0 ||
	    (rc = maildb__row_set(db, row, "wide", V_INT(wide))) < 0)
		return rc;
	return maildb__exec_row(db, STMT_STAGE_TARGET, row);
}

static int
stage_targets(struct maildb *db, const struct maildb_record *record,
    struct maildb__row *row)
{
	size_t i;
	int rc = 0;

	for (i = 0; rc >= 0 && i < record->ntargets; i++)
		rc = stage_target(db, &record->targets[i], row);
	return rc;
}

/* Aliases, catch-alls, wildcards; recipients; and the forwards of a user, whose
 * fields row does not have then. */
static int
stage_source(struct maildb *db, const struct maildb_record *record,
    const struct maildb_address *source, struct maildb__row *row)
{
	static const char *const fields[] = { "enabled", "internal",
		"valid_from", "valid_until", "note" };
	bool exact = record->targets != NULL &&
	    !(record->flags & MAILDB_RECORD_ADD);
	bool of_user = record->kind == MAILDB_KIND_USER;
	size_t i;
	int rc;

	/* What is added to others' sources is no record of a source. */
	if (record->flags & MAILDB_RECORD_ADD)
		return stage_targets(db, record, row);
	for (i = 0; of_user && i < ARRAY_LEN(fields); i++)
		if ((rc = maildb__row_set(db, row, fields[i], V_NULL)) < 0)
			return rc;
	if ((rc = maildb__row_set(db, row, "recipient",
	    V_INT(record->kind == MAILDB_KIND_RECIPIENT))) < 0 ||
	    (rc = maildb__row_set(db, row, "exact", V_INT(exact))) < 0 ||
	    (rc = maildb__row_set(db, row, "has_fields",
	    V_INT(!of_user && record->nattrs > 0))) < 0 ||
	    (rc = maildb__row_set(db, row, "of_user", V_INT(of_user))) < 0 ||
	    (rc = set_address(db, row, source)) < 0 ||
	    (rc = maildb__exec_row(db, STMT_STAGE_ALIAS, row)) < 0)
		return rc;
	return stage_targets(db, record, row);
}

static int
stage_alias(struct maildb *db, const struct maildb_record *record,
    struct maildb__row *row)
{
	bool recipient = record->kind == MAILDB_KIND_RECIPIENT;
	struct maildb_address source;
	size_t i;
	int rc;

	rc = recipient ?
	    maildb__address(db, "address", record->key, 0, MAILDB_ALIAS,
	    &source) : maildb__source_address(db, record->key, &source);
	if (rc < 0)
		return rc;
	for (i = 0; i < record->ntargets && record->targets[i].grant; i++)
		;
	if (!recipient && record->targets != NULL && i == record->ntargets) {
		maildb__fail(db, MAILDB_EVALUE, "alias %s has no target",
		    source.text);
		maildb__hint(db, "leave it out, and remove it with --prune");
		return maildb__fault_input(db, "targets", NULL);
	}
	if ((rc = read_attrs(db, record, row)) < 0 ||
	    (rc = maildb__alias_check(db, &source, row)) < 0 ||
	    (rc = set_address(db, row, &source)) < 0 ||
	    (rc = complete(db, record, row)) < 0)
		return rc;
	return stage_source(db, record, &source, row);
}

/* ---- rows of an import ---------------------------------------------- */

static int64_t
rank_of(const struct maildb_record *record)
{
	switch (record->kind) {
	case MAILDB_KIND_USER:
		return record->flags & MAILDB_RECORD_FILL ? 2 : 1;
	case MAILDB_KIND_DOMAIN:
		return 3;
	default:
		return record->flags & MAILDB_RECORD_ONCE ? 5 : 4;
	}
}

/* Keeps the fault as the reason why a row is refused, unless it is one of the
 * database. */
static int
refuse_row(struct maildb *db, int code, int64_t rank, int64_t n, int64_t file,
    int64_t line)
{
	if (!maildb__refusable(code))
		return code;
	return maildb__exec(db, STMT_LATE_REFUSE, V_INT(rank), V_INT(n),
	    V_INT(file), V_INT(line), V_TEXT(db->fault.message),
	    V_TEXT(db->fault.hint));
}

/* Numbers a record, or the row that it begins. */
static void
number(struct maildb__stage *stage, const struct maildb_record *record)
{
	if (record->flags & MAILDB_RECORD_MORE)
		return;
	stage->n++;
	stage->seq = 0;
	stage->rank = 0;
	stage->refused = false;
	if (record->flags & MAILDB_RECORD_ROW) {
		stage->rank = rank_of(record);
		stage->nrows++;
	}
}

/* ---- passwords ------------------------------------------------------ */

/* The value that a setting is going to have, freed by free(). */
static int
setting_to_be(struct maildb *db, const char *name, char **out)
{
	struct maildb__row row = { 0 };
	const struct maildb__value *value;
	int rc;

	*out = NULL;
	rc = maildb__fetch(db, &row, STMT_STAGE_SETTING_GET, V_TEXT(name));
	if (rc > 0 && (value = maildb__row_value(&row, "value"))->type ==
	    MAILDB__TEXT && strcmp(value->text, "default") != 0 &&
	    (*out = strdup(value->text)) == NULL)
		rc = maildb__nomem(db);
	maildb__row_clear(&row);
	return rc < 0 || *out != NULL ? rc :
	    maildb_setting_get(db, name, out);
}

int
maildb__stage_smtputf8(struct maildb *db, bool *on)
{
	const struct maildb_field *field;
	struct maildb__value value;
	char *text;
	int rc = setting_to_be(db, "smtputf8", &text);

	*on = rc >= 0 && maildb__field_value(db, MAILDB_KIND_SETTING,
	    "smtputf8", text, &field, &value) == 0 && value.number != 0;
	free(text);
	return rc < 0 ? rc : 0;
}

/* The threads, made for the first password. */
static int
need_hasher(struct maildb *db)
{
	char *scheme = NULL, *cost = NULL;
	int rc;

	if (db->stage->hasher != NULL)
		return 0;
	if ((rc = setting_to_be(db, "password_scheme", &scheme)) >= 0 &&
	    (rc = setting_to_be(db, "password_cost", &cost)) >= 0) {
		db->stage->hasher = maildb__hasher_new(scheme,
		    strtoul(cost, NULL, 10));
		rc = db->stage->hasher != NULL ? 0 : maildb__nomem(db);
	}
	free(scheme);
	free(cost);
	return rc < 0 ? rc : 0;
}

/* Fails for a password that cannot be hashed, or refuses its row. */
static int
refuse_hashing(struct maildb *db, const struct maildb__hashing *job)
{
	maildb__fail(db, job->code, "the password of %s@%s: %s",
	    job->localpart, job->domain, maildb_error_meaning(job->code));
	return job->rank == 0 ? job->code : refuse_row(db, job->code,
	    job->rank, job->n, job->file, job->line);
}

/* Takes in what the threads have done, so far or (wait) all of it. */
static int
collect(struct maildb *db, bool wait)
{
	struct maildb__hashing *job;
	int rc = 0;

	while (rc >= 0 && db->stage->hasher != NULL &&
	    (job = maildb__hasher_get(db->stage->hasher, wait)) != NULL) {
		if (job->code < 0)
			rc = refuse_hashing(db, job);
		else if (job->hash != NULL) {
			db->stage->hashed = true;
			rc = maildb__exec(db, STMT_STAGE_HASH,
			    V_INT(job->n), V_TEXT(job->domain), V_TEXT(job->localpart),
			    V_TEXT(job->hash));
		}
		maildb__hashing_free(job);
	}
	return rc < 0 ? rc : 0;
}

/* Hands a password to the threads, or finds that there is nothing to do
 * because the user exists, and sets "pending" then. */
static int
hash_later(struct maildb *db, const struct maildb_record *record,
    const struct maildb_address *address, struct maildb__row *row)
{
	struct maildb__hashing *job = NULL;
	struct maildb__row user = { 0 };
	const char *old, *why;
	int rc;

	if ((why = maildb_password_fault(record->password)) != NULL ||
	    strlen(record->password) > MAILDB_PASSWORD_MAX) {
		maildb__fail(db, MAILDB_EPASSWORD, "the password of %s: %s",
		    address->text, why != NULL ? why : "it is too long");
		return maildb__fault_input(db, "password", NULL);
	}
	rc = maildb__fetch(db, &user, STMT_USER_PASSWORD,
	    V_TEXT(address->domain), V_TEXT(address->local));
	if (rc > 0 && !(record->flags & MAILDB_RECORD_REPLACE))
		rc = maildb__row_set(db, row, "pending", V_INT(1));
	else if (rc >= 0 && (rc = need_hasher(db)) == 0) {
		old = maildb__row_text(&user, "password");
		rc = MAILDB_ENOMEM;
		if ((job = calloc(1, sizeof(*job))) != NULL &&
		    (job->domain = strdup(address->domain)) != NULL &&
		    (job->localpart = strdup(address->local)) != NULL &&
		    (job->password = strdup(record->password)) != NULL &&
		    (*old == '\0' || (job->old = strdup(old)) != NULL)) {
			job->n = db->stage->n;
			job->rank = db->stage->rank;
			job->file = maildb__row_int(row, "file");
			job->line = maildb__row_int(row, "line");
			maildb__hasher_put(db->stage->hasher, job);
			job = NULL;
			rc = collect(db, false);
		} else
			maildb__nomem(db);
	}
	maildb__hashing_free(job);
	maildb__row_clear(&user);
	return rc;
}

/* Puts what a record says about the password into its row. */
static int
read_password(struct maildb *db, const struct maildb_record *record,
    const struct maildb_address *address, struct maildb__row *row)
{
	char *hash = NULL;
	int rc;

	if (record->password != NULL && record->hash != NULL) {
		maildb__fail(db, MAILDB_EVALUE,
		    "%s has both a password and a hash", address->text);
		return maildb__fault_input(db, "hash", NULL);
	}
	if ((rc = maildb__user_hash(db, record->hash, &hash)) == 0 &&
	    (rc = maildb__row_set(db, row, "password", V_TEXT(hash))) == 0 &&
	    (rc = maildb__row_set(db, row, "pending", V_INT(0))) == 0)
		rc = maildb__row_set(db, row, "replaces",
		    V_INT((record->flags & MAILDB_RECORD_REPLACE) != 0));
	maildb_secret_free(hash);
	return rc < 0 || record->password == NULL ? rc :
	    hash_later(db, record, address, row);
}

/* Refuses the name of a new user in an import.  Records are judged together
 * with the settings that come along. */
static int
check_name(struct maildb *db, const struct maildb_address *address)
{
	int rc = 0;

	if (db->stage->rank > 0 && (rc = maildb__user_name(db, address->local,
	    address->domain)) < 0 && maildb_user_exists(db, address->text) > 0)
		rc = 0;
	return rc;
}

static int
stage_user(struct maildb *db, const struct maildb_record *record,
    struct maildb__row *row)
{
	struct maildb_address address;
	int rc;

	rc = maildb__address(db, "address", record->key, 0, MAILDB_MAILBOX,
	    &address);
	if (rc < 0 || (rc = check_name(db, &address)) < 0 ||
	    (rc = read_attrs(db, record, row)) < 0 ||
	    (rc = maildb__user_check(db, row)) < 0 ||
	    (rc = set_address(db, row, &address)) < 0 ||
	    (rc = complete(db, record, row)) < 0 ||
	    (rc = read_password(db, record, &address, row)) < 0 ||
	    (rc = maildb__exec_row(db, STMT_STAGE_USER, row)) < 0)
		return rc;
	return record->targets == NULL ? 0 :
	    stage_source(db, record, &address, row);
}

/* ---- the area ------------------------------------------------------- */

/* Runs statements without inputs, those that the back end has. */
static int
run_all(struct maildb *db, const enum maildb__stmt_id *stmts, size_t count)
{
	size_t i;
	int rc = 0;

	for (i = 0; rc >= 0 && i < count; i++)
		if (maildb__stmts[stmts[i]].text[db->driver->backend] != NULL)
			rc = maildb__exec_values(db, stmts[i], NULL);
	return rc < 0 ? rc : 0;
}

int
maildb_stage_begin(struct maildb *db)
{
	static const enum maildb__stmt_id stmts[] = {
		STMT_STAGE_CACHE, STMT_STAGE_DROP_SETTING,
		STMT_STAGE_DROP_DOMAIN, STMT_STAGE_DROP_USER,
		STMT_STAGE_DROP_HASH, STMT_STAGE_DROP_ALIAS,
		STMT_STAGE_DROP_TARGET, STMT_STAGE_DROP_SENDER,
		STMT_TODO_DROP_SENDER, STMT_STAGE_DROP_SCOPE,
		STMT_STAGE_DROP_USED, STMT_TODO_DROP_DOMAIN,
		STMT_TODO_DROP_USER, STMT_TODO_DROP_ALIAS,
		STMT_TODO_DROP_TARGET, STMT_TODO_DROP_REMOVAL,
		STMT_STAGE_MAKE_SETTING, STMT_STAGE_MAKE_DOMAIN,
		STMT_STAGE_MAKE_USER, STMT_STAGE_MAKE_HASH,
		STMT_STAGE_MAKE_ALIAS, STMT_STAGE_MAKE_TARGET,
		STMT_STAGE_MAKE_SENDER, STMT_TODO_MAKE_SENDER,
		STMT_STAGE_MAKE_SCOPE, STMT_STAGE_MAKE_USED,
		STMT_TODO_MAKE_DOMAIN, STMT_TODO_MAKE_USER,
		STMT_TODO_MAKE_ALIAS, STMT_TODO_MAKE_TARGET,
		STMT_TODO_MAKE_REMOVAL, STMT_LATE_DROP_ROW,
		STMT_LATE_DROP_DOMAIN, STMT_LATE_DROP_USER,
		STMT_LATE_DROP_TARGET, STMT_LATE_DROP_ZONE, STMT_LATE_MAKE_ROW,
		STMT_LATE_MAKE_DOMAIN, STMT_LATE_MAKE_USER,
		STMT_LATE_MAKE_TARGET, STMT_LATE_MAKE_ZONE, STMT_LATE_INDEX_ROW,
	};
	int rc;

	if (db->conn == NULL)
		return maildb__fail(db, MAILDB_EMISUSE, "no database is open");
	maildb__stage_free(db);
	if ((db->stage = calloc(1, sizeof(*db->stage))) == NULL)
		return maildb__nomem(db);
	db->stage_free = maildb__stage_free;
	db->staging = true;
	/* Otherwise each record would be a transaction. */
	if (!db->locked) {
		if ((rc = db->driver->script(db->conn, "BEGIN")) < 0)
			return rc;
		db->stage->own_txn = true;
	}
	if ((rc = run_all(db, stmts, ARRAY_LEN(stmts))) < 0)
		maildb__stage_free(db);
	return rc;
}

int
maildb_stage(struct maildb *db, const struct maildb_record *record)
{
	struct maildb__row row = { 0 };
	int64_t file;
	int rc;

	if (!db->staging)
		return maildb__fail(db, MAILDB_EMISUSE,
		    "records are staged between begin and end");
	number(db->stage, record);
	if (db->stage->refused)
		return 0;
	switch (record->kind) {
	case MAILDB_KIND_SETTING:
		rc = stage_setting(db, record);
		break;
	case MAILDB_KIND_DOMAIN:
		rc = stage_domain(db, record, &row);
		break;
	case MAILDB_KIND_USER:
		rc = stage_user(db, record, &row);
		break;
	case MAILDB_KIND_ALIAS:
	case MAILDB_KIND_RECIPIENT:
		rc = stage_alias(db, record, &row);
		break;
	case MAILDB_KIND_SENDER:
		rc = stage_sender(db, record, &row);
		break;
	default:
		rc = maildb__fail(db, MAILDB_EMISUSE, "no kind of record");
	}
	maildb__row_clear(&row);
	if (rc < 0 && db->stage->rank > 0 && maildb__refusable(rc) &&
	    file_number(db, record->file, &file) == 0) {
		db->stage->refused = true;
		rc = refuse_row(db, rc, db->stage->rank, db->stage->n, file,
		    record->line);
	}
	if (rc < 0)
		maildb__stage_free(db);
	return rc < 0 ? rc : 0;
}

int
maildb_stage_end(struct maildb *db)
{
	static const enum maildb__stmt_id stmts[] = {
		STMT_STAGE_INDEX_DOMAIN, STMT_STAGE_INDEX_USER,
		STMT_STAGE_INDEX_ALIAS, STMT_STAGE_INDEX_TARGET,
		STMT_STAGE_INDEX_SENDER, STMT_STAGE_INDEX_TODO,
		STMT_STAGE_INDEX_REMOVAL, STMT_LATE_INDEX_TURN,
		STMT_LATE_INDEX_DOMAIN, STMT_LATE_INDEX_USER,
		STMT_LATE_INDEX_ADDRESS, STMT_LATE_INDEX_TARGET,
		STMT_LATE_INDEX_ZONE, STMT_STAGE_ANALYZE,
	};
	int rc;

	if (!db->staging)
		return maildb__fail(db, MAILDB_EMISUSE,
		    "nothing is being staged");
	if ((rc = collect(db, true)) < 0 ||
	    (db->driver->flush != NULL &&
	    (rc = db->driver->flush(db->conn, false)) < 0) ||
	    (rc = run_all(db, stmts, ARRAY_LEN(stmts))) < 0)
		goto fail;
	maildb__hasher_free(db->stage->hasher);
	db->stage->hasher = NULL;
	if (db->stage->hashed && (rc = maildb__exec_values(db,
	    STMT_STAGE_HASHED, NULL)) < 0)
		goto fail;
	if (db->stage->own_txn &&
	    (rc = db->driver->script(db->conn, "COMMIT")) < 0)
		goto fail;
	db->stage->own_txn = false;
	db->staging = false;
	return 0;
fail:
	maildb__stage_free(db);
	return rc;
}
