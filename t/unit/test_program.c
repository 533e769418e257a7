/*
 * Programs of rules: which are run, what they get, and how they end.
 *
 * SPDX-License-Identifier: ISC
 */
#include <setjmp.h>
#include <stdarg.h>
#include <fcntl.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>
#include <cmocka.h>

#include "common/base/child.h"
#include "common/base/clock.h"
#include "common/base/io.h"
#include "common/base/program.h"
#include "common/base/program_find.h"

static char folder[] = "/tmp/mr-program.XXXXXX";

struct feed {
	struct slice input;
	struct buf out;
	bool refuse;
};

static int give(void *context, char *ptr, size_t len, size_t *got, struct fault *why)
{
	struct feed *f = context;
	size_t n = f->input.len < len ? f->input.len : len;

	(void)why;
	memcpy(ptr, f->input.ptr, n);
	slice_skip(&f->input, n);
	*got = n;
	return 0;
}

static int take(void *context, struct slice bytes, struct fault *why)
{
	struct feed *f = context;

	if (f->refuse)
		return fault_set(why, FAULT_TEMP, "no room");
	buf_add_slice(&f->out, bytes);
	return 0;
}

static void write_program(const char *name, const char *text, mode_t mode)
{
	AUTO_BUF path = { 0 };
	FILE *f;

	buf_addf(&path, "%s/%s", folder, name);
	unlink(path.ptr);
	f = fopen(path.ptr, "we");
	assert_non_null(f);
	fprintf(f, "#!/bin/sh\n%s\n", text);
	fclose(f);
	assert_int_equal(chmod(path.ptr, mode), 0);
}

static int run(const struct program_call *call, int64_t timeout, struct program_end *end,
	struct fault *why)
{
	const struct program_settings settings = { .folder = folder, .timeout = timeout,
		.cpu = 2000, .memory = 64 << 20, .file_size = 10000, .output = 100000 };

	return program_run(&settings, call, end, why);
}

/* Runs the text as a program; its stdout, status and fault. */
static int try_text(const char *text, struct slice input, struct buf *out, int *status,
	struct fault *why)
{
	struct feed feed = { .input = input };
	struct program_call call = { .name = "it", .give = give, .take = take, .context = &feed };
	AUTO_PROGRAM_END end = { 0 };
	int result;

	write_program("it", text, 0700);
	result = run(&call, 1000, &end, why);
	buf_swap(out, &feed.out);
	buf_free(&feed.out);
	*status = end.status;
	return result;
}

static void names(void **state)
{
	static const struct {
		const char *name;
		bool good;
	} rows[] = {
		{ "a", true }, { "grep-list", true }, { "with blank", true }, { "-x", true },
		{ "gr\xc3\xbc\xc3\x9f" "e", true }, { "a;reboot", true }, { "$(reboot)", true },
		{ "", false }, { ".", false }, { "..", false }, { ".hidden", false },
		{ "a/b", false }, { "../a", false }, { "/bin/sh", false }, { "a\nb", false },
		{ "a\x7f", false }, { "\xc2\x85", false }, { "\xe2\x80\xa8", false },
		{ "\xe2\x80\xa9", false }, { "\xff", false },
	};
	AUTO_BUF longest = { 0 };
	struct fault why;

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		if ((program_check_name(slice_text(rows[i].name), &why) == 0) != rows[i].good)
			fail_msg("name \"%s\"", rows[i].name);
	}
	while (longest.len < PROGRAM_NAME_MAX)
		buf_add_byte(&longest, 'a');
	assert_int_equal(program_check_name(buf_slice(&longest), &why), 0);
	buf_add_byte(&longest, 'a');
	assert_int_equal(program_check_name(buf_slice(&longest), &why), -1);
	assert_int_equal(program_check_argument(SLICE("; reboot\t-x $(a)"), &why), 0);
	assert_int_equal(program_check_argument(SLICE("a\nb"), &why), -1);
	assert_int_equal(program_check_argument(SLICE("a\rb"), &why), -1);
	assert_int_equal(program_check_argument(SLICE("a\0b"), &why), -1);
}

static void refused(const char *name, const char *text)
{
	const struct program_call call = { .name = name };
	AUTO_PROGRAM_END end = { 0 };
	struct fault why = { 0 };

	assert_int_equal(run(&call, 1000, &end, &why), -1);
	assert_int_equal(why.kind, FAULT_CONFIG);
	if (!strstr(why.text, text))
		fail_msg("\"%s\" does not say \"%s\"", why.text, text);
}

