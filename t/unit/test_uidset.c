/*
 * Sets of UIDs, against a plain array of booleans.
 *
 * SPDX-License-Identifier: ISC
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "fetch/imap/uidset.h"

static void check(const struct uidset *s, const char *want)
{
	AUTO_BUF text = { 0 };

	uidset_write(s, &text);
	assert_string_equal(buf_text(&text), want);
}

static void test_by_hand(void **state)
{
	AUTO_UIDSET s = { 0 };
	AUTO_UIDSET taken = { 0 };

	(void)state;
	uidset_add(&s, 5, 5);
	uidset_add(&s, 7, 9);
	check(&s, "5,7:9");
	uidset_add(&s, 6, 6);
	check(&s, "5:9");
	uidset_remove(&s, 6, 7);
	check(&s, "5,8:9");
	uidset_add(&s, 0, 3);
	check(&s, "5,8:9");
	uidset_add(&s, UINT32_MAX, UINT32_MAX);
	uidset_add(&s, UINT32_MAX - 1, UINT32_MAX);
	check(&s, "5,8:9,4294967294:4294967295");
	assert_true(uidset_has(&s, UINT32_MAX));
	assert_false(uidset_has(&s, 6));
	assert_int_equal(uidset_size(&s), 5);
	uidset_take(&s, 2, 9, &taken);
	check(&taken, "5,8");
	check(&s, "9,4294967294:4294967295");
	uidset_take(&s, 100, 1, &taken);
	check(&s, "4294967294:4294967295");
	uidset_take(&s, 100, 1, &taken);
	assert_true(uidset_empty(&s));
}

static void test_gather(void **state)
{
	static const uint32_t uids[][2] = { { 9, 9 }, { 10, 10 }, { 3, 5 }, { 4, 4 }, { 0, 2 },
		{ 6, 6 }, { 20, 30 }, { 25, 26 }, { UINT32_MAX, UINT32_MAX }, { 9, 9 }, { 8, 7 } };
	AUTO_UIDSET s = { 0 };

	(void)state;
	for (size_t i = 0; i < sizeof(uids) / sizeof(uids[0]); i++)
		uidset_gather(&s, uids[i][0], uids[i][1]);
	uidset_sort(&s);
	check(&s, "3:6,9:10,20:30,4294967295");
	uidset_keep_last(&s, 100);
	check(&s, "3:6,9:10,20:30,4294967295");
	uidset_keep_last(&s, 13);
	check(&s, "10,20:30,4294967295");
	uidset_keep_last(&s, 12);
	check(&s, "20:30,4294967295");
	uidset_keep_last(&s, 0);
	check(&s, "");
	/* Falling, with gaps: what a server may send to cost us a square. */
	for (uint32_t uid = 600000; uid > 1; uid -= 2)
		uidset_gather(&s, uid, uid);
	uidset_sort(&s);
	assert_int_equal(uidset_size(&s), 300000);
}

static void test_against_array(void **state)
{
	bool plain[70] = { false };
	AUTO_UIDSET s = { 0 };
	unsigned seed = 7;

	(void)state;
	for (int round = 0; round < 20000; round++) {
		uint32_t first, last;

		seed = seed * 1103515245 + 12345;
		first = 1 + (seed >> 16) % 60;
		last = first + (seed >> 24) % 6;
		if (seed >> 30 & 1)
			uidset_add(&s, first, last);
		else
			uidset_remove(&s, first, last);
		for (uint32_t i = first; i <= last; i++)
			plain[i] = seed >> 30 & 1;
		for (uint32_t i = 1; i < 70; i++)
			assert_int_equal(uidset_has(&s, i), plain[i]);
		for (size_t i = 1; i < s.count; i++)
			assert_true(s.at[i].first > s.at[i - 1].last + 1);
	}
}

static void test_texts(void **state)
{
	static const struct {
		const char *text;
		const char *again; /* NULL: malformed */
	} rows[] = {
		{ "", "" }, { "1", "1" }, { "1:3,5", "1:3,5" }, { "5,1:4", "1:5" },
		{ "0", NULL }, { "3:1", NULL }, { "x", NULL }, { "1:", "1" },
		{ "4294967296", NULL }, { "1:*", NULL }, { "1,,2", NULL },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		AUTO_UIDSET s = { 0 };
		bool ok = uidset_read(slice_text(rows[i].text), &s);

		if (ok != (rows[i].again != NULL))
			fail_msg("\"%s\" is %s", rows[i].text, ok ? "taken" : "refused");
		if (ok)
			check(&s, rows[i].again);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_by_hand),
		cmocka_unit_test(test_gather),
		cmocka_unit_test(test_against_array),
		cmocka_unit_test(test_texts),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
