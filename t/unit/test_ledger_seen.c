/*
 * The ledger's memory: marks of the duplicate test, vacation replies, their times.
 *
 * SPDX-License-Identifier: ISC
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <sqlite3.h>

#include "common/base/paths.h"
#include "common/mail/ledger/delivery.h"
#include "common/mail/ledger/seen.h"

static char state_dir[64];

static int make_state(void **state)
{
	(void)state;
	snprintf(state_dir, sizeof(state_dir), "/tmp/mr-seen.XXXXXX");
	return mkdtemp(state_dir) ? 0 : -1;
}

static int remove_state(void **state)
{
	static const char *const names[] = { "run/ledger.made", "run/ledger.lock", "run",
		"ledger.db", "ledger.db-wal", "ledger.db-shm", "ledger.db-journal", "" };

	(void)state;
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		AUTO_FREE char *path = paths_join(state_dir, names[i]);

		(void)remove(path);
	}
	return 0;
}

static struct ledger *open_it(enum ledger_way way)
{
	struct ledger *l = NULL;
	struct fault why = { 0 };

	if (ledger_open(state_dir, way, &l, &why) < 0)
		fail_msg("%s", why.text);
	return l;
}

static void run_sql(const char *sql)
{
	AUTO_FREE char *path = paths_join(state_dir, "ledger.db");
	sqlite3 *db;

	assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
	assert_int_equal(sqlite3_exec(db, sql, NULL, NULL, NULL), SQLITE_OK);
	sqlite3_close(db);
}

static void mark(struct ledger *l, const char *key, const char *id, int64_t until, int64_t now)
{
	assert_int_equal(ledger_begin(l, NULL), 0);
	assert_int_equal(seen_write(l, slice_text(key), slice_text(id), until, now, NULL), 0);
	assert_int_equal(ledger_commit(l, NULL), 0);
}

/* What `id` hears of the key; with "?ID" when it must wait for that one. */
static const char *seen(struct ledger *l, const char *key, const char *id, int64_t now)
{
	static char told[100];
	AUTO_BUF waits = { 0 };
	int got = seen_read(l, slice_text(key), slice_text(id), now, &waits, NULL);

	snprintf(told, sizeof(told), "%s%s%s", got == 1 ? "yes" : got == 0 ? "no" : "error",
		waits.len > 0 ? "?" : "", buf_text(&waits));
	return told;
}

static void check_marks(void **state)
{
	AUTO_LEDGER *l = open_it(LEDGER_WRITE);

	(void)state;
	assert_string_equal(seen(l, "k", "b", 100), "no");
	mark(l, "k", "a", 200, 100);
	assert_string_equal(seen(l, "k", "a", 100), "no");
	assert_string_equal(seen(l, "k", "b", 100), "yes?a");
	assert_string_equal(seen(l, "K", "b", 100), "no");
	assert_string_equal(seen(l, "k", "b", 199), "yes?a");
	assert_string_equal(seen(l, "k", "b", 200), "no");
	assert_int_equal(ledger_begin(l, NULL), 0);
	assert_int_equal(ledger_finish(l, SLICE("a"), NULL), 0);
	assert_int_equal(ledger_commit(l, NULL), 0);
	assert_string_equal(seen(l, "k", "b", 100), "yes");
	assert_string_equal(seen(l, "k", "", 100), "yes");
}

static void check_second_mark(void **state)
{
	AUTO_LEDGER *l = open_it(LEDGER_WRITE);

	(void)state;
	mark(l, "k", "a", 200, 100);
	mark(l, "k", "b", 300, 100);
	assert_string_equal(seen(l, "k", "a", 250), "no");
	assert_string_equal(seen(l, "k", "b", 250), "yes?a");
	mark(l, "k", "c", 150, 100);
	assert_string_equal(seen(l, "k", "c", 250), "yes?a");
	/* Its time was over: a new beginning. */
	mark(l, "k", "d", 500, 400);
	assert_string_equal(seen(l, "k", "a", 450), "yes?d");
}

static void check_plain(void **state)
{
	AUTO_LEDGER *l = open_it(LEDGER_WRITE);

	(void)state;
	mark(l, "k", "", 200, 100);
	assert_string_equal(seen(l, "k", "", 100), "yes");
	assert_string_equal(seen(l, "k", "a", 100), "yes");
}

