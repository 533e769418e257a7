/*
 * One account that is watched: when it is looked at, and why.
 *
 * A round is one look at all its folders. It comes when news was heard of, when a message
 * that could not be stored is due again, and once in account->poll in any case. Between two
 * rounds the session waits for news where the server can do that; where not, it is closed.
 *
 * SPDX-License-Identifier: ISC
 */
#ifndef FETCH_WATCH_WATCHED_H
#define FETCH_WATCH_WATCHED_H

#include "fetch/watch/watcher.h"

struct watched {
	struct account account; /* owned */
	struct job job;
	struct watcher **watchers;
	size_t watcher_count;
	int64_t due;       /* clock_tick: when to look at the latest */
	int64_t not_before; /* the same: rounds do not chase each other */
	int64_t rested_at; /* since when the session waits; 0: it does not */
	int64_t round_at;  /* the last round began, seconds since 1970 */
	unsigned failures; /* in a row */
	bool in_round;
	bool in_trouble;
	bool news;
	bool renewing; /* the session ends so that another begins */
	bool leaving;  /* nobody wants it any more: it is gone when it has ended */
};

/* Takes what is in *account, which is all zero then. */
struct watched *watched_new(struct account *account);

/* Only when it is gone, or after job_break. */
void watched_free(struct watched *w);

/*
 * Begins, looks, reports, where it is time for that. `may_work`: no hindrance stands in the
 * way of fetching. *workers counts sessions that log in or work, up to LOOP_WORKERS. True
 * when anything moved.
 */
bool watched_step(struct watched *w, const struct job_room *room, bool may_work,
	size_t *workers);

/* Its watchers: adds what is to be polled (one entry each), and takes what came. */
size_t watched_poll(const struct watched *w, struct pollfd *set, int64_t *deadline);
void watched_heard(struct watched *w, const struct pollfd *set);

/* Look now, whatever failed before. */
void watched_look(struct watched *w);

/* Its connections are dead: new ones, now. */
void watched_renew(struct watched *w, const struct job_room *room);

void watched_leave(struct watched *w);

/* Nothing of it is at work any more. */
bool watched_is_gone(const struct watched *w);

#endif
