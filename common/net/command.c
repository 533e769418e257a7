/*
 * Commands of the configuration: see command.h.
 *
 * SPDX-License-Identifier: ISC
 */
#include "common/net/command.h"

#include <errno.h>
#include <poll.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "common/base/child.h"
#include "common/base/clock.h"
#include "common/base/io.h"
#include "common/base/say.h"

/* LIMIT: of its stderr. */
enum { COMPLAINT_BYTES = 4 * 1024 };

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
static int collect(struct child *c, const struct command *how, int cancel_fd, int64_t deadline,
	struct buf *out, struct buf *complaint, struct fault *why)
{
	AUTO_FD ended = (int)syscall(SYS_pidfd_open, c->pid, 0);

	if (ended < 0)
		return fault_set(why, FAULT_TEMP, "pidfd_open: %s", strerror(errno));
	if (c->out >= 0)
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
			return fault_set(why, FAULT_CONFIG, "does not end within %lld s",
				(long long)how->limit_ms / 1000);
		if (set[3].revents)
			return fault_set(why, FAULT_TEMP, "stopped");
		if (c->out >= 0)
			drain(&c->out, how->output, out);
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

int command_run(const struct command *c, int cancel_fd, struct buf *out, struct fault *why)
{
	const struct child_plan plan = { .argv = c->argv, .env = c->env, .in = CHILD_NULL,
		.out = c->output > 0 ? CHILD_PIPE : CHILD_NULL, .err = CHILD_PIPE,
		.own_session = true };
	int64_t deadline = clock_deadline(c->limit_ms);
	AUTO_BUF complaint = { 0 };
	struct child child;
	int result;
	int status = 0;

	if (child_start(&plan, &child, why) < 0)
		return -1;
	result = collect(&child, c, cancel_fd, deadline, out, &complaint, why);
	child_wait(&child, result < 0 ? 0 : deadline, &status, NULL);
	if (result == 0 && status != 0)
		return failed(status, &complaint, why);
	return result;
}
