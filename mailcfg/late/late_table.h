/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * late_table.h - what is used of libsmartcols, loaded late
 */
#ifndef MAILCFG_LATE_TABLE_H
#define MAILCFG_LATE_TABLE_H

#include <libsmartcols.h>

#include "late/late.h"

#define LATE_FUNCTIONS(X) \
	X(scols_new_table) \
	X(scols_unref_table) \
	X(scols_table_enable_noencoding) \
	X(scols_table_set_stream) \
	X(scols_table_set_termforce) \
	X(scols_table_enable_colors) \
	X(scols_table_new_column) \
	X(scols_table_get_column) \
	X(scols_column_get_header) \
	X(scols_column_set_flags) \
	X(scols_cell_set_color) \
	X(scols_table_is_empty) \
	X(scols_print_table) \
	X(scols_table_remove_lines) \
	X(scols_table_enable_noheadings) \
	X(scols_table_new_line) \
	X(scols_line_refer_data)

struct late_table {
	LATE_FUNCTIONS(LATE_MEMBER)
};

#endif
