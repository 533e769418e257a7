/*
 * Ways to a server: proxies as they are written, and settings that exclude each other.
 *
 * SPDX-License-Identifier: ISC
 */
#include <setjmp.h>
#include <stdarg.h>
#include <cmocka.h>

#include "common/net/way.h"

static const struct proxy_row {
	const char *label;
	const char *text;
	const char *want; /* "SCHEME USER HOST PORT", NULL: refused */
} proxies[] = {
	{ "socks5h", "socks5h://proxy.example:1080", "socks5h  proxy.example 1080" },
	{ "socks5", "socks5://10.0.0.1:1", "socks5  10.0.0.1 1" },
	{ "socks4a", "socks4a://p:65535", "socks4a  p 65535" },
	{ "http with a user", "http://me@p:3128", "http me p 3128" },
	{ "a user with blanks", "http://a b@p:3128", "http a b p 3128" },
	{ "a slash behind", "http://p:3128/", "http  p 3128" },
	{ "IPv6", "socks5://[2001:db8::1]:1080", "socks5  [2001:db8::1] 1080" },
	{ "IPv6 and a user", "socks5://u@[::1]:1080", "socks5 u [::1] 1080" },
	{ "a password", "socks5://u:p@h:1080", NULL },
	{ "no port", "socks5://h", NULL },
	{ "an empty port", "socks5://h:", NULL },
	{ "port 0", "socks5://h:0", NULL },
	{ "port 65536", "socks5://h:65536", NULL },
	{ "no number", "socks5://h:x", NULL },
	{ "IPv6 without brackets", "socks5://::1:1080", NULL },
	{ "half a bracket", "socks5://[::1:1080", NULL },
	{ "the other half", "socks5://::1]:1080", NULL },
	{ "behind the bracket", "socks5://[::1]x:1080", NULL },
	{ "no host", "socks5://:1080", NULL },
	{ "an empty user", "socks5://@h:1080", NULL },
	{ "a path", "http://h:3128/path", NULL },
	{ "another scheme", "https://h:3128", NULL },
	{ "no scheme", "h:3128", NULL },
	{ "nothing", "", NULL },
	{ "a line end", "http://h\n:3128", NULL },
};

static void read_proxy(void **state)
{
	const struct proxy_row *row = *state;
	struct way_proxy p;
	AUTO_BUF got = { 0 };

	if (!way_proxy_read(row->text, &p)) {
		assert_null(row->want);
		return;
	}
	buf_addf(&got, "%.*s %.*s %.*s %.*s", SLICE_ARG(p.scheme), SLICE_ARG(p.user),
		SLICE_ARG(p.host), SLICE_ARG(p.port));
	if (!row->want)
		fail_msg("%s", buf_text(&got));
	assert_string_equal(buf_text(&got), row->want);
}

static char *text(const char *literal)
{
	return (char *)(uintptr_t)literal;
}

static void refuse(struct way way, const char *part)
{
	struct fault why = { 0 };

	assert_int_equal(way_check(&way, &why), -1);
	assert_int_equal(why.kind, FAULT_CONFIG);
	if (!strstr(why.text, part))
		fail_msg("%s", why.text);
}

static void take(struct way way)
{
	struct fault why = { 0 };

	if (way_check(&way, &why) < 0)
		fail_msg("%s", why.text);
}

static void check(void **state)
{
	char path[200];

	(void)state;
	memset(path, 'x', sizeof(path) - 1);
	path[sizeof(path) - 1] = '\0';
	take((struct way){ 0 });
	take((struct way){ .tunnel = text("ssh h imapd"), .preconnect = text("true") });
	take((struct way){ .proxy = text("environment"), .source_address = text("::1") });
	take((struct way){ .source_address = text("127.0.0.1"), .family = WAY_IPV4 });
	refuse((struct way){ .tunnel = text("x"), .proxy = text("http://h:1") },
		"tunnel and proxy are both set");
	refuse((struct way){ .tunnel = text("x"), .unix_socket = text("/x") },
		"tunnel and unix-socket are both set");
	refuse((struct way){ .unix_socket = text("/x"), .proxy = text("http://h:1") },
		"unix-socket and proxy are both set");
	refuse((struct way){ .tunnel = text("x"), .family = WAY_IPV6 },
		"family has no meaning with tunnel");
	refuse((struct way){ .unix_socket = text("/x"), .source_address = text("::1") },
		"source-address has no meaning with unix-socket");
	refuse((struct way){ .unix_socket = path }, "too long for a socket");
	refuse((struct way){ .proxy = text("http://u:secret@h:1") }, "proxy-password-command");
	refuse((struct way){ .proxy = text("http://h:1"),
		.proxy_password_command = text("x") }, "without a user in proxy");
	refuse((struct way){ .proxy_password_command = text("x") }, "without a user in proxy");
	refuse((struct way){ .source_address = text("localhost") }, "is no address");
	refuse((struct way){ .source_address = text("::1"), .family = WAY_IPV4 },
		"not of the family");
	refuse((struct way){ .source_address = text("10.0.0.1"), .family = WAY_IPV6 },
		"not of the family");
}

int main(void)
{
	struct CMUnitTest tests[sizeof(proxies) / sizeof(proxies[0]) + 1];
	size_t n = 0;

	for (; n < sizeof(proxies) / sizeof(proxies[0]); n++)
		tests[n] = (struct CMUnitTest){ proxies[n].label, read_proxy, NULL, NULL,
			(void *)(uintptr_t)&proxies[n] };
	tests[n++] = (struct CMUnitTest)cmocka_unit_test(check);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
