/*
 * Writing the stream: see feed.h.
 *
 * SPDX-License-Identifier: ISC
 */
#include "fetch/hand/feed_own.h"
#include "fetch/source.h"

#include <errno.h>
#include <unistd.h>

#include "common/base/io.h"

/* LIMIT: bytes gathered for stdout; beyond it no source reads on. */
enum { HIGH_WATER = 512 << 10 };
/* LIMIT: messages without a receipt; only their ids are held. */
enum { WINDOW = 1000 };
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

static void feed_empty(struct feed *f)
{
	unanswered_forget(&f->unanswered);
	outlet_close(&f->out);
	io_close_at(&f->receipts.fd);
	line_reader_free(&f->receipts);
	receipt_listener_close(&f->listener);
	preamble_clear(&f->preamble);
}

void feed_close(struct feed *f)
{
	if (!f)
		return;
	feed_empty(f);
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

void feed_claim(struct feed *f, struct source *s)
{
	f->owner = s;
	f->claimed = true;
}

void feed_begin(struct feed *f, struct source *s, const struct frame *frame, uint64_t key)
{
	begin_stream(f);
	f->owner = s;
	f->claimed = false;
	f->size = 0;
	f->tracked = false;
	feed_touch(f);
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
	if (f->tracked)
		unanswered_end(&f->unanswered, f->size);
	f->count++;
	if (!f->tracked && f->owner)
		f->owner->unheard = true;
	f->owner = NULL;
	f->unflushed = true;
}

void feed_cut(struct feed *f, const struct source *s, const char *reason)
{
	if (f->owner != s)
		return;
	if (f->claimed) {
		f->owner = NULL;
		f->claimed = false;
		return;
	}
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
	feed_touch(f);
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
	feed_touch(f);
}

bool feed_is_begun(const struct feed *f)
{
	return f->begun;
}

void feed_again(struct feed *f)
{
	struct feed *fresh = feed_open_taker(&f->taker);

	feed_empty(f);
	*f = *fresh;
	free(fresh);
}
