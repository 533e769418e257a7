/*
 * From what FETCH says of a message to the flags of its frame.
 *
 * SPDX-License-Identifier: ISC
 */
#ifndef FETCH_IMAP_KEYWORDS_H
#define FETCH_IMAP_KEYWORDS_H

#include "common/net/imap_reply.h"

/*
 * Adds FLAGS without \Recent and \Deleted: a message that is about to go at its server has
 * only arrived here. Parted by blanks, like the rest of what is there.
 */
void imap_put_flags(const struct imap_fetch *fetch, struct buf *out);

/*
 * Adds Gmail's labels as keywords that any IMAP server would take: "\Important" becomes
 * "$Important" (RFC 8457), in all others what is no atom character becomes "_"; modified
 * UTF-7 stays. "\Starred" is left out, for it is \Flagged among FLAGS. Each stands once.
 */
void imap_put_labels(const struct imap_fetch *fetch, struct buf *out);

#endif
