/*
 * The wire above its send/receive table: queue, input, lines, waiting. See wire.h.
 *
 * SPDX-License-Identifier: ISC
 */
#include "common/net/wire.h"

#include <errno.h>
#include <poll.h>

#include "common/base/clock.h"
#include "common/net/handshake.h"
#include "common/net/wire_trace.h"

/*
 * LIMIT: bytes given to one send. libcurl 7.88.1 wants a send that met EAGAIN repeated from
 * the same address and not shorter, so what is on its way stands in a chunk that stays.
 */
enum { CHUNK_BYTES = 16 * 1024 };

/* LIMIT: bytes asked of one recv: a TLS record holds 16 KiB. */
enum { RECEIVE_BYTES = 16 * 1024 };

struct wire {
	struct wire_ops ops;
	void *state;
	char *name;
	struct strings greeting;
	struct handshake_facts *facts;

	char chunk[CHUNK_BYTES];
	size_t chunk_len;
	size_t chunk_sent;
	struct buf queue; /* behind the chunk */
	size_t queue_moved;

	struct buf input;
	size_t taken;
	size_t scanned; /* no LF in input before this: long lines are searched once */
	bool ended;

	int64_t timeout_ms;
	int64_t deadline;
	int64_t end;
	int cancel_fd;
	struct wire_trace *trace; /* NULL: nobody looks */
};

static void wipe(struct buf *b)
{
	if (b->ptr)
		explicit_bzero(b->ptr, b->room);
	buf_free(b);
}

static void progress(struct wire *w)
{
	w->deadline = w->timeout_ms > 0 ? clock_deadline(w->timeout_ms) : CLOCK_NEVER;
}

struct wire *wire_from(const struct wire_ops *ops, void *state, int64_t timeout_ms)
{
	struct wire *w = mem_zero(1, sizeof(*w));

	w->ops = *ops;
	w->state = state;
	w->name = mem_text(ops->name ? ops->name : "server");
	w->timeout_ms = timeout_ms;
	w->end = CLOCK_NEVER;
	w->cancel_fd = -1;
	w->trace = wire_trace_new(w->name);
	progress(w);
	return w;
}

void wire_layer(struct wire *w, const struct wire_ops *ops, void *state,
	struct wire_ops *below, void **below_state)
{
	*below = w->ops;
	*below_state = w->state;
	w->ops.recv = ops->recv;
	w->ops.send = ops->send;
	w->ops.close = ops->close;
	w->ops.explain = ops->explain;
	w->state = state;
}

void wire_close(struct wire *w)
{
	if (!w)
		return;
	if (w->ops.close)
		w->ops.close(w->state);
	/* Both may hold a password. */
	explicit_bzero(w->chunk, sizeof(w->chunk));
	wipe(&w->queue);
	wire_trace_free(w->trace);
	free(w->name);
	free(w->facts);
	strings_free(&w->greeting);
	buf_free(&w->input);
	free(w);
}

void wire_close_at(struct wire **w)
{
	wire_close(*w);
	*w = NULL;
}

const char *wire_name(const struct wire *w)
{
	return w->name;
}

bool wire_is_encrypted(const struct wire *w)
{
	return w->ops.encrypted;
}

const struct handshake_facts *wire_facts(const struct wire *w)
{
	return w->facts;
}

void wire_set_facts(struct wire *w, const struct handshake_facts *facts)
{
	if (!w->facts)
		w->facts = mem_get(sizeof(*facts));
	*w->facts = *facts;
}

const struct strings *wire_greeting(const struct wire *w)
{
	return &w->greeting;
}

void wire_greet(struct wire *w, struct slice line)
{
	strings_add(&w->greeting, line);
	wire_trace_heard(w->trace, line);
	wire_trace_heard(w->trace, SLICE("\n"));
}

void wire_hide(struct wire *w, bool hide)
{
	wire_trace_hide(w->trace, hide);
}

