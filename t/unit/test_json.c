/*
 * common/base/json: texts.
 *
 * SPDX-License-Identifier: ISC
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "common/base/json.h"

#define ROW(label, text, want) { label, { text, sizeof(text) - 1 }, want }

static const struct {
	const char *label;
	struct slice text;
	const char *want;
} rows[] = {
	ROW("nothing", "", "\"\""),
	ROW("plain", "a b/c", "\"a b/c\""),
	ROW("quotes and backslashes", "\"\\\"", "\"\\\"\\\\\\\"\""),
	ROW("controls", "a\n\t\x1b[2J\x7f", "\"a\\u000a\\u0009\\u001b[2J\\u007f\""),
	ROW("NUL", "a\0b", "\"a\\u0000b\""),
	ROW("UTF-8", "Entw\xc3\xbcrfe \xf0\x9f\x93\xac", "\"Entw\xc3\xbcrfe \xf0\x9f\x93\xac\""),
	ROW("Latin-1", "Entw\xfcrfe", "\"Entw\xef\xbf\xbdrfe\""),
	ROW("cut within a character", "x\xe2\x82", "\"x\xef\xbf\xbd\xef\xbf\xbd\""),
	ROW("a surrogate", "\xed\xa0\x80", "\"\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd\""),
};

static void test_rows(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		AUTO_BUF out = { 0 };

		json_put_text(&out, rows[i].text);
		if (!slice_is(buf_slice(&out), rows[i].want))
			fail_msg("%s: %s", rows[i].label, buf_text(&out));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_rows),
	};

	return cmocka_run_group_tests_name("json", tests, NULL, NULL);
}
