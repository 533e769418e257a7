/*
 * Keys against values of any length: see scan.h.
 *
 * SPDX-License-Identifier: ISC
 */
#include "filter/scan.h"

#include "filter/unicode/casemap.h"

/* How much is gathered before it is searched. */
enum { WINDOW_MIN = 64 << 10 };
/* LIMIT: a value that :matches, :regex or :value must see whole. */
enum { WHOLE_MAX = REGEX_BODY_MAX };

static enum match_type type_of(const struct scan *s)
{
	return s->keys->node->match.type;
}

void scan_start(struct scan *s, struct keys *keys)
{
	*s = (struct scan){ .keys = keys };
	for (size_t i = 0; i < keys->count; i++) {
		if (keys->at[i].len > s->longest)
			s->longest = keys->at[i].len;
	}
}

void scan_free(struct scan *s)
{
	buf_free(&s->window);
	buf_free(&s->rest);
}

void scan_begin(struct scan *s)
{
	scan_end(s);
	buf_clear(&s->window);
	buf_clear(&s->rest);
	s->ends = (struct lineend){ 0 };
	s->too_long = false;
	s->open = true;
}

/* Looks for the keys in the window, and keeps the bytes where one may have begun. */
static void search(struct scan *s)
{
	size_t overlap = s->longest > 0 ? s->longest - 1 : 0;

	for (size_t i = 0; i < s->keys->count && s->result == 0; i++) {
		if (slice_find(buf_slice(&s->window), s->keys->at[i]) < 0)
			continue;
		s->result = 1;
		run_saw(s->keys->run, s->keys->at[i]);
	}
	if (s->window.len > overlap)
		buf_drop(&s->window, s->window.len - overlap);
}

static void hold(struct scan *s, struct slice bytes)
{
	enum comparator comparator = s->keys->node->match.comparator;
	bool same_length = comparator == COMPARE_CASEMAP || comparator == COMPARE_OCTET;
	size_t most = type_of(s) == MATCH_IS && same_length ? 2 * s->longest + 2 : WHOLE_MAX;

	lineend_to_lf(&s->ends, slice_first(bytes, most), &s->window);
	if (bytes.len > most || s->window.len > most)
		s->too_long = true;
}

/* Each piece is folded for itself: what is no UTF-8 stays only where it stands. */
static void fold_rest(struct scan *s, bool last)
{
	struct slice ready = buf_slice(&s->rest);
	bool unicode = s->keys->node->match.comparator == COMPARE_UNICODE;

	if (unicode && !last)
		ready.len -= casemap_unfinished(ready);
	keys_fold_text(s->keys->node, ready, false, &s->window);
	buf_drop(&s->rest, ready.len);
}

void scan_feed(struct scan *s, struct slice bytes)
{
	if (!s->open || s->result != 0 || s->too_long || type_of(s) == MATCH_COUNT)
		return;
	if (type_of(s) != MATCH_CONTAINS) {
		hold(s, bytes);
		return;
	}
	while (bytes.len > 0 && s->result == 0) {
		struct slice piece = slice_first(bytes, WINDOW_MIN);

		if (keys_fold(s->keys->node)) {
			lineend_to_lf(&s->ends, piece, &s->rest);
			fold_rest(s, false);
		} else {
			lineend_to_lf(&s->ends, piece, &s->window);
		}
		slice_skip(&bytes, piece.len);
		if (s->window.len >= WINDOW_MIN + 2 * s->longest)
			search(s);
	}
}

void scan_end(struct scan *s)
{
	bool is = type_of(s) == MATCH_IS;

	if (!s->open)
		return;
	s->open = false;
	if (s->result != 0)
		return;
	if (type_of(s) == MATCH_CONTAINS && keys_fold(s->keys->node)) {
		lineend_finish(&s->ends, &s->rest);
		fold_rest(s, true);
	} else {
		lineend_finish(&s->ends, &s->window);
	}
	if (type_of(s) == MATCH_CONTAINS)
		search(s);
	else if (s->too_long && !is)
		s->result = run_fail(s->keys->run,
			"a part is longer than %d bytes: expected :contains or :is", WHOLE_MAX);
	else if (!s->too_long)
		s->result = keys_try(s->keys, buf_slice(&s->window));
}
