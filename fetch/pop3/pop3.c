/*
 * The POP3 source: see pop3.h, source.h. RFC 1939, RFC 2449.
 *
 * SPDX-License-Identifier: ISC
 */
#include "fetch/pop3/pop3.h"

#include "common/base/clock.h"
#include "common/base/say.h"
#include "common/base/stage.h"

/* LIMIT: what is read at once, and between two turns of other accounts. */
enum { READ_MAX = 64 << 10, TURN_MAX = 256 << 10 };

static struct source *pop3_make(void)
{
	struct pop3_source *s = mem_zero(1, sizeof(*s));

	s->list.digest = POP3_LIST_EMPTY;
	buf_addf(&s->run, "?%lld-", (long long)clock_wall());
	stage_random_name(&s->run, 12);
	buf_add_byte(&s->run, '/');
	return &s->base;
}

/* RFC 2449 section 6.7: "0", or at least 0 for the users of the server ("0 USER"). */
static bool expires_at_once(const struct session *session)
{
	const char *days = session_parameter(session, "EXPIRE");

	return days && days[0] == '0' && (days[1] == '\0' || days[1] == ' ');
}

static int pop3_open(struct source *base, int cancel_fd, struct fault *why)
{
	struct pop3_source *s = (struct pop3_source *)base;

	if (session_open(WIRE_POP3, &base->account->server, NULL, cancel_fd, &base->session, why) <
		0)
		return -1;
	s->pipelining = session_can(&base->session, "PIPELINING");
	s->has_top = session_can(&base->session, "TOP");
	s->expires = expires_at_once(&base->session);
	return 0;
}

struct slice pop3_name(const struct pop3_source *s, const struct pop3_message *m)
{
	return slice_of(buf_text(&s->names) + m->name, m->name_len);
}

void pop3_note(struct pop3_source *s, enum fault_kind kind, const char *what,
	const struct pop3_message *m, struct slice text)
{
	AUTO_BUF seen = { 0 };
	struct fault why;

	say_visible(&seen, text);
	fault_set(&why, kind, "message %u: %s%s%s", m->number, what, seen.len ? ": " : "",
		buf_text(&seen));
	source_trouble(&s->base, &why);
}

static enum pop3_shape shape_of(enum pop3_job job)
{
	if (job == POP3_JOB_RETR || job == POP3_JOB_HEAD || job == POP3_JOB_TOP)
		return POP3_TEXT;
	return job == POP3_JOB_UIDL || job == POP3_JOB_LIST ? POP3_LIST : POP3_SINGLE;
}

bool pop3_may_send(const struct pop3_source *s, size_t count)
{
	return s->pipelining ? s->flying + count < POP3_FLIGHTS : s->flying == 0;
}

static void queue(struct wire *wire, enum pop3_job job, const struct pop3_message *m)
{
	switch (job) {
	case POP3_JOB_UIDL:
		wire_queuef(wire, "UIDL\r\n");
		break;
	case POP3_JOB_STAT:
		wire_queuef(wire, "STAT\r\n");
		break;
	case POP3_JOB_LIST:
		wire_queuef(wire, "LIST\r\n");
		break;
	case POP3_JOB_SIZE:
		wire_queuef(wire, "LIST %u\r\n", m->number);
		break;
	case POP3_JOB_HEAD:
		wire_queuef(wire, m->flags & POP3_WHOLE ? "RETR %u\r\n" : "TOP %u 0\r\n",
			m->number);
		break;
	case POP3_JOB_TOP:
		wire_queuef(wire, "TOP %u 0\r\n", m->number);
		break;
	case POP3_JOB_RETR:
		wire_queuef(wire, m->flags & POP3_EXCERPT ? "TOP %u 0\r\n" : "RETR %u\r\n",
			m->number);
		break;
	case POP3_JOB_DELE:
		wire_queuef(wire, "DELE %u\r\n", m->number);
		break;
	case POP3_JOB_QUIT:
		wire_queuef(wire, "QUIT\r\n");
		break;
	}
}

void pop3_send(struct pop3_source *s, enum pop3_job job, uint32_t index)
{
	struct pop3_message *m = index < s->count ? &s->messages[index] : NULL;

	s->flights[(s->first + s->flying) % POP3_FLIGHTS] = (struct pop3_flight){ job, index };
	if (s->flying++ == 0)
		pop3_expect(&s->reply, shape_of(job));
	if ((job == POP3_JOB_RETR && !(m->flags & POP3_EXCERPT)) ||
		(job == POP3_JOB_HEAD && m->flags & POP3_WHOLE))
		m->flags |= POP3_GIVEN;
	queue(s->base.session.wire, job, m);
}

static int quit_answered(struct pop3_source *s, const struct pop3_event *e, struct fault *why)
{
	AUTO_BUF text = { 0 };

	s->base.finished = true;
	if (e->kind == POP3_OK)
		return pop3_forget_deleted(s, why);
	say_visible(&text, e->text);
	return fault_set(why, FAULT_TEMP, "the server did not delete what was stored: %s",
		buf_text(&text));
}

