/*
 * What the scripts of one rule file share while they run (RFC 6609 sections 3.2 and 3.4).
 *
 * SPDX-License-Identifier: ISC
 */
#ifndef FILTER_INCLUSIONS_H
#define FILTER_INCLUSIONS_H

#include "filter/language/script.h"

/*
 * LIMIT: scripts that one rule file includes while it runs, each time counted: without one,
 * twenty that include the next one twice would run a million times.
 */
enum { INCLUSIONS_MAX = 1000 };

struct inclusions {
	const struct script **at;
	size_t count;
	struct strings names; /* of the shared variables, without "global." */
	struct buf *values;
};

/* Notes that it is included; false: that is one too many. */
bool inclusions_add(struct inclusions *in, const struct script *script);

/* Was it, at any point before? */
bool inclusions_have(const struct inclusions *in, const struct script *script);

/* Takes the values of the shared variables from a script's own, or gives them to it. */
void inclusions_store(struct inclusions *in, const struct script *script,
	const struct buf *variables);
void inclusions_load(const struct inclusions *in, const struct script *script,
	struct buf *variables);

void inclusions_free(struct inclusions *in);

#endif
