/*
 * Tests of bodies, many in a script: answered together as each by itself.
 *
 * SPDX-License-Identifier: ISC
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "filter/index/body.h"
#include "t/unit/sieve_case.h"

static uint32_t seed = 5;

static uint32_t random_below(uint32_t limit)
{
	seed = seed * 1664525U + 1013904223U;
	return (seed >> 8) % limit;
}

static void no_test(void *context, const struct script *script, const struct node *node,
	bool result, struct slice seen)
{
	(void)context;
	(void)script;
	(void)node;
	(void)result;
	(void)seen;
}

static void no_action(void *context, const struct script *script, const struct node *node)
{
	(void)context;
	(void)script;
	(void)node;
}

/* With a trace each test looks for itself. */
static void decide(const struct ruleset *set, struct slice bytes, bool apart, struct buf *out)
{
	const struct trace trace = { .test = no_test, .action = no_action };
	struct gather_state gather = GATHER_NONE;
	struct questions questions = { .answerer = { .ask = sieve_case_ask } };
	struct message message;
	struct world world = { .message = &message, .questions = &questions,
		.settings = &sieve_case_settings, .now = 1767225600,
		.trace = apart ? &trace : NULL };
	AUTO_VERDICT verdict = { 0 };
	AUTO_FRAME frame = { 0 };
	struct fault why;

	gather.whole = true;
	gather_add(&gather, bytes, &why);
	gather_end(&gather);
	gather_message(&gather, &frame, &message);
	ruleset_decide(set, &world, &verdict);
	message_close(&message);
	for (size_t i = 0; i < verdict.count; i++)
		action_put(out, &verdict.actions[i]);
	if (verdict.error.kind)
		buf_addf(out, "!%s", verdict.error.text);
	questions_free(&questions);
	gather_free(&gather);
}

#define IN_LATIN1 \
	"Content-Type: text/plain; charset=iso-8859-1\n" \
	"Content-Transfer-Encoding: quoted-printable\n\n" \
	"Gr=FC=DFe an alle, =\nlazy dog=0D=0A"

static const char *const leaves[] = {
	"Content-Type: text/plain\n\nThe quick brown fox\r\njumps over\nthe LAZY dog\n",
	"Content-Type: text/html\n\n<p>The <b>quick</b> &amp; brown fox</p>\n",
	IN_LATIN1,
	"Content-Type: text/plain\nContent-Transfer-Encoding: base64\n\nR2VoZWltLCBzZWhyIGdlaGVpbQ==\n",
	"Content-Type: application/x-thing\n\nquick thing\n",
	"Content-Type: message/rfc822\n\nSubject: inner fox\n\ninner dog\n",
	"Content-Type: text/plain\n\n",
};

static const char *const keys[] = { "quick", "FOX", "lazy dog", "over\nthe", "o", "r\njumps",
	"inner", "geheim", "Gr\xc3\xbc\xc3\x9f", "nothing", "--b", "", "<b>", "& brown", "e",
	"Geheim, sehr geheim", "quick thing\n", "QUICK THING\n", "far away", "aaaaaaaab" };

static void put_message(struct buf *out)
{
	uint32_t count = random_below(5);

	if (random_below(4) == 0) {
		buf_add_text(out, leaves[random_below(7)]);
		return;
	}
	buf_add_text(out, "Content-Type: multipart/mixed; boundary=b\n\nprologue quick\n");
	for (uint32_t i = 0; i < count; i++)
		buf_addf(out, "\n--b\n%s", leaves[random_below(7)]);
	if (random_below(6) == 0) {
		buf_add_text(out, "\n--b\nContent-Type: text/plain\n\n");
		for (uint32_t i = 0; i < 65000 + random_below(1000); i++)
			buf_add_byte(out, 'a');
		buf_add_text(out, "b far away\n");
	}
	buf_add_text(out, "\n--b--\nepilogue fox\n");
}

static void put_script(struct buf *out)
{
	static const char *const forms[] = { ":raw", ":text", ":content \"text\"",
		":content [\"TEXT\"]", ":content [\"multipart\", \"message\"]", ":content \"\"" };
	static const char *const types[] = { ":contains", ":is", ":contains :comparator \"i;octet\"",
		":contains", ":matches" };

	buf_add_text(out, "require [\"body\", \"imap4flags\"];\n");
	for (uint32_t i = 0; i < 1 + random_below(20); i++)
		buf_addf(out, "if body %s %s [\"%s\", \"%s\"] { addflag \"f%u\"; }\n",
			forms[random_below(6)], types[random_below(5)], keys[random_below(20)],
			keys[random_below(20)], i);
}

static void test_random(void **state)
{
	size_t flags = 0;

	(void)state;
	for (int round = 0; round < 300; round++) {
		AUTO_BUF script = { 0 };
		AUTO_RULESET set = { 0 };

		put_script(&script);
		sieve_case_add(&set, "r.sieve", buf_slice(&script));
		assert_int_equal(set.scripts[0]->problems.count, 0);
		for (int i = 0; i < 5; i++) {
			AUTO_BUF message = { 0 };
			AUTO_BUF apart = { 0 };
			AUTO_BUF together = { 0 };

			put_message(&message);
			decide(&set, buf_slice(&message), true, &apart);
			decide(&set, buf_slice(&message), false, &together);
			if (strcmp(apart.ptr, together.ptr) != 0)
				fail_msg("apart: %s\ntogether: %s\n%s\n%.2000s", apart.ptr,
					together.ptr, script.ptr, message.ptr);
			flags += strcmp(apart.ptr, "keep;") != 0;
		}
	}
	assert_true(flags > 500);
}

/* Those that have company are answered together, others are not. */
static void test_company(void **state)
{
	static const char script[] =
		"require [\"body\", \"variables\"];\n"
		"if body :raw :contains \"a\" { }\n"
		"if body :raw :is \"b\" { }\n"
		"if body :text :contains \"c\" { }\n"
		"if body :raw :contains :comparator \"i;octet\" \"d\" { }\n"
		"if body :raw :contains \"${v}\" { }\n"
		"if body :raw :matches \"*e*\" { }\n";
	AUTO_RULESET set = { 0 };
	size_t tied = 0, noted = 0;

	(void)state;
	sieve_case_add(&set, "r.sieve", slice_text(script));
	assert_int_equal(set.scripts[0]->problems.count, 0);
	for (const struct body_test *t = set.scripts[0]->body_tests; t; t = t->next) {
		noted++;
		tied += t->group != NULL;
	}
	assert_int_equal(noted, 4);
	assert_int_equal(tied, 2);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_random),
		cmocka_unit_test(test_company),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
