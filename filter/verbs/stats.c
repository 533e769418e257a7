/*
 * mr-filter stats: which rule decided how many messages, when last, and which never did.
 *
 * What was decided is what mr-deliver carried out and wrote into the log of the ledger; the
 * rules that never did are those of the present files.
 *
 * SPDX-License-Identifier: ISC
 */
#include <inttypes.h>
#include <stdio.h>

#include "common/base/clock.h"
#include "common/base/json.h"
#include "common/base/options.h"
#include "common/base/paths.h"
#include "common/base/say.h"
#include "common/base/units.h"
#include "common/mail/date.h"
#include "common/mail/ledger/delivery.h"
#include "filter/chosen.h"
#include "filter/verbs/verb.h"

struct stats {
	bool json;
	struct strings fired; /* "20-lists.sieve:14", sorted before it is searched */
	struct buf rules;     /* lines, or the members of the JSON list */
	struct buf never;
};

static void put_rule(struct stats *s, const struct log_count *row)
{
	struct buf *out = &s->rules;
	AUTO_BUF when = { 0 };

	date_put_stamp(&when, row->last);
	if (!s->json) {
		buf_addf(out, "%8" PRId64 "  %s  ", row->messages, buf_text(&when));
		say_visible(out, row->rule);
		buf_add_byte(out, '\n');
		return;
	}
	buf_addf(out, "%s{\"rule\": ", out->len > 0 ? ", " : "");
	json_put_text(out, row->rule);
	buf_addf(out, ", \"messages\": %" PRId64 ", \"last\": \"%s\"}", row->messages,
		buf_text(&when));
}

static void on_count(const struct log_count *row, void *context)
{
	struct stats *s = context;

	strings_add(&s->fired, row->rule);
	put_rule(s, row);
}

static int by_text(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

static void put_never(struct stats *s, const char *rule)
{
	if (!s->json) {
		buf_addf(&s->never, "%8s  %-20s  ", "-", "never");
		say_visible(&s->never, slice_text(rule));
		buf_add_byte(&s->never, '\n');
		return;
	}
	buf_add_text(&s->never, s->never.len > 0 ? ", " : "");
	json_put_text(&s->never, slice_text(rule));
}

/* Commands that the log can name: those that are actions. */
static bool is_action(const struct node *node)
{
	for (int kind = ACTION_KEEP; kind <= ACTION_DEFER; kind++) {
		if (slice_is_case(node->name, action_name((enum action_kind)kind)))
			return true;
	}
	return false;
}

static void look_for(struct stats *s, const struct script *script, const struct node *first)
{
	for (const struct node *node = first; node; node = node->next) {
		AUTO_BUF rule = { 0 };
		const char *key;

		look_for(s, script, node->block);
		if (!is_action(node))
			continue;
		buf_addf(&rule, "%s:%u", script->label, node->line);
		key = buf_text(&rule);
		if (s->fired.count == 0 || !bsearch(&key, s->fired.at, s->fired.count,
						   sizeof(*s->fired.at), by_text))
			put_never(s, key);
	}
}

static int read_log(struct stats *s, int64_t since, struct fault *why)
{
	AUTO_FREE char *state = paths_state(why);
	AUTO_LEDGER *ledger = NULL;

	if (!state || ledger_open(state, LEDGER_READ, &ledger, why) < 0)
		return -1;
	return ledger ? ledger_log_count(ledger, since, on_count, s, why) : 0;
}

static int read_rules(struct stats *s, const char *config_file, const struct strings *paths,
	struct fault *why)
{
	AUTO_CONFIG *config = NULL;
	AUTO_RULESET set = { 0 };
	struct filter_settings settings = { 0 };
	int result;

	if (config_open(config_file, &config, why) < 0)
		return -1;
	result = filter_settings_read(config, &settings, why);
	if (result == 0)
		result = chosen_rules(config, &settings, paths, &set, why);
	if (s->fired.count > 0)
		qsort(s->fired.at, s->fired.count, sizeof(*s->fired.at), by_text);
	for (size_t i = 0; result == 0 && i < set.count; i++)
		look_for(s, set.scripts[i], set.scripts[i]->commands);
	for (size_t i = 0; result == 0 && i < set.library.count; i++)
		look_for(s, set.library.at[i], set.library.at[i]->commands);
	settings_free(filter_setting_rows, &settings);
	return result;
}

/* "30d" is so long ago; else a moment. */
static int read_since(const char *text, int64_t *out, struct fault *why)
{
	AUTO_BUF day = { 0 };
	int64_t ms;

	*out = 0;
	if (!text || date_read_stamp(slice_text(text), out))
		return 0;
	buf_addf(&day, "%sT00:00:00Z", text);
	if (date_read_stamp(buf_slice(&day), out))
		return 0;
	if (!units_time(slice_text(text), &ms))
		return fault_set(why, FAULT_USAGE,
			"--since %s: expected 2026-02-01, 2026-02-01T10:00:00Z or 30d", text);
	*out = clock_wall() - ms / 1000;
	return 0;
}

static int run(struct stats *s, const struct command_line *global, const struct strings *paths,
	const char *since_text, struct fault *why)
{
	int64_t since;

	if (read_since(since_text, &since, why) < 0 || read_log(s, since, why) < 0 ||
		read_rules(s, global->config, paths, why) < 0)
		return -1;
	if (s->json)
		printf("{\"rules\": [%s], \"never\": [%s]}\n", buf_text(&s->rules),
			buf_text(&s->never));
	else
		printf("%s%s", buf_text(&s->rules), buf_text(&s->never));
	return fflush(stdout) == 0 ? 0 : fault_set(why, FAULT_TEMP, "write standard output");
}

int verb_stats(const struct command_line *global, int argc, char **argv, struct fault *why)
{
	struct stats s = { 0 };
	AUTO_STRINGS paths = { 0 };
	const char *since = NULL;
	bool help = false;
	const struct option_row options[] = {
		{ .name = "since", .argument = "TIME", .value = &since,
			.help = "count from then on: 2026-02-01, or 30d ago" },
		{ .name = "json", .flag = &s.json, .help = "as one JSON object" },
		{ .name = "rules", .argument = "PATH", .list = &paths,
			.help = "this file or folder instead of the configured one" },
		{ .letter = 'h', .name = "help", .flag = &help, .help = "this text" },
		OPTION_END,
	};
	int result = options_take(options, &argc, &argv, why);

	if (result == 0 && help)
		options_help("mr-filter stats [OPTION...]", options);
	else if (result == 0 && argc > 0)
		result = fault_set(why, FAULT_USAGE, "stats takes no argument: %s", argv[0]);
	else if (result == 0)
		result = run(&s, global, &paths, since, why);
	strings_free(&s.fired);
	buf_free(&s.rules);
	buf_free(&s.never);
	return result < 0 ? (int)why->kind : 0;
}
