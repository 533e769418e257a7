/*
 * Names of messages in a Maildir.
 *
 *	name = seconds "." "M" microseconds "P" pid "Q" count "R" random "." host ",S=" size
 *	       [ ":2," letters ]
 *
 * The specification (cr.yp.to/proto/maildir.html) and ",S=" of Maildir++.
 *
 * SPDX-License-Identifier: ISC
 */
#ifndef DELIVER_MAILDIR_NAME_H
#define DELIVER_MAILDIR_NAME_H

#include "common/base/buf.h"

/* Adds a new unique name. */
void maildir_put_name(struct buf *out, const char *host, uint64_t size);

/*
 * Adds the letters of the flags, sorted: \Draft D, \Flagged F, $Forwarded P, \Answered R,
 * \Seen S, \Deleted T. Others have none and are left out.
 */
void maildir_put_letters(struct buf *out, struct slice flags);

/* Is `name`, found in new/ or cur/, the message that was stored as `base`? */
bool maildir_same_name(const char *name, const char *base);

#endif
