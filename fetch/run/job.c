/*
 * One account's life: see job.h.
 *
 * SPDX-License-Identifier: ISC
 */
#include "fetch/run/job.h"

#include "common/base/clock.h"
#include "common/base/io.h"
#include "common/base/say.h"
#include "common/net/expiry.h"
#include "fetch/state.h"
#include "fetch/trouble.h"

/* The session goes, the source stays for receipts that are still to come. */
static void end(struct job *j, const struct job_room *room)
{
	if (j->source) {
		deciding_forget(j->source);
		feed_cut(room->feed, j->source, j->why.kind ? j->why.text : "stopped");
		session_close(&j->source->session);
		j->source->session = (struct session){ 0 };
		j->source->finished = true;
	}
	j->state = JOB_ENDED;
}

static void fail(struct job *j, const struct job_room *room)
{
	if (j->source && j->source->stage.len)
		fault_prefix(&j->why, "%s", buf_text(&j->source->stage));
	end(j, room);
}

static int open_source(void *arg, int cancel_fd, struct fault *why)
{
	struct source *s = arg;

	return s->ops->open(s, cancel_fd, why);
}

/* In a watch it is still ours from the session before. */
static bool take_lock(struct job *j)
{
	int got = j->lock >= 0 ? 1 : state_lock(j->account, &j->lock, &j->why);

	if (got == 0)
		say_detail("account %s: another run is at work", j->account->name);
	j->busy = got == 0;
	return got == 1;
}

/* After a refused login, or when the server asked for patience. */
static bool is_left_alone(struct job *j, const struct job_room *room)
{
	int64_t due;

	if (room->insist || j->insist ||
		!trouble_holds(room->ledger, j->account, room->config, &due, &j->standing))
		return false;
	j->due = due;
	say_detail("account %s: left alone for another %lld minutes", j->account->name,
		(long long)(due - clock_wall() + 59) / 60);
	return true;
}

void job_begin(struct job *j, const struct job_room *room)
{
	j->due = 0;
	j->standing = FAULT_NONE;
	if (!take_lock(j)) {
		j->state = JOB_ENDED;
		return;
	}
	if (state_check(j->account, room->ledger, j->lock, room->again, &j->why) < 0) {
		j->state = JOB_ENDED;
		return;
	}
	if (is_left_alone(j, room)) {
		j->state = JOB_ENDED;
		return;
	}
	j->source = source_ops_of(j->account)->make();
	j->source->ops = source_ops_of(j->account);
	j->source->account = j->account;
	j->source->feed = room->feed;
	j->source->ledger = room->ledger;
	j->source->prefilter = j->account->prefilter ? room->prefilter : NULL;
	j->source->again = room->again;
	j->source->staying = j->staying;
	source_stage(j->source, "login");
	if (errand_start(open_source, j->source, room->cancel_fd, room->done_fd, &j->opening,
		    &j->why) < 0) {
		fail(j, room);
		return;
	}
	j->state = JOB_OPENING;
}

static void tell_expiry(const struct job *j, const struct job_room *room)
{
	AUTO_BUF who = { 0 };
	AUTO_BUF note = { 0 };

	buf_addf(&who, "account %s", j->account->name);
	buf_addf(&note, "fetch-%s.certificate", j->account->name);
	expiry_tell(j->source->session.wire, j->account->server.trust.warn, buf_text(&who),
		buf_text(&note), room->always);
}

static void opened(struct job *j, const struct job_room *room)
{
	int result = errand_end(j->opening, &j->why);

	j->opening = NULL;
	if (room->stopping || j->leaving) {
		/* It was told to give up: that is no trouble of the account. */
		j->why = (struct fault){ 0 };
		end(j, room);
		return;
	}
	if (result < 0 || state_has_run(j->account, room->ledger, j->lock, &j->why) < 0) {
		fail(j, room);
		return;
	}
	tell_expiry(j, room);
	j->state = JOB_WORKING;
}

