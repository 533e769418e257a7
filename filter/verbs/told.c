/*
 * The world that is told of: see told.h.
 *
 * SPDX-License-Identifier: ISC
 */
#include "filter/verbs/told.h"

#include <stdio.h>

#include "common/base/clock.h"
#include "common/base/settings_value.h"
#include "common/mail/date.h"
#include "filter/chosen.h"

/* LIMIT: what the clock can be told: the end of the year 9999. */
#define NOW_MAX 253402300799U

/* What --envelope knows, and the line of the frame that others are. */
static const struct {
	const char *name;
	const char *line;
} parts[] = {
	{ "from=", NULL },
	{ "to=", NULL },
	{ "orig_to=", "orig-to: " },
	{ "auth=", "auth: " },
};

enum { PART_FROM, PART_TO, PART_COUNT = sizeof(parts) / sizeof(parts[0]) };

void told_options(struct told *t, struct option_row *rows)
{
	const struct option_row all[TOLD_OPTIONS] = {
		{ .name = "rules", .argument = "PATH", .list = &t->paths,
			.help = "this file or folder instead of the configured one" },
		{ .name = "envelope", .argument = "NAME=VALUE", .list = &t->envelope,
			.help = "from=ADDRESS (empty: the null sender), to=, orig_to=, auth=" },
		{ .name = "mailbox", .argument = "NAME", .list = &t->folders,
			.help = "this folder exists, and only those that are so named" },
		{ .name = "include-dir", .argument = "DIR", .value = &t->include_dir,
			.help = "where included scripts are" },
		{ .name = "global-include-dir", .argument = "DIR",
			.value = &t->global_include_dir, .help = "the same for :global" },
		{ .name = "now", .argument = "TIME", .value = &t->time,
			.help = "the clock: 2026-02-01T10:00:00Z, or @SECONDS since 1970" },
		{ .name = "set", .argument = "NAME=VALUE", .list = &t->sets,
			.help = "a setting of section filter" },
		{ .name = "seen", .argument = "ID", .list = &t->seen,
			.help = "a message with this id was here before (duplicate)" },
		{ .name = "programs", .argument = "DIR", .value = &t->programs,
			.help = "run the programs of rules, from this folder" },
		{ .name = "replay", .argument = "FILE", .value = &t->replay_file,
			.help = "answer what rules ask from a record" },
		{ .name = "record", .argument = "FILE", .value = &t->record_file,
			.help = "write such a record" },
	};

	memcpy(rows, all, sizeof(all));
}

/* Which part an argument of --envelope is for; PART_COUNT: none. */
static size_t part_of(const char *given)
{
	size_t i = 0;

	while (i < PART_COUNT && !slice_starts(slice_text(given), parts[i].name))
		i++;
	return i;
}

static int check_envelope(const struct told *t, struct fault *why)
{
	for (size_t i = 0; i < t->envelope.count; i++) {
		const char *given = t->envelope.at[i];

		if (part_of(given) == PART_COUNT)
			return fault_set(why, FAULT_USAGE,
				"--envelope %s: expected from=, to=, orig_to= or auth=", given);
		for (const char *at = given; *at; at++) {
			if ((unsigned char)*at < ' ' || *at == 0x7f)
				return fault_set(why, FAULT_USAGE,
					"--envelope: a control character in an address");
		}
	}
	return 0;
}

static int read_time(struct told *t, struct fault *why)
{
	uint64_t seconds;

	if (!t->time)
		return 0;
	t->has_now = true;
	if (date_read_stamp(slice_text(t->time), &t->now))
		return 0;
	if (t->time[0] != '@' || !slice_number(slice_text(t->time + 1), &seconds) ||
		seconds > NOW_MAX)
		return fault_set(why, FAULT_USAGE,
			"--now %s: expected 2026-02-01T10:00:00Z or @SECONDS", t->time);
	t->now = (int64_t)seconds;
	return 0;
}

static int set_one(struct told *t, const char *name, const char *value, struct fault *why)
{
	return value ? settings_set(filter_setting_rows, &t->settings, name, value, why) : 0;
}

