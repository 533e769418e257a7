/*
 * Running a checked script over a message: fills an outcome, does nothing else.
 *
 * SPDX-License-Identifier: ISC
 */
#ifndef FILTER_EVALUATE_H
#define FILTER_EVALUATE_H

#include "filter/match.h"
#include "filter/message.h"
#include "filter/outcome.h"
#include "filter/questions.h"
#include "filter/settings.h"
#include "filter/language/vocabulary.h"

/* Told of every test and command that ran, in order; for explain. */
struct trace {
	void (*test)(void *context, const struct script *script, const struct node *node,
		bool result, struct slice seen);
	void (*action)(void *context, const struct script *script, const struct node *node);
	/* Why the command that runs did what nobody would expect; a sentence. */
	void (*note)(void *context, const struct script *script, const struct node *node,
		const char *text);
	void *context;
};

struct loop;
struct versions;

struct run {
	const struct script *script;
	struct message *message; /* its current state: another one after each edit */
	const struct loop *loop;   /* filter/parts/loop.h: the innermost one that runs, or NULL */
	uint64_t breaks;           /* loops that "break" ends besides the innermost one */
	uint64_t part_visits;
	struct versions *versions; /* filter/edit/versions.h; NULL: it cannot be changed */
	struct questions *questions;
	const struct filter_settings *settings;
	int64_t now; /* as in world */
	const struct trace *trace; /* may be NULL */
	struct outcome *outcome;
	const struct outcome *before; /* of the files before this one: counts for the limits */

	struct buf *variables; /* by number */
	struct buf matched;    /* what the last match ran over */
	struct captures captures;
	struct strings flags;  /* the internal variable of RFC 5232 */
	struct buf seen;       /* with a trace: values that the running test looked at */
	const struct node *at; /* the command that runs */
	struct fault fault;    /* why it failed */
	const struct node *failed;
	const struct script *failed_in;
	uint64_t found;           /* capabilities that an "ihave" of this script found */
	bool returned;            /* "return", not "stop", ended the script */
	const struct run *within; /* the run of the script that includes this one, or NULL */
	struct inclusions *inclusions; /* what the runs of one rule file share */
};

/* What a run looks at besides the script; all borrowed. */
struct world {
	struct message *message;
	struct versions *versions; /* set by ruleset_decide */
	struct questions *questions;
	const struct filter_settings *settings;
	int64_t now;               /* what the clock says, seconds since 1970 */
	const struct trace *trace; /* may be NULL */
};

/*
 * Runs it; `before` is what the files before it came to. 0, or -1 after a run-time error:
 * *why is FAULT_RUNTIME and begins with "FILE:LINE: "; what the script had decided so far
 * is to be dropped. *rule (owned) then names the place.
 */
int evaluate(const struct script *script, const struct world *world,
	const struct outcome *before, struct outcome *outcome, char **rule, struct fault *why);

/* ---- for commands and tests ---- */

/* Of a command or block: beside 0, 1 and -1 (struct word), a loop is to end. */
enum { EVALUATE_BREAK = 2 };

int evaluate_block(struct run *run, const struct node *first);

/* "if", "elsif" or "else" alone, without those behind it. As the run of a command. */
int evaluate_branch(struct run *run, const struct node *node, bool *taken);

/*
 * Runs an included script in place of a command (RFC 6609 section 3.2); `once`: not if it was
 * included before. As the run of a command.
 */
int evaluate_included(struct run *run, const struct script *script, bool once);
int evaluate_test(struct run *run, const struct node *node);

/* Fails the script; -1. */
int run_fail(struct run *run, const char *format, ...) __attribute__((format(printf, 2, 3)));

/*
 * The value of a string: *out looks into the script, or into `room`, which is overwritten.
 * -1 when it grows beyond all bounds.
 */
int run_expand(struct run *run, const struct template *t, struct buf *room, struct slice *out);

/* The same as a list of texts added to *out; a NUL in one fails. */
int run_expand_all(struct run *run, const struct template_list *list, struct strings *out);

/* "20-lists.sieve:14" for the command that runs; owned text. */
char *run_rule(const struct run *run);

/* Number of the state that the message is in: for the actions that act on its bytes. */
unsigned run_version(const struct run *run);

/* ${0}... from now on, if the script has variables. */
void run_capture(struct run *run, struct slice value, const struct captures *captures);

/* With a trace: a sentence about the command that runs. */
void run_note(struct run *run, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* With a trace: the test looked at this. */
void run_saw(struct run *run, struct slice value);

#endif
