/*
 * Opening the ledger: see ledger.h.
 *
 * The mark that one was made is the file STATE/run/ledger.made, written after the tables
 * are committed. A crash between the two leaves a ledger without a mark: the next start
 * finds its tables and writes the mark.
 *
 * SPDX-License-Identifier: ISC
 */
#include "common/mail/ledger/ledger.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <sys/stat.h>
#include <sys/vfs.h>

#include "common/base/clock.h"
#include "common/base/io.h"
#include "common/base/lock.h"
#include "common/base/paths.h"
#include "common/mail/ledger/schema.h"
#include "common/mail/ledger/statement.h"

/* LIMIT: how long a writer waits for the others; a commit takes milliseconds. */
enum { BUSY_MS = 60000 };

/* statfs numbers of filesystems that other machines write to (linux/magic.h has not all). */
static const unsigned network_types[] = {
	0x6969 /* NFS */, 0x517b /* SMB */, 0xff534d42 /* CIFS */, 0xfe534d42 /* SMB2 */,
	0x5346414f /* AFS */, 0x6b414653 /* kAFS */, 0x73757245 /* Coda */,
	0x01021997 /* 9P */, 0x00c36400 /* Ceph */, 0x0bd00bd0 /* Lustre */,
	0x65735546 /* FUSE */, 0x01161970 /* GFS2 */, 0x7461636f /* OCFS2 */,
};

static bool on_network(const char *path)
{
	struct statfs fs;

	if (statfs(path, &fs) < 0)
		return false;
	for (size_t i = 0; i < sizeof(network_types) / sizeof(network_types[0]); i++) {
		if ((unsigned)fs.f_type == network_types[i])
			return true;
	}
	return false;
}

bool ledger_was_made(const char *state)
{
	AUTO_FREE char *mark = paths_join(state, "run/ledger.made");
	struct stat st;

	return stat(mark, &st) == 0;
}

static int write_mark(const char *state, struct fault *why)
{
	AUTO_FREE char *run = paths_join(state, "run");
	AUTO_FREE char *mark = paths_join(run, "ledger.made");
	AUTO_FD fd = -1;

	if (paths_make(run, 0700, why) < 0)
		return -1;
	fd = open(mark, O_WRONLY | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
	if (fd < 0)
		return fault_set(why, FAULT_TEMP, "create %s: %s", mark, strerror(errno));
	if (io_sync(fd, mark, why) < 0)
		return -1;
	return io_sync_directory(AT_FDCWD, run, why);
}

static int execute(struct ledger *l, const char *sql, struct fault *why)
{
	return sqlite3_exec(l->db, sql, NULL, NULL, NULL) == SQLITE_OK ? 0 :
									  statement_fault(l, why);
}

/* The number that a PRAGMA or a count gives. */
static int read_number(struct ledger *l, const char *sql, int64_t *out, struct fault *why)
{
	sqlite3_stmt *at = NULL;
	int result = 0;

	if (sqlite3_prepare_v2(l->db, sql, -1, &at, NULL) != SQLITE_OK)
		return statement_fault(l, why);
	if (sqlite3_step(at) == SQLITE_ROW)
		*out = sqlite3_column_int64(at, 0);
	else
		result = statement_fault(l, why);
	sqlite3_finalize(at);
	return result;
}

static int make_tables(struct ledger *l, struct fault *why)
{
	AUTO_BUF version = { 0 };

	for (size_t i = 0; schema_tables[i]; i++) {
		if (execute(l, schema_tables[i], why) < 0)
			return -1;
	}
	buf_addf(&version, "PRAGMA application_id = %d; PRAGMA user_version = %d",
		SCHEMA_APPLICATION, SCHEMA_VERSION);
	return execute(l, buf_text(&version), why);
}

static int upgrade(struct ledger *l, int64_t version, struct fault *why)
{
	AUTO_BUF set = { 0 };

	for (; version < SCHEMA_VERSION; version++) {
		for (const char *const *step = schema_steps[version]; *step; step++) {
			if (execute(l, *step, why) < 0)
				return -1;
		}
	}
	buf_addf(&set, "PRAGMA user_version = %d", SCHEMA_VERSION);
	return execute(l, buf_text(&set), why);
}

/* The state of an opened file. The caller has a transaction open: three looks at one state. */
static int check_version(struct ledger *l, bool was_made, int64_t *version, struct fault *why)
{
	int64_t application = 0;
	int64_t tables = 0;

	if (read_number(l, "PRAGMA user_version", version, why) < 0 ||
		read_number(l, "PRAGMA application_id", &application, why) < 0 ||
		read_number(l, "SELECT count(*) FROM sqlite_master", &tables, why) < 0)
		return -1;
	if (tables == 0 && *version == 0) {
		if (!was_made)
			return 0;
		return fault_set(why, FAULT_TEMP,
			"the ledger %s is empty, though there was one: see \"mr-deliver doctor\" "
			"in mr-deliver(1)", l->path);
	}
	if (application != SCHEMA_APPLICATION)
		return fault_set(why, FAULT_TEMP, "%s is no ledger of mailrail", l->path);
	if (*version > SCHEMA_VERSION)
		return fault_set(why, FAULT_CONFIG,
			"the ledger %s has version %lld, this program knows %d: install the newer "
			"one", l->path, (long long)*version, SCHEMA_VERSION);
	return 0;
}

/* The first look takes a read lock only: most starts find all as it should be. */
static int look(struct ledger *l, bool was_made, int64_t *version, struct fault *why)
{
	int result;

	if (execute(l, "BEGIN", why) < 0)
		return -1;
	result = check_version(l, was_made, version, why);
	(void)sqlite3_exec(l->db, "ROLLBACK", NULL, NULL, NULL);
	return result;
}

static int bring_up(struct ledger *l, bool was_made, struct fault *why)
{
	int64_t version = 0;
	int result;

	if (look(l, was_made, &version, why) < 0)
		return -1;
	if (version == SCHEMA_VERSION)
		return 0;
	if (ledger_begin(l, why) < 0)
		return -1;
	result = check_version(l, was_made, &version, why);
	if (result == 0 && version == 0)
		result = make_tables(l, why);
	else if (result == 0 && version < SCHEMA_VERSION)
		result = upgrade(l, version, why);
	if (result < 0) {
		ledger_rollback(l);
		return -1;
	}
	return ledger_commit(l, why);
}

/* SQLite would create it with the umask's mode: it is made here, and its helpers follow. */
static int make_file(const char *path, const char *state, struct fault *why)
{
	AUTO_FD fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);

	if (fd < 0)
		return fault_set(why, FAULT_TEMP, "create %s: %s", path, strerror(errno));
	return io_sync_directory(AT_FDCWD, state, why);
}

