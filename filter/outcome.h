/*
 * What one script decided, and what all of them together come to (RFC 5228 2.10,
 * draft-degener-sieve-multiscript-00).
 *
 * SPDX-License-Identifier: ISC
 */
#ifndef FILTER_OUTCOME_H
#define FILTER_OUTCOME_H

#include "common/mail/action.h"

struct outcome {
	struct action *actions; /* all but keep and discard, in order, each target once */
	size_t count;
	bool cancelled;      /* no implicit keep */
	bool kept;           /* an explicit keep, or one inherited: `keep` says which */
	struct action keep;
	char *discarded;     /* the rule that said discard; NULL */
	unsigned version;    /* of the message at the end: what an implicit keep keeps */
	bool vacation;       /* one was run, whether or not a reply came of it */
};

void outcome_clear(struct outcome *o);
#define AUTO_OUTCOME __attribute__((cleanup(outcome_clear))) struct outcome

/*
 * Each takes the action (its texts are given away). Of two for one target one is left, with
 * the flags of the last and the message as it was at the first (RFC 5228 section 2.10.3, RFC
 * 5293 section 7).
 */
void outcome_file(struct outcome *o, struct action *action);
void outcome_keep(struct outcome *o, struct action *action);

/* All but marks, which go nowhere. */
size_t outcome_targets(const struct outcome *o);

/* A keep that takes the place of any before it, with its own state of the message. */
void outcome_keep_now(struct outcome *o, struct action *action);

/* How many actions of that kind. */
size_t outcome_count(const struct outcome *o, enum action_kind kind);

/* True while a keep, implicit or explicit, is in effect: then the next file runs. */
bool outcome_goes_on(const struct outcome *o);

/*
 * Adds what a later script decided, which inherits the keep: a keep means "go on with the
 * next script", so that what is kept is the message as the last one left it. `later` is
 * emptied.
 */
void outcome_join(struct outcome *all, struct outcome *later);

/*
 * The list to be carried out, never empty: the actions, then the keep (rule "implicit" when
 * no rule said so), else a discard unless an action says what becomes of the message (a
 * reply or a mark does not). *out is an owned array; `o` is emptied.
 */
void outcome_finish(struct outcome *o, struct action **out, size_t *count);

#endif
