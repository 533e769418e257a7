/*
 * SMTP transactions against scripted servers: what each recipient is told, and what goes
 * over the wire.
 *
 * SPDX-License-Identifier: ISC
 */
#include <setjmp.h>
#include <stdarg.h>
#include <cmocka.h>

#include <poll.h>

#include "common/base/clock.h"
#include "common/net/smtp.h"
#include "t/unit/scripted.h"

static const char message[] = "Subject: x\n\n.dot\r\nlast";

struct text_source {
	const char *rest;
	size_t piece;  /* bytes given at a time */
	int fails;     /* after so many calls */
	int calls;
};

static int text_read(void *state, struct buf *out, struct fault *why)
{
	struct text_source *s = state;
	size_t len = strlen(s->rest);

	if (s->fails && ++s->calls > s->fails)
		return fault_set(why, FAULT_DATA, "the spool is broken");
	if (s->piece && s->piece < len)
		len = s->piece;
	buf_add(out, s->rest, len);
	s->rest += len;
	return *s->rest ? 1 : 0;
}

struct row {
	const char *label;
	const char *capabilities; /* parted by | */
	const char *to;           /* parted by blanks */
	const char *script[24];
	int result;
	enum fault_kind kind;
	const char *want; /* for each recipient: verdict, stage, code, enhanced, "dup" */
	const char *from; /* NULL: a@x */
	uint64_t size;
	bool eight_bit;
	bool no_body;     /* the source must not be asked */
	bool lmtp;
};

#define PIPE "PIPELINING"

