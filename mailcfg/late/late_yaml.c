/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * late_yaml.c - the module of libyaml: see late.h
 */
#include "late/late_yaml.h"

const struct late_yaml late_functions = { LATE_FUNCTIONS(LATE_VALUE) };
