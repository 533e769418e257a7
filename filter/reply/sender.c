/*
 * The envelope sender: see sender.h.
 *
 * SPDX-License-Identifier: ISC
 */
#include "filter/reply/sender.h"

#include "common/mail/return_path.h"

bool sender_read(const struct message *m, struct buf *out)
{
	if (!m->frame || !m->frame->mail_from_known)
		return return_path_read(m->header, out);
	buf_set(out, buf_slice(&m->frame->mail_from));
	if (slice_is(buf_slice(out), "<>"))
		buf_clear(out);
	return true;
}
