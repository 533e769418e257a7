/*
 * SASL: the choice of a mechanism, and the exchanges that the RFCs print.
 *
 * SPDX-License-Identifier: ISC
 */
#include <setjmp.h>
#include <stdarg.h>
#include <cmocka.h>

#include <gsasl.h>

#include "common/net/sasl.h"

/* The nonce of RFC 5802 section 5 in place of a random one: libgsasl calls ours. */
int gsasl_nonce(char *data, size_t datalen)
{
	AUTO_BUF bytes = { 0 };

	assert_true(sasl_decode(slice_text("fyko+d2lbbFgONRv9qkxdawL"), &bytes));
	assert_int_equal(bytes.len, datalen);
	memcpy(data, bytes.ptr, datalen);
	return GSASL_OK;
}

static void words(const char *text, struct strings *out)
{
	struct slice rest = slice_text(text);
	struct slice word;

	while (rest.len > 0 && slice_cut(&rest, ' ', &word))
		strings_add(out, word);
}

static const struct choice {
	const char *label, *offered, *allowed;
	bool token;
	const char *want;
} choices[] = {
	{ "the strongest", "LOGIN PLAIN CRAM-MD5 SCRAM-SHA-1 SCRAM-SHA-256", "", false,
		"SCRAM-SHA-256" },
	{ "any case", "login plain", "", false, "PLAIN" },
	{ "the order of the user", "PLAIN CRAM-MD5 SCRAM-SHA-256", "CRAM-MD5 PLAIN", false,
		"CRAM-MD5" },
	{ "the user in small letters", "PLAIN", "plain", false, "PLAIN" },
	{ "nothing beyond the user's list", "PLAIN LOGIN", "SCRAM-SHA-256 CRAM-MD5", false, NULL },
	{ "EXTERNAL not by itself", "EXTERNAL", "", false, NULL },
	{ "EXTERNAL by name", "EXTERNAL PLAIN", "EXTERNAL", false, "EXTERNAL" },
	{ "ANONYMOUS never", "ANONYMOUS", "", false, NULL },
	{ "ANONYMOUS not even by name", "ANONYMOUS", "ANONYMOUS", false, NULL },
	{ "unknown ones", "X-MAGIC NTLM GSSAPI", "", false, NULL },
	{ "a prefix is no name", "PLAINER SCRAM-SHA-256-PLUS", "", false, NULL },
	{ "no password to a token mechanism", "XOAUTH2 OAUTHBEARER", "", false, NULL },
	{ "no token to a password mechanism", "PLAIN LOGIN CRAM-MD5", "", true, NULL },
	{ "the standard one for a token", "XOAUTH2 OAUTHBEARER PLAIN", "", true, "OAUTHBEARER" },
	{ "the other one", "PLAIN XOAUTH2", "", true, "XOAUTH2" },
	{ "nothing offered", "", "", false, NULL },
};

static void choose(void **state)
{
	const struct choice *c = *state;
	struct sasl_identity who = { .token = c->token };
	AUTO_STRINGS offered = { 0 };
	AUTO_STRINGS allowed = { 0 };
	const char *got;

	words(c->offered, &offered);
	words(c->allowed, &allowed);
	got = sasl_choose(&offered, &allowed, &who);
	assert_string_equal(got ? got : "(none)", c->want ? c->want : "(none)");
}

