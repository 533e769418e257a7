/*
 * mr-filter apply: the rules over mail that is already in a mailbox.
 *
 * A dry run with a summary; with --do mr-deliver files what rules put elsewhere, and each
 * file leaves its Maildir when its message is stored (mover.h). Nothing is sent, run or
 * refused for old mail, a keep is where the message is already, and what rules discard stays
 * unless --discard is given.
 *
 * Exit: 0; 65 a rule file does not compile (then nothing is done); 70 a rule failed; 75 a
 * message was not stored and stays.
 *
 * SPDX-License-Identifier: ISC
 */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <sys/stat.h>

#include "common/base/say.h"
#include "filter/verbs/mover.h"
#include "filter/verbs/plain.h"
#include "filter/verbs/source.h"
#include "filter/verbs/told.h"
#include "filter/verbs/verb.h"

struct apply {
	struct told told;
	struct gather_state gather;
	struct mover mover;
	bool does;     /* --do */
	bool discards; /* --discard */
	const char *source;
	struct stat place; /* of the source */
	struct deliver_settings deliver;
	struct stores stores;
	uint64_t messages;
	struct strings lines; /* of the summary */
	uint64_t *counts;
	int status;
};

static void count(struct apply *a, const struct buf *line)
{
	size_t i = 0;

	while (i < a->lines.count && strcmp(a->lines.at[i], buf_text(line)) != 0)
		i++;
	if (i == a->lines.count) {
		strings_add(&a->lines, buf_slice(line));
		a->counts = mem_grow(a->counts, a->lines.count, sizeof(*a->counts));
		a->counts[i] = 0;
	}
	a->counts[i]++;
}

/* The folder that the message is in already. */
static bool is_source(const struct apply *a, const char *folder)
{
	AUTO_BUF path = { 0 };
	enum store_kind kind;
	struct fault why;
	struct stat st;

	return folder_place(&a->stores, slice_text(folder), &kind, &path, NULL, &why) == 0 &&
		stat(buf_text(&path), &st) == 0 && st.st_dev == a->place.st_dev &&
		st.st_ino == a->place.st_ino;
}

/* What becomes of an action; NULL: it is done. */
static const char *left_out(const struct apply *a, const struct action *action)
{
	if (action->kind == ACTION_FILEINTO)
		return is_source(a, action->target) ? "stays" : NULL;
	if (action->kind == ACTION_DISCARD)
		return a->discards ? NULL : "stays: --discard is not given";
	return action->kind == ACTION_KEEP ? "stays" : "left out: nothing is sent or run";
}

static void count_action(struct apply *a, const struct action *action, const char *why_not)
{
	AUTO_BUF line = { 0 };
	AUTO_BUF text = { 0 };

	if (action->kind == ACTION_MARK)
		return;
	plain_put(&text, action);
	buf_add_slice(&line, slice_first(buf_slice(&text), 100));
	if (why_not)
		buf_addf(&line, "  (%s)", why_not);
	count(a, &line);
}

/* Fills `wanted`; *removes: the message is then elsewhere. True when there is any. */
static bool choose(struct apply *a, const struct verdict *v, bool *wanted, bool *removes)
{
	bool any = false;

	*removes = true;
	for (size_t i = 0; i < v->count; i++) {
		const struct action *action = &v->actions[i];
		const char *why_not = left_out(a, action);

		wanted[i] = !why_not;
		any = any || wanted[i];
		if (action->kind == ACTION_KEEP || (why_not && action->kind == ACTION_FILEINTO))
			*removes = false;
		count_action(a, action, why_not);
	}
	return any;
}

static int apply_message(void *context, const char *path, struct frame *frame,
	struct message *message, struct fault *why)
{
	struct apply *a = context;
	AUTO_VERDICT verdict = { 0 };
	AUTO_FREE bool *wanted = NULL;
	struct world world;
	struct stat st;
	bool removes;
	int there = a->does ? mover_frame(path, frame, &st, why) : 1;

