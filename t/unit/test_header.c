/*
 * The header field by field; the rows named in common/mail/LENIENT.md pin its leniencies.
 *
 * SPDX-License-Identifier: ISC
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "common/base/clock.h"
#include "common/mail/header.h"

/* What comes out is written as "name=body|" for each field, body unfolded. */
struct row {
	const char *label;
	struct slice in;
	struct slice want;
	ptrdiff_t length; /* of the header */
};

#define ROW(label, in, want, length) { label, SLICE(in), SLICE(want), length }

static const struct row rows[] = {
	ROW("LF", "To: a\nCc: b\n\nbody: x\n", "To=a|Cc=b|", 13),
	ROW("CRLF", "To: a\r\nCc: b\r\n\r\nbody: x\r\n", "To=a|Cc=b|", 16),
	ROW("folded", "To: a,\n\tb,\r\n  c\n\n", "To=a,\tb,  c|", 17),
	ROW("empty value", "To:\nCc: \n\n", "To=|Cc=|", 10),
	ROW("colon in value", "Subject:a:b\n\n", "Subject=a:b|", 13),
	ROW("only the empty line", "\nbody\n", "", 1),
	ROW("nothing", "", "", 0),
	ROW("no header at all", "hello\nTo: a\n\n", "To=a|", 0),
	ROW("a blank begins the message", " To: a\n\n", "", 0),
	/* LENIENT.md from here on */
	ROW("space before colon", "To : a\nCc\t:b\n\n", "To=a|Cc=b|", 14),
	ROW("From_ line first", "From a@b Mon Feb  2 09:00:00 2026\nTo: a\n\n", "To=a|", 41),
	ROW("quoted From_ line first", ">From a Mon\nFrom b Mon\nTo: a\n\n", "To=a|", 30),
	ROW("From_ line alone", "From a\nhello\n", "", 0),
	ROW("From is a field too", "From : a\n\n", "From=a|", 10),
	ROW("line without colon in the middle", "To: a\nwhat\nCc: b\n\n", "To=a|Cc=b|", 18),
	ROW("its continuation goes with it", "To: a\nwhat\n Cc: b\n\n", "To=a|", 19),
	ROW("no name before the colon", "To: a\n: b\nCc: c\n\n", "To=a|Cc=c|", 17),
	ROW("blank inside the name", "To: a\nX y: b\nCc: c\n\n", "To=a|Cc=c|", 20),
	ROW("8-bit", "S\xc3\xbc: \xff\xfe\n\n", "S\xc3\xbc=\xff\xfe|", 9),
	ROW("NUL in the value", "To: a\0b\n\n", "To=a\0b|", 9),
	ROW("NUL in the name", "To: a\nC\0c: b\n\n", "To=a|", 14),
	ROW("NUL first", "\0To: a\n\n", "", 0),
	ROW("lone CR", "To: a\rb\nCc: c\n\n", "To=a\rb|Cc=c|", 15),
	ROW("lone CR ends nothing", "To: a\r\rBcc: b\n\n", "To=a\r\rBcc: b|", 15),
	ROW("CR CR LF", "To: a\r\r\n b\r\r\n\r\r\nbody", "To=a b|", 16),
	ROW("line ends mixed", "To: a\r\nCc: b\n\r\n", "To=a|Cc=b|", 15),
	ROW("no empty line", "To: a\nCc: b\n", "To=a|Cc=b|", 12),
	ROW("no last line end", "To: a\nCc: b", "To=a|Cc=b|", 11),
	ROW("line of blanks is a continuation", "To: a\n \t\n b\n\n", "To=a \t b|", 13),
	ROW("two of one name", "To: a\nto: b\n\n", "To=a|to=b|", 13),
};

static void rows_read(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		AUTO_BUF got = { 0 };
		struct slice in = rows[i].in;
		struct field field;

		while (header_next(&in, &field) == 1) {
			buf_add_slice(&got, field.name);
			buf_add_byte(&got, '=');
			header_unfold(field.body, &got);
			buf_add_byte(&got, '|');
		}
		if (!slice_equal(buf_slice(&got), rows[i].want))
			fail_msg("%s: got %s", rows[i].label, buf_text(&got));
	}
}

