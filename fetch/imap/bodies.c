/*
 * Bodies from UID FETCH into the stream: see imap.h.
 *
 * A server that tells the UID after the body is asked for one message at a time: the body
 * that comes then can only be the one asked for.
 *
 * SPDX-License-Identifier: ISC
 */
#include "fetch/imap/imap.h"

#include "common/base/say.h"
#include "common/mail/date.h"
#include "fetch/hand/excerpt.h"
#include "fetch/imap/keywords.h"

/* LIMIT: a literal may be so many times the size that RFC822.SIZE told, and a bit. */
enum { SIZE_FACTOR = 16, SIZE_SLACK = 1 << 20 };

static uint64_t in_flight(const struct imap_source *s)
{
	uint64_t count = 0;

	for (size_t i = 0; i < s->flying; i++) {
		if (s->flights[i].job == IMAP_JOB_FETCH)
			count += uidset_size(&s->flights[i].set);
	}
	return count;
}

/* How many of `range` may still be asked for in this run; the rest is for the next. */
static uint64_t allowed(struct imap_source *s, uint64_t range)
{
	uint64_t most = (uint64_t)s->base.account->choice.max_messages;
	uint64_t left = most > s->begun ? most - s->begun : 0;

	if (left == 0 && !uidset_empty(&s->folder.todo)) {
		s->folder.pending = true;
		s->base.later += uidset_size(&s->folder.todo);
		uidset_clear(&s->folder.todo);
	}
	return left < range ? left : range;
}

/* Of what is too large, once all else was asked for; the part of a header is held. */
static void ask_headers(struct imap_source *s)
{
	AUTO_UIDSET set = { 0 };
	AUTO_BUF text = { 0 };
	struct imap_flight *flight;

	uidset_take(&s->folder.large, IMAP_RANGE, IMAP_LINE_RANGES, &set);
	uidset_write(&set, &text);
	flight = imap_send(s, IMAP_JOB_FETCH,
		"UID FETCH %s (" IMAP_HEADER_ITEMS ")", buf_text(&text));
	flight->excerpt = true;
	uidset_add_set(&flight->set, &set);
}

const char *imap_gmail_items(const struct imap_source *s)
{
	if (!s->gmail)
		return "";
	return s->base.account->labels ? "X-GM-MSGID X-GM-LABELS " : "X-GM-MSGID ";
}

void imap_ask_messages(struct imap_source *s)
{
	size_t most = s->one_by_one ? 1 : IMAP_FETCHES;
	uint64_t range = s->one_by_one ? 1 : IMAP_RANGE;

	if (s->base.account->choice.max_messages && !uidset_empty(&s->folder.todo))
		range = allowed(s, range);
	while (range && !uidset_empty(&s->folder.todo) && imap_count(s, IMAP_JOB_FETCH) < most &&
		s->base.open + in_flight(s) + range <= IMAP_WINDOW) {
		AUTO_UIDSET set = { 0 };
		AUTO_BUF text = { 0 };
		struct imap_flight *flight;

		uidset_take(&s->folder.todo, range, IMAP_LINE_RANGES, &set);
		uidset_write(&set, &text);
		flight = imap_send(s, IMAP_JOB_FETCH,
			"UID FETCH %s (%sUID FLAGS INTERNALDATE RFC822.SIZE BODY.PEEK[])",
			buf_text(&text), imap_gmail_items(s));
		uidset_add_set(&flight->set, &set);
		s->begun += uidset_size(&set);
		if (s->base.account->choice.max_messages)
			range = allowed(s, range);
	}
	if (uidset_empty(&s->folder.todo) && !uidset_empty(&s->folder.large) && s->flying == 0 &&
		s->base.open + IMAP_RANGE <= IMAP_WINDOW)
		ask_headers(s);
}

/* The flight that asked for this message and has not got it yet. */
static struct imap_flight *asked_by(struct imap_source *s, uint32_t uid)
{
	for (size_t i = 0; i < s->flying; i++) {
		if (s->flights[i].job == IMAP_JOB_FETCH && uidset_has(&s->flights[i].set, uid))
			return &s->flights[i];
	}
	return NULL;
}

