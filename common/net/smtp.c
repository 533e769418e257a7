/*
 * SMTP transactions: see smtp.h. MAIL, RCPT and DATA here, the message in smtp_body.c.
 *
 * SPDX-License-Identifier: ISC
 */
#include "common/net/smtp.h"

#include "common/base/clock.h"
#include "common/mail/address.h"
#include "common/net/smtp_own.h"

enum {
	REPLY_MS = 5 * 60 * 1000, /* RFC 5321 4.5.3.2 */
	QUIT_MS = 5 * 1000        /* LIMIT: nothing depends on the answer */
};

void smtp_begin(struct smtp *c, struct session *s, int64_t timeout_ms, int64_t final_ms)
{
	*c = (struct smtp){ .session = s, .timeout_ms = timeout_ms > 0 ? timeout_ms : REPLY_MS,
		.final_ms = final_ms > 0 ? final_ms : SMTP_FINAL_MS };
}

static bool is_ascii(const char *text)
{
	for (; *text; text++) {
		if ((unsigned char)*text > 127)
			return false;
	}
	return true;
}

/* An address that must not reach the server's parser: `where` is RFC 3463's X.1.n. */
static bool address_is_bad(const char *address, const char *where, struct smtp_result *r)
{
	struct fault why;

	if (address_check_envelope(slice_text(address), &why) < 0) {
		smtp_find(r, SMTP_REFUSED, where, why.text);
		return true;
	}
	if (!is_ascii(address)) {
		smtp_find(r, SMTP_REFUSED, "5.6.7", "the address needs SMTPUTF8");
		return true;
	}
	return false;
}

/* Settles what needs no server. Returns how many recipients are left. */
static size_t check_envelope(struct transaction *t)
{
	const struct smtp_envelope *e = t->envelope;
	const char *limit_text = session_parameter(t->c->session, "SIZE");
	struct smtp_result *at = t->results->at;
	uint64_t limit = 0;
	size_t left = 0;

	if (limit_text)
		slice_number(slice_text(limit_text), &limit);
	for (size_t i = 0; i < e->to->count; i++) {
		at[i].stage = SMTP_AT_MAIL;
		if (e->from[0] && address_is_bad(e->from, "5.1.7", &at[i]))
			continue;
		if (limit > 0 && e->size > limit) {
			smtp_find(&at[i], SMTP_REFUSED, "5.3.4",
				"the message is larger than the server's SIZE");
			continue;
		}
		at[i].stage = SMTP_AT_RCPT;
		if (!address_is_bad(e->to->at[i], "5.1.3", &at[i]))
			left++;
	}
	return left;
}

static enum smtp_command command_at(const struct transaction *t, size_t index)
{
	if (index < SMTP_RCPT)
		return (enum smtp_command)index;
	return index - SMTP_RCPT < t->results->count ? SMTP_RCPT : SMTP_DATA;
}

/* Recipients that were settled here have no command. */
static bool is_skipped(const struct transaction *t, size_t index)
{
	if (index == SMTP_RSET)
		return !t->reset;
	return command_at(t, index) == SMTP_RCPT &&
		t->results->at[index - SMTP_RCPT].code == 0 &&
		t->results->at[index - SMTP_RCPT].verdict != SMTP_OPEN;
}

static void queue_mail(const struct transaction *t)
{
	const struct session *s = t->c->session;

	wire_queuef(t->w, "MAIL FROM:<%s>", t->envelope->from);
	if (t->envelope->size > 0 && session_can(s, "SIZE"))
		wire_queuef(t->w, " SIZE=%llu", (unsigned long long)t->envelope->size);
	if (t->envelope->eight_bit && session_can(s, "8BITMIME"))
		wire_queuef(t->w, " BODY=8BITMIME");
	wire_queue(t->w, "\r\n", 2);
}

