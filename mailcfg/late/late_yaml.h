/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * late_yaml.h - what is used of libyaml, loaded late
 */
#ifndef MAILCFG_LATE_YAML_H
#define MAILCFG_LATE_YAML_H

#include <yaml.h>

#include "late/late.h"

#define LATE_FUNCTIONS(X) \
	X(yaml_parser_initialize) \
	X(yaml_parser_delete) \
	X(yaml_parser_set_encoding) \
	X(yaml_parser_set_input) \
	X(yaml_parser_parse) \
	X(yaml_event_delete)

struct late_yaml {
	LATE_FUNCTIONS(LATE_MEMBER)
};

#endif
