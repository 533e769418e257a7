/*
 * mr-filter test: a suite of messages and of what one's rules are to do with them.
 *
 * A folder of NAME.eml, each beside NAME.expect (the plain form) and perhaps NAME.args
 * (options of a told world). Nothing outside of the suite counts but the rules: no folder
 * exists and no id was seen unless it is told, and it is the day of the message.
 *
 * Output: TAP. Exit: 0; 1 a message goes elsewhere; 65 a rule file does not compile.
 *
 * SPDX-License-Identifier: ISC
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

#include "common/base/io.h"
#include "common/base/paths.h"
#include "common/base/words.h"
#include "common/mail/date.h"
#include "filter/verbs/plain.h"
#include "filter/verbs/source.h"
#include "filter/verbs/told.h"
#include "filter/verbs/verb.h"

/* LIMIT: bytes of what is expected of one message, and of its options. */
enum { EXPECT_MAX = 4 << 20, ARGS_MAX = 65536 };

struct suite {
	const char *path;
	const char *config;
	char **words; /* the options of the command line, for each case anew */
	int word_count;
	bool accept;
	unsigned number;
	unsigned failed;
};

struct one {
	struct suite *suite;
	struct strings words; /* its options; `told` looks into them */
	struct told told;
	struct gather_state gather;
	struct buf got; /* the plain form */
};

static int judge(void *context, const char *name, struct frame *frame, struct message *message,
	struct fault *why)
{
	struct one *o = context;
	size_t date = message_find(message, SLICE("Date"));
	struct world world;
	AUTO_VERDICT verdict = { 0 };

	(void)name;
	(void)why;
	told_message(&o->told, frame, message, NULL, &world);
	if (!o->told.has_now) {
		world.now = 0;
		if (date != MESSAGE_NONE)
			date_read_header(message_value(message, date), &world.now, NULL);
	}
	ruleset_decide(&o->told.rules, &world, &verdict);
	for (size_t i = 0; i < verdict.count; i++) {
		plain_put(&o->got, &verdict.actions[i]);
		buf_addf(&o->got, " # %s\n", verdict.actions[i].rule);
	}
	return told_record(&o->told, why);
}

/* The options of the command line, then those of the case. */
static int read_options(struct one *o, const char *args, struct fault *why)
{
	AUTO_STRINGS words = { 0 };
	AUTO_BUF text = { 0 };
	bool accept;
	struct option_row rows[TOLD_OPTIONS + 2] = {
		{ .name = "accept", .flag = &accept, .help = "taken already" },
	};
	struct strings *all = &o->words;
	char **argv;
	int argc;

	for (int i = 0; i < o->suite->word_count; i++)
		strings_add(all, slice_text(o->suite->words[i]));
	if (access(args, F_OK) == 0) {
		if (io_read_file(args, ARGS_MAX, &text, why) < 0 ||
			words_split(buf_text(&text), &words, why) < 0)
			return fault_prefix(why, "%s", args);
		for (size_t i = 0; i < words.count; i++)
			strings_add(all, slice_text(words.at[i]));
	}
	told_options(&o->told, rows + 1);
	argv = all->at;
	argc = (int)all->count;
	if (options_take(rows, &argc, &argv, why) < 0)
		return fault_prefix(why, "%s", args);
	if (argc > 0)
		return fault_set(why, FAULT_USAGE, "%s: options only, not %s", args, argv[0]);
	return 0;
}

static int run_one(struct one *o, const char *message, const char *args, struct fault *why)
{
	AUTO_FD fd = open(message, O_RDONLY | O_CLOEXEC);
	AUTO_INTAKE *in = NULL;

	if (fd < 0)
		return fault_set(why, FAULT_TEMP, "open %s: %s", message, strerror(errno));
	if (read_options(o, args, why) < 0 || told_open(&o->told, o->suite->config, why) < 0)
		return -1;
	o->gather.whole = o->told.rules.needs != 0;
	in = intake_open(fd, message, INTAKE_MESSAGE);
	return source_messages(in, message, &o->gather, judge, o, why);
}

/* Only actions count: rules move to other lines whenever a file is edited. */
static void put_actions(struct buf *out, struct slice text)
{
	struct slice line;

	while (slice_line(&text, &line)) {
		line = plain_action(line);
		if (line.len == 0)
			continue;
		buf_add_slice(out, line);
		buf_add_byte(out, '\n');
	}
}

static void put_comment(struct buf *out, const char *what, struct slice text)
{
	struct slice line;

	while (slice_line(&text, &line)) {
		buf_addf(out, "#   %s: ", what);
		buf_add_slice(out, line);
		buf_add_byte(out, '\n');
	}
}

static int accept_it(const char *path, const struct buf *got, struct fault *why)
{
	AUTO_FD fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);

	if (fd < 0)
		return fault_set(why, FAULT_TEMP, "create %s: %s", path, strerror(errno));
	if (io_write_all(fd, buf_text(got), got->len, path, why) < 0)
		return -1;
	return io_close(&fd, path, why);
}

