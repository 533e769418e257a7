/*
 * What comes in on a descriptor: a stream, one plain message, or an mbox; the same events
 * for all three.
 *
 * The first bytes decide (DESIGN section 3): the stream's magic means a stream, all else is
 * one plain message, whose leading From_ line is its envelope. An mbox is read only when
 * asked for. Empty input is a fault (FAULT_TEMP), never an empty message.
 *
 * SPDX-License-Identifier: ISC
 */
#ifndef COMMON_MAIL_INTAKE_H
#define COMMON_MAIL_INTAKE_H

#include "common/mail/stream.h"

enum intake_mode {
	INTAKE_AUTO,    /* stream or one plain message */
	INTAKE_MESSAGE, /* one plain message whatever its first bytes (--message) */
	INTAKE_MBOX,    /* an mbox */
};

/*
 * An mbox is read as mboxrd: a line that begins with "From " parts messages when it is the
 * first line or the line before it is empty; such an empty line (and one at the very end)
 * belongs to no message. One ">" is taken off each line that is 1*">" "From ". The input
 * must begin with a From_ line. Lines may be of any length; memory stays one block.
 *
 * A From_ line gives mail_from: the word behind "From ", with or without <>. "<>" and
 * MAILER-DAEMON are the null sender; nothing or "-" leaves it unknown.
 */

/* How to read a file that was named: an mbox when it begins with "From ", else AUTO. */
enum intake_mode intake_mode_of_file(int fd);

struct intake;

/* `fd` and `name` (for sentences) are borrowed. Reads nothing yet. */
struct intake *intake_open(int fd, const char *name, enum intake_mode mode);
void intake_close(struct intake *in);
#define AUTO_INTAKE __attribute__((cleanup(intake_close_at))) struct intake
void intake_close_at(struct intake **in);

/*
 * The next event, waiting until the deadline (clock_tick milliseconds; CLOCK_NEVER).
 * 1: *event; 2: the deadline came first; 0: nothing more after DONE or ABORT;
 * -1: malformed or unreadable input, FAULT_TEMP (a message that was open is lost to us:
 * drop it).
 *
 * A plain message or an mbox gives FRAME (without id; mail_from from the From_ line),
 * BYTES..., END for each, then DONE; no PREAMBLE. A stream that ends before its last line
 * gives CUT for the open message, then ABORT, both `torn`: say one line, exit 75. (Of a cut
 * or abort that came in the stream the source has said its line: exit 75 in silence.) One
 * that ends within its preamble, or within the magic, is malformed.
 *
 * Behind the last line the input must end: the call after DONE waits for that, at most a
 * second (a wrapper of the source may hold the pipe open), so that a second stream behind
 * the first does not get lost. Commit, and pass the last line on, before you make that call.
 * Bytes of an event are ours and valid until the next call.
 */
int intake_next(struct intake *in, int64_t deadline, struct stream_event *event,
	struct fault *why);

/* Known after the first event. */
bool intake_is_stream(const struct intake *in);

/* Whether bytes are waiting in our buffer (then do not poll). */
bool intake_buffered(const struct intake *in);

#endif
