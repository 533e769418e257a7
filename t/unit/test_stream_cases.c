/*
 * common/mail/stream: what is right and what is malformed, case by case, and the limits.
 *
 * SPDX-License-Identifier: ISC
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "t/unit/stream_events.h"

#define HEAD "%mailrail-stream 1\n\n"
#define ONE "message\nid: a\n\nbytes 3\nabc\nend ok 3\n"
#define V(k) "message\nid: a\nvariant: " k "\n\nend ok 0\n"

/* `tells` must occur in the events, or in the fault when the stream is malformed. */
static const struct {
	const char *label;
	int result;
	const char *stream;
	const char *tells;
} rows[] = {
	{ "nothing to do", 0, HEAD "done 0\n", "done 0" },
	{ "one message", 0, HEAD ONE "done 1\n", "bytes abc\nend 3\ndone 1" },
	{ "no bytes at all", 0, HEAD "message\n\nend ok 0\ndone 1\n", "end 0" },
	{ "abort", 0, HEAD "abort login%0Arefused\n", "abort login\nrefused" },
	{ "abort without a reason", 0, HEAD "abort \n", "abort \n" },
	{ "cut messages count", 0, HEAD "message\n\nend abort x\ndone 1\n", "done 1" },
	{ "hex digits in lower case", 0, HEAD "message\nid: a%3ab\n\nend ok 0\ndone 1\n",
		"id: a:b" },
	{ "variants", 0, HEAD V("1/2") V("2/2") "done 1\n", "done 1" },
	{ "abort between variants cuts first", 0, HEAD V("1/2") "abort why\n",
		"cut why\nabort why\n" },
	{ "a cut ends all variants", 0,
		HEAD V("1/3") "message\nid: a\nvariant: 2/3\n\nend abort x\n" ONE "done 2\n",
		"done 2" },
	{ "receipts on stdout", 0, "%mailrail-stream 1\nreceipts: stdout\n\ndone 0\n",
		"receipts: stdout" },

	{ "the example of mailrail-stream(5)", 0,
		"%mailrail-stream 1\n"
		"program: mr-fetch 0.1.0\n"
		"receipts: unix /run/user/1000/mailrail/receipts-5hmc0k1vtw2e3x9a "
		"jq8w3k0z5n7v1c9x2b4m6a8s0d3f5g7h\n"
		"\n"
		"message\n"
		"id: imap://alice@imap.example.org/INBOX;UIDVALIDITY=7;UID=42\n"
		"account: work\n"
		"folder: INBOX\n"
		"received: 2026-02-01T10:00:00Z\n"
		"flags: \\Seen\n"
		"actions: 2\n"
		"action: 20-lists.sieve:14 fileinto :flags \"\\\\Seen\" \"lists/c\";\n"
		"action: 30-copy.sieve:3 redirect \"alice@example.net\";\n"
		"\n"
		"bytes 44\n"
		"Subject: hello\nList-Id: <c.example.org>\n\nhi\n"
		"\n"
		"end ok 44\n"
		"flush\n"
		"done 1\n",
		"flush\ndone 1\n" },

	{ "no magic", -1, "From: a\n", "does not begin" },
	{ "another version", -1, "%mailrail-stream 2\n\ndone 0\n", "version" },
	{ "endless first line", -1,
		"%mailrail-stream 11111111111111111111111111111111111111111111111111111111",
		"longer" },
	{ "done counts wrong", -1, HEAD ONE "done 2\n", "1 messages came" },
	{ "end counts wrong", -1, HEAD "message\n\nbytes 1\na\nend ok 2\n", "1 bytes came" },
	{ "chunk longer than said", -1, HEAD "message\n\nbytes 1\nab\nend ok 2\n", "chunk" },
	{ "chunk of nothing", -1, HEAD "message\n\nbytes 0\n\n", "length" },
	{ "chunk over the limit", -1, HEAD "message\n\nbytes 1048577\n", "length" },
	{ "chunk that overflows", -1, HEAD "message\n\nbytes 18446744073709551617\n", "length" },
	{ "negative chunk", -1, HEAD "message\n\nbytes -1\n", "length" },
	{ "bytes without a message", -1, HEAD "bytes 1\na\n", "unknown line" },
	{ "a field where bytes must be", -1, HEAD "message\n\nid: a\n", "neither" },
	{ "flush in a message", -1, HEAD "message\n\nflush\n", "neither" },
	{ "something behind the end", -1, HEAD "done 0\n\n", "follows" },
	{ "a second stream", -1, HEAD "done 0\n" HEAD "done 0\n", "follows" },
	{ "no actions", -1, HEAD "message\nactions: 0\n\n", "empty list" },
	{ "fewer actions", -1, HEAD "message\nactions: 2\naction: r keep;\n\n", "fewer" },
	{ "more actions", -1, HEAD "message\nactions: 1\naction: r a;\naction: r b;\n\n",
		"one more" },
	{ "actions not announced", -1, HEAD "message\naction: r keep;\n\n", "before" },
	{ "actions announced twice", -1, HEAD "message\nactions: 1\nactions: 1\n", "twice" },
	{ "action without a command", -1, HEAD "message\nactions: 1\naction: r\n", "RULE" },
	{ "a field twice", -1, HEAD "message\nid: a\nid: a\n\n", "twice" },
	{ "half an encoding", -1, HEAD "message\nid: a%2\n\n", "encoded" },
	{ "no hex digits", -1, HEAD "message\nid: a%zz\n\n", "encoded" },
	{ "NUL in a value", -1, HEAD "message\nid: a%00\n\n", "encoded" },
	{ "control byte in a value", -1, HEAD "message\nid: a\tb\n\n", "encoded" },
	{ "CR at the end", -1, HEAD "message\nid: a\r\n\n", "encoded" },
	{ "bad encoding in an unknown field", -1, HEAD "message\nnew: %\n\n", "encoded" },
	{ "no blank behind the colon", -1, HEAD "message\nid:a\n\n", "NAME: VALUE" },
	{ "no colon", -1, HEAD "message\nid\n\n", "NAME: VALUE" },
	{ "no name", -1, HEAD "message\n: a\n\n", "name" },
	{ "capital name", -1, HEAD "message\nId: a\n\n", "name" },
	{ "empty id", -1, HEAD "message\nid: \n\n", "empty" },
	{ "variant of one", -1, HEAD V("1/1"), "range" },
	{ "variant 0", -1, HEAD V("0/2"), "range" },
	{ "variant over the last", -1, HEAD V("3/2"), "range" },
	{ "variant without a slash", -1, HEAD V("2"), "K/N" },
	{ "second variant first", -1, HEAD V("2/2"), "first" },
	{ "variant missing", -1, HEAD V("1/3") V("3/3"), "2/3" },
	{ "variants of other count", -1, HEAD V("1/3") V("2/2"), "2/3" },
	{ "variants of two ids", -1, HEAD V("1/2") "message\nid: b\nvariant: 2/2\n\n", "two ids" },
	{ "a message between variants", -1, HEAD V("1/2") ONE, "2/2" },
	{ "flush between variants", -1, HEAD V("1/2") "flush\n", "2/2" },
	{ "done between variants", -1, HEAD V("1/2") "done 1\n", "2/2" },
	{ "receipts an unknown way", -1, "%mailrail-stream 1\nreceipts: tcp h 1\n\n", "way" },
	{ "socket without a nonce", -1, "%mailrail-stream 1\nreceipts: unix /a\n\n", "nonce" },
	{ "nonce with a line in it", -1,
		"%mailrail-stream 1\nreceipts: unix /a 0123456789abcdef%0AQUIT\n\n", "nonce" },
	{ "socket at a relative path", -1,
		"%mailrail-stream 1\nreceipts: unix a 0123456789abcdef\n\n", "absolute" },
};

