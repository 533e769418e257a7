/*
 * The last program of the pipe: see taker.h.
 *
 * SPDX-License-Identifier: ISC
 */
#include "common/mail/taker.h"

#include <unistd.h>

#include "common/base/clock.h"
#include "common/base/io.h"
#include "common/base/paths.h"
#include "common/base/say.h"
#include "common/base/scratch.h"
#include "common/mail/header.h"
#include "common/mail/intake.h"
#include "common/mail/ledger/handed.h"
#include "common/mail/lineend.h"
#include "common/mail/return_path.h"

/* LIMIT: of the header, as mr-fetch looks at it; LIMIT: lines about messages. */
enum { HEADER_MAX = 256 << 10, LINES_MAX = 10 };

struct run {
	const struct taker *taker;
	struct intake *intake;
	int receipts;       /* -1: nobody wants them */
	struct ledger *ledger; /* NULL until a message has several recipients */
	struct scratch bytes;  /* of the open message */
	struct lineend ends;
	struct buf head;
	struct buf converted;
	struct frame frame;
	bool eight_bit;
	struct fault trouble; /* the open message cannot be spooled */
	unsigned failed;
	struct fault worst;
};

static void remember(struct run *r, const struct fault *why)
{
	if (status_worse((int)r->worst.kind, (int)why->kind) != (int)r->worst.kind)
		r->worst = *why;
}

static int give_receipt(struct run *r, enum receipt_verdict verdict, const char *reason,
	struct fault *why)
{
	AUTO_BUF line = { 0 };

	if (r->receipts < 0 || r->frame.id.len == 0)
		return 0;
	receipt_put(&line, verdict, buf_slice(&r->frame.id), reason);
	return io_write_all(r->receipts, line.ptr, line.len, "receipt", why);
}

static void begin_message(struct run *r, const struct frame *frame)
{
	r->trouble = (struct fault){ 0 };
	frame_copy(&r->frame, frame);
	r->ends = (struct lineend){ 0 };
	r->eight_bit = false;
	buf_clear(&r->head);
	(void)scratch_clear(&r->bytes, &r->trouble);
}

static void keep(struct run *r)
{
	struct slice text = buf_slice(&r->converted);

	for (size_t i = 0; i < text.len && !r->eight_bit; i++)
		r->eight_bit = (unsigned char)text.ptr[i] > 127;
	if (r->head.len < HEADER_MAX)
		buf_add_slice(&r->head, slice_first(text, HEADER_MAX - r->head.len));
	if (r->trouble.kind == FAULT_NONE)
		(void)scratch_add(&r->bytes, text, &r->trouble);
	buf_clear(&r->converted);
}

static int open_ledger(struct run *r, struct fault *why)
{
	AUTO_FREE char *state = NULL;

	if (r->ledger)
		return 0;
	state = paths_state(why);
	return state ? ledger_open(state, LEDGER_WRITE, &r->ledger, why) : -1;
}

/* Those of the frame who have it not yet. A single one has not: else it would be done. */
static int list_recipients(struct run *r, struct strings *to, bool *some_have, struct fault *why)
{
	const struct strings *all = &r->frame.rcpt_to;

	*some_have = false;
	if (all->count == 0)
		strings_add(to, slice_text(r->taker->recipient));
	else if (all->count == 1 || r->taker->whole)
		strings_add(to, slice_text(all->at[0]));
	if (to->count)
		return 0;
	if (r->frame.id.len && open_ledger(r, why) < 0)
		return -1;
	for (size_t i = 0; i < all->count; i++) {
		int has = r->frame.id.len == 0 ? 0 :
			handed_read(r->ledger, &r->frame, r->taker->target, all->at[i], why);

		if (has < 0)
			return -1;
		*some_have |= has;
		if (!has && !strings_has(to, all->at[i]))
			strings_add(to, slice_text(all->at[i]));
	}
	return 0;
}

/* Some have it now, others not: who has must not get it again. */
static int note_those(struct run *r, const struct taker_message *m,
	const struct taker_result *results, struct fault *why)
{
	AUTO_STRINGS have = { 0 };

	for (size_t i = 0; i < m->to.count; i++) {
		if (results[i].verdict == RECEIPT_STORED)
			strings_add(&have, slice_text(m->to.at[i]));
	}
	if (have.count == 0 || have.count == m->to.count || !r->ledger)
		return 0;
	return handed_write(r->ledger, &r->frame, r->taker->target, &have, why);
}

/* The message's fate is that of its recipients: deferred when any is, else refused. */
static const struct taker_result *worst_of(const struct taker_result *results, size_t count)
{
	const struct taker_result *worst = &results[0];

	for (size_t i = 1; i < count; i++) {
		if (results[i].verdict == RECEIPT_DEFERRED && worst->verdict != RECEIPT_DEFERRED)
			worst = &results[i];
		else if (results[i].verdict == RECEIPT_REFUSED && worst->verdict == RECEIPT_STORED)
			worst = &results[i];
	}
	return worst;
}

