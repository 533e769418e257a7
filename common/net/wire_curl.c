/*
 * Opening a wire, and its table over libcurl (wire.h). wire_options and wire_fault are the
 * other two files that know libcurl.
 *
 * Promises: no login is left to libcurl; TLS is never optional unless it was switched off;
 * a certificate that cannot be verified ends the opening; what a server says is shown to
 * nobody but in the sentence of a fault.
 *
 * SPDX-License-Identifier: ISC
 */
#include "common/net/wire_own.h"

#include <errno.h>
#include <malloc.h>
#include <signal.h>

#include "common/base/clock.h"

static void link_close(void *state)
{
	struct link *l = state;

	handshake_free(l->handshake);
	if (l->multi && l->easy)
		curl_multi_remove_handle(l->multi, l->easy);
	if (l->easy)
		curl_easy_cleanup(l->easy);
	if (l->multi)
		curl_multi_cleanup(l->multi);
	curl_slist_free_all(l->connect_to);
	tunnel_end(l->tunnel);
	strings_free(&l->lines);
	known_key_free(&l->known);
	free(l);
}

static void link_close_at(struct link **l)
{
	if (*l)
		link_close(*l);
}

/* libcurl's result as errno says it: the table's contract. */
static ssize_t transferred(CURLcode code, size_t n)
{
	if (code == CURLE_OK)
		return (ssize_t)n;
	errno = code == CURLE_AGAIN ? EAGAIN : code == CURLE_SEND_ERROR ? EPIPE : ECONNRESET;
	return -1;
}

static ssize_t link_recv(void *state, void *ptr, size_t len)
{
	size_t n = 0;
	CURLcode code = curl_easy_recv(((struct link *)state)->easy, ptr, len, &n);

	return transferred(code, n);
}

static ssize_t link_send(void *state, const void *ptr, size_t len)
{
	size_t n = 0;
	CURLcode code = curl_easy_send(((struct link *)state)->easy, ptr, len, &n);

	return transferred(code, n);
}

static void link_explain(void *state, struct fault *why)
{
	struct link *l = state;

	if (l->tunnel)
		tunnel_explain(l->tunnel, why);
}

/* Waits a second for libcurl, its tunnel or a cancel: 0, -1 cancelled, -2 and *why. */
static int wait_for_news(struct link *l, const struct wire_plan *plan, struct fault *why)
{
	struct curl_waitfd set[2];
	unsigned count = 0;
	int tunnel = l->tunnel ? tunnel_fd(l->tunnel) : -1;

	if (tunnel >= 0)
		set[count++] = (struct curl_waitfd){ .fd = tunnel, .events = CURL_WAIT_POLLIN };
	if (plan->cancel_fd >= 0)
		set[count++] = (struct curl_waitfd){ .fd = plan->cancel_fd,
			.events = CURL_WAIT_POLLIN };
	curl_multi_poll(l->multi, set, count, 1000, NULL);
	if (plan->cancel_fd >= 0 && set[count - 1].revents)
		return -1;
	return tunnel >= 0 && tunnel_accept(l->tunnel, why) < 0 ? -2 : 0;
}

/* Runs it to the hand-over: CURLE_OK, its error, or what wait_for_news says. */
static int run(struct link *l, const struct wire_plan *plan, struct fault *why)
{
	int64_t end = plan->timeout_ms > 0 ? clock_deadline(plan->timeout_ms + 1000) : CLOCK_NEVER;
	int running = 1;
	int left;
	int waited;
	CURLMsg *news;

	if (curl_multi_add_handle(l->multi, l->easy) != CURLM_OK)
		return CURLE_FAILED_INIT;
	for (;;) {
		if (curl_multi_perform(l->multi, &running) != CURLM_OK)
			return CURLE_FAILED_INIT;
		news = curl_multi_info_read(l->multi, &left);
		if (news)
			return (int)news->data.result;
		if (clock_tick() >= end)
			return CURLE_OPERATION_TIMEDOUT;
		waited = wait_for_news(l, plan, why);
		if (waited < 0)
			return waited;
	}
}

