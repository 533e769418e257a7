/*
 * Strings of a script: encoded characters (RFC 5228 2.4.2.4) and variables (RFC 5229 3).
 *
 * SPDX-License-Identifier: ISC
 */
#ifndef FILTER_LANGUAGE_TEMPLATE_H
#define FILTER_LANGUAGE_TEMPLATE_H

#include "filter/language/script.h"

/*
 * Fills pieces, constant and text from raw, by the capabilities of the script. Mistakes
 * (a character number out of range, a foreign namespace, ${100}) go to its problems: -1.
 */
int template_compile(struct script *script, struct template *t);

/* Number of the variable of that name in the script, made if new; -1: too many. */
int template_variable(struct script *script, struct slice name, unsigned *out);

/*
 * The same for the variable that a command sets: NULL, or what is wrong with its name. With
 * "include" it may be "global.x" (RFC 6609 section 3.4.2).
 */
const char *template_assign(struct script *script, struct slice name, unsigned *out);

/* Was it set by a command before this one? */
bool template_is_set(const struct script *script, struct slice name);

/* From here on `name` is the one that all scripts share. -1: too many variables. */
int template_share(struct script *script, struct slice name);

/* How the names of shared variables begin. */
#define TEMPLATE_GLOBAL "global."

/* identifier = (ALPHA / "_") *(ALPHA / DIGIT / "_") */
bool template_is_identifier(struct slice text);

#endif
