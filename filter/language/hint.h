/*
 * What somebody who comes from another language may have meant.
 *
 * SPDX-License-Identifier: ISC
 */
#ifndef FILTER_LANGUAGE_HINT_H
#define FILTER_LANGUAGE_HINT_H

#include "common/base/buf.h"

/* What to write instead of the word, or NULL: "redirect" for "forward". */
const char *hint_word(struct slice word);

/* What to write instead of what stands at the front of `rest`, or NULL: anyof for "||". */
const char *hint_bytes(struct slice rest);

#endif
