/*
 * Deleting on the server what a receipt covers: see imap.h. RFC 3501 section 6.4.3 and
 * 6.4.6, RFC 4315.
 *
 * What was stored is in the ledger as "leaving" before it is marked there, so that a run
 * that is killed in between neither fetches nor delivers it again. Without UIDPLUS a plain
 * EXPUNGE would also remove what others have marked: then it is sent only when nothing
 * else is marked, else the marks are left for somebody to expunge.
 *
 * SPDX-License-Identifier: ISC
 */
#include "fetch/imap/imap.h"

#include "common/base/clock.h"
#include "common/base/say.h"

/* LIMIT: marked by one STORE. */
enum { STORE_MAX = 1000 };

static void pause_item(const struct imap_folder *f, uint32_t uid, struct buf *out)
{
	buf_addf(out, "%llu/%u", (unsigned long long)f->validity, uid);
}

void imap_receipt(struct source *base, uint64_t key, enum receipt_verdict verdict)
{
	struct imap_source *s = (struct imap_source *)base;
	struct imap_folder *f = &s->folder;
	uint32_t uid = (uint32_t)key;
	AUTO_BUF item = { 0 };

	f->dirty = true;
	pause_item(f, uid, &item);
	if (verdict != RECEIPT_STORED) {
		strings_add(&f->pausing, buf_slice(&item));
		return;
	}
	if (strings_has(&f->paused, buf_text(&item)))
		strings_add(&f->unpausing, buf_slice(&item));
	if (base->account->keep) {
		uidset_add(&f->kept, uid, uid);
		return;
	}
	uidset_add(&f->leaving, uid, uid);
	uidset_add(&f->marking, uid, uid);
}

static int mark(struct imap_source *s, bool *busy, struct fault *why)
{
	struct imap_folder *f = &s->folder;
	AUTO_UIDSET set = { 0 };
	AUTO_BUF text = { 0 };

	if (imap_save(s, why) < 0)
		return -1;
	*busy = true;
	uidset_take(&f->marking, STORE_MAX, IMAP_LINE_RANGES, &set);
	uidset_write(&set, &text);
	uidset_add_set(&imap_send(s, IMAP_JOB_STORE, "UID STORE %s +FLAGS.SILENT (\\Deleted)",
			       buf_text(&text))->set, &set);
	return 0;
}

static void expunge(struct imap_source *s)
{
	struct imap_folder *f = &s->folder;
	bool uidplus = session_can(&s->base.session, "UIDPLUS");
	AUTO_UIDSET set = { 0 };
	AUTO_UIDSET strangers = { 0 };
	AUTO_BUF text = { 0 };

	if (uidplus) {
		uidset_take(&f->marked, UINT64_MAX, IMAP_LINE_RANGES, &set);
		uidset_write(&set, &text);
		uidset_add_set(&imap_send(s, IMAP_JOB_EXPUNGE, "UID EXPUNGE %s",
				       buf_text(&text))->set, &set);
		return;
	}
	uidset_add_set(&strangers, &f->others);
	uidset_remove_set(&strangers, &f->leaving);
	if (!uidset_empty(&strangers)) {
		say_detail("account %s: folder %s: others marked messages as deleted: ours stay "
			"marked beside them", s->base.account->name, buf_text(&f->shown));
		uidset_clear(&f->marked);
		return;
	}
	uidset_add_set(&imap_send(s, IMAP_JOB_EXPUNGE, "EXPUNGE")->set, &f->marked);
	uidset_clear(&f->marked);
}

/* One command of its kind at a time; the folder's step says how far it may go. */
int imap_settle(struct imap_source *s, bool *busy, struct fault *why)
{
	struct imap_folder *f = &s->folder;

	*busy = imap_count(s, IMAP_JOB_STORE) || imap_count(s, IMAP_JOB_EXPUNGE) ||
		imap_count(s, IMAP_JOB_DELETED);
	if (*busy)
		return 0;
	if (!uidset_empty(&f->marking))
		return mark(s, busy, why);
	if (s->step == IMAP_FETCHING || uidset_empty(&f->marked))
		return 0;
	if (s->step == IMAP_STORE && !session_can(&s->base.session, "UIDPLUS")) {
		uidset_clear(&f->others);
		imap_send(s, IMAP_JOB_DELETED, "UID SEARCH DELETED");
		*busy = true;
		return 0;
	}
	expunge(s);
	*busy = s->flying > 0;
	return 0;
}

int imap_settled(struct imap_source *s, struct imap_flight *flight,
	const struct imap_event *e, struct fault *why)
{
	struct imap_folder *f = &s->folder;

	switch (flight->job) {
	case IMAP_JOB_STORE:
		if (e->condition == IMAP_OK)
			uidset_add_set(&f->marked, &flight->set);
		else
			imap_note(s, FAULT_TEMP, "stored messages cannot be deleted", e);
		return 0;
	case IMAP_JOB_DELETED:
		if (e->condition == IMAP_OK) {
			s->step = IMAP_EXPUNGE;
			return 0;
		}
		uidset_clear(&f->marked);
		imap_note(s, FAULT_TEMP, "stored messages cannot be deleted", e);
		return 0;
	default:
		break;
	}
	if (e->condition != IMAP_OK) {
		imap_note(s, FAULT_TEMP, "stored messages cannot be deleted", e);
		return 0;
	}
	uidset_remove_set(&f->leaving, &flight->set);
	f->dirty = true;
	return imap_save(s, why);
}