static const struct row rows[] = {
	{ "one recipient, step by step", "", "b@x",
		{ "C: MAIL FROM:<a@x>", "S: 250 ok", "C: RCPT TO:<b@x>", "S: 250 ok", "C: DATA",
			"S: 354 go", "BODY", "S: 250 2.6.0 queued as 7", "END" },
		0, FAULT_NONE, .want = "delivered end 250 2.6.0;" },
	{ "one flight", PIPE, "b@x c@x",
		{ "C: MAIL FROM:<a@x>", "C: RCPT TO:<b@x>", "C: RCPT TO:<c@x>", "C: DATA",
			"S: 250 ok", "S: 250 ok", "S: 251 forwards", "S: 354 go", "BODY",
			"S: 250 taken", "END" },
		0, FAULT_NONE, .want = "delivered end 250 2.0.0;delivered end 250 2.0.0;" },
	{ "SIZE and 8BITMIME", "SIZE 1000|8BITMIME", "b@x",
		{ "C: MAIL FROM:<> SIZE=77 BODY=8BITMIME", "S: 250 ok", "C: RCPT TO:<b@x>",
			"S: 250 ok", "C: DATA", "S: 354 go", "BODY", "S: 250 taken", "END" },
		0, FAULT_NONE, .want = "delivered end 250 2.0.0;", .from = "", .size = 77,
		.eight_bit = true },
	{ "not offered, not used", "SIZES|8BITMIMER", "b@x",
		{ "C: MAIL FROM:<a@x>", "S: 550 5.7.1 not you", "END" },
		0, FAULT_NONE, .want = "refused mail 550 5.7.1;", .size = 77, .eight_bit = true,
		.no_body = true },
	{ "over the server's SIZE", "SIZE 1000", "b@x", { "END" },
		0, FAULT_NONE, .want = "refused mail 0 5.3.4;", .size = 1001, .no_body = true },
	{ "SIZE 0 is no limit", "SIZE 0", "b@x",
		{ "C: MAIL FROM:<a@x> SIZE=1001", "S: 452 4.3.1 full", "END" },
		0, FAULT_NONE, .want = "deferred mail 452 4.3.1;", .size = 1001, .no_body = true },
	{ "mixed recipients", PIPE, "b@x c@x d@x",
		{ "C: MAIL *", "C: RCPT *", "C: RCPT *", "C: RCPT *", "C: DATA", "S: 250 ok",
			"S: 550 5.1.1 nobody", "S: 250 ok", "S: 450 4.2.0 grey", "S: 354 go", "BODY",
			"S: 250 2.0.0 taken", "END" },
		0, FAULT_NONE,
		.want = "refused rcpt 550 5.1.1;delivered end 250 2.0.0;deferred rcpt 450 4.2.0;" },
	{ "none accepted, step by step: no DATA", "", "b@x c@x",
		{ "C: MAIL *", "S: 250 ok", "C: RCPT *", "S: 550 no", "C: RCPT *", "S: 450 no",
			"END" },
		0, FAULT_NONE, .want = "refused rcpt 550 5.0.0;deferred rcpt 450 4.0.0;",
		.no_body = true },
	{ "none accepted, but 354: a lone dot", PIPE, "b@x",
		{ "C: MAIL *", "C: RCPT *", "C: DATA", "S: 250 ok", "S: 550 no", "S: 354 go",
			"C: .", "S: 554 no valid recipients", "END" },
		0, FAULT_NONE, .want = "refused rcpt 550 5.0.0;", .no_body = true },
	{ "none accepted, 354, and even the dot is taken", PIPE, "b@x",
		{ "C: MAIL *", "C: RCPT *", "C: DATA", "S: 250 ok", "S: 550 no", "S: 354 go",
			"C: .", "S: 250 taken", "END" },
		0, FAULT_NONE, .want = "refused rcpt 550 5.0.0;", .no_body = true },
	{ "MAIL refused, the flight is answered", PIPE, "b@x c@x",
		{ "C: MAIL *", "C: RCPT *", "C: RCPT *", "C: DATA", "S: 451 4.3.0 later",
			"S: 503 first MAIL", "S: 503 first MAIL", "S: 503 first MAIL", "END" },
		0, FAULT_NONE, .want = "deferred mail 451 4.3.0;deferred mail 451 4.3.0;",
		.no_body = true },
	{ "DATA refused", PIPE, "b@x",
		{ "C: MAIL *", "C: RCPT *", "C: DATA", "S: 250 ok", "S: 250 ok",
			"S: 554 5.7.1 no", "END" },
		0, FAULT_NONE, .want = "refused data 554 5.7.1;", .no_body = true },
	{ "refused after the dot", "", "b@x c@x",
		{ "C: MAIL *", "S: 250 ok", "C: RCPT *", "S: 250 ok", "C: RCPT *", "S: 550 no",
			"C: DATA", "S: 354 go", "BODY", "S: 554 5.6.0 spam", "END" },
		0, FAULT_NONE, .want = "refused end 554 5.6.0;refused rcpt 550 5.0.0;" },
	{ "later after the dot", "", "b@x",
		{ "C: MAIL *", "S: 250 ok", "C: RCPT *", "S: 250 ok", "C: DATA", "S: 354 go",
			"BODY", "S: 451 4.3.0 disk", "END" },
		0, FAULT_NONE, .want = "deferred end 451 4.3.0;" },
	{ "552 for one more recipient is for later", PIPE, "b@x c@x",
		{ "C: MAIL *", "C: RCPT *", "C: RCPT *", "C: DATA", "S: 250 ok", "S: 250 ok",
			"S: 552 5.5.3 too many", "S: 354 go", "BODY", "S: 250 taken", "END" },
		0, FAULT_NONE, .want = "delivered end 250 2.0.0;deferred rcpt 552 4.0.0;" },
	{ "552 for a full mailbox is not", PIPE, "b@x c@x",
		{ "C: MAIL *", "C: RCPT *", "C: RCPT *", "C: DATA", "S: 250 ok", "S: 250 ok",
			"S: 552 5.2.2 full", "S: 354 go", "BODY", "S: 250 taken", "END" },
		0, FAULT_NONE, .want = "delivered end 250 2.0.0;refused rcpt 552 5.2.2;" },
	{ "bad addresses are not sent", PIPE, "b@x> c@x d\rRCPT@x",
		{ "C: MAIL FROM:<a@x>", "C: RCPT TO:<c@x>", "C: DATA", "S: 250 ok", "S: 250 ok",
			"S: 354 go", "BODY", "S: 250 taken", "END" },
		0, FAULT_NONE,
		.want = "refused rcpt 0 5.1.3;delivered end 250 2.0.0;refused rcpt 0 5.1.3;" },
	{ "a bad sender is not sent", PIPE, "b@x", { "END" },
		0, FAULT_NONE, .want = "refused mail 0 5.1.7;", .from = "a@x> BODY=8BITMIME",
		.no_body = true },
	{ "421 at MAIL", PIPE, "b@x",
		{ "C: MAIL *", "C: RCPT *", "C: DATA", "S: 421 4.7.0 tired" },
		-1, FAULT_TEMP, .want = "deferred mail 421 4.7.0;", .no_body = true },
	{ "421 between recipients", "", "b@x c@x d@x",
		{ "C: MAIL *", "S: 250 ok", "C: RCPT *", "S: 550 5.1.1 no", "C: RCPT *",
			"S: 250 ok", "C: RCPT *", "S: 421 tired" },
		-1, FAULT_TEMP,
		.want = "refused rcpt 550 5.1.1;deferred rcpt 421 4.0.0;deferred rcpt 421 4.0.0;",
		.no_body = true },
	{ "421 after the dot", "", "b@x",
		{ "C: MAIL *", "S: 250 ok", "C: RCPT *", "S: 250 ok", "C: DATA", "S: 354 go",
			"BODY", "S: 421 4.3.2 going down" },
		-1, FAULT_TEMP, .want = "deferred end 421 4.3.2;" },
	{ "530 is the account's fault", PIPE, "b@x",
		{ "C: MAIL *", "C: RCPT *", "C: DATA", "S: 530 5.7.0 log in first" },
		-1, FAULT_LOGIN, .want = "deferred mail 530 4.0.0;", .no_body = true },
	{ "lost before MAIL is answered", PIPE, "b@x", { "C: MAIL *" },
		-1, FAULT_TEMP, .want = "deferred mail 0 4.4.2;", .no_body = true },
	{ "lost before the dot's reply", "", "b@x c@x",
		{ "C: MAIL *", "S: 250 ok", "C: RCPT *", "S: 250 ok", "C: RCPT *", "S: 550 no",
			"C: DATA", "S: 354 go", "BODY" },
		-1, FAULT_TEMP, .want = "deferred end 0 4.4.2 dup;refused rcpt 550 5.0.0;" },
	{ "half a reply to the dot", "", "b@x",
		{ "C: MAIL *", "S: 250 ok", "C: RCPT *", "S: 250 ok", "C: DATA", "S: 354 go",
			"BODY", "R: 250 tak" },
		-1, FAULT_TEMP, .want = "deferred end 0 4.4.2 dup;" },
	/* RFC 2033 section 4.2 */
	{ "LMTP: a reply for each who was accepted", PIPE, "b@x c@x d@x e@x",
		{ "C: MAIL *", "C: RCPT *", "C: RCPT *", "C: RCPT *", "C: RCPT *", "C: DATA",
			"S: 250 ok", "S: 250 ok", "S: 550 5.1.1 no", "S: 250 ok", "S: 250 ok",
			"S: 354 go", "BODY", "S: 250 2.0.0 b", "R: 452-4.2.2 d\r\n452 4.2.2 d\r\n",
			"S: 554 5.7.1 e", "END" },
		0, FAULT_NONE,
		.want = "delivered end 250 2.0.0;refused rcpt 550 5.1.1;deferred end 452 4.2.2;"
			"refused end 554 5.7.1;", .lmtp = true },
	{ "LMTP: lost between two replies", PIPE, "b@x c@x",
		{ "C: MAIL *", "C: RCPT *", "C: RCPT *", "C: DATA", "S: 250 ok", "S: 250 ok",
			"S: 250 ok", "S: 354 go", "BODY", "S: 250 2.0.0 b" },
		-1, FAULT_TEMP, .want = "delivered end 250 2.0.0;deferred end 0 4.4.2 dup;",
		.lmtp = true },
	{ "LMTP: a reply that is none", PIPE, "b@x c@x",
		{ "C: MAIL *", "C: RCPT *", "C: RCPT *", "C: DATA", "S: 250 ok", "S: 250 ok",
			"S: 250 ok", "S: 354 go", "BODY", "S: 250 2.0.0 b", "S: 354 more?", "DRAIN" },
		-1, FAULT_PROTOCOL, .want = "delivered end 250 2.0.0;deferred end 354 4.0.0;",
		.lmtp = true },
	{ "LMTP: none accepted, DATA fails", PIPE, "b@x",
		{ "C: MAIL *", "C: RCPT *", "C: DATA", "S: 250 ok", "S: 550 no",
			"S: 503 5.5.1 no recipients", "END" },
		0, FAULT_NONE, .want = "refused rcpt 550 5.0.0;", .no_body = true, .lmtp = true },
	{ "LMTP: none accepted, but 354", PIPE, "b@x",
		{ "C: MAIL *", "C: RCPT *", "C: DATA", "S: 250 ok", "S: 550 no", "S: 354 go",
			"DRAIN" },
		-1, FAULT_PROTOCOL, .want = "refused rcpt 550 5.0.0;", .no_body = true,
		.lmtp = true },
	{ "nonsense after the dot", "", "b@x",
		{ "C: MAIL *", "S: 250 ok", "C: RCPT *", "S: 250 ok", "C: DATA", "S: 354 go",
			"BODY", "S: fine, thanks" },
		-1, FAULT_PROTOCOL, .want = "deferred end 0 4.4.2 dup;" },
	{ "taken before it was sent", "", "b@x",
		{ "C: MAIL *", "S: 250 ok", "C: RCPT *", "S: 250 ok", "C: DATA",
			"R: 354 go\r\n250 taken already\r\n", "DRAIN" },
		-1, FAULT_PROTOCOL, .want = "deferred end 250 4.0.0;" },
	{ "one reply too many shifts all: nobody is believed", PIPE, "b@x",
		{ "C: MAIL *", "C: RCPT *", "C: DATA", "S: 250 ok", "S: 250 ok", "S: 250 ok",
			"S: 354 go", "DRAIN" },
		-1, FAULT_PROTOCOL, .want = "deferred data 250 4.0.0;", .no_body = true },
	{ "354 to RCPT", PIPE, "b@x",
		{ "C: MAIL *", "C: RCPT *", "C: DATA", "S: 250 ok", "S: 354 go", "DRAIN" },
		-1, FAULT_PROTOCOL, .want = "deferred rcpt 354 4.0.0;", .no_body = true },
	{ "refused in the middle of the message", "", "b@x",
		{ "C: MAIL *", "S: 250 ok", "C: RCPT *", "S: 250 ok", "C: DATA",
			"R: 354 go\r\n552 5.3.4 too big\r\n", "DRAIN" },
		-1, FAULT_TEMP, .want = "refused end 552 5.3.4;" },
	{ "503 at MAIL is no refusal of the mail", "", "b@x",
		{ "C: MAIL *", "S: 503 5.5.1 EHLO first", "DRAIN" },
		-1, FAULT_PROTOCOL, .want = "deferred mail 503 4.0.0;", .no_body = true },
	{ "it spoke unasked", "", "b@x", { "R: 250 hello?\r\n", "DRAIN" },
		-1, FAULT_PROTOCOL, .want = "deferred mail 250 4.0.0;", .no_body = true },
	{ "it said farewell unasked", "", "b@x", { "S: 421 4.4.2 idle" },
		-1, FAULT_TEMP, .want = "deferred mail 421 4.4.2;", .no_body = true },
};

