/*
 * OAuth2 without a socket: URLs and forms, PKCE, providers, answers, redirects, the store.
 *
 * SPDX-License-Identifier: ISC
 */
#include <setjmp.h>
#include <stdarg.h>
#include <cmocka.h>

#include <sys/stat.h>

#include "common/base/io.h"
#include "common/net/https.h"
#include "common/net/oauth/answer.h"
#include "common/net/oauth/client.h"
#include "common/net/oauth/form.h"
#include "common/net/oauth/pkce.h"
#include "common/net/oauth/redirect.h"
#include "common/net/oauth/store.h"

#define TEXT(literal) ((char *)(uintptr_t)(literal))

static void forms(void **state)
{
	AUTO_BUF out = { 0 };

	(void)state;
	form_add(&out, "scope", SLICE("https://mail.google.com/ a"));
	form_add(&out, "user", SLICE("\303\244&b=c+d~-._%"));
	assert_string_equal(buf_text(&out), "scope=https%3A%2F%2Fmail.google.com%2F%20a"
					    "&user=%C3%A4%26b%3Dc%2Bd~-._%25");
	buf_clear(&out);
	buf_add_text(&out, "https://x/?tenant=1&");
	form_add(&out, "a", SLICE(""));
	assert_string_equal(buf_text(&out), "https://x/?tenant=1&a=");
}

static void form_values(void **state)
{
	static const struct {
		const char *query;
		int result;
		const char *want;
	} rows[] = {
		{ "code=abc&state=x", 1, "abc" }, { "state=x&code=a%2Fb+c", 1, "a/b c" },
		{ "code=", 1, "" }, { "code", 1, "" }, { "xcode=1&codes=2", 0, "" }, { "", 0, "" },
		{ "code=1&code=2", -1, "" }, { "code=%", -1, "" }, { "code=%4", -1, "" },
		{ "code=%4g", -1, "" }, { "code=%00", -1, "" }, { "code=a%0Ab", -1, "" },
		{ "code=a=b", 1, "a=b" }, { "code=%41", 1, "A" },
	};
	AUTO_BUF out = { 0 };

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		assert_int_equal(form_find(slice_text(rows[i].query), "code", &out), rows[i].result);
		if (rows[i].result > 0)
			assert_string_equal(buf_text(&out), rows[i].want);
	}
}

/* RFC 7636 appendix B. */
static void pkce(void **state)
{
	AUTO_BUF out = { 0 };
	AUTO_BUF verifier = { 0 };

	(void)state;
	pkce_challenge(SLICE("dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"), &out);
	assert_string_equal(buf_text(&out), "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM");
	pkce_verifier(&verifier);
	assert_int_equal(verifier.len, 64);
}

static void safe_urls(void **state)
{
	static const struct {
		const char *url;
		bool safe;
	} rows[] = {
		{ "https://oauth2.googleapis.com/token", true }, { "https://h:8443/a?b=c", true },
		{ "http://127.0.0.1:8080/token", true }, { "http://localhost/token", true },
		{ "http://[::1]:1/", true }, { "http://example.org/token", false },
		{ "http://127.0.0.1.example.org/", false }, { "http://127.0.0.1@example.org/", false },
		{ "https://user:secret@example.org/", false }, { "ftp://127.0.0.1/", false },
		{ "file:///etc/passwd", false }, { "/token", false }, { "", false },
		{ "https://example.org/#x", false }, { "https://", false },
		{ "https://exa mple.org/", false },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		if (https_url_is_safe(rows[i].url) != rows[i].safe)
			fail_msg("%s", rows[i].url);
	}
}

static struct server a_server(int provider)
{
	return (struct server){ .host = TEXT("mail.example"), .user = TEXT("a b@x.org"),
		.place = "config:7",
		.oauth = { .provider = provider, .client_id = TEXT("id") } };
}