static void what_may_not_run(void **state)
{
	AUTO_BUF path = { 0 };

	(void)state;
	refused("missing", "No such file");
	write_program("plain", "exit 0", 0644);
	refused("plain", "chmod u+x");
	write_program("open", "exit 0", 0777);
	refused("open", "written by everybody");
	buf_addf(&path, "%s/folder", folder);
	assert_int_equal(mkdir(path.ptr, 0700), 0);
	refused("folder", "no regular file");
	buf_clear(&path);
	buf_addf(&path, "%s/link", folder);
	assert_int_equal(symlink("/nowhere/at/all", path.ptr), 0);
	refused("link", "No such file");
	write_program("fine", "exit 0", 0700);
	assert_int_equal(chmod(folder, 0777), 0);
	refused("fine", "written by everybody");
	assert_int_equal(chmod(folder, 0700), 0);
}

/* Only what says so is given to a shell. */
static void no_shell_unasked(void **state)
{
	const struct program_call call = { .name = "noloader" };
	AUTO_PROGRAM_END end = { 0 };
	AUTO_BUF path = { 0 };
	struct fault why = { 0 };
	AUTO_FD fd = -1;

	(void)state;
	buf_addf(&path, "%s/noloader", folder);
	fd = open(path.ptr, O_WRONLY | O_CREAT | O_CLOEXEC, 0700);
	assert_true(fd >= 0);
	assert_int_equal(io_write_all(fd, "exit 0\n", 7, path.ptr, &why), 0);
	io_close_at(&fd);
	assert_int_equal(run(&call, 1000, &end, &why), -1);
	if (!strstr(why.text, "Exec format error"))
		fail_msg("%s", why.text);
}

static void arguments_and_environment(void **state)
{
	AUTO_STRINGS arguments = { 0 };
	AUTO_STRINGS environment = { 0 };
	struct feed feed = { .input = SLICE("") };
	struct program_call call = { .name = "it", .arguments = &arguments,
		.environment = &environment, .take = take, .context = &feed };
	AUTO_PROGRAM_END end = { 0 };
	int inherited;
	struct fault why;

	(void)state;
	setenv("MR_SECRET", "x", 1);
	strings_add(&arguments, SLICE("$(reboot); `id`"));
	strings_add(&arguments, SLICE("-rf"));
	strings_add(&arguments, SLICE(""));
	strings_add(&environment, SLICE("SENDER=a b;c"));
	write_program("it",
		"printf '<%s>' \"$@\" \"$SENDER\" \"$MR_SECRET\" \"$HOME\" \"$PATH\"\n"
		"test ! -t 0 && cat && test ! -e /proc/$$/fd/57 && echo closed", 0700);
	/* One that was left open by whoever called us. */
	inherited = dup2(1, 57);
	setenv("HOME", "/somewhere", 1);
	assert_int_equal(run(&call, 2000, &end, &why), 0);
	assert_string_equal(buf_text(&feed.out),
		"<$(reboot); `id`><-rf><><a b;c><></somewhere>"
		"</usr/local/bin:/usr/bin:/bin>closed\n");
	close(inherited);
	buf_free(&feed.out);
}

static void input_and_output(void **state)
{
	AUTO_BUF big = { 0 };
	AUTO_BUF out = { 0 };
	struct fault why;
	int status;

	(void)state;
	while (big.len < 90000)
		buf_addf(&big, "%zu\n", big.len);
	assert_int_equal(try_text("exec cat", buf_slice(&big), &out, &status, &why), 0);
	assert_true(slice_equal(buf_slice(&out), buf_slice(&big)));
	/* One that prints before it reads, more than a pipe holds. */
	assert_int_equal(try_text("head -c 90000 /dev/zero; cat >/dev/null", buf_slice(&big), &out,
		&status, &why), 0);
	assert_int_equal(out.len, 90000);
	/* Input that nobody reads. */
	assert_int_equal(try_text("exec <&-; sleep .1; echo y; exit 3", buf_slice(&big), &out,
		&status, &why), 0);
	assert_string_equal(buf_text(&out), "y\n");
	assert_int_equal(status, 3);
	assert_int_equal(try_text("exit 0", buf_slice(&big), &out, &status, &why), 0);
	assert_int_equal(status, 0);
	assert_int_equal(out.len, 0);
	/* NUL is a byte like others. */
	assert_int_equal(try_text("cat", SLICE("a\0b"), &out, &status, &why), 0);
	assert_true(slice_equal(buf_slice(&out), SLICE("a\0b")));
	assert_int_equal(try_text("kill -9 $$", SLICE(""), &out, &status, &why), 0);
	assert_int_equal(status, 137);
	/* A child of it that keeps the pipes open is not waited for. */
	assert_int_equal(try_text("sleep 5 & echo x", SLICE(""), &out, &status, &why), 0);
	assert_string_equal(buf_text(&out), "x\n");
}

