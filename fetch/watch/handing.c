/*
 * Programs for a round: see handing.h.
 *
 * SPDX-License-Identifier: ISC
 */
#include "fetch/watch/handing.h"

#include "common/base/clock.h"
#include "common/base/say.h"
#include "fetch/watch/retry.h"

/* LIMIT: the same kind of trouble is told once in so long. */
enum { TELL_MS = 60 * 60 * 1000 };

static int wait_for_programs(void *arg, int cancel_fd, struct fault *why)
{
	struct handing *h = arg;

	(void)cancel_fd;
	(void)why;
	h->status = into_wait(h->into);
	return 0;
}

/* Who stores does not work: mail that is fetched now would be fetched in vain. */
static void judge(struct handing *h, const struct loop *l)
{
	struct fault why;

	if (!feed_fault(l->room.feed, &why)) {
		h->failures = 0;
		h->held = h->told = 0;
		return;
	}
	h->failures++;
	h->held = clock_deadline(retry_after(why.kind, h->failures));
	if (h->told && clock_tick() - h->told < TELL_MS && !l->room.always)
		return;
	say("%s", why.text);
	h->told = clock_tick();
}

/* Does anybody fetch, or wait for receipts? */
static bool is_in_use(const struct loop *l)
{
	for (size_t i = 0; i < l->count; i++) {
		const struct job *j = l->jobs[i];

		if (j->state == JOB_WORKING || (j->source && j->source->open))
			return true;
	}
	return false;
}

static bool next_stream(struct handing *h, struct loop *l)
{
	struct fault ignored;

	if (!errand_is_over(h->ending))
		return false;
	(void)errand_end(h->ending, &ignored);
	h->ending = NULL;
	judge(h, l);
	feed_again(l->room.feed);
	return true;
}

bool handing_step(struct handing *h, struct loop *l)
{
	struct feed *feed = l->room.feed;
	struct fault why;

	if (!h->into)
		return false;
	if (h->ending)
		return next_stream(h, l);
	if (!feed_is_begun(feed))
		return false;
	if (!is_in_use(l))
		feed_finish(feed);
	if (!feed_is_over(feed))
		return false;
	say_detail("the programs of --into end: their rules are read anew with the next mail");
	if (errand_start(wait_for_programs, h, -1, l->room.done_fd, &h->ending, &why) == 0)
		return true;
	(void)wait_for_programs(h, -1, &why);
	judge(h, l);
	feed_again(feed);
	return true;
}

bool handing_may(const struct handing *h, const struct loop *l, int64_t *deadline)
{
	if (h->held > clock_tick()) {
		if (h->held < *deadline)
			*deadline = h->held;
		return false;
	}
	return !feed_is_lost(l->room.feed);
}

bool handing_is_over(const struct handing *h, const struct loop *l)
{
	return h->into ? !h->ending && !feed_is_begun(l->room.feed) :
			 feed_is_over(l->room.feed);
}

int handing_end(struct handing *h)
{
	struct fault ignored;
	int status = 0;

	if (h->ending)
		(void)errand_end(h->ending, &ignored);
	h->ending = NULL;
	if (h->into)
		status = into_wait(h->into);
	into_free(h->into);
	h->into = NULL;
	return status;
}
