/*
 * The reply of vacation as a message: RFC 5230 section 5, RFC 3834 section 3; and what
 * strangers could do to it.
 *
 * SPDX-License-Identifier: ISC
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <cmocka.h>

#include "common/mail/transfer.h"
#include "common/mail/transfer_encode.h"
#include "t/unit/reply_case.h"

#define NEEDS "require [\"vacation\",\"variables\",\"encoded-character\"];"

/* The texts that must stand in the reply to a message with these fields. */
static const struct {
	const char *label;
	const char *fields; /* besides "To: Me <me@x.org>" */
	const char *arguments;
	const char *has;
} rows[] = {
	{ "From", "", "\"x\"", "From: me@x.org\nTo: <a@b.org>\n" },
	{ "the address it was sent to", "Cc: You@Y.org\n", ":addresses \"you@y.org\" \"x\"",
		"From: me@x.org\n" },
	{ ":from", "", ":from \"Me & Co. <co@x.org>\" \"x\"",
		"From: \"Me & Co.\" <co@x.org>\n" },
	{ ":from of two", "", ":from \"a@x.org, B <b@x.org>\" \"x\"",
		"From: a@x.org,\n B <b@x.org>\n" },
	{ ":from in UTF-8", "", ":from \"M\xc3\xbcller <m@x.org>\" \"x\"",
		"From: =?UTF-8?Q?M=C3=BCller?= <m@x.org>\n" },
	{ ":from encoded", "", ":from \"=?utf-8?q?M=C3=BCller?= <m@x.org>\" \"x\"",
		"From: =?utf-8?q?M=C3=BCller?= <m@x.org>\n" },
	{ "Subject", "Subject: lunch?\n", "\"x\"", "Subject: Auto: lunch?\n" },
	{ "no Subject", "", "\"x\"", "Subject: Automated reply\n" },
	{ "empty Subject", "Subject:\n", "\"x\"", "Subject: Automated reply\n" },
	{ "Subject in UTF-8", "Subject: =?iso-8859-1?q?Gr=FC=DFe?=\n", "\"x\"",
		"Subject: =?UTF-8?Q?Auto=3A_Gr=C3=BC=C3=9Fe?=\n" },
	{ ":subject", "Subject: lunch?\n", ":subject \"gone\" \"x\"", "Subject: gone\n" },
	{ ":subject in UTF-8", "", ":subject \"fort \xc3\xbc\" \"x\"",
		"Subject: =?UTF-8?Q?fort_=C3=BC?=\n" },
	{ "encoded if and only if it must be", "", ":subject \"=?utf-8?q?x?=\" \"x\"",
		"Subject: =?utf-8?q?x?=\n" },
	{ ":subject with a variable, section 4.2", "Subject: lunch?\n",
		":subject \"Automatic response to: ${1}\" \"x\"",
		"Subject: Automatic response to: lunch?\n" },
	{ "folded", "Subject: one two three four five six seven eight nine ten eleven twelve "
		"thirteen fourteen\n", "\"x\"",
		"Subject: Auto: one two three four five six seven eight nine ten eleven twelve\n"
		" thirteen fourteen\n" },
	{ "Date", "", "\"x\"", "Date: Thu, 1 Jan 2026 00:00:00 +0000\n" },
	{ "Message-ID", "", "\"x\"", ".mailrail@x.org>\n" },
	{ "thread", "Message-ID: <1@b.org>\n", "\"x\"",
		"In-Reply-To: <1@b.org>\nReferences: <1@b.org>\n" },
	{ "References", "Message-ID: <3@b>\nReferences: <1@b>\n\t<2@b>\n", "\"x\"",
		"In-Reply-To: <3@b>\nReferences: <1@b>\n <2@b>\n <3@b>\n" },
	{ "one In-Reply-To", "Message-ID: <3@b>\nIn-Reply-To: <2@b>\n", "\"x\"",
		"References: <2@b>\n <3@b>\n" },
	{ "several In-Reply-To", "Message-ID: <3@b>\nIn-Reply-To: <2@b> <1@b>\n", "\"x\"",
		"References: <3@b>\n" },
	{ "Auto-Submitted", "", "\"x\"", "\nAuto-Submitted: auto-replied (vacation)\n" },
	{ "text", "", "\"one\r\ntwo\"", "\nMIME-Version: 1.0\nContent-Type: text/plain; "
		"charset=utf-8\nContent-Transfer-Encoding: 7bit\n\none\ntwo\n" },
	{ "text in UTF-8", "", "\"Gr\xc3\xbc\xc3\x9f" "e \"",
		"Content-Transfer-Encoding: quoted-printable\n\nGr=C3=BC=C3=9Fe=20\n" },
	{ ":mime", "", ":mime \"mime-version: 9\n\t(x)\nContent-Type: text/html;\n\tcharset=x\n\n"
		"<p>\n\"", "\nMIME-Version: 1.0\nContent-Type: text/html;\n\tcharset=x\n\n<p>\n" },
	{ ":mime in 8 bits", "", ":mime \"Content-Type: text/plain; charset=utf-8\n\n\xc3\xbc\"",
		"charset=utf-8\nContent-Transfer-Encoding: 8bit\n\n\xc3\xbc\n" },
	{ ":mime in 8 bits that says so", "", ":mime \"Content-Type: text/plain\n"
		"content-transfer-encoding: 8BIT\n\n\xc3\xbc\"",
		"text/plain\ncontent-transfer-encoding: 8BIT\n\n\xc3\xbc\n" },
	{ ":mime without fields", "", ":mime \"\nx\"", "\nMIME-Version: 1.0\n\nx\n" },
	/* strangers */
	{ "line end in an encoded subject", "Subject: =?utf-8?q?x=0D=0ABcc:_v@v.org?=\n",
		":subject \"${1}\" \"x\"", "Subject: =?UTF-8?Q?x=EF=BF=BD=EF=BF=BDBcc=3A_v=40v=2Eorg?=\n" },
	{ "line end in :subject", "", ":subject \"x\nBcc: v@v.org${hex:0d 0a}Cc: w@v.org\" \"x\"",
		"Subject: x Bcc: v@v.org  Cc: w@v.org\n" },
	{ "NUL in :subject", "", ":subject \"x${hex:00}y\" \"x\"", "Subject: x y\n" },
	{ "NUL in the text", "", "\"x${hex:00}y\"", "x=EF=BF=BDy\n" },
	{ "no identity in a Message-ID of blanks", "Message-ID: <a b>\n", "\"x\"",
		".mailrail@x.org>\nAuto-Submitted:" },
	{ "line end in a Message-ID", "Message-ID: <a\n b> <c@d>\n", "\"x\"",
		"In-Reply-To: <c@d>\nReferences: <c@d>\nAuto-Submitted:" },
};

