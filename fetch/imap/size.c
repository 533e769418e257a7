/*
 * Messages that are too large, and runs that fetch no more than so much: see imap.h.
 *
 * SPDX-License-Identifier: ISC
 */
#include "common/base/clock.h"
#include "common/base/say.h"
#include "fetch/imap/decide.h"

void imap_size_up(struct imap_source *s)
{
	const struct choice *c = &s->base.account->choice;

	if ((c->max_size || c->max_bytes) && !uidset_empty(&s->folder.todo))
		imap_survey_begin(s, SURVEY_SIZES, &s->folder.todo);
	else
		imap_decide_begin(s);
}

/* What is left at the server is told once for each message, in one line for all of them. */
struct large {
	uint64_t count; /* not told before */
	struct survey_row largest;
};

static int note_large(struct imap_source *s, const struct survey_row *row, struct large *out,
	struct fault *why)
{
	struct imap_folder *f = &s->folder;
	AUTO_BUF what = { 0 };
	bool first;

	buf_addf(&what, "large %llu/%u", (unsigned long long)f->validity, row->uid);
	if (source_told(s->base.ledger, buf_text(&f->place), buf_slice(&what), &first, why) < 0)
		return -1;
	if (first) {
		out->count++;
		if (row->size > out->largest.size)
			out->largest = *row;
	}
	return 0;
}

/* Wanted is its header, unless that was stored before. */
static int want_header(struct imap_source *s, uint32_t uid, struct fault *why)
{
	struct imap_folder *f = &s->folder;
	enum source_mark mark;
	AUTO_BUF item = { 0 };

	buf_addf(&item, "%llu/%u", (unsigned long long)f->validity, uid);
	if (source_item_read(s->base.ledger, buf_text(&f->place), buf_slice(&item), &mark, why) < 0)
		return -1;
	if (mark != SOURCE_HEADED)
		uidset_add(&f->large, uid, uid);
	return 0;
}

/* As if the rules had it: unseen, and with a row in the log. */
static int discard(struct imap_source *s, const struct survey_row *row, struct fault *why)
{
	struct imap_folder *f = &s->folder;
	struct imap_letter letter = { .uid = row->uid, .row = { .size = row->size } };
	AUTO_BUF id = { 0 };

	buf_addf(&id, "%s/%llu/%u", buf_text(&f->place), (unsigned long long)f->validity,
		row->uid);
	imap_settle_stored(s, &letter);
	return source_log_discard(s->base.ledger, clock_wall(), buf_slice(&id), SLICE(""),
		s->base.account->name, buf_text(&f->shown), "max-size", why);
}

static int put_aside(struct imap_source *s, const struct survey_row *row, struct large *large,
	struct fault *why)
{
	switch ((enum choice_oversize)s->base.account->choice.oversize) {
	case CHOICE_HEADER:
		return want_header(s, row->uid, why);
	case CHOICE_DISCARD:
		return discard(s, row, why);
	case CHOICE_SKIP:
		break;
	}
	return note_large(s, row, large, why);
}

static int leave_large(struct imap_source *s, struct large *large, struct fault *why)
{
	struct survey *v = &s->survey;
	uint64_t most = s->base.account->choice.max_size;

	for (size_t i = 0; i < v->count && most; i++) {
		if (v->at[i].size <= most)
			continue;
		uidset_remove(&s->folder.todo, v->at[i].uid, v->at[i].uid);
		if (put_aside(s, &v->at[i], large, why) < 0)
			return -1;
	}
	return 0;
}

static int compare_uids(const void *a, const void *b)
{
	const struct survey_row *one = a, *other = b;

	return (one->uid > other->uid) - (one->uid < other->uid);
}

/* At least one is fetched in a run, however large it is: else none ever were. */
static void leave_rest(struct imap_source *s)
{
	struct survey *v = &s->survey;
	uint64_t most = s->base.account->choice.max_bytes;
	uint64_t all = uidset_size(&s->folder.todo);

	qsort(v->at, v->count, sizeof(*v->at), compare_uids);
	for (size_t i = 0; i < v->count && most; i++) {
		if (!uidset_has(&s->folder.todo, v->at[i].uid))
			continue;
		if (s->bytes == 0 || s->bytes + v->at[i].size <= most) {
			s->bytes += v->at[i].size + !v->at[i].size;
			continue;
		}
		s->bytes = most;
		uidset_remove(&s->folder.todo, v->at[i].uid, UINT32_MAX);
		s->base.later += all - uidset_size(&s->folder.todo);
		s->folder.pending = true;
		return;
	}
}

int imap_sized(struct imap_source *s, struct fault *why)
{
	struct large large = { 0 };
	int result;

	s->step = IMAP_FETCHING;
	if (s->survey.failed || s->base.stopping) {
		uidset_clear(&s->folder.todo);
		s->folder.pending = true;
		return 0;
	}
	if (ledger_begin(s->base.ledger, why) < 0)
		return -1;
	result = leave_large(s, &large, why);
	if (result < 0) {
		ledger_rollback(s->base.ledger);
		return -1;
	}
	if (ledger_commit(s->base.ledger, why) < 0)
		return -1;
	if (large.count)
		say("account %s: folder %s: %llu larger than max-size left at the server: the "
			"largest is %u, of %u bytes", s->base.account->name,
			buf_text(&s->folder.shown), (unsigned long long)large.count,
			large.largest.uid, large.largest.size);
	leave_rest(s);
	survey_free(&s->survey);
	imap_decide_begin(s);
	return 0;
}
