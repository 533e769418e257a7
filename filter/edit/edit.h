/*
 * Changing the message that rules look at: for commands.
 *
 * Each change makes a new state of the message (versions.h): run->message is another one
 * afterwards, and what was taken out of the old one (field numbers, slices, part indices) is
 * void. Tests and actions behind it see the new state; actions
 * before it act on the state that they saw. Bytes that are not changed stay as they are: line
 * ends, folding, 8-bit and malformed lines. After a run-time error the message is as the
 * rule file got it (RFC 5293 section 7).
 *
 * A header longer than MESSAGE_HEADER_MAX is seen by rules in its first part only: fields
 * that lie wholly in it can be removed and fields be added on top; what would have to be done
 * in the rest is left undone, as RFC 5293 section 6 has it for what policy forbids.
 *
 * SPDX-License-Identifier: ISC
 */
#ifndef FILTER_EDIT_EDIT_H
#define FILTER_EDIT_EDIT_H

#include "filter/edit/versions.h"
#include "filter/evaluate.h"

/*
 * LIMIT: bytes of fields that are added to one message. It is that of a header which rules
 * see, so that no added field can push another out of sight.
 */
enum { EDIT_ADDED_MAX = 1 << 20 };

/*
 * LIMIT: bytes of all messages that one after the other take the place of one: these and so
 * many times its own size. A loop over a thousand parts must not write a thousand messages.
 */
enum { EDIT_REPLACED_MAX = 256 << 20, EDIT_REPLACED_TIMES = 20 };

/*
 * Adds a field: `field` is all of it, "Name: value" folded with "\n " and without the last
 * line end; line ends come out as the message has them. On top, behind a From_ line; or
 * behind the last line of the header when `last`. 0, or -1: the script fails.
 */
int edit_add_field(struct run *run, struct slice field, bool last);

/* Removes fields by their numbers in run->message, ascending. 0, or -1. */
int edit_remove_fields(struct run *run, const size_t *fields, size_t count);

/*
 * Another message takes the place of this one, header and body; the envelope stays. *whole
 * is given away. 1; 0: these bytes are no message (no header field, or a header without the
 * empty line behind it, or one longer than MESSAGE_HEADER_MAX) and nothing was changed; -1.
 */
int edit_replace(struct run *run, struct spool *whole);

/* The same for a message that has this one in it: "redirect" goes on without that. */
int edit_enclose(struct run *run, struct spool *whole);

#endif
