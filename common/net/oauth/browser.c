/*
 * Logging in through the browser: see login.h. RFC 6749 section 4.1, RFC 7636, RFC 8252.
 *
 * SPDX-License-Identifier: ISC
 */
#include <errno.h>

#include "common/base/clock.h"
#include "common/base/io.h"
#include "common/base/stage.h"
#include "common/net/oauth/ask.h"
#include "common/net/oauth/form.h"
#include "common/net/oauth/login.h"
#include "common/net/oauth/loopback.h"
#include "common/net/oauth/pkce.h"
#include "common/net/oauth/redirect.h"

struct visit {
	const struct oauth_client *client;
	const struct oauth_user *user;
	struct redirect redirect;
	struct loopback port; /* fd -1: the redirect leads elsewhere */
	struct buf redirect_url;
	struct buf state;
	struct buf verifier;
	struct buf code;
	struct buf pasted;
	int in;
};

static void visit_end(struct visit *v)
{
	struct buf *const secrets[] = { &v->verifier, &v->code, &v->pasted, &v->state };

	for (size_t i = 0; i < sizeof(secrets) / sizeof(secrets[0]); i++) {
		if (secrets[i]->ptr)
			explicit_bzero(secrets[i]->ptr, secrets[i]->room);
		buf_free(secrets[i]);
	}
	buf_free(&v->redirect_url);
	loopback_close(&v->port);
}

static int prepare(struct visit *v, struct fault *why)
{
	bool here = redirect_parse(v->client->redirect, &v->redirect);

	if (loopback_open(here ? v->redirect.port : 0, &v->port, why) < 0)
		return -1;
	if (here) {
		buf_add_slice(&v->redirect_url, v->redirect.host);
		buf_addf(&v->redirect_url, ":%ld", v->port.port);
		buf_add_slice(&v->redirect_url, v->redirect.path);
	} else {
		loopback_close(&v->port);
		buf_add_text(&v->redirect_url, v->client->redirect);
	}
	stage_random_name(&v->state, 32);
	pkce_verifier(&v->verifier);
	v->in = v->user->in;
	return 0;
}

/* RFC 6749 section 4.1.1, RFC 7636 section 4.3; login_hint is OpenID Connect's. */
static void show(const struct visit *v)
{
	AUTO_BUF url = { 0 };
	AUTO_BUF challenge = { 0 };
	const char *base = v->client->auth_url;

	pkce_challenge(buf_slice(&v->verifier), &challenge);
	buf_addf(&url, "%s%s", base, strchr(base, '?') ? "" : "?");
	form_add(&url, "response_type", SLICE("code"));
	form_add(&url, "client_id", slice_text(v->client->id));
	form_add(&url, "redirect_uri", buf_slice(&v->redirect_url));
	form_add(&url, "scope", slice_text(v->client->scope));
	form_add(&url, "state", buf_slice(&v->state));
	form_add(&url, "code_challenge", buf_slice(&challenge));
	form_add(&url, "code_challenge_method", SLICE("S256"));
	form_add(&url, "login_hint", slice_text(v->client->server->user));
	buf_add_text(&url, v->client->further);
	v->user->show(v->user->state, buf_text(&url), NULL);
}

/* Requests of the browser: 1 the code came, 0 go on, -1 the provider said no. */
static int serve(struct visit *v, struct fault *why)
{
	struct loopback_guest *g;
	struct slice target;

	while ((g = loopback_serve(&v->port)) != NULL) {
		int found = 0;

		redirect_request(buf_slice(&g->head), &target);
		if (target.len == 0 || !redirect_is_ours(&v->redirect, target)) {
			loopback_answer(g, target.len ? 404 : 400, "There is nothing here.");
			continue;
		}
		found = redirect_answer(target, buf_text(&v->state), &v->code, why);
		loopback_answer(g, found > 0 ? 200 : 400,
			found > 0   ? "Done. You can close this page and go back to mr-fetch."
			: found < 0 ? "The login was refused. mr-fetch says why."
				    : "This is not the login that mr-fetch waits for.");
		if (found != 0)
			return found;
	}
	return 0;
}