/* True when it is as expected; *told is what TAP shows otherwise. */
static bool compare(const struct one *o, const char *path, struct buf *told)
{
	AUTO_BUF text = { 0 };
	AUTO_BUF expected = { 0 };
	AUTO_BUF got = { 0 };
	struct fault why;

	if (access(path, F_OK) < 0 && errno == ENOENT) {
		buf_addf(told, "#   there is no %s; --accept writes it\n", path);
		put_comment(told, "     got", buf_slice(&o->got));
		return false;
	}
	if (io_read_file(path, EXPECT_MAX, &text, &why) < 0) {
		buf_addf(told, "#   %s\n", why.text);
		return false;
	}
	put_actions(&expected, buf_slice(&text));
	put_actions(&got, buf_slice(&o->got));
	if (slice_equal(buf_slice(&expected), buf_slice(&got)))
		return true;
	put_comment(told, "expected", buf_slice(&expected));
	put_comment(told, "     got", buf_slice(&o->got));
	return false;
}

static void run_case(struct suite *s, const char *name)
{
	struct one o = { .suite = s, .gather = GATHER_NONE, .told.only = true };
	AUTO_FREE char *start = paths_join(s->path, name);
	AUTO_BUF message = { 0 };
	AUTO_BUF args = { 0 };
	AUTO_BUF expect = { 0 };
	AUTO_BUF text = { 0 };
	struct fault why;
	bool well;

	buf_addf(&message, "%s.eml", start);
	buf_addf(&args, "%s.args", start);
	buf_addf(&expect, "%s.expect", start);
	well = run_one(&o, buf_text(&message), buf_text(&args), &why) == 0 &&
		(!s->accept || accept_it(buf_text(&expect), &o.got, &why) == 0);
	if (!well)
		buf_addf(&text, "#   %s\n", why.text);
	well = well && compare(&o, buf_text(&expect), &text);
	printf("%s %u - ", well ? "ok" : "not ok", ++s->number);
	for (const char *at = name; *at; at++)
		putchar(*at == '#' || (unsigned char)*at < ' ' ? '_' : *at);
	printf("\n%s", buf_text(&text));
	s->failed += !well;
	told_free(&o.told);
	gather_free(&o.gather);
	buf_free(&o.got);
	strings_free(&o.words);
}

static int by_name(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

static int list_cases(const char *path, struct strings *out, struct fault *why)
{
	DIR *dir = opendir(path);
	struct dirent *entry;

	if (!dir)
		return fault_set(why, FAULT_USAGE, "read directory %s: %s", path, strerror(errno));
	while ((entry = readdir(dir))) {
		struct slice name = slice_text(entry->d_name);

		if (name.ptr[0] != '.' && name.len > 4 && slice_ends_case(name, ".eml"))
			strings_add(out, slice_first(name, name.len - 4));
	}
	closedir(dir);
	if (out->count == 0)
		return fault_set(why, FAULT_USAGE, "%s has no messages (NAME.eml)", path);
	qsort(out->at, out->count, sizeof(*out->at), by_name);
	return 0;
}

/* Rules that do not compile are told once, not by each message. */
static int check_rules(struct suite *s, struct fault *why)
{
	struct one o = { .suite = s, .gather = GATHER_NONE };
	const struct script *broken;
	int result = read_options(&o, "the command line", why);

	if (result == 0)
		result = told_open(&o.told, s->config, why);
	broken = result == 0 ? ruleset_broken(&o.told.rules) : NULL;
	if (broken)
		result = fault_set(why, FAULT_DATA, "%s:%u:%u: %s", broken->path,
			broken->problems.at[0].line, broken->problems.at[0].column,
			broken->problems.at[0].text);
	told_free(&o.told);
	strings_free(&o.words);
	return result;
}

static int run_suite(struct suite *s, struct fault *why)
{
	AUTO_STRINGS names = { 0 };

	if (list_cases(s->path, &names, why) < 0 || check_rules(s, why) < 0)
		return (int)why->kind;
	printf("1..%zu\n", names.count);
	for (size_t i = 0; i < names.count; i++)
		run_case(s, names.at[i]);
	return s->failed > 0 ? 1 : 0;
}

int verb_test(const struct command_line *global, int argc, char **argv, struct fault *why)
{
	struct suite s = { .config = global->config, .words = argv };
	struct told told = { 0 };
	bool help = false;
	int status = 0;
	int words = argc;
	struct option_row options[TOLD_OPTIONS + 3] = {
		{ .name = "accept", .flag = &s.accept,
			.help = "write down what the rules do as what is expected" },
		{ .letter = 'h', .name = "help", .flag = &help, .help = "this text" },
	};

	told_options(&told, options + 2);
	if (options_take(options, &argc, &argv, why) < 0) {
		status = (int)why->kind;
	} else if (help) {
		options_help("mr-filter test [OPTION...] DIR", options);
	} else if (argc != 1) {
		fault_set(why, FAULT_USAGE, "test wants one folder (see mr-filter test --help)");
		status = FAULT_USAGE;
	} else {
		s.path = argv[0];
		s.word_count = words - 1;
		status = run_suite(&s, why);
	}
	told_free(&told);
	return status;
}
