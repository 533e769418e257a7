/*
 * Charsets of mail (RFC 2046 section 4.1.2) to UTF-8, in pieces of any size.
 *
 * What comes out is valid UTF-8; what cannot be read becomes U+FFFD. US-ASCII and no
 * charset at all are read as UTF-8 with windows-1252 for bytes that are none, ISO-8859-1
 * as windows-1252 (its C1 controls are of no use in mail), GB2312 as GBK.
 *
 * SPDX-License-Identifier: ISC
 */
#ifndef COMMON_MAIL_CHARSET_H
#define COMMON_MAIL_CHARSET_H

#include "common/base/buf.h"

struct charset;

/*
 * Only charsets that mail is written in are known (the table in charset.c): the name is a
 * stranger's, and must not choose among all that the C library has.
 */
bool charset_known(struct slice name);

/* NULL when not known, or when this system cannot convert it. The empty name is US-ASCII. */
struct charset *charset_open(struct slice name);
void charset_feed(struct charset *c, struct slice bytes, struct buf *out);
void charset_finish(struct charset *c, struct buf *out); /* a character cut short: U+FFFD */
void charset_close(struct charset *c);

/* The whole at once; false, and nothing added, when charset_open says NULL. */
bool charset_to_utf8(struct slice name, struct slice bytes, struct buf *out);

#endif
