/*
 * execute, filter, pipe (spec-bosch-sieve-pipe) and program (vnd.mailrail.program), with
 * programs that are played; and their record.
 *
 * SPDX-License-Identifier: ISC
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <cmocka.h>

#include "filter/programs/record.h"
#include "t/unit/sieve_check.h"

#define NEEDS \
	"require [\"vnd.dovecot.execute\",\"vnd.dovecot.filter\",\"vnd.dovecot.pipe\"," \
	"\"vnd.mailrail.program\",\"variables\",\"fileinto\",\"copy\",\"reject\",\"envelope\"," \
	"\"subaddress\"];"
#define KEPT "keep;!r.sieve:1: "

static struct buf asked; /* NAME(ARGUMENTS){INPUT} of all that were run */

static void add(struct spool *to, const char *text)
{
	struct fault why;

	assert_int_equal(spool_add(to, slice_text(text), &why), 0);
}

static int answer_as_named(const char *name, struct program_answer *a, struct fault *why)
{
	static const struct {
		const char *name;
		int status;
		const char *output;
	} known[] = {
		{ "yes", 0, "done\n" }, { "no", 1, "nothing\n" }, { "two", 2, "" },
		{ "crash", 139, "" }, { "edit", 0, "Subject: new\nX-Spam: yes\n\nnew body\n" },
		{ "silent", 0, "" }, { "text", 0, "no header here\n" }, { "cut", 0, "Subject: a\n" },
		{ "head", 0, "Subject: new\n\n" }, { "headbody", 0, "Subject: new\n\nx" },
	};

	for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++) {
		if (strcmp(known[i].name, name) != 0)
			continue;
		a->status = known[i].status;
		add(&a->output, known[i].output);
		return 0;
	}
	if (strcmp(name, "long") == 0) {
		for (int i = 0; i < 7000; i++)
			add(&a->output, "0123456789");
		return 0;
	}
	if (strcmp(name, "slow") == 0)
		return fault_set(why, FAULT_TEMP, "program slow: it took longer");
	return fault_set(why, FAULT_CONFIG, "program %s: none", name);
}

static int play(void *context, const struct program_question *q, struct program_answer *a,
	struct fault *why)
{
	char room[64];
	uint64_t at = 0;
	size_t got;

	(void)context;
	buf_addf(&asked, "%s(", q->name);
	for (size_t i = 0; i < q->arguments->count; i++)
		buf_addf(&asked, "%s%s", i ? "," : "", q->arguments->at[i]);
	buf_add_text(&asked, ")");
	if (q->has_input) {
		buf_add_text(&asked, "{");
		do {
			assert_int_equal(program_question_read(q, at, room, sizeof(room), &got, why), 0);
			buf_add(&asked, room, got);
			at += got;
		} while (got > 0);
		buf_add_text(&asked, "}");
	}
	if (q->timeout)
		buf_addf(&asked, "%dms", (int)q->timeout);
	if (q->lock)
		buf_addf(&asked, "@%s", q->lock);
	return answer_as_named(q->name, a, why);
}

