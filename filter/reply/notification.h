/*
 * The mail that notify sends (RFC 5436 section 2.7).
 *
 * SPDX-License-Identifier: ISC
 */
#ifndef FILTER_REPLY_NOTIFICATION_H
#define FILTER_REPLY_NOTIFICATION_H

#include "filter/message.h"
#include "filter/reply/mailto.h"

/* LIMIT: bytes of a notification: one for each recipient travels in a block of the stream. */
enum { NOTIFICATION_MAX = 64 << 10 };

/* All borrowed. */
struct notification {
	struct message *message;
	const struct mailto *uri;
	struct slice from;    /* :from; empty: the user's address */
	struct slice own;     /* the user's address; empty when none is known */
	struct slice subject; /* :message; used when has_subject */
	bool has_subject;
	int importance;       /* 1 high, 2 normal, 3 low */
	const char *rule;
	int64_t now;
};

/* Is it the author of a notification? RFC 5436 section 2.3. */
int notification_check_from(struct slice from, struct fault *why);

/*
 * Adds the whole message; *author becomes the address of its author. FAULT_RUNTIME: :from is
 * none, nobody is known to be its author, or it is longer than NOTIFICATION_MAX.
 */
int notification_put(const struct notification *n, struct buf *out, struct buf *author,
	struct fault *why);

#endif