static void compose(const char *fields, const char *arguments, struct reply_got *got)
{
	AUTO_RULESET set = { 0 };
	AUTO_BUF script = { 0 };
	AUTO_BUF message = { 0 };

	buf_addf(&script, NEEDS "if header :matches \"subject\" \"*\" {} vacation %s;", arguments);
	buf_addf(&message, "To: Me <me@x.org>\n%s\nhello\n", fields);
	sieve_case_add(&set, "r.sieve", buf_slice(&script));
	if (set.scripts[0]->problems.count > 0)
		fail_msg("%s: %s", arguments, set.scripts[0]->problems.at[0].text);
	reply_case_run(&set, "a@b.org", "me@x.org", buf_slice(&message), got);
}

static void test_rows(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		AUTO_GOT got = { 0 };

		compose(rows[i].fields, rows[i].arguments, &got);
		if (!strstr(buf_text(&got.text), rows[i].has))
			fail_msg("%s: got <%s>%s, expected <%s>", rows[i].label,
				buf_text(&got.text), buf_text(&got.line), rows[i].has);
	}
}

/* A subject of every control byte and of length: the header holds our fields and no others. */
static void test_hostile_subject(void **state)
{
	static const char *const names[] = { "From", "To", "Subject", "Date", "Message-ID",
		"Auto-Submitted", "Precedence", "MIME-Version", "Content-Type",
		"Content-Transfer-Encoding" };
	AUTO_BUF fields = { 0 };
	AUTO_GOT got = { 0 };
	struct slice rest;
	struct field field;
	size_t count = 0;

	(void)state;
	buf_add_text(&fields, "Subject: ");
	for (int i = 0; i < 20000; i++)
		buf_addf(&fields, "=?utf-8?q?=%02X_?=", (unsigned)i % 256);
	buf_add_byte(&fields, '\n');
	compose(fields.ptr, ":subject \"${1}\" \"x\"", &got);
	rest = buf_slice(&got.text);
	while (header_next(&rest, &field) == 1) {
		assert_true(count < sizeof(names) / sizeof(names[0]));
		assert_true(slice_is(field.name, names[count]));
		assert_true(field.raw.len < 4000);
		count++;
	}
	assert_int_equal(count, sizeof(names) / sizeof(names[0]));
}

