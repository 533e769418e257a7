/*
 * A further session of an account that does nothing but wait for news in one folder.
 *
 * SPDX-License-Identifier: ISC
 */
#ifndef FETCH_WATCH_WATCHER_H
#define FETCH_WATCH_WATCHER_H

#include <poll.h>

#include "fetch/account.h"
#include "fetch/run/job.h"

struct watcher;

/* `account` is borrowed; `folder` is a name on the wire. */
struct watcher *watcher_new(const struct account *account, const char *folder);

/* Only when it is gone. */
void watcher_free(struct watcher *w);

const char *watcher_folder(const struct watcher *w);

/*
 * Goes on where it can. *news is set when something came. *openings counts sessions that log
 * in: it begins none beyond LOOP_WORKERS. True when anything moved.
 */
bool watcher_step(struct watcher *w, const struct job_room *room, size_t *openings, bool *news);

/* What to poll for it: false for nothing. *deadline is moved nearer. */
bool watcher_poll(const struct watcher *w, struct pollfd *set, int64_t *deadline);
void watcher_heard(struct watcher *w, short revents);

/* A new session now: this one is dead, or was given up for a while. */
void watcher_renew(struct watcher *w);

/* It is to end, and gone when it has. */
void watcher_leave(struct watcher *w);
bool watcher_is_leaving(const struct watcher *w);
bool watcher_is_gone(const struct watcher *w);

#endif
