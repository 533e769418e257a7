/*
 * The folder of the server that stored messages are moved to: see imap.h.
 *
 * SPDX-License-Identifier: ISC
 */
#include "fetch/imap/imap.h"

int imap_find_target(struct imap_source *s, struct imap_talk *talk, struct fault *why)
{
	const struct account *account = s->base.account;
	const char *wanted = account->after.move_to;

	s->gmail = session_can(&s->base.session, "X-GM-EXT-1");
	if (!wanted && s->gmail && (!account->keep || account->after.delete_after))
		wanted = "\\Trash";
	if (!wanted)
		return 0;
	if (folders_look(talk, &s->base.session, &s->folders, wanted, &s->target, why) < 0)
		return -1;
	if (s->target.len == 0 && !account->after.move_to)
		return 0; /* it is not shown by IMAP, as its owner wishes */
	if (s->target.len == 0)
		return fault_set(why, FAULT_CONFIG, "move-to: the server marks no folder as %s",
			wanted);
	if (slice_is_case(buf_slice(&s->target), "INBOX"))
		buf_set(&s->target, SLICE("INBOX")); /* the same in any case (RFC 3501, 5.1) */
	/* What is moved there would be fetched from there, and moved there again. */
	folders_drop(&s->folders, buf_text(&s->target));
	return 0;
}
