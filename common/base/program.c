/*
 * Running a program of a rule: see program.h.
 *
 * SPDX-License-Identifier: ISC
 */
#include "common/base/program.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <poll.h>
#include <time.h>
#include <unistd.h>

#include "common/base/child.h"
#include "common/base/clock.h"
#include "common/base/io.h"
#include "common/base/lock.h"
#include "common/base/paths.h"
#include "common/base/program_find.h"
#include "common/base/say.h"

/* Bytes that go through a pipe at once; what Linux keeps in one. */
enum { PIECE = 64 << 10 };
/* LIMIT: how often a lock that somebody else holds is tried. */
enum { LOCK_PAUSE_MS = 25 };
/* LIMIT: bytes of stderr in a sentence. */
enum { SHOWN_MAX = 200 };

struct talk {
	const struct program_settings *settings;
	const struct program_call *call;
	struct program_end *end;
	struct child child;
	int64_t deadline;
	char *room;        /* PIECE bytes, for input */
	struct slice left; /* of the input: given, not yet written */
	char *read;        /* PIECE bytes, for output */
	uint64_t printed;
};

void program_end_clear(struct program_end *end)
{
	buf_free(&end->said);
	*end = (struct program_end){ 0 };
}

void program_add_said(const struct program_end *end, struct buf *out)
{
	struct slice rest = buf_slice(&end->said);
	struct slice line;

	while (slice_line(&rest, &line)) {
		line = slice_trim(line);
		if (line.len == 0)
			continue;
		buf_add_text(out, ": ");
		say_visible(out, slice_first(line, SHOWN_MAX));
		return;
	}
}

/* Writes once. Whoever does not want his input closes it, which is no failure. */
static int feed(struct talk *t, struct fault *why)
{
	size_t got;
	ssize_t n;

	if (t->left.len == 0) {
		if (t->call->give(t->call->context, t->room, PIECE, &got, why) < 0)
			return -1;
		t->left = slice_of(t->room, got);
		if (got == 0) {
			io_close_at(&t->child.in);
			return 0;
		}
	}
	n = write(t->child.in, t->left.ptr, t->left.len);
	if (n > 0)
		slice_skip(&t->left, (size_t)n);
	else if (n < 0 && errno != EAGAIN && errno != EINTR)
		io_close_at(&t->child.in);
	return 0;
}

/* 1: there was some, 0: none now, or the end (then it is closed), -1. */
static int read_once(struct talk *t, int *fd, struct slice *out)
{
	ssize_t n = *fd < 0 ? 0 : io_read(*fd, t->read, PIECE);

	if (n == 0 || (n < 0 && errno != EAGAIN))
		io_close_at(fd);
	*out = slice_of(t->read, n > 0 ? (size_t)n : 0);
	return n > 0;
}

static int take_output(struct talk *t, struct slice bytes, struct fault *why)
{
	t->printed += bytes.len;
	if (t->printed > t->settings->output)
		return fault_set(why, FAULT_TEMP, "it printed more than %" PRIu64 " bytes",
			t->settings->output);
	return t->call->take(t->call->context, bytes, why);
}

/* All that lies in the pipes. 1: there was some, 0: none, -1. */
static int drain(struct talk *t, struct fault *why)
{
	struct slice bytes;
	int any = 0;

	if (read_once(t, &t->child.out, &bytes)) {
		any = 1;
		if (take_output(t, bytes, why) < 0)
			return -1;
	}
	if (read_once(t, &t->child.err, &bytes)) {
		any = 1;
		buf_add_slice(&t->end->said,
			slice_first(bytes, PROGRAM_SAID_MAX - t->end->said.len));
	}
	return any;
}

/*
 * Until it has ended: its own children may hold the pipes for longer, and are not waited for.
 * 0; -1: late, or a fault.
 */
static int talk(struct talk *t, struct fault *why)
{
	AUTO_FD handle = child_handle(t->child.pid);
	bool ended = false;
	int got = 0;

	if (handle < 0)
		return fault_set(why, FAULT_TEMP, "pidfd_open: %s", strerror(errno));
	while (!ended) {
		struct pollfd set[4] = { { .fd = t->child.out, .events = POLLIN },
			{ .fd = t->child.err, .events = POLLIN },
			{ .fd = handle, .events = POLLIN },
			{ .fd = t->child.in, .events = POLLOUT } };

		/* One that never pauses must not outrun the clock. */
		if (clock_tick() >= t->deadline ||
			poll(set, 4, clock_poll_timeout(t->deadline)) == 0)
			return fault_set(why, FAULT_TEMP,
				"it took longer than %" PRId64 " ms and was ended",
				t->call->timeout ? t->call->timeout : t->settings->timeout);
		ended = set[2].revents != 0;
		if (set[3].revents && feed(t, why) < 0)
			return -1;
		if (drain(t, why) < 0)
			return -1;
	}
	/* What it left in the pipes; LIMIT: no more than those hold, others may still write. */
	for (int i = 0; i < 64 && (got = drain(t, why)) > 0; i++)
		;
	return got < 0 ? -1 : 0;
}

