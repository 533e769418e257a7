/*
 * What `set` and `extracttext` may do to a value before they keep it (RFC 5229 section 4.1).
 *
 * SPDX-License-Identifier: ISC
 */
#ifndef FILTER_COMMANDS_MODIFIERS_H
#define FILTER_COMMANDS_MODIFIERS_H

#include "filter/language/vocabulary.h"

/* In the order in which they are applied (section 4.1: largest precedence first). */
enum {
	MODIFIER_LOWER,
	MODIFIER_UPPER,
	MODIFIER_LOWERFIRST,
	MODIFIER_UPPERFIRST,
	MODIFIER_QUOTEWILDCARD,
	MODIFIER_QUOTEREGEX, /* of the same precedence, as later regex drafts have it */
	MODIFIER_ENCODEURL, /* RFC 5435 section 6: 15 */
	MODIFIER_LENGTH,
	MODIFIER_COUNT, /* the first row that is the word's own */
};

/* The first rows of the word's tags: one of each precedence may stand. */
#define MODIFIER_ROWS \
	[MODIFIER_LOWER] = { "lower", 0, 1, VALUE_NONE }, \
	[MODIFIER_UPPER] = { "upper", 0, 1, VALUE_NONE }, \
	[MODIFIER_LOWERFIRST] = { "lowerfirst", 0, 2, VALUE_NONE }, \
	[MODIFIER_UPPERFIRST] = { "upperfirst", 0, 2, VALUE_NONE }, \
	[MODIFIER_QUOTEWILDCARD] = { "quotewildcard", 0, 3, VALUE_NONE }, \
	[MODIFIER_QUOTEREGEX] = { "quoteregex", CAPABILITY_REGEX, 3, VALUE_NONE }, \
	[MODIFIER_ENCODEURL] = { "encodeurl", CAPABILITY_ENOTIFY, 5, VALUE_NONE }, \
	[MODIFIER_LENGTH] = { "length", 0, 4, VALUE_NONE }

/* Does what the node's tags say, then cuts what is longer than VALUE_MAX (section 6). */
void modifiers_apply(struct buf *text, unsigned given);

#endif
