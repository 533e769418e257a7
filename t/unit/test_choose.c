/*
 * The SEARCH that an account's settings become, and settings that cannot be.
 *
 * SPDX-License-Identifier: ISC
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "fetch/imap/choose.h"

static char *text(const char *t)
{
	return (char *)(uintptr_t)t;
}

/* 2026-03-05 10:00:00 UTC */
static const int64_t now = 1772704800;

static void test_search(void **state)
{
	static const struct {
		struct choice choice;
		struct choose_way way;
		uint32_t from;
		const char *want; /* "|": the server is waited for */
	} rows[] = {
		{ { 0 }, { 0 }, 1, "UID SEARCH UID 1:* UNDELETED" },
		{ { 0 }, { .esearch = true }, 7, "UID SEARCH RETURN (ALL) UID 7:* UNDELETED" },
		{ { .unseen = true, .since = "2026-01-31" }, { 0 }, 1,
			"UID SEARCH UID 1:* UNDELETED UNSEEN SINCE 31-Jan-2026" },
		{ { .since = "7d" }, { 0 }, 1,
			"UID SEARCH UID 1:* UNDELETED SINCE 26-Feb-2026" },
		{ { .search = " OR FROM \"a \\\"b\" TO c " }, { 0 }, 1,
			"UID SEARCH UID 1:* UNDELETED (OR FROM \"a \\\"b\" TO c)" },
		{ { .search = "SUBJECT \"\xc3\xbc\\\\\" SEEN" }, { 0 }, 1,
			"UID SEARCH CHARSET UTF-8 UID 1:* UNDELETED (SUBJECT {3}|\xc3\xbc\\ SEEN)" },
		{ { .search = "SUBJECT \"\xc3\xbc\"" },
			{ .esearch = true, .literals = true }, 1, "UID SEARCH RETURN (ALL) CHARSET "
			"UTF-8 UID 1:* UNDELETED (SUBJECT {2+}\r\n\xc3\xbc)" },
		{ { .search = "SUBJECT \"\xc3\xbc\"" }, { .utf8 = true }, 1,
			"UID SEARCH UID 1:* UNDELETED (SUBJECT \"\xc3\xbc\")" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		AUTO_STRINGS pieces = { 0 };
		AUTO_BUF got = { 0 };

		assert_int_equal(choice_check(&rows[i].choice, true, NULL), 0);
		choose_search(&rows[i].choice, &rows[i].way, rows[i].from, now, &pieces);
		for (size_t k = 0; k < pieces.count; k++)
			buf_addf(&got, "%s%s", k ? "|" : "", pieces.at[k]);
		assert_string_equal(buf_text(&got), rows[i].want);
	}
}

static void test_flaws(void **state)
{
	static const char *const searches[] = { "", " ", "ALL)", "(ALL", "ALL) OR (SEEN", "FROM \"a",
		"FROM {3}", "ALL\r\nF2 DELETE x", "SUBJECT \xc3\xbc", "SUBJECT \"\xff\"",
		"FROM \"a\\\"", "\x7f" };
	static const char *const days[] = { "", "yesterday", "2026-02-30", "2026-1-1",
		"2026-01-01x", "30", "01-Jan-2026", "-5d" };
	struct choice c = { 0 };

	(void)state;
	for (size_t i = 0; i < sizeof(searches) / sizeof(searches[0]); i++) {
		struct fault why = { 0 };

		c.search = text(searches[i]);
		if (choice_check(&c, true, &why) == 0 || why.kind != FAULT_CONFIG)
			fail_msg("\"%s\"", searches[i]);
	}
	c.search = NULL;
	for (size_t i = 0; i < sizeof(days) / sizeof(days[0]); i++) {
		c.since = text(days[i]);
		if (choice_check(&c, true, NULL) == 0)
			fail_msg("\"%s\"", days[i]);
	}
	c.since = text("1d");
	assert_int_equal(choice_check(&c, true, NULL), 0);
	assert_int_equal(choice_check(&c, false, NULL), -1);
}

static void test_digest(void **state)
{
	struct choice c = { 0 };
	uint64_t plain = choice_digest(&c, true);

	(void)state;
	/* It stands in ledgers. */
	assert_true(plain == 0x9d252ed34c785dd1u);
	assert_true(plain != choice_digest(&c, false));
	c.since = text("1");
	assert_true(plain != choice_digest(&c, true));
	c.since = NULL;
	c.newest = 1;
	assert_true(plain != choice_digest(&c, true));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_search),
		cmocka_unit_test(test_flaws),
		cmocka_unit_test(test_digest),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
