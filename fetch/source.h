/*
 * One account at work: what IMAP and POP3 have in common, and the table of what differs.
 *
 * SPDX-License-Identifier: ISC
 */
#ifndef FETCH_SOURCE_H
#define FETCH_SOURCE_H

#include "common/mail/ledger/source.h"
#include "common/net/login.h"
#include "fetch/account.h"
#include "fetch/hand/deciding.h"
#include "fetch/hand/feed.h"
#include "fetch/hand/letter.h"
#include "fetch/rate.h"

struct source;
struct prefilter;

struct source_ops {
	/* A new source, all zero but for what is its own. */
	struct source *(*make)(void);

	/* In a thread of its own, blocking: log in, find out what there is. */
	int (*open)(struct source *s, int cancel_fd, struct fault *why);

	/*
	 * Takes what the server sent, feeds, queues commands; never blocks. 1: something
	 * moved; 0: nothing to do now; -1: the account ends with this fault.
	 */
	int (*step)(struct source *s, struct fault *why);

	/* What became of the message `key`; also after the end of the source. */
	void (*receipt)(struct source *s, uint64_t key, enum receipt_verdict verdict);

	/* What the rules say of `key` (hand/prefilter.h). `rule` NULL: it is to be fetched. */
	void (*decided)(struct source *s, uint64_t key, const char *rule);

	/* Writes what is not yet remembered to the ledger; also after a fault. */
	int (*save)(struct source *s, struct fault *why);

	/* How many messages are still to come, as far as is known. */
	uint64_t (*left)(const struct source *s);

	void (*free)(struct source *s);
};

extern const struct source_ops source_imap;
extern const struct source_ops source_pop3;

const struct source_ops *source_ops_of(const struct account *account);

struct source {
	const struct source_ops *ops;
	const struct account *account; /* borrowed, like feed and ledger */
	struct feed *feed;
	struct ledger *ledger;
	struct session session;
	struct letter letter;  /* the message that is coming */
	struct prefilter *prefilter; /* borrowed; NULL: the account wants none */
	struct deciding deciding;
	struct buf stage;      /* where it stands: "login", "folder lists/c: fetch" */
	bool again;            /* what was remembered is forgotten first */
	bool stopping;         /* no message begins any more */
	bool finished;         /* by step: all is done */
	bool expecting;        /* by step: the server owes an answer, and we want to read it */
	int64_t deadline;      /* for that answer; see source_receive */
	uint64_t came;         /* messages that came whole */
	uint64_t came_bytes;   /* also of the one that is coming */
	int64_t began;         /* clock_tick of the first of them; 0: none came */
	int64_t slow_since;    /* since then it came to slow_bytes, and was not whole */
	uint64_t slow_bytes;
	struct rate rate;
	int64_t paced;         /* clock_tick: nothing is read before; 0: it may be */
	size_t open;           /* messages fed and not yet answered by a receipt */
	size_t unstored_row;   /* deferred or refused since the last stored one */
	bool unstored;         /* any at all */
	uint64_t later;        /* new, and left for a later run: by a limit, a pause, not stored */
	bool unheard;          /* of some nobody will ever say what became of them */
	struct fault trouble;  /* the worst that did not end it */

	/* For a watch, which goes from round to round in one session where it can: */
	bool staying;  /* wait for news when all is done, if the server can */
	bool resting;  /* by step: all is done, the session waits */
	bool news;     /* by step: something came while it did */
	bool look;     /* look for news now: the next round begins */
	bool waiting;  /* by step: the wait has begun */
	const struct strings *folders; /* by open: their names on the wire; NULL: it has none */
};

/*
 * Reads into the wire's input, up to `limit` bytes. 1: bytes came; 0: nothing now; -1: the
 * server closed, is silent for longer than its timeout, or drips: for ten times as long no
 * command is answered, and fewer than a hundred bytes come in a second. The account's rate is
 * kept: when it allows no more now, `paced` is set.
 */
int source_receive(struct source *s, size_t limit, struct fault *why);

/* The server owes (or does not owe) an answer from now on: starts its time. */
void source_expect(struct source *s, bool expecting);

/* A command was answered. */
void source_answered(struct source *s);

/* Keeps a fault that does not end the account: the first of the worst kind. */
void source_trouble(struct source *s, const struct fault *why);

void source_stage(struct source *s, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

/* For the feed: counts, then tells the source. */
void source_receipt(struct source *s, uint64_t key, enum receipt_verdict verdict);

void source_free(struct source *s);

#endif
