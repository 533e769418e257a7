/*
 * The wire over a socket pair and over a table that is never quite ready.
 *
 * SPDX-License-Identifier: ISC
 */
#include <setjmp.h>
#include <stdarg.h>
#include <cmocka.h>

#include <errno.h>
#include <poll.h>

#include "common/base/clock.h"
#include "common/net/wire.h"
#include "t/unit/scripted.h"

static struct wire *wire_over(struct scripted *peer, const char *const *script, int64_t timeout)
{
	scripted_start(peer, script);
	return wire_from_socket(peer->client, "peer:1", false, timeout);
}

static void lines(void **state)
{
	static const char *const script[] = { "R: one\r\ntwo\nth", "R: ree\r\n\r\nfour\r\r\nlast",
		NULL };
	static const char *const want[] = { "one", "two", "three", "", "four\r" };
	struct scripted peer;
	AUTO_WIRE *w = wire_over(&peer, script, 5000);
	struct fault why;
	struct slice line;

	(void)state;
	for (size_t i = 0; i < sizeof(want) / sizeof(want[0]); i++) {
		assert_int_equal(wire_read_line(w, 100, &line, &why), 0);
		assert_true(slice_is(line, want[i]));
	}
	/* A line without its end is none. */
	assert_int_equal(wire_read_line(w, 100, &line, &why), -1);
	assert_int_equal(why.kind, FAULT_TEMP);
	assert_string_equal(why.text, "peer:1: the server closed the connection");
	assert_true(slice_is(wire_input(w), "last"));
	scripted_end(&peer);
}

static void long_lines(void **state)
{
	static const char *const script[] = { "R: 12345\r\n12345\n123456\r\n", NULL };
	struct scripted peer;
	AUTO_WIRE *w = wire_over(&peer, script, 5000);
	struct fault why;
	struct slice line;

	(void)state;
	assert_int_equal(wire_read_line(w, 5, &line, &why), 0);
	assert_int_equal(wire_read_line(w, 5, &line, &why), 0);
	assert_int_equal(wire_read_line(w, 5, &line, &why), -1);
	assert_int_equal(why.kind, FAULT_PROTOCOL);
	assert_string_equal(why.text, "peer:1: sends a line of more than 5 bytes");
	scripted_end(&peer);
}

/* 20 MB without a line end: no more of it is held than the limit. */
static void endless_line(void **state)
{
	AUTO_BUF step = { 0 };
	struct scripted peer;
	struct wire *w;
	struct slice line;
	struct fault why;

	(void)state;
	buf_add_text(&step, "R: ");
	while (step.len < 20000000)
		buf_add_text(&step, "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef");
	w = wire_over(&peer, (const char *const[]){ step.ptr, NULL }, 60000);
	assert_int_equal(wire_read_line(w, 65536, &line, &why), -1);
	assert_int_equal(why.kind, FAULT_PROTOCOL);
	assert_true(wire_input(w).len <= 65536 + 2);
	wire_close(w);
	scripted_end(&peer);
}

static void silence(void **state)
{
	static const char *const script[] = { "R: half", "DRAIN", NULL };
	struct scripted peer;
	struct wire *w = wire_over(&peer, script, 200);
	int64_t begin = clock_tick();
	struct slice line;
	struct fault why;

	(void)state;
	assert_int_equal(wire_read_line(w, 100, &line, &why), -1);
	assert_int_equal(why.kind, FAULT_TEMP);
	assert_string_equal(why.text, "peer:1: no answer within 1 s");
	assert_in_range(clock_tick() - begin, 150, 20000);
	wire_close(w);
	scripted_end(&peer);
}

/* Each byte in time, the whole never: only an end that does not move helps. */
static void *drip(void *state)
{
	const int *fd = state;

	while (send(*fd, "x", 1, MSG_NOSIGNAL) == 1)
		usleep(20 * 1000);
	return NULL;
}

static void drips(void **state)
{
	int pair[2];
	pthread_t thread;
	struct wire *w;
	struct slice line;
	struct fault why;
	int64_t begin = clock_tick();

	(void)state;
	assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM, 0, pair), 0);
	assert_int_equal(pthread_create(&thread, NULL, drip, &pair[0]), 0);
	w = wire_from_socket(pair[1], "peer:1", false, 200);
	wire_set_end(w, clock_deadline(500));
	assert_int_equal(wire_read_line(w, 100000, &line, &why), -1);
	assert_string_equal(why.text, "peer:1: too slow to answer");
	assert_in_range(clock_tick() - begin, 400, 20000);
	wire_close(w);
	pthread_join(thread, NULL);
	close(pair[0]);
}

