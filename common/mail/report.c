/*
 * Reports of a rejection: see report.h.
 *
 * SPDX-License-Identifier: ISC
 */
#include "common/mail/report.h"

#include "common/mail/date.h"
#include "common/mail/header.h"

/* LIMIT: bytes of a line (RFC 5322 section 2.1.1 allows 998). */
enum { LINE_MAX_BYTES = 900 };
/* LIMIT: bytes of a Message-ID that is quoted. */
enum { ID_MAX = 900 };

static void put_boundary(const struct report *r, const char *end, struct buf *out)
{
	buf_addf(out, "\n--%s/%s%s\n", r->id, r->host, end);
}

/* msg-id = "<" ... ">" without blanks; else it cannot be quoted. */
static bool find_id(const struct report *r, struct buf *id)
{
	struct field field;
	struct slice text;

	if (!header_find(r->header, "Message-ID", &field))
		return false;
	header_unfold(field.body, id);
	text = buf_slice(id);
	if (text.len < 3 || text.len > ID_MAX || text.ptr[0] != '<' ||
		slice_find_byte(text, '>') != (ptrdiff_t)text.len - 1)
		return false;
	for (size_t i = 0; i < text.len; i++) {
		if (text.ptr[i] <= ' ' || text.ptr[i] > '~')
			return false;
	}
	return true;
}

static void put_head(const struct report *r, struct buf *out)
{
	AUTO_BUF date = { 0 };
	AUTO_BUF id = { 0 };

	date_put_header(&date, r->now);
	if (r->delivery)
		buf_addf(out, "From: Mail Delivery System <MAILER-DAEMON@%s>\n", r->host);
	else
		buf_addf(out, "From: <%.*s>\n", SLICE_ARG(r->recipient));
	buf_addf(out, "To: <%.*s>\nSubject: %s\nDate: %s\nMessage-ID: <%s@%s>\n",
		SLICE_ARG(r->sender),
		r->delivery ? "Undelivered Mail Returned to Sender" : "Automatically rejected mail",
		buf_text(&date), r->id, r->host);
	if (find_id(r, &id))
		buf_addf(out, "In-Reply-To: %s\nReferences: %s\n", buf_text(&id), buf_text(&id));
	buf_addf(out, "Auto-Submitted: auto-replied (rejected)\nMIME-Version: 1.0\n"
		"Content-Type: multipart/report; report-type=%s;\n\tboundary=\"%s/%s\"\n",
		r->delivery ? "delivery-status" : "disposition-notification", r->id, r->host);
}

/* Where a line that is too long may be parted: behind a blank, else not inside a character. */
static size_t part_line(struct slice line)
{
	size_t at = LINE_MAX_BYTES;

	if (line.len <= at)
		return line.len;
	for (size_t i = at; i > at / 2; i--) {
		if (line.ptr[i - 1] == ' ')
			return i;
	}
	while (at > 1 && ((unsigned char)line.ptr[at] & 0xc0) == 0x80)
		at--;
	return at;
}

static void put_text(struct slice text, struct buf *out)
{
	struct slice line;

	while (text.len > 0) {
		slice_cut(&text, '\n', &line);
		do {
			size_t len = part_line(line);

			buf_add_slice(out, slice_first(line, len));
			buf_add_byte(out, '\n');
			line = slice_from(line, len);
		} while (line.len > 0);
	}
}

static bool is_plain(struct slice text)
{
	for (size_t i = 0; i < text.len; i++) {
		if ((unsigned char)text.ptr[i] > 0x7f)
			return false;
	}
	return true;
}

static void put_explanation(const struct report *r, struct buf *out)
{
	const struct slice reason = slice_first(r->reason, REPORT_REASON_MAX);

	put_boundary(r, "", out);
	buf_addf(out, "Content-Type: text/plain; charset=utf-8\n%s\n"
		"%s message was refused by the recipient's mail filtering program.\n"
		"The reason given %s as follows:\n\n",
		is_plain(reason) ? "" : "Content-Transfer-Encoding: 8bit\n",
		r->delivery ? "Your" : "The", r->delivery ? "is" : "was");
	put_text(reason, out);
}