void wire_set_timeout(struct wire *w, int64_t timeout_ms)
{
	w->timeout_ms = timeout_ms;
	progress(w);
}

void wire_set_cancel(struct wire *w, int cancel_fd)
{
	w->cancel_fd = cancel_fd;
}

void wire_set_end(struct wire *w, int64_t tick)
{
	w->end = tick;
}

/* It may hold a password: what it grows out of is wiped. */
void wire_queue(struct wire *w, const void *ptr, size_t len)
{
	if (w->queue.room - w->queue.len <= len) {
		struct buf more = { 0 };

		buf_reserve(&more, 2 * w->queue.len + len);
		buf_add_slice(&more, buf_slice(&w->queue));
		wipe(&w->queue);
		w->queue = more;
	}
	buf_add(&w->queue, ptr, len);
	wire_trace_sent(w->trace, slice_of(ptr, len));
	progress(w);
}

void wire_queuef(struct wire *w, const char *format, ...)
{
	struct buf text = { 0 };
	va_list args;

	va_start(args, format);
	buf_addv(&text, format, args);
	va_end(args);
	wire_queue(w, text.ptr, text.len);
	wipe(&text);
}

size_t wire_queued(const struct wire *w)
{
	return w->chunk_len - w->chunk_sent + w->queue.len - w->queue_moved;
}

/* Refills the empty chunk from the queue. */
static void next_chunk(struct wire *w)
{
	size_t left = w->queue.len - w->queue_moved;
	size_t len = left < CHUNK_BYTES ? left : CHUNK_BYTES;

	/* A session may last for days, its password need not. */
	explicit_bzero(w->chunk, w->chunk_len);
	if (len > 0) {
		memcpy(w->chunk, w->queue.ptr + w->queue_moved, len);
		explicit_bzero(w->queue.ptr + w->queue_moved, len);
	}
	w->chunk_len = len;
	w->chunk_sent = 0;
	w->queue_moved += len;
	if (w->queue_moved == w->queue.len) {
		buf_clear(&w->queue);
		w->queue_moved = 0;
	}
}

static int explained(const struct wire *w, struct fault *why)
{
	if (w->ops.explain)
		w->ops.explain(w->state, why);
	return -1;
}

static int lost(const struct wire *w, const char *reason, struct fault *why)
{
	fault_set(why, FAULT_TEMP, "%s: the connection is lost: %s", w->name, reason);
	return explained(w, why);
}

int wire_send(struct wire *w, struct fault *why)
{
	for (;;) {
		ssize_t n;

		if (w->chunk_sent == w->chunk_len)
			next_chunk(w);
		if (w->chunk_len == 0)
			return 0;
		n = w->ops.send(w->state, w->chunk + w->chunk_sent, w->chunk_len - w->chunk_sent);
		if (n < 0 && (errno == EAGAIN || errno == EINTR))
			return 0;
		if (n <= 0)
			return lost(w, n < 0 ? strerror(errno) : "nothing can be sent", why);
		w->chunk_sent += (size_t)n;
		progress(w);
	}
}

static void drop_taken(struct wire *w)
{
	buf_drop(&w->input, w->taken);
	w->scanned = w->scanned > w->taken ? w->scanned - w->taken : 0;
	w->taken = 0;
}

int wire_receive(struct wire *w, size_t limit, struct fault *why)
{
	bool got = false;

	drop_taken(w);
	for (;;) {
		size_t want = limit > w->input.len ? limit - w->input.len : 0;
		ssize_t n;

		if (want == 0)
			return 1;
		if (w->ended)
			return got ? 1 : 2;
		want = want < RECEIVE_BYTES ? want : RECEIVE_BYTES;
		buf_reserve(&w->input, want);
		n = w->ops.recv(w->state, w->input.ptr + w->input.len, want);
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0 && errno == EAGAIN)
			return got ? 1 : 0;
		if (n < 0)
			return lost(w, strerror(errno), why);
		if (n == 0) {
			w->ended = true;
			continue;
		}
		wire_trace_heard(w->trace, slice_of(w->input.ptr + w->input.len, (size_t)n));
		w->input.len += (size_t)n;
		w->input.ptr[w->input.len] = '\0';
		got = true;
		progress(w);
	}
}

