/*
 * COMPRESS=DEFLATE: see deflate.h. The format is RFC 1951 without a header.
 *
 * SPDX-License-Identifier: ISC
 */
#include "common/net/deflate.h"

#include <errno.h>
#include <zlib.h>

/* LIMIT: compressed bytes asked of one recv: a TLS record holds 16 KiB. */
enum { RAW_BYTES = 16 * 1024 };

/*
 * LIMIT: compressed bytes without one of output. A flush takes five; who sends nothing but
 * those would hold us in here for ever.
 */
enum { IDLE_BYTES = 256 * 1024 };

/* What we send is commands: a small window is enough, and costs 32 KiB instead of 256. */
enum { OUR_WINDOW_BITS = 12, OUR_MEMORY = 5, THEIR_WINDOW_BITS = 15 };

struct deflate {
	struct wire_ops below;
	void *below_state;
	z_stream in;
	z_stream out;
	struct buf early;   /* received before we began; then the buffer of raw bytes */
	size_t idle;        /* compressed bytes since the last output */
	bool ended;         /* the stream of the server has its end */
	bool broken;        /* or is none */
	struct buf packed;  /* compressed, not yet all sent: may not move meanwhile */
	size_t packed_sent;
};

static ssize_t broken(struct deflate *d)
{
	d->broken = true;
	errno = EPROTO;
	return -1;
}

/* Fetches compressed bytes: as recv. */
static ssize_t refill(struct deflate *d)
{
	ssize_t n;

	if (d->idle > IDLE_BYTES)
		return broken(d);
	buf_clear(&d->early);
	buf_reserve(&d->early, RAW_BYTES);
	n = d->below.recv(d->below_state, d->early.ptr, RAW_BYTES);
	if (n <= 0)
		return n;
	d->in.next_in = (Bytef *)d->early.ptr;
	d->in.avail_in = (uInt)n;
	d->idle += (size_t)n;
	return n;
}

static ssize_t deflate_recv(void *state, void *ptr, size_t len)
{
	struct deflate *d = state;

	d->in.next_out = ptr;
	d->in.avail_out = (uInt)len;
	while (len > 0 && !d->ended) {
		int code = inflate(&d->in, Z_SYNC_FLUSH);
		size_t got = len - d->in.avail_out;
		ssize_t n;

		d->ended = code == Z_STREAM_END;
		if (got > 0) {
			d->idle = 0;
			return (ssize_t)got;
		}
		if (code != Z_OK && code != Z_BUF_ERROR && code != Z_STREAM_END)
			return broken(d);
		if (d->in.avail_in > 0 || d->ended)
			continue;
		n = refill(d);
		if (n <= 0)
			return n;
	}
	return 0;
}

/* All of it, and so that the server can inflate all of it. */
static void pack(struct deflate *d, const void *ptr, size_t len)
{
	/* zlib has no const. */
	d->out.next_in = (Bytef *)(uintptr_t)ptr;
	d->out.avail_in = (uInt)len;
	do {
		buf_reserve(&d->packed, deflateBound(&d->out, d->out.avail_in) + 64);
		d->out.next_out = (Bytef *)d->packed.ptr + d->packed.len;
		d->out.avail_out = (uInt)(d->packed.room - d->packed.len - 1);
		deflate(&d->out, Z_SYNC_FLUSH);
		d->packed.len = (size_t)((char *)d->out.next_out - d->packed.ptr);
	} while (d->out.avail_out == 0);
	d->packed.ptr[d->packed.len] = '\0';
	d->packed_sent = 0;
}

/* After EAGAIN the wire comes again with the same bytes: they are packed already. */
static ssize_t deflate_send(void *state, const void *ptr, size_t len)
{
	struct deflate *d = state;

	if (d->packed.len == 0)
		pack(d, ptr, len);
	while (d->packed_sent < d->packed.len) {
		ssize_t n = d->below.send(d->below_state, d->packed.ptr + d->packed_sent,
			d->packed.len - d->packed_sent);

		if (n <= 0)
			return n;
		d->packed_sent += (size_t)n;
	}
	buf_clear(&d->packed);
	return (ssize_t)len;
}

static void deflate_explain(void *state, struct fault *why)
{
	struct deflate *d = state;
	struct fault before = why ? *why : (struct fault){ 0 };

	if (d->broken)
		fault_set(why, FAULT_PROTOCOL, "%s (what it sends cannot be inflated)",
			before.text);
	else if (d->below.explain)
		d->below.explain(d->below_state, why);
}

static void deflate_free(struct deflate *d)
{
	inflateEnd(&d->in);
	deflateEnd(&d->out);
	buf_free(&d->early);
	buf_free(&d->packed);
	free(d);
}

static void deflate_close(void *state)
{
	struct deflate *d = state;

	if (d->below.close)
		d->below.close(d->below_state);
	deflate_free(d);
}

int wire_deflate(struct wire *w, struct fault *why)
{
	static const struct wire_ops ops = { .recv = deflate_recv, .send = deflate_send,
		.close = deflate_close, .explain = deflate_explain };
	struct deflate *d = mem_zero(1, sizeof(*d));

	if (inflateInit2(&d->in, -THEIR_WINDOW_BITS) != Z_OK ||
		deflateInit2(&d->out, Z_DEFAULT_COMPRESSION, Z_DEFLATED, -OUR_WINDOW_BITS,
			OUR_MEMORY, Z_DEFAULT_STRATEGY) != Z_OK) {
		deflate_free(d);
		return fault_set(why, FAULT_TEMP, "%s: zlib does not start", wire_name(w));
	}
	buf_add_slice(&d->early, wire_input(w));
	wire_take(w, d->early.len);
	d->in.next_in = (Bytef *)d->early.ptr;
	d->in.avail_in = (uInt)d->early.len;
	wire_layer(w, &ops, d, &d->below, &d->below_state);
	return 0;
}
