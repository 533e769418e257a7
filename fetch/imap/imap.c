/*
 * The IMAP source: see imap.h, source.h. RFC 3501, RFC 4315.
 *
 * SPDX-License-Identifier: ISC
 */
#include "fetch/imap/imap.h"

#include "common/base/clock.h"
#include "common/base/say.h"

/* LIMIT: what is read at once, and between two turns of other accounts. */
enum { READ_MAX = 64 << 10, TURN_MAX = 256 << 10 };
/*
 * LIMIT: untagged responses in a row that have nothing to do with what was asked; among them
 * are an EXPUNGE for each message that we, and a flag for each that others, may touch.
 */
enum { CHATTER_MAX = 1000000 };

static struct source *imap_make(void)
{
	struct imap_source *s = mem_zero(1, sizeof(*s));

	s->reply = imap_reply_new();
	return &s->base;
}

static int imap_open(struct source *base, int cancel_fd, struct fault *why)
{
	struct imap_source *s = (struct imap_source *)base;
	struct imap_talk talk = { .reply = s->reply };
	const struct folders_wish wish = { .session = &base->session,
		.items = &base->account->folders, .subscribed = base->account->subscribed,
		.status = IMAP_NEWS_ITEMS };

	if (session_open(WIRE_IMAP, &base->account->server, NULL, cancel_fd, &base->session, why) <
		0)
		return -1;
	talk.wire = base->session.wire;
	source_stage(base, "list folders");
	if (folders_list(&talk, &wish, &s->folders, why) < 0 ||
		imap_find_target(s, &talk, why) < 0)
		return -1;
	if (s->folders.trouble.kind != FAULT_NONE)
		source_trouble(base, &s->folders.trouble);
	base->folders = &s->folders.wire;
	return 0;
}

struct imap_flight *imap_send(struct imap_source *s, enum imap_job job, const char *format, ...)
{
	struct imap_flight *flight = &s->flights[s->flying++];
	AUTO_BUF line = { 0 };
	va_list args;

	flight->tag = ++s->tag;
	flight->job = job;
	flight->again = false;
	flight->excerpt = false;
	uidset_clear(&flight->set);
	va_start(args, format);
	buf_addv(&line, format, args);
	va_end(args);
	wire_queuef(s->base.session.wire, "F%u %s\r\n", flight->tag, buf_text(&line));
	return flight;
}

size_t imap_count(const struct imap_source *s, enum imap_job job)
{
	size_t count = 0;

	for (size_t i = 0; i < s->flying; i++)
		count += s->flights[i].job == job;
	return count;
}

static struct imap_flight *flight_of(struct imap_source *s, struct slice tag)
{
	uint64_t number;

	if (tag.len < 2 || tag.ptr[0] != 'F' || !slice_number(slice_from(tag, 1), &number))
		return NULL;
	for (size_t i = 0; i < s->flying; i++) {
		if (s->flights[i].tag == number)
			return &s->flights[i];
	}
	return NULL;
}

/* Answers may come in another order than the commands: the hole is closed. */
static void land(struct imap_source *s, struct imap_flight *flight)
{
	struct uidset set = flight->set;
	size_t at = (size_t)(flight - s->flights);

	s->flying--;
	for (; at < s->flying; at++)
		s->flights[at] = s->flights[at + 1];
	s->flights[s->flying] = (struct imap_flight){ .set = set };
}

/* A search of the user's, who may have written what this server does not know. */
static bool may_be_bad(const struct imap_source *s, const struct imap_flight *flight)
{
	return flight->job == IMAP_JOB_SEARCH && s->base.account->choice.search;
}

static int tagged(struct imap_source *s, const struct imap_event *e, struct fault *why)
{
	struct imap_flight *flight = flight_of(s, e->tag);
	AUTO_BUF text = { 0 };
	int result;

	if (!flight)
		return fault_set(why, FAULT_PROTOCOL, "an answer with a tag that was not used");
	if (e->condition == IMAP_BAD && !may_be_bad(s, flight)) {
		bool passing = imap_is_passing(e->code);

		say_visible(&text, e->text);
		return fault_set(why, passing ? FAULT_TEMP : FAULT_PROTOCOL, "the server %s: %s",
			passing ? "cannot now" : "does not understand", buf_text(&text));
	}
	s->folder.chatter = s->folder.numbers = 0;
	source_answered(&s->base);
	result = imap_answered(s, flight, e, why);
	land(s, flight);
	return result;
}

static int bye(const struct imap_source *s, const struct imap_event *e, struct fault *why)
{
	AUTO_BUF text = { 0 };

	if (s->step == IMAP_LOGOUT)
		return 1;
	say_visible(&text, e->text);
	return fault_set(why, FAULT_TEMP, "the server says BYE: %s", buf_text(&text));
}

