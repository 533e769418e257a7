/*
 * One row of a table of scripts, checked with cmocka. Included behind it.
 *
 * SPDX-License-Identifier: ISC
 */
#ifndef T_UNIT_SIEVE_CHECK_H
#define T_UNIT_SIEVE_CHECK_H

#include "t/unit/sieve_case.h"

/* One row: the script must compile, and decide so about the message. */
static inline void sieve_case_check(const struct sieve_case *row, const char *script)
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
	sieve_case_run(&set, &frame, slice_text(sieve_case_message), &got);
	if (strcmp(got.ptr, row->actions) != 0)
		fail_msg("%s: got <%s>, expected <%s>", row->label, got.ptr, row->actions);
}

#endif
