/*
 * SCRAM with channel binding, against libgsasl's server: an implementation that is not ours.
 * The exchanges of the RFCs are in test_sasl.c.
 *
 * SPDX-License-Identifier: ISC
 */
#include <setjmp.h>
#include <stdarg.h>
#include <cmocka.h>

#include <gsasl.h>

#include "common/net/sasl.h"
#include "common/net/scram_client.h"

static const struct scram_binding exporter = { .type = "tls-exporter", .bytes = "abc", .len = 3 };
static const struct scram_binding unique = { .type = "tls-unique", .bytes = "abc", .len = 3 };

static const struct row {
	const char *label, *mechanism;
	const char *offered;      /* what we were told */
	const struct scram_binding *binding;
	Gsasl_property property;  /* the server's side of the channel */
	const char *server;       /* base64; NULL: it cannot bind */
	const char *begins;       /* our first word */
	bool good;
} rows[] = {
	{ "exporter, SHA-256", "SCRAM-SHA-256-PLUS", "SCRAM-SHA-256-PLUS", &exporter,
		GSASL_CB_TLS_EXPORTER, "YWJj", "p=tls-exporter,,n=user,r=", true },
	{ "exporter, SHA-1", "SCRAM-SHA-1-PLUS", "SCRAM-SHA-1-PLUS", &exporter,
		GSASL_CB_TLS_EXPORTER, "YWJj", "p=tls-exporter,,n=user,r=", true },
	{ "unique", "SCRAM-SHA-256-PLUS", "SCRAM-SHA-256-PLUS", &unique,
		GSASL_CB_TLS_UNIQUE, "YWJj", "p=tls-unique,,n=user,r=", true },
	{ "somebody in between", "SCRAM-SHA-256-PLUS", "SCRAM-SHA-256-PLUS", &exporter,
		GSASL_CB_TLS_EXPORTER, "YWJk", "p=tls-exporter,,", false },
	{ "the server knows no binding", "SCRAM-SHA-256", "SCRAM-SHA-256 PLAIN", &exporter,
		GSASL_CB_TLS_EXPORTER, NULL, "y,,n=user,r=", true },
	{ "somebody took PLUS out of the offer", "SCRAM-SHA-256", "SCRAM-SHA-256", &exporter,
		GSASL_CB_TLS_EXPORTER, "YWJj", "y,,", false },
	{ "PLUS offered, but passed over", "SCRAM-SHA-256", "SCRAM-SHA-256 SCRAM-SHA-256-PLUS",
		&exporter, GSASL_CB_TLS_EXPORTER, "YWJj", "n,,n=user,r=", true },
	{ "no TLS", "SCRAM-SHA-1", "SCRAM-SHA-1", NULL, GSASL_CB_TLS_EXPORTER, NULL,
		"n,,n=user,r=", true },
};

static Gsasl_session *server_begin(Gsasl *library, const struct row *row)
{
	Gsasl_session *server = NULL;

	assert_int_equal(gsasl_server_start(library, row->mechanism, &server), GSASL_OK);
	gsasl_property_set(server, GSASL_PASSWORD, "pencil");
	if (row->server)
		gsasl_property_set(server, row->property, row->server);
	return server;
}

static void talks(void **state)
{
	const struct row *row = *state;
	struct sasl_identity who = { .user = "user", .secret = "pencil",
		.binding = row->binding };
	AUTO_STRINGS offered = { 0 };
	AUTO_STRINGS allowed = { 0 };
	AUTO_SASL *client = NULL;
	AUTO_BUF word = { 0 };
	AUTO_BUF heard = { 0 };
	Gsasl *library = NULL;
	Gsasl_session *server;
	struct slice rest = slice_text(row->offered);
	struct slice name;
	struct fault why;
	int code = GSASL_NEEDS_MORE;
	bool good = true;

	while (slice_cut(&rest, ' ', &name))
		strings_add(&offered, name);
	strings_add(&allowed, slice_text(row->mechanism));
	assert_string_equal(sasl_choose(&offered, &allowed, &who), row->mechanism);
	assert_int_equal(sasl_begin(row->mechanism, &who, &client, &why), 0);
	assert_int_equal(gsasl_init(&library), GSASL_OK);
	server = server_begin(library, row);
	for (int i = 0; good && i < 4 && !sasl_is_done(client); i++) {
		char *out = NULL;
		size_t len = 0;

		good = sasl_step(client, buf_slice(&heard), &word, &why) == 0;
		if (i == 0)
			assert_true(slice_starts(buf_slice(&word), row->begins));
		if (!good || sasl_is_done(client))
			break;
		code = gsasl_step(server, word.ptr, word.len, &out, &len);
		good = code == GSASL_OK || code == GSASL_NEEDS_MORE;
		buf_clear(&heard);
		if (good)
			buf_add(&heard, out, len);
		gsasl_free(out);
	}
	assert_int_equal(good && sasl_is_done(client) && code == GSASL_OK, row->good);
	gsasl_finish(server);
	gsasl_done(library);
}

