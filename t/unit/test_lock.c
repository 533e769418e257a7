/*
 * Locks between processes.
 *
 * SPDX-License-Identifier: ISC
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>
#include <cmocka.h>

#include "common/base/io.h"
#include "common/base/lock.h"

/* A private directory, open; the caller removes what it puts there. */
static int scratch(char *path)
{
	memcpy(path, "/tmp/mailrail-unit-XXXXXX", 26);
	assert_non_null(mkdtemp(path));
	return open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
}

static void one_holder(void **state)
{
	char path[32];
	AUTO_FD dir = scratch(path);
	AUTO_FD first = -1;
	AUTO_FD second = -1;
	struct fault why = { 0 };
	struct stat st;

	(void)state;
	assert_int_equal(lock_try(dir, "l", &first, &why), 1);
	assert_int_equal(lock_try(dir, "l", &second, &why), 0);
	assert_int_equal(second, -1);
	assert_int_equal(fstatat(dir, "l", &st, 0), 0);
	assert_int_equal(st.st_mode & 0777, 0600);
	io_close_at(&first);
	assert_int_equal(lock_try(dir, "l", &second, &why), 1);
	/* Never unlinked: a new file would be another lock. */
	assert_int_equal(unlinkat(dir, "l", 0), 0);
	rmdir(path);
}

static void gone_with_its_process(void **state)
{
	char path[32];
	AUTO_FD dir = scratch(path);
	AUTO_FD fd = -1;
	struct fault why = { 0 };
	pid_t pid;
	int status;

	(void)state;
	pid = fork();
	if (pid == 0) {
		int held;

		_exit(lock_try(dir, "l", &held, &why) == 1 ? 0 : 1);
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_int_equal(status, 0);
	assert_int_equal(lock_try(dir, "l", &fd, &why), 1);
	assert_int_equal(fcntl(fd, F_GETFD) & FD_CLOEXEC, FD_CLOEXEC);
	unlinkat(dir, "l", 0);
	rmdir(path);
}

static void no_lock_through_a_link(void **state)
{
	char path[32];
	AUTO_FD dir = scratch(path);
	int fd = -1;
	struct fault why = { 0 };

	(void)state;
	assert_int_equal(symlinkat("elsewhere", dir, "l"), 0);
	assert_int_equal(lock_try(dir, "l", &fd, &why), -1);
	assert_int_equal(why.kind, FAULT_TEMP);
	assert_int_equal(faccessat(dir, "elsewhere", F_OK, 0), -1);
	unlinkat(dir, "l", 0);
	rmdir(path);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(one_holder),
		cmocka_unit_test(gone_with_its_process),
		cmocka_unit_test(no_lock_through_a_link),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
