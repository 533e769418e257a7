/*
 * A record of what rules asked and what was answered, so that a decision can be played again.
 *
 *	record  = *( answer LF ) *( "message " 1*DIGIT LF *( answer LF ) )
 *	answer  = a line of questions.record; bytes below 0x20, 0x7f and "%" as %XX; or what a
 *	          program answered, as programs/record.h has it, where "%" stands for itself.
 *	          Such a one is also taken for another message, for want of one of its own
 *
 * What stands before the first "message" line holds for all messages.
 *
 * SPDX-License-Identifier: ISC
 */
#ifndef FILTER_VERBS_REPLAY_H
#define FILTER_VERBS_REPLAY_H

#include "filter/questions.h"

/* LIMIT: bytes of a record that is read. */
enum { REPLAY_MAX = 64 << 20 };

struct replay {
	struct answerer behind; /* set by the caller: who answers what is not in the record */
	struct strings lines;   /* as the file has them */
	uint64_t message;
	int out;                /* where a record is written; valid when `writes` */
	bool writes;
	const char *name;       /* of it; borrowed */
};

/* FAULT_CONFIG when there is no such file. */
int replay_read(struct replay *r, const char *path, struct fault *why);

/* Answers from the record, else asks who is behind. */
struct answerer replay_answerer(struct replay *r);

/* From now on answers are for this message. */
void replay_message(struct replay *r, uint64_t number);

/* Opens a record to be written, and adds what was answered about the message. */
int replay_start(struct replay *r, const char *path, struct fault *why);
int replay_write(struct replay *r, const struct strings *record, struct fault *why);

void replay_free(struct replay *r);

#endif
