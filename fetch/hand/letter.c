/*
 * Messages on their way into the stream: see letter.h.
 *
 * SPDX-License-Identifier: ISC
 */
#include "fetch/hand/letter.h"

#include "common/base/clock.h"
#include "fetch/source.h"

/* LIMIT: what a message may wait for the end of its header; digest.h looks no further. */
enum { HELD_MAX = DIGEST_HEADER_MAX };

void letter_begin(struct source *s, const struct frame *frame, uint64_t key)
{
	struct letter *l = &s->letter;

	letter_free(l);
	l->open = true;
	l->key = key;
	if (s->began == 0)
		s->began = clock_tick();
	l->waits = multidrop_wanted(&s->account->multidrop) || trace_wanted(&s->account->trace);
	if (l->waits) {
		frame_copy(&l->frame, frame);
		feed_claim(s->feed, s);
	} else {
		feed_begin(s->feed, s, frame, key);
	}
}

static int take_recipients(struct source *s, struct slice header, struct fault *why)
{
	const struct multidrop *m = &s->account->multidrop;
	const struct letter *l = &s->letter;

	if (m->field && !l->coming.scanned)
		return fault_set(why, FAULT_TEMP, "its header is over %d KiB", HELD_MAX >> 10);
	return multidrop_take(m, header, &s->letter.frame, why);
}

static void put_trace(struct source *s, struct slice header)
{
	const struct account *a = s->account;
	const struct trace_way way = { .protocol = a->protocol == ACCOUNT_IMAP ? "IMAP4" : "POP3",
		.server = &a->server, .now = clock_wall() };
	struct slice text = buf_slice(&s->letter.held);
	ptrdiff_t lf = slice_find_byte(text, '\n');
	bool crlf = lf > 0 && text.ptr[lf - 1] == '\r';
	AUTO_BUF fields = { 0 };

	if (!trace_wanted(&a->trace))
		return;
	trace_put(&a->trace, &way, &s->letter.frame, crlf, &fields);
	/* It is all body: what stands before it must not make its first lines a header. */
	if (header.len == 0 && s->letter.coming.scanned)
		buf_add_text(&fields, crlf ? "\r\n" : "\n");
	feed_bytes(s->feed, buf_slice(&fields));
}

/* The header is there, or will not be: on with it. */
static void release(struct source *s)
{
	struct letter *l = &s->letter;
	struct slice header = buf_slice(&l->held);

	if (l->coming.scanned)
		header = slice_first(header, (size_t)l->coming.length);
	l->waits = false;
	l->refused = take_recipients(s, header, &l->why) < 0;
	if (!l->refused) {
		feed_begin(s->feed, s, &l->frame, l->key);
		put_trace(s, header);
		feed_bytes(s->feed, buf_slice(&l->held));
	}
	buf_free(&l->held);
}

void letter_bytes(struct source *s, struct slice bytes)
{
	struct letter *l = &s->letter;

	l->size += bytes.len;
	s->came_bytes += bytes.len;
	digest_bytes(&l->coming, bytes);
	if (l->refused)
		return;
	if (!l->waits) {
		feed_bytes(s->feed, bytes);
		return;
	}
	buf_add_slice(&l->held, bytes);
	if (l->coming.scanned || l->held.len >= HELD_MAX)
		release(s);
}

static void refuse(struct source *s)
{
	struct letter *l = &s->letter;
	struct fault why;

	feed_cut(s->feed, s, "refused");
	fault_set(&why, l->why.kind, "message %s is not handed on and stays there: %s",
		buf_text(&l->frame.id), l->why.text);
	source_trouble(s, &why);
	s->unstored = true;
	s->ops->receipt(s, l->key, RECEIPT_REFUSED);
}

bool letter_end(struct source *s)
{
	struct letter *l = &s->letter;

	l->digest = digest_end(&l->coming);
	s->came++;
	if (l->waits)
		release(s);
	l->open = false;
	if (l->refused)
		refuse(s);
	else
		feed_end(s->feed);
	return !l->refused;
}

void letter_free(struct letter *l)
{
	digest_free(&l->coming);
	frame_clear(&l->frame);
	buf_free(&l->held);
	*l = (struct letter){ 0 };
}
