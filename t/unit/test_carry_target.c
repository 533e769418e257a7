/*
 * What mr-relay carry is told to carry to.
 *
 * SPDX-License-Identifier: ISC
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "common/base/buf.h"
#include "relay/carry_target.h"

struct row {
	const char *text;
	const char *want; /* "lmtp|smtp PATH-or-HOST PORT TLS CA TO", NULL: refused */
};

static const struct row rows[] = {
	{ "smtp:localhost", "smtp localhost 25 none - -" },
	{ "smtp:LOCALHOST:2525", "smtp LOCALHOST 2525 none - -" },
	{ "smtp:127.0.0.1", "smtp 127.0.0.1 25 none - -" },
	{ "smtp:[::1]", "smtp ::1 25 none - -" },
	{ "smtp:[2001:db8::1]:587", "smtp 2001:db8::1 587 starttls - -" },
	{ "smtp:mail.test", "smtp mail.test 25 starttls - -" },
	{ "smtp:localhost.test", "smtp localhost.test 25 starttls - -" },
	{ "smtp:mail.test:465?tls=implicit&ca-file=/a b", "smtp mail.test 465 implicit /a b -" },
	{ "smtp:mail.test?tls=none", "smtp mail.test 25 none - -" },
	{ "smtp:localhost?tls=starttls&to=a@b", "smtp localhost 25 starttls - a@b" },
	{ "lmtp:/run/a:b c", "lmtp /run/a:b c 0 none - -" },
	{ "lmtp:/run/x?to=joe", "lmtp /run/x 0 none - joe" },
	{ "lmtp:localhost:24", "lmtp localhost 24 none - -" },
	{ "lmtp:mail.test:24?tls=none", "lmtp mail.test 24 none - -" },
	{ "", NULL },
	{ "queue:", NULL },
	{ "SMTP:localhost", NULL },
	{ "smtp:", NULL },
	{ "smtp://localhost", NULL },
	{ "smtp:/run/x", NULL },
	{ "smtp:user@host", NULL },
	{ "smtp:a b", NULL },
	{ "smtp:a:", NULL },
	{ "smtp:a:0", NULL },
	{ "smtp:a:65536", NULL },
	{ "smtp:a:25x", NULL },
	{ "smtp:::1", NULL },
	{ "smtp:[::1", NULL },
	{ "smtp:[]", NULL },
	{ "smtp:[::1]25", NULL },
	{ "smtp:a?tls=", NULL },
	{ "smtp:a?tls=none&tls=starttls", NULL },
	{ "smtp:a?tls=none&ca-file=/x", NULL },
	{ "smtp:a?to=", NULL },
	{ "smtp:a?to=a b", NULL },
	{ "smtp:a?user=x", NULL },
	{ "lmtp:localhost", NULL },
	{ "lmtp:mail.test:24", NULL },
	{ "lmtp:/x?tls=starttls", NULL },
};

static void rows_read(void **state)
{
	static const char *const tls[] = { "implicit", "starttls", "none" };

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		AUTO_CARRY_TARGET t = { 0 };
		AUTO_BUF got = { 0 };
		struct fault why = { 0 };
		int result = carry_target_read(rows[i].text, &t, &why);

		if (result < 0) {
			if (rows[i].want || why.kind != FAULT_USAGE)
				fail_msg("%s: %s", rows[i].text, why.text);
			continue;
		}
		buf_addf(&got, "%s %s %ld %s %s %s", t.lmtp ? "lmtp" : "smtp",
			t.path ? t.path : t.host, t.port, tls[t.tls], t.ca_file ? t.ca_file : "-",
			t.to ? t.to : "-");
		if (!rows[i].want || strcmp(buf_text(&got), rows[i].want) != 0)
			fail_msg("%s: %s", rows[i].text, buf_text(&got));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(rows_read),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
