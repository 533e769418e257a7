/*
 * Texts without which a pattern cannot match: see literals.h.
 *
 * The grammar here is that part of PCRE2's which people write in rules. The best of what
 * stands in a sequence is taken: a run of bytes, or what the alternatives of a group need.
 *
 * SPDX-License-Identifier: ISC
 */
#include "filter/index/literals.h"

#include "filter/index/class.h"
#include "filter/match.h"

struct reading {
	struct slice in;
	unsigned depth;
	bool sound;
	bool lost; /* something that is not understood: nothing counts */
};

/* LIMIT: length of an expression that is certain not to be too large for PCRE2. */
enum { SOUND_MAX = 500 };
/* Longer texts are no better: from here on fewer alternatives count more. */
enum { LONG_ENOUGH = 16 };

static void read_alternatives(struct reading *r, struct strings *out);

static size_t shortest(const struct strings *texts)
{
	size_t least = texts->count ? SIZE_MAX : 0;

	for (size_t i = 0; i < texts->count; i++) {
		size_t len = strlen(texts->at[i]);

		least = len < least ? len : least;
	}
	return least < LONG_ENOUGH ? least : LONG_ENOUGH;
}

/* Keeps the better one in *best; `other` is emptied. */
static void keep_better(struct strings *best, struct strings *other)
{
	size_t mine = shortest(best);
	size_t its = shortest(other);

	if (its > mine || (its == mine && its > 0 && other->count < best->count)) {
		struct strings swap = *best;

		*best = *other;
		*other = swap;
	}
	strings_clear(other);
}

static void end_run(struct buf *run, struct strings *best)
{
	AUTO_STRINGS one = { 0 };

	if (run->len > 0) {
		strings_add(&one, buf_slice(run));
		keep_better(best, &one);
	}
	buf_clear(run);
}

static bool next_is(const struct reading *r, char c)
{
	return r->in.len > 0 && r->in.ptr[0] == c;
}

static void lose(struct reading *r)
{
	r->lost = true;
	r->in.len = 0;
}

/* "{n}", "{n,}", "{n,m}": the least count; anything else in braces is not understood. */
static unsigned read_braces(struct reading *r)
{
	ptrdiff_t close = slice_find_byte(r->in, '}');
	struct slice inside, least;
	uint64_t number;

	r->sound = false;
	if (close < 2 || close > 12) {
		lose(r);
		return 0;
	}
	inside = slice_of(r->in.ptr + 1, (size_t)close - 1);
	slice_skip(&r->in, (size_t)close + 1);
	slice_cut(&inside, ',', &least);
	if (!slice_number(least, &number) ||
		(inside.len > 0 && !slice_number(inside, &(uint64_t){ 0 }))) {
		lose(r);
		return 0;
	}
	return number > 0;
}

/* How often at least: 0, or 1 and more. *once: no quantifier. */
static unsigned read_quantifier(struct reading *r, bool *once)
{
	unsigned least = 1;

	*once = false;
	if (next_is(r, '{')) {
		least = read_braces(r);
	} else if (next_is(r, '*') || next_is(r, '?') || next_is(r, '+')) {
		least = next_is(r, '+');
		slice_skip(&r->in, 1);
	} else {
		*once = true;
		return 1;
	}
	if (next_is(r, '?') || next_is(r, '+'))
		slice_skip(&r->in, 1);
	return least;
}

/* One byte that stands for itself. */
static void take_byte(struct reading *r, char c, struct buf *run, struct strings *best)
{
	bool once;
	unsigned least = read_quantifier(r, &once);

	if (least > 0)
		buf_add_byte(run, c);
	if (!once)
		end_run(run, best);
}

/* Something of which nothing is known but that it is one thing. */
static void take_any(struct reading *r, struct buf *run, struct strings *best)
{
	bool once;

	end_run(run, best);
	read_quantifier(r, &once);
}

/* What stands between two bytes and takes none. */
static void take_place(struct reading *r)
{
	bool once;

	read_quantifier(r, &once);
	if (!once)
		lose(r);
}

static void take_group(struct reading *r, struct buf *run, struct strings *best)
{
	AUTO_STRINGS inside = { 0 };
	bool once;

	end_run(run, best);
	if (slice_starts(r->in, "?:"))
		slice_skip(&r->in, 2);
	else if (next_is(r, '?') || next_is(r, '*'))
		lose(r);
	if (r->depth == LITERALS_DEPTH)
		lose(r);
	r->depth++;
	read_alternatives(r, &inside);
	r->depth--;
	if (!next_is(r, ')')) {
		lose(r);
		return;
	}
	slice_skip(&r->in, 1);
	if (read_quantifier(r, &once) > 0)
		keep_better(best, &inside);
}

