/*
 * RFC 2045 section 6.7: quoted-printable, written.
 *
 * SPDX-License-Identifier: ISC
 */
#ifndef COMMON_MAIL_TRANSFER_ENCODE_H
#define COMMON_MAIL_TRANSFER_ENCODE_H

#include "common/base/buf.h"

/*
 * Adds the text, whose lines end with LF, in lines of at most 76 bytes. Every byte but LF
 * comes back as it was; a soft line break never stands inside of a UTF-8 character.
 */
void transfer_encode_quoted(struct slice text, struct buf *out);

/* May it go as it is (7bit): ASCII without NUL and CR, no line beyond 998 bytes? */
bool transfer_is_7bit(struct slice text);

#endif