static int hand_on(struct run *r, struct taker_message *m, struct taker_result *out,
	struct fault *why)
{
	AUTO_FREE struct taker_result *results = mem_zero(m->to.count, sizeof(*results));

	r->taker->take(r->taker->arg, m, results);
	if (note_those(r, m, results, why) < 0)
		return -1;
	*out = *worst_of(results, m->to.count);
	return 0;
}

static int take_message(struct run *r, struct taker_result *out, struct fault *why)
{
	AUTO_BUF sender = { 0 };
	AUTO_FD fd = -1;
	struct taker_message m = { .frame = &r->frame, .eight_bit = r->eight_bit };
	ptrdiff_t header = header_length(buf_slice(&r->head), true);
	bool some_have = false;
	int result = 0;

	m.header = slice_first(buf_slice(&r->head), (size_t)header);
	if (r->frame.mail_from_known)
		buf_set(&sender, buf_slice(&r->frame.mail_from));
	else
		(void)return_path_read(m.header, &sender);
	m.sender = buf_text(&sender);
	m.size = r->bytes.size;
	fd = scratch_reader(&r->bytes, why);
	m.fd = fd;
	if (fd < 0 || list_recipients(r, &m.to, &some_have, why) < 0)
		result = -1;
	else if (m.to.count > 0)
		result = hand_on(r, &m, out, why);
	if (result == 0 && some_have && out->verdict == RECEIPT_STORED)
		result = handed_end(r->ledger, &r->frame, why);
	strings_free(&m.to);
	return result;
}

static void tell(struct run *r, const struct taker_result *result)
{
	if (r->failed++ >= LINES_MAX)
		return;
	say("%s%s%s%s", r->frame.id.len ? "message " : "", buf_text(&r->frame.id),
		r->frame.id.len ? ": " : "", result->why.text);
}

static int end_message(struct run *r, struct fault *why)
{
	struct taker_result result = { .verdict = RECEIPT_STORED };

	lineend_finish(&r->ends, &r->converted);
	keep(r);
	if (r->trouble.kind != FAULT_NONE) {
		result.verdict = RECEIPT_DEFERRED;
		result.why = r->trouble;
	} else if (take_message(r, &result, &result.why) < 0) {
		result.verdict = RECEIPT_DEFERRED;
	}
	if (result.verdict != RECEIPT_STORED) {
		result.why.kind = result.verdict == RECEIPT_REFUSED ? FAULT_DATA : FAULT_TEMP;
		tell(r, &result);
		remember(r, &result.why);
	}
	return give_receipt(r, result.verdict, result.why.text, why);
}

static int take_event(struct run *r, const struct stream_event *event, struct fault *why)
{
	switch (event->kind) {
	case STREAM_PREAMBLE:
		return receipt_connect(event->preamble, &r->receipts, why);
	case STREAM_FRAME:
		begin_message(r, event->frame);
		break;
	case STREAM_BYTES:
		lineend_to_lf(&r->ends, event->bytes, &r->converted);
		keep(r);
		break;
	case STREAM_END:
		return end_message(r, why);
	case STREAM_ABORT:
		/* Who broke it off in order has said why. */
		fault_set(why, FAULT_TEMP, "the stream broke off: %.*s", SLICE_ARG(event->reason));
		remember(r, why);
		if (event->torn)
			say("%s", why->text);
		break;
	case STREAM_CUT:
	case STREAM_FLUSH:
	case STREAM_DONE:
	case STREAM_MORE:
		break;
	}
	return 0;
}

static int take_all(struct run *r, struct fault *why)
{
	struct stream_event event;
	bool first = true;
	int got;

	while ((got = intake_next(r->intake, CLOCK_NEVER, &event, why)) > 0) {
		if (first && !intake_is_stream(r->intake))
			return fault_set(why, FAULT_TEMP, "this is no mail stream");
		first = false;
		if (take_event(r, &event, why) < 0)
			return -1;
	}
	return got;
}

int taker_run(const struct taker *taker, int fd, struct fault *why)
{
	AUTO_INTAKE *intake = intake_open(fd, "standard input", INTAKE_AUTO);
	struct run r = { .taker = taker, .intake = intake, .receipts = -1, .bytes = SCRATCH_NONE };
	struct fault reason = { 0 };

	if (take_all(&r, &reason) < 0) {
		say("%s", reason.text);
		remember(&r, &reason);
	}
	if (r.failed > LINES_MAX)
		say("%u messages in all were not taken", r.failed);
	io_close_at(&r.receipts);
	ledger_close(r.ledger);
	scratch_free(&r.bytes);
	buf_free(&r.head);
	buf_free(&r.converted);
	frame_clear(&r.frame);
	if (r.worst.kind == FAULT_NONE)
		return 0;
	*why = r.worst;
	return -1;
}
