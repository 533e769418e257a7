/*
 * A group put into a configuration that a person wrote: its comments and its looks stay.
 *
 * libconfig writes what it has read without them, so the text itself is added to. Pure.
 *
 * SPDX-License-Identifier: ISC
 */
#ifndef FETCH_VERBS_SETUP_INSERT_H
#define FETCH_VERBS_SETUP_INSERT_H

#include "common/base/buf.h"
#include "common/base/fault.h"

/*
 * Adds `text` to *out with `group` ("name: {...}", whole lines) put at the end of the section,
 * which is made at the end of the text when it is not there. `text` has been read by libconfig
 * without complaint; the result should be, too. FAULT_CONFIG: the place is not certain (other
 * files are included, the section is written in an unusual way).
 */
int setup_insert(struct slice text, const char *section, const char *group, struct buf *out,
	struct fault *why);

#endif
