/*
 * Asking on a terminal: once, without echo, and the terminal is as before in the end.
 *
 * Each case runs in a child on a pseudo-terminal of its own; the parent is the person.
 *
 * SPDX-License-Identifier: ISC
 */
#include <setjmp.h>
#include <stdarg.h>
#include <cmocka.h>
#include <fcntl.h>
#include <poll.h>
#include <pty.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>

#include "common/base/clock.h"
#include "common/base/io.h"
#include "common/base/say.h"
#include "common/net/secret.h"

static struct server server = { .host = (char *)(uintptr_t) "h\033[2J",
	.user = (char *)(uintptr_t) "alice" };

/* Exit status of the child: 0 as it should be. */
static int obtains(const char *want)
{
	AUTO_SECRET secret = { 0 };
	struct fault why;

	if (secret_get(&server, -1, &secret, &why) < 0)
		return (int)why.kind;
	return strcmp(secret.text, want) == 0 ? 0 : 1;
}

static int ask_once(void)
{
	int first = obtains("se cret");
	int second = obtains("se cret");

	return first ? first : second;
}

static int ask_again(void)
{
	int first = obtains("wrong");

	secret_forget(&server);
	return first ? first : obtains("right");
}

static int in_the_background(void)
{
	pid_t pid = fork();
	int status = 0;

	if (pid == 0) {
		setpgid(0, 0);
		_exit(obtains("never"));
	}
	waitpid(pid, &status, 0);
	return WIFEXITED(status) ? WEXITSTATUS(status) : 1;
}

static int without_input(void)
{
	return dup2(open("/dev/null", O_RDONLY | O_CLOEXEC), 0) == 0 ? obtains("never") : 1;
}

static const struct row {
	const char *label;
	int (*child)(void);
	const char *typed; /* in pieces parted by "|": one for each question */
	int questions;
	int status; /* 1000 + N: by signal N */
	int signal; /* sent to the child at the question; 0: none */
} rows[] = {
	{ "asked once", ask_once, "se cret\n", 1, 0, 0 },
	{ "with a correction", ask_once, "se x\177cret\n", 1, 0, 0 },
	{ "asked again after a refusal", ask_again, "wrong\n|right\n", 2, 0, 0 },
	{ "an empty line", ask_once, "\n|\n", 2, FAULT_CONFIG, 0 },
	{ "the end", ask_once, "\004|\004", 2, FAULT_CONFIG, 0 },
	{ "^C", ask_once, "\003", 1, 1000 + SIGINT, 0 },
	{ "SIGTERM", ask_once, "", 1, 1000 + SIGTERM, SIGTERM },
	{ "SIGHUP", ask_once, "", 1, 1000 + SIGHUP, SIGHUP },
	{ "a job in the background is not asked", in_the_background, "", 0, FAULT_CONFIG, 0 },
	{ "nobody at stdin", without_input, "", 0, FAULT_CONFIG, 0 },
};

static int count(struct slice text, const char *what)
{
	int n = 0;

	for (ptrdiff_t at; (at = slice_find(text, slice_text(what))) >= 0; n++)
		slice_skip(&text, (size_t)at + strlen(what));
	return n;
}

/* Reads what the child shows, until `questions` stand there or it has ended. */
static void watch(int fd, int questions, struct buf *seen)
{
	int64_t deadline = clock_deadline(10000);
	char bytes[512];
	ssize_t n;

	while (questions < 0 || count(buf_slice(seen), "password for") < questions) {
		assert_int_equal(io_wait(fd, POLLIN, deadline), 1);
		n = io_read(fd, bytes, sizeof(bytes));
		if (n <= 0)
			return;
		buf_add(seen, bytes, (size_t)n);
	}
}

static bool echoes(int fd)
{
	struct termios now;

	assert_int_equal(tcgetattr(fd, &now), 0);
	return (now.c_lflag & ECHO) != 0;
}

static void run_row(void **state)
{
	const struct row *row = *state;
	struct slice typed = slice_text(row->typed);
	AUTO_BUF seen = { 0 };
	struct slice piece;
	int terminal;
	int keep;
	int status;
	char name[100];
	pid_t pid = forkpty(&terminal, name, NULL, NULL);

	assert_true(pid >= 0);
	if (pid == 0)
		_exit(row->child());
	/* So that it lives on when the child ends, for a look. */
	keep = open(name, O_RDWR | O_NOCTTY | O_CLOEXEC);
	for (int i = 1; i <= row->questions; i++) {
		watch(terminal, i, &seen);
		assert_false(echoes(terminal));
		if (row->signal)
			kill(pid, row->signal);
		else if (slice_cut(&typed, '|', &piece))
			assert_int_equal(write(terminal, piece.ptr, piece.len), piece.len);
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_true(echoes(terminal));
	close(keep);
	watch(terminal, -1, &seen);
	assert_int_equal(WIFEXITED(status) ? WEXITSTATUS(status) : 1000 + WTERMSIG(status),
		row->status);
	assert_int_equal(count(buf_slice(&seen), "password for"), row->questions);
	assert_int_equal(count(buf_slice(&seen), "cret"), 0);
	assert_int_equal(count(buf_slice(&seen), "\033"), 0);
	close(terminal);
}

int main(void)
{
	struct CMUnitTest tests[sizeof(rows) / sizeof(rows[0])];
	size_t n = 0;

	say_start("test");
	setenv("HOME", "/nonexistent", 1);
	for (; n < sizeof(rows) / sizeof(rows[0]); n++)
		tests[n] = (struct CMUnitTest){ rows[n].label, run_row, NULL, NULL,
			(void *)(uintptr_t)&rows[n] };
	return cmocka_run_group_tests(tests, NULL, NULL);
}
