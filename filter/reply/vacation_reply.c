/*
 * The reply of vacation: see vacation_reply.h.
 *
 * SPDX-License-Identifier: ISC
 */
#include "filter/reply/vacation_reply.h"

#include "filter/reply/body.h"
#include "filter/reply/compose.h"
#include "filter/reply/entity.h"
#include "filter/reply/mailboxes.h"

/* RFC 5230 section 5.3 */
static void put_subject(const struct vacation_reply *v, struct buf *out)
{
	AUTO_BUF subject = { 0 };
	AUTO_BUF clean = { 0 };
	size_t at;

	if (v->has_subject) {
		compose_text(out, "Subject", v->subject);
		return;
	}
	at = message_find(v->message, SLICE("subject"));
	if (at != MESSAGE_NONE)
		compose_clean(message_value(v->message, at), COMPOSE_TEXT_MAX, &clean);
	if (clean.len > 0)
		buf_addf(&subject, "Auto: %s", clean.ptr);
	else
		buf_add_text(&subject, "Automated reply");
	compose_text(out, "Subject", buf_slice(&subject));
}

static int put_header(const struct vacation_reply *v, struct buf *out, struct fault *why)
{
	struct slice from = v->from.len > 0 ? v->from : v->own;
	AUTO_BUF author = { 0 };

	if (mailboxes_put("From", from, out, &author, why) < 0)
		return -1;
	buf_addf(out, "To: <%.*s>\n", SLICE_ARG(v->to));
	put_subject(v, out);
	compose_date(out, v->now);
	compose_message_id(out, v->message, v->rule, v->to, buf_slice(&author));
	compose_thread(out, v->message);
	buf_add_text(out, "Auto-Submitted: auto-replied (vacation)\nPrecedence: bulk\n");
	return 0;
}

int vacation_reply_put(const struct vacation_reply *v, struct buf *out, struct fault *why)
{
	if (put_header(v, out, why) < 0)
		return -1;
	if (v->mime) {
		if (entity_check(v->reason, why) < 0)
			return -1;
		entity_put(v->reason, out);
	} else {
		body_put(v->reason, out);
	}
	if (out->len > COMPOSE_MAX)
		return fault_set(why, FAULT_RUNTIME, "a reply of more than 256 KiB");
	return 0;
}
