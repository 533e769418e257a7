/*
 * Programs that are run when a rule asks.
 *
 * SPDX-License-Identifier: ISC
 */
#ifndef FILTER_PROGRAMS_ANSWER_H
#define FILTER_PROGRAMS_ANSWER_H

#include "common/base/program.h"
#include "filter/programs/question.h"

/* As program_run; what it prints goes to the answer. */
int program_answer(const struct program_settings *settings, const struct program_question *q,
	struct program_answer *a, struct fault *why);

#endif
