/*
 * One reply over a wire.
 *
 * SPDX-License-Identifier: ISC
 */
#ifndef COMMON_NET_SMTP_TALK_H
#define COMMON_NET_SMTP_TALK_H

#include "common/net/smtp_reply.h"
#include "common/net/wire.h"

/* Takes a reply off what was received: 1 whole, 0 not yet, -1 FAULT_PROTOCOL. No I/O. */
int smtp_take(struct wire *w, struct smtp_reply *r, struct fault *why);

/* Blocking: sends the queue and waits for one whole reply. Faults as wire_read_line's. */
int smtp_await(struct wire *w, struct smtp_reply *r, struct fault *why);

#endif
