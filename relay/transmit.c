/*
 * Messages over a connection: see transmit.h.
 *
 * SPDX-License-Identifier: ISC
 */
#include "relay/transmit.h"

#include <errno.h>
#include <unistd.h>

#include "common/base/clock.h"
#include "common/base/io.h"
#include "common/base/say.h"
#include "common/base/stage.h"
#include "common/net/expiry.h"
#include "relay/backoff.h"

/* LIMIT: RFC 5321 4.5.3.1.8: every server takes so many recipients at once. */
enum { RECIPIENTS_AT_ONCE = 100 };
/* LIMIT: one piece of content in memory. */
enum { PIECE = 65536 };
/* Room that a result may take in the envelope, name and numbers included. */
enum { EVENT_ROOM = ENVELOPE_TEXT_MAX + 80 };

static void tell_expiry(const struct transmit *t)
{
	AUTO_BUF who = { 0 };
	AUTO_BUF note = { 0 };

	buf_addf(&who, "smart host %s", t->host->name);
	buf_addf(&note, "smarthost-%s.certificate", t->host->name);
	expiry_tell(t->session.wire, t->host->server.trust.warn, buf_text(&who),
		buf_text(&note), false);
}

int transmit_open(struct transmit *t, struct fault *why)
{
	if (t->open)
		return 0;
	if (session_open(WIRE_SMTP, &t->host->server, t->hostname, -1, &t->session, why) < 0)
		return -1;
	tell_expiry(t);
	smtp_begin(&t->smtp, &t->session, t->host->patience, 0);
	t->open = true;
	t->carried = 0;
	return 0;
}

void transmit_close(struct transmit *t)
{
	if (!t->open)
		return;
	if (!t->smtp.dead)
		smtp_quit(&t->smtp);
	session_close(&t->session);
	t->open = false;
}

/* The recipients of one transaction. */
struct group {
	struct strings to;
	size_t index[RECIPIENTS_AT_ONCE]; /* in the envelope */
};

static void pick_due(const struct envelope *e, int64_t now, size_t *from, struct group *g)
{
	for (; *from < e->count && g->to.count < RECIPIENTS_AT_ONCE; ++*from) {
		const struct recipient *r = &e->at[*from];

		if (r->state != RECIPIENT_WAITING || r->next > now)
			continue;
		g->index[g->to.count] = *from;
		strings_add(&g->to, slice_text(r->address));
	}
}

static int read_piece(void *state, struct buf *out, struct fault *why)
{
	int fd = *(const int *)state;
	ssize_t n;

	buf_reserve(out, PIECE);
	n = io_read(fd, out->ptr + out->len, PIECE);
	if (n < 0)
		return fault_set(why, FAULT_TEMP, "read the message: %s", strerror(errno));
	out->len += (size_t)n;
	out->ptr[out->len] = '\0';
	return n > 0;
}

static void put_text(const struct smtp_result *result, struct buf *out)
{
	if (result->code == 0)
		buf_addf(out, "%s ", result->enhanced);
	buf_add_text(out, result->text ? result->text : "");
	if (result->maybe_duplicate)
		buf_add_text(out, " (it may have been taken: the next try may make a duplicate)");
}

/* What a result means for the recipient: sent, for good not, or when to try again. */
static void put_result(const struct transmit *t, const struct envelope *e, size_t index,
	const struct smtp_result *result, int64_t now, struct buf *lines)
{
	const struct recipient *r = &e->at[index];
	struct envelope_event event = { .index = index, .when = now };
	AUTO_BUF text = { 0 };

	if (result->verdict == SMTP_DEFERRED && now - e->created >= t->lifetime) {
		event.kind = EVENT_FAILED;
		buf_add_text(&text, "4.4.7 given up, it waited too long; last answer: ");
	} else if (result->verdict == SMTP_DEFERRED) {
		event.kind = EVENT_LATER;
		event.next = now + backoff_seconds(BACKOFF_RECIPIENT, r->tries + 1,
					   backoff_chance());
	} else {
		event.kind = result->verdict == SMTP_DELIVERED ? EVENT_SENT : EVENT_FAILED;
	}
	put_text(result, &text);
	event.text = buf_slice(&text);
	envelope_put_event(lines, &event);
}

