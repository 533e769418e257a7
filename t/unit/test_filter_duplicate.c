/*
 * duplicate (RFC 7352): keys, marks, and whom a duplicate has to wait for. In these tables
 * the world has seen "there".
 *
 * SPDX-License-Identifier: ISC
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "filter/duplicates.h"
#include "t/unit/sieve_check.h"

#define WEEK "604800"

static const char message[] =
	"Message-ID:\n\t<one@x>  \n"
	"Message-ID: <two@x>\n"
	"X-There: there\n"
	"X-Empty:\n"
	"X-Word: =?iso-8859-1?q?Gr=FC=DFe?=\n"
	"\n";

static const struct sieve_case rows[] = {
	{ "the first Message-ID, unfolded", "if duplicate { discard; }",
		"mark :seconds " WEEK " \"<one@x>\";keep;" },
	{ "section 3.2: the source of an id does not matter",
		"if duplicate :header \"message-id\" { discard; }",
		"mark :seconds " WEEK " \"<one@x>\";keep;" },
	{ "nor here", "if header :matches \"message-id\" \"*\" {"
		" if duplicate :uniqueid \"${0}\" { discard; } }",
		"mark :seconds " WEEK " \"<one@x>\";keep;" },
	{ "decoded", "if duplicate :header \"x-word\" {}",
		"mark :seconds " WEEK " \"Gr\xc3\xbc\xc3\x9f" "e\";keep;" },
	{ "a duplicate", "if duplicate :header \"x-there\" { discard; }", "discard;" },
	{ "leaves no mark", "if duplicate :uniqueid \"there\" { fileinto \"d\"; }",
		"fileinto \"d\";" },
	{ "with :last it does", "if duplicate :last :uniqueid \"there\" { discard; }",
		"mark :seconds " WEEK " :last \"there\";discard;" },
	{ "with case", "if duplicate :uniqueid \"There\" { discard; }",
		"mark :seconds " WEEK " \"There\";keep;" },
	{ "a handle is another list", "if duplicate :handle \"a b\" :uniqueid \"there\" {discard;}",
		"mark :seconds " WEEK " \"a%20b there\";keep;" },
	{ "and an empty one", "if duplicate :handle \"\" :uniqueid \"there\" { discard; }",
		"mark :seconds " WEEK " \" there\";keep;" },
	{ "ids hold what they like", "if duplicate :uniqueid \"a %\xff\n\" {}",
		"mark :seconds " WEEK " \"a%20%25\xff%0A\";keep;" },
	{ "no text at all", "if duplicate :uniqueid \"\" {}", "mark :seconds " WEEK " \"%\";keep;" },
	{ "no field: false, no mark", "if duplicate :header \"x-none\" { discard; }", "keep;" },
	{ "an empty one", "if duplicate :header \"x-empty\" { discard; }", "keep;" },
	{ "no name of a field: no error", "if duplicate :header \"a b:\" { discard; }", "keep;" },
	{ "seconds", "if duplicate :seconds 1800 {}", "mark :seconds 1800 \"<one@x>\";keep;" },
	{ "zero: never true", "if duplicate :seconds 0 :uniqueid \"there\" { discard; }", "keep;" },
	{ "too many are the limit", "if duplicate :seconds 4000000000 {}",
		"mark :seconds 31536000 \"<one@x>\";keep;" },
	{ "the same answer, one mark", "if duplicate {} if duplicate { discard; }",
		"mark :seconds " WEEK " \"<one@x>\";keep;" },
	{ "only when it is asked", "if allof (false, duplicate) {}", "keep;" },
	{ "no mark of a script that fails", "if duplicate {} redirect \"${1}\";",
		"keep;!r.sieve:2: \"\" is not one address, expected name@domain" },
	{ "marks are no disposal", "if duplicate {} discard;",
		"mark :seconds " WEEK " \"<one@x>\";discard;" },
	{ "nor do they count", "if duplicate {} if duplicate :handle \"h\" {} fileinto \"a\";"
		" fileinto \"b\"; fileinto \"c\"; fileinto \"d\"; fileinto \"e\";",
		"mark :seconds " WEEK " \"<one@x>\";mark :seconds " WEEK " \"h <one@x>\";"
		"fileinto \"a\";fileinto \"b\";fileinto \"c\";fileinto \"d\";fileinto \"e\";" },
	{ "who cannot tell fails the rule", "if duplicate :uniqueid \"broken\" { discard; }",
		"keep;!r.sieve:2: the disk is on fire" },
};

static const struct sieve_case wrong[] = {
	{ "no require", "if duplicate {}", "1:4 \"duplicate\" expected require \"duplicate\" at the top" },
};

static void test_rows(void **state)
{
	(void)state;
	for (size_t i = 0; i < SIEVE_COUNT(rows); i++) {
		AUTO_BUF script = { 0 };

		buf_addf(&script, REQUIRE "%s", rows[i].script);
		sieve_case_check_message(&rows[i], script.ptr, message);
	}
}

static void test_refused(void **state)
{
	struct ruleset set = { 0 };

	(void)state;
	sieve_case_check_refused(wrong, SIEVE_COUNT(wrong));
	sieve_case_add(&set, "r.sieve", SLICE("require \"duplicate\";"
		"if duplicate :header \"a\" :uniqueid \"b\" {}"));
	assert_int_equal(set.scripts[0]->problems.count, 1);
	ruleset_free(&set);
}

static void test_long_keys(void **state)
{
	AUTO_BUF id = { 0 };
	AUTO_BUF one = { 0 };
	AUTO_BUF two = { 0 };

	(void)state;
	for (size_t i = 0; i < 100000; i++)
		buf_add_byte(&id, 'a');
	duplicates_key(NULL, buf_slice(&id), &one);
	id.ptr[50000] = 'b';
	duplicates_key(NULL, buf_slice(&id), &two);
	assert_true(one.len < 100 && slice_starts(buf_slice(&one), "%sha256 "));
	assert_string_not_equal(buf_text(&one), buf_text(&two));
}

/* Message `id` asks about a key, and marks it if it is new. "no", "yes", "yes?ID". */
static const char *ask(struct duplicates *d, const char *id, const char *key, int64_t now)
{
	static char told[1200];
	struct action mark = { .kind = ACTION_MARK, .seconds = 100 };
	AUTO_FRAME frame = { 0 };
	struct fault why = { 0 };
	int got;

	buf_add_text(&frame.id, id);
	duplicates_begin(d, &frame, now);
	got = duplicates_ask(d, slice_text(key), &why);
	mark.target = mem_text(key);
	if (got == 0)
		duplicates_remember(d, &mark, 1);
	action_clear(&mark);
	snprintf(told, sizeof(told), "%s%s%s", got == 1 ? "yes" : got == 0 ? "no" : why.text,
		d->after.len > 0 ? "?" : "", buf_text(&d->after));
	return told;
}

