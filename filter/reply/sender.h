/*
 * The envelope sender: of the frame, else what the final delivery wrote down.
 *
 * SPDX-License-Identifier: ISC
 */
#ifndef FILTER_REPLY_SENDER_H
#define FILTER_REPLY_SENDER_H

#include "filter/message.h"

/* Replaces *out, without <>; empty: the null sender. False when nobody knows. */
bool sender_read(const struct message *m, struct buf *out);

#endif
