/*
 * Messages to programs: see pipe.h.
 *
 * SPDX-License-Identifier: ISC
 */
#include "deliver/pipe.h"

#include "deliver/plan.h"

/* sysexits.h: try again. */
enum { EXIT_TRY_AGAIN = 75 };

struct feed {
	struct spool *spool;
	struct spooled left;
};

static int give(void *context, char *ptr, size_t len, size_t *got, struct fault *why)
{
	struct feed *f = context;

	if (len > f->left.length)
		len = (size_t)f->left.length;
	if (spool_at(f->spool, f->left.start, ptr, len, got, why) < 0)
		return -1;
	if (*got == 0 && len > 0)
		return fault_set(why, FAULT_TEMP, "read the spool: it is cut short");
	f->left.start += *got;
	f->left.length -= *got;
	return 0;
}

/* 1: the program took it, 0: it did not, 2: it wants to try again; `text` says how it was. */
static int run_program(struct run *r, const struct part *p, struct buf *text)
{
	struct feed feed = { .spool = &r->outgoing.spool, .left = p->given };
	const struct program_call call = { .name = p->action.target,
		.arguments = &p->action.arguments, .environment = &p->environment, .give = give,
		.context = &feed, .timeout = p->action.timeout * 1000, .lock = p->action.lock };
	AUTO_PROGRAM_END end = { 0 };
	struct fault why = { 0 };

	buf_addf(text, "program %s: ", p->action.target);
	if (program_run(r->programs, &call, &end, &why) < 0) {
		buf_add_text(text, why.text);
		return 0;
	}
	if (end.status == 0)
		return 1;
	buf_addf(text, "exit status %d", end.status);
	program_add_said(&end, text);
	return end.status == EXIT_TRY_AGAIN ? 2 : 0;
}

void pipe_fail(struct unit *u, struct part *p, const struct fault *why)
{
	if (p->started)
		p->entry.box->ops->drop(&p->entry);
	p->started = false;
	p->state = PART_FAILED;
	u->why = *why;
}

static int pour(struct slice bytes, void *context, struct fault *why)
{
	struct entry *e = context;

	return e->box->ops->write(e, bytes, why);
}

static int fill(struct run *r, struct part *p, struct fault *why)
{
	const struct letter letter = { .sender = slice_text(p->sender), .received = p->received,
		.flags = buf_slice(&p->flags) };

	if (p->entry.box->ops->begin(&p->entry, why) < 0)
		return -1;
	p->started = true;
	if (spool_read(&r->outgoing.spool, p->raw, pour, &p->entry, why) < 0)
		return -1;
	return p->entry.box->ops->finish(&p->entry, &letter, why);
}

/* Into the inbox, if no other action of the rules took it there: 1; 0: nothing to store. */
static size_t keep(struct run *r, struct unit *u, struct part *p)
{
	struct fault why = { 0 };

	if (target_find(&r->targets, NULL, &p->entry.box, &why) < 0) {
		p->entry.box = NULL;
		pipe_fail(u, p, &why);
		return 0;
	}
	if (plan_is_kept(u, p)) {
		p->entry.box = NULL;
		p->state = PART_DONE;
		return 0;
	}
	buf_add_text(&p->entry.intent.scheme, p->entry.box->ops->scheme);
	buf_add_text(&p->entry.intent.path, p->entry.box->path);
	if (fill(r, p, &why) == 0)
		return 1;
	pipe_fail(u, p, &why);
	return 0;
}

/*
 * True when another action says where the message goes. Other programs do not count: with
 * :copy they leave the implicit keep alone, and the list does not tell.
 */
static bool goes_elsewhere(const struct unit *u, const struct part *p)
{
	for (size_t i = 0; i < u->count; i++) {
		const struct part *other = &u->parts[i];
		enum action_kind kind = other->action.kind;

		if (other != p && (other->entry.box || kind == ACTION_DISCARD ||
					  kind == ACTION_REDIRECT || kind == ACTION_REJECT ||
					  kind == ACTION_EREJECT))
			return true;
	}
	return false;
}

/* :try: the rest is as if the action had not been there, the implicit keep with it. */
static size_t take_attempt(struct run *r, struct unit *u, struct part *p, const struct buf *text)
{
	p->note = mem_text(buf_text(text));
	if (!goes_elsewhere(u, p))
		return keep(r, u, p);
	p->state = PART_DONE;
	return 0;
}

static size_t take_end(struct run *r, struct unit *u, struct part *p, int took,
	const struct buf *text)
{
	AUTO_BUF line = { 0 };
	struct fault why = { 0 };

	if (took == 1) {
		p->state = PART_DONE;
		return 0;
	}
	if (p->action.attempt)
		return take_attempt(r, u, p, text);
	if (took == 2) {
		fault_set(&why, FAULT_TEMP, "%s (rule %s)", buf_text(text), p->action.rule);
		pipe_fail(u, p, &why);
		return 0;
	}
	buf_addf(&line, "%s (rule %s); the message is kept", buf_text(text), p->action.rule);
	run_say(r, u, buf_text(&line));
	p->note = mem_text(buf_text(text));
	return keep(r, u, p);
}

size_t pipe_batch(struct run *r)
{
	size_t kept = 0;

	for (size_t i = 0; i < r->count; i++) {
		struct unit *u = r->units[i];

		for (size_t j = 0; j < u->count && u->verdict == VERDICT_WANTED; j++) {
			struct part *p = &u->parts[j];
			AUTO_BUF text = { 0 };

			if (p->action.kind != ACTION_PIPE || p->state != PART_WANTED)
				continue;
			/* Only when all that is stored of it is: least is to be repeated. */
			if (unit_is_broken(u))
				p->state = PART_FAILED;
			else
				kept += take_end(r, u, p, run_program(r, p, &text), &text);
		}
	}
	return kept;
}
