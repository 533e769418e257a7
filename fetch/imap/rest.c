/*
 * Between two rounds of a watch: see imap.h, source.h.
 *
 * SPDX-License-Identifier: ISC
 */
#include "fetch/imap/imap.h"

#include "common/base/say.h"

bool imap_may_rest(const struct imap_source *s)
{
	return s->base.staying && !s->base.stopping && !s->idle.refused &&
		s->folders.wire.count > 0 && session_can(&s->base.session, "IDLE");
}

void imap_rest(struct imap_source *s)
{
	struct idle *i = &s->idle;

	source_stage(&s->base, "wait for news");
	s->base.resting = true;
	i->wire = s->base.session.wire;
	i->reply = s->reply;
	i->folders = &s->folders.wire;
	i->renew_ms = s->base.account->idle;
	i->timeout_ms = s->base.account->server.timeout;
	i->notify = session_can(&s->base.session, "NOTIFY");
	s->step = IMAP_REST;
	idle_begin(i);
	s->base.expecting = true;
	s->base.deadline = i->deadline;
}

/* As after a login, with what is known of the folders' names. */
static void begin_round(struct imap_source *s)
{
	imap_folder_clear(&s->folder);
	free(s->known);
	s->known = NULL;
	s->asked = 0;
	s->begun = s->bytes = 0;
	s->next = 0;
	s->step = IMAP_NEWS;
	/* What LIST told of them at the login is old. */
	for (size_t i = 0; i < s->folders.count; i++)
		s->folders.at[i].status.validity = 0;
}

int imap_rest_step(struct imap_source *s, struct fault *why)
{
	struct source *base = &s->base;
	int moved;

	if (base->look || base->stopping)
		idle_leave(&s->idle);
	moved = idle_step(&s->idle, why);
	if (moved < 0)
		return -1;
	base->news |= s->idle.news;
	s->idle.news = false;
	base->waiting = s->idle.state >= IDLE_ASK;
	base->expecting = true;
	base->deadline = s->idle.deadline;
	if (s->idle.state != IDLE_OFF)
		return moved;
	base->resting = base->look = false;
	base->expecting = false;
	if (!base->stopping && !s->idle.refused) {
		begin_round(s);
		return 1;
	}
	if (s->idle.refused)
		say_detail("account %s: the server does not wait for news with us",
			base->account->name);
	imap_log_out(s);
	return 1;
}
