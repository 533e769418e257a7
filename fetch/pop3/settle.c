/*
 * What was stored, in the ledger and at the server: see pop3.h.
 *
 * It is in the ledger as "leaving" before DELE, for DELE is void until QUIT is answered: a
 * connection that breaks before costs no second download.
 *
 * SPDX-License-Identifier: ISC
 */
#include "fetch/pop3/pop3.h"

#include "common/base/clock.h"

static bool has_pause(const struct pop3_source *s, struct slice name)
{
	AUTO_FREE char *text = slice_copy(name);

	return s->known_pauses.count && strings_has(&s->known_pauses, text);
}

void pop3_stored(struct pop3_source *s, struct pop3_message *m)
{
	bool goes = (!s->base.account->keep || (m->flags & POP3_GOES)) &&
		!(m->flags & POP3_EXCERPT);

	m->state = goes ? POP3_STORED : POP3_LEFT;
	if (m->name_len && !(m->flags & POP3_UNSAVED)) {
		m->flags |= POP3_UNSAVED;
		s->unsaved++;
	}
}

void pop3_receipt(struct source *base, uint64_t key, enum receipt_verdict verdict)
{
	struct pop3_source *s = (struct pop3_source *)base;
	struct pop3_message *m = &s->messages[key];

	if (verdict == RECEIPT_STORED) {
		pop3_stored(s, m);
		return;
	}
	m->state = POP3_LEFT;
	if (m->name_len)
		strings_add(&s->pausing, pop3_name(s, m));
}

static int save_message(struct pop3_source *s, const struct pop3_message *m, int64_t now,
	struct fault *why)
{
	const struct source_letter letter = { .at = now, .digest = m->digest, .size = m->size };
	enum source_mark mark = m->state == POP3_LEFT ? SOURCE_KEPT : SOURCE_LEAVING;
	bool whole = !(m->flags & (POP3_BELIEVED | POP3_EXCERPT));
	const char *place = s->base.account->place;
	struct slice name = pop3_name(s, m);
	struct ledger *l = s->base.ledger;

	if (m->flags & POP3_EXCERPT)
		mark = SOURCE_HEADED;
	if (source_item_write(l, place, name, mark, why) < 0)
		return -1;
	if (whole && source_letter_write(l, place, name, &letter, why) < 0)
		return -1;
	if (!has_pause(s, name))
		return 0;
	return source_pause_end(l, place, name, why);
}

static int save_messages(struct pop3_source *s, struct fault *why)
{
	int64_t now = clock_wall();

	for (size_t i = 0; i < s->count && s->unsaved; i++) {
		struct pop3_message *m = &s->messages[i];

		if (!(m->flags & POP3_UNSAVED))
			continue;
		if (save_message(s, m, now, why) < 0)
			return -1;
		m->flags &= (uint8_t)~POP3_UNSAVED;
		s->unsaved--;
	}
	for (size_t i = 0; i < s->pausing.count; i++) {
		if (source_pause_add(s->base.ledger, s->base.account->place,
			    slice_text(s->pausing.at[i]), now, why) < 0)
			return -1;
	}
	strings_clear(&s->pausing);
	return 0;
}

int pop3_save(struct source *base, struct fault *why)
{
	struct pop3_source *s = (struct pop3_source *)base;

	if (s->unsaved == 0 && s->pausing.count == 0 && s->base.deciding.discarded == 0)
		return 0;
	if (ledger_begin(base->ledger, why) < 0)
		return -1;
	if (save_messages(s, why) < 0 || deciding_write(base, why) < 0) {
		ledger_rollback(base->ledger);
		return -1;
	}
	deciding_written(base);
	return ledger_commit(base->ledger, why);
}

int pop3_forget_deleted(struct pop3_source *s, struct fault *why)
{
	struct ledger *l = s->base.ledger;
	bool any = false;

	for (size_t i = 0; i < s->count && !any; i++)
		any = s->messages[i].state == POP3_DELETED;
	if (!any)
		return 0;
	if (ledger_begin(l, why) < 0)
		return -1;
	for (size_t i = 0; i < s->count; i++) {
		const struct pop3_message *m = &s->messages[i];

		if (m->state != POP3_DELETED || m->name_len == 0)
			continue;
		if (source_item_write(l, s->base.account->place, pop3_name(s, m), SOURCE_NONE,
			    why) < 0) {
			ledger_rollback(l);
			return -1;
		}
	}
	return ledger_commit(l, why);
}

/*
 * RFC 2449 section 6.7: a server with EXPIRE 0 may delete at QUIT what it gave by RETR. What
 * is to stay there is safe only without QUIT: then no DELE counts, either, and the next run
 * finds what was stored still there, and knows it.
 */
static bool must_not_quit(const struct pop3_source *s)
{
	for (size_t i = 0; i < s->count && s->expires; i++) {
		const struct pop3_message *m = &s->messages[i];

		if ((m->flags & POP3_GIVEN) && m->state != POP3_DELETED)
			return true;
	}
	return false;
}

/* One ring for all: DELE waits until the last RETR is answered. */
int pop3_delete(struct pop3_source *s, struct fault *why)
{
	if (pop3_save(&s->base, why) < 0)
		return -1;
	while (s->next < s->count && pop3_may_send(s, 1)) {
		if (s->messages[s->next].state == POP3_STORED)
			pop3_send(s, POP3_JOB_DELE, (uint32_t)s->next);
		s->next++;
	}
	if (s->next < s->count || s->flying)
		return 0;
	if (must_not_quit(s)) {
		s->base.finished = true;
		return 0;
	}
	source_stage(&s->base, "quit");
	pop3_send(s, POP3_JOB_QUIT, 0);
	s->step = POP3_QUITTING;
	return 0;
}

