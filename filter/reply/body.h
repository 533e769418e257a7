/*
 * The text of a message that is put together here (RFC 2045).
 *
 * SPDX-License-Identifier: ISC
 */
#ifndef FILTER_REPLY_BODY_H
#define FILTER_REPLY_BODY_H

#include "common/base/buf.h"

/* Adds the text with LF for every line end, without NUL, as UTF-8. */
void body_clean(struct slice text, struct buf *out);

/*
 * Adds the MIME fields, the empty line, and the text as text/plain in UTF-8: as it stands
 * when it is ASCII with lines that may travel, else quoted-printable.
 */
void body_put(struct slice text, struct buf *out);

#endif
