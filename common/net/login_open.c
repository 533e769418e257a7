/*
 * Sessions from their beginning: secret, hooks, connection, then the login (login.h).
 *
 * SPDX-License-Identifier: ISC
 */
#include "common/net/login.h"

#include <strings.h>

#include "common/net/hook.h"
#include "common/net/secret_command.h"

/* A certificate is a secret of another kind. */
static bool needs_secret(const struct server *server)
{
	return server->user &&
		!(server->auth.count == 1 && strcasecmp(server->auth.at[0], "EXTERNAL") == 0);
}

/* Whoever got through the tunnel may be known already: imapd greets with PREAUTH. */
static bool may_be_known(const struct wire_plan *plan)
{
	return plan->protocol == WIRE_IMAP && plan->tls == WIRE_TLS_NONE && plan->way->tunnel;
}

static bool is_known(const struct wire *w)
{
	const struct strings *greeting = wire_greeting(w);

	return greeting->count > 0 && strncasecmp(greeting->at[0], "* PREAUTH", 9) == 0;
}

static int connect_to(const struct server *server, struct wire_plan *plan, struct wire **out,
	struct fault *why)
{
	AUTO_SECRET proxy = { 0 };

	if (server->way.proxy_password_command &&
		secret_command(server->way.proxy_password_command, "proxy-password-command",
			server, plan->cancel_fd, &proxy.text, why) < 0)
		return -1;
	plan->proxy_password = proxy.text;
	return wire_open(plan, out, why);
}

/* Between preconnect and postconnect. */
static int connect_and_log_in(const struct server *server, struct wire_plan *plan,
	struct secret *secret, struct session *out, struct fault *why)
{
	struct wire *w = NULL;

	if (connect_to(server, plan, &w, why) < 0)
		return -1;
	if (needs_secret(server) && !secret->text && !is_known(w) &&
		secret_get(server, plan->cancel_fd, secret, why) < 0) {
		wire_close(w);
		return -1;
	}
	return session_start(plan->protocol, server, plan->hello, secret, w, out, why);
}

int session_open(enum wire_protocol protocol, const struct server *server, const char *hello,
	int cancel_fd, struct session *out, struct fault *why)
{
	struct wire_plan plan = { .protocol = protocol, .tls = (enum wire_tls)server->tls,
		.host = server->host, .port = server->port, .trust = &server->trust,
		.way = &server->way, .hello = hello, .timeout_ms = server->timeout,
		.cancel_fd = cancel_fd };
	AUTO_SECRET secret = { 0 };
	struct hook *after = NULL;
	int result;

	*out = (struct session){ 0 };
	if (wire_check(&plan, why) < 0)
		return server->place ? fault_prefix(why, "%s", server->place) : -1;
	if (needs_secret(server) && !may_be_known(&plan) &&
		secret_get(server, cancel_fd, &secret, why) < 0)
		return -1;
	if (hook_before(server, cancel_fd, &after, why) < 0)
		return -1;
	result = connect_and_log_in(server, &plan, &secret, out, why);
	/* A token that should be valid may have been taken back early. */
	if (result < 0 && why->kind == FAULT_LOGIN && secret.text &&
		secret_renew(server, cancel_fd, &secret, why) > 0)
		result = connect_and_log_in(server, &plan, &secret, out, why);
	if (result == 0) {
		out->after = after;
		return 0;
	}
	hook_after(after);
	if (why->kind == FAULT_LOGIN)
		secret_forget(server);
	return -1;
}
