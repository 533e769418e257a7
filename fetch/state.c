/*
 * Lock and ledger of an account: see state.h.
 *
 * SPDX-License-Identifier: ISC
 */
#include "fetch/state.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "common/base/io.h"
#include "common/base/lock.h"
#include "common/base/paths.h"

/* LIMIT: who looks whether it is locked (state_look) has the lock for a moment. */
enum { LOOKS = 3, LOOK_MS = 10 };

int state_ledger(struct ledger **out, struct fault *why)
{
	AUTO_FREE char *state = paths_state(why);

	return state ? ledger_open(state, LEDGER_WRITE, out, why) : -1;
}

int state_lock(const struct account *account, int *lock, struct fault *why)
{
	AUTO_FREE char *locks = paths_locks(why);
	AUTO_BUF name = { 0 };
	AUTO_FD dir = -1;

	if (!locks)
		return -1;
	dir = paths_open(locks, 0700, why);
	if (dir < 0)
		return -1;
	buf_addf(&name, "fetch-%s.lock", account->name);
	for (int tries = 1;; tries++) {
		int got = lock_try(dir, buf_text(&name), lock, why);

		if (got != 0 || tries == LOOKS)
			return got;
		(void)poll(NULL, 0, LOOK_MS);
	}
}

int state_look(const struct account *account, bool *at_work, int64_t *touched,
	struct fault *why)
{
	AUTO_FREE char *locks = paths_locks(why);
	AUTO_BUF path = { 0 };
	AUTO_FD file = -1;
	struct stat st;

	*at_work = false;
	*touched = 0;
	if (!locks)
		return -1;
	buf_addf(&path, "%s/fetch-%s.lock", locks, account->name);
	file = open(buf_text(&path), O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
	if (file < 0 && errno == ENOENT)
		return 0;
	if (file < 0 || fstat(file, &st) < 0)
		return fault_set(why, FAULT_TEMP, "%s: %s", buf_text(&path), strerror(errno));
	*at_work = flock(file, LOCK_SH | LOCK_NB) < 0 && errno == EWOULDBLOCK;
	*touched = st.st_size > 0 ? st.st_mtime : 0;
	return 0;
}

static int forget(const struct account *account, struct ledger *l, struct fault *why)
{
	if (ledger_begin(l, why) < 0)
		return -1;
	if (source_forget(l, account->place, why) < 0) {
		ledger_rollback(l);
		return -1;
	}
	return ledger_commit(l, why);
}

int state_check(const struct account *account, struct ledger *l, int lock, bool again,
	struct fault *why)
{
	struct source_account a = { 0 };
	struct stat st;
	int result = source_account_read(l, account->name, &a, why);

	source_account_free(&a);
	if (result < 0)
		return -1;
	if (again)
		return forget(account, l, why);
	if (fstat(lock, &st) < 0)
		return fault_set(why, FAULT_TEMP, "its lock file: %s", strerror(errno));
	if (a.ran || st.st_size == 0)
		return 0;
	return fault_set(why, FAULT_CONFIG,
		"it has run before, but the ledger %s does not know it: \"mr-fetch mark %s\" takes "
		"what is on the server now for fetched, \"mr-fetch --again %s\" fetches it all",
		ledger_path(l), account->name, account->name);
}

int state_has_run(const struct account *account, struct ledger *l, int lock,
	struct fault *why)
{
	struct source_account a = { 0 };
	struct stat st;
	int result = source_account_read(l, account->name, &a, why);

	if (result == 0 && !a.ran) {
		a.ran = true;
		result = ledger_begin(l, why);
		if (result == 0) {
			result = source_account_write(l, account->name, &a, why);
			if (result == 0)
				result = ledger_commit(l, why);
			else
				ledger_rollback(l);
		}
	}
	source_account_free(&a);
	if (result < 0)
		return -1;
	if (fstat(lock, &st) == 0 && st.st_size > 0)
		return 0;
	if (io_write_all(lock, "1\n", 2, "its lock file", why) < 0)
		return -1;
	return io_sync(lock, "its lock file", why);
}
