/*
 * Who answers the questions of rules: see world.h.
 *
 * SPDX-License-Identifier: ISC
 */
#include "filter/world.h"

#include "filter/programs/answer.h"
#include "filter/programs/record.h"

static int load(struct world_answers *w, struct fault *why)
{
	if (!w->loaded && deliver_settings_read(w->config, &w->deliver, &w->stores, why) < 0) {
		deliver_settings_free(&w->deliver);
		stores_clear(&w->stores);
		return -1;
	}
	w->loaded = true;
	return 0;
}

static int ask_folder(struct world_answers *w, struct slice folder, struct fault *why)
{
	if (slice_is_case(folder, "INBOX"))
		return 1;
	if (!w->folders || (w->folders->count == 0 && !w->told_only))
		return load(w, why) < 0 ? -1 : folder_exists(&w->stores, folder);
	for (size_t i = 0; i < w->folders->count; i++) {
		if (slice_is(folder, w->folders->at[i]))
			return 1;
	}
	return 0;
}

/* RFC 8579 section 3: is any folder for that use there, or this one? */
static int ask_use(struct world_answers *w, struct slice about, struct fault *why)
{
	struct slice use;
	int got = 0;

	if (load(w, why) < 0)
		return -1;
	slice_cut(&about, ' ', &use);
	for (size_t i = 0; i < w->deliver.special_use.count && got == 0; i++) {
		const char *folder = deliver_use_folder(w->deliver.special_use.at[i], use);

		if (folder && (!about.ptr || slice_is(about, folder)))
			got = ask_folder(w, slice_text(folder), why);
	}
	return got;
}

static int ask(void *context, enum question question, struct slice about, struct fault *why)
{
	struct world_answers *w = context;

	if (question == QUESTION_DUPLICATE)
		return duplicates_ask(&w->duplicates, about, why);
	return question == QUESTION_SPECIAL_USE ? ask_use(w, about, why)
						: ask_folder(w, about, why);
}

static void begin(void *context, const struct frame *frame, int64_t now)
{
	struct world_answers *w = context;

	duplicates_begin(&w->duplicates, frame, now);
}

static void decided(void *context, const struct action *actions, size_t count,
	struct buf *after)
{
	struct world_answers *w = context;

	duplicates_remember(&w->duplicates, actions, count);
	buf_set(after, buf_slice(&w->duplicates.after));
}

static int run(void *context, const struct program_question *question,
	struct program_answer *answer, struct fault *why)
{
	struct world_answers *w = context;
	int found = w->replay ? program_record_find(w->replay, question, answer, why) : 0;

	if (found != 0)
		return found < 0 ? -1 : 0;
	if (w->programs)
		return program_answer(w->programs, question, answer, why);
	return fault_set(why, FAULT_RUNTIME,
		"program %s: its answer is not known (--programs DIR runs it, --replay FILE "
		"tells it)",
		question->name);
}

struct answerer world_answerer(struct world_answers *w)
{
	return (struct answerer){ .ask = ask, .context = w, .begin = begin,
		.decided = decided, .run = run };
}

void world_answers_free(struct world_answers *w)
{
	duplicates_free(&w->duplicates);
	if (!w->loaded)
		return;
	deliver_settings_free(&w->deliver);
	stores_clear(&w->stores);
	w->loaded = false;
}
