/*
 * Telling of trouble: see trouble.h.
 *
 * SPDX-License-Identifier: ISC
 */
#include "fetch/trouble.h"

#include <unistd.h>

#include "common/base/clock.h"
#include "common/base/say.h"

/* LIMIT: the same trouble is told once in so many seconds. */
enum { TELL_EVERY = 60 * 60 };

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

void trouble_tell(struct ledger *ledger, const char *account, const struct fault *why,
	bool always)
{
	struct source_account a = { 0 };
	struct fault ignored;
	int64_t now = clock_wall();
	const char *text = why ? why->text : "";
	bool same;

	if (!ledger || source_account_read(ledger, account, &a, &ignored) < 0) {
		if (why)
			say("account %s: %s", account, text);
		source_account_free(&a);
		return;
	}
	same = slice_is(buf_slice(&a.trouble), text);
	if (why && (!same || always || isatty(STDERR_FILENO) || now - a.told >= TELL_EVERY ||
			   now < a.told)) {
		say("account %s: %s", account, text);
		same = false;
	}
	if (!same) {
		buf_set(&a.trouble, slice_text(text));
		a.told = now;
		write_down(ledger, account, &a);
	}
	source_account_free(&a);
}
