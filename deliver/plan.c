/*
 * Planning: see plan.h.
 *
 * SPDX-License-Identifier: ISC
 */
#include "deliver/plan.h"

#include "common/mail/programs.h"

bool plan_has_box(const struct unit *u, const struct part *p)
{
	for (size_t i = 0; i < u->count; i++) {
		const struct part *other = &u->parts[i];

		if (other != p && other->entry.intent.variant == p->entry.intent.variant &&
			other->entry.box == p->entry.box)
			return true;
	}
	return false;
}

bool plan_is_kept(const struct unit *u, const struct part *p)
{
	for (size_t i = 0; i < u->count; i++) {
		if (&u->parts[i] != p && u->parts[i].entry.box == p->entry.box)
			return true;
	}
	return false;
}

/* What an earlier variant left there in place of something else is not needed any more. */
static void replace_kept(struct unit *u, const struct part *p)
{
	for (size_t i = 0; i < u->count; i++) {
		struct part *other = &u->parts[i];

		if (other->entry.box != p->entry.box || !other->instead || !other->started)
			continue;
		other->entry.box->ops->drop(&other->entry);
		other->started = false;
		other->entry.box = NULL;
		other->state = PART_NEEDLESS;
	}
}

int plan_find_box(struct run *r, const struct unit *u, struct part *p, const char *folder,
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

const char *plan_folder(const struct run *r, const struct action *a)
{
	if (!a->special_use)
		return a->target;
	return deliver_special_use(r->settings, r->stores, a->special_use, a->target);
}

/* The action's own flags, else those that the message had at its source. */
static void take_flags(struct part *p, const struct frame *f)
{
	if (!p->action.has_flags) {
		buf_set(&p->flags, buf_slice(&f->flags));
		return;
	}
	for (size_t i = 0; i < p->action.flags.count; i++) {
		buf_add_text(&p->flags, i > 0 ? " " : "");
		buf_add_text(&p->flags, p->action.flags.at[i]);
	}
}

/* Two that differ in more than their key must not be taken for one. */
static void number_target(const struct arrival *a, const struct part *p, struct buf *target)
{
	size_t before = 0;

	for (size_t i = a->first; i < a->unit->count; i++) {
		const struct part *other = &a->unit->parts[i];

		before += other != p && other->action.kind == p->action.kind &&
			strcmp(other->action.target, p->action.target) == 0;
	}
	if (before > 0)
		buf_addf(target, " (%zu)", before + 1);
}

static void fill_intent(const struct arrival *a, struct part *p)
{
	struct intent *i = &p->entry.intent;

	buf_set(&i->id, buf_slice(&a->unit->id));
	buf_add_text(&i->kind, action_name(p->action.kind));
	buf_add_text(&i->target, p->action.target ? p->action.target : "");
	/* The key is what the rule said: what folders there are may change until a retry. */
	if (p->action.special_use && p->action.kind == ACTION_FILEINTO)
		buf_addf(&i->target, " (%s)", p->action.special_use);
	if (part_is_reply(p) || p->action.kind == ACTION_PIPE)
		number_target(a, p, &i->target);
	i->variant = a->unit->variant;
	buf_set(&i->account, buf_slice(&a->unit->account));
	buf_set(&i->source, buf_slice(&a->unit->source));
	buf_add_text(&i->rule, p->action.rule ? p->action.rule : "");
}

static int need_ledger(struct run *r, struct fault *why)
{
	return r->ledger ? 0 : run_open_ledger(r, why);
}

/* To reject what a server has taken long ago makes only mail for people who did not ask. */
static int plan_reject(struct run *r, struct arrival *a, struct part *p, struct fault *why)
{
	if (a->unit->id.len == 0 || r->settings->reject_fetched) {
		a->raw = a->raw || p->state == PART_WANTED;
		return 0;
	}
	p->note = mem_text("kept: fetched mail is not rejected");
	p->instead = true;
	return target_find(&r->targets, NULL, &p->entry.box, why);
}

/* What each kind needs while the message arrives. */
static int plan_kind(struct run *r, struct arrival *a, const struct frame *f, struct part *p,
	struct fault *why)
{
	switch (p->action.kind) {
	case ACTION_KEEP:
		return plan_find_box(r, a->unit, p, NULL, why);
	case ACTION_FILEINTO:
		return plan_find_box(r, a->unit, p, plan_folder(r, &p->action), why);
	case ACTION_DISCARD:
		return 0;
	case ACTION_REDIRECT:
		a->raw = a->raw || p->state == PART_WANTED;
		return 0;
	case ACTION_PIPE:
		a->raw = a->raw || p->state == PART_WANTED;
		programs_envelope(f, &p->environment);
		return 0;
	case ACTION_REJECT:
	case ACTION_EREJECT:
		return plan_reject(r, a, p, why);
	case ACTION_VACATION:
	case ACTION_NOTIFY:
	case ACTION_MARK:
		return need_ledger(r, why);
	case ACTION_DEFER:
		return fault_set(why, FAULT_TEMP, "%s (rule %s)",
			p->action.text[0] ? p->action.text : "deferred", p->action.rule);
	}
	return 0;
}

/* Takes the action over. */
static int plan_part(struct run *r, struct arrival *a, const struct frame *f,
	struct action *action, struct fault *why)
{
	struct part *p = unit_add_part(a->unit, action);
	struct intent *i = &p->entry.intent;
	enum intent_state state = INTENT_NONE;

	take_flags(p, f);
	fill_intent(a, p);
	if (a->unit->id.len > 0 && ledger_intent_state(r->ledger, i, &state, why) < 0)
		return -1;
	if (state == INTENT_DONE)
		p->state = PART_NEEDLESS;
	if (plan_kind(r, a, f, p, why) < 0)
		return -1;
	if (p->entry.box) {
		if (p->instead ? plan_is_kept(a->unit, p) : plan_has_box(a->unit, p))
			p->state = PART_NEEDLESS;
		if (!p->instead)
			replace_kept(a->unit, p);
		buf_add_text(&i->scheme, p->entry.box->ops->scheme);
		buf_add_text(&i->path, p->entry.box->path);
	}
	return 0;
}

/* Answers and marks alone say nothing of where the message goes: it is never lost for that. */
static int check_disposal(const struct arrival *a, struct fault *why)
{
	for (size_t i = a->first; i < a->unit->count; i++) {
		const struct part *p = &a->unit->parts[i];

		if (!part_is_reply(p) && p->action.kind != ACTION_MARK)
			return 0;
	}
	return fault_set(why, FAULT_TEMP, "it was filtered and has no action that disposes of it");
}

int plan_parts(struct run *r, struct arrival *a, const struct frame *f, struct fault *why)
{
	struct action action = { .kind = ACTION_KEEP };
	int result = 0;

	if (!f->decided) {
		action.rule = mem_text("implicit");
		return plan_part(r, a, f, &action, why);
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
	return result == 0 ? check_disposal(a, why) : -1;
}
