/*
 * Is a message the one that bore its UIDL before? See pop3.h.
 *
 * Compared are digest and size: the header by TOP n 0, the size by LIST n. Where there is
 * no TOP the whole message is asked for and only looked at; few servers lack it, and few
 * messages are in doubt.
 *
 * SPDX-License-Identifier: ISC
 */
#include "fetch/pop3/pop3.h"

/* It is stored here: what the ledger says of it stands, but for what was forgotten. */
static void believe(struct pop3_source *s, struct pop3_message *m)
{
	if (!s->base.account->keep || (m->flags & POP3_GOES)) {
		m->state = POP3_STORED;
		return;
	}
	m->state = POP3_LEFT;
	m->flags |= POP3_UNSAVED | POP3_BELIEVED;
	s->unsaved++;
}

/*
 * The same: it needs no download. Another: it is one of its own. The digest agrees and the
 * size does not, or nothing is known: it is fetched under the identity of its UIDL, and who
 * stores it has the last word.
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
	if (got == 0 || before.digest == 0)
		return 0;
	m->digest = digest;
	if (before.digest != digest) {
		m->flags |= POP3_RENAMED;
		return 0;
	}
	if (before.size == 0 || before.size == m->size)
		believe(s, m);
	return 0;
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
		m->state = POP3_WANTED;
		return 0;
	case POP3_END:
		digest = digest_end(&s->head);
		digest_free(&s->head);
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

void pop3_compare(struct pop3_source *s)
{
	while (s->next < s->count && pop3_may_send(s, 2) && !s->base.stopping) {
		if (s->messages[s->next].state == POP3_DOUBTED) {
			pop3_send(s, POP3_JOB_SIZE, (uint32_t)s->next);
			if (s->pipelining)
				pop3_send(s, POP3_JOB_HEAD, (uint32_t)s->next);
		}
		s->next++;
	}
	if ((s->next < s->count && !s->base.stopping) || s->flying)
		return;
	s->step = POP3_FETCHING;
	s->next = 0;
}
