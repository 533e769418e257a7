/*
 * mr-relay carry queue: — how mail enters the queue in bulk: a mail stream in, receipts out
 * (mailrail-stream(5)).
 *
 * SPDX-License-Identifier: ISC
 */
#ifndef RELAY_CARRY_H
#define RELAY_CARRY_H

#include "relay/settings.h"

/*
 * Queues each message of the stream on `fd` with its mail-from and rcpt-to fields, as it
 * stands but for CRLF, and says `stored` where the preamble wants it, when it is durable;
 * `refused` for a message without recipients or with bad addresses; `deferred` when the
 * spool fails. Up to 100 messages are made durable together; an idle source, a flush and
 * the end of the stream commit what there is. A cut message is dropped.
 *
 * FAULT_TEMP: the stream broke off, was none, or something was deferred. FAULT_DATA:
 * something was refused.
 */
int carry_queue(const struct relay_settings *settings, int fd, struct fault *why);

#endif
