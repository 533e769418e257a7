/*
 * Another message put together from texts and pieces of the current one.
 *
 *	AUTO_REBUILD b;
 *	rebuild_start(&b, run);
 *	if (rebuild_text(&b, ...) < 0 || rebuild_copy(&b, from, to) < 0) return -1;
 *	return rebuild_finish(&b);
 *
 * SPDX-License-Identifier: ISC
 */
#ifndef FILTER_EDIT_REBUILD_H
#define FILTER_EDIT_REBUILD_H

#include "filter/edit/edit.h"

struct rebuild {
	struct run *run;
	struct spool out;
	bool crlf; /* line ends of the current message */
};

#define AUTO_REBUILD __attribute__((cleanup(rebuild_free))) struct rebuild
void rebuild_start(struct rebuild *b, struct run *run);
void rebuild_free(struct rebuild *b);

/* Each 0, or -1: the script fails. Text has LF, and gets the line ends of the message. */
int rebuild_text(struct rebuild *b, struct slice text);

/* Bytes of the current message, from an offset to another one. */
int rebuild_copy(struct rebuild *b, uint64_t from, uint64_t to);

/*
 * The fields of a header as they stand, without those that say how content is made
 * (Content-..., MIME-Version). `subject` and `from`, unless NULL, are new fields, "Name: ..."
 * with LF at their end: what stood there goes on as Original-Subject and Original-From
 * (RFC 5703 section 5). The empty line is left out.
 */
int rebuild_fields(struct rebuild *b, struct slice header, const struct buf *subject,
	const struct buf *from);

/* It is the current message from now on. */
int rebuild_finish(struct rebuild *b);
int rebuild_enclose(struct rebuild *b); /* and has the one before in it */

/* Content-... and MIME-Version. */
bool rebuild_is_content(struct slice name);

#endif
