/*
 * The facts about one message: see frame.h.
 *
 * SPDX-License-Identifier: ISC
 */
#include "common/mail/frame.h"

#include <stddef.h>
#include <stdlib.h>

/* Where the plain texts of a frame lie. */
static const size_t texts[] = {
	offsetof(struct frame, id),
	offsetof(struct frame, account),
	offsetof(struct frame, folder),
	offsetof(struct frame, received),
	offsetof(struct frame, flags),
	offsetof(struct frame, mail_from),
	offsetof(struct frame, after),
};

enum { TEXT_COUNT = sizeof(texts) / sizeof(texts[0]) };

static struct buf *text_at(struct frame *f, size_t i)
{
	return (struct buf *)((char *)f + texts[i]);
}

static const struct buf *const_text_at(const struct frame *f, size_t i)
{
	return (const struct buf *)((const char *)f + texts[i]);
}

static void copy_strings(struct strings *to, const struct strings *from)
{
	for (size_t i = 0; i < from->count; i++)
		strings_add(to, slice_text(from->at[i]));
}

void frame_clear(struct frame *f)
{
	for (size_t i = 0; i < TEXT_COUNT; i++)
		buf_free(text_at(f, i));
	for (size_t i = 0; i < f->action_count; i++) {
		free(f->actions[i].rule);
		free(f->actions[i].command);
	}
	free(f->actions);
	strings_free(&f->rcpt_to);
	strings_free(&f->others);
	*f = (struct frame){ 0 };
}

void frame_add_action(struct frame *f, struct slice rule, struct slice command)
{
	/* Room doubles: it is full whenever the count is a power of two. */
	if ((f->action_count & (f->action_count - 1)) == 0)
		f->actions = mem_grow(f->actions, f->action_count ? f->action_count * 2 : 1,
			sizeof(*f->actions));
	f->actions[f->action_count++] = (struct frame_action){
		.rule = slice_copy(rule),
		.command = slice_copy(command),
	};
}

void frame_copy(struct frame *to, const struct frame *from)
{
	frame_clear(to);
	for (size_t i = 0; i < TEXT_COUNT; i++) {
		if (const_text_at(from, i)->len > 0)
			buf_set(text_at(to, i), buf_slice(const_text_at(from, i)));
	}
	to->mail_from_known = from->mail_from_known;
	to->variant = from->variant;
	to->variants = from->variants;
	to->decided = from->decided;
	copy_strings(&to->rcpt_to, &from->rcpt_to);
	copy_strings(&to->others, &from->others);
	for (size_t i = 0; i < from->action_count; i++)
		frame_add_action(to, slice_text(from->actions[i].rule),
			slice_text(from->actions[i].command));
}
