/*
 * One row of a table of scripts, checked with cmocka. Included behind it.
 *
 * SPDX-License-Identifier: ISC
 */
#ifndef T_UNIT_SIEVE_CHECK_H
#define T_UNIT_SIEVE_CHECK_H

#include "filter/index/index.h"
#include "t/unit/sieve_case.h"

/* One row: the script must compile, and decide so about the message. */
static inline void sieve_case_check_message(const struct sieve_case *row, const char *script,
	const char *message)
{
	AUTO_RULESET set = { 0 };
	AUTO_FRAME frame = { 0 };
	AUTO_BUF got = { 0 };

	buf_add_text(&frame.mail_from, "sender@example.net");
	frame.mail_from_known = true;
	strings_add(&frame.rcpt_to, SLICE("me@example.net"));
	sieve_case_add(&set, "r.sieve", slice_text(script));
	if (set.scripts[0]->problems.count > 0)
		fail_msg("%s: %s", row->label, set.scripts[0]->problems.at[0].text);
	for (int indexed = 0; indexed < 2; indexed++) {
		if (indexed)
			index_make(set.scripts[0]->index);
		buf_clear(&got);
		sieve_case_run(&set, &frame, slice_text(message), &got);
		if (strcmp(got.ptr, row->actions) != 0)
			fail_msg("%s%s: got <%s>, expected <%s>", row->label,
				indexed ? ", with an index" : "", got.ptr, row->actions);
	}
}

static inline void sieve_case_check(const struct sieve_case *row, const char *script)
{
	sieve_case_check_message(row, script, sieve_case_message);
}

/* Rows whose scripts are tests: true means keep, false discard. */
#define SIEVE_TRUE "keep;"
#define SIEVE_FALSE "discard;"

static inline void sieve_case_check_tests(const struct sieve_case *rows, size_t count,
	const char *require, const char *message)
{
	for (size_t i = 0; i < count; i++) {
		AUTO_BUF script = { 0 };

		buf_addf(&script, "%sif %s { keep; } else { discard; }", require, rows[i].script);
		sieve_case_check_message(&rows[i], script.ptr, message);
	}
}

/* Rows whose scripts are wrong: `actions` is "LINE:COLUMN text" of the first mistake. */
static inline void sieve_case_check_refused(const struct sieve_case *rows, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		AUTO_RULESET set = { 0 };
		AUTO_BUF got = { 0 };
		const struct problems *problems;

		sieve_case_add(&set, "r.sieve", slice_text(rows[i].script));
		problems = &set.scripts[0]->problems;
		if (problems->count > 0)
			buf_addf(&got, "%u:%u %s", problems->at[0].line, problems->at[0].column,
				problems->at[0].text);
		if (strcmp(buf_text(&got), rows[i].actions) != 0)
			fail_msg("%s: got <%s>, expected <%s>", rows[i].label, buf_text(&got),
				rows[i].actions);
	}
}

#define SIEVE_COUNT(rows) (sizeof(rows) / sizeof((rows)[0]))

#endif
