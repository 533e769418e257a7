/*
 * Arrival: see arrive.h.
 *
 * SPDX-License-Identifier: ISC
 */
#include "deliver/arrive.h"

#include "common/base/clock.h"
#include "common/base/say.h"
#include "common/mail/date.h"
#include "common/mail/header.h"
#include "deliver/decide.h"
#include "deliver/loop.h"

/*
 * Another part of this variant goes, or went earlier, to the same mailbox: one copy is
 * enough (RFC 5228 section 2.10.3).
 */
static bool goes_there_already(const struct arrival *a, const struct part *p)
{
	for (size_t i = a->first; i < a->unit->count; i++) {
		const struct part *other = &a->unit->parts[i];

		if (other != p && other->entry.box == p->entry.box)
			return true;
	}
	return false;
}

static int find_box(struct run *r, const struct unit *u, struct part *p, const char *folder,
	struct fault *why)
{
	AUTO_BUF text = { 0 };

	if (target_find(&r->targets, folder, &p->entry.box, why) == 0)
		return 0;
	if (why->kind != FAULT_DATA)
		return -1;
	/* The name may come from a stranger's message: such mail must not be stuck for ever. */
	buf_addf(&text, "%s; the message goes to the inbox", why->text);
	run_say(r, u, buf_text(&text));
	p->note = mem_text("the folder's name has no place");
	return target_find(&r->targets, NULL, &p->entry.box, why);
}

/* The action's own flags, else those that the message had at its source. */
static void take_flags(struct part *p, const struct frame *f, const struct action *action)
{
	if (!action->has_flags) {
		buf_set(&p->flags, buf_slice(&f->flags));
		return;
	}
	for (size_t i = 0; i < action->flags.count; i++) {
		buf_add_text(&p->flags, i > 0 ? " " : "");
		buf_add_text(&p->flags, action->flags.at[i]);
	}
}

static int plan_part(struct run *r, struct arrival *a, const struct frame *f,
	const struct action *action, struct fault *why)
{
	struct part *p = unit_add_part(a->unit);
	struct intent *i = &p->entry.intent;
	enum intent_state state = INTENT_NONE;

	if (action->kind > ACTION_REDIRECT)
		return fault_set(why, FAULT_TEMP, "nobody here does \"%s\" (rule %s)",
			action_name(action->kind), action->rule ? action->rule : "?");
	p->kind = action->kind;
	take_flags(p, f, action);
	buf_set(&i->id, buf_slice(&a->unit->id));
	buf_add_text(&i->kind, action_name(action->kind));
	buf_add_text(&i->target, action->target ? action->target : "");
	i->variant = a->unit->variant;
	buf_set(&i->account, buf_slice(&a->unit->account));
	buf_set(&i->source, buf_slice(&a->unit->source));
	buf_add_text(&i->rule, action->rule ? action->rule : "");
	if (a->unit->id.len > 0 && ledger_intent_state(r->ledger, i, &state, why) < 0)
		return -1;
	if (state == INTENT_DONE)
		p->state = PART_NEEDLESS;
	if (p->kind == ACTION_REDIRECT)
		a->raw = a->raw || p->state == PART_WANTED;
	else if (p->kind != ACTION_DISCARD &&
		find_box(r, a->unit, p, p->kind == ACTION_KEEP ? NULL : action->target, why) < 0)
		return -1;
	if (p->entry.box) {
		if (goes_there_already(a, p))
			p->state = PART_NEEDLESS;
		buf_add_text(&i->scheme, p->entry.box->ops->scheme);
		buf_add_text(&i->path, p->entry.box->path);
	}
	return 0;
}

static int plan(struct run *r, struct arrival *a, const struct frame *f, struct fault *why)
{
	struct action action = { .kind = ACTION_KEEP };
	int result = 0;

	if (!f->decided) {
		action.rule = mem_text("implicit");
		result = plan_part(r, a, f, &action, why);
		action_clear(&action);
		return result;
	}
	if (f->action_count == 0)
		return fault_set(why, FAULT_TEMP, "it was filtered and has no action");
	for (size_t i = 0; i < f->action_count && result == 0; i++) {
		action = (struct action){ 0 };
		result = action_read(&f->actions[i], &action, why);
		if (result == 0)
			result = plan_part(r, a, f, &action, why);
		action_clear(&action);
	}
	return result;
}

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
	if (plan(r, a, f, &why) < 0 || begin_parts(a, &why) < 0)
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

static int pour(struct slice bytes, void *context, struct fault *why)
{
	struct entry *e = context;

	return e->box->ops->write(e, bytes, why);
}

/* Mail that must not be redirected is kept: the action's key stays what it was. */
static int keep_instead(struct run *r, struct arrival *a, struct part *p, const char *reason,
	struct fault *why)
{
	AUTO_BUF text = { 0 };

	buf_addf(&text, "not redirected to %s: %s; the message goes to the inbox",
		buf_text(&p->entry.intent.target), reason);
	run_say(r, a->unit, buf_text(&text));
	p->note = mem_text(reason);
	if (target_find(&r->targets, NULL, &p->entry.box, why) < 0)
		return -1;
	buf_add_text(&p->entry.intent.scheme, p->entry.box->ops->scheme);
	buf_add_text(&p->entry.intent.path, p->entry.box->path);
	if (goes_there_already(a, p)) {
		p->entry.box = NULL;
		p->state = PART_NEEDLESS;
		return 0;
	}
	if (p->entry.box->ops->begin(&p->entry, why) < 0)
		return -1;
	p->started = true;
	return spool_read(&r->outgoing.spool, a->raw_bytes, pour, &p->entry, why);
}

static int end_redirect(struct run *r, struct arrival *a, struct part *p, struct slice header,
	struct fault *why)
{
	const char *reason = loop_check(header, slice_text(buf_text(&p->entry.intent.target)),
		HOPS_MAX);
	const char *sender = r->settings->redirect_sender;

	if (reason)
		return keep_instead(r, a, p, reason, why);
	p->raw = a->raw_bytes;
	/* A bounce must stay one: nobody may be told of what happens to it. */
	if (sender && a->sender.len > 0)
		p->sender = mem_text(sender);
	else
		p->sender = outgoing_sender(buf_slice(&a->sender));
	return 0;
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
		if (p->kind == ACTION_REDIRECT && p->state == PART_WANTED &&
			end_redirect(r, a, p, header, why) < 0)
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
}
