/*
 * Diverted mail: see divert.h.
 *
 * SPDX-License-Identifier: ISC
 */
#include "deliver/divert.h"

#include "deliver/loop.h"
#include "deliver/plan.h"
#include "deliver/reject.h"

static int pour(struct slice bytes, void *context, struct fault *why)
{
	struct entry *e = context;

	return e->box->ops->write(e, bytes, why);
}

/* Into the inbox: the action's key stays what it was. */
static int keep_instead(struct run *r, struct arrival *a, struct part *p, const char *reason,
	struct fault *why)
{
	p->note = mem_text(reason);
	if (target_find(&r->targets, NULL, &p->entry.box, why) < 0)
		return -1;
	buf_add_text(&p->entry.intent.scheme, p->entry.box->ops->scheme);
	buf_add_text(&p->entry.intent.path, p->entry.box->path);
	if (plan_is_kept(a->unit, p)) {
		p->entry.box = NULL;
		p->state = PART_NEEDLESS;
		return 0;
	}
	if (p->entry.box->ops->begin(&p->entry, why) < 0)
		return -1;
	p->started = true;
	p->instead = true;
	return spool_read(&r->outgoing.spool, a->raw_bytes, pour, &p->entry, why);
}

static int end_redirect(struct run *r, struct arrival *a, struct part *p, struct slice header,
	struct fault *why)
{
	const char *reason = loop_check(header, slice_text(buf_text(&p->entry.intent.target)),
		HOPS_MAX);
	const char *sender = r->settings->redirect_sender;
	AUTO_BUF text = { 0 };

	if (reason) {
		buf_addf(&text, "not redirected to %s: %s; the message goes to the inbox",
			buf_text(&p->entry.intent.target), reason);
		run_say(r, a->unit, buf_text(&text));
		return keep_instead(r, a, p, reason, why);
	}
	p->raw = a->raw_bytes;
	/* A bounce must stay one: nobody may be told of what happens to it. */
	if (sender && a->sender.len > 0)
		p->sender = mem_text(sender);
	else
		p->sender = outgoing_sender(buf_slice(&a->sender));
	return 0;
}

/* What the program gets: of a message that is header or body alone, the rest is empty. */
static int end_pipe(struct run *r, struct arrival *a, struct part *p, struct slice header,
	struct fault *why)
{
	static const char reason[] = "its header is too long to be parted from its body";
	AUTO_BUF text = { 0 };

	p->raw = a->raw_bytes;
	p->given = a->raw_bytes;
	p->received = a->received;
	p->sender = slice_copy(buf_slice(&a->sender));
	if (!p->action.header_only && !p->action.body_only)
		return 0;
	/* A stranger can send that: it must not be stuck for ever. */
	if (a->head.len >= HEAD_MAX && (header.len == 0 || header.len == a->head.len)) {
		buf_addf(&text, "not given to program %s: %s (rule %s); the message is kept",
			p->action.target, reason, p->action.rule);
		run_say(r, a->unit, buf_text(&text));
		return keep_instead(r, a, p, reason, why);
	}
	if (p->action.header_only) {
		p->given.length = header.len;
	} else {
		p->given.start += header.len;
		p->given.length -= header.len;
	}
	return 0;
}

int divert_end(struct run *r, struct arrival *a, struct part *p, struct slice header,
	struct fault *why)
{
	const char *reason = NULL;

	if (p->action.kind == ACTION_PIPE)
		return end_pipe(r, a, p, header, why);
	if (p->action.kind == ACTION_REDIRECT)
		return end_redirect(r, a, p, header, why);
	if (p->action.kind == ACTION_REJECT || p->action.kind == ACTION_EREJECT)
		reason = reject_end(r, a, p, header);
	return reason ? keep_instead(r, a, p, reason, why) : 0;
}
