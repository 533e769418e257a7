/*
 * Weights w^x and their sum, by procmailsc(5) and exactly as procmail adds them up.
 *
 * A condition that is found n times adds w + w*x + w*x*x + ... (n members). Pure.
 *
 * SPDX-License-Identifier: ISC
 */
#ifndef FILTER_SCORE_WEIGHT_H
#define FILTER_SCORE_WEIGHT_H

#include "common/base/slice.h"

/* Plus and minus infinity: what is beyond is cut to it. */
#define SCORE_INFINITE 2147483647.0

struct weight {
	double w;
	double x;
};

struct score {
	double sum;
	bool weighted; /* a condition had a weight */
	bool lost;     /* minus infinity was reached: never true again */
};

/* number "^" number; number = [ "+" / "-" ] ( 1*DIGIT [ "." *DIGIT ] / "." 1*DIGIT ), within
 * the infinities. */
bool weight_read(struct slice text, struct weight *out);

/* True when plus infinity is reached: then no weight counts any more. */
bool score_full(const struct score *s);

/* One condition in its course. */
struct weighing {
	struct score *score;
	double w, x;
	double old; /* square of the weight before */
};

void weighing_start(struct weighing *g, struct score *s, const struct weight *weight);

/* True while one more match could count. */
bool weighing_goes_on(const struct weighing *g);

/* It was found; `empty`: without taking a byte, so it would be found for ever. False: no more. */
bool weighing_found(struct weighing *g, bool empty);

/* The other kinds of conditions: a test, an exit status, a size against a limit. */
void weighing_test(struct weighing *g, bool result);
void weighing_exit(struct weighing *g, int status, bool negated);
void weighing_size(struct weighing *g, uint64_t size, uint64_t limit, bool over);

/* Behind each condition. */
void weighing_end(struct weighing *g);

/* What comes of it, and procmail's $= */
bool score_holds(const struct score *s);
long score_number(const struct score *s);

#endif
