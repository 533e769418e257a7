/*
 * Scripts that others include (RFC 6609): found, compiled once, tied to who includes them.
 *
 * SPDX-License-Identifier: ISC
 */
#ifndef FILTER_LANGUAGE_LIBRARY_H
#define FILTER_LANGUAGE_LIBRARY_H

#include "filter/language/script.h"

/* LIMIT: scripts that all rule files together include. */
enum { LIBRARY_MAX = 1000 };

struct library {
	char *personal; /* where :personal ones are; owned; NULL or empty: nowhere */
	char *global;
	struct script **at; /* owned */
	size_t count;
};

/*
 * Ties the inclusions of a script, and of what it includes, to scripts. What is missing,
 * cannot be read or does not compile is no fault: it is one when it is run (section 3.1).
 */
void library_tie(struct library *library, struct script *script);

void library_free(struct library *library);

#endif