static void split(const char *text, char by, struct strings *out)
{
	struct slice rest = slice_text(text);
	struct slice piece;

	while (slice_cut(&rest, by, &piece)) {
		if (piece.len > 0)
			strings_add(out, piece);
	}
}

static void show(const struct smtp_results *results, struct buf *out)
{
	static const char *const verdicts[] = { "open", "delivered", "deferred", "refused" };
	static const char *const stages[] = { "mail", "rcpt", "data", "end" };

	for (size_t i = 0; i < results->count; i++) {
		const struct smtp_result *r = &results->at[i];

		assert_non_null(r->text);
		buf_addf(out, "%s %s %d %s%s;", verdicts[r->verdict], stages[r->stage], r->code,
			r->enhanced, r->maybe_duplicate ? " dup" : "");
	}
}

/* A session over a script, as session_start would have left it. */
static void open_session(struct scripted *peer, const char *const *script,
	const char *capabilities, struct session *s, struct smtp *c)
{
	scripted_start(peer, script);
	*s = (struct session){ .wire = wire_from_socket(peer->client, "peer:25", true, 5000) };
	split(capabilities, '|', &s->capabilities);
	smtp_begin(c, s, 5000, 5000);
}

static void run_row(void **state)
{
	const struct row *row = *state;
	struct text_source text = { .rest = message, .piece = 5 };
	const struct smtp_source source = { .read = text_read, .state = &text };
	struct smtp_envelope envelope = { .from = row->from ? row->from : "a@x",
		.size = row->size, .eight_bit = row->eight_bit };
	AUTO_STRINGS to = { 0 };
	AUTO_SMTP_RESULTS results = { 0 };
	AUTO_SESSION s = { 0 };
	AUTO_BUF got = { 0 };
	struct fault why = { 0 };
	struct scripted peer;
	struct smtp c;
	int result;

	open_session(&peer, row->script, row->capabilities, &s, &c);
	c.lmtp = row->lmtp;
	/* What the server says unasked must lie there when the client begins. */
	if (strncmp(row->script[0], "C", 1) != 0)
		assert_int_equal(io_wait(peer.client, POLLIN, clock_deadline(
			row->script[0][0] == 'E' ? 0 : 5000)), row->script[0][0] != 'E');
	split(row->to, ' ', &to);
	envelope.to = &to;
	result = smtp_send(&c, &envelope, &source, &results, &why);
	show(&results, &got);
	session_close(&s);
	assert_string_equal(scripted_end(&peer), "");
	assert_string_equal(buf_text(&got), row->want);
	assert_int_equal(result, row->result);
	assert_int_equal(c.dead, result < 0);
	if (result < 0)
		assert_int_equal(why.kind, row->kind);
	if (strstr(row->want, "end 2") && result == 0)
		assert_string_equal(buf_text(&peer.body), "Subject: x\n\n..dot\nlast\n");
	assert_int_equal(text.rest == message, row->no_body);
	scripted_free(&peer);
}

