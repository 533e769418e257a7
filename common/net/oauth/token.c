/*
 * Access tokens: see token.h.
 *
 * SPDX-License-Identifier: ISC
 */
#include "common/net/oauth/token.h"

#include <poll.h>

#include "common/base/clock.h"
#include "common/base/io.h"
#include "common/net/oauth/ask.h"
#include "common/net/oauth/form.h"
#include "common/net/oauth/store.h"

/* LIMIT: the wait for another process that renews; it has two requests' time. */
enum { LOCK_MS = 2 * OAUTH_ASK_MS, LOCK_STEP_MS = 50 };
/* LIMIT: of pauses after bad answers: from a minute to an hour. */
enum { PAUSE_MIN = 60, PAUSE_MAX = 3600 };
/* A token that a server refuses is renewed so rarely: the fault may well be another. */
enum { FORCE_EVERY = 24 * 3600 };

struct work {
	const struct oauth_client *client;
	int cancel_fd;
	const char *refused; /* this token is not wanted, whatever its time; NULL: none */
	struct oauth_store store;
	bool known; /* somebody has logged in */
};

static void wipe_buf(struct buf *b)
{
	if (b->ptr)
		explicit_bzero(b->ptr, b->room);
	buf_free(b);
}

#define AUTO_WIPED __attribute__((cleanup(wipe_buf))) struct buf

static bool lives(const struct oauth_store *s, int64_t now)
{
	/* A clock that was set back says nothing about the time left. */
	return s->access && s->expires > now && s->obtained <= now + PAUSE_MIN;
}

static bool is_fresh(const struct oauth_store *s, int64_t now)
{
	int64_t life = s->expires - s->obtained;
	int64_t margin = life / 10 > 300 ? life / 10 : 300;

	return lives(s, now) && s->expires - now >= (margin < life / 2 ? margin : life / 2);
}

/* The stored trouble still holds: nobody asks the provider. */
static bool is_paused(const struct oauth_store *s, int64_t now)
{
	return s->trouble == FAULT_LOGIN ||
	       (s->trouble != FAULT_NONE && s->until > now && s->until - now <= PAUSE_MAX);
}

static int say_login(const struct work *w, const char *what, struct fault *why)
{
	AUTO_BUF remedy = { 0 };

	oauth_client_remedy(w->client, &remedy);
	return fault_set(why, FAULT_LOGIN, "%s: %s: run %s", w->client->server->user, what,
		buf_text(&remedy));
}

static int say_trouble(const struct work *w, struct fault *why)
{
	const struct oauth_store *s = &w->store;
	const char *words = s->words ? s->words : "no token";

	if (s->trouble == FAULT_LOGIN)
		return say_login(w, words, why);
	return fault_set(why, s->trouble == FAULT_PROTOCOL ? FAULT_PROTOCOL : FAULT_TEMP,
		"no token for %s: %s", w->client->server->user, words);
}

/* Whether what is stored can be used with these settings at all. */
static int check_store(const struct work *w, struct fault *why)
{
	AUTO_BUF words = { 0 };
	struct slice missing;

	if (!w->known)
		return say_login(w, "nobody has logged in yet", why);
	if (strcmp(w->store.client_id, w->client->id) != 0)
		return say_login(w, "the client-id has changed since the login", why);
	if (!oauth_scope_covers(w->store.scope, w->client->scope, &missing)) {
		buf_addf(&words, "the login was not for \"%.*s\"", SLICE_ARG(missing));
		return say_login(w, buf_text(&words), why);
	}
	return 0;
}

static int load(struct work *w, struct fault *why)
{
	int found = oauth_store_read(w->client->key, &w->store, why);

	w->known = found > 0;
	return found < 0 ? -1 : 0;
}

/* 1: the lock is ours; 0: somebody has it for longer than that; -1. */
static int await_lock(const struct oauth_client *c, int cancel_fd, int64_t patience, int *lock,
	struct fault *why)
{
	int64_t end = clock_deadline(patience);

