/*
 * What is done at the server with a stored message: from settings to a plan.
 *
 * SPDX-License-Identifier: ISC
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "fetch/afterwards.h"
#include "fetch/imap/letters.h"
#include "fetch/imap/plan.h"

static void check_flags(void **state)
{
	static const struct {
		const char *text;
		bool flag;
	} rows[] = {
		{ "\\Seen", true },
		{ "\\seen", true },
		{ "\\Answered", true },
		{ "\\Flagged", true },
		{ "\\Draft", true },
		{ "$Forwarded", true },
		{ "Junk", true },
		{ "a[b", true },
		{ "", false },
		{ "\\", false },
		{ "\\Deleted", false },
		{ "\\Recent", false },
		{ "\\*", false },
		{ "\\Important", false },
		{ "a b", false },
		{ "a)", false },
		{ "(a", false },
		{ "{1}", false },
		{ "a]", false },
		{ "a\"", false },
		{ "100%", false },
		{ "a*", false },
		{ "a\r\nb", false },
		{ "\xc3\xbc", false },
	};
	char *longest = mem_zero(102, 1);

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		assert_int_equal(afterwards_is_flag(slice_text(rows[i].text)), rows[i].flag);
	memset(longest, 'a', 101);
	assert_false(afterwards_is_flag(slice_text(longest)));
	assert_true(afterwards_is_flag(slice_text(longest + 1)));
	free(longest);
}

static void check_plans(void **state)
{
	static const struct {
		bool keep, mark_read;
		char *set, *clear, *move_to, *target;
		enum imap_end end;
		const char *sets, *clears;
		bool changes;
	} rows[] = {
		{ false, false, NULL, NULL, NULL, NULL, IMAP_DELETE, "", "", true },
		{ true, false, NULL, NULL, NULL, NULL, IMAP_KEEP, "", "", false },
		{ true, true, NULL, NULL, NULL, NULL, IMAP_KEEP, "\\Seen", "", true },
		{ true, false, NULL, "$x", NULL, NULL, IMAP_KEEP, "", "$x", true },
		{ false, true, "$x", NULL, NULL, NULL, IMAP_DELETE, "\\Seen $x", "", true },
		{ false, true, "\\seen", NULL, NULL, NULL, IMAP_DELETE, "\\Seen", "", true },
		{ false, false, NULL, NULL, "Done", "Done", IMAP_MOVE, "", "", true },
		{ true, false, NULL, NULL, "Done", "Done", IMAP_MOVE, "", "", true },
		/* Where deleting is a move. */
		{ false, false, NULL, NULL, NULL, "Bin", IMAP_MOVE, "", "", true },
		{ true, false, NULL, NULL, NULL, "Bin", IMAP_KEEP, "", "", false },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct account a = { .keep = rows[i].keep,
			.after = { .mark_read = rows[i].mark_read, .move_to = rows[i].move_to } };
		struct imap_plan plan = { 0 };

		if (rows[i].set)
			strings_add(&a.after.set_flags, slice_text(rows[i].set));
		if (rows[i].clear)
			strings_add(&a.after.clear_flags, slice_text(rows[i].clear));
		imap_plan_make(&a, rows[i].target, &plan);
		assert_int_equal(plan.end, rows[i].end);
		assert_string_equal(buf_text(&plan.set), rows[i].sets);
		assert_string_equal(buf_text(&plan.clear), rows[i].clears);
		assert_int_equal(imap_plan_changes(&plan), rows[i].changes);
		imap_plan_free(&plan);
		strings_free(&a.after.set_flags);
		strings_free(&a.after.clear_flags);
	}
}

static void check_permitted(void **state)
{
	static const struct {
		const char *permanent, *wanted, *left;
		size_t lost;
	} rows[] = {
		{ "\\Seen \\Deleted \\*", "\\Seen $a b", "\\Seen $a b", 0 },
		{ "\\seen $A", "\\Seen $a b", "\\Seen $a", 1 },
		{ "\\Deleted \\*", "\\Seen $a", "$a", 1 },
		{ "", "\\Seen $a", "", 2 },
		{ "\\Seen", "", "", 0 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct imap_plan plan = { 0 };
		AUTO_STRINGS lost = { 0 };

		buf_add_text(&plan.set, rows[i].wanted);
		buf_add_text(&plan.clear, rows[i].wanted);
		imap_plan_permit(&plan, slice_text(rows[i].permanent), &lost);
		assert_string_equal(buf_text(&plan.set), rows[i].left);
		assert_string_equal(buf_text(&plan.clear), rows[i].left);
		assert_int_equal(lost.count, 2 * rows[i].lost);
		imap_plan_free(&plan);
	}
}

static void check_letters(void **state)
{
	struct imap_letters list = { 0 };
	struct imap_letter letter = { 0 };

	(void)state;
	for (uint32_t uid = 1; uid <= 200; uid++) {
		letter.uid = uid;
		letter.row.size = 10 * uid;
		imap_letters_add(&list, &letter);
	}
	assert_true(imap_letters_take(&list, 7, &letter));
	assert_true(letter.uid == 7 && letter.row.size == 70);
	assert_false(imap_letters_take(&list, 7, &letter));
	assert_true(letter.uid == 7 && letter.row.size == 0);
	assert_true(imap_letters_take(&list, 200, &letter));
	assert_true(imap_letters_take(&list, 1, &letter));
	assert_true(letter.row.size == 10 && list.count == 197);
	imap_letters_free(&list);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(check_flags),
		cmocka_unit_test(check_plans),
		cmocka_unit_test(check_permitted),
		cmocka_unit_test(check_letters),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
