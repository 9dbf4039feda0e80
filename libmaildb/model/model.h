/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * model.h - what there is: kinds, fields, and addresses as callers give them
 */
#ifndef MAILDB_MODEL_H
#define MAILDB_MODEL_H

#include "core/core.h"

/* ---- field.c ------------------------------------------------------------ */

/*
 * Puts attributes into a row: each is found in the kind's fields, parsed and,
 * when it differs from what the row has, set.  Answers how many differed.
 */
int maildb__apply(struct maildb *db, enum maildb_kind kind,
    struct maildb__row *row, const struct maildb_attr *attrs, size_t nattrs,
    bool creating);
/* Whether a user's field is kept in the address row. */
bool maildb__on_address(const char *field);
/* Reads one value: MAILDB_EFIELD or MAILDB_EVALUE when that fails. */
int maildb__field_value(struct maildb *db, enum maildb_kind kind,
    const char *name, const char *text, const struct maildb_field **field,
    struct maildb__value *value);
/* Tells of a size below 1 MiB that was given without a unit. */
void maildb__size_notice(struct maildb *db, const struct maildb_field *field,
    const struct maildb__value *value, const char *text);
/* Fills a row with what a new object of the kind has. */
int maildb__initial(struct maildb *db, enum maildb_kind kind,
    struct maildb__row *row);

/* ---- input.c: addresses as callers give them ---------------------------- */

/* Parses or fails with MAILDB_EADDRESS, naming field. */
int maildb__address(struct maildb *db, const char *field, const char *text,
    unsigned flags, enum maildb_address_class most, struct maildb_address *out);
int maildb__domain_name(struct maildb *db, const char *field, const char *text,
    char name[MAILDB_DOMAIN_MAX + 1], char uname[MAILDB_ULABEL_MAX + 1]);

#endif
