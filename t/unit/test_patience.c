/*
 * fetch/patience: when trouble is told, and how long an account is left alone.
 *
 * SPDX-License-Identifier: ISC
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "fetch/patience.h"

enum { MINUTE = 60, HOUR = 60 * MINUTE, DAY = 24 * HOUR, START = 1700000000 };

#define DOWN { FAULT_TEMP, "login: the network is down" }
#define BUSY { FAULT_TEMP, "login: NO [LIMIT] Too many connections" }
#define LOCKED { FAULT_LOGIN, "login: the server refuses the login of me" }
#define WRONG { FAULT_CONFIG, "no such thing" }
#define WELL { FAULT_NONE, "" }

/* What a run ends with at `at`: is it told, and how long is the pause? */
struct event {
	int64_t at;
	struct fault why;
	bool told;
	int64_t pause;
};

static const struct {
	const char *label;
	bool gentle;
	struct event events[12]; /* up to the first with at 0 */
} stories[] = {
	{ "an account that never worked: at once, then daily", false,
		{ { 1, DOWN, true, 0 }, { HOUR, DOWN, false, 0 }, { DAY, DOWN, false, 0 },
			{ DAY + 1, DOWN, true, 0 }, { 2 * DAY, DOWN, false, 0 } } },
	{ "one that did: after half an hour, then daily", false,
		{ { 1, WELL, false, 0 }, { 10, DOWN, false, 0 },
			{ 9 + 30 * MINUTE, DOWN, false, 0 }, { 10 + 30 * MINUTE, DOWN, true, 0 },
			{ DAY, DOWN, false, 0 }, { 10 + 30 * MINUTE + DAY, DOWN, true, 0 } } },
	{ "over before it was told: nothing, and the time begins anew", false,
		{ { 1, WELL, false, 0 }, { 10, DOWN, false, 0 }, { 20 * MINUTE, WELL, false, 0 },
			{ 40 * MINUTE, DOWN, false, 0 }, { 69 * MINUTE, DOWN, false, 0 },
			{ 70 * MINUTE, DOWN, true, 0 } } },
	{ "a login: at once, 1, 2, 4 ... 24 hours", false,
		{ { 1, WELL, false, 0 }, { 2, LOCKED, true, HOUR }, { HOUR, LOCKED, false, 2 * HOUR },
			{ 3 * HOUR, LOCKED, false, 4 * HOUR }, { 7 * HOUR, LOCKED, false, 8 * HOUR },
			{ 15 * HOUR, LOCKED, false, 16 * HOUR }, { 31 * HOUR, LOCKED, true, DAY },
			{ 55 * HOUR, LOCKED, true, DAY } } },
	{ "a login by OAuth2: told, no pause", true,
		{ { 1, LOCKED, true, 0 }, { 2, LOCKED, false, 0 } } },
	{ "a busy server: 5, 10 ... 60 minutes", false,
		{ { 1, WELL, false, 0 }, { 2, BUSY, false, 5 * MINUTE },
			{ 6 * MINUTE, BUSY, false, 10 * MINUTE },
			{ 16 * MINUTE, BUSY, false, 20 * MINUTE },
			{ 36 * MINUTE, BUSY, true, 40 * MINUTE },
			{ 76 * MINUTE, BUSY, false, HOUR }, { 136 * MINUTE, BUSY, false, HOUR } } },
	{ "busy, then down, then busy: the pause begins anew", false,
		{ { 1, BUSY, true, 5 * MINUTE }, { HOUR, BUSY, false, 10 * MINUTE },
			{ 2 * HOUR, DOWN, false, 0 }, { 3 * HOUR, BUSY, false, 5 * MINUTE } } },
	{ "another kind: told again", false,
		{ { 1, WELL, false, 0 }, { 2, LOCKED, true, HOUR }, { 2 * HOUR, WRONG, true, 0 },
			{ 3 * HOUR, LOCKED, true, HOUR }, { 4 * HOUR, DOWN, true, 0 },
			{ 5 * HOUR, DOWN, false, 0 } } },
	{ "wrong settings: at once, daily, no pause", false,
		{ { 1, WELL, false, 0 }, { 2, WRONG, true, 0 }, { HOUR, WRONG, false, 0 },
			{ DAY + 2, WRONG, true, 0 } } },
};

