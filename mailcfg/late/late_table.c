/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * late_table.c - the module of libsmartcols: see late.h
 */
#include "late/late_table.h"

const struct late_table late_functions = { LATE_FUNCTIONS(LATE_VALUE) };
