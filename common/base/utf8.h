/*
 * RFC 3629: UTF-8, strictly: no overlong form, no surrogate, nothing beyond U+10FFFF.
 *
 * SPDX-License-Identifier: ISC
 */
#ifndef COMMON_BASE_UTF8_H
#define COMMON_BASE_UTF8_H

#include "common/base/buf.h"

/* U+FFFD, which stands for what could not be read. */
#define UTF8_REPLACEMENT "\xef\xbf\xbd"

/*
 * Length of the character at the front (1 to 4); 0: the bytes end within a character that
 * could still become valid, or there are none; -1: the first byte begins no character.
 */
int utf8_length(struct slice s);

/* The character at the front, for which utf8_length gave `length` > 0. */
uint32_t utf8_value(struct slice s, int length);

/* Adds the character; what is no character (a surrogate, too large) as U+FFFD. */
void utf8_put(struct buf *out, uint32_t character);

bool utf8_valid(struct slice s);

#endif
