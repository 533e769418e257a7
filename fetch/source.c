/*
 * What all sources have in common: see source.h.
 *
 * SPDX-License-Identifier: ISC
 */
#include "fetch/source.h"

#include "common/base/clock.h"

/* LIMIT: so many in a row that could not be stored: the disk is full, fetching is vain. */
enum { UNSTORED_MAX = 50 };

/* LIMIT: slower is no connection that anybody has, but one that shall last for ever. */
enum { SLOW_TIMES = 10, SLOW_RATE = 100 };

const struct source_ops *source_ops_of(const struct account *account)
{
	return account->protocol == ACCOUNT_IMAP ? &source_imap : &source_pop3;
}

void source_answered(struct source *s)
{
	s->slow_since = clock_tick();
	s->slow_bytes = 0;
}

void source_expect(struct source *s, bool expecting)
{
	if (expecting && !s->expecting) {
		s->deadline = clock_deadline(s->account->server.timeout);
		source_answered(s);
	}
	s->expecting = expecting;
}

/* Lowers *limit to what the rate allows; false: nothing now. A wait for news is free. */
static bool pace(struct source *s, size_t *limit)
{
	size_t have = wire_input(s->session.wire).len;
	size_t most;

	s->paced = 0;
	if (s->account->rate == 0 || s->resting)
		return true;
	most = rate_allows(&s->rate, s->account->rate, clock_tick(), &s->paced);
	if (most == 0) {
		/* That is our silence, not the server's. */
		s->deadline = clock_deadline(s->account->server.timeout);
		source_answered(s);
		return false;
	}
	if (*limit > have && *limit - have > most)
		*limit = have + most;
	return true;
}

/* Some bytes came: 1; -1: all that came lately is too little. */
static int judge_pace(struct source *s, size_t bytes, struct fault *why)
{
	int64_t most = SLOW_TIMES * s->account->server.timeout;
	int64_t now = clock_tick();

	rate_took(&s->rate, bytes);
	s->deadline = clock_deadline(s->account->server.timeout);
	s->slow_bytes += bytes;
	if (!s->expecting || now - s->slow_since < most)
		return 1;
	if (s->slow_bytes < (uint64_t)most / 1000 * SLOW_RATE)
		return fault_set(why, FAULT_TEMP, "%s: only %llu bytes in %lld s, and no answer",
			wire_name(s->session.wire), (unsigned long long)s->slow_bytes,
			(long long)most / 1000);
	source_answered(s);
	return 1;
}

int source_receive(struct source *s, size_t limit, struct fault *why)
{
	size_t have = wire_input(s->session.wire).len;
	int got;

	if (!pace(s, &limit))
		return 0;
	got = wire_receive(s->session.wire, limit, why);
	if (got == 1)
		return judge_pace(s, wire_input(s->session.wire).len - have, why);
	if (got == 2)
		return wire_closed(s->session.wire, why);
	if (got == 0 && s->expecting && s->deadline <= clock_tick())
		return fault_set(why, FAULT_TEMP, "%s: no answer within %lld s",
			wire_name(s->session.wire),
			(long long)(s->account->server.timeout + 999) / 1000);
	return got;
}

void source_trouble(struct source *s, const struct fault *why)
{
	int worse = status_worse((int)s->trouble.kind, (int)why->kind);

	if (worse != (int)s->trouble.kind || s->trouble.kind == FAULT_NONE)
		s->trouble = *why;
}

void source_stage(struct source *s, const char *format, ...)
{
	va_list args;

	buf_clear(&s->stage);
	va_start(args, format);
	buf_addv(&s->stage, format, args);
	va_end(args);
}

void source_receipt(struct source *s, uint64_t key, enum receipt_verdict verdict)
{
	struct fault why;

	if (s->open)
		s->open--;
	if (verdict == RECEIPT_STORED) {
		s->unstored_row = 0;
	} else {
		s->unstored = true;
		s->unstored_row++;
		s->later++;
	}
	if (s->unstored_row == UNSTORED_MAX) {
		fault_set(&why, FAULT_TEMP, "%d messages in a row could not be stored: stopped",
			UNSTORED_MAX);
		source_trouble(s, &why);
		s->stopping = true;
	}
	s->ops->receipt(s, key, verdict);
}

void source_free(struct source *s)
{
	if (!s)
		return;
	session_close(&s->session);
	letter_free(&s->letter);
	deciding_free(&s->deciding);
	buf_free(&s->stage);
	s->ops->free(s);
}