	if (there != 1)
		return there;
	a->messages++;
	told_message(&a->told, frame, message, NULL, &world);
	ruleset_decide(&a->told.rules, &world, &verdict);
	if (told_record(&a->told, why) < 0)
		return -1;
	if (verdict.error.kind != FAULT_NONE) {
		say("%s: %s", path, verdict.error.text);
		a->status = status_worse(a->status, (int)verdict.error.kind);
	}
	wanted = mem_zero(verdict.count, sizeof(*wanted));
	if (!choose(a, &verdict, wanted, &removes) || !a->does)
		return 0;
	buf_set(&frame->folder, slice_text(a->source));
	return mover_put(&a->mover, path, &st, frame, &verdict, wanted, removes, why);
}

static int apply_intake(void *context, const char *name, struct intake *in, struct fault *why)
{
	struct apply *a = context;

	return source_messages(in, name, &a->gather, apply_message, a, why);
}

static void print_summary(const struct apply *a)
{
	printf("%s: %" PRIu64 " messages\n", a->source, a->messages);
	for (size_t i = 0; i < a->lines.count; i++)
		printf("%8" PRIu64 "  -> %s\n", a->counts[i], a->lines.at[i]);
	if (a->does)
		printf("%" PRIu64 " moved, %" PRIu64 " copied, %" PRIu64 " not stored\n",
			a->mover.moved, a->mover.copied, a->mover.left);
	else
		printf("nothing was done (--do does it)\n");
}

static int open_source(struct apply *a, struct fault *why)
{
	if (stat(a->source, &a->place) < 0)
		return fault_set(why, FAULT_TEMP, "open %s: %s", a->source, strerror(errno));
	if (a->does && !S_ISDIR(a->place.st_mode))
		return fault_set(why, FAULT_USAGE,
			"%s: --do takes mail out of a Maildir only (of an mbox: the dry run)",
			a->source);
	return deliver_settings_read(a->told.config, &a->deliver, &a->stores, why);
}

static int run(struct apply *a, const char *config, struct fault *why)
{
	const struct script *broken;
	int got;

	/* What the ledger has seen is this very mail. */
	if (a->told.seen.count == 0)
		strings_add(&a->told.seen, SLICE(""));
	if (told_open(&a->told, config, why) < 0 || open_source(a, why) < 0)
		return -1;
	broken = ruleset_broken(&a->told.rules);
	if (broken)
		return fault_set(why, FAULT_DATA, "%s:%u:%u: %s", broken->path,
			broken->problems.at[0].line, broken->problems.at[0].column,
			broken->problems.at[0].text);
	a->gather.whole = a->told.rules.needs != 0 || a->does;
	if (a->does && mover_start(&a->mover, config, why) < 0)
		return -1;
	got = source_path(a->source, apply_intake, a, why);
	if (got < 0)
		return -1;
	if (got > 0)
		a->status = status_worse(a->status, FAULT_TEMP);
	return a->does ? mover_end(&a->mover, why) : 0;
}

static void apply_free(struct apply *a)
{
	mover_free(&a->mover);
	told_free(&a->told);
	gather_free(&a->gather);
	deliver_settings_free(&a->deliver);
	stores_clear(&a->stores);
	strings_free(&a->lines);
	free(a->counts);
}

int verb_apply(const struct command_line *global, int argc, char **argv, struct fault *why)
{
	struct apply a = { .gather = GATHER_NONE, .mover = { .child = CHILD_NONE } };
	bool help = false;
	int status = 0;
	struct option_row options[TOLD_OPTIONS + 4] = {
		{ .name = "do", .flag = &a.does, .help = "do it (else only a summary is shown)" },
		{ .name = "discard", .flag = &a.discards,
			.help = "also remove what rules discard" },
		{ .letter = 'h', .name = "help", .flag = &help, .help = "this text" },
	};

	told_options(&a.told, options + 3);
	if (options_take(options, &argc, &argv, why) < 0) {
		status = (int)why->kind;
	} else if (help) {
		options_help("mr-filter apply [OPTION...] MAILDIR|MBOX", options);
	} else if (argc != 1) {
		status = FAULT_USAGE;
		fault_set(why, FAULT_USAGE, "apply wants one Maildir or mbox");
	} else {
		a.source = argv[0];
		status = run(&a, global->config, why) < 0 ? (int)why->kind : 0;
		if (a.messages > 0)
			print_summary(&a);
		status = status_worse(status, a.status);
	}
	apply_free(&a);
	return status;
}
