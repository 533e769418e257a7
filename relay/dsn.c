/*
 * The parts of a bounce: see dsn.h.
 *
 * SPDX-License-Identifier: ISC
 */
#include "relay/dsn.h"

#include "common/mail/date.h"
#include "common/mail/header.h"

static bool is_digits(struct slice s, size_t most)
{
	uint64_t number;

	return s.len <= most && slice_number(s, &number);
}

/* class "." subject "." detail */
static bool is_status(struct slice word)
{
	struct slice rest = word;
	struct slice parts[3];

	for (int i = 0; i < 3; i++) {
		if (!slice_cut(&rest, '.', &parts[i]) || !is_digits(parts[i], 3))
			return false;
	}
	return rest.len == 0 && word.ptr[word.len - 1] != '.' && parts[0].len == 1 &&
	       (parts[0].ptr[0] == '4' || parts[0].ptr[0] == '5');
}

static bool is_reply(struct slice text)
{
	return text.len >= 4 && is_digits(slice_first(text, 3), 3) && text.ptr[3] == ' ';
}

struct slice dsn_status(struct slice text)
{
	struct slice rest = text;
	struct slice word;
	bool good;

	if (is_reply(text))
		slice_skip(&rest, 4);
	slice_cut(&rest, ' ', &word);
	/* RFC 2034 section 4: the class is that of the reply, or the status is none. */
	good = is_status(word) && (!is_reply(text) || word.ptr[0] == text.ptr[0]);
	return good ? word : SLICE("5.0.0");
}

static void put_boundary(const struct dsn *d, const char *end, struct buf *out)
{
	buf_addf(out, "\n--%s/%s%s\n", d->id, d->hostname, end);
}

/* msg-id = "<" ... ">" without blanks: the first in the text; false when there is none. */
static bool find_message_id(struct slice text, struct slice *id)
{
	ptrdiff_t start = slice_find_byte(text, '<');
	ptrdiff_t end;

	if (start < 0)
		return false;
	*id = slice_from(text, (size_t)start);
	end = slice_find_byte(*id, '>');
	if (end < 0 || end >= ENVELOPE_TEXT_MAX)
		return false;
	*id = slice_first(*id, (size_t)end + 1);
	for (size_t i = 0; i < id->len; i++) {
		if (id->ptr[i] <= ' ' || id->ptr[i] > '~')
			return false;
	}
	return true;
}

/* In-Reply-To joins the bounce to the message in readers that show threads. */
static void put_thread(const struct dsn *d, struct buf *out)
{
	struct field field;
	struct slice id;

	if (header_find(d->header, "Message-ID", &field) && find_message_id(field.body, &id))
		buf_addf(out, "In-Reply-To: %.*s\nReferences: %.*s\n", SLICE_ARG(id),
			SLICE_ARG(id));
}

static void put_head(const struct dsn *d, struct buf *out)
{
	AUTO_BUF date = { 0 };

	date_put_header(&date, d->now);
	buf_addf(out, "From: Mail Delivery System <MAILER-DAEMON@%s>\nTo: %s\n", d->hostname,
		d->envelope->sender);
	buf_addf(out, "Subject: Undelivered Mail Returned to Sender\nDate: %s\n",
		buf_text(&date));
	buf_addf(out, "Message-ID: <%s@%s>\n", d->id, d->hostname);
	put_thread(d, out);
	buf_addf(out, "Auto-Submitted: auto-replied\nMIME-Version: 1.0\n"
		"Content-Type: multipart/report; report-type=delivery-status;\n"
		"\tboundary=\"%s/%s\"\n\n", d->id, d->hostname);
	buf_add_text(out, "This is a delivery status notification in MIME format.\n");
}

static void put_address(const char *address, struct buf *out)
{
	envelope_put_text(out, slice_text(address));
}

static void put_explanation(const struct dsn *d, struct buf *out)
{
	put_boundary(d, "", out);
	buf_addf(out, "Content-Type: text/plain; charset=us-ascii\n\n"
		"This is mailrail at %s.\n\n"
		"Your message could not be delivered to the recipients below. It was\n"
		"removed from the queue for them; its header is attached.\n", d->hostname);
	for (size_t i = 0; i < d->envelope->count; i++) {
		const struct recipient *r = &d->envelope->at[i];

		if (r->state != RECIPIENT_FAILED)
			continue;
		buf_add_text(out, "\n<");
		put_address(r->address, out);
		buf_addf(out, ">:\n    %s\n", r->text ? r->text : "");
	}
}

static void put_recipient(const struct dsn *d, const struct recipient *r, struct buf *out)
{
	struct slice text = slice_text(r->text);
	AUTO_BUF date = { 0 };

	buf_add_text(out, "\nFinal-Recipient: rfc822; ");
	put_address(r->address, out);
	buf_addf(out, "\nAction: failed\nStatus: %.*s\n", SLICE_ARG(dsn_status(text)));
	/* RFC 3464 2.3.5: not where we alone refused the address. */
	if (d->remote && (is_reply(text) || dsn_status(text).ptr[0] == '4'))
		buf_addf(out, "Remote-MTA: dns; %s\n", d->remote);
	if (is_reply(text))
		buf_addf(out, "Diagnostic-Code: smtp; %s\n", r->text);
	date_put_header(&date, r->changed);
	buf_addf(out, "Last-Attempt-Date: %s\n", buf_text(&date));
}

static void put_status(const struct dsn *d, struct buf *out)
{
	AUTO_BUF date = { 0 };

	put_boundary(d, "", out);
	date_put_header(&date, d->envelope->created);
	buf_addf(out, "Content-Type: message/delivery-status\n\nReporting-MTA: dns; %s\n"
		"Arrival-Date: %s\nX-Mailrail-Queue-ID: %s\n", d->hostname, buf_text(&date),
		d->original);
	for (size_t i = 0; i < d->envelope->count; i++) {
		if (d->envelope->at[i].state == RECIPIENT_FAILED)
			put_recipient(d, &d->envelope->at[i], out);
	}
}

/* RFC 6522 section 4. The header ends with its last whole line; NUL has no place in it. */
static void put_header(const struct dsn *d, struct buf *out)
{
	bool eight_bit = false;
	size_t start;

	for (size_t i = 0; i < d->header.len; i++)
		eight_bit = eight_bit || (unsigned char)d->header.ptr[i] > 0x7f;
	put_boundary(d, "", out);
	buf_addf(out, "Content-Type: text/rfc822-headers\n%s\n",
		eight_bit ? "Content-Transfer-Encoding: 8bit\n" : "");
	start = out->len;
	buf_add_slice(out, slice_first(d->header, DSN_HEADER_MAX));
	for (size_t i = start; i < out->len; i++) {
		if (out->ptr[i] == '\0')
			out->ptr[i] = '?';
	}
}

void dsn_put(const struct dsn *d, struct buf *out)
{
	put_head(d, out);
	put_explanation(d, out);
	put_status(d, out);
	put_header(d, out);
	put_boundary(d, "--", out);
}
