/*
 * A server that compresses anything (COMPRESS=DEFLATE): no more is held than was asked for,
 * it ends, and the pieces in which it comes change nothing of what is received.
 *
 * The first byte chooses how much is asked for at once, and in what pieces it comes.
 *
 * SPDX-License-Identifier: ISC
 */
#include <errno.h>
#include <stdlib.h>

#include "common/net/deflate.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* LIMIT: of what is inflated: one byte can become a thousand. */
enum { MOST = 1 << 16 };

struct server_side {
	struct slice script;
	size_t step;
};

static ssize_t say_it(void *state, void *ptr, size_t len)
{
	struct server_side *s = state;
	size_t n = s->script.len < s->step ? s->script.len : s->step;

	n = n < len ? n : len;
	memcpy(ptr, s->script.ptr, n);
	slice_skip(&s->script, n);
	return (ssize_t)n;
}

static ssize_t hear(void *state, const void *ptr, size_t len)
{
	(void)state;
	(void)ptr;
	return (ssize_t)len;
}

/* What came, and how it ended. */
static int run(struct slice script, size_t step, size_t limit, struct buf *out)
{
	struct server_side side = { .script = script, .step = step };
	const struct wire_ops ops = { .recv = say_it, .send = hear, .fd = -1, .name = "x" };
	AUTO_WIRE *w = wire_from(&ops, &side, 1);
	struct fault why = { 0 };
	int got;

	if (wire_deflate(w, &why) < 0)
		abort();
	while ((got = wire_receive(w, limit, &why)) == 1 && out->len < MOST) {
		struct slice input = wire_input(w);

		if (input.len > limit)
			abort();
		buf_add_slice(out, input);
		wire_take(w, input.len);
	}
	if (got < 0 && (why.kind != FAULT_PROTOCOL || !why.text[0]))
		abort();
	return got;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	AUTO_BUF whole = { 0 };
	AUTO_BUF parts = { 0 };
	struct slice script;
	int one;
	int two;

	if (size < 1)
		return 0;
	script = slice_of(data + 1, size - 1);
	one = run(script, SIZE_MAX, 1 << 16, &whole);
	two = run(script, 1 + data[0] % 5, (size_t)16 << (data[0] / 5 % 12), &parts);
	if (whole.len >= MOST || parts.len >= MOST)
		return 0;
	/* What stands before the nonsense is received in both, but not always given out. */
	if (one != two || (one == 2 && !slice_equal(buf_slice(&whole), buf_slice(&parts))))
		abort();
	return 0;
}
