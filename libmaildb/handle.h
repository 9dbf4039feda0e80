/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * handle.h - how a handle finds its driver
 */
#ifndef MAILDB_HANDLE_H
#define MAILDB_HANDLE_H

#include "core/core.h"

/* Keeps the URL for messages, finds the driver and what to hand it. */
int maildb__choose(struct maildb *db, const char *url, const char **target);

#endif
