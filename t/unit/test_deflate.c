/*
 * COMPRESS=DEFLATE under a wire: both ways, in pieces, and what a hostile server packs.
 *
 * SPDX-License-Identifier: ISC
 */
#include <setjmp.h>
#include <stdarg.h>
#include <cmocka.h>
#include <errno.h>
#include <stdlib.h>
#include <zlib.h>

#include "common/net/deflate.h"

/* Below the layer: what the server sends, and what it has heard. */
struct below {
	struct slice says;
	size_t step;  /* bytes of one recv */
	size_t room;  /* bytes that one send takes; every other one is EAGAIN */
	bool busy;
	const void *last; /* of the send that met EAGAIN */
	size_t last_len;
	struct buf heard;
	bool closed;
};

static ssize_t below_recv(void *state, void *ptr, size_t len)
{
	struct below *b = state;
	size_t n = b->says.len < b->step ? b->says.len : b->step;

	n = n < len ? n : len;
	if (n == 0) {
		errno = EAGAIN;
		return -1;
	}
	memcpy(ptr, b->says.ptr, n);
	slice_skip(&b->says, n);
	return (ssize_t)n;
}

static ssize_t below_send(void *state, const void *ptr, size_t len)
{
	struct below *b = state;
	size_t n = len < b->room ? len : b->room;

	/* libcurl's rule. */
	if (b->last && (b->last != ptr || len < b->last_len))
		abort();
	b->busy = !b->busy;
	b->last = b->busy ? ptr : NULL;
	b->last_len = len;
	if (b->busy) {
		errno = EAGAIN;
		return -1;
	}
	buf_add(&b->heard, ptr, n);
	return (ssize_t)n;
}

static void below_close(void *state)
{
	((struct below *)state)->closed = true;
}

static struct wire *start(struct below *b)
{
	const struct wire_ops ops = { .recv = below_recv, .send = below_send,
		.close = below_close, .fd = -1, .name = "peer:1" };

	b->step = b->step ? b->step : 1000000;
	b->room = b->room ? b->room : 1000000;
	return wire_from(&ops, b, 1000);
}

/* Adds it as a server packs it. */
static void pack(struct slice text, int flush, struct buf *out)
{
	z_stream z = { 0 };

	assert_int_equal(deflateInit2(&z, 9, Z_DEFLATED, -15, 9, Z_DEFAULT_STRATEGY), Z_OK);
	z.next_in = (Bytef *)(uintptr_t)text.ptr;
	z.avail_in = (uInt)text.len;
	do {
		buf_reserve(out, 70000);
		z.next_out = (Bytef *)out->ptr + out->len;
		z.avail_out = 65536;
		deflate(&z, flush);
		out->len += 65536 - z.avail_out;
	} while (z.avail_out == 0);
	deflateEnd(&z);
}

static void unpack(struct slice packed, struct buf *out)
{
	z_stream z = { 0 };

	assert_int_equal(inflateInit2(&z, -15), Z_OK);
	z.next_in = (Bytef *)(uintptr_t)packed.ptr;
	z.avail_in = (uInt)packed.len;
	do {
		buf_reserve(out, 70000);
		z.next_out = (Bytef *)out->ptr + out->len;
		z.avail_out = 65536;
		inflate(&z, Z_SYNC_FLUSH);
		out->len += 65536 - z.avail_out;
	} while (z.avail_out == 0);
	assert_int_equal(z.avail_in, 0);
	inflateEnd(&z);
}

/* The compressed bytes come with the OK, and then byte by byte or in one piece. */
static void received(void **state)
{
	(void)state;
	for (size_t step = 1; step < 100000; step *= 7) {
		AUTO_BUF text = { 0 };
		AUTO_BUF got = { 0 };
		struct below b = { .step = step };
		AUTO_WIRE *w = start(&b);
		struct fault why = { 0 };
		struct slice line;

		for (int i = 0; i < 5000; i++)
			buf_addf(&got, "* %d EXISTS %d\r\n", i, i * 7919 % 1000);
		buf_add_text(&text, "a OK now\r\n");
		pack(buf_slice(&got), Z_SYNC_FLUSH, &text);
		b.says = buf_slice(&text);
		assert_int_equal(wire_read_line(w, 100, &line, &why), 0);
		assert_true(slice_is(line, "a OK now"));
		assert_int_equal(wire_deflate(w, &why), 0);
		for (int i = 0; i < 5000; i++) {
			AUTO_BUF want = { 0 };

			buf_addf(&want, "* %d EXISTS %d", i, i * 7919 % 1000);
			assert_int_equal(wire_read_line(w, 100, &line, &why), 0);
			assert_true(slice_equal(line, buf_slice(&want)));
		}
		assert_int_equal(wire_receive(w, 100, &why), 0);
	}
}

