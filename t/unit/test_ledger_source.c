/*
 * What mr-fetch remembers in the ledger.
 *
 * SPDX-License-Identifier: ISC
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "common/mail/ledger/source.h"

static char home[] = "/tmp/mr-source.XXXXXX";

static int set_up(void **state)
{
	struct fault why;
	struct ledger *l = NULL;

	if (!mkdtemp(home) || ledger_open(home, LEDGER_WRITE, &l, &why) < 0)
		return -1;
	*state = l;
	return ledger_begin(l, &why);
}

static int tear_down(void **state)
{
	static const char *const files[] = { "ledger.db", "ledger.db-wal", "ledger.db-shm",
		"run/ledger.made", "run", "" };

	ledger_close(*state);
	for (size_t i = 0; i < sizeof(files) / sizeof(files[0]); i++) {
		AUTO_BUF path = { 0 };

		buf_addf(&path, "%s/%s", home, files[i]);
		remove(buf_text(&path));
	}
	return 0;
}

static void test_folder(void **state)
{
	struct source_folder f = { 0 };
	struct fault why;

	assert_int_equal(source_folder_read(*state, "imap/h/u/a", &f, &why), 0);
	assert_int_equal(f.validity, 0);
	f.validity = 4294967295u;
	f.next = 50003;
	f.modseq = 7;
	f.choice = UINT64_MAX;
	buf_add_text(&f.kept, "1:50000");
	buf_add_text(&f.leaving, "50002");
	assert_int_equal(source_folder_write(*state, "imap/h/u/a", &f, &why), 0);
	assert_int_equal(source_folder_read(*state, "imap/h/u/b", &f, &why), 0);
	assert_int_equal(f.kept.len, 0);
	assert_int_equal(source_folder_read(*state, "imap/h/u/a", &f, &why), 0);
	assert_int_equal(f.validity, 4294967295u);
	assert_string_equal(buf_text(&f.kept), "1:50000");
	assert_string_equal(buf_text(&f.leaving), "50002");
	assert_true(f.next == 50003 && f.modseq == 7 && f.choice == UINT64_MAX);
	source_folder_free(&f);
}

static enum source_mark mark_of(struct ledger *l, struct slice item)
{
	enum source_mark mark;
	struct fault why;

	assert_int_equal(source_item_read(l, "pop3/h/u", item, &mark, &why), 0);
	return mark;
}

static void test_items(void **state)
{
	struct ledger *l = *state;
	struct fault why;
	uint64_t count;

	assert_int_equal(source_item_write(l, "pop3/h/u", SLICE("a"), SOURCE_KEPT, &why), 0);
	assert_int_equal(source_item_write(l, "pop3/h/u", SLICE("b"), SOURCE_KEPT, &why), 0);
	assert_int_equal(source_item_write(l, "pop3/h/u", SLICE("b"), SOURCE_LEAVING, &why), 0);
	assert_int_equal(source_item_write(l, "pop3/h/v", SLICE("c"), SOURCE_KEPT, &why), 0);
	assert_int_equal(mark_of(l, SLICE("a")), SOURCE_KEPT);
	assert_int_equal(mark_of(l, SLICE("b")), SOURCE_LEAVING);
	assert_int_equal(mark_of(l, SLICE("c")), SOURCE_NONE);
	assert_int_equal(source_item_count(l, "pop3/h/u", &count, &why), 0);
	assert_int_equal(count, 2);
	for (int round = 0; round < 2; round++) {
		assert_int_equal(source_list_begin(l, &why), 0);
		assert_int_equal(source_list_add(l, SLICE("b"), &why), 0);
		assert_int_equal(source_list_end(l, "pop3/h/u", &why), 0);
	}
	assert_int_equal(mark_of(l, SLICE("a")), SOURCE_NONE);
	assert_int_equal(mark_of(l, SLICE("b")), SOURCE_LEAVING);
	assert_int_equal(source_item_count(l, "pop3/h/v", &count, &why), 0);
	assert_int_equal(count, 1);
	assert_int_equal(source_item_write(l, "pop3/h/u", SLICE("b"), SOURCE_NONE, &why), 0);
	assert_int_equal(mark_of(l, SLICE("b")), SOURCE_NONE);
}

static size_t paused(struct ledger *l, int64_t now)
{
	AUTO_STRINGS items = { 0 };
	struct fault why;

	assert_int_equal(source_pauses(l, "p", now, &items, &why), 0);
	return items.count;
}

static void test_pauses(void **state)
{
	static const int64_t waits[] = { 0, 900, 1800, 3600, 7200, 14400, 28800, 57600, 86400,
		86400 };
	struct ledger *l = *state;
	struct fault why;

	for (size_t i = 0; i < sizeof(waits) / sizeof(waits[0]); i++) {
		assert_int_equal(source_pause_add(l, "p", SLICE("x"), 1000, &why), 0);
		assert_int_equal(paused(l, 1000 + waits[i]), 0);
		if (waits[i])
			assert_int_equal(paused(l, 999 + waits[i]), 1);
	}
	assert_int_equal(source_pause_end(l, "p", SLICE("x"), &why), 0);
	assert_int_equal(paused(l, 0), 0);
}

static void test_account(void **state)
{
	struct source_account a = { 0 };
	struct fault why;

	assert_int_equal(source_account_read(*state, "work", &a, &why), 0);
	assert_false(a.ran);
	a.ran = true;
	buf_add_text(&a.trouble, "login: no");
	a.told = 77;
	a.due = 5;
	a.success = 6;
	assert_true(a.waiting == -1);
	a.waiting = 9;
	assert_int_equal(source_account_write(*state, "work", &a, &why), 0);
	a.told = 0;
	a.ran = false;
	assert_int_equal(source_account_read(*state, "work", &a, &why), 0);
	assert_true(a.ran && a.told == 77 && a.due == 5 && a.success == 6 && a.waiting == 9);
	assert_string_equal(buf_text(&a.trouble), "login: no");
	source_account_free(&a);
}

static void hear_letter(void *arg, struct slice item, const struct source_letter *letter)
{
	buf_addf(arg, "%.*s:%lld:%llu:%llu ", (int)item.len, item.ptr, (long long)letter->at,
		(unsigned long long)letter->digest, (unsigned long long)letter->size);
}

static void letters_are(struct ledger *l, int64_t before, const char *wanted)
{
	AUTO_BUF seen = { 0 };
	struct fault why;

	assert_int_equal(source_letters_read(l, "p", before, hear_letter, &seen, &why), 0);
	assert_string_equal(buf_text(&seen), wanted);
}

static void test_letters(void **state)
{
	static const struct source_letter old = { 100, UINT64_MAX, 5 }, young = { 200, 7, 0 };
	struct ledger *l = *state;
	struct fault why;

	assert_int_equal(source_letter_write(l, "p", SLICE("b"), &young, &why), 0);
	assert_int_equal(source_letter_write(l, "p", SLICE("a"), &old, &why), 0);
	assert_int_equal(source_letter_write(l, "q", SLICE("a"), &old, &why), 0);
	letters_are(l, INT64_MAX, "a:100:18446744073709551615:5 b:200:7:0 ");
	letters_are(l, 200, "a:100:18446744073709551615:5 ");
	letters_are(l, 100, "");
	assert_int_equal(source_letter_end(l, "p", SLICE("a"), &why), 0);
	letters_are(l, INT64_MAX, "b:200:7:0 ");
	assert_int_equal(source_letters_end(l, "p", &why), 0);
	letters_are(l, INT64_MAX, "");
}

static void test_oldest(void **state)
{
	static const struct source_letter old = { 100, 0, 5 }, young = { 200, 7, 0 };
	struct ledger *l = *state;
	struct fault why;
	uint64_t count;
	int64_t at;

	assert_int_equal(source_letters_oldest(l, "o", &at, &why), 0);
	assert_true(at == INT64_MAX);
	assert_int_equal(source_letter_write(l, "o", SLICE("1"), &young, &why), 0);
	assert_int_equal(source_letter_write(l, "o", SLICE("2"), &old, &why), 0);
	assert_int_equal(source_letters_oldest(l, "o", &at, &why), 0);
	assert_true(at == 100);
	assert_int_equal(source_letters_count(l, "o", &count, &why), 0);
	assert_int_equal(count, 2);
	assert_int_equal(source_letter_end(l, "o", SLICE("2"), &why), 0);
	assert_int_equal(source_letters_oldest(l, "o", &at, &why), 0);
	assert_true(at == 200);
}

static void test_told(void **state)
{
	struct ledger *l = *state;
	AUTO_STRINGS pauses = { 0 };
	struct fault why;
	bool first;

	assert_int_equal(source_told(l, "t", SLICE("flag $a"), &first, &why), 0);
	assert_true(first);
	assert_int_equal(source_told(l, "t", SLICE("flag $a"), &first, &why), 0);
	assert_false(first);
	assert_int_equal(source_told(l, "t", SLICE("flag $b"), &first, &why), 0);
	assert_true(first);
	assert_int_equal(source_pauses(l, "t", 0, &pauses, &why), 0);
	assert_int_equal(pauses.count, 0);
}

static void test_forget(void **state)
{
	struct ledger *l = *state;
	struct source_folder f = { .validity = 3 };
	struct fault why;

	assert_int_equal(source_folder_write(l, "imap/h/u%_/a", &f, &why), 0);
	assert_int_equal(source_folder_write(l, "imap/h/uxy/a", &f, &why), 0);
	assert_int_equal(source_forget(l, "imap/h/u%_/", &why), 0);
	assert_int_equal(source_folder_read(l, "imap/h/u%_/a", &f, &why), 0);
	assert_int_equal(f.validity, 0);
	assert_int_equal(source_folder_read(l, "imap/h/uxy/a", &f, &why), 0);
	assert_int_equal(f.validity, 3);
	source_folder_free(&f);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_folder),
		cmocka_unit_test(test_items),
		cmocka_unit_test(test_pauses),
		cmocka_unit_test(test_account),
		cmocka_unit_test(test_letters),
		cmocka_unit_test(test_oldest),
		cmocka_unit_test(test_told),
		cmocka_unit_test(test_forget),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