/* One after another on one connection; RSET only where a transaction was left open. */
static void many_messages(void **state)
{
	static const char *const script[] = { "C: MAIL *", "C: RCPT *", "C: DATA", "S: 250 ok",
		"S: 250 ok", "S: 354 go", "BODY", "S: 250 taken", "C: MAIL *", "C: RCPT *", "C: DATA",
		"S: 250 ok", "S: 550 no", "S: 503 no", "C: RSET", "C: MAIL *", "C: RCPT *", "C: DATA",
		"S: 250 reset", "S: 250 ok", "S: 250 ok", "S: 354 go", "BODY", "S: 250 taken",
		"C: QUIT", "S: 221 bye", "END", NULL };
	static const char *const want[] = { "delivered end 250 2.0.0;", "refused rcpt 550 5.0.0;",
		"delivered end 250 2.0.0;" };
	AUTO_STRINGS to = { 0 };
	const struct smtp_envelope envelope = { .from = "a@x", .to = &to };
	AUTO_SMTP_RESULTS results = { 0 };
	AUTO_SESSION s = { 0 };
	struct scripted peer;
	struct smtp c;

	(void)state;
	strings_add(&to, SLICE("b@x"));
	open_session(&peer, script, PIPE, &s, &c);
	for (size_t i = 0; i < 3; i++) {
		struct text_source text = { .rest = message };
		const struct smtp_source source = { .read = text_read, .state = &text };
		AUTO_BUF got = { 0 };

		assert_int_equal(smtp_send(&c, &envelope, &source, &results, NULL), 0);
		show(&results, &got);
		assert_string_equal(buf_text(&got), want[i]);
	}
	smtp_quit(&c);
	smtp_quit(&c); /* says nothing more */
	session_close(&s);
	assert_string_equal(scripted_end(&peer), "");
	scripted_free(&peer);
}

