/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * late_edit.h - what is used of libedit, loaded late
 */
#ifndef MAILCFG_LATE_EDIT_H
#define MAILCFG_LATE_EDIT_H

#include <histedit.h>

#include "late/late.h"

#define LATE_FUNCTIONS(X) \
	X(el_init) \
	X(el_end) \
	X(el_get) \
	X(el_set) \
	X(el_gets) \
	X(el_line) \
	X(el_insertstr) \
	X(el_deletestr) \
	X(el_reset) \
	X(el_source) \
	X(history_init) \
	X(history_end) \
	X(history)

struct late_edit {
	LATE_FUNCTIONS(LATE_MEMBER)
};

#endif