static void chooses(void **state)
{
	static const struct {
		const char *offered, *with, *without;
	} cases[] = {
		{ "PLAIN SCRAM-SHA-1 SCRAM-SHA-256 SCRAM-SHA-1-PLUS SCRAM-SHA-256-PLUS",
			"SCRAM-SHA-256-PLUS", "SCRAM-SHA-256" },
		{ "SCRAM-SHA-256 SCRAM-SHA-1-PLUS", "SCRAM-SHA-1-PLUS", "SCRAM-SHA-256" },
		{ "SCRAM-SHA-256-PLUS", "SCRAM-SHA-256-PLUS", "(none)" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct sasl_identity who = { .binding = &exporter };
		struct slice rest = slice_text(cases[i].offered);
		AUTO_STRINGS offered = { 0 };
		struct slice name;
		const char *got;

		while (slice_cut(&rest, ' ', &name))
			strings_add(&offered, name);
		assert_string_equal(sasl_choose(&offered, NULL, &who), cases[i].with);
		who.binding = NULL;
		got = sasl_choose(&offered, NULL, &who);
		assert_string_equal(got ? got : "(none)", cases[i].without);
	}
}

/* What the server says in the second and third word, and the fault that it makes. */
static void hostile(void **state)
{
	static const struct {
		const char *label, *behind; /* "%" is our nonce */
		enum fault_kind kind;
	} cases[] = {
		{ "an extension that must be understood", "m=x,r=%a,s=QSXCR+Q6sek8bf92,i=4096",
			FAULT_PROTOCOL },
		{ "no nonce of its own", "r=%,s=QSXCR+Q6sek8bf92,i=4096", FAULT_LOGIN },
		{ "a nonce with a control character", "r=%\1,s=QSXCR+Q6sek8bf92,i=4096",
			FAULT_PROTOCOL },
		{ "no salt", "r=%a,s=,i=4096", FAULT_PROTOCOL },
		{ "salt that is none", "r=%a,s=!!!!,i=4096", FAULT_PROTOCOL },
		{ "count that is none", "r=%a,s=QSXCR+Q6sek8bf92,i=4096x", FAULT_PROTOCOL },
		{ "nothing", "", FAULT_PROTOCOL },
		{ "half", "r=", FAULT_PROTOCOL },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct scram_client s = { .user = "a,b=c", .password = "pencil" };
		AUTO_BUF word = { 0 };
		AUTO_BUF heard = { 0 };
		struct fault why = { 0 };

		assert_int_equal(scram_client_step(&s, slice_text(""), &word, &why), 0);
		assert_true(slice_starts(buf_slice(&word), "n,,n=a=2Cb=3Dc,r="));
		for (const char *p = cases[i].behind; *p; p++) {
			if (*p == '%')
				buf_add_slice(&heard,
					slice_from(buf_slice(&s.first), s.nonce));
			else
				buf_add_byte(&heard, *p);
		}
		buf_clear(&word);
		assert_int_equal(scram_client_step(&s, buf_slice(&heard), &word, &why), -1);
		if (why.kind != cases[i].kind)
			fail_msg("%s: %d %s", cases[i].label, (int)why.kind, why.text);
		scram_client_free(&s);
	}
}

#define COUNT(rows) (sizeof(rows) / sizeof((rows)[0]))

int main(void)
{
	struct CMUnitTest tests[COUNT(rows) + 2];
	size_t n = 0;

	for (size_t i = 0; i < COUNT(rows); i++)
		tests[n++] = (struct CMUnitTest){ rows[i].label, talks, NULL, NULL,
			(void *)(uintptr_t)&rows[i] };
	tests[n++] = (struct CMUnitTest)cmocka_unit_test(chooses);
	tests[n++] = (struct CMUnitTest)cmocka_unit_test(hostile);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
