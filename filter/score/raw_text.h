/*
 * A message as procmail's regular expressions see it: nothing decoded.
 *
 * The header with each field on one line, its folds one blank more, and the empty line; the
 * body as it stands. CRLF counts as LF.
 *
 * SPDX-License-Identifier: ISC
 */
#ifndef FILTER_SCORE_RAW_TEXT_H
#define FILTER_SCORE_RAW_TEXT_H

#include "filter/evaluate.h"

/* Header, body, or both. */
enum { RAW_HEADER = 1, RAW_BODY = 2 };

/*
 * Gives it piece by piece, CRLF not yet changed in the body, until `visit` returns what is
 * not 0; then that, else 0. -1: the script has failed.
 */
int raw_text_each(struct run *run, unsigned parts, int (*visit)(void *context, struct slice bytes),
	void *context);

/* All of it. -1: it is longer than `limit`, or could not be read: the script fails. */
int raw_text(struct run *run, unsigned parts, size_t limit, struct buf *out);

#endif
