/*
 * Programs that are run when a rule asks: see answer.h.
 *
 * SPDX-License-Identifier: ISC
 */
#include "filter/programs/answer.h"

#include "common/mail/programs.h"

struct talk {
	const struct program_question *q;
	uint64_t at;
	struct spool *output;
};

static int give(void *context, char *ptr, size_t len, size_t *got, struct fault *why)
{
	struct talk *t = context;

	if (program_question_read(t->q, t->at, ptr, len, got, why) < 0)
		return -1;
	t->at += *got;
	return 0;
}

static int take(void *context, struct slice bytes, struct fault *why)
{
	struct talk *t = context;

	return spool_add(t->output, bytes, why);
}

int program_answer(const struct program_settings *settings, const struct program_question *q,
	struct program_answer *a, struct fault *why)
{
	struct talk talk = { .q = q, .output = &a->output };
	AUTO_STRINGS environment = { 0 };
	const struct program_call call = { .name = q->name, .arguments = q->arguments,
		.environment = &environment, .give = q->has_input ? give : NULL,
		.take = q->output ? take : NULL, .context = &talk, .timeout = q->timeout,
		.lock = q->lock };
	AUTO_PROGRAM_END end = { 0 };

	if (q->frame)
		programs_envelope(q->frame, &environment);
	if (program_run(settings, &call, &end, why) < 0)
		return -1;
	a->status = end.status;
	program_add_said(&end, &a->said);
	return 0;
}
