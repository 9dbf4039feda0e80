/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * import.h - what others' files say, row by row
 *
 * A reader of a format makes an item of each row, or refuses the row; what
 * then becomes of the items is the business of cmd/import.c.  Each row counts
 * once, and what is neither added nor there already is refused.
 */
#ifndef MAILCFG_IMPORT_H
#define MAILCFG_IMPORT_H

#include "line/command.h"

/* In the order in which they are carried out. */
enum item_kind {
	ITEM_SITE,   /* a domain that others need */
	ITEM_USER,
	ITEM_FIELDS, /* of a user; without attributes: there must be one */
	ITEM_DOMAIN, /* one that needs another, or may */
	ITEM_ALIAS,  /* its attributes are those of a new alias */
	ITEMS,
};

/* What one row asks for. */
struct item {
	struct item *next;
	enum item_kind kind;
	const char *file; /* lives as long as the import */
	uint32_t line;
	char *key;
	char *hash, *password; /* secrets */
	struct maildb_attr *attrs; /* the values are the item's own */
	size_t nattrs;
	/* Targets of an alias; addresses that are to lead to a user. */
	char **list;
	size_t nlist;
	bool once; /* only the first row of this key counts */
	bool done; /* kept to compare others with */
	bool fresh; /* it has made its object */
};

/* Something that the database has no place for, and how often it came. */
struct dropped {
	char what[48];
	const char *file;
	uint32_t line;
	unsigned long count;
};

/* The place of a row that is in no file. */
struct place {
	char *text;
	struct place *next;
};

struct import {
	struct call *call;
	const char *domain; /* of names without one, or NULL */
	const char *scheme; /* of hashes that do not say theirs, or NULL */
	const char *file;
	uint32_t line;      /* of the row being read; 0: file tells it all */
	struct place *places;
	void *domains;      /* tree of the names that addresses have */
	void *done;         /* tree of items that are carried out */
	void *lacking;      /* tree of users of whom a row has no password */
	/* Items that are kept until all is read: domains, and with holds or
	 * by_row all, for a reader that looks back at them. */
	bool holds, by_row;
	bool merges;        /* rows of a user complete each other */
	const char *home;   /* template of homes, or NULL */
	unsigned long homeless; /* users without a home */
	struct item *items[ITEMS], **last[ITEMS];
	struct dropped dropped[32];
	size_t ndropped;
	char *paths[16]; /* made by import_path() */
	size_t npaths;
	unsigned long read, added, same, refused;
	void *arg;        /* of the reader */
};

/* All that answer int: 0; 1 when the row was refused; below 0 ends it all. */

/* Begins the item of a row; NULL without memory, with the fault set. */
struct item *item_new(struct import *import, enum item_kind kind,
    const char *key);
int item_attr(struct import *import, struct item *item, const char *name,
    const char *value);
/* A size in the words of whoever wrote it, of which 0 means no limit; a bare
 * number counts units. */
int item_quota(struct import *import, struct item *item, const char *text,
    int64_t unit);
int item_list(struct import *import, struct item *item, const char *text);
/* A stored hash, or none. */
int item_hash(struct import *import, struct item *item, const char *text);
/* Hands the item over, which may be gone then, to be carried out once all is
 * read. */
int item_put(struct import *import, struct item *item);
/* The same, or frees the item when rc says that its row was refused. */
int item_end(struct import *import, struct item *item, int rc);
/* Stages an item that was held: 0 or an error. */
int item_stage(struct import *import, const struct item *item);
/* Sets the call's fault: MAILDB_ENOMEM. */
int import_no_memory(struct import *import);
void item_free(struct item *item);

/* Refuses the present row: 1, or below 0. */
int import_refuse(struct import *import, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
/* Remembers what of the present row is not kept. */
void import_drop(struct import *import, const char *what);
/* Says something about the present row. */
void import_tell(struct import *import, const char *code, const char *format,
    ...) __attribute__((format(printf, 3, 4)));
/* Says something about any row; line 0 stands for none. */
void import_tell_at(struct import *import, const char *code, const char *file,
    uint32_t line, const char *words, const char *hint);
/* Names the users whom no row has given a password. */
void import_tell_lacking(struct import *import);
/* Frees what readers have kept, but for the items. */
void import_free(struct import *import);
/* An address for a name that may lack its domain, freed by free(); NULL and
 * *rc as of import_refuse(). */
char *import_address(struct import *import, const char *name, int *rc);

/* Reads a file line by line as text_lines.h says; a line that cannot be used is
 * refused.  take returns below 0 to end. */
typedef int import_line(struct import *import, char *line);
int import_lines(struct import *import, const char *path, bool joined,
    import_line *take);
/* A file in a folder, as text that lives as long as the import; or NULL. */
char *import_path(struct import *import, const char *folder, const char *name);
FILE *import_open(struct import *import, const char *path);

/* Reads a table as postmap(1) does, key by key; a line that postmap ignores is
 * refused. */
typedef int import_entry(struct import *import, char *key, char *value);
int import_entries(struct import *import, const char *path,
    import_entry *take);
/* Reads virtual_alias_maps; and aliases(5), as postalias(1) does. */
int import_virtual(struct import *import, const char *path);
int import_aliases(struct import *import, const char *path);
/* Whether a key or a --domain of this import has that domain, or the database
 * has it. */
bool import_has_domain(struct import *import, const char *name);
/* The extra fields of a passwd-file of Dovecot: 1 when the row is refused. */
int import_extra(struct import *import, struct item *item, char *text);

/* The formats; each reads what the call names. */
int import_dovecot_passwd(struct import *import);
int import_postfix_texthash(struct import *import);
int import_docker_mailserver(struct import *import);
int import_system(struct import *import);
int import_csv(struct import *import);
int import_flyingcircus(struct import *import);
int import_mailhost(struct import *import);
int import_mailu(struct import *import);
int import_perl_mailcfg(struct import *import);
int import_postfixadmin(struct import *import);
int import_vmm(struct import *import);
int import_ispmail(struct import *import);
int import_iredmail(struct import *import);
int import_mailcow(struct import *import);
int import_modoboa(struct import *import);
int import_mailinabox(struct import *import);

/* Takes limits away from domains that what was kept would break. */
int import_limits(struct import *import);
/* Carries out all that was kept. */
int import_by_row(struct import *import);

int cmd_import(struct call *call);

#endif
