/*
 * What becomes of a stored message at its server: see plan.h.
 *
 * SPDX-License-Identifier: ISC
 */
#include "fetch/imap/plan.h"

void imap_plan_free(struct imap_plan *p)
{
	buf_free(&p->set);
	buf_free(&p->clear);
	*p = (struct imap_plan){ 0 };
}

static void add_flag(struct buf *list, struct slice flag)
{
	if (list->len)
		buf_add_byte(list, ' ');
	buf_add_slice(list, flag);
}

bool imap_plan_lists(struct slice list, struct slice flag)
{
	struct slice one;

	while (slice_cut(&list, ' ', &one)) {
		if (slice_equal_case(one, flag))
			return true;
	}
	return false;
}

void imap_plan_make(const struct account *a, const char *target, struct imap_plan *out)
{
	imap_plan_free(out);
	if (a->after.mark_read)
		add_flag(&out->set, SLICE("\\Seen"));
	for (size_t i = 0; i < a->after.set_flags.count; i++) {
		struct slice flag = slice_text(a->after.set_flags.at[i]);

		if (!imap_plan_lists(buf_slice(&out->set), flag))
			add_flag(&out->set, flag);
	}
	for (size_t i = 0; i < a->after.clear_flags.count; i++)
		add_flag(&out->clear, slice_text(a->after.clear_flags.at[i]));
	out->target = target;
	if (a->after.move_to)
		out->end = IMAP_MOVE;
	else if (a->keep)
		out->end = IMAP_KEEP;
	else
		out->end = target ? IMAP_MOVE : IMAP_DELETE;
}

bool imap_plan_changes(const struct imap_plan *p)
{
	return p->end != IMAP_KEEP || p->set.len || p->clear.len;
}

/* "\*" stands for any keyword, also for one that nobody has used yet. */
static void permit(struct buf *flags, struct slice permanent, struct strings *lost)
{
	bool any = imap_plan_lists(permanent, SLICE("\\*"));
	AUTO_BUF wanted = { 0 };
	struct slice rest, flag;

	buf_set(&wanted, buf_slice(flags));
	buf_clear(flags);
	rest = buf_slice(&wanted);
	while (slice_cut(&rest, ' ', &flag)) {
		if (flag.len == 0)
			continue;
		if ((any && flag.ptr[0] != '\\') || imap_plan_lists(permanent, flag))
			add_flag(flags, flag);
		else
			strings_add(lost, flag);
	}
}

void imap_plan_permit(struct imap_plan *p, struct slice permanent, struct strings *lost)
{
	permit(&p->set, permanent, lost);
	permit(&p->clear, permanent, lost);
}