/* 1 taken; 0: it waits for its turn in the stream; -1. */
static int take_event(struct pop3_source *s, const struct pop3_flight *flight,
	const struct pop3_event *e, struct fault *why)
{
	switch (flight->job) {
	case POP3_JOB_RETR:
		return pop3_retrieved(s, flight->index, e);
	case POP3_JOB_TOP:
		pop3_headed(s, flight->index, e);
		return 1;
	case POP3_JOB_DELE:
		if (e->kind == POP3_OK) {
			s->messages[flight->index].state = POP3_DELETED;
			return 1;
		}
		s->messages[flight->index].state = POP3_LEFT;
		pop3_note(s, FAULT_TEMP, "it is stored and cannot be deleted",
			&s->messages[flight->index], e->text);
		return 1;
	case POP3_JOB_QUIT:
		return quit_answered(s, e, why) < 0 ? -1 : 1;
	case POP3_JOB_SIZE:
	case POP3_JOB_HEAD:
		return pop3_compared(s, flight->job, flight->index, e, why) < 0 ? -1 : 1;
	default:
		return pop3_listed(s, flight->job, e, why) < 0 ? -1 : 1;
	}
}

static bool is_over(const struct pop3_event *e, enum pop3_job job)
{
	return e->kind == POP3_END || e->kind == POP3_ERR ||
		(e->kind == POP3_OK && shape_of(job) == POP3_SINGLE);
}

static void land(struct pop3_source *s)
{
	source_answered(&s->base);
	s->first = (s->first + 1) % POP3_FLIGHTS;
	s->flying--;
	if (s->flying)
		pop3_expect(&s->reply, shape_of(s->flights[s->first].job));
}

static bool may_read(struct pop3_source *s)
{
	if (s->waits && pop3_resume(s) == 0)
		return false;
	return pop3_decide_room(s) && (!s->fed || feed_room(s->base.feed));
}

/* Without a command in flight nothing is read: what comes then is no answer to anything. */
static int take_input(struct pop3_source *s, bool *moved, struct fault *why)
{
	struct wire *wire = s->base.session.wire;
	size_t taken = 0;

	if (!may_read(s))
		return 0;
	while (s->flying && taken < TURN_MAX && !s->base.finished) {
		struct pop3_flight flight = s->flights[s->first];
		struct slice in;
		struct pop3_event event;
		size_t before, used;
		int got;

		if (!may_read(s))
			return 0;
		in = wire_input(wire);
		before = in.len;
		if (pop3_next(&s->reply, &in, &event, why) < 0)
			return -1;
		used = before - in.len;
		taken += used;
		if (event.kind != POP3_MORE) {
			*moved = true;
			got = take_event(s, &flight, &event, why);
			if (got < 0)
				return -1;
			if (is_over(&event, flight.job))
				land(s);
			/* The bytes of an event that waits lie there until the next receive. */
			wire_take(wire, used);
			if (got == 0)
				return 0;
			continue;
		}
		wire_take(wire, used);
		got = source_receive(&s->base, READ_MAX, why);
		if (got <= 0)
			return got;
		*moved = true;
	}
	return 0;
}

/* Queues what is to be asked next. */
static int advance(struct pop3_source *s, struct fault *why)
{
	if (s->step == POP3_START) {
		source_stage(&s->base, "list messages");
		s->step = POP3_LISTING;
		pop3_send(s, POP3_JOB_UIDL, 0);
	}
	if (s->step == POP3_COMPARING) {
		source_stage(&s->base, "compare");
		if (pop3_compare(s, why) < 0)
			return -1;
	}
	while (s->step == POP3_DECIDING || s->step == POP3_FETCHING) {
		enum pop3_step was = s->step;

		source_stage(&s->base, was == POP3_FETCHING ? "fetch" : "ask the rules");
		if ((was == POP3_FETCHING ? pop3_fetch(s, why) : pop3_decide(s, why)) < 0)
			return -1;
		if (s->step == was)
			break;
	}
	return s->step == POP3_DELETING ? pop3_delete(s, why) : 0;
}

static int pop3_work(struct source *base, struct fault *why)
{
	struct pop3_source *s = (struct pop3_source *)base;
	size_t flying = s->flying;
	bool moved = false;

	if (take_input(s, &moved, why) < 0 || advance(s, why) < 0)
		return -1;
	if (!base->finished && wire_send(base->session.wire, why) < 0)
		return -1;
	source_expect(base, s->flying > 0 && may_read(s));
	return moved || flying != s->flying;
}

static void pop3_free(struct source *base)
{
	struct pop3_source *s = (struct pop3_source *)base;

	pop3_reply_free(&s->reply);
	digest_free(&s->head);
	buf_free(&s->excerpt);
	buf_free(&s->header);
	free(s->list.at);
	free(s->sizes);
	strings_free(&s->known_pauses);
	strings_free(&s->paused);
	strings_free(&s->pausing);
	buf_free(&s->names);
	buf_free(&s->run);
	free(s->messages);
	free(s);
}

static uint64_t pop3_left(const struct source *base)
{
	const struct pop3_source *s = (const struct pop3_source *)base;
	uint64_t left = s->asked > base->came ? s->asked - base->came : 0;

	for (size_t i = 0; i < s->count; i++)
		left += s->messages[i].state == POP3_WANTED;
	return left;
}

const struct source_ops source_pop3 = {
	.make = pop3_make,
	.open = pop3_open,
	.step = pop3_work,
	.receipt = pop3_receipt,
	.decided = pop3_decided,
	.save = pop3_save,
	.left = pop3_left,
	.free = pop3_free,
};
