/*
 * POP3 answers from a hostile server, whole and in pieces. The first byte chooses the
 * shapes of the answers that are expected.
 *
 * SPDX-License-Identifier: ISC
 */
#include "common/net/pop3_reply.h"

struct sum {
	uint64_t events;
	uint64_t bytes;
	int status;
};

static bool is_over(const struct pop3_event *e, enum pop3_shape shape)
{
	return e->kind == POP3_END || e->kind == POP3_ERR ||
		(e->kind == POP3_OK && shape == POP3_SINGLE);
}

static struct sum feed(struct slice in, size_t step, unsigned shapes)
{
	struct pop3_reply r = { 0 };
	struct sum sum = { 0 };
	struct pop3_event e;
	enum pop3_shape shape = shapes % 3;

	pop3_expect(&r, shape);
	while (in.len && sum.status == 0) {
		struct slice part = slice_first(in, step);
		struct slice left = part;

		while ((sum.status = pop3_next(&r, &left, &e, NULL)) == 0 && e.kind != POP3_MORE) {
			uint64_t number;
			struct slice text;

			sum.events += e.kind != POP3_BYTES;
			sum.bytes += e.bytes.len;
			if (e.kind == POP3_ITEM)
				pop3_item_read(e.text, &number, &text);
			if (is_over(&e, shape)) {
				shapes = shapes / 3 + 81 * (shapes % 3);
				shape = shapes % 3;
				pop3_expect(&r, shape);
			}
		}
		slice_skip(&in, part.len);
	}
	pop3_reply_free(&r);
	return sum;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct slice in;
	struct sum whole, parts;

	if (size == 0)
		return 0;
	in = slice_of(data + 1, size - 1);
	whole = feed(in, SIZE_MAX, data[0]);
	parts = feed(in, 1 + size % 5, data[0]);
	if (whole.bytes > size || whole.status != parts.status || whole.bytes != parts.bytes ||
		whole.events != parts.events)
		__builtin_trap();
	return 0;
}
