/*
 * One account that is watched: see watched.h.
 *
 * SPDX-License-Identifier: ISC
 */
#include "fetch/watch/watched.h"

#include "common/base/clock.h"
#include "common/base/io.h"
#include "common/base/say.h"
#include "fetch/run/loop.h"
#include "fetch/watch/retry.h"

/* LIMIT: how often a lock that another run holds is tried. */
enum { BUSY_MS = 5000 };
/* LIMIT: from the beginning of one round to the next, whatever a server tells. */
enum { GAP_MS = 50 };
/* LIMIT: a message that failed once is tried again after so long. */
enum { AGAIN_S = 60 };
/* LIMIT: a session that held so long was a good one: the count of failures begins anew. */
enum { GOOD_MS = 60 * 1000 };
/* LIMIT: sessions in a row that broke while they waited, before it is called trouble. */
enum { BREAKS_MAX = 3 };
/* LIMIT: after a sleep the network takes a moment. */
enum { WAKE_MS = 2000 };

struct watched *watched_new(struct account *account)
{
	struct watched *w = mem_zero(1, sizeof(*w));

	w->account = *account;
	*account = (struct account){ 0 };
	w->job = (struct job){ .account = &w->account, .lock = -1, .staying = true };
	return w;
}

void watched_free(struct watched *w)
{
	for (size_t i = 0; i < w->watcher_count; i++)
		watcher_free(w->watchers[i]);
	free(w->watchers);
	io_close_at(&w->job.lock);
	account_free(&w->account);
	free(w);
}

/* ---- when ---- */

/* Those that were tried in the last round and failed for the first time are due at once. */
static int64_t pause_left(const struct watched *w, const struct job_room *room)
{
	int64_t now = clock_wall();
	int64_t at;
	struct fault why;

	if (source_pause_next(room->ledger, w->account.place, w->round_at, &at, &why) < 0 ||
		at == 0)
		return CLOCK_NEVER;
	return (at > now ? at - now : AGAIN_S) * 1000;
}

static void plan_round(struct watched *w, const struct job_room *room)
{
	int64_t poll = w->account.poll - retry_chance(w->account.poll / 10);
	int64_t pause = pause_left(w, room);

	w->due = clock_deadline(pause < poll ? pause : poll);
}

/* New folders may be wanted: they are listed when a session begins. */
static bool has_choice(const struct account *a)
{
	for (size_t i = 0; i < a->folders.count && !a->subscribed; i++) {
		if (strpbrk(a->folders.at[i], "*%!\\"))
			return true;
	}
	return a->subscribed;
}

/* ---- the watchers ---- */

static struct watcher *watcher_of(const struct watched *w, const char *folder)
{
	for (size_t i = 0; i < w->watcher_count; i++) {
		if (strcmp(watcher_folder(w->watchers[i]), folder) == 0)
			return w->watchers[i];
	}
	return NULL;
}

/*
 * A session for each folder behind the first, as far as they go; also where NOTIFY covers
 * them: a server may not hear of mail that somebody else puts into its folders, unless one
 * of them is open.
 */
static void cover(struct watched *w)
{
	const struct source *s = w->job.source;
	size_t most = (size_t)w->account.connections;
	size_t count = s->folders->count < most ? s->folders->count : most;

	for (size_t i = 0; i < w->watcher_count; i++) {
		bool wanted = false;

		for (size_t k = 1; k < count && !wanted; k++)
			wanted = strcmp(s->folders->at[k], watcher_folder(w->watchers[i])) == 0;
		if (!wanted)
			watcher_leave(w->watchers[i]);
	}
	for (size_t k = 1; k < count; k++) {
		if (watcher_of(w, s->folders->at[k]))
			continue;
		w->watchers = mem_grow(w->watchers, w->watcher_count + 1,
			sizeof(struct watcher *));
		w->watchers[w->watcher_count++] = watcher_new(&w->account, s->folders->at[k]);
	}
}

static bool step_watchers(struct watched *w, const struct job_room *room, size_t *workers)
{
	bool moved = false;
	size_t kept = 0;

	for (size_t i = 0; i < w->watcher_count; i++) {
		struct watcher *watcher = w->watchers[i];

		if (w->leaving)
			watcher_leave(watcher);
		moved |= watcher_step(watcher, room, workers, &w->news);
		if (watcher_is_gone(watcher) && watcher_is_leaving(watcher))
			watcher_free(watcher);
		else
			w->watchers[kept++] = watcher;
	}
	w->watcher_count = kept;
	return moved;
}

/* ---- rounds ---- */

static void round_done(struct watched *w, const struct job_room *room)
{
	w->in_round = false;
	w->in_trouble = job_report(&w->job, room) != 0;
	if (w->rested_at == 0)
		w->rested_at = clock_tick();
	plan_round(w, room);
	say_detail("account %s: nothing more to do, waiting for news", w->account.name);
}

/* A wait that breaks is no trouble: servers end them, and new ones begin. */
static bool is_quiet_break(const struct watched *w)
{
	return w->job.why.kind != FAULT_NONE && !w->in_round && w->failures < BREAKS_MAX;
}

/*
 * A login by OAuth2 is mended by mr-fetch login at any moment, and locks no account: until
 * then the provider is not even asked (common/net/oauth/token.h).
 */
