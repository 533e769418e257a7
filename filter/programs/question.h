/*
 * What a program is asked by a rule, and what it answered.
 *
 * SPDX-License-Identifier: ISC
 */
#ifndef FILTER_PROGRAMS_QUESTION_H
#define FILTER_PROGRAMS_QUESTION_H

#include "filter/message.h"
#include "filter/spool.h"

/* All borrowed. */
struct program_question {
	const char *name;
	const struct strings *arguments;
	bool has_input;               /* else its stdin is empty */
	const struct message *message; /* its bytes from `from` to `to`; NULL: `text` */
	uint64_t from, to;
	struct slice text;
	const struct frame *frame;    /* the envelope that it is told of; may be NULL */
	int64_t timeout;              /* milliseconds; 0: as configured */
	const char *lock;             /* NULL: none */
	bool output;                  /* what it prints is wanted */
};

struct program_answer {
	int status;         /* exit status, 128 + N for a signal */
	struct spool output;
	struct buf said;    /* ": FIRST LINE OF STDERR", or empty */
};

#define PROGRAM_ANSWER_NONE { .output = SPOOL_NONE }
void program_answer_clear(struct program_answer *a);
#define AUTO_PROGRAM_ANSWER __attribute__((cleanup(program_answer_clear))) struct program_answer

/* Its input from an offset: *got is 0 only at the end. FAULT_TEMP. */
int program_question_read(const struct program_question *q, uint64_t at, char *ptr, size_t len,
	size_t *got, struct fault *why);

/*
 * Adds the line that tells this question from others, for a record:
 *
 *	program "NAME" ["ARGUMENT", ...] DIGEST
 *
 * DIGEST is "-" without input, else a chain of SHA-256 over pieces of 64 KiB: of the digits
 * of the one before, behind it the piece. FAULT_TEMP.
 */
int program_question_put(const struct program_question *q, struct buf *out, struct fault *why);

/* The same without digest, for people. */
void program_question_name(const struct program_question *q, struct buf *out);

#endif
