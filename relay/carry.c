/*
 * A stream into the queue: see carry.h.
 *
 * SPDX-License-Identifier: ISC
 */
#include "relay/carry.h"

#include <unistd.h>

#include "common/base/clock.h"
#include "common/base/io.h"
#include "common/mail/intake.h"
#include "common/mail/lineend.h"
#include "common/mail/receipt.h"
#include "relay/enqueue.h"
#include "relay/recipients.h"
#include "relay/start.h"

/* LIMIT: messages, and bytes, that one commit makes durable; and how long one waits. */
enum { BATCH_MAX = 100, BATCH_BYTES = 8 << 20, BATCH_WAIT_MS = 250 };
/* At most one runner is started in this time; the one that runs sees what comes. */
enum { START_AGAIN_MS = 10000 };

struct carried {
	struct draft draft;
	struct buf id;
};

struct carry {
	const struct relay_settings *settings;
	struct queue queue;
	struct intake *intake;
	int receipts; /* descriptor; -1 none */
	struct carried batch[BATCH_MAX];
	size_t count;
	uint64_t bytes;
	int64_t deadline; /* of the batch; CLOCK_NEVER while it is empty */
	struct draft draft; /* the open message */
	struct lineend lineend;
	struct buf id;
	struct buf text;
	struct fault trouble; /* what is wrong with the open message; kind NONE: nothing */
	struct fault worst;   /* what carry_queue is to return */
	int64_t started;
	pid_t runner;
	bool unstarted; /* something was queued since a runner was started */
};

static void remember(struct carry *c, const struct fault *why)
{
	if (status_worse((int)c->worst.kind, (int)why->kind) != (int)c->worst.kind)
		c->worst = *why;
}

static int give_receipt(struct carry *c, enum receipt_verdict verdict, struct slice id,
	const char *reason, struct fault *why)
{
	AUTO_BUF line = { 0 };

	if (c->receipts < 0 || id.len == 0)
		return 0;
	receipt_put(&line, verdict, id, reason);
	return io_write_all(c->receipts, line.ptr, line.len, "receipt", why);
}

static void drop_batch(struct carry *c)
{
	for (size_t i = 0; i < c->count; i++) {
		draft_drop(&c->batch[i].draft);
		buf_free(&c->batch[i].id);
	}
	c->count = 0;
	c->bytes = 0;
	c->deadline = CLOCK_NEVER;
}

static void start_if_due(struct carry *c, bool last)
{
	if (!c->unstarted || (!last && clock_tick() - c->started < START_AGAIN_MS))
		return;
	start_runner(c->settings, &c->runner);
	c->started = clock_tick();
	c->unstarted = false;
}

static int commit_drafts(struct carry *c, struct fault *why)
{
	AUTO_FREE struct draft *drafts = mem_get(c->count * sizeof(*drafts));
	int result;

	for (size_t i = 0; i < c->count; i++)
		drafts[i] = c->batch[i].draft;
	result = queue_commit(&c->queue, drafts, c->count, why);
	for (size_t i = 0; i < c->count; i++)
		c->batch[i].draft = drafts[i];
	return result;
}

static int commit(struct carry *c, struct fault *why)
{
	struct fault reason = { 0 };
	enum receipt_verdict verdict = RECEIPT_STORED;
	int result = 0;

	if (c->count == 0)
		return 0;
	if (commit_drafts(c, &reason) < 0) {
		verdict = RECEIPT_DEFERRED;
		remember(c, &reason);
	} else {
		c->unstarted = true;
	}
	for (size_t i = 0; i < c->count && result == 0; i++)
		result = give_receipt(c, verdict, buf_slice(&c->batch[i].id), reason.text, why);
	drop_batch(c);
	start_if_due(c, false);
	return result;
}

/* Sender and recipients of the frame, checked as those of a command line are. */
static int take_envelope(struct carry *c, const struct frame *f, struct fault *why)
{
	AUTO_STRINGS recipients = { 0 };
	const char *hostname = c->settings->hostname;

	if (!f->mail_from_known)
		return fault_set(why, FAULT_DATA, "the message has no mail-from");
	if (f->rcpt_to.count == 0)
		return fault_set(why, FAULT_DATA, "the message has no rcpt-to");
	for (size_t i = 0; i < f->rcpt_to.count; i++) {
		if (recipients_read_argument(f->rcpt_to.at[i], hostname, &recipients, why) < 0)
			return -1;
	}
	if (sender_read(buf_text(&f->mail_from), hostname, &c->draft.envelope.sender, why) < 0)
		return -1;
	return recipients_add_once(&recipients, &c->draft.envelope, why);
}

