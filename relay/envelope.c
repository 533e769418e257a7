/*
 * Envelopes as text: see envelope.h. No descriptors here: pure bytes in and out.
 *
 * SPDX-License-Identifier: ISC
 */
#include "relay/envelope.h"

#define ENVELOPE_MAGIC "mailrail-envelope 1"

/* What stands in an event line behind its name. */
struct event_row {
	const char *name;
	bool has_index;
	bool has_next;
	bool has_text;
};

static const struct event_row event_rows[] = {
	[EVENT_OPEN] = { "open", false, false, false },
	[EVENT_SENT] = { "sent", true, false, true },
	[EVENT_LATER] = { "later", true, true, true },
	[EVENT_FAILED] = { "failed", true, false, true },
	[EVENT_BOUNCED] = { "bounced", true, false, true },
	[EVENT_NOW] = { "now", false, false, false },
};

enum { EVENT_KINDS = sizeof(event_rows) / sizeof(event_rows[0]) };

void envelope_free(struct envelope *e)
{
	for (size_t i = 0; i < e->count; i++) {
		free(e->at[i].address);
		free(e->at[i].text);
	}
	free(e->at);
	free(e->sender);
	*e = (struct envelope){ 0 };
}

void envelope_add_recipient(struct envelope *e, struct slice address)
{
	if (e->count == e->room) {
		e->room = e->room ? e->room * 2 : 8;
		e->at = mem_grow(e->at, e->room, sizeof(*e->at));
	}
	e->at[e->count++] = (struct recipient){ .address = slice_copy(address) };
}

void envelope_put_text(struct buf *out, struct slice text)
{
	text = slice_first(text, ENVELOPE_TEXT_MAX);
	for (size_t i = 0; i < text.len; i++) {
		char byte = text.ptr[i];

		buf_add_byte(out, byte >= ' ' && byte <= '~' ? byte : '?');
	}
}

void envelope_put_head(struct buf *out, const struct envelope *e)
{
	buf_addf(out, ENVELOPE_MAGIC "\ncreated %lld\nsize %llu\n", (long long)e->created,
		(unsigned long long)e->size);
	if (e->eight_bit)
		buf_add_text(out, "body 8bit\n");
	buf_addf(out, "from %s\n", e->sender ? e->sender : "");
	for (size_t i = 0; i < e->count; i++)
		buf_addf(out, "to %s\n", e->at[i].address);
	buf_add_text(out, "end\n");
}

void envelope_put_event(struct buf *out, const struct envelope_event *event)
{
	const struct event_row *row = &event_rows[event->kind];

	buf_add_text(out, row->name);
	if (row->has_index)
		buf_addf(out, " %zu", event->index);
	buf_addf(out, " %lld", (long long)event->when);
	if (row->has_next)
		buf_addf(out, " %lld", (long long)event->next);
	if (row->has_text) {
		buf_add_byte(out, ' ');
		envelope_put_text(out, event->text);
	}
	buf_add_byte(out, '\n');
}

static int damaged(struct fault *why, struct slice line)
{
	AUTO_BUF text = { 0 };

	envelope_put_text(&text, slice_first(line, 60));
	return fault_set(why, FAULT_DATA, "damaged envelope: \"%s\"", buf_text(&text));
}

/* Takes " "-ended digits off the front. */
static bool take_number(struct slice *rest, int64_t *out)
{
	struct slice word;
	uint64_t number;

	if (!slice_cut(rest, ' ', &word) || !slice_number(word, &number) || number > INT64_MAX)
		return false;
	*out = (int64_t)number;
	return true;
}

static void set_text(struct recipient *r, struct slice text)
{
	free(r->text);
	r->text = slice_copy(text);
}

static void apply_to_recipient(struct recipient *r, const struct envelope_event *event)
{
	static const enum recipient_state states[] = {
		[EVENT_SENT] = RECIPIENT_SENT,
		[EVENT_LATER] = RECIPIENT_WAITING,
		[EVENT_FAILED] = RECIPIENT_FAILED,
		[EVENT_BOUNCED] = RECIPIENT_BOUNCED,
	};

	/* What was accepted stays accepted, whatever a later line says. */
	if (r->state == RECIPIENT_SENT)
		return;
	r->state = states[event->kind];
	r->changed = event->when;
	if (event->kind == EVENT_LATER) {
		r->tries++;
		r->next = event->next;
	}
	if (event->kind != EVENT_BOUNCED)
		set_text(r, event->text);
}

