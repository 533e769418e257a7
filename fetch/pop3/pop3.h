/*
 * A POP3 account at work; for the files of this folder alone.
 *
 *	pop3.c      the source: commands in flight, answers to where they belong
 *	list.c      what is there
 *	known.c     what is remembered
 *	choose.c    what is to be done with each
 *	size.c      what is too large
 *	decide.c    what the rules discard by its header
 *	compare.c   is it the message that bore this UIDL before? What is it without one?
 *	bodies.c    messages into the feed
 *	settle.c    receipts, the ledger, DELE and QUIT
 *
 * A message is known by its UIDL. Where the server has none and something stays there, a name
 * made of digest and size stands for it, at the price of a TOP for each message and run.
 * Where there is no identity (no UIDL and nothing kept; two messages with the same one) it
 * gets one that no other run will use: such a message may be delivered twice after a crash,
 * but never taken for another one and lost.
 *
 * A server may give the UIDL of a deleted message away again (RFC 1939 section 7). So the
 * ledger keeps digest and size of what was stored under each, and a message whose UIDL is
 * remembered is neither deleted nor passed over before its header was seen. Only what lay
 * there in the run before, too, is believed to be the same without a look.
 *
 * SPDX-License-Identifier: ISC
 */
#ifndef FETCH_POP3_H
#define FETCH_POP3_H

#include "common/net/pop3_reply.h"
#include "fetch/hand/digest.h"
#include "fetch/pop3/known.h"
#include "fetch/source.h"

/* LIMIT: commands in flight when the server pipelines (RFC 2449 section 6.6). */
enum { POP3_FLIGHTS = 64 };
/* LIMIT: messages of one maildrop. */
enum { POP3_MESSAGES_MAX = 1000000 };
/* LIMIT: messages fed and not yet answered by a receipt. */
enum { POP3_WINDOW = 1000 };

enum pop3_state {
	POP3_DOUBTED, /* its UIDL is remembered: to be compared first */
	POP3_WANTED,
	POP3_ASKED,   /* RETR is sent, or it waits for its receipt */
	POP3_STORED,  /* to be deleted there */
	POP3_DELETED, /* DELE was answered +OK */
	POP3_LEFT,    /* stays, at least this time */
};

/* 24 bytes: there may be a hundred thousand. */
struct pop3_message {
	uint32_t number;
	uint32_t name; /* its UIDL in names: where, how long; 0 long: it has none */
	uint16_t name_len;
	uint8_t state;
	uint8_t flags;
	uint32_t size;   /* by LIST, then as it came; 0: not known */
	uint64_t digest; /* of hand/digest.h; 0: not known */
};

enum pop3_flag {
	POP3_UNSAVED = 1,  /* stored, not yet in the ledger */
	POP3_GOES = 2,     /* deleted there when it is stored here */
	POP3_BELIEVED = 4, /* stored by an earlier run: its row of then stands */
	POP3_WHOLE = 8,    /* compared by RETR, not by TOP */
	POP3_GIVEN = 16,   /* RETR was sent */
	POP3_RENAMED = 32, /* its UIDL was another message's: its digest is part of its id */
	POP3_EXCERPT = 64, /* too large: only its header is fetched */
	POP3_HEADED = 128, /* that was done by an earlier run */
};

enum pop3_job {
	POP3_JOB_UIDL,
	POP3_JOB_STAT,
	POP3_JOB_LIST,
	POP3_JOB_SIZE, /* LIST of one message */
	POP3_JOB_HEAD, /* TOP or RETR, to compare */
	POP3_JOB_TOP,  /* for the rules */
	POP3_JOB_RETR, /* or TOP, of what is too large */
	POP3_JOB_DELE,
	POP3_JOB_QUIT,
};

struct pop3_flight {
	enum pop3_job job;
	uint32_t index; /* of the message */
};

enum pop3_step {
	POP3_START,
	POP3_LISTING,
	POP3_SIZING,
	POP3_COMPARING,
	POP3_DECIDING,
	POP3_FETCHING,
	POP3_DELETING,
	POP3_QUITTING,
};

/* A line of UIDL; its name lies behind that of the line before. */
struct pop3_line {
	uint32_t number;
	uint16_t name_len;
};

/* What the server lists, until it is chosen from. 8 bytes and its UIDL for each. */
struct pop3_list {
	struct pop3_line *at;
	size_t count, room;
	uint64_t digest; /* of the UIDLs in their order; POP3_LIST_EMPTY at first */
};
#define POP3_LIST_EMPTY UINT64_C(0xcbf29ce484222325)

struct pop3_source {
	struct source base; /* first */
	struct pop3_reply reply;
	enum pop3_step step;
	struct pop3_flight flights[POP3_FLIGHTS]; /* a ring, in the order of the answers */
	size_t first, flying;
	bool pipelining;
	bool has_top;
	bool expires; /* QUIT may delete what RETR gave */
	bool unnamed; /* no UIDL, and mail is kept: names are made by comparing */

