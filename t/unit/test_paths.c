/*
 * Where things lie.
 *
 * SPDX-License-Identifier: ISC
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdlib.h>
#include <unistd.h>
#include <cmocka.h>

#include "common/base/buf.h"
#include "common/base/io.h"
#include "common/base/paths.h"

/* A private directory, open; the caller removes what it puts there. */
static int scratch(char *path)
{
	memcpy(path, "/tmp/mailrail-unit-XXXXXX", 26);
	assert_non_null(mkdtemp(path));
	return open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
}

static void must_be(char *owned, const char *want)
{
	assert_non_null(owned);
	assert_string_equal(owned, want);
	free(owned);
}

static void xdg(void **state)
{
	struct fault why;

	(void)state;
	setenv("HOME", "/home/x", 1);
	unsetenv("XDG_CONFIG_HOME");
	unsetenv("XDG_STATE_HOME");
	unsetenv("XDG_RUNTIME_DIR");
	must_be(paths_home(), "/home/x");
	must_be(paths_config(&why), "/home/x/.config/mailrail");
	must_be(paths_state(&why), "/home/x/.local/state/mailrail");
	must_be(paths_locks(&why), "/home/x/.local/state/mailrail/run");
	must_be(paths_runtime(&why), "/home/x/.local/state/mailrail/run");
	setenv("XDG_CONFIG_HOME", "/c", 1);
	setenv("XDG_STATE_HOME", "relative", 1);
	must_be(paths_config(&why), "/c/mailrail");
	must_be(paths_state(&why), "/home/x/.local/state/mailrail");
}

static void runtime_only_when_ours(void **state)
{
	char path[32];
	AUTO_FD dir = scratch(path);
	AUTO_FREE char *want = paths_join(path, "mailrail");
	struct fault why;

	(void)state;
	assert_true(dir >= 0);
	setenv("HOME", "/home/x", 1);
	unsetenv("XDG_STATE_HOME");
	setenv("XDG_RUNTIME_DIR", path, 1);
	must_be(paths_runtime(&why), want);
	/* Locks never move there. */
	must_be(paths_locks(&why), "/home/x/.local/state/mailrail/run");
	if (geteuid() == 0 && chown(path, 12345, 12345) == 0)
		must_be(paths_runtime(&why), "/home/x/.local/state/mailrail/run");
	setenv("XDG_RUNTIME_DIR", "/nowhere", 1);
	must_be(paths_runtime(&why), "/home/x/.local/state/mailrail/run");
	rmdir(path);
}

static void expand(void **state)
{
	(void)state;
	setenv("HOME", "/home/x", 1);
	must_be(paths_expand("~"), "/home/x");
	must_be(paths_expand("~/Mail"), "/home/x/Mail");
	must_be(paths_expand("~joe/Mail"), "~joe/Mail");
	must_be(paths_expand("/a/~/b"), "/a/~/b");
	must_be(paths_expand(""), "");
}

static void make(void **state)
{
	char path[32];
	AUTO_FD dir = scratch(path);
	AUTO_FREE char *deep = paths_join(path, "a//b/c/");
	AUTO_FREE char *file = paths_join(path, "a/file");
	AUTO_FREE char *in_file = paths_join(path, "a/file/x");
	AUTO_FREE char *link = paths_join(path, "a/link");
	AUTO_FD opened = -1;
	AUTO_FD written = -1;
	struct fault why = { 0 };
	struct stat st;

	(void)state;
	assert_int_equal(paths_make(deep, 0750, &why), 0);
	assert_int_equal(fstatat(dir, "a", &st, 0), 0);
	assert_int_equal(st.st_mode & 0777, 0700);
	assert_int_equal(fstatat(dir, "a/b/c", &st, 0), 0);
	assert_int_equal(st.st_mode & 0777, 0750);
	assert_int_equal(paths_make(deep, 0700, &why), 0);
	opened = paths_open(deep, 0700, &why);
	assert_true(opened >= 0);
	written = openat(dir, "a/file", O_CREAT | O_WRONLY, 0600);
	assert_int_equal(paths_make(file, 0700, &why), -1);
	assert_int_equal(why.kind, FAULT_TEMP);
	assert_int_equal(paths_make(in_file, 0700, &why), -1);
	/* A link that leads nowhere exists, but is no directory. */
	assert_int_equal(symlinkat("nowhere", dir, "a/link"), 0);
	assert_int_equal(paths_make(link, 0700, &why), -1);
	assert_int_equal(paths_open(link, 0700, &why), -1);
	unlinkat(dir, "a/link", 0);
	unlinkat(dir, "a/file", 0);
	unlinkat(dir, "a/b/c", AT_REMOVEDIR);
	unlinkat(dir, "a/b", AT_REMOVEDIR);
	unlinkat(dir, "a", AT_REMOVEDIR);
	rmdir(path);
}

static void *ask_often(void *want)
{
	size_t wrong = 0;

	for (int i = 0; i < 3000; i++) {
		AUTO_FREE char *home = paths_home();

		wrong += !home || strcmp(home, want) != 0;
	}
	return (void *)wrong;
}

/* Accounts are opened side by side; systemd gives some services no HOME. */
static void home_in_threads(void **state)
{
	AUTO_FREE char *want = NULL;
	uid_t before = geteuid();
	pthread_t threads[4];
	void *wrong;

	(void)state;
	unsetenv("HOME");
	/* Not the first entry of the file. */
	if (before == 0)
		assert_int_equal(seteuid(65534), 0);
	want = paths_home();
	for (int i = 0; i < 4; i++)
		assert_int_equal(pthread_create(&threads[i], NULL, ask_often, want), 0);
	for (int i = 0; i < 4; i++) {
		assert_int_equal(pthread_join(threads[i], &wrong), 0);
		assert_null(wrong);
	}
	assert_int_equal(seteuid(before), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(xdg),
		cmocka_unit_test(runtime_only_when_ours),
		cmocka_unit_test(expand),
		cmocka_unit_test(make),
		cmocka_unit_test(home_in_threads),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
