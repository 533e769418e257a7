/*
 * Files that appear whole.
 *
 * SPDX-License-Identifier: ISC
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>
#include <cmocka.h>

#include "common/base/io.h"
#include "common/base/stage.h"

/* A private directory, open; the caller removes what it puts there. */
static int scratch(char *path)
{
	memcpy(path, "/tmp/mailrail-unit-XXXXXX", 26);
	assert_non_null(mkdtemp(path));
	return open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
}

static void must_hold(int dir, const char *name, struct slice want)
{
	AUTO_FD fd = openat(dir, name, O_RDONLY);
	AUTO_BUF got = { 0 };

	assert_true(fd >= 0);
	assert_int_equal(io_read_all(fd, 1 << 20, name, &got, NULL), 0);
	assert_true(slice_equal(buf_slice(&got), want));
}

static void whole_or_not_there(void **state)
{
	char path[32];
	AUTO_FD dir = scratch(path);
	AUTO_STAGE s = STAGE_NONE;
	AUTO_BUF big = { 0 };
	AUTO_BUF want = { 0 };
	struct fault why = { 0 };
	struct stat st;

	(void)state;
	for (int i = 0; i < 20000; i++)
		buf_addf(&big, "%d\n", i);
	assert_int_equal(stage_open(dir, "tmp", 0600, &s, &why), 0);
	assert_int_equal(stage_write(&s, "a\0", 2, &why), 0);
	assert_int_equal(stage_write(&s, big.ptr, big.len, &why), 0);
	assert_int_equal(stage_write(&s, "z", 1, &why), 0);
	assert_int_equal(stage_begin_sync(&s, &why), 0);
	assert_int_equal(stage_sync(&s, &st, &why), 0);
	assert_int_equal(st.st_size, big.len + 3);
	assert_int_equal(s.size, big.len + 3);
	assert_int_equal(st.st_mode & 0777, 0600);
	assert_int_equal(faccessat(dir, "new", F_OK, 0), -1);
	assert_int_equal(stage_place(&s, dir, "new", &why), 0);
	assert_null(s.name);
	assert_int_equal(s.fd, -1);
	assert_int_equal(faccessat(dir, "tmp", F_OK, 0), -1);
	buf_add(&want, "a\0", 2);
	buf_add_slice(&want, buf_slice(&big));
	buf_add_byte(&want, 'z');
	must_hold(dir, "new", buf_slice(&want));
	unlinkat(dir, "new", 0);
	rmdir(path);
}

static void place_writes_what_is_gathered(void **state)
{
	char path[32];
	AUTO_FD dir = scratch(path);
	AUTO_STAGE s = STAGE_NONE;
	struct fault why = { 0 };

	(void)state;
	assert_int_equal(stage_open(dir, "tmp", 0600, &s, &why), 0);
	assert_int_equal(stage_write(&s, "abc", 3, &why), 0);
	assert_int_equal(stage_place(&s, dir, "new", &why), 0);
	must_hold(dir, "new", SLICE("abc"));
	unlinkat(dir, "new", 0);
	rmdir(path);
}

static void never_over_a_file(void **state)
{
	char path[32];
	AUTO_FD dir = scratch(path);
	AUTO_STAGE one = STAGE_NONE;
	AUTO_STAGE two = STAGE_NONE;
	struct fault why = { 0 };

	(void)state;
	assert_int_equal(stage_open(dir, "1", 0600, &one, &why), 0);
	assert_int_equal(stage_open(dir, "1", 0600, &two, &why), -1);
	assert_int_equal(why.kind, FAULT_TEMP);
	assert_string_equal(why.text, "create 1: File exists");
	assert_null(two.name);
	assert_int_equal(stage_open(dir, "2", 0600, &two, &why), 0);
	assert_int_equal(stage_write(&two, "two", 3, &why), 0);
	assert_int_equal(stage_place(&one, dir, "new", &why), 0);
	assert_int_equal(stage_place(&two, dir, "new", &why), -1);
	assert_int_equal(errno, EEXIST);
	must_hold(dir, "new", SLICE(""));
	/* Another name may be tried, with nothing lost. */
	assert_int_equal(stage_place(&two, dir, "other", &why), 0);
	must_hold(dir, "other", SLICE("two"));
	assert_int_equal(stage_rename(dir, "none", dir, "x", &why), -1);
	assert_int_equal(errno, ENOENT);
	unlinkat(dir, "new", 0);
	unlinkat(dir, "other", 0);
	rmdir(path);
}

static void drop_and_leave(void **state)
{
	char path[32];
	AUTO_FD dir = scratch(path);
	struct stage s = STAGE_NONE;
	struct fault why = { 0 };

	(void)state;
	stage_drop(&s);
	assert_int_equal(stage_open(dir, "a", 0600, &s, &why), 0);
	stage_drop(&s);
	assert_int_equal(faccessat(dir, "a", F_OK, 0), -1);
	assert_int_equal(stage_open(dir, "b", 0600, &s, &why), 0);
	stage_leave(&s);
	stage_drop(&s);
	assert_int_equal(unlinkat(dir, "b", 0), 0);
	rmdir(path);
}

static void random_names(void **state)
{
	AUTO_BUF one = { 0 };
	AUTO_BUF two = { 0 };

	(void)state;
	stage_random_name(&one, 200);
	stage_random_name(&two, 200);
	assert_int_equal(one.len, 200);
	assert_int_equal(strspn(one.ptr, "0123456789abcdefghijklmnopqrstuvwxyz"), 200);
	assert_string_not_equal(one.ptr, two.ptr);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(whole_or_not_there),
		cmocka_unit_test(place_writes_what_is_gathered),
		cmocka_unit_test(never_over_a_file),
		cmocka_unit_test(drop_and_leave),
		cmocka_unit_test(random_names),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