static void queue_command(struct transaction *t, size_t index)
{
	switch (command_at(t, index)) {
	case SMTP_RSET:
		wire_queuef(t->w, "RSET\r\n");
		break;
	case SMTP_MAIL:
		queue_mail(t);
		t->c->unclean = true;
		break;
	case SMTP_RCPT:
		wire_queuef(t->w, "RCPT TO:<%s>\r\n", t->envelope->to->at[index - SMTP_RCPT]);
		break;
	case SMTP_DATA:
		wire_queuef(t->w, "DATA\r\n");
		break;
	}
}

/* Queues as many commands as may be in flight now. */
static void queue_commands(struct transaction *t)
{
	size_t end = t->results->count + SMTP_RCPT + 1;

	while (!t->over && t->next < end) {
		size_t flying = t->next - t->answered;

		if (!is_skipped(t, t->next)) {
			if (flying >= (t->pipelining ? SMTP_IN_FLIGHT : 1))
				return;
			if (command_at(t, t->next) == SMTP_DATA && flying == 0 &&
				t->accepted == 0) {
				t->over = true;
				return;
			}
			queue_command(t, t->next);
		} else if (flying == 0) {
			t->answered++;
		}
		t->next++;
	}
	t->over = true;
}

/* RFC 5321 4.5.3.1.10: 552 for one more recipient after others may mean "too many". */
static bool means_too_many(const struct transaction *t)
{
	return t->reply.code == 552 && t->accepted > 0 && strcmp(t->reply.enhanced, "5.2.2") != 0;
}

/* Sequence errors: the server lost count of us, which is no reason to refuse the mail. */
static bool is_confused(const struct smtp_reply *r)
{
	return r->code / 100 == 3 || r->code == 500 || r->code == 502 || r->code == 503;
}

static int on_mail(struct transaction *t, struct fault *why)
{
	if (t->reply.code / 100 == 2)
		return 0;
	if (is_confused(&t->reply))
		return smtp_unfit(t, why);
	smtp_give_open(t, smtp_verdict_of(&t->reply));
	t->over = true;
	return 0;
}

static int on_rcpt(struct transaction *t, size_t index, struct fault *why)
{
	if (t->reply.code / 100 == 3)
		return smtp_unfit(t, why);
	if (t->results->at[index].verdict != SMTP_OPEN) /* MAIL was refused already */
		return 0;
	if (t->reply.code / 100 == 2)
		t->accepted++;
	else
		smtp_give(t, index, means_too_many(t) ? SMTP_DEFERRED : smtp_verdict_of(&t->reply));
	return 0;
}

/* With nobody accepted the server may say what it likes, even "go ahead". */
static int on_data(struct transaction *t, struct fault *why)
{
	t->go_ahead = t->reply.code == 354;
	if (t->go_ahead)
		return 0;
	if (t->reply.code / 100 == 2 || (t->accepted > 0 && is_confused(&t->reply)))
		return smtp_unfit(t, why);
	smtp_give_open(t, smtp_verdict_of(&t->reply));
	return 0;
}

/* The reply to the oldest command that has none. */
static int on_reply(struct transaction *t, struct fault *why)
{
	static const enum smtp_stage stages[] = { [SMTP_RSET] = SMTP_AT_MAIL,
		[SMTP_MAIL] = SMTP_AT_MAIL, [SMTP_RCPT] = SMTP_AT_RCPT,
		[SMTP_DATA] = SMTP_AT_DATA };
	size_t index = t->answered;

	t->stage = stages[command_at(t, index)];
	if (smtp_check_fatal(t, why) < 0)
		return -1;
	t->answered++;
	while (t->answered < t->next && is_skipped(t, t->answered))
		t->answered++;
	switch (command_at(t, index)) {
	case SMTP_RSET:
		return t->reply.code / 100 == 2 ? 0 : smtp_unfit(t, why);
	case SMTP_MAIL:
		return on_mail(t, why);
	case SMTP_RCPT:
		return on_rcpt(t, index - SMTP_RCPT, why);
	case SMTP_DATA:
		return on_data(t, why);
	}
	return 0;
}

