/*
 * Puts groups into the configuration file of the user.
 *
 * SPDX-License-Identifier: ISC
 */
#ifndef FETCH_VERBS_SETUP_WRITE_H
#define FETCH_VERBS_SETUP_WRITE_H

#include "common/base/buf.h"
#include "common/base/fault.h"

struct setup_group {
	const char *section; /* "account" or "smarthost" */
	const char *name;
	struct buf text;     /* owned by who made it */
};

/*
 * Adds them to the file, which is made (0600, its folder 0700) when it is not there. The new
 * text is read as mr-fetch reads it before it replaces the old one, which stays as FILE~; both
 * are synced. A link to the file stays one. The file is as it was after any fault:
 * FAULT_CONFIG it cannot be done safely; FAULT_TEMP.
 */
int setup_write(const char *path, const struct setup_group *groups, size_t count,
	struct fault *why);

#endif
