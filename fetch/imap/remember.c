/*
 * What is remembered of a folder: see imap.h, common/mail/ledger/source.h.
 *
 * SPDX-License-Identifier: ISC
 */
#include "fetch/imap/imap.h"

#include "common/base/clock.h"
#include "common/base/say.h"

void imap_folder_clear(struct imap_folder *f)
{
	struct uidset *sets[] = { &f->todo, &f->undecided, &f->large, &f->headed, &f->all,
		&f->missing, &f->gone, &f->kept, &f->leaving, &f->hidden };

	for (size_t i = 0; i < sizeof(sets) / sizeof(sets[0]); i++)
		uidset_free(sets[i]);
	imap_settling_free(&f->settling);
	strings_free(&f->paused);
	strings_free(&f->pausing);
	strings_free(&f->unpausing);
	buf_free(&f->shown);
	buf_free(&f->place);
	*f = (struct imap_folder){ 0 };
}

static int write_pauses(struct imap_source *s, struct fault *why)
{
	struct imap_folder *f = &s->folder;
	const char *place = buf_text(&f->place);

	for (size_t i = 0; i < f->pausing.count; i++) {
		if (source_pause_add(s->base.ledger, place, slice_text(f->pausing.at[i]),
			    clock_wall(), why) < 0)
			return -1;
	}
	for (size_t i = 0; i < f->unpausing.count; i++) {
		if (source_pause_end(s->base.ledger, place, slice_text(f->unpausing.at[i]),
			    why) < 0)
			return -1;
	}
	return 0;
}

static int write_headed(struct imap_source *s, struct fault *why)
{
	struct imap_folder *f = &s->folder;
	AUTO_BUF item = { 0 };

	for (size_t i = 0; i < f->headed.count; i++) {
		for (uint64_t uid = f->headed.at[i].first; uid <= f->headed.at[i].last; uid++) {
			buf_clear(&item);
			buf_addf(&item, "%llu/%u", (unsigned long long)f->validity, (unsigned)uid);
			if (source_item_write(s->base.ledger, buf_text(&f->place),
				    buf_slice(&item), SOURCE_HEADED, why) < 0)
				return -1;
		}
	}
	return 0;
}

int imap_save(struct imap_source *s, struct fault *why)
{
	struct imap_folder *f = &s->folder;
	struct source_folder row = { .validity = f->validity,
		.next = f->quiet ? f->next : 0,
		.choice = imap_choice(s->base.account) };
	int result;

	if (!f->dirty || f->renumbering)
		return 0;
	if (ledger_begin(s->base.ledger, why) < 0)
		return -1;
	uidset_write(&f->kept, &row.kept);
	uidset_write(&f->leaving, &row.leaving);
	result = source_folder_write(s->base.ledger, buf_text(&f->place), &row, why);
	source_folder_free(&row);
	if (result < 0 || write_pauses(s, why) < 0 || write_headed(s, why) < 0 ||
		imap_rows_write(s, why) < 0 || deciding_write(&s->base, why) < 0) {
		ledger_rollback(s->base.ledger);
		return -1;
	}
	strings_clear(&f->pausing);
	strings_clear(&f->unpausing);
	imap_rows_written(s);
	deciding_written(&s->base);
	uidset_clear(&f->headed);
	f->dirty = false;
	f->was_quiet = f->quiet;
	return ledger_commit(s->base.ledger, why);
}

uint64_t imap_choice(const struct account *account)
{
	return choice_digest(&account->choice, account->keep);
}

/* Without keep: what was there before the first run, or passed over for newer ones. */
bool imap_spares(const struct imap_source *s)
{
	const struct choice *c = &s->base.account->choice;

	return !s->base.account->keep && (c->first == CHOICE_NOW || c->newest);
}

/* Known, and not to be fetched. */
void imap_forget_known(const struct imap_source *s, struct uidset *set)
{
	const struct imap_folder *f = &s->folder;

	if (s->base.account->keep || imap_spares(s))
		uidset_remove_set(set, &f->kept);
	if (!s->base.account->keep)
		uidset_remove_set(set, &f->leaving);
}

/* No row tells its messages again: they are new; or not ours, if we began with "now". */
static void numbered_anew(struct imap_source *s)
{
	bool spared = s->base.account->choice.first == CHOICE_NOW;

	if (s->folder.exists == 0)
		return;
	s->folder.mark |= spared;
	say("account %s: folder %s: its UIDVALIDITY changed: all its messages are %s",
		s->base.account->name, buf_text(&s->folder.shown), spared ? "left alone" : "new");
}