/* A message that cannot be read to its end must not be ended: no dot. */
static void source_fails(void **state)
{
	static const char *const script[] = { "C: MAIL *", "S: 250 ok", "C: RCPT *", "S: 250 ok",
		"C: DATA", "S: 354 go", "BODY", NULL };
	struct text_source text = { .rest = message, .piece = 15, .fails = 1 };
	const struct smtp_source source = { .read = text_read, .state = &text };
	AUTO_STRINGS to = { 0 };
	const struct smtp_envelope envelope = { .from = "a@x", .to = &to };
	AUTO_SMTP_RESULTS results = { 0 };
	AUTO_SESSION s = { 0 };
	struct fault why = { 0 };
	struct scripted peer;
	struct smtp c;

	(void)state;
	strings_add(&to, SLICE("b@x"));
	open_session(&peer, script, "", &s, &c);
	assert_int_equal(smtp_send(&c, &envelope, &source, &results, &why), -1);
	assert_int_equal(why.kind, FAULT_DATA);
	assert_int_equal(results.at[0].verdict, SMTP_DEFERRED);
	assert_false(results.at[0].maybe_duplicate);
	assert_true(c.dead);
	session_close(&s);
	scripted_end(&peer);
	assert_null(strstr(buf_text(&peer.body), "last"));
	scripted_free(&peer);
}