static void providers(void **state)
{
	struct server server = a_server(OAUTH_MICROSOFT);
	AUTO_OAUTH_CLIENT c = { 0 };
	struct fault why;
	AUTO_BUF remedy = { 0 };

	(void)state;
	server.oauth.tenant = TEXT("my org");
	assert_int_equal(oauth_client_make(&server, &c, &why), 0);
	assert_string_equal(c.token_url,
		"https://login.microsoftonline.com/my%20org/oauth2/v2.0/token");
	assert_int_equal(c.flow, OAUTH_DEVICE);
	assert_string_equal(c.key, "microsoft:a%20b@x.org");
	assert_true(oauth_scope_covers(c.scope, "offline_access", NULL));
	assert_false(oauth_scope_covers(c.scope, "offline_access more", NULL));
	oauth_client_free(&c);
	server = a_server(OAUTH_GMAIL);
	server.account = "work";
	assert_int_equal(oauth_client_make(&server, &c, &why), 0);
	assert_int_equal(c.flow, OAUTH_BROWSER);
	assert_string_equal(c.scope, "https://mail.google.com/");
	oauth_client_remedy(&c, &remedy);
	assert_string_equal(buf_text(&remedy), "mr-fetch login work");
}

/* What is wrong in the settings: FILE:LINE, and what to do. */
static void bad_settings(void **state)
{
	static const struct {
		struct oauth_settings oauth;
		const char *user;
		const char *want;
	} rows[] = {
		{ { .provider = OAUTH_GMAIL }, "u", "needs a client-id of your own" },
		{ { .provider = OAUTH_GMAIL, .client_id = TEXT("i") }, NULL, "needs a user" },
		{ { .provider = OAUTH_GMAIL, .client_id = TEXT("i"), .flow = OAUTH_DEVICE }, "u",
			"Google gives no mail to devices" },
		{ { .provider = OAUTH_CUSTOM, .client_id = TEXT("i") }, "u",
			"needs an oauth-token-url" },
		{ { .provider = OAUTH_CUSTOM, .client_id = TEXT("i"),
			  .token_url = TEXT("https://x/") }, "u", "needs an oauth-scope" },
		{ { .provider = OAUTH_CUSTOM, .client_id = TEXT("i"), .scope = TEXT("s"),
			  .token_url = TEXT("https://x/") }, "u", "needs an oauth-auth-url" },
		{ { .provider = OAUTH_CUSTOM, .client_id = TEXT("i"), .scope = TEXT("s"),
			  .token_url = TEXT("http://x/") }, "u",
			"oauth-token-url must begin with https://" },
		{ { .provider = OAUTH_GMAIL, .client_id = TEXT("i\303\244") }, "u",
			"client-id holds a character that cannot be sent" },
		{ { .provider = OAUTH_GMAIL, .client_id = TEXT("i"), .scope = TEXT("a\nb") }, "u",
			"oauth-scope holds a character that cannot be sent" },
	};
	struct fault why;

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct server server = a_server(OAUTH_GMAIL);
		AUTO_OAUTH_CLIENT c = { 0 };

		server.oauth = rows[i].oauth;
		server.user = TEXT(rows[i].user);
		assert_int_equal(oauth_client_make(&server, &c, &why), -1);
		assert_int_equal(why.kind, FAULT_CONFIG);
		if (!strstr(why.text, rows[i].want) || !strstr(why.text, "config:7: "))
			fail_msg("%s: %s", rows[i].want, why.text);
	}
}

