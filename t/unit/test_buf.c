/*
 * Bytes that grow, lists of texts, faults.
 *
 * SPDX-License-Identifier: ISC
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <cmocka.h>

#include "common/base/buf.h"
#include "common/base/fault.h"

static void nothing_is_valid(void **state)
{
	struct buf b = { 0 };

	(void)state;
	assert_string_equal(buf_text(&b), "");
	assert_int_equal(buf_slice(&b).len, 0);
	buf_clear(&b);
	buf_drop(&b, 5);
	buf_cut(&b, 5);
	buf_free(&b);
}

static void always_ended_by_nul(void **state)
{
	AUTO_BUF b = { 0 };

	(void)state;
	for (int i = 0; i < 1000; i++) {
		buf_add(&b, "a\0b", 3);
		assert_int_equal(b.ptr[b.len], 0);
	}
	assert_int_equal(b.len, 3000);
	buf_cut(&b, 2);
	assert_true(slice_equal(buf_slice(&b), SLICE("a\0")));
	assert_int_equal(b.ptr[2], 0);
	buf_cut(&b, 9);
	assert_int_equal(b.len, 2);
}

static void drop_takes_off_the_front(void **state)
{
	AUTO_BUF b = { 0 };

	(void)state;
	buf_add_text(&b, "hello");
	buf_drop(&b, 0);
	buf_drop(&b, 2);
	assert_string_equal(b.ptr, "llo");
	buf_drop(&b, 3);
	assert_int_equal(b.len, 0);
	buf_add_text(&b, "x");
	buf_drop(&b, 99);
	assert_string_equal(b.ptr, "");
}

static void set_from_itself(void **state)
{
	AUTO_BUF b = { 0 };

	(void)state;
	buf_add_text(&b, "0123456789");
	buf_set(&b, slice_from(buf_slice(&b), 4));
	assert_string_equal(b.ptr, "456789");
}

static void format_grows(void **state)
{
	AUTO_BUF b = { 0 };

	(void)state;
	buf_add_text(&b, "<");
	buf_addf(&b, "%0200d%s", 7, "");
	buf_addf(&b, "%s", "");
	assert_int_equal(b.len, 201);
	assert_int_equal(b.ptr[200], '7');
	assert_int_equal(b.ptr[201], 0);
}

static void give_and_swap(void **state)
{
	AUTO_BUF a = { 0 };
	AUTO_BUF b = { 0 };
	AUTO_FREE char *given = buf_give(&a);
	AUTO_FREE char *again = NULL;

	(void)state;
	assert_string_equal(given, "");
	buf_add_text(&a, "a");
	buf_swap(&a, &b);
	assert_int_equal(a.len, 0);
	again = buf_give(&b);
	assert_string_equal(again, "a");
	assert_null(b.ptr);
}

static void lists(void **state)
{
	AUTO_STRINGS list = { 0 };

	(void)state;
	assert_false(strings_has(&list, "a"));
	for (int i = 0; i < 100; i++) {
		strings_add(&list, SLICE("a"));
		assert_null(list.at[list.count]);
	}
	strings_give(&list, mem_text("b"));
	assert_int_equal(list.count, 101);
	assert_true(strings_has(&list, "b"));
	strings_clear(&list);
	assert_int_equal(list.count, 0);
	assert_null(list.at[0]);
	assert_false(strings_has(&list, "b"));
}

static void faults(void **state)
{
	struct fault why = { 0 };
	char *name = mem_zero(1, 2000);

	(void)state;
	assert_int_equal(fault_set(&why, FAULT_TEMP, "open %s", "x"), -1);
	assert_int_equal(fault_prefix(&why, "account %d", 1), -1);
	assert_int_equal(why.kind, FAULT_TEMP);
	assert_string_equal(why.text, "account 1: open x");
	assert_int_equal(fault_set(NULL, FAULT_TEMP, "x"), -1);
	assert_int_equal(fault_prefix(NULL, "x"), -1);
	memset(name, 'n', 1999);
	fault_set(&why, FAULT_CONFIG, "%s", name);
	assert_int_equal(strlen(why.text), sizeof(why.text) - 1);
	assert_string_equal(why.text + sizeof(why.text) - 4, "...");
	free(name);
}

static void worse_status(void **state)
{
	static const int rows[][3] = { { 0, 0, 0 }, { 0, 64, 64 }, { 75, 65, 75 },
		{ 78, 75, 78 }, { 77, 76, 77 }, { 70, 65, 70 }, { 1, 0, 75 }, { 127, 78, 78 },
		{ 139, 65, 75 } };

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		assert_int_equal(status_worse(rows[i][0], rows[i][1]), rows[i][2]);
		assert_int_equal(status_worse(rows[i][1], rows[i][0]), rows[i][2]);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(nothing_is_valid),
		cmocka_unit_test(always_ended_by_nul),
		cmocka_unit_test(drop_takes_off_the_front),
		cmocka_unit_test(set_from_itself),
		cmocka_unit_test(format_grows),
		cmocka_unit_test(give_and_swap),
		cmocka_unit_test(lists),
		cmocka_unit_test(faults),
		cmocka_unit_test(worse_status),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