	for (;;) {
		int taken = oauth_store_lock(c->key, lock, why);
		int64_t step = clock_deadline(LOCK_STEP_MS);

		if (taken != 0)
			return taken;
		if (clock_tick() >= end)
			return 0;
		if (io_wait(cancel_fd, POLLIN, step) > 0)
			return fault_set(why, FAULT_TEMP, "stopped while another process renews "
				"the token of %s", c->server->user);
	}
}

/* What may be used as it is: 1, 0 a refresh is due, -1 there is no use in one. */
static int try_stored(struct work *w, char **out, struct fault *why)
{
	int64_t now = clock_wall();
	bool wanted = !w->refused || !w->store.access ||
		      strcmp(w->refused, w->store.access) != 0;

	if (check_store(w, why) < 0)
		return -1;
	if (wanted && (is_fresh(&w->store, now) ||
			      (lives(&w->store, now) && is_paused(&w->store, now)))) {
		*out = mem_text(w->store.access);
		return 1;
	}
	if (is_paused(&w->store, now))
		return say_trouble(w, why);
	if (!w->store.refresh)
		return say_login(w, "the token has run out, and the provider gave none to renew "
			"it by", why);
	return 0;
}

/* Takes what an answer brought into the store. */
static void adopt(struct oauth_store *s, const struct oauth_answer *a)
{
	if (s->access)
		explicit_bzero(s->access, strlen(s->access));
	free(s->access);
	s->access = mem_text(a->access);
	if (a->refresh) {
		if (s->refresh)
			explicit_bzero(s->refresh, strlen(s->refresh));
		free(s->refresh);
		s->refresh = mem_text(a->refresh);
	}
	s->obtained = clock_wall();
	s->expires = s->obtained + a->life;
	s->trouble = FAULT_NONE;
	s->until = s->tries = 0;
	free(s->words);
	s->words = NULL;
}

/* Writes down that there is no token, and until when nobody is to ask. */
static int remember(struct work *w, struct oauth_writer *writer, enum fault_kind kind,
	const char *words, int64_t retry, struct fault *why)
{
	struct oauth_store *s = &w->store;
	int64_t pause = PAUSE_MIN;

	s->tries = s->trouble == (int)kind ? s->tries + 1 : 1;
	for (int64_t i = 1; i < s->tries && pause < PAUSE_MAX; i++)
		pause *= 2;
	pause = retry > pause ? retry : pause;
	s->trouble = (int)kind;
	s->until = clock_wall() + (pause < PAUSE_MAX ? pause : PAUSE_MAX);
	if (words != s->words) {
		free(s->words);
		s->words = mem_text(words);
	}
	return oauth_store_write(w->client->key, s, writer, why);
}

static int refused(struct work *w, struct oauth_writer *writer, const struct oauth_answer *a,
	int64_t retry, struct fault *why)
{
	enum fault_kind kind = oauth_error_kind(a->error);
	AUTO_BUF words = { 0 };

	if (kind == FAULT_CONFIG)
		return oauth_refused(w->client, a->error, &a->detail, why);
	buf_addf(&words, kind == FAULT_LOGIN
		? "%s says that the login has run out or was taken back (%s)"
		: "%s says \"not now\" (%s)", w->client->title, buf_text(&a->detail));
	if (remember(w, writer, kind, buf_text(&words), retry, why) < 0)
		return -1;
	return say_trouble(w, why);
}

/* Under the lock. A fault that came as an answer is remembered. */
static int refresh(struct work *w, char **out, struct fault *why)
{
	AUTO_OAUTH_WRITER writer = OAUTH_WRITER_NONE;
	AUTO_OAUTH_ANSWER answer = { 0 };
	AUTO_WIPED form = { 0 };
	struct fault ignored;
	int64_t retry = 0;
	bool asked = false;

	if (oauth_store_begin(w->client->key, &writer, why) < 0)
		return -1;
	buf_reserve(&form, 3 * OAUTH_TOKEN_MAX + 4096);
	form_add(&form, "grant_type", SLICE("refresh_token"));
	form_add(&form, "refresh_token", slice_text(w->store.refresh));
	if (oauth_ask(w->client, w->cancel_fd, &form, &answer, &retry, &asked, why) < 0) {
		if (asked && why->kind != FAULT_CONFIG)
			(void)remember(w, &writer, why->kind, why->text, retry, &ignored);
		return fault_prefix(why, "no token for %s", w->client->server->user);
	}
	if (answer.error)
		return refused(w, &writer, &answer, retry, why);
	adopt(&w->store, &answer);
	if (w->refused)
		w->store.forced = clock_wall();
	if (oauth_store_write(w->client->key, &w->store, &writer, why) < 0)
		return -1;
	*out = mem_text(answer.access);
	return 0;
}