static void answers(void **state)
{
	static const struct {
		const char *json;
		const char *access, *refresh, *error; /* all NULL: nonsense */
		int64_t life;
	} rows[] = {
		{ "{\"access_token\":\"a\",\"token_type\":\"Bearer\",\"expires_in\":3599,"
		  "\"refresh_token\":\"r\",\"scope\":\"x y\"}", "a", "r", NULL, 3599 },
		{ "{\"access_token\":\"a\",\"token_type\":\"bearer\"}", "a", NULL, NULL, 3600 },
		{ "{\"access_token\":\"a\",\"expires_in\":\"90\"}", "a", NULL, NULL, 90 },
		{ "{\"access_token\":\"a\",\"expires_in\":0}", "a", NULL, NULL, 60 },
		{ "{\"access_token\":\"a\",\"expires_in\":-5}", "a", NULL, NULL, 60 },
		{ "{\"access_token\":\"a\",\"expires_in\":1e300}", "a", NULL, NULL, OAUTH_LIFE_MAX },
		{ "{\"access_token\":\"a\",\"refresh_token\":null}", "a", NULL, NULL, 3600 },
		{ "{\"error\":\"invalid_grant\",\"error_description\":\"no\\nmore\"}", NULL, NULL,
			"invalid_grant", 0 },
		{ "{\"error\":\"invalid_grant\",\"access_token\":\"a\"}", NULL, NULL,
			"invalid_grant", 0 },
		{ "{\"access_token\":\"a\",\"token_type\":\"mac\"}", NULL, NULL, NULL, 0 },
		{ "{\"access_token\":\"\"}", NULL, NULL, NULL, 0 },
		{ "{\"access_token\":7}", NULL, NULL, NULL, 0 },
		{ "{\"access_token\":\"a\\u0000b\"}", NULL, NULL, NULL, 0 },
		{ "{\"access_token\":\"a\\r\\nb\"}", NULL, NULL, NULL, 0 },
		{ "{\"access_token\":\"a b\"}", NULL, NULL, NULL, 0 },
		{ "{\"access_token\":\"a\",\"access_token\":\"b\"}", NULL, NULL, NULL, 0 },
		{ "{\"access_token\":\"a\",\"expires_in\":true}", NULL, NULL, NULL, 0 },
		{ "{\"error\":{}}", NULL, NULL, NULL, 0 }, { "{}", NULL, NULL, NULL, 0 },
		{ "[]", NULL, NULL, NULL, 0 }, { "", NULL, NULL, NULL, 0 },
		{ "<html>login</html>", NULL, NULL, NULL, 0 },
		{ "{\"access_token\":\"a\"", NULL, NULL, NULL, 0 },
		{ "{\"access_token\":\"a\"} x", NULL, NULL, NULL, 0 },
	};
	struct fault why;

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		AUTO_OAUTH_ANSWER a = { 0 };
		int result = oauth_answer_read(slice_text(rows[i].json), &a, &why);

		print_message("# %s\n", rows[i].json);
		assert_int_equal(result, rows[i].access || rows[i].error ? 0 : -1);
		if (result < 0) {
			assert_int_equal(why.kind, FAULT_PROTOCOL);
			assert_null(a.access);
			continue;
		}
		assert_string_equal(a.access ? a.access : "", rows[i].access ? rows[i].access : "");
		assert_string_equal(a.refresh ? a.refresh : "",
			rows[i].refresh ? rows[i].refresh : "");
		assert_string_equal(a.error ? a.error : "", rows[i].error ? rows[i].error : "");
		assert_int_equal(a.life, rows[i].life);
	}
}

static void a_long_token(void **state)
{
	AUTO_BUF json = { 0 };
	AUTO_OAUTH_ANSWER a = { 0 };
	struct fault why;

	(void)state;
	buf_add_text(&json, "{\"access_token\":\"");
	for (size_t i = 0; i <= OAUTH_TOKEN_MAX; i++)
		buf_add_byte(&json, 'x');
	buf_add_text(&json, "\"}");
	assert_int_equal(oauth_answer_read(buf_slice(&json), &a, &why), -1);
	buf_clear(&json);
	for (size_t i = 0; i < 20000; i++)
		buf_add_byte(&json, '[');
	assert_int_equal(oauth_answer_read(buf_slice(&json), &a, &why), -1);
}

static void devices(void **state)
{
	AUTO_OAUTH_DEVICE d = { 0 };
	struct fault why;

	(void)state;
	assert_int_equal(oauth_device_read(SLICE("{\"device_code\":\"d\",\"user_code\":\"AB-CD\","
		"\"verification_url\":\"https://x/\",\"expires_in\":900}"), &d, &why), 0);
	assert_string_equal(d.user_code, "AB-CD");
	assert_int_equal(d.interval, 5);
	oauth_device_wipe(&d);
	assert_int_equal(oauth_device_read(SLICE("{\"device_code\":\"d\",\"user_code\":\"A\\u001b[\","
		"\"verification_uri\":\"https://x/\",\"expires_in\":900}"), &d, &why), -1);
	assert_int_equal(oauth_device_read(SLICE("{\"user_code\":\"A\"}"), &d, &why), -1);
	assert_int_equal(oauth_device_read(SLICE("{\"error\":\"invalid_client\"}"), &d, &why), 0);
	assert_int_equal(oauth_error_kind(d.error), FAULT_CONFIG);
}