static int prepare_trust(struct link *l, const struct wire_plan *plan, const char *name,
	struct fault *why)
{
	static const struct trust_rules none;
	const struct trust_rules *rules = plan->trust ? plan->trust : &none;
	bool first_use = rules->way == TRUST_FIRST_USE;

	if (first_use && known_key_read(name, &l->known, why) < 0)
		return -1;
	l->handshake = handshake_new(rules, first_use ? &l->known : NULL);
	return 0;
}

/* Nothing was sent within TLS yet but libcurl's question for capabilities. */
static int settle_trust(struct link *l, const struct wire_plan *plan, const char *name,
	struct handshake_facts *facts, struct fault *why)
{
	if (plan->tls == WIRE_TLS_NONE)
		return 0;
	if (!handshake_end(l->handshake, facts))
		return fault_set(why, FAULT_TEMP, "%s: the server showed no certificate", name);
	if (l->known.path && !l->known.there)
		return known_key_add(&l->known, name, &facts->key, why);
	return 0;
}

static struct wire *hand_over(struct link *l, const struct wire_plan *plan, const char *name)
{
	struct wire_ops ops = { .recv = link_recv, .send = link_send, .close = link_close,
		.explain = link_explain, .encrypted = plan->tls != WIRE_TLS_NONE, .name = name };
	curl_socket_t fd = CURL_SOCKET_BAD;
	struct wire *w;

	if (curl_easy_getinfo(l->easy, CURLINFO_ACTIVESOCKET, &fd) != CURLE_OK ||
		fd == CURL_SOCKET_BAD)
		return NULL;
	ops.fd = fd;
	w = wire_from(&ops, l, plan->timeout_ms);
	wire_set_cancel(w, plan->cancel_fd);
	for (size_t i = 0; i < l->lines.count; i++)
		wire_greet(w, slice_text(l->lines.at[i]));
	return w;
}

int wire_open(const struct wire_plan *plan, struct wire **out, struct fault *why)
{
	__attribute__((cleanup(link_close_at))) struct link *l = mem_zero(1, sizeof(*l));
	long port = plan->port ? plan->port : wire_default_port(plan->protocol, plan->tls);
	struct handshake_facts facts;
	AUTO_BUF name = { 0 };
	int code;

	if (wire_check(plan, why) < 0)
		return -1;
	buf_addf(&name, "%s:%ld", plan->host, port);
	l->protocol = plan->protocol;
	l->easy = curl_easy_init();
	l->multi = curl_multi_init();
	if (!l->easy || !l->multi)
		return fault_set(why, FAULT_TEMP, "libcurl does not start");
	if (plan->way && plan->way->tunnel &&
		tunnel_start(plan->way->tunnel, &l->tunnel, why) < 0)
		return -1;
	if (prepare_trust(l, plan, buf_text(&name), why) < 0 || link_set(l, plan, why) < 0)
		return -1;
	code = run(l, plan, why);
	if (code == -2)
		return -1;
	if (code != CURLE_OK) {
		link_fault(l, plan, code, buf_text(&name), why);
		link_explain(l, why);
		return -1;
	}
	if (settle_trust(l, plan, buf_text(&name), &facts, why) < 0)
		return -1;
	*out = hand_over(l, plan, buf_text(&name));
	if (!*out)
		return fault_set(why, FAULT_TEMP, "%s: the connection is lost", buf_text(&name));
	if (plan->tls != WIRE_TLS_NONE)
		wire_set_facts(*out, &facts);
	l = NULL;
	return 0;
}

int wire_start(struct fault *why)
{
	/* Threads only log in: an arena of their own would grow page by page, and stay. */
	(void)mallopt(M_ARENA_MAX, 1);
	signal(SIGPIPE, SIG_IGN);
	if (curl_global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK)
		return fault_set(why, FAULT_TEMP, "libcurl does not start");
	return 0;
}