static void put_delivery(const struct report *r, struct buf *out)
{
	AUTO_BUF date = { 0 };

	date_put_header(&date, r->now);
	buf_addf(out, "Content-Type: message/delivery-status\n\nReporting-MTA: dns; %s\n\n"
		"Final-Recipient: rfc822; %.*s\nAction: failed\nStatus: 5.7.1\n"
		"Last-Attempt-Date: %s\n", r->host, SLICE_ARG(r->recipient), buf_text(&date));
}

static void put_disposition(const struct report *r, struct buf *out)
{
	AUTO_BUF id = { 0 };

	buf_addf(out, "Content-Type: message/disposition-notification\n\n"
		"Reporting-UA: %s; mailrail " MAILRAIL_VERSION "\n"
		"Final-Recipient: rfc822; %.*s\n", r->host, SLICE_ARG(r->recipient));
	if (find_id(r, &id))
		buf_addf(out, "Original-Message-ID: %s\n", buf_text(&id));
	buf_add_text(out, "Disposition: automatic-action/MDN-sent-automatically; deleted\n");
}

/* RFC 6522 section 4. NUL has no place in it. */
static void put_header(const struct report *r, struct buf *out)
{
	size_t start;

	put_boundary(r, "", out);
	buf_addf(out, "Content-Type: text/rfc822-headers\n%s\n",
		is_plain(r->header) ? "" : "Content-Transfer-Encoding: 8bit\n");
	start = out->len;
	buf_add_slice(out, r->header);
	for (size_t i = start; i < out->len; i++) {
		if (out->ptr[i] == '\0')
			out->ptr[i] = '?';
	}
}

void report_put(const struct report *r, struct buf *out)
{
	put_head(r, out);
	put_explanation(r, out);
	put_boundary(r, "", out);
	if (r->delivery)
		put_delivery(r, out);
	else
		put_disposition(r, out);
	put_header(r, out);
	put_boundary(r, "--", out);
}

static bool field_is(struct slice header, const char *name, const char *const *values)
{
	AUTO_BUF body = { 0 };
	struct field field;

	if (!header_find(header, name, &field))
		return false;
	header_unfold(field.body, &body);
	for (; *values; values++) {
		if (slice_is_case(buf_slice(&body), *values))
			return true;
	}
	return false;
}

static bool has_prefix(struct slice header, const char *prefix)
{
	const size_t len = strlen(prefix);
	struct field field;

	while (header_next(&header, &field) == 1) {
		if (field.name.len > len && slice_is_case(slice_first(field.name, len), prefix))
			return true;
	}
	return false;
}

static bool is_daemon(struct slice sender)
{
	struct slice local;
	struct slice rest = sender;

	slice_cut(&rest, '@', &local);
	return slice_is_case(local, "mailer-daemon") || slice_ends_case(local, "-request") ||
		slice_ends_case(local, "-bounces") ||
		slice_is_case(slice_first(local, 6), "owner-");
}

const char *report_forbidden(struct slice sender, struct slice header)
{
	static const char *const no[] = { "no", NULL };
	static const char *const bulk[] = { "bulk", "list", "junk", NULL };
	struct field field;

	if (header.len == 0)
		return "not rejected: its header is none, or too long";
	if (sender.len == 0)
		return "not rejected: it has no sender to be told";
	if (is_daemon(sender))
		return "not rejected: its sender is a program";
	if (header_find(header, "Auto-Submitted", &field) &&
		!field_is(header, "Auto-Submitted", no))
		return "not rejected: it was sent by a program";
	if (field_is(header, "Precedence", bulk) || has_prefix(header, "List-"))
		return "not rejected: it came through a list";
	return NULL;
}
