/*
 * What may stand where: the words, their arguments and `require` (RFC 5228 2.6 to 3.2).
 *
 * SPDX-License-Identifier: ISC
 */
#ifndef FILTER_LANGUAGE_CHECKER_H
#define FILTER_LANGUAGE_CHECKER_H

#include "filter/language/script.h"

/* Completes the nodes of a parsed script; mistakes go to its problems. */
void checker_check(struct script *script);

#endif