/* The part before the message: up to the reply to DATA. */
static int open_transaction(struct transaction *t, struct fault *why)
{
	wire_set_timeout(t->w, t->c->timeout_ms);
	for (;;) {
		int got;

		queue_commands(t);
		if (t->over && t->answered == t->next)
			return 0;
		/* LIMIT: twice for one reply, against a server that drips. */
		wire_set_end(t->w, clock_deadline(2 * t->c->timeout_ms));
		while ((got = smtp_take(t->w, &t->reply, why)) == 0) {
			if (wire_send(t->w, why) < 0)
				return -1;
			got = wire_receive(t->w, SMTP_REPLY_TOTAL, why);
			if (got == 2)
				return wire_closed(t->w, why);
			if (got < 0 || (got == 0 && wire_wait(t->w, why) < 0))
				return -1;
		}
		if (got < 0 || on_reply(t, why) < 0)
			return -1;
	}
}

/* What lies there unasked: a farewell (421) of a server that grew tired, or nonsense. */
static int check_silence(struct transaction *t, struct fault *why)
{
	int got = wire_receive(t->w, SMTP_REPLY_TOTAL, why);

	if (got < 0)
		return -1;
	if (wire_input(t->w).len > 0) {
		got = smtp_take(t->w, &t->reply, why);
		if (got < 0 || (got > 0 && smtp_check_fatal(t, why) < 0))
			return -1;
		return smtp_unfit(t, why);
	}
	return got == 2 ? wire_closed(t->w, why) : 0;
}

static int transact(struct transaction *t, struct fault *why)
{
	if (check_envelope(t) == 0)
		return 0;
	if (check_silence(t, why) < 0 || open_transaction(t, why) < 0)
		return -1;
	if (t->go_ahead)
		return t->accepted > 0 ? smtp_body(t, why) : smtp_no_body(t, why);
	return 0;
}

/* Those without an answer: the connection's fate is theirs. */
static void settle_open(struct transaction *t, const struct fault *why)
{
	for (size_t i = 0; i < t->results->count; i++) {
		struct smtp_result *r = &t->results->at[i];

		if (r->verdict == SMTP_OPEN) {
			smtp_find(r, SMTP_DEFERRED, "4.4.2", why->text);
			r->stage = t->stage;
		}
	}
}

int smtp_send(struct smtp *c, const struct smtp_envelope *envelope,
	const struct smtp_source *source, struct smtp_results *out, struct fault *why)
{
	struct transaction t = { .c = c, .w = c->session->wire, .envelope = envelope,
		.source = source, .results = out, .reset = c->unclean,
		.pipelining = session_can(c->session, "PIPELINING") };
	struct fault broke = { .text = "" };
	int result;

	smtp_results_free(out);
	out->count = envelope->to->count;
	out->at = mem_zero(out->count, sizeof(*out->at));
	result = c->dead ? fault_set(&broke, FAULT_TEMP, "%s: the connection is closed",
		wire_name(t.w)) : transact(&t, &broke);
	wire_set_end(t.w, CLOCK_NEVER);
	smtp_reply_free(&t.reply);
	settle_open(&t, &broke);
	if (result < 0) {
		c->dead = true;
		if (why)
			*why = broke;
	}
	return result;
}

void smtp_quit(struct smtp *c)
{
	AUTO_SMTP_REPLY r = { 0 };
	struct wire *w = c->session->wire;
	int64_t ms = QUIT_MS < c->timeout_ms ? QUIT_MS : c->timeout_ms;

	if (c->dead)
		return;
	c->dead = true;
	wire_queuef(w, "QUIT\r\n");
	wire_set_timeout(w, ms);
	wire_set_end(w, clock_deadline(ms));
	(void)smtp_await(w, &r, NULL);
	wire_set_end(w, CLOCK_NEVER);
}
