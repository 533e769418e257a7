/*
 * The reply of vacation (RFC 5230 section 5, RFC 3834 section 3).
 *
 * SPDX-License-Identifier: ISC
 */
#ifndef FILTER_REPLY_VACATION_REPLY_H
#define FILTER_REPLY_VACATION_REPLY_H

#include "common/base/buf.h"
#include "common/base/fault.h"
#include "filter/message.h"

/* All borrowed. */
struct vacation_reply {
	struct message *message;
	struct slice to;      /* a valid address */
	struct slice own;     /* the user's address, a valid one */
	struct slice from;    /* :from; empty: the user's address */
	struct slice subject; /* :subject; used when has_subject */
	bool has_subject;
	bool mime;            /* :mime: the reason is an entity */
	struct slice reason;
	const char *rule;
	int64_t now;
};

/* Adds the whole message. FAULT_RUNTIME: :from, the entity or the length is not right. */
int vacation_reply_put(const struct vacation_reply *v, struct buf *out, struct fault *why);

#endif
