/*
 * The author of a message that is put together here: :from (RFC 5230 4.3, RFC 5436 2.3).
 *
 * SPDX-License-Identifier: ISC
 */
#ifndef FILTER_REPLY_MAILBOXES_H
#define FILTER_REPLY_MAILBOXES_H

#include "common/base/buf.h"
#include "common/base/fault.h"

/* LIMIT: bytes of such a list, so that each name fits into a line. */
enum { MAILBOXES_MAX = 900 };

/*
 * Adds "NAME: ..." of a mailbox-list (RFC 5322 3.4: names and addresses with domains, no
 * groups); names that are no ASCII as encoded words. *first, if not NULL, becomes the
 * address of the first. FAULT_RUNTIME says what is wrong with the list.
 */
int mailboxes_put(const char *name, struct slice list, struct buf *out, struct buf *first,
	struct fault *why);

#endif
