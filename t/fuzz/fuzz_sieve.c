/*
 * Rule files: any bytes compile or complain; what compiles runs over a message. Complaints
 * can be shown, and an action list is never empty.
 *
 * SPDX-License-Identifier: ISC
 */
#include <assert.h>
#include <stddef.h>
#include <stdint.h>

#include "t/unit/sieve_case.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	AUTO_RULESET set = { 0 };
	AUTO_FRAME frame = { 0 };
	AUTO_BUF out = { 0 };
	const struct script *script;

	buf_add_text(&frame.mail_from, "sender@example.net");
	frame.mail_from_known = true;
	strings_add(&frame.rcpt_to, SLICE("me@example.net"));
	sieve_case_add(&set, "fuzz.sieve", slice_of(data, size));
	script = set.scripts[0];
	for (size_t i = 0; i < script->problems.count; i++) {
		assert(script->problems.at[i].line > 0 && script->problems.at[i].column > 0);
		problem_show(&out, "error", script->path, buf_slice(&script->source),
			&script->problems.at[i]);
	}
	buf_clear(&out);
	sieve_case_run(&set, &frame, slice_text(sieve_case_message), &out);
	assert(out.len > 0);
	return 0;
}
