/*
 * ihave and error: RFC 5463.
 *
 * SPDX-License-Identifier: ISC
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "t/unit/sieve_check.h"

#define HAVE "require \"ihave\";"
#define HAVE_ALL "require [\"ihave\", \"variables\", \"fileinto\"];"

static const struct sieve_case rows[] = {
	{ "one that is there", HAVE "if ihave \"fileinto\" { fileinto \"x\"; }", "fileinto \"x\";" },
	{ "to the end of the script", HAVE "if ihave \"copy\" { stop; } discard;", "keep;" },
	{ "outside of the block", HAVE "if not ihave \"fileinto\" { stop; } fileinto \"x\";",
		"fileinto \"x\";" },
	{ "one that is not", HAVE "if ihave \"foo\" { discard; }", "keep;" },
	{ "case counts", HAVE "if ihave \"FileInto\" { discard; }", "keep;" },
	{ "a comparator", HAVE "if ihave \"comparator-i;ascii-numeric\" { discard; }", "discard;" },
	{ "all or none", HAVE "if ihave [\"fileinto\", \"foo\"] { discard; }", "keep;" },
	{ "none is enabled then",
		HAVE "if ihave [\"fileinto\", \"foo\"] { discard; } fileinto \"x\";",
		"keep;!r.sieve:1: \"fileinto \"x\"\" is not known here, and \"ihave\" said so" },
	{ "unknown words are not run", HAVE "if ihave \"foo\" { foo :bar 1 \"x\" { baz; } } discard;",
		"discard;" },
	{ "unknown words that are run", HAVE "if not ihave \"foo\" { foo \"x\"; } discard;",
		"keep;!r.sieve:1: \"foo \"x\"\" is not known here, and \"ihave\" said so" },
	{ "an unknown test", HAVE "if allof (ihave \"foo\", foo \"x\") { discard; }", "keep;" },
	{ "an unknown tag", HAVE "if ihave \"foo\" { keep :foo; } else { discard; }", "discard;" },
	{ "an unknown tag of a test",
		HAVE "if allof (ihave \"foo\", header :foo \"a\" \"b\") { discard; }", "keep;" },
	{ "never a grammar", HAVE "if ihave \"variables\" { discard; }", "keep;" },
	{ "nor encoded-character", HAVE "if ihave \"encoded-character\" { discard; }", "keep;" },
	{ "but what was required", HAVE_ALL "if ihave \"variables\" { discard; }", "discard;" },
	{ "before it was asked for",
		HAVE "if false { if ihave \"fileinto\" { stop; } } fileinto \"x\";",
		"keep;!r.sieve:1: \"fileinto\" came before the \"ihave\" that allows it" },
	{ "a tag before it was asked for",
		HAVE_ALL "if allof (false, ihave \"copy\") { stop; } fileinto :copy \"x\";",
		"keep;!r.sieve:1: \"fileinto\" came before the \"ihave\" that allows it" },
	{ "from left to right", HAVE "if anyof (ihave \"fileinto\", ihave \"foo\") "
		"{ fileinto \"x\"; }", "fileinto \"x\";" },
	{ "error", HAVE "error \"no \xc3\xa4\";", "keep;!r.sieve:1: no \xc3\xa4" },
	{ "error of a variable", HAVE_ALL "set \"a\" \"b\"; error \"<${a}>\";",
		"keep;!r.sieve:1: <b>" },
	{ "what came before an error is dropped", HAVE_ALL "fileinto \"x\"; error \"e\";",
		"keep;!r.sieve:1: e" },
};

static void test_rows(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		sieve_case_check(&rows[i], rows[i].script);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_rows),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
