/*
 * Events of a stream as text, for the tests of the parser.
 *
 * SPDX-License-Identifier: ISC
 */
#ifndef T_UNIT_STREAM_EVENTS_H
#define T_UNIT_STREAM_EVENTS_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "common/mail/stream.h"

/* Adds a line for each event of the stream, given in pieces: "frame ID", "bytes TEXT"... */
static inline void put_event(struct buf *out, const struct stream_event *event)
{
	static const char *const names[] = { "more", "preamble", "frame", "bytes", "end", "cut",
		"flush", "done", "abort" };
	static bool in_bytes;

	/* Bytes may come in more pieces than were put in: joined here. */
	if (event->kind == STREAM_BYTES) {
		buf_add_text(out, in_bytes ? "" : "bytes ");
		buf_add_slice(out, event->bytes);
		in_bytes = true;
		return;
	}
	if (in_bytes)
		buf_add_byte(out, '\n');
	in_bytes = false;
	buf_add_text(out, names[event->kind]);
	if (event->kind == STREAM_PREAMBLE)
		stream_put_preamble(out, event->preamble);
	if (event->kind == STREAM_FRAME)
		stream_put_frame(out, event->frame);
	if (event->kind == STREAM_END || event->kind == STREAM_DONE)
		buf_addf(out, " %d", (int)event->size);
	if (event->kind == STREAM_CUT || event->kind == STREAM_ABORT) {
		buf_add_byte(out, ' ');
		buf_add_slice(out, event->reason);
	}
	buf_add_byte(out, '\n');
}

/* Returns 0 or -1 as the parser does; *open: the input ended within a message. */
static inline int parse(struct slice text, size_t piece, struct buf *out, bool *open,
	struct fault *why)
{
	struct stream_parser *p = stream_parser_new();
	int result = 0;

	while (text.len > 0 && result == 0) {
		struct slice in = slice_first(text, piece);
		struct stream_event event = { .kind = STREAM_MORE };

		slice_skip(&text, in.len);
		do {
			result = stream_next(p, &in, &event, why);
			if (result == 0 && event.kind != STREAM_MORE)
				put_event(out, &event);
		} while (result == 0 && event.kind != STREAM_MORE);
	}
	if (open)
		*open = stream_in_message(p);
	if (result == 0 && open) {
		struct stream_event event;

		while ((result = stream_input_ended(p, &event, why)) > 0) {
			assert_true(event.torn);
			put_event(out, &event);
		}
	}
	stream_parser_free(p);
	return result;
}

#endif
