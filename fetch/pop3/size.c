/*
 * Messages that are too large: see pop3.h. What LIST says of a size is believed here: who
 * asked for no large messages does not lose any by it, they stay.
 *
 * SPDX-License-Identifier: ISC
 */
#include "fetch/pop3/pop3.h"

#include "common/base/clock.h"
#include "common/base/say.h"

bool pop3_asks_sizes(const struct pop3_source *s)
{
	const struct choice *c = &s->base.account->choice;
	bool matter = c->max_size || c->max_bytes || s->base.prefilter;

	for (size_t i = 0; i < s->count && matter; i++) {
		if (s->messages[i].state == POP3_WANTED)
			return true;
	}
	return false;
}

void pop3_size_of(struct pop3_source *s, uint64_t number, uint32_t size)
{
	size_t room = s->size_room;

	if (number > POP3_MESSAGES_MAX)
		return;
	while (room <= number)
		room = room ? room * 2 : 1024;
	if (room != s->size_room) {
		s->sizes = mem_grow(s->sizes, room, sizeof(*s->sizes));
		memset(s->sizes + s->size_room, 0, (room - s->size_room) * sizeof(*s->sizes));
		s->size_room = room;
	}
	s->sizes[number] = size;
}

/* What is left at the server is told once for each message, in one line for all of them. */
struct large {
	size_t count; /* not told before */
	const struct pop3_message *largest;
};

static int leave(struct pop3_source *s, struct pop3_message *m, struct large *large,
	struct fault *why)
{
	AUTO_BUF what = { 0 };
	bool first = false;

	m->state = POP3_LEFT;
	if (m->name_len == 0)
		return 0;
	buf_add_text(&what, "large ");
	buf_add_slice(&what, pop3_name(s, m));
	if (source_told(s->base.ledger, s->base.account->place, buf_slice(&what), &first, why) < 0)
		return -1;
	large->count += first;
	if (first && (!large->largest || m->size > large->largest->size))
		large->largest = m;
	return 0;
}

/* As if the rules had it: unseen, and with a row in the log. */
static int discard(struct pop3_source *s, struct pop3_message *m, struct fault *why)
{
	AUTO_FRAME frame = { 0 };

	pop3_fill_frame(s, m, &frame);
	pop3_stored(s, m);
	return source_log_discard(s->base.ledger, clock_wall(), buf_slice(&frame.id), SLICE(""),
		s->base.account->name, buf_text(&frame.folder), "max-size", why);
}

static int put_aside(struct pop3_source *s, struct pop3_message *m, struct large *large,
	struct fault *why)
{
	int how = s->base.account->choice.oversize;

	if (how == CHOICE_DISCARD)
		return discard(s, m, why);
	if (!(m->flags & POP3_HEADED) &&
		!(how == CHOICE_HEADER && s->has_top && m->name_len))
		return leave(s, m, large, why);
	if (m->flags & POP3_HEADED)
		m->state = POP3_LEFT;
	else
		m->flags |= POP3_EXCERPT;
	return 0;
}

static int leave_large(struct pop3_source *s, struct large *large, struct fault *why)
{
	const struct choice *c = &s->base.account->choice;

	for (size_t i = 0; i < s->count; i++) {
		struct pop3_message *m = &s->messages[i];

		if (m->state != POP3_WANTED)
			continue;
		m->size = m->number < s->size_room ? s->sizes[m->number] : 0;
		if (!c->max_size || m->size <= c->max_size)
			m->flags &= (uint8_t)~POP3_HEADED;
		else if (put_aside(s, m, large, why) < 0)
			return -1;
	}
	return 0;
}

int pop3_sized(struct pop3_source *s, struct fault *why)
{
	struct large large = { 0 };

	if (ledger_begin(s->base.ledger, why) < 0)
		return -1;
	if (leave_large(s, &large, why) < 0) {
		ledger_rollback(s->base.ledger);
		return -1;
	}
	if (ledger_commit(s->base.ledger, why) < 0)
		return -1;
	free(s->sizes);
	s->sizes = NULL;
	s->size_room = 0;
	if (large.count)
		say("account %s: %zu larger than max-size left at the server: the largest is "
			"message %u, of %u bytes", s->base.account->name, large.count,
			large.largest->number, large.largest->size);
	return 0;
}
