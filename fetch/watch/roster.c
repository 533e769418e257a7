/*
 * Accounts come and go: see roster.h.
 *
 * SPDX-License-Identifier: ISC
 */
#include "fetch/watch/roster.h"

#include "common/base/say.h"

static void add(struct roster *r, struct account *account)
{
	r->at = mem_grow(r->at, r->count + 1, sizeof(struct watched *));
	r->at[r->count] = watched_new(account);
	loop_add(r->loop, &r->at[r->count]->job);
	r->count++;
}

static bool is_listed(const struct accounts *accounts, const char *name)
{
	for (size_t i = 0; i < accounts->count; i++) {
		if (accounts->at[i].name && strcmp(accounts->at[i].name, name) == 0)
			return true;
	}
	return false;
}

/* The one that is at work under this name. */
static struct watched *find(const struct roster *r, const char *name)
{
	for (size_t i = 0; i < r->count; i++) {
		if (!r->at[i]->leaving && strcmp(r->at[i]->account.name, name) == 0)
			return r->at[i];
	}
	return NULL;
}

void roster_update(struct roster *r, struct accounts *accounts)
{
	for (size_t i = 0; i < r->count; i++) {
		struct watched *w = r->at[i];

		if (w->leaving || is_listed(accounts, w->account.name))
			continue;
		say_detail("account %s: no longer watched", w->account.name);
		watched_leave(w);
	}
	for (size_t i = 0; i < accounts->count; i++) {
		struct account *account = &accounts->at[i];
		struct watched *old = find(r, account->name);

		if (old && account_same(&old->account, account))
			continue;
		say_detail("account %s: %s", account->name,
			old ? "its settings changed" : "watched");
		if (old)
			watched_leave(old);
		add(r, account);
	}
}

int roster_reload(struct roster *r, const char *path, const struct strings *names)
{
	AUTO_CONFIG *config = NULL;
	AUTO_ACCOUNTS accounts = { 0 };
	struct fault why;

	if (config_open(path, &config, &why) < 0 ||
		accounts_read(config, names, &accounts, &why) < 0) {
		say("the new configuration is refused, the old one stays: %s", why.text);
		return -1;
	}
	roster_update(r, &accounts);
	return 0;
}

void roster_prune(struct roster *r)
{
	size_t kept = 0;

	for (size_t i = 0; i < r->count; i++) {
		struct watched *w = r->at[i];

		if (w->leaving && watched_is_gone(w)) {
			loop_remove(r->loop, &w->job);
			watched_free(w);
		} else {
			r->at[kept++] = w;
		}
	}
	r->count = kept;
}

bool roster_must_wait(const struct roster *r, const struct watched *w)
{
	for (size_t i = 0; i < r->count; i++) {
		const struct watched *other = r->at[i];

		if (other != w && other->leaving &&
			strcmp(other->account.name, w->account.name) == 0)
			return true;
	}
	return loop_is_crowded(r->loop, &w->job);
}

void roster_free(struct roster *r)
{
	for (size_t i = 0; i < r->count; i++) {
		loop_remove(r->loop, &r->at[i]->job);
		watched_free(r->at[i]);
	}
	free(r->at);
	*r = (struct roster){ 0 };
}
