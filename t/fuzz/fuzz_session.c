/*
 * A server that says anything: login by IMAP, POP3 or SMTP, then with SMTP one message.
 *
 * The first byte chooses protocol and mechanism; what follows is what the server says, cut
 * into pieces of odd sizes. The byte 0xFE stands for the tag of the command sent last, 0xFF
 * waits until the client has sent something more. "Delivered" must not be said before the
 * final dot was sent.
 *
 * SPDX-License-Identifier: ISC
 */
#include <errno.h>
#include <stdlib.h>

#include "common/net/smtp.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

struct server_side {
	struct slice script;
	struct buf heard;   /* all that the client sent */
	struct buf pending; /* of a tag, not yet given */
	size_t waited_for;  /* heard.len at the last 0xFF */
};

static ssize_t hear(void *state, const void *ptr, size_t len)
{
	struct server_side *s = state;

	buf_add(&s->heard, ptr, len);
	return (ssize_t)len;
}

/* The first word of the last line that begins with a tag of ours (eight characters). */
static void add_tag(const struct buf *heard, struct buf *out)
{
	struct slice rest = buf_slice(heard);
	struct slice line;
	struct slice tag = { "x", 1 };

	while (slice_line(&rest, &line)) {
		ptrdiff_t blank = slice_find_byte(line, ' ');

		if (blank >= 8)
			tag = slice_first(line, (size_t)blank);
	}
	buf_add_slice(out, tag);
}

static ssize_t say_something(void *state, void *ptr, size_t len)
{
	struct server_side *s = state;
	size_t n = 0;

	while (n == 0 && (s->script.len > 0 || s->pending.len > 0)) {
		if (s->pending.len > 0) {
			n = s->pending.len < len ? s->pending.len : len;
			memcpy(ptr, s->pending.ptr, n);
			buf_drop(&s->pending, n);
			break;
		}
		if ((unsigned char)s->script.ptr[0] == 0xFE) {
			add_tag(&s->heard, &s->pending);
			slice_skip(&s->script, 1);
			continue;
		}
		if ((unsigned char)s->script.ptr[0] == 0xFF) {
			if (s->heard.len == s->waited_for) {
				errno = EAGAIN;
				return -1;
			}
			s->waited_for = s->heard.len;
			slice_skip(&s->script, 1);
			continue;
		}
		len = len < 37 ? len : 37;
		while (n < len && n < s->script.len && (unsigned char)s->script.ptr[n] < 0xFE)
			n++;
		memcpy(ptr, s->script.ptr, n);
		slice_skip(&s->script, n);
	}
	return (ssize_t)n;
}

static int read_message(void *state, struct buf *out, struct fault *why)
{
	(void)state;
	(void)why;
	buf_add_text(out, "Subject: x\n\n.\r\nthe last line");
	return 0;
}

static void send_message(struct session *s, const struct server_side *side)
{
	const struct smtp_source source = { .read = read_message };
	AUTO_SMTP_RESULTS results = { 0 };
	AUTO_STRINGS to = { 0 };
	const struct smtp_envelope envelope = { .from = "a@x", .to = &to, .size = 40,
		.eight_bit = true };
	struct fault why;
	struct smtp c;

	strings_add(&to, SLICE("b@x"));
	strings_add(&to, SLICE("c@x"));
	smtp_begin(&c, s, 1, 1);
	if ((smtp_send(&c, &envelope, &source, &results, &why) < 0) != c.dead ||
		results.count != 2)
		abort();
	for (size_t i = 0; i < results.count; i++) {
		const struct smtp_result *r = &results.at[i];

		if (r->verdict == SMTP_OPEN || !r->text || !r->enhanced[0])
			abort();
		if (r->verdict == SMTP_DELIVERED &&
			slice_find(buf_slice(&side->heard), SLICE("last line\r\n.\r\n")) < 0)
			abort();
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const char *const mechanisms[] = { "SCRAM-SHA-256", "CRAM-MD5", "PLAIN", "LOGIN",
		"XOAUTH2", "OAUTHBEARER", "SCRAM-SHA-1", NULL };
	struct server_side side = { 0 };
	const struct wire_ops ops = { .recv = say_something, .send = hear, .fd = -1,
		.encrypted = true };
	struct server server = { .host = (char *)(uintptr_t) "x", .user = (char *)(uintptr_t) "u",
		.timeout = 1, .compress = true };
	struct secret secret = { .text = (char *)(uintptr_t) "p" };
	AUTO_SESSION s = { 0 };
	struct fault why = { 0 };
	enum wire_protocol protocol;
	const char *mechanism;
	struct slice line;

	if (size < 1)
		return 0;
	protocol = (enum wire_protocol)(data[0] % 3);
	mechanism = mechanisms[data[0] / 3 % 8];
	side.script = slice_of(data + 1, size - 1);
	if (mechanism)
		strings_add(&server.auth, slice_text(mechanism));
	secret.token = mechanism && strstr(mechanism, "OA") != NULL;
	if (session_start(protocol, &server, "me", &secret, wire_from(&ops, &side, 1), &s, &why) < 0) {
		if (why.kind == FAULT_NONE || !why.text[0])
			abort();
	} else if (protocol == WIRE_SMTP) {
		send_message(&s, &side);
	} else {
		/* Compressed, perhaps. */
		while (wire_read_line(s.wire, 4096, &line, &why) == 0)
			;
	}
	session_close(&s);
	strings_free(&server.auth);
	buf_free(&side.heard);
	buf_free(&side.pending);
	return 0;
}