/* Challenge and response in turn; "!K" in place of a response: a fault of kind K. */
static const struct exchange {
	const char *label, *mechanism, *user, *secret;
	bool client_first;
	const char *talk[10];
	bool done;
	const char *complaint;
} exchanges[] = {
	{ "PLAIN, RFC 4616", "PLAIN", "tim", "tanstaaftanstaaf", true,
		{ "", "@tim@tanstaaftanstaaf" }, true, NULL },
	{ "LOGIN", "LOGIN", "tim", "secret", false,
		{ "Username:", "tim", "Password:", "secret" }, true, NULL },
	{ "LOGIN, whatever it asks", "LOGIN", "tim", "secret", false,
		{ "", "tim", "\xff", "secret" }, true, NULL },
	{ "LOGIN, half", "LOGIN", "tim", "secret", false, { "Username:", "tim" }, false, NULL },
	{ "CRAM-MD5, RFC 2195", "CRAM-MD5", "tim", "tanstaaftanstaaf", false,
		{ "<1896.697170952@postoffice.reston.mci.net>",
			"tim b913a602c7eda7a495b4e6e7334d3890" }, true, NULL },
	{ "CRAM-MD5, one question too many", "CRAM-MD5", "tim", "secret", false,
		{ "<1@x>", NULL, "<2@x>", "!76" }, true, NULL },
	{ "SCRAM-SHA-1, RFC 5802", "SCRAM-SHA-1", "user", "pencil", true,
		{ "", "n,,n=user,r=fyko+d2lbbFgONRv9qkxdawL",
			"r=fyko+d2lbbFgONRv9qkxdawL3rfcNHYJY1ZVvWVs7j,s=QSXCR+Q6sek8bf92,i=4096",
			"c=biws,r=fyko+d2lbbFgONRv9qkxdawL3rfcNHYJY1ZVvWVs7j,"
			"p=v0X8v3Bz2T0CJGbJQyF0X+HI4Ts=",
			"v=rmF9pqV8S7suAoZWja4dJRkFsKQ=", "" }, true, NULL },
	{ "SCRAM-SHA-256, RFC 7677 with another client nonce", "SCRAM-SHA-256", "user", "pencil",
		true,
		{ "", "n,,n=user,r=fyko+d2lbbFgONRv9qkxdawL",
			"r=fyko+d2lbbFgONRv9qkxdawL%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,"
			"s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096",
			"c=biws,r=fyko+d2lbbFgONRv9qkxdawL%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,"
			"p=2FUSN0pPcS7P8hBhsxBJOiUDbRoW4KVNGZT0LxVnSek=",
			"v=zJZjsVp2g+W9jd01vgbsshippfH1sM0tLdBvs+e3DF4=", "" }, true, NULL },
	{ "SCRAM without the last word", "SCRAM-SHA-1", "user", "pencil", true,
		{ "", NULL, "r=fyko+d2lbbFgONRv9qkxdawL3rfcNHYJY1ZVvWVs7j,s=QSXCR+Q6sek8bf92,i=4096",
			NULL }, false, NULL },
	{ "SCRAM, a server that does not know the password", "SCRAM-SHA-1", "user", "pencil", true,
		{ "", NULL, "r=fyko+d2lbbFgONRv9qkxdawL3rfcNHYJY1ZVvWVs7j,s=QSXCR+Q6sek8bf92,i=4096",
			NULL, "v=rmF9pqV8S7suAoZWja4dJRkFsKA=", "!77" }, false, NULL },
	{ "SCRAM, another nonce", "SCRAM-SHA-1", "user", "pencil", true,
		{ "", NULL, "r=somethingelse3rfcNHYJY1ZVvWVs7j,s=QSXCR+Q6sek8bf92,i=4096", "!77" },
		false, NULL },
	{ "SCRAM, iterations without end", "SCRAM-SHA-1", "user", "pencil", true,
		{ "", NULL, "r=fyko+d2lbbFgONRv9qkxdawL3rfcNHYJY1ZVvWVs7j,s=QSXCR+Q6sek8bf92,i=2000000000",
			"!76" }, false, NULL },
	{ "SCRAM, no iterations", "SCRAM-SHA-1", "user", "pencil", true,
		{ "", NULL, "r=fyko+d2lbbFgONRv9qkxdawL3rfcNHYJY1ZVvWVs7j,s=QSXCR+Q6sek8bf92,i=0",
			"!76" }, false, NULL },
	{ "SCRAM, a password that SASLprep forbids", "SCRAM-SHA-1", "user", "a\a", true,
		{ "", NULL, "r=fyko+d2lbbFgONRv9qkxdawL3rfcNHYJY1ZVvWVs7j,s=QSXCR+Q6sek8bf92,i=4096",
			"!78" }, false, NULL },
	{ "SCRAM, nonsense", "SCRAM-SHA-256", "user", "pencil", true, { "", NULL, "hello", "!76" },
		false, NULL },
	{ "XOAUTH2", "XOAUTH2", "someuser@example.com", "vF9dft4qmTc2Nvb3RlckBhdHRhdmlzdGEuY29tCg==",
		true,
		{ "", "user=someuser@example.com\1auth=Bearer "
			"vF9dft4qmTc2Nvb3RlckBhdHRhdmlzdGEuY29tCg==\1\1" }, true, NULL },
	{ "XOAUTH2 refused", "XOAUTH2", "u", "t", true,
		{ "", NULL, "{\"status\":\"401\"}\n", "" }, false, "{\"status\":\"401\"}\\n" },
	{ "OAUTHBEARER, RFC 7628", "OAUTHBEARER", "user@example.com",
		"vF9dft4qmTc2Nvb3RlckBhbHRhdmlzdGEuY29tCg==", true,
		{ "", "n,a=user@example.com,\1host=server.example.com\1port=143\1auth=Bearer "
			"vF9dft4qmTc2Nvb3RlckBhbHRhdmlzdGEuY29tCg==\1\1" }, true, NULL },
	{ "OAUTHBEARER, a name with comma and equals", "OAUTHBEARER", "a,b=c", "t", true,
		{ "", "n,a=a=2Cb=3Dc,\1host=server.example.com\1port=143\1auth=Bearer t\1\1" }, true,
		NULL },
	{ "OAUTHBEARER refused", "OAUTHBEARER", "u", "t", true,
		{ "", NULL, "{\"status\":\"invalid_token\"}", "\1" }, false,
		"{\"status\":\"invalid_token\"}" },
	{ "EXTERNAL", "EXTERNAL", "u", "", true, { "", "" }, true, NULL },
};