static void rows_length(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct header_scan scan = { 0 };
		ptrdiff_t length = header_length(rows[i].in, true);
		ptrdiff_t grown = -1;

		if (length != rows[i].length)
			fail_msg("%s: %td", rows[i].label, length);
		/* The same when it comes byte by byte. */
		for (size_t len = 0; grown < 0 && len <= rows[i].in.len; len++) {
			bool ended = len == rows[i].in.len;

			grown = header_scan(&scan, slice_first(rows[i].in, len), ended);
		}
		if (grown != length)
			fail_msg("%s, byte by byte: %td", rows[i].label, grown);
	}
}

static void raw_joins_to_the_whole(void **state)
{
	struct slice whole = SLICE("To : a,\r\n b\nCc:c\r\n\nbody");
	struct slice in = whole;
	struct field one, two;

	(void)state;
	assert_int_equal(header_next(&in, &one), 1);
	assert_int_equal(header_next(&in, &two), 1);
	assert_true(slice_is(one.raw, "To : a,\r\n b\n"));
	assert_true(slice_is(one.body, " a,\r\n b"));
	assert_true(slice_is(two.raw, "Cc:c\r\n"));
	assert_int_equal(header_next(&in, &one), 0);
	assert_true(slice_is(in, "body"));
}

static void find(void **state)
{
	struct slice header = SLICE("To: a\nsubject : x\nSubject: y\n\nCc: no\n");
	struct field field;

	(void)state;
	assert_true(header_find(header, "Subject", &field));
	assert_true(slice_is(field.body, " x"));
	assert_false(header_find(header, "Subj", &field));
	assert_false(header_find(header, "Cc", &field));
}

static void unfold_gives_no_line_end(void **state)
{
	AUTO_BUF got = { 0 };

	(void)state;
	header_unfold(SLICE(" a\nb\r\nc\n d\n\n"), &got);
	assert_true(slice_is(buf_slice(&got), "a b c d"));
}

static void growing_length_waits(void **state)
{
	(void)state;
	assert_int_equal(header_length(SLICE(""), false), -1);
	assert_int_equal(header_length(SLICE("hello"), false), -1);
	assert_int_equal(header_length(SLICE("hello\n"), false), 0);
	assert_int_equal(header_length(SLICE("To: a\n"), false), -1);
	assert_int_equal(header_length(SLICE("To: a\n\r"), false), -1);
	assert_int_equal(header_length(SLICE("To: a\n\r\n"), false), 8);
}

/* Twenty megabytes in one line, a hundred thousand fields, in slices of 1 KiB. */
static void hostile_sizes_take_linear_time(void **state)
{
	AUTO_BUF big = { 0 };
	struct header_scan scan = { 0 };
	struct slice in;
	struct field field;
	size_t count = 0;
	int64_t start = clock_tick();

	(void)state;
	buf_add_text(&big, "X: ");
	buf_reserve(&big, 20 << 20);
	memset(big.ptr + big.len, 'x', 20 << 20);
	big.len += 20 << 20;
	for (int i = 0; i < 100000; i++)
		buf_add_text(&big, "\nTo: a,\n b");
	for (size_t len = 0; len < big.len; len += 1024)
		assert_int_equal(header_scan(&scan, slice_of(big.ptr, len), false), -1);
	assert_int_equal(header_scan(&scan, buf_slice(&big), true), big.len);
	in = buf_slice(&big);
	while (header_next(&in, &field) == 1)
		count++;
	assert_int_equal(count, 100001);
	if (clock_tick() - start > 3000)
		fail_msg("took %lld ms", (long long)(clock_tick() - start));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(rows_read),
		cmocka_unit_test(rows_length),
		cmocka_unit_test(raw_joins_to_the_whole),
		cmocka_unit_test(find),
		cmocka_unit_test(unfold_gives_no_line_end),
		cmocka_unit_test(growing_length_waits),
		cmocka_unit_test(hostile_sizes_take_linear_time),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
