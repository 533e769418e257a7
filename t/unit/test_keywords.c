/*
 * Flags and labels of a message at its server, and what of them the frame bears.
 *
 * SPDX-License-Identifier: ISC
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "fetch/imap/keywords.h"

static void check_flags(void **state)
{
	static const struct {
		const char *flags, *wanted;
	} rows[] = {
		{ "\\Seen \\Flagged", "\\Seen \\Flagged" },
		{ "\\Deleted", "" },
		{ "\\Recent \\Seen \\deleted $Forwarded", "\\Seen $Forwarded" },
		{ "a A a", "a" },
		{ "", "" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct imap_fetch fetch = { 0 };
		AUTO_BUF out = { 0 };

		buf_add_text(&fetch.flags, rows[i].flags);
		imap_put_flags(&fetch, &out);
		assert_string_equal(buf_text(&out), rows[i].wanted);
		buf_free(&fetch.flags);
	}
}

static void check_labels(void **state)
{
	static const struct {
		const char *labels[4], *wanted;
	} rows[] = {
		{ { "work" }, "\\Seen work" },
		{ { "\\Important", "\\Inbox", "\\Starred" }, "\\Seen $Important $Inbox" },
		{ { "Muy Importante", "lists/c" }, "\\Seen Muy_Importante lists/c" },
		{ { "Gel&APY-scht" }, "\\Seen Gel&APY-scht" },
		{ { "a(b)", "\"q\"", "x]y", "1%*{" }, "\\Seen a_b_ _q_ x_y 1___" },
		{ { "a b", "a_b", "A_B" }, "\\Seen a_b" },
		{ { "\xc3\xbc", "a\r\nb" }, "\\Seen __ a__b" },
		{ { "\\", "" }, "\\Seen $" },
		{ { NULL }, "\\Seen" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct imap_fetch fetch = { 0 };
		AUTO_BUF out = { 0 };

		buf_add_text(&out, "\\Seen");
		for (size_t k = 0; k < 4 && rows[i].labels[k]; k++)
			strings_add(&fetch.labels, slice_text(rows[i].labels[k]));
		imap_put_labels(&fetch, &out);
		assert_string_equal(buf_text(&out), rows[i].wanted);
		strings_free(&fetch.labels);
	}
}

static void check_many(void **state)
{
	struct imap_fetch fetch = { 0 };
	AUTO_BUF out = { 0 };
	AUTO_BUF label = { 0 };

	(void)state;
	for (int i = 0; i < 5000; i++) {
		buf_clear(&label);
		buf_addf(&label, "%0200d", i);
		strings_add(&fetch.labels, buf_slice(&label));
	}
	imap_put_labels(&fetch, &out);
	assert_true(out.len > 16000 && out.len < 17000);
	strings_free(&fetch.labels);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(check_flags),
		cmocka_unit_test(check_labels),
		cmocka_unit_test(check_many),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