static enum fault_kind pace(const struct watched *w, enum fault_kind kind)
{
	bool mendable = kind == FAULT_LOGIN && w->account.server.oauth.provider != OAUTH_NONE;

	return mendable ? FAULT_TEMP : kind;
}

/* In wall time, as the ledger has it. */
static int64_t tick_of(int64_t due)
{
	int64_t left = due - clock_wall();

	return left > 0 ? clock_deadline(left * 1000) : 0;
}

static void session_ended(struct watched *w, const struct job_room *room)
{
	struct job *j = &w->job;
	enum fault_kind kind = j->why.kind;
	bool good = w->rested_at && clock_tick() - w->rested_at >= GOOD_MS;

	if (is_quiet_break(w)) {
		say_detail("account %s: %s", w->account.name, j->why.text);
		j->why = (struct fault){ 0 };
		kind = FAULT_TEMP;
	}
	w->in_trouble = job_finish(j, room) != 0;
	if (j->busy) {
		w->due = clock_deadline(BUSY_MS);
	} else if (kind != FAULT_NONE) {
		w->failures = good ? 1 : w->failures + 1;
		w->due = clock_deadline(retry_after(pace(w, kind), w->failures));
		/* The server asked for more patience than that. */
		if (tick_of(j->due) > w->due)
			w->due = tick_of(j->due);
	} else if (j->due) {
		w->due = tick_of(j->due);
	} else {
		w->failures = 0;
		plan_round(w, room);
		if (w->renewing)
			w->due = clock_tick();
	}
	if (!j->busy && w->due > clock_tick())
		say_detail("account %s: looks again in %lld s", w->account.name,
			(long long)(w->due - clock_tick()) / 1000);
	w->in_round = w->renewing = false;
	w->rested_at = 0;
	j->state = JOB_WAITING;
}

static void begin_round(struct watched *w, const struct job_room *room)
{
	struct job *j = &w->job;

	w->not_before = clock_deadline(GAP_MS);
	if (j->state == JOB_WAITING) {
		w->round_at = clock_wall();
		w->in_round = true;
		job_begin(j, room);
		/* A service that is started again and again must not try each time. */
		j->insist = true;
		return;
	}
	if (w->due <= clock_tick() && has_choice(&w->account)) {
		w->renewing = true;
		j->source->stopping = true;
		return;
	}
	say_detail("account %s: %s", w->account.name,
		w->news || j->source->news ? "news" : "time to look");
	w->round_at = clock_wall();
	w->in_round = true;
	w->news = false;
	job_look(j);
}

static bool wants_round(const struct watched *w)
{
	const struct job *j = &w->job;

	if (w->not_before > clock_tick())
		return false;
	if (j->state == JOB_WAITING)
		return w->due <= clock_tick();
	return j->state == JOB_RESTING && !w->in_round && !w->renewing &&
		(w->news || j->source->news || w->due <= clock_tick());
}

bool watched_step(struct watched *w, const struct job_room *room, bool may_work,
	size_t *workers)
{
	struct job *j = &w->job;
	bool moved = step_watchers(w, room, workers);

	j->leaving = w->leaving;
	/* Receipts for what it fed may still come: they go to its source. */
	if (j->state == JOB_ENDED && (!j->source || j->source->open == 0)) {
		session_ended(w, room);
		moved = true;
	}
	if (j->state == JOB_RESTING && w->in_round && !j->source->look) {
		round_done(w, room);
		moved = true;
	}
	if (j->state == JOB_RESTING && j->source->waiting)
		cover(w);
	*workers += j->state == JOB_OPENING || j->state == JOB_WORKING;
	if (!may_work || w->leaving || room->stopping || *workers >= LOOP_WORKERS ||
		!wants_round(w))
		return moved;
	begin_round(w, room);
	++*workers;
	return true;
}

size_t watched_poll(const struct watched *w, struct pollfd *set, int64_t *deadline)
{
	bool waits = w->job.state == JOB_WAITING || w->job.state == JOB_RESTING;

	for (size_t i = 0; i < w->watcher_count; i++) {
		if (!watcher_poll(w->watchers[i], &set[i], deadline))
			set[i] = (struct pollfd){ .fd = -1 };
	}
	/* What is overdue waits for something else: that will wake us. */
	if (waits && w->due > clock_tick() && w->due < *deadline)
		*deadline = w->due;
	if (waits && w->not_before > clock_tick() && w->not_before < *deadline)
		*deadline = w->not_before;
	return w->watcher_count;
}

void watched_heard(struct watched *w, const struct pollfd *set)
{
	for (size_t i = 0; i < w->watcher_count; i++)
		watcher_heard(w->watchers[i], set[i].revents);
}

void watched_look(struct watched *w)
{
	w->due = clock_tick();
}

void watched_renew(struct watched *w, const struct job_room *room)
{
	for (size_t i = 0; i < w->watcher_count; i++)
		watcher_renew(w->watchers[i]);
	if (w->job.state == JOB_RESTING && !w->in_round)
		job_break(&w->job, room, "the machine slept");
	w->failures = 0;
	w->due = clock_deadline(WAKE_MS);
}

void watched_leave(struct watched *w)
{
	w->leaving = true;
}

bool watched_is_gone(const struct watched *w)
{
	for (size_t i = 0; i < w->watcher_count; i++) {
		if (!watcher_is_gone(w->watchers[i]))
			return false;
	}
	return w->job.state == JOB_WAITING;
}
