/*
 * Writing the stream, taking receipts: see feed.h.
 *
 * SPDX-License-Identifier: ISC
 */
#include "fetch/hand/feed.h"

#include <errno.h>
#include <unistd.h>

#include "common/base/clock.h"
#include "common/base/io.h"
#include "fetch/hand/outlet.h"
#include "fetch/hand/unanswered.h"

/* LIMIT: bytes gathered for stdout; beyond it no source reads on. */
enum { HIGH_WATER = 512 << 10 };
/* LIMIT: messages without a receipt; only their ids are held. */
enum { WINDOW = 1000 };
/* LIMIT: how long nobody may connect for receipts when all wait for them. */
enum { PEER_MS = 30000 };
/*
 * LIMIT: how long whoever stores may take no byte and give no receipt while they are due.
 * An SMTP or LMTP host may take 10 minutes for its answer (RFC 5321 section 4.5.3.2.6).
 */
enum { STALL_MS = 15 * 60 * 1000 };

struct feed {
	struct outlet out;
	struct feed_taker taker;
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
	int64_t moved;    /* when a byte was taken or a receipt came */

	struct unanswered unanswered;
};

static struct feed *feed_new(void)
{
	struct feed *f = mem_zero(1, sizeof(*f));

	f->out = (struct outlet)OUTLET_NONE;
	f->patience = CLOCK_NEVER;
	f->listener = (struct receipt_listener){ .fd = -1, .dir = -1 };
	f->receipts = (struct line_reader){ .fd = -1, .name = "receipts",
		.limit = RECEIPT_LINE_MAX };
	buf_add_text(&f->preamble.program, "mr-fetch " MAILRAIL_VERSION);
	return f;
}

int feed_open_stdout(struct feed **feed, struct fault *why)
{
	struct feed *f = feed_new();

	*feed = f;
	f->preamble.way = RECEIPTS_UNIX;
	if (outlet_open(&f->out, STDOUT_FILENO, why) < 0)
		return -1;
	if (receipt_listen(&f->listener, why) < 0) {
		f->preamble.way = RECEIPTS_NONE;
		return -1;
	}
	receipt_announce(&f->listener, &f->preamble);
	return 0;
}

struct feed *feed_open_taker(const struct feed_taker *taker)
{
	struct feed *f = feed_new();

	f->taker = *taker;
	f->preamble.way = RECEIPTS_STDOUT;
	return f;
}

void feed_close(struct feed *f)
{
	if (!f)
		return;
	unanswered_forget(&f->unanswered);
	outlet_close(&f->out);
	io_close_at(&f->receipts.fd);
	line_reader_free(&f->receipts);
	receipt_listener_close(&f->listener);
	preamble_clear(&f->preamble);
	free(f);
}

bool feed_room(const struct feed *f)
{
	return f->out.fd < 0 || outlet_waiting(&f->out) < HIGH_WATER;
}

bool feed_ready(const struct feed *f)
{
	return !f->owner && !f->finished && feed_room(f) &&
		(f->deaf || f->unanswered.count < WINDOW);
}

static void touch(struct feed *f)
{
	f->moved = clock_tick();
}

static int start_taker(struct feed *f, struct fault *why)
{
	int out = -1;

	if (f->taker.start(f->taker.arg, &out, &f->receipts.fd, why) < 0)
		return -1;
	f->had_peer = true;
	if (outlet_open(&f->out, out, why) < 0)
		return -1;
	if (io_set_nonblocking(f->receipts.fd, true) < 0)
		return fault_set(why, FAULT_TEMP, "receipts: %s", strerror(errno));
	return 0;
}

static void begin_stream(struct feed *f)
{
	if (f->begun)
		return;
	f->begun = true;
	if (f->taker.start && !f->finished && start_taker(f, &f->trouble) < 0) {
		f->gone = true;
		f->deaf = true;
		io_close_at(&f->receipts.fd);
		outlet_close(&f->out);
	}
	if (f->out.fd >= 0)
		stream_put_preamble(&f->out.bytes, &f->preamble);
}

void feed_begin(struct feed *f, struct source *s, const struct frame *frame, uint64_t key)
{
	begin_stream(f);
	f->owner = s;
	f->size = 0;
	f->tracked = false;
	touch(f);
	if (f->out.fd < 0)
		return;
	stream_put_frame(&f->out.bytes, frame);
	f->tracked = !f->deaf;
	if (f->tracked)
		unanswered_add(&f->unanswered, s, buf_slice(&frame->id), key);
}

