/*
 * Strings of a script: encoded characters (RFC 5228 2.4.2.4) and variables (RFC 5229 3).
 *
 * SPDX-License-Identifier: ISC
 */
#ifndef FILTER_TEMPLATE_H
#define FILTER_TEMPLATE_H

#include "filter/script.h"

/*
 * Fills pieces, constant and text from raw, by the capabilities of the script. Mistakes
 * (a character number out of range, a foreign namespace, ${100}) go to its problems: -1.
 */
int template_compile(struct script *script, struct template *t);

/* Number of the variable of that name in the script, made if new; -1: too many. */
int template_variable(struct script *script, struct slice name, unsigned *out);

/* identifier = (ALPHA / "_") *(ALPHA / DIGIT / "_") */
bool template_is_identifier(struct slice text);

#endif
