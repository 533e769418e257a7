/*
 * Is a message the one that bore its UIDL before? What is its name where there are no
 * UIDLs? See pop3.h.
 *
 * Compared are digest and size: the header by TOP n 0, the size by LIST n. Where they differ,
 * and where there is no TOP, the whole message is asked for and only looked at; few messages
 * are in doubt.
 *
 * SPDX-License-Identifier: ISC
 */
#include "fetch/pop3/pop3.h"

#include "common/base/say.h"

/* It is stored here: what the ledger says of it stands, but for what was forgotten. */
static void believe(struct pop3_source *s, struct pop3_message *m, int64_t stored_at)
{
	if (stored_at < s->due_before)
		m->flags |= POP3_GOES;
	if (!s->base.account->keep || (m->flags & POP3_GOES)) {
		m->state = POP3_STORED;
		return;
	}
	m->state = POP3_LEFT;
	m->flags |= POP3_UNSAVED | POP3_BELIEVED;
	s->unsaved++;
}

/*
 * The same: it needs no download. Another: it has an id of its own. Before that is said the
 * whole message is looked at: some servers change a header in TOP, or lie about sizes.
 */
static int judge(struct pop3_source *s, struct pop3_message *m, uint64_t digest,
	struct fault *why)
{
	struct source_letter before;
	int got = source_letter_read(s->base.ledger, s->base.account->place, pop3_name(s, m),
		&before, why);

	if (got < 0)
		return -1;
	m->state = POP3_WANTED;
	m->digest = digest;
	if (m->flags & POP3_WHOLE)
		m->size = s->reply.size <= UINT32_MAX ? (uint32_t)s->reply.size : 0;
	if (got == 0 || before.digest == 0)
		return 0;
	if (before.digest == digest && (before.size == 0 || before.size == m->size)) {
		believe(s, m, before.at);
		return 0;
	}
	if (m->flags & POP3_WHOLE) {
		m->flags |= POP3_RENAMED;
		m->flags &= (uint8_t)~POP3_GOES; /* the other one was due */
		return 0;
	}
	m->state = POP3_DOUBTED;
	m->flags |= POP3_WHOLE;
	pop3_send(s, POP3_JOB_HEAD, (uint32_t)(m - s->messages));
	return 0;
}

/* What it is called without a UIDL: the same in each run. */
static void name_it(struct pop3_source *s, struct pop3_message *m, uint64_t digest)
{
	m->name = (uint32_t)s->names.len;
	buf_addf(&s->names, "%016llx-%u", (unsigned long long)digest, m->size);
	m->name_len = (uint16_t)(s->names.len - m->name);
}

static int refused(struct pop3_source *s, struct pop3_message *m, const struct pop3_event *e,
	struct fault *why)
{
	AUTO_BUF text = { 0 };

	if (!s->unnamed) {
		m->state = POP3_WANTED;
		return 0;
	}
	m->state = POP3_LEFT;
	if (m != s->messages) {
		pop3_note(s, FAULT_TEMP, "the server does not give its header", m, e->text);
		return 0;
	}
	say_visible(&text, e->text);
	return fault_set(why, FAULT_CONFIG,
		"what stays at the server needs UIDL or TOP there, and this one has neither: %s",
		buf_text(&text));
}

static int head_came(struct pop3_source *s, struct pop3_message *m, const struct pop3_event *e,
	struct fault *why)
{
	uint64_t digest;

	switch (e->kind) {
	case POP3_BYTES:
		digest_bytes(&s->head, e->bytes);
		return 0;
	case POP3_ERR:
		return refused(s, m, e, why);
	case POP3_END:
		digest = digest_end(&s->head);
		digest_free(&s->head);
		if (s->unnamed) {
			name_it(s, m, digest);
			return 0;
		}
		return judge(s, m, digest, why);
	default:
		return 0;
	}
}

int pop3_compared(struct pop3_source *s, enum pop3_job job, uint32_t index,
	const struct pop3_event *e, struct fault *why)
{
	struct pop3_message *m = &s->messages[index];
	struct slice text;
	uint64_t number, size;

	if (job == POP3_JOB_HEAD)
		return head_came(s, m, e, why);
	if (e->kind == POP3_OK && pop3_item_read(e->text, &number, &text) &&
		slice_number(text, &size) && size <= UINT32_MAX)
		m->size = (uint32_t)size;
	if (!s->pipelining)
		pop3_send(s, POP3_JOB_HEAD, index);
	return 0;
}

static void ask(struct pop3_source *s, uint32_t index)
{
	if (s->messages[index].state != POP3_DOUBTED)
		return;
	if (!s->has_top && !s->unnamed)
		s->messages[index].flags |= POP3_WHOLE;
	if (!s->unnamed)
		pop3_send(s, POP3_JOB_SIZE, index);
	if (s->unnamed || s->pipelining)
		pop3_send(s, POP3_JOB_HEAD, index);
}

/* All have a name now: they become the list to choose from. */
static int choose_named(struct pop3_source *s, struct fault *why)
{
	s->unnamed = false;
	for (size_t i = 0; i < s->count; i++) {
		const struct pop3_message *m = &s->messages[i];

		if (m->name_len)
			pop3_add_line(s, m->number, pop3_name(s, m));
	}
	s->count = 0;
	return pop3_choose(s, why);
}

int pop3_compare(struct pop3_source *s, struct fault *why)
{
	while (s->next < s->count && pop3_may_send(s, 2) && !s->base.stopping)
		ask(s, (uint32_t)s->next++);
	if ((s->next < s->count && !s->base.stopping) || s->flying)
		return 0;
	s->next = 0;
	if (s->unnamed && !s->base.stopping)
		return choose_named(s, why);
	return pop3_decide_begin(s, why);
}
