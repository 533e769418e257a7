/*
 * May a message be redirected (RFC 5228 sections 4.2 and 10)?
 *
 * SPDX-License-Identifier: ISC
 */
#ifndef DELIVER_LOOP_H
#define DELIVER_LOOP_H

#include "common/base/buf.h"

/*
 * NULL: it may go to this recipient; else why not: the address is none, the message was
 * redirected to it before (our field says so), it was delivered to it before, or it has
 * more than `hops` Received fields.
 */
const char *loop_check(struct slice header, struct slice recipient, unsigned hops);

/* Adds the field that marks a message as redirected to this address, with LF. */
void loop_put_field(struct buf *out, struct slice recipient);

#endif
