/*
 * The pipe of --into: see into.h.
 *
 * SPDX-License-Identifier: ISC
 */
#include "fetch/hand/into.h"

#include "common/base/clock.h"
#include "common/base/pipeline.h"
#include "common/base/say.h"

/* LIMIT: how long a program may take to end when the stream and its receipts have ended. */
enum { END_MS = 60000 };

struct into {
	char *text;
	struct pipeline programs;
};

int into_new(const char *pipeline, struct into **out, struct fault *why)
{
	struct into *into;

	if (pipeline_check(pipeline, why) < 0)
		return fault_prefix(why, "--into");
	into = mem_zero(1, sizeof(*into));
	into->text = mem_text(pipeline);
	into->programs = (struct pipeline)PIPELINE_NONE;
	*out = into;
	return 0;
}

void into_free(struct into *into)
{
	if (!into)
		return;
	pipeline_end(&into->programs);
	free(into->text);
	free(into);
}

int into_start(void *arg, int *out, int *in, struct fault *why)
{
	struct into *into = arg;

	if (pipeline_start(into->text, &into->programs, why) < 0)
		return fault_prefix(why, "--into");
	*out = into->programs.in;
	*in = into->programs.out;
	into->programs.in = -1;
	into->programs.out = -1;
	return 0;
}

int into_wait(struct into *into)
{
	struct fault why;
	int status;

	if (pipeline_wait(&into->programs, clock_deadline(END_MS), &status, &why) < 0)
		say("%s", why.text);
	pipeline_end(&into->programs);
	return status;
}
