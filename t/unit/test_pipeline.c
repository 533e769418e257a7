/*
 * common/base/pipeline: what starts, what it says in the end, and that nothing stays.
 *
 * SPDX-License-Identifier: ISC
 */
#include <errno.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/wait.h>

#include <cmocka.h>

#include "common/base/clock.h"
#include "common/base/io.h"
#include "common/base/pipeline.h"

static void no_child_is_left(void)
{
	assert_int_equal(waitpid(-1, NULL, WNOHANG), -1);
	assert_int_equal(errno, ECHILD);
}

static void test_bytes_pass(void **state)
{
	AUTO_PIPELINE p = PIPELINE_NONE;
	AUTO_BUF out = { 0 };
	struct fault why = { 0 };
	int status = -1;

	(void)state;
	assert_int_equal(pipeline_start("cat | tr 'a' \"b\" | cat", &p, &why), 0);
	assert_int_equal(p.count, 3);
	assert_int_equal(io_write_all(p.in, "banana", 6, "it", &why), 0);
	io_close_at(&p.in);
	assert_int_equal(io_read_all(p.out, 100, "it", &out, &why), 0);
	assert_string_equal(buf_text(&out), "bbnbnb");
	assert_int_equal(pipeline_wait(&p, CLOCK_NEVER, &status, &why), 0);
	assert_int_equal(status, 0);
	no_child_is_left();
}

/* `result` and `tells` of pipeline_wait, and its status. */
static const struct {
	const char *text;
	int result;
	int status;
	const char *tells;
} ends[] = {
	{ "true", 0, 0, "" },
	{ "sh -c 'exit 75' | sh -c 'exit 78' | true", 0, 78, "" },
	{ "true | sh -c 'exit 69'", 0, 69, "" },
	{ "sh -c 'exit 1' | true", -1, 75, "sh ended with status 1" },
	{ "true | sh -c 'kill -9 $$'", -1, 75, "sh was ended by signal 9" },
	{ "sh -c 'kill -9 $$' | sh -c 'exit 78'", -1, 78, "signal 9" },
};

static void test_ends(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(ends) / sizeof(ends[0]); i++) {
		AUTO_PIPELINE p = PIPELINE_NONE;
		struct fault why = { 0 };
		int status = -1;

		assert_int_equal(pipeline_start(ends[i].text, &p, &why), 0);
		if (pipeline_wait(&p, CLOCK_NEVER, &status, &why) != ends[i].result ||
			status != ends[i].status || !strstr(why.text, ends[i].tells))
			fail_msg("%s: %d, %s", ends[i].text, status, why.text);
		no_child_is_left();
	}
}

static void test_starts(void **state)
{
	struct fault why = { 0 };
	AUTO_PIPELINE p = PIPELINE_NONE;
	int64_t before = clock_tick();

	(void)state;
	assert_int_equal(pipeline_start("sleep 30 | mr-that-is-nowhere", &p, &why), -1);
	assert_int_equal(why.kind, FAULT_CONFIG);
	assert_non_null(strstr(why.text, "mr-that-is-nowhere"));
	assert_true(clock_tick() - before < 5000);
	no_child_is_left();
	assert_int_equal(pipeline_start("cat | | cat", &p, &why), -1);
	assert_int_equal(why.kind, FAULT_USAGE);
	no_child_is_left();
}

static void test_deadline(void **state)
{
	AUTO_PIPELINE p = PIPELINE_NONE;
	struct fault why = { 0 };
	int status = -1;

	(void)state;
	assert_int_equal(pipeline_start("cat | sleep 30", &p, &why), 0);
	assert_int_equal(pipeline_wait(&p, clock_deadline(100), &status, &why), -1);
	assert_int_equal(status, 75);
	assert_non_null(strstr(why.text, "sleep"));
	no_child_is_left();
}

static const struct {
	const char *text;
	int kind;
} checks[] = {
	{ "cat | /bin/sh -c 'exit 1'", 0 },
	{ "cat | no-such-program-here", FAULT_CONFIG },
	{ "/no/such/program", FAULT_CONFIG },
	{ "cat | | cat", FAULT_USAGE },
};

static void test_check(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(checks) / sizeof(checks[0]); i++) {
		struct fault why = { 0 };
		int result = pipeline_check(checks[i].text, &why);

		if (result != (checks[i].kind ? -1 : 0) || (int)why.kind != checks[i].kind)
			fail_msg("%s: %d %s", checks[i].text, why.kind, why.text);
	}
	no_child_is_left();
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_bytes_pass),
		cmocka_unit_test(test_ends),
		cmocka_unit_test(test_check),
		cmocka_unit_test(test_starts),
		cmocka_unit_test(test_deadline),
	};

	signal(SIGPIPE, SIG_IGN);
	return cmocka_run_group_tests_name("pipeline", tests, NULL, NULL);
}
