/*
 * Texts without which a pattern cannot match, so that most patterns need not be tried.
 *
 * Careful: what is not understood for certain gives no texts, never wrong ones. All are in
 * capitals (match_fold): a value is folded before it is searched.
 *
 * SPDX-License-Identifier: ISC
 */
#ifndef FILTER_INDEX_LITERALS_H
#define FILTER_INDEX_LITERALS_H

#include "common/base/buf.h"

/* LIMIT: alternatives of one expression, and nested groups that are looked into. */
enum { LITERALS_MAX = 64, LITERALS_DEPTH = 20 };

struct literals {
	struct strings texts; /* one of them is in each match; none: nothing is known */
	bool sound;           /* PCRE2 compiles this expression for certain */
};

/* Of a regular expression as regex.h has them. */
void literals_of_regex(struct slice pattern, struct literals *out);
void literals_free(struct literals *l);
#define AUTO_LITERALS __attribute__((cleanup(literals_free))) struct literals

/*
 * False when folding is not enough to find such texts in this value: without regard to
 * case, PCRE2 takes U+017F for an "s" and U+212A for a "k".
 */
bool literals_fit(struct slice value);

/* Of a :matches key: its longest run without wildcard, added to *out; perhaps nothing. */
void literals_of_glob(struct slice key, struct buf *out);

#endif
