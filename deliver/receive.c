/*
 * Receive: see receive.h.
 *
 * SPDX-License-Identifier: ISC
 */
#include "deliver/receive.h"

#include <signal.h>

#include "common/base/clock.h"
#include "common/base/say.h"
#include "common/mail/receipt.h"
#include "deliver/arrive.h"
#include "deliver/batch.h"
#include "deliver/decide.h"

/* Commits, and lets the receipts go. */
static int close_batch(struct run *r, const struct arrival *a, struct fault *why)
{
	if (batch_commit(r, a->unit != NULL, why) < 0) {
		(void)outlet_flush(&r->receipts, NULL);
		return -1;
	}
	return outlet_flush(&r->receipts, why);
}

/* The ledger before the first message; a plain message may do without. */
static int need_ledger(struct run *r, bool plain, struct fault *why)
{
	if (r->ledger || (plain && !r->settings->ledger))
		return 0;
	return run_open_ledger(r, why);
}

static int on_preamble(struct run *r, const struct preamble *p, struct fault *why)
{
	/* An interrupt is for the first program of the pipe: it ends the stream in order. */
	(void)signal(SIGINT, SIG_IGN);
	/* First of all: recovery may wait for a mailbox longer than the source does for us. */
	r->receipts.name = "the receipts";
	if (receipt_connect(p, &r->receipts.fd, why) < 0)
		return -1;
	return need_ledger(r, p->way == RECEIPTS_NONE, why);
}

/* A variant that does not follow the one before leaves a message that is not whole. */
static int end_unfinished(struct run *r, struct arrival *a, const struct frame *f)
{
	struct unit *u = a->unit;
	struct fault why = { 0 };

	if (!u || (f && slice_equal(buf_slice(&u->id), buf_slice(&f->id)) &&
			  f->variants == u->variants && f->variant == u->variant + 1))
		return 0;
	fault_set(&why, FAULT_TEMP, "variant %u of %u is missing", u->variant + 1, u->variants);
	unit_fail(u, &why);
	run_answer(r, arrive_take(a));
	return 0;
}

static int on_frame(struct run *r, struct arrival *a, const struct frame *f, struct fault *why)
{
	enum verdict verdict = VERDICT_WANTED;
	struct fault reason = { 0 };

	if (need_ledger(r, f->id.len == 0, why) < 0)
		return -1;
	end_unfinished(r, a, f);
	if (a->unit) {
		arrive_begin(r, a, f, VERDICT_WANTED, NULL);
		return 0;
	}
	/* The same id twice, or a duplicate of one that waits: first that one's fate. */
	if ((batch_has(r, buf_slice(&f->id)) || batch_has(r, buf_slice(&f->after))) &&
		close_batch(r, a, why) < 0)
		return -1;
	if (r->count == 0 && r->ledger && ledger_version(r->ledger, &r->version, why) < 0)
		return -1;
	if (decide(r, f, &verdict, &reason) < 0) {
		*why = reason;
		return -1;
	}
	if (f->variant > 1) {
		verdict = verdict == VERDICT_STORED ? verdict : VERDICT_DEFERRED;
		fault_set(&reason, FAULT_TEMP, "variant 1 of %u is missing", f->variants);
	}
	arrive_begin(r, a, f, verdict, &reason);
	return 0;
}

static int on_end(struct run *r, struct arrival *a, struct fault *why)
{
	arrive_end(r, a);
	if (!arrive_is_whole(a))
		return 0;
	if (a->unit->verdict == VERDICT_WANTED) {
		batch_add(r, arrive_take(a));
		return batch_is_full(r) ? close_batch(r, a, why) : 0;
	}
	run_answer(r, arrive_take(a));
	return outlet_spill(&r->receipts, why);
}

static int on_event(struct run *r, struct arrival *a, const struct stream_event *event,
	struct fault *why)
{
	switch (event->kind) {
	case STREAM_PREAMBLE:
		return on_preamble(r, event->preamble, why);
	case STREAM_FRAME:
		return on_frame(r, a, event->frame, why);
	case STREAM_BYTES:
		arrive_bytes(r, a, event->bytes);
		return 0;
	case STREAM_END:
		return on_end(r, a, why);
	case STREAM_CUT:
		/* The source knows: it said so, and gets no receipt. */
		say_detail("a message was cut: %.*s", SLICE_ARG(event->reason));
		arrive_drop(a);
		return 0;
	case STREAM_FLUSH:
	case STREAM_DONE:
	case STREAM_ABORT:
		end_unfinished(r, a, NULL);
		return close_batch(r, a, why);
	case STREAM_MORE:
		break;
	}
	return 0;
}

/* A quarter second without an event: receipts first, then what is only for the ledger. */
static int on_silence(struct run *r, const struct arrival *a, struct fault *why)
{
	if (r->count > 0 || r->receipts.pending.len > 0)
		return close_batch(r, a, why);
	return r->ledger ? marks_write(&r->marks, r->ledger, why) : 0;
}

static bool is_idle(const struct run *r)
{
	return r->count == 0 && r->receipts.pending.len == 0 && r->marks.count == 0 &&
		r->marks.id_count == 0;
}

int receive(struct run *r, struct intake *in, struct fault *why)
{
	struct arrival a = { 0 };
	struct stream_event event = { 0 };
	int got;

	for (;;) {
		const int64_t deadline = is_idle(r) ? CLOCK_NEVER : clock_deadline(BATCH_IDLE_MS);

		got = intake_next(in, deadline, &event, why);
		if (got == 2 && on_silence(r, &a, why) < 0)
			got = -1;
		if (got == 1 && on_event(r, &a, &event, why) < 0) {
			arrive_free(&a);
			return -1;
		}
		if (got == 1 && event.kind == STREAM_ABORT) {
			fault_set(why, FAULT_TEMP, "the stream was given up: %.*s",
				SLICE_ARG(event.reason));
			break;
		}
		if (got <= 0)
			break;
	}
	arrive_free(&a);
	if (got == 0)
		return 0;
	/* The input is broken, what came whole before is not. */
	if (got < 0) {
		struct fault second = { 0 };

		if (close_batch(r, &a, &second) < 0)
			say_fault(&second);
	}
	return -1;
}
