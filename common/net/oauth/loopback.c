/*
 * The port for the browser: see loopback.h.
 *
 * SPDX-License-Identifier: ISC
 */
#include "common/net/oauth/loopback.h"

#include <errno.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include "common/base/io.h"
#include "common/net/oauth/redirect.h"

void loopback_close(struct loopback *l)
{
	io_close_at(&l->fd);
	for (size_t i = 0; i < LOOPBACK_GUESTS; i++) {
		io_close_at(&l->guests[i].fd);
		buf_free(&l->guests[i].head);
	}
}

int loopback_open(long port, struct loopback *out, struct fault *why)
{
	struct sockaddr_in at = { .sin_family = AF_INET, .sin_port = htons((uint16_t)port),
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	socklen_t len = sizeof(at);
	int on = 1;

	*out = (struct loopback){ .fd = -1 };
	for (size_t i = 0; i < LOOPBACK_GUESTS; i++)
		out->guests[i].fd = -1;
	out->fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (out->fd < 0 || (port && setsockopt(out->fd, SOL_SOCKET, SO_REUSEADDR, &on,
				    sizeof(on)) < 0) ||
		bind(out->fd, (struct sockaddr *)&at, len) < 0 ||
		listen(out->fd, LOOPBACK_GUESTS) < 0 ||
		getsockname(out->fd, (struct sockaddr *)&at, &len) < 0)
		return fault_set(why, FAULT_TEMP, "port %ld of 127.0.0.1, for the browser: %s",
			port, strerror(errno));
	out->port = ntohs(at.sin_port);
	return 0;
}

void loopback_polls(const struct loopback *l, struct pollfd *set)
{
	set[0] = (struct pollfd){ .fd = l->fd, .events = POLLIN };
	for (size_t i = 0; i < LOOPBACK_GUESTS; i++)
		set[i + 1] = (struct pollfd){ .fd = l->guests[i].fd, .events = POLLIN };
}

static void welcome(struct loopback *l)
{
	int fd;

	while (l->fd >= 0 && (fd = accept4(l->fd, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK)) >= 0) {
		struct loopback_guest *g = &l->guests[l->next];

		io_close_at(&g->fd);
		buf_clear(&g->head);
		g->fd = fd;
		l->next = (l->next + 1) % LOOPBACK_GUESTS;
	}
}

/* True when its request is whole. */
static bool listen_to(struct loopback_guest *g)
{
	struct slice target;
	char bytes[2048];
	ssize_t n;

	while (g->head.len < REDIRECT_MAX && (n = io_read(g->fd, bytes, sizeof(bytes))) != 0) {
		if (n < 0 && errno == EAGAIN)
			return redirect_request(buf_slice(&g->head), &target) > 0;
		if (n < 0)
			break;
		buf_add(&g->head, bytes, (size_t)n);
	}
	if (redirect_request(buf_slice(&g->head), &target) > 0)
		return true;
	io_close_at(&g->fd);
	buf_clear(&g->head);
	return false;
}

struct loopback_guest *loopback_serve(struct loopback *l)
{
	welcome(l);
	for (size_t i = 0; i < LOOPBACK_GUESTS; i++) {
		if (l->guests[i].fd >= 0 && listen_to(&l->guests[i]))
			return &l->guests[i];
	}
	return NULL;
}

void loopback_answer(struct loopback_guest *g, int status, const char *sentence)
{
	AUTO_BUF page = { 0 };
	AUTO_BUF text = { 0 };

	buf_addf(&page, "<!DOCTYPE html>\n<title>mailrail</title>\n<p>%s</p>\n", sentence);
	buf_addf(&text,
		"HTTP/1.1 %d %s\r\nContent-Type: text/html; charset=utf-8\r\n"
		"Content-Length: %zu\r\nCache-Control: no-store\r\n"
		"Referrer-Policy: no-referrer\r\nConnection: close\r\n\r\n%s",
		status, status == 200 ? "OK" : status == 404 ? "Not Found" : "Bad Request",
		page.len, page.ptr);
	/* It fits the buffer of a new socket; a browser that is gone misses nothing. */
	(void)send(g->fd, text.ptr, text.len, MSG_NOSIGNAL);
	io_close_at(&g->fd);
	buf_clear(&g->head);
}
