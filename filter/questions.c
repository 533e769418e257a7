/*
 * What rules ask of the world: see questions.h.
 *
 * SPDX-License-Identifier: ISC
 */
#include "filter/questions.h"

#include <inttypes.h>

#include "filter/programs/record.h"

static const char *const words[] = {
	[QUESTION_MAILBOX] = "mailbox",
	[QUESTION_SPECIAL_USE] = "special-use",
	[QUESTION_DUPLICATE] = "duplicate",
};

const char *question_word(enum question question)
{
	return words[question];
}

/* LIMIT: answers remembered of one message; beyond it the world is asked again. */
enum { RECORD_MAX = 1000 };

static bool recorded(const struct questions *q, struct slice line, const char *answer)
{
	for (size_t i = 0; i < q->record.count; i++) {
		struct slice old = slice_text(q->record.at[i]);

		if (old.len > line.len && slice_equal(slice_first(old, line.len), line) &&
			slice_is(slice_from(old, line.len), answer))
			return true;
	}
	return false;
}

int questions_ask(struct questions *q, enum question question, struct slice about,
	struct fault *why)
{
	AUTO_BUF line = { 0 };
	int answer;

	buf_addf(&line, "%s ", words[question]);
	buf_add_slice(&line, about);
	if (recorded(q, buf_slice(&line), ": yes"))
		return 1;
	if (recorded(q, buf_slice(&line), ": no"))
		return 0;
	answer = q->answerer.ask ? q->answerer.ask(q->answerer.context, question, about, why)
				 : fault_set(why, FAULT_RUNTIME, "nobody to ask about %s",
					 buf_text(&line));
	if (answer >= 0 && q->record.count < RECORD_MAX) {
		buf_add_text(&line, answer ? ": yes" : ": no");
		strings_add(&q->record, buf_slice(&line));
	}
	return answer;
}

static int record_run(struct questions *q, const struct program_question *about,
	const struct program_answer *answer, struct fault *why)
{
	AUTO_BUF line = { 0 };

	if (q->record.count >= RECORD_MAX)
		return 0;
	if (!q->whole) {
		program_question_name(about, &line);
		buf_addf(&line, ": exit %d, %" PRIu64 " bytes", answer->status,
			answer->output.size);
	} else if (program_record_put(about, answer, &line, why) < 0) {
		return -1;
	}
	strings_add(&q->record, buf_slice(&line));
	return 0;
}

int questions_run(struct questions *q, const struct program_question *about,
	struct program_answer *answer, struct fault *why)
{
	if (!q->answerer.run)
		return fault_set(why, FAULT_RUNTIME, "program %s is not run here", about->name);
	if (q->answerer.run(q->answerer.context, about, answer, why) < 0)
		return -1;
	return record_run(q, about, answer, why);
}

void questions_begin(struct questions *q, const struct frame *frame, int64_t now)
{
	if (q->answerer.begin)
		q->answerer.begin(q->answerer.context, frame, now);
}

void questions_decided(struct questions *q, const struct action *actions, size_t count,
	struct buf *after)
{
	if (q->answerer.decided)
		q->answerer.decided(q->answerer.context, actions, count, after);
}

void questions_forget(struct questions *q)
{
	strings_clear(&q->record);
}

void questions_free(struct questions *q)
{
	strings_free(&q->record);
	lists_free(&q->lists);
	scanner_free(&q->spam);
	scanner_free(&q->virus);
}
