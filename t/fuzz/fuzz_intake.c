/*
 * common/mail/intake: a stream, a message or an mbox (by the first byte of the input), cut
 * in any way: the same events, and bytes never more than came.
 *
 * SPDX-License-Identifier: ISC
 */
#include <fcntl.h>
#include <stdint.h>
#include <stdlib.h>

#include "common/base/clock.h"
#include "common/mail/intake.h"

static void must(bool right)
{
	if (!right)
		abort();
}

/* Events as text, runs of bytes joined. */
static void put_event(struct buf *out, const struct stream_event *event)
{
	if (event->kind == STREAM_BYTES) {
		buf_add_slice(out, event->bytes);
		return;
	}
	buf_addf(out, "\n[%d %llu]", (int)event->kind, (unsigned long long)event->size);
	if (event->kind == STREAM_FRAME)
		stream_put_frame(out, event->frame);
}

static int take(struct slice text, size_t piece, enum intake_mode mode, struct buf *out)
{
	struct stream_event event;
	struct fault why;
	struct intake *in;
	int pair[2];
	int got = 2;

	must(pipe2(pair, O_CLOEXEC | O_NONBLOCK) == 0);
	in = intake_open(pair[0], "input", mode);
	while (got == 2) {
		struct slice now = slice_first(text, piece);

		if (now.len == 0)
			close(pair[1]);
		else
			must(write(pair[1], now.ptr, now.len) == (ssize_t)now.len);
		slice_skip(&text, now.len);
		while ((got = intake_next(in, 0, &event, &why)) == 1) {
			put_event(out, &event);
		}
		must(got != 2 || !intake_buffered(in));
		must(got != 2 || now.len > 0);
		if (got != 2 && now.len > 0)
			close(pair[1]);
	}
	must(got < 0 ? why.kind == FAULT_TEMP : true);
	intake_close(in);
	close(pair[0]);
	return got;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const char modes[] = { INTAKE_AUTO, INTAKE_MESSAGE, INTAKE_MBOX };
	AUTO_BUF whole = { 0 };
	AUTO_BUF pieces = { 0 };
	enum intake_mode mode;
	struct slice text;
	int result;

	if (size < 2 || size > 60000)
		return 0;
	mode = (enum intake_mode)modes[data[0] % 3];
	text = slice_of(data + 2, size - 2);
	result = take(text, SIZE_MAX, mode, &whole);
	must(take(text, 1 + data[1] % 64, mode, &pieces) == result);
	must(result < 0 || slice_equal(buf_slice(&whole), buf_slice(&pieces)));
	return 0;
}
