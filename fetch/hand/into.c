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
	struct pipeline programs;
};

int into_start(const char *pipeline, struct into **out_into, int *out, int *in,
	struct fault *why)
{
	struct pipeline programs;
	struct into *into;

	if (pipeline_start(pipeline, &programs, why) < 0)
		return fault_prefix(why, "--into");
	*out = programs.in;
	*in = programs.out;
	programs.in = -1;
	programs.out = -1;
	into = mem_zero(1, sizeof(*into));
	into->programs = programs;
	*out_into = into;
	return 0;
}

int into_wait(struct into *into)
{
	struct fault why;
	int status;

	if (pipeline_wait(&into->programs, clock_deadline(END_MS), &status, &why) < 0)
		say("%s", why.text);
	pipeline_end(&into->programs);
	free(into);
	return status;
}