static void check_renewed(void **state)
{
	AUTO_LEDGER *l = open_it(LEDGER_WRITE);

	(void)state;
	assert_int_equal(ledger_begin(l, NULL), 0);
	assert_int_equal(seen_renew(l, SLICE("k"), 300, 100, NULL), 0);
	assert_int_equal(ledger_commit(l, NULL), 0);
	assert_string_equal(seen(l, "k", "b", 100), "no");
	mark(l, "k", "a", 200, 100);
	assert_int_equal(ledger_begin(l, NULL), 0);
	assert_int_equal(seen_renew(l, SLICE("k"), 300, 100, NULL), 0);
	assert_int_equal(seen_renew(l, SLICE("k"), 250, 100, NULL), 0);
	assert_int_equal(seen_renew(l, SLICE("k"), 500, 400, NULL), 0);
	assert_int_equal(ledger_commit(l, NULL), 0);
	assert_string_equal(seen(l, "k", "b", 299), "yes?a");
	assert_string_equal(seen(l, "k", "b", 300), "no");
}

static void check_bytes(void **state)
{
	AUTO_LEDGER *l = open_it(LEDGER_WRITE);

	(void)state;
	mark(l, "\xff'\"%", "a", 200, 100);
	assert_string_equal(seen(l, "\xff'\"%", "b", 100), "yes?a");
}

static void check_vacation(void **state)
{
	AUTO_LEDGER *l = open_it(LEDGER_WRITE);
	struct slice to = SLICE("Bob@example.org");

	(void)state;
	assert_int_equal(vacation_is_due(l, SLICE("h"), to, 100, NULL), 1);
	assert_int_equal(ledger_begin(l, NULL), 0);
	assert_int_equal(vacation_write(l, SLICE("h"), to, 200, NULL), 0);
	assert_int_equal(ledger_commit(l, NULL), 0);
	assert_int_equal(vacation_is_due(l, SLICE("h"), to, 100, NULL), 0);
	assert_int_equal(vacation_is_due(l, SLICE("h"), SLICE("bob@EXAMPLE.org"), 100, NULL), 0);
	assert_int_equal(vacation_is_due(l, SLICE("g"), to, 100, NULL), 1);
	assert_int_equal(vacation_is_due(l, SLICE("h"), to, 200, NULL), 1);
	assert_int_equal(ledger_begin(l, NULL), 0);
	assert_int_equal(vacation_forget(l, SLICE("h"), SLICE("bob@example.org"), NULL), 0);
	assert_int_equal(ledger_commit(l, NULL), 0);
	assert_int_equal(vacation_is_due(l, SLICE("h"), to, 100, NULL), 1);
}

static void check_prune(void **state)
{
	AUTO_LEDGER *l = open_it(LEDGER_WRITE);

	(void)state;
	mark(l, "old", "a", 200, 100);
	mark(l, "new", "a", 300, 100);
	assert_int_equal(ledger_begin(l, NULL), 0);
	assert_int_equal(vacation_write(l, SLICE("h"), SLICE("a@b"), 200, NULL), 0);
	assert_int_equal(seen_prune(l, 200, NULL), 0);
	assert_int_equal(ledger_commit(l, NULL), 0);
	/* By a clock that was set back. */
	assert_string_equal(seen(l, "old", "b", 100), "no");
	assert_string_equal(seen(l, "new", "b", 100), "yes?a");
	assert_int_equal(vacation_is_due(l, SLICE("h"), SLICE("a@b"), 100, NULL), 1);
}

static void check_older(void **state)
{
	AUTO_LEDGER *l = open_it(LEDGER_WRITE);

	(void)state;
	ledger_close(l);
	run_sql("DROP TABLE seen; DROP TABLE vacation; PRAGMA user_version = 2");
	l = open_it(LEDGER_READ);
	assert_string_equal(seen(l, "k", "b", 100), "no");
	ledger_close(l);
	l = open_it(LEDGER_WRITE);
	mark(l, "k", "a", 200, 100);
	assert_string_equal(seen(l, "k", "b", 100), "yes?a");
	assert_int_equal(vacation_is_due(l, SLICE("h"), SLICE("a@b"), 100, NULL), 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(check_marks, make_state, remove_state),
		cmocka_unit_test_setup_teardown(check_second_mark, make_state, remove_state),
		cmocka_unit_test_setup_teardown(check_plain, make_state, remove_state),
		cmocka_unit_test_setup_teardown(check_renewed, make_state, remove_state),
		cmocka_unit_test_setup_teardown(check_bytes, make_state, remove_state),
		cmocka_unit_test_setup_teardown(check_vacation, make_state, remove_state),
		cmocka_unit_test_setup_teardown(check_prune, make_state, remove_state),
		cmocka_unit_test_setup_teardown(check_older, make_state, remove_state),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