/* In order: argv is the path, then the arguments. */
static int start(struct talk *t, const char *path, struct fault *why)
{
	AUTO_STRINGS argv = { 0 };
	AUTO_STRINGS env = { 0 };
	const struct program_settings *s = t->settings;
	const struct child_limits limits = { .seconds = ((uint64_t)s->cpu + 999) / 1000,
		.memory = s->memory, .file_size = s->file_size };
	struct child_plan plan = { .in = t->call->give ? CHILD_PIPE : CHILD_NULL,
		.out = t->call->take ? CHILD_PIPE : CHILD_NULL, .err = CHILD_PIPE,
		.own_session = true, .ends_with_us = true, .limits = &limits };

	strings_add(&argv, slice_text(path));
	for (size_t i = 0; t->call->arguments && i < t->call->arguments->count; i++)
		strings_add(&argv, slice_text(t->call->arguments->at[i]));
	program_environment(t->call->environment, &env);
	plan.argv = argv.at;
	plan.env = env.at;
	if (child_start(&plan, &t->child, why) < 0)
		return -1;
	if (t->child.in >= 0)
		io_set_nonblocking(t->child.in, true);
	if (t->child.out >= 0)
		io_set_nonblocking(t->child.out, true);
	io_set_nonblocking(t->child.err, true);
	return 0;
}

static int run_found(struct talk *t, const char *path, struct fault *why)
{
	struct fault ignored;
	int result;

	if (start(t, path, why) < 0)
		return -1;
	result = talk(t, why);
	/* It has ended, or is to: in both cases there is nothing to wait for. */
	child_wait(&t->child, result < 0 ? 0 : CLOCK_NEVER, &t->end->status, &ignored);
	return result;
}

/* Waits its turn until the deadline. */
static int hold_lock(struct talk *t, int *fd, struct fault *why)
{
	static const struct timespec pause = { .tv_nsec = LOCK_PAUSE_MS * 1000000L };
	AUTO_FREE char *folder = paths_locks(why);
	AUTO_FD dir = -1;
	AUTO_BUF name = { 0 };
	int got = 0;

	if (!folder || (dir = paths_open(folder, 0700, why)) < 0)
		return -1;
	buf_addf(&name, "program-lock.%s", t->call->lock);
	while ((got = lock_try(dir, name.ptr, fd, why)) == 0) {
		if (clock_tick() >= t->deadline)
			return fault_set(why, FAULT_TEMP, "lock \"%s\" is held by somebody else",
				t->call->lock);
		nanosleep(&pause, NULL);
	}
	return got < 0 ? -1 : 0;
}

static int run_held(struct talk *t, const char *path, struct fault *why)
{
	AUTO_FD lock = -1;

	if (t->call->lock && hold_lock(t, &lock, why) < 0)
		return -1;
	return run_found(t, path, why);
}

int program_run(const struct program_settings *settings, const struct program_call *call,
	struct program_end *out, struct fault *why)
{
	AUTO_FREE char *path = NULL;
	AUTO_FREE char *room = mem_get(PIECE);
	AUTO_FREE char *read = mem_get(PIECE);
	struct talk t = { .settings = settings, .call = call, .end = out, .room = room,
		.read = read, .child = CHILD_NONE };
	AUTO_BUF text = { 0 };

	if (program_find(settings->folder, call->name, &path, why) < 0)
		return -1;
	if (settings->timeout <= 0)
		return fault_set(why, FAULT_CONFIG, "program-timeout must be longer than 0");
	t.deadline = clock_deadline(call->timeout ? call->timeout : settings->timeout);
	if (run_held(&t, path, why) == 0)
		return 0;
	buf_addf(&text, "program %s: %s", call->name, why->text);
	program_add_said(out, &text);
	return fault_set(why, why->kind, "%s", text.ptr);
}
