/*
 * Questions to a provider: see ask.h.
 *
 * SPDX-License-Identifier: ISC
 */
#include "common/net/oauth/ask.h"

#include "common/net/oauth/form.h"
#include "common/net/secret_command.h"

static void wipe(char **text)
{
	if (*text)
		explicit_bzero(*text, strlen(*text));
	free(*text);
}

#define AUTO_WIPED_TEXT __attribute__((cleanup(wipe))) char

/* Client authentication (section 2.3.1): every provider takes it in the form. */
static int add_client(const struct oauth_client *c, int cancel_fd, struct buf *form,
	struct fault *why)
{
	AUTO_WIPED_TEXT *secret = NULL;

	if (oauth_client_secret(c, cancel_fd, &secret, why) < 0)
		return -1;
	form_add(form, "client_id", slice_text(c->id));
	if (secret)
		form_add(form, "client_secret", slice_text(secret));
	return 0;
}

int oauth_post(const struct oauth_client *c, const char *url, int cancel_fd,
	struct buf *form, struct https_answer *out, struct fault *why)
{
	const struct server *s = c->server;
	struct https_plan plan = { .url = url, .ca_file = s->oauth.ca_file, .way = &s->way,
		.timeout_ms = OAUTH_ASK_MS, .cancel_fd = cancel_fd };
	AUTO_WIPED_TEXT *proxy = NULL;

	*out = (struct https_answer){ 0 };
	if (add_client(c, cancel_fd, form, why) < 0)
		return -1;
	if (s->way.proxy && s->way.proxy_password_command &&
		secret_command(s->way.proxy_password_command, "proxy-password-command", s,
			cancel_fd, &proxy, why) < 0)
		return -1;
	plan.proxy_password = proxy;
	if (https_post(&plan, buf_slice(form), out, why) < 0)
		return -1;
	if (out->status >= 500 || out->status == 429 || out->status == 408)
		return fault_set(why, FAULT_TEMP, "%s says \"not now\" (HTTP status %ld)",
			c->title, out->status);
	return 0;
}

static int read_answer(const struct oauth_client *c, const struct https_answer *answer,
	struct oauth_answer *out, struct fault *why)
{
	if (oauth_answer_read(buf_slice(&answer->body), out, why) < 0)
		return fault_prefix(why, "%s (HTTP status %ld)", c->title, answer->status);
	if (answer->status == 200 || out->error)
		return 0;
	oauth_answer_wipe(out);
	return fault_set(why, FAULT_PROTOCOL, "%s gives tokens with HTTP status %ld", c->title,
		answer->status);
}

int oauth_ask(const struct oauth_client *c, int cancel_fd, struct buf *form,
	struct oauth_answer *out, int64_t *retry, bool *asked, struct fault *why)
{
	AUTO_HTTPS_ANSWER answer = { 0 };
	int result;

	*out = (struct oauth_answer){ 0 };
	result = oauth_post(c, c->token_url, cancel_fd, form, &answer, why);
	if (asked)
		*asked = answer.status != 0;
	if (retry)
		*retry = answer.retry_after;
	return result < 0 ? -1 : read_answer(c, &answer, out, why);
}

int oauth_refused(const struct oauth_client *c, const char *error, const struct buf *detail,
	struct fault *why)
{
	enum fault_kind kind = oauth_error_kind(error);
	const struct server *s = c->server;

	if (kind == FAULT_CONFIG)
		return fault_set(why, kind, "%s: %s does not take the application (client-id, "
			"client-secret, oauth-scope): %s", s->place ? s->place : s->host, c->title,
			buf_text(detail));
	if (kind == FAULT_LOGIN)
		return fault_set(why, kind, "%s refuses the login of %s: %s", c->title, s->user,
			buf_text(detail));
	return fault_set(why, kind, "%s says \"not now\": %s", c->title, buf_text(detail));
}