static void take_escape(struct reading *r, struct buf *run, struct strings *best)
{
	char c = r->in.len > 0 ? r->in.ptr[0] : '\0';

	slice_skip(&r->in, 1);
	if (c > ' ' && c < 0x7f && !class_is_letter_or_digit(c))
		take_byte(r, c, run, best);
	else if (c == 'b' || c == 'B')
		take_place(r);
	else if (c != '\0' && strchr("dDwWsShHvV", c))
		take_any(r, run, best);
	else
		lose(r);
}

/* A character beyond ASCII is one thing, however many bytes it has. */
static void take_wide(struct reading *r, struct buf *run, struct strings *best)
{
	r->sound = false;
	while (r->in.len > 0 && ((unsigned char)r->in.ptr[0] & 0xc0) == 0x80)
		slice_skip(&r->in, 1);
	take_any(r, run, best);
}

static void take_one(struct reading *r, struct buf *run, struct strings *best)
{
	char c = r->in.ptr[0];

	slice_skip(&r->in, 1);
	switch (c) {
	case '(':
		take_group(r, run, best);
		break;
	case '[':
		if (class_skip(&r->in, &r->sound))
			take_any(r, run, best);
		else
			lose(r);
		break;
	case '.':
		take_any(r, run, best);
		break;
	case '^':
	case '$':
		take_place(r);
		break;
	case '\\':
		take_escape(r, run, best);
		break;
	case '*':
	case '+':
	case '?':
	case '{':
	case '\0':
		lose(r);
		break;
	default:
		if ((unsigned char)c >= 0x80)
			take_wide(r, run, best);
		else
			take_byte(r, c, run, best);
	}
}

static void read_sequence(struct reading *r, struct strings *best)
{
	AUTO_BUF run = { 0 };

	while (r->in.len > 0 && !next_is(r, '|') && !next_is(r, ')'))
		take_one(r, &run, best);
	end_run(&run, best);
}

/* What all alternatives need together: nothing when one of them needs nothing. */
static void read_alternatives(struct reading *r, struct strings *out)
{
	bool nothing = false;

	for (;;) {
		AUTO_STRINGS best = { 0 };

		read_sequence(r, &best);
		nothing = nothing || best.count == 0 ||
			out->count + best.count > LITERALS_MAX;
		for (size_t i = 0; !nothing && i < best.count; i++)
			strings_add(out, slice_text(best.at[i]));
		if (!next_is(r, '|'))
			break;
		slice_skip(&r->in, 1);
	}
	if (nothing)
		strings_clear(out);
}

void literals_of_regex(struct slice pattern, struct literals *out)
{
	struct reading r = { .in = pattern, .sound = pattern.len <= SOUND_MAX };

	*out = (struct literals){ 0 };
	/* Whatever the comparator says: what is searched is folded. */
	if (slice_starts(r.in, "(?i)"))
		slice_skip(&r.in, 4);
	read_alternatives(&r, &out->texts);
	if (r.lost || r.in.len > 0)
		strings_clear(&out->texts);
	out->sound = r.sound && !r.lost && r.in.len == 0;
	for (size_t i = 0; i < out->texts.count; i++) {
		AUTO_BUF folded = { 0 };

		match_fold(&folded, slice_text(out->texts.at[i]));
		memcpy(out->texts.at[i], folded.ptr, folded.len);
	}
}

void literals_free(struct literals *l)
{
	strings_free(&l->texts);
}

bool literals_fit(struct slice value)
{
	return slice_find(value, SLICE("\xc5\xbf")) < 0 &&
		slice_find(value, SLICE("\xe2\x84\xaa")) < 0;
}

void literals_of_glob(struct slice key, struct buf *out)
{
	AUTO_BUF best = { 0 };
	AUTO_BUF run = { 0 };

	for (size_t i = 0; i <= key.len; i++) {
		bool wild = i == key.len || key.ptr[i] == '*' || key.ptr[i] == '?';

		if (!wild) {
			if (key.ptr[i] == '\\' && i + 1 < key.len)
				i++;
			buf_add_byte(&run, key.ptr[i]);
			continue;
		}
		if (run.len > best.len)
			buf_swap(&run, &best);
		buf_clear(&run);
	}
	if (best.len > 0)
		match_fold(out, buf_slice(&best));
}