static void begin_message(struct carry *c, const struct frame *f)
{
	struct fault *why = &c->trouble;

	buf_set(&c->id, buf_slice(&f->id));
	c->lineend = (struct lineend){ 0 };
	*why = (struct fault){ 0 };
	c->draft = (struct draft)DRAFT_NONE;
	if (draft_open(&c->queue, &c->draft, why) == 0)
		(void)take_envelope(c, f, why);
}

static void add_bytes(struct carry *c, struct slice bytes)
{
	if (c->trouble.kind != FAULT_NONE)
		return;
	buf_clear(&c->text);
	lineend_to_lf(&c->lineend, bytes, &c->text);
	(void)draft_write(&c->draft, buf_slice(&c->text), &c->trouble);
}

static int end_message(struct carry *c, uint64_t size, struct fault *why)
{
	struct fault trouble;

	buf_clear(&c->text);
	lineend_finish(&c->lineend, &c->text);
	if (c->trouble.kind == FAULT_NONE)
		(void)draft_write(&c->draft, buf_slice(&c->text), &c->trouble);
	trouble = c->trouble;
	if (trouble.kind == FAULT_NONE) {
		c->batch[c->count].draft = c->draft;
		c->batch[c->count].id = (struct buf){ 0 };
		buf_swap(&c->batch[c->count].id, &c->id);
		c->draft = (struct draft)DRAFT_NONE;
		c->bytes += size;
		if (c->count++ == 0)
			c->deadline = clock_deadline(BATCH_WAIT_MS);
		return c->count == BATCH_MAX || c->bytes >= BATCH_BYTES ? commit(c, why) : 0;
	}
	draft_drop(&c->draft);
	remember(c, &trouble);
	return give_receipt(c, trouble.kind == FAULT_DATA ? RECEIPT_REFUSED : RECEIPT_DEFERRED,
		buf_slice(&c->id), trouble.text, why);
}

static int take_event(struct carry *c, const struct stream_event *event, struct fault *why)
{
	struct fault cut;

	switch (event->kind) {
	case STREAM_PREAMBLE:
		return receipt_connect(event->preamble, &c->receipts, why);
	case STREAM_FRAME:
		begin_message(c, event->frame);
		return 0;
	case STREAM_BYTES:
		add_bytes(c, event->bytes);
		return 0;
	case STREAM_END:
		return end_message(c, event->size, why);
	case STREAM_CUT:
		draft_drop(&c->draft);
		return 0;
	case STREAM_ABORT:
		fault_set(&cut, FAULT_TEMP, "the stream broke off: %.*s", SLICE_ARG(event->reason));
		remember(c, &cut);
		return commit(c, why);
	case STREAM_FLUSH:
	case STREAM_DONE:
		return commit(c, why);
	case STREAM_MORE:
		return 0;
	}
	return 0;
}

static int carry_all(struct carry *c, struct fault *why)
{
	struct stream_event event;
	bool first = true;
	int got;

	while ((got = intake_next(c->intake, c->deadline, &event, why)) > 0) {
		if (got == 2) {
			if (commit(c, why) < 0)
				return -1;
			continue;
		}
		if (first && !intake_is_stream(c->intake))
			return fault_set(why, FAULT_TEMP,
				"carry reads a mail stream; one message is for mr-relay submit");
		first = false;
		if (take_event(c, &event, why) < 0)
			return -1;
	}
	return got;
}

int carry_queue(const struct relay_settings *settings, int fd, struct fault *why)
{
	AUTO_INTAKE *intake = intake_open(fd, "standard input", INTAKE_AUTO);
	AUTO_FREE struct carry *c = mem_zero(1, sizeof(*c));
	struct fault reason = { 0 };

	c->settings = settings;
	c->intake = intake;
	c->receipts = -1;
	c->deadline = CLOCK_NEVER;
	c->started = clock_tick() - START_AGAIN_MS;
	c->draft = (struct draft)DRAFT_NONE;
	c->queue = (struct queue)QUEUE_NONE;
	if (queue_open(settings->queue, &c->queue, why) < 0)
		return -1;
	if (carry_all(c, &reason) < 0) {
		/* What was whole is kept: the source learns of it, or sends it again. */
		(void)commit(c, NULL);
		remember(c, &reason);
	}
	drop_batch(c);
	draft_drop(&c->draft);
	start_if_due(c, true);
	queue_close(&c->queue);
	io_close_at(&c->receipts);
	buf_free(&c->id);
	buf_free(&c->text);
	if (c->worst.kind == FAULT_NONE)
		return 0;
	*why = c->worst;
	return -1;
}
