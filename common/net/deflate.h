/*
 * COMPRESS=DEFLATE (RFC 4978): a layer under a wire.
 *
 * SPDX-License-Identifier: ISC
 */
#ifndef COMMON_NET_DEFLATE_H
#define COMMON_NET_DEFLATE_H

#include "common/net/wire.h"

/*
 * From here on all that is sent is compressed, flushed whenever the queue is given to the
 * layer below, and all that was received behind what was taken, and comes, is inflated: in
 * steps into the room that a receive has, so that a bomb is no more than a long answer. The
 * send queue must be empty. What is no deflate stream is a lost connection, FAULT_PROTOCOL.
 * FAULT_TEMP: zlib does not start; the wire is as it was.
 */
int wire_deflate(struct wire *w, struct fault *why);

#endif
