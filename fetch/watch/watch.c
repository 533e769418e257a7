/*
 * Watching: see watch.h.
 *
 * The loop of run/ with jobs that rest instead of ending. Each turn: what signals and the
 * clock ask for, then each account, then the stream; nothing is done for an account from
 * which nothing came.
 *
 * SPDX-License-Identifier: ISC
 */
#include "fetch/watch/watch.h"

#include <unistd.h>

#include "common/base/clock.h"
#include "common/base/notify.h"
#include "common/base/say.h"
#include "fetch/hand/prefilter.h"
#include "fetch/run/run.h"
#include "fetch/state.h"
#include "fetch/watch/handing.h"
#include "fetch/watch/roster.h"
#include "fetch/watch/slept.h"

struct watch {
	const struct watch_plan *plan;
	struct loop loop;
	struct roster roster;
	struct handing handing;
	struct slept slept;
	struct pollfd *set; /* of the watchers */
	size_t set_room;
	bool held;          /* who stores does not work: all look again when that is over */
	int64_t watchdog;   /* milliseconds; 0: none */
	int64_t bark_at;
	struct buf status;  /* as it was told */
	int result;
};

/* ---- the service manager ---- */

static void tell_status(struct watch *w)
{
	size_t trouble = 0;
	AUTO_BUF text = { 0 };

	for (size_t i = 0; i < w->roster.count; i++)
		trouble += w->roster.at[i]->in_trouble;
	buf_addf(&text, "%zu accounts", w->roster.count);
	if (trouble)
		buf_addf(&text, ", %zu of them in trouble", trouble);
	if (slice_equal(buf_slice(&text), buf_slice(&w->status)))
		return;
	buf_set(&w->status, buf_slice(&text));
	notify_tell("STATUS=%s", buf_text(&text));
}

static void feed_watchdog(struct watch *w, int64_t *deadline)
{
	if (!w->watchdog)
		return;
	if (w->bark_at <= clock_tick()) {
		notify_tell("WATCHDOG=1");
		w->bark_at = clock_deadline(w->watchdog);
	}
	if (w->bark_at < *deadline)
		*deadline = w->bark_at;
}

/* ---- what comes from outside ---- */

static void reload(struct watch *w)
{
	/* systemd.service(5), Type=notify-reload: the time tells which request is answered. */
	notify_tell("RELOADING=1\nMONOTONIC_USEC=%lld", (long long)clock_tick() * 1000);
	if (roster_reload(&w->roster, w->plan->config, w->plan->names) == 0)
		say_detail("the configuration was read anew");
	notify_tell("READY=1");
}

static void look_at_all(struct watch *w)
{
	for (size_t i = 0; i < w->roster.count; i++)
		watched_look(w->roster.at[i]);
}

static void look_outside(struct watch *w)
{
	struct loop *l = &w->loop;

	if (l->reload && !l->room.stopping)
		reload(w);
	if (l->look) {
		say_detail("asked to look now");
		w->handing.held = 0;
		look_at_all(w);
	}
	l->reload = l->look = false;
	if (!slept_look(&w->slept))
		return;
	say_detail("the machine slept: all connections are renewed");
	for (size_t i = 0; i < w->roster.count; i++)
		watched_renew(w->roster.at[i], &l->room);
}

/* ---- the loop ---- */

static bool step_accounts(struct watch *w, int64_t *deadline)
{
	bool may = handing_may(&w->handing, &w->loop, deadline);
	bool moved = false;
	size_t workers = 0;

	if (may && w->held)
		look_at_all(w);
	w->held = !may;
	for (size_t i = 0; i < w->roster.count; i++) {
		struct watched *one = w->roster.at[i];

		moved |= watched_step(one, &w->loop.room,
			may && !roster_must_wait(&w->roster, one), &workers);
	}
	roster_prune(&w->roster);
	return moved;
}

/* Has somebody fed all that there is, and waits for receipts? They are asked for. */
static bool any_waits(const struct loop *l)
{
	for (size_t i = 0; i < l->count; i++) {
		const struct source *s = l->jobs[i]->source;

		if (s && s->open && !deciding_waits(s) &&
			(l->jobs[i]->state == JOB_ENDED || !s->expecting))
			return true;
	}
	return false;
}

/* Without --into there is one stream: when nobody takes it any more, that is the end. */
static void judge_stream(struct watch *w)
{
	struct fault why;

	if (w->handing.into || w->loop.room.stopping || !feed_fault(w->loop.room.feed, &why))
		return;
	w->result = (int)why.kind;
	loop_stop(&w->loop);
}

