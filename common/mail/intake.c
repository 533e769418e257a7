/*
 * What comes in on a descriptor: reading, and telling what it is. See intake.h.
 *
 * SPDX-License-Identifier: ISC
 */
#include "common/mail/intake_kinds.h"

#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <unistd.h>

#include "common/base/clock.h"
#include "common/base/io.h"

enum intake_mode intake_mode_of_file(int fd)
{
	char start[80];
	ssize_t got = pread(fd, start, sizeof(start), 0);

	if (got > 0 && intake_is_from_line((struct slice){ start, (size_t)got }))
		return INTAKE_MBOX;
	return INTAKE_AUTO;
}

struct intake *intake_open(int fd, const char *name, enum intake_mode mode)
{
	struct intake *in = mem_zero(1, sizeof(*in));

	in->fd = fd;
	in->name = name;
	in->mode = mode;
	in->block = mem_get(INTAKE_BLOCK);
	return in;
}

void intake_close(struct intake *in)
{
	if (!in)
		return;
	stream_parser_free(in->parser);
	frame_clear(&in->frame);
	free(in->block);
	free(in);
}

void intake_close_at(struct intake **in)
{
	intake_close(*in);
	*in = NULL;
}

/* Could what is held still become the magic, is it, or is it not? 2, 1, 0. */
static int is_stream(const struct intake *in)
{
	struct slice held = intake_held(in);
	struct slice magic = SLICE(STREAM_MAGIC_START);

	if (in->mode != INTAKE_AUTO)
		return 0;
	if (held.len >= magic.len)
		return slice_starts(held, STREAM_MAGIC_START);
	if (!slice_equal(held, slice_first(magic, held.len)))
		return 0;
	/* A part of the magic and then nothing is a stream that was cut: the parser says so. */
	return in->ended ? 1 : 2;
}

/* 0 also when more bytes are needed to tell. */
static int choose_step(struct intake *in, struct fault *why)
{
	int stream;

	if (in->ended && in->to == in->from)
		return fault_set(why, FAULT_TEMP, "%s is empty: no message and no stream came",
			in->name);
	stream = is_stream(in);
	if (stream == 2 || in->to == in->from)
		return 0;
	if (stream) {
		in->parser = stream_parser_new();
		in->step = intake_step_stream;
	} else {
		in->step = in->mode == INTAKE_MBOX ? intake_step_mbox : intake_step_message;
	}
	return 0;
}

int intake_step_stream(struct intake *in, struct stream_event *event, struct fault *why)
{
	struct slice held = intake_held(in);
	int result = stream_next(in->parser, &held, event, why);

	in->from = in->to - held.len;
	if (result == 0 && event->kind != STREAM_MORE) {
		if (event->kind == STREAM_DONE || event->kind == STREAM_ABORT) {
			in->last = true;
			in->patience = clock_deadline(INTAKE_BEHIND_MS);
		}
		return 1;
	}
	if (result == 0 && in->ended)
		result = stream_input_ended(in->parser, event, why);
	if (result < 0)
		fault_prefix(why, "%s", in->name);
	return result;
}

/* Reads once behind what is held. 1, 2 the deadline, -1. */
static int fill(struct intake *in, int64_t deadline, struct fault *why)
{
	ssize_t n;
	int ready;

	if (in->from > 0)
		memmove(in->block, in->block + in->from, in->to - in->from);
	in->to -= in->from;
	in->from = 0;
	do {
		/* Without a deadline the read itself waits, and a poll is saved. */
		if (deadline != CLOCK_NEVER) {
			ready = io_wait(in->fd, POLLIN, deadline);
			if (ready == 0)
				return 2;
			if (ready < 0)
				break;
		}
		n = io_read(in->fd, in->block + in->to, INTAKE_BLOCK - in->to);
		if (n >= 0) {
			in->to += (size_t)n;
			in->ended = n == 0;
			in->starving = false;
			return 1;
		}
	} while (errno == EAGAIN && io_wait(in->fd, POLLIN, deadline) >= 0);
	return fault_set(why, FAULT_TEMP, "read %s: %s", in->name, strerror(errno));
}

int intake_next(struct intake *in, int64_t deadline, struct stream_event *event,
	struct fault *why)
{
	for (;;) {
		bool stepped = in->step != NULL;
		int got = 0;

		if (stepped)
			got = in->step(in, event, why);
		else if (in->to > in->from || in->ended)
			got = choose_step(in, why);
		if (got != 0)
			return got;
		if (in->ended && stepped)
			return 0;
		if (in->step && !stepped)
			continue;
		in->starving = true;
		got = fill(in, in->last && in->patience < deadline ? in->patience : deadline, why);
		if (got == 2 && in->last && clock_tick() >= in->patience)
			return 0;
		if (got != 1)
			return got;
	}
}

bool intake_is_stream(const struct intake *in)
{
	return in->parser != NULL;
}

bool intake_buffered(const struct intake *in)
{
	return (in->to > in->from && !in->starving) || in->ended;
}
