/*
 * The verbs of mr-filter: each takes its own options off argv and returns an exit status.
 *
 * SPDX-License-Identifier: ISC
 */
#ifndef FILTER_VERBS_VERB_H
#define FILTER_VERBS_VERB_H

#include <stdbool.h>

#include "common/base/fault.h"

/* The global options, taken by main. */
struct command_line {
	const char *config; /* -c */
	bool verbose;
};

/* argv[0] is the verb's name. */
int verb_explain(const struct command_line *global, int argc, char **argv, struct fault *why);
int verb_decide(const struct command_line *global, int argc, char **argv, struct fault *why);
int verb_test(const struct command_line *global, int argc, char **argv, struct fault *why);
int verb_apply(const struct command_line *global, int argc, char **argv, struct fault *why);
int verb_add(const struct command_line *global, int argc, char **argv, struct fault *why);
int verb_stats(const struct command_line *global, int argc, char **argv, struct fault *why);
int verb_check(const struct command_line *global, int argc, char **argv, struct fault *why);

#endif