	struct pop3_list list;
	struct pop3_message *messages; /* those with which something is to be done */
	size_t count, room;
	struct buf names;
	uint32_t *sizes;      /* by number, while it lists them */
	size_t size_room;
	size_t lines;         /* of lists */
	size_t asked;         /* by RETR */
	uint64_t bytes;       /* of these */
	struct buf excerpt;   /* of the message that is coming */
	uint32_t held_index;  /* whose bytes or excerpt wait */
	size_t next;          /* to be compared, asked for or deleted */
	size_t decided;       /* messages before it need not be shown to the rules */
	size_t window;        /* where those begin that are shown and fetched now */
	size_t shown;         /* of the window */
	struct buf header;    /* that is coming for the rules */
	struct buf run;       /* "?TIME-RANDOM/": for messages without an identity */
	struct strings known_pauses; /* sorted */
	struct strings paused;       /* of those, not due yet; sorted */
	int64_t due_before;   /* what was stored before goes: delete-after */
	size_t unsaved;
	struct strings pausing;
	struct digest head;   /* of the message that is being compared */

	struct pop3_event held; /* bytes that wait for their turn in the stream */
	bool waits;
	bool fed; /* the message that is coming was begun in the stream */
};

/* ---- pop3.c ---- */

void pop3_send(struct pop3_source *s, enum pop3_job job, uint32_t index);
struct slice pop3_name(const struct pop3_source *s, const struct pop3_message *m);

/* Is there room for that many more commands in flight? */
bool pop3_may_send(const struct pop3_source *s, size_t count);

/* A fault that is only noted, with the server's words. */
void pop3_note(struct pop3_source *s, enum fault_kind kind, const char *what,
	const struct pop3_message *m, struct slice text);

/* ---- list.c ---- */

/* UIDL, STAT, LIST. */
int pop3_listed(struct pop3_source *s, enum pop3_job job, const struct pop3_event *e,
	struct fault *why);

/* Adds a line to s->list; its name is at the end of s->names already. */
void pop3_add_line(struct pop3_source *s, uint32_t number, struct slice name);

/* Adds one of s->messages; `name` is where its UIDL lies in s->names. */
struct pop3_message *pop3_add(struct pop3_source *s, uint32_t number, size_t name,
	size_t name_len, enum pop3_state state);

/* ---- choose.c ---- */

/* From s->list to s->messages; the ledger forgets what is gone. May ask for sizes. */
int pop3_choose(struct pop3_source *s, struct fault *why);
/* The choice is made. Remembers when there is nothing to do. */
int pop3_chosen(struct pop3_source *s, struct fault *why);

/* ---- size.c ---- */

/* Do the sizes of what is wanted matter? */
bool pop3_asks_sizes(const struct pop3_source *s);
void pop3_size_of(struct pop3_source *s, uint64_t number, uint32_t size);
int pop3_sized(struct pop3_source *s, struct fault *why);

/* ---- compare.c ---- */

/* SIZE, HEAD. */
int pop3_compared(struct pop3_source *s, enum pop3_job job, uint32_t index,
	const struct pop3_event *e, struct fault *why);
/* Queues what is to be asked next; then goes on to fetching. */
int pop3_compare(struct pop3_source *s, struct fault *why);

/* ---- decide.c ---- */

/* After comparing: to the rules first, or on to fetching. */
int pop3_decide_begin(struct pop3_source *s, struct fault *why);
/* Queues what is to be asked next; then fetches what the rules let. */
int pop3_decide(struct pop3_source *s, struct fault *why);
/* TOP. */
void pop3_headed(struct pop3_source *s, uint32_t index, const struct pop3_event *e);
/* May the next header be read? */
bool pop3_decide_room(const struct pop3_source *s);
void pop3_decided(struct source *base, uint64_t key, const char *rule);

/* ---- bodies.c ---- */

/* What the message is in the stream. */
void pop3_fill_frame(const struct pop3_source *s, const struct pop3_message *m,
	struct frame *frame);

/* 1 taken; 0: the bytes wait for their turn (pop3_resume); -1. */
int pop3_retrieved(struct pop3_source *s, uint32_t index, const struct pop3_event *e);
int pop3_resume(struct pop3_source *s);
/* Queues what is to be asked next; then goes on to deleting. */
int pop3_fetch(struct pop3_source *s, struct fault *why);

/* ---- settle.c ---- */

/* It is stored here, or the rules discard it, which is the same to its server. */
void pop3_stored(struct pop3_source *s, struct pop3_message *m);
void pop3_receipt(struct source *base, uint64_t key, enum receipt_verdict verdict);
int pop3_save(struct source *base, struct fault *why);
/* Queues DELEs, then QUIT. */
int pop3_delete(struct pop3_source *s, struct fault *why);
/* QUIT was answered +OK: the server has deleted what it promised. */
int pop3_forget_deleted(struct pop3_source *s, struct fault *why);

#endif
