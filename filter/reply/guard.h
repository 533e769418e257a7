/*
 * May a message be answered by a machine? RFC 3834 section 2, RFC 5230 sections 4.5 and 4.6,
 * RFC 5436 section 2.7. Pure: message, envelope and the user's addresses decide.
 *
 * SPDX-License-Identifier: ISC
 */
#ifndef FILTER_REPLY_GUARD_H
#define FILTER_REPLY_GUARD_H

#include "filter/message.h"

/*
 * True: a personal reply may go to *sender, the envelope sender (replaced). Else *why (added
 * to) is a sentence: the sender is null, unknown, no address, the user or a machine; the
 * message comes from a list, a machine or a spammer; or the user is none of its recipients.
 */
bool guard_reply(struct message *m, const struct strings *own, struct buf *sender,
	struct buf *why);

/* True: it may be told of. Else *why: it was submitted by a machine, so this may be a loop. */
bool guard_notify(struct message *m, struct buf *why);

#endif
