/*
 * The comparator i;unicode-casemap (RFC 5051): texts made ready for i;octet, and :matches
 * over them.
 *
 * A character becomes its titlecase, decomposed (NFKD without reordering). A text that is
 * no UTF-8 stays as it is, all of it (section 2, step 1b). Pure.
 *
 * SPDX-License-Identifier: ISC
 */
#ifndef FILTER_UNICODE_CASEMAP_H
#define FILTER_UNICODE_CASEMAP_H

#include "filter/match.h"

/* Adds the text made ready. */
void casemap_fold(struct buf *out, struct slice text);

/*
 * The same for a key of :matches: a "*", "?" or "\" that a character turns into, as the
 * fullwidth ones do, is no wildcard and is quoted.
 */
void casemap_fold_glob(struct buf *out, struct slice key);

/* How many bytes at the end may be a character that is not whole yet: 0 to 3. */
size_t casemap_unfinished(struct slice text);

/*
 * :matches: "*" as few characters as possible, "?" one character of `value`, which is not
 * made ready yet; `key` is. 1, 0, or -1 when it would take too long. Offsets in *out (may
 * be NULL) are those of `value`: of a character in whose middle a star begins or ends all
 * of it.
 */
int casemap_glob(struct slice value, struct slice key, struct captures *out);

#endif