static void apply_event(struct envelope *e, const struct envelope_event *event)
{
	if (event->kind == EVENT_OPEN) {
		e->opened = true;
	} else if (event->kind == EVENT_NOW) {
		for (size_t i = 0; i < e->count; i++)
			e->at[i].next = 0;
	} else {
		if (event->kind != EVENT_BOUNCED)
			e->opened = false;
		apply_to_recipient(&e->at[event->index], event);
	}
}

static int read_event(struct envelope *e, struct slice line, struct fault *why)
{
	struct slice rest = line;
	struct slice name;
	struct envelope_event event = { 0 };
	const struct event_row *row = event_rows;
	int64_t index = 0;

	slice_cut(&rest, ' ', &name);
	while (row < event_rows + EVENT_KINDS && !slice_is(name, row->name))
		row++;
	if (row == event_rows + EVENT_KINDS)
		return damaged(why, line);
	event.kind = (enum envelope_event_kind)(row - event_rows);
	if (row->has_index && (!take_number(&rest, &index) || (uint64_t)index >= e->count))
		return damaged(why, line);
	event.index = (size_t)index;
	if (!take_number(&rest, &event.when) ||
		(row->has_next && !take_number(&rest, &event.next)))
		return damaged(why, line);
	event.text = rest;
	apply_event(e, &event);
	return 0;
}

/* Takes one line that has its LF; false when only a torn rest (or nothing) is left. */
static bool whole_line(struct slice *rest, struct slice *line)
{
	ptrdiff_t end = slice_find_byte(*rest, '\n');

	if (end < 0)
		return false;
	*line = slice_first(*rest, (size_t)end);
	slice_skip(rest, (size_t)end + 1);
	return true;
}

int envelope_apply(struct envelope *e, struct slice lines, struct fault *why)
{
	struct slice line;
	size_t before = lines.len;

	while (whole_line(&lines, &line)) {
		if (read_event(e, line, why) < 0)
			return -1;
	}
	e->whole += before - lines.len;
	return 0;
}

static bool read_head_line(struct envelope *e, struct slice name, struct slice value)
{
	int64_t number;

	if (slice_is(name, "created"))
		return take_number(&value, &e->created);
	if (slice_is(name, "size")) {
		if (!take_number(&value, &number))
			return false;
		e->size = (uint64_t)number;
		return true;
	}
	if (slice_is(name, "body")) {
		e->eight_bit = slice_is(value, "8bit");
		return e->eight_bit;
	}
	if (slice_find_byte(value, '\0') >= 0)
		return false;
	if (slice_is(name, "from") && !e->sender) {
		e->sender = slice_copy(value);
		return true;
	}
	if (!slice_is(name, "to") || value.len == 0 || e->count >= ENVELOPE_RECIPIENTS_MAX)
		return false;
	envelope_add_recipient(e, value);
	return true;
}

static int read_head(struct envelope *e, struct slice *rest, struct fault *why)
{
	struct slice line;
	struct slice name;

	if (!whole_line(rest, &line) || !slice_is(line, ENVELOPE_MAGIC))
		return fault_set(why, FAULT_DATA, "no envelope of this version");
	while (whole_line(rest, &line)) {
		struct slice value = line;

		if (slice_is(line, "end")) {
			if (e->count > 0 && e->sender)
				return 0;
			return fault_set(why, FAULT_DATA,
				"damaged envelope: sender or recipients are missing");
		}
		slice_cut(&value, ' ', &name);
		if (!read_head_line(e, name, value))
			return damaged(why, line);
	}
	return fault_set(why, FAULT_DATA, "damaged envelope: cut short");
}

int envelope_read(struct slice text, struct envelope *out, struct fault *why)
{
	AUTO_ENVELOPE e = { 0 };
	struct slice rest = text;

	if (read_head(&e, &rest, why) < 0)
		return -1;
	e.whole = text.len - rest.len;
	if (envelope_apply(&e, rest, why) < 0)
		return -1;
	*out = e;
	e = (struct envelope){ 0 };
	return 0;
}

size_t envelope_count(const struct envelope *e, enum recipient_state state)
{
	size_t found = 0;

	for (size_t i = 0; i < e->count; i++)
		found += e->at[i].state == state;
	return found;
}

int64_t envelope_next(const struct envelope *e)
{
	int64_t next = INT64_MAX;

	for (size_t i = 0; i < e->count; i++) {
		if (e->at[i].state == RECIPIENT_WAITING && e->at[i].next < next)
			next = e->at[i].next;
	}
	return next;
}
