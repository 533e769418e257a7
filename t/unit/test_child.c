/*
 * Programs that we run.
 *
 * SPDX-License-Identifier: ISC
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <unistd.h>
#include <cmocka.h>

#include "common/base/child.h"
#include "common/base/clock.h"
#include "common/base/io.h"

#define SH(script) ((char *const[]){ (char *)"/bin/sh", (char *)"-c", (char *)script, NULL })

static int capture(char *const *argv, struct slice input, size_t limit, int64_t ms,
	struct buf *out, struct fault *why)
{
	return child_capture(argv, input, limit, clock_deadline(ms), out, why);
}

static void output_comes_back(void **state)
{
	AUTO_BUF out = { 0 };
	AUTO_BUF big = { 0 };
	struct fault why = { 0 };

	(void)state;
	assert_int_equal(capture(SH("cat; echo x"), SLICE("a\0b"), 100, 10000, &out, &why), 0);
	assert_true(slice_equal(buf_slice(&out), SLICE("a\0bx\n")));
	/* More than both pipes hold, in both directions at once. */
	for (int i = 0; i < 50000; i++)
		buf_addf(&big, "%d\n", i);
	buf_clear(&out);
	assert_int_equal(capture(SH("cat"), buf_slice(&big), 1 << 20, 20000, &out, &why), 0);
	assert_true(slice_equal(buf_slice(&out), buf_slice(&big)));
	/* One that does not read its input. */
	buf_clear(&out);
	assert_int_equal(capture(SH("exec <&-; echo y"), buf_slice(&big), 10, 10000, &out, &why), 0);
	assert_string_equal(buf_text(&out), "y\n");
}

/* Also what was opened without close-on-exec. */
static void nothing_is_inherited(void **state)
{
	AUTO_BUF out = { 0 };
	struct fault why = { 0 };
	int pair[2];

	(void)state;
	assert_int_equal(pipe(pair), 0);
	assert_int_equal(dup2(pair[0], 9), 9);
	assert_int_equal(capture(SH("for i in 3 4 5 6 7 8 9; do [ -e /proc/$$/fd/$i ] && "
		"echo $i; done; true"), SLICE(""), 100, 10000, &out, &why), 0);
	assert_string_equal(buf_text(&out), "");
	close(9);
	close(pair[0]);
	close(pair[1]);
}

static void faults(void **state)
{
	AUTO_BUF out = { 0 };
	struct fault why = { 0 };
	char *const none[] = { (char *)"/nowhere/program", NULL };
	int64_t start = clock_tick();

	(void)state;
	assert_int_equal(capture(SH("exit 3"), SLICE(""), 10, 10000, &out, &why), -1);
	assert_int_equal(why.kind, FAULT_TEMP);
	assert_string_equal(why.text, "/bin/sh: exit status 3");
	assert_int_equal(capture(SH("kill -9 $$"), SLICE(""), 10, 10000, &out, &why), -1);
	assert_string_equal(why.text, "/bin/sh: exit status 137");
	assert_int_equal(capture(SH("echo 12345678901"), SLICE(""), 10, 10000, &out, &why), -1);
	assert_string_equal(why.text, "/bin/sh: its output is longer than 10 bytes");
	assert_int_equal(capture(SH("exec sleep 60"), SLICE(""), 10, 200, &out, &why), -1);
	assert_string_equal(why.text, "/bin/sh: gave up waiting and ended it");
	assert_int_equal(capture(none, SLICE(""), 10, 10000, &out, &why), -1);
	assert_int_equal(why.kind, FAULT_CONFIG);
	assert_string_equal(why.text, "run /nowhere/program: No such file or directory");
	assert_true(clock_tick() - start < 30000);
}

static void descriptors(void **state)
{
	struct child c = CHILD_NONE;
	struct fault why = { 0 };
	AUTO_BUF out = { 0 };
	const struct child_plan plan = { .argv = SH("ls /proc/self/fd | wc -l; cat; echo e >&2"),
		.in = CHILD_NULL, .out = CHILD_PIPE, .err = CHILD_PIPE };
	int status = -1;

	(void)state;
	/* What whoever runs the test has left open is not ours. */
	assert_int_equal(close_range(3, ~0U, 0), 0);
	assert_int_equal(child_start(&plan, &c, &why), 0);
	assert_int_equal(c.in, -1);
	assert_int_equal(io_read_all(c.out, 100, "it", &out, &why), 0);
	assert_int_equal(io_read_all(c.err, 100, "it", &out, &why), 0);
	/* 0, 1, 2 and ls's own. */
	assert_string_equal(buf_text(&out), "4\ne\n");
	assert_int_equal(child_wait(&c, CLOCK_NEVER, &status, &why), 0);
	assert_int_equal(status, 0);
	assert_int_equal(c.pid, 0);
}

static void signals_are_as_at_login(void **state)
{
	AUTO_BUF out = { 0 };
	struct fault why = { 0 };

	(void)state;
	/* io_start has it ignored, and ignored signals are inherited. */
	assert_int_equal(capture(SH("kill -PIPE $$; echo alive"), SLICE(""), 10, 10000, &out, &why),
		-1);
	assert_string_equal(why.text, "/bin/sh: exit status 141");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(output_comes_back),
		cmocka_unit_test(nothing_is_inherited),
		cmocka_unit_test(faults),
		cmocka_unit_test(descriptors),
		cmocka_unit_test(signals_are_as_at_login),
	};

	io_start(); /* as every main does: a gone peer is an error of write */
	return cmocka_run_group_tests(tests, NULL, NULL);
}