static void test_stream(void **state)
{
	struct duplicates d = { 0 };

	(void)state;
	setenv("XDG_STATE_HOME", "/nonexistent", 1);
	assert_string_equal(ask(&d, "a", "k", 1000), "no");
	assert_string_equal(ask(&d, "b", "k", 1000), "yes?a");
	assert_string_equal(ask(&d, "b", "j", 1000), "no");
	assert_string_equal(ask(&d, "a", "k", 1000), "no");
	assert_string_equal(ask(&d, "", "k", 1000), "yes?a");
	assert_string_equal(ask(&d, "c", "k", 1099), "yes?a");
	assert_string_equal(ask(&d, "c", "k", 1100), "no");
	assert_string_equal(ask(&d, "a", "k", 1100), "yes?c");
	assert_string_equal(ask(&d, "", "p", 1000), "no");
	assert_string_equal(ask(&d, "", "p", 1000), "yes");
	duplicates_free(&d);
}

/* It can wait for one message only; what it would have to wait for besides is no duplicate. */
static void test_two_to_wait_for(void **state)
{
	struct duplicates d = { 0 };
	AUTO_FRAME frame = { 0 };

	(void)state;
	assert_string_equal(ask(&d, "a", "k", 1000), "no");
	assert_string_equal(ask(&d, "b", "j", 1000), "no");
	buf_add_text(&frame.id, "c");
	duplicates_begin(&d, &frame, 1000);
	assert_int_equal(duplicates_ask(&d, SLICE("k"), NULL), 1);
	assert_int_equal(duplicates_ask(&d, SLICE("j"), NULL), 0);
	assert_true(slice_is(buf_slice(&d.after), "a"));
	duplicates_free(&d);
}

static void test_many(void **state)
{
	struct duplicates d = { 0 };
	char key[20];

	(void)state;
	for (int i = 0; i < DUPLICATES_MAX + 10; i++) {
		snprintf(key, sizeof(key), "%d", i);
		assert_string_equal(ask(&d, "a", key, 1000), "no");
	}
	assert_int_equal(d.count, 10);
	assert_string_equal(ask(&d, "b", key, 1000), "yes?a");
	duplicates_free(&d);
}

static void test_told(void **state)
{
	AUTO_STRINGS ids = { 0 };
	struct duplicates d = { .told = &ids };
	struct slice handle = SLICE("h");
	AUTO_BUF key = { 0 };

	(void)state;
	strings_add(&ids, SLICE("<a b@x>"));
	duplicates_key(&handle, SLICE("<a b@x>"), &key);
	assert_int_equal(duplicates_ask(&d, buf_slice(&key), NULL), 1);
	assert_int_equal(duplicates_ask(&d, SLICE("<a%20b@x>"), NULL), 1);
	assert_int_equal(duplicates_ask(&d, SLICE("<a b@x>"), NULL), 0);
	assert_int_equal(duplicates_ask(&d, SLICE("h%20<a%20b@x>"), NULL), 0);
	duplicates_free(&d);
}

int main(void)
{
	const struct CMUnitTest all[] = {
		cmocka_unit_test(test_rows),
		cmocka_unit_test(test_refused),
		cmocka_unit_test(test_long_keys),
		cmocka_unit_test(test_stream),
		cmocka_unit_test(test_two_to_wait_for),
		cmocka_unit_test(test_many),
		cmocka_unit_test(test_told),
	};

	return cmocka_run_group_tests(all, NULL, NULL);
}
