/*
 * IDLE and NOTIFY: see idle.h.
 *
 * SPDX-License-Identifier: ISC
 */
#include "fetch/imap/idle.h"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

#include "common/base/clock.h"
#include "common/base/say.h"

/* LIMIT: what is read at once, and in one step. */
enum { READ_MAX = 64 << 10, TURN_MAX = 256 << 10 };
/* LIMIT: answers in one wait that say nothing: "still here" comes every two minutes. */
enum { CHATTER_MAX = 10000 };
/* LIMIT: a server that ends a wait within so long, so many times in a row, cannot wait. */
enum { SHORT_MS = 5000, SHORT_MAX = 3 };
/* LIMIT: how long the kernel sends into a void before the connection is lost. */
enum { VOID_MS = 120 * 1000 };
/* LIMIT: folders in one NOTIFY, a line that servers take (RFC 7162 section 4: 8,192). */
enum { NOTIFY_MAX = 50 };

static void await(struct idle *i, enum idle_state state)
{
	i->state = state;
	i->deadline = clock_deadline(i->timeout_ms);
}

static void send_tagged(struct idle *i, enum idle_state state, const char *text)
{
	wire_queuef(i->wire, "I%u %s\r\n", ++i->tag, text);
	await(i, state);
}

static void quote(const char *name, struct buf *out)
{
	imap_quote(out, slice_text(name));
}

static void examine(struct idle *i)
{
	AUTO_BUF line = { 0 };

	buf_add_text(&line, "EXAMINE ");
	quote(i->folders->at[i->at], &line);
	send_tagged(i, IDLE_EXAMINE, buf_text(&line));
}

void idle_begin(struct idle *i)
{
	unsigned int patience = VOID_MS;

	/* Keepalive packets are libcurl's; a tunnel's socket has no such option. */
	(void)setsockopt(wire_fd(i->wire), IPPROTO_TCP, TCP_USER_TIMEOUT, &patience,
		sizeof(patience));
	i->leaving = i->refused = false;
	i->exists = i->recent = i->next = i->sum = 0;
	i->chatter = 0;
	if (i->folders->count < 2 || i->folders->count > NOTIFY_MAX)
		i->notify = false;
	i->at = 0;
	examine(i);
}

static void ask(struct idle *i)
{
	send_tagged(i, IDLE_ASK, "IDLE");
}

/* Both events or none, the RFC wants it (section 5.2). */
static void notify(struct idle *i)
{
	AUTO_BUF line = { 0 };

	buf_add_text(&line, "NOTIFY SET STATUS (SELECTED (MessageNew MessageExpunge))"
			    " (MAILBOXES (");
	for (size_t k = 0; k < i->folders->count; k++) {
		if (k == i->at)
			continue;
		if (line.ptr[line.len - 1] != '(')
			buf_add_byte(&line, ' ');
		quote(i->folders->at[k], &line);
	}
	buf_add_text(&line, ") (MessageNew MessageExpunge))");
	send_tagged(i, IDLE_NOTIFY, buf_text(&line));
}

static void done(struct idle *i)
{
	wire_queuef(i->wire, "DONE\r\n");
	await(i, IDLE_DONE);
}

/* EXAMINE was used: closing expunges nothing (RFC 3501 section 6.4.2). */
static void close_folder(struct idle *i)
{
	if (i->notify)
		wire_queuef(i->wire, "I%u NOTIFY NONE\r\n", ++i->tag);
	send_tagged(i, IDLE_CLOSE, "CLOSE");
}

void idle_leave(struct idle *i)
{
	if (i->leaving)
		return;
	i->leaving = true;
	if (i->state == IDLE_ON)
		done(i);
}

static void refuse(struct idle *i)
{
	i->refused = true;
	i->state = IDLE_OFF;
}

/* All that is watched was told of: is it as it was when we waited last? */
static void compare(struct idle *i)
{
	i->sum += i->next ? i->next : i->exists;
	i->news |= !i->summed || i->sum != i->sum_before;
	i->sum_before = i->sum;
	i->summed = true;
}

static void wait_on(struct idle *i)
{
	if (i->leaving)
		close_folder(i);
	else
		ask(i);
}

/* The server ended the wait: by itself, or because we said DONE. */
static void waited(struct idle *i, enum imap_condition condition)
{
	bool at_once = i->state != IDLE_DONE && clock_tick() - i->began < SHORT_MS;

	i->short_ones = at_once ? i->short_ones + 1 : 0;
	if (condition != IMAP_OK || i->short_ones >= SHORT_MAX)
		refuse(i);
	else
		wait_on(i);
}

