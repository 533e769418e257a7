/*
 * Words that run programs: what they have in common.
 *
 * SPDX-License-Identifier: ISC
 */
#ifndef FILTER_PROGRAMS_CALL_H
#define FILTER_PROGRAMS_CALL_H

#include "filter/language/complaint.h"
#include "filter/evaluate.h"

/* The first rows of such a word's tags: those of vnd.mailrail.program. */
enum { CALL_HEADER, CALL_BODY, CALL_TIMEOUT, CALL_LOCK, CALL_TAGS };

/* In group 1: what the program reads. */
#define CALL_ROWS \
	[CALL_HEADER] = { "header", CAPABILITY_PROGRAM, 1, VALUE_NONE }, \
	[CALL_BODY] = { "body", CAPABILITY_PROGRAM, 1, VALUE_NONE }, \
	[CALL_TIMEOUT] = { "timeout", CAPABILITY_PROGRAM, 0, VALUE_NUMBER }, \
	[CALL_LOCK] = { "lock", CAPABILITY_PROGRAM, 0, VALUE_STRING }

/* LIMIT: seconds that :timeout may ask for: a day. */
enum { CALL_TIMEOUT_MAX = 86400 };

/* What such a word takes: the name, constant, then perhaps a list of arguments. */
#define CALL_POSITIONS "cS?"

/* Checks name, arguments and lock as far as they are constant. 0, or -1 and a problem. */
int call_check(struct checker *checker, const struct node *node);

/* The variable behind the tag `row`, :output, when that is given. 0, or -1 and a problem. */
int call_check_output(struct checker *checker, struct node *node, unsigned row);

/* Name, lock and arguments as a rule says them, with variables put in. Owned. */
struct call {
	const struct node *node;
	struct program_question question;
	struct strings arguments;
	char *name;
	char *lock;
	struct buf room;
};

void call_free(struct call *call);
#define AUTO_CALL __attribute__((cleanup(call_free))) struct call

/* Fills *call but for the input. -1: the script fails. `rows`: the word has CALL_ROWS. */
int call_start(struct call *call, struct run *run, const struct node *node, bool rows);

/* Its input: the message as it is now, header, body or both by the node's tags. */
void call_give_message(struct call *call, struct run *run, bool rows);
void call_give_text(struct call *call, struct slice text);

/*
 * Runs it. 0, and the answer in run->questions' record; -1: the script fails, for the program
 * cannot be run, took too long, printed too much, was killed by a signal, or nobody knows
 * its answer: that is no answer.
 */
int call_run(struct call *call, struct run *run, struct program_answer *answer);

/* With a trace: the exit status, for tests. */
void call_saw(struct run *run, const struct program_answer *answer);

/* "program NAME: exit status 3: WHAT IT SAID" */
void call_put_failure(const struct node *node, const struct program_answer *answer,
	struct buf *out);

/* A line about a program that failed, but fails no rule: a note of explain, else on stderr. */
void call_tell(struct run *run, const char *text);

/* The first bytes of the output, VALUE_MAX at most, become a variable's value. -1: fails. */
int call_keep_output(struct run *run, unsigned variable, const struct program_answer *answer,
	bool trim);

#endif
