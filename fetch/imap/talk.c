/*
 * Asking an IMAP server and waiting: see talk.h.
 *
 * SPDX-License-Identifier: ISC
 */
#include "fetch/imap/talk.h"

#include "common/base/say.h"

/* LIMIT: what is read at once. */
enum { READ_MAX = 64 << 10 };

/* 1: the answer to `tag` came; 0: go on. */
static int judge(struct imap_talk *talk, const struct imap_event *e, const char *tag,
	imap_hear hear, void *arg, struct fault *why)
{
	AUTO_BUF text = { 0 };

	if (e->kind == IMAP_STATUS && e->condition == IMAP_BYE) {
		say_visible(&text, e->text);
		return fault_set(why, FAULT_TEMP, "%s: the server says BYE: %s",
			wire_name(talk->wire), buf_text(&text));
	}
	if (e->kind != IMAP_TAGGED)
		return hear ? hear(arg, e, why) : 0;
	if (!slice_is(e->tag, tag))
		return fault_set(why, FAULT_PROTOCOL, "%s: an answer with a tag that was not used",
			wire_name(talk->wire));
	if (e->condition == IMAP_OK)
		return 1;
	say_visible(&text, e->text);
	return fault_set(why, e->condition == IMAP_NO ? FAULT_TEMP : FAULT_PROTOCOL,
		"%s: the server refuses: %s", wire_name(talk->wire), buf_text(&text));
}

int imap_ask(struct imap_talk *talk, imap_hear hear, void *arg, struct fault *why,
	const char *format, ...)
{
	struct imap_event event;
	AUTO_BUF line = { 0 };
	char tag[16];
	va_list args;

	snprintf(tag, sizeof(tag), "M%u", ++talk->tag);
	va_start(args, format);
	buf_addv(&line, format, args);
	va_end(args);
	wire_queuef(talk->wire, "%s %s\r\n", tag, buf_text(&line));
	for (;;) {
		struct slice in = wire_input(talk->wire);
		size_t before = in.len;
		int got;

		if (imap_next(talk->reply, &in, &event, why) < 0)
			return fault_prefix(why, "%s", wire_name(talk->wire));
		wire_take(talk->wire, before - in.len);
		if (event.kind != IMAP_MORE) {
			got = judge(talk, &event, tag, hear, arg, why);
			if (got != 0)
				return got < 0 ? -1 : 0;
			continue;
		}
		if (wire_send(talk->wire, why) < 0)
			return -1;
		got = wire_receive(talk->wire, READ_MAX, why);
		if (got == 2)
			return wire_closed(talk->wire, why);
		if (got < 0 || (got == 0 && wire_wait(talk->wire, why) < 0))
			return -1;
	}
}
