/*
 * RFC 5321 section 4.2.1: replies of an SMTP server. See smtp_reply.h.
 *
 * SPDX-License-Identifier: ISC
 */
#include "common/net/smtp_reply.h"

#include "common/base/say.h"

void smtp_reply_free(struct smtp_reply *r)
{
	buf_free(&r->text);
	*r = (struct smtp_reply){ 0 };
}

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

/* 1*3DIGIT: how many. */
static size_t few_digits(struct slice s)
{
	size_t n = 0;

	while (n < s.len && n < 4 && is_digit(s.ptr[n]))
		n++;
	return n <= 3 ? n : 0;
}

/* status-code = ("2" / "4" / "5") "." 1*3digit "." 1*3digit, then SP or the end. */
size_t smtp_enhanced_length(struct slice text)
{
	size_t at = 2;
	size_t n;

	if (text.len < 5 || !strchr("245", text.ptr[0]) || text.ptr[0] == '\0' ||
		text.ptr[1] != '.')
		return 0;
	n = few_digits(slice_from(text, at));
	at += n;
	if (n == 0 || at >= text.len || text.ptr[at] != '.')
		return 0;
	at++;
	n = few_digits(slice_from(text, at));
	at += n;
	if (n == 0 || (at < text.len && text.ptr[at] != ' '))
		return 0;
	return at;
}

/*
 * Reply-line = *( Reply-code "-" [ textstring ] CRLF ) Reply-code [ SP textstring ] CRLF
 * Reply-code = %x32-35 %x30-35 %x30-39, of which the second digit is not insisted on.
 */
static int read_code(struct slice line, bool *last)
{
	if (line.len < 3 || line.ptr[0] < '2' || line.ptr[0] > '5' || !is_digit(line.ptr[1]) ||
		!is_digit(line.ptr[2]))
		return -1;
	if (line.len > 3 && line.ptr[3] != ' ' && line.ptr[3] != '-')
		return -1;
	*last = line.len == 3 || line.ptr[3] == ' ';
	return (line.ptr[0] - '0') * 100 + (line.ptr[1] - '0') * 10 + (line.ptr[2] - '0');
}

static int malformed(struct slice line, const char *what, struct fault *why)
{
	AUTO_BUF shown = { 0 };

	say_visible(&shown, slice_first(line, 80));
	return fault_set(why, FAULT_PROTOCOL, "%s: \"%s\"", what, buf_text(&shown));
}

/* One line, without its end: 1 the reply is complete, 0 more lines, -1 malformed. */
static int add_line(struct smtp_reply *r, struct slice line, struct fault *why)
{
	bool last = false;
	int code = read_code(line, &last);
	struct slice text = slice_from(line, line.len > 4 ? 4 : line.len);

	if (code < 0)
		return malformed(line, "the server's reply is none", why);
	if (r->open && code != r->code)
		return malformed(line, "the server's reply changes its code", why);
	if (!r->open) {
		size_t len = smtp_enhanced_length(text);

		buf_clear(&r->text);
		r->code = code;
		r->enhanced[0] = '\0';
		if (len > 0 && text.ptr[0] == line.ptr[0])
			snprintf(r->enhanced, sizeof(r->enhanced), "%.*s", (int)len, text.ptr);
	} else {
		buf_add_byte(&r->text, '\n');
	}
	buf_add_slice(&r->text, text);
	r->open = !last;
	return last ? 1 : 0;
}

int smtp_reply_read(struct slice *in, struct smtp_reply *r, struct fault *why)
{
	if (!r->open)
		r->seen = 0;
	for (;;) {
		ptrdiff_t end = slice_find_byte(*in, '\n');
		struct slice line = slice_first(*in, end >= 0 ? (size_t)end : in->len);
		int got;

		if (line.len > SMTP_REPLY_LINE)
			return malformed(line, "the server's reply is too long", why);
		if (end < 0)
			return 0;
		slice_skip(in, (size_t)end + 1);
		r->seen += (size_t)end + 1;
		if (r->seen > SMTP_REPLY_TOTAL)
			return malformed(line, "the server's reply does not end", why);
		if (line.len > 0 && line.ptr[line.len - 1] == '\r')
			line.len--;
		got = add_line(r, line, why);
		if (got != 0)
			return got;
	}
}

void smtp_reply_show(const struct smtp_reply *r, size_t limit, struct buf *out)
{
	struct slice rest = buf_slice(&r->text);
	struct slice line;
	size_t begin = out->len;

	buf_addf(out, "%d", r->code);
	while (out->len - begin < limit && slice_cut(&rest, '\n', &line)) {
		line = slice_trim(line);
		if (line.len == 0)
			continue;
		buf_add_byte(out, ' ');
		say_visible(out, slice_first(line, limit - (out->len - begin)));
	}
}
