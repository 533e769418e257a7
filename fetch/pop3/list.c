/*
 * What a maildrop holds, and what of it is wanted: see pop3.h.
 *
 * Each UIDL is compared as it comes; what is remembered and kept there is no message to us
 * any more. What the ledger knows and the server has not is forgotten.
 *
 * SPDX-License-Identifier: ISC
 */
#include "fetch/pop3/pop3.h"

#include "common/base/clock.h"
#include "common/base/say.h"

static int add_message(struct pop3_source *s, uint64_t number, struct slice name,
	enum pop3_state state, struct fault *why)
{
	if (number > UINT32_MAX || s->count >= POP3_MESSAGES_MAX ||
		s->names.len + name.len > UINT32_MAX)
		return fault_set(why, FAULT_PROTOCOL, "the server lists more than %d messages",
			POP3_MESSAGES_MAX);
	if (s->count == s->room) {
		s->room = s->room ? s->room * 2 : 256;
		s->messages = mem_grow(s->messages, s->room, sizeof(*s->messages));
	}
	s->messages[s->count++] = (struct pop3_message){
		.number = (uint32_t)number,
		.name = (uint32_t)s->names.len,
		.name_len = (uint32_t)name.len,
		.state = (uint8_t)state,
	};
	buf_add_slice(&s->names, name);
	return 0;
}

static int compare_texts(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

static bool is_paused(const struct pop3_source *s, struct slice name)
{
	AUTO_FREE char *text = NULL;

	if (s->paused.count == 0)
		return false;
	text = slice_copy(name);
	return bsearch(&text, s->paused.at, s->paused.count, sizeof(char *), compare_texts);
}

static int load(struct pop3_source *s, struct fault *why)
{
	const char *place = s->base.account->place;

	return known_read(&s->known, s->base.ledger, place, why) < 0 ||
		source_pauses(s->base.ledger, place, 0, &s->known_pauses, why) < 0 ||
		source_pauses(s->base.ledger, place, clock_wall(), &s->paused, why) < 0 ? -1 : 0;
}

static int list_item(struct pop3_source *s, struct slice line, struct fault *why)
{
	const struct known_item *known;
	AUTO_BUF seen = { 0 };
	struct slice name;
	uint64_t number;

	if (!pop3_item_read(line, &number, &name)) {
		say_visible(&seen, slice_first(line, 60));
		return fault_set(why, FAULT_PROTOCOL, "the server lists \"%s\"", buf_text(&seen));
	}
	/* What is not held in memory is counted, too, or it could list without an end. */
	if (++s->listed > POP3_MESSAGES_MAX)
		return fault_set(why, FAULT_PROTOCOL, "the server lists more than %d messages",
			POP3_MESSAGES_MAX);
	known = known_find(&s->known, name);
	if (known && known->mark == SOURCE_LEAVING && !s->base.account->keep)
		return add_message(s, number, name, POP3_STORED, why);
	if ((known && s->base.account->keep) || is_paused(s, name))
		return 0;
	return add_message(s, number, name, POP3_WANTED, why);
}

struct named {
	struct slice name;
	struct pop3_message *message;
};

static int compare_names(const void *a, const void *b)
{
	return known_compare(((const struct named *)a)->name, ((const struct named *)b)->name);
}

/*
 * Two messages with one UIDL: stored under it, the second would pass for the first, and be
 * deleted unseen. Neither gets it as identity; and a row of the ledger is about neither.
 * Where everything is kept nothing can be lost so: there the first one bears it, and once
 * it is remembered, all of them are.
 */
static void drop_twins(struct pop3_source *s)
{
	struct named *all;

	if (s->count < 2)
		return;
	all = mem_zero(s->count, sizeof(*all));
	for (size_t i = 0; i < s->count; i++)
		all[i] = (struct named){ pop3_name(s, &s->messages[i]), &s->messages[i] };
	qsort(all, s->count, sizeof(*all), compare_names);
	for (size_t i = 0; i < s->count; i++) {
		bool second = i > 0 && compare_names(&all[i - 1], &all[i]) == 0;
		bool first = i + 1 < s->count && compare_names(&all[i], &all[i + 1]) == 0;

		if (!second && (!first || s->base.account->keep))
			continue;
		all[i].message->name_len = 0;
		all[i].message->state = POP3_WANTED;
	}
	free(all);
}

static int listed(struct pop3_source *s, struct fault *why)
{
	drop_twins(s);
	if (known_forget_unseen(&s->known, s->base.ledger, s->base.account->place, why) < 0)
		return -1;
	known_free(&s->known);
	s->step = POP3_FETCHING;
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

	if (slice_starts(e->text, "0 ") || slice_is(e->text, "0")) {
		s->step = POP3_FETCHING;
		return 0;
	}
	if (e->kind != POP3_OK || !pop3_item_read(e->text, &count, &size) ||
		count > POP3_MESSAGES_MAX) {
		say_visible(&line, e->text);
		return fault_set(why, FAULT_PROTOCOL, "STAT is answered by \"%s\"",
			buf_text(&line));
	}
	for (uint64_t i = 1; i <= count; i++) {
		if (add_message(s, i, SLICE(""), POP3_WANTED, why) < 0)
			return -1;
	}
	s->step = POP3_FETCHING;
	return 0;
}

int pop3_listed(struct pop3_source *s, enum pop3_job job, const struct pop3_event *e,
	struct fault *why)
{
	if (job == POP3_JOB_STAT)
		return counted(s, e, why);
	switch (e->kind) {
	case POP3_OK:
		return load(s, why);
	case POP3_ITEM:
		return list_item(s, e->text, why);
	case POP3_END:
		return listed(s, why);
	default:
		return no_uidl(s, e, why);
	}
}