/* RFC 2047 section 2, RFC 5322 section 2.1.1 */
static void test_line_lengths(void **state)
{
	AUTO_BUF fields = { 0 };
	AUTO_BUF reason = { 0 };
	AUTO_GOT got = { 0 };
	struct slice rest;
	struct slice line;

	(void)state;
	buf_add_text(&fields, "Subject: ");
	buf_add_byte(&reason, '"');
	for (int i = 0; i < 400; i++)
		buf_add_text(&fields, "\xe2\x82\xac");
	for (int i = 0; i < 3000; i++)
		buf_add_text(&reason, "\xe2\x82\xac");
	buf_add_text(&fields, "\nMessage-ID: <1@b.org>\n");
	buf_add_byte(&reason, '"');
	compose(fields.ptr, reason.ptr, &got);
	rest = buf_slice(&got.text);
	while (slice_line(&rest, &line))
		assert_true(line.len <= 76);
}

static void test_many_references(void **state)
{
	AUTO_BUF fields = { 0 };
	AUTO_GOT got = { 0 };

	(void)state;
	buf_add_text(&fields, "Message-ID: <last@b>\nReferences:");
	for (int i = 0; i < 5000; i++)
		buf_addf(&fields, " <%d@b>", i);
	buf_add_byte(&fields, '\n');
	compose(fields.ptr, "\"x\"", &got);
	assert_non_null(strstr(got.text.ptr, "References: <0@b>\n <4982@b>\n <4983@b>\n"));
	assert_non_null(strstr(got.text.ptr, "\n <4999@b>\n <last@b>\nAuto-Submitted"));
}

/* The same message and rule: the same identity; another message: another. */
static void test_identity(void **state)
{
	AUTO_GOT one = { 0 };
	AUTO_GOT again = { 0 };
	AUTO_GOT other = { 0 };

	(void)state;
	compose("Message-ID: <1@b>\n", "\"x\"", &one);
	compose("Message-ID: <1@b>\n", "\"x\"", &again);
	compose("Message-ID: <2@b>\n", "\"x\"", &other);
	assert_string_equal(one.text.ptr, again.text.ptr);
	assert_memory_not_equal(strstr(one.text.ptr, "Message-ID"),
		strstr(other.text.ptr, "Message-ID"), 40);
}

static void test_too_long(void **state)
{
	AUTO_BUF reason = { 0 };
	AUTO_GOT got = { 0 };

	(void)state;
	buf_add_byte(&reason, '"');
	for (int i = 0; i < 30000; i++)
		buf_add_text(&reason, "123456789\n");
	buf_add_byte(&reason, '"');
	compose("", reason.ptr, &got);
	assert_string_equal(got.line.ptr, "keep;!r.sieve:1: a reply of more than 256 KiB");
}

/* Every byte but CR comes back from quoted-printable. */
static void test_quoted(void **state)
{
	AUTO_BUF text = { 0 };
	AUTO_BUF quoted = { 0 };
	AUTO_BUF again = { 0 };
	struct transfer t = { .kind = TRANSFER_QUOTED };
	struct slice rest;
	struct slice line;

	(void)state;
	for (unsigned i = 0; i < 20000; i++)
		buf_add_byte(&text, (char)(i * i / 7 % 251));
	transfer_encode_quoted(buf_slice(&text), &quoted);
	rest = buf_slice(&quoted);
	while (slice_line(&rest, &line))
		assert_true(line.len <= 76);
	transfer_decode(&t, buf_slice(&quoted), &again);
	transfer_finish(&t, &again);
	assert_int_equal(again.len, text.len);
	assert_memory_equal(again.ptr, text.ptr, text.len);
}

int main(void)
{
	const struct CMUnitTest all[] = {
		cmocka_unit_test(test_rows),
		cmocka_unit_test(test_hostile_subject),
		cmocka_unit_test(test_line_lengths),
		cmocka_unit_test(test_many_references),
		cmocka_unit_test(test_identity),
		cmocka_unit_test(test_too_long),
		cmocka_unit_test(test_quoted),
	};

	setenv("TZ", "UTC", 1);

	return cmocka_run_group_tests(all, NULL, NULL);
}
