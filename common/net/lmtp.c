/*
 * LMTP: see lmtp.h.
 *
 * SPDX-License-Identifier: ISC
 */
#include "common/net/lmtp.h"

#include <errno.h>
#include <fcntl.h>
#include <netdb.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "common/base/clock.h"
#include "common/base/io.h"
#include "common/net/smtp_talk.h"

/* A socket that is connected, or an errno of why not. */
static int connect_to(const struct sockaddr *address, socklen_t len, int family,
	int64_t deadline, int *error)
{
	AUTO_FD fd = socket(family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	socklen_t size = sizeof(*error);
	int connected;

	if (fd < 0 || (connect(fd, address, len) < 0 && errno != EINPROGRESS)) {
		*error = errno;
		return -1;
	}
	if (io_wait(fd, POLLOUT, deadline) != 1) {
		*error = ETIMEDOUT;
		return -1;
	}
	if (getsockopt(fd, SOL_SOCKET, SO_ERROR, error, &size) < 0)
		*error = errno;
	if (*error)
		return -1;
	connected = fd;
	fd = -1;
	return connected;
}

/* A path too long for sockaddr_un is reached through its directory's descriptor. */
static int connect_path(const char *path, int64_t deadline, int *error)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	const char *slash = strrchr(path, '/');
	AUTO_BUF name = { 0 };
	AUTO_FD dir = -1;

	buf_add_text(&name, path);
	if (name.len >= sizeof(address.sun_path) && slash) {
		AUTO_FREE char *folder = slice_copy(slice_of(path, (size_t)(slash - path) + 1));

		dir = open(folder, O_PATH | O_DIRECTORY | O_CLOEXEC);
		buf_clear(&name);
		buf_addf(&name, "/proc/self/fd/%d%s", dir, slash);
	}
	if (name.len >= sizeof(address.sun_path)) {
		*error = ENAMETOOLONG;
		return -1;
	}
	memcpy(address.sun_path, buf_text(&name), name.len);
	return connect_to((const struct sockaddr *)&address, sizeof(address), AF_UNIX, deadline,
		error);
}

static int connect_host(const struct lmtp_plan *plan, int64_t deadline, int *error,
	struct fault *why)
{
	const struct addrinfo hints = { .ai_socktype = SOCK_STREAM };
	struct addrinfo *list = NULL;
	AUTO_BUF port = { 0 };
	int fd = -1;
	int got;

	buf_addf(&port, "%ld", plan->port);
	got = getaddrinfo(plan->host, buf_text(&port), &hints, &list);
	if (got != 0)
		return fault_set(why, FAULT_TEMP, "%s: %s", plan->host, gai_strerror(got));
	for (const struct addrinfo *a = list; a && fd < 0; a = a->ai_next)
		fd = connect_to(a->ai_addr, a->ai_addrlen, a->ai_family, deadline, error);
	freeaddrinfo(list);
	return fd;
}

static int dial(const struct lmtp_plan *plan, const char *name, struct fault *why)
{
	int64_t deadline = clock_deadline(plan->timeout_ms);
	int error = 0;
	int fd;

	if (why)
		*why = (struct fault){ 0 };
	fd = plan->path ? connect_path(plan->path, deadline, &error) :
		connect_host(plan, deadline, &error, why);
	if (fd < 0 && error)
		return fault_set(why, FAULT_TEMP, "%s: %s", name, strerror(error));
	return fd;
}

static int refused(const struct wire *w, const struct smtp_reply *r, struct fault *why)
{
	AUTO_BUF words = { 0 };

	smtp_reply_show(r, 300, &words);
	return fault_set(why, FAULT_TEMP, "%s: refused: %s", wire_name(w), buf_text(&words));
}

/* The first line of the answer is the server's name. */
static void note_capabilities(const struct smtp_reply *r, struct strings *out)
{
	struct slice rest = buf_slice(&r->text);
	struct slice line;

	slice_cut(&rest, '\n', &line);
	while (slice_cut(&rest, '\n', &line))
		strings_add(out, slice_trim(line));
}

static int greet(const struct lmtp_plan *plan, struct session *s, struct fault *why)
{
	AUTO_SMTP_REPLY r = { 0 };

	if (smtp_await(s->wire, &r, why) < 0)
		return -1;
	if (r.code != 220)
		return refused(s->wire, &r, why);
	wire_queuef(s->wire, "LHLO %s\r\n", plan->hello);
	if (smtp_await(s->wire, &r, why) < 0)
		return -1;
	if (r.code / 100 != 2)
		return refused(s->wire, &r, why);
	note_capabilities(&r, &s->capabilities);
	return 0;
}

int lmtp_open(const struct lmtp_plan *plan, struct session *out, struct fault *why)
{
	AUTO_BUF name = { 0 };
	int fd;

	if (plan->path)
		buf_add_text(&name, plan->path);
	else
		buf_addf(&name, "%s:%ld", plan->host, plan->port);
	*out = (struct session){ 0 };
	fd = dial(plan, buf_text(&name), why);
	if (fd < 0)
		return -1;
	out->wire = wire_from_socket(fd, buf_text(&name), false, plan->timeout_ms);
	/* LIMIT: against a server that drips. */
	wire_set_end(out->wire, clock_deadline(4 * plan->timeout_ms));
	if (greet(plan, out, why) < 0) {
		session_close(out);
		return -1;
	}
	wire_set_end(out->wire, CLOCK_NEVER);
	return 0;
}