static void redirects(void **state)
{
	static const struct {
		const char *target;
		int result;
		const char *want;
	} rows[] = {
		{ "/?code=c%2F1&state=s", 1, "c/1" },
		{ "http://127.0.0.1:7/?state=s&code=c#x", 1, "c" },
		{ "state=s&code=c", 0, "" },
		{ "/?code=c&state=t", 0, "" }, { "/?code=c&state=", 0, "" }, { "/?code=c", 0, "" },
		{ "/", 0, "" }, { "/?code=c&state=s&state=s", 0, "" },
		{ "/?state=s", -1, "no code" }, { "/?state=s&code=", -1, "no code" },
		{ "/?state=s&code=a&code=b", -1, "no code" },
		{ "/?state=s&error=access_denied", -1, "access_denied" },
		{ "/?state=s&error=x&error_description=not%20you", -1, "x: not you" },
		{ "/?error=access_denied", 0, "" },
	};
	AUTO_BUF code = { 0 };
	struct fault why;

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		int result = redirect_answer(slice_text(rows[i].target), "s", &code, &why);

		print_message("# %s\n", rows[i].target);
		assert_int_equal(result, rows[i].result);
		if (result > 0)
			assert_string_equal(buf_text(&code), rows[i].want);
		if (result < 0)
			assert_non_null(strstr(why.text, rows[i].want));
	}
}

static void requests(void **state)
{
	static const struct {
		const char *url;
		bool here;
		long port;
		const char *target;
		bool ours;
	} rows[] = {
		{ "http://127.0.0.1", true, 0, "/?a", true },
		{ "http://127.0.0.1", true, 0, "?a", true },
		{ "http://127.0.0.1", true, 0, "/favicon.ico", false },
		{ "http://localhost:8400/back", true, 8400, "/back?a", true },
		{ "http://localhost:8400/back", true, 8400, "/", false },
		{ "http://127.0.0.1:0/", false, 0, "/", false },
		{ "http://127.0.0.1:70000/", false, 0, "/", false },
		{ "http://127.0.0.1.example/", false, 0, "/", false },
		{ "https://example.org/", false, 0, "/", false }, { "oob", false, 0, "/", false },
	};
	struct slice target;

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct redirect r;

		assert_int_equal(redirect_parse(rows[i].url, &r), rows[i].here);
		if (!rows[i].here)
			continue;
		assert_int_equal(r.port, rows[i].port);
		assert_int_equal(redirect_is_ours(&r, slice_text(rows[i].target)), rows[i].ours);
	}
	assert_int_equal(redirect_request(SLICE("GET /?a HTTP/1.1\r\nHost: x\r\n"), &target), 0);
	assert_int_equal(redirect_request(SLICE("GET /?a HTTP/1.1\r\nHost: x\r\n\r\n"), &target), 1);
	assert_true(slice_is(target, "/?a"));
	assert_int_equal(redirect_request(SLICE("POST /?a HTTP/1.1\r\n\r\n"), &target), 1);
	assert_int_equal(target.len, 0);
	assert_int_equal(redirect_request(SLICE("\r\n\r\n"), &target), 1);
	assert_int_equal(target.len, 0);
}

