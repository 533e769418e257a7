/*
 * common/mail/stream: what is taken, and that no cut of the input changes it.
 *
 * SPDX-License-Identifier: ISC
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "t/unit/stream_events.h"

static const char sample[] =
	"%mailrail-stream 1\n"
	"program: mr-fetch 0.1.0\n"
	"receipts: unix /run/a%20b/s 0123456789abcdef\n"
	"x-new: what%0Aever\n"
	"\n"
	"message\n"
	"id: imap://h/u;UID=1\n"
	"account: work\n"
	"folder: Listen%0A\n"
	"received: 2026-02-01T10:00:00Z\n"
	"flags: \\Seen $Label1\n"
	"mail-from: \n"
	"rcpt-to: a@example.org\n"
	"rcpt-to: b@example.org\n"
	"variant: 1/2\n"
	"after: imap://h/u;UID=0\n"
	"actions: 2\n"
	"action: 20-a%20b.sieve:14 fileinto :flags \"\\\\Seen\" \"lists/c\";\n"
	"action: implicit keep;\n"
	"x-other: 100%25\n"
	"\n"
	"bytes 7\n"
	"A: b\n\nc\n"
	"bytes 4\n"
	"end \n"
	"end ok 11\n"
	"message\n"
	"id: imap://h/u;UID=1\n"
	"variant: 2/2\n"
	"\n"
	"end ok 0\n"
	"flush\n"
	"message\n"
	"\n"
	"bytes 1\n"
	"x\n"
	"end abort the server%0Abroke off\n"
	"message\n"
	"\n"
	"end ok 0\n"
	"done 3\n";

static void test_any_cut_is_the_same(void **state)
{
	struct slice text = slice_text(sample);
	AUTO_BUF whole = { 0 };
	struct fault why;

	(void)state;
	assert_int_equal(parse(text, text.len, &whole, NULL, &why), 0);
	assert_non_null(strstr(buf_text(&whole), "cut the server\nbroke off\n"));
	assert_non_null(strstr(buf_text(&whole), "\ndone 3\n"));
	for (size_t piece = 1; piece < text.len; piece++) {
		AUTO_BUF cut = { 0 };

		assert_int_equal(parse(text, piece, &cut, NULL, &why), 0);
		assert_string_equal(buf_text(&cut), buf_text(&whole));
	}
}

/* What was cut off anywhere tells no END that had not come, and no DONE. */
static void test_truncation(void **state)
{
	struct slice text = slice_text(sample);
	AUTO_BUF whole = { 0 };
	struct fault why;

	(void)state;
	parse(text, text.len, &whole, NULL, &why);
	for (size_t len = 0; len < text.len; len++) {
		AUTO_BUF part = { 0 };
		struct slice head = slice_first(text, len);
		bool open;

		assert_int_equal(parse(head, len + 1, &part, &open, &why),
			slice_find(head, SLICE("\n\n")) < 0 ? -1 : 0);
		assert_null(strstr(buf_text(&part), "\ndone"));
		if (open)
			assert_non_null(strstr(buf_text(&part), "\ncut the stream ends"));
		if (slice_find(head, SLICE("\n\n")) >= 0)
			assert_non_null(strstr(buf_text(&part), "\nabort the stream ends"));
		/* An END stands only for an end line that lies in the part, its LF included. */
		if (strstr(buf_text(&part), "\nend 11\n"))
			assert_true(slice_find(head, SLICE("end ok 11\n")) >= 0);
		else
			assert_true(slice_find(head, SLICE("end ok 11\n")) < 0);
	}
}

static void test_written_again(void **state)
{
	struct slice text = slice_text(sample);
	struct stream_parser *p = stream_parser_new();
	AUTO_BUF again = { 0 };
	struct stream_event event;
	struct fault why;

	(void)state;
	do {
		assert_int_equal(stream_next(p, &text, &event, &why), 0);
		stream_put_event(&again, &event);
	} while (event.kind != STREAM_DONE);
	stream_parser_free(p);
	assert_string_equal(buf_text(&again), sample);
}

static void test_frame(void **state)
{
	struct slice text = slice_text(sample);
	struct stream_parser *p = stream_parser_new();
	struct stream_event event;
	struct fault why;
	AUTO_FRAME copy = { 0 };

	(void)state;
	assert_int_equal(stream_next(p, &text, &event, &why), 0);
	assert_int_equal(event.preamble->way, RECEIPTS_UNIX);
	assert_string_equal(buf_text(&event.preamble->path), "/run/a b/s");
	assert_string_equal(event.preamble->others.at[0], "x-new: what%0Aever");
	assert_int_equal(stream_next(p, &text, &event, &why), 0);
	frame_copy(&copy, event.frame);
	stream_parser_free(p);
	assert_string_equal(buf_text(&copy.id), "imap://h/u;UID=1");
	assert_string_equal(buf_text(&copy.folder), "Listen\n");
	assert_true(copy.mail_from_known);
	assert_int_equal(copy.mail_from.len, 0);
	assert_int_equal(copy.rcpt_to.count, 2);
	assert_int_equal(copy.variant, 1);
	assert_int_equal(copy.variants, 2);
	assert_true(copy.decided);
	assert_int_equal(copy.action_count, 2);
	assert_string_equal(copy.actions[0].rule, "20-a b.sieve:14");
	assert_string_equal(copy.actions[0].command, "fileinto :flags \"\\\\Seen\" \"lists/c\";");
	assert_string_equal(copy.others.at[0], "x-other: 100%25");
}

static void test_encoding(void **state)
{
	AUTO_BUF coded = { 0 };
	AUTO_BUF back = { 0 };
	char all[255];

	(void)state;
	for (int i = 1; i < 256; i++)
		all[i - 1] = (char)i;
	for (int word = 0; word < 2; word++) {
		buf_clear(&coded);
		buf_clear(&back);
		stream_encode(&coded, slice_of(all, sizeof(all)), word);
		assert_true(slice_find_byte(buf_slice(&coded), '\n') < 0);
		assert_int_equal(slice_find_byte(buf_slice(&coded), ' ') < 0, word);
		assert_true(stream_decode(&back, buf_slice(&coded)));
		assert_true(slice_equal(buf_slice(&back), slice_of(all, sizeof(all))));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_any_cut_is_the_same),
		cmocka_unit_test(test_truncation),
		cmocka_unit_test(test_written_again),
		cmocka_unit_test(test_frame),
		cmocka_unit_test(test_encoding),
	};

	return cmocka_run_group_tests_name("stream", tests, NULL, NULL);
}
