/*
 * mr-filter: decides by rule files what is to be done with messages.
 *
 * Reads a mail stream, one plain message or an mbox, on stdin or in a file, and writes the
 * stream with `action` lines on stdout, the messages' bytes unchanged. It stores nothing
 * and sends nothing. A rule file that does not compile or a rule that fails keeps the
 * message: one line on stderr, exit 0, for the mail has passed on whole.
 *
 * Exit: 0; 64 usage; 65 rules that do not compile (check, explain); 70 a rule failed
 * (explain); 75 the input was cut or malformed, no room to spool, or the reader is gone; 78
 * configuration.
 *
 * SPDX-License-Identifier: ISC
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

#include "common/base/io.h"
#include "common/base/options.h"
#include "common/base/say.h"
#include "filter/chosen.h"
#include "filter/pass.h"
#include "filter/settings.h"
#include "filter/verbs/verb.h"
#include "filter/world.h"

static const struct {
	const char *name;
	int (*run)(const struct command_line *global, int argc, char **argv, struct fault *why);
} verbs[] = {
	{ "explain", verb_explain },
	{ "check", verb_check },
	{ "decide", verb_decide },
	{ "test", verb_test },
	{ "stats", verb_stats },
	{ "add", verb_add },
	{ "apply", verb_apply },
};

/* What the main job reads: a file that was named, else stdin. */
struct input {
	int fd;
	const char *name;
	enum intake_mode mode;
};

static int run_pass(const struct config *config, const struct strings *rules,
	const struct input *input, struct fault *why)
{
	AUTO_RULESET set = { 0 };
	AUTO_INTAKE *in = NULL;
	struct filter_settings settings = { 0 };
	struct world_answers answers = { .config = config, .programs = &settings.programs };
	struct questions questions = { .answerer = world_answerer(&answers) };
	int result = filter_settings_read(config, &settings, why);

	if (result == 0)
		result = chosen_rules(config, &settings, rules, &set, why);
	if (result == 0) {
		if (set.count == 0)
			say_detail("no rules in %s: everything is kept", settings.rules);
		in = intake_open(input->fd, input->name, input->mode);
		result = pass(in, STDOUT_FILENO, &set, &questions, &settings, why);
	}
	settings_free(filter_setting_rows, &settings);
	questions_free(&questions);
	world_answers_free(&answers);
	return result;
}

static int main_job(const struct command_line *global, const struct strings *rules,
	const char *file, enum intake_mode mode)
{
	AUTO_CONFIG *config = NULL;
	AUTO_FD fd = file ? open(file, O_RDONLY | O_CLOEXEC) : -1;
	struct input input = { .fd = STDIN_FILENO, .name = "standard input", .mode = mode };
	struct fault why = { 0 };

	if (file && fd < 0) {
		say("%s: no verb, and no file to read: %s (see --help)", file, strerror(errno));
		return FAULT_USAGE;
	}
	if (file)
		input = (struct input){ .fd = fd, .name = file,
			.mode = mode == INTAKE_AUTO ? intake_mode_of_file(fd) : mode };
	if (config_open(global->config, &config, &why) < 0 ||
		run_pass(config, rules, &input, &why) < 0)
		return say_fault(&why);
	return 0;
}

/* True when the first argument is a verb, which then has run: *status. */
static bool run_verb(const struct command_line *global, int argc, char **argv, int *status)
{
	struct fault why = { 0 };

	for (size_t i = 0; argc > 0 && i < sizeof(verbs) / sizeof(verbs[0]); i++) {
		if (strcmp(argv[0], verbs[i].name) != 0)
			continue;
		*status = verbs[i].run(global, argc, argv, &why);
		if (why.kind != FAULT_NONE)
			say_fault(&why);
		return true;
	}
	return false;
}

int main(int argc, char **argv)
{
	static const char usage[] =
		"mr-filter [OPTION...] [FILE] > STREAM\n"
		"       mr-filter [OPTION...] VERB [ARGUMENT...]";
	struct command_line global = { 0 };
	AUTO_STRINGS rules = { 0 };
	bool mbox = false, message = false, help = false, version = false;
	const struct option_row options[] = {
		{ .letter = 'c', .name = "config", .argument = "FILE", .value = &global.config,
			.help = "read this configuration file" },
		{ .name = "rules", .argument = "PATH", .list = &rules,
			.help = "this file or folder instead of the configured one" },
		{ .name = "mbox", .flag = &mbox, .help = "the input is an mbox" },
		{ .name = "message", .flag = &message,
			.help = "the input is one message, whatever its first bytes" },
		{ .letter = 'v', .name = "verbose", .flag = &global.verbose, .help = "say more" },
		{ .letter = 'h', .name = "help", .flag = &help, .help = "this text" },
		{ .name = "version", .flag = &version, .help = "the version" },
		OPTION_END,
	};
	struct fault why = { 0 };
	int status = 0;

	io_start();
	say_start("mr-filter");
	if (options_take(options, &argc, &argv, &why) < 0)
		return say_fault(&why);
	say_verbose(global.verbose);
	if (help) {
		options_help(usage, options);
		puts("verbs (each has --help):\n"
		     "  explain   what rules would do with messages, and why\n"
		     "  check     compile rule files\n"
		     "  test      a suite of messages and what is to become of them\n"
		     "  apply     the rules over mail that is already in a mailbox\n"
		     "  add       write a small rule file: a list, a sender, into a folder\n"
		     "  stats     which rules decided how many messages\n"
		     "  decide    from headers: what need not be fetched");
		return 0;
	}
	if (version) {
		options_version();
		return 0;
	}
	if (mbox && message) {
		say("--mbox and --message exclude each other");
		return FAULT_USAGE;
	}
	if (run_verb(&global, argc, argv, &status))
		return status;
	if (argc > 1) {
		say("one file at a time, or a verb first (see --help)");
		return FAULT_USAGE;
	}
	return main_job(&global, &rules, argc > 0 ? argv[0] : NULL,
		mbox           ? INTAKE_MBOX :
			message ? INTAKE_MESSAGE :
				  INTAKE_AUTO);
}