static void cancel(void **state)
{
	static const char *const script[] = { "DRAIN", NULL };
	struct scripted peer;
	struct wire *w = wire_over(&peer, script, 10000);
	int stop[2];
	struct slice line;
	struct fault why;

	(void)state;
	assert_int_equal(pipe(stop), 0);
	wire_set_cancel(w, stop[0]);
	assert_int_equal(write(stop[1], "x", 1), 1);
	assert_int_equal(wire_read_line(w, 100, &line, &why), -1);
	assert_int_equal(why.kind, FAULT_TEMP);
	assert_string_equal(why.text, "peer:1: stopped while waiting for it");
	wire_close(w);
	close(stop[0]);
	close(stop[1]);
	scripted_end(&peer);
}

/* The caller's limit holds, what is beyond it stays with the kernel, and nothing is lost. */
static void receives_to_the_limit(void **state)
{
	static const char *const script[] = { "R: 0123456789", NULL };
	struct scripted peer;
	AUTO_WIRE *w = wire_over(&peer, script, 5000);
	AUTO_BUF all = { 0 };
	struct fault why;
	int got;

	(void)state;
	assert_int_equal(wire_wait(w, &why), 0);
	assert_int_equal(wire_receive(w, 4, &why), 1);
	assert_int_equal(wire_input(w).len, 4);
	assert_int_equal(wire_receive(w, 4, &why), 1); /* full: still 4 */
	assert_int_equal(wire_input(w).len, 4);
	while ((got = wire_receive(w, 4, &why)) == 1) {
		buf_add_slice(&all, slice_first(wire_input(w), 3));
		wire_take(w, 3);
	}
	if (got == 0)
		assert_int_equal(wire_wait(w, &why), 0);
	buf_add_slice(&all, wire_input(w));
	assert_string_equal(buf_text(&all), "0123456789");
	scripted_end(&peer);
}

/* What libcurl 7.88.1 asks for: after EAGAIN the same address, and not less. */
struct stubborn {
	const void *ptr;
	size_t len;
	unsigned calls;
	struct buf sent;
};

static ssize_t stubborn_send(void *state, const void *ptr, size_t len)
{
	struct stubborn *s = state;

	if (s->ptr) {
		assert_ptr_equal(ptr, s->ptr);
		assert_true(len >= s->len);
		s->ptr = NULL;
	}
	if (++s->calls % 3 != 0) {
		s->ptr = ptr;
		s->len = len;
		errno = EAGAIN;
		return -1;
	}
	len = len > 1000 ? 1000 : len;
	buf_add(&s->sent, ptr, len);
	return (ssize_t)len;
}

static ssize_t nothing_to_receive(void *state, void *ptr, size_t len)
{
	(void)state;
	(void)ptr;
	(void)len;
	errno = EAGAIN;
	return -1;
}

static void retries_from_the_same_address(void **state)
{
	struct stubborn s = { 0 };
	const struct wire_ops ops = { .recv = nothing_to_receive, .send = stubborn_send, .fd = -1 };
	AUTO_WIRE *w = wire_from(&ops, &s, 5000);
	AUTO_BUF want = { 0 };

	(void)state;
	for (unsigned i = 0; i < 20000; i++) {
		AUTO_BUF piece = { 0 };

		buf_addf(&piece, "%u-%u ", i, i * i);
		wire_queue(w, piece.ptr, piece.len);
		buf_add_slice(&want, buf_slice(&piece));
		if (i % 7 == 0)
			assert_int_equal(wire_send(w, NULL), 0);
	}
	while (wire_queued(w) > 0)
		assert_int_equal(wire_send(w, NULL), 0);
	assert_true(slice_equal(buf_slice(&s.sent), buf_slice(&want)));
	assert_int_equal(wire_events(w), POLLIN);
	buf_free(&s.sent);
}

/* Megabytes both ways on one thread: neither side may wait for the other to read. */
static void *echo(void *state)
{
	int fd = *(const int *)state;
	char bytes[4096];
	ssize_t n;

	while ((n = read(fd, bytes, sizeof(bytes))) > 0) {
		for (ssize_t at = 0, m; at < n; at += m) {
			m = send(fd, bytes + at, (size_t)(n - at), MSG_NOSIGNAL);
			if (m <= 0)
				return NULL;
		}
	}
	return NULL;
}