static const struct sieve_case rows[] = {
	{ "execute", NEEDS "execute \"yes\";", "keep;" },
	{ "a command that fails keeps", NEEDS "fileinto \"x\"; execute \"no\";",
		KEPT "program no: exit status 1" },
	{ "as a test it is an answer", NEEDS "if execute \"no\" { fileinto \"x\"; } "
		"elsif not execute \"two\" { fileinto \"y\"; }", "fileinto \"y\";" },
	{ "true", NEEDS "if execute :pipe \"yes\" [\"a\"] { fileinto \"x\"; }",
		"fileinto \"x\";" },
	{ "a crash is no answer", NEEDS "if not execute \"crash\" { discard; }",
		KEPT "program crash was ended by signal 11" },
	{ "too slow is no answer", NEEDS "if not execute \"slow\" { discard; }",
		KEPT "program slow: it took longer" },
	{ "nor is a missing program", NEEDS "if not execute \"gone\" { discard; }",
		KEPT "program gone: none" },
	{ "output", NEEDS "execute :output \"o\" \"yes\"; if string \"<${o}>\" \"<done\n>\" "
		"{ fileinto \"x\"; }", "fileinto \"x\";" },
	{ "no output of false", NEEDS "set \"o\" \"old\"; if not execute :output \"o\" \"no\" "
		"{ fileinto \"${o}\"; }", "fileinto \"old\";" },
	{ "long output is cut", NEEDS "execute :output \"o\" \"long\"; set :length \"n\" \"${o}\";"
		" fileinto \"${n}\";", "fileinto \"65536\";" },
	{ "filter: later tests see it", NEEDS "filter \"edit\"; if header \"x-spam\" \"yes\" "
		"{ fileinto \"x\"; }", "fileinto \"x\";" },
	{ "filter as a test", NEEDS "if filter \"edit\" { fileinto \"x\"; }", "fileinto \"x\";" },
	{ "filter that fails, example 10.3", NEEDS "filter \"no\" [\"nl\", \"en\"]; "
		"fileinto \"Translated\"; stop;", "fileinto \"Translated\";" },
	{ "the same as a test", NEEDS "if filter \"no\" [\"nl\", \"en\"] { fileinto "
		"\"Translated\"; stop; }", "keep;" },
	{ "no output is no message", NEEDS "if filter \"silent\" { discard; }", "keep;" },
	{ "text is no message", NEEDS "if filter \"text\" { discard; }", "keep;" },
	{ "a header alone is none", NEEDS "if filter \"cut\" { discard; }", "keep;" },
	{ "a filter that hangs", NEEDS "filter \"slow\"; fileinto \"x\";",
		KEPT "program slow: it took longer" },
	{ "filter :header", NEEDS "if filter :header \"head\" { if header \"subject\" \"new\" "
		"{ fileinto \"x\"; } }", "fileinto \"x\";" },
	{ "a header with a body is none", NEEDS "if filter :header \"headbody\" { discard; }",
		"keep;" },
	{ "nor is one without its end", NEEDS "if filter :header \"cut\" { discard; }", "keep;" },
	{ "filter :body", NEEDS "if filter :body \"silent\" { if header :contains \"subject\" "
		"\"present\" { fileinto \"x\"; } }", "fileinto \"x\";" },
	{ "pipe", NEEDS "pipe \"request-handler\";", "pipe \"request-handler\" [];" },
	{ "pipe :copy, example 10.2", NEEDS "pipe :copy \"printer\" [\"A4\", \"draft\"];",
		"pipe \"printer\" [\"A4\", \"draft\"];keep;" },
	{ "pipe with all tags", NEEDS "pipe :try :header :lock \"l\" :timeout 60 \"a\" \"b\";",
		"pipe :try :header :lock \"l\" :timeout 60 \"a\" [\"b\"];" },
	{ "pipe :try alone", NEEDS "pipe :try \"a\";", "pipe :try \"a\" [];" },
	{ "pipe :try and discard", NEEDS "pipe :try \"a\"; discard;",
		"pipe :try \"a\" [];discard;" },
	{ "pipe and discard", NEEDS "pipe \"a\"; discard;", "pipe \"a\" [];" },
	{ "pipe: an argument of a stranger", NEEDS "if header :matches \"subject\" \"*\" "
		"{ pipe \"a\" [\"-x\", \"; ${1}\"]; }",
		"pipe \"a\" [\"-x\", \"; I have a present\tfor you\"];" },
	{ "twice", NEEDS "pipe \"a\"; pipe :copy \"a\" \"b\";",
		KEPT "a second \"pipe\" to program a" },
	{ "two programs", NEEDS "pipe \"a\"; pipe \"b\";", "pipe \"a\" [];pipe \"b\" [];" },
	{ "a line end in an argument", NEEDS "set \"a\" \"x\ny\"; pipe \"a\" \"${a}\";",
		"keep;!r.sieve:2: program a: a line end or a NUL byte in an argument" },
	{ "program", NEEDS "if program :exit 2 \"two\" { fileinto \"x\"; }", "fileinto \"x\";" },
	{ "program: another status", NEEDS "if program :exit 2 \"no\" { fileinto \"x\"; }",
		"keep;" },
	{ "program: output without its line end", NEEDS "program :output \"o\" \"yes\"; "
		"fileinto \"${o}\";", "fileinto \"done\";" },
	{ "program: output whatever the status", NEEDS "if not program :output \"o\" \"no\" "
		"{ fileinto \"${o}\"; }", "fileinto \"nothing\";" },
	{ "program that fails", NEEDS "program :exit 3 \"yes\";",
		KEPT "program yes: exit status 0" },
};

