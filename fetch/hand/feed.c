/*
 * Writing the stream, taking receipts: see feed.h.
 *
 * SPDX-License-Identifier: ISC
 */
#include "fetch/hand/feed.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

#include "common/base/clock.h"
#include "common/base/io.h"
#include "fetch/hand/unanswered.h"

/* LIMIT: bytes gathered for stdout; beyond it no source reads on. */
enum { HIGH_WATER = 512 << 10 };
/* LIMIT: messages without a receipt; only their ids are held. */
enum { WINDOW = 1000 };
/* LIMIT: how long nobody may connect for receipts when all wait for them. */
enum { PEER_MS = 30000 };

struct feed {
	int out; /* owned; -1 when closed */
	int out_flags;
	struct buf bytes;
	size_t written;
	struct preamble preamble;
	bool begun;
	bool finished;
	bool unflushed;
	uint64_t count;
	uint64_t size; /* of the open message */
	struct source *owner;
	bool tracked; /* the open message stands among the unanswered */

	struct receipt_listener listener;
	struct line_reader receipts; /* fd -1: no peer */
	bool had_peer;
	bool deaf;
	bool gone; /* the reader, or the giver of receipts */
	struct fault trouble;
	int64_t patience; /* when waiting for a peer ends; CLOCK_NEVER: not waiting */

	struct unanswered unanswered;
};

int feed_open(int out, int in, struct feed **feed, struct fault *why)
{
	struct feed *f = mem_zero(1, sizeof(*f));

	f->out = out;
	f->out_flags = fcntl(out, F_GETFL);
	f->patience = CLOCK_NEVER;
	f->listener = (struct receipt_listener){ .fd = -1, .dir = -1 };
	f->receipts = (struct line_reader){ .fd = in, .name = "receipts",
		.limit = RECEIPT_LINE_MAX };
	f->had_peer = in >= 0;
	buf_add_text(&f->preamble.program, "mr-fetch " MAILRAIL_VERSION);
	f->preamble.way = in >= 0 ? RECEIPTS_STDOUT : RECEIPTS_UNIX;
	*feed = f;
	if (io_set_nonblocking(out, true) < 0 || (in >= 0 && io_set_nonblocking(in, true) < 0))
		return fault_set(why, FAULT_TEMP, "the mail stream: %s", strerror(errno));
	if (in >= 0)
		return 0;
	if (receipt_listen(&f->listener, why) < 0) {
		f->preamble.way = RECEIPTS_NONE;
		return -1;
	}
	receipt_announce(&f->listener, &f->preamble);
	return 0;
}

/*
 * The descriptor may be shared with others (a terminal, a file): its mode is put back. It
 * is stdout, and nobody's file may become stdout after it.
 */
static void close_out(struct feed *f)
{
	if (f->out < 0)
		return;
	if (f->out_flags >= 0)
		(void)fcntl(f->out, F_SETFL, f->out_flags);
	if (f->out == STDOUT_FILENO) {
		AUTO_FD null = open("/dev/null", O_WRONLY | O_CLOEXEC);

		if (null >= 0)
			(void)dup2(null, STDOUT_FILENO);
		f->out = -1;
	}
	io_close_at(&f->out);
	buf_clear(&f->bytes);
	f->written = 0;
}

void feed_close(struct feed *f)
{
	if (!f)
		return;
	unanswered_forget(&f->unanswered);
	close_out(f);
	io_close_at(&f->receipts.fd);
	line_reader_free(&f->receipts);
	receipt_listener_close(&f->listener);
	preamble_clear(&f->preamble);
	buf_free(&f->bytes);
	free(f);
}

static size_t unwritten(const struct feed *f)
{
	return f->bytes.len - f->written;
}

bool feed_room(const struct feed *f)
{
	return f->out < 0 || unwritten(f) < HIGH_WATER;
}

bool feed_ready(const struct feed *f)
{
	return !f->owner && !f->finished && feed_room(f) &&
		(f->deaf || f->unanswered.count < WINDOW);
}

static void begin_stream(struct feed *f)
{
	if (f->begun)
		return;
	f->begun = true;
	if (f->out >= 0)
		stream_put_preamble(&f->bytes, &f->preamble);
}

void feed_begin(struct feed *f, struct source *s, const struct frame *frame, uint64_t key)
{
	begin_stream(f);
	f->owner = s;
	f->size = 0;
	f->tracked = false;
	if (f->out < 0)
		return;
	stream_put_frame(&f->bytes, frame);
	f->tracked = !f->deaf;
	if (f->tracked)
		unanswered_add(&f->unanswered, s, buf_slice(&frame->id), key);
}

void feed_bytes(struct feed *f, struct slice bytes)
{
	f->size += bytes.len;
	if (f->out >= 0 && bytes.len)
		stream_put_bytes(&f->bytes, bytes);
}

void feed_end(struct feed *f)
{
	if (f->out >= 0)
		stream_put_end(&f->bytes, f->size);
	f->count++;
	f->owner = NULL;
	f->unflushed = true;
}

void feed_cut(struct feed *f, const struct source *s, const char *reason)
{
	if (f->owner != s)
		return;
	if (f->out >= 0)
		stream_put_cut(&f->bytes, reason);
	f->owner = NULL;
	f->count++;
	/* It was the last one begun, and is the last of the list, if it is there at all. */
	if (f->tracked)
		unanswered_drop_last(&f->unanswered, s);
}

