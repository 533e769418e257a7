/*
 * What rules ask of the world during evaluation: one narrow interface, answers recorded.
 *
 * A decision is a function of message, envelope, rules and these answers; with the record
 * it can be told later why a rule decided as it did.
 *
 * SPDX-License-Identifier: ISC
 */
#ifndef FILTER_QUESTIONS_H
#define FILTER_QUESTIONS_H

#include "common/base/buf.h"
#include "common/base/fault.h"
#include "common/mail/action.h"
#include "filter/lists/lists.h"
#include "filter/programs/question.h"
#include "filter/tests/scanner.h"

enum question {
	QUESTION_MAILBOX,     /* does this folder exist, so that mail can be filed into it? */
	QUESTION_SPECIAL_USE, /* "\\Junk": is there a folder for it? "\\Junk NAME": this one? */
	QUESTION_DUPLICATE,   /* was this key marked by a message before this one? */
};

/* Who answers. 1 yes, 0 no, -1 cannot tell (FAULT_RUNTIME: the rule fails, mail is kept). */
struct answerer {
	int (*ask)(void *context, enum question question, struct slice about,
		struct fault *why);
	void *context; /* borrowed */
	/* Either may be NULL. Before the first question about a message; `now` as in world. */
	void (*begin)(void *context, const struct frame *frame, int64_t now);
	/* What was decided on it; *after: the id of a message that must be done before. */
	void (*decided)(void *context, const struct action *actions, size_t count,
		struct buf *after);
	/*
	 * Runs a program to its end: 0 and *answer. -1: FAULT_RUNTIME: its answer is not known;
	 * else as program_run. NULL: none is run, no answer is known.
	 */
	int (*run)(void *context, const struct program_question *question,
		struct program_answer *answer, struct fault *why);
};

struct questions {
	struct answerer answerer;
	struct strings record; /* "mailbox lists/c: yes", of this message, in order */
	struct lists lists;    /* that rules named, kept over all messages */
	struct scanner spam;   /* how the settings say that verdicts are read, likewise */
	struct scanner virus;
	bool whole; /* set by the caller: what programs print stands in the record, too */
};

/* "mailbox", as the record has it. */
const char *question_word(enum question question);

/* The same question about the same thing is asked once per message. */
int questions_ask(struct questions *q, enum question question, struct slice about,
	struct fault *why);

/*
 * Asks a program, each time anew: rules may run one for what it does. *answer (empty) is the
 * caller's. Recorded as programs/record.h has it, or without digest and output: "program
 * "a" ["b"]: exit 0, 12 bytes".
 */
int questions_run(struct questions *q, const struct program_question *about,
	struct program_answer *answer, struct fault *why);

/* For ruleset_decide: who answers is told of the message, and of its decision. */
void questions_begin(struct questions *q, const struct frame *frame, int64_t now);
void questions_decided(struct questions *q, const struct action *actions, size_t count,
	struct buf *after);

/* Before the next message. */
void questions_forget(struct questions *q);
void questions_free(struct questions *q);

#endif
