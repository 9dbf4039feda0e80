/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * config.h - what a run was asked for: global options, environment, files
 */
#ifndef MAILCFG_CONFIG_H
#define MAILCFG_CONFIG_H

#include "base/call.h"

/* The global options, as a list that ends with one without a name. */
const struct option *config_options(void);
/* The one of that name that the shell's "set" changes, or NULL. */
const struct option *config_session(const char *name);
/* Whether an option is one of them. */
bool config_owns(const struct option *option);
/* Applies one of them; value is "" for a switch. */
int config_apply(struct config *config, const struct option *option,
    const char *value, struct fault *fault);
/* Puts one back to what it is when nobody says anything. */
void config_reset(struct config *config, const struct option *option);
/* Fills what no option said from the environment and the files. */
int config_load(struct config *config, struct fault *fault);
void config_free(struct config *config);

#endif
