/*
 * Messages from RETR into the stream: see pop3.h.
 *
 * SPDX-License-Identifier: ISC
 */
#include "fetch/pop3/pop3.h"

#include "fetch/hand/excerpt.h"

/* LIMIT: receipts that are not yet in the ledger. */
enum { UNSAVED_MAX = 250 };

void pop3_fill_frame(const struct pop3_source *s, const struct pop3_message *m,
	struct frame *frame)
{
	buf_add_text(&frame->id, s->base.account->place);
	if (m->name_len)
		buf_add_slice(&frame->id, pop3_name(s, m));
	else
		buf_addf(&frame->id, "%s%u", buf_text(&s->run), m->number);
	if (m->flags & POP3_RENAMED)
		buf_addf(&frame->id, "~%016llx", (unsigned long long)m->digest);
	if (m->flags & POP3_EXCERPT)
		buf_add_text(&frame->id, "~header");
	buf_add_text(&frame->account, s->base.account->name);
	buf_add_text(&frame->folder, "INBOX");
}

static void begin_message(struct pop3_source *s, uint32_t index)
{
	AUTO_FRAME frame = { 0 };

	pop3_fill_frame(s, &s->messages[index], &frame);
	letter_begin(&s->base, &frame, index);
	s->fed = true;
}

static void end_message(struct pop3_source *s, struct pop3_message *m)
{
	s->fed = false;
	if (!letter_end(&s->base)) {
		m->state = POP3_LEFT;
		return;
	}
	m->digest = s->base.letter.digest;
	m->size = s->base.letter.size <= UINT32_MAX ? (uint32_t)s->base.letter.size : 0;
}

static void put_excerpt(struct pop3_source *s, struct pop3_message *m)
{
	const struct account *a = s->base.account;
	AUTO_BUF where = { 0 };
	AUTO_BUF out = { 0 };

	buf_addf(&where, "%s: INBOX", a->server.host);
	excerpt_make(buf_slice(&s->excerpt), m->size, a->choice.max_size, buf_text(&where), &out);
	buf_clear(&s->excerpt);
	letter_bytes(&s->base, buf_slice(&out));
	end_message(s, m);
}

int pop3_resume(struct pop3_source *s)
{
	struct pop3_message *m = &s->messages[s->held_index];

	if (!s->base.stopping) {
		if (!feed_ready(s->base.feed))
			return 0;
		begin_message(s, s->held_index);
		if (m->flags & POP3_EXCERPT)
			put_excerpt(s, m);
		else
			letter_bytes(&s->base, s->held.bytes);
	}
	s->waits = false;
	return 1;
}

/* It has its turn in the stream, now or later. */
static int hold(struct pop3_source *s, uint32_t index, const struct pop3_event *e)
{
	if (s->base.stopping)
		return 1;
	s->held = *e;
	s->held_index = index;
	s->waits = true;
	return pop3_resume(s);
}

/* The first bytes begin the message in the stream: an empty one never does. */
static int bytes_came(struct pop3_source *s, uint32_t index, const struct pop3_event *e)
{
	if (s->messages[index].flags & POP3_EXCERPT) {
		if (s->excerpt.len < EXCERPT_HEADER_MAX)
			buf_add_slice(&s->excerpt, e->bytes);
		return 1;
	}
	if (!s->fed)
		return hold(s, index, e);
	letter_bytes(&s->base, e->bytes);
	return 1;
}

int pop3_retrieved(struct pop3_source *s, uint32_t index, const struct pop3_event *e)
{
	struct pop3_message *m = &s->messages[index];

	switch (e->kind) {
	case POP3_BYTES:
		return bytes_came(s, index, e);
	case POP3_ERR:
		m->state = POP3_LEFT;
		pop3_note(s, FAULT_TEMP, "the server does not give it", m, e->text);
		return 1;
	case POP3_END:
		if (s->fed) {
			end_message(s, m);
			return 1;
		}
		if (s->excerpt.len)
			return hold(s, index, e);
		m->state = POP3_LEFT;
		if (!s->base.stopping)
			pop3_note(s, FAULT_PROTOCOL, "the server gives it without a byte", m,
				SLICE(""));
		return 1;
	default:
		return 1;
	}
}

/* The next run goes on; but each gets one, however large, or it would never come. */
static bool is_enough(const struct pop3_source *s, const struct pop3_message *m)
{
	const struct choice *c = &s->base.account->choice;

	if (c->max_messages && s->asked >= (size_t)c->max_messages)
		return true;
	return c->max_bytes && s->asked && s->bytes + m->size > c->max_bytes;
}

static void ask(struct pop3_source *s, uint32_t index)
{
	struct pop3_message *m = &s->messages[index];

	s->asked++;
	s->bytes += m->flags & POP3_EXCERPT ? 0 : m->size;
	m->state = POP3_ASKED;
	pop3_send(s, POP3_JOB_RETR, index);
}

int pop3_fetch(struct pop3_source *s, struct fault *why)
{
	if (s->unsaved >= UNSAVED_MAX && pop3_save(&s->base, why) < 0)
		return -1;
	while (s->next < s->decided && pop3_may_send(s, 1) && !s->base.stopping &&
		s->base.open + s->flying < POP3_WINDOW) {
		if (s->messages[s->next].state == POP3_WANTED) {
			if (is_enough(s, &s->messages[s->next])) {
				s->next = s->decided = s->count;
				break;
			}
			ask(s, (uint32_t)s->next);
		}
		s->next++;
	}
	if ((s->next < s->decided && !s->base.stopping) || s->flying || s->waits)
		return 0;
	if (s->decided < s->count && !s->base.stopping) {
		s->step = POP3_DECIDING;
		return 0;
	}
	if (s->base.open)
		return 0;
	source_stage(&s->base, "delete");
	s->step = POP3_DELETING;
	s->next = 0;
	return 0;
}