static const struct sieve_case refused[] = {
	{ "no require", "execute \"a\";",
		"1:1 \"execute\" expected require \"vnd.dovecot.execute\" at the top" },
	{ "both inputs", NEEDS "execute :input \"a\" :pipe \"b\";",
		"\":pipe\" does not go with the tag before it" },
	{ "output without variables", "require \"vnd.dovecot.execute\"; execute :output \"a\" \"b\";",
		"\":output\" expected require \"variables\" at the top" },
	{ "match variable", NEEDS "execute :output \"1\" \"b\";", "\"1\"" },
	{ "namespace", NEEDS "execute :output \"a.b\" \"b\";", "\"a.b\"" },
	{ "variable in the name of one", NEEDS "execute :output \"${a}\" \"b\";",
		"expected a name without variables" },
	{ "variable as program", NEEDS "execute \"${a}\";", "expected a string without variables" },
	{ "list as program", NEEDS "execute [\"a\", \"b\"];", "expected one string, no list" },
	{ "slash", NEEDS "execute \"../sh\";", "begins with a dot" },
	{ "path", NEEDS "filter \"bin/sh\";", "holds a slash" },
	{ "empty", NEEDS "pipe \"\";", "is empty" },
	{ "control", NEEDS "execute \"a\nb\";", "control character" },
	{ "line end in an argument", NEEDS "execute \"a\" \"b\nc\";", "a line end" },
	{ "timeout 0", NEEDS "pipe :timeout 0 \"a\";", "expected seconds, from 1" },
	{ "lock", NEEDS "program :lock \"a/b\" \"a\";", "no name for a lock" },
	{ "exit", NEEDS "program :exit 200 \"a\";", "from 0 to 128" },
	{ "tags of the other extension", "require \"vnd.dovecot.pipe\"; pipe :lock \"a\" \"b\";",
		"\":lock\" expected require \"vnd.mailrail.program\" at the top" },
	{ "two parts", NEEDS "program :header :body \"a\";", "does not go with" },
	{ "pipe is no test", NEEDS "if pipe \"a\" { keep; }", "\"pipe\" is a command, expected a test" },
};

static void decisions(void **state)
{
	(void)state;
	sieve_case_program = play;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		sieve_case_check(&rows[i], rows[i].script);
}

static void mistakes(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(refused) / sizeof(refused[0]); i++) {
		AUTO_BUF source = { 0 };
		AUTO_BUF told = { 0 };
		struct script *script;

		buf_add_text(&source, refused[i].script);
		script = script_compile("r.sieve", &source);
		for (size_t k = 0; k < script->problems.count; k++)
			buf_addf(&told, "%u:%u %s;", script->problems.at[k].line,
				script->problems.at[k].column, script->problems.at[k].text);
		if (!strstr(buf_text(&told), refused[i].actions))
			fail_msg("%s: %s", refused[i].label, buf_text(&told));
		script_free(script);
	}
}

static void asks(const char *script, const char *wanted)
{
	static const char message[] = "Subject: a\n\nbody\n";
	struct ruleset set = { 0 };
	AUTO_FRAME frame = { 0 };
	AUTO_BUF source = { 0 };
	AUTO_BUF out = { 0 };

	buf_clear(&asked);
	buf_addf(&source, NEEDS "%s", script);
	sieve_case_add(&set, "r.sieve", buf_slice(&source));
	sieve_case_run(&set, &frame, slice_text(message), &out);
	ruleset_free(&set);
	if (strcmp(buf_text(&asked), wanted) != 0)
		fail_msg("%s: asked \"%s\", expected \"%s\"", script, buf_text(&asked), wanted);
}

