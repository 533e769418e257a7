/*
 * What other Sieve servers lack, or do otherwise: warnings about a script that compiles.
 *
 * SPDX-License-Identifier: ISC
 */
#ifndef FILTER_VERBS_PORTABLE_H
#define FILTER_VERBS_PORTABLE_H

#include "filter/language/script.h"

/* Adds "FILE:LINE:COLUMN: warning: TEXT" with the line, each; `nth` file of the folder from 0. */
void portable_show(const struct script *script, size_t nth, struct buf *out);

#endif
