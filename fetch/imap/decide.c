/*
 * What the rules discard by its header is not fetched: see decide.h.
 *
 * Windows: the headers of some messages, then the bodies of those of them that the rules
 * let. A kill before the ledger has the answer costs the question, no message.
 *
 * SPDX-License-Identifier: ISC
 */
#include "fetch/imap/decide.h"

#include "fetch/hand/prefilter.h"

/* LIMIT: messages of a window; discarded ones that are not yet in the ledger. */
enum { WINDOW = 500, UNSAVED_MAX = 250 };

void imap_decide_begin(struct imap_source *s)
{
	struct imap_folder *f = &s->folder;

	if (!s->base.prefilter)
		return;
	uidset_add_set(&f->undecided, &f->todo);
	uidset_clear(&f->todo);
}

/* No more than may still be fetched in this run. */
static uint64_t window_of(const struct imap_source *s)
{
	uint64_t most = (uint64_t)s->base.account->choice.max_messages;

	if (most == 0)
		return WINDOW;
	most -= most > s->begun ? s->begun : most;
	return most < WINDOW ? most : WINDOW;
}

bool imap_decide_more(struct imap_source *s)
{
	struct imap_folder *f = &s->folder;
	uint64_t most = window_of(s);
	AUTO_UIDSET window = { 0 };

	if (uidset_empty(&f->undecided) || !uidset_empty(&f->todo) || s->flying ||
		s->body != IMAP_BODY_IDLE)
		return false;
	if (most == 0) {
		f->pending = true;
		s->base.later += uidset_size(&f->undecided);
		uidset_clear(&f->undecided);
		return false;
	}
	uidset_take(&f->undecided, most, IMAP_LINE_RANGES, &window);
	uidset_add_set(&f->todo, &window);
	imap_survey_begin(s, SURVEY_RULES, &window);
	return true;
}

/* At Gmail it may be here by another folder: then nobody is asked, and nothing fetched. */
static bool is_twin(struct imap_source *s, const struct imap_fetch *fetch)
{
	struct fault why;
	bool known;

	/* A ledger that cannot be read is told when the message is fetched. */
	if (imap_gmail_known(s, fetch, &known, &why) < 0 || !known)
		return false;
	uidset_remove(&s->folder.todo, s->uid, s->uid);
	imap_settle_twin(s);
	return true;
}

void imap_decide_heard(struct imap_source *s, const struct imap_fetch *fetch)
{
	struct imap_letter letter = { .uid = fetch->uid,
		.gmail_id = imap_gmail_stays(s) ? fetch->gmail_id : 0,
		.row = { .digest = digest_of_header(buf_slice(&fetch->header)),
			.size = fetch->size } };
	AUTO_FRAME frame = { 0 };

	s->uid = fetch->uid;
	if (s->base.stopping || !uidset_has(&s->folder.todo, s->uid) || is_twin(s, fetch))
		return;
	imap_fill_frame(s, fetch, &frame);
	if (deciding_ask(&s->base, &frame, buf_slice(&fetch->header), fetch->size, s->uid))
		imap_letters_add(&s->folder.settling.fed, &letter);
}

bool imap_decide_room(const struct imap_source *s)
{
	return s->step != IMAP_SURVEY || s->survey.what != SURVEY_RULES ||
		prefilter_room(s->base.prefilter);
}

void imap_decided(struct source *base, uint64_t key, const char *rule)
{
	struct imap_source *s = (struct imap_source *)base;
	struct imap_letter letter;

	deciding_answered(base, rule);
	(void)imap_letters_take(&s->folder.settling.fed, (uint32_t)key, &letter);
	if (!rule)
		return;
	uidset_remove(&s->folder.todo, letter.uid, letter.uid);
	imap_settle_stored(s, &letter);
}

int imap_decide_on(struct imap_source *s, struct fault *why)
{
	if (s->base.stopping)
		deciding_forget(&s->base);
	if (deciding_waits(&s->base))
		return 0;
	s->step = IMAP_FETCHING;
	return s->base.deciding.discarded < UNSAVED_MAX ? 0 : imap_save(s, why);
}
