/*
 * The pipe of --into: see into.h.
 *
 * SPDX-License-Identifier: ISC
 */
#include "fetch/into.h"

#include <signal.h>

#include "common/base/child.h"
#include "common/base/clock.h"
#include "common/base/io.h"
#include "common/base/say.h"
#include "common/base/words.h"

/* LIMIT: how long a program may take to end when the stream and its receipts have ended. */
enum { END_MS = 60000 };

struct into {
	struct child *children;
	struct strings *commands;
	size_t count;
};

static void into_free(struct into *into)
{
	for (size_t i = 0; i < into->count; i++)
		strings_free(&into->commands[i]);
	free(into->commands);
	free(into->children);
	free(into);
}

/* Each takes the one before it as stdin; our ends of the inner pipes are closed. */
static int start_all(struct into *into, size_t *started, struct fault *why)
{
	int before = CHILD_PIPE;

	for (size_t i = 0; i < into->count; i++) {
		struct child_plan plan = { .argv = into->commands[i].at, .in = before,
			.out = CHILD_PIPE, .err = CHILD_INHERIT, .own_group = true };

		if (child_start(&plan, &into->children[i], why) < 0)
			return -1;
		(*started)++;
		if (i > 0)
			io_close_at(&into->children[i - 1].out);
		before = into->children[i].out;
	}
	return 0;
}

/* What has begun already is ended before it sees an empty stdin, and has words about it. */
static void give_up(struct into *into, size_t started)
{
	int status;
	struct fault ignored;

	for (size_t i = 0; i < started; i++)
		(void)kill(-into->children[i].pid, SIGTERM);
	for (size_t i = 0; i < started; i++) {
		io_close_at(&into->children[i].in);
		io_close_at(&into->children[i].out);
	}
	for (size_t i = 0; i < started; i++)
		(void)child_wait(&into->children[i], clock_deadline(END_MS), &status, &ignored);
}

int into_start(const char *pipeline, struct into **out_into, int *out, int *in,
	struct fault *why)
{
	struct into *into = mem_zero(1, sizeof(*into));
	size_t started = 0;

	if (words_pipeline(pipeline, &into->commands, &into->count, why) < 0) {
		into->count = 0;
		into_free(into);
		return fault_prefix(why, "--into");
	}
	into->children = mem_zero(into->count, sizeof(*into->children));
	for (size_t i = 0; i < into->count; i++)
		into->children[i] = (struct child)CHILD_NONE;
	if (start_all(into, &started, why) < 0) {
		give_up(into, started);
		into_free(into);
		return fault_prefix(why, "--into");
	}
	*out = into->children[0].in;
	*in = into->children[into->count - 1].out;
	into->children[0].in = -1;
	into->children[into->count - 1].out = -1;
	*out_into = into;
	return 0;
}

int into_wait(struct into *into)
{
	int64_t deadline = clock_deadline(END_MS);
	int worst = 0;

	for (size_t i = 0; i < into->count; i++) {
		struct fault why = { 0 };
		int status = 0;

		if (child_wait(&into->children[i], deadline, &status, &why) < 0) {
			say("%s: %s", into->commands[i].at[0], why.text);
			status = FAULT_TEMP;
		}
		if (status > 128) {
			say("%s: ended by signal %d", into->commands[i].at[0], status - 128);
			status = FAULT_TEMP;
		}
		worst = status_worse(worst, status);
	}
	into_free(into);
	return worst;
}
