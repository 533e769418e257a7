/*
 * For the tests of mr-filter: a script, a message, and what is decided, as texts.
 *
 * SPDX-License-Identifier: ISC
 */
#ifndef T_UNIT_SIEVE_CASE_H
#define T_UNIT_SIEVE_CASE_H

#include "filter/language/compile.h"
#include "filter/gather.h"
#include "filter/ruleset.h"

/* What they run with; a test may set it otherwise. */
static char *sieve_case_environment[] = { (char[]){ "extra-one=a=b" } };
static struct filter_settings sieve_case_settings = {
	.host = (char[]){ "box.example.org" },
	.user = (char[]){ "alice" },
	.environment = { .at = sieve_case_environment, .count = 1 },
	.limits = { .actions = 5, .redirects = 2, .notifications = 3 },
	.recipient_delimiter = (char[]){ "+" },
	.duplicate_default = 604800000,
	.duplicate_max = 31536000000,
	.vacation = { .least = 0, .most = 7776000000, .otherwise = 604800000 },
};

/* The folders that exist. */
static inline int sieve_case_ask(void *context, enum question question, struct slice about,
	struct fault *why)
{
	(void)context;
	if (question == QUESTION_SPECIAL_USE)
		return slice_is(about, "\\Junk") || slice_is(about, "\\Junk there") ||
			slice_is(about, "\\Archive");
	if (slice_is(about, "broken"))
		return fault_set(why, FAULT_RUNTIME, "the disk is on fire");
	return slice_is(about, "INBOX") || slice_is(about, "there");
}

/* Who answers for programs; NULL: none is run. A test may set it. */
static int (*sieve_case_program)(void *context, const struct program_question *question,
	struct program_answer *answer, struct fault *why);

/* Adds a script to the set. */
static inline void sieve_case_add(struct ruleset *set, const char *name, struct slice source)
{
	AUTO_BUF copy = { 0 };
	struct script *script;

	buf_add_slice(&copy, source);
	script = script_compile(name, &copy);
	set->scripts = mem_grow(set->scripts, set->count + 1, sizeof(struct script *));
	set->scripts[set->count++] = script;
}

/*
 * Runs the set over a message with its envelope; adds "command;command;" and, behind "!",
 * what failed.
 */
static inline void sieve_case_run(const struct ruleset *set, struct frame *frame,
	struct slice bytes, struct buf *out)
{
	struct gather_state gather = GATHER_NONE;
	struct questions questions = { .answerer = { .ask = sieve_case_ask,
					       .run = sieve_case_program } };
	struct message message;
	struct world world = { .message = &message, .questions = &questions,
		.settings = &sieve_case_settings, .now = 1767225600 };
	AUTO_VERDICT verdict = { 0 };
	struct fault why;

	gather.whole = true;
	gather_add(&gather, bytes, &why);
	gather_end(&gather);
	gather_message(&gather, frame, &message);
	ruleset_decide(set, &world, &verdict);
	message_close(&message);
	for (size_t i = 0; i < verdict.count; i++)
		action_put(out, &verdict.actions[i]);
	if (verdict.error.kind)
		buf_addf(out, "!%s", verdict.error.text);
	questions_free(&questions);
	gather_free(&gather);
}

/* What every script of these tables may use. */
#define REQUIRE \
	"require [\"fileinto\",\"variables\",\"envelope\",\"relational\",\"regex\",\"mailbox\",\"index\"," \
	"\"subaddress\",\"date\",\"duplicate\",\"extlists\",\"special-use\",\"spamtestplus\",\"virustest\",\"imap4flags\",\"copy\",\"comparator-i;ascii-numeric\",\"encoded-character\"];\n"

/* The message of these tables. */
static const char sieve_case_message[] =
	"Return-Path: <bounce@lists.example.com>\n"
	"From: Coyote <coyote@Desert.Example.ORG>\n"
	"To: Road <runner@acme.example.com>, Group: a@x.org, \"b c\"@y.org;\n"
	"Cc: not an address at all\n"
	"Subject:   I have a present\n\tfor you  \n"
	"X-Word: =?iso-8859-1?q?Gr=FC=DFe?= =?utf-8?b?IPCfmIA=?=\n"
	"X-Empty:\n"
	"X-Number: 010 apples\n"
	"Received: a\n"
	"Received: b\n"
	"Received: c\n"
	"List-Id: Foo list <foo.lists.example.com>\n"
	"\n"
	"Look.\n";

struct sieve_case {
	const char *label;
	const char *script;
	const char *actions;
};

#endif
