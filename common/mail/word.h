/*
 * RFC 2047: encoded words of a header, decoded to UTF-8 and encoded from it; and charsets.
 *
 * SPDX-License-Identifier: ISC
 */
#ifndef COMMON_MAIL_WORD_H
#define COMMON_MAIL_WORD_H

#include "common/base/buf.h"

/*
 * Adds the unfolded text with its encoded words decoded (blanks between two of them go).
 * What cannot be decoded (unknown charset, broken base64) stays as it stands; raw 8-bit
 * bytes that are no UTF-8 are taken as windows-1252. The result is valid UTF-8 without
 * NUL, CR and LF: those of a decoded word become U+FFFD.
 */
void word_decode(struct slice unfolded, struct buf *out);

/* Adds text (UTF-8) fit for an unstructured field: as it is when ASCII, else encoded words. */
void word_encode(struct slice utf8, struct buf *out);

/* Adds `bytes` of `charset` as UTF-8; false (nothing added) when the charset is unknown. */
bool charset_to_utf8(struct slice charset, struct slice bytes, struct buf *out);

/* Base64 (RFC 2045 6.8), blanks skipped; false when it is none (what was right is added). */
bool word_base64_decode(struct slice text, struct buf *out);
void word_base64_encode(struct slice bytes, struct buf *out); /* one line */

#endif
