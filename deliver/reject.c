/*
 * Rejection: see reject.h.
 *
 * SPDX-License-Identifier: ISC
 */
#include "deliver/reject.h"

#include <pwd.h>
#include <unistd.h>

#include "common/base/clock.h"
#include "common/base/stage.h"
#include "common/mail/report.h"

/* Section 2.1.1: what a protocol cannot carry is replaced. */
static const char instead[] = "the message was refused by the recipient's mail filter";

static bool is_ascii(const char *text)
{
	for (; *text; text++) {
		if ((unsigned char)*text > 0x7f)
			return false;
	}
	return true;
}

/* Who refuses: the envelope's recipient, else this user here. */
static void put_recipient(const struct run *r, const struct arrival *a, struct buf *out)
{
	AUTO_FREE char *known = outgoing_sender(buf_slice(&a->recipient));
	const struct passwd *me;

	buf_add_text(out, known);
	if (out->len > 0)
		return;
	me = getpwuid(getuid());
	buf_addf(out, "%s@%s", me ? me->pw_name : "postmaster", r->host.name);
}

static void make_report(const struct run *r, const struct arrival *a, struct part *p,
	struct slice header)
{
	AUTO_BUF recipient = { 0 };
	AUTO_BUF note = { 0 };
	AUTO_BUF text = { 0 };
	AUTO_BUF id = { 0 };
	struct report report = { .delivery = p->action.kind == ACTION_EREJECT,
		.sender = slice_text(p->sender), .reason = slice_text(p->action.text),
		.header = header, .host = r->host.name, .now = clock_wall() };

	put_recipient(r, a, &recipient);
	report.recipient = buf_slice(&recipient);
	buf_add_text(&id, "mr.");
	stage_random_name(&id, 20);
	report.id = buf_text(&id);
	report_put(&report, &text);
	p->report = buf_give(&text);
	buf_addf(&note, "%s is told", p->sender);
	p->note = buf_give(&note);
}

/* In one line, as it stands in what the caller writes about it. */
static char *one_line(const char *text)
{
	AUTO_BUF out = { 0 };

	buf_add_text(&out, is_ascii(text) ? text : instead);
	while (out.len > 0 && out.ptr[out.len - 1] == '\n')
		buf_cut(&out, out.len - 1);
	for (size_t i = 0; i < out.len; i++) {
		if (out.ptr[i] == '\n')
			out.ptr[i] = ' ';
	}
	return buf_give(&out);
}

const char *reject_end(struct run *r, struct arrival *a, struct part *p, struct slice header)
{
	const char *why;

	if (r->refuse && a->unit->id.len == 0 &&
		(p->action.kind == ACTION_EREJECT || is_ascii(p->action.text))) {
		p->refused = true;
		free(a->unit->refusal);
		a->unit->refusal = one_line(p->action.text);
		p->note = mem_text("refused");
		return NULL;
	}
	p->sender = outgoing_sender(buf_slice(&a->sender));
	why = report_forbidden(slice_text(p->sender), header);
	if (!why)
		make_report(r, a, p, header);
	return why;
}