static int chatters(struct imap_source *s, struct fault *why)
{
	if (++s->folder.chatter <= CHATTER_MAX)
		return 0;
	return fault_set(why, FAULT_PROTOCOL, "the server talks without end");
}

/* 1 taken; 0: it waits for its turn in the stream; -1. */
static int take_event(struct imap_source *s, const struct imap_event *e, struct fault *why)
{
	switch (e->kind) {
	case IMAP_TAGGED:
		return tagged(s, e, why) < 0 ? -1 : 1;
	case IMAP_BODY:
	case IMAP_BYTES:
	case IMAP_FETCH:
		if (e->kind == IMAP_FETCH && chatters(s, why) < 0)
			return -1;
		if (s->step == IMAP_SURVEY && e->kind == IMAP_FETCH) {
			imap_survey_heard(s, e->fetch);
			return 1;
		}
		return imap_body(s, e, why);
	case IMAP_STATUS:
		if (e->condition == IMAP_BYE)
			return bye(s, e, why);
		break;
	default:
		break;
	}
	if (e->kind != IMAP_FOUND && chatters(s, why) < 0)
		return -1;
	return imap_heard(s, e, why) < 0 ? -1 : 1;
}

/* May the next event be read? In a body only when the stream takes more. */
static bool may_read(struct imap_source *s)
{
	if (s->body == IMAP_BODY_WAITS && imap_resume(s) == 0)
		return false;
	if (!imap_decide_room(s))
		return false;
	return s->body != IMAP_BODY_FED || feed_room(s->base.feed);
}

/* Reads and acts until nothing more is there, or it is time for others. */
static int take_input(struct imap_source *s, bool *moved, struct fault *why)
{
	struct wire *wire = s->base.session.wire;
	size_t taken = 0;

	while (taken < TURN_MAX && !s->base.finished) {
		struct imap_event event;
		struct slice in;
		size_t before;
		int got;

		if (!may_read(s))
			return 0;
		in = wire_input(wire);
		before = in.len;
		if (imap_next(s->reply, &in, &event, why) < 0)
			return -1;
		taken += before - in.len;
		got = event.kind == IMAP_MORE ? 1 : take_event(s, &event, why);
		wire_take(wire, before - in.len);
		if (got < 0)
			return -1;
		if (event.kind != IMAP_MORE) {
			*moved = true;
			continue;
		}
		got = source_receive(&s->base, READ_MAX, why);
		if (got <= 0)
			return got;
		*moved = true;
	}
	return 0;
}

static int imap_work(struct source *base, struct fault *why)
{
	struct imap_source *s = (struct imap_source *)base;
	bool moved = false;
	unsigned tag = s->tag;
	struct fault lost = { 0 };

	if (s->step == IMAP_REST)
		return imap_rest_step(s, why);
	if (take_input(s, &moved, &lost) < 0) {
		/* After LOGOUT everything that matters is done. */
		base->finished = s->step == IMAP_LOGOUT;
		if (!base->finished)
			*why = lost;
		return base->finished ? 1 : -1;
	}
	if (imap_advance(s, why) < 0)
		return -1;
	if (!base->finished && wire_send(base->session.wire, why) < 0) {
		base->finished = s->step == IMAP_LOGOUT;
		return base->finished ? 1 : -1;
	}
	/* Goodbye is said; its answer could tell nothing, and takes a way there and back. */
	base->finished |= s->step == IMAP_LOGOUT && wire_queued(base->session.wire) == 0;
	if (base->finished || s->step == IMAP_REST)
		return 1;
	source_expect(base, s->flying > 0 && s->body != IMAP_BODY_WAITS && may_read(s));
	return moved || tag != s->tag;
}

static int imap_store(struct source *base, struct fault *why)
{
	return imap_save((struct imap_source *)base, why);
}

static void imap_free(struct source *base)
{
	struct imap_source *s = (struct imap_source *)base;

	imap_reply_free(s->reply);
	folders_free(&s->folders);
	imap_folder_clear(&s->folder);
	buf_free(&s->target);
	free(s->known);
	strings_free(&s->pieces);
	survey_free(&s->survey);
	for (size_t i = 0; i < IMAP_FLIGHTS; i++)
		uidset_free(&s->flights[i].set);
	free(s);
}

static uint64_t imap_left(const struct source *base)
{
	const struct imap_source *s = (const struct imap_source *)base;

	return uidset_size(&s->folder.todo) + uidset_size(&s->folder.undecided) +
		(s->begun > base->came ? s->begun - base->came : 0);
}

const struct source_ops source_imap = {
	.make = imap_make,
	.open = imap_open,
	.step = imap_work,
	.receipt = imap_receipt,
	.decided = imap_decided,
	.save = imap_store,
	.left = imap_left,
	.free = imap_free,
};
