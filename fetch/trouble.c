/*
 * Telling of trouble: see trouble.h.
 *
 * SPDX-License-Identifier: ISC
 */
#include "fetch/trouble.h"

#include <sys/stat.h>
#include <unistd.h>

#include "common/base/clock.h"
#include "common/base/paths.h"
#include "common/base/say.h"
#include "fetch/patience.h"

static void write_down(struct ledger *l, const char *name, const struct source_account *a)
{
	struct fault why;

	if (ledger_begin(l, &why) < 0)
		return;
	if (source_account_write(l, name, a, &why) < 0)
		ledger_rollback(l);
	else
		(void)ledger_commit(l, &why);
}

static bool says_the_same(const struct source_account *a, const struct source_account *b)
{
	return slice_equal(buf_slice(&a->trouble), buf_slice(&b->trouble)) &&
		a->kind == b->kind && a->since == b->since && a->told == b->told &&
		a->tries == b->tries && a->due == b->due;
}

int64_t trouble_tell(struct ledger *ledger, const struct account *account,
	const struct fault *why, const struct fault *more, bool always)
{
	struct source_account a = { 0 }, before = { 0 };
	const struct patience_terms terms = { .now = clock_wall(),
		.grace = more ? account->grace / 1000 : 0,
		.gentle = account->server.oauth.provider != OAUTH_NONE };
	bool known, tell;
	struct fault ignored;
	int64_t due;

	known = ledger && source_account_read(ledger, account->name, &a, &ignored) == 0 &&
		source_account_read(ledger, account->name, &before, &ignored) == 0;
	tell = patience_fail(&a, why, &terms);
	if (tell || !known || always || isatty(STDERR_FILENO)) {
		say("account %s: %s", account->name, why->text);
		if (more && more->kind != FAULT_NONE)
			say("account %s: %s", account->name, more->text);
	}
	if (known && !says_the_same(&a, &before))
		write_down(ledger, account->name, &a);
	due = a.due;
	source_account_free(&a);
	source_account_free(&before);
	return due;
}

void trouble_over(struct ledger *ledger, const struct account *account, int lock,
	uint64_t waiting)
{
	struct source_account a = { 0 };
	struct fault ignored;
	bool trouble, changed;

	(void)futimens(lock, NULL);
	if (source_account_read(ledger, account->name, &a, &ignored) == 0) {
		trouble = a.trouble.len > 0;
		changed = patience_succeed(&a, clock_wall());
		if (changed || a.waiting != (int64_t)waiting) {
			a.waiting = (int64_t)waiting;
			write_down(ledger, account->name, &a);
		}
		if (trouble)
			say_detail("account %s: all is well again", account->name);
	}
	source_account_free(&a);
}

/* A file that was put in place by rename has an old mtime and a new ctime. */
static int64_t changed_at(const char *file)
{
	struct stat st;

	if (!file || stat(file, &st) < 0)
		return 0;
	return st.st_mtime > st.st_ctime ? st.st_mtime : st.st_ctime;
}

bool trouble_holds(struct ledger *ledger, const struct account *account, const char *config,
	int64_t *due, int *status)
{
	struct source_account a = { 0 };
	struct fault ignored;
	bool holds = source_account_read(ledger, account->name, &a, &ignored) == 0 &&
		patience_holds(&a, clock_wall(), changed_at(config));

	*due = a.due;
	*status = a.kind;
	source_account_free(&a);
	return holds;
}

void trouble_pardon(const struct account *account)
{
	struct fault ignored;
	AUTO_FREE char *state = paths_state(&ignored);
	struct source_account a = { 0 };
	AUTO_LEDGER *ledger = NULL;

	if (!state || !ledger_was_made(state) ||
		ledger_open(state, LEDGER_WRITE, &ledger, &ignored) < 0)
		return;
	if (source_account_read(ledger, account->name, &a, &ignored) == 0 && a.due != 0) {
		a.due = a.tries = 0;
		write_down(ledger, account->name, &a);
	}
	source_account_free(&a);
}
