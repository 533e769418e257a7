/*
 * RFC 5321 section 4.1.1.4: the message after 354, the final dot, and what comes after it.
 *
 * Promises: a reply counts as "taken" only when the dot had been sent before it came; a
 * connection lost after the dot is told as a possible duplicate.
 *
 * SPDX-License-Identifier: ISC
 */
#include "common/base/clock.h"
#include "common/mail/lineend.h"
#include "common/net/smtp_own.h"

/*
 * A reply before the end of the message: 0 none, -1 one came. "No" is an answer (the
 * server will take no more of it), "yes" is not: it has not seen the message.
 */
static int check_early(struct transaction *t, struct fault *why)
{
	int got = smtp_take(t->w, &t->reply, why);

	if (got == 0)
		return 0;
	if (got < 0 || smtp_check_fatal(t, why) < 0)
		return -1;
	if (t->reply.code < 400)
		return smtp_unfit(t, why);
	smtp_give_open(t, smtp_verdict_of(&t->reply));
	return fault_set(why, FAULT_TEMP, "%s: the server broke off a message: %d",
		wire_name(t->w), t->reply.code);
}

/* The connection broke: what the server said before it is worth more than our word. */
static int broken(struct transaction *t, struct fault *why)
{
	struct fault told;

	if (wire_receive(t->w, SMTP_REPLY_TOTAL, NULL) >= 0 && check_early(t, &told) < 0 && why)
		*why = told;
	return -1;
}

/* Sends until at most `limit` bytes wait; looks for early replies. */
static int drain(struct transaction *t, size_t limit, struct fault *why)
{
	for (;;) {
		int got;

		if (wire_send(t->w, why) < 0)
			return broken(t, why);
		got = wire_receive(t->w, SMTP_REPLY_TOTAL, why);
		if (got < 0)
			return -1;
		if (check_early(t, why) < 0)
			return -1;
		if (got == 2)
			return fault_set(why, FAULT_TEMP,
				"%s: the server closed the connection in the middle of a message",
				wire_name(t->w));
		if (wire_queued(t->w) <= limit)
			return 0;
		if (got == 0 && wire_wait(t->w, why) < 0)
			return -1;
	}
}

/* The message with CRLF and stuffed dots, all but its end. */
static int stream(struct transaction *t, struct lineend *state, struct fault *why)
{
	AUTO_BUF piece = { 0 };
	AUTO_BUF stuffed = { 0 };
	int more;

	do {
		buf_clear(&piece);
		buf_clear(&stuffed);
		more = t->source->read(t->source->state, &piece, why);
		if (more < 0)
			return -1;
		lineend_to_wire(state, buf_slice(&piece), &stuffed);
		wire_queue(t->w, buf_text(&stuffed), stuffed.len);
		if (drain(t, SMTP_AHEAD, why) < 0)
			return -1;
	} while (more > 0);
	return drain(t, 0, why);
}

/* Waits for a reply to the dot; without one nobody knows what became of the message. */
static int await_end(struct transaction *t, struct fault *why)
{
	wire_set_timeout(t->w, t->c->final_ms);
	wire_set_end(t->w, clock_deadline(t->c->final_ms));
	if (smtp_await(t->w, &t->reply, why) == 0)
		return 0;
	for (size_t i = 0; i < t->results->count; i++) {
		if (t->results->at[i].verdict == SMTP_OPEN)
			t->results->at[i].maybe_duplicate = true;
	}
	return -1;
}

/* RFC 2033 section 4.2: one reply for each recipient that was accepted, in their order. */
static int await_each(struct transaction *t, struct fault *why)
{
	for (size_t i = 0; i < t->results->count; i++) {
		if (t->results->at[i].verdict != SMTP_OPEN)
			continue;
		if (await_end(t, why) < 0 || smtp_check_fatal(t, why) < 0)
			return -1;
		if (t->reply.code / 100 == 3)
			return smtp_unfit(t, why);
		smtp_give(t, i, smtp_verdict_of(&t->reply));
	}
	t->c->unclean = false;
	return 0;
}

int smtp_body(struct transaction *t, struct fault *why)
{
	struct lineend state = { .line_start = true };
	AUTO_BUF end = { 0 };

	t->stage = SMTP_AT_END;
	wire_set_end(t->w, CLOCK_NEVER);
	if (stream(t, &state, why) < 0)
		return -1;
	lineend_wire_end(&state, &end);
	wire_queue(t->w, buf_text(&end), end.len);
	if (t->c->lmtp)
		return await_each(t, why);
	if (await_end(t, why) < 0 || smtp_check_fatal(t, why) < 0)
		return -1;
	if (t->reply.code / 100 == 3)
		return smtp_unfit(t, why);
	smtp_give_open(t, smtp_verdict_of(&t->reply));
	t->c->unclean = false;
	return 0;
}

int smtp_no_body(struct transaction *t, struct fault *why)
{
	/* RFC 2033 section 4.2: "the DATA command must fail"; no reply would follow. */
	if (t->c->lmtp)
		return smtp_unfit(t, why);
	wire_queue(t->w, ".\r\n", 3);
	if (smtp_await(t->w, &t->reply, why) < 0)
		return -1;
	t->c->unclean = t->reply.code / 100 != 2;
	return t->reply.code == 421 ? smtp_check_fatal(t, why) : 0;
}
