/*
 * What scripts decided: see outcome.h.
 *
 * SPDX-License-Identifier: ISC
 */
#include "filter/outcome.h"

#include "filter/flags.h"

static void take(struct action *to, struct action *from)
{
	action_clear(to);
	*to = *from;
	*from = (struct action){ 0 };
}

void outcome_clear(struct outcome *o)
{
	for (size_t i = 0; i < o->count; i++)
		action_clear(&o->actions[i]);
	free(o->actions);
	action_clear(&o->keep);
	free(o->discarded);
	*o = (struct outcome){ 0 };
}

static bool is_inbox(const struct action *a)
{
	return a->kind == ACTION_FILEINTO && !a->special_use &&
		slice_is_case(slice_text(a->target), "INBOX");
}

/* RFC 5232 section 3: of flags for one mailbox the last win. */
static void flag_keep(struct action *keep, const struct action *inbox)
{
	strings_clear(&keep->flags);
	flags_copy(&keep->flags, &inbox->flags);
	keep->has_flags = inbox->has_flags;
}

/* RFC 8579: with another use the same name may be another folder. */
static bool same_use(const char *a, const char *b)
{
	return a && b ? slice_is_case(slice_text(a), b) : a == b;
}

/* Of an address the domain has no case (RFC 5321 section 2.4), of "INBOX" all (RFC 3501 5.1). */
static bool same_target(const struct action *a, const struct action *b)
{
	struct slice one = slice_text(a->target);
	struct slice other = slice_text(b->target);
	const char *at = a->kind == ACTION_REDIRECT ? strrchr(a->target, '@') : NULL;
	size_t exact = at ? (size_t)(at - a->target) : one.len;

	if (a->kind == ACTION_FILEINTO && slice_is_case(one, "INBOX"))
		exact = 0;
	return one.len == other.len &&
		slice_equal(slice_first(one, exact), slice_first(other, exact)) &&
		slice_is_case(slice_from(one, exact), b->target + exact);
}

/* RFC 5228 section 2.10.3: nothing goes to one folder or address twice. */
static bool is_same(const struct action *a, const struct action *b)
{
	bool once = a->kind == ACTION_FILEINTO || a->kind == ACTION_REDIRECT ||
		a->kind == ACTION_MARK;

	return once && a->kind == b->kind && same_target(a, b) &&
		same_use(a->special_use, b->special_use);
}

void outcome_file(struct outcome *o, struct action *action)
{
	if (o->kept && is_inbox(action))
		flag_keep(&o->keep, action);
	for (size_t i = 0; i < o->count; i++) {
		struct action *old = &o->actions[i];

		if (!is_same(old, action))
			continue;
		action->create = action->create || old->create;
		action->version = old->version;
		take(old, action);
		return;
	}
	o->actions = mem_grow(o->actions, o->count + 1, sizeof(*o->actions));
	o->actions[o->count] = (struct action){ 0 };
	take(&o->actions[o->count++], action);
}

void outcome_keep_now(struct outcome *o, struct action *action)
{
	take(&o->keep, action);
	o->kept = true;
}

size_t outcome_targets(const struct outcome *o)
{
	size_t count = 0;

	for (size_t i = 0; i < o->count; i++)
		count += o->actions[i].kind != ACTION_MARK;
	return count;
}

void outcome_keep(struct outcome *o, struct action *action)
{
	if (o->kept)
		action->version = o->keep.version;
	outcome_keep_now(o, action);
}

size_t outcome_count(const struct outcome *o, enum action_kind kind)
{
	size_t count = 0;

	for (size_t i = 0; i < o->count; i++)
		count += o->actions[i].kind == kind;
	return count;
}

bool outcome_goes_on(const struct outcome *o)
{
	return o->kept || !o->cancelled;
}

void outcome_join(struct outcome *all, struct outcome *later)
{
	bool implicit = !later->kept && !later->cancelled;

	for (size_t i = 0; i < later->count; i++)
		outcome_file(all, &later->actions[i]);
	if (later->kept)
		outcome_keep_now(all, &later->keep);
	else if (implicit)
		all->keep.version = later->version;
	all->version = later->version;
	/* What an earlier file kept is only as good as the implicit keep of a later one. */
	if (!later->kept && !implicit)
		all->kept = false;
	all->cancelled = later->cancelled;
	all->vacation = all->vacation || later->vacation;
	if (later->discarded) {
		free(all->discarded);
		all->discarded = later->discarded;
		later->discarded = NULL;
	}
	outcome_clear(later);
}

/*
 * A message that is only answered, told of or marked must still go somewhere. A program that
 * is only tried may fail: then the discard counts, if a rule said it, else a keep.
 */
static bool disposes(const struct outcome *o, const struct action *a)
{
	if (a->attempt && o->discarded)
		return false;
	return a->kind != ACTION_VACATION && a->kind != ACTION_NOTIFY && a->kind != ACTION_MARK;
}

void outcome_finish(struct outcome *o, struct action **out, size_t *count)
{
	bool keeps = outcome_goes_on(o);
	bool goes = keeps;
	unsigned version = o->kept ? o->keep.version : o->version;
	size_t n = 0;

	*out = mem_zero(o->count + 1, sizeof(**out));
	for (size_t i = 0; i < o->count; i++) {
		/* keep and fileinto "INBOX" are one mailbox: never twice (2.10.3). */
		if (keeps && is_inbox(&o->actions[i])) {
			version = o->actions[i].version < version ? o->actions[i].version
								  : version;
			/* An implicit keep has no list of its own that could win. */
			if (!o->kept && o->actions[i].has_flags)
				flag_keep(&o->keep, &o->actions[i]);
			continue;
		}
		goes = goes || disposes(o, &o->actions[i]);
		take(&(*out)[n++], &o->actions[i]);
	}
	if (keeps) {
		take(&(*out)[n], &o->keep);
		(*out)[n].version = version;
		if (!(*out)[n].rule)
			(*out)[n].rule = mem_text("implicit");
		(*out)[n++].kind = ACTION_KEEP;
	} else if (!goes) {
		(*out)[n].kind = ACTION_DISCARD;
		(*out)[n++].rule = mem_text(o->discarded ? o->discarded : "implicit");
	}
	*count = n;
	outcome_clear(o);
}