/* A line: the address that the browser ended at, or with "oob" the code itself. */
static int take_line(struct visit *v, struct slice line, struct fault *why)
{
	bool own_code = v->redirect.host.len == 0 && slice_find_byte(line, '?') < 0;
	int found;

	line = slice_trim(line);
	if (line.len == 0)
		return 0;
	if (own_code) {
		buf_set(&v->code, line);
		return 1;
	}
	found = redirect_answer(line, buf_text(&v->state), &v->code, why);
	if (found == 0)
		v->user->hint(v->user->state,
			"that is not the address that this login ends at: copy all of it");
	return found;
}

/* The same results as serve. */
static int hear(struct visit *v, struct fault *why)
{
	char bytes[4096];
	ssize_t n = io_read(v->in, bytes, sizeof(bytes));
	int found = 0;

	if (n > 0 && v->pasted.len + (size_t)n <= REDIRECT_MAX)
		buf_add(&v->pasted, bytes, (size_t)n);
	else if (n >= 0 || errno != EAGAIN)
		v->in = -1;
	explicit_bzero(bytes, sizeof(bytes));
	while (found == 0 && v->pasted.len > 0) {
		ptrdiff_t end = slice_find_byte(buf_slice(&v->pasted), '\n');
		size_t len = end < 0 ? v->pasted.len : (size_t)end + 1;

		if (end < 0 && v->in >= 0)
			break;
		found = take_line(v, slice_first(buf_slice(&v->pasted), len), why);
		buf_drop(&v->pasted, len);
	}
	return found;
}

static int await_code(struct visit *v, struct fault *why)
{
	int64_t end = clock_deadline(v->user->patience_ms);
	struct pollfd set[LOOPBACK_GUESTS + 3];
	int found = 0;

	while (found == 0) {
		int n;

		if (v->in < 0 && v->port.fd < 0)
			return fault_set(why, FAULT_LOGIN, "nothing was pasted");
		loopback_polls(&v->port, set);
		set[LOOPBACK_GUESTS + 1] = (struct pollfd){ .fd = v->in, .events = POLLIN };
		set[LOOPBACK_GUESTS + 2] =
			(struct pollfd){ .fd = v->user->cancel_fd, .events = POLLIN };
		n = poll(set, LOOPBACK_GUESTS + 3, clock_poll_timeout(end));
		if (n < 0 && errno != EINTR)
			return fault_set(why, FAULT_TEMP, "poll: %s", strerror(errno));
		if (n < 0)
			continue;
		if (n == 0)
			return fault_set(why, FAULT_LOGIN, "nobody logged in within %lld s",
				(long long)(v->user->patience_ms / 1000));
		if (set[LOOPBACK_GUESTS + 2].revents)
			return fault_set(why, FAULT_TEMP, "stopped");
		found = serve(v, why);
		if (found == 0 && set[LOOPBACK_GUESTS + 1].revents)
			found = hear(v, why);
	}
	return found;
}

/* RFC 6749 section 4.1.3, RFC 7636 section 4.5. */
static int exchange(struct visit *v, struct oauth_answer *out, struct fault *why)
{
	AUTO_BUF form = { 0 };
	int result;

	buf_reserve(&form, 2 * REDIRECT_MAX);
	form_add(&form, "grant_type", SLICE("authorization_code"));
	form_add(&form, "code", buf_slice(&v->code));
	form_add(&form, "redirect_uri", buf_slice(&v->redirect_url));
	form_add(&form, "code_verifier", buf_slice(&v->verifier));
	result = oauth_ask(v->client, v->user->cancel_fd, &form, out, NULL, NULL, why);
	explicit_bzero(form.ptr, form.room);
	if (result == 0 && out->error)
		result = oauth_refused(v->client, out->error, &out->detail, why);
	return result;
}

int oauth_browser(const struct oauth_client *c, const struct oauth_user *user,
	struct oauth_answer *out, struct fault *why)
{
	__attribute__((cleanup(visit_end))) struct visit v = { .client = c, .user = user };

	*out = (struct oauth_answer){ 0 };
	if (prepare(&v, why) < 0)
		return -1;
	show(&v);
	if (await_code(&v, why) < 0)
		return -1;
	return exchange(&v, out, why);
}
