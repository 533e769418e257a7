/*
 * A POP3 account at work; for the files of this folder alone.
 *
 *	pop3.c     the source: commands in flight, answers to where they belong
 *	list.c     what is there
 *	known.c    what is remembered
 *	bodies.c   messages into the feed, deleting what was stored
 *
 * A message is known by its UIDL. Where that is no identity (the server has no UIDL, or
 * gives two messages the same) it gets one that no other run will use: such a message may
 * be delivered twice after a crash, but never taken for another one and lost.
 *
 * SPDX-License-Identifier: ISC
 */
#ifndef FETCH_POP3_H
#define FETCH_POP3_H

#include "common/net/pop3_reply.h"
#include "fetch/pop3/known.h"
#include "fetch/source.h"

/* LIMIT: commands in flight when the server pipelines (RFC 2449 section 6.6). */
enum { POP3_FLIGHTS = 64 };
/* LIMIT: messages of one maildrop. */
enum { POP3_MESSAGES_MAX = 1000000 };
/* LIMIT: messages fed and not yet answered by a receipt. */
enum { POP3_WINDOW = 1000 };

enum pop3_state {
	POP3_WANTED,
	POP3_ASKED,   /* RETR is sent, or it waits for its receipt */
	POP3_STORED,  /* to be deleted there */
	POP3_DELETED, /* DELE was answered +OK */
	POP3_LEFT,    /* stays, at least this time */
};

struct pop3_message {
	uint32_t number;
	uint32_t name; /* its UIDL in names: where, how long; 0 long: it has none */
	uint32_t name_len;
	uint8_t state;
	bool unsaved;  /* stored, not yet in the ledger */
};

enum pop3_job {
	POP3_JOB_UIDL,
	POP3_JOB_STAT,
	POP3_JOB_RETR,
	POP3_JOB_DELE,
	POP3_JOB_QUIT,
};

struct pop3_flight {
	enum pop3_job job;
	uint32_t index; /* of the message */
};

enum pop3_step { POP3_START, POP3_LISTING, POP3_FETCHING, POP3_DELETING, POP3_QUITTING };

struct pop3_source {
	struct source base; /* first */
	struct pop3_reply reply;
	enum pop3_step step;
	struct pop3_flight flights[POP3_FLIGHTS]; /* a ring, in the order of the answers */
	size_t first, flying;
	bool pipelining;

	struct pop3_message *messages; /* without those that are kept there */
	size_t count, room;
	struct buf names;
	size_t next;          /* to be asked for or deleted */
	struct buf run;       /* "?TIME-RANDOM/": for messages without an identity */
	struct known known;   /* while it lists */
	size_t listed;        /* lines of UIDL */
	struct strings known_pauses; /* sorted */
	struct strings paused;       /* of those, not due yet; sorted */
	size_t unsaved;
	struct strings pausing;

	struct pop3_event held; /* bytes that wait for their turn in the stream */
	bool waits;
	bool fed; /* the message that is coming was begun in the stream */
};

/* ---- pop3.c ---- */

void pop3_send(struct pop3_source *s, enum pop3_job job, uint32_t index);
struct slice pop3_name(const struct pop3_source *s, const struct pop3_message *m);

/* A fault that is only noted, with the server's words. */
void pop3_note(struct pop3_source *s, enum fault_kind kind, const char *what,
	const struct pop3_message *m, struct slice text);

/* ---- list.c ---- */

/* UIDL, STAT. */
int pop3_listed(struct pop3_source *s, enum pop3_job job, const struct pop3_event *e,
	struct fault *why);

/* ---- bodies.c ---- */

/* 1 taken; 0: the bytes wait for their turn (pop3_resume); -1. */
int pop3_retrieved(struct pop3_source *s, uint32_t index, const struct pop3_event *e);
int pop3_resume(struct pop3_source *s);

/* Queues what is to be asked next. */
int pop3_advance(struct pop3_source *s, struct fault *why);
void pop3_receipt(struct source *base, uint64_t key, enum receipt_verdict verdict);
int pop3_save(struct source *base, struct fault *why);

/* QUIT was answered +OK: the server has deleted what it promised. */
int pop3_forget_deleted(struct pop3_source *s, struct fault *why);

#endif
