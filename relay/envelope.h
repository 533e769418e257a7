/*
 * The envelope of a queued message: who sent it, who is to get it, and what became of
 * each recipient. A text file, written whole once and appended to after that.
 *
 *	envelope = "mailrail-envelope 1" LF head *event
 *	head     = "created " time LF "size " number LF [ "body 8bit" LF ]
 *	           "from " [ address ] LF 1*( "to " address LF ) "end" LF
 *	event    = "open " time LF                             ; a transaction begins
 *	         / "sent " index " " time " " text LF          ; accepted: never send it again
 *	         / "later " index " " time " " next " " text LF
 *	         / "failed " index " " time " " text LF
 *	         / "bounced " index " " time " " text LF       ; the sender was told
 *	         / "now " time LF                              ; retry all that wait
 *
 * Times are seconds since 1970; index counts the recipients from 0; text is printable
 * ASCII, whatever the server said. A last line without LF is torn: the writer was killed,
 * nobody was told anything on the strength of it, and it is cut off before the next append.
 * RFC 5321 section 2.3.1 for what an envelope is.
 *
 * SPDX-License-Identifier: ISC
 */
#ifndef RELAY_ENVELOPE_H
#define RELAY_ENVELOPE_H

#include <stdint.h>

#include "common/base/buf.h"
#include "common/base/fault.h"

/* LIMIT: recipients of one message, as many as an address list may hold. */
enum { ENVELOPE_RECIPIENTS_MAX = 100000 };
/* LIMIT: text kept of a reply; enough for the reason and its link. */
enum { ENVELOPE_TEXT_MAX = 400 };

enum recipient_state {
	RECIPIENT_WAITING,
	RECIPIENT_SENT,
	RECIPIENT_FAILED,  /* for good, the sender not yet told */
	RECIPIENT_BOUNCED, /* for good, and told */
};

struct recipient {
	char *address; /* owned; without <> */
	enum recipient_state state;
	unsigned tries;
	int64_t next;    /* waiting: not before this time; 0 at once */
	int64_t changed; /* time of the last event; 0 none */
	char *text;      /* owned: last reply; NULL none */
};

/* All-zero is valid and empty. */
struct envelope {
	int64_t created;
	uint64_t size;  /* of the content */
	bool eight_bit; /* the content has bytes above 0x7f */
	char *sender;   /* owned; "" is the null sender */
	struct recipient *at;
	size_t count;
	size_t room;
	bool opened;  /* a transaction began and its results are not here */
	size_t whole; /* length of the whole lines; what lies behind is torn */
};

#define AUTO_ENVELOPE __attribute__((cleanup(envelope_free))) struct envelope

void envelope_free(struct envelope *e); /* and makes it all-zero */
void envelope_add_recipient(struct envelope *e, struct slice address);

enum envelope_event_kind {
	EVENT_OPEN,
	EVENT_SENT,
	EVENT_LATER,
	EVENT_FAILED,
	EVENT_BOUNCED,
	EVENT_NOW,
};

struct envelope_event {
	enum envelope_event_kind kind;
	size_t index; /* of the recipient, where the kind has one */
	int64_t when;
	int64_t next; /* EVENT_LATER */
	struct slice text;
};

/* Adds the lines up to "end", or one event. Texts are made printable and cut. */
void envelope_put_head(struct buf *out, const struct envelope *e);
void envelope_put_event(struct buf *out, const struct envelope_event *event);

/* FAULT_DATA: no envelope of ours, or damaged. */
int envelope_read(struct slice text, struct envelope *out, struct fault *why);

/* Takes the lines that were just appended into the envelope as well. */
int envelope_apply(struct envelope *e, struct slice lines, struct fault *why);

/* How many recipients are in that state. */
size_t envelope_count(const struct envelope *e, enum recipient_state state);

/* Earliest time at which a waiting recipient may be tried; INT64_MAX when none waits. */
int64_t envelope_next(const struct envelope *e);

/* Adds text with everything but printable ASCII as "?", at most ENVELOPE_TEXT_MAX bytes. */
void envelope_put_text(struct buf *out, struct slice text);

#endif
