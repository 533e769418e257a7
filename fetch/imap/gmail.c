/*
 * What is different at Gmail (X-GM-EXT-1): a folder is a label, and one message stands in
 * all folders of its labels, each time under another UID, always under one X-GM-MSGID.
 *
 * It is stored once: whatever folder it comes by first. What was stored and stays there has
 * a row by that number under the place of the account; the row stays as long as the account
 * is remembered, for a label may be put on an old message at any time.
 *
 * SPDX-License-Identifier: ISC
 */
#include "fetch/imap/imap.h"

static void put_item(uint64_t id, struct buf *out)
{
	buf_addf(out, "%llu", (unsigned long long)id);
}

int imap_gmail_known(struct imap_source *s, const struct imap_fetch *fetch, bool *known,
	struct fault *why)
{
	struct source_letter row;
	AUTO_BUF item = { 0 };
	int got;

	*known = false;
	if (!s->gmail || fetch->gmail_id == 0)
		return 0;
	put_item(fetch->gmail_id, &item);
	got = source_letter_read(s->base.ledger, s->base.account->place, buf_slice(&item), &row,
		why);
	*known = got == 1;
	return got < 0 ? -1 : 0;
}

bool imap_gmail_stays(const struct imap_source *s)
{
	return s->gmail && (s->base.account->keep || s->base.account->after.move_to);
}

int imap_gmail_write(struct imap_source *s, const struct imap_letter *letter,
	struct fault *why)
{
	AUTO_BUF item = { 0 };

	if (letter->gmail_id == 0)
		return 0;
	put_item(letter->gmail_id, &item);
	return source_letter_write(s->base.ledger, s->base.account->place, buf_slice(&item),
		&letter->row, why);
}
