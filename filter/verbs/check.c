/*
 * mr-filter check: compiles rule files and shows what is wrong with them.
 *
 * SPDX-License-Identifier: ISC
 */
#include <stdio.h>

#include "common/base/options.h"
#include "common/base/say.h"
#include "filter/chosen.h"
#include "filter/settings.h"
#include "filter/verbs/verb.h"

/* Paths from the arguments and those of --rules, else of the configuration. */
static int load(const struct command_line *global, struct strings *rules, int argc,
	char **argv, struct ruleset *set, struct fault *why)
{
	AUTO_CONFIG *config = NULL;
	struct filter_settings settings = { 0 };
	int result;

	for (int i = 0; i < argc; i++)
		strings_add(rules, slice_text(argv[i]));
	if (config_open(global->config, &config, why) < 0)
		return -1;
	result = filter_settings_read(config, &settings, why);
	if (result == 0)
		result = chosen_rules(config, &settings, rules, set, why);
	settings_free(filter_setting_rows, &settings);
	return result;
}

static void show_script(const struct script *script, struct buf *text)
{
	for (size_t p = 0; p < script->problems.count; p++)
		problem_show(text, script->path, buf_slice(&script->source),
			&script->problems.at[p]);
	if (script->problems.count > 0 && script->included_by)
		buf_addf(text, "    (included in %s:%u)\n", script->included_by->path,
			script->included_at);
}

static int show(const struct ruleset *set)
{
	AUTO_BUF text = { 0 };
	int status;

	for (size_t i = 0; i < set->count; i++)
		show_script(set->scripts[i], &text);
	for (size_t i = 0; i < set->library.count; i++)
		show_script(set->library.at[i], &text);
	status = text.len > 0 ? FAULT_DATA : 0;
	fwrite(buf_text(&text), 1, text.len, stdout);
	say_detail("%zu rule files, %s", set->count + set->library.count,
		status ? "not all well" : "all well");
	return status;
}

int verb_check(const struct command_line *global, int argc, char **argv, struct fault *why)
{
	AUTO_RULESET set = { 0 };
	AUTO_STRINGS rules = { 0 };
	bool help = false;
	const struct option_row options[] = {
		{ .name = "rules", .argument = "PATH", .list = &rules,
			.help = "check this file or folder" },
		{ .letter = 'h', .name = "help", .flag = &help, .help = "say this" },
		OPTION_END,
	};

	if (options_take(options, &argc, &argv, why) < 0)
		return (int)why->kind;
	if (help) {
		options_help("mr-filter check [--rules PATH] [FILE|FOLDER...]", options);
		return 0;
	}
	if (load(global, &rules, argc, argv, &set, why) < 0)
		return (int)why->kind;
	return show(&set);
}
