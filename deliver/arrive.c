/*
 * Arrival: see arrive.h.
 *
 * SPDX-License-Identifier: ISC
 */
#include "deliver/arrive.h"

#include "common/base/clock.h"
#include "common/mail/date.h"
#include "common/mail/header.h"
#include "deliver/decide.h"
#include "deliver/divert.h"
#include "deliver/plan.h"

static struct part *first_of_kind(const struct arrival *a, const struct part *p)
{
	for (size_t i = a->first; i < a->unit->count; i++) {
		struct part *other = &a->unit->parts[i];

		if (other == p)
			return NULL;
		if (other->state == PART_WANTED && other->entry.box &&
			other->entry.box->ops == p->entry.box->ops)
			return other;
	}
	return NULL;
}

static bool is_stored(const struct part *p)
{
	return p->state == PART_WANTED && p->entry.box;
}

/* The first mailbox of each kind gets the bytes as they come; the others copy at the end. */
static int begin_parts(struct arrival *a, struct fault *why)
{
	for (size_t i = a->first; i < a->unit->count; i++) {
		struct part *p = &a->unit->parts[i];

		if (!is_stored(p) || first_of_kind(a, p))
			continue;
		if (p->entry.box->ops->begin(&p->entry, why) < 0)
			return -1;
		p->started = true;
	}
	return 0;
}

static void read_facts(struct run *r, struct arrival *a, const struct frame *f)
{
	a->inside = true;
	a->raw = false;
	a->raw_bytes = (struct spooled){ .start = r->outgoing.spool.size };
	a->ends = (struct lineend){ 0 };
	a->sender_known = f->mail_from_known;
	buf_clear(&a->head);
	buf_set(&a->sender, buf_slice(&f->mail_from));
	buf_set(&a->recipient, f->rcpt_to.count > 0 ? slice_text(f->rcpt_to.at[0]) : SLICE(""));
	if (!date_read_stamp(buf_slice(&f->received), &a->received))
		a->received = clock_wall();
}

void arrive_begin(struct run *r, struct arrival *a, const struct frame *f, enum verdict verdict,
	const struct fault *reason)
{
	struct fault why = { 0 };
	struct unit *u = a->unit;

	if (!u) {
		u = a->unit = mem_zero(1, sizeof(*u));
		buf_set(&u->id, buf_slice(&f->id));
		buf_set(&u->account, buf_slice(&f->account));
		buf_set(&u->source, buf_slice(&f->folder));
		u->variants = f->variants;
		u->verdict = verdict;
		if (verdict == VERDICT_DEFERRED)
			u->why = *reason;
	}
	u->variant = f->variant;
	a->first = u->count;
	read_facts(r, a, f);
	if (u->verdict != VERDICT_WANTED)
		return;
	if (plan_parts(r, a, f, &why) < 0 || begin_parts(a, &why) < 0)
		unit_fail(u, &why);
}

static int give(struct run *r, struct arrival *a, struct slice bytes, struct fault *why)
{
	if (bytes.len == 0)
		return 0;
	a->unit->size += bytes.len;
	for (size_t i = a->first; i < a->unit->count; i++) {
		struct part *p = &a->unit->parts[i];

		if (p->started && p->entry.box->ops->write(&p->entry, bytes, why) < 0)
			return -1;
	}
	if (!a->raw)
		return 0;
	a->raw_bytes.length += bytes.len;
	return spool_add(&r->outgoing.spool, bytes.ptr, bytes.len, why);
}

static void add_head(struct arrival *a)
{
	if (a->head.len < HEAD_MAX)
		buf_add_slice(&a->head,
			slice_first(buf_slice(&a->converted), HEAD_MAX - a->head.len));
}

void arrive_bytes(struct run *r, struct arrival *a, struct slice bytes)
{
	struct fault why = { 0 };

	if (a->unit->verdict == VERDICT_DEFERRED ||
		(a->unit->verdict == VERDICT_STORED && a->head.len >= HEAD_MAX))
		return;
	buf_clear(&a->converted);
	lineend_to_lf(&a->ends, bytes, &a->converted);
	add_head(a);
	if (a->unit->verdict == VERDICT_WANTED &&
		give(r, a, buf_slice(&a->converted), &why) < 0)
		unit_fail(a->unit, &why);
}

static void read_head(struct arrival *a, struct slice *header, struct buf *message_id)
{
	ptrdiff_t len = header_length(buf_slice(&a->head), true);
	struct field field;

	*header = slice_first(buf_slice(&a->head), len > 0 ? (size_t)len : 0);
	if (header_find(*header, "Message-ID", &field))
		header_unfold(field.body, message_id);
	if (!a->sender_known && header_find(*header, "Return-Path", &field)) {
		buf_clear(&a->sender);
		header_unfold(field.body, &a->sender);
		if (a->sender.len >= 2 && a->sender.ptr[0] == '<' &&
			a->sender.ptr[a->sender.len - 1] == '>') {
			buf_cut(&a->sender, a->sender.len - 1);
			buf_drop(&a->sender, 1);
		}
	}
}

static int end_entry(struct arrival *a, struct part *p, struct fault *why)
{
	const struct letter letter = { .sender = buf_slice(&a->sender),
		.received = a->received, .flags = buf_slice(&p->flags) };
	struct part *from = p->started ? NULL : first_of_kind(a, p);

	if (from) {
		p->started = true;
		if (p->entry.box->ops->copy(&p->entry, &from->entry, why) < 0)
			return -1;
	}
	return p->entry.box->ops->finish(&p->entry, &letter, why);
}

static int end_parts(struct run *r, struct arrival *a, struct fault *why)
{
	AUTO_BUF message_id = { 0 };
	struct slice header;

	read_head(a, &header, &message_id);
	for (size_t i = a->first; i < a->unit->count; i++) {
		struct part *p = &a->unit->parts[i];

		buf_set(&p->entry.intent.message_id, buf_slice(&message_id));
		if (p->state == PART_WANTED && !p->entry.box &&
			divert_end(r, a, p, header, why) < 0)
			return -1;
		if (is_stored(p) && end_entry(a, p, why) < 0)
			return -1;
	}
	return 0;
}

static void end_stored(struct run *r, struct arrival *a)
{
	AUTO_BUF message_id = { 0 };
	struct fault why = { 0 };
	struct slice header;

	read_head(a, &header, &message_id);
	if (a->unit->variants == 0 && decide_again(r, a->unit, buf_slice(&message_id), &why) < 0)
		unit_fail(a->unit, &why);
}

void arrive_end(struct run *r, struct arrival *a)
{
	struct fault why = { 0 };

	a->inside = false;
	if (a->unit->verdict == VERDICT_STORED)
		end_stored(r, a);
	if (a->unit->verdict != VERDICT_WANTED)
		return;
	buf_clear(&a->converted);
	lineend_finish(&a->ends, &a->converted);
	add_head(a);
	if (give(r, a, buf_slice(&a->converted), &why) < 0 || end_parts(r, a, &why) < 0)
		unit_fail(a->unit, &why);
}

bool arrive_is_whole(const struct arrival *a)
{
	return a->unit && !a->inside && a->unit->variant == a->unit->variants;
}

struct unit *arrive_take(struct arrival *a)
{
	struct unit *u = a->unit;

	a->unit = NULL;
	return u;
}

void arrive_drop(struct arrival *a)
{
	unit_free(a->unit);
	a->unit = NULL;
	a->inside = false;
}

void arrive_free(struct arrival *a)
{
	arrive_drop(a);
	buf_free(&a->converted);
	buf_free(&a->head);
	buf_free(&a->sender);
	buf_free(&a->recipient);
}