static void what_they_get(void **state)
{
	(void)state;
	sieve_case_program = play;
	asks("execute \"yes\";", "yes()");
	asks("execute \"yes\" [\"a\", \"\", \"-b\"];", "yes(a,,-b)");
	asks("execute :input \"\" \"yes\";", "yes(){}");
	asks("set \"v\" \"t\"; execute :input \"x${v}\" \"yes\" \"${v}\";", "yes(t){xt}");
	asks("execute :pipe \"yes\";", "yes(){Subject: a\n\nbody\n}");
	asks("program \"yes\";", "yes(){Subject: a\n\nbody\n}");
	asks("program :header \"yes\";", "yes(){Subject: a\n\n}");
	asks("program :body :timeout 7 :lock \"l\" \"yes\";", "yes(){body\n}7000ms@l");
	asks("program :input \"i\" \"yes\";", "yes(){i}");
	asks("filter \"edit\"; program \"yes\"; filter :body \"yes\"; program \"yes\";",
		"edit(){Subject: a\n\nbody\n}yes(){Subject: new\nX-Spam: yes\n\nnew body\n}"
		"yes(){new body\n}yes(){Subject: new\nX-Spam: yes\n\ndone\n}");
	asks("if anyof (execute \"yes\", execute \"no\") { keep; }", "yes()");
	asks("execute \"yes\"; execute \"yes\";", "yes()yes()");
	buf_free(&asked);
}

static void nobody_to_ask(void **state)
{
	static const struct sieve_case row[] = {
		{ "not known", NEEDS "if not execute \"a\" { discard; }",
			KEPT "program a is not run here" },
	};

	(void)state;
	sieve_case_program = NULL;
	for (size_t i = 0; i < sizeof(row) / sizeof(row[0]); i++)
		sieve_case_check(&row[i], row[i].script);
}

static void record(void **state)
{
	AUTO_STRINGS arguments = { 0 };
	struct program_question q = { .name = "a \"b\"", .arguments = &arguments,
		.has_input = true, .text = SLICE("input") };
	AUTO_PROGRAM_ANSWER a = PROGRAM_ANSWER_NONE;
	AUTO_PROGRAM_ANSWER b = PROGRAM_ANSWER_NONE;
	AUTO_PROGRAM_ANSWER c = PROGRAM_ANSWER_NONE;
	AUTO_STRINGS lines = { 0 };
	AUTO_BUF line = { 0 };
	struct fault why = { 0 };

	(void)state;
	strings_add(&arguments, SLICE("x\ty"));
	strings_add(&arguments, SLICE(""));
	a.status = 3;
	assert_int_equal(spool_add(&a.output, SLICE("o\0ut"), &why), 0);
	assert_int_equal(program_record_put(&q, &a, &line, &why), 0);
	assert_string_equal(line.ptr, "program \"a \\\"b\\\"\" [\"x\ty\", \"\"] "
		"c96c6d5be8d08a12e7b5cdc1b207fa6b2430974c86803d8891675e76fd992c20"
		": exit 3 bwB1dA==");
	strings_add(&lines, SLICE("mailbox x: yes"));
	strings_add(&lines, buf_slice(&line));
	assert_int_equal(program_record_find(&lines, &q, &b, &why), 1);
	assert_int_equal(b.status, 3);
	assert_true(slice_equal(buf_slice(&b.output.memory), SLICE("o\0ut")));
	q.text = SLICE("other");
	assert_int_equal(program_record_find(&lines, &q, &c, &why), 0);
	q.has_input = false;
	buf_clear(&line);
	assert_int_equal(program_record_put(&q, &c, &line, &why), 0);
	assert_string_equal(line.ptr, "program \"a \\\"b\\\"\" [\"x\ty\", \"\"] -: exit 0");
	strings_add(&lines, buf_slice(&line));
	assert_int_equal(program_record_find(&lines, &q, &c, &why), 1);
	assert_int_equal(c.output.size, 0);
	strings_add(&lines, SLICE("program \"a \\\"b\\\"\" [\"x\ty\", \"\"] -: exit x"));
	assert_int_equal(program_record_find(&lines, &q, &c, &why), -1);
	assert_int_equal(why.kind, FAULT_DATA);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(decisions),
		cmocka_unit_test(mistakes),
		cmocka_unit_test(what_they_get),
		cmocka_unit_test(nobody_to_ask),
		cmocka_unit_test(record),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
