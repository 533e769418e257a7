/*
 * Weights and their sum: see weight.h.
 *
 * The arithmetic is that of conditions() in procmail's misc.c, in the same order, so that
 * sums come out the same to the last bit.
 *
 * SPDX-License-Identifier: ISC
 */
#include "filter/score/weight.h"

#include <math.h>
#include <stdlib.h>

/* LIMIT: bytes of a number: what is within the infinities needs no more. */
enum { NUMBER_MAX = 40 };

static size_t digits(struct slice text, size_t at)
{
	size_t from = at;

	while (at < text.len && text.ptr[at] >= '0' && text.ptr[at] <= '9')
		at++;
	return at - from;
}

/* The whole slice is a number. */
static bool read_number(struct slice text, double *out)
{
	char room[NUMBER_MAX + 1];
	size_t at = 0;
	size_t whole;
	size_t fraction = 0;

	if (text.len == 0 || text.len > NUMBER_MAX)
		return false;
	at += text.ptr[0] == '-' || text.ptr[0] == '+';
	whole = digits(text, at);
	at += whole;
	if (at < text.len && text.ptr[at] == '.') {
		fraction = digits(text, ++at);
		at += fraction;
	}
	if (at < text.len || whole + fraction == 0)
		return false;
	memcpy(room, text.ptr, text.len);
	room[text.len] = '\0';
	*out = strtod(room, NULL);
	return *out >= -SCORE_INFINITE && *out <= SCORE_INFINITE;
}

bool weight_read(struct slice text, struct weight *out)
{
	ptrdiff_t at = slice_find_byte(text, '^');

	return at > 0 && read_number(slice_first(text, (size_t)at), &out->w) &&
		read_number(slice_from(text, (size_t)at + 1), &out->x);
}

bool score_full(const struct score *s)
{
	return s->sum >= SCORE_INFINITE;
}

void weighing_start(struct weighing *g, struct score *s, const struct weight *weight)
{
	*g = (struct weighing){ .score = s, .w = weight->w, .x = weight->x,
		.old = weight->w * weight->w };
	s->weighted = true;
}

bool weighing_goes_on(const struct weighing *g)
{
	return g->w != 0 && g->score->sum > -SCORE_INFINITE && g->score->sum < SCORE_INFINITE;
}

bool weighing_found(struct weighing *g, bool empty)
{
	double square;

	g->score->sum += g->w;
	g->w *= g->x;
	if (empty) {
		if (g->x > 0 && g->x < 1)
			g->score->sum += g->w / (1 - g->x);
		else if (g->x >= 1 && g->w != 0)
			g->score->sum += g->w < 0 ? -SCORE_INFINITE : SCORE_INFINITE;
		return false;
	}
	/* Members that only get smaller, and are small, are left out. */
	square = g->w * g->w;
	if (square < g->old && g->old < 1)
		return false;
	g->old = square;
	return true;
}

void weighing_test(struct weighing *g, bool result)
{
	if (result)
		g->score->sum += g->w;
}

/* As it is: w for 0, else x. Negated: so many matches. */
void weighing_exit(struct weighing *g, int status, bool negated)
{
	if (!negated) {
		g->score->sum += status ? g->x : g->w;
		return;
	}
	while (--status >= 0) {
		g->score->sum += g->w;
		if (g->score->sum >= SCORE_INFINITE || g->score->sum <= -SCORE_INFINITE)
			break;
		g->w *= g->x;
	}
}

void weighing_size(struct weighing *g, uint64_t size, uint64_t limit, bool over)
{
	double above = over ? (double)size : (double)limit;
	double below = over ? (double)limit : (double)size;

	if (below > 0)
		g->score->sum += g->w * pow(above / below, g->x);
	else if (over || limit > 0)
		g->score->sum = SCORE_INFINITE;
	else
		g->score->sum = -SCORE_INFINITE;
}

void weighing_end(struct weighing *g)
{
	struct score *s = g->score;

	if (s->sum > SCORE_INFINITE)
		s->sum = SCORE_INFINITE;
	if (s->sum <= -SCORE_INFINITE) {
		s->sum = -SCORE_INFINITE;
		s->lost = true;
	}
}

bool score_holds(const struct score *s)
{
	return !s->lost && !(s->weighted && s->sum <= 0);
}

long score_number(const struct score *s)
{
	if (isnan(s->sum))
		return 0;
	if (s->sum > 0 && s->sum < 1)
		return 1;
	return (long)s->sum;
}
