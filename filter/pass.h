/*
 * The main job: messages in on stdin, the same messages with their actions out on stdout.
 *
 * SPDX-License-Identifier: ISC
 */
#ifndef FILTER_PASS_H
#define FILTER_PASS_H

#include "common/mail/intake.h"
#include "filter/ruleset.h"

/*
 * Reads to the end. Errors of rules are said on stderr and keep the message. FAULT_TEMP:
 * the input was cut or malformed, the spool failed or the reader is gone; the output then
 * ends with "abort", as far as that could still be written.
 */
int pass(struct intake *in, int out, const struct ruleset *rules, struct questions *questions,
	const struct filter_settings *settings, struct fault *why);

#endif
