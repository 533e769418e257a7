/*
 * mr-filter check: compiles rule files and shows what is wrong with them.
 *
 * SPDX-License-Identifier: ISC
 */
#include <stdio.h>

#include "common/base/say.h"
#include "filter/verbs/portable.h"
#include "filter/verbs/told.h"
#include "filter/verbs/verb.h"

static void show_script(const struct script *script, struct buf *text)
{
	for (size_t p = 0; p < script->problems.count; p++)
		problem_show(text, "error", script->path, buf_slice(&script->source),
			&script->problems.at[p]);
	if (script->problems.count > 0 && script->included_by)
		buf_addf(text, "    (included in %s:%u)\n", script->included_by->path,
			script->included_at);
}

/* Warnings are no failure. */
static void show_warnings(const struct ruleset *set)
{
	AUTO_BUF text = { 0 };

	for (size_t i = 0; i < set->count; i++)
		portable_show(set->scripts[i], i, &text);
	for (size_t i = 0; i < set->library.count; i++)
		portable_show(set->library.at[i], i, &text);
	fwrite(buf_text(&text), 1, text.len, stdout);
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

static int run(struct told *told, const char *config, bool portable, int argc, char **argv,
	struct fault *why)
{
	for (int i = 0; i < argc; i++)
		strings_add(&told->paths, slice_text(argv[i]));
	if (told_open(told, config, why) < 0)
		return (int)why->kind;
	if (portable)
		show_warnings(&told->rules);
	return show(&told->rules);
}

int verb_check(const struct command_line *global, int argc, char **argv, struct fault *why)
{
	struct told told = { 0 };
	bool help = false, portable = false;
	int status = 0;
	struct option_row options[TOLD_OPTIONS + 3] = {
		{ .letter = 'h', .name = "help", .flag = &help, .help = "this text" },
		{ .name = "portable", .flag = &portable,
			.help = "warn of what other Sieve servers lack or do otherwise" },
	};

	told_options(&told, options + 2);
	if (options_take(options, &argc, &argv, why) < 0)
		status = (int)why->kind;
	else if (help)
		options_help("mr-filter check [OPTION...] [FILE|FOLDER...]", options);
	else
		status = run(&told, global->config, portable, argc, argv, why);
	told_free(&told);
	return status;
}
