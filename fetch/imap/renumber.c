/*
 * Another UIDVALIDITY: which messages are those that we know? See imap.h. RFC 3501 section
 * 2.3.1.1, RFC 4549 section 4.1.
 *
 * Each message that is kept at the server has a row in the ledger with a digest of its
 * Message-ID and its size. What has both is taken for known, a row for one message; anything
 * else is new. Nothing is written until that is settled: a run that ends before it finds the
 * folder as it was. A server that numbers anew each time costs a survey each time, no more.
 *
 * SPDX-License-Identifier: ISC
 */
#include "common/base/say.h"
#include "fetch/imap/imap.h"

static int compare(const void *a, const void *b)
{
	const struct source_letter *one = a, *other = b;

	if (one->digest != other->digest)
		return one->digest < other->digest ? -1 : 1;
	return (one->size > other->size) - (one->size < other->size);
}

static void take_known(void *arg, struct slice item, const struct source_letter *letter)
{
	struct survey *v = arg;

	(void)item;
	if (v->known_count == v->known_room) {
		v->known_room = v->known_room ? 2 * v->known_room : 256;
		v->known = mem_grow(v->known, v->known_room, sizeof(*v->known));
	}
	v->known[v->known_count++] = *letter;
}

int imap_renumber(struct imap_source *s, struct fault *why)
{
	struct survey *v = &s->survey;

	survey_free(v);
	if (source_letters_read(s->base.ledger, buf_text(&s->folder.place), INT64_MAX, take_known,
		    v, why) < 0)
		return -1;
	v->used = mem_zero(v->known_count + 1, sizeof(*v->used));
	qsort(v->known, v->known_count, sizeof(*v->known), compare);
	imap_send(s, IMAP_JOB_ALL_UIDS, "UID SEARCH UID 1:*");
	s->step = IMAP_SEARCH;
	return 0;
}

void imap_renumber_listed(struct imap_source *s, const struct imap_event *e)
{
	struct imap_folder *f = &s->folder;

	if (e->condition != IMAP_OK) {
		imap_note(s, FAULT_TEMP, "it cannot be searched", e);
		s->step = IMAP_NEXT;
		return;
	}
	imap_survey_begin(s, SURVEY_IDS, &f->all);
}

/* The first that is not below. */
static size_t place_of(const struct survey *v, const struct source_letter *letter)
{
	size_t low = 0, high = v->known_count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (compare(&v->known[middle], letter) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

/* A row not yet given to another message; NULL: the message is new. */
static const struct source_letter *find(struct survey *v, const struct survey_row *row)
{
	const struct source_letter key = { .digest = row->digest, .size = row->size };
	size_t at = place_of(v, &key);

	while (at < v->known_count && v->used[at] && compare(&v->known[at], &key) == 0)
		at++;
	if (at == v->known_count || compare(&v->known[at], &key) != 0)
		return NULL;
	v->used[at] = true;
	return &v->known[at];
}

static void match(struct imap_source *s, struct uidset *without_id)
{
	struct imap_folder *f = &s->folder;
	struct survey *v = &s->survey;
	bool keep = s->base.account->keep;

	for (size_t i = 0; i < v->count; i++) {
		struct imap_letter letter = { .uid = v->at[i].uid };
		const struct source_letter *known;

		if (v->at[i].digest == 0) {
			uidset_gather(without_id, letter.uid, letter.uid);
			continue;
		}
		known = find(v, &v->at[i]);
		if (!known)
			continue;
		/* Kept until now: it goes, as in imap_rows_load. */
		if (!keep) {
			uidset_gather(&f->leaving, letter.uid, letter.uid);
			continue;
		}
		letter.row = *known;
		letter.kept = true;
		uidset_gather(&f->kept, letter.uid, letter.uid);
		imap_letters_add(&f->settling.stored, &letter);
	}
	uidset_sort(&f->kept);
	uidset_sort(&f->leaving);
	uidset_sort(without_id);
}

static void finish(struct imap_source *s)
{
	struct imap_folder *f = &s->folder;
	bool spared = s->base.account->choice.first == CHOICE_NOW && !f->restored;

	say("account %s: folder %s: its %s: %llu of %llu messages are known, the others are %s",
		s->base.account->name, buf_text(&f->shown),
		f->restored ? "UIDNEXT went back" : "UIDVALIDITY changed",
		(unsigned long long)(uidset_size(&f->kept) + uidset_size(&f->leaving)),
		(unsigned long long)uidset_size(&f->all), spared ? "left alone" : "new");
	if (spared)
		uidset_add_set(&f->kept, &f->all);
	uidset_add_set(&f->settling.resumed, &f->leaving);
	imap_stages_resume(s);
	f->renumbering = false;
	f->dirty = true;
	survey_free(&s->survey);
	imap_search(s);
}

int imap_told_again(struct imap_source *s, struct fault *why)
{
	AUTO_UIDSET without_id = { 0 };

	(void)why;
	if (s->base.stopping || s->survey.failed) {
		s->step = IMAP_NEXT;
		return 0;
	}
	match(s, &without_id);
	if (s->survey.what == SURVEY_IDS && !uidset_empty(&without_id))
		imap_survey_begin(s, SURVEY_HEADERS, &without_id);
	else
		finish(s);
	return 0;
}
