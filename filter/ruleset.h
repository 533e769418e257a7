/*
 * All rule files, and what they decide together (draft-degener-sieve-multiscript-00).
 *
 * SPDX-License-Identifier: ISC
 */
#ifndef FILTER_RULESET_H
#define FILTER_RULESET_H

#include "filter/edit/versions.h"
#include "filter/evaluate.h"
#include "filter/language/library.h"

struct ruleset {
	struct script **scripts; /* in the order of their names */
	size_t count;
	unsigned needs; /* of those that can run: NEEDS_SIZE, NEEDS_BODY */
	struct library library; /* its directories are set by the caller before */
};

/* Named on the command line, set by the configuration, or neither. */
enum ruleset_origin { RULESET_NAMED, RULESET_SET, RULESET_DEFAULT };

/*
 * Compiles PATH: one file, or every "*.sieve" of a directory in the order of their bytes.
 * Files that do not compile or cannot be read or trusted (rule_file.h) are in it with their
 * problems. A path that is missing is an empty set when RULESET_DEFAULT, else FAULT_CONFIG;
 * a directory that cannot be read is FAULT_TEMP. May be called for several paths, one after
 * the other.
 */
int ruleset_load(struct ruleset *set, const char *path, enum ruleset_origin origin,
	struct fault *why);
void ruleset_free(struct ruleset *set);
#define AUTO_RULESET __attribute__((cleanup(ruleset_free))) struct ruleset

/* The first file that does not compile, or NULL. */
const struct script *ruleset_broken(const struct ruleset *set);

struct verdict {
	struct action *actions; /* owned; at least one */
	size_t count;
	struct versions versions; /* what their `version` numbers; valid as long as the message */
	/* FAULT_NONE; or what failed: FAULT_DATA when a file does not compile, FAULT_RUNTIME
	 * when a rule failed. The message is kept then, by rule "error at FILE:LINE". */
	struct fault error;
	struct buf after; /* the id of a message that must be done before; empty: none */
};

/* Never fails: an error is a keep. */
void ruleset_decide(const struct ruleset *set, const struct world *world, struct verdict *out);
void verdict_clear(struct verdict *v);
#define AUTO_VERDICT __attribute__((cleanup(verdict_clear))) struct verdict

#endif