/* Without a word of the server, a deadline or a wish there is nothing to do for it. */
static bool must_step(const struct job *j)
{
	const struct source *s = j->source;

	return j->state == JOB_WORKING || j->heard || s->look || s->stopping ||
		s->deadline <= clock_tick();
}

bool job_step(struct job *j, const struct job_room *room)
{
	int moved;

	if (j->state == JOB_OPENING && errand_is_over(j->opening)) {
		opened(j, room);
		return true;
	}
	if (j->state != JOB_WORKING && j->state != JOB_RESTING)
		return false;
	j->source->stopping |= room->stopping || j->leaving ||
		(j->state == JOB_WORKING && feed_is_lost(room->feed));
	if (!must_step(j))
		return false;
	moved = j->source->ops->step(j->source, &j->why);
	if (moved < 0) {
		fail(j, room);
		return true;
	}
	if (j->source->finished) {
		end(j, room);
		return true;
	}
	j->heard &= moved > 0;
	j->state = j->source->resting ? JOB_RESTING : JOB_WORKING;
	return moved > 0;
}

void job_look(struct job *j)
{
	struct source *s = j->source;

	s->look = true;
	s->news = false;
	s->trouble = (struct fault){ 0 };
	s->unstored = false;
	s->unstored_row = 0;
	s->later = 0;
}

bool job_poll(const struct job *j, struct pollfd *set, int64_t *deadline)
{
	struct wire *wire;
	bool reads;

	if (j->state != JOB_WORKING && j->state != JOB_RESTING)
		return false;
	wire = j->source->session.wire;
	reads = j->source->expecting;
	if (j->source->expecting && j->source->deadline < *deadline)
		*deadline = j->source->deadline;
	if (j->source->paced > clock_tick()) {
		reads = false;
		*deadline = j->source->paced < *deadline ? j->source->paced : *deadline;
	}
	*set = (struct pollfd){ .fd = wire_fd(wire),
		.events = (short)((reads ? POLLIN : 0) |
			(wire_queued(wire) ? POLLOUT : 0)) };
	return set->events != 0;
}

void job_break(struct job *j, const struct job_room *room, const char *reason)
{
	if (j->state == JOB_WAITING)
		j->state = JOB_ENDED;
	if (j->state == JOB_OPENING) {
		opened(j, room);
		if (j->state == JOB_ENDED)
			return;
	}
	if (j->state != JOB_WORKING && j->state != JOB_RESTING)
		return;
	fault_set(&j->why, FAULT_TEMP, "%s", reason);
	fail(j, room);
}

int job_report(struct job *j, const struct job_room *room)
{
	struct source *s = j->source;
	struct fault more = { 0 };
	int status = FAULT_NONE;
	bool ended = j->why.kind != FAULT_NONE;
	struct fault why;

	if (s && s->ops->save(s, &why) < 0)
		source_trouble(s, &why);
	if (s && s->trouble.kind != FAULT_NONE) {
		status = (int)s->trouble.kind;
		if (j->why.kind == FAULT_NONE)
			j->why = s->trouble;
		else
			more = s->trouble;
	}
	if (s)
		j->due = 0;
	if (j->why.kind != FAULT_NONE)
		j->due = trouble_tell(room->ledger, j->account, &j->why, ended ? &more : NULL,
			room->always);
	else if (s && !room->stopping)
		trouble_over(room->ledger, j->account, j->lock, s->later + s->ops->left(s));
	status = status_worse(status, (int)j->why.kind);
	if (s && s->unstored)
		status = status_worse(status, FAULT_TEMP);
	if (!s && j->due && j->why.kind == FAULT_NONE)
		status = j->standing;
	j->why = (struct fault){ 0 };
	return status;
}

int job_finish(struct job *j, const struct job_room *room)
{
	int status = job_report(j, room);

	source_free(j->source);
	j->source = NULL;
	j->heard = false;
	if (!j->staying)
		io_close_at(&j->lock);
	return status;
}
