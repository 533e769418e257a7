/*
 * The bodies of parts: transfer encoding undone, text as UTF-8, HTML without its mark-up.
 *
 * Each is made once per message, when it is first asked for; then it is a range of a spool
 * and costs no memory of its own. Line ends stand as the message has them.
 *
 * SPDX-License-Identifier: ISC
 */
#ifndef FILTER_PARTS_TEXT_H
#define FILTER_PARTS_TEXT_H

#include "filter/parts/parts.h"

/*
 * TEXT_DECODED: leaves without their transfer encoding, those of type text converted to
 * UTF-8 (an unknown charset, and bytes that are wrong in it, as common/mail/charset.h says).
 * TEXT_PLAIN: the same, without mark-up where it is HTML (filter/parts/html.h).
 */
enum text_form { TEXT_DECODED, TEXT_PLAIN };

/* Of a part that is neither multipart nor message. FAULT_TEMP from the spool. */
int text_of_part(struct message *message, size_t part, enum text_form form, struct text *out,
	struct fault *why);

/* Reads from an offset: *got is 0 only at the end. FAULT_TEMP. */
int text_read(const struct text *text, uint64_t from, char *ptr, size_t len, size_t *got,
	struct fault *why);

#endif