static void full_duplex(void **state)
{
	enum { TOTAL = 8 * 1024 * 1024 };
	AUTO_BUF bytes = { 0 };
	struct fault why;
	size_t back = 0;
	pthread_t thread;
	struct wire *w;
	int pair[2];

	(void)state;
	while (bytes.len < TOTAL)
		buf_addf(&bytes, "%zu ", bytes.len);
	assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM, 0, pair), 0);
	assert_int_equal(pthread_create(&thread, NULL, echo, &pair[0]), 0);
	w = wire_from_socket(pair[1], "peer:1", false, 5000);
	wire_queue(w, bytes.ptr, bytes.len);
	while (back < bytes.len) {
		int got = wire_send(w, &why) < 0 ? -1 : wire_receive(w, 65536, &why);
		struct slice in = wire_input(w);

		assert_true(got >= 0 && got < 2);
		assert_memory_equal(in.ptr, bytes.ptr + back, in.len);
		back += in.len;
		wire_take(w, in.len);
		if (got == 0)
			assert_int_equal(wire_wait(w, &why), 0);
	}
	assert_int_equal(wire_queued(w), 0);
	wire_close(w);
	pthread_join(thread, NULL);
	close(pair[0]);
}

/* A gone peer is an error, not a signal. */
static void peer_gone(void **state)
{
	static const char *const script[] = { "R: bye\r\n", NULL };
	struct scripted peer;
	AUTO_WIRE *w = wire_over(&peer, script, 5000);
	struct fault why;

	(void)state;
	scripted_end(&peer);
	wire_queuef(w, "%s\r\n", "hello");
	assert_int_equal(wire_send(w, &why), -1);
	assert_int_equal(why.kind, FAULT_TEMP);
	assert_int_equal(wire_receive(w, 100, &why), 1);
	assert_true(slice_is(wire_input(w), "bye\r\n"));
	assert_int_equal(wire_receive(w, 100, &why), 2);
}

/* Where `text` stands in the heap; NULL: nowhere. */
static const char *find_in_heap(struct slice text)
{
	AUTO_BUF maps = { 0 };
	struct slice rest, line;
	uintptr_t from = 0, to = 0;
	struct fault why;

	assert_int_equal(io_read_file("/proc/self/maps", 1 << 20, &maps, &why), 0);
	rest = buf_slice(&maps);
	while (slice_line(&rest, &line)) {
		if (slice_ends_case(line, "[heap]"))
			assert_int_equal(sscanf(line.ptr, "%lx-%lx", &from, &to), 2);
	}
	return from ? memmem((const void *)from, to - from, text.ptr, text.len) : NULL;
}

/* What was sent may have been a password: a session that goes on does not hold it. */
static void forgets_what_was_sent(void **state)
{
	char secret[24];
	int pair[2];
	struct fault why;
	struct wire *w;

	(void)state;
	assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM, 0, pair), 0);
	w = wire_from_socket(pair[0], "peer:1", false, 5000);
	for (size_t i = 0; i < sizeof(secret); i++)
		secret[i] = (char)('a' + i * i % 23);
	wire_queuef(w, "LOGIN ");
	for (int i = 0; i < 5; i++)
		wire_queue(w, secret, sizeof(secret));
	wire_queuef(w, "%.*s\r\n", (int)sizeof(secret), secret);
	assert_int_equal(wire_queued(w), 6 + 6 * sizeof(secret) + 2);
	assert_int_equal(wire_send(w, &why), 0);
	assert_int_equal(wire_queued(w), 0);
	assert_null(find_in_heap(slice_of(secret, sizeof(secret))));
	wire_close(w);
	close(pair[1]);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(lines),
		cmocka_unit_test(long_lines),
		cmocka_unit_test(endless_line),
		cmocka_unit_test(silence),
		cmocka_unit_test(drips),
		cmocka_unit_test(cancel),
		cmocka_unit_test(receives_to_the_limit),
		cmocka_unit_test(retries_from_the_same_address),
		cmocka_unit_test(full_duplex),
		cmocka_unit_test(peer_gone),
		cmocka_unit_test(forgets_what_was_sent),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
