/*
 * Is there anything to do in a folder? See imap.h. RFC 3501 section 6.3.10, 2.3.1.1.
 *
 * When a folder was left with nothing to do, its UIDNEXT was remembered: while that does
 * not move no message came, and one STATUS answers for it, whatever the folder holds. All
 * folders are asked before the first is selected, for STATUS is not for a selected one.
 *
 * SPDX-License-Identifier: ISC
 */
#include "fetch/imap/imap.h"

/* LIMIT: folders asked for at once; their answers are short. */
enum { NEWS_FLIGHTS = IMAP_FLIGHTS - 4 };

static int know(struct imap_source *s, size_t folder, struct imap_known *out,
	struct fault *why)
{
	struct source_folder row = { 0 };
	AUTO_BUF place = { 0 };
	int result;

	imap_place(s, s->folders.at[folder].wire, &place);
	result = source_folder_read(s->base.ledger, buf_text(&place), &row, why);
	*out = (struct imap_known){ .validity = row.validity };
	if (row.choice == imap_choice(s->base.account))
		out->next = row.next;
	source_folder_free(&row);
	return result;
}

static void ask(struct imap_source *s, size_t folder)
{
	AUTO_BUF quoted = { 0 };

	folder_quoted(s->folders.at[folder].wire, &quoted);
	imap_send(s, IMAP_JOB_STATUS, "STATUS %s (%s)", buf_text(&quoted),
		IMAP_NEWS_ITEMS)->folder = folder;
}

/* INBOX is the same in any case (RFC 3501, 5.1). */
static bool is_folder(const char *wire, struct slice name)
{
	return slice_is(name, wire) || (slice_is_case(name, "INBOX") &&
		slice_is_case(slice_text(wire), "INBOX"));
}

/* An empty folder has no news, whatever came and went. */
static bool stays_quiet(const struct imap_known *known, const struct imap_status *status)
{
	if (status->validity != known->validity)
		return false;
	return status->next == known->next || (status->has_messages && status->messages == 0);
}

static void take(struct imap_source *s, size_t folder, const struct imap_status *status)
{
	struct imap_known *known = &s->known[folder];

	if (!s->fresh) {
		known->quiet = stays_quiet(known, status);
		return;
	}
	known->validity = status->validity;
	known->next = status->next;
}

/* Reads all that is known; the first run of an account knows nothing. */
static int begin(struct imap_source *s, struct fault *why)
{
	size_t count = s->folders.count;

	source_stage(&s->base, "look for news");
	s->known = mem_zero(count + 1, sizeof(*s->known));
	s->fresh = s->base.account->choice.first == CHOICE_NOW && !s->base.again;
	for (size_t i = 0; i < count; i++) {
		if (know(s, i, &s->known[i], why) < 0)
			return -1;
		s->fresh &= s->known[i].validity == 0;
	}
	return 0;
}

static int write_mark(struct imap_source *s, size_t folder, struct fault *why)
{
	struct imap_known *known = &s->known[folder];
	struct source_folder row = { .validity = known->validity, .next = known->next,
		.choice = imap_choice(s->base.account) };
	AUTO_BUF place = { 0 };
	int result;

	imap_place(s, s->folders.at[folder].wire, &place);
	if (known->next > 1)
		buf_addf(&row.kept, "1:%llu", (unsigned long long)known->next - 1);
	result = source_folder_write(s->base.ledger, buf_text(&place), &row, why);
	source_folder_free(&row);
	known->quiet = true;
	return result;
}

/*
 * first = "now": what is below UIDNEXT is taken for known, in all folders or in none. Where
 * the server does not tell it, the folder is searched.
 */
static int mark_fresh(struct imap_source *s, struct fault *why)
{
	if (ledger_begin(s->base.ledger, why) < 0)
		return -1;
	for (size_t i = 0; i < s->folders.count; i++) {
		const struct imap_known *known = &s->known[i];

		if (!known->validity || !known->next || known->next > UINT32_MAX) {
			s->known[i].mark = true;
		} else if (write_mark(s, i, why) < 0) {
			ledger_rollback(s->base.ledger);
			return -1;
		}
	}
	s->fresh = false;
	return ledger_commit(s->base.ledger, why);
}

int imap_ask_news(struct imap_source *s, struct fault *why)
{
	size_t count = s->folders.count;

	if (!s->known && begin(s, why) < 0)
		return -1;
	while (s->asked < count && s->flying < NEWS_FLIGHTS) {
		size_t folder = s->asked++;
		struct imap_status *status = &s->folders.at[folder].status;

		if (!s->known[folder].next && !s->fresh)
			continue;
		if (status->validity)
			take(s, folder, status);
		else
			ask(s, folder);
		status->validity = 0; /* in a later round of a watch it is old */
	}
	if (s->asked < count || s->flying)
		return 0;
	s->step = IMAP_NEXT;
	return s->fresh ? mark_fresh(s, why) : 0;
}

int imap_news_heard(struct imap_source *s, const struct imap_event *e, struct fault *why)
{
	struct imap_status status = { 0 };
	int result;

	if (s->step != IMAP_NEWS || !s->known)
		return 0;
	result = imap_status_read(e->text, &status, why);
	for (size_t i = 0; i < s->flying && result == 0; i++) {
		size_t folder = s->flights[i].folder;

		if (is_folder(s->folders.at[folder].wire, buf_slice(&status.name)))
			take(s, folder, &status);
	}
	buf_free(&status.name);
	return result;
}

bool imap_is_quiet(const struct imap_source *s, size_t folder)
{
	AUTO_BUF place = { 0 };

	if (!s->known[folder].quiet)
		return false;
	imap_place(s, s->folders.wire.at[folder], &place);
	return !imap_is_due(s, buf_text(&place));
}
