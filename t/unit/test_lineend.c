/*
 * Line ends, whole and cut at every byte.
 *
 * SPDX-License-Identifier: ISC
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "common/mail/lineend.h"

struct row {
	const char *label;
	struct slice in;
	struct slice lf;
	struct slice wire; /* with the end mark */
};

#define ROW(label, in, lf, wire) { label, SLICE(in), SLICE(lf), SLICE(wire) }

static const struct row rows[] = {
	ROW("empty", "", "", ".\r\n"),
	ROW("LF", "a\nb\n", "a\nb\n", "a\r\nb\r\n.\r\n"),
	ROW("CRLF", "a\r\nb\r\n", "a\nb\n", "a\r\nb\r\n.\r\n"),
	ROW("no last line end", "a\nb", "a\nb", "a\r\nb\r\n.\r\n"),
	ROW("lone CR", "a\rb\n", "a\rb\n", "a\r\nb\r\n.\r\n"),
	ROW("CR at the end", "a\r", "a\r", "a\r\n.\r\n"),
	ROW("CR CR LF", "a\r\r\nb", "a\r\nb", "a\r\n\r\nb\r\n.\r\n"),
	ROW("LF CR", "a\n\rb", "a\n\rb", "a\r\n\r\nb\r\n.\r\n"),
	ROW("empty lines", "\r\n\n\r\n", "\n\n\n", "\r\n\r\n\r\n.\r\n"),
	ROW("dot first", ".a\n..\n", ".a\n..\n", "..a\r\n...\r\n.\r\n"),
	ROW("dot behind a lone CR", "a\r.\r\nQUIT", "a\r.\nQUIT", "a\r\n..\r\nQUIT\r\n.\r\n"),
	ROW("dot behind a bare LF", "a\n.\nRSET\n", "a\n.\nRSET\n", "a\r\n..\r\nRSET\r\n.\r\n"),
	ROW("dot in the middle", "a.b\n", "a.b\n", "a.b\r\n.\r\n"),
	ROW("NUL and 8-bit", "\0\xff\r\n\0", "\0\xff\n\0", "\0\xff\r\n\0\r\n.\r\n"),
};

static void convert(struct slice in, size_t step, bool wire, struct buf *out)
{
	struct lineend state = { .line_start = true };

	while (in.len > 0) {
		struct slice part = slice_first(in, step);

		if (wire)
			lineend_to_wire(&state, part, out);
		else
			lineend_to_lf(&state, part, out);
		slice_skip(&in, part.len);
	}
	if (wire)
		lineend_wire_end(&state, out);
	else
		lineend_finish(&state, out);
}

static void check_rows(bool wire)
{
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct slice want = wire ? rows[i].wire : rows[i].lf;

		for (size_t step = 1; step <= rows[i].in.len + 1; step++) {
			AUTO_BUF out = { 0 };

			convert(rows[i].in, step, wire, &out);
			if (!slice_equal(buf_slice(&out), want))
				fail_msg("%s, cut at each %zu", rows[i].label, step);
		}
	}
}

static void to_lf(void **state)
{
	(void)state;
	check_rows(false);
}

static void to_wire(void **state)
{
	(void)state;
	check_rows(true);
}

static void end_starts_anew(void **state)
{
	struct lineend s = { .line_start = true };
	AUTO_BUF out = { 0 };

	(void)state;
	lineend_to_wire(&s, SLICE("a\r"), &out);
	lineend_wire_end(&s, &out);
	lineend_to_wire(&s, SLICE("\n."), &out);
	lineend_wire_end(&s, &out);
	assert_true(slice_is(buf_slice(&out), "a\r\n.\r\n\r\n..\r\n.\r\n"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(to_lf),
		cmocka_unit_test(to_wire),
		cmocka_unit_test(end_starts_anew),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
