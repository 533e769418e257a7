/*
 * Patience with accounts in trouble: see patience.h.
 *
 * SPDX-License-Identifier: ISC
 */
#include "fetch/patience.h"

#include <ctype.h>

enum { MINUTE = 60, HOUR = 60 * MINUTE, DAY = 24 * HOUR };

/* LIMIT: trouble that stays is told so often. */
enum { TELL_EVERY = DAY };

/* LIMIT: the first pause and the longest. */
struct pace {
	int64_t first, most;
};
static const struct pace pace_login = { HOUR, DAY };
static const struct pace pace_busy = { 5 * MINUTE, HOUR };
static const struct pace pace_none = { 0, 0 };

/*
 * RFC 5530, RFC 9051 section 7.1, RFC 2449 and RFC 3206 have the codes; the words are those
 * of Dovecot, Courier, Cyrus, Gmail, Microsoft and Yahoo, who often send no code.
 */
static const char *const asking[] = { "[limit]", "[inuse]", "[in-use]", "[unavailable]",
	"[login-delay]", "[sys/temp]", "[overquota]", "too many", "throttl", "rate limit",
	"rate-limit", "bandwidth limit", "bandwidth exceeded", "maximum number of connections",
	"connection limit", "connections exceeded", "session limit", "number of sessions",
	"mailbox is locked", "mailbox locked", "maildrop already locked", "try again later",
	"server busy", "server is busy", "server too busy" };

bool patience_is_asked(struct slice words)
{
	AUTO_BUF low = { 0 };

	for (size_t i = 0; i < words.len; i++)
		buf_add_byte(&low, (char)tolower((unsigned char)words.ptr[i]));
	for (size_t i = 0; i < sizeof(asking) / sizeof(asking[0]); i++) {
		if (slice_find(buf_slice(&low), slice_text(asking[i])) >= 0)
			return true;
	}
	return false;
}

static struct pace pace_of(const struct fault *why, bool gentle)
{
	if (why->kind == FAULT_LOGIN)
		return gentle ? pace_none : pace_login;
	if (why->kind == FAULT_TEMP && patience_is_asked(slice_text(why->text)))
		return pace_busy;
	return pace_none;
}

static int64_t pause_after(const struct pace *pace, int64_t tries)
{
	int64_t pause = pace->first;

	for (; tries > 1 && pause < pace->most; tries--)
		pause *= 2;
	return pause < pace->most ? pause : pace->most;
}

bool patience_fail(struct source_account *a, const struct fault *why,
	const struct patience_terms *terms)
{
	const struct pace pace = pace_of(why, terms->gentle);
	bool same = a->kind == (int)why->kind && a->trouble.len > 0;
	bool quiet;

	if (a->trouble.len == 0 || a->since > terms->now)
		a->since = terms->now;
	if (!same)
		a->told = 0;
	if (pace.first == 0)
		a->tries = a->due = 0;
	else
		a->tries = same ? a->tries + 1 : 1;
	if (pace.first)
		a->due = terms->now + pause_after(&pace, a->tries);
	a->kind = (int)why->kind;
	buf_set(&a->trouble, slice_text(why->text));
	quiet = why->kind == FAULT_TEMP && a->success != 0 &&
		terms->now - a->since < terms->grace;
	if (a->told ? terms->now - a->told < TELL_EVERY && a->told <= terms->now : quiet)
		return false;
	a->told = terms->now;
	return true;
}

bool patience_succeed(struct source_account *a, int64_t now)
{
	if (a->trouble.len == 0 && a->due == 0 && a->success != 0)
		return false;
	buf_clear(&a->trouble);
	a->kind = 0;
	a->since = a->told = a->tries = a->due = 0;
	a->success = now;
	return true;
}

bool patience_holds(const struct source_account *a, int64_t now, int64_t changed)
{
	const struct pace *pace = a->kind == FAULT_LOGIN ? &pace_login : &pace_busy;
	int64_t tried = a->due - pause_after(pace, a->tries);

	if (a->due <= now)
		return false;
	/* A clock that was set back must not hold an account for years. */
	if (a->due - now > pace->most)
		return false;
	return changed <= tried || changed > now;
}
