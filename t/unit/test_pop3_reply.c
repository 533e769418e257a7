/*
 * POP3 answers: each row is read whole and in pieces of one to three bytes, and must say
 * the same.
 *
 * SPDX-License-Identifier: ISC
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "common/net/pop3_reply.h"

/* "+ [code] text|", "- [code] text|", "I text|", bytes as they are, "." the end, "!". */
struct row {
	const char *label;
	enum pop3_shape shape;
	struct slice in;
	struct slice want;
	size_t left; /* bytes behind the end of the answer */
};

#define ROW(label, shape, in, want, left) { label, POP3_##shape, SLICE(in), SLICE(want), left }

static const struct row rows[] = {
	ROW("ok", SINGLE, "+OK 3 messages\r\n", "+ [] 3 messages|", 0),
	ROW("ok alone", SINGLE, "+OK\r\nrest", "+ [] |", 4),
	ROW("err", SINGLE, "-ERR [IN-USE] busy\r\n", "- [IN-USE] busy|", 0),
	ROW("lower case", SINGLE, "+ok\r\n", "+ [] |", 0),
	ROW("bare LF", SINGLE, "+OK x\n", "+ [] x|", 0),
	ROW("OKAY", SINGLE, "+OKAY\r\n", "!", 0),
	ROW("a stray line", SINGLE, "hello\r\n", "!", 0),
	ROW("empty line", SINGLE, "\r\n", "!", 0),
	ROW("list", LIST, "+OK\r\n1 a\r\n2 b\r\n.\r\n+OK", "+ [] |I 1 a|I 2 b|.", 3),
	ROW("empty list", LIST, "+OK\r\n.\r\n", "+ [] |.", 0),
	ROW("refused list", LIST, "-ERR no\r\n1 a", "- [] no|", 3),
	ROW("stuffed line", LIST, "+OK\r\n..a\r\n.\r\n", "+ [] |I .a|.", 0),
	ROW("text", TEXT, "+OK\r\nTo: a\r\n\r\nb\r\n.\r\n-ERR", "+ [] |To: a\r\n\r\nb\r\n.", 4),
	ROW("refused text", TEXT, "-ERR gone\r\n", "- [] gone|", 0),
	ROW("empty text", TEXT, "+OK\r\n.\r\n", "+ [] |.", 0),
	ROW("stuffed", TEXT, "+OK\r\n..\r\n..a\r\n...\r\n.\r\n", "+ [] |.\r\n.a\r\n..\r\n.", 0),
	ROW("unstuffed dot is taken off", TEXT, "+OK\r\n.a\r\n.\r\n", "+ [] |a\r\n.", 0),
	ROW("dot behind bare LF is text", TEXT, "+OK\r\na\n.\nb\r\n.\r\n", "+ [] |a\n.\nb\r\n.", 0),
	ROW("dot behind bare LF, CRLF", TEXT, "+OK\r\na\n.\r\nb\r\n.\r\n",
		"+ [] |a\n.\r\nb\r\n.", 0),
	ROW("dot and CR, no LF", TEXT, "+OK\r\n.\ra\r\n.\r\n", "+ [] |\ra\r\n.", 0),
	ROW("dot, CR, CRLF", TEXT, "+OK\r\n.\r\r\n.\r\n", "+ [] |\r\r\n.", 0),
	ROW("CR CR LF", TEXT, "+OK\r\na\r\r\n.\r\n", "+ [] |a\r\r\n.", 0),
	ROW("NUL and 8-bit", TEXT, "+OK\r\n\0\xff\r\n.\r\n", "+ [] |\0\xff\r\n.", 0),
};

static void read_in_steps(const struct row *row, size_t step, struct buf *out, size_t *left)
{
	struct pop3_reply r = { 0 };
	struct slice in = row->in;
	struct pop3_event e;
	struct fault why = { 0 };
	bool over = false;

	pop3_expect(&r, row->shape);
	while (in.len && !over) {
		struct slice part = slice_first(in, step);
		struct slice rest = part;

		while (!over) {
			if (pop3_next(&r, &rest, &e, &why) < 0) {
				assert_int_equal(why.kind, FAULT_PROTOCOL);
				buf_add_byte(out, '!');
				over = true;
				break;
			}
			if (e.kind == POP3_MORE)
				break;
			if (e.kind == POP3_OK || e.kind == POP3_ERR)
				buf_addf(out, "%c [%.*s] %.*s|", e.kind == POP3_OK ? '+' : '-',
					SLICE_ARG(e.code), SLICE_ARG(e.text));
			if (e.kind == POP3_ITEM)
				buf_addf(out, "I %.*s|", SLICE_ARG(e.text));
			if (e.kind == POP3_BYTES)
				buf_add_slice(out, e.bytes);
			if (e.kind == POP3_END)
				buf_add_byte(out, '.');
			over = e.kind == POP3_END || e.kind == POP3_ERR ||
				(e.kind == POP3_OK && row->shape == POP3_SINGLE);
		}
		slice_skip(&in, part.len - rest.len);
	}
	*left = in.len;
	pop3_reply_free(&r);
}

static void test_rows(void **state)
{
	static const size_t steps[] = { SIZE_MAX, 1, 2, 3 };

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		for (size_t s = 0; s < 4; s++) {
			AUTO_BUF got = { 0 };
			size_t left;

			read_in_steps(&rows[i], steps[s], &got, &left);
			if (!slice_equal(buf_slice(&got), rows[i].want) || left != rows[i].left)
				fail_msg("%s (steps of %zu): got \"%s\" and %zu left, want \"%s\"",
					rows[i].label, steps[s], buf_text(&got), left,
					rows[i].want.ptr);
		}
	}
}

static void test_endless_line(void **state)
{
	AUTO_BUF in = { 0 };
	AUTO_BUF got = { 0 };
	struct row row = { "", POP3_LIST, { 0 }, { 0 }, 0 };
	size_t left;

	(void)state;
	buf_add_text(&in, "+OK\r\n");
	for (int i = 0; i < 10000; i++)
		buf_add_byte(&in, 'x');
	row.in = buf_slice(&in);
	read_in_steps(&row, 100, &got, &left);
	assert_string_equal(buf_text(&got), "+ [] |!");
}

static const struct {
	const char *label;
	struct slice line;
	bool taken;
	uint64_t number;
	const char *text;
} items[] = {
	{ "uidl", SLICE("1 QhdPYR:00WBw1Ph7x7"), true, 1, "QhdPYR:00WBw1Ph7x7" },
	{ "blanks", SLICE(" 12   abc  "), true, 12, "abc" },
	{ "further words", SLICE("2 200 more"), true, 2, "200" },
	{ "no token", SLICE("3"), false, 0, "" },
	{ "no token but a blank", SLICE("3 "), false, 0, "" },
	{ "zero", SLICE("0 a"), false, 0, "" },
	{ "no number", SLICE("x a"), false, 0, "" },
	{ "empty", SLICE(""), false, 0, "" },
};

static void test_items(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(items) / sizeof(items[0]); i++) {
		uint64_t number = 0;
		struct slice text = { "", 0 };

		if (pop3_item_read(items[i].line, &number, &text) != items[i].taken ||
			(items[i].taken && (number != items[i].number ||
					!slice_is(text, items[i].text))))
			fail_msg("%s", items[i].label);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_rows),
		cmocka_unit_test(test_endless_line),
		cmocka_unit_test(test_items),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
