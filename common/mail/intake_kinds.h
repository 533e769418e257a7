/*
 * What intake.c knows of its input, and the three ways to read it.
 *
 * SPDX-License-Identifier: ISC
 */
#ifndef COMMON_MAIL_INTAKE_KINDS_H
#define COMMON_MAIL_INTAKE_KINDS_H

#include "common/mail/intake.h"

/* LIMIT: one read, and the bytes that are held. */
enum { INTAKE_BLOCK = 65536 };
/* LIMIT: a From_ line; what is longer is a line of the message. */
enum { INTAKE_FROM_MAX = 4096 };
/*
 * LIMIT: how long to wait for the end of the input behind a last line. It comes at once
 * where it comes at all: `timeout 600 mr-fetch | mr-deliver` holds the pipe open until
 * mr-fetch ends, which waits for mr-deliver.
 */
enum { INTAKE_BEHIND_MS = 1000 };

struct intake;

/*
 * Takes what it needs off in->from..in->to. 1: *event; 0: there is nothing to tell from
 * these bytes (after in->ended: nothing at all any more); -1 as intake_next.
 */
typedef int intake_step(struct intake *in, struct stream_event *event, struct fault *why);

struct intake {
	int fd;
	const char *name;
	enum intake_mode mode;
	char *block;          /* INTAKE_BLOCK bytes */
	size_t from, to;      /* what is not taken yet */
	bool ended;           /* nothing comes any more */
	bool starving;        /* what is held is not enough to tell anything */
	intake_step *step;    /* NULL until the first bytes have told */
	struct stream_parser *parser; /* of a stream */
	bool last;            /* its last line was told: only the end may follow */
	int64_t patience;     /* then: how long to wait for that */

	/* A plain message or an mbox. */
	unsigned phase;
	struct frame frame;
	uint64_t size;        /* of the message so far */
	uint64_t messages;
	struct slice blank;   /* mbox: an empty line that is held back, "\n" or "\r\n" */
};

static inline struct slice intake_held(const struct intake *in)
{
	return slice_of(in->block + in->from, in->to - in->from);
}

intake_step intake_step_stream;
intake_step intake_step_message;
intake_step intake_step_mbox;

/* "From :" begins a field, as RFC 5322 section 4.5.2 lets it be written (obs-from). */
bool intake_is_from_line(struct slice start);

/*
 * Is there a From_ line at the beginning of what is held? 1: yes, *len with its line end;
 * 0: no; 2: more bytes are needed to say. It counts only when it is there whole.
 */
int intake_at_from_line(const struct intake *in, size_t *len);

/* Takes it, and makes a new frame with the sender that it names. */
void intake_take_from_line(struct intake *in, size_t len);

/* The events, with what they need kept. */
int intake_tell_frame(struct intake *in, struct stream_event *event);
int intake_tell_bytes(struct intake *in, size_t len, struct stream_event *event);
int intake_tell_end(struct intake *in, struct stream_event *event);
int intake_tell_done(struct intake *in, struct stream_event *event);

#endif
