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

void pop3_add_line(struct pop3_source *s, uint32_t number, struct slice name)
{
	struct pop3_list *list = &s->list;

	if (list->count == list->room) {
		list->room = list->room ? list->room * 2 : 256;
		list->at = mem_grow(list->at, list->room, sizeof(*list->at));
	}
	list->at[list->count++] =
		(struct pop3_line){ .number = number, .name_len = (uint16_t)name.len };
	list->digest = digest_line(list->digest, name);
}

static int list_line(struct pop3_source *s, struct slice line, uint64_t *number,
	struct slice *text, struct fault *why)
{
	AUTO_BUF seen = { 0 };

	if (pop3_item_read(line, number, text)) {
		bool full = s->lines++ >= POP3_MESSAGES_MAX ||
			s->names.len + text->len > UINT32_MAX;

		return *number > UINT32_MAX || full ? too_many(why) : 0;
	}
	say_visible(&seen, slice_first(line, 60));
	return fault_set(why, FAULT_PROTOCOL, "the server lists \"%s\"", buf_text(&seen));
}

static int uidl_line(struct pop3_source *s, struct slice line, struct fault *why)
{
	struct slice name;
	uint64_t number;

	if (list_line(s, line, &number, &name, why) < 0)
		return -1;
	pop3_add_line(s, (uint32_t)number, name);
	buf_add_slice(&s->names, name);
	return 0;
}

/* A size that is none is not known. */
static int size_line(struct pop3_source *s, struct slice line, struct fault *why)
{
	uint64_t number, size = 0;
	struct slice text;

	if (list_line(s, line, &number, &text, why) < 0)
		return -1;
	(void)slice_number(text, &size);
	size = size <= UINT32_MAX ? size : UINT32_MAX;
	if (s->step == POP3_SIZING)
		pop3_size_of(s, number, (uint32_t)size);
	else
		pop3_add(s, (uint32_t)number, 0, 0, POP3_DOUBTED)->size = (uint32_t)size;
	return 0;
}

/* A server without CAPA may have TOP all the same: then the answer tells. */
static int no_uidl(struct pop3_source *s, const struct pop3_event *e, struct fault *why)
{
	const struct account *a = s->base.account;
	AUTO_BUF text = { 0 };

	if (!a->keep && !a->choice.newest && a->choice.first == CHOICE_ALL) {
		pop3_send(s, POP3_JOB_STAT, 0);
		return 0;
	}
	if (!s->has_top && s->base.session.capabilities.count) {
		say_visible(&text, e->text);
		return fault_set(why, FAULT_CONFIG,
			"what stays at the server needs UIDL or TOP there, and this one has neither: "
			"%s", buf_text(&text));
	}
	s->has_top = true;
	s->unnamed = true;
	pop3_send(s, POP3_JOB_LIST, 0);
	return 0;
}

/* LIST in place of UIDL, or for sizes. */
static int sizes_listed(struct pop3_source *s, const struct pop3_event *e, struct fault *why)
{
	AUTO_BUF text = { 0 };

	switch (e->kind) {
	case POP3_ITEM:
		return size_line(s, e->text, why);
	case POP3_END:
		if (s->step == POP3_SIZING)
			return pop3_sized(s, why) < 0 ? -1 : pop3_chosen(s, why);
		s->step = POP3_COMPARING;
		return 0;
	case POP3_ERR:
		say_visible(&text, e->text);
		return fault_set(why, FAULT_TEMP, "the server does not list its messages: %s",
			buf_text(&text));
	default:
		return 0;
	}
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
	/* Without names the rules are not asked. */
	s->decided = s->count;
	return 0;
}

int pop3_listed(struct pop3_source *s, enum pop3_job job, const struct pop3_event *e,
	struct fault *why)
{
	if (job == POP3_JOB_STAT)
		return counted(s, e, why);
	if (job == POP3_JOB_LIST)
		return sizes_listed(s, e, why);
	switch (e->kind) {
	case POP3_OK:
		return 0;
	case POP3_ITEM:
		return uidl_line(s, e->text, why);
	case POP3_END:
		return pop3_choose(s, why);
	default:
		return no_uidl(s, e, why);
	}
}
