/*
 * mr-filter explain: what the rules would do with messages, and why. Does nothing else.
 *
 * SPDX-License-Identifier: ISC
 */
#include <stdio.h>
#include <unistd.h>

#include "common/base/say.h"
#include "filter/verbs/outdir.h"
#include "filter/verbs/report.h"
#include "filter/verbs/source.h"
#include "filter/verbs/told.h"
#include "filter/verbs/verb.h"

struct explain {
	struct told told;
	struct report report;
	struct gather_state gather;
	struct outdir out;
	int status;
};

static int explain_message(void *context, const char *source, struct frame *frame,
	struct message *message, struct fault *why)
{
	struct explain *e = context;
	struct trace trace = report_trace(&e->report);
	struct world world;
	AUTO_VERDICT verdict = { 0 };
	int result;

	told_message(&e->told, frame, message, &trace, &world);
	report_begin(&e->report, source, message);
	ruleset_decide(&e->told.rules, &world, &verdict);
	report_end(&e->report, &verdict, &e->told.questions);
	result = told_record(&e->told, why);
	e->out.host = e->told.settings.host;
	e->out.now = world.now;
	if (result == 0 && e->out.path)
		result = outdir_write(&e->out, &verdict, frame, why);
	if (verdict.error.kind != FAULT_NONE) {
		say("%s", verdict.error.text);
		e->status = status_worse(e->status, (int)verdict.error.kind);
	}
	return result;
}

static int explain_intake(void *context, const char *name, struct intake *in, struct fault *why)
{
	struct explain *e = context;

	return source_messages(in, name, &e->gather, explain_message, e, why);
}

static int explain_all(struct explain *e, int argc, char **argv, struct fault *why)
{
	/* Also when no message comes as far as that file. */
	if (ruleset_broken(&e->told.rules))
		e->status = FAULT_DATA;
	e->gather.whole = e->told.rules.needs != 0 || e->out.path;
	if (argc == 0)
		return source_descriptor(STDIN_FILENO, "standard input", INTAKE_AUTO,
			explain_intake, e, why);
	for (int i = 0; i < argc; i++) {
		int got = source_path(argv[i], explain_intake, e, why);

		if (got < 0)
			return -1;
		if (got > 0)
			e->status = status_worse(e->status, FAULT_TEMP);
	}
	return 0;
}

/* NO_COLOR: https://no-color.org, set and not empty. */
static bool wants_colour(void)
{
	const char *none = getenv("NO_COLOR");
	const char *terminal = getenv("TERM");

	return isatty(STDOUT_FILENO) && !(none && *none) && terminal && *terminal &&
		strcmp(terminal, "dumb") != 0;
}

static int run(struct explain *e, const char *config, const char *out_dir, int argc, char **argv)
{
	struct fault why = { 0 };

	if (told_open(&e->told, config, &why) < 0 ||
		(out_dir && outdir_open(&e->out, out_dir, &why) < 0) ||
		explain_all(e, argc, argv, &why) < 0)
		e->status = status_worse(e->status, say_fault(&why));
	if (fflush(stdout) != 0)
		e->status = FAULT_TEMP;
	return e->status;
}

int verb_explain(const struct command_line *global, int argc, char **argv, struct fault *why)
{
	struct explain e = { .gather = GATHER_NONE, .out = OUTDIR_NONE };
	const char *out_dir = NULL;
	bool plain = false, json = false, tests = false, help = false, all = false;
	int status = 0;
	struct option_row options[TOLD_OPTIONS + 7] = {
		{ .name = "plain", .flag = &plain, .help = "one action per line, for programs" },
		{ .name = "json", .flag = &json, .help = "one JSON object per message" },
		{ .name = "tests", .flag = &tests,
			.help = "with the tests that were true, also when stdout is no terminal" },
		{ .letter = 'v', .flag = &all, .help = "show tests that were false, too" },
		{ .name = "out-dir", .argument = "DIR", .value = &out_dir,
			.help = "write there what would be stored and sent" },
		{ .letter = 'h', .name = "help", .flag = &help, .help = "this text" },
	};

	told_options(&e.told, options + 6);
	if (options_take(options, &argc, &argv, why) < 0) {
		status = (int)why->kind;
	} else if (help) {
		options_help("mr-filter explain [OPTION...] [FILE|MBOX|MAILDIR...]", options);
	} else {
		bool people = tests || isatty(STDOUT_FILENO);

		e.report.form = json           ? &report_json :
			people && !plain       ? &report_people :
						 &report_plain;
		e.report.all = all || global->verbose;
		e.report.colour = wants_colour();
		status = run(&e, global->config, out_dir, argc, argv);
	}
	outdir_close(&e.out);
	told_free(&e.told);
	report_free(&e.report);
	gather_free(&e.gather);
	return status;
}
