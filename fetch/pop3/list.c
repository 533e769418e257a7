/*
 * What a maildrop holds: see pop3.h.
 *
 * SPDX-License-Identifier: ISC
 */
#include "fetch/pop3/pop3.h"

#include "common/base/say.h"

/* FNV-1a, 64 bits. It stands in the ledger, but only until the next change of the list. */
static const uint64_t fnv_prime = 0x100000001b3;

static uint64_t digest_line(uint64_t digest, struct slice name)
{
	for (size_t i = 0; i < name.len; i++)
		digest = (digest ^ (unsigned char)name.ptr[i]) * fnv_prime;
	return (digest ^ '\n') * fnv_prime;
}

static int too_many(struct fault *why)
{
	return fault_set(why, FAULT_PROTOCOL, "the server lists more than %d messages",
		POP3_MESSAGES_MAX);
}

struct pop3_message *pop3_add(struct pop3_source *s, uint32_t number, size_t name,
	size_t name_len, enum pop3_state state)
{
	struct pop3_message *m;

	if (s->count == s->room) {
		s->room = s->room ? s->room * 2 : 256;
		s->messages = mem_grow(s->messages, s->room, sizeof(*s->messages));
	}
	m = &s->messages[s->count++];
	*m = (struct pop3_message){
		.number = number,
		.name = (uint32_t)name,
		.name_len = (uint16_t)name_len,
		.state = (uint8_t)state,
	};
	return m;
}

static int list_line(struct pop3_source *s, struct slice line, struct fault *why)
{
	struct pop3_list *list = &s->list;
	AUTO_BUF seen = { 0 };
	struct slice name;
	uint64_t number;

	if (!pop3_item_read(line, &number, &name)) {
		say_visible(&seen, slice_first(line, 60));
		return fault_set(why, FAULT_PROTOCOL, "the server lists \"%s\"", buf_text(&seen));
	}
	if (number > UINT32_MAX || list->count >= POP3_MESSAGES_MAX ||
		s->names.len + name.len > UINT32_MAX)
		return too_many(why);
	if (list->count == list->room) {
		list->room = list->room ? list->room * 2 : 256;
		list->at = mem_grow(list->at, list->room, sizeof(*list->at));
	}
	list->at[list->count++] =
		(struct pop3_line){ .number = (uint32_t)number, .name_len = (uint16_t)name.len };
	list->digest = digest_line(list->digest, name);
	buf_add_slice(&s->names, name);
	return 0;
}

static int no_uidl(struct pop3_source *s, const struct pop3_event *e, struct fault *why)
{
	AUTO_BUF text = { 0 };

	say_visible(&text, e->text);
	if (s->base.account->keep)
		return fault_set(why, FAULT_CONFIG,
			"keep = true needs a server with UIDL, and this one has none: %s",
			buf_text(&text));
	pop3_send(s, POP3_JOB_STAT, 0);
	return 0;
}

/* "+OK nn mm" */
static int counted(struct pop3_source *s, const struct pop3_event *e, struct fault *why)
{
	struct slice size;
	uint64_t count = 0;
	AUTO_BUF line = { 0 };

	s->step = POP3_FETCHING;
	if (slice_starts(e->text, "0 ") || slice_is(e->text, "0"))
		return 0;
	if (e->kind != POP3_OK || !pop3_item_read(e->text, &count, &size)) {
		say_visible(&line, e->text);
		return fault_set(why, FAULT_PROTOCOL, "STAT is answered by \"%s\"",
			buf_text(&line));
	}
	if (count > POP3_MESSAGES_MAX)
		return too_many(why);
	for (uint32_t i = 1; i <= count; i++)
		pop3_add(s, i, 0, 0, POP3_WANTED);
	return 0;
}

int pop3_listed(struct pop3_source *s, enum pop3_job job, const struct pop3_event *e,
	struct fault *why)
{
	if (job == POP3_JOB_STAT)
		return counted(s, e, why);
	switch (e->kind) {
	case POP3_OK:
		return 0;
	case POP3_ITEM:
		return list_line(s, e->text, why);
	case POP3_END:
		return pop3_choose(s, why);
	default:
		return no_uidl(s, e, why);
	}
}