static void fails(const char *text, const char *expected)
{
	AUTO_BUF out = { 0 };
	struct fault why = { 0 };
	int64_t start = clock_tick();
	int status;

	assert_int_equal(try_text(text, SLICE("x"), &out, &status, &why), -1);
	assert_int_equal(why.kind, FAULT_TEMP);
	assert_string_equal(why.text, expected);
	assert_true(clock_tick() - start < 5000);
}

static void ends_that_are_made(void **state)
{
	AUTO_BUF out = { 0 };
	struct fault why;
	int status;

	(void)state;
	fails("exec sleep 60", "program it: it took longer than 1000 ms and was ended");
	fails("echo busy\x1b >&2; sleep 60 & wait",
		"program it: it took longer than 1000 ms and was ended: busy\\x1b");
	fails("trap '' TERM; sleep 60 & while :; do sleep 60; done",
		"program it: it took longer than 1000 ms and was ended");
	fails("exec yes", "program it: it printed more than 100000 bytes");
	fails("exec >&- 2>&-; sleep 60", "program it: it took longer than 1000 ms and was ended");
	assert_int_equal(try_text("head -c 20000 /dev/zero >\"${0%/*}/large\"", SLICE(""), &out,
		&status, &why), 0);
	assert_int_not_equal(status, 0);
	assert_int_equal(try_text("ulimit -c; ulimit -t; ulimit -d", SLICE(""), &out, &status,
		&why), 0);
	assert_string_equal(buf_text(&out), "0\n2\n65536\n");
}

static void what_it_said(void **state)
{
	AUTO_BUF text = { 0 };
	AUTO_PROGRAM_END end = { .status = 0 };

	(void)state;
	program_add_said(&end, &text);
	assert_string_equal(buf_text(&text), "");
	buf_add_text(&end.said, "\n  \nfirst \x1b[0m line\nsecond\n");
	program_add_said(&end, &text);
	assert_string_equal(text.ptr, ": first \\x1b[0m line");
}

static void named_locks(void **state)
{
	struct feed feed = { .input = SLICE("") };
	struct program_call outer = { .name = "outer", .lock = "mine" };
	AUTO_PROGRAM_END end = { 0 };
	struct fault why = { 0 };

	(void)state;
	(void)feed;
	setenv("XDG_STATE_HOME", folder, 1);
	/* flock(1) on the same file stands for another program that holds it. */
	write_program("outer", "exec flock -n \"${0%/*}/mailrail/run/program-lock.mine\" true",
		0700);
	assert_int_equal(run(&outer, 2000, &end, &why), 0);
	assert_int_equal(end.status, 1);
	outer.lock = NULL;
	assert_int_equal(run(&outer, 2000, &end, &why), 0);
	assert_int_equal(end.status, 0);
	outer.lock = "mine";
	write_program("held", "flock \"${0%/*}/mailrail/run/program-lock.mine\" sleep 3 "
		"</dev/null >/dev/null 2>&1 & sleep .3", 0700);
	outer.lock = NULL;
	outer.name = "held";
	assert_int_equal(run(&outer, 2000, &end, &why), 0);
	outer.lock = "mine";
	outer.name = "outer";
	assert_int_equal(run(&outer, 300, &end, &why), -1);
	assert_string_equal(why.text, "program outer: lock \"mine\" is held by somebody else");
}

static int make_folder(void **state)
{
	(void)state;
	io_start();
	return mkdtemp(folder) ? 0 : -1;
}

static int remove_folder(void **state)
{
	char *const argv[] = { (char *)"rm", (char *)"-rf", folder, NULL };
	AUTO_BUF out = { 0 };
	struct fault why;

	(void)state;
	return child_capture(argv, SLICE(""), 0, clock_deadline(10000), &out, &why);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(names),
		cmocka_unit_test(what_may_not_run),
		cmocka_unit_test(no_shell_unasked),
		cmocka_unit_test(arguments_and_environment),
		cmocka_unit_test(input_and_output),
		cmocka_unit_test(ends_that_are_made),
		cmocka_unit_test(what_it_said),
		cmocka_unit_test(named_locks),
	};

	return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
