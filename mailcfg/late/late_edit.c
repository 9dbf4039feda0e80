/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * late_edit.c - the module of libedit: see late.h
 */
#include "late/late_edit.h"

const struct late_edit late_functions = { LATE_FUNCTIONS(LATE_VALUE) };
