/*
 * The world that explain, check, test and apply are told of on the command line, and what
 * they judge messages with: configuration, rule files, clock, and answers to what rules ask.
 *
 * SPDX-License-Identifier: ISC
 */
#ifndef FILTER_VERBS_TOLD_H
#define FILTER_VERBS_TOLD_H

#include "common/base/options.h"
#include "filter/ruleset.h"
#include "filter/verbs/replay.h"
#include "filter/world.h"

/* How many rows told_options writes. */
enum { TOLD_OPTIONS = 11 };

/* All zero but for what the caller sets; told_options, then told_open, at the end told_free. */
struct told {
	bool only; /* set by the caller: nothing is there, and was seen, but what is told */

	/* as the command line has them */
	struct strings paths; /* --rules; the caller may add more */
	struct strings envelope;
	struct strings folders;
	struct strings sets;
	struct strings seen;
	const char *include_dir;
	const char *global_include_dir;
	const char *time;
	const char *programs;
	const char *replay_file;
	const char *record_file;

	/* made of them by told_open */
	struct config *config;
	struct filter_settings settings;
	struct ruleset rules;
	struct questions questions;
	struct world_answers answers;
	struct replay replay;
	int64_t now;
	bool has_now;
	uint64_t messages;
};

/* Writes TOLD_OPTIONS rows. */
void told_options(struct told *t, struct option_row *rows);

/*
 * Reads the configuration (`config`: its path, or NULL) and compiles the rules; files that do
 * not compile are no fault. FAULT_USAGE, FAULT_CONFIG, FAULT_TEMP.
 */
int told_open(struct told *t, const char *config, struct fault *why);
void told_free(struct told *t);

/*
 * The next message: its envelope as told, and the world it is judged in. `trace` may be
 * NULL. Questions are forgotten.
 */
void told_message(struct told *t, struct frame *frame, struct message *message,
	const struct trace *trace, struct world *out);

/* Behind ruleset_decide: writes what was asked where it is to be recorded. */
int told_record(struct told *t, struct fault *why);

#endif