/* The only message asked for, when there is only one. */
static uint32_t only_asked(const struct imap_source *s)
{
	uint32_t uid = 0;

	for (size_t i = 0; i < s->flying; i++) {
		const struct imap_flight *flight = &s->flights[i];

		if (flight->job != IMAP_JOB_FETCH || uidset_empty(&flight->set))
			continue;
		if (uid || uidset_size(&flight->set) != 1)
			return 0;
		uid = flight->set.at[0].first;
	}
	return uid;
}

void imap_fill_frame(const struct imap_source *s, const struct imap_fetch *fetch,
	struct frame *frame)
{
	int64_t when;

	buf_addf(&frame->id, "%s/%llu/%u", buf_text(&s->folder.place),
		(unsigned long long)s->folder.validity, s->uid);
	if (s->excerpt)
		buf_add_text(&frame->id, "/header");
	buf_add_text(&frame->account, s->base.account->name);
	buf_add_slice(&frame->folder, buf_slice(&s->folder.shown));
	if (date_read_internal(buf_slice(&fetch->date), &when))
		date_put_stamp(&frame->received, when);
	if (s->base.account->flags)
		imap_put_flags(fetch, &frame->flags);
	if (s->base.account->labels)
		imap_put_labels(fetch, &frame->flags);
}

/* The message of the held event gets its turn. */
static void begin_message(struct imap_source *s)
{
	AUTO_FRAME frame = { 0 };

	imap_fill_frame(s, s->held.fetch, &frame);
	s->gmail_id = s->held.fetch->gmail_id;
	letter_begin(&s->base, &frame, s->uid | (s->excerpt ? IMAP_EXCERPT_KEY : 0));
	s->body_size = 0;
	s->body = IMAP_BODY_FED;
}

static void end_message(struct imap_source *s)
{
	struct imap_flight *flight = asked_by(s, s->uid);

	s->folder.chatter = 0;
	if (flight)
		uidset_remove(&flight->set, s->uid, s->uid);
	if (letter_end(&s->base) && !s->excerpt)
		imap_settle_fed(s);
	s->excerpt = false;
	s->body = IMAP_BODY_IDLE;
}

static void end_quoted(struct imap_source *s)
{
	letter_bytes(&s->base, buf_slice(&s->held.fetch->quoted));
	end_message(s);
}

static void end_excerpt(struct imap_source *s)
{
	const struct imap_fetch *fetch = s->held.fetch;
	const struct account *a = s->base.account;
	AUTO_BUF where = { 0 };
	AUTO_BUF out = { 0 };

	buf_addf(&where, "%s: ", a->server.host);
	say_visible(&where, buf_slice(&s->folder.shown));
	buf_addf(&where, ", UID %u", s->uid);
	excerpt_make(buf_slice(&fetch->header), fetch->size, a->choice.max_size, buf_text(&where),
		&out);
	letter_bytes(&s->base, buf_slice(&out));
	end_message(s);
}

int imap_resume(struct imap_source *s)
{
	if (s->base.stopping) {
		s->excerpt = false;
		s->body = s->held.kind == IMAP_BODY ? IMAP_BODY_DROPPED : IMAP_BODY_IDLE;
		return 1;
	}
	if (!feed_ready(s->base.feed))
		return 0;
	begin_message(s);
	if (s->excerpt)
		end_excerpt(s);
	else if (s->held.kind == IMAP_FETCH)
		end_quoted(s);
	return 1;
}

/* It is here already. What is left of its body is read past. */
static void pass_over(struct imap_source *s, const struct imap_event *e)
{
	struct imap_flight *flight = asked_by(s, s->uid);

	if (flight)
		uidset_remove(&flight->set, s->uid, s->uid);
	imap_settle_twin(s);
	s->body = e->kind == IMAP_BODY ? IMAP_BODY_DROPPED : IMAP_BODY_IDLE;
}