static bool all_gone(const struct watch *w)
{
	for (size_t i = 0; i < w->roster.count; i++) {
		if (!watched_is_gone(w->roster.at[i]))
			return false;
	}
	return true;
}

static void wait_on(struct watch *w, bool moved, int64_t deadline)
{
	struct pollfd *set = w->set;
	size_t count = 1, used = 1;

	for (size_t i = 0; i < w->roster.count; i++)
		count += w->roster.at[i]->watcher_count;
	if (count > w->set_room) {
		set = w->set = mem_grow(w->set, count, sizeof(*w->set));
		w->set_room = count;
	}
	set[0] = (struct pollfd){ .fd = w->slept.fd, .events = POLLIN };
	for (size_t i = 0; i < w->roster.count; i++)
		used += watched_poll(w->roster.at[i], &set[used], &deadline);
	loop_wait(&w->loop, moved, deadline, set, used);
	used = 1;
	for (size_t i = 0; i < w->roster.count; i++) {
		watched_heard(w->roster.at[i], &set[used]);
		used += w->roster.at[i]->watcher_count;
	}
}

static void go_on(struct watch *w)
{
	struct loop *l = &w->loop;
	struct feed *feed = l->room.feed;
	bool told = false;

	while (!l->broken) {
		int64_t deadline = CLOCK_NEVER;
		int64_t feed_deadline;
		bool moved, waiting;

		look_outside(w);
		moved = step_accounts(w, &deadline);
		moved |= loop_step(l);
		waiting = !moved && any_waits(l);
		if (waiting)
			feed_flush(feed);
		if (l->room.stopping && !told)
			notify_tell("STOPPING=1");
		told = l->room.stopping;
		if (l->room.stopping && all_gone(w) && !w->handing.into)
			feed_finish(feed);
		moved |= feed_step(feed);
		moved |= handing_step(&w->handing, l);
		if (l->room.stopping && all_gone(w) && handing_is_over(&w->handing, l))
			return;
		feed_deadline = feed_wait(feed, waiting && !moved);
		judge_stream(w);
		tell_status(w);
		feed_watchdog(w, &deadline);
		wait_on(w, moved, feed_deadline < deadline ? feed_deadline : deadline);
	}
}

static void end_all(struct watch *w)
{
	struct loop *l = &w->loop;
	struct fault why;

	for (size_t i = 0; i < l->count; i++)
		job_break(l->jobs[i], &l->room, "stopped before it was done");
	feed_forget(l->room.feed);
	if (!w->handing.into && feed_fault(l->room.feed, &why))
		w->result = status_worse(w->result, say_fault(&why));
	for (size_t i = 0; i < l->count; i++)
		(void)job_finish(l->jobs[i], &l->room);
	if (l->broken)
		w->result = status_worse(w->result, FAULT_TEMP);
}

static void watch(struct watch *w)
{
	slept_open(&w->slept);
	w->watchdog = notify_watchdog();
	w->bark_at = clock_tick();
	roster_update(&w->roster, w->plan->accounts);
	notify_tell("READY=1");
	go_on(w);
	end_all(w);
}

int watch_accounts(const struct watch_plan *plan)
{
	struct watch w = { .plan = plan, .loop = LOOP_NONE, .slept = { .fd = -1 } };
	struct loop *l = &w.loop;
	struct fault why = { 0 };

	w.roster.loop = l;
	l->room.always = plan->always;
	l->room.insist = isatty(STDERR_FILENO);
	l->room.config = plan->file;
	l->room.sessions = plan->sessions;
	l->room.prefilter = prefilter_new(plan->config);
	if (loop_open(l, true, &why) < 0 ||
		run_open_stream(plan->into, &l->room.feed, &w.handing.into, &why) < 0 ||
		wire_start(&why) < 0 || state_ledger(&l->room.ledger, &why) < 0)
		w.result = say_fault(&why);
	else
		watch(&w);
	if (!l->room.feed && !plan->into)
		run_nothing();
	loop_end_stream(l);
	feed_close(l->room.feed);
	w.result = status_worse(w.result, handing_end(&w.handing));
	roster_free(&w.roster);
	ledger_close(l->room.ledger);
	loop_close(l);
	slept_close(&w.slept);
	buf_free(&w.status);
	free(w.set);
	return w.result;
}
