/*
 * Command lines.
 *
 * SPDX-License-Identifier: ISC
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "common/base/options.h"

struct taken {
	bool quiet, all;
	const char *config;
	struct strings names;
};

/* The words of a line parted by blanks; what is left is joined by "|" in *rest. */
static int take(const char *line, struct taken *t, struct buf *rest, struct fault *why)
{
	const struct option_row rows[] = {
		{ .letter = 'q', .name = "quiet", .help = "h", .flag = &t->quiet },
		{ .letter = 'a', .help = "h", .flag = &t->all },
		{ .letter = 'c', .name = "config", .argument = "FILE", .help = "h",
			.value = &t->config },
		{ .name = "name", .argument = "NAME", .help = "h", .list = &t->names },
		OPTION_END,
	};
	static struct strings words; /* what t->config points to outlives the call */
	struct slice left = slice_text(line);
	struct slice word;
	char **argv;
	int argc;

	strings_clear(&words);
	while (slice_cut(&left, ' ', &word))
		strings_add(&words, word);
	argc = (int)words.count;
	argv = words.at;
	if (options_take(rows, &argc, &argv, why) < 0)
		return -1;
	for (int i = 0; i < argc; i++)
		buf_addf(rest, "%s|", argv[i]);
	assert_null(argv[argc]);
	return 0;
}

static void good(void **state)
{
	static const struct {
		const char *line;
		const char *shown; /* flags, config, names, rest */
	} rows[] = {
		{ "p", "-- - - " },
		{ "p -q a -a", "q- - - a|-a|" },
		{ "p -qa x", "qa - - x|" },
		{ "p -c f x", "-- f - x|" },
		{ "p -cf x", "-- f - x|" },
		{ "p -qcf x", "q- f - x|" },
		{ "p --config f x", "-- f - x|" },
		{ "p --config=f=g x", "-- f=g - x|" },
		{ "p --config= x", "--  - x|" },
		{ "p -c a -c b", "-- b - " },
		{ "p --name a --name=b", "-- - a,b, " },
		{ "p -c -q x", "-- -q - x|" },
		{ "p -q -- -a", "q- - - -a|" },
		{ "p - -a", "-- - - -|-a|" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct taken t = { 0 };
		AUTO_BUF rest = { 0 };
		AUTO_BUF shown = { 0 };
		struct fault why = { 0 };

		if (take(rows[i].line, &t, &rest, &why) < 0)
			fail_msg("%s: %s", rows[i].line, why.text);
		buf_addf(&shown, "%c%c %s ", t.quiet ? 'q' : '-', t.all ? 'a' : '-',
			t.config ? t.config : "-");
		for (size_t n = 0; n < t.names.count; n++)
			buf_addf(&shown, "%s,", t.names.at[n]);
		buf_addf(&shown, "%s %s", t.names.count > 0 ? "" : "-", buf_text(&rest));
		assert_string_equal(buf_text(&shown), rows[i].shown);
		strings_free(&t.names);
	}
}

static void bad(void **state)
{
	static const struct {
		const char *line;
		const char *fault;
	} rows[] = {
		{ "p -x", "unknown option -x (see --help)" },
		{ "p -qx", "unknown option -x (see --help)" },
		{ "p --nothing", "unknown option --nothing (see --help)" },
		{ "p --nothing=1", "unknown option --nothing (see --help)" },
		{ "p --conf f", "unknown option --conf (see --help)" },
		{ "p --quiet=1", "--quiet takes no argument" },
		{ "p -c", "-c needs FILE" },
		{ "p -qc", "-c needs FILE" },
		{ "p --config", "--config needs FILE" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct taken t = { 0 };
		AUTO_BUF rest = { 0 };
		struct fault why = { 0 };

		assert_int_equal(take(rows[i].line, &t, &rest, &why), -1);
		assert_int_equal(why.kind, FAULT_USAGE);
		assert_string_equal(why.text, rows[i].fault);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(good),
		cmocka_unit_test(bad),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
