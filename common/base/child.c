/*
 * Child processes: see child.h.
 *
 * SPDX-License-Identifier: ISC
 */
#include "common/base/child.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "common/base/clock.h"
#include "common/base/io.h"

/* LIMIT: how long a child may take to leave after SIGTERM. */
enum { TERM_GRACE_MS = 2000 };

extern char **environ;

/* The two ends of one standard descriptor: what the child gets, and what we keep. */
struct ends {
	int child;
	int ours;
	bool owned; /* the child's end is ours to close after the fork */
};

static int open_ends(int wish, int standard, struct ends *e)
{
	int pair[2];

	*e = (struct ends){ .child = wish, .ours = -1, .owned = false };
	if (wish == CHILD_INHERIT)
		e->child = standard;
	if (wish == CHILD_NULL) {
		e->child = open("/dev/null", O_RDWR | O_CLOEXEC);
		e->owned = true;
	}
	if (wish == CHILD_PIPE) {
		if (pipe2(pair, O_CLOEXEC) < 0)
			return -1;
		e->child = pair[standard == 0 ? 0 : 1];
		e->ours = pair[standard == 0 ? 1 : 0];
		e->owned = true;
	}
	return e->child < 0 ? -1 : 0;
}

static void close_ends(struct ends *e, bool ours)
{
	if (e->owned)
		io_close_at(&e->child);
	if (ours)
		io_close_at(&e->ours);
}

/* Copies the three out of the way first: one may be the number another must get. */
static bool place_descriptors(const struct ends *ends)
{
	int high[3];

	for (int i = 0; i < 3; i++) {
		high[i] = fcntl(ends[i].child, F_DUPFD_CLOEXEC, 3);
		if (high[i] < 0)
			return false;
	}
	for (int i = 0; i < 3; i++) {
		if (dup2(high[i], i) < 0)
			return false;
	}
	return true;
}

/* Never above what we have ourselves: a limit is not a wish for more. */
static void limit(__rlimit_resource_t what, uint64_t soft, uint64_t hard)
{
	struct rlimit now;

	if (getrlimit(what, &now) < 0)
		return;
	if (now.rlim_max == RLIM_INFINITY || hard < now.rlim_max)
		now.rlim_max = hard;
	now.rlim_cur = soft < now.rlim_max ? soft : now.rlim_max;
	(void)setrlimit(what, &now);
}

static void set_limits(const struct child_limits *limits)
{
	limit(RLIMIT_CORE, 0, 0);
	if (limits->seconds > 0)
		limit(RLIMIT_CPU, limits->seconds, limits->seconds + 1);
	if (limits->memory > 0)
		limit(RLIMIT_DATA, limits->memory, limits->memory);
	if (limits->file_size > 0)
		limit(RLIMIT_FSIZE, limits->file_size, limits->file_size);
}

static _Noreturn void run_child(const struct child_plan *plan, const struct ends *ends, int tell,
	pid_t parent)
{
	sigset_t none;
	int error;

	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
	signal(SIGPIPE, SIG_DFL);
	signal(SIGTERM, SIG_DFL);
	signal(SIGINT, SIG_DFL);
	if (plan->own_session)
		setsid();
	else if (plan->own_group)
		setpgid(0, 0);
	if (plan->ends_with_us) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		if (getppid() != parent)
			_exit(127);
	}
	if (plan->limits)
		set_limits(plan->limits);
	/* What libraries open without close-on-exec (libcurl does) and our parent left open. */
	(void)close_range(3, ~0U, CLOSE_RANGE_CLOEXEC);
	if (place_descriptors(ends)) {
		/* execvpe would give a file that is no program to a shell. */
		if (strchr(plan->argv[0], '/'))
			execve(plan->argv[0], plan->argv, plan->env ? plan->env : environ);
		else
			execvpe(plan->argv[0], plan->argv, plan->env ? plan->env : environ);
	}
	error = errno;
	if (write(tell, &error, sizeof(error)) < 0)
		_exit(126);
	_exit(127);
}

/* The pipe is close-on-exec: a number in it means that the program did not start. */
static int start_error(int tell, int *error)
{
	ssize_t n = io_read(tell, error, sizeof(*error));

	return n == (ssize_t)sizeof(*error) ? 1 : 0;
}

static int fork_child(const struct child_plan *plan, const struct ends *ends, struct child *out,
	struct fault *why)
{
	int pair[2];
	int error = 0;
	pid_t parent;

	if (pipe2(pair, O_CLOEXEC) < 0)
		return fault_set(why, FAULT_TEMP, "pipe: %s", strerror(errno));
	parent = getpid();
	out->pid = fork();
	if (out->pid == 0)
		run_child(plan, ends, pair[1], parent);
	io_close_at(&pair[1]);
	if (out->pid < 0) {
		io_close_at(&pair[0]);
		out->pid = 0;
		return fault_set(why, FAULT_TEMP, "fork: %s", strerror(errno));
	}
	if (start_error(pair[0], &error)) {
		io_close_at(&pair[0]);
		waitpid(out->pid, NULL, 0);
		out->pid = 0;
		return fault_set(why,
			error == ENOENT || error == EACCES ? FAULT_CONFIG : FAULT_TEMP,
			"run %s: %s", plan->argv[0], strerror(error));
	}
	io_close_at(&pair[0]);
	return 0;
}

