/*
 * Sizes and Message-IDs of many messages: see surveying.h, imap.h. RFC 3501 section 6.4.5.
 *
 * SPDX-License-Identifier: ISC
 */
#include "fetch/imap/decide.h"

#include "fetch/hand/digest.h"

/* LIMIT: messages asked for by one command. */
enum { SURVEY_RANGE = 500 };

void survey_free(struct survey *v)
{
	uidset_free(&v->left);
	free(v->at);
	free(v->known);
	free(v->used);
	*v = (struct survey){ 0 };
}

/* A part of a header that is too long to be held tells no digest that matches: it is new. */
static const char *items_of(enum survey_what what)
{
	switch (what) {
	case SURVEY_IDS:
		return "UID RFC822.SIZE BODY.PEEK[HEADER.FIELDS (MESSAGE-ID)]<0.4096>";
	case SURVEY_RULES:
		return IMAP_HEADER_ITEMS;
	case SURVEY_HEADERS:
		return "UID RFC822.SIZE BODY.PEEK[HEADER]<0.131072>";
	default:
		return "UID RFC822.SIZE";
	}
}

void imap_survey_begin(struct imap_source *s, enum survey_what what, const struct uidset *which)
{
	struct survey *v = &s->survey;

	v->what = what;
	v->failed = false;
	v->count = 0;
	uidset_clear(&v->left);
	uidset_add_set(&v->left, which);
	s->step = IMAP_SURVEY;
}

void imap_survey_heard(struct imap_source *s, const struct imap_fetch *fetch)
{
	struct survey *v = &s->survey;
	struct survey_row row = { .uid = fetch->uid };

	for (size_t i = 0; i < s->flying; i++) {
		struct imap_flight *flight = &s->flights[i];

		if (flight->job != IMAP_JOB_SURVEY || !uidset_has(&flight->set, fetch->uid) ||
			!fetch->has_size)
			continue;
		s->folder.chatter = 0;
		uidset_remove(&flight->set, fetch->uid, fetch->uid);
		if (v->what == SURVEY_RULES) {
			imap_decide_heard(s, fetch);
			return;
		}
		row.size = fetch->size > UINT32_MAX ? UINT32_MAX : (uint32_t)fetch->size;
		if (v->what == SURVEY_IDS)
			(void)digest_of_id(buf_slice(&fetch->header), &row.digest);
		if (v->what == SURVEY_HEADERS)
			row.digest = digest_of_header(buf_slice(&fetch->header));
		if (v->count == v->room) {
			v->room = v->room ? 2 * v->room : 256;
			v->at = mem_grow(v->at, v->room, sizeof(*v->at));
		}
		v->at[v->count++] = row;
		return;
	}
}

void imap_surveyed(struct imap_source *s, const struct imap_event *e)
{
	if (e->condition == IMAP_OK)
		return;
	imap_note(s, FAULT_TEMP, "its messages cannot be looked at", e);
	s->survey.failed = true;
}

static void ask(struct imap_source *s)
{
	AUTO_UIDSET set = { 0 };
	AUTO_BUF text = { 0 };
	struct imap_flight *flight;

	uidset_take(&s->survey.left, SURVEY_RANGE, IMAP_LINE_RANGES, &set);
	uidset_write(&set, &text);
	flight = imap_send(s, IMAP_JOB_SURVEY, "UID FETCH %s (%s%s)", buf_text(&text),
		s->survey.what == SURVEY_RULES ? imap_gmail_items(s) : "",
		items_of(s->survey.what));
	uidset_add_set(&flight->set, &set);
}

int imap_survey_step(struct imap_source *s, struct fault *why)
{
	struct survey *v = &s->survey;

	if (s->base.stopping || v->failed)
		uidset_clear(&v->left);
	while (!uidset_empty(&v->left) && imap_count(s, IMAP_JOB_SURVEY) < IMAP_FETCHES)
		ask(s);
	if (s->flying)
		return 0;
	if (v->what == SURVEY_RULES)
		return imap_decide_on(s, why);
	return v->what == SURVEY_SIZES ? imap_sized(s, why) : imap_told_again(s, why);
}