static int note_results(const struct transmit *t, struct entry *e, const struct group *g,
	const struct smtp_results *results, struct fault *why)
{
	AUTO_BUF lines = { 0 };
	int64_t now = clock_wall();

	for (size_t i = 0; i < results->count; i++) {
		put_result(t, &e->envelope, g->index[i], &results->at[i], now, &lines);
		say_detail("%s: %s: %s", e->id, g->to.at[i],
			results->at[i].text ? results->at[i].text : "");
	}
	return queue_append(e, buf_slice(&lines), true, why);
}

/* True when the server has taken or refused nothing yet: a new connection may try again. */
static bool is_untouched(const struct smtp_results *results)
{
	for (size_t i = 0; i < results->count; i++) {
		if (results->at[i].verdict != SMTP_DEFERRED || results->at[i].maybe_duplicate)
			return false;
	}
	return true;
}

static enum transmit_outcome lost(struct transmit *t, struct entry *e, const struct group *g,
	const struct smtp_results *results, const struct fault *how, struct fault *why)
{
	bool untouched = is_untouched(results);
	bool reused = t->carried > 0;

	transmit_close(t);
	*why = *how;
	if (how->kind == FAULT_LOGIN && untouched)
		return TRANSMIT_HOST;
	/* Servers end a connection after so many messages: no reason to make this one wait. */
	if (reused && untouched)
		return TRANSMIT_AGAIN;
	return note_results(t, e, g, results, why) < 0 ? TRANSMIT_LOCAL : TRANSMIT_LOST;
}

static enum transmit_outcome send_group(struct transmit *t, struct entry *e, int content,
	const struct group *g, struct fault *why)
{
	AUTO_SMTP_RESULTS results = { 0 };
	AUTO_BUF line = { 0 };
	const struct smtp_envelope envelope = { .from = e->envelope.sender, .to = &g->to,
		.size = e->envelope.size, .eight_bit = e->envelope.eight_bit };
	const struct smtp_source source = { .read = read_piece, .state = &content };
	const struct envelope_event event = { .kind = EVENT_OPEN, .when = clock_wall() };
	struct fault how = { 0 };

	envelope_put_event(&line, &event);
	/* No disk may be too full for the "sent" that follows a 250. */
	if (queue_reserve(e, line.len + g->to.count * EVENT_ROOM, why) < 0 ||
		queue_append(e, buf_slice(&line), false, why) < 0)
		return TRANSMIT_LOCAL;
	if (lseek(content, 0, SEEK_SET) < 0) {
		fault_set(why, FAULT_TEMP, "read %s: %s", e->id, strerror(errno));
		return TRANSMIT_LOCAL;
	}
	if (smtp_send(&t->smtp, &envelope, &source, &results, &how) < 0)
		return lost(t, e, g, &results, &how, why);
	t->carried++;
	return note_results(t, e, g, &results, why) < 0 ? TRANSMIT_LOCAL : TRANSMIT_DONE;
}

enum transmit_outcome transmit_message(struct transmit *t, struct entry *e, struct fault *why)
{
	AUTO_FD content = queue_content(t->queue, e->id, why);
	enum transmit_outcome outcome = TRANSMIT_DONE;
	int64_t now = clock_wall();
	size_t from = 0;

	if (content < 0)
		return TRANSMIT_LOCAL;
	while (outcome == TRANSMIT_DONE && from < e->envelope.count) {
		struct group g = { 0 };

		pick_due(&e->envelope, now, &from, &g);
		if (g.to.count > 0)
			outcome = send_group(t, e, content, &g, why);
		strings_free(&g.to);
	}
	return outcome;
}
