/*
 * Copies of what was sent: see copy.h.
 *
 * SPDX-License-Identifier: ISC
 */
#include "deliver/copy.h"

#include "common/base/clock.h"
#include "common/mail/header.h"
#include "deliver/plan.h"

static void fill_intent(const struct unit *u, struct part *p)
{
	const struct slice text = slice_text(p->action.text);
	struct intent *i = &p->entry.intent;
	struct field field;

	buf_add_text(&i->kind, action_name(p->action.kind));
	buf_add_text(&i->target, p->action.target);
	buf_set(&i->account, buf_slice(&u->account));
	buf_set(&i->source, buf_slice(&u->source));
	buf_add_text(&i->rule, p->action.rule ? p->action.rule : "");
	buf_add_text(&i->scheme, p->entry.box->ops->scheme);
	buf_add_text(&i->path, p->entry.box->path);
	if (header_find(text, "Message-ID", &field))
		header_unfold(field.body, &i->message_id);
}

static int fill(struct run *r, struct unit *u, const struct unit *from, struct part *p,
	struct fault *why)
{
	const struct slice text = slice_text(p->action.text);
	const struct letter letter = { .received = clock_wall(),
		.flags = buf_slice(&p->flags) };

	if (plan_find_box(r, u, p, plan_folder(r, &p->action), why) < 0)
		return -1;
	fill_intent(from, p);
	if (p->entry.box->ops->begin(&p->entry, why) < 0)
		return -1;
	p->started = true;
	u->size = text.len;
	if (p->entry.box->ops->write(&p->entry, text, why) < 0)
		return -1;
	return p->entry.box->ops->finish(&p->entry, &letter, why);
}

static struct part *add_part(struct unit *u, const struct part *sent)
{
	struct action action = { .kind = ACTION_FILEINTO };
	struct part *p;

	action.target = mem_text(sent->action.fcc);
	action.special_use = mem_text(sent->action.special_use);
	action.text = mem_text(sent->action.text);
	action.rule = mem_text(sent->action.rule ? sent->action.rule : "");
	p = unit_add_part(u, &action);
	p->note = mem_text("a copy of what was sent");
	for (size_t i = 0; i < sent->action.flags.count; i++) {
		buf_add_text(&p->flags, i > 0 ? " " : "");
		buf_add_text(&p->flags, sent->action.flags.at[i]);
	}
	return p;
}

void copy_add(struct run *r, const struct unit *u, const struct part *sent)
{
	struct unit *copy = mem_zero(1, sizeof(*copy));
	struct fault why = { 0 };

	copy->copy = true;
	buf_set(&copy->account, buf_slice(&u->account));
	if (fill(r, copy, u, add_part(copy, sent), &why) < 0) {
		unit_fail(copy, &why);
		run_answer(r, copy);
		return;
	}
	r->copies = mem_grow(r->copies, r->copy_count + 1, sizeof(*r->copies));
	r->copies[r->copy_count++] = copy;
}
