/*
 * The UIDLs of the ledger in memory: found in any order, the missing ones forgotten.
 *
 * SPDX-License-Identifier: ISC
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "fetch/pop3/known.h"

static char home[] = "/tmp/mr-known.XXXXXX";

static int set_up(void **state)
{
	struct fault why;
	struct ledger *l = NULL;

	if (!mkdtemp(home) || ledger_open(home, LEDGER_WRITE, &l, &why) < 0)
		return -1;
	*state = l;
	return 0;
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

static bool has(struct known *k, const char *name)
{
	return known_find(k, slice_text(name)) != NULL;
}

static void test_find(void **state)
{
	static const char *const names[] = { "1", "10", "2", "a", "aa", "ab", "b", "b\xff" };
	struct known k = { 0 };

	(void)state;
	assert_false(has(&k, "1"));
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		assert_true(known_add(&k, slice_text(names[i]), SOURCE_KEPT));
	for (size_t i = 0; i < k.count; i++)
		assert_true(has(&k, names[i]));
	for (size_t i = k.count; i-- > 0;)
		assert_true(has(&k, names[i]));
	for (size_t i = 0; i < k.count; i += 3)
		assert_true(has(&k, names[i]));
	assert_int_equal(k.seen, k.count);
	assert_false(has(&k, ""));
	assert_false(has(&k, "0"));
	assert_false(has(&k, "11"));
	assert_false(has(&k, "b\xff\xff"));
	assert_false(has(&k, "c"));
	known_free(&k);
}

/* A NUL is a byte like others, and no name is too long for a line of the list. */
static void test_odd_names(void **state)
{
	AUTO_BUF name = { 0 };
	struct known k = { 0 };

	(void)state;
	assert_true(known_add(&k, SLICE("a\0b"), SOURCE_KEPT));
	while (name.len < 4096)
		buf_add_byte(&name, 'x');
	assert_true(known_add(&k, buf_slice(&name), SOURCE_LEAVING));
	assert_null(known_find(&k, SLICE("a")));
	assert_non_null(known_find(&k, SLICE("a\0b")));
	assert_int_equal(known_find(&k, buf_slice(&name))->mark, SOURCE_LEAVING);
	while (name.len <= UINT16_MAX)
		buf_add_byte(&name, 'x');
	assert_false(known_add(&k, buf_slice(&name), SOURCE_KEPT));
	known_free(&k);
}

static void write_item(struct ledger *l, const char *place, const char *name,
	enum source_mark mark)
{
	struct fault why;

	assert_int_equal(ledger_begin(l, &why), 0);
	assert_int_equal(source_item_write(l, place, slice_text(name), mark, &why), 0);
	assert_int_equal(ledger_commit(l, &why), 0);
}

static void test_ledger(void **state)
{
	struct known k = { 0 };
	struct fault why;

	write_item(*state, "pop3/h/u/", "c", SOURCE_KEPT);
	write_item(*state, "pop3/h/u/", "a", SOURCE_LEAVING);
	write_item(*state, "pop3/h/u/", "b", SOURCE_KEPT);
	write_item(*state, "pop3/h/v/", "d", SOURCE_KEPT);
	assert_int_equal(known_read(&k, *state, "pop3/h/u/", &why), 0);
	assert_int_equal(k.count, 3);
	assert_true(has(&k, "c"));
	assert_int_equal(known_find(&k, SLICE("a"))->mark, SOURCE_LEAVING);
	assert_false(has(&k, "d"));
	assert_int_equal(known_forget_unseen(&k, *state, "pop3/h/u/", &why), 0);
	known_free(&k);

	assert_int_equal(known_read(&k, *state, "pop3/h/u/", &why), 0);
	assert_int_equal(k.count, 2);
	assert_false(has(&k, "b"));
	known_free(&k);
	assert_int_equal(known_read(&k, *state, "pop3/h/v/", &why), 0);
	assert_int_equal(k.count, 1);
	known_free(&k);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_find),
		cmocka_unit_test(test_odd_names),
		cmocka_unit_test(test_ledger),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
