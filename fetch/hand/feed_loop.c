/*
 * Moving the stream, taking receipts: see feed.h.
 *
 * SPDX-License-Identifier: ISC
 */
#include <errno.h>

#include "common/base/io.h"
#include "fetch/hand/feed_own.h"

/* LIMIT: how long nobody may connect for receipts when all wait for them. */
enum { PEER_MS = 30000 };
/*
 * LIMIT: how long whoever stores may take no byte and give no receipt while they are due.
 * An SMTP or LMTP host may take 10 minutes for its answer (RFC 5321 section 4.5.3.2.6).
 */
enum { STALL_MS = 15 * 60 * 1000 };

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
		feed_touch(f);
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
		feed_touch(f);
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
