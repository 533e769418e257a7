/*
 * Parameters of MIME fields; the rows named in common/mail/LENIENT.md pin the leniencies.
 *
 * SPDX-License-Identifier: ISC
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "common/mail/parameter.h"

struct row {
	const char *label;
	struct slice value;
	const char *text; /* of parameter "p"; NULL: there is none */
};

#define ROW(label, value, text) { label, SLICE(value), text }

static const struct row rows[] = {
	ROW("none", "a/b", NULL),
	ROW("token", "a/b; p=x", "x"),
	ROW("case, blanks", "a/b ;\tP = x ; q=y", "x"),
	ROW("quoted", "a/b; p=\"x; \\\"y\\\" (z)\"; q=1", "x; \"y\" (z)"),
	ROW("empty", "a/b; p=\"\"", ""),
	ROW("comment, RFC 2045", "text/plain; p=us-ascii (Plain text)", "us-ascii"),
	ROW("comments everywhere", "a/b(;p=1);(p=2)p(x)=(y)z (\\);)", "z"),
	ROW("another one", "a/b; pp=1; xp=2", NULL),
	ROW("in another's quotes", "a/b; q=\"; p=1\"", NULL),
	/* RFC 2231 */
	ROW("continued", "a/b; p*0=\"ftp:\"; p*1=\"//x\"", "ftp://x"),
	ROW("continued, out of order", "a/b; p*1=b; p*2=c; p*0=a", "abc"),
	ROW("extended", "a/b; p*=us-ascii'en-us'This%20is%20%2A%2A%2A", "This is ***"),
	ROW("extended Latin 1", "a/b; p*=iso-8859-1''J%F6rg", "J\xc3\xb6rg"),
	ROW("both", "a/b; p*0*=us-ascii'en'This%20is%20; p*1*=%2A%2A; p*2=\"it's %20\"",
		"This is **it's %20"),
	ROW("character split", "a/b; p*0*=utf-8''%E2; p*1*=%82%AC", "\xe2\x82\xac"),
	ROW("gap", "a/b; p*0=a; p*2=c", "a"),
	ROW("ten sections", "a/b; p*10=k; p*0=a; p*1=b; p*2=c; p*3=d; p*4=e; p*5=f; p*6=g; p*7=h;"
		"p*8=i; p*9=j", "abcdefghijk"),
	/* LENIENT.md from here on */
	ROW("extended and plain", "a/b; p=x; p*=utf-8''y", "y"),
	ROW("continued and plain", "a/b; p=x; p*0=y", "y"),
	ROW("twice", "a/b; p=x; p=y", "x"),
	ROW("section twice", "a/b; p*0=x; p*0=y", "x"),
	ROW("blanks without quotes", "a/b; p=my file.txt; q=1", "my file.txt"),
	ROW("quote never closed", "a/b; p=\"x; q=1", "x; q=1"),
	ROW("comment never closed", "a/b; (p=x", NULL),
	ROW("encoded word", "a/b; p=\"=?utf-8?Q?=C3=B6?=\"", "\xc3\xb6"),
	ROW("8-bit", "a/b; p=\xf6", "\xc3\xb6"),
	ROW("no charset", "a/b; p*=%41", "A"),
	ROW("unknown charset", "a/b; p*=x-foo''%41", "A"),
	ROW("broken percent", "a/b; p*=utf-8''%4x%", "%4x%"),
	ROW("no number", "a/b; p*x=1", NULL),
	ROW("huge number", "a/b; p*99999999999999999999999=1", NULL),
	ROW("no value", "a/b; p; p=1", "1"),
	ROW("semicolons", "a/b;;; p=x;;", "x"),
	ROW("NUL and line ends", "a/b; p*=utf-8''a%00%0D%0Ab", "a\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd" "b"),
	ROW("empty field", "", NULL),
};

static void text(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		AUTO_BUF got = { 0 };
		bool found = parameter_text(rows[i].value, "p", &got);

		if (found != (rows[i].text != NULL) ||
		    (found && !slice_is(buf_slice(&got), rows[i].text)))
			fail_msg("%s: %d %s", rows[i].label, found, buf_text(&got));
	}
}

static void bytes_as_they_are(void **state)
{
	AUTO_BUF got = { 0 };

	(void)state;
	assert_true(parameter_bytes(SLICE("a/b; p=\"=?utf-8?Q?x?=\xf6\""), "p", &got));
	assert_string_equal(buf_text(&got), "=?utf-8?Q?x?=\xf6");
	assert_false(parameter_bytes(SLICE("a/b"), "p", &got));
}

static void main_value(void **state)
{
	(void)state;
	assert_true(slice_is(parameter_main(SLICE(" (x) a/b (y) ; p=1")), "a/b"));
	assert_true(slice_is(parameter_main(SLICE("attachment")), "attachment"));
	assert_true(slice_is(parameter_main(SLICE("; p=1")), ""));
	assert_true(slice_is(parameter_main(SLICE("")), ""));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(text),
		cmocka_unit_test(bytes_as_they_are),
		cmocka_unit_test(main_value),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
