/*
 * Messages without a receipt: see unanswered.h.
 *
 * SPDX-License-Identifier: ISC
 */
#include "fetch/hand/unanswered.h"

#include "common/base/say.h"
#include "fetch/source.h"

struct unanswered_entry {
	struct unanswered_entry *next;
	struct source *source;
	uint64_t key;
	uint64_t size;
	struct buf id;
};

void unanswered_add(struct unanswered *u, struct source *s, struct slice id, uint64_t key)
{
	struct unanswered_entry *e = mem_zero(1, sizeof(*e));

	e->source = s;
	e->key = key;
	buf_set(&e->id, id);
	if (u->last)
		u->last->next = e;
	else
		u->first = e;
	u->last = e;
	u->count++;
	s->open++;
}

void unanswered_end(struct unanswered *u, uint64_t size)
{
	u->last->size = size;
}

/* The id has host, user, folder, UIDVALIDITY and UID, or host, user and UIDL. */
static void tell(const struct unanswered_entry *e, enum receipt_verdict verdict)
{
	static const char *const words[] = { [RECEIPT_STORED] = "stored",
		[RECEIPT_DEFERRED] = "deferred", [RECEIPT_REFUSED] = "refused" };

	say_detail("account %s: message %s, %llu bytes: %s", e->source->account->name,
		buf_text(&e->id), (unsigned long long)e->size, words[verdict]);
}

/* `before` is the entry before it, or NULL for the first. */
static struct unanswered_entry *take(struct unanswered *u, struct unanswered_entry *before)
{
	struct unanswered_entry **at = before ? &before->next : &u->first;
	struct unanswered_entry *e = *at;

	*at = e->next;
	if (u->last == e)
		u->last = before;
	u->count--;
	return e;
}

static void drop(struct unanswered_entry *e)
{
	buf_free(&e->id);
	free(e);
}

bool unanswered_answer(struct unanswered *u, struct slice id, enum receipt_verdict verdict)
{
	struct unanswered_entry *before = NULL;

	for (struct unanswered_entry *e = u->first; e; before = e, e = e->next) {
		if (!slice_equal(buf_slice(&e->id), id))
			continue;
		take(u, before);
		tell(e, verdict);
		source_receipt(e->source, e->key, verdict);
		drop(e);
		return true;
	}
	return false;
}

void unanswered_drop_last(struct unanswered *u, const struct source *s)
{
	struct unanswered_entry *before = NULL;
	struct unanswered_entry *e;

	if (!u->last || u->last->source != s)
		return;
	for (e = u->first; e != u->last; e = e->next)
		before = e;
	take(u, before);
	e->source->open--;
	drop(e);
}

void unanswered_forget(struct unanswered *u)
{
	while (u->first) {
		struct unanswered_entry *e = take(u, NULL);

		e->source->open--;
		e->source->unheard = true;
		drop(e);
	}
}
