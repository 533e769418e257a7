/*
 * Records of answers: see replay.h.
 *
 * SPDX-License-Identifier: ISC
 */
#include "filter/verbs/replay.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>

#include "common/base/io.h"
#include "common/mail/stream.h"
#include "filter/programs/record.h"

int replay_read(struct replay *r, const char *path, struct fault *why)
{
	AUTO_BUF text = { 0 };
	struct slice rest;
	struct slice line;

	if (io_read_file(path, REPLAY_MAX, &text, why) < 0)
		return -1;
	rest = buf_slice(&text);
	while (slice_line(&rest, &line))
		strings_add(&r->lines, line);
	return 0;
}

static bool is_message_line(struct slice line, uint64_t *number)
{
	return slice_starts(line, "message ") && slice_number(slice_from(line, 8), number);
}

/* 1, 0; -1: the record does not say. The own lines of a message go before those for all. */
static int find(const struct replay *r, struct slice asked)
{
	uint64_t block = 0;
	int common = -1;

	for (size_t i = 0; i < r->lines.count; i++) {
		struct slice line = slice_text(r->lines.at[i]);
		struct slice answer;

		if (is_message_line(line, &block) || line.len < asked.len ||
			!slice_equal(slice_first(line, asked.len), asked))
			continue;
		answer = slice_from(line, asked.len);
		if (!slice_is(answer, ": yes") && !slice_is(answer, ": no"))
			continue;
		if (block == r->message && block > 0)
			return slice_is(answer, ": yes");
		if (block == 0 && common < 0)
			common = slice_is(answer, ": yes");
	}
	return common;
}

static int ask(void *context, enum question question, struct slice about, struct fault *why)
{
	struct replay *r = context;
	AUTO_BUF asked = { 0 };
	int answer = -1;

	if (r->lines.count > 0) {
		buf_addf(&asked, "%s ", question_word(question));
		stream_encode(&asked, about, false);
		answer = find(r, buf_slice(&asked));
	}
	return answer >= 0 ? answer : r->behind.ask(r->behind.context, question, about, why);
}

static void begin(void *context, const struct frame *frame, int64_t now)
{
	struct replay *r = context;

	if (r->behind.begin)
		r->behind.begin(r->behind.context, frame, now);
}

static void decided(void *context, const struct action *actions, size_t count,
	struct buf *after)
{
	struct replay *r = context;

	if (r->behind.decided)
		r->behind.decided(r->behind.context, actions, count, after);
}

/* The same of a program: what stands below "message" lines of that number. */
static int find_program(const struct replay *r, uint64_t number,
	const struct program_question *question, struct program_answer *answer,
	struct fault *why)
{
	uint64_t block = 0;
	uint64_t next = 0;
	size_t from = 0;
	int found = 0;

	for (size_t i = 0; i <= r->lines.count && found == 0; i++) {
		struct strings part = { .at = r->lines.at + from, .count = i - from };

		if (i < r->lines.count && !is_message_line(slice_text(r->lines.at[i]), &next))
			continue;
		if (block == number && part.count > 0)
			found = program_record_find(&part, question, answer, why);
		block = next;
		from = i + 1;
	}
	return found;
}

static int run(void *context, const struct program_question *question,
	struct program_answer *answer, struct fault *why)
{
	struct replay *r = context;
	int found = find_program(r, r->message, question, answer, why);

	if (found == 0 && r->message != 0)
		found = find_program(r, 0, question, answer, why);
	if (found == 0)
		found = program_record_find(&r->lines, question, answer, why);
	if (found != 0)
		return found < 0 ? -1 : 0;
	return r->behind.run(r->behind.context, question, answer, why);
}

struct answerer replay_answerer(struct replay *r)
{
	return (struct answerer){ .ask = ask, .context = r, .begin = begin,
		.decided = decided, .run = run };
}

void replay_message(struct replay *r, uint64_t number)
{
	r->message = number;
}

int replay_start(struct replay *r, const char *path, struct fault *why)
{
	r->out = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
	if (r->out < 0)
		return fault_set(why, FAULT_TEMP, "create %s: %s", path, strerror(errno));
	r->writes = true;
	r->name = path;
	return 0;
}

int replay_write(struct replay *r, const struct strings *record, struct fault *why)
{
	AUTO_BUF text = { 0 };

	if (!r->writes)
		return 0;
	buf_addf(&text, "message %" PRIu64 "\n", r->message);
	for (size_t i = 0; i < record->count; i++) {
		/* What programs answered is written so that it has no line end. */
		if (slice_starts(slice_text(record->at[i]), "program "))
			buf_add_text(&text, record->at[i]);
		else
			stream_encode(&text, slice_text(record->at[i]), false);
		buf_add_byte(&text, '\n');
	}
	return io_write_all(r->out, text.ptr, text.len, r->name, why);
}

void replay_free(struct replay *r)
{
	strings_free(&r->lines);
	if (r->writes)
		io_close_at(&r->out);
	*r = (struct replay){ 0 };
}