void feed_bytes(struct feed *f, struct slice bytes)
{
	f->size += bytes.len;
	if (f->out.fd >= 0 && bytes.len)
		stream_put_bytes(&f->out.bytes, bytes);
}

void feed_end(struct feed *f)
{
	if (f->out.fd >= 0)
		stream_put_end(&f->out.bytes, f->size);
	f->count++;
	f->owner = NULL;
	f->unflushed = true;
}

void feed_cut(struct feed *f, const struct source *s, const char *reason)
{
	if (f->owner != s)
		return;
	if (f->out.fd >= 0)
		stream_put_cut(&f->out.bytes, reason);
	f->owner = NULL;
	f->count++;
	/* It was the last one begun, and is the last of the list, if it is there at all. */
	if (f->tracked)
		unanswered_drop_last(&f->unanswered, s);
}

void feed_flush(struct feed *f)
{
	if (!f->unflushed || f->owner || f->out.fd < 0 || f->finished)
		return;
	stream_put_flush(&f->out.bytes);
	f->unflushed = false;
	touch(f);
}

void feed_finish(struct feed *f)
{
	if (f->finished)
		return;
	f->finished = true;
	if (!f->begun && f->preamble.way == RECEIPTS_UNIX)
		f->preamble.way = RECEIPTS_NONE;
	begin_stream(f);
	if (f->out.fd >= 0)
		stream_put_done(&f->out.bytes, f->count);
	touch(f);
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
	int moved = outlet_write(&f->out);

	if (moved < 0) {
		lose(f, errno == EPIPE ? "the reader of the mail stream is gone" :
					 "the mail stream cannot be written");
		outlet_close(&f->out);
		return true;
	}
	if (f->finished && f->out.fd >= 0 && outlet_waiting(&f->out) == 0) {
		outlet_close(&f->out);
		moved = 1;
	}
	if (moved)
		touch(f);
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
	if (moved)
		touch(f);
	return moved;
}

bool feed_step(struct feed *f)
{
	bool moved = write_some(f);

	if (outlet_is_lost(&f->out)) {
		lose(f, "the reader of the mail stream is gone");
		outlet_close(&f->out);
		moved = true;
	}
	return read_receipts(f) || moved;
}

size_t feed_poll(const struct feed *f, struct pollfd *set)
{
	size_t count = 0;

	if (f->out.fd >= 0)
		set[count++] = (struct pollfd){ .fd = f->out.fd,
			.events = outlet_waiting(&f->out) ? POLLOUT : 0 };
	if (f->listener.fd >= 0 && f->begun && !f->had_peer)
		set[count++] = (struct pollfd){ .fd = f->listener.fd, .events = POLLIN };
	if (f->receipts.fd >= 0)
		set[count++] = (struct pollfd){ .fd = f->receipts.fd, .events = POLLIN };
	return count;
}

/* Is it the other side's turn: to take bytes, to answer what it was asked, to end? */
static bool is_due(const struct feed *f)
{
	if (f->out.fd >= 0 && outlet_waiting(&f->out) > 0)
		return true;
	return f->receipts.fd >= 0 &&
		(f->finished || (f->unanswered.count && !f->unflushed && !f->owner));
}

static int64_t wait_for_life(struct feed *f)
{
	if (!is_due(f))
		return CLOCK_NEVER;
	if (f->moved + STALL_MS > clock_tick())
		return f->moved + STALL_MS;
	io_close_at(&f->receipts.fd);
	lose(f, "no receipt came and no byte was taken for 15 minutes");
	outlet_close(&f->out);
	return clock_tick();
}

static int64_t wait_for_peer(struct feed *f, bool waiting)
{
	if (!waiting || f->had_peer || f->deaf || f->unanswered.count == 0 ||
		(f->out.fd >= 0 && outlet_waiting(&f->out) > 0)) {
		f->patience = CLOCK_NEVER;
		return CLOCK_NEVER;
	}
	if (f->patience == CLOCK_NEVER)
		f->patience = clock_tick() + PEER_MS;
	if (f->patience <= clock_tick()) {
		fault_set(&f->trouble, FAULT_TEMP,
			"nobody came for receipts within %d s: nothing is deleted or marked at its "
			"server", PEER_MS / 1000);
		unanswered_forget(&f->unanswered);
		f->deaf = true;
	}
	return f->patience;
}

int64_t feed_wait(struct feed *f, bool waiting)
{
	int64_t peer = wait_for_peer(f, waiting);
	int64_t life = wait_for_life(f);

	return peer < life ? peer : life;
}

bool feed_is_over(const struct feed *f)
{
	if (!f->finished || f->out.fd >= 0)
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
