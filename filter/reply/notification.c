/*
 * The mail that notify sends: see notification.h.
 *
 * SPDX-License-Identifier: ISC
 */
#include "filter/reply/notification.h"

#include "filter/reply/body.h"
#include "filter/reply/compose.h"
#include "filter/reply/mailboxes.h"

int notification_check_from(struct slice from, struct fault *why)
{
	AUTO_BUF field = { 0 };

	return mailboxes_put("From", from, &field, NULL, why);
}

static struct slice value_of(struct message *m, const char *field)
{
	size_t at = message_find(m, slice_text(field));

	return at == MESSAGE_NONE ? SLICE("") : message_value(m, at);
}

static void put_subject(const struct notification *n, struct buf *out)
{
	struct slice subject = value_of(n->message, "subject");

	if (n->has_subject)
		subject = n->subject;
	else if (n->uri->subject)
		subject = slice_text(n->uri->subject);
	compose_text(out, "Subject", subject.len > 0 ? subject : SLICE("New mail"));
}

/* RFC 5436 section 2.7.1: whom to tell when a notification goes astray. */
static void put_submitted(struct slice owner, struct buf *out)
{
	buf_add_text(out, "Auto-Submitted: auto-notified; owner-email=\"");
	for (size_t i = 0; i < owner.len; i++) {
		if (owner.ptr[i] == '"' || owner.ptr[i] == '\\')
			buf_add_byte(out, '\\');
		buf_add_byte(out, owner.ptr[i]);
	}
	buf_add_text(out, "\"\n");
}

static void put_importance(int importance, struct buf *out)
{
	if (importance == 1)
		buf_add_text(out, "X-Priority: 1 (Highest)\nImportance: high\n");
	if (importance == 3)
		buf_add_text(out, "X-Priority: 5 (Lowest)\nImportance: low\n");
}

static void put_reference(const struct notification *n, struct buf *out)
{
	AUTO_BUF value = { 0 };
	size_t at = message_find(n->message, SLICE("message-id"));
	struct slice id;

	if (at == MESSAGE_NONE)
		return;
	message_raw_value(n->message, at, &value);
	if (compose_find_id(buf_slice(&value), &id))
		buf_addf(out, "References: %.*s\n", SLICE_ARG(id));
}

/* RFC 5435 section 3.6: at least From and Subject. */
static void put_body(const struct notification *n, struct buf *out)
{
	static const char *const fields[] = { "From", "To", "Subject", "Date" };
	AUTO_BUF text = { 0 };

	if (n->uri->body) {
		body_put(slice_text(n->uri->body), out);
		return;
	}
	buf_add_text(&text, "New mail:\n\n");
	for (size_t i = 0; i < sizeof(fields) / sizeof(fields[0]); i++) {
		struct slice value = value_of(n->message, fields[i]);

		if (value.len == 0)
			continue;
		buf_addf(&text, "%s: ", fields[i]);
		compose_clean(value, COMPOSE_TEXT_MAX, &text);
		buf_add_byte(&text, '\n');
	}
	body_put(buf_slice(&text), out);
}

static void put_header(const struct notification *n, struct slice author, struct buf *out)
{
	const struct mailto *uri = n->uri;
	struct slice first = slice_text(uri->to.count > 0 ? uri->to.at[0] : uri->cc.at[0]);

	if (uri->to.count > 0)
		compose_addresses(out, "To", &uri->to);
	if (uri->cc.count > 0)
		compose_addresses(out, "Cc", &uri->cc);
	put_subject(n, out);
	compose_date(out, n->now);
	compose_message_id(out, n->message, n->rule, first, author);
	put_reference(n, out);
	put_importance(n->importance, out);
	for (size_t i = 0; i < uri->names.count; i++)
		compose_text(out, uri->names.at[i], slice_text(uri->values.at[i]));
}

int notification_put(const struct notification *n, struct buf *out, struct buf *author,
	struct fault *why)
{
	struct slice from = n->from.len > 0 ? n->from : n->own;
	AUTO_BUF field = { 0 };

	if (from.len == 0)
		return fault_set(why, FAULT_RUNTIME, "nobody is known to send a notification, "
			"expected :from or the setting filter.addresses");
	if (mailboxes_put("From", from, &field, author, why) < 0)
		return -1;
	put_submitted(n->own.len > 0 ? n->own : buf_slice(author), out);
	buf_add_slice(out, buf_slice(&field));
	put_header(n, buf_slice(author), out);
	put_body(n, out);
	if (out->len > NOTIFICATION_MAX)
		return fault_set(why, FAULT_RUNTIME, "a notification of more than 64 KiB");
	return 0;
}
