/*
 * The header of a large message as a message of its own.
 *
 * SPDX-License-Identifier: ISC
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "fetch/hand/excerpt.h"

#define NOTE                                                                                 \
	"MIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\n"                   \
	"Content-Transfer-Encoding: 8bit\r\n\r\n"                                            \
	"Only the header of this message was fetched: it has 2000 bytes,\r\n"                \
	"and max-size is 1000. It stays at the server as it is:\r\nhost: INBOX\r\n"

struct row {
	const char *label;
	struct slice header;
	const char *want; /* before the note */
};

static const struct row rows[] = {
	{ "fields stay", SLICE("From: a\r\nSubject: b\r\n\tfolded\r\n\r\n"),
		"From: a\r\nSubject: b\r\n\tfolded\r\n" },
	{ "LF becomes CRLF", SLICE("From: a\nSubject: b\n\n"), "From: a\r\nSubject: b\r\n" },
	{ "no empty line", SLICE("From: a\r\n"), "From: a\r\n" },
	{ "no end of the last line", SLICE("From: a"), "From: a\r\n" },
	{ "what speaks of the body is renamed",
		SLICE("mime-version: 1.0\r\nCONTENT-TYPE: multipart/mixed;\r\n boundary=x\r\n"
		      "Content-Length: 5\r\nContents: y\r\n\r\n"),
		"X-Original-mime-version: 1.0\r\nX-Original-CONTENT-TYPE: multipart/mixed;\r\n"
		" boundary=x\r\nX-Original-Content-Length: 5\r\nContents: y\r\n" },
	{ "nothing of the body", SLICE("From: a\r\n\r\nbody: no\r\n"), "From: a\r\n" },
	{ "no header", SLICE(""), "" },
};

static void test_rows(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		AUTO_BUF got = { 0 };
		AUTO_BUF want = { 0 };

		buf_add_text(&want, rows[i].want);
		buf_add_text(&want, NOTE);
		excerpt_make(rows[i].header, 2000, 1000, "host: INBOX", &got);
		if (!slice_equal(buf_slice(&got), buf_slice(&want)))
			fail_msg("%s: %s", rows[i].label, buf_text(&got));
	}
}

static void test_long(void **state)
{
	AUTO_BUF header = { 0 };
	AUTO_BUF got = { 0 };

	(void)state;
	while (header.len < 4 * EXCERPT_HEADER_MAX)
		buf_add_text(&header, "To: somebody@example.org\r\n");
	excerpt_make(buf_slice(&header), 0, 1000, "host", &got);
	assert_true(got.len < EXCERPT_HEADER_MAX + 1000);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_rows),
		cmocka_unit_test(test_long),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
