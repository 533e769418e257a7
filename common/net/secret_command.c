/*
 * Commands that print secrets: see secret_command.h.
 *
 * SPDX-License-Identifier: ISC
 */
#include "common/net/secret_command.h"

#include <errno.h>
#include <poll.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "common/base/child.h"
#include "common/base/clock.h"
#include "common/base/io.h"
#include "common/base/say.h"
#include "common/net/secret_own.h"

enum {
	COMMAND_MS = 60 * 1000,    /* LIMIT: somebody may have to touch a key */
	OUTPUT_BYTES = 64 * 1024,  /* LIMIT: tokens are a few KiB; the rest is thrown away */
	COMPLAINT_BYTES = 4 * 1024 /* LIMIT: of its stderr */
};

/* Takes what is there; keeps the first `limit` bytes. Closes the descriptor at its end. */
static void drain(int *fd, size_t limit, struct buf *out)
{
	char bytes[4096];
	ssize_t n;

	while ((n = io_read(*fd, bytes, sizeof(bytes))) > 0) {
		size_t room = limit - out->len;

		buf_add(out, bytes, (size_t)n < room ? (size_t)n : room);
	}
	explicit_bzero(bytes, sizeof(bytes));
	if (n == 0 || errno != EAGAIN)
		io_close_at(fd);
}

/*
 * Reads until the command has ended: not until its pipes are closed, for what it leaves
 * running in the background may hold them. 0 ended, -1 deadline or cancel.
 */
static int collect(struct child *c, int cancel_fd, int64_t deadline, struct buf *out,
	struct buf *complaint, struct fault *why)
{
	AUTO_FD ended = (int)syscall(SYS_pidfd_open, c->pid, 0);

	if (ended < 0)
		return fault_set(why, FAULT_TEMP, "pidfd_open: %s", strerror(errno));
	io_set_nonblocking(c->out, true);
	io_set_nonblocking(c->err, true);
	for (;;) {
		struct pollfd set[] = {
			{ .fd = c->out, .events = POLLIN },
			{ .fd = c->err, .events = POLLIN },
			{ .fd = ended, .events = POLLIN },
			{ .fd = cancel_fd, .events = POLLIN },
		};
		int n = poll(set, 4, clock_poll_timeout(deadline));

		if (n < 0 && errno != EINTR)
			return fault_set(why, FAULT_TEMP, "poll: %s", strerror(errno));
		if (n < 0)
			continue;
		if (n == 0)
			return fault_set(why, FAULT_CONFIG, "does not end within %d s",
				COMMAND_MS / 1000);
		if (set[3].revents)
			return fault_set(why, FAULT_TEMP, "stopped");
		if (c->out >= 0)
			drain(&c->out, OUTPUT_BYTES, out);
		if (c->err >= 0)
			drain(&c->err, COMPLAINT_BYTES, complaint);
		if (set[2].revents)
			return 0;
	}
}

/* Its own last words tell best why a command failed. */
static int failed(int status, const struct buf *complaint, struct fault *why)
{
	struct slice rest = slice_trim(buf_slice(complaint));
	struct slice line = { "", 0 };
	AUTO_BUF shown = { 0 };

	while (slice_line(&rest, &line))
		;
	say_visible(&shown, slice_first(line, 300));
	return fault_set(why, FAULT_CONFIG, "exit status %d%s%s", status,
		shown.len ? ": " : "", buf_text(&shown));
}

static int run(char *const *argv, int cancel_fd, struct buf *out, struct fault *why)
{
	const struct child_plan plan = { .argv = argv, .in = CHILD_NULL, .out = CHILD_PIPE,
		.err = CHILD_PIPE, .own_session = true };
	int64_t deadline = clock_deadline(COMMAND_MS);
	AUTO_BUF complaint = { 0 };
	struct child c;
	int result;
	int status = 0;

	if (child_start(&plan, &c, why) < 0)
		return -1;
	result = collect(&c, cancel_fd, deadline, out, &complaint, why);
	child_wait(&c, result < 0 ? 0 : deadline, &status, NULL);
	if (result == 0 && status != 0)
		return failed(status, &complaint, why);
	return result;
}

int secret_run(char *const *argv, int cancel_fd, char **out, struct fault *why)
{
	struct buf output = { 0 };
	int result;

	/* Once, of the size it may have: growing would leave copies behind. */
	buf_reserve(&output, OUTPUT_BYTES);
	result = run(argv, cancel_fd, &output, why);
	if (result == 0) {
		struct slice rest = buf_slice(&output);
		struct slice line = { "", 0 };

		slice_line(&rest, &line);
		result = line.len == OUTPUT_BYTES ? -1 : secret_first_line(line, out);
		if (result == 0)
			result = fault_set(why, FAULT_CONFIG, "prints nothing");
		else if (result < 0)
			fault_set(why, FAULT_CONFIG, "prints no line of text");
	}
	secret_wipe_buf(&output);
	return result < 0 ? -1 : 0;
}

int secret_command(const char *command, const char *setting, const struct server *server,
	int cancel_fd, char **out, struct fault *why)
{
	char *const argv[] = { "/bin/sh", "-c", (char *)(uintptr_t)command, NULL };

	if (secret_run(argv, cancel_fd, out, why) == 0)
		return 0;
	return secret_prefix(server, setting, why);
}