static void test_rows(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		for (size_t piece = 1; piece < 9; piece += 7) {
			AUTO_BUF events = { 0 };
			struct fault why = { 0 };
			int result = parse(slice_text(rows[i].stream), piece, &events, NULL, &why);
			const char *told = result < 0 ? why.text : buf_text(&events);

			if (result != rows[i].result || !strstr(told, rows[i].tells))
				fail_msg("%s: %d, %s", rows[i].label, result, told);
			if (result < 0 && why.kind != FAULT_TEMP)
				fail_msg("%s: kind %d", rows[i].label, (int)why.kind);
		}
	}
}

static void add_many(struct buf *out, char byte, size_t count)
{
	buf_reserve(out, count);
	for (size_t i = 0; i < count; i++)
		buf_add_byte(out, byte);
}

static void test_limits(void **state)
{
	AUTO_BUF events = { 0 };
	AUTO_BUF line = { 0 };
	AUTO_BUF block = { 0 };
	struct fault why;

	(void)state;
	buf_add_text(&line, HEAD "message\nnew: ");
	add_many(&line, 'x', STREAM_LINE_MAX - strlen("new: "));
	assert_int_equal(parse(buf_slice(&line), 65536, &events, NULL, &why), 0);
	buf_add_byte(&line, 'x');
	assert_int_equal(parse(buf_slice(&line), 65536, &events, NULL, &why), -1);
	assert_int_equal(parse(buf_slice(&line), SIZE_MAX, &events, NULL, &why), -1);

	buf_add_text(&block, HEAD "message\n");
	for (size_t i = 0; i < STREAM_BLOCK_MAX / 1024 + 1; i++) {
		buf_add_text(&block, "rcpt-to: ");
		add_many(&block, 'x', 1024);
		buf_add_byte(&block, '\n');
	}
	assert_int_equal(parse(buf_slice(&block), 65536, &events, NULL, &why), -1);
	assert_non_null(strstr(why.text, "block"));

	buf_clear(&line);
	buf_add_text(&line, HEAD "message\nid: ");
	add_many(&line, 'x', STREAM_ID_MAX + 1);
	buf_add_byte(&line, '\n');
	assert_int_equal(parse(buf_slice(&line), 65536, &events, NULL, &why), -1);
}

