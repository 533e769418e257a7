/*
 * Asking a POP3 server and waiting: see pop3_talk.h.
 *
 * SPDX-License-Identifier: ISC
 */
#include "fetch/pop3/talk.h"

#include "common/base/say.h"

/* LIMIT: what is read at once. */
enum { READ_MAX = 64 << 10 };

static int refused(const struct wire *wire, const struct pop3_event *e, struct fault *why)
{
	AUTO_BUF text = { 0 };

	say_visible(&text, e->text);
	return fault_set(why, FAULT_TEMP, "%s: the server refuses: %s", wire_name(wire),
		buf_text(&text));
}

static int ask(struct wire *wire, struct pop3_reply *reply, pop3_hear hear, void *arg,
	struct fault *why)
{
	for (;;) {
		struct slice in = wire_input(wire);
		size_t before = in.len;
		struct pop3_event event;
		int got;

		if (pop3_next(reply, &in, &event, why) < 0)
			return fault_prefix(why, "%s", wire_name(wire));
		wire_take(wire, before - in.len);
		if (event.kind == POP3_ERR)
			return refused(wire, &event, why);
		if (event.kind == POP3_END)
			return 0;
		if (event.kind != POP3_MORE) {
			if (hear && hear(arg, &event, why) < 0)
				return -1;
			if (reply->shape == POP3_SINGLE)
				return 0;
			continue;
		}
		if (wire_send(wire, why) < 0)
			return -1;
		got = wire_receive(wire, READ_MAX, why);
		if (got == 2)
			return wire_closed(wire, why);
		if (got < 0 || (got == 0 && wire_wait(wire, why) < 0))
			return -1;
	}
}

int pop3_ask(struct wire *wire, enum pop3_shape shape, pop3_hear hear, void *arg,
	const char *line, struct fault *why)
{
	struct pop3_reply reply = { 0 };
	int result;

	pop3_expect(&reply, shape);
	wire_queuef(wire, "%s\r\n", line);
	result = ask(wire, &reply, hear, arg, why);
	pop3_reply_free(&reply);
	return result;
}
