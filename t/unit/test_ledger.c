/*
 * The ledger: made once, never anew in silence; intents, owners, what is done, the log.
 *
 * SPDX-License-Identifier: ISC
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <fcntl.h>
#include <sqlite3.h>
#include <sys/stat.h>

#include "common/base/io.h"
#include "common/base/paths.h"
#include "common/mail/ledger/delivery.h"
#include "common/mail/ledger/source.h"

static char state_dir[64];

static int make_state(void **state)
{
	(void)state;
	snprintf(state_dir, sizeof(state_dir), "/tmp/mr-ledger.XXXXXX");
	return mkdtemp(state_dir) ? 0 : -1;
}

static int remove_state(void **state)
{
	static const char *const names[] = { "run/ledger.made", "run", "ledger.db", "ledger.db-wal",
		"ledger.db-shm", "ledger.db-journal", "" };

	(void)state;
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		AUTO_FREE char *path = paths_join(state_dir, names[i]);

		(void)remove(path);
	}
	return 0;
}

static struct ledger *open_it(void)
{
	struct ledger *l = NULL;
	struct fault why = { 0 };

	if (ledger_open(state_dir, LEDGER_WRITE, &l, &why) < 0)
		fail_msg("%s", why.text);
	return l;
}

static void fill(struct intent *i, const char *id, const char *target, long owner)
{
	*i = (struct intent){ .owner = owner, .state = INTENT_PENDING, .made = 1000 };
	buf_add_text(&i->id, id);
	buf_add_text(&i->kind, "fileinto");
	buf_add_text(&i->target, target);
	buf_add_text(&i->path, "/M/.x");
	buf_add_text(&i->tmp, "tmp-");
	buf_add_text(&i->tmp, target);
	buf_add_text(&i->rule, "10.sieve:3");
	i->inode = UINT64_MAX;
}

static void put(struct ledger *l, const char *id, const char *target, long owner)
{
	struct intent i;

	fill(&i, id, target, owner);
	assert_int_equal(ledger_begin(l, NULL), 0);
	assert_int_equal(ledger_put_intent(l, &i, NULL), 0);
	assert_int_equal(ledger_commit(l, NULL), 0);
	intent_clear(&i);
}

static void check_made_once(void **state)
{
	AUTO_LEDGER *l = NULL;
	AUTO_FREE char *path = paths_join(state_dir, "ledger.db");
	struct fault why = { 0 };
	struct stat st;

	(void)state;
	assert_int_equal(ledger_open(state_dir, LEDGER_READ, &l, &why), 0);
	assert_null(l);
	assert_false(ledger_was_made(state_dir));
	l = open_it();
	assert_true(ledger_was_made(state_dir));
	assert_int_equal(stat(path, &st), 0);
	assert_int_equal(st.st_mode & 0777, 0600);
	ledger_close(l);
	l = open_it();
	ledger_close(l);
	l = NULL;
	assert_int_equal(remove(path), 0);
	assert_int_equal(ledger_open(state_dir, LEDGER_WRITE, &l, &why), -1);
	assert_int_equal(why.kind, FAULT_TEMP);
	assert_non_null(strstr(why.text, "doctor"));
	assert_int_equal(ledger_open(state_dir, LEDGER_READ, &l, &why), -1);
}

static void check_empty_file(void **state)
{
	AUTO_LEDGER *l = open_it();
	AUTO_FREE char *path = paths_join(state_dir, "ledger.db");
	struct fault why = { 0 };

	(void)state;
	ledger_close(l);
	l = NULL;
	assert_int_equal(truncate(path, 0), 0);
	assert_int_equal(ledger_open(state_dir, LEDGER_WRITE, &l, &why), -1);
	assert_int_equal(why.kind, FAULT_TEMP);
}

static void check_damage(void **state)
{
	AUTO_LEDGER *l = open_it();
	AUTO_FREE char *path = paths_join(state_dir, "ledger.db");
	struct fault why = { 0 };
	AUTO_FD fd = -1;

	(void)state;
	ledger_close(l);
	l = NULL;
	fd = open(path, O_WRONLY | O_CLOEXEC);
	assert_int_equal(pwrite(fd, "no database at all", 18, 0), 18);
	assert_int_equal(ledger_open(state_dir, LEDGER_WRITE, &l, &why), -1);
	assert_int_equal(why.kind, FAULT_TEMP);
	assert_non_null(strstr(why.text, "mr-deliver doctor"));
}

static void run_sql(const char *sql)
{
	AUTO_FREE char *path = paths_join(state_dir, "ledger.db");
	sqlite3 *db;

	assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
	assert_int_equal(sqlite3_exec(db, sql, NULL, NULL, NULL), SQLITE_OK);
	sqlite3_close(db);
}

static void check_newer(void **state)
{
	AUTO_LEDGER *l = open_it();
	struct fault why = { 0 };

	(void)state;
	ledger_close(l);
	l = NULL;
	run_sql("PRAGMA user_version = 99");
	assert_int_equal(ledger_open(state_dir, LEDGER_WRITE, &l, &why), -1);
	assert_int_equal(why.kind, FAULT_CONFIG);
}

static const char *const version_1[] = {
	"ALTER TABLE source_folder DROP COLUMN next",
	"ALTER TABLE source_folder DROP COLUMN modseq",
	"ALTER TABLE source_folder DROP COLUMN choice",
	"DROP TABLE source_letter",
	"ALTER TABLE source_account DROP COLUMN kind",
	"ALTER TABLE source_account DROP COLUMN since",
	"ALTER TABLE source_account DROP COLUMN tries",
	"ALTER TABLE source_account DROP COLUMN due",
	"ALTER TABLE source_account DROP COLUMN success",
	"ALTER TABLE source_account DROP COLUMN waiting",
	"DROP TABLE seen",
	"DROP TABLE vacation",
	"INSERT INTO source_account VALUES ('old', 1, 'trouble', 5)",
	"PRAGMA user_version = 1",
};

static void check_older(void **state)
{
	AUTO_LEDGER *l = open_it();
	struct source_account a = { 0 };
	struct fault why = { 0 };

	(void)state;
	ledger_close(l);
	for (size_t i = 0; i < sizeof(version_1) / sizeof(version_1[0]); i++)
		run_sql(version_1[i]);
	l = open_it();
	assert_int_equal(source_account_read(l, "old", &a, &why), 0);
	assert_true(a.ran && a.told == 5 && a.waiting == -1);
	source_account_free(&a);
	assert_int_equal(source_letters_end(l, "p", &why), 0);
}

static void check_stranger(void **state)
{
	AUTO_LEDGER *l = NULL;
	struct fault why = { 0 };

	(void)state;
	run_sql("CREATE TABLE songs (name)");
	assert_int_equal(ledger_open(state_dir, LEDGER_WRITE, &l, &why), -1);
	assert_int_equal(why.kind, FAULT_TEMP);
}

static void check_rollback(void **state)
{
	AUTO_LEDGER *l = open_it();
	struct intent i;
	enum intent_state got;

	(void)state;
	fill(&i, "one", "a", 1);
	assert_int_equal(ledger_begin(l, NULL), 0);
	assert_int_equal(ledger_put_intent(l, &i, NULL), 0);
	ledger_rollback(l);
	assert_int_equal(ledger_intent_state(l, &i, &got, NULL), 0);
	assert_int_equal(got, INTENT_NONE);
	intent_clear(&i);
}

static void count_row(const struct log_row *row, void *context)
{
	assert_true(slice_is(row->rule, "10.sieve:3"));
	++*(int *)context;
}

static void check_partly_done(void **state)
{
	AUTO_LEDGER *l = open_it();
	struct intent a;
	enum intent_state got;
	int rows = 0;

	(void)state;
	put(l, "one", "a", 1);
	put(l, "one", "b", 1);
	fill(&a, "one", "a", 1);
	assert_int_equal(ledger_begin(l, NULL), 0);
	assert_int_equal(ledger_set_state(l, &a, INTENT_DONE, "", NULL), 0);
	assert_int_equal(ledger_set_state(l, &a, INTENT_DONE, "", NULL), 0);
	assert_int_equal(ledger_finish_if_complete(l, SLICE("one"), NULL), 0);
	assert_int_equal(ledger_commit(l, NULL), 0);
	assert_int_equal(ledger_is_done(l, SLICE("one"), NULL), 0);
	assert_int_equal(ledger_intent_state(l, &a, &got, NULL), 0);
	assert_int_equal(got, INTENT_DONE);
	buf_set(&a.target, SLICE("b"));
	assert_int_equal(ledger_begin(l, NULL), 0);
	assert_int_equal(ledger_set_state(l, &a, INTENT_DONE, "", NULL), 0);
	assert_int_equal(ledger_finish_if_complete(l, SLICE("one"), NULL), 0);
	assert_int_equal(ledger_commit(l, NULL), 0);
	assert_int_equal(ledger_is_done(l, SLICE("one"), NULL), 1);
	assert_int_equal(ledger_intent_state(l, &a, &got, NULL), 0);
	assert_int_equal(got, INTENT_NONE);
	assert_int_equal(ledger_log_read(l, 0, 100, count_row, &rows, NULL), 0);
	assert_int_equal(rows, 2);
	intent_clear(&a);
}

static void check_owners(void **state)
{
	AUTO_LEDGER *l = open_it();
	AUTO_FREE long *owners = NULL;
	struct intent_list list;
	size_t count;
	long owner = 0;

	(void)state;
	put(l, "one", "a", 1);
	put(l, "two", "b", 2);
	put(l, "odd \n\xff", "c", 2);
	assert_int_equal(ledger_pending_owner(l, SLICE("two"), &owner, NULL), 1);
	assert_int_equal(owner, 2);
	assert_int_equal(ledger_pending_owner(l, SLICE("three"), &owner, NULL), 0);
	assert_int_equal(ledger_owners(l, 1, &owners, &count, NULL), 0);
	assert_int_equal(count, 1);
	assert_int_equal(owners[0], 2);
	assert_int_equal(ledger_begin(l, NULL), 0);
	assert_int_equal(ledger_take_over(l, 2, 1, NULL), 0);
	assert_int_equal(ledger_commit(l, NULL), 0);
	assert_int_equal(ledger_pending(l, 1, &list, NULL), 0);
	assert_int_equal(list.count, 3);
	assert_true(list.at[0].inode == UINT64_MAX);
	intent_list_clear(&list);
	assert_int_equal(ledger_tmp_is_known(l, "tmp-c", NULL), 1);
	assert_int_equal(ledger_tmp_is_known(l, "tmp-d", NULL), 0);
}

int main(void)
{
#define ROW(f) cmocka_unit_test_setup_teardown(f, make_state, remove_state)
	const struct CMUnitTest tests[] = {
		ROW(check_made_once),
		ROW(check_empty_file),
		ROW(check_damage),
		ROW(check_newer),
		ROW(check_older),
		ROW(check_stranger),
		ROW(check_rollback),
		ROW(check_partly_done),
		ROW(check_owners),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