struct slice wire_input(const struct wire *w)
{
	return slice_from(buf_slice(&w->input), w->taken);
}

void wire_take(struct wire *w, size_t len)
{
	size_t left = w->input.len - w->taken;

	w->taken += len < left ? len : left;
}

int wire_fd(const struct wire *w)
{
	return w->ops.fd;
}

short wire_events(const struct wire *w)
{
	return wire_queued(w) > 0 ? POLLIN | POLLOUT : POLLIN;
}

int64_t wire_deadline(const struct wire *w)
{
	return w->deadline < w->end ? w->deadline : w->end;
}

static int late(const struct wire *w, struct fault *why)
{
	if (w->end <= clock_tick())
		return fault_set(why, FAULT_TEMP, "%s: too slow to answer", w->name);
	return fault_set(why, FAULT_TEMP, "%s: no answer within %lld s", w->name,
		(long long)(w->timeout_ms + 999) / 1000);
}

int wire_closed(const struct wire *w, struct fault *why)
{
	fault_set(why, FAULT_TEMP, "%s: the server closed the connection", w->name);
	return explained(w, why);
}

int wire_wait(struct wire *w, struct fault *why)
{
	struct pollfd set[2] = {
		{ .fd = w->ops.fd, .events = wire_events(w) },
		{ .fd = w->cancel_fd, .events = POLLIN },
	};
	int n;

	if (w->end <= clock_tick())
		return late(w, why);
	do {
		n = poll(set, 2, clock_poll_timeout(wire_deadline(w)));
	} while (n < 0 && errno == EINTR);
	if (n < 0)
		return fault_set(why, FAULT_TEMP, "%s: poll: %s", w->name, strerror(errno));
	if (set[1].revents)
		return fault_set(why, FAULT_TEMP, "%s: stopped while waiting for it", w->name);
	if (n == 0 && wire_deadline(w) <= clock_tick())
		return late(w, why);
	return 0;
}

/* Takes a line off the input: 1 taken, 0 not whole yet, -1 too long. */
static int take_line(struct wire *w, size_t limit, struct slice *line, struct fault *why)
{
	size_t from = w->scanned > w->taken ? w->scanned : w->taken;
	struct slice fresh = slice_from(buf_slice(&w->input), from);
	ptrdiff_t end = slice_find_byte(fresh, '\n');
	size_t len = from - w->taken + (end >= 0 ? (size_t)end : fresh.len);

	w->scanned = end >= 0 ? from + (size_t)end + 1 : w->input.len;
	*line = slice_first(slice_from(buf_slice(&w->input), w->taken), len);
	if (end >= 0 && len > 0 && line->ptr[len - 1] == '\r')
		line->len--;
	if (line->len > limit)
		return fault_set(why, FAULT_PROTOCOL, "%s: sends a line of more than %zu bytes",
			w->name, limit);
	if (end < 0)
		return 0;
	w->taken += len + 1;
	return 1;
}

int wire_read_line(struct wire *w, size_t limit, struct slice *line, struct fault *why)
{
	for (;;) {
		int got = take_line(w, limit, line, why);

		if (got != 0)
			return got < 0 ? -1 : 0;
		if (w->end <= clock_tick())
			return late(w, why);
		if (wire_send(w, why) < 0)
			return -1;
		got = wire_receive(w, limit + 2, why);
		if (got < 0)
			return -1;
		if (got == 2)
			return wire_closed(w, why);
		if (got == 0 && wire_wait(w, why) < 0)
			return -1;
	}
}