/* It must be renewed; while it lives, nobody has to wait or to suffer for that. */
static int renew(struct work *w, char **out, struct fault *why)
{
	bool spare = !w->refused && lives(&w->store, clock_wall());
	char *old = spare ? mem_text(w->store.access) : NULL;
	AUTO_FD lock = -1;
	int result = await_lock(w->client, w->cancel_fd, spare ? 0 : LOCK_MS, &lock, why);

	if (result == 0 && !spare)
		result = fault_set(why, FAULT_TEMP, "no token for %s: another process has been "
			"renewing it for %d s", w->client->server->user, LOCK_MS / 1000);
	if (result > 0) {
		/* Somebody else may have done it while we waited. */
		result = load(w, why);
		if (result == 0)
			result = try_stored(w, out, why);
		if (result == 0)
			result = refresh(w, out, why);
	}
	if (old && !*out && lives(&w->store, clock_wall())) {
		*out = old;
		old = NULL;
		result = 0;
	}
	if (old)
		explicit_bzero(old, strlen(old));
	free(old);
	return result < 0 ? -1 : 0;
}

static int run(struct work *w, char **out, struct fault *why)
{
	int result = load(w, why);

	if (result == 0)
		result = try_stored(w, out, why);
	if (result == 0)
		result = renew(w, out, why);
	oauth_store_wipe(&w->store);
	return result < 0 ? -1 : 0;
}

int oauth_token(const struct server *server, int cancel_fd, char **out, struct fault *why)
{
	AUTO_OAUTH_CLIENT client = { 0 };
	struct work w = { .client = &client, .cancel_fd = cancel_fd };

	*out = NULL;
	if (oauth_client_make(server, &client, why) < 0)
		return -1;
	return run(&w, out, why);
}

static bool may_force(const struct oauth_client *c)
{
	AUTO_OAUTH_STORE store = { 0 };
	int64_t now = clock_wall();
	struct fault ignored;

	return oauth_store_read(c->key, &store, &ignored) > 0 &&
	       (store.forced > now || now - store.forced >= FORCE_EVERY);
}

int oauth_token_renew(const struct server *server, int cancel_fd, const char *token,
	char **out, struct fault *why)
{
	AUTO_OAUTH_CLIENT client = { 0 };
	struct work w = { .client = &client, .cancel_fd = cancel_fd, .refused = token };
	struct fault own;

	*out = NULL;
	if (oauth_client_make(server, &client, &own) < 0 || !may_force(&client))
		return 0;
	if (run(&w, out, &own) == 0)
		return *out != NULL;
	if (own.kind != FAULT_LOGIN)
		return 0;
	*why = own;
	return -1;
}

int oauth_token_keep(const struct oauth_client *c, int cancel_fd,
	const struct oauth_answer *answer, struct fault *why)
{
	AUTO_OAUTH_STORE store = { .client_id = mem_text(c->id), .scope = mem_text(c->scope),
		.login = clock_wall() };
	AUTO_OAUTH_WRITER writer = OAUTH_WRITER_NONE;
	AUTO_FD lock = -1;
	int taken = await_lock(c, cancel_fd, LOCK_MS, &lock, why);

	if (taken < 0)
		return -1;
	if (taken == 0)
		return fault_set(why, FAULT_TEMP, "another process has held the tokens of %s for "
			"%d s", c->server->user, LOCK_MS / 1000);
	adopt(&store, answer);
	if (oauth_store_begin(c->key, &writer, why) < 0)
		return -1;
	return oauth_store_write(c->key, &store, &writer, why);
}
