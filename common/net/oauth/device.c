/*
 * Logging in by a code that is typed elsewhere: see login.h. RFC 8628.
 *
 * SPDX-License-Identifier: ISC
 */
#include <poll.h>

#include "common/base/clock.h"
#include "common/base/io.h"
#include "common/net/oauth/ask.h"
#include "common/net/oauth/form.h"
#include "common/net/oauth/login.h"

/* Section 3.5: slow_down adds so much. LIMIT: a pause after network trouble. */
enum { SLOWER = 5, SLOWEST = 60 };

/* Section 3.1. */
static int begin(const struct oauth_client *c, int cancel_fd, struct oauth_device *out,
	struct fault *why)
{
	AUTO_HTTPS_ANSWER answer = { 0 };
	AUTO_BUF form = { 0 };
	int result;

	form_add(&form, "scope", slice_text(c->scope));
	result = oauth_post(c, c->device_url, cancel_fd, &form, &answer, why);
	explicit_bzero(form.ptr, form.room);
	if (result < 0)
		return -1;
	if (oauth_device_read(buf_slice(&answer.body), out, why) < 0)
		return fault_prefix(why, "%s (HTTP status %ld)", c->title, answer.status);
	if (out->error)
		return oauth_refused(c, out->error, &out->detail, why);
	if (!https_url_is_safe(out->url))
		return fault_set(why, FAULT_PROTOCOL,
			"%s wants the code at an address that is not safe: %s", c->title, out->url);
	return 0;
}

/* One question (section 3.4): 1 *out has tokens, 0 not yet, -1. Changes the interval. */
static int ask(const struct oauth_client *c, int cancel_fd, struct oauth_device *d,
	struct oauth_answer *out, struct fault *why)
{
	AUTO_BUF form = { 0 };
	int result;

	buf_reserve(&form, 3 * OAUTH_TOKEN_MAX + 4096);
	form_add(&form, "grant_type", SLICE("urn:ietf:params:oauth:grant-type:device_code"));
	form_add(&form, "device_code", slice_text(d->code));
	result = oauth_ask(c, cancel_fd, &form, out, NULL, NULL, why);
	explicit_bzero(form.ptr, form.room);
	if (result < 0 && why->kind == FAULT_TEMP) {
		d->interval = 2 * d->interval < SLOWEST ? 2 * d->interval : SLOWEST;
		return 0;
	}
	if (result < 0)
		return -1;
	if (!out->error)
		return 1;
	if (strcmp(out->error, "slow_down") == 0)
		d->interval += SLOWER;
	else if (strcmp(out->error, "authorization_pending") != 0)
		return oauth_refused(c, out->error, &out->detail, why);
	oauth_answer_wipe(out);
	return 0;
}

int oauth_device(const struct oauth_client *c, const struct oauth_user *user,
	struct oauth_answer *out, struct fault *why)
{
	AUTO_OAUTH_DEVICE d = { 0 };
	int64_t end;
	int result = 0;

	*out = (struct oauth_answer){ 0 };
	if (begin(c, user->cancel_fd, &d, why) < 0)
		return -1;
	user->show(user->state, d.url, d.user_code);
	end = clock_deadline(d.life * 1000);
	while (result == 0) {
		int64_t next = clock_deadline(d.interval * 1000);

		if (io_wait(user->cancel_fd, POLLIN, next) > 0)
			return fault_set(why, FAULT_TEMP, "stopped");
		if (clock_tick() >= end)
			return fault_set(why, FAULT_LOGIN,
				"nobody typed the code within %lld s", (long long)d.life);
		result = ask(c, user->cancel_fd, &d, out, why);
	}
	return result < 0 ? -1 : 0;
}
