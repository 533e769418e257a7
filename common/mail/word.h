/*
 * RFC 2047: encoded words of a header, decoded to UTF-8 and encoded from it.
 *
 * SPDX-License-Identifier: ISC
 */
#ifndef COMMON_MAIL_WORD_H
#define COMMON_MAIL_WORD_H

#include "common/base/buf.h"
#include "common/mail/charset.h"

/*
 * Adds the unfolded text with its encoded words decoded (blanks between two of them go;
 * words of one charset are joined before they are converted, for a character may be split
 * between them). What cannot be decoded (unknown charset, broken base64) stays as it
 * stands; raw 8-bit bytes that are no UTF-8 are taken as windows-1252. The result is valid
 * UTF-8 without NUL, CR and LF: each of those becomes U+FFFD. In linear time.
 */
void word_decode(struct slice unfolded, struct buf *out);

/*
 * Adds text (UTF-8; what is none becomes U+FFFD) fit for an unstructured field or a display
 * name of words: as it is when it is printable ASCII that looks like no encoded word, else
 * encoded words with "\n " between them. No character is split, no control byte passes.
 */
void word_encode(struct slice utf8, struct buf *out);

/* The same, always as encoded words. */
void word_encode_always(struct slice utf8, struct buf *out);

/* Adds text that may be anything as the same clean UTF-8, encoded words left alone. */
void word_clean(struct slice text, struct buf *out);

/*
 * Base64 (RFC 2045 6.8) as a whole, blanks and missing padding forgiven; false when it is
 * none (what was right is added). transfer.h decodes a body's, which forgives more.
 */
bool word_base64_decode(struct slice text, struct buf *out);
void word_base64_encode(struct slice bytes, struct buf *out); /* one line */

#endif