static void test_stories(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(stories) / sizeof(stories[0]); i++) {
		struct source_account a = { .waiting = -1 };

		for (const struct event *e = stories[i].events; e->at; e++) {
			const struct patience_terms terms = { .now = START + e->at,
				.grace = 30 * MINUTE, .gentle = stories[i].gentle };
			bool told = false;

			if (e->why.kind == FAULT_NONE)
				(void)patience_succeed(&a, terms.now);
			else
				told = patience_fail(&a, &e->why, &terms);
			if (told != e->told || (a.due ? a.due - terms.now : 0) != e->pause)
				fail_msg("%s: at %lld: told %d, pause %lld", stories[i].label,
					(long long)e->at, told,
					(long long)(a.due ? a.due - terms.now : 0));
		}
		source_account_free(&a);
	}
}

static void test_clock_set_back(void **state)
{
	struct source_account a = { .success = START };
	const struct fault why = DOWN;
	struct patience_terms terms = { .now = START + DAY, .grace = MINUTE };

	(void)state;
	assert_false(patience_fail(&a, &why, &terms));
	terms.now = START + DAY + MINUTE;
	assert_true(patience_fail(&a, &why, &terms));
	terms.now = START;
	assert_true(patience_fail(&a, &why, &terms));
	assert_int_equal(a.since, START);
	source_account_free(&a);
}

static void test_quiet_success(void **state)
{
	struct source_account a = { 0 };

	(void)state;
	assert_true(patience_succeed(&a, START));
	assert_false(patience_succeed(&a, START + 1));
	assert_int_equal(a.success, START);
}

static void test_holds(void **state)
{
	static const struct {
		const char *label;
		int64_t now, changed;
		bool holds;
	} rows[] = {
		{ "in the pause", 1, 0, true },
		{ "at its end", HOUR, 0, false },
		{ "configured long ago", 1, START - DAY, true },
		{ "configured since", 10, START + 5, false },
		{ "the file is from the future", 10, START + DAY, true },
		{ "the clock was set back by years", -365 * DAY, 0, false },
	};
	struct source_account a = { 0 };
	const struct fault why = LOCKED;
	const struct patience_terms terms = { .now = START };

	(void)state;
	(void)patience_fail(&a, &why, &terms);
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		if (patience_holds(&a, START + rows[i].now, rows[i].changed) != rows[i].holds)
			fail_msg("%s", rows[i].label);
	}
	source_account_free(&a);
}

static void test_words(void **state)
{
	static const struct {
		const char *words;
		bool asks;
	} rows[] = {
		{ "-ERR [IN-USE] Do you have another POP session running?", true },
		{ "NO [UNAVAILABLE] Temporary authentication failure", true },
		{ "-ERR [LOGIN-DELAY] minimum time between mail checks violation", true },
		{ "BYE Too many connections from your IP", true },
		{ "NO [ALERT] Maximum number of connections from user+IP exceeded", true },
		{ "NO [THROTTLED] Account exceeded command or bandwidth limits", true },
		{ "-ERR Server Too Busy", true },
		{ "421 4.7.0 Try again later", true },
		{ "-ERR [AUTH] Invalid login", false },
		{ "the network is unreachable", false },
		{ "", false },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		if (patience_is_asked(slice_text(rows[i].words)) != rows[i].asks)
			fail_msg("%s", rows[i].words);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_stories),
		cmocka_unit_test(test_clock_set_back),
		cmocka_unit_test(test_quiet_success),
		cmocka_unit_test(test_holds),
		cmocka_unit_test(test_words),
	};

	return cmocka_run_group_tests_name("patience", tests, NULL, NULL);
}
