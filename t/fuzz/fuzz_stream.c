/*
 * common/mail/stream: whatever parses is written again and parses to the same; the cut of
 * the input changes nothing; and the promises of the parser hold.
 *
 * SPDX-License-Identifier: ISC
 */
#include <stdint.h>
#include <stdlib.h>

#include "common/mail/stream.h"

static void must(bool right)
{
	if (!right)
		abort();
}

/* What a reader that trusts the parser relies on. */
struct watch {
	bool in_message;
	uint64_t size;
	bool done;
};

static void check(struct watch *w, const struct stream_event *event)
{
	must(!w->done);
	switch (event->kind) {
	case STREAM_FRAME:
		must(!w->in_message);
		must(event->frame->decided == (event->frame->action_count > 0));
		must(event->frame->id.len <= STREAM_ID_MAX);
		w->in_message = true;
		w->size = 0;
		break;
	case STREAM_BYTES:
		must(w->in_message && event->bytes.len > 0);
		w->size += event->bytes.len;
		break;
	case STREAM_END:
		must(w->in_message && w->size == event->size);
		w->in_message = false;
		break;
	case STREAM_CUT:
		must(w->in_message == (event->frame != NULL));
		w->in_message = false;
		break;
	case STREAM_DONE:
	case STREAM_ABORT:
		must(!w->in_message);
		w->done = true;
		break;
	default:
		must(!w->in_message);
		break;
	}
}

/* Returns as the parser; *out is the stream written again, in chunks as they came. */
static int parse(struct slice text, size_t piece, struct buf *out)
{
	struct stream_parser *p = stream_parser_new();
	struct watch w = { 0 };
	struct fault why;
	int result = 0;

	while (text.len > 0 && result == 0) {
		struct slice in = slice_first(text, piece);
		struct stream_event event = { .kind = STREAM_MORE };

		slice_skip(&text, in.len);
		do {
			result = stream_next(p, &in, &event, &why);
			if (result < 0 || event.kind == STREAM_MORE)
				break;
			check(&w, &event);
			stream_put_event(out, &event);
		} while (true);
		must(result < 0 || in.len == 0);
	}
	must(result < 0 ? why.kind == FAULT_TEMP : true);
	stream_parser_free(p);
	return result;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct slice text = slice_of(data, size);
	AUTO_BUF whole = { 0 };
	AUTO_BUF again = { 0 };
	AUTO_BUF pieces = { 0 };
	AUTO_BUF rest = { 0 };
	size_t piece = size > 0 ? 1 + data[size - 1] % 32 : 1;
	int result = parse(text, SIZE_MAX, &whole);

	/* Chunks differ by the cut, the outcome does not. */
	must(parse(text, piece, &pieces) == result);
	must(parse(buf_slice(&whole), SIZE_MAX, &again) == 0);
	must(slice_equal(buf_slice(&again), buf_slice(&whole)));
	must(parse(buf_slice(&pieces), SIZE_MAX, &rest) == 0);
	return 0;
}
