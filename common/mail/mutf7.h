/*
 * Modified UTF-7 (RFC 3501 section 5.1.3): folder names as Maildir++ and IMAP write them.
 *
 * SPDX-License-Identifier: ISC
 */
#ifndef COMMON_MAIL_MUTF7_H
#define COMMON_MAIL_MUTF7_H

#include "common/base/buf.h"

/* Adds the UTF-8 text encoded; false (nothing added) when it is no UTF-8. */
bool mutf7_encode(struct slice utf8, struct buf *out);

/* Adds the text decoded to UTF-8; false (nothing added) when it is no modified UTF-7. */
bool mutf7_decode(struct slice text, struct buf *out);

#endif
