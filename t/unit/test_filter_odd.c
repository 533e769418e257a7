/*
 * Whatever bytes come into an action from a message or a rule: its line is read back as it
 * was, for mr-deliver would put off a message with another one for ever.
 *
 * SPDX-License-Identifier: ISC
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "common/mail/stream.h"
#include "t/unit/sieve_case.h"

#define NEEDS \
	"require [\"fileinto\",\"variables\",\"imap4flags\",\"mailbox\",\"special-use\",\"envelope\"," \
	"\"reject\",\"ereject\",\"vacation\",\"vacation-seconds\",\"enotify\",\"fcc\",\"duplicate\"," \
	"\"copy\",\"vnd.dovecot.pipe\",\"vnd.mailrail.program\",\"vnd.mailrail.defer\"," \
	"\"encoded-character\"];\n" \
	"if header :matches \"x-odd\" \"*\" { set \"h\" \"${1}\"; }\n" \
	"if envelope :matches \"from\" \"*\" { set \"e\" \"${1}\"; }\n" \
	"set \"o\" \"a${hex:%02x}b\"; "

/* %1$02x, an odd byte, is in ${o}, in a field, ${h}, and in the envelope, ${e}. */
static const char *const scripts[] = {
	"fileinto :create \"x${o}y\";",
	"fileinto \"x${h}y\";",
	"fileinto :specialuse \"\\\\${o}\" \"x\";",
	"fileinto :flags [\"x${o}y\", \"${h}\"] \"z\";",
	"keep :flags \"${o} \\\\Seen\";",
	"setflag \"${h}\"; keep;",
	"redirect \"${o}@example.org\";",
	"redirect \"\\\"${o}\\\"@example.org\";",
	"redirect \"${e}\";",
	"redirect \"x@${h}.org\";",
	"reject \"${o}${h}\";",
	"ereject \"${o}${h}\";",
	"pipe \"tag\" [\"${o}\", \"${h}\", \"${e}\", \"\"];",
	"pipe :try :lock \"l\" :timeout 5 \"tag\" \"${o}\";",
	"vacation :handle \"${o}\" :seconds 60 \"${o}${h}\";",
	"vacation :subject \"${o}\" :from \"${o} <me@example.org>\" \"${h}\";",
	"vacation :from \"${o}@example.org\" \"x\";",
	"vacation :fcc \"${o}\" :flags \"${o}\" \"${h}\";",
	"vacation :addresses \"${o}@example.org\" \"${h}\";",
	"vacation :mime \"Content-Type: text/plain\n\n${o}${h}\";",
	"notify :message \"${o}\" \"mailto:a@example.org?body=${h}\";",
	"notify :from \"${o}@example.org\" \"mailto:${o}@example.org\";",
	"notify :fcc \"${h}\" \"mailto:a@example.org\";",
	"if duplicate :uniqueid \"${o}\" {}",
	"if duplicate :handle \"${o}\" :uniqueid \"${h}\" {}",
	"if duplicate {}",
	"defer \"${o}${h}\";",
};

/* What mr-deliver does with the frame's line: it is decoded, then read. */
static void read_back(const struct action *a, const char *label, unsigned byte)
{
	AUTO_BUF command = { 0 };
	AUTO_BUF line = { 0 };
	AUTO_BUF again = { 0 };
	AUTO_BUF decoded = { 0 };
	struct frame_action from = { (char[]){ "r" }, NULL };
	struct action copy;
	struct fault why = { 0 };

	action_put(&command, a);
	stream_encode(&line, buf_slice(&command), false);
	assert_true(line.len + 1000 < STREAM_LINE_MAX);
	assert_true(stream_decode(&decoded, buf_slice(&line)));
	from.command = decoded.ptr;
	if (action_read(&from, &copy, &why) < 0)
		fail_msg("%s with byte %02x: %.200s", label, byte, why.text);
	action_put(&again, &copy);
	if (strcmp(buf_text(&again), buf_text(&command)) != 0)
		fail_msg("%s with byte %02x: <%.99s> became <%.99s>", label, byte, command.ptr,
			again.ptr);
	action_clear(&copy);
}

/* False when the rules failed: then the message is kept. */
static bool decide(const char *label, struct slice script, struct slice bytes,
	const char *sender, unsigned byte)
{
	struct ruleset set = { 0 };
	struct gather_state gather = GATHER_NONE;
	struct questions questions = { .answerer = { .ask = sieve_case_ask } };
	AUTO_FRAME frame = { .mail_from_known = true };
	struct message message;
	struct world world = { .message = &message, .questions = &questions,
		.settings = &sieve_case_settings, .now = 1767225600 };
	AUTO_VERDICT verdict = { 0 };
	struct fault why;
	bool done;

	sieve_case_add(&set, "r.sieve", script);
	buf_add_text(&frame.mail_from, sender);
	strings_add(&frame.rcpt_to, SLICE("alice@example.org"));
	gather.whole = true;
	gather_add(&gather, bytes, &why);
	gather_end(&gather);
	gather_message(&gather, &frame, &message);
	ruleset_decide(&set, &world, &verdict);
	message_close(&message);
	done = verdict.error.kind == FAULT_NONE;
	for (size_t i = 0; i < verdict.count; i++)
		read_back(&verdict.actions[i], label, byte);
	questions_free(&questions);
	gather_free(&gather);
	ruleset_free(&set);
	return done;
}

static bool try_byte(const char *script, unsigned byte)
{
	AUTO_BUF text = { 0 };
	AUTO_BUF bytes = { 0 };
	AUTO_BUF sender = { 0 };

	buf_addf(&text, NEEDS, byte);
	buf_add_text(&text, script);
	buf_add_text(&bytes, "From: b@example.net\nTo: alice@example.org\nMessage-ID: <a");
	buf_add_byte(&bytes, (char)byte);
	buf_add_text(&bytes, "b@x>\nX-Odd: a");
	buf_add_byte(&bytes, (char)byte);
	buf_add_text(&bytes, "b\n\nbody\n");
	buf_add_text(&sender, "b");
	/* The envelope comes through a frame: no NUL, no line end. */
	if (byte != 0 && byte != '\n' && byte != '\r')
		buf_add_byte(&sender, (char)byte);
	buf_add_text(&sender, "c@example.net");
	return decide(script, buf_slice(&text), buf_slice(&bytes), buf_text(&sender), byte);
}

static void test_bytes(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(scripts) / sizeof(scripts[0]); i++) {
		unsigned done = 0;

		for (unsigned byte = 0; byte < 256; byte++)
			done += try_byte(scripts[i], byte);
		/* The script does what it shall with some byte at least. */
		if (done == 0)
			fail_msg("%s: always an error", scripts[i]);
	}
}

/* The longest that rules can say. */
static void test_sizes(void **state)
{
	AUTO_BUF text = { 0 };
	AUTO_BUF piece = { 0 };
	bool done;

	(void)state;
	for (size_t i = 0; i < 4000; i++)
		buf_add_text(&piece, "\t");
	for (size_t count = 1; count <= 64; count *= 2) {
		buf_clear(&text);
		buf_addf(&text, NEEDS "set \"p\" \"%s\"; pipe \"tag\" [", 'x', piece.ptr);
		for (size_t i = 0; i < count; i++)
			buf_addf(&text, "%s\"${p}${p}${p}${p}${p}${p}${p}\"", i > 0 ? "," : "");
		buf_add_text(&text, "];");
		done = decide("many arguments", buf_slice(&text), SLICE("\n\nb\n"), "a@b", 'x');
		assert_int_equal(done, count <= 8);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_bytes),
		cmocka_unit_test(test_sizes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
