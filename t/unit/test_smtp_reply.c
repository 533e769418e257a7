/*
 * SMTP replies: what is one, what is none, and every way to cut it.
 *
 * SPDX-License-Identifier: ISC
 */
#include <setjmp.h>
#include <stdarg.h>
#include <cmocka.h>

#include "common/net/smtp_reply.h"

static const struct {
	const char *label;
	const char *bytes;
	int result;
	int code;
	const char *enhanced;
	const char *text;
} rows[] = {
	{ "one line", "250 ok\r\n", 1, 250, "", "ok" },
	{ "without text", "250\r\n", 1, 250, "", "" },
	{ "blank and no text", "250 \r\n", 1, 250, "", "" },
	{ "bare LF", "250 ok\n", 1, 250, "", "ok" },
	{ "several lines", "250-one\r\n250-SIZE 10\r\n250 three\r\n", 1, 250, "",
		"one\nSIZE 10\nthree" },
	{ "several lines, the last bare", "250-one\r\n250\r\n", 1, 250, "", "one\n" },
	{ "enhanced code", "550 5.1.1 no such user\r\n", 1, 550, "5.1.1", "5.1.1 no such user" },
	{ "enhanced code alone", "550 5.1.1\r\n", 1, 550, "5.1.1", "5.1.1" },
	{ "three digits each", "450 4.123.456 x\r\n", 1, 450, "4.123.456", "4.123.456 x" },
	{ "four digits are none", "450 4.1234.1 x\r\n", 1, 450, "", "4.1234.1 x" },
	{ "an enhanced code of another class", "550 4.1.1 x\r\n", 1, 550, "", "4.1.1 x" },
	{ "class 3 is none", "354 3.0.0 x\r\n", 1, 354, "", "3.0.0 x" },
	{ "a version is no enhanced code", "220 2.1.1beta\r\n", 1, 220, "", "2.1.1beta" },
	{ "second digit 9", "590 x\r\n", 1, 590, "", "x" },
	{ "not whole", "250 ok", 0, 0, NULL, NULL },
	{ "last line missing", "250-ok\r\n", 0, 250, NULL, NULL },
	{ "nothing", "", 0, 0, NULL, NULL },
	{ "empty line", "\r\n", -1, 0, NULL, NULL },
	{ "too short", "25\r\n", -1, 0, NULL, NULL },
	{ "a word", "OK fine\r\n", -1, 0, NULL, NULL },
	{ "POP3", "+OK\r\n", -1, 0, NULL, NULL },
	{ "one hundred", "150 x\r\n", -1, 0, NULL, NULL },
	{ "six hundred", "600 x\r\n", -1, 0, NULL, NULL },
	{ "four digits", "2500 x\r\n", -1, 0, NULL, NULL },
	{ "a letter behind the code", "250x\r\n", -1, 0, NULL, NULL },
	{ "tab behind the code", "250\tx\r\n", -1, 0, NULL, NULL },
	{ "codes mixed", "250-one\r\n550 two\r\n", -1, 0, NULL, NULL },
	{ "codes mixed within the class", "250-one\r\n251 two\r\n", -1, 0, NULL, NULL },
	{ "a stranger among the lines", "250-one\r\ntwo\r\n", -1, 0, NULL, NULL },
};

static void reads(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		AUTO_SMTP_REPLY r = { 0 };
		struct slice in = slice_text(rows[i].bytes);
		struct fault why;
		int got = smtp_reply_read(&in, &r, &why);

		if (got != rows[i].result)
			print_message("# %s\n", rows[i].label);
		assert_int_equal(got, rows[i].result);
		if (got < 0)
			assert_int_equal(why.kind, FAULT_PROTOCOL);
		if (got != 1)
			continue;
		assert_int_equal(in.len, 0);
		assert_int_equal(r.code, rows[i].code);
		assert_string_equal(r.enhanced, rows[i].enhanced);
		assert_string_equal(buf_text(&r.text), rows[i].text);
	}
}

/* Byte by byte, as a wire may bring it: whole lines are taken, the rest stays. */
static void reads_in_pieces(void **state)
{
	static const char bytes[] = "250-a\r\n250-b\r\n250 c\r\n421 bye\r\n";
	AUTO_SMTP_REPLY r = { 0 };
	struct slice in = { bytes, 0 };
	int replies = 0;

	(void)state;
	for (size_t i = 0; i < sizeof(bytes) - 1; i++) {
		in.len++;
		if (smtp_reply_read(&in, &r, NULL) == 1) {
			assert_int_equal(r.code, replies == 0 ? 250 : 421);
			assert_string_equal(buf_text(&r.text), replies == 0 ? "a\nb\nc" : "bye");
			assert_int_equal(in.len, 0);
			replies++;
		}
	}
	assert_int_equal(replies, 2);
}

static void two_at_once(void **state)
{
	AUTO_SMTP_REPLY r = { 0 };
	struct slice in = slice_text("250 one\r\n550 5.0.0 two\r\n25");

	(void)state;
	assert_int_equal(smtp_reply_read(&in, &r, NULL), 1);
	assert_int_equal(r.code, 250);
	assert_int_equal(smtp_reply_read(&in, &r, NULL), 1);
	assert_string_equal(r.enhanced, "5.0.0");
	assert_int_equal(smtp_reply_read(&in, &r, NULL), 0);
	assert_int_equal(in.len, 2);
}

static void limits(void **state)
{
	AUTO_SMTP_REPLY r = { 0 };
	AUTO_BUF bytes = { 0 };
	struct slice in;
	int got = 0;

	(void)state;
	for (int i = 0; i < SMTP_REPLY_LINE + 1; i++)
		buf_add_byte(&bytes, '2');
	in = buf_slice(&bytes);
	assert_int_equal(smtp_reply_read(&in, &r, NULL), -1);
	smtp_reply_free(&r);
	for (int i = 0; i < SMTP_REPLY_TOTAL && got == 0; i++) {
		in = slice_text("250-x\r\n");
		got = smtp_reply_read(&in, &r, NULL);
	}
	assert_int_equal(got, -1);
	assert_true(r.text.len <= SMTP_REPLY_TOTAL);
}

static void shows(void **state)
{
	AUTO_SMTP_REPLY r = { 0 };
	AUTO_BUF out = { 0 };
	struct slice in = slice_of("550-5.1.1 no\33[2J\0such\r\n550 user  \r\n", 37);

	(void)state;
	assert_int_equal(smtp_reply_read(&in, &r, NULL), 1);
	smtp_reply_show(&r, 500, &out);
	assert_string_equal(buf_text(&out), "550 5.1.1 no\\x1b[2J\\x00such user");
	buf_clear(&out);
	smtp_reply_show(&r, 12, &out);
	assert_true(out.len <= 20);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(reads),
		cmocka_unit_test(reads_in_pieces),
		cmocka_unit_test(two_at_once),
		cmocka_unit_test(limits),
		cmocka_unit_test(shows),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