static void store_text(void **state)
{
	struct oauth_store s = { .client_id = TEXT("id"), .scope = TEXT("a b"),
		.refresh = TEXT("r\"\\"), .access = TEXT("acc"), .expires = 5, .obtained = 4,
		.login = 3, .forced = 2, .trouble = FAULT_LOGIN, .until = 9, .tries = 7,
		.words = TEXT("taken back") };
	AUTO_OAUTH_STORE again = { 0 };
	AUTO_BUF text = { 0 };
	AUTO_BUF second = { 0 };

	(void)state;
	oauth_store_put(&s, &text);
	assert_int_equal(oauth_store_parse(buf_slice(&text), &again), 0);
	assert_string_equal(again.refresh, "r\"\\");
	assert_int_equal(again.trouble, FAULT_LOGIN);
	assert_int_equal(again.forced, 2);
	oauth_store_put(&again, &second);
	assert_string_equal(buf_text(&text), buf_text(&second));
	s.words = TEXT("cut \303");
	buf_clear(&second);
	oauth_store_put(&s, &second);
	assert_int_equal(oauth_store_parse(buf_slice(&second), &again), 0);
	assert_string_equal(again.words, "cut ?");
	assert_int_equal(oauth_store_parse(SLICE("{}"), &again), -1);
	assert_int_equal(oauth_store_parse(slice_first(buf_slice(&text), text.len - 4), &again), -1);
}

static void store_file(void **state)
{
	char home[] = "/tmp/mr-oauth.XXXXXX";
	struct oauth_store s = { .client_id = TEXT("id"), .scope = TEXT("a"),
		.access = TEXT("one") };
	AUTO_OAUTH_STORE again = { 0 };
	AUTO_BUF command = { 0 };
	AUTO_BUF path = { 0 };
	struct stat st;
	struct fault why;
	AUTO_FD lock = -1;
	int other = -1;

	(void)state;
	assert_non_null(mkdtemp(home));
	setenv("XDG_STATE_HOME", home, 1);
	assert_int_equal(oauth_store_read("k", &again, &why), 0);
	assert_int_equal(oauth_store_lock("k", &lock, &why), 1);
	assert_int_equal(oauth_store_lock("k", &other, &why), 0);
	for (int i = 0; i < 3; i++) {
		AUTO_OAUTH_WRITER w = OAUTH_WRITER_NONE;
		const char *key = i > 0 ? "k" : "k.new";

		s.access = i > 1 ? TEXT("two") : s.access;
		assert_int_equal(oauth_store_begin(key, &w, &why), 0);
		assert_int_equal(oauth_store_write(key, &s, &w, &why), 0);
	}
	/* alice@example.new is not alice@example. */
	assert_int_equal(oauth_store_read("k.new", &again, &why), 1);
	assert_string_equal(again.access, "one");
	assert_int_equal(oauth_store_read("k", &again, &why), 1);
	assert_string_equal(again.access, "two");
	buf_addf(&path, "%s/mailrail/tokens/k", home);
	assert_int_equal(stat(buf_text(&path), &st), 0);
	assert_int_equal(st.st_mode & 0777, 0600);
	assert_true(st.st_size < 1000);
	buf_add_text(&path, ".new");
	assert_int_equal(unlink(buf_text(&path)), 0);
	buf_addf(&command, "%s/mailrail/tokens", home);
	assert_int_equal(stat(buf_text(&command), &st), 0);
	assert_int_equal(st.st_mode & 0777, 0700);
	buf_cut(&path, path.len - 4);
	assert_int_equal(truncate(buf_text(&path), 30), 0);
	assert_int_equal(oauth_store_read("k", &again, &why), -1);
	assert_int_equal(why.kind, FAULT_CONFIG);
	unlink(buf_text(&path));
	assert_int_equal(rmdir(buf_text(&command)), 0);
	buf_clear(&path);
	buf_addf(&path, "%s/mailrail/run/oauth-k.lock", home);
	unlink(buf_text(&path));
	buf_clear(&path);
	buf_addf(&path, "%s/mailrail/run", home);
	rmdir(buf_text(&path));
	buf_cut(&path, path.len - 4);
	rmdir(buf_text(&path));
	rmdir(home);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(forms),
		cmocka_unit_test(form_values),
		cmocka_unit_test(pkce),
		cmocka_unit_test(safe_urls),
		cmocka_unit_test(providers),
		cmocka_unit_test(bad_settings),
		cmocka_unit_test(answers),
		cmocka_unit_test(a_long_token),
		cmocka_unit_test(devices),
		cmocka_unit_test(redirects),
		cmocka_unit_test(requests),
		cmocka_unit_test(store_text),
		cmocka_unit_test(store_file),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
