/*
 * Which folders are meant.
 *
 * SPDX-License-Identifier: ISC
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "common/base/clock.h"
#include "fetch/imap/pick.h"

static void test_patterns(void **state)
{
	static const struct {
		const char *pattern, *name;
		bool want;
	} rows[] = {
		{ "a", "a", true }, { "a", "b", false }, { "a", "ab", false }, { "", "", true },
		{ "*", "", true }, { "*", "a/b", true }, { "%", "a", true }, { "%", "a/b", false },
		{ "%/%", "a/b", true }, { "%/%", "a/b/c", false }, { "%/*", "a/b/c", true },
		{ "lists/*", "lists/c", true }, { "lists/*", "lists", false },
		{ "lists*", "lists", true }, { "*c", "a/b/c", true }, { "*/c", "a/b/cc/c", true },
		{ "%a%b", "xaxb", true }, { "%a%b", "xaaxbb", true }, { "%a%b", "xa/b", false },
		{ "*a%b", "a/ab", true }, { "*a%b", "a/acb/", false }, { "%a/%b", "aa/bb", true },
		{ "*%", "a/b", true }, { "%*", "a/b", true }, { "%b*c", "b/b/c", true },
		{ "a%", "a/", false }, { "%%", "a", true }, { "\xc3\xbc%", "\xc3\xbc" "x", true },
		{ "*a*b*c", "xaybzbc", true }, { "*a*b*c", "xaycb", false },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		if (pick_matches(slice_text(rows[i].pattern), slice_text(rows[i].name)) !=
			rows[i].want)
			fail_msg("%s %s", rows[i].pattern, rows[i].name);
	}
}

static void test_effort(void **state)
{
	AUTO_BUF pattern = { 0 };
	AUTO_BUF name = { 0 };
	int64_t start = clock_tick();

	(void)state;
	for (int i = 0; i < 2000; i++)
		buf_add_text(&pattern, i % 2 ? "*a" : "%a");
	for (int i = 0; i < 20000; i++)
		buf_add_byte(&name, 'a');
	buf_add_byte(&name, 'b');
	assert_false(pick_matches(buf_slice(&pattern), buf_slice(&name)));
	assert_true(clock_tick() - start < 10000);
}

/* Items parted by blanks. */
static bool chooses(const char *text, const char *name, const char *inner, const char *uses)
{
	const struct pick_folder folder = { slice_text(name), slice_text(inner),
		slice_text(uses) };
	struct slice rest = slice_text(text), item;
	AUTO_STRINGS items = { 0 };

	while (slice_cut(&rest, ' ', &item))
		strings_add(&items, item);
	return pick_chooses(&items, &folder);
}

static void test_lists(void **state)
{
	static const struct {
		const char *items, *name, *inner, *uses;
		bool want;
	} rows[] = {
		{ "INBOX", "inbox", "", "", true },
		{ "inbox", "INBOX", "", "", true },
		{ "a", "A", "", "", false },
		{ "* !lists/*", "lists/a", "", "", false },
		{ "* !lists/*", "lists", "", "", true },
		{ "* !lists/* lists/b", "lists/b", "", "", true },
		{ "!lists/* *", "lists/b", "", "", true },
		{ "!Junk", "a", "", "", true },
		{ "!Junk", "Junk", "", "", false },
		{ "\\Junk", "Spam", "", "\\HasNoChildren \\junk", true },
		{ "\\Junk", "Junk", "", "\\Sent", false },
		{ "* !\\Junk !\\Trash", "Spam", "", "\\Junk", false },
		{ "lists/*", "INBOX/lists/c", "lists/c", "", true },
		{ "INBOX/lists/*", "INBOX/lists/c", "lists/c", "", true },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		if (chooses(rows[i].items, rows[i].name, rows[i].inner, rows[i].uses) !=
			rows[i].want)
			fail_msg("%s: %s", rows[i].items, rows[i].name);
	}
}

static void test_items(void **state)
{
	(void)state;
	assert_true(pick_is_valid("a") && pick_is_valid("!a") && pick_is_valid("\\sent"));
	assert_true(pick_is_valid("!\\All"));
	assert_false(pick_is_valid("") || pick_is_valid("!") || pick_is_valid("\\Sents"));
	assert_false(pick_is_valid("a\nb") || pick_is_valid("\\"));
	assert_true(pick_is_name("a/b") && !pick_is_name("a/%") && !pick_is_name("!a"));
	assert_true(pick_is_use("!\\Junk") && !pick_is_use("Junk"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_patterns),
		cmocka_unit_test(test_effort),
		cmocka_unit_test(test_lists),
		cmocka_unit_test(test_items),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
