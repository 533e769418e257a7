/*
 * Waiting for the browser: what the page's address says, and the three ways to give up. That
 * a login works is shown by t/1017-oauth.t.
 *
 * SPDX-License-Identifier: ISC
 */
#include <setjmp.h>
#include <stdarg.h>
#include <cmocka.h>

#include <arpa/inet.h>
#include <fcntl.h>
#include <sys/socket.h>

#include "common/base/clock.h"
#include "common/base/io.h"
#include "common/net/oauth/form.h"
#include "common/net/oauth/login.h"

#define TEXT(literal) ((char *)(uintptr_t)(literal))

static struct server server = { .host = TEXT("imap.gmail.com"), .user = TEXT("you@x.org"),
	.oauth = { .provider = OAUTH_GMAIL, .client_id = TEXT("id") } };

static void take_url(void *state, const char *url, const char *code)
{
	assert_null(code);
	buf_set(state, slice_text(url));
}

static void no_hint(void *state, const char *sentence)
{
	(void)state;
	fail_msg("%s", sentence);
}

static int log_in(const struct oauth_user *user, struct fault *why)
{
	AUTO_OAUTH_CLIENT c = { 0 };
	AUTO_OAUTH_ANSWER answer = { 0 };

	assert_int_equal(oauth_client_make(&server, &c, why), 0);
	return oauth_browser(&c, user, &answer, why);
}

/* RFC 6749 section 4.1.1, RFC 7636 section 4.3, and what Google wants. */
static void nobody_comes(void **state)
{
	static const char *const want[][2] = {
		{ "response_type", "code" }, { "client_id", "id" },
		{ "scope", "https://mail.google.com/" }, { "code_challenge_method", "S256" },
		{ "login_hint", "you@x.org" }, { "access_type", "offline" },
		{ "prompt", "consent" },
	};
	AUTO_BUF url = { 0 };
	AUTO_BUF value = { 0 };
	const struct oauth_user user = { .show = take_url, .hint = no_hint, .state = &url,
		.in = -1, .cancel_fd = -1, .patience_ms = 200 };
	int64_t begin = clock_tick();
	struct slice query;
	struct fault why;

	(void)state;
	assert_int_equal(log_in(&user, &why), -1);
	assert_int_equal(why.kind, FAULT_LOGIN);
	assert_non_null(strstr(why.text, "nobody logged in"));
	assert_true(clock_tick() - begin < 5000);
	query = buf_slice(&url);
	assert_true(slice_starts(query, "https://accounts.google.com/o/oauth2/v2/auth?"));
	slice_skip(&query, (size_t)slice_find_byte(query, '?') + 1);
	for (size_t i = 0; i < sizeof(want) / sizeof(want[0]); i++) {
		assert_int_equal(form_find(query, want[i][0], &value), 1);
		assert_string_equal(buf_text(&value), want[i][1]);
	}
	assert_int_equal(form_find(query, "redirect_uri", &value), 1);
	assert_true(slice_starts(buf_slice(&value), "http://127.0.0.1:"));
	assert_int_equal(form_find(query, "state", &value), 1);
	assert_int_equal(value.len, 32);
	assert_int_equal(form_find(query, "code_challenge", &value), 1);
	assert_int_equal(value.len, 43);
}

static void stopped(void **state)
{
	AUTO_BUF url = { 0 };
	struct oauth_user user = { .show = take_url, .hint = no_hint, .state = &url, .in = -1,
		.patience_ms = 20000 };
	int64_t begin = clock_tick();
	struct fault why;
	int stop[2];

	(void)state;
	assert_int_equal(pipe(stop), 0);
	assert_int_equal(write(stop[1], "x", 1), 1);
	user.cancel_fd = stop[0];
	assert_int_equal(log_in(&user, &why), -1);
	assert_int_equal(why.kind, FAULT_TEMP);
	assert_true(clock_tick() - begin < 5000);
	close(stop[0]);
	close(stop[1]);
}

/* A fixed port that somebody has. */
static void port_in_use(void **state)
{
	struct sockaddr_in at = { .sin_family = AF_INET,
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	socklen_t len = sizeof(at);
	AUTO_FD fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	AUTO_BUF url = { 0 };
	AUTO_BUF redirect = { 0 };
	const struct oauth_user user = { .show = take_url, .hint = no_hint, .state = &url,
		.in = -1, .cancel_fd = -1, .patience_ms = 20000 };
	struct fault why;

	(void)state;
	assert_int_equal(bind(fd, (struct sockaddr *)&at, len), 0);
	assert_int_equal(listen(fd, 1), 0);
	assert_int_equal(getsockname(fd, (struct sockaddr *)&at, &len), 0);
	buf_addf(&redirect, "http://localhost:%d", ntohs(at.sin_port));
	server.oauth.redirect_url = redirect.ptr;
	assert_int_equal(log_in(&user, &why), -1);
	server.oauth.redirect_url = NULL;
	assert_int_equal(why.kind, FAULT_TEMP);
	assert_non_null(strstr(why.text, "in use"));
	assert_int_equal(url.len, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(nobody_comes),
		cmocka_unit_test(stopped),
		cmocka_unit_test(port_in_use),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
