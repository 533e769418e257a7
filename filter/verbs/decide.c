/*
 * mr-filter decide: what the header alone decides, for a program that has not fetched the
 * rest yet.
 *
 * In comes a mail stream whose messages are headers, each perhaps with an unknown field
 * "size: BYTES" in its frame; out goes one line for each, in order:
 *
 *	fetch             anything but a discard, or the header does not tell
 *	discard FILE:LINE the rules discard it, whatever its body says
 *
 * Every doubt is "fetch": a rule that needs the body, asks the world anything, fails or does
 * not compile. What is fetched is decided anew with all that was missing here.
 *
 * SPDX-License-Identifier: ISC
 */
#include <unistd.h>

#include "common/base/clock.h"
#include "common/base/options.h"
#include "common/mail/intake.h"
#include "common/mail/outlet.h"
#include "filter/chosen.h"
#include "filter/gather.h"
#include "filter/ruleset.h"
#include "filter/settings.h"
#include "filter/verbs/verb.h"

struct decider {
	const struct ruleset *rules;
	const struct filter_settings *settings;
	struct questions questions;
	struct gather_state gather;
	struct frame frame;
	struct outlet out;
};

static int cannot_tell(void *context, enum question question, struct slice about,
	struct fault *why)
{
	(void)context;
	(void)question;
	(void)about;
	return fault_set(why, FAULT_RUNTIME, "not to be asked before the message is there");
}

/* The size as its source tells it; without one no rule may ask for it. */
static bool told_size(const struct frame *frame, uint64_t *size)
{
	for (size_t i = 0; i < frame->others.count; i++) {
		struct slice line = slice_text(frame->others.at[i]);

		if (slice_starts(line, "size: ") && slice_number(slice_from(line, 6), size))
			return true;
	}
	return false;
}

static void decide(struct decider *d)
{
	struct message message;
	struct world world = { .message = &message, .questions = &d->questions,
		.settings = d->settings, .now = clock_wall() };
	AUTO_VERDICT verdict = { 0 };

	gather_end(&d->gather);
	gather_message(&d->gather, &d->frame, &message);
	message.lacks = NEEDS_BODY;
	if (!told_size(&d->frame, &message.size))
		message.lacks |= NEEDS_SIZE;
	questions_forget(&d->questions);
	ruleset_decide(d->rules, &world, &verdict);
	message_close(&message);
	if (verdict.error.kind == FAULT_NONE && !d->gather.cut && verdict.count == 1 &&
		verdict.actions[0].kind == ACTION_DISCARD)
		buf_addf(&d->out.pending, "discard %s\n", verdict.actions[0].rule);
	else
		buf_add_text(&d->out.pending, "fetch\n");
}

/* 1: go on, 0: the stream has ended, -1. */
static int on_event(struct decider *d, const struct stream_event *event, struct fault *why)
{
	switch (event->kind) {
	case STREAM_FRAME:
		frame_copy(&d->frame, event->frame);
		gather_clear(&d->gather);
		return 1;
	case STREAM_BYTES:
		return gather_add(&d->gather, event->bytes, why) < 0 ? -1 : 1;
	case STREAM_END:
		decide(d);
		return outlet_spill(&d->out, why) < 0 ? -1 : 1;
	case STREAM_CUT:
		/* Each message has its line, or the answers would go astray. */
		buf_add_text(&d->out.pending, "fetch\n");
		return 1;
	case STREAM_FLUSH:
		return outlet_flush(&d->out, why) < 0 ? -1 : 1;
	case STREAM_ABORT:
		return fault_set(why, FAULT_TEMP, "the input broke off: %.*s",
			SLICE_ARG(event->reason));
	case STREAM_DONE:
		return 0;
	default:
		return 1;
	}
}

static int run(struct decider *d, struct intake *in, struct fault *why)
{
	int got = 1;

	while (got == 1) {
		struct stream_event event;

		/* Whoever asks waits for the answer: nothing is held while we wait. */
		got = intake_next(in, d->out.pending.len > 0 ? 0 : CLOCK_NEVER, &event, why);
		if (got == 2)
			got = outlet_flush(&d->out, why) < 0 ? -1 : 1;
		else if (got == 1)
			got = on_event(d, &event, why);
	}
	return got < 0 ? -1 : outlet_flush(&d->out, why);
}

static int decide_input(const struct command_line *global, const struct strings *rules,
	struct fault *why)
{
	AUTO_CONFIG *config = NULL;
	AUTO_RULESET set = { 0 };
	AUTO_INTAKE *in = NULL;
	struct filter_settings settings = { 0 };
	struct decider d = { .rules = &set, .settings = &settings,
		.questions = { .answerer = { .ask = cannot_tell } }, .gather = GATHER_NONE,
		.out = { .fd = STDOUT_FILENO, .name = "standard output" } };
	int result;

	if (config_open(global->config, &config, why) < 0)
		return -1;
	result = filter_settings_read(config, &settings, why);
	if (result == 0)
		result = chosen_rules(config, &settings, rules, &set, why);
	if (result == 0) {
		in = intake_open(STDIN_FILENO, "standard input", INTAKE_AUTO);
		result = run(&d, in, why);
	}
	settings_free(filter_setting_rows, &settings);
	questions_free(&d.questions);
	gather_free(&d.gather);
	frame_clear(&d.frame);
	outlet_drop(&d.out);
	return result;
}

int verb_decide(const struct command_line *global, int argc, char **argv, struct fault *why)
{
	AUTO_STRINGS rules = { 0 };
	bool help = false;
	const struct option_row options[] = {
		{ .name = "rules", .argument = "PATH", .list = &rules,
			.help = "this file or folder instead of the configured one" },
		{ .letter = 'h', .name = "help", .flag = &help, .help = "say this" },
		OPTION_END,
	};

	if (options_take(options, &argc, &argv, why) < 0)
		return (int)why->kind;
	if (help) {
		options_help("mr-filter decide [--rules PATH] < STREAM", options);
		return 0;
	}
	if (argc > 0) {
		fault_set(why, FAULT_USAGE, "decide reads a mail stream on stdin, no file");
		return (int)why->kind;
	}
	return decide_input(global, &rules, why) < 0 ? (int)why->kind : 0;
}