/*
 * UIDNEXT went back under the same UIDVALIDITY: a server was restored from a backup, and gives
 * UIDs away again that we know, for messages that we do not; it may have done so already.
 * What has a row is compared as if numbered anew; what has none (mark) was before, and stays.
 */
static int look_back(struct imap_source *s, struct fault *why)
{
	struct imap_folder *f = &s->folder;
	AUTO_UIDSET beyond = { 0 };
	AUTO_UIDSET rows = { 0 };

	if (f->next == 0 || f->next > UINT32_MAX)
		return 0;
	uidset_add_set(&beyond, &f->kept);
	uidset_add_set(&beyond, &f->leaving);
	uidset_remove(&beyond, 1, (uint32_t)f->next - 1);
	if (uidset_empty(&beyond))
		return 0;
	f->restored = true;
	f->dirty = true;
	if (imap_rows_uids(s, &rows, why) < 0)
		return -1;
	uidset_remove_set(&f->kept, &rows);
	uidset_remove_set(&f->kept, &beyond);
	uidset_clear(&f->leaving);
	return 0;
}

/* Another UIDVALIDITY: what was remembered is about other messages (RFC 3501, 2.3.1.1). */
int imap_load(struct imap_source *s, struct fault *why)
{
	struct imap_folder *f = &s->folder;
	struct source_folder row = { 0 };
	const char *place = buf_text(&f->place);
	bool anew, known;
	bool ok = true;

	if (source_folder_read(s->base.ledger, place, &row, why) < 0 ||
		source_pauses(s->base.ledger, place, 0, &f->paused, why) < 0) {
		source_folder_free(&row);
		return -1;
	}
	anew = row.validity != f->validity;
	if (!anew)
		ok = uidset_read(buf_slice(&row.kept), &f->kept) &&
			uidset_read(buf_slice(&row.leaving), &f->leaving);
	f->was_quiet = row.validity == f->validity && row.next && row.next == f->next &&
		row.choice == imap_choice(s->base.account);
	known = anew && (row.validity || row.kept.len);
	source_folder_free(&row);
	if (!ok)
		return fault_set(why, FAULT_TEMP, "folder %s: the ledger holds no set of UIDs",
			buf_text(&f->shown));
	if (look_back(s, why) < 0 || imap_settle_load(s, anew || f->restored, why) < 0)
		return -1;
	f->renumbering = (known || f->restored) && f->settling.has_rows;
	if (known && !f->renumbering)
		numbered_anew(s);
	return 0;
}

/* A pause of a message that is gone would keep the folder from being quiet for ever. */
void imap_end_pauses(struct imap_source *s)
{
	struct imap_folder *f = &s->folder;

	for (size_t i = 0; i < f->paused.count; i++) {
		uint32_t uid = imap_paused_uid(f, slice_text(f->paused.at[i]));

		if (uid && uidset_has(&f->todo, uid))
			continue;
		strings_add(&f->unpausing, slice_text(f->paused.at[i]));
		f->dirty = true;
	}
}

uint32_t imap_paused_uid(const struct imap_folder *f, struct slice item)
{
	struct slice validity;
	uint64_t number, uid;

	if (!slice_cut(&item, '/', &validity) || !slice_number(validity, &number) ||
		number != f->validity || !slice_number(item, &uid) || uid > UINT32_MAX)
		return 0;
	return (uint32_t)uid;
}

/* What is there was looked at, also what is hidden by a flag; or nothing is there. */
static bool is_quiet(const struct imap_source *s, const struct strings *pauses)
{
	const struct imap_folder *f = &s->folder;

	return f->next && !f->pending && !s->base.stopping && !s->base.unheard &&
		pauses->count == 0 &&
		uidset_empty(&f->todo) && uidset_empty(&f->undecided) &&
		uidset_empty(&f->gone) && uidset_empty(&f->leaving) &&
		uidset_empty(&f->hidden) && (f->looked || f->exists == 0);
}

int imap_leave(struct imap_source *s, struct fault *why)
{
	struct imap_folder *f = &s->folder;
	AUTO_STRINGS pauses = { 0 };

	if (imap_save(s, why) < 0 ||
		source_pauses(s->base.ledger, buf_text(&f->place), 0, &pauses, why) < 0)
		return -1;
	f->quiet = is_quiet(s, &pauses);
	f->dirty = f->quiet && !f->was_quiet;
	s->step = IMAP_NEXT;
	return imap_save(s, why);
}
