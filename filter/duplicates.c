/*
 * Duplicates: see duplicates.h.
 *
 * SPDX-License-Identifier: ISC
 */
#include "filter/duplicates.h"

#include "common/base/paths.h"
#include "common/base/sha256.h"
#include "common/mail/ledger/seen.h"
#include "common/mail/stream.h"

struct duplicate_mark {
	char *key;
	struct buf id;
	int64_t until;
	uint32_t next; /* of its bucket, from 1 */
};

void duplicates_key(const struct slice *handle, struct slice id, struct buf *out)
{
	AUTO_BUF whole = { 0 };

	if (handle) {
		stream_encode(&whole, *handle, true);
		buf_add_byte(&whole, ' ');
	}
	stream_encode(&whole, id, true);
	if (whole.len <= DUPLICATES_KEY_MAX) {
		buf_add_slice(out, buf_slice(&whole));
		return;
	}
	/* Encoded texts hold no "%s": no other key looks like it. */
	buf_add_text(out, "%sha256 ");
	sha256_put_hex(out, buf_slice(&whole));
}

void duplicates_begin(struct duplicates *d, const struct frame *frame, int64_t now)
{
	buf_set(&d->id, buf_slice(&frame->id));
	buf_set(&d->after, buf_slice(&frame->after));
	d->now = now;
}

static uint32_t *bucket_of(struct duplicates *d, struct slice key)
{
	uint32_t hash = 2166136261U;

	if (!d->buckets)
		d->buckets = mem_zero(DUPLICATES_BUCKETS, sizeof(*d->buckets));
	for (size_t i = 0; i < key.len; i++)
		hash = (hash ^ (unsigned char)key.ptr[i]) * 16777619U;
	return &d->buckets[hash % DUPLICATES_BUCKETS];
}

static struct duplicate_mark *find(struct duplicates *d, struct slice key)
{
	for (uint32_t at = *bucket_of(d, key); at != 0; at = d->marks[at - 1].next) {
		if (slice_is(key, d->marks[at - 1].key))
			return &d->marks[at - 1];
	}
	return NULL;
}

static bool ends(struct slice text, struct slice end)
{
	return text.len >= end.len &&
		slice_equal(slice_from(text, text.len - end.len), end);
}

/* By the command line: the id alone, or under any handle. */
static int ask_told(const struct duplicates *d, struct slice key)
{
	for (size_t i = 0; i < d->told->count; i++) {
		struct slice id = slice_text(d->told->at[i]);
		struct slice none = SLICE("");
		AUTO_BUF plain = { 0 };
		AUTO_BUF handled = { 0 };

		duplicates_key(NULL, id, &plain);
		duplicates_key(&none, id, &handled);
		if (slice_equal(key, buf_slice(&plain)) || ends(key, buf_slice(&handled)))
			return 1;
	}
	return 0;
}

static int ask_ledger(struct duplicates *d, struct slice key, struct buf *waits_for,
	struct fault *why)
{
	AUTO_FREE char *state = d->ledger ? NULL : paths_state(why);

	if (!d->ledger && (!state || ledger_open(state, LEDGER_READ, &d->ledger, why) < 0))
		return -1;
	if (!d->ledger)
		return 0;
	return seen_read(d->ledger, key, buf_slice(&d->id), d->now, waits_for, why);
}

int duplicates_ask(struct duplicates *d, struct slice key, struct fault *why)
{
	const struct duplicate_mark *mark;
	AUTO_BUF waits_for = { 0 };
	int got = 0;

	if (d->told && d->told->count > 0)
		return ask_told(d, key);
	mark = find(d, key);
	if (mark && mark->until > d->now &&
		(mark->id.len == 0 || !slice_equal(buf_slice(&mark->id), buf_slice(&d->id)))) {
		buf_set(&waits_for, buf_slice(&mark->id));
		got = 1;
	} else {
		got = ask_ledger(d, key, &waits_for, why);
	}
	if (got < 0 && why)
		why->kind = FAULT_RUNTIME;
	if (got != 1 || waits_for.len == 0)
		return got;
	/* It can wait for one only: in doubt it is no duplicate. */
	if (d->after.len > 0 && !slice_equal(buf_slice(&d->after), buf_slice(&waits_for)))
		return 0;
	buf_set(&d->after, buf_slice(&waits_for));
	return 1;
}

static void forget_marks(struct duplicates *d)
{
	for (size_t i = 0; i < d->count; i++) {
		free(d->marks[i].key);
		buf_free(&d->marks[i].id);
	}
	free(d->marks);
	free(d->buckets);
	d->marks = NULL;
	d->buckets = NULL;
	d->count = 0;
}

static void remember(struct duplicates *d, const struct action *action)
{
	struct slice key = slice_text(action->target);
	struct duplicate_mark *mark = find(d, key);
	int64_t until = d->now + action->seconds;
	uint32_t *bucket;

	if (mark && mark->until > d->now) {
		mark->until = mark->until > until ? mark->until : until;
		return;
	}
	if (action->last)
		return;
	if (!mark) {
		if (d->count == DUPLICATES_MAX)
			forget_marks(d);
		bucket = bucket_of(d, key);
		d->marks = mem_grow(d->marks, d->count + 1, sizeof(*d->marks));
		mark = &d->marks[d->count++];
		*mark = (struct duplicate_mark){ .key = slice_copy(key), .next = *bucket };
		*bucket = (uint32_t)d->count;
	}
	buf_set(&mark->id, buf_slice(&d->id));
	mark->until = until;
}

void duplicates_remember(struct duplicates *d, const struct action *actions, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		if (actions[i].kind == ACTION_MARK)
			remember(d, &actions[i]);
	}
}

void duplicates_free(struct duplicates *d)
{
	forget_marks(d);
	ledger_close(d->ledger);
	d->ledger = NULL;
	buf_free(&d->id);
	buf_free(&d->after);
}