/* The event's fetch belongs to the parser, which is not asked again before its turn. */
static int wait_turn(struct imap_source *s, const struct imap_event *e, struct fault *why)
{
	bool known;

	if (imap_gmail_known(s, e->fetch, &known, why) < 0)
		return -1;
	if (known) {
		pass_over(s, e);
		return 1;
	}
	s->held = *e;
	s->body = IMAP_BODY_WAITS;
	return imap_resume(s);
}

/* Whose body is this? Nobody can tell: it is read past, and asked for again, alone. */
static void go_one_by_one(struct imap_source *s)
{
	s->one_by_one = true;
	for (size_t i = 0; i < s->flying; i++)
		s->flights[i].again = s->flights[i].job == IMAP_JOB_FETCH;
}

static int body_begins(struct imap_source *s, const struct imap_event *e, struct fault *why)
{
	const struct imap_fetch *fetch = e->fetch;

	s->uid = fetch->uid;
	if (s->uid == 0)
		s->uid = only_asked(s);
	if (s->uid == 0)
		go_one_by_one(s);
	if (fetch->has_size && e->number / SIZE_FACTOR > fetch->size + SIZE_SLACK)
		return fault_set(why, FAULT_PROTOCOL,
			"message %u is said to have %llu bytes, and comes with %llu", s->uid,
			(unsigned long long)fetch->size, (unsigned long long)e->number);
	if (s->uid == 0 || !asked_by(s, s->uid) ||
		(e->number == 0 && !(fetch->has_size && fetch->size == 0))) {
		s->body = IMAP_BODY_DROPPED;
		return 1;
	}
	return wait_turn(s, e, why);
}

/* The FETCH response behind a body is whole. */
static int body_ends(struct imap_source *s, const struct imap_event *e, struct fault *why)
{
	bool fed = s->body == IMAP_BODY_FED;

	if (!fed) {
		s->body = IMAP_BODY_IDLE;
		return 1;
	}
	if (e->fetch->uid && e->fetch->uid != s->uid)
		return fault_set(why, FAULT_PROTOCOL, "message %u was asked for, %u came", s->uid,
			e->fetch->uid);
	end_message(s);
	return 1;
}

/* A FETCH response without a literal. One without body is news about flags. */
static int no_literal(struct imap_source *s, const struct imap_event *e, struct fault *why)
{
	const struct imap_fetch *fetch = e->fetch;
	const struct imap_flight *flight;

	s->uid = fetch->uid ? fetch->uid : only_asked(s);
	flight = asked_by(s, s->uid);
	if (flight && flight->excerpt && fetch->header.len) {
		s->excerpt = true;
		return wait_turn(s, e, why);
	}
	if (fetch->body != IMAP_BODY_QUOTED || s->uid == 0 || !asked_by(s, s->uid))
		return 1;
	if (fetch->quoted.len == 0 && !(fetch->has_size && fetch->size == 0))
		return 1;
	return wait_turn(s, e, why);
}

int imap_body(struct imap_source *s, const struct imap_event *e, struct fault *why)
{
	switch (e->kind) {
	case IMAP_BODY:
		return body_begins(s, e, why);
	case IMAP_BYTES:
		if (s->body == IMAP_BODY_FED)
			letter_bytes(&s->base, e->bytes);
		return 1;
	default:
		break;
	}
	if (e->fetch->body == IMAP_BODY_STREAMED)
		return body_ends(s, e, why);
	return no_literal(s, e, why);
}

void imap_fetched(struct imap_source *s, struct imap_flight *flight,
	const struct imap_event *e)
{
	struct imap_folder *f = &s->folder;

	if (uidset_empty(&flight->set) || s->base.stopping)
		return;
	if (flight->again) {
		uidset_add_set(&f->todo, &flight->set);
		s->begun -= uidset_size(&flight->set);
		return;
	}
	if (e->condition == IMAP_NO)
		imap_note(s, FAULT_TEMP, "some messages were not given", e);
	uidset_add_set(&f->missing, &flight->set);
}