/* One that is not there, or not to be opened, is no place to wait in: the next may be. */
static void examined(struct idle *i, enum imap_condition condition)
{
	if (condition != IMAP_OK && i->at + 1 == i->folders->count) {
		refuse(i);
	} else if (condition != IMAP_OK) {
		i->at++;
		examine(i);
	} else if (i->notify && !i->leaving) {
		notify(i);
	} else {
		compare(i);
		wait_on(i);
	}
}

static int answered(struct idle *i, const struct imap_event *e, struct fault *why)
{
	uint64_t number;

	if (e->tag.len < 2 || e->tag.ptr[0] != 'I' || !slice_number(slice_from(e->tag, 1), &number))
		return fault_set(why, FAULT_PROTOCOL, "an answer with a tag that was not used");
	if (number != i->tag)
		return 0; /* NOTIFY NONE, before CLOSE */
	switch (i->state) {
	case IDLE_EXAMINE:
		examined(i, e->condition);
		return 0;
	case IDLE_NOTIFY:
		i->notify = e->condition == IMAP_OK;
		compare(i);
		wait_on(i);
		return 0;
	case IDLE_ASK:
	case IDLE_ON:
	case IDLE_DONE:
		waited(i, e->condition);
		return 0;
	default:
		i->state = IDLE_OFF;
		return 0;
	}
}

static void count_heard(struct idle *i, const struct imap_event *e)
{
	bool examine = i->state == IDLE_EXAMINE;

	if (slice_is_case(e->name, "EXISTS")) {
		i->news |= !examine && e->number > i->exists;
		i->exists = e->number;
	} else if (slice_is_case(e->name, "RECENT")) {
		i->news |= !examine && e->number > i->recent;
		i->recent = e->number;
	} else if (slice_is_case(e->name, "EXPUNGE") && i->exists) {
		i->exists--;
	}
}

static int status_heard(struct idle *i, const struct imap_event *e, struct fault *why)
{
	struct imap_status status = { 0 };
	int result = imap_status_read(e->text, &status, why);

	if (i->state == IDLE_NOTIFY)
		i->sum += status.next;
	else
		i->news |= status.next > 0;
	buf_free(&status.name);
	return result;
}

static int take(struct idle *i, const struct imap_event *e, struct fault *why)
{
	AUTO_BUF text = { 0 };

	if (e->kind == IMAP_TAGGED)
		return answered(i, e, why);
	if (e->kind == IMAP_STATUS && e->condition == IMAP_BYE) {
		say_visible(&text, e->text);
		return fault_set(why, FAULT_TEMP, "the server says BYE: %s", buf_text(&text));
	}
	if (++i->chatter > CHATTER_MAX)
		return fault_set(why, FAULT_PROTOCOL, "the server talks without end");
	if (e->kind == IMAP_STATUS && i->state == IDLE_EXAMINE)
		(void)imap_code_number(e->code, "UIDNEXT", &i->next);
	if (e->kind == IMAP_COUNT)
		count_heard(i, e);
	if (e->kind == IMAP_DATA && slice_is_case(e->name, "STATUS"))
		return status_heard(i, e, why);
	if (e->kind == IMAP_GO_ON && i->state == IDLE_ASK) {
		i->state = IDLE_ON;
		i->began = clock_tick();
		i->deadline = clock_deadline(i->renew_ms);
		i->chatter = 0;
		if (i->leaving)
			done(i);
	}
	return 0;
}

static int read_on(struct idle *i, bool *moved, struct fault *why)
{
	size_t taken = 0;

	while (taken < TURN_MAX && i->state != IDLE_OFF) {
		struct slice in = wire_input(i->wire);
		size_t before = in.len;
		struct imap_event event;
		int got;

		if (imap_next(i->reply, &in, &event, why) < 0)
			return -1;
		taken += before - in.len;
		got = event.kind == IMAP_MORE ? 0 : take(i, &event, why);
		wire_take(i->wire, before - in.len);
		if (got < 0)
			return -1;
		if (event.kind == IMAP_MORE) {
			got = wire_receive(i->wire, READ_MAX, why);
			if (got == 2)
				return wire_closed(i->wire, why);
			if (got <= 0)
				return got;
		}
		*moved = true;
	}
	return 0;
}

int idle_step(struct idle *i, struct fault *why)
{
	bool moved = false;

	if (read_on(i, &moved, why) < 0)
		return -1;
	if (i->state != IDLE_OFF && i->deadline <= clock_tick()) {
		if (i->state != IDLE_ON)
			return fault_set(why, FAULT_TEMP, "%s: no answer within %lld s",
				wire_name(i->wire), (long long)(i->timeout_ms + 999) / 1000);
		done(i);
		moved = true;
	}
	return wire_send(i->wire, why) < 0 ? -1 : moved;
}
