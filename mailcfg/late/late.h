/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * late.h - libraries that few commands need, loaded by those
 *
 * The linker maps a library at each start, needed or not; with the editor's,
 * the tables' and YAML's, most commands took longer to start than to run.  So
 * each has a module: a struct of its functions, which has to be linked to it
 * as any program has.
 *
 * late_NAME.h lists the functions.  late_NAME.c is the module.
 */
#ifndef MAILCFG_LATE_H
#define MAILCFG_LATE_H

/* What becomes of a list of functions: a struct's members, their values. */
#define LATE_MEMBER(name) __typeof__(name) *name;
#define LATE_VALUE(name) .name = name,

/* The struct of a module by its name; NULL if that cannot be loaded, and *why
 * is a sentence to be freed, or NULL without memory. */
const void *late(const char *name, char **why);

#endif
