/*
 * What is to be done with each message of a list: see pop3.h.
 *
 * When nothing was left to do the ledger gets a digest of the list: as long as the server
 * lists the same, a run costs no look at what is remembered, be it fifty thousand.
 *
 * SPDX-License-Identifier: ISC
 */
#include "fetch/pop3/pop3.h"

#include "common/base/clock.h"

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

/* Reads what the ledger has of this maildrop. */
static int load(struct pop3_source *s, struct known *known, struct fault *why)
{
	const struct account *a = s->base.account;
	struct ledger *l = s->base.ledger;
	int64_t now = clock_wall();

	if (a->after.delete_after)
		s->due_before = now - a->after.delete_after / 1000 + 1;
	if (known_read(known, l, a->place, why) < 0)
		return -1;
	/* Without keep what was fetched and kept before goes now. */
	if ((!a->keep || a->after.delete_after) &&
		known_read_stored(known, l, a->place, a->keep ? s->due_before : INT64_MAX, why) <
			0)
		return -1;
	return source_pauses(l, a->place, 0, &s->known_pauses, why) < 0 ||
		source_pauses(l, a->place, now, &s->paused, why) < 0 ? -1 : 0;
}

/* A new one; but its UIDL may have been another one's, which is gone since. */
static int choose_new(struct pop3_source *s, uint32_t number, size_t at, struct slice name,
	struct fault *why)
{
	struct source_letter before;
	int got;

	if (is_paused(s, name)) {
		s->base.later++;
		return 0;
	}
	got = source_letter_read(s->base.ledger, s->base.account->place, name, &before, why);
	if (got < 0)
		return -1;
	pop3_add(s, number, at, name.len, got ? POP3_DOUBTED : POP3_WANTED);
	return 0;
}

static int choose_one(struct pop3_source *s, struct known *known, uint32_t number, size_t at,
	struct slice name, struct fault *why)
{
	const struct known_item *item = known_find(known, name);
	bool goes;

	if (!item)
		return choose_new(s, number, at, name, why);
	if (item->mark == SOURCE_HEADED) {
		pop3_add(s, number, at, name.len, POP3_WANTED)->flags = POP3_HEADED;
		return 0;
	}
	goes = item->goes || (item->mark == SOURCE_LEAVING && !s->base.account->keep);
	if (goes)
		pop3_add(s, number, at, name.len, POP3_DOUBTED)->flags = POP3_GOES;
	return 0;
}

/*
 * What is not to be fetched, now or later, is taken for kept: with first = "now" all that the
 * first run finds, else what is older than the newest. It has no row of what was stored, and
 * so it never goes, either.
 */
static int pass_over(struct pop3_source *s, bool all, struct fault *why)
{
	size_t most = (size_t)s->base.account->choice.newest;
	size_t found = 0;

	if (!all && most == 0)
		return 0;
	for (size_t i = s->count; i-- > 0;) {
		struct pop3_message *m = &s->messages[i];

		if (m->state != POP3_WANTED || (m->flags & POP3_HEADED) || (!all && found++ < most))
			continue;
		m->state = POP3_LEFT;
		m->flags |= POP3_UNSAVED | POP3_BELIEVED;
		s->unsaved++;
	}
	return pop3_save(&s->base, why);
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
 * it is remembered, all of them are; and none of them goes later.
 */
static void drop_twins(struct pop3_source *s)
{
	bool keep = s->base.account->keep;
	struct named *all;
	size_t count = 0;

	if (s->count < 2)
		return;
	all = mem_zero(s->count, sizeof(*all));
	for (size_t i = 0; i < s->count; i++) {
		if (s->messages[i].state != POP3_LEFT)
			all[count++] = (struct named){ pop3_name(s, &s->messages[i]),
				&s->messages[i] };
	}
	qsort(all, count, sizeof(*all), compare_names);
	for (size_t i = 0; i < count; i++) {
		struct pop3_message *m = all[i].message;
		bool second = i > 0 && compare_names(&all[i - 1], &all[i]) == 0;
		bool first = i + 1 < count && compare_names(&all[i], &all[i + 1]) == 0;

		if (!second && !first)
			continue;
		if (keep && (m->flags & POP3_GOES)) {
			m->state = POP3_LEFT;
		} else if (second || !keep) {
			m->name_len = 0;
			m->state = POP3_WANTED;
		}
	}
	free(all);
}

/* Settings under which nothing was left to do; see source_folder.choice. */
static uint64_t choice_of(const struct account *a)
{
	return choice_digest(&a->choice, a->keep) + (a->after.delete_after ? 1 : 0);
}

static bool is_idle(const struct pop3_source *s)
{
	for (size_t i = 0; i < s->count; i++) {
		if (s->messages[i].state != POP3_LEFT)
			return false;
	}
	return s->paused.count == 0 && s->base.account->after.delete_after == 0;
}

/* Remembers that there is nothing to do with this very list; that it was listed at all. */
static int write_row(struct pop3_source *s, struct source_folder *f, struct fault *why)
{
	struct ledger *l = s->base.ledger;

	if (!is_idle(s)) {
		/* A list of before may come back, and be about others: UIDLs are given again. */
		if (f->validity && f->next == 0 && f->modseq == 0)
			return 0;
		f->next = f->modseq = 0;
	} else {
		f->next = s->list.count;
		f->modseq = s->list.digest;
		f->choice = choice_of(s->base.account);
	}
	f->validity = 1;
	if (ledger_begin(l, why) < 0)
		return -1;
	if (source_folder_write(l, s->base.account->place, f, why) < 0) {
		ledger_rollback(l);
		return -1;
	}
	return ledger_commit(l, why);
}

static int choose(struct pop3_source *s, struct source_folder *f, struct fault *why)
{
	const struct pop3_list *list = &s->list;
	AUTO_KNOWN known = { 0 };
	size_t at = 0;
	bool none;

	if (load(s, &known, why) < 0)
		return -1;
	for (size_t i = 0; i < list->count; i++) {
		struct slice name = slice_of(buf_text(&s->names) + at, list->at[i].name_len);

		if (choose_one(s, &known, list->at[i].number, at, name, why) < 0)
			return -1;
		at += name.len;
	}
	none = f->validity == 0 && known.count == 0 && !s->base.again &&
		s->base.account->choice.first == CHOICE_NOW;
	if (pass_over(s, none, why) < 0 ||
		known_forget_unseen(&known, s->base.ledger, s->base.account->place, why) < 0)
		return -1;
	drop_twins(s);
	if (!pop3_asks_sizes(s))
		return write_row(s, f, why);
	s->step = POP3_SIZING;
	s->lines = 0;
	pop3_send(s, POP3_JOB_LIST, 0);
	return 0;
}

int pop3_choose(struct pop3_source *s, struct fault *why)
{
	struct source_folder f = { 0 };
	int result = source_folder_read(s->base.ledger, s->base.account->place, &f, why);

	s->step = POP3_COMPARING;
	if (result == 0 && (f.next != s->list.count || f.modseq != s->list.digest ||
				   f.choice != choice_of(s->base.account)))
		result = choose(s, &f, why);
	source_folder_free(&f);
	free(s->list.at);
	s->list.at = NULL;
	s->list.room = 0;
	return result;
}

int pop3_chosen(struct pop3_source *s, struct fault *why)
{
	struct source_folder f = { 0 };
	int result = source_folder_read(s->base.ledger, s->base.account->place, &f, why);

	s->step = POP3_COMPARING;
	if (result == 0)
		result = write_row(s, &f, why);
	source_folder_free(&f);
	return result;
}
