/*
 * Which states of a message its actions need: one is one message in the stream, several are
 * a unit of variants (DESIGN section 3).
 *
 * SPDX-License-Identifier: ISC
 */
#ifndef FILTER_EDIT_VARIANTS_H
#define FILTER_EDIT_VARIANTS_H

#include "filter/ruleset.h"

/*
 * Numbers of the states, each once, in the order of the first action of each; at least one.
 * *out is an owned array. What needs no bytes of the message goes with the first of them.
 */
size_t variants_list(const struct verdict *v, unsigned **out);

/* Whether an action goes with the variant `number`, the k-th (from 0) of the list. */
bool variants_has(const struct action *action, unsigned number, size_t k);

#endif
