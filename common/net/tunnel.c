/*
 * Tunnels: see tunnel.h.
 *
 * SPDX-License-Identifier: ISC
 */
#include "common/net/tunnel.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "common/base/child.h"
#include "common/base/clock.h"
#include "common/base/io.h"
#include "common/base/say.h"

/*
 * LIMIT: of its stderr. What comes later is not taken (the command sees an error, and no
 * pipe that fills up while nobody reads it).
 */
enum { COMPLAINT_BYTES = 64 * 1024 };

/* LIMIT: how long it may take to see that its input has ended. */
enum { LEAVE_MS = 1000 };

struct tunnel {
	char *command;
	char name[sizeof(((struct sockaddr_un *)0)->sun_path)];
	int listener;
	int complaint; /* a file in memory, shared with the command: its offset, too */
	struct child child;
};

static int listen_privately(struct tunnel *t)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	socklen_t len = sizeof(sa_family_t);

	t->listener = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	/* An address of the family alone: the kernel chooses a free name (autobind). */
	if (t->listener < 0 || bind(t->listener, (struct sockaddr *)&address, len) < 0 ||
		listen(t->listener, 8) < 0)
		return -1;
	len = sizeof(address);
	if (getsockname(t->listener, (struct sockaddr *)&address, &len) < 0)
		return -1;
	len -= (socklen_t)offsetof(struct sockaddr_un, sun_path) + 1;
	memcpy(t->name, address.sun_path + 1, len);
	t->name[len] = '\0';
	return 0;
}

static int open_complaint(struct tunnel *t)
{
	t->complaint = memfd_create("mailrail tunnel", MFD_CLOEXEC | MFD_ALLOW_SEALING);
	if (t->complaint < 0 || ftruncate(t->complaint, COMPLAINT_BYTES) < 0)
		return -1;
	return fcntl(t->complaint, F_ADD_SEALS, F_SEAL_GROW | F_SEAL_SHRINK);
}

int tunnel_start(const char *command, struct tunnel **out, struct fault *why)
{
	struct tunnel *t = mem_zero(1, sizeof(*t));

	*t = (struct tunnel){ .command = mem_text(command), .listener = -1, .complaint = -1,
		.child = CHILD_NONE };
	if (listen_privately(t) < 0 || open_complaint(t) < 0) {
		fault_set(why, FAULT_TEMP, "tunnel: %s", strerror(errno));
		tunnel_end(t);
		return -1;
	}
	*out = t;
	return 0;
}

const char *tunnel_socket(const struct tunnel *t)
{
	return t->name;
}

int tunnel_fd(const struct tunnel *t)
{
	return t->listener;
}

/* Any user of this machine can connect to the name: only this process is meant. */
static bool is_ours(int fd)
{
	struct ucred who;
	socklen_t len = sizeof(who);

	return getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &who, &len) == 0 && who.pid == getpid();
}

int tunnel_accept(struct tunnel *t, struct fault *why)
{
	char *const argv[] = { "/bin/sh", "-c", t->command, NULL };
	AUTO_FD end = accept4(t->listener, NULL, NULL, SOCK_CLOEXEC);
	const struct child_plan plan = { .argv = argv, .in = end, .out = end,
		.err = t->complaint, .own_session = true };

	if (end < 0 && (errno == EAGAIN || errno == EINTR || errno == ECONNABORTED))
		return 0;
	if (end < 0)
		return fault_set(why, FAULT_TEMP, "tunnel: %s", strerror(errno));
	if (!is_ours(end))
		return 0;
	io_close_at(&t->listener);
	return child_start(&plan, &t->child, why);
}

void tunnel_explain(const struct tunnel *t, struct fault *why)
{
	off_t len = lseek(t->complaint, 0, SEEK_CUR);
	AUTO_BUF text = { 0 };
	AUTO_BUF shown = { 0 };
	struct slice rest;
	struct slice line = { "", 0 };
	struct fault before;

	if (!why || len <= 0 || len > COMPLAINT_BYTES)
		return;
	buf_reserve(&text, (size_t)len);
	len = pread(t->complaint, text.ptr, (size_t)len, 0);
	if (len <= 0)
		return;
	rest = slice_trim(slice_of(text.ptr, (size_t)len));
	while (slice_line(&rest, &line))
		;
	say_visible(&shown, slice_first(line, 300));
	before = *why;
	fault_set(why, before.kind, "%s; the tunnel says: %s", before.text, buf_text(&shown));
}

void tunnel_end(struct tunnel *t)
{
	int status;

	if (!t)
		return;
	if (t->child.pid > 0)
		child_wait(&t->child, clock_deadline(LEAVE_MS), &status, NULL);
	io_close_at(&t->listener);
	io_close_at(&t->complaint);
	free(t->command);
	free(t);
}
