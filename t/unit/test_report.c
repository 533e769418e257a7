/*
 * Reports of a rejection: hostile headers and reasons stay where they belong.
 *
 * SPDX-License-Identifier: ISC
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "common/mail/report.h"

static void make(const char *reason, struct slice header, struct buf *out)
{
	struct report r = { .sender = SLICE("a@b.org"), .recipient = SLICE("me@here.test"),
		.reason = slice_text(reason), .header = header, .id = "mr.x", .host = "here.test",
		.now = 1767225600 };

	report_put(&r, out);
}

static void check_whole(void **state)
{
	AUTO_BUF out = { 0 };

	(void)state;
	make("no\n", SLICE("Message-ID: <1@x>\nSubject: s\n\n"), &out);
	assert_string_equal(out.ptr,
		"From: <me@here.test>\nTo: <a@b.org>\nSubject: Automatically rejected mail\n"
		"Date: Thu, 1 Jan 2026 00:00:00 +0000\nMessage-ID: <mr.x@here.test>\n"
		"In-Reply-To: <1@x>\nReferences: <1@x>\n"
		"Auto-Submitted: auto-replied (rejected)\nMIME-Version: 1.0\n"
		"Content-Type: multipart/report; report-type=disposition-notification;\n"
		"\tboundary=\"mr.x/here.test\"\n"
		"\n--mr.x/here.test\nContent-Type: text/plain; charset=utf-8\n\n"
		"The message was refused by the recipient's mail filtering program.\n"
		"The reason given was as follows:\n\nno\n"
		"\n--mr.x/here.test\nContent-Type: message/disposition-notification\n\n"
		"Reporting-UA: here.test; mailrail " MAILRAIL_VERSION "\n"
		"Final-Recipient: rfc822; me@here.test\nOriginal-Message-ID: <1@x>\n"
		"Disposition: automatic-action/MDN-sent-automatically; deleted\n"
		"\n--mr.x/here.test\nContent-Type: text/rfc822-headers\n\n"
		"Message-ID: <1@x>\nSubject: s\n\n"
		"\n--mr.x/here.test--\n");
}

static const struct {
	const char *label;
	const char *id;
} bad_ids[] = {
	{ "no angles", "1@x" },
	{ "two", "<1@x> <2@x>" },
	{ "a blank", "<1 @x>" },
	{ "a line of its own", "<1@x>\n\tBcc: you@x" },
	{ "8 bit", "<\xc3\xa9@x>" },
	{ "empty", "" },
};

static void check_ids(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(bad_ids) / sizeof(bad_ids[0]); i++) {
		AUTO_BUF header = { 0 };
		AUTO_BUF out = { 0 };

		buf_addf(&header, "Message-ID: %s\n\n", bad_ids[i].id);
		make("no", buf_slice(&header), &out);
		if (slice_find(buf_slice(&out), SLICE("In-Reply-To")) >= 0 ||
			slice_find(buf_slice(&out), SLICE("Original-Message-ID")) >= 0)
			fail_msg("%s is quoted", bad_ids[i].label);
	}
}

static void check_long_lines(void **state)
{
	AUTO_BUF reason = { 0 };
	AUTO_BUF out = { 0 };
	struct slice rest;
	struct slice line;

	(void)state;
	for (size_t i = 0; i < 3000; i++)
		buf_add_text(&reason, i % 7 == 0 ? " " : "\xc3\xa9");
	for (size_t i = 0; i < 3000; i++)
		buf_add_text(&reason, "\xc3\xa9");
	make(reason.ptr, SLICE("Subject: s\n\n"), &out);
	for (rest = buf_slice(&out); slice_cut(&rest, '\n', &line);) {
		assert_true(line.len <= 998);
		/* No character is cut in two. */
		assert_true(line.len == 0 || ((unsigned char)line.ptr[0] & 0xc0) != 0x80);
		if (rest.len == 0)
			break;
	}
	assert_true(slice_find(buf_slice(&out), SLICE("Transfer-Encoding: 8bit")) > 0);
}

static void check_nul(void **state)
{
	AUTO_BUF out = { 0 };

	(void)state;
	make("no", slice_of("Subject: a\0b\n\n", 14), &out);
	assert_int_equal(slice_find_byte(buf_slice(&out), '\0'), -1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(check_whole),
		cmocka_unit_test(check_ids),
		cmocka_unit_test(check_long_lines),
		cmocka_unit_test(check_nul),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
