/*
 * Marks: see marks.h.
 *
 * SPDX-License-Identifier: ISC
 */
#include "deliver/marks.h"

#include "common/base/clock.h"
#include "common/mail/ledger/seen.h"

int marks_see(struct ledger *l, const struct intent *i, int64_t seconds, bool last,
	struct fault *why)
{
	const int64_t now = clock_wall();
	const struct slice key = buf_slice(&i->target);

	if (seen_prune(l, now, why) < 0)
		return -1;
	return last ? seen_renew(l, key, seen_until(now, seconds), now, why) :
		seen_write(l, key, buf_slice(&i->id), seen_until(now, seconds), now, why);
}

static void add_mark(struct marks *m, struct part *p, bool plain)
{
	struct mark *mark;

	m->at = mem_grow(m->at, m->count + 1, sizeof(*m->at));
	mark = &m->at[m->count++];
	*mark = (struct mark){ .intent = p->entry.intent, .note = p->note, .plain = plain,
		.seen = plain && p->action.kind == ACTION_MARK, .last = p->action.last,
		.seconds = p->action.seconds };
	p->entry.intent = (struct intent){ 0 };
	p->note = NULL;
}

void marks_add(struct marks *m, struct unit *u, bool log_plain)
{
	const bool plain = u->id.len == 0;
	size_t first = m->count;
	bool whole = true;

	for (size_t i = 0; i < u->count; i++) {
		struct part *p = &u->parts[i];

		if (p->state == PART_FAILED)
			whole = false;
		if (p->state != PART_DONE)
			continue;
		/* A plain message that comes again must not be its own duplicate. */
		if (plain && p->action.kind == ACTION_MARK && u->verdict != VERDICT_STORED)
			continue;
		if (plain && !log_plain && p->action.kind != ACTION_MARK)
			continue;
		add_mark(m, p, plain);
		m->at[m->count - 1].quiet = plain && !log_plain;
	}
	if (plain || !whole)
		return;
	for (size_t i = first; i < m->count; i++)
		m->at[i].whole = true;
	m->ids = mem_grow(m->ids, m->id_count + 1, sizeof(*m->ids));
	m->ids[m->id_count] = (struct buf){ 0 };
	buf_set(&m->ids[m->id_count++], buf_slice(&u->id));
}

bool marks_have(const struct marks *m, struct slice id)
{
	for (size_t i = 0; i < m->id_count; i++) {
		if (slice_equal(buf_slice(&m->ids[i]), id))
			return true;
	}
	return false;
}

int marks_put(const struct marks *m, struct ledger *l, struct fault *why)
{
	for (size_t i = 0; i < m->count; i++) {
		const struct mark *mark = &m->at[i];
		const char *note = mark->note ? mark->note : "";
		int put = mark->quiet ? 0 :
			mark->plain ? ledger_log(l, &mark->intent, note, why) :
			mark->whole ? ledger_log_done(l, &mark->intent, note, why) :
			ledger_set_state(l, &mark->intent, INTENT_DONE, note, why);

		if (put == 0 && mark->seen)
			put = marks_see(l, &mark->intent, mark->seconds, mark->last, why);
		if (put < 0)
			return -1;
	}
	for (size_t i = 0; i < m->id_count; i++) {
		if (ledger_finish(l, buf_slice(&m->ids[i]), why) < 0)
			return -1;
	}
	return 0;
}

void marks_clear(struct marks *m)
{
	for (size_t i = 0; i < m->count; i++) {
		intent_clear(&m->at[i].intent);
		free(m->at[i].note);
	}
	for (size_t i = 0; i < m->id_count; i++)
		buf_free(&m->ids[i]);
	free(m->at);
	free(m->ids);
	*m = (struct marks){ 0 };
}

int marks_write(struct marks *m, struct ledger *l, struct fault *why)
{
	if (m->count == 0 && m->id_count == 0)
		return 0;
	if (ledger_begin(l, why) < 0)
		return -1;
	if (marks_put(m, l, why) < 0) {
		ledger_rollback(l);
		return -1;
	}
	if (ledger_commit(l, why) < 0)
		return -1;
	marks_clear(m);
	return 0;
}
