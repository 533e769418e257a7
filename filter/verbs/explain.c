/*
 * mr-filter explain: what the rules would do with messages, and why. Does nothing else.
 *
 * SPDX-License-Identifier: ISC
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "common/base/clock.h"
#include "common/base/io.h"
#include "common/base/options.h"
#include "common/base/say.h"
#include "common/mail/intake.h"
#include "filter/chosen.h"
#include "filter/verbs/source.h"
#include "filter/gather.h"
#include "filter/verbs/report.h"
#include "filter/settings.h"
#include "filter/verbs/verb.h"
#include "filter/world.h"

struct explain {
	struct ruleset rules;
	struct questions questions;
	struct world_answers answers;
	struct filter_settings settings;
	struct report report;
	struct gather_state gather;
	struct frame envelope; /* of --envelope */
	bool has_from;
	int status;
};

static void set_envelope(const struct explain *e, struct frame *frame)
{
	if (e->has_from) {
		buf_set(&frame->mail_from, buf_slice(&e->envelope.mail_from));
		frame->mail_from_known = true;
	}
	if (e->envelope.rcpt_to.count == 0)
		return;
	strings_clear(&frame->rcpt_to);
	for (size_t i = 0; i < e->envelope.rcpt_to.count; i++)
		strings_add(&frame->rcpt_to, slice_text(e->envelope.rcpt_to.at[i]));
}

static void explain_message(struct explain *e, const char *source, struct frame *frame)
{
	struct message message;
	struct trace trace;
	struct world world = { .message = &message, .questions = &e->questions,
		.settings = &e->settings, .now = clock_wall(), .trace = &trace };
	AUTO_VERDICT verdict = { 0 };

	set_envelope(e, frame);
	gather_end(&e->gather);
	gather_message(&e->gather, frame, &message);
	questions_forget(&e->questions);
	trace = report_trace(&e->report);
	report_begin(&e->report, source, &message);
	ruleset_decide(&e->rules, &world, &verdict);
	report_end(&e->report, &verdict, &e->questions);
	message_close(&message);
	if (verdict.error.kind != FAULT_NONE) {
		say("%s", verdict.error.text);
		e->status = status_worse(e->status, (int)verdict.error.kind);
	}
}

/* All messages of one source. A source that breaks off ends with a fault. */
static int explain_intake(void *context, const char *name, struct intake *in, struct fault *why)
{
	struct explain *e = context;
	struct frame *frame = NULL;
	struct stream_event event;
	int got;

	while ((got = intake_next(in, CLOCK_NEVER, &event, why)) == 1) {
		if (event.kind == STREAM_FRAME) {
			frame = event.frame;
			gather_clear(&e->gather);
		} else if (event.kind == STREAM_BYTES) {
			if (gather_add(&e->gather, event.bytes, why) < 0)
				return -1;
		} else if (event.kind == STREAM_END && frame) {
			explain_message(e, name, frame);
		} else if (event.kind == STREAM_ABORT) {
			return fault_set(why, FAULT_TEMP, "%s broke off: %.*s", name,
				SLICE_ARG(event.reason));
		}
	}
	return got;
}

static int take_envelope(struct explain *e, const struct strings *given, struct fault *why)
{
	for (size_t i = 0; i < given->count; i++) {
		struct slice text = slice_text(given->at[i]);

		if (slice_starts(text, "from=")) {
			buf_set(&e->envelope.mail_from, slice_from(text, 5));
			e->has_from = true;
		} else if (slice_starts(text, "to=")) {
			strings_add(&e->envelope.rcpt_to, slice_from(text, 3));
		} else {
			return fault_set(why, FAULT_USAGE,
				"--envelope %s: expected from=ADDRESS or to=ADDRESS", given->at[i]);
		}
	}
	return 0;
}

static int load(struct explain *e, const struct config *config, const struct strings *rules,
	struct fault *why)
{
	const struct script *broken;

	if (filter_settings_read(config, &e->settings, why) < 0)
		return -1;
	if (chosen_rules(config, &e->settings, rules, &e->rules, why) < 0)
		return -1;
	broken = ruleset_broken(&e->rules);
	/* Also when no message comes as far as that file. */
	if (broken)
		e->status = FAULT_DATA;
	e->gather.whole = e->rules.needs != 0;
	return 0;
}

static void explain_free(struct explain *e)
{
	ruleset_free(&e->rules);
	questions_free(&e->questions);
	world_answers_free(&e->answers);
	settings_free(filter_setting_rows, &e->settings);
	report_free(&e->report);
	gather_free(&e->gather);
	frame_clear(&e->envelope);
}

static int explain_all(struct explain *e, int argc, char **argv, struct fault *why)
{
	if (argc == 0)
		return source_descriptor(STDIN_FILENO, "standard input", INTAKE_AUTO,
			explain_intake, e, why);
	for (int i = 0; i < argc; i++) {
		if (source_path(argv[i], explain_intake, e, why) < 0)
			return -1;
	}
	return 0;
}

int verb_explain(const struct command_line *global, int argc, char **argv, struct fault *why)
{
	struct explain e = { .gather = GATHER_NONE };
	AUTO_CONFIG *config = NULL;
	AUTO_STRINGS rules = { 0 };
	AUTO_STRINGS envelope = { 0 };
	AUTO_STRINGS folders = { 0 };
	bool plain = false;
	bool tests = false;
	bool help = false;
	bool all = false;
	int result = -1;
	const struct option_row options[] = {
		{ .name = "rules", .argument = "PATH", .list = &rules,
			.help = "this file or folder instead of the configured one" },
		{ .name = "envelope", .argument = "NAME=VALUE", .list = &envelope,
			.help = "from=ADDRESS (empty: the null sender) or to=ADDRESS" },
		{ .name = "mailbox", .argument = "NAME", .list = &folders,
			.help = "this folder exists, and only those that are so named" },
		{ .name = "plain", .flag = &plain, .help = "one action per line, for programs" },
		{ .name = "tests", .flag = &tests,
			.help = "with the tests that were true, also when stdout is no terminal" },
		{ .letter = 'v', .flag = &all, .help = "show tests that were false, too" },
		{ .letter = 'h', .name = "help", .flag = &help, .help = "say this" },
		OPTION_END,
	};

	if (options_take(options, &argc, &argv, why) < 0)
		return (int)why->kind;
	if (help) {
		options_help("mr-filter explain [OPTION...] [FILE|MBOX|MAILDIR...]", options);
		return 0;
	}
	e.answers = (struct world_answers){ .folders = &folders };
	e.questions.answerer = world_answerer(&e.answers);
	e.report.plain = plain || (!tests && !isatty(STDOUT_FILENO));
	e.report.all = all || global->verbose;
	if (config_open(global->config, &config, why) == 0) {
		e.answers.config = config;
		if (take_envelope(&e, &envelope, why) == 0 && load(&e, config, &rules, why) == 0)
			result = explain_all(&e, argc, argv, why);
	}
	if (result < 0)
		e.status = status_worse(e.status, say_fault(why));
	if (fflush(stdout) != 0)
		e.status = FAULT_TEMP;
	why->kind = FAULT_NONE;
	explain_free(&e);
	return e.status;
}
