/*
 * Bounces: who is reported, with which status, and that nothing foreign gets into the frame.
 *
 * SPDX-License-Identifier: ISC
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include "relay/dsn.h"

static const struct {
	const char *label;
	const char *text;
	const char *status;
} rows[] = {
	{ "enhanced", "550 5.1.1 no such user", "5.1.1" },
	{ "three digits each", "550 5.123.456 x", "5.123.456" },
	{ "ours, without a reply code", "4.4.7 given up, it waited too long", "4.4.7" },
	{ "none", "550 no such user", "5.0.0" },
	{ "code alone", "550", "5.0.0" },
	{ "success is none of a failure", "550 2.0.0 fine", "5.0.0" },
	{ "too many parts", "550 5.1.1.1 x", "5.0.0" },
	{ "too few parts", "550 5.1 x", "5.0.0" },
	{ "ends with a dot", "550 5.1. x", "5.0.0" },
	{ "four digits", "550 5.1.1234 x", "5.0.0" },
	{ "letters", "550 5.a.1 x", "5.0.0" },
	{ "of another class", "550 4.2.2 x", "5.0.0" },
	{ "empty", "", "5.0.0" },
	{ "status alone", "5.1.2", "5.1.2" },
};

static void statuses(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		AUTO_FREE char *got = slice_copy(dsn_status(slice_text(rows[i].text)));

		print_message("# %s\n", rows[i].label);
		assert_string_equal(got, rows[i].status);
	}
}

static void add(struct envelope *e, const char *address, enum recipient_state recipient,
	const char *text)
{
	envelope_add_recipient(e, slice_text(address));
	e->at[e->count - 1].state = recipient;
	e->at[e->count - 1].text = mem_text(text);
}

static bool has(const struct buf *text, const char *what)
{
	return slice_find(buf_slice(text), slice_text(what)) >= 0;
}

static void report(void **state)
{
	AUTO_ENVELOPE e = { .created = 1700000000 };
	AUTO_BUF out = { 0 };
	struct dsn d = { .hostname = "h.test", .remote = "smtp.test", .id = "bounceid",
		.original = "mailid", .now = 1700000100, .envelope = &e };
	const char header[] = "Subject: h\xc3\xa9\nMessage-ID: <m@x>\n --bounceid/h.test\nX: \0y\n\n";

	(void)state;
	e.sender = mem_text("me@x");
	add(&e, "bad@x", RECIPIENT_FAILED, "550 5.1.1 no such user");
	add(&e, "good@x", RECIPIENT_SENT, "250 ok");
	add(&e, "later@x", RECIPIENT_WAITING, "450 later");
	add(&e, "told@x", RECIPIENT_BOUNCED, "550 5.1.1 before");
	add(&e, "o\xc3\xb6@x", RECIPIENT_FAILED, "4.4.7 given up");
	add(&e, "local@x", RECIPIENT_FAILED, "5.1.3 the address is bad");
	d.header = slice_of(header, sizeof(header) - 1);
	dsn_put(&d, &out);
	assert_true(has(&out, "From: Mail Delivery System <MAILER-DAEMON@h.test>\nTo: me@x\n"));
	assert_true(has(&out, "Auto-Submitted: auto-replied\n"));
	assert_true(has(&out, "In-Reply-To: <m@x>\n"));
	assert_true(has(&out, "report-type=delivery-status"));
	assert_true(has(&out, "\nReporting-MTA: dns; h.test\n"));
	assert_true(has(&out, "\n\nFinal-Recipient: rfc822; bad@x\nAction: failed\nStatus: 5.1.1\n"
		"Remote-MTA: dns; smtp.test\nDiagnostic-Code: smtp; 550 5.1.1 no such user\n"));
	assert_true(has(&out, "Final-Recipient: rfc822; o??@x\nAction: failed\nStatus: 4.4.7\n"
		"Remote-MTA: dns; smtp.test\nLast-Attempt-Date: "));
	assert_true(has(&out, "Final-Recipient: rfc822; local@x\nAction: failed\nStatus: 5.1.3\n"
		"Last-Attempt-Date: "));
	assert_false(has(&out, "good@x"));
	assert_false(has(&out, "later@x"));
	assert_false(has(&out, "told@x"));
	assert_true(has(&out, "Content-Transfer-Encoding: 8bit\n\nSubject: h\xc3\xa9\n"));
	assert_true(has(&out, "X: ?y\n"));
	assert_int_equal(slice_find_byte(buf_slice(&out), '\0'), -1);
	assert_true(slice_ends_case(buf_slice(&out), "\n--bounceid/h.test--\n"));
}

static void hostile_message_id(void **state)
{
	AUTO_ENVELOPE e = { .created = 1 };
	AUTO_BUF out = { 0 };
	struct dsn d = { .hostname = "h", .id = "b", .original = "m", .envelope = &e,
		.header = SLICE("Message-ID: <a>\r\n\x1b\rBcc: evil@x\n\n") };

	(void)state;
	e.sender = mem_text("me@x");
	add(&e, "bad@x", RECIPIENT_FAILED, "550 no");
	dsn_put(&d, &out);
	assert_false(has(&out, "Remote-MTA"));
	buf_cut(&out, (size_t)slice_find(buf_slice(&out), SLICE("\n\n")));
	assert_false(has(&out, "\rBcc"));
	assert_false(has(&out, "\nBcc"));
	assert_true(has(&out, "In-Reply-To: <a>\nReferences: <a>\n"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(statuses),
		cmocka_unit_test(report),
		cmocka_unit_test(hostile_message_id),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