static int read_settings(struct told *t, struct fault *why)
{
	if (filter_settings_read(t->config, &t->settings, why) < 0)
		return -1;
	for (size_t i = 0; i < t->sets.count; i++) {
		struct slice value = slice_text(t->sets.at[i]);
		struct slice name;
		AUTO_FREE char *text = NULL;

		if (slice_find_byte(value, '=') <= 0)
			return fault_set(why, FAULT_USAGE, "--set %s: expected NAME=VALUE",
				t->sets.at[i]);
		slice_cut(&value, '=', &name);
		text = slice_copy(name);
		if (set_one(t, text, value.ptr, why) < 0)
			return fault_prefix(why, "--set");
	}
	if (set_one(t, "include-dir", t->include_dir, why) < 0 ||
		set_one(t, "global-include-dir", t->global_include_dir, why) < 0)
		return -1;
	return set_one(t, "programs", t->programs, why);
}

int told_open(struct told *t, const char *config, struct fault *why)
{
	/* An id that no message has: then none was seen. */
	if (t->only && t->seen.count == 0)
		strings_add(&t->seen, SLICE(""));
	t->answers = (struct world_answers){ .folders = &t->folders, .told_only = t->only,
		.duplicates.told = &t->seen };
	if (check_envelope(t, why) < 0 || read_time(t, why) < 0 ||
		config_open(config, &t->config, why) < 0 || read_settings(t, why) < 0)
		return -1;
	t->answers.config = t->config;
	t->answers.programs = t->programs ? &t->settings.programs : NULL;
	t->questions.whole = t->record_file != NULL;
	t->replay.behind = world_answerer(&t->answers);
	t->questions.answerer = replay_answerer(&t->replay);
	if (t->replay_file && replay_read(&t->replay, t->replay_file, why) < 0)
		return -1;
	if (t->record_file && replay_start(&t->replay, t->record_file, why) < 0)
		return -1;
	return chosen_rules(t->config, &t->settings, &t->paths, &t->rules, why);
}

static void set_line(struct frame *frame, const char *line, struct slice value)
{
	AUTO_STRINGS kept = { 0 };
	AUTO_BUF text = { 0 };

	for (size_t i = 0; i < frame->others.count; i++) {
		if (!slice_starts(slice_text(frame->others.at[i]), line))
			strings_add(&kept, slice_text(frame->others.at[i]));
	}
	buf_add_text(&text, line);
	buf_add_slice(&text, value);
	strings_add(&kept, buf_slice(&text));
	strings_clear(&frame->others);
	for (size_t i = 0; i < kept.count; i++)
		strings_add(&frame->others, slice_text(kept.at[i]));
}

static void set_envelope(const struct told *t, struct frame *frame)
{
	bool has_to = false;

	for (size_t i = 0; i < t->envelope.count; i++) {
		size_t part = part_of(t->envelope.at[i]);
		struct slice value = slice_from(slice_text(t->envelope.at[i]),
			strlen(parts[part].name));

		if (part == PART_FROM) {
			buf_set(&frame->mail_from, value);
			frame->mail_from_known = true;
		} else if (part == PART_TO) {
			if (!has_to)
				strings_clear(&frame->rcpt_to);
			has_to = true;
			strings_add(&frame->rcpt_to, value);
		} else {
			set_line(frame, parts[part].line, value);
		}
	}
}

void told_message(struct told *t, struct frame *frame, struct message *message,
	const struct trace *trace, struct world *out)
{
	*out = (struct world){ .message = message, .questions = &t->questions,
		.settings = &t->settings, .now = t->has_now ? t->now : clock_wall(),
		.trace = trace };
	set_envelope(t, frame);
	questions_forget(&t->questions);
	replay_message(&t->replay, ++t->messages);
}

int told_record(struct told *t, struct fault *why)
{
	return replay_write(&t->replay, &t->questions.record, why);
}

void told_free(struct told *t)
{
	ruleset_free(&t->rules);
	questions_free(&t->questions);
	world_answers_free(&t->answers);
	replay_free(&t->replay);
	settings_free(filter_setting_rows, &t->settings);
	config_close(t->config);
	strings_free(&t->paths);
	strings_free(&t->envelope);
	strings_free(&t->folders);
	strings_free(&t->sets);
	strings_free(&t->seen);
	*t = (struct told){ 0 };
}
