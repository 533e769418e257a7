/*
 * Messages from RETR into the stream, and DELE for what was stored: see pop3.h.
 *
 * What was stored is in the ledger as "leaving" before DELE, for DELE is void until QUIT
 * is answered: a connection that breaks before costs no second download.
 *
 * SPDX-License-Identifier: ISC
 */
#include "fetch/pop3/pop3.h"

#include "common/base/clock.h"

/* LIMIT: receipts that are not yet in the ledger. */
enum { UNSAVED_MAX = 250 };

static void begin_message(struct pop3_source *s)
{
	uint32_t index = s->flights[s->first].index;
	struct pop3_message *m = &s->messages[index];
	AUTO_FRAME frame = { 0 };

	buf_add_text(&frame.id, s->base.account->place);
	if (m->name_len)
		buf_add_slice(&frame.id, pop3_name(s, m));
	else
		buf_addf(&frame.id, "%s%u", buf_text(&s->run), m->number);
	buf_add_text(&frame.account, s->base.account->name);
	buf_add_text(&frame.folder, "INBOX");
	letter_begin(&s->base, &frame, index);
	s->fed = true;
}

int pop3_resume(struct pop3_source *s)
{
	if (!s->base.stopping) {
		if (!feed_ready(s->base.feed))
			return 0;
		begin_message(s);
		letter_bytes(&s->base, s->held.bytes);
	}
	s->waits = false;
	return 1;
}

/* The first bytes begin the message in the stream: an empty one never does. */
static int bytes_came(struct pop3_source *s, const struct pop3_event *e)
{
	if (s->fed) {
		letter_bytes(&s->base, e->bytes);
		return 1;
	}
	if (s->base.stopping)
		return 1;
	s->held = *e;
	s->waits = true;
	return pop3_resume(s);
}

int pop3_retrieved(struct pop3_source *s, uint32_t index, const struct pop3_event *e)
{
	struct pop3_message *m = &s->messages[index];

	switch (e->kind) {
	case POP3_BYTES:
		return bytes_came(s, e);
	case POP3_ERR:
		m->state = POP3_LEFT;
		pop3_note(s, FAULT_TEMP, "the server does not give it", m, e->text);
		return 1;
	case POP3_END:
		if (s->fed) {
			(void)letter_end(&s->base);
			s->fed = false;
			return 1;
		}
		m->state = POP3_LEFT;
		if (!s->base.stopping)
			pop3_note(s, FAULT_PROTOCOL, "the server gives it without a byte", m,
				SLICE(""));
		return 1;
	default:
		return 1;
	}
}

static bool has_pause(const struct pop3_source *s, struct slice name)
{
	AUTO_FREE char *text = slice_copy(name);

	return s->known_pauses.count && strings_has(&s->known_pauses, text);
}

void pop3_receipt(struct source *base, uint64_t key, enum receipt_verdict verdict)
{
	struct pop3_source *s = (struct pop3_source *)base;
	struct pop3_message *m = &s->messages[key];

	if (verdict == RECEIPT_STORED) {
		m->state = base->account->keep ? POP3_LEFT : POP3_STORED;
		m->unsaved = m->name_len > 0;
		s->unsaved += m->unsaved;
		return;
	}
	m->state = POP3_LEFT;
	if (m->name_len)
		strings_add(&s->pausing, pop3_name(s, m));
}

static int save_messages(struct pop3_source *s, struct fault *why)
{
	const struct account *account = s->base.account;
	enum source_mark mark = account->keep ? SOURCE_KEPT : SOURCE_LEAVING;

	for (size_t i = 0; i < s->count && s->unsaved; i++) {
		struct pop3_message *m = &s->messages[i];
		struct slice name = pop3_name(s, m);

		if (!m->unsaved)
			continue;
		if (source_item_write(s->base.ledger, account->place, name, mark, why) < 0)
			return -1;
		if (has_pause(s, name) &&
			source_pause_end(s->base.ledger, account->place, name, why) < 0)
			return -1;
		m->unsaved = false;
		s->unsaved--;
	}
	for (size_t i = 0; i < s->pausing.count; i++) {
		if (source_pause_add(s->base.ledger, account->place,
			    slice_text(s->pausing.at[i]), clock_wall(), why) < 0)
			return -1;
	}
	strings_clear(&s->pausing);
	return 0;
}

int pop3_save(struct source *base, struct fault *why)
{
	struct pop3_source *s = (struct pop3_source *)base;

	if (s->unsaved == 0 && s->pausing.count == 0)
		return 0;
	if (ledger_begin(base->ledger, why) < 0)
		return -1;
	if (save_messages(s, why) < 0) {
		ledger_rollback(base->ledger);
		return -1;
	}
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

/* One ring for all: DELE waits until the last RETR is answered. */
static int delete_on(struct pop3_source *s, struct fault *why)
{
	size_t most = s->pipelining ? POP3_FLIGHTS - 1 : 1;

	if (pop3_save(&s->base, why) < 0)
		return -1;
	while (s->next < s->count && s->flying < most) {
		if (s->messages[s->next].state == POP3_STORED)
			pop3_send(s, POP3_JOB_DELE, (uint32_t)s->next);
		s->next++;
	}
	if (s->next < s->count || s->flying)
		return 0;
	source_stage(&s->base, "quit");
	pop3_send(s, POP3_JOB_QUIT, 0);
	s->step = POP3_QUITTING;
	return 0;
}

static int fetch_on(struct pop3_source *s, struct fault *why)
{
	size_t most = s->pipelining ? POP3_FLIGHTS - 1 : 1;

	if (s->unsaved >= UNSAVED_MAX && pop3_save(&s->base, why) < 0)
		return -1;
	while (s->next < s->count && s->flying < most && !s->base.stopping &&
		s->base.open + s->flying < POP3_WINDOW) {
		if (s->messages[s->next].state == POP3_WANTED) {
			s->messages[s->next].state = POP3_ASKED;
			pop3_send(s, POP3_JOB_RETR, (uint32_t)s->next);
		}
		s->next++;
	}
	if ((s->next < s->count && !s->base.stopping) || s->flying || s->base.open)
		return 0;
	source_stage(&s->base, "delete");
	s->step = POP3_DELETING;
	s->next = 0;
	return 0;
}

int pop3_advance(struct pop3_source *s, struct fault *why)
{
	if (s->step == POP3_START) {
		source_stage(&s->base, "list messages");
		s->step = POP3_LISTING;
		pop3_send(s, POP3_JOB_UIDL, 0);
	}
	if (s->step == POP3_FETCHING) {
		source_stage(&s->base, "fetch");
		if (fetch_on(s, why) < 0)
			return -1;
	}
	return s->step == POP3_DELETING ? delete_on(s, why) : 0;
}