int child_start(const struct child_plan *plan, struct child *out, struct fault *why)
{
	struct ends ends[3];
	const int wishes[3] = { plan->in, plan->out, plan->err };
	int opened = 0;
	int result = 0;

	*out = (struct child)CHILD_NONE;
	out->group = plan->own_group || plan->own_session;
	while (opened < 3 && result == 0) {
		if (open_ends(wishes[opened], opened, &ends[opened]) < 0)
			result = fault_set(why, FAULT_TEMP, "run %s: %s", plan->argv[0],
				strerror(errno));
		else
			opened++;
	}
	if (result == 0)
		result = fork_child(plan, ends, out, why);
	for (int i = 0; i < opened; i++)
		close_ends(&ends[i], result < 0);
	if (result == 0) {
		out->in = ends[0].ours;
		out->out = ends[1].ours;
		out->err = ends[2].ours;
	}
	return result;
}

static int exit_status(int raw)
{
	return WIFEXITED(raw) ? WEXITSTATUS(raw) : 128 + WTERMSIG(raw);
}

/* By a pidfd, so that no SIGCHLD handler is needed; it is not taken from the table yet. */
static bool has_ended(pid_t pid, int64_t deadline)
{
	AUTO_FD handle = child_handle(pid);

	return handle < 0 || deadline == CLOCK_NEVER || io_wait(handle, POLLIN, deadline) != 0;
}

static void take_status(pid_t pid, int *raw)
{
	while (waitpid(pid, raw, 0) < 0) {
		if (errno != EINTR) {
			*raw = 127 << 8;
			break;
		}
	}
}

int child_handle(pid_t pid)
{
	return (int)syscall(SYS_pidfd_open, pid, 0);
}

int child_wait(struct child *c, int64_t deadline, int *status, struct fault *why)
{
	pid_t whom = c->group ? -c->pid : c->pid;
	int raw = 0;
	bool late = false;

	io_close_at(&c->in);
	io_close_at(&c->out);
	io_close_at(&c->err);
	if (!has_ended(c->pid, deadline)) {
		late = true;
		kill(whom, SIGTERM);
		/* While it is a zombie nobody else can get the number of its group. */
		if (!has_ended(c->pid, clock_deadline(TERM_GRACE_MS)) || c->group)
			kill(whom, SIGKILL);
	}
	take_status(c->pid, &raw);
	c->pid = 0;
	*status = exit_status(raw);
	if (late)
		return fault_set(why, FAULT_TEMP, "gave up waiting and ended it");
	return 0;
}

/* Feeds `input` and reads the output at once, so that neither pipe can fill up. */
static int exchange(struct child *c, struct slice input, size_t limit, int64_t deadline,
	struct buf *out, struct fault *why)
{
	io_set_nonblocking(c->in, true);
	io_set_nonblocking(c->out, true);
	for (;;) {
		struct pollfd set[2] = { { .fd = c->out, .events = POLLIN },
			{ .fd = c->in, .events = POLLOUT } };
		ssize_t n;

		if (input.len == 0)
			io_close_at(&c->in);
		set[1].fd = c->in;
		if (poll(set, 2, clock_poll_timeout(deadline)) == 0)
			return 0; /* child_wait tells about the deadline */
		if (c->in >= 0 && set[1].revents) {
			n = write(c->in, input.ptr, input.len);
			if (n > 0)
				slice_skip(&input, (size_t)n);
			else if (n < 0 && errno != EAGAIN && errno != EINTR)
				input.len = 0;
		}
		if (!set[0].revents)
			continue;
		buf_reserve(out, 4096);
		n = io_read(c->out, out->ptr + out->len, out->room - out->len - 1);
		if (n == 0)
			return 0;
		if (n < 0 && errno != EAGAIN)
			return fault_set(why, FAULT_TEMP, "read its output: %s", strerror(errno));
		out->len += n > 0 ? (size_t)n : 0;
		out->ptr[out->len] = '\0';
		if (out->len > limit)
			return fault_set(why, FAULT_TEMP, "its output is longer than %zu bytes", limit);
	}
}

int child_capture(char *const *argv, struct slice input, size_t limit, int64_t deadline,
	struct buf *out, struct fault *why)
{
	const struct child_plan plan = { .argv = argv, .in = CHILD_PIPE, .out = CHILD_PIPE,
		.err = CHILD_INHERIT };
	struct child c;
	int result;
	int status;

	if (child_start(&plan, &c, why) < 0)
		return -1;
	result = exchange(&c, input, limit, deadline, out, why);
	if (result < 0)
		deadline = 0;
	if (child_wait(&c, deadline, &status, result == 0 ? why : NULL) < 0)
		result = -1;
	else if (result == 0 && status != 0)
		result = fault_set(why, FAULT_TEMP, "exit status %d", status);
	if (result < 0)
		fault_prefix(why, "%s", argv[0]);
	return result;
}

char *child_sibling(const char *name)
{
	AUTO_BUF path = { 0 };
	char self[1024];
	ssize_t len = readlink("/proc/self/exe", self, sizeof(self) - 1);

	if (len > 0) {
		char *slash;

		self[len] = '\0';
		slash = strrchr(self, '/');
		*slash = '\0';
		buf_addf(&path, "%s/%s", self, name);
		if (access(path.ptr, X_OK) == 0)
			return buf_give(&path);
		/* In a build tree each program lies in the folder of its sources. */
		for (const char *const *folder = (const char *const[]){ "fetch", "filter",
			     "deliver", "relay", NULL };
			*folder; folder++) {
			buf_clear(&path);
			buf_addf(&path, "%s/../%s/%s", self, *folder, name);
			if (access(path.ptr, X_OK) == 0)
				return buf_give(&path);
		}
	}
	buf_clear(&path);
	buf_addf(&path, "%s/%s", MAILRAIL_LIBEXEC, name);
	if (access(path.ptr, X_OK) == 0)
		return buf_give(&path);
	return mem_text(name);
}