static void test_big_chunk(void **state)
{
	AUTO_BUF message = { 0 };
	AUTO_BUF stream = { 0 };
	AUTO_BUF events = { 0 };
	struct fault why;

	(void)state;
	add_many(&message, 'x', STREAM_CHUNK_MAX + 1);
	buf_add_text(&stream, HEAD "message\n\n");
	stream_put_bytes(&stream, buf_slice(&message));
	stream_put_end(&stream, message.len);
	stream_put_done(&stream, 1);
	assert_non_null(strstr(buf_text(&stream), "\nbytes 1\nx\nend ok 1048577\n"));
	assert_int_equal(parse(buf_slice(&stream), 65536, &events, NULL, &why), 0);
	assert_non_null(strstr(buf_text(&events), "\nend 1048577\ndone 1\n"));
}

static void test_broken_stays_broken(void **state)
{
	struct stream_parser *p = stream_parser_new();
	struct slice bad = SLICE("From: a\n");
	struct slice good = SLICE(HEAD "done 0\n");
	struct stream_event event;
	struct fault why;

	(void)state;
	assert_int_equal(stream_next(p, &bad, &event, &why), -1);
	assert_int_equal(stream_next(p, &good, &event, &why), -1);
	stream_parser_free(p);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_rows),
		cmocka_unit_test(test_limits),
		cmocka_unit_test(test_big_chunk),
		cmocka_unit_test(test_broken_stays_broken),
	};

	return cmocka_run_group_tests_name("stream_cases", tests, NULL, NULL);
}
