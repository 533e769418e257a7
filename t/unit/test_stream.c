/*
 * common/mail/stream: what is taken, what is malformed, and that no cut of the input
 * changes either.
 *
 * SPDX-License-Identifier: ISC
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "common/mail/stream.h"

/* Adds a line for each event of the stream, given in pieces: "frame ID", "bytes TEXT"... */
static void put_event(struct buf *out, const struct stream_event *event)
{
	static const char *const names[] = { "more", "preamble", "frame", "bytes", "end", "cut",
		"flush", "done", "abort" };
	static bool in_bytes;

	/* Bytes may come in more pieces than were put in: joined here. */
	if (event->kind == STREAM_BYTES) {
		buf_add_text(out, in_bytes ? "" : "bytes ");
		buf_add_slice(out, event->bytes);
		in_bytes = true;
		return;
	}
	if (in_bytes)
		buf_add_byte(out, '\n');
	in_bytes = false;
	buf_add_text(out, names[event->kind]);
	if (event->kind == STREAM_PREAMBLE)
		stream_put_preamble(out, event->preamble);
	if (event->kind == STREAM_FRAME)
		stream_put_frame(out, event->frame);
	if (event->kind == STREAM_END || event->kind == STREAM_DONE)
		buf_addf(out, " %d", (int)event->size);
	if (event->kind == STREAM_CUT || event->kind == STREAM_ABORT) {
		buf_add_byte(out, ' ');
		buf_add_slice(out, event->reason);
	}
	buf_add_byte(out, '\n');
}

/* Returns 0 or -1 as the parser does; *open: the input ended within a message. */
static int parse(struct slice text, size_t piece, struct buf *out, bool *open,
	struct fault *why)
{
	struct stream_parser *p = stream_parser_new();
	int result = 0;

	while (text.len > 0 && result == 0) {
		struct slice in = slice_first(text, piece);
		struct stream_event event = { .kind = STREAM_MORE };

		slice_skip(&text, in.len);
		do {
			result = stream_next(p, &in, &event, why);
			if (result == 0 && event.kind != STREAM_MORE)
				put_event(out, &event);
		} while (result == 0 && event.kind != STREAM_MORE);
	}
	if (open)
		*open = stream_in_message(p);
	if (result == 0 && open) {
		struct stream_event event;

		while ((result = stream_input_ended(p, &event, why)) > 0) {
			assert_true(event.torn);
			put_event(out, &event);
		}
	}
	stream_parser_free(p);
	return result;
}

#define HEAD "%mailrail-stream 1\n\n"
#define ONE "message\nid: a\n\nbytes 3\nabc\nend ok 3\n"

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
		cmocka_unit_test(test_rows),
		cmocka_unit_test(test_limits),
		cmocka_unit_test(test_big_chunk),
		cmocka_unit_test(test_broken_stays_broken),
		cmocka_unit_test(test_encoding),
	};

	return cmocka_run_group_tests_name("stream", tests, NULL, NULL);
}
