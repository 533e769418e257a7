/*
 * Lines from a descriptor.
 *
 * SPDX-License-Identifier: ISC
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <fcntl.h>
#include <unistd.h>
#include <cmocka.h>

#include "common/base/io.h"
#include "common/base/line.h"

/* The lines of `bytes`, each followed by "|"; then the result that ended it. */
static int read_lines(struct slice bytes, size_t limit, struct buf *out, struct fault *why)
{
	int pair[2];
	struct line_reader in = { .name = "the pipe", .limit = limit };
	struct slice line;
	int got;

	assert_int_equal(pipe(pair), 0);
	assert_int_equal(io_write_all(pair[1], bytes.ptr, bytes.len, "pipe", why), 0);
	close(pair[1]);
	in.fd = pair[0];
	while ((got = line_read(&in, &line, why)) == 1) {
		buf_add_slice(out, line);
		buf_add_byte(out, '|');
	}
	line_reader_free(&in);
	close(pair[0]);
	return got;
}

static void lines(void **state)
{
	static const struct {
		const char *label;
		struct slice in;
		struct slice want;
		int result;
	} rows[] = {
		{ "nothing", SLICE(""), SLICE(""), 0 },
		{ "LF and CRLF", SLICE("a\nb\r\n"), SLICE("a|b|"), 0 },
		{ "empty lines", SLICE("\n\r\n\n"), SLICE("|||"), 0 },
		{ "no last LF", SLICE("a\nb"), SLICE("a|b|"), 0 },
		{ "NUL", SLICE("a\0b\n"), SLICE("a\0b|"), 0 },
		{ "lone CR", SLICE("a\rb\n"), SLICE("a\rb|"), 0 },
		{ "at the limit", SLICE("12345678\n12345678"), SLICE("12345678|12345678|"), 0 },
		{ "over the limit", SLICE("a\n123456789\n"), SLICE("a|"), -1 },
		{ "over it without LF", SLICE("a\n123456789"), SLICE("a|"), -1 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		AUTO_BUF got = { 0 };
		struct fault why = { 0 };

		if (read_lines(rows[i].in, 8, &got, &why) != rows[i].result ||
		    !slice_equal(buf_slice(&got), rows[i].want))
			fail_msg("%s: %s", rows[i].label, buf_text(&got));
		if (rows[i].result < 0) {
			assert_int_equal(why.kind, FAULT_DATA);
			assert_string_equal(why.text, "the pipe: a line is longer than 8 bytes");
		}
	}
}

static void many_long_lines(void **state)
{
	AUTO_BUF in = { 0 };
	AUTO_BUF got = { 0 };
	struct fault why;

	(void)state;
	/* 60,000 bytes fit a pipe; lines end on both sides of each block. */
	for (int i = 0; i < 60; i++)
		buf_addf(&in, "%0999d\n", i);
	assert_int_equal(read_lines(buf_slice(&in), 5000, &got, &why), 0);
	for (size_t i = 0; i < got.len; i++) {
		if (got.ptr[i] == '|')
			got.ptr[i] = '\n';
	}
	assert_true(slice_equal(buf_slice(&got), buf_slice(&in)));
}

static void nothing_now(void **state)
{
	int pair[2];
	struct line_reader in = { .name = "the pipe", .limit = 8 };
	struct slice line;
	struct fault why;

	(void)state;
	assert_int_equal(pipe(pair), 0);
	in.fd = pair[0];
	io_set_nonblocking(in.fd, true);
	assert_int_equal(line_read(&in, &line, &why), 2);
	assert_int_equal(write(pair[1], "ab", 2), 2);
	assert_int_equal(line_read(&in, &line, &why), 2);
	assert_int_equal(write(pair[1], "c\nd", 3), 3);
	assert_int_equal(line_read(&in, &line, &why), 1);
	assert_true(slice_is(line, "abc"));
	assert_int_equal(line_read(&in, &line, &why), 2);
	close(pair[1]);
	assert_int_equal(line_read(&in, &line, &why), 1);
	assert_true(slice_is(line, "d"));
	assert_int_equal(line_read(&in, &line, &why), 0);
	line_reader_free(&in);
	close(pair[0]);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(lines),
		cmocka_unit_test(many_long_lines),
		cmocka_unit_test(nothing_now),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
