/*
 * What the rules discard by its header is not fetched: see pop3.h, fetch/hand/deciding.h.
 *
 * Windows: TOP n 0 of some messages, then RETR of those of them that the rules let. A kill
 * before the ledger has the answer costs the question, no message.
 *
 * SPDX-License-Identifier: ISC
 */
#include "fetch/pop3/pop3.h"

#include "common/base/say.h"
#include "fetch/hand/prefilter.h"

/* LIMIT: messages of a window. */
enum { WINDOW = 500 };

/* Told once: a server hardly ever learns it. */
static int tell_no_top(struct pop3_source *s, struct fault *why)
{
	bool first;

	if (ledger_begin(s->base.ledger, why) < 0)
		return -1;
	if (source_told(s->base.ledger, s->base.account->place, SLICE("no TOP"), &first, why) <
		0) {
		ledger_rollback(s->base.ledger);
		return -1;
	}
	if (first)
		say("account %s: prefilter: the server offers no TOP: all messages are fetched",
			s->base.account->name);
	return ledger_commit(s->base.ledger, why);
}

int pop3_decide_begin(struct pop3_source *s, struct fault *why)
{
	s->decided = s->window = s->shown = 0;
	s->step = POP3_DECIDING;
	if (s->base.prefilter && s->has_top)
		return 0;
	s->step = POP3_FETCHING;
	s->decided = s->count;
	return s->base.prefilter && s->count ? tell_no_top(s, why) : 0;
}

/* No more than may still be fetched in this run; but one, or it would never end. */
static size_t window_of(const struct pop3_source *s)
{
	size_t most = (size_t)s->base.account->choice.max_messages;

	if (most == 0)
		return WINDOW;
	most = most > s->asked ? most - s->asked : 1;
	return most < WINDOW ? most : WINDOW;
}

int pop3_decide(struct pop3_source *s, struct fault *why)
{
	size_t most = window_of(s);

	(void)why;
	while (s->next < s->count && s->shown < most && pop3_may_send(s, 1) &&
		!s->base.stopping) {
		const struct pop3_message *m = &s->messages[s->next];

		if (m->state == POP3_WANTED && !(m->flags & POP3_EXCERPT)) {
			pop3_send(s, POP3_JOB_TOP, (uint32_t)s->next);
			s->shown++;
		}
		s->next++;
	}
	if (s->base.stopping)
		deciding_forget(&s->base);
	else if (s->next < s->count && s->shown < most)
		return 0;
	if (s->flying || deciding_waits(&s->base))
		return 0;
	s->decided = s->next;
	s->next = s->window;
	s->window = s->decided;
	s->shown = 0;
	s->step = POP3_FETCHING;
	return 0;
}

void pop3_headed(struct pop3_source *s, uint32_t index, const struct pop3_event *e)
{
	struct pop3_message *m = &s->messages[index];
	AUTO_FRAME frame = { 0 };

	if (e->kind == POP3_BYTES && s->header.len < DECIDING_HEADER_MAX)
		buf_add_slice(&s->header, e->bytes);
	if (e->kind != POP3_END)
		return;
	pop3_fill_frame(s, m, &frame);
	if (!s->base.stopping &&
		deciding_ask(&s->base, &frame, buf_slice(&s->header), m->size, index) &&
		!(m->flags & POP3_RENAMED))
		m->digest = digest_of_header(buf_slice(&s->header));
	buf_clear(&s->header);
}

bool pop3_decide_room(const struct pop3_source *s)
{
	return s->step != POP3_DECIDING || prefilter_room(s->base.prefilter);
}

void pop3_decided(struct source *base, uint64_t key, const char *rule)
{
	struct pop3_source *s = (struct pop3_source *)base;

	deciding_answered(base, rule);
	if (rule)
		pop3_stored(s, &s->messages[key]);
}
