/*
 * One reply over a wire: see smtp_talk.h.
 *
 * SPDX-License-Identifier: ISC
 */
#include "common/net/smtp_talk.h"

#include "common/base/clock.h"

int smtp_take(struct wire *w, struct smtp_reply *r, struct fault *why)
{
	struct slice in = wire_input(w);
	size_t before = in.len;
	int got = smtp_reply_read(&in, r, why);

	wire_take(w, before - in.len);
	if (got < 0)
		fault_prefix(why, "%s", wire_name(w));
	return got;
}

int smtp_await(struct wire *w, struct smtp_reply *r, struct fault *why)
{
	for (;;) {
		int got = smtp_take(w, r, why);

		if (got != 0)
			return got < 0 ? -1 : 0;
		if (wire_send(w, why) < 0)
			return -1;
		got = wire_receive(w, SMTP_REPLY_TOTAL, why);
		if (got < 0)
			return -1;
		if (got == 2)
			return wire_closed(w, why);
		if (got == 0 && wire_wait(w, why) < 0)
			return -1;
	}
}