/* More than fits any socket buffer, both ways at once: 3,000 recipients, one by one refused. */
static void many_recipients(void **state)
{
	AUTO_STRINGS script = { 0 };
	AUTO_STRINGS to = { 0 };
	const struct smtp_envelope envelope = { .from = "a@x", .to = &to };
	struct text_source text = { .rest = message };
	const struct smtp_source source = { .read = text_read, .state = &text };
	AUTO_SMTP_RESULTS results = { 0 };
	AUTO_SESSION s = { 0 };
	struct scripted peer;
	struct smtp c;

	(void)state;
	strings_add(&script, SLICE("C: MAIL *"));
	strings_add(&script, SLICE("S: 250 ok"));
	for (int i = 0; i < 3000; i++) {
		strings_add(&to, SLICE("somebody.with.a.long.name@an.even.longer.example.org"));
		strings_add(&script, SLICE("C: RCPT *"));
		strings_add(&script, i % 2 ? SLICE("S: 250 2.1.5 welcome") :
			SLICE("S: 550 5.1.1 the recipient is not known here, nor anywhere else"));
	}
	strings_add(&script, SLICE("C: DATA"));
	strings_add(&script, SLICE("S: 354 go"));
	strings_add(&script, SLICE("BODY"));
	strings_add(&script, SLICE("S: 250 taken"));
	strings_add(&script, SLICE("END"));
	open_session(&peer, (const char *const *)script.at, PIPE, &s, &c);
	assert_int_equal(smtp_send(&c, &envelope, &source, &results, NULL), 0);
	for (size_t i = 0; i < results.count; i++)
		assert_int_equal(results.at[i].verdict, i % 2 ? SMTP_DELIVERED : SMTP_REFUSED);
	session_close(&s);
	assert_string_equal(scripted_end(&peer), "");
	scripted_free(&peer);
}

int main(void)
{
	struct CMUnitTest tests[sizeof(rows) / sizeof(rows[0]) + 3];
	size_t count = 0;

	for (; count < sizeof(rows) / sizeof(rows[0]); count++)
		tests[count] = (struct CMUnitTest){ rows[count].label, run_row, NULL, NULL,
			(void *)(uintptr_t)&rows[count] };
	tests[count++] = (struct CMUnitTest)cmocka_unit_test(many_messages);
	tests[count++] = (struct CMUnitTest)cmocka_unit_test(source_fails);
	tests[count++] = (struct CMUnitTest)cmocka_unit_test(many_recipients);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