/* "@" in a row stands for NUL. */
static void with_nul(const char *text, struct buf *out)
{
	buf_set(out, slice_text(text));
	for (size_t i = 0; i < out->len && text[0] == '@'; i++)
		out->ptr[i] = out->ptr[i] == '@' ? '\0' : out->ptr[i];
}

static void exchange(void **state)
{
	const struct exchange *e = *state;
	const struct sasl_identity who = { .user = e->user, .secret = e->secret,
		.host = "server.example.com", .port = 143 };
	AUTO_SASL *s = NULL;
	AUTO_BUF response = { 0 };
	AUTO_BUF want = { 0 };
	struct fault why = { 0 };

	assert_int_equal(sasl_begin(e->mechanism, &who, &s, &why), 0);
	assert_int_equal(sasl_client_first(s), e->client_first);
	for (size_t i = 0; e->talk[i]; i += 2) {
		int got = sasl_step(s, slice_text(e->talk[i]), &response, &why);

		if (e->talk[i + 1] && e->talk[i + 1][0] == '!') {
			assert_int_equal(got, -1);
			assert_int_equal(why.kind, strtol(e->talk[i + 1] + 1, NULL, 10));
			break;
		}
		assert_int_equal(got, 0);
		if (!e->talk[i + 1])
			continue;
		with_nul(e->talk[i + 1], &want);
		assert_int_equal(response.len, want.len);
		assert_memory_equal(buf_text(&response), buf_text(&want), want.len);
	}
	assert_int_equal(sasl_is_done(s), e->done);
	assert_string_equal(sasl_complaint(s) ? sasl_complaint(s) : "(none)",
		e->complaint ? e->complaint : "(none)");
}

static void asks_without_end(void **state)
{
	const struct sasl_identity who = { .user = "u", .secret = "t" };
	AUTO_SASL *s = NULL;
	AUTO_BUF response = { 0 };
	struct fault why;
	int steps = 0;

	(void)state;
	assert_int_equal(sasl_begin("XOAUTH2", &who, &s, &why), 0);
	while (sasl_step(s, slice_text("{}"), &response, &why) == 0)
		assert_true(++steps < 100);
	assert_int_equal(why.kind, FAULT_PROTOCOL);
	assert_int_equal(sasl_begin("ANONYMOUS", &who, &s, &why), -1);
	assert_int_equal(why.kind, FAULT_CONFIG);
}

static void base64(void **state)
{
	static const char *const bad[] = { "YQ", "Y!==", "YWI=YWI=", "YQ==\r", " YQ==", "=", "YQ=a" };
	AUTO_BUF out = { 0 };

	(void)state;
	sasl_encode(slice_of("a\0\377", 3), &out);
	assert_string_equal(buf_text(&out), "YQD/");
	buf_clear(&out);
	assert_true(sasl_decode(slice_text("YQD/"), &out));
	assert_memory_equal(out.ptr, "a\0\377", 3);
	buf_clear(&out);
	assert_true(sasl_decode(slice_text(""), &out));
	assert_int_equal(out.len, 0);
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		assert_false(sasl_decode(slice_text(bad[i]), &out));
}

#define COUNT(rows) (sizeof(rows) / sizeof((rows)[0]))

int main(void)
{
	struct CMUnitTest tests[COUNT(choices) + COUNT(exchanges) + 2];
	size_t n = 0;

	for (size_t i = 0; i < COUNT(choices); i++)
		tests[n++] = (struct CMUnitTest){ choices[i].label, choose, NULL, NULL,
			(void *)(uintptr_t)&choices[i] };
	for (size_t i = 0; i < COUNT(exchanges); i++)
		tests[n++] = (struct CMUnitTest){ exchanges[i].label, exchange, NULL, NULL,
			(void *)(uintptr_t)&exchanges[i] };
	tests[n++] = (struct CMUnitTest)cmocka_unit_test(asks_without_end);
	tests[n++] = (struct CMUnitTest)cmocka_unit_test(base64);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