void feed_flush(struct feed *f)
{
	if (!f->unflushed || f->owner || f->out < 0 || f->finished)
		return;
	stream_put_flush(&f->bytes);
	f->unflushed = false;
}

void feed_finish(struct feed *f)
{
	if (f->finished)
		return;
	if (!f->begun && f->preamble.way == RECEIPTS_UNIX)
		f->preamble.way = RECEIPTS_NONE;
	begin_stream(f);
	f->finished = true;
	if (f->out >= 0)
		stream_put_done(&f->bytes, f->count);
}

static void lose(struct feed *f, const char *what)
{
	if (!f->gone)
		fault_set(&f->trouble, FAULT_TEMP,
			"%s: %zu messages without a receipt are left as they are at their server",
			what, f->unanswered.count);
	f->gone = true;
	if (f->receipts.fd >= 0)
		return;
	unanswered_forget(&f->unanswered);
	f->deaf = true;
}

/* True when bytes were written. */
static bool write_some(struct feed *f)
{
	bool moved = false;

	while (f->out >= 0 && unwritten(f) > 0) {
		ssize_t n = write(f->out, f->bytes.ptr + f->written, unwritten(f));

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0 && errno == EAGAIN)
			break;
		if (n < 0) {
			lose(f, errno == EPIPE ? "the reader of the mail stream is gone" :
						 "the mail stream cannot be written");
			close_out(f);
			return true;
		}
		f->written += (size_t)n;
		moved = true;
	}
	if (f->written == f->bytes.len || f->written >= HIGH_WATER) {
		buf_drop(&f->bytes, f->written);
		f->written = 0;
	}
	if (f->finished && f->out >= 0 && unwritten(f) == 0) {
		close_out(f);
		moved = true;
	}
	return moved;
}

/* False when it is none: then its giver cannot be trusted with anything more. */
static bool take_receipt(struct feed *f, struct slice line)
{
	enum receipt_verdict verdict;
	AUTO_BUF id = { 0 };
	AUTO_BUF reason = { 0 };

	if (receipt_read(line, &verdict, &id, &reason, NULL) < 0)
		return false;
	(void)unanswered_answer(&f->unanswered, buf_slice(&id), verdict);
	return true;
}

static bool read_receipts(struct feed *f)
{
	bool moved = false;
	struct slice line;
	struct fault why = { 0 };

	if (f->listener.fd >= 0 && f->receipts.fd < 0 && f->begun && !f->had_peer) {
		if (receipt_accept(&f->listener, &f->receipts.fd, &why) == 1) {
			f->had_peer = true;
			moved = true;
		}
	}
	while (f->receipts.fd >= 0) {
		int got = line_read(&f->receipts, &line, &why);

		if (got == 2)
			break;
		moved = true;
		if (got == 1 && take_receipt(f, line))
			continue;
		io_close_at(&f->receipts.fd);
		if (got != 0)
			lose(f, "what comes back is no receipt");
		else if (f->unanswered.count || !f->finished)
			lose(f, "the one who stores the mail is gone");
	}
	return moved;
}

/* A pipe tells that its last reader is gone, also when there is nothing to write. */
static bool reader_is_gone(const struct feed *f)
{
	struct pollfd out = { .fd = f->out };

	return f->out >= 0 && poll(&out, 1, 0) == 1 && (out.revents & POLLERR);
}

bool feed_step(struct feed *f)
{
	bool moved = write_some(f);

	if (reader_is_gone(f)) {
		lose(f, "the reader of the mail stream is gone");
		close_out(f);
		moved = true;
	}
	return read_receipts(f) || moved;
}

size_t feed_poll(const struct feed *f, struct pollfd *set)
{
	size_t count = 0;

	if (f->out >= 0)
		set[count++] = (struct pollfd){ .fd = f->out,
			.events = unwritten(f) ? POLLOUT : 0 };
	if (f->listener.fd >= 0 && f->begun && !f->had_peer)
		set[count++] = (struct pollfd){ .fd = f->listener.fd, .events = POLLIN };
	if (f->receipts.fd >= 0)
		set[count++] = (struct pollfd){ .fd = f->receipts.fd, .events = POLLIN };
	return count;
}

int64_t feed_wait(struct feed *f, bool waiting)
{
	if (!waiting || f->had_peer || f->deaf || f->unanswered.count == 0 ||
		(f->out >= 0 && unwritten(f) > 0)) {
		f->patience = CLOCK_NEVER;
		return CLOCK_NEVER;
	}
	if (f->patience == CLOCK_NEVER)
		f->patience = clock_deadline(PEER_MS);
	if (f->patience <= clock_tick()) {
		fault_set(&f->trouble, FAULT_TEMP,
			"nobody came for receipts within %d s: nothing is deleted or marked at its "
			"server", PEER_MS / 1000);
		unanswered_forget(&f->unanswered);
		f->deaf = true;
	}
	return f->patience;
}

bool feed_is_over(const struct feed *f)
{
	if (!f->finished || f->out >= 0)
		return false;
	if (f->had_peer)
		return f->receipts.fd < 0;
	return f->deaf || f->unanswered.count == 0;
}

bool feed_is_lost(const struct feed *f)
{
	return f->gone;
}

bool feed_fault(const struct feed *f, struct fault *why)
{
	if (f->trouble.kind == FAULT_NONE)
		return false;
	*why = f->trouble;
	return true;
}

void feed_forget(struct feed *f)
{
	unanswered_forget(&f->unanswered);
	f->deaf = true;
}
