/*
 * Rows of scripts that change a message: which bytes each action gets. Behind cmocka.
 *
 * SPDX-License-Identifier: ISC
 */
#ifndef T_UNIT_EDIT_CASE_H
#define T_UNIT_EDIT_CASE_H

#include "filter/edit/variants.h"
#include "t/unit/sieve_case.h"

/* What the scripts begin with stands in EDIT_REQUIRE, one line; defined before this. */

struct edit_case {
	const char *label;
	const char *script;
	const char *message; /* NULL: EDIT_MESSAGE */
	const char *wanted;  /* "command; ...: bytes" of each variant */
};

/* Reads all of a state through message_read, as tests do. */
static inline void edit_case_put_bytes(const struct message *m, struct buf *out)
{
	char room[7];
	struct fault why;
	uint64_t at = 0;
	size_t got;

	do {
		assert_int_equal(message_read(m, at, room, sizeof(room), &got, &why), 0);
		buf_add(out, room, got);
		at += got;
	} while (got > 0);
	assert_int_equal(at, m->size);
}

static inline void edit_case_put(const struct verdict *verdict, struct buf *out)
{
	AUTO_FREE unsigned *numbers = NULL;
	size_t count = variants_list(verdict, &numbers);

	for (size_t k = 0; k < count; k++) {
		for (size_t i = 0; i < verdict->count; i++) {
			if (variants_has(&verdict->actions[i], numbers[k], k))
				action_put(out, &verdict->actions[i]);
		}
		buf_add_text(out, ":\n");
		edit_case_put_bytes(versions_message(&verdict->versions, numbers[k]), out);
	}
}

/* Scripts are parted by "---\n". */
static inline void edit_case_decide(const char *scripts, struct slice bytes, struct buf *out)
{
	struct ruleset set = { 0 };
	struct gather_state gather = GATHER_NONE;
	struct frame frame = { 0 };
	struct questions questions = { .answerer = { .ask = sieve_case_ask } };
	struct filter_settings settings = { .limits = { .actions = 5, .redirects = 2 } };
	struct message message;
	struct world world = { .message = &message, .questions = &questions,
		.settings = &settings, .now = 1767225600 };
	AUTO_VERDICT verdict = { 0 };
	struct slice rest = slice_text(scripts);
	struct fault why;

	while (rest.len > 0) {
		ptrdiff_t end = slice_find(rest, SLICE("---\n"));
		struct slice one = end < 0 ? rest : slice_first(rest, (size_t)end);
		AUTO_BUF source = { 0 };

		buf_add_text(&source, EDIT_REQUIRE);
		buf_add_slice(&source, one);
		sieve_case_add(&set, "t.sieve", buf_slice(&source));
		slice_skip(&rest, one.len + (end < 0 ? 0 : 4));
	}
	gather.whole = true;
	gather_add(&gather, bytes, &why);
	gather_end(&gather);
	gather_message(&gather, &frame, &message);
	ruleset_decide(&set, &world, &verdict);
	edit_case_put(&verdict, out);
	if (verdict.error.kind)
		buf_addf(out, "!%s",
			verdict.error.kind == FAULT_DATA ? "broken" : verdict.error.text);
	verdict_clear(&verdict);
	message_close(&message);
	questions_free(&questions);
	gather_free(&gather);
	ruleset_free(&set);
}

static inline void edit_case_check(const struct edit_case *rows, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		AUTO_BUF got = { 0 };

		edit_case_decide(rows[i].script, slice_text(rows[i].message ? rows[i].message : EDIT_MESSAGE),
			&got);
		if (strcmp(buf_text(&got), rows[i].wanted) != 0)
			fail_msg("%s\n--- got\n%s\n--- wanted\n%s", rows[i].label, buf_text(&got),
				rows[i].wanted);
	}
}

#endif
