/*
 * A session that waits: see watcher.h.
 *
 * Its troubles are told only by -v: the session that works meets the same ones, and looks
 * into all folders by the clock, too.
 *
 * SPDX-License-Identifier: ISC
 */
#include "fetch/watch/watcher.h"

#include "common/base/clock.h"
#include "common/base/say.h"
#include "fetch/imap/idle.h"
#include "fetch/run/loop.h"
#include "fetch/watch/retry.h"

/* LIMIT: a session that held so long was a good one: the count of failures begins anew. */
enum { GOOD_MS = 60 * 1000 };

enum watcher_state { WATCHER_OFF, WATCHER_OPENING, WATCHER_ON };

struct watcher {
	const struct account *account;
	struct strings folder; /* one */
	enum watcher_state state;
	struct session session;
	struct imap_reply *reply;
	struct errand *opening;
	struct idle idle;
	int64_t due;
	int64_t since;
	unsigned failures;
	bool heard;
	bool leaving;
};

struct watcher *watcher_new(const struct account *account, const char *folder)
{
	struct watcher *w = mem_zero(1, sizeof(*w));

	w->account = account;
	strings_add(&w->folder, slice_text(folder));
	return w;
}

void watcher_free(struct watcher *w)
{
	strings_free(&w->folder);
	imap_reply_free(w->reply);
	free(w);
}

const char *watcher_folder(const struct watcher *w)
{
	return w->folder.at[0];
}

static void close_session(struct watcher *w)
{
	session_close(&w->session);
	w->session = (struct session){ 0 };
	imap_reply_free(w->reply);
	w->reply = NULL;
	w->state = WATCHER_OFF;
}

static void failed(struct watcher *w, const struct fault *why)
{
	if (w->state == WATCHER_ON && clock_tick() - w->since >= GOOD_MS)
		w->failures = 0;
	w->failures++;
	w->due = clock_deadline(retry_after(why->kind, w->failures));
	say_detail("account %s: waiting in %s: %s", w->account->name, watcher_folder(w),
		why->text);
	close_session(w);
}

static int open_session(void *arg, int cancel_fd, struct fault *why)
{
	struct watcher *w = arg;

	return session_open(WIRE_IMAP, &w->account->server, NULL, cancel_fd, &w->session, why);
}

static void begin(struct watcher *w, const struct job_room *room)
{
	struct fault why;

	if (errand_start(open_session, w, room->cancel_fd, room->done_fd, &w->opening, &why) < 0)
		failed(w, &why);
	else
		w->state = WATCHER_OPENING;
}

static void opened(struct watcher *w, const struct job_room *room)
{
	struct fault why;
	int result = errand_end(w->opening, &why);

	w->opening = NULL;
	if (w->leaving || room->stopping) {
		close_session(w);
		return;
	}
	if (result < 0) {
		failed(w, &why);
		return;
	}
	say_detail("account %s: waiting in %s", w->account->name, watcher_folder(w));
	w->reply = imap_reply_new();
	w->state = WATCHER_ON;
	w->since = clock_tick();
	w->idle.wire = w->session.wire;
	w->idle.reply = w->reply;
	w->idle.folders = &w->folder;
	w->idle.renew_ms = w->account->idle;
	w->idle.timeout_ms = w->account->server.timeout;
	idle_begin(&w->idle);
}

/* Nobody waits for an answer: there is nothing to lose. */
static void say_goodbye(struct watcher *w)
{
	struct fault ignored;

	wire_queuef(w->session.wire, "%sW LOGOUT\r\n", w->idle.state == IDLE_ON ? "DONE\r\n" : "");
	(void)wire_send(w->session.wire, &ignored);
	close_session(w);
}

static bool wait_on(struct watcher *w, bool *news)
{
	struct fault why;
	int moved;

	if (!w->heard && w->idle.deadline > clock_tick())
		return false;
	moved = idle_step(&w->idle, &why);
	if (moved < 0) {
		failed(w, &why);
		return true;
	}
	w->heard = moved > 0;
	if (w->idle.news)
		say_detail("account %s: news in %s", w->account->name, watcher_folder(w));
	*news |= w->idle.news;
	w->idle.news = false;
	if (w->idle.refused) {
		fault_set(&why, FAULT_PROTOCOL, "the server does not wait with us");
		wire_queuef(w->session.wire, "W LOGOUT\r\n");
		(void)wire_send(w->session.wire, NULL);
		failed(w, &why);
		return true;
	}
	return moved > 0;
}

bool watcher_step(struct watcher *w, const struct job_room *room, size_t *openings, bool *news)
{
	bool leaving = w->leaving || room->stopping;

	if (w->state == WATCHER_OPENING && errand_is_over(w->opening)) {
		opened(w, room);
		return true;
	}
	*openings += w->state == WATCHER_OPENING;
	if (w->state == WATCHER_ON && leaving) {
		say_goodbye(w);
		return true;
	}
	if (w->state == WATCHER_ON)
		return wait_on(w, news);
	if (w->state != WATCHER_OFF || leaving || w->due > clock_tick() ||
		*openings >= LOOP_WORKERS)
		return false;
	begin(w, room);
	++*openings;
	return true;
}

bool watcher_poll(const struct watcher *w, struct pollfd *set, int64_t *deadline)
{
	int64_t mine = CLOCK_NEVER;

	if (w->state == WATCHER_ON)
		mine = w->idle.deadline;
	else if (w->state == WATCHER_OFF && !w->leaving && w->due > clock_tick())
		mine = w->due;
	if (mine < *deadline)
		*deadline = mine;
	if (w->state != WATCHER_ON)
		return false;
	*set = (struct pollfd){ .fd = wire_fd(w->session.wire),
		.events = wire_events(w->session.wire) };
	return true;
}

void watcher_heard(struct watcher *w, short revents)
{
	w->heard |= revents != 0;
}

void watcher_renew(struct watcher *w)
{
	if (w->state == WATCHER_ON)
		close_session(w);
	w->failures = 0;
	w->due = 0;
}

void watcher_leave(struct watcher *w)
{
	w->leaving = true;
}

bool watcher_is_leaving(const struct watcher *w)
{
	return w->leaving;
}

bool watcher_is_gone(const struct watcher *w)
{
	return w->state == WATCHER_OFF;
}
