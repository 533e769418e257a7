/*
 * Replies of an SMTP or LMTP server (RFC 5321 section 4.2, RFC 3463), without a socket.
 *
 * SPDX-License-Identifier: ISC
 */
#ifndef COMMON_NET_SMTP_REPLY_H
#define COMMON_NET_SMTP_REPLY_H

#include <stdbool.h>

#include "common/base/buf.h"
#include "common/base/fault.h"

/* LIMIT: RFC 5321 4.5.3.1.5 says 512 for a line; servers with long texts exist. */
enum { SMTP_REPLY_LINE = 4096, SMTP_REPLY_TOTAL = 64 * 1024 };

/* All zero is a reply not yet begun. Class by the first digit: what else it says is ours
 * to guess (RFC 5321 4.3.2). */
struct smtp_reply {
	int code;          /* 200..599 */
	char enhanced[12]; /* "5.1.1" of the first line when it fits the code, else "" */
	struct buf text;   /* the lines without code, parted by LF; bytes of the server */
	bool open;         /* more lines are to come */
	size_t seen;       /* bytes so far, for the limit */
};

#define AUTO_SMTP_REPLY __attribute__((cleanup(smtp_reply_free))) struct smtp_reply
void smtp_reply_free(struct smtp_reply *r);

/*
 * Takes whole lines off *in until a reply is complete: 1 complete; 0 more bytes are needed
 * (call again with what follows; *r keeps the lines so far); -1 FAULT_PROTOCOL: no reply
 * code, lines of different codes, too long. A new reply begins when the last was complete.
 */
int smtp_reply_read(struct slice *in, struct smtp_reply *r, struct fault *why);

/* Adds "550 5.1.1 no such user" in one line, fit to be shown, cut to `limit` bytes or so. */
void smtp_reply_show(const struct smtp_reply *r, size_t limit, struct buf *out);

/* RFC 3463 section 2: class "." subject "." detail in front of the text: its length, or 0. */
size_t smtp_enhanced_length(struct slice text);

#endif
