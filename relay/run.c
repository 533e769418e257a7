/*
 * A pass over the queue: see run.h.
 *
 * SPDX-License-Identifier: ISC
 */
#include "relay/run.h"

#include "common/base/clock.h"
#include "common/base/io.h"
#include "common/base/lock.h"
#include "common/base/say.h"
#include "relay/bounce.h"
#include "relay/pause.h"
#include "relay/sweep.h"
#include "relay/transmit.h"

/* Connections lost in a row before the host, and not a message, is to blame. */
enum { LOSSES_MAX = 3 };

struct pass {
	const struct run_plan *plan;
	const struct queue *queue;
	struct transmit transmit;
	struct pause pause;
	unsigned losses;
	bool halted; /* nothing more is sent in this pass */
	struct run_report *report;
};

static void remember(struct pass *p, enum fault_kind kind)
{
	p->report->worst = (enum fault_kind)status_worse((int)p->report->worst, (int)kind);
}

static void tell(struct pass *p, const struct fault *why)
{
	say("%s", why->text);
	remember(p, why->kind);
}

/* When the entry wants the next pass: not before the smart host may be tried again. */
static void due_at(struct pass *p, int64_t when)
{
	if (p->halted && p->pause.until > when)
		when = p->pause.until;
	if (when < p->report->next)
		p->report->next = when;
}

static void blame_host(struct pass *p, struct fault *why)
{
	const char *name = p->plan->host->name;

	fault_prefix(why, "smart host %s", name);
	p->halted = true;
	if (pause_extend(p->queue, name, why, clock_wall(), !p->plan->quiet, &p->pause))
		say("%s", why->text);
	remember(p, why->kind);
}

static void host_works(struct pass *p)
{
	if (p->pause.tries == 0)
		return;
	pause_forget(p->queue, p->plan->host->name);
	pause_clear(&p->pause);
}

/* The connection first: its faults are the host's, never a message's. */
static bool connected(struct pass *p)
{
	struct fault why;

	if (transmit_open(&p->transmit, &why) == 0)
		return true;
	blame_host(p, &why);
	return false;
}

static void local_trouble(struct pass *p, const struct entry *e, struct fault *why)
{
	fault_prefix(why, "%s", e->id);
	if (why->kind == FAULT_DATA) {
		say("%s", why->text);
		if (queue_set_aside(p->queue, e->id, p->queue->corrupt, why) == 0)
			return;
	}
	/* What cannot be noted must not be sent: it would be sent again and again. */
	p->halted = true;
	if (why->kind == FAULT_DATA)
		why->kind = FAULT_TEMP;
	tell(p, why);
}

static void connection_lost(struct pass *p, struct fault *why)
{
	if (++p->losses >= LOSSES_MAX || why->kind == FAULT_LOGIN)
		blame_host(p, why);
	else
		say_detail("%s", why->text);
}

static void send_entry(struct pass *p, struct entry *e)
{
	struct fault why = { 0 };
	enum transmit_outcome outcome = TRANSMIT_AGAIN;

	/* Twice AGAIN cannot be: the second connection is fresh. */
	for (int i = 0; i < 2 && outcome == TRANSMIT_AGAIN; i++) {
		if (!connected(p))
			return;
		if (e->envelope.opened && i == 0)
			say("%s: a run was cut short while it sent this: it may come twice", e->id);
		outcome = transmit_message(&p->transmit, e, &why);
	}
	if (outcome == TRANSMIT_DONE) {
		p->losses = 0;
		host_works(p);
	} else if (outcome == TRANSMIT_HOST) {
		blame_host(p, &why);
	} else if (outcome == TRANSMIT_LOST) {
		connection_lost(p, &why);
	} else if (outcome == TRANSMIT_LOCAL) {
		local_trouble(p, e, &why);
	}
}

static bool may_send(const struct pass *p)
{
	return p->plan->host && !p->halted && !*p->plan->stop;
}

static void settle(struct pass *p, struct entry *e)
{
	struct fault why;
	int left;

	left = bounce_settle(p->queue, e, p->plan->settings->hostname,
		p->plan->host ? p->plan->host->server.host : NULL, &why);
	if (left < 0)
		tell(p, &why);
	if (left == 1)
		return;
	p->report->left++;
	due_at(p, envelope_next(&e->envelope));
	if (left == 0 && envelope_count(&e->envelope, RECIPIENT_WAITING) > 0 &&
		envelope_next(&e->envelope) > clock_wall())
		remember(p, FAULT_TEMP);
}

static void visit(struct pass *p, const char *id)
{
	AUTO_ENTRY e = ENTRY_NONE;
	struct fault why;
	int got = queue_claim(p->queue, id, &e, &why);

	if (got < 0 && why.kind == FAULT_DATA) {
		if (p->plan->quiet)
			return; /* for a run that somebody sees */
		say("%s; it is kept in %s/corrupt", why.text, p->queue->path);
		got = queue_set_aside(p->queue, id, p->queue->corrupt, &why);
	}
	if (got < 0)
		tell(p, &why);
	if (!e.id)
		return;
	if (may_send(p) && envelope_next(&e.envelope) <= clock_wall())
		send_entry(p, &e);
	settle(p, &e);
}

static void set_strangers_aside(struct pass *p, const struct strings *names)
{
	for (size_t i = 0; i < names->count; i++) {
		AUTO_BUF shown = { 0 };
		struct fault why;

		say_visible(&shown, slice_text(names->at[i]));
		say("%s/queue/%s is no message, moved to corrupt/", p->queue->path,
			buf_text(&shown));
		if (queue_set_aside(p->queue, names->at[i], p->queue->corrupt, &why) < 0)
			tell(p, &why);
	}
}

static void read_pause(struct pass *p)
{
	if (!p->plan->host)
		return;
	pause_read(p->queue, p->plan->host->name, &p->pause);
	if (!pause_holds(&p->pause, clock_wall()))
		return;
	p->halted = true;
	say_detail("smart host %s is left alone for %lld s: %s", p->plan->host->name,
		(long long)(p->pause.until - clock_wall()), buf_text(&p->pause.text));
}

static int walk(struct pass *p, struct fault *why)
{
	AUTO_STRINGS ids = { 0 };
	AUTO_STRINGS strangers = { 0 };

	queue_sweep(p->queue, clock_wall());
	if (queue_list(p->queue, &ids, &strangers, why) < 0)
		return -1;
	if (!p->plan->quiet)
		set_strangers_aside(p, &strangers);
	read_pause(p);
	for (size_t i = 0; i < ids.count && !*p->plan->stop; i++)
		visit(p, ids.at[i]);
	transmit_close(&p->transmit);
	/* Mail waits for a host that did not work: not all is well, if it was told or not. */
	if (p->halted && p->report->left > 0 && p->pause.tries > 0)
		remember(p, (enum fault_kind)p->pause.kind);
	return 0;
}

int run_pass(const struct run_plan *plan, const struct queue *q, struct run_report *report,
	struct fault *why)
{
	AUTO_FD lock = -1;
	struct pass p = { .plan = plan, .queue = q, .report = report,
		.transmit = { .queue = q, .host = plan->host,
			.hostname = plan->settings->hostname,
			.lifetime = plan->settings->lifetime / 1000 } };
	int result;

	*report = (struct run_report){ .next = INT64_MAX };
	result = lock_try(q->root, "run.lock", &lock, why);
	if (result <= 0)
		return result;
	result = walk(&p, why) < 0 ? -1 : 1;
	pause_clear(&p.pause);
	return result;
}