/* What is queued is whole at the server when the queue is empty. */
static void sent(void **state)
{
	static const size_t rooms[] = { 1, 13, 1000, 1000000 };

	(void)state;
	for (size_t i = 0; i < sizeof(rooms) / sizeof(rooms[0]); i++) {
		struct below b = { .room = rooms[i] };
		AUTO_WIRE *w = start(&b);
		AUTO_BUF all = { 0 };
		AUTO_BUF got = { 0 };
		struct fault why = { 0 };

		assert_int_equal(wire_deflate(w, &why), 0);
		for (int n = 0; n < 3; n++) {
			AUTO_BUF heard = { 0 };

			for (int k = 0; k < 3000; k++)
				buf_addf(&got, "x%d UID FETCH %d\r\n", k, k * 7919 % 100000);
			buf_add_slice(&all, buf_slice(&got));
			wire_queue(w, got.ptr, got.len);
			while (wire_queued(w) > 0)
				assert_int_equal(wire_send(w, &why), 0);
			unpack(buf_slice(&b.heard), &heard);
			assert_true(slice_equal(buf_slice(&heard), buf_slice(&all)));
		}
		assert_true(b.heard.len < all.len / 2);
		buf_free(&b.heard);
	}
}

/* 200 MB of blanks in 200 KB: as much is held as was asked for. */
static void bomb(void **state)
{
	AUTO_BUF blanks = { 0 };
	AUTO_BUF packed = { 0 };
	struct below b = { 0 };
	AUTO_WIRE *w = start(&b);
	struct fault why = { 0 };
	uint64_t total = 0;
	struct slice line;
	int got;

	(void)state;
	buf_reserve(&blanks, 200000000);
	memset(blanks.ptr, ' ', 200000000);
	blanks.len = 200000000;
	pack(buf_slice(&blanks), Z_SYNC_FLUSH, &packed);
	buf_free(&blanks);
	assert_true(packed.len < 300000);
	b.says = buf_slice(&packed);
	assert_int_equal(wire_deflate(w, &why), 0);
	while ((got = wire_receive(w, 65536, &why)) == 1) {
		assert_true(wire_input(w).len <= 65536);
		total += wire_input(w).len;
		wire_take(w, wire_input(w).len);
	}
	assert_int_equal(got, 0);
	assert_int_equal(total, 200000000);
	b.says = buf_slice(&packed);
	assert_int_equal(wire_read_line(w, 65536, &line, &why), -1);
	assert_int_equal(why.kind, FAULT_PROTOCOL);
	assert_true(wire_input(w).len <= 65536 + 2);
}

static void hostile(void **state)
{
	AUTO_BUF nothing = { 0 };
	AUTO_BUF ended = { 0 };
	struct below b = { .says = SLICE("* 1 EXISTS in clear\r\n") };
	struct wire *w = start(&b);
	struct fault why = { 0 };
	struct slice line;

	(void)state;
	assert_int_equal(wire_deflate(w, &why), 0);
	assert_int_equal(wire_read_line(w, 100, &line, &why), -1);
	assert_int_equal(why.kind, FAULT_PROTOCOL);
	assert_non_null(strstr(why.text, "peer:1: "));
	assert_non_null(strstr(why.text, "cannot be inflated"));
	wire_close(w);
	assert_true(b.closed);

	/* The server ends the deflate stream: that is its end. */
	pack(SLICE("last\r\n"), Z_FINISH, &ended);
	buf_add_text(&ended, "more");
	b = (struct below){ .says = buf_slice(&ended) };
	w = start(&b);
	assert_int_equal(wire_deflate(w, &why), 0);
	assert_int_equal(wire_read_line(w, 100, &line, &why), 0);
	assert_true(slice_is(line, "last"));
	assert_int_equal(wire_receive(w, 100, &why), 2);
	wire_close(w);

	/* Nothing but flushes. */
	for (int i = 0; i < 100000; i++)
		buf_add(&nothing, "\0\0\0\377\377", 5);
	b = (struct below){ .says = buf_slice(&nothing) };
	w = start(&b);
	assert_int_equal(wire_deflate(w, &why), 0);
	assert_int_equal(wire_receive(w, 100, &why), -1);
	assert_int_equal(why.kind, FAULT_PROTOCOL);
	wire_close(w);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(received),
		cmocka_unit_test(sent),
		cmocka_unit_test(bomb),
		cmocka_unit_test(hostile),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