static int connect_file(struct ledger *l, enum ledger_way way, bool network, struct fault *why)
{
	if (sqlite3_open_v2(l->path, &l->db, SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX, NULL) !=
		SQLITE_OK)
		return statement_fault(l, why);
	sqlite3_busy_timeout(l->db, BUSY_MS);
	sqlite3_extended_result_codes(l->db, 1);
	if (way == LEDGER_READ)
		return execute(l, "PRAGMA query_only = 1", why);
	if (execute(l, network ? "PRAGMA journal_mode = TRUNCATE" : "PRAGMA journal_mode = WAL",
		    why) < 0)
		return -1;
	/* Its helpers stay: to make and remove two files costs more than all the rest of a run
	 * that finds no news. */
	(void)sqlite3_file_control(l->db, NULL, SQLITE_FCNTL_PERSIST_WAL, &(int){ 1 });
	return execute(l, "PRAGMA synchronous = FULL; PRAGMA foreign_keys = 1;"
		"PRAGMA journal_size_limit = 1000000", why);
}

/*
 * One at a time makes it: SQLite does not wait where two turn an empty file into a WAL one.
 * *fd holds the others off until it is closed.
 */
static int lock_making(const char *state, int *fd, struct fault *why)
{
	AUTO_FREE char *run = paths_join(state, "run");
	int64_t deadline = clock_deadline(BUSY_MS);
	AUTO_FD dir = -1;
	int got;

	if (paths_make(run, 0700, why) < 0)
		return -1;
	dir = open(run, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (dir < 0)
		return fault_set(why, FAULT_TEMP, "open %s: %s", run, strerror(errno));
	while ((got = lock_try(dir, "ledger.lock", fd, why)) == 0) {
		if (clock_tick() >= deadline)
			return fault_set(why, FAULT_TEMP, "%s/ledger.lock: another program holds it",
				run);
		(void)poll(NULL, 0, 10);
	}
	return got < 0 ? -1 : 0;
}

int ledger_open(const char *state, enum ledger_way way, struct ledger **out, struct fault *why)
{
	AUTO_LEDGER *l = mem_zero(1, sizeof(*l));
	bool was_made = ledger_was_made(state);
	AUTO_FD making = -1;
	struct stat st;

	*out = NULL;
	if (way == LEDGER_WRITE && !was_made) {
		if (lock_making(state, &making, why) < 0)
			return -1;
		was_made = ledger_was_made(state);
	}
	l->path = paths_join(state, "ledger.db");
	if (stat(l->path, &st) < 0) {
		if (errno != ENOENT)
			return fault_set(why, FAULT_TEMP, "stat %s: %s", l->path, strerror(errno));
		if (was_made)
			return fault_set(why, FAULT_TEMP,
				"the ledger %s is gone, though there was one: see \"mr-deliver "
				"doctor\" in mr-deliver(1)", l->path);
		if (way == LEDGER_READ)
			return 0;
		if (paths_make(state, 0700, why) < 0 || make_file(l->path, state, why) < 0)
			return -1;
	}
	if (connect_file(l, way, on_network(l->path), why) < 0)
		return -1;
	if (way == LEDGER_WRITE && bring_up(l, was_made, why) < 0)
		return -1;
	if (way == LEDGER_READ) {
		int64_t version = 0;

		if (look(l, was_made, &version, why) < 0)
			return -1;
		if (version == 0)
			return 0;
	}
	if (way == LEDGER_WRITE && !was_made && write_mark(state, why) < 0)
		return -1;
	*out = l;
	l = NULL;
	return 0;
}

void ledger_close(struct ledger *l)
{
	if (!l)
		return;
	ledger_rollback(l);
	for (size_t i = 0; i < l->prepared_count; i++)
		sqlite3_finalize(l->prepared[i].at);
	free(l->prepared);
	sqlite3_close(l->db);
	free(l->path);
	free(l);
}

void ledger_close_at(struct ledger **l)
{
	ledger_close(*l);
	*l = NULL;
}

int ledger_version(struct ledger *l, int64_t *out, struct fault *why)
{
	return read_number(l, "PRAGMA data_version", out, why);
}

const char *ledger_path(const struct ledger *l)
{
	return l->path;
}

int ledger_begin(struct ledger *l, struct fault *why)
{
	if (execute(l, "BEGIN IMMEDIATE", why) < 0)
		return -1;
	l->open = true;
	return 0;
}

int ledger_commit(struct ledger *l, struct fault *why)
{
	if (execute(l, "COMMIT", why) < 0) {
		ledger_rollback(l);
		return -1;
	}
	l->open = false;
	return 0;
}

void ledger_rollback(struct ledger *l)
{
	if (l->open)
		(void)sqlite3_exec(l->db, "ROLLBACK", NULL, NULL, NULL);
	l->open = false;
}
